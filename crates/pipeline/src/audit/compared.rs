//! A comparison over countries, against the releases that it was made from.
//!
//! It reads no answers, so all that it may tell is what they tell. Each of its numbers must be that of a cell which the edition's release shows; what such a cell hides it hides, in
//! its file of cells in every language, its drawings, tables and sentences. Numbers that were printed when a wave came out were public before.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::cells::{CellLine, Cells, NUMBERS, Printed};
use super::figures::disclose_count;
use super::seen::{Seen, in_digits};
use super::{Audit, Disclosure, Target};
use crate::PipelineError;
use crate::manifest::{MANIFEST, STORE, digest};
use crate::released::{FigureName, FigureState, Released, ReleasedFigures, ReleasedTables};

/// What stands in the column `origin` of a number that was printed when its wave came out.
const PRINTED: &str = "published";

/// Why a cell is hidden that nobody may know.
const CONFIDENTIAL: &str = "confidential";

/// Attacks the comparison in a folder.
///
/// # Errors
/// When one of its releases is neither in the folder of releases around it nor in `against`, or cannot be read.
pub(super) fn audit(released: &Released, against: Option<&Path>) -> Result<Audit, PipelineError> {
    let (mut members, mut notes) = (Vec::new(), Vec::new());
    for used in &released.manifest.releases {
        let edition = Path::new(&used.country).join(&used.edition);
        let own = released.folder.canonicalize().unwrap_or_else(|_| released.folder.clone());
        // A draft lies deeper than a release.
        let around = own.ancestors().skip(1).take(4);
        let mut folders: Vec<PathBuf> = Vec::new();
        for folder in against.into_iter().chain(around) {
            folders.extend([folder.to_path_buf(), folder.join(&edition)]);
        }
        let is_it =
            |member: &Released| member.manifest.country == used.country && member.manifest.edition() == used.edition;
        let found = folders.iter().filter(|folder| folder.join(MANIFEST).is_file());
        let member = found.filter_map(|folder| Released::open(folder).ok()).find(is_it);
        let member = member.ok_or_else(|| PipelineError::Usage {
            message: format!(
                "{} takes numbers from the release {}, which is not beside it: name the folder of releases with --against",
                released.folder.display(),
                edition.display()
            ),
        })?;
        if digest(&member.manifest_bytes) != used.manifest {
            notes.push(format!("{} is not as it was when the comparison was made", member.folder.display()));
        }
        members.push(member);
    }
    let target = target(&released.files, &members);
    Ok(Audit {
        release: released.folder.clone(),
        against: against.map(Path::to_path_buf),
        cells: target.cells.once().count(),
        hidden: target.cells.once().filter(|cell| cell.is_hidden()).count(),
        asked: smallest_base(&members),
        notes,
        disclosures: target.seen.disclosures,
    })
}

/// What the files of a comparison tell that the releases which it was made from hide, or do not have.
pub(crate) fn attack_comparison(files: &BTreeMap<String, Vec<u8>>, members: &[Released]) -> Vec<Disclosure> {
    target(files, members).seen.disclosures
}

fn smallest_base(members: &[Released]) -> u64 {
    members.iter().filter_map(|member| member.manifest.rules).map(|rules| rules.smallest_base).max().unwrap_or_default()
}

fn target(files: &BTreeMap<String, Vec<u8>>, members: &[Released]) -> Target {
    let (cells, rows) = Cells::of_comparison(files);
    // Tables that cannot be read show nothing.
    let tables = |it: &Released| it.tables().ok().flatten().unwrap_or_default();
    let releases: Vec<(&Released, ReleasedTables)> = members.iter().map(|it| (it, tables(it))).collect();
    let mut seen = Seen::default();
    for (line, row) in cells.all().zip(&rows) {
        if row.origin != PRINTED {
            against_release(line, row, &releases, &mut seen);
        }
    }
    other_languages(&cells, &mut seen);
    Target::of(files, cells, seen, smallest_base(members))
}

/// What a row of a comparison says of the edition that its cell is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ComparedRow {
    pub(super) country: String,
    pub(super) wave: String,
    pub(super) group: Option<(String, String)>,
    pub(super) origin: String,
}

/// A row with a number, against what the sealed tables of its edition's release tell of the same answers: a comparison is made from these.
fn against_release(line: &CellLine, row: &ComparedRow, releases: &[(&Released, ReleasedTables)], seen: &mut Seen) {
    let told = told(line);
    if told.iter().all(|(_, number)| number.is_none()) {
        return;
    }
    let of_edition = |(release, _): &&(&Released, ReleasedTables)| {
        release.manifest.country == row.country && release.manifest.wave.to_string() == row.wave
    };
    let release = releases.iter().find(of_edition);
    let states = release.map_or_else(Vec::new, |(_, tables)| states(tables, line, row));
    let shown =
        |state: &FigureState| if let FigureState::Shown(figures) = state { Some(numbers_of(figures)) } else { None };
    let agrees = |own: &[NumberTold]| {
        let same = |(one, other): (&NumberTold, &NumberTold)| match (one.1, other.1) {
            (Some(one), Some(other)) => (one.value - other.value).abs() < 1e-9,
            (None, _) => true,
            (Some(_), None) => false,
        };
        told.iter().zip(own).all(same)
    };
    let candidates: Vec<Vec<NumberTold>> = states.iter().filter_map(shown).collect();
    if candidates.iter().any(|own| agrees(own)) {
        return;
    }
    let is_hidden = states.iter().any(|state| matches!(state, FigureState::Hidden(why) if why == CONFIDENTIAL));
    for (number, value) in told {
        let Some(value) = value else { continue };
        let own = candidates.first().and_then(|own| own.iter().find(|(name, _)| *name == number)?.1);
        if own.is_some_and(|own| (own.value - value.value).abs() < 1e-9) {
            continue;
        }
        let value_told = in_digits(value.value);
        let why = match own {
            _ if is_hidden => {
                format!("the release of {} {} hides it, and {value_told} is told there", row.country, row.wave)
            }
            Some(own) => format!(
                "{value_told} is told there, and {} in the release of {} {}",
                in_digits(own.value),
                row.country,
                row.wave
            ),
            None => {
                format!("{value_told} is told there, and no release that the comparison was made from shows the cell")
            }
        };
        let store = release.filter(|_| !states.is_empty()).map(|(release, _)| release.folder.join(STORE));
        let places: Vec<String> =
            std::iter::once(line.file.clone()).chain(store.map(|store| store.display().to_string())).collect();
        seen.is_loose(line.name(), number, value, why, &places);
    }
}

/// What the tables of a release tell of the same answers in the same group. A row is named after its answer, or after the question alone where its table tells which answers count.
fn states(tables: &ReleasedTables, line: &CellLine, row: &ComparedRow) -> Vec<FigureState> {
    let of_row = |name: &str| -> Vec<FigureState> {
        let is_it = |it: &&FigureName| it.wave.is_none() && it.row == name && it.group == row.group;
        tables.names().iter().filter(is_it).filter_map(|it| tables.state(it)).collect()
    };
    let of_answer = of_row(&format!("{}:{}", line.item, line.category));
    if of_answer.is_empty() { of_row(&line.item) } else { of_answer }
}

fn numbers_of(figures: &ReleasedFigures) -> Vec<NumberTold> {
    let ReleasedFigures { estimate, se, low, high, n } = figures;
    let printed = [estimate, se, low, high].map(|number| Printed::read(&number.to_string()));
    NUMBERS.into_iter().zip(printed).chain([("n", Some(Printed::of(disclose_count(*n), 0.0)))]).collect()
}

/// One of a cell's numbers by its name, if it is told.
type NumberTold = (&'static str, Option<Printed>);

/// The numbers of a cell.
fn told(cell: &CellLine) -> Vec<NumberTold> {
    let n = cell.n.map(|n| Printed::of(disclose_count(n), 0.0));
    NUMBERS.into_iter().zip(cell.numbers).chain([("n", n)]).collect()
}

/// Each language tells the numbers of the first.
fn other_languages(cells: &Cells, seen: &mut Seen) {
    let first: Vec<&CellLine> = cells.once().collect();
    for line in cells.all() {
        let same = first.iter().find(|it| it.table == line.table && it.spot == line.spot);
        for (number, value) in told(line) {
            let Some(value) = value else { continue };
            let own = same.and_then(|cell| told(cell).into_iter().find(|(name, _)| *name == number)?.1);
            if own.is_none_or(|own| (own.value - value.value).abs() > 1e-9) {
                let why = format!("{} is told there, and not in the first language", in_digits(value.value));
                let files = same.map(|cell| cell.file.clone());
                let places: Vec<String> = std::iter::once(line.file.clone()).chain(files).collect();
                seen.is_loose(line.name(), number, value, why, &places);
            }
        }
    }
}
