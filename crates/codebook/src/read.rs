//! Reading a country's TOML, in two steps that every part takes in turn: as written (keys, types, places), then as meant
//! (names resolved, expressions typed).
//!
//! Findings are collected, never returned early. What has a finding of its own accuses nobody else: a name that may come
//! from a definition with a finding is *unclear*, and using it is no second mistake.

mod accessibility;
mod calibration;
mod checks;
mod codebook;
mod comparison;
mod derivation;
mod design;
mod errata;
mod fact;
mod fieldwork;
mod files;
mod front;
mod ledger;
mod loops;
mod merge;
mod packed;
mod printed;
mod protection;
mod replicates;
mod sensitive;
mod series;
mod settings;
mod sims;
mod source;
mod survey;
mod tables;
mod theme;
mod toml;
mod uses;
mod variant;
mod wave;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use codebook::{Core, Questionnaire, core_alone, questionnaire};
pub(crate) use comparison::{comparison, members};
use errata::{Corrected, ERRATA, errata};
use fact::{FACTS, facts};
use front::{FRONT, lead};
use ledger::{LEDGER, ledger};
use series::series;
use settings::{CoreChoice, Settings, settings};
use sims::{QualityTexts, quality_texts};
use tables::{Tables, tables};
use theme::{incomparable, speakers, theme, untested_claims};
use toml::Document;
use uses::Uses;
use variant::{VARIANTS, strangers, variants};
use wave::{Told, wave};

use crate::{
    Codebook, CoreQuestionnaire, Country, CountryId, Fact, Finding, Language, Ledger, Place, Series, Severity,
    SourceFile, Theme, ThemeId, Wave, WaveId,
};

/// The files at the top of a country's folder.
const TOP_FILES: [&str; 3] = ["country.toml", "codebook.toml", "tables.toml"];
/// Those that a country may do without.
const SERIES: &str = "series.toml";
const QUALITY: &str = "quality.toml";
const PRINTED: &str = "published.csv";

pub(crate) fn country(folder: &str, files: &[SourceFile]) -> (Option<Country>, Vec<Finding>) {
    let mut findings = Vec::new();
    let id = country_id(folder, &mut findings);
    let packs = packs(folder, files);
    let folder = Folder::new(folder, files, &mut findings);
    let settings = folder.document("country.toml").map(|file| settings(file, &packs, &mut findings));
    let settings = settings.unwrap_or_default();
    let languages = &settings.languages;
    let questionnaire = folder.questionnaire(&settings, &mut findings);
    let tables = match folder.document("tables.toml") {
        Some(file) => tables(file, languages, &questionnaire, &mut findings),
        None => Tables::unclear(),
    };
    let ledger = folder.ledger(&settings, &questionnaire, &mut findings);
    let series = folder.series(languages, ledger.is_some(), &mut findings);
    let reading = Reading {
        settings: &settings,
        questionnaire: &questionnaire,
        tables: &tables,
        ledger: ledger.as_ref(),
        series: &series,
    };
    let waves = id.as_ref().map(|id| folder.waves(id, &reading, &mut findings));
    // Its columns are named by the country's languages.
    let file = folder.file(PRINTED, files).filter(|_| !settings.languages.is_empty());
    let printed = file.zip(waves.as_ref());
    let printed = printed.map(|(file, waves)| printed::printed(file, &reading, waves, &mut findings));
    findings.iter_mut().for_each(mend_in_codebook);
    // Items of a battery share its routing, so a mistake there is found once for each.
    findings.sort();
    findings.dedup();
    let has_errors = findings.iter().any(|finding| finding.severity == Severity::Error);
    let printed = printed.unwrap_or_default();
    let country = id
        .zip(waves)
        .filter(|_| !has_errors)
        .map(|(id, waves)| Parts { settings, questionnaire, tables, ledger, waves, series, printed }.country(id));
    let Some(country) = country else { return (None, findings) };
    let refused = incomparable(&country);
    let country = refused.is_empty().then_some(country);
    findings.extend(refused);
    findings.sort();
    (country, findings)
}

/// What the files of a country say, without an error.
struct Parts {
    settings: Settings,
    questionnaire: Questionnaire,
    tables: Tables,
    ledger: Option<Ledger>,
    waves: BTreeMap<WaveId, Wave>,
    series: Series,
    printed: Vec<crate::Printed>,
}

impl Parts {
    fn country(self, id: CountryId) -> Country {
        let Self { settings, questionnaire, tables, ledger, waves, series, printed } = self;
        let Settings {
            languages,
            name,
            title,
            publisher,
            press,
            accessibility,
            smallest_base,
            protection,
            confidence_level,
            site,
            licence,
            ..
        } = settings;
        let Tables { bases, tables, .. } = tables;
        let Questionnaire { codebook, checks, .. } = questionnaire;
        Country {
            id,
            languages,
            name,
            title,
            publisher,
            press,
            accessibility,
            smallest_base,
            protection,
            confidence_level,
            site,
            licence,
            codebook,
            checks,
            bases,
            tables,
            ledger,
            waves,
            series,
            printed,
        }
    }
}

/// The shared questionnaire as it stands alone.
pub(crate) fn core_codebook(core: CoreQuestionnaire) -> Codebook {
    // It is checked where it is changed.
    let mut findings = Vec::new();
    let core = Core::carried(core, &mut findings);
    core_alone(&core, &core_languages(), &mut findings).codebook
}

fn core_languages() -> Vec<Language> {
    CoreQuestionnaire::LANGUAGES.iter().filter_map(|language| Language::new(language).ok()).collect()
}

/// Findings in files of the shared questionnaire, as they stand alone.
pub(crate) fn core(files: &[SourceFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let core = Core::written(files, &mut findings);
    core_alone(&core, &core_languages(), &mut findings);
    findings.sort();
    findings.dedup();
    findings
}

/// What stands in the core cannot be mended there.
fn mend_in_codebook(finding: &mut Finding) {
    let Place::Text { file, .. } = &finding.place else { return };
    // What lacks a language has a hint of its own.
    if file.starts_with("core/") && finding.code != "missing-language" {
        let hint = "this stands in the shared questionnaire, which barometer core ITEM shows: give it in codebook.toml under the same name, or leave it out there";
        finding.hints.push(hint.to_owned());
    }
}

/// The languages of which the country brings a language pack along.
fn packs<'f>(folder: &str, files: &'f [SourceFile]) -> BTreeSet<&'f str> {
    let below = format!("{}/templates/lang/", folder.trim_end_matches('/'));
    files.iter().filter_map(|file| file.path.strip_prefix(&below)?.strip_suffix(".toml")).collect()
}

fn country_id(folder: &str, findings: &mut Vec<Finding>) -> Option<CountryId> {
    let name = folder.trim_end_matches('/').rsplit('/').next().unwrap_or("");
    CountryId::new(name)
        .map_err(|error| {
            let finding = Finding::error(Place::File { file: folder.to_owned() }, "bad-name", error.to_string());
            findings.push(finding.hint("rename the folder: its name is the country's, and stands in addresses and names of files; what readers call it is name in country.toml"));
        })
        .ok()
}

/// What the waves are read with.
#[derive(Clone, Copy)]
struct Reading<'r> {
    settings: &'r Settings,
    questionnaire: &'r Questionnaire,
    tables: &'r Tables,
    ledger: Option<&'r Ledger>,
    series: &'r Series,
}

/// The parsed files of a country, by their path in its folder.
struct Folder<'f> {
    path: &'f str,
    documents: BTreeMap<&'f str, Document<'f>>,
}

impl<'f> Folder<'f> {
    fn new(path: &'f str, files: &'f [SourceFile], findings: &mut Vec<Finding>) -> Self {
        let path = path.trim_end_matches('/');
        let inside = |file: &'f SourceFile| file.path.strip_prefix(path).and_then(|rest| rest.strip_prefix('/'));
        let paths: Vec<(&str, &SourceFile)> = files.iter().filter_map(|file| Some((inside(file)?, file))).collect();
        let mut documents = BTreeMap::new();
        for (relative, file) in &paths {
            let is_top = TOP_FILES.contains(relative) || [LEDGER, SERIES, QUALITY].contains(relative);
            let is_read = is_top || wave_of(relative).is_some() || report_of(relative).is_some();
            if is_read {
                documents.insert(*relative, Document::parse(&file.path, &file.text, findings));
            }
        }
        for name in TOP_FILES.into_iter().filter(|name| !documents.contains_key(name)) {
            let place = Place::File { file: format!("{path}/{name}") };
            let others =
                paths.iter().map(|(relative, _)| *relative).filter(|relative| !documents.contains_key(relative));
            let near = others.filter(|other| strsim::damerau_levenshtein(name, other) <= 3);
            findings.push(Finding::error(place, "missing-file", "the file is missing").did_you_mean(name, near));
        }
        Self { path, documents }
    }

    /// A file that is no TOML.
    fn file(&self, relative: &str, files: &'f [SourceFile]) -> Option<&'f SourceFile> {
        files.iter().find(|file| file.path == format!("{}/{relative}", self.path))
    }

    fn document(&self, relative: &str) -> Option<&Document<'f>> {
        self.documents.get(relative)
    }

    /// The codebook, with what it takes from the core.
    fn questionnaire(&self, settings: &Settings, findings: &mut Vec<Finding>) -> Questionnaire {
        let core = match settings.core {
            CoreChoice::Of(core) => Some(Core::carried(core, findings)),
            CoreChoice::None => None,
            CoreChoice::Unclear => return Questionnaire::unclear(),
        };
        match self.document("codebook.toml") {
            Some(file) => questionnaire(file, core.as_ref(), &settings.languages, findings),
            None => Questionnaire::unclear(),
        }
    }

    /// The ledger, which a country needs that shares a questionnaire with others.
    fn ledger(
        &self,
        settings: &Settings,
        questionnaire: &Questionnaire,
        findings: &mut Vec<Finding>,
    ) -> Option<Ledger> {
        let years = self.documents.keys().filter_map(|relative| WaveId::new(wave_of(relative)?).ok());
        let waves: BTreeSet<WaveId> = years.collect();
        let document = self.document(LEDGER);
        if let (None, CoreChoice::Of(_)) = (document, settings.core) {
            let place = Place::File { file: format!("{}/{LEDGER}", self.path) };
            let message =
                "the file is missing: a country that takes the shared questionnaire tells how each wave asked it";
            findings.push(Finding::error(place, "missing-file", message));
        }
        ledger(document?, &settings.languages, questionnaire, &waves, findings)
    }

    /// The series, if the country has one; without a ledger nobody tells whether its waves asked the same.
    fn series(&self, languages: &[Language], has_ledger: bool, findings: &mut Vec<Finding>) -> Series {
        let Some(document) = self.document(SERIES) else { return Series::default() };
        if !has_ledger && self.document(LEDGER).is_none() {
            let place = Place::File { file: format!("{}/{LEDGER}", self.path) };
            let message =
                "the file is missing: a country that shows waves beside each other tells how each asked what it asked";
            findings.push(Finding::error(place, "missing-file", message));
        }
        series(document, languages, findings).unwrap_or_default()
    }

    /// What the quality reports tell in words.
    fn quality_texts(
        &self,
        languages: &[Language],
        waves: &BTreeSet<WaveId>,
        findings: &mut Vec<Finding>,
    ) -> QualityTexts {
        let Some(document) = self.document(QUALITY) else { return QualityTexts::default() };
        let texts = quality_texts(document, languages, findings).unwrap_or_default();
        for wave in texts.waves().filter(|wave| !waves.contains(wave)) {
            let message = format!("the file tells of wave {wave}, and the country has none of that year");
            findings.push(Finding::error(document.source.whole(), "unknown-wave", message));
        }
        texts
    }

    fn waves(&self, country: &CountryId, reading: &Reading<'_>, findings: &mut Vec<Finding>) -> BTreeMap<WaveId, Wave> {
        let Reading { settings, questionnaire, tables, ledger, .. } = *reading;
        let mut waves = BTreeMap::new();
        let mut declared = BTreeSet::new();
        for (relative, document) in &self.documents {
            let Some(year) = wave_of(relative) else { continue };
            match WaveId::new(year) {
                Ok(id) => {
                    declared.insert(id);
                    let told = Told { uses: Uses::in_wave(id, ledger, questionnaire, tables), ledger };
                    let wave = wave(document, id, country, &settings.languages, questionnaire, &told, findings);
                    waves.extend(wave.map(|wave| (id, wave)));
                }
                Err(error) => {
                    findings.push(Finding::error(document.source.whole(), "bad-name", error.to_string()));
                }
            }
        }
        let untold =
            |id: &WaveId| questionnaire.codebook.untold(&ledger.map(|ledger| ledger.absent(*id)).unwrap_or_default());
        let of_waves: BTreeMap<WaveId, Tables> = declared.iter().map(|id| (*id, tables.without(&untold(id)))).collect();
        let mut themes = self.themes(reading, &of_waves, findings);
        let quality = self.quality_texts(&settings.languages, &declared, findings);
        for (id, wave) in &mut waves {
            let tables = &of_waves[id];
            wave.quality = quality.of(*id);
            wave.themes = themes.remove(id).unwrap_or_default();
            if let Some(document) = self.document(&format!("report/{id}/{FACTS}.toml")) {
                wave.facts = facts(document, &settings.languages, findings);
                findings.extend(named_twice(wave));
            }
            if let Some(document) = self.document(&format!("report/{id}/{FRONT}.toml")) {
                wave.lead = lead(document, wave, findings);
            }
            if let Some(document) = self.document(&format!("report/{id}/{VARIANTS}.toml")) {
                wave.variants = variants(document, wave, &settings.languages, tables, findings);
            }
            if let Some(document) = self.document(&format!("report/{id}/{ERRATA}.toml")) {
                wave.errata = errata(document, &Corrected::wave(wave), &settings.languages, tables, findings);
            }
            findings.extend(strangers(wave, tables));
            wave.severities = std::mem::take(&mut wave.severities).over(&settings.severities);
            findings.extend(untested_claims(wave));
            findings.extend(speakers(wave));
        }
        waves
    }

    /// The pages of every wave, in their order.
    fn themes(
        &self,
        reading: &Reading<'_>,
        of_waves: &BTreeMap<WaveId, Tables>,
        findings: &mut Vec<Finding>,
    ) -> BTreeMap<WaveId, Vec<Theme>> {
        let mut ranked: BTreeMap<WaveId, Vec<(i64, Theme)>> = BTreeMap::new();
        let mut figures = BTreeSet::new();
        for (relative, document) in &self.documents {
            let Some((year, name)) = theme_of(relative) else { continue };
            let whole = |code, message| Finding::error(document.source.whole(), code, message);
            let id = ThemeId::new(name).map_err(|error| findings.push(whole("bad-name", error.to_string()))).ok();
            let wave = WaveId::new(year).ok().filter(|wave| of_waves.contains_key(wave));
            if wave.is_none() {
                findings.push(whole("unknown-wave", format!("there is no wave {}/waves/{year}.toml", self.path)));
            }
            let Some(id) = id else { continue };
            let tables = wave.and_then(|wave| of_waves.get(&wave)).unwrap_or(reading.tables);
            let read = theme(document, id, &Reading { tables, ..*reading }, wave, findings);
            let (Some(wave), Some((order, theme, names))) = (wave, read) else { continue };
            findings.extend(
                names.into_iter().filter(|name| !figures.insert((wave, name.id.clone()))).map(|name| name.finding),
            );
            ranked.entry(wave).or_default().push((order, theme));
        }
        let in_order = |mut themes: Vec<(i64, Theme)>| {
            themes.sort_by(|(left, left_theme), (right, right_theme)| {
                left.cmp(right).then_with(|| left_theme.id.cmp(&right_theme.id))
            });
            themes.into_iter().map(|(_, theme)| theme).collect()
        };
        ranked.into_iter().map(|(wave, themes)| (wave, in_order(themes))).collect()
    }
}

/// Facts that are called like a claim, so that a text could mean either.
fn named_twice(wave: &Wave) -> Vec<Finding> {
    let claims: BTreeSet<_> = wave.themes.iter().flat_map(|theme| &theme.claims).map(|claim| &claim.id).collect();
    let twice = wave.facts.iter().filter(|fact| claims.contains(&fact.id));
    let finding = |fact: &Fact| {
        let message = format!("a claim of this wave is called {:?}, too", fact.id.as_str());
        Finding::error(fact.place.clone(), "duplicate", message)
    };
    twice.map(finding).collect()
}

/// The year of `waves/<year>.toml`.
fn wave_of(relative: &str) -> Option<&str> {
    relative.strip_prefix("waves/")?.strip_suffix(".toml").filter(|year| !year.contains('/'))
}

/// Year and name of `report/<year>/<theme>.toml`.
fn theme_of(relative: &str) -> Option<(&str, &str)> {
    report_of(relative).filter(|(_, name)| ![ERRATA, FACTS, FRONT, VARIANTS].contains(name))
}

/// The same, errata, facts, front page and variants among them.
fn report_of(relative: &str) -> Option<(&str, &str)> {
    let (year, name) = relative.strip_prefix("report/")?.strip_suffix(".toml")?.split_once('/')?;
    (!name.contains('/')).then_some((year, name))
}
