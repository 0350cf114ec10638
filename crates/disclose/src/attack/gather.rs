//! Statements, put together: what is known of each count, and which spots are hidden.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::{Derived, Number, Spot, Statement, Surroundings, Told};
use crate::protect::linear::{Range, real};

/// A breakdown and the code of a group.
pub(super) type Group = (String, String);

/// What is known of one count in one place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fact {
    pub(super) range: Range,
    /// Where it was read.
    pub(super) places: BTreeSet<String>,
}

impl Fact {
    fn new(least: f64, most: f64, place: &str) -> Self {
        Self { range: Range { least, most }, places: BTreeSet::from([place.to_owned()]) }
    }

    /// Whether a reader sees a number that tells it, exactly or within rounding.
    pub(super) fn is_seen(&self) -> bool {
        self.range.most.is_finite()
    }

    /// Whether it leaves one number only.
    pub(super) fn is_exact(&self) -> bool {
        self.is_seen() && self.range.width() < 0.5
    }

    /// Both at once. What contradicts the first is passed over: it is about other people.
    fn meet(&mut self, other: &Self) {
        let least = self.range.least.max(other.range.least);
        let most = self.range.most.min(other.range.most);
        if least > most || (least <= self.range.least && most >= self.range.most) {
            return;
        }
        let says_all = other.range.least >= least && other.range.most <= most;
        self.places = if says_all { other.places.clone() } else { &self.places | &other.places };
        self.range = Range { least, most };
    }
}

/// A number of people in total and in every group.
#[derive(Debug, Clone, Default)]
pub(super) struct Count {
    /// What is counted, for people.
    pub(super) name: String,
    pub(super) total: Option<Fact>,
    pub(super) groups: BTreeMap<Group, Fact>,
}

impl Count {
    fn learn(&mut self, group: Option<&Group>, fact: Fact) {
        match group {
            None => match &mut self.total {
                Some(known) => known.meet(&fact),
                none => *none = Some(fact),
            },
            Some(group) => match self.groups.entry(group.clone()) {
                Entry::Occupied(mut known) => known.get_mut().meet(&fact),
                Entry::Vacant(place) => {
                    place.insert(fact);
                }
            },
        }
    }

    pub(super) fn fact(&self, group: Option<&Group>) -> Option<&Fact> {
        group.map_or(self.total.as_ref(), |group| self.groups.get(group))
    }

    /// Takes over what is known of the same people under another name.
    pub(super) fn absorb(&mut self, other: &Self) {
        if let Some(total) = &other.total {
            self.learn(None, total.clone());
        }
        for (group, fact) in &other.groups {
            self.learn(Some(group), fact.clone());
        }
    }

    /// The places that are seen in both, total and groups.
    pub(super) fn seen_in_both<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = (&'a Fact, &'a Fact)> {
        let totals = self.total.iter().zip(&other.total);
        let groups = self.groups.iter().filter_map(|(group, fact)| Some((fact, other.groups.get(group)?)));
        totals.chain(groups).filter(|(one, other)| one.is_seen() && other.is_seen())
    }
}

/// The people of a base who are in a category.
#[derive(Debug, Clone)]
pub(super) struct Category {
    pub(super) base: String,
    pub(super) item: String,
    pub(super) codes: Vec<String>,
    /// How many they are: an index of a count.
    pub(super) count: usize,
    /// Among how many.
    pub(super) answers: usize,
}

/// A share that is told of a group without its n.
#[derive(Debug)]
pub(super) struct BareShare {
    /// An index of the categories.
    pub(super) category: usize,
    pub(super) group: Group,
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) place: String,
}

/// Everything that was read, count by count.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) counts: Vec<Count>,
    /// The count of the answers to an item of a base.
    pub(super) answers: BTreeMap<(String, String), usize>,
    pub(super) categories: Vec<Category>,
    /// Confidential spots.
    pub(super) hidden: BTreeSet<Spot>,
    /// Shares that are told of groups whose n is not.
    pub(super) bare_shares: Vec<BareShare>,
}

impl Gathered {
    pub(super) fn of(statements: &[Statement], surroundings: Surroundings) -> Self {
        let mut gathered = Self::default();
        gathered.read_answers(statements, surroundings);
        gathered.merge_same_answers();
        gathered.read_shares(statements, surroundings);
        gathered
    }

    fn read_answers(&mut self, statements: &[Statement], surroundings: Surroundings) {
        for Statement { spot, told, place } in statements {
            let key = (spot.base.clone(), spot.item.clone());
            let next = self.counts.len();
            let index = *self.answers.entry(key).or_insert(next);
            if index == next {
                let name = format!("answers of {} to {}", spot.base, spot.item);
                self.counts.push(Count { name, ..Count::default() });
            }
            let fact = match told {
                Told::Answers(n) => Fact::new(real(*n), real(*n), place),
                Told::Confidential => Fact::new(0.0, f64::INFINITY, place),
                Told::NotShown => Fact::new(real(surroundings.asked), f64::INFINITY, place),
                Told::Share { .. } => continue,
            };
            if *told == Told::Confidential {
                self.hidden.insert(spot.clone());
            }
            self.counts[index].learn(spot.group.as_ref(), fact);
        }
    }

    /// Items of one base that have the same answers wherever both are seen, and whole bases that have.
    fn merge_same_answers(&mut self) {
        let mut merged: Vec<(String, usize)> = Vec::new();
        let mut same: BTreeMap<usize, usize> = BTreeMap::new();
        for ((base, _), index) in &self.answers {
            let is_it = |(of_base, earlier): &&(String, usize)| {
                let shared: Vec<bool> = self.counts[*earlier]
                    .seen_in_both(&self.counts[*index])
                    .map(|(one, other)| (one.range.least - other.range.least).abs() < 0.5)
                    .collect();
                let needed = if of_base == base { 1 } else { 3 };
                let have_totals = self.counts[*earlier].total.is_some() && self.counts[*index].total.is_some();
                have_totals && shared.len() >= needed && shared.iter().all(|agrees| *agrees)
            };
            match merged.iter().find(is_it).map(|(_, earlier)| *earlier) {
                Some(earlier) => {
                    let other = self.counts[*index].clone();
                    self.counts[earlier].absorb(&other);
                    // It is not of one item any more.
                    if let Some((of_base, _)) = self.counts[earlier].name.split_once(" to ") {
                        self.counts[earlier].name = of_base.to_owned();
                    }
                    same.insert(*index, earlier);
                }
                None => merged.push((base.clone(), *index)),
            }
        }
        for index in self.answers.values_mut() {
            *index = same.get(index).copied().unwrap_or(*index);
        }
    }

    fn read_shares(&mut self, statements: &[Statement], surroundings: Surroundings) {
        let mut known: BTreeMap<(String, String, Vec<String>), usize> = BTreeMap::new();
        // Of a category that is never told of, nothing can be derived either.
        let rows: BTreeSet<(&String, &String, &Vec<String>)> = statements
            .iter()
            .filter(|statement| matches!(statement.told, Told::Share { .. }))
            .map(|Statement { spot, .. }| (&spot.base, &spot.item, &spot.codes))
            .collect();
        for Statement { spot, told, place } in statements {
            if !rows.contains(&(&spot.base, &spot.item, &spot.codes)) {
                continue;
            }
            let answers = self.answers[&(spot.base.clone(), spot.item.clone())];
            let category =
                *known.entry((spot.base.clone(), spot.item.clone(), spot.codes.clone())).or_insert_with(|| {
                    let name = format!("those of {} who are in {} {}", spot.base, spot.item, spot.codes.join("+"))
                        .trim_end()
                        .to_owned();
                    self.counts.push(Count { name, ..Count::default() });
                    let count = self.counts.len() - 1;
                    let (base, item, codes) = (spot.base.clone(), spot.item.clone(), spot.codes.clone());
                    self.categories.push(Category { base, item, codes, count, answers });
                    self.categories.len() - 1
                });
            let group = spot.group.as_ref();
            let n = self.counts[answers].fact(group).filter(|fact| fact.is_exact()).map(|fact| fact.range.least);
            let fact = match (told, n) {
                (Told::Share { low, high }, Some(n)) => {
                    let Range { least, most } = in_category(n, *low, *high, surroundings.weight_ratio);
                    Fact::new(least, most, place)
                }
                (Told::Share { low, high }, None) => {
                    let (low, high, place) = (*low, *high, place.clone());
                    let bare = group.map(|group| BareShare { category, group: group.clone(), low, high, place });
                    self.bare_shares.extend(bare);
                    continue;
                }
                (Told::Confidential | Told::NotShown, _) => Fact::new(0.0, f64::INFINITY, place),
                // Nobody is in any category of nobody.
                (Told::Answers(0), _) => Fact::new(0.0, 0.0, place),
                (Told::Answers(_), _) => continue,
            };
            let count = self.categories[category].count;
            self.counts[count].learn(group, fact);
        }
    }

    /// Whether two bases are surely of other people: the one has more than the other somewhere, or both together are a third one wherever all are seen.
    fn are_apart(&self, item: &str, smaller: &Count, larger: &Count) -> bool {
        let is_among = |(some, all): (&Fact, &Fact)| some.range.least <= all.range.most;
        let is_sum = |sum: &Count| {
            let exact = |count: &Count, group: Option<&Group>| {
                count.fact(group).filter(|fact| fact.is_exact()).map(|fact| fact.range.least)
            };
            let adds_up = |group| {
                let (one, other) = (exact(smaller, group)?, exact(larger, group)?);
                Some((one + other - exact(sum, group)?).abs() < 0.5)
            };
            let groups = sum.groups.keys().map(Some);
            adds_up(None) == Some(true) && groups.filter_map(adds_up).all(|adds_up| adds_up)
        };
        let of_item = self.answers.iter().filter(|((_, of), _)| of == item).map(|(_, index)| &self.counts[*index]);
        !smaller.seen_in_both(larger).all(is_among) || of_item.into_iter().any(is_sum)
    }

    /// Few people who are told by two numbers that are both shown.
    pub(super) fn few_by_subtraction(&self, asked: u64) -> Vec<Derived> {
        let few = |n: f64| n > 0.5 && n < real(asked) - 0.5;
        let mut found = Vec::new();
        for ((base, item), index) in &self.answers {
            let count = &self.counts[*index];
            for (left, total, groups, breakdown) in count.complete_breakdowns() {
                if few(left) {
                    let arithmetic = format!(
                        "{}, by {breakdown}: {:.0} in all less {groups:.0} in all groups is {left:.0} in none",
                        count.name, total.range.least
                    );
                    let group = Some((breakdown.clone(), String::new()));
                    let spot = Spot { base: base.clone(), item: item.clone(), codes: Vec::new(), group };
                    found.push(pinned(spot, Number::WithoutGroup, left, asked, arithmetic, &total.places));
                }
            }
            let others = self.answers.iter().filter(|((other, of), _)| other != base && of == item);
            for ((other, _), other_index) in others {
                let smaller = &self.counts[*other_index];
                if self.are_apart(item, smaller, count) {
                    continue;
                }
                let spots = std::iter::once(None).chain(count.groups.keys().map(Some));
                for group in spots {
                    let (Some(all), Some(some)) = (count.fact(group), smaller.fact(group)) else { continue };
                    let more = all.range.least - some.range.least;
                    if all.is_exact() && some.is_exact() && few(more) {
                        let arithmetic = format!(
                            "{:.0} answers of {base} to {item} less {:.0} of {other} are {more:.0} whom {other} leaves out",
                            all.range.least, some.range.least
                        );
                        let spot =
                            Spot { base: base.clone(), item: item.clone(), codes: Vec::new(), group: group.cloned() };
                        let places = &all.places | &some.places;
                        found.push(pinned(spot, Number::Difference, more, asked, arithmetic, &places));
                    }
                }
            }
        }
        found
    }
}

impl Count {
    /// For each breakdown of which every group is seen: how many are in none, the total, the sum of the groups and the breakdown.
    pub(super) fn complete_breakdowns(&self) -> Vec<(f64, &Fact, f64, &String)> {
        let Some(total) = self.total.as_ref().filter(|total| total.is_exact()) else { return Vec::new() };
        let breakdowns: BTreeSet<&String> = self.groups.keys().map(|(breakdown, _)| breakdown).collect();
        let complete = |breakdown| {
            let groups = || self.groups.iter().filter(move |((name, _), _)| name == breakdown).map(|(_, fact)| fact);
            let sum: f64 = groups().map(|fact| fact.range.least).sum();
            groups().all(Fact::is_exact).then_some((total.range.least - sum, total, sum, breakdown))
        };
        breakdowns.into_iter().filter_map(complete).collect()
    }
}

fn pinned(spot: Spot, number: Number, n: f64, asked: u64, arithmetic: String, places: &BTreeSet<String>) -> Derived {
    let n = super::explain::whole(n);
    let places = places.iter().cloned().collect();
    Derived { spot, number, least: n, most: n, asked, arithmetic: vec![arithmetic], places }
}

/// How many of n answers are in a category whose weighted share lies between two limits, if no weight is more than so many times another. In the
/// category are the fewest where those in it have the heaviest weight and all others the lightest, and the most the other way round.
pub(super) fn in_category(n: f64, low: f64, high: f64, weight_ratio: f64) -> Range {
    let (low, high) = (low.clamp(0.0, 1.0), high.clamp(0.0, 1.0));
    let least = n * low / (low + weight_ratio * (1.0 - low));
    let most = n * high * weight_ratio / (1.0 - high + weight_ratio * high);
    let whole = Range::inwards(least, most);
    // A share that no number of answers has is still near one.
    if whole.least <= whole.most { whole } else { Range { least: whole.most, most: whole.least } }
}
