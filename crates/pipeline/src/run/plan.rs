//! What a run reads before anything is counted: the country, its language packs, templates and texts with their claims.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use codebook::{
    Comparison, CoreQuestionnaire, Country, EditionId, Finding, Language, Place, ReleaseMoment, Severity, SourceFile,
    Standing, TableSpec, ThemeId, Wave, WaveId, Wording,
};
use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};
use report::{Languages, Narrative, Pack, Templates};

use super::Request;
use super::beside::plans_before;
use crate::load::{load, shown};
use crate::manifest::ManifestFile;
use crate::synthesis::check_twins;
use crate::timing::still_to_come;
use crate::unfinished::unfinished;
use crate::{Coverage, Event, PipelineError, Timing};

/// What was read before anything is counted.
#[derive(Clone)]
pub(crate) struct Plan {
    /// The country's folder.
    pub(super) folder: PathBuf,
    /// The country as the wave knows it.
    pub(super) country: Country,
    /// The country with all that any wave asked.
    pub(super) whole: Country,
    pub(super) wave: WaveId,
    pub(super) languages: Vec<Language>,
    pub(super) packs: Languages,
    pub(super) templates: Templates,
    pub(super) narratives: Vec<Narrative>,
    pub(super) wordings: Vec<(ThemeId, Wording)>,
    pub(super) inputs: Vec<ManifestFile>,
    /// The country's own files.
    pub(super) sources: Vec<SourceFile>,
    pub(super) embargo_broken: Option<String>,
    /// How many threads may be at work at once.
    pub(super) threads: NonZeroUsize,
    /// The plans of the earlier waves that the report shows beside its own, in order of time.
    pub(super) before: Vec<Self>,
}

impl Plan {
    pub(super) fn wave(&self) -> &Wave {
        self.country.waves.get(&self.wave).expect("the plan was made for a wave of the country")
    }

    /// The edition that is made.
    pub(super) fn edition(&self) -> EditionId {
        self.wave().edition()
    }

    /// The moment from which the edition may be seen.
    pub(super) fn moment(&self) -> Option<ReleaseMoment> {
        self.wave().moment_of(self.edition())
    }

    /// Makes the wave a draft or a release.
    pub(super) fn set_standing(&mut self, standing: Standing) {
        let wave = self.country.waves.get_mut(&self.wave).expect("the plan was made for a wave of the country");
        wave.standing = standing;
    }

    /// The differences between groups that are estimated: those that sentences tell, and late answers less early ones. Sorted, each once.
    pub(super) fn comparisons(&self) -> Vec<Comparison> {
        let themes = &self.wave().themes;
        let mut comparisons = disclose::comparisons(themes, &self.country.codebook);
        comparisons.extend(disclose::late_comparisons(&self.country.tables, themes));
        comparisons.sort();
        comparisons.dedup();
        comparisons
    }

    /// The threads that may be at work at once.
    pub(super) fn pool(&self) -> Result<ThreadPool, ThreadPoolBuildError> {
        ThreadPoolBuilder::new().num_threads(self.threads.get()).build()
    }

    pub(super) fn tables(&self) -> Vec<&TableSpec> {
        self.country.tables.iter().collect()
    }
}

/// What the manifest says of a country's files.
///
/// # Errors
/// When one cannot be read.
pub(crate) fn inputs(folder: &Path) -> Result<Vec<ManifestFile>, PipelineError> {
    Ok(inputs_of(folder, &load(folder)?))
}

/// The same for files that were read from `folder`; those of the shared questionnaire that it takes are among them, as the program carries them.
pub(crate) fn inputs_of(folder: &Path, files: &[SourceFile]) -> Vec<ManifestFile> {
    let folder = shown(folder);
    let input = |file: &SourceFile| {
        let below = file.path.strip_prefix(&folder).unwrap_or(&file.path).trim_start_matches('/');
        ManifestFile::of(below, file.text.as_bytes())
    };
    let core = CoreQuestionnaire::taken_by(&folder, files).into_iter().flat_map(CoreQuestionnaire::files);
    files.iter().map(input).chain(core.map(|(path, text)| ManifestFile::of(path, text.as_bytes()))).collect()
}

/// Splits findings: errors stop the run, with every warning beside them; warnings alone are told.
pub(crate) fn settle(findings: Vec<Finding>, tell: &mut dyn FnMut(Event<'_>)) -> Result<(), PipelineError> {
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        return Err(PipelineError::Findings(findings));
    }
    for finding in &findings {
        tell(Event::Warning(finding));
    }
    Ok(())
}

/// A country's files, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedFiles {
    /// Everything that is wrong or odd.
    pub findings: Vec<Finding>,
    /// How far they have come; `None` where an error stands in the way.
    pub coverage: Option<Coverage>,
}

/// Every finding in a country's files: its TOML, its language packs, the narratives of all its waves and the specifications of its twins; and how far they
/// have come.
///
/// # Errors
/// When a file cannot be read.
pub fn check(folder: &Path) -> Result<CheckedFiles, PipelineError> {
    let files = load(folder)?;
    let (country, mut findings) = read_and_checked(folder, &files)?;
    if let Some(country) = &country {
        findings.extend(check_twins(&shown(folder), country, &files));
    }
    let has_errors = findings.iter().any(|finding| finding.severity == Severity::Error);
    let country = country.filter(|_| !has_errors);
    let coverage = country.map(|country| Coverage::of(&shown(folder), &country, &files));
    Ok(CheckedFiles { findings, coverage })
}

/// The same for files that may not be on the disk.
pub(crate) fn check_files(folder: &Path, files: &[SourceFile]) -> Result<Vec<Finding>, PipelineError> {
    read_and_checked(folder, files).map(|(_, findings)| findings)
}

/// The country, unless its TOML has errors, and every finding in its files.
pub(super) fn read_and_checked(
    folder: &Path,
    files: &[SourceFile],
) -> Result<(Option<Country>, Vec<Finding>), PipelineError> {
    let (country, mut findings) = Country::read(&shown(folder), files);
    if let Some(country) = &country {
        let texts = texts(folder, files, [country, country], &country.waves.keys().copied().collect::<Vec<_>>());
        findings.extend(texts.findings);
        findings.extend(country.accessibility_gaps(&shown(folder)));
        findings.extend(country.licence_gap(&shown(folder)));
        findings.extend(country.window_gaps());
        texts.templates.check()?;
    }
    Ok((country, findings))
}

/// The country's own words: language packs, templates, narratives with the claims in them.
struct Texts {
    packs: Languages,
    templates: Templates,
    narratives: Vec<Narrative>,
    wordings: Vec<(ThemeId, Wording)>,
    findings: Vec<Finding>,
}

/// Reads the texts of some waves. `countries`: as the wave knows it, and with all that any wave asked.
fn texts(folder: &Path, files: &[SourceFile], countries: [&Country; 2], waves: &[WaveId]) -> Texts {
    let [country, _] = countries;
    let folder = shown(folder);
    let overrides = |below: &str| -> Vec<SourceFile> {
        let prefix = format!("{folder}/{below}/");
        files.iter().filter(|file| file.path.starts_with(&prefix)).cloned().collect()
    };
    let (packs, findings) = Languages::read(&overrides("templates/lang"));
    let templates = Templates::new(overrides("templates"));
    let mut texts = Texts { packs, templates, narratives: Vec::new(), wordings: Vec::new(), findings };
    for language in &country.languages {
        match texts.packs.pack(language).cloned() {
            Some(pack) => {
                let boilerplate = country.press.iter().flat_map(|press| report::boilerplate(press, &pack));
                texts.findings.extend(boilerplate);
                for wave in waves {
                    texts.read_narratives(countries, *wave, &folder, files, &pack, language);
                }
            }
            None => texts.findings.push(
                Finding::error(
                    Place::File { file: format!("{folder}/country.toml") },
                    "no-language-pack",
                    format!("there is no language pack for {language}"),
                )
                .hint(format!("write {folder}/templates/lang/{language}.toml, or take {language} out of languages")),
            ),
        }
    }
    texts
}

impl Texts {
    fn read_narratives(
        &mut self,
        [country, whole]: [&Country; 2],
        wave: WaveId,
        folder: &str,
        files: &[SourceFile],
        pack: &Pack,
        language: &Language,
    ) {
        let Some(edition) = country.waves.get(&wave) else { return };
        for theme in &edition.themes {
            let path = format!("{folder}/report/{wave}/{}.{language}.md", theme.id);
            let Some(source) = files.iter().find(|file| file.path == path) else {
                let message = format!("theme {} has no text in {language}", theme.id);
                let finding = Finding::error(Place::File { file: path }, "no-narrative", message);
                self.findings.push(finding.hint("write this file"));
                continue;
            };
            let (narrative, words, findings) = report::narrative(theme, &edition.facts, pack, source);
            self.narratives.push(narrative);
            self.wordings.extend(words.into_iter().map(|wording| (theme.id.clone(), wording)));
            self.findings.extend(findings);
            self.findings.extend(report::untested_words(whole, edition, theme, pack, source));
        }
    }
}

/// Reads everything that is not data. Narratives are read in every language of the country, also in those not rendered now: a
/// claim is checked in all its wordings or in none.
pub(crate) fn plan(request: &Request, tell: &mut dyn FnMut(Event<'_>)) -> Result<Plan, PipelineError> {
    planned(request, &load(&request.country)?, tell)
}

/// The same from files that were read already.
pub(crate) fn planned(
    request: &Request,
    files: &[SourceFile],
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Plan, PipelineError> {
    let folder = shown(&request.country);
    let (country, mut findings) = Country::read(&folder, files);
    let Some(mut whole) = country else {
        return Err(PipelineError::Findings(findings));
    };
    let wave = choose_wave(&whole, request.wave)?;
    let embargo_broken = set_standing(&mut whole, wave, &request.timing)?;
    // From here on there is nothing but what this wave asked.
    let country = whole.of_wave(wave);
    let languages = choose_languages(&country, request.languages.as_deref())?;
    let texts = texts(&request.country, files, [&country, &whole], &[wave]);
    let country = with_answer_time(country, wave, &texts.packs);
    findings.extend(texts.findings);
    let edition = &country.waves[&wave];
    findings.extend(unfinished(&folder, &country, edition, files));
    if let (Standing::Released, Some(now)) = (edition.standing, request.timing.now()) {
        findings.extend(still_to_come(wave, edition.published, &edition.place, now));
    }
    settle(findings, tell)?;
    texts.templates.check()?;
    let (tables, wordings) = (country.tables.len(), texts.wordings.len());
    tell(Event::Planned { country: country.id.as_str(), wave, tables, wordings });
    let mut plan = Plan {
        folder: request.country.clone(),
        country,
        whole,
        wave,
        languages,
        packs: texts.packs,
        templates: texts.templates,
        narratives: texts.narratives,
        wordings: texts.wordings,
        inputs: inputs_of(&request.country, files),
        sources: files.to_vec(),
        embargo_broken,
        threads: request.threads,
        before: Vec::new(),
    };
    plan.before = plans_before(&plan);
    Ok(plan)
}

/// The country of a wave, told by early and late answers where the wave tells when they came in.
pub(super) fn with_answer_time(mut country: Country, wave: WaveId, packs: &Languages) -> Country {
    if let Some(words) = packs.answer_time_words(&country.languages) {
        country.add_answer_time(wave, &words);
    }
    country
}

/// Makes the wave a draft or a release, as the time demands. Gives the reason for which an embargo is broken.
fn set_standing(country: &mut Country, wave: WaveId, timing: &Timing) -> Result<Option<String>, PipelineError> {
    let (country_id, id) = (country.id.clone(), wave);
    let Some(wave) = country.waves.get_mut(&wave) else { return Ok(None) };
    let edition = wave.edition();
    let timed = timing.of(&format!("{country_id} {edition}"), id, wave.moment_of(edition).as_ref())?;
    wave.standing = timed.standing;
    Ok(timed.embargo_broken)
}

pub(super) fn choose_wave(country: &Country, asked: Option<WaveId>) -> Result<WaveId, PipelineError> {
    let known = || country.waves.keys().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match asked {
        Some(wave) if country.waves.contains_key(&wave) => Ok(wave),
        Some(wave) => {
            let message = format!("{} has no wave {wave}; it has {}", country.id, known());
            Err(PipelineError::Usage { message })
        }
        None => country.newest().map(|wave| wave.id).ok_or_else(|| PipelineError::Usage {
            message: format!("{} has no wave yet: add waves/<year>.toml", country.id),
        }),
    }
}

fn choose_languages(country: &Country, asked: Option<&[Language]>) -> Result<Vec<Language>, PipelineError> {
    let Some(asked) = asked else {
        return Ok(country.languages.clone());
    };
    if let Some(unknown) = asked.iter().find(|language| !country.languages.contains(language)) {
        let known = country.languages.iter().map(Language::as_str).collect::<Vec<_>>().join(", ");
        let message = format!("{} has no texts in language {unknown}; it has {known}", country.id);
        return Err(PipelineError::Usage { message });
    }
    Ok(country.languages.iter().filter(|language| asked.contains(language)).cloned().collect())
}
