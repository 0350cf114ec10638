//! One line of the ledger, and what holds for items without a line of their own.

use super::{Default, Reader};
use crate::read::toml::{Entries, Text, Value};
use crate::read::words::words;
use crate::{Finding, LedgerLine, Place, Sameness, Translated, WaveId};

impl Reader<'_> {
    /// `default`, which must be told, with its reason.
    pub(super) fn default(&mut self, entries: &mut Entries<'_>) -> Option<Default> {
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

    pub(super) fn line(&mut self, value: Value<'_>) -> Option<LedgerLine> {
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
}
