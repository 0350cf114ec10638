//! The last look at a finished release, before anything of it is written.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use codebook::{EditionId, WaveId};
use dataset::guard::{Leak, Respondents, leaks};
use disclose::{ToldCells, told_of_earlier};

use super::Files;
use super::correction::is_answered;
use super::count::Counted;
use super::plan::Plan;
use super::publish::{Disclosed, Rendered, before_the_barrier};
use crate::audit::{attack_files, attack_files_against, attack_files_beside, corrected_among, releases_in};
use crate::cache::{Cache, Key};
use crate::manifest::{MANIFEST, STORE, digest};
use crate::released::{FigureName, RecordedManifest, Released};
use crate::{Disclosure, PipelineError};

/// Refuses a release whose files hold what must not leave, or from which it can be derived. Files that are the same as in `searched`, which was made from the same
/// answers, are not searched again: what a file holds does not depend on the others. What can be derived does, so that is always looked for in all of them.
pub(super) fn guard(
    plan: &Plan,
    counted: &Counted,
    rendered: &Rendered,
    searched: &Files,
) -> Result<(), PipelineError> {
    let respondents = respondents(plan, counted);
    let (found, derivable) = plan.pool()?.join(
        || leaks_of(rendered, searched, &respondents),
        || attack_files(&rendered.files, rendered.manifest.rules.smallest_base),
    );
    if !found.is_empty() {
        return Err(PipelineError::Leaks(found));
    }
    if derivable.is_empty() { Ok(()) } else { Err(PipelineError::Derivable(derivable)) }
}

/// What those are called and wrote who answered.
fn respondents(plan: &Plan, counted: &Counted) -> Respondents {
    let mut values = ingest::identifying(plan.wave(), &counted.raw.files);
    values.extend(counted.before.iter().flat_map(|it| ingest::identifying(it.plan.wave(), &it.raw.files)));
    let own: Vec<&str> = plan.sources.iter().map(|source| source.text.as_str()).collect();
    Respondents::new(values.iter().map(String::as_str), &own)
}

/// What must not leave, in the files that were not searched yet and in the manifest.
fn leaks_of(rendered: &Rendered, searched: &Files, respondents: &Respondents) -> Vec<Leak> {
    let is_new = |(path, bytes): &(&String, &Vec<u8>)| searched.get(*path) != Some(*bytes);
    let mut found = leaks(rendered.files.iter().filter(is_new), respondents);
    found.extend(leaks(&BTreeMap::from([(MANIFEST.to_owned(), rendered.manifest.bytes())]), respondents));
    found
}

/// Refuses a release from which, together with other editions, a hidden number can be derived: those that are named, and those of other waves in the folder
/// where the release goes, of which it draws a series or which draw one of it.
pub(super) fn guard_against(
    earlier: &[PathBuf],
    out: &Path,
    plan: &Plan,
    rendered: &Rendered,
) -> Result<(), PipelineError> {
    let manifest = &rendered.manifest;
    let smallest_base = manifest.rules.smallest_base;
    let (mut derivable, pool) = (Vec::new(), plan.pool()?);
    for folder in earlier {
        let earlier = Released::open(folder)?;
        // Of another country nobody is known to be in both.
        if earlier.manifest.country == manifest.country {
            derivable.extend(pool.install(|| attack_files_against(&rendered.files, &earlier, smallest_base)));
        }
    }
    let (folder, country) = (out.join(plan.country.id.as_str()), plan.country.id.as_str());
    // What a correction hides and editions tell that were corrected themselves, its errata answer for, as for what its own earlier editions tell.
    let left_out = if plan.edition().corrects().is_some() {
        corrected_among(&releases_in(&folder, country))
    } else {
        BTreeSet::new()
    };
    let place = (folder.as_path(), country, plan.wave.year());
    derivable.extend(pool.install(|| attack_files_beside(&rendered.files, place, &left_out, smallest_base)));
    if derivable.is_empty() { Ok(()) } else { Err(PipelineError::Derivable(derivable)) }
}

/// Refuses a series of a wave that hides something else than the wave's own edition does, where the other one of the two is named or lies in the folder of releases:
/// nobody could tell what the two give away together. The attack finds much of it and cannot prove that there is nothing else. Whichever of the two is made
/// last is compared with the other: the series with the editions of the waves that it draws, an edition with the series that draw its wave.
pub(super) fn guard_series(
    named: &[PathBuf],
    out: &Path,
    (plan, counted): (&Plan, &Counted),
    disclosed: &Disclosed,
) -> Result<(), PipelineError> {
    let editions = editions(named, &out.join(plan.country.id.as_str()), plan)?;
    let mut differing = Vec::new();
    for wave in disclosed.published.earlier().iter().filter(|wave| !wave.tables().is_empty()) {
        let drawn = ToldCells::of(wave.tables());
        let mut all_is_told = false;
        // Those that stand come first.
        for Edition { released: edition, is_superseded } in
            editions.iter().filter(|it| it.released.manifest.wave == wave.wave().year())
        {
            let Some(tables) = edition.tables()? else { continue };
            let told = tables.told();
            // Where the edition that stands tells everything, the series adds nothing to it and to those that it corrected.
            if *is_superseded && all_is_told {
                continue;
            }
            all_is_told |= !is_superseded && told.tell_all_of(&drawn).is_ok();
            let whole = before_the_barrier(plan, counted, |release| told_of_earlier(release, wave.wave()));
            let compared = told.tell_no_more_with(&whole.unwrap_or_default(), &drawn);
            differing.extend(compared.err().map(|cell| Disclosure::of_differing(&cell, wave.wave(), &edition.folder)));
        }
    }
    let own = ToldCells::of(disclosed.published.tables());
    for Edition { released: edition, is_superseded } in
        editions.iter().filter(|it| it.released.manifest.wave != plan.wave.year())
    {
        let Some(tables) = edition.tables()? else { continue };
        let mut drawn = tables.told_of_earlier(&plan.wave.to_string());
        // A series that was corrected itself is what readers had before, for which the errata of a correction can answer.
        if *is_superseded && plan.edition().corrects().is_some() {
            let name = |table: &str, row: &str, group: Option<&(String, String)>| FigureName {
                wave: None,
                table: table.to_owned(),
                row: row.to_owned(),
                group: group.cloned(),
            };
            drawn = drawn.without(|table, row, group| is_answered(plan, &name(table, row, group)));
        }
        let compared = own.tell_all_of(&drawn);
        differing.extend(compared.err().map(|cell| Disclosure::of_drawn(&cell, edition)));
    }
    if differing.is_empty() { Ok(()) } else { Err(PipelineError::Derivable(differing)) }
}

/// An edition that readers have.
struct Edition {
    released: Released,
    /// Whether another one in the folder of releases corrects it.
    is_superseded: bool,
}

/// The editions of the country that readers have, as far as they are known here: those that were corrected come last.
fn editions(named: &[PathBuf], folder: &Path, plan: &Plan) -> Result<Vec<Edition>, PipelineError> {
    let country = plan.country.id.as_str();
    let releases = releases_in(folder, country);
    let corrected = corrected_among(&releases);
    let edition = |released: Released| {
        let is_superseded = corrected.contains(&released.manifest.edition());
        Edition { released, is_superseded }
    };
    let mut editions: Vec<Edition> = releases.into_iter().map(edition).collect();
    for folder in named {
        editions.push(Edition { released: Released::open(folder)?, is_superseded: false });
    }
    editions.retain(|it| it.released.manifest.country == country);
    editions.sort_by_key(|it| it.is_superseded);
    Ok(editions)
}

/// The editions of other waves in the country's folder of releases, by the digests of their manifests. What is made is attacked together with them. One whose tables are
/// others than its manifest lists has a name of its own: it was compared with nothing.
pub(super) fn manifests_beside(out: &Path, country: &str, own: WaveId) -> Vec<String> {
    let Ok(entries) = fs::read_dir(out.join(country)) else { return Vec::new() };
    let manifest = |entry: fs::DirEntry| {
        let edition = EditionId::new(entry.file_name().to_str()?).ok().filter(|edition| edition.wave() != own)?;
        Some((edition, as_it_lies(&entry.path())?))
    };
    let mut found: Vec<(EditionId, String)> = entries.filter_map(Result::ok).filter_map(manifest).collect();
    found.sort();
    found.into_iter().map(|(_, digest)| digest).collect()
}

/// The digest of an edition's manifest, or of that and its tables where these are not the ones that it lists.
pub(super) fn as_it_lies(folder: &Path) -> Option<String> {
    let manifest = fs::read(folder.join(MANIFEST)).ok()?;
    let recorded: Option<RecordedManifest> = serde_json::from_slice(&manifest).ok();
    let listed = recorded.and_then(|it| Some(it.outputs.into_iter().find(|file| file.path == STORE)?.sha256));
    let tables = fs::read(folder.join(STORE)).ok().map(|tables| digest(&tables));
    let manifest = digest(&manifest);
    Some(if tables == listed { manifest } else { digest(format!("{manifest} {tables:?}").as_bytes()) })
}

/// The key under which it is known that two editions were compared, whichever of them was made last.
fn pair(cache: &Cache, own: &str, other: &str) -> Key {
    let mut both = [own, other];
    both.sort_unstable();
    cache.key("compared").meaning(&both)
}

/// Remembers that a release was compared with editions of other waves, each by its manifest.
pub(super) fn remember_compared(cache: &Cache, own: &str, others: &[String]) {
    for key in others.iter().map(|other| pair(cache, own, other)) {
        if cache.recall(&key).is_none() {
            cache.keep(&key, &[]);
        }
    }
}

/// Whether a release was compared with each of these, be it when it was made or when they were. One that somebody has put beside it was not.
pub(super) fn were_compared(cache: &Cache, own: &str, others: &[String]) -> bool {
    others.iter().all(|other| cache.recall(&pair(cache, own, other)).is_some())
}
