//! The publication run: the steps in their order.

use std::fs;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use codebook::{Country, Language, WaveId};
use estimate::{Degrees, DesignTable, IntervalMethod, Method, Table};
use ingest::CheckedWave;
use rayon::prelude::*;
use tabulate::Tabulation;

use crate::stopping::PrivateFolder;
use crate::{Event, PipelineError, Timing, Weighed, weighing};

mod data;
mod export;
mod guard;
mod offers;
mod plan;
mod publish;
mod rebuild;

pub use data::{CheckRequest, CheckedData, check_data};
pub(crate) use export::raw_entries;
use export::{checked, raw_files, still_the_same};
use guard::guard;
pub use plan::check;
pub(crate) use plan::check_files;
use plan::{Plan, plan, settle};
pub(crate) use plan::{inputs, inputs_of};
pub(crate) use publish::Rendered;
use publish::{disclose, judge, kept_statements, rehearse, release, render};
pub(crate) use rebuild::{rebuild_from_answers, rebuild_from_tables};

/// What is asked of a run.
#[derive(Debug, Clone)]
pub struct Request {
    /// The country's folder.
    pub country: PathBuf,
    /// The wave; `None` is the newest.
    pub wave: Option<WaveId>,
    /// The folder of raw files; `None` is `raw/<year>` in the country's folder.
    pub raw: Option<PathBuf>,
    /// The folder that takes `<country>/<year>/`.
    pub out: PathBuf,
    /// A private folder for intermediate files with microdata; they are removed at the end.
    pub work: PathBuf,
    /// The languages to render; `None` is all of the country.
    pub languages: Option<Vec<Language>>,
    /// Threads of every step.
    pub threads: NonZeroUsize,
    /// The most bytes of memory that the SQL engine may take; `None` is as many as there are.
    pub memory: Option<NonZeroUsize>,
    /// Whether it is time.
    pub timing: Timing,
    /// A file that names the manifest which may be published; without one, any may.
    pub approval: Option<PathBuf>,
}

/// How the estimates of a country are made.
fn method(country: &Country) -> Method {
    let level = country.confidence_level.as_f64();
    Method { shares: IntervalMethod::Xlogit, level, degrees: Degrees::Domain }
}

/// Builds one wave's release. Gives its folder.
///
/// # Errors
/// When there are findings or claims for a person to mend, when the request names something that is not there, or when the disk or an
/// engine fails. The last release is then untouched.
pub fn run(request: &Request, tell: &mut dyn FnMut(Event<'_>)) -> Result<PathBuf, PipelineError> {
    let mut plan = plan(request, tell)?;
    let raw = raw_files(&request.country, request.raw.as_deref(), plan.wave())?;
    let checked = checked(&plan, &raw, request.threads, tell)?;
    let weighed = weigh(&plan, &checked, tell)?;
    let tabulation = tabulate(request, &plan, &checked, &weighed.design, tell)?;
    let tables = estimate(request, &plan, &weighed.design, &tabulation, tell)?;
    let disclosed = disclose(&plan, &checked, &weighed, &tabulation, &tables, tell)?;
    still_the_same(&request.country, &plan, &raw)?;
    judge(&plan, &disclosed, tell)?;
    let statements = kept_statements(plan.wave(), &tabulation.statements);
    let rendered = render(&plan, &disclosed.published, &raw.entries, &statements)?;
    guard(&plan, &raw.files, &rendered)?;
    rehearse(&mut plan, &disclosed.published, &raw.entries, &tabulation.statements, tell)?;
    release(request, &plan, &disclosed, rendered, tell)
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
    request: &Request,
    plan: &Plan,
    design: &DesignTable,
    tabulation: &Tabulation,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Vec<Table>, PipelineError> {
    let comparisons = disclose::comparisons(&plan.wave().themes, &plan.country.codebook);
    let row_comparisons = disclose::row_comparisons(&plan.wave().themes);
    let method = method(&plan.country);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(request.threads.get()).build()?;
    let specs = &plan.country.tables;
    let tables: Vec<Table> = pool.install(|| {
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
    tell(Event::Estimated { cells: tables.iter().flat_map(|table| &table.cells).map(Vec::len).sum() });
    Ok(tables)
}
