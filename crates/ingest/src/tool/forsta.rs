//! Forsta: one header row, windows-1252 unless chosen otherwise; the status tells a complete answer.

use codebook::{LeftOut, RowsOf};

use super::{ToolRule, values};

/// Complete interviews only: those screened out, over quota or broken off are none.
pub(super) fn rules() -> Vec<ToolRule> {
    vec![ToolRule::new("status", RowsOf::Without(values(&["complete"])), LeftOut::Incomplete)]
}
