//! The release that stands, where it is the one that would be made: then nothing is to do.
//!
//! A run records the digests of what it put in its place, under everything that it was made from. A later run of the same looks whether that is
//! still there, file by file, and leaves it alone.

use std::fs;
use std::path::{Path, PathBuf};

use codebook::Standing;
use serde::{Deserialize, Serialize};

use super::Request;
use super::correction::{earlier_manifests, is_superseded};
use super::count::Counted;
use super::export::still_the_same;
use super::guard::manifests_of_drawn;
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

/// Where the release of a plan stands.
fn folder(out: &Path, plan: &Plan) -> PathBuf {
    let (country, edition) = (plan.country.id.as_str(), plan.edition().to_string());
    match plan.wave().standing {
        Standing::Released => out.join(country).join(edition),
        Standing::Draft => internal(out, plan).join("draft"),
    }
}

/// Where what is for the office alone lies.
fn internal(out: &Path, plan: &Plan) -> PathBuf {
    out.join("internal").join(plan.country.id.as_str()).join(plan.edition().to_string())
}

/// Everything that a release is made from.
fn key(out: &Path, plan: &Plan, counted: &Counted, cache: &Cache) -> Key {
    let languages: Vec<&str> = plan.languages.iter().map(codebook::Language::as_str).collect();
    let key = cache.key(Step::Release.as_str()).meaning(&plan.country.id).meaning(&plan.wave).meaning(&languages);
    let key = key.meaning(&plan.wave().standing).meaning(&plan.embargo_broken);
    let key = key.meaning(&earlier_manifests(out, plan)).meaning(&manifests_of_drawn(out, plan, counted));
    key.meaning(&plan.inputs).meaning(&counted.entries()).meaning(&counted.digests())
}

/// Remembers what was put in its place.
pub(super) fn record(out: &Path, plan: &Plan, counted: &Counted, record: &Record, cache: &Cache) {
    if cache.keeps() {
        let bytes = serde_json::to_vec(record).expect("texts can always be written as JSON");
        cache.keep(&key(out, plan, counted, cache), &bytes);
    }
}

/// The folder of the release that stands, if it is what this run would make to the byte.
///
/// # Errors
/// When the inputs changed meanwhile, or something else was approved.
pub(super) fn standing(
    request: &Request,
    plan: &Plan,
    counted: &Counted,
    cache: &Cache,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Option<PathBuf>, PipelineError> {
    // What stands was not attacked together with these editions.
    if !cache.keeps() || !request.against.is_empty() || is_superseded(&request.out, plan) {
        return Ok(None);
    }
    let recalled = cache.recall(&key(&request.out, plan, counted, cache));
    let record: Option<Record> = recalled.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let folder = folder(&request.out, plan);
    let Some(record) = record.filter(|record| is_there(record, &folder, &internal(&request.out, plan))) else {
        return Ok(None);
    };
    still_the_same(&request.country, plan, counted)?;
    match plan.wave().standing {
        Standing::Released => {
            if let Some(approval) = &request.approval {
                check_approval(approval, &record.approvable)?;
            }
            if let Some(warning) = point(&request.out, plan.country.id.as_str(), &plan.edition().to_string()) {
                tell(Event::Warning(&warning));
            }
        }
        Standing::Draft => {
            let release_at = plan.moment();
            let release_at = release_at.as_ref().map(codebook::ReleaseMoment::as_str);
            tell(Event::Drafted { release_at, manifest: &record.approvable });
        }
    }
    Release::clear_left(&folder);
    cache.reused(Step::Release);
    tell(Event::Unchanged { folder: &folder });
    Ok(Some(folder))
}

/// Whether a release and its sheet are on the disk as they were written, and nothing besides.
fn is_there(record: &Record, folder: &Path, internal: &Path) -> bool {
    let Ok(released) = Released::open(folder) else { return false };
    let found = released.files.iter().map(|(path, bytes)| ManifestFile::of(path, bytes));
    let sheet = fs::read(internal.join("proof.html")).map(|bytes| digest(&bytes));
    digest(&released.manifest_bytes) == record.manifest
        && found.eq(released.manifest.outputs.iter().cloned())
        && sheet.is_ok_and(|sheet| sheet == record.proof)
}
