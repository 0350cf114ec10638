//! Looking into a file that nobody has described yet: opening it, and what was found as JSON.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};

use codebook::SurveyTool;
pub use ingest::inspect::{
    Content, DayOrder, FileFormat, InspectedCode, InspectedColumn, Inspection, Personal, TextEncoding,
};

use crate::PipelineError;
use crate::load::{entries, shown};

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
    let inspection = ingest::inspect::inspect(&shown(path), &mut open)
        .map_err(PipelineError::read(path))?
        .map_err(PipelineError::Findings)?;
    Ok(told_beside(&inspection, on_disk).unwrap_or(inspection))
}

/// The largest file beside an export that may tell what its columns mean: that of a survey of thousands of questions.
const STRUCTURE_AT_MOST: u64 = 16 << 20;

/// A dataset of SurveyXact with what its structure tells, if that lies in the same folder; the first of several by name.
fn told_beside(inspection: &Inspection, dataset: &Path) -> Option<Inspection> {
    if inspection.tool != SurveyTool::SurveyXact || inspection.format != FileFormat::Delimited {
        return None;
    }
    let folder = dataset.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // What cannot be read tells nothing, and whoever names it as the structure is told why.
    let paths = entries(folder).ok()?.into_iter().filter(|path| path.file_name() != dataset.file_name());
    let is_small = |path: &PathBuf| fs::metadata(path).is_ok_and(|it| it.is_file() && it.len() <= STRUCTURE_AT_MOST);
    paths.filter(is_small).find_map(|path| {
        let name = path.file_name()?.to_string_lossy().into_owned();
        inspection.told_by(&name, &fs::read(&path).ok()?)
    })
}

/// An inspection as JSON, whole.
///
/// # Panics
/// Never: texts and numbers are JSON.
#[must_use]
pub fn json(inspection: &Inspection) -> String {
    serde_json::to_string_pretty(inspection).expect("texts, numbers and nothing else are JSON") + "\n"
}
