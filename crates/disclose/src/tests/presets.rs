//! What each office's rules make of an estimate. Every number here was calculated by hand.

use super::*;
use crate::rule::classify;
use crate::{Cell, Hidden, Quality};

/// What becomes of an estimate with this value, standard error and n, whose interval is two errors to each side.
fn fate(quality: QualityPreset, value: f64, se: f64, n: u64) -> Result<Option<Quality>, Hidden> {
    with_design_effect(quality, value, se, n, None)
}

fn with_design_effect(
    quality: QualityPreset,
    value: f64,
    se: f64,
    n: u64,
    deff: Option<f64>,
) -> Result<Option<Quality>, Hidden> {
    let survey = Survey::sound();
    let (low, high) = (value - 2.0 * se, value + 2.0 * se);
    let estimate = Estimate { value, se, low, high, df: 100.0, n, positive: n / 2, deff, sides: None };
    let behind =
        Contributors { n, positive: n / 2, weight: 1.0, lightest: 1.0, heaviest: 1.0, take_all: false, sizes: None };
    match classify(&Outcome::Estimated(estimate), &behind, &survey.spec, Rules { quality, ..RULES }) {
        Cell::Shown(_) => Ok(None),
        Cell::Flagged(_, quality) => Ok(Some(quality)),
        Cell::Hidden(why) => Err(why),
    }
}

#[test]
fn nchs_hides_few_answers_and_few_effective_ones() {
    use QualityPreset::Nchs;
    assert_eq!(fate(Nchs, 0.5, 0.05, 30), Ok(None));
    assert_eq!(fate(Nchs, 0.5, 0.05, 29), Err(Hidden::Unreliable));
    // 60 answers with a design effect of 2 are worth 30, with one of 2.1 they are worth 28.6.
    assert_eq!(with_design_effect(Nchs, 0.5, 0.05, 60, Some(2.0)), Ok(None));
    assert_eq!(with_design_effect(Nchs, 0.5, 0.05, 60, Some(2.1)), Err(Hidden::Unreliable));
    // A design that gains does not make more of 29 answers.
    assert_eq!(with_design_effect(Nchs, 0.5, 0.05, 29, Some(0.5)), Err(Hidden::Unreliable));
}

#[test]
fn nchs_hides_wide_intervals_and_those_that_are_wide_beside_their_share() {
    use QualityPreset::Nchs;
    // Four errors of 7.4 points are 29.6 wide, of 7.6 points 30.4.
    assert_eq!(fate(Nchs, 0.5, 0.074, 400), Ok(None));
    assert_eq!(fate(Nchs, 0.5, 0.076, 400), Err(Hidden::Unreliable));
    // 6 points beside 5 per cent are 120 per cent of it, beside 4 they are 150.
    assert_eq!(fate(Nchs, 0.05, 0.015, 400), Ok(None));
    assert_eq!(fate(Nchs, 0.04, 0.015, 400), Err(Hidden::Unreliable));
    // 4.8 points are never too wide.
    assert_eq!(fate(Nchs, 0.01, 0.012, 400), Ok(None));
}

#[test]
fn ons_marks_a_fifth_of_the_estimate_and_hides_nothing() {
    use QualityPreset::Ons;
    assert_eq!(fate(Ons, 0.5, 0.0995, 400), Ok(None));
    assert_eq!(fate(Ons, 0.5, 0.1, 400), Ok(Some(Quality::Imprecise)));
    assert_eq!(fate(Ons, 0.5, 0.3, 10), Ok(Some(Quality::Imprecise)));
    assert_eq!(fate(Ons, 0.0, 0.0, 400), Ok(None));
}

#[test]
fn statcan_marks_a_sixth_and_hides_a_third() {
    use QualityPreset::Statcan;
    assert_eq!(fate(Statcan, 0.5, 0.0825, 400), Ok(None), "16.5 per cent");
    assert_eq!(fate(Statcan, 0.5, 0.083, 400), Ok(Some(Quality::Imprecise)), "16.6 per cent");
    assert_eq!(fate(Statcan, 0.5, 0.1665, 400), Ok(Some(Quality::Imprecise)), "33.3 per cent");
    assert_eq!(fate(Statcan, 0.5, 0.167, 400), Err(Hidden::Unreliable), "33.4 per cent");
    assert_eq!(fate(Statcan, 0.5, 0.01, 29), Err(Hidden::Unreliable));
}

#[test]
fn none_hides_only_what_is_confidential() {
    assert_eq!(fate(QualityPreset::None, 0.5, 0.4, 5), Ok(None));
    assert_eq!(fate(QualityPreset::None, 0.5, 0.4, 4), Err(Hidden::Confidential));
}
