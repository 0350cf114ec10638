//! Printing expressions and statements as standard SQL.
//!
//! Everything that becomes SQL passes through here, so quoting has one home: every identifier stands between double quotes,
//! every text literal between single ones. Keywords are in capitals and each clause has its own line. Nothing is printed
//! that is not plain SQL of any engine, so a statement that is kept with a release can be rerun anywhere.

use codebook::{Codebook, Comparator, Decimal, Expr, Kind, Literal, Operator, ScalarFunction, SqlType};

/// The table that all statements read.
pub(crate) const RESPONSES: &str = "responses";

/// An identifier between double quotes.
pub(crate) fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text literal between single quotes.
pub(crate) fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// A text literal for each value, separated by commas.
pub(crate) fn texts<'a>(values: impl IntoIterator<Item = &'a str>) -> String {
    values.into_iter().map(text).collect::<Vec<_>>().join(", ")
}

/// A condition with two values: NULL becomes false.
pub(crate) fn two_valued(condition: &str) -> String {
    format!("CASE WHEN {condition} THEN TRUE ELSE FALSE END")
}

/// Prints a condition, or anything else that is only compared.
pub(crate) fn condition(expr: &Expr, codebook: &Codebook) -> String {
    Printer { codebook }.print(expr, Numbers::AsWritten)
}

/// Prints a condition as one part of an AND.
pub(crate) fn conjunct(expr: &Expr, codebook: &Codebook) -> String {
    Printer { codebook }.operand(expr, Binding::Not, Numbers::AsWritten)
}

/// Prints a value. If it is a number, its type is DECIMAL whatever literals it is made of, so that it cannot wrap around as
/// integers of an engine may.
pub(crate) fn value(expr: &Expr, codebook: &Codebook) -> String {
    Printer { codebook }.print(expr, Numbers::AsDecimals)
}

/// How number literals are printed.
#[derive(Clone, Copy)]
enum Numbers {
    /// `10`: enough for comparisons.
    AsWritten,
    /// `CAST(10 AS DECIMAL(2, 0))`: for what is calculated with.
    AsDecimals,
}

/// How tightly an expression holds together, loosest first. An operand that holds less than its place needs gets parentheses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Not,
    Predicate,
    Sum,
    Product,
    Sign,
    Atom,
}

struct Printer<'a> {
    codebook: &'a Codebook,
}

impl Printer<'_> {
    fn print(&self, expr: &Expr, numbers: Numbers) -> String {
        match expr {
            Expr::Variable(name) => identifier(name.as_str()),
            Expr::Literal(constant) => literal(constant, numbers),
            Expr::Not(inner) => format!("NOT {}", self.operand(inner, Binding::Atom, Numbers::AsWritten)),
            Expr::And(parts) => self.joined(parts, " AND ", Binding::Not),
            Expr::Or(parts) => self.joined(parts, " OR ", Binding::And),
            Expr::Compare { .. } | Expr::In { .. } | Expr::Between { .. } | Expr::IsMissing { .. } => {
                self.predicate(expr)
            }
            Expr::Case { branches, otherwise } => self.case(branches, otherwise.as_deref(), numbers),
            Expr::Coalesce(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| self.print(part, numbers)).collect();
                format!("COALESCE({})", parts.join(", "))
            }
            Expr::Cast { value, to } => self.cast(value, *to, numbers),
            Expr::Arithmetic { left, operator, right } => {
                let (symbol, loosest_left, loosest_right) = match operator {
                    Operator::Add => ("+", Binding::Sum, Binding::Product),
                    Operator::Subtract => ("-", Binding::Sum, Binding::Product),
                    Operator::Multiply => ("*", Binding::Product, Binding::Sign),
                };
                let left = self.operand(left, loosest_left, Numbers::AsDecimals);
                let right = self.operand(right, loosest_right, Numbers::AsDecimals);
                format!("{left} {symbol} {right}")
            }
            // An operand with a sign of its own gets parentheses: `--` would open a comment.
            Expr::Negate(inner) => format!("-{}", self.operand(inner, Binding::Atom, Numbers::AsDecimals)),
            Expr::Function { function: ScalarFunction::Abs, arguments } => {
                let arguments: Vec<_> =
                    arguments.iter().map(|argument| self.print(argument, Numbers::AsDecimals)).collect();
                format!("ABS({})", arguments.join(", "))
            }
        }
    }

    /// Prints what is compared, with the type it is compared as.
    fn predicate(&self, expr: &Expr) -> String {
        match expr {
            Expr::Compare { left, comparator, right } => {
                let dates = self.is_date(left) || self.is_date(right);
                let symbol = match comparator {
                    Comparator::Equal => "=",
                    Comparator::NotEqual => "<>",
                    Comparator::Less => "<",
                    Comparator::LessOrEqual => "<=",
                    Comparator::Greater => ">",
                    Comparator::GreaterOrEqual => ">=",
                };
                format!("{} {symbol} {}", self.compared(left, dates), self.compared(right, dates))
            }
            Expr::In { value, list, negated } => {
                let dates = self.is_date(value);
                let list: Vec<_> = list.iter().map(|constant| compared_literal(constant, dates)).collect();
                format!("{} {}IN ({})", self.compared(value, dates), not(*negated), list.join(", "))
            }
            Expr::Between { value, low, high, negated } => {
                let dates = [value, low, high].into_iter().any(|part| self.is_date(part));
                let part = |part| self.compared(part, dates);
                format!("{} {}BETWEEN {} AND {}", part(value), not(*negated), part(low), part(high))
            }
            Expr::IsMissing { value, negated } => {
                format!("{} IS {}NULL", self.compared(value, false), not(*negated))
            }
            Expr::Variable(_)
            | Expr::Literal(_)
            | Expr::Not(_)
            | Expr::And(_)
            | Expr::Or(_)
            | Expr::Case { .. }
            | Expr::Coalesce(_)
            | Expr::Cast { .. }
            | Expr::Arithmetic { .. }
            | Expr::Negate(_)
            | Expr::Function { .. } => self.print(expr, Numbers::AsWritten),
        }
    }

    fn compared(&self, expr: &Expr, dates: bool) -> String {
        if let Expr::Literal(constant) = expr {
            return compared_literal(constant, dates);
        }
        self.operand(expr, Binding::Sum, Numbers::AsWritten)
    }

    fn case(&self, branches: &[(Expr, Expr)], otherwise: Option<&Expr>, numbers: Numbers) -> String {
        let mut printed = "CASE".to_owned();
        if let Some((when, then)) = self.first_of_a_column(branches, otherwise, numbers) {
            printed += &format!(" WHEN {when} THEN {then}");
        }
        for (when, then) in branches {
            printed += &format!(" WHEN {} THEN {}", self.print(when, Numbers::AsWritten), self.print(then, numbers));
        }
        if let Some(otherwise) = otherwise {
            printed += &format!(" ELSE {}", self.print(otherwise, numbers));
        }
        printed + " END"
    }

    fn cast(&self, value: &Expr, to: SqlType, numbers: Numbers) -> String {
        let to = match to {
            SqlType::Boolean => "BOOLEAN",
            // Reading a country admits this conversion only for codes that are whole numbers.
            SqlType::Number => "DECIMAL(18, 0)",
            SqlType::Text => "VARCHAR",
            SqlType::Date => "DATE",
        };
        format!("CAST({} AS {to})", self.print(value, numbers))
    }

    fn joined(&self, parts: &[Expr], separator: &str, loosest: Binding) -> String {
        let parts: Vec<_> = parts.iter().map(|part| self.operand(part, loosest, Numbers::AsWritten)).collect();
        parts.join(separator)
    }

    /// Prints an operand, between parentheses if it holds together less than `loosest`.
    /// The engine takes the type of a CASE for that of its first result, and a constant has a type of its own (`DECIMAL(1, 0)`). So where
    /// the first result is a constant, the first that is none stands before it, under the condition that no branch above its own holds.
    fn first_of_a_column(
        &self,
        branches: &[(Expr, Expr)],
        otherwise: Option<&Expr>,
        numbers: Numbers,
    ) -> Option<(String, String)> {
        let is_constant = |expr: &Expr| matches!(expr, Expr::Literal(_));
        let mut results = branches.iter().map(|(_, then)| then).chain(otherwise);
        let place = results.clone().position(|result| !is_constant(result)).filter(|place| *place > 0)?;
        let above = branches[..place].iter().map(|(when, _)| self.operand(when, Binding::Not, Numbers::AsWritten));
        let none = format!("CASE WHEN {} THEN FALSE ELSE TRUE END", above.collect::<Vec<_>>().join(" OR "));
        let when = match branches.get(place) {
            Some((when, _)) => format!("{none} AND {}", self.operand(when, Binding::Not, Numbers::AsWritten)),
            None => none,
        };
        results.nth(place).map(|then| (when, self.print(then, numbers)))
    }

    fn operand(&self, expr: &Expr, loosest: Binding, numbers: Numbers) -> String {
        let printed = self.print(expr, numbers);
        if binding(expr) < loosest { format!("({printed})") } else { printed }
    }

    /// Whether the expression is a date, so that texts it is compared with are dates, too.
    fn is_date(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Variable(name) => self.codebook.variable(name).is_some_and(|variable| variable.kind == Kind::Date),
            Expr::Cast { to, .. } => *to == SqlType::Date,
            Expr::Coalesce(parts) => parts.iter().any(|part| self.is_date(part)),
            Expr::Case { branches, otherwise } => {
                branches.iter().any(|(_, then)| self.is_date(then))
                    || otherwise.as_deref().is_some_and(|otherwise| self.is_date(otherwise))
            }
            Expr::Literal(_)
            | Expr::Not(_)
            | Expr::And(_)
            | Expr::Or(_)
            | Expr::Compare { .. }
            | Expr::In { .. }
            | Expr::Between { .. }
            | Expr::IsMissing { .. }
            | Expr::Arithmetic { .. }
            | Expr::Negate(_)
            | Expr::Function { .. } => false,
        }
    }
}

fn binding(expr: &Expr) -> Binding {
    match expr {
        Expr::Or(_) => Binding::Or,
        Expr::And(_) => Binding::And,
        Expr::Not(_) => Binding::Not,
        Expr::Compare { .. } | Expr::In { .. } | Expr::Between { .. } | Expr::IsMissing { .. } => Binding::Predicate,
        Expr::Arithmetic { operator: Operator::Add | Operator::Subtract, .. } => Binding::Sum,
        Expr::Arithmetic { operator: Operator::Multiply, .. } => Binding::Product,
        Expr::Negate(_) => Binding::Sign,
        Expr::Literal(Literal::Number(number)) if number.units() < 0 => Binding::Sign,
        Expr::Variable(_)
        | Expr::Literal(_)
        | Expr::Case { .. }
        | Expr::Coalesce(_)
        | Expr::Cast { .. }
        | Expr::Function { .. } => Binding::Atom,
    }
}

fn not(negated: bool) -> &'static str {
    if negated { "NOT " } else { "" }
}

fn compared_literal(constant: &Literal, dates: bool) -> String {
    match constant {
        Literal::Text(value) if dates => format!("CAST({} AS DATE)", text(value)),
        Literal::Text(_) | Literal::Number(_) | Literal::Boolean(_) => literal(constant, Numbers::AsWritten),
    }
}

fn literal(constant: &Literal, numbers: Numbers) -> String {
    match (constant, numbers) {
        (Literal::Text(value), _) => text(value),
        (Literal::Boolean(true), _) => "TRUE".to_owned(),
        (Literal::Boolean(false), _) => "FALSE".to_owned(),
        (Literal::Number(number), Numbers::AsWritten) if number.scale() == 0 => number.to_string(),
        // Some engines read 0.5 as a double unless they are told otherwise.
        (Literal::Number(number), Numbers::AsWritten | Numbers::AsDecimals) => decimal(*number),
    }
}

fn decimal(number: Decimal) -> String {
    let digits = number.units().unsigned_abs().checked_ilog10().map_or(1, |power| power + 1);
    let precision = digits.max(u32::from(number.scale()));
    format!("CAST({number} AS DECIMAL({precision}, {}))", number.scale())
}

/// A SELECT: its columns, what it reads, and how it groups and orders.
pub(crate) struct Select {
    /// Expression and name. A column that keeps its name is its own expression.
    pub(crate) columns: Vec<(String, String)>,
    pub(crate) from: From,
    /// Names of columns of `from`.
    pub(crate) group_by: Vec<String>,
    /// Names of columns.
    pub(crate) order_by: Vec<String>,
}

/// What a SELECT reads.
pub(crate) enum From {
    /// The table of answers.
    Responses,
    /// Another SELECT, under this name.
    Layer(Box<Select>, &'static str),
}

impl Select {
    /// The statement, one clause and one column per line, a nested SELECT indented by two.
    pub(crate) fn print(&self) -> String {
        self.lines(0).join("\n")
    }

    /// Lines with their indentation. A text literal may go over several lines, so nothing is indented after it is printed.
    fn lines(&self, depth: usize) -> Vec<String> {
        let indent = "  ".repeat(depth);
        let mut lines = vec![format!("{indent}SELECT")];
        lines.extend(list(
            &indent,
            self.columns.iter().map(|(expression, name)| {
                let name = identifier(name);
                if *expression == name { name } else { format!("{expression} AS {name}") }
            }),
        ));
        match &self.from {
            From::Responses => lines.push(format!("{indent}FROM {}", identifier(RESPONSES))),
            From::Layer(select, name) => {
                lines.push(format!("{indent}FROM ("));
                lines.extend(select.lines(depth + 1));
                lines.push(format!("{indent}) AS {}", identifier(name)));
            }
        }
        for (clause, names) in [("GROUP BY", &self.group_by), ("ORDER BY", &self.order_by)] {
            if !names.is_empty() {
                lines.push(format!("{indent}{clause}"));
                lines.extend(list(&indent, names.iter().map(|name| identifier(name))));
            }
        }
        lines
    }
}

/// Indented lines with a comma after all but the last.
fn list(indent: &str, items: impl ExactSizeIterator<Item = String>) -> Vec<String> {
    let last = items.len().saturating_sub(1);
    items.enumerate().map(|(index, item)| format!("{indent}  {item}{}", if index < last { "," } else { "" })).collect()
}

#[cfg(test)]
mod tests;
