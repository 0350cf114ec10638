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
use crate::raw::{About, Distinct, NamedColumn, NoAnswers, RawTable};
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
            findings.push(refusal.finding(path));
            None
        }
    }
}

impl Refusal {
    fn finding(self, path: &str) -> Finding {
        let error = |code, message: String| Finding::error(Place::File { file: path.to_owned() }, code, message);
        match self {
            Self::Damaged => Fault::Damaged.finding(path),
            Self::Encrypted => Fault::Encrypted.finding(path),
            Self::Compression => error("packing", "the file is compressed by a method that is not read".to_owned())
                .hint("write it again with Snappy, Zstandard, LZ4 or gzip"),
            Self::TooLarge(what) => error("too-large", format!("the file has {what}")),
        }
    }
}

/// The columns that a schema names. Those that hold no single value are named, too, and have no cells: only who reads one must know.
fn columns(path: &str, schema: &Schema, findings: &mut Vec<Finding>) -> Result<Vec<ColumnReader>, Refusal> {
    if schema.fields().len() > COLUMNS_AT_MOST {
        return Err(Refusal::TooLarge("more than 100,000 columns"));
    }
    let labels = labels::Labels::of(schema);
    let mut columns = Vec::new();
    for field in schema.fields() {
        let place = Place::File { file: path.to_owned() };
        let form = Form::of(field.data_type());
        if let Some(zone) = cells::other_zone(field.data_type()) {
            let message = format!("the column {:?} holds moments of {zone}, which are read in UTC", field.name());
            findings.push(Finding::warning(place, "time-zone", message).hint("write local times without a zone"));
        }
        let no_answers = (form == Form::NoAnswers).then(|| no_answers(field.data_type()));
        let about = About { no_answers, ..labels.about(field, form) };
        columns.push(ColumnReader::new(about, form));
    }
    Ok(columns)
}

/// What a column holds that is not one value.
fn no_answers(data_type: &DataType) -> NoAnswers {
    if matches!(data_type, DataType::Struct(_) | DataType::Map(..) | DataType::Union(..)) {
        NoAnswers::Named
    } else if matches!(data_type, DataType::Duration(_) | DataType::Interval(_)) {
        NoAnswers::Durations
    } else if data_type.is_nested() {
        NoAnswers::Several
    } else {
        NoAnswers::Bytes
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
        if self.form == Form::NoAnswers {
            self.skip(array.len());
            return Ok(());
        }
        let Self { form, distinct, rows, out_of_range, .. } = self;
        cells::for_each(array, *form, &mut |cell| {
            *rows += 1;
            if cell.is_none() {
                out_of_range.add(*rows);
            }
            distinct.push(cell.unwrap_or_default());
        })
    }

    /// Adds rows whose cells are not read.
    fn skip(&mut self, rows: usize) {
        (0..rows).for_each(|_| {
            self.distinct.push("");
        });
        self.rows += crate::tally::counted(rows);
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
