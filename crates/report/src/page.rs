//! The pages of an edition: what they are made from, and which there are. Each kind of page has a room of its own.

mod accessibility;
mod comparability;
mod data;
mod errata;
mod frame;
mod front;
mod insert;
mod method;
mod missing;
mod outlet;
mod quality;
mod questions;
mod search;
mod section;
mod setting;
mod social;
mod theme;
mod volumes;
mod whole;

use std::collections::{BTreeMap, BTreeSet};

use codebook::{Country, Language, PageKind, Variant, Wave};
use disclose::{Corrections, Published};

pub(crate) use comparability::{difference, parts_of_difference, word as sameness_word};
pub use data::{Downloads, Offer, Purpose, Sizes};
pub(crate) use frame::Frame;
pub(crate) use section::{per_hundred, table};
pub(crate) use setting::Setting;
pub use social::{Picture, cards};

use crate::templates::{Engine, SEARCH_SCRIPT, STYLESHEET};
use crate::{Languages, Narrative, Pack, ReportError, Shelf, Templates};
use theme::ThemeView;
pub(crate) use theme::page_of;

/// Everything that the pages of one wave are made from.
#[derive(Debug, Clone, Copy)]
pub struct Edition<'a> {
    /// The country as the wave knows it.
    pub country: &'a Country,
    /// The country with all that any wave asked.
    pub whole: &'a Country,
    /// The wave.
    pub wave: &'a Wave,
    /// The numbers.
    pub published: &'a Published,
    /// Those that an earlier edition showed otherwise.
    pub corrections: &'a Corrections,
    /// The narratives of every theme and language.
    pub narratives: &'a [Narrative],
    /// The words.
    pub languages: &'a Languages,
    /// The templates.
    pub templates: &'a Templates,
    /// The formats that the numbers come in, for the page that offers them.
    pub downloads: Downloads<'a>,
}

/// One file of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its path below the output folder, with `/`: `en/core-task.html`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// An edition in one language, or a variant of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub(crate) edition: Edition<'a>,
    pub(crate) pack: &'a Pack,
    /// The edition within the edition that is written now; `None` is the whole one.
    pub(crate) within: Option<&'a Variant>,
}

/// Renders every page of an edition in every language of `languages_wanted`; the country's first language is the root, others lie
/// in `<lang>/`. Sorted by path: `index.html`, a page for each theme, `method.html`, `quality.html`, `comparability.html` where there is a ledger,
/// `accessibility.html`, `data.html`, `errata.html` if there are any, `questions.html`, `search.html`, `print.html` (and `print-2.html`, .. of a large edition) and `report.md` of the edition and of each variant,
/// `figures/<id>.svg` in each language, and `assets/style.css` and `assets/search.js` once. All links are relative, so that pages open from a folder, too.
///
/// Those that `shelf` has are not rendered.
///
/// # Errors
/// When a template computes or does not render, or a wanted language lacks its pack or a narrative.
pub fn pages(edition: Edition<'_>, languages_wanted: &[Language], shelf: &dyn Shelf) -> Result<Vec<Page>, ReportError> {
    let ready = Pages::new(edition, languages_wanted, shelf)?;
    let mut pages = ready.assets();
    for language in languages_wanted {
        pages.extend(ready.in_language(language)?);
    }
    pages.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(pages)
}

/// The same, language by language: each may be rendered while others are.
pub struct Pages<'a> {
    edition: Edition<'a>,
    languages_wanted: &'a [Language],
    engine: Engine<'a>,
}

impl<'a> Pages<'a> {
    /// Makes ready to render.
    ///
    /// # Errors
    /// When a template computes.
    pub fn new(
        edition: Edition<'a>,
        languages_wanted: &'a [Language],
        shelf: &'a dyn Shelf,
    ) -> Result<Self, ReportError> {
        Ok(Self { edition, languages_wanted, engine: edition.templates.engine()?.beside(shelf) })
    }

    /// What all languages share.
    #[must_use]
    pub fn assets(&self) -> Vec<Page> {
        let asset = |name: &str, carried| Page {
            path: format!("assets/{name}"),
            text: self.edition.templates.source(carried).to_owned(),
        };
        vec![asset("style.css", STYLESHEET), asset("search.js", SEARCH_SCRIPT)]
    }

    /// Every page in a language.
    ///
    /// # Errors
    /// When a template does not render, or the language lacks its pack or a narrative.
    pub fn in_language(&self, language: &Language) -> Result<Vec<Page>, ReportError> {
        Scene::of(self.edition, language)?.pages(&self.engine, self.languages_wanted)
    }
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
        Scene::of(edition, language)?.pages(&engine, languages_wanted)?;
    }
    Ok(engine.noted())
}

impl<'a> Scene<'a> {
    /// The whole edition in a language.
    fn of(edition: Edition<'a>, language: &Language) -> Result<Self, ReportError> {
        let pack = edition.languages.pack(language).ok_or_else(|| ReportError::NoPack(language.clone()))?;
        Ok(Self { edition, pack, within: None })
    }

    fn language(&self) -> &'a Language {
        self.pack.language()
    }

    /// The folder of a language, as seen from the root; with its slash.
    pub(crate) fn folder(&self, language: &Language) -> String {
        if self.edition.country.languages.first() == Some(language) { String::new() } else { format!("{language}/") }
    }

    /// The folder of the variant below its language's; with its slash, empty for the whole edition.
    fn variant_folder(&self) -> String {
        self.within.map_or_else(String::new, |variant| format!("{}/", variant.id))
    }

    /// The way from a page to the root of the release.
    pub(crate) fn up(&self) -> String {
        let folders = format!("{}{}", self.folder(self.language()), self.variant_folder());
        "../".repeat(folders.matches('/').count())
    }

    /// The way from a page to what lies at this path below its language's folder.
    pub(crate) fn href(&self, path: &str) -> String {
        match path.strip_prefix(&self.variant_folder()) {
            Some(below) => below.to_owned(),
            None => format!("../{path}"),
        }
    }

    /// This edition, and each of its variants.
    fn scenes(&self) -> impl Iterator<Item = Self> {
        let (scene, variants) = (*self, &self.edition.wave.variants);
        std::iter::once(scene).chain(variants.iter().map(move |variant| Self { within: Some(variant), ..scene }))
    }

    fn pages(&self, engine: &Engine<'_>, languages: &[Language]) -> Result<Vec<Page>, ReportError> {
        let mut pages = Vec::new();
        let mut indexed = Vec::new();
        for scene in self.scenes() {
            let (themes, outlets): (Vec<ThemeView<'_>>, Vec<ThemeView<'_>>) =
                scene.themes()?.into_iter().partition(|view| view.theme.kind == PageKind::Theme);
            pages.extend(scene.texts(engine, &themes, &outlets, languages)?);
            pages.extend(scene.whole(engine, &themes, languages)?);
            if scene.within.is_none() {
                pages.extend(scene.annexes(engine, &themes, languages)?);
            }
            let articles = outlets.into_iter().filter(|view| view.theme.kind == PageKind::Article);
            indexed.extend(themes.into_iter().chain(articles));
        }
        let folder = self.folder(self.language());
        let mut add = |name: &str, text: String| pages.push(Page { path: format!("{folder}{name}"), text });
        let indexed: Vec<&ThemeView<'_>> = indexed.iter().collect();
        if !self.edition.wave.errata.is_empty() {
            add("errata.html", self.errata_page(engine, languages)?);
        }
        add("questions.html", self.questions_page(engine, &indexed, languages)?);
        add("search.html", self.search_page(engine, &indexed, languages)?);
        Ok(pages)
    }

    /// The front page, the themes with their drawings, articles and press releases.
    fn texts(
        &self,
        engine: &Engine<'_>,
        themes: &[ThemeView<'_>],
        outlets: &[ThemeView<'_>],
        languages: &[Language],
    ) -> Result<Vec<Page>, ReportError> {
        let (folder, variant) = (self.folder(self.language()), self.variant_folder());
        let mut pages = Vec::new();
        let mut add = |name: &str, text: String| pages.push(Page { path: format!("{folder}{name}"), text });
        add(&format!("{variant}index.html"), self.index(engine, themes, languages)?);
        for (index, view) in themes.iter().enumerate() {
            add(&view.page(), self.theme(engine, themes, index, languages)?);
        }
        for (id, figure) in themes.iter().chain(outlets).flat_map(|view| &view.figures) {
            if let Some(drawing) = figure.drawing() {
                add(&format!("figures/{id}.svg"), drawing);
            }
        }
        for view in outlets {
            for (name, text) in self.outlet(engine, view, languages)? {
                add(&name, text);
            }
        }
        Ok(pages)
    }

    /// All of it as one document, to be printed and to be copied.
    fn whole(
        &self,
        engine: &Engine<'_>,
        themes: &[ThemeView<'_>],
        languages: &[Language],
    ) -> Result<Vec<Page>, ReportError> {
        let folder = format!("{}{}", self.folder(self.language()), self.variant_folder());
        let mut pages = self.print(engine, themes, languages)?;
        pages.push(Page { path: format!("{folder}report.md"), text: self.report(engine, themes)? });
        Ok(pages)
    }

    /// What an edition has once, whatever variants there are.
    fn annexes(
        &self,
        engine: &Engine<'_>,
        themes: &[ThemeView<'_>],
        languages: &[Language],
    ) -> Result<Vec<Page>, ReportError> {
        let pages = [
            ("method.html", self.method(engine, languages)?),
            ("quality.html", self.quality(engine, themes, languages)?),
            ("quality.md", self.quality_text(engine, themes)?),
            ("accessibility.html", self.accessibility(engine, languages)?),
            ("data.html", self.data(engine, languages)?),
        ];
        let pages =
            pages.into_iter().chain(self.comparability(engine, languages)?.map(|text| ("comparability.html", text)));
        let folder = self.folder(self.language());
        Ok(pages.map(|(name, text)| Page { path: format!("{folder}{name}"), text }).collect())
    }
}
