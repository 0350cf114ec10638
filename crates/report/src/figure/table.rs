//! The numbers of a chart as a table, with the meaning of each symbol in it.

use codebook::{Chart, ChartKind, Figure, TableSpec};
use disclose::{Cell, Figures, Hidden, Quality, WaveCell};
use minijinja::{Value, context};

use super::lines::{Line, LineGroup};
use crate::chart::Fill;
use crate::language::Word;
use crate::page::Scene;
use crate::templates::{list, text};

/// The mark of a number that few answers stand behind.
pub(crate) const FLAG: &str = "†";

/// The mark of a share as it was printed, which has no interval.
pub(crate) const PRINTED: &str = "‡";

/// The symbol of what a wave did not ask.
const NOT_ASKED: &str = "x";

/// The symbol of what a wave asked, and of which neither the answers nor what was printed are at hand.
const NOT_AT_HAND: &str = "..";

/// The mark of a number that an earlier edition showed otherwise, behind it.
const REVISED: &str = "\u{a0}r";

/// The numbers of a chart.
#[derive(Debug, Clone)]
pub(super) struct DataTable {
    /// The words of each column; the labels come first.
    columns: Vec<String>,
    /// How many columns hold labels.
    labels: usize,
    rows: Vec<DataRow>,
    /// What the symbols in it mean.
    pub(super) notes: Vec<(String, String)>,
}

#[derive(Debug, Clone)]
struct DataRow {
    /// What it is about: the row and, where a figure has two dimensions, the group or the answer.
    labels: Vec<String>,
    is_total: bool,
    /// Estimate, limits and n; or a symbol and the reason.
    cells: Result<[String; 4], (String, String)>,
}

/// The symbol of what is not shown. Each reason has its own, in every format.
pub(crate) fn symbol(hidden: Hidden) -> &'static str {
    match hidden {
        Hidden::Confidential => "c",
        Hidden::Unreliable => "u",
        Hidden::Empty => ".",
        Hidden::NotEstimable => ":",
    }
}

/// The reason in words.
pub(crate) fn reason(hidden: Hidden) -> Word {
    match hidden {
        Hidden::Confidential => Word::Confidential,
        Hidden::Unreliable => Word::Unreliable,
        Hidden::Empty => Word::Empty,
        Hidden::NotEstimable => Word::NotEstimable,
    }
}

/// The symbol of a line without a number of its wave, and the reason in words.
pub(super) fn absence(line: &Line) -> (&'static str, Word) {
    if line.is_asked { (NOT_AT_HAND, Word::NotAtHand) } else { (NOT_ASKED, Word::NotAsked) }
}

/// What the mark of a flagged cell means.
pub(crate) fn flagged(quality: Quality) -> Word {
    match quality {
        Quality::FewAnswers => Word::FewAnswers,
        Quality::Imprecise => Word::Imprecise,
    }
}

impl DataTable {
    pub(super) fn value(&self) -> Value {
        let rows = self.rows.iter().map(|row| {
            let (cells, symbol, reason) = match &row.cells {
                Ok(cells) => (list(cells.iter().map(text)), text(""), text("")),
                Err((symbol, reason)) => (list([]), text(symbol.clone()), text(reason.clone())),
            };
            context! { labels => list(row.labels.iter().map(text)), is_total => row.is_total, cells, symbol, reason }
        });
        let notes = self.notes.iter().map(|(symbol, meaning)| {
            context! { symbol => text(symbol.clone()), meaning => text(meaning.clone()) }
        });
        // Markdown aligns a column by the line under its heading.
        let rules = (0..self.columns.len()).map(|column| text(if column < self.labels { "---" } else { "---:" }));
        context! {
            columns => list(self.columns.iter().map(text)),
            rules => list(rules),
            rows => list(rows),
            notes => list(notes),
        }
    }
}

impl Scene<'_> {
    pub(super) fn data_table(&self, figure: &Figure, spec: &TableSpec, groups: &[LineGroup]) -> DataTable {
        let has_headings = groups.iter().any(|group| !group.heading.is_empty());
        let mut columns = self.label_columns(figure, has_headings);
        let labels = columns.len();
        columns.push(self.unit(spec));
        columns.extend(
            [Word::LowColumn, Word::HighColumn, Word::AnswersColumn].map(|word| self.pack.text(word).to_owned()),
        );
        let row = |group: &LineGroup, line: &Line| {
            let heading = has_headings.then(|| group.heading.clone());
            DataRow {
                labels: heading.into_iter().chain([line.label.clone()]).collect(),
                is_total: line.fill == Fill::Total || (group.is_total && groups.len() > 1),
                cells: self.data_cells(line),
            }
        };
        let rows = groups.iter().flat_map(|group| group.lines.iter().map(move |line| row(group, line)));
        DataTable { columns, labels, rows: rows.collect(), notes: self.notes(groups) }
    }

    /// The headings over the labels: the rows' and the groups', in the order of the figure.
    fn label_columns(&self, figure: &Figure, has_headings: bool) -> Vec<String> {
        let language = self.pack.language();
        let category = self.pack.text(Word::RowColumn).to_owned();
        let group = figure.chart.breakdown().map(|breakdown| {
            let variable = self.edition.country.codebook.variable(breakdown);
            variable.map_or(breakdown.as_str(), |it| it.label.get(language)).to_owned()
        });
        let answer = self.pack.text(Word::AnswerColumn).to_owned();
        let wave = || self.pack.text(Word::WaveColumn).to_owned();
        match (&figure.chart, has_headings) {
            (Chart::OverWaves { .. }, false) => vec![wave()],
            (Chart::OverWaves { .. }, true) => vec![group.unwrap_or(category), wave()],
            (Chart::Rows | Chart::Row { .. }, false) => vec![category],
            (Chart::Groups { .. }, _) | (_, false) => vec![group.unwrap_or(category)],
            (Chart::RowsByGroups { .. }, true) if figure.kind == ChartKind::Stacked => {
                vec![group.unwrap_or_default(), answer]
            }
            (Chart::RowsByGroups { .. }, true) => vec![category, group.unwrap_or_default()],
            (Chart::Rows | Chart::Row { .. } | Chart::Against { .. }, true) => vec![category, answer],
        }
    }

    fn data_cells(&self, line: &Line) -> Result<[String; 4], (String, String)> {
        let numbers = |figures: &Figures, flag: &str| {
            let [estimate, low, high] =
                [figures.estimate(), figures.low(), figures.high()].map(|rounded| self.pack.number(rounded.into()));
            [estimate + flag, low, high, self.pack.count(figures.n())]
        };
        let revised = if line.is_revised { REVISED } else { "" };
        match &line.cell {
            WaveCell::Counted(Cell::Shown(figures)) => Ok(numbers(figures, revised)),
            WaveCell::Counted(Cell::Flagged(figures, _)) => Ok(numbers(figures, &format!("{FLAG}{revised}"))),
            WaveCell::Printed(printed, n) => {
                let n = n.map_or_else(String::new, |n| self.pack.count(n));
                Ok([self.pack.number((*printed).into()) + PRINTED, String::new(), String::new(), n])
            }
            WaveCell::Absent => {
                let (symbol, reason) = absence(line);
                Err((symbol.to_owned(), self.pack.text(reason).to_owned()))
            }
            WaveCell::Counted(Cell::Hidden(hidden)) => {
                Err((symbol(*hidden).to_owned(), self.pack.text(reason(*hidden)).to_owned()))
            }
        }
    }

    /// The meaning of each symbol that a table holds, each once.
    fn notes(&self, groups: &[LineGroup]) -> Vec<(String, String)> {
        let mut notes: Vec<(String, String)> = Vec::new();
        for line in groups.iter().flat_map(|group| &group.lines) {
            let is_shown = line.cell.figures().is_some();
            let revised = (line.is_revised && is_shown)
                .then(|| (REVISED.trim_start().to_owned(), self.pack.text(Word::RevisedMark).to_owned()));
            notes.extend(revised.filter(|note| !notes.contains(note)));
            let note = match &line.cell {
                WaveCell::Counted(Cell::Shown(_)) => continue,
                WaveCell::Printed(..) => (PRINTED.to_owned(), self.pack.text(Word::PrintedThen).to_owned()),
                WaveCell::Absent => {
                    let (symbol, reason) = absence(line);
                    (symbol.to_owned(), self.pack.text(reason).to_owned())
                }
                WaveCell::Counted(Cell::Flagged(_, quality)) => {
                    (FLAG.to_owned(), self.pack.text(flagged(*quality)).to_owned())
                }
                WaveCell::Counted(Cell::Hidden(hidden)) => {
                    (symbol(*hidden).to_owned(), self.pack.text(reason(*hidden)).to_owned())
                }
            };
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        notes
    }
}
