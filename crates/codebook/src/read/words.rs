//! Texts that readers see: one for each language, or one for all.

use std::collections::BTreeMap;

use super::toml::Value;
use crate::{Finding, Language, Translated};

/// Reads `"text"` or `{ da = "tekst", en = "text" }`. A text that lacks a language of the country, or has one too many, is
/// a finding, unless the country's languages are unknown (`languages` is empty) because they have a finding of their own. The shared
/// questionnaire has more languages than a country; those are left out.
pub(super) fn words(value: Value<'_>, languages: &[Language], findings: &mut Vec<Finding>) -> Option<Translated> {
    if value.is_text() {
        let text = value.filled_text(findings)?;
        return Some(Translated::new(
            languages.iter().map(|language| (language.clone(), text.value.to_owned())).collect(),
        ));
    }
    if !value.is_table() {
        // Asking for a table would hide that a text will do.
        value.text(findings)?;
    }
    let mut texts = BTreeMap::new();
    for (key, value) in value.entries(findings)?.named() {
        let text = value.filled_text(findings).map_or_else(String::new, |text| text.value.to_owned());
        let Some(language) = key.name(Language::new, findings) else { continue };
        if key.is_core() && !languages.is_empty() && !languages.contains(&language) {
            continue;
        }
        if !languages.is_empty() && !languages.contains(&language) {
            let message = format!("{:?} is no language of the country", key.value);
            let finding = key.finding("unknown-language", message);
            findings.push(finding.did_you_mean(key.value, languages.iter().map(Language::as_str)));
        }
        texts.insert(language, text);
    }
    let lacking: Vec<String> = languages
        .iter()
        .filter(|language| !texts.contains_key(language))
        .map(|language| format!("{:?}", language.as_str()))
        .collect();
    if !lacking.is_empty() {
        let message = format!("the text is not given in {}", lacking.join(" and "));
        let finding = value.finding("missing-language", message);
        let help =
            "the shared questionnaire does not have it: give it in the country's codebook.toml, under the same name";
        findings.push(if value.is_core() { finding.hint(help) } else { finding });
    }
    Some(Translated::new(texts))
}
