//! Claims at the edges of their rules.

use codebook::{Category, CellName, Codebook, Kind, Origin, Role, RowComparison, Variable};

use super::*;
use crate::{Hidden, Instead, VerdictKind, comparisons};
use estimate::RowDifference;

fn verdict(survey: &Survey) -> VerdictKind {
    survey.disclose().verdicts()[0].kind.clone()
}

fn holds(survey: &Survey) -> bool {
    match verdict(survey) {
        VerdictKind::Holds => true,
        VerdictKind::Fails { .. } => false,
        VerdictKind::Refused(why) => panic!("refused: {why:?}"),
    }
}

fn because(survey: &Survey) -> String {
    match verdict(survey) {
        VerdictKind::Fails { because } => because,
        other @ (VerdictKind::Holds | VerdictKind::Refused(_)) => panic!("{other:?}"),
    }
}

fn near(group: Option<&str>) -> Predicate {
    Predicate::Near { table: table_id(), row: row("any"), group: group.map(|group| (level(), code(group))) }
}

fn majority() -> Predicate {
    Predicate::Majority { table: table_id(), row: row("any"), group: None }
}

fn more_often(at_least: f64) -> Predicate {
    Predicate::MoreOften { comparison: comparison("state", "municipality"), at_least }
}

fn about_the_same(margin: f64) -> Predicate {
    Predicate::AboutTheSame { table: table_id(), row: row("any"), breakdown: level(), margin }
}

/// A survey whose total is this outcome.
fn total_of(outcome: Outcome) -> Survey {
    Survey::of_shares(outcome, [about(0.80, 0.03, 900), about(0.85, 0.03, 700), about(0.84, 0.03, 671)])
}

/// A survey whose total is this share, told as per cent.
fn told(share: f64, value: f64, decimals: u8) -> Survey {
    total_of(about(share, 0.01, 2_271))
        .claiming(near(None), Some(Spoken::Percent { value, decimals, lean: Lean::Neither }))
}

/// A survey whose total is this share, told by a phrase.
fn phrased(share: f64, percent: f64) -> Survey {
    total_of(about(share, 0.01, 2_271)).claiming(near(None), Some(Spoken::Phrase { percent, lean: Lean::Neither }))
}

/// A difference from its limits.
fn limits(low: f64, high: f64) -> Outcome {
    about(f64::midpoint(low, high), (high - low) / 2.0, 800)
}

/// A survey with all three differences of the levels.
fn differing(pairs: [Outcome; 3]) -> Survey {
    let [municipality_region, municipality_state, region_state] = pairs;
    Survey::sound()
        .with_difference("municipality", "region", municipality_region)
        .with_difference("municipality", "state", municipality_state)
        .with_difference("region", "state", region_state)
}

#[test]
fn a_told_percentage_is_the_estimate_at_its_own_precision() {
    assert!(holds(&told(0.805, 81.0, 0)));
    assert!(!holds(&told(0.8049, 81.0, 0)));
    assert!(holds(&told(0.8149, 81.0, 0)));
    assert!(!holds(&told(0.815, 81.0, 0)));
    let mut with_decimal = told(0.8047, 80.5, 1);
    assert!(because(&with_decimal).contains("more decimals"), "the table publishes none");
    with_decimal.spec.decimals = 1;
    assert!(holds(&with_decimal));
    let mut coarser = told(0.8047, 80.0, 0);
    coarser.spec.decimals = 1;
    assert!(holds(&coarser), "80.47 is rounded once: 80, although the table shows 80.5");
}

#[test]
fn a_failed_percentage_names_the_one_that_would_hold() {
    assert_eq!(because(&told(0.8149, 82.0, 0)), "the estimate is 81 per cent (interval 80 to 82)");
}

#[test]
fn a_phrase_is_at_most_three_points_away() {
    assert!(holds(&phrased(0.87, 90.0)));
    assert!(holds(&phrased(0.93, 90.0)));
    assert!(!holds(&phrased(0.869_99, 90.0)));
    assert!(!holds(&phrased(0.930_01, 90.0)));
}

#[test]
fn a_phrase_for_a_small_share_is_at_most_15_per_cent_of_it_away() {
    // One in ten: 15 % of 11.8 is 1.77 points, 15 % of 8.7 is 1.305.
    assert!(!holds(&phrased(0.118, 10.0)));
    assert!(holds(&phrased(0.117, 10.0)));
    assert!(holds(&phrased(0.087, 10.0)));
    assert!(!holds(&phrased(0.0869, 10.0)));
}

#[test]
fn words_without_a_share_do_not_hold_near_one() {
    for spoken in [None, Some(Spoken::Count(81))] {
        assert_eq!(
            because(&Survey::sound().claiming(near(None), spoken)),
            "\"the words\" does not tell the estimate, which is 81 per cent"
        );
    }
}

#[test]
fn a_mean_is_told_in_its_own_unit() {
    let mut survey = total_of(about(661.45, 18.0, 200)).claiming(near(None), None);
    survey.spec.measure = Measure::Mean;
    survey.spec.decimals = 1;
    let mut tell = |spoken| {
        survey.wordings[0].1 = Some(spoken);
        verdict(&survey)
    };
    assert_eq!(tell(Spoken::Percent { value: 661.5, decimals: 1, lean: Lean::Neither }), VerdictKind::Holds);
    assert_eq!(
        tell(Spoken::Percent { value: 661.0, decimals: 0, lean: Lean::Neither }),
        VerdictKind::Holds,
        "661.45 is rounded once"
    );
    let because = "the estimate is 661 (interval 643.5 to 679.5)".to_owned();
    assert_eq!(
        tell(Spoken::Percent { value: 662.0, decimals: 0, lean: Lean::Neither }),
        VerdictKind::Fails { because }
    );
    assert!(matches!(tell(Spoken::Phrase { percent: 90.0, lean: Lean::Neither }), VerdictKind::Fails { .. }));
}

#[test]
fn the_number_of_answers_is_told_exactly() {
    let answers = || Predicate::Answers { base: BaseId::new("all").unwrap() };
    let survey = |n, spoken| {
        let mut survey = Survey::sound().claiming(answers(), spoken);
        survey.bases = vec![(BaseId::new("all").unwrap(), n)];
        survey
    };
    assert!(holds(&survey(2_271, Some(Spoken::Count(2_271)))));
    let wrong = survey(2_271, Some(Spoken::Count(2_270)));
    assert_eq!(because(&wrong), "\"the words\" tells 2270, but base all has 2271 answers");
    assert!(!holds(&survey(2_271, None)));
    assert_eq!(verdict(&survey(4, Some(Spoken::Count(4)))), VerdictKind::Refused(Hidden::Confidential));
}

#[test]
fn a_majority_is_found_above_half_by_its_test() {
    assert!(holds(&total_of(about(0.53, 0.029, 800)).claiming(majority(), None)));
    let at_half = total_of(about(0.625, 0.125, 800)).claiming(majority(), None);
    assert_eq!(
        because(&at_half),
        "the estimate is 63 per cent (interval 50 to 75), but that it is above 50 has a p value of 0.0634 and needs one below \
         0.05"
    );
}

#[test]
fn more_often_needs_a_difference_that_its_test_finds() {
    let survey = |low, high, points| {
        Survey::sound().with_difference("state", "municipality", limits(low, high)).claiming(more_often(points), None)
    };
    assert!(holds(&survey(0.001, 0.08, 0.0)));
    assert!(!holds(&survey(0.0, 0.08, 0.0)));
    assert!(holds(&survey(0.101, 0.2, 10.0)));
    let not_far = survey(0.094, 0.2, 10.0);
    assert_eq!(
        because(&not_far),
        "state less municipality is 15 (interval 9 to 20), but that it is above 10 has a p value of 0.0853 and needs one \
         below 0.05"
    );
}

/// A survey whose row `any` is ahead of row `other` by a difference with these limits.
fn ahead(low: f64, high: f64) -> Survey {
    let of = CellName { table: table_id(), row: row("any"), group: None };
    let comparison = RowComparison { of: of.clone(), than: row("other") };
    let mut survey = Survey::sound().claiming(Predicate::MostCommon { row: of, others: vec![row("other")] }, None);
    survey.table.row_differences = vec![RowDifference { comparison, outcome: limits(low, high) }];
    survey
}

#[test]
fn the_most_common_is_ahead_of_each_of_the_others() {
    assert!(holds(&ahead(0.2, 0.4)));
    assert!(holds(&ahead(0.001, 0.08)));
    assert!(!holds(&ahead(0.0, 0.08)));
    assert_eq!(
        because(&ahead(-0.02, 0.08)),
        "any less other is 3 (interval -2 to 8), but that it is above 0 has a p value of 0.2424 and needs one below 0.05"
    );
    assert_eq!(because(&ahead(-0.4, -0.2)), "any less other is -30 (interval -40 to -20), which is not above 0");
    let proposed = ahead(-0.02, 0.08).disclose().verdicts()[0].instead.clone();
    let [Instead::Rows { rows, .. }] = &proposed[..] else { panic!("the shares of both: {proposed:?}") };
    let rows: Vec<_> = rows.iter().map(|(row, share)| (row.as_str(), share.units())).collect();
    assert_eq!(rows, [("any", 81), ("other", 50)]);
}

#[test]
fn the_most_common_must_be_ahead_of_those_that_are_near_and_those_that_are_uncertain() {
    let third = |difference: Outcome| {
        let mut survey = ahead(0.2, 0.4);
        let of = CellName { table: table_id(), row: row("any"), group: None };
        survey.claims[0] = Predicate::MostCommon { row: of.clone(), others: vec![row("other"), row("third")] };
        survey.spec.rows.push(codebook::Row { id: row("third"), ..survey.spec.rows[1].clone() });
        survey.table.rows.push(row("third"));
        survey.table.cells.push(vec![about(0.4, 0.05, 400); 4]);
        let comparison = RowComparison { of, than: row("third") };
        survey.table.row_differences.push(RowDifference { comparison, outcome: difference });
        survey
    };
    assert!(holds(&third(limits(0.3, 0.5))));
    assert!(!holds(&third(limits(-0.1, 0.9))), "it is far ahead of the third, but nobody knows by how much");
    assert!(!holds(&third(limits(-0.01, 0.05))));
    // One that is hidden might be the most common.
    let mut hidden = third(limits(0.3, 0.5));
    hidden.table.cells[2][0] = about(0.4, 0.05, 29);
    assert_eq!(verdict(&hidden), VerdictKind::Refused(Hidden::Unreliable));
    let published = third(limits(0.3, 0.5)).disclose();
    assert_eq!(published.families()[0].tests().len(), 1, "a ranking is one test");
}

#[test]
fn about_the_same_holds_when_every_interval_lies_within_the_margin() {
    let inside = limits(-0.05, 0.05);
    assert!(holds(&differing([inside; 3]).claiming(about_the_same(5.0), None)));
    let survey = differing([inside, limits(-0.061, 0.02), inside]).claiming(about_the_same(5.0), None);
    assert_eq!(
        because(&survey),
        "municipality less state is -2 (interval -6 to 2); every interval must lie within 5 of 0"
    );
    assert!(!holds(&differing([inside, inside, limits(0.0, 0.052)]).claiming(about_the_same(5.0), None)));
}

#[test]
fn a_group_with_nobody_in_it_is_not_compared() {
    let mut survey =
        Survey::sound().with_difference("region", "state", limits(-0.02, 0.02)).claiming(about_the_same(5.0), None);
    survey.table.cells[0][1] = not_estimable(NotEstimable::Empty, 0);
    assert!(holds(&survey));
    survey.table.cells[0][2] = not_estimable(NotEstimable::Empty, 0);
    assert_eq!(verdict(&survey), VerdictKind::Refused(Hidden::Empty), "one group is the same as no other");
}

#[test]
fn a_claim_about_a_hidden_cell_is_refused_whatever_it_says() {
    for (outcome, why) in [
        (about(0.80, 0.01, 4), Hidden::Confidential),
        (about(0.80, 0.01, 29), Hidden::Unreliable),
        (not_estimable(NotEstimable::NoVariance, 60), Hidden::NotEstimable),
    ] {
        for percent in [80.0, 10.0] {
            let mut survey = differing([limits(-0.01, 0.01); 3])
                .with_difference("state", "municipality", limits(0.01, 0.02))
                .claiming(near(Some("municipality")), Some(Spoken::Phrase { percent, lean: Lean::Neither }))
                .claiming(more_often(0.0), None)
                .claiming(about_the_same(5.0), None);
            survey.table.cells[0][1] = outcome;
            let published = survey.disclose();
            assert_eq!(published.verdicts().len(), 3);
            for verdict in published.verdicts() {
                assert_eq!(verdict.kind, VerdictKind::Refused(why), "wording {}", verdict.wording);
            }
        }
    }
}

#[test]
fn a_claim_on_a_withheld_table_is_refused() {
    let survey = Survey::of_shares(about(0.5, 0.01, 4), [about(0.5, 0.01, 4); 3])
        .claiming(near(None), Some(Spoken::Phrase { percent: 50.0, lean: Lean::Neither }));
    assert_eq!(verdict(&survey), VerdictKind::Refused(Hidden::Confidential));
}

#[test]
fn a_difference_without_an_error_is_refused() {
    let survey = Survey::sound()
        .with_difference("state", "municipality", not_estimable(NotEstimable::NoVariance, 100))
        .claiming(more_often(0.0), None);
    assert_eq!(verdict(&survey), VerdictKind::Refused(Hidden::NotEstimable));
}

#[test]
fn the_plan_has_each_difference_once_and_every_pair_of_about_the_same() {
    let place = || Place::File { file: "codebook.toml".to_owned() };
    let category = |name| Category { code: code(name), label: Translated::default(), role: Role::Answer };
    let variable = Variable {
        name: level(),
        label: Translated::default(),
        question: None,
        kind: Kind::Category { list: "level".to_owned(), categories: LEVELS.map(category).to_vec() },
        origin: Origin::Register,
        asked_if: None,
        place: place(),
    };
    let claim = |id: &str, predicate| Claim { id: ClaimId::new(id).unwrap(), predicate, place: place() };
    let theme = Theme {
        id: ThemeId::new("theme").unwrap(),
        variant: None,
        kind: codebook::PageKind::Theme,
        cases: Vec::new(),
        quotes: Vec::new(),
        figures: Vec::new(),
        claims: vec![
            claim("more", more_often(0.0)),
            claim("far-more", more_often(10.0)),
            claim("share", near(None)),
            claim("same", about_the_same(5.0)),
        ],
        allowed: Vec::new(),
        place: place(),
    };
    let codebook = Codebook { variables: vec![variable], ..Codebook::default() };
    assert_eq!(
        comparisons(&[theme], &codebook),
        [
            comparison("municipality", "region"),
            comparison("municipality", "state"),
            comparison("region", "state"),
            comparison("state", "municipality"),
        ]
    );
}
