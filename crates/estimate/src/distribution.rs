//! The beta and t distributions.
//!
//! Both come from one function, the regularised incomplete beta function, by the continued fraction of DiDonato and Morris
//! (1992, Algorithm 708). The factor before the fraction is where digits are lost in the usual way, as a difference of large
//! logarithms of gamma functions; here it is the saddle-point form of Loader (2000), whose terms are all of the size of the
//! result's logarithm. Tested to 1e-12 against values of 40 digits.

use std::f64::consts::PI;

use crate::Wide;

/// A probability together with its complement, so that neither is rounded away when it is small.
#[derive(Debug, Clone, Copy)]
struct Odds {
    inside: f64,
    outside: f64,
}

impl Odds {
    /// From the log odds.
    fn from_logit(logit: f64) -> Self {
        Self { inside: 1.0 / (1.0 + libm::exp(-logit)), outside: 1.0 / (1.0 + libm::exp(logit)) }
    }

    fn swapped(self) -> Self {
        Self { inside: self.outside, outside: self.inside }
    }
}

/// The t quantile: the t with P(T <= t) = p on `df` degrees of freedom.
///
/// # Panics
/// When p is not between 0 and 1 or df is not above 0: a bug.
pub(crate) fn t_quantile(p: f64, df: f64) -> f64 {
    assert!(0.0 < p && p < 1.0 && df > 0.0, "t_quantile({p}, {df})");
    if p > 0.5 {
        return -t_quantile(1.0 - p, df);
    }
    // With x = df / (df + t^2), P(T <= t) = I_x(df/2, 1/2) / 2 for t <= 0, and t^2 = df (1 - x) / x.
    let logit = beta_quantile_logit(2.0 * p, df / 2.0, 0.5);
    -libm::sqrt(df * libm::exp(-logit))
}

/// The quantile of the beta distribution with parameters a and b.
///
/// # Panics
/// When p is not between 0 and 1 or a parameter is not above 0: a bug.
pub(crate) fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    assert!(0.0 < p && p < 1.0 && a > 0.0 && b > 0.0, "beta_quantile({p}, {a}, {b})");
    Odds::from_logit(beta_quantile_logit(p, a, b)).inside
}

/// The log odds of the quantile of the beta distribution; +infinity for p = 1.
fn beta_quantile_logit(p: f64, a: f64, b: f64) -> f64 {
    if p > 0.5 {
        return if p < 1.0 { -beta_quantile_logit(1.0 - p, b, a) } else { f64::INFINITY };
    }
    // The logarithm of the distribution function is concave in the log odds and nearly straight in the tail, so Newton's
    // steps on it converge from anywhere; the bracket guards against steps that rounding makes too long.
    let (mut below, mut above) = (-700.0, 700.0);
    let target = libm::log(p);
    let mut logit = libm::log(a / b);
    for _ in 0..200 {
        let at = Odds::from_logit(logit);
        let probability = regularised_beta(at, a, b);
        let miss = libm::log(probability) - target;
        if miss < 0.0 {
            below = logit;
        } else {
            above = logit;
        }
        let slope = beta_factor(at, a, b) / probability;
        let newton = logit - miss / slope;
        let next = if below < newton && newton < above { newton } else { f64::midpoint(below, above) };
        let step = libm::fabs(next - logit);
        logit = next;
        if step <= 2.0 * f64::EPSILON * libm::fabs(logit).max(1.0) {
            break;
        }
    }
    logit
}

/// I_x(a, b): the probability that a beta variable is at most x.
fn regularised_beta(x: Odds, a: f64, b: f64) -> f64 {
    // The fraction converges fast below the mean; above it the distribution is seen from the other end.
    if excess(x, a, b) > Wide::ZERO {
        1.0 - beta_factor(x.swapped(), b, a) / continued_fraction(x.swapped(), b, a)
    } else {
        beta_factor(x, a, b) / continued_fraction(x, a, b)
    }
}

/// (a + b) x - a: how far x is above the mean, without the rounding of a product near a.
fn excess(x: Odds, a: f64, b: f64) -> Wide {
    let [wide_a, wide_b] = [a, b].map(Wide::from_f64);
    if x.inside <= x.outside {
        Wide::from_f64(x.inside) * (wide_a + wide_b) - wide_a
    } else {
        wide_b - Wide::from_f64(x.outside) * (wide_a + wide_b)
    }
}

/// The continued fraction of Algorithm 708, equation (9) there, evaluated by the method of Lentz (1976).
fn continued_fraction(x: Odds, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    const TERMS: u32 = 100_000;
    let away_from_zero = |value: f64| if libm::fabs(value) < TINY { TINY } else { value };
    let below_mean = -excess(x, a, b).to_f64();
    let mut fraction = a / (a + 1.0) * (below_mean + 1.0);
    let (mut upper, mut lower) = (fraction, 0.0);
    for n in (1..TERMS).map(f64::from) {
        let before = a + 2.0 * n - 1.0;
        let numerator = (a + n - 1.0) / before * ((a + b + n - 1.0) / before) * n * (b - n) * x.inside * x.inside;
        let denominator = n
            + n * (b - n) * x.inside / before
            + (a + n) / (a + 2.0 * n + 1.0) * (below_mean + 1.0 + n * (1.0 + x.outside));
        lower = 1.0 / away_from_zero(denominator + numerator * lower);
        upper = away_from_zero(denominator + numerator / upper);
        let change = upper * lower;
        fraction *= change;
        if libm::fabs(change - 1.0) <= f64::EPSILON {
            break;
        }
    }
    fraction
}

/// x^a (1-x)^b / B(a, b), which is also the slope of I_x(a, b) in the log odds of x.
fn beta_factor(x: Odds, a: f64, b: f64) -> f64 {
    let excess = excess(x, a, b);
    let exponent = a * log_less_line((excess / Wide::from_f64(a)).to_f64(), x.inside * ((a + b) / a))
        + b * log_less_line((-excess / Wide::from_f64(b)).to_f64(), x.outside * ((a + b) / b));
    let corrections = stirling_error(a + b) - stirling_error(a) - stirling_error(b);
    libm::sqrt(a / (a + b) * b / (2.0 * PI)) * libm::exp(exponent + corrections)
}

/// log(1 + u) - u, given u and 1 + u.
fn log_less_line(u: f64, one_plus_u: f64) -> f64 {
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
fn stirling_error(z: f64) -> f64 {
    if z < 16.0 {
        return libm::lgamma(z) - (z - 0.5) * libm::log(z) + z - 0.5 * libm::log(2.0 * PI);
    }
    // DLMF 5.11.1: Bernoulli numbers B_2k / (2k (2k-1)), constant term first.
    const COEFFICIENTS: [f64; 6] =
        [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0, -691.0 / 360_360.0];
    let square = z * z;
    COEFFICIENTS.iter().rev().fold(0.0, |rest, coefficient| coefficient + rest / square) / z
}

// TEMPORARY, to be replaced at merge by the tails of the same names and arguments: from here ...

/// P(|T| >= |t|) on `df` degrees of freedom.
pub(crate) fn t_two_sided(t: f64, df: f64) -> f64 {
    f_upper_tail(t * t, 1.0, df)
}

/// P(F >= x) on d1 and d2 degrees of freedom.
pub(crate) fn f_upper_tail(x: f64, d1: f64, d2: f64) -> f64 {
    let whole = d2 + d1 * x;
    regularised_beta(Odds { inside: d2 / whole, outside: d1 * x / whole }, d2 / 2.0, d1 / 2.0)
}

/// P(chi-square >= x) on `df` degrees of freedom.
pub(crate) fn chi_square_upper_tail(x: f64, df: f64) -> f64 {
    let (a, x) = (df / 2.0, x / 2.0);
    let factor = libm::exp(a * libm::log(x) - x - libm::lgamma(a));
    if x < a + 1.0 {
        let (mut term, mut sum) = (1.0 / a, 1.0 / a);
        for n in (1..1000_u32).map(f64::from) {
            term *= x / (a + n);
            sum += term;
        }
        return 1.0 - factor * sum;
    }
    let mut fraction = 0.0;
    for n in (1..1000_u32).rev().map(f64::from) {
        fraction = n * (n - a) / (x + 2.0 * n + 1.0 - a - fraction);
    }
    factor / (x + 1.0 - a - fraction)
}

// ... to here.

#[cfg(test)]
mod tests {
    use super::*;

    fn t_probability(t: f64, df: f64) -> f64 {
        let square = t * t;
        let tail =
            regularised_beta(Odds { inside: df / (df + square), outside: square / (df + square) }, df / 2.0, 0.5) / 2.0;
        if t > 0.0 { 1.0 - tail } else { tail }
    }

    #[test]
    fn quantiles_and_probabilities_have_twelve_digits() {
        let path = testkit::repository().join("fixtures/oracle/quantiles-40-digits.txt");
        let text = std::fs::read_to_string(path).expect("the fixture is in the repository");
        let mut compared = 0;
        for line in text.lines().filter(|line| !line.starts_with(WRONG_IN_THE_FIXTURE)) {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let numbers: Vec<f64> = fields[1..].iter().map(|field| field.parse().expect("a number")).collect();
            let [a, b, at, expected] = numbers[..] else { panic!("four numbers: {line}") };
            let found = match fields[0] {
                "qbeta" => beta_quantile(at, a, b),
                "pbeta" => regularised_beta(Odds { inside: at, outside: 1.0 - at }, a, b),
                "qt" => t_quantile(at, a),
                "pt" => t_probability(at, a),
                "pfu" | "pchu" => continue,
                other => panic!("unknown function {other}"),
            };
            compared += 1;
            let error = libm::fabs(found - expected);
            assert!(error <= 1e-12 * libm::fabs(expected), "{line}: {found:e}, relative {:e}", error / expected);
        }
        assert_eq!(compared, 151, "beta and t values of the fixture");
    }

    /// The fixture gives 3.503e-46 here. Far in the lower tail I_x is c x^a, so from its row for 0.025 (which R and we
    /// confirm) the quantile is 5.6373e-34 (0.005 / 0.025)^20 = 5.9112e-48; R's `qbeta` gives 5.9111652625803e-48.
    const WRONG_IN_THE_FIXTURE: &str = "qbeta 0.05 9.9 0.005 ";

    #[test]
    fn the_lower_tail_of_the_beta_distribution_is_a_power() {
        let expected = 5.637_326_490_954_503e-34 / libm::exp(20.0 * libm::log(5.0));
        let found = beta_quantile(0.005, 0.05, 9.9);
        assert!(libm::fabs(found - expected) < 1e-12 * expected, "{found:e} {expected:e}");
        let probability = regularised_beta(Odds { inside: found, outside: 1.0 }, 0.05, 9.9);
        assert!(libm::fabs(probability - 0.005) < 1e-12 * 0.005);
    }

    #[test]
    fn the_median_of_t_is_zero() {
        for df in [1.0, 2.5, 300.0] {
            assert!(libm::fabs(t_quantile(0.5, df)) < 1e-12);
        }
    }

    #[test]
    fn outer_limits_of_the_beta_distribution_have_a_closed_form() {
        // Nobody of n: (1 - x)^n = alpha / 2.
        for n in [1.0_f64, 12.0, 1877.0] {
            let limit = beta_quantile(0.975, 1.0, n);
            let closed = -libm::expm1(libm::log(0.025) / n);
            assert!(libm::fabs(limit - closed) < 1e-13 * closed, "{limit} {closed}");
        }
    }
}
