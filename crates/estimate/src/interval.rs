//! Confidence intervals.

use crate::distribution::{beta_quantile, t_quantile};

/// How the interval of a share is made (statistics section 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntervalMethod {
    /// estimate +- t(df) SE.
    T,
    /// On the log odds, mapped back.
    Xlogit,
    /// Clopper and Pearson's with the effective number of answers (Korn and Graubard 1998).
    Beta,
    /// The same, with the effective number of answers capped at n, as the NCHS presents shares.
    KornGraubard,
    /// Wilson's with the effective number of answers.
    Wilson,
    /// On the arcsine of the square root, mapped back.
    Asin,
}

/// What the interval of a share is made from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ShareEvidence {
    pub(crate) share: f64,
    /// 1 less the share, without its rounding.
    pub(crate) complement: f64,
    /// 0 if the sample shows no variance.
    pub(crate) se: f64,
    /// Above 0.
    pub(crate) df: f64,
    /// Unweighted answers, and those of them that count.
    pub(crate) n: u64,
    pub(crate) positive: u64,
    /// n over the design effect of Kish.
    pub(crate) kish_n: f64,
}

impl ShareEvidence {
    /// The interval; `None` where the sample shows no variance though some answers count and some do not.
    pub(crate) fn interval(&self, method: IntervalMethod, level: f64) -> Option<Interval> {
        if self.se <= 0.0 {
            return self.at_the_edge(level);
        }
        match method {
            IntervalMethod::T => Some(Interval::around(self.share, self.se, self.df, level)),
            _ => Some(Interval::xlogit(self.share, self.complement, self.se, self.df, level)),
        }
    }

    /// The interval of a share that the sample shows as 0 or 1: the outer limit of Korn and Graubard (1998), from the beta
    /// distribution and the effective number of answers. It is one-sided at half the error, as either limit of the others is.
    /// `None` for a share between.
    fn at_the_edge(&self, level: f64) -> Option<Interval> {
        let tail = (1.0 - level) / 2.0;
        if self.positive == 0 {
            Some(Interval { low: 0.0, high: beta_quantile(1.0 - tail, 1.0, self.kish_n) })
        } else if self.positive == self.n {
            Some(Interval { low: beta_quantile(tail, self.kish_n, 1.0), high: 1.0 })
        } else {
            None
        }
    }
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
}
