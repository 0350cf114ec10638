//! How estimates were made and what was tested with them, in the form on disk.

use codebook::{ClaimId, ConfidenceLevel, NameError, RowId, TableId, ThemeId};
use estimate::{Adjustment, Degrees, IntervalMethod, Method};
use serde::{Deserialize, Serialize};

use super::{StoreError, StoredRounded, pair, rounded};
use crate::{Family, LateDifference, Size, Test, TestKind};

// Fields stand in alphabetical order, which is the order of the keys on disk.

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredFamily {
    adjustment: StoredAdjustment,
    tests: Vec<StoredTest>,
    theme: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredAdjustment {
    None,
    Holm,
    BenjaminiHochberg,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredTest {
    claim: String,
    kind: StoredTestKind,
    size: Option<StoredSize>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredTestKind {
    Difference,
    RowDifference,
    LogOdds,
    Change,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredSize {
    estimate: StoredRounded,
    high: StoredRounded,
    low: StoredRounded,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredLate {
    row: String,
    size: StoredSize,
    table: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredMethod {
    degrees: StoredDegrees,
    /// Ten-thousandths.
    level: u16,
    shares: StoredIntervalMethod,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredDegrees {
    Domain,
    Design,
    Subset,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredIntervalMethod {
    T,
    Xlogit,
    Beta,
    KornGraubard,
    Wilson,
    Asin,
}

impl From<&Family> for StoredFamily {
    fn from(family: &Family) -> Self {
        let Family { theme, adjustment, tests } = family;
        let adjustment = match adjustment {
            Adjustment::None => StoredAdjustment::None,
            Adjustment::Holm => StoredAdjustment::Holm,
            Adjustment::BenjaminiHochberg => StoredAdjustment::BenjaminiHochberg,
        };
        Self { adjustment, tests: tests.iter().map(StoredTest::from).collect(), theme: theme.to_string() }
    }
}

impl StoredFamily {
    pub(super) fn published(self) -> Result<Family, NameError> {
        let adjustment = match self.adjustment {
            StoredAdjustment::None => Adjustment::None,
            StoredAdjustment::Holm => Adjustment::Holm,
            StoredAdjustment::BenjaminiHochberg => Adjustment::BenjaminiHochberg,
        };
        let tests = self.tests.into_iter().map(StoredTest::published).collect::<Result<_, _>>()?;
        Ok(Family { theme: ThemeId::new(&self.theme)?, adjustment, tests })
    }
}

impl From<&Test> for StoredTest {
    fn from(test: &Test) -> Self {
        let Test { claim, kind, size } = test;
        let kind = match kind {
            TestKind::Difference => StoredTestKind::Difference,
            TestKind::RowDifference => StoredTestKind::RowDifference,
            TestKind::LogOdds => StoredTestKind::LogOdds,
            TestKind::Change => StoredTestKind::Change,
        };
        let size = size.map(StoredSize::from);
        Self { claim: claim.to_string(), kind, size }
    }
}

impl StoredTest {
    fn published(self) -> Result<Test, NameError> {
        let kind = match self.kind {
            StoredTestKind::Difference => TestKind::Difference,
            StoredTestKind::RowDifference => TestKind::RowDifference,
            StoredTestKind::LogOdds => TestKind::LogOdds,
            StoredTestKind::Change => TestKind::Change,
        };
        Ok(Test { claim: ClaimId::new(&self.claim)?, kind, size: self.size.map(StoredSize::size) })
    }
}

impl StoredMethod {
    pub(super) fn of(method: Method, level: ConfidenceLevel) -> Self {
        let degrees = match method.degrees {
            Degrees::Domain => StoredDegrees::Domain,
            Degrees::Design => StoredDegrees::Design,
            Degrees::Subset => StoredDegrees::Subset,
        };
        let shares = match method.shares {
            IntervalMethod::T => StoredIntervalMethod::T,
            IntervalMethod::Xlogit => StoredIntervalMethod::Xlogit,
            IntervalMethod::Beta => StoredIntervalMethod::Beta,
            IntervalMethod::KornGraubard => StoredIntervalMethod::KornGraubard,
            IntervalMethod::Wilson => StoredIntervalMethod::Wilson,
            IntervalMethod::Asin => StoredIntervalMethod::Asin,
        };
        Self { degrees, level: level.parts(), shares }
    }

    pub(super) fn published(self) -> Result<(Method, ConfidenceLevel), StoreError> {
        let Some(level) = ConfidenceLevel::of_parts(self.level) else {
            let message = format!("{} ten-thousandths are no confidence level", self.level);
            return Err(StoreError::Form(serde::de::Error::custom(message)));
        };
        let degrees = match self.degrees {
            StoredDegrees::Domain => Degrees::Domain,
            StoredDegrees::Design => Degrees::Design,
            StoredDegrees::Subset => Degrees::Subset,
        };
        let shares = match self.shares {
            StoredIntervalMethod::T => IntervalMethod::T,
            StoredIntervalMethod::Xlogit => IntervalMethod::Xlogit,
            StoredIntervalMethod::Beta => IntervalMethod::Beta,
            StoredIntervalMethod::KornGraubard => IntervalMethod::KornGraubard,
            StoredIntervalMethod::Wilson => IntervalMethod::Wilson,
            StoredIntervalMethod::Asin => IntervalMethod::Asin,
        };
        Ok((Method { shares, level: level.as_f64(), degrees }, level))
    }
}

impl From<Size> for StoredSize {
    fn from(Size { estimate, low, high }: Size) -> Self {
        Self { estimate: pair(estimate), high: pair(high), low: pair(low) }
    }
}

impl StoredSize {
    fn size(self) -> Size {
        let Self { estimate, high, low } = self;
        Size { estimate: rounded(estimate), low: rounded(low), high: rounded(high) }
    }
}

impl From<&LateDifference> for StoredLate {
    fn from(late: &LateDifference) -> Self {
        let LateDifference { table, row, size } = late;
        Self { row: row.to_string(), size: (*size).into(), table: table.to_string() }
    }
}

impl StoredLate {
    pub(super) fn published(self) -> Result<LateDifference, NameError> {
        let Self { row, size, table } = self;
        Ok(LateDifference { table: TableId::new(&table)?, row: RowId::new(&row)?, size: size.size() })
    }
}
