//! The one writer of Parquet files: fixed row groups, each made by itself, so that several threads share a file.

use std::collections::BTreeMap;
use std::io::Write;
use std::num::NonZeroUsize;
use std::ops::Range;

use ::parquet::arrow::ArrowWriter;
use ::parquet::arrow::arrow_writer::{
    ArrowColumnChunk, ArrowRowGroupWriterFactory, ArrowWriterOptions, compute_leaves,
};
use ::parquet::basic::{Compression, Encoding};
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::{EnabledStatistics, WriterProperties};
use ::parquet::file::writer::SerializedRowGroupWriter;
use ::parquet::schema::types::{ColumnDescPtr, ColumnPath};

use super::coded::CodedChunk;
use super::{PSEUDONYM, UNIT};
use crate::array::{NamedRows, Rows, pieces, schema};
use crate::{IngestError, parallel};

/// Rows of a row group: small enough that several threads share a wave, large enough that dictionaries pay.
const ROW_GROUP_ROWS: usize = 65_536;

/// Makes some rows of every column.
type MakeColumns<'b> = dyn Fn(Range<usize>) -> Result<Vec<NamedRows>, IngestError> + Sync + 'b;

/// A column of a row group, encoded.
enum Chunk {
    /// By Parquet's own writer for Arrow.
    Arrow(ArrowColumnChunk),
    /// Of few texts.
    Coded(CodedChunk),
}

/// Writes a Parquet file of so many rows, which `columns` gives piece by piece. The same rows give the same bytes on any number of
/// threads, each of which has one row group in memory.
pub(crate) fn write(
    into: impl Write + Send,
    rows: usize,
    metadata: BTreeMap<String, String>,
    (columns, threads): (&MakeColumns<'_>, NonZeroUsize),
) -> Result<(), IngestError> {
    let metadata = metadata.into_iter().map(|(key, value)| KeyValue::new(key, value)).collect();
    let properties = WriterProperties::builder()
        .set_created_by("barometer".to_owned())
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_dictionary_enabled(true)
        .set_column_dictionary_enabled(ColumnPath::from(UNIT), false)
        .set_column_encoding(ColumnPath::from(UNIT), Encoding::DELTA_BINARY_PACKED)
        .set_column_dictionary_enabled(ColumnPath::from(PSEUDONYM), false)
        // A row group has few pages, and every query reads all of them.
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true)
        .set_key_value_metadata(Some(metadata))
        .build();
    let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
    let schema = schema(&columns(0..0)?);
    let (mut file, factory) = ArrowWriter::try_new_with_options(into, schema, options)?.into_serialized_writer()?;
    let described = file.schema_descr().columns().to_vec();
    let row_groups: Vec<(usize, Range<usize>)> = (0..).zip(pieces(rows, ROW_GROUP_ROWS)).collect();
    for beside in row_groups.chunks(threads.get()) {
        let encode = |(number, rows): (usize, Range<usize>)| row_group((&factory, number), columns(rows)?, &described);
        for chunks in parallel::each(beside.to_vec(), &encode) {
            let mut row_group = file.next_row_group()?;
            for chunk in chunks? {
                chunk.append_to(&mut row_group)?;
            }
            row_group.close()?;
        }
    }
    file.close()?;
    Ok(())
}

impl Chunk {
    fn append_to<W: Write + Send>(self, row_group: &mut SerializedRowGroupWriter<'_, W>) -> Result<(), IngestError> {
        match self {
            Self::Arrow(chunk) => chunk.append_to_row_group(row_group)?,
            Self::Coded(CodedChunk { bytes, close }) => row_group.append_column(&bytes, close)?,
        }
        Ok(())
    }
}

/// The encoded columns of a row group.
fn row_group(
    (factory, number): (&ArrowRowGroupWriterFactory, usize),
    columns: Vec<NamedRows>,
    described: &[ColumnDescPtr],
) -> Result<Vec<Chunk>, IngestError> {
    let schema = schema(&columns);
    let writers = factory.create_column_writers(number)?;
    let mut chunks = Vec::new();
    for (((_, rows, _), mut writer), (field, column)) in
        columns.into_iter().zip(writers).zip(schema.fields().iter().zip(described))
    {
        chunks.push(match rows {
            Rows::Coded(coded) => Chunk::Coded(coded.chunk(column)?),
            Rows::Array(array) => {
                // None of our columns is nested, so each is one leaf.
                for leaf in compute_leaves(field, &array)? {
                    writer.write(&leaf)?;
                }
                Chunk::Arrow(writer.close()?)
            }
        });
    }
    Ok(chunks)
}
