//! Every tidy row of the release as one Parquet file: the columns of the CSV with their types, labels as they are.
//!
//! Written column by column, without Arrow. Its bytes depend on the rows alone: one writer, fixed row groups, a fixed `created_by`, no clock.

use std::sync::Arc;

use ::parquet::basic::Compression;
use ::parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use ::parquet::schema::parser::parse_message_type;

use crate::observation::{Observed, correction, mark};
use crate::tidy::{COLUMNS, Type, records, type_of};
use crate::{DatasetError, Source};

/// Rows of a row group.
const ROW_GROUP_ROWS: usize = 65_536;

pub(crate) fn parquet(source: Source<'_>, tables: &[Observed<'_>]) -> Result<Vec<u8>, DatasetError> {
    let fields: String =
        COLUMNS.iter().map(|column| format!("{} {column}{};\n", physical(column), logical(column))).collect();
    let schema = Arc::new(parse_message_type(&format!("message tables {{\n{fields}}}"))?);
    let mut metadata = vec![
        KeyValue::new("country".to_owned(), source.country.id.to_string()),
        KeyValue::new("wave".to_owned(), source.published.wave().to_string()),
    ];
    metadata.extend(mark(source).map(|mark| KeyValue::new("data".to_owned(), mark.to_owned())));
    metadata.extend(correction(source).map(|note| KeyValue::new("edition".to_owned(), note)));
    let properties = WriterProperties::builder()
        .set_created_by("barometer".to_owned())
        .set_compression(Compression::SNAPPY)
        .set_key_value_metadata(Some(metadata))
        .build();
    let rows: Vec<Vec<String>> = tables.iter().flat_map(records).collect();
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties))?;
    for rows in rows.chunks(ROW_GROUP_ROWS) {
        let mut group = writer.next_row_group()?;
        for (place, name) in COLUMNS.iter().enumerate() {
            let cells: Vec<&str> = rows.iter().map(|row| row[place].as_str()).collect();
            let mut column = group.next_column()?.expect("the schema has a column for each name");
            write(&mut column, type_of(name), &cells)?;
            column.close()?;
        }
        group.close()?;
    }
    Ok(writer.into_inner()?)
}

/// Only a number may be missing: that of a hidden cell.
fn physical(column: &str) -> &'static str {
    match type_of(column) {
        Type::Text => "REQUIRED BYTE_ARRAY",
        Type::Year => "REQUIRED INT32",
        Type::Number => "OPTIONAL DOUBLE",
        Type::Count => "OPTIONAL INT64",
    }
}

fn logical(column: &str) -> &'static str {
    match type_of(column) {
        Type::Text => " (UTF8)",
        Type::Year | Type::Number | Type::Count => "",
    }
}

fn write(column: &mut SerializedColumnWriter<'_>, kind: Type, cells: &[&str]) -> Result<(), DatasetError> {
    let present = || cells.iter().filter(|cell| !cell.is_empty());
    let levels: Vec<i16> = cells.iter().map(|cell| i16::from(!cell.is_empty())).collect();
    match kind {
        Type::Text => {
            let values: Vec<ByteArray> = cells.iter().map(|cell| ByteArray::from(cell.as_bytes().to_vec())).collect();
            column.typed::<ByteArrayType>().write_batch(&values, None, None)?;
        }
        Type::Year => {
            let values: Vec<i32> = cells.iter().map(|cell| cell.parse().expect("a wave is a year")).collect();
            column.typed::<Int32Type>().write_batch(&values, None, None)?;
        }
        Type::Number => {
            let values: Vec<f64> = present().map(|cell| cell.parse().expect("a published number is one")).collect();
            column.typed::<DoubleType>().write_batch(&values, Some(&levels), None)?;
        }
        Type::Count => {
            let values: Vec<i64> = present().map(|cell| cell.parse().expect("n is a count")).collect();
            column.typed::<Int64Type>().write_batch(&values, Some(&levels), None)?;
        }
    }
    Ok(())
}
