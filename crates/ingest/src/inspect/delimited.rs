//! Delimited text: its encoding, its delimiter, its header, and its records one by one.

use std::collections::BTreeMap;
use std::io::{self, Read};

use codebook::{Finding, Place};

use super::column::InspectedColumn;
use super::decoding::{Candidate, Decoded, RECORD_AT_MOST, Trouble};
use super::profile::{Memory, Profile};
use super::signature::{Recognised, recognise};
use super::{FileFormat, Inspection};
use crate::data_file::delimiter;
use crate::tally::Tally;
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
    records: csv::Reader<Decoded<R>>,
    /// The number of the last record, the first row being 1.
    row: u64,
    /// The line breaks in and behind that record.
    lines: u64,
}

impl<'r, R: Read> Reading<'r, R> {
    fn new(path: &'r str, candidate: Candidate, sample: &str, source: R) -> io::Result<Self> {
        let delimiter = delimiter(sample);
        let records = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(BUFFER)
            .from_reader(Decoded::new(source, candidate)?);
        Ok(Self { path, candidate, delimiter, records, row: 0, lines: 0 })
    }

    /// Goes to the next record; false at the end.
    fn advance(&mut self, record: &mut csv::StringRecord) -> io::Result<Result<bool, Trouble>> {
        self.records.get_mut().next_record();
        let read = self.records.read_record(record);
        match read {
            Ok(more) => {
                if more {
                    let begins = record.position().map_or(0, csv::Position::line);
                    self.row += 1;
                    self.lines = self.records.position().line().saturating_sub(begins);
                }
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
                Ok(true) => first.push(record.iter().map(|cell| cell_text(cell).to_owned()).collect()),
                Ok(false) => break,
                Err(trouble) => return Ok(Err(trouble)),
            }
        }
        let header = recognise(&first);
        let mut columns = Columns::new(&header);
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
        let mut findings = Vec::new();
        let place = || Place::File { file: self.path.to_owned() };
        if decoded.has_nul {
            let finding = Finding::error(place(), "nul", "the file holds NUL characters");
            findings.push(finding.hint("is this file text, and was it copied whole?"));
        }
        if decoded.undefined > 0 {
            let message = format!("{} bytes that windows-1252 leaves undefined", decoded.undefined);
            let finding = Finding::warning(place(), "encoding", message);
            findings
                .push(finding.hint("the file may have another code page: look at its letters before you trust them"));
        }
        let rows = columns.rows;
        findings.extend(columns.findings(self.path, self.row, self.lines, header.heading.rows));
        let columns = columns.inspected();
        findings.extend(column_findings(self.path, &columns));
        findings.sort();
        Inspection {
            format: FileFormat::Delimited,
            encoding: Some(self.candidate.description()),
            delimiter: Some(char::from(self.delimiter)),
            decimal_mark: decimal_mark(&columns),
            tool: header.tool,
            header_rows: header.heading.rows,
            rows,
            columns,
            findings,
        }
    }
}

fn cell_text(cell: &str) -> &str {
    cell.trim_matches([' ', '\t'])
}

/// The columns of a file while its rows go by.
struct Columns {
    names: Vec<String>,
    labels: Vec<Option<String>>,
    profiles: Vec<Profile>,
    memory: Memory,
    rows: u64,
    ragged: BTreeMap<usize, Tally>,
    /// The last row, if its cells are not as many as the header's.
    last_ragged: u64,
}

impl Columns {
    fn new(header: &Recognised) -> Self {
        let names = header.heading.names.clone();
        Self {
            labels: header.labels.clone(),
            profiles: names.iter().map(|_| Profile::new()).collect(),
            names,
            memory: Memory::new(),
            rows: 0,
            ragged: BTreeMap::new(),
            last_ragged: 0,
        }
    }

    /// Adds a row of `width` cells.
    fn add<'c>(&mut self, row: u64, cells: impl Iterator<Item = &'c str>, width: usize) {
        self.rows += 1;
        let expected = self.names.len();
        if width != expected && !(width + 1 == expected && self.has_phantom_name()) {
            self.last_ragged = row;
            let fields = if width == 1 { "field" } else { "fields" };
            let statement = format!("{width} {fields} instead of {expected}");
            let tally = self.ragged.entry(width).or_insert_with(|| {
                Tally::error("ragged-row", statement)
                    .hint("a delimiter or line break inside a cell must stand in quotes")
            });
            return tally.add(row);
        }
        for (profile, cell) in self.profiles.iter_mut().zip(cells.chain(std::iter::once(""))) {
            profile.add(cell, &mut self.memory);
        }
    }

    /// Whether a delimiter ends the header, so that there seems to be one more column.
    fn has_phantom_name(&self) -> bool {
        self.names.len() > 1 && self.names.last().is_some_and(String::is_empty)
    }

    fn has_phantom_column(&self) -> bool {
        self.has_phantom_name() && self.profiles.last().is_some_and(|last| last.filled == 0)
    }

    /// What is wrong with the rows. `last` is the number of the last one, which has `lines` line breaks.
    fn findings(&mut self, path: &str, last: u64, lines: u64, header_rows: usize) -> Vec<Finding> {
        let place = || Place::File { file: path.to_owned() };
        let ragged = std::mem::take(&mut self.ragged);
        let mut findings: Vec<Finding> = ragged.into_values().filter_map(|tally| tally.finding_in_file(path)).collect();
        if header_rows == 0 {
            let message = "the first row holds values, and no names of columns";
            findings.push(Finding::error(place(), "no-header", message).hint("put the names into a row of their own"));
        }
        if self.rows == 0 {
            findings.push(Finding::error(place(), "no-rows", "the file has a header row and no rows below it"));
        }
        if self.last_ragged == last && last > 0 && lines > 1 {
            let message = format!("a quote opens in row {last} and is never closed");
            findings.push(
                Finding::error(place(), "unclosed-quote", message).hint("the rest of the file was read as one cell"),
            );
        }
        if self.has_phantom_column() {
            let message = "a delimiter ends the header row, so that the last column is empty and has no name";
            findings.push(Finding::warning(place(), "phantom-column", message).hint("it is left out here"));
        }
        findings
    }

    /// The columns as they were seen.
    fn inspected(self) -> Vec<InspectedColumn> {
        let columns = self.names.len() - usize::from(self.has_phantom_column());
        let rows = self.rows;
        let described = self.names.into_iter().zip(self.labels).zip(&self.profiles).take(columns);
        described.map(|((name, label), profile)| InspectedColumn::of(name, label, profile, rows)).collect()
    }
}

/// The mark of the columns with decimals, if more of them have it than the other.
fn decimal_mark(columns: &[InspectedColumn]) -> Option<char> {
    let with = |mark| columns.iter().filter(|column| column.decimal_mark == Some(mark)).count();
    match with(',').cmp(&with('.')) {
        std::cmp::Ordering::Greater => Some(','),
        std::cmp::Ordering::Less => Some('.'),
        std::cmp::Ordering::Equal => None,
    }
}

/// What is wrong with single columns.
fn column_findings(path: &str, columns: &[InspectedColumn]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (position, column) in columns.iter().enumerate() {
        *seen.entry(&column.name).or_default() += 1;
        let shown = if column.name.is_empty() { format!("number {}", position + 1) } else { column.name.clone() };
        let place = Place::Cell { file: path.to_owned(), row: 1, column: shown };
        if let Some(conflict) = column.mark_conflict {
            let message = format!(
                "numbers with different marks: {} with a comma, {} with a point, {} with both",
                conflict.commas, conflict.points, conflict.grouped
            );
            let finding = Finding::warning(place.clone(), "decimal-mark", message);
            findings
                .push(finding.hint("a mark between thousands must go; the decimal mark must be the same in every row"));
        }
        if column.strays > 0 {
            let message = format!("{} cells are no numbers, and all others are", column.strays);
            findings.push(Finding::warning(place, "almost-numbers", message));
        }
    }
    let repeated = seen.into_iter().filter(|(name, count)| *count > 1 && !name.is_empty());
    findings.extend(repeated.map(|(name, count)| {
        let place = Place::Cell { file: path.to_owned(), row: 1, column: name.to_owned() };
        let finding = Finding::error(place, "repeated-column", format!("{count} columns have this name"));
        finding.hint("rename all but one in the export")
    }));
    findings
}
