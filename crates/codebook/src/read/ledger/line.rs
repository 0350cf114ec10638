//! One line of the ledger, and what holds for items without a line of their own.

use super::{Default, Reader};
use crate::read::toml::{Entries, Text, Value};
use crate::read::words::words;
use crate::{Finding, LedgerLine, Place, Sameness, Translated, WaveId};

/// What says that respondents read the words of the shared questionnaire.
const CORE_WORDING: &str = "core";

impl Reader<'_> {
    /// `default`, which must be told, with its reason.
    pub(super) fn default(&mut self, entries: &mut Entries<'_>) -> Option<Default> {
        let place = entries.place().clone();
        let statuses = entries.required("default").and_then(|value| self.statuses(value));
        let because = entries.optional("because");
        let statuses = statuses?;
        if let Some(status) = statuses.iter().find(|it| matches!(it, Sameness::Absent | Sameness::Reworded)) {
            let message = format!("not everything can be {:?}", status.as_str());
            self.findings.push(Finding::error(place.clone(), "contradiction", message).hint("say it of each item"));
            return None;
        }
        let because = self.because(&statuses, because, &place, None);
        Some(line_of(statuses, because, None, None, place))
    }

    /// A line of a wave.
    pub(super) fn line(&mut self, value: Value<'_>) -> Option<LedgerLine> {
        let mut entries = value.entries(self.findings)?;
        let place = entries.place().clone();
        let statuses = entries.required("status").and_then(|value| self.statuses(value));
        let because = entries.optional("because");
        let wording = entries.optional("wording");
        let like = entries.optional("like");
        entries.finish(self.findings);
        let statuses = statuses?;
        let form = like.and_then(|value| value.integer(1900, 2199, self.findings));
        let form = form.and_then(|year| WaveId::new(&year.to_string()).ok());
        if let Some(like) = like.filter(|_| statuses.contains(&Sameness::Unknown)) {
            self.findings.push(like.finding("contradiction", "what is \"unknown\" is like no other wave"));
        }
        let because = self.because(&statuses, because, &place, form);
        if let Some(wording) = wording.filter(|_| matches!(statuses[0], Sameness::Absent | Sameness::Same)) {
            let message = format!("what is {:?} has no wording of its own", statuses[0].as_str());
            self.findings.push(wording.finding("contradiction", message));
        }
        let wording = wording.and_then(|value| words(value, self.languages, self.findings));
        Some(line_of(statuses, because, wording, form, place))
    }

    /// A line of `[core]`, and whether it says that respondents read the words of the shared questionnaire.
    pub(super) fn core_line(&mut self, value: Value<'_>) -> Option<(LedgerLine, bool)> {
        let mut entries = value.entries(self.findings)?;
        let place = entries.place().clone();
        let statuses = entries.required("status").and_then(|value| self.statuses(value));
        let because = entries.optional("because");
        let has_core_wording = self.core_wording(&mut entries);
        entries.finish(self.findings);
        let statuses = statuses?;
        let because = self.because(&statuses, because, &place, None);
        Some((line_of(statuses, because, None, None, place), has_core_wording))
    }

    /// `wording = "core"`; other words stand in the codebook.
    pub(super) fn core_wording(&mut self, entries: &mut Entries<'_>) -> bool {
        let Some(wording) = entries.optional("wording") else { return false };
        let is_core = wording.is_text() && wording.text(self.findings).is_some_and(|text| text.value == CORE_WORDING);
        if !is_core {
            let message = "here wording can only be \"core\": respondents read the words of the shared questionnaire";
            let finding = wording.finding("unknown-word", message);
            self.findings.push(finding.hint("what they read instead is the item's question in codebook.toml"));
        }
        is_core
    }

    /// One status, or several ways to differ; never empty.
    fn statuses(&mut self, value: Value<'_>) -> Option<Vec<Sameness>> {
        let texts = if value.is_list() { value.texts(self.findings)? } else { vec![value.text(self.findings)?] };
        let mut statuses: Vec<Sameness> = Vec::new();
        for text in &texts {
            let status = self.sameness(*text)?;
            if statuses.contains(&status) {
                self.findings.push(text.finding("duplicate", format!("{:?} is listed twice", text.value)));
            } else {
                statuses.push(status);
            }
        }
        let alone = statuses.iter().find(|status| matches!(status, Sameness::Same | Sameness::Absent));
        if let Some(alone) = alone.filter(|_| statuses.len() > 1) {
            let message = format!("what is {:?} is nothing else", alone.as_str());
            self.findings.push(value.finding("contradiction", message).hint("list only what differs"));
            return None;
        }
        if statuses.is_empty() {
            self.findings.push(value.finding("empty", "at least one status is told"));
            return None;
        }
        Some(statuses)
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

    /// The reason, which everything has that is known not to be the same.
    fn because(
        &mut self,
        statuses: &[Sameness],
        because: Option<Value<'_>>,
        place: &Place,
        form: Option<WaveId>,
    ) -> Option<Translated> {
        let other = statuses.iter().find(|status| !matches!(status, Sameness::Same | Sameness::Unknown));
        if let Some(other) = other.filter(|_| because.is_none() && form.is_none()) {
            let message = format!("why it is {:?} is not told", other.as_str());
            self.findings
                .push(Finding::error(place.clone(), "missing-key", message).hint("because = { … }, which readers see"));
        }
        because.and_then(|value| words(value, self.languages, self.findings))
    }
}

fn line_of(
    mut statuses: Vec<Sameness>,
    because: Option<Translated>,
    wording: Option<Translated>,
    form: Option<WaveId>,
    place: Place,
) -> LedgerLine {
    let sameness = statuses.remove(0);
    LedgerLine { sameness, also: statuses, because, wording, form, place }
}
