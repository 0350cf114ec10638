//! Published tables as files that statistics offices, researchers and their programs use: spreadsheets, tidy CSV, Parquet, PX, JSON-stat and SDMX-CSV,
//! with the descriptions that data archives, catalogues and packages read.
//!
//! Everything comes from [`Published`]: rounded cells, and of a hidden one only that it is hidden and why. Every format holds the same cells with the
//! same digits. Labels are in one language, codes and the names of columns are the same in all. The same release gives the same bytes: no
//! clock, no names of people or machines.
//!
//! It touches no disk and knows no templates.

mod catalogue;
mod compared;
mod crate_metadata;
mod csvw;
mod ddi;
mod format;
pub mod guard;
mod json_stat;
mod observation;
mod ods;
mod package;
mod parquet;
mod px;
mod quality;
mod sdmx;
mod sheets;
mod tidy;
mod waves;
mod workbook;
mod xml;

use codebook::{Country, EditionId, Language, TableId, Wave};
use disclose::{Corrections, Published};
use jiff::civil::Date;
use observation::Observed;

pub use compared::{COMPARISON_FILE, compared_csv};
pub use format::{ReleaseFormat, TableFormat};
pub use quality::QUALITY_FILE;
pub use waves::WAVES_FILE;

/// What the files are made from.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The country.
    pub country: &'a Country,
    /// The wave.
    pub wave: &'a Wave,
    /// The numbers.
    pub published: &'a Published,
    /// Those that differ from an earlier edition.
    pub corrections: &'a Corrections,
    /// What it means that the edition is a draft or made up, in the language of the files; empty for a release of real data.
    pub notice: &'a str,
}

impl Source<'_> {
    /// The edition.
    fn edition(self) -> EditionId {
        self.wave.edition()
    }

    /// The day on which it became public.
    fn day(self) -> Date {
        self.wave.day_of(self.edition())
    }
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFile {
    /// Its name below the folder of data: `innovation.csv`.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Why a file could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DatasetError {
    /// A row of text.
    #[error("a table cannot be written as CSV: {0}")]
    Csv(#[from] csv::Error),
    /// The workbook.
    #[error("the tables cannot be written as a workbook: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The OpenDocument spreadsheet.
    #[error("the tables cannot be written as a spreadsheet: {0}")]
    Spreadsheet(#[from] zip::result::ZipError),
    /// Bytes of an archive.
    #[error("the tables cannot be packed: {0}")]
    Archive(#[from] std::io::Error),
    /// Columns.
    #[error("the tables cannot be written as Parquet: {0}")]
    Parquet(#[from] ::parquet::errors::ParquetError),
    /// Two files would have one name.
    #[error("table {table} has the name of a file that every release has, {file}: give it another name in tables.toml")]
    Reserved {
        /// The table.
        table: TableId,
        /// The file.
        file: String,
    },
}

/// Every file of a release with labels in this language, sorted by name.
///
/// # Errors
/// When a writer fails, as it does where a workbook would be larger than Excel allows, or when a table has the name of a file of the release.
pub fn files(source: Source<'_>, language: &Language) -> Result<Vec<DataFile>, DatasetError> {
    let specs = &source.country.tables;
    let tables: Vec<Observed<'_>> = specs.iter().filter_map(|spec| Observed::new(source, spec, language)).collect();
    let mut files = Vec::new();
    for table in &tables {
        for format in TableFormat::ALL {
            let name = format!("{}.{}", table.spec.id, format.ending());
            if [WAVES_FILE, QUALITY_FILE].contains(&name.as_str())
                || ReleaseFormat::ALL.iter().any(|format| format.file() == name)
            {
                return Err(DatasetError::Reserved { table: table.spec.id.clone(), file: name });
            }
            let bytes = match format {
                TableFormat::Csv => tidy::csv(std::slice::from_ref(table))?,
                TableFormat::Px => px::px(table),
                TableFormat::JsonStat => json_stat::json(table),
            };
            files.push(DataFile { name, bytes });
        }
    }
    // Before what describes the other files.
    if waves::has_earlier(source) {
        files.push(DataFile { name: WAVES_FILE.to_owned(), bytes: waves::csv(&tables)? });
    }
    let sheets = sheets::sheets(source, language, &tables);
    for format in ReleaseFormat::ALL {
        let bytes = match format {
            ReleaseFormat::Xlsx => workbook::xlsx(source, language, &sheets)?,
            ReleaseFormat::Ods => ods::ods(source, language, &sheets)?,
            ReleaseFormat::Csv => tidy::csv(&tables)?,
            ReleaseFormat::Parquet => parquet::parquet(source, &tables)?,
            ReleaseFormat::SdmxCsv => sdmx::csv(source, &tables)?,
            ReleaseFormat::DataPackage => package::json(source, language, &files),
            ReleaseFormat::Csvw => csvw::json(source, language, &files),
            ReleaseFormat::Ddi => ddi::xml(source, language),
            ReleaseFormat::Dcat => catalogue::json(source, language, &files),
            ReleaseFormat::RoCrate => crate_metadata::json(source, language, &files),
        };
        files.push(DataFile { name: format.file().to_owned(), bytes });
    }
    files.push(DataFile { name: QUALITY_FILE.to_owned(), bytes: quality::json(source) });
    files.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(files)
}

/// A description as JSON, ended like a text file.
fn pretty(value: &serde_json::Value) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).expect("a description in texts is JSON");
    bytes.push(b'\n');
    bytes
}
