//! What a file of a statistics program must give, as the JSON beside it states it. For tests only.

use serde::Deserialize;

use super::fixtures::fixture;
use crate::raw::{DeclaredMissing, RawTable, Storage};

#[derive(Debug, PartialEq, Deserialize)]
pub(super) struct Statement {
    pub(super) weight: Option<String>,
    pub(super) columns: Vec<StatedColumn>,
}

#[derive(Debug, PartialEq, Deserialize)]
pub(super) struct StatedColumn {
    pub(super) name: String,
    pub(super) label: Option<String>,
    pub(super) storage: String,
    pub(super) value_labels: Vec<(String, String)>,
    pub(super) missing: Vec<String>,
    pub(super) set: Option<String>,
    pub(super) cells: Vec<String>,
}

impl Statement {
    pub(super) fn read(name: &str) -> Self {
        serde_json::from_slice(&fixture(name)).unwrap()
    }
}

/// A table in the terms of a statement.
pub(super) fn described(table: &RawTable) -> Statement {
    let rows = table.row_numbers.len();
    assert_eq!(table.row_numbers, (1..=u64::try_from(rows).unwrap()).collect::<Vec<_>>());
    let columns = table.columns.iter().map(|column| {
        let about = &column.about;
        StatedColumn {
            name: about.name.clone(),
            label: about.label.clone(),
            storage: storage(about.storage).to_owned(),
            value_labels: about.value_labels.iter().map(|pair| (pair.value.clone(), pair.label.clone())).collect(),
            missing: about.missing.iter().map(missing).collect(),
            set: about.multiple_response_set.clone(),
            cells: (0..rows).map(|row| column.cells.value(row).to_owned()).collect(),
        }
    });
    Statement { weight: table.weight.clone(), columns: columns.collect() }
}

fn storage(storage: Storage) -> &'static str {
    match storage {
        Storage::Text => "text",
        Storage::Number => "number",
        Storage::Condition => "condition",
        Storage::Date => "date",
        Storage::Moment => "moment",
    }
}

fn missing(missing: &DeclaredMissing) -> String {
    match missing {
        DeclaredMissing::Value(value) => value.clone(),
        DeclaredMissing::Range { low, high } => format!("{low}..{high}"),
    }
}
