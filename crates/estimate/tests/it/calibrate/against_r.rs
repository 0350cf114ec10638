//! The samples of schools, calibrated as R `survey` calibrates them.

use super::*;

/// The categories of a column of the sample, with their totals.
fn by_column(sample: &Schools, column: &str, totals: &[(&str, f64)]) -> CategoryMargin {
    let place = |text: &str| totals.iter().position(|(name, _)| *name == text).expect("a category with a total");
    let of_units: Vec<usize> = sample.schools.iter().map(|school| place(school.text(column))).collect();
    categories(column, totals, &of_units)
}

fn stype(sample: &Schools) -> CategoryMargin {
    by_column(sample, "stype", &[("E", 4421.0), ("H", 755.0), ("M", 1018.0)])
}

fn api99(sample: &Schools) -> Margin {
    let of_units = sample.schools.iter().map(|school| school.number("api99")).collect();
    Margin::Amount(AmountMargin { name: "api99".to_owned(), total: wide(3_914_069.0), of_units })
}

fn design_weights(sample: &Schools) -> Vec<Wide> {
    sample.schools.iter().map(|school| school.unit(Wide::ZERO, "a").w).collect()
}

/// Mean of api00, total of enroll, and mean of api00 where improvement was comparable, with calibrated weights.
fn estimates(sample: &Schools, margins: &[Margin], weights: &[Wide], regression: Regression) -> [Estimate; 3] {
    let estimate = |single: Single, item: &str, in_domain: fn(&str) -> bool| {
        let units: Vec<Unit> = sample.schools.iter().map(|school| school.unit(school.number(item), "a")).collect();
        let (design, units) = calibrated_design(&sample.design, &units, margins, weights, regression);
        let Sums::ByUnit(values) = sums(&units, Road::Unit) else { panic!("asked for by unit") };
        let domain = values.iter().copied().filter(|unit| in_domain(sample.schools[unit.unit].text("comp.imp")));
        estimated(single.estimate(&Sums::ByUnit(domain.collect()), &design, METHOD))
    };
    let everybody: fn(&str) -> bool = |_| true;
    [
        estimate(Single::Mean, "api00", everybody),
        estimate(Single::Total, "enroll", everybody),
        estimate(Single::Mean, "api00", |improvement| improvement == "Yes"),
    ]
}

#[track_caller]
fn assert_r(found: &[Estimate], expected: &[(f64, f64)]) {
    for (found, (value, se)) in found.iter().zip(expected) {
        assert_near(found.value, *value, 1e-9);
        assert_near(found.se, *se, 1e-9);
    }
}

#[test]
fn post_stratified_clusters_give_the_numbers_of_r() {
    let sample = schools("clus1");
    let weights = post_stratify(&design_weights(&sample), &stype(&sample)).unwrap().weights;
    let margins = [Margin::Categories(stype(&sample))];
    let found = estimates(&sample, &margins, &weights, Regression::DesignWeights);
    assert_r(&found, &[(642.310788211582, 23.9204864450904), (3_680_892.945_119_06, 406_292.636_294_802)]);
}

#[test]
fn clusters_calibrated_by_each_distance_give_the_numbers_of_r() {
    let sample = schools("clus1");
    let margins = [Margin::Categories(stype(&sample)), api99(&sample)];
    let expected = [
        (Distance::Linear, [(665.309071165780, 3.44175311640484), (3_638_487.204_131_88, 385_524.427_352_479)]),
        (Distance::Raking, [(665.393796000150, 3.43775353983487), (3_616_588.563_268_75, 387_618.630_379_94)]),
        (logit(0.2, 3.0), [(665.381117971700, 3.43580690069360), (3_629_286.574_447_98, 385_574.878_825_159)]),
    ];
    for (distance, expected) in expected {
        let calibrated = calibrate(&design_weights(&sample), &margins, distance).unwrap();
        assert!(calibrated.steps < 8, "{} steps", calibrated.steps);
        let found = estimates(&sample, &margins, &calibrated.weights, Regression::DesignWeights);
        assert_r(&found, &expected);
        if distance == Distance::Raking {
            assert_r(&found[2..], &[(671.830701920380, 6.57691310664452)]);
        }
    }
}

#[test]
fn the_factors_have_the_range_of_r() {
    let sample = schools("clus1");
    let margins = [Margin::Categories(stype(&sample)), api99(&sample)];
    let before = design_weights(&sample);
    let after = calibrate(&before, &margins, logit(0.2, 3.0)).unwrap().weights;
    let summary = WeightSummary::new(&before, &after);
    assert_near(summary.smallest_factor, 0.52255300090839, 1e-9);
    assert_near(summary.largest_factor, 1.89962907257645, 1e-9);
}

#[test]
fn a_stratified_sample_of_unequal_weights_gives_the_numbers_of_r() {
    let sample = schools("strat");
    let awards = by_column(&sample, "awards", &[("No", 2000.0), ("Yes", 4194.0)]);
    let weights = post_stratify(&design_weights(&sample), &awards).unwrap().weights;
    let found = estimates(&sample, &[Margin::Categories(awards)], &weights, Regression::DesignWeights);
    let expected = [
        (663.993121160119, 9.425596309676),
        (3_638_216.590_331_81, 119_132.434_006_995),
        (676.710878332941, 11.710608061642),
    ];
    assert_r(&found, &expected);

    let whole = by_column(&sample, "sch.wide", &[("No", 1072.0), ("Yes", 5122.0)]);
    let margins = [Margin::Categories(stype(&sample)), Margin::Categories(whole), api99(&sample)];
    let weights = calibrate(&design_weights(&sample), &margins, Distance::Linear).unwrap().weights;
    let expected = [
        (664.558962899588, 1.55661480990001),
        (3_681_742.766_990_07, 110_714.470_033_572),
        (678.761254093922, 6.76606365998979),
    ];
    assert_r(&estimates(&sample, &margins, &weights, Regression::DesignWeights), &expected);
}

#[test]
fn raking_in_turn_and_by_newton_are_one_and_have_two_variances_in_r() {
    let sample = schools("strat");
    let both = [
        by_column(&sample, "awards", &[("No", 2000.0), ("Yes", 4194.0)]),
        by_column(&sample, "sch.wide", &[("No", 1072.0), ("Yes", 5122.0)]),
    ];
    let margins = both.clone().map(Margin::Categories);
    let in_turn = rake(&design_weights(&sample), &both).unwrap().weights;
    let newton = calibrate(&design_weights(&sample), &margins, Distance::Raking).unwrap().weights;
    for (in_turn, newton) in in_turn.iter().zip(&newton) {
        assert_near(in_turn.to_f64(), newton.to_f64(), 1e-9);
    }
    let expected = [
        (662.525887358480, 9.29323004963859),
        (3_688_903.330_749_27, 127_009.541_451_442),
        (676.502394571980, 11.7018093356026),
    ];
    assert_r(&estimates(&sample, &margins, &newton, Regression::DesignWeights), &expected);
    let by_rake = [
        (662.525887358480, 9.29976751435005),
        (3_688_903.330_749_27, 133_123.373_987_419),
        (676.502394571980, 11.7098250946756),
    ];
    assert_r(&estimates(&sample, &margins, &newton, Regression::InTurn), &by_rake);
}

#[test]
fn a_total_that_weights_were_calibrated_to_has_no_error_at_all() {
    let sample = schools("clus1");
    let margins = [Margin::Categories(stype(&sample)), api99(&sample)];
    for distance in [Distance::Linear, Distance::Raking, logit(0.2, 3.0)] {
        let weights = calibrate(&design_weights(&sample), &margins, distance).unwrap().weights;
        let units: Vec<Unit> = sample.schools.iter().map(|school| school.unit(school.number("api99"), "a")).collect();
        let (design, units) = calibrated_design(&sample.design, &units, &margins, &weights, Regression::DesignWeights);
        let by_unit = sums(&units, Road::Unit);
        let total: Wide = units.iter().map(|unit| unit.w * unit.y).sum();
        assert_near(total.to_f64(), 3_914_069.0, 1e-15);
        // The mean of a calibrated amount over a calibrated number of units has none either. Nothing tells here that no
        // sampling could have given another number, so a variance of 0 is not shown as an error of 0.
        for single in [Single::Total, Single::Mean] {
            let outcome = single.estimate(&by_unit, &design, METHOD);
            assert_eq!(outcome.reason(), Some(NotEstimable::NoVariance), "{outcome:?}");
        }
    }
}
