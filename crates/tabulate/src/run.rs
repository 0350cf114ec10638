//! Running the statements.

use std::collections::BTreeSet;
use std::path::Path;

use codebook::{Country, Predicate, TableId, TableSpec, Wave};
use estimate::DesignTable;

use crate::TabulateError;
use crate::aggregate::{Aggregate, Measured};
use crate::assemble::Material;
use crate::bounds::Bounds;
use crate::engine::{Engine, Resources};
use crate::findings::findings;
use crate::layers::Layers;
use crate::margins::Margins;
use crate::memberships::MembershipStatement;
use crate::plan::{self, Setting, Statement, Tabulation};
use crate::units::Units;

/// Sums every table of a wave over its checked Parquet file, on one runtime of `threads` threads. Blocks; never call it from rayon.
///
/// Weights come from `design` (response weights: SQL counts and Rust multiplies; calibrated weights: unit by unit) or from the file's
/// `__weight`.
///
/// # Errors
/// When the file cannot be opened or is not as ingest writes it, when the engine fails, when there are no threads.
///
/// # Panics
/// When it is called from within an asynchronous runtime, or with tables of another country: a bug.
pub fn tabulate(
    country: &Country,
    wave: &Wave,
    tables: &[&TableSpec],
    design: &DesignTable,
    parquet: &Path,
    resources: Resources,
) -> Result<Tabulation, TabulateError> {
    let engine = Engine::open(parquet, resources)?;
    let supplied_weights = design.strata.iter().any(|stratum| stratum.weight.is_none());
    let layers = Layers::new(country, supplied_weights);
    let setting = Setting {
        country,
        layers: &layers,
        supplied_weights,
        by_unit: design.calibration.is_some() || design.replicates.is_some(),
        clusters: !wave.design.psu.is_empty(),
        columns: engine.columns(),
        answers: design.strata.iter().map(|stratum| stratum.units).sum(),
        strata: u64::try_from(design.of_answers.len()).expect("strata were counted in 64 bits"),
        ranked: by_unit(country, wave),
    };

    let measured = plan::measured(tables, &country.codebook);
    let (bounds, probe) = bounds(&measured, &engine, &setting)?;
    let plan = plan::plan(tables, measured, &bounds, &setting);

    let of_memberships = MembershipStatement::of(tables, &layers);
    let of_sums = plan.sums.iter().map(|sums| &sums.statement);
    let of_units = plan.units.iter().map(|units| &units.statement);
    let statements: Vec<&Statement> =
        of_memberships.iter().map(|it| &it.statement).chain(of_sums).chain(of_units).collect();
    let mut outcomes = engine.run(&statements)?.into_iter();
    let memberships = match of_memberships.iter().zip(&mut outcomes).next() {
        Some((statement, outcome)) => statement.read(&outcome)?,
        None => Vec::new(),
    };
    let mut margins = Margins::default();
    for (sums, outcome) in plan.sums.iter().zip(&mut outcomes) {
        margins.read(sums, &outcome, design, &setting)?;
    }
    let units = match plan.units.iter().zip(outcomes).next() {
        Some((statement, outcome)) => Some(Units::read(statement, &outcome, design, &setting)?),
        None => None,
    };

    let material = Material { margins: &margins, units: units.as_ref(), design, supplied_weights };
    Ok(Tabulation {
        tables: tables
            .iter()
            .zip(&plan.rows)
            .map(|(table, rows)| material.table(table, rows, &country.codebook))
            .collect(),
        memberships,
        bases: country.bases.keys().map(|base| (base.clone(), margins.count(&Aggregate::members(base)))).collect(),
        findings: findings(tables, &margins, &setting),
        sources: plan.sources(tables, supplied_weights),
        statements: probe.into_iter().chain(statements.into_iter().cloned()).collect(),
    })
}

/// How large the numbers are, with the statement that found out; none where nothing is multiplied.
fn bounds(
    rows: &[Vec<Measured>],
    engine: &Engine,
    setting: &Setting<'_>,
) -> Result<(Bounds, Option<Statement>), TabulateError> {
    let numbers = plan::numbers(rows, setting);
    if numbers.is_empty() {
        return Ok((Bounds::default(), None));
    }
    let statement = Bounds::statement(&numbers, setting.layers);
    let outcomes = engine.run(&[&statement])?;
    let bounds = Bounds::read(&numbers, &outcomes[0])?;
    Ok((bounds, Some(statement)))
}

/// The tables of which a claim says that one row is the most common.
fn ranked(wave: &Wave) -> BTreeSet<TableId> {
    let claims = wave.themes.iter().flat_map(|theme| &theme.claims);
    let ranked = claims.filter_map(|claim| match &claim.predicate {
        Predicate::MostCommon { row, .. } => Some(row.table.clone()),
        Predicate::Near { .. }
        | Predicate::NearThen { .. }
        | Predicate::Change { .. }
        | Predicate::Unchanged { .. }
        | Predicate::Answers { .. }
        | Predicate::Answered
        | Predicate::Majority { .. }
        | Predicate::MoreOften { .. }
        | Predicate::AboutTheSame { .. } => None,
    });
    ranked.collect()
}

/// The tables that are tabulated by unit: those that are ranked, and those of which a cell is linked with another wave of a panel.
#[must_use]
pub fn by_unit(country: &Country, wave: &Wave) -> BTreeSet<TableId> {
    ranked(wave).into_iter().chain(country.panel_cells(wave.id).into_iter().map(|cell| cell.table)).collect()
}

#[cfg(test)]
mod tests;
