//! Weights that are cut, by hand and against R.

use super::*;

fn at_most(high: TrimBound) -> TrimBounds {
    TrimBounds { low: None, high: Some(high) }
}

#[test]
fn what_is_cut_is_spread_in_proportion_to_the_other_weights() {
    // The median is 15; 60 is cut to 45, and 15 is spread over 10, 10, 20, 20 as a quarter of each.
    let weights = [10.0, 10.0, 20.0, 20.0, 60.0].map(wide);
    let trimmed = trim(&weights, at_most(TrimBound::TimesMedian(wide(2.25))), Excess::Proportional).unwrap();
    assert_eq!(doubles(&trimmed.weights), [12.5, 12.5, 25.0, 25.0, 45.0]);
    assert_eq!(trimmed.cut, 1);
    assert_near(trimmed.share_of_units, 0.2, 1e-15);
    assert_near(trimmed.share_moved, 15.0 / 120.0, 1e-15);
}

#[test]
fn nobody_is_pushed_over_the_bound_by_what_was_cut_from_others() {
    // The mean is 30, the bound 33. 60 is cut to 33, and the 27 would bring first 28 and then 22 over the bound.
    let weights = [10.0, 22.0, 28.0, 60.0].map(wide);
    let trimmed = trim(&weights, at_most(TrimBound::TimesMean(wide(1.1))), Excess::Proportional).unwrap();
    let found = doubles(&trimmed.weights);
    // 120 - 3 * 33 = 21 is left for the first.
    for (found, expected) in found.into_iter().zip([21.0, 33.0, 33.0, 33.0]) {
        assert_near(found, expected, 1e-15);
    }
}

#[test]
fn weights_below_a_bound_are_raised_at_the_cost_of_the_others() {
    let bounds = TrimBounds { low: Some(TrimBound::Weight(wide(5.0))), high: None };
    let trimmed = trim(&[1.0, 20.0, 20.0].map(wide), bounds, Excess::Equal).unwrap();
    assert_eq!(doubles(&trimmed.weights), [5.0, 18.0, 18.0]);
    assert_near(trimmed.share_moved, 4.0 / 41.0, 1e-15);
}

#[test]
fn equal_shares_of_the_excess_give_the_weights_of_r() {
    // trimWeights(strat, upper = 40): 40, 19.3099994659424 and 24.5699996948243 in the strata E, H and M.
    let sample = schools("strat");
    let weights: Vec<Wide> = sample.schools.iter().map(|school| school.unit(Wide::ONE, "a").w).collect();
    let trimmed = trim(&weights, at_most(TrimBound::Weight(wide(40.0))), Excess::Equal).unwrap();
    for (school, weight) in sample.schools.iter().zip(&trimmed.weights) {
        let expected = match school.text("stype") {
            "E" => 40.0,
            "H" => 19.309_999_465_942_4,
            _ => 24.569_999_694_824_3,
        };
        assert_near(weight.to_f64(), expected, 1e-14);
    }
}

#[test]
fn bounds_that_cannot_hold_the_sum_are_refused() {
    let found = trim(&[wide(10.0); 2], at_most(TrimBound::Weight(wide(9.0))), Excess::Proportional);
    assert_eq!(found, Err(TrimError::OutOfReach { sum: 20.0, lowest: 0.0, highest: 18.0 }));
    let reversed =
        TrimBounds { low: Some(TrimBound::TimesMean(wide(2.0))), ..at_most(TrimBound::TimesMean(wide(0.5))) };
    let found = trim(&[wide(10.0); 2], reversed, Excess::Proportional);
    assert_eq!(found, Err(TrimError::Bounds { low: 20.0, high: 5.0 }));
}

#[test]
fn a_bound_at_the_mean_makes_all_weights_equal() {
    // 100/3 and the like are not exact, so three times the mean is not quite the sum.
    let weights = [1.0, 2.0, 97.0].map(|weight| wide(weight) / wide(7.0));
    let trimmed = trim(&weights, at_most(TrimBound::TimesMean(Wide::ONE)), Excess::Proportional).unwrap();
    for weight in doubles(&trimmed.weights) {
        assert_near(weight, 100.0 / 21.0, 1e-15);
    }
}
