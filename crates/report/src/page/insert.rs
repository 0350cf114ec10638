//! The parts of a page that are not the survey's own: local cases and quotations.

use minijinja::{Value, context};

use super::Scene;
use crate::language::Word;
use crate::narrative::Insert;
use crate::templates::{markup, text};

impl Scene<'_> {
    /// A local case, as templates place it.
    pub(super) fn case(&self, id: &str, insert: &Insert, level: u8) -> Option<Value> {
        let Insert::Case { heading, story, source, url, checked } = insert else { return None };
        let values = [("source", source.as_str()), ("date", &self.pack.date(*checked))];
        Some(context! {
            id => text(id),
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
    pub(super) fn quotation(&self, insert: &Insert) -> Option<Value> {
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
