//! The last look at a release before anybody can see it: is there anything in its files that must never leave?
//!
//! Every other step sees to it that nothing is. This one does not trust them: it takes the files as bytes, knows which kinds there may be, and
//! opens spreadsheets and Parquet. A release that it complains of is not published.
//!
//! What respondents are called and what they wrote it knows as hashes, for the time of one run ([`Respondents`]).

mod respondents;
mod spreadsheet;

use std::fmt;

use ::parquet::file::reader::FileReader;
use ::parquet::file::serialized_reader::SerializedFileReader;
use bytes::Bytes;

use crate::tidy::COLUMNS;
use crate::{ReleaseFormat, WAVES_FILE, sdmx, waves};

pub use respondents::Respondents;

/// Something that must not leave.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leak {
    /// The file, below the release.
    pub file: String,
    /// What it is.
    pub kind: LeakKind,
}

/// What must not leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeakKind {
    /// A file of a kind that no release has.
    UnknownFile,
    /// Rows with columns that are not those of published tables.
    ForeignTable,
    /// The id of a unit, a free text or another value that few rows of the raw files have.
    Respondent,
    /// A sheet that a reader does not see.
    HiddenSheet,
    /// A cell that calculates, or a link to another file.
    Formula,
    /// A comment on a cell.
    Comment,
    /// Who wrote the file.
    Author,
    /// A folder of the machine.
    AbsolutePath,
    /// A file that does not hold what its name says.
    Unreadable,
}

impl fmt::Display for LeakKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownFile => "is of a kind that no release has",
            Self::ForeignTable => "holds a table that is not one of the published ones",
            Self::Respondent => "holds a unit's id or what a respondent wrote",
            Self::HiddenSheet => "has a hidden sheet",
            Self::Formula => "has a formula or a link to another file",
            Self::Comment => "has a comment on a cell",
            Self::Author => "names who wrote it",
            Self::AbsolutePath => "names a folder of this machine",
            Self::Unreadable => "does not hold what its name says",
        })
    }
}

/// Everything in these files that must not leave, by path below the release, sorted.
#[must_use]
pub fn leaks<'f>(files: impl IntoIterator<Item = (&'f String, &'f Vec<u8>)>, respondents: &Respondents) -> Vec<Leak> {
    let mut leaks = Vec::new();
    for (path, bytes) in files {
        let mut kinds = kinds(path, bytes, respondents);
        kinds.sort_unstable();
        kinds.dedup();
        leaks.extend(kinds.into_iter().map(|kind| Leak { file: path.clone(), kind }));
    }
    leaks
}

fn kinds(path: &str, bytes: &[u8], respondents: &Respondents) -> Vec<LeakKind> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let folder = path.rsplit('/').nth(1).unwrap_or_default();
    match (name.rsplit_once('.').map(|(_, ending)| ending), folder) {
        (Some("csv"), "data") => of_text(bytes, respondents, |text| of_csv(name, text)),
        (Some("xlsx" | "ods"), "data") => spreadsheet::kinds(bytes, |text| words(text, respondents)),
        (Some("parquet"), "data") => of_parquet(bytes, respondents),
        (Some("px" | "jsonld" | "xml"), "data")
        | (Some("html" | "md" | "txt" | "css" | "js" | "svg" | "json" | "sql"), _) => {
            of_text(bytes, respondents, |_| Vec::new())
        }
        // A card holds words as outlines, and none but those that stand on its page.
        (Some("png"), "cards") => Vec::new(),
        (_, _) => vec![LeakKind::UnknownFile],
    }
}

/// Text is searched for words; `further` sees what only this kind of file has.
fn of_text(bytes: &[u8], respondents: &Respondents, further: impl Fn(&str) -> Vec<LeakKind>) -> Vec<LeakKind> {
    let Ok(text) = std::str::from_utf8(bytes) else { return vec![LeakKind::Unreadable] };
    let mut kinds = words(text, respondents);
    kinds.extend(further(text));
    kinds
}

/// What may be wrong with any text.
fn words(text: &str, respondents: &Respondents) -> Vec<LeakKind> {
    let mut kinds = Vec::new();
    if respondents.occur_in(text) {
        kinds.push(LeakKind::Respondent);
    }
    if names_a_folder(text) {
        kinds.push(LeakKind::AbsolutePath);
    }
    kinds
}

/// Folders in which people and programs work; what stands on the web has an address before its path.
const FOLDERS: [&str; 9] =
    ["/home/", "/Users/", "/root/", "/tmp/", "/var/folders/", "/mnt/", "/Volumes/", "file:///", ":\\Users\\"];

fn names_a_folder(text: &str) -> bool {
    FOLDERS.iter().any(|folder| {
        text.match_indices(folder).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            folder.starts_with(':')
                || !before.is_some_and(|it| it.is_alphanumeric() || matches!(it, '.' | '/' | '-' | '_'))
        })
    })
}

/// A CSV of a release has the columns of the published tables, those of several waves, or those of SDMX.
fn of_csv(name: &str, text: &str) -> Vec<LeakKind> {
    let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(text.as_bytes());
    let is_ours = reader.headers().is_ok_and(|header| match name {
        _ if name == ReleaseFormat::SdmxCsv.file() => header.iter().eq(sdmx::COLUMNS),
        WAVES_FILE => header.iter().eq(waves::columns()),
        _ => header.iter().eq(COLUMNS),
    });
    match (is_ours, reader.records().all(|record| record.is_ok())) {
        (true, true) => Vec::new(),
        (true, false) => vec![LeakKind::Unreadable],
        (false, _) => vec![LeakKind::ForeignTable],
    }
}

/// The same for Parquet, whose texts are searched cell by cell.
fn of_parquet(bytes: &[u8], respondents: &Respondents) -> Vec<LeakKind> {
    let Ok(reader) = SerializedFileReader::new(Bytes::copy_from_slice(bytes)) else {
        return vec![LeakKind::Unreadable];
    };
    let schema = reader.metadata().file_metadata().schema_descr();
    if !schema.columns().iter().map(|column| column.name()).eq(COLUMNS) {
        return vec![LeakKind::ForeignTable];
    }
    let Ok(rows) = reader.get_row_iter(None) else { return vec![LeakKind::Unreadable] };
    let mut kinds = Vec::new();
    for row in rows {
        match row {
            Ok(row) => kinds.extend(words(&row.to_string(), respondents)),
            Err(_) => kinds.push(LeakKind::Unreadable),
        }
        kinds.dedup();
    }
    kinds
}

#[cfg(test)]
mod tests;
