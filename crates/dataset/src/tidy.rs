//! Tidy rows, for a table and for the whole release: one for each cell, every code with its label beside it. As CSV they are UTF-8 with one header row.

use codebook::Code;
use disclose::Cell;

use crate::DatasetError;
use crate::observation::{CONTENTS, Observed, numbers, origin};

/// The columns, in their order.
pub(crate) const COLUMNS: [&str; 22] = [
    "table",
    "table_label",
    "wave",
    "base",
    "base_label",
    "unit",
    "item",
    "item_label",
    "category",
    "category_label",
    "breakdown",
    "breakdown_label",
    "group",
    "group_label",
    CONTENTS[0],
    CONTENTS[1],
    CONTENTS[2],
    CONTENTS[3],
    CONTENTS[4],
    "status",
    "reason",
    "source",
];

pub(crate) fn csv(tables: &[Observed<'_>]) -> Result<Vec<u8>, DatasetError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for row in tables.iter().flat_map(records) {
        // Codes are those of the codebook, which hold no formula, and a number may well begin with a minus.
        let cells = row.iter().zip(COLUMNS);
        writer.write_record(
            cells.map(|(cell, column)| if column.ends_with("_label") { text(cell) } else { cell.clone() }),
        )?;
    }
    Ok(writer.into_inner().expect("a vector takes every byte"))
}

/// The rows of a table, cell by cell, labels as they are.
pub(crate) fn records(table: &Observed<'_>) -> Vec<Vec<String>> {
    let spec = table.spec;
    let source = origin(table.source);
    let mut records = Vec::new();
    for row in &spec.rows {
        let category: Vec<&str> = row.codes.iter().map(Code::as_str).collect();
        for group in table.groups() {
            let cell = table.cell(row, &group);
            let (status, reason) = table.status(row, &group, &cell);
            let numbers = match &cell {
                Cell::Shown(figures) | Cell::Flagged(figures, _) => numbers(figures),
                Cell::Hidden(_) => Default::default(),
            };
            let (breakdown, breakdown_label) = group.breakdown.map_or(("", ""), |(name, label)| (name.as_str(), label));
            let (code, label) = group.category.map_or(("", ""), |(code, label)| (code.as_str(), label));
            let what = [
                spec.id.as_str(),
                table.title(),
                &table.source.published.wave().to_string(),
                spec.base.as_str(),
                table.base_label(),
                &table.unit(),
                row.item.as_str(),
                table.variable_label(&row.item),
                &category.join("+"),
                row.label.get(table.language),
                breakdown,
                breakdown_label,
                code,
                label,
            ]
            .map(str::to_owned);
            let kind = [status.to_owned(), reason, source.to_owned()];
            records.push(what.into_iter().chain(numbers).chain(kind).collect());
        }
    }
    records
}

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    Text,
    Year,
    Number,
    Count,
}

/// The type of a column.
pub(crate) fn type_of(column: &str) -> Type {
    match column {
        "n" => Type::Count,
        "wave" => Type::Year,
        _ if CONTENTS.contains(&column) => Type::Number,
        _ => Type::Text,
    }
}

/// What the column `status` may say.
pub(crate) const STATUSES: [&str; 4] = ["shown", "flagged", "hidden", "merged"];

/// A label that no spreadsheet takes for a formula.
pub(crate) fn text(label: &str) -> String {
    if label.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{label}") } else { label.to_owned() }
}
