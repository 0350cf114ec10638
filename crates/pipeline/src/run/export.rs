//! The raw export of a wave, read and checked.

use std::collections::BTreeSet;
use std::fs;

use codebook::{Country, Finding, Origin, VariableName, Wave};
use ingest::{CheckedWave, RawFile};

use super::Request;
use super::plan::{Plan, settle};
use crate::load::shown;
use crate::manifest::RawManifestFile;
use crate::{Event, PipelineError};

/// A raw file with its entry in the manifest.
pub(super) struct Raw {
    pub(super) file: RawFile,
    pub(super) entry: RawManifestFile,
}

/// The raw files that the wave names and that are there; ingest tells those that are not.
pub(super) fn raw_files(request: &Request, wave: &Wave) -> Result<Vec<Raw>, PipelineError> {
    let folder = request.raw.clone().unwrap_or_else(|| request.country.join("raw").join(wave.id.to_string()));
    if !folder.is_dir() {
        let message = format!(
            "there is no folder {} with the raw files of wave {}: name it with --raw",
            folder.display(),
            wave.id
        );
        return Err(PipelineError::Usage { message });
    }
    let (mut files, mut seen) = (Vec::new(), BTreeSet::new());
    for named in wave.file_names().filter(|&name| seen.insert(ingest::file_on_disk(name))) {
        let name = ingest::file_on_disk(named);
        let path = folder.join(name);
        if path.is_file() {
            let bytes = fs::read(&path).map_err(PipelineError::read(&path))?;
            let entry = RawManifestFile::of(name, &bytes, wave.delimiter_of(named));
            files.push(Raw { file: RawFile { path: shown(&path), bytes }, entry });
        }
    }
    Ok(files)
}

/// What the manifest says of raw files.
pub(super) fn entries(raw: &[Raw]) -> Vec<RawManifestFile> {
    raw.iter().map(|raw| raw.entry.clone()).collect()
}

pub(super) fn checked(plan: &Plan, raw: &[Raw], tell: &mut dyn FnMut(Event<'_>)) -> Result<CheckedWave, PipelineError> {
    let files: Vec<RawFile> = raw.iter().map(|raw| raw.file.clone()).collect();
    let (checked, findings) = ingest::check(&plan.country, plan.wave(), &files);
    settle(findings, tell)?;
    let checked = checked.expect("a wave without errors is checked");
    for warning in answers_taken_as_no(&plan.country, &checked) {
        tell(Event::Warning(&warning));
    }
    tell(Event::Checked(checked.summary()));
    Ok(checked)
}

/// A derived variable has a value for everyone, so a part that somebody left blank or refused counts as not holding there,
/// while the part's own table leaves that unit out. The analyst must know where the two differ.
fn answers_taken_as_no(country: &Country, checked: &CheckedWave) -> Vec<Finding> {
    let missing = |name: &VariableName| {
        let item = checked.missing().iter().find(|item| item.variable == *name);
        item.map_or(0, |item| item.refused + item.blank)
    };
    let mut warnings = Vec::new();
    for derived in &country.codebook.variables {
        let Origin::Derived(expression) = &derived.origin else { continue };
        for part in expression.variables().into_iter().filter(|part| missing(part) > 0) {
            let (name, answers) = (&derived.name, missing(part));
            let message = format!(
                "derived variable \"{name}\" has a value for {answers} units whose answer to \"{part}\" is blank or refused"
            );
            warnings.push(
                Finding::warning(derived.place.clone(), "derived-from-missing", message)
                    .hint("a condition takes them as not holding, a CASE sends them to its ELSE; exclude them by a base if that is wrong"),
            );
        }
    }
    warnings
}
