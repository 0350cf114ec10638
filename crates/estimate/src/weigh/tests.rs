//! Weights worked out by hand.

use codebook::{ClusterAnswers, Decimal, Place, VariableName};

use super::*;

fn key(codes: &str) -> Vec<Code> {
    codes.split_whitespace().map(|code| Code::new(code).expect("a code")).collect()
}

fn answers(codes: &str, units: u64) -> StratumAnswers {
    StratumAnswers { key: key(codes), units, psus: units, population: None }
}

fn declared(codes: &str, units: u64, size: (i128, u8)) -> StratumAnswers {
    StratumAnswers { population: Some(Decimal::new(size.0, size.1)), ..answers(codes, units) }
}

fn frame(counts: &[(&str, u64)]) -> Vec<FrameCount> {
    counts.iter().map(|(codes, units)| FrameCount { key: key(codes), units: *units }).collect()
}

fn design(population: Population, weights: WeightRecipe) -> Design {
    Design {
        strata: vec![VariableName::new("level").expect("a variable name")],
        psu: Vec::new(),
        population,
        later_populations: Vec::new(),
        replicates: None,
        weights,
        calibration: None,
        trim: None,
        collapse: Vec::new(),
        lonely: LonelyPsu::Refuse,
        place: Place::File { file: "2019.toml".to_owned() },
    }
}

fn response(collapse: &[(&str, &str)]) -> Design {
    collapsing(design(Population::Frame, WeightRecipe::Response), collapse)
}

fn collapsing(design: Design, pairs: &[(&str, &str)]) -> Design {
    Design { collapse: pairs.iter().map(|(from, into)| (key(from), key(into))).collect(), ..design }
}

fn messages(result: Result<DesignTable, Vec<WeighError>>) -> Vec<String> {
    result.expect_err("the design is refused").iter().map(ToString::to_string).collect()
}

#[test]
fn response_weights_are_units_over_usable_answers() {
    // 37 workplaces, 7 answers: each stands for 37/7, and the correction is 1 - 7/37 = 30/37 although all were sent to.
    let table = weigh(
        &response(&[]),
        &[answers("municipality", 7), answers("state", 4)],
        &[],
        Some(&frame(&[("municipality", 37), ("state", 4)])),
    )
    .expect("frame and answers cover each other");
    assert_eq!(table.strata[0].weight, Some(Wide::from_ratio(37, 7)));
    assert_eq!(table.strata[0].correction().to_bits(), (30.0_f64 / 37.0).to_bits());
    assert_eq!(table.strata[1].weight, Some(Wide::ONE));
    assert_eq!(table.strata[1].correction().to_bits(), 0.0_f64.to_bits());
    assert_eq!(table.of_answers, [0, 1]);
    assert!(table.units_are_psus && table.known);
}

#[test]
fn a_collapsed_stratum_adds_its_units_to_its_neighbour() {
    // 10 + 3 units over 2 + 0 answers; "c" goes through "b" into "a".
    let table = weigh(
        &response(&[("b", "a"), ("c", "b")]),
        &[answers("a", 2), answers("c", 1), answers("d", 2)],
        &[],
        Some(&frame(&[("a", 10), ("b", 3), ("c", 2), ("d", 5)])),
    )
    .expect("the strata without answers are collapsed");
    assert_eq!(table.strata.iter().map(|stratum| name(&stratum.key)).collect::<Vec<_>>(), ["a", "d"]);
    assert_eq!(table.strata[0].weight, Some(Wide::from_count(5)));
    assert_eq!(table.strata[0].units, 3);
    assert_eq!(table.of_answers, [0, 0, 1]);
}

#[test]
fn a_lonely_stratum_of_a_supplied_design_counts_with_its_neighbour() {
    // One school of 4 says nothing of the spread in its stratum; with its neighbour there are three schools of 24.
    let supplied = WeightRecipe::Supplied { column: "w".to_owned(), design_known: true };
    let design = collapsing(design(Population::Column("fpc".to_owned()), supplied), &[("b", "a")]);
    let table = weigh(&design, &[declared("a", 2, (20, 0)), declared("b", 1, (4, 0))], &[], None)
        .expect("the lonely stratum is collapsed");
    assert_eq!(table.strata.len(), 1);
    assert_eq!((table.strata[0].psus, table.strata[0].population), (3, Some(Wide::from_count(24))));
    assert_eq!(table.strata[0].weight, None, "the weights of units stay their own");
    assert_eq!(table.of_answers, [0, 0]);
}

#[test]
fn every_gap_between_frame_and_answers_is_told_at_once() {
    let result = weigh(
        &response(&[("x", "b")]),
        &[answers("a", 9), answers("b", 1), answers("lost", 3)],
        &[],
        Some(&frame(&[("a", 8), ("b", 12), ("silent", 40), ("empty", 0)])),
    );
    assert_eq!(
        messages(result),
        [
            "the design collapses stratum x, which is neither in the frame nor in the answers",
            "stratum a has 9 answers but only 8 units in the population",
            "stratum lost has 3 answers and is not in the frame",
            "stratum silent has 40 units in the frame and no answer",
            "stratum b has one PSU in the sample out of 12",
        ]
    );
}

#[test]
fn strata_collapsed_into_each_other_are_refused() {
    let result = weigh(
        &response(&[("a", "b"), ("b", "a")]),
        &[answers("a", 2), answers("b", 2)],
        &[],
        Some(&frame(&[("a", 8), ("b", 12)])),
    );
    assert_eq!(
        messages(result),
        [
            "stratum a is collapsed into itself, by way of others",
            "stratum b is collapsed into itself, by way of others"
        ]
    );
}

#[test]
fn answers_whose_weights_are_all_zero_do_not_stand_for_a_stratum() {
    let result = weigh(&response(&[]), &[answers("a", 2), answers("b", 0)], &[], Some(&frame(&[("a", 8), ("b", 12)])));
    assert_eq!(messages(result), ["stratum b has 12 units in the frame and no answer"]);
}

#[test]
fn supplied_weights_keep_stratum_sizes_from_the_column() {
    let recipe = WeightRecipe::Supplied { column: "w".to_owned(), design_known: false };
    let table = weigh(
        &design(Population::Column("fpc".to_owned()), recipe),
        &[declared("a", 2, (100, 1)), declared("b", 1, (1, 0))],
        &[],
        None,
    )
    .expect("b is sampled whole, so it is not lonely");
    assert_eq!(table.strata[0].population, Some(Wide::from_count(10)));
    assert_eq!(table.strata[0].weight, None);
    assert_eq!(table.strata[1].correction().to_bits(), 0.0_f64.to_bits());
    assert!(!table.known);
}

#[test]
fn population_sizes_up_to_one_are_fractions_sampled() {
    let column = Population::Column("f".to_owned());
    let table = weigh(
        &design(column.clone(), WeightRecipe::Equal),
        &[declared("a", 2, (25, 2)), declared("b", 3, (1, 0))],
        &[],
        None,
    )
    .expect("fractions");
    assert_eq!(table.strata[0].population, Some(Wide::from_count(8)));
    assert!(table.strata[1].is_sampled_whole());

    let mixed = [declared("a", 2, (25, 2)), declared("b", 3, (30, 0)), declared("c", 3, (0, 0))];
    assert_eq!(
        messages(weigh(&design(column, WeightRecipe::Equal), &mixed, &[], None)),
        [
            "stratum c has population size 0, which is not above 0",
            "some population sizes are counts (stratum b) and others are fractions (stratum a)",
        ]
    );
}

#[test]
fn a_lonely_psu_is_refused_unless_the_design_says_what_it_contributes() {
    let undeclared = design(Population::Undeclared, WeightRecipe::Equal);
    let sample = [answers("a", 1), answers("b", 2)];
    assert_eq!(
        messages(weigh(&undeclared, &sample, &[], None)),
        ["stratum a has one PSU in the sample out of an undeclared number"]
    );
    let centred = Design { lonely: LonelyPsu::Centre, ..undeclared };
    assert!(weigh(&centred, &sample, &[], None).is_ok());
}

#[test]
fn a_frame_of_units_does_not_count_clusters() {
    let clustered = Design {
        psu: vec![VariableName::new("district").expect("a variable name")],
        ..design(Population::Frame, WeightRecipe::Equal)
    };
    let sample = [StratumAnswers { psus: 3, ..answers("a", 20) }];
    assert_eq!(
        messages(weigh(&clustered, &sample, &[], Some(&frame(&[("a", 100)])))),
        [
            "the frame counts units, but the design samples clusters: their number in the population must come from a column"
        ]
    );
}

/// A design of districts and schools within them, and of units within the schools.
fn in_stages(lonely: LonelyPsu) -> Design {
    Design {
        psu: ["district", "school"].map(|name| VariableName::new(name).expect("a variable name")).to_vec(),
        later_populations: vec!["schools".to_owned()],
        lonely,
        ..design(Population::Column("districts".to_owned()), WeightRecipe::Equal)
    }
}

/// Districts of the first stratum with so many schools sampled out of so many.
fn schools(districts: &[(u64, (i128, u8))]) -> StageAnswers {
    let above: Vec<ClusterAnswers> = districts
        .iter()
        .map(|(sampled, size)| ClusterAnswers {
            stratum: 0,
            sampled: *sampled,
            population: Decimal::new(size.0, size.1),
        })
        .collect();
    let parents = districts
        .iter()
        .enumerate()
        .flat_map(|(index, (sampled, _))| std::iter::repeat_n(index, usize::try_from(*sampled).expect("few schools")));
    StageAnswers { parents: parents.collect(), above }
}

#[test]
fn later_stages_have_sizes_as_counts_or_as_fractions_sampled() {
    let districts = StratumAnswers { psus: 2, ..declared("a", 20, (10, 0)) };
    let stages = [schools(&[(2, (8, 0)), (3, (3, 0))])];
    let table = weigh(&in_stages(LonelyPsu::Refuse), &[districts], &stages, None).expect("counts");
    let fractions = StratumAnswers { psus: 2, ..declared("a", 20, (2, 1)) };
    let sampled = [schools(&[(2, (25, 2)), (3, (1, 0))])];
    let same = weigh(&in_stages(LonelyPsu::Refuse), &[fractions], &sampled, None).expect("fractions");
    assert_eq!(table.later[0].parents, [0, 0, 1, 1, 1]);
    let populations = |table: &DesignTable| -> Vec<f64> {
        let stages = table.later[0].sizes.iter().filter_map(|size| size.population);
        table.strata.iter().filter_map(|stratum| stratum.population).chain(stages).map(Wide::to_f64).collect()
    };
    assert_eq!(populations(&table), [10.0, 8.0, 3.0]);
    assert_eq!(populations(&same), [10.0, 8.0, 3.0]);
}

#[test]
fn what_cannot_be_at_a_later_stage_is_told_by_its_stratum() {
    let districts = || StratumAnswers { psus: 4, ..declared("a", 20, (10, 0)) };
    let stages = [schools(&[(3, (2, 0)), (5, (4, 0)), (1, (6, 0)), (1, (1, 0))])];
    assert_eq!(
        messages(weigh(&in_stages(LonelyPsu::Refuse), &[districts()], &stages, None)),
        [
            "stratum a: more was sampled at stage 2 than there is, in 2 clusters; 3 of 2 in the first",
            "stratum a: one was sampled at stage 2 where there are several, in 1 cluster; 1 of 6 in the first",
        ]
    );
    let lonely = [schools(&[(2, (2, 0)), (5, (5, 0)), (1, (6, 0)), (1, (1, 0))])];
    assert!(weigh(&in_stages(LonelyPsu::Centre), &[districts()], &lonely, None).is_ok());
    let mixed = [schools(&[(2, (5, 1))])];
    assert_eq!(
        messages(weigh(&in_stages(LonelyPsu::Refuse), &[districts()], &mixed, None)),
        ["some population sizes are counts (stratum a) and others are fractions (stratum a at stage 2)"]
    );
}
