//! Tests of differences and trends, and families of tests.

use codebook::Measure;
use estimate::{
    Adjustment, Degrees, Estimate, IntervalMethod, Method, NotEstimable, NotTestable, Outcome, Trend, WaveErrors,
    WaveEstimate, adjust, t_test, trend,
};
use proptest::prelude::*;

use crate::sample::{Question, Road, assert_near, estimated, table};
use crate::schools::schools;

fn estimate(value: f64, se: f64, df: f64) -> Estimate {
    Estimate { value, se, low: value - se, high: value + se, df, n: 10, positive: 10, deff: None, sides: None }
}

/// R: `svyttest(api00 ~ comp.imp, design)`: t, its degrees of freedom, p.
#[test]
fn a_difference_has_the_t_of_r_and_with_one_degree_less_its_p() {
    for (name, t, df, p) in [
        ("srs", 2.783_242_930_390_94, 198.0, 5.903_108_815_627_31e-3),
        ("strat", 2.084_243_295_517_05, 196.0, 0.038_434_187_951_207_3),
        ("clus1", 0.925_067_242_997_282, 13.0, 0.371_784_794_638_103),
    ] {
        let sample = schools(name);
        let group = |improved: &str| if improved == "Yes" { "a" } else { "b" };
        let units: Vec<_> = sample
            .schools
            .iter()
            .map(|school| school.unit(school.number("api00"), group(school.text("comp.imp"))))
            .collect();
        let question = Question { measure: Measure::Mean, item: "api00", breakdown: "comp.imp" };
        let method = Method { shares: IntervalMethod::Xlogit, level: 0.95, degrees: Degrees::Design };
        let compared = Some(("a", "b"));
        let table = table(question, &units, &["a", "b"], compared, &sample.design, Road::Psu, method);
        let difference = estimated(table.differences[0].outcome);
        let test = t_test(&Outcome::Estimated(difference)).expect("testable");
        assert_near(test.statistic, t, 1e-9);
        assert_near(test.df2.expect("estimated"), df + 1.0, 0.0);
        let as_r = Estimate { df: difference.df - 1.0, ..difference };
        assert_near(t_test(&Outcome::Estimated(as_r)).expect("testable").p, p, 1e-9);
    }
}

#[test]
fn a_difference_is_significant_exactly_when_its_interval_leaves_out_0() {
    // t(0.975, 10) = 2.228138852.
    let of = |value: f64| t_test(&Outcome::Estimated(estimate(value, 1.0, 10.0))).expect("testable");
    assert_near(of(2.228_138_852).p, 0.05, 1e-9);
    assert_near(of(-2.228_138_852).p, 0.05, 1e-9);
    assert!(of(2.23).p < 0.05 && of(2.22).p > 0.05);
    assert_near(of(0.0).p, 1.0, 1e-14);
    assert!(of(-2.0).statistic < 0.0);
}

#[test]
fn what_has_no_error_is_not_tested() {
    let census = Outcome::Estimated(estimate(3.0, 0.0, 0.0));
    assert_eq!(t_test(&census), Err(NotTestable::NoVariance));
    let unknown = Outcome::NotEstimable { reason: NotEstimable::NoVariance, n: 3 };
    assert_eq!(t_test(&unknown), Err(NotTestable::NoVariance));
    let empty = Outcome::NotEstimable { reason: NotEstimable::Empty, n: 0 };
    assert_eq!(t_test(&empty), Err(NotTestable::Empty));
}

fn waves(points: &[(f64, f64, f64, f64)]) -> Vec<WaveEstimate> {
    points
        .iter()
        .map(|(year, value, se, df)| WaveEstimate { year: *year, estimate: estimate(*value, *se, *df) })
        .collect()
}

/// Means of 10 12 11 14 13, 12 15 13 17 18 20, 16 14 19 22 and 15 21 18 16 23 25 19.
fn four_waves() -> Vec<WaveEstimate> {
    waves(&[
        (2010.0, 12.0, 0.5_f64.sqrt(), 4.0),
        (2013.0, 95.0 / 6.0, 1.249_444_320_954_132_1, 5.0),
        (2015.0, 17.75, 1.75, 3.0),
        (2019.0, 137.0 / 7.0, 1.377_664_394_427_565, 6.0),
    ])
}

#[test]
fn independent_waves_have_the_tests_of_r() {
    let found = trend(&four_waves(), &WaveErrors::Independent).expect("testable");
    // R: `lm(mean ~ year, weights = 1/v)` and its covariance (X'WX)^-1.
    assert_near(found.slope, 0.891_345_894_705_432_2, 1e-9);
    assert_near(found.se, 0.164_606_791_323_518_2, 1e-9);
    assert_near(found.no_slope.statistic, 5.415_000_727_118_125, 1e-9);
    assert_near(found.no_slope.df2.expect("estimated"), 11.105_842_406_655_55, 1e-8);
    assert_near(found.no_slope.p, 0.000_204_816_789_764_653_3, 1e-8);
    // R: `oneway.test`, which is Welch's.
    assert_near(found.no_change.statistic, 8.844_696_251_989_2, 1e-8);
    assert_near(found.no_change.df1, 3.0, 0.0);
    assert_near(found.no_change.df2.expect("estimated"), 8.722_530_080_581_3, 1e-8);
    assert_near(found.no_change.p, 0.005_158_515_881_978, 1e-8);
    assert_near(found.straight.df1, 2.0, 0.0);
    assert!(found.straight.p > 0.3, "{:?}", found.straight);
}

#[test]
fn correlated_waves_have_the_line_of_generalised_least_squares() {
    let points =
        waves(&[(2017.0, 20.0, 2.0, 50.0), (2019.0, 23.0, 3.0_f64.sqrt(), 30.0), (2021.0, 25.0, 2.0_f64.sqrt(), 40.0)]);
    let covariance = vec![vec![4.0, 1.0, 0.5], vec![1.0, 3.0, 1.0], vec![0.5, 1.0, 2.0]];
    let found = trend(&points, &WaveErrors::Correlated(covariance)).expect("testable");
    // In R by the matrix formulae.
    assert_near(found.slope, 1.204_545_454_545_454_6, 1e-12);
    assert_near(found.se, 0.538_305_421_3, 1e-8);
    assert_near(found.no_slope.p, 0.032_820_857, 1e-7);
    // Residual quadratic forms 1/11 and 260/51; 30 degrees of freedom are the fewest.
    assert_near(found.straight.statistic, 1.0 / 11.0, 1e-12);
    assert_near(found.straight.df2.expect("estimated"), 30.0, 0.0);
    assert_near(found.no_change.statistic, 260.0 / 51.0 * 29.0 / 60.0, 1e-12);
    assert_near(found.no_change.df2.expect("estimated"), 29.0, 0.0);
    assert_near(found.no_change.p, 0.102_720_4, 1e-4);
}

#[test]
fn waves_on_a_line_are_straight_and_waves_that_are_alike_have_no_slope() {
    let line = waves(&[(2016.0, 1.0, 0.1, 40.0), (2018.0, 3.0, 0.2, 50.0), (2022.0, 7.0, 0.3, 60.0)]);
    let Trend { slope, straight, no_change, .. } = trend(&line, &WaveErrors::Independent).expect("testable");
    assert_near(slope, 1.0, 1e-14);
    assert_near(straight.p, 1.0, 1e-6);
    assert!(no_change.p < 1e-6);
    let alike = waves(&[(2016.0, 5.0, 0.1, 40.0), (2018.0, 5.0, 0.2, 50.0), (2022.0, 5.0, 0.3, 60.0)]);
    let Trend { slope, no_slope, no_change, .. } = trend(&alike, &WaveErrors::Independent).expect("testable");
    assert!(slope.abs() < 1e-14);
    assert_near(no_slope.p, 1.0, 1e-6);
    assert_near(no_change.p, 1.0, 1e-6);
}

#[test]
fn a_trend_needs_three_sampled_waves_that_differ() {
    let independent = WaveErrors::Independent;
    let four = four_waves();
    assert_eq!(trend(&four[..2], &independent), Err(NotTestable::TooFewWaves));
    let census = waves(&[(1.0, 5.0, 0.1, 40.0), (2.0, 5.0, 0.0, 0.0), (3.0, 5.0, 0.3, 60.0)]);
    assert_eq!(trend(&census, &independent), Err(NotTestable::NoVariance));
    let same_sample = WaveErrors::Correlated(vec![vec![1.0; 3]; 3]);
    assert_eq!(trend(&four[..3], &same_sample), Err(NotTestable::SingularCovariance));
    let one_degree = waves(&[(1.0, 5.0, 1.0, 1.0), (2.0, 5.0, 1.0, 1.0), (3.0, 5.0, 1.0, 1.0)]);
    let identity = vec![vec![1.0, 0.0, 0.0], vec![0.0, 1.0, 0.0], vec![0.0, 0.0, 1.0]];
    assert_eq!(trend(&one_degree, &WaveErrors::Correlated(identity)), Err(NotTestable::NoDegreesOfFreedom));
}

fn drawn_waves() -> impl Strategy<Value = Vec<WaveEstimate>> {
    prop::collection::vec((1_u32..4, -50.0..50.0_f64, 0.1..5.0_f64, 5.0..200.0_f64), 3..8).prop_map(|drawn| {
        let mut year = 2000;
        let point = |(gap, value, se, df): (u32, f64, f64, f64)| {
            year += gap;
            WaveEstimate { year: f64::from(year), estimate: estimate(value, se, df) }
        };
        drawn.into_iter().map(point).collect()
    })
}

proptest! {
    #[test]
    fn the_textbook_gives_the_same_slope(points in drawn_waves()) {
        let weights: Vec<f64> = points.iter().map(|point| 1.0 / (point.estimate.se * point.estimate.se)).collect();
        let mean = |of: &dyn Fn(&WaveEstimate) -> f64| {
            points.iter().zip(&weights).map(|(point, w)| w * of(point)).sum::<f64>() / weights.iter().sum::<f64>()
        };
        let (year, level) = (mean(&|point| point.year), mean(&|point| point.estimate.value));
        let squares: f64 = points.iter().zip(&weights).map(|(point, w)| w * (point.year - year) * (point.year - year)).sum();
        let products: f64 = points.iter().zip(&weights).map(|(point, w)| w * (point.year - year) * (point.estimate.value - level)).sum();
        let found = trend(&points, &WaveErrors::Independent).expect("testable");
        prop_assert!((found.slope - products / squares).abs() < 1e-9 * (1.0 + found.slope.abs()));
        prop_assert!((found.se - 1.0 / squares.sqrt()).abs() < 1e-9 * found.se);
    }

    #[test]
    fn change_is_the_slope_and_what_leaves_the_line(points in drawn_waves()) {
        // Correlated errors with covariances of 0: the quadratic forms add up, and the line is that of independent waves.
        let size = points.len();
        let row = |index: usize| {
            let mut row = vec![0.0; size];
            row[index] = points[index].estimate.se * points[index].estimate.se;
            row
        };
        let independent = trend(&points, &WaveErrors::Independent).expect("testable");
        let few = points.iter().map(|point| point.estimate.df).fold(f64::INFINITY, f64::min);
        match trend(&points, &WaveErrors::Correlated((0..size).map(row).collect())) {
            Ok(found) => {
                prop_assert!((found.slope - independent.slope).abs() <= 1e-9 * (1.0 + found.slope.abs()));
                let wald = |test: estimate::TestOutcome| test.statistic * few * test.df1 / test.df2.expect("estimated");
                let slope = found.no_slope.statistic * found.no_slope.statistic;
                let whole = wald(found.no_change);
                prop_assert!((whole - slope - wald(found.straight)).abs() <= 1e-8 * (1.0 + whole));
            }
            Err(reason) => prop_assert_eq!(reason, NotTestable::NoDegreesOfFreedom),
        }
        for test in [independent.no_slope, independent.no_change, independent.straight] {
            prop_assert!((0.0..=1.0).contains(&test.p), "{:?}", test);
        }
    }

    #[test]
    fn the_year_that_counting_starts_from_does_not_matter(points in drawn_waves(), shift in -2000_i32..2000) {
        let shifted = points.iter().map(|point| WaveEstimate { year: point.year + f64::from(shift), ..*point }).collect::<Vec<_>>();
        prop_assert_eq!(trend(&points, &WaveErrors::Independent), trend(&shifted, &WaveErrors::Independent));
    }

    #[test]
    fn adjusted_p_values_grow_with_the_raw_ones(p_values in prop::collection::vec(0.0..=1.0_f64, 0..30)) {
        let holm = adjust(&p_values, Adjustment::Holm);
        let hochberg = adjust(&p_values, Adjustment::BenjaminiHochberg);
        prop_assert_eq!(&adjust(&p_values, Adjustment::None), &p_values);
        for (index, raw) in p_values.iter().enumerate() {
            prop_assert!(*raw <= hochberg[index] && hochberg[index] <= holm[index] && holm[index] <= 1.0);
            for (other, other_raw) in p_values.iter().enumerate() {
                prop_assert!(raw > other_raw || (holm[index] <= holm[other] && hochberg[index] <= hochberg[other]));
            }
        }
    }

    #[test]
    fn the_order_of_a_family_does_not_matter(p_values in prop::collection::vec(0.0..=1.0_f64, 0..30)) {
        let backwards: Vec<f64> = p_values.iter().rev().copied().collect();
        for adjustment in [Adjustment::Holm, Adjustment::BenjaminiHochberg] {
            let mut back = adjust(&backwards, adjustment);
            back.reverse();
            prop_assert_eq!(adjust(&p_values, adjustment), back);
        }
    }
}

#[track_caller]
fn assert_adjusted(p_values: &[f64], adjustment: Adjustment, expected: &[f64]) {
    let found = adjust(p_values, adjustment);
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert_near(*found, *expected, 1e-14);
    }
}

#[test]
fn families_are_adjusted_as_r_adjusts_them() {
    let raw = [0.01, 0.04, 0.03, 0.005, 0.6, 0.04];
    // Holm by rank: 6 0.005, 5 0.01, 4 0.03, then 3 0.04 = 0.12 and 2 0.04 = 0.08, held up at 0.12; 0.6.
    assert_adjusted(&raw, Adjustment::Holm, &[0.05, 0.12, 0.12, 0.03, 0.6, 0.12]);
    // Benjamini and Hochberg from above: 0.6; 6/5 0.04 = 0.048, and 6/4 0.04, 6/3 0.03 held down at it; 6/2 0.01; 6/1 0.005.
    assert_adjusted(&raw, Adjustment::BenjaminiHochberg, &[0.03, 0.048, 0.048, 0.03, 0.6, 0.048]);
    assert_adjusted(&[0.4], Adjustment::Holm, &[0.4]);
    assert_adjusted(&[0.9, 0.8], Adjustment::Holm, &[1.0, 1.0]);
    assert_adjusted(&[], Adjustment::BenjaminiHochberg, &[]);
}

#[test]
fn the_family_makes_the_difference_between_a_finding_and_none() {
    // Twenty independent tests with one p of 0.03: by Holm that is expected, alone it would have been a finding.
    let mut family = vec![0.5; 20];
    family[7] = 0.03;
    assert_near(adjust(&family, Adjustment::Holm)[7], 0.6, 1e-14);
    assert_near(adjust(&family, Adjustment::None)[7], 0.03, 0.0);
}

#[test]
#[should_panic(expected = "p-values lie between 0 and 1")]
fn what_is_not_a_probability_is_refused() {
    let _ = adjust(&[0.1, f64::NAN], Adjustment::Holm);
}

#[test]
fn years_may_have_halves() {
    let halves = waves(&[(2019.25, 1.0, 0.5, 9.0), (2019.75, 2.0, 0.5, 9.0), (2020.25, 3.0, 0.5, 9.0)]);
    assert_near(trend(&halves, &WaveErrors::Independent).expect("testable").slope, 2.0, 1e-14);
}
