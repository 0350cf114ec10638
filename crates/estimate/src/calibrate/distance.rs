//! Distances between design weights and calibrated weights, by the factor g that each of them leads to.
//!
//! g(u) with g(0) = 1 and slope g'(0) = 1 is the inverse of the distance's derivative (Deville and Särndal 1992, table 1).

use super::CalibrateError;
use crate::Wide;

/// How far calibrated weights are from design weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Distance {
    /// The squared difference, which makes the generalised regression estimator (GREG): g = 1 + u. Weights may be negative.
    Linear,
    /// The distance of raking: g = exp u, always above 0.
    Raking,
    /// g between two bounds: a logistic curve of u.
    Logit {
        /// The lower bound of calibrated over design weight: from 0 to below 1.
        low: Wide,
        /// The upper bound: above 1.
        high: Wide,
    },
}

/// g and its slope at some u.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Factors {
    pub(super) g: Wide,
    pub(super) slope: Wide,
}

impl Distance {
    /// # Errors
    /// When 1 does not lie between the bounds, or they admit negative weights.
    pub(super) fn check(self) -> Result<(), CalibrateError> {
        match self {
            Self::Logit { low, high } if low < Wide::ZERO || low >= Wide::ONE || high <= Wide::ONE => {
                Err(CalibrateError::Bounds { low: low.to_f64(), high: high.to_f64() })
            }
            Self::Linear | Self::Raking | Self::Logit { .. } => Ok(()),
        }
    }

    /// g(u); `None` where it is too large to sum.
    pub(super) fn factors(self, u: Wide) -> Option<Factors> {
        /// e^300 times any weight and value of a survey is far from overflow.
        const LARGEST: f64 = 300.0;
        match self {
            Self::Linear => Some(Factors { g: Wide::ONE + u, slope: Wide::ONE }),
            Self::Raking if u.to_f64().abs() > LARGEST => None,
            Self::Raking => {
                let g = Wide::from_f64(libm::exp(u.to_f64()));
                Some(Factors { g, slope: g })
            }
            Self::Logit { low, high } => Some(logit(u, low, high)),
        }
    }
}

/// g = (L (U - 1) + U (1 - L) e^(A u)) / ((U - 1) + (1 - L) e^(A u)) with A = (U - L) / ((1 - L) (U - 1)), which gives
/// g' = (g - L) (U - g) / ((1 - L) (U - 1)). Both sides of the fraction are divided by the larger power.
fn logit(u: Wide, low: Wide, high: Wide) -> Factors {
    let (below, above) = (Wide::ONE - low, high - Wide::ONE);
    let exponent = (u * (high - low) / (below * above)).to_f64();
    let power = Wide::from_f64(libm::exp(-exponent.abs()));
    let (to_low, to_high) = if exponent > 0.0 { (above * power, below) } else { (above, below * power) };
    let sum = to_low + to_high;
    // g - L and U - g are made without subtracting, since near the bounds little is left of them.
    let over_low = (high - low) * to_high / sum;
    let under_high = (high - low) * to_low / sum;
    Factors { g: low + over_low, slope: over_low * under_high / (below * above) }
}
