//! `[design.calibration]` and `[design.trim]` of a wave: what weights are made to reproduce, and what they are kept within.

use std::collections::{BTreeMap, BTreeSet};

use super::codebook::{Questionnaire, find_code};
use super::design::Files;
use super::files::{raw_file, written};
use super::tables::category;
use super::toml::{Entries, Text, Value};
use super::words::words;
use crate::expression::types::Meaning;
use crate::{
    CalibrationMethod, CalibrationRecipe, CellTotals, Code, Decimal, FactorBounds, Finding, Kind, Margin, MarginFile,
    MarginOf, TrimRecipe, VariableName, WeightBound,
};

/// Reads `[design.calibration]`; nothing when it has findings. `strata` are those of the design, unless they have findings.
pub(super) fn calibration(
    value: Value<'_>,
    files: &Files<'_>,
    strata: Option<&[VariableName]>,
    questionnaire: &Questionnaire,
    findings: &mut Vec<Finding>,
) -> Option<CalibrationRecipe> {
    let before = findings.len();
    let mut entries = value.entries(findings)?;
    let place = entries.place().clone();
    let mut reader = Reader { files, strata, questionnaire, findings };
    let word = entries.required("method").and_then(|value| value.text(reader.findings));
    let bounds = entries.optional("bounds");
    let method = word.and_then(|word| reader.method(word, bounds));
    let margins_value = entries.required("margins");
    let margins = margins_value.map(|value| reader.margins(value)).unwrap_or_default();
    entries.finish(reader.findings);
    if let (Some(method), Some(word)) = (method, word) {
        reader.fit(method, word, &margins);
    }
    (findings.len() == before).then_some(CalibrationRecipe { method: method?, margins, place })
}

/// Reads `[design.trim]`; nothing when it has findings.
pub(super) fn trim(value: Value<'_>, findings: &mut Vec<Finding>) -> Option<TrimRecipe> {
    let before = findings.len();
    let mut entries = value.entries(findings)?;
    let place = entries.place().clone();
    let lowest = entries.optional("lowest").and_then(|value| weight_bound(value, findings));
    let highest = entries.optional("highest").and_then(|value| weight_bound(value, findings));
    entries.finish(findings);
    if findings.len() > before {
        return None;
    }
    match (lowest, highest) {
        (None, None) => {
            let finding = value.finding("missing-key", "weights are trimmed to nothing");
            findings.push(finding.hint("name the lowest or the highest weight, or both"));
        }
        (_, Some(high)) if high.number().units() == 0 => {
            findings.push(value.finding("out-of-range", "the highest weight is above 0"));
        }
        (Some(low), Some(high)) if is_above(low, high) => {
            let (low, high) = (low.number(), high.number());
            findings.push(value.finding("contradiction", format!("the lowest weight {low} is not below {high}")));
        }
        (Some(_), Some(_) | None) | (None, Some(_)) => {}
    }
    (findings.len() == before).then_some(TrimRecipe { lowest, highest, place })
}

/// A weight, `{ times_median = … }` or `{ times_mean = … }`.
fn weight_bound(value: Value<'_>, findings: &mut Vec<Finding>) -> Option<WeightBound> {
    if !value.is_table() {
        return not_negative(value, findings).map(WeightBound::Weight);
    }
    let mut entries = value.entries(findings)?;
    let (median, mean) = (entries.optional("times_median"), entries.optional("times_mean"));
    entries.finish(findings);
    match (median, mean) {
        (Some(times), None) => not_negative(times, findings).map(WeightBound::TimesMedian),
        (None, Some(times)) => not_negative(times, findings).map(WeightBound::TimesMean),
        (Some(_), Some(_)) | (None, None) => {
            let finding = value.finding("contradiction", "a bound is a multiple of the median or of the mean weight");
            findings.push(finding.hint("such as { times_median = 5 }"));
            None
        }
    }
}

/// Whether a lower bound is no lower than an upper one, as far as that shows without weights.
fn is_above(low: WeightBound, high: WeightBound) -> bool {
    let are_alike = std::mem::discriminant(&low) == std::mem::discriminant(&high);
    are_alike && low.number() >= high.number()
}

fn not_negative(value: Value<'_>, findings: &mut Vec<Finding>) -> Option<Decimal> {
    let number = value.number(findings)?;
    if number.units() < 0 {
        findings.push(value.finding("out-of-range", "expected a number that is not below 0"));
        return None;
    }
    Some(number)
}

struct Reader<'r> {
    files: &'r Files<'r>,
    strata: Option<&'r [VariableName]>,
    questionnaire: &'r Questionnaire,
    findings: &'r mut Vec<Finding>,
}

/// The keys of a margin that say what it totals and where the totals come from.
struct MarginKeys<'a> {
    totals: Option<Value<'a>>,
    file: Option<Value<'a>>,
    total_of: Option<Value<'a>>,
    total: Option<Value<'a>>,
}

impl Reader<'_> {
    fn method(&mut self, word: Text<'_>, bounds: Option<Value<'_>>) -> Option<CalibrationMethod> {
        let method = match word.value {
            "poststratify" => CalibrationMethod::PostStratification,
            "rake" => CalibrationMethod::Raking,
            "linear" => CalibrationMethod::Linear,
            "logit" => {
                let Some(value) = bounds else {
                    let finding = word.finding("missing-key", "the method \"logit\" needs bounds");
                    self.findings.push(finding.hint("such as bounds = [0.3, 3], of a new weight over its old one"));
                    return None;
                };
                return Some(CalibrationMethod::Logit { bounds: self.bounds(value)? });
            }
            other => {
                let finding = word.finding("unknown-word", format!("{other:?} is no method of calibration"));
                self.findings.push(finding.did_you_mean(other, ["poststratify", "rake", "linear", "logit"]));
                return None;
            }
        };
        if let Some(value) = bounds {
            let message = format!("{:?} keeps no bounds", word.value);
            self.findings.push(value.finding("contradiction", message).hint("method = \"logit\""));
        }
        Some(method)
    }

    /// `[low, high]`, around 1, which leaves a weight as it is.
    fn bounds(&mut self, value: Value<'_>) -> Option<FactorBounds> {
        let values = value.list(self.findings)?;
        let numbers: Vec<Decimal> = values.iter().filter_map(|value| value.number(self.findings)).collect();
        let (zero, one) = (Decimal::new(0, 0), Decimal::new(1, 0));
        match numbers[..] {
            _ if numbers.len() < values.len() => None,
            [low, high] if zero <= low && low < one && one < high => Some(FactorBounds { low, high }),
            _ => {
                let finding =
                    value.finding("out-of-range", "bounds are two numbers, one from 0 to below 1, one above 1");
                self.findings.push(finding.hint("such as bounds = [0.3, 3], of a new weight over its old one"));
                None
            }
        }
    }

    fn margins(&mut self, value: Value<'_>) -> Vec<Margin> {
        let values = value.list(self.findings);
        if values.as_ref().is_some_and(Vec::is_empty) {
            self.findings.push(value.finding("empty", "there is no margin"));
        }
        let mut margins: Vec<Margin> = Vec::new();
        for value in values.unwrap_or_default() {
            let Some(margin) = self.margin(value) else { continue };
            let variables = |margin: &Margin| margin.variables().iter().cloned().collect::<BTreeSet<_>>();
            if margins.iter().any(|earlier| variables(earlier) == variables(&margin)) {
                let names: Vec<&str> = margin.variables().iter().map(VariableName::as_str).collect();
                let message = format!("the margin of {} is given twice", names.join(" x "));
                self.findings.push(value.finding("duplicate", message));
            }
            margins.push(margin);
        }
        margins
    }

    fn margin(&mut self, value: Value<'_>) -> Option<Margin> {
        let mut entries = value.entries(self.findings)?;
        let place = entries.place().clone();
        let by = entries.optional("by");
        let keys = MarginKeys {
            totals: entries.optional("totals"),
            file: entries.optional("file"),
            total_of: entries.optional("total_of"),
            total: entries.optional("total"),
        };
        let source = entries.optional("source").and_then(|value| words(value, self.files.languages, self.findings));
        let of = match (by, keys.total_of) {
            (Some(by), None) => self.cells(by, &keys, &mut entries),
            (None, Some(total_of)) => self.number(total_of, &keys),
            (Some(_), Some(_)) | (None, None) => {
                let finding = value.finding("contradiction", "a margin counts cells or totals a number");
                self.findings.push(finding.hint("by = [\"…\"] with totals, or total_of = \"…\" with total"));
                // What else such a margin says is not judged.
                for key in ["count", "columns", "encoding", "delimiter", "decimal_mark", "sheet"] {
                    entries.optional(key);
                }
                None
            }
        };
        entries.finish(self.findings);
        Some(Margin { of: of?, source, place })
    }

    fn number(&mut self, value: Value<'_>, keys: &MarginKeys<'_>) -> Option<MarginOf> {
        let text = value.text(self.findings)?;
        let variable = match self.questionnaire.scope.meaning(text.value) {
            Meaning::Known(Kind::Number) => VariableName::new(text.value).ok(),
            Meaning::Known(Kind::Category { .. } | Kind::Condition | Kind::Date | Kind::Text) => {
                let message = format!("{:?} is not a number, so it has no total", text.value);
                self.findings.push(text.finding("type-mismatch", message).hint("by = [\"…\"] counts categories"));
                None
            }
            Meaning::Unclear => None,
            Meaning::Unknown => {
                let finding = text.finding("unknown-variable", format!("there is no variable {:?}", text.value));
                self.findings.push(finding.did_you_mean(text.value, self.questionnaire.scope.names()));
                None
            }
        };
        for value in [keys.totals, keys.file].into_iter().flatten() {
            let finding = value.finding("contradiction", "the total of a number is one number");
            self.findings.push(finding.hint("total = …"));
        }
        let Some(total) = keys.total else {
            let message = format!("the total of {:?} is missing", text.value);
            self.findings.push(text.finding("missing-key", message).hint("total = …"));
            return None;
        };
        let total = total.number(self.findings);
        Some(MarginOf::Number { variable: variable?, total: total? })
    }

    fn cells(&mut self, value: Value<'_>, keys: &MarginKeys<'_>, entries: &mut Entries<'_>) -> Option<MarginOf> {
        let by = self.categories(value);
        if let Some(total) = keys.total {
            let finding = total.finding("contradiction", "cells have a total each");
            self.findings.push(finding.hint("totals = { … = … }"));
        }
        let totals = match (keys.totals, keys.file) {
            (Some(totals), None) if totals.is_table() => self.listed(totals, by.as_deref()?).map(CellTotals::Listed),
            (Some(totals), None) => self.frame(totals, by.as_deref()?),
            (None, Some(_)) => self.file(entries, by.as_deref()).map(CellTotals::File),
            (Some(_), Some(_)) | (None, None) => {
                let finding = value.finding("contradiction", "the totals of a margin come from one place");
                let hint = "totals = \"frame\", totals = { … = … }, or a file with its count and columns";
                self.findings.push(finding.hint(hint));
                None
            }
        };
        Some(MarginOf::Cells { by: by?, totals: totals? })
    }

    /// The category variables of a margin, unless one of them has a finding.
    fn categories(&mut self, value: Value<'_>) -> Option<Vec<VariableName>> {
        let texts = value.texts(self.findings)?;
        if texts.is_empty() {
            self.findings.push(value.finding("empty", "the margin has no variable"));
            return None;
        }
        let mut by = Vec::new();
        for text in &texts {
            let Some(name) = category(*text, "margin variable", self.questionnaire, self.findings) else { continue };
            if by.contains(&name) {
                let message = format!("the margin variable {:?} is listed twice", text.value);
                self.findings.push(text.finding("duplicate", message));
            } else {
                by.push(name);
            }
        }
        (by.len() == texts.len()).then_some(by)
    }

    /// `{ E = 4421, H = 755 }`, by the codes of one variable.
    fn listed(&mut self, value: Value<'_>, by: &[VariableName]) -> Option<BTreeMap<Code, Decimal>> {
        let [variable] = by else {
            let finding = value.finding("contradiction", "totals of combined variables are not listed here");
            self.findings.push(finding.hint("give them in a file, one row per combination"));
            return None;
        };
        let Meaning::Known(Kind::Category { list, categories }) = self.questionnaire.scope.meaning(variable.as_str())
        else {
            return None;
        };
        let mut totals = BTreeMap::new();
        for (text, value) in value.entries(self.findings)?.named() {
            let code = find_code(text, list, categories, self.findings);
            let total = not_negative(value, self.findings);
            totals.extend(code.zip(total));
        }
        if totals.is_empty() {
            self.findings.push(value.finding("empty", "the margin has no totals"));
        }
        Some(totals)
    }

    /// `"frame"`, whose strata add up to the cells.
    fn frame(&mut self, value: Value<'_>, by: &[VariableName]) -> Option<CellTotals> {
        let text = value.text(self.findings)?;
        if text.value != "frame" {
            let finding = text.finding("unknown-word", format!("{:?} has no totals", text.value));
            self.findings.push(finding.hint("totals = \"frame\", or { <code> = <number>, … }"));
            return None;
        }
        if self.files.frame_place.is_none() {
            let finding = text.finding("no-frame", "the totals come from a frame, and the wave has none");
            self.findings.push(finding.hint("add a [frame] with its file, count and strata"));
            return None;
        }
        let strata = self.strata?;
        if let Some(other) = by.iter().find(|name| !strata.contains(name)) {
            let message = format!("the frame does not count units by \"{other}\", which is no stratum variable");
            self.findings.push(text.finding("frame-strata", message).hint("give the totals in a file of their own"));
            return None;
        }
        Some(CellTotals::Frame)
    }

    fn file(&mut self, entries: &mut Entries<'_>, by: Option<&[VariableName]>) -> Option<MarginFile> {
        let file = raw_file(entries, self.findings);
        let written = written(entries, self.files.answers, self.findings);
        let count = entries.required("count").and_then(|value| value.filled_text(self.findings));
        let columns_value = entries.required("columns")?;
        let mut columns = BTreeMap::new();
        for (name, value) in columns_value.entries(self.findings)?.named() {
            let column = value.filled_text(self.findings);
            // Unknown variables are found when the columns are compared with the margin.
            if let (Some(variable), Some(column)) = (name.name(VariableName::new, self.findings), column) {
                columns.insert(variable, column.value.to_owned());
            }
        }
        let wanted: BTreeSet<&VariableName> = by?.iter().collect();
        if columns.keys().collect::<BTreeSet<_>>() != wanted {
            let names: Vec<&str> = by?.iter().map(VariableName::as_str).collect();
            let message = format!("the file has a column for each of {}, and no others", names.join(", "));
            self.findings.push(columns_value.finding("margin-columns", message));
        }
        let (file, place) = file;
        Some(MarginFile { file, written, count: count?.value.to_owned(), columns, place })
    }

    /// Whether the method can use the margins.
    fn fit(&mut self, method: CalibrationMethod, word: Text<'_>, margins: &[Margin]) {
        match method {
            CalibrationMethod::PostStratification => {}
            CalibrationMethod::Raking | CalibrationMethod::Linear | CalibrationMethod::Logit { .. } => return,
        }
        let numbers = margins.iter().filter_map(|margin| match &margin.of {
            MarginOf::Number { variable, .. } => Some(variable),
            MarginOf::Cells { .. } => None,
        });
        let mut found = Vec::new();
        for variable in numbers {
            let message = format!("post-stratification weights cells, and \"{variable}\" is a number");
            let hint = "method = \"rake\", \"linear\" or \"logit\"";
            found.push(word.finding("contradiction", message).hint(hint));
        }
        if found.is_empty() && margins.len() > 1 {
            let finding = word.finding("contradiction", "post-stratification has one margin");
            found.push(finding.hint("combine the variables in one margin, or method = \"rake\""));
        }
        self.findings.append(&mut found);
    }
}
