//! Parquet and Arrow files as raw columns.
//!
//! They know types, so nothing has to be guessed; the texts are those that a plain CSV of the same answers would have, which makes
//! all formats one to the rest of the crate. What a file holds is checked before it is decoded: how many cells there are, and how large
//! they grow. The decoders themselves stop at some damaged files by a panic, so they work in a thread of their own, and that is told as damage.

mod arrow;
mod cells;
mod labels;
mod parquet;
mod thrift;

use ::arrow::array::Array;
use ::arrow::datatypes::{DataType, Schema};
use codebook::{Finding, Place};

use super::FileFormat;
use super::archive::Fault;
use crate::delimited::COLUMNS_AT_MOST;
use crate::parallel;
use crate::raw::{About, Distinct, NamedColumn, RawTable};
use crate::tally::Tally;
use cells::Form;

/// Cells of all columns. They take four bytes each, beside the distinct values.
const CELLS_AT_MOST: usize = 500_000_000;

/// Bytes of one batch or one column of a group of rows when decompressed.
const DECOMPRESSED_AT_MOST: i64 = 2 << 30;

/// Why a file cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    Damaged,
    Encrypted,
    /// Compressed by a method that is not read.
    Compression,
    TooLarge(&'static str),
    /// There are findings for it.
    Told,
}

/// A column that is being read.
struct ColumnReader {
    about: About,
    form: Form,
    distinct: Distinct,
    rows: u64,
    out_of_range: Tally,
}

/// Reads a Parquet or Arrow file. Findings go to `findings`; `None` when it cannot be read as a table.
pub(crate) fn read(path: &str, bytes: &[u8], findings: &mut Vec<Finding>) -> Option<RawTable> {
    let decoded = parallel::apart(|| match FileFormat::of(path, bytes) {
        FileFormat::Parquet => parquet::read(path, bytes, findings),
        FileFormat::Arrow => arrow::read(path, bytes, findings),
        FileFormat::Delimited
        | FileFormat::Xlsx
        | FileFormat::Xls
        | FileFormat::Ods
        | FileFormat::Sav
        | FileFormat::Dta
        | FileFormat::Zip => Err(Refusal::Damaged),
    });
    match decoded.unwrap_or(Err(Refusal::Damaged)) {
        Ok(columns) => Some(table(path, columns, findings)),
        Err(refusal) => {
            findings.extend(refusal.finding(path));
            None
        }
    }
}

impl Refusal {
    fn finding(self, path: &str) -> Option<Finding> {
        let error = |code, message: String| Finding::error(Place::File { file: path.to_owned() }, code, message);
        match self {
            Self::Damaged => Some(Fault::Damaged.finding(path)),
            Self::Encrypted => Some(Fault::Encrypted.finding(path)),
            Self::Compression => Some(
                error("packing", "the file is compressed by a method that is not read".to_owned())
                    .hint("write it again with Snappy, Zstandard, LZ4 or gzip"),
            ),
            Self::TooLarge(what) => Some(error("too-large", format!("the file has {what}"))),
            Self::Told => None,
        }
    }
}

/// The columns that a schema names. Findings name those that hold no single value.
fn columns(path: &str, schema: &Schema, findings: &mut Vec<Finding>) -> Result<Vec<ColumnReader>, Refusal> {
    if schema.fields().len() > COLUMNS_AT_MOST {
        return Err(Refusal::TooLarge("more than 100,000 columns"));
    }
    let labels = labels::Labels::of(schema);
    let mut columns = Vec::new();
    let mut is_table = true;
    for field in schema.fields() {
        let place = Place::File { file: path.to_owned() };
        let Some(form) = Form::of(field.data_type()) else {
            is_table = false;
            let message = format!("the column {:?} holds {}", field.name(), unreadable(field.data_type()));
            let hint = "write one column for each value, or leave the column out";
            findings.push(Finding::error(place, "nested-column", message).hint(hint));
            continue;
        };
        if let Some(zone) = cells::other_zone(field.data_type()) {
            let message = format!("the column {:?} holds moments of {zone}, which are read in UTC", field.name());
            findings.push(Finding::warning(place, "time-zone", message).hint("write local times without a zone"));
        }
        columns.push(ColumnReader::new(labels.about(field, form), form));
    }
    if is_table { Ok(columns) } else { Err(Refusal::Told) }
}

/// What a column holds that is not one value.
fn unreadable(data_type: &DataType) -> &'static str {
    if matches!(data_type, DataType::Struct(_) | DataType::Map(..) | DataType::Union(..)) {
        "several named values in a cell"
    } else if data_type.is_nested() {
        "several values in a cell"
    } else {
        "bytes or lengths of time, which are no answers"
    }
}

/// Whether so many cells are held in memory.
fn check_cells(rows: usize, columns: usize) -> Result<(), Refusal> {
    let fits = rows.checked_mul(columns.max(1)).is_some_and(|cells| cells <= CELLS_AT_MOST);
    if fits { Ok(()) } else { Err(Refusal::TooLarge("more than 500 million cells")) }
}

impl ColumnReader {
    fn new(about: About, form: Form) -> Self {
        let out_of_range = Tally::error("date-out-of-range", "a date outside of the years from -9999 to 9999");
        Self { about, form, distinct: Distinct::default(), rows: 0, out_of_range }
    }

    /// Adds the next rows.
    fn push(&mut self, array: &dyn Array) -> Result<(), Refusal> {
        let Self { form, distinct, rows, out_of_range, .. } = self;
        cells::for_each(array, *form, &mut |cell| {
            *rows += 1;
            if cell.is_none() {
                out_of_range.add(*rows);
            }
            distinct.push(cell.unwrap_or_default());
        })
    }
}

/// The table, once all rows are read.
fn table(path: &str, columns: Vec<ColumnReader>, findings: &mut Vec<Finding>) -> RawTable {
    let rows = columns.first().map_or(0, |column| column.rows);
    let mut named = Vec::new();
    for reader in columns {
        findings.extend(reader.out_of_range.finding(path, &reader.about.name));
        named.push(NamedColumn { about: reader.about, cells: reader.distinct.into_column() });
    }
    RawTable { columns: named, row_numbers: (1..=rows).collect(), weight: None }
}

#[cfg(test)]
mod tests;
