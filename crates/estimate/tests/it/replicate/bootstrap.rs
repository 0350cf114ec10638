//! The bootstrap: within its noise of the linearised variance, and drawn by a named generator.

use super::*;

#[test]
fn the_standard_error_is_the_linearised_one_within_the_noise_of_drawing() {
    // From R replicates the standard error has a relative error of about 1/sqrt(2 R): 1.6 % of 2,000, and four
    // times that allowed.
    let replicates = 2_000_u32;
    let tolerance = 4.0 / (2.0 * f64::from(replicates)).sqrt();
    for name in ["strat", "strat_wr", "clus1"] {
        let sample = schools(name);
        let units_are_psus = name != "clus1";
        let unit = |(number, school): (usize, &School)| {
            let unit = school.unit(school.number("enroll"), if school.text("both") == "Yes" { "a" } else { "b" });
            if units_are_psus { Unit { psu: number, ..unit } } else { unit }
        };
        let units: Vec<Unit> = sample.schools.iter().enumerate().map(unit).collect();
        let made = Replicates::bootstrap(
            &sample.design,
            &strata_of(&units),
            u64::from(replicates),
            20_240_131,
            Centre::Estimate,
        );
        let design = with(&sample.design, made.expect("sound"));
        let [by_draws, linearised] = [&design, &sample.design]
            .map(|design| table(TOTAL, &units, &GROUPS, Some(("a", "b")), design, Road::Psu, METHOD));
        let [of_total, of_group] = [0, 1].map(|domain| [&by_draws, &linearised].map(|table| table.cells[0][domain]));
        let of_difference = [&by_draws, &linearised].map(|table| table.differences[0].outcome);
        for outcomes in [of_total, of_group, of_difference] {
            let [drawn, linearised] = outcomes.map(estimated);
            assert_near(drawn.value, linearised.value, 0.0);
            assert_near(drawn.se, linearised.se, tolerance);
            assert_near(drawn.df, linearised.df, 0.0);
        }
    }
}

#[test]
fn one_psu_less_than_the_stratum_has_is_drawn_by_chacha20() {
    // Times drawn in strata of 5 and 3, from a ChaCha20 written in Python: seed 2024, streams 0, 1 and 2. Factors
    // are 5/4 and 3/2 of them.
    let design = design(&[(5, None), (3, None)], LonelyPsu::Refuse);
    let strata = [0, 0, 0, 0, 0, 1, 1, 1];
    let made = Replicates::bootstrap(&design, &strata, 3, 2024, Centre::Estimate).expect("sound");
    let times: [([u64; 5], [u64; 3]); 3] =
        [([0, 3, 1, 0, 0], [1, 0, 1]), ([0, 2, 1, 0, 1], [0, 2, 0]), ([1, 0, 2, 1, 0], [0, 2, 0])];
    for (factors, (first, second)) in made.factors.iter().zip(times) {
        let expected: Vec<Wide> = first
            .iter()
            .map(|times| Wide::from_ratio(5 * times, 4))
            .chain(second.iter().map(|times| Wide::from_ratio(3 * times, 2)))
            .collect();
        assert_eq!(*factors, expected);
    }
    assert_eq!(made.scale, Wide::from_ratio(1, 3));
    assert_near(made.df, 2.0, 0.0);
    // More replicates leave the first ones as they are; another seed does not.
    let more = Replicates::bootstrap(&design, &strata, 30, 2024, Centre::Estimate).expect("sound");
    assert_eq!(more.factors[..3], made.factors);
    assert_near(more.df, 6.0, 0.0);
    assert_ne!(
        Replicates::bootstrap(&design, &strata, 3, 2025, Centre::Estimate).expect("sound").factors,
        made.factors
    );
}

#[test]
fn every_replicate_stands_for_as_many_psus_as_were_sampled_and_none_has_a_negative_weight() {
    let design = design(&[(4, Some(5)), (3, None), (2, Some(2)), (1, Some(9))], LonelyPsu::Certainty);
    let strata = [0, 0, 0, 0, 1, 1, 1, 2, 2, 3];
    let made = Replicates::bootstrap(&design, &strata, 200, 3, Centre::Estimate).expect("sound");
    for factors in &made.factors {
        for (range, psus) in [(0..4, 4.0), (4..7, 3.0)] {
            assert_near(factors[range].iter().copied().sum::<Wide>().to_f64(), psus, 1e-15);
        }
        assert!(factors.iter().all(|factor| *factor >= Wide::ZERO));
        assert_eq!(factors[7..], [Wide::ONE; 3]);
    }
}

#[test]
fn squares_around_the_mean_of_a_bootstrap_are_the_variance_of_its_replicates() {
    let design = design(&[(4, None)], LonelyPsu::Refuse);
    let values = [3_u32, 8, 1, 6];
    let value = |(psu, y): (usize, &u32)| UnitValue {
        stratum: 0,
        psu,
        unit: psu,
        w: Wide::ONE,
        x: Wide::ONE,
        y: Wide::from_count(u64::from(*y)),
    };
    let sums = Sums::ByUnit(values.iter().enumerate().map(value).collect());
    for replicates in [2, 5] {
        let made = Replicates::bootstrap(&design, &[0; 4], replicates, 7, Centre::Mean).expect("sound");
        let total = |factors: &Vec<Wide>| -> f64 {
            factors.iter().zip(values).map(|(factor, y)| factor.to_f64() * f64::from(y)).sum()
        };
        let totals: Vec<f64> = made.factors.iter().map(total).collect();
        let count = Wide::from_count(replicates).to_f64();
        let mean = totals.iter().sum::<f64>() / count;
        let variance = totals.iter().map(|total| (total - mean) * (total - mean)).sum::<f64>() / (count - 1.0);
        let found = estimated(Single::Total.estimate(&sums, &with(&design, made), METHOD));
        assert_near(found.se, variance.sqrt(), 1e-12);
    }
    let one = Replicates::bootstrap(&design, &[0; 4], 1, 7, Centre::Mean).expect("sound");
    assert_eq!(one.scale, Wide::ONE);
}
