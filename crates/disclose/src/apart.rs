//! Answers that a table shows as one, since one of them is rare, told apart by another table.
//!
//! Tables of the question itself, and of what is derived from it, are refused when a country is read. A condition over other variables may still be met by some of the merged answers
//! alone: the merged row less the condition is then the count of the rare one. Which conditions those are is read from the counts, among tables that are
//! held to the rules of sensitive ones since they share a source with the merged answers; two counts that differ by a few for another reason cost a table and protect no
//! one.

use std::collections::BTreeSet;

use codebook::{Measure, Sensitivity};
use estimate::{Contributors, Domain};

use crate::Release;

/// The tables that tell merged answers apart by a row of theirs.
pub(crate) fn telling_merged(release: &Release<'_>) -> BTreeSet<usize> {
    let few = 1..release.rules.smallest_base;
    let is_related = |table: &usize| {
        let spec = release.specs[*table];
        spec.measure == Measure::Share && spec.sensitivity == Sensitivity::Sensitive
    };
    let related: Vec<usize> = (0..release.tables.len()).filter(is_related).collect();
    let mut telling = BTreeSet::new();
    for table in &related {
        let spec = release.specs[*table];
        for (row, _) in spec.rows.iter().enumerate().filter(|(_, row)| row.is_merged()) {
            let Some(merged) = total(release, *table, row) else { continue };
            for other in related.iter().filter(|other| release.specs[**other].base == spec.base) {
                let of_other = release.specs[*other].rows.iter().enumerate();
                let leaves_few = |(place, of_other): (usize, &codebook::Row)| {
                    let Some(behind) = total(release, *other, place) else { return false };
                    let counts = [behind.positive, behind.n.saturating_sub(behind.positive)];
                    of_other.item != spec.rows[row].item
                        && counts.iter().any(|count| few.contains(&merged.positive.saturating_sub(*count)))
                };
                if of_other.into_iter().any(leaves_few) {
                    telling.insert(*other);
                }
            }
        }
    }
    telling
}

/// Who stands behind a row of a table in total.
fn total<'r>(release: &'r Release<'_>, table: usize, row: usize) -> Option<&'r Contributors> {
    let place = release.tables[table].domains.iter().position(|domain| *domain == Domain::Total)?;
    release.contributors[table].get(row)?.get(place)
}
