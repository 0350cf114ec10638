//! From estimates to a release: disclosure control, the judgement of every sentence, the files.

use std::collections::BTreeMap;
use std::path::PathBuf;

use codebook::{Language, Predicate, Standing, TableId};
use disclose::{Beside, Cell, Proof, Published, PublishedWave, Rules, Verdict, VerdictKind};
use rayon::prelude::*;
use report::{Downloads, Edition, Page, ReportError, Sizes};
use tabulate::Statement;

use super::beside::{earlier, specs_before};
use super::correction::Corrected;
use super::count::{Counted, Results};
use super::export::usual_folder;
use super::offers::{OF_TABLES, of_edition};
use super::plan::Plan;
use super::shelf::{self, Kept};
use super::{Files, Request, method};
use crate::cache::Cache;
use crate::manifest::{
    MANIFEST, Manifest, ManifestErratum, ManifestFamily, ManifestFile, ManifestMethod, RawManifestFile, STATEMENTS,
    STORE, digest,
};
use crate::release::{Release, point, write_internal};
use crate::{Event, FailedClaim, NotCounted, PipelineError};

/// What may be published.
pub(crate) struct Disclosed {
    pub(super) published: Published,
}

pub(crate) fn disclose(
    plan: &Plan,
    counted: &Counted,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Disclosed, PipelineError> {
    let published = before_the_barrier(plan, counted, |release| disclose::disclose(release.clone()));
    for table in published.tables() {
        for part in table.withheld() {
            tell(Event::Withheld { table: table.id(), part });
        }
    }
    Ok(Disclosed { published })
}

/// What the barrier takes, as long as something is done with it.
pub(super) fn before_the_barrier<T>(
    plan: &Plan,
    counted: &Counted,
    then: impl FnOnce(&disclose::Release<'_>) -> T,
) -> T {
    let results = &counted.results;
    let wave = plan.wave();
    let phrases = plan.country.languages.iter().filter_map(|language| plan.packs.pack(language));
    let phrases = phrases.map(|pack| (pack.language().clone(), pack.share_phrases())).collect();
    let specs = specs_before(counted);
    let earlier = earlier(counted, &specs);
    then(&disclose::Release {
        wave: wave.id,
        synthetic: wave.synthetic,
        rules: Rules::new(plan.country.smallest_base, plan.country.protection),
        method: method(&plan.country),
        specs: &plan.tables(),
        tables: &results.tables,
        contributors: &results.contributors,
        unions: &results.unions,
        themes: &wave.themes,
        wordings: &plan.wordings,
        phrases: &phrases,
        fieldwork: results.fieldwork.clone(),
        beside: Beside { earlier: &earlier, printed: &plan.country.printed },
    })
}

/// Refuses a release in which a sentence does not hold.
pub(crate) fn judge(plan: &Plan, disclosed: &Disclosed, tell: &mut dyn FnMut(Event<'_>)) -> Result<(), PipelineError> {
    let failed: Vec<FailedClaim> = disclosed
        .published
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
                not_counted: not_counted(plan, &disclosed.published, verdict),
            }
        })
        .collect();
    if !failed.is_empty() {
        return Err(PipelineError::Claims(failed));
    }
    tell(shown(&disclosed.published));
    Ok(())
}

/// The earlier wave that a refused claim is about, where its answers are not at hand.
fn not_counted(plan: &Plan, published: &Published, verdict: &Verdict) -> Option<NotCounted> {
    let VerdictKind::Refused(_) = verdict.kind else { return None };
    let theme = plan.wave().themes.iter().find(|theme| theme.id == verdict.theme)?;
    let predicate = &theme.claims.iter().find(|claim| claim.id == verdict.claim)?.predicate;
    let (_, wave) = predicate.earlier()?;
    let is_counted = |earlier: &PublishedWave| earlier.wave() == wave && !earlier.tables().is_empty();
    if published.earlier().iter().any(is_counted) {
        return None;
    }
    let folder = plan.whole.waves.contains_key(&wave).then(|| usual_folder(&plan.folder, wave));
    Some(NotCounted { wave, folder, takes_printed: matches!(predicate, Predicate::NearThen { .. }) })
}

/// How much is shown, and how much is not.
fn shown(published: &Published) -> Event<'static> {
    let cells: Vec<&Cell> = published
        .tables()
        .iter()
        .flat_map(|table| {
            table.rows().iter().flat_map(|row| table.domains().iter().filter_map(|domain| table.cell(row, domain)))
        })
        .collect();
    let shown = cells.iter().filter(|cell| cell.figures().is_some()).count();
    let withheld: usize = published.tables().iter().map(|table| table.withheld().len()).sum();
    Event::Disclosed { shown, hidden: withheld + cells.len() - shown }
}

/// What a release consists of.
pub(crate) struct Rendered {
    /// Every file but the manifest, by its path below the release.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// What they were made from.
    pub(crate) manifest: Manifest,
}

/// The pages and cards of a release, by their paths, beside files of numbers that are there already. Languages are rendered side by side.
fn pages(
    plan: &Plan,
    published: &Published,
    corrected: &Corrected,
    statements: &BTreeMap<String, Vec<u8>>,
    files: &BTreeMap<String, Vec<u8>>,
    cache: &Cache,
) -> Result<BTreeMap<String, Vec<u8>>, PipelineError> {
    let (sources, sizes) = (sources(statements), sizes(plan, files));
    let edition = edition(plan, published, corrected, &sources);
    let edition = Edition { downloads: Downloads { sizes: Some(&sizes), ..edition.downloads }, ..edition };
    let kept = Kept::new(plan, cache);
    let ready = report::Pages::new(edition, &plan.languages, &kept)?;
    let in_language = |language: &Language| -> Result<_, ReportError> {
        Ok((ready.in_language(language)?, report::cards(edition, std::slice::from_ref(language), &kept)?))
    };
    let of_languages: Vec<_> = plan.languages.par_iter().map(in_language).collect();
    let named = |page: Page| (page.path, page.text.into_bytes());
    let mut files: Files = ready.assets().into_iter().map(named).collect();
    // The first failure is that of the first language, however many threads there are.
    for of_language in of_languages {
        let (pages, cards) = of_language?;
        files.extend(pages.into_iter().map(named));
        files.extend(cards.into_iter().map(|card| (card.path, card.bytes)));
    }
    Ok(files)
}

/// Every file of a release, from the numbers that may be published. Nothing is written.
pub(crate) fn render(
    plan: &Plan,
    published: &Published,
    corrected: &Corrected,
    raw: &[RawManifestFile],
    statements: &BTreeMap<String, Vec<u8>>,
    cache: &Cache,
) -> Result<Rendered, PipelineError> {
    let numbers = downloads(plan, published, corrected, cache)?;
    beside(plan, published, corrected, raw, statements, numbers, cache)
}

/// The same beside files of numbers that are there already.
pub(crate) fn beside(
    plan: &Plan,
    published: &Published,
    corrected: &Corrected,
    raw: &[RawManifestFile],
    statements: &BTreeMap<String, Vec<u8>>,
    numbers: BTreeMap<String, Vec<u8>>,
    cache: &Cache,
) -> Result<Rendered, PipelineError> {
    let mut files = numbers;
    files.extend(plan.pool()?.install(|| pages(plan, published, corrected, statements, &files, cache))?);
    files.extend(statements.clone());
    let (sealed, seal) = published.seal();
    files.insert(STORE.to_owned(), sealed);
    files.extend(corrected.file(plan));
    let manifest = manifest(plan, raw, published, corrected, seal.as_str(), &files);
    Ok(Rendered { files, manifest })
}

/// The folder of a language's files of numbers, below the release.
fn data_folder(plan: &Plan, language: &Language) -> String {
    let is_root = plan.country.languages.first() == Some(language);
    if is_root { "data/".to_owned() } else { format!("{language}/data/") }
}

/// The files of numbers among those of a release.
pub(super) fn numbers_of(plan: &Plan, files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    let folders: Vec<String> = plan.languages.iter().map(|language| data_folder(plan, language)).collect();
    let numbers = files.iter().filter(|(path, _)| folders.iter().any(|folder| path.starts_with(folder.as_str())));
    numbers.map(|(path, bytes)| (path.clone(), bytes.clone())).collect()
}

/// The files of numbers in every language, by path.
fn downloads(
    plan: &Plan,
    published: &Published,
    corrected: &Corrected,
    cache: &Cache,
) -> Result<BTreeMap<String, Vec<u8>>, PipelineError> {
    let mut files = BTreeMap::new();
    for language in &plan.languages {
        let folder = data_folder(plan, language);
        let made = shelf::downloads(plan, published, &corrected.corrections, language, cache)?;
        files.extend(made.into_iter().map(|it| (format!("{folder}{}", it.name), it.bytes)));
    }
    Ok(files)
}

/// How large the files of numbers are.
fn sizes(plan: &Plan, files: &BTreeMap<String, Vec<u8>>) -> Sizes {
    let mut sizes = Sizes::new();
    for language in &plan.languages {
        let folder = data_folder(plan, language);
        for (name, bytes) in files.iter().filter_map(|(path, bytes)| Some((path.strip_prefix(&folder)?, bytes))) {
            let size = u64::try_from(bytes.len()).expect("a file in memory is counted in 64 bits");
            sizes.insert((language.clone(), name.to_owned()), size);
        }
    }
    sizes
}

/// The digest that an approval of this release names. Of a draft, it is that of the release that it would be, which is made for it and not written.
pub(super) fn rehearse(
    plan: &mut Plan,
    disclosed: &Disclosed,
    corrected: &Corrected,
    counted: &Counted,
    rendered: &Rendered,
    cache: &Cache,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<String, PipelineError> {
    if plan.wave().standing == Standing::Released {
        return Ok(rendered.manifest.approvable());
    }
    plan.set_standing(Standing::Released);
    let statements = kept_statements(plan, &counted.results);
    let rendered = render(plan, &disclosed.published, corrected, &counted.entries(), &statements, cache);
    plan.set_standing(Standing::Draft);
    let manifest = rendered?.manifest.approvable();
    let release_at = plan.moment();
    let release_at = release_at.as_ref().map(codebook::ReleaseMoment::as_str);
    tell(Event::Drafted { release_at, manifest: &manifest });
    Ok(manifest)
}

/// A release in its place.
pub(super) struct Placed {
    pub(super) folder: PathBuf,
    /// The digest of its manifest.
    pub(super) manifest: String,
    /// The digest of the editor's sheet.
    pub(super) proof: String,
}

/// Writes a release beside the last one and exchanges the two.
pub(super) fn release(
    request: &Request,
    (plan, counted): (&Plan, &Counted),
    disclosed: &Disclosed,
    corrected: &Corrected,
    rendered: Rendered,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Placed, PipelineError> {
    let Rendered { mut files, manifest } = rendered;
    let manifest = manifest.bytes();
    let manifest_digest = digest(&manifest);
    files.insert(MANIFEST.to_owned(), manifest);
    // What the editor sees besides.
    let proofs = before_the_barrier(plan, counted, |release| disclose::proofs(release, &disclosed.published));
    let sheet = proof_sheet(plan, edition(plan, &disclosed.published, corrected, &[]), &proofs)?;
    let (country, edition) = (plan.country.id.as_str(), plan.edition().to_string());
    let release = match plan.wave().standing {
        Standing::Released => Release::prepare(&request.out, country, &edition)?,
        Standing::Draft => Release::prepare(&request.out.join("internal").join(country), &edition, "draft")?,
    };
    for (path, bytes) in &files {
        release.write(path, bytes)?;
    }
    let proof = write_internal(&request.out, country, &edition, "proof.html", sheet.as_bytes())?;
    let folder = release.exchange()?;
    if plan.wave().standing == Standing::Released
        && let Some(warning) = point(&request.out, country, &edition)
    {
        tell(Event::Warning(&warning));
    }
    tell(Event::Proofread { file: &proof, sentences: proofs.len() });
    tell(Event::Released { folder: &folder, files: files.len() });
    Ok(Placed { folder, manifest: manifest_digest, proof: digest(sheet.as_bytes()) })
}

fn edition<'a>(
    plan: &'a Plan,
    published: &'a Published,
    corrected: &'a Corrected,
    statements: &'a [(TableId, Vec<String>)],
) -> Edition<'a> {
    Edition {
        country: &plan.country,
        whole: &plan.whole,
        wave: plan.wave(),
        published,
        corrections: &corrected.corrections,
        narratives: &plan.narratives,
        languages: &plan.packs,
        templates: &plan.templates,
        downloads: Downloads {
            waves: dataset::WAVES_FILE,
            of_tables: &OF_TABLES,
            of_release: of_edition(!published.earlier().is_empty()),
            sizes: None,
            statements,
        },
    }
}

/// How a statement begins that tells which tables its sums are for.
const MADE_FROM_THIS: &str = "-- Tables: ";

/// The statements as a release keeps them, by their paths: each tells which tables are made from it, and those of a synthetic wave or a draft are
/// marked.
pub(super) fn kept_statements(plan: &Plan, results: &Results) -> BTreeMap<String, Vec<u8>> {
    let synthetic = if plan.wave().synthetic { "-- SYNTHETIC: the responses are made up.\n" } else { "" };
    let draft = if plan.wave().standing == Standing::Draft { "-- DRAFT: not released.\n" } else { "" };
    let kept = |statement: &Statement| {
        let tables = plan.tables().into_iter().zip(&results.sources);
        let tables = tables.filter(|(_, names)| names.contains(&statement.name)).map(|(table, _)| table.id.as_str());
        let tables = match tables.collect::<Vec<_>>().join(", ") {
            none if none.is_empty() => none,
            tables => format!("{MADE_FROM_THIS}{tables}\n"),
        };
        (
            format!("{STATEMENTS}{}.sql", statement.name),
            format!("{draft}{synthetic}{tables}{}\n", statement.sql).into_bytes(),
        )
    };
    results.statements.iter().map(kept).collect()
}

/// The kept statements that each table is made from, by their paths. They tell it themselves, so that a release can be rebuilt from its files.
fn sources(statements: &BTreeMap<String, Vec<u8>>) -> Vec<(TableId, Vec<String>)> {
    let mut sources: BTreeMap<TableId, Vec<String>> = BTreeMap::new();
    for (path, statement) in statements {
        for table in tables_of(&String::from_utf8_lossy(statement)) {
            sources.entry(table).or_default().push(path.clone());
        }
    }
    sources.into_iter().collect()
}

/// The tables that a kept statement says it is for.
pub(crate) fn tables_of(statement: &str) -> impl Iterator<Item = TableId> {
    let tables = statement.lines().find_map(|line| line.strip_prefix(MADE_FROM_THIS)).unwrap_or_default();
    tables.split(", ").filter_map(|name| TableId::new(name).ok())
}

/// The editor's sheet, which lies in `internal/<country>/<edition>/` beside the releases.
fn proof_sheet(plan: &Plan, edition: Edition<'_>, proofs: &[Proof]) -> Result<String, PipelineError> {
    let root = match plan.wave().standing {
        Standing::Released => format!("../../../{}/{}/", plan.country.id, plan.edition()),
        Standing::Draft => "draft/".to_owned(),
    };
    Ok(report::proof_sheet(edition, &plan.languages, proofs, &plan.wordings, &root)?)
}

fn manifest(
    plan: &Plan,
    raw: &[RawManifestFile],
    published: &Published,
    corrected: &Corrected,
    seal: &str,
    files: &BTreeMap<String, Vec<u8>>,
) -> Manifest {
    Manifest {
        barometer: env!("CARGO_PKG_VERSION").to_owned(),
        country: plan.country.id.to_string(),
        wave: plan.wave.year(),
        edition: plan.edition().to_string(),
        corrects: corrected.edition.clone(),
        errata: plan.wave().errata.iter().map(ManifestErratum::of).collect(),
        published: plan.wave().published.to_string(),
        release_at: plan.moment().map(|moment| moment.as_str().to_owned()),
        standing: (plan.wave().standing == Standing::Draft).then(|| "draft".to_owned()),
        embargo_broken: plan.embargo_broken.clone(),
        data: plan.wave().synthetic.then(|| "SYNTHETIC".to_owned()),
        languages: plan.languages.iter().map(ToString::to_string).collect(),
        rules: published.rules(),
        method: ManifestMethod::of(published),
        families: published.families().iter().map(|family| ManifestFamily::of(family, published.level())).collect(),
        seal: seal.to_owned(),
        inputs: plan.inputs.clone(),
        raw: raw.to_vec(),
        outputs: files.iter().map(|(path, bytes)| ManifestFile::of(path, bytes)).collect(),
    }
}
