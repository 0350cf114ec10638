//! Replicate weights that cannot be used, and what is said of them.

use super::*;

fn supplied(
    method: &ReplicateMethod,
    weights: &[u64],
    replicates: &[&[u64]],
    form: ReplicateWeights,
) -> Result<Replicates, ReplicateError> {
    let replicates = replicates.iter().map(|numbers| whole(numbers)).collect();
    Replicates::supplied(method, &whole(weights), replicates, form)
}

#[track_caller]
fn refused(result: Result<Replicates, ReplicateError>, expected: &ReplicateError, message: &str) {
    let error = result.expect_err("it is refused");
    assert_eq!(&error, expected);
    assert_eq!(error.to_string(), message);
}

#[test]
fn weights_that_do_not_belong_to_the_sample() {
    use ReplicateWeights::{Combined, Factors};
    let brr = ReplicateMethod::Brr;
    refused(supplied(&brr, &[1, 1], &[], Factors), &ReplicateError::NoReplicates, "there are no replicates");
    refused(
        supplied(&brr, &[1, 1], &[&[2, 0], &[1]], Factors),
        &ReplicateError::Length { replicate: 1, found: 1, units: 2 },
        "replicate 2 has weights of 1 units, but there are 2",
    );
    let only = ReplicateError::OnlyInReplicate { replicate: 0, unit: 1 };
    let message = "unit 2 has a weight in replicate 1, but weight 0 in the sample";
    refused(supplied(&brr, &[1, 0], &[&[2, 3]], Combined), &only, message);
    // A factor of nothing is nothing.
    assert!(supplied(&brr, &[1, 0], &[&[2, 3]], Factors).is_ok());
    for bad in [-1.0, f64::NAN, f64::INFINITY] {
        let weights = [wide(1.0), wide(bad)];
        refused(
            Replicates::supplied(&brr, &weights, vec![whole(&[1, 1])], Factors),
            &ReplicateError::Weight { unit: 1 },
            "unit 2 has a weight that is negative or not a number",
        );
        refused(
            Replicates::supplied(&brr, &whole(&[1, 1]), vec![whole(&[1, 1]), weights.to_vec()], Combined),
            &ReplicateError::ReplicateWeight { replicate: 1, unit: 1 },
            "unit 2 has a weight in replicate 2 that is negative or not a number",
        );
    }
}

#[test]
fn scales_that_the_method_does_not_have() {
    let halves: [&[u64]; 2] = [&[2, 0], &[0, 2]];
    let with = |method: ReplicateMethod| supplied(&method, &[1, 1], &halves, ReplicateWeights::Factors);
    for rho in [-0.1, 1.0, f64::NAN] {
        let error = with(ReplicateMethod::Fay { rho: wide(rho) }).expect_err("it is refused");
        assert!(matches!(error, ReplicateError::Rho { .. }), "{error}");
    }
    assert!(with(ReplicateMethod::Fay { rho: Wide::ZERO }).is_ok());
    let jkn = |rscales: &[f64], corrections: &[f64]| {
        let [rscales, corrections] = [rscales, corrections].map(|list| list.iter().copied().map(wide).collect());
        with(ReplicateMethod::Jkn { rscales: Some(rscales), corrections: Some(corrections) })
    };
    refused(
        jkn(&[0.5], &[1.0, 1.0]),
        &ReplicateError::Count { what: "rscales", found: 1, replicates: 2 },
        "there are 1 rscales for 2 replicates",
    );
    refused(
        jkn(&[0.5, 0.5], &[1.0]),
        &ReplicateError::Count { what: "corrections", found: 1, replicates: 2 },
        "there are 1 corrections for 2 replicates",
    );
    refused(
        jkn(&[0.5, -0.5], &[1.0, 1.0]),
        &ReplicateError::Rscale { replicate: 1 },
        "the rscale of replicate 2 is negative or not a number",
    );
    let error = ReplicateError::Correction { correction: 1.5 };
    let message = "a finite population correction is 1.5; it is 1 - n/N, from 0 to 1";
    refused(jkn(&[0.5, 0.5], &[0.9, 1.5]), &error, message);
    refused(with(ReplicateMethod::Jk1 { correction: wide(1.5) }), &error, message);
}

#[test]
fn a_bootstrap_of_nothing_or_of_a_psu_that_should_be_centred() {
    let centred = design(&[(2, None), (1, None)], LonelyPsu::Centre);
    assert_eq!(Replicates::bootstrap(&centred, &[0, 0, 1], 0, 1, Centre::Estimate), Err(ReplicateError::NoReplicates));
    refused(
        Replicates::bootstrap(&centred, &[0, 0, 1], 10, 1, Centre::Estimate),
        &ReplicateError::LonelyInBootstrap { stratum: 1 },
        "stratum 2 has one PSU, which a bootstrap cannot treat by the rule \"centre\"",
    );
}

#[test]
#[should_panic(expected = "sums by stratum do not tell what a replicate estimates")]
fn sums_by_stratum() {
    let design = design(&[(2, None)], LonelyPsu::Refuse);
    let design = with(&design, Replicates::jackknife(&design, &[0, 0]));
    let unit = |psu| Unit { stratum: 0, psu, w: Wide::ONE, y: Wide::ONE, group: "a" };
    let question = Question { measure: Measure::Total, ..TOTAL };
    table(question, &[0, 1].map(unit), &GROUPS, None, &design, Road::Stratum, METHOD);
}
