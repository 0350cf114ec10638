//! The answers that a figure leaves out, which keep its shares below 100: don't know, not relevant, other.

use codebook::{BatteryKind, Category, Chart, Figure, Kind, Measure, Role, Row, TableSpec, Variable};
use disclose::Cell;
use estimate::Domain;

use crate::language::Word;
use crate::page::Scene;

impl Scene<'_> {
    /// Each answer that no row of the figure counts and that is no opinion; with its share, where one table of the same base
    /// publishes it. Items of a battery have a share each, so theirs are named only. Of a question that allows several answers, the options that
    /// no row counts.
    pub(super) fn omitted(&self, figure: &Figure, spec: &TableSpec) -> Vec<String> {
        let rows = self.counted(figure, spec);
        let Some(first) = rows.first() else { return Vec::new() };
        let Some(variable) = self.edition.country.codebook.variable(&first.item) else { return Vec::new() };
        if let Some(options) = self.omitted_options(figure, spec, &rows) {
            return options;
        }
        let is_one_item = rows.iter().all(|row| row.item == first.item);
        if spec.measure != Measure::Share || !self.is_choice(variable) || !(is_one_item || self.is_one_scale(&rows)) {
            return Vec::new();
        }
        let is_counted = |category: &Category| rows.iter().any(|row| row.codes.contains(&category.code));
        let omitted = variable.categories().iter().filter(|category| !is_opinion(category) && !is_counted(category));
        let words = |category: &Category| {
            let share = if is_one_item { self.share_of(spec, variable, category) } else { None };
            self.omitted_answer(category.label.get(self.pack.language()), share)
        };
        omitted.map(words).collect()
    }

    /// The options of a question that allows several answers which the figure leaves out, each with its share where that is published; `None` where
    /// the figure does not show several options of one such question.
    fn omitted_options(&self, figure: &Figure, spec: &TableSpec, rows: &[&Row]) -> Option<Vec<String>> {
        let is_of_all_rows = matches!(figure.chart, Chart::Rows | Chart::RowsByGroups { .. }) && rows.len() > 1;
        let codebook = &self.edition.country.codebook;
        let battery = codebook.battery_of(&rows.first().filter(|_| is_of_all_rows)?.item)?;
        let BatteryKind::Multiple { mentioned } = &battery.kind else { return None };
        if spec.measure != Measure::Share || !rows.iter().all(|row| battery.items.contains(&row.item)) {
            return None;
        }
        let left_out = battery.items.iter().filter(|item| rows.iter().all(|row| row.item != **item));
        let words = |variable: &Variable| {
            let ticked = variable.categories().iter().find(|category| category.code == *mentioned);
            self.omitted_answer(
                variable.label.get(self.pack.language()),
                ticked.and_then(|ticked| self.share_of(spec, variable, ticked)),
            )
        };
        Some(left_out.filter_map(|item| codebook.variable(item)).map(words).collect())
    }

    /// An answer, with its share where that is known.
    fn omitted_answer(&self, label: &str, share: Option<String>) -> String {
        match share {
            Some(share) => self.pack.fill(Word::OmittedShare, &[("answer", label), ("share", &share)]),
            None => label.to_owned(),
        }
    }

    /// The rows that the figure counts, those of both sides.
    fn counted<'s>(&'s self, figure: &'s Figure, spec: &'s TableSpec) -> Vec<&'s Row> {
        match &figure.chart {
            Chart::Rows | Chart::RowsByGroups { .. } => spec.rows.iter().collect(),
            // What was left out differs from wave to wave.
            Chart::OverWaves { .. } => Vec::new(),
            Chart::Row { row } | Chart::Groups { row, .. } => spec.row(row).into_iter().collect(),
            Chart::Against { table, .. } => {
                let other = self.edition.country.table(table);
                spec.rows.iter().chain(other.into_iter().flat_map(|other| &other.rows)).collect()
            }
        }
    }

    /// Whether a variable is a question of which one answer is chosen.
    fn is_choice(&self, variable: &Variable) -> bool {
        let battery = self.edition.country.codebook.battery_of(&variable.name);
        let is_ticked = battery.is_some_and(|battery| match &battery.kind {
            BatteryKind::Multiple { .. } => true,
            BatteryKind::Scale => false,
        });
        matches!(variable.kind, Kind::Category { .. }) && !is_ticked
    }

    /// Whether all rows are items of one battery.
    fn is_one_scale(&self, rows: &[&Row]) -> bool {
        let battery = |row: &Row| self.edition.country.codebook.battery_of(&row.item).map(|battery| &battery.name);
        rows.windows(2).all(|pair| battery(pair[0]).is_some() && battery(pair[0]) == battery(pair[1]))
    }

    /// The share of an answer in the same base, if it is published.
    fn share_of(&self, spec: &TableSpec, variable: &Variable, category: &Category) -> Option<String> {
        let tables = self.edition.country.tables.iter();
        let mut cells =
            tables.filter(|table| table.base == spec.base && table.measure == Measure::Share).filter_map(|table| {
                let is_it = |row: &&Row| row.item == variable.name && row.codes.as_slice() == [category.code.clone()];
                let row = table.rows.iter().find(is_it)?;
                self.edition.published.table(&table.id)?.cell(&row.id, &Domain::Total).and_then(Cell::figures)
            });
        cells.next().map(|figures| self.pack.percent(figures.estimate().into()))
    }
}

fn is_opinion(category: &Category) -> bool {
    matches!(category.role, Role::Answer)
}
