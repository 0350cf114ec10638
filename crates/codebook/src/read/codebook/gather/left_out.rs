//! What a country leaves out of the shared questionnaire, and what goes with it.
//!
//! One line says what was not asked: `without` in `[core]` names items, and items of batteries. What is derived from them is left out, too, unless the country
//! derives it otherwise. Where that cannot be done without asking, since something else depends on it, a finding says what to write.

use std::collections::{BTreeMap, BTreeSet};

use super::super::super::toml::Value;
use super::{Definition, DefinitionKind, Written};
use crate::{Finding, Place};

/// What `[core]` of `codebook.toml` takes and leaves out.
pub(super) struct Taken<'a> {
    /// The names of the items that are taken.
    pub(super) names: BTreeSet<&'a str>,
    /// The items of batteries that `without` names, by battery.
    pub(super) left_out: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// Whether everything is taken that is not left out.
    pub(super) is_all: bool,
    /// Where it is said.
    pub(super) place: Place,
}

/// An expression of the core that needs what the country does not take.
struct Need<'a> {
    /// The item that has the expression.
    by: &'a str,
    /// The first name in it that is not there.
    lacks: &'a str,
    sql: &'a str,
}

impl<'a> Taken<'a> {
    /// Leaves out what is derived from what is not taken. Gives whether a finding tells of something that cannot be left out.
    pub(super) fn settle(&mut self, own: &Written<'a>, shared: &Written<'a>, findings: &mut Vec<Finding>) -> bool {
        let mut dropped: BTreeMap<&str, Need<'a>> = BTreeMap::new();
        loop {
            let known = self.known(own, shared);
            let lacking = shared.definitions.iter().find_map(|(name, definition)| {
                let is_taken = definition.kind == DefinitionKind::Derived && self.names.contains(name);
                self.need(*definition, "sql", own, shared, &known).filter(|_| is_taken)
            });
            let Some(need) = lacking else { break };
            self.names.remove(need.by);
            dropped.insert(need.by, need);
        }
        let mut is_stuck = false;
        let (known, everything) = (self.known(own, shared), everything(shared));
        let is_there = |name: &str| known.contains(name) || !everything.contains(name);
        let is_wanted = |need: &&Need<'_>| !self.is_all || own.definitions.contains_key(need.by);
        let wanted: Vec<&Need<'_>> = dropped.values().filter(is_wanted).collect();
        for need in wanted.iter().filter(|need| !dropped.contains_key(need.lacks)) {
            let message = format!("{:?} is derived from {:?}, which is not taken", need.by, need.lacks);
            let finding = Finding::error(self.place.clone(), "not-taken", message);
            let finding = finding.hint(format!("take {:?}, too, or leave {:?} out", need.lacks, need.by));
            let derived = derive(need, &is_there);
            findings.push(finding.hint(derived.unwrap_or_else(|| {
                format!("or derive it in codebook.toml by an expression of what is asked: [derived.{}]", need.by)
            })));
            is_stuck = true;
        }
        let asked = shared.definitions.values().filter(|definition| {
            definition.kind != DefinitionKind::Derived && self.names.contains(definition.name.value)
        });
        let mut routed: BTreeMap<&str, Vec<Need<'a>>> = BTreeMap::new();
        for need in asked.filter_map(|definition| self.need(*definition, "asked_if", own, shared, &known)) {
            routed.entry(need.lacks).or_default().push(need);
        }
        for (lacks, needs) in routed {
            is_stuck = true;
            let names: Vec<String> = needs.iter().map(|need| format!("{:?}", need.by)).collect();
            let message = format!("{lacks:?} is not taken, and who is asked {} depends on it", names.join(", "));
            let finding = Finding::error(self.place.clone(), "not-taken", message);
            let (finding, derived) = match dropped.get(lacks) {
                Some(need) => {
                    let why = format!("it is derived from {:?}, which is left out", need.lacks);
                    (finding.hint(why), derive(need, &is_there))
                }
                None => (finding.hint(format!("take {lacks:?}, too, or leave out what depends on it")), None),
            };
            findings.push(finding.hint(derived.unwrap_or_else(|| ask_everyone(&needs, shared))));
        }
        is_stuck
    }

    /// Every name that an expression may use: variables, items of batteries, what is derived; the country's own among them.
    fn known(&self, own: &Written<'a>, shared: &Written<'a>) -> BTreeSet<String> {
        let mut known = BTreeSet::new();
        for definition in own.definitions.values().chain(&own.twice) {
            known.extend(names_of(definition, &BTreeSet::new()));
        }
        for (name, definition) in shared.definitions.iter().filter(|(name, _)| self.names.contains(*name)) {
            let mut without = self.left_out.get(name).cloned().unwrap_or_default();
            without.extend(own.definitions.get(name).map(|own| texts(own.value, "without")).unwrap_or_default());
            known.extend(names_of(definition, &without));
        }
        known
    }

    /// What an expression of the core needs that is not there, unless the country has an expression of its own in its place.
    fn need(
        &self,
        definition: Definition<'a>,
        key: &'static str,
        own: &Written<'a>,
        shared: &Written<'a>,
        known: &BTreeSet<String>,
    ) -> Option<Need<'a>> {
        let by = definition.name.value;
        let is_own = own.definitions.get(by).is_some_and(|own| own.value.text_of(key).is_some());
        let sql = definition.value.text_of(key).filter(|_| !is_own)?.value;
        let everything = everything(shared);
        let lacks = names_in(sql).into_iter().find(|name| everything.contains(*name) && !known.contains(*name))?;
        Some(Need { by, lacks, sql })
    }
}

/// The names that a definition gives to expressions.
fn names_of(definition: &Definition<'_>, without: &BTreeSet<&str>) -> Vec<String> {
    let name = definition.name.value;
    match definition.kind {
        DefinitionKind::Variable | DefinitionKind::Derived => vec![name.to_owned()],
        DefinitionKind::Battery => {
            let items = items_of(definition.value).into_iter().filter(|item| !without.contains(item));
            items.map(|item| format!("{name}_{item}")).collect()
        }
    }
}

/// The ids of a battery's items.
pub(super) fn items_of(battery: Value<'_>) -> Vec<&str> {
    let items = battery.entries(&mut Vec::new()).and_then(|entries| entries.own("items"));
    let items = items.and_then(|items| items.list(&mut Vec::new())).unwrap_or_default();
    items.iter().filter_map(|item| item.text_of("item")).map(|text| text.value).collect()
}

fn texts<'a>(definition: Value<'a>, key: &str) -> Vec<&'a str> {
    let value = definition.entries(&mut Vec::new()).and_then(|entries| entries.own(key));
    let texts = value.filter(Value::is_list).and_then(|value| value.texts(&mut Vec::new())).unwrap_or_default();
    texts.iter().map(|text| text.value).collect()
}

/// Every name that an expression of the core may use.
fn everything(shared: &Written<'_>) -> BTreeSet<String> {
    shared.definitions.values().flat_map(|definition| names_of(definition, &BTreeSet::new())).collect()
}

/// How to derive an item from what is left of its parts; `None` where too little of them is.
fn derive(need: &Need<'_>, is_there: &dyn Fn(&str) -> bool) -> Option<String> {
    let sql = what_is_left(need.sql, is_there)?;
    Some(format!("or derive it in codebook.toml from what is asked:\n[derived.{}]\nsql = \"{sql}\"", need.by))
}

/// Who is asked, where that cannot be told by what is left.
fn ask_everyone(needs: &[Need<'_>], shared: &Written<'_>) -> String {
    let mut lines = "or say in codebook.toml who is asked; an empty condition is everyone:".to_owned();
    for need in needs {
        let kind = shared.definitions[need.by].kind.key();
        lines += &format!("\n[{kind}.{}]\nasked_if = \"\"", need.by);
    }
    lines
}

/// A union, or a count of conditions, without the parts that name what is not there. `None` of anything else, and where none is left, or fewer than the
/// count has to reach.
fn what_is_left(sql: &str, is_there: &dyn Fn(&str) -> bool) -> Option<String> {
    let counted = sql.rsplit_once(" >= ").filter(|(count, _)| count.starts_with("CASE") && count.ends_with("END"));
    let (parts, at_least) = counted.map_or((sql, None), |(count, least)| (count, Some(least)));
    let between = match (parts.starts_with("CASE"), parts.contains(" AND ")) {
        (true, false) => " + ",
        (false, false) => " OR ",
        (_, true) => return None,
    };
    let left = parts.split(between).filter(|part| names_in(part).into_iter().all(is_there));
    let left: Vec<&str> = left.collect();
    let needed = at_least.map_or(Some(1), |least| least.parse().ok())?;
    let is_enough = left.len() >= needed;
    let reaches = at_least.map_or_else(String::new, |least| format!(" >= {least}"));
    is_enough.then(|| left.join(between) + &reaches)
}

/// The words of an expression that stand in no quotes; keywords are among them.
fn names_in(sql: &str) -> Vec<&str> {
    let outside = sql.split('\'').step_by(2);
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    outside.flat_map(|text| text.split(move |character| !is_part(character))).filter(|word| !word.is_empty()).collect()
}
