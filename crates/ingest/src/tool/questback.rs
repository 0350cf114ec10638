//! Questback EFS: one header row; the disposition code tells how far a respondent came.

use codebook::{LeftOut, RowsOf};

use super::{ToolRule, values};

/// 31 is finished, 32 finished after a break; every other disposition is no complete answer.
pub(super) fn rules() -> Vec<ToolRule> {
    vec![ToolRule::new("dispcode", RowsOf::Without(values(&["31", "32"])), LeftOut::Incomplete)]
}
