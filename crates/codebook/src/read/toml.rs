//! A country's files as written: typed access to spanned TOML that collects findings instead of stopping at the first.
//!
//! A key that some accessor asked for is a known key; whatever else stands in a table is reported by
//! [`Entries::finish`]. So the list of known keys cannot drift from the code that reads them.

use std::collections::BTreeSet;

use jiff::civil::Date;
use toml::de::{DeTable, DeValue};

use super::source::{Source, WrittenAt, offset_in_string};
use crate::{ConfidenceLevel, Decimal, Finding, NameError, Place, ReleaseMoment};

/// One file, parsed.
pub(super) struct Document<'f> {
    pub(super) source: Source<'f>,
    table: DeTable<'f>,
    /// Whether it is TOML. What was recovered from a file that is not must accuse nobody.
    well_formed: bool,
}

impl<'f> Document<'f> {
    /// Parses a file of the country; what is not TOML becomes findings.
    pub(super) fn parse(path: &'f str, text: &'f str, findings: &mut Vec<Finding>) -> Self {
        Self::parse_source(Source::new(path, text), findings)
    }

    /// The same for any file.
    pub(super) fn parse_source(source: Source<'f>, findings: &mut Vec<Finding>) -> Self {
        let text = source.text();
        let (table, errors) = DeTable::parse_recoverable(text);
        let mut lines = BTreeSet::new();
        for error in &errors {
            let place = source.place(error.span().map_or(0, |span| span.start));
            let line = match &place {
                Place::Text { line, .. } => *line,
                Place::File { .. } | Place::Cell { .. } => 0,
            };
            // One slip often breaks several rules of the grammar: the first on each line tells it.
            if lines.insert(line) {
                findings.push(Finding::error(place, "syntax", format!("not TOML: {}", error.message())));
            }
        }
        Self { source, table: table.into_inner(), well_formed: errors.is_empty() }
    }

    /// The file's top level, unless the file is not TOML.
    pub(super) fn entries(&self) -> Option<Entries<'_>> {
        self.well_formed.then(|| Entries {
            layer: Layer { source: &self.source, table: &self.table },
            under: None,
            place: self.source.whole(),
            asked: BTreeSet::new(),
            missing: Vec::new(),
        })
    }
}

/// A table of one file.
#[derive(Clone, Copy)]
struct Layer<'a> {
    source: &'a Source<'a>,
    table: &'a DeTable<'a>,
}

impl<'a> Layer<'a> {
    fn get(self, key: &str) -> Option<Value<'a>> {
        self.table.get(key).map(|value| Value::new(self.source, value))
    }

    /// Every key with its value, in the order of the file.
    fn named(self) -> Vec<(Text<'a>, Value<'a>)> {
        let entry = |(key, value): (&'a toml::Spanned<_>, &'a toml::Spanned<_>)| {
            let key: &'a toml::Spanned<std::borrow::Cow<'a, str>> = key;
            (Text::new(self.source, key.get_ref(), key.span()), Value::new(self.source, value))
        };
        let mut entries: Vec<_> = self.table.iter().map(entry).collect();
        entries.sort_by_key(|(key, _)| key.start);
        entries
    }
}

/// A table: keys and values. It may lie over another one, which gives the keys that it does not have; of texts in several languages, those
/// languages. Every value knows the file that it stands in.
pub(super) struct Entries<'a> {
    layer: Layer<'a>,
    under: Option<Layer<'a>>,
    place: Place,
    asked: BTreeSet<&'static str>,
    missing: Vec<&'static str>,
}

impl<'a> Entries<'a> {
    /// Where the table starts: its header or its brace.
    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// The value of a key that may be left out.
    pub(super) fn optional(&mut self, key: &'static str) -> Option<Value<'a>> {
        self.asked.insert(key);
        let under = self.under.and_then(|under| under.get(key));
        match (self.layer.get(key), under) {
            (Some(value), Some(under)) => Some(value.over(under)),
            (value, under) => value.or(under),
        }
    }

    /// The value of a key in this table itself; for whoever looks before it is read.
    pub(super) fn own(&self, key: &str) -> Option<Value<'a>> {
        self.layer.get(key)
    }

    /// The value of a key in the table that lies under this one.
    pub(super) fn under(&self, key: &str) -> Option<Value<'a>> {
        self.under.and_then(|under| under.get(key))
    }

    /// Whether another table lies under this one.
    pub(super) fn is_over(&self) -> bool {
        self.under.is_some()
    }

    /// The keys of the upper table.
    pub(super) fn own_keys(&self) -> impl Iterator<Item = &'a str> {
        self.layer.named().into_iter().map(|(key, _)| key.value)
    }

    /// The value of a key that must be there.
    pub(super) fn required(&mut self, key: &'static str) -> Option<Value<'a>> {
        let value = self.optional(key);
        if value.is_none() {
            self.missing.push(key);
        }
        value
    }

    /// Every key with its value, in the order of the file: for tables whose keys are names. Those of a table that lies under this one
    /// come behind.
    pub(super) fn named(&self) -> Vec<(Text<'a>, Value<'a>)> {
        let mut entries = self.layer.named();
        let under = self.under.map(Layer::named).unwrap_or_default();
        entries.extend(under.into_iter().filter(|(key, _)| self.layer.get(key.value).is_none()));
        entries
    }

    /// Reports the keys that nobody asked for and those that are missing. A misspelt key is one finding, not two.
    pub(super) fn finish(self, findings: &mut Vec<Finding>) {
        let mut guessed = BTreeSet::new();
        for (key, _) in self.layer.named().into_iter().filter(|(key, _)| !self.asked.contains(key.value)) {
            // Keys that are missing come first as what may have been meant, then all that could stand here.
            let near = |known: &str| strsim::damerau_levenshtein(key.value, known) <= 2;
            let meant = self.missing.iter().find(|missing| near(missing) && guessed.insert(**missing));
            let finding = key.finding("unknown-key", format!("unknown key {:?}", key.value));
            findings.push(match meant {
                Some(meant) => finding.hint(format!("did you mean {meant:?}?")),
                None => finding.did_you_mean(key.value, self.asked.iter().copied()),
            });
        }
        for key in self.missing.iter().filter(|key| !guessed.contains(*key)) {
            findings.push(Finding::error(self.place.clone(), "missing-key", format!("the key {key:?} is missing")));
        }
    }
}

/// A value with its place.
#[derive(Clone, Copy)]
pub(super) struct Value<'a> {
    source: &'a Source<'a>,
    value: &'a DeValue<'a>,
    start: usize,
    end: usize,
    /// The table under this one.
    under: Option<Layer<'a>>,
}

impl<'a> Value<'a> {
    fn new(source: &'a Source<'a>, value: &'a toml::Spanned<DeValue<'a>>) -> Self {
        let span = value.span();
        Self { source, value: value.get_ref(), start: span.start, end: span.end, under: None }
    }

    /// This value over `under`: of two tables, each gives the keys that only it has. Any other value takes the place of the one under it.
    pub(super) fn over(mut self, under: Self) -> Self {
        self.under = under.value.as_table().map(|table| Layer { source: under.source, table });
        self
    }

    /// Whether it stands in the questionnaire that countries share.
    pub(super) fn is_core(&self) -> bool {
        self.source.written_at() != WrittenAt::Country
    }

    pub(super) fn place(&self) -> Place {
        self.source.place(self.start)
    }

    pub(super) fn finding(&self, code: &'static str, message: impl Into<String>) -> Finding {
        Finding::error(self.place(), code, message)
    }

    pub(super) fn is_text(&self) -> bool {
        self.value.is_str()
    }

    /// The text of a key, if the value is a table that has one; for whoever looks before it is read.
    pub(super) fn text_of(&self, key: &str) -> Option<Text<'a>> {
        let own = self.value.as_table().map(|table| Layer { source: self.source, table });
        let value = own.and_then(|layer| layer.get(key)).or_else(|| self.under.and_then(|under| under.get(key)))?;
        value.is_text().then(|| value.text(&mut Vec::new())).flatten()
    }

    pub(super) fn is_list(&self) -> bool {
        self.value.is_array()
    }

    pub(super) fn is_table(&self) -> bool {
        self.value.is_table()
    }

    /// A text.
    pub(super) fn text(&self, findings: &mut Vec<Finding>) -> Option<Text<'a>> {
        match self.value.as_str() {
            Some(text) => Some(Text::new(self.source, text, self.start..self.end)),
            None => {
                findings.push(self.mismatch("a text"));
                None
            }
        }
    }

    /// A text that is not empty, such as a column's name.
    pub(super) fn filled_text(&self, findings: &mut Vec<Finding>) -> Option<Text<'a>> {
        let text = self.text(findings)?;
        if text.value.trim().is_empty() {
            findings.push(self.finding("empty", "the text is empty"));
            return None;
        }
        Some(text)
    }

    /// A table.
    pub(super) fn entries(&self, findings: &mut Vec<Finding>) -> Option<Entries<'a>> {
        match self.value.as_table() {
            Some(table) => Some(Entries {
                layer: Layer { source: self.source, table },
                under: self.under,
                place: self.place(),
                asked: BTreeSet::new(),
                missing: Vec::new(),
            }),
            None => {
                findings.push(self.mismatch("a table"));
                None
            }
        }
    }

    /// A list.
    pub(super) fn list(&self, findings: &mut Vec<Finding>) -> Option<Vec<Self>> {
        match self.value.as_array() {
            Some(array) => Some(array.iter().map(|value| Self::new(self.source, value)).collect()),
            None => {
                findings.push(self.mismatch("a list"));
                None
            }
        }
    }

    /// A list of texts, without those that are something else.
    pub(super) fn texts(&self, findings: &mut Vec<Finding>) -> Option<Vec<Text<'a>>> {
        let values = self.list(findings)?;
        Some(values.iter().filter_map(|value| value.text(findings)).collect())
    }

    /// `true` or `false`.
    pub(super) fn boolean(&self, findings: &mut Vec<Finding>) -> Option<bool> {
        let value = self.value.as_bool();
        if value.is_none() {
            findings.push(self.mismatch("true or false"));
        }
        value
    }

    /// A whole number from `low` to `high`.
    pub(super) fn integer(&self, low: i64, high: i64, findings: &mut Vec<Finding>) -> Option<i64> {
        let Some(integer) = self.value.as_integer() else {
            findings.push(self.mismatch("a whole number"));
            return None;
        };
        let number = i64::from_str_radix(integer.as_str(), integer.radix()).ok();
        let number = number.filter(|number| (low..=high).contains(number));
        if number.is_none() {
            findings.push(self.finding("out-of-range", format!("expected a whole number from {low} to {high}")));
        }
        number
    }

    /// A number of points from 0 to 100, written with or without decimals.
    pub(super) fn points(&self, findings: &mut Vec<Finding>) -> Option<f64> {
        let digits = self.digits(findings)?;
        let number = digits.parse::<f64>().ok().filter(|number| (0.0..=100.0).contains(number));
        if number.is_none() {
            findings.push(self.finding("out-of-range", "expected a number of points from 0 to 100"));
        }
        number
    }

    /// A number as it is written, which is no longer than one of an export may be.
    pub(super) fn number(&self, findings: &mut Vec<Finding>) -> Option<Decimal> {
        let digits = self.digits(findings)?;
        let number = Decimal::parse(digits, '.').ok().filter(|number| number.is_answer_sized());
        if number.is_none() {
            let (whole, decimals) = (Decimal::ANSWER_INTEGER_DIGITS, Decimal::ANSWER_DECIMALS);
            let message = format!("expected a number of at most {whole} digits and {decimals} decimals");
            findings.push(self.finding("out-of-range", message));
        }
        number
    }

    /// A confidence level.
    pub(super) fn confidence_level(&self, findings: &mut Vec<Finding>) -> Option<ConfidenceLevel> {
        let level = ConfidenceLevel::new(self.digits(findings)?.parse().unwrap_or(f64::NAN));
        if level.is_none() {
            let (least, greatest) = (ConfidenceLevel::LEAST.as_f64(), ConfidenceLevel::GREATEST.as_f64());
            let message = format!("expected a confidence level from {least} to {greatest}, with at most four decimals");
            findings.push(self.finding("out-of-range", message).hint("95 per cent is written 0.95"));
        }
        level
    }

    /// The digits of a number, written with or without decimals.
    fn digits(&self, findings: &mut Vec<Finding>) -> Option<&'a str> {
        match self.value {
            DeValue::Integer(integer) if integer.radix() == 10 => Some(integer.as_str()),
            DeValue::Float(float) => Some(float.as_str()),
            DeValue::Integer(_)
            | DeValue::String(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => {
                findings.push(self.mismatch("a number"));
                None
            }
        }
    }

    /// A calendar date.
    pub(super) fn date(&self, findings: &mut Vec<Finding>) -> Option<Date> {
        let date =
            self.value.as_datetime().filter(|datetime| datetime.time.is_none()).and_then(|datetime| datetime.date);
        let Some(date) = date else {
            let finding = self.mismatch("a date such as 2020-12-04");
            findings.push(if self.is_text() { finding.hint("write the date without quotes") } else { finding });
            return None;
        };
        let parts = (i16::try_from(date.year), i8::try_from(date.month), i8::try_from(date.day));
        let civil = match parts {
            (Ok(year), Ok(month), Ok(day)) => Date::new(year, month, day).ok(),
            _ => None,
        };
        if civil.is_none() {
            findings.push(self.finding("bad-date", format!("there is no day {date}")));
        }
        civil
    }

    /// A moment with its zone, on this day.
    pub(super) fn moment(&self, day: Option<Date>, findings: &mut Vec<Finding>) -> Option<ReleaseMoment> {
        let written = self.value.as_datetime().map(ToString::to_string);
        let Some(moment) = written.as_deref().and_then(ReleaseMoment::new) else {
            let finding = self.mismatch("a moment with its zone such as 2020-12-04T09:00:00+01:00");
            findings.push(if self.is_text() { finding.hint("write the moment without quotes") } else { finding });
            return None;
        };
        if let Some(day) = day.filter(|day| !moment.as_str().starts_with(&day.to_string())) {
            let message = format!("the moment of release is not on the day of publication, {day}");
            findings.push(self.finding("moment-on-another-day", message));
        }
        Some(moment)
    }

    fn mismatch(&self, expected: &str) -> Finding {
        let found = match self.value {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) | DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.finding("wrong-type", format!("expected {expected}, found {found}"))
    }
}

/// A text, or a key, with its place.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    source: &'a Source<'a>,
    pub(super) value: &'a str,
    start: usize,
    end: usize,
}

impl<'a> Text<'a> {
    fn new(source: &'a Source<'a>, value: &'a str, span: std::ops::Range<usize>) -> Self {
        Self { source, value, start: span.start, end: span.end }
    }

    pub(super) fn place(&self) -> Place {
        self.source.place(self.start)
    }

    /// Where it stands among all files and in its own, to put what stands in several tables into order.
    pub(super) fn position(&self) -> (WrittenAt, usize) {
        (self.source.written_at(), self.start)
    }

    /// Whether it stands in the questionnaire that countries share.
    pub(super) fn is_core(&self) -> bool {
        self.source.written_at() != WrittenAt::Country
    }

    /// The place of a character of the text, by its line and column in the text's value.
    pub(super) fn place_inside(&self, line: u64, column: u64) -> Place {
        let raw = self.source.text().get(self.start..self.end).unwrap_or("");
        self.source.place(self.start + offset_in_string(raw, self.value, line, column))
    }

    pub(super) fn finding(&self, code: &'static str, message: impl Into<String>) -> Finding {
        Finding::error(self.place(), code, message)
    }

    /// The text as a validated name; a finding if it breaks the rule.
    pub(super) fn name<T>(&self, read: fn(&str) -> Result<T, NameError>, findings: &mut Vec<Finding>) -> Option<T> {
        match read(self.value) {
            Ok(name) => Some(name),
            Err(error) => {
                findings.push(self.finding("bad-name", error.to_string()));
                None
            }
        }
    }
}
