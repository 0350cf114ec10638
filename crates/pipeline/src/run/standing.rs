//! The release that stands, where it is the one that would be made: then nothing is to do.
//!
//! A run records the digests of what it put in its place, under everything that it was made from. A later run of the same looks whether that is
//! still there, file by file, and leaves it alone.

use std::fs;
use std::path::{Path, PathBuf};

use codebook::{EditionId, ReleaseMoment, Standing};
use serde::{Deserialize, Serialize};

use super::Request;
use super::correction::{earlier_manifests, is_superseded, place};
use super::count::Counted;
use super::export::still_the_same;
use super::guard::{manifests_beside, were_compared};
use super::plan::Plan;
use crate::cache::{Cache, Key, Step};
use crate::manifest::{ManifestFile, digest};
use crate::release::{Release, point};
use crate::released::Released;
use crate::timing::check_approval;
use crate::{Event, PipelineError};

/// What a run put in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    /// The digest of the manifest.
    pub(super) manifest: String,
    /// The digest that an approval names.
    pub(super) approvable: String,
    /// The digest of the editor's sheet.
    pub(super) proof: String,
}

/// The edition that a run makes, as far as its place and its time go.
#[derive(Debug, Clone)]
pub(super) struct Made<'a> {
    pub(super) country: &'a str,
    pub(super) edition: EditionId,
    pub(super) standing: Standing,
    /// The moment from which it may be seen.
    pub(super) moment: Option<ReleaseMoment>,
}

impl<'a> Made<'a> {
    pub(super) fn of(plan: &'a Plan) -> Self {
        let (country, edition, moment) = (plan.country.id.as_str(), plan.edition(), plan.moment());
        Self { country, edition, standing: plan.wave().standing, moment }
    }

    /// Where its release stands.
    pub(super) fn folder(&self, out: &Path) -> PathBuf {
        match self.standing {
            Standing::Released => place(out, self.country, self.edition),
            Standing::Draft => self.internal(out).join("draft"),
        }
    }

    /// Where what is for the office alone lies.
    fn internal(&self, out: &Path) -> PathBuf {
        out.join("internal").join(self.country).join(self.edition.to_string())
    }
}

/// Everything that a release is made from.
fn key(out: &Path, plan: &Plan, counted: &Counted, cache: &Cache) -> Key {
    let languages: Vec<&str> = plan.languages.iter().map(codebook::Language::as_str).collect();
    let key = cache.key(Step::Release.as_str()).meaning(&plan.country.id).meaning(&plan.wave).meaning(&languages);
    let key = key.meaning(&plan.wave().standing).meaning(&plan.embargo_broken);
    let country = plan.country.id.as_str();
    let key = key.meaning(&earlier_manifests(out, country, plan.edition()));
    key.meaning(&plan.inputs).meaning(&counted.entries()).meaning(&counted.digests())
}

/// Remembers what was put in its place.
pub(super) fn record(out: &Path, plan: &Plan, counted: &Counted, record: &Record, cache: &Cache) {
    if cache.keeps() {
        let bytes = serde_json::to_vec(record).expect("texts can always be written as JSON");
        cache.keep(&key(out, plan, counted, cache), &bytes);
    }
}

/// The folder of the release that stands, if it is what this run would make to the byte, and what was recorded of it.
///
/// # Errors
/// When the inputs changed meanwhile, or something else was approved.
pub(super) fn standing(
    request: &Request,
    plan: &Plan,
    counted: &Counted,
    cache: &Cache,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Option<(PathBuf, Record)>, PipelineError> {
    // What stands was not attacked together with these editions.
    if !cache.keeps() || !request.against.is_empty() {
        return Ok(None);
    }
    let recalled = cache.recall(&key(&request.out, plan, counted, cache));
    let record: Option<Record> = recalled.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let made = Made::of(plan);
    let Some(record) = record.filter(|record| record.is_there(&request.out, &made, cache)) else { return Ok(None) };
    still_the_same(&request.country, plan, counted)?;
    let folder = record.stays(request, &made, cache, tell)?;
    Ok(Some((folder, record)))
}

impl Record {
    /// Whether the release and its sheet are on the disk as they were written, with nothing besides, no edition that corrects it, and none of another wave that it was not
    /// compared with.
    pub(super) fn is_there(&self, out: &Path, made: &Made<'_>, cache: &Cache) -> bool {
        let beside = manifests_beside(out, made.country, made.edition.wave());
        if is_superseded(out, made.country, made.edition) || !were_compared(cache, &self.manifest, &beside) {
            return false;
        }
        let Ok(released) = Released::open(&made.folder(out)) else { return false };
        let found = released.files.iter().map(|(path, bytes)| ManifestFile::of(path, bytes));
        let sheet = fs::read(made.internal(out).join("proof.html")).map(|bytes| digest(&bytes));
        digest(&released.manifest_bytes) == self.manifest
            && found.eq(released.manifest.outputs.iter().cloned())
            && sheet.is_ok_and(|sheet| sheet == self.proof)
    }

    /// Leaves a release that is there alone, and tells it. Gives its folder.
    ///
    /// # Errors
    /// When something else was approved.
    pub(super) fn stays(
        &self,
        request: &Request,
        made: &Made<'_>,
        cache: &Cache,
        tell: &mut dyn FnMut(Event<'_>),
    ) -> Result<PathBuf, PipelineError> {
        let folder = made.folder(&request.out);
        match made.standing {
            Standing::Released => {
                if let Some(approval) = &request.approval {
                    check_approval(approval, &self.approvable)?;
                }
                if let Some(warning) = point(&request.out, made.country, &made.edition.to_string()) {
                    tell(Event::Warning(&warning));
                }
            }
            Standing::Draft => {
                let release_at = made.moment.as_ref().map(ReleaseMoment::as_str);
                tell(Event::Drafted { release_at, manifest: &self.approvable });
            }
        }
        Release::clear_left(&folder);
        cache.reused(Step::Release);
        tell(Event::Unchanged { folder: &folder });
        Ok(folder)
    }
}
