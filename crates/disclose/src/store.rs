//! The sealed store: how [`Published`] rests on disk between runs.
//!
//! The form on disk has types of its own, private to this file, so that [`Published`] itself cannot be read from anywhere
//! else. It is JSON with sorted keys, a table to a line, whole numbers only: the same release gives the same bytes, and a
//! person can compare two of them with `diff`.

mod coverage;
mod fieldwork;
mod inference;
mod quality;
mod series;

use codebook::{ClaimId, Code, NameError, RowId, TableId, ThemeId, VariableName, WaveId};
use estimate::Domain;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use coverage::StoredUnweighted;
use fieldwork::StoredFieldwork;
use inference::{StoredFamily, StoredLate, StoredMethod};
use series::{StoredBackTested, StoredWave};

use crate::{
    Cell, Figures, Hidden, Published, PublishedTable, Quality, Rounded, Rules, Verdict, VerdictKind, Withheld,
};

/// The number of the form on disk; it grows when the form changes.
const FORM: u32 = 7;

/// The SHA-256 of a stored [`Published`], in small hexadecimal letters. The manifest keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal(String);

impl Seal {
    /// The seal as the manifest shows it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A seal that a manifest recorded.
    #[must_use]
    pub fn recorded(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// Why a stored release cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Its bytes are not those that were sealed.
    #[error("the published tables were changed after they were sealed: found {found}, sealed {sealed}")]
    Broken {
        /// The hash of what is there.
        found: String,
        /// The hash in the manifest.
        sealed: String,
    },
    /// It is of another version of the program.
    #[error("the published tables are not in a form that this version reads: {0}")]
    Form(#[from] serde_json::Error),
    /// It is of a version of the program that knows other checks or other reasons to leave a row out.
    #[error("the published tables hold a word that this version does not know: {0}")]
    Word(String),
    /// It is of a version of the program that admitted other names.
    #[error("the published tables hold a name that this version does not admit: {0}")]
    Name(#[from] NameError),
}

impl Published {
    /// The bytes to store, and their seal. JSON with sorted keys, one line per table; integers only.
    #[must_use]
    pub fn seal(&self) -> (Vec<u8>, Seal) {
        let bytes = Stored::from(self).lines().into_bytes();
        let seal = Seal::of(&bytes);
        (bytes, seal)
    }

    /// Opens what [`Published::seal`] stored.
    ///
    /// # Errors
    /// When the bytes are not those that were sealed, or are of another version.
    pub fn open(stored: &[u8], seal: &Seal) -> Result<Self, StoreError> {
        let found = Seal::of(stored);
        if found != *seal {
            return Err(StoreError::Broken { found: found.0, sealed: seal.0.clone() });
        }
        serde_json::from_slice::<Stored>(stored)?.published()
    }
}

// Fields stand in alphabetical order, which is the order of the keys on disk.

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    back_tests: Vec<StoredBackTested>,
    earlier: Vec<StoredWave>,
    families: Vec<StoredFamily>,
    fieldwork: StoredFieldwork,
    form: u32,
    late: Vec<StoredLate>,
    method: StoredMethod,
    rules: Rules,
    synthetic: bool,
    tables: Vec<StoredTable>,
    unweighted: Vec<StoredUnweighted>,
    verdicts: Vec<StoredVerdict>,
    wave: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredTable {
    cells: Vec<Vec<StoredCell>>,
    domains: Vec<StoredDomain>,
    id: String,
    rows: Vec<String>,
    withheld: Vec<StoredWithheld>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredDomain {
    Total,
    Group { breakdown: String, code: String },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredCell {
    Shown(StoredFigures),
    Flagged(StoredFigures, StoredQuality),
    Hidden(StoredHidden),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredFigures {
    estimate: StoredRounded,
    high: StoredRounded,
    low: StoredRounded,
    n: u64,
    se: StoredRounded,
}

/// Units and decimals.
type StoredRounded = (i64, u8);

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredQuality {
    FewAnswers,
    Imprecise,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredHidden {
    Confidential,
    Unreliable,
    Empty,
    NotEstimable,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredWithheld {
    breakdown: Option<String>,
    why: StoredHidden,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredVerdict {
    claim: String,
    kind: StoredVerdictKind,
    theme: String,
    wording: usize,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredVerdictKind {
    Holds,
    Fails { because: String },
    Refused(StoredHidden),
}

impl Stored {
    /// The whole release as JSON, with each family, each table and each verdict on a line of its own.
    fn lines(&self) -> String {
        format!(
            "{{\"back_tests\":{},\"earlier\":{},\"families\":{},\"fieldwork\":{},\"form\":{},\"late\":{},\"method\":{},\"rules\":{},\"synthetic\":{},\"tables\":{},\
             \"unweighted\":{},\"verdicts\":{},\"wave\":{}}}\n",
            json_lines(&self.back_tests),
            json_lines(&self.earlier),
            json_lines(&self.families),
            json(&self.fieldwork),
            json(&self.form),
            json_lines(&self.late),
            json(&self.method),
            json(&self.rules),
            json(&self.synthetic),
            json_lines(&self.tables),
            json_lines(&self.unweighted),
            json_lines(&self.verdicts),
            json(&self.wave),
        )
    }

    fn published(self) -> Result<Published, StoreError> {
        if self.form != FORM {
            let message = format!("it has form {}, this version reads form {FORM}", self.form);
            return Err(StoreError::Form(serde::de::Error::custom(message)));
        }
        let (method, level) = self.method.published()?;
        Ok(Published {
            wave: WaveId::new(&self.wave)?,
            synthetic: self.synthetic,
            rules: self.rules,
            method,
            level,
            families: self.families.into_iter().map(StoredFamily::published).collect::<Result<_, _>>()?,
            late: self.late.into_iter().map(StoredLate::published).collect::<Result<_, _>>()?,
            tables: self.tables.into_iter().map(StoredTable::published).collect::<Result<_, _>>()?,
            unweighted: self.unweighted.into_iter().map(StoredUnweighted::published).collect::<Result<_, _>>()?,
            verdicts: self.verdicts.into_iter().map(StoredVerdict::published).collect::<Result<_, _>>()?,
            fieldwork: self.fieldwork.published()?,
            earlier: self.earlier.into_iter().map(StoredWave::published).collect::<Result<_, _>>()?,
            back_tests: self.back_tests.into_iter().map(StoredBackTested::published).collect::<Result<_, _>>()?,
        })
    }
}

fn pair(rounded: Rounded) -> StoredRounded {
    (rounded.units(), rounded.decimals())
}

fn rounded((units, decimals): StoredRounded) -> Rounded {
    Rounded::stored(units, decimals)
}

fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("texts and whole numbers can always be written as JSON")
}

fn json_lines<T: Serialize>(values: &[T]) -> String {
    let lines: Vec<String> = values.iter().map(|value| format!("\n{}", json(value))).collect();
    format!("[{}]", lines.join(","))
}

impl From<&Published> for Stored {
    fn from(published: &Published) -> Self {
        Self {
            back_tests: published.back_tests.iter().map(StoredBackTested::from).collect(),
            earlier: published.earlier.iter().map(StoredWave::from).collect(),
            families: published.families.iter().map(StoredFamily::from).collect(),
            fieldwork: StoredFieldwork::from(&published.fieldwork),
            form: FORM,
            late: published.late.iter().map(StoredLate::from).collect(),
            method: StoredMethod::of(published.method, published.level),
            rules: published.rules,
            synthetic: published.synthetic,
            tables: published.tables.iter().map(StoredTable::from).collect(),
            unweighted: published.unweighted.iter().map(StoredUnweighted::from).collect(),
            verdicts: published.verdicts.iter().map(StoredVerdict::from).collect(),
            wave: published.wave.to_string(),
        }
    }
}

impl From<&PublishedTable> for StoredTable {
    fn from(table: &PublishedTable) -> Self {
        let PublishedTable { id, domains, rows, cells, withheld } = table;
        Self {
            cells: cells.iter().map(|row| row.iter().map(StoredCell::from).collect()).collect(),
            domains: domains.iter().map(StoredDomain::from).collect(),
            id: id.to_string(),
            rows: rows.iter().map(RowId::to_string).collect(),
            withheld: withheld.iter().map(StoredWithheld::from).collect(),
        }
    }
}

impl StoredTable {
    fn published(self) -> Result<PublishedTable, StoreError> {
        let has_every_cell =
            self.cells.len() == self.rows.len() && self.cells.iter().all(|row| row.len() == self.domains.len());
        if !has_every_cell {
            let message = format!("table {} lacks cells or has too many", self.id);
            return Err(StoreError::Form(serde::de::Error::custom(message)));
        }
        let cells = |row: Vec<StoredCell>| row.into_iter().map(StoredCell::published).collect();
        Ok(PublishedTable {
            id: TableId::new(&self.id)?,
            domains: self.domains.into_iter().map(StoredDomain::published).collect::<Result<_, _>>()?,
            rows: self.rows.iter().map(|row| RowId::new(row)).collect::<Result<_, _>>()?,
            cells: self.cells.into_iter().map(cells).collect(),
            withheld: self.withheld.into_iter().map(StoredWithheld::published).collect::<Result<_, _>>()?,
        })
    }
}

impl From<&Domain> for StoredDomain {
    fn from(domain: &Domain) -> Self {
        match domain {
            Domain::Total => Self::Total,
            Domain::Group { breakdown, code } => {
                Self::Group { breakdown: breakdown.to_string(), code: code.to_string() }
            }
        }
    }
}

impl StoredDomain {
    fn published(self) -> Result<Domain, NameError> {
        Ok(match self {
            Self::Total => Domain::Total,
            Self::Group { breakdown, code } => {
                Domain::Group { breakdown: VariableName::new(&breakdown)?, code: Code::new(&code)? }
            }
        })
    }
}

impl From<&Cell> for StoredCell {
    fn from(cell: &Cell) -> Self {
        match cell {
            Cell::Shown(figures) => Self::Shown(figures.into()),
            Cell::Flagged(figures, quality) => Self::Flagged(figures.into(), (*quality).into()),
            Cell::Hidden(why) => Self::Hidden((*why).into()),
        }
    }
}

impl StoredCell {
    fn published(self) -> Cell {
        match self {
            Self::Shown(figures) => Cell::Shown(figures.published()),
            Self::Flagged(figures, quality) => Cell::Flagged(figures.published(), quality.published()),
            Self::Hidden(why) => Cell::Hidden(why.published()),
        }
    }
}

impl From<&Figures> for StoredFigures {
    fn from(figures: &Figures) -> Self {
        let Figures { estimate, se, low, high, n } = figures;
        Self { estimate: pair(*estimate), high: pair(*high), low: pair(*low), n: *n, se: pair(*se) }
    }
}

impl StoredFigures {
    fn published(self) -> Figures {
        let Self { estimate, high, low, n, se } = self;
        Figures { estimate: rounded(estimate), se: rounded(se), low: rounded(low), high: rounded(high), n }
    }
}

impl From<Quality> for StoredQuality {
    fn from(quality: Quality) -> Self {
        match quality {
            Quality::FewAnswers => Self::FewAnswers,
            Quality::Imprecise => Self::Imprecise,
        }
    }
}

impl StoredQuality {
    fn published(self) -> Quality {
        match self {
            Self::FewAnswers => Quality::FewAnswers,
            Self::Imprecise => Quality::Imprecise,
        }
    }
}

impl From<Hidden> for StoredHidden {
    fn from(why: Hidden) -> Self {
        match why {
            Hidden::Confidential => Self::Confidential,
            Hidden::Unreliable => Self::Unreliable,
            Hidden::Empty => Self::Empty,
            Hidden::NotEstimable => Self::NotEstimable,
        }
    }
}

impl StoredHidden {
    fn published(self) -> Hidden {
        match self {
            Self::Confidential => Hidden::Confidential,
            Self::Unreliable => Hidden::Unreliable,
            Self::Empty => Hidden::Empty,
            Self::NotEstimable => Hidden::NotEstimable,
        }
    }
}

impl From<&Withheld> for StoredWithheld {
    fn from(withheld: &Withheld) -> Self {
        Self { breakdown: withheld.breakdown.as_ref().map(VariableName::to_string), why: withheld.why.into() }
    }
}

impl StoredWithheld {
    fn published(self) -> Result<Withheld, NameError> {
        let breakdown = self.breakdown.map(|breakdown| VariableName::new(&breakdown)).transpose()?;
        Ok(Withheld { breakdown, why: self.why.published() })
    }
}

impl From<&Verdict> for StoredVerdict {
    fn from(verdict: &Verdict) -> Self {
        let Verdict { theme, claim, wording, kind, instead: _ } = verdict;
        let kind = match kind {
            VerdictKind::Holds => StoredVerdictKind::Holds,
            VerdictKind::Fails { because } => StoredVerdictKind::Fails { because: because.clone() },
            VerdictKind::Refused(why) => StoredVerdictKind::Refused((*why).into()),
        };
        Self { claim: claim.to_string(), kind, theme: theme.to_string(), wording: *wording }
    }
}

impl StoredVerdict {
    fn published(self) -> Result<Verdict, NameError> {
        let kind = match self.kind {
            StoredVerdictKind::Holds => VerdictKind::Holds,
            StoredVerdictKind::Fails { because } => VerdictKind::Fails { because },
            StoredVerdictKind::Refused(why) => VerdictKind::Refused(why.published()),
        };
        Ok(Verdict {
            theme: ThemeId::new(&self.theme)?,
            claim: ClaimId::new(&self.claim)?,
            wording: self.wording,
            kind,
            instead: Vec::new(),
        })
    }
}
