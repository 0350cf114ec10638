//! Sections: what pages consist of that the program writes itself.

use codebook::VariableName;
use minijinja::{Value, context};

use super::Scene;
use super::setting::{LOWEST, Setting};
use crate::language::{Number, Word};
use crate::templates::{list, markup, text};

/// A section: a heading, paragraphs, terms with their definitions, and a small table.
#[derive(Debug, Clone, Default)]
pub(super) struct Section {
    pub(super) id: String,
    /// How many levels it lies below a section of the page.
    pub(super) depth: u8,
    /// Whether it is there for those below it, even if it holds nothing of its own.
    pub(super) is_chapter: bool,
    pub(super) heading: String,
    pub(super) paragraphs: Vec<String>,
    pub(super) terms: Vec<(String, String)>,
    pub(super) table: Option<Table>,
}

/// A small table; the first cell of each row is its heading.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
    /// Whether the columns behind the first hold numbers.
    pub(super) is_numeric: bool,
}

impl Section {
    pub(super) fn is_empty(&self) -> bool {
        !self.is_chapter && self.paragraphs.is_empty() && self.terms.is_empty() && self.table.is_none()
    }

    fn value(&self, setting: Setting<'_>) -> Value {
        let terms = self.terms.iter().map(|(term, definition)| {
            context! { term => text(term.clone()), definition => text(definition.clone()) }
        });
        context! {
            id => text(setting.anchor(&self.id)),
            hashes => markup("#".repeat(usize::from(LOWEST.min(3 + self.depth)))),
            level => text(setting.level(2 + self.depth).to_string()),
            heading => text(self.heading.clone()),
            paragraphs => list(self.paragraphs.iter().map(text)),
            terms => list(terms),
            table => self.table.as_ref().map_or_else(|| text(""), Table::value),
        }
    }
}

impl Table {
    pub(super) fn value(&self) -> Value {
        let rows = self.rows.iter().map(|row| {
            let (first, others) = row.split_first().expect("every row of a table has a first cell");
            context! { label => text(first.clone()), cells => list(others.iter().map(text)) }
        });
        context! {
            columns => list(self.columns.iter().map(text)),
            rows => list(rows),
            is_numeric => self.is_numeric,
        }
    }
}

/// Those of some sections that hold anything, as templates place them.
pub(super) fn sections(sections: &[Section], setting: Setting<'_>) -> Value {
    list(sections.iter().filter(|section| !section.is_empty()).map(|section| section.value(setting)))
}

impl Scene<'_> {
    pub(super) fn words(&self, word: Word) -> String {
        self.pack.text(word).to_owned()
    }

    pub(super) fn section(&self, id: &str, heading: Word, paragraphs: Vec<String>) -> Section {
        Section { id: id.to_owned(), heading: self.words(heading), paragraphs, ..Section::default() }
    }

    pub(super) fn label(&self, name: &VariableName) -> String {
        let variable = self.edition.country.codebook.variable(name);
        variable.map_or(name.as_str(), |variable| variable.label.get(self.pack.language())).to_owned()
    }
}

/// How many there are of what a file lists.
pub(super) fn length<T>(list: &[T]) -> u64 {
    u64::try_from(list.len()).expect("a file lists fewer than fit 64 bits")
}

/// Answers per hundred units with one decimal, half rounded up.
pub(crate) fn per_hundred(answers: u64, population: u64) -> Option<Number> {
    disclose::per_hundred(answers, population).map(Number::from)
}
