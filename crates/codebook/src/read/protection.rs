//! `[protection]` of `country.toml`.

use super::toml::Value;
use crate::{Extremes, Finding, Numerators, Protection, QualityPreset};

pub(super) fn protection(value: Value<'_>, findings: &mut Vec<Finding>) -> Protection {
    let usual = Protection::default();
    let Some(mut entries) = value.entries(findings) else { return usual };
    let numerators = entries.optional("numerators");
    let extremes = entries.optional("extremes");
    let quality = entries.optional("quality");
    entries.finish(findings);
    let numerators = numerators.and_then(|value| choice(value, &Numerators::ALL, Numerators::as_str, findings));
    let extremes = extremes.and_then(|value| choice(value, &Extremes::ALL, Extremes::as_str, findings));
    let quality = quality.and_then(|value| choice(value, &QualityPreset::ALL, QualityPreset::as_str, findings));
    Protection {
        numerators: numerators.unwrap_or(usual.numerators),
        extremes: extremes.unwrap_or(usual.extremes),
        quality: quality.unwrap_or(usual.quality),
    }
}

fn choice<T: Copy>(
    value: Value<'_>,
    choices: &[T],
    word: fn(T) -> &'static str,
    findings: &mut Vec<Finding>,
) -> Option<T> {
    let text = value.text(findings)?;
    let chosen = choices.iter().copied().find(|choice| word(*choice) == text.value);
    if chosen.is_none() {
        let words: Vec<&str> = choices.iter().map(|choice| word(*choice)).collect();
        let message = format!("{:?} is none of {}", text.value, words.join(", "));
        findings.push(text.finding("unknown-word", message).did_you_mean(text.value, words));
    }
    chosen
}
