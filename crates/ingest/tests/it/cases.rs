//! Broken exports in `fixtures/invalid/export/<case>` with the findings each must give in `expected.txt`. A case is laid over
//! the country in `fixtures/invalid/base` and the export in `fixtures/invalid/export/valid`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::support::Export;

#[test]
fn every_broken_export_gives_exactly_its_findings() {
    let folder = cases();
    let mut cases: Vec<_> = std::fs::read_dir(&folder)
        .expect("the cases are part of the repository")
        .map(|entry| entry.expect("the folder can be listed").path())
        .filter(|path| path.is_dir())
        .collect();
    cases.sort();
    assert!(cases.len() >= 133, "only {} cases", cases.len());
    let mut failures = String::new();
    for case in cases {
        let name = case.file_name().expect("a folder has a name").to_string_lossy().into_owned();
        let mut files = files_of(&case);
        let expected = files.remove("expected.txt").map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let findings = Export::from_files("country", files).findings();
        if expected.as_deref() != Some(findings.as_str()) {
            failures += &format!("--- {name}\nexpected:\n{}found:\n{findings}", expected.unwrap_or_default());
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn the_valid_export_below_the_cases_has_no_finding() {
    assert_eq!(Export::from_files("country", files_of(&cases().join("valid"))).findings(), "");
}

fn cases() -> PathBuf {
    testkit::repository().join("fixtures/invalid/export")
}

/// The files of a case: the country below all cases, and the valid export with what the case replaces.
pub fn files_of(case: &Path) -> BTreeMap<String, Vec<u8>> {
    let base = testkit::repository().join("fixtures/invalid/base");
    let mut files = testkit::overlay(&base, &base);
    files.retain(|path, _| !path.starts_with("raw/"));
    files.extend(testkit::overlay(&cases().join("valid"), case));
    files
}
