//! The chi-square distribution: twice a gamma variable whose shape is half the degrees of freedom.

use super::{Tail, gamma};

/// P(X > x) on `df` degrees of freedom.
///
/// # Panics
/// When x is below 0 or df is not a number above 0: a bug.
#[must_use]
pub fn chi_square_upper_tail(x: f64, df: f64) -> f64 {
    assert!(x >= 0.0 && df > 0.0 && df.is_finite(), "chi_square_upper_tail({x}, {df})");
    libm::exp(gamma::log_tails(x / 2.0, df / 2.0).upper)
}

/// The x with this tail on `df` degrees of freedom.
///
/// # Panics
/// When the probability is not above 0 and below 1 or df is not a number above 0: a bug.
#[must_use]
pub fn chi_square_quantile(tail: Tail, df: f64) -> f64 {
    assert!(df > 0.0 && df.is_finite(), "chi_square_quantile({tail:?}, {df})");
    2.0 * gamma::quantile(tail, df / 2.0)
}
