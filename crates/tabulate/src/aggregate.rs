//! The sums that statements ask for, each a column of its own.
//!
//! An [`Aggregate`] is known by what it means, so tables and rows that need the same sum share it.

use std::collections::BTreeSet;

use codebook::{BaseId, Code, Codebook, Kind, VariableName};

use crate::layers::{Column, Layers};
use crate::sql;

/// What a row of a table measures, in its base: y is 1 or 0 for a share, the number itself for a mean or total.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Measured {
    pub(crate) base: BaseId,
    pub(crate) item: VariableName,
    /// The codes that count, sorted; empty for conditions and numbers.
    pub(crate) codes: Vec<Code>,
    pub(crate) form: Form,
    /// For a ratio: the number whose sum is divided by.
    pub(crate) over: Option<VariableName>,
}

/// What the values of an item are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Form {
    /// True or false for everyone.
    Condition,
    /// A code, or missing.
    Category,
    /// A number, or missing.
    Number,
}

impl Form {
    pub(crate) fn of(kind: &Kind) -> Self {
        match kind {
            Kind::Condition => Self::Condition,
            Kind::Number => Self::Number,
            // Dates and texts are no items of tables; as categories without codes nothing of them would count.
            Kind::Category { .. } | Kind::Date | Kind::Text => Self::Category,
        }
    }
}

impl Measured {
    /// The units of the base whose item is not missing.
    pub(crate) fn present(&self, term: Term) -> Aggregate {
        let over = match self.form {
            Form::Condition => Over::Base,
            Form::Category | Form::Number => Over::Present(self.item.clone()),
        };
        Aggregate { base: self.base.clone(), over, term }
    }

    /// Those of them with y other than 0.
    pub(crate) fn positive(&self, term: Term) -> Aggregate {
        let over = match self.form {
            Form::Condition => Over::True(self.item.clone()),
            Form::Category => Over::OneOf(self.item.clone(), self.codes.clone()),
            Form::Number => Over::NotZero(self.item.clone()),
        };
        Aggregate { base: self.base.clone(), over, term }
    }

    /// The numbers that are multiplied for each unit in the sum of a term.
    pub(crate) fn factors(&self, term: Term) -> Vec<Column> {
        let (weights, values) = term.powers();
        let values = if self.form == Form::Number { values } else { 0 };
        [vec![Column::Weight; weights], vec![Column::Variable(self.item.clone()); values]].concat()
    }

    /// The sum of a term in y. Where y is 1 or 0, it is the sum of the term's weights over the units where y is 1.
    pub(crate) fn summed(&self, term: Term) -> Aggregate {
        match (self.form, term) {
            (Form::Number, _) => self.present(term),
            (Form::Condition | Form::Category, Term::Y | Term::Yy) => self.positive(Term::N),
            (Form::Condition | Form::Category, Term::Wy | Term::Wyy) => self.positive(Term::W),
            (Form::Condition | Form::Category, Term::Wwy | Term::Wwyy) => self.positive(Term::Ww),
            (Form::Condition | Form::Category, Term::N | Term::W | Term::Ww) => self.present(term),
        }
    }
}

/// One sum.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Aggregate {
    pub(crate) base: BaseId,
    pub(crate) over: Over,
    pub(crate) term: Term,
}

/// Which units of the base are summed over.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Over {
    /// All of them.
    Base,
    /// Those with a value.
    Present(VariableName),
    /// Those without a value.
    Missing(VariableName),
    /// Those that were not asked.
    NotAsked(VariableName),
    /// Those for which a condition holds.
    True(VariableName),
    /// Those with one of the codes.
    OneOf(VariableName, Vec<Code>),
    /// Those with a number other than 0.
    NotZero(VariableName),
}

/// What is summed. w is the unit's own weight, y the number that the units are summed over by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Term {
    /// 1, so that the sum is a count.
    N,
    /// y
    Y,
    /// y y
    Yy,
    /// w
    W,
    /// w y
    Wy,
    /// w y y
    Wyy,
    /// w w
    Ww,
    /// w w y
    Wwy,
    /// w w y y
    Wwyy,
}

impl Term {
    /// The factors: weights, then values.
    fn powers(self) -> (usize, usize) {
        match self {
            Self::N => (0, 0),
            Self::Y => (0, 1),
            Self::Yy => (0, 2),
            Self::W => (1, 0),
            Self::Wy => (1, 1),
            Self::Wyy => (1, 2),
            Self::Ww => (2, 0),
            Self::Wwy => (2, 1),
            Self::Wwyy => (2, 2),
        }
    }

    /// The term without its weights, and how many they are.
    pub(crate) fn without_weights(self) -> (Self, usize) {
        let (weights, values) = self.powers();
        let rest = match values {
            0 => Self::N,
            1 => Self::Y,
            _ => Self::Yy,
        };
        (rest, weights)
    }

    /// A word for the names of columns.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::N => "n",
            Self::Y => "y",
            Self::Yy => "yy",
            Self::W => "w",
            Self::Wy => "wy",
            Self::Wyy => "wyy",
            Self::Ww => "ww",
            Self::Wwy => "wwy",
            Self::Wwyy => "wwyy",
        }
    }
}

impl Over {
    /// The columns that the condition names.
    fn column(&self) -> Option<Column> {
        match self {
            Self::Base => None,
            Self::NotAsked(name) => Some(Column::Missing(name.clone())),
            Self::Present(name)
            | Self::Missing(name)
            | Self::True(name)
            | Self::OneOf(name, _)
            | Self::NotZero(name) => Some(Column::Variable(name.clone())),
        }
    }

    fn condition(&self) -> Option<String> {
        let column = self.column()?.quoted();
        Some(match self {
            Self::Base | Self::True(_) => column,
            Self::Present(_) => format!("{column} IS NOT NULL"),
            Self::Missing(_) => format!("{column} IS NULL"),
            Self::NotAsked(_) => {
                format!("{column} = {}", sql::text(codebook::Missing::NotAsked.as_str()))
            }
            Self::OneOf(_, codes) => one_of(&column, codes),
            Self::NotZero(_) => format!("{column} <> 0"),
        })
    }
}

/// A condition that a column has one of the codes.
fn one_of(column: &str, codes: &[Code]) -> String {
    match codes {
        [] => "FALSE".to_owned(),
        [code] => format!("{column} = {}", sql::text(code.as_str())),
        codes => format!("{column} IN ({})", sql::texts(codes.iter().map(Code::as_str))),
    }
}

impl Aggregate {
    /// All units of a base, counted.
    pub(crate) fn members(base: &BaseId) -> Self {
        Self { base: base.clone(), over: Over::Base, term: Term::N }
    }

    /// The columns it reads.
    pub(crate) fn needs(&self, layers: &Layers<'_>) -> BTreeSet<Column> {
        let (weights, _) = self.term.powers();
        let weight = (weights > 0).then_some(Column::Weight);
        layers.base(&self.base).into_iter().chain(self.over.column()).chain(weight).collect()
    }

    /// The expression of its column.
    pub(crate) fn print(&self, layers: &Layers<'_>) -> String {
        let base = layers.base(&self.base).map(|flag| flag.quoted());
        let conditions: Vec<_> = base.into_iter().chain(self.over.condition()).collect();
        let conditions = conditions.join(" AND ");
        match self.product() {
            None if conditions.is_empty() => "COUNT(*)".to_owned(),
            None => format!("COUNT(CASE WHEN {conditions} THEN 1 END)"),
            Some(product) if conditions.is_empty() => format!("SUM({product})"),
            Some(product) => format!("SUM(CASE WHEN {conditions} THEN {product} END)"),
        }
    }

    /// What is summed; `None` for a count.
    fn product(&self) -> Option<String> {
        let (weights, values) = self.term.powers();
        let value = self.over.column().map(|column| column.quoted()).unwrap_or_default();
        let factors = [vec![Column::Weight.quoted(); weights], vec![value; values]].concat();
        (!factors.is_empty()).then(|| factors.join(" * "))
    }
}

/// The expression of y for one unit: NULL where the item is missing.
pub(crate) fn unit_value(measured: &Measured) -> String {
    let column = Column::Variable(measured.item.clone()).quoted();
    match measured.form {
        Form::Number => column,
        Form::Condition => format!("CASE WHEN {column} THEN 1 ELSE 0 END"),
        Form::Category => {
            format!("CASE WHEN {} THEN 1 WHEN {column} IS NOT NULL THEN 0 END", one_of(&column, &measured.codes))
        }
    }
}

/// What a row of a table measures.
pub(crate) fn measured(base: &BaseId, row: &codebook::Row, codebook: &Codebook) -> Measured {
    let variable = codebook.variable(&row.item).expect("reading a country refuses rows of unknown variables");
    let mut codes = row.codes.clone();
    codes.sort();
    codes.dedup();
    Measured {
        base: base.clone(),
        item: row.item.clone(),
        codes,
        form: Form::of(&variable.kind),
        over: row.over.clone(),
    }
}
