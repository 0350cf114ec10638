//! The stored form of what is told about the quality of the answers.

use std::collections::BTreeMap;

use codebook::{CheckKind, LeftOut, VariableName};
use serde::{Deserialize, Serialize};

use super::StoreError;
use crate::{Count, DataQuality, ItemGap};

// Fields stand in alphabetical order, which is the order of the keys on disk.

/// Rows that are no answers, by reason.
pub(super) type StoredLeftOut = Vec<(String, u64)>;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredDataQuality {
    checks: Vec<(String, StoredCount)>,
    gaps: Vec<StoredGap>,
    median_minutes: Option<u64>,
    questions: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredGap {
    asked: Option<u64>,
    blank: StoredCount,
    refused: StoredCount,
    variable: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredCount {
    Exact(u64),
    FewerThan(u64),
}

pub(super) fn stored_left_out(left_out: &BTreeMap<LeftOut, u64>) -> StoredLeftOut {
    left_out.iter().map(|(reason, rows)| (reason.as_str().to_owned(), *rows)).collect()
}

pub(super) fn left_out(stored: StoredLeftOut) -> Result<BTreeMap<LeftOut, u64>, StoreError> {
    let reason = |word: String| {
        let known = LeftOut::ALL.into_iter().find(|reason| reason.as_str() == word);
        known.ok_or(StoreError::Word(word))
    };
    stored.into_iter().map(|(word, rows)| Ok((reason(word)?, rows))).collect()
}

impl From<&DataQuality> for StoredDataQuality {
    fn from(quality: &DataQuality) -> Self {
        let DataQuality { checks, gaps, questions, median_minutes } = quality;
        let checks = checks.iter().map(|(kind, cases)| (kind.as_str().to_owned(), StoredCount::from(*cases)));
        let gap = |gap: &ItemGap| StoredGap {
            asked: gap.asked,
            blank: gap.blank.into(),
            refused: gap.refused.into(),
            variable: gap.variable.to_string(),
        };
        Self {
            checks: checks.collect(),
            gaps: gaps.iter().map(gap).collect(),
            median_minutes: *median_minutes,
            questions: *questions,
        }
    }
}

impl StoredDataQuality {
    pub(super) fn published(self) -> Result<DataQuality, StoreError> {
        let kind = |word: String| CheckKind::named(&word).ok_or(StoreError::Word(word));
        let gap = |gap: StoredGap| -> Result<ItemGap, StoreError> {
            let variable = VariableName::new(&gap.variable)?;
            Ok(ItemGap { variable, asked: gap.asked, refused: gap.refused.into(), blank: gap.blank.into() })
        };
        let checks = self.checks.into_iter().map(|(word, cases)| Ok((kind(word)?, Count::from(cases))));
        Ok(DataQuality {
            checks: checks.collect::<Result<_, StoreError>>()?,
            gaps: self.gaps.into_iter().map(gap).collect::<Result<_, StoreError>>()?,
            questions: self.questions,
            median_minutes: self.median_minutes,
        })
    }
}

impl From<Count> for StoredCount {
    fn from(count: Count) -> Self {
        match count {
            Count::Exact(units) => Self::Exact(units),
            Count::FewerThan(units) => Self::FewerThan(units),
        }
    }
}

impl From<StoredCount> for Count {
    fn from(count: StoredCount) -> Self {
        match count {
            StoredCount::Exact(units) => Self::Exact(units),
            StoredCount::FewerThan(units) => Self::FewerThan(units),
        }
    }
}
