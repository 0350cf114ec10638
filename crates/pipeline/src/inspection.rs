//! Looking into a file that nobody has described yet: opening it, and what was found as JSON.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

pub use ingest::inspect::{
    Content, DayOrder, FileFormat, InspectedCode, InspectedColumn, Inspection, Personal, TextEncoding,
};

use crate::PipelineError;
use crate::load::shown;

/// What the file at `path` holds; `export.zip/answers.csv` is a file inside an archive. Delimited text is read as a stream, so its size
/// does not matter.
///
/// # Errors
/// When it is not there or cannot be read, and findings when it cannot be understood.
pub fn inspect(path: &Path) -> Result<Inspection, PipelineError> {
    if path.is_dir() {
        return Err(PipelineError::Usage { message: format!("{} is a folder: name a file", path.display()) });
    }
    let on_disk = shown(path);
    let on_disk = Path::new(ingest::file_on_disk(&on_disk));
    let on_disk = if path.exists() { path } else { on_disk };
    let mut open = || File::open(on_disk).map(BufReader::new);
    ingest::inspect::inspect(&shown(path), &mut open)
        .map_err(PipelineError::read(path))?
        .map_err(PipelineError::Findings)
}

/// An inspection as JSON, whole.
///
/// # Panics
/// Never: texts and numbers are JSON.
#[must_use]
pub fn json(inspection: &Inspection) -> String {
    serde_json::to_string_pretty(inspection).expect("texts, numbers and nothing else are JSON") + "\n"
}
