//! The values of an Arrow array as the texts that every reader hands over.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float32Type, Float64Type, Int64Type, TimeUnit};
use jiff::Span;
use jiff::civil::{Date, DateTime, Time, date};

use super::Refusal;
use crate::format::moment::{moment_text, time_text};
use crate::raw::Storage;

/// How the values of a type become text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Values that are not one answer each, and are not read.
    NoAnswers,
    /// A column without any value.
    Nothing,
    Text,
    Condition,
    Integer,
    SingleFloat,
    DoubleFloat,
    Decimal,
    /// Days since 1970.
    Day,
    /// So many parts of a second since 1970; a day by its type.
    DayAndTime {
        per_second: i64,
    },
    /// So many parts of a second since 1970.
    Moment {
        per_second: i64,
    },
    /// So many parts of a second since midnight.
    Time {
        per_second: i64,
    },
}

impl Form {
    /// The form of a type.
    pub(super) fn of(data_type: &DataType) -> Self {
        match data_type {
            DataType::Null => Self::Nothing,
            DataType::Boolean => Self::Condition,
            DataType::Int8
            | DataType::Int16
            | DataType::Int32
            | DataType::Int64
            | DataType::UInt8
            | DataType::UInt16
            | DataType::UInt32
            | DataType::UInt64 => Self::Integer,
            DataType::Float16 | DataType::Float32 => Self::SingleFloat,
            DataType::Float64 => Self::DoubleFloat,
            DataType::Decimal32(..) | DataType::Decimal64(..) | DataType::Decimal128(..) | DataType::Decimal256(..) => {
                Self::Decimal
            }
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Self::Text,
            DataType::Date32 => Self::Day,
            DataType::Date64 => Self::DayAndTime { per_second: 1000 },
            DataType::Timestamp(unit, _) => Self::Moment { per_second: per_second(*unit) },
            DataType::Time32(unit) | DataType::Time64(unit) => Self::Time { per_second: per_second(*unit) },
            DataType::Dictionary(_, values) => Self::of(values),
            DataType::Duration(_)
            | DataType::Interval(_)
            | DataType::Binary
            | DataType::FixedSizeBinary(_)
            | DataType::LargeBinary
            | DataType::BinaryView
            | DataType::List(_)
            | DataType::ListView(_)
            | DataType::FixedSizeList(..)
            | DataType::LargeList(_)
            | DataType::LargeListView(_)
            | DataType::Struct(_)
            | DataType::Union(..)
            | DataType::Map(..)
            | DataType::RunEndEncoded(..) => Self::NoAnswers,
        }
    }

    /// How the format stores a column of this form.
    pub(super) fn storage(self) -> Storage {
        match self {
            Self::NoAnswers | Self::Nothing | Self::Text | Self::Time { .. } => Storage::Text,
            Self::Condition => Storage::Condition,
            Self::Integer | Self::SingleFloat | Self::DoubleFloat | Self::Decimal => Storage::Number,
            Self::Day | Self::DayAndTime { .. } => Storage::Date,
            Self::Moment { .. } => Storage::Moment,
        }
    }

    /// The type that all types of this form are read as.
    fn plain_type(self) -> DataType {
        match self {
            Self::NoAnswers | Self::Nothing => DataType::Null,
            Self::Text => DataType::Utf8View,
            Self::Condition => DataType::Boolean,
            Self::Integer | Self::Decimal => DataType::Utf8,
            Self::SingleFloat => DataType::Float32,
            Self::DoubleFloat => DataType::Float64,
            Self::Day | Self::DayAndTime { .. } | Self::Moment { .. } | Self::Time { .. } => DataType::Int64,
        }
    }
}

/// The time zone of a column of moments, unless it is UTC or none.
pub(super) fn other_zone(data_type: &DataType) -> Option<&str> {
    let zone = if let DataType::Timestamp(_, Some(zone)) = data_type { zone.as_ref() } else { return None };
    (!matches!(zone, "UTC" | "Etc/UTC" | "Z" | "+00:00")).then_some(zone)
}

/// Tells `visit` the text of each row: empty where the answer is missing, `None` where it has none that can be written.
pub(super) fn for_each(array: &dyn Array, form: Form, visit: &mut dyn FnMut(Option<&str>)) -> Result<(), Refusal> {
    let Some(dictionary) = array.as_any_dictionary_opt() else { return for_each_plain(array, form, visit) };
    let mut texts: Vec<Option<String>> = Vec::new();
    for_each_plain(dictionary.values(), form, &mut |text| texts.push(text.map(str::to_owned)))?;
    let numbers = if texts.is_empty() { vec![0; array.len()] } else { dictionary.normalized_keys() };
    for (row, number) in numbers.into_iter().enumerate() {
        let text = if array.is_null(row) { Some("") } else { texts.get(number).and_then(Option::as_deref) };
        visit(text);
    }
    Ok(())
}

fn for_each_plain(array: &dyn Array, form: Form, visit: &mut dyn FnMut(Option<&str>)) -> Result<(), Refusal> {
    let plain: ArrayRef = match form {
        // A day is stored as 32 bits, which is cast to 64 by way of its own number.
        Form::Day => cast(&as_plain(array, &DataType::Int32)?, &DataType::Int64).map_err(|_| Refusal::Damaged)?,
        Form::Time { .. } if matches!(array.data_type(), DataType::Time32(_)) => {
            cast(&as_plain(array, &DataType::Int32)?, &DataType::Int64).map_err(|_| Refusal::Damaged)?
        }
        Form::NoAnswers
        | Form::Nothing
        | Form::Text
        | Form::Condition
        | Form::Integer
        | Form::SingleFloat
        | Form::DoubleFloat
        | Form::Decimal
        | Form::DayAndTime { .. }
        | Form::Moment { .. }
        | Form::Time { .. } => as_plain(array, &form.plain_type())?,
    };
    for row in 0..plain.len() {
        if plain.is_null(row) || form == Form::Nothing {
            visit(Some(""));
        } else {
            visit_value(&plain, row, form, visit);
        }
    }
    Ok(())
}

fn as_plain(array: &dyn Array, plain: &DataType) -> Result<ArrayRef, Refusal> {
    cast(array, plain).map_err(|_| Refusal::Damaged)
}

/// Tells `visit` the text of one value, which is not missing.
fn visit_value(plain: &ArrayRef, row: usize, form: Form, visit: &mut dyn FnMut(Option<&str>)) {
    let ticks = || plain.as_primitive::<Int64Type>().value(row);
    match form {
        Form::NoAnswers | Form::Nothing => visit(Some("")),
        Form::Text => visit(Some(plain.as_string_view().value(row))),
        Form::Condition => visit(Some(if plain.as_boolean().value(row) { "TRUE" } else { "FALSE" })),
        Form::Integer => visit(Some(plain.as_string::<i32>().value(row))),
        Form::Decimal => visit(Some(without_zeros(plain.as_string::<i32>().value(row)))),
        // The shortest decimal of a float is that of its own precision: 0.1, not what a double makes of it.
        Form::SingleFloat => {
            let value = plain.as_primitive::<Float32Type>().value(row);
            visit(Some(&if value.is_nan() { String::new() } else { (value + 0.0).to_string() }));
        }
        Form::DoubleFloat => {
            let value = plain.as_primitive::<Float64Type>().value(row);
            visit(Some(&if value.is_nan() { String::new() } else { (value + 0.0).to_string() }));
        }
        Form::Day => visit(day(ticks()).map(|day| day.to_string()).as_deref()),
        Form::DayAndTime { per_second } => visit(moment(ticks(), per_second).map(day_and_time).as_deref()),
        Form::Moment { per_second } => visit(moment(ticks(), per_second).map(moment_text).as_deref()),
        Form::Time { per_second } => {
            let moment = moment(ticks(), per_second).filter(|moment| moment.date() == date(1970, 1, 1));
            visit(moment.map(|moment| time_text(moment.time())).as_deref());
        }
    }
}

/// A type of days may hold a time all the same, which is not lost.
fn day_and_time(moment: DateTime) -> String {
    if moment.time() == Time::midnight() { moment.date().to_string() } else { moment_text(moment) }
}

fn without_zeros(decimal: &str) -> &str {
    if decimal.contains('.') { decimal.trim_end_matches('0').trim_end_matches('.') } else { decimal }
}

fn day(days: i64) -> Option<Date> {
    date(1970, 1, 1).checked_add(Span::new().try_days(days).ok()?).ok()
}

fn moment(ticks: i64, per_second: i64) -> Option<DateTime> {
    let seconds = ticks.div_euclid(per_second);
    let nanoseconds = ticks.rem_euclid(per_second) * (1_000_000_000 / per_second);
    let time = Time::midnight()
        .checked_add(Span::new().try_seconds(seconds.rem_euclid(86_400)).ok()?)
        .and_then(|time| time.checked_add(Span::new().try_nanoseconds(nanoseconds)?));
    Some(day(seconds.div_euclid(86_400))?.to_datetime(time.ok()?))
}

fn per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    }
}
