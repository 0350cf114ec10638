//! The F distribution, on real degrees of freedom.
//!
//! With x = d1 F / (d1 F + d2), P(F <= f) = I_x(d1/2, d2/2). On infinitely many denominator degrees, d1 F is chi-square.

use super::beta::{self, Odds};
use super::{Tail, chi_square_quantile, chi_square_upper_tail};

/// Degrees of freedom whose products and quotients stay within the doubles; `None` for so many that they are infinitely many.
pub(super) fn degrees_within_reach(degrees: f64) -> Option<f64> {
    const MOST: f64 = 1e140;
    // Variables of fewer degrees than this are 0 or infinite, to every digit of a probability.
    const FEWEST: f64 = 1e-140;
    (degrees < MOST).then(|| degrees.max(FEWEST))
}

/// P(F > f) on d1 and d2 degrees of freedom; d2 may be infinite.
///
/// # Panics
/// When f is below 0, d1 is not a number above 0 or d2 is not above 0: a bug.
#[must_use]
pub fn f_upper_tail(f: f64, d1: f64, d2: f64) -> f64 {
    assert!(f >= 0.0 && d1 > 0.0 && d1.is_finite() && d2 > 0.0, "f_upper_tail({f}, {d1}, {d2})");
    let Some(d2) = degrees_within_reach(d2) else { return chi_square_upper_tail(d1 * f, d1) };
    let d1 = degrees_within_reach(d1).unwrap_or(MANY);
    let odds = Odds::new(f * (d1 / d2), libm::log(f) + libm::log(d1) - libm::log(d2));
    libm::exp(beta::log_tails(odds, d1 / 2.0, d2 / 2.0).upper)
}

/// The f with this tail on d1 and d2 degrees of freedom; d2 may be infinite. Infinite where it is beyond the doubles.
///
/// # Panics
/// When the probability is not above 0 and below 1, d1 is not a number above 0 or d2 is not above 0: a bug.
#[must_use]
pub fn f_quantile(tail: Tail, d1: f64, d2: f64) -> f64 {
    assert!(d1 > 0.0 && d1.is_finite() && d2 > 0.0, "f_quantile({tail:?}, {d1}, {d2})");
    let Some(d2) = degrees_within_reach(d2) else { return chi_square_quantile(tail, d1) / d1 };
    let d1 = degrees_within_reach(d1).unwrap_or(MANY);
    let root_of_odds = libm::exp(beta::quantile_log_odds(tail, d1 / 2.0, d2 / 2.0) / 2.0);
    root_of_odds * (d2 / d1) * root_of_odds
}

/// Stands for more numerator degrees than are within reach.
const MANY: f64 = 1e140;
