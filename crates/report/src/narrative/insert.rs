//! The local cases and the quotations of a page: what they say, and what is wrong with it.
//!
//! A case is told as a fact: its numbers are its source's, which is named with the day of comparison, and it may word claims like any text.
//! A quotation is its speaker's: a number in it is flagged for the editor, and it holds no claim.

use std::collections::BTreeMap;

use codebook::{Case, Finding, InsertId, Place, Quotation};
use jiff::civil::Date;
use pulldown_cmark::{Event, Tag};

use super::body::{Body, foreign};
use super::lint::NumbersOf;
use super::prose::{Prose, render};
use super::{Reading, Rendered};

/// A case or a quotation in one language.
#[derive(Debug, Clone)]
pub(crate) enum Insert {
    /// A local case.
    Case {
        heading: Rendered,
        /// Its story, in paragraphs.
        story: Rendered,
        source: String,
        url: Option<String>,
        checked: Date,
    },
    /// What somebody said.
    Quotation { words: String, speaker: Option<String>, role: String, said: Date },
}

impl Reading<'_> {
    /// Reads the cases and quotations of the theme.
    pub(super) fn inserts(&mut self) -> BTreeMap<InsertId, Insert> {
        let theme = self.theme;
        let cases = theme.cases.iter().filter_map(|case| Some((case.id.clone(), self.case(case)?)));
        let mut inserts: BTreeMap<_, _> = cases.collect();
        inserts.extend(theme.quotes.iter().filter_map(|it| Some((it.id.clone(), self.quotation(it)?))));
        inserts
    }

    fn case(&mut self, case: &Case) -> Option<Insert> {
        let language = self.pack.language();
        let heading = self.prose_of(case.heading.find(language)?, &case.heading_place, NumbersOf::Source);
        let story = self.prose_of(case.text.find(language)?, &case.text_place, NumbersOf::Source);
        let source = case.source.find(language)?.to_owned();
        Some(Insert::Case {
            heading: heading.line(),
            story: render(&story.events.iter().map(|(event, _)| event.clone()).collect::<Vec<_>>()),
            source,
            url: case.url.clone(),
            checked: case.checked,
        })
    }

    fn quotation(&mut self, quotation: &Quotation) -> Option<Insert> {
        let language = self.pack.language();
        let words = quotation.words.find(language)?;
        let prose = Prose::parse(words);
        if !prose.claims.is_empty() || prose.has_blocks_or_html() {
            let message = format!("the quotation {:?} is more than what was said", quotation.id.as_str());
            let finding = Finding::error(quotation.words_place.clone(), "quotation", message);
            self.findings.push(
                finding.hint(
                    "a quotation is one paragraph, without claims: nobody's words are checked against an estimate",
                ),
            );
        }
        self.lint_numbers_of(NumbersOf::Speaker, &prose, &|_| quotation.words_place.clone());
        Some(Insert::Quotation {
            words: prose.line().plain,
            speaker: quotation.speaker.clone(),
            role: quotation.role.find(language)?.to_owned(),
            said: quotation.said,
        })
    }

    /// A text of the theme's TOML, all of which has one place.
    fn prose_of<'t>(&mut self, text: &'t str, place: &Place, whose: NumbersOf) -> Prose<'t> {
        let prose = Prose::parse(text);
        for worded in &prose.claims {
            self.word(worded, place.clone());
        }
        for (event, _) in &prose.events {
            let is_heading = matches!(event, Event::Start(Tag::Heading { .. }));
            let found = foreign(event, false);
            let found = found.or_else(|| {
                is_heading.then(|| ("heading-form", "a case has its heading in a key of its own".to_owned()))
            });
            if let Some((code, message)) = found {
                self.findings.push(Finding::error(place.clone(), code, message));
            }
        }
        self.lint_numbers_of(whose, &prose, &|_| place.clone());
        prose
    }

    /// A case or quotation that the text does not place stands nowhere.
    pub(super) fn warn_of_unplaced_inserts(&mut self, body: &Body) {
        let theme = self.theme;
        let cases = theme.cases.iter().map(|case| ("case", &case.id, &case.place));
        let quotes = theme.quotes.iter().map(|quotation| ("quote", &quotation.id, &quotation.place));
        for (what, id, place) in cases.chain(quotes) {
            if !body.inserts().any(|placed| placed == id) {
                let language = self.pack.language().as_str();
                let message = format!("no text in {language:?} places the {what} {:?}", id.as_str());
                let finding = Finding::warning(place.clone(), "insert-not-placed", message);
                self.findings.push(finding.hint(format!("write {{{{ {what} {id} }}}} on a line of its own")));
            }
        }
    }
}
