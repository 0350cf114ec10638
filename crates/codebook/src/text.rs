//! Words in the country's languages.

use std::collections::BTreeMap;

use crate::Language;

/// A text in every language of its country. [`Country::read`](crate::Country::read) refuses a text that lacks one, so
/// [`Translated::get`] cannot fail for a language of the country.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Translated(BTreeMap<Language, String>);

/// Words are shown and decide nothing, so they are no part of what a country's files mean.
impl serde::Serialize for Translated {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

impl Translated {
    /// Gathers the texts of several languages.
    #[must_use]
    pub fn new(texts: BTreeMap<Language, String>) -> Self {
        Self(texts)
    }

    /// The text in `language`, if it is there.
    #[must_use]
    pub fn find(&self, language: &Language) -> Option<&str> {
        self.0.get(language).map(String::as_str)
    }

    /// The text in a language of the country.
    ///
    /// # Panics
    /// When the country does not have this language: a bug, since reading refuses incomplete texts.
    #[must_use]
    pub fn get(&self, language: &Language) -> &str {
        self.find(language).expect("reading a country refuses a text that lacks one of its languages")
    }

    /// Whether the two have other words in a language that both have.
    #[must_use]
    pub(crate) fn differs_from(&self, other: &Self) -> bool {
        self.iter().any(|(language, text)| other.find(language).is_some_and(|known| known.trim() != text.trim()))
    }

    /// The languages that have a text, sorted, with it.
    pub fn iter(&self) -> impl Iterator<Item = (&Language, &str)> {
        self.0.iter().map(|(language, text)| (language, text.as_str()))
    }
}
