//! `ledger.toml`: how each wave asked each item of the codebook, and how the country's items stand to the core's.

use std::collections::{BTreeMap, BTreeSet};

use super::codebook::Questionnaire;
use super::toml::{Document, Entries, Text, Value};
use super::words::words;
use crate::{
    Codebook, Finding, Kind, Language, Ledger, LedgerLine, NotTaken, Origin, Place, Sameness, SeriesBreak, Translated,
    VariableName, WaveId,
};

/// Its name in the country's folder.
pub(super) const LEDGER: &str = "ledger.toml";

/// Reads the ledger of a country with these waves.
pub(super) fn ledger(
    document: &Document<'_>,
    languages: &[Language],
    questionnaire: &Questionnaire,
    waves: &BTreeSet<WaveId>,
    findings: &mut Vec<Finding>,
) -> Option<Ledger> {
    let mut entries = document.entries()?;
    let mut reader = Reader { languages, questionnaire, findings, ledger: Ledger::default() };
    let core = entries.optional("core");
    let written = entries.required("waves");
    let breaks = entries.optional("breaks");
    entries.finish(reader.findings);
    if questionnaire.codebook.core.version.is_some() {
        reader.core(core, document.source.whole());
    } else if let Some(core) = core {
        reader.findings.push(core.finding("no-core", "the country takes nothing from the shared questionnaire"));
    }
    let mut told = BTreeSet::new();
    let mut unclear = BTreeSet::new();
    if let Some(written) = written {
        for (year, value) in written.entries(reader.findings).iter().flat_map(Entries::named) {
            let Some(wave) = year.name(WaveId::new, reader.findings) else { continue };
            told.insert(wave);
            if !waves.contains(&wave) {
                let message = format!("there is no file waves/{wave}.toml");
                reader.findings.push(year.finding("unknown-wave", message));
            }
            if reader.wave(wave, value).is_none() {
                unclear.insert(wave);
            }
        }
        for wave in waves.difference(&told) {
            let message = format!("the ledger does not tell how the items were asked in {wave}");
            let finding = written.finding("missing-key", message);
            reader.findings.push(
                finding.hint(format!("[waves.{wave}] with default = \"same\", and a line for each item that was not")),
            );
        }
    }
    reader.breaks(breaks);
    reader.follow();
    reader.routing();
    // Half a ledger would call items absent that are not.
    let Reader { mut ledger, .. } = reader;
    unclear.iter().for_each(|wave| drop(ledger.waves.remove(wave)));
    Some(ledger)
}

struct Reader<'r> {
    languages: &'r [Language],
    questionnaire: &'r Questionnaire,
    findings: &'r mut Vec<Finding>,
    ledger: Ledger,
}

/// What holds for every item without a line of its own.
type Default = LedgerLine;

impl Reader<'_> {
    fn codebook(&self) -> &Codebook {
        &self.questionnaire.codebook
    }

    /// The codebook against the core.
    fn core(&mut self, value: Option<Value<'_>>, whole: Place) {
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

    /// A wave against the codebook.
    fn wave(&mut self, wave: WaveId, value: Value<'_>) -> Option<()> {
        let mut entries = value.entries(self.findings)?;
        let default = self.default(&mut entries);
        let items = entries.optional("items");
        entries.finish(self.findings);
        let default = default?;
        let all: Vec<VariableName> = self.asked().map(|variable| variable.name.clone()).collect();
        let mut lines = self.spelled(&all, &default);
        let mut clear = true;
        let named = items.and_then(|value| value.entries(self.findings));
        let mut written: Vec<(Vec<VariableName>, Text<'_>, Option<LedgerLine>)> = Vec::new();
        for (name, value) in named.iter().flat_map(Entries::named) {
            let (line, items) = (self.line(value), self.named(name));
            clear &= line.is_some() && items.is_some();
            if let Some(line) = &line
                && line.sameness == Sameness::Reworded
                && line.wording.is_none()
                && line.form.is_none()
            {
                let message =
                    format!("{:?} is said to have been worded otherwise in {wave}, and how is not told", name.value);
                let finding = value.finding("no-wording", message);
                self.findings.push(
                    finding.hint("wording = { … }: the question as it was then; of an item of a battery, the item"),
                );
            }
            written.extend(items.map(|items| (items, name, line)));
        }
        // A battery's line holds for all its items, but for those that have a line of their own.
        written.sort_by_key(|(items, ..)| std::cmp::Reverse(items.len()));
        for (items, name, line) in written {
            let Some(line) = line else { continue };
            if let Some(battery) = self.codebook().batteries.iter().find(|battery| battery.name.as_str() == name.value)
            {
                let battery = battery.name.clone();
                self.ledger.batteries.entry(wave).or_default().insert(battery, line.clone());
                let line = LedgerLine { wording: None, ..line };
                lines.extend(items.into_iter().map(|item| (item, line.clone())));
            } else {
                lines.extend(items.into_iter().map(|item| (item, line.clone())));
            }
        }
        self.ledger.waves.insert(wave, lines);
        clear.then_some(())
    }

    /// `default`, which must be told, with its reason.
    fn default(&mut self, entries: &mut Entries<'_>) -> Option<Default> {
        let place = entries.place().clone();
        let sameness = entries.required("default").and_then(|value| value.text(self.findings));
        let because = entries.optional("because");
        let sameness = self.sameness(sameness?)?;
        if sameness == Sameness::Absent || sameness == Sameness::Reworded {
            let message = format!("not everything can be {:?}", sameness.as_str());
            self.findings.push(Finding::error(place.clone(), "contradiction", message).hint("say it of each item"));
            return None;
        }
        let because = self.because(sameness, because, &place, None);
        Some(LedgerLine { sameness, because, wording: None, form: None, place })
    }

    fn line(&mut self, value: Value<'_>) -> Option<LedgerLine> {
        let mut entries = value.entries(self.findings)?;
        let place = entries.place().clone();
        let status = entries.required("status").and_then(|value| value.text(self.findings));
        let because = entries.optional("because");
        let wording = entries.optional("wording");
        let like = entries.optional("like").and_then(|value| value.integer(1900, 2199, self.findings));
        entries.finish(self.findings);
        let sameness = self.sameness(status?)?;
        let form = like.and_then(|year| WaveId::new(&year.to_string()).ok());
        let because = self.because(sameness, because, &place, form);
        if let Some(wording) = wording.filter(|_| matches!(sameness, Sameness::Absent | Sameness::Same)) {
            let message = format!("what is {:?} has no wording of its own", sameness.as_str());
            self.findings.push(wording.finding("contradiction", message));
        }
        let wording = wording.and_then(|value| words(value, self.languages, self.findings));
        Some(LedgerLine { sameness, because, wording, form, place })
    }

    fn sameness(&mut self, text: Text<'_>) -> Option<Sameness> {
        let found = Sameness::ALL.into_iter().find(|sameness| sameness.as_str() == text.value);
        if found.is_none() {
            let known = Sameness::ALL.map(Sameness::as_str);
            let finding = text.finding("unknown-word", format!("{:?} is no way in which items compare", text.value));
            self.findings.push(finding.did_you_mean(text.value, known).hint(format!("they are {}", known.join(", "))));
        }
        found
    }

    /// The reason, which everything that is not the same has.
    fn because(
        &mut self,
        sameness: Sameness,
        because: Option<Value<'_>>,
        place: &Place,
        form: Option<WaveId>,
    ) -> Option<Translated> {
        if because.is_none() && sameness != Sameness::Same && form.is_none() {
            let message = format!("why it is {:?} is not told", sameness.as_str());
            self.findings
                .push(Finding::error(place.clone(), "missing-key", message).hint("because = { … }, which readers see"));
        }
        because.and_then(|value| words(value, self.languages, self.findings))
    }

    /// The variables that were asked, or come from a register; free text is never tabulated.
    fn asked(&self) -> impl Iterator<Item = &crate::Variable> {
        let is_asked = |variable: &&crate::Variable| {
            matches!(variable.origin, Origin::Answer | Origin::Register) && variable.kind != Kind::Text
        };
        self.codebook().variables.iter().filter(is_asked)
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

    fn spelled(&self, items: &[VariableName], default: &Default) -> BTreeMap<VariableName, LedgerLine> {
        items.iter().map(|item| (item.clone(), default.clone())).collect()
    }

    /// The variables that a line is about: one, or the items of a battery. `None` with a finding, here or elsewhere.
    fn named(&mut self, name: Text<'_>) -> Option<Vec<VariableName>> {
        let questionnaire = self.questionnaire;
        let codebook = &questionnaire.codebook;
        if let Some(battery) = codebook.batteries.iter().find(|battery| battery.name.as_str() == name.value) {
            return Some(battery.items.clone());
        }
        let variable = codebook.variables.iter().find(|variable| variable.name.as_str() == name.value);
        match variable.map(|variable| &variable.origin) {
            Some(Origin::Derived(_)) => {
                let message = format!("{:?} is derived, so it is what its parts are", name.value);
                self.findings.push(name.finding("derived", message).hint("give the lines to what was asked"));
                None
            }
            Some(Origin::Answer | Origin::Register | Origin::Fieldwork) => {
                variable.map(|variable| vec![variable.name.clone()])
            }
            None => {
                use crate::expression::types::Meaning;
                if matches!(questionnaire.scope.meaning(name.value), Meaning::Unknown) {
                    let finding = name.finding("unknown-variable", format!("there is no item {:?}", name.value));
                    let batteries = codebook.batteries.iter().map(|battery| battery.name.as_str());
                    self.findings.push(finding.did_you_mean(name.value, questionnaire.scope.names().chain(batteries)));
                }
                None
            }
        }
    }

    fn breaks(&mut self, value: Option<Value<'_>>) {
        for value in value.and_then(|value| value.list(self.findings)).unwrap_or_default() {
            let Some(mut entries) = value.entries(self.findings) else { continue };
            let before = entries.required("before").and_then(|value| value.integer(1900, 2199, self.findings));
            let because = entries.required("because").and_then(|value| words(value, self.languages, self.findings));
            entries.finish(self.findings);
            let before = before.and_then(|year| WaveId::new(&year.to_string()).ok());
            if let (Some(before), Some(because)) = (before, because) {
                self.ledger.breaks.push(SeriesBreak { before, because, place: value.place() });
            }
        }
    }

    /// Lines that say to be like another wave's take its reason and words.
    fn follow(&mut self) {
        let before = self.ledger.clone();
        let mut wrong = Vec::new();
        let mut resolve = |lines: &mut BTreeMap<VariableName, LedgerLine>,
                           all: &BTreeMap<WaveId, BTreeMap<VariableName, LedgerLine>>| {
            for (name, line) in lines {
                let Some(like) = line.form else { continue };
                match all.get(&like).and_then(|lines| lines.get(name)) {
                    Some(other)
                        if other.sameness == line.sameness
                            && other.form.is_none()
                            && line.sameness != Sameness::Same =>
                    {
                        line.because = line.because.take().or_else(|| other.because.clone());
                        line.wording = line.wording.take().or_else(|| other.wording.clone());
                    }
                    Some(_) | None => {
                        let message = format!(
                            "{:?} is not {:?} in {like} in a way of its own, so nothing is like it",
                            name.as_str(),
                            line.sameness.as_str()
                        );
                        wrong.push(
                            Finding::error(line.place.clone(), "unknown-form", message)
                                .hint("name the first wave that asked it so, with the same status"),
                        );
                    }
                }
            }
        };
        self.ledger.waves.values_mut().for_each(|lines| resolve(lines, &before.waves));
        self.ledger.batteries.values_mut().for_each(|lines| resolve(lines, &before.batteries));
        self.findings.extend(wrong);
    }

    /// An item whose routing needs what was not asked was not asked either, so the ledger must say so.
    fn routing(&mut self) {
        let codebook = &self.questionnaire.codebook;
        for (wave, lines) in &self.ledger.waves {
            let absent = self.ledger.absent(*wave);
            let untold = codebook.untold(&absent);
            for variable in codebook.variables.iter().filter(|variable| !untold.contains(&variable.name)) {
                let needed = variable.asked_if.as_ref().map(crate::Expr::variables).unwrap_or_default();
                let Some(missing) = needed.into_iter().find(|name| untold.contains(name)) else { continue };
                let Some(line) = lines.get(&variable.name) else { continue };
                let message = format!(
                    "{:?} is {} in {wave}, and whether it is asked depends on {:?}, which was not asked then",
                    variable.name.as_str(),
                    line.sameness.as_str(),
                    missing.as_str()
                );
                let finding = Finding::error(line.place.clone(), "routing", message);
                self.findings.push(finding.hint("say that it is absent, too"));
            }
        }
    }
}

/// What is said to be absent has no column, and everything else has one.
pub(super) fn check_columns(
    ledger: &Ledger,
    wave: WaveId,
    columns: &BTreeMap<VariableName, (String, Place)>,
    columns_place: &Place,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, line) in ledger.waves.get(&wave).into_iter().flatten() {
        match (line.sameness, columns.get(name)) {
            (Sameness::Absent, Some((column, place))) => {
                let message =
                    format!("{:?} is read from {column:?}, and the ledger says that it is absent", name.as_str());
                findings.push(Finding::error(place.clone(), "absent", message).hint(format!("see {}", line.place)));
            }
            (Sameness::Absent, None) | (_, Some(_)) => {}
            (_, None) => {
                let message =
                    format!("no column for {:?}, which the ledger does not call absent in {wave}", name.as_str());
                let finding = Finding::error(columns_place.clone(), "unmapped", message);
                findings.push(finding.hint("map it, or say in ledger.toml that it is absent, and why"));
            }
        }
    }
    findings
}
