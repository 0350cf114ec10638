//! The seal, and that nothing hidden lies beneath it.

use super::*;
use crate::{Seal, StoreError};

/// A release with every kind of cell and verdict.
fn varied() -> Survey {
    let near = |group: Option<&str>| Predicate::Near {
        table: table_id(),
        row: row("any"),
        group: group.map(|group| (level(), code(group))),
    };
    let told = Some(Spoken::Percent { value: 81.0, decimals: 0, lean: Lean::Neither });
    Survey::of_shares(
        about(0.81, 0.02, 2_271),
        [about(0.80, 0.03, 45), not_estimable(NotEstimable::Empty, 0), about(0.84, 0.03, 671)],
    )
    .with_sectors([about(0.5, 0.1, 29), not_estimable(NotEstimable::NoVariance, 60)])
    .claiming(near(None), told)
    .claiming(near(Some("state")), told)
    .claiming(near(Some("region")), told)
    .with_difference("state", "municipality", about(0.04, 0.01, 716))
    .claiming(Predicate::MoreOften { comparison: comparison("state", "municipality"), at_least: 0.0 }, None)
    .claiming(Predicate::Majority { table: table_id(), row: row("any"), group: Some((level(), code("region"))) }, None)
}

#[test]
fn a_release_comes_back_from_the_store_as_it_was() {
    let mut survey = varied();
    survey.bases = vec![(BaseId::new("all").unwrap(), 2_271)];
    let group = |at: &str| crate::CoveredGroup {
        code: code(at),
        population: 900,
        answers: 300,
        drawn: Some(400),
        weighted: crate::CoveredGroup::weighted_share(0.5),
    };
    let covered = ["north", "south"].map(group).into();
    survey.coverage = vec![Coverage { variable: VariableName::new("area").unwrap(), groups: covered }];
    let mut published = survey.disclose();
    let (bytes, seal) = published.seal();
    published.verdicts.iter_mut().for_each(|verdict| verdict.instead.clear());
    assert_eq!(Published::open(&bytes, &Seal::recorded(seal.as_str())).unwrap(), published);
    assert_eq!(published.seal(), (bytes, seal), "the same release, the same bytes");
}

#[test]
fn a_changed_byte_anywhere_breaks_the_seal() {
    let (bytes, seal) = varied().disclose().seal();
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        assert!(matches!(Published::open(&changed, &seal), Err(StoreError::Broken { .. })), "byte {place}");
    }
    assert!(matches!(Published::open(&bytes[..bytes.len() - 1], &seal), Err(StoreError::Broken { .. })));
}

#[test]
fn the_seal_of_another_release_does_not_open_this_one() {
    let (bytes, _) = varied().disclose().seal();
    let (_, other) = Survey::sound().disclose().seal();
    assert!(matches!(Published::open(&bytes, &other), Err(StoreError::Broken { .. })));
}

#[test]
fn sealed_bytes_of_another_form_are_refused_with_an_error() {
    let (bytes, _) = varied().disclose().seal();
    let text = String::from_utf8(bytes).unwrap();
    for (from, to) in [
        ("\"form\":7", "\"form\":4"),
        ("\"wave\":\"2019\"", "\"wave\":\"soon\""),
        ("\"id\":\"innovation\"", "\"id\":\"In Novation\""),
        ("\"rows\":[\"any\",\"other\"]", "\"rows\":[\"any\"]"),
        ("\"answers\"", "\"responses\""),
        ("\"level\":9500", "\"level\":95"),
        ("}", ""),
    ] {
        assert!(text.contains(from), "{from}");
        let changed = text.replacen(from, to, 1).into_bytes();
        let result = Published::open(&changed, &Seal::of(&changed));
        assert!(matches!(result, Err(StoreError::Form(_) | StoreError::Name(_))), "{to}");
    }
}

#[test]
fn the_stored_form_is_json_with_sorted_keys_and_a_table_to_a_line() {
    let (bytes, _) = varied().disclose().seal();
    let text = String::from_utf8(bytes).unwrap();
    // serde_json reads objects into sorted maps, so it prints them back with sorted keys.
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(text.lines().collect::<String>(), value.to_string());
    assert_eq!(text.lines().filter(|line| line.starts_with("{\"cells\":")).count(), 1);
}

#[test]
fn no_number_of_a_hidden_cell_is_in_the_sealed_bytes() {
    // What is shown has no digit 3 or 4; every number of the hidden cell has one.
    let telling = |n| {
        Outcome::Estimated(Estimate {
            value: 0.3434,
            se: 0.0343,
            low: 0.3333,
            high: 0.4444,
            df: 43.0,
            n,
            positive: 3,
            deff: None,
            sides: None,
        })
    };
    let near = Predicate::Near { table: table_id(), row: row("any"), group: Some((level(), code("municipality"))) };
    for (hidden, n) in [("confidential", 3), ("confidential", 4), ("unreliable", 23), ("unreliable", 14)] {
        // The error is a hundredth of the share.
        let seen = about(0.8, 0.015_68, 600);
        let mut survey = Survey::of_shares(seen, [telling(n), seen, seen])
            .claiming(near.clone(), Some(Spoken::Percent { value: 34.0, decimals: 0, lean: Lean::Neither }));
        survey.table.cells[1] = vec![seen; 4];
        survey.bases = vec![(BaseId::new("few").unwrap(), 4)];
        let (bytes, _) = survey.disclose().seal();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains(&format!("\"{hidden}\"")), "{text}");
        // Of the other numbers, only counts of the fieldwork and the rules have a 3 or a 4.
        let (_, results) = text.split_once("\"synthetic\"").unwrap();
        assert!(!results.contains(['3', '4']), "a number of a {hidden} cell is in {text}");
        assert!(text.contains("\"bases\":[]"), "{text}");
    }
}

#[test]
fn the_fieldwork_is_read_as_it_was_written() {
    let fieldwork = varied().disclose().fieldwork().clone();
    assert_ne!(fieldwork, Fieldwork::default());
    assert_eq!(Fieldwork::from_stored(&fieldwork.stored()).unwrap(), fieldwork);
    assert!(Fieldwork::from_stored("{}").is_err());
}
