//! The confidence level of a country's intervals, and the level of the tests that goes with it.
//!
//! It is kept as a whole number of parts, so that pages print "97.5" and "2.5" and never 2.500000000000002.

use crate::Decimal;

/// Parts of which a level is a whole number.
const PARTS: u16 = 10_000;

/// A confidence level from 0.5 to 0.9999, exact to four decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct ConfidenceLevel {
    parts: u16,
}

impl ConfidenceLevel {
    /// The least one. Below it an interval more often misses than holds what it is about.
    pub const LEAST: Self = Self { parts: PARTS / 2 };
    /// The greatest one.
    pub const GREATEST: Self = Self { parts: PARTS - 1 };
    /// 0.95, the level of a country that tells none.
    pub const USUAL: Self = Self { parts: 9_500 };

    /// The level; `None` below 0.5, above 0.9999 and with more than four decimals.
    #[must_use]
    pub fn new(level: f64) -> Option<Self> {
        let parts = format!("{level:.4}").strip_prefix("0.")?.parse().ok()?;
        Self::of_parts(parts).filter(|found| found.as_f64().total_cmp(&level).is_eq())
    }

    /// The level of so many ten-thousandths; `None` outside of the bounds.
    #[must_use]
    pub fn of_parts(parts: u16) -> Option<Self> {
        let level = Self { parts };
        (Self::LEAST..=Self::GREATEST).contains(&level).then_some(level)
    }

    /// Ten-thousandths: 9500 for 0.95.
    #[must_use]
    pub fn parts(self) -> u16 {
        self.parts
    }

    /// The level as a part of 1: the double nearest to it.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        f64::from(self.parts) / f64::from(PARTS)
    }

    /// The level in per cent: 95.
    #[must_use]
    pub fn percent(self) -> Decimal {
        percent(self.parts)
    }

    /// The level of a test that goes with it, as a part of 1: how probable it may be that the test finds what is not there.
    #[must_use]
    pub fn test_level(self) -> f64 {
        f64::from(PARTS - self.parts) / f64::from(PARTS)
    }

    /// The level of a test in per cent: 5.
    #[must_use]
    pub fn test_percent(self) -> Decimal {
        percent(PARTS - self.parts)
    }
}

/// Ten-thousandths in per cent, without zeros that say nothing.
fn percent(parts: u16) -> Decimal {
    let units = i128::from(parts);
    match (units % 100, units % 10) {
        (0, _) => Decimal::new(units / 100, 0),
        (_, 0) => Decimal::new(units / 10, 1),
        (_, _) => Decimal::new(units, 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(level: f64) -> Option<[String; 2]> {
        let level = ConfidenceLevel::new(level)?;
        Some([level.percent().to_string(), level.test_percent().to_string()])
    }

    #[test]
    fn a_level_and_that_of_its_tests_are_printed_as_they_were_written() {
        for (level, percent, test) in
            [(0.95, "95", "5"), (0.9, "90", "10"), (0.975, "97.5", "2.5"), (0.9999, "99.99", "0.01"), (0.5, "50", "50")]
        {
            assert_eq!(printed(level), Some([percent.to_owned(), test.to_owned()]));
        }
    }

    #[test]
    fn what_is_no_level_of_four_decimals_is_refused() {
        for level in [95.0, 1.0, 0.0, 0.4999, -0.95, 0.95005, 0.99999, f64::NAN, f64::INFINITY] {
            assert_eq!(printed(level), None, "{level}");
        }
    }

    #[test]
    fn every_level_comes_back_from_its_double() {
        for parts in ConfidenceLevel::LEAST.parts()..=ConfidenceLevel::GREATEST.parts() {
            let level = ConfidenceLevel::of_parts(parts).unwrap();
            assert_eq!(ConfidenceLevel::new(level.as_f64()), Some(level));
        }
    }
}
