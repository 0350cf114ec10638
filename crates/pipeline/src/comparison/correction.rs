//! Whether an edition of a comparison may be what it is: numbers that were published change in an edition of their own, with errata that tell it.
//!
//! As for an edition of a country: the edition that this one corrects stays as it is, and this one may differ from it only where its errata say so. A member that the earlier
//! edition did not have is no change; nothing that readers were told became another number.

use std::collections::BTreeSet;
use std::path::Path;

use codebook::{
    Code, ComparedEdition, CountryComparison, EditionId, Erratum, Finding, Place, Row, Severity, Standing, TableId,
    TableSpec, Touched,
};
use disclose::{ComparedCellName, ComparedCorrections, ComparedTables, FormerCell};

use super::KIND;
use super::standing::{Cells, cells, published};
use crate::PipelineError;
use crate::load::shown;
use crate::manifest::{CORRECTIONS, CorrectedEdition, MANIFEST, ManifestErratum, ManifestFile};
use crate::released::{RecordedManifest, Released, ReleasedNumber};

/// Changes that a finding lists; of more it tells how many there are.
const LISTED: usize = 3;

/// What an edition shows otherwise than the one that it takes the place of.
#[derive(Debug, Default)]
pub(super) struct Corrected {
    pub(super) corrections: ComparedCorrections,
    /// The edition whose place it takes; `None` for a first one.
    pub(super) edition: Option<CorrectedEdition>,
    /// What is wrong with that.
    pub(super) findings: Vec<Finding>,
}

/// A comparison that is made, with its numbers.
pub(super) struct Now<'n> {
    pub(super) comparison: &'n CountryComparison,
    pub(super) compared: &'n ComparedTables,
    pub(super) inputs: &'n [ManifestFile],
    /// The file of its cells in some language.
    pub(super) cells: &'n [u8],
}

/// An edition that was published before, as it lies on the disk.
struct Earlier {
    edition: EditionId,
    manifest: RecordedManifest,
    cells: Cells,
    corrections: ComparedCorrections,
}

impl Corrected {
    /// What the edition in `out` before this one shows otherwise. Where that is not at hand, `recorded` is taken, a release of this edition which lies on the disk; without
    /// one that is a finding.
    ///
    /// # Errors
    /// When what was recorded cannot be understood.
    pub(super) fn of(
        now: &Now<'_>,
        folder: &Path,
        (out, recorded): (&Path, Option<&Released>),
    ) -> Result<Self, PipelineError> {
        let mut found = Self::found(now, folder, (out, recorded))?;
        if now.comparison.standing == Standing::Draft {
            found.findings.iter_mut().for_each(|finding| finding.severity = Severity::Warning);
        }
        Ok(found)
    }

    fn found(now: &Now<'_>, folder: &Path, (out, recorded): (&Path, Option<&Released>)) -> Result<Self, PipelineError> {
        let comparison = now.comparison;
        let edition = comparison.edition_id();
        let place = |edition: EditionId| out.join(comparison.id.as_str()).join(edition.to_string());
        let mut findings: Vec<Finding> = superseded(&place(edition.next()), folder, edition).into_iter().collect();
        let Some(corrects) = edition.corrects() else { return Ok(Self { findings, ..Self::default() }) };
        let earlier = match (Earlier::read(&place(corrects), corrects), recorded) {
            (Ok(earlier), _) => earlier,
            (Err(_), Some(released)) => return Self::recorded(released),
            (Err(why), None) => {
                let finding = Finding::error(Place::File { file: shown(&place(corrects)) }, "no-earlier-edition", why);
                let help =
                    "a corrected edition is made beside the one it corrects: put that back here as it was published";
                findings.push(finding.hint(help));
                return Ok(Self { findings, ..Self::default() });
            }
        };
        let changes = Changes::between(&earlier.cells, now);
        findings.extend(changes.untold(now, &earlier, folder));
        findings.extend(unchanged(now, &earlier, &changes));
        findings.extend(forgotten(now, &earlier, folder));
        let known = changes.0.into_iter().filter_map(|change| Some((change.cell?, change.former)));
        Ok(Self {
            corrections: ComparedCorrections::new(earlier.corrections, edition, known, now.compared),
            edition: Some(CorrectedEdition { edition: corrects.to_string(), seal: earlier.manifest.seal }),
            findings,
        })
    }

    fn recorded(released: &Released) -> Result<Self, PipelineError> {
        let bytes = released.files.get(CORRECTIONS);
        let corrections = bytes.map(|bytes| ComparedCorrections::from_stored(bytes)).transpose()?.unwrap_or_default();
        Ok(Self { corrections, edition: released.manifest.corrects.clone(), findings: Vec::new() })
    }
}

impl Earlier {
    fn read(folder: &Path, edition: EditionId) -> Result<Self, String> {
        if !folder.join(MANIFEST).is_file() {
            return Err(format!("edition {edition} is not here, and it is the one that is corrected"));
        }
        let read = |error: PipelineError| format!("edition {edition} cannot be read: {error}");
        let released = Released::open(folder).map_err(read)?;
        if released.manifest.kind.as_deref() != Some(KIND) {
            return Err(format!("what stands here is no edition {edition} of a comparison"));
        }
        let changes = released.against_manifest();
        if let Some(path) = changes.changed.first().or(changes.missing.first()) {
            return Err(format!(
                "edition {edition} is not as it was published: {path} is not as its manifest lists it"
            ));
        }
        let cells = published(folder)?.into_iter().next().unwrap_or_default();
        let corrections = released.files.get(CORRECTIONS).map(|bytes| ComparedCorrections::from_stored(bytes));
        let corrections = corrections.transpose().map_err(|error| read(error.into()))?.unwrap_or_default();
        Ok(Self { edition, manifest: released.manifest, cells, corrections })
    }
}

/// A cell that is not as it was.
#[derive(Debug, Clone)]
struct Change {
    /// As the file of cells names it: edition, table, item, category.
    key: Vec<String>,
    /// Its name; `None` if the comparison has no such cell any more.
    cell: Option<ComparedCellName>,
    /// What it showed.
    former: Option<FormerCell>,
    /// Before and now, in words.
    told: [String; 2],
}

/// The cells that are not as they were, in the order of the tables.
struct Changes(Vec<Change>);

impl Changes {
    fn between(before: &Cells, now: &Now<'_>) -> Self {
        let after = cells(now.cells);
        let comparison = now.comparison;
        let rows = comparison.tables.iter().flat_map(|table| table.rows.iter().map(move |row| (table, row)));
        let names: Vec<(Vec<String>, ComparedCellName)> = rows
            .flat_map(|(table, row)| {
                let name = move |edition: &ComparedEdition| {
                    (key(table, row, edition), (table.id.clone(), row.id.clone(), edition.id.clone()))
                };
                comparison.editions.iter().map(name)
            })
            .collect();
        let change = |key: &Vec<String>, cell: Option<ComparedCellName>| {
            let (then, now) = (before.get(key)?, after.get(key));
            let told = |numbers: Option<&Vec<String>>| in_words(numbers.map_or(&[], Vec::as_slice));
            (now != Some(then)).then(|| Change {
                key: key.clone(),
                cell,
                former: former(then),
                told: [told(Some(then)), told(now)],
            })
        };
        let known: BTreeSet<&Vec<String>> = names.iter().map(|(key, _)| key).collect();
        let gone = before.keys().filter(|key| !known.contains(key));
        let kept = names.iter().filter_map(|(key, cell)| change(key, Some(cell.clone())));
        // A cell that is gone and showed nothing is missed by nobody.
        let gone = gone.filter_map(|key| change(key, None)).filter(|change| change.former.is_some());
        Self(kept.chain(gone).collect())
    }

    /// Changes that no erratum of the edition tells.
    fn untold(&self, now: &Now<'_>, earlier: &Earlier, folder: &Path) -> Option<Finding> {
        let edition = now.comparison.edition_id();
        let is_told = |change: &Change| match &change.cell {
            Some((table, row, of)) => now.comparison.errata_of(edition, (table, row, of)).next().is_some(),
            // Of what is gone an erratum can name the table.
            None => {
                let mut touched = now.comparison.edited().errata_of(edition).flat_map(|erratum| &erratum.touches);
                let table = change.key.get(1).and_then(|name| TableId::new(name).ok());
                touched.any(|(touched, _)| match touched {
                    Touched::AllTables => true,
                    Touched::Table(id) => Some(id) == table.as_ref(),
                    Touched::Figure(_) | Touched::Claim(..) | Touched::Page(_) => false,
                })
            }
        };
        let untold: Vec<&Change> = self.0.iter().filter(|change| !is_told(change)).collect();
        if untold.is_empty() {
            return None;
        }
        let listed: Vec<String> = untold.iter().take(LISTED).map(|change| change.in_words()).collect();
        let more = untold.len().saturating_sub(LISTED);
        let more = if more == 0 { String::new() } else { format!("; and {more} more") };
        let message = format!(
            "no erratum of edition {edition} tells why {} of its cells are not as edition {} shows them: {}{more}",
            untold.len(),
            earlier.edition,
            listed.join("; ")
        );
        let help = "write one, or name the table, figure or claim in the one that is the reason";
        Some(Finding::error(file(folder), "untold-change", message).hint(help))
    }
}

impl Change {
    fn in_words(&self) -> String {
        let [before, now] = &self.told;
        format!("{}: {before} before, {now} now", self.key.join(" ").trim())
    }
}

/// A cell as the file of cells names it.
fn key(table: &TableSpec, row: &Row, edition: &ComparedEdition) -> Vec<String> {
    let category: Vec<&str> = row.codes.iter().map(Code::as_str).collect();
    vec![edition.id.to_string(), table.id.to_string(), row.item.to_string(), category.join("+")]
}

/// The numbers of a cell, in the order of the file: share, error, limits, answers.
fn in_words(numbers: &[String]) -> String {
    match numbers {
        [share, _, low, high, _] if !share.is_empty() && !low.is_empty() => format!("{share} ({low} to {high})"),
        [share, ..] if !share.is_empty() => share.clone(),
        _ => "no number".to_owned(),
    }
}

fn former(numbers: &[String]) -> Option<FormerCell> {
    let [share, _, low, high, _] = numbers else { return None };
    let number = |text: &str| ReleasedNumber::read(text).map(ReleasedNumber::parts);
    Some(FormerCell::new(number(share)?, number(low).zip(number(high)).map(|(low, high)| [low, high])))
}

/// Errata of the edition that name what is as it was.
fn unchanged(now: &Now<'_>, earlier: &Earlier, changes: &Changes) -> Vec<Finding> {
    let (comparison, edition) = (now.comparison, now.comparison.edition_id());
    let cells: Vec<&ComparedCellName> = changes.0.iter().filter_map(|change| change.cell.as_ref()).collect();
    let gone: BTreeSet<&str> =
        changes.0.iter().filter(|it| it.cell.is_none()).filter_map(|it| it.key.get(1)).map(String::as_str).collect();
    let is_rewritten = |page: &str| {
        let own = format!("report/{page}.");
        let of_all = |path: &str| !path.starts_with("report/") && !path.starts_with("../");
        let mut inputs = now.inputs.iter().filter(|input| input.path.starts_with(&own) || of_all(&input.path));
        let mut shown = comparison.pages.iter().filter(|it| it.theme.id.as_str() == page);
        inputs.any(|input| !earlier.manifest.inputs.contains(input))
            || shown.any(|page| {
                let shows = |table: &TableId| page.theme.figures.iter().any(|figure| figure.table == *table);
                cells.iter().any(|(table, _, of)| shows(table) && page.editions.contains(of))
            })
    };
    let is_changed = |touched: &Touched| {
        cells.iter().any(|(table, row, of)| touched.is_about_compared((table, row, of), comparison))
            || match touched {
                Touched::Claim(page, _) | Touched::Page(page) => is_rewritten(page.as_str()),
                Touched::Table(table) => gone.contains(table.as_str()),
                Touched::AllTables => !gone.is_empty(),
                Touched::Figure(_) => false,
            }
    };
    let finding = |(erratum, touched, place): (&Erratum, &Touched, &Place)| {
        let what = match touched {
            Touched::AllTables => "every table".to_owned(),
            Touched::Table(id) => format!("table {:?}", id.as_str()),
            Touched::Figure(id) => format!("figure {:?}", id.as_str()),
            Touched::Claim(page, claim) => format!("claim \"{page}/{claim}\""),
            Touched::Page(page) => format!("page {:?}", page.as_str()),
        };
        let message = format!("{what} is in edition {edition} as it was in {}", earlier.edition);
        let help = format!(
            "take it out of the erratum {:?}; readers would look for a change that there is not",
            erratum.id.as_str()
        );
        Finding::error(place.clone(), "nothing-changed", message).hint(help)
    };
    let own = comparison.edited().errata_of(edition);
    let touched = own.flat_map(|erratum| erratum.touches.iter().map(move |(touched, place)| (erratum, touched, place)));
    touched.filter(|(_, touched, _)| !is_changed(touched)).map(finding).collect()
}

/// Errata that earlier editions told and that are gone or say another edition.
fn forgotten(now: &Now<'_>, earlier: &Earlier, folder: &Path) -> Vec<Finding> {
    let is_kept = |told: &ManifestErratum| {
        let mut errata = now.comparison.errata.iter();
        errata.any(|erratum| erratum.id.as_str() == told.id && erratum.edition.to_string() == told.edition)
    };
    let finding = |told: &ManifestErratum| {
        let message = format!("edition {} tells the erratum {:?}, which is not here any more", told.edition, told.id);
        Finding::error(file(folder), "erratum-gone", message).hint("put it back: what was told once stays told")
    };
    earlier.manifest.errata.iter().filter(|told| !is_kept(told)).map(finding).collect()
}

/// An edition that was corrected stays as it was, its texts included.
fn superseded(later: &Path, folder: &Path, edition: EditionId) -> Option<Finding> {
    if !later.join(MANIFEST).is_file() {
        return None;
    }
    let message = format!(
        "{} is published, and these files make edition {edition}, which it corrects: no erratum here tells of it",
        later.display()
    );
    let help = "put the errata back; to make an edition as it was, name another folder with --out";
    Some(Finding::error(file(folder), "superseded", message).hint(help))
}

/// The errata's file, whether it is there or not.
pub(super) fn file(folder: &Path) -> Place {
    Place::File { file: format!("{}/report/errata.toml", shown(folder).trim_end_matches('/')) }
}
