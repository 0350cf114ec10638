//! Whether an edition may be what it is: numbers that were published change in an edition of their own, with errata that tell it.
//!
//! Two releases on the disk are looked at: the one that stands in the place of this edition, whose numbers must be the same, and the one that
//! this edition corrects, which stays as it is and from which it may differ only where its errata say so. An erratum that names what did not change is
//! as wrong as a change that none names.
//!
//! Numbers in a breakdown that the older release has nowhere are no change: nothing that readers were told became another number. So an edition can be made
//! again by a program that breaks tables down by more than the one that made it. They are attacked together with the earlier editions like all others.

mod earlier;
mod errata;
mod texts;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use codebook::{CellName, Code, EditionId, Finding, Place, RowId, Severity, Standing, TableId, Touched, VariableName};
use disclose::{Corrections, Published};

pub(super) use earlier::EarlierEdition;
use errata::{forgotten, hidden_now, unchanged, untold};

use super::guard::as_it_lies;
use super::plan::{Plan, settle};
use super::publish::Rendered;
use crate::audit::{attack_files_after, corrected_among, releases_in};
use crate::diff::changes;
use crate::load::shown;
use crate::manifest::{CORRECTIONS, CorrectedEdition, MANIFEST, STORE, digest};
use crate::released::{FigureName, Released, ReleasedTables};
use crate::stands::{self, is_free, no_release};
use crate::{Class, Disclosure, Event, FigureChange, PipelineError};

/// Changes that a finding lists; of more it tells how many there are.
const LISTED: usize = 3;

/// What an edition shows otherwise than the one that it takes the place of.
#[derive(Debug, Clone, Default)]
pub(crate) struct Corrected {
    /// Cell by cell.
    pub(super) corrections: Corrections,
    /// The edition whose place it takes; `None` for a first one.
    pub(super) edition: Option<CorrectedEdition>,
    /// Every edition before it, the newest first.
    pub(super) before: Vec<EarlierEdition>,
}

impl Corrected {
    /// The file that keeps it, for an edition that corrects another.
    pub(super) fn file(&self, plan: &Plan) -> Option<(String, Vec<u8>)> {
        self.edition.as_ref()?;
        let draft = (plan.wave().standing == Standing::Draft).then_some("DRAFT");
        let synthetic = plan.wave().synthetic.then_some("SYNTHETIC");
        let marks: Vec<&str> = draft.into_iter().chain(synthetic).collect();
        Some((CORRECTIONS.to_owned(), self.corrections.stored(&marks)))
    }

    /// The same once more, for a release that lies on the disk: from the edition beside it, or as it was recorded where that is not at hand.
    ///
    /// # Errors
    /// When what was recorded cannot be understood.
    pub(super) fn again(released: &Released, plan: &Plan, published: &Published) -> Result<Self, PipelineError> {
        let Some(earlier) = plan.edition().corrects() else { return Ok(Self::default()) };
        let beside = released.folder.parent().map(|folder| folder.join(earlier.to_string()));
        if let Some(Ok(earlier)) = beside.map(|folder| EarlierEdition::read(&folder, earlier)) {
            return Ok(earlier.corrected(plan.edition(), &tables(published), published));
        }
        let recorded = released.files.get(CORRECTIONS);
        if let Some(bytes) = recorded {
            let listed = released.manifest.outputs.iter().find(|output| output.path == CORRECTIONS);
            if listed.is_none_or(|listed| listed.sha256 != digest(bytes)) {
                let place = Place::File { file: shown(&released.folder.join(CORRECTIONS)) };
                let message = "what the edition corrected is not as its manifest lists it";
                let finding = Finding::error(place, "damaged-release", message);
                let help = "take an unchanged copy of the release, or put the edition that it corrects beside it";
                return Err(PipelineError::Findings(vec![finding.hint(help)]));
            }
        }
        let recorded = recorded.map(|bytes| Corrections::from_stored(bytes));
        let corrections = recorded.transpose()?.unwrap_or_default();
        Ok(Self { corrections, edition: released.manifest.corrects.clone(), before: Vec::new() })
    }
}

/// Refuses a corrected edition that hides what all editions before it tell, unless an erratum says why it is published all the same. A draft is only
/// told.
///
/// # Errors
/// When a number can be known that no erratum answers for.
pub(super) fn not_known_before(
    out: &Path,
    plan: &Plan,
    corrected: &Corrected,
    rendered: &Rendered,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<(), PipelineError> {
    if corrected.before.is_empty() {
        return Ok(());
    }
    // Readers also had what editions of other waves told of this one that were corrected themselves.
    let country = plan.country.id.as_str();
    let releases = releases_in(&out.join(country), country);
    let superseded = corrected_among(&releases);
    let is_one = |it: &&Released| it.manifest.wave != plan.wave.year() && superseded.contains(&it.manifest.edition());
    let own = corrected.before.iter().map(|edition| &edition.released);
    let before: Vec<&Released> = own.chain(releases.iter().filter(is_one)).collect();
    let smallest_base = rendered.manifest.rules.smallest_base;
    let known = plan.pool()?.install(|| attack_files_after(&rendered.files, &before, smallest_base));
    let unanswered = known.into_iter().filter(|known| !known.cells.iter().any(|name| is_answered(plan, name)));
    let unanswered: Vec<Disclosure> = unanswered.map(|known| known.disclosure).collect();
    match (unanswered.as_slice(), plan.wave().standing) {
        ([], _) => Ok(()),
        ([..], Standing::Released) => Err(PipelineError::KnownBefore(unanswered)),
        ([first, ..], Standing::Draft) => {
            let why = first.arithmetic.join("; ");
            let few = unanswered.iter().filter(|it| it.is_of_few_between()).count();
            let told = match (unanswered.len() - few, few) {
                (hidden, 0) => format!("earlier editions tell {hidden} numbers that this one hides"),
                (0, few) => format!("this edition and earlier ones tell {few} numbers of answers that came or went"),
                (hidden, few) => format!(
                    "earlier editions tell {hidden} numbers that this one hides, and {few} of answers that came or went"
                ),
            };
            let message = format!("{told}, and it would not be published: {}: {why}", first.cell);
            let finding = Finding::warning(file(plan), "known-before", message);
            let help = "show them as before, or say in the erratum known_before = \"why it is published all the same\"";
            tell(Event::Warning(&finding.hint(help)));
            Ok(())
        }
    }
}

/// Whether an erratum says why the edition is published though readers know this number from before.
pub(super) fn is_answered(plan: &Plan, name: &FigureName) -> bool {
    let answering = plan.wave().errata.iter().filter(|erratum| erratum.known_before.is_some());
    let mut answered = answering.flat_map(|erratum| erratum.touches.iter().map(|(touched, _)| touched));
    cell(name).is_some_and(|cell| answered.any(|touched: &Touched| touched.is_about(cell.as_ref(), plan.wave())))
}

/// All editions before this one as they lie there, by the digests of their manifests; nothing for one that is not there.
pub(super) fn earlier_manifests(out: &Path, country: &str, edition: EditionId) -> Vec<Option<String>> {
    let before = std::iter::successors(edition.corrects(), |edition| edition.corrects());
    before.map(|it| as_it_lies(&place(out, country, it))).collect()
}

/// Where a release of an edition lies.
pub(super) fn place(out: &Path, country: &str, edition: EditionId) -> PathBuf {
    out.join(country).join(edition.to_string())
}

fn place_of(out: &Path, plan: &Plan, edition: EditionId) -> PathBuf {
    place(out, plan.country.id.as_str(), edition)
}

/// What this edition shows otherwise than the one that it corrects.
///
/// # Errors
/// Findings where it differs from what is published and no erratum tells it, or an erratum tells what is not so. A draft may: there they are warnings.
pub(super) fn corrected(
    out: &Path,
    plan: &Plan,
    published: &Published,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Corrected, PipelineError> {
    let (edition, now) = (plan.edition(), tables(published));
    let mut findings = as_published(&place_of(out, plan, edition), plan, &now);
    findings.extend(superseded(&place_of(out, plan, edition.next()), plan));
    let mut corrected = Corrected::default();
    if edition.corrects().is_some() {
        match EarlierEdition::all_before(out, plan) {
            Ok(editions) => {
                let earlier = editions.first().expect("an edition that corrects another has one before it");
                let changes = changed(&earlier.tables, &now);
                let moved = moved(&earlier.tables, &now);
                findings.extend(untold(plan, earlier, &moved));
                // An erratum may tell of what was added; it need not.
                let added = added(&earlier.tables, &now).map(Moved::from);
                findings.extend(unchanged(plan, earlier, &moved.into_iter().chain(added).collect::<Vec<_>>()));
                findings.extend(forgotten(plan, earlier));
                findings.extend(hidden_now(plan, earlier, &changes));
                corrected = earlier.corrected(edition, &now, published);
                corrected.before = editions;
            }
            Err(finding) => findings.push(*finding),
        }
    }
    if plan.wave().standing == Standing::Draft {
        findings.iter_mut().for_each(|finding| finding.severity = Severity::Warning);
    }
    settle(findings, tell)?;
    Ok(corrected)
}

/// What is published now, in the form in which earlier editions are read.
fn tables(published: &Published) -> ReleasedTables {
    ReleasedTables::read(&published.seal().0).expect("a store that was just written can be read")
}

/// What became another number, or is one in a part that the old release has.
fn changed(old: &ReleasedTables, new: &ReleasedTables) -> Vec<FigureChange> {
    let is_changed = |change: &FigureChange| change.class != Class::Same && !is_added(change, old);
    changes(old, new).into_iter().filter(is_changed).collect()
}

/// The numbers in breakdowns that the old release has nowhere.
fn added(old: &ReleasedTables, new: &ReleasedTables) -> impl Iterator<Item = FigureChange> {
    changes(old, new).into_iter().filter(|change| is_added(change, old))
}

fn is_added(change: &FigureChange, old: &ReleasedTables) -> bool {
    let breakdown = change.name.group.as_ref().map(|(breakdown, _)| breakdown);
    change.class == Class::Appeared && breakdown.is_some_and(|breakdown| !old.has_breakdown(breakdown))
}

/// The errata's file, whether it is there or not.
fn file(plan: &Plan) -> Place {
    let folder = shown(&plan.folder);
    Place::File { file: format!("{}/report/{}/errata.toml", folder.trim_end_matches('/'), plan.wave) }
}

/// A release that stands in the place of this edition has the same numbers; of those that would be added to it a warning tells.
fn as_published(folder: &Path, plan: &Plan, now: &ReleasedTables) -> Vec<Finding> {
    if is_free(folder) {
        return Vec::new();
    }
    let bytes = fs::read(folder.join(STORE)).ok().filter(|_| folder.join(MANIFEST).is_file());
    let Some(old) = bytes.and_then(|bytes| ReleasedTables::read(&bytes).ok()) else {
        return vec![no_release(folder, "its published tables cannot be read")];
    };
    let moved = moved(&old, now);
    if moved.is_empty() {
        let added: Vec<FigureChange> = added(&old, now).collect();
        return additions(folder, plan, &added).into_iter().chain(texts::mended(folder, plan)).collect();
    }
    let (edition, next) = (plan.edition(), plan.edition().next());
    let message = format!(
        "{} is published, and {} would not be as it shows them: {}",
        folder.display(),
        counted(&moved),
        listed(&moved)
    );
    let help = format!(
        "what is published stays as it is: tell in this file, as edition {next}, what was wrong with {}, and the run makes {next} beside {edition}; if \
         nobody has seen that release yet, remove its folder, or look at the change with --draft",
        tables_of(&moved)
    );
    vec![Finding::error(file(plan), "published-numbers", message).hint(help)]
}

/// That a release which stands gets numbers that it did not have.
fn additions(folder: &Path, plan: &Plan, added: &[FigureChange]) -> Option<Finding> {
    let breakdowns = added.iter().filter_map(|change| change.name.group.as_ref());
    let breakdowns: BTreeSet<&str> = breakdowns.map(|(breakdown, _)| breakdown.as_str()).collect();
    if breakdowns.is_empty() {
        return None;
    }
    let message = format!(
        "{} is published without {}, and gets {} numbers by that; every number that it shows stays",
        folder.display(),
        breakdowns.into_iter().collect::<Vec<_>>().join(", "),
        added.len()
    );
    let help = "nothing is to be done; to publish it as it was, use the version of the program that its manifest names";
    Some(Finding::warning(file(plan), "added-breakdown", message).hint(help))
}

/// Why the release that stands came before its moment. Whoever makes it again keeps that on record.
pub(super) fn embargo_on_record(out: &Path, plan: &Plan) -> Option<String> {
    stands::embargo_on_record(&place_of(out, plan, plan.edition()))
}

/// Refuses a release in fewer languages than readers have it in: its place would be taken by one without them, and so would that of an edition which it
/// corrects. A draft may be in any.
///
/// # Errors
/// When a language would go.
pub(super) fn keeps_its_languages(out: &Path, plan: &Plan) -> Result<(), PipelineError> {
    if plan.wave().standing == Standing::Draft {
        return Ok(());
    }
    let mut editions = std::iter::once(plan.edition()).chain(plan.edition().corrects());
    editions.try_for_each(|edition| stands::keeps_its_languages(&place_of(out, plan, edition), &plan.languages))
}

/// Whether an edition stands that corrects this one, of which no erratum tells.
pub(super) fn is_superseded(out: &Path, country: &str, edition: EditionId) -> bool {
    place(out, country, edition.next()).join(MANIFEST).is_file()
}

/// An edition that was corrected stays as it was, its texts included.
fn superseded(later: &Path, plan: &Plan) -> Option<Finding> {
    if !later.join(MANIFEST).is_file() {
        return None;
    }
    let message = format!(
        "{} is published, and these files make edition {}, which it corrects: no erratum here tells of it",
        later.display(),
        plan.edition()
    );
    let finding = Finding::error(file(plan), "superseded", message);
    Some(finding.hint("put the errata back; to make an edition as it was, name another folder with --out"))
}

/// A number that two editions show otherwise, in words.
#[derive(Clone)]
struct Moved {
    name: FigureName,
    sides: [String; 2],
}

impl From<FigureChange> for Moved {
    fn from(change: FigureChange) -> Self {
        Self { sides: change.sides(), name: change.name }
    }
}

/// Every number that is not as it was, those of earlier waves included.
fn moved(old: &ReleasedTables, new: &ReleasedTables) -> Vec<Moved> {
    let counted = changed(old, new).into_iter().map(Moved::from);
    let printed = old.printed_otherwise(new).into_iter().map(|(name, sides)| Moved { name, sides });
    counted.chain(printed).collect()
}

fn counted(moved: &[Moved]) -> String {
    if moved.len() == 1 { "1 of its numbers".to_owned() } else { format!("{} of its numbers", moved.len()) }
}

/// The first changes, in words.
fn listed(moved: &[Moved]) -> String {
    let told = |Moved { name, sides: [old, new] }: &Moved| format!("{name}: {old}, now {new}");
    let first: Vec<String> = moved.iter().take(LISTED).map(told).collect();
    match moved.len().saturating_sub(LISTED) {
        0 => first.join("; "),
        more => format!("{}; and {more} more", first.join("; ")),
    }
}

/// The tables of some changes, each once.
fn tables_of(moved: &[Moved]) -> String {
    let tables: BTreeSet<&str> = moved.iter().map(|moved| moved.name.table.as_str()).collect();
    format!("tables = [{}]", tables.iter().map(|table| format!("{table:?}")).collect::<Vec<_>>().join(", "))
}

/// The cell of a figure, whatever its wave; `None` if an earlier version of the program admitted other names.
fn cell(name: &FigureName) -> Option<CellName> {
    let group = match &name.group {
        Some((breakdown, code)) => Some((VariableName::new(breakdown).ok()?, Code::new(code).ok()?)),
        None => None,
    };
    Some(CellName { table: TableId::new(&name.table).ok()?, row: RowId::new(&name.row).ok()?, group })
}

#[cfg(test)]
mod tests;
