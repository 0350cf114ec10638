//! What an edition of a comparison shows otherwise than the editions that it corrects.
//!
//! As for an edition of a country, the number that stood before is told only where one stands now: what a member hides today is nowhere in what is made today,
//! whatever an earlier edition showed of it.

use codebook::{ComparedId, EditionId, NameError, RowId, TableId};
use serde::{Deserialize, Serialize};

use crate::{ComparedTables, Rounded, StoreError};

/// Every cell that an edition of a comparison, or one before it, shows otherwise than the edition before that.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ComparedCorrections {
    corrected: Vec<ComparedCorrection>,
}

/// A cell that an edition shows otherwise than the one that it corrects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedCorrection {
    /// The edition that put it right.
    pub edition: EditionId,
    /// The table.
    pub table: TableId,
    /// The row.
    pub row: RowId,
    /// The member whose cell it is.
    pub of: ComparedId,
    /// What the edition before showed.
    pub formerly: FormerlyCompared,
}

/// What an earlier edition showed of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormerlyCompared {
    /// These numbers.
    Shown(FormerCell),
    /// No number.
    NotShown,
    /// Numbers that may not be told here, since the cell shows none now.
    Untold,
}

/// The numbers that an earlier edition showed; limits and answers where it had them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormerCell {
    estimate: Rounded,
    limits: Option<[Rounded; 2]>,
}

impl FormerCell {
    /// From numbers as a release keeps them: units of `10^-decimals`, and decimals.
    #[must_use]
    pub fn new(estimate: (i64, u8), limits: Option<[(i64, u8); 2]>) -> Self {
        let rounded = |(units, decimals)| Rounded::stored(units, decimals);
        Self { estimate: rounded(estimate), limits: limits.map(|limits| limits.map(rounded)) }
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
}

/// The name of a cell: table, row and member.
pub type ComparedCellName = (TableId, RowId, ComparedId);

impl ComparedCorrections {
    /// What an edition changed, behind what those before it did. `changes` tells of each cell what the edition before showed, if it showed a number. Of a cell that shows none
    /// now nothing is told, in earlier corrections either.
    #[must_use]
    pub fn new(
        earlier: Self,
        edition: EditionId,
        changes: impl IntoIterator<Item = (ComparedCellName, Option<FormerCell>)>,
        compared: &ComparedTables,
    ) -> Self {
        let of_edition = |((table, row, of), former): (ComparedCellName, Option<FormerCell>)| {
            let formerly = former.map_or(FormerlyCompared::NotShown, FormerlyCompared::Shown);
            ComparedCorrection { edition, table, row, of, formerly }
        };
        let guarded = |mut corrected: ComparedCorrection| {
            let cell = compared.table(&corrected.table).and_then(|it| it.row(&corrected.row)?.cell(&corrected.of));
            if cell.and_then(crate::ComparedCell::estimate).is_none() {
                corrected.formerly = FormerlyCompared::Untold;
            }
            corrected
        };
        let all = earlier.corrected.into_iter().chain(changes.into_iter().map(of_edition));
        Self { corrected: all.map(guarded).collect() }
    }

    /// Each corrected cell, those of the first correction first.
    #[must_use]
    pub fn all(&self) -> &[ComparedCorrection] {
        &self.corrected
    }

    /// The bytes to store: JSON, a cell to a line, behind the marks of a draft and of made-up data.
    ///
    /// # Panics
    /// Never: texts and whole numbers are JSON.
    #[must_use]
    pub fn stored(&self, marks: &[&str]) -> Vec<u8> {
        let json = |it: &ComparedCorrection| serde_json::to_string(&Stored::from(it)).expect("texts and whole numbers");
        let lines: Vec<String> = self.corrected.iter().map(|it| format!("\n{}", json(it))).collect();
        let marks = serde_json::to_string(marks).expect("texts");
        format!("{{\"corrected\":[{}],\"marks\":{marks}}}\n", lines.join(",")).into_bytes()
    }

    /// Reads what [`ComparedCorrections::stored`] gave.
    ///
    /// # Errors
    /// When it is of another version.
    pub fn from_stored(bytes: &[u8]) -> Result<Self, StoreError> {
        #[derive(Deserialize)]
        struct All {
            corrected: Vec<Stored>,
        }
        let all: All = serde_json::from_slice(bytes)?;
        Ok(Self { corrected: all.corrected.into_iter().map(Stored::read).collect::<Result<_, _>>()? })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    edition: String,
    formerly: StoredFormerly,
    of: String,
    row: String,
    table: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredFormerly {
    Shown { estimate: (i64, u8), limits: Option<[(i64, u8); 2]> },
    NotShown,
    Untold,
}

impl From<&ComparedCorrection> for Stored {
    fn from(corrected: &ComparedCorrection) -> Self {
        let pair = |rounded: Rounded| (rounded.units(), rounded.decimals());
        let formerly = match corrected.formerly {
            FormerlyCompared::Shown(FormerCell { estimate, limits }) => {
                StoredFormerly::Shown { estimate: pair(estimate), limits: limits.map(|limits| limits.map(pair)) }
            }
            FormerlyCompared::NotShown => StoredFormerly::NotShown,
            FormerlyCompared::Untold => StoredFormerly::Untold,
        };
        Self {
            edition: corrected.edition.to_string(),
            formerly,
            of: corrected.of.to_string(),
            row: corrected.row.to_string(),
            table: corrected.table.to_string(),
        }
    }
}

impl Stored {
    fn read(self) -> Result<ComparedCorrection, NameError> {
        let formerly = match self.formerly {
            StoredFormerly::Shown { estimate, limits } => FormerlyCompared::Shown(FormerCell::new(estimate, limits)),
            StoredFormerly::NotShown => FormerlyCompared::NotShown,
            StoredFormerly::Untold => FormerlyCompared::Untold,
        };
        Ok(ComparedCorrection {
            edition: EditionId::new(&self.edition)?,
            table: TableId::new(&self.table)?,
            row: RowId::new(&self.row)?,
            of: ComparedId::new(&self.of)?,
            formerly,
        })
    }
}
