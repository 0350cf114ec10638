//! The third of the days of fieldwork in which each answer came in, from the moment at which it was finished.

use codebook::{Missing, Value, Variable, Wave};
use jiff::civil::Date;

use crate::checks::day;
use crate::column::{Cell, Cells, Column};
use crate::delimited::DataFile;
use crate::units::UnitRows;

/// One cell for each unit: the code of the third. A unit whose moment is not told, or cannot be read (which the checks tell), is in none.
pub(crate) fn column(variable: &Variable, wave: &Wave, answers: &DataFile, rows: &UnitRows) -> Column {
    let mut column = Column::of_categories(variable);
    let finished = wave.answers.times.finished.as_deref().and_then(|name| answers.column(name));
    let days: Vec<Option<Date>> = finished
        .map_or_else(Vec::new, |raw| raw.values().iter().map(|value| day(value, wave.answers.slashed_days)).collect());
    let cells: Vec<Cell> = rows
        .iter()
        .map(|row| {
            let day = row.zip(finished).and_then(|(row, raw)| days[raw.index(row)]);
            let third = wave.fieldwork.as_ref().zip(day).map(|(period, day)| period.third_of(day).code());
            third.map_or(Cell::missing(Missing::Blank), |code| {
                Cell::value(column.number_of(Value::Text(code.as_str().to_owned())))
            })
        })
        .collect();
    column.cells = Cells::of(column.values.len(), cells.into_iter());
    column
}
