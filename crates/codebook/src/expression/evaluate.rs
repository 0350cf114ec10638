//! The value of an expression for one unit, by SQL's three-valued logic.
//!
//! Reading a country has typed every expression, so values of different types never meet here; where the types of the code
//! would allow it, the value is missing.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::{Comparator, Expr, Literal, Operator, ScalarFunction, SqlType, Value};
use crate::{Decimal, VariableName};

/// Looks up the value of a variable for the unit at hand.
type Lookup<'l, 'a> = &'l dyn Fn(&VariableName) -> Option<Cow<'a, Value>>;

/// A value whose text is borrowed from the expression or the unit, so that looking at a million units copies no text.
enum Scalar<'s> {
    Boolean(bool),
    Number(Decimal),
    Text(Cow<'s, str>),
}

pub(super) fn evaluate<'a>(expr: &Expr, value_of: Lookup<'_, 'a>) -> Option<Value> {
    match scalar(expr, value_of)? {
        Scalar::Boolean(value) => Some(Value::Boolean(value)),
        Scalar::Number(value) => Some(Value::Number(value)),
        Scalar::Text(value) => Some(Value::Text(value.into_owned())),
    }
}

fn scalar<'s, 'a: 's>(expr: &'s Expr, value_of: Lookup<'_, 'a>) -> Option<Scalar<'s>> {
    match expr {
        Expr::Variable(name) => value_of(name).map(unit_value),
        Expr::Literal(literal) => Some(constant(literal)),
        Expr::Not(_)
        | Expr::And(_)
        | Expr::Or(_)
        | Expr::Compare { .. }
        | Expr::In { .. }
        | Expr::Between { .. }
        | Expr::IsMissing { .. } => truth(expr, value_of).map(Scalar::Boolean),
        Expr::Case { branches, otherwise } => {
            let chosen = branches.iter().find(|(condition, _)| truth(condition, value_of) == Some(true));
            let result = chosen.map(|(_, result)| result).or(otherwise.as_deref())?;
            scalar(result, value_of)
        }
        Expr::Coalesce(parts) => parts.iter().find_map(|part| scalar(part, value_of)),
        Expr::Cast { value, to } => cast(scalar(value, value_of)?, *to),
        Expr::Arithmetic { .. } | Expr::Negate(_) | Expr::Function { .. } => number(expr, value_of).map(Scalar::Number),
    }
}

fn unit_value(value: Cow<'_, Value>) -> Scalar<'_> {
    match value {
        Cow::Borrowed(Value::Boolean(value)) => Scalar::Boolean(*value),
        Cow::Borrowed(Value::Number(value)) => Scalar::Number(*value),
        Cow::Borrowed(Value::Text(value)) => Scalar::Text(Cow::Borrowed(value)),
        Cow::Owned(Value::Boolean(value)) => Scalar::Boolean(value),
        Cow::Owned(Value::Number(value)) => Scalar::Number(value),
        Cow::Owned(Value::Text(value)) => Scalar::Text(Cow::Owned(value)),
    }
}

fn constant(literal: &Literal) -> Scalar<'_> {
    match literal {
        Literal::Text(value) => Scalar::Text(Cow::Borrowed(value)),
        Literal::Number(value) => Scalar::Number(*value),
        Literal::Boolean(value) => Scalar::Boolean(*value),
    }
}

/// True, false or missing.
fn truth<'s, 'a: 's>(expr: &'s Expr, value_of: Lookup<'_, 'a>) -> Option<bool> {
    match expr {
        Expr::Not(inner) => truth(inner, value_of).map(|value| !value),
        Expr::And(parts) => all(parts.iter().map(|part| truth(part, value_of))),
        // a OR b is NOT (NOT a AND NOT b), in three-valued logic, too.
        Expr::Or(parts) => all(parts.iter().map(|part| truth(part, value_of).map(|value| !value))).map(|none| !none),
        Expr::Compare { left, comparator, right } => {
            compare(&scalar(left, value_of)?, &scalar(right, value_of)?).map(|order| holds(order, *comparator))
        }
        Expr::In { value, list, negated } => {
            let value = scalar(value, value_of)?;
            let found = list.iter().any(|literal| compare(&value, &constant(literal)) == Some(Ordering::Equal));
            Some(found != *negated)
        }
        Expr::Between { value, low, high, negated } => {
            let value = scalar(value, value_of)?;
            let end = |end, comparator| compare(&value, &scalar(end, value_of)?).map(|order| holds(order, comparator));
            let within = [end(low, Comparator::GreaterOrEqual), end(high, Comparator::LessOrEqual)];
            all(within.into_iter()).map(|within| within != *negated)
        }
        Expr::IsMissing { value, negated } => Some(scalar(value, value_of).is_none() != *negated),
        Expr::Variable(_)
        | Expr::Literal(_)
        | Expr::Case { .. }
        | Expr::Coalesce(_)
        | Expr::Cast { .. }
        | Expr::Arithmetic { .. }
        | Expr::Negate(_)
        | Expr::Function { .. } => match scalar(expr, value_of)? {
            Scalar::Boolean(value) => Some(value),
            Scalar::Number(_) | Scalar::Text(_) => None,
        },
    }
}

/// False if any part is false, else missing if any is missing, else true.
fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(true);
    for part in parts {
        match part {
            Some(false) => return Some(false),
            Some(true) => {}
            None => result = None,
        }
    }
    result
}

fn compare(left: &Scalar<'_>, right: &Scalar<'_>) -> Option<Ordering> {
    match (left, right) {
        (Scalar::Boolean(left), Scalar::Boolean(right)) => Some(left.cmp(right)),
        (Scalar::Number(left), Scalar::Number(right)) => Some(left.cmp(right)),
        // Dates are texts of the form 2019-12-31, whose order is that of the days.
        (Scalar::Text(left), Scalar::Text(right)) => Some(left.cmp(right)),
        (Scalar::Boolean(_) | Scalar::Number(_) | Scalar::Text(_), _) => None,
    }
}

fn holds(order: Ordering, comparator: Comparator) -> bool {
    match comparator {
        Comparator::Equal => order.is_eq(),
        Comparator::NotEqual => order.is_ne(),
        Comparator::Less => order.is_lt(),
        Comparator::LessOrEqual => order.is_le(),
        Comparator::Greater => order.is_gt(),
        Comparator::GreaterOrEqual => order.is_ge(),
    }
}

/// A number, or missing.
fn number<'s, 'a: 's>(expr: &'s Expr, value_of: Lookup<'_, 'a>) -> Option<Decimal> {
    match expr {
        Expr::Arithmetic { left, operator, right } => {
            let (left, right) = (number(left, value_of)?, number(right, value_of)?);
            let result = match operator {
                Operator::Add => left.add(right),
                Operator::Subtract => left.add(right.negate()),
                Operator::Multiply => left.multiply(right),
            };
            Some(result.expect("reading a country refuses arithmetic that could need more than 38 digits"))
        }
        Expr::Negate(inner) => number(inner, value_of).map(Decimal::negate),
        Expr::Function { function: ScalarFunction::Abs, arguments } => {
            number(arguments.first()?, value_of).map(Decimal::absolute)
        }
        Expr::Variable(_)
        | Expr::Literal(_)
        | Expr::Not(_)
        | Expr::And(_)
        | Expr::Or(_)
        | Expr::Compare { .. }
        | Expr::In { .. }
        | Expr::Between { .. }
        | Expr::IsMissing { .. }
        | Expr::Case { .. }
        | Expr::Coalesce(_)
        | Expr::Cast { .. } => match scalar(expr, value_of)? {
            Scalar::Number(value) => Some(value),
            Scalar::Boolean(_) | Scalar::Text(_) => None,
        },
    }
}

/// Converts a value. Reading admits one conversion only: codes that are whole numbers, to these numbers.
fn cast(value: Scalar<'_>, to: SqlType) -> Option<Scalar<'_>> {
    match (value, to) {
        (Scalar::Text(text), SqlType::Number) => Decimal::parse(&text, '.').ok().map(Scalar::Number),
        (value @ Scalar::Text(_), SqlType::Text | SqlType::Date)
        | (value @ Scalar::Number(_), SqlType::Number)
        | (value @ Scalar::Boolean(_), SqlType::Boolean) => Some(value),
        (Scalar::Boolean(_) | Scalar::Number(_) | Scalar::Text(_), _) => None,
    }
}
