//! Samples of three or four units, worked out by hand.

use super::*;
use crate::sample::{Question, SHARE, not_estimable, table, variable};

/// Four units of weight 10 in two cells: two of y = 1 and 3 where the population has 30 units, two of y = 5 and 9 where it
/// has 60. No size of the population of PSUs is declared.
fn two_cells() -> (DesignTable, Vec<Unit>, CategoryMargin) {
    let stratum = Stratum { key: Vec::new(), units: 4, psus: 4, population: None, weight: None };
    let unit = |(psu, y): (usize, &f64)| Unit { stratum: 0, psu, w: wide(10.0), y: wide(*y), group: "a" };
    let units = [1.0, 3.0, 5.0, 9.0].iter().enumerate().map(unit).collect();
    let cells = categories("size", &[("small", 30.0), ("large", 60.0)], &[0, 0, 1, 1]);
    (DesignTable::of_strata(vec![stratum], LonelyPsu::Refuse), units, cells)
}

#[test]
fn post_stratified_weights_are_population_over_sample_in_each_cell() {
    let (_, units, cells) = two_cells();
    let weights: Vec<Wide> = units.iter().map(|unit| unit.w).collect();
    let expected = [15.0, 15.0, 30.0, 30.0];
    assert_eq!(doubles(&post_stratify(&weights, &cells).unwrap().weights), expected);
    assert_eq!(doubles(&rake(&weights, std::slice::from_ref(&cells)).unwrap().weights), expected);
    // Within a cell all units are alike, so every distance leads to the same weights.
    for distance in [Distance::Linear, Distance::Raking, logit(0.5, 4.0)] {
        let found = calibrate(&weights, &[Margin::Categories(cells.clone())], distance).unwrap();
        for (found, expected) in found.weights.iter().zip(expected) {
            assert_near(found.to_f64(), expected, 1e-15);
        }
    }
}

#[test]
fn after_post_stratification_only_the_spread_within_the_cells_counts() {
    let (design, units, cells) = two_cells();
    let weights = post_stratify(&[wide(10.0); 4], &cells).unwrap().weights;
    let margins = [Margin::Categories(cells)];
    let (design, units) = calibrated_design(&design, &units, &margins, &weights, Regression::DesignWeights);
    let total = estimated(Single::Total.estimate(&sums(&units, Road::Unit), &design, METHOD));
    assert_near(total.value, 480.0, 1e-15);
    // Around their means 2 and 7 the values are -1 1 -2 2, times the weights -15 15 -60 60; n/(n - 1) times their squares is
    // 4/3 (225 + 225 + 3600 + 3600) = 10200.
    assert_near(total.se, 10_200.0_f64.sqrt(), 1e-15);
}

#[test]
fn a_share_that_the_weights_reproduce_is_known_among_all_answers() {
    let (design, units, cells) = two_cells();
    let weights = post_stratify(&[wide(10.0); 4], &cells).unwrap().weights;
    let margins = [Margin::Categories(cells)];
    let (design, mut units) = calibrated_design(&design, &units, &margins, &weights, Regression::DesignWeights);
    for (unit, y) in units.iter_mut().zip([1.0, 1.0, 0.0, 0.0]) {
        unit.y = wide(y);
    }
    let share_of = |item: &str| {
        let design = DesignTable { calibrated: vec![variable("size")], ..design.clone() };
        let question = Question { item, ..SHARE };
        table(question, &units, &[], None, &design, Road::Unit, METHOD).cells[0][0]
    };
    let share = estimated(share_of("size"));
    assert_near(share.value, 30.0 / 90.0, 1e-15);
    assert_near(share.se, 0.0, 0.0);
    assert_near(share.low, share.value, 0.0);
    // Something else that happens to have no spread within the cells is not known for that.
    not_estimable(share_of("innovative"));
}

#[test]
fn units_outside_the_domain_have_residuals_of_their_own() {
    let (design, units, cells) = two_cells();
    let weights = post_stratify(&[wide(10.0); 4], &cells).unwrap().weights;
    let margins = [Margin::Categories(cells)];
    let (design, units) = calibrated_design(&design, &units, &margins, &weights, Regression::DesignWeights);
    let Sums::ByUnit(all) = sums(&units, Road::Unit) else { panic!("asked for by unit") };
    let domain: Vec<UnitValue> = all.iter().copied().filter(|unit| unit.unit == 3).collect();
    let total = estimated(Single::Total.estimate(&Sums::ByUnit(domain.into()), &design, METHOD));
    // y is 0 0 0 9 over all units, around the means of the cells 0 0 -4.5 4.5, times the weight of 30: 4/3 * 2 * 135^2.
    assert_near(total.value, 270.0, 1e-15);
    assert_near(total.se, 48_600.0_f64.sqrt(), 1e-15);
}

#[test]
fn the_linear_distance_is_the_ratio_of_totals_where_the_auxiliary_is_a_size() {
    // With one auxiliary x: g = 1 + x (T - sum d x) / sum d x^2 = 1 + x (90 - 60) / 140.
    let found = calibrate(&[wide(10.0); 3], &[amount("employees", 90.0, &[1.0, 2.0, 3.0])], Distance::Linear).unwrap();
    for (found, x) in found.weights.iter().zip([1.0, 2.0, 3.0]) {
        assert_near(found.to_f64(), 10.0 * (1.0 + x * 30.0 / 140.0), 1e-15);
    }
    assert_eq!(found.negative, None);
}

#[test]
fn negative_weights_are_told_and_not_hidden() {
    // g = 1 + x (6 - 60) / 140 is -22/140 at x = 3.
    let margins = [amount("employees", 6.0, &[1.0, 2.0, 3.0])];
    let negative = calibrate(&[wide(10.0); 3], &margins, Distance::Linear).unwrap().negative.expect("one is");
    assert_eq!(negative.units, 1);
    assert_near(negative.smallest.to_f64(), -220.0 / 140.0, 1e-15);
    assert_eq!(calibrate(&[wide(10.0); 3], &margins, Distance::Raking).unwrap().negative, None);
}

#[test]
fn two_margins_of_two_by_two_rake_to_the_odds_ratio_of_the_sample() {
    // One unit in each cell, weights 1 2 3 4: raking keeps the odds ratio 1 * 4 / (2 * 3).
    let weights = [1.0, 2.0, 3.0, 4.0].map(wide);
    let region = categories("region", &[("north", 50.0), ("south", 50.0)], &[0, 0, 1, 1]);
    let size = categories("size", &[("small", 40.0), ("large", 60.0)], &[0, 1, 0, 1]);
    let raked = rake(&weights, &[region, size]).unwrap().weights;
    let w = doubles(&raked);
    assert_near(w[0] + w[1], 50.0, 1e-10);
    assert_near(w[0] + w[2], 40.0, 1e-10);
    assert_near(w[0] * w[3] / (w[1] * w[2]), 4.0 / 6.0, 1e-12);
}

#[test]
fn the_summary_tells_kish_and_the_spread_of_the_factors() {
    let summary = WeightSummary::new(&[wide(10.0); 4], &[15.0, 15.0, 30.0, 30.0].map(wide));
    assert_eq!((summary.units, summary.smallest_factor, summary.largest_factor), (4, 1.5, 3.0));
    assert_near(summary.sum, 90.0, 0.0);
    // 4 (2 * 225 + 2 * 900) / 90^2 = 10/9; the factors vary by 0.75 around 2.25.
    assert_near(summary.design_effect, 10.0 / 9.0, 1e-15);
    assert_near(summary.effective_units, 3.6, 1e-15);
    assert_near(summary.factor_variation, 1.0 / 3.0, 1e-15);
}
