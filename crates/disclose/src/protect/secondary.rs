//! The greedy choice, and the audit after each step.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::block::{Block, Counted, Family, Quantity};
use super::exchange::exchanges;
use super::linear::{LinearSystem, Range, real};
use crate::Rules;

/// The hidden groups of each base of a block.
pub(super) fn hidden_groups(block: &Block<'_>, rules: Rules) -> Vec<BTreeSet<usize>> {
    let all_groups: BTreeSet<usize> = (0..block.codes.len()).collect();
    let at_first = |counted: &Counted<'_>| {
        if counted.is_published { counted.primary.clone() } else { all_groups.clone() }
    };
    let hidden: Vec<BTreeSet<usize>> = block.bases.iter().map(at_first).collect();
    let everything = vec![all_groups; block.bases.len()];
    let is_any = block.bases.iter().any(|counted| !counted.primary.is_empty());
    let mut protection = Protection { block, rules, hidden: everything, at_best: Numbers::default() };
    if is_any {
        protection.at_best = protection.numbers();
    }
    protection.hidden = hidden;
    while let Some(hide) = protection.next_step() {
        for (base, group) in hide {
            protection.hidden[base].insert(group);
        }
    }
    protection.hidden
}

/// Groups to hide, each with its base.
type Step = Vec<(usize, usize)>;

struct Protection<'b, 'r> {
    block: &'b Block<'r>,
    rules: Rules,
    hidden: Vec<BTreeSet<usize>>,
    /// The system where every group of every base is hidden: more room than this nothing can give.
    at_best: Numbers,
}

impl Protection<'_, '_> {
    /// What to hide next; `None` when everything is protected, or cannot be protected better.
    fn next_step(&self) -> Option<Step> {
        let bases = || self.block.bases.iter().enumerate();
        if !bases().any(|(base, _)| self.cheapest(base).is_some()) {
            return None;
        }
        bases()
            .find_map(|(base, counted)| self.union_too_small(base, counted))
            .or_else(|| bases().find_map(|(base, counted)| self.count_told_elsewhere(base, counted)))
            .or_else(|| self.count_too_narrow())
            .or_else(|| bases().find_map(|(base, counted)| self.row_too_narrow(base, counted)))
    }

    fn quantity(&self, index: usize) -> &Quantity {
        &self.block.quantities[index]
    }

    /// Whether the attacker reads a count off a shown cell.
    fn is_known(&self, quantity: usize, group: usize) -> bool {
        self.quantity(quantity).bases.iter().any(|base| !self.hidden[*base].contains(&group))
    }

    /// The groups in which nobody shows a count, and their sum, which follows from its total.
    fn unknown(&self, quantity: usize) -> (Vec<usize>, u64) {
        let groups: Vec<usize> = (0..self.block.codes.len()).filter(|group| !self.is_known(quantity, *group)).collect();
        let sum = groups.iter().map(|group| self.quantity(quantity).groups[*group]).sum();
        (groups, sum)
    }

    /// The group of a base that costs least to hide: the fewest shown cells, then the fewest answers, then the first. One without answers
    /// protects nothing.
    fn cheapest(&self, base: usize) -> Option<usize> {
        let counted = &self.block.bases[base];
        let answers = |group: usize| counted.answers(group, &self.block.quantities);
        (0..self.block.codes.len())
            .filter(|group| !self.hidden[base].contains(group) && answers(*group) > 0)
            .min_by_key(|group| (counted.shown[*group], answers(*group), *group))
    }

    /// One group more of a base.
    fn more_of(&self, base: usize) -> Option<Step> {
        self.cheapest(base).map(|group| vec![(base, group)])
    }

    /// Hidden groups that together are a few answers, or have a few that another base lacks or counts more.
    fn union_too_small(&self, base: usize, counted: &Counted<'_>) -> Option<Step> {
        let few = 1..self.rules.smallest_base;
        let hidden = &self.hidden[base];
        let is_whole = self.cheapest(base).is_none();
        let has_small = |family: &Family<'_>| {
            let sum: u64 = hidden.iter().map(|group| self.quantity(family.n).groups[*group]).sum();
            few.contains(&sum) || (few.contains(&family.left_out) && sum < self.rules.smallest_base)
        };
        let has_few_more = |more: &Vec<u64>| few.contains(&hidden.iter().map(|group| more[*group]).sum());
        let is_small = counted.families.iter().any(has_small) || counted.few_more.iter().any(has_few_more);
        if is_small && !is_whole { self.more_of(base) } else { None }
    }

    /// A protected count that a table of another base shows.
    fn count_told_elsewhere(&self, base: usize, counted: &Counted<'_>) -> Option<Step> {
        let told = |Protected { quantity, group, .. }: Protected| {
            let bases = self.quantity(quantity).bases.iter();
            let showing = bases.filter(|other| **other != base && !self.hidden[**other].contains(&group));
            let step: Step = showing.map(|other| (*other, group)).collect();
            (!step.is_empty()).then_some(step)
        };
        self.protected(counted).into_iter().find_map(told)
    }

    /// The counts of confidential groups that need a range, each once: numbers of answers, and how many of them are in each row.
    fn protected(&self, counted: &Counted<'_>) -> Vec<Protected> {
        let mut protected = BTreeSet::new();
        for group in counted.primary.iter().copied() {
            for family in &counted.families {
                let number = Protected { quantity: family.n, group, asked: self.rules.smallest_base };
                let rows = family.rows.iter().map(|row| Protected {
                    quantity: row.count,
                    group,
                    asked: self.asked_of_row(family, row.count, group),
                });
                let has_answers = self.quantity(family.n).groups[group] > 0;
                protected.extend(std::iter::once(number).chain(rows).filter(|it| has_answers && it.asked > 0));
            }
        }
        protected.into_iter().collect()
    }

    /// How wide the range of a row's count must be: as asked, or as wide as if every group were hidden.
    fn asked_of_row(&self, family: &Family<'_>, count: usize, group: usize) -> u64 {
        let (n, in_row) = (&self.quantity(family.n).groups, &self.quantity(count).groups);
        let (all, all_in_row): (u64, u64) = (n.iter().sum(), in_row.iter().sum());
        self.rules.smallest_base.min(n[group]).min(all_in_row).min(all - all_in_row)
    }

    /// A protected count whose range in the whole block is narrower than asked, or than it could be.
    fn count_too_narrow(&self) -> Option<Step> {
        if self.hidden.iter().all(BTreeSet::is_empty) {
            return None;
        }
        let system = self.numbers();
        let bases = self.block.bases.iter().enumerate();
        let protected = bases.flat_map(|(base, counted)| self.protected(counted).into_iter().map(move |it| (base, it)));
        let narrow = protected.filter(|(_, count)| self.is_narrow(&system, *count));
        // All at once: every step means new programs.
        let step: BTreeSet<(usize, usize)> =
            narrow.filter_map(|(base, count)| self.widen(base, count.quantity, count.group)).flatten().collect();
        (!step.is_empty()).then(|| step.into_iter().collect())
    }

    fn is_narrow(&self, system: &Numbers, Protected { quantity, group, asked }: Protected) -> bool {
        if system.is_seen_wide(quantity, group, asked) {
            return false;
        }
        // The only unknown of a margin is what the margin leaves: that needs no program.
        let is_in_a_margin =
            system.unknowns.contains_key(&(quantity, group)) && !self.quantity(quantity).bases.is_empty();
        let is_alone = is_in_a_margin && self.unknown(quantity).0.len() == 1;
        let range = if is_alone { Some(Range::NONE) } else { system.range(quantity, group) };
        let Some(range) = range else { return false };
        let seen_at_best = self.at_best.width_seen(quantity, group);
        let could_be_wider = || {
            seen_at_best.is_some_and(|seen| range.width() < seen)
                || self.at_best.range(quantity, group).is_none_or(|best| range.width() < best.width())
        };
        range.width() < real(asked) && could_be_wider()
    }

    /// What gives a count more room: further groups in the bases that tell it, then the group itself and further groups in those that tell a
    /// count which bounds it or adds up with it, then anything else.
    fn widen(&self, base: usize, quantity: usize, group: usize) -> Option<Step> {
        let own = std::iter::once(base).chain(self.quantity(quantity).bases.iter().copied());
        let with_pairs = self.block.nested.iter().filter(|(one, other)| [one, other].contains(&&quantity));
        let with_sums = self.block.sums.iter().filter(|sum| sum.contains(&quantity)).flatten();
        let related: BTreeSet<usize> =
            with_pairs.flat_map(|(one, other)| [one, other]).chain(with_sums).copied().collect();
        let bases: BTreeSet<usize> =
            related.into_iter().flat_map(|it| self.quantity(it).bases.iter().copied()).collect();
        let tells = |base: &usize| {
            let answers = self.block.bases[*base].answers(group, &self.block.quantities);
            !self.hidden[*base].contains(&group) && answers > 0
        };
        let itself = || bases.iter().copied().find(tells).map(|base| vec![(base, group)]);
        own.into_iter()
            .find_map(|base| self.more_of(base))
            .or_else(itself)
            .or_else(|| bases.iter().find_map(|base| self.more_of(*base)))
            .or_else(|| (0..self.block.bases.len()).find_map(|base| self.more_of(base)))
    }

    /// The system of the whole block over numbers of answers, and over those counts of rows that several bases tell.
    fn numbers(&self) -> Numbers {
        let mut numbers = Numbers::default();
        let is_linked = |quantity: usize| {
            let in_pair = |pair: &(usize, usize)| pair.0 == quantity || pair.1 == quantity;
            self.quantity(quantity).bases.len() > 1 || self.block.nested.iter().any(in_pair)
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
        let pairs = families.iter().filter_map(|(n, row)| Some(((*row)?, *n)));
        for (below, above) in pairs.chain(self.block.nested.iter().copied()).filter(|(below, above)| below != above) {
            for group in 0..self.block.codes.len() {
                self.at_most(&mut numbers, below, above, group);
            }
        }
        for sum in sums {
            for group in 0..self.block.codes.len() {
                self.add_up(&mut numbers, *sum, group);
            }
        }
        let truth = |quantity: usize, group: usize| real(self.quantity(quantity).groups[group]);
        numbers.seen = RefCell::new(exchanges(&numbers.system, &numbers.unknowns, self.block.codes.len(), &truth));
        numbers
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

    /// A confidential group of which too much is known how many of its answers are in some row.
    fn row_too_narrow(&self, base: usize, counted: &Counted<'_>) -> Option<Step> {
        if self.hidden[base].is_empty() || self.cheapest(base).is_none() {
            return None;
        }
        let is_narrow = |family: &Family<'_>| {
            let hidden: Vec<usize> = self.hidden[base].iter().copied().collect();
            let rows = Rows::new(self, family, &hidden);
            counted.primary.iter().any(|group| rows.are_narrow(self, family, *group))
        };
        if counted.families.iter().any(is_narrow) { self.more_of(base) } else { None }
    }
}

/// Unknown numbers of answers.
#[derive(Default)]
struct Numbers {
    system: LinearSystem,
    /// By quantity and group.
    unknowns: BTreeMap<(usize, usize), usize>,
    /// Ranges that were asked for, by unknown.
    ranges: RefCell<BTreeMap<usize, Range>>,
    /// Solutions that were met.
    seen: RefCell<Vec<Vec<f64>>>,
}

impl Numbers {
    /// How far a count can be moved; `None` for one that only its own item bounds.
    fn range(&self, quantity: usize, group: usize) -> Option<Range> {
        let unknown = *self.unknowns.get(&(quantity, group))?;
        let known = self.ranges.borrow().get(&unknown).copied();
        Some(known.unwrap_or_else(|| {
            let range = self.system.range_seen(unknown, &mut self.seen.borrow_mut());
            self.ranges.borrow_mut().insert(unknown, range);
            range
        }))
    }

    /// Whether solutions that were met for other counts already move this one far enough.
    fn is_seen_wide(&self, quantity: usize, group: usize, asked: u64) -> bool {
        self.width_seen(quantity, group).is_some_and(|width| width >= real(asked))
    }

    /// How far the solutions that were met move a count; `None` where there is none, or the count is known.
    fn width_seen(&self, quantity: usize, group: usize) -> Option<f64> {
        let unknown = self.unknowns.get(&(quantity, group))?;
        let seen = self.seen.borrow();
        let values = || seen.iter().map(|solution| solution[*unknown]);
        let (least, most) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
        (least <= most).then(|| Range::inwards(least, most).width())
    }
}

/// A count that must not be known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Protected {
    quantity: usize,
    group: usize,
    /// How far apart its least and its most must be.
    asked: u64,
}

/// The system of one item over its hidden groups: numbers of answers, and how many of them are in each row.
struct Rows {
    system: LinearSystem,
    /// Unknown of each row and hidden group.
    counts: BTreeMap<(usize, usize), usize>,
    /// Whether weights tell something beside the counts.
    are_weighed: bool,
}

impl Rows {
    fn new(protection: &Protection<'_, '_>, family: &Family<'_>, hidden: &[usize]) -> Self {
        let mut rows = Self { system: LinearSystem::default(), counts: BTreeMap::new(), are_weighed: false };
        let sum = |quantity: usize| real(hidden.iter().map(|group| protection.quantity(quantity).groups[*group]).sum());
        let numbers: Vec<usize> = hidden.iter().map(|_| rows.system.unknown(0.0, sum(family.n))).collect();
        let add_up = |unknowns: &[usize]| unknowns.iter().map(|unknown| (*unknown, 1.0)).collect::<Vec<_>>();
        rows.system.demand(add_up(&numbers), sum(family.n), sum(family.n));
        for (index, row) in family.rows.iter().enumerate() {
            let counts: Vec<usize> = hidden.iter().map(|_| rows.system.unknown(0.0, sum(row.count))).collect();
            rows.system.demand(add_up(&counts), sum(row.count), sum(row.count));
            for ((group, count), number) in hidden.iter().zip(&counts).zip(&numbers) {
                rows.counts.insert((index, *group), *count);
                rows.system.demand(vec![(*count, 1.0), (*number, -1.0)], f64::NEG_INFINITY, 0.0);
            }
            rows.weigh(row, hidden, &counts);
        }
        rows
    }

    /// What the weighted shares of the total and of the shown groups tell of the weighted count in the hidden ones.
    fn weigh(&mut self, row: &super::block::ShareRow<'_>, hidden: &[usize], counts: &[usize]) {
        let behind = |group: &usize| &row.groups[*group].0;
        let with_answers = || hidden.iter().map(behind).filter(|behind| behind.n > 0);
        let lightest = with_answers().map(|behind| behind.lightest).fold(f64::INFINITY, f64::min);
        let heaviest = with_answers().map(|behind| behind.heaviest).fold(0.0, f64::max);
        let are_equal = heaviest - lightest <= 1e-9 * heaviest;
        let Some(total) = row.total.filter(|_| !are_equal) else { return };
        let shown =
            || (0..row.groups.len()).filter(|group| !hidden.contains(group)).filter_map(|group| row.groups[group].1);
        let low = total.low - shown().map(|told| told.high).sum::<f64>() + heaviest;
        let high = total.high - shown().map(|told| told.low).sum::<f64>() - heaviest;
        self.are_weighed = true;
        // In units of the heaviest weight, so that all factors are of one size.
        let mut weighted = Vec::new();
        for (group, count) in hidden.iter().zip(counts) {
            let behind = behind(group);
            let of_group = self.system.unknown(0.0, f64::INFINITY);
            let bound = |weight: f64| vec![(of_group, 1.0), (*count, -weight / heaviest)];
            self.system.demand(bound(behind.lightest), 0.0, f64::INFINITY);
            self.system.demand(bound(behind.heaviest), f64::NEG_INFINITY, 0.0);
            weighted.push((of_group, 1.0));
        }
        self.system.demand(weighted, low / heaviest, high / heaviest);
    }

    /// Whether some row of a group leaves less room than asked, or than there would be if every group were hidden.
    fn are_narrow(&self, protection: &Protection<'_, '_>, family: &Family<'_>, group: usize) -> bool {
        family.rows.iter().enumerate().any(|(index, row)| {
            let in_row = &protection.quantity(row.count).groups;
            let asked = protection.asked_of_row(family, row.count, group);
            let width = || {
                if self.are_weighed {
                    self.system.range(self.counts[&(index, group)]).width()
                } else {
                    // Whoever is in the row may be in any of the hidden groups: the numbers of answers give way.
                    let hidden = self.counts.keys().filter(|(row, _)| *row == index).map(|(_, group)| *group);
                    real(hidden.map(|group| in_row[group]).sum())
                }
            };
            asked > 0 && width() < real(asked)
        })
    }
}
