//! The page of quality: how many answered and whom they stand for, how precise the key figures are, what is not shown, what the checks found. Everything
//! is from numbers that may be published, or a ratio of two counts that are printed beside it.

mod answers;
mod back_test;
mod coverage;
mod precision;
mod shown;

use codebook::{Language, LeftOut};
use minijinja::{Value, context};

use super::section::{Section, Table, per_hundred, sections};
use super::setting::Setting;
use super::theme::ThemeView;
use super::{Frame, Scene};
use crate::ReportError;
use crate::language::Word;
use crate::templates::{Engine, text};

impl Scene<'_> {
    pub(super) fn quality(
        &self,
        engine: &Engine<'_>,
        themes: &[ThemeView<'_>],
        languages: &[Language],
    ) -> Result<String, ReportError> {
        let introduction = self.pack.text(Word::QualityLead);
        let title = self.pack.text(Word::Quality).to_owned();
        let frame = Frame { name: "quality.html", title, description: introduction, languages };
        let page =
            context! { introduction => text(introduction), sections => self.quality_sections(themes, Setting::Page) };
        engine.render("html/quality.html", &self.context(&frame, page))
    }

    /// The sections of the page of quality, in order.
    pub(super) fn quality_sections(&self, themes: &[ThemeView<'_>], setting: Setting<'_>) -> Value {
        let mut all = vec![self.response()];
        all.extend(self.coverage());
        all.push(self.back_test());
        all.extend([self.precision(themes), self.weighting(themes), self.shown(), self.withheld_parts()]);
        all.extend([self.opinions_lacking(), self.checks(), self.gaps()]);
        sections(&all, setting)
    }

    /// The rates of response, with what they are computed from.
    fn response(&self) -> Section {
        let fieldwork = self.edition.published.fieldwork();
        let left_out = |reason| fieldwork.left_out.get(&reason).copied().unwrap_or(0);
        let (out_of_scope, unfinished) = (left_out(LeftOut::OutOfScope), left_out(LeftOut::Incomplete));
        let usable = fieldwork.answers + fieldwork.zero_weight;
        let eligible = fieldwork.drawn.and_then(|drawn| drawn.checked_sub(out_of_scope));
        let response = eligible.and_then(|eligible| per_hundred(usable, eligible));
        let completion = per_hundred(usable, usable + unfinished);
        let mut rows = Vec::new();
        let mut row = |word, number| rows.push(vec![self.words(word), number]);
        if let Some(drawn) = fieldwork.drawn {
            row(Word::DrawnUnits, self.pack.count(drawn));
            row(Word::OutOfScopeUnits, self.pack.count(out_of_scope));
        }
        row(Word::UsableAnswers, self.pack.count(usable));
        row(Word::UnfinishedAnswers, self.pack.count(unfinished));
        if let Some(rate) = response {
            row(Word::ResponseRate, self.pack.number(rate));
        }
        if let Some(rate) = completion {
            row(Word::CompletionRate, self.pack.number(rate));
        }
        let formula = if response.is_some() { Word::ResponseFormula } else { Word::ResponseUnknown };
        let paragraphs = [formula, Word::CompletionFormula].map(|word| self.words(word)).to_vec();
        let columns = vec![self.words(Word::CountsColumn), self.words(Word::NumberColumn)];
        let table = Table { columns, rows, is_numeric: true };
        Section { table: Some(table), ..self.section("response", Word::ResponseHeading, paragraphs) }
    }
}
