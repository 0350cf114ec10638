//! The attack on a finished release: what follows from the numbers that it tells.
//!
//! [`protect`](crate::protect) chooses what to hide and knows the answers. This module knows nothing but what a reader knows: [`Statement`]s, each
//! with the place where it was read. It finds out by itself which of them speak of the same people, writes a linear system over the counts that are
//! hidden, and tells of each how far it can still be moved. What can be moved less than was asked for is [`Derived`], with the arithmetic that leads there and
//! the places that were needed for it.
//!
//! **What the attacker does with a share.** He knows n, and how unequal the weights are. A share between two limits is then a number of answers
//! between two whole numbers: exactly one where the answers are few and weigh the same.
//!
//! **What he takes for the same count.** The answers to two items of a base that agree wherever both are shown; two bases that agree in
//! total and in at least two groups; the row of a base's own name, and any row whose counts are exactly another base's. A base that is nowhere smaller
//! than another one holds it, and two that add up to a third wherever all are shown are its parts. Groups add up to the total, less those whose group is not known.
//!
//! Its assumptions are a part of those that the protection is made against, and its limits are never narrower. So a release that was protected passes, and
//! whatever is told beside its cells is found.

mod explain;
mod gather;
mod relate;
mod system;
#[cfg(test)]
mod tests;

use gather::Gathered;
use system::System;

/// A place in tables of counts: the answers of a base to an item, and how many of them are in a category; in total or in one group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The base.
    pub base: String,
    /// What is counted in it.
    pub item: String,
    /// The codes of the category; none for an item that is true or not, and for numbers.
    pub codes: Vec<String>,
    /// The breakdown and the code of the group; `None` is the total.
    pub group: Option<(String, String)>,
}

impl std::fmt::Display for Spot {
    /// `base all, innovative, level state`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "base {}, {}", self.base, self.item)?;
        if !self.codes.is_empty() {
            write!(f, " {}", self.codes.join("+"))?;
        }
        match &self.group {
            Some((breakdown, code)) => write!(f, ", {breakdown} {code}"),
            None => write!(f, ", total"),
        }
    }
}

/// What is said of a spot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Told {
    /// So many answers, the spot's n.
    Answers(u64),
    /// The share of them that is in the category lies between two limits from 0 to 1.
    Share {
        /// The least that rounds to what is printed.
        low: f64,
        /// The most.
        high: f64,
    },
    /// That it is confidential.
    Confidential,
    /// That it is not shown for another reason: there are answers enough, but how many is not told.
    NotShown,
}

/// A number that a release tells, or that it hides one.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// What it is about.
    pub spot: Spot,
    /// What it says.
    pub told: Told,
    /// Where it stands, for people: `data/innovation.csv`.
    pub place: String,
}

/// Which number of a hidden spot can be derived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Number {
    /// How many answers there are.
    Answers,
    /// How many of them are in the category.
    InCategory,
    /// How many a table has more than another one that counts the same over fewer.
    Difference,
    /// How many are in no group.
    WithoutGroup,
}

/// A number that follows more closely than it may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// Whose number it is.
    pub spot: Spot,
    /// Which one.
    pub number: Number,
    /// The least that it can be.
    pub least: u64,
    /// The most.
    pub most: u64,
    /// How far apart the two must be.
    pub asked: u64,
    /// The equations that lead there; without any of them more would be possible.
    pub arithmetic: Vec<String>,
    /// Where they were read, each place once.
    pub places: Vec<String>,
}

/// What the attacker knows of a release as a whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Surroundings {
    /// How far apart the least and the most of a hidden number must be: the smallest base of the release.
    pub asked: u64,
    /// The heaviest weight divided by the lightest; 1 where all answers count the same.
    pub weight_ratio: f64,
}

/// Everything that follows more closely than it may from what a release tells, in the order of its spots.
#[must_use]
pub fn attack(statements: &[Statement], surroundings: Surroundings) -> Vec<Derived> {
    let gathered = Gathered::of(statements, surroundings);
    let mut derived = gathered.few_by_subtraction(surroundings.asked);
    derived.extend(System::of(&gathered, surroundings).derived());
    derived.sort_by(|one, other| (&one.spot, one.number).cmp(&(&other.spot, other.number)));
    derived.dedup_by(|one, other| (&one.spot, one.number) == (&other.spot, other.number));
    derived
}
