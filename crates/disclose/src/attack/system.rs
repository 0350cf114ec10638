//! The linear system over everything that is hidden, in parts that have nothing to do with each other.

use std::collections::{BTreeMap, BTreeSet};

use super::explain::{Narrow, explained};
use super::gather::{BareShare, Category, Count, Fact, Gathered, Group};
use super::relate::{Relation, relations};
use super::{Derived, Number, Spot, Surroundings};
use crate::protect::linear::{LinearSystem, Met, Range, real};

/// A hidden count of one group: an unknown.
pub(super) type Unknown = (usize, Group);

/// A demand on some unknowns, with what it says and where that was read.
#[derive(Debug, Clone)]
pub(super) struct Demand {
    pub(super) terms: Vec<(Unknown, f64)>,
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) words: String,
    pub(super) places: BTreeSet<String>,
}

pub(super) struct System<'g> {
    gathered: &'g Gathered,
    surroundings: Surroundings,
    demands: Vec<Demand>,
    /// More people than anybody tells of are nowhere.
    everybody: f64,
}

impl<'g> System<'g> {
    pub(super) fn of(gathered: &'g Gathered, surroundings: Surroundings) -> Self {
        let totals = gathered.counts.iter().filter_map(|count| count.total.as_ref()).filter(|fact| fact.is_seen());
        let everybody = totals.map(|fact| fact.range.most).fold(0.0, f64::max);
        let mut system = Self { gathered, surroundings, demands: Vec::new(), everybody };
        system.add_margins();
        for relation in relations(gathered) {
            system.add_relation(&relation);
        }
        system.add_bare_shares();
        system
    }

    /// Groups add up to the total, less those whose group is not known.
    fn add_margins(&mut self) {
        for (index, count) in self.gathered.counts.iter().enumerate() {
            let Some(total) = count.total.as_ref().filter(|total| total.is_seen()) else { continue };
            let breakdowns: BTreeSet<&String> = count.groups.keys().map(|(breakdown, _)| breakdown).collect();
            for breakdown in breakdowns {
                let without = self.most_without_group(breakdown);
                self.demands.extend(margin(index, count, total, breakdown, without));
            }
        }
    }

    /// How many people at most have no group of a breakdown, as far as it can be seen where nothing is hidden.
    fn most_without_group(&self, breakdown: &str) -> f64 {
        let complete =
            self.gathered.answers.values().flat_map(|index| self.gathered.counts[*index].complete_breakdowns());
        complete.filter(|(.., of)| *of == breakdown).map(|(left, ..)| left).fold(0.0, f64::max)
    }

    fn add_relation(&mut self, relation: &Relation) {
        let counts = &self.gathered.counts;
        let groups: BTreeSet<&Group> =
            relation.terms.iter().flat_map(|(count, _)| counts[*count].groups.keys()).collect();
        for group in groups {
            let facts: Option<Vec<(usize, f64, &Fact)>> = relation
                .terms
                .iter()
                .map(|(count, factor)| Some((*count, *factor, counts[*count].groups.get(group)?)))
                .collect();
            self.demands.extend(facts.and_then(|facts| in_group(relation, group, &facts)));
        }
    }

    /// A share of a hidden number is still a relation between two hidden numbers.
    fn add_bare_shares(&mut self) {
        for BareShare { category, group, low, high, place } in &self.gathered.bare_shares {
            let category = &self.gathered.categories[*category];
            let ratio = self.surroundings.weight_ratio;
            let (least, most) = (low / (low + ratio * (1.0 - low)), high * ratio / (1.0 - high + ratio * high));
            let (count, answers) = ((category.count, group.clone()), (category.answers, group.clone()));
            let words = format!(
                "{} are {:.1} to {:.1} per cent of {}",
                self.gathered.counts[category.count].name,
                low * 100.0,
                high * 100.0,
                self.gathered.counts[category.answers].name
            );
            for (factor, low, high) in [(least, 0.0, f64::INFINITY), (most, f64::NEG_INFINITY, 0.0)] {
                let terms = vec![(count.clone(), 1.0), (answers.clone(), -factor)];
                self.demands.push(Demand {
                    terms,
                    low,
                    high,
                    words: words.clone(),
                    places: BTreeSet::from([place.clone()]),
                });
            }
        }
    }

    /// Every hidden number that can be moved less than asked.
    pub(super) fn derived(&self) -> Vec<Derived> {
        let parts = self.parts();
        let mut solved: Vec<Part<'_>> = parts.iter().map(|demands| Part::new(self, demands)).collect();
        let part_of: BTreeMap<&Unknown, usize> = parts
            .iter()
            .enumerate()
            .flat_map(|(part, demands)| {
                demands.iter().flat_map(move |it| it.terms.iter().map(move |(unknown, _)| (unknown, part)))
            })
            .collect();
        let mut range = |unknown: &Unknown, asked: f64| {
            let fact = self.gathered.counts[unknown.0].groups.get(&unknown.1)?;
            if fact.is_seen() {
                return Some((fact.range, None));
            }
            let part = *part_of.get(unknown)?;
            // What contradicts itself somewhere still tells what every margin tells by itself.
            let by_itself = || {
                let of_count = |demand: &&Demand| demand.terms.iter().all(|((count, _), _)| *count == unknown.0);
                self.range_under(unknown, parts[part].iter().filter(of_count))
            };
            solved[part].range(unknown, asked).or_else(by_itself).map(|range| (range, Some(part)))
        };
        let mut derived = Vec::new();
        let mut done = BTreeSet::new();
        for spot in &self.gathered.hidden {
            let Some(group) = &spot.group else { continue };
            for (number, unknown, answers) in self.numbers(spot, group) {
                let least_answers =
                    range(&answers, real(self.surroundings.asked)).map_or(0.0, |(range, _)| range.least);
                let asked = self.asked(number, &unknown, &answers, least_answers);
                if asked < 0.5 || !done.insert(unknown.clone()) {
                    continue;
                }
                let Some((found, part)) = range(&unknown, asked) else { continue };
                if found.width() < asked - 0.5 && self.is_secret(number, &answers, found, least_answers) {
                    let demands = part.map_or(&[][..], |part| &parts[part]);
                    let codes = if number == Number::Answers { Vec::new() } else { spot.codes.clone() };
                    let spot = Spot { codes, ..spot.clone() };
                    let narrow = Narrow { spot, number, unknown, range: found, asked };
                    derived.push(explained(self, narrow, demands));
                }
            }
        }
        derived
    }

    /// The hidden numbers of a spot, each with the number of answers that it is a part of.
    fn numbers(&self, spot: &Spot, group: &Group) -> Vec<(Number, Unknown, Unknown)> {
        let answers = self.gathered.answers.get(&(spot.base.clone(), spot.item.clone()));
        let Some(answers) = answers.map(|index| (*index, group.clone())) else { return Vec::new() };
        let is_it = |category: &&Category| {
            category.base == spot.base && category.item == spot.item && category.codes == spot.codes
        };
        let category = self.gathered.categories.iter().find(is_it).map(|category| (category.count, group.clone()));
        let in_category = category.map(|unknown| (Number::InCategory, unknown, answers.clone()));
        in_category.into_iter().chain([(Number::Answers, answers.clone(), answers)]).collect()
    }

    /// How far apart the least and the most must be. Of a category no more can be asked than there are answers in the group for certain
    /// (a hidden group may be empty), nor than are in the category, or not in it, among all.
    fn asked(&self, number: Number, unknown: &Unknown, answers: &Unknown, least_answers: f64) -> f64 {
        let asked = real(self.surroundings.asked);
        let total = |index: usize| self.gathered.counts[index].total.as_ref().filter(|total| total.is_seen());
        match number {
            Number::Answers | Number::Difference | Number::WithoutGroup => asked,
            Number::InCategory => match (total(unknown.0), total(answers.0)) {
                (Some(inside), Some(all)) => {
                    asked.min(least_answers).min(inside.range.least).min(all.range.least - inside.range.most)
                }
                (_, _) => 0.0,
            },
        }
    }

    /// Nobody is no secret, and neither is a group that surely has answers enough: it is hidden for the sake of another one. But where its n is told and
    /// a category is not, the category is the secret.
    fn is_secret(&self, number: Number, (index, group): &Unknown, found: Range, least_answers: f64) -> bool {
        let may_be_few = least_answers < real(self.surroundings.asked) - 0.5;
        let is_told = || self.gathered.counts[*index].groups.get(group).is_some_and(Fact::is_seen);
        match number {
            Number::InCategory => may_be_few || is_told(),
            Number::Answers | Number::Difference | Number::WithoutGroup => may_be_few && found.most > 0.5,
        }
    }

    /// Demands that share unknowns, together.
    fn parts(&self) -> Vec<Vec<Demand>> {
        let mut parts: Vec<Vec<&Demand>> = Vec::new();
        let mut part_of: BTreeMap<&Unknown, usize> = BTreeMap::new();
        for demand in &self.demands {
            let unknowns = || demand.terms.iter().map(|(unknown, _)| unknown);
            let joined: BTreeSet<usize> = unknowns().filter_map(|unknown| part_of.get(unknown).copied()).collect();
            // The largest takes the others in, so that few are carried over.
            let home = joined.iter().copied().max_by_key(|part| parts[*part].len()).unwrap_or(parts.len());
            if home == parts.len() {
                parts.push(Vec::new());
            }
            for other in joined.into_iter().filter(|other| *other != home) {
                let demands = std::mem::take(&mut parts[other]);
                let carried = demands.iter().flat_map(|demand| &demand.terms);
                part_of.extend(carried.map(|(unknown, _)| (unknown, home)));
                parts[home].extend(demands);
            }
            part_of.extend(unknowns().map(|unknown| (unknown, home)));
            parts[home].push(demand);
        }
        let parts = parts.into_iter().filter(|demands| !demands.is_empty());
        parts.map(|demands| demands.into_iter().cloned().collect()).collect()
    }

    /// How far an unknown can be moved if just these demands are made.
    pub(super) fn range_under<'d>(
        &self,
        unknown: &Unknown,
        demands: impl IntoIterator<Item = &'d Demand>,
    ) -> Option<Range> {
        let demands: Vec<&Demand> = demands.into_iter().collect();
        let is_there = demands.iter().any(|demand| demand.terms.iter().any(|(it, _)| it == unknown));
        if is_there { Part::of(self, &demands).range(unknown, f64::INFINITY) } else { None }
    }

    /// Where an unknown is told itself, if it is.
    pub(super) fn places(&self, (count, group): &Unknown) -> impl Iterator<Item = &String> {
        self.gathered.counts[*count].groups.get(group).into_iter().flat_map(|fact| &fact.places)
    }

    fn least(&self, (count, group): &Unknown) -> f64 {
        self.gathered.counts[*count].groups.get(group).map_or(0.0, |fact| fact.range.least)
    }
}

/// The demand that the hidden groups of a breakdown add up to what the total leaves for them.
fn margin(index: usize, count: &Count, total: &Fact, breakdown: &String, without: f64) -> Option<Demand> {
    let groups = || count.groups.iter().filter(|((name, _), _)| name == breakdown);
    let (seen, hidden): (Vec<_>, Vec<_>) = groups().partition(|(_, fact)| fact.is_seen());
    if hidden.is_empty() {
        return None;
    }
    let sum = |of: fn(&Range) -> f64| -> f64 { seen.iter().map(|(_, fact)| of(&fact.range)).sum() };
    let shown = Range { least: sum(|range| range.least), most: sum(|range| range.most) };
    let (low, high) = (total.range.least - shown.most - without, total.range.most - shown.least);
    let codes: Vec<&str> = hidden.iter().map(|((_, code), _)| code.as_str()).collect();
    let words = format!(
        "{}, by {breakdown}: {} in all less {} in groups that are shown leaves {} in {}",
        count.name,
        in_words(total.range),
        in_words(shown),
        in_words(Range { least: low.max(0.0), most: high }),
        codes.join(" and ")
    );
    let mut places = total.places.clone();
    places.extend(seen.iter().flat_map(|(_, fact)| fact.places.iter().cloned()));
    let terms = hidden.iter().map(|(group, _)| ((index, (*group).clone()), 1.0)).collect();
    Some(Demand { terms, low, high, words, places })
}

/// A relation in one group, with what is seen in place of what is not unknown.
fn in_group(relation: &Relation, group: &Group, facts: &[(usize, f64, &Fact)]) -> Option<Demand> {
    let mut demand = Demand {
        terms: Vec::new(),
        low: relation.low,
        high: relation.high,
        words: format!("{} {}: {}", group.0, group.1, relation.words),
        places: BTreeSet::new(),
    };
    for (count, factor, fact) in facts {
        if fact.is_seen() {
            let (one, other) = (factor * fact.range.least, factor * fact.range.most);
            demand.low -= one.max(other);
            demand.high -= one.min(other);
            demand.words.push_str(&format!(" ({})", in_words(fact.range)));
        } else {
            demand.terms.push(((*count, group.clone()), *factor));
        }
        demand.places.extend(fact.places.iter().cloned());
    }
    (!demand.terms.is_empty()).then_some(demand)
}

fn in_words(range: Range) -> String {
    if range.width() < 0.5 { format!("{:.0}", range.least) } else { format!("{:.0} to {:.0}", range.least, range.most) }
}

/// A part of the system, ready to be solved.
struct Part<'s> {
    system: &'s System<'s>,
    linear: LinearSystem,
    unknowns: BTreeMap<Unknown, usize>,
    met: Met,
}

impl<'s> Part<'s> {
    fn new(system: &'s System<'s>, demands: &[Demand]) -> Self {
        Self::of(system, &demands.iter().collect::<Vec<_>>())
    }

    fn of(system: &'s System<'s>, demands: &[&Demand]) -> Self {
        let mut part = Self { system, linear: LinearSystem::default(), unknowns: BTreeMap::new(), met: Met::default() };
        for demand in demands {
            let terms = demand.terms.iter().map(|(unknown, factor)| (part.unknown(unknown), *factor)).collect();
            part.linear.demand(terms, demand.low, demand.high);
        }
        part
    }

    fn unknown(&mut self, unknown: &Unknown) -> usize {
        let (linear, system) = (&mut self.linear, self.system);
        *self.unknowns.entry(unknown.clone()).or_insert_with(|| {
            let least = system.least(unknown);
            linear.unknown(least, system.everybody.max(least))
        })
    }

    /// How far it can be moved, or at least so far as is asked; `None` where what is told has no solution.
    fn range(&mut self, unknown: &Unknown, asked: f64) -> Option<Range> {
        let index = *self.unknowns.get(unknown)?;
        let is_enough = |met: &Range| met.width() >= asked && met.least < real(self.system.surroundings.asked);
        let met = self.met.range(index).filter(is_enough);
        met.or_else(|| self.linear.solved_range(index, f64::INFINITY, &mut self.met))
    }
}
