//! How many answers of the hidden groups are in each row of one item.

use std::collections::BTreeMap;

use super::block::{Family, ShareRow};
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

impl Rows {
    pub(super) fn new(protection: &Protection<'_, '_>, family: &Family<'_>, hidden: &[usize], base: usize) -> Self {
        let mut rows = Self { system: LinearSystem::default(), counts: BTreeMap::new(), are_weighed: false, base };
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
    fn weigh(&mut self, row: &ShareRow<'_>, hidden: &[usize], counts: &[usize]) {
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
