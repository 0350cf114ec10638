//! From estimates to a release: disclosure control, the judgement of every sentence, the files.

use std::collections::BTreeMap;
use std::path::PathBuf;

use codebook::Wave;
use disclose::{Cell, Fieldwork, Proof, Published, Rules, VerdictKind};
use estimate::Table;
use ingest::CheckedWave;
use report::{Downloads, Edition};
use tabulate::{Statement, Tabulation};

use super::export::Raw;
use super::plan::Plan;
use super::{Request, method};
use crate::manifest::{Manifest, ManifestFamily, ManifestFile, ManifestMethod};
use crate::quality::quality;
use crate::release::{Release, write_internal};
use crate::{Event, FailedClaim, PipelineError, Weighed};

/// What may be published, and what the editor sees besides.
pub(super) struct Disclosed {
    published: Published,
    proofs: Vec<Proof>,
}

pub(super) fn disclose(
    plan: &Plan,
    checked: &CheckedWave,
    weighed: &Weighed,
    tabulation: &Tabulation,
    tables: &[Table],
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Disclosed, PipelineError> {
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
    let release = disclose::Release {
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
    };
    let published = disclose::disclose(release.clone());
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
    let proofs = disclose::proofs(&release, &published);
    Ok(Disclosed { published, proofs })
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

pub(super) fn release(
    request: &Request,
    plan: &Plan,
    raw: &[Raw],
    disclosed: &Disclosed,
    statements: &[Statement],
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<PathBuf, PipelineError> {
    let (wave, published) = (plan.wave(), &disclosed.published);
    let edition = Edition {
        country: &plan.country,
        wave,
        published,
        narratives: &plan.narratives,
        languages: &plan.packs,
        templates: &plan.templates,
        downloads: Downloads { of_tables: &dataset::TABLE_FORMATS, of_release: &dataset::RELEASE_FORMATS },
    };
    let mut files: BTreeMap<String, Vec<u8>> =
        report::pages(edition, &plan.languages)?.into_iter().map(|page| (page.path, page.text.into_bytes())).collect();
    let source = dataset::Source { country: &plan.country, wave, published };
    for language in &plan.languages {
        let folder =
            if plan.country.languages.first() == Some(language) { String::new() } else { format!("{language}/") };
        for file in dataset::files(source, language)? {
            files.insert(format!("{folder}data/{}", file.name), file.bytes);
        }
    }
    for statement in statements {
        files.insert(format!("provenance/sql/{}.sql", statement.name), provenance(wave, &statement.sql));
    }
    let (sealed, seal) = published.seal();
    files.insert("provenance/published.json".to_owned(), sealed);
    let manifest = manifest(plan, raw, published, seal.as_str(), &files);
    files.insert("manifest.json".to_owned(), manifest.bytes());

    let sheet = proof_sheet(plan, edition, &disclosed.proofs)?;
    let release = Release::prepare(&request.out, plan.country.id.as_str(), &wave.id.to_string())?;
    for (path, bytes) in &files {
        release.write(path, bytes)?;
    }
    let (country, edition) = (plan.country.id.as_str(), wave.id.to_string());
    let proof = write_internal(&request.out, country, &edition, "proof.html", sheet.as_bytes())?;
    let folder = release.exchange()?;
    tell(Event::Proofread { file: &proof, sentences: disclosed.proofs.len() });
    tell(Event::Released { folder: &folder, files: files.len() });
    Ok(folder)
}

/// The editor's sheet, which lies in `internal/<country>/<edition>/` beside the releases.
fn proof_sheet(plan: &Plan, edition: Edition<'_>, proofs: &[Proof]) -> Result<String, PipelineError> {
    let root = format!("../../../{}/{}/", plan.country.id, plan.wave);
    Ok(report::proof_sheet(edition, &plan.languages, proofs, &plan.wordings, &root)?)
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
