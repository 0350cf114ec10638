//! An Arrow file or stream: messages, each with a description and a body.
//!
//! A file is a stream with a mark before it and a table of contents behind, so both are read as streams. The Arrow crate cuts the
//! body where the description says, whatever the body's size, and takes as much memory as a compressed buffer asks for; so all
//! messages are checked first.

use ::arrow::buffer::Buffer;
use ::arrow::ipc::reader::StreamDecoder;
use ::arrow::ipc::{Endianness, Message, RecordBatch, root_as_message};
use codebook::Finding;

use super::{ColumnReader, DECOMPRESSED_AT_MOST, Refusal, check_cells, columns};

/// What a file starts with; padded to 8 bytes.
pub(super) const FILE_START: &[u8] = b"ARROW1\0\0";

/// What a file ends with.
const FILE_END: &[u8] = b"ARROW1";

/// What each message starts with.
const MESSAGE_START: &[u8] = &[0xff; 4];

/// What the messages of a stream say in all.
pub(super) struct Extent {
    rows: usize,
    columns: usize,
    /// The bytes up to the last message.
    end: usize,
}

pub(super) fn read(path: &str, bytes: &[u8], findings: &mut Vec<Finding>) -> Result<Vec<ColumnReader>, Refusal> {
    let stream = match bytes.strip_prefix(FILE_START) {
        Some(stream) if stream.ends_with(FILE_END) => stream,
        Some(_) => return Err(Refusal::Damaged),
        None => bytes,
    };
    let extent = check(stream)?;
    check_cells(extent.rows, extent.columns)?;
    let mut rest = Buffer::from(&stream[..extent.end]);
    let mut decoder = StreamDecoder::new();
    let mut readers: Option<Vec<ColumnReader>> = None;
    while !rest.is_empty() {
        let batch = decoder.decode(&mut rest).map_err(|_| Refusal::Damaged)?;
        if readers.is_none()
            && let Some(schema) = decoder.schema()
        {
            readers = Some(columns(path, &schema, findings)?);
        }
        let (Some(readers), Some(batch)) = (readers.as_mut(), batch) else { continue };
        for (reader, array) in readers.iter_mut().zip(batch.columns()) {
            reader.push(array)?;
        }
    }
    decoder.finish().map_err(|_| Refusal::Damaged)?;
    readers.ok_or(Refusal::Damaged)
}

/// Checks all messages, up to the mark of the end or, as the format allows, the end itself.
pub(super) fn check(stream: &[u8]) -> Result<Extent, Refusal> {
    let mut extent = Extent { rows: 0, columns: 0, end: 0 };
    let mut rest = stream;
    let mut is_first = true;
    while !rest.is_empty() {
        let length = take(&mut rest, 8)?.strip_prefix(MESSAGE_START).ok_or(Refusal::Damaged)?;
        let length = length.try_into().map(i32::from_le_bytes).ok().and_then(|length| usize::try_from(length).ok());
        let description = take(&mut rest, length.ok_or(Refusal::Damaged)?)?;
        if description.is_empty() {
            extent.end = stream.len() - rest.len();
            return Ok(extent);
        }
        let message = root_as_message(description).map_err(|_| Refusal::Damaged)?;
        let body = usize::try_from(message.bodyLength()).map_err(|_| Refusal::Damaged)?;
        let body = take(&mut rest, body)?;
        check_message(&message, body, is_first, &mut extent)?;
        is_first = false;
        extent.end = stream.len() - rest.len();
    }
    Ok(extent)
}

fn take<'s>(rest: &mut &'s [u8], length: usize) -> Result<&'s [u8], Refusal> {
    let (taken, left) = rest.split_at_checked(length).ok_or(Refusal::Damaged)?;
    *rest = left;
    Ok(taken)
}

/// A stream is a schema, and then batches of rows and of the values of dictionaries.
fn check_message(message: &Message<'_>, body: &[u8], is_first: bool, extent: &mut Extent) -> Result<(), Refusal> {
    if let Some(schema) = message.header_as_schema().filter(|_| is_first) {
        if schema.endianness() != Endianness::Little {
            return Err(Refusal::Damaged);
        }
        extent.columns = schema.fields().ok_or(Refusal::Damaged)?.len();
        Ok(())
    } else if let Some(batch) = message.header_as_record_batch().filter(|_| !is_first) {
        let rows = usize::try_from(batch.length()).map_err(|_| Refusal::Damaged)?;
        extent.rows = extent.rows.checked_add(rows).ok_or(Refusal::Damaged)?;
        check_batch(&batch, body)
    } else if let Some(dictionary) = message.header_as_dictionary_batch().filter(|_| !is_first) {
        check_batch(&dictionary.data().ok_or(Refusal::Damaged)?, body)
    } else {
        Err(Refusal::Damaged)
    }
}

/// Whether a batch's arrays and buffers are no larger than is allowed, and its buffers inside its body. That all arrays are as long as
/// the batch is the decoder's to see.
fn check_batch(batch: &RecordBatch<'_>, body: &[u8]) -> Result<(), Refusal> {
    check_cells(usize::try_from(batch.length()).map_err(|_| Refusal::Damaged)?, 1)?;
    for node in batch.nodes().into_iter().flatten() {
        check_cells(usize::try_from(node.length()).map_err(|_| Refusal::Damaged)?, 1)?;
        if !(0..=node.length()).contains(&node.null_count()) {
            return Err(Refusal::Damaged);
        }
    }
    let mut decompressed: i64 = 0;
    for buffer in batch.buffers().into_iter().flatten() {
        let start = usize::try_from(buffer.offset()).map_err(|_| Refusal::Damaged)?;
        let length = usize::try_from(buffer.length()).map_err(|_| Refusal::Damaged)?;
        let end = start.checked_add(length).ok_or(Refusal::Damaged)?;
        let buffer = body.get(start..end).ok_or(Refusal::Damaged)?;
        if let (Some(_), Some(size)) = (batch.compression(), buffer.first_chunk::<8>()) {
            // The size after decompression, or -1 for a buffer that is not compressed.
            let size = i64::from_le_bytes(*size).max(0);
            decompressed = decompressed
                .checked_add(size)
                .filter(|sum| *sum <= DECOMPRESSED_AT_MOST)
                .ok_or(Refusal::TooLarge("a batch of more than 2 GiB"))?;
        }
    }
    Ok(())
}
