//! `[accessibility]` in `country.toml`.

use super::toml::{Entries, Text, Value};
use super::words::words;
use crate::{Accessibility, Assessment, Assessor, Compliance, Finding, Language, Translated};

/// What a country says of how accessible its pages are.
pub(super) fn accessibility(
    value: Value<'_>,
    languages: &[Language],
    findings: &mut Vec<Finding>,
) -> Option<Accessibility> {
    let mut entries = value.entries(findings)?;
    let mut text = |key| entries.optional(key).and_then(|value| words(value, languages, findings));
    let (contact, enforcement, law) = (text("contact"), text("enforcement"), text("law"));
    let assessment = entries.optional("assessment").and_then(|value| assessment(value, languages, findings));
    entries.finish(findings);
    Some(Accessibility { contact, enforcement, law, assessment, place: value.place() })
}

fn assessment(value: Value<'_>, languages: &[Language], findings: &mut Vec<Finding>) -> Option<Assessment> {
    let mut entries = value.entries(findings)?;
    let status = word(&mut entries, "status", &Compliance::ALL, Compliance::as_str, findings);
    let by = word(&mut entries, "by", &Assessor::ALL, Assessor::as_str, findings);
    let on = entries.required("on").and_then(|value| value.date(findings));
    let reviewed = entries.optional("reviewed").and_then(|value| value.date(findings));
    let listed = entries.optional("exceptions");
    let exceptions = listed.and_then(|value| value.list(findings)).unwrap_or_default();
    let exceptions: Vec<Translated> =
        exceptions.into_iter().filter_map(|value| words(value, languages, findings)).collect();
    entries.finish(findings);
    let (status, by, on) = (status?, by?, on?);
    match (status, listed) {
        (Compliance::Full, Some(listed)) => {
            let finding = listed.finding("contradiction", "pages that comply fully have no exceptions");
            findings.push(finding.hint("the status of pages with exceptions is \"partial\""));
        }
        (Compliance::Partial | Compliance::None, None) => {
            let finding = value.finding("missing-key", "nothing tells what does not comply");
            findings.push(finding.hint("list it, each with its reason: exceptions = [\"…\"]"));
        }
        (Compliance::Full, None) | (Compliance::Partial | Compliance::None, Some(_)) => {}
    }
    if let Some(reviewed) = reviewed.filter(|reviewed| *reviewed < on) {
        findings.push(value.finding("crossed", format!("the review of {reviewed} is before the assessment of {on}")));
    }
    Some(Assessment { status, exceptions, by, on, reviewed })
}

/// One of some words.
fn word<T: Copy>(
    entries: &mut Entries<'_>,
    key: &'static str,
    all: &[T],
    as_str: fn(T) -> &'static str,
    findings: &mut Vec<Finding>,
) -> Option<T> {
    let text: Text<'_> = entries.required(key).and_then(|value| value.text(findings))?;
    let found = all.iter().copied().find(|one| as_str(*one) == text.value);
    if found.is_none() {
        let known: Vec<&str> = all.iter().map(|one| as_str(*one)).collect();
        let finding = text.finding("unknown-word", format!("{:?} is no {key} of an assessment", text.value));
        findings.push(finding.did_you_mean(text.value, known));
    }
    found
}
