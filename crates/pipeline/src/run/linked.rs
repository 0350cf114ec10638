//! The units that two waves of a panel have in common, and the changes that they make more certain.
//!
//! Units are linked by their pseudonyms, which are equal for the same unit under the same key; a run has one key for all its waves. What links them are single
//! answers, so it stays in memory: waves of a panel are counted in every run, and only changes with their intervals leave.

use std::collections::BTreeMap;

use codebook::{CellName, Finding, WaveId};
use estimate::{DesignTable, Domain, Outcome, Pairing, SampledPsu, Single, Sums, WaveSums, common_psus};
use ingest::{CheckedWave, Pseudonym};
use tabulate::Tabulation;

use super::method;
use super::plan::Plan;
use crate::PipelineError;

mod few;

use few::is_of_few;

/// One wave of a panel, unit by unit.
pub(super) struct Linked {
    design: DesignTable,
    units: Vec<(Pseudonym, SampledPsu)>,
    /// The sums of the cells whose change is told.
    sums: BTreeMap<CellName, Sums>,
}

impl Linked {
    /// What links a wave; `None` where no text tells a change of a panel that it is in.
    pub(super) fn new(
        plan: &Plan,
        checked: &CheckedWave,
        design: &DesignTable,
        tabulation: &Tabulation,
    ) -> Option<Self> {
        let cells = plan.country.panel_cells(plan.wave);
        if cells.is_empty() {
            return None;
        }
        let is_counted = |unit: &usize| checked.weight_of_units().is_none_or(|weights| weights[*unit].units() > 0);
        let sampled = |unit: usize| {
            let stratum = design.of_answers[checked.stratum_of_units()[unit]];
            (checked.pseudonym_of_units()[unit], SampledPsu { stratum, psu: unit })
        };
        let units = (0..checked.stratum_of_units().len()).filter(is_counted).map(sampled).collect();
        let sums = cells.into_iter().filter_map(|cell| Some((cell.clone(), sums_of(&cell, tabulation)?.clone())));
        Some(Self { design: design.clone(), units, sums: sums.collect() })
    }
}

fn sums_of<'t>(cell: &CellName, tabulation: &'t Tabulation) -> Option<&'t Sums> {
    let table = tabulation.tables.iter().find(|table| table.table == cell.table)?;
    let domain = cell
        .group
        .as_ref()
        .map_or(Domain::Total, |(breakdown, code)| Domain::Group { breakdown: breakdown.clone(), code: code.clone() });
    let at = table.domains.iter().position(|found| *found == domain)?;
    table.rows.iter().find(|row| row.row == cell.row)?.domains.get(at)
}

/// The changes that the texts of a wave tell since an earlier one of a panel.
///
/// # Errors
/// A finding when no unit is in both waves: the ids of the two exports are not the same ones; or too few of those behind a cell to tell its change.
pub(super) fn changes(
    plan: &Plan,
    then: (WaveId, Option<&Linked>),
    now: Option<&Linked>,
) -> Result<Vec<(CellName, Outcome)>, PipelineError> {
    let (since, then) = then;
    let (Some(then), Some(now)) = (then, now) else { return Ok(Vec::new()) };
    let of_wave = plan.country.panel_changes(plan.wave).into_iter().filter(|(wave, _)| *wave == since);
    let cells: Vec<CellName> = of_wave.map(|(_, cell)| cell).collect();
    if cells.is_empty() {
        return Ok(Vec::new());
    }
    let common = common_psus(&then.units, &now.units);
    if common.is_empty() {
        return Err(PipelineError::Findings(vec![unlinked(plan, since)]));
    }
    let mut told = Vec::new();
    for cell in cells {
        let (Some(earlier), Some(later)) = (then.sums.get(&cell), now.sums.get(&cell)) else { continue };
        if is_of_few(&plan.country, &cell, &common, [earlier, later]) {
            return Err(PipelineError::Findings(vec![few(plan, since, &cell)]));
        }
        let earlier = WaveSums { sums: earlier, design: &then.design };
        let later = WaveSums { sums: later, design: &now.design };
        // Claims are about shares.
        let change = Single::Share.change(earlier, later, Pairing::Panel(&common), method(&plan.country));
        told.push((cell, change.expect("tables of a panel are tabulated by unit, and some units are in both waves")));
    }
    Ok(told)
}

fn few(plan: &Plan, since: WaveId, cell: &CellName) -> Finding {
    let pair = plan.country.series.pair(since, plan.wave).expect("a change of a panel has its pair");
    let group = cell.group.as_ref().map_or_else(String::new, |(breakdown, code)| format!(" by {breakdown} {code}"));
    let message = format!(
        "{} in table {}{group} has too few units that are in both {since} and {}: its change would tell of fewer than {}",
        cell.row, cell.table, plan.wave, plan.country.smallest_base
    );
    Finding::error(pair.place.clone(), "few-in-panel", message).hint("leave out the change; tell both shares with near")
}

fn unlinked(plan: &Plan, since: WaveId) -> Finding {
    let pair = plan.country.series.pair(since, plan.wave).expect("a change of a panel has its pair");
    let message = format!("the samples of {since} and {} are a panel, and no unit of one is in the other", plan.wave);
    Finding::error(pair.place.clone(), "unlinked-panel", message)
        .hint("a unit needs the same id in the exports of both waves; where ids were replaced, by the same key")
        .hint("if the waves asked other units, say samples = \"independent\" or \"coordinated\"")
}

#[cfg(test)]
mod tests;
