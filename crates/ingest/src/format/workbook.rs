//! Workbooks: the sheets of an xlsx or ods file as rows of text.
//!
//! A cell becomes the text that [`crate::raw`] asks for, by its type and format, not as its author chose to show it: a decimal number
//! however many digits are displayed, an ISO date however the country writes one, `TRUE` or `FALSE`. What an export does not have and
//! a person must know of (formulas, errors, merged cells, numbers among dates) becomes a finding that names sheet and cell.
//!
//! The parts of a workbook are read by our own walk over their XML. `calamine` 0.38 was tried for it: it reserves memory for whatever
//! number of strings a file claims to have, which ends the program, and never returns from an ods file whose table is cut.
//! Nothing here knows which sheet holds what, so findings about cells wait in their sheet until someone uses it.

mod date;
mod ods;
mod sheet;
mod xlsx;
mod xml;

use codebook::{Finding, Place};

use super::FileFormat;
use super::archive::{Container, Fault};
use sheet::Budget;

/// The sheets of a workbook, in its order.
#[derive(Debug)]
pub(crate) struct Grid {
    pub(crate) sheets: Vec<Sheet>,
}

/// One sheet.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) name: String,
    /// Whether a person who opens the workbook does not see it.
    pub(crate) hidden: bool,
    /// All of one length; neither the last row nor the last column is empty. The first row is the sheet's row 1.
    pub(crate) rows: Vec<Vec<String>>,
    /// What is wrong with its cells. It matters to whoever uses the sheet.
    pub(crate) findings: Vec<Finding>,
}

/// Why a workbook cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    /// The archive that it is, or the part named, cannot be unpacked.
    Archive(Fault),
    /// A part is not what the format says.
    Damaged,
    /// An Excel workbook in its binary form.
    Binary,
    /// A zip archive of Office that is no workbook.
    NoWorkbook,
    Password,
    /// More cells, or more text in them, than is held in memory.
    TooLarge(&'static str),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        match fault {
            // Every part that is asked for by name must be there.
            Fault::Missing => Self::Damaged,
            Fault::Damaged
            | Fault::Encrypted
            | Fault::Method
            | Fault::Bomb
            | Fault::TooLarge
            | Fault::TooManyMembers => Self::Archive(fault),
        }
    }
}

/// Reads a workbook. Findings about the whole go to `findings`, those about cells to their sheet; `None` when it cannot be read or holds
/// no cell.
pub(crate) fn read(path: &str, bytes: &[u8], findings: &mut Vec<Finding>) -> Option<Grid> {
    let place = || Place::File { file: path.to_owned() };
    let mut budget = Budget::default();
    let sheets = match FileFormat::of(path, bytes) {
        FileFormat::Xlsx => {
            Container::open(bytes).map_err(Stop::from).and_then(|parts| xlsx::read(path, parts, &mut budget))
        }
        FileFormat::Ods => {
            Container::open(bytes).map_err(Stop::from).and_then(|parts| ods::read(path, parts, &mut budget))
        }
        FileFormat::Xls => {
            findings.push(old_or_secret(path, bytes));
            return None;
        }
        FileFormat::Delimited
        | FileFormat::Sav
        | FileFormat::Dta
        | FileFormat::Parquet
        | FileFormat::Arrow
        | FileFormat::Zip => Err(Stop::NoWorkbook),
    };
    let sheets = sheets.map_err(|stop| findings.push(stop.finding(path))).ok()?;
    if sheets.iter().all(|sheet| sheet.rows.is_empty()) {
        findings.push(Finding::error(place(), "empty-workbook", "no sheet of the workbook holds anything"));
        return None;
    }
    for sheet in sheets.iter().filter(|sheet| sheet.hidden && !sheet.rows.is_empty()) {
        let message = format!("the sheet {:?} is hidden", sheet.name);
        findings.push(Finding::warning(place(), "hidden-sheet", message).hint("show it, and see what it holds"));
    }
    Some(Grid { sheets })
}

impl Stop {
    fn finding(self, path: &str) -> Finding {
        let error = |code, message: String| Finding::error(Place::File { file: path.to_owned() }, code, message);
        match self {
            Self::Archive(fault) => fault.finding(path),
            Self::Damaged => Fault::Damaged.finding(path),
            Self::Password => Fault::Encrypted.finding(path),
            Self::Binary => error("old-workbook", "the workbook is in Excel's binary form (xlsb)".to_owned())
                .hint("save it as xlsx, or export it as CSV"),
            Self::NoWorkbook => {
                error("no-workbook", "the file is not a workbook".to_owned()).hint("an xlsx or ods file was expected")
            }
            Self::TooLarge(what) => error("too-large", format!("the workbook has {what}")).hint("export it as CSV"),
        }
    }
}

/// Excel's old container holds either an old workbook, or a new one that is encrypted.
fn old_or_secret(path: &str, bytes: &[u8]) -> Finding {
    let encrypted: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if bytes.windows(encrypted.len()).any(|window| window == encrypted) {
        return Stop::Password.finding(path);
    }
    let message = "the workbook is in the form that Excel wrote before 2007 (xls)";
    Finding::error(Place::File { file: path.to_owned() }, "old-workbook", message)
        .hint("save it as xlsx, or export it as CSV")
}

#[cfg(test)]
mod tests;
