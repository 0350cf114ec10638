//! Of all that was read, the little that is needed to derive a number.

use std::collections::BTreeSet;

use super::system::{Demand, System, Unknown};
use super::{Derived, Number, Spot};
use crate::protect::linear::Range;

/// A number that can be moved less than asked.
pub(super) struct Narrow {
    pub(super) spot: Spot,
    pub(super) number: Number,
    pub(super) unknown: Unknown,
    pub(super) range: Range,
    pub(super) asked: f64,
}

/// The finding, with the demands of which none can be left out. Nothing else is needed, though another way may lead there, too.
pub(super) fn explained(system: &System<'_>, narrow: Narrow, demands: &[Demand]) -> Derived {
    let Narrow { spot, number, unknown, range, asked } = narrow;
    let is_enough = |kept: &[&Demand]| {
        let found = system.range_under(&unknown, kept.iter().copied());
        found.is_some_and(|found| found.width() < asked - 0.5)
    };
    let mut kept: Vec<&Demand> = demands.iter().collect();
    let mut step = kept.len().div_ceil(2);
    while step > 0 {
        let mut from = 0;
        while from < kept.len() {
            let mut fewer = kept.clone();
            fewer.drain(from..(from + step).min(kept.len()));
            if is_enough(&fewer) { kept = fewer } else { from += step }
        }
        step = if step == 1 { 0 } else { step.div_ceil(2) };
    }
    let known = system.places(&unknown);
    let places: BTreeSet<&String> = kept.iter().flat_map(|demand| &demand.places).chain(known).collect();
    let mut arithmetic: Vec<String> = kept.iter().map(|demand| demand.words.clone()).collect();
    arithmetic.dedup();
    if arithmetic.is_empty() {
        arithmetic.push("it is told there".to_owned());
    }
    Derived {
        spot,
        number,
        least: whole(range.least),
        most: whole(range.most.max(range.least)),
        asked: whole(asked),
        arithmetic,
        places: places.into_iter().cloned().collect(),
    }
}

/// A whole number, which has no sign.
pub(super) fn whole(number: f64) -> u64 {
    format!("{:.0}", number.max(0.0) + 0.0).parse().expect("digits are a number, and no survey has 2^64 answers")
}
