//! Batteries: one question with several items. Items of the core come first; an own item of the same name lies over it.

use super::super::derivation::{Draft, Source};
use super::super::toml::{Entries, Text, Value};
use super::{Reader, find_code};
use crate::{Battery, BatteryKind, Finding, Kind, NotTaken, VariableName};

impl<'a> Reader<'_, 'a> {
    pub(super) fn battery(
        &mut self,
        key: Text<'a>,
        name: Option<VariableName>,
        mut entries: Entries<'a>,
    ) -> Option<()> {
        let question = self.required_words(&mut entries, "question");
        let codes = entries.required("codes").and_then(|value| value.text(self.findings));
        let categories = codes.and_then(|text| self.categories(text));
        let multiple = entries.optional("multiple").and_then(|value| value.text(self.findings));
        let kind = match (multiple, &categories) {
            (Some(text), Some((list, categories))) => {
                find_code(text, list, categories, self.findings).map(|mentioned| BatteryKind::Multiple { mentioned })
            }
            (Some(_), None) => None,
            (None, _) => Some(BatteryKind::Scale),
        };
        let asked_if = self.asked_if(&mut entries);
        let is_sensitive = self.is_sensitive(&mut entries);
        self.after(&mut entries);
        let items = self.items(name.as_ref(), &mut entries);
        entries.finish(self.findings);
        let name = name?;
        let mut names = Vec::new();
        for item in items? {
            let mut entries = item.entries(self.findings)?;
            let text = entries.required("item").and_then(|value| value.text(self.findings));
            let label = self.required_words(&mut entries, "label");
            entries.finish(self.findings);
            let text = text?;
            let item = match VariableName::new(&format!("{name}_{}", text.value)) {
                Ok(item) => item,
                Err(error) => {
                    self.findings.push(text.finding("bad-name", error.to_string()));
                    return None;
                }
            };
            names.push(item.clone());
            if is_sensitive {
                self.sensitive.insert(item.clone());
            }
            let kind = categories.clone().map(|(list, categories)| Kind::Category { list, categories });
            let question = Some(question.clone());
            self.drafts.push(Draft { name: item, key: text, label, question, kind, source: Source::Answers, asked_if });
        }
        let place = key.place();
        self.batteries.push((key, Battery { name, question, items: names, kind: kind?, place }));
        Some(())
    }

    /// The items: those of the core that are not left out, with what the country changes in them, then its own.
    fn items(&mut self, battery: Option<&VariableName>, entries: &mut Entries<'a>) -> Option<Vec<Value<'a>>> {
        let id = |value: &Value<'a>| value.text_of("item").map(|text| text.value);
        let of_core = battery.and_then(|battery| self.left_out.get(battery.as_str())).cloned().unwrap_or_default();
        let under = entries.under("items").and_then(|value| value.list(self.findings));
        let Some(under) = under else {
            let items = entries.required("items").and_then(|value| value.list(self.findings))?;
            let is_left_out = |item: &Value<'a>| id(item).is_some_and(|id| of_core.contains(id));
            let (left_out, items): (Vec<_>, Vec<_>) = items.into_iter().partition(is_left_out);
            self.leave_out(battery, &left_out);
            return Some(items);
        };
        let without = entries.optional("without").and_then(|value| value.texts(self.findings)).unwrap_or_default();
        for text in &without {
            if !under.iter().any(|item| id(item) == Some(text.value)) {
                let message = format!("the battery of the shared questionnaire has no item {:?}", text.value);
                let finding = text.finding("unknown-core-item", message);
                self.findings.push(finding.did_you_mean(text.value, under.iter().filter_map(id)));
            }
        }
        let is_left_out = |item: &&Value<'a>| {
            let is_it = |id: &str| without.iter().any(|text| text.value == id) || of_core.contains(id);
            id(item).is_some_and(is_it)
        };
        let left_out: Vec<Value<'a>> = under.iter().filter(is_left_out).copied().collect();
        self.leave_out(battery, &left_out);
        let own = match entries.optional("items") {
            Some(value) if !value.is_core() => value.list(self.findings)?,
            Some(_) | None => Vec::new(),
        };
        let mut items: Vec<Value<'a>> = Vec::new();
        for core in under.iter().filter(|item| !is_left_out(item)) {
            let changed = own.iter().find(|own| id(own).is_some() && id(own) == id(core));
            if changed
                .is_some_and(|own| self.words_of(*own, &["label"]).differs_from(&self.words_of(*core, &["label"])))
            {
                let variable = battery.zip(id(core)).and_then(|(battery, item)| item_name(battery, item));
                let taken = battery.and_then(|battery| self.taken.items.get_mut(battery));
                taken.into_iter().for_each(|taken| taken.own_words.extend(variable.clone()));
                let label = |of: Value<'a>| of.entries(&mut Vec::new())?.own("label");
                if let Some(own) = changed.and_then(|own| label(*own)) {
                    self.worded_in_every_language(
                        (own, label(*core)),
                        &format!("the item {:?}", id(core).unwrap_or_default()),
                    );
                }
            }
            items.push(changed.map_or(*core, |own| own.over(*core)));
        }
        for own in own {
            let is_new = id(&own).is_none_or(|name| !under.iter().any(|core| id(core) == Some(name)));
            if is_new {
                let variable = battery.zip(id(&own)).and_then(|(battery, item)| item_name(battery, item));
                let taken = battery.and_then(|battery| self.taken.items.get_mut(battery));
                taken.into_iter().for_each(|taken| taken.own_items.extend(variable.clone()));
                items.push(own);
            } else if is_left_out(&&own) {
                let message = "the item is left out by without, and changed here";
                self.findings.push(own.finding("contradiction", message));
            }
        }
        Some(items)
    }

    /// Remembers items of the core that are not taken.
    fn leave_out(&mut self, battery: Option<&VariableName>, items: &[Value<'a>]) {
        for item in items {
            let id = item.text_of("item").map(|text| text.value);
            let name = battery.zip(id).and_then(|(battery, id)| item_name(battery, id));
            let label = self.words_of(*item, &["label"]);
            self.taken.not_taken.extend(name.map(|name| NotTaken { name, label }));
        }
    }

    /// Who is asked. Over an item of the core an empty text makes it everyone.
    pub(super) fn asked_if(&mut self, entries: &mut Entries<'a>) -> Option<Text<'a>> {
        let is_over = entries.is_over();
        let asked_if = entries.optional("asked_if").and_then(|value| value.text(self.findings));
        asked_if.filter(|text| !(is_over && text.value.trim().is_empty()))
    }

    /// Where an own item stands was read when the definitions were gathered; it has no meaning where order is that of one file.
    pub(super) fn after(&mut self, entries: &mut Entries<'a>) {
        if self.taken.version.is_none() {
            return;
        }
        let after = entries.optional("after").and_then(|value| value.text(self.findings));
        if let Some(text) = after.filter(|_| entries.is_over()) {
            let finding: Finding = text.finding("contradiction", "an item of the shared questionnaire keeps its place");
            self.findings.push(finding);
        }
    }
}

/// The variable of an item.
fn item_name(battery: &VariableName, item: &str) -> Option<VariableName> {
    VariableName::new(&format!("{battery}_{item}")).ok()
}
