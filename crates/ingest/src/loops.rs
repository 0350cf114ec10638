//! Loops: tables with several rows per unit, made into columns of the answers by the rules that the wave names, and into a table of their own.
//!
//! Each row belongs to a unit of the answers, and no two rows of a unit have the same key. What a row leaves open leaves open what is
//! made of it: a sum with a missing part is missing.

mod table;

use std::collections::BTreeMap;

use codebook::{Code, Decimal, Finding, Kind, LoopColumn, LoopFile, LoopRule, LoopTable, Missing, Place, Value, Wave};

pub use table::CheckedLoop;

use crate::column::{Cell, Cells, Column};
use crate::delimited::DataFile;
use crate::mapping::loop_columns;
use crate::raw::{Distinct, RawColumn};
use crate::sample::UnitKey;
use crate::tally::{Tally, listed_groups, number};
use crate::tool;
use crate::translate::code_or_reason;

/// What a made column has where nothing was reported.
pub(crate) const NONE_REPORTED: &str = "0";

/// Makes the columns of a loop with a file of its own.
pub(crate) fn of_file<'w>(
    (wave, table, file): (&'w Wave, &'w LoopTable, &LoopFile),
    data: &DataFile,
    answers: &mut DataFile,
    findings: &mut Vec<Finding>,
) -> Option<LoopRead<'w>> {
    let (units, ids) = (data.column(&file.unit)?, answers.column(&wave.answers.unit)?);
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
    Some(LoopRows { wave, table, data, cells, rows }.make(answers, findings))
}

/// Makes the columns of a loop whose rows are further rows of the answers, and merges those of each unit into one.
pub(crate) fn of_answers<'w>(
    wave: &'w Wave,
    table: &'w LoopTable,
    answers: &mut DataFile,
    findings: &mut Vec<Finding>,
) -> LoopRead<'w> {
    let columns = loop_columns(table);
    let taken: Vec<(&str, RawColumn)> =
        columns.iter().filter_map(|named| Some((named.column, answers.take_column(named.column)?))).collect();
    let before =
        DataFile::new(&answers.path, Vec::new(), answers.row_numbers.clone(), answers.decimal_mark, BTreeMap::new());
    let rows = answers.merge_rows();
    let cells = taken.iter().map(|(name, column)| (*name, column)).collect();
    LoopRows { wave, table, data: &before, cells, rows }.make(answers, findings)
}

/// A loop as its export has it, typed.
pub(crate) struct LoopRead<'w> {
    table: &'w LoopTable,
    /// For each row of the answers those of the loop, in the order of their keys.
    rows: Vec<Vec<usize>>,
    /// The columns of its table, with a cell for each row of its file.
    columns: Vec<(&'w LoopColumn, Column)>,
}

/// The rows of a loop by the row of the answers that they belong to.
struct LoopRows<'w, 'l> {
    wave: &'w Wave,
    table: &'w LoopTable,
    /// The file of the loop.
    data: &'l DataFile,
    cells: BTreeMap<&'l str, &'l RawColumn>,
    /// For each row of the answers those of the loop.
    rows: Vec<Vec<usize>>,
}

impl<'w> LoopRows<'w, '_> {
    fn make(mut self, answers: &mut DataFile, findings: &mut Vec<Finding>) -> LoopRead<'w> {
        findings.extend(self.repeated_keys());
        let columns: Vec<(&LoopColumn, Column)> =
            self.table.columns.iter().map(|column| (column, self.typed(column, findings))).collect();
        self.sort_by_key();
        for (name, rule) in &self.table.makes {
            let column = columns.iter().find(|(column, _)| rule.column() == Some(column.name.as_str()));
            let mut made = Distinct::default();
            for rows in &self.rows {
                let value_of = |row: &usize| column.and_then(|(_, cells)| cells.value_if_there(*row));
                let cells: Vec<Option<&Value>> = rows.iter().map(value_of).collect();
                made.push(&value(rule, &cells).replace('.', &answers.decimal_mark.to_string()));
            }
            let without = self.rows.iter().map(Vec::is_empty).collect();
            answers.add_loop_column(name, made.into_column(), without);
        }
        LoopRead { table: self.table, rows: self.rows, columns }
    }

    /// Leaves the rows that have a key, in the order of the keys. A loop in the answers' file has a row for every unit, which has no key where the
    /// unit has none.
    fn sort_by_key(&mut self) {
        let keys = self.cells.get(self.table.key.as_str());
        let key = |row: usize| keys.map_or("", |keys| keys.value(row));
        for rows in &mut self.rows {
            rows.retain(|row| !key(*row).is_empty());
            rows.sort_by_key(|row| UnitKey::new(key(*row)));
        }
    }

    /// Rows of one unit with the same key. In a file of its own, a row without a key is an error, too.
    fn repeated_keys(&self) -> Vec<Finding> {
        let Some(keys) = self.cells.get(self.table.key.as_str()) else { return Vec::new() };
        let mut repeated: Vec<Vec<u64>> = Vec::new();
        let mut empty = Tally::error("no-loop-key", "row of a loop without a key");
        for rows in &self.rows {
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
    fn typed(&self, column: &LoopColumn, findings: &mut Vec<Finding>) -> Column {
        let Some(raw) = self.cells.get(column.name.as_str()) else { return Column::default() };
        let mut unknown = match &column.kind {
            Kind::Category { list, .. } => Tally::error("unknown-code", "unknown value of a loop")
                .hint(format!("recodes of {list}, or missing values, must name it")),
            Kind::Number | Kind::Condition | Kind::Date | Kind::Text => {
                Tally::error("not-a-number", "bad number of a loop")
            }
        };
        let mut typed = Column::default();
        let meanings: Vec<Result<Cell, String>> = raw
            .values()
            .iter()
            .map(|value| {
                self.meaning(column, value).map(|meaning| match meaning {
                    Ok(value) => Cell::value(typed.number_of(value)),
                    Err(reason) => Cell::missing(reason),
                })
            })
            .collect();
        for row in self.rows.iter().flatten() {
            if let Err(class) = &meanings[raw.index(*row)] {
                unknown.add_class(self.data.row_numbers[*row], class);
            }
        }
        findings.extend(unknown.finding(&self.data.path, &column.name));
        let rows = 0..self.data.row_numbers.len();
        let cells = rows.map(|row| *meanings[raw.index(row)].as_ref().unwrap_or(&Cell::UNKNOWN));
        typed.cells = Cells::of(typed.values.len(), cells);
        typed
    }

    /// What a raw value of a column means: a value, or why there is none; the class of what it is where nobody knows it.
    fn meaning(&self, column: &LoopColumn, raw: &str) -> Result<Result<Value, Missing>, String> {
        let by_tool = tool::missing(self.wave.answers.tool, raw).map(Err);
        match &column.kind {
            Kind::Category { .. } => match code_or_reason(&column.kind, self.wave, raw) {
                Ok(meaning) => Ok(meaning.map(|code| Value::Text(code.as_str().to_owned()))),
                Err(class) => by_tool.ok_or(class),
            },
            Kind::Number | Kind::Condition | Kind::Date | Kind::Text if raw.is_empty() => Ok(Err(Missing::Blank)),
            Kind::Number | Kind::Condition | Kind::Date | Kind::Text => match by_tool {
                Some(missing) => Ok(missing),
                None if self.data.said.is_missing(&column.name, raw) => {
                    Err("a number that the file says means no answer".to_owned())
                }
                None => number(raw, self.data.decimal_mark).map(|number| Ok(Value::Number(number))),
            },
        }
    }
}

/// The raw value that a rule makes of the cells of a unit's rows; empty where they leave it open, or where there is no row.
fn value(rule: &LoopRule, cells: &[Option<&Value>]) -> String {
    if cells.is_empty() {
        return String::new();
    }
    let is_open = cells.iter().any(Option::is_none);
    let has = |cell: &&Value, codes: &[Code]| matches!(cell, Value::Text(text) if codes.iter().any(|code| code.as_str() == text));
    let with = |codes: &[Code]| cells.iter().flatten().filter(|cell| has(cell, codes)).count();
    let numbers = || {
        cells.iter().flatten().filter_map(|cell| match cell {
            Value::Number(number) => Some(*number),
            Value::Boolean(_) | Value::Text(_) => None,
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
