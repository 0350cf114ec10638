//! The design table: what was sampled, stratum by stratum, over all answers.
//!
//! Variance needs the design's PSUs, also those with nobody in a domain; so this table is made once per wave from all
//! answers and joined to the sums in Rust.

use codebook::{Code, LonelyPsu, VariableName};

use crate::Wide;

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
    pub(crate) fn wide_correction(&self) -> Wide {
        const WHOLE: f64 = 1e-7;
        let Some(population) = self.population else { return Wide::ONE };
        let correction = Wide::ONE - Wide::from_count(self.psus) / population;
        if correction.to_f64() < WHOLE { Wide::ZERO } else { correction }
    }

    /// Whether every PSU of the population is in the sample.
    pub(crate) fn is_sampled_whole(&self) -> bool {
        self.wide_correction().is_zero()
    }

    /// Whether the sample has one PSU out of several, so that the stratum shows no variance of its own.
    pub(crate) fn is_lonely(&self) -> bool {
        self.psus == 1 && !self.is_sampled_whole()
    }
}
