//! Where a text stands: on a page of its own, or as a part of the whole edition, where headings are a level lower and anchors tell their part.

use crate::figure::Stand;

/// Where a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setting<'a> {
    /// On a page of its own.
    Page,
    /// In the whole edition, under the heading of the part of this name.
    Part(&'a str),
}

/// The lowest level of headings that HTML has.
pub(super) const LOWEST: u8 = 6;

impl Setting<'_> {
    /// The level of a heading that has this level on a page of its own.
    pub(super) fn level(self, level: u8) -> u8 {
        match self {
            Self::Page => level,
            Self::Part(_) => LOWEST.min(level + 1),
        }
    }

    /// The anchor of what every page may have one of. Figures keep theirs, which are permanent.
    pub(super) fn anchor(self, name: &str) -> String {
        match self {
            Self::Page => name.to_owned(),
            Self::Part(part) => format!("{part}-{name}"),
        }
    }

    /// What names a region under the heading with this anchor: several parts may have one that is called the same, so the part is named before it.
    pub(super) fn name_of(self, name: &str) -> String {
        match self {
            Self::Page => name.to_owned(),
            Self::Part(part) => format!("{part}-h {part}-{name}"),
        }
    }

    /// A text with its headings.
    pub(super) fn html(self, html: &str) -> String {
        match self {
            Self::Page => html.to_owned(),
            // The lowest first, so that no heading is moved twice.
            Self::Part(_) => (2..LOWEST).rev().fold(html.to_owned(), |html, level| {
                let lower = level + 1;
                html.replace(&format!("<h{level}>"), &format!("<h{lower}>"))
                    .replace(&format!("</h{level}>"), &format!("</h{lower}>"))
            }),
        }
    }

    /// Where its figures stand.
    pub(super) fn stand(self) -> Stand {
        match self {
            Self::Page => Stand::Page,
            Self::Part(_) => Stand::Document,
        }
    }
}
