//! How many answers of the hidden groups are in each row of one item.

use std::collections::{BTreeMap, BTreeSet};

use super::block::{Family, ShareRow, Told};
use super::linear::{LinearSystem, real};
use super::secondary::Protection;

/// The system of one item over its hidden groups: numbers of answers, and how many of them are in each row.
pub(super) struct Rows {
    system: LinearSystem,
    /// Unknown of each row and hidden group.
    counts: BTreeMap<(usize, usize), usize>,
    /// Whether weights tell something beside the counts.
    are_weighed: bool,
    base: usize,
}

/// People whose weighted count in a row a reader knows: some groups of a base.
struct Weighed<'p> {
    groups: &'p BTreeSet<usize>,
    told: Told,
}

/// What tells weighted counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tellers {
    /// The total of the breakdown.
    Total,
    /// Groups of other breakdowns and totals of other bases that are the same people as some groups, too.
    Unions,
}

impl Rows {
    pub(super) fn new(
        protection: &Protection<'_, '_>,
        family: &Family<'_>,
        hidden: &[usize],
        (base, tellers): (usize, Tellers),
    ) -> Self {
        let mut rows = Self { system: LinearSystem::default(), counts: BTreeMap::new(), are_weighed: false, base };
        let sum = |quantity: usize| real(hidden.iter().map(|group| protection.quantity(quantity).groups[*group]).sum());
        let numbers: Vec<usize> = hidden.iter().map(|_| rows.system.unknown(0.0, sum(family.n))).collect();
        let add_up = |unknowns: &[usize]| unknowns.iter().map(|unknown| (*unknown, 1.0)).collect::<Vec<_>>();
        rows.system.demand(add_up(&numbers), sum(family.n), sum(family.n));
        let everyone: BTreeSet<usize> = family.rows.first().map_or(0..0, |row| 0..row.groups.len()).collect();
        for (index, row) in family.rows.iter().enumerate() {
            let counts: Vec<usize> = hidden.iter().map(|_| rows.system.unknown(0.0, sum(row.count))).collect();
            rows.system.demand(add_up(&counts), sum(row.count), sum(row.count));
            for ((group, count), number) in hidden.iter().zip(&counts).zip(&numbers) {
                rows.counts.insert((index, *group), *count);
                rows.system.demand(vec![(*count, 1.0), (*number, -1.0)], f64::NEG_INFINITY, 0.0);
            }
            let mut weighed: Vec<Weighed<'_>> =
                row.total.map(|told| Weighed { groups: &everyone, told }).into_iter().collect();
            if tellers == Tellers::Unions {
                let parts = protection.told_parts(base);
                let told = |(groups, other)| Some((groups, protection.told_weight(other, family, row)?));
                for (groups, told) in parts.into_iter().filter_map(told) {
                    rows.tell_counts(protection, (family, row), groups, (hidden, &numbers, &counts));
                    weighed.push(Weighed { groups, told });
                }
            }
            rows.weigh(row, hidden, &counts, &weighed);
        }
        rows
    }

    /// What other groups or a total tell of the hidden ones among some groups: how many they are, and how many are in the row.
    fn tell_counts(
        &mut self,
        protection: &Protection<'_, '_>,
        (family, row): (&Family<'_>, &ShareRow<'_>),
        groups: &BTreeSet<usize>,
        (hidden, numbers, counts): (&[usize], &[usize], &[usize]),
    ) {
        for (quantity, unknowns) in [(family.n, numbers), (row.count, counts)] {
            let inside = hidden.iter().zip(unknowns).filter(|(group, _)| groups.contains(group));
            let (terms, sum) = inside.fold((Vec::new(), 0), |(mut terms, sum), (group, unknown)| {
                terms.push((*unknown, 1.0));
                (terms, sum + protection.quantity(quantity).groups[*group])
            });
            if !terms.is_empty() {
                self.system.demand(terms, real(sum), real(sum));
            }
        }
    }

    /// What weighted shares, of the total or of the same people elsewhere, and those of the shown groups tell of the weighted count in the hidden ones.
    fn weigh(&mut self, row: &ShareRow<'_>, hidden: &[usize], counts: &[usize], weighed: &[Weighed<'_>]) {
        let behind = |group: &usize| &row.groups[*group].0;
        let heaviest_of = |groups: &[usize]| groups.iter().map(|group| behind(group).heaviest).fold(0.0, f64::max);
        // In units of the heaviest weight, so that all factors are of one size.
        let unit = heaviest_of(hidden);
        let mut of_groups: BTreeMap<usize, usize> = BTreeMap::new();
        for Weighed { groups, told } in weighed {
            let with_answers: Vec<usize> =
                hidden.iter().copied().filter(|group| groups.contains(group) && behind(group).n > 0).collect();
            let lightest = with_answers.iter().map(|group| behind(group).lightest).fold(f64::INFINITY, f64::min);
            let heaviest = heaviest_of(&with_answers);
            if with_answers.is_empty() || heaviest - lightest <= 1e-9 * heaviest {
                continue;
            }
            let is_shown = |group: &&usize| !hidden.contains(group);
            let shown = || groups.iter().filter(is_shown).filter_map(|group| row.groups[*group].1);
            let low = told.low - shown().map(|told| told.high).sum::<f64>() + heaviest;
            let high = told.high - shown().map(|told| told.low).sum::<f64>() - heaviest;
            self.are_weighed = true;
            let mut weighted = Vec::new();
            for (group, count) in hidden.iter().zip(counts).filter(|(group, _)| groups.contains(group)) {
                let of_group = *of_groups.entry(*group).or_insert_with(|| {
                    let of_group = self.system.unknown(0.0, f64::INFINITY);
                    let bound = |weight: f64| vec![(of_group, 1.0), (*count, -weight / unit)];
                    self.system.demand(bound(behind(group).lightest), 0.0, f64::INFINITY);
                    self.system.demand(bound(behind(group).heaviest), f64::NEG_INFINITY, 0.0);
                    of_group
                });
                weighted.push((of_group, 1.0));
            }
            self.system.demand(weighted, low / unit, high / unit);
        }
    }

    /// Whether some row of a group leaves less room than asked, or than there would be if every group were hidden.
    pub(super) fn are_narrow(&self, protection: &Protection<'_, '_>, family: &Family<'_>, group: usize) -> bool {
        family.rows.iter().enumerate().any(|(index, row)| {
            let in_row = &protection.quantity(row.count).groups;
            let asked = protection.asked_of_row(self.base, family, row.count, group);
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
