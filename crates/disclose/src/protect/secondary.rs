//! The greedy choice, and the audit after each step.

use std::cell::RefCell;
use std::collections::BTreeSet;

use estimate::Contributors;

use super::block::{Block, Counted, Family, Quantity};
use super::linear::{Range, real};
use super::numbers::Numbers;
use super::rows::{Rows, Tellers};
use super::told::ToldUnion;
use super::widen;
use crate::Rules;
use crate::rule::is_confidential_together;

/// The groups of one base of a block that are hidden.
pub(super) struct HiddenOfBase {
    pub(super) hidden: BTreeSet<usize>,
    /// Those of them that are confidential themselves.
    pub(super) secret: BTreeSet<usize>,
}

/// The hidden groups of each base of a block.
pub(super) fn hidden_groups(block: &Block<'_>, rules: Rules) -> Vec<HiddenOfBase> {
    let at_first = |counted: &Counted<'_>| {
        if counted.is_published { counted.primary.clone() } else { (0..block.codes.len()).collect() }
    };
    let hidden: Vec<BTreeSet<usize>> = block.bases.iter().map(at_first).collect();
    let secret: Vec<BTreeSet<usize>> = block.bases.iter().map(|counted| counted.primary.clone()).collect();
    let mut protection = Protection { block, rules, hidden, secret, wide: RefCell::default() };
    loop {
        let hide = match protection.told_by_difference() {
            Some((base, group)) => {
                protection.secret[base].insert(group);
                vec![(base, group)]
            }
            None => match protection.next_step() {
                Some(hide) => hide,
                None => break,
            },
        };
        for (base, group) in hide {
            protection.hidden[base].insert(group);
        }
    }
    let Protection { hidden, secret, .. } = protection;
    hidden.into_iter().zip(secret).map(|(hidden, secret)| HiddenOfBase { hidden, secret }).collect()
}

/// Groups to hide, each with its base.
pub(super) type Step = Vec<(usize, usize)>;

/// What is hidden so far.
pub(super) struct Protection<'b, 'r> {
    pub(super) block: &'b Block<'r>,
    rules: Rules,
    pub(super) hidden: Vec<BTreeSet<usize>>,
    /// Those of them that are confidential themselves, by base.
    secret: Vec<BTreeSet<usize>>,
    /// Counts that have room enough. Whatever is hidden later gives no count less room, so they are not asked for again.
    wide: RefCell<BTreeSet<Protected>>,
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

    pub(super) fn quantity(&self, index: usize) -> &Quantity {
        &self.block.quantities[index]
    }

    /// Whether the attacker reads a count off a shown cell.
    pub(super) fn is_known(&self, quantity: usize, group: usize) -> bool {
        self.quantity(quantity).bases.iter().any(|base| !self.hidden[*base].contains(&group))
    }

    /// The groups in which nobody shows a count, and their sum, which follows from its total.
    pub(super) fn unknown(&self, quantity: usize) -> (Vec<usize>, u64) {
        let groups: Vec<usize> = (0..self.block.codes.len()).filter(|group| !self.is_known(quantity, *group)).collect();
        let sum = groups.iter().map(|group| self.quantity(quantity).groups[*group]).sum();
        (groups, sum)
    }

    /// The group of a base that costs least to hide: the fewest shown cells, then the fewest answers, then the first. One without answers
    /// protects nothing.
    pub(super) fn cheapest(&self, base: usize) -> Option<usize> {
        self.by_cost(base).first().copied()
    }

    /// The groups of a base that could be hidden, from the cheapest.
    pub(super) fn by_cost(&self, base: usize) -> Vec<usize> {
        let counted = &self.block.bases[base];
        let answers = |group: usize| counted.answers(group, &self.block.quantities);
        let is_free = |group: &usize| !self.hidden[base].contains(group) && answers(*group) > 0;
        let mut groups: Vec<usize> = (0..self.block.codes.len()).filter(is_free).collect();
        groups.sort_by_key(|group| (counted.shown[*group], answers(*group), *group));
        groups
    }

    /// The room that its bounds would leave a count if some groups more were hidden.
    pub(super) fn room(&self, Protected { quantity, group, .. }: Protected, more: &[(usize, usize)]) -> f64 {
        let mut hidden = self.hidden.clone();
        for (base, group) in more {
            hidden[*base].insert(*group);
        }
        let (block, rules, secret) = (self.block, self.rules, self.secret.clone());
        let then = Protection { block, rules, hidden, secret, wide: RefCell::default() };
        then.system().room(quantity, group)
    }

    /// One group more of a base.
    fn more_of(&self, base: usize) -> Option<Step> {
        self.cheapest(base).map(|group| vec![(base, group)])
    }

    pub(super) fn smallest_base(&self) -> u64 {
        self.rules.smallest_base
    }

    /// Hidden groups that together are a few answers, or have a few that another base lacks or counts more, where their sum is told.
    fn union_too_small(&self, base: usize, counted: &Counted<'_>) -> Option<Step> {
        self.told_unions(base).iter().find_map(|union| self.too_small(base, counted, union))
    }

    fn too_small(&self, base: usize, counted: &Counted<'_>, union: &ToldUnion) -> Option<Step> {
        let few = 1..self.rules.smallest_base;
        let hidden = &union.hidden;
        let free: Vec<usize> =
            self.by_cost(base).into_iter().filter(|group| union.companions.contains(group)).collect();
        let more = || {
            let companion = free.first().map(|group| vec![(base, *group)]);
            companion.or_else(|| union.untold(self)).or_else(|| self.more_of(base))
        };
        let sum = |family: &Family<'_>| hidden.iter().map(|group| self.quantity(family.n).groups[*group]).sum::<u64>();
        let is_small = |family: &&Family<'_>| {
            let sum = sum(family);
            let left_out = if union.is_whole { family.left_out } else { 0 };
            few.contains(&sum) || (few.contains(&left_out) && sum < self.rules.smallest_base)
        };
        if let Some(family) = counted.families.iter().find(is_small) {
            // One group that is enough spares others.
            let missing = self.rules.smallest_base - sum(family);
            let of_family = &self.quantity(family.n).groups;
            let enough = free.iter().find(|group| of_family[**group] >= missing);
            return enough.map(|group| vec![(base, *group)]).or_else(more);
        }
        let has_few_more = |more: &Vec<u64>| few.contains(&hidden.iter().map(|group| more[*group]).sum());
        let tells_of_few = |row: &Vec<Contributors>| {
            let behind: Vec<Contributors> = hidden.iter().map(|group| row[*group]).collect();
            is_confidential_together(&behind, self.rules)
        };
        let is_told = counted.few_more.iter().any(has_few_more) || counted.magnitudes.iter().any(tells_of_few);
        if is_told { more() } else { None }
    }

    /// A protected count that a table of another base shows.
    fn count_told_elsewhere(&self, base: usize, counted: &Counted<'_>) -> Option<Step> {
        let told = |Protected { quantity, group, .. }: Protected| {
            let bases = self.quantity(quantity).bases.iter();
            let showing = bases.filter(|other| **other != base && !self.hidden[**other].contains(&group));
            let step: Step = showing.map(|other| (*other, group)).collect();
            (!step.is_empty()).then_some(step)
        };
        self.protected(base, counted).into_iter().find_map(told)
    }

    /// The counts of confidential groups that need a range, each once: numbers of answers, and how many of them are in each row.
    fn protected(&self, base: usize, counted: &Counted<'_>) -> Vec<Protected> {
        let mut protected = BTreeSet::new();
        for group in self.secret[base].iter().copied() {
            for family in &counted.families {
                let number = Protected { quantity: family.n, group, asked: self.rules.smallest_base };
                let rows = family.rows.iter().map(|row| Protected {
                    quantity: row.count,
                    group,
                    asked: self.asked_of_row(base, family, row.count, group),
                });
                let has_answers = self.quantity(family.n).groups[group] > 0;
                protected.extend(std::iter::once(number).chain(rows).filter(|it| has_answers && it.asked > 0));
            }
        }
        protected.into_iter().collect()
    }

    /// How wide the range of a row's count must be: as asked, or as wide as if every group were hidden. Where other groups tell a part of them together, as if every group
    /// of that part were: that all of a larger group say the same may be told.
    pub(super) fn asked_of_row(&self, base: usize, family: &Family<'_>, count: usize, group: usize) -> u64 {
        let (n, in_row) = (&self.quantity(family.n).groups, &self.quantity(count).groups);
        let sides = |groups: &mut dyn Iterator<Item = usize>| {
            let (all, all_in_row) = groups.fold((0, 0), |(all, rows), it| (all + n[it], rows + in_row[it]));
            all_in_row.min(all - all_in_row)
        };
        let told = self.tied(base, group).into_iter().filter(|(_, other)| self.shown(other).is_some());
        let parts = told.map(|(groups, _)| sides(&mut groups.iter().copied()));
        let asked = self.rules.smallest_base.min(n[group]).min(sides(&mut (0..n.len())));
        parts.fold(asked, u64::min)
    }

    /// A protected count whose range in the whole block is narrower than asked, or than it could be.
    fn count_too_narrow(&self) -> Option<Step> {
        if self.hidden.iter().all(BTreeSet::is_empty) {
            return None;
        }
        let system = self.numbers();
        let bases = self.block.bases.iter().enumerate();
        let protected =
            bases.flat_map(|(base, counted)| self.protected(base, counted).into_iter().map(move |it| (base, it)));
        let open: Vec<(usize, Protected)> =
            protected.filter(|(_, count)| !self.wide.borrow().contains(count)).collect();
        // Those that bounds tell to be narrow, before any program is solved.
        let by_bounds = open.iter().find_map(|(base, count)| {
            let needed = self.needed(*base, *count);
            (system.room(count.quantity, count.group) < needed).then_some((*base, *count, needed))
        });
        let narrow = by_bounds.or_else(|| {
            open.into_iter().find_map(|(base, count)| Some((base, count, self.narrow(&system, base, count)?)))
        });
        narrow.and_then(|(base, count, needed)| widen::step(self, base, count, needed))
    }

    /// How much room a count needs: more than what is told where every group is hidden cannot be asked for. That is its total, and those of bases that are some of
    /// the groups.
    fn needed(&self, base: usize, Protected { quantity, group, asked }: Protected) -> f64 {
        let Quantity { total, groups, .. } = self.quantity(quantity);
        let at_best = self.told_by_totals(base).fold(asked.min(*total), |at_best, part| {
            let of_part: u64 = part.iter().map(|group| groups[*group]).sum();
            at_best.min(if part.contains(&group) { of_part } else { total - of_part })
        });
        real(at_best)
    }

    /// How much room a count needs that has less.
    fn narrow(&self, system: &Numbers, base: usize, count: Protected) -> Option<f64> {
        let Protected { quantity, group, .. } = count;
        let needed = self.needed(base, count);
        // The only unknown of a margin is what the margin leaves: that needs no program.
        let is_in_a_margin = system.has(quantity, group) && !self.quantity(quantity).bases.is_empty();
        let is_alone = is_in_a_margin && self.unknown(quantity).0.len() == 1;
        let range = if is_alone { Some(Range::NONE) } else { system.range(quantity, group, needed) };
        let is_wide = range.is_none_or(|range| range.width() >= needed);
        if is_wide {
            self.wide.borrow_mut().insert(count);
        }
        (!is_wide).then_some(needed)
    }

    /// A confidential group of which too much is known how many of its answers are in some row.
    fn row_too_narrow(&self, base: usize, counted: &Counted<'_>) -> Option<Step> {
        if self.hidden[base].is_empty() || self.cheapest(base).is_none() {
            return None;
        }
        let hidden: Vec<usize> = self.hidden[base].iter().copied().collect();
        let narrow = |family: &Family<'_>, tellers: Tellers| {
            let rows = Rows::new(self, family, &hidden, (base, tellers));
            self.secret[base].iter().copied().find(|group| rows.are_narrow(self, family, *group))
        };
        if counted.families.iter().any(|family| narrow(family, Tellers::Total).is_some()) {
            return self.more_of(base);
        }
        if self.block.ties.is_empty() {
            return None;
        }
        // What other breakdowns tell is best not told.
        let group = counted.families.iter().find_map(|family| narrow(family, Tellers::Unions))?;
        let unions = self.told_unions(base);
        let around = unions.iter().filter(|union| !union.is_whole && union.hidden.contains(&group));
        let cost = |step: &Step| step.iter().map(|(base, group)| self.block.bases[*base].shown[*group]).sum::<usize>();
        around.filter_map(|union| union.untold(self)).min_by_key(cost).or_else(|| self.more_of(base))
    }
}

/// A count that must not be known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Protected {
    pub(super) quantity: usize,
    pub(super) group: usize,
    /// How far apart its least and its most must be.
    asked: u64,
}
