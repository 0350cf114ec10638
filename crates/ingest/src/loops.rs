//! Loops: tables with several rows per unit, made into columns of the answers by the rules that the wave names.
//!
//! Each row belongs to a unit of the answers, and no two rows of a unit have the same key. What a row leaves open leaves open what is
//! made of it: a sum with a missing part is missing. The rows themselves go no further.

use std::collections::BTreeMap;

use codebook::{Code, Decimal, Finding, LoopFile, LoopRule, LoopTable, Place, Wave};

use crate::delimited::DataFile;
use crate::mapping::loop_columns;
use crate::raw::{Distinct, RawColumn};
use crate::tally::{Tally, listed_groups, number};
use crate::translate::code_of;

/// What a made column has where nothing was reported.
pub(crate) const NONE_REPORTED: &str = "0";

/// Makes the columns of a loop with a file of its own.
pub(crate) fn of_file(
    (wave, table, file): (&Wave, &LoopTable, &LoopFile),
    data: &DataFile,
    answers: &mut DataFile,
    findings: &mut Vec<Finding>,
) {
    let (Some(units), Some(ids)) = (data.column(&file.unit), answers.column(&wave.answers.unit)) else { return };
    let mut row_of: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for row in 0..answers.row_numbers.len() {
        row_of.entry(ids.value(row)).or_default().push(row);
    }
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); answers.row_numbers.len()];
    let mut empty = Tally::error("no-unit-id", "row of a loop without a unit id");
    let mut orphans = Tally::error("orphan", format!("row of a loop whose unit has no row in {}", answers.path))
        .hint("are both files of the same export, and is this the column that links them?");
    for (row, number) in data.row_numbers.iter().enumerate() {
        match (units.value(row), row_of.get(units.value(row))) {
            ("", _) => empty.add(*number),
            // Rows that cannot be read may be those of the unit.
            (_, None) if answers.damaged => {}
            (_, None) => orphans.add(*number),
            (_, Some(of)) => of.iter().for_each(|answer| rows[*answer].push(row)),
        }
    }
    findings.extend([empty, orphans].into_iter().filter_map(|tally| tally.finding(&data.path, &file.unit)));
    let columns = loop_columns(table);
    let cells: BTreeMap<&str, &RawColumn> =
        columns.iter().filter_map(|named| Some((named.column, data.column(named.column)?))).collect();
    LoopRows { wave, table, data, cells, rows: &rows }.make(answers, findings);
}

/// Makes the columns of a loop whose rows are further rows of the answers, and merges those of each unit into one.
pub(crate) fn of_answers(wave: &Wave, table: &LoopTable, answers: &mut DataFile, findings: &mut Vec<Finding>) {
    let columns = loop_columns(table);
    let taken: Vec<(&str, RawColumn)> =
        columns.iter().filter_map(|named| Some((named.column, answers.take_column(named.column)?))).collect();
    let before =
        DataFile::new(&answers.path, Vec::new(), answers.row_numbers.clone(), answers.decimal_mark, BTreeMap::new());
    let rows = answers.merge_rows();
    let cells = taken.iter().map(|(name, column)| (*name, column)).collect();
    LoopRows { wave, table, data: &before, cells, rows: &rows }.make(answers, findings);
}

/// The rows of a loop by the row of the answers that they belong to.
struct LoopRows<'l> {
    wave: &'l Wave,
    table: &'l LoopTable,
    /// The file of the loop.
    data: &'l DataFile,
    cells: BTreeMap<&'l str, &'l RawColumn>,
    /// For each row of the answers those of the loop.
    rows: &'l [Vec<usize>],
}

/// What a cell of a loop says.
#[derive(Debug, Clone)]
enum Said {
    Code(Code),
    Number(Decimal),
    Nothing,
}

impl LoopRows<'_> {
    fn make(&self, answers: &mut DataFile, findings: &mut Vec<Finding>) {
        findings.extend(self.repeated_keys());
        let mut said: BTreeMap<&str, Vec<Said>> = BTreeMap::new();
        for column in &self.table.columns {
            said.insert(&column.name, self.said(column, findings));
        }
        for (name, rule) in &self.table.makes {
            let mut made = Distinct::default();
            for rows in self.rows {
                // A loop in the answers' file has a row for every unit, which is empty where the unit has none.
                let rows: Vec<usize> = rows.iter().copied().filter(|row| self.has_key(*row)).collect();
                let column = rule.column().map(|column| said.get(column).map_or(&[][..], Vec::as_slice));
                let cells: Vec<&Said> =
                    rows.iter().map(|row| column.and_then(|cells| cells.get(*row)).unwrap_or(&Said::Nothing)).collect();
                made.push(&value(rule, &cells).replace('.', &answers.decimal_mark.to_string()));
            }
            let without = self.rows.iter().map(|rows| !rows.iter().any(|row| self.has_key(*row))).collect();
            answers.add_loop_column(name, made.into_column(), without);
        }
    }

    fn has_key(&self, row: usize) -> bool {
        self.cells.get(self.table.key.as_str()).is_some_and(|keys| !keys.value(row).is_empty())
    }

    /// Rows of one unit with the same key. In a file of its own, a row without a key is an error, too.
    fn repeated_keys(&self) -> Vec<Finding> {
        let Some(keys) = self.cells.get(self.table.key.as_str()) else { return Vec::new() };
        let mut repeated: Vec<Vec<u64>> = Vec::new();
        let mut empty = Tally::error("no-loop-key", "row of a loop without a key");
        for rows in self.rows {
            let mut by_key: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
            for row in rows {
                by_key.entry(keys.value(*row)).or_default().push(self.data.row_numbers[*row]);
            }
            let without = by_key.remove("").unwrap_or_default();
            if self.table.file.is_some() {
                without.into_iter().for_each(|row| empty.add(row));
            }
            repeated.extend(by_key.into_values().filter(|rows| rows.len() > 1));
        }
        repeated.sort();
        let place = |row| Place::Cell { file: self.data.path.clone(), row, column: self.table.key.clone() };
        let finding = repeated.first().and_then(|rows| rows.get(1)).map(|row| {
            let message = format!("the same unit and key in {}", listed_groups(&repeated));
            Finding::error(place(*row), "repeated-key", message).hint("one row for each key of a unit")
        });
        empty.finding(&self.data.path, &self.table.key).into_iter().chain(finding).collect()
    }

    /// What each row says in a column; unknown values are findings.
    fn said(&self, column: &codebook::LoopColumn, findings: &mut Vec<Finding>) -> Vec<Said> {
        let Some(raw) = self.cells.get(column.name.as_str()) else { return Vec::new() };
        let (read, mut unknown): (Vec<Result<Said, String>>, Tally) = match &column.kind {
            codebook::Kind::Category { list, .. } => (
                raw.values
                    .iter()
                    .map(|value| {
                        code_of(&column.kind, self.wave, value).map(|code| code.map_or(Said::Nothing, Said::Code))
                    })
                    .collect(),
                Tally::error("unknown-code", "unknown value of a loop")
                    .hint(format!("recodes of {list}, or missing values, must name it")),
            ),
            codebook::Kind::Number | codebook::Kind::Condition | codebook::Kind::Date | codebook::Kind::Text => (
                raw.values
                    .iter()
                    .map(|value| match value.as_ref() {
                        "" => Ok(Said::Nothing),
                        value => number(value, self.data.decimal_mark).map(Said::Number),
                    })
                    .collect(),
                Tally::error("not-a-number", "bad number of a loop"),
            ),
        };
        for row in self.rows.iter().flatten() {
            if let Err(class) = &read[raw.index(*row)] {
                unknown.add_class(self.data.row_numbers[*row], class);
            }
        }
        findings.extend(unknown.finding(&self.data.path, &column.name));
        let row_count = self.data.row_numbers.len();
        (0..row_count).map(|row| read[raw.index(row)].clone().unwrap_or(Said::Nothing)).collect()
    }
}

/// The raw value that a rule makes of the cells of a unit's rows; empty where they leave it open, or where there is no row.
fn value(rule: &LoopRule, cells: &[&Said]) -> String {
    if cells.is_empty() {
        return String::new();
    }
    let is_open = cells.iter().any(|cell| matches!(cell, Said::Nothing));
    let with =
        |codes: &[Code]| cells.iter().filter(|cell| matches!(cell, Said::Code(code) if codes.contains(code))).count();
    let numbers = || {
        cells.iter().filter_map(|cell| match cell {
            Said::Number(number) => Some(*number),
            Said::Code(_) | Said::Nothing => None,
        })
    };
    match rule {
        LoopRule::Rows => cells.len().to_string(),
        LoopRule::Any { codes, .. } if with(codes) > 0 => "1".to_owned(),
        LoopRule::Any { .. } | LoopRule::Count { .. } | LoopRule::Sum { .. } | LoopRule::Greatest { .. } if is_open => {
            String::new()
        }
        LoopRule::Any { .. } => NONE_REPORTED.to_owned(),
        LoopRule::Count { codes, .. } => with(codes).to_string(),
        LoopRule::Sum { .. } => Decimal::sum(numbers()).map_or_else(String::new, |sum| sum.to_string()),
        LoopRule::Greatest { .. } => numbers().max().map_or_else(String::new, |greatest| greatest.to_string()),
    }
}
