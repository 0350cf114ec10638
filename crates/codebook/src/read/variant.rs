//! `report/<year>/variants.toml`: editions about some of the population.

use std::collections::BTreeSet;

use super::tables::Tables;
use super::toml::{Document, Entries, Text, Value};
use super::words::words;
use crate::{BaseId, Chart, Figure, FigureId, Finding, Language, TableId, Theme, Variant, VariantId, Wave};

/// The name of the file beside the themes.
pub(super) const VARIANTS: &str = "variants";

/// The folders that a release has besides; languages have shorter names.
const TAKEN: [&str; 5] = ["assets", "cards", "data", "figures", "provenance"];

/// The variants of a wave whose themes were read, in the order of their file.
pub(super) fn variants(
    document: &Document<'_>,
    wave: &Wave,
    languages: &[Language],
    tables: &Tables,
    findings: &mut Vec<Finding>,
) -> Vec<Variant> {
    let entries = document.entries();
    let named = entries.iter().flat_map(Entries::named);
    named.filter_map(|(name, value)| variant(name, value, wave, languages, tables, findings)).collect()
}

fn variant(
    name: Text<'_>,
    value: Value<'_>,
    wave: &Wave,
    languages: &[Language],
    tables: &Tables,
    findings: &mut Vec<Finding>,
) -> Option<Variant> {
    let id = name.name(VariantId::new, findings);
    if TAKEN.contains(&name.value) {
        findings.push(name.finding("duplicate", format!("{:?} is a folder that every release has", name.value)));
    }
    let mut entries = value.entries(findings)?;
    let title = entries.required("title").and_then(|value| words(value, languages, findings));
    let whom = entries.required("whom").and_then(|value| words(value, languages, findings));
    let bases = entries.required("bases").and_then(|value| bases(value, tables, findings));
    let lead = entries.optional("lead").and_then(|value| value.text(findings));
    entries.finish(findings);
    let id = id?;
    let themes: Vec<&Theme> = wave.themes.iter().filter(|theme| theme.variant() == Some(&id)).collect();
    if themes.is_empty() {
        let finding = name.finding("empty", format!("no theme of this wave has variant = {:?}", name.value));
        findings.push(finding);
    }
    let lead = lead.and_then(|text| lead_of(text, &themes, findings));
    Some(Variant { id, title: title?, whom: whom?, bases: bases?, lead, place: value.place() })
}

fn bases(value: Value<'_>, tables: &Tables, findings: &mut Vec<Finding>) -> Option<Vec<BaseId>> {
    let texts = value.texts(findings)?;
    if texts.is_empty() {
        findings.push(value.finding("empty", "an edition about somebody has a base at least"));
    }
    let mut bases = Vec::new();
    for text in texts {
        let base = text.name(BaseId::new, findings)?;
        if !tables.bases.contains_key(&base) && !tables.incomplete {
            let finding = text.finding("unknown-base", format!("there is no base {:?}", text.value));
            findings.push(finding.did_you_mean(text.value, tables.bases.keys().map(BaseId::as_str)));
        }
        bases.push(base);
    }
    Some(bases)
}

fn lead_of(text: Text<'_>, themes: &[&Theme], findings: &mut Vec<Finding>) -> Option<FigureId> {
    let figures = || themes.iter().flat_map(|theme| &theme.figures).map(|figure| &figure.id);
    let lead = figures().find(|id| id.as_str() == text.value).cloned();
    if lead.is_none() {
        let finding = text.finding("unknown-figure", format!("no page of this variant has a figure {:?}", text.value));
        findings.push(finding.did_you_mean(text.value, figures().map(FigureId::as_str)));
    }
    lead
}

/// What stands on pages of a variant and is not about those whom it is about; and pages of variants that are not there.
pub(super) fn strangers(wave: &Wave, tables: &Tables) -> Vec<Finding> {
    let mut findings = Vec::new();
    for theme in &wave.themes {
        let Some((id, place)) = &theme.variant else { continue };
        let Some(variant) = wave.variants.iter().find(|variant| variant.id == *id) else {
            let message = format!("there is no variant {:?} in report/{}/{VARIANTS}.toml", id.as_str(), wave.id);
            let known: BTreeSet<&str> = wave.variants.iter().map(|variant| variant.id.as_str()).collect();
            findings.push(Finding::error(place.clone(), "unknown-variant", message).did_you_mean(id.as_str(), known));
            continue;
        };
        let of_figure = |figure: &Figure| std::iter::once(figure.table.clone()).chain(against(figure));
        let figures = theme.figures.iter().flat_map(|figure| of_figure(figure).map(|table| (table, &figure.place)));
        let claims = theme.claims.iter().filter_map(|claim| Some((claim.predicate.table()?.clone(), &claim.place)));
        for (table, place) in figures.chain(claims) {
            let Some(spec) = tables.tables.iter().find(|spec| spec.id == table) else { continue };
            if !variant.bases.contains(&spec.base) {
                let bases = variant.bases.iter().map(BaseId::as_str).collect::<Vec<_>>().join(", ");
                let message = format!(
                    "table {:?} counts {:?}, and pages of {:?} are about {bases}",
                    table.as_str(),
                    spec.base.as_str(),
                    id.as_str()
                );
                let finding = Finding::error(place.clone(), "not-of-variant", message);
                findings.push(finding.hint("take a table with one of these bases"));
            }
        }
    }
    findings
}

/// The other tables of a figure.
fn against(figure: &Figure) -> Vec<TableId> {
    match &figure.chart {
        Chart::Against { table, parts } => std::iter::once(table).chain(parts.tables()).cloned().collect(),
        Chart::Rows
        | Chart::Row { .. }
        | Chart::Groups { .. }
        | Chart::RowsByGroups { .. }
        | Chart::OverWaves { .. } => Vec::new(),
    }
}
