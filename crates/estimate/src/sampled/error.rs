//! Why the columns of a file are not a design.

use crate::Wide;

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
    /// A size is neither a count nor a fraction, or one of no population there is: weights made of it could not be calculated with.
    #[error(
        "the size of stage {stage} is {size} in {place}; expected a count or a fraction above 0, between 1e-15 and 1e15"
    )]
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

/// A size in a message.
pub(super) fn text(number: Wide) -> String {
    number.to_f64().to_string()
}
