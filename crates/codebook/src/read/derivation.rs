//! Variables as meant: routing and derivations are parsed, and derived variables put in an order in which each stands
//! behind those that it needs.

use std::collections::{BTreeMap, BTreeSet};

use super::toml::Text;
use crate::expression::parse::parse;
use crate::expression::types::{Expected, Scope, Size, size};
use crate::{Expr, Finding, Kind, Origin, Translated, Variable, VariableName, answer_time};

/// A variable as written.
pub(super) struct Draft<'a> {
    pub(super) name: VariableName,
    pub(super) key: Text<'a>,
    pub(super) label: Translated,
    pub(super) question: Option<Translated>,
    /// `None` has a finding.
    pub(super) kind: Option<Kind>,
    pub(super) source: Source<'a>,
    pub(super) asked_if: Option<Text<'a>>,
}

/// Where a variable's values come from, as written.
pub(super) enum Source<'a> {
    Answers,
    Register,
    /// An expression; `None` has a finding.
    Derived(Option<Text<'a>>),
}

/// Parses an expression that stands in a file, and checks that its numbers stay within 38 digits.
pub(super) fn expression(
    text: Text<'_>,
    scope: &Scope,
    expected: Expected<'_>,
    sizes: &BTreeMap<VariableName, Size>,
    findings: &mut Vec<Finding>,
) -> Option<Expr> {
    let expr = parse(text.value, scope, expected, &|line, column| text.place_inside(line, column), findings)?;
    check_size(text, &expr, sizes, findings).map(|_| expr)
}

fn check_size(
    text: Text<'_>,
    expr: &Expr,
    sizes: &BTreeMap<VariableName, Size>,
    findings: &mut Vec<Finding>,
) -> Option<Size> {
    let size = size(expr, sizes);
    if size.is_none() {
        findings
            .push(text.finding("too-many-digits", "the arithmetic could need more than the 38 digits that are exact"));
    }
    size
}

/// The variables in questionnaire order, derived ones last, and the sizes of derived numbers.
pub(super) fn resolve(
    drafts: Vec<Draft<'_>>,
    scope: &mut Scope,
    findings: &mut Vec<Finding>,
) -> (Vec<Variable>, BTreeMap<VariableName, Size>) {
    for draft in drafts.iter().filter(|draft| draft.name == answer_time()) {
        let message = format!("the program itself tells by {:?} when answers came in", draft.name.as_str());
        findings.push(draft.key.finding("reserved-name", message).hint("give the variable another name"));
    }
    let derivations = derivations(&drafts, scope, findings);
    let written: Vec<&VariableName> = drafts.iter().map(|draft| &draft.name).collect();
    let order = order(&written, &derivations, findings);
    let mut sizes = BTreeMap::new();
    for name in &order {
        let (text, expr) = &derivations[name];
        if let Some(size) = check_size(*text, expr, &sizes, findings) {
            sizes.insert(name.clone(), size);
        }
    }
    let mut asked = Vec::new();
    let mut derived = BTreeMap::new();
    for draft in drafts {
        let asked_if = draft.asked_if.and_then(|text| expression(text, scope, Expected::Condition, &sizes, findings));
        if let (Some(text), Some(condition)) = (draft.asked_if, &asked_if) {
            check_routing(text, &draft.name, condition, &derivations, findings);
        }
        let origin = match draft.source {
            Source::Answers => Origin::Answer,
            Source::Register => Origin::Register,
            Source::Derived(_) => match derivations.get(&draft.name) {
                Some((_, expr)) => Origin::Derived(expr.clone()),
                None => continue,
            },
        };
        let Some(kind) = draft.kind else { continue };
        let place = draft.key.place();
        let Draft { name, label, question, .. } = draft;
        let variable = Variable { name, label, question, kind, origin, asked_if, place };
        match &variable.origin {
            Origin::Answer | Origin::Register | Origin::Fieldwork => asked.push(variable),
            Origin::Derived(_) => {
                derived.insert(variable.name.clone(), variable);
            }
        }
    }
    asked.extend(order.iter().filter_map(|name| derived.remove(name)));
    (asked, sizes)
}

/// The expressions of the derived variables, each with where it is written.
type Derivations<'a> = BTreeMap<VariableName, (Text<'a>, Expr)>;

fn derivations<'a>(drafts: &[Draft<'a>], scope: &Scope, findings: &mut Vec<Finding>) -> Derivations<'a> {
    let mut derivations = BTreeMap::new();
    for draft in drafts {
        let Source::Derived(Some(text)) = draft.source else { continue };
        let expected = match &draft.kind {
            Some(Kind::Condition) => Expected::Condition,
            Some(Kind::Number) => Expected::Number,
            Some(Kind::Category { list, categories }) => Expected::Codes { list, categories },
            Some(Kind::Date | Kind::Text) | None => continue,
        };
        let place_of = |line, column| text.place_inside(line, column);
        if let Some(expr) = parse(text.value, scope, expected, &place_of, findings) {
            derivations.insert(draft.name.clone(), (text, expr));
        }
    }
    derivations
}

/// Derived variables in the order in which they are `written`, except that each stands behind those that it names. A circle is a finding,
/// and its variables are left out.
fn order(written: &[&VariableName], derivations: &Derivations<'_>, findings: &mut Vec<Finding>) -> Vec<VariableName> {
    let mut seen = BTreeSet::new();
    let derived = written.iter().filter(|name| seen.insert(**name)).filter_map(|name| derivations.get_key_value(*name));
    let mut names: Vec<(&VariableName, Text<'_>)> = derived.map(|(name, (text, _))| (name, *text)).collect();
    let mut done: BTreeSet<&VariableName> = BTreeSet::new();
    let mut order = Vec::new();
    // Each round adds what needs nothing else; as many rounds as the longest chain of derivations.
    loop {
        let ready = |name: &VariableName| needs(name, derivations).iter().all(|needed| done.contains(needed));
        let Some(position) = names.iter().position(|(name, _)| ready(name)) else { break };
        let (name, _) = names.remove(position);
        done.insert(name);
        order.push(name.clone());
    }
    // What is left is in a circle or needs one.
    let mut reported: BTreeSet<&VariableName> = BTreeSet::new();
    for (name, text) in &names {
        let circle = circle(name, derivations);
        if circle.is_empty() || circle.iter().any(|member| reported.contains(member)) {
            continue;
        }
        let path: Vec<&str> = circle.iter().chain(circle.first()).map(|name| name.as_str()).collect();
        let message = format!("{:?} is derived from itself: {}", name.as_str(), path.join(" from "));
        findings.push(text.finding("circle", message));
        reported.extend(circle);
    }
    order
}

/// The derived variables that the expression of `name` names.
fn needs<'d>(name: &VariableName, derivations: &'d Derivations<'_>) -> Vec<&'d VariableName> {
    let Some((_, expr)) = derivations.get(name) else { return Vec::new() };
    expr.variables().into_iter().filter(|needed| derivations.contains_key(*needed)).collect()
}

/// The shortest way from a derived variable back to itself; empty if there is none.
fn circle<'d>(start: &'d VariableName, derivations: &'d Derivations<'_>) -> Vec<&'d VariableName> {
    let mut ways: Vec<Vec<&VariableName>> = vec![vec![start]];
    let mut seen = BTreeSet::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            for next in needs(way.last().copied().unwrap_or(start), derivations) {
                if next == start {
                    return way;
                }
                if seen.insert(next) {
                    let mut way = way.clone();
                    way.push(next);
                    longer.push(way);
                }
            }
        }
        ways = longer;
    }
    Vec::new()
}

/// Nobody can be asked a question depending on the answer to it.
fn check_routing(
    text: Text<'_>,
    name: &VariableName,
    condition: &Expr,
    derivations: &Derivations<'_>,
    findings: &mut Vec<Finding>,
) {
    let mut reached: BTreeSet<&VariableName> = BTreeSet::new();
    let mut open = condition.variables();
    while let Some(next) = open.pop() {
        if reached.insert(next) {
            open.extend(derivations.get(next).map(|(_, expr)| expr.variables()).unwrap_or_default());
        }
    }
    if reached.contains(name) {
        let message = format!("whether {:?} is asked depends on its own answer", name.as_str());
        findings.push(text.finding("circle", message));
    }
}
