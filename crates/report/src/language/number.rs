//! Numbers in a language's form, written and read, and the form of a noun that a number asks for.

use std::collections::BTreeSet;
use std::sync::Arc;

use disclose::Rounded;
use fixed_decimal::Decimal;
use icu_decimal::DecimalFormatter;
use icu_decimal::options::DecimalFormatterOptions;
use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralRules};

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

impl From<Number> for Decimal {
    fn from(number: Number) -> Self {
        let mut decimal = Self::from(number.units);
        decimal.multiply_pow10(-i16::from(number.decimals));
        decimal
    }
}

/// A number as a country's file says it.
pub(crate) fn as_written(number: f64) -> Decimal {
    number.to_string().parse().expect("a number of a file has digits")
}

/// Whole numbers up to here need every form that nouns behind counts of a survey can have. (Some languages have one more for millions.)
const COUNTS: u64 = 1_000;

/// How a language writes numbers, and which form of a noun they ask for, by the CLDR rules of a locale.
#[derive(Debug, Clone)]
pub(crate) struct NumberForm {
    formatter: DecimalFormatter,
    plurals: Arc<PluralRules>,
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
        let plurals = Arc::new(PluralRules::try_new_cardinal((&locale).into()).ok()?);
        Some(Self { formatter, plurals, decimal_mark, thousands_mark })
    }

    pub(crate) fn write(&self, number: Number) -> String {
        self.format(&number.into())
    }

    pub(crate) fn format(&self, decimal: &Decimal) -> String {
        self.formatter.format(decimal).to_string()
    }

    /// The form of a noun behind a number: "1 bar" and "2 bars".
    pub(crate) fn plural(&self, decimal: &Decimal) -> PluralCategory {
        self.plurals.category_for(decimal)
    }

    /// The forms that nouns behind counts have.
    pub(crate) fn plurals(&self) -> BTreeSet<PluralCategory> {
        (0..=COUNTS).map(|count| self.plurals.category_for(count)).collect()
    }

    pub(crate) fn count(&self, count: u64) -> String {
        self.format(&Decimal::from(count))
    }

    /// What is written with digits and a point; `None` for anything else.
    pub(crate) fn decimal(&self, digits: &str) -> Option<String> {
        let decimal: Decimal = digits.parse().ok()?;
        Some(self.format(&decimal))
    }

    /// One number out of what a space stands in the middle of, where the language groups digits by spaces: "1 877". Writers type whichever
    /// space is at hand.
    pub(crate) fn joined(&self, first: &str, between: &str, second: &str) -> Option<String> {
        let mark = self.thousands_mark.filter(|mark| mark.is_whitespace())?;
        let is_space = matches!(between, " " | "\u{a0}" | "\u{202f}");
        let whole = second.split(self.decimal_mark).next().unwrap_or(second);
        let joined = format!("{first}{mark}{second}");
        (is_space && whole.len() == 3 && self.read(first).is_some() && self.read(&joined).is_some()).then_some(joined)
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
