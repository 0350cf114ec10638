//! The front page: the finding that leads with its figure, and the other themes with the finding that each tells first.

use codebook::{Language, WeightRecipe};
use minijinja::{Value, context};

use super::theme::ThemeView;
use super::{Frame, Scene};
use crate::ReportError;
use crate::figure::{FigureBlock, Fold};
use crate::language::Word;
use crate::templates::{Engine, list, text};

impl Scene<'_> {
    pub(super) fn index(
        &self,
        engine: &Engine<'_>,
        themes: &[ThemeView<'_>],
        languages: &[Language],
    ) -> Result<String, ReportError> {
        let title = self.edition.country.title.get(self.language()).to_owned();
        let frame = Frame { name: "index.html", title, description: self.pack.text(Word::AddedIntervals), languages };
        engine.render("html/index.html", &self.context(&frame, self.overview(themes)))
    }

    /// The front page: the finding that leads with its figure, and the other themes with the finding that each tells first.
    pub(super) fn overview(&self, themes: &[ThemeView<'_>]) -> Value {
        let lead = self.leading(themes);
        let others = themes.iter().filter(|view| lead.is_none_or(|(leading, _)| leading.theme.id != view.theme.id));
        let row = |view: &ThemeView<'_>| {
            let finding = view.first_finding();
            context! {
                theme => view.link(),
                finding => finding.map_or_else(|| text(""), |block| view.finding(block)),
            }
        };
        let findings = themes.iter().filter_map(|view| Some(view.finding(view.first_finding()?)));
        context! {
            lead => lead.map_or_else(|| text(""), |(view, block)| {
                context! { theme => view.link(), finding => view.finding(block), figure => block.value(2, block.key(), Fold::Closed) }
            }),
            rows => list(others.map(row)),
            findings => list(findings),
            fieldwork => text(self.fieldwork_in_brief()),
        }
    }

    /// The figure that the front page leads with: the one that the edition names, else the first whose headline tells a number.
    fn leading<'v>(&self, themes: &'v [ThemeView<'_>]) -> Option<(&'v ThemeView<'v>, &'v FigureBlock)> {
        let named = self.edition.wave.lead.as_ref();
        let named = named.and_then(|id| themes.iter().find_map(|view| Some((view, view.figures.get(id.as_str())?))));
        named.or_else(|| themes.iter().find_map(|view| Some((view, view.first_finding()?))))
    }

    pub(super) fn fieldwork_in_brief(&self) -> String {
        let fieldwork = self.edition.published.fieldwork();
        let everyone = self.edition.country.bases.values().find(|base| base.condition.is_none());
        let count = self.pack.count(fieldwork.answers);
        let answers = everyone.map_or(count.clone(), |base| {
            let unit = base.counting_unit.get(self.language());
            self.pack.fill(Word::CountOfUnits, &[("count", &count), ("unit", unit)])
        });
        let design = &self.edition.wave.design;
        let is_weighted = design.calibration.is_some() || design.weights != WeightRecipe::Equal;
        match fieldwork.population {
            Some(population) if is_weighted => {
                let population = self.pack.count(population);
                self.pack.fill(Word::FieldworkOf, &[("answers", &answers), ("population", &population)])
            }
            Some(_) | None => self.pack.fill(Word::FieldworkAlone, &[("answers", &answers)]),
        }
    }
}
