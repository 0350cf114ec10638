//! Questback EFS: one header row; the disposition code tells how far a respondent came, and negative codes why there is no answer.

use codebook::{LeftOut, Missing, RowsOf};

use super::{ToolRule, values};

/// Columns that the tool adds to the questions.
pub(super) const OWN_COLUMNS: &[&str] = &["lfdn", "dispcode", "external_lfdn", "lastpage", "quality", "duration"];

/// 31 is finished, 32 finished after a break; every other disposition is no complete answer.
pub(super) fn rules() -> Vec<ToolRule> {
    vec![ToolRule::new("dispcode", RowsOf::Without(values(&["31", "32"])), LeftOut::Incomplete)]
}

/// -77 and -66 stand for what was not shown, -99 for a text box that was left empty. (0 is a choice that was left open, or an option
/// that was not ticked; which of them, only the wave can tell.)
pub(super) fn missing(raw: &str) -> Option<Missing> {
    match raw {
        "-77" | "-66" => Some(Missing::NotAsked),
        "-99" => Some(Missing::Blank),
        _ => None,
    }
}
