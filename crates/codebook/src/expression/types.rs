//! The types of expressions, and what is known about variables when an expression is read.

use std::collections::{BTreeMap, BTreeSet};

use sqlparser::tokenizer::Location;

use super::{Expr, Literal, Operator};
use crate::{Category, Decimal, Finding, Kind, Place, VariableName};

/// The names that an expression may use: the variables of a country, or the columns of any data file.
pub(crate) trait Names {
    /// What a name stands for. It is whole: `sch.wide` is one name.
    fn resolve(&self, name: &str) -> Resolved;

    /// The finding about a name that stands for nothing.
    fn unknown(&self, name: Written<'_>, place: Place) -> Finding;
}

/// A name as an expression writes it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Written<'w> {
    /// Without quotes.
    pub(crate) name: &'w str,
    /// Whether it stands in double quotes.
    pub(crate) quoted: bool,
}

/// What a name in an expression stands for.
pub(crate) enum Resolved {
    /// A variable of this type.
    Variable(VariableName, Type),
    /// Free text, which no expression may use.
    FreeText,
    /// Something with a finding of its own, or perhaps one.
    Unclear,
    /// Nothing.
    Unknown,
}

/// Every variable of a country that an expression may name.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    /// `None` is a variable whose own definition has a finding: naming it is no second mistake.
    kinds: BTreeMap<VariableName, Option<Kind>>,
    /// Whether some definitions could not be read at all, so that an unknown name proves nothing.
    incomplete: bool,
}

/// What a name means.
pub(crate) enum Meaning<'s> {
    /// A variable of this kind.
    Known(&'s Kind),
    /// A variable with a finding of its own, or perhaps one.
    Unclear,
    /// No variable.
    Unknown,
}

impl Scope {
    pub(crate) fn insert(&mut self, name: VariableName, kind: Option<Kind>) {
        self.kinds.insert(name, kind);
    }

    pub(crate) fn mark_incomplete(&mut self) {
        self.incomplete = true;
    }

    pub(crate) fn meaning(&self, name: &str) -> Meaning<'_> {
        match VariableName::new(name).ok().and_then(|name| self.kinds.get(&name)) {
            Some(Some(kind)) => Meaning::Known(kind),
            Some(None) => Meaning::Unclear,
            None if self.incomplete => Meaning::Unclear,
            None => Meaning::Unknown,
        }
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.kinds.keys().map(VariableName::as_str)
    }
}

impl Names for Scope {
    fn resolve(&self, name: &str) -> Resolved {
        let kind = match self.meaning(name) {
            Meaning::Unclear => return Resolved::Unclear,
            Meaning::Unknown => return Resolved::Unknown,
            Meaning::Known(Kind::Text) => return Resolved::FreeText,
            Meaning::Known(Kind::Category { categories, .. }) => Type::Text(Words::variable(name, categories)),
            Meaning::Known(Kind::Condition) => Type::Boolean,
            Meaning::Known(Kind::Number) => Type::Number,
            Meaning::Known(Kind::Date) => Type::Date,
        };
        Resolved::Variable(VariableName::new(name).expect("the scope holds valid names only"), kind)
    }

    fn unknown(&self, name: Written<'_>, place: Place) -> Finding {
        Finding::error(place, "unknown-variable", format!("there is no variable {:?}", name.name))
            .did_you_mean(name.name, self.names())
    }
}

/// What an expression must give.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Expected<'k> {
    /// True or false.
    Condition,
    /// A number.
    Number,
    /// One of the codes of a list.
    Codes {
        /// The list's name.
        list: &'k str,
        /// Its codes.
        categories: &'k [Category],
    },
}

/// The type of an expression while it is read.
#[derive(Debug, Clone)]
pub(crate) enum Type {
    Boolean,
    Number,
    Date,
    Text(Words),
}

/// The texts that an expression of type text can give.
#[derive(Debug, Clone, Default)]
pub(crate) struct Words {
    /// Texts written in the expression, and where.
    pub(super) literals: Vec<(String, Location)>,
    /// The variables in it, each with the texts that it can have.
    pub(super) variables: BTreeMap<String, Vocabulary>,
}

/// The texts that a variable can have.
#[derive(Debug, Clone)]
pub(super) enum Vocabulary {
    /// The codes of a category.
    Codes(BTreeSet<String>),
    /// Any text: nobody listed the levels of a column.
    AnyText,
}

impl Words {
    pub(super) fn literal(text: &str, start: Location) -> Self {
        Self { literals: vec![(text.to_owned(), start)], variables: BTreeMap::new() }
    }

    pub(super) fn variable(name: &str, categories: &[Category]) -> Self {
        let codes = categories.iter().map(|category| category.code.as_str().to_owned()).collect();
        Self { literals: Vec::new(), variables: BTreeMap::from([(name.to_owned(), Vocabulary::Codes(codes))]) }
    }

    /// The texts of a column whose levels nobody listed.
    pub(crate) fn of_column(name: &str) -> Self {
        Self { literals: Vec::new(), variables: BTreeMap::from([(name.to_owned(), Vocabulary::AnyText)]) }
    }

    pub(super) fn extend(&mut self, other: Self) {
        self.literals.extend(other.literals);
        self.variables.extend(other.variables);
    }

    pub(super) fn is_written_only(&self) -> bool {
        self.variables.is_empty()
    }

    /// Every code of the variables; `None` when one of them can have any text.
    pub(super) fn codes(&self) -> Option<Vec<&str>> {
        let mut codes = Vec::new();
        for vocabulary in self.variables.values() {
            match vocabulary {
                Vocabulary::Codes(more) => codes.extend(more.iter().map(String::as_str)),
                Vocabulary::AnyText => return None,
            }
        }
        Some(codes)
    }

    /// What one of its texts is called.
    pub(super) fn noun(&self) -> &'static str {
        if self.is_written_only() || self.codes().is_none() { "text" } else { "code" }
    }
}

impl Type {
    /// How findings call it.
    pub(super) fn describe(&self) -> &'static str {
        match self {
            Self::Boolean => "a condition",
            Self::Number => "a number",
            Self::Date => "a date",
            Self::Text(words) if words.codes().is_some_and(|codes| !codes.is_empty()) => "a category",
            Self::Text(_) => "a text",
        }
    }
}

/// How large a number can be: at most `magnitude`, with at most `decimals` behind the mark.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    magnitude: u128,
    decimals: u8,
}

impl Size {
    /// Any number of a checked export.
    pub(crate) const ANSWER: Self =
        Self { magnitude: 10_u128.pow(Decimal::ANSWER_INTEGER_DIGITS), decimals: Decimal::ANSWER_DECIMALS };

    fn of(number: Decimal) -> Self {
        let whole = number.units().unsigned_abs() / 10_u128.pow(u32::from(number.scale()));
        Self { magnitude: whole + 1, decimals: number.scale() }
    }

    /// The size if numbers of it have at most 38 digits, also when both operands are brought to the same decimals.
    fn checked(magnitude: Option<u128>, decimals: u8) -> Option<Self> {
        let magnitude = magnitude?;
        let units = 10_u128.checked_pow(u32::from(decimals))?.checked_mul(magnitude)?;
        (units < 10_u128.pow(38)).then_some(Self { magnitude, decimals })
    }

    fn larger(self, other: Self) -> Self {
        Self { magnitude: self.magnitude.max(other.magnitude), decimals: self.decimals.max(other.decimals) }
    }
}

/// The size of the numbers that `expr` gives, or `None` if some arithmetic in it could need more than 38 digits. What is
/// no number has the size of the largest number in it.
pub(crate) fn size(expr: &Expr, sizes: &BTreeMap<VariableName, Size>) -> Option<Size> {
    let largest = |parts: &mut dyn Iterator<Item = &Expr>| -> Option<Size> {
        let mut result = Size { magnitude: 1, decimals: 0 };
        for part in parts {
            result = result.larger(size(part, sizes)?);
        }
        Some(result)
    };
    match expr {
        Expr::Variable(name) => Some(sizes.get(name).copied().unwrap_or(Size::ANSWER)),
        Expr::Literal(Literal::Number(number)) => Some(Size::of(*number)),
        Expr::Literal(Literal::Text(_) | Literal::Boolean(_)) => largest(&mut std::iter::empty()),
        Expr::Arithmetic { left, operator, right } => {
            let (left, right) = (size(left, sizes)?, size(right, sizes)?);
            match operator {
                Operator::Add | Operator::Subtract => {
                    Size::checked(left.magnitude.checked_add(right.magnitude), left.decimals.max(right.decimals))
                }
                Operator::Multiply => {
                    Size::checked(left.magnitude.checked_mul(right.magnitude), left.decimals + right.decimals)
                }
            }
        }
        Expr::Cast { .. } => Some(Size::ANSWER),
        Expr::Not(inner) | Expr::Negate(inner) => size(inner, sizes),
        Expr::IsMissing { value, .. } | Expr::In { value, .. } => size(value, sizes),
        Expr::And(parts) | Expr::Or(parts) | Expr::Coalesce(parts) | Expr::Function { arguments: parts, .. } => {
            largest(&mut parts.iter())
        }
        Expr::Compare { left, right, .. } => largest(&mut [left.as_ref(), right.as_ref()].into_iter()),
        Expr::Between { value, low, high, .. } => {
            largest(&mut [value.as_ref(), low.as_ref(), high.as_ref()].into_iter())
        }
        Expr::Case { branches, otherwise } => {
            let results = branches.iter().flat_map(|(condition, result)| [condition, result]);
            largest(&mut results.chain(otherwise.as_deref()))
        }
    }
}
