//! Who uses a variable: tables, bases, routing, derived variables, the design. What is used needs a column in every wave.

use std::collections::BTreeMap;

use super::codebook::Questionnaire;
use super::tables::Tables;
use crate::{Expr, Ledger, Origin, VariableName, WaveId};

/// The variables that are used, each with one of its users in words.
#[derive(Default, Clone)]
pub(super) struct Uses(BTreeMap<VariableName, String>);

impl Uses {
    /// The uses of a wave besides its design: what the ledger calls absent, and what depends on that, is used by nobody.
    pub(super) fn in_wave(
        wave: WaveId,
        ledger: Option<&Ledger>,
        questionnaire: &Questionnaire,
        tables: &Tables,
    ) -> Self {
        let absent = ledger.map(|ledger| ledger.absent(wave)).unwrap_or_default();
        let untold = questionnaire.codebook.untold(&absent);
        let tables = tables.without(&untold);
        let mut uses = Self::default();
        for table in &tables.tables {
            let user = format!("the table {:?}", table.id.as_str());
            table.rows.iter().map(|row| &row.item).chain(&table.breakdowns).for_each(|name| uses.add(name, &user));
        }
        for base in tables.bases.values() {
            uses.add_all(base.condition.as_ref(), &format!("the base {:?}", base.id.as_str()));
        }
        for variable in questionnaire.codebook.variables.iter().filter(|variable| !untold.contains(&variable.name)) {
            uses.add_all(variable.asked_if.as_ref(), &format!("the routing of {:?}", variable.name.as_str()));
            if let Origin::Derived(expr) = &variable.origin {
                uses.add_all(Some(expr), &format!("the derived variable {:?}", variable.name.as_str()));
            }
        }
        uses
    }

    /// These uses and those of a wave's sampling design.
    pub(super) fn with_design<'d>(
        &self,
        variables: impl Iterator<Item = &'d VariableName>,
        questionnaire: &Questionnaire,
    ) -> Self {
        let mut uses = self.clone();
        for name in variables.filter(|name| questionnaire.codebook.variable(name).is_some()) {
            uses.add(name, "the design");
        }
        uses
    }

    /// Who uses the variable, if anybody does.
    pub(super) fn user(&self, name: &VariableName) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    fn add_all(&mut self, expr: Option<&Expr>, user: &str) {
        expr.map(Expr::variables).unwrap_or_default().into_iter().for_each(|name| self.add(name, user));
    }

    fn add(&mut self, name: &VariableName, user: &str) {
        self.0.entry(name.clone()).or_insert_with(|| user.to_owned());
    }
}
