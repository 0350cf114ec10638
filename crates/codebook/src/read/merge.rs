//! Adjacent answers that a table shows as one, with an asterisk, where a country prefers that to hiding.
//!
//! The row of them is estimated from its own sums, like any other. It protects only if nothing else tells the answers apart, so that is refused.

use std::collections::BTreeMap;

use super::codebook::{Questionnaire, find_code};
use super::toml::{Text, Value};
use super::words::words;
use crate::{Base, BaseId, Code, Codebook, Finding, Language, Origin, Row, RowId, TableSpec, Translated, VariableName};

/// Replaces the rows of answers by one for each entry of `merge`.
pub(super) fn merge(
    value: Value<'_>,
    rows: &mut Vec<Row>,
    questionnaire: &Questionnaire,
    languages: &[Language],
    findings: &mut Vec<Finding>,
) {
    for entry in value.list(findings).unwrap_or_default() {
        let place = entry.place();
        let Some((texts, label)) = told(&entry, languages, findings) else { continue };
        let of_item = |row: &&Row| row.is_answer() && !texts.is_empty();
        let Some(item) = rows.iter().find(of_item).map(|row| row.item.clone()) else {
            let message = "this table has no row of an answer that could be shown with another one";
            let finding = Finding::error(place, "contradiction", message);
            findings.push(finding.hint("merge is for a question whose answers have a row each"));
            continue;
        };
        let categories = questionnaire.codebook.variable(&item).map_or(&[][..], |variable| variable.categories());
        let found: Vec<Code> =
            texts.iter().filter_map(|code| find_code(*code, item.as_str(), categories, findings)).collect();
        if found.len() < texts.len() {
            continue;
        }
        let at: Vec<usize> = found
            .iter()
            .filter_map(|code| rows.iter().position(|row| row.item == item && row.codes == [code.clone()]))
            .collect();
        let are_adjacent = at.len() == found.len() && at.len() > 1 && at.windows(2).all(|pair| pair[0] + 1 == pair[1]);
        if !are_adjacent {
            let message = "answers that are shown as one stand next to each other, and are at least two";
            findings
                .push(Finding::error(place, "contradiction", message).hint("list them in the order of the question"));
            continue;
        }
        let label = label.unwrap_or_else(|| joined(&rows[at[0]..at[0] + at.len()], languages));
        let codes: Vec<&str> = found.iter().map(Code::as_str).collect();
        let Ok(id) = RowId::new(&format!("{item}:{}", codes.join("+"))) else { continue };
        let first = at[0];
        rows.drain(first..first + at.len());
        rows.insert(first, Row { id, label: with_asterisk(&label), item, codes: found, over: None });
    }
}

/// The codes of an entry, and what their row is called if it says so: `["some", "high"]`, or `{ codes = ["some", "high"], label = { en = "…" } }`.
fn told<'v>(
    entry: &Value<'v>,
    languages: &[Language],
    findings: &mut Vec<Finding>,
) -> Option<(Vec<Text<'v>>, Option<Translated>)> {
    if entry.is_list() {
        return Some((entry.texts(findings)?, None));
    }
    let mut entries = entry.entries(findings)?;
    let codes = entries.required("codes");
    let label = entries.required("label").and_then(|label| words(label, languages, findings));
    entries.finish(findings);
    Some((codes?.texts(findings)?, Some(label?)))
}

/// The labels of some rows, one behind the other.
fn joined(rows: &[Row], languages: &[Language]) -> Translated {
    let of_language = |language: &Language| {
        let labels: Vec<&str> = rows.iter().filter_map(|row| row.label.find(language)).collect();
        (language.clone(), labels.join(" / "))
    };
    Translated::new(languages.iter().map(of_language).collect())
}

fn with_asterisk(label: &Translated) -> Translated {
    Translated::new(label.iter().map(|(language, text)| (language.clone(), format!("{text}*"))).collect())
}

/// Finds what tells the answers of a merged row apart: a row of some of them, a breakdown by the question, or a variable or base that is derived from it.
pub(super) fn told_apart(
    tables: &[TableSpec],
    bases: &BTreeMap<BaseId, Base>,
    codebook: &Codebook,
    findings: &mut Vec<Finding>,
) {
    for (table, merged) in tables.iter().flat_map(|table| table.rows.iter().map(move |row| (table, row))) {
        if !merged.is_merged() {
            continue;
        }
        let some = |row: &Row| {
            let shared = merged.codes.iter().filter(|code| row.codes.contains(code)).count();
            row.item == merged.item && shared > 0 && shared < merged.codes.len()
        };
        let derived = |name: &VariableName| {
            let variable = codebook.variable(name);
            variable.is_some_and(|variable| match &variable.origin {
                Origin::Derived(expr) => expr.variables().contains(&&merged.item),
                Origin::Answer | Origin::Register | Origin::Fieldwork => false,
            })
        };
        for other in tables {
            let tells = |row: &Row| some(row) || derived(&row.item);
            let by_it = |name: &VariableName| *name == merged.item || derived(name);
            let condition = bases.get(&other.base).and_then(|base| base.condition.as_ref());
            let is_conditioned = condition.is_some_and(|expr| expr.variables().into_iter().any(by_it));
            if other.rows.iter().any(tells) || other.breakdowns.iter().any(by_it) || is_conditioned {
                let message = format!(
                    "the table {:?} tells answers to {:?} apart that the table {:?} shows as one",
                    other.id.as_str(),
                    merged.item.as_str(),
                    table.id.as_str()
                );
                let finding = Finding::error(other.place.clone(), "told-apart", message);
                findings.push(finding.hint("merge the same answers there, or take the row or breakdown out"));
            }
        }
    }
}
