//! Forsta: one header row, windows-1252 unless chosen otherwise; the status tells a complete answer.

use codebook::{LeftOut, RowsOf};

use super::{ToolRule, values};

/// Columns that the tool adds to the questions.
pub(super) const OWN_COLUMNS: &[&str] = &["responseid", "respid", "status", "interview_start", "interview_end"];

/// Complete interviews only: those screened out, over quota or broken off are none.
pub(super) fn rules() -> Vec<ToolRule> {
    vec![ToolRule::new("status", RowsOf::Without(values(&["complete"])), LeftOut::Incomplete)]
}
