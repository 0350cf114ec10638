//! The checked answers as a Parquet file whose bytes depend on the answers alone.
//!
//! One writer, fixed row groups, no clock, sorted metadata. Arrow's own schema metadata is a hash map and is left out; what
//! readers need to know is in the file's key-value metadata.

use std::collections::BTreeMap;
use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use ::parquet::arrow::arrow_writer::ArrowWriterOptions;
use ::parquet::basic::Compression;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use arrow::array::{
    ArrayRef, Date32Array, Decimal128Array, DictionaryArray, Int32Array, Int64Array, RecordBatch, StringArray,
};
use arrow::datatypes::{Int32Type, Schema};
use codebook::{Country, Decimal, Kind, Missing, Translated, Value, Variable, VariableName, Wave};
use jiff::civil::Date;
use serde::Serialize;

use crate::IngestError;
use crate::column::Column;

/// Rows of a row group: small enough that several threads share a wave, large enough that dictionaries pay.
const ROW_GROUP_ROWS: usize = 65_536;

/// The checked answers, rows in canonical order.
#[derive(Clone)]
pub(crate) struct Responses {
    /// Sorted by key.
    pub(crate) file_metadata: BTreeMap<String, String>,
    pub(crate) stratum: Vec<usize>,
    pub(crate) psu: Option<Vec<usize>>,
    pub(crate) weight: Option<Vec<Decimal>>,
    pub(crate) fields: Vec<Field>,
}

/// One variable of the file.
#[derive(Clone)]
pub(crate) struct Field {
    pub(crate) name: VariableName,
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
        let kind = match variable.kind {
            Kind::Number => FieldKind::Number,
            Kind::Date => FieldKind::Date,
            Kind::Category { .. } | Kind::Condition | Kind::Text => FieldKind::Code,
        };
        let battery = country.codebook.battery_of(&variable.name).map(|battery| &battery.question);
        let description = Description {
            label: by_language(&variable.label),
            question: variable.question.as_ref().or(battery).map(by_language),
            codes: variable
                .categories()
                .iter()
                .map(|category| CodeDescription { code: category.code.as_str(), label: by_language(&category.label) })
                .collect(),
        };
        let metadata = serde_json::to_string(&description).expect("texts by text keys are always JSON");
        Self { name: variable.name.clone(), kind, column, metadata }
    }

    fn array(&self, rows: std::ops::Range<usize>, format: DecimalFormat) -> Result<ArrayRef, IngestError> {
        let cells = &self.column.cells[rows];
        Ok(match self.kind {
            FieldKind::Code => {
                let values: StringArray = self.column.values.iter().map(text).collect();
                let keys: Int32Array = cells.iter().map(|cell| cell.get().ok().map(int32)).collect();
                Arc::new(DictionaryArray::<Int32Type>::try_new(keys, Arc::new(values)).map_err(arrow_error)?)
            }
            FieldKind::Number => {
                let units: Vec<Option<i128>> = self
                    .column
                    .values
                    .iter()
                    .map(|value| number(value).and_then(|n| n.units_at(format.scale)))
                    .collect();
                let numbers = cells.iter().map(|cell| cell.get().ok().and_then(|number| units[number]));
                decimal_array(numbers, format)?
            }
            FieldKind::Date => {
                let days: Vec<Option<i32>> = self.column.values.iter().map(days).collect();
                let dates: Date32Array =
                    cells.iter().map(|cell| cell.get().ok().and_then(|number| days[number])).collect();
                Arc::new(dates)
            }
        })
    }

    /// The reasons for missing answers, if any answer is missing in the whole file.
    fn reasons(&self, rows: std::ops::Range<usize>) -> Option<ArrayRef> {
        let is_missing = self.column.cells.iter().any(|cell| cell.get().is_err());
        let reasons = self.column.cells[rows].iter().map(|cell| cell.get().err().map(Missing::as_str));
        let array = || -> ArrayRef { Arc::new(reasons.collect::<StringArray>()) };
        is_missing.then(array)
    }

    /// The format that holds every number in use.
    fn decimal_format(&self) -> DecimalFormat {
        if self.kind != FieldKind::Number {
            return DecimalFormat::default();
        }
        let mut used = vec![false; self.column.values.len()];
        for number in self.column.cells.iter().filter_map(|cell| cell.get().ok()) {
            used[number] = true;
        }
        let values = self.column.values.iter().zip(used).filter(|(_, used)| *used);
        DecimalFormat::of(values.filter_map(|(value, _)| number(value)))
    }
}

impl Responses {
    /// The Parquet file.
    pub(crate) fn encode(&self) -> Result<Vec<u8>, IngestError> {
        let formats: Vec<DecimalFormat> = self.fields.iter().map(Field::decimal_format).collect();
        let weight_format = DecimalFormat::of(self.weight.iter().flatten().copied());
        let first = self.batch(0..self.stratum.len().min(ROW_GROUP_ROWS), &formats, weight_format)?;
        let options = ArrowWriterOptions::new().with_properties(self.properties()).with_skip_arrow_metadata(true);
        let mut writer = ArrowWriter::try_new_with_options(Vec::new(), first.schema(), options)?;
        writer.write(&first)?;
        for start in (ROW_GROUP_ROWS..self.stratum.len()).step_by(ROW_GROUP_ROWS) {
            let end = self.stratum.len().min(start + ROW_GROUP_ROWS);
            writer.write(&self.batch(start..end, &formats, weight_format)?)?;
        }
        Ok(writer.into_inner()?)
    }

    fn properties(&self) -> WriterProperties {
        let mut metadata = self.file_metadata.clone();
        for field in &self.fields {
            metadata.insert(format!("barometer.variable.{}", field.name), field.metadata.clone());
        }
        let metadata = metadata.into_iter().map(|(key, value)| KeyValue::new(key, value)).collect();
        WriterProperties::builder()
            .set_created_by("barometer".to_owned())
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
            .set_dictionary_enabled(true)
            .set_key_value_metadata(Some(metadata))
            .build()
    }

    /// Some rows as a batch.
    fn batch(
        &self,
        rows: std::ops::Range<usize>,
        formats: &[DecimalFormat],
        weight_format: DecimalFormat,
    ) -> Result<RecordBatch, IngestError> {
        let numbers = |values: &[usize]| -> ArrayRef {
            Arc::new(values[rows.clone()].iter().map(|value| Some(int32(*value))).collect::<Int32Array>())
        };
        let units: Int64Array = rows.clone().map(|row| i64::try_from(row).ok()).collect();
        let mut columns: Vec<(String, ArrayRef, bool)> = vec![
            ("__unit".to_owned(), Arc::new(units), false),
            ("__stratum".to_owned(), numbers(&self.stratum), false),
        ];
        if let Some(psu) = &self.psu {
            columns.push(("__psu".to_owned(), numbers(psu), false));
        }
        if let Some(weight) = &self.weight {
            let weights = weight[rows.clone()].iter().map(|weight| weight.units_at(weight_format.scale));
            columns.push(("__weight".to_owned(), decimal_array(weights, weight_format)?, false));
        }
        for (field, format) in self.fields.iter().zip(formats) {
            columns.push((field.name.to_string(), field.array(rows.clone(), *format)?, true));
            if let Some(reasons) = field.reasons(rows.clone()) {
                columns.push((format!("{}__missing", field.name), reasons, true));
            }
        }
        let fields: Vec<arrow::datatypes::Field> = columns
            .iter()
            .map(|(name, array, nullable)| arrow::datatypes::Field::new(name, array.data_type().clone(), *nullable))
            .collect();
        let arrays = columns.into_iter().map(|(_, array, _)| array).collect();
        RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(arrow_error)
    }
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

/// Digits and decimals of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct DecimalFormat {
    precision: u8,
    scale: u8,
}

impl Default for DecimalFormat {
    fn default() -> Self {
        Self { precision: 1, scale: 0 }
    }
}

impl DecimalFormat {
    /// The smallest format that holds all of these numbers with the decimals they were written with.
    fn of(numbers: impl Iterator<Item = Decimal> + Clone) -> Self {
        let scale = numbers.clone().map(Decimal::scale).max().unwrap_or(0);
        let largest = numbers.filter_map(|number| number.units_at(scale)).map(i128::unsigned_abs).max().unwrap_or(0);
        let digits = largest.checked_ilog10().map_or(1, |log| log + 1);
        let digits = u8::try_from(digits).expect("a 128-bit number has at most 39 digits");
        Self { precision: digits.max(scale).max(1), scale }
    }
}

fn decimal_array(units: impl Iterator<Item = Option<i128>>, format: DecimalFormat) -> Result<ArrayRef, IngestError> {
    let scale = i8::try_from(format.scale).expect("a scale is at most 38");
    let array = units.collect::<Decimal128Array>().with_precision_and_scale(format.precision, scale);
    Ok(Arc::new(array.map_err(arrow_error)?))
}

fn arrow_error(error: arrow::error::ArrowError) -> IngestError {
    IngestError::Parquet(error.into())
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

/// Days since 1970-01-01 of a date that was read before.
fn days(value: &Value) -> Option<i32> {
    let date: Date = text(value)?.parse().ok()?;
    let since = date.since(Date::constant(1970, 1, 1)).ok()?;
    Some(since.get_days())
}

fn int32(value: usize) -> i32 {
    i32::try_from(value).expect("there are fewer values, strata and PSUs than the two billion rows that reading allows")
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
