//! `[survey]` of a wave's file.

use std::collections::BTreeMap;

use super::codebook::Questionnaire;
use super::toml::{Entries, Value};
use super::words::words;
use crate::{Finding, Language, Survey};

pub(super) fn survey(
    value: Value<'_>,
    languages: &[Language],
    questionnaire: &Questionnaire,
    findings: &mut Vec<Finding>,
) -> Option<Survey> {
    let mut entries = value.entries(findings)?;
    let mut text = |key| entries.required(key).and_then(|value| words(value, languages, findings)).unwrap_or_default();
    let (unit, population) = (text("unit"), text("population"));
    let (speaks_for, weights) = (text("speaks_for"), text("weights"));
    let written = entries.optional("cut_points").and_then(|value| value.entries(findings));
    entries.finish(findings);
    let mut cut_points = BTreeMap::new();
    for (list, value) in written.iter().flat_map(Entries::named) {
        if !questionnaire.lists.contains_key(list.value) {
            let finding = list.finding("unknown-code-list", format!("there is no code list {:?}", list.value));
            findings.push(finding.did_you_mean(list.value, questionnaire.lists.keys().map(String::as_str)));
        }
        cut_points.extend(words(value, languages, findings).map(|source| (list.value.to_owned(), source)));
    }
    Some(Survey { unit, population, speaks_for, weights, cut_points, place: value.place() })
}
