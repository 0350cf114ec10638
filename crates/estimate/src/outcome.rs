//! What comes of a statistic: a value with its uncertainty, or the reason why there is none.

use codebook::Measure;

use crate::interval::ShareEvidence;
use crate::linearise::Statistic;
use crate::variance::{Fixed, Precision};
use crate::{DesignTable, Interval, Method, Wide};

/// An estimate, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "nearly every cell is estimated, and an estimate is copied")]
pub enum Outcome {
    /// It could be estimated.
    Estimated(Estimate),
    /// It could not.
    NotEstimable {
        /// Why.
        reason: NotEstimable,
        /// Unweighted units in the domain.
        n: u64,
    },
}

/// Why there is no estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotEstimable {
    /// Nobody is in the domain.
    Empty,
    /// The denominator of a ratio is 0, so it has no value.
    NoDenominator,
    /// The variance is 0 although the sample is not a census: the value stands, its error is unknown, so it is not published.
    NoVariance,
    /// The design leaves no degree of freedom: a variance from one PSU tells nothing.
    NoDegreesOfFreedom,
    /// The design does not say what the variance is: a replicate leaves the whole domain out, or every stratum has one PSU and should
    /// have the mean variance of the others. Or its squares are no numbers.
    UnknownVariance,
    /// The sample holds no value that bounds a quantile on one of its sides.
    Unbounded,
}

/// What a design effect compares a sample with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DesignEffect {
    /// A simple random sample of as many units: s^2 (N - n)/(N n), N the sum of the weights.
    WithoutReplacement,
    /// As many units drawn one by one, each from the whole population: s^2/n.
    WithReplacement,
}

/// One estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The share (0 to 1), mean, total or quantile.
    pub value: f64,
    /// The linearised standard error.
    pub se: f64,
    /// The lower confidence limit.
    pub low: f64,
    /// The upper confidence limit.
    pub high: f64,
    /// Degrees of freedom; 0 where the interval is the point: in a census, or where the design fixes a share.
    pub df: f64,
    /// Unweighted units in the domain.
    pub n: u64,
    /// Those of them with a value other than 0: for a share, the unweighted numerator.
    pub positive: u64,
    /// The design effect: the variance over that of a simple random sample of the same size without replacement. `None` where it is
    /// not defined: a ratio, a quantile, a difference; weights that do not tell how large the population is.
    pub deff: Option<f64>,
    /// Of a quantile: who is beyond its limits and beside its numbers, which are values that units have, or lie next to one.
    pub sides: Option<Sides>,
}

/// The units around a quantile and its limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sides {
    /// The units at or below the lower limit, or at or above the upper one, whichever are fewer.
    pub fewest: u64,
    /// The units whose value is rounded to the same number as the estimate is, or as a limit is, whichever are fewest: to `10^-6`, `10^-5` and so on to `10^15`.
    pub alike: [u64; Self::UNITS],
}

impl Sides {
    /// Powers of ten that numbers may be rounded to.
    pub const UNITS: usize = 22;
    /// The exponent of the smallest.
    pub const FINEST: i8 = -6;

    /// The exponents of ten that numbers may be rounded to, with how many units have the same number then.
    pub fn by_exponent(&self) -> impl Iterator<Item = (i8, u64)> {
        (Self::FINEST..).zip(self.alike)
    }
}

impl Outcome {
    /// Unweighted units in the domain.
    #[must_use]
    pub fn n(&self) -> u64 {
        match self {
            Self::Estimated(estimate) => estimate.n,
            Self::NotEstimable { n, .. } => *n,
        }
    }

    /// Of a quantile that could be estimated, as [`Estimate::sides`].
    #[must_use]
    pub fn sides(&self) -> Option<Sides> {
        match self {
            Self::Estimated(estimate) => estimate.sides,
            Self::NotEstimable { .. } => None,
        }
    }

    /// Why there is no estimate.
    #[must_use]
    pub fn reason(&self) -> Option<NotEstimable> {
        match self {
            Self::Estimated(_) => None,
            Self::NotEstimable { reason, .. } => Some(*reason),
        }
    }
}

impl Estimate {
    /// The coefficient of variation: the standard error in parts of the value. `None` for a value of 0.
    #[must_use]
    pub fn cv(&self) -> Option<f64> {
        let cv = self.se / self.value.abs();
        cv.is_finite().then_some(cv)
    }

    /// The size of a simple random sample that is as good: n over the design effect.
    #[must_use]
    pub fn effective_n(&self) -> Option<f64> {
        let effective = Wide::from_count(self.n).to_f64() / self.deff?;
        effective.is_finite().then_some(effective)
    }
}

impl Statistic {
    /// The estimate of a cell.
    pub(crate) fn outcome(&self, measure: Measure, fixed: Fixed, design: &DesignTable, method: Method) -> Outcome {
        let value = self.value.to_f64();
        let (n, positive) = (self.totals.n, self.totals.positive);
        let (variance, df) = match Precision::new(&self.values, fixed, design, method.degrees) {
            Precision::Exact => return Outcome::exact(value, n, positive),
            Precision::Unknown(reason) => return Outcome::NotEstimable { reason, n },
            Precision::Sampled { variance, df } => (variance, df),
        };
        let se = libm::sqrt(variance.to_f64());
        let interval = match measure {
            Measure::Share => ShareEvidence {
                share: value,
                complement: (Wide::ONE - self.value).to_f64(),
                se,
                df,
                n,
                positive,
                kish_n: self.totals.effective_n().to_f64(),
            }
            .interval(method.shares, method.level),
            Measure::Mean | Measure::Total | Measure::Ratio | Measure::Quantile { .. } if variance.is_zero() => None,
            Measure::Mean | Measure::Total | Measure::Ratio | Measure::Quantile { .. } => {
                Some(Interval::around(value, se, df, method.level))
            }
        };
        let deff = self.design_effect(measure, variance, DesignEffect::WithoutReplacement);
        match interval {
            Some(Interval { low, high }) => {
                Outcome::Estimated(Estimate { value, se, low, high, df, n, positive, deff, sides: None })
            }
            None => Outcome::NotEstimable { reason: NotEstimable::NoVariance, n },
        }
    }
}

impl Outcome {
    /// A value without any error: of a census, or fixed by the design.
    pub(crate) fn exact(value: f64, n: u64, positive: u64) -> Self {
        Self::Estimated(Estimate {
            value,
            se: 0.0,
            low: value,
            high: value,
            df: 0.0,
            n,
            positive,
            deff: None,
            sides: None,
        })
    }
}
