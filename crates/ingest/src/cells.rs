//! The cells of a workbook or a Parquet file as text, for whoever compares two files of our own and asks nothing of their meaning.

use crate::format::{FileFormat, columnar, workbook};

/// The cells of one sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetCells {
    /// Its name; empty for a file without sheets.
    pub name: String,
    /// Its rows, of one length each. Of a Parquet file the names of its columns stand first.
    pub rows: Vec<Vec<String>>,
}

/// Reads every cell of an xlsx, ods or Parquet file, numbers with a point. `None` where it is none of them, or cannot be read.
#[must_use]
pub fn cells(path: &str, bytes: &[u8]) -> Option<Vec<SheetCells>> {
    // What is wrong with a file is told by what differs in it.
    let mut findings = Vec::new();
    match FileFormat::of(path, bytes) {
        FileFormat::Xlsx | FileFormat::Ods => {
            let sheets = workbook::read(path, bytes, &mut findings)?.sheets;
            Some(sheets.into_iter().map(|sheet| SheetCells { name: sheet.name, rows: sheet.rows }).collect())
        }
        FileFormat::Parquet => {
            let table = columnar::read(path, bytes, &mut findings)?;
            let names = table.columns.iter().map(|column| column.about.name.clone()).collect();
            let row = |row: usize| table.columns.iter().map(|it| it.cells.value(row).to_owned()).collect();
            let rows = std::iter::once(names).chain((0..table.row_numbers.len()).map(row)).collect();
            Some(vec![SheetCells { name: String::new(), rows }])
        }
        FileFormat::Delimited
        | FileFormat::Xls
        | FileFormat::Sav
        | FileFormat::Dta
        | FileFormat::Arrow
        | FileFormat::Zip => None,
    }
}
