//! What `barometer estimate` is asked for.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use codebook::LonelyPsu;
use estimate::{Degrees, IntervalMethod};

/// Estimates asked of one data file. Columns and expressions are texts as the user wrote them.
#[derive(Debug, Clone)]
pub struct EstimateRequest {
    /// The data file: delimited text or Parquet.
    pub file: PathBuf,
    /// A private folder for intermediate files with microdata; they are removed at the end.
    pub work: PathBuf,
    /// Threads of every step.
    pub threads: NonZeroUsize,
    /// The column of weights. Without one, weights are N/n over the stages that have population sizes, else 1.
    pub weight: Option<String>,
    /// The columns whose values make the strata.
    pub strata: Vec<String>,
    /// The columns that identify clusters, outermost stage first.
    pub psu: Vec<String>,
    /// The columns of population sizes, outermost stage first.
    pub population: Vec<String>,
    /// What a stratum with one PSU contributes.
    pub lonely: Lonely,
    /// Replicate weights.
    pub replicates: Option<ReplicateRequest>,
    /// The statistics, in the order in which they were asked for.
    pub asked: Vec<Asked>,
    /// The columns whose values make the domains.
    pub by: Vec<String>,
    /// A condition: who is counted.
    pub condition: Option<String>,
    /// How intervals of shares are made.
    pub interval: IntervalMethod,
    /// How the share below a quantile gets its interval.
    pub quantile_interval: IntervalMethod,
    /// The confidence level, between 0 and 1.
    pub level: f64,
    /// What degrees of freedom count.
    pub degrees: Degrees,
}

/// What a stratum with one PSU out of several contributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lonely {
    /// As the rule says.
    Rule(LonelyPsu),
    /// It joins a named neighbour: the values of its stratum columns, and those of the neighbour.
    Collapse(Vec<(Vec<String>, Vec<String>)>),
}

/// One thing asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// `--mean EXPR`
    Mean(String),
    /// `--share EXPR`
    Share(String),
    /// `--total EXPR`
    Total(String),
    /// `--ratio NUM/DEN`
    Ratio(String),
    /// `--quantile EXPR:P`
    Quantile(String),
    /// `--test ROW,COL`
    Test(String),
    /// `--diff EXPR:COL=A,B`
    Difference(String),
}

/// Replicate weights: those of the file, or made from the design.
#[derive(Debug, Clone, PartialEq)]
pub enum ReplicateRequest {
    /// Columns of the file whose names fit a pattern, in which `*` stands for anything and `?` for one character.
    Supplied {
        /// The pattern.
        pattern: String,
        /// How they were made.
        method: estimate::ReplicateMethod,
    },
    /// The jackknife: one replicate for each PSU.
    Jackknife,
    /// The bootstrap of Rao and Wu.
    Bootstrap {
        /// Replicates.
        replicates: usize,
        /// The same seed gives the same numbers.
        seed: u64,
    },
}
