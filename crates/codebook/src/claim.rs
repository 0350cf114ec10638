//! Claims: sentences that state a number or a difference, bound to an estimate and checked in every run.

use std::fmt;

use crate::{BaseId, Code, Language, NameError, Place, RowId, TableId, VariableName, WaveId};

/// The name of a claim, unique in its theme.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClaimId(String);

impl ClaimId {
    /// Reads a claim's name.
    ///
    /// # Errors
    /// When it is not small letters, digits, '_' and '-', a letter first.
    pub fn new(text: &str) -> Result<Self, NameError> {
        crate::FigureId::new(text)
            .map(|id| Self(id.as_str().to_owned()))
            .map_err(|error| NameError { kind: "claim id", ..error })
    }

    /// The name as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClaimId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a sentence says about the estimates. The sentence itself is a [`Wording`], one or more in each language.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// Its name.
    pub id: ClaimId,
    /// What must hold.
    pub predicate: Predicate,
    /// Where it is written.
    pub place: Place,
}

/// What must hold. A cell is a row of a table, in total or in one group of a breakdown.
#[derive(Debug, Clone, PartialEq)]
pub enum Predicate {
    /// The wording tells a share ("9 of 10", "81 per cent"): it must be near the estimate.
    Near {
        /// The table.
        table: TableId,
        /// The row.
        row: RowId,
        /// The group of a breakdown; `None` is the total.
        group: Option<(VariableName, Code)>,
    },
    /// The wording tells a share of an earlier wave.
    NearThen {
        /// The row, and where.
        cell: CellName,
        /// The earlier wave.
        wave: WaveId,
    },
    /// Higher, or lower, than in an earlier wave: a test finds the change.
    Change {
        /// The row, and where.
        cell: CellName,
        /// The earlier wave.
        since: WaveId,
        /// Which way.
        direction: Direction,
    },
    /// As in an earlier wave: the interval of the change lies within the margin.
    Unchanged {
        /// The row, and where.
        cell: CellName,
        /// The earlier wave.
        since: WaveId,
        /// The margin in points.
        margin: f64,
    },
    /// The wording tells the number of answers in a base: it must be that number.
    Answers {
        /// The base.
        base: BaseId,
    },
    /// The wording tells the share of the population that answered ("every sixth workplace"): answers by units of the population, both as
    /// they are published.
    Answered,
    /// More than half: a test finds the share above 50 per cent.
    Majority {
        /// The table.
        table: TableId,
        /// The row.
        row: RowId,
        /// The group of a breakdown; `None` is the total.
        group: Option<(VariableName, Code)>,
    },
    /// More often in one group than in another: a test finds the difference above `at_least`.
    MoreOften {
        /// The difference.
        comparison: Comparison,
        /// Points that the difference must exceed: 0 for "more often", 10 for "far more often".
        at_least: f64,
    },
    /// The most common of several rows: a test finds it above each of the others.
    MostCommon {
        /// The row, and where.
        row: CellName,
        /// The rows that it is compared with, at least one.
        others: Vec<RowId>,
    },
    /// About the same in all groups: the interval of every difference between two of them lies within the margin.
    AboutTheSame {
        /// The table.
        table: TableId,
        /// The row.
        row: RowId,
        /// The breakdown.
        breakdown: VariableName,
        /// The margin in points.
        margin: f64,
    },
}

impl Predicate {
    /// The table that it is about; a number of answers is in none.
    #[must_use]
    pub fn table(&self) -> Option<&TableId> {
        match self {
            Self::Near { table, .. } | Self::Majority { table, .. } | Self::AboutTheSame { table, .. } => Some(table),
            Self::MoreOften { comparison, .. } => Some(&comparison.table),
            Self::MostCommon { row, .. } => Some(&row.table),
            Self::NearThen { cell, .. } | Self::Change { cell, .. } | Self::Unchanged { cell, .. } => Some(&cell.table),
            Self::Answers { .. } | Self::Answered => None,
        }
    }

    /// The cell and the earlier wave that it is about, besides that of the report; `None` for claims about this wave alone.
    #[must_use]
    pub fn earlier(&self) -> Option<(&CellName, WaveId)> {
        match self {
            Self::NearThen { cell, wave: earlier }
            | Self::Change { cell, since: earlier, .. }
            | Self::Unchanged { cell, since: earlier, .. } => Some((cell, *earlier)),
            Self::Near { .. }
            | Self::Answers { .. }
            | Self::Answered
            | Self::Majority { .. }
            | Self::MoreOften { .. }
            | Self::MostCommon { .. }
            | Self::AboutTheSame { .. } => None,
        }
    }
}

/// Which way a share changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Up.
    Rose,
    /// Down.
    Fell,
}

/// A difference between two groups of one breakdown, for one row of a table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Comparison {
    /// The table.
    pub table: TableId,
    /// The row.
    pub row: RowId,
    /// The breakdown.
    pub breakdown: VariableName,
    /// The group from which the other is subtracted.
    pub group: Code,
    /// The group that is subtracted.
    pub than: Code,
}

/// A row of a table, in total or in one group of a breakdown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct CellName {
    /// The table.
    pub table: TableId,
    /// The row.
    pub row: RowId,
    /// The group of a breakdown; `None` is the total.
    pub group: Option<(VariableName, Code)>,
}

impl CellName {
    /// The cell, borrowed.
    #[must_use]
    pub fn as_ref(&self) -> crate::CellOf<'_> {
        let group = self.group.as_ref().map(|(breakdown, code)| (breakdown, code));
        crate::CellOf { table: &self.table, row: &self.row, group }
    }
}

/// A difference between two rows of a table, among the same answers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct RowComparison {
    /// The row from which the other is subtracted.
    pub of: CellName,
    /// The row that is subtracted.
    pub than: RowId,
}

/// A claim as some text words it.
#[derive(Debug, Clone, PartialEq)]
pub struct Wording {
    /// The claim.
    pub claim: ClaimId,
    /// The language of the text.
    pub language: Language,
    /// The words between the brackets.
    pub text: String,
    /// The number they tell, if the predicate needs one.
    pub spoken: Option<Spoken>,
    /// Where they are written.
    pub place: Place,
}

/// The number that some words tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spoken {
    /// A share told in per cent with so many decimals: "81 per cent", "just over 80 per cent".
    Percent {
        /// The per cent told.
        value: f64,
        /// The decimals told.
        decimals: u8,
        /// The side that is told.
        lean: Lean,
    },
    /// A share told by a phrase of the language: "9 of 10" tells 90, "one in six" tells 16.67.
    Phrase {
        /// The per cent that the phrase stands for.
        percent: f64,
        /// The side that is told.
        lean: Lean,
    },
    /// A count: "2,271".
    Count(u64),
}

/// On which side of the number told the estimate is said to lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lean {
    /// Nothing is said of it: "9 of 10".
    Neither,
    /// "Just over 9 of 10".
    Over,
    /// "Just under 9 of 10".
    Under,
}

/// A phrase by which a language tells a share.
#[derive(Debug, Clone, PartialEq)]
pub struct SharePhrase {
    /// As a text may have it: "every sixth".
    pub words: String,
    /// The per cent that it stands for.
    pub percent: f64,
}
