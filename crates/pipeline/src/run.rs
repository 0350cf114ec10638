//! The publication run: the steps in their order.

use std::collections::BTreeMap;
use std::fs;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use codebook::{Country, Language, WaveId};
use estimate::{Degrees, DesignTable, IntervalMethod, Method, Table};
use ingest::CheckedWave;
use rayon::prelude::*;
use tabulate::Tabulation;

use crate::manifest::MANIFEST;
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
use export::{RawFiles, checked, raw_files, still_the_same};
use guard::guard;
pub use plan::check;
use plan::settle;
pub(crate) use plan::{Plan, check_files, inputs, inputs_of, plan, planned};
pub(crate) use publish::Rendered;
use publish::{Disclosed, kept_statements, rehearse, release, render};
pub(crate) use publish::{disclose, judge, tables_of};
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
    let counted = count(request, &plan, tell)?;
    let disclosed = disclose(&plan, &counted, tell)?;
    still_the_same(&request.country, &plan, &counted.raw)?;
    judge(&plan, &disclosed, tell)?;
    let statements = kept_statements(&plan, &counted.tabulation);
    let rendered = render(&plan, &disclosed.published, &counted.raw.entries, &statements)?;
    guard(&plan, &counted.raw.files, &rendered)?;
    rehearse(&mut plan, &disclosed.published, &counted, tell)?;
    release(request, &plan, &disclosed, rendered, tell)
}

/// What comes from the answers, and changes only with them or with what is asked of them.
pub(crate) struct Counted {
    raw: RawFiles,
    checked: CheckedWave,
    weighed: Weighed,
    tabulation: Tabulation,
    tables: Vec<Table>,
}

/// From the raw export to estimates.
pub(crate) fn count(request: &Request, plan: &Plan, tell: &mut dyn FnMut(Event<'_>)) -> Result<Counted, PipelineError> {
    let raw = raw_files(&request.country, request.raw.as_deref(), plan.wave())?;
    let checked = checked(plan, &raw, request.threads, tell)?;
    let weighed = weigh(plan, &checked, tell)?;
    let tabulation = tabulate(request, plan, &checked, &weighed.design, tell)?;
    let tables = estimate(request, plan, &weighed.design, &tabulation, tell)?;
    Ok(Counted { raw, checked, weighed, tabulation, tables })
}

/// Every file of a release with its manifest, by its path; nothing is written.
pub(crate) fn files(plan: &Plan, counted: &Counted, disclosed: &Disclosed) -> Result<Files, PipelineError> {
    let statements = kept_statements(plan, &counted.tabulation);
    let rendered = render(plan, &disclosed.published, &counted.raw.entries, &statements)?;
    guard(plan, &counted.raw.files, &rendered)?;
    let Rendered { mut files, manifest } = rendered;
    files.insert(MANIFEST.to_owned(), manifest.bytes());
    Ok(files)
}

/// The pages alone, beside the files of a release that was made before from other texts or templates.
pub(crate) fn pages(
    plan: &Plan,
    counted: &Counted,
    disclosed: &Disclosed,
    before: &Files,
) -> Result<Files, PipelineError> {
    publish::pages(plan, &disclosed.published, &kept_statements(plan, &counted.tabulation), before)
}

/// Files by their paths below a release.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

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
