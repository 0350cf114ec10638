//! `csv-metadata.json` (CSV on the Web): what the CSV files are, for readers that follow the web's own standard. It has the name under which they
//! look for it beside a file.

use codebook::Language;
use serde_json::{Value, json};

use crate::observation::notes;
use crate::tidy::{COLUMNS, STATUSES, Type, type_of};
use crate::{DataFile, ReleaseFormat, Source, WAVES_FILE, pretty, sheets, waves};

pub(crate) fn json(source: Source<'_>, language: &Language, files: &[DataFile]) -> Vec<u8> {
    let title_of = |file: &str| {
        let table = source.country.tables.iter().find(|table| file.strip_suffix(".csv") == Some(table.id.as_str()));
        table.map(|table| table.title.get(language).to_owned())
    };
    let table = |file: &DataFile| {
        let title = match title_of(&file.name) {
            Some(title) => title,
            None if file.name == ReleaseFormat::Csv.file() => sheets::title(source, language),
            None if file.name == WAVES_FILE => waves::title(source, language),
            None => return None,
        };
        Some(json!({
            "url": file.name,
            "dc:title": title,
            "tableSchema": { "columns": columns_of(file) },
        }))
    };
    let tables: Vec<Value> = files.iter().filter_map(table).collect();
    let mut group = json!({
        "@context": ["http://www.w3.org/ns/csvw", { "@language": language.as_str() }],
        "@type": "TableGroup",
        "dc:title": sheets::title(source, language),
        "dc:publisher": source.country.publisher.get(language),
        "dc:issued": source.day().to_string(),
        "tables": tables,
    });
    if let Some(licence) = &source.country.licence {
        group["dc:license"] = json!({ "@id": licence });
    }
    let notes = notes(source);
    if !notes.is_empty() {
        group["dc:description"] = json!(notes.join(" "));
    }
    pretty(&group)
}

fn columns_of(file: &DataFile) -> Vec<Value> {
    if file.name == WAVES_FILE {
        waves::columns().map(|name| waves::described(column(name), name, "dc:description")).collect()
    } else {
        COLUMNS.map(column).to_vec()
    }
}

fn column(name: &str) -> Value {
    let datatype = match type_of(name) {
        Type::Count => json!("integer"),
        Type::Year => json!("gYear"),
        Type::Number => json!("decimal"),
        Type::Text if name == "status" => json!({ "base": "string", "format": STATUSES.join("|") }),
        Type::Text => json!("string"),
    };
    json!({ "name": name, "titles": name, "datatype": datatype })
}
