//! Solutions that need no solver: hidden groups exchange their people, or one takes all of them in.
//!
//! Where two groups are hidden in the same tables, nothing that is published tells which of them is which, so all counts of one may be those of the other; and
//! whatever lies between the truth and an exchange is a solution, too. Most counts are already moved far enough by one of them, which saves
//! two linear programs each. Every candidate is put to the system before it is believed.

use std::collections::BTreeMap;

use super::linear::{LinearSystem, Met};

/// The index of each quantity and group in the system.
type Unknowns = BTreeMap<(usize, usize), usize>;

/// Meets the truth, and every exchange of two groups that the system allows, each as far as it goes.
pub(super) fn exchanges(system: &LinearSystem, unknowns: &Unknowns, groups: usize, truth: &[f64], met: &mut Met) {
    if system.holds(truth) {
        met.add(truth.iter().copied().enumerate());
    }
    for one in 0..groups {
        for other in one + 1..groups {
            let pairs: Vec<(usize, usize)> = unknowns
                .iter()
                .filter(|((_, group), _)| *group == one)
                .filter_map(|((quantity, _), unknown)| Some((*unknown, *unknowns.get(&(*quantity, other))?)))
                .collect();
            let far = pairs.iter().map(|(one, other)| how_far(system, truth, *one, *other)).fold(1.0, f64::min);
            if pairs.is_empty() || far <= 0.0 {
                continue;
            }
            let mut exchanged = truth.to_vec();
            for (one, other) in pairs {
                let moved = far * (truth[other] - truth[one]);
                exchanged[one] += moved;
                exchanged[other] -= moved;
            }
            meet(system, exchanged, met);
        }
    }
}

/// Meets, for each group, that all people of the hidden groups are in it but those whom the others have at least.
pub(super) fn gathered(system: &LinearSystem, unknowns: &Unknowns, groups: usize, truth: &[f64], met: &mut Met) {
    for group in 0..groups {
        let mut all_in_it = truth.to_vec();
        for (&(quantity, _), &into) in unknowns.iter().filter(|((_, it), _)| *it == group) {
            let others = unknowns.range((quantity, 0)..(quantity + 1, 0)).map(|(_, unknown)| *unknown);
            for other in others.filter(|other| *other != into) {
                let least = system.least(other);
                all_in_it[into] += all_in_it[other] - least;
                all_in_it[other] = least;
            }
        }
        meet(system, all_in_it, met);
    }
}

fn meet(system: &LinearSystem, values: Vec<f64>, met: &mut Met) {
    if system.holds(&values) {
        met.add(values.into_iter().enumerate());
    }
}

/// How far two counts may go towards each other's value before one falls below its least.
fn how_far(system: &LinearSystem, values: &[f64], one: usize, other: usize) -> f64 {
    let (high, low) = if values[one] >= values[other] { (one, other) } else { (other, one) };
    let room = values[high] - system.least(high);
    let way = values[high] - values[low];
    if way <= room { 1.0 } else { room / way }
}
