//! Other editions, joined to one.
//!
//! What is joined are waves, not editions: one that draws a series tells of earlier waves, too, and those have editions of their own. Two editions that tell of one
//! wave count the same people, unless answers came in between. Where they agree wherever both show a number, what the other one
//! tells is told, and joins the system. Where they do not, they count other people: each is attacked by itself, and a cell that has grown or shrunk by
//! a few answers tells those few.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use disclose::{Derived, Spot, Statement, Surroundings, Told, attack};

use super::before::not_corrected;
use super::{CAME_OR_WENT, Disclosure, Target};
use crate::manifest::{MANIFEST, STORE};
use crate::released::Released;

/// Of a wave whose weights nobody tells, nothing follows from a share but what follows whatever the weights are.
pub(super) const UNKNOWN_WEIGHTS: f64 = 1e9;

/// Another edition, as a reader has it.
pub(super) struct Other {
    wave: String,
    /// Whether another edition of the same folder corrects it.
    is_superseded: bool,
    by_wave: BTreeMap<String, Vec<Statement>>,
    surroundings: Surroundings,
}

/// What is made of other answers of the same wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OtherAnswers {
    /// The few that came or went are found.
    AreFound,
    /// Nothing: an edition lies where it was published, and nobody said that it is to be compared.
    ArePassedOver,
}

impl Other {
    /// Everything that an edition tells.
    pub(super) fn whole(released: &Released) -> Self {
        Self::of(released, &released.files)
    }

    /// What the tables and the store of an edition tell, which was attacked itself when it was made.
    fn tables_of(released: &Released) -> Self {
        let is_numbers = |path: &str| path == STORE || path.ends_with(".csv");
        let files = released.files.iter().filter(|(path, _)| is_numbers(path));
        Self::of(released, &files.map(|(path, bytes)| (path.clone(), bytes.clone())).collect())
    }

    fn of(released: &Released, files: &BTreeMap<String, Vec<u8>>) -> Self {
        let asked = released.manifest.rules.map_or(0, |rules| rules.smallest_base);
        let target = Target::read(files, asked);
        let mut by_wave = target.statements();
        for statement in by_wave.values_mut().flatten() {
            statement.place = format!("{}/{}", released.folder.display(), statement.place);
        }
        Self {
            wave: released.manifest.wave.to_string(),
            is_superseded: false,
            by_wave,
            surroundings: target.surroundings,
        }
    }

    /// The editions of other waves of a country in its folder, `out/<country>`, where readers find them. Those that were corrected come last.
    /// Those that are left out by their names are not among them.
    pub(super) fn in_folder(folder: &Path, country: &str, own_wave: u16, left_out: &BTreeSet<String>) -> Vec<Self> {
        let releases = releases_in(folder, country);
        let corrected = corrected_among(&releases);
        let is_other = |it: &&Released| it.manifest.wave != own_wave && !left_out.contains(&it.manifest.edition());
        let others = releases.iter().filter(is_other);
        let other =
            |it: &Released| Self { is_superseded: corrected.contains(&it.manifest.edition()), ..Self::tables_of(it) };
        let mut others: Vec<Self> = others.map(other).collect();
        others.sort_by_key(|other| other.is_superseded);
        others
    }
}

/// The releases of a country in its folder, `out/<country>`: every edition, since readers still have those that were corrected. What is no release that can be read is
/// none that readers have.
pub(crate) fn releases_in(folder: &Path, country: &str) -> Vec<Released> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let folders = entries.filter_map(Result::ok).map(|entry| entry.path());
    // What points at an edition is none itself.
    let mut folders: Vec<_> = folders.filter(|path| !path.is_symlink() && path.join(MANIFEST).is_file()).collect();
    folders.sort();
    let releases = folders.iter().filter_map(|folder| Released::open(folder).ok());
    releases.filter(|it| it.manifest.country == country).collect()
}

/// The names of the editions that others among these correct.
pub(crate) fn corrected_among(releases: &[Released]) -> BTreeSet<String> {
    releases.iter().filter_map(|it| it.manifest.corrects.as_ref().map(|it| it.edition.clone())).collect()
}

impl Target {
    /// What follows from it wave by wave, each together with what other editions tell of the wave; and what is to be known about that.
    pub(super) fn joined(&self, others: &[Other], other_answers: OtherAnswers) -> (Vec<Disclosure>, Vec<&'static str>) {
        let (mut disclosures, mut notes) = (self.seen.disclosures.clone(), BTreeSet::new());
        let by_wave = self.statements();
        for (wave, ours) in &by_wave {
            let is_own = self.wave.as_ref() == Some(wave);
            let mut all = ours.clone();
            let mut surroundings = self.surroundings;
            let mut has_superseded = false;
            if !is_own {
                surroundings.weight_ratio = UNKNOWN_WEIGHTS;
            }
            for other in others {
                let Some(theirs) = other.by_wave.get(wave) else { continue };
                match (kinship(theirs, ours), other_answers) {
                    (Kinship::SamePeople, _) => {
                        if other.is_superseded {
                            has_superseded = true;
                            all.extend(not_corrected(theirs.clone(), &all));
                        } else {
                            all.extend(theirs.iter().cloned());
                        }
                        // A wave has the rules of its day, too: what its edition hides stays hidden where it is drawn again.
                        if !is_own {
                            surroundings.asked = surroundings.asked.max(other.surroundings.asked);
                        }
                        if !is_own && other.wave == *wave {
                            surroundings.weight_ratio = other.surroundings.weight_ratio;
                        }
                    }
                    (Kinship::OtherAnswers, OtherAnswers::AreFound) => {
                        disclosures.extend(few_between(theirs, ours, surroundings.asked).into_values());
                        notes
                            .insert("the earlier edition counts other answers of the wave; each is attacked by itself");
                    }
                    (Kinship::OtherAnswers, OtherAnswers::ArePassedOver) => {}
                }
            }
            // What a correction hides and the edition before it tells was answered for when it was made, and is not told by this release.
            let known = if has_superseded { attack(&all[ours.len()..], surroundings) } else { Vec::new() };
            let limits = |it: &Derived| (it.spot.clone(), it.number, it.least, it.most);
            let is_new = |derived: &Derived| !known.iter().any(|it| limits(it) == limits(derived));
            disclosures.extend(attack(&all, surroundings).into_iter().filter(is_new).map(|derived| {
                let hiding =
                    all[ours.len()..].iter().find(|it| it.told == Told::Confidential && it.spot == derived.spot);
                let mut found = Disclosure::from(derived);
                found.places.extend(hiding.map(|it| it.place.clone()).filter(|place| !found.places.contains(place)));
                if is_own { found } else { found.of_earlier(wave) }
            }));
        }
        let is_shared = |other: &Other| other.by_wave.keys().any(|wave| by_wave.contains_key(wave));
        if other_answers == OtherAnswers::AreFound && !others.iter().all(is_shared) {
            notes.insert(
                "the earlier edition is of another wave: nobody is known to be in both, and nothing can be joined",
            );
        }
        (disclosures, notes.into_iter().collect())
    }
}

/// How two editions belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kinship {
    /// The same people.
    SamePeople,
    /// The same wave, with other answers.
    OtherAnswers,
}

/// What both editions tell of n, by spot.
fn both<'s>(earlier: &'s [Statement], later: &'s [Statement]) -> Vec<(&'s Statement, &'s Statement, u64, u64)> {
    let answers = |statement: &Statement| if let Told::Answers(n) = statement.told { Some(n) } else { None };
    // Of several files that tell the same, the first counts.
    let of_later: BTreeMap<Spot, (&Statement, u64)> =
        later.iter().rev().filter_map(|it| Some((of_answers(&it.spot), (it, answers(it)?)))).collect();
    let pair = |it: &'s Statement| {
        let n = answers(it)?;
        let (now, then_n) = of_later.get(&of_answers(&it.spot))?;
        Some((it, *now, n, *then_n))
    };
    earlier.iter().filter_map(pair).collect()
}

/// The spot of its n, whatever the category.
pub(super) fn of_answers(spot: &Spot) -> Spot {
    Spot { codes: Vec::new(), ..spot.clone() }
}

/// Whether another edition of the same wave counts the same people.
pub(super) fn kinship(earlier: &[Statement], later: &[Statement]) -> Kinship {
    let agrees = both(earlier, later).iter().all(|(_, _, then, now)| then == now);
    if agrees { Kinship::SamePeople } else { Kinship::OtherAnswers }
}

/// Cells whose n differs by a few between the editions, by the spot of the n.
pub(super) fn few_between(earlier: &[Statement], later: &[Statement], asked: u64) -> BTreeMap<Spot, Disclosure> {
    let mut found: BTreeMap<Spot, Disclosure> = BTreeMap::new();
    for (before, now, then_n, now_n) in both(earlier, later) {
        let apart = then_n.abs_diff(now_n);
        if (1..asked).contains(&apart) {
            let spot = of_answers(&now.spot);
            let disclosure = Disclosure {
                cell: spot.to_string(),
                number: CAME_OR_WENT.to_owned(),
                least: apart.to_string(),
                most: apart.to_string(),
                asked: Some(asked),
                arithmetic: vec![format!("{now_n} in this edition and {then_n} in the earlier one differ by {apart}")],
                places: vec![before.place.clone(), now.place.clone()],
            };
            found.insert(spot, disclosure);
        }
    }
    found
}
