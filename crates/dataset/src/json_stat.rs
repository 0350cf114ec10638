//! JSON-stat 2.0: a cube of rows, groups and numbers.

use disclose::Cell;
use serde_json::{Map, Value, json};

use crate::observation::{CONTENTS, Observed, numbers};

pub(crate) fn json(table: &Observed<'_>) -> Vec<u8> {
    let (spec, groups) = (table.spec, table.groups());
    let mut values = Vec::new();
    let mut states = Map::new();
    for row in &spec.rows {
        for group in &groups {
            let cell = table.cell(row, group);
            let (status, reason) = table.status(row, group, &cell);
            let numbers = match &cell {
                Cell::Shown(figures) | Cell::Flagged(figures, _) => numbers(figures).map(|number| literal(&number)),
                Cell::Hidden(_) => [const { Value::Null }; 5],
            };
            for number in numbers {
                if !reason.is_empty() {
                    states.insert(values.len().to_string(), json!(format!("{status}: {reason}")));
                }
                values.push(number);
            }
        }
    }
    let rows = spec.rows.iter().map(|row| (row.id.as_str().to_owned(), row.label.get(table.language).to_owned()));
    let columns = groups.iter().map(|group| (group.id(), group.label(table)));
    let contents = CONTENTS.iter().map(|name| ((*name).to_owned(), (*name).to_owned()));
    let mut dataset = json!({
        "version": "2.0",
        "class": "dataset",
        "label": table.title(),
        "source": table.source.country.publisher.get(table.language),
        "updated": table.source.day().to_string(),
        "id": ["row", "group", "content"],
        "size": [spec.rows.len(), groups.len(), CONTENTS.len()],
        "role": { "metric": ["content"] },
        "dimension": {
            "row": dimension("row", rows),
            "group": dimension("group", columns),
            "content": dimension("content", contents),
        },
        "value": values,
        "status": states,
        "extension": { "unit": table.unit(), "base": table.base_label(), "wave": table.source.published.wave().to_string() },
    });
    let notes = table.notes();
    if !notes.is_empty() {
        dataset["note"] = json!(notes);
    }
    let mut bytes = serde_json::to_vec_pretty(&dataset).expect("a cube of texts and numbers is JSON");
    bytes.push(b'\n');
    bytes
}

/// The number with the digits it is published with, as JSON allows them.
fn literal(number: &str) -> Value {
    serde_json::from_str(number).expect("a published number is a JSON number")
}

fn dimension(label: &str, categories: impl Iterator<Item = (String, String)>) -> Value {
    let (mut index, mut labels) = (Vec::new(), Map::new());
    for (id, label) in categories {
        labels.insert(id.clone(), json!(label));
        index.push(id);
    }
    json!({ "label": label, "category": { "index": index, "label": labels } })
}
