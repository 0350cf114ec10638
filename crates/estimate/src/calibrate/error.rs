//! Why margins cannot be met: which, and by how much.

use std::fmt;

/// What a known total is about, by the names of the caller.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    /// The margin.
    pub margin: String,
    /// The category of the margin; `None` for an amount.
    pub category: Option<String>,
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.category {
            Some(category) => write!(formatter, "margin {}, category {category}", self.margin),
            None => write!(formatter, "margin {}", self.margin),
        }
    }
}

/// A total that weights do not reproduce.
#[derive(Debug, Clone, PartialEq)]
pub struct Miss {
    /// What the total is about.
    pub target: Target,
    /// The total in the population.
    pub total: f64,
    /// What the weights add up to.
    pub reached: f64,
}

impl Miss {
    /// How far the weights are above the total; negative if below.
    #[must_use]
    pub fn by(&self) -> f64 {
        self.reached - self.total
    }
}

impl fmt::Display for Miss {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { target, total, reached } = self;
        write!(formatter, "{target} has total {total}, the weights reach {reached} ({:+e})", self.by())
    }
}

/// Why weights cannot be calibrated.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CalibrateError {
    /// A category of the population that the sample does not have.
    #[error("{target} has {total} in the population and no unit in the sample")]
    NoUnits {
        /// The category.
        target: Target,
        /// Its total in the population.
        total: f64,
    },
    /// A category of the sample that the population does not have.
    #[error("{target} has {units} units in the sample and no total in the population")]
    NoTotal {
        /// The category.
        target: Target,
        /// Its units in the sample.
        units: u64,
    },
    /// A category with a total that no weights above 0 reach.
    #[error("{target} has total {total}, which is not above 0, and {units} units in the sample")]
    NotPositive {
        /// The category.
        target: Target,
        /// Its total.
        total: f64,
        /// Its units in the sample.
        units: u64,
    },
    /// Two margins that each divide all units, with different sizes of the population.
    #[error("margin {margin} adds up to {sum}, but margin {other} to {other_sum}")]
    SumsDiffer {
        /// A margin.
        margin: String,
        /// The sum of its totals.
        sum: f64,
        /// The first margin with categories.
        other: String,
        /// The sum of its totals.
        other_sum: f64,
    },
    /// A total that follows from others, as the sample shows, but differs from what follows.
    #[error("{target} has total {total}, but {implied} follows from the totals of {}", others.join(", "))]
    Contradiction {
        /// What the total is about.
        target: Target,
        /// The total.
        total: f64,
        /// What the other totals make of it.
        implied: f64,
        /// The margins of those totals.
        others: Vec<String>,
    },
    /// Bounds on g that do not admit g = 1, from which the distance is counted.
    #[error(
        "bounds on calibrated over design weights are {low} and {high}: the lower is to be from 0 to below 1, the upper above 1"
    )]
    Bounds {
        /// The lower bound.
        low: f64,
        /// The upper bound.
        high: f64,
    },
    /// A total that is out of the bounds' reach even if all other totals are given up.
    #[error("{target} has total {total}, but within the bounds weights reach only {lowest} to {highest}")]
    OutOfReach {
        /// What the total is about.
        target: Target,
        /// The total.
        total: f64,
        /// The least that weights within the bounds add up to.
        lowest: f64,
        /// The most.
        highest: f64,
    },
    /// Totals that no step brings any nearer, or not within the steps allowed.
    #[error("after {steps} steps not all totals are met: {}", misses.iter().map(Miss::to_string).collect::<Vec<_>>().join("; "))]
    NotMet {
        /// Rounds over the margins, or Newton steps, that were made.
        steps: u32,
        /// The totals that are missed by the best weights found.
        misses: Vec<Miss>,
    },
}
