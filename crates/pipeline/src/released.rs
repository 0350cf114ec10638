//! A release as it lies on the disk, whoever made it and whatever has happened to it since.
//!
//! What is read here has types of its own, and no room takes them for numbers that may be published: a figure of an old release can be
//! compared and named, but not rendered. A manifest is read for what it must tell and no more, so that editions of other versions of the
//! program can still be checked against each other.

mod figures;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use codebook::{Finding, Place};
use serde::Deserialize;

pub use figures::{FigureName, ReleasedFigures, ReleasedNumber};
pub(crate) use figures::{FigureState, ReleasedTables};

use crate::PipelineError;
use crate::comparison::{KIND, UsedRelease};
use crate::load::shown;
use crate::manifest::{CorrectedEdition, MANIFEST, ManifestErratum, ManifestFile, RawManifestFile, STORE, digest};
use crate::verify::FileChanges;

/// A release, read whole.
#[derive(Debug, Clone)]
pub(crate) struct Released {
    /// Its folder, as it was named.
    pub(crate) folder: PathBuf,
    /// What its manifest says.
    pub(crate) manifest: RecordedManifest,
    /// The manifest's bytes.
    pub(crate) manifest_bytes: Vec<u8>,
    /// Every file in the folder but the manifest, by its path, with `/`.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
}

/// What a manifest tells of how its release was made.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct RecordedManifest {
    /// The version of the program.
    pub(crate) barometer: String,
    /// What it is, if it is no edition of a country: `comparison`.
    pub(crate) kind: Option<String>,
    /// The country's folder name.
    pub(crate) country: String,
    /// The wave's year.
    pub(crate) wave: u16,
    /// The edition; versions that knew only first ones do not tell it.
    pub(crate) edition: Option<String>,
    /// The edition that it takes the place of.
    pub(crate) corrects: Option<CorrectedEdition>,
    /// What it and earlier editions corrected.
    #[serde(default)]
    pub(crate) errata: Vec<ManifestErratum>,
    /// The day of publication.
    pub(crate) published: String,
    /// The moment from which everybody may see it.
    pub(crate) release_at: Option<String>,
    /// `draft` if it is not for everybody.
    pub(crate) standing: Option<String>,
    /// Why it is public before its moment.
    pub(crate) embargo_broken: Option<String>,
    /// `SYNTHETIC` if everything in the release is made up.
    pub(crate) data: Option<String>,
    /// The languages rendered.
    pub(crate) languages: Vec<String>,
    /// The rules of disclosure control that were applied.
    pub(crate) rules: Option<RecordedRules>,
    /// How sure its intervals are; a comparison has those of its members.
    pub(crate) method: Option<RecordedMethod>,
    /// The seal of the published tables.
    pub(crate) seal: String,
    /// The releases that a comparison takes numbers from.
    #[serde(default)]
    pub(crate) releases: Vec<UsedRelease>,
    /// Every file of the country that was read.
    pub(crate) inputs: Vec<ManifestFile>,
    /// Every raw data file that was read.
    pub(crate) raw: Vec<RawManifestFile>,
    /// Every file that was written.
    pub(crate) outputs: Vec<ManifestFile>,
}

/// How sure the intervals of a release are.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub(crate) struct RecordedMethod {
    /// The confidence level.
    pub(crate) confidence_level: f64,
}

/// The rules of disclosure control of a release.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub(crate) struct RecordedRules {
    /// Contributors that the base of a cell needs.
    pub(crate) smallest_base: u64,
}

impl RecordedManifest {
    /// The edition: the wave, where an early version of the program did not tell it.
    pub(crate) fn edition(&self) -> String {
        self.edition.clone().unwrap_or_else(|| self.wave.to_string())
    }
}

impl Released {
    /// Reads the release in `folder`.
    ///
    /// # Errors
    /// When it is no release, or cannot be read; a finding when its manifest is not one.
    pub(crate) fn open(folder: &Path) -> Result<Self, PipelineError> {
        let path = folder.join(MANIFEST);
        if !path.is_file() {
            let message = format!(
                "{} is no release: there is no {MANIFEST} in it; name a folder such as out/abc/2019",
                folder.display()
            );
            return Err(PipelineError::Usage { message });
        }
        let mut files = BTreeMap::new();
        read_below(folder, "", &mut files)?;
        let manifest_bytes = files.remove(MANIFEST).unwrap_or_default();
        let manifest =
            serde_json::from_slice(&manifest_bytes).map_err(|error| unreadable(&path, "not-a-manifest", &error))?;
        Ok(Self { folder: folder.to_path_buf(), manifest, manifest_bytes, files })
    }

    /// Its published tables; `None` if the release does not keep them.
    ///
    /// # Errors
    /// A finding when they are in a form that this version does not read.
    pub(crate) fn tables(&self) -> Result<Option<ReleasedTables>, PipelineError> {
        let Some(bytes) = self.files.get(STORE) else { return Ok(None) };
        let tables = ReleasedTables::read(bytes);
        tables.map(Some).map_err(|error| unreadable(&self.folder.join(STORE), "not-published-tables", &error))
    }

    /// Whether it is a comparison over countries, and no edition of one.
    pub(crate) fn is_comparison(&self) -> bool {
        self.manifest.kind.as_deref() == Some(KIND)
    }

    /// What is not as its manifest lists it.
    pub(crate) fn against_manifest(&self) -> FileChanges {
        let recorded = self.manifest.outputs.iter().map(|file| (file.path.as_str(), file.sha256.clone())).collect();
        let found = self.files.iter().map(|(path, bytes)| (path.as_str(), digest(bytes))).collect();
        FileChanges::between(&recorded, &found)
    }

    /// The folder of the release that holds this file: the nearest one above it with a manifest.
    pub(crate) fn around(file: &Path) -> Option<&Path> {
        file.ancestors().skip(1).find(|folder| folder.join(MANIFEST).is_file())
    }
}

/// A file of a release that is not what it should be.
fn unreadable(path: &Path, code: &'static str, error: &serde_json::Error) -> PipelineError {
    let clamp = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let place = Place::Text { file: shown(path), line: clamp(error.line()), column: clamp(error.column()) };
    let message = format!("this is not what a release keeps here: {error}");
    let finding = Finding::error(place, code, message);
    PipelineError::Damaged(Box::new(finding.hint("build the release again, or take an unchanged copy of it")))
}

/// Every file below a folder, by its path from the release.
fn read_below(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) -> Result<(), PipelineError> {
    for entry in fs::read_dir(folder).map_err(PipelineError::read(folder))? {
        let entry = entry.map_err(PipelineError::read(folder))?;
        let (path, name) = (entry.path(), format!("{prefix}{}", entry.file_name().to_string_lossy()));
        if entry.file_type().map_err(PipelineError::read(&path))?.is_symlink() {
            // What it leads to may change while nothing in the release does.
            let place = Place::File { file: shown(&path) };
            let finding = Finding::error(place, "link", "this is a link, and a release holds its files itself");
            let finding = finding.hint("put the file in its place, or build the release again");
            return Err(PipelineError::Damaged(Box::new(finding)));
        }
        if path.is_dir() {
            read_below(&path, &format!("{name}/"), files)?;
        } else if path.is_file() {
            files.insert(name, fs::read(&path).map_err(PipelineError::read(&path))?);
        } else {
            let why = std::io::Error::new(std::io::ErrorKind::InvalidInput, "it is neither a file nor a folder");
            return Err(PipelineError::read(&path)(why));
        }
    }
    Ok(())
}
