//! Replicate weights: the numbers of R, the linearised variance where it must be the same, and what cannot be used.

mod against_r;
mod bootstrap;
mod by_hand;
mod linearised;
mod refused;

use codebook::{Code, LonelyPsu, Measure};
use estimate::{
    Bearer, Centre, Degrees, DesignTable, Estimate, IntervalMethod, LaterStage, Method, NotEstimable, Outcome,
    ReplicateError, ReplicateMethod, ReplicateWeights, Replicates, Single, Stratum, Sums, UnitValue, Wide,
};
use proptest::prelude::*;

use crate::sample::{
    GROUPS, MEAN, Question, Road, SHARE, TOTAL, Unit, assert_near, estimated, not_estimable, sums, table, wide,
};
use crate::schools::{School, schools};

const METHOD: Method = Method { shares: IntervalMethod::Xlogit, level: 0.95, degrees: Degrees::Design };

/// Strata of so many PSUs out of so many.
fn design(strata: &[(u64, Option<u64>)], lonely: LonelyPsu) -> DesignTable {
    let keyed = |(index, (psus, population)): (usize, &(u64, Option<u64>))| Stratum {
        key: vec![Code::new(&index.to_string()).expect("a code")],
        units: *psus,
        psus: *psus,
        population: population.map(Wide::from_count),
        weight: None,
    };
    DesignTable::of_strata(strata.iter().enumerate().map(keyed).collect(), lonely)
}

/// The stratum of each PSU, by its number.
fn strata_of(units: &[Unit]) -> Vec<usize> {
    let last = units.iter().map(|unit| unit.psu).max().expect("a sample has units");
    let stratum = |psu| units.iter().find(|unit| unit.psu == psu).expect("PSUs are numbered one by one").stratum;
    (0..=last).map(stratum).collect()
}

/// Sums by unit over part of a sample, in which units keep their numbers.
fn part(units: &[Unit], is_member: impl Fn(&Unit) -> bool) -> Sums {
    let Sums::ByUnit(values) = sums(units, Road::Unit) else { panic!("sums by unit") };
    Sums::ByUnit(
        values.iter().copied().zip(units).filter(|(_, unit)| is_member(unit)).map(|(value, _)| value).collect(),
    )
}

fn with(design: &DesignTable, replicates: Replicates) -> DesignTable {
    DesignTable { replicates: Some(replicates), ..design.clone() }
}

fn whole(numbers: &[u64]) -> Vec<Wide> {
    numbers.iter().map(|number| Wide::from_count(*number)).collect()
}
