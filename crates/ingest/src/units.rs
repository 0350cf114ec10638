//! Who answered: complete rows, unit ids, and the register's row of each unit.

use std::collections::HashMap;

use codebook::{Finding, Place, Wave};

use crate::delimited::DataFile;
use crate::mapping::SYNTHETIC_COLUMN;
use crate::raw::RawColumn;
use crate::tally::{Tally, counted, joined};

/// Units whose rows are named when several stand more than once.
const UNITS_NAMED: usize = 3;
const MARK: &str = "SYNTHETIC";

/// The rows of the units that count as answers.
pub(crate) struct Units {
    /// Each unit's row in the answers.
    pub(crate) answers: Vec<Option<usize>>,
    /// Each unit's row in the register.
    pub(crate) register: Vec<Option<usize>>,
    /// Rows that the completion rule leaves out.
    pub(crate) incomplete: u64,
}

impl Units {
    /// Finds the units: complete rows with a unit id that no other row has, each with its row in the register.
    pub(crate) fn find(
        wave: &Wave,
        answers: &DataFile,
        register: Option<&DataFile>,
        findings: &mut Vec<Finding>,
    ) -> Option<Self> {
        let ids = answers.column(&wave.answers.unit)?;
        let complete = complete_rows(wave, answers);
        let incomplete = counted(answers.row_numbers.len() - complete.len());
        if complete.is_empty() && incomplete > 0 {
            let place = Place::File { file: answers.path.clone() };
            let message = "no row is a complete answer by the completion rule";
            findings.push(Finding::error(place, "no-rows", message));
        }
        findings.extend(id_findings(answers, &wave.answers.unit, ids, &complete));
        let mut register_rows = vec![None; complete.len()];
        if let (Some(register), Some(file)) = (register, &wave.register)
            && let Some(register_ids) = register.column(&file.unit)
        {
            let every_row: Vec<usize> = (0..register.row_numbers.len()).collect();
            findings.extend(id_findings(register, &file.unit, register_ids, &every_row));
            // Only looked up, never walked through.
            let rows: HashMap<&str, usize> = every_row.iter().map(|row| (register_ids.value(*row), *row)).collect();
            let mut absent = Tally::error("not-in-register", format!("unit without a row in {}", register.path));
            for (found, row) in register_rows.iter_mut().zip(&complete) {
                *found = rows.get(ids.value(*row)).copied();
                // An empty id and a register with unreadable rows are told already.
                if found.is_none() && !ids.value(*row).is_empty() && !register.damaged {
                    absent.add(answers.row_numbers[*row]);
                }
            }
            findings.extend(absent.finding(&answers.path, &wave.answers.unit));
        }
        Some(Self { answers: complete.into_iter().map(Some).collect(), register: register_rows, incomplete })
    }
}

/// The rows that are usable answers.
fn complete_rows(wave: &Wave, answers: &DataFile) -> Vec<usize> {
    let rule = wave.answers.complete.as_ref();
    let column = rule.and_then(|rule| answers.column(&rule.column).map(|column| (column, rule.value.trim())));
    let is_complete = |row: &usize| column.is_none_or(|(column, value)| column.value(*row) == value);
    (0..answers.row_numbers.len()).filter(is_complete).collect()
}

/// Unit ids that are empty or stand more than once among these rows. The ids themselves are not told.
fn id_findings(data: &DataFile, name: &str, ids: &RawColumn, rows: &[usize]) -> Vec<Finding> {
    let mut rows_of: Vec<Vec<u64>> = vec![Vec::new(); ids.values.len()];
    let mut empty = Tally::error("no-unit-id", "row without a unit id");
    for row in rows {
        let number = data.row_numbers[*row];
        if ids.value(*row).is_empty() {
            empty.add(number);
        } else {
            rows_of[ids.index(*row)].push(number);
        }
    }
    let mut repeated: Vec<Vec<u64>> = rows_of.into_iter().filter(|rows| rows.len() > 1).collect();
    repeated.sort();
    empty.finding(&data.path, name).into_iter().chain(repeated_units(data, name, &repeated)).collect()
}

fn repeated_units(data: &DataFile, name: &str, repeated: &[Vec<u64>]) -> Option<Finding> {
    let row = *repeated.first()?.get(1)?;
    let place = Place::Cell { file: data.path.clone(), row, column: name.to_owned() };
    let rows = |rows: &Vec<u64>| format!("rows {}", joined(&rows.iter().map(u64::to_string).collect::<Vec<_>>()));
    let named: Vec<String> = repeated.iter().take(UNITS_NAMED).map(rows).collect();
    let more = match repeated.len() - named.len() {
        0 => String::new(),
        1 => "; and 1 more unit".to_owned(),
        more => format!("; and {more} more units"),
    };
    let message = format!("the same unit in {}{more}", named.join("; in "));
    Some(Finding::error(place, "repeated-unit", message).hint("one row for each unit"))
}

/// A synthetic wave's files say so in every row, and no other wave's does.
pub(crate) fn synthetic_marks(wave: &Wave, data: &DataFile) -> Option<Finding> {
    let marks = data.column(SYNTHETIC_COLUMN);
    let is_marked = |row: usize| marks.is_some_and(|marks| marks.value(row) == MARK);
    if wave.synthetic && marks.is_none() {
        let place = Place::File { file: data.path.clone() };
        let message = format!("the wave is synthetic, but the file has no column {SYNTHETIC_COLUMN:?}");
        return Some(
            Finding::error(place, "synthetic-mark", message).hint(format!("every row must say {MARK} in this column")),
        );
    }
    let mut wrong = if wave.synthetic {
        Tally::error("synthetic-mark", format!("no mark {MARK}")).hint("every row of a synthetic file must say so")
    } else {
        Tally::error("synthetic-mark", format!("mark {MARK} in a wave that is not synthetic"))
            .hint("is this the right file? if so, the wave's file must say synthetic = true")
    };
    for (row, number) in data.row_numbers.iter().enumerate() {
        if is_marked(row) != wave.synthetic {
            wrong.add(*number);
        }
    }
    wrong.finding(&data.path, SYNTHETIC_COLUMN)
}
