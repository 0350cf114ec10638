//! Numbers at the precision at which they are published.
//!
//! Rounding is done in decimal, on the number that the double *means*: the shortest decimal that reads back as the same
//! double, which is how the double is printed. So 0.145 is 0.145 and rounds up, although the nearest double is a little less;
//! and a share becomes per cent by moving the decimal mark, without a multiplication that could push a half over the edge.

/// A number that was rounded once, half away from zero: `units * 10^-decimals`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rounded {
    units: i64,
    decimals: u8,
}

impl Rounded {
    /// Rounds `value * 10^shift` half away from zero. Minus zero becomes zero.
    ///
    /// `None` when there is no such number to publish: the value is not finite, or its units pass 18 digits.
    pub(crate) fn new(value: f64, shift: u8, decimals: u8) -> Option<Self> {
        if !value.is_finite() {
            return None;
        }
        let digits = ShortestDecimal::of(value);
        let moved = digits.exponent + i32::from(shift) + i32::from(decimals);
        let units = digits.times_power_of_ten(moved)?;
        Some(Self { units: if value < 0.0 { -units } else { units }, decimals })
    }

    /// Rounds to a multiple of `10^exponent`, half away from zero; without decimals where that is a ten or more.
    ///
    /// `None` where there is no such number to publish, as of [`Rounded::new`].
    pub(crate) fn to_power(value: f64, exponent: i8) -> Option<Self> {
        let power = exponent.unsigned_abs();
        if exponent <= 0 {
            return Self::new(value, 0, power);
        }
        if !value.is_finite() {
            return None;
        }
        let digits = ShortestDecimal::of(value);
        let multiples = digits.times_power_of_ten(digits.exponent - i32::from(power))?;
        let units = multiples.checked_mul(10_i64.checked_pow(u32::from(power))?)?;
        Some(Self { units: if value < 0.0 { -units } else { units }, decimals: 0 })
    }

    /// The largest multiple of so many units that is no more than the number less some units, without the decimals that all multiples lack.
    pub(crate) fn lowered(self, step: i64, spare: i64) -> Self {
        self.multiple((self.units - spare).div_euclid(step), step)
    }

    /// The smallest multiple of so many units that is no less than the number and some units more.
    pub(crate) fn raised(self, step: i64, spare: i64) -> Self {
        self.multiple(-(-self.units - spare).div_euclid(step), step)
    }

    fn multiple(self, times: i64, step: i64) -> Self {
        let (mut units, mut step, mut decimals) = (times * step, step, self.decimals);
        while decimals > 0 && step % 10 == 0 {
            (units, step, decimals) = (units / 10, step / 10, decimals - 1);
        }
        Self { units, decimals }
    }

    /// The number `units * 10^-decimals`, from the store.
    pub(crate) fn stored(units: i64, decimals: u8) -> Self {
        Self { units, decimals }
    }

    /// The whole number of units of 10^-decimals.
    #[must_use]
    pub fn units(self) -> i64 {
        self.units
    }

    /// The number as a double.
    pub(crate) fn as_f64(self) -> f64 {
        self.to_string().parse().expect("digits, a point and a sign are a double")
    }

    /// The same as a double, for bounds.
    pub(crate) fn in_units(self) -> f64 {
        let size = estimate::Wide::from_count(self.units.unsigned_abs()).to_f64();
        if self.units < 0 { -size } else { size }
    }

    /// Digits behind the decimal mark.
    #[must_use]
    pub fn decimals(self) -> u8 {
        self.decimals
    }
}

impl std::fmt::Display for Rounded {
    /// Point, plain minus, no grouping, every decimal: `-0.50`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.units < 0 { "-" } else { "" };
        let decimals = usize::from(self.decimals);
        let digits = format!("{:0>width$}", self.units.unsigned_abs(), width = decimals + 1);
        let (whole, fraction) = digits.split_at(digits.len() - decimals);
        let mark = if fraction.is_empty() { "" } else { "." };
        write!(f, "{sign}{whole}{mark}{fraction}")
    }
}

/// The absolute value of a double as the shortest decimal that reads back as the same double: `digits * 10^exponent`.
struct ShortestDecimal {
    digits: u64,
    exponent: i32,
}

impl ShortestDecimal {
    fn of(value: f64) -> Self {
        let printed = format!("{:e}", value.abs());
        let (mantissa, exponent) = printed.split_once('e').expect("the exponential form of a finite double has an e");
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}").parse().expect("a double has at most 17 digits");
        let exponent: i32 = exponent.parse().expect("the exponent of a double has at most 3 digits");
        let behind_the_mark = i32::try_from(fraction.len()).expect("a double has at most 17 digits");
        Self { digits, exponent: exponent - behind_the_mark }
    }

    /// `digits * 10^exponent` with another exponent, rounded to a whole number, halves up.
    fn times_power_of_ten(&self, exponent: i32) -> Option<i64> {
        let power = exponent.unsigned_abs();
        if exponent >= 0 {
            return if self.digits == 0 {
                Some(0)
            } else {
                let factor = 10_i64.checked_pow(power)?;
                i64::try_from(self.digits).ok()?.checked_mul(factor)
            };
        }
        // A divisor beyond 64 bits leaves less than a tenth of at most 17 digits.
        let Some(divisor) = 10_u64.checked_pow(power) else { return Some(0) };
        let whole = self.digits / divisor;
        let rest = self.digits % divisor;
        let up = u64::from(rest >= divisor - rest);
        i64::try_from(whole + up).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounds(value: f64, decimals: u8) -> Option<i64> {
        Rounded::new(value, 0, decimals).map(Rounded::units)
    }

    fn percent(share: f64, decimals: u8) -> Option<i64> {
        Rounded::new(share, 2, decimals).map(Rounded::units)
    }

    #[test]
    fn halves_go_away_from_zero() {
        for (value, rounded) in [(0.5, 1), (1.5, 2), (2.5, 3), (-0.5, -1), (-2.5, -3), (80.5, 81), (0.49, 0)] {
            assert_eq!(rounds(value, 0), Some(rounded), "{value}");
        }
    }

    #[test]
    fn the_decimal_that_a_double_means_decides() {
        // The nearest double of each lies below the half.
        assert_eq!(rounds(0.145, 2), Some(15));
        assert_eq!(rounds(1.005, 2), Some(101));
        assert_eq!(percent(0.145, 0), Some(15), "0.145 * 100 is 14.499999999999998 in doubles");
        assert_eq!(percent(161.0 / 200.0, 0), Some(81));
        // And what is really below stays below.
        assert_eq!(rounds(0.499_999_999_999_999_94, 0), Some(0), "adding a half before cutting would give 1");
    }

    #[test]
    fn minus_zero_is_zero() {
        assert_eq!(Rounded::new(-0.0, 0, 1), Rounded::new(0.0, 0, 1));
        assert_eq!(rounds(-0.04, 1), Some(0));
    }

    #[test]
    fn small_and_large_numbers_keep_their_place() {
        assert_eq!(rounds(1e15, 0), Some(1_000_000_000_000_000));
        assert_eq!(rounds(9_007_199_254_740_991.0, 0), Some(9_007_199_254_740_991));
        assert_eq!(rounds(5e-324, 3), Some(0));
        assert_eq!(rounds(0.05, 1), Some(1));
        assert_eq!(rounds(0.0, 9), Some(0));
        assert_eq!(rounds(12.0, 2), Some(1_200));
    }

    #[test]
    fn numbers_are_rounded_to_tens_and_hundreds() {
        let text = |value: f64, exponent| Rounded::to_power(value, exponent).map(|it| it.to_string());
        assert_eq!(text(1894.6, 2).as_deref(), Some("1900"));
        assert_eq!(text(-1850.0, 2).as_deref(), Some("-1900"));
        assert_eq!(text(49.9, 2).as_deref(), Some("0"));
        assert_eq!(text(1894.65, -1).as_deref(), Some("1894.7"));
        assert_eq!(text(f64::NAN, 1), None);
    }

    #[test]
    fn limits_are_widened_to_multiples_of_their_last_digit() {
        let (low, high) = (Rounded::stored(-125, 1), Rounded::stored(321, 1));
        let text = |step| (low.lowered(step, 0).to_string(), high.raised(step, 0).to_string());
        assert_eq!(text(1), ("-12.5".to_owned(), "32.1".to_owned()));
        assert_eq!(text(2), ("-12.6".to_owned(), "32.2".to_owned()));
        assert_eq!(text(10), ("-13".to_owned(), "33".to_owned()));
        assert_eq!(text(100), ("-20".to_owned(), "40".to_owned()));
        assert_eq!(Rounded::stored(40, 0).raised(10, 0), Rounded::stored(40, 0), "a ten is one already");
        assert_eq!(Rounded::stored(1, 2).raised(100, 0), Rounded::stored(1, 0), "what is not 0 does not become 0");
        // 44.9 and 45.0 are on both sides of many multiples, but not with half of one to spare.
        let lowered = |spare| [449, 450].map(|units| Rounded::stored(units, 1).lowered(2, spare).to_string());
        assert_eq!(lowered(0), ["44.8", "45.0"]);
        assert_eq!(lowered(1), ["44.8", "44.8"]);
    }

    #[test]
    fn what_is_no_publishable_number_is_refused() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e19, f64::MAX] {
            assert_eq!(rounds(value, 0), None, "{value}");
        }
        assert_eq!(rounds(1e17, 3), None);
    }
}
