//! Language packs: the program's own words, number forms and phrases for shares, from `templates/lang/<xx>.toml`.
//!
//! A pack is data, so a language is added or mended without compiling anything. Numbers follow the CLDR rules of the pack's
//! locale, and so does which form of a text goes with a number ("1 bar", "2 bars"); everything else is written in the pack: months, the form of a
//! date, every sentence of a caption, the phrases that tell a share. A pack that lacks one of its [`Word`]s is refused, so that no page has a hole in it.
//!
//! What is put into a sentence is put there as it is, so a sentence must not ask it for a case: in Finnish and Icelandic a label stands in
//! quotation marks behind a noun that takes the ending ("muuttujan ”Toimiala” mukaan"), or behind a colon.

mod erratum;
mod number;
mod phrase;
mod proposal;
mod read;
mod words;

use std::collections::BTreeMap;

use codebook::{
    AnswerTimeWords, Concept, ConfidenceLevel, Finding, Language, SharePhrase, SourceFile, Standing, Translated,
};
use fixed_decimal::Decimal;
use icu_plurals::PluralCategory;
use jiff::civil::Date;

pub(crate) use number::{Number, NumberForm, as_written};
pub(crate) use phrase::{ChangeWords, ComparisonWords, Phrases, PlacedToken, Unread, placed_tokens, tokens};
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
    texts: BTreeMap<Word, Text>,
    phrases: Phrases,
}

/// A text of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Text {
    /// The same whatever its number is.
    Same(String),
    /// One for each form that a noun behind a number has in the language.
    ByNumber(BTreeMap<PluralCategory, String>),
}

impl Text {
    /// The text for numbers of a form.
    fn form(&self, plural: PluralCategory) -> &str {
        match self {
            Self::Same(text) => text,
            Self::ByNumber(forms) => forms
                .get(&plural)
                .or_else(|| forms.get(&PluralCategory::Other))
                .expect("a pack that lacks a form is refused"),
        }
    }
}

impl Languages {
    /// The names of months in all languages.
    pub fn months(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flat_map(|pack| &pack.months).map(String::as_str)
    }

    /// Reads the packs that the program carries, and then `overrides` (a country's own), whose texts win.
    ///
    /// A file is the pack of the language that it is named after: `da.toml`. A file of `overrides` may hold any part of a pack; for a
    /// language that the program does not carry it must be whole. A pack with findings that are errors is left out.
    #[must_use]
    pub fn read(overrides: &[SourceFile]) -> (Self, Vec<Finding>) {
        let (packs, findings) = read::packs(overrides);
        (Self(packs), findings)
    }

    /// What the thirds of the days of fieldwork are called in each of these languages; `None` where one has no pack.
    #[must_use]
    pub fn answer_time_words(&self, languages: &[Language]) -> Option<AnswerTimeWords> {
        let packs = languages.iter().map(|language| self.pack(language)).collect::<Option<Vec<&Pack>>>()?;
        let words = |word: Word| {
            Translated::new(packs.iter().map(|pack| (pack.language.clone(), pack.text(word).to_owned())).collect())
        };
        let thirds = [Word::FirstThird, Word::MiddleThird, Word::LastThird].map(words);
        Some(AnswerTimeWords { label: words(Word::AnswerTime), thirds })
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

    /// What it means that an edition is a draft or made up, in sentences; empty for a release of real data.
    #[must_use]
    pub fn notice(&self, standing: Standing, is_synthetic: bool) -> String {
        let draft = (standing == Standing::Draft).then_some(Word::DraftNotice);
        let synthetic = is_synthetic.then_some(Word::SyntheticNotice);
        draft.into_iter().chain(synthetic).map(|word| self.text(word)).collect::<Vec<_>>().join(" ")
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
        self.form_of(word, PluralCategory::Other)
    }

    /// The heading of a concept of the quality report.
    pub(crate) fn concept(&self, concept: Concept) -> &str {
        let key = format!("sims_{}", concept.number().trim_start_matches("S.").replace('.', "_"));
        let word = Word::ALL.iter().find(|word| word.key() == key);
        self.text(*word.expect("every concept has a word"))
    }

    /// A text with its places filled.
    ///
    /// # Panics
    /// In tests, where nouns of the text agree with a number: [`Pack::fill_counted`] is for those.
    pub(crate) fn fill(&self, word: Word, values: &[(&str, &str)]) -> String {
        debug_assert_eq!(word.counted(), None, "{word:?} is filled without its number");
        fill(self.text(word), values)
    }

    /// A text in the form that its number asks for, with its places filled; the number's own is filled here.
    pub(crate) fn fill_counted(&self, word: Word, number: impl Into<Decimal>, values: &[(&str, &str)]) -> String {
        let number = number.into();
        let place = word.counted().expect("only texts that agree with a number are filled with one");
        let written = self.numbers.format(&number);
        let values: Vec<(&str, &str)> = values.iter().copied().chain([(place, written.as_str())]).collect();
        fill(self.form_of(word, self.numbers.plural(&number)), &values)
    }

    fn form_of(&self, word: Word, plural: PluralCategory) -> &str {
        self.texts.get(&word).expect("a pack that lacks a text is refused").form(plural)
    }

    /// A difference or margin of shares: "2 percentage points".
    pub(crate) fn points(&self, number: impl Into<Decimal>) -> String {
        self.fill_counted(Word::Points, number, &[])
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
