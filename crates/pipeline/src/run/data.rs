//! A wave's raw files held against the country's files, without a run: every finding of both, at once.
//!
//! It goes as far as the weights, since answers, frame and margins that make none would stop a run. Nothing is written, unless somebody asks for
//! the checked answers themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::path::PathBuf;

use codebook::{ColumnClass, Country, Finding, Severity, Wave, WaveId, column_classes};
use ingest::{ItemMissing, Summary};

use super::export::{checked_answers, raw_files};
use super::microdata;
use super::plan::{choose_wave, read_and_checked};
use crate::load::load;
use crate::{PipelineError, weighing};

/// What is checked.
#[derive(Debug, Clone)]
pub struct CheckRequest {
    /// The country's folder.
    pub country: PathBuf,
    /// The wave; `None` is the newest.
    pub wave: Option<WaveId>,
    /// The folder of its raw files.
    pub raw: PathBuf,
    /// The file with the key of pseudonyms; without one a key is drawn for this check alone.
    pub key: Option<PathBuf>,
    /// The folder to be made for the checked answers and loops, which are microdata; `None` writes nothing.
    pub checked: Option<PathBuf>,
    /// Threads; what is found does not depend on it.
    pub threads: NonZeroUsize,
}

/// Data that would make a release, as far as its texts hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedData {
    /// The wave.
    pub wave: WaveId,
    /// What a person should know and does not stop a run.
    pub warnings: Vec<Finding>,
    /// What came in.
    pub summary: Summary,
    /// The columns that the wave reads, by class.
    pub classes: BTreeMap<ColumnClass, BTreeSet<String>>,
    /// Missing answers of each variable.
    pub missing: Vec<ItemMissing>,
    /// The files that were written.
    pub written: Vec<PathBuf>,
}

/// Checks a country's files and one wave's raw files.
///
/// # Errors
/// Every finding of both when one of them is an error; when the request names something that is not there, or a file cannot be read.
///
/// # Panics
/// When a chosen wave is none of the country: a bug.
pub fn check_data(request: &CheckRequest) -> Result<CheckedData, PipelineError> {
    let key = request.pseudonym_key()?;
    let destination =
        request.checked.as_deref().map(|folder| microdata::destination(folder, &request.country)).transpose()?;
    let (country, mut findings) = read_and_checked(&request.country, &load(&request.country)?)?;
    let Some(country) = country else {
        return Err(PipelineError::Findings(findings));
    };
    let id = choose_wave(&country, request.wave)?;
    let country = country.of_wave(id);
    let wave = country.waves.get(&id).expect("the wave was chosen among those of the country");
    let raw = raw_files(&request.country, Some(&request.raw), wave)?;
    let (checked, of_data) = checked_answers((&country, wave), &raw, &key, request.threads);
    findings.extend(of_data);
    if let Some(checked) = &checked {
        match weighing::weigh(&country, wave, checked) {
            Ok(weighed) => findings.extend(weighed.warnings),
            Err(PipelineError::Findings(of_weights)) => findings.extend(of_weights),
            Err(other) => return Err(other),
        }
    }
    match checked {
        Some(checked) if !findings.iter().any(|finding| finding.severity == Severity::Error) => {
            let written = destination.map(|folder| microdata::write(&checked, &folder, request.threads)).transpose()?;
            Ok(CheckedData {
                wave: id,
                warnings: findings,
                summary: checked.summary().clone(),
                classes: classes(&country, wave),
                missing: checked.missing().to_vec(),
                written: written.unwrap_or_default(),
            })
        }
        Some(_) | None => Err(PipelineError::Findings(findings)),
    }
}

/// The classes of the columns that are read. Those that identify a respondent are not: the summary tells which of them the export has.
fn classes(country: &Country, wave: &Wave) -> BTreeMap<ColumnClass, BTreeSet<String>> {
    let classes = column_classes(country, wave).into_iter();
    let read = classes.filter(|(class, _)| *class != ColumnClass::DirectIdentifier);
    read.map(|(class, columns)| (class, columns.into_iter().map(str::to_owned).collect())).collect()
}
