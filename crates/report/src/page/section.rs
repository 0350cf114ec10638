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
            table => self.table.as_ref().map_or_else(|| text(""), |table| table.value(setting)),
        }
    }
}

impl Table {
    fn value(&self, setting: Setting<'_>) -> Value {
        let rows = self.rows.iter().map(|row| {
            let (first, others) = row.split_first().expect("every row of a table has a first cell");
            (first.clone(), others.iter().map(text).collect())
        });
        table(&self.columns, rows.collect(), self.is_numeric, setting)
    }
}

/// A table as templates place it, of rows with their label and the other cells. One that a narrow screen cannot hold is marked: there each row becomes a list, in which
/// every cell tells its column. A document for printing is as wide as paper.
pub(crate) fn table(
    columns: &[String],
    rows: Vec<(String, Vec<Value>)>,
    is_numeric: bool,
    setting: Setting<'_>,
) -> Value {
    let is_wide = match is_numeric {
        // Many rows are compared down their columns, so they stay a table and scroll.
        true => columns.len() > MOST_NUMBERS && rows.len() <= MOST_LISTS,
        false => columns.len() > MOST_WORDS,
    };
    let is_wide = is_wide && setting == Setting::Page;
    let rows = rows.into_iter().map(|(label, cells)| context! { label => text(label), cells => list(cells) });
    context! { columns => list(columns.iter().map(text)), rows => list(rows), is_numeric, is_wide }
}

/// The most columns that a telephone shows side by side, of numbers and of words.
const MOST_NUMBERS: usize = 5;
const MOST_WORDS: usize = 3;

/// The most rows of numbers that are read as lists.
const MOST_LISTS: usize = 8;

/// Those of some sections that hold anything, as templates place them.
pub(super) fn sections(sections: &[Section], setting: Setting<'_>) -> Value {
    list(sections.iter().filter(|section| !section.is_empty()).map(|section| section.value(setting)))
}

/// From how many chapters on a page begins with a list of them: fewer are seen at a glance.
const LISTED_FROM: usize = 5;

/// Links to the chapters of a page, the sections that lie below no other; empty where there are few.
pub(super) fn contents(sections: &[Section]) -> Value {
    let chapters: Vec<&Section> = sections.iter().filter(|it| it.depth == 0 && !it.is_empty()).collect();
    if chapters.len() < LISTED_FROM {
        return list([]);
    }
    let link = |chapter: &&Section| {
        let href = format!("#{}", Setting::Page.anchor(&chapter.id));
        context! { href => text(href), label => text(chapter.heading.clone()) }
    };
    list(chapters.iter().map(link))
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
