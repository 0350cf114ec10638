//! The templates: those that the program carries, and a country's own in their place.

use codebook::SourceFile;

/// Templates by name: `html/theme.html`, `md/report.md`.
#[derive(Debug, Clone)]
pub struct Templates(Vec<SourceFile>);

impl Templates {
    /// The templates of the program; a file of `overrides` replaces the one of the same name.
    #[must_use]
    pub fn new(overrides: Vec<SourceFile>) -> Self {
        Self(overrides)
    }
}
