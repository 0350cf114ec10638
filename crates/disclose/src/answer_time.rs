//! Late answers against early ones: what the texts tell in total, by the third of the days of fieldwork.
//!
//! The thirds are a breakdown of the tables and protected with all others. Beside them stands how much the last third differs from the first, from the
//! unrounded estimates and with their covariance, as a tested difference is told: only where both cells are shown, and rounded like them. It is tested
//! against nothing and told of every share, so its interval needs no adjustment for what was picked.

use std::collections::BTreeSet;

use codebook::{Comparison, Predicate, RowId, TableId, TableSpec, Theme, Third, answer_time};

use crate::Size;
use crate::judge::Bench;

/// How much a share among the last answers is above that among the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateDifference {
    pub(crate) table: TableId,
    pub(crate) row: RowId,
    pub(crate) size: Size,
}

impl LateDifference {
    /// The table.
    #[must_use]
    pub fn table(&self) -> &TableId {
        &self.table
    }

    /// The row.
    #[must_use]
    pub fn row(&self) -> &RowId {
        &self.row
    }

    /// The last third less the first, in points, with its interval.
    #[must_use]
    pub fn size(&self) -> Size {
        self.size
    }
}

/// The differences between the last third and the first that a release tells: of the shares that texts tell in total, where the table has the
/// thirds. Sorted, each once.
#[must_use]
pub fn late_comparisons<'s>(specs: impl IntoIterator<Item = &'s TableSpec>, themes: &[Theme]) -> Vec<Comparison> {
    let breakdown = answer_time();
    let specs: Vec<&TableSpec> = specs.into_iter().filter(|spec| spec.breakdowns.contains(&breakdown)).collect();
    let claims = themes.iter().flat_map(|theme| &theme.claims);
    let told: BTreeSet<Comparison> = claims
        .filter_map(|claim| {
            let Predicate::Near { table, row, group: None } = &claim.predicate else { return None };
            specs.iter().any(|spec| spec.id == *table).then(|| Comparison {
                table: table.clone(),
                row: row.clone(),
                breakdown: breakdown.clone(),
                group: Third::Last.code(),
                than: Third::First.code(),
            })
        })
        .collect();
    told.into_iter().collect()
}

/// What may be told of them.
pub(crate) fn late_differences(bench: &Bench<'_>, themes: &[Theme]) -> Vec<LateDifference> {
    let comparisons = late_comparisons(bench.specs.iter().copied(), themes);
    comparisons
        .into_iter()
        .filter_map(|comparison| {
            let subject = bench.table(&comparison.table);
            let size = subject.size(subject.difference(&comparison).ok()?)?;
            Some(LateDifference { table: comparison.table, row: comparison.row, size })
        })
        .collect()
}
