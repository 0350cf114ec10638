//! What standard errors tell of strata that are hidden groups, and how coarse they have to be.
//!
//! The variance of a total is the sum of what its strata add, and what a stratum adds follows from its answers and how many of them count. Whoever attacks a release knows the design, and
//! the counts of all strata that are shown groups; so the standard error and the limits of the total are one more equation over the hidden ones. The same goes for a group of another
//! breakdown that is made of such strata. It is no linear equation, so whether it leaves room is not calculated but shown: by other counts of the hidden strata with which
//! everything that is printed of these cells would be the same to the last digit. Where they are few, all counts are tried, otherwise some of those that differ from the answers in one
//! stratum of the group and in one or two of others. As long as they do not range as wide as asked, the standard error is raised to multiples
//! of more and more, and the limits are widened with it.
//!
//! Each row is looked at by itself, as in the range of a row's counts. Groups that share their strata with others are not: nobody knows how many of a stratum are in each.

use std::collections::BTreeSet;

use codebook::{BaseId, Code, Measure, VariableName};
use estimate::{Domain, Estimate, Method, Outcome, StratumPart};

use super::TablePattern;
use crate::published::breakdown_of;
use crate::rule::{Coarseness, classify, is_withheld, round};
use crate::{Figures, Release};

/// Where all counts of the movable strata are no more than these they are tried.
const ALL_COUNTS: u64 = 20_000;

/// So many other counts are tried at the most. With more strata than that allows, too little may be found wanting: `crates/README.md` tells it.
const MOST_TRIES: usize = 200;

/// The hidden groups of a base by one breakdown.
pub(super) struct HiddenGroups<'r> {
    pub(super) base: &'r BaseId,
    pub(super) breakdown: &'r VariableName,
    pub(super) hidden: BTreeSet<Code>,
    /// Those that are confidential themselves.
    pub(super) secret: BTreeSet<Code>,
}

/// Makes the standard errors and limits that tell of these groups as coarse as it takes.
pub(super) fn coarsen(release: &Release<'_>, tables: &mut [TablePattern], groups: &HiddenGroups<'_>) {
    if groups.secret.is_empty() {
        return;
    }
    for table in 0..tables.len() {
        let spec = release.specs[table];
        let is_of = spec.base == *groups.base && spec.breakdowns.contains(groups.breakdown);
        for row in (0..spec.rows.len()).filter(|_| is_of && spec.measure == Measure::Share) {
            let Some(question) = Question::read(release, tables, groups, (table, row)) else { continue };
            let coarseness = question.coarseness();
            for cell in question.cells.iter().filter(|_| coarseness > Coarseness::default()) {
                let known = tables[cell.place.0].coarse.entry((cell.place.1, cell.place.2)).or_default();
                *known = coarseness.max(*known);
            }
        }
    }
}

/// A cell that is shown and tells of hidden strata.
struct ToldCell {
    /// Table, row and domain.
    place: (usize, usize, usize),
    estimate: Estimate,
    strata: Vec<StratumPart>,
    /// Where these are among all strata of the base.
    places: Vec<usize>,
    decimals: u8,
    /// Whether it counts those who do not count in the row.
    is_complement: bool,
}

/// One row of a base, and what is shown of it.
struct Question {
    method: Method,
    smallest_base: u64,
    /// All strata of the base, as they are.
    strata: Vec<StratumPart>,
    /// Places among them that are hidden groups, each with the group.
    movable: Vec<(usize, usize)>,
    secret: BTreeSet<usize>,
    cells: Vec<ToldCell>,
}

/// What of a group must not be known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counting {
    Answers,
    InRow,
}

impl Question {
    /// `None` where no confidential group is made of whole strata, or nothing is shown that tells of it.
    fn read(
        release: &Release<'_>,
        tables: &[TablePattern],
        groups: &HiddenGroups<'_>,
        (table, row): (usize, usize),
    ) -> Option<Self> {
        let estimates = &release.tables[table];
        let total = estimates.domains.iter().position(|domain| *domain == Domain::Total)?;
        let of_row = estimates.strata.get(row)?;
        let strata = of_row.get(total)?.clone();
        let (mut movable, mut secret) = (Vec::new(), BTreeSet::new());
        for (group, code) in groups.hidden.iter().enumerate() {
            let is_it = |domain: &Domain| breakdown_of(domain) == Some((groups.breakdown, code));
            let Some(domain) = estimates.domains.iter().position(is_it) else { continue };
            let own = of_row.get(domain).into_iter().flatten();
            let places = own.filter_map(|part| strata.iter().position(|it| it.stratum == part.stratum));
            let before = movable.len();
            movable.extend(places.map(|place| (place, group)));
            if movable.len() > before && groups.secret.contains(code) {
                secret.insert(group);
            }
        }
        let (method, smallest_base) = (release.method, release.rules.smallest_base);
        let mut question = Self { method, smallest_base, strata, movable, secret, cells: Vec::new() };
        if question.secret.is_empty() {
            return None;
        }
        for (other, spec) in release.specs.iter().enumerate() {
            if spec.base == *groups.base && spec.measure == Measure::Share {
                for place in (0..spec.rows.len())
                    .flat_map(|row| (0..release.tables[other].domains.len()).map(move |domain| (other, row, domain)))
                {
                    question.cells.extend(question.told_cell(release, tables, groups, place));
                }
            }
        }
        (!question.cells.is_empty()).then_some(question)
    }

    /// A cell that is shown, counts what the row does, or does not, and holds hidden strata.
    fn told_cell(
        &self,
        release: &Release<'_>,
        tables: &[TablePattern],
        groups: &HiddenGroups<'_>,
        place: (usize, usize, usize),
    ) -> Option<ToldCell> {
        let (table, row, domain) = place;
        let (spec, estimates, pattern) = (release.specs[table], &release.tables[table], &tables[table]);
        let strata = estimates.strata.get(row)?.get(domain)?;
        let of_domain = &estimates.domains[domain];
        let is_of_breakdown = breakdown_of(of_domain).is_some_and(|(name, _)| name == groups.breakdown);
        let is_hidden = pattern.hidden.contains(&domain) || is_withheld(of_domain, &pattern.withheld);
        let is_known = |part: &StratumPart| self.movable.iter().any(|it| self.strata[it.0].stratum == part.stratum);
        if is_of_breakdown || is_hidden || !strata.iter().any(is_known) {
            return None;
        }
        let agrees = |count: fn(&StratumPart) -> u64| {
            strata.iter().all(|part| {
                let own = self.strata.iter().find(|it| it.stratum == part.stratum);
                own.is_some_and(|own| own.n == part.n && own.positive == count(part))
            })
        };
        let (is_same, is_complement) = (agrees(|it| it.positive), agrees(|it| it.n - it.positive));
        let Outcome::Estimated(estimate) = estimates.cells[row][domain] else { return None };
        let fate =
            classify(&estimates.cells[row][domain], &release.contributors[table][row][domain], spec, release.rules);
        let is_shown = fate.figures().is_some() && (is_same || is_complement);
        let place_of = |part: &StratumPart| self.strata.iter().position(|it| it.stratum == part.stratum);
        let places = strata.iter().map(place_of).collect::<Option<Vec<usize>>>()?;
        let (strata, decimals) = (strata.clone(), spec.decimals);
        is_shown.then_some(ToldCell { place, estimate, strata, places, decimals, is_complement: !is_same })
    }

    /// How coarse the cells have to be.
    fn coarseness(&self) -> Coarseness {
        let last = self.cells.iter().map(|cell| Coarseness::most(cell.decimals).0).max().unwrap_or(0);
        let wanted: Vec<(usize, Counting, u64)> = self.wanted();
        let is_enough = |coarseness: &Coarseness| {
            let printed = self.printed(*coarseness);
            wanted.iter().all(|(group, counting, asked)| self.width(*group, *counting, *asked, &printed) >= *asked)
        };
        let levels = (0..=last).map(Coarseness);
        levels.into_iter().find(is_enough).unwrap_or(Coarseness(last.saturating_add(1)))
    }

    /// How far each count of a confidential group has to range: as asked, or as far as it does where no standard error is told.
    fn wanted(&self) -> Vec<(usize, Counting, u64)> {
        let sum = |of: fn(&StratumPart) -> u64| self.strata.iter().map(of).sum::<u64>();
        let (all, in_row) = (sum(|it| it.n), sum(|it| it.positive));
        // Who is sampled is known; of how many of them are in a base of some, that is not.
        let is_of_all = self.strata.iter().all(|it| it.n == it.sampled);
        let without = self.cells.iter().map(|_| None).collect::<Vec<_>>();
        let mut wanted = Vec::new();
        for group in &self.secret {
            let n = self.value(*group, Counting::Answers, &self.strata);
            let of_row = self.smallest_base.min(n).min(in_row).min(all - in_row);
            let own = self.movable.iter().filter(|(_, of)| of == group);
            let sampled: u64 = own.map(|(place, _)| self.strata[*place].sampled).sum();
            let of_answers = if is_of_all { 0 } else { self.smallest_base.min(sampled.saturating_sub(1)) };
            for (counting, asked) in [(Counting::InRow, of_row), (Counting::Answers, of_answers)] {
                let asked = if asked == 0 { 0 } else { asked.min(self.width(*group, counting, asked, &without)) };
                wanted.extend((asked > 0).then_some((*group, counting, asked)));
            }
        }
        wanted
    }

    /// What is printed of each cell.
    fn printed(&self, coarseness: Coarseness) -> Vec<Option<(Coarseness, Figures)>> {
        let of_cell = |cell: &ToldCell| {
            let figures = coarseness.of(round(&cell.estimate, Measure::Share, cell.decimals)?);
            // Beyond its coarsest form a cell is not shown.
            (coarseness <= Coarseness::most(cell.decimals)).then_some((coarseness, figures))
        };
        self.cells.iter().map(of_cell).collect()
    }

    fn value(&self, group: usize, counting: Counting, strata: &[StratumPart]) -> u64 {
        let own = self.movable.iter().filter(|(_, of)| *of == group).map(|(place, _)| &strata[*place]);
        own.map(|part| if counting == Counting::InRow { part.positive } else { part.n }).sum()
    }

    /// How far a count of a group ranges over counts with which the same would be printed; no further than is asked.
    fn width(&self, group: usize, counting: Counting, asked: u64, printed: &[Option<(Coarseness, Figures)>]) -> u64 {
        let truth = self.value(group, counting, &self.strata);
        let (mut least, mut most, mut tries) = (truth, truth, 0);
        let mut is_done = |others: &[StratumPart]| {
            let value = self.value(group, counting, others);
            tries += 1;
            let is_new = value < least || value > most;
            if is_new && self.has_answers_everywhere(others) && self.would_print(others, printed) {
                (least, most) = (least.min(value), most.max(value));
            }
            most - least >= asked || tries >= MOST_TRIES
        };
        if self.all_counts(counting) <= ALL_COUNTS {
            self.every(counting, 0, &mut self.strata.clone(), &mut is_done);
        } else {
            self.exchanges(group, counting, &mut is_done);
        }
        most - least
    }

    /// Whether no group is empty that is not: that would be told.
    fn has_answers_everywhere(&self, others: &[StratumPart]) -> bool {
        let groups: BTreeSet<usize> = self.movable.iter().map(|(_, group)| *group).collect();
        groups.into_iter().all(|group| self.value(group, Counting::Answers, others) > 0)
    }

    /// Whether every cell would be printed as it is.
    fn would_print(&self, others: &[StratumPart], printed: &[Option<(Coarseness, Figures)>]) -> bool {
        self.cells.iter().zip(printed).all(|(cell, printed)| self.would_print_cell(cell, others, printed.as_ref()))
    }

    fn would_print_cell(
        &self,
        cell: &ToldCell,
        others: &[StratumPart],
        printed: Option<&(Coarseness, Figures)>,
    ) -> bool {
        let sum = |of: &[StratumPart], count: fn(&StratumPart) -> u64| -> u64 {
            cell.places.iter().map(|place| count(&of[*place])).sum()
        };
        let counts = |of: &[StratumPart]| [sum(of, |it| it.n), sum(of, |it| it.positive)];
        if counts(others) != counts(&self.strata) {
            return false;
        }
        let other = |place: &usize| {
            let other = others[*place];
            let positive = if cell.is_complement { other.n - other.positive } else { other.positive };
            StratumPart { positive, ..other }
        };
        let others: Vec<StratumPart> = cell.places.iter().map(other).collect();
        let Some(estimate) = cell.estimate.with_strata(&cell.strata, &others) else { return false };
        let at = |estimate: &Estimate, coarseness: Coarseness| {
            round(estimate, Measure::Share, cell.decimals).map(|figures| coarseness.of(figures))
        };
        let Some((coarseness, figures)) = printed else {
            // Without a standard error the share itself is told.
            let shares = [&estimate, &cell.estimate].map(|it| at(it, Coarseness::default()).map(|it| it.estimate));
            return shares[0].is_some() && shares[0] == shares[1];
        };
        let is_near = |it: Figures| it.estimate == figures.estimate && it.se == figures.se;
        if !at(&estimate, *coarseness).is_some_and(is_near) {
            return false;
        }
        // In a census, and where the design fixes the share, the limits are the share.
        if cell.estimate.df <= 0.0 {
            return true;
        }
        let with_limits = estimate.with_limits(self.method, &others).and_then(|it| at(&it, *coarseness));
        with_limits == Some(*figures)
    }

    /// How many counts the movable strata can have.
    fn all_counts(&self, counting: Counting) -> u64 {
        let rooms = self.movable.iter().map(|(place, _)| match counting {
            Counting::InRow => self.strata[*place].n + 1,
            Counting::Answers => (self.strata[*place].sampled + 1).saturating_pow(2),
        });
        rooms.fold(1, u64::saturating_mul)
    }

    /// Tries all counts that the movable strata from a number on can have, until it is told to stop.
    fn every(
        &self,
        counting: Counting,
        from: usize,
        others: &mut Vec<StratumPart>,
        is_done: &mut dyn FnMut(&[StratumPart]) -> bool,
    ) -> bool {
        let Some((place, _)) = self.movable.get(from) else { return is_done(others) };
        let before = others[*place];
        if from + 1 == self.movable.len() {
            // The last has what the others leave.
            let places: Vec<usize> = self.movable.iter().map(|(place, _)| *place).collect();
            let is_stopped = self.balances(others, &places, *place) && is_done(others);
            others[*place] = before;
            return is_stopped;
        }
        let counts = Self::options(before, counting);
        let is_stopped = counts.into_iter().any(|(n, positive)| {
            others[*place] = StratumPart { n, positive, ..before };
            self.every(counting, from + 1, others, is_done)
        });
        others[*place] = before;
        is_stopped
    }

    /// Tries counts that differ in one stratum of the group, the nearest first, and in one or two of others that have what it lacks.
    fn exchanges(&self, group: usize, counting: Counting, is_done: &mut dyn FnMut(&[StratumPart]) -> bool) {
        let (own, beside) = self.places(group);
        for place in own {
            let part = self.strata[place];
            // In a cell that has one of two strata alone, nothing that the other has makes up for it.
            let beside: Vec<usize> = beside.iter().copied().filter(|it| self.are_told_alike(place, *it)).collect();
            if beside.is_empty() {
                continue;
            }
            let mut options = Self::options(part, counting);
            options.sort_by_key(|(n, positive)| n.abs_diff(part.n) + positive.abs_diff(part.positive));
            for (n, positive) in options {
                let mut others = self.strata.clone();
                others[place] = StratumPart { n, positive, ..part };
                for (first, one) in beside.iter().enumerate() {
                    if self.balances(&mut others, &[place, *one], *one) && is_done(&others) {
                        return;
                    }
                    for other in &beside[first + 1..] {
                        for (n, positive) in Self::options(self.strata[*one], counting) {
                            others[*one] = StratumPart { n, positive, ..self.strata[*one] };
                            if self.balances(&mut others, &[place, *one, *other], *other) && is_done(&others) {
                                return;
                            }
                        }
                        others[*other] = self.strata[*other];
                    }
                    others[*one] = self.strata[*one];
                }
            }
        }
    }

    /// What a stratum can have; of a large one what is near to what it has.
    fn options(part: StratumPart, counting: Counting) -> Vec<(u64, u64)> {
        const NEAR: u64 = 20;
        let near = |count: u64, most: u64| count.saturating_sub(NEAR)..=(count + NEAR).min(most);
        let numbers = if counting == Counting::InRow { part.n..=part.n } else { near(part.n, part.sampled) };
        numbers.flat_map(|n| near(part.positive, n).map(move |positive| (n, positive))).collect()
    }

    /// Gives one of some strata what the others leave of their sums; whether it can have that.
    fn balances(&self, others: &mut [StratumPart], places: &[usize], last: usize) -> bool {
        let left = |of: fn(&StratumPart) -> u64| {
            let sum: u64 = places.iter().map(|place| of(&self.strata[*place])).sum();
            let given = places.iter().filter(|place| **place != last).map(|place| of(&others[*place])).sum();
            sum.checked_sub(given)
        };
        let (Some(n), Some(positive)) = (left(|it| it.n), left(|it| it.positive)) else { return false };
        others[last] = StratumPart { n, positive, ..others[last] };
        positive <= n && n <= others[last].sampled
    }

    /// The movable strata of a group, and those of others.
    fn places(&self, group: usize) -> (Vec<usize>, Vec<usize>) {
        let (own, beside): (Vec<_>, Vec<_>) = self.movable.iter().partition(|(_, of)| *of == group);
        let places = |of: Vec<(usize, usize)>| of.into_iter().map(|(place, _)| place).collect::<Vec<usize>>();
        (places(own), places(beside))
    }

    /// Whether two strata stand in the same cells.
    fn are_told_alike(&self, one: usize, other: usize) -> bool {
        self.cells.iter().all(|cell| cell.places.contains(&one) == cell.places.contains(&other))
    }
}
