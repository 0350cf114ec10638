//! The front page: the finding that leads with its figure, and the other themes with the finding that each tells first.

use codebook::{Language, Variant, WeightRecipe};
use minijinja::{Value, context};

use super::theme::ThemeView;
use super::{Frame, Scene};
use crate::ReportError;
use crate::figure::{FigureBlock, Stand};
use crate::language::Word;
use crate::templates::{Engine, list, text};

impl Scene<'_> {
    pub(super) fn index(
        &self,
        engine: &Engine<'_>,
        themes: &[ThemeView<'_>],
        languages: &[Language],
    ) -> Result<String, ReportError> {
        let title = self.publication().to_owned();
        let name = format!("{}index.html", self.variant_folder());
        let frame = Frame { name: &name, title, description: self.pack.text(Word::AddedIntervals), languages };
        engine.render("html/index.html", &self.context(&frame, self.overview(themes)))
    }

    /// The front page: the finding that leads with its figure, and the other themes with the finding that each tells first.
    pub(super) fn overview(&self, themes: &[ThemeView<'_>]) -> Value {
        let lead = self.leading(themes);
        let others = themes.iter().filter(|view| lead.is_none_or(|(leading, _)| leading.theme.id != view.theme.id));
        let row = |view: &ThemeView<'_>| {
            // Where no headline tells a number, the first paragraph may.
            let finding = view.first_finding().map(|block| view.finding(self, block));
            context! {
                theme => view.link(self),
                finding => finding.or_else(|| view.opening(self)).unwrap_or_else(|| text("")),
            }
        };
        let findings = themes.iter().filter_map(|view| Some(view.finding(self, view.first_finding()?)));
        context! {
            lead => lead.map_or_else(|| text(""), |(view, block)| {
                context! { theme => view.link(self), finding => view.finding(self, block), figure => block.value(2, block.key(), Stand::Page) }
            }),
            rows => list(others.map(row)),
            findings => list(findings),
            fieldwork => text(self.fieldwork_in_brief()),
            variants => list(self.variants()),
        }
    }

    /// Links to the variants of the whole edition.
    fn variants(&self) -> impl Iterator<Item = Value> {
        let variants = self.edition.wave.variants.iter().filter(|_| self.within.is_none());
        variants.map(|variant| {
            context! {
                href => text(self.href(&format!("{}/index.html", variant.id))),
                title => text(variant.title.get(self.language())),
                whom => text(variant.whom.get(self.language())),
            }
        })
    }

    /// The figure that the front page leads with: the one that the edition names, else the first whose headline tells a number.
    fn leading<'v>(&self, themes: &'v [ThemeView<'_>]) -> Option<(&'v ThemeView<'v>, &'v FigureBlock)> {
        let named = self.within.map_or(&self.edition.wave.lead, |variant| &variant.lead).as_ref();
        let named = named.and_then(|id| themes.iter().find_map(|view| Some((view, view.figures.get(id.as_str())?))));
        named.or_else(|| themes.iter().find_map(|view| Some((view, view.first_finding()?))))
    }

    pub(super) fn fieldwork_in_brief(&self) -> String {
        let fieldwork = self.edition.published.fieldwork();
        if let Some(variant) = self.within {
            return self.answers_of(variant);
        }
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

    /// How many of those answered whom a variant is about; nothing where their number is not published.
    fn answers_of(&self, variant: &Variant) -> String {
        let bases = &self.edition.published.fieldwork().bases;
        let base = variant.bases.first().and_then(|id| self.edition.country.bases.get(id));
        let n = base.and_then(|base| bases.iter().find(|(id, _)| *id == base.id).map(|(_, n)| *n));
        base.zip(n).map_or_else(String::new, |(base, n)| {
            let unit = base.counting_unit.get(self.language());
            let answers = self.pack.fill(Word::CountOfUnits, &[("count", &self.pack.count(n)), ("unit", unit)]);
            self.pack.fill(Word::FieldworkAlone, &[("answers", &answers)])
        })
    }
}
