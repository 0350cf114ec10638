//! The gamma distribution: the regularised incomplete gamma functions P(a, x) and Q(a, x).
//!
//! Below the mean by the power series (DLMF 8.11.4), above it by the continued fraction (DLMF 8.9.2), so that the smaller tail
//! is computed and the larger one follows. Mean and variance are both the shape a.

use std::f64::consts::PI;

use super::saddle_point::{ALMOST_NORMAL, Deviate, log_less_line, saddle_point_tails, stirling_error};
use super::{LogTails, Tail, continued_fraction, root};

/// Both tails at x >= 0, which may be infinite.
pub(super) fn log_tails(x: f64, a: f64) -> LogTails {
    if x == f64::INFINITY {
        return LogTails { lower: 0.0, upper: f64::NEG_INFINITY, density: f64::NEG_INFINITY };
    }
    let exponent = exponent(x, a);
    let log_density = 0.5 * libm::log(a / (2.0 * PI)) + exponent - stirling_error(a);
    if a >= ALMOST_NORMAL { by_saddle_point(x, a, exponent, log_density) } else { by_terms(x, a, log_density) }
}

/// For large shapes.
fn by_saddle_point(x: f64, a: f64, exponent: f64, log_density: f64) -> LogTails {
    let skewness = 1.0 / libm::sqrt(a);
    saddle_point_tails(Deviate { exponent, standardised: (x - a) * skewness, skewness, kurtosis: 1.0 / a, log_density })
}

/// For shapes whose series and fraction are not too long. Below 1 the fraction converges slowly, so there the series serves
/// above the mean, too.
fn by_terms(x: f64, a: f64, log_density: f64) -> LogTails {
    if x < a.max(1.0) {
        LogTails::from_lower(log_density - libm::log(a) + libm::log(series(x, a)), log_density)
    } else {
        LogTails::from_lower(log_density - libm::log(fraction(x, a)), log_density).swapped()
    }
}

/// The quantile with this tail.
pub(super) fn quantile(tail: Tail, a: f64) -> f64 {
    // Within this range lie the logarithms of all doubles.
    const LOGARITHMS: [f64; 2] = [-745.0, 710.0];
    let start = libm::log(a).clamp(-700.0, 700.0);
    let log_quantile = match tail.smaller() {
        Tail::Lower(p) => {
            // P(a, x) = x^a / Gamma(a + 1) to the last digit where x is so small.
            let far = (libm::log(p) + libm::lgamma(a + 1.0)) / a;
            if far < -40.0 { far } else { root(start, LOGARITHMS, |s| log_tails(libm::exp(s), a).above_lower(p)) }
        }
        Tail::Upper(p) => root(start, LOGARITHMS, |s| log_tails(libm::exp(s), a).below_upper(p)),
    };
    libm::exp(log_quantile)
}

/// The logarithm of (x/a)^a exp(a - x): that of the density over its value at the mean.
fn exponent(x: f64, a: f64) -> f64 {
    // A quotient beyond the doubles belongs to a density of 0 as well.
    a * log_less_line(((x - a) / a).min(f64::MAX), x / a)
}

/// 1 + x/(a+1) + x^2/((a+1)(a+2)) + ..., for x below a or 1.
fn series(x: f64, a: f64) -> f64 {
    let mut sum = 1.0;
    let mut term = 1.0;
    for n in (1..1_000_000_u32).map(f64::from) {
        term *= x / (a + n);
        sum += term;
        if term <= sum * f64::EPSILON / 4.0 {
            break;
        }
    }
    sum
}

/// x + 1 - a - 1 (1 - a) / (x + 3 - a - 2 (2 - a) / (x + 5 - a - ...)), for x above a and 1.
fn fraction(x: f64, a: f64) -> f64 {
    continued_fraction((x - a) + 1.0, 1_000_000, |n| (n * (a - n), (x - a) + (2.0 * n + 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_shapes_have_the_same_tails_by_terms_as_by_the_saddle_point() {
        for a in [1e8, 2.5e9] {
            for w in [-20.0, -3.0, -1.1, -0.9, -1e-3, 0.0, 1e-9, 0.4, 0.99, 1.01, 6.0, 35.0] {
                let x = a + w * libm::sqrt(a);
                let exponent = exponent(x, a);
                let log_density = 0.5 * libm::log(a / (2.0 * PI)) + exponent - stirling_error(a);
                let (one, other) = (by_terms(x, a, log_density), by_saddle_point(x, a, exponent, log_density));
                for (one, other) in [(one.lower, other.lower), (one.upper, other.upper)] {
                    assert!(libm::fabs(one - other) < 1e-12, "{a} {w}: {one} {other}");
                }
            }
        }
    }
}
