//! A value of Stata as the text of a cell.

use std::borrow::Cow;

use dta::stata::dta::value::Value;
use dta::stata::dta::variable::Variable;
use dta::stata::dta::variable_type::VariableType;
use dta::stata::missing_value::MissingValue;
use dta::stata::stata_byte::StataByte;
use dta::stata::stata_double::StataDouble;
use dta::stata::stata_float::StataFloat;
use dta::stata::stata_int::StataInt;
use dta::stata::stata_long::StataLong;
use dta::stata::temporal::TemporalKind;
use dta::stata::temporal::conversion;
use jiff::civil::{Date, date};

use crate::format::calendar;
use crate::raw::Storage;

const EPOCH: Date = date(1960, 1, 1);
/// The number that stands for `.` in value labels; those for `.a` to `.z` follow it.
const SYSTEM_MISSING: i32 = 0x7fff_ffe5;

/// What a column's values are shown as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    Text,
    /// Also moments that count leap seconds (`%tC`): what they mean depends on Stata's own table of them.
    Number,
    Day,
    Moment,
    Week,
    Month,
    Quarter,
    HalfYear,
}

impl Shown {
    pub(super) fn of(variable: &Variable) -> Self {
        match variable.variable_type() {
            VariableType::FixedString(_) | VariableType::LongString => return Self::Text,
            VariableType::Byte
            | VariableType::Int
            | VariableType::Long
            | VariableType::Float
            | VariableType::Double => {}
        }
        // A minus only aligns what is shown to the left.
        match TemporalKind::from_format(&variable.format().replacen("%-", "%", 1)) {
            Some(TemporalKind::Date) => Self::Day,
            Some(TemporalKind::DateTime) => Self::Moment,
            Some(TemporalKind::Week) => Self::Week,
            Some(TemporalKind::Month) => Self::Month,
            Some(TemporalKind::Quarter) => Self::Quarter,
            Some(TemporalKind::HalfYear) => Self::HalfYear,
            Some(TemporalKind::Year | TemporalKind::DateTimeLeap | _) | None => Self::Number,
        }
    }

    pub(super) fn storage(self) -> Storage {
        match self {
            Self::Number => Storage::Number,
            Self::Day => Storage::Date,
            Self::Moment => Storage::Moment,
            Self::Text | Self::Week | Self::Month | Self::Quarter | Self::HalfYear => Storage::Text,
        }
    }

    /// The text of a value: a missing one is empty, or `.a` where it has a letter.
    pub(super) fn text<'v>(self, value: &'v Value<'_>) -> Cow<'v, str> {
        let number = match value {
            Value::Byte(StataByte::Present(number)) => f64::from(*number),
            Value::Int(StataInt::Present(number)) => f64::from(*number),
            Value::Long(StataLong::Present(number)) => f64::from(*number),
            Value::Double(StataDouble::Present(number)) => *number,
            Value::Float(StataFloat::Present(number)) => {
                // The shortest decimal that means a float is not that of the double of the same value.
                let shown = self.calendar_text(f64::from(*number));
                return Cow::Owned(shown.unwrap_or_else(|| (number + 0.0).to_string()));
            }
            Value::Byte(StataByte::Missing(missing))
            | Value::Int(StataInt::Missing(missing))
            | Value::Long(StataLong::Missing(missing))
            | Value::Float(StataFloat::Missing(missing))
            | Value::Double(StataDouble::Missing(missing)) => return missing_text(*missing),
            Value::String(text) => return Cow::Borrowed(text.trim_end_matches(' ')),
            Value::LongStringRef(_) => return Cow::Borrowed(""),
        };
        Cow::Owned(self.calendar_text(number).unwrap_or_else(|| calendar::decimal(number)))
    }

    /// The day, moment or period that a number stands for; `None` where it is just a number or no calendar has it. Periods are
    /// written as Stata shows them: `2019m12`.
    fn calendar_text(self, number: f64) -> Option<String> {
        let period = |letter: char, of: fn(i32) -> (i32, u8)| {
            let whole: i32 = number.to_string().parse().ok()?;
            // The crate's conversions add 1960 years, which leaves 32 bits at their ends.
            let (year, part) = (-100_000..=100_000).contains(&whole).then(|| of(whole))?;
            Some(format!("{year}{letter}{part}"))
        };
        match self {
            Self::Text | Self::Number => None,
            Self::Day => calendar::day(EPOCH, number * 86_400.0),
            Self::Moment => calendar::moment(EPOCH, number / 1000.0),
            Self::Week => period('w', conversion::tw_weeks_to_year_week),
            Self::Month => period('m', conversion::tm_months_to_year_month),
            Self::Quarter => period('q', conversion::tq_quarters_to_year_quarter),
            Self::HalfYear => period('h', conversion::th_halves_to_year_half),
        }
    }
}

fn missing_text(missing: MissingValue) -> Cow<'static, str> {
    if missing == MissingValue::System { Cow::Borrowed("") } else { Cow::Owned(missing.to_string()) }
}

/// A value that has a label, as the cells have it.
pub(super) fn labelled(value: i32) -> String {
    match value.checked_sub(SYSTEM_MISSING).and_then(|letter| u8::try_from(letter).ok()) {
        Some(0) => String::new(),
        Some(letter @ 1..=26) => format!(".{}", char::from(b'a' + letter - 1)),
        Some(_) | None => value.to_string(),
    }
}
