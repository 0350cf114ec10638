//! Sections of a comparison's own pages. Texts of countries may be in another language than the page, which their markup tells.

use codebook::{Language, Translated};
use minijinja::{Value, context};

use super::View;
use crate::page::{Setting, table};
use crate::templates::{escape_markup, list, markup, text};

/// The language that most people of other countries read.
const COMMON: &str = "en";

/// What a text is rendered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Html,
    Markdown,
}

/// A text, with its language where that is not the page's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) words: String,
    /// The language of the words from this byte on, where that is not the page's.
    foreign: Option<(usize, Language)>,
}

/// A section: a heading, paragraphs, terms with their definitions, and a table.
#[derive(Debug, Clone, Default)]
pub(super) struct Part {
    pub(super) id: String,
    /// How many levels it lies below a section of the page.
    pub(super) depth: u8,
    pub(super) heading: String,
    pub(super) paragraphs: Vec<Told>,
    pub(super) terms: Vec<(String, Told)>,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<(String, Vec<Told>)>,
}

impl From<String> for Told {
    fn from(words: String) -> Self {
        Self { words, foreign: None }
    }
}

impl Told {
    /// For HTML, with its language.
    pub(super) fn html(&self) -> String {
        match &self.foreign {
            Some((at, language)) => {
                let (own, foreign) = self.words.split_at(*at);
                format!("{}<span lang=\"{language}\">{}</span>", escape_markup(own), escape_markup(foreign))
            }
            None => escape_markup(&self.words),
        }
    }

    /// The same behind words in the page's language.
    pub(super) fn after(self, before: &str) -> Self {
        let foreign = self.foreign.map(|(at, language)| (at + before.len(), language));
        Self { words: format!("{before}{}", self.words), foreign }
    }

    fn value(&self, form: Form) -> Value {
        match form {
            Form::Html => markup(self.html()),
            Form::Markdown => text(self.words.clone()),
        }
    }
}

impl View<'_> {
    /// A text of a country: in the page's language, or else in English, or in the first that there is.
    pub(super) fn told(&self, words: &Translated) -> Told {
        if let Some(own) = words.find(self.language()) {
            return Told::from(own.to_owned());
        }
        let common = words.iter().find(|(language, _)| language.as_str() == COMMON);
        match common.or_else(|| words.iter().next()) {
            Some((language, words)) => Told { words: words.to_owned(), foreign: Some((0, language.clone())) },
            None => Told::default(),
        }
    }
}

impl Part {
    fn is_empty(&self) -> bool {
        self.paragraphs.is_empty() && self.terms.is_empty() && self.rows.is_empty()
    }

    fn value(&self, form: Form) -> Value {
        let terms = self.terms.iter().map(|(term, definition)| {
            context! { term => text(term.clone()), definition => definition.value(form) }
        });
        let cells = |cells: &[Told]| cells.iter().map(|cell| cell.value(form)).collect();
        let rows = self.rows.iter().map(|(label, others)| (label.clone(), cells(others)));
        let table =
            if self.rows.is_empty() { text("") } else { table(&self.columns, rows.collect(), false, Setting::Page) };
        context! {
            id => text(self.id.clone()),
            hashes => markup("#".repeat(usize::from(3 + self.depth))),
            level => text((2 + self.depth).to_string()),
            heading => text(self.heading.clone()),
            paragraphs => list(self.paragraphs.iter().map(|it| it.value(form))),
            terms => list(terms),
            table,
        }
    }
}

/// Those that hold anything, as templates place them.
pub(super) fn parts(parts: &[Part], form: Form) -> Value {
    list(parts.iter().filter(|part| !part.is_empty()).map(|part| part.value(form)))
}
