//! Quantiles by hand, by a naive search through the units, and against R.

use codebook::LonelyPsu;
use estimate::{
    Degrees, DesignTable, Estimate, IntervalMethod, Method, NotEstimable, Outcome, Quantile, QuantileRule, Single,
    Stratum, ValueCell, WeightedDistribution, Wide,
};
use proptest::prelude::*;
use testkit::oracle;

use crate::sample::{Road, Unit, assert_near, estimated, not_estimable, sums, wide};
use crate::schools::{Schools, schools};

const LIKE_R: Method = Method { shares: IntervalMethod::Xlogit, level: 0.95, degrees: Degrees::Design };
/// Half of all samples: intervals of five units stay inside the sample.
const EVEN: Method = Method { level: 0.5, ..LIKE_R };
const RULES: [QuantileRule; 2] = [QuantileRule::Hf1, QuantileRule::Hf7];
const ROADS: [Road; 3] = [Road::Stratum, Road::Psu, Road::Unit];

fn median(rule: QuantileRule) -> Quantile {
    Quantile { rule, ..Quantile::of(0.5) }
}

/// Sums by value of units that are numbered in the order given: by stratum, by cluster, or one cell for each unit.
fn cells(units: &[Unit], road: Road) -> Vec<ValueCell> {
    let mut cells: Vec<ValueCell> = Vec::new();
    for (number, unit) in units.iter().enumerate() {
        let belongs = |cell: &&mut ValueCell| {
            let place = match road {
                Road::Stratum => cell.stratum == unit.stratum,
                Road::Psu => (cell.stratum, cell.psu) == (unit.stratum, unit.psu),
                Road::Unit => false,
            };
            place && cell.value == unit.y
        };
        let alone = ValueCell {
            stratum: unit.stratum,
            psu: unit.psu,
            value: unit.y,
            n: 1,
            w: unit.w,
            ww: unit.w.square(),
            last: number,
            last_w: unit.w,
        };
        match cells.iter_mut().find(belongs) {
            None => cells.push(alone),
            Some(cell) => {
                cell.n += 1;
                cell.w += alone.w;
                cell.ww += alone.ww;
                (cell.last, cell.last_w) = (alone.last, alone.last_w);
            }
        }
    }
    cells
}

fn quantile(units: &[Unit], asked: Quantile, design: &DesignTable, road: Road, method: Method) -> Outcome {
    WeightedDistribution::new(&cells(units, road)).quantile(asked, design, method)
}

/// A stratum of so many units, out of an undeclared number or of one that is given.
fn stratum(units: u64, population: Option<u64>) -> Stratum {
    Stratum { key: Vec::new(), units, psus: units, population: population.map(Wide::from_count), weight: None }
}

fn one_stratum(units: u64, population: Option<u64>) -> DesignTable {
    DesignTable::of_strata(vec![stratum(units, population)], LonelyPsu::Refuse)
}

/// Units of one stratum as (weight, value).
fn units(units: &[(u64, f64)]) -> Vec<Unit> {
    let unit = |(psu, (w, y)): (usize, &(u64, f64))| Unit {
        stratum: 0,
        psu,
        w: Wide::from_count(*w),
        y: wide(*y),
        group: "a",
    };
    units.iter().enumerate().map(unit).collect()
}

/// Weights 1, 2, 3, 2, 2 of 10: at or below the five values is 0.1, 0.3, 0.6, 0.8 and 1 of the weight.
fn five() -> Vec<Unit> {
    units(&[(1, 10.0), (2, 20.0), (3, 30.0), (2, 40.0), (2, 50.0)])
}

// ---- By hand -------------------------------------------------------------------------------------------------------

#[test]
fn the_median_of_five_units_comes_with_the_interval_of_the_share_below_it() {
    // At or below 30: 0.6. z = w (y - 0.6)/10 = 0.04, 0.08, 0.12, -0.12, -0.12 with sum 0 and squares 0.0512;
    // V = 5/4 * 0.0512 = 0.064. t(0.75; 4) = 0.740697..., so the share is 0.6 -+ 0.18738: 0.41262 to 0.78738.
    // hf1: the first value with at least 0.41262 at or below it is 30, with 0.78738 it is 40.
    // hf7: units stand at 0, 1, 3, 6, 8 eighths. 0.5 is 4 eighths: a third of the way from 30 to 40, and as much is at or
    // below it as at or below 30. Limits: 3.30094 eighths, 0.10031 of the way from 30; 6.29906, 0.14953 of that from 40.
    let t = 0.740_697_084_112_683;
    let margin = t * 0.064_f64.sqrt();
    let interpolated_low = 30.0 + 10.0 * (8.0 * (0.6 - margin) - 3.0) / 3.0;
    let interpolated_high = 40.0 + 10.0 * (8.0 * (0.6 + margin) - 6.0) / 2.0;
    assert_near(interpolated_low, 31.003_12, 1e-6);
    assert_near(interpolated_high, 41.495_32, 1e-6);
    let expected = [(30.0, 30.0, 40.0), (100.0 / 3.0, interpolated_low, interpolated_high)];
    for (rule, (value, low, high)) in RULES.into_iter().zip(expected) {
        for road in ROADS {
            let found = estimated(quantile(&five(), median(rule), &one_stratum(5, None), road, EVEN));
            assert_near(found.value, value, 1e-15);
            assert_near(found.low, low, 1e-12);
            assert_near(found.high, high, 1e-12);
            assert_near(found.se, (high - low) / (2.0 * t), 1e-12);
            assert_near(found.df, 4.0, 0.0);
            assert_eq!((found.n, found.positive, found.deff), (5, 5, None));
        }
    }
}

#[test]
fn where_the_weight_is_reached_exactly_the_value_counts() {
    // Ten units of weight 1 and tenths as probabilities, none of which a double holds exactly but 0.5.
    let ten: Vec<Unit> = units(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(|y| (1, f64::from(y))));
    let distribution = WeightedDistribution::new(&cells(&ten, Road::Stratum));
    for (probability, value) in [(0.1, 1.0), (0.2, 2.0), (0.3, 3.0), (0.6, 6.0), (0.7, 7.0), (0.9, 9.0)] {
        let census = one_stratum(10, Some(10));
        let found = estimated(distribution.quantile(Quantile::of(probability), &census, LIKE_R));
        assert_near(found.value, value, 0.0);
    }
}

#[test]
fn with_equal_weights_the_interpolated_quartiles_are_the_usual_ones() {
    // (n - 1) p = 1.25 and 3.75 steps from the smallest of six.
    let six = units(&[(7, 1.0), (7, 2.0), (7, 4.0), (7, 8.0), (7, 16.0), (7, 32.0)]);
    for (probability, value) in [(0.25, 2.5), (0.75, 14.0)] {
        let asked = Quantile { rule: QuantileRule::Hf7, ..Quantile::of(probability) };
        let found = estimated(quantile(&six, asked, &one_stratum(6, Some(6)), Road::Stratum, LIKE_R));
        assert_near(found.value, value, 1e-15);
    }
}

#[test]
fn answers_outside_the_domain_still_count_in_the_error_of_its_median() {
    // Three of ten answers, weights 1, values 1, 2, 3. At or below 2: 2/3; z = 1/9, 1/9, -2/9 and seven times 0;
    // V = 10/9 * 6/81, where the three alone would give 3/2 * 6/81. t(0.75; 9) = 0.7027...: 2/3 -+ 0.2016.
    let t = 0.702_722_146_751_326;
    let found = estimated(quantile(
        &units(&[(1, 1.0), (1, 2.0), (1, 3.0)]),
        median(QuantileRule::Hf7),
        &one_stratum(10, None),
        Road::Stratum,
        EVEN,
    ));
    // hf7: units stand at 0, 1/2 and 1.
    let margin = t * (60.0_f64 / 729.0).sqrt();
    assert_near(found.value, 2.0, 0.0);
    assert_near(found.low, 1.0 + 2.0 * (2.0 / 3.0 - margin), 1e-12);
    assert_near(found.high, 1.0 + 2.0 * (2.0 / 3.0 + margin), 1e-12);
    assert_near(found.df, 9.0, 0.0);
}

#[test]
fn where_many_units_tie_the_interval_is_that_of_the_share_they_close() {
    // At or below 3: 18 of 20, V = 20/19 * 0.0045. 0.9 -+ t(0.75; 19) * 0.0688 is 0.8527 to 0.9473. Below 3 there are 0.1, so the
    // lower limit is 3; 4 closes 0.95.
    let mut many = vec![(1, 3.0); 16];
    many.extend([(1, 1.0), (1, 2.0), (1, 4.0), (1, 5.0)]);
    let found =
        estimated(quantile(&units(&many), median(QuantileRule::Hf1), &one_stratum(20, None), Road::Stratum, EVEN));
    assert_near(found.value, 3.0, 0.0);
    assert_near(found.low, 3.0, 0.0);
    assert_near(found.high, 4.0, 0.0);
    assert_near(found.se, 1.0 / (2.0 * 0.687_621_460_203_936), 1e-12);
}

// ---- At the edges ---------------------------------------------------------------------------------------------------

#[test]
fn a_sample_without_two_values_does_not_tell_the_error_of_a_quantile() {
    for sample in [vec![(2, 7.0)], vec![(2, 7.0), (1, 7.0), (3, 7.0)]] {
        let n = u64::try_from(sample.len()).expect("few units");
        for rule in RULES {
            let sampled = quantile(&units(&sample), median(rule), &one_stratum(9, None), Road::Stratum, EVEN);
            assert_eq!(not_estimable(sampled), (NotEstimable::Unbounded, n));
            let census =
                estimated(quantile(&units(&sample), median(rule), &one_stratum(n, Some(n)), Road::Stratum, EVEN));
            assert_near(census.value, 7.0, 0.0);
            assert_near(census.se, 0.0, 0.0);
        }
    }
}

#[test]
fn the_median_of_a_census_has_no_error() {
    for rule in RULES {
        for road in ROADS {
            let found = estimated(quantile(&five(), median(rule), &one_stratum(5, Some(5)), road, LIKE_R));
            assert_near(found.low, found.value, 0.0);
            assert_near(found.high, found.value, 0.0);
            assert_near(found.se, 0.0, 0.0);
            assert_near(found.df, 0.0, 0.0);
        }
    }
}

#[test]
fn nobody_has_no_median() {
    let outcome = quantile(&[], median(QuantileRule::Hf1), &one_stratum(5, None), Road::Stratum, LIKE_R);
    assert_eq!(not_estimable(outcome), (NotEstimable::Empty, 0));
}

#[test]
fn the_largest_value_of_a_sample_is_bounded_by_nothing() {
    // 0.9 of the weight is reached at 50 only, and everybody is at or below it.
    let outcome = quantile(&five(), Quantile::of(0.9), &one_stratum(5, None), Road::Stratum, EVEN);
    assert_eq!(not_estimable(outcome), (NotEstimable::Unbounded, 5));
}

#[test]
fn a_share_that_could_be_below_0_leaves_a_quantile_without_a_limit_and_on_the_log_odds_it_cannot_be() {
    // 0.6 -+ t(0.975; 4) * 0.253 is below 0 and above 1. On the log odds: 0.4055 -+ 2.9265, that is 0.0744 to 0.9655.
    let t_interval = median(QuantileRule::Hf1);
    let outcome = quantile(&five(), t_interval, &one_stratum(5, None), Road::Stratum, LIKE_R);
    assert_eq!(not_estimable(outcome), (NotEstimable::Unbounded, 5));
    let log_odds = Quantile { limits: IntervalMethod::Xlogit, ..t_interval };
    let found = estimated(quantile(&five(), log_odds, &one_stratum(5, None), Road::Stratum, LIKE_R));
    assert_near(found.low, 10.0, 0.0);
    assert_near(found.high, 50.0, 0.0);
}

#[test]
fn interpolation_between_unequal_weights_does_not_put_a_quantile_outside_its_interval() {
    // The last unit has 100 of 104: interpolation sees the other four at equal distances, and puts the median half-way, at 3, though
    // at or below it is 3/104 only, an interval of which ends at 0.06. That is 1.2 on the same scale.
    let outlier = units(&[(1, 1.0), (1, 2.0), (1, 3.0), (1, 4.0), (100, 5.0)]);
    let asked = Quantile { limits: IntervalMethod::Xlogit, ..median(QuantileRule::Hf7) };
    let found = estimated(quantile(&outlier, asked, &one_stratum(5, None), Road::Stratum, EVEN));
    assert_near(found.value, 3.0, 0.0);
    assert_near(found.high, 3.0, 0.0);
    assert!(1.0 < found.low && found.low < 1.2, "{found:?}");
}

#[test]
#[should_panic(expected = "no quantile of probability 1")]
fn the_maximum_is_no_quantile() {
    let _ = quantile(&five(), Quantile::of(1.0), &one_stratum(5, None), Road::Stratum, EVEN);
}

#[test]
#[should_panic(expected = "no quantile of probability 0")]
fn the_minimum_is_no_quantile() {
    let _ = quantile(&five(), Quantile::of(0.0), &one_stratum(5, None), Road::Stratum, EVEN);
}

// ---- Against R ------------------------------------------------------------------------------------------------------

/// Achievement of the schools in a category, numbered by the rows of the file, which is how R orders ties.
fn achievement(sample: &Schools, category: Option<(&str, &str)>) -> Vec<Unit> {
    let mut numbered: Vec<(usize, Unit)> = sample
        .schools
        .iter()
        .filter(|school| category.is_none_or(|(column, value)| school.text(column) == value))
        .map(|school| (school.row, school.unit(school.number("api00"), "a")))
        .collect();
    numbered.sort_by_key(|(row, _)| *row);
    numbered.into_iter().map(|(_, unit)| unit).collect()
}

fn roads(sample: &Schools) -> &'static [Road] {
    if sample.design.units_are_psus { &ROADS } else { &[Road::Psu, Road::Unit] }
}

#[test]
fn quantiles_are_those_of_r() {
    for design in ["srs", "strat", "strat_wr", "clus1", "clus2"] {
        let sample = schools(design);
        let units = achievement(&sample, None);
        let rows: Vec<_> = oracle()
            .into_iter()
            .filter(|row| row.design == design && row.statistic == "quantile" && row.variable == "api00")
            .collect();
        assert_eq!(rows.len(), 6, "quartiles of {design} by two rules");
        for row in rows {
            let rule = match row.method.as_str() {
                "hf1/mean" => QuantileRule::Hf1,
                "hf7/mean" => QuantileRule::Hf7,
                other => panic!("unknown rule {other}"),
            };
            let asked = Quantile { rule, ..Quantile::of(row.by.parse().expect("a probability")) };
            for road in roads(&sample) {
                let found = estimated(quantile(&units, asked, &sample.design, *road, LIKE_R));
                assert_near(found.value, row.estimate, 1e-9);
                assert_near(found.se, row.se, 1e-9);
                assert_near(found.low, row.ci_low, 1e-9);
                assert_near(found.high, row.ci_high, 1e-9);
                assert_near(found.df, row.df, 0.0);
            }
        }
    }
}

/// Of schools that did not meet their comparable improvement target:
/// `svyquantile(~api00, subset(design, comp.imp == "No"), c(.1, .5), qrule=, interval.type=, df=degf(design))`, survey 4.1.1.
/// Design, interval, rule, probability; then quantile, limits, standard error.
type OfADomain = (&'static str, IntervalMethod, QuantileRule, f64, [f64; 4]);

#[rustfmt::skip]
const OF_A_DOMAIN: [OfADomain; 14] = {
    use IntervalMethod::{T, Xlogit};
    use QuantileRule::{Hf1, Hf7};
    [
        ("strat", T, Hf1, 0.1, [467.0, 409.0, 500.0, 23.072_097_629_283_2]),
        ("strat", T, Hf1, 0.5, [648.0, 596.0, 679.0, 21.043_781_354_181_4]),
        ("strat", T, Hf7, 0.1, [470.455_304_293_296, 409.0, 500.056_402_588_807, 23.086_397_915_387_6]),
        ("strat", T, Hf7, 0.5, [647.005_402_546_104, 584.406_352_954_354, 677.999_318_091_998, 23.729_516_802_965_0]),
        ("strat", Xlogit, Hf1, 0.1, [467.0, 423.0, 510.0, 22.057_939_491_732_3]),
        ("strat", Xlogit, Hf1, 0.5, [648.0, 596.0, 679.0, 21.043_781_354_181_4]),
        ("strat", Xlogit, Hf7, 0.1, [470.455_304_293_296, 424.927_518_630_269, 509.578_754_942_320, 21.462_435_039_902_6]),
        ("strat", Xlogit, Hf7, 0.5, [647.005_402_546_104, 585.825_476_280_131, 677.802_447_980_463, 23.319_798_579_295_4]),
        ("clus1", T, Hf1, 0.5, [631.0, 547.0, 722.0, 40.796_597_858_851_2]),
        ("clus1", T, Hf7, 0.5, [634.5, 548.075_664_757_802, 719.041_921_916_046, 39.856_237_946_959]),
        ("clus1", Xlogit, Hf1, 0.1, [505.0, 436.0, 595.0, 37.066_623_197_470_5]),
        ("clus1", Xlogit, Hf1, 0.5, [631.0, 552.0, 710.0, 36.833_499_781_134_2]),
        ("clus1", Xlogit, Hf7, 0.1, [514.0, 437.902_065_115_002, 594.253_583_757_951, 36.449_200_175_411_7]),
        ("clus1", Xlogit, Hf7, 0.5, [634.5, 551.968_784_811_805, 710.031_215_188_195, 36.848_053_763_761_2]),
    ]
};

#[test]
fn quantiles_of_a_domain_are_those_of_r() {
    for (design, limits, rule, probability, [value, low, high, se]) in OF_A_DOMAIN {
        let sample = schools(design);
        let units = achievement(&sample, Some(("comp.imp", "No")));
        for road in roads(&sample) {
            let asked = Quantile { probability, rule, limits };
            let found = estimated(quantile(&units, asked, &sample.design, *road, LIKE_R));
            // R's intervals on the log odds carry 2e-9 of iteration error.
            assert_near(found.value, value, 1e-9);
            assert_near(found.low, low, 1e-9);
            assert_near(found.high, high, 1e-9);
            assert_near(found.se, se, 1e-8);
        }
    }
}

#[test]
fn where_r_has_no_lower_limit_neither_have_we() {
    // The same call for clus1 gives 505, NaN, 559, NaN.
    let sample = schools("clus1");
    let units = achievement(&sample, Some(("comp.imp", "No")));
    let outcome = quantile(&units, Quantile::of(0.1), &sample.design, Road::Psu, LIKE_R);
    assert_eq!(not_estimable(outcome), (NotEstimable::Unbounded, 50));
}

// ---- What must hold for any sample ----------------------------------------------------------------------------------

/// The second road: a search through the units, one by one, in plain doubles.
fn search(units: &[Unit], rule: QuantileRule, probability: f64) -> f64 {
    let mut ordered: Vec<(f64, f64)> = units.iter().map(|unit| (unit.y.to_f64(), unit.w.to_f64())).collect();
    ordered.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = ordered.iter().map(|(_, w)| w).sum();
    let (largest, last_w) = ordered[ordered.len() - 1];
    let mut before = 0.0;
    for (index, (value, w)) in ordered.iter().enumerate() {
        match rule {
            QuantileRule::Hf1 if (before + w) / total >= probability => return *value,
            QuantileRule::Hf1 => {}
            QuantileRule::Hf7 => {
                let Some((next, _)) = ordered.get(index + 1) else { break };
                let [here, there] = [before, before + w].map(|weight| weight / (total - last_w));
                if probability <= there {
                    return value + (next - value) * (probability - here) / (there - here);
                }
            }
        }
        before += w;
    }
    largest
}

/// A stratum as drawn: units of the population beyond the sample (none: not declared), and (weight, value) of each answer.
type DrawnStratum = (Option<u64>, Vec<(u64, i64)>);

/// Values from few, so that many tie.
fn strata() -> impl Strategy<Value = Vec<DrawnStratum>> {
    let unit = (1_u64..2_000, -6_i64..7);
    let stratum = (prop::option::of(0_u64..50), prop::collection::vec(unit, 2..9));
    prop::collection::vec(stratum, 1..5)
}

fn drawn_sample(drawn: &[DrawnStratum]) -> (DesignTable, Vec<Unit>) {
    let mut units = Vec::new();
    let mut strata = Vec::new();
    for (index, (beyond, members)) in drawn.iter().enumerate() {
        for (w, y) in members {
            let y = Wide::from_decimal(i128::from(*y), 1);
            units.push(Unit { stratum: index, psu: units.len(), w: Wide::from_count(*w), y, group: "a" });
        }
        let n = u64::try_from(members.len()).expect("few units");
        strata.push(stratum(n, beyond.map(|beyond| n + beyond)));
    }
    (DesignTable::of_strata(strata, LonelyPsu::Refuse), units)
}

fn any_quantile() -> impl Strategy<Value = Quantile> {
    let limits = prop::sample::select(vec![IntervalMethod::T, IntervalMethod::Xlogit]);
    (1_u32..100, prop::sample::select(RULES.to_vec()), limits).prop_map(|(percent, rule, limits)| Quantile {
        probability: f64::from(percent) / 100.0,
        rule,
        limits,
    })
}

fn any_level() -> impl Strategy<Value = Method> {
    prop::sample::select(vec![0.5, 0.9]).prop_map(|level| Method { level, ..LIKE_R })
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-12 * (1.0 + a.abs())
}

/// Whether two outcomes say the same, but for rounding.
fn same(a: Outcome, b: Outcome) -> bool {
    match (a, b) {
        (Outcome::Estimated(a), Outcome::Estimated(b)) => {
            let numbers = |of: Estimate| [of.value, of.low, of.high, of.se, of.df];
            a.n == b.n && numbers(a).into_iter().zip(numbers(b)).all(|(a, b)| close(a, b))
        }
        (a, b) => a == b,
    }
}

proptest! {
    #[test]
    fn a_search_through_the_units_finds_the_same(asked in any_quantile(), drawn in strata(), method in any_level()) {
        let (design, units) = drawn_sample(&drawn);
        let value = search(&units, asked.rule, asked.probability);
        // Steps of less than rounding apart are one to the search only.
        let near = |found: f64, searched: f64| (found - searched).abs() <= 1e-9;
        let at_most: Vec<Unit> = units
            .iter()
            .map(|unit| Unit { y: Wide::from_count(u64::from(unit.y.to_f64() <= value + 1e-9)), ..unit.clone() })
            .collect();
        let share = Single::Share.estimate(
            &sums(&at_most, Road::Unit),
            &design,
            Method { shares: asked.limits, ..method },
        );
        match (quantile(&units, asked, &design, Road::Stratum, method), share) {
            (Outcome::Estimated(found), Outcome::Estimated(share)) if share.se > 0.0 => {
                prop_assert!(0.0 <= share.low && share.high <= 1.0, "a limit beyond all values: {share:?}");
                prop_assert!(near(found.value, value), "{found:?} {value}");
                prop_assert!(near(found.low, search(&units, asked.rule, share.low).min(value)), "{found:?}");
                prop_assert!(near(found.high, search(&units, asked.rule, share.high).max(value)), "{found:?}");
            }
            (Outcome::Estimated(found), Outcome::Estimated(share)) => {
                prop_assert!(near(found.value, value) && close(share.df, 0.0), "of a census: {share:?}");
            }
            (Outcome::NotEstimable { .. }, Outcome::Estimated(share)) => {
                prop_assert!(share.se <= 0.0 || share.low < 0.0 || share.high > 1.0, "{share:?}");
            }
            (found, share) => prop_assert_eq!(found, share),
        }
    }

    #[test]
    fn limits_enclose_the_quantile_and_are_values_of_the_sample(
        asked in any_quantile(), drawn in strata(), method in any_level()
    ) {
        let (design, units) = drawn_sample(&drawn);
        if let Outcome::Estimated(found) = quantile(&units, asked, &design, Road::Stratum, method) {
            let values: Vec<f64> = units.iter().map(|unit| unit.y.to_f64()).collect();
            let smallest = values.iter().copied().fold(f64::INFINITY, f64::min);
            let largest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            prop_assert!(found.low <= found.value && found.value <= found.high && found.se >= 0.0, "{found:?}");
            prop_assert!(smallest <= found.low && found.high <= largest, "{found:?}");
            if asked.rule == QuantileRule::Hf1 {
                for number in [found.value, found.low, found.high] {
                    prop_assert!(values.iter().any(|value| close(*value, number)), "{found:?}");
                }
            }
        }
    }

    #[test]
    fn cells_by_stratum_by_cluster_and_by_unit_give_the_same(asked in any_quantile(), drawn in strata()) {
        let (design, units) = drawn_sample(&drawn);
        let clustered = DesignTable { units_are_psus: false, ..design.clone() };
        let by_stratum = quantile(&units, asked, &design, Road::Stratum, EVEN);
        for (design, road) in [(&design, Road::Unit), (&clustered, Road::Psu), (&clustered, Road::Unit)] {
            let found = quantile(&units, asked, design, road, EVEN);
            prop_assert!(same(by_stratum, found), "{by_stratum:?} {found:?}");
        }
    }

    #[test]
    fn the_order_of_the_cells_changes_no_bit(asked in any_quantile(), drawn in strata(), turn in 0_usize..30) {
        let (design, units) = drawn_sample(&drawn);
        for road in ROADS {
            let forth = cells(&units, road);
            let mut back: Vec<ValueCell> = forth.iter().rev().copied().collect();
            let turn = turn % back.len();
            back.rotate_left(turn);
            let [forth, back] = [forth, back].map(|cells| WeightedDistribution::new(&cells));
            prop_assert_eq!(&forth, &back);
            prop_assert_eq!(forth.quantile(asked, &design, EVEN), back.quantile(asked, &design, EVEN));
        }
    }

    #[test]
    fn the_unit_of_the_weights_does_not_matter(
        asked in any_quantile(), drawn in strata(), factor in 1_u64..1000, divisor in 1_u64..1000
    ) {
        let (design, units) = drawn_sample(&drawn);
        let scale = Wide::from_ratio(factor, divisor);
        let scaled: Vec<Unit> = units.iter().map(|unit| Unit { w: unit.w * scale, ..unit.clone() }).collect();
        let before = quantile(&units, asked, &design, Road::Stratum, EVEN);
        let after = quantile(&scaled, asked, &design, Road::Stratum, EVEN);
        prop_assert!(same(before, after), "{before:?} {after:?}");
    }

    #[test]
    fn quantiles_come_in_the_unit_of_the_item(asked in any_quantile(), drawn in strata()) {
        let (design, units) = drawn_sample(&drawn);
        let [three, seven] = [3, 7].map(Wide::from_count);
        let moved: Vec<Unit> = units.iter().map(|unit| Unit { y: unit.y * three + seven, ..unit.clone() }).collect();
        let before = quantile(&units, asked, &design, Road::Stratum, EVEN);
        let after = quantile(&moved, asked, &design, Road::Stratum, EVEN);
        match (before, after) {
            (Outcome::Estimated(before), Outcome::Estimated(after)) => {
                for (before, after) in
                    [(before.value, after.value), (before.low, after.low), (before.high, after.high)]
                {
                    prop_assert!(close(after, 3.0 * before + 7.0), "{before} {after}");
                }
                prop_assert!(close(after.se, 3.0 * before.se), "{before:?} {after:?}");
            }
            (before, after) => prop_assert_eq!(before, after),
        }
    }

    #[test]
    fn a_higher_probability_gives_no_smaller_quantile(drawn in strata(), percent in 1_u32..99) {
        let (mut design, units) = drawn_sample(&drawn);
        for stratum in &mut design.strata {
            stratum.population = Some(Wide::from_count(stratum.units));
        }
        let distribution = WeightedDistribution::new(&cells(&units, Road::Stratum));
        for rule in RULES {
            let [lower, higher] = [percent, percent + 1].map(|percent| {
                let asked = Quantile { rule, ..Quantile::of(f64::from(percent) / 100.0) };
                estimated(distribution.quantile(asked, &design, EVEN)).value
            });
            prop_assert!(lower <= higher, "{lower} {higher}");
        }
    }
}

/// The units beyond the limits of a quantile, on the side that has fewer.
fn fewest(found: &Estimate) -> Option<u64> {
    found.sides.map(|sides| sides.fewest)
}

#[test]
fn the_units_that_a_rounded_quantile_could_be_of_are_counted() {
    // 10 to 50, the median 30 with limits 30 and 40: to ones and tens each is one unit's own; to hundreds 30 and 40 are 0 with 10 and 20 and 30 and 40.
    let found = estimated(quantile(&five(), median(QuantileRule::Hf1), &one_stratum(5, None), Road::Unit, EVEN));
    let alike: Vec<(i8, u64)> =
        found.sides.unwrap().by_exponent().filter(|(exponent, _)| (0..4).contains(exponent)).collect();
    assert_eq!(alike, [(0, 1), (1, 1), (2, 4), (3, 5)], "50 is rounded to 100");
}

#[test]
fn the_units_beyond_the_limits_are_counted_on_the_side_that_has_fewer() {
    // Limits 30 and 40 by hf1: three units are at or below 30, two at or above 40; interpolated ones have two units beyond the upper, too.
    let found = estimated(quantile(&five(), median(QuantileRule::Hf1), &one_stratum(5, None), Road::Unit, EVEN));
    assert_near(found.low, 30.0, 0.0);
    assert_near(found.high, 40.0, 0.0);
    assert_eq!(fewest(&found), Some(2));
    let found = estimated(quantile(&five(), median(QuantileRule::Hf7), &one_stratum(5, None), Road::Unit, EVEN));
    assert!(30.0 < found.low && 40.0 < found.high && found.high < 50.0);
    assert_eq!(fewest(&found), Some(1), "one unit is above the interpolated limit");
    // A census has its value for limits: three units at or below it, three at or above.
    let found = estimated(quantile(&five(), median(QuantileRule::Hf1), &one_stratum(5, Some(5)), Road::Stratum, EVEN));
    assert_eq!(fewest(&found), Some(3));
}
