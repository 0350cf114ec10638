//! The stored form of the counts for the method page.

use codebook::{BaseId, NameError};
use serde::{Deserialize, Serialize};

use super::coverage::StoredCoverage;
use super::quality::{self, StoredDataQuality, StoredLeftOut};
use super::{StoreError, StoredRounded, json, pair, rounded};
use crate::{Fieldwork, WeightFacts};

impl Fieldwork {
    /// As JSON, for whoever keeps what goes into [`disclose`](crate::disclose()). The counts are those of the survey as they came; what of them may be told
    /// is decided there.
    #[must_use]
    pub fn stored(&self) -> String {
        json(&StoredFieldwork::from(self))
    }

    /// Reads what [`Fieldwork::stored`] wrote.
    ///
    /// # Errors
    /// When it is something else, or of another version.
    pub fn from_stored(stored: &str) -> Result<Self, StoreError> {
        serde_json::from_str::<StoredFieldwork>(stored)?.published()
    }
}

// Fields stand in alphabetical order, which is the order of the keys on disk.

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredFieldwork {
    answers: u64,
    bases: Vec<(String, u64)>,
    coverage: Vec<StoredCoverage>,
    drawn: Option<u64>,
    left_out: StoredLeftOut,
    population: Option<u64>,
    quality: StoredDataQuality,
    rows: u64,
    strata: u64,
    weights: Option<StoredWeights>,
    zero_weight: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredWeights {
    design_effect: StoredRounded,
    largest: StoredRounded,
    smallest: StoredRounded,
    trimmed: Option<StoredRounded>,
}

impl From<&Fieldwork> for StoredFieldwork {
    fn from(fieldwork: &Fieldwork) -> Self {
        let Fieldwork {
            rows,
            left_out,
            answers,
            drawn,
            population,
            strata,
            bases,
            coverage,
            weights,
            zero_weight,
            quality,
        } = fieldwork;
        Self {
            answers: *answers,
            bases: bases.iter().map(|(base, n)| (base.to_string(), *n)).collect(),
            coverage: coverage.iter().map(StoredCoverage::from).collect(),
            drawn: *drawn,
            left_out: quality::stored_left_out(left_out),
            population: *population,
            quality: StoredDataQuality::from(quality),
            rows: *rows,
            strata: *strata,
            weights: weights.as_ref().map(StoredWeights::from),
            zero_weight: *zero_weight,
        }
    }
}

impl StoredFieldwork {
    pub(super) fn published(self) -> Result<Fieldwork, StoreError> {
        Ok(Fieldwork {
            rows: self.rows,
            left_out: quality::left_out(self.left_out)?,
            quality: self.quality.published()?,
            answers: self.answers,
            drawn: self.drawn,
            population: self.population,
            coverage: self.coverage.into_iter().map(StoredCoverage::published).collect::<Result<_, _>>()?,
            strata: self.strata,
            bases: self
                .bases
                .into_iter()
                .map(|(base, n)| Ok((BaseId::new(&base)?, n)))
                .collect::<Result<_, NameError>>()?,
            weights: self.weights.map(StoredWeights::published),
            zero_weight: self.zero_weight,
        })
    }
}

impl From<&WeightFacts> for StoredWeights {
    fn from(weights: &WeightFacts) -> Self {
        let WeightFacts { smallest, largest, design_effect, trimmed } = *weights;
        Self {
            design_effect: pair(design_effect),
            largest: pair(largest),
            smallest: pair(smallest),
            trimmed: trimmed.map(pair),
        }
    }
}

impl StoredWeights {
    fn published(self) -> WeightFacts {
        WeightFacts {
            smallest: rounded(self.smallest),
            largest: rounded(self.largest),
            design_effect: rounded(self.design_effect),
            trimmed: self.trimmed.map(rounded),
        }
    }
}
