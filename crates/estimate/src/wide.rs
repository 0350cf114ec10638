//! Numbers of about 106 significant bits, so that variances that are 0 come out as 0.
//!
//! A number is the unevaluated sum of two doubles that do not overlap. The operations use only IEEE additions and
//! multiplications (Dekker 1971, Knuth 4.2.2), so they give the same bits on every machine; no fused multiply-add.

/// A double-double number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wide {
    high: f64,
    low: f64,
}
