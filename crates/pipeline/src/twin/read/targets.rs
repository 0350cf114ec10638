//! `[[published]]` and `[[assumed]]`: the targets.

use codebook::{BaseId, BatteryKind, Code, Kind, VariableName};

use super::Reader;
use super::source::Written;
use crate::twin::specification::{Target, Wanted};

/// How near a share must come, in hundredths of a per cent, unless the target says.
const TOLERANCE: u32 = 15;

impl Reader<'_> {
    pub(super) fn targets(&mut self, value: Option<Written<'_>>, reason: &'static str) -> Vec<Target> {
        let list = value.map_or_else(Vec::new, |value| value.list(&mut self.findings));
        list.into_iter().filter_map(|value| self.target(value, reason)).collect()
    }

    fn target(&mut self, value: Written<'_>, reason: &'static str) -> Option<Target> {
        let mut section = value.section(&mut self.findings)?;
        let share_of = section.required("share_of", &mut self.findings);
        let codes = section.optional("codes");
        let base = section.required("base", &mut self.findings);
        let group = section.optional("group");
        let per_cent = section.optional("per_cent");
        let answers = section.optional("answers");
        let tolerance = section.optional("tolerance");
        if let Some(reason) = section.required(reason, &mut self.findings) {
            reason.text(&mut self.findings);
        }
        let place = section.place();
        section.finish(&mut self.findings);
        let wanted = self.wanted(&value, per_cent, answers, tolerance);
        let share_value = share_of?;
        let number = self.variable(share_value)?;
        let codes = self.counted_codes(share_value, number, codes)?;
        let base = self.base(base?)?;
        let group = match group {
            Some(value) => Some(self.target_group(value)?),
            None => None,
        };
        let share_of = self.questionnaire.variables()[number].name.clone();
        Some(Target { place, share_of, codes, base, group, wanted: wanted? })
    }

    fn wanted(
        &mut self,
        target: &Written<'_>,
        per_cent: Option<Written<'_>>,
        answers: Option<Written<'_>>,
        tolerance: Option<Written<'_>>,
    ) -> Option<Wanted> {
        match (per_cent, answers, tolerance) {
            (Some(per_cent), None, tolerance) => {
                let share = per_cent.per_cent(&mut self.findings);
                let tolerance = match tolerance {
                    Some(value) => value.units(2, 1_000, &mut self.findings).filter(|tolerance| *tolerance > 0),
                    None => Some(TOLERANCE),
                };
                Some(Wanted::Share { share: share?, tolerance: tolerance? })
            }
            (None, Some(answers), None) => Some(Wanted::Answers(answers.count(0, 1_000_000, &mut self.findings)?)),
            (Some(_) | None, Some(_) | None, Some(_) | None) => {
                let message = "a target has either per_cent, with or without tolerance, or answers";
                self.findings.push(target.finding("twin-target", message));
                None
            }
        }
    }

    /// The codes that count for a target: those named, the ticked one of an option, none for a condition.
    fn counted_codes(&mut self, share: Written<'_>, number: usize, codes: Option<Written<'_>>) -> Option<Vec<Code>> {
        let variable = &self.questionnaire.variables()[number];
        if let Some(codes) = codes {
            let mut counted = Vec::new();
            for value in codes.list(&mut self.findings) {
                let text = value.text(&mut self.findings)?;
                let code = self.code(value, number, text)?;
                counted.push(variable.categories()[usize::from(code)].code.clone());
            }
            return Some(counted);
        }
        let battery = self.questionnaire.country.codebook.battery_of(&variable.name).map(|battery| &battery.kind);
        match (&variable.kind, battery) {
            (Kind::Condition, _) => Some(Vec::new()),
            (_, Some(BatteryKind::Multiple { mentioned })) => Some(vec![mentioned.clone()]),
            (Kind::Category { .. } | Kind::Number | Kind::Date | Kind::Text, Some(BatteryKind::Scale) | None) => {
                let message = format!("{} needs the codes that count: codes = [\"…\"]", variable.name);
                self.findings.push(share.finding("twin-target", message));
                None
            }
        }
    }

    fn base(&mut self, value: Written<'_>) -> Option<BaseId> {
        let name = value.text(&mut self.findings)?;
        let bases = &self.questionnaire.country.bases;
        let found = bases.keys().find(|base| base.as_str() == name).cloned();
        if found.is_none() {
            let finding = value.finding("unknown-base", format!("there is no base {name:?}"));
            self.findings.push(finding.did_you_mean(name, bases.keys().map(BaseId::as_str)));
        }
        found
    }

    fn target_group(&mut self, value: Written<'_>) -> Option<(VariableName, Code)> {
        let entries = value.section(&mut self.findings)?.named();
        let [entry] = entries.as_slice() else {
            self.findings.push(value.finding("twin-target", "a group is one variable with one of its codes"));
            return None;
        };
        let number = self.variable_at(entry.place.clone(), entry.name)?;
        let text = entry.value.text(&mut self.findings)?;
        let code = self.code(entry.value, number, text)?;
        let variable = &self.questionnaire.variables()[number];
        Some((variable.name.clone(), variable.categories()[usize::from(code)].code.clone()))
    }
}
