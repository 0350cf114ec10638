//! Replicate weights.
//!
//! V = scale sum_r rscale_r (theta_r - c)^2, with theta_r the estimate by the weights of replicate r and c their mean
//! or the full estimate (statistics section 7; Wolter 2007, Introduction to Variance Estimation). Conventions are those
//! of R's `svrepdesign` and `as.svrepdesign`. Replicate weights come with the data ([`Replicates::supplied`]) or are
//! made from the design ([`Replicates::jackknife`], [`Replicates::bootstrap`]).
//!
//! Nothing here looks at y: weights are made once for a wave, and every statistic goes through the same ones, so
//! differences between statistics have their covariance.

mod created;
mod random;
mod rank;
mod supplied;

pub use supplied::{ReplicateError, ReplicateMethod, ReplicateWeights};

use crate::linearise::Total;
use crate::variance::without_rounding;
use crate::{Sums, UnitValue, Wide};

/// Replicate weights, as factors on the weights of the sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Replicates {
    /// What has a factor of its own.
    pub bearer: Bearer,
    /// For each replicate, for each bearer by its number: its weight in the replicate over its weight in the sample.
    /// Not negative.
    pub factors: Vec<Vec<Wide>>,
    /// Multiplies the sum of squares.
    pub scale: Wide,
    /// Multiplies the square of each replicate; as many as there are replicates, none negative.
    pub rscales: Vec<Wide>,
    /// Around what squares are taken.
    pub centre: Centre,
    /// What strata contribute that no replicate changes.
    pub unreplicated: Unreplicated,
    /// Degrees of freedom of all replicates. Those of a domain are at most its PSUs less its strata ([`Degrees`](crate::Degrees)).
    pub df: f64,
}

/// What has a factor of its own in each replicate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bearer {
    /// Clusters, by [`PsuCell::psu`](crate::PsuCell::psu): all units of a cluster have its factor.
    Cluster,
    /// Units, by [`UnitValue::unit`](crate::UnitValue::unit), as in weights that come with the data. They need sums by
    /// unit.
    Unit,
}

/// Around what the squares of replicates are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Centre {
    /// The mean of the replicates whose rscale is above 0, as R does unless told (`mse = FALSE`).
    Mean,
    /// The full estimate (`mse = TRUE`). Never below what the mean gives when all rscales are equal.
    Estimate,
}

/// What strata contribute whose PSUs no replicate leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreplicated {
    /// Nothing.
    Nothing,
    /// If they are lonely, the mean variance of the other strata that hold the domain.
    MeanOfOthers,
}

impl Replicates {
    /// What each replicate has in place of the estimate, less the estimate. `value_of` makes it from the sums of w x
    /// and w y, and `value` is what it makes of the full sample. `None` where the replicate has no such value: all
    /// units of the domain have weight 0 in it, and their mean would be 0/0.
    ///
    /// # Panics
    /// When sums are by stratum, or by PSU where units bear the factors, and when they number a bearer that has no
    /// factor: bugs.
    pub(crate) fn values(&self, sums: &Sums, value: Wide, value_of: impl Fn(Wide, Wide) -> Wide) -> Vec<Option<Total>> {
        let parts = self.parts(sums);
        let magnitude_of = |wx: Wide, wy: f64| value_of(wx, Wide::from_f64(wy)).abs().to_f64();
        let full = magnitude_of(parts.iter().map(|part| part.wx).sum(), parts.iter().map(|part| part.magnitude).sum());
        let value_in = |factors: &Vec<Wide>| {
            let (mut wx, mut wy, mut magnitude) = (Wide::ZERO, Wide::ZERO, 0.0);
            for part in &parts {
                let factor = factors[part.bearer];
                wx += part.wx * factor;
                wy += part.wy * factor;
                magnitude += part.magnitude * factor.to_f64();
            }
            let replicate = value_of(wx, wy);
            let size = magnitude_of(wx, magnitude) + full;
            replicate.to_f64().is_finite().then(|| Total { z: replicate - value, size })
        };
        self.factors.iter().map(value_in).collect()
    }

    fn parts(&self, sums: &Sums) -> Vec<Part> {
        match (sums, self.bearer) {
            (Sums::ByStratum(_), _) => panic!("sums by stratum do not tell what a replicate estimates"),
            (Sums::ByPsu(_), Bearer::Unit) => panic!("replicate weights of units need sums by unit"),
            (Sums::ByPsu(cells), Bearer::Cluster) => {
                cells.iter().map(|cell| Part::new(cell.psu, cell.wx, cell.wy)).collect()
            }
            (Sums::ByUnit(units), bearer) => {
                let number = |unit: &UnitValue| match bearer {
                    Bearer::Cluster => unit.psu,
                    Bearer::Unit => unit.unit,
                };
                units.iter().map(|unit| Part::new(number(unit), unit.w * unit.x, unit.w * unit.y)).collect()
            }
        }
    }

    /// The variance, given the estimate of each replicate less the full estimate.
    ///
    /// `None` if a replicate that counts has no estimate. R leaves such replicates out and warns; but the replicates
    /// that a domain does not survive are those furthest from its estimate, so the rest would show too little. A domain
    /// so small has no standard error here.
    pub(crate) fn variance(&self, values: &[Option<Total>]) -> Option<Wide> {
        let counted: Vec<(Total, Wide)> = values
            .iter()
            .zip(&self.rscales)
            .filter(|(_, rscale)| **rscale > Wide::ZERO)
            .map(|(value, rscale)| value.map(|value| (value, *rscale)))
            .collect::<Option<_>>()?;
        let count = u64::try_from(counted.len()).expect("a number of replicates fits 64 bits");
        let centre = match self.centre {
            Centre::Mean if count > 0 => {
                let mut sum = Total::ZERO;
                counted.iter().for_each(|(value, _)| sum.add(*value));
                sum.times(Wide::from_ratio(1, count))
            }
            Centre::Mean | Centre::Estimate => Total::ZERO,
        };
        let mut squares = Wide::ZERO;
        let mut size = 0.0;
        for (value, rscale) in counted {
            squares += rscale * (value.z - centre.z).square();
            let magnitude = value.size + centre.size;
            size += rscale.to_f64() * magnitude * magnitude;
        }
        Some(without_rounding(self.scale * squares, self.scale.to_f64() * size, count))
    }
}

/// What the units that share a factor add to the sums of a domain.
struct Part {
    bearer: usize,
    wx: Wide,
    wy: Wide,
    /// |w y|, which the rounding errors of the sum are in proportion to.
    magnitude: f64,
}

impl Part {
    fn new(bearer: usize, wx: Wide, wy: Wide) -> Self {
        Self { bearer, wx, wy, magnitude: wy.abs().to_f64() }
    }
}
