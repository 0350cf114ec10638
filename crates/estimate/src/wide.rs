//! Numbers of about 106 significant bits, so that variances that are 0 come out as 0.
//!
//! A number is the unevaluated sum of two doubles that do not overlap. The operations use only IEEE additions,
//! multiplications and divisions (Dekker 1971; Knuth, The Art of Computer Programming 4.2.2; Joldes, Muller and Popescu
//! 2017), so they give the same bits on every machine; no fused multiply-add.
//!
//! Each operation has a relative error of at most [`Wide::EPSILON`]. Numbers must stay below about 1e300 in magnitude and,
//! when they are factors, above about 1e-250: far from any weight, value or sum of a survey.
//!
//! The crate `twofloat` (0.8.4) was looked at and not taken: it is built on `f64::mul_add` or `libm::fma`, and its division
//! assumes a fused step that it does not make, so that 1/3 is right to 53 bits only.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

/// A double-double number. `high` is the sum rounded to a double and `low` is what the rounding lost, so two numbers
/// are equal when their parts are, and compare as their parts do.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Wide {
    high: f64,
    low: f64,
}

impl Wide {
    /// 0.
    pub const ZERO: Self = Self { high: 0.0, low: 0.0 };
    /// 1.
    pub const ONE: Self = Self { high: 1.0, low: 0.0 };
    /// 2^-103: a bound on the relative error of one addition, multiplication, division or conversion.
    pub const EPSILON: f64 = f64::EPSILON * f64::EPSILON * 2.0;

    /// The number that the double is, exactly.
    #[must_use]
    pub fn from_f64(value: f64) -> Self {
        Self { high: value, low: 0.0 }
    }

    /// The count, exactly.
    #[must_use]
    pub fn from_count(count: u64) -> Self {
        Self::from_magnitude(u128::from(count))
    }

    /// `units * 10^-scale`.
    ///
    /// # Panics
    /// When the scale is above 38: a bug, since decimals have at most 38 digits.
    #[must_use]
    pub fn from_decimal(units: i128, scale: u8) -> Self {
        assert!(scale <= 38, "a decimal has at most 38 digits");
        let magnitude = Self::from_magnitude(units.unsigned_abs());
        let signed = if units < 0 { -magnitude } else { magnitude };
        if scale == 0 { signed } else { signed / Self::from_magnitude(10_u128.pow(u32::from(scale))) }
    }

    /// `numerator / denominator`.
    ///
    /// # Panics
    /// When the denominator is 0: a bug of the caller.
    #[must_use]
    pub fn from_ratio(numerator: u64, denominator: u64) -> Self {
        assert!(denominator > 0, "a ratio has a denominator");
        Self::from_count(numerator) / Self::from_count(denominator)
    }

    /// Takes the leading 53 bits, then the next 53; what lies behind them is below 2^-105 of the number. Powers of ten up
    /// to 10^38 have at most 89 significant bits, so they are exact.
    fn from_magnitude(magnitude: u128) -> Self {
        let (leading, rest) = leading_double(magnitude);
        let (next, _) = leading_double(rest);
        Self::normalized(leading, next)
    }

    /// The nearest double.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        self.high
    }

    /// The magnitude.
    #[must_use]
    pub fn abs(self) -> Self {
        if self < Self::ZERO { -self } else { self }
    }

    /// The square.
    #[must_use]
    pub fn square(self) -> Self {
        self * self
    }

    /// Whether it is exactly 0.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self == Self::ZERO
    }

    /// From two doubles of which the first is not smaller in magnitude.
    fn normalized(large: f64, small: f64) -> Self {
        let high = large + small;
        Self { high, low: small - (high - large) }
    }

    /// The exact sum of two doubles (Knuth).
    fn exact_sum(a: f64, b: f64) -> Self {
        let high = a + b;
        let b_in_high = high - a;
        let a_in_high = high - b_in_high;
        Self { high, low: (a - a_in_high) + (b - b_in_high) }
    }

    /// The exact product of two doubles (Dekker).
    fn exact_product(a: f64, b: f64) -> Self {
        let high = a * b;
        let (a_upper, a_lower) = halves(a);
        let (b_upper, b_lower) = halves(b);
        let low = ((a_upper * b_upper - high) + a_upper * b_lower + a_lower * b_upper) + a_lower * b_lower;
        Self { high, low }
    }

    /// The product with a double.
    fn times(self, factor: f64) -> Self {
        let high = Self::exact_product(self.high, factor);
        let low = Self::exact_product(self.low, factor);
        let sum = Self::normalized(high.high, low.high);
        Self::normalized(sum.high, sum.low + (high.low + low.low))
    }
}

/// Splits a double into two of at most 26 bits, so that products of halves are exact (Veltkamp).
fn halves(value: f64) -> (f64, f64) {
    const SPLITTER: f64 = 134_217_729.0; // 2^27 + 1
    let shifted = SPLITTER * value;
    let upper = shifted - (shifted - value);
    (upper, value - upper)
}

/// The leading 53 bits of a whole number as a double, and the rest of the number; both exact.
fn leading_double(magnitude: u128) -> (f64, u128) {
    let bits = u128::BITS - magnitude.leading_zeros();
    let shift = bits.saturating_sub(f64::MANTISSA_DIGITS);
    let leading = magnitude >> shift;
    let half = |bits: u128| f64::from(u32::try_from(bits).expect("53 bits are 21 and 32 bits"));
    let double = half(leading >> 32) * 4_294_967_296.0 + half(leading & u128::from(u32::MAX));
    (double * power_of_two(shift), magnitude - (leading << shift))
}

/// 2^exponent, for an exponent up to 128.
fn power_of_two(exponent: u32) -> f64 {
    const EXPONENT_OF_ONE: u64 = 1023;
    f64::from_bits((EXPONENT_OF_ONE + u64::from(exponent)) << (f64::MANTISSA_DIGITS - 1))
}

impl Neg for Wide {
    type Output = Self;

    fn neg(self) -> Self {
        Self { high: -self.high, low: -self.low }
    }
}

impl Add for Wide {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let high = Self::exact_sum(self.high, other.high);
        let low = Self::exact_sum(self.low, other.low);
        let sum = Self::normalized(high.high, high.low + low.high);
        Self::normalized(sum.high, sum.low + low.low)
    }
}

impl Sub for Wide {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Wide {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        let product = Self::exact_product(self.high, other.high);
        let across = (self.high * other.low + self.low * other.high) + self.low * other.low;
        Self::normalized(product.high, product.low + across)
    }
}

impl Div for Wide {
    type Output = Self;

    /// Long division: three quotients in doubles, each of what the ones before it left over.
    fn div(self, other: Self) -> Self {
        let first = self.high / other.high;
        let after_first = self - other.times(first);
        let second = after_first.high / other.high;
        let after_second = after_first - other.times(second);
        let third = after_second.high / other.high;
        Self::normalized(first, second) + Self::from_f64(third)
    }
}

impl AddAssign for Wide {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Wide {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Sum for Wide {
    fn sum<I: Iterator<Item = Self>>(numbers: I) -> Self {
        numbers.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests;
