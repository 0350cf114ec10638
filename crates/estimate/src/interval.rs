//! Confidence intervals.

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
