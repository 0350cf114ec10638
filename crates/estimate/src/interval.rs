//! Confidence intervals.
//!
//! A mean or total has one interval, estimate +- t SE. A share has several, since a normal curve fits badly near 0 and 1. All
//! of them take their standard error from the design and their critical value from t, and all give the same answer where the
//! sample shows no variance. `T`, `Xlogit`, `Asin` and `Beta` are `svyciprop` of R `survey` to its last digits.

use std::f64::consts::FRAC_PI_2;

use crate::Wide;
use crate::distribution::{beta_quantile, t_quantile};

/// How the interval of a share is made (statistics section 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntervalMethod {
    /// estimate +- t(df) SE: "mean" of `svyciprop`. The only one whose limits may lie below 0 or above 1.
    T,
    /// On the log odds, mapped back.
    Xlogit,
    /// Clopper and Pearson's with the effective number of answers p (1 - p) / V, made smaller for few degrees of freedom
    /// (Korn and Graubard 1998).
    Beta,
    /// The same, with the effective number of answers capped at n, as the NCHS presents shares (Parker et al. 2017).
    KornGraubard,
    /// Wilson's with the effective number of answers p (1 - p) / V and t(df) as the critical value. That number is not made
    /// smaller for few degrees of freedom, as that of `Beta` is: the critical value says it already.
    Wilson,
    /// On the arcsine of the square root, mapped back. Limits on that scale stop at the angles of 0 and 1; R lets them run on,
    /// and its limits turn back into the interval.
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
    /// The interval. `None` where the sample shows no variance though some answers count and some do not, and where negative
    /// weights make a share that is none.
    pub(crate) fn interval(&self, method: IntervalMethod, level: f64) -> Option<Interval> {
        let shows_both = 0 < self.positive && self.positive < self.n;
        if self.se <= 0.0 || !shows_both {
            return self.at_the_edge(level);
        }
        let Self { share, complement, se, df, .. } = *self;
        if method == IntervalMethod::T {
            return Some(Interval::around(share, se, df, level));
        }
        if share <= 0.0 || complement <= 0.0 {
            return None;
        }
        let interval = match method {
            IntervalMethod::T | IntervalMethod::Xlogit => Interval::xlogit(share, complement, se, df, level),
            IntervalMethod::Beta => self.clopper_pearson(self.effective_n(level), level),
            IntervalMethod::KornGraubard => self.clopper_pearson(self.effective_n(level).min(self.answers()), level),
            IntervalMethod::Wilson => self.wilson(level),
            IntervalMethod::Asin => self.asin(level),
        };
        // Where the standard error is below the rounding of the share, so is the way to the limits.
        Some(Interval { low: interval.low.min(share), high: interval.high.max(share) })
    }

    /// n.
    fn answers(&self) -> f64 {
        Wide::from_count(self.n).to_f64()
    }

    /// The variance of one answer, over that of the share: p (1 - p) / V.
    fn answers_as_good(&self) -> f64 {
        (self.share / self.se * (self.complement / self.se)).min(f64::MAX)
    }

    /// The effective number of answers of Korn and Graubard (1998): p (1 - p) / V (t(n-1) / t(df))^2, t at half the error.
    ///
    /// The factor makes up for a variance that is known on few degrees of freedom. n answers have at most n - 1 of them; where
    /// `df` counts the PSUs of a whole design, a small domain is not rewarded for those outside it.
    fn effective_n(&self, level: f64) -> f64 {
        let most = self.answers() - 1.0;
        let critical = |df: f64| t_quantile(f64::midpoint(1.0, level), df);
        let ratio = critical(most) / critical(self.df.min(most));
        self.answers_as_good() * (ratio * ratio)
    }

    /// The interval of Clopper and Pearson (1934) for a share of so many answers.
    fn clopper_pearson(&self, answers: f64, level: f64) -> Interval {
        let tail = (1.0 - level) / 2.0;
        let (yes, no) = (answers * self.share, answers * self.complement);
        Interval { low: beta_quantile(tail, yes, no + 1.0), high: beta_quantile(1.0 - tail, yes + 1.0, no) }
    }

    /// The interval of Wilson (1927): all shares P whose distance from the estimate is at most t sqrt(P (1 - P) / answers). Its
    /// limits solve P^2 (1 + k) - P (2 p + k) + p^2 = 0 with k = t^2 / answers; the lower one comes from their product, since a
    /// difference would lose its digits near 0.
    fn wilson(&self, level: f64) -> Interval {
        let critical = t_quantile(f64::midpoint(1.0, level), self.df);
        let k = critical / self.answers_as_good() * critical;
        let margin = libm::hypot(critical * self.se, k / 2.0);
        let high = (self.share + k / 2.0 + margin) / (1.0 + k);
        Interval { low: self.share / (1.0 + k) * (self.share / high), high: high.min(1.0) }
    }

    /// The t interval of asin(sqrt(p)), whose standard error is SE / (2 sqrt(p (1 - p))), mapped back.
    fn asin(&self, level: f64) -> Interval {
        let (sine, cosine) = (libm::sqrt(self.share), libm::sqrt(self.complement));
        let angle = libm::atan2(sine, cosine);
        let of_angle = Interval::around(angle, self.se / (2.0 * sine * cosine), self.df, level);
        let share_of = |angle: f64| {
            let sine = libm::sin(angle.clamp(0.0, FRAC_PI_2));
            sine * sine
        };
        Interval { low: share_of(of_angle.low), high: share_of(of_angle.high) }
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

#[cfg(test)]
mod tests;
