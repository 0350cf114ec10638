//! `[core]` of the ledger: how the codebook stands to the questionnaire that countries share.

use std::collections::{BTreeMap, BTreeSet};

use super::Reader;
use crate::read::toml::{Entries, Text, Value};
use crate::read::words::words;
use crate::{Finding, Kind, LedgerLine, NotTaken, Origin, Place, Sameness, Translated, VariableName};

/// What `[core.items]` says.
#[derive(Default)]
struct Written {
    /// Of items that are asked or come from a register.
    of_taken: BTreeMap<VariableName, LedgerLine>,
    /// Of items that are not taken, and of own derivations.
    others: BTreeMap<VariableName, LedgerLine>,
    /// The items of which it says that respondents read the words of the shared questionnaire.
    worded: BTreeSet<VariableName>,
}

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
                    .hint("say it in ledger.toml; wording is right if respondents read its very words:\n[core]\ndefault = \"same\"\nwording = \"core\"")
                    .hint("and give each item that the country asks otherwise a line of its own"),
            );
            return;
        };
        let Some(mut entries) = value.entries(self.findings) else { return };
        let reason = entries.optional("not_taken");
        let default = self.default(&mut entries);
        let is_core_worded = self.core_wording(&mut entries);
        let items = entries.optional("items");
        entries.finish(self.findings);
        let Some(default) = default else { return };
        let reason_place = reason.map_or_else(|| value.place(), |reason| reason.place());
        let reason = reason.and_then(|value| words(value, self.languages, self.findings));
        let asked = self.items_of_core();
        let mut lines = self.spelled(&asked, &default);
        let Written { of_taken, mut others, mut worded } = self.core_items(items, &asked, &not_taken);
        if is_core_worded {
            worded.extend(asked);
        }
        lines.extend(of_taken);
        let reason = reason.map(|reason| (reason, reason_place));
        self.not_taken(&not_taken, reason.as_ref(), &mut others, &value);
        self.changed(&lines, &value);
        self.worded_otherwise(&lines, &value);
        self.untold_wordings(&mut lines, &worded);
        lines.extend(others);
        self.ledger.core = lines;
    }

    /// The lines that items have of their own.
    fn core_items(&mut self, items: Option<Value<'_>>, asked: &[VariableName], not_taken: &[NotTaken]) -> Written {
        let mut written = Written::default();
        let mut of_taken: Vec<(Vec<VariableName>, LedgerLine)> = Vec::new();
        for (name, value) in items.and_then(|value| value.entries(self.findings)).iter().flat_map(Entries::named) {
            let Some((line, has_core_wording)) = self.core_line(value) else { continue };
            if let Some(left_out) = not_taken.iter().find(|it| it.name.as_str() == name.value) {
                if line.sameness == Sameness::Absent {
                    written.others.insert(left_out.name.clone(), line);
                } else {
                    let message = format!("{:?} is not taken, so it is absent", name.value);
                    self.findings.push(name.finding("contradiction", message));
                }
                continue;
            }
            if let Some(derived) = self.derived_otherwise(name.value) {
                written.others.extend(self.derivation(name, line).map(|line| (derived, line)));
                continue;
            }
            let Some(items) = self.named(name) else { continue };
            if line.sameness == Sameness::Absent {
                let message = format!("{:?} is taken, so it is not absent in every wave", name.value);
                let finding = name.finding("contradiction", message);
                self.findings.push(finding.hint("leave it out in [core] of codebook.toml, or say it of the waves"));
            }
            // A battery of the core may have items of the country's own, to which its line says nothing.
            let items: Vec<VariableName> = items.into_iter().filter(|item| asked.contains(item)).collect();
            if items.is_empty() {
                let message = format!("{:?} is the country's own, so it stands to no item of the core", name.value);
                self.findings.push(name.finding("contradiction", message));
            }
            if has_core_wording {
                written.worded.extend(items.iter().cloned());
            }
            of_taken.push((items, line));
        }
        // A battery's line holds for all its items, but for those that have a line of their own.
        of_taken.sort_by_key(|(items, _)| std::cmp::Reverse(items.len()));
        let spelled =
            of_taken.into_iter().flat_map(|(items, line)| items.into_iter().map(move |it| (it, line.clone())));
        written.of_taken = spelled.collect();
        written
    }

    /// The item of the core of this name that the country derives by an expression of its own.
    fn derived_otherwise(&self, name: &str) -> Option<VariableName> {
        let name = VariableName::new(name).ok()?;
        self.codebook().core.items.get(&name).filter(|item| item.is_derived_otherwise()).map(|_| name)
    }

    /// What the ledger says of an own derivation. Nobody sees from an expression that it counts what another one does, so even the same has a reason.
    fn derivation(&mut self, name: Text<'_>, line: LedgerLine) -> Option<LedgerLine> {
        if line.sameness == Sameness::Absent {
            let message = format!("{:?} is derived here, so it is not absent", name.value);
            self.findings.push(name.finding("contradiction", message));
            return None;
        }
        if line.is_same() && line.because.is_none() {
            let message = format!(
                "codebook.toml derives {:?} by an expression of its own, and why it is the same nonetheless is not told",
                name.value
            );
            let finding = Finding::error(line.place.clone(), "missing-key", message);
            self.findings.push(finding.hint("because = { … }, which readers see"));
        }
        Some(line)
    }

    /// Items that are taken with the words of the core, of which nobody says that respondents read these: what they read is not known.
    fn untold_wordings(&self, lines: &mut BTreeMap<VariableName, LedgerLine>, worded: &BTreeSet<VariableName>) {
        let codebook = self.codebook();
        for (name, line) in lines.iter_mut().filter(|(name, line)| !worded.contains(*name) && !line.is_unknown()) {
            let question = codebook.battery_of(name).map_or(name, |battery| &battery.name);
            let is_own = codebook.core.items.get(question).is_some_and(|item| item.own.contains("question"));
            let variable = codebook.variable(name);
            let is_read = variable.is_some_and(|it| matches!(it.origin, Origin::Answer) && it.question.is_some());
            if is_own || !is_read || line.sameness == Sameness::Absent {
                continue;
            }
            if line.is_same() {
                line.sameness = Sameness::Unknown;
            } else {
                line.also.push(Sameness::Unknown);
            }
        }
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
                let words = self.languages.iter().map(|language| format!("{language} = \"…\"")).collect::<Vec<_>>();
                let toml = format!("not_taken = {{ {} }}", words.join(", "));
                let mend =
                    format!("tell it for all that have no line of their own, below [core] of ledger.toml:\n{toml}");
                self.findings.push(finding.hint(mend));
                return;
            };
            let (because, place) = (Some(because.clone()), place.clone());
            let absent =
                LedgerLine { sameness: Sameness::Absent, also: Vec::new(), because, wording: None, form: None, place };
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
            let same = line.is_same();
            let mut says = |key: &str, hint: &str| {
                let message = format!(
                    "codebook.toml gives {:?} {key} of its own, so it is not the same as the core's",
                    name.as_str()
                );
                let finding = Finding::error(place.clone(), "not-the-same", message);
                let has_own = place != core.place();
                found.push(finding.hint(line_to_write(name, hint, has_own)));
            };
            if same && (item.own.contains("codes") || item.own.contains("kind") || other_list.is_some()) {
                says("answers", "other_scale");
            } else if same && item.own.contains("asked_if") {
                says("routing", "other_base");
            }
            if line.statuses().any(|status| status == Sameness::Reworded)
                && !item.own.contains("question")
                && !item.own.contains("items")
            {
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

    /// What the codebook words otherwise is the same only for a reason that readers see: nobody else can tell that both words ask one thing.
    fn worded_otherwise(&mut self, lines: &BTreeMap<VariableName, LedgerLine>, core: &Value<'_>) {
        let codebook = self.codebook();
        let mut found: Vec<Finding> = Vec::new();
        for (name, item) in &codebook.core.items {
            let battery = codebook.battery(name);
            let own = battery.map(|it| &it.question).or_else(|| codebook.variable(name)?.question.as_ref());
            let is_question = own.zip(item.question.as_ref()).is_some_and(|(own, core)| own.differs_from(core));
            let asked = battery.map_or_else(|| vec![name.clone()], |battery| battery.items.clone());
            let is_worded = |name: &&VariableName| is_question || item.own_words.contains(*name);
            let is_unfounded = |name: &VariableName| {
                lines.get(name).filter(|line| line.is_same() && line.because.is_none()).map(|line| (name.clone(), line))
            };
            let Some((first, line)) = asked.iter().filter(is_worded).find_map(is_unfounded) else { continue };
            let named = if is_question { name } else { &first };
            let what = if is_question { "asks" } else { "words" };
            let message = format!(
                "codebook.toml {what} {:?} in words of its own, and the ledger says without a reason that it is the same as the core's",
                named.as_str()
            );
            let has_own = line.place != core.place();
            let finding = Finding::error(line.place.clone(), "own-wording", message);
            let finding = finding.hint(line_to_write(named, "reworded", has_own));
            found.push(finding.hint("or status = \"same\" if the two ask the same, with the reason"));
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

/// What to say of an item in the ledger, as lines to paste where it has none of its own yet. The check's coverage lists a reason that is still unknown.
fn line_to_write(item: &VariableName, status: &str, has_own: bool) -> String {
    let lines = format!("status = \"{status}\"\nbecause = \"unknown: what is different, for readers\"");
    if has_own {
        format!("write there instead:\n{lines}")
    } else {
        format!("say it in ledger.toml, with the reason, which readers see:\n[core.items.{item}]\n{lines}")
    }
}
