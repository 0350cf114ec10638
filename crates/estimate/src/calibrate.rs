//! Calibration: weights that reproduce known totals of the population, and the variance that this takes away.
//!
//! A sample has design weights d and for every unit a vector x of auxiliaries, whose totals T in the population are known. The
//! calibrated weights w = d g(x'lambda) are as near to d as the distance that g belongs to allows, with sum w x = T (Deville and
//! Särndal 1992, Journal of the American Statistical Association 87, 376-382). [`post_stratify`] and [`rake`] are the
//! special cases that need no equations, [`calibrate`] is the general one, and [`Calibration`] carries what the variance needs.
//!
//! Units are told by their place: every list about units is in the order of their numbers within the wave, so the order
//! of a file's rows cannot change a bit of a weight. Units of weight 0 count nowhere and are left out by the caller.

mod distance;
mod error;
mod in_turn;
mod margin;
mod newton;
mod residuals;
mod summary;
mod trim;

pub use distance::Distance;
pub use error::{CalibrateError, Miss, Target};
pub use in_turn::{post_stratify, rake};
pub use margin::{AmountMargin, Category, CategoryMargin, Margin};
pub use newton::calibrate;
pub use residuals::{Calibration, Regression, SampledUnit};
pub use summary::WeightSummary;
pub use trim::{Excess, TrimBound, TrimBounds, TrimError, Trimmed, trim};

use crate::Wide;

/// How near to its total, relative to its size, every margin has to come (statistics section 6).
const TOLERANCE: f64 = 1e-10;

/// Weights that meet their margins.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibrated {
    /// One for each unit, in the order of the design weights.
    pub weights: Vec<Wide>,
    /// Rounds over the margins, or Newton steps; 1 for post-stratification.
    pub steps: u32,
    /// Weights below 0, which the linear distance allows. For a person to know, not an error.
    pub negative: Option<NegativeWeights>,
}

/// Weights below 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NegativeWeights {
    /// How many units have one.
    pub units: u64,
    /// The smallest of them.
    pub smallest: Wide,
}

impl Calibrated {
    fn new(weights: Vec<Wide>, steps: u32) -> Self {
        let mut negative: Option<NegativeWeights> = None;
        for weight in weights.iter().filter(|weight| **weight < Wide::ZERO) {
            let (units, smallest) = negative.map_or((0, *weight), |negative| (negative.units, negative.smallest));
            let smallest = if *weight < smallest { *weight } else { smallest };
            negative = Some(NegativeWeights { units: units + 1, smallest });
        }
        Self { weights, steps, negative }
    }
}

/// A number of things as a count.
fn count(things: usize) -> u64 {
    u64::try_from(things).expect("a number of units fits 64 bits")
}
