//! Delimited text: the header rows of its tool, then one record per row, cells in quotes where they hold delimiters or line breaks.
//!
//! A file is read once, into columns. Of a wave's file only the columns that it asks for are kept, so that nothing else of a
//! respondent goes any further; of any other data file all are. Each distinct value is kept once per column, and a row holds its number: the rest of the crate then works
//! on a few distinct values instead of a million cells. Blanks around a cell are not part of it.

use std::collections::{BTreeMap, BTreeSet};

use codebook::{Finding, Place, SurveyTool};
use encoding_rs::Encoding;

use crate::decode::{Text, UNREADABLE, decode, name_of};
use crate::raw::{DeclaredMissing, Distinct, RawColumn, ValueLabel};
use crate::reshape::Made;
use crate::tally::{Tally, counted};
use crate::tool::{self, HEADER_ROWS_AT_MOST, Heading};

/// What R writes where a value is missing.
const MISSING_MARK: &str = "NA";
/// More rows than this are refused; row numbers are then sure to fit 32 bits with room for reserved values.
const ROWS_AT_MOST: usize = 2_000_000_000;

/// How a delimited file is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Format {
    pub(crate) encoding: &'static Encoding,
    pub(crate) delimiter: u8,
    pub(crate) source: FormatSource,
    /// The decimal mark, which a workbook has no choice of.
    pub(crate) decimal_mark: char,
    /// The tool that wrote it, which decides what its heading looks like.
    pub(crate) tool: SurveyTool,
}

/// Who says how a file is written, which decides where a finding sends people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FormatSource {
    /// The wave's TOML, under `[answers]`.
    Wave,
    /// Nobody: data files are UTF-8, and the delimiter is found out.
    File,
}

impl FormatSource {
    /// What to do about a byte order mark of another encoding.
    pub(crate) fn marked_hint(self, marked: &str) -> String {
        match self {
            Self::Wave => format!("write encoding = {marked:?} under [answers]"),
            Self::File => "save the file as UTF-8".to_owned(),
        }
    }

    /// What to do about bytes that are not of the encoding.
    fn encoding_hint(self) -> &'static str {
        match self {
            Self::Wave => "set encoding under [answers] to what the file has, such as \"windows-1252\"",
            Self::File => "save the file as UTF-8",
        }
    }
}

/// Which columns of a file are kept.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wanted<'w> {
    /// Those that a wave names.
    Named(&'w BTreeSet<&'w str>),
    /// Every column that has a name. `NA` without quotes is an empty cell then, as R writes it.
    Every,
}

impl Wanted<'_> {
    /// Whether a column of this name is kept.
    pub(crate) fn includes(self, name: &str) -> bool {
        match self {
            Self::Named(names) => names.contains(name),
            Self::Every => !name.is_empty(),
        }
    }
}

/// A data file, as far as it is wanted.
#[derive(Debug)]
pub(crate) struct DataFile {
    /// The path that findings show.
    pub(crate) path: String,
    /// Every column's name, also of those that are not kept.
    pub(crate) header: Vec<String>,
    /// The number of each row that was kept: the header is row 1.
    pub(crate) row_numbers: Vec<u64>,
    /// The decimal mark of its numbers.
    pub(crate) decimal_mark: char,
    /// Whether some rows are left out because their fields could not be told apart. There is a finding for them.
    pub(crate) damaged: bool,
    /// What the file itself says of its columns; delimited text and workbooks say nothing.
    pub(crate) said: Said,
    /// Columns that the file does not have and that are made from what it has.
    pub(crate) made: Made,
    pub(crate) columns: BTreeMap<String, RawColumn>,
}

/// What a file's own format says that its cells mean.
#[derive(Debug, Default)]
pub(crate) struct Said {
    /// Values that mean no answer, by column.
    pub(crate) missing: BTreeMap<String, Vec<DeclaredMissing>>,
    /// The words of its values, by column, where they may stand in cells instead of the values.
    pub(crate) labels: BTreeMap<String, Vec<ValueLabel>>,
    /// The column to weight rows with.
    pub(crate) weight: Option<String>,
}

impl Said {
    /// Whether the file says that a value of a column means no answer.
    pub(crate) fn is_missing(&self, column: &str, value: &str) -> bool {
        self.missing.get(column).is_some_and(|declared| declared.iter().any(|missing| missing.covers(value)))
    }
}

impl DataFile {
    /// A file whose rows are all whole.
    pub(crate) fn new(
        path: &str,
        header: Vec<String>,
        row_numbers: Vec<u64>,
        decimal_mark: char,
        columns: BTreeMap<String, RawColumn>,
    ) -> Self {
        Self {
            path: path.to_owned(),
            header,
            row_numbers,
            decimal_mark,
            damaged: false,
            said: Said::default(),
            made: Made::default(),
            columns,
        }
    }

    /// The same file with what it says of its columns.
    pub(crate) fn saying(self, said: Said) -> Self {
        Self { said, ..self }
    }

    /// Reads a file and keeps the columns `wanted`. Findings go to `findings`; `None` when the file cannot be read at all.
    pub(crate) fn read(
        path: &str,
        bytes: &[u8],
        format: Format,
        wanted: Wanted<'_>,
        findings: &mut Vec<Finding>,
    ) -> Option<Self> {
        let decoded = decode(path, bytes, format, findings)?;
        Self::read_text(path, &decoded, format, wanted, findings)
    }

    /// The same for a file that was decoded before.
    pub(crate) fn read_text(
        path: &str,
        decoded: &Text<'_>,
        format: Format,
        wanted: Wanted<'_>,
        findings: &mut Vec<Finding>,
    ) -> Option<Self> {
        if decoded.text.contains(UNREADABLE) {
            findings.extend(unreadable_cells(path, decoded, format, wanted));
            return None;
        }
        let first = Records::new(&decoded.text, format.delimiter).first(HEADER_ROWS_AT_MOST);
        if first.is_empty() {
            let place = Place::File { file: path.to_owned() };
            findings.push(Finding::error(place, "empty-file", "the file has no header row"));
            return None;
        }
        let heading = tool::heading(format.tool, &first);
        if let Some(finding) = misfit_header(path, &heading.names, format, wanted) {
            findings.push(finding);
            return None;
        }
        findings.extend(repeated_names(path, &heading.names, wanted));
        let data = Records::new(&decoded.text, format.delimiter).columns(path, heading, (format, wanted), findings);
        if data.row_numbers.is_empty() && !data.damaged {
            let place = Place::File { file: path.to_owned() };
            findings.push(Finding::error(place, "no-rows", "the file has a header row and no rows below it"));
        }
        Some(data)
    }

    /// The column of this name, if the file has it and it was asked for.
    pub(crate) fn column(&self, name: &str) -> Option<&RawColumn> {
        self.columns.get(name)
    }

    /// The column names, for "did you mean".
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.header.iter().map(String::as_str).filter(|name| !name.is_empty()).chain(self.made.names())
    }

    /// Takes a column out, so that its cells need not be held beside the typed ones.
    pub(crate) fn take_column(&mut self, name: &str) -> Option<RawColumn> {
        self.columns.remove(name)
    }

    /// Puts back a column that is needed again.
    pub(crate) fn put_column(&mut self, name: &str, column: RawColumn) {
        self.columns.insert(name.to_owned(), column);
    }

    /// Whether the file has a column of this name.
    pub(crate) fn has_column(&self, name: &str) -> bool {
        self.names().any(|known| known == name)
    }
}

/// The records of a text, one after the other.
pub(crate) struct Records<'a> {
    text: &'a str,
    delimiter: u8,
    reader: csv::Reader<&'a [u8]>,
    record: csv::ByteRecord,
}

impl<'a> Records<'a> {
    pub(crate) fn new(text: &'a str, delimiter: u8) -> Self {
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(1 << 16)
            .from_reader(text.as_bytes());
        Self { text, delimiter, reader, record: csv::ByteRecord::new() }
    }

    /// Goes to the next record; false at the end.
    fn advance(&mut self) -> bool {
        self.reader
            .read_byte_record(&mut self.record)
            .expect("reading from memory cannot fail, and records of any length are allowed")
    }

    /// The cells of the next records, at most `records` of them.
    pub(crate) fn first(mut self, records: usize) -> Vec<Vec<String>> {
        let mut first = Vec::new();
        while first.len() < records && self.advance() {
            first.push(self.record.iter().map(|field| cell_text(field).to_owned()).collect());
        }
        first
    }

    /// The number of fields of each of the next records, at most `records` of them.
    pub(crate) fn widths(mut self, records: usize) -> Vec<usize> {
        let mut widths = Vec::new();
        while widths.len() < records && self.advance() {
            widths.push(self.record.len());
        }
        widths
    }

    /// Reads the rows below the heading.
    fn columns(
        mut self,
        path: &str,
        heading: Heading,
        (format, wanted): (Format, Wanted<'_>),
        findings: &mut Vec<Finding>,
    ) -> DataFile {
        let header = heading.names;
        let mut kept: Vec<(usize, Distinct)> = Vec::new();
        for (position, name) in header.iter().enumerate() {
            if wanted.includes(name) && !header[..position].contains(name) {
                kept.push((position, Distinct::default()));
            }
        }
        let mut row_numbers = Vec::new();
        let mut ragged: BTreeMap<usize, Tally> = BTreeMap::new();
        let mut repeated = Tally::error("repeated-header", "the header row again")
            .hint("exports were put together: take out all header rows but the first");
        let mut row_number = 0;
        while row_number < counted(heading.rows) && self.advance() {
            row_number += 1;
        }
        let mut last_start = 0;
        while row_numbers.len() < ROWS_AT_MOST && self.advance() {
            row_number += 1;
            last_start = self.record.position().map_or(0, csv::Position::byte);
            if self.record.len() != header.len() {
                let found = self.record.len();
                ragged.entry(found).or_insert_with(|| ragged_rows(found, header.len())).add(row_number);
                continue;
            }
            if self.is_header(&header) {
                repeated.add(row_number);
            }
            row_numbers.push(row_number);
            self.keep(&mut kept, wanted);
        }
        let mut damaged = !ragged.is_empty();
        findings.extend(repeated.finding_in_file(path));
        let every_row_has_one_more = row_numbers.is_empty() && ragged.keys().eq([&(header.len() + 1)]);
        let told = |tally: Tally| {
            if every_row_has_one_more {
                tally.hint("each row ends in a delimiter that the header lacks")
            } else {
                tally
            }
        };
        findings.extend(ragged.into_values().filter_map(|tally| told(tally).finding_in_file(path)));
        if row_numbers.len() == ROWS_AT_MOST {
            let place = Place::File { file: path.to_owned() };
            findings.push(Finding::error(place, "too-many-rows", format!("more than {ROWS_AT_MOST} rows")));
        }
        if self.leaves_a_quote_open(last_start) {
            damaged = true;
            let place = Place::File { file: path.to_owned() };
            let message = format!("a quote opens in row {row_number} and is never closed");
            findings.push(
                Finding::error(place, "unclosed-quote", message).hint("the rest of the file was read as one cell"),
            );
        }
        let columns =
            kept.into_iter().map(|(position, column)| (header[position].clone(), column.into_column())).collect();
        DataFile { damaged, ..DataFile::new(path, header, row_numbers, format.decimal_mark, columns) }
    }

    /// Takes the record's cells into the columns that are kept.
    fn keep(&self, kept: &mut [(usize, Distinct)], wanted: Wanted<'_>) {
        let missing = self.missing_marks(wanted);
        for (position, column) in kept {
            let is_missing = missing.get(*position).copied().unwrap_or(false);
            match &self.record[*position] {
                _ if is_missing => column.push(""),
                // Most cells of a survey are one character, which needs no decoding.
                [byte] if byte.is_ascii_graphic() => column.push_character(*byte),
                field => column.push(cell_text(field)),
            };
        }
    }

    /// Whether the record has the header's names in all of its cells. A row with the names of few columns may be answers.
    fn is_header(&self, header: &[String]) -> bool {
        header.len() > 1 && self.record.iter().zip(header).all(|(field, name)| cell_text(field) == name)
    }

    /// Which fields of the record are `NA` without quotes, where that means an empty cell; nothing when none is.
    fn missing_marks(&self, wanted: Wanted<'_>) -> Vec<bool> {
        let is_mark = |field: &[u8]| cell_text(field) == MISSING_MARK;
        match wanted {
            Wanted::Named(_) => return Vec::new(),
            Wanted::Every if !self.record.iter().any(is_mark) => return Vec::new(),
            Wanted::Every => {}
        }
        // The CSV reader does not tell which fields were in quotes, but where the record stands in the text.
        let byte = |position: u64| usize::try_from(position).expect("a place in memory fits usize");
        let start = self.record.position().map_or(0, |position| byte(position.byte()));
        let end = byte(self.reader.position().byte());
        let text = &self.text[start..end];
        if !has_quoted_mark(text) {
            return self.record.iter().map(is_mark).collect();
        }
        let quoted = quoted_fields(text, self.delimiter);
        self.record.iter().zip(quoted).map(|(field, quoted)| is_mark(field) && !quoted).collect()
    }

    /// Whether a quote is still open at the end of the last record, which starts at this byte. The CSV reader takes the end of
    /// the file for the end of the quote.
    fn leaves_a_quote_open(&self, start: u64) -> bool {
        let record = usize::try_from(start).ok().and_then(|start| self.text.get(start..));
        record.is_some_and(|record| ends_inside_quotes(record, self.delimiter))
    }
}

/// A field without the blanks around it.
fn cell_text(field: &[u8]) -> &str {
    let text = std::str::from_utf8(field).expect("the text was decoded, and it is cut at ASCII characters only");
    let is_blank = |byte: Option<&u8>| matches!(byte, Some(b' ' | b'\t'));
    if is_blank(field.first()) || is_blank(field.last()) { text.trim_matches([' ', '\t']) } else { text }
}

fn ragged_rows(found: usize, expected: usize) -> Tally {
    let fields = if found == 1 { "field" } else { "fields" };
    Tally::error("ragged-row", format!("{found} {fields} instead of {expected}"))
        .hint("a delimiter or line break inside a cell must stand in quotes")
}

/// What is wrong with the header of a wave's file, as far as it shows that it is not the one that the wave describes.
pub(crate) fn misfit_header(path: &str, header: &[String], format: Format, wanted: Wanted<'_>) -> Option<Finding> {
    let Wanted::Named(names) = wanted else { return None };
    let place = Place::File { file: path.to_owned() };
    if header.len() == 1 && names.len() > 1 {
        let delimiter = char::from(format.delimiter);
        let message = format!("the header row has one column when cut at {delimiter:?}");
        let finding = Finding::error(place, "delimiter", message);
        return Some(finding.hint("set delimiter under [answers] to what the file has"));
    }
    if !header.iter().any(|name| names.contains(name.as_str())) {
        // Without a header the first row holds answers, so its cells are not shown as column names.
        let message = "the first row names none of the columns that the wave reads";
        let finding = Finding::error(place, "no-header", message);
        return Some(finding.hint("is this the right file, with a header row?"));
    }
    None
}

/// Two columns of one name: which of them is meant cannot be told. Harmless where the wave reads neither.
pub(crate) fn repeated_names(path: &str, header: &[String], wanted: Wanted<'_>) -> Vec<Finding> {
    let mut positions: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (position, name) in header.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        positions.entry(name).or_default().push(position);
    }
    let repeated = positions.into_iter().filter(|(_, positions)| positions.len() > 1);
    repeated
        .map(|(name, positions)| {
            let message = format!("{} columns have this name", positions.len());
            let place = |column: String| Place::Cell { file: path.to_owned(), row: 1, column };
            match wanted {
                Wanted::Named(names) if names.contains(name) => {
                    Finding::error(place(name.to_owned()), "repeated-column", message)
                        .hint("rename all but one in the export")
                }
                Wanted::Named(_) => {
                    let message = message + ", none of which is read";
                    Finding::warning(place(name.to_owned()), "repeated-column", message)
                }
                // Nobody said what the columns are called: the first row may be a respondent's, so it is not shown.
                Wanted::Every => Finding::error(place(numbered(positions[1])), "repeated-column", message)
                    .hint("rename all but one, and see that the first row holds the names of the columns"),
            }
        })
        .collect()
}

/// A column whose name is not to be shown.
fn numbered(position: usize) -> String {
    format!("number {}", position + 1)
}

/// The cells that hold [`UNREADABLE`], column by column. Names are shown only if the first row is a header: it might hold
/// answers.
fn unreadable_cells(path: &str, decoded: &Text<'_>, format: Format, wanted: Wanted<'_>) -> Vec<Finding> {
    let encoding = name_of(format.encoding);
    let tally = || match decoded.malformed {
        true => Tally::error("encoding", format!("bytes that are not {encoding}")).hint(format.source.encoding_hint()),
        false => Tally::error("nul", "NUL characters").hint("is this file text, and is its encoding the declared one?"),
    };
    let mut records = Records::new(&decoded.text, format.delimiter);
    let mut columns: BTreeMap<usize, Tally> = BTreeMap::new();
    let mut header = Vec::new();
    let mut row = 0;
    while records.advance() {
        row += 1;
        let fields = records.record.iter().map(cell_text);
        if row == 1 {
            header = fields.clone().map(str::to_owned).collect();
        }
        for (position, _) in fields.enumerate().filter(|(_, field)| field.contains(UNREADABLE)) {
            columns.entry(position).or_insert_with(tally).add(row);
        }
    }
    let is_header = match wanted {
        Wanted::Named(names) => header.iter().any(|name| names.contains(name.as_str())),
        Wanted::Every => false,
    };
    let name_at = |position: usize| match header.get(position) {
        Some(name) if is_header => name.replace(UNREADABLE, "?"),
        Some(_) | None => numbered(position),
    };
    columns.into_iter().filter_map(|(position, tally)| tally.finding(path, &name_at(position))).collect()
}

/// Where in a record a byte leaves its reader, by the CSV reader's own rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    FieldStart,
    Plain,
    Quoted,
    AfterQuote,
}

impl At {
    fn step(self, byte: u8, delimiter: u8) -> Self {
        match (self, byte) {
            (Self::Quoted, b'"') => Self::AfterQuote,
            (Self::Quoted, _) | (Self::FieldStart | Self::AfterQuote, b'"') => Self::Quoted,
            (Self::FieldStart | Self::Plain | Self::AfterQuote, b'\n' | b'\r') => Self::FieldStart,
            (Self::FieldStart | Self::Plain | Self::AfterQuote, byte) if byte == delimiter => Self::FieldStart,
            (Self::FieldStart | Self::Plain | Self::AfterQuote, _) => Self::Plain,
        }
    }
}

/// Whether a quote is still open at the end of a record.
fn ends_inside_quotes(record: &str, delimiter: u8) -> bool {
    record.bytes().fold(At::FieldStart, |at, byte| at.step(byte, delimiter)) == At::Quoted
}

/// Whether a quote may close behind [`MISSING_MARK`] somewhere in a record. Most records have no such place, which saves a walk
/// over them.
fn has_quoted_mark(record: &str) -> bool {
    let before_quotes = record.rsplit_once('"').map(|(before, _)| before.split('"'));
    before_quotes.is_some_and(|mut texts| texts.any(|text| text.trim_end_matches([' ', '\t']).ends_with(MISSING_MARK)))
}

/// Whether each field of a record stands in quotes. The text may begin with line breaks and end with one.
fn quoted_fields(record: &str, delimiter: u8) -> Vec<bool> {
    let mut quoted = vec![false];
    let mut at = At::FieldStart;
    for byte in record.trim_start_matches(['\n', '\r']).bytes() {
        let next = at.step(byte, delimiter);
        if at == At::FieldStart
            && next == At::Quoted
            && let Some(last) = quoted.last_mut()
        {
            *last = true;
        }
        if next == At::FieldStart && byte == delimiter {
            quoted.push(false);
        }
        at = next;
    }
    quoted
}

/// The number of columns that nobody asked for.
pub(crate) fn unused_columns(data: &DataFile, wanted: &BTreeSet<&str>) -> u64 {
    let sources = data.made.sources(wanted);
    let is_used = |name: &&String| wanted.contains(name.as_str()) || sources.contains(name.as_str());
    counted(data.header.iter().filter(|name| !is_used(name)).count())
}
