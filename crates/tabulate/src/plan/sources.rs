//! Which statements a table's numbers come from, so that its readers find them.

use std::collections::BTreeSet;

use codebook::TableSpec;

use super::{Plan, Road, sums_of};
use crate::aggregate::Aggregate;

impl Plan {
    /// For each table, the names of the statements that its sums are taken from, in their order.
    pub(crate) fn sources(&self, tables: &[&TableSpec], supplied_weights: bool) -> Vec<Vec<String>> {
        let of_table = |(table, rows): (&&TableSpec, &Vec<_>)| {
            let mut wanted: BTreeSet<Aggregate> = BTreeSet::new();
            for (row, road) in rows {
                wanted.extend(sums_of(row, *road, supplied_weights));
            }
            let sums = self.sums.iter().filter(|sums| {
                let groups = &sums.breakdowns;
                // A sum without breakdowns is taken from whatever statement has it.
                let fits = table.breakdowns.is_empty() || table.breakdowns.iter().any(|it| groups.contains(it));
                fits && sums.aggregates.iter().any(|aggregate| wanted.contains(aggregate))
            });
            let takes_units = rows.iter().any(|(_, road)| *road == Road::Units);
            let units = self.units.iter().filter(|_| takes_units).map(|units| &units.statement);
            sums.map(|sums| &sums.statement).chain(units).map(|statement| statement.name.clone()).collect()
        };
        tables.iter().zip(&self.rows).map(of_table).collect()
    }
}
