//! What a twin can give a wave, and what not.

use std::collections::BTreeSet;

use codebook::{Finding, Kind, Origin, Population, Variable, WeightRecipe};

use super::Reader;
use crate::twin::export::{STATUS, raw_values};

impl Reader<'_> {
    /// What a twin can give: a frame, a register, response weights, columns for all that it draws.
    pub(super) fn check_wave(&mut self) {
        let wave = self.wave;
        let shape = [
            (wave.synthetic, "synthetic = true"),
            (wave.register.is_some(), "a register"),
            (wave.frame.is_some() && wave.design.population == Population::Frame, "population = \"frame\""),
            (matches!(wave.design.weights, WeightRecipe::Response), "weights = \"response\""),
            (wave.design.psu.is_empty(), "units that are PSUs"),
            (!wave.design.strata.is_empty(), "strata"),
            (wave.design.margins().iter().all(|margin| margin.file().is_none()), "margins without files of their own"),
            (wave.answers.encoding.eq_ignore_ascii_case("utf-8"), "encoding = \"utf-8\""),
            (wave.answers.delimiter.is_ascii(), "a delimiter of ASCII"),
            (
                wave.answers
                    .complete
                    .as_ref()
                    .is_none_or(|rule| rule.values == ["1"] && STATUS.contains(&rule.column.as_str())),
                "a complete answer told by one of stat_1 to stat_5 = 1",
            ),
        ];
        for (_, what) in shape.into_iter().filter(|(holds, _)| !holds) {
            let message = format!("a twin can be made for a wave with {what} only");
            self.findings.push(Finding::error(wave.place.clone(), "twin-wave", message));
        }
        for variable in self.questionnaire.variables() {
            self.check_variable(variable);
        }
    }

    fn check_variable(&mut self, variable: &Variable) {
        let drawn = match (&variable.origin, &variable.kind) {
            (Origin::Derived(_) | Origin::Fieldwork, _) => return,
            (Origin::Answer | Origin::Register, Kind::Category { .. }) | (Origin::Register, Kind::Number) => true,
            (Origin::Answer | Origin::Register, Kind::Text) => false,
            (Origin::Answer, Kind::Number) | (Origin::Answer | Origin::Register, Kind::Condition | Kind::Date) => {
                let message =
                    format!("a twin cannot draw {}: it draws categories, and numbers of the register", variable.name);
                self.findings.push(Finding::error(variable.place.clone(), "twin-variable", message));
                return;
            }
        };
        if !self.wave.columns.contains_key(&variable.name) {
            let message = format!("the wave has no column for {}", variable.name);
            self.findings.push(Finding::error(self.wave.place.clone(), "twin-wave", message));
        }
        let raw = raw_values(self.wave, variable);
        let distinct: BTreeSet<_> = raw.iter().collect();
        if drawn && (distinct.len() < raw.len() || raw.len() > usize::from(u8::MAX)) {
            let message = format!("the codes of {} have no raw values of their own in the wave", variable.name);
            self.findings.push(Finding::error(self.wave.place.clone(), "twin-wave", message));
        }
    }
}
