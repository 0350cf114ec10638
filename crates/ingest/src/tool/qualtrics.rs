//! Qualtrics: a row of names, a row of question texts, and a row of import ids, which older exports lack.
//!
//! Texts may hold line breaks. Every line of an older export ends in a delimiter, so its last column has neither name nor cells.

use codebook::{LeftOut, RowsOf};

use super::{ToolRule, values};

/// What each cell of the third row begins with.
const IMPORT_ID: &str = "{\"ImportId\"";

/// Columns that the tool adds to the questions.
pub(super) const OWN_COLUMNS: &[&str] = &[
    "StartDate",
    "EndDate",
    "Status",
    "Progress",
    "Duration (in seconds)",
    "Finished",
    "RecordedDate",
    "ResponseId",
    "ResponseID",
    "ResponseSet",
    "ExternalReference",
    "DistributionChannel",
    "UserLanguage",
];

/// Two rows, or three where the third holds import ids.
pub(super) fn header_rows(records: &[Vec<String>]) -> usize {
    let is_import_id = |cell: &String| cell.is_empty() || cell.starts_with(IMPORT_ID);
    let has_import_ids =
        |record: &Vec<String>| record.iter().all(is_import_id) && record.iter().any(|cell| !cell.is_empty());
    if records.get(2).is_some_and(has_import_ids) { 3 } else { 2 }
}

/// Previews have a status of their own; a respondent who did not reach the end is not finished. Codes or words, as exported.
pub(super) fn rules() -> Vec<ToolRule> {
    let preview = RowsOf::With(values(&["1", "2", "Survey Preview", "Survey Test"]));
    let finished = RowsOf::Without(values(&["1", "True", "TRUE", "true"]));
    vec![ToolRule::new("Status", preview, LeftOut::Preview), ToolRule::new("Finished", finished, LeftOut::Incomplete)]
}
