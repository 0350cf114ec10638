//! Reading `twin/<year>.toml`: every name resolved against the country, all findings at once.

mod answers;
mod frame;
mod source;
mod targets;
mod wave;

use codebook::{Country, Finding, Place, SourceFile, Wave};

use super::questionnaire::Questionnaire;
use super::specification::{Specification, WHOLE};
use source::{Section, Source, Written};

impl Specification {
    /// Reads the specification of a wave's twin.
    ///
    /// # Errors
    /// Every finding at once: what is not TOML, unknown keys and names, chances that are missing or do not add up to 100, and
    /// what a twin cannot give the wave.
    pub fn read(file: &SourceFile, country: &Country, wave: &Wave) -> Result<Self, Vec<Finding>> {
        let questionnaire = Questionnaire::new(country);
        let mut reader = Reader { questionnaire: &questionnaire, wave, findings: Vec::new() };
        reader.check_wave();
        let specification = reader.specification(file);
        let mut findings = reader.findings;
        findings.sort();
        match specification {
            Some(specification) if findings.is_empty() => Ok(specification),
            Some(_) | None => Err(findings),
        }
    }
}

struct Reader<'r> {
    questionnaire: &'r Questionnaire<'r>,
    wave: &'r Wave,
    findings: Vec<Finding>,
}

impl Reader<'_> {
    fn specification(&mut self, file: &SourceFile) -> Option<Specification> {
        let source = Source { file };
        let table = source.parse(&file.text, &mut self.findings)?;
        let mut top = Section::new(&source, table.get_ref(), 0);
        let answers = top.required("answers", &mut self.findings);
        let answers = answers.and_then(|value| value.count(1, 1_000_000, &mut self.findings));
        let incomplete = match top.optional("incomplete") {
            Some(value) => value.count(0, 1_000_000, &mut self.findings),
            None => Some(0),
        };
        if self.wave.answers.complete.is_none() && incomplete != Some(0) {
            let message = "incomplete rows need a wave that tells complete answers: answers.complete";
            self.findings.push(Finding::error(top.place(), "twin-wave", message));
        }
        let opened = top.required("opened", &mut self.findings).and_then(|value| value.date(&mut self.findings));
        let days = top.required("days", &mut self.findings);
        let days = days.and_then(|value| value.count(1, 366, &mut self.findings));
        let frame = top.required("frame", &mut self.findings).and_then(|value| self.frame(value));
        let mut targets = self.targets(top.optional("published"), "source");
        targets.extend(self.targets(top.optional("assumed"), "because"));
        let rules = top.optional("rules").map_or_else(Vec::new, |value| self.rules(value));
        let ranges = top.optional("numbers").map_or_else(Vec::new, |value| self.ranges(value));
        let items = top.required("items", &mut self.findings);
        let chances = items.map(|value| self.chances(value, frame.as_ref(), &ranges));
        top.finish(&mut self.findings);
        Some(Specification {
            answers: answers?,
            incomplete: incomplete?,
            opened: opened?,
            days: days?,
            frame: frame?,
            targets,
            chances: chances?,
            rules,
            ranges,
        })
    }

    /// A per cent, in hundredths, for each code of a variable; those left out are 0.
    fn percents(&mut self, value: Written<'_>, number: usize) -> Option<Vec<u32>> {
        let mut percents = vec![0; self.questionnaire.variables()[number].categories().len()];
        for entry in value.section(&mut self.findings)?.named() {
            let code = self.code_at(entry.place.clone(), number, entry.name)?;
            percents[usize::from(code)] = entry.value.per_cent(&mut self.findings)?;
        }
        Some(percents)
    }

    fn add_up(&mut self, value: &Written<'_>, percents: &[u32]) {
        if percents.iter().sum::<u32>() != WHOLE {
            self.findings.push(value.finding("twin-chances", "the per cents do not add up to 100"));
        }
    }

    fn code(&mut self, value: Written<'_>, number: usize, code: &str) -> Option<u8> {
        self.code_at(value.place(), number, code)
    }

    fn code_at(&mut self, place: Place, number: usize, code: &str) -> Option<u8> {
        let variable = &self.questionnaire.variables()[number];
        let codes = || variable.categories().iter().map(|category| category.code.as_str());
        let found = codes().position(|known| known == code).and_then(|position| u8::try_from(position).ok());
        if found.is_none() {
            let message = format!("{} has no code {code:?}", variable.name);
            self.findings.push(Finding::error(place, "unknown-code", message).did_you_mean(code, codes()));
        }
        found
    }

    fn variable(&mut self, value: Written<'_>) -> Option<usize> {
        let name = value.text(&mut self.findings)?;
        self.variable_at(value.place(), name)
    }

    fn variable_at(&mut self, place: Place, name: &str) -> Option<usize> {
        let names = || self.questionnaire.variables().iter().map(|variable| variable.name.as_str());
        let found = names().position(|known| known == name);
        if found.is_none() {
            let finding = Finding::error(place, "unknown-variable", format!("there is no variable {name:?}"));
            self.findings.push(finding.did_you_mean(name, names()));
        }
        found
    }
}
