//! Two releases compared, figure by figure: what a person who approves an edition looks at, and what an erratum tells.
//!
//! Both are read from their files, so it does not matter which version of the program made them. Two comparisons over countries are compared cell by cell, each cell a
//! figure of its table in the group of its edition. Within a wave a figure moves because answers,
//! rules or the program were revised, and chance has no part in it. Between waves other units were asked: there each figure that both releases
//! show is tested, and a note tells how many would differ by chance alone.

mod chance;
mod compared;
mod html;
mod markdown;

use std::collections::BTreeSet;
use std::path::Path;

use codebook::ConfidenceLevel;
use serde::Serialize;

pub use chance::Chance;

use crate::PipelineError;
use crate::manifest::{ManifestFile, STORE};
use crate::released::{FigureName, FigureState, Released, ReleasedFigures, ReleasedNumber, ReleasedTables};

/// What became of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Nothing moved.
    Same,
    /// The estimate is the same; its error, limits or n are not.
    ErrorMoved,
    /// The estimate moved by one in its last digit.
    MovedInTheLastDigit,
    /// It moved further, and is still inside the old interval.
    MovedBeyondRounding,
    /// It left the old interval.
    MovedBeyondTheInterval,
    /// The old release has no such figure.
    Appeared,
    /// The new release has no such figure.
    Vanished,
    /// The old release shows it, the new one hides it.
    NewlyHidden,
    /// The old release hides it, the new one shows it.
    NewlyRevealed,
}

impl Class {
    /// All of them, from the least to the gravest kinds.
    pub const ALL: [Self; 9] = [
        Self::Same,
        Self::ErrorMoved,
        Self::MovedInTheLastDigit,
        Self::MovedBeyondRounding,
        Self::MovedBeyondTheInterval,
        Self::Appeared,
        Self::Vanished,
        Self::NewlyHidden,
        Self::NewlyRevealed,
    ];

    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::ErrorMoved => "only the error or n moved",
            Self::MovedInTheLastDigit => "moved in the last digit",
            Self::MovedBeyondRounding => "moved beyond rounding",
            Self::MovedBeyondTheInterval => "moved beyond the interval",
            Self::Appeared => "appeared",
            Self::Vanished => "vanished",
            Self::NewlyHidden => "newly hidden",
            Self::NewlyRevealed => "newly revealed",
        }
    }
}

/// The numbers that a release shows of a figure. What was only printed, in a comparison over countries, has no error and no limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ShownNumbers {
    /// The estimate.
    pub estimate: ReleasedNumber,
    /// Its standard error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub se: Option<ReleasedNumber>,
    /// The lower limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<ReleasedNumber>,
    /// The upper limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<ReleasedNumber>,
    /// Unweighted answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<u64>,
}

impl From<ReleasedFigures> for ShownNumbers {
    fn from(ReleasedFigures { estimate, se, low, high, n }: ReleasedFigures) -> Self {
        Self { estimate, se: Some(se), low: Some(low), high: Some(high), n: Some(n) }
    }
}

/// What a release shows at the place of a figure, in the form that is compared.
enum Seen {
    Shown(ShownNumbers),
    Hidden(String),
}

impl From<FigureState> for Seen {
    fn from(state: FigureState) -> Self {
        match state {
            FigureState::Shown(figures) => Self::Shown(figures.into()),
            FigureState::Hidden(why) => Self::Hidden(why),
        }
    }
}

/// One figure in both releases.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FigureChange {
    /// Which.
    #[serde(flatten)]
    pub name: FigureName,
    /// What became of it.
    pub class: Class,
    /// Its numbers in the old release, if it shows any.
    pub old: Option<ShownNumbers>,
    /// Its numbers in the new release, if it shows any.
    pub new: Option<ShownNumbers>,
    /// Why one of the two hides it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden: Option<String>,
    /// Between waves, how probable so large a change would be if nothing had changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p: Option<f64>,
}

/// A release, named.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Side {
    /// Its folder, as it was named.
    pub folder: String,
    /// The country.
    pub country: String,
    /// The wave.
    pub wave: u16,
    /// The edition.
    pub edition: String,
    /// Whether its answers are made up.
    pub synthetic: bool,
    /// Whether its tables are those that were sealed.
    pub sealed: bool,
}

/// Two releases compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The old release.
    pub old: Side,
    /// The new release.
    pub new: Side,
    /// How many figures are of each class, in the order of [`Class::ALL`]; classes without any are there, too.
    pub counts: Vec<(Class, usize)>,
    /// What chance would do between two waves; `None` for two releases of one wave.
    pub chance: Option<Chance>,
    /// Every figure that one of them shows, in the order of the new release; those that vanished follow.
    pub figures: Vec<FigureChange>,
}

/// Compares the releases in two folders.
///
/// # Errors
/// When one of them is no release or keeps no published tables, and findings when a file of theirs cannot be understood.
pub fn diff(old: &Path, new: &Path) -> Result<Comparison, PipelineError> {
    let (old, new) = (Released::open(old)?, Released::open(new)?);
    if [&old, &new].into_iter().any(Released::is_comparison) {
        return compared::diff(&old, &new);
    }
    let (mut old_tables, mut new_tables) = (tables(&old)?, tables(&new)?);
    let between_waves = (&old.manifest.country, old.manifest.wave) != (&new.manifest.country, new.manifest.wave);
    if between_waves {
        // What each shows beside its own wave has no part in what changed between the two.
        (old_tables, new_tables) = (old_tables.of_own_wave(), new_tables.of_own_wave());
    }
    let mut figures = changes(&old_tables, &new_tables);
    let level = new
        .manifest
        .method
        .and_then(|method| ConfidenceLevel::new(method.confidence_level))
        .map(ConfidenceLevel::test_level);
    let chance = between_waves.then(|| chance::test(&mut figures, level.unwrap_or(chance::USUAL_LEVEL)));
    let count = |class: Class| (class, figures.iter().filter(|figure| figure.class == class).count());
    Ok(Comparison { old: side(&old), new: side(&new), counts: Class::ALL.map(count).to_vec(), chance, figures })
}

fn tables(release: &Released) -> Result<ReleasedTables, PipelineError> {
    release.tables()?.ok_or_else(|| PipelineError::Usage {
        message: format!("{} keeps no published tables: there is no {STORE} in it", release.folder.display()),
    })
}

fn side(release: &Released) -> Side {
    let is_sealed = |bytes: &Vec<u8>| ManifestFile::of(STORE, bytes).sha256 == release.manifest.seal;
    let sealed = if release.is_comparison() {
        compared::files_of_cells(release).any(is_sealed)
    } else {
        release.files.get(STORE).is_some_and(is_sealed)
    };
    Side {
        folder: crate::load::shown(&release.folder),
        country: release.manifest.country.clone(),
        wave: release.manifest.wave,
        edition: release.manifest.edition(),
        synthetic: release.manifest.data.is_some(),
        sealed,
    }
}

/// What became of every figure that one of two releases shows.
pub(crate) fn changes(old: &ReleasedTables, new: &ReleasedTables) -> Vec<FigureChange> {
    let known: BTreeSet<&FigureName> = new.names().iter().collect();
    let gone = old.names().iter().filter(|name| !known.contains(name));
    let seen = |state: Option<FigureState>| state.map(Seen::from);
    let both = |name: &FigureName| change(name, seen(old.state(name)), seen(new.state(name)));
    new.names().iter().chain(gone).filter_map(both).collect()
}

fn change(name: &FigureName, old: Option<Seen>, new: Option<Seen>) -> Option<FigureChange> {
    use Seen::{Hidden, Shown};
    let (class, old, new, hidden) = match (old, new) {
        (Some(Shown(old)), Some(Shown(new))) => (moved(&old, &new), Some(old), Some(new), None),
        (Some(Shown(old)), Some(Hidden(why))) => (Class::NewlyHidden, Some(old), None, Some(why)),
        (Some(Hidden(why)), Some(Shown(new))) => (Class::NewlyRevealed, None, Some(new), Some(why)),
        (Some(Shown(old)), None) => (Class::Vanished, Some(old), None, None),
        (None, Some(Shown(new))) => (Class::Appeared, None, Some(new), None),
        (Some(Hidden(_)) | None, Some(Hidden(_)) | None) => return None,
    };
    Some(FigureChange { name: name.clone(), class, old, new, hidden, p: None })
}

fn moved(old: &ShownNumbers, new: &ShownNumbers) -> Class {
    let is_inside = old.low.zip(old.high).is_none_or(|(low, high)| (low..=high).contains(&new.estimate));
    match new.estimate.apart(old.estimate) {
        0 if old == new => Class::Same,
        0 => Class::ErrorMoved,
        1 => Class::MovedInTheLastDigit,
        // Without an interval nothing can leave it.
        _ if is_inside => Class::MovedBeyondRounding,
        _ => Class::MovedBeyondTheInterval,
    }
}

impl Comparison {
    /// How many figures are of a class.
    #[must_use]
    pub fn count(&self, class: Class) -> usize {
        self.counts.iter().find(|(candidate, _)| *candidate == class).map_or(0, |(_, count)| *count)
    }

    /// The figures that are not the same.
    pub fn changed(&self) -> impl Iterator<Item = &FigureChange> {
        self.figures.iter().filter(|figure| figure.class != Class::Same)
    }

    /// What a reader must know beside the numbers, in sentences.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.old.synthetic || self.new.synthetic {
            notes.push("SYNTHETIC: answers of at least one of the releases are made up".to_owned());
        }
        for side in [&self.old, &self.new] {
            if !side.sealed {
                notes.push(format!("the tables of {} were changed after they were sealed", side.folder));
            }
        }
        let untested = || {
            let is_one = (&self.old.country, self.old.wave) == (&self.new.country, self.new.wave);
            let note = if is_one {
                "both releases are of one wave: what moved was revised, chance has no part in it"
            } else {
                "the two are no editions of one comparison: which waves of a country stand in them may differ, and nothing is tested"
            };
            note.to_owned()
        };
        notes.push(self.chance.as_ref().map_or_else(untested, Chance::note));
        notes
    }

    /// Everything, as JSON.
    ///
    /// # Panics
    /// Never: texts and numbers are JSON.
    #[must_use]
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("texts, numbers and nothing else are JSON") + "\n"
    }

    /// What changed, as Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        markdown::page(self)
    }

    /// What changed, as a page that needs nothing else.
    #[must_use]
    pub fn html(&self) -> String {
        html::page(self)
    }
}

impl FigureChange {
    /// What its columns are called in a list of changes.
    pub const COLUMNS: [&'static str; 6] = ["table", "row", "group", "class", "old", "new"];

    /// Its line in such a list.
    #[must_use]
    pub fn cells(&self) -> [String; 6] {
        let [old, new] = self.sides();
        [self.name.table.clone(), self.name.row.clone(), self.name.among(), self.class.words().to_owned(), old, new]
    }

    /// The old and the new numbers: estimate, interval and n, or why there are none.
    #[must_use]
    pub fn sides(&self) -> [String; 2] {
        let told = |figures: Option<&ShownNumbers>| match (figures, &self.hidden) {
            (Some(ShownNumbers { estimate, low, high, n, se: _ }), _) => {
                let limits = low.zip(*high).map(|(low, high)| format!(" ({low} to {high})")).unwrap_or_default();
                let n = n.map(|n| format!(", n {n}")).unwrap_or_default();
                format!("{estimate}{limits}{n}")
            }
            (None, Some(why)) => format!("hidden: {why}"),
            (None, None) => "not there".to_owned(),
        };
        [told(self.old.as_ref()), told(self.new.as_ref())]
    }
}

#[cfg(test)]
mod tests;
