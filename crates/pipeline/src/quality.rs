//! From what ingest counted to what the pages of method and quality may tell of it.

use std::collections::BTreeMap;

use codebook::{Code, Country, Origin, Wave};
use disclose::{Count, Coverage, CoveredGroup, DataQuality, ItemGap};
use estimate::Wide;
use ingest::CheckedWave;

use crate::Weighed;

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
        asked: summary.answers.checked_sub(item.not_asked),
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

/// Units of one category: of the population, answers, and the sum of their weights.
struct Counted {
    population: u64,
    answers: u64,
    weight: Wide,
}

impl Counted {
    const NONE: Self = Self { population: 0, answers: 0, weight: Wide::ZERO };
}

/// Respondents against the population by each variable of the strata. Nothing where no frame tells the population, or where it counts clusters, not units.
pub(crate) fn coverage(wave: &Wave, checked: &CheckedWave, weighed: &Weighed) -> Vec<Coverage> {
    let Some(frame) = checked.frame().filter(|_| wave.design.psu.is_empty()) else { return Vec::new() };
    let total: Wide = weighed.weight_of_strata.iter().copied().sum();
    let variables = wave.design.strata.iter().enumerate();
    variables
        .map(|(place, variable)| {
            let mut groups: BTreeMap<&Code, Counted> = BTreeMap::new();
            for stratum in frame {
                groups.entry(&stratum.key[place]).or_insert(Counted::NONE).population += stratum.units;
            }
            for (stratum, weight) in checked.strata().iter().zip(&weighed.weight_of_strata) {
                let group = groups.entry(&stratum.key[place]).or_insert(Counted::NONE);
                group.answers += stratum.units;
                group.weight += *weight;
            }
            let drawn = checked.drawn().and_then(|drawn| drawn.get(variable));
            let share = |weight: Wide| (!total.is_zero()).then(|| (weight / total).to_f64());
            let group = |(code, counted): (&Code, Counted)| CoveredGroup {
                code: code.clone(),
                population: counted.population,
                answers: counted.answers,
                drawn: drawn.map(|drawn| drawn.get(code).copied().unwrap_or(0)),
                weighted: share(counted.weight).and_then(CoveredGroup::weighted_share),
            };
            Coverage { variable: variable.clone(), groups: groups.into_iter().map(group).collect() }
        })
        .collect()
}
