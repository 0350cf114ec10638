//! `report/<page>.toml` of a comparison: its figures, and the claims that its texts make.

use std::collections::BTreeMap;

use super::Reading;
use super::edition::Editions;
use crate::read::fact::allowed;
use crate::read::toml::{Document, Entries, Text, Value};
use crate::read::words::words;
use crate::{
    Chart, ChartKind, Claim, ClaimId, ComparedEdition, ComparedId, ComparisonPage, Figure, FigureId, Finding, PageKind,
    Place, Predicate, RowId, TableSpec, Theme, ThemeId,
};

/// What helps where a page shows all editions, which cannot stand beside each other.
const NAME_THEM: &str =
    "a page that names no editions shows all: name those that it compares, as in editions = [\"one\", \"other\"]";

/// Reads a page, with its rank. `figures` are those of the pages before it.
pub(super) fn page(
    document: &Document<'_>,
    id: ThemeId,
    reading: &Reading<'_>,
    editions: &Editions,
    figures: &mut Vec<FigureId>,
    findings: &mut Vec<Finding>,
) -> Option<(i64, ComparisonPage)> {
    let mut entries = document.entries()?;
    let mut reader = Reader { reading, editions, findings };
    let order = entries.required("order").and_then(|value| value.integer(0, 1000, reader.findings));
    let shown = reader.shown(entries.optional("editions"), &document.source.whole());
    let drawn = entries.required("figures").and_then(|value| value.list(reader.findings)).unwrap_or_default();
    let drawn: Vec<Figure> = drawn.into_iter().filter_map(|value| reader.figure(value, figures)).collect();
    let claims = entries.optional("claims").and_then(|value| value.entries(reader.findings));
    let claims: Vec<(Claim, ComparedId)> = claims
        .iter()
        .flat_map(Entries::named)
        .filter_map(|(name, value)| reader.claim(name, value, &shown, &drawn))
        .collect();
    let allow = entries.optional("allow");
    let allowed = allow.map(|value| allowed(value, reading.languages, findings)).unwrap_or_default();
    entries.finish(findings);
    let told: BTreeMap<ClaimId, ComparedId> =
        claims.iter().map(|(claim, edition)| (claim.id.clone(), edition.clone())).collect();
    let theme = Theme {
        id,
        variant: None,
        kind: PageKind::Theme,
        figures: drawn,
        claims: claims.into_iter().map(|(claim, _)| claim).collect(),
        allowed,
        cases: Vec::new(),
        quotes: Vec::new(),
        place: document.source.whole(),
    };
    Some((order.unwrap_or(0), ComparisonPage { theme, editions: shown, told }))
}

struct Reader<'r, 'f> {
    reading: &'r Reading<'r>,
    editions: &'r Editions,
    findings: &'f mut Vec<Finding>,
}

impl<'r> Reader<'r, '_> {
    fn edition(&mut self, text: Text<'_>) -> Option<&'r ComparedEdition> {
        let Editions { read, names } = self.editions;
        let found = read.iter().find(|edition| edition.id.as_str() == text.value);
        if !names.iter().any(|name| name == text.value) {
            let finding = text.finding("unknown-edition", format!("there is no edition {:?}", text.value));
            self.findings.push(finding.did_you_mean(text.value, names.iter().map(String::as_str)));
        }
        found
    }

    /// The editions of the page, in the order of the comparison: those that it names, or else all. The whole of an edition and a part of it are no two
    /// units of comparison.
    fn shown(&mut self, value: Option<Value<'_>>, page: &Place) -> Vec<ComparedId> {
        let Editions { read, names } = self.editions;
        let place = value.as_ref().map_or_else(|| page.clone(), |value| value.place());
        let named: Vec<(&ComparedEdition, Place)> = match value {
            Some(value) => {
                let texts = value.texts(self.findings).unwrap_or_default();
                texts.into_iter().filter_map(|text| Some((self.edition(text)?, text.place()))).collect()
            }
            None => read.iter().map(|edition| (edition, page.clone())).collect(),
        };
        for (index, (edition, place)) in named.iter().enumerate() {
            let of_one_wave = |other: &ComparedEdition| {
                other.id != edition.id
                    && (&other.country, other.wave) == (&edition.country, edition.wave)
                    && (other.group.is_none() || edition.group.is_none())
            };
            if let Some((other, _)) = named[..index].iter().find(|(other, _)| of_one_wave(other)) {
                let message = format!(
                    "{:?} and {:?} are one edition and a part of it, which are not compared",
                    other.id.as_str(),
                    edition.id.as_str()
                );
                let finding = Finding::error(place.clone(), "part-beside-whole", message);
                let is_named = place != page;
                self.findings.push(if is_named { finding } else { finding.hint(NAME_THEM) });
            }
        }
        let is_shown = |edition: &&ComparedEdition| named.iter().any(|(it, _)| it.id == edition.id);
        let shown: Vec<ComparedId> = read.iter().filter(is_shown).map(|edition| edition.id.clone()).collect();
        if shown.len() < 2 && read.len() == names.len() {
            self.findings.push(Finding::error(place, "empty", "a page compares at least two editions"));
        }
        shown
    }

    fn table(&mut self, entries: &mut Entries<'_>) -> Option<&'r TableSpec> {
        let text = entries.required("table").and_then(|value| value.text(self.findings))?;
        let tables = self.reading.tables;
        let found = tables.tables.iter().find(|table| table.id.as_str() == text.value);
        if found.is_none() && !tables.incomplete && !tables.is_unclear(text.value) {
            let finding = text.finding("unknown-table", format!("there is no table {:?}", text.value));
            let known = tables.tables.iter().map(|table| table.id.as_str());
            self.findings.push(finding.did_you_mean(text.value, known));
        }
        found
    }

    fn figure(&mut self, value: Value<'_>, known: &mut Vec<FigureId>) -> Option<Figure> {
        let mut entries = value.entries(self.findings)?;
        let id = entries.required("id").and_then(|value| value.text(self.findings));
        let headline = entries.required("headline");
        let headline_place = headline.as_ref().map_or_else(|| entries.place().clone(), |value| value.place());
        let headline = headline.and_then(|value| words(value, self.reading.languages, self.findings));
        let table = self.table(&mut entries);
        let kind = entries.optional("kind").and_then(|value| value.text(self.findings));
        let place = entries.place().clone();
        entries.finish(self.findings);
        let kind = match kind {
            Some(text) => self.kind(text)?,
            None => ChartKind::Dot,
        };
        let text = id?;
        let id = text.name(FigureId::new, self.findings)?;
        if known.contains(&id) {
            let message = format!("the figure {:?} is already on a page of this comparison", text.value);
            self.findings.push(text.finding("duplicate", message));
            return None;
        }
        known.push(id.clone());
        let (headline, table) = (headline?, table?.id.clone());
        Some(Figure { id, headline, headline_place, table, chart: Chart::Rows, kind, place })
    }

    fn kind(&mut self, text: Text<'_>) -> Option<ChartKind> {
        let fitting = [ChartKind::Dot, ChartKind::Bar];
        let kind = fitting.into_iter().find(|kind| kind.as_str() == text.value);
        if kind.is_none() {
            let finding = text.finding("unknown-word", format!("{:?} is no kind of chart here", text.value));
            self.findings.push(finding.did_you_mean(text.value, fitting.map(ChartKind::as_str)));
        }
        kind
    }

    /// A claim tells the share of one edition. Nothing is ranked or tested: what was printed tells no error, and made-up numbers tell nothing.
    fn claim(
        &mut self,
        name: Text<'_>,
        value: Value<'_>,
        shown: &[ComparedId],
        drawn: &[Figure],
    ) -> Option<(Claim, ComparedId)> {
        let id = name.name(ClaimId::new, self.findings);
        let mut entries = value.entries(self.findings)?;
        let near = entries.required("near");
        entries.finish(self.findings);
        let near = near?;
        let mut entries = near.entries(self.findings)?;
        let edition = entries.required("edition").and_then(|value| value.text(self.findings));
        let table = self.table(&mut entries);
        let row = entries.required("row").and_then(|value| value.text(self.findings));
        entries.finish(self.findings);
        let text = edition?;
        let edition = self.edition(text)?;
        if !shown.contains(&edition.id) {
            let message = format!("the page does not show the edition {:?}", text.value);
            self.findings.push(text.finding("not-on-the-page", message));
        }
        let (table, row) = (table?, self.row(row?, table?));
        if !drawn.iter().any(|figure| figure.table == table.id) {
            let message = format!("no figure of the page shows the table {:?}", table.id.as_str());
            self.findings.push(near.finding("not-on-the-page", message));
        }
        let predicate = Predicate::Near { table: table.id.clone(), row: row?, group: None };
        Some((Claim { id: id?, predicate, place: name.place() }, edition.id.clone()))
    }

    fn row(&mut self, text: Text<'_>, table: &TableSpec) -> Option<RowId> {
        let row = table.rows.iter().find(|row| row.id.as_str() == text.value);
        if row.is_none() && !self.reading.tables.is_unclear(table.id.as_str()) {
            let message = format!("the table {:?} has no row {:?}", table.id.as_str(), text.value);
            let known = table.rows.iter().map(|row| row.id.as_str());
            self.findings.push(text.finding("unknown-row", message).did_you_mean(text.value, known));
        }
        row.map(|row| row.id.clone())
    }
}
