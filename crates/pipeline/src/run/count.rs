//! From the raw export to estimates: what changes only with the answers or with what is asked of them.

use std::fs;

use codebook::Finding;
use disclose::{Fieldwork, Unions};
use estimate::{Contributors, DesignTable, Table};
use ingest::{CheckedWave, PseudonymKey};
use rayon::prelude::*;
use tabulate::{Statement, Tabulation};

use super::beside::{CountedBefore, count_before};
use super::export::{RawFiles, checked, raw_files};
use super::linked::{Linked, changes};
use super::plan::{Plan, settle};
use super::{Request, kept, method};
use crate::cache::{Cache, Step};
use crate::manifest::RawManifestFile;
use crate::quality::{coverage, quality};
use crate::stopping::PrivateFolder;
use crate::{Event, PipelineError, Weighed, weighing};

/// What comes from the answers.
pub(crate) struct Counted {
    pub(super) raw: RawFiles,
    pub(super) results: Results,
    /// The earlier waves beside it that were counted, in order of time.
    pub(super) before: Vec<CountedBefore>,
}

impl Counted {
    /// What the manifest says of all raw files.
    pub(super) fn entries(&self) -> Vec<RawManifestFile> {
        let before = self.before.iter().flat_map(CountedBefore::entries);
        self.raw.entries().iter().cloned().chain(before).collect()
    }

    /// The name and the digest of each raw file, to the byte.
    pub(super) fn digests(&self) -> Vec<(&str, String)> {
        self.before.iter().map(|before| &before.raw).chain([&self.raw]).flat_map(RawFiles::digests).collect()
    }
}

/// All of it that later steps need. No answer and no unit is in it, so it can be kept; it has not passed the barrier.
#[derive(Debug, PartialEq)]
pub(super) struct Results {
    /// The counts for the method page.
    pub(super) fieldwork: Fieldwork,
    /// The SQL statements, as they were run.
    pub(super) statements: Vec<Statement>,
    /// For each table, the names of the statements that its sums are taken from.
    pub(super) sources: Vec<Vec<String>>,
    /// The estimates, a table for each that the country states.
    pub(super) tables: Vec<Table>,
    /// Who stands behind each cell of each table.
    pub(super) contributors: Vec<Vec<Vec<Contributors>>>,
    /// Which groups and bases are the same people.
    pub(super) unions: Unions,
}

/// The steps that are all carried out, or none.
const STEPS: [Step; 4] = [Step::Ingest, Step::Weigh, Step::Tabulate, Step::Estimate];

/// From the raw export to estimates, or to those that an earlier run had kept of the same.
pub(crate) fn count(
    request: &Request,
    plan: &Plan,
    cache: &Cache,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Counted, PipelineError> {
    let pseudonym_key = request.pseudonym_key()?;
    let raw = raw_files(&request.country, request.raw.as_deref(), plan.wave())?;
    let (results, linked) = count_wave(request, plan, (&raw, &pseudonym_key), cache, tell)?;
    let mut before = Vec::new();
    for earlier in &plan.before {
        if let Some(mut counted) = count_before((request, &pseudonym_key), earlier.clone(), cache, tell)? {
            counted.changes = changes(plan, (earlier.wave, counted.linked.as_ref()), linked.as_ref())?;
            before.push(counted);
        }
    }
    Ok(Counted { raw, results, before })
}

/// The same for the raw files of one wave.
pub(super) fn count_wave(
    request: &Request,
    plan: &Plan,
    (raw, pseudonym_key): (&RawFiles, &PseudonymKey),
    cache: &Cache,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<(Results, Option<Linked>), PipelineError> {
    // What links units is never kept, and is needed where a text tells a change of a panel.
    let is_linked = !plan.country.panel_cells(plan.wave).is_empty();
    if !cache.keeps() || !kept::may_be_kept(&plan.country) || is_linked {
        return carried_out(request, plan, (raw, pseudonym_key), cache, tell);
    }
    let key = kept::key(plan, raw, cache.key("count"));
    if let Some((results, warnings)) = cache.recall(&key).and_then(|bytes| kept::read(&bytes, plan, raw)) {
        STEPS.into_iter().for_each(|step| cache.reused(step));
        warnings.iter().for_each(|warning| tell(Event::Warning(warning)));
        tell(Event::Recalled { cells: cells(&results.tables) });
        return Ok((results, None));
    }
    let mut warnings: Vec<Finding> = Vec::new();
    let (results, linked) = carried_out(request, plan, (raw, pseudonym_key), cache, &mut |event| {
        if let Event::Warning(warning) = event {
            warnings.push(warning.clone());
        }
        tell(event);
    })?;
    if let Some(bytes) = kept::write(&results, &warnings, plan, raw) {
        cache.keep(&key, &bytes);
    }
    Ok((results, linked))
}

fn carried_out(
    request: &Request,
    plan: &Plan,
    (raw, key): (&RawFiles, &PseudonymKey),
    cache: &Cache,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<(Results, Option<Linked>), PipelineError> {
    cache.done(Step::Ingest);
    let checked = checked(plan, raw, key, request.threads, tell)?;
    cache.done(Step::Weigh);
    let weighed = weigh(plan, &checked, tell)?;
    cache.done(Step::Tabulate);
    let tabulation = tabulate(request, plan, &checked, &weighed.design, tell)?;
    cache.done(Step::Estimate);
    let tables = estimate(plan, &weighed.design, &tabulation, tell)?;
    let contributors = contributors(plan, &weighed.design, &tabulation);
    let fieldwork = fieldwork(plan, &checked, &weighed, &tabulation);
    let unions = Unions::of(&tabulation.memberships, &plan.tables(), plan.country.smallest_base);
    let linked = Linked::new(plan, &checked, &weighed.design, &tabulation);
    let Tabulation { statements, sources, .. } = tabulation;
    Ok((Results { fieldwork, statements, sources, tables, contributors, unions }, linked))
}

fn weigh(plan: &Plan, checked: &CheckedWave, tell: &mut dyn FnMut(Event<'_>)) -> Result<Weighed, PipelineError> {
    let weighed = weighing::weigh(&plan.country, plan.wave(), checked)?;
    settle(weighed.warnings.clone(), tell)?;
    tell(Event::Weighted { strata: weighed.design.strata.len(), population: weighed.population });
    Ok(weighed)
}

fn tabulate(
    request: &Request,
    plan: &Plan,
    checked: &CheckedWave,
    design: &DesignTable,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Tabulation, PipelineError> {
    let work = PrivateFolder::new(&request.work)?;
    let parquet = work.path().join("responses.parquet");
    fs::write(&parquet, checked.parquet(request.threads)?).map_err(PipelineError::write(&parquet))?;
    let resources = tabulate::Resources { threads: request.threads.get(), memory: request.memory };
    let tabulation = tabulate::tabulate(&plan.country, plan.wave(), &plan.tables(), design, &parquet, resources)?;
    settle(tabulation.findings.clone(), tell)?;
    tell(Event::Summed { statements: tabulation.statements.len() });
    Ok(tabulation)
}

fn estimate(
    plan: &Plan,
    design: &DesignTable,
    tabulation: &Tabulation,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Vec<Table>, PipelineError> {
    let comparisons = plan.comparisons();
    let row_comparisons = disclose::row_comparisons(&plan.wave().themes);
    let method = method(&plan.country);
    let specs = &plan.country.tables;
    let tables: Vec<Table> = plan.pool()?.install(|| {
        specs
            .par_iter()
            .zip(&tabulation.tables)
            .map(|(spec, sums)| {
                let wanted: Vec<_> =
                    comparisons.iter().filter(|comparison| comparison.table == spec.id).cloned().collect();
                let row_differences = estimate::row_differences(spec, sums, design, &row_comparisons, method);
                Table { row_differences, ..estimate::estimate(spec, sums, design, &wanted, method) }
            })
            .collect()
    });
    tell(Event::Estimated { cells: cells(&tables) });
    Ok(tables)
}

/// Who stands behind each cell; how large they are only where a rule asks for it.
fn contributors(plan: &Plan, design: &DesignTable, tabulation: &Tabulation) -> Vec<Vec<Vec<Contributors>>> {
    let mut tables: Vec<_> = tabulation.tables.iter().map(|sums| estimate::contributors(sums, design)).collect();
    if kept::may_be_kept(&plan.country) {
        tables.iter_mut().flatten().flatten().for_each(|contributors| contributors.sizes = None);
    }
    tables
}

fn fieldwork(plan: &Plan, checked: &CheckedWave, weighed: &Weighed, tabulation: &Tabulation) -> Fieldwork {
    let summary = checked.summary();
    Fieldwork {
        rows: summary.rows,
        left_out: summary.left_out.clone(),
        zero_weight: summary.zero_weight,
        // An answer with weight 0 counts in no n.
        answers: weighed.design.strata.iter().map(|stratum| stratum.units).sum(),
        drawn: plan.wave().drawn.as_ref().map(|(units, _)| *units),
        population: weighed.population,
        strata: u64::try_from(weighed.design.strata.len()).expect("strata are counted in 64 bits"),
        bases: tabulation.bases.clone(),
        coverage: coverage(plan.wave(), checked, weighed),
        weights: weighed.facts(),
        quality: quality(&plan.country, plan.wave(), checked),
    }
}

fn cells(tables: &[Table]) -> usize {
    tables.iter().flat_map(|table| &table.cells).map(Vec::len).sum()
}

#[cfg(test)]
mod tests;
