//! Sampling in several stages: clusters within clusters, and how many of them there are.
//!
//! Ids of clusters are nested: the same district in two strata is two districts, the same school in two districts two schools. Behind
//! the last stage of clusters lies that of the units themselves.

use std::collections::BTreeMap;

use codebook::{ClusterAnswers, Decimal, Finding, StageAnswers};

use crate::tally::Tally;
use crate::translate::Source;

/// The clusters of a sample; without any, units are PSUs.
pub(crate) struct Clusters {
    /// For each stage of clusters, the number of the one that each unit lies in.
    of_units: Vec<Vec<usize>>,
}

impl Clusters {
    /// `of_units` by stage and unit; numbers go by strata and keys, and so do those of each stage within those of the one above.
    pub(crate) fn new(of_units: Vec<Vec<usize>>) -> Self {
        Self { of_units }
    }

    /// The PSU of each unit; `None` where units are PSUs.
    pub(crate) fn psu_of(&self) -> Option<&[usize]> {
        self.of_units.first().map(Vec::as_slice)
    }

    /// The cluster of the last stage that each unit lies in; `None` where units are PSUs.
    pub(crate) fn last_of(&self) -> Option<&[usize]> {
        self.of_units.last().map(Vec::as_slice)
    }

    /// The number of the cluster that each unit lies in at this stage, the first being 0; at the stage behind the clusters it is the unit's
    /// place in the canonical order. `None` where units are PSUs.
    pub(crate) fn at(&self, stage: usize, order: &[usize]) -> Option<Vec<usize>> {
        if self.of_units.is_empty() {
            return None;
        }
        Some(self.of_units.get(stage).cloned().unwrap_or_else(|| {
            let mut place_of = vec![0; order.len()];
            for (place, unit) in order.iter().enumerate() {
                place_of[*unit] = place;
            }
            place_of
        }))
    }
}

/// The population sizes of one stage behind the first.
pub(crate) struct LaterSizes {
    /// The stage above, whose clusters the sizes are of; the first is 0.
    pub(crate) above: usize,
    /// By unit.
    pub(crate) sizes: Vec<Decimal>,
}

impl LaterSizes {
    /// A finding where units of one cluster carry different sizes.
    pub(crate) fn varying(&self, clusters: &Clusters, column: &str, answers: Source<'_>) -> Option<Finding> {
        let mut settled: BTreeMap<usize, Decimal> = BTreeMap::new();
        let mut varying = Tally::error("population-not-constant", "population size that differs within the cluster")
            .hint("all units of a cluster carry the same size: how many there are to sample from within it");
        for (unit, (size, cluster)) in self.sizes.iter().zip(&clusters.of_units[self.above]).enumerate() {
            if settled.entry(*cluster).or_insert(*size) != size {
                varying.add(answers.row_number(unit));
            }
        }
        varying.finding(&answers.data.path, column)
    }

    /// What was sampled at this stage.
    pub(crate) fn stage(
        &self,
        clusters: &Clusters,
        stratum_of: &[usize],
        order: &[usize],
        is_counted: &dyn Fn(usize) -> bool,
    ) -> StageAnswers {
        let above_of = &clusters.of_units[self.above];
        let below_of = clusters.at(self.above + 1, order).expect("a stage behind the first has clusters above it");
        let mut above: BTreeMap<usize, ClusterAnswers> = BTreeMap::new();
        // Of each cluster of this stage: the one above, and whether any of its units counts.
        let mut below: BTreeMap<usize, (usize, bool)> = BTreeMap::new();
        for (unit, (cluster, size)) in above_of.iter().zip(&self.sizes).enumerate() {
            let (stratum, population) = (stratum_of[unit], *size);
            above.entry(*cluster).or_insert(ClusterAnswers { stratum, sampled: 0, population });
            below.entry(below_of[unit]).or_insert((*cluster, false)).1 |= is_counted(unit);
        }
        for (cluster, counts) in below.values() {
            above.get_mut(cluster).expect("every cluster lies in one above").sampled += u64::from(*counts);
        }
        // Clusters are numbered without gaps, so the order of their numbers is that of the numbers themselves.
        let parents = below.into_values().map(|(cluster, _)| cluster).collect();
        StageAnswers { parents, above: above.into_values().collect() }
    }
}
