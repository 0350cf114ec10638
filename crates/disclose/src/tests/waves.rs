//! Earlier waves beside this one, and what was printed of them.

use codebook::{CellName, Decimal, Direction, Place, Predicate, Printed, PrintedNumber, Spoken, WaveId, Weighting};
use estimate::change_of_independent;

use super::*;
use crate::{Agreement, BackTested, Beside, Cell, Earlier, Hidden, Rounded, Seal, VerdictKind, WaveCell};

fn then() -> WaveId {
    WaveId::new("2016").unwrap()
}

fn now() -> WaveId {
    WaveId::new("2019").unwrap()
}

fn cell(group: Option<&str>) -> CellName {
    CellName { table: table_id(), row: row("any"), group: group.map(|it| (level(), code(it))) }
}

fn printed(wave: WaveId, percent: i128, n: Option<u64>, weighting: Weighting) -> Printed {
    Printed {
        wave,
        cell: Some(cell(None)),
        item: String::new(),
        told: PrintedNumber::Percent(Decimal::new(percent, 1)),
        n,
        base: "all".to_owned(),
        weighting,
        source: "the report".to_owned(),
        because: None,
        place: Place::File { file: "published.csv".to_owned() },
    }
}

/// This wave beside an earlier one, if that was counted, and what was printed.
fn beside(this: &Survey, earlier: Option<&Survey>, printed: &[Printed]) -> Published {
    this.released(|release| {
        let (specs, tables, contributors);
        let waves = match earlier {
            None => Vec::new(),
            Some(survey) => {
                specs = [&survey.spec];
                tables = [survey.table.clone()];
                contributors = [behind(&survey.table, survey.weights)];
                vec![Earlier {
                    wave: then(),
                    synthetic: false,
                    specs: &specs,
                    tables: &tables,
                    contributors: &contributors,
                    unions: crate::Unions::NONE,
                    changes: &[],
                }]
            }
        };
        disclose(Release { beside: Beside { earlier: &waves, printed }, ..release })
    })
}

fn near_then(group: Option<&str>) -> Predicate {
    Predicate::NearThen { cell: cell(group), wave: then() }
}

fn percent(value: f64) -> Option<Spoken> {
    Some(Spoken::Percent { value, decimals: 0, lean: Lean::Neither })
}

fn kinds(published: &Published) -> Vec<&VerdictKind> {
    published.verdicts().iter().map(|verdict| &verdict.kind).collect()
}

/// An earlier wave in which few answer in the state, so that a second group is hidden for its sake.
fn with_few() -> Survey {
    Survey::of_shares(about(0.80, 0.02, 1_203), [about(0.79, 0.03, 700), about(0.85, 0.03, 500), about(0.6, 0.1, 3)])
}

#[test]
fn what_an_edition_hides_stays_hidden_in_the_series_of_the_next() {
    let own_edition = with_few().disclose();
    let next = beside(&Survey::sound().claiming(near_then(Some("region")), percent(85.0)), Some(&with_few()), &[]);
    let own = own_edition.table(&table_id()).unwrap();
    for domain in std::iter::once(Domain::Total).chain(LEVELS.map(group)) {
        for id in ["any", "other"].map(row) {
            let cell = own.cell(&id, &domain).copied();
            let in_series = next.in_wave(then(), &table_id(), &id, &domain);
            let expected = cell.unwrap_or(Cell::Hidden(Hidden::Confidential));
            assert_eq!(in_series, WaveCell::Counted(expected), "{id} {domain:?}");
        }
    }
    assert_eq!(
        next.in_wave(then(), &table_id(), &row("any"), &group("state")),
        WaveCell::Counted(Cell::Hidden(Hidden::Confidential))
    );
    assert!(
        matches!(kinds(&next)[..], [VerdictKind::Refused(Hidden::Confidential)]),
        "not even a sentence tells of it"
    );
}

#[test]
fn no_number_of_a_hidden_cell_of_an_earlier_wave_is_in_the_sealed_bytes() {
    let hidden = Survey::of_shares(
        about(0.80, 0.02, 1_203),
        [about(0.79, 0.03, 700), about(0.85, 0.03, 500), about(0.123_456, 0.012_345, 3)],
    );
    let this = Survey::sound().claiming(near_then(Some("region")), percent(85.0));
    let (bytes, _) = beside(&this, Some(&hidden), &[]).seal();
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains("\"wave\":\"2016\""));
    for secret in ["\"n\":3,", "[12,0]", "[123,1]"] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[test]
fn a_rise_that_is_tested_holds_and_its_size_is_published() {
    let earlier = Survey::of_shares(about(0.70, 0.02, 2_000), [about(0.7, 0.03, 800); 3]);
    let rose = |direction| Predicate::Change { cell: cell(None), since: then(), direction };
    let this = Survey::sound().claiming(rose(Direction::Rose), None).claiming(rose(Direction::Fell), None);
    let published = beside(&this, Some(&earlier), &[]);
    assert!(matches!(kinds(&published)[..], [VerdictKind::Holds, VerdictKind::Fails { .. }]));
    let size = published.families()[0].tests()[0].size().unwrap();
    assert_eq!([size.estimate(), size.low(), size.high()].map(|it| it.to_string()), ["11", "8", "14"]);
}

#[test]
fn unchanged_needs_the_whole_interval_of_the_change_within_the_margin() {
    let earlier = Survey::of_shares(about(0.80, 0.02, 2_000), [about(0.7, 0.03, 800); 3]);
    let unchanged = |margin| Predicate::Unchanged { cell: cell(None), since: then(), margin };
    // The change is 1 point, and its interval reaches 2.9 points to both sides of it.
    let this = Survey::sound().claiming(unchanged(4.0), None).claiming(unchanged(3.0), None);
    assert!(matches!(kinds(&beside(&this, Some(&earlier), &[]))[..], [VerdictKind::Holds, VerdictKind::Fails { .. }]));
}

#[test]
fn what_was_printed_stands_in_and_is_tested_with_nothing() {
    let rose = Predicate::Change { cell: cell(None), since: then(), direction: Direction::Rose };
    let this = Survey::sound().claiming(near_then(None), percent(70.0)).claiming(rose, None);
    let published = beside(&this, None, &[printed(then(), 700, Some(2_000), Weighting::Weighted)]);
    let cell = published.in_wave(then(), &table_id(), &row("any"), &Domain::Total);
    assert_eq!(cell, WaveCell::Printed(Rounded::stored(700, 1), Some(2_000)));
    assert!(matches!(kinds(&published)[..], [VerdictKind::Holds, VerdictKind::Refused(Hidden::NotEstimable)]));
    let absent = published.in_wave(then(), &table_id(), &row("any"), &group("region"));
    assert_eq!(absent, WaveCell::Absent, "nobody printed it");
}

#[test]
fn what_comes_out_today_is_compared_with_what_was_printed() {
    let compare = |printed: Printed| {
        let published = beside(&Survey::sound(), None, &[printed]);
        published.back_tests().first().map(|tested| (tested.agreement(), tested.estimate().to_string()))
    };
    let of = |percent, n, weighting| compare(printed(now(), percent, n, weighting));
    let told = |agreement, estimate: &str| Some((agreement, estimate.to_owned()));
    assert_eq!(of(810, None, Weighting::Weighted), told(Agreement::Agrees, "81"));
    assert_eq!(of(815, Some(2_271), Weighting::Weighted), told(Agreement::Agrees, "81"), "half a point apart");
    assert_eq!(of(816, None, Weighting::Weighted), told(Agreement::OtherShare, "81"));
    assert_eq!(of(810, Some(2_270), Weighting::Weighted), told(Agreement::OtherAnswers, "81"));
    // 1,135 of 2,271.
    assert_eq!(of(500, None, Weighting::Unweighted), told(Agreement::Agrees, "50"));
    assert_eq!(compare(printed(then(), 810, None, Weighting::Weighted)), None, "another wave, which is not counted");
}

#[test]
fn a_hidden_cell_is_compared_with_nothing() {
    let hidden = Printed { cell: Some(cell(Some("state"))), ..printed(now(), 600, None, Weighting::Weighted) };
    assert!(beside(&with_few(), None, &[hidden]).back_tests().is_empty());
}

#[test]
fn an_earlier_wave_that_was_counted_is_compared_as_far_as_it_is_shown() {
    let old = printed(then(), 700, None, Weighting::Weighted);
    let earlier = Survey::of_shares(about(0.70, 0.02, 2_000), [about(0.7, 0.03, 800); 3]);
    let this = Survey::sound().claiming(near_then(None), percent(70.0));
    assert_eq!(beside(&this, Some(&earlier), std::slice::from_ref(&old)).back_tests().len(), 1);
    assert!(beside(&Survey::sound(), Some(&earlier), &[old]).back_tests().is_empty(), "nothing of it is shown");
}

#[test]
fn a_release_with_earlier_waves_comes_back_from_the_store() {
    let earlier = Survey::of_shares(about(0.70, 0.02, 2_000), [about(0.7, 0.03, 800); 3]);
    let rose = Predicate::Change { cell: cell(None), since: then(), direction: Direction::Rose };
    let this = Survey::sound().claiming(near_then(Some("region")), percent(70.0)).claiming(rose, None);
    for earlier in [Some(&earlier), None] {
        let numbers =
            [printed(then(), 700, None, Weighting::Weighted), printed(now(), 900, Some(9), Weighting::Weighted)];
        let published = beside(&this, earlier, &numbers);
        let (bytes, seal) = published.seal();
        let opened = Published::open(&bytes, &Seal::recorded(seal.as_str())).unwrap();
        assert_eq!(opened.earlier(), published.earlier());
        assert_eq!(opened.back_tests(), published.back_tests());
        assert_eq!(opened.families(), published.families());
    }
}

#[test]
fn the_change_of_two_estimates_has_the_error_of_both() {
    let estimate = |value: f64, se: f64, df: f64| Estimate {
        value,
        se,
        low: value - se,
        high: value + se,
        df,
        n: 400,
        positive: 200,
        deff: None,
        sides: None,
    };
    let outcome = change_of_independent(&estimate(0.5, 0.03, 100.0), &estimate(0.6, 0.04, 50.0), 0.95);
    let Outcome::Estimated(change) = outcome else { panic!("it is estimable") };
    assert!((change.value - 0.1).abs() < 1e-15 && (change.se - 0.05).abs() < 1e-15);
    // 1 / (0.36^2 / 100 + 0.64^2 / 50).
    assert!((change.df - 105.396_290_050_590).abs() < 1e-9, "{}", change.df);
    let census = Estimate { se: 0.0, low: 0.5, high: 0.5, ..estimate(0.5, 0.0, 1.0) };
    let shows_none = Estimate { se: 0.0, low: 0.0, high: 0.02, ..estimate(0.0, 0.0, 9.0) };
    let with = |earlier: &Estimate| change_of_independent(earlier, &estimate(0.6, 0.04, 50.0), 0.95);
    assert!(matches!(with(&census), Outcome::Estimated(change) if (change.se - 0.04).abs() < 1e-15));
    assert!(matches!(with(&shows_none), Outcome::NotEstimable { reason: NotEstimable::NoVariance, .. }));
}

#[test]
fn where_only_the_answers_were_printed_they_alone_are_compared() {
    let survey = Survey::sound();
    let only = |n| Printed { told: PrintedNumber::Answers, ..printed(now(), 0, Some(n), Weighting::Weighted) };
    let agreement = |n| beside(&survey, None, &[only(n)]).back_tests().first().map(BackTested::agreement);
    assert_eq!(agreement(2_271), Some(Agreement::Agrees));
    assert_eq!(agreement(2_270), Some(Agreement::OtherAnswers));
}
