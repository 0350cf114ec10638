//! `barometer core`: what the shared questionnaire has, for whoever has nothing but the program.
//!
//! Single items are TOML as `codebook.toml` would have it, so that what a country changes can be copied.

use codebook::{Category, CoreQuestionnaire, Kind, Language, Role, SharedItem, SharedKind, Translated};
use pipeline::PipelineError;

use crate::arguments::{Core, InspectFormat};
use crate::table::{Cell, aligned};
use crate::words;

/// Lists the items, or shows some.
pub(crate) fn core(arguments: &Core) -> Result<(), PipelineError> {
    let unknown = arguments.lang.iter().find(|language| !CoreQuestionnaire::LANGUAGES.contains(&language.as_str()));
    if let Some(unknown) = unknown {
        let known = CoreQuestionnaire::LANGUAGES.join(", ");
        let message = format!("the shared questionnaire is not in {:?}; it is in {known}", unknown.as_str());
        return Err(PipelineError::Usage { message });
    }
    let (core, items) = pipeline::core_items(arguments.version.as_deref(), &arguments.item)?;
    words::result(&match arguments.format {
        InspectFormat::Json => pipeline::core_json(core, &items, &arguments.lang),
        InspectFormat::Table if arguments.item.is_empty() => {
            let languages = if arguments.lang.is_empty() { english() } else { arguments.lang.clone() };
            listed(core, &items, &languages)
        }
        InspectFormat::Table => {
            let languages = if arguments.lang.is_empty() { all() } else { arguments.lang.clone() };
            written(core, &items, &languages)
        }
    })
}

fn english() -> Vec<Language> {
    Language::new("en").into_iter().collect()
}

fn all() -> Vec<Language> {
    CoreQuestionnaire::LANGUAGES.iter().filter_map(|language| Language::new(language).ok()).collect()
}

/// A line for each item, and for each language of it.
fn listed(core: CoreQuestionnaire, items: &[SharedItem], languages: &[Language]) -> String {
    let header = ["item", "what it is", "answers", "words"].map(Cell::left);
    let rows = items.iter().flat_map(|item| {
        languages.iter().map(move |language| {
            let words = item.question.as_ref().or(item.label.as_ref()).and_then(|text| text.find(language));
            let cells = [item.name.to_string(), what(item), answers(item), words.unwrap_or_default().to_owned()];
            cells.map(Cell::left).into()
        })
    });
    let rows: Vec<Vec<Cell>> = rows.collect();
    let table = aligned(&header, &rows, words::width());
    format!(
        "{table}Version {} of the shared questionnaire. barometer core ITEM shows one with its codes and words, as TOML.\n",
        core.version()
    )
}

fn what(item: &SharedItem) -> String {
    match &item.kind {
        SharedKind::Question => "question".to_owned(),
        SharedKind::Register => "register".to_owned(),
        SharedKind::Battery { items, .. } => format!("battery of {}", items.len()),
        SharedKind::Derived { .. } => "derived".to_owned(),
    }
}

fn answers(item: &SharedItem) -> String {
    match &item.values {
        Kind::Category { categories, .. } => {
            categories.iter().map(|it| it.code.as_str()).collect::<Vec<_>>().join(", ")
        }
        Kind::Condition => "true or false".to_owned(),
        Kind::Number => "a number".to_owned(),
        Kind::Date => "a date".to_owned(),
        Kind::Text => "a text".to_owned(),
    }
}

/// Items as `codebook.toml` would define them, with the lists of their codes.
fn written(core: CoreQuestionnaire, items: &[SharedItem], languages: &[Language]) -> String {
    let mut text = format!(
        "# From version {} of the shared questionnaire. A country takes it in [core] of codebook.toml and writes here only what it has otherwise.\n",
        core.version()
    );
    for item in items {
        text.push_str(&definition(item, languages));
    }
    let mut lists: Vec<(&str, &[Category])> = items.iter().filter_map(SharedItem::list).collect();
    lists.sort_by_key(|(name, _)| *name);
    lists.dedup_by_key(|(name, _)| *name);
    if !lists.is_empty() {
        text.push_str("\n[code_lists]\n");
    }
    for (name, categories) in lists {
        text.push_str(&format!("{name} = [\n"));
        for Category { code, label, role } in categories {
            let role = match role {
                Role::Answer => "",
                Role::DontKnow => ", role = \"dont_know\"",
                Role::NotRelevant => ", role = \"not_relevant\"",
            };
            text.push_str(&format!("  {{ code = \"{code}\", label = {}{role} }},\n", inline(label, languages)));
        }
        text.push_str("]\n");
    }
    text
}

fn definition(item: &SharedItem, languages: &[Language]) -> String {
    let table = match &item.kind {
        SharedKind::Question | SharedKind::Register => "variables",
        SharedKind::Battery { .. } => "batteries",
        SharedKind::Derived { .. } => "derived",
    };
    let mut lines = vec![String::new(), format!("[{table}.{}]", item.name)];
    for (key, text) in [("label", &item.label), ("question", &item.question)] {
        lines.extend(text.as_ref().map(|text| format!("{key} = {}", inline(text, languages))));
    }
    match &item.values {
        Kind::Category { list, .. } => lines.push(format!("codes = \"{list}\"")),
        Kind::Number => lines.push("kind = \"number\"".to_owned()),
        Kind::Date => lines.push("kind = \"date\"".to_owned()),
        Kind::Text => lines.push("kind = \"text\"".to_owned()),
        Kind::Condition => {}
    }
    lines.extend(item.asked_if.as_ref().map(|condition| format!("asked_if = {}", quoted(condition))));
    match &item.kind {
        SharedKind::Question => {}
        SharedKind::Register => lines.push("from = \"register\"".to_owned()),
        SharedKind::Derived { sql } => lines.push(format!("sql = {}", quoted(sql))),
        SharedKind::Battery { multiple, items } => {
            lines.extend(multiple.as_ref().map(|code| format!("multiple = \"{code}\"")));
            lines.push("items = [".to_owned());
            let thing = |(id, label): &(String, Translated)| {
                format!("  {{ item = \"{id}\", label = {} }},", inline(label, languages))
            };
            lines.extend(items.iter().map(thing));
            lines.push("]".to_owned());
        }
    }
    lines.join("\n") + "\n"
}

/// A text in these languages as an inline table.
fn inline(text: &Translated, languages: &[Language]) -> String {
    let known = languages.iter().filter_map(|language| Some((language, text.find(language)?)));
    let words: Vec<String> = known.map(|(language, words)| format!("{language} = {}", quoted(words))).collect();
    format!("{{ {} }}", words.join(", "))
}

/// A text as TOML has it.
fn quoted(text: &str) -> String {
    if text.contains('\n') {
        return format!("\"\"\"\n{text}\n\"\"\"");
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
