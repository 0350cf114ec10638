//! A theme page, and what other pages show of a theme.

use std::collections::BTreeMap;

use codebook::{Language, Theme, ThemeId};
use minijinja::{Value, context};

use super::setting::Setting;
use super::{Frame, Scene};
use crate::ReportError;
use crate::fact;
use crate::figure::{FigureBlock, KeyNumber};
use crate::language::Word;
use crate::narrative::{Block, Narrative};
use crate::significance::TestNote;
use crate::templates::{Engine, list, markup, text};

/// A theme in one language, ready to be placed.
pub(super) struct ThemeView<'a> {
    pub(super) theme: &'a Theme,
    pub(super) narrative: &'a Narrative,
    /// The number that the first paragraph tells, large beside it.
    pub(super) tile: Option<KeyNumber>,
    pub(super) figures: BTreeMap<&'a str, FigureBlock>,
    pub(super) tests: Option<TestNote>,
}

impl<'a> Scene<'a> {
    pub(super) fn themes(&self) -> Result<Vec<ThemeView<'a>>, ReportError> {
        let variant = self.within.map(|variant| &variant.id);
        let themes = self.edition.wave.themes.iter().filter(|theme| theme.variant() == variant);
        themes.map(|theme| self.theme_view(theme)).collect()
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
}

impl Scene<'_> {
    /// The page of the theme of this name, below its language's folder.
    pub(crate) fn page_of(&self, id: &ThemeId) -> String {
        let theme = self.edition.wave.themes.iter().find(|theme| theme.id == *id);
        theme.map_or_else(|| format!("{id}.html"), page_of)
    }

    pub(super) fn theme(
        &self,
        engine: &Engine<'_>,
        themes: &[ThemeView<'_>],
        index: usize,
        languages: &[Language],
    ) -> Result<String, ReportError> {
        let view = &themes[index];
        let neighbour = |index: Option<usize>| {
            index.and_then(|index| themes.get(index)).map_or_else(|| text(""), |view| view.link(self))
        };
        let name = view.page();
        let frame = Frame {
            name: &name,
            title: view.narrative.title.plain.clone(),
            description: &view.narrative.lead,
            languages,
        };
        let page = context! {
            heading => markup(view.narrative.title.html.clone()),
            corrections => self.corrections_of_page(view.theme),
            tile => view.tile.as_ref().map_or_else(|| text(""), KeyNumber::value),
            blocks => view.blocks(self, Setting::Page),
            tests => view.test_note(Setting::Page),
            facts => self.fact_note(view, Setting::Page),
            previous => neighbour(index.checked_sub(1)),
            next => neighbour(index.checked_add(1)),
            themes => list(themes.iter().map(|view| view.link(self))),
        };
        engine.render("html/theme.html", &self.context(&frame, page))
    }

    /// Where the facts come from that a page tells and did not count itself; nothing where it tells none.
    pub(super) fn fact_note(&self, view: &ThemeView<'_>, setting: Setting<'_>) -> Value {
        let rows = fact::rows(view.narrative, &self.edition.wave.facts, self.pack);
        if rows.is_empty() {
            return text("");
        }
        context! {
            id => text(setting.anchor("facts")),
            level => text(setting.level(2).to_string()),
            heading => text(self.pack.text(Word::FactsHeading)),
            rows => list(rows.into_iter()),
        }
    }
}

/// The page of a theme below its language's folder.
pub(crate) fn page_of(theme: &Theme) -> String {
    let folder = theme.variant().map_or_else(String::new, |variant| format!("{variant}/"));
    format!("{folder}{}.html", theme.id)
}

impl ThemeView<'_> {
    /// Its page below its language's folder.
    pub(super) fn page(&self) -> String {
        page_of(self.theme)
    }

    /// The way from a page to one of its figures.
    pub(super) fn place(&self, scene: &Scene<'_>, figure: &str) -> String {
        scene.href(&format!("{}#{figure}", self.page()))
    }

    /// The first figure whose headline tells a number.
    pub(super) fn first_finding(&self) -> Option<&FigureBlock> {
        let mut blocks = self.theme.figures.iter().filter_map(|figure| self.figures.get(figure.id.as_str()));
        blocks.find(|block| block.key().is_some())
    }

    /// What a figure's headline tells, for a list of findings.
    pub(super) fn finding(&self, scene: &Scene<'_>, block: &FigureBlock) -> Value {
        context! {
            key => block.key().map_or_else(|| text(""), KeyNumber::value),
            headline => markup(block.headline().text.html.clone()),
            headline_plain => text(block.headline().text.plain.clone()),
            href => text(self.place(scene, block.id())),
        }
    }

    /// What the first paragraph tells, in the form of a finding; nothing where it tells no number.
    pub(super) fn opening(&self, scene: &Scene<'_>) -> Option<Value> {
        let tile = self.tile.as_ref()?;
        let lead = || text(self.narrative.lead.clone());
        let href = text(scene.href(&self.page()));
        Some(context! { key => tile.value(), headline => lead(), headline_plain => lead(), href })
    }

    pub(super) fn link(&self, scene: &Scene<'_>) -> Value {
        context! {
            href => text(scene.href(&self.page())),
            title => text(self.narrative.title.plain.clone()),
            lead => text(self.narrative.lead.clone()),
        }
    }

    pub(super) fn test_note(&self, setting: Setting<'_>) -> Value {
        let tests = self.tests.as_ref();
        tests.map_or_else(
            || text(""),
            |tests| tests.value(&setting.anchor("tests"), &setting.name_of("tests"), setting.level(2)),
        )
    }

    /// The parts of the page, as templates place them.
    pub(super) fn blocks(&self, scene: &Scene<'_>, setting: Setting<'_>) -> Value {
        list(self.narrative.blocks.iter().filter_map(|block| {
            let nothing = || text("");
            let (html, markdown, plain, figure, case, quotation) = match block {
                Block::Text { html, markdown, plain } => (
                    markup(setting.html(html)),
                    markup(markdown.clone()),
                    text(plain.clone()),
                    nothing(),
                    nothing(),
                    nothing(),
                ),
                Block::Figure { id, level } => {
                    let figure = self.figures.get(id.as_str())?;
                    let figure = figure.value(setting.level(*level), self.tile.as_ref(), setting.stand());
                    (nothing(), nothing(), nothing(), figure, nothing(), nothing())
                }
                Block::Case { id, level } => {
                    let case = scene.case(
                        &setting.anchor(id.as_str()),
                        self.narrative.inserts.get(id)?,
                        setting.level(*level),
                    )?;
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
