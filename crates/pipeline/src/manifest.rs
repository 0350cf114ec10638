//! The manifest: what a release was made from, and what it consists of.

use std::fmt::Write;

use codebook::{ConfidenceLevel, Erratum};
use disclose::{Family, Published, Rules, Test, TestKind};
use estimate::{Adjustment, Degrees, IntervalMethod};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The manifest's path below a release.
pub(crate) const MANIFEST: &str = "manifest.json";
/// The path of the sealed tables below a release.
pub(crate) const STORE: &str = "provenance/published.json";
/// The path of what differs from earlier editions below a release; the first edition has none.
pub(crate) const CORRECTIONS: &str = "provenance/corrections.json";
/// The folder of the SQL statements below a release.
pub(crate) const STATEMENTS: &str = "provenance/sql/";

/// What a release was made from and what it consists of. It holds no clock, host, user or absolute path, so that the same
/// inputs give the same manifest anywhere.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Manifest {
    /// The version of the program.
    pub(crate) barometer: String,
    /// The country's folder name.
    pub(crate) country: String,
    /// The wave's year.
    pub(crate) wave: u16,
    /// The edition: the wave's year, with the number of its correction.
    pub(crate) edition: String,
    /// The edition that it takes the place of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) corrects: Option<CorrectedEdition>,
    /// What it and earlier editions corrected.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) errata: Vec<ManifestErratum>,
    /// The day of publication.
    pub(crate) published: String,
    /// The moment from which everybody may see it, as the wave's file writes it; of a corrected edition, that of its errata.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) release_at: Option<String>,
    /// `draft` if it is not for everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) standing: Option<String>,
    /// Why it is public before its moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) embargo_broken: Option<String>,
    /// `SYNTHETIC` if everything in the release is made up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) data: Option<String>,
    /// The languages rendered.
    pub(crate) languages: Vec<String>,
    /// The rules of disclosure control that were applied.
    pub(crate) rules: Rules,
    /// How estimates and their intervals were made.
    pub(crate) method: ManifestMethod,
    /// What the sentences of each theme test, in the order of the pages.
    pub(crate) families: Vec<ManifestFamily>,
    /// The seal of `provenance/published.json`.
    pub(crate) seal: String,
    /// Every file of the country that was read.
    pub(crate) inputs: Vec<ManifestFile>,
    /// Every raw data file that was read.
    pub(crate) raw: Vec<RawManifestFile>,
    /// Every file written but this one.
    pub(crate) outputs: Vec<ManifestFile>,
}

/// How estimates and their intervals were made.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct ManifestMethod {
    /// The confidence level.
    pub(crate) confidence_level: f64,
    /// How the interval of a share is made.
    pub(crate) shares: &'static str,
    /// What degrees of freedom count.
    pub(crate) degrees: &'static str,
}

/// The tests of one theme page, without what came of them: they are those that the theme's file lists, whatever the data say.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct ManifestFamily {
    /// The theme.
    pub(crate) theme: String,
    /// The level, below which an adjusted p value must be.
    pub(crate) level: f64,
    /// What is done about the number of tests.
    pub(crate) adjustment: &'static str,
    /// How many there are.
    pub(crate) tests: usize,
    /// The claim that each is made for, in the order of the theme's file.
    pub(crate) claims: Vec<ManifestTest>,
}

/// One test of a family.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct ManifestTest {
    /// The claim.
    pub(crate) claim: String,
    /// The test's name.
    pub(crate) test: &'static str,
}

impl ManifestMethod {
    pub(crate) fn of(published: &Published) -> Self {
        let method = published.method();
        let shares = match method.shares {
            IntervalMethod::T => "t",
            IntervalMethod::Xlogit => "xlogit",
            IntervalMethod::Beta => "beta",
            IntervalMethod::KornGraubard => "korn-graubard",
            IntervalMethod::Wilson => "wilson",
            IntervalMethod::Asin => "asin",
        };
        let degrees = match method.degrees {
            Degrees::Domain => "domain",
            Degrees::Design => "design",
            Degrees::Subset => "subset",
        };
        Self { confidence_level: published.level().as_f64(), shares, degrees }
    }
}

impl ManifestFamily {
    pub(crate) fn of(family: &Family, level: ConfidenceLevel) -> Self {
        let adjustment = match family.adjustment() {
            Adjustment::None => "none",
            Adjustment::Holm => "holm",
            Adjustment::BenjaminiHochberg => "benjamini-hochberg",
        };
        Self {
            theme: family.theme().to_string(),
            level: level.test_level(),
            adjustment,
            tests: family.tests().len(),
            claims: family.tests().iter().map(ManifestTest::of).collect(),
        }
    }
}

impl ManifestTest {
    fn of(test: &Test) -> Self {
        let name = match test.kind() {
            TestKind::Difference => "design-based t test of a difference",
            TestKind::RowDifference => "design-based t tests of the differences to each other row",
            TestKind::Change => "t test of the change since an earlier wave, of independent samples",
            TestKind::LogOdds => "design-based t test of the log odds",
        };
        Self { claim: test.claim().to_string(), test: name }
    }
}

/// The edition that another one takes the place of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CorrectedEdition {
    /// Its name, and that of its folder.
    pub(crate) edition: String,
    /// The seal of its published tables.
    pub(crate) seal: String,
}

/// One erratum; the page of errata tells it in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ManifestErratum {
    /// Its name.
    pub(crate) id: String,
    /// The edition that puts it right.
    pub(crate) edition: String,
    /// The day on which that became public.
    pub(crate) date: String,
    /// What kind of change it is.
    pub(crate) kind: String,
    /// Why the edition is public though an earlier one tells what it hides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) known_before: Option<String>,
}

impl ManifestErratum {
    /// The entry of an erratum.
    pub(crate) fn of(erratum: &Erratum) -> Self {
        Self {
            id: erratum.id.to_string(),
            edition: erratum.edition.to_string(),
            date: erratum.date.to_string(),
            kind: erratum.kind.as_str().to_owned(),
            known_before: erratum.known_before.clone(),
        }
    }
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ManifestFile {
    /// Its path below the country's folder, or below the release.
    pub(crate) path: String,
    /// Its SHA-256, in small hexadecimal letters.
    pub(crate) sha256: String,
}

/// One raw data file. An export has no order of its own: a survey tool may give the same answers in another one, and the
/// release is then the same. So the digest of delimited text is over the set of its records. A workbook is one record: its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RawManifestFile {
    /// Its name in the folder of raw files.
    pub(crate) path: String,
    /// Its records, the header included.
    pub(crate) records: u64,
    /// The SHA-256 of the header's SHA-256 and the sorted SHA-256 of all other records, each over its fields with their lengths.
    pub(crate) records_sha256: String,
}

impl RawManifestFile {
    /// The entry of a file with this delimiter.
    pub(crate) fn of(path: &str, bytes: &[u8], delimiter: char) -> Self {
        if !ingest::is_delimited(path, bytes) {
            let digest = Sha256::digest(Sha256::digest(bytes));
            return Self { path: path.to_owned(), records: 1, records_sha256: hexadecimal(&digest) };
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(u8::try_from(delimiter).unwrap_or(b','))
            .flexible(true)
            .has_headers(false)
            .from_reader(bytes);
        let mut digests: Vec<[u8; 32]> = reader
            .byte_records()
            .map_while(Result::ok)
            .map(|record| {
                let mut hash = Sha256::new();
                for field in &record {
                    hash.update(u64::try_from(field.len()).unwrap_or(u64::MAX).to_le_bytes());
                    hash.update(field);
                }
                hash.finalize().into()
            })
            .collect();
        if let Some((_, rest)) = digests.split_first_mut() {
            rest.sort_unstable();
        }
        let records = u64::try_from(digests.len()).unwrap_or(u64::MAX);
        let of_all = digests.iter().fold(Sha256::new(), |of_all, digest| of_all.chain_update(digest)).finalize();
        Self { path: path.to_owned(), records, records_sha256: hexadecimal(&of_all) }
    }
}

impl ManifestFile {
    /// The entry of a file.
    pub(crate) fn of(path: impl Into<String>, bytes: &[u8]) -> Self {
        Self { path: path.into(), sha256: digest(bytes) }
    }
}

/// The SHA-256 of some bytes, in small hexadecimal letters.
pub(crate) fn digest(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        text
    })
}

impl Manifest {
    /// The digest that an approval names: that of the manifest, whatever the reason for which an embargo is broken.
    pub(crate) fn approvable(&self) -> String {
        digest(&Self { embargo_broken: None, ..self.clone() }.bytes())
    }

    /// The file's bytes.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).expect("a manifest holds only texts and numbers");
        bytes.push(b'\n');
        bytes
    }
}
