//! Language packs: the program's own words, number forms and phrases for shares, from `templates/lang/<xx>.toml`.

use codebook::{Finding, Language, SourceFile};

/// The packs of all languages at hand.
#[derive(Debug, Clone)]
pub struct Languages(Vec<Pack>);

/// The words and rules of one language.
#[derive(Debug, Clone)]
pub struct Pack {
    language: Language,
}

impl Languages {
    /// Reads the packs that the program carries, and then `overrides` (a country's own), whose texts win.
    #[must_use]
    pub fn read(overrides: &[SourceFile]) -> (Self, Vec<Finding>) {
        let _ = overrides;
        todo!()
    }

    /// The pack of a language, if there is one.
    #[must_use]
    pub fn pack(&self, language: &Language) -> Option<&Pack> {
        self.0.iter().find(|pack| pack.language == *language)
    }
}
