//! What those show who pass on a link to a page: its address, and for a theme its card. Both need the address under which releases lie; without it
//! pages tell none and no card is drawn.

use codebook::{Language, PageKind};
use minijinja::{Value, context};

use super::theme::ThemeView;
use super::{Edition, Frame, Scene};
use crate::card::{Card, draw};
use crate::figure::KeyNumber;
use crate::templates::text;
use crate::{ReportError, Shelf};

/// A picture of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its path below the output folder, with `/`: `en/cards/core-task.png`.
    pub path: String,
    /// The file, a PNG.
    pub bytes: Vec<u8>,
}

/// Draws the card of every theme in every language; none where the country tells no `site`. Those that `shelf` has are not drawn.
///
/// # Errors
/// When a wanted language lacks its pack or a narrative.
pub fn cards(
    edition: Edition<'_>,
    languages_wanted: &[Language],
    shelf: &dyn Shelf,
) -> Result<Vec<Picture>, ReportError> {
    let mut cards = Vec::new();
    if edition.country.site.is_none() {
        return Ok(cards);
    }
    for language in languages_wanted {
        // A press release has no page that anybody could share.
        for scene in Scene::of(edition, language)?.scenes() {
            for view in scene.themes()?.iter().filter(|view| view.theme.kind != PageKind::Press) {
                let path = format!("{}cards/{}.png", scene.folder(language), view.theme.id);
                cards.extend(scene.card(view, shelf).map(|bytes| Picture { path, bytes }));
            }
        }
    }
    Ok(cards)
}

impl Scene<'_> {
    /// The theme's first finding with a number; where none has one, its title.
    fn card(&self, view: &ThemeView<'_>, shelf: &dyn Shelf) -> Option<Vec<u8>> {
        let blocks = view.theme.figures.iter().filter_map(|figure| view.figures.get(figure.id.as_str()));
        let told = blocks.into_iter().find_map(|block| Some((block, block.key()?)));
        let sentence = told.map_or(&view.narrative.title.plain, |(block, _)| &block.headline().text.plain);
        let key = told.map(|(_, KeyNumber { value, interval, .. })| (value.as_str(), interval.as_str()));
        let (mark, notice) = (self.mark(), self.notice());
        let wave = self.edition.wave;
        let card = Card {
            publication: self.publication(),
            window: wave.window.get(self.language()),
            sentence,
            key,
            mark: (&mark, &notice),
        };
        shelf.card(&card.texts(), &mut || draw(card))
    }

    /// The page's address and the address of its picture, for its head; empty where the country tells no address.
    pub(super) fn social(&self, frame: &Frame<'_>) -> Value {
        let Some(site) = &self.edition.country.site else { return text("") };
        let (country, wave) = (&self.edition.country.id, self.edition.wave.edition());
        let folder = format!("{site}/{country}/{wave}/{}", self.folder(self.language()));
        let name = frame.name.rsplit('/').next().unwrap_or(frame.name);
        let theme = name.strip_suffix(".html").filter(|name| {
            let mut themes = self.edition.wave.themes.iter();
            themes.any(|theme| theme.id.as_str() == *name)
        });
        context! {
            url => text(format!("{folder}{}", frame.name)),
            image => text(theme.map_or_else(String::new, |theme| format!("{folder}cards/{theme}.png"))),
        }
    }
}
