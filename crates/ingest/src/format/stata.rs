//! Stata files, .dta of every version: the crate `dta` reads them, and this turns what it reads into columns of text.
//!
//! The crate reserves as many bytes as a file says that a part of it has, before it looks whether they are there. So every length is
//! compared with the file first ([`guard`]). A missing value with a letter is the text that Stata shows, `.a`, and declared missing.
//! Files before Stata 14 do not tell their encoding: it is UTF-8 where all texts are, else windows-1252. Nothing here knows what a
//! variable means.

mod cell;
mod guard;
#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, ErrorKind, Read, Seek, SeekFrom};
use std::rc::Rc;

use codebook::{Finding, Place, Severity};
use dta::stata::dta::dta_error::{DtaError, FormatErrorKind, Section};
use dta::stata::dta::dta_reader::DtaReader;
use dta::stata::dta::long_string_reader::LongStringReader;
use dta::stata::dta::record_reader::RecordReader;
use dta::stata::dta::release::Release;
use dta::stata::dta::schema::Schema;
use dta::stata::dta::value::Value;
use dta::stata::dta::value_label::ValueLabelSet;
use dta::stata::dta::variable::Variable;
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use crate::numbers::Numbers;
use crate::raw::{About, DeclaredMissing, Distinct, NamedColumn, RawColumn, RawTable, ValueLabel};
use crate::tally::Tally;

use cell::Shown;

/// More cells than this are not held in memory.
const CELLS_AT_MOST: usize = 250_000_000;
/// One set of value labels may serve many variables. More bytes of labels than this, counted for each, no survey has.
const LABEL_BYTES_AT_MOST: usize = 1 << 28;

/// Why a file cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    NotStata,
    NoVariables,
    /// The file ends, or claims to hold more than it has.
    Cut(Section),
    Damaged(Section),
    /// A text outside the data is not of this encoding.
    Text(&'static Encoding),
    TooLarge,
}

impl Fault {
    fn of(error: &DtaError, encoding: &'static Encoding) -> Self {
        match error {
            DtaError::Io { section, source, .. } => match (section, source.kind()) {
                (Section::Header, _) => Self::NotStata,
                // The crate has no other word for a label that it cannot decode.
                (Section::ValueLabels, ErrorKind::Other) => Self::Text(encoding),
                (section, ErrorKind::UnexpectedEof) => Self::Cut(*section),
                (section, _) => Self::Damaged(*section),
            },
            DtaError::Format(error) => match (error.section(), error.kind()) {
                (_, FormatErrorKind::InvalidEncoding { .. }) => Self::Text(encoding),
                (Section::Header, _) => Self::NotStata,
                (section, _) => Self::Damaged(section),
            },
            DtaError::SortOrderOutOfBounds { .. } | _ => Self::Damaged(error.section()),
        }
    }

    /// What a person is told of it, when so many rows of all have been read.
    fn finding(self, path: &str, rows: usize, of: u64) -> Finding {
        let again = "export it from Stata again, and copy it whole";
        let (code, message, hint) = match self {
            Self::NotStata => ("not-dta", "the file is not a Stata file".to_owned(), "is this the right file?"),
            Self::NoVariables => ("no-columns", "the file has no variables".to_owned(), again),
            Self::Cut(Section::Records) => {
                ("cut-file", format!("the file ends within observation {} of {of}", rows + 1), again)
            }
            Self::Cut(section) => ("cut-file", format!("the file ends within its {section} section"), again),
            Self::Damaged(section) => ("damaged-file", format!("the file's {section} section is damaged"), again),
            Self::Text(encoding) => (
                "encoding",
                format!("a name or label of the file is not {}", encoding.name().to_ascii_lowercase()),
                "convert the file in Stata with unicode translate",
            ),
            Self::TooLarge => (
                "too-large",
                format!("the file holds more than {CELLS_AT_MOST} cells or {LABEL_BYTES_AT_MOST} bytes of labels"),
                "leave out variables that the wave does not need",
            ),
        };
        Finding::error(Place::File { file: path.to_owned() }, code, message).hint(hint)
    }
}

/// Reads a file. Findings go to `findings`; `None` when it cannot be read. Rows are numbered as Stata numbers observations, from 1.
pub(crate) fn read(path: &str, bytes: &[u8], findings: &mut Vec<Finding>) -> Option<RawTable> {
    let file = File::new(bytes);
    let release = match DtaReader::new().from_reader(file.clone()).read_header() {
        Ok(reader) => reader.header().release(),
        Err(error) => {
            findings.push(Fault::of(&error, UTF_8).finding(path, 0, 0));
            return None;
        }
    };
    let encodings: &[&'static Encoding] = if release >= Release::V118 { &[UTF_8] } else { &[UTF_8, WINDOWS_1252] };
    let mut last = Vec::new();
    for encoding in encodings {
        last.clear();
        let table = Reader::new(encoding).read(path, bytes, &mut last);
        if !last.iter().any(|finding| finding.code == "encoding") {
            findings.append(&mut last);
            return table;
        }
    }
    findings.append(&mut last);
    None
}

/// The bytes of a file, and how far they have been read.
#[derive(Debug, Clone)]
struct File<'b> {
    cursor: Cursor<&'b [u8]>,
    place: Rc<Cell<u64>>,
}

impl<'b> File<'b> {
    fn new(bytes: &'b [u8]) -> Self {
        Self { cursor: Cursor::new(bytes), place: Rc::default() }
    }
}

impl Read for File<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.cursor.read(buffer)?;
        self.place.set(self.cursor.position());
        Ok(read)
    }
}

impl Seek for File<'_> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        let place = self.cursor.seek(to)?;
        self.place.set(place);
        Ok(place)
    }
}

/// What has been read of a file.
struct Reader {
    encoding: &'static Encoding,
    rows: usize,
    all_rows: u64,
    columns: Vec<Column>,
}

/// What has been read of a column.
struct Column {
    shown: Shown,
    cells: Distinct,
    /// Of a column of long texts, which of them each row has.
    long_texts: Vec<TextKey>,
    is_long: bool,
    /// Missing values with a letter that some row has.
    letters: BTreeSet<String>,
    unreadable: Tally,
}

/// The variable and the observation that a long text is stored for.
type TextKey = (u32, u64);

/// Long texts, not yet decoded.
type LongTexts = BTreeMap<TextKey, Vec<u8>>;

impl Reader {
    fn new(encoding: &'static Encoding) -> Self {
        Self { encoding, rows: 0, all_rows: 0, columns: Vec::new() }
    }

    fn read(mut self, path: &str, bytes: &[u8], findings: &mut Vec<Finding>) -> Option<RawTable> {
        let (schema, texts, sets) = match self.read_parts(bytes) {
            Ok(parts) => parts,
            Err(fault) => {
                findings.push(fault.finding(path, self.rows, self.all_rows));
                return None;
            }
        };
        let mut columns = Vec::new();
        let mut label_bytes = 0;
        for (variable, column) in schema.variables().iter().zip(self.columns) {
            let labels = sets.get(variable.value_label_name());
            label_bytes += labels.map_or(0, |set| set.entries().iter().map(|entry| entry.label().len() + 64).sum());
            if label_bytes > LABEL_BYTES_AT_MOST {
                findings.push(Fault::TooLarge.finding(path, self.rows, self.all_rows));
                return None;
            }
            let about = about(variable, &column, labels);
            let (cells, unreadable) = column.finish(&texts, self.encoding);
            findings.extend(unreadable.finding(path, &about.name));
            columns.push(NamedColumn { about, cells });
        }
        if findings.iter().any(|finding| finding.severity == Severity::Error) {
            return None;
        }
        let rows = u64::try_from(self.rows).expect("a count of what is in memory fits 64 bits");
        Some(RawTable { columns, row_numbers: (1..=rows).collect(), weight: None })
    }

    fn read_parts(&mut self, bytes: &[u8]) -> Result<Parts, Fault> {
        let fault = |error: DtaError| Fault::of(&error, self.encoding);
        let file = File::new(bytes);
        let place = Rc::clone(&file.place);
        let reader = DtaReader::new().encoding(self.encoding).from_reader(file).read_header().map_err(fault)?;
        guard::variables(bytes, reader.header())?;
        let reader = reader.read_schema().map_err(fault)?;
        guard::characteristics(bytes, place.get(), reader.header())?;
        let reader = reader.seek_records().map_err(fault)?;
        let schema = reader.schema().clone();
        let reader = self.read_rows(reader)?;
        let (texts, reader) = self.read_long_texts(bytes, &place, reader)?;
        let mut reader = reader.into_value_label_reader().map_err(|error| Fault::of(&error, self.encoding))?;
        let mut sets = BTreeMap::new();
        loop {
            guard::value_labels(bytes, place.get(), reader.header())?;
            match reader.read_value_label_set().map_err(|error| Fault::of(&error, self.encoding))? {
                Some(set) => sets.insert(set.name().to_owned(), set),
                None => return Ok((schema, texts, sets)),
            };
        }
    }

    fn read_rows<'b>(&mut self, mut reader: RecordReader<File<'b>>) -> Result<LongStringReader<File<'b>>, Fault> {
        self.all_rows = reader.header().observation_count();
        self.columns =
            reader.schema().variables().iter().map(|variable| Column::new(variable, self.encoding)).collect();
        while let Some(record) = reader.read_lazy_record().map_err(|error| Fault::of(&error, self.encoding))? {
            if (self.rows + 1).saturating_mul(self.columns.len()) > CELLS_AT_MOST {
                return Err(Fault::TooLarge);
            }
            let row = u64::try_from(self.rows + 1).expect("a count of what is in memory fits 64 bits");
            for (position, column) in self.columns.iter_mut().enumerate() {
                match record.value(position) {
                    Ok(value) => column.push(&value),
                    Err(_) if column.shown == Shown::Text => column.push_unreadable(row),
                    Err(error) => return Err(Fault::of(&error, self.encoding)),
                }
            }
            self.rows += 1;
        }
        reader.into_long_string_reader().map_err(|error| Fault::of(&error, self.encoding))
    }

    fn read_long_texts<'b>(
        &self,
        bytes: &[u8],
        place: &Cell<u64>,
        mut reader: LongStringReader<File<'b>>,
    ) -> Result<(LongTexts, LongStringReader<File<'b>>), Fault> {
        let mut texts = BTreeMap::new();
        loop {
            guard::long_text(bytes, place.get(), reader.header())?;
            match reader.read_long_string().map_err(|error| Fault::of(&error, self.encoding))? {
                Some(text) => texts.insert((text.variable(), text.observation()), text.data().to_vec()),
                None => return Ok((texts, reader)),
            };
        }
    }
}

/// What the parts of a file say: its variables, its long texts, its value labels by name.
type Parts = (Schema, LongTexts, BTreeMap<String, ValueLabelSet>);

impl Column {
    fn new(variable: &Variable, encoding: &'static Encoding) -> Self {
        let statement = format!("texts that are not {}", encoding.name().to_ascii_lowercase());
        Self {
            shown: Shown::of(variable),
            cells: Distinct::default(),
            long_texts: Vec::new(),
            is_long: variable.variable_type() == dta::stata::dta::variable_type::VariableType::LongString,
            letters: BTreeSet::new(),
            unreadable: Tally::error("encoding", statement).hint("convert the file in Stata with unicode translate"),
        }
    }

    /// A text whose bytes are not of the encoding: nothing else can be wrong with a text.
    fn push_unreadable(&mut self, row: u64) {
        self.cells.push("");
        self.unreadable.add(row);
    }

    fn push(&mut self, value: &Value<'_>) {
        if let Value::LongStringRef(reference) = value {
            self.long_texts.push((reference.variable(), reference.observation()));
            return;
        }
        let text = self.shown.text(value);
        if text.starts_with('.') && !matches!(value, Value::String(_)) {
            self.letters.insert(text.clone().into_owned());
        }
        self.cells.push(&text);
    }

    /// The cells, and the rows whose texts could not be decoded.
    fn finish(mut self, texts: &LongTexts, encoding: &'static Encoding) -> (RawColumn, Tally) {
        if !self.is_long {
            return (self.cells.into_column(), self.unreadable);
        }
        // Each text is looked at once, however many rows have it.
        let mut numbers: BTreeMap<TextKey, Option<u32>> = BTreeMap::new();
        let mut distinct = Distinct::default();
        let mut cells = Numbers::of_rows(self.long_texts.len());
        distinct.push("");
        for (row, key) in (1..).zip(&self.long_texts) {
            let number = *numbers.entry(*key).or_insert_with(|| {
                let bytes = texts.get(key).map_or(&[][..], Vec::as_slice);
                let bytes = bytes.strip_suffix(&[0]).unwrap_or(bytes);
                let strictly =
                    |encoding: &'static Encoding| encoding.decode_without_bom_handling_and_without_replacement(bytes);
                // Pandas writes long texts as UTF-8 even into a file whose other texts are not.
                let text = strictly(UTF_8).or_else(|| strictly(encoding))?;
                Some(distinct.push(&text))
            });
            if number.is_none() {
                self.unreadable.add(row);
            }
            cells.push(number.unwrap_or(0));
        }
        (distinct.into_column().with_cells(cells), self.unreadable)
    }
}

/// What a file says of a variable.
fn about(variable: &Variable, column: &Column, labels: Option<&ValueLabelSet>) -> About {
    let value_labels: Vec<ValueLabel> = labels.map_or_else(Vec::new, |set| {
        let entries = set.entries().iter();
        entries
            .map(|entry| ValueLabel { value: cell::labelled(entry.value()), label: entry.label().to_owned() })
            .collect()
    });
    let labelled = value_labels.iter().map(|label| &label.value).filter(|value| value.starts_with('.'));
    let letters: BTreeSet<&String> = column.letters.iter().chain(labelled).collect();
    About {
        name: variable.name().to_owned(),
        label: Some(variable.label()).filter(|label| !label.is_empty()).map(str::to_owned),
        storage: column.shown.storage(),
        missing: letters.into_iter().cloned().map(DeclaredMissing::Value).collect(),
        value_labels,
        multiple_response_set: None,
        no_answers: None,
    }
}
