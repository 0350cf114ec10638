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

/// Which of the three levels show a number in row `any`.
fn shown(published: &Published) -> [bool; 3] {
    let table = published.table(&table_id()).unwrap();
    LEVELS.map(|level| table.cell(&row("any"), &group(level)).is_some_and(|cell| cell.figures().is_some()))
}

#[test]
fn a_confidential_group_is_hidden_with_the_smallest_other_one() {
    for small in [about(0.25, 0.01, 4), about(0.25, 0.01, 1), not_estimable(NotEstimable::NoVariance, 4)] {
        let survey = Survey::of_shares(about(0.8, 0.02, 1_504), [about(0.8, 0.03, 800), small, about(0.8, 0.03, 700)])
            .with_sectors([about(0.7, 0.03, 700), about(0.9, 0.03, 804)]);
        let published = survey.disclose();
        let table = published.table(&table_id()).unwrap();
        assert_eq!(table.withheld(), []);
        for level_code in ["region", "state"] {
            for of_row in ["any", "other"] {
                // The row beside it has the same people. Nobody sees which of the two groups has few answers.
                let cell = table.cell(&row(of_row), &group(level_code)).unwrap();
                assert_eq!(*cell, Cell::Hidden(Hidden::Confidential), "{of_row} {level_code}");
            }
        }
        assert_eq!(shown(&published), [true, false, false]);
        let school = table.cell(&row("any"), &sector("school")).unwrap().figures().unwrap();
        assert_eq!(school.estimate().units(), 90, "another breakdown keeps its cells");
    }
}

#[test]
fn two_confidential_groups_that_are_few_together_need_a_third() {
    let few = Survey::of_shares(about(0.8, 0.02, 804), [about(0.8, 0.03, 800), about(0.5, 0.1, 2), about(0.5, 0.1, 2)]);
    let published = few.disclose();
    let withheld = Withheld { breakdown: Some(level()), why: Hidden::Confidential };
    assert_eq!(published.tables()[0].withheld(), [withheld], "800 and 4 leave nothing to show");
    // Where they are enough together, the third stays.
    let enough =
        Survey::of_shares(about(0.8, 0.02, 808), [about(0.8, 0.03, 800), about(0.5, 0.1, 4), about(0.5, 0.1, 4)]);
    assert_eq!(shown(&enough.disclose()), [true, false, false]);
}

#[test]
fn weights_that_would_tell_hidden_groups_apart_withhold_the_breakdown() {
    // Half of everybody says yes. Who knows the weights knows the weighted count of the hidden groups within the rounding of the shares.
    let published = |[municipality, state]: [u64; 2], weights: [f64; 3]| {
        let half = |n: u64| about(0.5, 0.03, n);
        let levels = [half(municipality), half(4), half(state)];
        let mut survey = Survey { weights, ..Survey::of_shares(half(municipality + 4 + state), levels) };
        survey.spec.rows.truncate(1);
        survey.table.rows.truncate(1);
        survey.table.cells.truncate(1);
        shown(&survey.disclose())
    };
    assert_eq!(published([40, 32], [3.0, 3.0, 3.0]), [true, false, false], "one weight tells nothing more");
    assert_eq!(
        published([40, 32], [3.0, 3.0, 9.0]),
        [false; 3],
        "a whole per cent of 74 answers is less than one answer"
    );
    assert_eq!(published([8_000, 7_000], [3.0, 3.0, 9.0]), [true, false, false], "of 15,000 it is 150");
}

#[test]
fn a_group_that_is_unreliable_anyway_protects_first() {
    let levels = [about(0.8, 0.03, 90), about(0.8, 0.03, 4), about(0.8, 0.2, 900)];
    assert_eq!(shown(&Survey::of_shares(about(0.8, 0.02, 994), levels).disclose()), [true, false, false]);
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
        gaps: vec![ItemGap { variable: variable.clone(), asked: Some(2_271), refused: count(712), blank: few }],
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
fn who_was_asked_a_question_is_told_only_where_a_base_of_as_many_is() {
    let mut survey = Survey::sound();
    let gap = |asked| ItemGap {
        variable: VariableName::new("income").unwrap(),
        asked: Some(asked),
        refused: Count::Exact(7),
        blank: Count::Exact(5),
    };
    // All 2,271 answers are told; 2,268 would tell that three were not asked.
    survey.quality = DataQuality { gaps: vec![gap(2_271), gap(2_268)], ..DataQuality::default() };
    let published = survey.disclose();
    let gaps = &published.fieldwork().quality.gaps;
    assert_eq!(gaps.iter().map(ItemGap::unanswered).collect::<Vec<_>>(), [Some((12, 2_271)), None]);
}

#[test]
fn a_few_answers_whose_group_is_not_known_hide_a_group() {
    let groups_without = |few: u64| {
        let levels = [about(0.80, 0.03, 900), about(0.85, 0.03, 700), about(0.84, 0.03, 671 - few)];
        shown(&Survey::of_shares(about(0.81, 0.02, 2_271), levels).disclose())
    };
    for few in 1..5 {
        assert_eq!(groups_without(few), [true, true, false], "{few} answers would follow by subtraction");
    }
    assert_eq!(groups_without(0), [true; 3]);
    assert_eq!(groups_without(5), [true; 3]);
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
            contributors: &[behind(&all.table, [3.0; 3]), behind(&some.table, [3.0; 3])],
            unions: crate::Unions::NONE,
            tables: &[all.table, some.table],
            themes: &[],
            wordings: &[],
            phrases: &Default::default(),
            fieldwork: Fieldwork::default(),
            beside: crate::Beside::default(),
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
        // All have the number that is told.
        let sides = estimate::Sides { fewest: sides, alike: [120; estimate::Sides::UNITS] };
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

#[test]
fn a_quantile_is_rounded_until_it_is_nobodys_own_or_its_standard_error_is_reached() {
    // 1,894.6 with limits 1,858.6 and 1,930.6: of 120 answers one has each number to ones and to tens, nine to hundreds.
    let shown = |decimals: u8, nobody_below: i8| {
        let Outcome::Estimated(estimate) = about(1894.6, 36.0, 120) else { unreachable!("it is an estimate") };
        let alike = std::array::from_fn(|place| {
            let exponent = estimate::Sides::FINEST + i8::try_from(place).unwrap();
            if exponent < nobody_below { 1 } else { 9 }
        });
        let quantile = Outcome::Estimated(Estimate { sides: Some(estimate::Sides { fewest: 40, alike }), ..estimate });
        let mut survey = Survey::of_shares(quantile, [quantile; 3]);
        survey.spec.measure = Measure::Quantile { probability: codebook::Decimal::new(5, 1), rule: QuantileRule::Hf1 };
        survey.spec.decimals = decimals;
        let published = survey.disclose();
        let cell = *published.table(&table_id()).unwrap().cell(&row("any"), &Domain::Total).unwrap();
        let figures = *cell.figures().unwrap();
        [figures.estimate(), figures.se(), figures.low(), figures.high()].map(|number| number.to_string())
    };
    assert_eq!(
        shown(0, 2),
        ["1890", "20", "1860", "1930"],
        "to tens, as far as its standard error reaches, and the limits and that, too"
    );
    assert_eq!(shown(1, 0), ["1895", "18", "1859", "1931"], "a decimal that only one answer has is not told");
    assert_eq!(shown(1, -6), ["1894.6", "18.4", "1858.6", "1930.6"], "where many have the same number it is told");
}

#[test]
fn a_few_refusals_do_not_follow_from_who_is_left() {
    // 3 refused and 20 left it empty: a table of the question shows 23 answers fewer than its base.
    let told = |refused, blank| Count::Exact(refused).told_beside(Count::Exact(blank), RULES);
    assert_eq!(told(3, 20), (Count::FewerThan(5), Count::FewerThan(23)));
    assert_eq!(told(20, 3), (Count::FewerThan(23), Count::FewerThan(5)));
    assert_eq!(told(20, 30), (Count::Exact(20), Count::Exact(30)));
    assert_eq!(told(0, 20), (Count::Exact(0), Count::Exact(20)));
    assert_eq!(told(0, 0), (Count::Exact(0), Count::Exact(0)));
}

#[test]
fn whether_a_few_without_an_answer_refused_or_left_it_empty_is_not_told() {
    // A table of the question shows three answers fewer than its base: whichever they are, the same is told.
    let told = |refused, blank| Count::Exact(refused).told_beside(Count::Exact(blank), RULES);
    for (refused, blank) in [(3, 0), (2, 1), (1, 2), (0, 3)] {
        assert_eq!(told(refused, blank), (Count::FewerThan(5), Count::FewerThan(5)), "{refused} and {blank}");
    }
    assert_eq!(told(5, 0), (Count::Exact(5), Count::Exact(0)), "five are no few");
}
