//! The pages of a comparison over countries.
//!
//! All numbers come from [`ComparedTables`], which holds nothing that is not public already. Editions stand in the order of the comparison on every page
//! and in every drawing, never in that of their numbers: nothing is ranked, and no difference is tested.

mod annex;
mod designs;
mod errata;
mod figure;
mod part;
mod told;

use codebook::{ComparisonPage, CountryComparison, Language, Standing};
use disclose::{ComparedCorrections, ComparedTables, Member};
use minijinja::{Value, context};

use crate::fact;
use crate::language::Word;
use crate::narrative::{Block, Narrative};
use crate::templates::{Engine, STYLESHEET, list, markup, text};
use crate::{Languages, Pack, Page, ReportError, Templates};
use figure::FigureView;
use part::{Form, Part, parts};

/// Everything that the pages of a comparison are made from.
#[derive(Debug, Clone, Copy)]
pub struct ComparisonEdition<'a> {
    /// The comparison.
    pub comparison: &'a CountryComparison,
    /// The numbers.
    pub compared: &'a ComparedTables,
    /// The editions with their countries, in the order of the comparison.
    pub members: &'a [Member<'a>],
    /// The narratives of every page and language.
    pub narratives: &'a [Narrative],
    /// The words.
    pub languages: &'a Languages,
    /// The templates.
    pub templates: &'a Templates,
    /// What it shows otherwise than the editions that it corrects.
    pub corrections: &'a ComparedCorrections,
    /// The file of all cells, below each language's folder.
    pub cells: &'a str,
}

/// A comparison in one language.
#[derive(Clone, Copy)]
struct View<'a> {
    edition: ComparisonEdition<'a>,
    pack: &'a Pack,
}

/// A page with its text and figures.
struct PageView<'a> {
    page: &'a ComparisonPage,
    narrative: &'a Narrative,
    figures: Vec<FigureView<'a>>,
}

/// Where a page stands.
struct Frame<'a> {
    name: &'a str,
    title: String,
    description: String,
    languages: &'a [Language],
}

/// Renders every page of a comparison in every language of `languages_wanted`; its first language is the root, others lie in `<lang>/`. Sorted by path:
/// `index.html`, a page for each of the comparison's, `designs.html`, `comparability.html`, `data.html`, `method.html`, `errata.html` if there are any, `report.md`,
/// `figures/<id>.svg` in each language, and `assets/style.css` once. All links are relative.
///
/// # Errors
/// When a template computes or does not render, or a wanted language lacks its pack or a narrative.
pub fn comparison_pages(
    edition: ComparisonEdition<'_>,
    languages_wanted: &[Language],
) -> Result<Vec<Page>, ReportError> {
    let engine = edition.templates.engine()?;
    let mut pages =
        vec![Page { path: "assets/style.css".to_owned(), text: edition.templates.source(STYLESHEET).to_owned() }];
    for language in languages_wanted {
        let pack = edition.languages.pack(language).ok_or_else(|| ReportError::NoPack(language.clone()))?;
        pages.extend(View { edition, pack }.pages(&engine, languages_wanted)?);
    }
    pages.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(pages)
}

impl<'a> View<'a> {
    fn language(&self) -> &'a Language {
        self.pack.language()
    }

    fn words(&self, word: Word) -> String {
        self.pack.text(word).to_owned()
    }

    fn folder(&self, language: &Language) -> String {
        let is_root = self.edition.comparison.languages.first() == Some(language);
        if is_root { String::new() } else { format!("{language}/") }
    }

    fn up(&self) -> &'static str {
        if self.folder(self.language()).is_empty() { "" } else { "../" }
    }

    /// What the comparison is called; of a demonstration it says so.
    fn publication(&self) -> String {
        let title = self.edition.comparison.title.get(self.language());
        if self.edition.comparison.demonstration {
            return self.pack.fill(Word::ComparisonDemonstration, &[("title", title)]);
        }
        title.to_owned()
    }

    /// The marks of a draft and of synthetic data; empty for a release of real data.
    fn mark(&self) -> String {
        self.of_standing(Word::DraftMark, Word::SyntheticMark, " · ")
    }

    fn of_standing(&self, of_draft: Word, of_synthetic: Word, between: &str) -> String {
        let comparison = self.edition.comparison;
        let draft = (comparison.standing == Standing::Draft).then_some(of_draft);
        let synthetic = (comparison.demonstration || self.edition.compared.synthetic()).then_some(of_synthetic);
        let words = draft.into_iter().chain(synthetic).map(|word| self.pack.text(word));
        words.collect::<Vec<_>>().join(between)
    }

    fn source(&self) -> String {
        let source = format!("{}, {}", self.publication(), self.edition.comparison.year);
        self.pack.fill(Word::ChartSource, &[("source", &source)])
    }

    fn pages(&self, engine: &Engine<'_>, languages: &[Language]) -> Result<Vec<Page>, ReportError> {
        let folder = self.folder(self.language());
        let views = self.views()?;
        let mut pages = Vec::new();
        let mut add = |name: &str, text: String| pages.push(Page { path: format!("{folder}{name}"), text });
        add("index.html", self.index(engine, &views, languages)?);
        for (index, view) in views.iter().enumerate() {
            add(&view.name(), self.page(engine, &views, index, languages)?);
            for figure in &view.figures {
                if let Some(drawing) = figure.drawing() {
                    add(&format!("figures/{}.svg", figure.id()), drawing);
                }
            }
        }
        for (name, heading, lead, parts) in self.annexes() {
            add(name, self.annex(engine, name, heading, &lead, &parts, languages)?);
        }
        if !self.edition.comparison.errata.is_empty() {
            add(errata::ERRATA, self.errata_page(engine, &views, languages)?);
        }
        add("report.md", self.report(engine, &views)?);
        Ok(pages)
    }

    fn views(&self) -> Result<Vec<PageView<'a>>, ReportError> {
        let view = |page: &'a ComparisonPage| {
            let mut narratives = self.edition.narratives.iter();
            let narrative = narratives.find(|it| it.theme == page.theme.id && it.language == *self.language());
            let narrative = narrative.ok_or_else(|| ReportError::NoNarrative {
                theme: page.theme.id.as_str().to_owned(),
                language: self.language().as_str().to_owned(),
            })?;
            let figures = page.theme.figures.iter().map(|figure| FigureView::new(*self, page, figure, narrative));
            Ok(PageView { page, narrative, figures: figures.collect() })
        };
        self.edition.comparison.pages.iter().map(view).collect()
    }

    fn index(
        &self,
        engine: &Engine<'_>,
        views: &[PageView<'_>],
        languages: &[Language],
    ) -> Result<String, ReportError> {
        let about = self.edition.comparison.about.get(self.language());
        let frame = Frame { name: "index.html", title: self.publication(), description: about.to_owned(), languages };
        let lead = views.iter().flat_map(|view| &view.figures).find(|figure| figure.is_drawn());
        let page = context! {
            lead => text(about),
            rows => list(views.iter().map(PageView::link)),
            figure => lead.map_or_else(|| text(""), |figure| figure.value(2)),
            figure_href => text(views.iter().find(|view| view.figures.iter().any(FigureView::is_drawn)).map_or_else(String::new, PageView::name)),
            sections => parts(&[self.editions_table()], Form::Html),
        };
        engine.render("html/comparison-index.html", &self.context(&frame, page))
    }

    fn page(
        &self,
        engine: &Engine<'_>,
        views: &[PageView<'_>],
        index: usize,
        languages: &[Language],
    ) -> Result<String, ReportError> {
        let view = &views[index];
        let neighbour =
            |index: Option<usize>| index.and_then(|index| views.get(index)).map_or_else(|| text(""), PageView::link);
        let name = view.name();
        let frame = Frame {
            name: &name,
            title: view.narrative.title.plain.clone(),
            description: view.narrative.lead.clone(),
            languages,
        };
        let page = context! {
            heading => markup(view.narrative.title.html.clone()),
            tile => text(""),
            blocks => view.blocks(),
            tests => text(""),
            facts => self.facts(view),
            previous => neighbour(index.checked_sub(1)),
            next => neighbour(index.checked_add(1)),
        };
        engine.render("html/comparison-page.html", &self.context(&frame, page))
    }

    fn annex(
        &self,
        engine: &Engine<'_>,
        name: &str,
        heading: Word,
        lead: &str,
        sections: &[Part],
        languages: &[Language],
    ) -> Result<String, ReportError> {
        let frame = Frame { name, title: self.words(heading), description: lead.to_owned(), languages };
        let page = context! {
            heading => text(self.words(heading)),
            lead => text(lead),
            download => if name == "data.html" { text(self.edition.cells) } else { text("") },
            sections => parts(sections, Form::Html),
            wordings => if name == "comparability.html" { self.wordings() } else { text("") },
        };
        engine.render("html/comparison-annex.html", &self.context(&frame, page))
    }

    fn report(&self, engine: &Engine<'_>, views: &[PageView<'_>]) -> Result<String, ReportError> {
        let frame = Frame { name: "report.md", title: self.publication(), description: String::new(), languages: &[] };
        let bodies = views.iter().map(|view| {
            context! { title => text(view.narrative.title.plain.clone()), blocks => view.blocks_in_markdown(), facts => self.facts(view) }
        });
        let annexes = self.annexes().into_iter().map(|(_, heading, lead, sections)| {
            context! { heading => text(self.words(heading)), lead => text(lead), sections => parts(&sections, Form::Markdown) }
        });
        let page = context! {
            lead => text(self.edition.comparison.about.get(self.language())),
            bodies => list(bodies),
            annexes => list(annexes),
        };
        engine.render("md/comparison.md", &self.context(&frame, page))
    }

    /// The pages that the program writes itself: name, heading, lead and what they hold.
    fn annexes(&self) -> Vec<(&'static str, Word, String, Vec<Part>)> {
        vec![
            ("designs.html", Word::ComparisonDesigns, self.words(Word::ComparisonDesignsLead), self.designs()),
            (
                "comparability.html",
                Word::ComparabilityTitle,
                self.words(Word::ComparisonComparabilityLead),
                self.comparability(),
            ),
            ("data.html", Word::Data, self.words(Word::ComparisonDataLead), vec![self.cells_table()]),
            ("method.html", Word::Method, self.words(Word::ComparisonOrder), self.method()),
        ]
    }

    /// Where the facts come from that a page tells; nothing where it tells none.
    fn facts(&self, view: &PageView<'_>) -> Value {
        let rows = fact::rows(view.narrative, &self.edition.comparison.facts, self.pack);
        if rows.is_empty() {
            return text("");
        }
        context! { id => text("facts"), level => text("2"), heading => text(self.words(Word::FactsHeading)), rows => list(rows) }
    }

    fn context(&self, frame: &Frame<'_>, page: Value) -> Value {
        let (comparison, language) = (self.edition.comparison, self.language());
        let others = frame.languages.iter().filter(|other| *other != language).filter_map(|other| {
            let pack = self.edition.languages.pack(other)?;
            Some(context! {
                code => text(other.as_str()),
                name => text(pack.text(Word::LanguageName)),
                href => text(format!("{}{}{}", self.up(), self.folder(other), frame.name)),
            })
        });
        let words = Word::ALL.iter().filter(|word| word.places().is_empty());
        let year = comparison.year.to_string();
        let published = comparison.edited().day_of(comparison.edition_id());
        context! {
            words => Value::from_pairs(words.map(|word| (word.key(), text(self.pack.text(*word))))),
            language => text(language.as_str()),
            other_languages => list(others),
            root => text(self.up()),
            name => text(frame.name),
            title => text(frame.title.clone()),
            description => text(frame.description.clone()),
            publication => text(self.publication()),
            scope => text(""),
            whole => text(""),
            window => text(year.clone()),
            edition => text(format!("{}, {year}", self.publication())),
            publisher => text(comparison.publisher.get(language)),
            published => text(self.pack.date(published)),
            published_iso => text(published.to_string()),
            mark => text(self.mark()),
            outlets => list([]),
            notice => text(self.of_standing(Word::DraftNotice, Word::SyntheticNotice, " ")),
            corrected => self.corrected(),
            social => text(""),
            page,
        }
    }
}

impl PageView<'_> {
    fn name(&self) -> String {
        format!("{}.html", self.page.theme.id)
    }

    fn link(&self) -> Value {
        context! {
            href => text(self.name()),
            title => text(self.narrative.title.plain.clone()),
            lead => text(self.narrative.lead.clone()),
        }
    }

    fn blocks(&self) -> Value {
        self.placed(|html, _| markup(html), |figure, level| figure.value(level))
    }

    fn blocks_in_markdown(&self) -> Value {
        self.placed(|_, markdown| markup(markdown), |figure, _| figure.value_in_markdown())
    }

    fn placed(&self, of_text: fn(&str, &str) -> Value, of_figure: impl Fn(&FigureView<'_>, u8) -> Value) -> Value {
        list(self.narrative.blocks.iter().filter_map(|block| {
            let (words, figure) = match block {
                Block::Text { html, markdown, .. } => (of_text(html, markdown), text("")),
                Block::Figure { id, level } => {
                    let figure = self.figures.iter().find(|figure| figure.id() == id.as_str())?;
                    (text(""), of_figure(figure, *level))
                }
                // A comparison has neither.
                Block::Case { .. } | Block::Quotation { .. } => return None,
            };
            Some(context! { html => words, figure, case => text(""), quotation => text("") })
        }))
    }
}
