//! The design table: what was sampled, stratum by stratum, over all answers.
//!
//! Variance needs the design's PSUs, also those with nobody in a domain; so this table is made once per wave from all
//! answers and joined to the sums in Rust.

use codebook::{Code, LonelyPsu, VariableName};

use crate::{Calibration, Replicates, Wide};

/// The design of a wave as it came out.
#[derive(Debug, Clone, PartialEq)]
pub struct DesignTable {
    /// The stratum variables, in the order of the keys. A share of one of them is fixed by the design, not estimated.
    pub variables: Vec<VariableName>,
    /// Sorted by key. Every stratum that has a usable answer is here.
    pub strata: Vec<Stratum>,
    /// For each stratum of the answers, in the order of [`weigh`](crate::weigh)'s argument (that is, by `__stratum` in the
    /// Parquet file): its index in `strata`. A collapsed stratum has its neighbour's.
    pub of_answers: Vec<usize>,
    /// What a stratum with one PSU out of several contributes.
    pub lonely: LonelyPsu,
    /// Whether units are PSUs.
    pub units_are_psus: bool,
    /// Whether weights and strata are known as they were drawn; if not, every interval is approximate.
    pub known: bool,
    /// The stages behind the first, outermost first; empty where only PSUs were sampled, or later stages do not count.
    pub later: Vec<LaterStage>,
    /// Replicate weights, which then give the variance instead of strata and PSUs.
    pub replicates: Option<Replicates>,
    /// What the weights were calibrated to, which takes part of the variance away.
    pub calibration: Option<Calibration>,
    /// The category variables whose shares the weights were calibrated to. Among all answers they are known, not estimated.
    pub calibrated: Vec<VariableName>,
}

impl DesignTable {
    /// A sample of units, stratum by stratum, with nothing else to it.
    #[must_use]
    pub fn of_strata(strata: Vec<Stratum>, lonely: LonelyPsu) -> Self {
        Self {
            variables: Vec::new(),
            of_answers: (0..strata.len()).collect(),
            strata,
            lonely,
            units_are_psus: true,
            known: true,
            later: Vec::new(),
            replicates: None,
            calibration: None,
            calibrated: Vec::new(),
        }
    }

    /// Whether all of each sampled PSU is in the sample, as far as sizes are declared, so that nothing but PSUs was sampled.
    pub(crate) fn samples_only_psus(&self) -> bool {
        let mut sizes = self.later.iter().flat_map(|stage| &stage.sizes);
        sizes.all(|size| size.correction().is_zero())
    }
}

/// A stage behind the first: clusters sampled within those of the stage above.
#[derive(Debug, Clone, PartialEq)]
pub struct LaterStage {
    /// For each sampled cluster of this stage: the number of the cluster of the stage above that it lies in.
    pub parents: Vec<usize>,
    /// For each sampled cluster of the stage above: how many clusters of this stage it has.
    pub sizes: Vec<ClusterSize>,
}

/// How much of a cluster was sampled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClusterSize {
    /// Clusters of the next stage in the sample.
    pub sampled: u64,
    /// Clusters of the next stage in the population; `None` if not declared.
    pub population: Option<Wide>,
}

impl ClusterSize {
    /// 1 - n/N, as [`Stratum::correction`].
    pub(crate) fn correction(&self) -> Wide {
        correction(self.sampled, self.population)
    }

    /// As [`Stratum::is_lonely`].
    pub(crate) fn is_lonely(&self) -> bool {
        self.sampled == 1 && !self.correction().is_zero()
    }
}

/// 1 - n/N: 1 when no population size is declared, 0 when it is below 1e-7 (statistics section 2).
fn correction(sampled: u64, population: Option<Wide>) -> Wide {
    const WHOLE: f64 = 1e-7;
    let Some(population) = population else { return Wide::ONE };
    let correction = Wide::ONE - Wide::from_count(sampled) / population;
    if correction.to_f64() < WHOLE { Wide::ZERO } else { correction }
}

/// One stratum.
#[derive(Debug, Clone, PartialEq)]
pub struct Stratum {
    /// The codes of the stratum variables, in the order of the design; empty if there is one stratum.
    pub key: Vec<Code>,
    /// Usable answers with a weight above 0.
    pub units: u64,
    /// PSUs with a weight above 0; equal to `units` where units are PSUs.
    pub psus: u64,
    /// PSUs in the population; `None` if not declared.
    pub population: Option<Wide>,
    /// The weight of every unit of the stratum, when a recipe makes them: N_h / r_h, or 1. `None` when units carry their own.
    pub weight: Option<Wide>,
}

impl Stratum {
    /// 1 - n/N: 1 when no population size is declared, 0 when it is below 1e-7 (statistics section 2).
    #[must_use]
    pub fn correction(&self) -> f64 {
        self.wide_correction().to_f64()
    }

    /// The correction with all its digits, for the variance.
    #[must_use]
    pub fn wide_correction(&self) -> Wide {
        correction(self.psus, self.population)
    }

    /// Whether every PSU of the population is in the sample.
    #[must_use]
    pub fn is_sampled_whole(&self) -> bool {
        self.wide_correction().is_zero()
    }

    /// Whether the sample has one PSU out of several, so that the stratum shows no variance of its own.
    pub(crate) fn is_lonely(&self) -> bool {
        self.psus == 1 && !self.is_sampled_whole()
    }
}
