//! How a delimited file ends: whole, or cut off.

use codebook::{Finding, Place};

use super::counted_fields;

/// The last row that was read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct LastRow {
    /// 0 if there is none.
    pub(super) number: u64,
    pub(super) fields: usize,
}

/// How a file ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Whole,
    /// Its last row has another number of fields than the header.
    Ragged,
    /// Its last row has too few fields and no line break: the rest is missing.
    InRow,
    InQuote,
}

impl End {
    /// What is wrong with it; ragged rows have a finding of their own.
    pub(super) fn finding(self, last: &LastRow, width: usize, place: Place) -> Option<Finding> {
        let row = last.number;
        match self {
            Self::Whole | Self::Ragged => None,
            Self::InRow => {
                let fields = counted_fields(last.fields);
                let message = format!("the file ends within row {row}: {fields} instead of {width}");
                let finding = Finding::error(place, "cut-off", message);
                Some(finding.hint("it was cut off: export or copy it again, and compare its size with the original's"))
            }
            Self::InQuote => {
                let message = format!("a quote opens in row {row} and is never closed");
                let finding = Finding::error(place, "unclosed-quote", message);
                Some(finding.hint(
                    "the rest of the file was read as one cell: close the quote or double it, or export again if the file was cut off",
                ))
            }
        }
    }
}
