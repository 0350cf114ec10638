//! `[core]` of the ledger: how the codebook stands to the questionnaire that countries share.

use std::collections::BTreeMap;

use super::Reader;
use crate::read::toml::{Entries, Value};
use crate::read::words::words;
use crate::{Finding, Kind, LedgerLine, NotTaken, Place, Sameness, Translated, VariableName};

impl Reader<'_> {
    /// The codebook against the core.
    pub(super) fn core(&mut self, value: Option<Value<'_>>, whole: Place) {
        let not_taken = self.codebook().core.not_taken.clone();
        let Some(value) = value else {
            let finding = Finding::error(
                whole,
                "missing-key",
                "the ledger does not tell how the items stand to the shared questionnaire",
            );
            self.findings.push(
                finding
                    .hint("[core] with default = \"same\", and a line for each item that the country asks otherwise"),
            );
            return;
        };
        let Some(mut entries) = value.entries(self.findings) else { return };
        let reason = entries.optional("not_taken");
        let default = self.default(&mut entries);
        let items = entries.optional("items");
        entries.finish(self.findings);
        let Some(default) = default else { return };
        let reason_place = reason.map_or_else(|| value.place(), |reason| reason.place());
        let reason = reason.and_then(|value| words(value, self.languages, self.findings));
        let mut lines = self.spelled(&self.items_of_core(), &default);
        let mut own_lines = BTreeMap::new();
        for (name, value) in items.and_then(|value| value.entries(self.findings)).iter().flat_map(Entries::named) {
            let Some(line) = self.line(value) else { continue };
            if let Some(left_out) = not_taken.iter().find(|it| it.name.as_str() == name.value) {
                if line.sameness == Sameness::Absent {
                    own_lines.insert(left_out.name.clone(), line);
                } else {
                    let message = format!("{:?} is not taken, so it is absent", name.value);
                    self.findings.push(name.finding("contradiction", message));
                }
                continue;
            }
            let Some(items) = self.named(name) else { continue };
            if line.sameness == Sameness::Absent {
                let message = format!("{:?} is taken, so it is not absent in every wave", name.value);
                let finding = name.finding("contradiction", message);
                self.findings.push(finding.hint("leave it out in [core] of codebook.toml, or say it of the waves"));
            }
            // A battery of the core may have items of the country's own, to which its line says nothing.
            let items: Vec<VariableName> = items.into_iter().filter(|item| lines.contains_key(item)).collect();
            if items.is_empty() {
                let message = format!("{:?} is the country's own, so it stands to no item of the core", name.value);
                self.findings.push(name.finding("contradiction", message));
            }
            lines.extend(items.into_iter().map(|item| (item, line.clone())));
        }
        let reason = reason.map(|reason| (reason, reason_place));
        self.not_taken(&not_taken, reason.as_ref(), &mut own_lines, &value);
        self.changed(&lines, &value);
        lines.extend(own_lines);
        self.ledger.core = lines;
    }

    /// Adds a line for each item that is not taken and has none of its own, with the reason that holds for all.
    fn not_taken(
        &mut self,
        not_taken: &[NotTaken],
        reason: Option<&(Translated, Place)>,
        lines: &mut BTreeMap<VariableName, LedgerLine>,
        core: &Value<'_>,
    ) {
        for NotTaken { name, .. } in not_taken {
            if lines.contains_key(name) {
                continue;
            }
            let Some((because, place)) = reason else {
                let message =
                    format!("why the item {:?} of the shared questionnaire is not taken is not told", name.as_str());
                let finding = core.finding("missing-key", message);
                self.findings.push(finding.hint("not_taken = { … } tells it for all that have no line of their own"));
                return;
            };
            let (because, place) = (Some(because.clone()), place.clone());
            let absent = LedgerLine { sameness: Sameness::Absent, because, wording: None, form: None, place };
            lines.insert(name.clone(), absent);
        }
    }

    /// What the codebook changes cannot be the same.
    fn changed(&mut self, lines: &BTreeMap<VariableName, LedgerLine>, core: &Value<'_>) {
        let mut found: Vec<Finding> = Vec::new();
        for (name, item) in &self.codebook().core.items {
            let items =
                self.codebook().battery(name).map_or_else(|| vec![name.clone()], |battery| battery.items.clone());
            let Some((asked, line)) = items.iter().find_map(|item| Some((item, lines.get(item)?))) else { continue };
            let list = self.codebook().variable(asked).and_then(|variable| match &variable.kind {
                Kind::Category { list, .. } => Some(list),
                Kind::Condition | Kind::Number | Kind::Date | Kind::Text => None,
            });
            let other_list = list.filter(|list| self.codebook().core.changed_lists.contains(*list));
            let place = if line.place == core.place() { core.place() } else { line.place.clone() };
            let same = line.sameness == Sameness::Same;
            let mut says = |key: &str, hint: &str| {
                let message = format!(
                    "codebook.toml gives {:?} {key} of its own, so it is not the same as the core's",
                    name.as_str()
                );
                let finding = Finding::error(place.clone(), "not-the-same", message);
                found.push(finding.hint(format!("[core.items.{name}] with status = \"{hint}\" and because")));
            };
            if same && (item.own.contains("codes") || item.own.contains("kind") || other_list.is_some()) {
                says("answers", "other_scale");
            } else if same && item.own.contains("asked_if") {
                says("routing", "other_base");
            }
            if line.sameness == Sameness::Reworded && !item.own.contains("question") && !item.own.contains("items") {
                let message = format!(
                    "{:?} is said to be worded otherwise than in the core, and codebook.toml does not tell how",
                    name.as_str()
                );
                let finding = Finding::error(line.place.clone(), "no-wording", message);
                found.push(finding.hint("give it a question of its own there"));
            }
        }
        self.findings.extend(found);
    }

    /// The variables of the core: those that are taken, and the items of batteries that are.
    fn items_of_core(&self) -> Vec<VariableName> {
        let core = &self.codebook().core.items;
        let is_core = |name: &VariableName| match self.codebook().battery_of(name) {
            Some(battery) => core.get(&battery.name).is_some_and(|item| !item.own_items.contains(name)),
            None => core.contains_key(name),
        };
        self.asked().map(|variable| variable.name.clone()).filter(is_core).collect()
    }
}
