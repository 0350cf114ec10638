//! Reading a comparison's folder, the countries beside it, and its texts.

use std::collections::BTreeMap;
use std::path::Path;

use codebook::{Country, CountryComparison, Finding, MemberCountry, Severity, SourceFile, ThemeId, Wording};
use report::{Languages, Narrative, Templates};

use super::place;
use crate::PipelineError;
use crate::load::{load, shown};
use crate::manifest::ManifestFile;

/// A comparison with its words, and everything that is wrong with them.
pub(super) struct Reading {
    pub(super) comparison: Option<CountryComparison>,
    pub(super) members: BTreeMap<String, MemberCountry>,
    pub(super) packs: Languages,
    pub(super) templates: Templates,
    pub(super) narratives: Vec<Narrative>,
    pub(super) wordings: Vec<(ThemeId, Wording)>,
    pub(super) inputs: Vec<ManifestFile>,
    pub(super) findings: Vec<Finding>,
}

/// The files of a country that a comparison depends on, besides those of the waves that it names.
const OF_A_MEMBER: [&str; 5] = ["country.toml", "codebook.toml", "tables.toml", "ledger.toml", "published.csv"];

/// Reads the folder of a comparison, and those of the countries that it names, which lie beside it.
///
/// # Errors
/// When a file cannot be read.
pub(super) fn read(folder: &Path) -> Result<Reading, PipelineError> {
    let files = load(folder)?;
    let name = shown(folder);
    let mut members = BTreeMap::new();
    let mut inputs = own_inputs(&name, &files);
    for member in CountryComparison::members(&name, &files) {
        let beside = beside(folder, &member);
        if !beside.join("country.toml").is_file() {
            continue;
        }
        let files = load(&beside)?;
        inputs.extend(inputs_of(&member, &shown(&beside), &files));
        let (country, findings) = Country::read(&shown(&beside), &files);
        let has_errors = findings.iter().any(|finding| finding.severity == Severity::Error);
        let country = country.filter(|_| !has_errors).map(Box::new);
        members.insert(member, country.map_or(MemberCountry::Broken, MemberCountry::Read));
    }
    inputs.sort_by(|one, other| one.path.cmp(&other.path));
    let (comparison, mut findings) = CountryComparison::read(&name, &files, &members);
    let overrides = |below: &str| -> Vec<SourceFile> {
        let prefix = format!("{name}/{below}/");
        files.iter().filter(|file| file.path.starts_with(&prefix)).cloned().collect()
    };
    let (packs, of_packs) = Languages::read(&overrides("templates/lang"));
    findings.extend(of_packs);
    let templates = Templates::new(overrides("templates"));
    let mut reading = Reading {
        comparison,
        members,
        packs,
        templates,
        narratives: Vec::new(),
        wordings: Vec::new(),
        inputs,
        findings,
    };
    reading.read_texts(folder, &files);
    reading.findings.sort();
    Ok(reading)
}

/// The files of a comparison's folder and, of the countries that it names, those that it depends on.
///
/// # Errors
/// When a file cannot be read.
pub(crate) fn sources(folder: &Path) -> Result<Vec<SourceFile>, PipelineError> {
    let mut files = load(folder)?;
    for member in CountryComparison::members(&shown(folder), &files) {
        let beside = beside(folder, &member);
        if beside.join("country.toml").is_file() {
            let prefix = format!("{}/", shown(&beside));
            files
                .extend(load(&beside)?.into_iter().filter(|file| file.path.strip_prefix(&prefix).is_some_and(is_used)));
        }
    }
    Ok(files)
}

/// Whether a comparison depends on a file of a country, by its path below the country's folder.
fn is_used(below: &str) -> bool {
    OF_A_MEMBER.contains(&below) || below.starts_with("waves/")
}

/// The folder beside that of a comparison.
fn beside(folder: &Path, name: &str) -> std::path::PathBuf {
    match folder.parent() {
        Some(parent) if parent.as_os_str().is_empty() => name.into(),
        Some(parent) => parent.join(name),
        None => folder.join("..").join(name),
    }
}

fn own_inputs(folder: &str, files: &[SourceFile]) -> Vec<ManifestFile> {
    let below =
        |file: &SourceFile| file.path.strip_prefix(folder).unwrap_or(&file.path).trim_start_matches('/').to_owned();
    files.iter().map(|file| ManifestFile::of(below(file), file.text.as_bytes())).collect()
}

/// What a comparison depends on of a country's files, as `../abc/published.csv`.
fn inputs_of(member: &str, folder: &str, files: &[SourceFile]) -> Vec<ManifestFile> {
    let prefix = format!("{folder}/");
    let input = |file: &SourceFile| {
        let below = file.path.strip_prefix(&prefix)?;
        is_used(below).then(|| ManifestFile::of(format!("../{member}/{below}"), file.text.as_bytes()))
    };
    files.iter().filter_map(input).collect()
}

impl Reading {
    /// The texts of every page in every language of the comparison: a claim is checked in all its wordings or in none.
    fn read_texts(&mut self, folder: &Path, files: &[SourceFile]) {
        let Some(comparison) = &self.comparison else { return };
        for language in &comparison.languages {
            let Some(pack) = self.packs.pack(language) else {
                let message = format!("there is no language pack for {language}");
                let help = format!("write templates/lang/{language}.toml in it, or take {language} out of languages");
                self.findings.push(Finding::error(place(folder), "no-language-pack", message).hint(help));
                continue;
            };
            let of_file = std::iter::once((&comparison.about, &comparison.about_place));
            let notes = comparison.editions.iter().filter_map(|edition| edition.note.as_ref());
            for (text, place) in of_file.chain(notes.map(|(text, place)| (text, place))) {
                self.findings.extend(report::unchecked_numbers(text, place, pack));
            }
            for page in &comparison.pages {
                let path = format!("{}/report/{}.{language}.md", shown(folder), page.theme.id);
                let Some(source) = files.iter().find(|file| file.path == path) else {
                    let message = format!("the page {} has no text in {language}", page.theme.id);
                    let place = codebook::Place::File { file: path };
                    self.findings.push(Finding::error(place, "no-narrative", message).hint("write this file"));
                    continue;
                };
                let (narrative, words, findings) = report::narrative(&page.theme, &comparison.facts, pack, source);
                self.narratives.push(narrative);
                self.wordings.extend(words.into_iter().map(|wording| (page.theme.id.clone(), wording)));
                self.findings.extend(findings);
                self.findings.extend(report::untested_comparisons(
                    &comparison.questionnaire,
                    &page.theme,
                    pack,
                    source,
                ));
            }
        }
    }
}
