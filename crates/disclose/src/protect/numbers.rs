//! The system of a block: which numbers its hidden groups can have, and how far each can be moved.
//!
//! Few counts need a linear program over the whole block. What is cheap comes first:
//!
//! 1. solutions that were met before, exchanges and programs of other counts, move it far enough;
//! 2. its bounds, carried from one margin to the next, leave less than asked: a program would find no more;
//! 3. a program over its own question, in which all numbers of answers are held at the truth, moves it far enough;
//! 4. the program over everything that it is linked to.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::exchange::{exchanges, gathered};
use super::linear::{LinearSystem, Met, Range, real};
use super::secondary::Protection;

/// Unknown numbers of answers.
#[derive(Default)]
pub(super) struct Numbers {
    pub(super) system: LinearSystem,
    /// By quantity and group.
    pub(super) unknowns: BTreeMap<(usize, usize), usize>,
    /// What each is.
    truth: Vec<f64>,
    /// Whether it is a number of answers, which links the questions to each other.
    links: Vec<bool>,
    /// Where solutions that were met move each.
    met: RefCell<Met>,
    /// Ranges that were asked for, by unknown.
    ranges: RefCell<BTreeMap<usize, Range>>,
}

impl Numbers {
    /// Whether a count is an unknown.
    pub(super) fn has(&self, quantity: usize, group: usize) -> bool {
        self.unknowns.contains_key(&(quantity, group))
    }

    /// The most room that its bounds leave a count; no end for one that only its own item bounds.
    pub(super) fn room(&self, quantity: usize, group: usize) -> f64 {
        let unknown = self.unknowns.get(&(quantity, group));
        unknown.map_or(f64::INFINITY, |unknown| self.system.propagated().range(*unknown).width())
    }

    /// How far a count can be moved, exactly or to the side of what is asked where it surely is; `None` for one that only its own item bounds.
    pub(super) fn range(&self, quantity: usize, group: usize, asked: f64) -> Option<Range> {
        let unknown = *self.unknowns.get(&(quantity, group))?;
        let known = self.ranges.borrow().get(&unknown).copied();
        known.or_else(|| self.found(unknown, asked)).or(Some(Range::NONE))
    }

    fn found(&self, unknown: usize, asked: f64) -> Option<Range> {
        let mut met = self.met.borrow_mut();
        let by_bounds = self.system.propagated().range(unknown);
        let is_enough = |met: &Met| met.range(unknown).filter(|it| it.width() >= asked.min(by_bounds.width()));
        if let Some(range) = is_enough(&met) {
            return Some(range);
        }
        if by_bounds.width() < asked {
            return Some(by_bounds);
        }
        if !self.links[unknown] {
            let held = self.system.propagated().held(&self.truth, &self.links);
            self.system.moved(unknown, asked, &held, &mut met);
        }
        let range = is_enough(&met).or_else(|| {
            self.system.moved(unknown, asked, self.system.propagated(), &mut met)?;
            met.range(unknown)
        })?;
        if range.width() < asked {
            self.ranges.borrow_mut().insert(unknown, range);
        }
        Some(range)
    }
}

impl Protection<'_, '_> {
    /// The system of the whole block over numbers of answers, and over those counts of rows that several bases tell.
    pub(super) fn numbers(&self) -> Numbers {
        let mut numbers = self.system();
        let mut met = Met::default();
        exchanges(&numbers.system, &numbers.unknowns, self.block.codes.len(), &numbers.truth, &mut met);
        gathered(&numbers.system, &numbers.unknowns, self.block.codes.len(), &numbers.truth, &mut met);
        numbers.met = RefCell::new(met);
        numbers
    }

    /// The same, with no solution met yet.
    pub(super) fn system(&self) -> Numbers {
        let mut numbers = Numbers::default();
        let is_linked = |quantity: usize| {
            let in_pair = |pair: &(usize, usize)| pair.0 == quantity || pair.1 == quantity;
            self.quantity(quantity).bases.len() > 1
                || self.block.nested.iter().any(in_pair)
                || self.block.links.iter().flat_map(|link| &link.terms).any(|(it, ..)| *it == quantity)
        };
        // A sum links bases if it is one over bases, or if another base tells the count that a row and others make up.
        let are_linked = |sum: &&[usize; 3]| sum.iter().any(|quantity| is_linked(*quantity));
        let sums: Vec<&[usize; 3]> = self.block.sums.iter().filter(are_linked).collect();
        let mut families: BTreeSet<(usize, Option<usize>)> = BTreeSet::new();
        for family in self.block.bases.iter().flat_map(|counted| &counted.families) {
            families.insert((family.n, None));
            let in_sum = |row: usize| sums.iter().any(|sum| sum.contains(&row));
            let linked = family.rows.iter().filter(|row| is_linked(row.count) || in_sum(row.count));
            families.extend(linked.map(|row| (family.n, Some(row.count))));
        }
        let quantities: BTreeSet<usize> = families
            .iter()
            .flat_map(|(n, row)| std::iter::once(*n).chain(*row))
            .chain(sums.iter().copied().flatten().copied())
            .collect();
        let is_number = |quantity: usize| families.contains(&(quantity, None));
        for quantity in quantities {
            let (groups, sum) = self.unknown(quantity);
            let terms: Vec<(usize, f64)> = groups
                .iter()
                .map(|group| {
                    // A group without any answer is marked as empty, so one that is hidden beside shown ones has some.
                    let is_beside_shown =
                        self.quantity(quantity).bases.iter().any(|base| self.cheapest(*base).is_some());
                    let has_some = is_number(quantity) && self.quantity(quantity).groups[*group] > 0;
                    let least = u64::from(has_some && is_beside_shown);
                    let is_told = !self.quantity(quantity).bases.is_empty();
                    let most = if is_told { real(sum) } else { f64::INFINITY };
                    let unknown = numbers.system.unknown(if is_told { real(least) } else { 0.0 }, most);
                    numbers.unknowns.insert((quantity, *group), unknown);
                    (unknown, 1.0)
                })
                .collect();
            // A table that is not published tells no total either.
            if !terms.is_empty() && !self.quantity(quantity).bases.is_empty() {
                numbers.system.demand(terms, real(sum), real(sum));
            }
        }
        self.relate(&mut numbers, &families, &sums);
        numbers.truth = vec![0.0; numbers.unknowns.len()];
        numbers.links = vec![false; numbers.unknowns.len()];
        for (&(quantity, group), &unknown) in &numbers.unknowns {
            numbers.truth[unknown] = real(self.quantity(quantity).groups[group]);
            numbers.links[unknown] = is_number(quantity);
        }
        numbers
    }

    /// Counts that are never above others, those that add up, and those of parts that are the same people.
    fn relate(&self, numbers: &mut Numbers, families: &BTreeSet<(usize, Option<usize>)>, sums: &[&[usize; 3]]) {
        let pairs = families.iter().filter_map(|(n, row)| Some(((*row)?, *n)));
        for (below, above) in pairs.chain(self.block.nested.iter().copied()).filter(|(below, above)| below != above) {
            for group in 0..self.block.codes.len() {
                self.at_most(numbers, below, above, group);
            }
        }
        for sum in sums {
            for group in 0..self.block.codes.len() {
                self.add_up(numbers, **sum, group);
            }
        }
        self.add_links(numbers);
    }

    /// Two counts add up to a third.
    fn add_up(&self, numbers: &mut Numbers, [one, other, sum]: [usize; 3], group: usize) {
        let (mut terms, mut known) = (Vec::new(), 0.0);
        for (quantity, factor) in [(one, 1.0), (other, 1.0), (sum, -1.0)] {
            match numbers.unknowns.get(&(quantity, group)) {
                Some(unknown) => terms.push((*unknown, factor)),
                None => known += factor * real(self.quantity(quantity).groups[group]),
            }
        }
        if !terms.is_empty() {
            numbers.system.demand(terms, -known, -known);
        }
    }

    /// One count is at most another one.
    fn at_most(&self, numbers: &mut Numbers, below: usize, above: usize, group: usize) {
        let unknown = |quantity: usize| numbers.unknowns.get(&(quantity, group)).copied();
        let count = |quantity: usize| real(self.quantity(quantity).groups[group]);
        match (unknown(below), unknown(above)) {
            (Some(low), Some(high)) => {
                numbers.system.demand(vec![(low, 1.0), (high, -1.0)], f64::NEG_INFINITY, 0.0);
            }
            (Some(low), None) if self.is_known(above, group) => {
                numbers.system.demand(vec![(low, 1.0)], f64::NEG_INFINITY, count(above));
            }
            (None, Some(high)) if self.is_known(below, group) => {
                numbers.system.demand(vec![(high, 1.0)], count(below), f64::INFINITY);
            }
            (_, _) => {}
        }
    }
}
