//! The design of a data file, as it is found in the file: clusters within clusters within strata, and the sizes written beside them.
//!
//! A survey of this program declares its design and [`weigh`](crate::weigh) reads it; a file from elsewhere only has columns: strata, ids
//! of clusters stage by stage, and for each stage how many clusters the population has there. This module makes the design
//! table of such columns, and refuses those that contradict themselves: all errors at once, each naming the place. It never
//! sees a row, only one line for each cluster.
//!
//! Ids of clusters are nested in strata, and those of later stages in the clusters above: the same id elsewhere is another
//! cluster. Sizes are read as R `survey` reads `fpc`: all of them are counts (none below 1), or all of them are sampling
//! fractions (none above 1); it decides over all stages together, not stage by stage, and so does this. Where R warns that a size
//! varies within its stratum, this is an error.

mod error;
mod shape;
mod size;

pub use error::SampleError;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use codebook::LonelyPsu;

use crate::collapse::{Collapse, Unsound};
use crate::{ClusterSize, DesignTable, LaterStage, Stratum, Wide};
use shape::{Groups, Place, Shape};

/// One cluster of the last stage in the sample; where units are PSUs, one stratum.
#[derive(Debug, Clone, PartialEq)]
pub struct SampledCluster {
    /// The values of the stratum variables as text; empty without strata.
    pub stratum: Vec<String>,
    /// The ids of the clusters it lies in and its own, outermost first; empty where units are PSUs. As long in every cluster.
    pub path: Vec<String>,
    /// Its units with a weight above 0.
    pub units: u64,
    /// The size found in it for each stage, outermost first; as many in every cluster.
    pub sizes: Vec<Size>,
}

/// What a column of sizes says within one cluster: how many clusters (at the last stage: units) there are to sample from in
/// the stratum or cluster above, or which fraction of them was sampled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    /// The smallest; `None` if any unit lacks it.
    pub smallest: Option<Wide>,
    /// The largest; `None` if every unit lacks it.
    pub largest: Option<Wide>,
}

impl Size {
    /// The same size in every unit.
    #[must_use]
    pub fn constant(size: Wide) -> Self {
        Self { smallest: Some(size), largest: Some(size) }
    }
}

/// Where weights come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weights {
    /// Every unit has its own.
    Supplied,
    /// N/n, multiplied over the stages.
    FromSizes,
    /// All are 1.
    Equal,
}

/// The design of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct SampledDesign {
    /// For the variance. Keys of strata are left empty, since values of a file need not be codes; see `strata`.
    pub table: DesignTable,
    /// The values of the stratum variables, in the order of the table's strata: sorted as texts, so that "10" stands before "9".
    /// A collapsed stratum is not here.
    pub strata: Vec<Vec<String>>,
    /// For each cluster as given: the index of its stratum in the table, and its number as [`PsuCell::psu`](crate::PsuCell::psu) wants
    /// it. That is the number of the cluster of the last stage whose size is declared, or of the PSU if none is. Numbers
    /// run from 0 through all strata, in the order of the ids as texts. Where units are PSUs, the number is 0 and units are
    /// numbered by the caller.
    pub of_cluster: Vec<(usize, usize)>,
    /// For each cluster as given: the weight of its units, when weights are made from sizes.
    pub weights: Option<Vec<Wide>>,
}

/// Makes the design of the clusters of a file, in any order. Each step of `collapse` makes one stratum part of another;
/// what was sampled and what there is are added up, stratum by stratum, for the variance; weights stay those that units were drawn with. Clusters without a unit of weight above 0 are numbered, but not
/// counted as sampled. Stages beyond the last declared size contribute nothing to the variance.
///
/// # Errors
/// When sizes are missing, differ where they must not, are neither counts nor fractions, or are below what was sampled;
/// when a stratum or cluster is lonely and that is refused; when weights cannot be made; when a collapse makes no sense.
///
/// # Panics
/// When clusters differ in their number of stages or sizes, or one comes twice: bugs of the caller.
pub fn sampled_design(
    clusters: &[SampledCluster],
    collapse: &[(Vec<String>, Vec<String>)],
    lonely: LonelyPsu,
    weights: Weights,
) -> Result<SampledDesign, Vec<SampleError>> {
    let shape = Shape::of(clusters);
    let mut errors = shape.misfits(weights);
    let collapse = read_collapse(collapse, clusters, &mut errors);
    let groups = shape.groups(clusters, &mut errors);
    if !errors.is_empty() {
        return Err(errors);
    }
    let sample = Sample { clusters, shape, strata: merge(clusters, &groups, &collapse), groups, collapse };
    let refused = match lonely {
        LonelyPsu::Refuse => sample.lonely(),
        LonelyPsu::Certainty | LonelyPsu::Centre | LonelyPsu::Average => Vec::new(),
    };
    if refused.is_empty() { Ok(sample.design(lonely, weights)) } else { Err(refused) }
}

fn read_collapse<'a>(
    steps: &'a [(Vec<String>, Vec<String>)],
    clusters: &[SampledCluster],
    errors: &mut Vec<SampleError>,
) -> Collapse<'a, String> {
    let name = |key: &[String]| Place::of_stratum(key).name();
    let mut into: BTreeMap<&[String], BTreeSet<&[String]>> = BTreeMap::new();
    for (from, end) in steps {
        into.entry(from).or_default().insert(end);
    }
    let twice = into.into_iter().filter(|(_, ends)| ends.len() > 1);
    errors.extend(twice.map(|(key, _)| SampleError::CollapsedTwice { place: name(key) }));

    let known = clusters.iter().map(|cluster| cluster.stratum.as_slice()).collect();
    let (collapse, unsound) = Collapse::new(steps, &known);
    errors.extend(unsound.into_iter().map(|unsound| match unsound {
        Unsound::Unknown(key) => SampleError::UnknownCollapse { place: name(key) },
        Unsound::InCircle(key) => SampleError::CollapseInCircle { place: name(key) },
    }));
    collapse
}

/// A stratum of the design after collapsing.
struct Merged {
    /// Units with a weight above 0.
    units: u64,
    size: ClusterSize,
    /// Whether nothing was collapsed into it.
    drawn_as_one: bool,
}

fn merge<'a>(
    clusters: &[SampledCluster],
    groups: &[Groups<'a>],
    collapse: &Collapse<'a, String>,
) -> BTreeMap<Vec<String>, Merged> {
    let mut strata: BTreeMap<Vec<String>, Merged> = BTreeMap::new();
    for (place, size) in groups.iter().take(1).flatten() {
        match strata.entry(collapse.destination(place.stratum).to_vec()) {
            Entry::Vacant(entry) => drop(entry.insert(Merged { units: 0, size: *size, drawn_as_one: true })),
            Entry::Occupied(mut entry) => {
                let merged = entry.get_mut();
                merged.size.add(*size);
                merged.drawn_as_one = false;
            }
        }
    }
    for cluster in clusters {
        let key = collapse.destination(&cluster.stratum);
        strata.get_mut(key).expect("every cluster lies in a group of the first stage").units += cluster.units;
    }
    strata
}

/// A sample in which nothing contradicts itself.
struct Sample<'a> {
    clusters: &'a [SampledCluster],
    shape: Shape,
    /// By stage.
    groups: Vec<Groups<'a>>,
    strata: BTreeMap<Vec<String>, Merged>,
    collapse: Collapse<'a, String>,
}

impl Sample<'_> {
    /// The strata and clusters in which one of several was sampled.
    fn lonely(&self) -> Vec<SampleError> {
        let of_stratum =
            |(key, merged): (&Vec<String>, &Merged)| self.shape.refusal(0, &Place::of_stratum(key), &merged.size);
        let later = self.groups.iter().enumerate().skip(1);
        let of_later = later.flat_map(|(depth, groups)| {
            groups.iter().filter_map(move |(place, size)| self.shape.refusal(depth, place, size))
        });
        self.strata.iter().filter_map(of_stratum).chain(of_later).collect()
    }

    fn design(&self, lonely: LonelyPsu, weights: Weights) -> SampledDesign {
        let indices: BTreeMap<&[String], usize> =
            self.strata.keys().enumerate().map(|(index, key)| (key.as_slice(), index)).collect();
        let index_of = |stratum: &[String]| indices[self.collapse.destination(stratum)];
        let numbers: Vec<BTreeMap<Place<'_>, usize>> =
            (1..=self.shape.counted().min(self.shape.ids)).map(|depth| self.numbers(depth)).collect();
        let number_of =
            |cluster: &SampledCluster| numbers.last().map_or(0, |last| last[&Place::of(cluster, self.shape.counted())]);
        let strata = self.strata.values().map(|merged| self.stratum(merged, weights)).collect();
        let given = self.clusters.iter();
        SampledDesign {
            table: DesignTable {
                of_answers: self.groups[0].keys().map(|place| index_of(place.stratum)).collect(),
                units_are_psus: self.shape.ids == 0,
                later: self.later_stages(&numbers),
                ..DesignTable::of_strata(strata, lonely)
            },
            strata: self.strata.keys().cloned().collect(),
            of_cluster: given.clone().map(|cluster| (index_of(&cluster.stratum), number_of(cluster))).collect(),
            weights: (weights == Weights::FromSizes).then(|| given.map(|cluster| self.weight(cluster)).collect()),
        }
    }

    /// The clusters of a stage, numbered in their order.
    fn numbers(&self, depth: usize) -> BTreeMap<Place<'_>, usize> {
        let places: BTreeSet<Place<'_>> = self.clusters.iter().map(|cluster| Place::of(cluster, depth)).collect();
        places.into_iter().enumerate().map(|(number, place)| (place, number)).collect()
    }

    /// The stages behind the first. The groups of a stage are the clusters of the one above, in the order of their numbers.
    fn later_stages(&self, numbers: &[BTreeMap<Place<'_>, usize>]) -> Vec<LaterStage> {
        let pairs = numbers.iter().zip(numbers.iter().skip(1));
        pairs
            .zip(self.groups.iter().skip(1))
            .map(|((above, below), groups)| LaterStage {
                parents: below
                    .keys()
                    .map(|Place { stratum, path }| above[&Place { stratum, path: &path[..path.len() - 1] }])
                    .collect(),
                sizes: groups.values().copied().collect(),
            })
            .collect()
    }

    fn stratum(&self, merged: &Merged, weights: Weights) -> Stratum {
        let Merged { units, size, drawn_as_one } = merged;
        let weight = match weights {
            Weights::Equal => Some(Wide::ONE),
            Weights::FromSizes if self.shape.stages() == 1 && *drawn_as_one => Some(size.weight()),
            Weights::FromSizes | Weights::Supplied => None,
        };
        Stratum { key: Vec::new(), units: *units, psus: size.sampled, population: size.population, weight }
    }

    /// N/n of the stratum that it was drawn from and of every cluster above. Collapsing is for the variance: it changes nobody's chance of
    /// having been drawn.
    fn weight(&self, cluster: &SampledCluster) -> Wide {
        let stages = self.groups.iter().enumerate();
        stages.fold(Wide::ONE, |weight, (depth, groups)| weight * groups[&Place::of(cluster, depth)].weight())
    }
}

impl ClusterSize {
    /// Both together. What is not declared of one is not declared of both.
    fn add(&mut self, other: Self) {
        self.sampled += other.sampled;
        self.population = self.population.zip(other.population).map(|(ours, theirs)| ours + theirs);
    }

    /// N/n: how many each sampled one stands for. 0 where nothing was sampled, so that no unit has a weight.
    fn weight(&self) -> Wide {
        let population = self.population.filter(|_| self.sampled > 0);
        population.map_or(Wide::ZERO, |population| population / Wide::from_count(self.sampled))
    }
}
