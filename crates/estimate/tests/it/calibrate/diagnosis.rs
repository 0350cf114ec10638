//! What is said when margins cannot be met.

use super::*;

fn margins(size: CategoryMargin) -> Vec<Margin> {
    vec![Margin::Categories(size)]
}

#[test]
fn a_category_without_a_unit_is_named() {
    let size = categories("size", &[("small", 30.0), ("large", 60.0), ("huge", 4.0)], &[0, 0, 1]);
    let expected = ["margin size, category huge has 4 in the population and no unit in the sample"];
    assert_eq!(messages(calibrate(&[wide(10.0); 3], &margins(size.clone()), Distance::Linear)), expected);
    assert_eq!(messages(post_stratify(&[wide(10.0); 3], &size)), expected);
    assert_eq!(messages(rake(&[wide(10.0); 3], &[size])), expected);
}

#[test]
fn all_categories_that_do_not_fit_are_named_at_once() {
    let mut size = categories("size", &[("small", 30.0), ("large", 0.0), ("huge", 0.0)], &[0, 1, 1]);
    size.categories.push(Category { name: "closed".to_owned(), total: None });
    size.of_units.push(3);
    let expected = [
        "margin size, category large has total 0, which is not above 0, and 2 units in the sample",
        "margin size, category closed has 1 units in the sample and no total in the population",
    ];
    assert_eq!(messages(calibrate(&[wide(10.0); 4], &margins(size), Distance::Raking)), expected);
}

#[test]
fn margins_of_different_populations_are_named_with_their_sums() {
    let region = categories("region", &[("north", 40.0), ("south", 50.0)], &[0, 0, 1, 1]);
    let size = categories("size", &[("small", 40.0), ("large", 54.0)], &[0, 1, 0, 1]);
    let expected = ["margin size adds up to 94, but margin region to 90"];
    assert_eq!(messages(rake(&[wide(10.0); 4], &[region.clone(), size.clone()])), expected);
    let both = [Margin::Categories(region), Margin::Categories(size)];
    assert_eq!(messages(calibrate(&[wide(10.0); 4], &both, Distance::Linear)), expected);
}

#[test]
fn an_amount_that_follows_from_categories_must_have_the_total_that_follows() {
    // Small workplaces have one employee here and large ones two, so 40 + 2 * 50 follows.
    let size = categories("size", &[("small", 40.0), ("large", 50.0)], &[0, 1, 0, 1]);
    let employees = amount("employees", 150.0, &[1.0, 2.0, 1.0, 2.0]);
    let both = [Margin::Categories(size.clone()), employees];
    let expected = ["margin employees has total 150, but 140 follows from the totals of size"];
    assert_eq!(messages(calibrate(&[wide(10.0); 4], &both, Distance::Linear)), expected);
    // With that total the amount tells nothing new and takes nothing away.
    let agreed = [Margin::Categories(size), amount("employees", 140.0, &[1.0, 2.0, 1.0, 2.0])];
    let weights = calibrate(&[wide(10.0); 4], &agreed, Distance::Raking).unwrap().weights;
    assert_eq!(doubles(&weights), [20.0, 25.0, 20.0, 25.0]);
}

#[test]
fn bounds_that_leave_a_total_out_of_reach_are_named_with_what_they_reach() {
    let size = categories("size", &[("small", 30.0), ("large", 90.0)], &[0, 0, 1, 1]);
    let expected = ["margin size, category large has total 90, but within the bounds weights reach only 10 to 40"];
    assert_eq!(messages(calibrate(&[wide(10.0); 4], &margins(size.clone()), logit(0.5, 2.0))), expected);
    let expected = [
        "bounds on calibrated over design weights are 0 and 1: the lower is to be from 0 to below 1, the upper above 1",
    ];
    assert_eq!(messages(calibrate(&[wide(10.0); 4], &margins(size), logit(0.0, 1.0))), expected);
}

#[test]
fn totals_that_contradict_each_other_only_through_the_bounds_are_told_with_their_misses() {
    // Every unit in the north is small, so at most 40 of the north's 50 are there; each total alone is in reach.
    let region = categories("region", &[("north", 50.0), ("south", 30.0)], &[0, 0, 1, 1]);
    let size = categories("size", &[("small", 45.0), ("large", 35.0)], &[0, 0, 0, 1]);
    let both = [Margin::Categories(region), Margin::Categories(size)];
    let error = calibrate(&[wide(15.0); 4], &both, logit(0.1, 3.0)).expect_err("50 units cannot be among 45");
    let [CalibrateError::NotMet { misses, .. }] = error.as_slice() else { panic!("{error:?}") };
    assert!(!misses.is_empty());
    for miss in misses {
        assert!(miss.by().abs() > 1e-10 * miss.total, "{miss}");
    }
    let text = error[0].to_string();
    assert!(text.contains("margin region, category ") || text.contains("margin size, category "), "{text}");
}

#[test]
fn a_mean_beyond_that_of_any_unit_is_told_with_what_was_reached() {
    // 60 workplaces of at most 3 employees cannot have 300; only negative weights could say so.
    let size = categories("all", &[("all", 60.0)], &[0, 0, 0]);
    let both = [Margin::Categories(size), amount("employees", 300.0, &[1.0, 2.0, 3.0])];
    let weights = [wide(10.0); 3];
    assert_eq!(calibrate(&weights, &both, Distance::Linear).unwrap().negative.map(|negative| negative.units), Some(1));
    let error = calibrate(&weights, &both, Distance::Raking).expect_err("the mean is above every value");
    let [CalibrateError::NotMet { misses, .. }] = error.as_slice() else { panic!("{error:?}") };
    let employees = misses.iter().find(|miss| miss.target.margin == "employees").expect("it is missed");
    assert_near(employees.total, 300.0, 0.0);
    assert!(employees.by() < -10.0, "{employees}");
}

#[test]
fn raking_that_never_fits_tells_the_totals_it_misses() {
    // The diagonal alone has units, so both margins would have to be the same.
    let region = categories("region", &[("north", 50.0), ("south", 30.0)], &[0, 1]);
    let size = categories("size", &[("small", 45.0), ("large", 35.0)], &[0, 1]);
    let expected = "after 1000 steps not all totals are met: \
                    margin region, category north has total 50, the weights reach 45 (-5e0); \
                    margin region, category south has total 30, the weights reach 35 (+5e0)";
    assert_eq!(messages(rake(&[wide(10.0); 2], &[region, size])), [expected]);
}
