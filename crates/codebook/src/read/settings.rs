//! `country.toml`: names, languages, rules.

use std::collections::BTreeSet;

use super::accessibility::accessibility;
use super::checks::severities;
use super::protection::protection;
use super::toml::{Document, Text, Value};
use super::words::words;
use crate::{
    Accessibility, CheckSeverities, ConfidenceLevel, CoreQuestionnaire, Finding, Language, Press, Protection,
    Translated,
};

/// What `country.toml` says. A part that has a finding is empty.
pub(super) struct Settings {
    pub(super) languages: Vec<Language>,
    pub(super) name: Translated,
    pub(super) title: Translated,
    pub(super) publisher: Translated,
    pub(super) press: Option<Press>,
    pub(super) accessibility: Option<Accessibility>,
    pub(super) smallest_base: u64,
    pub(super) protection: Protection,
    pub(super) confidence_level: ConfidenceLevel,
    pub(super) severities: CheckSeverities,
    pub(super) site: Option<String>,
    pub(super) core: CoreChoice,
    pub(super) licence: Option<String>,
}

/// Whether the country takes items of the shared questionnaire.
#[derive(Debug, Clone, Copy)]
pub(super) enum CoreChoice {
    /// It does not.
    None,
    /// From this version.
    Of(CoreQuestionnaire),
    /// From one that has a finding.
    Unclear,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            languages: Vec::new(),
            name: Translated::default(),
            title: Translated::default(),
            publisher: Translated::default(),
            press: None,
            accessibility: None,
            smallest_base: 0,
            protection: Protection::default(),
            confidence_level: ConfidenceLevel::USUAL,
            severities: CheckSeverities::default(),
            site: None,
            core: CoreChoice::None,
            licence: None,
        }
    }
}

/// `packs` are the languages of which the country brings a language pack along.
pub(super) fn settings(document: &Document<'_>, packs: &BTreeSet<&str>, findings: &mut Vec<Finding>) -> Settings {
    let Some(mut entries) = document.entries() else { return Settings::default() };
    let languages = entries.required("languages").map(|value| languages(value, packs, findings)).unwrap_or_default();
    let mut text = |key| {
        let value = entries.required(key)?;
        words(value, &languages, findings)
    };
    let name = text("name").unwrap_or_default();
    let title = text("title").unwrap_or_default();
    let publisher = text("publisher").unwrap_or_default();
    let press = entries.optional("press").and_then(|value| press(value, &languages, findings));
    let accessible = entries.optional("accessibility");
    let accessibility = accessible.and_then(|value| accessibility(value, &languages, findings));
    let smallest_base = entries.required("smallest_base").and_then(|value| value.integer(1, 1_000_000, findings));
    let smallest_base = smallest_base.and_then(|number| u64::try_from(number).ok()).unwrap_or(1);
    let protection = entries.optional("protection").map(|value| protection(value, findings)).unwrap_or_default();
    let confidence_level = entries.optional("confidence_level").and_then(|value| value.confidence_level(findings));
    let confidence_level = confidence_level.unwrap_or(ConfidenceLevel::USUAL);
    let severities = entries.optional("checks").map(|value| severities(value, findings)).unwrap_or_default();
    let site = entries.optional("site").and_then(|value| site(value, findings));
    let core = entries.optional("core").map_or(CoreChoice::None, |value| core(value, findings));
    let licence = entries.optional("licence").and_then(|value| licence(value, findings));
    entries.finish(findings);
    Settings {
        languages,
        name,
        title,
        publisher,
        press,
        accessibility,
        smallest_base,
        protection,
        confidence_level,
        severities,
        site,
        core,
        licence,
    }
}

/// The version of the shared questionnaire that is taken.
pub(super) fn core(value: Value<'_>, findings: &mut Vec<Finding>) -> CoreChoice {
    let Some(text) = value.text(findings) else { return CoreChoice::Unclear };
    if let Some(core) = CoreQuestionnaire::of(text.value) {
        return CoreChoice::Of(core);
    }
    let message = format!("this program has no version {:?} of the shared questionnaire", text.value);
    let known: Vec<&str> = CoreQuestionnaire::versions().map(CoreQuestionnaire::version).collect();
    let help = format!("it carries {}; a newer version needs a newer program", known.join(", "));
    findings.push(text.finding("unknown-core", message).hint(help));
    CoreChoice::Unclear
}

/// What stands below articles and press releases.
fn press(value: Value<'_>, languages: &[Language], findings: &mut Vec<Finding>) -> Option<Press> {
    let mut entries = value.entries(findings)?;
    let about = entries.required("about");
    let about_place = about.as_ref().map_or_else(|| entries.place().clone(), Value::place);
    let about = about.and_then(|value| words(value, languages, findings));
    let contact = entries.optional("contact").and_then(|value| words(value, languages, findings));
    entries.finish(findings);
    Some(Press { about: about?, contact, about_place })
}

/// The address under which releases lie, without the slash at its end.
fn site(value: Value<'_>, findings: &mut Vec<Finding>) -> Option<String> {
    let address = value.filled_text(findings)?;
    if !address.value.starts_with("https://") {
        let message = format!("{:?} is no address that begins with https://", address.value);
        let help = "give the address under which the releases lie, such as https://example.org/barometer; cards and their links need it";
        findings.push(address.finding("link", message).hint(help));
    }
    Some(address.value.trim_end_matches('/').to_owned())
}

/// The address of a licence.
fn licence(value: Value<'_>, findings: &mut Vec<Finding>) -> Option<String> {
    let address = value.filled_text(findings)?;
    if !address.value.starts_with("https://") {
        let message = format!("{:?} is no address that begins with https://", address.value);
        let help = "name the licence by its address, such as https://creativecommons.org/licenses/by/4.0/: data portals read it";
        findings.push(address.finding("link", message).hint(help));
    }
    Some(address.value.to_owned())
}

fn no_pack(text: Text<'_>) -> Finding {
    let finding = text.finding("no-language-pack", format!("there is no language pack for {}", text.value));
    let carried = Language::CARRIED.join(", ");
    let help = format!("the program has {carried}; another one needs templates/lang/{}.toml", text.value);
    match Language::meant(text.value) {
        Some(meant) => finding.hint(format!("did you mean {meant:?}?")),
        None => finding.did_you_mean(text.value, Language::CARRIED),
    }
    .hint(help)
}

pub(super) fn languages(value: Value<'_>, packs: &BTreeSet<&str>, findings: &mut Vec<Finding>) -> Vec<Language> {
    let Some(texts) = value.texts(findings) else { return Vec::new() };
    if texts.is_empty() {
        findings.push(value.finding("empty", "a country has at least one language"));
    }
    let mut languages = Vec::new();
    for text in texts {
        let Some(language) = text.name(Language::new, findings) else {
            // With a language missing, every text of the country would seem to have one too many.
            return Vec::new();
        };
        if !Language::CARRIED.contains(&text.value) && !packs.contains(text.value) {
            findings.push(no_pack(text));
            // Every text would be found to lack it, and one that was meant to be one too many.
            return Vec::new();
        }
        if languages.contains(&language) {
            findings.push(text.finding("duplicate", format!("the language {:?} is listed twice", text.value)));
        } else {
            languages.push(language);
        }
    }
    languages
}
