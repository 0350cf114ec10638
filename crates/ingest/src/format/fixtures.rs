//! What the tests of all formats share: the files that other programs wrote, and the cells that they must give.

use codebook::Finding;
pub(crate) use testkit::{Random, mutant};

/// A file that `fixtures/formats/write.py` made.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    let path = testkit::repository().join("fixtures/formats").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The cells of `answers.csv`, the header first.
pub(crate) fn answers() -> Vec<Vec<String>> {
    let text = fixture("answers.csv");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_slice());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// Findings as a person reads them.
pub(crate) fn shown(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(ToString::to_string).collect()
}
