//! Double-doubles against whole numbers and fractions worked out by hand.

use proptest::prelude::*;

use super::*;

fn whole(value: i128) -> Wide {
    Wide::from_decimal(value, 0)
}

/// |a - b| <= `errors` rounding errors of b.
fn near(a: Wide, b: Wide, errors: f64) -> bool {
    (a - b).abs().to_f64() <= errors * Wide::EPSILON * b.abs().to_f64()
}

#[test]
fn a_third_has_the_second_double_of_the_expansion() {
    // The nearest double is 6004799503160661 / 2^54, which is 1 / (3 * 2^54) too small.
    let third = Wide::from_ratio(1, 3);
    let two_to_54 = 18_014_398_509_481_984.0;
    assert_eq!(third.high.to_bits(), (6_004_799_503_160_661.0_f64 / two_to_54).to_bits());
    assert_eq!(third.low.to_bits(), (1.0_f64 / 3.0 / two_to_54).to_bits());
}

#[test]
fn response_weights_add_up_to_the_stratum() {
    let weight = Wide::from_ratio(37, 7);
    let sum: Wide = (0..7).map(|_| weight).sum();
    assert!(near(sum, Wide::from_count(37), 8.0), "{sum:?}");
    assert!(near(weight * Wide::from_count(7), Wide::from_count(37), 2.0));
}

#[test]
fn every_count_is_exact() {
    let largest = Wide::from_count(u64::MAX);
    assert_eq!(largest - Wide::from_count(u64::MAX - 1), Wide::ONE);
    assert_eq!((largest + Wide::ONE).to_f64().to_bits(), 18_446_744_073_709_551_616.0_f64.to_bits());
    assert_eq!(Wide::from_count(0), Wide::ZERO);
}

#[test]
fn decimals_of_38_digits_keep_more_digits_than_a_double() {
    // 12345678901234567890123456789012345678e-20 - 123456789012345678 = 0.90123456789012345678
    let difference = Wide::from_decimal(12_345_678_901_234_567_890_123_456_789_012_345_678, 20)
        - Wide::from_count(123_456_789_012_345_678);
    let fraction = Wide::from_decimal(90_123_456_789_012_345_678, 20);
    let error = (difference - fraction).abs().to_f64();
    assert!(error <= 123_456_789_012_345_678.0 * Wide::EPSILON, "{error:e}");
    assert_eq!(Wide::from_decimal(-150, 2), Wide::from_f64(-1.5));
    assert_eq!(Wide::from_decimal(i128::MIN, 0), Wide::from_f64(-power_of_two(127)));
}

#[test]
fn powers_of_ten_are_exact() {
    let ten = Wide::from_count(10);
    let mut power = Wide::ONE;
    for exponent in 0..=38 {
        assert_eq!(Wide::from_decimal(10_i128.pow(exponent), 0), power, "10^{exponent}");
        power = power * ten;
    }
}

#[test]
fn numbers_compare_by_their_second_double_too() {
    let third = Wide::from_ratio(1, 3);
    assert!(third > Wide::from_f64(third.to_f64()));
    assert!(-third < Wide::from_f64(-third.to_f64()));
}

proptest! {
    #[test]
    fn products_of_whole_numbers_of_52_bits_are_exact(a in -(1_i128 << 52)..(1 << 52), b in -(1_i128 << 52)..(1 << 52)) {
        prop_assert_eq!(whole(a) * whole(b), whole(a * b));
    }

    #[test]
    fn sums_of_whole_numbers_of_100_bits_are_exact(a in -(1_i128 << 100)..(1 << 100), b in -(1_i128 << 100)..(1 << 100)) {
        prop_assert_eq!(whole(a) + whole(b), whole(a + b));
        prop_assert_eq!(whole(a) - whole(b), whole(a - b));
    }

    #[test]
    fn what_is_left_when_leading_digits_cancel_is_exact(
        leading in 1_i128 << 51..1 << 52,
        count in 1_i128..(1 << 52),
        divisor in 3_u32..1000,
    ) {
        // Leading digits of 2^105, then a whole number in one and a fraction of 53 bits of its own in the other.
        let leading = whole(leading << 54);
        let fraction = Wide::from_f64(1.0 / f64::from(divisor));
        prop_assert_eq!((leading + whole(count)) - (leading - fraction), Wide::exact_sum(whole(count).high, fraction.high));
    }

    #[test]
    fn conversions_are_within_the_stated_error(a in any::<i128>()) {
        // The two doubles are whole numbers, so their distance from a can be counted.
        let wide = whole(a);
        let [high, low] = [wide.high, wide.low].map(|part| format!("{part:.0}").parse::<i128>());
        if let (Ok(high), Ok(low)) = (high, low) {
            let error = a.checked_sub(high).and_then(|rest| rest.checked_sub(low)).expect("the parts are near a");
            prop_assert!(error.unsigned_abs() <= a.unsigned_abs() >> 105);
        }
    }

    #[test]
    fn quotients_are_within_the_stated_error(a in 1_i128..(1 << 64), b in 1_i128..(1 << 40)) {
        // 2^60 a / b by whole numbers, against 60 binary places of the quotient; the remainder is below one such place.
        let places = Wide::from_f64(power_of_two(60));
        let quotient = whole(a) / whole(b) * places;
        let (by_integers, remainder) = ((a << 60) / b, (a << 60) % b);
        let rest = (quotient - whole(by_integers)).to_f64();
        let expected = whole(remainder).to_f64() / whole(b).to_f64();
        let allowed = 2.0 * Wide::EPSILON * quotient.to_f64() + 1e-15;
        prop_assert!((rest - expected).abs() <= allowed, "{} {}", rest, expected);
    }

    #[test]
    fn a_product_divided_by_a_factor_is_the_other(a in 1_i128..(1 << 100), b in 1_i128..(1 << 100)) {
        prop_assert!(near(whole(a) * whole(b) / whole(b), whole(a), 2.0));
    }
}
