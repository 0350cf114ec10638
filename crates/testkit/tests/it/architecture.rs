//! The architecture, as a test: who may use whom, which heavy library lives behind which door, what no library crate may do.
//!
//! The rules below are the ones that `crates/README.md` explains. Whoever wants to change one changes it here, where a reviewer
//! sees it, and says why there.

mod check;
mod workspace;

use std::collections::BTreeSet;

use check::{Arrows, Fence, Rules, Silence, Tree, complaints};
use workspace::Workspace;

/// The house: arrows point from a crate to those it may use.
const RULES: Rules = Rules {
    arrows: &[
        Arrows { from: "codebook", to: &[], in_tests: &[] },
        Arrows { from: "ingest", to: &["codebook"], in_tests: &[] },
        Arrows { from: "estimate", to: &["codebook"], in_tests: &[] },
        Arrows { from: "tabulate", to: &["codebook", "estimate"], in_tests: &[] },
        Arrows { from: "disclose", to: &["codebook", "estimate"], in_tests: &[] },
        Arrows { from: "dataset", to: &["codebook", "disclose", "estimate"], in_tests: &[] },
        Arrows { from: "report", to: &["codebook", "disclose", "estimate"], in_tests: &[] },
        Arrows {
            from: "pipeline",
            to: &["codebook", "dataset", "disclose", "estimate", "ingest", "report", "tabulate"],
            in_tests: &[],
        },
        // Its tests are those of the whole house: they compare unrounded numbers, which no release holds, with R.
        Arrows { from: "barometer", to: &["codebook", "pipeline"], in_tests: &["estimate", "ingest", "tabulate"] },
        Arrows { from: "testkit", to: &[], in_tests: &[] },
    ],
    for_tests: "testkit",
    fences: &[
        Fence { family: "datafusion", within: &["tabulate"], tests: &[], why: "SQL runs in one room" },
        Fence { family: "tokio", within: &["tabulate"], tests: &[], why: "async ends inside tabulate" },
        Fence { family: "arrow", within: &["ingest", "tabulate"], tests: &[], why: "others take plain values" },
        Fence {
            family: "parquet",
            within: &["ingest", "dataset"],
            tests: &["tabulate", "barometer"],
            why: "ingest writes responses, dataset what is published",
        },
        Fence { family: "minijinja", within: &["report"], tests: &[], why: "templates are report's alone" },
        Fence { family: "sqlparser", within: &["codebook"], tests: &[], why: "users' SQL is admitted in one place" },
        Fence { family: "rayon", within: &["pipeline"], tests: &[], why: "the order of work is pipeline's" },
        Fence { family: "rustix", within: &["pipeline"], tests: &[], why: "the disk is pipeline's" },
        Fence { family: "tempfile", within: &["pipeline", "testkit"], tests: &["*"], why: "the disk is pipeline's" },
        Fence {
            family: "tiny_http",
            within: &["barometer"],
            tests: &[],
            why: "pages are files; only a preview is served",
        },
        Fence { family: "clap", within: &["barometer"], tests: &[], why: "the command line is barometer's" },
    ],
    one_version: &["arrow", "parquet", "datafusion"],
    trees: &[
        Tree { of: "codebook", without: HEAVY },
        Tree { of: "estimate", without: HEAVY },
        Tree { of: "disclose", without: HEAVY },
        // It writes Parquet. That library can bring Arrow and tokio with it; the fences above keep both out of what dataset says.
        Tree { of: "dataset", without: &["datafusion", "minijinja"] },
    ],
    silences: &[
        Silence {
            crates: &["codebook", "ingest", "estimate", "tabulate", "disclose", "dataset", "report", "pipeline"],
            words: &[
                "print!",
                "println!",
                "eprint!",
                "eprintln!",
                "dbg!",
                "env::",
                "::now(",
                "SystemTime",
                "home_dir(",
            ],
            instead: "return a value, an event or an error, and take dates and folders as arguments: \
                      only barometer speaks, and no output depends on clock or environment",
        },
        Silence {
            crates: &[
                "codebook",
                "ingest",
                "estimate",
                "tabulate",
                "disclose",
                "dataset",
                "report",
                "pipeline",
                "barometer",
            ],
            words: COUNTRIES,
            instead: "a country is a folder of TOML, SQL and text: what one needs, another may ask for in its files",
        },
        Silence {
            crates: &["codebook", "estimate", "report"],
            words: &["fs::", "File::"],
            instead: "take the content as an argument: pipeline does all that touches the disk",
        },
        Silence {
            crates: &["codebook", "estimate", "disclose", "report"],
            words: &["thread::", "par_iter("],
            instead: "stay a plain function: pipeline decides what runs beside what",
        },
    ],
};

/// Countries by name and by the names of their folders. Those of three letters stand in quotes: some are words.
const COUNTRIES: &[&str] = &[
    "Denmark",
    "Danmark",
    "Danish",
    "dnk",
    "Norway",
    "Norge",
    "\"nor\"",
    "Sweden",
    "Sverige",
    "\"swe\"",
    "Finland",
    "Suomi",
    "\"fin\"",
    "Iceland",
    "Ísland",
    "\"isl\"",
    "Netherlands",
    "Nederland",
    "nld",
    "Uruguay",
    "\"ury\"",
];

/// What a crate that compiles in seconds cannot afford.
const HEAVY: &[&str] = &["arrow", "parquet", "datafusion", "minijinja", "tokio"];

#[test]
fn the_house_keeps_to_its_architecture() {
    let complaints = complaints(&Workspace::read(&testkit::repository()), &RULES);
    assert!(complaints.is_empty(), "\n\n- {}\n\n", complaints.join("\n- "));
}

#[test]
fn the_checker_looked_at_every_crate_and_its_sources() {
    let workspace = Workspace::read(&testkit::repository());
    let ruled: BTreeSet<&str> = RULES.arrows.iter().map(|arrows| arrows.from).collect();
    let read: BTreeSet<&str> = workspace.crates.keys().map(String::as_str).collect();
    assert_eq!(read, ruled);
    assert!(workspace.crates.values().all(|member| !member.sources.is_empty()));
    assert!(workspace.lock.len() > 200, "Cargo.lock names the packages: {}", workspace.lock.len());
}

#[test]
fn every_country_in_the_checkout_is_one_that_no_crate_may_name() {
    let pipelines = testkit::repository().join("pipelines");
    let folders =
        std::fs::read_dir(pipelines).expect("the countries are there").map(|entry| entry.expect("a folder").path());
    let countries = folders.filter(|folder| folder.join("country.toml").is_file());
    let ids: Vec<String> =
        countries.filter_map(|folder| Some(folder.file_name()?.to_string_lossy().into_owned())).collect();
    // What is no country of the world is a demonstration, and may be called like anything.
    for id in ids.iter().filter(|id| id.len() == 3) {
        assert!(COUNTRIES.iter().any(|word| word.trim_matches('"') == id), "{id} is not among COUNTRIES");
    }
}

mod on_an_invented_workspace {
    //! Every rule, broken once: `desk` may use `paper`, both may use `bench` in tests.

    use super::check::{Arrows, Fence, Rules, Silence, Tree, complaints};
    use super::workspace::Workspace;

    const RULES: Rules = Rules {
        arrows: &[
            Arrows { from: "paper", to: &[], in_tests: &[] },
            Arrows { from: "desk", to: &["paper"], in_tests: &[] },
            Arrows { from: "bench", to: &[], in_tests: &["paper"] },
        ],
        for_tests: "bench",
        fences: &[Fence { family: "engine", within: &["desk"], tests: &[], why: "it is loud" }],
        one_version: &["arrow"],
        trees: &[Tree { of: "paper", without: &["engine"] }],
        silences: &[Silence { crates: &["paper"], words: &["println!", "env::"], instead: "stay silent" }],
    };

    const SOUND: &str = r#"
=== Cargo.toml
[workspace.dependencies]
motor = { package = "engine-core", version = "1" }
=== Cargo.lock
[[package]]
name = "paper"
version = "0.1.0"
dependencies = ["ink"]
[[package]]
name = "ink"
version = "1.0.0"
[[package]]
name = "desk"
version = "0.1.0"
dependencies = ["engine-core", "paper"]
[[package]]
name = "engine-core"
version = "1.0.0"
dependencies = ["arrow-array 1.0.0"]
[[package]]
name = "arrow-array"
version = "1.0.0"
=== crates/paper/Cargo.toml
[package]
name = "paper"
[lints]
workspace = true
[dependencies]
ink = "1"
[dev-dependencies]
bench = { path = "../bench" }
=== crates/paper/src/lib.rs
//! It never calls println!
fn quiet() -> &'static str { my_env::name() }
#[cfg(test)]
mod tests { fn loud() { println!("in tests one may"); } }
=== crates/desk/Cargo.toml
[package]
name = "desk"
[lints]
workspace = true
[dependencies]
paper = { path = "../paper" }
motor.workspace = true
=== crates/desk/src/lib.rs
fn loud() { println!("a desk may"); }
=== crates/bench/Cargo.toml
[package]
name = "bench"
[lints]
workspace = true
[dev-dependencies]
paper = { path = "../paper" }
=== crates/bench/src/lib.rs
"#;

    /// What the checker says when `old` is replaced by `new` in the sound workspace.
    fn after(old: &str, new: &str) -> Vec<String> {
        assert_eq!(SOUND.matches(old).count(), 1, "{old:?} stands once in the sound workspace");
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (path, text) in testkit::country(".", &SOUND.replace(old, new)) {
            let file = folder.path().join(path);
            std::fs::create_dir_all(file.parent().expect("it lies in a folder")).expect("a folder");
            std::fs::write(file, text).expect("a file");
        }
        complaints(&Workspace::read(folder.path()), &RULES)
    }

    #[track_caller]
    fn assert_complains(old: &str, new: &str, expected: &str) {
        let found = after(old, new);
        assert!(found.len() == 1 && found[0].contains(expected), "{expected:?} expected alone, found {found:#?}");
    }

    #[test]
    fn a_sound_workspace_gives_no_complaint() {
        assert_eq!(after("ink = \"1\"", "ink = \"1.0\""), Vec::<String>::new());
    }

    #[test]
    fn an_arrow_that_is_not_allowed_is_found() {
        let expected = "crates/paper/Cargo.toml: paper must not use desk";
        let tests_of_paper = "[dev-dependencies]\nbench";
        assert_complains("ink = \"1\"", "desk = { path = \"../desk\" }", expected);
        assert_complains("bench = { path = \"../bench\" }", "desk = { path = \"../desk\" }", expected);
        assert_complains(tests_of_paper, "[target.'cfg(unix)'.dependencies.desk]\n[dev-dependencies]\nbench", expected);
        assert_complains(tests_of_paper, "[build-dependencies]\nbench", "use bench for tests only");
        assert_complains(
            "[dev-dependencies]\npaper",
            "[dependencies]\npaper",
            "bench must not use paper (it may use none",
        );
    }

    #[test]
    fn a_library_outside_its_fence_is_found_under_any_name() {
        assert_complains("ink = \"1\"", "engine = \"1\"", "paper must not use engine");
        assert_complains("ink = \"1\"", "engine-core = \"1\"", "paper must not use engine-core");
        assert_complains("ink = \"1\"", "quiet = { package = \"engine\" }", "paper must not use engine");
        assert_complains("ink = \"1\"", "motor.workspace = true", "paper must not use engine-core");
        assert_eq!(after("ink = \"1\"", "engineering = \"1\""), Vec::<String>::new());
    }

    #[test]
    fn a_heavy_library_deep_below_a_light_crate_is_found_with_the_way_to_it() {
        assert_complains(
            "name = \"ink\"\nversion = \"1.0.0\"",
            "name = \"ink\"\nversion = \"1.0.0\"\ndependencies = [\"engine-core\"]",
            "paper -> ink -> engine-core",
        );
    }

    #[test]
    fn a_second_version_of_a_family_is_found() {
        let second = "name = \"arrow-array\"\nversion = \"2.0.0\"\n[[package]]\nname = \"ink\"";
        assert_complains("name = \"ink\"", second, "arrow-array 1.0.0, 2.0.0");
        let mixed = "name = \"arrow-schema\"\nversion = \"2.0.0\"\n[[package]]\nname = \"ink\"";
        assert_complains("name = \"ink\"", mixed, "arrow-array 1.0.0, arrow-schema 2.0.0");
    }

    #[test]
    fn a_crate_that_prints_or_reads_the_environment_is_found_with_its_line() {
        let call = "my_env::name()";
        assert_complains(call, "{ println!(); \"\" }", "crates/paper/src/lib.rs:2: paper must not say `println!`");
        assert_complains(call, "std::env::consts::OS", "crates/paper/src/lib.rs:2: paper must not say `env::`");
    }

    #[test]
    fn a_crate_without_a_rule_without_lints_or_gone_is_found() {
        let bench = "name = \"bench\"\n[lints]\nworkspace = true\n[dev-dependencies]\npaper = { path = \"../paper\" }";
        assert_complains(bench, "name = \"shed\"\n[lints]\nworkspace = true", "crates/bench: no rule says what shed");
        assert_complains("=== crates/bench/Cargo.toml", "=== sheds/bench/Cargo.toml", "names a crate that is gone");
        let lints = "name = \"bench\"\n[lints]\nworkspace = true";
        assert_complains(lints, "name = \"bench\"", "crates/bench/Cargo.toml: add `[lints]`");
    }
}
