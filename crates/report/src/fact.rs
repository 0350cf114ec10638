//! Facts from elsewhere that a page tells and nothing here counted, as they stand below it.

use codebook::Fact;
use minijinja::{Value, context};

use crate::Pack;
use crate::language::Word;
use crate::narrative::Narrative;
use crate::templates::text;

/// One row for each fact that a text tells, in its order: where it comes from and when it was looked up.
pub(crate) fn rows(narrative: &Narrative, facts: &[Fact], pack: &Pack) -> Vec<Value> {
    let told = narrative.facts.iter().filter_map(|id| facts.iter().find(|fact| fact.id == *id));
    told.map(|fact| {
        let values = [("source", fact.source.get(pack.language())), ("date", &pack.date(fact.checked))];
        context! {
            sentence => text(pack.fill(Word::FactChecked, &values)),
            href => text(fact.url.clone().unwrap_or_default()),
        }
    })
    .collect()
}
