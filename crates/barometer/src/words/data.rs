//! What `check --raw` tells of raw files without an error.

use std::collections::BTreeSet;

use pipeline::{CheckRequest, CheckedData, LoopSummary, PipelineError, Summary};

use super::{count, line, log, width};
use crate::table::wrapped;

/// Columns of a class that are listed by their names.
const COLUMNS_LISTED: usize = 12;
/// How much further in the second line of a paragraph begins.
const INDENT: usize = 2;

/// That raw files have no error: what came in, and which variables lack most answers.
///
/// # Errors
/// As [`result`](super::result).
pub(crate) fn data_checked(request: &CheckRequest, checked: &CheckedData) -> Result<(), PipelineError> {
    for warning in &checked.warnings {
        log(&warning.to_string());
    }
    let (country, wave, raw) = (request.country.display(), checked.wave, request.raw.display());
    let findings = match checked.warnings.len() {
        0 => "no findings".to_owned(),
        number => format!("no errors, {}", count(number, "warning")),
    };
    paragraph(0, &format!("{country} {wave} with {raw}: {findings}"))?;
    let Summary { rows, left_out, answers, zero_weight, columns, unused_columns, identifying, loops, .. } =
        &checked.summary;
    line(&format!("  {answers} answers of {rows} rows"))?;
    for (because, rows) in left_out {
        line(&format!("  {rows} left out: {}", because.as_str()))?;
    }
    if *zero_weight > 0 {
        line(&format!("  {zero_weight} of the answers have weight 0"))?;
    }
    for LoopSummary { name, rows, units, left_out } in loops {
        let left_out = match left_out {
            0 => String::new(),
            rows => format!("; {rows} more of units that are left out"),
        };
        line(&format!("  loop {name}: {rows} rows of {units} answers{left_out}"))?;
    }
    line(&format!("  {} of {columns} columns read", columns - unused_columns))?;
    for (class, columns) in &checked.classes {
        paragraph(4, &format!("{}: {}", class.name(), listed(columns)))?;
    }
    if !identifying.is_empty() {
        paragraph(2, &format!("not read, since they identify: {}", identifying.join(", ")))?;
    }
    for item in checked.missing.iter().filter(|item| item.refused + item.blank > 0) {
        line(&format!("  {}: {} blank, {} refused", item.variable, item.blank, item.refused))?;
    }
    for file in &checked.written {
        line(&format!("  MICRODATA, keep them safe: {}", file.display()))?;
    }
    Ok(())
}

/// Names of columns, or how many of them there are where they would fill lines.
fn listed(columns: &BTreeSet<String>) -> String {
    if columns.len() > COLUMNS_LISTED {
        return count(columns.len(), "column");
    }
    columns.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// Tells a text in lines that fit the terminal; the first begins so far in.
fn paragraph(indent: usize, text: &str) -> Result<(), PipelineError> {
    in_lines(indent, text, width()).iter().try_for_each(|text| line(text))
}

/// A text in lines of at most so many characters, broken between words; the lines behind the first begin a little further in.
fn in_lines(indent: usize, text: &str, width: usize) -> Vec<String> {
    let parts = wrapped(text, width.saturating_sub(indent + INDENT), usize::MAX).into_iter();
    let begin = |number: usize| if number == 0 { indent } else { indent + INDENT };
    parts.enumerate().map(|(number, part)| format!("{:1$}{part}", "", begin(number))).collect()
}

#[cfg(test)]
mod tests {
    use super::in_lines;

    #[test]
    fn a_list_of_many_columns_fills_lines_that_a_terminal_shows_whole() {
        let columns: Vec<String> = (1..=40).map(|number| format!("respondent_{number}")).collect();
        let lines = in_lines(4, &format!("unit id: {}", columns.join(", ")), 100);
        assert!(lines.len() > 1 && lines.iter().all(|line| line.chars().count() <= 100), "{lines:?}");
        assert!(lines[0].starts_with("    unit id: respondent_1, ") && lines[1].starts_with("      respondent_"));
        assert_eq!(lines.join(" ").split_whitespace().count(), 42, "nothing is lost");
        assert_eq!(in_lines(2, "not read: email", 100), ["  not read: email"]);
    }
}
