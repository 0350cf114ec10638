//! Language packs: the program's own words, number forms and phrases for shares, from `templates/lang/<xx>.toml`.
//!
//! A pack is data, so a language is added or mended without compiling anything. Numbers follow the CLDR rules of the pack's
//! locale; everything else is written in the pack: months, the form of a date, every sentence of a caption, the phrases that
//! tell a share. A pack that lacks one of its [`Word`]s is refused, so that no page has a hole in it.

mod number;
mod phrase;
mod proposal;
mod read;
mod words;

use std::collections::BTreeMap;

use codebook::{ConfidenceLevel, Finding, Language, SharePhrase, SourceFile};
use jiff::civil::Date;

pub(crate) use number::{Number, NumberForm};
pub(crate) use phrase::{Phrases, PlacedToken, Unread, placed_tokens};
pub(crate) use words::Word;

/// The packs of all languages at hand.
#[derive(Debug, Clone)]
pub struct Languages(Vec<Pack>);

/// The words and rules of one language.
#[derive(Debug, Clone)]
pub struct Pack {
    language: Language,
    numbers: NumberForm,
    months: Vec<String>,
    date: String,
    texts: BTreeMap<Word, String>,
    phrases: Phrases,
}

impl Languages {
    /// Reads the packs that the program carries, and then `overrides` (a country's own), whose texts win.
    ///
    /// A file is the pack of the language that it is named after: `da.toml`. A file of `overrides` may hold any part of a pack; for a
    /// language that the program does not carry it must be whole. A pack with findings that are errors is left out.
    #[must_use]
    pub fn read(overrides: &[SourceFile]) -> (Self, Vec<Finding>) {
        let (packs, findings) = read::packs(overrides);
        (Self(packs), findings)
    }

    /// The pack of a language, if there is one.
    #[must_use]
    pub fn pack(&self, language: &Language) -> Option<&Pack> {
        self.0.iter().find(|pack| pack.language == *language)
    }
}

impl Pack {
    /// The language.
    #[must_use]
    pub fn language(&self) -> &Language {
        &self.language
    }

    /// A date in words: "4. december 2020".
    #[must_use]
    pub fn date(&self, date: Date) -> String {
        let index = usize::try_from(date.month()).map_or(0, |month| month - 1);
        let month = self.months.get(index).map_or("", String::as_str);
        let (day, year) = (date.day().to_string(), date.year().to_string());
        fill(&self.date, &[("day", &day), ("month", month), ("year", &year)])
    }

    /// Whether a word in small letters is the name of a month.
    pub(crate) fn is_month(&self, word: &str) -> bool {
        self.months.iter().any(|month| month.to_lowercase() == word)
    }

    /// A count with the language's thousands mark: "1.877".
    #[must_use]
    pub fn count(&self, count: u64) -> String {
        self.numbers.count(count)
    }

    pub(crate) fn number(&self, number: Number) -> String {
        self.numbers.write(number)
    }

    /// A number that is written with digits and a point, in the language's form.
    pub(crate) fn decimal(&self, digits: &str) -> String {
        self.numbers.decimal(digits).unwrap_or_else(|| digits.to_owned())
    }

    /// A confidence level in per cent, without its sign: "95".
    pub(crate) fn level(&self, level: ConfidenceLevel) -> String {
        self.decimal(&level.percent().to_string())
    }

    /// A share with its sign: "81 %".
    pub(crate) fn percent(&self, number: Number) -> String {
        self.fill(Word::Percent, &[("number", &self.number(number))])
    }

    pub(crate) fn text(&self, word: Word) -> &str {
        self.texts.get(&word).expect("a pack that lacks a text is refused")
    }

    /// A text with its places filled.
    pub(crate) fn fill(&self, word: Word, values: &[(&str, &str)]) -> String {
        fill(self.text(word), values)
    }

    /// Words joined as a list: "a, b and c".
    pub(crate) fn list(&self, items: &[String], last: Word) -> String {
        match items {
            [] => String::new(),
            [only] => only.clone(),
            [first @ .., end] => format!("{}{}{end}", first.join(", "), self.text(last)),
        }
    }

    /// What is quoted, between the language's marks.
    pub(crate) fn quote(&self, quoted: &str) -> String {
        self.fill(Word::Quote, &[("quoted", quoted)])
    }

    /// Every phrase that texts in the language may tell a share by.
    #[must_use]
    pub fn share_phrases(&self) -> Vec<SharePhrase> {
        self.phrases.list()
    }

    pub(crate) fn phrases(&self) -> &Phrases {
        &self.phrases
    }

    pub(crate) fn number_form(&self) -> &NumberForm {
        &self.numbers
    }
}

/// Puts values into the places of a text. In one pass, so that braces in a value stay what they are.
pub(crate) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}').expect("reading a pack checks the braces of its texts");
        let value = values.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
        filled.push_str(before);
        filled.push_str(value.expect("reading a pack checks the places of its texts"));
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests;
