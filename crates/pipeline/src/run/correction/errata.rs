//! Whether the errata of an edition tell what changed since the one before, all of it and nothing else.

use codebook::{CellName, CellOf, Erratum, Finding, Place, Theme, Touched, Wave};

use super::{EarlierEdition, Moved, Plan, cell, counted, file, listed, tables_of};
use crate::load::shown;
use crate::manifest::{ManifestErratum, ManifestFile};
use crate::released::FigureName;
use crate::{Class, FigureChange};

fn is_told(name: &FigureName, plan: &Plan) -> bool {
    cell(name).is_some_and(|cell| plan.wave().errata_of(plan.edition(), cell.as_ref()).next().is_some())
}

/// Changes that no erratum of the edition tells, a finding for each table.
pub(super) fn untold(plan: &Plan, earlier: &EarlierEdition, moved: &[Moved]) -> Vec<Finding> {
    let mut untold: Vec<Moved> = moved.iter().filter(|moved| !is_told(&moved.name, plan)).cloned().collect();
    // In the order of the tables as they come, those of earlier waves behind the edition's own.
    let order: Vec<String> = untold.iter().map(|moved| moved.name.table.clone()).collect();
    untold.sort_by_key(|moved| order.iter().position(|table| *table == moved.name.table));
    let of_table = |moved: &[Moved]| {
        let table = &moved[0].name.table;
        let message = format!(
            "no erratum of edition {} tells why {} in table {table:?} are not as edition {} shows them: {}",
            plan.edition(),
            counted(moved),
            earlier.edition,
            listed(moved)
        );
        let help = format!("write one, or name {} in the one that is the reason", tables_of(moved));
        Finding::error(file(plan), "untold-change", message).hint(help)
    };
    untold.chunk_by(|one, other| one.name.table == other.name.table).map(of_table).collect()
}

/// Errata of the edition that name what is as it was.
pub(super) fn unchanged(plan: &Plan, earlier: &EarlierEdition, moved: &[Moved]) -> Vec<Finding> {
    let cells: Vec<CellName> = moved.iter().filter_map(|moved| cell(&moved.name)).collect();
    let own = plan.wave().errata.iter().filter(|erratum| erratum.edition == plan.edition());
    let is_changed = |touched: &Touched| {
        let has_cell = |wave: &Wave| cells.iter().any(|cell| touched.is_about(cell.as_ref(), wave));
        has_cell(plan.wave())
            || match touched {
                Touched::Claim(page, _) | Touched::Page(page) => is_rewritten(page.as_str(), plan, earlier, &cells),
                Touched::AllTables | Touched::Table(_) | Touched::Figure(_) => false,
            }
    };
    let finding = |(erratum, touched, place): (&Erratum, &Touched, &Place)| {
        let what = match touched {
            Touched::AllTables => "every table".to_owned(),
            Touched::Table(id) => format!("table {:?}", id.as_str()),
            Touched::Figure(id) => format!("figure {:?}", id.as_str()),
            Touched::Claim(page, claim) => format!("claim \"{page}/{claim}\""),
            Touched::Page(page) => format!("page {:?}", page.as_str()),
        };
        let message = format!("{what} is in edition {} as it was in {}", plan.edition(), earlier.edition);
        let help = format!(
            "take it out of the erratum {:?}; readers would look for a change that there is not",
            erratum.id.as_str()
        );
        Finding::error(place.clone(), "nothing-changed", message).hint(help)
    };
    let touched = own.flat_map(|erratum| erratum.touches.iter().map(move |(touched, place)| (erratum, touched, place)));
    touched.filter(|(_, touched, _)| !is_changed(touched)).map(finding).collect()
}

/// Whether a page reads otherwise: its own files, or the words of the whole edition, are not those of the earlier one, or a number on it changed.
fn is_rewritten(page: &str, plan: &Plan, earlier: &EarlierEdition, cells: &[CellName]) -> bool {
    let own = format!("report/{}/{page}.", plan.wave);
    let of_all = |path: &str| !path.starts_with("report/") && !path.starts_with("waves/");
    let is_other = |input: &ManifestFile| !earlier.released.manifest.inputs.contains(input);
    let mut inputs = plan.inputs.iter().filter(|input| input.path.starts_with(&own) || of_all(&input.path));
    let shows = |theme: &Theme, cell: CellOf<'_>| {
        theme.figures.iter().any(|figure| figure.shows(cell)) || theme.claims.iter().any(|claim| claim.tells(cell))
    };
    let mut themes = plan.wave().themes.iter().filter(|theme| theme.id.as_str() == page);
    inputs.any(is_other) || themes.any(|theme| cells.iter().any(|cell| shows(theme, cell.as_ref())))
}

/// Errata that earlier editions told and that are gone or say another edition.
pub(super) fn forgotten(plan: &Plan, earlier: &EarlierEdition) -> Vec<Finding> {
    let is_kept = |told: &ManifestErratum| {
        let mut errata = plan.wave().errata.iter();
        errata.any(|erratum| erratum.id.as_str() == told.id && erratum.edition.to_string() == told.edition)
    };
    let finding = |told: &ManifestErratum| {
        let message = format!("edition {} tells the erratum {:?}, which is not here any more", told.edition, told.id);
        Finding::error(file(plan), "erratum-gone", message).hint("put it back: what was told once stays told")
    };
    earlier.released.manifest.errata.iter().filter(|told| !is_kept(told)).map(finding).collect()
}

/// That an earlier edition goes on showing what must not be known.
pub(super) fn hidden_now(plan: &Plan, earlier: &EarlierEdition, changes: &[FigureChange]) -> Vec<Finding> {
    let is_secret = |change: &&FigureChange| {
        change.class == Class::NewlyHidden && change.hidden.as_deref().is_some_and(|why| why == "confidential")
    };
    let count = changes.iter().filter(is_secret).count();
    if count == 0 {
        return Vec::new();
    }
    let place = Place::File { file: shown(&earlier.released.folder) };
    let message =
        format!("edition {} shows {count} numbers that {} hides as confidential", earlier.edition, plan.edition());
    let finding = Finding::warning(place, "shown-before", message);
    vec![finding.hint("it is left as it is; take it from readers yourself if the numbers tell of somebody")]
}
