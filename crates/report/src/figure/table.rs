//! The numbers of a chart as a table, with the meaning of each symbol in it.

use codebook::{Chart, Figure, Measure, TableSpec};
use disclose::{Cell, Figures, Hidden};
use minijinja::{Value, context};

use super::lines::Line;
use crate::chart::Tone;
use crate::language::Word;
use crate::page::Scene;
use crate::templates::{list, text};

/// The mark of a number that few answers stand behind.
pub(crate) const FLAG: &str = "†";

/// The numbers of a chart.
#[derive(Debug, Clone)]
pub(super) struct DataTable {
    columns: [String; 5],
    rows: Vec<DataRow>,
    /// What the symbols in it mean.
    pub(super) notes: Vec<(String, String)>,
}

#[derive(Debug, Clone)]
pub(super) struct DataRow {
    label: String,
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

impl DataTable {
    pub(super) fn value(&self) -> Value {
        let rows = self.rows.iter().map(|row| {
            let (cells, symbol, reason) = match &row.cells {
                Ok(cells) => (list(cells.iter().map(text)), text(""), text("")),
                Err((symbol, reason)) => (list([]), text(symbol.clone()), text(reason.clone())),
            };
            context! { label => text(row.label.clone()), is_total => row.is_total, cells, symbol, reason }
        });
        let notes = self.notes.iter().map(|(symbol, meaning)| {
            context! { symbol => text(symbol.clone()), meaning => text(meaning.clone()) }
        });
        context! { columns => list(self.columns.iter().map(text)), rows => list(rows), notes => list(notes) }
    }
}

impl Scene<'_> {
    pub(super) fn data_table(&self, figure: &Figure, spec: &TableSpec, lines: &[Line]) -> DataTable {
        let language = self.pack.language();
        let first = match &figure.chart {
            Chart::Rows => self.pack.text(Word::RowColumn).to_owned(),
            Chart::Groups { breakdown, .. } => {
                let variable = self.edition.country.codebook.variable(breakdown);
                variable.map_or(breakdown.as_str(), |it| it.label.get(language)).to_owned()
            }
        };
        let estimate = match spec.measure {
            Measure::Share => Word::AxisShare,
            Measure::Mean => Word::AxisMean,
            Measure::Total => Word::AxisTotal,
        };
        let words = [estimate, Word::LowColumn, Word::HighColumn, Word::AnswersColumn];
        let [estimate, low, high, answers] = words.map(|word| self.pack.text(word).to_owned());
        DataTable {
            columns: [first, estimate, low, high, answers],
            rows: lines.iter().map(|line| self.data_row(line)).collect(),
            notes: self.notes(lines),
        }
    }

    fn data_row(&self, line: &Line) -> DataRow {
        let numbers = |figures: &Figures, flag: &str| {
            let [estimate, low, high] =
                [figures.estimate(), figures.low(), figures.high()].map(|rounded| self.pack.number(rounded.into()));
            [estimate + flag, low, high, self.pack.count(figures.n())]
        };
        let cells = match &line.cell {
            Cell::Shown(figures) => Ok(numbers(figures, "")),
            Cell::Flagged(figures, _) => Ok(numbers(figures, FLAG)),
            Cell::Hidden(hidden) => Err((symbol(*hidden).to_owned(), self.pack.text(reason(*hidden)).to_owned())),
        };
        DataRow { label: line.label.clone(), is_total: line.tone == Tone::Total, cells }
    }

    /// The meaning of each symbol that a table holds, each once.
    fn notes(&self, lines: &[Line]) -> Vec<(String, String)> {
        let mut notes: Vec<(String, String)> = Vec::new();
        for line in lines {
            let note = match &line.cell {
                Cell::Shown(_) => continue,
                Cell::Flagged(_, _) => (FLAG.to_owned(), self.pack.text(Word::FewAnswers).to_owned()),
                Cell::Hidden(hidden) => (symbol(*hidden).to_owned(), self.pack.text(reason(*hidden)).to_owned()),
            };
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        notes
    }
}
