//! For totals, jackknife and balanced half samples are the linearised variance, not near it.

use super::*;

/// Weight (five decimals), y (two decimals) and index of the group of a unit.
type DrawnUnit = (u64, i64, usize);

/// A stratum as drawn: PSUs beyond the sample (none: not declared), and the units of each sampled PSU.
type DrawnStratum = (Option<u64>, Vec<Vec<DrawnUnit>>);

fn drawn_unit() -> impl Strategy<Value = DrawnUnit> {
    (1_u64..2_000_000, -300_i64..300, 0_usize..3)
}

fn strata(psus: std::ops::Range<usize>) -> impl Strategy<Value = Vec<DrawnStratum>> {
    let psu = prop::collection::vec(drawn_unit(), 1..4);
    prop::collection::vec((prop::option::of(0_u64..50), prop::collection::vec(psu, psus)), 1..5)
}

fn sample(drawn: &[DrawnStratum], lonely: LonelyPsu) -> (DesignTable, Vec<Unit>) {
    let mut units = Vec::new();
    let mut sizes = Vec::new();
    let mut psu = 0;
    for (stratum, (beyond, psus)) in drawn.iter().enumerate() {
        for members in psus {
            units.extend(members.iter().map(|(w, y, group)| Unit {
                stratum,
                psu,
                w: Wide::from_decimal(i128::from(*w), 5),
                y: Wide::from_decimal(i128::from(*y), 2),
                group: GROUPS[*group],
            }));
            psu += 1;
        }
        let n = u64::try_from(psus.len()).expect("few PSUs");
        sizes.push((n, beyond.map(|beyond| n + beyond)));
    }
    (design(&sizes, lonely), units)
}

fn outcomes(question: Question<'_>, units: &[Unit], design: &DesignTable, road: Road) -> Vec<Outcome> {
    let table = table(question, units, &GROUPS, Some(("a", "b")), design, road, METHOD);
    table.cells[0].iter().copied().chain([table.differences[0].outcome]).collect()
}

fn assert_same_se(a: &[Outcome], b: &[Outcome]) {
    for (a, b) in a.iter().zip(b) {
        match (a, b) {
            (Outcome::Estimated(a), Outcome::Estimated(b)) => assert_near(a.se, b.se, 1e-12),
            (a, b) => assert_eq!(a, b),
        }
    }
}

fn any_rule() -> impl Strategy<Value = LonelyPsu> {
    prop::sample::select(vec![LonelyPsu::Certainty, LonelyPsu::Average, LonelyPsu::Centre])
}

/// A Hadamard matrix of eight rows (Sylvester): -1 to the number of bits that row and column share.
fn halves(rho: Wide) -> Vec<Vec<Wide>> {
    let factor = |replicate: u32, psu: u32| {
        let column = psu / 2 + 1;
        let is_in = (replicate & column).count_ones().is_multiple_of(2) == psu.is_multiple_of(2);
        if is_in { wide(2.0) - rho } else { rho }
    };
    (0..8).map(|replicate| (0..14).map(|psu| factor(replicate, psu)).collect()).collect()
}

fn check_jackknife_totals(drawn: &[DrawnStratum], centre: Centre) {
    let (design, units) = sample(drawn, LonelyPsu::Refuse);
    let mut replicates = Replicates::jackknife(&design, &strata_of(&units));
    replicates.centre = centre;
    let linearised = outcomes(TOTAL, &units, &design, Road::Psu);
    for road in [Road::Psu, Road::Unit] {
        assert_same_se(&outcomes(TOTAL, &units, &with(&design, replicates.clone()), road), &linearised);
    }
}

fn check_lonely_strata(drawn: &[DrawnStratum], rule: LonelyPsu) {
    let (design, units) = sample(drawn, rule);
    let mut replicates = Replicates::jackknife(&design, &strata_of(&units));
    // R counts whole strata among the degrees of freedom of a design, but not of its replicates. Only variances are
    // compared here.
    replicates.df = design.strata.iter().map(|stratum| Wide::from_count(stratum.psus - 1)).sum::<Wide>().to_f64();
    let by_replicates = outcomes(TOTAL, &units, &with(&design, replicates), Road::Psu);
    assert_same_se(&by_replicates, &outcomes(TOTAL, &units, &design, Road::Psu));
}

fn check_half_samples(pairs: &[[DrawnUnit; 2]], method: &ReplicateMethod, rho: Wide) {
    let drawn: Vec<DrawnStratum> = pairs.iter().map(|pair| (None, pair.map(|unit| vec![unit]).to_vec())).collect();
    let (design, units) = sample(&drawn, LonelyPsu::Refuse);
    let weights: Vec<Wide> = units.iter().map(|unit| unit.w).collect();
    let replicates = Replicates::supplied(method, &weights, halves(rho), ReplicateWeights::Factors);
    let replicates = replicates.expect("half samples are sound");
    assert_near(replicates.df, 7.0, 0.0);
    let [a, b] = ["a", "b"].map(|group| part(&units, |unit| unit.group == group));
    let all = part(&units, |_| true);
    let [by_replicates, linearised] = [with(&design, replicates), design].map(|design| {
        let [all, in_a, in_b] = [&all, &a, &b].map(|sums| Single::Total.estimate(sums, &design, METHOD));
        [all, in_a, in_b, Single::Total.difference(&a, &b, &design, METHOD)]
    });
    assert_same_se(&by_replicates, &linearised);
}

fn check_created_in_a_file(drawn: &[DrawnStratum], created: fn(&DesignTable, &[usize]) -> Replicates) {
    let (design, units) = sample(drawn, LonelyPsu::Refuse);
    let created = created(&design, &strata_of(&units));
    if created.factors.is_empty() {
        return;
    }
    let weights: Vec<Wide> = units.iter().map(|unit| unit.w).collect();
    let by_unit = |factors: &Vec<Wide>| units.iter().map(|unit| factors[unit.psu]).collect::<Vec<_>>();
    let factors: Vec<Vec<Wide>> = created.factors.iter().map(by_unit).collect();
    let multiply = |factors: &Vec<Wide>| factors.iter().zip(&weights).map(|(factor, w)| *factor * *w).collect();
    let combined = factors.iter().map(multiply).collect();
    let method = ReplicateMethod::Jkn { rscales: Some(created.rscales.clone()), corrections: None };
    for (numbers, form) in [(factors, ReplicateWeights::Factors), (combined, ReplicateWeights::Combined)] {
        let mut supplied = Replicates::supplied(&method, &weights, numbers, form).expect("sound");
        (supplied.scale, supplied.centre) = (created.scale, created.centre);
        // By rank here, from the design there; draws may happen to depend on each other.
        if created.centre == Centre::Mean {
            assert_near(supplied.df, created.df, 0.0);
        } else {
            assert!(supplied.df <= created.df);
        }
        let all = sums(&units, Road::Unit);
        for single in [Single::Mean, Single::Total] {
            let outcome = |replicates: &Replicates| single.estimate(&all, &with(&design, replicates.clone()), METHOD);
            if supplied.df > 0.0 {
                assert_same_se(&[outcome(&created)], &[outcome(&supplied)]);
            }
        }
    }
}

/// The mean of units (weight, y) by weights of replicates, all in the order given.
fn mean_in_order(units: &[(u64, i64)], replicates: &[&Vec<u64>], order: &[usize]) -> Option<[u64; 5]> {
    let decimal = |number: u64| Wide::from_decimal(i128::from(number), 5);
    let unit = |(psu, from): (usize, &usize)| {
        let (w, y) = units[*from];
        Unit { stratum: 0, psu, w: decimal(w), y: Wide::from_decimal(i128::from(y), 2), group: "a" }
    };
    let sample: Vec<Unit> = order.iter().enumerate().map(unit).collect();
    let weights: Vec<Wide> = sample.iter().map(|unit| unit.w).collect();
    let ordered = |numbers: &&Vec<u64>| order.iter().map(|from| decimal(numbers[*from])).collect();
    let replicates = replicates.iter().map(ordered).collect();
    let form = ReplicateWeights::Combined;
    let supplied = Replicates::supplied(&ReplicateMethod::Bootstrap, &weights, replicates, form).expect("sound");
    let n = u64::try_from(units.len()).expect("few units");
    let design = with(&design(&[(n, None)], LonelyPsu::Refuse), supplied);
    match Single::Mean.estimate(&sums(&sample, Road::Unit), &design, METHOD) {
        Outcome::Estimated(mean) => Some([mean.value, mean.se, mean.low, mean.high, mean.df].map(f64::to_bits)),
        Outcome::NotEstimable { .. } => None,
    }
}

/// Units (weight, y), their weights in each replicate, and an order of the units.
type Shuffled = (Vec<(u64, i64)>, Vec<Vec<u64>>, Vec<usize>);

fn shuffled() -> impl Strategy<Value = Shuffled> {
    let of_units = |n: usize| {
        let replicate = prop::collection::vec(0_u64..2_000_000, n);
        (
            prop::collection::vec((1_u64..2_000_000, -300_i64..300), n),
            prop::collection::vec(replicate, 2..9),
            Just((0..n).collect::<Vec<_>>()).prop_shuffle(),
        )
    };
    (3_usize..8).prop_flat_map(of_units)
}

fn any_centre() -> impl Strategy<Value = Centre> {
    prop::sample::select(vec![Centre::Mean, Centre::Estimate])
}

proptest! {
    #[test]
    fn jackknife_totals_have_the_linearised_variance(drawn in strata(2..6), centre in any_centre()) {
        check_jackknife_totals(&drawn, centre);
    }

    #[test]
    fn jackknife_totals_treat_lonely_strata_as_the_linearised_variance_does(
        drawn in strata(1..4),
        rule in any_rule(),
    ) {
        check_lonely_strata(&drawn, rule);
    }

    #[test]
    fn balanced_half_samples_of_totals_have_the_linearised_variance(
        pairs in prop::collection::vec([drawn_unit(), drawn_unit()], 7),
        rho in (0_i128..99).prop_map(|percent| Wide::from_decimal(percent, 2)),
    ) {
        check_half_samples(&pairs, &ReplicateMethod::Brr, Wide::ZERO);
        check_half_samples(&pairs, &ReplicateMethod::Fay { rho }, rho);
    }

    #[test]
    fn created_weights_from_a_file_give_what_created_weights_give(drawn in strata(2..5)) {
        check_created_in_a_file(&drawn, Replicates::jackknife);
        check_created_in_a_file(&drawn, |design, strata| {
            Replicates::bootstrap(design, strata, 40, 5, Centre::Estimate).expect("sound")
        });
    }

    #[test]
    fn the_order_of_units_and_replicates_does_not_change_a_bit((units, replicates, order) in shuffled()) {
        let in_order: Vec<usize> = (0..units.len()).collect();
        let before = mean_in_order(&units, &replicates.iter().collect::<Vec<_>>(), &in_order);
        let after = mean_in_order(&units, &replicates.iter().rev().collect::<Vec<_>>(), &order);
        prop_assert_eq!(before, after);
    }
}

#[test]
fn rscales_are_read_off_the_factors_of_a_jackknife_but_not_off_whole_weights() {
    let design = design(&[(3, Some(12)), (2, Some(4))], LonelyPsu::Refuse);
    let created = Replicates::jackknife(&design, &[0, 0, 0, 1, 1]);
    let corrections: Vec<Wide> = [3, 3, 3, 2, 2].map(|quarters| Wide::from_ratio(quarters, 4)).to_vec();
    let method = ReplicateMethod::Jkn { rscales: None, corrections: Some(corrections) };
    let weights = [4.0, 4.0, 4.0, 2.0, 2.0].map(wide);
    let read = Replicates::supplied(&method, &weights, created.factors.clone(), ReplicateWeights::Factors);
    for (found, expected) in read.expect("sound").rscales.iter().zip(&created.rscales) {
        assert_near(found.to_f64(), expected.to_f64(), 1e-15);
    }
    let whole = Replicates::supplied(&method, &weights, created.factors, ReplicateWeights::Combined);
    assert_eq!(whole, Err(ReplicateError::NoRscales));
}
