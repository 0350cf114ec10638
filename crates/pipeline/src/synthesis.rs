//! Making a twin: a synthetic raw export, written to a folder of its own.

use std::fs;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use codebook::{Country, Finding, SourceFile, WaveId};

use crate::load::{load, shown};
use crate::{PipelineError, twin};

/// What is asked of a twin.
#[derive(Debug, Clone)]
pub struct TwinRequest {
    /// The country's folder.
    pub country: PathBuf,
    /// The wave.
    pub wave: WaveId,
    /// The seed.
    pub seed: u64,
    /// Complete answers; `None` is what the specification says.
    pub rows: Option<NonZeroUsize>,
    /// The folder that takes the files.
    pub out: PathBuf,
}

/// Makes the raw files of a synthetic wave and writes them. Gives their paths.
///
/// # Errors
/// When the country or the specification has findings, when the margins cannot be met, or when the disk fails.
pub fn make_twin(request: &TwinRequest) -> Result<Vec<PathBuf>, PipelineError> {
    let files = load(&request.country)?;
    let folder = shown(&request.country);
    let (country, findings) = Country::read(&folder, &files);
    let Some(country) = country else {
        return Err(PipelineError::Findings(findings));
    };
    let country = country.of_wave(request.wave);
    let Some(wave) = country.waves.get(&request.wave) else {
        let message = format!("{} has no wave {}", country.id, request.wave);
        return Err(PipelineError::Usage { message });
    };
    let path = format!("{folder}/twin/{}.toml", request.wave);
    let Some(source) = files.iter().find(|file| file.path == path) else {
        let message = format!("{path} is missing: it tells the margins of the twin");
        return Err(PipelineError::Usage { message });
    };
    let specification = twin::Specification::read(source, &country, wave).map_err(PipelineError::Findings)?;
    let made = twin::make(&country, wave, &specification, request.seed, request.rows)?;
    fs::create_dir_all(&request.out).map_err(PipelineError::write(&request.out))?;
    let mut written = Vec::new();
    for file in made {
        let path = request.out.join(&file.name);
        fs::write(&path, &file.bytes).map_err(PipelineError::write(&path))?;
        written.push(path);
    }
    Ok(written)
}

/// Every finding in the specifications of a country's twins.
pub(crate) fn check_twins(folder: &str, country: &Country, files: &[SourceFile]) -> Vec<Finding> {
    let below = format!("{folder}/twin/");
    let mut findings = Vec::new();
    for file in files {
        let Some(year) = file.path.strip_prefix(&below).and_then(|name| name.strip_suffix(".toml")) else { continue };
        let known = WaveId::new(year).ok().filter(|wave| country.waves.contains_key(wave));
        let Some(id) = known else {
            let place = codebook::Place::File { file: file.path.clone() };
            let message = format!("there is no wave {folder}/waves/{year}.toml");
            findings.push(Finding::error(place, "unknown-wave", message));
            continue;
        };
        let country = country.of_wave(id);
        findings.extend(twin::Specification::read(file, &country, &country.waves[&id]).err().unwrap_or_default());
    }
    findings
}
