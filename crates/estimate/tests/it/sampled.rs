//! The design of a file as it is found in its columns: what is counted, and what is refused in which words.

use codebook::LonelyPsu;
use estimate::{ClusterSize, SampleError, SampledCluster, SampledDesign, Size, Weights, Wide, sampled_design};

use crate::sample::{assert_near, wide};
use crate::schools::two_stage;

/// A cluster with the values and ids of a text each, separated by blanks.
fn cluster(stratum: &str, path: &str, units: u64, sizes: &[f64]) -> SampledCluster {
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
    let sizes = sizes.iter().map(|size| Size::constant(wide(*size))).collect();
    SampledCluster { stratum: words(stratum), path: words(path), units, sizes }
}

fn design_of(clusters: &[SampledCluster], weights: Weights) -> SampledDesign {
    sampled_design(clusters, &[], LonelyPsu::Refuse, weights).expect("a sound design")
}

fn words(errors: Result<SampledDesign, Vec<SampleError>>) -> Vec<String> {
    errors.expect_err("the design is refused").iter().map(ToString::to_string).collect()
}

/// What is refused of clusters under the strictest rule.
fn refused(clusters: &[SampledCluster]) -> Vec<String> {
    words(sampled_design(clusters, &[], LonelyPsu::Refuse, Weights::Supplied))
}

fn steps(steps: &[(&str, &str)]) -> Vec<(Vec<String>, Vec<String>)> {
    steps.iter().map(|(from, into)| (vec![(*from).to_owned()], vec![(*into).to_owned()])).collect()
}

#[test]
fn where_units_are_psus_a_stratum_has_as_many_psus_as_units() {
    let clusters = [cluster("south", "", 4, &[10.0]), cluster("north", "", 3, &[3.0])];
    let found = design_of(&clusters, Weights::FromSizes);
    assert!(found.table.units_are_psus && found.table.later.is_empty());
    assert_eq!(found.strata, [["north"], ["south"]]);
    let [north, south] = found.table.strata.as_slice() else { panic!("two strata") };
    assert_eq!((north.units, north.psus, north.population), (3, 3, Some(wide(3.0))));
    assert_eq!((south.units, south.psus, south.population), (4, 4, Some(wide(10.0))));
    assert_near(north.correction(), 0.0, 0.0);
    assert_near(south.correction(), 0.6, 1e-15);
    // Strata are sorted; what is said of the clusters is in the order in which they were given.
    assert_eq!(found.of_cluster, [(1, 0), (0, 0)]);
    assert_eq!(found.weights, Some(vec![wide(2.5), Wide::ONE]));
    assert_eq!([north.weight, south.weight], [Some(Wide::ONE), Some(wide(2.5))]);
}

#[test]
fn the_same_psu_id_in_two_strata_is_two_psus() {
    let clusters = ["n", "s"].map(|stratum| ["1", "2"].map(|psu| cluster(stratum, psu, 5, &[8.0]))).concat();
    let found = design_of(&clusters, Weights::Supplied);
    assert_eq!(
        found.table.strata.iter().map(|stratum| (stratum.units, stratum.psus)).collect::<Vec<_>>(),
        [(10, 2); 2]
    );
    assert_eq!(found.of_cluster, [(0, 0), (0, 1), (1, 2), (1, 3)]);
    assert_eq!(found.weights, None);
    assert_eq!(found.table.strata[0].weight, None);
}

#[test]
fn the_same_id_of_a_later_stage_in_two_psus_is_two_clusters() {
    // District 7 with classes 1 and 2 of 4, district 8 with classes 1 and 2 of 2; two of six districts.
    let sizes = [("7 1", 4.0), ("7 2", 4.0), ("8 1", 2.0), ("8 2", 2.0)];
    let clusters = sizes.map(|(path, size)| cluster("", path, 20, &[6.0, size]));
    let found = design_of(&clusters, Weights::FromSizes);
    assert_eq!((found.table.strata[0].units, found.table.strata[0].psus), (80, 2));
    let [later] = found.table.later.as_slice() else { panic!("one later stage") };
    assert_eq!(later.parents, [0, 0, 1, 1]);
    let sampled = |population| ClusterSize { sampled: 2, population: Some(wide(population)) };
    assert_eq!(later.sizes, [sampled(4.0), sampled(2.0)]);
    assert_eq!(found.of_cluster, [(0, 0), (0, 1), (0, 2), (0, 3)]);
    // 6/2 * 4/2 and 6/2 * 2/2.
    assert_eq!(found.weights, Some([6.0, 6.0, 3.0, 3.0].map(wide).to_vec()));
    assert_eq!(found.table.strata[0].weight, None);
}

#[test]
fn weights_of_a_two_stage_sample_of_schools_follow_from_its_sizes() {
    let (sample, weights) = two_stage("clus2/raw/apiclus2.csv", Weights::FromSizes);
    for (school, weight) in sample.schools.iter().zip(weights.expect("weights were asked for")) {
        // R printed 15 digits.
        assert_near(weight.to_f64(), school.weight.to_f64(), 1e-14);
    }
}

#[test]
fn stages_without_sizes_are_left_out() {
    let clusters = ["7 1", "7 2", "8 1"].map(|path| cluster("", path, 20, &[6.0]));
    let found = design_of(&clusters, Weights::Equal);
    assert!(found.table.later.is_empty());
    // Both clusters of district 7 are one to the variance.
    assert_eq!(found.of_cluster, [(0, 0), (0, 0), (0, 1)]);
    assert_eq!((found.table.strata[0].weight, found.weights), (Some(Wide::ONE), None));

    let undeclared = ["7 1", "7 2", "8 1"].map(|path| cluster("", path, 20, &[]));
    assert_eq!(design_of(&undeclared, Weights::Supplied).table.strata[0].population, None);
}

#[test]
fn fractions_and_counts_say_the_same() {
    let by = |sizes: [[f64; 2]; 2]| {
        let [seven, eight] = sizes;
        let paths = [("7 1", seven), ("7 2", seven), ("8 1", eight), ("8 2", eight)];
        design_of(&paths.map(|(path, sizes)| cluster("", path, 20, &sizes)), Weights::FromSizes)
    };
    assert_eq!(by([[8.0, 4.0], [8.0, 2.0]]), by([[0.25, 0.5], [0.25, 1.0]]));
}

#[test]
fn sizes_that_are_all_1_are_a_census() {
    let clusters = ["1 1", "1 2", "2 1"].map(|path| cluster("", path, 20, &[1.0, 1.0]));
    let found = design_of(&clusters, Weights::FromSizes);
    assert_near(found.table.strata[0].correction(), 0.0, 0.0);
    assert_eq!(found.weights, Some(vec![Wide::ONE; 3]));
}

#[test]
fn counts_and_fractions_are_not_mixed_even_at_different_stages() {
    let clusters = ["7 1", "7 2", "8 1", "8 2"].map(|path| cluster("", path, 20, &[6.0, 0.5]));
    assert_eq!(
        refused(&clusters),
        [
            "sizes are counts in some places (6 at stage 1 in the only stratum) and fractions in others (0.5 at stage 2 in \
             PSU 7 of the only stratum); expected one kind, at all stages"
        ]
    );
}

#[test]
fn clusters_in_which_nobody_has_a_weight_were_not_sampled() {
    let clusters = [("1", 3), ("2", 0), ("3", 2)].map(|(psu, units)| cluster("n", psu, units, &[9.0]));
    let found = design_of(&clusters, Weights::Supplied);
    assert_eq!((found.table.strata[0].units, found.table.strata[0].psus), (5, 2));
    assert_eq!(found.of_cluster, [(0, 0), (0, 1), (0, 2)]);
}

#[test]
fn the_order_of_the_clusters_does_not_matter() {
    let clusters = ["9 2", "10 1", "9 1", "10 2"].map(|path| cluster("b", path, 20, &[6.0, 4.0]));
    let forth = design_of(&clusters, Weights::FromSizes);
    let back = design_of(&clusters.iter().rev().cloned().collect::<Vec<_>>(), Weights::FromSizes);
    assert_eq!(forth.table, back.table);
    // Ids are texts: 10 stands before 9.
    assert_eq!(forth.of_cluster, [(0, 3), (0, 0), (0, 2), (0, 1)]);
    assert_eq!(back.of_cluster.iter().rev().copied().collect::<Vec<_>>(), forth.of_cluster);
}

#[test]
fn sizes_that_make_no_sense_are_all_told_at_once() {
    let missing = Size { smallest: None, largest: Some(wide(4.0)) };
    let mixed = Size { smallest: Some(wide(4.0)), largest: Some(wide(5.0)) };
    let mut clusters = ["1 1", "1 2", "2 1", "2 2", "3 1", "3 2"].map(|path| cluster("n", path, 20, &[6.0, 4.0]));
    clusters[0].sizes[1] = missing;
    clusters[3].sizes[1] = mixed;
    clusters[4].sizes[1] = Size::constant(wide(0.0));
    clusters[5].sizes = vec![Size::constant(wide(7.0)), Size::constant(wide(0.0))];
    assert_eq!(
        refused(&clusters),
        [
            "the size of stage 1 is 6 in some rows of stratum n and 7 in others; expected the same",
            "the size of stage 2 is missing in PSU 1 of stratum n; expected one in every row",
            "the size of stage 2 is 4 in some rows of PSU 2 of stratum n and 5 in others; expected the same",
            "the size of stage 2 is 0 in PSU 3 of stratum n; expected a count or a fraction above 0, between 1e-15 and 1e15",
        ]
    );
}

#[test]
fn more_in_the_sample_than_there_are_is_refused_at_every_stage() {
    let of_units = [cluster("n east", "", 4, &[3.0]), cluster("s east", "", 4, &[9.0])];
    assert_eq!(refused(&of_units), ["stratum n x east has 4 units in the sample but only 3 in the population"]);
    let of_clusters = ["7 1", "7 2", "8 1"].map(|path| cluster("", path, 20, &[1.5, 1.0]));
    assert_eq!(
        refused(&of_clusters),
        [
            "the only stratum has 2 PSUs in the sample but only 1.5 in the population",
            "PSU 7 of the only stratum has 2 clusters of stage 2 in the sample but only 1 in the population",
        ]
    );
}

#[test]
fn a_lonely_psu_or_cluster_is_refused_with_the_rules_that_would_accept_it() {
    let paths = [("n", "1 1", 3.0), ("n", "1 2", 3.0), ("s", "1 1", 5.0), ("s", "2 1", 1.0)];
    let clusters = paths.map(|(stratum, path, size)| cluster(stratum, path, 20, &[40.0, size]));
    assert_eq!(
        refused(&clusters),
        [
            "stratum n has 1 PSU in the sample out of 40; accepted under the rules certainty, centre and average, and if it is \
             collapsed into a neighbour",
            "PSU 1 of stratum s has 1 cluster of stage 2 in the sample out of 5; accepted under the rules certainty, centre and \
             average",
        ]
    );
    for rule in [LonelyPsu::Certainty, LonelyPsu::Centre, LonelyPsu::Average] {
        assert!(sampled_design(&clusters, &[], rule, Weights::Supplied).is_ok(), "{rule:?}");
    }
    let undeclared = [cluster("n", "", 1, &[]), cluster("s", "", 2, &[])];
    assert_eq!(
        refused(&undeclared),
        [
            "stratum n has 1 unit in the sample out of an undeclared number; accepted under the rules certainty, centre and \
          average, and if it is collapsed into a neighbour"
        ]
    );
}

#[test]
fn a_lonely_cluster_of_the_third_stage_is_named_by_all_that_it_lies_in() {
    let paths = ["1 1 1", "1 2 1", "1 2 2", "2 1 1", "2 1 2", "2 2 1", "2 2 2"];
    let clusters = paths.map(|path| cluster("", path, 20, &[4.0, 2.0, 2.0]));
    assert_eq!(
        refused(&clusters),
        [
            "cluster 1 / 1 of the only stratum has 1 cluster of stage 3 in the sample out of 2; accepted under the rules \
          certainty, centre and average"
        ]
    );
}

#[test]
fn a_collapsed_stratum_brings_its_psus_and_their_number_along() {
    // South has PSU 1 of 5; with north it is three PSUs of 45, and PSU 1 of each stays a PSU of its own.
    let clusters = [("n", "1", 40.0), ("n", "2", 40.0), ("s", "1", 5.0)]
        .map(|(stratum, psu, size)| cluster(stratum, psu, 7, &[size]));
    let found = sampled_design(&clusters, &steps(&[("s", "n")]), LonelyPsu::Refuse, Weights::FromSizes)
        .expect("no stratum is lonely any more");
    assert_eq!(found.strata, [["n"]]);
    let [stratum] = found.table.strata.as_slice() else { panic!("one stratum") };
    assert_eq!((stratum.units, stratum.psus, stratum.population), (21, 3, Some(wide(45.0))));
    assert_eq!(found.of_cluster, [(0, 0), (0, 1), (0, 2)]);
    assert_eq!(found.table.of_answers, [0, 0]);
    // Each still stands for those it was drawn from: 20 and 5 for one.
    assert_eq!(found.weights, Some([20.0, 20.0, 5.0].map(wide).to_vec()));
    assert_eq!(stratum.weight, None);
}

#[test]
fn a_fraction_of_a_collapsed_stratum_is_of_its_own_psus() {
    // 2 of 20 and 1 of 2: together 3 of 22.
    let clusters = [("n", "", 2, 0.1), ("s", "", 1, 0.5)]
        .map(|(stratum, path, units, fraction)| cluster(stratum, path, units, &[fraction]));
    let found = sampled_design(&clusters, &steps(&[("s", "n")]), LonelyPsu::Refuse, Weights::Supplied).expect("sound");
    assert_near(found.table.strata[0].population.expect("declared").to_f64(), 22.0, 1e-15);
}

#[test]
fn a_collapse_of_unknown_strata_or_in_a_circle_is_refused() {
    let clusters = ["a", "b", "c"].map(|stratum| cluster(stratum, "", 3, &[9.0]));
    let refused =
        |pairs: &[(&str, &str)]| words(sampled_design(&clusters, &steps(pairs), LonelyPsu::Refuse, Weights::Supplied));
    assert_eq!(refused(&[("a", "d")]), ["stratum d is collapsed or collapsed into, and is not in the file"]);
    assert_eq!(
        refused(&[("a", "b"), ("b", "a")]),
        ["a", "b"].map(|stratum| format!("stratum {stratum} is collapsed into itself, by way of others"))
    );
    assert_eq!(refused(&[("a", "b"), ("a", "c")]), ["stratum a is collapsed into two strata; expected one"]);
}

#[test]
fn sizes_fit_the_stages_and_the_weights_that_are_made_of_them() {
    let clusters = ["1", "2"].map(|psu| cluster("", psu, 3, &[9.0, 8.0]));
    assert_eq!(
        refused(&clusters),
        ["sizes of 2 stages are given, but the sample has 1; expected at most one size for each stage"]
    );
    let clusters = ["1 1", "1 2", "2 1"].map(|path| cluster("", path, 3, &[9.0]));
    assert_eq!(
        words(sampled_design(&clusters, &[], LonelyPsu::Refuse, Weights::FromSizes)),
        ["the sizes of stage 2 are not given; weights made from sizes need those of every stage"]
    );
}
