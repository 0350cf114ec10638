//! What a file that nobody has described yet holds: its format and encoding, the tool that wrote it, and what each column looks like.
//!
//! It reads delimited text of any size in a bounded amount of memory, since such exports grow large (workbooks and the like are
//! held whole): text is decoded in pieces, records go by one
//! at a time, and a column keeps at most [`VALUES_AT_MOST`] of its values. What it says is a description for the analyst who writes a wave's file; it is
//! never the ground of an estimate, which [`crate::check`] alone prepares. Codes are shown with their counts. What respondents wrote in
//! their own words, or what identifies them, is classed and never shown.
//!
//! ```text
//! bytes ─decoding─▶ text, piece by piece ─delimited─▶ records ─signature─▶ heading ─profile─▶ columns
//! other formats ─whole─▶ records ─┘
//! ```

mod answers;
mod class;
mod column;
mod columns;
mod decoding;
mod delimited;
mod headings;
mod own_words;
mod personal;
mod persons;
mod profile;
mod quotes;
mod shape;
mod signature;
mod structure;
mod whole;

use std::io::{self, Read};

use codebook::{Finding, SurveyTool};
use serde::Serialize;

use crate::format::foreign;

pub use crate::format::FileFormat;
pub use column::{Content, DayOrder, InspectedCode, InspectedColumn, MarkConflict};
pub use decoding::TextEncoding;
pub use personal::Personal;
pub(crate) use personal::{holds_contact, identifies_by_name, may_be_personal_number};
pub use profile::VALUES_AT_MOST;

/// Bytes from which format, encoding and delimiter are told.
const START: u64 = 1 << 20;

/// What archives and workbooks begin with; their last bytes tell which they are.
const ARCHIVE: &[u8] = b"PK";

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Inspection {
    /// The file's format, by its first bytes.
    pub format: FileFormat,
    /// The sheet of a workbook that is described.
    pub sheet: Option<String>,
    /// The file beside it that tells what its columns mean, where the tool exports one and it was looked for.
    pub structure: Option<String>,
    /// How its text is encoded; `None` for a format that says so itself.
    pub encoding: Option<TextEncoding>,
    /// What stands between two cells of delimited text.
    pub delimiter: Option<char>,
    /// The mark of the columns that hold decimals, `,` or `.`; `None` where no column does, or as many have one as the other.
    pub decimal_mark: Option<char>,
    /// The survey tool that wrote it.
    #[serde(serialize_with = "as_word")]
    pub tool: SurveyTool,
    /// Rows above the answers.
    pub header_rows: usize,
    /// Rows below the header, also those that are damaged.
    pub rows: u64,
    /// Its columns, in the file's order.
    pub columns: Vec<InspectedColumn>,
    /// What a person should know about the file, sorted by place.
    #[serde(serialize_with = "as_texts")]
    pub findings: Vec<Finding>,
}

/// Inspects a file, which `open` opens from its beginning, as often as it is asked to. `path_shown` is how findings call it.
///
/// # Errors
/// When the file cannot be read. Findings instead of an inspection say why the file cannot be understood: it is empty, of a
/// format without a reader, or not text in any encoding.
pub fn inspect<R: Read>(
    path_shown: &str,
    open: &mut dyn FnMut() -> io::Result<R>,
) -> io::Result<Result<Inspection, Vec<Finding>>> {
    let mut start = Vec::new();
    open()?.take(START).read_to_end(&mut start)?;
    if let Some(finding) = foreign::finding(path_shown, &start) {
        return Ok(Err(vec![finding]));
    }
    if !start.starts_with(ARCHIVE) && FileFormat::of(path_shown, &start) == FileFormat::Delimited {
        return delimited::inspect(path_shown, &start, open);
    }
    let mut bytes = Vec::new();
    open()?.read_to_end(&mut bytes)?;
    whole::inspect(path_shown, &bytes)
}

/// Findings as the program prints them.
fn as_texts<S: serde::Serializer>(findings: &[Finding], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(findings.iter().map(ToString::to_string))
}

/// A tool by the word that a wave's file has for it.
fn as_word<S: serde::Serializer>(tool: &SurveyTool, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(tool.as_str())
}
