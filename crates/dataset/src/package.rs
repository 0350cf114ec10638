//! `datapackage.json` (Frictionless Data Package): what the CSV files are, column by column.

use codebook::Language;
use serde_json::{Value, json};

use crate::observation::notes;
use crate::tidy::{COLUMNS, STATUSES, Type, type_of};
use crate::{DataFile, Source, WAVES_FILE, pretty, waves};

pub(crate) fn json(source: Source<'_>, language: &Language, files: &[DataFile]) -> Vec<u8> {
    let (country, wave) = (source.country, source.wave);
    let resource = |file: &DataFile| {
        let name = file.name.strip_suffix(".csv")?;
        let title = if file.name == WAVES_FILE {
            waves::title(source, language)
        } else {
            country.tables.iter().find(|table| table.id.as_str() == name)?.title.get(language).to_owned()
        };
        Some(json!({
            "name": name,
            "path": file.name,
            "title": title,
            "profile": "tabular-data-resource",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "bytes": file.bytes.len(),
            "schema": { "fields": fields_of(file), "missingValues": [""] },
        }))
    };
    let resources: Vec<Value> = files.iter().filter_map(resource).collect();
    let mut package = json!({
        "name": format!("{}-{}", country.id, source.edition()),
        "title": format!("{}, {}", country.title.get(language), wave.window.get(language)),
        "profile": "tabular-data-package",
        "created": format!("{}T00:00:00Z", source.day()),
        "sources": [{ "title": country.publisher.get(language) }],
        "resources": resources,
    });
    if let Some(licence) = &country.licence {
        package["licenses"] = json!([{ "path": licence }]);
    }
    let notes = notes(source);
    if !notes.is_empty() {
        package["description"] = json!(notes.join(" "));
    }
    if source.edition().correction() > 0 {
        package["version"] = json!(source.edition().to_string());
    }
    pretty(&package)
}

fn fields_of(file: &DataFile) -> Vec<Value> {
    if file.name == WAVES_FILE {
        waves::columns().map(|name| waves::described(field(name), name, "description")).collect()
    } else {
        COLUMNS.map(field).to_vec()
    }
}

/// A column with its type. Shares, their errors and limits are per cent.
fn field(name: &str) -> Value {
    let kind = match type_of(name) {
        Type::Count => "integer",
        Type::Year => "year",
        Type::Number => "number",
        Type::Text => "string",
    };
    match name {
        "status" => json!({ "name": name, "type": kind, "constraints": { "enum": STATUSES } }),
        _ => json!({ "name": name, "type": kind }),
    }
}
