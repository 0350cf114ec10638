//! Replicate weights that come with the data, as statistics agencies publish them.

use super::rank::rank;
use super::{Bearer, Centre, Replicates, Unreplicated};
use crate::Wide;

/// How supplied replicate weights were made, which tells how they are scaled. R is the number of replicates.
#[derive(Debug, Clone, PartialEq)]
pub enum ReplicateMethod {
    /// Jackknife of an unstratified sample: scale (1 - f) (R - 1)/R.
    Jk1 {
        /// 1 - f, 1 without a correction.
        correction: Wide,
    },
    /// Jackknife of a stratified sample: scale 1.
    Jkn {
        /// (n_h - 1)/n_h of the stratum of each replicate. If unstated it is read off factors as R does, as 1 over the
        /// largest of the replicate, n_h/(n_h - 1); combined weights may have been adjusted since, and do not tell.
        rscales: Option<Vec<Wide>>,
        /// 1 - f_h of the stratum of each replicate; `None` without a correction.
        corrections: Option<Vec<Wide>>,
    },
    /// Jackknife of pairs, one replicate for each stratum (Westat's JK2): it leaves out one PSU of the pair and doubles the other, so
    /// it is off by as much as either of the two replicates that [`Jkn`](Self::Jkn) takes the half of. Scale and rscales 1. Agencies take the squares around the full
    /// estimate; around the mean, R of such replicates show only (R - 1)/R of the variance.
    Jk2,
    /// Balanced repeated replication: scale 1/R.
    Brr,
    /// BRR in which the half left out keeps a weight: scale 1/(R (1 - rho)^2).
    Fay {
        /// The factor of what BRR would leave out: from 0 to below 1.
        rho: Wide,
    },
    /// Bootstrap: scale 1/(R - 1) as in R. Some agencies (Statistics Canada, and SAS) take 1/R around the full
    /// estimate; weights that are means of C bootstrap samples need C times as much. Set [`Replicates::scale`] and
    /// [`Replicates::centre`] for these.
    Bootstrap,
    /// Successive differences, as in the American Community Survey: scale 4/R. The bureau takes them around the full
    /// estimate.
    Sdr,
}

/// What the columns of replicate weights in a file hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplicateWeights {
    /// Whole weights, which stand in for the weight of the unit (R's `combined.weights = TRUE`).
    Combined,
    /// Factors, which multiply the weight of the unit.
    Factors,
}

/// Why replicate weights cannot be used. Units and replicates are counted from 0 in the fields and from 1 in the
/// messages.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ReplicateError {
    /// No replicates.
    #[error("there are no replicates")]
    NoReplicates,
    /// A replicate with weights of more or fewer units than there are.
    #[error("replicate {} has weights of {found} units, but there are {units}", .replicate + 1)]
    Length {
        /// The replicate.
        replicate: usize,
        /// Its weights.
        found: usize,
        /// The weights of the sample.
        units: usize,
    },
    /// A weight of the sample below 0, or not a number.
    #[error("unit {} has a weight that is negative or not a number", .unit + 1)]
    Weight {
        /// The unit.
        unit: usize,
    },
    /// A weight in a replicate below 0, or not a number.
    #[error("unit {} has a weight in replicate {} that is negative or not a number", .unit + 1, .replicate + 1)]
    ReplicateWeight {
        /// The replicate.
        replicate: usize,
        /// The unit.
        unit: usize,
    },
    /// A weight in a replicate for a unit that has none in the sample.
    #[error("unit {} has a weight in replicate {}, but weight 0 in the sample", .unit + 1, .replicate + 1)]
    OnlyInReplicate {
        /// The replicate.
        replicate: usize,
        /// The unit.
        unit: usize,
    },
    /// A factor of Fay's method that is not from 0 to below 1.
    #[error("rho is {rho}; Fay's method takes 0 or more and less than 1")]
    Rho {
        /// The factor.
        rho: f64,
    },
    /// A stratified jackknife of whole weights, without rscales.
    #[error("a stratified jackknife needs the rscale of each replicate, (n - 1)/n: whole weights do not tell it")]
    NoRscales,
    /// Rscales or corrections that are not one per replicate.
    #[error("there are {found} {what} for {replicates} replicates")]
    Count {
        /// "rscales" or "corrections".
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many replicates.
        replicates: usize,
    },
    /// An rscale below 0, or not a number.
    #[error("the rscale of replicate {} is negative or not a number", .replicate + 1)]
    Rscale {
        /// The replicate.
        replicate: usize,
    },
    /// A finite population correction 1 - f that is not from 0 to 1.
    #[error("a finite population correction is {correction}; it is 1 - n/N, from 0 to 1")]
    Correction {
        /// The correction.
        correction: f64,
    },
    /// A bootstrap of a stratum with one PSU where the design wants its distance from the mean: no drawing shows that.
    #[error("stratum {} has one PSU, which a bootstrap cannot treat by the rule \"centre\"", .stratum + 1)]
    LonelyInBootstrap {
        /// Index into [`DesignTable::strata`](crate::DesignTable::strata).
        stratum: usize,
    },
}

impl Replicates {
    /// The replicates of a file: `weights` by unit and `replicate_weights` by replicate and unit, both in the order of
    /// [`UnitValue::unit`](crate::UnitValue::unit). Squares are taken around the mean of the replicates, as R does
    /// unless told ([`Replicates::centre`] can be set), and degrees of freedom are the rank of the replicate weights
    /// less 1.
    ///
    /// Costs n R^2 multiplications for the rank, n units and R replicates.
    ///
    /// # Errors
    /// [`ReplicateError`]: the first thing that is wrong, replicate by replicate.
    pub fn supplied(
        method: &ReplicateMethod,
        weights: &[Wide],
        mut replicate_weights: Vec<Vec<Wide>>,
        form: ReplicateWeights,
    ) -> Result<Self, ReplicateError> {
        if replicate_weights.is_empty() {
            return Err(ReplicateError::NoReplicates);
        }
        if let Some(unit) = weights.iter().position(|weight| !is_weight(*weight)) {
            return Err(ReplicateError::Weight { unit });
        }
        for (replicate, numbers) in replicate_weights.iter_mut().enumerate() {
            check(replicate, numbers, weights, form)?;
            if form == ReplicateWeights::Combined {
                divide(numbers, weights);
            }
        }
        let factors = replicate_weights;
        let (scale, rscales) = method.scaling(&factors, form)?;
        let df = Wide::from_count(rank(weights, &factors).saturating_sub(1)).to_f64();
        let (bearer, centre, unreplicated) = (Bearer::Unit, Centre::Mean, Unreplicated::Nothing);
        Ok(Self { bearer, factors, scale, rscales, centre, unreplicated, df })
    }
}

fn is_weight(weight: Wide) -> bool {
    weight >= Wide::ZERO && weight.to_f64().is_finite()
}

fn check(replicate: usize, numbers: &[Wide], weights: &[Wide], form: ReplicateWeights) -> Result<(), ReplicateError> {
    let (found, units) = (numbers.len(), weights.len());
    if found != units {
        return Err(ReplicateError::Length { replicate, found, units });
    }
    for (unit, (number, weight)) in numbers.iter().zip(weights).enumerate() {
        if !is_weight(*number) {
            return Err(ReplicateError::ReplicateWeight { replicate, unit });
        }
        if form == ReplicateWeights::Combined && weight.is_zero() && !number.is_zero() {
            return Err(ReplicateError::OnlyInReplicate { replicate, unit });
        }
    }
    Ok(())
}

/// Makes factors of whole weights. Units without a weight count nowhere, so their factor does not matter.
fn divide(numbers: &mut [Wide], weights: &[Wide]) {
    for (number, weight) in numbers.iter_mut().zip(weights).filter(|(_, weight)| !weight.is_zero()) {
        *number = *number / *weight;
    }
}

impl ReplicateMethod {
    /// Scale and rscales.
    fn scaling(&self, factors: &[Vec<Wide>], form: ReplicateWeights) -> Result<(Wide, Vec<Wide>), ReplicateError> {
        let replicates = factors.len();
        let count = u64::try_from(replicates).expect("a number of replicates fits 64 bits");
        let equal = vec![Wide::ONE; replicates];
        match self {
            Self::Jk1 { correction } => {
                check_correction(*correction)?;
                Ok((Wide::from_ratio(count - 1, count) * *correction, equal))
            }
            Self::Jkn { rscales, corrections } => {
                let mut rscales = match (rscales, form) {
                    (Some(rscales), _) => checked_rscales(rscales, replicates)?,
                    (None, ReplicateWeights::Factors) => factors.iter().map(|factors| rscale_of(factors)).collect(),
                    (None, ReplicateWeights::Combined) => return Err(ReplicateError::NoRscales),
                };
                for (rscale, correction) in rscales.iter_mut().zip(checked_corrections(corrections, replicates)?) {
                    *rscale = *rscale * correction;
                }
                Ok((Wide::ONE, rscales))
            }
            Self::Jk2 => Ok((Wide::ONE, equal)),
            Self::Brr => Ok((Wide::from_ratio(1, count), equal)),
            Self::Fay { rho } if *rho >= Wide::ZERO && *rho < Wide::ONE => {
                Ok((Wide::ONE / (Wide::from_count(count) * (Wide::ONE - *rho).square()), equal))
            }
            Self::Fay { rho } => Err(ReplicateError::Rho { rho: rho.to_f64() }),
            // One replicate shows no spread around its own mean, whatever its scale.
            Self::Bootstrap => Ok((Wide::from_ratio(1, (count - 1).max(1)), equal)),
            Self::Sdr => Ok((Wide::from_ratio(4, count), equal)),
        }
    }
}

/// (n - 1)/n, from the largest factor n/(n - 1) of a jackknife replicate; 0 for a replicate without any weight.
fn rscale_of(factors: &[Wide]) -> Wide {
    let largest =
        factors.iter().copied().fold(Wide::ZERO, |largest, factor| if factor > largest { factor } else { largest });
    if largest.is_zero() { Wide::ZERO } else { Wide::ONE / largest }
}

fn checked_rscales(rscales: &[Wide], replicates: usize) -> Result<Vec<Wide>, ReplicateError> {
    if rscales.len() != replicates {
        return Err(ReplicateError::Count { what: "rscales", found: rscales.len(), replicates });
    }
    match rscales.iter().position(|rscale| !is_weight(*rscale)) {
        Some(replicate) => Err(ReplicateError::Rscale { replicate }),
        None => Ok(rscales.to_vec()),
    }
}

fn checked_corrections(corrections: &Option<Vec<Wide>>, replicates: usize) -> Result<Vec<Wide>, ReplicateError> {
    let Some(corrections) = corrections else { return Ok(vec![Wide::ONE; replicates]) };
    if corrections.len() != replicates {
        return Err(ReplicateError::Count { what: "corrections", found: corrections.len(), replicates });
    }
    corrections.iter().try_for_each(|correction| check_correction(*correction))?;
    Ok(corrections.clone())
}

fn check_correction(correction: Wide) -> Result<(), ReplicateError> {
    let is_part = correction >= Wide::ZERO && correction <= Wide::ONE;
    if is_part { Ok(()) } else { Err(ReplicateError::Correction { correction: correction.to_f64() }) }
}
