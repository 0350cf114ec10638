//! Delimited text: its encoding, its delimiter, its header, and its records one by one.

use std::io::{self, Read};

use codebook::{Finding, Place};

use super::columns::Columns;
use super::decoding::{Candidate, Decoded, RECORD_AT_MOST, Trouble};
use super::signature::{Recognised, recognise};
use super::{FileFormat, Inspection};
use crate::data_file::{delimiter, one_column};
use crate::decode::twice;
use crate::delimited::{COLUMNS_AT_MOST, too_many_columns};
use crate::tool::HEADER_ROWS_AT_MOST;

/// Bytes that the CSV reader asks for at once.
const BUFFER: usize = 1 << 16;

/// Inspects a file whose first bytes are `start`.
pub(super) fn inspect<R: Read>(
    path: &str,
    start: &[u8],
    open: &mut dyn FnMut() -> io::Result<R>,
) -> io::Result<Result<Inspection, Vec<Finding>>> {
    let in_file = || Place::File { file: path.to_owned() };
    if start.is_empty() {
        return Ok(Err(vec![Finding::error(in_file(), "empty-file", "the file is empty").hint("export it again")]));
    }
    let mut refused = Vec::new();
    for candidate in Candidate::of(start) {
        let sample = candidate.text(start);
        let reading = Reading::new(path, candidate, whole_lines(&sample), open()?)?;
        match reading.read()? {
            Ok(inspection) => return Ok(Ok(inspection)),
            Err(Trouble::RecordTooLong) => return Ok(Err(vec![record_too_long(path)])),
            Err(Trouble::TooManyColumns { row }) => return Ok(Err(vec![too_many_columns(path, row)])),
            Err(Trouble::Malformed { byte }) => {
                let encoding = candidate.description().name;
                let message = format!("byte {byte} is not {encoding}, as the file begins");
                refused = vec![Finding::error(in_file(), "encoding", message).hint("export it again as UTF-8")];
            }
        }
    }
    Ok(Err(refused))
}

/// A text up to its last line break: what follows may be cut.
fn whole_lines(text: &str) -> &str {
    text.rfind('\n').map_or(text, |end| &text[..=end])
}

fn record_too_long(path: &str) -> Finding {
    let place = Place::File { file: path.to_owned() };
    let message = format!("a row has more than {} MiB", RECORD_AT_MOST >> 20);
    Finding::error(place, "unclosed-quote", message).hint("a quote opens and is never closed, or this is not text")
}

/// A file on its way through the records.
struct Reading<'r, R> {
    path: &'r str,
    candidate: Candidate,
    delimiter: u8,
    /// That the first records are cut by something else.
    one_column: Option<Finding>,
    records: csv::Reader<Decoded<R>>,
    /// The number of the last record, the first row being 1.
    row: u64,
}

impl<'r, R: Read> Reading<'r, R> {
    fn new(path: &'r str, candidate: Candidate, sample: &str, source: R) -> io::Result<Self> {
        let delimiter = delimiter(sample);
        let records = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(BUFFER)
            .from_reader(Decoded::new(source, candidate)?.cut_at(delimiter));
        let one_column = one_column(path, sample);
        Ok(Self { path, candidate, delimiter, one_column, records, row: 0 })
    }

    /// Goes to the next record; false at the end.
    fn advance(&mut self, record: &mut csv::StringRecord) -> io::Result<Result<bool, Trouble>> {
        self.records.get_mut().next_record();
        let read = self.records.read_record(record);
        match read {
            Ok(more) => {
                self.row += u64::from(more);
                Ok(Ok(more))
            }
            Err(error) => match (self.records.get_ref().trouble, error.into_kind()) {
                (Some(trouble), _) => Ok(Err(trouble)),
                (None, csv::ErrorKind::Io(error)) => Err(error),
                (None, other) => Err(io::Error::other(format!("{other:?}"))),
            },
        }
    }

    /// Reads the whole file.
    fn read(mut self) -> io::Result<Result<Inspection, Trouble>> {
        let mut record = csv::StringRecord::new();
        let mut first = Vec::new();
        while first.len() < HEADER_ROWS_AT_MOST {
            match self.advance(&mut record)? {
                Ok(true) if record.len() > COLUMNS_AT_MOST => {
                    return Ok(Err(Trouble::TooManyColumns { row: self.row }));
                }
                Ok(true) => first.push(record.iter().map(|cell| cell_text(cell).to_owned()).collect()),
                Ok(false) => break,
                Err(trouble) => return Ok(Err(trouble)),
            }
        }
        let header = recognise(&first);
        let mut columns = Columns::below(&header);
        for (row, cells) in (1..).zip(&first).skip(header.heading.rows) {
            columns.add(row, cells.iter().map(String::as_str), cells.len());
        }
        loop {
            match self.advance(&mut record)? {
                Ok(true) => columns.add(self.row, record.iter().map(cell_text), record.len()),
                Ok(false) => break,
                Err(trouble) => return Ok(Err(trouble)),
            }
        }
        Ok(Ok(self.inspection(columns, &header)))
    }

    fn inspection(self, mut columns: Columns, header: &Recognised) -> Inspection {
        let decoded = self.records.get_ref();
        let mut findings: Vec<Finding> = self.one_column.into_iter().collect();
        let place = || Place::File { file: self.path.to_owned() };
        if decoded.has_nul {
            let finding = Finding::error(place(), "nul", "the file holds NUL characters");
            findings.push(finding.hint("is this file text, and was it copied whole?"));
        }
        let other = decoded.letters.finding(self.path);
        if other.is_none() && decoded.undefined > 0 {
            let message = format!("{} bytes that windows-1252 leaves undefined", decoded.undefined);
            let finding = Finding::warning(place(), "encoding", message);
            findings
                .push(finding.hint("the file may have another code page: look at its letters before you trust them"));
        }
        findings.extend(other);
        findings.extend(twice(decoded.twice, self.path));
        findings.extend(columns.damage(self.path));
        if decoded.is_in_quotes() {
            let message = format!("a quote opens in row {} and is never closed", self.row);
            let finding = Finding::error(place(), "unclosed-quote", message);
            findings.push(finding.hint("the rest of the file was read as one cell"));
        }
        Inspection {
            encoding: Some(self.candidate.description()),
            delimiter: Some(char::from(self.delimiter)),
            ..columns.inspection(self.path, FileFormat::Delimited, (header.tool, header.heading.rows), findings)
        }
    }
}

fn cell_text(cell: &str) -> &str {
    cell.trim_matches([' ', '\t'])
}
