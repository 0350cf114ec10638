//! The folder of a comparison over countries: which editions stand beside each other, on which items of the shared questionnaire.
//!
//! Its `tables.toml` has the form of a country's and is read against the shared questionnaire alone, so an item that is not in it is unknown.

mod cells;
mod edition;
mod page;

use std::collections::BTreeMap;

use super::codebook::{Core, core_alone};
use super::errata::{Corrected, ERRATA, errata};
use super::fact::{FACTS, facts};
use super::settings::{CoreChoice, core, languages};
use super::tables::{Tables, tables};
use super::toml::{Document, Entries, Text, Value};
use super::words::words;
use super::{core_languages, country_id, packs};
use crate::{
    CellSource, ComparisonPage, CoreQuestionnaire, CountryComparison, Finding, Language, Measure, MemberCountry, Place,
    Severity, SourceFile, Standing, ThemeId, Translated, WaveId,
};
use cells::cells;
use edition::{Editions, editions};
use page::page;

/// The file that makes a folder a comparison.
const COMPARISON: &str = "comparison.toml";
const TABLES: &str = "tables.toml";

/// The countries that a comparison names, by the names of their folders.
pub(super) type Members = BTreeMap<String, MemberCountry>;

/// What the pages and editions of a comparison are read with.
struct Reading<'r> {
    languages: &'r [Language],
    members: &'r Members,
    tables: &'r Tables,
    questionnaire: &'r crate::Codebook,
    is_demonstration: bool,
}

pub(crate) fn comparison(
    folder: &str,
    files: &[SourceFile],
    members: &Members,
) -> (Option<CountryComparison>, Vec<Finding>) {
    let mut findings = Vec::new();
    let comparison = read(folder.trim_end_matches('/'), files, members, &mut findings);
    let has_errors = findings.iter().any(|finding| finding.severity == Severity::Error);
    let comparison = comparison.filter(|_| !has_errors);
    findings.extend(comparison.iter().flat_map(|comparison| cells(comparison, members)));
    findings.sort();
    findings.dedup();
    let has_errors = findings.iter().any(|finding| finding.severity == Severity::Error);
    (comparison.filter(|_| !has_errors), findings)
}

/// The countries that the editions name; a file that cannot be understood names none.
pub(crate) fn members(folder: &str, files: &[SourceFile]) -> Vec<String> {
    let path = format!("{}/{COMPARISON}", folder.trim_end_matches('/'));
    let Some(file) = files.iter().find(|file| file.path == path) else { return Vec::new() };
    let document = Document::parse(&file.path, &file.text, &mut Vec::new());
    let entries = document.entries().and_then(|mut entries| entries.optional("editions")?.entries(&mut Vec::new()));
    let named = entries.iter().flat_map(Entries::named);
    let mut names: Vec<String> =
        named.filter_map(|(_, value)| Some(value.text_of("country")?.value.to_owned())).collect();
    names.sort();
    names.dedup();
    names
}

/// What stands at the top of the comparison's file.
struct Head {
    title: Option<Translated>,
    publisher: Option<Translated>,
    about: Option<(Translated, Place)>,
    year: Option<WaveId>,
    published: Option<jiff::civil::Date>,
    release_at: Option<crate::ReleaseMoment>,
}

fn read(
    folder: &str,
    files: &[SourceFile],
    members: &Members,
    findings: &mut Vec<Finding>,
) -> Option<CountryComparison> {
    let id = country_id(folder, findings);
    let document = document(folder, COMPARISON, files, findings)?;
    let mut entries = document.entries()?;
    let packs = packs(folder, files);
    let core = entries.required("core").map_or(CoreChoice::Unclear, |value| core(value, findings));
    let languages = entries.required("languages").map(|value| languages(value, &packs, findings)).unwrap_or_default();
    let is_demonstration = entries.optional("demonstration").and_then(|value| value.boolean(findings)) == Some(true);
    let head = head(&mut entries, &languages, findings);
    let compared = entries.required("editions");
    entries.finish(findings);
    let CoreChoice::Of(core) = core else { return None };
    if languages.is_empty() || !are_of_the_core(&languages, &document, findings) {
        return None;
    }
    let questionnaire = core_alone(&Core::carried(core, findings), &core_languages(), findings);
    let tabled = document_of_tables(folder, files, findings)?;
    let tables = tables(&tabled, &languages, &questionnaire, findings);
    only_shares(&tables, findings);
    let reading = Reading {
        languages: &languages,
        members,
        tables: &tables,
        questionnaire: &questionnaire.codebook,
        is_demonstration,
    };
    let editions = compared.map(|value| editions(value, &reading, findings))?;
    let pages = pages(folder, files, &reading, &editions, findings);
    let facts = facts_of(folder, files, &languages, findings);
    let first = head.year.zip(head.published);
    let errata = first.map(|first| errata_of(folder, files, first, (&reading, &pages), findings)).unwrap_or_default();
    // A part that is missing has a finding.
    let Tables { bases, tables, .. } = tables;
    let (about, about_place) = head.about?;
    Some(CountryComparison {
        id: id?,
        title: head.title?,
        publisher: head.publisher?,
        about,
        about_place,
        year: head.year?,
        published: head.published?,
        release_at: head.release_at,
        standing: Standing::Released,
        demonstration: is_demonstration,
        core,
        questionnaire: questionnaire.codebook,
        bases,
        tables,
        editions: editions.read,
        pages,
        facts,
        errata,
        languages,
    })
}

fn head(entries: &mut Entries<'_>, languages: &[Language], findings: &mut Vec<Finding>) -> Head {
    let mut text = |key| {
        let value = entries.required(key)?;
        Some((words(value, languages, findings)?, value.place()))
    };
    let (title, publisher, about) = (text("title"), text("publisher"), text("about"));
    let [title, publisher] = [title, publisher].map(|text| text.map(|(words, _)| words));
    let year = entries.required("year").and_then(|value| super::series::year(value, findings));
    let published = entries.required("published").and_then(|value| value.date(findings));
    let release_at = entries.optional("release_at").and_then(|value| value.moment(published, findings));
    Head { title, publisher, about, year, published, release_at }
}

fn document<'f>(
    folder: &str,
    name: &str,
    files: &'f [SourceFile],
    findings: &mut Vec<Finding>,
) -> Option<Document<'f>> {
    let path = format!("{folder}/{name}");
    let file = files.iter().find(|file| file.path == path);
    if file.is_none() {
        findings.push(Finding::error(Place::File { file: path }, "missing-file", "the file is missing"));
    }
    file.map(|file| Document::parse(&file.path, &file.text, findings))
}

fn document_of_tables<'f>(folder: &str, files: &'f [SourceFile], findings: &mut Vec<Finding>) -> Option<Document<'f>> {
    document(folder, TABLES, files, findings)
}

/// Labels of items come from the shared questionnaire, so a page can be in no language that it does not have.
fn are_of_the_core(languages: &[Language], document: &Document<'_>, findings: &mut Vec<Finding>) -> bool {
    let known = CoreQuestionnaire::LANGUAGES;
    let unknown: Vec<&str> =
        languages.iter().map(Language::as_str).filter(|language| !known.contains(language)).collect();
    for language in &unknown {
        let message =
            format!("the shared questionnaire has no words in {language:?}, so no item could be called by them");
        let finding = Finding::error(document.source.whole(), "unknown-language", message);
        findings.push(finding.hint(format!("it has {}", known.join(", "))));
    }
    unknown.is_empty()
}

/// Other measures have no printed form, and no country of the shared questionnaire's asks a number of the innovation.
fn only_shares(tables: &Tables, findings: &mut Vec<Finding>) {
    for table in &tables.tables {
        if table.measure != Measure::Share {
            let message = format!("the table {:?} does not show shares, which alone are compared", table.id.as_str());
            findings.push(Finding::error(table.place.clone(), "not-a-share", message));
        }
        if !table.breakdowns.is_empty() {
            let message = format!("the table {:?} has breakdowns, which a comparison does not show", table.id.as_str());
            let finding = Finding::error(table.place.clone(), "breakdown", message);
            findings.push(
                finding.hint("an edition of one group has the group in comparison.toml: group = { level = \"state\" }"),
            );
        }
    }
}

fn facts_of(
    folder: &str,
    files: &[SourceFile],
    languages: &[Language],
    findings: &mut Vec<Finding>,
) -> Vec<crate::Fact> {
    let path = format!("{folder}/report/{FACTS}.toml");
    let file = files.iter().find(|file| file.path == path);
    file.map(|file| facts(&Document::parse(&file.path, &file.text, findings), languages, findings)).unwrap_or_default()
}

fn errata_of(
    folder: &str,
    files: &[SourceFile],
    first: (WaveId, jiff::civil::Date),
    (reading, pages): (&Reading<'_>, &[ComparisonPage]),
    findings: &mut Vec<Finding>,
) -> Vec<crate::Erratum> {
    let path = format!("{folder}/report/{ERRATA}.toml");
    let Some(file) = files.iter().find(|file| file.path == path) else { return Vec::new() };
    let themes = pages.iter().map(|page| &page.theme).collect();
    let corrected = Corrected { first, themes, called: "this comparison" };
    let document = Document::parse(&file.path, &file.text, findings);
    errata(&document, &corrected, reading.languages, reading.tables, findings)
}

/// The pages, in their order.
fn pages(
    folder: &str,
    files: &[SourceFile],
    reading: &Reading<'_>,
    editions: &Editions,
    findings: &mut Vec<Finding>,
) -> Vec<ComparisonPage> {
    let below = format!("{folder}/report/");
    let mut ranked: Vec<(i64, ComparisonPage)> = Vec::new();
    let mut figures = Vec::new();
    for file in files {
        let name = file.path.strip_prefix(&below).and_then(|name| name.strip_suffix(".toml"));
        let is_page = |name: &&str| !name.contains('/') && ![FACTS, ERRATA].contains(name);
        let Some(name) = name.filter(is_page) else { continue };
        let document = Document::parse(&file.path, &file.text, findings);
        match ThemeId::new(name) {
            Ok(id) => ranked.extend(page(&document, id, reading, editions, &mut figures, findings)),
            Err(error) => findings.push(Finding::error(document.source.whole(), "bad-name", error.to_string())),
        }
    }
    if ranked.is_empty() && findings.is_empty() {
        let place = Place::File { file: format!("{folder}/report") };
        findings.push(Finding::error(place, "no-page", "the comparison has no page").hint("write report/<page>.toml"));
    }
    ranked.sort_by(|(one, one_page), (other, other_page)| {
        one.cmp(other).then_with(|| one_page.theme.id.cmp(&other_page.theme.id))
    });
    ranked.into_iter().map(|(_, page)| page).collect()
}

/// The source of cells that a word names.
fn source(text: Text<'_>, findings: &mut Vec<Finding>) -> Option<CellSource> {
    let source = CellSource::ALL.into_iter().find(|source| source.as_str() == text.value);
    if source.is_none() {
        let message = format!("{:?} does not tell where numbers come from", text.value);
        findings.push(
            text.finding("unknown-word", message).did_you_mean(text.value, CellSource::ALL.map(CellSource::as_str)),
        );
    }
    source
}

/// A text in every language that may be left out.
fn optional_words(
    entries: &mut Entries<'_>,
    key: &'static str,
    languages: &[Language],
    findings: &mut Vec<Finding>,
) -> Option<Translated> {
    let value: Value<'_> = entries.optional(key)?;
    words(value, languages, findings)
}
