//! Tables of estimates, before disclosure control.

use codebook::{Comparison, RowId, TableId, TableSpec};

use crate::{DesignTable, Difference, Domain, IntervalMethod, TableSums};

/// How estimates are made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Method {
    /// For shares; means and totals take [`IntervalMethod::T`].
    pub shares: IntervalMethod,
    /// The confidence level, such as 0.95.
    pub level: f64,
    /// What degrees of freedom count.
    pub degrees: Degrees,
}

/// What degrees of freedom count (statistics section 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Degrees {
    /// PSUs less strata, over the strata that hold the domain and are not sampled whole. What is published.
    Domain,
    /// PSUs less strata of the whole design, as R does.
    Design,
}

/// A table of estimates. Nothing here has passed disclosure control.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The table.
    pub id: TableId,
    /// As in [`TableSums::domains`].
    pub domains: Vec<Domain>,
    /// The rows, as in the specification.
    pub rows: Vec<RowId>,
    /// `cells[row][domain]`.
    pub cells: Vec<Vec<Outcome>>,
    /// The differences that claims ask for.
    pub differences: Vec<Difference>,
}

/// An estimate, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Outcome {
    /// It could be estimated.
    Estimated(Estimate),
    /// It could not.
    NotEstimable {
        /// Why.
        reason: NotEstimable,
        /// Unweighted units in the domain.
        n: u64,
    },
}

/// Why there is no estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotEstimable {
    /// Nobody is in the domain.
    Empty,
    /// The variance is 0 although the sample is not a census, or no degree of freedom is left: the value stands, its error is
    /// unknown, so it is not shown.
    NoVariance,
}

/// One estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The share (0 to 1), mean or total.
    pub value: f64,
    /// The linearised standard error.
    pub se: f64,
    /// The lower confidence limit.
    pub low: f64,
    /// The upper confidence limit.
    pub high: f64,
    /// Degrees of freedom.
    pub df: f64,
    /// Unweighted units in the domain.
    pub n: u64,
    /// Those of them with a value other than 0: for a share, the unweighted numerator.
    pub positive: u64,
}

/// Estimates one table and the differences asked for.
///
/// # Panics
/// When sums and specification are not of the same table and shape: a bug.
#[must_use]
pub fn estimate(
    spec: &TableSpec,
    sums: &TableSums,
    design: &DesignTable,
    comparisons: &[Comparison],
    method: Method,
) -> Table {
    let _ = (spec, sums, design, comparisons, method);
    todo!()
}
