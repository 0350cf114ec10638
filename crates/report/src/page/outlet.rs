//! What an edition says beside its themes: the news article, and the press release as texts to be copied.

use codebook::{Language, PageKind, ThemeId};
use minijinja::{Value, context};

use super::setting::Setting;
use super::theme::ThemeView;
use super::whole::squeeze;
use super::{Frame, Scene};
use crate::ReportError;
use crate::figure::KeyNumber;
use crate::language::Word;
use crate::templates::{Engine, list, markup, text};

/// A file that an article or a press release becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outlet {
    /// A page.
    Html,
    /// Markdown.
    Markdown,
    /// Words alone.
    Plain,
}

impl Outlet {
    /// The files that a page of this kind becomes.
    fn of(kind: PageKind) -> &'static [Self] {
        match kind {
            PageKind::Theme => &[],
            PageKind::Article => &[Self::Html],
            PageKind::Press => &[Self::Markdown, Self::Plain],
        }
    }

    fn template(self) -> &'static str {
        match self {
            Self::Html => "html/article.html",
            Self::Markdown => "md/press.md",
            Self::Plain => "txt/press.txt",
        }
    }

    fn file_name(self, theme: &ThemeId) -> String {
        match self {
            Self::Html => format!("{theme}.html"),
            Self::Markdown => format!("{theme}.md"),
            Self::Plain => format!("{theme}.txt"),
        }
    }

    /// What a link to it says.
    fn label(self) -> Word {
        match self {
            Self::Html => Word::Article,
            Self::Markdown => Word::PressMarkdown,
            Self::Plain => Word::PressPlain,
        }
    }
}

impl Scene<'_> {
    /// Links to the articles and press releases of the edition.
    pub(super) fn outlets(&self) -> Value {
        let variant = self.within.map(|variant| &variant.id);
        let themes = self.edition.wave.themes.iter().filter(|theme| theme.variant() == variant);
        let links = themes.flat_map(|theme| {
            Outlet::of(theme.kind).iter().map(|outlet| {
                context! { href => text(outlet.file_name(&theme.id)), label => text(self.pack.text(outlet.label())) }
            })
        });
        list(links)
    }

    /// The files of an article or a press release.
    pub(super) fn outlet(
        &self,
        engine: &Engine<'_>,
        view: &ThemeView<'_>,
        languages: &[Language],
    ) -> Result<Vec<(String, String)>, ReportError> {
        let press = self.edition.country.press.as_ref();
        let words = |words: Option<&codebook::Translated>| text(words.map_or("", |it| it.get(self.language())));
        let mut files = Vec::new();
        for outlet in Outlet::of(view.theme.kind) {
            let name = format!("{}{}", self.variant_folder(), outlet.file_name(&view.theme.id));
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
                about => words(press.map(|press| &press.about)),
                contact => words(press.and_then(|press| press.contact.as_ref())),
            };
            let rendered = engine.render(outlet.template(), &self.context(&frame, page))?;
            files.push((name, if *outlet == Outlet::Html { rendered } else { squeeze(&rendered) }));
        }
        Ok(files)
    }
}
