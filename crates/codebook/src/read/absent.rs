//! Figures and claims of a wave about what was not asked in it.

use super::codebook::Questionnaire;
use super::tables::Tables;
use crate::narrow::{is_told, told_table};
use crate::{
    CellName, Chart, Claim, Figure, Finding, Ledger, Place, Predicate, RowId, TableId, TableSpec, VariableName, Wave,
};

/// A finding for each figure and claim that needs what the ledger calls absent, so that nothing is left out in silence.
pub(super) fn absent(wave: &Wave, ledger: &Ledger, questionnaire: &Questionnaire, tables: &Tables) -> Vec<Finding> {
    let absent = ledger.absent(wave.id);
    if absent.is_empty() {
        return Vec::new();
    }
    let untold = questionnaire.codebook.untold(&absent);
    let needs = |table: &TableId, rows: &[&RowId], breakdown: Option<&VariableName>| -> Option<String> {
        let spec = tables.tables.iter().find(|spec| spec.id == *table)?;
        let base = tables.bases.get(&spec.base)?;
        if !is_told(base.condition.as_ref(), &untold) {
            return Some(format!("the base {:?} of the table {:?}", spec.base.as_str(), table.as_str()));
        }
        let Some(told) = told_table(spec, &untold) else { return Some(format!("the table {:?}", table.as_str())) };
        let row = rows.iter().find(|row| spec.row(row).is_some() && told.row(row).is_none());
        let breakdown = breakdown.filter(|name| untold.contains(name));
        row.map(|row| format!("the row {:?} of the table {:?}", row.as_str(), table.as_str()))
            .or_else(|| breakdown.map(|name| format!("the breakdown {:?}", name.as_str())))
    };
    let mut findings = Vec::new();
    let mut say = |place: &Place, what: &str, needed: Option<String>| {
        if let Some(needed) = needed {
            let message =
                format!("{what} needs {needed}, which depends on something that was not asked in {}", wave.id);
            let hint = "ledger.toml tells what: leave this out of the wave's pages";
            findings.push(Finding::error(place.clone(), "absent", message).hint(hint));
        }
    };
    for theme in &wave.themes {
        for figure in &theme.figures {
            let what = format!("the figure {:?}", figure.id.as_str());
            say(&figure.place, &what, needed_by_figure(figure, &needs, &tables.tables));
        }
        for claim in &theme.claims {
            let what = format!("the claim {:?}", claim.id.as_str());
            say(&claim.place, &what, needed_by_claim(claim, &needs, tables, &untold));
        }
    }
    findings
}

/// Says what of a table, its rows and a breakdown cannot be told.
type Needs<'n> = dyn Fn(&TableId, &[&RowId], Option<&VariableName>) -> Option<String> + 'n;

fn needed_by_figure(figure: &Figure, needs: &Needs<'_>, tables: &[TableSpec]) -> Option<String> {
    let all = tables.iter().find(|spec| spec.id == figure.table);
    let all: Vec<&RowId> = all.iter().flat_map(|spec| &spec.rows).map(|row| &row.id).collect();
    match &figure.chart {
        // A chart of all rows shows those that there are; the ledger page tells of the others.
        Chart::Rows => needs(&figure.table, &[], None),
        Chart::RowsByGroups { breakdown } => needs(&figure.table, &[], Some(breakdown)),
        Chart::Row { row } => needs(&figure.table, &[row], None),
        Chart::Groups { row, breakdown } => needs(&figure.table, &[row], Some(breakdown)),
        Chart::Against { table } => needs(&figure.table, &[], None).or_else(|| needs(table, &all, None)),
    }
}

fn needed_by_claim(
    claim: &Claim,
    needs: &Needs<'_>,
    tables: &Tables,
    untold: &std::collections::BTreeSet<&VariableName>,
) -> Option<String> {
    let cell = |cell: &CellName| {
        let breakdown = cell.group.as_ref().map(|(breakdown, _)| breakdown);
        needs(&cell.table, &[&cell.row], breakdown)
    };
    match &claim.predicate {
        Predicate::Near { table, row, group } | Predicate::Majority { table, row, group } => {
            needs(table, &[row], group.as_ref().map(|(breakdown, _)| breakdown))
        }
        Predicate::MostCommon { row, others } => {
            cell(row).or_else(|| needs(&row.table, &others.iter().collect::<Vec<_>>(), None))
        }
        Predicate::MoreOften { comparison, .. } => {
            needs(&comparison.table, &[&comparison.row], Some(&comparison.breakdown))
        }
        Predicate::AboutTheSame { table, row, breakdown, .. } => needs(table, &[row], Some(breakdown)),
        Predicate::Answers { base } => {
            let condition = tables.bases.get(base).and_then(|base| base.condition.as_ref());
            (!is_told(condition, untold)).then(|| format!("the base {:?}", base.as_str()))
        }
    }
}
