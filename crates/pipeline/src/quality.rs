//! From what ingest counted to what the method page may tell of it.

use codebook::{Country, Origin, Wave};
use disclose::{Count, DataQuality, ItemGap};
use ingest::CheckedWave;

/// What the checks found, and which questions of the wave lack answers.
pub(crate) fn quality(country: &Country, wave: &Wave, checked: &CheckedWave) -> DataQuality {
    let summary = checked.summary();
    let is_question = |item: &&ingest::ItemMissing| {
        let variable = country.codebook.variable(&item.variable);
        variable.is_some_and(|variable| variable.origin == Origin::Answer) && wave.columns.contains_key(&item.variable)
    };
    let questions: Vec<&ingest::ItemMissing> = checked.missing().iter().filter(is_question).collect();
    let gaps = questions.iter().filter(|item| item.refused + item.blank > 0).map(|item| ItemGap {
        variable: item.variable.clone(),
        refused: Count::Exact(item.refused),
        blank: Count::Exact(item.blank),
    });
    DataQuality {
        checks: summary.checks.iter().map(|(kind, cases)| (*kind, Count::Exact(*cases))).collect(),
        gaps: gaps.collect(),
        questions: u64::try_from(questions.len()).expect("questions are counted in 64 bits"),
        median_minutes: summary.median_seconds.map(|seconds| (seconds + 30) / 60),
    }
}
