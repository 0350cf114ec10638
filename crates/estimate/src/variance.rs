//! The one variance.
//!
//! V = sum_h (1 - n_h/N_h) n_h/(n_h - 1) sum_j (z_hj - mean_h z)^2 over the PSUs j of the design's strata h (Särndal, Swensson
//! and Wretman 1992, 3.7; statistics section 2). PSUs outside the domain are in it with z = 0. Lonely PSUs: statistics section 5.

use std::collections::BTreeSet;

use codebook::LonelyPsu;

use crate::linearise::{Linearised, Moments};
use crate::{Degrees, DesignTable, Stratum, Wide};

/// How far an estimate may be off.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Precision {
    /// Not at all: a census, or fixed by the design.
    Exact,
    /// By sampling.
    Sampled {
        /// The variance; 0 if the sample happens to show none.
        variance: Wide,
        /// Degrees of freedom, above 0.
        df: f64,
    },
    /// There is no telling: no degree of freedom is left.
    Unknown,
}

impl Precision {
    /// The precision of the statistic with these linearised values. `fixed` says that the sampling design alone decides it.
    pub(crate) fn new(values: &Linearised, fixed: Fixed, design: &DesignTable, degrees: Degrees) -> Self {
        let strata = values.strata();
        let Some(variance) = variance(values, design) else { return Self::Unknown };
        let census = strata.iter().all(|stratum| design.strata[*stratum].is_sampled_whole());
        if variance.is_zero() && (census || fixed == Fixed::ByDesign) {
            return Self::Exact;
        }
        match degrees_of_freedom(&strata, design, degrees) {
            0 => Self::Unknown,
            df => Self::Sampled { variance, df: Wide::from_count(df).to_f64() },
        }
    }
}

/// Whether a statistic is known before anyone answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fixed {
    /// The stratum, or the domain itself, tells the value of every unit.
    ByDesign,
    /// The answers tell it.
    No,
}

/// PSUs less strata.
fn degrees_of_freedom(holding: &BTreeSet<usize>, design: &DesignTable, degrees: Degrees) -> u64 {
    let counts = |index: usize, stratum: &Stratum| match degrees {
        Degrees::Domain => holding.contains(&index) && !stratum.is_sampled_whole(),
        Degrees::Design => true,
    };
    let strata = design.strata.iter().enumerate().filter(|(index, stratum)| counts(*index, stratum));
    strata.map(|(_, stratum)| stratum.psus.saturating_sub(1)).sum()
}

/// The variance of the total of the linearised values; `None` if lonely strata should have the mean variance of the others
/// and there are none.
///
/// # Panics
/// When the values have a stratum that the design does not have, or a lonely one that the design refuses, and when the
/// variance is negative by more than rounding explains: bugs.
pub(crate) fn variance(values: &Linearised, design: &DesignTable) -> Option<Wide> {
    assert!(
        design.units_are_psus || matches!(values, Linearised::Psus(_)),
        "sums by stratum do not tell the variance of a clustered sample"
    );
    let moments = values.moments();
    let beyond = moments.keys().next_back().is_some_and(|last| *last >= design.strata.len());
    assert!(!beyond, "sums and design table are of the same strata");

    let sampled = || design.strata.iter().enumerate().filter(|(_, stratum)| stratum.psus > 0);
    let of = |index: usize| moments.get(&index).copied().unwrap_or(Moments::ZERO);
    let (lonely, regular): (Vec<_>, Vec<_>) = sampled().partition(|(_, stratum)| stratum.is_lonely());
    let variance: Wide = regular.iter().map(|(index, stratum)| within(stratum, of(*index))).sum();
    if lonely.is_empty() {
        return Some(variance);
    }
    match design.lonely {
        LonelyPsu::Refuse => panic!("the weighing step refuses a lonely PSU where the design does"),
        LonelyPsu::Certainty => Some(variance),
        LonelyPsu::Average if regular.is_empty() => None,
        LonelyPsu::Average => Some(variance + variance * ratio(lonely.len(), regular.len())),
        LonelyPsu::Centre => {
            let psus: u64 = sampled().map(|(_, stratum)| stratum.psus).sum();
            let mean = moments.values().map(|moments| moments.sum).sum::<Wide>() / Wide::from_count(psus);
            let size: f64 = moments.values().map(|moments| moments.size).sum();
            let around_mean = |(index, stratum): &(usize, &Stratum)| {
                stratum.wide_correction() * without_rounding((of(*index).sum - mean).square(), size, psus)
            };
            Some(variance + lonely.iter().map(around_mean).sum())
        }
    }
}

/// What a stratum with several PSUs, or with its whole population, contributes.
fn within(stratum: &Stratum, moments: Moments) -> Wide {
    if stratum.is_sampled_whole() {
        return Wide::ZERO;
    }
    let n = Wide::from_count(stratum.psus);
    let spread = moments.squares - moments.sum.square() / n;
    stratum.wide_correction() * n / (n - Wide::ONE) * without_rounding(spread, moments.size, stratum.psus)
}

/// A sum of squares of which rounding alone is taken for 0. `size` is the sum of the squares before anything was subtracted.
fn without_rounding(squares: Wide, size: f64, terms: u64) -> Wide {
    // Each square is made in some twenty operations of relative error EPSILON, and sums of n terms have n more.
    let bound = Wide::EPSILON * (64.0 + 8.0 * Wide::from_count(terms).to_f64()) * size;
    if squares.abs().to_f64() <= bound {
        return Wide::ZERO;
    }
    assert!(squares > Wide::ZERO, "a sum of squares is negative by more than rounding: {squares:?}, bound {bound:e}");
    squares
}

fn ratio(numerator: usize, denominator: usize) -> Wide {
    let count = |count: usize| u64::try_from(count).expect("a number of strata fits 64 bits");
    Wide::from_ratio(count(numerator), count(denominator))
}
