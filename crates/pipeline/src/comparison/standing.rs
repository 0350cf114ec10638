//! A comparison that stands already: what was published stays as it is.

use std::collections::BTreeMap;
use std::path::Path;

use codebook::Finding;

use super::place;
use crate::PipelineError;
use crate::load::shown;
use crate::manifest::MANIFEST;
use crate::released::Released;
use crate::run::Files;

/// The columns that tell which cell it is, and those that tell its numbers. The rest are words, which may be mended.
const CELL: [&str; 4] = ["edition", "table", "item", "category"];
const NUMBERS: [&str; 5] = ["per_cent", "se", "lower", "upper", "n"];

/// A cell with its numbers.
type Cells = BTreeMap<Vec<String>, Vec<String>>;

/// Whether a folder holds these files and nothing else.
pub(super) fn is_there(folder: &Path, files: &Files) -> bool {
    if !folder.join(MANIFEST).is_file() {
        return false;
    }
    let Ok(found) = Released::open(folder) else { return false };
    let mut own = found.files;
    own.insert(MANIFEST.to_owned(), found.manifest_bytes);
    own == *files
}

/// Refuses to put other numbers in the place of those that are published.
///
/// # Errors
/// A finding that names the first of them.
pub(super) fn keep_published(comparison: &Path, folder: &Path, files: &Files) -> Result<(), PipelineError> {
    if !folder.join(MANIFEST).is_file() {
        return Ok(());
    }
    let before = Released::open(folder)?.files;
    let changed =
        files.iter().filter(|(path, _)| path.ends_with(dataset::COMPARISON_FILE)).find_map(|(path, bytes)| {
            let (old, new) = (cells(before.get(path)?), cells(bytes));
            old.into_iter().find(|(cell, numbers)| new.get(cell) != Some(numbers)).map(|(cell, _)| cell.join(" "))
        });
    let Some(changed) = changed else { return Ok(()) };
    let message = format!("{} is published, and would not tell the same numbers: {}", shown(folder), changed.trim());
    let help = "what is published stays as it is: give the new numbers another year; if nobody has seen it yet, remove its folder, or look at the \
                change with --draft";
    Err(PipelineError::Findings(vec![Finding::error(place(comparison), "published-numbers", message).hint(help)]))
}

/// The cells of a file; none of one that cannot be read, which is then no file of ours.
fn cells(bytes: &[u8]) -> Cells {
    let mut reader = csv::Reader::from_reader(bytes);
    let rows = reader.deserialize::<BTreeMap<String, String>>().filter_map(Result::ok);
    let of = |row: &BTreeMap<String, String>, columns: &[&str]| -> Vec<String> {
        columns.iter().map(|column| row.get(*column).cloned().unwrap_or_default()).collect()
    };
    rows.map(|row| (of(&row, &CELL), of(&row, &NUMBERS))).collect()
}
