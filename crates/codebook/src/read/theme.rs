//! `report/<year>/<theme>.toml`: the figures of a page and the claims that its texts make.

mod figure;
mod insert;
mod waves;

use super::Reading;
use super::codebook::Questionnaire;
use super::fact::allowed;
use super::tables::Tables;
use super::toml::{Document, Entries, Text, Value};
use super::words::words;
use crate::{
    BaseId, Category, CellName, Claim, ClaimId, Code, Comparison, Direction, Figure, FigureId, Finding, Language,
    Measure, Predicate, RowId, Series, TableId, TableSpec, Theme, ThemeId, VariableName, VariantId, Wave, WaveId,
    WeightRecipe,
};
pub(super) use insert::speakers;
use insert::{inserts, page_kind};
pub(super) use waves::incomparable;

/// Points by which "far more often" exceeds.
const FAR: f64 = 10.0;

/// Reads a theme, with its rank among the pages of the wave.
pub(super) fn theme(
    document: &Document<'_>,
    id: ThemeId,
    reading: &Reading<'_>,
    wave: Option<WaveId>,
    findings: &mut Vec<Finding>,
) -> Option<(i64, Theme, Vec<FigureName>)> {
    let mut entries = document.entries()?;
    let Reading { settings, questionnaire, tables, series, .. } = *reading;
    let languages = settings.languages.as_slice();
    let mut reader = PageReader { languages, questionnaire, tables, series, wave, findings };
    let order = entries.required("order").and_then(|value| value.integer(0, 1000, reader.findings));
    let figures = entries.optional("figures").and_then(|value| value.list(reader.findings)).unwrap_or_default();
    let figures: Vec<(Figure, FigureName)> = figures.into_iter().filter_map(|value| reader.figure(value)).collect();
    let claims = entries.optional("claims").and_then(|value| value.entries(reader.findings));
    let claims = claims.iter().flat_map(Entries::named);
    let claims = claims.filter_map(|(name, value)| reader.claim(name, value)).collect();
    let allow = entries.optional("allow");
    let allowed = allow.map(|value| allowed(value, languages, reader.findings)).unwrap_or_default();
    let variant = entries.optional("variant").and_then(|value| value.text(reader.findings));
    let variant = variant.and_then(|text| Some((text.name(VariantId::new, reader.findings)?, text.place())));
    let kind = page_kind(&mut entries, findings);
    let (cases, quotes) = inserts(&mut entries, languages, findings);
    entries.finish(findings);
    let (figures, names) = figures.into_iter().unzip();
    let place = document.source.whole();
    Some((order.unwrap_or(0), Theme { id, variant, kind, figures, claims, allowed, cases, quotes, place }, names))
}

/// Claims that stand on a test in a wave of unknown design. Its intervals are approximate, and nothing is tested with them
/// (statistics: section 6).
pub(super) fn untested_claims(wave: &Wave) -> Vec<Finding> {
    let design_known = match wave.design.weights {
        WeightRecipe::Supplied { design_known, .. } => design_known,
        WeightRecipe::Equal | WeightRecipe::Response => true,
    };
    if design_known {
        return Vec::new();
    }
    let claims = wave.themes.iter().flat_map(|theme| &theme.claims);
    let finding = |claim: &Claim| {
        let (states, instead) = match claim.predicate {
            Predicate::MostCommon { .. } => ("ranks answers", "tell the shares instead"),
            Predicate::Change { .. } | Predicate::Unchanged { .. } => {
                ("compares waves", "tell the shares of both waves instead")
            }
            Predicate::MoreOften { .. } | Predicate::AboutTheSame { .. } => {
                ("compares groups", "tell the shares of both groups instead")
            }
            Predicate::Majority { .. } => ("states a majority", "tell the share instead"),
            Predicate::Near { .. } | Predicate::NearThen { .. } | Predicate::Answers { .. } => return None,
        };
        let message = format!(
            "the claim {:?} {states}, but the design of this wave is not known (design_known = false), so nothing can be \
             tested",
            claim.id.as_str()
        );
        Some(Finding::error(claim.place.clone(), "untested-design", message).hint(instead))
    };
    claims.filter_map(finding).collect()
}

/// Something that the country has and this wave does not.
fn not_in_this_wave(text: Text<'_>, what: &str) -> Finding {
    let message = format!("{what} needs what this wave did not have");
    text.finding("absent", message).hint("ledger.toml tells what was not asked: leave this out of the wave's pages")
}

/// The name of a figure and where it is written, to find names that a wave gives twice.
pub(super) struct FigureName {
    pub(super) id: FigureId,
    pub(super) finding: Finding,
}

/// A row of a table, in total or in one group of a breakdown.
type Cell = (TableId, RowId, Option<(VariableName, Code)>);

struct PageReader<'r> {
    languages: &'r [Language],
    questionnaire: &'r Questionnaire,
    tables: &'r Tables,
    series: &'r Series,
    /// The wave that the page is of, if there is one.
    wave: Option<WaveId>,
    findings: &'r mut Vec<Finding>,
}

impl<'r> PageReader<'r> {
    fn figure(&mut self, value: Value<'_>) -> Option<(Figure, FigureName)> {
        let mut entries = value.entries(self.findings)?;
        let id = entries.required("id").and_then(|value| value.text(self.findings));
        let name = id.and_then(|text| text.name(FigureId::new, self.findings));
        let headline = entries.required("headline");
        let headline_place = headline.as_ref().map_or_else(|| entries.place().clone(), |value| value.place());
        let headline = headline.and_then(|value| words(value, self.languages, self.findings)).unwrap_or_default();
        let table = self.table(&mut entries);
        let kind = entries.optional("kind").and_then(|value| value.text(self.findings));
        let chart = self.shown(&mut entries, table);
        let place = entries.place().clone();
        entries.finish(self.findings);
        let kind = match (table, &chart) {
            (Some(table), Some(chart)) => self.kind(kind, table, chart),
            (None, _) | (_, None) => None,
        };
        let (name, text) = (name?, id?);
        let finding =
            text.finding("duplicate", format!("the figure {:?} is already on a page of this wave", text.value));
        let figure = Figure {
            id: name.clone(),
            headline,
            headline_place,
            table: table?.id.clone(),
            chart: chart?,
            kind: kind?,
            place,
        };
        Some((figure, FigureName { id: name, finding }))
    }

    /// The table that `table = "…"` names.
    fn table(&mut self, entries: &mut Entries<'_>) -> Option<&'r TableSpec> {
        let text = entries.required("table").and_then(|value| value.text(self.findings))?;
        self.table_of(text)
    }

    fn table_of(&mut self, text: Text<'_>) -> Option<&'r TableSpec> {
        let table = self.tables.tables.iter().find(|table| table.id.as_str() == text.value);
        if table.is_none() && self.tables.whole(text.value).is_some() {
            self.findings.push(not_in_this_wave(text, &format!("the table {:?}", text.value)));
        } else if table.is_none() && !self.tables.incomplete && !self.tables.is_unclear(text.value) {
            let finding = text.finding("unknown-table", format!("there is no table {:?}", text.value));
            let known = self.tables.tables.iter().map(|table| table.id.as_str());
            self.findings.push(finding.did_you_mean(text.value, known));
        }
        table
    }

    fn is_clear(&self, table: &TableSpec) -> bool {
        !self.tables.is_unclear(table.id.as_str())
    }

    fn row(&mut self, text: Text<'_>, table: &TableSpec) -> Option<RowId> {
        let row = table.rows.iter().find(|row| row.id.as_str() == text.value);
        let whole = self.tables.whole(table.id.as_str());
        let is_of_other_waves = whole.is_some_and(|whole| whole.rows.iter().any(|row| row.id.as_str() == text.value));
        if row.is_none() && is_of_other_waves {
            self.findings.push(not_in_this_wave(text, &format!("the row {:?}", text.value)));
        } else if row.is_none() && self.is_clear(table) {
            let message = format!("the table {:?} has no row {:?}", table.id.as_str(), text.value);
            let known = table.rows.iter().map(|row| row.id.as_str());
            self.findings.push(text.finding("unknown-row", message).did_you_mean(text.value, known));
        }
        row.map(|row| row.id.clone())
    }

    fn breakdown(&mut self, text: Text<'_>, table: &TableSpec) -> Option<VariableName> {
        let breakdown = table.breakdowns.iter().find(|name| name.as_str() == text.value);
        let whole = self.tables.whole(table.id.as_str());
        let is_of_other_waves =
            whole.is_some_and(|whole| whole.breakdowns.iter().any(|name| name.as_str() == text.value));
        if breakdown.is_none() && is_of_other_waves {
            self.findings.push(not_in_this_wave(text, &format!("the breakdown {:?}", text.value)));
        } else if breakdown.is_none() && self.is_clear(table) {
            let message = format!("the table {:?} has no breakdown {:?}", table.id.as_str(), text.value);
            let known = table.breakdowns.iter().map(VariableName::as_str);
            let finding = text.finding("unknown-breakdown", message).did_you_mean(text.value, known);
            self.findings.push(finding.hint("breakdowns are listed at the table"));
        }
        breakdown.cloned()
    }

    fn group(&mut self, text: Text<'_>, breakdown: &VariableName) -> Option<Code> {
        let categories: &[Category] = self.questionnaire.codebook.variable(breakdown)?.categories();
        let code = categories.iter().map(|category| &category.code).find(|code| code.as_str() == text.value);
        if code.is_none() {
            let message = format!("the breakdown {:?} has no group {:?}", breakdown.as_str(), text.value);
            let known = categories.iter().map(|category| category.code.as_str());
            self.findings.push(text.finding("unknown-group", message).did_you_mean(text.value, known));
        }
        code.cloned()
    }

    fn claim(&mut self, name: Text<'_>, value: Value<'_>) -> Option<Claim> {
        let id = name.name(ClaimId::new, self.findings);
        let mut entries = value.entries(self.findings)?;
        let mut stated = Vec::new();
        for kind in [
            Statement::Near,
            Statement::Answers,
            Statement::Majority,
            Statement::MoreOften,
            Statement::FarMoreOften,
            Statement::MostCommon,
            Statement::AboutTheSame,
            Statement::Rose,
            Statement::Fell,
            Statement::Unchanged,
        ] {
            stated.extend(entries.optional(kind.key()).map(|value| (kind, value)));
        }
        let place = name.place();
        let predicate = match stated.as_slice() {
            [(kind, value)] => self.predicate(*kind, *value),
            [] => {
                // A misspelt predicate is an unknown key already.
                if entries.named().is_empty() {
                    let finding = Finding::error(place.clone(), "missing-key", "the claim states nothing");
                    self.findings
                        .push(finding.hint(
                            "near, answers, majority, more_often, far_more_often, most_common, about_the_same, rose, fell or \
                             unchanged",
                        ));
                }
                None
            }
            [_, (_, second), ..] => {
                self.findings.push(second.finding("contradiction", "a claim states one thing"));
                None
            }
        };
        entries.finish(self.findings);
        Some(Claim { id: id?, predicate: predicate?, place })
    }

    fn predicate(&mut self, kind: Statement, value: Value<'_>) -> Option<Predicate> {
        match kind {
            Statement::Answers => {
                let text = value.text(self.findings)?;
                self.base(text).map(|base| Predicate::Answers { base })
            }
            Statement::Near => self.near(value),
            Statement::Majority => {
                self.cell(value).map(|(table, row, group)| Predicate::Majority { table, row, group })
            }
            Statement::MoreOften => self.more_often(value, 0.0),
            Statement::FarMoreOften => self.more_often(value, FAR),
            Statement::MostCommon => self.most_common(value),
            Statement::AboutTheSame => self.about_the_same(value),
            Statement::Rose => self.change(value, Direction::Rose),
            Statement::Fell => self.change(value, Direction::Fell),
            Statement::Unchanged => self.unchanged(value),
        }
    }

    fn base(&mut self, text: Text<'_>) -> Option<BaseId> {
        let bases = &self.tables.bases;
        let base = bases.keys().find(|base| base.as_str() == text.value).cloned();
        if base.is_none() && self.tables.lacks_base(text.value) {
            self.findings.push(not_in_this_wave(text, &format!("the base {:?}", text.value)));
        } else if base.is_none() && !self.tables.incomplete {
            let finding = text.finding("unknown-base", format!("there is no base {:?}", text.value));
            self.findings.push(finding.did_you_mean(text.value, bases.keys().map(BaseId::as_str)));
        }
        base
    }

    /// The table of a claim, whose rows are shares: claims speak of per cents and points.
    fn shares(&mut self, value: Value<'_>, entries: &mut Entries<'_>) -> Option<&'r TableSpec> {
        let table = self.table(entries)?;
        if table.measure != Measure::Share && self.is_clear(table) {
            let message = format!("the claim is about shares, and the table {:?} has none", table.id.as_str());
            self.findings.push(value.finding("type-mismatch", message));
        }
        Some(table)
    }

    fn required<'v>(&mut self, entries: &mut Entries<'v>, key: &'static str) -> Option<Text<'v>> {
        entries.required(key).and_then(|value| value.text(self.findings))
    }

    fn near(&mut self, value: Value<'_>) -> Option<Predicate> {
        let mut entries = value.entries(self.findings)?;
        let is_of_earlier = entries.optional("wave").is_some();
        let wave = if is_of_earlier { Some(self.earlier(&mut entries, "wave")) } else { None };
        let (table, row, group) = self.cell_of(value, entries)?;
        match wave {
            None => Some(Predicate::Near { table, row, group }),
            Some(wave) => Some(Predicate::NearThen { cell: CellName { table, row, group }, wave: wave? }),
        }
    }

    fn cell(&mut self, value: Value<'_>) -> Option<Cell> {
        let entries = value.entries(self.findings)?;
        self.cell_of(value, entries)
    }

    /// The cell that the entries name, besides what was taken out of them.
    fn cell_of(&mut self, value: Value<'_>, mut entries: Entries<'_>) -> Option<Cell> {
        let table = self.shares(value, &mut entries);
        let row = self.required(&mut entries, "row");
        let breakdown = entries.optional("breakdown").and_then(|value| value.text(self.findings));
        let group = entries.optional("group").and_then(|value| value.text(self.findings));
        entries.finish(self.findings);
        let table = table?;
        let row = row.and_then(|text| self.row(text, table));
        let group = match (breakdown, group) {
            (None, None) => None,
            (Some(breakdown), Some(group)) => {
                let breakdown = self.breakdown(breakdown, table)?;
                let group = self.group(group, &breakdown)?;
                Some((breakdown, group))
            }
            (Some(lone), None) | (None, Some(lone)) => {
                let message = "a claim has both a breakdown and a group, or neither";
                self.findings.push(lone.finding("contradiction", message));
                return None;
            }
        };
        Some((table.id.clone(), row?, group))
    }

    fn more_often(&mut self, value: Value<'_>, at_least: f64) -> Option<Predicate> {
        let mut entries = value.entries(self.findings)?;
        let table = self.shares(value, &mut entries);
        let row = self.required(&mut entries, "row");
        let breakdown = self.required(&mut entries, "breakdown");
        let group = self.required(&mut entries, "group");
        let than = self.required(&mut entries, "than");
        entries.finish(self.findings);
        let table = table?;
        let row = row.and_then(|text| self.row(text, table));
        let breakdown = breakdown.and_then(|text| self.breakdown(text, table))?;
        let (group_text, than_text) = (group?, than?);
        let (group, than) = (self.group(group_text, &breakdown), self.group(than_text, &breakdown));
        let (group, than) = (group?, than?);
        if group == than {
            self.findings.push(than_text.finding("contradiction", "a group is compared with itself"));
            return None;
        }
        let comparison = Comparison { table: table.id.clone(), row: row?, breakdown, group, than };
        Some(Predicate::MoreOften { comparison, at_least })
    }

    fn most_common(&mut self, value: Value<'_>) -> Option<Predicate> {
        let mut entries = value.entries(self.findings)?;
        let among = entries.optional("among").and_then(|value| value.list(self.findings));
        let (table, row, group) = self.cell_of(value, entries)?;
        let spec = self.tables.tables.iter().find(|candidate| candidate.id == table)?;
        let others: Vec<RowId> = match among {
            None => spec.rows.iter().map(|row| row.id.clone()).collect(),
            Some(among) => {
                let named = among.into_iter().filter_map(|value| value.text(self.findings)).collect::<Vec<_>>();
                named.into_iter().filter_map(|text| self.row(text, spec)).collect()
            }
        };
        let others: Vec<RowId> = others.into_iter().filter(|other| *other != row).collect();
        if others.is_empty() {
            self.findings.push(value.finding("contradiction", "there is no other row to be more common than"));
            return None;
        }
        Some(Predicate::MostCommon { row: CellName { table, row, group }, others })
    }

    fn about_the_same(&mut self, value: Value<'_>) -> Option<Predicate> {
        let mut entries = value.entries(self.findings)?;
        let table = self.shares(value, &mut entries);
        let row = self.required(&mut entries, "row");
        let breakdown = self.required(&mut entries, "breakdown");
        let margin = entries.required("margin").and_then(|value| value.points(self.findings));
        entries.finish(self.findings);
        let table = table?;
        let row = row.and_then(|text| self.row(text, table));
        let breakdown = breakdown.and_then(|text| self.breakdown(text, table));
        Some(Predicate::AboutTheSame { table: table.id.clone(), row: row?, breakdown: breakdown?, margin: margin? })
    }
}

/// What a claim can state, by its key.
#[derive(Clone, Copy)]
enum Statement {
    Near,
    Answers,
    Majority,
    MoreOften,
    FarMoreOften,
    MostCommon,
    AboutTheSame,
    Rose,
    Fell,
    Unchanged,
}

impl Statement {
    fn key(self) -> &'static str {
        match self {
            Self::Near => "near",
            Self::Answers => "answers",
            Self::Majority => "majority",
            Self::MoreOften => "more_often",
            Self::FarMoreOften => "far_more_often",
            Self::MostCommon => "most_common",
            Self::AboutTheSame => "about_the_same",
            Self::Rose => "rose",
            Self::Fell => "fell",
            Self::Unchanged => "unchanged",
        }
    }
}
