//! Whether the parts of an expression fit each other: types, and codes that exist.

use jiff::civil::Date;

use sqlparser::tokenizer::Location;

use super::parse::{PlaceOf, Typed};
use super::types::{Expected, Type, Vocabulary, Words};
use super::{Comparator, Expr, Literal};
use crate::Finding;

/// Where findings about an expression go.
pub(super) struct Report<'r> {
    /// Finding out where something is written takes a walk over the text, so it is done for findings only.
    pub(super) place_of: PlaceOf<'r>,
    pub(super) findings: &'r mut Vec<Finding>,
}

impl Report<'_> {
    pub(super) fn finding(&self, at: Location, code: &'static str, message: impl Into<String>) -> Finding {
        Finding::error((self.place_of)(at.line, at.column), code, message)
    }

    pub(super) fn error(&mut self, at: Location, code: &'static str, message: impl Into<String>) {
        let finding = self.finding(at, code, message);
        self.findings.push(finding);
    }
}

/// Whether the whole expression gives what is expected of it.
pub(super) fn result(typed: &Typed, expected: Expected<'_>, report: &mut Report<'_>) -> bool {
    let before = report.findings.len();
    match (expected, &typed.kind) {
        (Expected::Condition, Type::Boolean) | (Expected::Number, Type::Number) => {}
        (Expected::Codes { list, categories }, Type::Text(words)) => {
            let known: Vec<&str> = categories.iter().map(|category| category.code.as_str()).collect();
            check_codes(words, &known, &format!("the codes {list:?}"), report);
            for (variable, vocabulary) in &words.variables {
                let found = match vocabulary {
                    Vocabulary::AnyText => Some("any text".to_owned()),
                    Vocabulary::Codes(codes) => {
                        codes.iter().find(|code| !known.contains(&code.as_str())).map(|code| format!("{code:?}"))
                    }
                };
                if let Some(found) = found {
                    let message = format!("{variable:?} can be {found}, which is none of the codes {list:?}");
                    report.findings.push(report.finding(typed.start, "unknown-code", message));
                }
            }
        }
        (Expected::Condition | Expected::Number | Expected::Codes { .. }, kind) => {
            let wanted = match expected {
                Expected::Condition => "a condition",
                Expected::Number => "a number",
                Expected::Codes { .. } => "a code",
            };
            let message = format!("expected {wanted}, found {}", kind.describe());
            let finding = report.finding(typed.start, "type-mismatch", message);
            let is_category = matches!((expected, &typed.expr), (Expected::Condition, Expr::Variable(_)));
            report.findings.push(if is_category { finding.hint("compare it, as in x = 'yes'") } else { finding });
        }
    }
    report.findings.len() == before
}

/// The comparison of two values, if they can be compared.
pub(super) fn compared(left: Typed, comparator: Comparator, right: Typed, report: &mut Report<'_>) -> Option<Expr> {
    same_type(&left, &right, comparator, report).then(|| Expr::Compare {
        left: Box::new(left.expr),
        comparator,
        right: Box::new(right.expr),
    })
}

/// Whether two values can be compared this way. Every literal that meets a category is one of its codes.
pub(super) fn same_type(left: &Typed, right: &Typed, comparator: Comparator, report: &mut Report<'_>) -> bool {
    let before = report.findings.len();
    let is_equality = matches!(comparator, Comparator::Equal | Comparator::NotEqual);
    match (&left.kind, &right.kind) {
        (Type::Number, Type::Number) | (Type::Date, Type::Date) => {}
        (Type::Boolean, Type::Boolean) if is_equality => {}
        (Type::Text(left_words), Type::Text(right_words)) if is_equality => {
            compare_words(left, left_words, right_words, report);
        }
        (Type::Date, Type::Text(words)) | (Type::Text(words), Type::Date) if words.is_written_only() => {
            check_dates(words, report);
        }
        (Type::Text(left_words), Type::Text(right_words)) => {
            let words = if left_words.is_written_only() { right_words } else { left_words };
            let noun = words.noun();
            let finding = report.finding(left.start, "type-mismatch", format!("{noun}s have no order"));
            report.findings.push(finding.hint(format!("list the {noun}s with IN")));
        }
        (Type::Boolean, Type::Boolean) => {
            report.findings.push(report.finding(left.start, "type-mismatch", "conditions have no order"));
        }
        (Type::Number | Type::Boolean | Type::Date | Type::Text(_), _) => {
            let message = format!("{} is compared with {}", left.kind.describe(), right.kind.describe());
            let finding = report.finding(right.start, "type-mismatch", message);
            report.findings.push(match hint(left, right).or_else(|| hint(right, left)) {
                Some(hint) => finding.hint(hint),
                None => finding,
            });
        }
    }
    report.findings.len() == before
}

/// What to write instead of `other`, compared with `value`.
fn hint(value: &Typed, other: &Typed) -> Option<String> {
    match (&value.kind, &other.expr) {
        (Type::Number, Expr::Literal(Literal::Text(text))) => Some(format!("write {text} without quotes")),
        (Type::Text(words), Expr::Literal(Literal::Number(number))) if !words.is_written_only() => {
            Some(format!("a {} is written in quotes: '{number}'", words.noun()))
        }
        (Type::Boolean, Expr::Literal(Literal::Text(_))) => {
            Some("a condition is used as it is, as in \"innovative\" or \"NOT innovative\"".to_owned())
        }
        (Type::Number | Type::Text(_) | Type::Boolean | Type::Date, _) => None,
    }
}

fn compare_words(left: &Typed, left_words: &Words, right_words: &Words, report: &mut Report<'_>) {
    if left_words.is_written_only() && right_words.is_written_only() {
        let message = "a text is compared with a text, and no variable is";
        let finding = report.finding(left.start, "type-mismatch", message);
        report.findings.push(finding.hint("a variable is written without quotes or in double quotes"));
        return;
    }
    for (words, vocabulary) in [(left_words, right_words), (right_words, left_words)] {
        let Some(known) = vocabulary.codes() else { continue };
        let names: Vec<String> = vocabulary.variables.keys().map(|name| format!("{name:?}")).collect();
        if !names.is_empty() {
            check_codes(words, &known, &format!("the codes of {}", names.join(" or ")), report);
        }
    }
}

fn check_codes(words: &Words, known: &[&str], whose: &str, report: &mut Report<'_>) {
    for (literal, start) in words.literals.iter().filter(|(literal, _)| !known.contains(&literal.as_str())) {
        let message = format!("{literal:?} is none of {whose}");
        report
            .findings
            .push(report.finding(*start, "unknown-code", message).did_you_mean(literal, known.iter().copied()));
    }
}

fn check_dates(words: &Words, report: &mut Report<'_>) {
    for (literal, start) in &words.literals {
        // One spelling only, so that the order of the texts is that of the days.
        if !literal.parse::<Date>().is_ok_and(|date| date.to_string() == *literal) {
            let message = format!("{literal:?} is no date such as '2019-12-31'");
            report.findings.push(report.finding(*start, "bad-date", message));
        }
    }
}
