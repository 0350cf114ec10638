//! The publication run: the steps in their order.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use codebook::{
    Country, Finding, Language, Origin, Place, Severity, SourceFile, TableSpec, ThemeId, VariableName, Wave, WaveId,
    Wording,
};
use disclose::{Cell, Fieldwork, Published, Rules, VerdictKind};
use estimate::{Degrees, DesignTable, IntervalMethod, Method, Table};
use ingest::{CheckedWave, RawFile};
use rayon::prelude::*;
use report::{Edition, Languages, Narrative, Pack, Templates};
use tabulate::{Statement, Tabulation};

use crate::load::{load, shown};
use crate::manifest::{Manifest, ManifestFamily, ManifestFile, ManifestMethod, RawManifestFile};
use crate::quality::quality;
use crate::release::Release;
use crate::{Event, FailedClaim, PipelineError, Weighed, weighing};

/// What is asked of a run.
#[derive(Debug, Clone)]
pub struct Request {
    /// The country's folder.
    pub country: PathBuf,
    /// The wave; `None` is the newest.
    pub wave: Option<WaveId>,
    /// The folder of raw files; `None` is `raw/<year>` in the country's folder.
    pub raw: Option<PathBuf>,
    /// The folder that takes `<country>/<year>/`.
    pub out: PathBuf,
    /// A private folder for intermediate files with microdata; they are removed at the end.
    pub work: PathBuf,
    /// The languages to render; `None` is all of the country.
    pub languages: Option<Vec<Language>>,
    /// Threads of every step.
    pub threads: NonZeroUsize,
}

/// How the estimates of a country are made.
fn method(country: &Country) -> Method {
    let level = country.confidence_level.as_f64();
    Method { shares: IntervalMethod::Xlogit, level, degrees: Degrees::Domain }
}

/// What was read before anything is counted.
struct Plan {
    country: Country,
    wave: WaveId,
    languages: Vec<Language>,
    packs: Languages,
    templates: Templates,
    narratives: Vec<Narrative>,
    wordings: Vec<(ThemeId, Wording)>,
    inputs: Vec<ManifestFile>,
}

impl Plan {
    fn wave(&self) -> &Wave {
        self.country.waves.get(&self.wave).expect("the plan was made for a wave of the country")
    }

    fn tables(&self) -> Vec<&TableSpec> {
        self.country.tables.iter().collect()
    }
}

/// Builds one wave's release. Gives its folder.
///
/// # Errors
/// When there are findings or claims for a person to mend, when the request names something that is not there, or when the disk or an
/// engine fails. The last release is then untouched.
pub fn run(request: &Request, tell: &mut dyn FnMut(Event<'_>)) -> Result<PathBuf, PipelineError> {
    let plan = plan(request, tell)?;
    let raw = raw_files(request, plan.wave())?;
    let checked = checked(&plan, &raw, tell)?;
    let weighed = weigh(&plan, &checked, tell)?;
    let tabulation = tabulate(request, &plan, &checked, &weighed.design, tell)?;
    let tables = estimate(request, &plan, &weighed.design, &tabulation, tell)?;
    let published = disclose(&plan, &checked, &weighed, &tabulation, &tables, tell)?;
    release(request, &plan, &raw, &published, &tabulation.statements, tell)
}

/// Splits findings: errors stop the run, with every warning beside them; warnings alone are told.
fn settle(findings: Vec<Finding>, tell: &mut dyn FnMut(Event<'_>)) -> Result<(), PipelineError> {
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        return Err(PipelineError::Findings(findings));
    }
    for finding in &findings {
        tell(Event::Warning(finding));
    }
    Ok(())
}

/// Every finding in a country's files: its TOML, its language packs and the narratives of all its waves.
///
/// # Errors
/// When a file cannot be read.
pub fn check(folder: &Path) -> Result<Vec<Finding>, PipelineError> {
    check_files(folder, &load(folder)?)
}

/// The same for files that may not be on the disk.
pub(crate) fn check_files(folder: &Path, files: &[SourceFile]) -> Result<Vec<Finding>, PipelineError> {
    let (country, mut findings) = Country::read(&shown(folder), files);
    if let Some(country) = country {
        let texts = texts(folder, files, &country, &country.waves.keys().copied().collect::<Vec<_>>());
        findings.extend(texts.findings);
        texts.templates.check()?;
    }
    Ok(findings)
}

/// The country's own words: language packs, templates, narratives with the claims in them.
struct Texts {
    packs: Languages,
    templates: Templates,
    narratives: Vec<Narrative>,
    wordings: Vec<(ThemeId, Wording)>,
    findings: Vec<Finding>,
}

fn texts(folder: &Path, files: &[SourceFile], country: &Country, waves: &[WaveId]) -> Texts {
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
                for wave in waves {
                    texts.read_narratives(country, *wave, &folder, files, &pack, language);
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
        country: &Country,
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
        }
    }
}

/// Reads everything that is not data. Narratives are read in every language of the country, also in those not rendered now: a
/// claim is checked in all its wordings or in none.
fn plan(request: &Request, tell: &mut dyn FnMut(Event<'_>)) -> Result<Plan, PipelineError> {
    let files = load(&request.country)?;
    let folder = shown(&request.country);
    let (country, mut findings) = Country::read(&folder, &files);
    let Some(country) = country else {
        return Err(PipelineError::Findings(findings));
    };
    let wave = choose_wave(&country, request.wave)?;
    let languages = choose_languages(&country, request.languages.as_deref())?;
    let texts = texts(&request.country, &files, &country, &[wave]);
    findings.extend(texts.findings);
    settle(findings, tell)?;
    texts.templates.check()?;
    let input = |file: &SourceFile| {
        let below = file.path.strip_prefix(&folder).unwrap_or(&file.path).trim_start_matches('/');
        ManifestFile::of(below, file.text.as_bytes())
    };
    let (tables, wordings) = (country.tables.len(), texts.wordings.len());
    tell(Event::Planned { country: country.id.as_str(), wave, tables, wordings });
    Ok(Plan {
        country,
        wave,
        languages,
        packs: texts.packs,
        templates: texts.templates,
        narratives: texts.narratives,
        wordings: texts.wordings,
        inputs: files.iter().map(input).collect(),
    })
}

fn choose_wave(country: &Country, asked: Option<WaveId>) -> Result<WaveId, PipelineError> {
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

/// A raw file with its entry in the manifest.
struct Raw {
    file: RawFile,
    entry: RawManifestFile,
}

/// The raw files that the wave names and that are there; ingest tells those that are not.
fn raw_files(request: &Request, wave: &Wave) -> Result<Vec<Raw>, PipelineError> {
    let folder = request.raw.clone().unwrap_or_else(|| request.country.join("raw").join(wave.id.to_string()));
    if !folder.is_dir() {
        let message = format!(
            "there is no folder {} with the raw files of wave {}: name it with --raw",
            folder.display(),
            wave.id
        );
        return Err(PipelineError::Usage { message });
    }
    let (mut files, mut seen) = (Vec::new(), BTreeSet::new());
    for named in wave.file_names().filter(|&name| seen.insert(ingest::file_on_disk(name))) {
        let name = ingest::file_on_disk(named);
        let path = folder.join(name);
        if path.is_file() {
            let bytes = fs::read(&path).map_err(PipelineError::read(&path))?;
            let entry = RawManifestFile::of(name, &bytes, wave.delimiter_of(named));
            files.push(Raw { file: RawFile { path: shown(&path), bytes }, entry });
        }
    }
    Ok(files)
}

fn checked(plan: &Plan, raw: &[Raw], tell: &mut dyn FnMut(Event<'_>)) -> Result<CheckedWave, PipelineError> {
    let files: Vec<RawFile> = raw.iter().map(|raw| raw.file.clone()).collect();
    let (checked, findings) = ingest::check(&plan.country, plan.wave(), &files);
    settle(findings, tell)?;
    let checked = checked.expect("a wave without errors is checked");
    for warning in answers_taken_as_no(&plan.country, &checked) {
        tell(Event::Warning(&warning));
    }
    tell(Event::Checked(checked.summary()));
    Ok(checked)
}

/// A derived variable has a value for everyone, so a part that somebody left blank or refused counts as not holding there,
/// while the part's own table leaves that unit out. The analyst must know where the two differ.
fn answers_taken_as_no(country: &Country, checked: &CheckedWave) -> Vec<Finding> {
    let missing = |name: &VariableName| {
        let item = checked.missing().iter().find(|item| item.variable == *name);
        item.map_or(0, |item| item.refused + item.blank)
    };
    let mut warnings = Vec::new();
    for derived in &country.codebook.variables {
        let Origin::Derived(expression) = &derived.origin else { continue };
        for part in expression.variables().into_iter().filter(|part| missing(part) > 0) {
            let (name, answers) = (&derived.name, missing(part));
            let message = format!(
                "derived variable \"{name}\" has a value for {answers} units whose answer to \"{part}\" is blank or refused"
            );
            warnings.push(
                Finding::warning(derived.place.clone(), "derived-from-missing", message)
                    .hint("a condition takes them as not holding, a CASE sends them to its ELSE; exclude them by a base if that is wrong"),
            );
        }
    }
    warnings
}

fn weigh(plan: &Plan, checked: &CheckedWave, tell: &mut dyn FnMut(Event<'_>)) -> Result<Weighed, PipelineError> {
    let weighed = weighing::weigh(&plan.country, plan.wave(), checked)?;
    settle(weighed.warnings.clone(), tell)?;
    tell(Event::Weighted { strata: weighed.design.strata.len(), population: weighed.population });
    Ok(weighed)
}

fn tabulate(
    request: &Request,
    plan: &Plan,
    checked: &CheckedWave,
    design: &DesignTable,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Tabulation, PipelineError> {
    let work = private_folder(&request.work)?;
    let parquet = work.path().join("responses.parquet");
    fs::write(&parquet, checked.parquet()?).map_err(PipelineError::write(&parquet))?;
    let tabulation =
        tabulate::tabulate(&plan.country, plan.wave(), &plan.tables(), design, &parquet, request.threads.get())?;
    settle(tabulation.findings.clone(), tell)?;
    tell(Event::Summed { statements: tabulation.statements.len() });
    Ok(tabulation)
}

/// A folder that only this user can read, since what lies in it is microdata. It is removed when it goes out of scope.
pub(crate) fn private_folder(parent: &Path) -> Result<tempfile::TempDir, PipelineError> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("barometer-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o700));
    }
    builder.tempdir_in(parent).map_err(PipelineError::write(parent))
}

fn estimate(
    request: &Request,
    plan: &Plan,
    design: &DesignTable,
    tabulation: &Tabulation,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Vec<Table>, PipelineError> {
    let comparisons = disclose::comparisons(&plan.wave().themes, &plan.country.codebook);
    let row_comparisons = disclose::row_comparisons(&plan.wave().themes);
    let method = method(&plan.country);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(request.threads.get()).build()?;
    let specs = &plan.country.tables;
    let tables: Vec<Table> = pool.install(|| {
        specs
            .par_iter()
            .zip(&tabulation.tables)
            .map(|(spec, sums)| {
                let wanted: Vec<_> =
                    comparisons.iter().filter(|comparison| comparison.table == spec.id).cloned().collect();
                let row_differences = estimate::row_differences(spec, sums, design, &row_comparisons, method);
                Table { row_differences, ..estimate::estimate(spec, sums, design, &wanted, method) }
            })
            .collect()
    });
    tell(Event::Estimated { cells: tables.iter().flat_map(|table| &table.cells).map(Vec::len).sum() });
    Ok(tables)
}

fn disclose(
    plan: &Plan,
    checked: &CheckedWave,
    weighed: &Weighed,
    tabulation: &Tabulation,
    tables: &[Table],
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Published, PipelineError> {
    let wave = plan.wave();
    let summary = checked.summary();
    let fieldwork = Fieldwork {
        rows: summary.rows,
        left_out: summary.left_out.clone(),
        zero_weight: summary.zero_weight,
        // An answer with weight 0 counts in no n.
        answers: weighed.design.strata.iter().map(|stratum| stratum.units).sum(),
        population: weighed.population,
        strata: u64::try_from(weighed.design.strata.len()).expect("strata are counted in 64 bits"),
        bases: tabulation.bases.clone(),
        weights: weighed.facts(),
        quality: quality(&plan.country, wave, checked),
    };
    let phrases = plan.country.languages.iter().filter_map(|language| plan.packs.pack(language));
    let phrases = phrases.map(|pack| (pack.language().clone(), pack.share_phrases())).collect();
    let published = disclose::disclose(disclose::Release {
        wave: wave.id,
        synthetic: wave.synthetic,
        rules: Rules::with_smallest_base(plan.country.smallest_base),
        method: method(&plan.country),
        specs: &plan.tables(),
        tables,
        themes: &wave.themes,
        wordings: &plan.wordings,
        phrases: &phrases,
        fieldwork,
    });
    let mut hidden = 0;
    for table in published.tables() {
        for part in table.withheld() {
            hidden += 1;
            tell(Event::Withheld { table: table.id(), part });
        }
    }
    judge(plan, &published)?;
    let cells: Vec<&Cell> = published
        .tables()
        .iter()
        .flat_map(|table| {
            table.rows().iter().flat_map(|row| table.domains().iter().filter_map(|domain| table.cell(row, domain)))
        })
        .collect();
    let shown = cells.iter().filter(|cell| cell.figures().is_some()).count();
    tell(Event::Disclosed { shown, hidden: hidden + cells.len() - shown });
    Ok(published)
}

/// Refuses a release in which a sentence does not hold.
fn judge(plan: &Plan, published: &Published) -> Result<(), PipelineError> {
    let failed: Vec<FailedClaim> = published
        .verdicts()
        .iter()
        .filter(|verdict| verdict.kind != VerdictKind::Holds)
        .map(|verdict| {
            let (_, wording) = &plan.wordings[verdict.wording];
            FailedClaim {
                place: wording.place.clone(),
                words: wording.text.clone(),
                claim: verdict.claim.to_string(),
                verdict: verdict.kind.clone(),
                instead: plan.packs.pack(&wording.language).map_or_else(Vec::new, |pack| {
                    verdict.instead.iter().map(|instead| pack.proposal(instead, &plan.country)).collect()
                }),
            }
        })
        .collect();
    if failed.is_empty() { Ok(()) } else { Err(PipelineError::Claims(failed)) }
}

fn release(
    request: &Request,
    plan: &Plan,
    raw: &[Raw],
    published: &Published,
    statements: &[Statement],
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<PathBuf, PipelineError> {
    let wave = plan.wave();
    let edition = Edition {
        country: &plan.country,
        wave,
        published,
        narratives: &plan.narratives,
        languages: &plan.packs,
        templates: &plan.templates,
    };
    let mut files: BTreeMap<String, Vec<u8>> =
        report::pages(edition, &plan.languages)?.into_iter().map(|page| (page.path, page.text.into_bytes())).collect();
    for statement in statements {
        files.insert(format!("provenance/sql/{}.sql", statement.name), provenance(wave, &statement.sql));
    }
    let (sealed, seal) = published.seal();
    files.insert("provenance/published.json".to_owned(), sealed);
    let manifest = manifest(plan, raw, published, seal.as_str(), &files);
    files.insert("manifest.json".to_owned(), manifest.bytes());

    let release = Release::prepare(&request.out, plan.country.id.as_str(), &wave.id.to_string())?;
    for (path, bytes) in &files {
        release.write(path, bytes)?;
    }
    let folder = release.exchange()?;
    tell(Event::Released { folder: &folder, files: files.len() });
    Ok(folder)
}

/// The statement as it is kept: a synthetic wave marks it, too.
fn provenance(wave: &Wave, sql: &str) -> Vec<u8> {
    let mark = if wave.synthetic { "-- SYNTHETIC: the responses are made up.\n" } else { "" };
    format!("{mark}{sql}\n").into_bytes()
}

fn manifest(
    plan: &Plan,
    raw: &[Raw],
    published: &Published,
    seal: &str,
    files: &BTreeMap<String, Vec<u8>>,
) -> Manifest {
    Manifest {
        barometer: env!("CARGO_PKG_VERSION").to_owned(),
        country: plan.country.id.to_string(),
        wave: plan.wave.year(),
        published: plan.wave().published.to_string(),
        data: plan.wave().synthetic.then(|| "SYNTHETIC".to_owned()),
        languages: plan.languages.iter().map(ToString::to_string).collect(),
        rules: published.rules(),
        method: ManifestMethod::of(published),
        families: published.families().iter().map(|family| ManifestFamily::of(family, published.level())).collect(),
        seal: seal.to_owned(),
        inputs: plan.inputs.clone(),
        raw: raw.iter().map(|raw| raw.entry.clone()).collect(),
        outputs: files.iter().map(|(path, bytes)| ManifestFile::of(path, bytes)).collect(),
    }
}
