//! Replicate weights.
//!
//! V = scale sum_r rscale_r (theta_r - c)^2, with theta_r the estimate by the weights of replicate r and c their mean or the full
//! estimate (statistics section 7).

use crate::{Sums, Wide};

/// Replicate weights, as factors on the weights of the clusters that sums are made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Replicates {
    /// For each replicate, for each cluster ([`PsuCell::psu`](crate::PsuCell::psu)): its weight in the replicate over its weight in the sample.
    pub factors: Vec<Vec<Wide>>,
    /// Multiplies the sum of squares.
    pub scale: Wide,
    /// Multiplies the square of each replicate.
    pub rscales: Vec<Wide>,
    /// Around what squares are taken.
    pub centre: Centre,
    /// Degrees of freedom.
    pub df: f64,
}

/// Around what the squares of replicates are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Centre {
    /// The mean of the replicates.
    Mean,
    /// The full estimate.
    Estimate,
}

impl Replicates {
    /// What each replicate has in place of the estimate, less the estimate. `value_of` makes it from the sums of w x and w y.
    pub(crate) fn values(&self, _sums: &Sums, _value: Wide, _value_of: impl Fn(Wide, Wide) -> Wide) -> Vec<Wide> {
        Vec::new()
    }

    /// The variance, given the estimate of each replicate less the full estimate.
    pub(crate) fn variance(&self, _values: &[Wide]) -> Wide {
        Wide::ZERO
    }
}
