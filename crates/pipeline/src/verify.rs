//! Proving a release: that its files are those of its manifest, and that they come out the same when they are made again.
//!
//! There are two levels of rebuilding. With the raw files everything is made again, from the answers up. Without them, as for anyone outside of
//! the office, the sealed tables are opened and everything above them is made again: pages, charts, downloads, manifest; the SQL statements are then
//! kept as they are. What differs is named as a reader would name it, by figure or by sentence.

mod comparison;
mod difference;

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use codebook::{Country, Language, Wave, WaveId};
use disclose::{Published, Seal};
use jiff::Timestamp;
use serde::Serialize;

pub use difference::Difference;
use difference::Figures;

use crate::comparison::KIND;
use crate::load::{load, shown};
use crate::manifest::{MANIFEST, ManifestFile, RawManifestFile, STATEMENTS, STORE};
use crate::released::{RecordedManifest, Released};
use crate::run::{Files, Rendered, Request, inputs, rebuild_from_answers, rebuild_from_tables};
use crate::{Event, PipelineError, Timing};

/// What is asked of a verification.
#[derive(Debug, Clone)]
pub struct VerifyRequest {
    /// The release's folder.
    pub release: PathBuf,
    /// From which country's folder it is made again.
    pub from: CountryFolder,
    /// The folder of raw files; `None` is `raw/<year>` in the country's folder, if it is there.
    pub raw: Option<PathBuf>,
    /// A private folder for intermediate files with microdata; they are removed at the end.
    pub work: PathBuf,
    /// Threads of every step.
    pub threads: NonZeroUsize,
}

/// The country's folder that a release is looked at with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CountryFolder {
    /// This one.
    Given(PathBuf),
    /// The one in this folder of countries that has the name of the release's country.
    In(PathBuf),
    /// None: the release is looked at alone.
    None,
}

impl CountryFolder {
    /// The folder, for a release of this country; `None` if there is to be none, or if the usual one is not there.
    pub(crate) fn of(&self, country: &str) -> Option<PathBuf> {
        match self {
            Self::Given(folder) => Some(folder.clone()),
            Self::In(countries) => {
                let is_one = |folder: &PathBuf| {
                    folder.join("country.toml").is_file() || folder.join("comparison.toml").is_file()
                };
                Some(countries.join(country)).filter(is_one)
            }
            Self::None => None,
        }
    }
}

/// What differs between two lists of files.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct FileChanges {
    /// Files that should be there and are not.
    pub missing: Vec<String>,
    /// Files that are there and should not be.
    pub additional: Vec<String>,
    /// Files that are not as they should be.
    pub changed: Vec<String>,
}

impl FileChanges {
    /// Compares the digest (or whatever else tells a file's content) of each file with the one recorded.
    pub(crate) fn between<T: PartialEq>(recorded: &BTreeMap<&str, T>, found: &BTreeMap<&str, T>) -> Self {
        let lacks = |other: &BTreeMap<&str, T>, path: &&str| !other.contains_key(path);
        let owned = |path: &str| path.to_owned();
        Self {
            missing: recorded.keys().copied().filter(|path| lacks(found, path)).map(owned).collect(),
            additional: found.keys().copied().filter(|path| lacks(recorded, path)).map(owned).collect(),
            changed: recorded
                .iter()
                .filter(|(path, content)| found.get(*path).is_some_and(|found| found != *content))
                .map(|(path, _)| owned(path))
                .collect(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.additional.is_empty() && self.changed.is_empty()
    }

    /// Whether every recorded file is there as it was, and none has come that this wave is made from.
    fn is_of_other_waves(&self, wave: u16) -> bool {
        let this = wave.to_string();
        self.missing.is_empty()
            && self.changed.is_empty()
            && self.additional.iter().all(|path| is_of_another(path, &this))
    }
}

/// Whether a file of a country's folder is of another wave than `this`, such as `report/1999/notes.md`.
fn is_of_another(path: &str, this: &str) -> bool {
    let mut parts = path.split('/');
    let wave = match parts.next() {
        Some("report") => parts.next(),
        Some("waves") => parts.next().and_then(|name| name.strip_suffix(".toml")),
        Some(_) | None => None,
    };
    wave.is_some_and(|wave| wave != this)
}

/// What was proved of a release, and what not.
#[derive(Debug, Serialize)]
pub struct Verification {
    /// The release's folder.
    pub folder: PathBuf,
    /// The country.
    pub country: String,
    /// The wave.
    pub wave: u16,
    /// The version of the program that made it.
    pub made_by: String,
    /// The edition.
    pub edition: String,
    /// The edition that the country's folder makes today, where it is another one: only the files of this one were then compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<String>,
    /// Files that the manifest lists.
    pub files: usize,
    /// What is not as the manifest lists it.
    pub against_manifest: FileChanges,
    /// What changed since in the country's folder; `None` if it was not at hand.
    pub inputs: Option<FileChanges>,
    /// What changed since in the raw files; `None` if they were not at hand.
    pub raw: Option<FileChanges>,
    /// The first figure of sealed tables that were changed since: what they say in the release, and what its file of all tables says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsealed: Option<Difference>,
    /// What came of making it again.
    pub rebuilt: Rebuilt,
}

/// What came of making a release again.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rebuilt {
    /// Nobody asked for it.
    No,
    /// It could not be made.
    Failed(#[serde(serialize_with = "as_text")] PipelineError),
    /// It was made from the raw files.
    FromAnswers(Vec<Mismatch>),
    /// It was made from the published tables.
    FromTables(Vec<Mismatch>),
}

fn as_text<S: serde::Serializer>(error: &PipelineError, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(error)
}

/// A file that came out otherwise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mismatch {
    /// Its path below the release.
    pub path: String,
    /// Where it first differs.
    pub difference: Difference,
}

impl Verification {
    /// Whether the release is what it says: every file as listed and, as far as it was made again, the same.
    #[must_use]
    pub fn holds(&self) -> bool {
        let inputs_kept = self.inputs.as_ref().is_none_or(|inputs| inputs.is_of_other_waves(self.wave))
            && self.raw.as_ref().is_none_or(FileChanges::is_empty);
        let rebuilt_same = match &self.rebuilt {
            Rebuilt::No => true,
            Rebuilt::Failed(_) => false,
            Rebuilt::FromAnswers(mismatches) | Rebuilt::FromTables(mismatches) => mismatches.is_empty(),
        };
        self.against_manifest.is_empty() && inputs_kept && rebuilt_same
    }

    /// The files that came out otherwise; those with a figure that differs first.
    #[must_use]
    pub fn mismatches(&self) -> &[Mismatch] {
        match &self.rebuilt {
            Rebuilt::No | Rebuilt::Failed(_) => &[],
            Rebuilt::FromAnswers(mismatches) | Rebuilt::FromTables(mismatches) => mismatches,
        }
    }

    /// What a scheduler is to be told.
    ///
    /// # Errors
    /// When the release does not hold, or could not be made again.
    pub fn verdict(self) -> Result<(), PipelineError> {
        let holds = self.holds();
        match self.rebuilt {
            Rebuilt::Failed(error) if self.against_manifest.is_empty() => Err(error),
            Rebuilt::No | Rebuilt::Failed(_) | Rebuilt::FromAnswers(_) | Rebuilt::FromTables(_) if holds => Ok(()),
            Rebuilt::No | Rebuilt::Failed(_) | Rebuilt::FromAnswers(_) | Rebuilt::FromTables(_) => {
                Err(PipelineError::Mismatch { path: self.folder })
            }
        }
    }

    /// Everything, as JSON.
    ///
    /// # Panics
    /// Never: texts and numbers are JSON.
    #[must_use]
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("texts, numbers and nothing else are JSON") + "\n"
    }
}

/// Verifies the release in a folder.
///
/// # Errors
/// When it is no release, or is one of another country than the folder's; findings when its manifest cannot be understood. What goes wrong while it
/// is made again stands in the verification.
pub fn verify(request: &VerifyRequest, tell: &mut dyn FnMut(Event<'_>)) -> Result<Verification, PipelineError> {
    let released = Released::open(&request.release)?;
    let manifest = &released.manifest;
    let mut verification = Verification {
        folder: request.release.clone(),
        country: manifest.country.clone(),
        wave: manifest.wave,
        made_by: manifest.barometer.clone(),
        edition: manifest.edition(),
        superseded_by: None,
        files: manifest.outputs.len(),
        against_manifest: released.against_manifest(),
        inputs: None,
        raw: None,
        unsealed: None,
        rebuilt: Rebuilt::No,
    };
    let country = request.from.of(&manifest.country);
    let Some(country) = country.as_deref() else {
        return if request.from == CountryFolder::None { Ok(verification) } else { Err(no_folder(&released)) };
    };
    if manifest.kind.as_deref() == Some(KIND) {
        comparison::rebuild(country, &released, &mut verification, tell)?;
        return Ok(verification);
    }
    let today = country_today(country, manifest);
    let wave = today.as_ref().and_then(|today| today.waves.get(&WaveId::new(&manifest.wave.to_string()).ok()?));
    if let Some(today) = wave.map(|wave| wave.edition().to_string()).filter(|today| *today != verification.edition) {
        verification.superseded_by = Some(today);
        return Ok(verification);
    }
    let inputs = inputs(country)?;
    verification.inputs = Some(FileChanges::between(&digests(&manifest.inputs), &digests(&inputs)));
    rebuild(request, (country, wave), &released, &mut verification, tell)?;
    Ok(verification)
}

/// The country of a release as its folder is today; `None` where its files cannot be understood, which making it again will tell.
fn country_today(country: &Path, manifest: &RecordedManifest) -> Option<Country> {
    let (read, _) = Country::read(&shown(country), &load(country).ok()?);
    read.filter(|read| read.id.as_str() == manifest.country)
}

fn no_folder(released: &Released) -> PipelineError {
    let (folder, country) = (released.folder.display(), &released.manifest.country);
    let message = format!(
        "{folder} is a release of {country}, whose folder is not at hand: name it with --country, or compare the files alone with --files-only"
    );
    PipelineError::Usage { message }
}

fn digests(files: &[ManifestFile]) -> BTreeMap<&str, &str> {
    files.iter().map(|file| (file.path.as_str(), file.sha256.as_str())).collect()
}

fn raw_digests(files: &[RawManifestFile]) -> BTreeMap<&str, (u64, &str)> {
    files.iter().map(|file| (file.path.as_str(), (file.records, file.records_sha256.as_str()))).collect()
}

/// Makes the release again and compares.
fn rebuild(
    request: &VerifyRequest,
    (country, wave): (&Path, Option<&Wave>),
    released: &Released,
    verification: &mut Verification,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<(), PipelineError> {
    let manifest = &released.manifest;
    let raw = request.raw.clone().unwrap_or_else(|| country.join("raw").join(manifest.wave.to_string()));
    let has_answers = request.raw.is_some() || raw.is_dir();
    let run = Request {
        country: country.to_path_buf(),
        wave: Some(WaveId::new(&manifest.wave.to_string()).map_err(|error| usage(released, &error.to_string()))?),
        raw: Some(raw),
        out: PathBuf::new(),
        work: request.work.clone(),
        languages: Some(languages(released)?),
        threads: request.threads,
        memory: None,
        timing: timing(manifest),
        approval: None,
        key: None,
        against: Vec::new(),
        cache: None,
    };
    let rendered =
        if has_answers { rebuild_from_answers(&run, released, tell) } else { from_tables(&run, released, tell) };
    let rendered = match rendered {
        Ok(rendered) => rendered,
        Err(error) => {
            if matches!(error, PipelineError::Store(_)) {
                verification.unsealed = difference::of_broken_seal(released);
            }
            verification.rebuilt = Rebuilt::Failed(error);
            return Ok(());
        }
    };
    if rendered.manifest.country != manifest.country {
        let found = &rendered.manifest.country;
        return Err(usage(released, &format!("{} is the folder of {found}", country.display())));
    }
    if has_answers {
        let changes = FileChanges::between(&raw_digests(&manifest.raw), &raw_digests(&rendered.manifest.raw));
        verification.raw = Some(changes);
    }
    let mismatches = compare(released, rendered, wave);
    verification.rebuilt = if has_answers { Rebuilt::FromAnswers(mismatches) } else { Rebuilt::FromTables(mismatches) };
    Ok(())
}

/// The release above its sealed tables.
fn from_tables(run: &Request, released: &Released, tell: &mut dyn FnMut(Event<'_>)) -> Result<Rendered, PipelineError> {
    let sealed = released.files.get(STORE).map(Vec::as_slice).unwrap_or_default();
    let published = Published::open(sealed, &Seal::recorded(&released.manifest.seal))?;
    let statements = released.files.iter().filter(|(path, _)| path.starts_with(STATEMENTS));
    let statements = statements.map(|(path, bytes)| (path.clone(), bytes.clone())).collect();
    rebuild_from_tables(run, &published, released, &statements, tell)
}

/// A draft is made again as a draft, a release as a release, whatever the time.
fn timing(manifest: &RecordedManifest) -> Timing {
    // The moment itself, or a second before it.
    let moment = |seconds: i64| {
        let written = manifest.release_at.as_deref().and_then(codebook::ReleaseMoment::new);
        let at = written.map_or(Timestamp::UNIX_EPOCH, |written| written.at());
        Timestamp::from_second(at.as_second().saturating_add(seconds)).unwrap_or(at)
    };
    match (&manifest.standing, &manifest.embargo_broken) {
        (Some(_), _) => Timing::Draft,
        (None, Some(reason)) => Timing::BreakEmbargo { reason: reason.clone(), now: moment(-1) },
        (None, None) => Timing::Publish(moment(0).max(corrected_by(manifest))),
    }
}

/// A time at which the last correction is public in every zone; manifests of early versions tell of it no moment but the day.
fn corrected_by(manifest: &RecordedManifest) -> Timestamp {
    let days = manifest.errata.iter().filter_map(|erratum| format!("{}T00:00:00Z", erratum.date).parse().ok());
    let last: Timestamp = days.max().unwrap_or(Timestamp::UNIX_EPOCH);
    Timestamp::from_second(last.as_second().saturating_add(2 * 86_400)).unwrap_or(last)
}

fn languages(released: &Released) -> Result<Vec<Language>, PipelineError> {
    let language = |text: &String| Language::new(text).map_err(|error| usage(released, &error.to_string()));
    released.manifest.languages.iter().map(language).collect()
}

fn usage(released: &Released, why: &str) -> PipelineError {
    let (folder, country) = (released.folder.display(), &released.manifest.country);
    PipelineError::Usage { message: format!("{folder} is a release of {country}, but {why}") }
}

/// The files that differ. The manifest that a rebuild gives tells the inputs of today and the version of this program; of those it is not
/// asked here, since changed inputs are told by name, and another version that makes the same files proves them, too. The version that
/// a manifest names is therefore not proved.
fn compare(released: &Released, rendered: Rendered, wave: Option<&Wave>) -> Vec<Mismatch> {
    let Rendered { mut files, mut manifest } = rendered;
    manifest.inputs = released.manifest.inputs.clone();
    manifest.raw = released.manifest.raw.clone();
    manifest.barometer = released.manifest.barometer.clone();
    files.insert(MANIFEST.to_owned(), manifest.bytes());
    mismatches(released, &files, wave)
}

/// The files that are not the same, those first that tell a reader most.
fn mismatches(released: &Released, files: &Files, wave: Option<&Wave>) -> Vec<Mismatch> {
    let mut found = released.files.clone();
    found.insert(MANIFEST.to_owned(), released.manifest_bytes.clone());
    let figures = Figures::of(files, wave);
    let names: BTreeSet<&String> = files.keys().chain(found.keys()).collect();
    let mut mismatches: Vec<Mismatch> = names
        .into_iter()
        .filter(|path| files.get(*path) != found.get(*path))
        .map(|path| {
            let difference = Difference::between(path, (found.get(path), files.get(path)), &figures);
            Mismatch { path: path.clone(), difference }
        })
        .collect();
    mismatches.sort_by_key(|mismatch| mismatch.difference.rank());
    mismatches
}
