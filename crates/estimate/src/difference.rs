//! Differences between two disjoint groups, with their covariance.

use codebook::Comparison;

use crate::linearise::Statistic;
use crate::variance::{Fixed, Precision};
use crate::{DesignTable, Estimate, Interval, Method, NotEstimable, Outcome};

/// The difference of a row between two groups of a breakdown; shares as shares, not points. Its interval is t(df).
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Which one.
    pub comparison: Comparison,
    /// The difference and its standard error. `n` and `positive` are those of both groups together.
    pub outcome: Outcome,
}

/// The difference between two groups that share no unit, given that each can be estimated.
///
/// Its variance is that of z_a - z_b, so the covariance from the strata (and PSUs) that both are in is part of it.
pub(crate) fn difference(
    group: &Statistic,
    than: &Statistic,
    fixed: Fixed,
    design: &DesignTable,
    method: Method,
) -> Outcome {
    let n = group.n + than.n;
    let positive = group.positive + than.positive;
    let value = (group.value - than.value).to_f64();
    let estimated = |se: f64, interval: Interval, df: f64| {
        Outcome::Estimated(Estimate { value, se, low: interval.low, high: interval.high, df, n, positive })
    };
    match Precision::new(&group.values.minus(&than.values), fixed, design, method.degrees) {
        Precision::Exact => estimated(0.0, Interval { low: value, high: value }, 0.0),
        Precision::Sampled { variance, df } if !variance.is_zero() => {
            let se = libm::sqrt(variance.to_f64());
            estimated(se, Interval::around(value, se, df, method.level), df)
        }
        Precision::Sampled { .. } | Precision::Unknown => Outcome::NotEstimable { reason: NotEstimable::NoVariance, n },
    }
}
