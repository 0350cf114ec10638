//! The header of a file that a wave describes: whether it is that of another file, and which names come twice.

use std::collections::BTreeMap;

use codebook::{Finding, Place};

use crate::inspect::holds_contact;

use super::{COLUMNS_AT_MOST, Format, Names, Wanted, numbered};

/// What programs put between fields, also the unusual ones: the names of columns tell whether they fit.
const DELIMITERS: [char; 7] = [';', ',', '\t', '|', ':', '^', '~'];

/// What is wrong with a row at the top that has more cells than a table has columns.
pub(crate) fn too_many_columns(path: &str, row: u64) -> Finding {
    let message = format!("row {row} has more than {COLUMNS_AT_MOST} columns");
    let place = Place::File { file: path.to_owned() };
    Finding::error(place, "too-many-columns", message)
        .hint("is this a table with a header row, or a file of another kind?")
}

/// What is wrong with the header of a wave's file, as far as it shows that it is not the one that the wave describes.
pub(crate) fn misfit_header(path: &str, header: &[String], format: Format, wanted: Wanted<'_>) -> Option<Finding> {
    let Wanted::Named(names) = wanted else { return None };
    let place = Place::File { file: path.to_owned() };
    if header.len() == 1 && names.names.len() > 1 {
        let delimiter = char::from(format.delimiter);
        let message = format!("the header row has one column when cut at {delimiter:?}");
        let finding = Finding::error(place, "delimiter", message);
        return Some(finding.hint(format.source.delimiter_hint(likely_delimiter(&header[0], names))));
    }
    if !header.iter().any(|name| names.contains(name)) {
        // Without a header the first row holds answers, so its cells are not shown as column names.
        let message = "the first row names none of the columns that the wave reads";
        let finding = Finding::error(place, "no-header", message);
        return Some(finding.hint("is this the right file, with a header row?"));
    }
    None
}

/// Rows at the top in which the names of the columns are looked for.
pub(crate) const ROWS_TRIED: usize = 20;

/// The same where some row further down names columns that the wave reads: something else stands above them.
pub(crate) fn misfit_above<'r>(
    path: &str,
    rows: impl Iterator<Item = &'r [String]>,
    wanted: Wanted<'_>,
) -> Option<Finding> {
    let Wanted::Named(names) = wanted else { return None };
    let names_columns = |row: &[String]| row.iter().filter(|cell| names.contains(cell.trim())).count() > 1;
    let (row, _) = (1..).zip(rows.take(ROWS_TRIED)).find(|(_, row)| names_columns(row)).filter(|(row, _)| *row > 1)?;
    let message = format!("the names of the columns stand in row {row}, below something else");
    let finding = Finding::error(Place::File { file: path.to_owned() }, "no-header", message);
    Some(finding.hint("take out what stands above them, such as a title or Excel's sep=;"))
}

/// The delimiter that cuts a header into the most columns, if the wave reads one of them, with their number.
fn likely_delimiter(header: &str, names: &Names<'_>) -> Option<(char, usize)> {
    let cut = |delimiter: char| {
        let columns: Vec<&str> = header.split(delimiter).map(|name| name.trim().trim_matches('"')).collect();
        columns.iter().any(|name| names.contains(name)).then_some((delimiter, columns.len()))
    };
    DELIMITERS.into_iter().filter_map(cut).max_by_key(|(_, columns)| *columns).filter(|(_, columns)| *columns > 1)
}

/// Two columns of one name: which of them is meant cannot be told. Harmless where the wave reads neither.
pub(crate) fn repeated_names(path: &str, header: &[String], wanted: Wanted<'_>) -> Vec<Finding> {
    let mut positions: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (position, name) in header.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        positions.entry(name).or_default().push(position);
    }
    let repeated = positions.into_iter().filter(|(_, positions)| positions.len() > 1);
    repeated
        .map(|(name, positions)| {
            let message = format!("{} columns have this name", positions.len());
            let place = |column: String| Place::Cell { file: path.to_owned(), row: 1, column };
            match wanted {
                Wanted::Named(names) if names.contains(name) => {
                    Finding::error(place(name.to_owned()), "repeated-column", message)
                        .hint("rename all but one in the export")
                }
                Wanted::Named(_) => {
                    let message = message + ", none of which is read";
                    let shown = if holds_contact(name) { numbered(positions[1]) } else { name.to_owned() };
                    Finding::warning(place(shown), "repeated-column", message)
                }
                // Nobody said what the columns are called: the first row may be a respondent's, so it is not shown.
                Wanted::Every => Finding::error(place(numbered(positions[1])), "repeated-column", message)
                    .hint("rename all but one, and see that the first row holds the names of the columns"),
            }
        })
        .collect()
}
