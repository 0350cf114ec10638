//! `barometer check`: what is wrong in files, and how far each country has come.

use std::path::PathBuf;

use codebook::Severity;
use pipeline::{CheckRequest, PipelineError};

use crate::arguments::{Check, InspectFormat};
use crate::commands::{cores, only_country};
use crate::exit::Exit;
use crate::words;

/// Checks one country or comparison, or every one of a folder and the shared questionnaire beside them; all their findings come together.
pub(crate) fn check(arguments: Check) -> Result<Exit, PipelineError> {
    if let Some(raw) = arguments.raw {
        let Check { path, wave, key, checked, .. } = arguments;
        let request = CheckRequest { country: only_country(&path)?, wave, raw, key, checked, threads: cores() };
        words::data_checked(&request, &pipeline::check_data(&request)?)?;
        return Ok(Exit::Done);
    }
    let cores = pipeline::core_folders(&arguments.path)?;
    let comparisons = pipeline::comparisons(&arguments.path)?;
    let countries = match pipeline::countries(&arguments.path) {
        Err(PipelineError::Usage { .. }) if !cores.is_empty() || !comparisons.is_empty() => Vec::new(),
        countries => countries?,
    };
    let (mut findings, mut coverages) = (Vec::new(), Vec::new());
    for core in &cores {
        findings.extend(pipeline::check_core(core)?);
    }
    for country in &countries {
        let checked = pipeline::check(country)?;
        findings.extend(checked.findings);
        coverages.extend(checked.coverage);
    }
    for comparison in &comparisons {
        findings.extend(pipeline::check_comparison(comparison)?);
    }
    let has_errors = findings.iter().any(|finding| finding.severity == Severity::Error);
    match arguments.format {
        InspectFormat::Json => {
            words::result(&pipeline::check_json(&findings, &coverages))?;
            return Ok(if has_errors { Exit::Findings } else { Exit::Done });
        }
        InspectFormat::Table if has_errors => return Err(PipelineError::Findings(findings)),
        InspectFormat::Table => {}
    }
    let checked: Vec<PathBuf> = cores.into_iter().chain(countries).chain(comparisons).collect();
    words::checked(&checked, &findings)?;
    match coverages.as_slice() {
        [coverage] => words::coverage(coverage)?,
        several => several.iter().try_for_each(words::coverage_in_short)?,
    }
    Ok(Exit::Done)
}
