//! What an edition says beside its themes: the news article, and the press release as texts to be copied. Also the parts of a page that
//! are not the survey's own: local cases and quotations.

use codebook::{InsertId, PageKind, ThemeId};
use minijinja::{Value, context};

use crate::language::Word;
use crate::narrative::Insert;
use crate::page::Scene;
use crate::templates::{list, markup, text};

/// A file that an article or a press release becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outlet {
    /// A page.
    Html,
    /// Markdown.
    Markdown,
    /// Words alone.
    Plain,
}

impl Outlet {
    /// The files that a page of this kind becomes.
    pub(crate) fn of(kind: PageKind) -> &'static [Self] {
        match kind {
            PageKind::Theme => &[],
            PageKind::Article => &[Self::Html],
            PageKind::Press => &[Self::Markdown, Self::Plain],
        }
    }

    pub(crate) fn template(self) -> &'static str {
        match self {
            Self::Html => "html/article.html",
            Self::Markdown => "md/press.md",
            Self::Plain => "txt/press.txt",
        }
    }

    pub(crate) fn file_name(self, theme: &ThemeId) -> String {
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
    pub(crate) fn outlets(&self) -> Value {
        let links = self.edition.wave.themes.iter().flat_map(|theme| {
            Outlet::of(theme.kind).iter().map(|outlet| {
                context! { href => text(outlet.file_name(&theme.id)), label => text(self.pack.text(outlet.label())) }
            })
        });
        list(links)
    }

    /// A local case, as templates place it.
    pub(crate) fn case(&self, id: &InsertId, insert: &Insert, level: u8) -> Option<Value> {
        let Insert::Case { heading, story, source, url, checked } = insert else { return None };
        let values = [("source", source.as_str()), ("date", &self.pack.date(*checked))];
        Some(context! {
            id => text(id.as_str()),
            level => text(level.to_string()),
            heading => markup(heading.html.clone()),
            heading_plain => text(heading.plain.clone()),
            story => markup(story.html.clone()),
            story_plain => text(story.plain.clone()),
            source => text(self.pack.fill(Word::FactChecked, &values)),
            href => text(url.clone().unwrap_or_default()),
        })
    }

    /// What somebody said, as templates place it.
    pub(crate) fn quotation(&self, insert: &Insert) -> Option<Value> {
        let Insert::Quotation { words, speaker, role, said } = insert else { return None };
        let by: Vec<&str> = speaker.iter().map(String::as_str).chain([role.as_str()]).collect();
        Some(context! {
            words => text(self.pack.quote(words)),
            by => text(by.join(", ")),
            said => text(self.pack.date(*said)),
            mark => text(self.mark()),
        })
    }
}
