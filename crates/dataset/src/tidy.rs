//! Tidy CSV: UTF-8, one header row, one row for each cell, every code with its label beside it.

use codebook::Code;
use disclose::Cell;

use crate::DatasetError;
use crate::observation::{CONTENTS, Observed, numbers, status};

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

pub(crate) fn csv(table: &Observed<'_>) -> Result<Vec<u8>, DatasetError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for row in records(table) {
        writer.write_record(row)?;
    }
    Ok(writer.into_inner().expect("a vector takes every byte"))
}

/// The rows, cell by cell.
pub(crate) fn records(table: &Observed<'_>) -> Vec<Vec<String>> {
    let spec = table.spec;
    let source = table.mark().map_or("survey", |_| "SYNTHETIC");
    let mut records = Vec::new();
    for row in &spec.rows {
        let category: Vec<&str> = row.codes.iter().map(Code::as_str).collect();
        for group in table.groups() {
            let cell = table.cell(row, &group);
            let (status, reason) = status(&cell);
            let numbers = match &cell {
                Cell::Shown(figures) | Cell::Flagged(figures, _) => numbers(figures),
                Cell::Hidden(_) => Default::default(),
            };
            let (breakdown, breakdown_label) = group.breakdown.map_or(("", ""), |(name, label)| (name.as_str(), label));
            let (code, label) = group.category.map_or(("", ""), |(code, label)| (code.as_str(), label));
            let what = [
                spec.id.as_str(),
                &text(table.title()),
                &table.source.published.wave().to_string(),
                spec.base.as_str(),
                &text(table.base_label()),
                table.unit(),
                row.item.as_str(),
                &text(table.variable_label(&row.item)),
                &category.join("+"),
                &text(row.label.get(table.language)),
                breakdown,
                &text(breakdown_label),
                code,
                &text(label),
            ]
            .map(str::to_owned);
            let kind = [status, reason, source].map(str::to_owned);
            records.push(what.into_iter().chain(numbers).chain(kind).collect());
        }
    }
    records
}

/// A label that no spreadsheet takes for a formula.
pub(crate) fn text(label: &str) -> String {
    if label.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{label}") } else { label.to_owned() }
}
