//! A comparison that stands already: what was published stays as it is.

use std::collections::BTreeMap;
use std::path::Path;

use codebook::{EditionId, Finding};

use super::KIND;
use super::correction::file;
use crate::PipelineError;
use crate::load::shown;
use crate::manifest::{MANIFEST, ManifestFile, digest};
use crate::released::Released;
use crate::run::Files;
use crate::stands::{is_free, no_release};

/// The columns that tell which cell it is, and those that tell its numbers. The rest are words, which may be mended.
const CELL: [&str; 4] = ["edition", "table", "item", "category"];
const NUMBERS: [&str; 5] = ["per_cent", "se", "lower", "upper", "n"];

/// Cells with their numbers.
pub(super) type Cells = BTreeMap<Vec<String>, Vec<String>>;

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

/// Refuses to put other numbers in the place of those that are published, or anything in the place of what is no comparison or cannot be read.
///
/// # Errors
/// A finding that names the first of the numbers, or tells what cannot be read.
pub(super) fn keep_published(
    comparison: &Path,
    (folder, edition): (&Path, EditionId),
    files: &Files,
) -> Result<(), PipelineError> {
    if is_free(folder) {
        return Ok(());
    }
    let refused = |finding| Err(PipelineError::Findings(vec![finding]));
    let before = match published(folder) {
        Ok(before) => before,
        Err(why) => return refused(no_release(folder, &why)),
    };
    // The numbers are the same in every language.
    let after = files.iter().find(|(path, _)| is_cells(path)).map_or_else(Cells::new, |(_, bytes)| cells(bytes));
    let changed = before.iter().flatten().find(|(cell, numbers)| after.get(*cell) != Some(*numbers));
    let Some((changed, _)) = changed else { return Ok(()) };
    let changed = changed.join(" ");
    let message = format!("{} is published, and would not tell the same numbers: {}", shown(folder), changed.trim());
    let help = format!(
        "what is published stays as it is: tell in this file, as edition {}, what was wrong, and the run makes that beside {edition}; if nobody has seen it yet, remove its folder, or \
         look at the change with --draft",
        edition.next()
    );
    refused(Finding::error(file(comparison), "published-numbers", message).hint(help))
}

/// The cells of a published comparison, by language.
///
/// # Errors
/// Why they cannot be known: what stands is no comparison, or a file of cells is not as its manifest lists it.
pub(super) fn published(folder: &Path) -> Result<Vec<Cells>, String> {
    let found = folder.join(MANIFEST).is_file().then(|| Released::open(folder).ok()).flatten();
    let found = found.filter(|found| found.manifest.kind.as_deref() == Some(KIND));
    let found = found.ok_or("it has no manifest of a comparison")?;
    let listed: Vec<&ManifestFile> = found.manifest.outputs.iter().filter(|file| is_cells(&file.path)).collect();
    if listed.is_empty() {
        return Err("its manifest lists no file of cells".to_owned());
    }
    let of_file = |file: &ManifestFile| match found.files.get(&file.path) {
        Some(bytes) if digest(bytes) == file.sha256 => Ok(cells(bytes)),
        Some(_) => Err(format!("its {} is not as its manifest lists it", file.path)),
        None => Err(format!("its {} is not there", file.path)),
    };
    listed.into_iter().map(of_file).collect()
}

/// Whether a file holds the cells of a comparison, in some language.
fn is_cells(path: &str) -> bool {
    path.rsplit('/').next() == Some(dataset::COMPARISON_FILE)
}

/// The cells of a file that the program wrote.
pub(super) fn cells(bytes: &[u8]) -> Cells {
    let mut reader = csv::Reader::from_reader(bytes);
    let rows = reader.deserialize::<BTreeMap<String, String>>().filter_map(Result::ok);
    let of = |row: &BTreeMap<String, String>, columns: &[&str]| -> Vec<String> {
        columns.iter().map(|column| row.get(*column).cloned().unwrap_or_default()).collect()
    };
    rows.map(|row| (of(&row, &CELL), of(&row, &NUMBERS))).collect()
}
