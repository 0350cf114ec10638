//! `twin/<year>.toml` as written: values with their places, and findings where they are not what they should be.

use std::collections::BTreeSet;

use codebook::{Finding, Place, SourceFile};
use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The file, for places.
pub(super) struct Source<'f> {
    pub(super) file: &'f SourceFile,
}

impl Source<'_> {
    /// The place of a byte offset.
    fn place(&self, offset: usize) -> Place {
        let before = &self.file.text[..self.file.text.floor_char_boundary(offset)];
        let line = 1 + before.bytes().filter(|byte| *byte == b'\n').count();
        let column = 1 + before.chars().rev().take_while(|character| *character != '\n').count();
        let clamp = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Place::Text { file: self.file.path.clone(), line: clamp(line), column: clamp(column) }
    }

    /// The file's top level. What is not TOML is a finding.
    pub(super) fn parse<'f>(&self, text: &'f str, findings: &mut Vec<Finding>) -> Option<Spanned<DeTable<'f>>> {
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            let place = self.place(error.span().map_or(0, |span| span.start));
            findings.push(Finding::error(place, "syntax", format!("not TOML: {}", error.message())));
        }
        errors.is_empty().then_some(table)
    }
}

/// A value and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Written<'a> {
    source: &'a Source<'a>,
    value: &'a DeValue<'a>,
    start: usize,
}

/// A table, whose keys are asked for one by one; those that nobody asks for are findings.
pub(super) struct Section<'a> {
    source: &'a Source<'a>,
    table: &'a DeTable<'a>,
    start: usize,
    asked: BTreeSet<&'static str>,
}

/// A key that is a name, with its value.
pub(super) struct Named<'a> {
    pub(super) name: &'a str,
    pub(super) place: Place,
    pub(super) value: Written<'a>,
}

impl<'a> Section<'a> {
    pub(super) fn new(source: &'a Source<'a>, table: &'a DeTable<'a>, start: usize) -> Self {
        Self { source, table, start, asked: BTreeSet::new() }
    }

    pub(super) fn place(&self) -> Place {
        self.source.place(self.start)
    }

    /// The value of a key that may be left out.
    pub(super) fn optional(&mut self, key: &'static str) -> Option<Written<'a>> {
        self.asked.insert(key);
        self.table.get(key).map(|value| Written::new(self.source, value))
    }

    /// The value of a key that must be there.
    pub(super) fn required(&mut self, key: &'static str, findings: &mut Vec<Finding>) -> Option<Written<'a>> {
        let value = self.optional(key);
        if value.is_none() {
            findings.push(Finding::error(self.place(), "missing-key", format!("the key {key:?} is missing")));
        }
        value
    }

    /// Every key with its value, in the order of the file: for tables whose keys are names.
    pub(super) fn named(&self) -> Vec<Named<'a>> {
        let mut entries: Vec<(usize, Named<'a>)> = self
            .table
            .iter()
            .map(|(key, value)| {
                let start = key.span().start;
                let place = self.source.place(start);
                (start, Named { name: key.get_ref(), place, value: Written::new(self.source, value) })
            })
            .collect();
        entries.sort_by_key(|(start, _)| *start);
        entries.into_iter().map(|(_, named)| named).collect()
    }

    /// Reports the keys that nobody asked for.
    pub(super) fn finish(self, findings: &mut Vec<Finding>) {
        for key in self.named().iter().filter(|key| !self.asked.contains(key.name)) {
            let finding = Finding::error(key.place.clone(), "unknown-key", format!("unknown key {:?}", key.name));
            findings.push(finding.did_you_mean(key.name, self.asked.iter().copied()));
        }
    }
}

impl<'a> Written<'a> {
    fn new(source: &'a Source<'a>, value: &'a Spanned<DeValue<'a>>) -> Self {
        Self { source, value: value.get_ref(), start: value.span().start }
    }

    pub(super) fn place(&self) -> Place {
        self.source.place(self.start)
    }

    pub(super) fn is_table(&self) -> bool {
        self.value.is_table()
    }

    pub(super) fn finding(&self, code: &'static str, message: impl Into<String>) -> Finding {
        Finding::error(self.place(), code, message)
    }

    fn expected<T>(&self, what: &str, found: Option<T>, findings: &mut Vec<Finding>) -> Option<T> {
        if found.is_none() {
            findings.push(self.finding("type", format!("expected {what}, found {}", self.value.type_str())));
        }
        found
    }

    pub(super) fn text(&self, findings: &mut Vec<Finding>) -> Option<&'a str> {
        self.expected("a text", self.value.as_str(), findings)
    }

    pub(super) fn truth(&self, findings: &mut Vec<Finding>) -> Option<bool> {
        self.expected("true or false", self.value.as_bool(), findings)
    }

    pub(super) fn section(&self, findings: &mut Vec<Finding>) -> Option<Section<'a>> {
        let table = self.expected("a table", self.value.as_table(), findings)?;
        Some(Section::new(self.source, table, self.start))
    }

    pub(super) fn list(&self, findings: &mut Vec<Finding>) -> Vec<Self> {
        let list = self.expected("a list", self.value.as_array(), findings);
        list.into_iter().flat_map(|list| list.iter()).map(|value| Self::new(self.source, value)).collect()
    }

    /// A calendar date.
    pub(super) fn date(&self, findings: &mut Vec<Finding>) -> Option<Date> {
        let date = self.value.as_datetime().filter(|moment| moment.time.is_none()).and_then(|moment| moment.date);
        let date = date.and_then(|date| {
            let (month, day) = (i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?);
            Date::new(i16::try_from(date.year).ok()?, month, day).ok()
        });
        self.expected("a date such as 2020-12-04", date, findings)
    }

    /// A whole number from `low` to `high`.
    pub(super) fn count(&self, low: u32, high: u32, findings: &mut Vec<Finding>) -> Option<u32> {
        let digits = self.value.as_integer().filter(|integer| integer.radix() == 10);
        let number = digits.and_then(|digits| digits.as_str().parse::<u32>().ok());
        let number = number.filter(|number| (low..=high).contains(number));
        if number.is_none() {
            findings.push(self.finding("out-of-range", format!("expected a whole number from {low} to {high}")));
        }
        number
    }

    /// A number with at most `decimals` decimals, from 0 to `high`, in units of its last decimal.
    pub(super) fn units(&self, decimals: u8, high: u32, findings: &mut Vec<Finding>) -> Option<u32> {
        let digits = match self.value {
            DeValue::Integer(integer) if integer.radix() == 10 => Some(integer.as_str()),
            DeValue::Float(float) => Some(float.as_str()),
            DeValue::Integer(_)
            | DeValue::String(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => None,
        };
        let decimal = digits.and_then(|digits| codebook::Decimal::parse(digits, '.').ok());
        let units = decimal.and_then(|decimal| exactly_at(decimal, decimals)).filter(|units| *units <= high);
        if units.is_none() {
            let high = high / 10_u32.pow(u32::from(decimals));
            let message = format!("expected a number from 0 to {high} with at most {decimals} decimals");
            findings.push(self.finding("out-of-range", message));
        }
        units
    }

    /// A per cent, in hundredths.
    pub(super) fn per_cent(&self, findings: &mut Vec<Finding>) -> Option<u32> {
        self.units(2, super::WHOLE, findings)
    }
}

/// A decimal in units of 10^-scale, if it has no more decimals than that.
fn exactly_at(decimal: codebook::Decimal, scale: u8) -> Option<u32> {
    let power = |digits: u8| 10_i128.checked_pow(u32::from(digits));
    let units = if decimal.scale() <= scale {
        decimal.units().checked_mul(power(scale - decimal.scale())?)?
    } else {
        let finer = power(decimal.scale() - scale)?;
        (decimal.units() % finer == 0).then_some(decimal.units() / finer)?
    };
    u32::try_from(units).ok()
}
