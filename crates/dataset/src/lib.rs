//! Published tables as files that statistics offices and researchers use: tidy CSV, PX, JSON-stat and a workbook, with a data package that
//! describes them.
//!
//! Everything comes from [`Published`]: rounded cells, and of a hidden one only that it is hidden and why. Every format holds the same cells with the
//! same digits. Labels are in one language, codes and the names of columns are the same in all. The same release gives the same bytes: no
//! clock, no names of people or machines.
//!
//! It touches no disk and knows no templates.

mod json_stat;
mod observation;
mod package;
mod px;
mod tidy;
mod workbook;

use codebook::{Country, Language, Wave};
use disclose::Published;

/// What the files are made from.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The country.
    pub country: &'a Country,
    /// The wave.
    pub wave: &'a Wave,
    /// The numbers.
    pub published: &'a Published,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFile {
    /// Its name below the folder of data: `innovation.csv`.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// What each table comes as: the name of the format and how its files' names end.
pub const TABLE_FORMATS: [(&str, &str); 3] = [("CSV", "csv"), ("PX", "px"), ("JSON-stat", "json")];

/// What the whole release comes as: the name of the format and its file.
pub const RELEASE_FORMATS: [(&str, &str); 2] = [("XLSX", "tables.xlsx"), ("Data Package", "datapackage.json")];

/// Why a file could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DatasetError {
    /// A row of text.
    #[error("a table cannot be written as CSV: {0}")]
    Csv(#[from] csv::Error),
    /// The workbook.
    #[error("the tables cannot be written as a workbook: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
}

/// Every file of a release with labels in this language, sorted by name.
///
/// # Errors
/// When a writer fails, as it does where a workbook would be larger than Excel allows.
pub fn files(source: Source<'_>, language: &Language) -> Result<Vec<DataFile>, DatasetError> {
    let mut files = Vec::new();
    for spec in &source.country.tables {
        let Some(table) = observation::Observed::new(source, spec, language) else { continue };
        let mut add = |extension: &str, bytes| files.push(DataFile { name: format!("{}.{extension}", spec.id), bytes });
        add("csv", tidy::csv(&table)?);
        add("px", px::px(&table));
        add("json", json_stat::json(&table));
    }
    files.push(DataFile { name: "datapackage.json".to_owned(), bytes: package::json(source, language, &files) });
    files.push(DataFile { name: "tables.xlsx".to_owned(), bytes: workbook::xlsx(source, language)? });
    files.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(files)
}
