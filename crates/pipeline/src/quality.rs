//! From what ingest counted to what the pages of method and quality may tell of it.

use std::collections::BTreeMap;

use codebook::{Code, Country, Origin, Wave};
use disclose::{Count, Coverage, CoveredGroup, DataQuality, ItemGap};
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

/// Respondents against the population by each variable of the strata. Nothing where no frame tells the population, or where it counts clusters, not units.
pub(crate) fn coverage(wave: &Wave, checked: &CheckedWave) -> Vec<Coverage> {
    let Some(frame) = checked.frame().filter(|_| wave.design.psu.is_empty()) else { return Vec::new() };
    let variables = wave.design.strata.iter().enumerate();
    variables
        .map(|(place, variable)| {
            let mut groups: BTreeMap<&Code, (u64, u64)> = BTreeMap::new();
            for stratum in frame {
                groups.entry(&stratum.key[place]).or_default().0 += stratum.units;
            }
            for stratum in checked.strata() {
                groups.entry(&stratum.key[place]).or_default().1 += stratum.units;
            }
            let group = |(code, (population, answers)): (&Code, (u64, u64))| CoveredGroup {
                code: code.clone(),
                population,
                answers,
            };
            Coverage { variable: variable.clone(), groups: groups.into_iter().map(group).collect() }
        })
        .collect()
}
