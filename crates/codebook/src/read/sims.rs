//! `quality.toml`: what the quality report tells in words, by the numbers of its concepts; for every wave, and otherwise for single ones.

use std::collections::BTreeMap;

use super::toml::{Document, Value};
use super::words::words;
use crate::{Concept, Finding, Language, Translated, WaveId};

/// Texts by concept.
pub(super) type Texts = BTreeMap<Concept, Translated>;

/// The texts of all waves, and those of single ones, which win.
#[derive(Debug, Default)]
pub(super) struct QualityTexts {
    every_wave: Texts,
    of_wave: BTreeMap<WaveId, Texts>,
}

impl QualityTexts {
    /// What a wave tells.
    pub(super) fn of(&self, wave: WaveId) -> Texts {
        let mut texts = self.every_wave.clone();
        texts.extend(self.of_wave.get(&wave).cloned().unwrap_or_default());
        texts
    }

    /// Single waves that it tells something of.
    pub(super) fn waves(&self) -> impl Iterator<Item = WaveId> {
        self.of_wave.keys().copied()
    }
}

/// Reads the texts.
pub(super) fn quality_texts(
    document: &Document<'_>,
    languages: &[Language],
    findings: &mut Vec<Finding>,
) -> Option<QualityTexts> {
    let mut entries = document.entries()?;
    let every_wave = entries.optional("every_wave");
    let every_wave = every_wave.map(|value| texts(value, languages, findings)).unwrap_or_default();
    let mut of_wave = BTreeMap::new();
    for (year, value) in
        entries.optional("waves").and_then(|value| value.entries(findings)).iter().flat_map(|it| it.named())
    {
        let told = texts(value, languages, findings);
        if let Some(wave) = year.name(WaveId::new, findings) {
            of_wave.insert(wave, told);
        }
    }
    entries.finish(findings);
    Some(QualityTexts { every_wave, of_wave })
}

fn texts(value: Value<'_>, languages: &[Language], findings: &mut Vec<Finding>) -> Texts {
    let mut texts = Texts::new();
    for (number, value) in value.entries(findings).iter().flat_map(|entries| entries.named()) {
        let text = words(value, languages, findings);
        match Concept::numbered(number.value) {
            Some(concept) if concept.takes_text() => texts.extend(text.map(|text| (concept, text))),
            Some(concept) => {
                let message = format!("{} is computed, so no text tells it", concept.number());
                findings.push(number.finding("contradiction", message).hint("take the text out"));
            }
            None => {
                let known = Concept::ALL.iter().filter(|concept| concept.takes_text()).map(|concept| concept.number());
                let message = format!("{:?} is no concept of the quality report", number.value);
                let finding = number.finding("unknown-key", message).did_you_mean(number.value, known.clone());
                findings.push(finding.hint(format!("texts may tell {}", known.collect::<Vec<_>>().join(", "))));
            }
        }
    }
    texts
}
