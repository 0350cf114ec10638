//! The pages of an edition.

use codebook::{Country, Wave};
use disclose::Published;

use crate::{Languages, Narrative, ReportError, Templates};

/// Everything that the pages of one wave are made from.
#[derive(Debug, Clone, Copy)]
pub struct Edition<'a> {
    /// The country.
    pub country: &'a Country,
    /// The wave.
    pub wave: &'a Wave,
    /// The numbers.
    pub published: &'a Published,
    /// The narratives of every theme and language.
    pub narratives: &'a [Narrative],
    /// The words.
    pub languages: &'a Languages,
    /// The templates.
    pub templates: &'a Templates,
}

/// One file of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its path below the output folder, with `/`: `en/core-task.html`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Renders every page of an edition in every language of `languages_wanted`; the country's first language is the root, others lie in `<lang>/`.
/// Sorted by path.
///
/// # Errors
/// When a template does not render.
pub fn pages(edition: Edition<'_>, languages_wanted: &[codebook::Language]) -> Result<Vec<Page>, ReportError> {
    let _ = (edition, languages_wanted);
    todo!()
}
