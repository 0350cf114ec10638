//! Numbers at the precision at which they are published.

/// A number that was rounded once, half away from zero: `units * 10^-decimals`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rounded {
    units: i64,
    decimals: u8,
}

impl Rounded {
    /// Rounds a number half away from zero. Minus zero becomes zero.
    #[must_use]
    pub(crate) fn new(value: f64, decimals: u8) -> Self {
        let _ = (value, decimals);
        todo!()
    }

    /// The whole number of units of 10^-decimals.
    #[must_use]
    pub fn units(self) -> i64 {
        self.units
    }

    /// Digits behind the decimal mark.
    #[must_use]
    pub fn decimals(self) -> u8 {
        self.decimals
    }
}
