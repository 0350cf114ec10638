//! Users' SQL: bases, derived variables and routing, admitted by allow-list.
//!
//! [`Expr`] is the whole language: what is not in it cannot be said. A text is parsed by `sqlparser` and then translated
//! node by node, so a new kind of SQL node is refused until somebody admits it here. Every identifier resolves against the
//! known variables, every literal that is compared with a category must be one of its codes, and every expression has a
//! type, so that later steps only print (`tabulate`) or evaluate (`ingest`, routing) it.

use std::borrow::Cow;

use crate::{Decimal, VariableName};

mod check;
mod evaluate;
pub(crate) mod parse;
mod refuse;
mod start;
mod syntax;
pub(crate) mod types;

/// An admitted expression. Three-valued, as in SQL.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub enum Expr {
    /// A variable.
    Variable(VariableName),
    /// A constant.
    Literal(Literal),
    /// `NOT x`.
    Not(Box<Expr>),
    /// `a AND b AND ...`; at least two.
    And(Vec<Expr>),
    /// `a OR b OR ...`; at least two.
    Or(Vec<Expr>),
    /// `a = b` and its relatives.
    Compare {
        /// The left side.
        left: Box<Expr>,
        /// The comparison.
        comparator: Comparator,
        /// The right side.
        right: Box<Expr>,
    },
    /// `x IN (a, b, ...)`, literals only.
    In {
        /// What is looked for.
        value: Box<Expr>,
        /// The list.
        list: Vec<Literal>,
        /// `NOT IN`.
        negated: bool,
    },
    /// `x BETWEEN low AND high`, both ends included.
    Between {
        /// What is compared.
        value: Box<Expr>,
        /// The lower end.
        low: Box<Expr>,
        /// The upper end.
        high: Box<Expr>,
        /// `NOT BETWEEN`.
        negated: bool,
    },
    /// `x IS NULL`: no answer, for whatever reason.
    IsMissing {
        /// What is tested.
        value: Box<Expr>,
        /// `IS NOT NULL`.
        negated: bool,
    },
    /// `CASE WHEN a THEN b ... ELSE c END`. The form with an operand is translated into this one.
    Case {
        /// Condition and result, in order.
        branches: Vec<(Expr, Expr)>,
        /// The result when none holds; missing if unstated.
        otherwise: Option<Box<Expr>>,
    },
    /// `COALESCE(a, b, ...)`.
    Coalesce(Vec<Expr>),
    /// `CAST(x AS type)`.
    Cast {
        /// What is converted.
        value: Box<Expr>,
        /// To what.
        to: SqlType,
    },
    /// `a + b` and its relatives.
    Arithmetic {
        /// The left side.
        left: Box<Expr>,
        /// The operation.
        operator: Operator,
        /// The right side.
        right: Box<Expr>,
    },
    /// `-x`.
    Negate(Box<Expr>),
    /// An immutable scalar function.
    Function {
        /// Which one.
        function: ScalarFunction,
        /// Its arguments; their number was checked.
        arguments: Vec<Expr>,
    },
}

/// A constant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub enum Literal {
    /// A code or other text.
    Text(String),
    /// A number, with the digits it was written with.
    Number(Decimal),
    /// `TRUE` or `FALSE`.
    Boolean(bool),
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub enum Comparator {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// Arithmetic on numbers. There is no division: its digits would differ between engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
}

/// The scalar functions that are admitted. They are immutable and exact on every engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub enum ScalarFunction {
    /// `ABS(x)`
    Abs,
}

/// The type of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub enum SqlType {
    /// True or false.
    Boolean,
    /// A decimal number.
    Number,
    /// A code or other text.
    Text,
    /// A calendar date, compared with texts such as `'2019-12-31'`.
    Date,
}

/// The value of an expression for one unit; `None` wherever it is used means missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// True or false.
    Boolean(bool),
    /// A number.
    Number(Decimal),
    /// A code, other text, or a date as `2019-12-31`.
    Text(String),
}

impl Expr {
    /// The value for one unit, whose variables `value_of` looks up; `None` is SQL's NULL. Comparisons with a missing value are missing;
    /// AND, OR and NOT follow SQL's three-valued logic.
    ///
    /// `value_of` answers for derived variables, too: the caller evaluates them first, in codebook order.
    ///
    /// # Panics
    /// When arithmetic needs more than 38 digits. Reading a country refuses every expression that could, as long as its
    /// numbers are [answer-sized](Decimal::is_answer_sized), which the reader of an export checks.
    pub fn evaluate<'a>(&self, value_of: &dyn Fn(&VariableName) -> Option<Cow<'a, Value>>) -> Option<Value> {
        evaluate::evaluate(self, value_of)
    }

    /// Every variable that the expression names, sorted, each once.
    #[must_use]
    pub fn variables(&self) -> Vec<&VariableName> {
        let mut names = Vec::new();
        self.visit(&mut |expr| {
            if let Self::Variable(name) = expr {
                names.push(name);
            }
        });
        names.sort();
        names.dedup();
        names
    }

    /// Every text that a variable is compared with by `=`, `<>` or `IN`, in the order of the expression: variable, text. A text that no unit has is a
    /// slip, as a rule.
    #[must_use]
    pub fn compared_texts(&self) -> Vec<(&VariableName, &str)> {
        let mut compared = Vec::new();
        self.visit(&mut |expr| {
            if let Self::Compare { left, comparator: Comparator::Equal | Comparator::NotEqual, right } = expr {
                let sides = [(left.as_ref(), right.as_ref()), (right.as_ref(), left.as_ref())];
                for (side, other) in sides {
                    if let (Self::Variable(name), Self::Literal(Literal::Text(text))) = (side, other) {
                        compared.push((name, text.as_str()));
                    }
                }
            }
            if let Self::In { value, list, .. } = expr
                && let Self::Variable(name) = value.as_ref()
            {
                compared.extend(list.iter().filter_map(|literal| match literal {
                    Literal::Text(text) => Some((name, text.as_str())),
                    Literal::Number(_) | Literal::Boolean(_) => None,
                }));
            }
        });
        compared
    }

    /// Whether the expression says itself what becomes of a missing value of this variable: by `IS NULL`, `IS NOT NULL` or a `COALESCE` that begins with it.
    #[must_use]
    pub fn tells_of_missing(&self, name: &VariableName) -> bool {
        let is_it = |expr: Option<&Self>| matches!(expr, Some(Self::Variable(found)) if found == name);
        let mut tells = false;
        self.visit(&mut |expr| {
            if let Self::IsMissing { value, .. } = expr {
                tells |= is_it(Some(value));
            }
            if let Self::Coalesce(parts) = expr {
                tells |= is_it(parts.first());
            }
        });
        tells
    }

    /// Shows this expression and every expression in it to `see`.
    fn visit<'e>(&'e self, see: &mut dyn FnMut(&'e Self)) {
        see(self);
        match self {
            Self::Variable(_) | Self::Literal(_) => {}
            Self::Not(inner) | Self::Negate(inner) => inner.visit(see),
            Self::And(parts) | Self::Or(parts) | Self::Coalesce(parts) | Self::Function { arguments: parts, .. } => {
                parts.iter().for_each(|part| part.visit(see));
            }
            Self::Compare { left, right, .. } | Self::Arithmetic { left, right, .. } => {
                left.visit(see);
                right.visit(see);
            }
            Self::In { value, .. } | Self::IsMissing { value, .. } | Self::Cast { value, .. } => value.visit(see),
            Self::Between { value, low, high, .. } => {
                value.visit(see);
                low.visit(see);
                high.visit(see);
            }
            Self::Case { branches, otherwise } => {
                for (condition, result) in branches {
                    condition.visit(see);
                    result.visit(see);
                }
                if let Some(otherwise) = otherwise {
                    otherwise.visit(see);
                }
            }
        }
    }
}
