//! How a delimited file is written, and what to tell people where it is written otherwise.

use codebook::SurveyTool;
use encoding_rs::Encoding;

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
    /// A table of the wave's TOML.
    Wave {
        /// As messages name it: `[answers]`.
        table: &'static str,
    },
    /// Nobody: data files are UTF-8, and the delimiter is found out.
    File,
}

impl FormatSource {
    /// What to do about a byte order mark of another encoding.
    pub(crate) fn marked_hint(self, marked: &str) -> String {
        match self {
            Self::Wave { table } => format!("write encoding = {marked:?} under {table}"),
            Self::File => "save the file as UTF-8".to_owned(),
        }
    }

    /// What to do about bytes that are not of the encoding.
    pub(super) fn encoding_hint(self) -> String {
        match self {
            Self::Wave { table } => {
                format!("set encoding under {table} to what the file has, such as \"windows-1252\"")
            }
            Self::File => "save the file as UTF-8".to_owned(),
        }
    }

    /// What to do about a delimiter that is not in the header; `likely` is one that cuts it.
    pub(super) fn delimiter_hint(self, likely: Option<(char, usize)>) -> String {
        match (self, likely) {
            (Self::Wave { table }, Some((delimiter, columns))) => {
                let delimiter = delimiter.to_string();
                format!("write delimiter = {delimiter:?} under {table}, which cuts it into {columns} columns")
            }
            (Self::Wave { table }, None) => format!("set delimiter under {table} to what the file has"),
            (Self::File, _) => "is this a table, with a name for each column in its first row?".to_owned(),
        }
    }
}
