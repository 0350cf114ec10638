//! Samples of several stages: variances by hand, by the textbook's recursion and by identities. R's are in `oracle`.

use codebook::{LonelyPsu, Measure};
use estimate::{
    Degrees, DesignTable, Estimate, IntervalMethod, Method, Outcome, SampledCluster, SampledDesign, Single, Size,
    Weights, Wide, sampled_design,
};
use proptest::prelude::*;

use crate::sample::{GROUPS, Road, Unit, assert_near, estimated, sums, wide};
use crate::textbook;

const METHOD: Method = Method { shares: IntervalMethod::T, level: 0.95, degrees: Degrees::Design };
const ROADS: [Road; 2] = [Road::Psu, Road::Unit];

/// A cluster of the last stage: stratum, path, size of each stage, and y of its units.
type Drawn<'a> = (&'a str, &'a str, &'a [f64], &'a [f64]);

fn design(drawn: &[Drawn<'_>], lonely: LonelyPsu) -> SampledDesign {
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
    let cluster = |(stratum, path, sizes, values): &Drawn<'_>| SampledCluster {
        stratum: words(stratum),
        path: words(path),
        units: u64::try_from(values.len()).expect("few units"),
        sizes: sizes.iter().map(|size| Size::constant(wide(*size))).collect(),
    };
    let clusters: Vec<_> = drawn.iter().map(cluster).collect();
    sampled_design(&clusters, &[], lonely, Weights::FromSizes).expect("a sound design")
}

/// The units with the weights of the design, all in group a.
fn sample(drawn: &[Drawn<'_>], lonely: LonelyPsu) -> (DesignTable, Vec<Unit>) {
    let found = design(drawn, lonely);
    let weights = found.weights.expect("they were asked for");
    let mut units = Vec::new();
    for (((_, _, _, values), (stratum, psu)), w) in drawn.iter().zip(&found.of_cluster).zip(weights) {
        let unit = |y: &f64| Unit { stratum: *stratum, psu: *psu, w, y: wide(*y), group: "a" };
        units.extend(values.iter().map(unit));
    }
    (found.table, units)
}

fn by_both_roads(single: Single, units: &[Unit], design: &DesignTable) -> [Estimate; 2] {
    ROADS.map(|road| estimated(single.estimate(&sums(units, road), design, METHOD)))
}

/// Two of four districts; in district 1 two of three schools with 1 and 3, in district 2 both schools, with 4 and 6.
const TWO_STAGES: [Drawn<'_>; 4] = [
    ("", "1 1", &[4.0, 3.0], &[1.0]),
    ("", "1 2", &[4.0, 3.0], &[3.0]),
    ("", "2 1", &[4.0, 2.0], &[4.0]),
    ("", "2 2", &[4.0, 2.0], &[6.0]),
];

#[test]
fn a_second_stage_adds_its_variance_as_often_as_the_first_came_there() {
    // Weights 4/2 * 3/2 = 3 and 4/2 * 2/2 = 2: z = 3, 9 and 8, 12, totals 12 and 20. Districts: (1 - 2/4) * 2 * (16 + 16) = 32.
    // Schools of district 1: (1 - 2/3) * 2 * (9 + 9) = 12, times 2/4 = 6; of district 2: all of them, 0.
    let (design, units) = sample(&TWO_STAGES, LonelyPsu::Refuse);
    for total in by_both_roads(Single::Total, &units, &design) {
        assert_near(total.value, 32.0, 0.0);
        assert_near(total.se * total.se, 38.0, 1e-14);
        // Two districts in one stratum.
        assert_near(total.df, 1.0, 0.0);
    }
}

#[test]
fn clusters_outside_the_domain_count_at_every_stage() {
    // Only the second school is in the domain: z = 9. Districts 9 and 0: (1 - 2/4) * 2 * 2 * 4.5^2 = 40.5. Schools of
    // district 1, 0 and 9: (1 - 2/3) * 2 * 2 * 4.5^2 = 27, times 2/4 = 13.5. District 2 has nobody: 0.
    let (design, units) = sample(&TWO_STAGES, LonelyPsu::Refuse);
    for total in by_both_roads(Single::Total, &units[1..2], &design) {
        assert_near(total.value, 9.0, 0.0);
        assert_near(total.se * total.se, 54.0, 1e-14);
    }
}

#[test]
fn a_third_stage_adds_its_variance_as_often_as_the_first_two_came_there() {
    // Weights 4/2 * 4/2 * 3/2 = 6, 4/2 * 4/2 * 1 = 4, 4/2 * 1 * 4/2 = 4: z = 6, 12 | 20 || 12, 28.
    // Districts 38 and 40: (1 - 2/4) * 2 * (1 + 1) = 2.
    // Schools of district 1, 18 and 20: (1 - 2/4) * 2 * (1 + 1) = 2, times 2/4 = 1; of district 2: its only one, 0.
    // Pupils: (1 - 2/3) * 2 * (9 + 9) = 12, times 2/4 * 2/4 = 3; the only one, 0; (1 - 2/4) * 2 * (64 + 64) = 128, times 2/4 = 64.
    let drawn: [Drawn<'_>; 5] = [
        ("", "1 1 1", &[4.0, 4.0, 3.0], &[1.0]),
        ("", "1 1 2", &[4.0, 4.0, 3.0], &[2.0]),
        ("", "1 2 1", &[4.0, 4.0, 1.0], &[5.0]),
        ("", "2 1 1", &[4.0, 1.0, 4.0], &[3.0]),
        ("", "2 1 2", &[4.0, 1.0, 4.0], &[7.0]),
    ];
    let (design, units) = sample(&drawn, LonelyPsu::Refuse);
    for total in by_both_roads(Single::Total, &units, &design) {
        assert_near(total.value, 78.0, 0.0);
        assert_near(total.se * total.se, 70.0, 1e-14);
    }
}

#[test]
fn a_lonely_cluster_of_a_later_stage_follows_the_rule_at_its_stage() {
    // As in TWO_STAGES, but one of two schools in district 2, z = 16: districts (1 - 2/4) * 2 * (4 + 4) = 8, district 1 adds
    // 6. District 2 adds 2/4 of: nothing; 12 as district 1 has; (1 - 1/2) (16 - (3 + 9 + 16)/3)^2 = 200/9.
    let mut drawn = TWO_STAGES[..3].to_vec();
    drawn[2].2 = &[4.0, 2.0];
    for (lonely, added) in [(LonelyPsu::Certainty, 0.0), (LonelyPsu::Average, 6.0), (LonelyPsu::Centre, 100.0 / 9.0)] {
        let (design, units) = sample(&drawn, lonely);
        for total in by_both_roads(Single::Total, &units, &design) {
            assert_near(total.se * total.se, 14.0 + added, 1e-14);
        }
    }
}

#[test]
fn a_census_at_every_stage_has_no_error() {
    let drawn: [Drawn<'_>; 3] =
        [("", "1 1", &[2.0, 2.0], &[1.0]), ("", "1 2", &[2.0, 2.0], &[3.0]), ("", "2 1", &[2.0, 1.0], &[4.0])];
    let (design, units) = sample(&drawn, LonelyPsu::Refuse);
    for total in by_both_roads(Single::Total, &units, &design) {
        assert_near(total.value, 8.0, 0.0);
        assert_near(total.se, 0.0, 0.0);
        assert_near(total.high, 8.0, 0.0);
    }
}

#[test]
fn psus_that_are_all_sampled_give_degrees_of_freedom_if_they_are_sampled_within() {
    // Both districts; of district 1 two of four, weight 2, z = 2, 6: (1 - 2/4) * 2 * (4 + 4) = 8. District 2 is whole.
    let drawn: [Drawn<'_>; 3] =
        [("", "1 1", &[2.0, 4.0], &[1.0]), ("", "1 2", &[2.0, 4.0], &[3.0]), ("", "2 1", &[2.0, 1.0], &[4.0])];
    let (design, units) = sample(&drawn, LonelyPsu::Refuse);
    for degrees in [Degrees::Domain, Degrees::Design] {
        let total = estimated(Single::Total.estimate(&sums(&units, Road::Psu), &design, Method { degrees, ..METHOD }));
        assert_near(total.se * total.se, 8.0, 1e-14);
        assert_near(total.df, 1.0, 0.0);
    }
}

#[test]
fn where_every_psu_is_sampled_the_psus_are_strata() {
    let sizes = |first: &'static [f64]| {
        [("1 1", 1.0), ("1 2", 4.0), ("1 3", 9.0), ("2 1", 2.0), ("2 2", 7.0)].map(|(path, y)| (path, first, y))
    };
    let of_stages = sizes(&[2.0, 5.0]);
    let of_stages: Vec<Drawn<'_>> =
        of_stages.iter().map(|(path, sizes, y)| ("", *path, *sizes, std::slice::from_ref(y))).collect();
    let of_strata = sizes(&[5.0]);
    let of_strata: Vec<Drawn<'_>> =
        of_strata.iter().map(|(path, sizes, y)| (&path[..1], &path[2..], *sizes, std::slice::from_ref(y))).collect();
    let [of_stages, of_strata] = [of_stages, of_strata].map(|drawn| sample(&drawn, LonelyPsu::Refuse));
    for single in [Single::Total, Single::Mean] {
        let [a, b] = [&of_stages, &of_strata].map(|(design, units)| by_both_roads(single, units, design));
        for (a, b) in a.into_iter().zip(b) {
            assert_near(a.value, b.value, 1e-15);
            assert_near(a.se, b.se, 1e-14);
        }
    }
}

/// A cluster as drawn: clusters or units of the population beyond the sample, and those in it.
type Within<T> = (u64, Vec<T>);
/// Weight, value and group of a unit; strata of districts of schools of units.
type Population = Vec<Within<Within<Within<(u64, i64, usize)>>>>;

fn three_stages() -> impl Strategy<Value = Population> {
    let unit = (1_u64..2_000_000, -300_i64..300, 0_usize..3);
    let school = (0_u64..4, prop::collection::vec(unit, 2..4));
    let district = (0_u64..4, prop::collection::vec(school, 2..4));
    let stratum = (0_u64..9, prop::collection::vec(district, 2..4));
    prop::collection::vec(stratum, 1..4)
}

/// The design and units of a drawing, with sizes of so many stages.
fn drawn(strata: &Population, declared: usize) -> (DesignTable, Vec<Unit>) {
    let size = |beyond: u64, sampled: usize| beyond + u64::try_from(sampled).expect("few");
    let mut clusters = Vec::new();
    let mut values = Vec::new();
    for (s, (more_districts, districts)) in strata.iter().enumerate() {
        for (d, (more_schools, schools)) in districts.iter().enumerate() {
            for (c, (more_units, units)) in schools.iter().enumerate() {
                for (u, unit) in units.iter().enumerate() {
                    let sizes = [
                        size(*more_districts, districts.len()),
                        size(*more_schools, schools.len()),
                        size(*more_units, units.len()),
                    ];
                    clusters.push(SampledCluster {
                        stratum: vec![s.to_string()],
                        path: [d, c, u].map(|id| id.to_string()).to_vec(),
                        units: 1,
                        sizes: sizes
                            .iter()
                            .take(declared)
                            .map(|size| Size::constant(Wide::from_count(*size)))
                            .collect(),
                    });
                    values.push(unit);
                }
            }
        }
    }
    let found = sampled_design(&clusters, &[], LonelyPsu::Refuse, Weights::Supplied).expect("no cluster is lonely");
    let unit = |((stratum, psu), (w, y, group)): (&(usize, usize), &(u64, i64, usize))| Unit {
        stratum: *stratum,
        psu: *psu,
        w: Wide::from_decimal(i128::from(*w), 5),
        y: Wide::from_decimal(i128::from(*y), 2),
        group: GROUPS[*group],
    };
    (found.table, found.of_cluster.iter().zip(values).map(unit).collect())
}

proptest! {
    #[test]
    fn the_recursion_of_the_textbook_gives_the_same_variance(strata in three_stages(), declared in 0_usize..=3) {
        let (design, units) = drawn(&strata, declared);
        prop_assert_eq!(design.later.len(), declared.saturating_sub(1));
        let group = |group: &str| units.iter().filter(|unit| unit.group == group).cloned().collect::<Vec<_>>();
        let (a, b) = (group("a"), group("b"));
        for road in ROADS {
            for (single, measure) in [(Single::Total, Measure::Total), (Single::Mean, Measure::Mean)] {
                let outcomes = [
                    (single.estimate(&sums(&units, road), &design, METHOD), textbook::estimate_and_variance(measure, &units, &design)),
                    (single.estimate(&sums(&a, road), &design, METHOD), textbook::estimate_and_variance(measure, &a, &design)),
                    (single.difference(&sums(&a, road), &sums(&b, road), &design, METHOD), textbook::difference(measure, &a, &b, &design)),
                ];
                for (outcome, (value, variance)) in outcomes {
                    let Outcome::Estimated(found) = outcome else { continue };
                    // Plain doubles lose digits where values or their spread cancel.
                    let unit_scale = if measure == Measure::Total { 1e3 } else { 1.0 };
                    prop_assert!((found.value - value).abs() <= 1e-10 * (value.abs() + found.se).max(unit_scale));
                    prop_assert!((found.se * found.se - variance).abs() <= 1e-9 * (variance + 1e-3 * unit_scale * unit_scale));
                }
            }
        }
    }

    #[test]
    fn stages_that_are_sampled_whole_add_nothing(mut strata in three_stages()) {
        for (_, districts) in &mut strata {
            for (more_schools, schools) in districts {
                *more_schools = 0;
                schools.iter_mut().for_each(|(more_units, _)| *more_units = 0);
            }
        }
        let [(all, units), (first, clustered)] = [drawn(&strata, 3), drawn(&strata, 1)];
        let [a, b] = [(all, units), (first, clustered)]
            .map(|(design, units)| Single::Total.estimate(&sums(&units, Road::Psu), &design, METHOD));
        match (a, b) {
            (Outcome::Estimated(a), Outcome::Estimated(b)) => {
                prop_assert!((a.value - b.value).abs() <= 1e-12 * (b.value.abs() + b.se));
                prop_assert!((a.se - b.se).abs() <= 1e-12 * b.se);
            }
            (a, b) => prop_assert_eq!(a.reason().is_some(), b.reason().is_some()),
        }
    }
}
