//! Differences between two disjoint groups, with their covariance.

use codebook::Comparison;

use crate::Outcome;

/// The difference of a row between two groups of a breakdown; shares as shares, not points. Its interval is t(df).
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Which one.
    pub comparison: Comparison,
    /// The difference and its standard error.
    pub outcome: Outcome,
}
