//! Why pages cannot be made.

/// A template does not render, or two pages claim one path.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A template failed. The message holds the template's file, line and the snippet.
    #[error("{0}")]
    Template(String),
}
