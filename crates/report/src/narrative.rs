//! Narratives: Markdown texts with claims in them.
//!
//! `report/<year>/<theme>.<lang>.md` is CommonMark. Its first heading is the page's title. `[9 out of 10]{core-task}` words the
//! claim `core-task` of the theme's TOML; `{{ figure core-task }}` on a line of its own places a figure of the theme.

use codebook::{Finding, Language, SourceFile, Theme, ThemeId, Wording};

use crate::Pack;

/// A narrative that was read: its title, and its body with the places of claims and figures.
#[derive(Debug, Clone)]
pub struct Narrative {
    /// The theme.
    pub theme: ThemeId,
    /// The language.
    pub language: Language,
}

/// Reads one narrative. Also reads the headlines of the theme's figures in this language, whose claims come last.
/// Findings: an unknown claim or figure, a wording whose number the language pack cannot read, a claim that needs a number and has none.
#[must_use]
pub fn narrative(theme: &Theme, pack: &Pack, source: &SourceFile) -> (Narrative, Vec<Wording>, Vec<Finding>) {
    let _ = (theme, pack, source);
    todo!()
}
