//! Calibration by Newton steps.
//!
//! Wanted is lambda with sum d g(x'lambda) x = T. A step solves (sum d g' x x') delta = T - sum d g x, the misfit, and is halved
//! until the worst misfit gets smaller, which it does for a step short enough (Deville and Särndal 1992, section 3; R's
//! `grake` halves only when g is not finite).

use super::distance::Factors;
use super::margin::{Auxiliaries, fitted, is_met};
use super::{CalibrateError, Calibrated, Distance, Margin};
use crate::Wide;
use crate::solve::{Dependent, Factor};

/// Newton steps until totals count as not met. A calibration that can be done takes about five.
const STEPS: u32 = 50;
/// How often a step is halved until it counts as leading nowhere.
const HALVINGS: u32 = 40;

/// Weights with the totals of all margins, at the least distance from the design weights.
///
/// Margins that tell the same twice are admitted as long as they agree. Totals are met to all digits of [`Wide`], but for rounding.
///
/// # Errors
/// When a category is in the sample or in the population only, when totals contradict each other, when bounds do not hold 1
/// or leave a total out of reach, and when no weights are found. All of the same kind at once.
///
/// # Panics
/// When a design weight is not above 0, or a margin is not of as many units as there are weights: bugs.
pub fn calibrate(weights: &[Wide], margins: &[Margin], distance: Distance) -> Result<Calibrated, Vec<CalibrateError>> {
    assert!(weights.iter().all(|weight| *weight > Wide::ZERO), "units of weight 0 are left out, and none is negative");
    distance.check().map_err(|error| vec![error])?;
    let auxiliaries = Auxiliaries::new(weights, margins)?;
    let (factor, dependents) = Factor::new(&auxiliaries.normal_matrix(weights));
    let mut errors: Vec<CalibrateError> =
        dependents.iter().filter_map(|dependent| contradiction(dependent, &auxiliaries)).collect();
    errors.extend(out_of_reach(weights, &auxiliaries, distance));
    if !errors.is_empty() {
        return Err(errors);
    }
    Problem { weights, auxiliaries: &auxiliaries, distance, start: factor }.solve().map_err(|error| vec![error])
}

/// A total that differs from what the totals of the columns it is made of add up to.
fn contradiction(dependent: &Dependent, auxiliaries: &Auxiliaries) -> Option<CalibrateError> {
    /// A column is no part of another if it is in it less than this.
    const NONE: f64 = 1e-9;
    let column = &auxiliaries.columns[dependent.column];
    let parts = || dependent.parts.iter().map(|(part, times)| (&auxiliaries.columns[*part], *times));
    let implied: Wide = parts().map(|(part, times)| part.total * times).sum();
    let size = parts().map(|(part, times)| part.size * times.to_f64().abs()).fold(column.size, f64::max);
    if is_met(implied, column.total, size) {
        return None;
    }
    let mut others: Vec<String> =
        parts().filter(|(_, times)| times.to_f64().abs() > NONE).map(|(part, _)| part.target.margin.clone()).collect();
    others.dedup();
    Some(CalibrateError::Contradiction {
        target: column.target.clone(),
        total: column.total.to_f64(),
        implied: implied.to_f64(),
        others,
    })
}

/// The totals that no weights within the bounds add up to.
fn out_of_reach(weights: &[Wide], auxiliaries: &Auxiliaries, distance: Distance) -> Vec<CalibrateError> {
    let (low, high) = match distance {
        Distance::Linear | Distance::Raking => return Vec::new(),
        Distance::Logit { low, high } => (low, high),
    };
    let mut ranges = vec![(Wide::ZERO, Wide::ZERO); auxiliaries.columns.len()];
    for (row, weight) in auxiliaries.rows.iter().zip(weights) {
        for entry in row {
            let value = *weight * entry.value;
            let (least, most) = if value > Wide::ZERO { (low, high) } else { (high, low) };
            ranges[entry.column].0 += least * value;
            ranges[entry.column].1 += most * value;
        }
    }
    let columns = auxiliaries.columns.iter().zip(ranges);
    let beyond = columns.filter(|(column, (lowest, highest))| column.total < *lowest || column.total > *highest);
    beyond
        .map(|(column, (lowest, highest))| CalibrateError::OutOfReach {
            target: column.target.clone(),
            total: column.total.to_f64(),
            lowest: lowest.to_f64(),
            highest: highest.to_f64(),
        })
        .collect()
}

/// A calibration that nothing is known to speak against.
struct Problem<'a> {
    weights: &'a [Wide],
    auxiliaries: &'a Auxiliaries,
    distance: Distance,
    /// The matrix of the first step, and with it the columns that are needed.
    start: Factor,
}

/// Where the steps have come to.
struct Position {
    lambda: Vec<Wide>,
    factors: Vec<Factors>,
    misfit: Vec<Wide>,
    /// The largest misfit, relative to its total.
    worst: f64,
}

impl Problem<'_> {
    fn solve(&self) -> Result<Calibrated, CalibrateError> {
        let origin = vec![Wide::ZERO; self.auxiliaries.columns.len()];
        let mut here = self.position(origin).expect("g is 1 at the start");
        for step in 0..=STEPS {
            let Some(factor) = self.factor(&here) else { return Err(self.not_met(&here, step)) };
            let delta = factor.solve(&here.misfit);
            if here.worst <= super::TOLERANCE {
                return Ok(Calibrated::new(self.last_weights(&here, &delta), step));
            }
            match self.advance(&here, &delta) {
                Some(next) => here = next,
                None => return Err(self.not_met(&here, step)),
            }
        }
        Err(self.not_met(&here, STEPS))
    }

    /// The matrix of the next step; `None` if the bounds have left too little to move.
    fn factor(&self, here: &Position) -> Option<Factor> {
        let slopes: Vec<Wide> =
            self.weights.iter().zip(&here.factors).map(|(weight, factors)| *weight * factors.slope).collect();
        let (factor, _) = Factor::new(&self.auxiliaries.normal_matrix(&slopes));
        factor.keeps_as(&self.start).then_some(factor)
    }

    /// One step, halved until it leads nearer; `None` if it never does.
    fn advance(&self, here: &Position, delta: &[Wide]) -> Option<Position> {
        let half = Wide::from_ratio(1, 2);
        let mut length = Wide::ONE;
        for _ in 0..HALVINGS {
            let lambda = here.lambda.iter().zip(delta).map(|(lambda, delta)| *lambda + *delta * length).collect();
            let next = self.position(lambda).filter(|next| next.worst < here.worst);
            if next.is_some() {
                return next;
            }
            length = length * half;
        }
        None
    }

    /// The misfit at some lambda; `None` if g is too large there.
    fn position(&self, lambda: Vec<Wide>) -> Option<Position> {
        let factors: Vec<Factors> = self
            .auxiliaries
            .rows
            .iter()
            .map(|row| self.distance.factors(fitted(row, &lambda)))
            .collect::<Option<_>>()?;
        let weights: Vec<Wide> =
            self.weights.iter().zip(&factors).map(|(weight, factors)| *weight * factors.g).collect();
        let sums = self.auxiliaries.sums(&weights);
        let columns = self.auxiliaries.columns.iter();
        let misfit: Vec<Wide> = columns.clone().zip(sums).map(|(column, sum)| column.total - sum).collect();
        let relative = columns.zip(&misfit).map(|(column, misfit)| misfit.abs().to_f64() / column.size);
        Some(Position { worst: relative.fold(0.0, f64::max), lambda, factors, misfit })
    }

    /// The weights after one more step along the slope of g instead of along g. From so near the difference is below 1e-20, and the
    /// totals are met beyond the 53 bits that exponentials have.
    fn last_weights(&self, here: &Position, delta: &[Wide]) -> Vec<Wide> {
        let units = self.weights.iter().zip(&here.factors).zip(&self.auxiliaries.rows);
        units.map(|((weight, Factors { g, slope }), row)| *weight * (*g + *slope * fitted(row, delta))).collect()
    }

    fn not_met(&self, here: &Position, steps: u32) -> CalibrateError {
        let columns = self.auxiliaries.columns.iter().zip(&here.misfit);
        let sums: Vec<Wide> = columns.map(|(column, misfit)| column.total - *misfit).collect();
        CalibrateError::NotMet { steps, misses: self.auxiliaries.misses(&sums) }
    }
}
