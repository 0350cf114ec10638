//! Columns that resemble an item of the shared questionnaire and are not taken for it, each with the reason: whoever knows better writes a line.

use std::collections::BTreeSet;

use codebook::{Codebook, CoreQuestionnaire, Kind, Language, Origin, Variable, VariableName};

use super::draft::{DraftKind, DraftVariable};
use super::shared::{self, Shared};

/// Words that two wordings have in common, of all words of both, from which they are alike: three of five.
const ALIKE: (usize, usize) = (3, 5);
/// Words of a wording that says enough to be compared.
const WORDS_AT_LEAST: usize = 4;

/// A column and the item that it resembles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Near {
    pub(super) column: String,
    pub(super) item: VariableName,
    /// Why it is not taken.
    pub(super) why: String,
}

impl Near {
    /// The sentence for people, without the column.
    pub(super) fn told(&self) -> String {
        format!("resembles {} of the shared questionnaire; not taken, since {}", self.item, self.why)
    }
}

/// The columns of a draft that are no items, and have the name of one, or its words, or nearly its words and its answers.
pub(super) fn near(variables: &[DraftVariable<'_>], languages: &[Language], shared: Option<&Shared>) -> Vec<Near> {
    let is_foreign = |language: &Language| !CoreQuestionnaire::LANGUAGES.contains(&language.as_str());
    let Some(core) = CoreQuestionnaire::versions().last().filter(|_| !languages.iter().any(is_foreign)) else {
        return Vec::new();
    };
    let codebook = core.codebook();
    let is_taken =
        |drafted: &&DraftVariable<'_>| shared.is_some_and(|shared| shared.item(&drafted.column.name).is_some());
    variables.iter().filter(|drafted| !is_taken(drafted)).filter_map(|drafted| of(drafted, &codebook)).collect()
}

fn of(drafted: &DraftVariable<'_>, codebook: &Codebook) -> Option<Near> {
    let is_it = |variable: &&Variable| {
        shared::is_named(drafted.column, variable) || shared::is_worded(drafted.column, variable, codebook)
    };
    let (item, why) = match codebook.variables.iter().filter(is_it).collect::<Vec<_>>().as_slice() {
        [] => (
            alike(drafted, codebook)?,
            "its question is worded otherwise, though its answers are the item's".to_owned(),
        ),
        [variable] => (*variable, why_not(drafted, variable, codebook)?),
        [first, second, ..] => (*first, format!("{} has its name or its words, too", second.name)),
    };
    Some(Near { column: drafted.column.name.clone(), item: item.name.clone(), why })
}

/// Why a column with the name or the words of an item is none.
fn why_not(drafted: &DraftVariable<'_>, variable: &Variable, codebook: &Codebook) -> Option<String> {
    match variable.origin {
        Origin::Answer => {}
        Origin::Register => return Some("it comes from a register, and not from answers".to_owned()),
        // A name alone says nothing of what is calculated.
        Origin::Derived(_) | Origin::Fieldwork => return None,
    }
    Some(match (&variable.kind, drafted.kind) {
        (Kind::Category { categories, .. }, DraftKind::Category(_)) => {
            match shared::unknown_answer(drafted.column, variable, categories, codebook) {
                Some(answer) => format!("its answer {answer:?} is none of the item's"),
                None if shared::codes(drafted.column, variable, categories, codebook).is_none() => {
                    "several of its answers are one of the item's".to_owned()
                }
                None => {
                    "another column could be it, too, or the question that leads to it is not recognised".to_owned()
                }
            }
        }
        (Kind::Number, DraftKind::Number) => {
            "another column could be it, too, or the question that leads to it is not recognised".to_owned()
        }
        (Kind::Category { .. }, DraftKind::Number | DraftKind::Date | DraftKind::Text) => {
            "the item is answered by codes, and its cells are none".to_owned()
        }
        (Kind::Number, DraftKind::Category(_) | DraftKind::Date | DraftKind::Text) => {
            "the item is answered by a number, and its cells are none".to_owned()
        }
        (
            Kind::Condition | Kind::Date | Kind::Text,
            DraftKind::Category(_) | DraftKind::Number | DraftKind::Date | DraftKind::Text,
        ) => "its cells are no answers of the item".to_owned(),
    })
}

/// The one item whose answers the column has, and nearly whose words.
fn alike<'c>(drafted: &DraftVariable<'_>, codebook: &'c Codebook) -> Option<&'c Variable> {
    let words = words(shared::wording(drafted.column)?);
    let is_alike = |variable: &&Variable| {
        let has_answers = match (&variable.kind, drafted.kind) {
            (Kind::Category { categories, .. }, DraftKind::Category(_)) => {
                shared::codes(drafted.column, variable, categories, codebook).is_some()
            }
            (Kind::Number, DraftKind::Number) => true,
            (
                Kind::Category { .. } | Kind::Number | Kind::Condition | Kind::Date | Kind::Text,
                DraftKind::Category(_) | DraftKind::Number | DraftKind::Date | DraftKind::Text,
            ) => false,
        };
        variable.origin == Origin::Answer && has_answers && is_worded_alike(&words, variable, codebook)
    };
    let mut alike = codebook.variables.iter().filter(is_alike);
    let first = alike.next()?;
    alike.next().is_none().then_some(first)
}

/// Whether the words are nearly those of an item in one of its languages; of an item of a battery, its question's and its own.
fn is_worded_alike(found: &BTreeSet<String>, variable: &Variable, codebook: &Codebook) -> bool {
    match codebook.battery_of(&variable.name) {
        Some(battery) => variable.label.iter().any(|(language, item)| {
            let (question, item) = (battery.question.find(language).map(words).unwrap_or_default(), words(item));
            let own: BTreeSet<String> = found.difference(&question).cloned().collect();
            let item: BTreeSet<String> = item.difference(&question).cloned().collect();
            let is_asked = are_alike(&found.intersection(&question).cloned().collect(), &question);
            is_asked && are_alike(&own, &item)
        }),
        None => variable.question.iter().flat_map(|question| question.iter()).any(|(_, question)| {
            let question = words(question);
            question.len() >= WORDS_AT_LEAST && are_alike(found, &question)
        }),
    }
}

fn are_alike(left: &BTreeSet<String>, right: &BTreeSet<String>) -> bool {
    let (common, all) = (left.intersection(right).count(), left.union(right).count());
    common * ALIKE.1 >= all * ALIKE.0 && common > 0
}

/// The different words of a wording without years, which change from wave to wave.
fn words(text: &str) -> BTreeSet<String> {
    let text = shared::folded(&text.replace("{window}", " "));
    text.split(' ')
        .filter(|word| !word.is_empty() && !word.bytes().all(|byte| byte.is_ascii_digit()))
        .map(str::to_owned)
        .collect()
}
