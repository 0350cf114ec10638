//! Words outside of claims that say how one number stands to another: to another wave's ([`change`](super::change)), or to another of the same wave
//! ([`comparison`](super::comparison)).
//!
//! A number that was checked lends its trust to whatever stands beside it, so a sentence that compares must have a claim that tests the comparison. Which
//! words compare, the language pack lists, and a list may be mistaken: words that compare nothing are listed under `[[allow]]` of the theme with the reason.

use codebook::{Codebook, Country, Figure, Finding, Place, SourceFile, Theme, Wave};

use super::change::Changes;
use super::comparison::Comparisons;
use super::prose::Prose;
use super::sentence::sentences;
use crate::Pack;
use crate::place::place_at;

/// What the sentences of a theme's text, of its figures' headlines and of its local cases compare without a claim that tests it, and wordings that turn a
/// claim about a change round. `country` has all that any wave asked, so that the ledger can be asked; `source` is the text in the pack's language.
#[must_use]
pub fn untested_words(country: &Country, wave: &Wave, theme: &Theme, pack: &Pack, source: &SourceFile) -> Vec<Finding> {
    let changes = Changes::new(country, wave, theme, pack);
    let comparisons = Comparisons::new(&country.codebook, theme, pack);
    let mut findings = Vec::new();
    for told in texts(theme, pack, source) {
        let prose = Prose::parse(&told.text);
        for worded in &prose.claims {
            let place = (told.place)(worded.words.start);
            findings.extend(changes.turned_round(&worded.claim, &worded.text, place));
        }
        for sentence in sentences(&prose, pack, &theme.allowed) {
            match changes.untested(&sentence, &told.place, told.headline_of) {
                Some(finding) => findings.push(finding),
                None => {
                    let is_headline = told.headline_of.is_some();
                    findings.extend(comparisons.untested(&sentence, &told.place, is_headline));
                }
            }
        }
    }
    findings
}

/// The same of a page of a comparison over countries, where nothing is tested: what its words compare, nobody can claim.
#[must_use]
pub fn untested_comparisons(questionnaire: &Codebook, theme: &Theme, pack: &Pack, source: &SourceFile) -> Vec<Finding> {
    let comparisons = Comparisons::over_countries(questionnaire, theme, pack);
    let mut findings = Vec::new();
    for told in texts(theme, pack, source) {
        for sentence in sentences(&Prose::parse(&told.text), pack, &theme.allowed) {
            findings.extend(comparisons.untested(&sentence, &told.place, told.headline_of.is_some()));
        }
    }
    findings
}

/// A text of a page.
struct PageText<'a> {
    text: String,
    /// Where it is written, by a place in it.
    place: Box<dyn Fn(usize) -> Place + 'a>,
    /// The figure whose headline it is.
    headline_of: Option<&'a Figure>,
}

/// The texts of a page in one language: the narrative, the headlines of its figures, its local cases. A quotation is its speaker's.
fn texts<'a>(theme: &'a Theme, pack: &Pack, source: &'a SourceFile) -> Vec<PageText<'a>> {
    let narrative = PageText {
        text: source.text.clone(),
        place: Box::new(|offset| place_at(&source.path, &source.text, offset)),
        headline_of: None,
    };
    let of_toml = |text: &codebook::Translated, place: &'a Place, headline_of: Option<&'a Figure>| {
        let text = text.find(pack.language())?.to_owned();
        Some(PageText { text, place: Box::new(|_| place.clone()), headline_of })
    };
    let headlines =
        theme.figures.iter().filter_map(|figure| of_toml(&figure.headline, &figure.headline_place, Some(figure)));
    let cases =
        theme.cases.iter().flat_map(|case| [(&case.heading, &case.heading_place), (&case.text, &case.text_place)]);
    let cases = cases.filter_map(|(text, place)| of_toml(text, place, None));
    std::iter::once(narrative).chain(headlines).chain(cases).collect()
}
