//! Exact decimal numbers: a whole number of units of 10^-scale.
//!
//! Weights and numbers of an export are kept with the digits they were printed with, so that sums are exact and do not
//! depend on the order of addition. The arithmetic here serves [`Expr::evaluate`](crate::Expr::evaluate), one unit at a
//! time; sums over units are made by SQL and `estimate`.

use std::cmp::Ordering;
use std::fmt;

/// The most digits of a decimal, as in SQL's `DECIMAL(38, s)`.
const DIGITS: u8 = 38;
/// The first number with more digits than that.
const LIMIT: u128 = 10_u128.pow(38);

/// A decimal number `units * 10^-scale`, at most 38 digits. Two decimals are equal when they are the same number: 1.50 = 1.5.
#[derive(Debug, Clone, Copy, serde::Serialize)]
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
    /// The digits before the decimal mark that a number of an export may have. With [`Self::ANSWER_DECIMALS`] it bounds
    /// what arithmetic can make of answers, so that reading a country can refuse an expression that might need more than
    /// 38 digits.
    pub const ANSWER_INTEGER_DIGITS: u32 = 15;
    /// The digits behind the decimal mark that a number of an export may have.
    pub const ANSWER_DECIMALS: u8 = 18;

    /// The number `units * 10^-scale`.
    ///
    /// # Panics
    /// When it has more than 38 digits or a scale above 38: a bug of the caller.
    #[must_use]
    pub fn new(units: i128, scale: u8) -> Self {
        Self::checked(units, scale).expect("a decimal has at most 38 digits")
    }

    /// Reads `[+-]digits[mark digits]`, with an optional exponent (`1.5e-3`). No thousands marks, no blanks.
    ///
    /// # Errors
    /// When the text is anything else, or has more than 38 digits.
    pub fn parse(text: &str, decimal_mark: char) -> Result<Self, DecimalError> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once(decimal_mark).unwrap_or((mantissa, ""));
        let separated = mantissa.contains(decimal_mark);
        if whole.is_empty() || (separated && fraction.is_empty()) {
            return Err(DecimalError::NotANumber);
        }
        let magnitude = parse_digits(whole.chars().chain(fraction.chars()))?;
        let decimals = i64::try_from(fraction.len()).map_err(|_| DecimalError::TooManyDigits)?;
        let (magnitude, scale) = shift(magnitude, decimals - exponent)?;
        Self::checked(if negative { -magnitude } else { magnitude }, scale).ok_or(DecimalError::TooManyDigits)
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

    /// The units this number has at another scale, if it is exact there and fits 38 digits.
    #[must_use]
    pub fn units_at(self, scale: u8) -> Option<i128> {
        let units = match scale.checked_sub(self.scale) {
            Some(more) if scale <= DIGITS => self.units.checked_mul(power_of_ten(more))?,
            Some(_) => return None,
            None => {
                let divisor = power_of_ten(self.scale - scale);
                (self.units % divisor == 0).then_some(self.units / divisor)?
            }
        };
        (units.unsigned_abs() < LIMIT).then_some(units)
    }

    /// Whether the number is small and short enough for the arithmetic of expressions, which holds for every number of a
    /// checked export.
    #[must_use]
    pub fn is_answer_sized(self) -> bool {
        self.scale <= Self::ANSWER_DECIMALS
            && self.integer_part().unsigned_abs() < 10_u128.pow(Self::ANSWER_INTEGER_DIGITS)
    }

    /// The sum of numbers, 0 of none; `None` if it does not fit 38 digits.
    #[must_use]
    pub fn sum(mut numbers: impl Iterator<Item = Self>) -> Option<Self> {
        numbers.try_fold(Self::new(0, 0), Self::add)
    }

    /// `self + other`, if it fits 38 digits.
    pub(crate) fn add(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        Self::checked(self.units_at(scale)?.checked_add(other.units_at(scale)?)?, scale)
    }

    /// `self * other`, if it fits 38 digits.
    pub(crate) fn multiply(self, other: Self) -> Option<Self> {
        Self::checked(self.units.checked_mul(other.units)?, self.scale + other.scale)
    }

    /// `-self`.
    pub(crate) fn negate(self) -> Self {
        Self { units: -self.units, scale: self.scale }
    }

    /// The number without its sign.
    pub(crate) fn absolute(self) -> Self {
        Self { units: self.units.abs(), scale: self.scale }
    }

    fn checked(units: i128, scale: u8) -> Option<Self> {
        (units.unsigned_abs() < LIMIT && scale <= DIGITS).then_some(Self { units, scale })
    }

    /// The digits before the decimal mark, with the sign.
    fn integer_part(self) -> i128 {
        self.units / power_of_ten(self.scale)
    }

    /// The digits behind the decimal mark, with the sign, in units of 10^-38.
    fn fraction_part(self) -> i128 {
        self.units % power_of_ten(self.scale) * power_of_ten(DIGITS - self.scale)
    }
}

/// 10^exponent. Callers pass at most 38, which an `i128` holds.
fn power_of_ten(exponent: u8) -> i128 {
    10_i128.pow(u32::from(exponent))
}

fn parse_digits(digits: impl Iterator<Item = char>) -> Result<i128, DecimalError> {
    let mut units = 0_i128;
    let mut too_many = false;
    for character in digits {
        let digit = character.to_digit(10).ok_or(DecimalError::NotANumber)?;
        // Reading on to the end, so that a long text that is no number is called no number.
        match units.checked_mul(10).and_then(|tens| tens.checked_add(i128::from(digit))) {
            Some(next) if !too_many && next.unsigned_abs() < LIMIT => units = next,
            _ => too_many = true,
        }
    }
    if too_many { Err(DecimalError::TooManyDigits) } else { Ok(units) }
}

fn parse_exponent(text: &str) -> Result<i64, DecimalError> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.chars().all(|character| character.is_ascii_digit()) {
        return Err(DecimalError::NotANumber);
    }
    text.parse::<i32>().map(i64::from).map_err(|_| DecimalError::TooManyDigits)
}

/// Brings `units * 10^-scale` to a scale from 0 to 38.
fn shift(mut units: i128, mut scale: i64) -> Result<(i128, u8), DecimalError> {
    if units == 0 {
        let scale = u8::try_from(scale.clamp(0, i64::from(DIGITS))).expect("it was clamped to 0..=38");
        return Ok((0, scale));
    }
    while scale < 0 {
        units = units.checked_mul(10).ok_or(DecimalError::TooManyDigits)?;
        scale += 1;
    }
    while scale > i64::from(DIGITS) && units % 10 == 0 {
        units /= 10;
        scale -= 1;
    }
    u8::try_from(scale).map(|scale| (units, scale)).map_err(|_| DecimalError::TooManyDigits)
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
    fn cmp(&self, other: &Self) -> Ordering {
        // Both parts carry the sign of the number, so comparing them in turn is right for negative numbers, too.
        (self.integer_part().cmp(&other.integer_part())).then_with(|| self.fraction_part().cmp(&other.fraction_part()))
    }
}

impl fmt::Display for Decimal {
    /// With a point and as many decimals as its scale.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.units < 0 { "-" } else { "" };
        let whole = self.integer_part().unsigned_abs();
        if self.scale == 0 {
            return write!(f, "{sign}{whole}");
        }
        let fraction = (self.units % power_of_ten(self.scale)).unsigned_abs();
        write!(f, "{sign}{whole}.{fraction:0width$}", width = usize::from(self.scale))
    }
}

#[cfg(test)]
mod tests {
    use super::{Decimal, DecimalError};

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text, '.').unwrap()
    }

    #[test]
    fn a_number_keeps_the_digits_it_was_printed_with() {
        for text in ["0", "1.50", "-0.05", "123456789.000000001", "99999999999999999999999999999999999999"] {
            assert_eq!(decimal(text).to_string(), text);
        }
    }

    #[test]
    fn a_decimal_comma_is_read_where_the_export_has_one() {
        assert_eq!(Decimal::parse("1,5", ',').unwrap(), decimal("1.5"));
        assert_eq!(Decimal::parse("1.5", ',').unwrap_err(), DecimalError::NotANumber);
    }

    #[test]
    fn exponents_shift_the_mark_exactly() {
        assert_eq!(decimal("1.5e-3").to_string(), "0.0015");
        assert_eq!(decimal("1.5E+3").to_string(), "1500");
        assert_eq!(decimal("10e-39").to_string(), format!("0.{}1", "0".repeat(37)));
        assert_eq!(decimal("0e-99999"), decimal("0"));
        assert_eq!(Decimal::parse("1e38", '.').unwrap_err(), DecimalError::TooManyDigits);
        assert_eq!(Decimal::parse("1e-39", '.').unwrap_err(), DecimalError::TooManyDigits);
        assert_eq!(Decimal::parse("1e99999999999", '.').unwrap_err(), DecimalError::TooManyDigits);
    }

    #[test]
    fn what_is_no_number_is_called_so() {
        for text in
            ["", "-", ".", "1.", ".5", "1 000", "1.2.3", "e5", "1e", "1e+", "0x1F", "NaN", "inf", "1_0", "--1", "٣"]
        {
            assert_eq!(Decimal::parse(text, '.').unwrap_err(), DecimalError::NotANumber, "{text:?}");
        }
        let long = "9".repeat(39);
        assert_eq!(Decimal::parse(&long, '.').unwrap_err(), DecimalError::TooManyDigits);
        assert_eq!(Decimal::parse(&format!("{long}x"), '.').unwrap_err(), DecimalError::NotANumber);
    }

    #[test]
    fn order_is_that_of_the_numbers_not_of_their_digits() {
        let sorted = ["-10", "-1.5", "-1.49", "-0.01", "0", "0.009", "0.01", "1", "1.5", "9", "10", "1e37"];
        for (index, low) in sorted.iter().enumerate() {
            for high in &sorted[index + 1..] {
                assert!(decimal(low) < decimal(high), "{low} < {high}");
            }
        }
        assert_eq!(decimal("1.50"), decimal("1.5"));
        assert_eq!(decimal("-0.0"), decimal("0"));
    }

    #[test]
    fn units_at_another_scale_are_exact_or_refused() {
        assert_eq!(decimal("1.5").units_at(3), Some(1500));
        assert_eq!(decimal("1.50").units_at(1), Some(15));
        assert_eq!(decimal("1.55").units_at(1), None);
        assert_eq!(decimal("1e37").units_at(1), None);
        assert_eq!(decimal("0").units_at(38), Some(0));
        assert_eq!(decimal("0").units_at(39), None);
    }

    #[test]
    fn an_answer_has_a_bounded_size() {
        assert!(decimal("-999999999999999.999999999999999999").is_answer_sized());
        assert!(!decimal("1000000000000000").is_answer_sized());
        assert!(!decimal("0.0000000000000000001").is_answer_sized());
    }
}
