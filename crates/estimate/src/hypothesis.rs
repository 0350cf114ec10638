//! The p values of what sentences say: that a difference is larger than something, that a share is more than a half.
//!
//! Each test agrees with the confidence interval that is printed beside it: its p value is below 1 - level exactly where the
//! interval of that level does not hold the hypothesis. So a sentence that is tested alone stands where its interval says so, and
//! only the number of sentences ([`adjust`](crate::adjust)) makes it harder.

use crate::distribution::t_two_sided;
use crate::{Estimate, Outcome, t_test};

/// The two-sided p value of the hypothesis that a difference is `null`, in the unit of the difference:
/// t = (difference - null) / SE. Without any sampling error, in a census, 0 or 1.
#[must_use]
pub fn p_of_difference(difference: &Estimate, null: f64) -> f64 {
    let shifted = Estimate { value: difference.value - null, ..*difference };
    match t_test(&Outcome::Estimated(shifted)) {
        Ok(test) => test.p,
        Err(_) => certain(difference.value, null),
    }
}

/// The two-sided p value of the hypothesis that a share is a half.
///
/// On the log odds, as the interval `xlogit`: t = log(p / (1 - p)) / (SE / (p (1 - p))). A share that the sample shows as 0 or 1 has
/// no standard error; its interval is that of Korn and Graubard (1998), whose outer limit L for a tail q solves L^m = q, with m the
/// effective number of answers. That m answers all fall on one side has the two-sided probability 2 (1/2)^m if the share
/// is a half, and m = log q / log L.
///
/// `level` is that of the estimate's interval.
///
/// # Panics
/// When the level does not lie between 0 and 1: a bug.
#[must_use]
pub fn p_of_majority(share: &Estimate, level: f64) -> f64 {
    assert!(0.0 < level && level < 1.0, "a confidence level lies between 0 and 1: {level}");
    let Estimate { value, se, low, high, df, .. } = *share;
    let spread = value * (1.0 - value);
    if se > 0.0 && spread > 0.0 {
        return t_two_sided(libm::log(value / (1.0 - value)) / (se / spread), df);
    }
    if df <= 0.0 {
        return certain(value, 0.5);
    }
    let outer = if value > 0.5 { low } else { 1.0 - high };
    let effective_n = libm::log((1.0 - level) / 2.0) / libm::log(outer);
    (2.0 * libm::exp2(-effective_n)).min(1.0)
}

/// What is known without error is as it is.
fn certain(value: f64, null: f64) -> f64 {
    if libm::fabs(value - null) > 0.0 { 0.0 } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(value: f64, se: f64, df: f64, low: f64, high: f64) -> Estimate {
        Estimate { value, se, low, high, df, n: 100, positive: 60, deff: None, sides: None }
    }

    #[track_caller]
    fn is_near(found: f64, expected: f64) {
        assert!(libm::fabs(found - expected) <= 1e-9 * expected, "{found} {expected}");
    }

    #[test]
    fn a_difference_is_tested_against_what_it_must_exceed() {
        let difference = estimate(0.15, 0.025, 40.0, 0.0, 0.0);
        // t = 6 and t = 2; R: 2 * pt(-6, 40), 2 * pt(-2, 40).
        is_near(p_of_difference(&difference, 0.0), 4.726455132788208e-07);
        is_near(p_of_difference(&difference, 0.10), 5.232234321504926e-02);
        is_near(p_of_difference(&difference, 0.20), 5.232234321504926e-02);
        is_near(p_of_difference(&difference, 0.15), 1.0);
    }

    #[test]
    fn a_majority_is_tested_on_the_log_odds() {
        // log(0.6 / 0.4) / (0.05 / 0.24) on 100 degrees of freedom; R: 2 * pt(-qlogis(0.6) * 0.24 / 0.05, 100).
        is_near(p_of_majority(&estimate(0.6, 0.05, 100.0, 0.5, 0.7), 0.95), 5.443335203988015e-02);
        is_near(p_of_majority(&estimate(0.4, 0.05, 100.0, 0.3, 0.5), 0.95), 5.443335203988015e-02);
    }

    #[test]
    fn all_of_m_answers_on_one_side_have_the_probability_of_m_tosses() {
        for (level, m) in [(0.95, 6.0), (0.9, 12.5), (0.99, 1.0)] {
            let limit = libm::pow((1.0 - level) / 2.0, 1.0 / m);
            let tosses = (2.0 * libm::pow(0.5, m)).min(1.0);
            is_near(p_of_majority(&estimate(1.0, 0.0, 9.0, limit, 1.0), level), tosses);
            is_near(p_of_majority(&estimate(0.0, 0.0, 9.0, 0.0, 1.0 - limit), level), tosses);
        }
    }

    #[test]
    fn a_census_leaves_no_doubt() {
        let counted = |value| estimate(value, 0.0, 0.0, value, value);
        assert!(p_of_majority(&counted(0.51), 0.95) <= 0.0 && p_of_majority(&counted(0.5), 0.95) >= 1.0);
        assert!(p_of_difference(&counted(0.1), 0.0) <= 0.0 && p_of_difference(&counted(0.1), 0.1) >= 1.0);
    }
}
