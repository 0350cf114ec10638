//! Files for tests: from the repository, from one string, or a broken case laid over a valid country.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The folder of the repository.
#[must_use]
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The files of a country written as one string: a line `=== waves/2019.toml` opens a file, and what follows is its text.
/// Gives path and text of each, the paths below `folder`.
///
/// # Panics
/// When text stands before the first `===` line.
#[must_use]
pub fn country(folder: &str, text: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        match line.strip_prefix("=== ") {
            Some(path) => files.push((format!("{folder}/{}", path.trim()), String::new())),
            None if line.trim().is_empty() && files.is_empty() => {}
            None => {
                let (_, file) = files.last_mut().expect("a country's text starts with a line '=== path'");
                file.push_str(line);
                file.push('\n');
            }
        }
    }
    files
}

/// Every file of `case`, and every file of `base` that `case` does not replace, by its path below them with `/`. A file of
/// the case that is empty and ends in `.gone` takes away the file of the base without that ending.
///
/// # Panics
/// When a folder or file cannot be read.
#[must_use]
pub fn overlay(base: &Path, case: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for root in [base, case] {
        let mut folders = vec![root.to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).expect("the folder of a case can be read") {
                let path = entry.expect("the folder of a case can be listed").path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let relative = path.strip_prefix(root).expect("it was listed below this folder");
                let name =
                    relative.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
                files.insert(name, std::fs::read(&path).expect("a file of a case can be read"));
            }
        }
    }
    let gone: Vec<String> = files.keys().filter_map(|name| name.strip_suffix(".gone").map(str::to_owned)).collect();
    for name in gone {
        files.remove(&name);
        files.remove(&format!("{name}.gone"));
    }
    files
}
