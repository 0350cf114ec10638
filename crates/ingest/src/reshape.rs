//! What becomes of a file's table before its columns are typed: columns are made from others, the rows of another file follow, rows that
//! are one are merged.
//!
//! A made column stands beside those of the file under a name that the wave uses. Nothing here knows what a cell means.

use std::collections::{BTreeMap, BTreeSet};

use codebook::{Finding, Place};

use crate::delimited::DataFile;
use crate::inspect::holds_contact;
use crate::raw::{Distinct, RawColumn};
use crate::tally::{FileNumber, joined};

/// The columns of a table that its file does not have.
#[derive(Debug, Default)]
pub(crate) struct Made {
    /// The column of the file that each is made from; `None` where it is made from other rows.
    from: BTreeMap<String, Option<String>>,
    /// For each column that a loop makes, which rows have none in the loop.
    without_rows: BTreeMap<String, Vec<bool>>,
}

impl Made {
    /// The names of the made columns.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.from.keys().map(String::as_str)
    }

    /// The columns of the file that made columns of these names are made from.
    pub(crate) fn sources<'m>(&'m self, names: &BTreeSet<&str>) -> BTreeSet<&'m str> {
        let made = self.from.iter().filter(|(name, _)| names.contains(name.as_str()));
        made.filter_map(|(_, source)| source.as_deref()).collect()
    }

    /// Whether a loop makes this column and has nothing for this row.
    pub(crate) fn is_without_rows(&self, name: &str, row: usize) -> bool {
        self.without_rows.get(name).is_some_and(|without| without[row])
    }
}

impl DataFile {
    /// Adds a column that is made from one of the file's.
    pub(crate) fn add_column(&mut self, name: &str, source: &str, column: RawColumn) {
        self.made.from.insert(name.to_owned(), Some(source.to_owned()));
        self.columns.insert(name.to_owned(), column);
    }

    /// Adds a column that a loop makes; `without` tells which rows have none in the loop.
    pub(crate) fn add_loop_column(&mut self, name: &str, column: RawColumn, without: Vec<bool>) {
        self.made.from.insert(name.to_owned(), None);
        self.made.without_rows.insert(name.to_owned(), without);
        self.columns.insert(name.to_owned(), column);
    }

    /// Appends the rows of a further file of the same columns, whose rows are numbered as that file's. A column that only one of them
    /// has is dropped; whoever needs it has told so.
    pub(crate) fn append(&mut self, number: FileNumber, other: Self) {
        self.row_numbers.extend(other.row_numbers.iter().map(|row| number.row(*row)));
        self.damaged |= other.damaged;
        self.made.from.extend(other.made.from);
        let mut others = other.columns;
        let mine = std::mem::take(&mut self.columns);
        for (name, column) in mine {
            let Some(other) = others.remove(&name) else { continue };
            let mut both = Distinct::default();
            for part in [&column, &other] {
                for row in 0..part.rows() {
                    both.push(part.value(row));
                }
            }
            self.columns.insert(name, both.into_column());
        }
    }

    /// A finding about the columns that only one of two files of a wave has.
    pub(crate) fn different_columns(&self, other: &Self) -> Option<Finding> {
        let (mine, theirs): (BTreeSet<&str>, BTreeSet<&str>) = (self.names().collect(), other.names().collect());
        let only = |a: &BTreeSet<&str>, b: &BTreeSet<&str>, path: &str| {
            let shown = |name: &str| if holds_contact(name) { "a column".to_owned() } else { format!("{name:?}") };
            let names: Vec<String> = a.difference(b).map(|name| shown(name)).collect();
            (!names.is_empty()).then(|| format!("only {path} has {}", joined(&names)))
        };
        let differences: Vec<String> =
            [only(&mine, &theirs, &self.path), only(&theirs, &mine, &other.path)].into_iter().flatten().collect();
        if differences.is_empty() {
            return None;
        }
        let message = format!("the files of the answers have different columns: {}", differences.join("; "));
        let place = Place::File { file: other.path.clone() };
        let hint = "are they exports of one questionnaire, with the same settings?";
        Some(Finding::warning(place, "columns-differ", message).hint(hint))
    }

    /// Merges rows that have the same cells in every column that is kept. Gives the rows that were merged into each row that is
    /// left, by their place before.
    pub(crate) fn merge_rows(&mut self) -> Vec<Vec<usize>> {
        let mut numbers: BTreeMap<Vec<u32>, usize> = BTreeMap::new();
        let mut merged: Vec<Vec<usize>> = Vec::new();
        for row in 0..self.row_numbers.len() {
            let cells: Vec<u32> = self.columns.values().map(|column| column.cells.get(row)).collect();
            let number = *numbers.entry(cells).or_insert(merged.len());
            match merged.get_mut(number) {
                Some(rows) => rows.push(row),
                None => merged.push(vec![row]),
            }
        }
        let first: Vec<usize> = merged.iter().filter_map(|rows| rows.first().copied()).collect();
        self.row_numbers = first.iter().map(|row| self.row_numbers[*row]).collect();
        for column in self.columns.values_mut() {
            column.cells = column.cells.of(&first);
        }
        merged
    }
}
