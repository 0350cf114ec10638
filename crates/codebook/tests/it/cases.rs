//! Every folder of `fixtures/invalid/country` breaks the valid country beside it in one way. The expected findings stand
//! below the broken line, as comments:
//!
//! ```toml
//! lable = "Size"
//! #~ 1: unknown key "lable"
//! #~ help: did you mean "label"?
//! ```
//!
//! `#~ ^3 12: …` is about column 12, three lines further up (a multi-line string holds no comments). A finding about a file
//! as a whole stands in `expected.txt`. All findings are compared with all expectations.

use std::path::Path;

use codebook::{Country, SourceFile};

use crate::files_with;

#[test]
fn each_broken_country_has_exactly_the_expected_findings() {
    let folder = testkit::repository().join("fixtures/invalid/country");
    let mut cases: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 20, "the cases are there");
    let failures: Vec<String> = cases.iter().filter_map(|case| failure(case)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// What differs from the expectation, if anything does.
fn failure(case: &Path) -> Option<String> {
    let files = files_with(Some(case));
    let (country, findings) = Country::read("pipelines/test", &files);
    let mut found: Vec<String> = findings.iter().map(ToString::to_string).collect();
    let mut expected: Vec<String> = files.iter().flat_map(expectations).collect();
    if let Ok(text) = std::fs::read_to_string(case.join("expected.txt")) {
        expected.extend(text.split("\n\n").map(|finding| finding.trim().to_owned()));
    }
    found.sort();
    expected.sort();
    let name = case.file_name().unwrap().to_string_lossy();
    assert!(!expected.is_empty(), "{name} expects nothing");
    assert!(country.is_none(), "{name} is a country although it has findings");
    let list = |findings: Vec<String>| findings.join("\n");
    let differs = found != expected;
    differs.then(|| format!("=== {name}\n--- found\n{}\n--- expected\n{}\n", list(found), list(expected)))
}

fn expectations(file: &SourceFile) -> Vec<String> {
    let mut expected: Vec<String> = Vec::new();
    let mut line_number = 0;
    for (index, line) in file.text.lines().enumerate() {
        let Some(comment) = line.trim_start().strip_prefix("#~ ") else {
            line_number = index + 1;
            continue;
        };
        if let Some(help) = comment.strip_prefix("help: ") {
            expected.last_mut().expect("help stands below a finding").push_str(&format!("\nhelp: {help}"));
            continue;
        }
        let (place, message) = comment.split_once(": ").expect("a column stands before the message");
        let (up, column) = match place.strip_prefix('^') {
            Some(place) => place.split_once(' ').expect("^<lines up> <column>"),
            None => ("0", place),
        };
        let line = line_number - up.parse::<usize>().unwrap();
        expected.push(format!("{}:{line}:{column}: {message}", file.path));
    }
    expected
}
