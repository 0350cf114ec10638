//! Warnings in the cache: a run that counts nothing anew tells those that counting told.
//!
//! A comment may move a line without changing what is counted, so a warning about a line of the country's files is found again by that line. Raw files
//! are the same to the byte wherever a result is taken from the cache, so places in them hold.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use codebook::{Finding, Place, Severity, SourceFile};
use serde::{Deserialize, Serialize};

use crate::manifest::ManifestFile;

/// The files that a warning may be about.
#[derive(Debug, Clone, Copy)]
pub(in crate::run) struct Files<'a> {
    /// The country's own, and what the manifest says of each, in the same order.
    pub(in crate::run) sources: &'a [SourceFile],
    pub(in crate::run) inputs: &'a [ManifestFile],
    /// The paths of the raw files that are there.
    pub(in crate::run) raw: &'a [&'a str],
}

/// A warning without a path of this machine.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::run) struct KeptWarning {
    code: String,
    message: String,
    hints: Vec<String>,
    file: KeptFile,
    position: KeptPosition,
}

/// A file, wherever it lies.
#[derive(Debug, Clone, Serialize, Deserialize)]
enum KeptFile {
    /// Of the country.
    Country {
        /// Its path below the country's folder.
        below: String,
        /// Its digest.
        sha256: String,
    },
    /// Of the raw files.
    Raw {
        /// Which of them.
        index: usize,
        /// What stands behind its name, such as a sheet.
        within: String,
    },
}

#[derive(Debug, Clone, Serialize, Deserialize)]
enum KeptPosition {
    Whole,
    Line { line: u32, column: u32, text: String },
    Cell { row: u64, column: String },
}

impl KeptWarning {
    /// `None` where the warning is about a file that is none of the run.
    pub(in crate::run) fn of(warning: &Finding, files: &Files<'_>) -> Option<Self> {
        let Finding { place, severity: _, code, message, hints } = warning;
        let (Place::File { file } | Place::Text { file, .. } | Place::Cell { file, .. }) = place;
        let source = files.sources.iter().zip(files.inputs).find(|(source, _)| source.path == *file);
        let position = match place {
            Place::File { .. } => KeptPosition::Whole,
            Place::Text { line, column, .. } => {
                let text = source.and_then(|(source, _)| line_of(source, *line)).unwrap_or_default().to_owned();
                KeptPosition::Line { line: *line, column: *column, text }
            }
            Place::Cell { row, column, .. } => KeptPosition::Cell { row: *row, column: column.clone() },
        };
        let file = match source {
            Some((_, input)) => KeptFile::Country { below: input.path.clone(), sha256: input.sha256.clone() },
            None => {
                let (index, path) = files.raw.iter().enumerate().find(|(_, path)| file.starts_with(**path))?;
                KeptFile::Raw { index, within: file[path.len()..].to_owned() }
            }
        };
        Some(Self { code: (*code).to_owned(), message: message.clone(), hints: hints.clone(), file, position })
    }

    /// `None` where its place cannot be told.
    pub(in crate::run) fn read(self, files: &Files<'_>) -> Option<Finding> {
        let place = match (self.file, self.position) {
            (KeptFile::Country { below, sha256 }, position) => {
                let mut sources = files.sources.iter().zip(files.inputs);
                let (source, input) = sources.find(|(_, input)| input.path == below)?;
                place_in(source, input.sha256 == sha256, position)?
            }
            (KeptFile::Raw { index, within }, position) => {
                let file = format!("{}{within}", files.raw.get(index)?);
                match position {
                    KeptPosition::Whole => Place::File { file },
                    KeptPosition::Line { line, column, .. } => Place::Text { file, line, column },
                    KeptPosition::Cell { row, column } => Place::Cell { file, row, column },
                }
            }
        };
        let Self { code, message, hints, .. } = self;
        Some(Finding { place, severity: Severity::Warning, code: known(code), message, hints })
    }
}

fn line_of(source: &SourceFile, line: u32) -> Option<&str> {
    source.text.lines().nth(usize::try_from(line).ok()?.checked_sub(1)?)
}

/// A place in a file of the country, whose other lines may have changed.
fn place_in(source: &SourceFile, is_same: bool, position: KeptPosition) -> Option<Place> {
    let file = source.path.clone();
    match position {
        KeptPosition::Whole => Some(Place::File { file }),
        KeptPosition::Cell { row, column } => Some(Place::Cell { file, row, column }),
        KeptPosition::Line { line, column, .. } if is_same => Some(Place::Text { file, line, column }),
        KeptPosition::Line { column, text, .. } => {
            let mut lines = (1..).zip(source.text.lines()).filter(|(_, found)| *found == text);
            match (lines.next(), lines.next()) {
                (Some((line, _)), None) => Some(Place::Text { file, line, column }),
                (Some(_) | None, _) => None,
            }
        }
    }
}

/// The name of a rule, as findings hold it. There are some dozens, so those that were recalled are kept for as long as the program runs.
fn known(code: String) -> &'static str {
    static KNOWN: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    match known.get(code.as_str()) {
        Some(known) => known,
        None => {
            let code: &'static str = code.leak();
            known.insert(code);
            code
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, is_same: bool, expected: Option<u32>) {
        let source = SourceFile { path: "dnk/codebook.toml".to_owned(), text: text.to_owned() };
        let kept = KeptPosition::Line { line: 2, column: 3, text: "b = 1".to_owned() };
        let found = place_in(&source, is_same, kept);
        let expected = expected.map(|line| Place::Text { file: source.path.clone(), line, column: 3 });
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn a_warning_follows_its_line_and_is_not_told_of_another_one() {
        check("a = 1\nb = 1\n", true, Some(2));
        check("# why\na = 1\n\nb = 1\n", false, Some(4));
        check("a = 1\n  b = 1\n", false, None);
        check("b = 1\nb = 1\n", false, None);
        check("b = 1\nb = 1\n", true, Some(2));
    }
}
