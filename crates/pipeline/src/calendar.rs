//! The release calendar of the countries in a folder. It comes from their files alone, so it can be published before anything is counted.

use std::path::Path;

use codebook::{Country, Finding, Severity, SourceFile};
use report::CalendarFormat;

use crate::PipelineError;
use crate::load::{countries, load, shown};

/// The calendar of the country in `path`, or of every country in it, in each country's first language.
///
/// # Errors
/// When there is no country or a file cannot be read; findings when one cannot be understood.
pub fn calendar(path: &Path, format: CalendarFormat) -> Result<String, PipelineError> {
    let (mut read, mut findings) = (Vec::new(), Vec::new());
    for folder in countries(path)? {
        let files = load(&folder)?;
        let (country, found) = Country::read(&shown(&folder), &files);
        let words = format!("{}/templates/lang/", shown(&folder));
        let own: Vec<SourceFile> = files.into_iter().filter(|file| file.path.starts_with(&words)).collect();
        let (packs, of_packs) = report::Languages::read(&own);
        let errors = found.into_iter().chain(of_packs);
        findings.extend(errors.filter(|finding: &Finding| finding.severity == Severity::Error));
        read.extend(country.map(|country| (country, packs)));
    }
    if !findings.is_empty() {
        return Err(PipelineError::Findings(findings));
    }
    Ok(report::calendar(&read, format)?)
}
