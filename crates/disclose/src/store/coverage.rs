//! The stored form of respondents against the population, and of unweighted shares.

use codebook::{Code, NameError, RowId, TableId, VariableName};
use serde::{Deserialize, Serialize};

use super::{StoredRounded, pair, rounded};
use crate::{Coverage, CoveredGroup, UnweightedShare};

// Fields stand in alphabetical order, which is the order of the keys on disk.

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredCoverage {
    groups: Vec<StoredGroup>,
    variable: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredGroup {
    answers: u64,
    code: String,
    population: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredUnweighted {
    row: String,
    share: StoredRounded,
    table: String,
}

impl From<&Coverage> for StoredCoverage {
    fn from(coverage: &Coverage) -> Self {
        let group = |group: &CoveredGroup| StoredGroup {
            answers: group.answers,
            code: group.code.to_string(),
            population: group.population,
        };
        Self { groups: coverage.groups.iter().map(group).collect(), variable: coverage.variable.to_string() }
    }
}

impl StoredCoverage {
    pub(super) fn published(self) -> Result<Coverage, NameError> {
        let group = |group: StoredGroup| -> Result<CoveredGroup, NameError> {
            let StoredGroup { answers, code, population } = group;
            Ok(CoveredGroup { code: Code::new(&code)?, population, answers })
        };
        let groups = self.groups.into_iter().map(group).collect::<Result<_, _>>()?;
        Ok(Coverage { variable: VariableName::new(&self.variable)?, groups })
    }
}

impl From<&UnweightedShare> for StoredUnweighted {
    fn from(share: &UnweightedShare) -> Self {
        let UnweightedShare { table, row, share } = share;
        Self { row: row.to_string(), share: pair(*share), table: table.to_string() }
    }
}

impl StoredUnweighted {
    pub(super) fn published(self) -> Result<UnweightedShare, NameError> {
        let (table, row) = (TableId::new(&self.table)?, RowId::new(&self.row)?);
        Ok(UnweightedShare { table, row, share: rounded(self.share) })
    }
}
