//! What a file holds before anyone asks what it means: named columns of raw text, with what the format itself says of them.
//!
//! Every reader hands over this, whatever the format: a number as the shortest decimal that means it (`.` as mark), a day as
//! `2019-12-31`, a moment as `2019-12-31 23:59:59`, a missing cell as the empty text. A value that the format declares missing
//! (SPSS's user-missing, Stata's `.a`) stays as it is, and [`About::missing`] tells; what it means is the wave's to say. Nothing here
//! knows a variable, a code or a respondent.

use codebook::{Finding, Place};

use crate::numbers::Numbers;
use crate::texts::{Numbered, Texts, index};

/// A file's columns in its order, each with the same number of cells.
#[derive(Debug, Default)]
pub(crate) struct RawTable {
    pub(crate) columns: Vec<NamedColumn>,
    /// The number that findings give each row, counted as a person would who opens the file.
    pub(crate) row_numbers: Vec<u64>,
    /// The column that the file itself says to weight its rows with.
    pub(crate) weight: Option<String>,
}

/// One column with its name.
#[derive(Debug)]
pub(crate) struct NamedColumn {
    pub(crate) about: About,
    pub(crate) cells: RawColumn,
}

/// What a file says of one of its columns.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct About {
    /// Its name; empty where the file gives none.
    pub(crate) name: String,
    /// The wording of its question, where the file tells it.
    pub(crate) label: Option<String>,
    /// How the format stores its cells.
    pub(crate) storage: Storage,
    /// The words of its values, in the file's order.
    pub(crate) value_labels: Vec<ValueLabel>,
    /// Values that the file declares to mean no answer.
    pub(crate) missing: Vec<DeclaredMissing>,
    /// What its cells hold where that is no answer each: they are not read then, and stand as empty.
    pub(crate) no_answers: Option<NoAnswers>,
    /// The name of the multiple-response set that it is an option of.
    pub(crate) multiple_response_set: Option<String>,
}

/// What cells hold that are no answer each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoAnswers {
    /// Lists.
    Several,
    /// Records and maps.
    Named,
    Bytes,
    /// Durations and intervals.
    Durations,
}

/// How a format stores a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Storage {
    /// The format knows text only, or says that it is text.
    #[default]
    Text,
    Number,
    Condition,
    Date,
    /// A day with a time.
    Moment,
}

/// The words of one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ValueLabel {
    /// The value as the cells have it.
    pub(crate) value: String,
    pub(crate) label: String,
}

/// Values that mean no answer by the file's own word.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum DeclaredMissing {
    /// One value, as the cells have it.
    Value(String),
    /// All numbers from `low` to `high`, both included; an end that is open is infinite.
    Range { low: f64, high: f64 },
}

impl About {
    /// What there is to say about a column whose cells hold no single answer; `None` about any other.
    pub(crate) fn unreadable(&self, path: &str) -> Option<Finding> {
        let (what, instead) = match self.no_answers? {
            NoAnswers::Several => ("several values in a cell", "one column for each value"),
            NoAnswers::Named => ("several named values in a cell", "one column for each value"),
            NoAnswers::Bytes => ("bytes, which are no answers", "it as text"),
            NoAnswers::Durations => ("lengths of time", "them as numbers, such as of minutes"),
        };
        let message = format!("the column {:?} holds {what}", self.name);
        let finding = Finding::error(Place::File { file: path.to_owned() }, "nested-column", message);
        Some(finding.hint(format!("write {instead}, or leave the column out")))
    }
}

impl DeclaredMissing {
    /// Whether it means a value, which is written as cells are.
    pub(crate) fn covers(&self, value: &str) -> bool {
        match self {
            Self::Value(missing) => missing == value,
            Self::Range { low, high } => value.parse::<f64>().is_ok_and(|number| (*low..=*high).contains(&number)),
        }
    }
}

/// One column: its distinct values, and which of them each row has.
#[derive(Default)]
pub(crate) struct RawColumn {
    /// In the order in which they first appear, where the column was read row by row.
    values: Numbered,
    /// One index into the values for each row.
    pub(crate) cells: Numbers,
}

impl RawColumn {
    /// How many rows there are.
    pub(crate) fn rows(&self) -> usize {
        self.cells.len()
    }

    /// The distinct values.
    pub(crate) fn values(&self) -> &Texts {
        self.values.texts()
    }

    /// The raw value in a row.
    #[inline]
    pub(crate) fn value(&self, row: usize) -> &str {
        &self.values()[self.index(row)]
    }

    /// The same column once more.
    pub(crate) fn copied(&self) -> Self {
        Self { values: self.values.clone(), cells: self.cells.clone() }
    }

    /// The index of a row's value among the distinct ones.
    #[inline]
    pub(crate) fn index(&self, row: usize) -> usize {
        index(self.cells.get(row))
    }

    /// The index of a value, if a row may have it.
    pub(crate) fn index_of(&self, value: &str) -> Option<usize> {
        self.values.find(value).map(index)
    }

    /// The same column in which each of its distinct values has become another one.
    pub(crate) fn mapped(&self, other: impl Fn(&str) -> &str) -> Self {
        let mut mapped = Distinct::default();
        let numbers: Vec<u32> = self.values().iter().map(|value| mapped.push(other(value))).collect();
        Self { values: mapped.values, cells: self.cells.mapped(&numbers) }
    }

    /// The values that were gathered, in these rows.
    pub(crate) fn with_cells(self, cells: Numbers) -> Self {
        Self { cells, ..self }
    }
}

impl std::fmt::Debug for RawColumn {
    /// Its size: cells never reach a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawColumn").field("rows", &self.cells.len()).finish_non_exhaustive()
    }
}

/// Values of at most one ASCII character: the empty cell, then each character.
const SHORT_VALUES: usize = 129;

/// Distinct values from which a column may be one of ids.
const MANY: usize = 4096;
/// How many times as many as there are is room made for at once, at the most: the first rows may be shorter than the others.
const STEP: usize = 16;

/// Gathers a column's distinct values.
#[derive(Default)]
pub(crate) struct Distinct {
    values: Numbered,
    /// The numbers of values of at most one character, which most cells of a survey hold, where they are known.
    short: Vec<Option<u32>>,
    cells: Numbers,
    /// About how many rows there will be.
    rows: usize,
}

impl Distinct {
    /// A column that will have about so many rows.
    pub(crate) fn of_rows(rows: usize) -> Self {
        Self { cells: Numbers::of_rows(rows), rows, ..Self::default() }
    }

    /// Adds the value of the next row, and gives its number among the distinct ones.
    #[inline]
    pub(crate) fn push(&mut self, value: &str) -> u32 {
        let number = match short(value) {
            Some(place) => self.short_number(place, value),
            None => {
                // Neighbouring rows often have the same value; that saves the search.
                let is_same = |number: &u32| self.values.texts()[index(*number)] == *value;
                let last = self.cells.last().filter(is_same);
                last.unwrap_or_else(|| self.number_of(value))
            }
        };
        self.cells.push(number);
        number
    }

    fn number_of(&mut self, value: &str) -> u32 {
        // Where most rows so far have a value of their own, so will the others: ids.
        let (distinct, rows) = (self.distinct(), self.cells.len());
        if self.values.is_full() && distinct >= MANY && distinct * 2 > rows && self.rows > rows {
            self.values.make_room(self.rows.min(rows * STEP));
        }
        self.values.number_of(value)
    }

    /// The same for a value of one ASCII character.
    #[inline]
    pub(crate) fn push_character(&mut self, byte: u8) -> u32 {
        let number = match self.short.get(usize::from(byte) + 1).copied().flatten() {
            Some(number) => number,
            None => self.short_number(usize::from(byte) + 1, char::from(byte).encode_utf8(&mut [0; 4])),
        };
        self.cells.push(number);
        number
    }

    #[inline]
    fn short_number(&mut self, place: usize, value: &str) -> u32 {
        if self.short.is_empty() {
            self.short.resize(SHORT_VALUES, None);
        }
        if let Some(number) = self.short[place] {
            return number;
        }
        let number = self.values.number_of(value);
        self.short[place] = Some(number);
        number
    }

    /// How many distinct values there are so far.
    pub(crate) fn distinct(&self) -> usize {
        self.values.texts().len()
    }

    /// The column.
    pub(crate) fn into_column(self) -> RawColumn {
        RawColumn { values: self.values, cells: self.cells }
    }
}

/// The place of a value of at most one ASCII character among all of them.
#[inline]
fn short(value: &str) -> Option<usize> {
    match value.as_bytes() {
        [] => Some(0),
        [byte] => Some(usize::from(*byte) + 1),
        [_, _, ..] => None,
    }
}
