//! Which answers are in the same bases and groups: one statement over all bases and breakdowns of the tables.
//!
//! The table that it gives has at most as many rows as there are answers. It is for disclosure control, and goes no further.

use std::collections::BTreeSet;

use arrow::array::Array;
use codebook::{BaseId, Code, TableSpec, VariableName};
use estimate::Membership;

use crate::TabulateError;
use crate::engine::Outcome;
use crate::layers::{Column, Layers};
use crate::plan::Statement;
use crate::sql::Select;

/// The statement, with what its columns mean: the bases, the breakdowns, the number of answers.
#[derive(Debug)]
pub(crate) struct MembershipStatement {
    pub(crate) statement: Statement,
    /// The columns of bases that do not hold everyone.
    bases: Vec<BaseId>,
    /// Bases that do.
    everyone: Vec<BaseId>,
    breakdowns: Vec<VariableName>,
}

impl MembershipStatement {
    /// `None` where there is one breakdown of one base, or none: then no group has anything to do with another one.
    pub(crate) fn of(tables: &[&TableSpec], layers: &Layers<'_>) -> Option<Self> {
        let breakdowns: BTreeSet<VariableName> = tables.iter().flat_map(|table| table.breakdowns.clone()).collect();
        let all: BTreeSet<&BaseId> = tables.iter().map(|table| &table.base).collect();
        if all.len() * breakdowns.len() < 2 {
            return None;
        }
        let (bases, everyone): (Vec<BaseId>, Vec<BaseId>) =
            all.into_iter().cloned().partition(|base| layers.base(base).is_some());
        let of_bases = bases.iter().cloned().map(Column::Base);
        let groups: Vec<Column> = of_bases.chain(breakdowns.iter().cloned().map(Column::Variable)).collect();
        let kept = groups.iter().map(|column| (column.quoted(), column.name()));
        let select = Select {
            columns: kept.chain([("COUNT(*)".to_owned(), "n".to_owned())]).collect(),
            from: layers.from(&groups.iter().cloned().collect()),
            group_by: groups.iter().map(Column::name).collect(),
            order_by: Vec::new(),
        };
        let statement = Statement { name: "memberships".to_owned(), sql: select.print() };
        Some(Self { statement, bases, everyone, breakdowns: breakdowns.into_iter().collect() })
    }

    /// Reads what it gave. Answers that are in no base are left out.
    pub(crate) fn read(&self, outcome: &Outcome) -> Result<Vec<Membership>, TabulateError> {
        let flags = (0..self.bases.len()).map(|column| outcome.booleans(column)).collect::<Result<Vec<_>, _>>()?;
        let first = self.bases.len();
        let texts = (0..self.breakdowns.len()).map(|column| outcome.texts(first + column));
        let texts = texts.collect::<Result<Vec<_>, _>>()?;
        let counts = outcome.integers(first + self.breakdowns.len())?;
        let of_row = |row: usize| {
            let in_base = self.bases.iter().zip(&flags).filter(|(_, flags)| flags.is_valid(row) && flags.value(row));
            let bases: BTreeSet<BaseId> = in_base.map(|(base, _)| base).chain(&self.everyone).cloned().collect();
            let code = |texts: &arrow::array::StringArray| {
                if texts.is_valid(row) { Code::new(texts.value(row)).ok() } else { None }
            };
            let groups = self.breakdowns.iter().zip(&texts);
            let groups = groups.filter_map(|(breakdown, texts)| Some((breakdown.clone(), code(texts)?))).collect();
            let n = u64::try_from(counts.value(row)).expect("a count is not negative");
            Membership { n, bases, groups }
        };
        let mut memberships: Vec<Membership> =
            (0..outcome.rows()).map(of_row).filter(|it| !it.bases.is_empty()).collect();
        // The engine gives groups in whatever order it met them.
        memberships.sort_by(|one, other| (&one.bases, &one.groups).cmp(&(&other.bases, &other.groups)));
        Ok(memberships)
    }
}
