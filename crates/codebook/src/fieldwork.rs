//! When answers were given, and which rows of an export are none.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::Place;

/// The columns of an export that tell when an answer was given.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct AnswerTimes {
    /// The column with the moment at which it was begun.
    pub started: Option<String>,
    /// The column with the moment at which it was finished.
    pub finished: Option<String>,
}

/// The days of fieldwork.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FieldworkPeriod {
    /// The first day on which an answer could be given.
    #[serde(serialize_with = "as_text")]
    pub from: Date,
    /// The last one.
    #[serde(serialize_with = "as_text")]
    pub to: Date,
    /// The fewest minutes that an honest answer takes; `None` means a third of the median.
    pub shortest_minutes: Option<u64>,
    /// Where it is written.
    pub place: Place,
}

/// A day as people write it.
fn as_text<S: serde::Serializer>(day: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(day)
}

/// Why a row of an export is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub enum LeftOut {
    /// Begun and not finished.
    Incomplete,
    /// A trial of the questionnaire, not a respondent.
    Preview,
    /// The same unit's answer stands in another row.
    Duplicate,
    /// It belongs to another wave of the same file.
    OtherWave,
    /// The unit does not belong to the population.
    OutOfScope,
}

impl LeftOut {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 5] = [Self::Incomplete, Self::Preview, Self::Duplicate, Self::OtherWave, Self::OutOfScope];

    /// Its word in TOML.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Incomplete => "incomplete",
            Self::Preview => "preview",
            Self::Duplicate => "duplicate",
            Self::OtherWave => "other_wave",
            Self::OutOfScope => "out_of_scope",
        }
    }
}

/// A rule that leaves rows out, beside the completion rule.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LeaveOut {
    /// The column that tells.
    pub column: String,
    /// Which of its values.
    pub rows: RowsOf,
    /// Why.
    pub because: LeftOut,
    /// Where it is written.
    pub place: Place,
}

/// Rows by the raw values of a column.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub enum RowsOf {
    /// Those with one of these values.
    With(BTreeSet<String>),
    /// Those with none of these values.
    Without(BTreeSet<String>),
}

impl RowsOf {
    /// Whether a row with this raw value is meant.
    #[must_use]
    pub fn include(&self, raw: &str) -> bool {
        match self {
            Self::With(values) => values.contains(raw),
            Self::Without(values) => !values.contains(raw),
        }
    }
}
