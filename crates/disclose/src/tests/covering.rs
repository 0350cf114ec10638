//! Respondents against the population, what weighting changed, and tables about one group of another one.

use super::*;
use crate::CoveredGroup;

fn coverage(answers: [u64; 3]) -> Vec<Coverage> {
    let group = |(level, answers): (&str, u64)| CoveredGroup {
        code: code(level),
        population: 1_000,
        answers,
        drawn: None,
        weighted: None,
    };
    vec![Coverage { variable: level(), groups: LEVELS.into_iter().zip(answers).map(group).collect() }]
}

/// A survey of three levels with so many answers each.
fn survey(shown: [u64; 3], answers: [u64; 3]) -> Survey {
    let total = shown.iter().sum();
    let mut survey = Survey::of_shares(about(0.8, 0.02, total), shown.map(|n| about(0.8, 0.02, n)));
    survey.table.cells[1] = survey.table.cells[0].clone();
    survey.coverage = coverage(answers);
    survey
}

#[test]
fn respondents_of_each_group_are_told_where_nothing_is_hidden() {
    let published = survey([900, 400, 671], [1_100, 420, 700]).disclose();
    assert_eq!(published.fieldwork().coverage, coverage([1_100, 420, 700]));
}

#[test]
fn a_group_with_few_answers_takes_the_whole_breakdown_with_it_since_the_sum_is_known() {
    assert!(survey([900, 400, 671], [1_100, 4, 700]).disclose().fieldwork().coverage.is_empty());
    assert!(!survey([900, 400, 671], [1_100, 0, 700]).disclose().fieldwork().coverage.is_empty(), "nobody is not few");
}

#[test]
fn respondents_are_not_told_where_a_table_keeps_a_group_of_them_confidential() {
    let published = survey([900, 3, 671], [1_100, 420, 700]).disclose();
    assert!(published.tables()[0].withheld().len() + published.tables()[0].domains().len() > 0);
    assert!(published.fieldwork().coverage.is_empty());
}

#[test]
fn respondents_are_not_told_where_a_few_follow_by_subtraction() {
    assert!(survey([900, 400, 671], [904, 420, 700]).disclose().fieldwork().coverage.is_empty());
    assert!(!survey([900, 400, 671], [905, 420, 700]).disclose().fieldwork().coverage.is_empty());
}

#[test]
fn the_unweighted_share_is_that_of_the_answers() {
    let published = survey([900, 400, 700], [1_100, 420, 700]).disclose();
    let share = published.unweighted(&table_id(), &row("any"));
    assert_eq!(share.map(|share| share.to_string()), Some("50".to_owned()), "half of the answers count");
}

#[test]
fn a_row_whose_total_is_not_shown_has_no_unweighted_share() {
    let published = survey([8, 8, 9], [1_100, 420, 700]).disclose();
    assert_eq!(published.unweighted(&table_id(), &row("any")), None);
}

/// What becomes of a table about so many answers, all of one base, beside one that is broken down by level.
fn beside(survey: &Survey, answers: u64) -> Published {
    survey.released(|release| {
        let base = BaseId::new("one_level").unwrap();
        let spec = TableSpec {
            id: TableId::new("one_level").unwrap(),
            base: base.clone(),
            breakdowns: Vec::new(),
            ..survey.spec.clone()
        };
        let cells = vec![vec![about(0.8, 0.02, answers)]; 2];
        let table = Table { id: spec.id.clone(), domains: vec![Domain::Total], cells, ..survey.table.clone() };
        let contributors = [release.contributors[0].clone(), behind(&table, survey.weights)];
        let mut fieldwork = release.fieldwork.clone();
        fieldwork.bases = vec![(base, answers)];
        let (specs, tables) = ([release.specs[0], &spec], [release.tables[0].clone(), table]);
        disclose(Release { specs: &specs, tables: &tables, contributors: &contributors, fieldwork, ..release })
    })
}

#[test]
fn a_table_about_a_group_that_another_one_hides_is_withheld_and_its_base_not_named() {
    // Of three levels one has 3 answers, and another one is hidden for its sake: whoever had that one's total had both.
    let survey = survey([900, 3, 671], [900, 3, 671]);
    let table = &survey.disclose().tables()[0].clone();
    let is_shown = |level: &str| table.cell(&row("any"), &group(level)).is_some_and(|cell| cell.figures().is_some());
    let hidden: Vec<u64> =
        LEVELS.into_iter().zip([900, 3, 671]).filter(|(level, _)| !is_shown(level)).map(|(_, n)| n).collect();
    assert!(hidden.len() > 1, "{hidden:?}");
    for n in hidden.into_iter().filter(|n| *n > 3) {
        let published = beside(&survey, n);
        let withheld = published.table(&TableId::new("one_level").unwrap()).unwrap().withheld();
        assert_eq!(withheld.iter().map(|part| part.breakdown.clone()).collect::<Vec<_>>(), [None]);
        assert!(published.fieldwork().bases.is_empty());
    }
}

#[test]
fn a_table_about_a_group_that_is_shown_is_published() {
    let published = beside(&survey([900, 400, 671], [900, 400, 671]), 900);
    assert!(published.table(&TableId::new("one_level").unwrap()).unwrap().withheld().is_empty());
    assert_eq!(published.fieldwork().bases.len(), 1);
}
