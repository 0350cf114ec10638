//! `report/<year>/errata.toml`: what was wrong in an edition, and which one puts it right.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::tables::Tables;
use super::toml::{Document, Entries, Text, Value};
use super::words::words;
use crate::{
    ClaimId, EditionId, Erratum, ErratumId, ErratumKind, FigureId, Finding, Language, Severity, TableId, Theme,
    ThemeId, Touched, Wave, WaveId,
};

/// The name of the file beside the themes.
pub(super) const ERRATA: &str = "errata";

/// The word for every table of the edition.
const ALL: &str = "all";

/// What errata are about: a wave or a comparison over countries whose pages were read.
#[derive(Clone)]
pub(super) struct Corrected<'r> {
    /// The year of its first edition, and the day.
    pub(super) first: (WaveId, Date),
    pub(super) themes: Vec<&'r Theme>,
    /// Whom messages call by it: "this wave".
    pub(super) called: &'static str,
}

impl<'r> Corrected<'r> {
    /// A wave.
    pub(super) fn wave(wave: &'r Wave) -> Self {
        Self { first: (wave.id, wave.published), themes: wave.themes.iter().collect(), called: "this wave" }
    }
}

/// The errata of a publication, in the order of their file.
pub(super) fn errata(
    document: &Document<'_>,
    corrected: &Corrected<'_>,
    languages: &[Language],
    tables: &Tables,
    findings: &mut Vec<Finding>,
) -> Vec<Erratum> {
    let entries = document.entries();
    let named = entries.iter().flat_map(Entries::named);
    // What has a finding of its own is not there, and its name is no second mistake.
    let is_settled = !findings.iter().any(|finding| finding.severity == Severity::Error);
    let mut reader =
        Reader { corrected, languages, tables, findings, is_settled, may_be_gone: false, editions: BTreeMap::new() };
    let errata: Vec<Erratum> = named.filter_map(|(name, value)| reader.erratum(name, value)).collect();
    reader.in_order();
    errata
}

struct Reader<'r, 'a> {
    corrected: &'r Corrected<'r>,
    languages: &'r [Language],
    tables: &'r Tables,
    findings: &'r mut Vec<Finding>,
    /// Whether the names that there are can be relied on.
    is_settled: bool,
    /// Whether the erratum at hand may name tables that there are no longer.
    may_be_gone: bool,
    /// Where an edition is first named, and its day with its place.
    editions: BTreeMap<EditionId, (Text<'a>, Option<(Date, Value<'a>)>)>,
}

impl<'a> Reader<'_, 'a> {
    fn erratum(&mut self, name: Text<'a>, value: Value<'a>) -> Option<Erratum> {
        let id = name.name(ErratumId::new, self.findings);
        let mut entries = value.entries(self.findings)?;
        let edition = entries.required("edition").and_then(|value| value.text(self.findings));
        let date = entries.required("date").and_then(|value| Some((value.date(self.findings)?, value)));
        let kind = entries.required("kind").and_then(|value| self.kind(value));
        let wrong = entries.required("wrong").and_then(|value| words(value, self.languages, self.findings));
        let changed = entries.required("changed").and_then(|value| words(value, self.languages, self.findings));
        let known_before = entries.optional("known_before").and_then(|value| self.reason(value));
        let lists = ["tables", "figures", "claims", "pages"].map(|key| entries.optional(key));
        entries.finish(self.findings);
        let edition = edition.and_then(|text| self.edition(text, date));
        self.may_be_gone = kind == Some(ErratumKind::Withdrawal);
        let touches = self.touches(lists);
        if lists.iter().all(Option::is_none) {
            let finding = name.finding("empty", "an erratum names what it touches: tables, figures, claims or pages");
            self.findings.push(finding);
        }
        Some(Erratum {
            id: id?,
            edition: edition?,
            date: date?.0,
            kind: kind?,
            wrong: wrong?,
            changed: changed?,
            known_before,
            touches,
            place: name.place(),
        })
    }

    /// A reason in words; blanks are none.
    fn reason(&mut self, value: Value<'a>) -> Option<String> {
        let text = value.text(self.findings)?;
        if text.value.trim().is_empty() {
            let finding = text.finding("empty", "this is no reason: say why, in words that the manifest can keep");
            self.findings.push(finding);
            return None;
        }
        Some(text.value.trim().to_owned())
    }

    fn kind(&mut self, value: Value<'a>) -> Option<ErratumKind> {
        let text = value.text(self.findings)?;
        let kind = ErratumKind::ALL.into_iter().find(|kind| kind.as_str() == text.value);
        if kind.is_none() {
            let finding = text.finding("unknown-word", format!("there is no kind of erratum {:?}", text.value));
            self.findings.push(finding.did_you_mean(text.value, ErratumKind::ALL.map(ErratumKind::as_str)));
        }
        kind
    }

    /// The edition that an erratum names, which is a later one of the wave.
    fn edition(&mut self, text: Text<'a>, date: Option<(Date, Value<'a>)>) -> Option<EditionId> {
        let edition = text.name(EditionId::new, self.findings)?;
        let (first, _) = self.corrected.first;
        if edition.wave() != first {
            let message = format!("{edition} is no edition of {first}");
            self.findings.push(text.finding("another-wave", message));
            return None;
        }
        if edition.correction() == 0 {
            let finding = text.finding("first-edition", format!("{edition} is the first edition, which corrects none"));
            self.findings.push(finding.hint(format!("the edition that corrects it is {edition}.1")));
            return None;
        }
        let (_, day) = self.editions.entry(edition).or_insert((text, date));
        if let (Some((day, _)), Some((other, place))) = (day, date)
            && *day != other
        {
            let message = format!("another erratum says that {edition} becomes public on {day}");
            self.findings.push(place.finding("contradiction", message));
        }
        Some(edition)
    }

    /// Editions follow each other without a gap, each no earlier than the one before.
    fn in_order(&mut self) {
        let (first, published) = self.corrected.first;
        let (mut before, mut day_before) = (EditionId::first(first), published);
        for (edition, (text, date)) in &self.editions {
            let follows = edition.corrects() == Some(before);
            if !follows {
                let message = format!("{edition} does not follow {before}: no erratum names an edition between them");
                self.findings.push(text.finding("gap", message));
            }
            if let Some((day, place)) = date {
                if *day < day_before {
                    let message = format!("{edition} cannot become public before {before} did, on {day_before}");
                    self.findings.push(place.finding("contradiction", message));
                }
                day_before = *day;
            }
            before = *edition;
        }
    }

    fn touches(&mut self, [tables, figures, claims, pages]: [Option<Value<'a>>; 4]) -> Vec<(Touched, crate::Place)> {
        let mut touches = Vec::new();
        if let Some(all) = tables.filter(Value::is_text) {
            let text = all.text(self.findings);
            match text {
                Some(text) if text.value == ALL => touches.push((Touched::AllTables, text.place())),
                Some(text) => {
                    let message = format!("expected a list of tables or \"{ALL}\", found {:?}", text.value);
                    self.findings.push(text.finding("wrong-type", message));
                }
                None => {}
            }
        } else if let Some(texts) = tables.and_then(|value| value.texts(self.findings)) {
            touches.extend(texts.into_iter().filter_map(|text| Some((self.table(text)?, text.place()))));
        }
        let mut add = |list: Option<Value<'a>>, read: fn(&mut Self, Text<'a>) -> Option<Touched>| {
            let texts = list.and_then(|value| value.texts(self.findings)).unwrap_or_default();
            touches.extend(texts.into_iter().filter_map(|text| Some((read(self, text)?, text.place()))));
        };
        add(figures, Self::figure);
        add(claims, Self::claim);
        add(pages, Self::page);
        touches
    }

    fn table(&mut self, text: Text<'a>) -> Option<Touched> {
        let id = text.name(TableId::new, self.findings)?;
        let known = || self.tables.tables.iter().map(|table| table.id.as_str());
        if !known().any(|table| table == id.as_str()) && self.is_settled && !self.may_be_gone {
            let finding = text.finding("unknown-table", format!("there is no table {:?}", text.value));
            let finding = finding.did_you_mean(text.value, known());
            self.findings.push(finding);
        }
        Some(Touched::Table(id))
    }

    fn figure(&mut self, text: Text<'a>) -> Option<Touched> {
        let id = text.name(FigureId::new, self.findings)?;
        let known = || self.corrected.themes.iter().flat_map(|theme| &theme.figures).map(|figure| figure.id.as_str());
        if !known().any(|figure| figure == id.as_str()) && self.is_settled {
            let message = format!("no page of {} has a figure {:?}", self.corrected.called, text.value);
            let finding = text.finding("unknown-figure", message).did_you_mean(text.value, known());
            self.findings.push(finding);
        }
        Some(Touched::Figure(id))
    }

    /// A claim is named with its page, `reuse/reused`, since each page names its own.
    fn claim(&mut self, text: Text<'a>) -> Option<Touched> {
        let names = || {
            let of_theme = |theme: &&Theme| {
                let named = |claim: &crate::Claim| format!("{}/{}", theme.id, claim.id);
                theme.claims.iter().map(named).collect::<Vec<_>>()
            };
            self.corrected.themes.iter().flat_map(of_theme).collect::<Vec<String>>()
        };
        if !names().iter().any(|name| name == text.value) {
            if !self.is_settled {
                return None;
            }
            let called = self.corrected.called;
            let message =
                format!("no page of {called} makes the claim {:?}; it is named like \"page/claim\"", text.value);
            let names = names();
            let finding = text.finding("unknown-claim", message);
            self.findings.push(finding.did_you_mean(text.value, names.iter().map(String::as_str)));
            return None;
        }
        let (theme, claim) = text.value.split_once('/')?;
        Some(Touched::Claim(ThemeId::new(theme).ok()?, ClaimId::new(claim).ok()?))
    }

    fn page(&mut self, text: Text<'a>) -> Option<Touched> {
        let id = text.name(ThemeId::new, self.findings)?;
        let known = || self.corrected.themes.iter().map(|theme| theme.id.as_str());
        if !known().any(|theme| theme == id.as_str()) && self.is_settled {
            let finding =
                text.finding("unknown-page", format!("{} has no page {:?}", self.corrected.called, text.value));
            let finding = finding.did_you_mean(text.value, known());
            self.findings.push(finding);
        }
        Some(Touched::Page(id))
    }
}
