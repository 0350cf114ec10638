//! What stands already in the place where a release will: readers may have it, so whoever makes it again keeps what they have. Editions and comparisons
//! keep the same rules.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use codebook::{Finding, Language, Place};

use crate::PipelineError;
use crate::load::shown;
use crate::manifest::MANIFEST;
use crate::released::RecordedManifest;

/// Whether nothing stands there: no file, no link, and no folder with anything in it.
pub(crate) fn is_free(folder: &Path) -> bool {
    match fs::symlink_metadata(folder) {
        Ok(found) => found.is_dir() && fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none()),
        // Where the folder above is a file, writing says so.
        Err(error) => matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory),
    }
}

/// Something stands in the place of a release, and its numbers are not known: `why` tells what of it cannot be read.
pub(crate) fn no_release(folder: &Path, why: &str) -> Finding {
    let place = Place::File { file: shown(folder) };
    let message =
        format!("something stands in the place of the release, and {why}, so nobody knows what would be overwritten");
    let help = "move it away, or restore it if it is a release that somebody damaged; --out names another folder";
    Finding::error(place, "not-a-release", message).hint(help)
}

/// Why the release that stands came before its moment. Whoever makes it again keeps that on record.
pub(crate) fn embargo_on_record(folder: &Path) -> Option<String> {
    recorded(folder)?.embargo_broken
}

/// Refuses a release in fewer languages than the one that stands has.
///
/// # Errors
/// When a language would go.
pub(crate) fn keeps_its_languages(folder: &Path, languages: &[Language]) -> Result<(), PipelineError> {
    let published = recorded(folder).map_or_else(Vec::new, |manifest| manifest.languages);
    let is_made = |language: &String| languages.iter().any(|made| made.as_str() == language);
    let gone: Vec<&str> = published.iter().filter(|it| !is_made(it)).map(String::as_str).collect();
    if gone.is_empty() {
        return Ok(());
    }
    let message = format!(
        "{} is published in {}, and this run would leave out {}: what is published stays\n\
         help: make it in every language, or look at one with --draft --lang; to take a language from readers, remove the folder yourself",
        folder.display(),
        published.join(", "),
        gone.join(", ")
    );
    Err(PipelineError::Usage { message })
}

/// The manifest of what stands, if it is one.
fn recorded(folder: &Path) -> Option<RecordedManifest> {
    serde_json::from_slice(&fs::read(folder.join(MANIFEST)).ok()?).ok()
}
