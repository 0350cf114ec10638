//! Numbers in a language's form, written and read.

use disclose::Rounded;
use fixed_decimal::Decimal;
use icu_decimal::DecimalFormatter;
use icu_decimal::options::DecimalFormatterOptions;
use icu_locale_core::Locale;

/// A published number: `units * 10^-decimals`. What [`Rounded`] is, but for tests of captions and charts also made by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Number {
    pub(crate) units: i64,
    pub(crate) decimals: u8,
}

impl From<Rounded> for Number {
    fn from(rounded: Rounded) -> Self {
        Self { units: rounded.units(), decimals: rounded.decimals() }
    }
}

/// How a language writes numbers, by the CLDR rules of a locale.
#[derive(Debug, Clone)]
pub(crate) struct NumberForm {
    formatter: DecimalFormatter,
    decimal_mark: char,
    thousands_mark: Option<char>,
}

impl NumberForm {
    /// The form of a locale such as `da` or `en-GB`; `None` when this is not a locale.
    pub(crate) fn new(locale: &str) -> Option<Self> {
        let locale: Locale = locale.parse().ok()?;
        let formatter = DecimalFormatter::try_new((&locale).into(), DecimalFormatterOptions::default()).ok()?;
        let mark = |units, exponent| {
            let mut decimal = Decimal::from(units);
            decimal.multiply_pow10(exponent);
            formatter.format(&decimal).to_string().chars().find(|character| !character.is_numeric())
        };
        let (decimal_mark, thousands_mark) = (mark(11, -1)?, mark(1_111_111, 0));
        Some(Self { formatter, decimal_mark, thousands_mark })
    }

    pub(crate) fn write(&self, number: Number) -> String {
        let mut decimal = Decimal::from(number.units);
        decimal.multiply_pow10(-i16::from(number.decimals));
        self.formatter.format(&decimal).to_string()
    }

    pub(crate) fn count(&self, count: u64) -> String {
        self.formatter.format(&Decimal::from(count)).to_string()
    }

    /// What is written with digits and a point; `None` for anything else.
    pub(crate) fn decimal(&self, digits: &str) -> Option<String> {
        let decimal: Decimal = digits.parse().ok()?;
        Some(self.formatter.format(&decimal).to_string())
    }

    /// Reads digits, with thousands marks where they belong and at most one decimal mark.
    pub(crate) fn read(&self, text: &str) -> Option<Number> {
        let (whole, fraction) = text.split_once(self.decimal_mark).unwrap_or((text, ""));
        if text.contains(self.decimal_mark) && fraction.is_empty() {
            return None;
        }
        let digits = self.without_thousands_marks(whole)? + fraction;
        if !digits.chars().all(|character| character.is_ascii_digit()) {
            return None;
        }
        Some(Number { units: digits.parse().ok()?, decimals: u8::try_from(fraction.len()).ok()? })
    }

    fn without_thousands_marks(&self, whole: &str) -> Option<String> {
        let groups: Vec<&str> = match self.thousands_mark {
            Some(mark) => whole.split(mark).collect(),
            None => vec![whole],
        };
        let (first, others) = groups.split_first()?;
        let well_placed =
            !first.is_empty() && (others.is_empty() || first.len() <= 3) && others.iter().all(|group| group.len() == 3);
        well_placed.then(|| groups.concat())
    }
}
