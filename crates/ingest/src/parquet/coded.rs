//! A column of few different texts as a column chunk of Parquet, made from the number of each row's text.
//!
//! Answers are kept as numbers of a few distinct codes, which is just what a dictionary page and a page of packed numbers hold. Parquet's own
//! writer for Arrow would look up the text of each row once more to find the same; that took longer than all checks. The chunk has one page,
//! since a row group is small, and is not compressed: packed numbers hardly shrink.

use std::sync::Arc;

use ::parquet::basic::{Compression, Encoding, PageType};
use ::parquet::column::page::{CompressedPage, Page, PageWriter};
use ::parquet::column::writer::ColumnCloseResult;
use ::parquet::data_type::ByteArray;
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::{ColumnChunkMetaData, PageEncodingStats};
use ::parquet::file::statistics::Statistics;
use ::parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use ::parquet::schema::types::ColumnDescPtr;
use bytes::Bytes;

use super::runs;
use crate::tally::counted;

/// Numbers that fit a byte.
pub(crate) const NUMBERS: usize = 256;

/// The rows of a column that may be missing.
#[derive(Debug, Clone)]
pub(crate) struct Coded {
    /// The number of each row's text.
    pub(crate) numbers: Vec<u8>,
    /// The text of each number; none where a row of that number has no value.
    pub(crate) texts: Arc<[Option<String>; NUMBERS]>,
}

/// The encoded chunk, and what the file must know of it.
pub(super) struct CodedChunk {
    pub(super) bytes: Bytes,
    pub(super) close: ColumnCloseResult,
}

/// The texts that rows of a chunk have, in the order of their bytes: what the chunk holds then depends on its rows alone, whatever the numbers are.
struct Dictionary<'c> {
    texts: Vec<&'c str>,
    /// The place of each number's text.
    places: [u8; NUMBERS],
    /// 1 for each number that has a text.
    levels: [u8; NUMBERS],
}

impl<'c> Dictionary<'c> {
    fn of(coded: &'c Coded) -> Self {
        let mut is_used = [false; NUMBERS];
        for number in &coded.numbers {
            is_used[usize::from(*number)] = true;
        }
        let used = coded.texts.iter().zip(is_used).enumerate().filter(|(_, (_, is_used))| *is_used);
        let mut used: Vec<(&str, usize)> =
            used.filter_map(|(number, (text, _))| Some((text.as_deref()?, number))).collect();
        used.sort_unstable();
        let mut dictionary = Self { texts: Vec::new(), places: [0; NUMBERS], levels: [0; NUMBERS] };
        for (text, number) in used {
            let place = u8::try_from(dictionary.texts.len()).expect("there are as many texts as numbers of a byte");
            (dictionary.places[number], dictionary.levels[number]) = (place, 1);
            dictionary.texts.push(text);
        }
        dictionary
    }

    /// The texts, each behind its length.
    fn page(&self) -> Vec<u8> {
        let mut page = Vec::new();
        for text in &self.texts {
            page.extend_from_slice(&length(text.len()).to_le_bytes());
            page.extend_from_slice(text.as_bytes());
        }
        page
    }
}

impl Coded {
    /// The chunk of a column that may be missing and is not nested.
    pub(super) fn chunk(&self, column: &ColumnDescPtr) -> Result<CodedChunk, ParquetError> {
        let dictionary = Dictionary::of(self);
        let (data, filled) = self.data_page(&dictionary);
        let (distinct, rows) = (length(dictionary.texts.len()), length(self.numbers.len()));
        let mut sink = TrackedWrite::new(Vec::new());
        let mut pages = SerializedPageWriter::new(&mut sink);
        let mut write = |page: Page| {
            let size = page.buffer().len();
            pages.write_page(CompressedPage::new(page, size))
        };
        let texts = write(Page::DictionaryPage {
            buf: dictionary.page().into(),
            num_values: distinct,
            encoding: Encoding::PLAIN,
            is_sorted: true,
        })?;
        let numbers = write(Page::DataPage {
            buf: data.into(),
            num_values: rows,
            encoding: Encoding::RLE_DICTIONARY,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        })?;
        let size = sink.bytes_written();
        let end = |text: Option<&&str>| text.map(|text| ByteArray::from(*text));
        let nulls = counted(self.numbers.len() - filled);
        let (first, last) = (end(dictionary.texts.first()), end(dictionary.texts.last()));
        let page = |page_type, encoding| PageEncodingStats { page_type, encoding, count: 1 };
        let metadata = ColumnChunkMetaData::builder(Arc::clone(column))
            .set_compression(Compression::UNCOMPRESSED)
            .set_encodings(vec![Encoding::PLAIN, Encoding::RLE, Encoding::RLE_DICTIONARY])
            .set_page_encoding_stats(vec![
                page(PageType::DICTIONARY_PAGE, Encoding::PLAIN),
                page(PageType::DATA_PAGE, Encoding::RLE_DICTIONARY),
            ])
            .set_total_compressed_size(signed(size))
            .set_total_uncompressed_size(signed(size))
            .set_num_values(i64::from(rows))
            .set_dictionary_page_offset(Some(signed(texts.offset)))
            .set_data_page_offset(signed(numbers.offset))
            .set_statistics(Statistics::byte_array(first, last, None, Some(nulls), false))
            .build()?;
        let close = ColumnCloseResult {
            bytes_written: counted(size),
            rows_written: u64::from(rows),
            metadata,
            bloom_filter: None,
            column_index: None,
            offset_index: None,
        };
        Ok(CodedChunk { bytes: sink.into_inner()?.into(), close })
    }

    /// Which rows have a text, the places of those texts, and how many they are.
    fn data_page(&self, dictionary: &Dictionary<'_>) -> (Vec<u8>, usize) {
        let mut levels = vec![0; self.numbers.len()];
        let mut places = vec![0; self.numbers.len()];
        let mut filled = 0;
        // Each row writes its place, and one without a text is written over by the next: that saves a branch that nobody can foretell.
        for (level, number) in levels.iter_mut().zip(&self.numbers) {
            let number = usize::from(*number);
            *level = dictionary.levels[number];
            places[filled] = dictionary.places[number];
            filled += usize::from(*level);
        }
        let mut page = vec![0; size_of::<u32>()];
        runs::encode(&levels, 1, &mut page);
        let levels_size = length(page.len() - size_of::<u32>());
        page[..size_of::<u32>()].copy_from_slice(&levels_size.to_le_bytes());
        let greatest = dictionary.texts.len().saturating_sub(1);
        let width = runs::width(u8::try_from(greatest).expect("there are as many texts as numbers of a byte"));
        page.push(width);
        runs::encode(&places[..filled], width, &mut page);
        (page, filled)
    }
}

/// A size as pages tell it.
fn length(size: usize) -> u32 {
    u32::try_from(size).expect("a row group is small")
}

/// A size or a place as the file's metadata tells it.
fn signed<N: TryInto<i64>>(size: N) -> i64 {
    size.try_into().ok().expect("a row group is small")
}
