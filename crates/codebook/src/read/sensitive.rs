//! Sensitivity belongs to what is asked, not to a table.
//!
//! What a table that is marked as sensitive counts, another table could tell: by the other answers to the question, by a condition that is derived from it, by the complement of
//! one, written anew over the same answers. So every table of a variable that comes of the same answers, or of these and more, is held to the rules of sensitive tables, too. Of a condition over several
//! variables that is every other one over at least the same; what it takes from each is not sensitive by itself. The same goes for a variable that the codebook marks, and for answers that
//! a table shows as one since they are rare. A base whose condition is one of these tells by its number, and by who is not in it, so tables of such a base say so. That errs towards hiding more: two conditions over the same answers may have nothing to do with each other, and nobody can tell that from their names.

use std::collections::{BTreeMap, BTreeSet};

use super::packed::sources_of;
use crate::{Base, BaseId, Codebook, Row, Sensitivity, TableSpec, VariableName};

/// Marks every table that tells of what another one, or the codebook, calls sensitive, and every one whose base does.
pub(super) fn spread(
    tables: &mut [TableSpec],
    bases: &BTreeMap<BaseId, Base>,
    marked: &BTreeSet<VariableName>,
    codebook: &Codebook,
) {
    let of_row = |row: &Row| std::iter::once(row.item.clone()).chain(row.over.clone()).collect::<Vec<_>>();
    let is_sensitive = |table: &&TableSpec| table.sensitivity == Sensitivity::Sensitive;
    let of_tables = tables.iter().filter(is_sensitive).flat_map(|table| &table.rows).flat_map(of_row);
    let merged = tables.iter().flat_map(|table| &table.rows).filter(|row| row.is_merged()).map(|row| row.item.clone());
    let seeds: BTreeSet<VariableName> = of_tables.chain(merged).chain(marked.iter().cloned()).collect();
    let sources = seeds.iter().map(|item| sources_of(item, codebook));
    let seeds: Vec<BTreeSet<&VariableName>> = sources.filter(|seed| !seed.is_empty()).collect();
    // A condition tells of all its variables together.
    let tells = |items: &[VariableName]| {
        let own: BTreeSet<&VariableName> = items.iter().flat_map(|item| sources_of(item, codebook)).collect();
        seeds.iter().any(|seed| seed.is_subset(&own))
    };
    let condition = |table: &TableSpec| {
        let condition = bases.get(&table.base).and_then(|base| base.condition.as_ref());
        let variables = condition.map(|condition| condition.variables());
        variables.into_iter().flatten().cloned().collect::<Vec<VariableName>>()
    };
    let is_told = |table: &TableSpec| table.rows.iter().flat_map(of_row).any(|item| tells(&[item]));
    let found: Vec<(bool, bool)> = tables.iter().map(|table| (is_told(table), tells(&condition(table)))).collect();
    for (table, (is_told, is_base_told)) in tables.iter_mut().zip(found) {
        if is_told {
            table.sensitivity = Sensitivity::Sensitive;
        }
        if is_base_told {
            table.base_sensitivity = Sensitivity::Sensitive;
        }
    }
}
