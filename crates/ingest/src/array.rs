//! A column's distinct values as Arrow wants them, made once, and cut into the arrays of one row group after the other.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float64Array, Int32Array, StringArray,
};
use arrow::buffer::{BooleanBuffer, NullBuffer};
use arrow::datatypes::{DataType, Field, Int32Type, Schema, SchemaRef};
use codebook::Decimal;
use jiff::civil::Date;

use crate::IngestError;
use crate::column::{Cell, Piece};
use crate::parquet::{Coded, NUMBERS};

/// The distinct values of a column, by their number. None where a value is of another type, which no checked column has.
#[derive(Clone)]
pub(crate) enum Values {
    /// Few texts, by the last byte of their cells.
    Codes(Arc<[Option<String>; NUMBERS]>),
    /// Many texts, written with a dictionary.
    Text(Arc<StringArray>),
    /// Units at one scale.
    Decimal(Vec<Option<i128>>, DecimalFormat),
    /// Numbers that are too long for decimals.
    Double(Vec<Option<f64>>),
    /// True or false.
    Boolean(Vec<Option<bool>>),
    /// Days since 1970-01-01.
    Date(Vec<Option<i32>>),
}

impl Values {
    pub(crate) fn text<'t>(values: impl ExactSizeIterator<Item = Option<&'t str>>) -> Self {
        if values.len() > Cell::VALUES_OF_A_BYTE {
            return Self::Text(Arc::new(values.collect()));
        }
        let mut texts = [const { None }; NUMBERS];
        for (text, value) in texts.iter_mut().zip(values) {
            *text = value.map(str::to_owned);
        }
        Self::Codes(Arc::new(texts))
    }

    /// The values of some units.
    pub(crate) fn rows(&self, cells: Piece<'_>) -> Result<Rows, IngestError> {
        Ok(match self {
            Self::Codes(texts) => Rows::Coded(Coded { numbers: cells.bytes(), texts: Arc::clone(texts) }),
            Self::Text(_) | Self::Decimal(..) | Self::Double(_) | Self::Boolean(_) | Self::Date(_) => {
                Rows::Array(self.array(cells)?)
            }
        })
    }

    fn array(&self, cells: Piece<'_>) -> Result<ArrayRef, IngestError> {
        Ok(match self {
            Self::Codes(texts) => {
                let text = |cell: Cell| texts[usize::from(cell.byte())].as_deref();
                Arc::new(cells.iter().map(text).collect::<StringArray>())
            }
            Self::Text(values) => {
                let is_there: BooleanBuffer = cells.iter().map(Cell::has_value).collect();
                let keys = cells.iter().map(Cell::key).collect();
                let keys = Int32Array::new(keys, Some(NullBuffer::new(is_there)));
                let values = Arc::clone(values);
                Arc::new(DictionaryArray::<Int32Type>::try_new(keys, values).map_err(arrow_error)?)
            }
            Self::Decimal(units, format) => decimal_array(chosen(units, cells), *format)?,
            Self::Double(values) => Arc::new(chosen(values, cells).collect::<Float64Array>()),
            Self::Boolean(values) => Arc::new(chosen(values, cells).collect::<BooleanArray>()),
            Self::Date(days) => Arc::new(chosen(days, cells).collect::<Date32Array>()),
        })
    }
}

/// The value of each cell, if it has one.
fn chosen<T: Copy>(values: &[Option<T>], cells: Piece<'_>) -> impl Iterator<Item = Option<T>> {
    cells.iter().map(|cell| cell.get().ok().and_then(|number| values[number]))
}

/// Digits and decimals of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DecimalFormat {
    pub(crate) precision: u8,
    pub(crate) scale: u8,
}

impl DecimalFormat {
    /// The smallest format that holds all of these numbers with the decimals they were written with.
    pub(crate) fn of(numbers: impl Iterator<Item = Decimal> + Clone) -> Self {
        let scale = numbers.clone().map(Decimal::scale).max().unwrap_or(0);
        let largest = numbers.filter_map(|number| number.units_at(scale)).map(i128::unsigned_abs).max().unwrap_or(0);
        let digits = largest.checked_ilog10().map_or(1, |log| log + 1);
        let digits = u8::try_from(digits).expect("a 128-bit number has at most 39 digits");
        Self { precision: digits.max(scale).max(1), scale }
    }
}

pub(crate) fn decimal_array(
    units: impl Iterator<Item = Option<i128>>,
    format: DecimalFormat,
) -> Result<ArrayRef, IngestError> {
    let scale = i8::try_from(format.scale).expect("a scale is at most 38");
    let array = units.collect::<Decimal128Array>().with_precision_and_scale(format.precision, scale);
    Ok(Arc::new(array.map_err(arrow_error)?))
}

/// Some rows of a column.
pub(crate) enum Rows {
    Array(ArrayRef),
    /// Of few texts. Rows without one are missing.
    Coded(Coded),
}

impl Rows {
    fn data_type(&self) -> DataType {
        match self {
            Self::Array(array) => array.data_type().clone(),
            Self::Coded(_) => DataType::Utf8,
        }
    }
}

/// Some rows of one column: its name, its values, and whether some may be missing.
pub(crate) type NamedRows = (String, Rows, bool);

/// What columns are called and what they hold.
pub(crate) fn schema(columns: &[NamedRows]) -> SchemaRef {
    let fields = columns.iter().map(|(name, rows, nullable)| Field::new(name, rows.data_type(), *nullable));
    Arc::new(Schema::new(fields.collect::<Vec<Field>>()))
}

/// Rows of a file, cut into pieces of at most `size`.
pub(crate) fn pieces(rows: usize, size: usize) -> impl Iterator<Item = Range<usize>> {
    let starts = (0..rows).step_by(size);
    starts.map(move |start| start..rows.min(start + size))
}

/// Days since 1970-01-01 of a date such as `2019-12-31`, in that spelling only.
pub(crate) fn days(text: &str) -> Option<i32> {
    let date: Date = text.parse().ok().filter(|date: &Date| date.to_string() == text)?;
    let since = date.since(Date::constant(1970, 1, 1)).ok()?;
    Some(since.get_days())
}

pub(crate) fn int32(value: usize) -> i32 {
    i32::try_from(value).expect("there are fewer values, strata and PSUs than the two billion rows that reading allows")
}

fn arrow_error(error: arrow::error::ArrowError) -> IngestError {
    IngestError::Parquet(error.into())
}
