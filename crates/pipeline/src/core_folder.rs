//! The source of the shared questionnaire, where it lies beside the countries. A run never reads it: the program carries what it was built from.

use std::path::{Path, PathBuf};

use codebook::{CoreQuestionnaire, Finding, Place, SourceFile};

use crate::PipelineError;
use crate::load::{entries, load, shown};

/// Its name beside the countries.
const CORE: &str = "core";

/// The folders of versions of the shared questionnaire that `path` names: it itself, or what lies in it beside countries. None in most places.
///
/// # Errors
/// When a folder cannot be read.
pub fn core_folders(path: &Path) -> Result<Vec<PathBuf>, PipelineError> {
    let is_core = path.file_name().is_some_and(|name| name == CORE);
    let folder = if is_core { path.to_path_buf() } else { path.join(CORE) };
    if !folder.is_dir() || folder.join("country.toml").is_file() || path.join("country.toml").is_file() {
        return Ok(Vec::new());
    }
    Ok(entries(&folder)?.into_iter().filter(|version| version.is_dir()).collect())
}

/// Every finding in one version.
///
/// # Errors
/// When a file cannot be read.
pub fn check_core(folder: &Path) -> Result<Vec<Finding>, PipelineError> {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let carried: Vec<(&str, &str)> =
        CoreQuestionnaire::of(&name).into_iter().flat_map(CoreQuestionnaire::files).collect();
    let named = |file: &SourceFile| {
        let below = file.path.rsplit_once('/').map_or(file.path.as_str(), |(_, below)| below);
        carried.iter().position(|(path, _)| path.rsplit_once('/').map_or(*path, |(_, name)| name) == below)
    };
    let mut files = load(folder)?;
    // The order of the questionnaire is that in which the program carries its files.
    files.sort_by_key(|file| named(file).unwrap_or(usize::MAX));
    let mut findings = CoreQuestionnaire::check(&files);
    let is_carried = files.len() == carried.len()
        && files.iter().all(|file| named(file).is_some_and(|index| carried[index].1 == file.text));
    if !is_carried {
        let message = format!("this program carries another text of version {name:?}");
        let finding = Finding::warning(Place::File { file: shown(folder) }, "other-core", message);
        findings.push(finding.hint(
            "a run takes what the program carries: build it anew; new files, or a new version, are listed in codebook/src/core_questionnaire.rs",
        ));
    }
    Ok(findings)
}
