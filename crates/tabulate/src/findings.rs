//! What the data say against the plan.

use std::collections::BTreeSet;

use codebook::{Country, Finding, TableSpec};

use crate::aggregate::{Aggregate, Over};
use crate::margins::Margins;
use crate::plan::{Setting, checks};
use crate::sql;

/// Items that part of their base was not asked, and derived variables that are missing in a base that uses them; sorted by place.
pub(crate) fn findings(tables: &[&TableSpec], margins: &Margins, setting: &Setting<'_>) -> Vec<Finding> {
    let mut findings = BTreeSet::new();
    for table in tables {
        for check in checks(table, setting) {
            let count = margins.count(&check);
            if count > 0 {
                findings.extend(finding(&check, count, table, setting.country));
            }
        }
    }
    findings.into_iter().collect()
}

fn finding(check: &Aggregate, count: u64, table: &TableSpec, country: &Country) -> Option<Finding> {
    match &check.over {
        Over::NotAsked(item) => {
            let message = format!(
                "base {:?} of table {:?} holds {} that were not asked {:?}",
                check.base.as_str(),
                table.id.as_str(),
                answers(count),
                item.as_str()
            );
            let finding = Finding::error(table.place.clone(), "not-asked-in-base", message);
            let asked_if = country.codebook.variable(item).and_then(|variable| variable.asked_if.as_ref());
            Some(match asked_if {
                Some(asked_if) => {
                    let asked = sql::condition(asked_if, &country.codebook);
                    finding.hint(format!("count it in a base of those who were asked, where {asked}"))
                }
                None => finding.hint("count it in a base of those who were asked"),
            })
        }
        Over::Missing(name) => {
            let variable = country.codebook.variable(name)?;
            let message = format!(
                "derived variable {:?} has no value for {} of base {:?}",
                name.as_str(),
                answers(count),
                check.base.as_str()
            );
            Some(
                Finding::error(variable.place.clone(), "derived-missing", message)
                    .hint("let its expression give a value to everyone, such as with ELSE in a CASE"),
            )
        }
        Over::Base | Over::Present(_) | Over::True(_) | Over::OneOf(..) | Over::NotZero(_) => None,
    }
}

fn answers(count: u64) -> String {
    if count == 1 { "1 answer".to_owned() } else { format!("{count} answers") }
}
