//! Workbooks and OpenDocument spreadsheets: a sheet for each table, whose rows stand in the order of the table's CSV.

use ingest::SheetCells;

use super::{ALL_ROWS, Language, compare};
use crate::audit::cells::{CellLine, Cells};
use crate::audit::seen::Seen;

/// What a table's sheet is called, before its number.
const TABLE: &str = "Table ";

/// The tables in the order of their sheets, which is that of the file of all rows.
pub(super) fn order(cells: &Cells, path: &str) -> Vec<String> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut order: Vec<String> = Vec::new();
    for line in cells.of_file(&format!("{folder}/{ALL_ROWS}")) {
        if order.last() != Some(&line.table) {
            order.push(line.table.clone());
        }
    }
    order
}

/// Reads the sheets of a file: the numbers of its tables, and every text.
pub(super) fn read(language: &Language<'_>, order: &[String], sheets: &[SheetCells], path: &str, seen: &mut Seen) {
    for sheet in sheets {
        language.words(sheet.rows.iter().flatten().map(String::as_str), path, seen);
        let number: Option<usize> = sheet.name.strip_prefix(TABLE).and_then(|number| number.parse().ok());
        let table = number.and_then(|number| order.get(number.checked_sub(1)?));
        let known: Vec<&CellLine> = language.known.iter().copied().filter(|cell| Some(&cell.table) == table).collect();
        let header = sheet.rows.first().map(Vec::as_slice).unwrap_or_default();
        // Cover, contents and notes have texts alone.
        let first = header.iter().position(|name| name == "estimate").unwrap_or(header.len());
        for (index, row) in sheet.rows.iter().enumerate().skip(usize::from(table.is_some())) {
            let own = index.checked_sub(1).and_then(|index| known.get(index)).copied();
            let told: [String; 5] = std::array::from_fn(|column| row.get(first + column).cloned().unwrap_or_default());
            let name = || format!("sheet {}, row {}", sheet.name, index + 1);
            compare(own, name, &told, &format!("{path}, sheet {}, row {}", sheet.name, index + 1), seen);
        }
    }
}
