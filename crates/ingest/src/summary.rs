//! What came in, for the method page and the run's lines.

use std::collections::BTreeMap;

use codebook::{CheckKind, LeftOut};

/// What came in: counts of rows and findings, nothing of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// Rows of the export, the header not counted.
    pub rows: u64,
    /// Rows that are no answers, by reason; reasons without a row are not there.
    pub left_out: BTreeMap<LeftOut, u64>,
    /// Usable answers.
    pub answers: u64,
    /// Usable answers that count in no estimate because the export gives them weight 0.
    pub zero_weight: u64,
    /// Columns of the export.
    pub columns: u64,
    /// Columns that no variable reads; they are not written.
    pub unused_columns: u64,
    /// Columns of the export that identify a respondent, by their tool, the wave's word or their names, and that nothing reads.
    pub identifying: Vec<String>,
    /// Cases that each kind of check found; kinds that were not applied are not there. A case is a cell, or a row where the check is about a
    /// whole answer.
    pub checks: BTreeMap<CheckKind, u64>,
    /// Half of the answers took at least so many seconds; `None` if the export does not tell for enough of them.
    pub median_seconds: Option<u64>,
    /// What came in of each loop, in the order of the wave's file.
    pub loops: Vec<LoopSummary>,
}

/// What came in of a loop: counts of rows, nothing of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoopSummary {
    /// Its name.
    pub name: String,
    /// Rows of usable answers.
    pub rows: u64,
    /// Usable answers that have a row.
    pub units: u64,
    /// Rows of units that are left out.
    pub left_out: u64,
}

impl Summary {
    /// Rows that were begun and not finished.
    #[must_use]
    pub fn incomplete(&self) -> u64 {
        self.left_out.get(&LeftOut::Incomplete).copied().unwrap_or(0)
    }
}
