//! The normal distribution.
//!
//! `libm::erfc` was measured to be right to 3e-16 of its value from -6 to 26. What remains is the rounding of z itself, which moves the tail by
//! z^2 times as much: 2e-13 at the end of the doubles, z = 38.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

use super::{Step, Tail, root};

/// P(Z > z).
#[must_use]
pub fn normal_upper_tail(z: f64) -> f64 {
    libm::erfc(z * FRAC_1_SQRT_2) / 2.0
}

/// The z with this tail.
///
/// # Panics
/// When the probability is not above 0 and below 1: a bug.
#[must_use]
pub fn normal_quantile(tail: Tail) -> f64 {
    match tail.smaller() {
        Tail::Lower(p) => -quantile_of_upper(p),
        Tail::Upper(p) => quantile_of_upper(p),
    }
}

/// The z >= 0 whose upper tail is p <= 1/2.
fn quantile_of_upper(p: f64) -> f64 {
    let density = |z: f64| libm::exp(-z * z / 2.0) / libm::sqrt(2.0 * PI);
    if p > 0.25 {
        // Near the median z is small and so is 1/2 - p, which is exact: nothing is lost by looking from there.
        let middle = 0.5 - p;
        let miss = |z: f64| libm::erf(z * FRAC_1_SQRT_2) / 2.0 - middle;
        return root(middle, [-1.0, 1.0], |z| Step { miss: miss(z), slope: density(z) });
    }
    // P(Z > z) < exp(-z^2/2), so the root lies below this start.
    let start = libm::sqrt(-2.0 * libm::log(p));
    root(start, [0.0, 40.0], |z| {
        let tail = normal_upper_tail(z);
        Step { miss: libm::log(p) - libm::log(tail), slope: density(z) / tail }
    })
}
