//! What a figure shows of its table, and how: which kinds of chart fit.

use super::super::toml::{Entries, Text, Value};
use super::PageReader;
use crate::{BatteryKind, Chart, ChartKind, Kind, Measure, Parts, TableId, TableSpec};

/// More answers of a side cannot be told apart.
const PARTS_AT_MOST: usize = 2;

impl<'r> PageReader<'r> {
    /// What `row`, `breakdown` and `against` choose of the table.
    pub(super) fn shown(&mut self, entries: &mut Entries<'_>, table: Option<&'r TableSpec>) -> Option<Chart> {
        if let Some(value) = entries.optional("waves") {
            let waves = self.waves(value);
            return self.over_waves(entries, waves?, table?);
        }
        let row = entries.optional("row").and_then(|value| value.text(self.findings));
        let breakdown = entries.optional("breakdown").and_then(|value| value.text(self.findings));
        let against = entries.optional("against").and_then(|value| value.text(self.findings));
        let parts = entries.optional("parts");
        let table = table?;
        if let (None, Some(parts)) = (against, parts) {
            let message = "only a figure that sets tables against each other is divided into parts";
            self.findings.push(parts.finding("contradiction", message));
            return None;
        }
        if let Some(against) = against {
            if let Some(lone) = row.or(breakdown) {
                let message = "a figure that sets tables against each other has neither row nor breakdown";
                self.findings.push(lone.finding("contradiction", message));
                return None;
            }
            let parts = parts.map(|parts| (parts, parts.texts(self.findings).unwrap_or_default()));
            return self.against(against, table, parts);
        }
        match (row, breakdown) {
            (None, None) => Some(Chart::Rows),
            (Some(row), None) => self.row(row, table).map(|row| Chart::Row { row }),
            (None, Some(breakdown)) => {
                self.breakdown(breakdown, table).map(|breakdown| Chart::RowsByGroups { breakdown })
            }
            (Some(row), Some(breakdown)) => {
                let (row, breakdown) = (self.row(row, table), self.breakdown(breakdown, table));
                Some(Chart::Groups { row: row?, breakdown: breakdown? })
            }
        }
    }

    /// The other table, which must count other answers to the same questions of the same base.
    fn against(
        &mut self,
        text: Text<'_>,
        table: &TableSpec,
        parts: Option<(Value<'_>, Vec<Text<'_>>)>,
    ) -> Option<Chart> {
        let other = self.table_of(text)?;
        if !self.is_clear(table) || !self.is_clear(other) {
            return None;
        }
        let pairs = || table.rows.iter().map(|row| (row, other.row(&row.id)));
        let unfit = if table.measure != Measure::Share || other.measure != Measure::Share {
            Some("one of them does not show shares")
        } else if table.base != other.base {
            Some("they have different bases")
        } else if table.decimals != other.decimals {
            Some("they have different decimals")
        } else if pairs().any(|(_, other)| other.is_none()) || table.rows.len() != other.rows.len() {
            Some("they have different rows")
        } else if pairs()
            .any(|(row, other)| other.is_some_and(|it| it.codes.iter().any(|code| row.codes.contains(code))))
        {
            Some("both count the same answer")
        } else if table.rows.iter().any(|row| row.codes.is_empty()) {
            Some("a row counts no answers of a question")
        } else {
            None
        };
        if let Some(why) = unfit {
            let message = format!(
                "the tables {:?} and {:?} cannot stand against each other: {why}",
                table.id.as_str(),
                text.value
            );
            self.findings.push(text.finding("unfit-kind", message));
            return None;
        }
        let parts = match parts {
            None => Parts::default(),
            Some((place, texts)) => self.parts(place, &texts, [other, table])?,
        };
        Some(Chart::Against { table: other.id.clone(), parts })
    }

    /// The tables that divide both sides, each of which counts one answer of every row; together all of them, once.
    fn parts(&mut self, place: Value<'_>, texts: &[Text<'_>], [left, right]: [&TableSpec; 2]) -> Option<Parts> {
        let tables: Vec<&TableSpec> = texts.iter().map(|text| self.table_of(*text)).collect::<Option<_>>()?;
        if !tables.iter().all(|table| self.is_clear(table)) {
            return None;
        }
        let first = right.rows.first()?;
        let categories = self.questionnaire.codebook.variable(&first.item)?.categories();
        // The answer that a table counts, as its number in the question.
        let answer = |part: &TableSpec, side: &TableSpec| {
            let is_alike = part.measure == Measure::Share && part.base == side.base && part.decimals == side.decimals;
            let has_rows =
                part.rows.len() == side.rows.len() && side.rows.iter().all(|row| part.row(&row.id).is_some());
            let [code] = part.rows.first()?.codes.as_slice() else { return None };
            let is_same = part.rows.iter().all(|row| row.codes.as_slice() == std::slice::from_ref(code));
            let is_of_side = side.rows.first()?.codes.contains(code);
            let number = categories.iter().position(|category| category.code == *code)?;
            (is_alike && has_rows && is_same && is_of_side).then_some(number)
        };
        let of = |side: &TableSpec| {
            let mut found: Vec<(usize, TableId)> =
                tables.iter().filter_map(|part| Some((answer(part, side)?, part.id.clone()))).collect();
            found.sort();
            found
        };
        let (mut left_parts, mut right_parts) = (of(left), of(right));
        // The answers in the middle of the scale stand in the middle of the figure.
        match left_parts.first() < right_parts.first() {
            true => left_parts.reverse(),
            false => right_parts.reverse(),
        }
        let is_whole = |parts: &[(usize, TableId)], side: &TableSpec| {
            let counted = side.rows.first().map_or(0, |row| row.codes.len());
            parts.len() == counted && parts.windows(2).all(|pair| pair[0].0 != pair[1].0) && counted <= PARTS_AT_MOST
        };
        if !is_whole(&left_parts, left)
            || !is_whole(&right_parts, right)
            || left_parts.len() + right_parts.len() != tables.len()
        {
            let message = format!(
                "the parts must count each answer of {:?} and of {:?} once, in tables of the same base, rows and decimals, at most \
                 {PARTS_AT_MOST} a side",
                left.id.as_str(),
                right.id.as_str()
            );
            self.findings.push(place.finding("unfit-kind", message));
            return None;
        }
        let ids = |parts: Vec<(usize, TableId)>| parts.into_iter().map(|(_, id)| id).collect();
        Some(Parts { left: ids(left_parts), right: ids(right_parts) })
    }

    /// The kind that `kind = "…"` names, or the usual one of what is shown.
    pub(super) fn kind(&mut self, named: Option<Text<'_>>, table: &TableSpec, chart: &Chart) -> Option<ChartKind> {
        let fitting = self.fitting(table, chart);
        let Some(text) = named else { return fitting.first().copied() };
        let Some(kind) = ChartKind::ALL.into_iter().find(|kind| kind.as_str() == text.value) else {
            let finding = text.finding("unknown-word", format!("{:?} is no kind of chart", text.value));
            self.findings.push(finding.did_you_mean(text.value, ChartKind::ALL.map(ChartKind::as_str)));
            return None;
        };
        if !fitting.contains(&kind) && self.is_clear(table) {
            let message = format!("{:?} does not fit what the figure shows: {}", text.value, needs(kind));
            let known: Vec<&str> = fitting.iter().map(|kind| kind.as_str()).collect();
            self.findings.push(text.finding("unfit-kind", message).hint(format!("fits here: {}", known.join(", "))));
            return None;
        }
        Some(kind)
    }

    /// The kinds that fit, the usual one first.
    fn fitting(&self, table: &TableSpec, chart: &Chart) -> Vec<ChartKind> {
        let is_one = matches!(chart, Chart::Row { .. }) || matches!((chart, table.rows.len()), (Chart::Rows, 1));
        let is_share = table.measure == Measure::Share;
        let mut kinds = match chart {
            Chart::Rows | Chart::Row { .. } if is_one && is_share => {
                vec![ChartKind::Single, ChartKind::Bar, ChartKind::Dot]
            }
            Chart::Rows | Chart::Row { .. } | Chart::Groups { .. } => vec![ChartKind::Bar, ChartKind::Dot],
            Chart::RowsByGroups { .. } => vec![ChartKind::GroupedBar, ChartKind::Dot],
            Chart::Against { .. } => vec![ChartKind::Diverging],
            Chart::OverWaves { row, breakdown, waves } => {
                let is_one = (row.is_some() || table.rows.len() == 1) && breakdown.is_none();
                let columns = is_one.then_some(ChartKind::Columns);
                let slope = (waves.len() == 2).then_some(ChartKind::Slope);
                columns.into_iter().chain(slope).chain([ChartKind::Line]).collect()
            }
        };
        let is_of_all_rows = matches!(chart, Chart::Rows | Chart::RowsByGroups { .. });
        if is_of_all_rows && self.makes_a_whole(table) {
            kinds.push(ChartKind::Stacked);
        }
        kinds
    }

    /// Whether the rows are different answers to one question that allows one.
    fn makes_a_whole(&self, table: &TableSpec) -> bool {
        let codebook = &self.questionnaire.codebook;
        let Some(first) = table.rows.first() else { return false };
        let is_category = |kind: &Kind| matches!(kind, Kind::Category { .. });
        let several = codebook.battery_of(&first.item).is_some_and(|battery| match &battery.kind {
            BatteryKind::Multiple { .. } => true,
            BatteryKind::Scale => false,
        });
        let mut codes: Vec<_> = table.rows.iter().flat_map(|row| &row.codes).collect();
        let counted = codes.len();
        codes.sort();
        codes.dedup();
        table.measure == Measure::Share
            && table.rows.len() > 1
            && !several
            && counted == codes.len()
            && table.rows.iter().all(|row| row.item == first.item)
            && codebook.variable(&first.item).is_some_and(|variable| is_category(&variable.kind))
    }
}

/// What a kind needs, in words.
fn needs(kind: ChartKind) -> &'static str {
    match kind {
        ChartKind::Bar => "bars show rows in total, or one row by a breakdown",
        ChartKind::GroupedBar => "grouped bars show rows by a breakdown",
        ChartKind::Diverging => "diverging bars show a table against another one",
        ChartKind::Stacked => "stacked bars show the answers to one question that allows one",
        ChartKind::Columns => "columns show one row over several waves",
        ChartKind::Slope => "slopes go from one wave to another",
        ChartKind::Line => "lines go over several waves",
        ChartKind::Dot => "dots show rows, or one row by a breakdown",
        ChartKind::Single => "it shows one share, in total",
    }
}
