//! The pages in a real browser: headless Chromium opens every page of two releases, narrow and wide, light, dark and printed, enlarged, set wide
//! and in the reader's own colours; axe-core judges them, and somebody without a mouse and somebody without scripts reads them. What is
//! valid needs no browser, and is asked of the same files. Pictures for a person to look at go to
//! `target/screenshots/`.
//!
//! Without Chromium or axe-core this test fails and says that `make test` installs them.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use testkit::browser::{Browser, inspect};
use testkit::{ValidatorError, validate};

use crate::correcting::corrected_edition;
use crate::house::{release, tree};

/// Country, edition and languages: one in two languages that says SYNTHETIC on every page, one on real data that corrects another, one in every language
/// there is, and one that shows earlier waves beside its own, as columns and lines.
const RELEASES: [(&str, &str, &[&str]); 4] =
    [("dnk", "2019", &[]), ("schools", "2000.1", &[]), ("trial", "2019", &[]), ("dnk", "2023", &["--lang", "da"])];

pub(crate) static FOLDERS: LazyLock<Vec<(tempfile::TempDir, PathBuf)>> = LazyLock::new(|| {
    let raw = testkit::repository().join("fixtures/{country}/{wave}/raw");
    RELEASES
        .iter()
        .map(|(country, wave, languages)| match *wave {
            "2000.1" => corrected_edition(),
            wave => release(&format!("pipelines/{country}"), wave, &raw, languages),
        })
        .collect()
});

/// Past the test runner, which keeps what a passing test prints to itself: CI looks for these lines.
pub(crate) fn tell(line: &str) {
    writeln!(io::stdout(), "\n{line}").expect("standard output can be written");
}

#[test]
fn every_page_can_be_read_by_everyone() {
    let start = || Browser::start().unwrap_or_else(|error| panic!("{error}"));
    let mut browsers = [start(), start()];
    let (mut pages, mut reached, mut scripted) = (0, 0, 0);
    let mut problems = Vec::new();
    for ((country, wave, _), (_, folder)) in RELEASES.iter().zip(FOLDERS.iter()) {
        let pictures = Path::new("target/screenshots").join(country).join(wave);
        let inspection = inspect(&mut browsers, folder, &testkit::repository().join(pictures))
            .unwrap_or_else(|error| panic!("{error}"));
        assert!(!inspection.pages.is_empty(), "{country} {wave} has no page");
        pages += inspection.pages.len();
        reached += inspection.reached;
        scripted += inspection.scripted;
        problems.extend(inspection.problems.into_iter().map(|problem| format!("{country}/{wave}/{problem}")));
    }
    tell(&format!("axe saw {pages} pages"));
    tell(&format!("the keyboard reached {reached} elements"));
    tell(&format!("without scripts {scripted} pages were read once more, the other {} hold none", pages - scripted));
    assert!(problems.is_empty(), "\n\n{}\n", problems.join("\n"));
}

#[test]
fn every_page_stylesheet_and_figure_is_valid() {
    let mut files = Vec::new();
    for (_, folder) in FOLDERS.iter() {
        let ends = |name: &String| [".html", ".css", ".svg"].iter().any(|ending| name.ends_with(ending));
        files.extend(tree(folder).into_keys().filter(ends).map(|name| folder.join(name)));
    }
    match validate(&files) {
        Err(missing @ ValidatorError::Missing { .. }) => tell(&format!("left out: {missing}")),
        Err(error) => panic!("{error}"),
        Ok(validation) => {
            tell(&format!("the Nu checker saw {} files", validation.files));
            assert!(validation.problems.is_empty(), "\n\n{}\n", validation.problems.join("\n"));
        }
    }
}
