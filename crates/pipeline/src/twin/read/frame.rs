//! `[frame]`: the population in groups and how they divide.

use codebook::{Finding, Origin, VariableName};

use super::Reader;
use super::source::{Named, Written};
use crate::twin::specification::{Frame, Group};

impl Reader<'_> {
    pub(super) fn frame(&mut self, value: Written<'_>) -> Option<Frame> {
        let mut section = value.section(&mut self.findings)?;
        let response = section.required("response", &mut self.findings).and_then(|value| self.by_one_variable(value));
        let split = section.required("split", &mut self.findings).and_then(|value| self.by_one_variable(value));
        let groups = section.required("groups", &mut self.findings);
        section.finish(&mut self.findings);
        let (response, response_chances) = response?;
        let (split, default) = split?;
        if response != split {
            self.findings.push(value.finding("twin-frame", "response and split go by the same variable"));
        }
        self.add_up(&value, &default);
        let groups = groups?.list(&mut self.findings);
        let groups: Option<Vec<Group>> = groups.into_iter().map(|value| self.group(value, split, &default)).collect();
        Some(Frame { split, response: response_chances, groups: groups? })
    }

    /// `size = { small = 20, … }`: one register variable with a per cent for each of its codes.
    fn by_one_variable(&mut self, value: Written<'_>) -> Option<(usize, Vec<u32>)> {
        let entries = value.section(&mut self.findings)?.named();
        let [entry] = entries.as_slice() else {
            self.findings.push(value.finding("twin-frame", "expected exactly one variable"));
            return None;
        };
        let number = self.stratum_variable(entry)?;
        Some((number, self.percents(entry.value, number)?))
    }

    fn stratum_variable(&mut self, entry: &Named<'_>) -> Option<usize> {
        let strata = &self.wave.design.strata;
        if let Some(name) = strata.iter().find(|name| name.as_str() == entry.name) {
            let number = self.questionnaire.number(name);
            if self.questionnaire.variables()[number].origin == Origin::Register {
                return Some(number);
            }
        }
        let message = format!("{:?} is not a stratum variable from the register", entry.name);
        let finding = Finding::error(entry.place.clone(), "unknown-variable", message);
        self.findings.push(finding.did_you_mean(entry.name, strata.iter().map(VariableName::as_str)));
        None
    }

    fn group(&mut self, value: Written<'_>, split: usize, default: &[u32]) -> Option<Group> {
        let mut section = value.section(&mut self.findings)?;
        let codes = section.required("codes", &mut self.findings);
        let workplaces = section.required("workplaces", &mut self.findings);
        let sampled = section.required("sampled", &mut self.findings);
        let own = section.optional("split");
        section.finish(&mut self.findings);
        let own = match own {
            Some(value) => {
                let percents = self.percents(value, split)?;
                self.add_up(&value, &percents);
                percents
            }
            None => default.to_vec(),
        };
        let codes_value = codes?;
        let mut codes = Vec::new();
        for entry in codes_value.section(&mut self.findings)?.named() {
            let number = self.stratum_variable(&entry)?;
            let code = entry.value.text(&mut self.findings)?;
            codes.push((number, self.code(entry.value, number, code)?));
        }
        let wanted =
            self.wave.design.strata.iter().map(|name| self.questionnaire.number(name)).filter(|one| *one != split);
        let mut wanted: Vec<usize> = wanted.collect();
        wanted.sort_unstable();
        codes.sort_unstable();
        if codes.iter().map(|(number, _)| *number).ne(wanted) {
            let message = "a group has a code for every stratum variable but the one that splits it";
            self.findings.push(codes_value.finding("twin-frame", message));
        }
        let workplaces = workplaces?.count(1, 10_000_000, &mut self.findings);
        let sampled = sampled?.per_cent(&mut self.findings);
        Some(Group { codes, workplaces: workplaces?, sampled: sampled?, split: own })
    }
}
