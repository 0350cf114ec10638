//! The second road: the variance of a textbook, in plain doubles over the list of all sampled clusters, stage within stage.

use std::collections::BTreeMap;

use codebook::Measure;
use estimate::{ClusterSize, DesignTable, Wide};

use crate::sample::Unit;

/// Totals of linearised values by stratum and cluster of the last stage.
type Totals = BTreeMap<(usize, usize), f64>;

/// Estimate and variance of one domain. Without care for rounding, so only good where the variance is not near 0.
pub(crate) fn estimate_and_variance(measure: Measure, domain: &[Unit], design: &DesignTable) -> (f64, f64) {
    let (value, z) = linearised(measure, domain);
    (value, variance(&z, design))
}

/// a - b and its variance.
pub(crate) fn difference(measure: Measure, a: &[Unit], b: &[Unit], design: &DesignTable) -> (f64, f64) {
    let (value_a, mut z) = linearised(measure, a);
    let (value_b, z_b) = linearised(measure, b);
    for (cluster, value) in z_b {
        *z.entry(cluster).or_default() -= value;
    }
    (value_a - value_b, variance(&z, design))
}

/// The total of y over that of x, and its variance.
pub(crate) fn ratio(units: &[Unit], x: &[Wide], design: &DesignTable) -> (f64, f64) {
    let numbers = || units.iter().zip(x).map(|(unit, x)| (unit, unit.w.to_f64(), x.to_f64(), unit.y.to_f64()));
    let denominator: f64 = numbers().map(|(_, w, x, _)| w * x).sum();
    let ratio = numbers().map(|(_, w, _, y)| w * y).sum::<f64>() / denominator;
    let mut z = Totals::new();
    for (unit, w, x, y) in numbers() {
        *z.entry((unit.stratum, unit.psu)).or_default() += w * (y - ratio * x) / denominator;
    }
    (ratio, variance(&z, design))
}

fn linearised(measure: Measure, domain: &[Unit]) -> (f64, Totals) {
    let numbers = || domain.iter().map(|unit| (unit.stratum, unit.psu, unit.w.to_f64(), unit.y.to_f64()));
    let total: f64 = numbers().map(|(_, _, w, y)| w * y).sum();
    let weight: f64 = numbers().map(|(_, _, w, _)| w).sum();
    let mean = total / weight;
    let mut z = Totals::new();
    for (stratum, psu, w, y) in numbers() {
        *z.entry((stratum, psu)).or_default() += match measure {
            Measure::Total => w * y,
            // Here x is 1 throughout, and quantiles are no sums.
            Measure::Mean | Measure::Share | Measure::Ratio | Measure::Quantile { .. } => w * (y - mean) / weight,
        };
    }
    (if measure == Measure::Total { total } else { mean }, z)
}

/// The sampled clusters of one stage below a place, each with those below it.
struct Cluster {
    total: f64,
    size: Option<ClusterSize>,
    below: Vec<Cluster>,
}

/// The clusters of a stage (0 for PSUs) that `wanted` names by their numbers.
fn clusters(z: &Totals, stratum: usize, depth: usize, design: &DesignTable, numbers: &[usize]) -> Vec<Cluster> {
    let cluster = |number: usize| match design.later.get(depth) {
        None => Cluster { total: z.get(&(stratum, number)).copied().unwrap_or(0.0), size: None, below: Vec::new() },
        Some(later) => {
            let within: Vec<usize> = (0..later.parents.len()).filter(|below| later.parents[*below] == number).collect();
            let below = clusters(z, stratum, depth + 1, design, &within);
            let total = below.iter().map(|cluster| cluster.total).sum();
            Cluster { total, size: Some(later.sizes[number]), below }
        }
    };
    numbers.iter().map(|number| cluster(*number)).collect()
}

/// The sum over strata of what is below them.
fn variance(z: &Totals, design: &DesignTable) -> f64 {
    let strata = design.strata.iter().enumerate();
    strata
        .map(|(index, stratum)| {
            let mut psus: Vec<usize> =
                z.keys().filter(|(of, _)| *of == index).map(|(_, cluster)| psu(*cluster, design)).collect();
            psus.sort_unstable();
            psus.dedup();
            let size = ClusterSize { sampled: stratum.psus, population: stratum.population };
            within(size, &clusters(z, index, 0, design, &psus))
        })
        .sum()
}

fn psu(mut cluster: usize, design: &DesignTable) -> usize {
    for stage in design.later.iter().rev() {
        cluster = stage.parents[cluster];
    }
    cluster
}

/// (1 - f) n s^2 of the totals, and f times what is below each cluster; clusters not listed have a total of 0.
fn within(size: ClusterSize, clusters: &[Cluster]) -> f64 {
    let n = usize::try_from(size.sampled).expect("few clusters");
    let count = f64::from(u32::try_from(n).expect("few clusters"));
    let fraction = size.population.map_or(0.0, |population| count / population.to_f64());
    let mut totals: Vec<f64> = clusters.iter().map(|cluster| cluster.total).collect();
    totals.resize(n, 0.0);
    let mean = totals.iter().sum::<f64>() / count;
    let spread: f64 = totals.iter().map(|total| (total - mean) * (total - mean)).sum();
    let here = if fraction < 1.0 { (1.0 - fraction) * count / (count - 1.0) * spread } else { 0.0 };
    let below = clusters.iter().filter_map(|cluster| Some(within(cluster.size?, &cluster.below)));
    here + fraction * below.sum::<f64>()
}
