//! The manifest of a comparison: what it was made from, and what it consists of. Keys that it shares with an edition's mean the same.

use codebook::{CountryComparison, Language, Standing};
use disclose::ComparedTables;
use serde::{Deserialize, Serialize};

use crate::manifest::{CorrectedEdition, ManifestErratum, ManifestFile, digest};
use crate::run::Files;

/// What `kind` says of a comparison; an edition's manifest has no such key.
pub(crate) const KIND: &str = "comparison";

/// A release that numbers were taken from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UsedRelease {
    /// The country.
    pub(crate) country: String,
    /// The edition.
    pub(crate) edition: String,
    /// The digest of its manifest.
    pub(crate) manifest: String,
    /// The seal of its published tables.
    pub(crate) seal: String,
}

/// The manifest of a comparison.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct ComparisonManifest {
    /// The version of the program.
    pub(crate) barometer: String,
    /// That it is a comparison.
    kind: &'static str,
    /// The comparison's folder name.
    country: String,
    /// Its year.
    wave: u16,
    /// Its edition.
    edition: String,
    /// The edition that it takes the place of.
    #[serde(skip_serializing_if = "Option::is_none")]
    corrects: Option<CorrectedEdition>,
    /// What it and earlier editions corrected.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errata: Vec<ManifestErratum>,
    /// The day of publication; of a corrected edition, that of its errata.
    published: String,
    /// The moment from which everybody may see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    release_at: Option<String>,
    /// `draft` if it is not for everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    standing: Option<String>,
    /// Why it is public before its moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) embargo_broken: Option<String>,
    /// `SYNTHETIC` if everything in it is made up.
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<String>,
    /// The languages rendered.
    languages: Vec<String>,
    /// The version of the shared questionnaire.
    core: String,
    /// The digest of its cells in its first rendered language.
    seal: String,
    /// Every file that was read, its countries' as `../abc/published.csv`.
    pub(crate) inputs: Vec<ManifestFile>,
    /// No raw file is read.
    raw: Vec<ManifestFile>,
    /// The releases that numbers were taken from, in the order of their names in the comparison.
    pub(super) releases: Vec<UsedRelease>,
    /// Every file written but this one.
    outputs: Vec<ManifestFile>,
}

impl ComparisonManifest {
    /// The manifest of `files`, whose cells in the first language rendered are `cells`.
    pub(super) fn new(
        comparison: &CountryComparison,
        languages: &[Language],
        (embargo_broken, corrects): (Option<String>, Option<CorrectedEdition>),
        inputs: Vec<ManifestFile>,
        releases: Vec<UsedRelease>,
        compared: &ComparedTables,
        (cells, files): (&str, &Files),
    ) -> Self {
        let is_synthetic = comparison.demonstration || compared.synthetic();
        let (edited, edition) = (comparison.edited(), comparison.edition_id());
        Self {
            barometer: env!("CARGO_PKG_VERSION").to_owned(),
            kind: KIND,
            country: comparison.id.to_string(),
            wave: comparison.year.year(),
            edition: edition.to_string(),
            corrects,
            errata: comparison.errata.iter().map(ManifestErratum::of).collect(),
            published: edited.day_of(edition).to_string(),
            release_at: edited.moment_of(edition).map(|moment| moment.as_str().to_owned()),
            standing: (comparison.standing == Standing::Draft).then(|| "draft".to_owned()),
            embargo_broken,
            data: is_synthetic.then(|| "SYNTHETIC".to_owned()),
            languages: languages.iter().map(ToString::to_string).collect(),
            core: comparison.core.version().to_owned(),
            seal: files.get(cells).map(|bytes| digest(bytes)).unwrap_or_default(),
            inputs,
            raw: Vec::new(),
            releases,
            outputs: files.iter().map(|(path, bytes)| ManifestFile::of(path, bytes)).collect(),
        }
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).expect("a manifest holds only texts and numbers");
        bytes.push(b'\n');
        bytes
    }
}
