//! What weights are calibrated to: totals that are known of the population, and the bounds that weights are kept in.
//!
//! This is the recipe as a wave's file tells it. The totals of a file or of the frame come with the raw data, and the weights are
//! made by `estimate`; nothing is computed here.

use std::collections::BTreeMap;

use crate::{Code, Decimal, Place, Translated, VariableName, Written};

/// How weights are made to reproduce known totals (statistics section 6).
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct CalibrationRecipe {
    /// The distance between old and new weights.
    pub method: CalibrationMethod,
    /// What the new weights reproduce; at least one.
    pub margins: Vec<Margin>,
    /// Where it is written.
    pub place: Place,
}

/// How weights move to the margins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub enum CalibrationMethod {
    /// The cells of one margin, each weighted to its total.
    PostStratification,
    /// Raking: the distance that keeps every weight above 0 and multiplies; margins of cells in turn until all of them fit.
    Raking,
    /// The generalised regression estimator: the squared distance, which may lead to weights below 0.
    Linear,
    /// The logit distance of Deville and Särndal, which keeps new weights over old ones within its bounds.
    Logit {
        /// The bounds.
        bounds: FactorBounds,
    },
}

/// Bounds of a new weight over its old one, 0 <= `low` < 1 < `high`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct FactorBounds {
    /// The lower bound.
    pub low: Decimal,
    /// The upper bound.
    pub high: Decimal,
}

/// Totals of the population that weights reproduce.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Margin {
    /// What is totalled.
    pub of: MarginOf,
    /// Where the totals come from, as readers are told; `None` if it is not told.
    #[serde(skip)]
    pub source: Option<Translated>,
    /// Where it is written.
    pub place: Place,
}

/// What a margin totals.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub enum MarginOf {
    /// The units in each cell.
    Cells {
        /// The category variables (answers, register or derived) whose combinations are the cells; at least one.
        by: Vec<VariableName>,
        /// How many units of the population each cell has.
        totals: CellTotals,
    },
    /// A number summed over the population.
    Number {
        /// The number.
        variable: VariableName,
        /// Its sum.
        total: Decimal,
    },
}

impl Margin {
    /// The variables that every unit needs a value of.
    #[must_use]
    pub fn variables(&self) -> &[VariableName] {
        match &self.of {
            MarginOf::Cells { by, .. } => by,
            MarginOf::Number { variable, .. } => std::slice::from_ref(variable),
        }
    }

    /// The file that its totals stand in, if they have one of their own.
    #[must_use]
    pub fn file(&self) -> Option<&MarginFile> {
        match &self.of {
            MarginOf::Cells { totals: CellTotals::File(file), .. } => Some(file),
            MarginOf::Cells { totals: CellTotals::Frame | CellTotals::Listed(_), .. } | MarginOf::Number { .. } => None,
        }
    }
}

/// Where the totals of cells come from.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub enum CellTotals {
    /// The wave's frame table, summed over the strata of each cell.
    Frame,
    /// A table of its own.
    File(MarginFile),
    /// The wave's file lists them by the codes of its one variable, none below 0.
    Listed(BTreeMap<Code, Decimal>),
}

/// A table of cells: one row per cell with its total.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct MarginFile {
    /// Its name in the folder of raw files.
    pub file: String,
    /// How it is written: like the answers, but for what is told.
    pub written: Written,
    /// The column with the total.
    pub count: String,
    /// The column of each variable of the margin; raw values are recoded like answers.
    pub columns: BTreeMap<VariableName, String>,
    /// Where the file name is written.
    pub place: Place,
}

/// Bounds of weights themselves. What is cut from some weights goes to the others, so that the sum stays.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TrimRecipe {
    /// No weight is below it.
    pub lowest: Option<WeightBound>,
    /// No weight is above it.
    pub highest: Option<WeightBound>,
    /// Where it is written.
    pub place: Place,
}

/// A bound on weights, not below 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub enum WeightBound {
    /// A weight.
    Weight(Decimal),
    /// A multiple of the median weight.
    TimesMedian(Decimal),
    /// A multiple of the mean weight.
    TimesMean(Decimal),
}

impl WeightBound {
    /// The weight, or how many times the median or the mean.
    #[must_use]
    pub fn number(self) -> Decimal {
        match self {
            Self::Weight(number) | Self::TimesMedian(number) | Self::TimesMean(number) => number,
        }
    }
}
