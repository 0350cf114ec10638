//! `ledger.toml`: how each wave asked each item of the codebook, and how the country's items stand to the core's.

mod core;
mod line;

use std::collections::{BTreeMap, BTreeSet};

use super::codebook::Questionnaire;
use super::toml::{Document, Entries, Text, Value};
use super::words::words;
use crate::{
    Codebook, Finding, Kind, Language, Ledger, LedgerLine, Origin, Place, Sameness, SeriesBreak, VariableName, WaveId,
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
                finding
                    .hint(format!(
                        "say it; \"unknown\" until somebody has compared the forms:\n[waves.{wave}]\ndefault = \"same\""
                    ))
                    .hint("and give each item that was asked otherwise a line of its own"),
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
                && line.statuses().any(|status| status == Sameness::Reworded)
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

    /// The variables that were asked, or come from a register; free text is never tabulated.
    fn asked(&self) -> impl Iterator<Item = &crate::Variable> {
        let is_asked = |variable: &&crate::Variable| {
            matches!(variable.origin, Origin::Answer | Origin::Register) && variable.kind != Kind::Text
        };
        self.codebook().variables.iter().filter(is_asked)
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
                    Some(other) if other.statuses().eq(line.statuses()) && other.form.is_none() && !line.is_same() => {
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
