//! The shared questionnaire item by item, for whoever wants to know what there is to take: ids, codes, words, routing, derivations.

use std::collections::BTreeMap;

use crate::{BatteryKind, Category, Code, CoreQuestionnaire, Kind, Origin, Translated, Variable, VariableName};

/// One item, with every text in all of [`CoreQuestionnaire::LANGUAGES`].
#[derive(Debug, Clone, PartialEq)]
pub struct SharedItem {
    /// Its id, which `[core] take` and `[columns]` name.
    pub name: VariableName,
    /// What it is.
    pub kind: SharedKind,
    /// What its values are; of a battery, those of each of its items.
    pub values: Kind,
    /// What tables call it; a battery has its question.
    pub label: Option<Translated>,
    /// The question, with `{window}` where it names years.
    pub question: Option<Translated>,
    /// Who is asked, as the expression is written; `None` is everyone.
    pub asked_if: Option<String>,
}

/// What an item is.
#[derive(Debug, Clone, PartialEq)]
pub enum SharedKind {
    /// A question.
    Question,
    /// A variable that a register has.
    Register,
    /// A question about several things.
    Battery {
        /// The code of what was ticked, where several may be.
        multiple: Option<Code>,
        /// Each thing: its id, which `[columns.<battery>]` names, and its words.
        items: Vec<(String, Translated)>,
    },
    /// What is derived from other items.
    Derived {
        /// The expression, as it is written.
        sql: String,
    },
}

impl SharedItem {
    /// The list of its answers, by its name; `None` where answers are no codes.
    #[must_use]
    pub fn list(&self) -> Option<(&str, &[Category])> {
        match &self.values {
            Kind::Category { list, categories } => Some((list, categories)),
            Kind::Condition | Kind::Number | Kind::Date | Kind::Text => None,
        }
    }

    /// The item among these whose name is the most like `name`, if any is near enough to have been meant.
    #[must_use]
    pub fn nearest<'i>(items: &'i [Self], name: &str) -> Option<&'i Self> {
        let distance = |item: &&Self| strsim::damerau_levenshtein(name, item.name.as_str());
        items.iter().min_by_key(distance).filter(|item| distance(item) <= 3)
    }

    /// Whether `name` is it, or one of its items: `values` or `values_quality`.
    #[must_use]
    pub fn answers_to(&self, name: &str) -> bool {
        let rest = name.strip_prefix(self.name.as_str());
        let of_battery = |items: &[(String, Translated)]| {
            let item = rest.and_then(|rest| rest.strip_prefix('_'));
            item.is_some_and(|item| items.iter().any(|(known, _)| known == item))
        };
        rest == Some("") || matches!(&self.kind, SharedKind::Battery { items, .. } if of_battery(items))
    }
}

impl CoreQuestionnaire {
    /// Its items in the order of the questionnaire, those that are derived behind them.
    #[must_use]
    pub fn items(self) -> Vec<SharedItem> {
        let (codebook, written) = (self.codebook(), self.expressions());
        let expression = |name: &VariableName, key| written.get(&(name.to_string(), key)).cloned();
        let mut items: Vec<SharedItem> = Vec::new();
        for variable in &codebook.variables {
            let Some(battery) = codebook.battery_of(&variable.name) else {
                let kind = match &variable.origin {
                    Origin::Answer => SharedKind::Question,
                    Origin::Register => SharedKind::Register,
                    // The program adds it to a wave; a questionnaire has none.
                    Origin::Fieldwork => continue,
                    Origin::Derived(_) => {
                        SharedKind::Derived { sql: expression(&variable.name, "sql").unwrap_or_default() }
                    }
                };
                let Variable { name, label, question, kind: values, .. } = variable.clone();
                let asked_if = expression(&name, "asked_if");
                items.push(SharedItem { name, kind, values, label: Some(label), question, asked_if });
                continue;
            };
            if items.iter().any(|item| item.name == battery.name) {
                continue;
            }
            let multiple = match &battery.kind {
                BatteryKind::Multiple { mentioned } => Some(mentioned.clone()),
                BatteryKind::Scale => None,
            };
            let prefix = format!("{}_", battery.name);
            let thing = |name: &VariableName| {
                let id = name.as_str().strip_prefix(&prefix)?.to_owned();
                Some((id, codebook.variable(name)?.label.clone()))
            };
            let things = battery.items.iter().filter_map(thing).collect();
            items.push(SharedItem {
                name: battery.name.clone(),
                kind: SharedKind::Battery { multiple, items: things },
                values: variable.kind.clone(),
                label: None,
                question: Some(battery.question.clone()),
                asked_if: expression(&battery.name, "asked_if"),
            });
        }
        items
    }

    /// Every expression as it is written, by item and key.
    fn expressions(self) -> BTreeMap<(String, &'static str), String> {
        let mut expressions = BTreeMap::new();
        for (_, text) in self.files() {
            let Ok(file) = toml::de::DeTable::parse(text) else { continue };
            let tables = ["variables", "batteries", "derived"].into_iter().filter_map(|key| file.get_ref().get(key));
            for (name, value) in tables.filter_map(|table| table.get_ref().as_table()).flatten() {
                let Some(item) = value.get_ref().as_table() else { continue };
                for key in ["asked_if", "sql"] {
                    let text = item.get(key).and_then(|value| value.get_ref().as_str());
                    expressions.extend(text.map(|text| ((name.get_ref().to_string(), key), text.trim().to_owned())));
                }
            }
        }
        expressions
    }
}
