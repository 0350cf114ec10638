//! The checked answers as files that are kept, for the analyst who links the waves of a panel or counts the rows of a loop.
//!
//! They are microdata: in place of ids they have pseudonyms, and nothing else about them is protected. So they go nowhere by themselves, but into a
//! new folder of one user, which may lie neither with the countries nor in a repository.

use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use ingest::CheckedWave;

use crate::PipelineError;
use crate::key::{absolute, folder_of_countries, wrong_place};
use crate::stopping::PrivateFolder;

/// The file of the answers; each loop has one of its own name.
const ANSWERS: &str = "responses.parquet";

/// The folder from the root, which is not there yet and lies where microdata may.
///
/// # Errors
/// When it is there already, or lies where it may not.
pub(super) fn destination(folder: &Path, country: &Path) -> Result<PathBuf, PipelineError> {
    let refuse = |why: &str| PipelineError::Usage { message: format!("the folder {} {why}", folder.display()) };
    if folder.exists() {
        return Err(refuse("is there already: microdata go into a new one"));
    }
    let path = absolute(folder)?;
    let countries = folder_of_countries(country);
    let countries: Vec<_> = countries.iter().map(|folder| (folder.as_path(), "the folder of the countries")).collect();
    wrong_place(&path, &countries).map_or(Ok(path), |why| Err(refuse(&why)))
}

/// Writes the answers and each loop; the folder appears with all of them, or not at all.
///
/// # Errors
/// When Parquet cannot be encoded or the disk fails.
pub(super) fn write(
    checked: &CheckedWave,
    folder: &Path,
    threads: NonZeroUsize,
) -> Result<Vec<PathBuf>, PipelineError> {
    let beside = folder.parent().unwrap_or(Path::new("."));
    let partial = PrivateFolder::new(beside)?;
    let mut files = vec![(ANSWERS.to_owned(), checked.parquet(threads)?)];
    for table in checked.loops() {
        files.push((format!("{}.parquet", table.name()), table.parquet(threads)?));
    }
    let made = partial.path().join("checked");
    fs::create_dir(&made).map_err(PipelineError::write(&made))?;
    for (name, bytes) in &files {
        let path = made.join(name);
        fs::write(&path, bytes).map_err(PipelineError::write(&path))?;
    }
    only_for_owner(&made).map_err(PipelineError::write(&made))?;
    // On Unix a rename replaces an empty folder only; whatever else came meanwhile stays.
    fs::rename(&made, folder).map_err(PipelineError::write(folder))?;
    Ok(files.into_iter().map(|(name, _)| folder.join(name)).collect())
}

#[cfg(unix)]
fn only_for_owner(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn only_for_owner(_folder: &Path) -> std::io::Result<()> {
    Ok(())
}
