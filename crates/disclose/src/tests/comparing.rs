//! Cells of releases in a comparison over countries.

use codebook::CellName;

use super::*;
use crate::compared::{ComparedCell, released};
use crate::judge::compared::shown;
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

#[test]
fn words_about_a_cell_of_a_release_are_judged_with_its_interval_and_about_a_printed_one_without() {
    let release = Survey::sound().disclose();
    let (figures, estimate) = shown(&released(Some(&release), release.wave(), &cell(None))).unwrap();
    let own = release.table(&table_id()).unwrap().cell(&row("any"), &Domain::Total).unwrap();
    assert_eq!(own.figures(), Some(&figures));
    assert!(figures.low() < figures.estimate() && figures.estimate() < figures.high(), "{figures:?}");
    assert!(estimate.low < estimate.value && estimate.value < estimate.high && estimate.se > 0.0, "{estimate:?}");
    let printed = ComparedCell::Printed { estimate: figures.estimate(), n: None, source: "Report".to_owned() };
    let (alone, of_printed) = shown(&printed).unwrap();
    assert_eq!((alone.low(), alone.high()), (figures.estimate(), figures.estimate()));
    assert_eq!((of_printed.value, of_printed.se), (estimate.value, 0.0), "the same share, and no error is known");
    assert!(shown(&ComparedCell::InWords).is_none());
}
