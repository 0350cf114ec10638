//! What is hidden, what is flagged, and what goes with it.

use super::*;
use codebook::{CheckKind, QuantileRule, VariableName};

use crate::{Cell, Count, DataQuality, Figures, Hidden, ItemGap, Published, Quality, Withheld};

/// What becomes of the cell `any` of the municipalities.
fn fate(outcome: Outcome) -> Cell {
    let survey = Survey::of_shares(about(0.8, 0.02, 2_000), [outcome, about(0.8, 0.03, 700), about(0.8, 0.03, 700)]);
    let published = survey.disclose();
    let table = published.table(&table_id()).unwrap();
    *table.cell(&row("any"), &group("municipality")).expect("the breakdown is not withheld")
}

fn total(survey: &Survey) -> Figures {
    let published = survey.disclose();
    *published.table(&table_id()).unwrap().cell(&row("any"), &Domain::Total).unwrap().figures().unwrap()
}

#[test]
fn shares_are_published_per_cent_and_their_error_with_one_decimal_more() {
    let figures = total(&Survey::of_shares(about(0.805, 0.0196, 2_000), [about(0.8, 0.03, 700); 3]));
    assert_eq!((figures.estimate().units(), figures.estimate().decimals()), (81, 0));
    assert_eq!((figures.se().units(), figures.se().decimals()), (10, 1), "one point is 1.0");
    assert_eq!((figures.low().units(), figures.high().units()), (79, 82), "78.54 and 82.46");
    assert_eq!(figures.n(), 2_000);
}

#[test]
fn means_keep_their_unit() {
    let mut survey = Survey::sound();
    survey.spec.measure = Measure::Mean;
    survey.spec.decimals = 1;
    survey.table.cells[0][0] = about(662.287, 18.0, 200);
    let figures = total(&survey);
    assert_eq!(figures.estimate().units(), 6_623);
    assert_eq!((figures.se().units(), figures.se().decimals()), (918, 2));
    assert_eq!(figures.high().units(), 6_803, "no limit of 100 for a mean");
}

#[test]
fn limits_of_a_share_stay_within_0_and_100() {
    let figures = total(&Survey::of_shares(about(0.99, 0.04, 60), [about(0.01, 0.04, 60); 3]));
    assert_eq!(figures.high().units(), 100);
    let published = Survey::of_shares(about(0.5, 0.04, 60), [about(0.01, 0.04, 60); 3]).disclose();
    let cell = published.table(&table_id()).unwrap().cell(&row("any"), &group("state")).unwrap();
    assert_eq!(cell.figures().unwrap().low().units(), 0);
}

#[test]
fn few_answers_are_flagged_and_fewer_are_unreliable() {
    let half = 0.05;
    assert!(matches!(fate(about(0.5, half, 50)), Cell::Shown(_)));
    assert!(matches!(fate(about(0.5, half, 49)), Cell::Flagged(_, Quality::FewAnswers)));
    assert!(matches!(fate(about(0.5, half, 30)), Cell::Flagged(_, Quality::FewAnswers)));
    assert_eq!(fate(about(0.5, half, 29)), Cell::Hidden(Hidden::Unreliable));
    assert_eq!(fate(about(0.5, half, 5)), Cell::Hidden(Hidden::Unreliable));
}

#[test]
fn a_share_with_a_wide_interval_is_unreliable() {
    assert!(matches!(fate(about(0.5, 0.149, 400)), Cell::Shown(_)));
    assert_eq!(fate(about(0.5, 0.151, 400)), Cell::Hidden(Hidden::Unreliable));
}

#[test]
fn the_interval_of_a_mean_may_be_as_wide_as_its_unit_makes_it() {
    let mut survey = Survey::sound();
    survey.spec.measure = Measure::Mean;
    survey.table.cells[0][0] = about(3_000.0, 500.0, 200);
    assert_eq!(total(&survey).estimate().units(), 3_000);
}

#[test]
fn empty_not_estimable_and_unreliable_withhold_nothing() {
    assert_eq!(fate(not_estimable(NotEstimable::Empty, 0)), Cell::Hidden(Hidden::Empty));
    assert_eq!(fate(not_estimable(NotEstimable::NoVariance, 60)), Cell::Hidden(Hidden::NotEstimable));
    assert_eq!(fate(not_estimable(NotEstimable::NoVariance, 20)), Cell::Hidden(Hidden::Unreliable));
    assert_eq!(fate(about(f64::NAN, 0.01, 60)), Cell::Hidden(Hidden::NotEstimable));
}

#[test]
fn one_confidential_cell_takes_its_breakdown_with_it() {
    for small in [about(0.25, 0.01, 4), about(0.25, 0.01, 1), not_estimable(NotEstimable::NoVariance, 4)] {
        let survey = Survey::of_shares(about(0.8, 0.02, 2_000), [about(0.8, 0.03, 700), small, about(0.8, 0.03, 700)])
            .with_sectors([about(0.7, 0.03, 900), about(0.9, 0.03, 1_100)]);
        let published = survey.disclose();
        let table = published.table(&table_id()).unwrap();
        assert_eq!(table.domains(), [Domain::Total, sector("health"), sector("school")]);
        assert_eq!(table.withheld(), [Withheld { breakdown: Some(level()), why: Hidden::Confidential }]);
        for level_code in LEVELS {
            assert_eq!(table.cell(&row("any"), &group(level_code)), None);
            assert_eq!(table.cell(&row("other"), &group(level_code)), None, "the row beside it has the same people");
        }
        let school = table.cell(&row("any"), &sector("school")).unwrap().figures().unwrap();
        assert_eq!(school.estimate().units(), 90, "the cells that stay keep their place");
    }
}

#[test]
fn a_confidential_total_withholds_the_whole_table() {
    let survey =
        Survey::of_shares(about(0.5, 0.02, 4), [about(0.5, 0.02, 4), about(0.5, 0.02, 0), about(0.5, 0.02, 0)]);
    let published = survey.disclose();
    let table = published.table(&table_id()).unwrap();
    assert_eq!(table.domains(), []);
    assert_eq!(table.withheld(), [Withheld { breakdown: None, why: Hidden::Confidential }]);
    assert_eq!(table.cell(&row("other"), &Domain::Total), None);
}

#[test]
fn a_base_with_too_few_answers_is_not_named() {
    let mut survey = Survey::sound();
    let base = |id: &str| BaseId::new(id).unwrap();
    survey.bases = vec![(base("all"), 2_271), (base("few"), 4), (base("enough"), 5), (base("nobody"), 0)];
    let published = survey.disclose();
    assert_eq!(published.fieldwork().bases, [(base("all"), 2_271), (base("enough"), 5), (base("nobody"), 0)]);
}

#[test]
fn of_a_few_units_with_a_gap_or_a_case_it_is_told_only_that_they_are_few() {
    let mut survey = Survey::sound();
    let count = Count::Exact;
    let variable = VariableName::new("income").unwrap();
    let quality = |few| DataQuality {
        checks: [(CheckKind::Range, count(0)), (CheckKind::Speeding, few), (CheckKind::UnexplainedGap, count(5))]
            .into(),
        gaps: vec![ItemGap { variable: variable.clone(), refused: count(712), blank: few }],
        questions: 3,
        median_minutes: Some(17),
    };
    for few in 1..5 {
        survey.quality = quality(count(few));
        let published = survey.disclose();
        assert_eq!(published.fieldwork().quality, quality(Count::FewerThan(5)), "{few}");
        let (bytes, seal) = published.seal();
        assert_eq!(Published::open(&bytes, &seal).unwrap(), published);
    }
}

#[test]
fn a_few_answers_whose_group_is_not_known_withhold_the_breakdown() {
    let groups_without = |few: u64| {
        let levels = [about(0.80, 0.03, 900), about(0.85, 0.03, 700), about(0.84, 0.03, 671 - few)];
        Survey::of_shares(about(0.81, 0.02, 2_271), levels).disclose()
    };
    for few in 1..5 {
        let published = groups_without(few);
        let table = &published.tables()[0];
        assert_eq!(table.domains(), [Domain::Total], "{few} answers would follow by subtraction");
        assert_eq!(table.withheld(), [Withheld { breakdown: Some(level()), why: Hidden::Confidential }]);
    }
    assert_eq!(groups_without(0).tables()[0].withheld(), []);
    assert_eq!(groups_without(5).tables()[0].withheld(), []);
}

#[test]
fn bases_that_differ_by_a_few_answers_are_not_both_named() {
    let mut survey = Survey::sound();
    let base = |id: &str, n: u64| (BaseId::new(id).unwrap(), n);
    survey.bases = vec![base("all", 2_271), base("innovative", 2_268), base("reused", 2_200), base("copied", 2_195)];
    let named: Vec<u64> = survey.disclose().fieldwork().bases.iter().map(|(_, n)| *n).collect();
    assert_eq!(named, [2_271, 2_200, 2_195], "2,271 less 2,268 is a group of three; 2,200 less 2,195 is one of five");
}

#[test]
fn the_same_row_over_a_few_answers_more_withholds_the_smaller_table() {
    let disclosed = |few: u64| {
        let all = Survey::sound();
        let mut some = Survey::of_shares(
            about(0.81, 0.02, 2_271 - few),
            [about(0.80, 0.03, 900 - few), about(0.85, 0.03, 700), about(0.84, 0.03, 671)],
        );
        some.spec.id = TableId::new("innovation_of_some").unwrap();
        some.table.id = some.spec.id.clone();
        let published = disclose(Release {
            wave: WaveId::new("2019").unwrap(),
            synthetic: false,
            rules: RULES,
            method: METHOD,
            specs: &[&all.spec, &some.spec],
            tables: &[all.table, some.table],
            themes: &[],
            wordings: &[],
            phrases: &Default::default(),
            fieldwork: Fieldwork::default(),
        });
        published.tables().iter().map(|table| table.withheld().to_vec()).collect::<Vec<_>>()
    };
    let whole = Withheld { breakdown: None, why: Hidden::Confidential };
    assert_eq!(disclosed(0), [vec![], vec![]]);
    assert_eq!(disclosed(4), [vec![], vec![whole]], "what the larger table has more is a cell of four");
    assert_eq!(disclosed(5), [vec![], vec![]]);
}

#[test]
fn a_quantile_whose_limit_tells_of_a_few_answers_takes_its_breakdown_with_it() {
    let quantile = |sides| {
        let Outcome::Estimated(estimate) = about(400.0, 30.0, 120) else { unreachable!("it is an estimate") };
        Outcome::Estimated(Estimate { sides: Some(sides), ..estimate })
    };
    let published = |sides| {
        let mut survey = Survey::of_shares(quantile(40), [quantile(sides), quantile(40), quantile(40)]);
        survey.spec.measure = Measure::Quantile { probability: codebook::Decimal::new(9, 1), rule: QuantileRule::Hf1 };
        survey.disclose()
    };
    let table = published(5);
    let table = table.table(&table_id()).unwrap();
    assert!(table.withheld().is_empty(), "five answers lie at or beyond each limit");
    assert_eq!(table.cell(&row("any"), &group("municipality")).unwrap().figures().unwrap().estimate().units(), 400);
    let table = published(4);
    let table = table.table(&table_id()).unwrap();
    assert_eq!(table.withheld(), [Withheld { breakdown: Some(level()), why: Hidden::Confidential }]);
    assert!(table.cell(&row("any"), &Domain::Total).unwrap().figures().is_some(), "the total stays");
}
