//! `[protection]` of `country.toml`.

use super::toml::Value;
use crate::{Extremes, Finding, MagnitudeRule, Numerators, Protection, QualityPreset};

pub(super) fn protection(value: Value<'_>, findings: &mut Vec<Finding>) -> Protection {
    let usual = Protection::default();
    let Some(mut entries) = value.entries(findings) else { return usual };
    let numerators = entries.optional("numerators");
    let extremes = entries.optional("extremes");
    let magnitudes = entries.optional("magnitudes");
    let quality = entries.optional("quality");
    entries.finish(findings);
    let numerators = numerators.and_then(|value| choice(value, &Numerators::ALL, Numerators::as_str, findings));
    let extremes = extremes.and_then(|value| choice(value, &Extremes::ALL, Extremes::as_str, findings));
    let quality = quality.and_then(|value| choice(value, &QualityPreset::ALL, QualityPreset::as_str, findings));
    Protection {
        magnitudes: magnitudes.and_then(|value| magnitude_rule(value, findings)),
        numerators: numerators.unwrap_or(usual.numerators),
        extremes: extremes.unwrap_or(usual.extremes),
        quality: quality.unwrap_or(usual.quality),
    }
}

/// `{ n = 1, k = 75 }`, `{ p = 10 }` or `{ p = 10, q = 50 }`.
fn magnitude_rule(value: Value<'_>, findings: &mut Vec<Finding>) -> Option<MagnitudeRule> {
    let mut entries = value.entries(findings)?;
    let given = ["n", "k", "p", "q"].map(|key| entries.optional(key));
    let is_given = given.map(|value| value.is_some());
    entries.finish(findings);
    let mut number = |index: usize, most: i64| {
        let number = given[index].and_then(|value| value.integer(1, most, findings));
        number.and_then(|number| u8::try_from(number).ok())
    };
    match is_given {
        [true, true, false, false] => {
            let (n, k) = (number(0, 5), number(1, 100));
            Some(MagnitudeRule::Dominance { n: n?, k: k? })
        }
        [false, false, true, false] => Some(MagnitudeRule::Percent { p: number(2, 100)? }),
        [false, false, true, true] => {
            let (p, q) = (number(2, 100), number(3, 100));
            let (p, q) = (p?, q?);
            if q < p {
                let message =
                    format!("who knows others within {q} per cent beforehand is not kept from knowing them within {p}");
                findings.push(value.finding("contradiction", message).hint("let q be at least p"));
                return None;
            }
            Some(MagnitudeRule::PriorPosterior { p, q })
        }
        _ => {
            let message = "expected { n, k }, { p } or { p, q }";
            findings.push(value.finding("contradiction", message).hint("one rule tells which cells a few dominate"));
            None
        }
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
