//! The stored form of earlier waves and of the back test.

use codebook::{CellName, Code, NameError, RowId, TableId, VariableName, WaveId};
use serde::{Deserialize, Serialize};

use super::{StoreError, StoredRounded, StoredTable, pair, rounded};
use crate::{Agreement, BackTested, PrintedCell, PublishedWave};

// Fields stand in alphabetical order, which is the order of the keys on disk.

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredWave {
    printed: Vec<StoredPrinted>,
    synthetic: bool,
    tables: Vec<StoredTable>,
    wave: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredPrinted {
    estimate: StoredRounded,
    /// Breakdown and code.
    group: Option<(String, String)>,
    n: Option<u64>,
    row: String,
    table: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredBackTested {
    agreement: StoredAgreement,
    estimate: StoredRounded,
    n: u64,
    printed: usize,
    wave: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredAgreement {
    Agrees,
    OtherShare,
    OtherAnswers,
}

impl From<&PublishedWave> for StoredWave {
    fn from(wave: &PublishedWave) -> Self {
        let printed = |PrintedCell { cell, estimate, n }: &PrintedCell| StoredPrinted {
            estimate: pair(*estimate),
            group: cell.group.as_ref().map(|(breakdown, code)| (breakdown.to_string(), code.to_string())),
            n: *n,
            row: cell.row.to_string(),
            table: cell.table.to_string(),
        };
        Self {
            printed: wave.printed.iter().map(printed).collect(),
            synthetic: wave.synthetic,
            tables: wave.tables.iter().map(StoredTable::from).collect(),
            wave: wave.wave.to_string(),
        }
    }
}

impl StoredWave {
    pub(super) fn published(self) -> Result<PublishedWave, StoreError> {
        let printed = |printed: StoredPrinted| -> Result<PrintedCell, NameError> {
            let StoredPrinted { estimate, group, n, row, table } = printed;
            let group = match group {
                None => None,
                Some((breakdown, code)) => Some((VariableName::new(&breakdown)?, Code::new(&code)?)),
            };
            let cell = CellName { table: TableId::new(&table)?, row: RowId::new(&row)?, group };
            Ok(PrintedCell { cell, estimate: rounded(estimate), n })
        };
        Ok(PublishedWave {
            wave: WaveId::new(&self.wave)?,
            synthetic: self.synthetic,
            tables: self.tables.into_iter().map(StoredTable::published).collect::<Result<_, _>>()?,
            printed: self.printed.into_iter().map(printed).collect::<Result<_, _>>()?,
        })
    }
}

impl From<&BackTested> for StoredBackTested {
    fn from(tested: &BackTested) -> Self {
        let BackTested { printed, wave, estimate, n, agreement } = tested;
        let agreement = match agreement {
            Agreement::Agrees => StoredAgreement::Agrees,
            Agreement::OtherShare => StoredAgreement::OtherShare,
            Agreement::OtherAnswers => StoredAgreement::OtherAnswers,
        };
        Self { agreement, estimate: pair(*estimate), n: *n, printed: *printed, wave: wave.to_string() }
    }
}

impl StoredBackTested {
    pub(super) fn published(self) -> Result<BackTested, NameError> {
        let agreement = match self.agreement {
            StoredAgreement::Agrees => Agreement::Agrees,
            StoredAgreement::OtherShare => Agreement::OtherShare,
            StoredAgreement::OtherAnswers => Agreement::OtherAnswers,
        };
        let wave = WaveId::new(&self.wave)?;
        Ok(BackTested { printed: self.printed, wave, estimate: rounded(self.estimate), n: self.n, agreement })
    }
}
