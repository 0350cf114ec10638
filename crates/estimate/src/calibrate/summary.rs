//! What calibration did to the weights, in the few numbers that a method page tells.

use super::count;
use crate::Wide;

/// Weights at a glance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightSummary {
    /// How many units have a weight.
    pub units: u64,
    /// The sum of the weights.
    pub sum: f64,
    /// The smallest weight.
    pub smallest: f64,
    /// The largest weight.
    pub largest: f64,
    /// Kish's design effect of unequal weights: n sum w^2 / (sum w)^2, which is 1 if all weights are equal (Kish 1965, 11.7).
    pub design_effect: f64,
    /// n over that design effect.
    pub effective_units: f64,
    /// The smallest g, calibrated over design weight.
    pub smallest_factor: f64,
    /// The largest g.
    pub largest_factor: f64,
    /// The coefficient of variation of g: its standard deviation, with divisor n, over its mean. 0 if calibration changed no
    /// proportion.
    pub factor_variation: f64,
}

impl WeightSummary {
    /// Of the weights after calibration, given those before, in the same order.
    ///
    /// # Panics
    /// When there are no weights, not as many before as after, or one before is 0: bugs.
    #[must_use]
    pub fn new(before: &[Wide], after: &[Wide]) -> Self {
        assert_eq!(before.len(), after.len(), "weights before and after are of the same units");
        let factors: Vec<Wide> = before.iter().zip(after).map(|(before, after)| *after / *before).collect();
        let (smallest, largest) = range(after);
        let (smallest_factor, largest_factor) = range(&factors);
        let effect = inequality(after);
        let units = count(after.len());
        // n sum g^2 / (sum g)^2 - 1 is the squared coefficient of variation; rounding must not make it negative.
        let squared_variation = (inequality(&factors) - Wide::ONE).to_f64().max(0.0);
        Self {
            units,
            sum: after.iter().copied().sum::<Wide>().to_f64(),
            smallest,
            largest,
            design_effect: effect.to_f64(),
            effective_units: (Wide::from_count(units) / effect).to_f64(),
            smallest_factor,
            largest_factor,
            factor_variation: libm::sqrt(squared_variation),
        }
    }
}

fn range(values: &[Wide]) -> (f64, f64) {
    let first = values.first().expect("a sample has units").to_f64();
    values.iter().fold((first, first), |(low, high), value| (low.min(value.to_f64()), high.max(value.to_f64())))
}

/// n sum v^2 / (sum v)^2.
fn inequality(values: &[Wide]) -> Wide {
    let sum: Wide = values.iter().copied().sum();
    let squares: Wide = values.iter().map(|value| value.square()).sum();
    Wide::from_count(count(values.len())) * squares / sum.square()
}
