//! Two comparisons over countries, cell by cell, as their files of cells tell them.

use std::collections::BTreeMap;

use super::{Class, Comparison, FigureChange, Seen, ShownNumbers, change, side};
use crate::PipelineError;
use crate::released::{FigureName, Released, ReleasedNumber};

/// A row of a file of cells, by column.
type Row = BTreeMap<String, String>;

/// Compares them; both are to be comparisons.
pub(super) fn diff(old: &Released, new: &Released) -> Result<Comparison, PipelineError> {
    if let Some(other) = [old, new].into_iter().find(|release| !release.is_comparison()) {
        let message = format!(
            "{} is an edition of a country, and the other one a comparison over countries: they have no figures in common",
            other.folder.display()
        );
        return Err(PipelineError::Usage { message });
    }
    let (before, after) = (cells(old)?, cells(new)?);
    let find = |cells: &[(FigureName, Row)], name: &FigureName| {
        cells.iter().find(|(found, _)| found == name).map(|(_, row)| seen(row))
    };
    let gone = before.iter().filter(|(name, _)| after.iter().all(|(found, _)| found != name));
    let names = after.iter().chain(gone).map(|(name, _)| name);
    let figures: Vec<FigureChange> =
        names.filter_map(|name| change(name, find(&before, name), find(&after, name))).collect();
    let count = |class: Class| (class, figures.iter().filter(|figure| figure.class == class).count());
    let counts = Class::ALL.map(count).to_vec();
    Ok(Comparison { old: side(old), new: side(new), counts, chance: None, figures })
}

/// The files of cells of a release, one for each language.
pub(super) fn files_of_cells(release: &Released) -> impl Iterator<Item = &Vec<u8>> {
    let is_one = |path: &str| path.rsplit('/').next() == Some(dataset::COMPARISON_FILE);
    release.files.iter().filter(move |(path, _)| is_one(path)).map(|(_, bytes)| bytes)
}

/// The cells in the order of their file; the numbers are the same in every language.
fn cells(release: &Released) -> Result<Vec<(FigureName, Row)>, PipelineError> {
    let Some(bytes) = files_of_cells(release).next() else {
        let (folder, file) = (release.folder.display(), dataset::COMPARISON_FILE);
        return Err(PipelineError::Usage { message: format!("{folder} keeps no cells: there is no {file} in it") });
    };
    let rows = csv::Reader::from_reader(bytes.as_slice()).into_deserialize::<Row>().filter_map(Result::ok);
    Ok(rows.map(|row| (name(&row), row)).collect())
}

fn name(row: &Row) -> FigureName {
    let text = |column: &str| row.get(column).cloned().unwrap_or_default();
    let row = [text("item"), text("category")].join(" ").trim().to_owned();
    FigureName { wave: None, table: text("table"), row, group: Some(("edition".to_owned(), text("edition"))) }
}

/// What a cell shows: numbers, or why there are none.
fn seen(row: &Row) -> Seen {
    let text = |column: &str| row.get(column).map_or("", String::as_str);
    let number = |column: &str| ReleasedNumber::read(text(column));
    let Some(estimate) = number("per_cent") else {
        let why = [text("status"), text("reason")].map(str::to_owned).join(": ");
        return Seen::Hidden(why.trim_end_matches(": ").to_owned());
    };
    let (se, low, high) = (number("se"), number("lower"), number("upper"));
    Seen::Shown(ShownNumbers { estimate, se, low, high, n: text("n").parse().ok() })
}
