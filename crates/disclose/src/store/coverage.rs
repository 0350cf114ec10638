//! The stored form of respondents against the population, and of unweighted shares.

use codebook::{Code, NameError, RowId, TableId, VariableName};
use serde::{Deserialize, Serialize};

use super::{StoredRounded, pair, rounded};
use crate::{Coverage, CoveredGroup, Precision, UnweightedShare};

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
    drawn: Option<u64>,
    population: u64,
    weighted: Option<StoredRounded>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredUnweighted {
    design_effect: Option<StoredRounded>,
    effective: Option<u64>,
    row: String,
    share: StoredRounded,
    table: String,
    variation: Option<StoredRounded>,
}

impl From<&Coverage> for StoredCoverage {
    fn from(coverage: &Coverage) -> Self {
        let group = |group: &CoveredGroup| StoredGroup {
            answers: group.answers,
            code: group.code.to_string(),
            drawn: group.drawn,
            population: group.population,
            weighted: group.weighted.map(pair),
        };
        Self { groups: coverage.groups.iter().map(group).collect(), variable: coverage.variable.to_string() }
    }
}

impl StoredCoverage {
    pub(super) fn published(self) -> Result<Coverage, NameError> {
        let group = |group: StoredGroup| -> Result<CoveredGroup, NameError> {
            let StoredGroup { answers, code, drawn, population, weighted } = group;
            Ok(CoveredGroup { code: Code::new(&code)?, population, answers, drawn, weighted: weighted.map(rounded) })
        };
        let groups = self.groups.into_iter().map(group).collect::<Result<_, _>>()?;
        Ok(Coverage { variable: VariableName::new(&self.variable)?, groups })
    }
}

impl From<&UnweightedShare> for StoredUnweighted {
    fn from(share: &UnweightedShare) -> Self {
        let UnweightedShare { table, row, share, precision } = share;
        Self {
            design_effect: precision.and_then(|it| it.design_effect).map(pair),
            effective: precision.and_then(|it| it.effective),
            row: row.to_string(),
            share: pair(*share),
            table: table.to_string(),
            variation: precision.map(|it| pair(it.variation)),
        }
    }
}

impl StoredUnweighted {
    pub(super) fn published(self) -> Result<UnweightedShare, NameError> {
        let (table, row) = (TableId::new(&self.table)?, RowId::new(&self.row)?);
        let precision = self.variation.map(|variation| Precision {
            variation: rounded(variation),
            design_effect: self.design_effect.map(rounded),
            effective: self.effective,
        });
        Ok(UnweightedShare { table, row, share: rounded(self.share), precision })
    }
}
