//! Figures and claims over several waves: which waves a figure shows, and what may be compared.

use super::super::series::year;
use super::super::toml::{Entries, Value};
use super::PageReader;
use crate::{
    BreakReason, CellName, Chart, Claim, Country, Direction, Figure, Finding, Joint, Predicate, Samples, TableSpec,
    Wave, WaveId,
};

impl<'r> PageReader<'r> {
    /// The waves that `waves = true` or a list of years names, this one the last of them.
    pub(super) fn waves(&mut self, value: Value<'_>) -> Option<Vec<WaveId>> {
        let own = self.wave?;
        let known: Vec<WaveId> = self.series.shown().into_iter().filter(|wave| *wave <= own).collect();
        let listed = if value.is_list() { Some(value.list(self.findings)?) } else { None };
        let waves = match listed {
            None => value.boolean(self.findings)?.then(|| known.clone())?,
            Some(values) => {
                let mut waves = Vec::new();
                for value in values {
                    let wave = year(value, self.findings)?;
                    if !known.contains(&wave) {
                        let message = format!("wave {wave} is none that this one can show beside itself");
                        let finding = value.finding("unknown-wave", message);
                        let known: Vec<String> = known.iter().map(ToString::to_string).collect();
                        self.findings.push(finding.hint(format!("series.toml has {}", known.join(", "))));
                        return None;
                    }
                    waves.push(wave);
                }
                waves
            }
        };
        let is_in_order = waves.windows(2).all(|pair| matches!(pair, [earlier, later] if earlier < later));
        if waves.len() < 2 || waves.last() != Some(&own) || !is_in_order {
            let message = format!("a figure over waves shows two of them at least, in order, the last of them {own}");
            self.findings.push(value.finding("series-order", message).hint("series.toml says which there are"));
            return None;
        }
        Some(waves)
    }

    /// What a figure over waves shows of its table.
    pub(super) fn over_waves(
        &mut self,
        entries: &mut Entries<'_>,
        waves: Vec<WaveId>,
        table: &'r TableSpec,
    ) -> Option<Chart> {
        let row = entries.optional("row").and_then(|value| value.text(self.findings));
        let breakdown = entries.optional("breakdown").and_then(|value| value.text(self.findings));
        if let Some(against) = entries.optional("against") {
            let message = "a figure over waves sets no tables against each other";
            self.findings.push(against.finding("contradiction", message));
            return None;
        }
        let chosen = match row {
            Some(text) => Some(self.row(text, table)?),
            None => None,
        };
        let groups = match breakdown {
            Some(text) => Some(self.breakdown(text, table)?),
            None => None,
        };
        if let (None, Some(text)) = (&chosen, breakdown) {
            let message = "a figure by a breakdown over waves shows one row";
            self.findings.push(text.finding("missing-key", message).hint("row = \"…\""));
            return None;
        }
        Some(Chart::OverWaves { row: chosen, breakdown: groups, waves })
    }

    /// A claim about a change since an earlier wave.
    pub(super) fn change(&mut self, value: Value<'_>, direction: Direction) -> Option<Predicate> {
        let mut entries = value.entries(self.findings)?;
        let since = self.earlier(&mut entries, "since");
        let (table, row, group) = self.cell_of(value, entries)?;
        Some(Predicate::Change { cell: CellName { table, row, group }, since: since?, direction })
    }

    /// A claim that nothing changed since an earlier wave.
    pub(super) fn unchanged(&mut self, value: Value<'_>) -> Option<Predicate> {
        let mut entries = value.entries(self.findings)?;
        let since = self.earlier(&mut entries, "since");
        let margin = entries.required("margin").and_then(|value| value.points(self.findings));
        let (table, row, group) = self.cell_of(value, entries)?;
        Some(Predicate::Unchanged { cell: CellName { table, row, group }, since: since?, margin: margin? })
    }

    /// The earlier wave that a key names.
    pub(super) fn earlier(&mut self, entries: &mut Entries<'_>, key: &'static str) -> Option<WaveId> {
        let value = entries.required(key)?;
        let wave = year(value, self.findings)?;
        let known: Vec<WaveId> =
            self.series.shown().into_iter().filter(|it| self.wave.is_none_or(|own| *it < own)).collect();
        if !known.contains(&wave) {
            let finding = value.finding("unknown-wave", format!("wave {wave} is no earlier wave of the series"));
            let known: Vec<String> = known.iter().map(ToString::to_string).collect();
            self.findings.push(if known.is_empty() {
                finding.hint("series.toml says which waves stand beside each other")
            } else {
                finding.hint(format!("series.toml has {}", known.join(", ")))
            });
            return None;
        }
        Some(wave)
    }
}

/// Claims that compare what may not be compared: over a break, outside of the series, without a declared pair.
pub(crate) fn incomparable(country: &Country) -> Vec<Finding> {
    let of_wave = |wave: &Wave| -> Vec<Finding> {
        let claims = wave.themes.iter().flat_map(|theme| &theme.claims);
        let figures = wave.themes.iter().flat_map(|theme| &theme.figures);
        let mixed = figures.filter_map(|figure| mixed_figure(country, wave, figure));
        claims.filter_map(|claim| incomparable_claim(country, wave, claim)).chain(mixed).collect()
    };
    country.waves.values().flat_map(of_wave).collect()
}

/// A figure that shows made-up answers beside real ones, where no mark could say which is which.
fn mixed_figure(country: &Country, wave: &Wave, figure: &Figure) -> Option<Finding> {
    let others = figure.chart.waves().iter().filter_map(|id| country.waves.get(id));
    let other = others.into_iter().find(|other| other.synthetic != wave.synthetic)?;
    let [made_up, real] = if wave.synthetic { [wave.id, other.id] } else { [other.id, wave.id] };
    let id = figure.id.as_str();
    let message = format!("the figure {id:?} shows wave {real} beside wave {made_up}, whose answers are made up");
    Some(Finding::error(figure.place.clone(), "mixed-waves", message).hint("`waves` may name those of one kind"))
}

/// A claim about a share that nobody was asked for.
fn absent_then(country: &Country, claim: &Claim, cell: &CellName, then: WaveId) -> Option<Finding> {
    let as_then = country.of_wave(then);
    let has_group = |table: &&TableSpec| cell.group.as_ref().is_none_or(|(name, _)| table.breakdowns.contains(name));
    let told = as_then.table(&cell.table).filter(has_group).and_then(|table| table.row(&cell.row));
    let message =
        format!("the claim {:?} is about {then}, which did not have {:?}", claim.id.as_str(), cell.row.as_str());
    told.is_none().then(|| Finding::error(claim.place.clone(), "absent", message))
}

/// Why the units that are in both waves of a panel do not tell a covariance; `None` where they do.
fn unlinked(country: &Country, waves: [WaveId; 2]) -> Option<&'static str> {
    let mut designs = waves.iter().filter_map(|id| country.waves.get(id)).map(|wave| &wave.design);
    if designs.clone().any(|design| design.replicates.is_some()) {
        return Some("and replicates of one wave are not those of another");
    }
    designs.any(|design| !design.psu.is_empty()).then_some("and units are linked, while clusters were drawn")
}

fn incomparable_claim(country: &Country, wave: &Wave, claim: &Claim) -> Option<Finding> {
    let (cell, since) = match &claim.predicate {
        Predicate::Change { cell, since, .. } | Predicate::Unchanged { cell, since, .. } => (cell, *since),
        Predicate::NearThen { cell, wave: then } => return absent_then(country, claim, cell, *then),
        Predicate::Near { .. }
        | Predicate::Answers { .. }
        | Predicate::Answered
        | Predicate::Majority { .. }
        | Predicate::MoreOften { .. }
        | Predicate::MostCommon { .. }
        | Predicate::AboutTheSame { .. } => return None,
    };
    let spec = country.table(&cell.table)?;
    let row = spec.row(&cell.row)?;
    let breakdown = cell.group.as_ref().map(|(breakdown, _)| breakdown);
    let compares =
        format!("the claim {:?} compares {:?} in {} with {since}", claim.id.as_str(), cell.row.as_str(), wave.id);
    let error = |code, why: String| Finding::error(claim.place.clone(), code, format!("{compares}, {why}"));
    match country.joint_of((spec, row), breakdown, since, wave.id) {
        Joint::Joined => {}
        Joint::Outside(_) => {
            let finding = error("outside-the-series", "and one of them is outside of the official series".to_owned());
            return Some(finding.hint("tell both shares with near"));
        }
        Joint::Broken(reasons) => {
            let mut causes: Vec<String> = reasons.iter().map(BreakReason::in_words).collect();
            causes.dedup();
            let why = format!("and between them lies a break ({})", causes.join("; "));
            return Some(error("across-a-break", why).hint("tell both shares with near, and what changed"));
        }
        Joint::Absent => {
            return Some(error("absent", format!("and {since} did not have it")));
        }
    }
    match country.series.pair(since, wave.id).map(|pair| pair.samples) {
        Some(Samples::Independent | Samples::Coordinated) => None,
        Some(Samples::Panel) => {
            let why = unlinked(country, [since, wave.id])?;
            Some(error("untested-panel", format!("and the samples are a panel, {why}")).hint("tell both with near"))
        }
        None => {
            let hint = "say how their samples hang together: [[pairs]] in series.toml";
            Some(error("no-pair", "and series.toml has no such pair".to_owned()).hint(hint))
        }
    }
}
