//! SPSS system files, .sav and .zsav: their dictionary, and their cases as text.
//!
//! The reader is our own, over bytes that it never trusts. Of the crates that read the format, `ambers` ends with a panic on 22 of 4,000
//! damaged files, takes letters that it cannot decode for U+FFFD (and code page 850 for windows-1252, 437 for a Cyrillic one), reads value
//! labels of big-endian files in the wrong order, and compiles a second Arrow; `polars-readstat-rs` brings polars; `pspp` has a licence
//! that ours cannot take in. Nothing here knows what a variable means.

mod bytes;
mod cases;
mod dictionary;
mod extension;
mod layout;
#[cfg(test)]
mod tests;

use codebook::{Finding, Place};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use crate::raw::{Distinct, NamedColumn, RawTable};
use crate::tally::Tally;

use cases::Cases;
use dictionary::Dictionary;
use layout::Layout;

/// More cells than this are not held in memory, however small the file that unpacks to them.
const CELLS_AT_MOST: usize = 250_000_000;
/// Nor more bytes of text that differ.
const TEXT_AT_MOST: usize = 1 << 30;

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq)]
enum Fault {
    NotSpss,
    NoVariables,
    /// The file ends before its dictionary does, or claims to hold more than it has.
    CutDictionary,
    /// What the dictionary says cannot be.
    Damaged(&'static str),
    /// A text of the dictionary is not of the file's encoding.
    Text {
        what: &'static str,
        encoding: &'static Encoding,
    },
    /// The file names an encoding that is not known.
    Encoding(String),
    /// A .zsav file without the list of its blocks, which ends it.
    NoTrailer,
    /// A block that zlib cannot unpack, counted from 1.
    Block(usize),
    /// The file ends within a case.
    CutCase,
    TooLarge,
}

impl Fault {
    /// What a person is told of it, when so many whole cases have been read.
    fn finding(&self, path: &str, dictionary: Option<&Dictionary<'_>>, cases: usize) -> Finding {
        let again = "export it from SPSS again, and copy it whole";
        let (code, message, hint) = match self {
            Self::NotSpss => (
                "not-sav",
                "the file is not an SPSS system file".to_owned(),
                "is this the right file? a .por file is another format: save it as .sav",
            ),
            Self::NoVariables => ("no-columns", "the file has no variables".to_owned(), again),
            Self::CutDictionary => {
                ("cut-file", "the file ends within its dictionary, before the first case".to_owned(), again)
            }
            Self::Damaged(what) => ("damaged-file", format!("the file's dictionary is damaged: {what}"), again),
            Self::Text { what, encoding } => (
                "encoding",
                format!("{what} is not written in {}, which the file says it is", encoding.name().to_ascii_lowercase()),
                "open the file in SPSS with the encoding that it has and save it with UNICODE=ON",
            ),
            Self::Encoding(name) => (
                "encoding",
                format!("the file's encoding is {name}, which is not known"),
                "open the file in SPSS and save it with UNICODE=ON",
            ),
            Self::NoTrailer => {
                ("cut-file", "the list of blocks that ends a .zsav file is missing or damaged".to_owned(), again)
            }
            Self::Block(number) => {
                ("damaged-file", format!("compressed block {number} is damaged (after case {cases})"), again)
            }
            Self::CutCase => {
                let of = dictionary
                    .and_then(|dictionary| dictionary.cases)
                    .map_or_else(String::new, |all| format!(" of {all}"));
                ("cut-file", format!("the file ends within case {}{of}", cases + 1), again)
            }
            Self::TooLarge => (
                "too-large",
                format!("the file unpacks to more than {CELLS_AT_MOST} cells or {TEXT_AT_MOST} bytes of text"),
                "leave out variables that the wave does not need",
            ),
        };
        Finding::error(Place::File { file: path.to_owned() }, code, message).hint(hint)
    }
}

/// Reads a file. Findings go to `findings`; `None` when it cannot be read. Rows are numbered as SPSS numbers cases, from 1.
pub(crate) fn read(path: &str, bytes: &[u8], findings: &mut Vec<Finding>) -> Option<RawTable> {
    let dictionary = match Dictionary::read(bytes) {
        Ok(dictionary) => dictionary,
        Err(fault) => {
            findings.push(fault.finding(path, None, 0));
            return None;
        }
    };
    let encodings = match layout::encodings(&dictionary) {
        Ok(encodings) => encodings,
        Err(fault) => {
            findings.push(fault.finding(path, Some(&dictionary), 0));
            return None;
        }
    };
    let mut last = Vec::new();
    for encoding in encodings {
        last.clear();
        let table = read_as(path, bytes, &dictionary, encoding, &mut last);
        if !last.iter().any(|finding| finding.code == "encoding") {
            findings.append(&mut last);
            return table;
        }
    }
    findings.append(&mut last);
    None
}

/// Reads a file whose texts are written in `encoding`.
fn read_as(
    path: &str,
    bytes: &[u8],
    dictionary: &Dictionary<'_>,
    encoding: &'static Encoding,
    findings: &mut Vec<Finding>,
) -> Option<RawTable> {
    let mut reader = Reader { cases: 0, columns: Vec::new(), text: 0 };
    let result = Layout::new(dictionary, encoding).and_then(|layout| {
        reader.read(bytes, dictionary, &layout)?;
        Ok(layout)
    });
    let layout = match result {
        Ok(layout) => layout,
        Err(fault) => {
            findings.push(fault.finding(path, Some(dictionary), reader.cases));
            return None;
        }
    };
    findings.extend(reader.miscounted(path, dictionary));
    let mut columns = Vec::new();
    for (column, (cells, unreadable)) in layout.columns.into_iter().zip(reader.columns) {
        findings.extend(unreadable.finding(path, &column.about.name));
        columns.push(NamedColumn { about: column.about, cells: cells.into_column() });
    }
    if findings.iter().any(|finding| finding.severity == codebook::Severity::Error) {
        return None;
    }
    let rows = u64::try_from(reader.cases).expect("a count of what is in memory fits 64 bits");
    Some(RawTable { columns, row_numbers: (1..=rows).collect(), weight: layout.weight })
}

/// The cells read so far.
struct Reader {
    cases: usize,
    /// With the rows whose text is not of the encoding.
    columns: Vec<(Distinct, Tally)>,
    /// Bytes of text that differ.
    text: usize,
}

impl Reader {
    fn read(&mut self, bytes: &[u8], dictionary: &Dictionary<'_>, layout: &Layout) -> Result<(), Fault> {
        let statement = format!("texts that are not {}", layout.encoding.name().to_ascii_lowercase());
        let unreadable = || {
            let hint = "open the file in SPSS with the encoding that it has and save it with UNICODE=ON";
            Tally::error("encoding", statement.as_str()).hint(hint)
        };
        self.columns = layout.columns.iter().map(|_| (Distinct::default(), unreadable())).collect();
        let mut cases = Cases::new(bytes, dictionary)?;
        let mut case = Vec::new();
        while cases.read(&mut case)? {
            self.cases += 1;
            if self.cases.saturating_mul(dictionary.slots) > CELLS_AT_MOST || self.text > TEXT_AT_MOST {
                return Err(Fault::TooLarge);
            }
            let row = u64::try_from(self.cases).expect("a count of what is in memory fits 64 bits");
            for (column, (cells, unreadable)) in layout.columns.iter().zip(&mut self.columns) {
                let known = cells.distinct();
                match column.text(&case, layout.encoding) {
                    Some(text) => {
                        cells.push(&text);
                        self.text += if cells.distinct() > known { text.len() } else { 0 };
                    }
                    None => {
                        cells.push("");
                        unreadable.add(row);
                    }
                }
            }
        }
        Ok(())
    }

    /// What is wrong when there are more or fewer cases than the file says.
    fn miscounted(&self, path: &str, dictionary: &Dictionary<'_>) -> Option<Finding> {
        let stated = dictionary.cases?;
        let found = u64::try_from(self.cases).expect("a count of what is in memory fits 64 bits");
        let place = Place::File { file: path.to_owned() };
        let hint = "export it from SPSS again, and copy it whole";
        match found.cmp(&stated) {
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Less => Some(
                Finding::error(place, "cut-file", format!("the file ends after case {found} of {stated}")).hint(hint),
            ),
            std::cmp::Ordering::Greater => {
                let message = format!("the file holds {found} cases, and says that it holds {stated}");
                Some(Finding::error(place, "damaged-file", message).hint(hint))
            }
        }
    }
}

/// Encodings to try where a file states none, the stricter first.
const UNSTATED: [&Encoding; 2] = [UTF_8, WINDOWS_1252];
