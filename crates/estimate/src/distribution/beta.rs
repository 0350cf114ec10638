//! The beta distribution: the regularised incomplete beta function and its inverse.
//!
//! By the continued fraction of DiDonato and Morris (1992, Algorithm 708), which converges fast below the mean; above it the
//! distribution is seen from the other end. Near the end of a small shape by powers.

use std::f64::consts::PI;

use super::saddle_point::{ALMOST_NORMAL, Deviate, log_less_line, saddle_point_tails, stirling_error};
use super::{LogTails, Tail, continued_fraction, root};
use crate::Wide;

/// A number between 0 and 1 with its complement and its log odds, so that none is rounded away when it is small.
#[derive(Debug, Clone, Copy)]
pub(super) struct Odds {
    inside: f64,
    outside: f64,
    log: f64,
}

impl Odds {
    /// From the log odds.
    fn from_log(log: f64) -> Self {
        Self { inside: 1.0 / (1.0 + libm::exp(-log)), outside: 1.0 / (1.0 + libm::exp(log)), log }
    }

    /// From the odds and their logarithm; where the odds are beyond the doubles, the logarithm counts.
    pub(super) fn new(odds: f64, log: f64) -> Self {
        Self { inside: 1.0 / (1.0 + 1.0 / odds), outside: 1.0 / (1.0 + odds), log }
    }

    pub(super) fn swapped(self) -> Self {
        Self { inside: self.outside, outside: self.inside, log: -self.log }
    }
}

/// The quantile of the beta distribution with parameters a and b.
///
/// # Panics
/// When p is not between 0 and 1 or a parameter is not a number above 0: a bug.
#[must_use]
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    let are_shapes = a > 0.0 && b > 0.0 && a.is_finite() && b.is_finite();
    assert!(are_shapes, "beta_quantile({p}, {a}, {b})");
    Odds::from_log(quantile_log_odds(Tail::Lower(p), a, b)).inside
}

/// The log odds of the quantile.
pub(super) fn quantile_log_odds(tail: Tail, a: f64, b: f64) -> f64 {
    match tail.smaller() {
        Tail::Lower(p) => lower_quantile_log_odds(p, a, b),
        Tail::Upper(p) => -lower_quantile_log_odds(p, b, a),
    }
}

fn lower_quantile_log_odds(p: f64, a: f64, b: f64) -> f64 {
    let far = (libm::log(p) + log_a_beta(a, b)) / a;
    if is_far(far, b) {
        return far;
    }
    // The odds of a mean within the doubles are at most 1e616 to 1.
    let start = libm::log(a) - libm::log(b);
    root(start.clamp(-740.0, 1450.0), [-750.0, 1500.0], |log| log_tails(Odds::from_log(log), a, b).above_lower(p))
}

/// Whether x is so small that I_x(a, b) = x^a / (a B(a, b)) to the last digit, since (1 - x)^(b-1) is 1.
fn is_far(log_x: f64, b: f64) -> bool {
    log_x + libm::log1p(b) < -40.0
}

/// log(a B(a, b)), from the density at the mean.
fn log_a_beta(a: f64, b: f64) -> f64 {
    let log_mean = if a > b { libm::log1p(-b / (a + b)) } else { libm::log(a) - libm::log(a + b) };
    let log_complement = if a > b { libm::log(b) - libm::log(a + b) } else { libm::log1p(-a / (a + b)) };
    libm::log(a) + a * log_mean + b * log_complement - log_density_at_mean(a, b)
}

/// Both tails at x.
pub(super) fn log_tails(x: Odds, a: f64, b: f64) -> LogTails {
    let place = Place::new(x, a, b);
    if a.min(b) >= ALMOST_NORMAL { saddle_point_tails(place.deviate()) } else { by_terms(place) }
}

/// For shapes of which one at least is not too large for the fraction. Below the mean it gives the lower tail, and above it the upper
/// one; near the end of a small shape it would converge slowly, and powers serve on either side of the mean.
fn by_terms(place: Place) -> LogTails {
    let swapped = place.swapped();
    if place.is_for_powers() {
        lower_tail_by_powers(place)
    } else if swapped.is_for_powers() {
        lower_tail_by_powers(swapped).swapped()
    } else if place.excess > 0.0 {
        lower_tail_by_fraction(swapped).swapped()
    } else {
        lower_tail_by_fraction(place)
    }
}

/// Both tails below the mean.
fn lower_tail_by_fraction(place: Place) -> LogTails {
    let log_density = place.exponent() + log_density_at_mean(place.a, place.b);
    LogTails::from_lower(log_density - libm::log(fraction(place)), log_density)
}

/// Both tails where x is small, by x^a / (a B(a, b)) (1 + a sum_n (1-b)(2-b)...(n-b) x^n / (n! (a+n))), DLMF 8.17.7.
fn lower_tail_by_powers(place: Place) -> LogTails {
    let Place { x, a, b, .. } = place;
    let mut sum = 0.0;
    let mut product = 1.0;
    for n in (1..1000_u32).map(f64::from) {
        product *= (n - b) / n * x.inside;
        sum += product / (a + n);
        if libm::fabs(product) <= f64::EPSILON / 16.0 {
            break;
        }
    }
    let log_complement = libm::log1p(-x.inside);
    let log_power = a * (x.log + log_complement) - log_a_beta(a, b);
    LogTails::from_lower(log_power + libm::log1p(a * sum), log_power + b * log_complement + libm::log(a))
}

/// The logarithm of m^a (1-m)^b / B(a, b) with m = a/(a+b).
fn log_density_at_mean(a: f64, b: f64) -> f64 {
    let corrections = stirling_error(a + b) - stirling_error(a) - stirling_error(b);
    libm::log(libm::sqrt(a / (2.0 * PI)) * (libm::sqrt(b) / libm::sqrt(a + b))) + corrections
}

/// A point of a beta distribution.
#[derive(Debug, Clone, Copy)]
struct Place {
    x: Odds,
    a: f64,
    b: f64,
    /// (a + b) x - a: how far x is above the mean, without the rounding of a product near a.
    excess: f64,
}

impl Place {
    fn new(x: Odds, a: f64, b: f64) -> Self {
        // Wide products of numbers near the end of the doubles overflow; a power of two costs no digit.
        const SHRINK: f64 = 1.0 / 1_267_650_600_228_229_401_496_703_205_376.0;
        let unit = if a.max(b) > 1e250 { SHRINK } else { 1.0 };
        let [wide_a, wide_b] = [a, b].map(|shape| Wide::from_f64(shape * unit));
        let excess = if x.inside <= x.outside {
            Wide::from_f64(x.inside) * (wide_a + wide_b) - wide_a
        } else {
            wide_b - Wide::from_f64(x.outside) * (wide_a + wide_b)
        };
        Self { x, a, b, excess: excess.to_f64() / unit }
    }

    fn swapped(self) -> Self {
        Self { x: self.x.swapped(), a: self.b, b: self.a, excess: -self.excess }
    }

    /// Whether the powers of x have few terms and lose no digit.
    fn is_for_powers(&self) -> bool {
        let Self { x, a, b, .. } = *self;
        (x.log < -600.0 && is_far(x.log, b)) || (a < 1.0 && x.inside * b.max(1.0) <= 0.7)
    }

    /// The logarithm of x^a (1-x)^b over its value at the mean.
    fn exponent(&self) -> f64 {
        self.side() + self.swapped().side()
    }

    /// a (log(x / mean) - (x / mean - 1)). What is subtracted for x and for 1 - x sums to 0.
    fn side(&self) -> f64 {
        let above_mean = (self.excess / self.a).min(1e300);
        self.a * log_less_line(above_mean, self.x.inside / self.a * (self.a + self.b))
    }

    fn deviate(&self) -> Deviate {
        let Self { a, b, excess, .. } = *self;
        let n = a + b;
        let scale = libm::sqrt(a) * (libm::sqrt(b) / libm::sqrt(n));
        let exponent = self.exponent();
        Deviate {
            exponent,
            standardised: excess / scale,
            skewness: (b - a) / n / scale,
            kurtosis: (1.0 - 3.0 * (a / n) * (b / n)) / scale / scale,
            log_density: exponent + log_density_at_mean(a, b),
        }
    }
}

/// The continued fraction of Algorithm 708, equation (9) there. It is also the slope of log I_x(a, b) in the log odds of x.
fn fraction(place: Place) -> f64 {
    let Place { x, a, b, excess } = place;
    let below_mean = -excess;
    continued_fraction(a / (a + 1.0) * (below_mean + 1.0), 1_000_000, |n| {
        let before = a + 2.0 * n - 1.0;
        let choices = n * (b - n) * x.inside;
        let numerator = (a + n - 1.0) / before * ((a + b + n - 1.0) / before * x.inside) * choices;
        let denominator =
            n + choices / before + (a + n) / (a + 2.0 * n + 1.0) * (below_mean + 1.0 + n * (1.0 + x.outside));
        (numerator, denominator)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_shapes_have_the_same_tails_by_the_fraction_as_by_the_saddle_point() {
        for (a, b) in [(1.5e8, 1.1e8), (1e8, 3e9)] {
            for w in [-20.0, -3.0, -1.1, -0.9, -1e-3, 0.0, 1e-9, 0.4, 0.99, 1.01, 6.0, 35.0] {
                let log = libm::log(a / b) + w * libm::sqrt(1.0 / a + 1.0 / b);
                let place = Place::new(Odds::from_log(log), a, b);
                let (one, other) = (by_terms(place), saddle_point_tails(place.deviate()));
                for (one, other) in [(one.lower, other.lower), (one.upper, other.upper)] {
                    assert!(libm::fabs(one - other) < 1e-12, "{a} {b} {w}: {one} {other}");
                }
            }
        }
    }
}
