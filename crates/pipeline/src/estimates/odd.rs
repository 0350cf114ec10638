//! What is odd about a design that nothing forbids: warnings.

use std::collections::{BTreeMap, BTreeSet};

use codebook::{Finding, Place};
use estimate::{Weights, Wide};
use tabulate::{Cells, Scanned};

use super::EstimateRequest;
use super::design::{Sample, names};
use super::open::Opened;
use super::plan::Plan;

/// Weights that were divided by their mean: they add up to the sample, while the sizes tell of a population.
pub(super) fn of_weights(
    request: &EstimateRequest,
    scanned: &Scanned,
    sample: &Sample,
    opened: &Opened,
) -> Option<Finding> {
    let (Weights::Supplied, Some(column), true) = (sample.weighting, &request.weight, request.psu.is_empty()) else {
        return None;
    };
    let units: u64 = scanned.clusters.iter().map(|cluster| cluster.units).sum();
    let sum: Wide = scanned.clusters.iter().filter_map(|cluster| cluster.weight).sum();
    let population: Wide = sample.table.strata.iter().map(|stratum| stratum.population).sum::<Option<Wide>>()?;
    let (sum, units, population) = (sum.to_f64(), Wide::from_count(units).to_f64(), population.to_f64());
    let is_near = |count: f64| (sum - count).abs() <= 0.01 * count;
    let message = format!(
        "the weights of {column:?} add up to {sum:.0}, as many as there are units in the sample, while --fpc tells of {population:.0}: totals are \
         not those of the population"
    );
    (is_near(units) && !is_near(population))
        .then(|| Finding::warning(Place::File { file: opened.path.clone() }, "weight-scale", message))
}

/// Replicate weights that are nowhere near the weights: some other column fits the pattern.
pub(super) fn of_replicates(plan: &Plan, scanned: &Scanned, opened: &Opened) -> Vec<Finding> {
    let Cells::Units(units) = &scanned.cells else { return Vec::new() };
    let sum: Wide = units.iter().filter_map(|unit| unit.weight).sum();
    let names = names(&plan.scan.replicates, opened);
    let columns = names.iter().enumerate().filter_map(|(number, name)| {
        let of_replicate: Wide = units.iter().filter_map(|unit| unit.replicates.get(number).copied()).sum();
        let (sum, of_replicate) = (sum.to_f64(), of_replicate.to_f64());
        let message = format!("the replicate weights of {name:?} add up to {of_replicate:.0}, the weights to {sum:.0}");
        let finding = Finding::warning(Place::File { file: opened.path.clone() }, "replicate-scale", message);
        let is_near = 0.5 * sum <= of_replicate && of_replicate <= 2.0 * sum;
        (!is_near).then(|| finding.hint("is it a column of replicate weights? Several patterns are cut by commas"))
    });
    columns.collect()
}

/// Ids that occur in several strata: clusters of their own in each. R refuses them unless `nest = TRUE`.
pub(super) fn of_clusters(plan: &Plan, scanned: &Scanned, opened: &Opened) -> Option<Finding> {
    let mut strata: BTreeMap<&str, BTreeSet<&[String]>> = BTreeMap::new();
    for cluster in &scanned.clusters {
        strata.entry(cluster.path.first()?).or_default().insert(&cluster.stratum);
    }
    let shared = strata.values().filter(|strata| strata.len() > 1).count();
    let column = names(&plan.scan.stages, opened).into_iter().next()?;
    let message = match shared {
        1 => format!("1 id of {column:?} occurs in several strata, and is taken for another cluster in each"),
        ids => format!("{ids} ids of {column:?} occur in several strata, and are taken for other clusters in each"),
    };
    let finding = Finding::warning(Place::File { file: opened.path.clone() }, "crossing-clusters", message);
    (shared > 0)
        .then(|| finding.hint("if a cluster lies in several strata, those are no strata of the sample: leave them out"))
}
