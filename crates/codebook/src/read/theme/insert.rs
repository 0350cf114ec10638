//! `[[cases]]` and `[[quotes]]` of a page.

use std::collections::BTreeSet;

use super::super::toml::{Entries, Text, Value};
use super::super::words::words;
use crate::{Case, Finding, InsertId, Language, PageKind, Place, Quotation, Translated, Wave};

/// What kind of page a file's `kind` says; a theme without it.
pub(super) fn page_kind(entries: &mut Entries<'_>, findings: &mut Vec<Finding>) -> PageKind {
    const KINDS: [(&str, PageKind); 3] =
        [("theme", PageKind::Theme), ("article", PageKind::Article), ("press", PageKind::Press)];
    let Some(text) = entries.optional("kind").and_then(|value| value.text(findings)) else {
        return PageKind::default();
    };
    if let Some((_, kind)) = KINDS.iter().find(|(name, _)| *name == text.value) {
        return *kind;
    }
    let finding = text.finding("unknown-word", format!("there is no kind of page {:?}", text.value));
    findings
        .push(finding.hint("theme, article or press").did_you_mean(text.value, KINDS.iter().map(|(name, _)| *name)));
    PageKind::default()
}

/// The cases and quotations of a file, whose names are given once.
pub(super) fn inserts(
    entries: &mut Entries<'_>,
    languages: &[Language],
    findings: &mut Vec<Finding>,
) -> (Vec<Case>, Vec<Quotation>) {
    let mut reader = Reader { languages, findings, names: BTreeSet::new() };
    let cases = entries.optional("cases").and_then(|value| value.list(reader.findings)).unwrap_or_default();
    let cases = cases.into_iter().filter_map(|value| reader.case(value)).collect();
    let quotes = entries.optional("quotes").and_then(|value| value.list(reader.findings)).unwrap_or_default();
    (cases, quotes.into_iter().filter_map(|value| reader.quotation(value)).collect())
}

/// Quotations whose speaker is told where the edition is made up, or is not told where it is real.
pub(in super::super) fn speakers(wave: &Wave) -> Vec<Finding> {
    let quotations = wave.themes.iter().flat_map(|theme| &theme.quotes);
    let finding = |quotation: &Quotation| match (wave.synthetic, &quotation.speaker) {
        (true, Some(_)) => {
            let message = "a synthetic edition quotes nobody by name: what was said of real results would seem to be said of made-up ones";
            Some(
                Finding::error(quotation.place.clone(), "named-speaker", message)
                    .hint("leave speaker out, or the whole quotation"),
            )
        }
        (false, None) => {
            let message = "the key \"speaker\" is missing";
            Some(Finding::error(quotation.place.clone(), "missing-key", message).hint("a quotation says whose it is"))
        }
        (true, None) | (false, Some(_)) => None,
    };
    quotations.filter_map(finding).collect()
}

struct Reader<'r> {
    languages: &'r [Language],
    findings: &'r mut Vec<Finding>,
    names: BTreeSet<InsertId>,
}

impl Reader<'_> {
    fn case(&mut self, value: Value<'_>) -> Option<Case> {
        let mut entries = value.entries(self.findings)?;
        let id = self.name(&mut entries);
        let heading = self.translated(&mut entries, "heading");
        let text = self.translated(&mut entries, "text");
        let source = self.translated(&mut entries, "source");
        let url = entries.optional("url").and_then(|value| value.filled_text(self.findings));
        let checked = entries.required("checked").and_then(|value| value.date(self.findings));
        let place = entries.place().clone();
        entries.finish(self.findings);
        let is_web = |url: &Text<'_>| url.value.starts_with("https://") || url.value.starts_with("http://");
        if let Some(url) = url.filter(|url| !is_web(url)) {
            self.findings.push(url.finding("link", format!("{:?} is no web address", url.value)));
        }
        let ((heading, heading_place), (text, text_place)) = (heading?, text?);
        Some(Case {
            id: id?,
            heading,
            text,
            source: source?.0,
            url: url.map(|url| url.value.to_owned()),
            checked: checked?,
            heading_place,
            text_place,
            place,
        })
    }

    fn quotation(&mut self, value: Value<'_>) -> Option<Quotation> {
        let mut entries = value.entries(self.findings)?;
        let id = self.name(&mut entries);
        let words = self.translated(&mut entries, "words");
        let speaker = entries.optional("speaker").and_then(|value| value.filled_text(self.findings));
        let role = self.translated(&mut entries, "role");
        let said = entries.required("said").and_then(|value| value.date(self.findings));
        let consent = entries.required("consent").and_then(|value| value.filled_text(self.findings));
        let place = entries.place().clone();
        entries.finish(self.findings);
        let (words, words_place) = words?;
        Some(Quotation {
            id: id?,
            words,
            speaker: speaker.map(|text| text.value.to_owned()),
            role: role?.0,
            said: said?,
            consent: consent?.value.to_owned(),
            words_place,
            place,
        })
    }

    fn name(&mut self, entries: &mut Entries<'_>) -> Option<InsertId> {
        let text = entries.required("id").and_then(|value| value.text(self.findings))?;
        let id = text.name(InsertId::new, self.findings)?;
        if !self.names.insert(id.clone()) {
            let message = format!("this page already has a case or quotation {:?}", text.value);
            self.findings.push(text.finding("duplicate", message));
        }
        Some(id)
    }

    fn translated(&mut self, entries: &mut Entries<'_>, key: &'static str) -> Option<(Translated, Place)> {
        let value = entries.required(key)?;
        Some((words(value, self.languages, self.findings)?, value.place()))
    }
}
