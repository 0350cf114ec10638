//! The attack on a finished release, from its published files alone.
//!
//! Everything that a reader has is read: the cells of the tidy CSV files and of the sealed tables, the tables, drawings, alternative texts and captions of
//! figures, the claims of sentences, the texts for the press. Two things are looked for:
//!
//! - a number that stands beside the cells though they hide it, or that no cell shows: it was told;
//! - a hidden number that all numbers together leave too little room: it was derived. [`disclose::attack`] does the arithmetic.
//!
//! A run does this to its own files before it writes them ([`PipelineError::Derivable`](crate::PipelineError)); [`audit`] does it to a
//! release that lies on the disk, whoever made it, and can join an earlier edition.

mod cells;
mod chart;
mod editions;
mod figures;
mod markup;
mod seen;
mod sentences;
mod store;
mod words;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use disclose::{Derived, Number, Statement, Surroundings, attack};
use serde::Serialize;

use crate::PipelineError;
use crate::manifest::STORE;
use crate::released::Released;
use cells::{Cells, NUMBERS};
use editions::{Kinship, few_between, kinship};
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

/// Attacks the release in a folder, together with an earlier edition if there is one.
///
/// # Errors
/// When a folder is no release, or cannot be read; findings when what it keeps is not what a release keeps.
pub fn audit(release: &Path, against: Option<&Path>) -> Result<Audit, PipelineError> {
    let released = Released::open(release)?;
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
    let Some(folder) = against else {
        audit.disclosures = target.attacked(&[]);
        return Ok(audit);
    };
    let earlier = Released::open(folder)?;
    let is_same = |one: &Released, other: &Released| {
        one.manifest.country == other.manifest.country && one.manifest.wave == other.manifest.wave
    };
    let (disclosures, note) = target.joined(&earlier, is_same(&released, &earlier));
    audit.disclosures = disclosures;
    audit.notes.extend(note.map(str::to_owned));
    Ok(audit)
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
    Target::read(files, asked).attacked(&[])
}

/// The same together with an earlier edition of its wave.
pub(crate) fn attack_files_against(
    files: &BTreeMap<String, Vec<u8>>,
    earlier: &Released,
    asked: u64,
) -> Vec<Disclosure> {
    Target::read(files, asked).joined(earlier, true).0
}

/// A release, read as a reader does.
struct Target {
    cells: Cells,
    seen: Seen,
    surroundings: Surroundings,
}

impl Target {
    fn read(files: &BTreeMap<String, Vec<u8>>, asked: u64) -> Self {
        let cells = Cells::read(files);
        let mut seen = Seen::default();
        let store = files.get(STORE).map(|store| store::read(store, &cells, &mut seen)).unwrap_or_default();
        let weight_ratio = store.weight_ratio.unwrap_or(1.0);
        told_by_rows(&cells, weight_ratio, asked, &mut seen);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let of_kind = |ending: &'static str| files.iter().filter(move |(path, _)| path.ends_with(ending));
        let mut drawn = Drawn::new();
        // An edition for printing links to each figure on its page, not to its tables: so it comes last.
        let mut pages: Vec<_> = of_kind(".html").collect();
        let is_for_printing = |path: &str| path.rsplit('/').next().is_some_and(|name| name.starts_with("print"));
        pages.sort_by_key(|(path, _)| is_for_printing(path));
        for (path, page) in pages {
            let page = text(page);
            drawn.extend(figures::read(path, &page, (&cells, &drawn), &mut seen));
            sentences::read(path, &page, &cells, &store.claims, &mut seen);
        }
        for (path, drawing) in of_kind(".svg") {
            if let Some(cells) = drawn.get(path) {
                let drawing = text(drawing);
                let pieces = markup::pieces(&drawing);
                let descriptions = pieces.iter().enumerate().filter(|(_, piece)| is_description(piece));
                for (index, _) in descriptions {
                    let words = markup::text(markup::within(&pieces, index));
                    figures::alternative(&words, cells, &format!("{path}, alternative text"), &mut seen);
                }
                chart::read(&pieces, cells, path, &mut seen);
            }
        }
        for (path, words) in of_kind(".md").chain(of_kind(".txt")) {
            sentences::read_plain(path, &text(words), &cells, &drawn, &mut seen);
        }
        Self { cells, seen, surroundings: Surroundings { asked, weight_ratio } }
    }

    /// What the cells tell, and what is told beside them.
    fn statements(&self) -> Vec<Statement> {
        let mut statements = self.cells.statements();
        statements.extend(self.seen.statements.iter().cloned());
        statements
    }

    /// What follows from it and an earlier edition together, and what is to be known about that.
    fn joined(&self, earlier: &Released, is_same_wave: bool) -> (Vec<Disclosure>, Option<&'static str>) {
        let asked = self.surroundings.asked;
        let mut of_earlier = Self::read(&earlier.files, asked).statements();
        for statement in &mut of_earlier {
            statement.place = format!("{}/{}", earlier.folder.display(), statement.place);
        }
        match kinship(is_same_wave, &of_earlier, &self.statements()) {
            Kinship::SamePeople => (self.attacked(&of_earlier), None),
            Kinship::OtherAnswers => {
                let mut disclosures = self.attacked(&[]);
                disclosures.extend(few_between(&of_earlier, &self.statements(), asked));
                (disclosures, Some("the earlier edition counts other answers of the wave; each is attacked by itself"))
            }
            Kinship::OtherWave => (
                self.attacked(&[]),
                Some(
                    "the earlier edition is of another wave: nobody is known to be in both, and nothing can be joined",
                ),
            ),
        }
    }

    fn attacked(&self, more: &[Statement]) -> Vec<Disclosure> {
        let mut statements = self.statements();
        statements.extend(more.iter().cloned());
        let derived = attack(&statements, self.surroundings);
        self.seen.disclosures.iter().cloned().chain(derived.into_iter().map(Disclosure::from)).collect()
    }
}

fn is_description(piece: &markup::Piece<'_>) -> bool {
    matches!(piece, markup::Piece::Open(tag) if tag.name == "desc")
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
