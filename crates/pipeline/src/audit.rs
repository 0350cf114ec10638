//! The attack on a finished release, from its published files alone.
//!
//! Everything that a reader has is read: the cells of the tidy CSV files and of the sealed tables, the same cells in every other format, the quality report, the tables,
//! drawings, alternative texts and captions of figures, the claims of sentences and what stands beside a name in any other, the texts for the press. Two things are looked for:
//!
//! - a number that stands beside the cells though they hide it, or that no cell shows, or otherwise than the cells: it was told;
//! - a hidden number that all numbers together leave too little room: it was derived. [`disclose::attack`] does the arithmetic.
//!
//! Each wave that a release tells of is attacked by itself, since the answers of two waves are different answers: its own, and the earlier ones that it draws in a series. What
//! other editions tell of the same wave joins it.
//!
//! A run does this to its own files before it writes them ([`PipelineError::Derivable`](crate::PipelineError)), together with the editions of other waves that lie
//! beside it; [`audit`] does it to a release that lies on the disk, whoever made it, and can join any other edition.

mod before;
mod beside;
mod cells;
mod chart;
mod compared;
mod editions;
mod figures;
mod formats;
pub(crate) mod markup;
mod seen;
mod sentences;
mod series;
mod store;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use codebook::{EditionId, WaveId};
use disclose::{Derived, Differing, Number, Statement, Surroundings};
use rayon::prelude::*;
use serde::Serialize;

use crate::PipelineError;
use crate::comparison::KIND;
use crate::manifest::STORE;
use crate::released::Released;
pub(crate) use before::KnownBefore;
use cells::{Cells, NUMBERS};
pub(crate) use compared::attack_comparison;
use editions::{Other, OtherAnswers};
pub(crate) use editions::{corrected_among, releases_in};
use figures::Drawn;
use seen::Seen;

/// A number that a release tells though it hides it, or more closely than it may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Disclosure {
    /// The cell whose number it is.
    pub cell: String,
    /// Which of its numbers.
    pub number: String,
    /// The least that it can be.
    pub least: String,
    /// The most.
    pub most: String,
    /// How far apart the two must be; `None` for a number that must not stand there at all.
    pub asked: Option<u64>,
    /// How it follows.
    pub arithmetic: Vec<String>,
    /// From which files, and where in them.
    pub places: Vec<String>,
}

/// The number of a cell whose answers are a few more or fewer than in another edition.
const CAME_OR_WENT: &str = "answers that came or went";

impl Disclosure {
    /// Whether it is not a number that a release hides, but a few answers by which two editions differ.
    #[must_use]
    pub fn is_of_few_between(&self) -> bool {
        self.number == CAME_OR_WENT
    }

    /// A cell of an earlier wave that its edition hides and the series is protected without hiding, or the other way round.
    pub(crate) fn of_differing(cell: &Differing, wave: WaveId, edition_folder: &Path) -> Self {
        let group =
            cell.group.as_ref().map_or_else(|| "total".to_owned(), |(breakdown, code)| format!("{breakdown} {code}"));
        let (edition, now) = if cell.is_told_by_edition { ("shows", "hides") } else { ("hides", "shows") };
        let why = format!(
            "the wave's own edition {edition} it, and what protects the series {now} it: what the two give away together is not known; \
             leave the wave out of the figures and sentences, or give its tables the rules that they had"
        );
        Self {
            cell: format!("table {}, row {}, {group}, wave {wave}", cell.table, cell.row),
            number: "what is hidden".to_owned(),
            least: String::new(),
            most: String::new(),
            asked: None,
            arithmetic: vec![why],
            places: vec![edition_folder.display().to_string(), format!("data/{}", dataset::WAVES_FILE)],
        }
    }

    /// A cell that an edition hides, and that a series in an edition of a later wave tells, which readers have.
    pub(crate) fn of_drawn(cell: &Differing, drawn_by: &Released) -> Self {
        let group =
            cell.group.as_ref().map_or_else(|| "total".to_owned(), |(breakdown, code)| format!("{breakdown} {code}"));
        let edition = drawn_by.manifest.edition();
        let next =
            EditionId::new(&edition).map_or_else(|_| "one that corrects it".to_owned(), |it| it.next().to_string());
        let why = format!(
            "edition {edition} draws the wave and tells of it, and this one hides it or does not have it: what the two give away together is not known; \
             give the tables the rules that they had when {edition} was made, or publish {next} first, whose figures and sentences leave the wave out, and then this one as a \
             correction whose erratum says known_before = \"why it is published all the same\", since readers still have {edition}"
        );
        Self {
            cell: format!("table {}, row {}, {group}", cell.table, cell.row),
            number: "what is hidden".to_owned(),
            least: String::new(),
            most: String::new(),
            asked: None,
            arithmetic: vec![why],
            places: vec![drawn_by.folder.display().to_string(), format!("data/{}.csv", cell.table)],
        }
    }

    /// The same number of an earlier wave.
    fn of_earlier(self, wave: &str) -> Self {
        Self { cell: format!("{}, wave {wave}", self.cell), ..self }
    }
}

/// What an attack found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Audit {
    /// The release.
    pub release: PathBuf,
    /// The earlier edition that was joined.
    pub against: Option<PathBuf>,
    /// Cells of its tables.
    pub cells: usize,
    /// Those that are confidential.
    pub hidden: usize,
    /// How far apart the least and the most of each must be.
    pub asked: u64,
    /// What is to be known about the result.
    pub notes: Vec<String>,
    /// What can be derived; nothing, if all is well.
    pub disclosures: Vec<Disclosure>,
}

impl Audit {
    /// Everything as JSON.
    ///
    /// # Panics
    /// Never: texts and numbers are JSON.
    #[must_use]
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("texts, numbers and nothing else are JSON") + "\n"
    }
}

/// Attacks the release in a folder, together with another edition if one is named, and otherwise with those of other waves beside it in `out/<country>` and those that it corrects. A comparison
/// over countries is attacked together with the releases that it was made from, in `out` around it or in the folder that is named.
///
/// # Errors
/// When a folder is no release, or cannot be read; findings when what it keeps is not what a release keeps.
pub fn audit(release: &Path, against: Option<&Path>) -> Result<Audit, PipelineError> {
    let released = Released::open(release)?;
    if released.manifest.kind.as_deref() == Some(KIND) {
        return compared::audit(&released, against);
    }
    let asked = asked(&released)?;
    let target = Target::read(&released.files, asked);
    let mut audit = Audit {
        release: release.to_path_buf(),
        against: against.map(Path::to_path_buf),
        cells: target.cells.once().count(),
        hidden: target.cells.once().filter(|cell| cell.is_hidden()).count(),
        asked,
        notes: Vec::new(),
        disclosures: Vec::new(),
    };
    let (others, other_answers) = match against {
        Some(folder) => (vec![Other::whole(&Released::open(folder)?)], OtherAnswers::AreFound),
        None => (neighbours(&released), OtherAnswers::ArePassedOver),
    };
    let (disclosures, notes) = target.joined(&others, other_answers);
    audit.disclosures = disclosures;
    audit.notes.extend(notes.into_iter().map(str::to_owned));
    if against.is_none() {
        audit.join_corrected(&released, &target);
    }
    Ok(audit)
}

impl Audit {
    /// Joins the editions that this one corrects, where they lie beside it: what it hides and they tell.
    fn join_corrected(&mut self, released: &Released, target: &Target) {
        let Some(corrected) = &released.manifest.corrects else { return };
        let earlier = corrected_by(released);
        let Some(newest) = earlier.first() else {
            let note = format!(
                "edition {}, which this one corrects, is not beside it: readers have both, so name it with --against",
                corrected.edition
            );
            self.notes.push(note);
            return;
        };
        self.against = Some(newest.folder.clone());
        let known = target.after(&earlier.iter().collect::<Vec<_>>()).into_iter().map(|known| known.disclosure);
        let known: Vec<Disclosure> = known.filter(|known| !self.disclosures.contains(known)).collect();
        let answers = released.manifest.errata.iter().filter_map(|erratum| erratum.known_before.as_deref());
        let answers: Vec<&str> = answers.collect();
        if answers.is_empty() {
            self.disclosures.extend(known);
        } else if !known.is_empty() {
            let note = format!(
                "{} numbers are known together with earlier editions, which its errata answer for: {}",
                known.len(),
                answers.join("; ")
            );
            self.notes.push(note);
        }
    }
}

/// The editions that one corrects, newest first, as far as they lie beside it.
fn corrected_by(released: &Released) -> Vec<Released> {
    let around = released.folder.canonicalize().ok().and_then(|folder| folder.parent().map(Path::to_path_buf));
    let Some(around) = around else { return Vec::new() };
    let mut earlier: Vec<Released> = Vec::new();
    while let Some(corrected) = earlier.last().unwrap_or(released).manifest.corrects.as_ref() {
        // A name that leads elsewhere is that of no edition.
        let Ok(edition) = EditionId::new(&corrected.edition) else { break };
        let is_it =
            |it: &Released| it.manifest.seal == corrected.seal && it.manifest.country == released.manifest.country;
        match Released::open(&around.join(edition.to_string())) {
            Ok(before) if is_it(&before) && earlier.len() < 1000 => earlier.push(before),
            Ok(_) | Err(_) => break,
        }
    }
    earlier
}

/// The editions of other waves beside a release that lies where readers find it, `out/<country>/<edition>`.
fn neighbours(released: &Released) -> Vec<Other> {
    let country = &released.manifest.country;
    let around = released.folder.canonicalize().ok().and_then(|folder| folder.parent().map(Path::to_path_buf));
    let around = around.filter(|around| around.ends_with(country));
    around.map_or_else(Vec::new, |around| Other::in_folder(&around, country, released.manifest.wave, &BTreeSet::new()))
}

/// The smallest base of a release.
fn asked(released: &Released) -> Result<u64, PipelineError> {
    let rules = released.manifest.rules;
    rules.map(|rules| rules.smallest_base).ok_or_else(|| PipelineError::Usage {
        message: format!("{} does not tell the rules that its numbers were hidden by", released.folder.display()),
    })
}

/// Attacks the files of a release that is not written yet.
pub(crate) fn attack_files(files: &BTreeMap<String, Vec<u8>>, asked: u64) -> Vec<Disclosure> {
    Target::read(files, asked).joined(&[], OtherAnswers::ArePassedOver).0
}

/// The same together with an edition that readers have, of the wave or of one that either tells of.
pub(crate) fn attack_files_against(
    files: &BTreeMap<String, Vec<u8>>,
    earlier: &Released,
    asked: u64,
) -> Vec<Disclosure> {
    Target::read(files, asked).joined(&[Other::whole(earlier)], OtherAnswers::AreFound).0
}

/// The same together with the editions of other waves in the country's folder of releases, but for those that are left out by their names.
pub(crate) fn attack_files_beside(
    files: &BTreeMap<String, Vec<u8>>,
    (folder, country, own_wave): (&Path, &str, u16),
    left_out: &BTreeSet<String>,
    asked: u64,
) -> Vec<Disclosure> {
    let others = Other::in_folder(folder, country, own_wave, left_out);
    // Without any the files were attacked already.
    if others.is_empty() {
        Vec::new()
    } else {
        Target::read(files, asked).joined(&others, OtherAnswers::ArePassedOver).0
    }
}

/// What a corrected edition tells together with those before it, newest first: numbers that it hides.
pub(crate) fn attack_files_after(
    files: &BTreeMap<String, Vec<u8>>,
    earlier: &[&Released],
    asked: u64,
) -> Vec<KnownBefore> {
    Target::read(files, asked).after(earlier)
}

/// A release, read as a reader does.
struct Target {
    /// Its own wave, if it has any table.
    wave: Option<String>,
    cells: Cells,
    seen: Seen,
    surroundings: Surroundings,
}

impl Target {
    fn read(files: &BTreeMap<String, Vec<u8>>, asked: u64) -> Self {
        Self::of(files, Cells::read(files), Seen::default(), asked)
    }

    /// The files whose cells are these, with what was seen of them already.
    fn of(files: &BTreeMap<String, Vec<u8>>, cells: Cells, mut seen: Seen, asked: u64) -> Self {
        let store = files.get(STORE).map(|store| store::read(store, &cells, &mut seen)).unwrap_or_default();
        let weight_ratio = store.weight_ratio.unwrap_or(1.0);
        told_by_rows(&cells, weight_ratio, asked, &mut seen);
        let (of_formats, (drawn, of_pages)) = rayon::join(
            || {
                let mut seen = Seen::default();
                formats::read(files, &cells, &mut seen);
                seen
            },
            || read_pages(files, &cells, &store.claims),
        );
        seen.extend(of_formats);
        seen.extend(of_pages);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let of_kind = |ending: &'static str| files.iter().filter(move |(path, _)| path.ends_with(ending));
        for (path, drawing) in of_kind(".svg") {
            if let Some(cells) = drawn.get(path) {
                let drawing = text(drawing);
                let pieces = markup::pieces(&drawing);
                let descriptions = pieces.iter().enumerate().filter(|(_, piece)| is_description(piece));
                for (index, _) in descriptions {
                    let words = markup::text(markup::within(&pieces, index));
                    figures::alternative(&words, cells, &format!("{path}, alternative text"), &mut seen);
                }
                figures::drawing(&pieces, cells, path, &mut seen);
            }
        }
        for (path, words) in of_kind(".md").chain(of_kind(".txt")) {
            sentences::read_plain(path, &text(words), &cells, &drawn, &mut seen);
        }
        let wave = cells.once().next().map(|cell| cell.wave.clone());
        Self { wave, cells, seen, surroundings: Surroundings { asked, weight_ratio } }
    }

    /// What the cells tell, and what is told beside them, by wave.
    fn statements(&self) -> BTreeMap<String, Vec<Statement>> {
        let mut statements = self.cells.statements();
        for (wave, beside) in &self.seen.statements {
            statements.entry(wave.clone()).or_default().extend(beside.iter().cloned());
        }
        statements
    }
}

/// Reads every page, each by itself; tells also which cells the figures show, by the paths of their own files.
fn read_pages<'c>(files: &BTreeMap<String, Vec<u8>>, cells: &'c Cells, judged: &BTreeSet<String>) -> (Drawn<'c>, Seen) {
    let (mut drawn, mut seen) = (Drawn::new(), Seen::default());
    // An edition for printing links to each figure on its page, not to its tables: so it comes last.
    let is_for_printing = |path: &str| path.rsplit('/').next().is_some_and(|name| name.starts_with("print"));
    let pages = files.iter().filter(|(path, _)| path.ends_with(".html"));
    let (printed, pages): (Vec<_>, Vec<_>) = pages.partition(|(path, _)| is_for_printing(path));
    for pages in [pages, printed] {
        let read = |(path, page): &(&String, &Vec<u8>)| {
            let page = String::from_utf8_lossy(page);
            let (pieces, mut seen) = (markup::pieces(&page), Seen::default());
            sentences::beside_names(path, &pieces, cells, &mut seen);
            let drawn = figures::read(path, &pieces, (cells, &drawn), &mut seen);
            sentences::read(path, &pieces, cells, judged, &mut seen);
            (drawn, seen)
        };
        let read: Vec<(Drawn<'_>, Seen)> = pages.par_iter().map(read).collect();
        for (of_page, seen_there) in read {
            drawn.extend(of_page);
            seen.extend(seen_there);
        }
    }
    (drawn, seen)
}

fn is_description(piece: &markup::Piece<'_>) -> bool {
    matches!(piece, markup::Piece::Open(tag) if matches!(tag.name, "desc" | "title"))
}

/// Numbers in the rows of hidden cells.
fn told_by_rows(cells: &Cells, weight_ratio: f64, asked: u64, seen: &mut Seen) {
    for cell in cells.all().filter(|cell| cell.is_hidden()) {
        if let Some(n) = cell.n {
            seen.tells(cell, "n", cells::Printed::of(figures::disclose_count(n), 0.0), &cell.file);
        }
        let is_simple = cell.is_share() && weight_ratio < 1.0 + 1e-9;
        for (number, name) in cell.numbers.iter().zip(NUMBERS) {
            let Some(number) = number else { continue };
            if seen.tells(cell, name, *number, &cell.file) && name == NUMBERS[1] && is_simple {
                seen.explain_last(store::counts_of_standard_error(*number, asked));
            }
        }
    }
}

impl From<Derived> for Disclosure {
    fn from(derived: Derived) -> Self {
        let Derived { spot, number, least, most, asked, arithmetic, places } = derived;
        let number = match number {
            Number::Answers => "answers",
            Number::InCategory => "answers in the category",
            Number::Difference => "answers that another base leaves out",
            Number::WithoutGroup => "answers without a group",
        };
        Self {
            cell: spot.to_string(),
            number: number.to_owned(),
            least: least.to_string(),
            most: most.to_string(),
            asked: Some(asked),
            arithmetic,
            places,
        }
    }
}
