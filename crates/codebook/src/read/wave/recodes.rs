//! `[missing]` and `[recodes]` of a wave's file: what raw values mean.

use std::collections::BTreeMap;

use super::Reader;
use crate::expression::types::Meaning;
use crate::read::codebook::{Questionnaire, find_code};
use crate::read::toml::{Entries, Text, Value};
use crate::{Kind, Missing, RawValue, Recode};

/// What raw values can become.
enum Target {
    /// A code of this list, or a missing answer.
    Codes(String, Vec<crate::Category>),
    /// Numbers, dates and texts are kept; only special values are told.
    MissingOnly,
}

impl Reader<'_> {
    pub(super) fn missing(&mut self, value: Value<'_>) -> BTreeMap<String, Missing> {
        let mut reasons = BTreeMap::new();
        for (raw, value) in value.entries(self.findings).iter().flat_map(Entries::named) {
            let reason = value.text(self.findings).and_then(|text| self.reason(text));
            reasons.extend(reason.map(|reason| (raw.value.to_owned(), reason)));
        }
        reasons
    }

    fn reason(&mut self, text: Text<'_>) -> Option<Missing> {
        let reasons = [Missing::NotAsked, Missing::Refused, Missing::Blank];
        let reason = reasons.into_iter().find(|reason| reason.as_str() == text.value);
        if reason.is_none() {
            let finding = text.finding("unknown-word", format!("{:?} is no reason for a missing answer", text.value));
            self.findings.push(finding.did_you_mean(text.value, reasons.map(Missing::as_str)));
        }
        reason
    }

    pub(super) fn recodes(
        &mut self,
        value: Value<'_>,
        missing: &BTreeMap<String, Missing>,
    ) -> BTreeMap<String, Recode> {
        let mut recodes = BTreeMap::new();
        for (name, value) in value.entries(self.findings).iter().flat_map(Entries::named) {
            let Some(target) = self.target(name) else { continue };
            let Some(entries) = value.entries(self.findings) else { continue };
            let mut recode = BTreeMap::new();
            for (raw, value) in entries.named() {
                let Some(meaning) = self.raw_value(value, &target) else { continue };
                if let (RawValue::Code(_), Some(reason)) = (&meaning, missing.get(raw.value)) {
                    let message =
                        format!("the raw value {:?} is a code here and {} in [missing]", raw.value, reason.as_str());
                    self.findings.push(raw.finding("mapped-twice", message));
                }
                recode.insert(raw.value.to_owned(), meaning);
            }
            recodes.insert(name.value.to_owned(), Recode(recode));
        }
        recodes
    }

    /// What the raw values of `[recodes.<name>]` can become.
    fn target(&mut self, name: Text<'_>) -> Option<Target> {
        let Questionnaire { scope, lists, codebook, .. } = self.questionnaire;
        match (scope.meaning(name.value), lists.get(name.value)) {
            (Meaning::Known(Kind::Category { list, categories }), _) => {
                Some(Target::Codes(list.clone(), categories.clone()))
            }
            (Meaning::Known(Kind::Number | Kind::Date | Kind::Text), _) => Some(Target::MissingOnly),
            (Meaning::Known(Kind::Condition), _) => {
                self.findings
                    .push(name.finding("derived", format!("{:?} is derived, so it is not recoded", name.value)));
                None
            }
            (_, Some(Some(categories))) => Some(Target::Codes(name.value.to_owned(), categories.clone())),
            (_, Some(None)) | (Meaning::Unclear, None) => None,
            (Meaning::Unknown, None) => {
                let message = format!("there is no code list or variable {:?}", name.value);
                let known = lists.keys().map(String::as_str).chain(scope.names());
                let is_battery = codebook.batteries.iter().any(|battery| battery.name.as_str() == name.value);
                let finding = name.finding("unknown-code-list", message).did_you_mean(name.value, known);
                let hint = "recode a battery by its code list or by its items";
                self.findings.push(if is_battery { finding.hint(hint) } else { finding });
                None
            }
        }
    }

    fn raw_value(&mut self, value: Value<'_>, target: &Target) -> Option<RawValue> {
        if value.is_table() {
            let mut entries = value.entries(self.findings)?;
            let reason = entries.required("missing").and_then(|value| value.text(self.findings));
            let reason = reason.and_then(|text| self.reason(text));
            entries.finish(self.findings);
            return reason.map(RawValue::Missing);
        }
        let text = value.text(self.findings)?;
        match target {
            Target::Codes(list, categories) => find_code(text, list, categories, self.findings).map(RawValue::Code),
            Target::MissingOnly => {
                let finding = text.finding("type-mismatch", "a variable without codes has special values only");
                self.findings.push(finding.hint("such as { missing = \"not_asked\" }"));
                None
            }
        }
    }
}
