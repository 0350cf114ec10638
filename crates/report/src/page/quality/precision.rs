//! The key figures with their sampling errors, and beside what they would be without weights.

use codebook::Measure;
use disclose::{Precision, Rounded};
use estimate::Domain;

use crate::figure::KeyCell;
use crate::language::{Number, Word};
use crate::page::Scene;
use crate::page::section::{Section, Table};
use crate::page::theme::ThemeView;

/// What stands for a number that is not told.
const NONE: &str = "–";

impl Scene<'_> {
    pub(super) fn precision(&self, themes: &[ThemeView<'_>]) -> Section {
        let rows = self.key_cells(themes).into_iter().filter_map(|cell| {
            let figures = cell.figures;
            let numbers = [figures.estimate(), figures.se(), figures.low(), figures.high()];
            let numbers = numbers.map(|number| self.pack.number(Number::from(number)));
            let label = self.cell_label(cell.table, cell.row, &cell.domain)?;
            let precision = self.edition.published.precision(cell.table, cell.row);
            let precision = precision.filter(|_| cell.domain == Domain::Total);
            let told = |number: Option<Rounded>| {
                number.map_or_else(|| NONE.to_owned(), |number| self.pack.number(Number::from(number)))
            };
            let effective = precision.and_then(Precision::effective);
            let beside = [
                self.pack.count(figures.n()),
                told(precision.map(Precision::variation)),
                told(precision.and_then(Precision::design_effect)),
                effective.map_or_else(|| NONE.to_owned(), |n| self.pack.count(n)),
            ];
            Some(std::iter::once(label).chain(numbers).chain(beside).collect())
        });
        let rows: Vec<Vec<String>> = rows.collect();
        if rows.is_empty() {
            return Section::default();
        }
        let columns = [
            Word::KeyFigureColumn,
            Word::EstimateColumn,
            Word::StandardErrorColumn,
            Word::LowColumn,
            Word::HighColumn,
            Word::AnswersColumn,
            Word::VariationColumn,
            Word::DesignEffectColumn,
            Word::EffectiveColumn,
        ];
        let columns = columns.map(|word| self.words(word)).to_vec();
        let level = self.pack.level(self.edition.published.level());
        let introduction = self.pack.fill(Word::PrecisionIntroduction, &[("level", &level)]);
        let introduction = vec![introduction, self.words(Word::PrecisionTerms)];
        let table = Table { columns, rows, is_numeric: true };
        Section { table: Some(table), ..self.section("precision", Word::PrecisionHeading, introduction) }
    }

    /// What weighting changes of the key figures; nothing where all answers count the same.
    pub(super) fn weighting(&self, themes: &[ThemeView<'_>]) -> Section {
        let published = self.edition.published;
        if published.fieldwork().weights.is_none() {
            return Section::default();
        }
        let cells = self.key_cells(themes).into_iter().filter(|cell| cell.domain == Domain::Total);
        let rows = cells.filter_map(|cell| {
            let unweighted = published.unweighted(cell.table, cell.row)?;
            let numbers = [cell.figures.estimate(), unweighted].map(|number| self.pack.number(Number::from(number)));
            let label = self.cell_label(cell.table, cell.row, &cell.domain)?;
            Some(std::iter::once(label).chain(numbers).collect())
        });
        let rows: Vec<Vec<String>> = rows.collect();
        if rows.is_empty() {
            return Section::default();
        }
        let columns = [Word::KeyFigureColumn, Word::WeightedColumn, Word::UnweightedColumn];
        let columns = columns.map(|word| self.words(word)).to_vec();
        let table = Table { columns, rows, is_numeric: true };
        let introduction = vec![self.words(Word::WeightingIntroduction)];
        Section { table: Some(table), ..self.section("weighting", Word::WeightingHeading, introduction) }
    }

    /// The cells that headlines and first paragraphs tell, each once, in the order of the pages.
    pub(super) fn key_cells<'t>(&self, themes: &'t [ThemeView<'_>]) -> Vec<KeyCell<'t>> {
        let mut cells: Vec<KeyCell<'t>> = Vec::new();
        for view in themes {
            let headlines = view.theme.figures.iter().filter_map(|figure| view.narrative.headlines.get(&figure.id));
            let claims = std::iter::once(&view.narrative.lead_claims).chain(headlines.map(|headline| &headline.claims));
            for cell in claims.filter_map(|claims| self.key_cell(view.theme, claims)) {
                // A share has an error that a total of them does not tell in the same unit.
                let is_told = matches!(self.measure(cell.table), Measure::Share | Measure::Mean | Measure::Ratio);
                if is_told && !cells.contains(&cell) {
                    cells.push(cell);
                }
            }
        }
        cells
    }
}
