//! `[rules]`, `[numbers]` and `[items]`: how answers are drawn before the targets are met.

use codebook::{Finding, Kind, Origin, Place};

use super::source::{Named, Written};
use super::{Reader, WHOLE};
use crate::twin::specification::{Frame, Range, Rule};

impl Reader<'_> {
    pub(super) fn rules(&mut self, value: Written<'_>) -> Vec<Rule> {
        let entries = value.section(&mut self.findings).map_or_else(Vec::new, |section| section.named());
        entries.into_iter().filter_map(|entry| self.rule(&entry)).collect()
    }

    fn rule(&mut self, entry: &Named<'_>) -> Option<Rule> {
        let items = self.battery(entry.place.clone(), entry.name)?;
        if items.iter().any(|item| self.questionnaire.mentioned(*item).is_none()) {
            let message = format!("{:?} is a scale: only options that are ticked have a rule", entry.name);
            self.findings.push(Finding::error(entry.place.clone(), "twin-rule", message));
            return None;
        }
        let mut section = entry.value.section(&mut self.findings)?;
        let at_least_one = section.optional("at_least_one");
        let at_least_one = at_least_one.and_then(|value| value.truth(&mut self.findings)).unwrap_or(false);
        let none = section.optional("none").and_then(|value| value.per_cent(&mut self.findings));
        let mut alone = Vec::new();
        for value in section.optional("alone").map_or_else(Vec::new, |value| value.list(&mut self.findings)) {
            let item = value.text(&mut self.findings)?;
            alone.push(self.variable_at(value.place(), &format!("{}_{item}", entry.name))?);
        }
        let mut within = Vec::new();
        if let Some(value) = section.optional("within") {
            let outer = value.text(&mut self.findings)?;
            self.battery(value.place(), outer)?;
            for item in &items {
                let name = self.questionnaire.variables()[*item].name.as_str();
                let name = name.strip_prefix(entry.name).map_or_else(String::new, |item| format!("{outer}{item}"));
                within.push((*item, self.variable_at(value.place(), &name)?));
            }
        }
        section.finish(&mut self.findings);
        Some(Rule { items, alone, at_least_one, none, within })
    }

    fn battery(&mut self, place: Place, name: &str) -> Option<Vec<usize>> {
        let batteries = &self.questionnaire.country.codebook.batteries;
        let Some(battery) = batteries.iter().find(|battery| battery.name.as_str() == name) else {
            let finding = Finding::error(place, "unknown-battery", format!("there is no battery {name:?}"));
            self.findings.push(finding.did_you_mean(name, batteries.iter().map(|battery| battery.name.as_str())));
            return None;
        };
        Some(battery.items.iter().map(|item| self.questionnaire.number(item)).collect())
    }

    pub(super) fn ranges(&mut self, value: Written<'_>) -> Vec<Range> {
        let entries = value.section(&mut self.findings).map_or_else(Vec::new, |section| section.named());
        entries.into_iter().filter_map(|entry| self.range(&entry)).collect()
    }

    fn range(&mut self, entry: &Named<'_>) -> Option<Range> {
        let variable = self.variable_at(entry.place.clone(), entry.name)?;
        let mut section = entry.value.section(&mut self.findings)?;
        let by = section.required("by", &mut self.findings);
        let ranges = section.required("ranges", &mut self.findings);
        section.finish(&mut self.findings);
        let by = self.variable(by?)?;
        let ranges = ranges?;
        let mut tenths = vec![None; self.questionnaire.variables()[by].categories().len()];
        for one in ranges.section(&mut self.findings)?.named() {
            let code = self.code_at(one.place.clone(), by, one.name)?;
            let ends: Vec<Option<u32>> = one
                .value
                .list(&mut self.findings)
                .iter()
                .map(|end| end.units(1, 10_000_000, &mut self.findings))
                .collect();
            match ends.as_slice() {
                [Some(from), Some(to)] if from <= to => tenths[usize::from(code)] = Some((*from, *to)),
                _ => self.findings.push(one.value.finding("twin-range", "expected [from, to]")),
            }
        }
        let tenths: Option<Vec<(u32, u32)>> = tenths.into_iter().collect();
        if tenths.is_none() {
            self.findings.push(ranges.finding("twin-range", "a code has no range"));
        }
        Some(Range { variable, by, tenths: tenths? })
    }

    /// The chances of every variable that is drawn; each must be there.
    pub(super) fn chances(&mut self, value: Written<'_>, frame: Option<&Frame>, ranges: &[Range]) -> Vec<Vec<u32>> {
        let mut chances = vec![Vec::new(); self.questionnaire.variables().len()];
        let entries = value.section(&mut self.findings).map_or_else(Vec::new, |section| section.named());
        for entry in entries {
            let batteries = &self.questionnaire.country.codebook.batteries;
            if batteries.iter().any(|battery| battery.name.as_str() == entry.name) {
                let items = entry.value.section(&mut self.findings).map_or_else(Vec::new, |section| section.named());
                for item in items {
                    self.chance(&mut chances, &item, &format!("{}_{}", entry.name, item.name));
                }
            } else {
                self.chance(&mut chances, &entry, entry.name);
            }
        }
        let in_strata = |number: usize| {
            frame.is_some_and(|frame| {
                let mut groups = frame.groups.iter().flat_map(|group| &group.codes);
                number == frame.split || groups.any(|(of, _)| *of == number)
            })
        };
        for (number, variable) in self.questionnaire.variables().iter().enumerate() {
            let in_range = ranges.iter().any(|range| range.variable == number);
            let drawn = !matches!(variable.origin, Origin::Derived(_)) && variable.kind != Kind::Text;
            if frame.is_some() && drawn && chances[number].is_empty() && !in_strata(number) && !in_range {
                let message = format!("the chances of {} are missing", variable.name);
                self.findings.push(value.finding("twin-chances", message));
            }
        }
        chances
    }

    fn chance(&mut self, chances: &mut [Vec<u32>], entry: &Named<'_>, name: &str) {
        let Some(number) = self.variable_at(entry.place.clone(), name) else { return };
        let variable = &self.questionnaire.variables()[number];
        if matches!(variable.origin, Origin::Derived(_)) || self.wave.design.strata.contains(&variable.name) {
            let message = format!("{name} is not drawn by chances of its own");
            self.findings.push(Finding::error(entry.place.clone(), "twin-chances", message));
            return;
        }
        let percents = if entry.value.is_table() {
            self.percents(entry.value, number).inspect(|percents| self.add_up(&entry.value, percents))
        } else {
            self.chance_of_two(entry, number)
        };
        if let Some(percents) = percents {
            chances[number] = percents;
        }
    }

    /// One number: the chance of the code that means ticked, or of the first of two.
    fn chance_of_two(&mut self, entry: &Named<'_>, number: usize) -> Option<Vec<u32>> {
        let chance = entry.value.per_cent(&mut self.findings)?;
        match self.questionnaire.mentioned(number) {
            Some(0) => Some(vec![chance, WHOLE - chance]),
            Some(_) => Some(vec![WHOLE - chance, chance]),
            None => {
                let message = "one number is the chance of one code out of two; this variable has more";
                self.findings.push(entry.value.finding("twin-chances", message));
                None
            }
        }
    }
}
