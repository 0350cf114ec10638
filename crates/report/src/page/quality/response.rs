//! Unit response: the rates with their formulas, and units that do not belong to the population.

use codebook::{Indicator, LeftOut};

use crate::language::Word;
use crate::page::Scene;
use crate::page::section::{Section, Table};

impl Scene<'_> {
    /// The rates of response, with what they are computed from.
    pub(super) fn response(&self) -> Section {
        let fieldwork = self.edition.published.fieldwork();
        let (out_of_scope, unfinished) =
            (fieldwork.left_out(LeftOut::OutOfScope), fieldwork.left_out(LeftOut::Incomplete));
        let usable = fieldwork.usable();
        let mut rows = Vec::new();
        let mut row = |word, number| rows.push(vec![self.words(word), number]);
        if let Some(drawn) = fieldwork.drawn {
            row(Word::DrawnUnits, self.pack.count(drawn));
            row(Word::OutOfScopeUnits, self.pack.count(out_of_scope));
        }
        row(Word::UsableAnswers, self.pack.count(usable));
        row(Word::UnfinishedAnswers, self.pack.count(unfinished));
        let rates = [
            (Word::ResponseRate, Indicator::ResponseRate),
            (Word::ResponseRatePartial, Indicator::ResponseRateWithUnfinished),
            (Word::NonResponseRate, Indicator::NonResponseRate),
            (Word::CompletionRate, Indicator::CompletionRate),
        ];
        for (word, rate) in rates.into_iter().filter_map(|(word, rate)| Some((word, fieldwork.rate(rate)?))) {
            row(word, self.pack.number(rate.into()));
        }
        let is_known = fieldwork.rate(Indicator::ResponseRate).is_some();
        let known = [Word::ResponseFormula, Word::ResponseStates, Word::CompletionFormula];
        let unknown = [Word::ResponseUnknown, Word::CompletionFormula];
        let formulas = if is_known { known.as_slice() } else { unknown.as_slice() };
        let paragraphs = formulas.iter().map(|word| self.words(*word)).collect();
        let columns = vec![self.words(Word::CountsColumn), self.words(Word::NumberColumn)];
        let table = Table { columns, rows, is_numeric: true };
        Section { table: Some(table), ..self.section("response", Word::ResponseHeading, paragraphs) }
    }

    /// Units of the sample that do not belong to the population, quality indicator A2.
    pub(super) fn over_coverage(&self) -> Section {
        let fieldwork = self.edition.published.fieldwork();
        let Some(drawn) = fieldwork.drawn else {
            return self.section("over-coverage", Word::SimsCoverageError, vec![self.words(Word::OverCoverageUnknown)]);
        };
        let outside = fieldwork.left_out(LeftOut::OutOfScope);
        let mut rows = vec![
            vec![self.words(Word::DrawnUnits), self.pack.count(drawn)],
            vec![self.words(Word::OutOfScopeUnits), self.pack.count(outside)],
        ];
        let rate = fieldwork.rate(Indicator::OverCoverageRate);
        rows.extend(rate.map(|rate| vec![self.words(Word::OverCoverageRate), self.pack.number(rate.into())]));
        let columns = vec![self.words(Word::CountsColumn), self.words(Word::NumberColumn)];
        let table = Table { columns, rows, is_numeric: true };
        let formula = vec![self.words(Word::OverCoverage)];
        Section { table: Some(table), ..self.section("over-coverage", Word::OutOfScopeUnits, formula) }
    }
}
