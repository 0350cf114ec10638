//! What densities of beta and gamma variables are made of, and their distribution where both are almost normal.

use std::f64::consts::PI;

use super::LogTails;
use super::normal::normal_upper_tail;

/// The shape from which the distribution is taken from [`saddle_point_tails`]: what these leave out is of the size of
/// shape^(-3/2). For smaller shapes series and fractions have some ten thousands of terms at most.
pub(super) const ALMOST_NORMAL: f64 = 1e8;

/// log(1 + u) - u, given u and 1 + u.
pub(super) fn log_less_line(u: f64, one_plus_u: f64) -> f64 {
    if u < -0.5 {
        libm::log(one_plus_u) - u
    } else if libm::fabs(u) > 0.1 {
        libm::log1p(u) - u
    } else {
        // -u^2/2 + u^3/3 - ..., of which 16 terms reach 1e-17 of the first.
        let series = (2..=17_u32).rev().map(f64::from).fold(0.0, |rest, n| 1.0 / n - u * rest);
        -u * u * series
    }
}

/// What Stirling's formula for the logarithm of the gamma function leaves over.
pub(super) fn stirling_error(z: f64) -> f64 {
    if z < 16.0 {
        return libm::lgamma(z) - (z - 0.5) * libm::log(z) + z - 0.5 * libm::log(2.0 * PI);
    }
    // DLMF 5.11.1: Bernoulli numbers B_2k / (2k (2k-1)), constant term first.
    const COEFFICIENTS: [f64; 6] =
        [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0, -691.0 / 360_360.0];
    let square = z * z;
    COEFFICIENTS.iter().rev().fold(0.0, |rest, coefficient| coefficient + rest / square) / z
}

/// A point of a distribution that is almost normal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deviate {
    /// The logarithm of the density over its value at the mean; at most 0.
    pub(super) exponent: f64,
    /// How many standard deviations the point is above the mean.
    pub(super) standardised: f64,
    /// g of -2 exponent = w^2 - 2/3 g w^3 + 1/2 k w^4 - ..., with w as standardised.
    pub(super) skewness: f64,
    /// k of the same series.
    pub(super) kurtosis: f64,
    /// The logarithm of the density, for [`LogTails`].
    pub(super) log_density: f64,
}

/// Both tails to the first order of Temme's uniform expansions (DLMF 8.12.3 and 8.18.9), which is the formula of Lugannani
/// and Rice (1980): with exponent = -y^2/2 and w standard deviations, P(X > x) = P(Z > y) + phi(y) (1/w - 1/y).
pub(super) fn saddle_point_tails(at: Deviate) -> LogTails {
    let Deviate { exponent, standardised: w, skewness, kurtosis, log_density } = at;
    let y = libm::copysign(libm::sqrt(-2.0 * exponent), w);
    let difference = if libm::fabs(w) < 1.0 {
        // Near the mean the two are almost equal; their difference is known from the series that defines g and k.
        -skewness / 3.0 + (kurtosis / 4.0 - skewness * skewness / 6.0) * w
    } else {
        1.0 / w - 1.0 / y
    };
    let correction = libm::exp(exponent) / libm::sqrt(2.0 * PI) * difference;
    LogTails {
        lower: libm::log(normal_upper_tail(-y) - correction),
        upper: libm::log(normal_upper_tail(y) + correction),
        density: log_density,
    }
}
