//! Checks of the answers as written: `[checks]` of a country or wave, ranges and uniqueness at a variable, `[[checks]]` of the
//! codebook.

use std::collections::BTreeMap;

use super::derivation::expression;
use super::toml::{Entries, Text, Value};
use crate::expression::types::{Expected, Meaning, Scope, Size, size};
use crate::{
    Check, CheckKind, CheckRule, CheckSeverities, CheckSeverity, Decimal, Expr, Finding, Kind, Literal, Operator,
    VariableName,
};

/// The severities that `[checks]` sets.
pub(super) fn severities(value: Value<'_>, findings: &mut Vec<Finding>) -> CheckSeverities {
    let mut severities = CheckSeverities::default();
    for (key, value) in value.entries(findings).iter().flat_map(Entries::named) {
        let Some(kind) = CheckKind::named(key.value) else {
            let finding = key.finding("unknown-key", format!("there is no kind of check {:?}", key.value));
            findings.push(finding.did_you_mean(key.value, CheckKind::ALL.map(CheckKind::as_str)));
            continue;
        };
        let Some(severity) = severity(value, findings) else { continue };
        if (kind, severity) == (CheckKind::AnswerNotAsked, CheckSeverity::Off) {
            let message = "an answer that routing forbids is left out of every figure, so it must be told";
            findings.push(value.finding("contradiction", message).hint("use \"error\" or \"warning\""));
            continue;
        }
        severities.set(kind, severity);
    }
    severities
}

fn severity(value: Value<'_>, findings: &mut Vec<Finding>) -> Option<CheckSeverity> {
    let text = value.text(findings)?;
    let severity = CheckSeverity::ALL.into_iter().find(|severity| severity.as_str() == text.value);
    if severity.is_none() {
        let finding = text.finding("unknown-word", format!("{:?} is no severity of a check", text.value));
        findings.push(finding.did_you_mean(text.value, CheckSeverity::ALL.map(CheckSeverity::as_str)));
    }
    severity
}

/// The checks that stand at a variable: `range` and `unique`. `kind` is `None` when it has a finding of its own.
pub(super) fn of_variable(
    entries: &mut Entries<'_>,
    name: Option<&VariableName>,
    kind: Option<&Kind>,
    findings: &mut Vec<Finding>,
) -> Vec<Check> {
    let (range, unique) = (entries.optional("range"), entries.optional("unique"));
    let mut checks = Vec::new();
    if let (Some(value), Some(name), Some(kind)) = (range, name, kind)
        && let Some(rule) = range_rule(value, name, kind, findings)
    {
        checks.push(Check { name: format!("range of {name}"), rule, severity: None, place: value.place() });
    }
    if let (Some(value), Some(name)) = (unique, name)
        && value.boolean(findings) == Some(true)
    {
        let rule = CheckRule::Unique { variables: vec![name.clone()] };
        checks.push(Check { name: format!("unique {name}"), rule, severity: None, place: value.place() });
    }
    checks
}

fn range_rule(value: Value<'_>, name: &VariableName, kind: &Kind, findings: &mut Vec<Finding>) -> Option<CheckRule> {
    let variable = name.clone();
    match kind {
        Kind::Number => {
            let (low, high) = ends(value, |value, findings| value.number(findings), findings)?;
            Some(CheckRule::Numbers { variable, low, high })
        }
        Kind::Date => {
            let (first, last) = ends(value, |value, findings| value.date(findings), findings)?;
            Some(CheckRule::Dates { variable, first, last })
        }
        Kind::Category { .. } | Kind::Condition | Kind::Text => {
            findings.push(value.finding("type-mismatch", "only numbers and dates have a range"));
            None
        }
    }
}

/// Both ends of a range: `[low, high]`, `{ low = … }` or `{ high = … }`.
fn ends<T: PartialOrd>(
    value: Value<'_>,
    read: impl Fn(Value<'_>, &mut Vec<Finding>) -> Option<T>,
    findings: &mut Vec<Finding>,
) -> Option<(Option<T>, Option<T>)> {
    if value.is_table() {
        let mut entries = value.entries(findings)?;
        let low = entries.optional("low");
        let high = entries.optional("high");
        entries.finish(findings);
        if low.is_none() && high.is_none() {
            findings.push(value.finding("empty", "the range has no end").hint("give it low, high or both"));
            return None;
        }
        let ends = (low.map(|end| read(end, findings)), high.map(|end| read(end, findings)));
        return match ends {
            (Some(None), _) | (_, Some(None)) => None,
            (low, high) => in_order(value, (low.flatten(), high.flatten()), findings),
        };
    }
    let list = value.list(findings)?;
    let [low, high] = list[..] else {
        let finding = value.finding("wrong-type", "a range is a list of two ends");
        findings.push(finding.hint("such as [0, 100]; with one end open, { low = 0 } or { high = 100 }"));
        return None;
    };
    let (low, high) = (read(low, findings), read(high, findings));
    in_order(value, (Some(low?), Some(high?)), findings)
}

/// The ends, unless they are crossed.
fn in_order<T: PartialOrd>(
    value: Value<'_>,
    ends: (Option<T>, Option<T>),
    findings: &mut Vec<Finding>,
) -> Option<(Option<T>, Option<T>)> {
    if let (Some(low), Some(high)) = &ends
        && low > high
    {
        findings.push(value.finding("crossed", "the range ends before it begins"));
        return None;
    }
    Some(ends)
}

/// Reads `[[checks]]` of the codebook.
pub(super) fn rules(
    value: Value<'_>,
    scope: &Scope,
    sizes: &BTreeMap<VariableName, Size>,
    findings: &mut Vec<Finding>,
) -> Vec<Check> {
    let rules = value.list(findings).unwrap_or_default();
    let mut reader = Reader { scope, sizes, findings };
    rules.into_iter().filter_map(|rule| reader.check(rule)).collect()
}

struct Reader<'r> {
    scope: &'r Scope,
    sizes: &'r BTreeMap<VariableName, Size>,
    findings: &'r mut Vec<Finding>,
}

impl Reader<'_> {
    fn check(&mut self, value: Value<'_>) -> Option<Check> {
        let mut entries = value.entries(self.findings)?;
        let name = entries.optional("name").and_then(|value| value.filled_text(self.findings));
        let severity = entries.optional("severity").and_then(|value| severity(value, self.findings));
        let rules = ["sum", "unique", "holds"].map(|key| entries.optional(key));
        let rule = match rules {
            [Some(parts), None, None] => self.sum(parts, &mut entries),
            [None, Some(variables), None] => self.unique(variables),
            [None, None, Some(condition)] => self.holds(condition, &mut entries),
            [_, _, _] => {
                let finding = value.finding("contradiction", "a check has exactly one of sum, unique and holds");
                self.findings.push(finding);
                // What else stands here may belong to any of them.
                return None;
            }
        };
        entries.finish(self.findings);
        let (rule, told) = rule?;
        let name = name.map_or(told, |text| text.value.to_owned());
        Some(Check { name, rule, severity, place: value.place() })
    }

    fn sum(&mut self, parts: Value<'_>, entries: &mut Entries<'_>) -> Option<(CheckRule, String)> {
        let whole = entries.required("of");
        let tolerance = entries.optional("tolerance");
        let only_if = self.only_if(entries);
        let names = parts.texts(self.findings)?;
        if names.is_empty() {
            self.findings.push(parts.finding("empty", "a sum has at least one part"));
        }
        let told = names.iter().map(|name| name.value).collect::<Vec<_>>().join(" + ");
        // First all of them, so that each unknown name is told.
        let terms: Vec<Option<Expr>> = names.into_iter().map(|name| self.number_variable(name)).collect();
        let whole = self.whole(whole?);
        let tolerance = tolerance.map_or(Some(Decimal::new(0, 0)), |value| self.tolerance(value));
        let (whole, whole_told) = whole?;
        let terms: Option<Vec<Expr>> = terms.into_iter().collect();
        let sum = terms?.into_iter().reduce(|left, right| arithmetic(left, Operator::Add, right))?;
        let excess = arithmetic(sum, Operator::Subtract, whole);
        if size(&excess, self.sizes).is_none() {
            let message = "the sum could need more than the 38 digits that are exact";
            self.findings.push(parts.finding("too-many-digits", message));
            return None;
        }
        let rule = CheckRule::Sum { excess, tolerance: tolerance?, only_if: only_if? };
        Some((rule, format!("{told} = {whole_told}")))
    }

    /// What parts add up to, and how it is told: a variable or a number.
    fn whole(&mut self, value: Value<'_>) -> Option<(Expr, String)> {
        if value.is_text() {
            let text = value.text(self.findings)?;
            return Some((self.number_variable(text)?, text.value.to_owned()));
        }
        let number = value.number(self.findings)?;
        Some((Expr::Literal(Literal::Number(number)), number.to_string()))
    }

    fn tolerance(&mut self, value: Value<'_>) -> Option<Decimal> {
        let number = value.number(self.findings)?;
        if number.units() < 0 {
            self.findings.push(value.finding("out-of-range", "a tolerance is at least 0"));
            return None;
        }
        Some(number)
    }

    fn number_variable(&mut self, text: Text<'_>) -> Option<Expr> {
        let name = self.variable(text, |kind| matches!(kind, Kind::Number), "a number")?;
        Some(Expr::Variable(name))
    }

    /// The variable of this name, if it is of a kind that fits; `wanted` says which.
    fn variable(&mut self, text: Text<'_>, fits: fn(&Kind) -> bool, wanted: &str) -> Option<VariableName> {
        match self.scope.meaning(text.value) {
            Meaning::Unclear => None,
            Meaning::Unknown => {
                let finding = text.finding("unknown-variable", format!("there is no variable {:?}", text.value));
                self.findings.push(finding.did_you_mean(text.value, self.scope.names()));
                None
            }
            Meaning::Known(kind) if fits(kind) => VariableName::new(text.value).ok(),
            Meaning::Known(_) => {
                self.findings.push(text.finding("type-mismatch", format!("{:?} is not {wanted}", text.value)));
                None
            }
        }
    }

    fn unique(&mut self, value: Value<'_>) -> Option<(CheckRule, String)> {
        let names = value.texts(self.findings)?;
        if names.is_empty() {
            self.findings.push(value.finding("empty", "the list names no variable"));
            return None;
        }
        let told = names.iter().map(|name| name.value).collect::<Vec<_>>().join(", ");
        let has_values = |kind: &Kind| !matches!(kind, Kind::Condition);
        let variables: Vec<Option<VariableName>> = names
            .into_iter()
            .map(|name| self.variable(name, has_values, "a variable with values of its own"))
            .collect();
        let variables = variables.into_iter().collect::<Option<_>>()?;
        Some((CheckRule::Unique { variables }, format!("unique {told}")))
    }

    fn holds(&mut self, value: Value<'_>, entries: &mut Entries<'_>) -> Option<(CheckRule, String)> {
        let only_if = self.only_if(entries);
        let text = value.text(self.findings)?;
        let condition = self.condition(text)?;
        let told = text.value.split_whitespace().collect::<Vec<_>>().join(" ");
        Some((CheckRule::Holds { condition, only_if: only_if? }, told))
    }

    /// The condition of `where`; `None` when it has a finding.
    #[expect(clippy::option_option, reason = "a condition that is left out is not one that has a finding")]
    fn only_if(&mut self, entries: &mut Entries<'_>) -> Option<Option<Expr>> {
        let Some(value) = entries.optional("where") else { return Some(None) };
        let text = value.text(self.findings)?;
        self.condition(text).map(Some)
    }

    fn condition(&mut self, text: Text<'_>) -> Option<Expr> {
        expression(text, self.scope, Expected::Condition, self.sizes, self.findings)
    }
}

fn arithmetic(left: Expr, operator: Operator, right: Expr) -> Expr {
    Expr::Arithmetic { left: Box::new(left), operator, right: Box::new(right) }
}
