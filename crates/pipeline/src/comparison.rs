//! Comparisons over countries: from what countries printed or released to pages.
//!
//! A comparison reads no answers. It takes what its members' files tell and, where an edition's numbers come from its release, what lies in the folder of
//! releases, by [`Published::open`], which checks the seal. So it is made behind its members, and there is nothing for disclosure control to do. It is attacked like any
//! release before it is written: what it tells must be told by the releases that it was made from.

mod correction;
mod manifest;
mod read;
mod standing;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use codebook::{
    CellSource, ComparedEdition, Country, CountryComparison, EditionId, Finding, Language, MemberCountry, Place,
    Severity, Standing,
};
use disclose::{ComparedTables, Member, Published, Seal, VerdictKind, compare};
use report::ComparisonEdition;

use crate::audit::attack_comparison;
use crate::load::{entries, shown};
use crate::manifest::{CORRECTIONS, MANIFEST, ManifestFile, STORE, digest};
use crate::release::{Release, point};
use crate::released::Released;
use crate::run::{Files, settle};
use crate::stands::{embargo_on_record, keeps_its_languages};
use crate::{Event, FailedClaim, PipelineError, Timing};
use correction::{Corrected, Now};
use manifest::ComparisonManifest;
pub(crate) use manifest::{KIND, UsedRelease};
pub(crate) use read::sources;
use read::{Reading, read};
use standing::{is_there, keep_published};

/// What is asked of the making of a comparison.
#[derive(Debug, Clone)]
pub struct ComparisonRequest {
    /// Its folder, beside those of the countries that it names.
    pub folder: PathBuf,
    /// The folder of releases, from which editions are taken and to which `<comparison>/<year>/` is added.
    pub out: PathBuf,
    /// The languages to render; `None` is all of the comparison.
    pub languages: Option<Vec<Language>>,
    /// Whether it is time.
    pub timing: Timing,
}

/// The file that makes a folder a comparison.
const COMPARISON: &str = "comparison.toml";

/// The folders of comparisons that `path` names: itself if it holds a `comparison.toml`, else those of its folders that do, sorted. None in most places.
///
/// # Errors
/// When the folder cannot be read.
pub fn comparisons(path: &Path) -> Result<Vec<PathBuf>, PipelineError> {
    if path.join(COMPARISON).is_file() {
        return Ok(vec![path.to_path_buf()]);
    }
    if !path.is_dir() || path.join("country.toml").is_file() {
        return Ok(Vec::new());
    }
    Ok(entries(path)?.into_iter().filter(|folder| folder.join(COMPARISON).is_file()).collect())
}

/// Every finding in a comparison's files: its TOML, its language packs and the narratives of its pages.
///
/// # Errors
/// When a file cannot be read.
pub fn check_comparison(folder: &Path) -> Result<Vec<Finding>, PipelineError> {
    let reading = read(folder)?;
    reading.templates.check()?;
    Ok(reading.findings)
}

/// Builds a comparison. Gives its folder.
///
/// # Errors
/// When there are findings or claims for a person to mend, when a release is not there, or when the disk fails. What stands is then untouched.
pub fn run_comparison(request: &ComparisonRequest, tell: &mut dyn FnMut(Event<'_>)) -> Result<PathBuf, PipelineError> {
    let Made { id, edition, standing, languages, mut manifest, mut files } = make(request, None, tell)?;
    let out = &request.out;
    let folder = match standing {
        Standing::Released => out.join(&id).join(edition.to_string()),
        Standing::Draft => out.join("internal").join(&id).join(edition.to_string()).join("draft"),
    };
    if standing == Standing::Released {
        let before = edition.corrects().map(|before| out.join(&id).join(before.to_string()));
        std::iter::once(&folder).chain(&before).try_for_each(|folder| keeps_its_languages(folder, &languages))?;
        // The reason that was recorded first stays.
        manifest.embargo_broken = embargo_on_record(&folder).or(manifest.embargo_broken);
    }
    files.insert(MANIFEST.to_owned(), manifest.bytes());
    if is_there(&folder, &files) {
        Release::clear_left(&folder);
        tell(Event::Unchanged { folder: &folder });
        return Ok(folder);
    }
    guard(out, &manifest, &files)?;
    if standing == Standing::Released {
        keep_published(&request.folder, (&folder, edition), &files)?;
    }
    let release = match standing {
        Standing::Released => Release::prepare(out, &id, &edition.to_string())?,
        Standing::Draft => Release::prepare(&out.join("internal").join(&id), &edition.to_string(), "draft")?,
    };
    for (path, bytes) in &files {
        release.write(path, bytes)?;
    }
    let folder = release.exchange()?;
    if standing == Standing::Released
        && let Some(warning) = point(out, &id, &edition.to_string())
    {
        tell(Event::Warning(&warning));
    }
    tell(Event::Released { folder: &folder, files: files.len() });
    Ok(folder)
}

/// A comparison as it would be written.
struct Made {
    id: String,
    edition: EditionId,
    standing: Standing,
    /// The languages rendered.
    languages: Vec<Language>,
    manifest: ComparisonManifest,
    /// Every file but the manifest.
    files: Files,
}

/// A comparison made again, to be compared with one that stands: what it was made from, and its files. Its manifest tells the inputs and the version that
/// the other one tells, since those are compared by name.
pub(crate) fn made_again(
    request: &ComparisonRequest,
    recorded: &Released,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<(Vec<ManifestFile>, Files), PipelineError> {
    let Made { mut manifest, mut files, .. } = make(request, Some(recorded), tell)?;
    let inputs = std::mem::replace(&mut manifest.inputs, recorded.manifest.inputs.clone());
    manifest.barometer.clone_from(&recorded.manifest.barometer);
    files.insert(MANIFEST.to_owned(), manifest.bytes());
    Ok((inputs, files))
}

/// A comparison as it would be written, with its manifest; nothing is.
///
/// # Errors
/// As [`run_comparison`].
pub(crate) fn finished(request: &ComparisonRequest, tell: &mut dyn FnMut(Event<'_>)) -> Result<Files, PipelineError> {
    let Made { manifest, mut files, .. } = make(request, None, tell)?;
    files.insert(MANIFEST.to_owned(), manifest.bytes());
    guard(&request.out, &manifest, &files)?;
    Ok(files)
}

/// Refuses a comparison that tells what the releases in `out` hide, from which it was made.
fn guard(out: &Path, manifest: &ComparisonManifest, files: &Files) -> Result<(), PipelineError> {
    let member = |used: &UsedRelease| Released::open(&out.join(&used.country).join(&used.edition));
    let members: Vec<Released> = manifest.releases.iter().map(member).collect::<Result<_, _>>()?;
    let derivable = attack_comparison(files, &members);
    if derivable.is_empty() { Ok(()) } else { Err(PipelineError::Derivable(derivable)) }
}

/// A comparison with the words of its languages.
pub(crate) type Understood = (CountryComparison, report::Languages);

/// A comparison with the words of its languages, as far as its files can be understood, and what is wrong with them.
///
/// # Errors
/// When a file cannot be read.
pub(crate) fn understood(folder: &Path) -> Result<(Option<Understood>, Vec<Finding>), PipelineError> {
    let Reading { comparison, packs, findings, .. } = read(folder)?;
    Ok((comparison.map(|comparison| (comparison, packs)), findings))
}

/// The folder of releases that a comparison lies in: above `<comparison>/<year>`, or above `internal/<comparison>/<year>/draft`.
pub(crate) fn releases_around(folder: &Path) -> PathBuf {
    let levels = if folder.ends_with("draft") { 4 } else { 2 };
    let whole = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
    whole.ancestors().nth(levels).map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// What a comparison was made from, by its files of today.
///
/// # Errors
/// When a file cannot be read.
pub(crate) fn inputs_of_comparison(folder: &Path) -> Result<Vec<ManifestFile>, PipelineError> {
    Ok(read(folder)?.inputs)
}

/// Everything of a comparison; nothing is written. `recorded` is the release that is made again, if it is.
fn make(
    request: &ComparisonRequest,
    recorded: Option<&Released>,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Made, PipelineError> {
    let Reading { comparison, members, packs, templates, narratives, wordings, inputs, findings } =
        read(&request.folder)?;
    let Some(mut comparison) = comparison.filter(|_| findings.iter().all(|it| it.severity != Severity::Error)) else {
        return Err(PipelineError::Findings(findings));
    };
    findings.iter().for_each(|finding| tell(Event::Warning(finding)));
    templates.check()?;
    let edition = comparison.edition_id();
    let name = format!("{} {edition}", comparison.id);
    let timed = request.timing.of(&name, comparison.year, comparison.edited().moment_of(edition).as_ref())?;
    comparison.standing = timed.standing;
    let languages = chosen(&comparison, request.languages.as_deref())?;
    let (tables, worded) = (comparison.tables.len(), wordings.len());
    tell(Event::Planned { country: comparison.id.as_str(), wave: comparison.year, tables, wordings: worded });
    let releases = releases(&comparison, &members, &request.out)?;
    let beside = beside(&comparison, &members, &releases);
    let compared = compare(&comparison, &beside);
    tell(shown_cells(&compared));
    let phrases = comparison.languages.iter().filter_map(|language| packs.pack(language));
    let phrases = phrases.map(|pack| (pack.language().clone(), pack.share_phrases())).collect();
    let any = beside.first().map(|member| member.country);
    judged(&comparison, &compared, &wordings, &phrases, &packs, any)?;
    let root = languages.first().or(comparison.languages.first());
    let root = root.expect("reading a comparison finds a language");
    let of_cells = dataset::compared_csv(&comparison, &compared, &beside, root)?;
    let now = Now { comparison: &comparison, compared: &compared, inputs: &inputs, cells: &of_cells };
    let corrected = Corrected::of(&now, &request.folder, (&request.out, recorded))?;
    settle(corrected.findings, tell)?;
    let cells = cells_below();
    let shown = ComparisonEdition {
        comparison: &comparison,
        compared: &compared,
        members: &beside,
        narratives: &narratives,
        languages: &packs,
        templates: &templates,
        corrections: &corrected.corrections,
        cells: &cells,
    };
    let mut files = rendered(shown, &languages)?;
    if corrected.edition.is_some() {
        files.insert(CORRECTIONS.to_owned(), corrected.corrections.stored(&marks(&comparison, &compared)));
    }
    let sealed = languages.first().map(|language| cells_in(&comparison, language)).unwrap_or_default();
    let used: Vec<UsedRelease> = releases.values().map(|opened| opened.used.clone()).collect();
    let manifest = ComparisonManifest::new(
        &comparison,
        &languages,
        (timed.embargo_broken, corrected.edition),
        inputs,
        used,
        &compared,
        (&sealed, &files),
    );
    Ok(Made { id: comparison.id.to_string(), edition, standing: comparison.standing, languages, manifest, files })
}

/// The editions with their countries, and with their releases where numbers are taken from these.
fn beside<'a>(
    comparison: &'a CountryComparison,
    members: &'a BTreeMap<String, MemberCountry>,
    releases: &'a BTreeMap<String, Opened>,
) -> Vec<Member<'a>> {
    let member = |edition: &'a ComparedEdition| {
        let Some(MemberCountry::Read(country)) = members.get(edition.country.as_str()) else { return None };
        let release = releases.get(edition.id.as_str()).map(|opened| (opened.edition, &opened.published));
        Some(Member { edition, country, release })
    };
    comparison.editions.iter().filter_map(member).collect()
}

/// What a file without words says of a draft and of made-up numbers.
fn marks(comparison: &CountryComparison, compared: &ComparedTables) -> Vec<&'static str> {
    let draft = (comparison.standing == Standing::Draft).then_some("DRAFT");
    let synthetic = (comparison.demonstration || compared.synthetic()).then_some("SYNTHETIC");
    draft.into_iter().chain(synthetic).collect()
}

/// Every file but the manifest: the pages, and the cells in each language.
fn rendered(edition: ComparisonEdition<'_>, languages: &[Language]) -> Result<Files, PipelineError> {
    let pages = report::comparison_pages(edition, languages)?;
    let mut files: Files = pages.into_iter().map(|page| (page.path, page.text.into_bytes())).collect();
    for language in languages {
        let cells = dataset::compared_csv(edition.comparison, edition.compared, edition.members, language)?;
        files.insert(cells_in(edition.comparison, language), cells);
    }
    Ok(files)
}

/// The file of cells below the folder of its language.
fn cells_below() -> String {
    format!("data/{}", dataset::COMPARISON_FILE)
}

/// The file of cells in a language, the first of which is the root.
fn cells_in(comparison: &CountryComparison, language: &Language) -> String {
    let is_root = comparison.languages.first() == Some(language);
    if is_root { cells_below() } else { format!("{language}/{}", cells_below()) }
}

/// How many cells show a number, and how many are gaps.
fn shown_cells(compared: &ComparedTables) -> Event<'static> {
    let rows = compared.tables().iter().flat_map(disclose::ComparedTable::rows);
    let (mut shown, mut hidden) = (0, 0);
    for cell in rows.flat_map(disclose::ComparedRow::cells) {
        match cell.estimate() {
            Some(_) => shown += 1,
            None => hidden += 1,
        }
    }
    Event::Disclosed { shown, hidden }
}

/// Refuses a comparison in which a sentence does not hold.
fn judged(
    comparison: &CountryComparison,
    compared: &ComparedTables,
    wordings: &[(codebook::ThemeId, codebook::Wording)],
    phrases: &BTreeMap<Language, Vec<codebook::SharePhrase>>,
    packs: &report::Languages,
    any: Option<&Country>,
) -> Result<(), PipelineError> {
    let verdicts = compared.judge(comparison, wordings, phrases);
    let failed: Vec<FailedClaim> = verdicts
        .into_iter()
        .filter(|verdict| verdict.kind != VerdictKind::Holds)
        .map(|verdict| {
            let (_, wording) = &wordings[verdict.wording];
            // Words for a share alone are proposed, which no country's labels are needed for.
            let pack = packs.pack(&wording.language).zip(any);
            FailedClaim {
                place: wording.place.clone(),
                words: wording.text.clone(),
                claim: verdict.claim.to_string(),
                verdict: verdict.kind,
                instead: pack.map_or_else(Vec::new, |(pack, country)| {
                    verdict.instead.iter().map(|instead| pack.proposal(instead, country)).collect()
                }),
                not_counted: None,
            }
        })
        .collect();
    if failed.is_empty() { Ok(()) } else { Err(PipelineError::Claims(failed)) }
}

fn chosen(comparison: &CountryComparison, asked: Option<&[Language]>) -> Result<Vec<Language>, PipelineError> {
    let Some(asked) = asked else { return Ok(comparison.languages.clone()) };
    if let Some(unknown) = asked.iter().find(|language| !comparison.languages.contains(language)) {
        let known = comparison.languages.iter().map(Language::as_str).collect::<Vec<_>>().join(", ");
        let message = format!("{} has no texts in language {unknown}; it has {known}", comparison.id);
        return Err(PipelineError::Usage { message });
    }
    Ok(comparison.languages.iter().filter(|language| asked.contains(language)).cloned().collect())
}

/// A release that numbers are taken from.
struct Opened {
    edition: EditionId,
    published: Published,
    used: UsedRelease,
}

/// The releases of the editions whose numbers come from one, by the names of the editions.
fn releases(
    comparison: &CountryComparison,
    members: &BTreeMap<String, MemberCountry>,
    out: &Path,
) -> Result<BTreeMap<String, Opened>, PipelineError> {
    let mut releases = BTreeMap::new();
    for edition in comparison.editions.iter().filter(|edition| edition.cells == CellSource::Release) {
        let Some(MemberCountry::Read(country)) = members.get(edition.country.as_str()) else { continue };
        releases.insert(edition.id.to_string(), opened(comparison, edition, country, out)?);
    }
    // A release that was made before its country changed its level has the one of its day.
    let level =
        |edition: &ComparedEdition| Some((edition.id.clone(), releases.get(edition.id.as_str())?.published.level()));
    match comparison.mixed_levels(&comparison.editions.iter().filter_map(level).collect()) {
        Some(finding) => Err(PipelineError::Findings(vec![finding])),
        None => Ok(releases),
    }
}

fn opened(
    comparison: &CountryComparison,
    edition: &ComparedEdition,
    country: &Country,
    out: &Path,
) -> Result<Opened, PipelineError> {
    let wave = country.waves.get(&edition.wave).expect("reading a comparison resolves the waves that it names");
    let name = wave.edition();
    let folder = out.join(edition.country.as_str()).join(name.to_string());
    if !folder.join(MANIFEST).is_file() {
        let (message, country) = (
            format!("{} takes numbers from the release {}, which is not there", edition.id, folder.display()),
            &edition.country,
        );
        let finding = Finding::error(edition.place.clone(), "no-release", message);
        return Err(PipelineError::Findings(vec![finding.hint(format!(
            "build it first (barometer run of {country}, --wave {}), or name the folder of releases with --out",
            edition.wave
        ))]));
    }
    let released = Released::open(&folder)?;
    let sealed = released.files.get(STORE).map(Vec::as_slice).unwrap_or_default();
    let published = Published::open(sealed, &Seal::recorded(&released.manifest.seal))?;
    if published.synthetic() != comparison.demonstration {
        let message = if published.synthetic() {
            format!("the numbers of {} are made up, and this is no demonstration", folder.display())
        } else {
            format!("the numbers of {} are real, and this is a demonstration", folder.display())
        };
        return Err(PipelineError::Findings(vec![Finding::error(edition.place.clone(), "twin-cells", message)]));
    }
    let used = UsedRelease {
        country: edition.country.to_string(),
        edition: name.to_string(),
        manifest: digest(&released.manifest_bytes),
        seal: released.manifest.seal.clone(),
    };
    Ok(Opened { edition: name, published, used })
}

/// The place of a comparison's file, for findings that are about all of it.
fn place(folder: &Path) -> Place {
    Place::File { file: format!("{}/{COMPARISON}", shown(folder)) }
}
