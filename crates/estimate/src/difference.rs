//! Differences and ratios of statistics, with their covariance.

use codebook::{Comparison, RowComparison};

use crate::linearise::{Linearised, Statistic, Totals};
use crate::variance::{Fixed, Precision};
use crate::{DesignTable, Estimate, Interval, Method, NotEstimable, Outcome, Wide};

/// The difference of a row between two groups of a breakdown; shares as shares, not points. Its interval is t(df).
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Which one.
    pub comparison: Comparison,
    /// The difference and its standard error. `n` and `positive` are those of both groups together.
    pub outcome: Outcome,
}

/// The difference between two rows of a table among the same answers; shares as shares, not points. Its interval is t(df).
#[derive(Debug, Clone, PartialEq)]
pub struct RowDifference {
    /// Which one.
    pub comparison: RowComparison,
    /// The difference and its standard error. `n` and `positive` are those of both rows together, so an answer counts twice.
    pub outcome: Outcome,
}

/// A statistic made from two others, linearised.
pub(crate) struct Contrast {
    pub(crate) value: Wide,
    pub(crate) values: Linearised,
    /// Those of both.
    pub(crate) totals: Totals,
}

impl Statistic {
    /// a - b. The variance is that of z_a - z_b, so the covariance from the strata and PSUs that both are in is part of it. Where only
    /// sums by stratum are known, the two must share no unit.
    pub(crate) fn minus(&self, other: &Self) -> Contrast {
        Contrast {
            value: self.value - other.value,
            values: self.values.minus(&other.values),
            totals: self.totals.with(&other.totals),
        }
    }

    /// a / b, by z = (z_a - (a/b) z_b) / b; `None` if b is 0. As in [`minus`](Self::minus), sums by stratum want two that
    /// share no unit.
    pub(crate) fn over(&self, other: &Self) -> Option<Contrast> {
        if other.value.is_zero() {
            return None;
        }
        let value = self.value / other.value;
        let values = self.values.minus(&other.values.times(value)).times(Wide::ONE / other.value);
        Some(Contrast { value, values, totals: self.totals.with(&other.totals) })
    }
}

impl Contrast {
    /// The estimate, with a t interval.
    pub(crate) fn outcome(&self, fixed: Fixed, design: &DesignTable, method: Method) -> Outcome {
        let precision = Precision::new(&self.values, fixed, design, method.degrees);
        of_difference(self.value, precision, &self.totals, method)
    }
}

/// The outcome of a contrast, whose interval is t(df): without a variance there is no telling.
pub(crate) fn of_difference(value: Wide, precision: Precision, totals: &Totals, method: Method) -> Outcome {
    let value = value.to_f64();
    let Totals { n, positive, .. } = *totals;
    match precision {
        Precision::Exact => Outcome::exact(value, n, positive),
        Precision::Sampled { variance, df } if !variance.is_zero() => {
            let se = libm::sqrt(variance.to_f64());
            let Interval { low, high } = Interval::around(value, se, df, method.level);
            Outcome::Estimated(Estimate { value, se, low, high, df, n, positive, deff: None, sides: None })
        }
        Precision::Sampled { .. } => Outcome::NotEstimable { reason: NotEstimable::NoVariance, n },
        Precision::Unknown(reason) => Outcome::NotEstimable { reason, n },
    }
}
