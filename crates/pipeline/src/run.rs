//! The publication run: the steps in their order.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use codebook::{Country, Language, SourceFile, Standing, WaveId};
use estimate::{Degrees, IntervalMethod, Method};

use crate::cache::{Cache, Caching, Step};
use crate::load::load;
use crate::manifest::MANIFEST;
use crate::stopping::clear_left;
use crate::timing::check_approval;
use crate::{Event, PipelineError, Timing};

mod again;
mod beside;
mod correction;
mod count;
mod data;
mod export;
mod guard;
mod kept;
mod linked;
mod microdata;
mod offers;
mod plan;
mod publish;
mod rebuild;
mod shelf;
mod standing;

use again::{Again, Heard};
pub(crate) use beside::entries_of_earlier;
pub(crate) use correction::Corrected;
use correction::{corrected, embargo_on_record, keeps_its_languages, not_known_before};
pub(crate) use count::{Counted, count};
pub use data::{CheckRequest, CheckedData, check_data};
use export::still_the_same;
pub(crate) use export::{placed, placed_anywhere, raw_entries, raw_folder_of_earlier, wave_name};
use guard::{guard, guard_against, guard_series, manifests_beside, remember_compared};
pub use plan::{CheckedFiles, check};
pub(crate) use plan::{Plan, check_files, inputs, inputs_of, planned, settle};
pub(crate) use publish::Rendered;
use publish::{Disclosed, Placed, kept_statements, numbers_of, rehearse, release, render};
pub(crate) use publish::{disclose, judge, tables_of};
pub(crate) use rebuild::{rebuild_from_answers, rebuild_from_tables};
use standing::{Record, record, standing};

/// What is asked of a run.
#[derive(Debug, Clone)]
pub struct Request {
    /// The country's folder.
    pub country: PathBuf,
    /// The wave; `None` is the newest.
    pub wave: Option<WaveId>,
    /// The folder of raw files, in which `{country}` and `{wave}` stand for those of an edition; `None` is `raw/<year>` in the country's folder.
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
    /// The file with the key of pseudonyms; without one a key is drawn for this run alone.
    pub key: Option<PathBuf>,
    /// Editions that readers have already. What is made is attacked together with those of its country and wave; they change nothing of it, but may
    /// refuse it.
    pub against: Vec<PathBuf>,
    /// Where results are kept for the next run; `None` carries out every step and keeps nothing.
    pub cache: Option<Caching>,
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
    asks_for_what_is_there(request)?;
    let cache = Cache::open(request.cache.as_ref(), Some(&request.out))?;
    clear_left(&request.work);
    let files = load(&request.country)?;
    let again = Again::new(request, &files);
    let folder = match again.stands(&cache, tell)? {
        Some(folder) => folder,
        None => understood(request, &again, &files, &cache, tell)?,
    };
    cache.close(tell);
    Ok(folder)
}

/// The run from a country's files on, whatever stands.
fn understood(
    request: &Request,
    again: &Again<'_>,
    files: &[SourceFile],
    cache: &Cache,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<PathBuf, PipelineError> {
    let mut heard = Heard::default();
    let mut said = |event: Event<'_>| {
        heard.hear(event);
        tell(event);
    };
    cache.done(Step::Plan);
    let mut plan = planned(request, files, &mut said)?;
    if plan.wave().standing == Standing::Released {
        // The reason that was recorded first stays.
        plan.embargo_broken = embargo_on_record(&request.out, &plan).or(plan.embargo_broken);
    }
    keeps_its_languages(&request.out, &plan)?;
    let counted = count(request, &plan, cache, &mut said)?;
    let (folder, record) = match standing(request, &plan, &counted, cache, tell)? {
        Some(stands) => stands,
        None => publish(request, &mut plan, &counted, cache, tell)?,
    };
    again.remember(&plan, &counted, (heard, record), cache);
    Ok(folder)
}

/// Refuses what would fail after everything is counted: files and folders that are named and not there.
fn asks_for_what_is_there(request: &Request) -> Result<(), PipelineError> {
    let missing = |path: &Path, what: &str, help: &str| PipelineError::Usage {
        message: format!("{what} {} is not there\nhelp: {help}", path.display()),
    };
    if !request.work.is_dir() {
        let help = "make the folder, or leave out --work to take the system's folder for temporary files";
        return Err(missing(&request.work, "the folder for intermediate files", help));
    }
    if let Some(file) = request.approval.as_deref().filter(|file| !file.is_file()) {
        let help = "name the file with manifest = \"...\", the digest that the run of the draft tells, or leave out --approval";
        return Err(missing(file, "the approval", help));
    }
    if let Some(file) = request.key.as_deref().filter(|file| !file.exists()) {
        let help =
            "make one with `openssl rand -hex 32`, or leave out --key: without it a key is drawn for this run alone";
        return Err(missing(file, "the key file", help));
    }
    Ok(())
}

/// From estimates to a release in its place.
fn publish(
    request: &Request,
    plan: &mut Plan,
    counted: &Counted,
    cache: &Cache,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<(PathBuf, Record), PipelineError> {
    cache.done(Step::Disclose);
    let disclosed = disclose(plan, counted, tell)?;
    still_the_same(&request.country, plan, counted)?;
    judge(plan, &disclosed, tell)?;
    beside::back_test(plan, &disclosed)?;
    let corrected = corrected(&request.out, plan, &disclosed.published, tell)?;
    let statements = kept_statements(plan, &counted.results);
    let rendered = render(plan, &disclosed.published, &corrected, &counted.entries(), &statements, cache)?;
    cache.done(Step::Guard);
    let beside = manifests_beside(&request.out, plan.country.id.as_str(), plan.wave);
    guard(plan, counted, &rendered, &Files::new())?;
    guard_against(&request.against, &request.out, plan, &rendered)?;
    not_known_before(&request.out, plan, &corrected, &rendered, tell)?;
    guard_series(&request.against, &request.out, (plan, counted), &disclosed)?;
    let approvable = rehearse(plan, &disclosed, &corrected, counted, &rendered, cache, tell)?;
    if let (Some(approval), Standing::Released) = (&request.approval, plan.wave().standing) {
        check_approval(approval, &approvable)?;
    }
    cache.done(Step::Proof);
    cache.done(Step::Release);
    let Placed { folder, manifest, proof } = release(request, (plan, counted), &disclosed, &corrected, rendered, tell)?;
    let made = Record { manifest, approvable, proof };
    remember_compared(cache, &made.manifest, &beside);
    record(&request.out, plan, counted, &made, cache);
    Ok((folder, made))
}

/// Every file of a release with its manifest, by its path; nothing is written. What it corrects is told from the editions below `out`.
pub(crate) fn files(
    plan: &Plan,
    counted: &Counted,
    disclosed: &Disclosed,
    cache: &Cache,
    (out, tell): (&Path, &mut dyn FnMut(Event<'_>)),
) -> Result<Files, PipelineError> {
    let statements = kept_statements(plan, &counted.results);
    let corrected = corrected(out, plan, &disclosed.published, tell)?;
    let rendered = render(plan, &disclosed.published, &corrected, &counted.entries(), &statements, cache)?;
    finished(plan, counted, rendered, &Files::new())
}

/// The same beside the files of numbers of a release that was made before from other texts or templates, in which these have no part.
pub(crate) fn files_beside(
    plan: &Plan,
    counted: &Counted,
    disclosed: &Disclosed,
    before: &Files,
    cache: &Cache,
    (out, tell): (&Path, &mut dyn FnMut(Event<'_>)),
) -> Result<Files, PipelineError> {
    let statements = kept_statements(plan, &counted.results);
    let corrected = corrected(out, plan, &disclosed.published, tell)?;
    let numbers = numbers_of(plan, before);
    finished(
        plan,
        counted,
        publish::beside(plan, &disclosed.published, &corrected, &counted.entries(), &statements, numbers, cache)?,
        before,
    )
}

/// What may be shown of a finished release, with its manifest. Files that `searched` has, too, were looked through already.
fn finished(plan: &Plan, counted: &Counted, rendered: Rendered, searched: &Files) -> Result<Files, PipelineError> {
    guard(plan, counted, &rendered, searched)?;
    let Rendered { mut files, manifest } = rendered;
    files.insert(MANIFEST.to_owned(), manifest.bytes());
    Ok(files)
}

/// Files by their paths below a release.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;
