//! What stands between the paragraphs of a page besides figures: a local case, told as a fact with its source, and what somebody said.

use jiff::civil::Date;

use crate::{InsertId, Place, Translated};

/// What kind of page a text becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PageKind {
    /// A page among the themes.
    #[default]
    Theme,
    /// A news article: a page of its own, beside the themes.
    Article,
    /// A press release: a text to be copied, plain and as Markdown.
    Press,
}

/// A local case: one workplace's story, from a source that names it.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Its name, by which a text places it.
    pub id: InsertId,
    /// Its heading.
    pub heading: Translated,
    /// The story, in one or more paragraphs of Markdown. Its numbers are the source's.
    pub text: Translated,
    /// Where it is from, for readers.
    pub source: Translated,
    /// Where readers find it, if it is on the web.
    pub url: Option<String>,
    /// The day on which somebody last compared it with its source.
    pub checked: Date,
    /// Where the heading is written.
    pub heading_place: Place,
    /// Where the story is written.
    pub text_place: Place,
    /// Where it is written.
    pub place: Place,
}

/// What somebody said.
#[derive(Debug, Clone, PartialEq)]
pub struct Quotation {
    /// Its name, by which a text places it.
    pub id: InsertId,
    /// The words, without quotation marks.
    pub words: Translated,
    /// Who said them. A synthetic edition names nobody.
    pub speaker: Option<String>,
    /// As what the speaker spoke.
    pub role: Translated,
    /// When.
    pub said: Date,
    /// How the speaker agreed to be quoted; for the office, never published.
    pub consent: String,
    /// Where the words are written.
    pub words_place: Place,
    /// Where it is written.
    pub place: Place,
}
