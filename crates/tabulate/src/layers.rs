//! The table that statements read: the answers with the derived variables and bases that they need.
//!
//! A derived variable may name others, so they are computed in nested SELECTs, each layer from the columns of the one below:
//! first what is derived from answers alone, then what is derived from that, at last the bases. Only what a statement needs
//! is in its layers.

use std::collections::{BTreeMap, BTreeSet};

use codebook::{BaseId, Country, Expr, Kind, Origin, Variable, VariableName};

use crate::sql::{self, From, Select, identifier};

/// A column that statements may name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Column {
    /// The number of the stratum, as ingest counts them.
    Stratum,
    /// The number of the PSU.
    Psu,
    /// The number of the unit.
    Unit,
    /// The supplied weight.
    Weight,
    /// Whether the unit is in a base and has a weight above 0.
    Base(BaseId),
    /// A variable.
    Variable(VariableName),
    /// Why a variable is missing.
    Missing(VariableName),
}

impl Column {
    /// Its name in SQL. Variables have no `__` in their names, so the others cannot be taken for them.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Stratum => "__stratum".to_owned(),
            Self::Psu => "__psu".to_owned(),
            Self::Unit => "__unit".to_owned(),
            Self::Weight => "__weight".to_owned(),
            Self::Base(base) => format!("__base_{base}"),
            Self::Variable(name) => name.to_string(),
            Self::Missing(name) => format!("{name}__missing"),
        }
    }

    /// Its name between quotes.
    pub(crate) fn quoted(&self) -> String {
        identifier(&self.name())
    }
}

/// Makes the layers for statements over one country's answers.
pub(crate) struct Layers<'a> {
    country: &'a Country,
    /// Whether units carry their own weights.
    supplied_weights: bool,
    /// How many layers each derived variable needs.
    depths: BTreeMap<&'a VariableName, usize>,
}

impl<'a> Layers<'a> {
    pub(crate) fn new(country: &'a Country, supplied_weights: bool) -> Self {
        let mut depths: BTreeMap<&VariableName, usize> = BTreeMap::new();
        // The codebook has each derived variable behind those that it names.
        for variable in &country.codebook.variables {
            if let Origin::Derived(expr) = &variable.origin {
                let below = expr.variables().into_iter().filter_map(|name| depths.get(name)).max();
                depths.insert(&variable.name, 1 + below.copied().unwrap_or(0));
            }
        }
        Self { country, supplied_weights, depths }
    }

    /// The column that tells who is in a base; `None` if everyone is.
    pub(crate) fn base(&self, base: &BaseId) -> Option<Column> {
        (self.supplied_weights || self.base_condition(base).is_some()).then(|| Column::Base(base.clone()))
    }

    /// A FROM clause that has the columns.
    pub(crate) fn from(&self, wanted: &BTreeSet<Column>) -> From {
        let bases = wanted.iter().any(|column| matches!(column, Column::Base(_)));
        if bases {
            let select = self.computing(wanted, |column| self.base_expression(column));
            return From::Layer(Box::new(select), "bases");
        }
        let deepest = wanted.iter().filter_map(|column| self.depth(column)).max();
        let Some(deepest) = deepest else { return From::Responses };
        let select = self.computing(wanted, |column| {
            if self.depth(column) == Some(deepest) { self.derived_expression(column) } else { None }
        });
        From::Layer(Box::new(select), "derived")
    }

    /// A layer that computes the wanted columns that `compute` gives an expression for, and takes the others from below.
    fn computing(&self, wanted: &BTreeSet<Column>, compute: impl Fn(&Column) -> Option<Computed>) -> Select {
        let mut below = BTreeSet::new();
        let mut columns = Vec::new();
        for column in wanted {
            let expression = match compute(column) {
                Some(computed) => {
                    below.extend(computed.needs);
                    computed.sql
                }
                None => {
                    below.insert(column.clone());
                    column.quoted()
                }
            };
            columns.push((expression, column.name()));
        }
        Select { columns, from: self.from(&below), group_by: Vec::new(), order_by: Vec::new() }
    }

    fn depth(&self, column: &Column) -> Option<usize> {
        match column {
            Column::Variable(name) => self.depths.get(name).copied(),
            Column::Stratum | Column::Psu | Column::Unit | Column::Weight | Column::Base(_) | Column::Missing(_) => {
                None
            }
        }
    }

    fn derived_expression(&self, column: &Column) -> Option<Computed> {
        let Column::Variable(name) = column else { return None };
        let variable = self.country.codebook.variable(name)?;
        let Origin::Derived(expr) = &variable.origin else { return None };
        Some(Computed { sql: self.print_derived(variable, expr), needs: columns_of(expr) })
    }

    fn print_derived(&self, variable: &Variable, expr: &Expr) -> String {
        let codebook = &self.country.codebook;
        match variable.kind {
            Kind::Condition => sql::two_valued(&sql::condition(expr, codebook)),
            Kind::Category { .. } | Kind::Number | Kind::Date | Kind::Text => sql::value(expr, codebook),
        }
    }

    fn base_expression(&self, column: &Column) -> Option<Computed> {
        let Column::Base(base) = column else { return None };
        let condition = self.base_condition(base);
        let mut needs = condition.map(columns_of).unwrap_or_default();
        let mut parts = Vec::new();
        if self.supplied_weights {
            needs.insert(Column::Weight);
            parts.push(format!("{} > 0", Column::Weight.quoted()));
        }
        parts.extend(condition.map(|condition| sql::conjunct(condition, &self.country.codebook)));
        Some(Computed { sql: sql::two_valued(&parts.join(" AND ")), needs })
    }

    fn base_condition(&self, base: &BaseId) -> Option<&'a Expr> {
        self.country.bases.get(base)?.condition.as_ref()
    }
}

/// An expression with the columns that it names.
struct Computed {
    sql: String,
    needs: BTreeSet<Column>,
}

fn columns_of(expr: &Expr) -> BTreeSet<Column> {
    expr.variables().into_iter().cloned().map(Column::Variable).collect()
}
