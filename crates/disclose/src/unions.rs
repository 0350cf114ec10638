//! Which published groups are made of the same people: unions that are equal, and sets that differ by a few.
//!
//! `sector` may be a union of groups of `industry`, and the base of municipal workplaces the group `municipality` of another one's breakdown. No file of a country says
//! so in general; the answers do. A [`Membership`] tells how many answers are in the same bases and groups, and each published set is the union of some of these. Two divisions of
//! the same people are held against each other: groups that share an answer are linked, and what is linked falls into parts. Where there is more than one part, the two sides of each
//! are the same people ([`Tie`]), so every count of the one side adds up to that of the other.
//!
//! That a union is equal in the answers does not prove that it must be. Who attacks a release is supposed to know it all the same: mostly it is a classification that
//! everybody knows, and the rest only hides more. That groups *happen* not to meet (nobody in the one sector and the one size) he is not supposed to know, but where it makes a part.
//!
//! What this module keeps is no count but that of the few; it can be kept where an estimate can.

use std::collections::{BTreeMap, BTreeSet};

use codebook::{BaseId, Code, TableSpec, VariableName};
use estimate::Membership;
use serde::{Deserialize, Serialize};

mod stored;

/// Some groups of a breakdown of a base, or everyone in the base.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Side {
    pub(crate) base: BaseId,
    /// `None` is everyone.
    pub(crate) groups: Option<(VariableName, BTreeSet<Code>)>,
}

/// Two sides that are the same people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tie(pub(crate) Side, pub(crate) Side);

/// A set that holds another one and a few people more. One of the two is a single group, or everyone in a base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Near {
    pub(crate) larger: Side,
    pub(crate) smaller: Side,
    /// How many more.
    pub(crate) few: u64,
}

/// What the published sets of a release have to do with each other, beside that groups add up to their total.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unions {
    pub(crate) ties: Vec<Tie>,
    pub(crate) nears: Vec<Near>,
}

/// Written as it is kept.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    ties: Vec<[WrittenSide; 2]>,
    nears: Vec<(WrittenSide, WrittenSide, u64)>,
}

/// The base; the breakdown and its codes.
type WrittenSide = (String, Option<(String, Vec<String>)>);

/// One way in which a base is divided.
struct Division<'a> {
    base: &'a BaseId,
    /// `None`: it is not divided.
    breakdown: Option<&'a VariableName>,
    codes: Vec<&'a Code>,
    /// For each kind of answers, its group; `None` where it is in none.
    group_of: Vec<Option<usize>>,
    /// Whether the group of somebody in the base is not known.
    leaves_out: bool,
    /// What is counted in it.
    items: BTreeSet<&'a VariableName>,
}

impl Unions {
    /// No sets have anything to do with each other: a release with one breakdown of one base.
    pub const NONE: &'static Self = &Self { ties: Vec::new(), nears: Vec::new() };

    /// Reads them from who is in which base and group. Sets that differ by fewer people than the smallest base are near.
    #[must_use]
    pub fn of(memberships: &[Membership], specs: &[&TableSpec], smallest_base: u64) -> Self {
        let divisions = divisions(memberships, specs);
        let mut unions = Self::default();
        for (place, one) in divisions.iter().enumerate() {
            for other in &divisions[place + 1..] {
                // In total, a base has nothing to do with itself; whole bases that differ by few are told apart by their tables.
                let is_trivial = |it: &Division<'_>| it.breakdown.is_none() && one.base == other.base;
                if is_trivial(one) || is_trivial(other) || (one.breakdown, other.breakdown) == (None, None) {
                    continue;
                }
                // Who did something is no group of a classification: that all of a small group did so is chance, and nobody knows it.
                let is_divided = one.base == other.base || divide(memberships, one.base, other.base);
                let shared = Shared::of(memberships, one, other);
                if is_divided {
                    unions.ties.extend(shared.ties());
                }
                // The same group in two such bases is compared item by item, by its own counts.
                if !is_divided && one.breakdown == other.breakdown {
                    continue;
                }
                if one.items.intersection(&other.items).next().is_some() {
                    unions.nears.extend(shared.nears(smallest_base));
                    unions.nears.extend(shared.turned().nears(smallest_base));
                }
            }
        }
        unions.nears.sort_by(|one, other| (&one.larger, &one.smaller).cmp(&(&other.larger, &other.smaller)));
        unions.nears.dedup();
        unions
    }
}

/// Whether the smaller of two bases is some groups of a breakdown within the larger one.
fn divide(memberships: &[Membership], one: &BaseId, other: &BaseId) -> bool {
    let is_part =
        |part: &BaseId, all: &BaseId| memberships.iter().all(|it| !it.bases.contains(part) || it.bases.contains(all));
    let (part, all) = if is_part(one, other) { (one, other) } else { (other, one) };
    let of_all = || memberships.iter().filter(|it| it.bases.contains(all));
    let breakdowns: BTreeSet<&VariableName> = of_all().flat_map(|it| it.groups.keys()).collect();
    let is_union = |breakdown: &&VariableName| {
        let side = |is_in: bool| -> BTreeSet<Option<&Code>> {
            of_all().filter(|it| it.bases.contains(part) == is_in).map(|it| it.groups.get(*breakdown)).collect()
        };
        side(true).is_disjoint(&side(false))
    };
    is_part(part, all) && breakdowns.iter().any(is_union)
}

fn divisions<'a>(memberships: &'a [Membership], specs: &[&'a TableSpec]) -> Vec<Division<'a>> {
    let mut items: BTreeMap<(&BaseId, Option<&VariableName>), BTreeSet<&VariableName>> = BTreeMap::new();
    for spec in specs {
        for breakdown in std::iter::once(None).chain(spec.breakdowns.iter().map(Some)) {
            items.entry((&spec.base, breakdown)).or_default().extend(spec.rows.iter().map(|row| &row.item));
        }
    }
    let division = |((base, breakdown), items): ((&'a BaseId, Option<&'a VariableName>), BTreeSet<_>)| {
        let of_base = |kind: &&Membership| kind.bases.contains(base);
        let code_of = |kind: &'a Membership| breakdown.and_then(|breakdown| kind.groups.get(breakdown));
        let codes: BTreeSet<&Code> = memberships.iter().filter(of_base).filter_map(code_of).collect();
        let codes: Vec<&Code> = codes.into_iter().collect();
        let group_of = |kind: &'a Membership| match breakdown {
            _ if !of_base(&kind) => None,
            None => Some(0),
            Some(_) => code_of(kind).and_then(|code| codes.binary_search(&code).ok()),
        };
        let group_of: Vec<Option<usize>> = memberships.iter().map(group_of).collect();
        let leaves_out = memberships.iter().zip(&group_of).any(|(kind, group)| of_base(&kind) && group.is_none());
        Division { base, breakdown, codes, group_of, leaves_out, items }
    };
    items.into_iter().map(division).collect()
}

impl Division<'_> {
    /// How many groups have answers.
    fn groups(&self) -> usize {
        if self.breakdown.is_some() { self.codes.len() } else { 1 }
    }

    fn side(&self, groups: impl IntoIterator<Item = usize>) -> Side {
        let groups = groups.into_iter();
        let codes = |breakdown: &VariableName| (breakdown.clone(), groups.map(|it| self.codes[it].clone()).collect());
        Side { base: self.base.clone(), groups: self.breakdown.map(codes) }
    }
}

/// How many answers two divisions have in each pair of groups; the last group of each are those that are in none.
struct Shared<'d, 'a> {
    one: &'d Division<'a>,
    other: &'d Division<'a>,
    answers: BTreeMap<(usize, usize), u64>,
}

impl<'d, 'a> Shared<'d, 'a> {
    fn of(memberships: &[Membership], one: &'d Division<'a>, other: &'d Division<'a>) -> Self {
        let mut answers = BTreeMap::new();
        for ((kind, here), there) in memberships.iter().zip(&one.group_of).zip(&other.group_of) {
            if here.is_some() || there.is_some() {
                let pair = (here.unwrap_or(one.groups()), there.unwrap_or(other.groups()));
                *answers.entry(pair).or_default() += kind.n;
            }
        }
        Self { one, other, answers }
    }

    fn turned(&self) -> Self {
        let answers = self.answers.iter().map(|((here, there), n)| ((*there, *here), *n)).collect();
        Self { one: self.other, other: self.one, answers }
    }

    /// The parts into which both divisions fall. What is in no group of one of them is no part; nor is a whole base, whose total says the same.
    fn ties(&self) -> Vec<Tie> {
        let (here, there) = (self.one.groups(), self.other.groups());
        // Groups of the one, those in none of it, groups of the other, those in none of it; both of "none" are one.
        let outside = here + there;
        let mut part_of: Vec<usize> = (0..=outside).collect();
        for (one, other) in self.answers.keys() {
            let one = if *one == here { outside } else { *one };
            let other = if *other == there { outside } else { here + *other };
            let (from, to) = (part_of[one], part_of[other]);
            part_of.iter_mut().filter(|part| **part == from).for_each(|part| *part = to);
        }
        let parts: BTreeSet<usize> = part_of.iter().copied().filter(|part| *part != part_of[outside]).collect();
        let tie = |part: usize| {
            let of_one: Vec<usize> = (0..here).filter(|group| part_of[*group] == part).collect();
            let of_other: Vec<usize> = (0..there).filter(|group| part_of[here + *group] == part).collect();
            let is_everyone = |division: &Division<'_>, groups: &[usize]| {
                division.breakdown.is_some() && groups.len() == division.groups() && !division.leaves_out
            };
            let says_a_total = is_everyone(self.one, &of_one) || is_everyone(self.other, &of_other);
            let has_both = !of_one.is_empty() && !of_other.is_empty();
            (has_both && !says_a_total).then(|| Tie(self.one.side(of_one), self.other.side(of_other)))
        };
        parts.into_iter().filter_map(tie).collect()
    }

    /// For each group of the other division: groups of the one that lie in it and leave a few, or that hold it and have a few more.
    fn nears(&self, smallest_base: u64) -> Vec<Near> {
        let few = 1..smallest_base;
        let (here, there) = (self.one.groups(), self.other.groups());
        let of_one = |group: usize| self.answers.range((group, 0)..(group + 1, 0)).map(|((_, other), n)| (*other, *n));
        let mut found = Vec::new();
        for group in 0..there {
            let touching: Vec<usize> = (0..here).filter(|one| self.answers.contains_key(&(*one, group))).collect();
            let lies_in = |one: &usize| of_one(*one).all(|(other, _)| other == group);
            let (inside, across): (Vec<usize>, Vec<usize>) = touching.iter().partition(|one| lies_in(one));
            let single = || self.other.side([group]);
            let left: u64 = across.iter().chain([&here]).filter_map(|one| self.answers.get(&(*one, group))).sum();
            if !inside.is_empty() && few.contains(&left) {
                found.push(Near { larger: single(), smaller: self.one.side(inside.clone()), few: left });
            }
            let beyond: u64 =
                across.iter().flat_map(|one| of_one(*one)).filter(|(other, _)| *other != group).map(|(_, n)| n).sum();
            let is_held = !self.answers.contains_key(&(here, group));
            // All groups of the one are its base, of which the other groups are then few.
            let is_all = self.one.base == self.other.base && touching.len() == here;
            if !touching.is_empty() && is_held && !is_all && few.contains(&beyond) {
                found.push(Near { larger: self.one.side(touching), smaller: single(), few: beyond });
            }
        }
        found
    }
}
