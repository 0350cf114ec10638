//! Replicates worked out by hand, the working beside them.

use super::*;

#[test]
fn a_difference_between_groups_is_taken_in_each_replicate() {
    // Four PSUs out of eight, weights 2. Group a: 1, 3 in the first two and 8 in the third; group b: 2 in the
    // third, 4, 6 in the fourth. Means 4 and 4. Without the PSUs in turn: a 11/2, 9/2, 2, 4 and b 4, 4, 5, 2, so
    // differences 3/2, 1/2, -3, 2 around their mean 1/4: 25/16 + 1/16 + 169/16 + 49/16 = 61/4. V = 3/4 * (1 - 4/8)
    // * 61/4 = 183/32.
    let design = design(&[(4, Some(8))], LonelyPsu::Refuse);
    let unit = |(psu, y, group): (usize, f64, &'static str)| Unit { stratum: 0, psu, w: wide(2.0), y: wide(y), group };
    let units = [(0, 1.0, "a"), (1, 3.0, "a"), (2, 8.0, "a"), (2, 2.0, "b"), (3, 4.0, "b"), (3, 6.0, "b")].map(unit);
    let design = with(&design, Replicates::jackknife(&design, &[0; 4]));
    for road in [Road::Psu, Road::Unit] {
        let table = table(MEAN, &units, &GROUPS, Some(("a", "b")), &design, road, METHOD);
        let difference = estimated(table.differences[0].outcome);
        assert_near(difference.value, 0.0, 0.0);
        assert_near(difference.se, (183.0_f64 / 32.0).sqrt(), 1e-15);
        assert_near(difference.df, 3.0, 0.0);
    }
}

/// R has 1, too: `degf(subset(d, h == "second"))` of a replicate design.
#[test]
fn a_domain_has_no_more_degrees_of_freedom_than_its_strata_have_psus_for() {
    let design = design(&[(4, None), (2, None)], LonelyPsu::Refuse);
    let unit = |(psu, y)| Unit { stratum: usize::from(psu > 3), psu, w: Wide::ONE, y: wide(y), group: "a" };
    let units = [(0, 1.0), (1, 3.0), (2, 8.0), (3, 2.0), (4, 5.0), (5, 8.0)].map(unit);
    let design = with(&design, Replicates::jackknife(&design, &strata_of(&units)));
    for (degrees, of_all, of_second) in [(Degrees::Design, 4.0, 4.0), (Degrees::Domain, 4.0, 1.0)] {
        let method = Method { degrees, ..METHOD };
        let df = |sums: &Sums| estimated(Single::Mean.estimate(sums, &design, method)).df;
        assert_near(df(&part(&units, |_| true)), of_all, 0.0);
        assert_near(df(&part(&units, |unit| unit.stratum == 1)), of_second, 0.0);
    }
}

#[test]
fn a_mean_that_a_replicate_does_not_have_has_no_standard_error() {
    // Group a is in the first PSU only: without it there is no mean of a, but a total of 0.
    // Totals 5, 0, 0 of weight 1: V = 3/2 * (100/9 + 25/9 + 25/9) = 25.
    let design = design(&[(3, None)], LonelyPsu::Refuse);
    let design = with(&design, Replicates::jackknife(&design, &[0; 3]));
    let unit = |(psu, y, group)| Unit { stratum: 0, psu, w: Wide::ONE, y: wide(y), group };
    let units = [(0, 5.0, "a"), (0, 7.0, "b"), (1, 1.0, "b"), (2, 3.0, "b")].map(unit);
    let mean = table(MEAN, &units, &GROUPS, Some(("a", "b")), &design, Road::Psu, METHOD);
    assert_eq!(not_estimable(mean.cells[0][1]), (NotEstimable::UnknownVariance, 1));
    assert_eq!(not_estimable(mean.differences[0].outcome), (NotEstimable::UnknownVariance, 4));
    assert!(estimated(mean.cells[0][2]).se > 0.0);
    let total = table(TOTAL, &units, &GROUPS, None, &design, Road::Psu, METHOD);
    assert_near(estimated(total.cells[0][1]).se, 5.0, 1e-15);
}

#[test]
fn a_replicate_that_does_not_count_need_not_have_the_domain() {
    let factors = vec![whole(&[0, 2]), whole(&[2, 0]), whole(&[0, 0])];
    let rscales = Some(whole(&[1, 1, 0]));
    let method = ReplicateMethod::Jkn { rscales, corrections: None };
    let ones = [Wide::ONE; 2];
    let replicates = Replicates::supplied(&method, &ones, factors, ReplicateWeights::Factors).expect("sound");
    let design = with(&design(&[(2, None)], LonelyPsu::Refuse), replicates);
    let unit = |(psu, y)| Unit { stratum: 0, psu, w: Wide::ONE, y: wide(y), group: "a" };
    // Replicates 7 and 3 around 5.
    let mean = Single::Mean.estimate(&sums(&[(0, 3.0), (1, 7.0)].map(unit), Road::Unit), &design, METHOD);
    assert_near(estimated(mean).se, 8.0_f64.sqrt(), 1e-15);
}

#[test]
fn a_census_has_no_error_and_whole_strata_make_no_replicates() {
    let census = design(&[(2, Some(2)), (3, Some(3))], LonelyPsu::Refuse);
    let units: Vec<Unit> = [1.0, 0.0, 1.0, 1.0, 0.0]
        .into_iter()
        .enumerate()
        .map(|(psu, y)| Unit { stratum: usize::from(psu > 1), psu, w: Wide::ONE, y: wide(y), group: "a" })
        .collect();
    let jackknife = Replicates::jackknife(&census, &strata_of(&units));
    assert!(jackknife.factors.is_empty());
    let bootstrap = Replicates::bootstrap(&census, &strata_of(&units), 20, 1, Centre::Estimate).expect("sound");
    for replicates in [jackknife, bootstrap] {
        let share = Single::Share.estimate(&sums(&units, Road::Psu), &with(&census, replicates), METHOD);
        let Estimate { se, low, high, value, .. } = estimated(share);
        assert_near(se, 0.0, 0.0);
        assert_near(low, value, 0.0);
        assert_near(high, value, 0.0);
    }
    // One of two strata whole: three replicates of the other, in which the whole one keeps its weights.
    let mixed = design(&[(2, Some(2)), (3, Some(6))], LonelyPsu::Refuse);
    let jackknife = Replicates::jackknife(&mixed, &strata_of(&units));
    assert_eq!(jackknife.factors.len(), 3);
    assert!(jackknife.factors.iter().all(|factors| factors[..2] == [Wide::ONE; 2]));
    assert_eq!(jackknife.rscales, vec![Wide::from_ratio(1, 2) * Wide::from_ratio(2, 3); 3]);
    assert_near(jackknife.df, 2.0, 0.0);
}

#[test]
fn the_share_of_a_stratum_has_no_error_in_any_replicate() {
    let mut design = design(&[(2, Some(20)), (3, Some(37))], LonelyPsu::Refuse);
    let weights = [Wide::from_count(10), Wide::from_ratio(37, 3)];
    let unit = |(psu, stratum): (usize, usize)| {
        let y = Wide::from_count(u64::from(stratum == 0));
        Unit { stratum, psu, w: weights[stratum], y, group: "a" }
    };
    let units: Vec<Unit> = [0, 0, 1, 1, 1].into_iter().enumerate().map(unit).collect();
    design.variables = vec![crate::sample::variable("innovative")];
    for replicates in [
        Replicates::jackknife(&design, &strata_of(&units)),
        Replicates::bootstrap(&design, &strata_of(&units), 50, 7, Centre::Estimate).expect("sound"),
    ] {
        let design = with(&design, replicates);
        let table = table(SHARE, &units, &GROUPS, None, &design, Road::Psu, METHOD);
        let share = estimated(table.cells[0][0]);
        assert_near(share.value, 20.0 / 57.0, 1e-15);
        assert_near(share.se, 0.0, 0.0);
        assert_near(share.low, share.value, 0.0);
    }
}

#[test]
fn later_stages_follow_the_psu_they_lie_in() {
    // PSUs 0 and 1; schools 0 and 2 in PSU 1, school 1 in PSU 0; classes 0, 1, 2, 3 in schools 1, 0, 2, 1.
    let stage = |parents: &[usize]| LaterStage { parents: parents.to_vec(), sizes: Vec::new() };
    let mut design = design(&[(2, None)], LonelyPsu::Refuse);
    design.later = vec![stage(&[1, 0, 1]), stage(&[1, 0, 2, 1])];
    let jackknife = Replicates::jackknife(&design, &[0, 0]);
    assert_eq!(jackknife.bearer, Bearer::Cluster);
    assert_eq!(jackknife.factors, vec![whole(&[0, 2, 2, 0]), whole(&[2, 0, 0, 2])]);
}
