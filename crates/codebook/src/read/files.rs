//! The raw files that a wave names: their names, and how they are written.

use super::toml::{Entries, Text, Value};
use crate::{Finding, Place, SlashedDays, Written};

/// The name of a raw file and where it is written. A table without it is a finding, and empty names do no harm.
pub(super) fn raw_file(entries: &mut Entries<'_>, findings: &mut Vec<Finding>) -> (String, Place) {
    let text = entries.required("file").and_then(|value| value.filled_text(findings));
    text.map_or_else(|| (String::new(), entries.place().clone()), |text| file_name(text, findings))
}

/// The same for a table that may name several files with the same columns; always at least one.
pub(super) fn raw_files(entries: &mut Entries<'_>, findings: &mut Vec<Finding>) -> Vec<(String, Place)> {
    let missing = vec![(String::new(), entries.place().clone())];
    let Some(value) = entries.required("file") else { return missing };
    if !value.is_list() {
        return value.filled_text(findings).map_or(missing, |text| vec![file_name(text, findings)]);
    }
    let mut files: Vec<(String, Place)> = Vec::new();
    for text in value.texts(findings).unwrap_or_default() {
        let (name, place) = file_name(text, findings);
        if files.iter().any(|(known, _)| *known == name) {
            findings.push(text.finding("duplicate", format!("the file {name:?} is listed twice")));
        }
        files.push((name, place));
    }
    if files.is_empty() {
        findings.push(value.finding("empty", "the list names no file"));
        return missing;
    }
    files
}

/// A file's name, which must not lead out of the folder of raw files.
pub(super) fn file_name(text: Text<'_>, findings: &mut Vec<Finding>) -> (String, Place) {
    let is_inside = text.value.split(['/', '\\']).all(|part| !part.is_empty() && part != "." && part != "..");
    if !is_inside {
        let message = format!("{:?} is not the name of a file in the folder of raw files", text.value);
        findings.push(text.finding("bad-name", message));
    }
    (text.value.to_owned(), text.place())
}

/// How a file is written, as its table says; what it leaves out is as in `like`.
pub(super) fn written(entries: &mut Entries<'_>, like: Option<&Written>, findings: &mut Vec<Finding>) -> Written {
    let mut text = |key| {
        let text = entries.optional(key).and_then(|value| value.filled_text(findings));
        text.map(|text| text.value.to_owned())
    };
    let (sheet, encoding) = (text("sheet"), text("encoding"));
    let delimiter = entries.optional("delimiter").and_then(|value| delimiter(value, findings));
    let decimal_mark = entries.optional("decimal_mark").and_then(|value| decimal_mark(value, findings));
    Written {
        sheet,
        encoding: encoding.unwrap_or_else(|| like.map_or_else(|| "utf-8".to_owned(), |like| like.encoding.clone())),
        delimiter: delimiter.unwrap_or_else(|| like.map_or(',', |like| like.delimiter)),
        decimal_mark: decimal_mark.unwrap_or_else(|| like.map_or('.', |like| like.decimal_mark)),
    }
}

/// One character of ASCII.
pub(super) fn delimiter(value: Value<'_>, findings: &mut Vec<Finding>) -> Option<char> {
    let text = value.text(findings)?;
    let mut characters = text.value.chars();
    match (characters.next(), characters.next()) {
        (Some(character), None) if character.is_ascii() && !matches!(character, '"' | '\n' | '\r') => Some(character),
        _ => {
            let message = format!("the delimiter {:?} is not one character of ASCII", text.value);
            findings.push(text.finding("bad-delimiter", message).hint("such as \",\", \";\" or \"\\t\""));
            None
        }
    }
}

fn decimal_mark(value: Value<'_>, findings: &mut Vec<Finding>) -> Option<char> {
    let text = value.text(findings)?;
    match text.value {
        "." => Some('.'),
        "," => Some(','),
        other => {
            let message = format!("the decimal mark is \".\" or \",\", not {other:?}");
            findings.push(text.finding("unknown-word", message));
            None
        }
    }
}

/// What stands first in days with slashes, by how the last day of a year is written.
pub(super) fn slashed_days(value: Value<'_>, findings: &mut Vec<Finding>) -> Option<SlashedDays> {
    let text = value.text(findings)?;
    let order = SlashedDays::ALL.into_iter().find(|order| order.as_str() == text.value);
    if order.is_none() {
        let message = format!("days with slashes are written \"31/12/2019\" or \"12/31/2019\", not {:?}", text.value);
        findings.push(
            text.finding("unknown-word", message).hint("other days need no word: 2019-12-31, 31-12-2019, 31.12.2019"),
        );
    }
    order
}
