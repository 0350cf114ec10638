//! Confidence intervals.

use crate::distribution::{beta_quantile, t_quantile};
use crate::linearise::Statistic;

/// How an interval is made (statistics section 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntervalMethod {
    /// estimate +- t(df) SE.
    T,
    /// On the log odds, mapped back; for shares.
    Xlogit,
}

/// A confidence interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower limit.
    pub low: f64,
    /// The upper limit.
    pub high: f64,
}

impl Interval {
    /// value +- t(df) SE.
    pub(crate) fn around(value: f64, se: f64, df: f64, level: f64) -> Self {
        let margin = t_quantile(f64::midpoint(1.0, level), df) * se;
        Self { low: value - margin, high: value + margin }
    }

    /// The t interval of log(p / (1 - p)), whose standard error is SE / (p (1 - p)), mapped back. It stays between 0 and 1.
    pub(crate) fn xlogit(share: f64, complement: f64, se: f64, df: f64, level: f64) -> Self {
        let log_odds = libm::log(share / complement);
        let on_log_odds = Self::around(log_odds, se / (share * complement), df, level);
        let share_of = |log_odds: f64| 1.0 / (1.0 + libm::exp(-log_odds));
        Self { low: share_of(on_log_odds.low), high: share_of(on_log_odds.high) }
    }

    /// The interval of a share that the sample shows as 0 or 1: the outer limit of Korn and Graubard (1998), from the beta
    /// distribution and the effective number of answers. It is one-sided at half the error, as either limit of the others is.
    /// `None` for a share between.
    pub(crate) fn at_the_edge(statistic: &Statistic, level: f64) -> Option<Self> {
        let tail = (1.0 - level) / 2.0;
        let n = statistic.effective_n.to_f64();
        if statistic.positive == 0 {
            Some(Self { low: 0.0, high: beta_quantile(1.0 - tail, 1.0, n) })
        } else if statistic.positive == statistic.n {
            Some(Self { low: beta_quantile(tail, n, 1.0), high: 1.0 })
        } else {
            None
        }
    }
}
