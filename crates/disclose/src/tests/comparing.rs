//! Cells of releases in a comparison over countries.

use codebook::CellName;

use super::*;
use crate::compared::{ComparedCell, released};
use crate::{Cell, Hidden};

fn wave(year: &str) -> WaveId {
    WaveId::new(year).unwrap()
}

fn cell(group: Option<&str>) -> CellName {
    CellName { table: table_id(), row: row("any"), group: group.map(|it| (level(), code(it))) }
}

/// A survey in which few answer in the state, so that a second group is hidden for its sake.
fn with_few() -> Published {
    let levels = [about(0.79, 0.03, 700), about(0.85, 0.03, 500), about(0.6, 0.1, 3)];
    Survey::of_shares(about(0.80, 0.02, 1_203), levels).disclose()
}

#[test]
fn what_a_release_hides_is_hidden_in_a_comparison_by_the_same_choice() {
    let release = with_few();
    let mut hidden = 0;
    for group in std::iter::once(None).chain(LEVELS.map(Some)) {
        let cell = cell(group);
        let own = release.table(&cell.table).unwrap().cell(&cell.row, &crate::judge::domain(cell.group.as_ref()));
        let compared = released(Some(&release), release.wave(), &cell);
        match own {
            Some(own) => assert_eq!(compared, ComparedCell::Released(*own), "{group:?}"),
            None => assert!(matches!(compared, ComparedCell::Released(Cell::Hidden(_))), "{group:?}"),
        }
        if matches!(compared, ComparedCell::Released(Cell::Hidden(Hidden::Confidential))) {
            assert_eq!((compared.estimate(), compared.n()), (None, None), "no number of any kind: {group:?}");
            hidden += 1;
        }
    }
    assert!(hidden >= 2, "the few, and those that hide them");
}

#[test]
fn a_release_of_another_wave_or_without_the_table_has_no_number() {
    let release = Survey::sound().disclose();
    assert!(released(Some(&release), release.wave(), &cell(None)).estimate().is_some());
    assert_eq!(released(Some(&release), wave("1999"), &cell(None)), ComparedCell::NotPublished);
    assert_eq!(released(None, release.wave(), &cell(None)), ComparedCell::NotPublished);
    let other = CellName { table: TableId::new("other").unwrap(), ..cell(None) };
    assert_eq!(released(Some(&release), release.wave(), &other), ComparedCell::NotPublished);
    let group = cell(Some("island"));
    assert_eq!(released(Some(&release), release.wave(), &group), ComparedCell::NotPublished);
}
