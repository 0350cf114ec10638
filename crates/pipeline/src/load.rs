//! Finding and reading a country's files.

use std::fs;
use std::path::{Path, PathBuf};

use codebook::SourceFile;

use crate::PipelineError;

/// The country folders that `path` names: itself if it holds a `country.toml`, else those of its folders that do, sorted.
///
/// # Errors
/// When the folder is not there, cannot be read, or holds no country.
pub fn countries(path: &Path) -> Result<Vec<PathBuf>, PipelineError> {
    if path.join("country.toml").is_file() {
        return Ok(vec![named(path)]);
    }
    if !path.is_dir() {
        return Err(PipelineError::Usage { message: format!("there is no folder {}", path.display()) });
    }
    let found: Vec<PathBuf> =
        entries(path)?.into_iter().filter(|folder| folder.join("country.toml").is_file()).collect();
    if found.is_empty() {
        let message = format!("{} holds no country: no country.toml in it or in a folder below it", path.display());
        return Err(PipelineError::Usage { message });
    }
    Ok(found)
}

/// The folder by a path that ends in its name, which is the country's: `.` has none.
fn named(path: &Path) -> PathBuf {
    let plain: PathBuf = path.components().collect();
    if plain.file_name().is_some() {
        return plain;
    }
    let name = path.canonicalize().ok().and_then(|whole| whole.file_name().map(PathBuf::from));
    match name {
        Some(name) if plain.as_os_str() == "." => Path::new("..").join(name),
        Some(name) => plain.join("..").join(name),
        None => plain,
    }
}

/// Every TOML, Markdown and template file of a country's folder and what was printed of its waves, sorted by path; the paths begin with `folder` as given. Plain text is a
/// template below `templates`, and somebody's notes elsewhere.
///
/// # Errors
/// When a file cannot be read. A file that is not UTF-8 is a finding.
pub(crate) fn load(folder: &Path) -> Result<Vec<SourceFile>, PipelineError> {
    let mut files = Vec::new();
    let templates = folder.join("templates");
    let printed = folder.join("published.csv");
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for path in entries(&folder)? {
            // Raw files lie below the country's folder by default; they are data, not a part of the country.
            let is_other =
                path.file_name().is_some_and(|name| name == "raw" || name.to_string_lossy().starts_with('.'));
            let extension = path.extension().map(|extension| extension.to_string_lossy().into_owned());
            if is_other {
                continue;
            } else if path.is_dir() {
                folders.push(path);
            } else if matches!(extension.as_deref(), Some("toml" | "md" | "html" | "css" | "js"))
                || path == printed
                || (extension.as_deref() == Some("txt") && path.starts_with(&templates))
            {
                files.push(SourceFile { path: shown(&path), text: text(&path)? });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// The path as findings show it, with `/` between folders on every system.
pub(crate) fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

pub(crate) fn entries(folder: &Path) -> Result<Vec<PathBuf>, PipelineError> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(PipelineError::read(folder))? {
        paths.push(entry.map_err(PipelineError::read(folder))?.path());
    }
    paths.sort();
    Ok(paths)
}

fn text(path: &Path) -> Result<String, PipelineError> {
    let bytes = fs::read(path).map_err(PipelineError::read(path))?;
    String::from_utf8(bytes).map_err(|error| {
        let line =
            1 + error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
        let place =
            codebook::Place::Text { file: shown(path), line: u32::try_from(line).unwrap_or(u32::MAX), column: 1 };
        let finding = codebook::Finding::error(place, "not-utf-8", "this line is not UTF-8 text");
        PipelineError::Findings(vec![finding.hint("save the file as UTF-8")])
    })
}
