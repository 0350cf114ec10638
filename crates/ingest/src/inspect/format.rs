//! A file's format, by its first bytes: a name may lie.

use codebook::{Finding, Place};
use serde::Serialize;

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FileFormat {
    /// Text with a delimiter between cells. What no other format's first bytes announce is taken for it.
    Delimited,
    /// A zip archive, such as a workbook of Excel (xlsx) or LibreOffice (ods).
    Zip,
    /// A workbook of Excel before 2007 (xls).
    OldExcel,
    /// SPSS, plain (sav) or compressed (zsav).
    Spss,
    /// Stata (dta).
    Stata,
    /// Parquet.
    Parquet,
    /// Arrow's file format, also called Feather.
    Arrow,
}

/// The first bytes of each format.
const BEGINNINGS: [(&[u8], FileFormat); 8] = [
    (b"PK\x03\x04", FileFormat::Zip),
    (b"PK\x05\x06", FileFormat::Zip),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", FileFormat::OldExcel),
    (b"$FL2", FileFormat::Spss),
    (b"$FL3", FileFormat::Spss),
    (b"<stata_dta>", FileFormat::Stata),
    (b"PAR1", FileFormat::Parquet),
    (b"ARROW1", FileFormat::Arrow),
];

impl FileFormat {
    /// The format of a file that begins with these bytes.
    #[must_use]
    pub fn of(start: &[u8]) -> Self {
        let announced = BEGINNINGS.iter().find(|(beginning, _)| start.starts_with(beginning));
        match announced {
            Some((_, format)) => *format,
            None if is_old_stata(start) => Self::Stata,
            None => Self::Delimited,
        }
    }

    /// Its name for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Delimited => "delimited text",
            Self::Zip => "a zip archive or workbook",
            Self::OldExcel => "a workbook of Excel before 2007 (xls)",
            Self::Spss => "an SPSS file (sav)",
            Self::Stata => "a Stata file (dta)",
            Self::Parquet => "a Parquet file",
            Self::Arrow => "an Arrow file",
        }
    }

    /// That nothing here reads this format.
    pub(super) fn without_reader(self, path: &str) -> Finding {
        let message = format!("this is {}, which cannot be inspected", self.name());
        Finding::error(Place::File { file: path.to_owned() }, "format", message)
            .hint("export the answers as delimited text (CSV)")
    }
}

/// Stata before version 13: the release, the byte order, the type of file, and a zero.
fn is_old_stata(start: &[u8]) -> bool {
    matches!(start, [104 | 105 | 108 | 110 | 111 | 113 | 114 | 115, 1 | 2, 1, 0, ..])
}

#[cfg(test)]
mod tests {
    use super::FileFormat;

    #[test]
    fn a_format_is_told_by_its_first_bytes() {
        assert_eq!(FileFormat::of(b"PK\x03\x04\x14"), FileFormat::Zip);
        assert_eq!(FileFormat::of(b"$FL2@(#) SPSS"), FileFormat::Spss);
        assert_eq!(FileFormat::of(b"r\x02\x01\x00"), FileFormat::Stata);
        assert_eq!(FileFormat::of(b"<stata_dta><header>"), FileFormat::Stata);
        assert_eq!(FileFormat::of(b"PAR1\x15"), FileFormat::Parquet);
        assert_eq!(FileFormat::of(b"region;q1\n"), FileFormat::Delimited);
        assert_eq!(FileFormat::of(b""), FileFormat::Delimited);
    }
}
