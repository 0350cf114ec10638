//! What a wave did not have, and what of its country is left for it.
//!
//! Codebook and tables hold all waves. A wave names what it did not ask; whatever cannot be without that is not planned for it, so that nothing is ever
//! counted of answers that nobody could give.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Base, BaseId, Check, Codebook, Country, Expr, Origin, TableSpec, VariableName, WaveId};

impl Codebook {
    /// The variables that cannot be without one of these, and these: derived ones that name one, and questions whose routing does.
    pub(crate) fn needing(&self, named: BTreeSet<VariableName>) -> BTreeSet<VariableName> {
        let mut absent = named;
        loop {
            let needs = |expr: &Expr| expr.variables().into_iter().any(|name| absent.contains(name));
            let found: Vec<VariableName> = self
                .variables
                .iter()
                .filter(|variable| !absent.contains(&variable.name))
                .filter(|variable| {
                    let derivation = match &variable.origin {
                        Origin::Derived(expr) => Some(expr),
                        Origin::Answer | Origin::Register => None,
                    };
                    derivation.into_iter().chain(&variable.asked_if).any(needs)
                })
                .map(|variable| variable.name.clone())
                .collect();
            if found.is_empty() {
                return absent;
            }
            absent.extend(found);
        }
    }

    /// The codebook of a wave without these variables.
    fn without(&self, absent: &BTreeSet<VariableName>) -> Self {
        let mut codebook = self.clone();
        codebook.variables.retain(|variable| !absent.contains(&variable.name));
        for battery in &mut codebook.batteries {
            battery.items.retain(|item| !absent.contains(item));
        }
        codebook.batteries.retain(|battery| !battery.items.is_empty());
        codebook
    }
}

/// The bases whose condition needs none of these variables.
pub(crate) fn bases_without(bases: &BTreeMap<BaseId, Base>, absent: &BTreeSet<VariableName>) -> BTreeMap<BaseId, Base> {
    let is_there = |base: &&Base| !base.condition.iter().flat_map(Expr::variables).any(|name| absent.contains(name));
    bases.values().filter(is_there).map(|base| (base.id.clone(), base.clone())).collect()
}

/// The tables that one of these bases has, with what rows and breakdowns need none of these variables; none that lost every
/// row.
pub(crate) fn tables_without(
    tables: &[TableSpec],
    bases: &BTreeMap<BaseId, Base>,
    absent: &BTreeSet<VariableName>,
) -> Vec<TableSpec> {
    let left = |whole: &TableSpec| {
        let mut table = whole.clone();
        let is_there = |name: &VariableName| !absent.contains(name);
        table.rows.retain(|row| is_there(&row.item) && row.over.as_ref().is_none_or(is_there));
        table.breakdowns.retain(is_there);
        let has_rows = !table.rows.is_empty() || whole.rows.is_empty();
        (has_rows && bases.contains_key(&table.base)).then_some(table)
    };
    tables.iter().filter_map(left).collect()
}

impl Country {
    /// The country as one of its waves has it: without what that wave did not ask, and without all that needs it.
    ///
    /// The other waves stay as they are. A wave that is none of the country leaves it whole.
    #[must_use]
    pub fn of_wave(&self, wave: WaveId) -> Self {
        let mut country = self.clone();
        let Some(absent) = self.waves.get(&wave).map(|wave| &wave.absent).filter(|absent| !absent.is_empty()) else {
            return country;
        };
        let is_judged = |check: &Check| !check.rule.variables().into_iter().any(|name| absent.contains(name));
        country.codebook = self.codebook.without(absent);
        country.checks.retain(is_judged);
        country.bases = bases_without(&self.bases, absent);
        country.tables = tables_without(&self.tables, &country.bases, absent);
        country
    }
}
