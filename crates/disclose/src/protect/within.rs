//! Tables about one group of another table's breakdown, such as municipal workplaces beside all by level of government.
//!
//! Their total is that group's cell, and where everyone else is counted, what the group leaves of the other total. So where the group is hidden, whichever
//! reason hides it, so is the table. Which tables those are is read from the counts, like everything that the attacker is supposed to know; two counts that
//! agree by chance cost a table and protect no one.

use std::collections::BTreeSet;

use estimate::Domain;

use super::TablePattern;
use crate::Release;
use crate::published::breakdown_of;
use crate::rule::is_withheld;

/// The tables that tell a hidden group of another one by their total.
pub(super) fn telling_tables(release: &Release<'_>, tables: &[TablePattern]) -> BTreeSet<usize> {
    let mut telling = BTreeSet::new();
    for (table, pattern) in tables.iter().enumerate() {
        let counts = hidden_counts(release, table, pattern);
        let others = (0..tables.len()).filter(|other| release.specs[*other].base != release.specs[table].base);
        telling.extend(others.filter(|other| totals(release, *other).any(|n| counts.contains(&n))));
    }
    telling
}

/// The answers in each hidden group of a table, and how many that leaves of the total.
fn hidden_counts(release: &Release<'_>, table: usize, pattern: &TablePattern) -> BTreeSet<u64> {
    let domains = release.tables[table].domains.iter().enumerate();
    let is_hidden = |place: usize, domain: &Domain| {
        breakdown_of(domain).is_some() && (pattern.hidden.contains(&place) || is_withheld(domain, &pattern.withheld))
    };
    let hidden: Vec<usize> =
        domains.filter(|(place, domain)| is_hidden(*place, domain)).map(|(place, _)| place).collect();
    let of_row = |(row, total): (&Vec<estimate::Contributors>, u64)| -> Vec<u64> {
        let groups = hidden.iter().map(|place| row[*place].n).filter(|n| *n > 0);
        groups.flat_map(|n| [n, total.saturating_sub(n)]).filter(|n| *n > 0).collect()
    };
    release.contributors[table].iter().zip(totals(release, table)).flat_map(of_row).collect()
}

/// The answers behind each row of a table, in total.
fn totals<'r>(release: &'r Release<'_>, table: usize) -> impl Iterator<Item = u64> + 'r {
    let total = release.tables[table].domains.iter().position(|domain| *domain == Domain::Total);
    release.contributors[table].iter().filter_map(move |row| Some(row[total?].n))
}
