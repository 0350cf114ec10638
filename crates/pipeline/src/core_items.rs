//! What there is to take from the shared questionnaire, for people and programs that have nothing but this one.

use codebook::{Category, CoreQuestionnaire, Kind, Language, Role, SharedItem, SharedKind, Translated};
use serde_json::{Map, Value, json};

use crate::PipelineError;

/// The items of a version, or of the newest, and its name. With `names` only those items, in this order: an item's id, that of an item of a battery, or
/// the name of a list, which stands for the items that have it.
///
/// # Errors
/// When there is no such version, item or list; the message names the nearest ones.
pub fn core_items(
    version: Option<&str>,
    names: &[String],
) -> Result<(CoreQuestionnaire, Vec<SharedItem>), PipelineError> {
    let usage = |message: String| PipelineError::Usage { message };
    let core = match version {
        Some(version) => CoreQuestionnaire::of(version),
        None => CoreQuestionnaire::versions().last(),
    };
    let core = core.ok_or_else(|| {
        let known: Vec<&str> = CoreQuestionnaire::versions().map(CoreQuestionnaire::version).collect();
        let version = version.unwrap_or_default();
        usage(format!(
            "this program has no version {version:?} of the shared questionnaire; it carries {}",
            known.join(", ")
        ))
    })?;
    let items = core.items();
    if names.is_empty() {
        return Ok((core, items));
    }
    let mut found: Vec<SharedItem> = Vec::new();
    for name in names {
        let has_list = |item: &&SharedItem| item.list().is_some_and(|(list, _)| list == name);
        let mut of_name: Vec<&SharedItem> = items.iter().filter(|item| item.answers_to(name)).collect();
        if of_name.is_empty() {
            of_name = items.iter().filter(has_list).collect();
        }
        if of_name.is_empty() {
            return Err(usage(format!("the shared questionnaire has no item {name:?}{}", nearest(name, &items))));
        }
        found.extend(of_name.into_iter().filter(|item| !found.contains(item)).cloned().collect::<Vec<_>>());
    }
    Ok((core, found))
}

fn nearest(name: &str, items: &[SharedItem]) -> String {
    SharedItem::nearest(items, name).map_or_else(
        || "; without a name barometer core lists all".to_owned(),
        |item| format!("; did you mean {:?}?", item.name.as_str()),
    )
}

/// All of them as JSON: `version`, `languages`, and `items` with name, kind, texts by language, answers, routing and derivation. Texts are in these languages, or
/// in all.
///
/// # Panics
/// Never: texts are JSON.
#[must_use]
pub fn core_json(core: CoreQuestionnaire, items: &[SharedItem], languages: &[Language]) -> String {
    let known = CoreQuestionnaire::LANGUAGES;
    let languages: Vec<&str> =
        if languages.is_empty() { known.to_vec() } else { languages.iter().map(Language::as_str).collect() };
    let items: Vec<Value> = items.iter().map(|it| item(it, &languages)).collect();
    let value = json!({ "version": core.version(), "languages": languages, "items": items });
    serde_json::to_string_pretty(&value).expect("texts are JSON") + "\n"
}

fn item(item: &SharedItem, languages: &[&str]) -> Value {
    let mut fields = Map::new();
    let mut give = |key: &str, value: Value| fields.insert(key.to_owned(), value);
    give("name", json!(item.name.as_str()));
    let kind = match &item.kind {
        SharedKind::Question => "question",
        SharedKind::Register => "register",
        SharedKind::Battery { .. } => "battery",
        SharedKind::Derived { .. } => "derived",
    };
    give("kind", json!(kind));
    for (key, text) in [("label", &item.label), ("question", &item.question)] {
        if let Some(text) = text {
            give(key, words(text, languages));
        }
    }
    match &item.values {
        Kind::Category { list, categories } => {
            give("values", json!("codes"));
            give("codes", json!(list));
            let answers: Vec<Value> = categories.iter().map(|category| answer(category, languages)).collect();
            give("answers", json!(answers));
        }
        Kind::Condition => drop(give("values", json!("condition"))),
        Kind::Number => drop(give("values", json!("number"))),
        Kind::Date => drop(give("values", json!("date"))),
        Kind::Text => drop(give("values", json!("text"))),
    }
    if let Some(asked_if) = &item.asked_if {
        give("asked_if", json!(asked_if));
    }
    match &item.kind {
        SharedKind::Question | SharedKind::Register => {}
        SharedKind::Battery { multiple, items } => {
            give("multiple", json!(multiple.as_ref().map(codebook::Code::as_str)));
            let things = items.iter().map(|(id, label)| {
                json!({ "item": id, "name": format!("{}_{id}", item.name), "label": words(label, languages) })
            });
            give("items", things.collect());
        }
        SharedKind::Derived { sql } => drop(give("sql", json!(sql))),
    }
    Value::Object(fields)
}

fn answer(category: &Category, languages: &[&str]) -> Value {
    let role = match category.role {
        Role::Answer => Value::Null,
        Role::DontKnow => json!("dont_know"),
        Role::NotRelevant => json!("not_relevant"),
    };
    json!({ "code": category.code.as_str(), "label": words(&category.label, languages), "role": role })
}

fn words(text: &Translated, languages: &[&str]) -> Value {
    let known = text.iter().filter(|(language, _)| languages.contains(&language.as_str()));
    Value::Object(known.map(|(language, words)| (language.to_string(), json!(words))).collect())
}
