//! Strata merged into named neighbours, before anything is counted.
//!
//! Chains are followed to their end: if c goes into b and b into a, then c is part of a. What a stratum is called is left to the
//! caller, whose errors name it.

use std::collections::{BTreeMap, BTreeSet};

/// Which stratum each collapsed one ends up in.
pub(crate) struct Collapse<'a, T>(BTreeMap<&'a [T], &'a [T]>);

/// Why a collapse makes no sense, with the key of its stratum.
pub(crate) enum Unsound<'a, T> {
    /// It names a stratum that nothing is known of.
    Unknown(&'a [T]),
    /// It comes back to where it has been.
    InCircle(&'a [T]),
}

impl<'a, T: Ord> Collapse<'a, T> {
    /// Reads the steps, each from one stratum into another. Of several steps from one stratum the last counts.
    pub(crate) fn new(steps: &'a [(Vec<T>, Vec<T>)], known: &BTreeSet<&[T]>) -> (Self, Vec<Unsound<'a, T>>) {
        let steps: BTreeMap<&[T], &[T]> = steps.iter().map(|(from, into)| (from.as_slice(), into.as_slice())).collect();
        let named: BTreeSet<&[T]> = steps.iter().flat_map(|(from, into)| [*from, *into]).collect();
        let mut unsound: Vec<Unsound<'a, T>> =
            named.into_iter().filter(|key| !known.contains(key)).map(Unsound::Unknown).collect();

        let mut ends = BTreeMap::new();
        for from in steps.keys() {
            let chain = std::iter::successors(Some(from), |key| steps.get(*key));
            // A chain that does not end within the number of steps there are comes back to where it has been.
            match chain.take(steps.len() + 1).find(|key| !steps.contains_key(*key)) {
                Some(end) => drop(ends.insert(*from, *end)),
                None => unsound.push(Unsound::InCircle(from)),
            }
        }
        (Self(ends), unsound)
    }

    /// The stratum that `key` is part of: itself, if it is not collapsed.
    pub(crate) fn destination<'b>(&'b self, key: &'b [T]) -> &'b [T] {
        self.0.get(key).copied().unwrap_or(key)
    }
}
