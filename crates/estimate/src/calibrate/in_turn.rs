//! Post-stratification and raking: calibration to categories by rule of three.

use super::margin::{gaps, is_met};
use super::{CalibrateError, Calibrated, CategoryMargin, Miss, Target};
use crate::Wide;

/// Rounds over all margins until they count as not met. Where margins can be met, ten rounds are the rule; a hundred mean that
/// few units decide much.
const ROUNDS: u32 = 1_000;

/// Post-stratification: in each cell, weights in the proportion of the design weights that add up to the cell's total.
///
/// # Errors
/// When a cell is in the sample or in the population only.
///
/// # Panics
/// When a design weight is not above 0, or the margin is not of as many units as there are weights: bugs.
pub fn post_stratify(weights: &[Wide], cells: &CategoryMargin) -> Result<Calibrated, Vec<CalibrateError>> {
    let errors = gaps(std::iter::once(cells));
    if errors.is_empty() { Ok(Calibrated::new(fit(weights.to_vec(), cells), 1)) } else { Err(errors) }
}

/// Raking: one margin after the other is post-stratified, round after round, until all of them fit to 1e-10 (Deming and Stephan
/// 1940). The weights are those of [`calibrate`](super::calibrate) with [`Distance::Raking`](super::Distance::Raking), as near as that.
///
/// # Errors
/// When a category is in the sample or in the population only, when margins add up to different populations, and when they do not fit
/// after a thousand rounds.
///
/// # Panics
/// When a design weight is not above 0, or a margin is not of as many units as there are weights: bugs.
pub fn rake(weights: &[Wide], margins: &[CategoryMargin]) -> Result<Calibrated, Vec<CalibrateError>> {
    let errors = gaps(margins.iter());
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut raked = weights.to_vec();
    for round in 1..=ROUNDS {
        for margin in margins {
            raked = fit(raked, margin);
        }
        if misses(&raked, margins).is_empty() {
            return Ok(Calibrated::new(raked, round));
        }
    }
    Err(vec![CalibrateError::NotMet { steps: ROUNDS, misses: misses(&raked, margins) }])
}

/// Multiplies the weights in each category by its total over their sum.
fn fit(weights: Vec<Wide>, margin: &CategoryMargin) -> Vec<Wide> {
    assert!(weights.iter().all(|weight| *weight > Wide::ZERO), "units of weight 0 are left out, and none is negative");
    let sums = margin.sums(&weights);
    let factors: Vec<Wide> = margin
        .categories
        .iter()
        .zip(sums)
        .map(|(category, sum)| match category.total {
            Some(total) if !sum.is_zero() => total / sum,
            // Nobody is there to be multiplied.
            Some(_) | None => Wide::ONE,
        })
        .collect();
    weights.into_iter().zip(&margin.of_units).map(|(weight, category)| weight * factors[*category]).collect()
}

fn misses(weights: &[Wide], margins: &[CategoryMargin]) -> Vec<Miss> {
    let of_margin = |margin: &CategoryMargin| -> Vec<Miss> {
        let missed = |(category, reached): (&super::Category, Wide)| {
            let total = category.total.filter(|total| !is_met(reached, *total, total.to_f64()))?;
            let target = Target { margin: margin.name.clone(), category: Some(category.name.clone()) };
            Some(Miss { target, total: total.to_f64(), reached: reached.to_f64() })
        };
        margin.categories.iter().zip(margin.sums(weights)).filter_map(missed).collect()
    };
    margins.iter().flat_map(of_margin).collect()
}
