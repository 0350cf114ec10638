//! Student's t distribution.
//!
//! With x = df / (df + t^2), P(|T| > t) = I_x(df/2, 1/2).

use super::beta::{self, Odds};
use super::f::degrees_within_reach;
use super::{Tail, normal_quantile, normal_upper_tail};

/// The t quantile: the t with P(T <= t) = p on `df` degrees of freedom, which may be infinite. Infinite where it is beyond
/// the doubles.
///
/// # Panics
/// When p is not between 0 and 1 or df is not above 0: a bug.
#[must_use]
pub fn t_quantile(p: f64, df: f64) -> f64 {
    assert!(0.0 < p && p < 1.0 && df > 0.0, "t_quantile({p}, {df})");
    if p > 0.5 {
        return -t_quantile(1.0 - p, df);
    }
    let Some(df) = degrees_within_reach(df) else { return normal_quantile(Tail::Lower(p)) };
    if p >= 0.5 {
        return 0.0;
    }
    let log_odds = beta::quantile_log_odds(Tail::Lower(2.0 * p), df / 2.0, 0.5);
    -libm::sqrt(df) * libm::exp(-log_odds / 2.0)
}

/// P(|T| > |t|) on `df` degrees of freedom, which may be infinite.
///
/// # Panics
/// When t is not a number or df is not above 0: a bug.
#[must_use]
pub fn t_two_sided(t: f64, df: f64) -> f64 {
    assert!(!t.is_nan() && df > 0.0, "t_two_sided({t}, {df})");
    let t = libm::fabs(t);
    let Some(df) = degrees_within_reach(df) else { return 2.0 * normal_upper_tail(t) };
    let square_over_df = Odds::new(t * t / df, 2.0 * libm::log(t) - libm::log(df));
    libm::exp(beta::log_tails(square_over_df.swapped(), df / 2.0, 0.5).lower)
}
