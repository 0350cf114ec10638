//! What reads well and may still be wrong: thousands taken for decimals, persons' numbers for numbers, rows whose cells are shifted.

use std::collections::BTreeMap;

use codebook::{Finding, Kind, Origin, Place, Variable, VariableName};

use crate::column::{Cell, Column};
use crate::inspect::may_be_personal_number;
use crate::raw::RawColumn;
use crate::tally::{Tally, is_grouped};
use crate::translate::Source;

/// Numbers that must look like thousands before it is said.
const THOUSANDS_AT_LEAST: usize = 2;
/// Of fewer columns nothing is said of rows.
const COLUMNS_AT_LEAST: usize = 4;
/// Columns of a row that hold what they cannot before the row itself is told.
const WRONG_AT_LEAST: usize = 2;
/// A row is strange if at least one in so many of its columns is wrong, and if at most one in so many rows is like that.
const ONE_IN_COLUMNS: usize = 4;
const ONE_IN_ROWS: usize = 10;

/// What is suspicious about a column of numbers.
pub(crate) fn of_numbers(variable: &Variable, name: &str, raw: &RawColumn, source: Source<'_>) -> Vec<Finding> {
    match variable.kind {
        Kind::Number => thousands(name, raw, source).into_iter().chain(personal_numbers(name, raw, source)).collect(),
        Kind::Category { .. } | Kind::Condition | Kind::Date | Kind::Text => Vec::new(),
    }
}

/// Every number with a decimal mark has three digits behind it, and some have none: with `decimal_mark = "."`, 1.300 beside 900 is
/// read as 1.3.
fn thousands(name: &str, raw: &RawColumn, source: Source<'_>) -> Option<Finding> {
    let mark = source.data.decimal_mark;
    let values = || raw.values().iter().filter(|value| !value.is_empty());
    let marked: Vec<usize> = (0..raw.values().len()).filter(|number| raw.values()[*number].contains(mark)).collect();
    // Grouped by this mark it would be if the other one were that of decimals.
    let other = if mark == ',' { '.' } else { ',' };
    let may_be_grouped = |value: &str| is_grouped(value, other) && !value.trim_start_matches('-').starts_with('0');
    let are_grouped = marked.iter().all(|number| may_be_grouped(&raw.values()[*number]));
    if !are_grouped || marked.len() < THOUSANDS_AT_LEAST || marked.len() == values().count() {
        return None;
    }
    let statement = format!("number with {mark:?} before three digits, as all of the column's with a mark have");
    let mut tally = Tally::warning("maybe-thousands", statement).hint(format!(
        "they are read as decimals: if {mark:?} groups thousands, take it out, and see what decimal_mark should be"
    ));
    let is_marked: Vec<bool> = raw.values().iter().map(|value| value.contains(mark)).collect();
    for (unit, row) in source.rows.iter().enumerate() {
        if row.is_some_and(|row| is_marked[raw.index(row)]) {
            tally.add(source.row_number(unit));
        }
    }
    tally.finding(&source.data.path, name)
}

/// A column of numbers that are built like those of persons in a national register.
fn personal_numbers(name: &str, raw: &RawColumn, source: Source<'_>) -> Option<Finding> {
    let filled = raw.values().iter().filter(|value| !value.is_empty()).count();
    let personal = raw.values().iter().filter(|value| may_be_personal_number(value)).count();
    if personal == 0 || personal * ONE_IN_ROWS < filled * (ONE_IN_ROWS - 1) {
        return None;
    }
    let place = Place::Cell { file: source.data.path.clone(), row: 1, column: name.to_owned() };
    let message = "the cells look like the numbers of persons in a national register";
    let finding = Finding::error(place, "personal-number", message);
    Some(finding.hint("take the column out of [columns], and list it under [answers] as personal"))
}

/// Rows in which several columns hold what the codebook does not know, where such rows are few: shifted cells, a row of headings or totals.
pub(crate) fn strange_rows(
    variables: &[Variable],
    columns: &BTreeMap<&VariableName, Column>,
    answers: Source<'_>,
) -> Option<Finding> {
    // A format that tells what its cells mean has no cells to shift.
    if !answers.data.said.missing.is_empty() {
        return None;
    }
    let units = answers.rows.len();
    let from_answers = variables.iter().filter(|variable| variable.origin == Origin::Answer);
    let unknown = |column: &Column| column.cells.iter().filter(|cell| *cell == Cell::UNKNOWN).count();
    let counted = from_answers.filter_map(|it| columns.get(&it.name)).map(|column| (column, unknown(column)));
    let told: Vec<(&Column, usize)> = counted.filter(|(_, unknown)| unknown * 2 < units).collect();
    // Most exports have no column with a wrong cell, and then no row has one.
    let with_wrong: Vec<&Column> = told.iter().filter(|(_, unknown)| *unknown > 0).map(|(column, _)| *column).collect();
    if told.len() < COLUMNS_AT_LEAST || with_wrong.len() < WRONG_AT_LEAST {
        return None;
    }
    let wrong = |unit: usize| with_wrong.iter().filter(|column| column.cells.at(unit) == Cell::UNKNOWN).count();
    let is_strange = |wrong: usize| wrong >= WRONG_AT_LEAST && wrong * ONE_IN_COLUMNS >= told.len();
    let strange: Vec<usize> = (0..units).filter(|unit| is_strange(wrong(*unit))).collect();
    if strange.len() * ONE_IN_ROWS > units.max(ONE_IN_ROWS) {
        return None;
    }
    let mut tally = Tally::warning("strange-row", "several columns of a row hold what they cannot").hint(
        "are its cells shifted by a delimiter too many or too few, or is it a row of headings or totals? mend the row, or take it out",
    );
    strange.into_iter().for_each(|unit| tally.add(answers.row_number(unit)));
    tally.finding_in_file(&answers.data.path)
}
