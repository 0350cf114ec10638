//! The index of figures and questions. The page itself is the index, whole for everyone and in one file, so that it works from a folder and
//! without scripts; a small script filters it where one may run.

use codebook::{Language, Origin};
use minijinja::{Value, context};

use super::theme::ThemeView;
use super::{Frame, Scene};
use crate::ReportError;
use crate::figure::{anchor, variables};
use crate::language::Word;
use crate::templates::{Engine, list, text};

impl<'a> Scene<'a> {
    pub(super) fn search_page(
        &self,
        engine: &Engine<'_>,
        themes: &[&ThemeView<'a>],
        languages: &[Language],
    ) -> Result<String, ReportError> {
        let lead = self.pack.text(Word::SearchLead);
        let title = self.pack.text(Word::Search).to_owned();
        let frame = Frame { name: "search.html", title, description: lead, languages };
        let page = context! {
            // The script puts the number in the place of #.
            found => text(self.pack.fill(Word::SearchFound, &[("count", "#")])),
            themes => list(themes.iter().map(|view| self.indexed(view))),
            questions => list(self.indexed_questions()),
        };
        engine.render("html/search.html", &self.context(&frame, page))
    }

    /// A theme with its figures, each with the words that lead to it beside its headline.
    fn indexed(&self, view: &ThemeView<'a>) -> Value {
        let figures = view.theme.figures.iter().filter_map(|figure| {
            let block = view.figures.get(figure.id.as_str())?;
            let spec = self.edition.country.table(&figure.table)?;
            let asked = variables(*self, figure, spec);
            let breakdown = figure.chart.breakdown();
            let breakdown = breakdown.and_then(|name| self.edition.country.codebook.variable(name));
            let mut words: Vec<String> = vec![spec.title.get(self.language()).to_owned()];
            words.extend(asked.iter().map(|variable| variable.label.get(self.language()).to_owned()));
            words.extend(asked.first().map(|variable| self.words_of(variable)));
            words.extend(breakdown.map(|variable| variable.label.get(self.language()).to_owned()));
            Some(context! {
                headline => text(block.headline().text.plain.clone()),
                shows => text(spec.title.get(self.language())),
                href => text(view.place(self, figure.id.as_str())),
                words => text(words.join(" ")),
            })
        });
        context! { theme => view.link(self), figures => list(figures) }
    }

    /// Every question once, in the order of the questionnaire. What is computed from answers is not asked, but looked for by its name.
    fn indexed_questions(&self) -> Vec<Value> {
        let codebook = &self.edition.country.codebook;
        let mut seen = std::collections::BTreeSet::new();
        let first = codebook.variables.iter().filter(|variable| seen.insert(anchor(*self, variable)));
        first
            .map(|variable| {
                let battery = codebook.battery_of(&variable.name);
                let items = battery.map_or(&[][..], |battery| battery.items.as_slice());
                let items = items.iter().filter_map(|item| codebook.variable(item)).map(|item| &item.label);
                let question = variable.question.iter().filter(|_| battery.is_none());
                let words: Vec<&str> = items.chain(question).map(|words| words.get(self.language())).collect();
                let is_derived = matches!(variable.origin, Origin::Derived(_));
                context! {
                    label => text(self.words_of(variable)),
                    href => text(format!("questions.html#{}", anchor(*self, variable))),
                    words => text(words.join(" ")),
                    note => text(if is_derived { self.pack.text(Word::SourceDefinition) } else { "" }),
                }
            })
            .collect()
    }
}
