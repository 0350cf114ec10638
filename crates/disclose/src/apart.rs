//! Answers that a table shows as one, since one of them is rare, told apart by another table.
//!
//! Tables of the question itself, and of what is derived from it, are refused when a country is read. A condition over other variables may still be met by some of the merged answers
//! alone: the merged row less the condition is then the count of the rare one. Which conditions those are is read from the counts of sensitive tables: a condition that no group
//! counts more often than the merged answers, and of which these have a few more somewhere, in total or in a group. Two counts of which that is so by chance cost a table and protect no one.

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
            for other in related.iter().filter(|other| release.specs[**other].base == spec.base) {
                let of_other = release.specs[*other].rows.iter().enumerate();
                let leaves_few = |(place, of_other): (usize, &codebook::Row)| {
                    let is_positive_or_not: [fn(&Contributors) -> u64; 2] = [|it| it.positive, |it| it.n - it.positive];
                    of_other.item != spec.rows[row].item
                        && is_positive_or_not.into_iter().any(|count| {
                            let left = left_of_merged(release, (*table, row), (*other, place), count);
                            left.is_some_and(|left| left.iter().any(|left| few.contains(left)))
                        })
                };
                if of_other.into_iter().any(leaves_few) {
                    telling.insert(*other);
                }
            }
        }
    }
    telling
}

/// How many more the merged row counts than the other, in total and in each group that both have; `None` where it counts fewer somewhere.
fn left_of_merged(
    release: &Release<'_>,
    (table, row): (usize, usize),
    (other, place): (usize, usize),
    count: fn(&Contributors) -> u64,
) -> Option<Vec<u64>> {
    let place_of = |domain: &Domain| release.tables[other].domains.iter().position(|it| it == domain);
    let merged = release.contributors[table].get(row)?;
    let condition = release.contributors[other].get(place)?;
    let both = release.tables[table].domains.iter().zip(merged);
    both.filter_map(|(domain, merged)| Some((merged, condition.get(place_of(domain)?)?)))
        .map(|(merged, condition)| merged.positive.checked_sub(count(condition)))
        .collect()
}
