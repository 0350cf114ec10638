//! What becomes of a figure between two releases.

use super::*;

/// A store with one table of one row: its total, and where a number is given its only group.
fn store(total: &str, group: Option<&str>, withheld: &str) -> ReleasedTables {
    let (domains, cells) = match group {
        Some(cell) => (r#","total",{"group":{"breakdown":"size","code":"small"}}"#, format!("{total},{cell}")),
        None => (r#","total""#, total.to_owned()),
    };
    let domains = domains.trim_start_matches(',');
    let text = format!(
        r#"{{"tables":[{{"id":"t","rows":["r"],"domains":[{domains}],"cells":[[{cells}]],"withheld":[{withheld}]}}]}}"#
    );
    ReleasedTables::read(text.as_bytes()).expect("it is a store")
}

fn shown(estimate: i64, low: i64, high: i64, n: u64) -> String {
    format!(r#"{{"shown":{{"estimate":[{estimate},0],"high":[{high},0],"low":[{low},0],"n":{n},"se":[20,1]}}}}"#)
}

#[track_caller]
fn check(old: &str, new: &str, expected: Class) {
    let found = changes(&store(old, None, ""), &store(new, None, ""));
    assert_eq!(found.iter().map(|figure| figure.class).collect::<Vec<_>>(), [expected]);
}

#[test]
fn a_figure_is_classed_by_how_far_it_moved() {
    let old = shown(50, 46, 54, 100);
    check(&old, &old, Class::Same);
    check(&old, &shown(50, 46, 54, 101), Class::ErrorMoved);
    check(&old, &shown(51, 46, 54, 100), Class::MovedInTheLastDigit);
    check(&old, &shown(54, 50, 58, 100), Class::MovedBeyondRounding);
    check(&old, &shown(55, 51, 59, 100), Class::MovedBeyondTheInterval);
    check(&old, r#"{"hidden":"unreliable"}"#, Class::NewlyHidden);
    check(r#"{"hidden":"confidential"}"#, &old, Class::NewlyRevealed);
}

#[test]
fn one_in_the_last_digit_is_told_as_such_even_outside_of_a_narrow_interval() {
    check(&shown(50, 50, 50, 100), &shown(51, 51, 51, 100), Class::MovedInTheLastDigit);
}

#[test]
fn a_figure_in_a_breakdown_that_is_withheld_now_is_hidden_and_not_gone() {
    let (total, group) = (shown(50, 46, 54, 100), shown(40, 30, 50, 40));
    let old = store(&total, Some(&group), "");
    let withheld = store(&total, None, r#"{"breakdown":"size","why":"confidential"}"#);
    let absent = store(&total, None, "");
    let classes = |old, new| changes(old, new).iter().map(|figure| figure.class).collect::<Vec<_>>();
    assert_eq!(classes(&old, &withheld), [Class::Same, Class::NewlyHidden]);
    assert_eq!(classes(&withheld, &old), [Class::Same, Class::NewlyRevealed]);
    assert_eq!(classes(&old, &absent), [Class::Same, Class::Vanished]);
    assert_eq!(classes(&absent, &old), [Class::Same, Class::Appeared]);
}

#[test]
fn what_both_hide_is_no_change() {
    let hidden = |why: &str| store(&format!(r#"{{"hidden":"{why}"}}"#), None, "");
    assert_eq!(changes(&hidden("confidential"), &hidden("unreliable")), vec![]);
}

#[test]
fn between_waves_a_change_is_tested_against_both_errors() {
    // Each error is 2 points, so that of the difference is 2.83: 5 points are 1.77 errors, p 0.077; 6 points are 2.12, p 0.034.
    for (new, expected) in [(55, 0.0771), (56, 0.0339)] {
        let mut figures =
            changes(&store(&shown(50, 46, 54, 100), None, ""), &store(&shown(new, 46, 54, 100), None, ""));
        let chance = chance::test(&mut figures, 0.05);
        let p = figures[0].p.expect("both have an error");
        assert!((p - expected).abs() < 1e-4, "{p}");
        assert_eq!((chance.tested, chance.found), (1, usize::from(new == 56)));
    }
}
