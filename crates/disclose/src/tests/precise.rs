//! Precision is told from printed numbers, so that it does not tell the share behind them. Every number here was calculated by hand.

use super::*;
use crate::Precision;

/// The precision of a share of 400 answers with this standard error, when 2,271 of so many answered. The design effect is what an estimate could bring along.
fn of(value: f64, se: f64, deff: f64, population: Option<u64>) -> Option<Precision> {
    let mut survey = Survey::sound();
    let estimate = Estimate {
        value,
        se,
        low: value - 0.014,
        high: value + 0.014,
        df: 100.0,
        n: 400,
        positive: 44,
        deff: Some(deff),
        sides: None,
    };
    survey.table.cells[0][0] = Outcome::Estimated(estimate);
    survey.population = population;
    survey.disclose().precision(&table_id(), &row("any"))
}

fn told(precision: Precision) -> (String, Option<String>, Option<u64>) {
    (precision.variation().to_string(), precision.design_effect().map(|it| it.to_string()), precision.effective())
}

#[test]
fn precision_is_computed_from_the_printed_share_its_error_and_n() {
    // 11 per cent with an error of 0.7 points: 0.7 / 11 is 6.36 per cent. Half of the population answered: a simple random sample of 400 has a variance of
    // 11 * 89 / 399 / 2 = 1.2268, and 0.49 over it is 0.3994. 400 over 0.40 are 1,000.
    let precision = of(0.1138, 0.0071, 3.21, Some(4_542)).map(told);
    assert_eq!(precision, Some(("6.4".to_owned(), Some("0.40".to_owned()), Some(1_000))));
}

#[test]
fn shares_that_are_printed_alike_have_one_precision() {
    let first = of(0.1051, 0.0066, 0.36, Some(4_542));
    assert!(first.is_some_and(|it| it.design_effect().is_some()));
    for (value, se, deff) in [(0.11, 0.007, 0.4), (0.1149, 0.0074, 0.43), (0.1149, 0.0066, 7.0)] {
        assert_eq!(of(value, se, deff, Some(4_542)), first, "{value} with {se}");
    }
    assert_ne!(of(0.12, 0.007, 0.4, Some(4_542)), first);
}

#[test]
fn what_the_printed_numbers_do_not_give_is_not_told() {
    let without_effect = |precision: Option<Precision>| precision.map(|it| (it.design_effect(), it.effective()));
    // Nobody knows how many there are, or all of them answered.
    for population in [None, Some(2_271)] {
        assert_eq!(without_effect(of(0.11, 0.007, 0.4, population)), Some((None, None)), "{population:?}");
    }
    // An error that is printed as 0; a share that is printed as 100; one that is printed as 0.
    assert_eq!(without_effect(of(0.11, 0.0004, 0.4, Some(4_542))), Some((None, None)));
    assert_eq!(without_effect(of(0.996, 0.003, 0.4, Some(4_542))), Some((None, None)));
    assert_eq!(of(0.004, 0.003, 0.4, Some(4_542)), None);
}
