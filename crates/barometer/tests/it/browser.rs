//! The pages in a real browser: headless Chromium opens every page of two releases, narrow and wide, light, dark and printed;
//! axe-core judges them. Pictures for a person to look at go to `target/screenshots/`.
//!
//! Without Chromium or axe-core this test fails and says that `make test` installs them.

use std::io::{self, Write};
use std::path::Path;

use testkit::browser::{Browser, inspect};

use crate::house::release;

/// Country and wave: one in two languages that says SYNTHETIC on every page, one on real data, and one in every language there is.
const RELEASES: [(&str, &str); 3] = [("dnk", "2019"), ("schools", "2000"), ("trial", "2019")];

#[test]
fn every_page_can_be_read_by_everyone() {
    let mut browser = Browser::start().unwrap_or_else(|error| panic!("{error}"));
    let mut pages = 0;
    let mut problems = Vec::new();
    for (country, wave) in RELEASES {
        let raw = testkit::repository().join("fixtures").join(country).join(wave).join("raw");
        let (_out, folder) = release(&format!("pipelines/{country}"), wave, &raw, &[]);
        let pictures = Path::new("target/screenshots").join(country).join(wave);
        let inspection = inspect(&mut browser, &folder, &testkit::repository().join(pictures))
            .unwrap_or_else(|error| panic!("{error}"));
        assert!(!inspection.pages.is_empty(), "{country} {wave} has no page");
        pages += inspection.pages.len();
        problems.extend(inspection.problems.into_iter().map(|problem| format!("{country}/{wave}/{problem}")));
    }
    // Past the test runner, which keeps what a passing test prints to itself: CI looks for this line.
    writeln!(io::stdout(), "\naxe saw {pages} pages").expect("standard output can be written");
    assert!(problems.is_empty(), "\n\n{}\n", problems.join("\n"));
}
