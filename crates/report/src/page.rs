//! The pages of an edition.

mod questions;
mod search;
mod social;

use std::collections::{BTreeMap, BTreeSet};

use codebook::{Country, Language, PageKind, Standing, TableId, Theme, Wave, WeightRecipe};
use disclose::Published;
use minijinja::{Value, context};

pub use social::{Picture, cards};

use crate::figure::{FigureBlock, KeyNumber};
use crate::language::Word;
use crate::method::sections;
use crate::narrative::Block;
use crate::outlet::Outlet;
use crate::significance::TestNote;
use crate::templates::{Engine, SEARCH_SCRIPT, STYLESHEET, list, markup, text};
use crate::{Languages, Narrative, Pack, ReportError, Templates};

/// Everything that the pages of one wave are made from.
#[derive(Debug, Clone, Copy)]
pub struct Edition<'a> {
    /// The country.
    pub country: &'a Country,
    /// The wave.
    pub wave: &'a Wave,
    /// The numbers.
    pub published: &'a Published,
    /// The narratives of every theme and language.
    pub narratives: &'a [Narrative],
    /// The words.
    pub languages: &'a Languages,
    /// The templates.
    pub templates: &'a Templates,
    /// The formats that the numbers come in, for the page that offers them.
    pub downloads: Downloads<'a>,
}

/// Files of numbers that lie in `data/` in each language's folder.
#[derive(Debug, Clone, Copy, Default)]
pub struct Downloads<'a> {
    /// What each table comes as; the files' names are the ending behind the table's name.
    pub of_tables: &'a [Offer],
    /// What the whole release comes as, in the order in which it is offered.
    pub of_release: &'a [Offer],
    /// The bytes of every file by language and name.
    pub sizes: Option<&'a Sizes>,
    /// The SQL statements behind each table, as files below the release's root.
    pub statements: &'a [(TableId, Vec<String>)],
}

/// The bytes of every file of numbers, by language and name.
pub type Sizes = BTreeMap<(Language, String), u64>;

/// A format in which numbers are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// The name of the format.
    pub name: &'static str,
    /// Its file, or what the files' names end in.
    pub file: &'static str,
    /// What it is for.
    pub purpose: Purpose,
}

/// What a file of numbers is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To open in Excel.
    Workbook,
    /// To open in LibreOffice and others.
    OpenWorkbook,
    /// To read with any program, one row for each cell.
    Tidy,
    /// To analyse: the same with types.
    Columns,
    /// To exchange between statistics offices.
    Exchange,
    /// The questions and what the answers mean.
    Codebook,
    /// To tell programs what the columns of the CSV files are.
    Description,
    /// For data portals.
    Portals,
    /// For research repositories.
    Repositories,
    /// To read one table with any program.
    TidyTable,
    /// For table programs of statistics offices.
    OfficeTables,
    /// For programs that draw and compare tables on the web.
    WebTables,
}

impl Purpose {
    fn word(self) -> Word {
        match self {
            Self::Workbook => Word::DataForWorkbook,
            Self::OpenWorkbook => Word::DataForOpenWorkbook,
            Self::Tidy => Word::DataForTidy,
            Self::Columns => Word::DataForColumns,
            Self::Exchange => Word::DataForExchange,
            Self::Codebook => Word::DataForCodebook,
            Self::Description => Word::DataForDescription,
            Self::Portals => Word::DataForPortals,
            Self::Repositories => Word::DataForRepositories,
            Self::TidyTable => Word::DataForTidyTable,
            Self::OfficeTables => Word::DataForOfficeTables,
            Self::WebTables => Word::DataForWebTables,
        }
    }
}

/// One file of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its path below the output folder, with `/`: `en/core-task.html`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// An edition in one language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub(crate) edition: Edition<'a>,
    pub(crate) pack: &'a Pack,
}

/// A theme in one language, ready to be placed.
struct ThemeView<'a> {
    theme: &'a Theme,
    narrative: &'a Narrative,
    /// The number that the first paragraph tells, large beside it.
    tile: Option<KeyNumber>,
    figures: BTreeMap<&'a str, FigureBlock>,
    tests: Option<TestNote>,
}

/// Where a page stands.
pub(crate) struct Frame<'a> {
    /// Its name below its language's folder: `index.html`.
    pub(crate) name: &'a str,
    pub(crate) title: String,
    pub(crate) description: &'a str,
    /// The languages of the report; the page links to the others.
    pub(crate) languages: &'a [Language],
}

/// Renders every page of an edition in every language of `languages_wanted`; the country's first language is the root, others lie
/// in `<lang>/`. Sorted by path: `index.html`, a page for each theme, `method.html`, `data.html`, `questions.html`, `search.html`, `report.md`,
/// `figures/<id>.svg` in each language, and `assets/style.css` and `assets/search.js` once. All links are relative, so that pages open from a folder, too.
///
/// # Errors
/// When a template computes or does not render, or a wanted language lacks its pack or a narrative.
pub fn pages(edition: Edition<'_>, languages_wanted: &[Language]) -> Result<Vec<Page>, ReportError> {
    let engine = edition.templates.engine()?;
    let asset = |name: &str, carried| Page {
        path: format!("assets/{name}"),
        text: edition.templates.source(carried).to_owned(),
    };
    let mut pages = vec![asset("style.css", STYLESHEET), asset("search.js", SEARCH_SCRIPT)];
    for language in languages_wanted {
        let pack = edition.languages.pack(language).ok_or_else(|| ReportError::NoPack(language.clone()))?;
        pages.extend(Scene { edition, pack }.pages(&engine, languages_wanted)?);
    }
    pages.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(pages)
}

/// Every name that each template is given when these pages are rendered, a list marked by `[]`: the contract that `templates/README.md` states.
///
/// # Errors
/// As [`pages`].
pub fn template_names(
    edition: Edition<'_>,
    languages_wanted: &[Language],
) -> Result<BTreeMap<String, BTreeSet<String>>, ReportError> {
    let engine = edition.templates.engine()?.noting();
    for language in languages_wanted {
        let pack = edition.languages.pack(language).ok_or_else(|| ReportError::NoPack(language.clone()))?;
        Scene { edition, pack }.pages(&engine, languages_wanted)?;
    }
    Ok(engine.noted())
}

impl<'a> Scene<'a> {
    fn language(&self) -> &'a Language {
        self.pack.language()
    }

    /// The marks of a draft and of synthetic data; empty for a release of real data.
    pub(crate) fn mark(&self) -> String {
        self.of_standing(Word::DraftMark, Word::SyntheticMark, " · ")
    }

    /// What the marks mean, in sentences.
    fn notice(&self) -> String {
        self.of_standing(Word::DraftNotice, Word::SyntheticNotice, " ")
    }

    fn of_standing(&self, of_draft: Word, of_synthetic: Word, between: &str) -> String {
        let of_draft = match self.edition.wave.standing {
            Standing::Draft => Some(of_draft),
            Standing::Released => None,
        };
        let of_synthetic = self.edition.published.synthetic().then_some(of_synthetic);
        let words = of_draft.into_iter().chain(of_synthetic).map(|word| self.pack.text(word));
        words.collect::<Vec<_>>().join(between)
    }

    /// Where a figure comes from.
    pub(crate) fn source(&self) -> String {
        let (country, wave) = (self.edition.country, self.edition.wave);
        let source = format!("{}, {}", country.title.get(self.language()), wave.window.get(self.language()));
        self.pack.fill(Word::ChartSource, &[("source", &source)])
    }

    /// The folder of a language, as seen from the root; with its slash.
    pub(crate) fn folder(&self, language: &Language) -> String {
        if self.edition.country.languages.first() == Some(language) { String::new() } else { format!("{language}/") }
    }

    fn pages(&self, engine: &Engine<'_>, languages: &[Language]) -> Result<Vec<Page>, ReportError> {
        let all = self.themes()?;
        let (themes, outlets): (Vec<ThemeView<'_>>, Vec<ThemeView<'_>>) =
            all.into_iter().partition(|view| view.theme.kind == PageKind::Theme);
        let folder = self.folder(self.language());
        let mut pages = Vec::new();
        let mut add = |name: &str, text: String| pages.push(Page { path: format!("{folder}{name}"), text });
        add("index.html", self.index(engine, &themes, languages)?);
        for (index, view) in themes.iter().enumerate() {
            add(&format!("{}.html", view.theme.id), self.theme(engine, &themes, index, languages)?);
        }
        for (id, figure) in themes.iter().chain(&outlets).flat_map(|view| &view.figures) {
            if let Some(drawing) = figure.drawing() {
                add(&format!("figures/{id}.svg"), drawing);
            }
        }
        for view in &outlets {
            for (name, text) in self.outlet(engine, view, languages)? {
                add(&name, text);
            }
        }
        add("method.html", self.method(engine, languages)?);
        add("data.html", self.data(engine, languages)?);
        let articles = outlets.iter().filter(|view| view.theme.kind == PageKind::Article);
        let indexed: Vec<&ThemeView<'_>> = themes.iter().chain(articles).collect();
        add("questions.html", self.questions_page(engine, &indexed, languages)?);
        add("search.html", self.search_page(engine, &indexed, languages)?);
        add("report.md", self.report(engine, &themes)?);
        Ok(pages)
    }

    /// The files of an article or a press release.
    fn outlet(
        &self,
        engine: &Engine<'_>,
        view: &ThemeView<'_>,
        languages: &[Language],
    ) -> Result<Vec<(String, String)>, ReportError> {
        let press = self.edition.country.press.as_ref();
        let words = |words: Option<&codebook::Translated>| text(words.map_or("", |it| it.get(self.language())));
        let mut files = Vec::new();
        for outlet in Outlet::of(view.theme.kind) {
            let name = outlet.file_name(&view.theme.id);
            let frame = Frame {
                name: &name,
                title: view.narrative.title.plain.clone(),
                description: &view.narrative.lead,
                languages,
            };
            let page = context! {
                heading => markup(view.narrative.title.html.clone()),
                tile => view.tile.as_ref().map_or_else(|| text(""), KeyNumber::value),
                blocks => view.blocks(self),
                tests => view.test_note(),
                facts => self.fact_note(view),
                about => words(press.map(|press| &press.about)),
                contact => words(press.and_then(|press| press.contact.as_ref())),
            };
            let rendered = engine.render(outlet.template(), &self.context(&frame, page))?;
            files.push((name, if *outlet == Outlet::Html { rendered } else { squeeze(&rendered) }));
        }
        Ok(files)
    }

    fn themes(&self) -> Result<Vec<ThemeView<'a>>, ReportError> {
        self.edition.wave.themes.iter().map(|theme| self.theme_view(theme)).collect()
    }

    fn theme_view(&self, theme: &'a Theme) -> Result<ThemeView<'a>, ReportError> {
        let mut narratives = self.edition.narratives.iter();
        let narrative = narratives.find(|it| it.theme == theme.id && it.language == *self.language());
        let narrative = narrative.ok_or_else(|| ReportError::NoNarrative {
            theme: theme.id.as_str().to_owned(),
            language: self.language().as_str().to_owned(),
        })?;
        let figure = |figure| FigureBlock::new(*self, theme, figure, narrative);
        let figures = theme.figures.iter().map(|it| (it.id.as_str(), figure(it))).collect();
        let tile = self.key_number(theme, &narrative.lead_claims);
        Ok(ThemeView { theme, narrative, tile, figures, tests: self.test_note(theme) })
    }

    fn index(
        &self,
        engine: &Engine<'_>,
        themes: &[ThemeView<'_>],
        languages: &[Language],
    ) -> Result<String, ReportError> {
        let title = self.edition.country.title.get(self.language()).to_owned();
        let frame = Frame { name: "index.html", title, description: self.pack.text(Word::AddedIntervals), languages };
        engine.render("html/index.html", &self.context(&frame, self.overview(themes)))
    }

    fn theme(
        &self,
        engine: &Engine<'_>,
        themes: &[ThemeView<'_>],
        index: usize,
        languages: &[Language],
    ) -> Result<String, ReportError> {
        let view = &themes[index];
        let neighbour =
            |index: Option<usize>| index.and_then(|index| themes.get(index)).map_or_else(|| text(""), ThemeView::link);
        let name = format!("{}.html", view.theme.id);
        let frame = Frame {
            name: &name,
            title: view.narrative.title.plain.clone(),
            description: &view.narrative.lead,
            languages,
        };
        let page = context! {
            heading => markup(view.narrative.title.html.clone()),
            tile => view.tile.as_ref().map_or_else(|| text(""), KeyNumber::value),
            blocks => view.blocks(self),
            tests => view.test_note(),
            facts => self.fact_note(view),
            previous => neighbour(index.checked_sub(1)),
            next => neighbour(index.checked_add(1)),
            themes => list(themes.iter().map(ThemeView::link)),
        };
        engine.render("html/theme.html", &self.context(&frame, page))
    }

    /// Where the facts come from that a page tells and did not count itself; nothing where it tells none.
    fn fact_note(&self, view: &ThemeView<'_>) -> Value {
        let facts = &self.edition.wave.facts;
        let told = view.narrative.facts.iter().filter_map(|id| facts.iter().find(|fact| fact.id == *id));
        let rows: Vec<Value> = told
            .map(|fact| {
                let values = [("source", fact.source.get(self.language())), ("date", &self.pack.date(fact.checked))];
                context! {
                    sentence => text(self.pack.fill(Word::FactChecked, &values)),
                    href => text(fact.url.clone().unwrap_or_default()),
                }
            })
            .collect();
        if rows.is_empty() {
            return text("");
        }
        context! { heading => text(self.pack.text(Word::FactsHeading)), rows => list(rows.into_iter()) }
    }

    fn method(&self, engine: &Engine<'_>, languages: &[Language]) -> Result<String, ReportError> {
        let introduction = self.pack.text(Word::MethodIntroduction);
        let frame = Frame {
            name: "method.html",
            title: self.pack.text(Word::Method).to_owned(),
            description: introduction,
            languages,
        };
        let page = context! { introduction => text(introduction), sections => sections(*self) };
        engine.render("html/method.html", &self.context(&frame, page))
    }

    /// The page that offers the numbers as files.
    fn data(&self, engine: &Engine<'_>, languages: &[Language]) -> Result<String, ReportError> {
        let lead = self.pack.text(Word::DataLead);
        let frame =
            Frame { name: "data.html", title: self.pack.text(Word::Data).to_owned(), description: lead, languages };
        let downloads = self.edition.downloads;
        let offer = |offer: &Offer, file: String| {
            context! {
                label => text(offer.name),
                purpose => text(self.pack.text(offer.purpose.word())),
                size => text(self.size(&file)),
                href => text(format!("data/{file}")),
            }
        };
        let published = |spec: &&codebook::TableSpec| self.edition.published.table(&spec.id).is_some();
        let rows = self.edition.country.tables.iter().filter(published).map(|spec| {
            let files = downloads.of_tables.iter().map(|format| offer(format, format!("{}.{}", spec.id, format.file)));
            context! { title => text(spec.title.get(self.language())), files => list(files) }
        });
        let page = context! {
            release => list(downloads.of_release.iter().map(|format| offer(format, format.file.to_owned()))),
            formats => list(downloads.of_tables.iter().map(|format| offer(format, String::new()))),
            tables => list(rows),
        };
        engine.render("html/data.html", &self.context(&frame, page))
    }

    /// The size of a file in kilobytes, rounded up; nothing where it is not known.
    fn size(&self, file: &str) -> String {
        let sizes = self.edition.downloads.sizes;
        let bytes = sizes.and_then(|sizes| sizes.get(&(self.language().clone(), file.to_owned())));
        bytes.map_or_else(String::new, |bytes| {
            self.pack.fill(Word::DataSize, &[("kilobytes", &self.pack.count(bytes.div_ceil(1000)))])
        })
    }

    fn report(&self, engine: &Engine<'_>, themes: &[ThemeView<'_>]) -> Result<String, ReportError> {
        let title = self.edition.country.title.get(self.language()).to_owned();
        let frame = Frame { name: "report.md", title, description: "", languages: &[] };
        let bodies = themes.iter().map(|view| {
            context! {
                title => text(view.narrative.title.plain.clone()),
                blocks => view.blocks(self),
                tests => view.test_note(),
                facts => self.fact_note(view),
            }
        });
        let page = context! {
            overview => self.overview(themes),
            bodies => list(bodies),
            introduction => text(self.pack.text(Word::MethodIntroduction)),
            sections => sections(*self),
        };
        let rendered = engine.render("md/report.md", &self.context(&frame, page))?;
        Ok(squeeze(&rendered))
    }

    /// What every page has: its frame, and under `page` what is its own.
    fn context(&self, frame: &Frame<'_>, page: Value) -> Value {
        let up = if self.folder(self.language()).is_empty() { "" } else { "../" };
        self.context_from(frame, up, page)
    }

    /// The same for a page from which the release's root is reached by `up`.
    pub(crate) fn context_from(&self, frame: &Frame<'_>, up: &str, page: Value) -> Value {
        let (country, wave, language) = (self.edition.country, self.edition.wave, self.language());
        let others = frame.languages.iter().filter(|other| *other != language).filter_map(|other| {
            let pack = self.edition.languages.pack(other)?;
            Some(context! {
                code => text(other.as_str()),
                name => text(pack.text(Word::LanguageName)),
                href => text(format!("{up}{}{}", self.folder(other), frame.name)),
            })
        });
        let words = Word::ALL.iter().filter(|word| word.places().is_empty());
        let window = wave.window.get(language);
        let edition = [("country", country.name.get(language)), ("window", window)];
        context! {
            words => Value::from_pairs(words.map(|word| (word.key(), text(self.pack.text(*word))))),
            language => text(language.as_str()),
            other_languages => list(others),
            root => text(up),
            name => text(frame.name),
            title => text(frame.title.clone()),
            description => text(frame.description),
            publication => text(country.title.get(language)),
            window => text(window),
            edition => text(self.pack.fill(Word::Edition, &edition)),
            publisher => text(country.publisher.get(language)),
            published => text(self.pack.date(wave.published)),
            published_iso => text(wave.published.to_string()),
            mark => text(self.mark()),
            outlets => self.outlets(),
            notice => text(self.notice()),
            social => self.social(frame),
            page,
        }
    }

    /// The front page: the finding that leads with its figure, and the other themes with the finding that each tells first.
    fn overview(&self, themes: &[ThemeView<'_>]) -> Value {
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
                context! { theme => view.link(), finding => view.finding(block), figure => block.value(2, block.key()) }
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

    fn fieldwork_in_brief(&self) -> String {
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

impl ThemeView<'_> {
    /// The first figure whose headline tells a number.
    fn first_finding(&self) -> Option<&FigureBlock> {
        let mut blocks = self.theme.figures.iter().filter_map(|figure| self.figures.get(figure.id.as_str()));
        blocks.find(|block| block.key().is_some())
    }

    /// What a figure's headline tells, for a list of findings.
    fn finding(&self, block: &FigureBlock) -> Value {
        context! {
            key => block.key().map_or_else(|| text(""), KeyNumber::value),
            headline => markup(block.headline().text.html.clone()),
            headline_plain => text(block.headline().text.plain.clone()),
            href => text(format!("{}.html#{}", self.theme.id, block.id())),
        }
    }

    fn link(&self) -> Value {
        context! {
            href => text(format!("{}.html", self.theme.id)),
            title => text(self.narrative.title.plain.clone()),
            lead => text(self.narrative.lead.clone()),
        }
    }

    fn test_note(&self) -> Value {
        self.tests.as_ref().map_or_else(|| text(""), TestNote::value)
    }

    /// The parts of the page, as templates place them.
    fn blocks(&self, scene: &Scene<'_>) -> Value {
        list(self.narrative.blocks.iter().filter_map(|block| {
            let nothing = || text("");
            let (html, markdown, plain, figure, case, quotation) = match block {
                Block::Text { html, markdown, plain } => (
                    markup(html.clone()),
                    markup(markdown.clone()),
                    text(plain.clone()),
                    nothing(),
                    nothing(),
                    nothing(),
                ),
                Block::Figure { id, level } => {
                    let figure = self.figures.get(id.as_str())?.value(*level, self.tile.as_ref());
                    (nothing(), nothing(), nothing(), figure, nothing(), nothing())
                }
                Block::Case { id, level } => {
                    let case = scene.case(id, self.narrative.inserts.get(id)?, *level)?;
                    (nothing(), nothing(), nothing(), nothing(), case, nothing())
                }
                Block::Quotation { id } => {
                    let quotation = scene.quotation(self.narrative.inserts.get(id)?)?;
                    (nothing(), nothing(), nothing(), nothing(), nothing(), quotation)
                }
            };
            Some(context! { html, markdown, plain, figure, case, quotation })
        }))
    }
}

/// Leaves at most one empty line between two lines, which templates that loop cannot promise.
fn squeeze(rendered: &str) -> String {
    let mut squeezed = String::with_capacity(rendered.len());
    let mut empty_before = true;
    for line in rendered.lines().map(str::trim_end) {
        if !(line.is_empty() && empty_before) {
            squeezed.push_str(line);
            squeezed.push('\n');
        }
        empty_before = line.is_empty();
    }
    squeezed.truncate(squeezed.trim_end().len());
    squeezed.push('\n');
    squeezed
}
