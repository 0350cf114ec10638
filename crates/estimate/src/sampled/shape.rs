//! How many stages a sample has, and how much was sampled at each place of each stage.

use std::collections::{BTreeMap, BTreeSet};

use super::error::text;
use super::size::{Kind, kind_of_sizes, read_sizes};
use super::{SampleError, SampledCluster, Weights};
use crate::{ClusterSize, Wide};

/// A stratum, or a cluster within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place<'a> {
    pub(super) stratum: &'a [String],
    /// Empty for the stratum as a whole.
    pub(super) path: &'a [String],
}

impl<'a> Place<'a> {
    /// Where a cluster lies, seen from so many stages down.
    pub(super) fn of(cluster: &'a SampledCluster, depth: usize) -> Self {
        Self { stratum: &cluster.stratum, path: &cluster.path[..depth] }
    }

    pub(super) fn of_stratum(stratum: &'a [String]) -> Self {
        Self { stratum, path: &[] }
    }

    /// How it is named in messages.
    pub(super) fn name(&self) -> String {
        let stratum = match self.stratum {
            [] => "the only stratum".to_owned(),
            values => format!("stratum {}", values.join(" x ")),
        };
        match self.path {
            [] => stratum,
            [psu] => format!("PSU {psu} of {stratum}"),
            path => format!("cluster {} of {stratum}", path.join(" / ")),
        }
    }
}

/// For each place that was sampled in, how much of it.
pub(super) type Groups<'a> = BTreeMap<Place<'a>, ClusterSize>;

/// How many stages there are, and how many have sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    /// Ids in a path; 0 where units are PSUs.
    pub(super) ids: usize,
    sizes: usize,
}

impl Shape {
    pub(super) fn of(clusters: &[SampledCluster]) -> Self {
        let of = |cluster: &SampledCluster| Self { ids: cluster.path.len(), sizes: cluster.sizes.len() };
        let shape = clusters.first().map_or(Self { ids: 0, sizes: 0 }, of);
        assert!(clusters.iter().all(|cluster| of(cluster) == shape), "all clusters have as many stages and sizes");
        let places: BTreeSet<Place<'_>> = clusters.iter().map(|cluster| Place::of(cluster, shape.ids)).collect();
        assert_eq!(places.len(), clusters.len(), "every cluster comes once");
        shape
    }

    /// Stages of sampling; where units are PSUs there is one.
    pub(super) fn stages(self) -> usize {
        self.ids.max(1)
    }

    /// Stages that contribute to the variance: the first, and later ones as far as sizes are declared.
    pub(super) fn counted(self) -> usize {
        self.sizes.clamp(1, self.stages())
    }

    pub(super) fn misfits(self, weights: Weights) -> Vec<SampleError> {
        let Self { sizes, .. } = self;
        let stages = self.stages();
        if sizes > stages {
            return vec![SampleError::MoreSizesThanStages { sizes, stages }];
        }
        match weights {
            Weights::FromSizes if sizes < stages => vec![SampleError::NoSizesForWeights { stage: sizes + 1 }],
            Weights::FromSizes | Weights::Supplied | Weights::Equal => Vec::new(),
        }
    }

    /// What is sampled at a stage, in messages.
    fn sampled_name(self, depth: usize, count: u64) -> String {
        let (one, several) = match depth {
            0 if self.ids == 0 => ("unit", "units"),
            0 => ("PSU", "PSUs"),
            _ => ("cluster", "clusters"),
        };
        let what = if count == 1 { one } else { several };
        if depth == 0 { format!("{count} {what}") } else { format!("{count} {what} of stage {}", depth + 1) }
    }

    /// For each stage that counts, the strata or clusters that were sampled in.
    pub(super) fn groups<'a>(self, clusters: &'a [SampledCluster], errors: &mut Vec<SampleError>) -> Vec<Groups<'a>> {
        let found = errors.len();
        let declared = self.sizes.min(self.stages());
        let sizes: Vec<BTreeMap<Place<'a>, Wide>> =
            (0..declared).map(|depth| read_sizes(clusters, depth, errors)).collect();
        let kind = kind_of_sizes(&sizes, errors);
        if errors.len() > found {
            return Vec::new();
        }
        let population = |depth: usize, place: &Place<'a>, sampled: u64| {
            let size = *sizes.get(depth)?.get(place)?;
            match kind {
                Kind::Counts => Some(size),
                // Of a place in which nobody has a weight, the fraction tells nothing.
                Kind::Fractions => (sampled > 0).then(|| Wide::from_count(sampled) / size),
            }
        };
        let groups = |depth: usize| -> Groups<'a> {
            let size =
                |(place, sampled)| (place, ClusterSize { sampled, population: population(depth, &place, sampled) });
            self.sampled(clusters, depth).into_iter().map(size).collect()
        };
        let groups: Vec<Groups<'a>> = (0..self.counted()).map(groups).collect();
        for (depth, groups) in groups.iter().enumerate() {
            errors.extend(groups.iter().filter_map(|(place, size)| self.more_than_there_are(depth, place, size)));
        }
        groups
    }

    /// How many clusters of a stage, or units, were sampled in each place.
    fn sampled(self, clusters: &[SampledCluster], depth: usize) -> BTreeMap<Place<'_>, u64> {
        if self.ids == 0 {
            return clusters.iter().map(|cluster| (Place::of(cluster, 0), cluster.units)).collect();
        }
        let mut sampled: BTreeMap<Place<'_>, u64> =
            clusters.iter().map(|cluster| (Place::of(cluster, depth), 0)).collect();
        let with_units = clusters.iter().filter(|cluster| cluster.units > 0);
        let below: BTreeSet<Place<'_>> = with_units.map(|cluster| Place::of(cluster, depth + 1)).collect();
        for Place { stratum, path } in below {
            *sampled.entry(Place { stratum, path: &path[..depth] }).or_default() += 1;
        }
        sampled
    }

    fn more_than_there_are(self, depth: usize, place: &Place<'_>, size: &ClusterSize) -> Option<SampleError> {
        let population = size.population.filter(|population| *population < Wide::from_count(size.sampled))?;
        Some(SampleError::MoreSampledThanThereAre {
            place: place.name(),
            sampled: self.sampled_name(depth, size.sampled),
            population: text(population),
        })
    }

    pub(super) fn refusal(self, depth: usize, place: &Place<'_>, size: &ClusterSize) -> Option<SampleError> {
        size.is_lonely().then(|| SampleError::Lonely {
            place: place.name(),
            sampled: self.sampled_name(depth, size.sampled),
            population: size.population.map_or_else(|| "an undeclared number".to_owned(), text),
            accepting: if depth == 0 {
                "certainty, centre and average, and if it is collapsed into a neighbour"
            } else {
                "certainty, centre and average"
            },
        })
    }
}
