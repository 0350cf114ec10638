//! Digits against tables of 40, identities between families, and behaviour at the edges of the doubles.

use proptest::prelude::*;

use super::beta::{Odds, log_tails};
use super::*;

/// P(X <= x) and P(X > x) of a beta variable, for x given by its odds.
fn beta_tails(odds: f64, a: f64, b: f64) -> [f64; 2] {
    let tails = log_tails(Odds::new(odds, libm::log(odds)), a, b);
    [libm::exp(tails.lower), libm::exp(tails.upper)]
}

fn t_lower_tail(t: f64, df: f64) -> f64 {
    let beyond = t_two_sided(t, df) / 2.0;
    if t > 0.0 { 1.0 - beyond } else { beyond }
}

#[track_caller]
fn assert_near(found: f64, expected: f64, tolerance: f64) {
    assert!(libm::fabs(found - expected) <= tolerance * libm::fabs(expected), "found {found:e}, expected {expected:e}");
}

/// Compares every line of a table of 40 digits; gives the number of lines.
fn compare(table: &str) -> usize {
    let path = testkit::repository().join("fixtures/oracle").join(table);
    let text = std::fs::read_to_string(path).expect("the fixture is in the repository");
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with(WRONG_IN_THE_FIXTURE)).collect();
    let mut wrong = Vec::new();
    for line in &lines {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let numbers: Vec<f64> = fields[1..].iter().map(|field| field.parse().expect("a number")).collect();
        let [a, b, at, expected] = numbers[..] else { panic!("four numbers: {line}") };
        let found = match fields[0] {
            "qbeta" => beta_quantile(at, a, b),
            "pbeta" => beta_tails(at / (1.0 - at), a, b)[0],
            "qt" => t_quantile(at, a),
            "pt" => t_lower_tail(at, a),
            "pt2" => t_two_sided(at, a),
            "pfu" => f_upper_tail(at, a, b),
            "qfu" => f_quantile(Tail::Upper(at), a, b),
            "pchu" => chi_square_upper_tail(at, a),
            "qchu" => chi_square_quantile(Tail::Upper(at), a),
            "pnu" => normal_upper_tail(at),
            "qnu" => normal_quantile(Tail::Upper(at)),
            other => panic!("unknown function {other}"),
        };
        let error = libm::fabs(found - expected);
        if error.is_nan() || error > 1e-12 * libm::fabs(expected) {
            wrong.push(format!("{line}: {found:e}, relative {:e}", error / expected));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    lines.len()
}

/// The fixture gives 3.503e-46 here. Far in the lower tail I_x is c x^a, so from its row for 0.025 (which R and we
/// confirm) the quantile is 5.6373e-34 (0.005 / 0.025)^20 = 5.9112e-48; R's `qbeta` gives 5.9111652625803e-48.
const WRONG_IN_THE_FIXTURE: &str = "qbeta 0.05 9.9 0.005 ";

#[test]
fn quantiles_and_probabilities_have_twelve_digits() {
    assert_eq!(compare("quantiles-40-digits.txt"), 187);
}

#[test]
fn tiny_tails_have_twelve_digits() {
    assert_eq!(compare("tails-40-digits.txt"), 319);
}

#[test]
fn the_lower_tail_of_the_beta_distribution_is_a_power() {
    let expected = 5.637_326_490_954_503e-34 / libm::exp(20.0 * libm::log(5.0));
    let found = beta_quantile(0.005, 0.05, 9.9);
    assert_near(found, expected, 1e-12);
    assert_near(beta_tails(found, 0.05, 9.9)[0], 0.005, 1e-12);
}

#[test]
fn the_median_of_t_is_zero() {
    for df in [1.0, 2.5, 300.0, f64::INFINITY] {
        assert_near(t_quantile(0.5, df), 0.0, 0.0);
    }
}

#[test]
fn outer_limits_of_the_beta_distribution_have_a_closed_form() {
    // Nobody of n: (1 - x)^n = alpha / 2.
    for n in [1.0_f64, 12.0, 1877.0] {
        let closed = -libm::expm1(libm::log(0.025) / n);
        assert_near(beta_quantile(0.975, 1.0, n), closed, 1e-13);
    }
}

#[test]
fn infinitely_many_degrees_of_freedom_are_normal_and_chi_square() {
    for z in [0.01, 1.0, 1.96, 12.0, 37.0] {
        assert_near(t_two_sided(z, f64::INFINITY), 2.0 * normal_upper_tail(z), 0.0);
        assert_near(t_two_sided(z, 1e25), 2.0 * normal_upper_tail(z), 1e-12);
        assert_near(chi_square_upper_tail(z * z, 1.0), 2.0 * normal_upper_tail(z), 1e-12);
        assert_near(f_upper_tail(z, 3.0, f64::INFINITY), chi_square_upper_tail(3.0 * z, 3.0), 0.0);
        assert_near(f_upper_tail(z, 3.0, 1e25), chi_square_upper_tail(3.0 * z, 3.0), 1e-12);
    }
    assert_near(t_quantile(0.975, f64::INFINITY), 1.959_963_984_540_054, 1e-15);
    assert_near(f_quantile(Tail::Upper(0.05), 3.0, 1e25), chi_square_quantile(Tail::Upper(0.05), 3.0) / 3.0, 1e-12);
}

/// Numbers of every size between two powers of ten.
fn size(powers: std::ops::RangeInclusive<f64>) -> impl Strategy<Value = f64> {
    powers.prop_map(|power| libm::exp(power * std::f64::consts::LN_10))
}

/// Tails of every size, from either side.
fn any_tail() -> impl Strategy<Value = Tail> {
    let small = prop_oneof![size(-300.0..=-0.31), size(-5.0..=-0.31), Just(0.5)];
    (small, any::<bool>(), any::<bool>()).prop_map(|(small, is_lower, is_large)| {
        // 1 less than a small tail is as near to 1 as doubles come.
        let p = if is_large { (1.0 - small).min(1.0 - f64::EPSILON / 2.0) } else { small };
        if is_lower { Tail::Lower(p) } else { Tail::Upper(p) }
    })
}

/// Shapes as surveys have them, and any.
fn degrees() -> impl Strategy<Value = f64> {
    size(-1.0..=6.0)
}

fn any_shape() -> impl Strategy<Value = f64> {
    size(-300.0..=300.0)
}

/// Asserts that a quantile is right to 12 digits: one part in 10^12 below it the tail asked for is not yet reached, and above
/// it it is passed. Unlike the tail at the quantile itself, this does not depend on how steep the tail is there.
fn is_quantile(tail: Tail, quantile: f64, tails: impl Fn(f64) -> [f64; 2]) -> Result<(), TestCaseError> {
    let step = libm::fabs(quantile) * 1e-12;
    let [before, after] = [tails(quantile - step), tails(quantile + step)];
    let slack = 1.0 + 1e-12;
    let holds = match tail {
        Tail::Lower(p) => before[0] <= p * slack && p <= after[0] * slack,
        Tail::Upper(p) => after[1] <= p * slack && p <= before[1] * slack,
    };
    prop_assert!(holds, "{tail:?} {quantile:e}: {before:?} {after:?}");
    Ok(())
}

fn f_tails(f: f64, d1: f64, d2: f64) -> [f64; 2] {
    [f_upper_tail(1.0 / f, d2, d1), f_upper_tail(f, d1, d2)]
}

fn chi_square_tails(x: f64, df: f64) -> [f64; 2] {
    [libm::exp(gamma::log_tails(x / 2.0, df / 2.0).lower), chi_square_upper_tail(x, df)]
}

proptest! {
    #[test]
    fn the_tail_of_a_quantile_is_the_one_asked_for(tail in any_tail(), d1 in degrees(), d2 in degrees()) {
        let x = chi_square_quantile(tail, d1);
        if 1e-290 < x {
            is_quantile(tail, x, |x| chi_square_tails(x, d1))?;
        }
        let f = f_quantile(tail, d1, d2);
        if 1e-290 < f && f < 1e290 {
            is_quantile(tail, f, |f| f_tails(f, d1, d2))?;
        }
        let z = normal_quantile(tail);
        let outwards = if z < 0.0 { Tail::Lower } else { Tail::Upper };
        let (Tail::Lower(p) | Tail::Upper(p)) = tail.smaller();
        is_quantile(outwards(p), z, |z| [normal_upper_tail(-z), normal_upper_tail(z)])?;
    }

    #[test]
    fn two_sided_tails_of_t_quantiles_are_the_ones_asked_for(p in size(-300.0..=-0.31), df in degrees()) {
        let t = -t_quantile(p, df);
        if t < 1e290 {
            is_quantile(Tail::Upper(2.0 * p), t, |t| [1.0, t_two_sided(t, df)])?;
        }
    }

    #[test]
    fn tails_fall_and_quantiles_grow(x in size(-3.0..=3.0), step in 1e-9..1.0, d1 in degrees(), d2 in degrees()) {
        let further = x * (1.0 + step);
        let falls = |tail: &dyn Fn(f64) -> f64| tail(further) <= tail(x) * (1.0 + 1e-12);
        prop_assert!(falls(&|x| t_two_sided(x, d1)));
        prop_assert!(falls(&|x| f_upper_tail(x, d1, d2)));
        prop_assert!(falls(&|x| chi_square_upper_tail(x * d1, d1)));
        prop_assert!(falls(&normal_upper_tail));
    }

    #[test]
    fn quantiles_grow_with_the_probability(p in 1e-9..0.99, step in 1e-9..0.009, d1 in degrees(), d2 in degrees()) {
        let grows = |quantile: &dyn Fn(f64) -> f64| quantile(p + step) >= quantile(p);
        prop_assert!(grows(&|p| t_quantile(p, d1)));
        prop_assert!(grows(&|p| beta_quantile(p, d1, d2)));
        prop_assert!(grows(&|p| f_quantile(Tail::Lower(p), d1, d2)));
        prop_assert!(grows(&|p| chi_square_quantile(Tail::Lower(p), d1)));
        prop_assert!(grows(&|p| normal_quantile(Tail::Lower(p))));
    }

    #[test]
    fn the_beta_distribution_has_two_ends(odds in size(-8.0..=8.0), a in degrees(), b in degrees()) {
        let [lower, upper] = beta_tails(odds, a, b);
        let [swapped_lower, swapped_upper] = beta_tails(1.0 / odds, b, a);
        // The two roads round differently, and 1/odds is rounded, which moves a tail by its slope in the odds.
        let slope = 1.0 + a.max(b) * libm::fabs(libm::log(lower.min(upper)).max(-700.0));
        let near = |one: f64, other: f64| libm::fabs(one - other) <= (1e-14 + 1e-15 * slope) * one + 1e-300;
        prop_assert!(near(lower, swapped_upper) && near(upper, swapped_lower));
        prop_assert!(libm::fabs(lower + swapped_lower - 1.0) <= 1e-14 + 1e-15 * slope * lower.min(upper));
        prop_assert!(libm::fabs(lower + upper - 1.0) <= 1e-14);
    }

    #[test]
    fn an_f_variable_is_the_odds_of_a_beta_variable(f in size(-3.0..=3.0), d1 in degrees(), d2 in degrees()) {
        // By the recurrence I_x(a, b) = I_x(a+1, b) + x^a (1-x)^b / (a B(a, b)), DLMF 8.17.20, whose last term is a density.
        let (a, b, odds) = (d1 / 2.0, d2 / 2.0, f * d1 / d2);
        let at = |a: f64| log_tails(Odds::new(odds, libm::log(odds)), a, b);
        let next = libm::exp(at(a + 1.0).lower) + libm::exp(at(a).density) / a;
        let [lower, upper] = f_tails(f, d1, d2);
        prop_assert!(libm::fabs(lower - next) <= 1e-11 * next + 1e-300, "{lower:e} {next:e}");
        prop_assert!(libm::fabs(lower + upper - 1.0) < 1e-12);
    }

    #[test]
    fn chi_square_on_two_degrees_is_exponential(x in size(-6.0..=3.1)) {
        let found = chi_square_upper_tail(x, 2.0);
        prop_assert!(libm::fabs(found - libm::exp(-x / 2.0)) <= 1e-12 * found);
        let quantile = chi_square_quantile(Tail::Upper(found), 2.0);
        prop_assert!(libm::fabs(quantile + 2.0 * libm::log(found)) <= 1e-12 * quantile + 1e-15);
    }

    #[test]
    fn t_on_one_and_two_degrees_has_closed_forms(t in size(-6.0..=150.0)) {
        let cauchy = 2.0 / std::f64::consts::PI * libm::atan2(1.0, t);
        prop_assert!(libm::fabs(t_two_sided(t, 1.0) - cauchy) <= 1e-12 * cauchy);
        // 1 - t / sqrt(t^2 + 2), without the difference.
        let hypotenuse = libm::hypot(t, std::f64::consts::SQRT_2);
        let two = 2.0 / hypotenuse / (hypotenuse + t);
        prop_assert!(libm::fabs(t_two_sided(t, 2.0) - two) <= 1e-12 * two);
        let squared = f_upper_tail(t * t, 1.0, 7.5);
        prop_assert!(libm::fabs(t_two_sided(t, 7.5) - squared) <= 1e-12 * squared);
    }

    #[test]
    fn no_shape_is_too_extreme(x in any_shape(), a in any_shape(), b in any_shape(), tail in any_tail()) {
        let (Tail::Lower(p) | Tail::Upper(p)) = tail;
        let probabilities = [
            t_two_sided(x, a),
            f_upper_tail(x, a, b),
            f_upper_tail(x, a, f64::INFINITY),
            chi_square_upper_tail(x, a),
            chi_square_upper_tail(a * (1.0 + 1e-9 * p), a),
            normal_upper_tail(x),
            beta_tails(x, a, b)[0],
            beta_tails(x, a, b)[1],
            beta_quantile(p, a, b),
        ];
        prop_assert!(probabilities.iter().all(|p| (0.0..=1.0).contains(p)), "{:?}", probabilities);
        let quantiles = [f_quantile(tail, a, b), f_quantile(tail, a, f64::INFINITY), chi_square_quantile(tail, a)];
        prop_assert!(quantiles.iter().all(|quantile| *quantile >= 0.0), "{:?}", quantiles);
        prop_assert!(!t_quantile(p, a).is_nan());
    }
}
