//! Exact decimal numbers: a whole number of units of 10^-scale.
//!
//! Weights and numbers of an export are kept with the digits they were printed with, so that sums are exact and do not
//! depend on the order of addition. Sums and products are not made here: SQL and `estimate` make them.

use std::fmt;

/// A decimal number `units * 10^-scale`, at most 38 digits. Two decimals are equal when they are the same number: 1.50 = 1.5.
#[derive(Debug, Clone, Copy)]
pub struct Decimal {
    units: i128,
    scale: u8,
}

/// Why a text is not a decimal number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// Something else than a sign, digits and one decimal mark.
    #[error("not a number")]
    NotANumber,
    /// More than 38 digits.
    #[error("more than 38 digits")]
    TooManyDigits,
}

impl Decimal {
    /// The number `units * 10^-scale`.
    ///
    /// # Panics
    /// When it has more than 38 digits or a scale above 38: a bug of the caller.
    #[must_use]
    pub fn new(units: i128, scale: u8) -> Self {
        assert!(units.unsigned_abs() < 10_u128.pow(38) && scale <= 38, "a decimal has at most 38 digits");
        Self { units, scale }
    }

    /// Reads `[+-]digits[mark digits]`, with an optional exponent (`1.5e-3`). No thousands marks, no blanks.
    ///
    /// # Errors
    /// When the text is anything else, or has more than 38 digits.
    pub fn parse(text: &str, decimal_mark: char) -> Result<Self, DecimalError> {
        let _ = (text, decimal_mark);
        todo!()
    }

    /// The whole number of units of 10^-scale.
    #[must_use]
    pub fn units(self) -> i128 {
        self.units
    }

    /// The digits behind the decimal mark, as written (1.50 has 2).
    #[must_use]
    pub fn scale(self) -> u8 {
        self.scale
    }

    /// The units this number has at a larger scale, if they fit 38 digits.
    #[must_use]
    pub fn units_at(self, scale: u8) -> Option<i128> {
        let _ = scale;
        todo!()
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let _ = other;
        todo!()
    }
}

impl fmt::Display for Decimal {
    /// With a point and as many decimals as its scale.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let _ = f;
        todo!()
    }
}
