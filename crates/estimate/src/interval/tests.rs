//! Intervals of shares by hand, and what holds for all of them.

use proptest::prelude::*;

use super::*;

const INSIDE: [IntervalMethod; 5] = [
    IntervalMethod::Xlogit,
    IntervalMethod::Beta,
    IntervalMethod::KornGraubard,
    IntervalMethod::Wilson,
    IntervalMethod::Asin,
];

const ALL: [IntervalMethod; 6] = [
    IntervalMethod::T,
    IntervalMethod::Xlogit,
    IntervalMethod::Beta,
    IntervalMethod::KornGraubard,
    IntervalMethod::Wilson,
    IntervalMethod::Asin,
];

/// 30 of 100 with the standard error of a simple random sample of `as_good` answers.
fn thirty_percent(as_good: f64, df: f64) -> ShareEvidence {
    let se = libm::sqrt(0.3 * 0.7 / as_good);
    ShareEvidence { share: 0.3, complement: 0.7, se, df, n: 100, positive: 30, kish_n: 100.0 }
}

/// The same answers with yes and no exchanged.
fn opposite(evidence: ShareEvidence) -> ShareEvidence {
    ShareEvidence {
        share: evidence.complement,
        complement: evidence.share,
        positive: evidence.n - evidence.positive,
        ..evidence
    }
}

#[track_caller]
fn assert_interval(found: Option<Interval>, low: f64, high: f64, tolerance: f64) {
    let found = found.expect("it can be estimated");
    let near = |found: f64, expected: f64| libm::fabs(found - expected) <= tolerance;
    assert!(near(found.low, low) && near(found.high, high), "found {found:?}, expected {low} to {high}");
}

#[test]
fn with_a_standard_error_of_simple_random_sampling_the_intervals_are_the_textbook_ones() {
    let evidence = thirty_percent(100.0, f64::INFINITY);
    // (0.3 + z^2/200 -+ z sqrt(0.0021 + z^2/40000)) / (1 + z^2/100), and R's prop.test(30, 100, correct = FALSE).
    assert_interval(evidence.interval(IntervalMethod::Wilson, 0.95), 0.218_948_852_949, 0.395_848_546_333, 1e-11);
    // Clopper and Pearson: R's binom.test(30, 100).
    let evidence = thirty_percent(100.0, 99.0);
    assert_interval(evidence.interval(IntervalMethod::Beta, 0.95), 0.212_406_420_49, 0.399_814_676_18, 1e-11);
    assert_interval(evidence.interval(IntervalMethod::KornGraubard, 0.95), 0.212_406_420_49, 0.399_814_676_18, 1e-11);
}

#[test]
fn limits_of_wilson_are_the_shares_whose_own_error_reaches_the_estimate() {
    let evidence = thirty_percent(61.0, 12.0);
    let interval = evidence.interval(IntervalMethod::Wilson, 0.9).expect("it can be estimated");
    for limit in [interval.low, interval.high] {
        let distance = libm::fabs(limit - evidence.share) / libm::sqrt(limit * (1.0 - limit) / 61.0);
        assert!(libm::fabs(distance - t_quantile(0.95, 12.0)) < 1e-12);
    }
}

#[test]
fn a_stratification_that_pays_is_not_counted_as_more_answers_by_the_form_of_the_nchs() {
    let gaining = thirty_percent(180.0, 99.0);
    let capped = thirty_percent(100.0, 99.0).interval(IntervalMethod::Beta, 0.95).expect("it can be estimated");
    assert_interval(gaining.interval(IntervalMethod::KornGraubard, 0.95), capped.low, capped.high, 1e-14);
    let uncapped = gaining.interval(IntervalMethod::Beta, 0.95).expect("it can be estimated");
    assert!(capped.low < uncapped.low && uncapped.high < capped.high);
    let losing = thirty_percent(40.0, 20.0);
    assert_eq!(losing.interval(IntervalMethod::Beta, 0.95), losing.interval(IntervalMethod::KornGraubard, 0.95));
}

#[test]
fn degrees_of_freedom_outside_a_domain_do_not_make_its_effective_number_of_answers_larger() {
    let [own, design] = [99.0, 5000.0].map(|df| thirty_percent(80.0, df).interval(IntervalMethod::Beta, 0.99));
    assert_eq!(own, design);
}

#[test]
fn arcsine_limits_stop_at_0_and_1() {
    let evidence = ShareEvidence { share: 0.02, complement: 0.98, se: 0.02, df: 3.0, n: 50, positive: 1, kish_n: 50.0 };
    let low = evidence.interval(IntervalMethod::Asin, 0.95).expect("it can be estimated");
    let high = opposite(evidence).interval(IntervalMethod::Asin, 0.95).expect("it can be estimated");
    assert!(low.low == 0.0 && libm::fabs(high.high - 1.0) < 1e-15, "{low:?} {high:?}");
}

#[test]
fn without_variance_every_method_gives_the_same_answer() {
    let nobody = ShareEvidence { share: 0.0, complement: 1.0, se: 0.0, df: 9.0, n: 12, positive: 0, kish_n: 10.0 };
    let half = ShareEvidence { share: 0.5, complement: 0.5, positive: 6, ..nobody };
    // (1 - x)^10 = 0.025.
    let outer = 1.0 - libm::pow(0.025, 0.1);
    for method in ALL {
        assert_interval(nobody.interval(method, 0.95), 0.0, outer, 1e-13);
        assert_interval(opposite(nobody).interval(method, 0.95), 1.0 - outer, 1.0, 1e-13);
        assert_eq!(half.interval(method, 0.95), None);
    }
}

#[test]
fn negative_weights_can_make_a_share_that_only_t_has_an_interval_for() {
    let beyond = ShareEvidence { share: -0.01, complement: 1.01, se: 0.02, df: 9.0, n: 12, positive: 3, kish_n: 10.0 };
    assert!(beyond.interval(IntervalMethod::T, 0.95).is_some());
    for method in INSIDE {
        assert_eq!(beyond.interval(method, 0.95), None);
        assert_eq!(opposite(beyond).interval(method, 0.95), None);
    }
}

/// Any share between 0 and 1, also those a hair from either, on one degree of freedom and more.
fn evidence() -> impl Strategy<Value = ShareEvidence> {
    let power = |low: f64, high: f64| (low..high).prop_map(|power: f64| libm::exp10(power));
    let share = prop_oneof![0.001..0.999, power(-12.0, -3.0)];
    // The standard error in parts of that of one answer: from far below the rounding of the share to above any possible.
    let error = prop_oneof![0.001..0.7, power(-170.0, 0.3)];
    let df = prop_oneof![Just(1.0), 1.0..300.0, Just(f64::INFINITY)];
    (share, error, df, 2_u64..5000, any::<bool>()).prop_map(|(share, error, df, n, is_opposite)| {
        let se = libm::sqrt(share * (1.0 - share)) * error;
        let one = ShareEvidence { share, complement: 1.0 - share, se, df, n, positive: 1, kish_n: 1.0 };
        if is_opposite { opposite(one) } else { one }
    })
}

proptest! {
    #[test]
    fn intervals_hold_the_share_and_stay_between_0_and_1(evidence in evidence(), level in 0.5..0.9999) {
        for method in INSIDE {
            let Interval { low, high } = evidence.interval(method, level).expect("it can be estimated");
            prop_assert!(0.0 <= low && low <= evidence.share, "{:?} {} {}", method, low, high);
            prop_assert!(evidence.share <= high && high <= 1.0, "{:?} {} {}", method, low, high);
        }
    }

    #[test]
    fn more_confidence_takes_a_wider_interval(evidence in evidence(), level in 0.5..0.999, more in 1e-6..9e-4) {
        for method in ALL {
            let [inner, outer] = [level, level + more]
                .map(|level| evidence.interval(method, level).expect("it can be estimated"));
            // Limits that have reached 0, 1 or the share itself are equal but for rounding.
            prop_assert!(outer.low <= inner.low * (1.0 + 1e-12) && inner.high <= outer.high * (1.0 + 1e-12)
                || method == IntervalMethod::T && outer.low <= inner.low && inner.high <= outer.high,
                "{:?} {:?} {:?}", method, inner, outer);
        }
    }

    #[test]
    fn the_interval_of_no_is_that_of_yes_seen_from_1(evidence in evidence(), level in 0.5..0.9999) {
        for method in ALL {
            let [yes, no] = [evidence, opposite(evidence)]
                .map(|evidence| evidence.interval(method, level).expect("it can be estimated"));
            let width = 1.0 + yes.high - yes.low;
            prop_assert!(libm::fabs(yes.low - (1.0 - no.high)) < 1e-13 * width, "{:?} {:?} {:?}", method, yes, no);
            prop_assert!(libm::fabs(yes.high - (1.0 - no.low)) < 1e-13 * width, "{:?} {:?} {:?}", method, yes, no);
        }
    }

    #[test]
    fn with_many_answers_all_methods_agree(share in 0.05..0.95, level in 0.5..0.999) {
        let n = 1e12;
        let se = libm::sqrt(share * (1.0 - share) / n);
        let evidence = ShareEvidence {
            share, complement: 1.0 - share, se, df: 1e6, n: 1_000_000_000_000, positive: 1, kish_n: n,
        };
        let straight = Interval::around(share, se, 1e6, level);
        for method in INSIDE {
            let found = evidence.interval(method, level).expect("it can be estimated");
            prop_assert!(libm::fabs(found.low - straight.low) < 1e-4 * se, "{:?}", method);
            prop_assert!(libm::fabs(found.high - straight.high) < 1e-4 * se, "{:?}", method);
        }
    }
}
