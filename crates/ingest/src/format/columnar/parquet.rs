//! A Parquet file, one column after the other, so that only one is decompressed at a time.

use std::sync::Arc;

use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use ::parquet::basic::Compression;
use ::parquet::file::metadata::ParquetMetaData;
use arrow::datatypes::{DataType, Field, Schema};
use bytes::Bytes;
use codebook::Finding;

use super::cells::Form;
use super::{ColumnReader, DECOMPRESSED_AT_MOST, Refusal, check_cells, columns, thrift};

/// What a Parquet file ends with: the length of the footer, and a mark.
const TAIL: usize = 8;

pub(super) fn read(path: &str, bytes: &[u8], findings: &mut Vec<Finding>) -> Result<Vec<ColumnReader>, Refusal> {
    check_footer(bytes)?;
    let bytes = Bytes::copy_from_slice(bytes);
    let metadata = metadata(&bytes)?;
    let rows = check_size(metadata.metadata())?;
    let mut columns = columns(path, metadata.schema(), findings)?;
    check_cells(rows, columns.len())?;
    for (number, column) in columns.iter_mut().enumerate() {
        if column.form == Form::NoAnswers {
            column.skip(rows);
        } else {
            read_column(&bytes, &metadata, number, rows, column)?;
        }
    }
    Ok(columns)
}

pub(super) fn check_footer(bytes: &[u8]) -> Result<(), Refusal> {
    let before_tail = bytes.len().checked_sub(TAIL).ok_or(Refusal::Damaged)?;
    let (body, tail) = bytes.split_at(before_tail);
    let (length, mark) = tail.split_at(4);
    if mark == b"PARE" {
        return Err(Refusal::Encrypted);
    }
    let length = length.try_into().ok().and_then(|length| usize::try_from(u32::from_le_bytes(length)).ok());
    let start = length.and_then(|length| body.len().checked_sub(length)).ok_or(Refusal::Damaged)?;
    match thrift::row_groups_fit(&body[start..]) {
        Some(true) if mark == b"PAR1" => Ok(()),
        Some(_) | None => Err(Refusal::Damaged),
    }
}

/// The file's metadata, by which texts are read as views: a value that a million rows have in common is then held once.
pub(super) fn metadata(bytes: &Bytes) -> Result<ArrowReaderMetadata, Refusal> {
    let load = |options| ArrowReaderMetadata::load(bytes, options).map_err(|_| Refusal::Damaged);
    let stated = load(ArrowReaderOptions::new())?;
    let viewed = |field: &Arc<Field>| {
        let is_text = if let DataType::Dictionary(_, values) = field.data_type() {
            is_text(values)
        } else {
            is_text(field.data_type())
        };
        if is_text { Arc::new(field.as_ref().clone().with_data_type(DataType::Utf8View)) } else { Arc::clone(field) }
    };
    let fields: Vec<Arc<Field>> = stated.schema().fields().iter().map(viewed).collect();
    let schema = Schema::new_with_metadata(fields, stated.schema().metadata().clone());
    load(ArrowReaderOptions::new().with_schema(Arc::new(schema)))
}

fn is_text(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

/// The number of rows, if nothing of the file is too large or compressed by a method that is not read.
fn check_size(metadata: &ParquetMetaData) -> Result<usize, Refusal> {
    let mut rows: i64 = 0;
    for group in metadata.row_groups() {
        rows = rows.checked_add(group.num_rows()).filter(|_| group.num_rows() >= 0).ok_or(Refusal::Damaged)?;
        for column in group.columns() {
            if column.uncompressed_size() > DECOMPRESSED_AT_MOST {
                return Err(Refusal::TooLarge("a column of more than 2 GiB in one group of rows"));
            }
            let method = column.compression();
            if matches!(method, Compression::LZO | Compression::BROTLI(_)) {
                return Err(Refusal::Compression);
            }
        }
    }
    if rows != metadata.file_metadata().num_rows() {
        return Err(Refusal::Damaged);
    }
    usize::try_from(rows).map_err(|_| Refusal::Damaged)
}

fn read_column(
    bytes: &Bytes,
    metadata: &ArrowReaderMetadata,
    number: usize,
    rows: usize,
    column: &mut ColumnReader,
) -> Result<(), Refusal> {
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(bytes.clone(), metadata.clone());
    let mask = ProjectionMask::roots(builder.parquet_schema(), [number]);
    let batches = builder.with_projection(mask).build().map_err(|_| Refusal::Damaged)?;
    let mut left = rows;
    for batch in batches {
        let batch = batch.map_err(|_| Refusal::Damaged)?;
        left = left.checked_sub(batch.num_rows()).ok_or(Refusal::Damaged)?;
        column.push(batch.columns().first().ok_or(Refusal::Damaged)?)?;
    }
    if left == 0 { Ok(()) } else { Err(Refusal::Damaged) }
}
