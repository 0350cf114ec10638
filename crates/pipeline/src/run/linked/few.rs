//! Whether the covariance of a panel would tell of a few units.
//!
//! Beside the two shares, the interval of a change tells one number more: their covariance. Where all weights are alike it says how many units answered both times
//! and gave another answer. So those who make it up are asked for what every cell is asked for.

use std::collections::BTreeMap;

use codebook::{CellName, Country, Numerators, Sensitivity};
use estimate::{CommonPsu, SampledPsu, Sums};

/// Whether fewer than the smallest base of the units behind a cell are in both waves; or some of them went one way, and few, where numerators are confidential.
pub(super) fn is_of_few(country: &Country, cell: &CellName, common: &[CommonPsu], sums: [&Sums; 2]) -> bool {
    let [then, now] = sums.map(answers);
    let both: Vec<[bool; 2]> =
        common.iter().filter_map(|unit| Some([*then.get(&unit.earlier)?, *now.get(&unit.later)?])).collect();
    let is_few = |units: usize| u64::try_from(units).is_ok_and(|units| units < country.smallest_base);
    let is_sensitive = country.table(&cell.table).is_some_and(|spec| spec.sensitivity == Sensitivity::Sensitive);
    let counts_sides = match country.protection.numerators {
        Numerators::Never => false,
        Numerators::Sensitive => is_sensitive,
        Numerators::Always => true,
    };
    let went = |way: [bool; 2]| both.iter().filter(|answers| **answers == way).count();
    let ways = [[false, true], [true, false]].map(went);
    is_few(both.len()) || counts_sides && ways.into_iter().any(|units| units > 0 && is_few(units))
}

/// Whether each unit behind a cell is in its category.
fn answers(sums: &Sums) -> BTreeMap<SampledPsu, bool> {
    match sums {
        Sums::ByUnit(units) => {
            let answer =
                |unit: &estimate::UnitValue| (SampledPsu { stratum: unit.stratum, psu: unit.psu }, !unit.y.is_zero());
            units.iter().map(answer).collect()
        }
        Sums::ByStratum(_) | Sums::ByPsu(_) => BTreeMap::new(),
    }
}
