//! What kind of file an export is, told by its content, and a reader for each kind.
//!
//! The name of a file is only asked where its content tells nothing: people rename files, and survey tools give text the strangest
//! extensions. Nothing here knows a variable, a code or a respondent.

use serde::Serialize;

pub(crate) mod archive;
mod calendar;
pub(crate) mod columnar;
#[cfg(test)]
mod fixtures;
pub(crate) mod foreign;
mod moment;
pub(crate) mod spss;
pub(crate) mod stata;
#[cfg(test)]
mod stated;
pub(crate) mod workbook;

/// The formats in which exports come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FileFormat {
    /// Text with one record per line. Also what a file is taken for that is nothing else.
    Delimited,
    /// A workbook of Excel since 2007, or of a program that writes the same.
    Xlsx,
    /// A workbook of Excel before 2007, or any Excel file with a password: both lie in the same container.
    Xls,
    /// A workbook of LibreOffice.
    Ods,
    /// SPSS, compressed or not.
    Sav,
    /// Stata.
    Dta,
    /// Parquet.
    Parquet,
    /// Arrow's inter-process format, as a file or as a stream; also Feather 2.
    Arrow,
    /// An archive that holds any of the others.
    Zip,
}

/// First bytes that only one format has.
const SIGNATURES: [(&[u8], FileFormat); 8] = [
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileFormat::Xls),
    (b"$FL2", FileFormat::Sav),
    (b"$FL3", FileFormat::Sav),
    (b"<stata_dta>", FileFormat::Dta),
    (b"PAR1", FileFormat::Parquet),
    (b"PARE", FileFormat::Parquet),
    (b"ARROW1\0\0", FileFormat::Arrow),
    // Each message of a stream starts with this marker.
    (b"\xff\xff\xff\xff", FileFormat::Arrow),
];

/// What a file is taken for whose content tells nothing.
const EXTENSIONS: [(&str, FileFormat); 15] = [
    ("xlsx", FileFormat::Xlsx),
    ("xlsm", FileFormat::Xlsx),
    ("xls", FileFormat::Xls),
    ("ods", FileFormat::Ods),
    ("sav", FileFormat::Sav),
    ("zsav", FileFormat::Sav),
    ("dta", FileFormat::Dta),
    ("parquet", FileFormat::Parquet),
    ("arrow", FileFormat::Arrow),
    ("arrows", FileFormat::Arrow),
    ("feather", FileFormat::Arrow),
    ("ipc", FileFormat::Arrow),
    ("zip", FileFormat::Zip),
    ("csv", FileFormat::Delimited),
    ("tsv", FileFormat::Delimited),
];

/// What an ods file calls itself; a template of one adds to it.
const ODS_TYPE: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

/// The versions of Stata's format that begin with their number: those before Stata 13.
const STATA_VERSIONS: std::ops::RangeInclusive<u8> = 104..=115;

impl FileFormat {
    /// The format of a file, by its content, or by its name's extension where the content has no signature.
    pub(crate) fn of(path: &str, bytes: &[u8]) -> Self {
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
            return Self::of_zip(path, bytes);
        }
        let signed = SIGNATURES.iter().find(|(signature, _)| bytes.starts_with(signature)).map(|(_, format)| *format);
        match bytes {
            // Version, byte order, and two bytes that are always 1 and 0.
            [version, 1 | 2, 1, 0, ..] if STATA_VERSIONS.contains(version) => Self::Dta,
            _ => signed.or_else(|| Self::by_extension(path)).unwrap_or(Self::Delimited),
        }
    }

    /// What a zip archive is. A workbook is one, too, and its members tell.
    fn of_zip(path: &str, bytes: &[u8]) -> Self {
        // An ods file starts with a member that names its type, mostly not packed, so that even one that is cut can be told.
        if bytes.get(30..).is_some_and(|rest| rest.starts_with(b"mimetype") && rest[8..].starts_with(ODS_TYPE)) {
            return Self::Ods;
        }
        let Ok(mut container) = archive::Container::open(bytes) else {
            return Self::by_extension(path).unwrap_or(Self::Zip);
        };
        if container.holds("[Content_Types].xml") {
            return Self::Xlsx;
        }
        let kind = if container.holds("mimetype") { container.unpack("mimetype").ok() } else { None };
        if kind.is_some_and(|kind| kind.starts_with(ODS_TYPE)) { Self::Ods } else { Self::Zip }
    }

    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Delimited => "delimited text",
            Self::Xlsx => "xlsx workbook",
            Self::Xls => "xls workbook",
            Self::Ods => "ods workbook",
            Self::Sav => "SPSS file",
            Self::Dta => "Stata file",
            Self::Parquet => "Parquet file",
            Self::Arrow => "Arrow file",
            Self::Zip => "zip archive",
        }
    }

    fn by_extension(path: &str) -> Option<Self> {
        let extension = extension(path)?;
        EXTENSIONS.iter().find(|(known, _)| *known == extension).map(|(_, format)| *format)
    }
}

/// What follows the last dot of a file's name, in lower case.
fn extension(path: &str) -> Option<String> {
    let name = path.rsplit(['/', '\\']).next()?;
    name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::FileFormat;

    #[test]
    fn the_content_tells_the_format_whatever_the_name_says() {
        assert_eq!(FileFormat::of("a.csv", b"PAR1...."), FileFormat::Parquet);
        assert_eq!(FileFormat::of("a.csv", b"ARROW1\0\0...."), FileFormat::Arrow);
        assert_eq!(FileFormat::of("a.csv", b"$FL3@(#)"), FileFormat::Sav);
        assert_eq!(FileFormat::of("a.csv", b"\x73\x02\x01\x00"), FileFormat::Dta);
        assert_eq!(FileFormat::of("a.csv", b"<stata_dta><header>"), FileFormat::Dta);
        assert_eq!(FileFormat::of("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), FileFormat::Xls);
    }

    #[test]
    fn the_name_tells_it_where_the_content_does_not() {
        assert_eq!(FileFormat::of("raw/2019.XLSX", b"damaged"), FileFormat::Xlsx);
        assert_eq!(FileFormat::of("raw.2019/export", b"id;q1\n1;2\n"), FileFormat::Delimited);
        assert_eq!(FileFormat::of("export.dat", b"id;q1\n"), FileFormat::Delimited);
        assert_eq!(FileFormat::of("export.zip", b"PK\x03\x04 and no more"), FileFormat::Zip);
        assert_eq!(FileFormat::of("export.xlsx", b"PK\x03\x04 and no more"), FileFormat::Xlsx);
        assert_eq!(FileFormat::of("empty.csv", b""), FileFormat::Delimited);
    }

    #[test]
    fn a_text_that_starts_with_a_letter_of_a_version_is_a_text() {
        assert_eq!(FileFormat::of("a.csv", b"r;s\n1;2\n"), FileFormat::Delimited);
    }
}
