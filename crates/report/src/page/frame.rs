//! What every page has around its own content: where it stands, what it is called, whether it is a draft or made up.

use codebook::{Language, Standing};
use minijinja::{Value, context};

use super::Scene;
use crate::language::Word;
use crate::templates::{list, text};

/// Where a page stands.
pub(crate) struct Frame<'a> {
    /// Its name below its language's folder: `index.html`.
    pub(crate) name: &'a str,
    pub(crate) title: String,
    pub(crate) description: &'a str,
    /// The languages of the report; the page links to the others.
    pub(crate) languages: &'a [Language],
}

impl<'a> Scene<'a> {
    /// The marks of a draft and of synthetic data; empty for a release of real data.
    pub(crate) fn mark(&self) -> String {
        let draft = (self.edition.wave.standing == Standing::Draft).then_some(Word::DraftMark);
        let synthetic = self.edition.published.synthetic().then_some(Word::SyntheticMark);
        draft.into_iter().chain(synthetic).map(|word| self.pack.text(word)).collect::<Vec<_>>().join(" · ")
    }

    /// What the marks mean, in sentences.
    pub(super) fn notice(&self) -> String {
        self.pack.notice(self.edition.wave.standing, self.edition.published.synthetic())
    }

    /// What the edition is called, or the variant of it.
    pub(super) fn publication(&self) -> &'a str {
        let title = self.within.map_or(&self.edition.country.title, |variant| &variant.title);
        title.get(self.pack.language())
    }

    /// Whom a variant is about, in a sentence; empty for the whole edition.
    fn scope(&self) -> String {
        self.within.map_or_else(String::new, |variant| {
            self.pack.fill(Word::VariantScope, &[("whom", variant.whom.get(self.pack.language()))])
        })
    }

    /// Where a figure comes from.
    pub(crate) fn source(&self) -> String {
        let wave = self.edition.wave;
        let source = format!("{}, {}", self.publication(), wave.window.get(self.language()));
        self.pack.fill(Word::ChartSource, &[("source", &source)])
    }

    /// The same page in the other languages.
    pub(super) fn other_languages(&self, frame: &Frame<'_>, up: &str) -> Value {
        list(frame.languages.iter().filter(|other| *other != self.language()).filter_map(|other| {
            let pack = self.edition.languages.pack(other)?;
            Some(context! {
                code => text(other.as_str()),
                name => text(pack.text(Word::LanguageName)),
                href => text(format!("{up}{}{}", self.folder(other), frame.name)),
            })
        }))
    }

    /// What every page has: its frame, and under `page` what is its own.
    pub(super) fn context(&self, frame: &Frame<'_>, page: Value) -> Value {
        self.context_from(frame, &self.up(), page)
    }

    /// The same for a page from which the release's root is reached by `up`.
    pub(crate) fn context_from(&self, frame: &Frame<'_>, up: &str, page: Value) -> Value {
        let (country, wave, language) = (self.edition.country, self.edition.wave, self.language());
        let words = Word::ALL.iter().filter(|word| word.places().is_empty());
        let window = wave.window.get(language);
        let edition = [("country", country.name.get(language)), ("window", window)];
        context! {
            words => Value::from_pairs(words.map(|word| (word.key(), text(self.pack.text(*word))))),
            language => text(language.as_str()),
            other_languages => self.other_languages(frame, up),
            root => text(up),
            name => text(frame.name),
            title => text(frame.title.clone()),
            description => text(frame.description),
            publication => text(self.publication()),
            scope => text(self.scope()),
            whole => text(self.href("")),
            window => text(window),
            edition => text(self.pack.fill(Word::Edition, &edition)),
            publisher => text(country.publisher.get(language)),
            published => text(self.pack.date(wave.published)),
            published_iso => text(wave.published.to_string()),
            mark => text(self.mark()),
            outlets => self.outlets(),
            notice => text(self.notice()),
            corrected => self.corrected(),
            social => self.social(frame),
            page,
        }
    }
}
