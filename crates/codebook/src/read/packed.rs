//! Numbers that tell several variables at once: a quantile of one is somebody's record.
//!
//! A quantile is a value that somebody has, or close to it. Of an answer it tells an answer; of `1000 * income + age` it tells two of one person, and of a longer sum all that the
//! 38 digits of a number hold. So quantiles are taken of what was asked or comes from the register, of what is derived from one variable, and of plain sums and differences in which each
//! variable stands once: those are magnitudes that offices publish medians of (all costs of an innovation, turnover less wages), and no variable can be read off them while it is
//! not multiplied. A condition may choose among whom, `CASE WHEN … THEN amount ELSE 0 END`, as long as there is one number to be chosen, and conditions may be counted, each as 1. Means and totals are of many
//! people, whatever they are of. Who writes the files could still find variables that a plain sum keeps apart; `crates/README.md` says what he is held to be.

use std::collections::BTreeSet;

use crate::{Codebook, Expr, Literal, Operator, Origin, VariableName};

/// The variables that a quantile of this one would tell together: none where it may be taken.
pub(super) fn packed<'c>(item: &'c VariableName, codebook: &'c Codebook) -> Vec<&'c VariableName> {
    let sources = sources_of(item, codebook);
    if sources.len() < 2 || is_plain(item, codebook) { Vec::new() } else { sources.into_iter().collect() }
}

/// What a variable is derived from, down to what was asked and what the register tells; itself where it is not derived.
pub(super) fn sources_of<'c>(item: &'c VariableName, codebook: &'c Codebook) -> BTreeSet<&'c VariableName> {
    if derivation(item, codebook).is_some() { codebook.computed_from(item) } else { BTreeSet::from([item]) }
}

fn derivation<'c>(item: &VariableName, codebook: &'c Codebook) -> Option<&'c Expr> {
    match &codebook.variable(item)?.origin {
        Origin::Derived(expr) => Some(expr),
        Origin::Answer | Origin::Register | Origin::Fieldwork => None,
    }
}

fn is_plain(item: &VariableName, codebook: &Codebook) -> bool {
    let mut terms = Some(Vec::new());
    if let Some(expr) = derivation(item, codebook) {
        add_terms(expr, codebook, &mut terms);
    }
    let Some(mut terms) = terms else { return false };
    let all = terms.len();
    terms.sort();
    terms.dedup();
    // What stands there twice is multiplied by two.
    terms.len() == all
}

/// The variables that are added and taken away; `None` where something else is done with them.
fn add_terms<'c>(expr: &'c Expr, codebook: &'c Codebook, terms: &mut Option<Vec<&'c VariableName>>) {
    match expr {
        Expr::Variable(name) => match derivation(name, codebook) {
            Some(expr) => add_terms(expr, codebook, terms),
            None => terms.iter_mut().for_each(|terms| terms.push(name)),
        },
        Expr::Arithmetic { left, operator: Operator::Add | Operator::Subtract, right } => {
            add_terms(left, codebook, terms);
            add_terms(right, codebook, terms);
        }
        Expr::Negate(inner) => add_terms(inner, codebook, terms),
        Expr::Coalesce(parts) => chosen(parts.iter(), codebook, terms),
        // How many conditions hold: a number of which each is one.
        Expr::Case { branches, otherwise } if is_count(branches, otherwise.as_deref()) => {
            let names = branches.iter().flat_map(|(condition, _)| condition.variables());
            let sources: BTreeSet<_> = names.flat_map(|name| sources_of(name, codebook)).collect();
            terms.iter_mut().for_each(|terms| terms.extend(&sources));
        }
        Expr::Case { branches, otherwise } => {
            let results = branches.iter().map(|(_, result)| result);
            chosen(results.chain(otherwise.as_deref()), codebook, terms);
        }
        Expr::Literal(_)
        | Expr::Not(_)
        | Expr::And(_)
        | Expr::Or(_)
        | Expr::Compare { .. }
        | Expr::In { .. }
        | Expr::Between { .. }
        | Expr::IsMissing { .. }
        | Expr::Cast { .. }
        | Expr::Arithmetic { operator: Operator::Multiply, .. }
        | Expr::Function { .. } => *terms = None,
    }
}

/// Whether a case is 1 where a condition holds, and 0 otherwise.
fn is_count(branches: &[(Expr, Expr)], otherwise: Option<&Expr>) -> bool {
    let is = |expr: &Expr, units: i128| matches!(expr, Expr::Literal(Literal::Number(number)) if number.units() == units && number.scale() == 0);
    matches!(branches, [(_, result)] if is(result, 1)) && otherwise.is_some_and(|expr| is(expr, 0))
}

/// One of several: a number or 0, but not one number of several, which would tell which one it is.
fn chosen<'c>(
    results: impl Iterator<Item = &'c Expr>,
    codebook: &'c Codebook,
    terms: &mut Option<Vec<&'c VariableName>>,
) {
    let is_zero = |expr: &&Expr| matches!(expr, Expr::Literal(Literal::Number(number)) if number.units() == 0);
    let mut results: Vec<&Expr> = results.filter(|expr| !is_zero(expr)).collect();
    results.dedup();
    match results.as_slice() {
        [one] => add_terms(one, codebook, terms),
        _ => *terms = None,
    }
}
