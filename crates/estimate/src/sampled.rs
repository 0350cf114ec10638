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

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use codebook::LonelyPsu;

use crate::collapse::{Collapse, Unsound};
use crate::{ClusterSize, DesignTable, LaterStage, Stratum, Wide};

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

/// Why the columns of a file are not a design. A place is a stratum, or a cluster with the ids of those it lies in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SampleError {
    /// More columns of sizes than stages.
    #[error("sizes of {sizes} stages are given, but the sample has {stages}; expected at most one size for each stage")]
    MoreSizesThanStages {
        /// Columns of sizes.
        sizes: usize,
        /// Stages of sampling.
        stages: usize,
    },
    /// Weights cannot be made, because a stage has no sizes.
    #[error("the sizes of stage {stage} are not given; weights made from sizes need those of every stage")]
    NoSizesForWeights {
        /// The first such stage, from 1.
        stage: usize,
    },
    /// A size is missing.
    #[error("the size of stage {stage} is missing in {place}; expected one in every row")]
    MissingSize {
        /// The stage, from 1.
        stage: usize,
        /// Where.
        place: String,
    },
    /// A size differs between rows that were sampled together.
    #[error(
        "the size of stage {stage} is {smallest} in some rows of {place} and {largest} in others; expected the same"
    )]
    SizeVaries {
        /// The stage, from 1.
        stage: usize,
        /// Where.
        place: String,
        /// The smallest size.
        smallest: String,
        /// The largest size.
        largest: String,
    },
    /// A size is neither a count nor a fraction.
    #[error("the size of stage {stage} is {size} in {place}; expected a count or a fraction above 0")]
    NotASize {
        /// The stage, from 1.
        stage: usize,
        /// Where.
        place: String,
        /// The size.
        size: String,
    },
    /// Some sizes are counts and others fractions.
    #[error(
        "sizes are counts in some places ({count}) and fractions in others ({fraction}); expected one kind, at all stages"
    )]
    CountsAndFractions {
        /// A size above 1, and its place.
        count: String,
        /// A size below 1, and its place.
        fraction: String,
    },
    /// More was sampled than there is.
    #[error("{place} has {sampled} in the sample but only {population} in the population")]
    MoreSampledThanThereAre {
        /// Where.
        place: String,
        /// How many of what.
        sampled: String,
        /// Their number in the population.
        population: String,
    },
    /// One cluster where that is refused.
    #[error("{place} has {sampled} in the sample out of {population}; accepted under the rules {accepting}")]
    Lonely {
        /// Where.
        place: String,
        /// One of what.
        sampled: String,
        /// Their number in the population.
        population: String,
        /// The rules that would accept it.
        accepting: &'static str,
    },
    /// A collapse that names a stratum which the file does not have.
    #[error("{place} is collapsed or collapsed into, and is not in the file")]
    UnknownCollapse {
        /// The stratum.
        place: String,
    },
    /// Strata that are collapsed into each other.
    #[error("{place} is collapsed into itself, by way of others")]
    CollapseInCircle {
        /// The stratum.
        place: String,
    },
    /// One stratum collapsed into two.
    #[error("{place} is collapsed into two strata; expected one")]
    CollapsedTwice {
        /// The stratum.
        place: String,
    },
}

/// Makes the design of the clusters of a file, in any order. Each step of `collapse` makes one stratum part of another;
/// what was sampled and what there is are added up, stratum by stratum. Clusters without a unit of weight above 0 are numbered, but not
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

/// A stratum, or a cluster within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place<'a> {
    stratum: &'a [String],
    /// Empty for the stratum as a whole.
    path: &'a [String],
}

impl<'a> Place<'a> {
    /// Where a cluster lies, seen from so many stages down.
    fn of(cluster: &'a SampledCluster, depth: usize) -> Self {
        Self { stratum: &cluster.stratum, path: &cluster.path[..depth] }
    }

    fn of_stratum(stratum: &'a [String]) -> Self {
        Self { stratum, path: &[] }
    }

    /// How it is named in messages.
    fn name(&self) -> String {
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
type Groups<'a> = BTreeMap<Place<'a>, ClusterSize>;

/// How many stages there are, and how many have sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shape {
    /// Ids in a path; 0 where units are PSUs.
    ids: usize,
    sizes: usize,
}

impl Shape {
    fn of(clusters: &[SampledCluster]) -> Self {
        let of = |cluster: &SampledCluster| Self { ids: cluster.path.len(), sizes: cluster.sizes.len() };
        let shape = clusters.first().map_or(Self { ids: 0, sizes: 0 }, of);
        assert!(clusters.iter().all(|cluster| of(cluster) == shape), "all clusters have as many stages and sizes");
        let places: BTreeSet<Place<'_>> = clusters.iter().map(|cluster| Place::of(cluster, shape.ids)).collect();
        assert_eq!(places.len(), clusters.len(), "every cluster comes once");
        shape
    }

    /// Stages of sampling; where units are PSUs there is one.
    fn stages(self) -> usize {
        self.ids.max(1)
    }

    /// Stages that contribute to the variance: the first, and later ones as far as sizes are declared.
    fn counted(self) -> usize {
        self.sizes.clamp(1, self.stages())
    }

    fn misfits(self, weights: Weights) -> Vec<SampleError> {
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
    fn groups<'a>(self, clusters: &'a [SampledCluster], errors: &mut Vec<SampleError>) -> Vec<Groups<'a>> {
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

    fn refusal(self, depth: usize, place: &Place<'_>, size: &ClusterSize) -> Option<SampleError> {
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

fn text(number: Wide) -> String {
    number.to_f64().to_string()
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

/// The sizes of one stage as written, by the place that they are the size of.
fn read_sizes<'a>(
    clusters: &'a [SampledCluster],
    depth: usize,
    errors: &mut Vec<SampleError>,
) -> BTreeMap<Place<'a>, Wide> {
    let mut found: BTreeMap<Place<'a>, Vec<Size>> = BTreeMap::new();
    for cluster in clusters {
        found.entry(Place::of(cluster, depth)).or_default().push(cluster.sizes[depth]);
    }
    let stage = depth + 1;
    let mut sizes = BTreeMap::new();
    for (place, found) in found {
        match one_size(&found) {
            Found::Missing => errors.push(SampleError::MissingSize { stage, place: place.name() }),
            Found::Between(smallest, largest) if smallest != largest => {
                let (smallest, largest) = (text(smallest), text(largest));
                errors.push(SampleError::SizeVaries { stage, place: place.name(), smallest, largest });
            }
            Found::Between(size, _) if size <= Wide::ZERO => {
                errors.push(SampleError::NotASize { stage, place: place.name(), size: text(size) });
            }
            Found::Between(size, _) => drop(sizes.insert(place, size)),
        }
    }
    sizes
}

/// The sizes found in one place.
enum Found {
    Missing,
    /// The smallest and the largest.
    Between(Wide, Wide),
}

fn one_size(sizes: &[Size]) -> Found {
    let ends: Option<Vec<[Wide; 2]>> = sizes.iter().map(|size| Some([size.smallest?, size.largest?])).collect();
    let ends = ends.unwrap_or_default();
    let smallest = ends.iter().map(|[smallest, _]| *smallest).reduce(|a, b| if b < a { b } else { a });
    let largest = ends.iter().map(|[_, largest]| *largest).reduce(|a, b| if b > a { b } else { a });
    match (smallest, largest) {
        (Some(smallest), Some(largest)) => Found::Between(smallest, largest),
        (None, _) | (_, None) => Found::Missing,
    }
}

/// What all sizes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Of clusters or units in the population.
    Counts,
    /// Sampled of the population; also where all are 1, a census of everything.
    Fractions,
}

fn kind_of_sizes(sizes: &[BTreeMap<Place<'_>, Wide>], errors: &mut Vec<SampleError>) -> Kind {
    let written = || {
        sizes.iter().enumerate().flat_map(|(depth, sizes)| sizes.iter().map(move |(place, size)| (depth, place, *size)))
    };
    let name = |(depth, place, size): (usize, &Place<'_>, Wide)| {
        format!("{} at stage {} in {}", text(size), depth + 1, place.name())
    };
    let count = written().find(|(_, _, size)| *size > Wide::ONE).map(name);
    let fraction = written().find(|(_, _, size)| *size < Wide::ONE).map(name);
    match (count, fraction) {
        (Some(count), Some(fraction)) => {
            errors.push(SampleError::CountsAndFractions { count, fraction });
            Kind::Counts
        }
        (Some(_), None) => Kind::Counts,
        (None, _) => Kind::Fractions,
    }
}

/// A stratum of the design after collapsing.
struct Merged {
    /// Units with a weight above 0.
    units: u64,
    size: ClusterSize,
}

fn merge<'a>(
    clusters: &[SampledCluster],
    groups: &[Groups<'a>],
    collapse: &Collapse<'a, String>,
) -> BTreeMap<Vec<String>, Merged> {
    let mut strata: BTreeMap<Vec<String>, Merged> = BTreeMap::new();
    for (place, size) in groups.iter().take(1).flatten() {
        match strata.entry(collapse.destination(place.stratum).to_vec()) {
            Entry::Vacant(entry) => drop(entry.insert(Merged { units: 0, size: *size })),
            Entry::Occupied(mut entry) => entry.get_mut().size.add(*size),
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
        let Merged { units, size } = merged;
        let weight = match weights {
            Weights::Equal => Some(Wide::ONE),
            Weights::FromSizes if self.shape.stages() == 1 => Some(size.weight()),
            Weights::FromSizes | Weights::Supplied => None,
        };
        Stratum { key: Vec::new(), units: *units, psus: size.sampled, population: size.population, weight }
    }

    /// N/n of the stratum and of every cluster above.
    fn weight(&self, cluster: &SampledCluster) -> Wide {
        let of_stratum = self.strata[self.collapse.destination(&cluster.stratum)].size.weight();
        let later = self.groups.iter().enumerate().skip(1);
        later.fold(of_stratum, |weight, (depth, groups)| weight * groups[&Place::of(cluster, depth)].weight())
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
