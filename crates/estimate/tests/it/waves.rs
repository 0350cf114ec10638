//! Changes between waves: by hand, over all possible samples, by simulation, against R.

use std::collections::{BTreeMap, BTreeSet};

use codebook::{Code, LonelyPsu};
use estimate::{
    Centre, CommonPsu, Degrees, DesignTable, Estimate, IntervalMethod, Method, NotEstimable, NotPaired, Outcome,
    Pairing, Replicates, SampledPsu, Single, Stratum, Sums, WaveSums, Wide, common_psus,
};

use crate::sample::{Road, Unit, assert_near, estimated, not_estimable, ratio_sums, sums, wide};
use crate::schools::{School, schools};

const METHOD: Method = Method { shares: IntervalMethod::Xlogit, level: 0.95, degrees: Degrees::Design };

/// Key and value of each unit of a sample.
type Answers = Vec<(usize, f64)>;

/// One wave: its design, and its units with their keys.
struct Wave {
    design: DesignTable,
    units: Vec<(usize, Unit)>,
}

impl Wave {
    /// Strata as (PSUs of the population, (key, y) of each unit in the sample). Weights are N/n, or 1 without N.
    fn new(strata: &[(Option<u64>, Answers)]) -> Self {
        let mut units = Vec::new();
        let mut table = Vec::new();
        for (stratum, (population, members)) in strata.iter().enumerate() {
            let n = u64::try_from(members.len()).expect("few units");
            let w = population.map_or(Wide::ONE, |population| Wide::from_ratio(population, n));
            for (key, y) in members {
                units.push((*key, Unit { stratum, psu: units.len(), w, y: wide(*y), group: "a" }));
            }
            table.push(Stratum {
                key: vec![Code::new(&stratum.to_string()).expect("a code")],
                units: n,
                psus: n,
                population: population.map(Wide::from_count),
                weight: Some(w),
            });
        }
        Self { design: DesignTable::of_strata(table, LonelyPsu::Refuse), units }
    }

    fn sums(&self, road: Road) -> Sums {
        sums(&self.units.iter().map(|(_, unit)| unit.clone()).collect::<Vec<_>>(), road)
    }

    fn keys(&self) -> Vec<(usize, SampledPsu)> {
        self.units.iter().map(|(key, unit)| (*key, SampledPsu { stratum: unit.stratum, psu: unit.psu })).collect()
    }
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Independent,
    Coordinated,
    Panel,
}

fn change(single: Single, earlier: &Wave, later: &Wave, kind: Kind) -> Estimate {
    let common = common_psus(&earlier.keys(), &later.keys());
    let pairing = match kind {
        Kind::Independent => Pairing::Independent,
        Kind::Coordinated => Pairing::Coordinated(&common),
        Kind::Panel => Pairing::Panel(&common),
    };
    let [before, after] = [earlier, later].map(|wave| wave.sums(Road::Unit));
    let [before, after] =
        [(&before, &earlier.design), (&after, &later.design)].map(|(sums, design)| WaveSums { sums, design });
    estimated(single.change(before, after, pairing, METHOD).expect("data for the pairing"))
}

#[test]
fn the_schools_of_two_years_are_a_panel() {
    let sample = schools("strat");
    let wave = |column: &str| -> Vec<Unit> {
        sample.schools.iter().map(|school| school.unit(school.number(column), "a")).collect()
    };
    let [earlier, later] = ["api99", "api00"].map(wave);
    let keys = |units: &[Unit]| -> Vec<(String, SampledPsu)> {
        let key = |(unit, school): (&Unit, &School)| {
            (school.text("cds").to_owned(), SampledPsu { stratum: unit.stratum, psu: unit.psu })
        };
        units.iter().zip(&sample.schools).map(key).collect()
    };
    let common = common_psus(&keys(&earlier), &keys(&later));
    assert_eq!(common.len(), 200);
    for road in [Road::Psu, Road::Unit] {
        let [earlier, later] = [&earlier, &later].map(|units| sums(units, road));
        let [earlier, later] = [&earlier, &later].map(|sums| WaveSums { sums, design: &sample.design });
        for pairing in [Pairing::Panel(&common), Pairing::Coordinated(&common)] {
            let found = estimated(Single::Mean.change(earlier, later, pairing, METHOD).expect("paired"));
            assert_near(found.value, 32.892_518_38, 1e-9);
            // R's contrast, which knows the schools to be the same.
            assert_near(found.se, 2.051_112_41, 1e-8);
            assert_near(found.df, 197.0, 0.0);
            let paired = estimated(Single::Mean.difference(later.sums, earlier.sums, later.design, METHOD));
            assert_near(found.se, paired.se, 1e-13);
        }
        let apart = estimated(Single::Mean.change(earlier, later, Pairing::Independent, METHOD).expect("independent"));
        assert_near(apart.se, 13.7, 5e-3);
        assert!(197.0 < apart.df && apart.df <= 394.0);
    }
}

#[test]
fn a_panel_has_the_variance_of_its_paired_differences() {
    // Changes 1, 3 and 2, 6: means 2 and 4, squares around them 2 and 8; N = 10 and 4, so f = 1/5 and 1/2.
    // V of the total = 100 4/5 2/2 (1/1) + 16 1/2 8/2 = 80 + 32; the weight is 14.
    let earlier = Wave::new(&[(Some(10), vec![(1, 5.0), (2, 9.0)]), (Some(4), vec![(3, 1.0), (4, 7.0)])]);
    let later = Wave::new(&[(Some(10), vec![(1, 6.0), (2, 12.0)]), (Some(4), vec![(4, 13.0), (3, 3.0)])]);
    let found = change(Single::Total, &earlier, &later, Kind::Panel);
    assert_near(found.value, 20.0 + 16.0, 1e-14);
    assert_near(found.se * found.se, 100.0 * 0.8 * 2.0 / 2.0 + 16.0 * 0.5 * 8.0 / 2.0, 1e-14);
    assert_near(found.df, 2.0, 0.0);
    let mean = change(Single::Mean, &earlier, &later, Kind::Panel);
    assert_near(mean.se, found.se / 14.0, 1e-14);
}

#[test]
fn half_a_sample_kept_by_hand() {
    // N = 20, n = 3 in either wave, units 1 and 2 in both. Means 4 and 6; e = -2, 0 and -3, 1; products 6 + 0.
    // s = 6 / (2 (1 - 2/3 + 2/9)) = 5.4; m - k = 2 - 9/20; weights 20/3: C = (20/3)^2 1.55 5.4.
    let earlier = Wave::new(&[(Some(20), vec![(1, 2.0), (2, 4.0), (3, 6.0)])]);
    let later = Wave::new(&[(Some(20), vec![(1, 3.0), (2, 7.0), (4, 8.0)])]);
    let one = |spread: f64| 400.0 / 3.0 * 0.85 * spread;
    let expected = one(4.0) + one(7.0) - 2.0 * (400.0 / 9.0) * 1.55 * 5.4;
    let found = change(Single::Total, &earlier, &later, Kind::Coordinated);
    assert_near(found.se * found.se, expected, 1e-13);
}

#[test]
fn units_outside_the_domain_still_count_in_the_covariance() {
    // Unit 3 is in both samples but outside the domain: with z = 0 it is in the mean of the stratum and among the common.
    let earlier = Wave::new(&[(None, vec![(1, 2.0), (2, 4.0), (3, 0.0)])]);
    let later = Wave::new(&[(None, vec![(1, 3.0), (2, 7.0), (3, 0.0)])]);
    let whole = change(Single::Total, &earlier, &later, Kind::Panel);
    let common = common_psus(&earlier.keys(), &later.keys());
    let inside = |wave: &Wave| {
        sums(
            &wave.units.iter().filter(|(key, _)| *key != 3).map(|(_, unit)| unit.clone()).collect::<Vec<_>>(),
            Road::Unit,
        )
    };
    let (before, after) = (inside(&earlier), inside(&later));
    let domain = estimated(
        Single::Total
            .change(
                WaveSums { sums: &before, design: &earlier.design },
                WaveSums { sums: &after, design: &later.design },
                Pairing::Panel(&common),
                METHOD,
            )
            .expect("paired"),
    );
    assert_near(domain.se, whole.se, 1e-14);
    assert_eq!((domain.n, whole.n), (4, 6));
}

#[test]
fn variances_of_independent_samples_add_even_if_units_recur() {
    let earlier = Wave::new(&[(Some(50), vec![(1, 2.0), (2, 4.0), (3, 9.0)])]);
    let later = Wave::new(&[(None, vec![(1, 3.0), (2, 7.0), (3, 8.0), (4, 1.0)])]);
    let of = |wave: &Wave| estimated(Single::Mean.estimate(&wave.sums(Road::Unit), &wave.design, METHOD));
    let (before, after) = (of(&earlier), of(&later));
    let found = change(Single::Mean, &earlier, &later, Kind::Independent);
    let (v, w) = (before.se * before.se, after.se * after.se);
    assert_near(found.se * found.se, v + w, 1e-13);
    // Satterthwaite, on 2 and 3.
    assert_near(found.df, (v + w) * (v + w) / (v * v / 2.0 + w * w / 3.0), 1e-12);
}

#[test]
fn a_census_in_either_wave_leaves_the_variance_of_the_other() {
    let census = Wave::new(&[(Some(3), vec![(1, 2.0), (2, 4.0), (3, 9.0)])]);
    let sample = Wave::new(&[(Some(30), vec![(1, 3.0), (2, 7.0), (4, 8.0)])]);
    let alone = estimated(Single::Mean.estimate(&sample.sums(Road::Unit), &sample.design, METHOD));
    for (earlier, later) in [(&census, &sample), (&sample, &census)] {
        for kind in [Kind::Independent, Kind::Coordinated, Kind::Panel] {
            let found = change(Single::Mean, earlier, later, kind);
            assert_near(found.se, alone.se, 1e-14);
            assert_near(found.df, 2.0, 0.0);
        }
    }
    let found = change(Single::Mean, &census, &census, Kind::Panel);
    assert_near(found.se, 0.0, 0.0);
    assert_near(found.df, 0.0, 0.0);
}

#[test]
fn what_cannot_be_paired_says_why() {
    let wave = Wave::new(&[(None, vec![(1, 2.0), (2, 4.0), (3, 9.0)])]);
    let common = common_psus(&wave.keys(), &wave.keys());
    let ask = |road: Road, design: &DesignTable, pairing: Pairing<'_>| {
        let sums = wave.sums(road);
        let wave = WaveSums { sums: &sums, design };
        Single::Mean.change(wave, wave, pairing, METHOD)
    };
    assert_eq!(ask(Road::Unit, &wave.design, Pairing::Panel(&[])), Err(NotPaired::NoCommonPsus));
    assert_eq!(ask(Road::Stratum, &wave.design, Pairing::Coordinated(&common)), Err(NotPaired::SumsByStratum));
    assert!(ask(Road::Stratum, &wave.design, Pairing::Independent).is_ok());
    let replicates = Replicates {
        bearer: estimate::Bearer::Unit,
        factors: Vec::new(),
        scale: Wide::ONE,
        rscales: Vec::new(),
        centre: Centre::Mean,
        unreplicated: estimate::Unreplicated::Nothing,
        df: 1.0,
    };
    let replicated = DesignTable { replicates: Some(replicates), ..wave.design.clone() };
    assert_eq!(ask(Road::Unit, &replicated, Pairing::Panel(&common)), Err(NotPaired::Replicates));
    // The same answers twice show no variance of their change.
    let same = ask(Road::Unit, &wave.design, Pairing::Panel(&common)).expect("paired");
    assert_eq!(not_estimable(same), (NotEstimable::NoVariance, 6));
    let (nobody, everybody) = (Sums::ByUnit(Vec::new().into()), wave.sums(Road::Unit));
    let [empty, full] = [&nobody, &everybody].map(|sums| WaveSums { sums, design: &wave.design });
    let outcome = Single::Mean.change(empty, full, Pairing::Independent, METHOD).expect("independent");
    assert_eq!(not_estimable(outcome), (NotEstimable::Empty, 3));
}

#[test]
fn a_ratio_to_nothing_is_not_an_empty_domain() {
    let wave = Wave::new(&[(None, vec![(1, 2.0), (2, 4.0), (3, 9.0)])]);
    let over = |x: Wide| {
        let units: Vec<(Unit, Wide)> = wave.units.iter().map(|(_, unit)| (unit.clone(), x)).collect();
        ratio_sums(&units, Road::Unit)
    };
    let (to_nothing, to_something) = (over(Wide::ZERO), over(Wide::ONE));
    let [to_nothing, to_something] = [&to_nothing, &to_something].map(|sums| WaveSums { sums, design: &wave.design });
    for (earlier, later) in [(to_nothing, to_something), (to_something, to_nothing)] {
        let outcome = Single::Ratio.change(earlier, later, Pairing::Independent, METHOD).expect("independent");
        assert_eq!(not_estimable(outcome), (NotEstimable::NoDenominator, 6));
    }
}

#[test]
fn a_psu_alone_in_its_stratum_tells_no_covariance() {
    let lonely = |y: f64| {
        let mut wave = Wave::new(&[(Some(30), vec![(1, y)]), (Some(30), vec![(2, 5.0 + y * y), (3, 1.0)])]);
        wave.design.lonely = LonelyPsu::Average;
        wave
    };
    let (earlier, later) = (lonely(1.0), lonely(4.0));
    let apart = change(Single::Total, &earlier, &later, Kind::Independent);
    let paired = change(Single::Total, &earlier, &later, Kind::Panel);
    // Only the second stratum has a covariance: 15^2 2 (1 - 1/15) s, s = (5/2 20/2) 2.
    let covariance = 225.0 * 2.0 * (14.0 / 15.0) * (2.5 * 10.0) * 2.0;
    assert_near(paired.se * paired.se, apart.se * apart.se - 2.0 * covariance, 1e-12);
}

#[test]
fn the_covariance_is_that_of_the_change() {
    let earlier = Wave::new(&[(Some(20), vec![(1, 2.0), (2, 4.0), (3, 6.0)])]);
    let later = Wave::new(&[(Some(20), vec![(1, 3.0), (2, 7.0), (4, 8.0)])]);
    let common: Vec<CommonPsu> = common_psus(&earlier.keys(), &later.keys());
    let sums = [&earlier, &later].map(|wave| wave.sums(Road::Unit));
    let before = WaveSums { sums: &sums[0], design: &earlier.design };
    let after = WaveSums { sums: &sums[1], design: &later.design };
    let covariance = Single::Mean.covariance(before, after, Pairing::Coordinated(&common)).expect("paired");
    let apart = change(Single::Mean, &earlier, &later, Kind::Independent);
    let paired = change(Single::Mean, &earlier, &later, Kind::Coordinated);
    assert_near(apart.se * apart.se - 2.0 * covariance, paired.se * paired.se, 1e-13);
    assert_near(Single::Mean.covariance(before, after, Pairing::Independent).expect("independent"), 0.0, 0.0);
}

/// All subsets of `size` of the items.
fn subsets(items: &[usize], size: usize) -> Vec<Vec<usize>> {
    if size == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (index, first) in items.iter().enumerate() {
        for mut rest in subsets(&items[index + 1..], size - 1) {
            rest.insert(0, *first);
            all.push(rest);
        }
    }
    all
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / f64::from(u32::try_from(values.len()).expect("few"))
}

/// The mean of (value - mean)^2.
fn spread(values: &[f64]) -> f64 {
    let centre = mean(values);
    mean(&values.iter().map(|value| (value - centre) * (value - centre)).collect::<Vec<_>>())
}

#[test]
fn over_all_rotations_of_a_sample_the_variance_is_unbiased() {
    // Six units; three asked first, `kept` of them again, with others up to `size`. Every possible pair of samples.
    let before = [3.0, 8.0, 1.0, 9.0, 4.0, 12.0];
    let after = [4.0, 7.0, 3.0, 13.0, 5.0, 11.0];
    let everybody: Vec<usize> = (0..6).collect();
    for (kept, size) in [(1, 2), (1, 4), (2, 3), (2, 5), (3, 4)] {
        let (mut changes, mut variances) = (Vec::new(), Vec::new());
        for first in subsets(&everybody, 3) {
            let others: Vec<usize> = everybody.iter().copied().filter(|unit| !first.contains(unit)).collect();
            for again in subsets(&first, kept) {
                for new in subsets(&others, size - kept) {
                    let second: Vec<usize> = again.iter().chain(&new).copied().collect();
                    let wave = |sample: &[usize], values: &[f64; 6]| {
                        Wave::new(&[(Some(6), sample.iter().map(|unit| (*unit, values[*unit])).collect())])
                    };
                    let earlier = wave(&first, &before);
                    let later = wave(&second, &after);
                    let (value, variance) = value_and_variance(&earlier, &later);
                    changes.push(value);
                    variances.push(variance);
                }
            }
        }
        assert_near(mean(&changes), 43.0 - 37.0, 1e-12);
        assert_near(mean(&variances), spread(&changes), 1e-12);
    }
}

/// The change of the total and V + V - 2 C, which a tiny sample may make negative.
fn value_and_variance(earlier: &Wave, later: &Wave) -> (f64, f64) {
    let common = common_psus(&earlier.keys(), &later.keys());
    let [before, after] = [earlier, later].map(|wave| wave.sums(Road::Unit));
    let [before, after] =
        [(&before, &earlier.design), (&after, &later.design)].map(|(sums, design)| WaveSums { sums, design });
    let of = |wave: WaveSums<'_>| match Single::Total.estimate(wave.sums, wave.design, METHOD) {
        Outcome::Estimated(estimate) => estimate,
        Outcome::NotEstimable { reason, .. } => panic!("{reason:?}"),
    };
    let covariance = Single::Total.covariance(before, after, Pairing::Coordinated(&common)).expect("paired");
    let (before, after) = (of(before), of(after));
    (after.value - before.value, before.se * before.se + after.se * after.se - 2.0 * covariance)
}

/// SplitMix64 (Steele, Lea and Flood 2014): the same numbers everywhere.
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to below 1.
    fn fraction(&mut self) -> f64 {
        Wide::from_ratio(self.bits() >> 11, 1 << 53).to_f64()
    }
}

/// A population in which some units change stratum between the waves.
struct Population {
    /// Of each unit: stratum and value in either wave.
    units: Vec<[(usize, f64); 2]>,
}

impl Population {
    fn new(random: &mut Random, size: usize, moving: f64) -> Self {
        let mut unit = || {
            let stratum = usize::from(random.fraction() < 0.4);
            let moved = if random.fraction() < moving { 1 - stratum } else { stratum };
            let level = 10.0 * random.fraction() + if stratum == 1 { 15.0 } else { 0.0 };
            let now = level + 3.0 * random.fraction() + if moved == stratum { 0.0 } else { 4.0 };
            [(stratum, level), (moved, now)]
        };
        Self { units: (0..size).map(|_| unit()).collect() }
    }

    /// A sample of `sizes` by stratum: the units with the smallest numbers.
    fn sample(&self, wave: usize, sizes: [usize; 2], numbers: &[f64]) -> Wave {
        let stratum = |stratum: usize| {
            let mut members: Vec<usize> =
                (0..self.units.len()).filter(|unit| self.units[*unit][wave].0 == stratum).collect();
            let population = u64::try_from(members.len()).expect("few units");
            members.sort_by(|a, b| numbers[*a].total_cmp(&numbers[*b]));
            members.truncate(sizes[stratum]);
            (Some(population), members.into_iter().map(|unit| (unit, self.units[unit][wave].1)).collect())
        };
        Wave::new(&[stratum(0), stratum(1)])
    }
}

/// Draws pairs of samples by permanent random numbers, those of the later wave turned on by `turn`; gives the true variance of the change over
/// the draws, the mean of the estimated one, and the mean of what adding variances would say.
fn simulate(moving: f64, turn: f64, draws: usize) -> [f64; 3] {
    let mut random = Random(20_260_101);
    let population = Population::new(&mut random, 120, moving);
    let (mut changes, mut variances, mut sums) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..draws {
        let numbers: Vec<f64> = population.units.iter().map(|_| random.fraction()).collect();
        let turned: Vec<f64> = numbers.iter().map(|number| (number - turn).rem_euclid(1.0)).collect();
        let earlier = population.sample(0, [18, 20], &numbers);
        let later = population.sample(1, [24, 15], &turned);
        let (change, variance) = value_and_variance(&earlier, &later);
        let (_, apart) = value_and_variance(&earlier, &without_keys(&later));
        changes.push(change);
        variances.push(variance);
        sums.push(apart);
    }
    [spread(&changes), mean(&variances), mean(&sums)]
}

/// The same wave, in which nobody is known from before.
fn without_keys(wave: &Wave) -> Wave {
    let units = wave.units.iter().map(|(key, unit)| (key + 1_000_000, unit.clone())).collect();
    Wave { design: wave.design.clone(), units }
}

#[test]
fn under_rotation_the_estimated_variance_is_the_true_one() {
    let [truth, estimated, apart] = simulate(0.0, 0.08, 2000);
    assert!((estimated / truth - 1.0).abs() < 0.06, "true {truth}, estimated {estimated}, added {apart}");
    assert!(apart > 1.3 * truth, "true {truth}, added {apart}");
}

#[test]
fn units_that_change_stratum_keep_their_covariance() {
    let [truth, estimated, apart] = simulate(0.15, 0.0, 2000);
    assert!((estimated / truth - 1.0).abs() < 0.1, "true {truth}, estimated {estimated}, added {apart}");
    assert!(apart > 1.5 * truth, "true {truth}, added {apart}");
}

#[test]
fn keys_find_the_units_of_both_samples() {
    let psu = |stratum, psu| SampledPsu { stratum, psu };
    let earlier = [("b", psu(0, 1)), ("a", psu(0, 0)), ("c", psu(1, 2))];
    let later = [("c", psu(0, 0)), ("d", psu(1, 1)), ("b", psu(1, 2))];
    let common = common_psus(&earlier, &later);
    let expected = [(psu(0, 1), psu(1, 2)), (psu(1, 2), psu(0, 0))];
    assert_eq!(common, expected.map(|(earlier, later)| CommonPsu { earlier, later }));
    let distinct: BTreeSet<SampledPsu> = common.iter().map(|psu| psu.later).collect();
    assert_eq!(distinct.len(), 2);
}

#[test]
#[should_panic(expected = "a key names one PSU of a wave")]
fn a_key_that_names_two_psus_is_refused() {
    let psu = SampledPsu { stratum: 0, psu: 0 };
    let _ = common_psus(&[("a", psu), ("a", SampledPsu { psu: 1, ..psu })], &[("a", psu)]);
}

#[test]
fn clusters_that_recur_carry_the_covariance_of_their_totals() {
    // Two waves of the same clusters: totals by cluster change by 1, 5 and 3.
    let sample = |values: &[(usize, f64)]| -> Vec<Unit> {
        values.iter().map(|(psu, y)| Unit { stratum: 0, psu: *psu, w: wide(2.0), y: wide(*y), group: "a" }).collect()
    };
    let mut design = Wave::new(&[(Some(6), vec![(0, 0.0), (1, 0.0), (2, 0.0)])]).design;
    design.units_are_psus = false;
    design.strata[0].units = 6;
    let earlier = sums(&sample(&[(0, 1.0), (0, 2.0), (1, 4.0), (2, 6.0)]), Road::Psu);
    let later = sums(&sample(&[(0, 4.0), (1, 5.0), (1, 4.0), (2, 9.0)]), Road::Psu);
    let psus: BTreeMap<usize, SampledPsu> = (0..3).map(|psu| (psu, SampledPsu { stratum: 0, psu })).collect();
    let keys: Vec<(usize, SampledPsu)> = psus.into_iter().collect();
    let common = common_psus(&keys, &keys);
    let [before, after] = [&earlier, &later].map(|sums| WaveSums { sums, design: &design });
    let found = estimated(Single::Total.change(before, after, Pairing::Panel(&common), METHOD).expect("paired"));
    assert_near(found.value, 18.0, 1e-14);
    // z changes by 2, 10 and 6 around 6: 3/2 1/2 32.
    assert_near(found.se * found.se, 24.0, 1e-13);
}
