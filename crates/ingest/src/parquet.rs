//! The checked answers as a Parquet file whose bytes depend on the answers alone.
//!
//! One writer, fixed row groups, no clock, sorted metadata. Arrow's own schema metadata is a hash map and is left out; what
//! readers need to know is in the file's key-value metadata.

mod coded;
mod runs;
mod write;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::Arc;

use arrow::array::{ArrayRef, FixedSizeBinaryArray, Int32Array, Int64Array};
use codebook::{
    Category, Country, Decimal, Kind, LoopColumn, Missing, Translated, Value, Variable, VariableName, Wave,
};
use serde::Serialize;

pub(crate) use coded::{Coded, NUMBERS};
pub(crate) use write::write;

use crate::array::{DecimalFormat, NamedRows, Rows, Values, days, decimal_array, int32};
use crate::column::{Cell, Column};
use crate::pseudonym::{PSEUDONYM_BYTES, Pseudonym};
use crate::{IngestError, ItemMissing};

/// The columns of which every row has a value of its own, so that a dictionary of them would only cost.
const UNIT: &str = "__unit";
const PSEUDONYM: &str = "__pseudonym";

/// Why an answer may be missing.
const REASONS: [Missing; 3] = [Missing::NotAsked, Missing::Refused, Missing::Blank];

/// The checked answers, rows in canonical order; or the rows of a loop, in the order of their units.
#[derive(Clone)]
pub(crate) struct Responses {
    /// What the rows of a loop belong to; `None` where each row is a unit.
    pub(crate) of_units: Option<OfUnits>,
    /// Sorted by key.
    pub(crate) file_metadata: BTreeMap<String, String>,
    pub(crate) pseudonyms: Vec<Pseudonym>,
    pub(crate) stratum: Vec<usize>,
    pub(crate) psu: Option<Vec<usize>>,
    pub(crate) weight: Option<Vec<Decimal>>,
    pub(crate) fields: Vec<Field>,
}

/// What the rows of a loop belong to.
#[derive(Clone)]
pub(crate) struct OfUnits {
    /// The number of each row's unit, which is its row in the wave's own file.
    pub(crate) unit: Vec<usize>,
    /// The number of each row among those of its unit, from 0.
    pub(crate) number: Vec<usize>,
}

/// One variable of the file, or one column of a loop.
#[derive(Clone)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) kind: FieldKind,
    pub(crate) column: Column,
    /// Its label, question and codes as JSON.
    metadata: String,
}

/// How a variable is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldKind {
    Code,
    Number,
    Date,
}

/// What the file's metadata tells about a variable.
#[derive(Serialize)]
struct Description<'a> {
    label: BTreeMap<&'a str, &'a str>,
    question: Option<BTreeMap<&'a str, &'a str>>,
    codes: Vec<CodeDescription<'a>>,
}

#[derive(Serialize)]
struct CodeDescription<'a> {
    code: &'a str,
    label: BTreeMap<&'a str, &'a str>,
}

impl Field {
    /// The field of a variable that is not free text.
    pub(crate) fn new(country: &Country, variable: &Variable, column: Column) -> Self {
        let battery = country.codebook.battery_of(&variable.name).map(|battery| &battery.question);
        let description = Description {
            label: by_language(&variable.label),
            question: variable.question.as_ref().or(battery).map(by_language),
            codes: codes(variable.categories()),
        };
        Self::described(variable.name.to_string(), &variable.kind, column, &description)
    }

    /// The field of a loop's column, whose words are those of its codes.
    pub(crate) fn of_loop(loop_column: &LoopColumn, column: Column) -> Self {
        let categories = match &loop_column.kind {
            Kind::Category { categories, .. } => categories.as_slice(),
            Kind::Condition | Kind::Number | Kind::Date | Kind::Text => &[],
        };
        let description = Description { label: BTreeMap::new(), question: None, codes: codes(categories) };
        Self::described(loop_column.name.clone(), &loop_column.kind, column, &description)
    }

    fn described(name: String, kind: &Kind, column: Column, description: &Description<'_>) -> Self {
        let kind = match kind {
            Kind::Number => FieldKind::Number,
            Kind::Date => FieldKind::Date,
            Kind::Category { .. } | Kind::Condition | Kind::Text => FieldKind::Code,
        };
        let metadata = serde_json::to_string(description).expect("texts by text keys are always JSON");
        Self { name, kind, column, metadata }
    }

    /// The values as they are written.
    fn values(&self) -> Values {
        let values = self.column.values.iter();
        match self.kind {
            FieldKind::Code => Values::text(values.map(text)),
            FieldKind::Number => {
                let format = self.decimal_format();
                Values::Decimal(values.map(|value| number(value)?.units_at(format.scale)).collect(), format)
            }
            FieldKind::Date => Values::Date(values.map(|value| days(text(value)?)).collect()),
        }
    }

    /// The column as it is written.
    fn written(&self) -> Written {
        Written { values: self.values(), has_reasons: self.column.cells.has_reasons() }
    }

    /// The format that holds every number in use.
    fn decimal_format(&self) -> DecimalFormat {
        let mut used = vec![false; self.column.values.len()];
        for number in self.column.cells.iter().filter_map(|cell| cell.get().ok()) {
            used[number] = true;
        }
        let values = self.column.values.iter().zip(used).filter(|(_, used)| *used);
        DecimalFormat::of(values.filter_map(|(value, _)| number(value)))
    }
}

/// What is worked out of a column once for all pieces of the file.
struct Written {
    values: Values,
    /// Whether the reasons for missing answers stand beside it.
    has_reasons: bool,
}

impl Responses {
    /// The Parquet file.
    pub(crate) fn encode(&self, threads: NonZeroUsize) -> Result<Vec<u8>, IngestError> {
        let fields: Vec<Written> = self.fields.iter().map(Field::written).collect();
        let weight_format = DecimalFormat::of(self.weight.iter().flatten().copied());
        let reasons = reasons();
        let columns = |rows: Range<usize>| self.columns(rows, (&fields, &reasons), weight_format);
        let mut file = Vec::new();
        write(&mut file, self.stratum.len(), self.metadata(), (&columns, threads))?;
        Ok(file)
    }

    fn metadata(&self) -> BTreeMap<String, String> {
        let mut metadata = self.file_metadata.clone();
        for field in &self.fields {
            metadata.insert(format!("barometer.variable.{}", field.name), field.metadata.clone());
        }
        metadata
    }

    fn pseudonym_array(&self, rows: Range<usize>) -> Result<ArrayRef, IngestError> {
        let bytes: Vec<u8> = self.pseudonyms[rows].iter().flat_map(|pseudonym| *pseudonym.bytes()).collect();
        let size = i32::try_from(PSEUDONYM_BYTES).expect("a pseudonym has few bytes");
        let array = FixedSizeBinaryArray::try_new(size, bytes.into(), None);
        Ok(Arc::new(array.map_err(|error| IngestError::Parquet(error.into()))?))
    }

    /// Some rows of each column.
    fn columns(
        &self,
        rows: Range<usize>,
        (fields, reasons): (&[Written], &Arc<[Option<String>; NUMBERS]>),
        weight_format: DecimalFormat,
    ) -> Result<Vec<NamedRows>, IngestError> {
        let numbers = |values: &[usize]| -> Rows {
            Rows::Array(Arc::new(values[rows.clone()].iter().map(|value| Some(int32(*value))).collect::<Int32Array>()))
        };
        let unit_of = |row: usize| self.of_units.as_ref().map_or(row, |of| of.unit[row]);
        let units: Int64Array = rows.clone().map(|row| i64::try_from(unit_of(row)).ok()).collect();
        let mut columns: Vec<NamedRows> = vec![
            (UNIT.to_owned(), Rows::Array(Arc::new(units)), false),
            (PSEUDONYM.to_owned(), Rows::Array(self.pseudonym_array(rows.clone())?), false),
        ];
        if let Some(of) = &self.of_units {
            columns.push(("__row".to_owned(), numbers(&of.number), false));
        }
        columns.push(("__stratum".to_owned(), numbers(&self.stratum), false));
        if let Some(psu) = &self.psu {
            columns.push(("__psu".to_owned(), numbers(psu), false));
        }
        if let Some(weight) = &self.weight {
            let weights = weight[rows.clone()].iter().map(|weight| weight.units_at(weight_format.scale));
            columns.push(("__weight".to_owned(), Rows::Array(decimal_array(weights, weight_format)?), false));
        }
        for (field, written) in self.fields.iter().zip(fields) {
            let cells = field.column.cells.piece(rows.clone());
            columns.push((field.name.clone(), written.values.rows(cells)?, true));
            if written.has_reasons {
                let numbers = cells.iter().map(|cell| cell.reason().map_or(0, Cell::byte)).collect();
                let reasons = Coded { numbers, texts: Arc::clone(reasons) };
                columns.push((format!("{}__missing", field.name), Rows::Coded(reasons), true));
            }
        }
        Ok(columns)
    }
}

/// The words of the reasons for missing answers, by the last byte of their cells.
fn reasons() -> Arc<[Option<String>; NUMBERS]> {
    let mut words = [const { None }; NUMBERS];
    for reason in REASONS {
        words[usize::from(Cell::missing(reason).byte())] = Some(reason.as_str().to_owned());
    }
    words[usize::from(Cell::UNKNOWN.byte())] = Some(Missing::Blank.as_str().to_owned());
    Arc::new(words)
}

fn codes(categories: &[Category]) -> Vec<CodeDescription<'_>> {
    categories.iter().map(code).collect()
}

fn code(category: &Category) -> CodeDescription<'_> {
    CodeDescription { code: category.code.as_str(), label: by_language(&category.label) }
}

/// Counts the units without an answer.
pub(crate) fn missing(variable: &VariableName, column: &Column) -> ItemMissing {
    let mut missing = ItemMissing { variable: variable.clone(), not_asked: 0, refused: 0, blank: 0 };
    column.cells.iter().for_each(|cell| match cell.get() {
        Ok(_) => {}
        Err(Missing::NotAsked) => missing.not_asked += 1,
        Err(Missing::Refused) => missing.refused += 1,
        Err(Missing::Blank) => missing.blank += 1,
    });
    missing
}

/// What the file's metadata tells about the wave.
pub(crate) fn file_metadata(country: &Country, wave: &Wave) -> BTreeMap<String, String> {
    let languages: Vec<String> = country.languages.iter().map(ToString::to_string).collect();
    let mut metadata = BTreeMap::from([
        ("barometer.country".to_owned(), country.id.to_string()),
        ("barometer.languages".to_owned(), languages.join(",")),
        ("barometer.wave".to_owned(), wave.id.to_string()),
    ]);
    if wave.synthetic {
        metadata.insert("barometer.synthetic".to_owned(), "SYNTHETIC".to_owned());
    }
    metadata
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) => Some(text),
        Value::Boolean(_) | Value::Number(_) => None,
    }
}

fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Boolean(_) | Value::Text(_) => None,
    }
}

fn by_language(texts: &Translated) -> BTreeMap<&str, &str> {
    texts.iter().map(|(language, text)| (language.as_str(), text)).collect()
}

impl std::fmt::Debug for Responses {
    /// Its size: answers never reach a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut debug = f.debug_struct("Responses");
        debug.field("rows", &self.stratum.len()).field("fields", &self.fields.len()).finish()
    }
}
