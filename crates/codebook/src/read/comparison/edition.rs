//! `[editions]` of a comparison: the waves of countries that numbers are taken from.

use std::collections::BTreeMap;

use super::{Reading, optional_words, source};
use crate::read::series::year;
use crate::read::toml::{Entries, Text, Value};
use crate::read::words::words;
use crate::{
    BaseId, CellSource, Code, ComparedDesign, ComparedEdition, ComparedId, Country, CountryId, Finding, MemberCountry,
    RowId, VariableName, WaveId,
};

/// The editions of a comparison.
#[derive(Default)]
pub(super) struct Editions {
    /// In the order of the file.
    pub(super) read: Vec<ComparedEdition>,
    /// The names of all of them, those with a finding of their own among them: that such a one is not there proves nothing.
    pub(super) names: Vec<String>,
}

/// Reads every edition.
pub(super) fn editions(value: Value<'_>, reading: &Reading<'_>, findings: &mut Vec<Finding>) -> Editions {
    let Some(entries) = value.entries(findings) else { return Editions::default() };
    let named = entries.named();
    let names = named.iter().map(|(name, _)| name.value.to_owned()).collect();
    if named.len() < 2 {
        findings.push(value.finding("empty", "a comparison has at least two editions"));
    }
    let read = named.into_iter().filter_map(|(name, value)| Reader { reading, findings }.edition(name, value));
    Editions { read: read.collect(), names }
}

struct Reader<'r, 'f> {
    reading: &'r Reading<'r>,
    findings: &'f mut Vec<Finding>,
}

impl<'r> Reader<'r, '_> {
    fn edition(&mut self, name: Text<'_>, value: Value<'_>) -> Option<ComparedEdition> {
        let languages = self.reading.languages;
        let id = name.name(ComparedId::new, self.findings);
        let mut entries = value.entries(self.findings)?;
        let country = entries.required("country").and_then(|value| value.text(self.findings));
        let wave = entries.required("wave");
        let cells = entries.required("cells").and_then(|value| value.text(self.findings));
        let group = entries.optional("group");
        let bases = entries.optional("bases");
        let label = entries.required("label").and_then(|value| words(value, languages, self.findings));
        let note = entries.optional("note");
        let note = note.and_then(|value| Some((words(value, languages, self.findings)?, value.place())));
        let not_published = entries.optional("not_published").map(|value| self.rows(value)).unwrap_or_default();
        let design = entries.optional("design").and_then(|value| self.design(value)).unwrap_or_default();
        entries.finish(self.findings);
        let country_id = country.and_then(|text| text.name(CountryId::new, self.findings));
        let member = country.and_then(|text| self.member(text));
        let wave = wave.and_then(|value| self.wave(value, member));
        let source = cells.and_then(|text| source(text, self.findings));
        if let (Some(member), Some(wave), Some(source), Some(text)) = (member, wave, source, cells) {
            self.is_fit(text, member, wave, source);
        }
        let group = group.map(|value| self.group(value));
        let bases = bases.map(|value| self.bases(value, member)).unwrap_or_default();
        Some(ComparedEdition {
            id: id?,
            country: country_id?,
            wave: wave?,
            cells: source?,
            group: match group {
                Some(group) => Some(group?),
                None => None,
            },
            bases,
            label: label?,
            note,
            not_published,
            design,
            place: name.place(),
        })
    }

    /// The country that is named, as far as it could be read.
    fn member(&mut self, text: Text<'_>) -> Option<&'r Country> {
        match self.reading.members.get(text.value) {
            Some(MemberCountry::Read(country)) => Some(country),
            Some(MemberCountry::Broken) => {
                let message = format!("the files of {:?} have errors", text.value);
                let finding = text.finding("broken-country", message);
                self.findings.push(finding.hint("barometer check of its folder tells them"));
                None
            }
            None => {
                let message = format!("there is no country {:?} beside the comparison's folder", text.value);
                let known = self.reading.members.keys().map(String::as_str);
                self.findings.push(text.finding("unknown-country", message).did_you_mean(text.value, known));
                None
            }
        }
    }

    /// The wave that a year names: one that the country has a file of, or of which something was printed.
    fn wave(&mut self, value: Value<'_>, country: Option<&Country>) -> Option<WaveId> {
        let wave = year(value, self.findings)?;
        let Some(country) = country else { return Some(wave) };
        if country.waves.contains_key(&wave) {
            return Some(wave);
        }
        let message = format!("{} has no edition {wave}", country.id);
        let known: Vec<String> = country.waves.keys().map(ToString::to_string).collect();
        let finding = value.finding("unknown-wave", message);
        self.findings.push(finding.hint(format!("it has {}", known.join(", "))));
        None
    }

    /// Made-up numbers stand in a demonstration, and nothing else does.
    fn is_fit(&mut self, text: Text<'_>, country: &Country, wave: WaveId, source: CellSource) {
        let is_synthetic = country.waves.get(&wave).is_some_and(|wave| wave.synthetic);
        let takes_twin = source == CellSource::Release && is_synthetic;
        if takes_twin && !self.reading.is_demonstration {
            let message = format!("the answers of {} {wave} are made up, and this is no demonstration", country.id);
            let finding = text.finding("twin-cells", message);
            self.findings.push(
                finding
                    .hint("cells = \"published\" takes what was printed of the real survey, with its source")
                    .hint("demonstration = true makes a comparison of made-up numbers, which says so everywhere"),
            );
        }
        if !takes_twin && self.reading.is_demonstration {
            let message = format!("the numbers of {} {wave} are real, and this is a demonstration", country.id);
            let finding = text.finding("real-cells", message);
            self.findings
                .push(finding.hint("made-up and real numbers never stand beside each other: make two comparisons"));
        }
    }

    fn group(&mut self, value: Value<'_>) -> Option<(VariableName, Code)> {
        let entries = value.entries(self.findings)?;
        let named = entries.named();
        let [(name, code)] = named.as_slice() else {
            let message = "one group is shown: a variable of the shared questionnaire with one of its codes";
            self.findings.push(value.finding("group", message));
            return None;
        };
        let code = code.text(self.findings)?;
        let known = &self.reading.questionnaire.variables;
        let Some(variable) = known.iter().find(|variable| variable.name.as_str() == name.value) else {
            let message = format!("the shared questionnaire has no variable {:?}", name.value);
            let known = known.iter().map(|variable| variable.name.as_str());
            self.findings.push(name.finding("unknown-variable", message).did_you_mean(name.value, known));
            return None;
        };
        let category = variable.categories().iter().find(|category| category.code.as_str() == code.value);
        if category.is_none() {
            let message = format!("{:?} has no code {:?}", name.value, code.value);
            let known = variable.categories().iter().map(|category| category.code.as_str());
            self.findings.push(code.finding("unknown-code", message).did_you_mean(code.value, known));
        }
        Some((variable.name.clone(), category?.code.clone()))
    }

    fn bases(&mut self, value: Value<'_>, country: Option<&Country>) -> BTreeMap<BaseId, BaseId> {
        let Some(entries) = value.entries(self.findings) else { return BTreeMap::new() };
        let mut bases = BTreeMap::new();
        for (name, value) in entries.named() {
            let Some(text) = value.text(self.findings) else { continue };
            let ours = self.reading.tables.bases.keys().find(|base| base.as_str() == name.value);
            if ours.is_none() && !self.reading.tables.incomplete {
                let finding = name.finding("unknown-base", format!("the comparison has no base {:?}", name.value));
                let known = self.reading.tables.bases.keys().map(BaseId::as_str);
                self.findings.push(finding.did_you_mean(name.value, known));
            }
            let Some(country) = country else { continue };
            let theirs = country.bases.keys().find(|base| base.as_str() == text.value);
            if theirs.is_none() {
                let finding = text.finding("unknown-base", format!("{} has no base {:?}", country.id, text.value));
                let known = country.bases.keys().map(BaseId::as_str);
                self.findings.push(finding.did_you_mean(text.value, known));
            }
            bases.extend(ours.cloned().zip(theirs.cloned()));
        }
        bases
    }

    /// Rows of the comparison's tables.
    fn rows(&mut self, value: Value<'_>) -> Vec<RowId> {
        let tables = self.reading.tables;
        let known: Vec<&RowId> = tables.tables.iter().flat_map(|table| &table.rows).map(|row| &row.id).collect();
        let mut rows = Vec::new();
        for text in value.texts(self.findings).unwrap_or_default() {
            match known.iter().find(|row| row.as_str() == text.value) {
                Some(row) => rows.push((*row).clone()),
                None if tables.incomplete => {}
                None => {
                    let finding = text.finding("unknown-row", format!("no table has a row {:?}", text.value));
                    self.findings.push(finding.did_you_mean(text.value, known.iter().map(|row| row.as_str())));
                }
            }
        }
        rows
    }

    fn design(&mut self, value: Value<'_>) -> Option<ComparedDesign> {
        let mut entries = value.entries(self.findings)?;
        let languages = self.reading.languages;
        let mut text = |key| optional_words(&mut entries, key, languages, self.findings);
        let mut design = ComparedDesign {
            unit: text("unit"),
            population: text("population"),
            frame: text("frame"),
            mode: text("mode"),
            fieldwork: text("fieldwork"),
            speaks_for: text("speaks_for"),
            weights: text("weights"),
            source: text("source"),
            ..ComparedDesign::default()
        };
        design.answers = self.count(&mut entries, "answers");
        design.invited = self.count(&mut entries, "invited");
        let response = entries.optional("response");
        design.response = response.and_then(|value| value.number(self.findings));
        entries.finish(self.findings);
        let has_number = design.answers.or(design.invited).is_some() || response.is_some();
        if has_number && design.source.is_none() {
            let message = "answers, invited and response need a source, which readers see";
            self.findings.push(value.finding("missing-key", message));
        }
        if let (Some(answers), Some(invited)) = (design.answers, design.invited)
            && answers > invited
        {
            self.findings.push(value.finding("contradiction", "more units answered than were invited"));
        }
        Some(design)
    }

    fn count(&mut self, entries: &mut Entries<'_>, key: &'static str) -> Option<u64> {
        let number = entries.optional(key)?.integer(1, 1_000_000_000, self.findings)?;
        u64::try_from(number).ok()
    }
}
