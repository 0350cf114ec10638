//! Trimming: extreme weights are cut, and what is cut is given to the other units, so that the total stays.
//!
//! Cutting trades a little bias for variance. The usual limit is a multiple of the median or mean weight, and the usual way to keep the total
//! is to multiply the weights that were not cut (Potter 1990, Proceedings of the Survey Research Methods Section, American Statistical
//! Association, 225-230); R's `trimWeights` adds the same to each of them instead. Either way nobody may be beyond a bound
//! afterwards, so the weights are those of one equation: sum min(high, max(low, c w)) = sum w, or with w + c for c w.
//!
//! Trimmed weights meet their margins no more; who wants both calibrates again.

use super::count;
use crate::Wide;

/// A bound on weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TrimBound {
    /// A weight.
    Weight(Wide),
    /// A multiple of the median weight.
    TimesMedian(Wide),
    /// A multiple of the mean weight.
    TimesMean(Wide),
}

/// Between what weights have to lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrimBounds {
    /// The least; `None` for no bound.
    pub low: Option<TrimBound>,
    /// The most; `None` for no bound.
    pub high: Option<TrimBound>,
}

/// Who gets what was cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    /// Every unit that is not at a bound, in proportion to its weight.
    Proportional,
    /// Every unit that is not at a bound, the same, as in R.
    Equal,
}

/// Weights after trimming.
#[derive(Debug, Clone, PartialEq)]
pub struct Trimmed {
    /// In the order of the weights before.
    pub weights: Vec<Wide>,
    /// How many weights were beyond a bound.
    pub cut: u64,
    /// Their share of all units.
    pub share_of_units: f64,
    /// The share of the sum of weights that went from some units to others.
    pub share_moved: f64,
}

/// Why weights cannot be trimmed.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum TrimError {
    /// Bounds between which the weights cannot keep their sum.
    #[error("weights add up to {sum}, but between the bounds only to {lowest} to {highest}")]
    OutOfReach {
        /// The sum of the weights.
        sum: f64,
        /// The sum if every weight were at its lower bound.
        lowest: f64,
        /// The sum if every weight were at its upper bound; infinite if there is none.
        highest: f64,
    },
    /// A lower bound below 0 or above the upper one.
    #[error("weights cannot be trimmed to between {low} and {high}")]
    Bounds {
        /// The lower bound.
        low: f64,
        /// The upper bound; infinite if there is none.
        high: f64,
    },
}

/// Cuts weights beyond the bounds and spreads the excess over the others.
///
/// # Errors
/// When the bounds are the wrong way round, or the weights cannot keep their sum between them.
///
/// # Panics
/// When there are no weights, or one is not above 0: negative weights are to be calibrated away, not trimmed.
pub fn trim(weights: &[Wide], bounds: TrimBounds, excess: Excess) -> Result<Trimmed, TrimError> {
    assert!(!weights.is_empty(), "a sample has units");
    assert!(weights.iter().all(|weight| *weight > Wide::ZERO), "weights to trim are above 0");
    let range = Range::new(weights, bounds)?;
    let sum: Wide = weights.iter().copied().sum();
    let is_cut = |weight: &&Wide| range.clamp(**weight) != **weight;
    let cut = count(weights.iter().filter(is_cut).count());
    let trimmed = if cut == 0 { weights.to_vec() } else { Spread { weights, range, excess }.to_sum(sum) };
    let gains = weights.iter().zip(&trimmed).map(|(before, after)| *after - *before);
    let moved: Wide = gains.filter(|gain| *gain > Wide::ZERO).sum();
    Ok(Trimmed {
        weights: trimmed,
        cut,
        share_of_units: Wide::from_ratio(cut, count(weights.len())).to_f64(),
        share_moved: (moved / sum).to_f64(),
    })
}

/// The bounds as weights.
#[derive(Debug, Clone, Copy)]
struct Range {
    low: Wide,
    high: Option<Wide>,
}

impl Range {
    fn new(weights: &[Wide], bounds: TrimBounds) -> Result<Self, TrimError> {
        let number = Wide::from_count(count(weights.len()));
        let sum: Wide = weights.iter().copied().sum();
        let resolve = |bound: TrimBound| match bound {
            TrimBound::Weight(weight) => weight,
            TrimBound::TimesMedian(times) => times * median(weights),
            TrimBound::TimesMean(times) => times * sum / number,
        };
        let range = Self { low: bounds.low.map_or(Wide::ZERO, resolve), high: bounds.high.map(resolve) };
        let infinite = |high: Option<Wide>| high.map_or(f64::INFINITY, Wide::to_f64);
        if range.low < Wide::ZERO || range.high.is_some_and(|high| high < range.low) {
            return Err(TrimError::Bounds { low: range.low.to_f64(), high: infinite(range.high) });
        }
        let (lowest, highest) = (range.low * number, range.high.map(|high| high * number));
        // A bound at the mean itself can be kept, but n times the mean is the sum only but for rounding.
        let rounding = Wide::from_f64(Wide::EPSILON) * (number + Wide::from_count(8)) * sum;
        if sum + rounding < lowest || highest.is_some_and(|highest| sum > highest + rounding) {
            let (sum, lowest, highest) = (sum.to_f64(), lowest.to_f64(), infinite(highest));
            return Err(TrimError::OutOfReach { sum, lowest, highest });
        }
        Ok(range)
    }

    fn clamp(self, weight: Wide) -> Wide {
        match self.high {
            _ if weight < self.low => self.low,
            Some(high) if weight > high => high,
            Some(_) | None => weight,
        }
    }
}

/// The middle weight, or the mean of the two in the middle.
fn median(weights: &[Wide]) -> Wide {
    let mut sorted = weights.to_vec();
    sorted.sort_by(|a, b| a.partial_cmp(b).expect("weights are numbers"));
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[middle] } else { (sorted[middle - 1] + sorted[middle]) / Wide::from_count(2) }
}

/// Weights that are moved together until they add up.
struct Spread<'a> {
    weights: &'a [Wide],
    range: Range,
    excess: Excess,
}

impl Spread<'_> {
    /// The weights that add up to `sum`. Sum and weights grow with the common move in straight pieces, each of which ends where some
    /// weight comes to a bound; so the piece is sought, and the weights lie on it where the sum does.
    fn to_sum(&self, sum: Wide) -> Vec<Wide> {
        let ends = self.ends();
        let place = ends.partition_point(|end| self.moved(*end).into_iter().sum::<Wide>() < sum);
        let at = |place: usize| self.moved(ends[place.min(ends.len() - 1)]);
        let (start, end) = (at(place.saturating_sub(1)), at(place));
        let [start_sum, end_sum] = [&start, &end].map(|weights| weights.iter().copied().sum::<Wide>());
        if start_sum == end_sum {
            return end;
        }
        let along = (sum - start_sum) / (end_sum - start_sum);
        start.iter().zip(&end).map(|(start, end)| *start + along * (*end - *start)).collect()
    }

    /// The moves at which a weight comes to a bound, ascending. At the first all weights are at the lower bound, at the last at
    /// the upper one, or, where there is none, nobody is below the lower one.
    fn ends(&self) -> Vec<Wide> {
        let bounds = [Some(self.range.low), self.range.high];
        let move_to = |weight: Wide, bound: Wide| match self.excess {
            Excess::Proportional => bound / weight,
            Excess::Equal => bound - weight,
        };
        let mut ends: Vec<Wide> = Vec::new();
        for bound in bounds.into_iter().flatten() {
            ends.extend(self.weights.iter().map(|weight| move_to(*weight, bound)));
        }
        ends.sort_by(|a, b| a.partial_cmp(b).expect("weights are numbers"));
        ends
    }

    /// The weights after a common move, and between the bounds.
    fn moved(&self, by: Wide) -> Vec<Wide> {
        let weight = |weight: &Wide| match self.excess {
            Excess::Proportional => *weight * by,
            Excess::Equal => *weight + by,
        };
        self.weights.iter().map(|before| self.range.clamp(weight(before))).collect()
    }
}
