//! From SQL text to [`Expr`], by allow-list: `sqlparser` parses, and what is not translated here is refused by name.

use sqlparser::ast::{self, BinaryOperator, UnaryOperator};
use sqlparser::tokenizer::Location;

use super::check::{Report, compared, result, same_type};
use super::refuse::{ADMITTED, refusal, refused_call};
use super::start::start;
use super::syntax::{DEEPEST, SyntaxError, syntax, too_deep};
use super::types::{Expected, Names, Resolved, Type, Words, Written};
use super::{Comparator, Expr, Literal, Operator, ScalarFunction, SqlType};
use crate::{Decimal, Finding, Place};

/// Where a line and column of the expression's text stand in the file.
pub(crate) type PlaceOf<'p> = &'p dyn Fn(u64, u64) -> Place;

/// Parses `sql` into an expression of the expected type, or reports why not.
pub(crate) fn parse(
    sql: &str,
    names: &dyn Names,
    expected: Expected<'_>,
    place_of: PlaceOf<'_>,
    findings: &mut Vec<Finding>,
) -> Option<Expr> {
    let typed = typed(sql, names, place_of, findings)?;
    result(&typed, expected, &mut Report { place_of, findings }).then_some(typed.expr)
}

/// Parses `sql` into an expression of whatever type it has, or reports why not.
pub(crate) fn typed(sql: &str, names: &dyn Names, place_of: PlaceOf<'_>, findings: &mut Vec<Finding>) -> Option<Typed> {
    let is_name = |name: &str| matches!(names.resolve(name), Resolved::Variable(..) | Resolved::FreeText);
    let node = match syntax(sql, &is_name) {
        Ok(node) => node,
        Err(SyntaxError { message, location }) => {
            findings.push(Finding::error(place_of(location.line, location.column), "sql-syntax", message));
            return None;
        }
    };
    Translator { names, report: Report { place_of, findings }, is_too_deep: false }.translate(&node, 0)
}

/// An expression with its type and the start where it starts.
pub(crate) struct Typed {
    pub(crate) expr: Expr,
    pub(crate) kind: Type,
    pub(super) start: Location,
}

struct Translator<'t> {
    names: &'t dyn Names,
    report: Report<'t>,
    is_too_deep: bool,
}

impl Translator<'_> {
    /// One node. `None` when something in it has a finding, now or where a variable is defined.
    fn translate(&mut self, node: &ast::Expr, depth: usize) -> Option<Typed> {
        let start = start(node);
        if depth > DEEPEST {
            // Both sides of the deepest operator are too deep, which is one finding.
            if !std::mem::replace(&mut self.is_too_deep, true) {
                self.report.error(start, "sql-syntax", too_deep(DEEPEST));
            }
            return None;
        }
        let depth = depth + 1;
        #[expect(clippy::wildcard_enum_match_arm, reason = "an allow-list: whatever it does not name is refused")]
        match node {
            ast::Expr::Nested(inner) => self.translate(inner, depth),
            ast::Expr::Identifier(name) => {
                self.variable(Written { name: &name.value, quoted: name.quote_style.is_some() }, start)
            }
            ast::Expr::CompoundIdentifier(parts) => {
                let parts: Vec<&str> = parts.iter().map(|part| part.value.as_str()).collect();
                self.variable(Written { name: &parts.join("."), quoted: false }, start)
            }
            ast::Expr::Value(value) => self.literal(&value.value, start),
            ast::Expr::UnaryOp { op, expr } => self.unary(*op, expr, start, depth),
            ast::Expr::BinaryOp { op: BinaryOperator::And | BinaryOperator::Or, .. } => {
                self.junction(node, start, depth)
            }
            ast::Expr::BinaryOp { left, op, right } => self.binary(left, op, right, start, depth),
            ast::Expr::InList { expr, list, negated } => self.in_list(expr, list, *negated, depth),
            ast::Expr::Between { expr, negated, low, high } => self.between(expr, low, high, *negated, depth),
            ast::Expr::IsNull(value) => self.is_missing(value, false, depth),
            ast::Expr::IsNotNull(value) => self.is_missing(value, true, depth),
            ast::Expr::Case { operand, conditions, else_result, .. } => {
                self.case(operand.as_deref(), conditions, else_result.as_deref(), start, depth)
            }
            ast::Expr::Cast { kind: ast::CastKind::Cast, expr, data_type, array: false, format: None } => {
                self.cast(expr, data_type, depth)
            }
            ast::Expr::Function(function) => self.function(function, start, depth),
            other => self.not_admitted(start, refusal(other)),
        }
    }

    fn refuse<T>(&mut self, start: Location, code: &'static str, message: impl Into<String>) -> Option<T> {
        self.report.error(start, code, message);
        None
    }

    /// Refuses a part of SQL, and says which parts there are.
    fn not_admitted<T>(&mut self, start: Location, message: String) -> Option<T> {
        let finding = self.report.finding(start, "not-admitted", message);
        self.report.findings.push(finding.hint(ADMITTED));
        None
    }

    fn variable(&mut self, written: Written<'_>, start: Location) -> Option<Typed> {
        match self.names.resolve(written.name) {
            Resolved::Variable(name, kind) => Some(Typed { expr: Expr::Variable(name), kind, start }),
            Resolved::Unclear => None,
            Resolved::FreeText => {
                let message = format!("{:?} is free text, which is never tabulated", written.name);
                self.refuse(start, "free-text", message)
            }
            Resolved::Unknown => {
                let place = (self.report.place_of)(start.line, start.column);
                let finding = self.names.unknown(written, place);
                self.report.findings.push(finding);
                None
            }
        }
    }

    fn literal(&mut self, value: &ast::Value, start: Location) -> Option<Typed> {
        #[expect(clippy::wildcard_enum_match_arm, reason = "an allow-list: whatever it does not name is refused")]
        let (literal, kind) = match value {
            ast::Value::SingleQuotedString(text) => {
                (Literal::Text(text.clone()), Type::Text(Words::literal(text, start)))
            }
            ast::Value::Boolean(value) => (Literal::Boolean(*value), Type::Boolean),
            ast::Value::Number(digits, _) => match Decimal::parse(&digits.to_string(), '.') {
                Ok(number) => (Literal::Number(number), Type::Number),
                Err(error) => return self.refuse(start, "sql-syntax", format!("{digits} is {error}")),
            },
            ast::Value::Null => {
                let finding = self.report.finding(start, "not-admitted", "NULL is not admitted here");
                self.report.findings.push(finding.hint("test with IS NULL, or leave out the ELSE of a CASE"));
                return None;
            }
            _ => return self.refuse(start, "not-admitted", "this kind of constant is not admitted in an expression"),
        };
        Some(Typed { expr: Expr::Literal(literal), kind, start })
    }

    fn unary(&mut self, op: UnaryOperator, inner: &ast::Expr, start: Location, depth: usize) -> Option<Typed> {
        #[expect(clippy::wildcard_enum_match_arm, reason = "an allow-list: whatever it does not name is refused")]
        match op {
            UnaryOperator::Not => {
                let inner = self.condition(inner, depth)?;
                Some(Typed { expr: Expr::Not(Box::new(inner.expr)), kind: Type::Boolean, start })
            }
            UnaryOperator::Minus => {
                let inner = self.number(inner, depth)?;
                let expr = match inner.expr {
                    Expr::Literal(Literal::Number(number)) => Expr::Literal(Literal::Number(number.negate())),
                    other => Expr::Negate(Box::new(other)),
                };
                Some(Typed { expr, kind: Type::Number, start })
            }
            UnaryOperator::Plus => self.number(inner, depth),
            other => self.refuse(start, "not-admitted", format!("the sign {other} is not admitted in an expression")),
        }
    }

    fn condition(&mut self, node: &ast::Expr, depth: usize) -> Option<Typed> {
        let typed = self.translate(node, depth)?;
        result(&typed, Expected::Condition, &mut self.report).then_some(typed)
    }

    fn number(&mut self, node: &ast::Expr, depth: usize) -> Option<Typed> {
        let typed = self.translate(node, depth)?;
        result(&typed, Expected::Number, &mut self.report).then_some(typed)
    }

    /// `a AND b AND c` nests to the left; it is unrolled, since such chains are long.
    fn junction(&mut self, node: &ast::Expr, start: Location, depth: usize) -> Option<Typed> {
        let ast::Expr::BinaryOp { op: connective, .. } = node else { return None };
        let mut operands = Vec::new();
        let mut rest = node;
        while let ast::Expr::BinaryOp { left, op, right } = rest
            && op == connective
        {
            operands.push(right.as_ref());
            rest = left;
        }
        operands.push(rest);
        let parts: Vec<Option<Typed>> = operands.into_iter().rev().map(|part| self.condition(part, depth)).collect();
        let parts: Vec<Expr> = parts.into_iter().map(|part| part.map(|typed| typed.expr)).collect::<Option<_>>()?;
        let expr = if *connective == BinaryOperator::And { Expr::And(parts) } else { Expr::Or(parts) };
        Some(Typed { expr, kind: Type::Boolean, start })
    }

    fn binary(
        &mut self,
        left: &ast::Expr,
        op: &BinaryOperator,
        right: &ast::Expr,
        start: Location,
        depth: usize,
    ) -> Option<Typed> {
        if let Some(comparator) = comparator(op) {
            let (left, right) = (self.translate(left, depth), self.translate(right, depth));
            return self.compare(left?, comparator, right?);
        }
        let Some(operator) = operator(op) else {
            let finding =
                self.report.finding(start, "not-admitted", format!("the sign {op} is not admitted in an expression"));
            let is_division = matches!(op, BinaryOperator::Divide | BinaryOperator::Modulo);
            self.report.findings.push(if is_division {
                finding.hint("the digits of a quotient differ between engines")
            } else {
                finding.hint(ADMITTED)
            });
            return None;
        };
        let (left, right) = (self.number(left, depth), self.number(right, depth));
        let (left, right) = (Box::new(left?.expr), Box::new(right?.expr));
        Some(Typed { expr: Expr::Arithmetic { left, operator, right }, kind: Type::Number, start })
    }

    fn compare(&mut self, left: Typed, comparator: Comparator, right: Typed) -> Option<Typed> {
        let start = left.start;
        let expr = compared(left, comparator, right, &mut self.report)?;
        Some(Typed { expr, kind: Type::Boolean, start })
    }

    fn in_list(&mut self, value: &ast::Expr, list: &[ast::Expr], negated: bool, depth: usize) -> Option<Typed> {
        let value = self.translate(value, depth);
        let mut literals = Vec::new();
        for item in list {
            let item = self.translate(item, depth);
            let (Some(value), Some(item)) = (&value, item) else { continue };
            let Expr::Literal(literal) = &item.expr else {
                self.refuse::<()>(item.start, "not-admitted", "the list of IN holds constants only");
                continue;
            };
            let literal = literal.clone();
            if same_type(value, &item, Comparator::Equal, &mut self.report) {
                literals.push(literal);
            }
        }
        let value = value?;
        // Fewer literals than items mean findings.
        (literals.len() == list.len()).then(|| Typed {
            start: value.start,
            expr: Expr::In { value: Box::new(value.expr), list: literals, negated },
            kind: Type::Boolean,
        })
    }

    fn between(
        &mut self,
        value: &ast::Expr,
        low: &ast::Expr,
        high: &ast::Expr,
        negated: bool,
        depth: usize,
    ) -> Option<Typed> {
        let (value, low, high) =
            (self.translate(value, depth), self.translate(low, depth), self.translate(high, depth));
        let (value, low, high) = (value?, low?, high?);
        let ordered = same_type(&value, &low, Comparator::GreaterOrEqual, &mut self.report)
            && same_type(&value, &high, Comparator::LessOrEqual, &mut self.report);
        ordered.then(|| Typed {
            start: value.start,
            expr: Expr::Between {
                value: Box::new(value.expr),
                low: Box::new(low.expr),
                high: Box::new(high.expr),
                negated,
            },
            kind: Type::Boolean,
        })
    }

    fn is_missing(&mut self, value: &ast::Expr, negated: bool, depth: usize) -> Option<Typed> {
        let value = self.translate(value, depth)?;
        let expr = Expr::IsMissing { value: Box::new(value.expr), negated };
        Some(Typed { expr, kind: Type::Boolean, start: value.start })
    }

    fn case(
        &mut self,
        operand: Option<&ast::Expr>,
        conditions: &[ast::CaseWhen],
        otherwise: Option<&ast::Expr>,
        start: Location,
        depth: usize,
    ) -> Option<Typed> {
        let mut whens = Vec::new();
        let mut results = Vec::new();
        for branch in conditions {
            whens.push(match operand {
                None => self.condition(&branch.condition, depth),
                Some(operand) => {
                    let (left, right) = (self.translate(operand, depth), self.translate(&branch.condition, depth));
                    left.zip(right).and_then(|(left, right)| self.compare(left, Comparator::Equal, right))
                }
            });
            results.push(self.translate(&branch.result, depth));
        }
        let is_null = |node: &ast::Expr| matches!(node, ast::Expr::Value(value) if value.value == ast::Value::Null);
        let otherwise = otherwise.filter(|node| !is_null(node));
        let has_otherwise = otherwise.is_some();
        results.extend(otherwise.map(|node| self.translate(node, depth)));
        let (mut results, kind) = self.unify(results)?;
        let otherwise = if has_otherwise { results.pop().map(Box::new) } else { None };
        let whens = whens.into_iter().map(|when| when.map(|typed| typed.expr)).collect::<Option<Vec<_>>>()?;
        Some(Typed { expr: Expr::Case { branches: whens.into_iter().zip(results).collect(), otherwise }, kind, start })
    }

    /// The expressions and the type they share.
    fn unify(&mut self, parts: Vec<Option<Typed>>) -> Option<(Vec<Expr>, Type)> {
        let parts = parts.into_iter().collect::<Option<Vec<Typed>>>()?;
        let mut exprs = Vec::new();
        let mut shared: Option<Type> = None;
        for Typed { expr, kind, start } in parts {
            shared = Some(match (shared, kind) {
                (None, kind) => kind,
                (Some(Type::Text(mut words)), Type::Text(more)) => {
                    words.extend(more);
                    Type::Text(words)
                }
                (Some(Type::Boolean), Type::Boolean) => Type::Boolean,
                (Some(Type::Number), Type::Number) => Type::Number,
                (Some(Type::Date), Type::Date) => Type::Date,
                (Some(first), kind) => {
                    let message =
                        format!("expected {} like the first result, found {}", first.describe(), kind.describe());
                    return self.refuse(start, "type-mismatch", message);
                }
            });
            exprs.push(expr);
        }
        shared.map(|kind| (exprs, kind))
    }

    fn cast(&mut self, value: &ast::Expr, data_type: &ast::DataType, depth: usize) -> Option<Typed> {
        let value = self.translate(value, depth)?;
        #[expect(clippy::wildcard_enum_match_arm, reason = "an allow-list: whatever it does not name is refused")]
        let is_number = match data_type {
            ast::DataType::Int(None) | ast::DataType::Integer(None) | ast::DataType::BigInt(None) => true,
            ast::DataType::Decimal(size) | ast::DataType::Numeric(size) => *size == ast::ExactNumberInfo::None,
            _ => false,
        };
        let codes = match &value.kind {
            Type::Text(words) if is_number && words.literals.is_empty() => words.codes().unwrap_or_default(),
            Type::Boolean | Type::Number | Type::Date | Type::Text(_) => Vec::new(),
        };
        if codes.is_empty() {
            let finding = self.report.finding(
                value.start,
                "not-admitted",
                format!("CAST from {} to {data_type} is not admitted", value.kind.describe()),
            );
            self.report.findings.push(finding.hint("a category whose codes are whole numbers can be cast to INTEGER"));
            return None;
        }
        let is_whole = |code: &&&str| {
            !Decimal::parse(code, '.').is_ok_and(|number| number.scale() == 0 && number.is_answer_sized())
        };
        if let Some(code) = codes.iter().find(is_whole) {
            return self.refuse(value.start, "type-mismatch", format!("the code {code:?} is no whole number"));
        }
        let expr = Expr::Cast { value: Box::new(value.expr), to: SqlType::Number };
        Some(Typed { expr, kind: Type::Number, start: value.start })
    }

    fn function(&mut self, function: &ast::Function, start: Location, depth: usize) -> Option<Typed> {
        let Some((name, arguments)) = plain_call(function) else {
            return self.not_admitted(start, refused_call(function));
        };
        match (name.as_str(), arguments.as_slice()) {
            ("COALESCE", [_, _, ..]) => {
                let parts = arguments.iter().map(|argument| self.translate(argument, depth)).collect();
                let (parts, kind) = self.unify(parts)?;
                Some(Typed { expr: Expr::Coalesce(parts), kind, start })
            }
            ("ABS", [argument]) => {
                let argument = self.number(argument, depth)?;
                let expr = Expr::Function { function: ScalarFunction::Abs, arguments: vec![argument.expr] };
                Some(Typed { expr, kind: Type::Number, start })
            }
            ("COALESCE", _) => self.refuse(start, "sql-syntax", "COALESCE takes two or more arguments"),
            ("ABS", _) => self.refuse(start, "sql-syntax", "ABS takes one argument"),
            _ => self.not_admitted(start, refused_call(function)),
        }
    }
}

fn comparator(op: &BinaryOperator) -> Option<Comparator> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "an allow-list: whatever it does not name is refused")]
    match op {
        BinaryOperator::Eq => Some(Comparator::Equal),
        BinaryOperator::NotEq => Some(Comparator::NotEqual),
        BinaryOperator::Lt => Some(Comparator::Less),
        BinaryOperator::LtEq => Some(Comparator::LessOrEqual),
        BinaryOperator::Gt => Some(Comparator::Greater),
        BinaryOperator::GtEq => Some(Comparator::GreaterOrEqual),
        _ => None,
    }
}

fn operator(op: &BinaryOperator) -> Option<Operator> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "an allow-list: whatever it does not name is refused")]
    match op {
        BinaryOperator::Plus => Some(Operator::Add),
        BinaryOperator::Minus => Some(Operator::Subtract),
        BinaryOperator::Multiply => Some(Operator::Multiply),
        _ => None,
    }
}

/// The name in capitals and the arguments of a call without any of SQL's decorations (DISTINCT, FILTER, OVER, ...).
fn plain_call(function: &ast::Function) -> Option<(String, Vec<&ast::Expr>)> {
    let ast::FunctionArguments::List(list) = &function.args else { return None };
    let is_plain = !function.uses_odbc_syntax
        && function.parameters == ast::FunctionArguments::None
        && function.filter.is_none()
        && function.null_treatment.is_none()
        && function.over.is_none()
        && function.within_group.is_empty()
        && list.duplicate_treatment.is_none()
        && list.clauses.is_empty();
    let arguments = list.args.iter().map(|argument| match argument {
        ast::FunctionArg::Unnamed(ast::FunctionArgExpr::Expr(expr)) => Some(expr),
        ast::FunctionArg::Unnamed(_) | ast::FunctionArg::Named { .. } | ast::FunctionArg::ExprNamed { .. } => None,
    });
    let arguments = arguments.collect::<Option<Vec<_>>>()?;
    is_plain.then(|| (function.name.to_string().to_uppercase(), arguments))
}
