//! Solutions that need no solver: two hidden groups exchange their people.
//!
//! Where two groups are hidden in the same tables, nothing that is published tells which of them is which, so all counts of one may be those of the other; and
//! whatever lies between the truth and an exchange is a solution, too. Most counts are already moved far enough by one of them, which saves
//! two linear programs each. Every candidate is put to the system before it is believed.

use std::collections::BTreeMap;

use super::linear::LinearSystem;

/// The truth, and every exchange of two groups that the system allows, each as far as it goes.
///
/// `unknowns` tells the index of each quantity and group in the system, `truth` its value.
pub(super) fn exchanges(
    system: &LinearSystem,
    unknowns: &BTreeMap<(usize, usize), usize>,
    groups: usize,
    truth: &dyn Fn(usize, usize) -> f64,
) -> Vec<Vec<f64>> {
    let mut values = vec![0.0; unknowns.len()];
    for (&(quantity, group), &unknown) in unknowns {
        values[unknown] = truth(quantity, group);
    }
    let mut found = Vec::new();
    for one in 0..groups {
        for other in one + 1..groups {
            let pairs: Vec<(usize, usize)> = unknowns
                .iter()
                .filter(|((_, group), _)| *group == one)
                .filter_map(|((quantity, _), unknown)| Some((*unknown, *unknowns.get(&(*quantity, other))?)))
                .collect();
            let far = pairs.iter().map(|(one, other)| how_far(system, &values, *one, *other)).fold(1.0, f64::min);
            if pairs.is_empty() || far <= 0.0 {
                continue;
            }
            let mut exchanged = values.clone();
            for (one, other) in pairs {
                let moved = far * (values[other] - values[one]);
                exchanged[one] += moved;
                exchanged[other] -= moved;
            }
            if system.holds(&exchanged) {
                found.push(exchanged);
            }
        }
    }
    if system.holds(&values) {
        found.push(values);
    }
    found
}

/// How far two counts may go towards each other's value before one falls below its least.
fn how_far(system: &LinearSystem, values: &[f64], one: usize, other: usize) -> f64 {
    let (high, low) = if values[one] >= values[other] { (one, other) } else { (other, one) };
    let room = values[high] - system.least(high);
    let way = values[high] - values[low];
    if way <= room { 1.0 } else { room / way }
}
