//! Why pages cannot be made.

/// A template does not render, or a text is missing.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A template failed. The message holds the template's file, line and the snippet.
    #[error("{0}")]
    Template(String),
    /// A language is wanted that has no pack.
    #[error("there is no language pack for {0:?}")]
    NoPack(codebook::Language),
    /// A theme has no narrative in a wanted language.
    #[error("the theme {theme:?} has no text in {language:?}")]
    NoNarrative {
        /// The theme.
        theme: String,
        /// The language.
        language: String,
    },
}
