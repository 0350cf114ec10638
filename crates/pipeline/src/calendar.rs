//! The release calendar of the countries and comparisons in a folder. It comes from their files alone, so it can be published before anything is counted.

use std::path::Path;

use codebook::{Country, Finding, Severity, SourceFile};
use report::CalendarFormat;

use crate::PipelineError;
use crate::comparison::{comparisons, understood};
use crate::load::{countries, load, shown};

/// The calendar of the country or comparison in `path`, or of all in it, each in its first language.
///
/// # Errors
/// When there is none or a file cannot be read; findings when one cannot be understood.
pub fn calendar(path: &Path, format: CalendarFormat) -> Result<String, PipelineError> {
    let (mut read, mut findings) = (Vec::new(), Vec::new());
    let of_comparisons = comparisons(path)?;
    let of_countries = match countries(path) {
        Err(PipelineError::Usage { .. }) if !of_comparisons.is_empty() => Vec::new(),
        folders => folders?,
    };
    let mut compared = Vec::new();
    for folder in of_comparisons {
        let (comparison, found) = understood(&folder)?;
        findings.extend(found.into_iter().filter(|finding| finding.severity == Severity::Error));
        compared.extend(comparison);
    }
    for folder in of_countries {
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
    Ok(report::calendar(&read, &compared, format)?)
}
