//! Estimates worked out by hand, the working beside them.

use codebook::{Design, FrameCount, LonelyPsu, Population, StratumAnswers, WeightRecipe};
use estimate::{Degrees, DesignTable, IntervalMethod, Method, NotEstimable, Sums, Table, Wide, weigh};

use crate::sample::{
    GROUPS, MEAN, Question, Road, SHARE, TOTAL, Unit, assert_near, code, estimated, not_estimable, place, sums, table,
    variable, wide,
};

const ROADS: [Road; 3] = [Road::Stratum, Road::Psu, Road::Unit];
const PUBLISHED: Method = Method { shares: IntervalMethod::Xlogit, level: 0.95, degrees: Degrees::Domain };
const LIKE_R: Method = Method { degrees: Degrees::Design, ..PUBLISHED };

fn answers(strata: &[(&str, u64)]) -> Vec<StratumAnswers> {
    let of = |(key, units): &(&str, u64)| StratumAnswers {
        key: vec![code(key)],
        units: *units,
        psus: *units,
        population: None,
    };
    strata.iter().map(of).collect()
}

/// Strata with so many units in the frame and answers among them; response weights.
fn response_design(strata: &[(&str, u64, u64)]) -> DesignTable {
    let frame: Vec<FrameCount> =
        strata.iter().map(|(key, units, _)| FrameCount { key: vec![code(key)], units: *units }).collect();
    let sampled: Vec<_> = strata.iter().map(|(key, _, answers)| (*key, *answers)).collect();
    let design = design(Population::Frame, WeightRecipe::Response, LonelyPsu::Refuse);
    weigh(&design, &answers(&sampled), &[], Some(&frame)).expect("every stratum has answers")
}

/// Strata with so many answers out of an undeclared number; all weights 1.
fn equal_design(strata: &[(&str, u64)], lonely: LonelyPsu) -> DesignTable {
    weigh(&design(Population::Undeclared, WeightRecipe::Equal, lonely), &answers(strata), &[], None)
        .expect("a sound design")
}

fn design(population: Population, weights: WeightRecipe, lonely: LonelyPsu) -> Design {
    Design {
        strata: vec![variable("level")],
        psu: Vec::new(),
        population,
        later_populations: Vec::new(),
        replicates: None,
        weights,
        calibration: None,
        trim: None,
        collapse: Vec::new(),
        lonely,
        place: place(),
    }
}

/// Units as (stratum, y, group), with the weights of the design.
fn units(design: &DesignTable, units: &[(usize, f64, &'static str)]) -> Vec<Unit> {
    let unit = |(psu, (stratum, y, group)): (usize, &(usize, f64, &'static str))| {
        let w = design.strata[*stratum].weight.expect("the recipe makes weights");
        Unit { stratum: *stratum, psu, w, y: wide(*y), group }
    };
    units.iter().enumerate().map(unit).collect()
}

fn by_every_road(
    question: Question<'_>,
    units: &[Unit],
    compared: Option<(&str, &str)>,
    design: &DesignTable,
    method: Method,
) -> Vec<Table> {
    ROADS.iter().map(|road| table(question, units, &GROUPS, compared, design, *road, method)).collect()
}

#[test]
fn response_weights_of_37_over_7_stand_for_37_workplaces() {
    // y = 1 .. 7, each standing for 37/7: total 37/7 * 28 = 148. z = 37 y / 7, sum (z - mean)^2 = (37/7)^2 * 28,
    // V = (1 - 7/37) * 7/6 * (37/7)^2 * 28 = 30 * 37 * 28 / (6 * 7) = 740.
    let design = response_design(&[("municipality", 37, 7)]);
    let sample = units(&design, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0].map(|y| (0, y, "a")));
    for table in by_every_road(TOTAL, &sample, None, &design, PUBLISHED) {
        let total = estimated(table.cells[0][0]);
        assert_near(total.value, 148.0, 0.0);
        assert_near(total.se, 740.0_f64.sqrt(), 1e-15);
        assert_near(total.df, 6.0, 0.0);
    }
}

#[test]
fn psus_outside_the_domain_still_count() {
    // Stratum of 9, three answers, weight 3; one of them is in the domain, with y = 4. Total 12; z = 12, 0, 0 around 4:
    // 64 + 16 + 16 = 96; V = (1 - 3/9) * 3/2 * 96 = 96. From the domain alone there would be one PSU and no variance.
    let design = response_design(&[("state", 9, 3)]);
    let sample = units(&design, &[(0, 4.0, "a"), (0, 5.0, "b"), (0, 6.0, "b")]);
    for table in by_every_road(TOTAL, &sample, None, &design, PUBLISHED) {
        let total = estimated(table.cells[0][1]);
        assert_near(total.value, 12.0, 0.0);
        assert_near(total.se, 96.0_f64.sqrt(), 1e-15);
        assert_eq!(total.n, 1);
    }
}

#[test]
fn a_stratum_without_respondents_in_the_domain_adds_nothing_and_no_degree_of_freedom() {
    // State: 2 of 10 answered, weight 5, one yes and one no, both in the domain. Region: 3 of 6 answered, weight 2, nobody
    // in the domain, so the sums do not have the pair (region, a). Share 5/10 = 1/2; z = 5 * (1 - 1/2)/10 = 1/4 and -1/4;
    // V = (1 - 2/10) * 2/1 * (1/16 + 1/16) = 1/5, and 0 from the region, where z = 0 three times.
    let design = response_design(&[("region", 6, 3), ("state", 10, 2)]);
    let sample = units(&design, &[(0, 1.0, "b"), (0, 0.0, "b"), (0, 1.0, "b"), (1, 1.0, "a"), (1, 0.0, "a")]);
    let members: Vec<Unit> = sample.iter().filter(|unit| unit.group == "a").cloned().collect();
    let Sums::ByStratum(cells) = sums(&members, Road::Stratum) else { panic!("sums by stratum") };
    assert_eq!(cells.iter().map(|cell| cell.stratum).collect::<Vec<_>>(), [1]);

    for (method, df) in [(PUBLISHED, 1.0), (LIKE_R, 3.0)] {
        for table in by_every_road(SHARE, &sample, None, &design, method) {
            let share = estimated(table.cells[0][1]);
            assert_near(share.value, 0.5, 0.0);
            assert_near(share.se, 0.2_f64.sqrt(), 1e-15);
            assert_near(share.df, df, 0.0);
            assert_eq!((share.n, share.positive), (2, 1));
            assert_eq!(not_estimable(table.cells[0][3]), (NotEstimable::Empty, 0));
        }
    }
}

#[test]
fn a_take_all_stratum_adds_neither_variance_nor_degrees_of_freedom() {
    // Mean of y over 2 of 2 (y = 0, 8) and 2 of 4 (y = 1, 3; weight 2): (8 + 2 * 4)/6 = 8/3.
    // z in the second stratum 2 (y - 8/3)/6 = -5/9, 1/9, around -2/9: 2 * (1/3)^2 = 2/9; V = 1/2 * 2 * 2/9 = 2/9.
    let design = response_design(&[("large", 2, 2), ("small", 4, 2)]);
    let sample = units(&design, &[(0, 0.0, "a"), (0, 8.0, "b"), (1, 1.0, "b"), (1, 3.0, "b")]);
    for table in by_every_road(MEAN, &sample, None, &design, PUBLISHED) {
        let mean = estimated(table.cells[0][0]);
        assert_near(mean.value, 8.0 / 3.0, 1e-15);
        assert_near(mean.se, (2.0_f64 / 9.0).sqrt(), 1e-15);
        assert_near(mean.df, 1.0, 0.0);
        // Group a lies in the take-all stratum alone, so nothing about it was sampled.
        let group = estimated(table.cells[0][1]);
        assert_near(group.se, 0.0, 0.0);
        assert_near(group.high, 0.0, 0.0);
    }
}

#[test]
fn a_census_has_no_error() {
    let design = response_design(&[("large", 2, 2), ("small", 3, 3)]);
    let sample = units(&design, &[(0, 1.0, "a"), (0, 0.0, "b"), (1, 1.0, "a"), (1, 1.0, "b"), (1, 0.0, "a")]);
    for question in [SHARE, MEAN, TOTAL] {
        for table in by_every_road(question, &sample, Some(("a", "b")), &design, PUBLISHED) {
            let all = estimated(table.cells[0][0]);
            assert_near(all.se, 0.0, 0.0);
            assert_near(all.low, all.value, 0.0);
            assert_near(all.high, all.value, 0.0);
            let difference = estimated(table.differences[0].outcome);
            assert_near(difference.se, 0.0, 0.0);
            assert_near(difference.low, difference.value, 0.0);
        }
    }
}

/// Strata of two (y = 1, 3), one (y = 6) and three (y = 0, 2, 4) answers, all weights 1. Their variances are
/// 2 * (1 + 1) = 4, unknown, and 3/2 * (4 + 0 + 4) = 12.
fn with_a_lonely_psu(lonely: LonelyPsu) -> Vec<Table> {
    let design = equal_design(&[("x", 2), ("y", 1), ("z", 3)], lonely);
    let sample =
        units(&design, &[(0, 1.0, "a"), (0, 3.0, "a"), (1, 6.0, "a"), (2, 0.0, "a"), (2, 2.0, "a"), (2, 4.0, "b")]);
    by_every_road(TOTAL, &sample, None, &design, PUBLISHED)
}

#[test]
fn a_lonely_psu_is_certain_or_centred_or_average() {
    let square_of_se = |lonely| {
        with_a_lonely_psu(lonely).iter().map(|table| estimated(table.cells[0][0]).se.powi_two()).collect::<Vec<_>>()
    };
    for variance in square_of_se(LonelyPsu::Certainty) {
        assert_near(variance, 16.0, 1e-14);
    }
    // The mean PSU total is 16/6 = 8/3, and (6 - 8/3)^2 = 100/9.
    for variance in square_of_se(LonelyPsu::Centre) {
        assert_near(variance, 16.0 + 100.0 / 9.0, 1e-14);
    }
    // The mean of 4 and 12.
    for variance in square_of_se(LonelyPsu::Average) {
        assert_near(variance, 24.0, 1e-14);
    }
}

#[test]
fn lonely_psus_in_a_mean_are_treated_as_r_treats_them() {
    // R survey 4.1 with survey.lonely.psu = certainty, adjust and average; for a mean, z sums to 0, so Stata's centre and
    // R's are the same. Weights 2, 5 and 3; the mean is 56/18.
    let expected = [
        (LonelyPsu::Certainty, 0.382_716_049_382_716),
        (LonelyPsu::Centre, 1.026_672_763_298_278),
        (LonelyPsu::Average, 0.574_074_074_074_074_1),
    ];
    for (lonely, variance) in expected {
        let design = equal_design(&[("x", 2), ("y", 1), ("z", 3)], lonely);
        let answers = [(0, 2.0, 1.0), (0, 2.0, 3.0), (1, 5.0, 6.0), (2, 3.0, 0.0), (2, 3.0, 2.0), (2, 3.0, 4.0)];
        let sample: Vec<Unit> = answers
            .into_iter()
            .enumerate()
            .map(|(psu, (stratum, w, y))| Unit { stratum, psu, w: wide(w), y: wide(y), group: "a" })
            .collect();
        for table in by_every_road(MEAN, &sample, None, &design, PUBLISHED) {
            let mean = estimated(table.cells[0][0]);
            assert_near(mean.value, 56.0 / 18.0, 1e-15);
            assert_near(mean.se.powi_two(), variance, 1e-14);
        }
    }
}

#[test]
fn a_lonely_psu_outside_the_domain_is_as_far_from_the_mean_as_zero_is() {
    // Only y = 4 of the last stratum is in group b: z = 0, 0 | 0 | 0, 0, 4. Its stratum: 3/2 * (16 - 16/3) = 16.
    // The mean PSU total is 4/6 = 2/3, so the lonely PSU is 2/3 away: 4/9.
    for table in with_a_lonely_psu(LonelyPsu::Centre) {
        assert_near(estimated(table.cells[0][2]).se.powi_two(), 16.0 + 4.0 / 9.0, 1e-14);
    }
}

#[test]
fn a_lonely_psu_outside_the_domain_adds_nothing_to_its_average() {
    // Group b holds one unit of the last stratum only: 16 as above, and nothing for the lonely one. Group a holds all three: 4 and
    // 3/2 (4 - 4/3) = 4 of the others, so 3/2 (4 + 4) = 12.
    for table in with_a_lonely_psu(LonelyPsu::Average) {
        assert_near(estimated(table.cells[0][2]).se.powi_two(), 16.0, 1e-14);
        assert_near(estimated(table.cells[0][1]).se.powi_two(), 12.0, 1e-14);
    }
}

#[test]
fn without_any_degree_of_freedom_nothing_can_be_said() {
    for lonely in [LonelyPsu::Certainty, LonelyPsu::Centre, LonelyPsu::Average] {
        let design = equal_design(&[("x", 1), ("y", 1)], lonely);
        let sample = units(&design, &[(0, 1.0, "a"), (1, 0.0, "b")]);
        for table in by_every_road(SHARE, &sample, Some(("a", "b")), &design, PUBLISHED) {
            assert_eq!(not_estimable(table.cells[0][0]), (NotEstimable::NoDegreesOfFreedom, 2));
            assert_eq!(not_estimable(table.differences[0].outcome), (NotEstimable::NoDegreesOfFreedom, 2));
        }
    }
}

#[test]
fn a_share_that_nobody_or_everybody_has_keeps_an_outer_limit() {
    // 40 equally weighted answers: (1 - x)^40 = 0.025 gives x = 0.0880973; by symmetry everybody has 1 - x.
    let design = equal_design(&[("x", 40)], LonelyPsu::Refuse);
    let limit = 0.088_097_302_878_802_4;
    for (y, low, high) in [(0.0, 0.0, limit), (1.0, 1.0 - limit, 1.0)] {
        let sample = units(&design, &[(0, y, "a"); 40]);
        for table in by_every_road(SHARE, &sample, None, &design, PUBLISHED) {
            let share = estimated(table.cells[0][0]);
            assert_near(share.value, y, 0.0);
            assert_near(share.se, 0.0, 0.0);
            assert_near(share.low, low, 1e-13);
            assert_near(share.high, high, 1e-13);
        }
    }
}

#[test]
fn unequal_weights_widen_the_outer_limit() {
    // Weights 1, 1, 4: n over Kish's design effect is (1 + 1 + 4)^2 / (1 + 1 + 16) = 2, so (1 - x)^2 = 0.025.
    let design = equal_design(&[("x", 3)], LonelyPsu::Refuse);
    let sample: Vec<Unit> = [1.0, 1.0, 4.0]
        .into_iter()
        .enumerate()
        .map(|(psu, w)| Unit { stratum: 0, psu, w: wide(w), y: Wide::ZERO, group: "a" })
        .collect();
    for table in by_every_road(SHARE, &sample, None, &design, PUBLISHED) {
        assert_near(estimated(table.cells[0][0]).high, 1.0 - 0.025_f64.sqrt(), 1e-13);
    }
}

#[test]
fn degrees_of_freedom_of_a_subset_count_the_psus_that_hold_it() {
    // Group a has 2 of 3 PSUs in x, 1 of 4 in y and none of the 2 in z. The design: 9 - 3; the strata that hold it: 2 + 3; the PSUs that do: 3 - 2.
    let design = equal_design(&[("x", 3), ("y", 4), ("z", 2)], LonelyPsu::Refuse);
    let of_x = [(0, 1.0, "a"), (0, 0.0, "a"), (0, 1.0, "b")];
    let of_y = [(1, 1.0, "a"), (1, 0.0, "b"), (1, 0.0, "b"), (1, 1.0, "b")];
    let sample = units(&design, &[&of_x[..], &of_y[..], &[(2, 1.0, "b"), (2, 0.0, "b")]].concat());
    for (degrees, expected) in [(Degrees::Design, 6.0), (Degrees::Domain, 5.0), (Degrees::Subset, 1.0)] {
        let method = Method { degrees, ..PUBLISHED };
        for table in by_every_road(SHARE, &sample, Some(("a", "b")), &design, method) {
            assert_near(estimated(table.cells[0][1]).df, expected, 0.0);
        }
    }
}

#[test]
fn strata_that_happen_to_agree_within_do_not_make_a_share_certain() {
    // All of x say yes and all of y say no: the sample shows no variance at 1/2, and two answers each do not prove it.
    let design = equal_design(&[("x", 2), ("y", 2)], LonelyPsu::Refuse);
    let sample = units(&design, &[(0, 1.0, "a"), (0, 1.0, "a"), (1, 0.0, "b"), (1, 0.0, "b")]);
    for table in by_every_road(SHARE, &sample, None, &design, PUBLISHED) {
        assert_eq!(not_estimable(table.cells[0][0]), (NotEstimable::NoVariance, 4));
    }
    // The same answers to the question that made the strata are known for certain.
    let stratum_share = Question { item: "level", ..SHARE };
    for table in by_every_road(stratum_share, &sample, None, &design, PUBLISHED) {
        let share = estimated(table.cells[0][0]);
        assert_near(share.low, 0.5, 0.0);
        assert_near(share.high, 0.5, 0.0);
    }
}

#[test]
fn the_share_of_a_stratum_among_some_of_its_units_is_sampled() {
    // Two answers of each stratum, but only those of y are in the base: none of it is of stratum x in this sample, which does
    // not prove that nobody is. The limit is that of two equal weights: (1 - high)^2 = 0.025.
    let design = equal_design(&[("x", 2), ("y", 3)], LonelyPsu::Refuse);
    let sample = units(&design, &[(1, 0.0, "a"), (1, 0.0, "a")]);
    let stratum_share = Question { item: "level", ..SHARE };
    for table in by_every_road(stratum_share, &sample, None, &design, PUBLISHED) {
        let share = estimated(table.cells[0][0]);
        assert_near(share.low, 0.0, 0.0);
        assert_near(share.high, 1.0 - 0.025_f64.sqrt(), 1e-13);
    }
}

#[test]
fn a_mean_without_spread_is_not_estimable() {
    let design = equal_design(&[("x", 3)], LonelyPsu::Refuse);
    // A third is no double: what is left of it after subtracting the mean must be seen as rounding.
    let third = Wide::from_ratio(1, 3);
    let sample: Vec<Unit> =
        (0..3).map(|psu| Unit { stratum: 0, psu, w: Wide::from_ratio(37, 7), y: third, group: "a" }).collect();
    for table in by_every_road(MEAN, &sample, None, &design, PUBLISHED) {
        assert_eq!(not_estimable(table.cells[0][0]), (NotEstimable::NoVariance, 3));
    }
}

#[test]
fn groups_that_share_a_stratum_are_not_independent() {
    // One stratum, all weights 1, totals of a (y = 1, 3) and b (y = 2, 8). z_a - z_b = 1, 3, -2, -8: sum -6, squares 78,
    // V = 4/3 * (78 - 36/4) = 92. The parts: 4/3 * (10 - 16/4) = 8 and 4/3 * (68 - 100/4) = 172/3, and twice the
    // covariance -4/3 * 4 * 10 / 4 = -40/3 subtracted: 8 + 172/3 + 80/3 = 92.
    let design = equal_design(&[("x", 4)], LonelyPsu::Refuse);
    let sample = units(&design, &[(0, 1.0, "a"), (0, 3.0, "a"), (0, 2.0, "b"), (0, 8.0, "b")]);
    for table in by_every_road(TOTAL, &sample, Some(("a", "b")), &design, PUBLISHED) {
        let difference = estimated(table.differences[0].outcome);
        assert_near(difference.value, -6.0, 0.0);
        assert_near(difference.se, 92.0_f64.sqrt(), 1e-15);
        assert_near(difference.df, 3.0, 0.0);
        assert_eq!(difference.n, 4);
        // t(3) at 0.975 is 3.1824463052837.
        assert_near(difference.high + 6.0, 3.182_446_305_283_708 * 92.0_f64.sqrt(), 1e-12);
    }
}

#[test]
fn answers_without_the_item_are_outside_its_domain() {
    // Four of eight answered; one of the four left the item blank, so the row's sums do not have it, but the design does.
    // Share 2/3; z = (1/3, 1/3, -2/3)/3 and 0: squares 6/81; V = (1 - 4/8) * 4/3 * 6/81 = 4/81.
    let design = response_design(&[("state", 8, 4)]);
    let sample = units(&design, &[(0, 1.0, "a"), (0, 1.0, "a"), (0, 0.0, "a")]);
    for table in by_every_road(SHARE, &sample, None, &design, PUBLISHED) {
        let share = estimated(table.cells[0][0]);
        assert_near(share.value, 2.0 / 3.0, 1e-15);
        assert_near(share.se, 2.0 / 9.0, 1e-15);
        assert_near(share.df, 3.0, 0.0);
    }
}

#[test]
fn dont_know_stays_in_the_denominator() {
    // Yes, yes, no, don't know: the share of yes is 2/4, not 2/3.
    let design = response_design(&[("state", 8, 4)]);
    let sample = units(&design, &[(0, 1.0, "a"), (0, 1.0, "a"), (0, 0.0, "a"), (0, 0.0, "a")]);
    for table in by_every_road(SHARE, &sample, None, &design, PUBLISHED) {
        let share = estimated(table.cells[0][0]);
        assert_near(share.value, 0.5, 0.0);
        assert_eq!((share.n, share.positive), (4, 2));
    }
}

/// Squaring a standard error gives the variance back.
trait Square {
    fn powi_two(self) -> f64;
}

impl Square for f64 {
    fn powi_two(self) -> f64 {
        self * self
    }
}
