//! Loops: questions that a unit answers several times, such as once for each of its innovations.
//!
//! A wave's unit stays the respondent. A loop's rows become columns with one value per unit, by a rule that the wave names, and a table
//! of their own, whose rows are clusters of one unit each.

use std::collections::BTreeMap;

use crate::{Code, Kind, Place, Written};

/// A table with several rows per unit.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct LoopTable {
    /// Its name, which comes before the names of the columns that are made from it: `innovations.reported`.
    pub name: String,
    /// Its own file; `None` means that a unit has several rows in the answers' file.
    pub file: Option<LoopFile>,
    /// The column that tells the rows of one unit apart.
    pub key: String,
    /// The columns of its table: those of codes, those of numbers, and those that its rules look at; sorted by name.
    pub columns: Vec<LoopColumn>,
    /// The columns that are made from it, by name, with the loop's name in front.
    pub makes: BTreeMap<String, LoopRule>,
    /// Where it is written.
    pub place: Place,
}

/// The file of a loop.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LoopFile {
    /// Its name in the folder of raw files.
    pub file: String,
    /// How it is written: like the answers, but for what is told.
    pub written: Written,
    /// Its column with the unit id.
    pub unit: String,
    /// Where the file name is written.
    pub place: Place,
}

/// A column of a loop.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct LoopColumn {
    /// Its name in the file.
    pub name: String,
    /// A category, recoded like answers, or a number.
    pub kind: Kind,
}

/// How the rows of a unit become one value. A unit without rows that was asked has 0, and no greatest number.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub enum LoopRule {
    /// The number of its rows.
    Rows,
    /// The number of rows with one of these codes.
    Count {
        /// A column of the loop.
        column: String,
        /// Codes of its list, at least one.
        codes: Vec<Code>,
    },
    /// 1 if a row has one of these codes, else 0.
    Any {
        /// A column of the loop.
        column: String,
        /// Codes of its list, at least one.
        codes: Vec<Code>,
    },
    /// The sum of a column of numbers.
    Sum {
        /// A column of the loop.
        column: String,
    },
    /// The greatest number of a column.
    Greatest {
        /// A column of the loop.
        column: String,
    },
}

impl LoopRule {
    /// The column that it looks at, if it looks at one.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::Rows => None,
            Self::Count { column, .. }
            | Self::Any { column, .. }
            | Self::Sum { column }
            | Self::Greatest { column } => Some(column),
        }
    }
}
