//! What a report tells that is no estimate of its own: facts from elsewhere, and numbers that are names.

use jiff::civil::Date;

use crate::{ClaimId, Place, Translated};

/// A fact from another source that texts may tell. Texts word it as they word a claim: `[98 municipalities]{municipalities}`.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Its name, unique in the edition, claims of its themes included.
    pub id: ClaimId,
    /// The number that words for it tell.
    pub tells: Told,
    /// Where it is from, for readers.
    pub source: Translated,
    /// Where readers find it, if it is on the web.
    pub url: Option<String>,
    /// The day on which somebody last compared it with its source.
    pub checked: Date,
    /// Where it is written.
    pub place: Place,
}

/// The number of a fact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Told {
    /// None: "the first of its kind in the world".
    Nothing,
    /// A count.
    Count(u64),
    /// A share in per cent.
    Percent(f64),
}

/// Words with a number that states nothing: the name of a law, "three ways" of a question with three answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    /// The words in each language, as texts have them.
    pub words: Translated,
    /// Why they need no source.
    pub because: String,
    /// Where it is written.
    pub place: Place,
}
