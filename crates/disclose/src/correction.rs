//! What an edition shows otherwise than the editions that it corrects.
//!
//! Readers are told the number that stood there before. It was published once, but what this release hides must be nowhere in it, whatever an
//! earlier one showed: so the numbers of earlier editions pass here, too, and come out only for cells that are shown now.

use codebook::{CellName, CellOf, Code, EditionId, RowId, TableId, VariableName, WaveId};
use estimate::Domain;
use serde::{Deserialize, Serialize};

use crate::{Published, Rounded, StoreError, WaveCell};

/// Every cell that an edition, or one before it, shows otherwise than the edition before that.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Corrections {
    corrected: Vec<Corrected>,
}

/// A cell that an edition shows otherwise than the one that it corrects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrected {
    /// The edition that put it right.
    pub edition: EditionId,
    /// The earlier wave that the edition shows beside its own, if it is a cell of that.
    pub wave: Option<WaveId>,
    /// Which.
    pub cell: CellName,
    /// What the edition before showed.
    pub formerly: Formerly,
}

/// What an earlier edition showed of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Formerly {
    /// These numbers.
    Shown(Former),
    /// No number.
    NotShown,
    /// Numbers that may not be told here, since the release does not show the cell.
    Untold,
}

/// A cell of the edition's own wave (`None`) or of an earlier one that it shows beside that.
pub type CellOfWave = (Option<WaveId>, CellName);

/// The numbers that an earlier edition showed; limits where it had them, which what was only printed has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Former {
    estimate: Rounded,
    limits: Option<[Rounded; 2]>,
    n: Option<u64>,
}

impl Former {
    /// From numbers as a release keeps them: units of `10^-decimals`, and decimals.
    #[must_use]
    pub fn new([estimate, low, high]: [(i64, u8); 3], n: u64) -> Self {
        let rounded = |(units, decimals)| Rounded::stored(units, decimals);
        Self { estimate: rounded(estimate), limits: Some([low, high].map(rounded)), n: Some(n) }
    }

    /// A share of an earlier wave as it was printed, with the answers of its base if they were.
    #[must_use]
    pub fn printed((units, decimals): (i64, u8), n: Option<u64>) -> Self {
        Self { estimate: Rounded::stored(units, decimals), limits: None, n }
    }

    /// The estimate.
    #[must_use]
    pub fn estimate(&self) -> Rounded {
        self.estimate
    }

    /// The limits of its interval, the lower one first.
    #[must_use]
    pub fn limits(&self) -> Option<[Rounded; 2]> {
        self.limits
    }

    /// Answers behind it, unweighted.
    #[must_use]
    pub fn n(&self) -> Option<u64> {
        self.n
    }
}

impl Corrections {
    /// What an edition changed, behind what those before it did. `changes` tells of each cell what the edition before showed, if it showed numbers. Of a
    /// cell that `published` does not show nothing is told, in earlier corrections either.
    #[must_use]
    pub fn new(
        earlier: Self,
        edition: EditionId,
        changes: impl IntoIterator<Item = (CellOfWave, Option<Former>)>,
        published: &Published,
    ) -> Self {
        let of_edition = |((wave, cell), former): (CellOfWave, Option<Former>)| {
            let formerly = former.map_or(Formerly::NotShown, Formerly::Shown);
            Corrected { edition, wave, cell, formerly }
        };
        let guarded = |mut corrected: Corrected| {
            if !is_shown(corrected.wave, &corrected.cell, published) {
                corrected.formerly = Formerly::Untold;
            }
            corrected
        };
        let all = earlier.corrected.into_iter().chain(changes.into_iter().map(of_edition));
        Self { corrected: all.map(guarded).collect() }
    }

    /// Each corrected cell, those of the first correction first, in the order of the tables.
    #[must_use]
    pub fn all(&self) -> &[Corrected] {
        &self.corrected
    }

    /// Those of the edition's own wave.
    pub fn own(&self) -> impl Iterator<Item = &Corrected> {
        self.corrected.iter().filter(|corrected| corrected.wave.is_none())
    }

    /// Those of one cell of the edition's own wave.
    pub fn of<'c>(&'c self, cell: CellOf<'c>) -> impl Iterator<Item = &'c Corrected> {
        self.own().filter(move |corrected| corrected.cell.as_ref() == cell)
    }

    /// The bytes to store: JSON, a cell to a line, behind the marks of a draft and of made-up data.
    #[must_use]
    pub fn stored(&self, marks: &[&str]) -> Vec<u8> {
        let lines: Vec<String> =
            self.corrected.iter().map(|it| format!("\n{}", json(&StoredCorrected::from(it)))).collect();
        format!("{{\"corrected\":[{}],\"marks\":{}}}\n", lines.join(","), json(&marks)).into_bytes()
    }

    /// Reads what [`Corrections::stored`] gave.
    ///
    /// # Errors
    /// When it is of another version.
    pub fn from_stored(bytes: &[u8]) -> Result<Self, StoreError> {
        let stored: Stored = serde_json::from_slice(bytes)?;
        Ok(Self { corrected: stored.corrected.into_iter().map(StoredCorrected::read).collect::<Result<_, _>>()? })
    }
}

fn is_shown(wave: Option<WaveId>, cell: &CellName, published: &Published) -> bool {
    let domain = match &cell.group {
        None => Domain::Total,
        Some((breakdown, code)) => Domain::Group { breakdown: breakdown.clone(), code: code.clone() },
    };
    if let Some(wave) = wave {
        return match published.in_wave(wave, &cell.table, &cell.row, &domain) {
            WaveCell::Counted(cell) => cell.figures().is_some(),
            WaveCell::Printed(..) => true,
            WaveCell::Absent => false,
        };
    }
    let found = published.table(&cell.table).and_then(|table| table.cell(&cell.row, &domain));
    found.is_some_and(|cell| cell.figures().is_some())
}

fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("texts and whole numbers can always be written as JSON")
}

#[derive(Deserialize)]
struct Stored {
    corrected: Vec<StoredCorrected>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredCorrected {
    edition: String,
    formerly: StoredFormerly,
    group: Option<(String, String)>,
    row: String,
    table: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    wave: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredFormerly {
    Shown {
        estimate: (i64, u8),
        #[serde(default, skip_serializing_if = "Option::is_none")]
        low: Option<(i64, u8)>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        high: Option<(i64, u8)>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        n: Option<u64>,
    },
    NotShown,
    Untold,
}

impl From<&Corrected> for StoredCorrected {
    fn from(corrected: &Corrected) -> Self {
        let pair = |rounded: Rounded| (rounded.units(), rounded.decimals());
        let formerly = match corrected.formerly {
            Formerly::Shown(Former { estimate, limits, n }) => {
                let [low, high] = limits.map_or([None, None], |limits| limits.map(|limit| Some(pair(limit))));
                StoredFormerly::Shown { estimate: pair(estimate), low, high, n }
            }
            Formerly::NotShown => StoredFormerly::NotShown,
            Formerly::Untold => StoredFormerly::Untold,
        };
        let cell = &corrected.cell;
        Self {
            edition: corrected.edition.to_string(),
            formerly,
            group: cell.group.as_ref().map(|(breakdown, code)| (breakdown.to_string(), code.to_string())),
            row: cell.row.to_string(),
            table: cell.table.to_string(),
            wave: corrected.wave.map(|wave| wave.to_string()),
        }
    }
}

impl StoredCorrected {
    fn read(self) -> Result<Corrected, StoreError> {
        let formerly = match self.formerly {
            StoredFormerly::Shown { estimate, low, high, n } => {
                let rounded = |(units, decimals)| Rounded::stored(units, decimals);
                let limits = low.zip(high).map(|(low, high)| [low, high].map(rounded));
                Formerly::Shown(Former { estimate: rounded(estimate), limits, n })
            }
            StoredFormerly::NotShown => Formerly::NotShown,
            StoredFormerly::Untold => Formerly::Untold,
        };
        let group = match self.group {
            Some((breakdown, code)) => Some((VariableName::new(&breakdown)?, Code::new(&code)?)),
            None => None,
        };
        let cell = CellName { table: TableId::new(&self.table)?, row: RowId::new(&self.row)?, group };
        let wave = self.wave.as_deref().map(WaveId::new).transpose()?;
        Ok(Corrected { edition: EditionId::new(&self.edition)?, wave, cell, formerly })
    }
}
