//! `report/<year>/facts.toml`: what texts tell from other sources. And `[[allow]]` of a theme: numbers that state nothing.

use super::toml::{Document, Entries, Text, Value};
use super::words::words;
use crate::{Allowed, ClaimId, Fact, Finding, Language, Told};

/// The name of the file beside the themes.
pub(super) const FACTS: &str = "facts";

/// The facts of an edition, in the order of the file.
pub(super) fn facts(document: &Document<'_>, languages: &[Language], findings: &mut Vec<Finding>) -> Vec<Fact> {
    let entries = document.entries();
    let named = entries.iter().flat_map(Entries::named);
    named.filter_map(|(name, value)| fact(name, value, languages, findings)).collect()
}

fn fact(name: Text<'_>, value: Value<'_>, languages: &[Language], findings: &mut Vec<Finding>) -> Option<Fact> {
    let id = name.name(ClaimId::new, findings);
    let mut entries = value.entries(findings)?;
    let count = entries.optional("count");
    let percent = entries.optional("percent");
    let source = entries.required("source").and_then(|value| words(value, languages, findings));
    let url = entries.optional("url").and_then(|value| value.filled_text(findings));
    let checked = entries.required("checked").and_then(|value| value.date(findings));
    entries.finish(findings);
    let tells = match (count, percent) {
        (None, None) => Told::Nothing,
        (Some(count), None) => {
            let count = count.integer(0, i64::MAX, findings)?;
            Told::Count(u64::try_from(count).expect("it is not below zero"))
        }
        (None, Some(percent)) => Told::Percent(percent.points(findings)?),
        (Some(_), Some(second)) => {
            findings.push(second.finding("contradiction", "a fact tells a count or a share, not both"));
            return None;
        }
    };
    if let Some(url) = url.filter(|url| !url.value.starts_with("https://") && !url.value.starts_with("http://")) {
        findings.push(url.finding("link", format!("{:?} is no web address", url.value)));
    }
    let url = url.map(|url| url.value.to_owned());
    Some(Fact { id: id?, tells, source: source?, url, checked: checked?, place: name.place() })
}

/// The numbers that a theme's texts may have without a source.
pub(super) fn allowed(value: Value<'_>, languages: &[Language], findings: &mut Vec<Finding>) -> Vec<Allowed> {
    let list = value.list(findings).unwrap_or_default();
    list.into_iter()
        .filter_map(|value| {
            let mut entries = value.entries(findings)?;
            let words = entries.required("words").and_then(|value| words(value, languages, findings));
            let because = entries.required("because").and_then(|value| value.filled_text(findings));
            entries.finish(findings);
            Some(Allowed { words: words?, because: because?.value.to_owned(), place: value.place() })
        })
        .collect()
}
