//! The page of questions: every variable with its wording, its answers and who was asked, in the order of the questionnaire; what comes from a
//! register and what is computed from answers stand behind them. Each has an anchor, to which figures and the search link.

use codebook::{BatteryKind, Category, Kind, Language, Origin, Variable};
use minijinja::{Value, context};

use super::theme::ThemeView;
use super::{Frame, Scene};
use crate::ReportError;
use crate::caption::condition;
use crate::figure::{anchor, variables};
use crate::language::Word;
use crate::templates::{Engine, list, text};

/// A question, or what stands in its place.
#[derive(Debug, Clone)]
struct Entry<'a> {
    id: &'a str,
    heading: String,
    /// The wording, where the heading is not it.
    question: String,
    /// Who was asked, or how it came to be.
    note: String,
    /// What several things were asked about at once.
    items: Vec<&'a str>,
    answers: Vec<&'a str>,
    figures: Vec<(String, String)>,
}

impl Entry<'_> {
    fn value(&self) -> Value {
        let figures = self.figures.iter().map(|(title, href)| {
            context! { title => text(title.clone()), href => text(href.clone()) }
        });
        context! {
            id => text(self.id),
            heading => text(self.heading.clone()),
            question => text(self.question.clone()),
            note => text(self.note.clone()),
            items => list(self.items.iter().map(|item| text(*item))),
            answers => list(self.answers.iter().map(|answer| text(*answer))),
            figures => list(figures),
        }
    }
}

impl<'a> Scene<'a> {
    pub(super) fn questions_page(
        &self,
        engine: &Engine<'_>,
        themes: &[&ThemeView<'a>],
        languages: &[Language],
    ) -> Result<String, ReportError> {
        let lead = self.pack.text(Word::QuestionsLead);
        let title = self.pack.text(Word::QuestionsTitle).to_owned();
        let frame = Frame { name: "questions.html", title, description: lead, languages };
        let sections = [
            ("asked", Word::QuestionsTitle, self.entries(themes, |origin| matches!(origin, Origin::Answer))),
            (
                "register",
                Word::QuestionsRegister,
                self.entries(themes, |origin| matches!(origin, Origin::Register | Origin::Fieldwork)),
            ),
            ("derived", Word::QuestionsDerived, self.entries(themes, |origin| matches!(origin, Origin::Derived(_)))),
        ];
        let sections = sections.iter().filter(|(.., entries)| !entries.is_empty()).map(|(id, heading, entries)| {
            context! {
                id => text(*id),
                heading => text(self.pack.text(*heading)),
                entries => list(entries.iter().map(Entry::value)),
            }
        });
        let page = context! { sections => list(sections) };
        engine.render("html/questions.html", &self.context(&frame, page))
    }

    /// The entries of one origin; the items of a battery are one.
    fn entries(&self, themes: &[&ThemeView<'a>], wanted: fn(&Origin) -> bool) -> Vec<Entry<'a>> {
        let mut entries: Vec<Entry<'a>> = Vec::new();
        for variable in self.edition.country.codebook.variables.iter().filter(|variable| wanted(&variable.origin)) {
            let id = anchor(*self, variable);
            if entries.iter().all(|entry| entry.id != id) {
                entries.push(self.entry(themes, variable));
            }
        }
        entries
    }

    fn entry(&self, themes: &[&ThemeView<'a>], variable: &'a Variable) -> Entry<'a> {
        let language = self.language();
        let codebook = &self.edition.country.codebook;
        let battery = codebook.battery_of(&variable.name);
        let items = battery.map_or(&[][..], |battery| battery.items.as_slice());
        let items = items.iter().filter_map(|item| Some(codebook.variable(item)?.label.get(language)));
        // Ticked or not ticked is no answer that anybody read.
        let is_ticked = battery.is_some_and(|battery| matches!(battery.kind, BatteryKind::Multiple { .. }));
        let offered = variable.categories().iter().filter(|it| self.edition.wave.offers(variable, &it.code));
        let answers = offered.filter(|_| !is_ticked).map(|it| it.label.get(language));
        Entry {
            id: anchor(*self, variable),
            heading: self.words_of(variable),
            question: variable
                .question
                .as_ref()
                .filter(|_| battery.is_none())
                .map_or_else(String::new, |question| self.pack.quote(question.get(language))),
            note: self.note(variable, is_ticked),
            items: items.collect(),
            answers: answers.collect(),
            figures: self.figures_of(themes, anchor(*self, variable)),
        }
    }

    /// Who was asked or what it is made of, and what kind of answer it takes where no list tells.
    fn note(&self, variable: &Variable, is_ticked: bool) -> String {
        let origin = match (&variable.origin, &variable.asked_if) {
            (Origin::Derived(expression), _) => {
                let definition = condition(self.edition.country, self.pack, expression);
                self.pack.fill(Word::QuestionComputed, &[("definition", &definition)])
            }
            (Origin::Register | Origin::Fieldwork, _) => self.pack.text(Word::QuestionFromRegister).to_owned(),
            (Origin::Answer, Some(asked)) => {
                let who = condition(self.edition.country, self.pack, asked);
                self.pack.fill(Word::QuestionAskedIf, &[("condition", &who)])
            }
            (Origin::Answer, None) => self.pack.text(Word::QuestionAskedAll).to_owned(),
        };
        let kind = match &variable.kind {
            Kind::Category { .. } if is_ticked => self.pack.text(Word::SeveralAnswers),
            Kind::Category { .. } | Kind::Condition => "",
            Kind::Number => self.pack.text(Word::QuestionNumber),
            Kind::Date => self.pack.text(Word::QuestionDate),
            Kind::Text => self.pack.text(Word::QuestionText),
        };
        let is_unknown = self.edition.country.is_wording_unknown(&variable.name, self.edition.wave.id);
        let unknown = if is_unknown { self.pack.text(Word::QuestionWordingUnknown) } else { "" };
        let is_offered = |it: &Category| self.edition.wave.offers(variable, &it.code);
        let is_short = !is_ticked && !variable.categories().iter().all(is_offered);
        let short = if is_short { self.pack.text(Word::QuestionNotOffered) } else { "" };
        [origin.as_str(), kind, unknown, short].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// The figures whose rows count this question, with their places.
    pub(super) fn figures_of(&self, themes: &[&ThemeView<'a>], id: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for view in themes {
            for figure in &view.theme.figures {
                let spec = self.edition.country.table(&figure.table).expect("reading a country resolves its tables");
                let counts = variables(*self, figure, spec).iter().any(|variable| anchor(*self, variable) == id);
                if let (true, Some(block)) = (counts, view.figures.get(figure.id.as_str())) {
                    let href = view.place(self, figure.id.as_str());
                    found.push((block.headline().text.plain.clone(), href));
                }
            }
        }
        found
    }
}
