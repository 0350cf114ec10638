//! The numbers that an earlier edition showed.

use codebook::{CellName, EditionId};

use super::*;
use crate::{Corrections, Former, Formerly};

fn cell(of: Option<&str>) -> CellName {
    CellName { table: table_id(), row: row("any"), group: of.map(|of| (level(), code(of))) }
}

fn edition(name: &str) -> EditionId {
    EditionId::new(name).unwrap()
}

fn former(estimate: i64) -> Former {
    Former::new([(estimate, 0), (estimate - 2, 0), (estimate + 2, 0)], 2_300)
}

/// Everything is shown but the municipalities, of which two answered.
fn with_hidden_municipalities() -> Published {
    let levels = [about(0.5, 0.03, 2), about(0.85, 0.03, 700), about(0.84, 0.03, 671)];
    Survey::of_shares(about(0.81, 0.02, 2_271), levels).disclose()
}

fn told(corrections: &Corrections) -> Vec<Formerly> {
    corrections.all().iter().map(|corrected| corrected.formerly).collect()
}

#[test]
fn what_a_release_hides_is_not_told_by_what_an_earlier_one_showed() {
    let changes = [((None, cell(None)), Some(former(83))), ((None, cell(Some("municipality"))), Some(former(52)))];
    let corrections =
        Corrections::new(Corrections::default(), edition("2019.1"), changes, &with_hidden_municipalities());
    assert_eq!(told(&corrections), [Formerly::Shown(former(83)), Formerly::Untold]);
    assert!(!String::from_utf8(corrections.stored(&[])).unwrap().contains("52"));
}

#[test]
fn a_later_edition_that_hides_a_cell_takes_its_earlier_numbers_back_too() {
    let changes = [((None, cell(Some("municipality"))), Some(former(52)))];
    let first = Corrections::new(Corrections::default(), edition("2019.1"), changes, &Survey::sound().disclose());
    assert_eq!(told(&first), [Formerly::Shown(former(52))]);
    let second = Corrections::new(first, edition("2019.2"), [], &with_hidden_municipalities());
    assert_eq!(told(&second), [Formerly::Untold]);
}

#[test]
fn corrections_come_back_from_the_store_as_they_were() {
    let changes = [((None, cell(None)), Some(former(83))), ((None, cell(Some("state"))), None)];
    let releases = [
        (Survey::sound().disclose(), [Formerly::Shown(former(83)), Formerly::NotShown]),
        (with_hidden_municipalities(), [Formerly::Shown(former(83)), Formerly::Untold]),
    ];
    for (published, expected) in releases {
        let corrections = Corrections::new(Corrections::default(), edition("2019.1"), changes.clone(), &published);
        assert_eq!(told(&corrections), expected);
        assert_eq!(Corrections::from_stored(&corrections.stored(&["SYNTHETIC"])).unwrap(), corrections);
    }
}
