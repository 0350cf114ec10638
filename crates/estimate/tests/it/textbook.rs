//! The second road: the variance of a textbook, in plain doubles over the list of all sampled PSUs.

use std::collections::BTreeMap;

use codebook::Measure;
use estimate::DesignTable;

use crate::sample::Unit;

/// Estimate and variance of one domain. Without care for rounding, so only good where the variance is not near 0.
pub(crate) fn estimate_and_variance(measure: Measure, domain: &[Unit], design: &DesignTable) -> (f64, f64) {
    let (value, z) = linearised(measure, domain);
    (value, variance(&z, design))
}

/// a - b and its variance.
pub(crate) fn difference(measure: Measure, a: &[Unit], b: &[Unit], design: &DesignTable) -> (f64, f64) {
    let (value_a, mut z) = linearised(measure, a);
    let (value_b, z_b) = linearised(measure, b);
    for (psu, value) in z_b {
        *z.entry(psu).or_default() -= value;
    }
    (value_a - value_b, variance(&z, design))
}

fn linearised(measure: Measure, domain: &[Unit]) -> (f64, BTreeMap<(usize, usize), f64>) {
    let numbers = || domain.iter().map(|unit| (unit.stratum, unit.psu, unit.w.to_f64(), unit.y.to_f64()));
    let total: f64 = numbers().map(|(_, _, w, y)| w * y).sum();
    let weight: f64 = numbers().map(|(_, _, w, _)| w).sum();
    let mean = total / weight;
    let mut z: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for (stratum, psu, w, y) in numbers() {
        *z.entry((stratum, psu)).or_default() += match measure {
            Measure::Total => w * y,
            Measure::Mean | Measure::Share => w * (y - mean) / weight,
        };
    }
    (if measure == Measure::Total { total } else { mean }, z)
}

fn variance(z: &BTreeMap<(usize, usize), f64>, design: &DesignTable) -> f64 {
    let mut variance = 0.0;
    for (index, stratum) in design.strata.iter().enumerate() {
        let n = usize::try_from(stratum.psus).expect("few PSUs");
        let mut totals: Vec<f64> = z.iter().filter(|((of, _), _)| *of == index).map(|(_, total)| *total).collect();
        totals.resize(n, 0.0);
        let count = f64::from(u32::try_from(n).expect("few PSUs"));
        let mean = totals.iter().sum::<f64>() / count;
        let spread: f64 = totals.iter().map(|total| (total - mean) * (total - mean)).sum();
        let fraction = stratum.population.map_or(0.0, |population| count / population.to_f64());
        variance += (1.0 - fraction) * count / (count - 1.0) * spread;
    }
    variance
}
