//! A country's first files, drafted from an export: what the export tells is written down, what it does not is marked as unknown.
//!
//! `words` adds what the tool has words for everywhere; `draft` decides which columns become variables and which codes they share; `files` writes the TOML and Markdown, with comments that
//! tell a person what to fill in. Before anything reaches the disk the files are read back as `barometer check` would, so that a
//! draft never has findings. No column that tells who answered becomes a variable, and no words of respondents' own are written.

mod batteries;
mod draft;
mod files;
mod names;
mod near;
mod no_answers;
mod shared;
mod words;

use std::fs;
use std::path::{Path, PathBuf};

use codebook::{CountryId, Finding, Language, Place, Severity, SourceFile, WaveId};
use ingest::inspect::Inspection;

use crate::PipelineError;
use crate::inspection::inspect;
use crate::load::shown;
use crate::run::check_files;
use crate::stopping::Held;
use draft::Draft;
use shared::Shared;

/// A country to draft.
#[derive(Debug, Clone)]
pub struct NewCountry {
    /// Its name, which is that of its folder.
    pub country: CountryId,
    /// The folder of countries that takes it.
    pub pipelines: PathBuf,
    /// The export.
    pub export: PathBuf,
    /// The year in which the wave's window ends; `None` is the last one in the export's file name.
    pub wave: Option<WaveId>,
    /// The languages of its report, the first of which is the main one.
    pub languages: Vec<Language>,
    /// The column that identifies the unit; `None` is the likeliest.
    pub unit: Option<String>,
}

/// What was drafted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drafted {
    /// The country's folder.
    pub folder: PathBuf,
    /// Its wave.
    pub wave: WaveId,
    /// The folder of its raw files, where the export lies.
    pub raw: PathBuf,
    /// The files, in order.
    pub files: Vec<PathBuf>,
    /// What was assumed where the export tells nothing, each a sentence.
    pub assumed: Vec<String>,
    /// Columns that become no variable, with the reason; a column without a name has an empty one.
    pub left_out: Vec<(String, String)>,
    /// Whether one of them is left out because it tells who answered, or may tell it.
    pub has_personal: bool,
    /// Which columns are items of the shared questionnaire: column and item.
    pub taken: Vec<(String, String)>,
    /// Which columns resemble one and are not taken: column, and the item with the reason.
    pub near: Vec<(String, String)>,
    /// Why no column is one, and what to do about it; `None` where some are.
    pub nothing_taken: Option<String>,
    /// What a person should know about the export.
    pub findings: Vec<Finding>,
}

/// Drafts a country from an export and writes its files into a folder that is not there yet.
///
/// # Errors
/// When the folder is there, the export cannot be read or understood, no column can identify a unit or be published, or the
/// disk fails. Nothing is then written.
pub fn new_country(request: &NewCountry) -> Result<Drafted, PipelineError> {
    let folder = request.pipelines.join(request.country.as_str());
    if folder.exists() {
        let message = format!("{} is there already: a new country has a new folder", folder.display());
        return Err(PipelineError::Usage { message });
    }
    let wave = wave(request)?;
    let mut inspection = inspect(&request.export)?;
    words::add(&mut inspection);
    let draft = draft(request, &inspection).map_err(|finding| {
        // What is odd about the export mostly tells why.
        PipelineError::Findings(inspection.findings.iter().cloned().chain([*finding]).collect())
    })?;
    let file = file_name(&request.export);
    let shared = Shared::of(&draft.variables, &request.languages);
    let shared = shared.as_ref();
    let nothing_taken =
        shared.is_none().then(|| shared::nothing_shared(&inspection, &draft.variables, &request.languages));
    let near = near::near(&draft.variables, &request.languages, shared);
    let languages = &request.languages;
    let subject = files::Subject { country: &request.country, wave, languages, file: &file, shared, near: &near };
    let written = files::files(&subject, &inspection, &draft);
    let sources: Vec<SourceFile> = written
        .into_iter()
        .map(|(path, text)| SourceFile { path: format!("{}/{path}", shown(&folder)), text })
        .collect();
    let findings = check_files(&folder, &sources)?;
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        return Err(PipelineError::Findings(findings));
    }
    let files = write(&request.pipelines, &folder, &sources)?;
    let raw = raw_folder(&request.export);
    let assumed = files::assumed(&inspection, &draft, wave);
    let taken = shared.map(Shared::told).unwrap_or_default();
    let left_out = draft.left_out.iter().map(|(column, reason)| ((*column).to_owned(), reason.clone())).collect();
    let has_personal = !draft.personal.is_empty();
    let near = near.into_iter().map(|near| (near.column.clone(), near.told())).collect();
    let findings = inspection.findings.clone();
    Ok(Drafted { near, folder, wave, raw, files, assumed, left_out, has_personal, taken, nothing_taken, findings })
}

/// The wave that was asked for, or the last year in the export's file name.
fn wave(request: &NewCountry) -> Result<WaveId, PipelineError> {
    let name = file_name(&request.export);
    let years = name.split(|character: char| !character.is_ascii_digit());
    let named = request.wave.or_else(|| years.filter_map(|text| WaveId::new(text).ok()).next_back());
    named.ok_or_else(|| PipelineError::Usage {
        message: format!(
            "no year stands in the name of {name}: tell the one in which the wave's window ends with --wave"
        ),
    })
}

/// The folder that the export lies in, also when it is a file inside an archive.
fn raw_folder(export: &Path) -> PathBuf {
    let export = shown(export);
    let folder = Path::new(ingest::file_on_disk(&export)).parent().unwrap_or(Path::new(""));
    if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() }
}

/// The export as a wave names it: its name in its folder, with the one inside an archive behind it.
fn file_name(path: &Path) -> String {
    let path = shown(path);
    let folder = ingest::file_on_disk(&path).rfind('/').map_or(0, |slash| slash + 1);
    path[folder..].to_owned()
}

fn draft<'i>(request: &NewCountry, inspection: &'i Inspection) -> Result<Draft<'i>, Box<Finding>> {
    let place = Place::File { file: shown(&request.export) };
    let Some(unit) = draft::unit(inspection, request.unit.as_deref()) else {
        let message = "no column identifies the unit: none has a value of its own in every row";
        let finding = Finding::error(place, "no-unit-id", message);
        return Err(Box::new(finding.hint("name it with --unit, or add a column that numbers the rows to the export")));
    };
    if !inspection.columns.iter().any(|column| column.name == unit) {
        let known = inspection.columns.iter().map(|column| column.name.as_str());
        let finding = Finding::error(place, "unknown-column", format!("there is no column {unit:?}"));
        return Err(Box::new(finding.did_you_mean(&unit, known)));
    }
    let message = "no column holds codes or numbers, so there is nothing to publish";
    Draft::new(inspection, unit).ok_or_else(|| Box::new(Finding::error(place, "no-variables", message)))
}

/// Writes the files beside their place first, so that half a country never stands there.
fn write(pipelines: &Path, folder: &Path, sources: &[SourceFile]) -> Result<Vec<PathBuf>, PipelineError> {
    fs::create_dir_all(pipelines).map_err(PipelineError::write(pipelines))?;
    let made = || tempfile::tempdir_in(pipelines).map(|folder| (folder.path().to_path_buf(), folder));
    let (_held, partial) = Held::made(made).map_err(PipelineError::write(pipelines))?;
    let country = partial.path().join("country");
    let mut written = Vec::new();
    let prefix = format!("{}/", shown(folder));
    for source in sources {
        let below = source.path.strip_prefix(&prefix).expect("every path begins with the country's folder");
        let path = country.join(below);
        let parent = path.parent().expect("a file lies in a folder");
        fs::create_dir_all(parent).map_err(PipelineError::write(parent))?;
        fs::write(&path, &source.text).map_err(PipelineError::write(&path))?;
        written.push(folder.join(below));
    }
    // On Unix a rename replaces an empty folder only; whatever else came meanwhile stays.
    fs::rename(&country, folder).map_err(PipelineError::write(folder))?;
    Ok(written)
}
