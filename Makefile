# What one does here. The program itself has more: cargo run -- --help

# The real Uruguayan export, which is not in this repository; make bench RAW=DIR says where it is.
RAW ?= $(wildcard ../shared/data/ury)

.PHONY: help report test check lint golden bench clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' Makefile | expand -t 14

report: ## build the Danish report from a synthetic export; prints where the pages are
	cargo run --locked -- run pipelines/dnk --raw 'fixtures/{country}/{wave}/raw' --out out

test: ## every test, with the pages in a real browser and the files in other readers (installs Chromium, axe-core and the readers if they are missing)
	crates/testkit/browser/install
	crates/testkit/readers/install
	cargo test --workspace --locked

check: ## every finding in the files of all countries, at once
	cargo run --locked -- check pipelines

lint: ## formatting, clippy and documentation, all without a warning
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	RUSTDOCFLAGS=-Dwarnings cargo doc --workspace --no-deps --locked

golden: ## write the expected pages anew; read the difference before you commit it
	BAROMETER_GOLDEN=write cargo test --workspace --locked as_expected

bench: ## time and memory of a release build, against one pass of awk over the same files; all editions and comparisons, and whether the cost is linear in editions; estimates against their scan alone; protection and attack of 200 tables; 100 theme pages
	cargo build --release --locked
	crates/barometer/benches/run "$(RAW)"
	cargo bench --locked -p tabulate -p barometer --bench estimates
	cargo bench --locked -p ingest --bench ingest
	cargo bench --locked -p disclose --bench protect
	cargo bench --locked -p report --bench pages

clean: ## remove everything built and rendered
	cargo clean
	rm -rf out
