//! Delimited text: the header rows of its tool, then one record per row, cells in quotes where they hold delimiters or line breaks.
//!
//! A file is read once, into columns. Of a wave's file only the columns that it asks for are kept, so that nothing else of a
//! respondent goes any further; of any other data file all are. Each distinct value is kept once per column, and a row holds its number: the rest of the crate then works
//! on a few distinct values instead of a million cells. Blanks around a cell are not part of it.

mod end;
mod header;
mod marks;
mod records;
mod wanted;
mod written;

use std::collections::{BTreeMap, BTreeSet};

use codebook::{Finding, Place};

use end::{End, LastRow};
pub(crate) use header::{ROWS_TRIED, misfit_above, misfit_header, repeated_names, too_many_columns};
pub(crate) use records::Records;
pub(crate) use wanted::{Names, Wanted};
pub(crate) use written::{Format, FormatSource};

use crate::decode::{Text, UNREADABLE, decode, name_of};
use crate::raw::{DeclaredMissing, Distinct, RawColumn, ValueLabel};
use crate::reshape::Made;
use crate::tally::{Tally, counted};
use crate::tool::{self, HEADER_ROWS_AT_MOST, Heading};

/// What R writes where a value is missing.
const MISSING_MARK: &str = "NA";
/// More rows than this are refused; row numbers are then sure to fit 32 bits with room for reserved values.
const ROWS_AT_MOST: usize = 2_000_000_000;
/// Columns of a table, whatever its format. A first row of more is no header.
pub(crate) const COLUMNS_AT_MOST: usize = 100_000;

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
    /// What the file itself says of its columns; of delimited text and workbooks only what a tool writes into the heading.
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
    /// The words of its values, by column, where cells hold the values alone.
    pub(crate) words: BTreeMap<String, Vec<ValueLabel>>,
    /// The wording of each column, where the file tells it.
    pub(crate) questions: BTreeMap<String, String>,
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
        if let Some((row, _)) = (1..).zip(&first).find(|(_, cells)| cells.len() > COLUMNS_AT_MOST) {
            findings.push(too_many_columns(path, row));
            return None;
        }
        let heading = tool::heading(format.tool, &first);
        if let Some(finding) = misfit_header(path, &heading.names, format, wanted) {
            let top = Records::new(&decoded.text, format.delimiter).first(ROWS_TRIED);
            findings.push(misfit_above(path, top.iter().map(Vec::as_slice), wanted).unwrap_or(finding));
            return None;
        }
        findings.extend(repeated_names(path, &heading.names, wanted));
        let questions = tool::questions(format.tool, &first);
        let mut data = Records::new(&decoded.text, format.delimiter).columns(path, heading, (format, wanted), findings);
        data.said.questions = questions;
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

/// The text of a cell without a byte order mark, which stands inside of a file where two were put together.
fn bare(cell: &str) -> &str {
    cell.trim_start_matches('\u{feff}')
}

impl Records<'_> {
    /// The cells of the next records, at most `records` of them, and of each at most one more than [`COLUMNS_AT_MOST`].
    pub(crate) fn first(mut self, records: usize) -> Vec<Vec<String>> {
        let mut first = Vec::new();
        while first.len() < records && self.advance() {
            first.push(self.fields().map(|field| cell_text(field).to_owned()).collect());
        }
        first
    }

    /// The number of fields of each of the next records, at most `records` of them.
    pub(crate) fn widths(mut self, records: usize) -> Vec<usize> {
        let mut widths = Vec::new();
        while widths.len() < records && self.advance() {
            widths.push(self.width());
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
        let rows = self.rows_expected(header.len());
        let mut kept: Vec<(usize, Distinct)> = Vec::new();
        let mut known = BTreeSet::new();
        for (position, name) in header.iter().enumerate() {
            if wanted.includes(name) && known.insert(name) {
                kept.push((position, Distinct::of_rows(rows)));
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
        let mut last = LastRow::default();
        while row_numbers.len() < ROWS_AT_MOST && self.advance() {
            row_number += 1;
            let found = self.width();
            last = LastRow { number: row_number, fields: found };
            if found != header.len() {
                if !self.is_at_the_end() {
                    ragged.entry(found).or_insert_with(|| ragged_rows(found, header.len())).add(row_number);
                }
                continue;
            }
            if self.is_header(&header) {
                repeated.add(row_number);
                continue;
            }
            row_numbers.push(row_number);
            self.keep(&mut kept, wanted);
        }
        let place = || Place::File { file: path.to_owned() };
        let end = self.end(&last, header.len());
        if end == End::Ragged {
            ragged.entry(last.fields).or_insert_with(|| ragged_rows(last.fields, header.len())).add(last.number);
        }
        let damaged = !ragged.is_empty() || end != End::Whole;
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
            findings.push(Finding::error(place(), "too-many-rows", format!("more than {ROWS_AT_MOST} rows")));
        }
        findings.extend(end.finding(&LastRow { number: row_number, ..last }, header.len(), place()));
        let columns =
            kept.into_iter().map(|(position, column)| (header[position].clone(), column.into_column())).collect();
        DataFile { damaged, ..DataFile::new(path, header, row_numbers, format.decimal_mark, columns) }
    }

    /// About how many rows the text has, by the length of its first ones, so that columns need not grow again and again. Never more than
    /// the text has room for.
    fn rows_expected(&self, width: usize) -> usize {
        let text = self.text();
        let first = text.lines().take(ROWS_TRIED).map(|line| line.len() + 1);
        let (lines, bytes) = first.fold((0, 0), |(lines, bytes), line| (lines + 1, bytes + line));
        (text.len() / bytes.max(1) * lines).min(text.len() / width.max(1))
    }

    /// Takes the record's cells into the columns that are kept.
    fn keep(&self, kept: &mut [(usize, Distinct)], wanted: Wanted<'_>) {
        for (position, column) in kept {
            let field = self.field(*position);
            match field.as_bytes() {
                // Most cells of a survey are one character.
                [byte] if byte.is_ascii_graphic() => column.push_character(*byte),
                _ if self.is_missing_mark(*position, wanted) => column.push(""),
                _ => column.push(cell_text(field)),
            };
        }
    }

    /// Whether the record has the header's names in all of its cells. A row with the names of few columns may be answers.
    fn is_header(&self, header: &[String]) -> bool {
        header.len() > 1 && self.fields().zip(header).all(|(field, name)| bare(cell_text(field)) == name)
    }

    /// Whether a field is `NA` without quotes, where that means an empty cell.
    fn is_missing_mark(&self, position: usize, wanted: Wanted<'_>) -> bool {
        match wanted {
            Wanted::Named(_) => false,
            Wanted::Every => cell_text(self.field(position)) == MISSING_MARK && !self.is_quoted(position),
        }
    }

    /// How the text ends after its last row.
    fn end(&self, last: &LastRow, width: usize) -> End {
        let is_ragged = last.number > 0 && last.fields != width && self.is_at_the_end();
        if self.is_open() {
            End::InQuote
        } else if is_ragged && last.fields < width && !self.is_ended() {
            End::InRow
        } else if is_ragged {
            End::Ragged
        } else {
            End::Whole
        }
    }
}

/// A field without the blanks around it.
#[inline]
fn cell_text(field: &str) -> &str {
    field.trim_matches([' ', '\t'])
}

/// `1 field`, `3 fields`.
fn counted_fields(fields: usize) -> String {
    if fields == 1 { "1 field".to_owned() } else { format!("{fields} fields") }
}

fn ragged_rows(found: usize, expected: usize) -> Tally {
    Tally::error("ragged-row", format!("{} instead of {expected}", counted_fields(found)))
        .hint("a delimiter or line break inside a cell must stand in quotes")
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
        if row == 1 {
            header = records.fields().map(|field| cell_text(field).to_owned()).collect();
        }
        for (position, _) in records.fields().enumerate().filter(|(_, field)| field.contains(UNREADABLE)) {
            columns.entry(position).or_insert_with(tally).add(row);
        }
    }
    let is_header = match wanted {
        Wanted::Named(names) => header.iter().any(|name| names.contains(name)),
        Wanted::Every => false,
    };
    let name_at = |position: usize| match header.get(position) {
        Some(name) if is_header => name.replace(UNREADABLE, "?"),
        Some(_) | None => numbered(position),
    };
    columns.into_iter().filter_map(|(position, tally)| tally.finding(path, &name_at(position))).collect()
}

/// The number of columns that nobody asked for.
pub(crate) fn unused_columns(data: &DataFile, wanted: &Names<'_>) -> u64 {
    let sources = data.made.sources(&wanted.names);
    let is_used = |name: &&String| wanted.contains(name) || sources.contains(name.as_str());
    counted(data.header.iter().filter(|name| !is_used(name)).count())
}
