//! What a wave says of the days of fieldwork, of how many were invited, and of the rows of its export that are no answers.

use std::collections::BTreeSet;

use super::toml::{Entries, Text, Value};
use crate::{AnswerTimes, FieldworkPeriod, Finding, LeaveOut, LeftOut, Place, RowsOf};

/// The most minutes that `shortest_minutes` may say: a day.
const MINUTES_AT_MOST: i64 = 24 * 60;

/// The columns of `[answers]` that tell when an answer was given.
pub(super) fn times(entries: &mut Entries<'_>, findings: &mut Vec<Finding>) -> AnswerTimes {
    let mut column = |key| {
        let text = entries.optional(key).and_then(|value| value.filled_text(findings));
        text.map(|text| text.value.to_owned())
    };
    AnswerTimes { started: column("started"), finished: column("finished") }
}

/// The days of fieldwork, which must have columns to be compared with.
pub(super) fn period(
    value: Value<'_>,
    times: Option<&AnswerTimes>,
    findings: &mut Vec<Finding>,
) -> Option<FieldworkPeriod> {
    let mut entries = value.entries(findings)?;
    let from = entries.required("from").and_then(|value| value.date(findings));
    let to = entries.required("to").and_then(|value| value.date(findings));
    let shortest = entries.optional("shortest_minutes");
    let shortest_minutes = shortest.and_then(|value| value.integer(1, MINUTES_AT_MOST, findings));
    entries.finish(findings);
    if times.is_some_and(|times| times.started.is_none() && times.finished.is_none()) {
        let finding = value.finding("no-times", "nothing tells when an answer was given");
        findings.push(finding.hint("name the columns under [answers]: started = \"…\", finished = \"…\""));
    } else if let Some(shortest) = shortest
        && times.is_some_and(|times| times.started.is_none() || times.finished.is_none())
    {
        let finding = shortest.finding("no-times", "nothing tells how long an answer took");
        findings.push(finding.hint("name both columns under [answers]: started = \"…\", finished = \"…\""));
    }
    let (from, to) = (from?, to?);
    if from > to {
        findings
            .push(value.finding("crossed", format!("the last day of fieldwork, {to}, is before the first, {from}")));
    }
    let shortest_minutes = shortest_minutes.and_then(|minutes| u64::try_from(minutes).ok());
    Some(FieldworkPeriod { from, to, shortest_minutes, place: value.place() })
}

/// How many units were drawn.
pub(super) fn drawn(value: Value<'_>, findings: &mut Vec<Finding>) -> Option<(u64, Place)> {
    let units = value.integer(1, i64::MAX, findings)?;
    Some((u64::try_from(units).ok()?, value.place()))
}

/// The rules that leave rows out.
pub(super) fn leave_out(value: Value<'_>, findings: &mut Vec<Finding>) -> Vec<LeaveOut> {
    let rules = value.list(findings).unwrap_or_default();
    rules.into_iter().filter_map(|rule| leave_out_rule(rule, findings)).collect()
}

fn leave_out_rule(value: Value<'_>, findings: &mut Vec<Finding>) -> Option<LeaveOut> {
    let mut entries = value.entries(findings)?;
    let column = entries.required("column").and_then(|value| value.filled_text(findings));
    let with = entries.optional("with").map(|value| raw_values(value, findings));
    let without = entries.optional("without").map(|value| raw_values(value, findings));
    let because = entries.required("because").and_then(|value| value.text(findings));
    let because = because.and_then(|text| reason(text, findings));
    entries.finish(findings);
    let rows = match (with, without) {
        (Some(values), None) => RowsOf::With(values?),
        (None, Some(values)) => RowsOf::Without(values?),
        (Some(_), Some(_)) | (None, None) => {
            let finding = value.finding("contradiction", "a rule has either with or without");
            findings.push(finding.hint("rows with one of the values are left out, or rows without any of them"));
            return None;
        }
    };
    Some(LeaveOut { column: column?.value.to_owned(), rows, because: because?, place: value.place() })
}

fn raw_values(value: Value<'_>, findings: &mut Vec<Finding>) -> Option<BTreeSet<String>> {
    let texts = value.texts(findings)?;
    if texts.is_empty() {
        findings.push(value.finding("empty", "the list names no value"));
    }
    Some(texts.iter().map(|text| text.value.trim().to_owned()).collect())
}

fn reason(text: Text<'_>, findings: &mut Vec<Finding>) -> Option<LeftOut> {
    let reason = LeftOut::ALL.into_iter().find(|reason| reason.as_str() == text.value);
    if reason.is_none() {
        let finding = text.finding("unknown-word", format!("{:?} is no reason to leave a row out", text.value));
        findings.push(finding.did_you_mean(text.value, LeftOut::ALL.map(LeftOut::as_str)));
    }
    reason
}
