//! Respondents against the population, and what weighting changed.

use super::*;
use crate::CoveredGroup;

fn coverage(answers: [u64; 3]) -> Vec<Coverage> {
    let group = |(level, answers): (&str, u64)| CoveredGroup { code: code(level), population: 1_000, answers };
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
