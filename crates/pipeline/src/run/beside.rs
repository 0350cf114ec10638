//! Earlier waves beside that of the report: counted again where their raw files are at hand.
//!
//! Such a wave goes the same road as in its own edition, with all of its tables, up to the barrier: what is protected of it there is then protected here as well.
//! In a run with a cache it is counted once for both.

use codebook::{CellName, Finding, TableSpec, Wave};
use disclose::{Agreement, BackTested, Earlier};
use estimate::Outcome;
use ingest::PseudonymKey;

use super::Request;
use super::count::{Counted, Results, count_wave};
use super::export::{RawFiles, raw_folder_of_earlier, read_folder, wave_name};
use super::linked::Linked;
use super::plan::{Plan, with_answer_time};
use super::publish::Disclosed;
use crate::cache::Cache;
use crate::manifest::RawManifestFile;
use crate::{Event, PipelineError};

/// An earlier wave, counted.
pub(super) struct CountedBefore {
    pub(super) plan: Plan,
    pub(super) raw: RawFiles,
    results: Results,
    specs: Vec<TableSpec>,
    /// What links it with the wave of the report, if the two are a panel.
    pub(super) linked: Option<Linked>,
    /// The changes since then that this makes more certain.
    pub(super) changes: Vec<(CellName, Outcome)>,
}

impl CountedBefore {
    /// What the manifest says of its raw files, which lie in a folder of the wave.
    pub(super) fn entries(&self) -> impl Iterator<Item = RawManifestFile> {
        entries_of_earlier(self.plan.wave(), self.raw.entries())
    }
}

/// What a manifest says of the raw files of an earlier wave, which lie in a folder of the wave.
pub(crate) fn entries_of_earlier<'e>(
    wave: &'e Wave,
    entries: &'e [RawManifestFile],
) -> impl Iterator<Item = RawManifestFile> + 'e {
    entries.iter().map(move |entry| RawManifestFile { path: format!("{}/{}", wave.id, entry.path), ..entry.clone() })
}

/// The plans of the earlier waves that a wave's report needs and that have a file of their own.
pub(super) fn plans_before(plan: &Plan) -> Vec<Plan> {
    let whole = &plan.whole;
    let needed = disclose::needed_of_earlier(&plan.wave().themes);
    let known = needed.into_keys().filter(|wave| whole.waves.contains_key(wave));
    let of_wave = |wave| Plan {
        folder: plan.folder.clone(),
        country: with_answer_time(whole.of_wave(wave), wave, &plan.packs),
        whole: whole.clone(),
        wave,
        languages: Vec::new(),
        packs: plan.packs.clone(),
        templates: plan.templates.clone(),
        narratives: Vec::new(),
        wordings: Vec::new(),
        inputs: plan.inputs.clone(),
        sources: plan.sources.clone(),
        embargo_broken: None,
        threads: plan.threads,
        before: Vec::new(),
    };
    known.map(of_wave).collect()
}

/// Counts the earlier waves of a plan whose raw files are at hand.
pub(super) fn count_before(
    (request, pseudonym_key): (&Request, &PseudonymKey),
    plan: Plan,
    cache: &Cache,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Option<CountedBefore>, PipelineError> {
    let folder = raw_folder_of_earlier(&request.country, request.raw.as_deref(), wave_name(plan.wave()));
    if !folder.is_dir() {
        tell(Event::Beside { wave: plan.wave, answers: None });
        return Ok(None);
    }
    let raw = read_folder(&folder, plan.wave())?;
    // What there is to know of its answers is told by its own edition; only what stops a run is told here, as an error.
    let (results, linked) = count_wave(request, &plan, (&raw, pseudonym_key), cache, &mut |_| ())?;
    tell(Event::Beside { wave: plan.wave, answers: Some(results.fieldwork.answers) });
    let specs = plan.country.tables.clone();
    Ok(Some(CountedBefore { plan, raw, results, specs, linked, changes: Vec::new() }))
}

/// Parts of the earlier waves, as long as they are looked at.
pub(super) fn specs_before(counted: &Counted) -> Vec<Vec<&TableSpec>> {
    counted.before.iter().map(|before| before.specs.iter().collect()).collect()
}

/// The earlier waves as the barrier takes them.
pub(super) fn earlier<'a>(counted: &'a Counted, specs: &'a [Vec<&'a TableSpec>]) -> Vec<Earlier<'a>> {
    let of_wave = |(before, specs): (&'a CountedBefore, &'a Vec<&'a TableSpec>)| Earlier {
        wave: before.plan.wave,
        synthetic: before.plan.wave().synthetic,
        specs,
        tables: &before.results.tables,
        contributors: &before.results.contributors,
        unions: &before.results.unions,
        changes: &before.changes,
    };
    counted.before.iter().zip(specs).map(of_wave).collect()
}

/// Refuses a release in which a number is another one than was printed when its wave came out, and nobody says why.
pub(super) fn back_test(plan: &Plan, disclosed: &Disclosed) -> Result<(), PipelineError> {
    let tested = disclosed.published.back_tests().iter();
    let findings: Vec<Finding> = tested.filter_map(|tested| unexplained(plan, tested)).collect();
    if findings.is_empty() { Ok(()) } else { Err(PipelineError::Findings(findings)) }
}

fn unexplained(plan: &Plan, tested: &BackTested) -> Option<Finding> {
    let printed = plan.country.printed.get(tested.printed()).filter(|printed| printed.because.is_none())?;
    let cell = printed.cell.as_ref()?;
    let percent = printed.percent().map(|percent| percent.to_string()).unwrap_or_default();
    let group = cell.group.as_ref().map_or_else(String::new, |(breakdown, code)| format!(", {breakdown} {code}"));
    let what = format!("{} in table {} of wave {}{group}", cell.row, cell.table, printed.wave);
    let message = match tested.agreement() {
        Agreement::Agrees => return None,
        Agreement::OtherShare => {
            format!(
                "{what} is {} per cent today, and {percent} was printed: more than half a point apart",
                tested.estimate()
            )
        }
        Agreement::OtherAnswers => {
            let n = printed.n.unwrap_or_default();
            format!("{what} has {} answers in its base today, and {n} were printed", tested.n())
        }
    };
    let finding = Finding::error(printed.place.clone(), "back-test", message);
    Some(finding.hint("mend what makes it so, or say in the column because why it is another one today"))
}
