//! What was published in PX, JSON-stat and SDMX-CSV, read back cell by cell.
//!
//! For those who attack a release or compare formats of it: everything is text, as a file tells it, and nothing here can be published again. The readers are strict. A file
//! that is not as the writers beside them write it is an error, so nothing can stand in it that nobody looked at. (Spreadsheets and Parquet are read by `ingest::cells`.)

mod json_stat;
mod px;

use std::fmt;

use crate::observation::CONTENTS;
use crate::sdmx;

pub use json_stat::json_stat;
pub use px::px;

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    /// The line; 0 where the file has no lines that matter.
    pub line: usize,
    /// What was found there, and what was expected.
    pub message: String,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}: ", self.line)?;
        }
        f.write_str(&self.message)
    }
}

impl ReadError {
    fn new(line: usize, message: impl Into<String>) -> Self {
        Self { line, message: message.into() }
    }
}

/// A table as PX and JSON-stat hold it: rows by groups by numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cube {
    /// Its cells.
    pub cells: Vec<CubeCell>,
    /// Every text: titles, labels, notes.
    pub words: Vec<String>,
}

/// A cell of a cube.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CubeCell {
    /// The name of the row: `innovative`, `novelty:new`.
    pub row: String,
    /// The name of the group: `total`, `level:state`.
    pub group: String,
    /// Estimate, standard error, lower and upper limit, n; empty where nothing is told.
    pub numbers: [String; 5],
    /// The line, where the format has lines.
    pub line: usize,
}

/// An observation of SDMX-CSV, with names as the release has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// The table.
    pub table: String,
    /// The item.
    pub item: String,
    /// The codes that count, joined by a plus; empty for conditions and numbers.
    pub category: String,
    /// The breakdown and the group's code; `None` is the total.
    pub group: Option<(String, String)>,
    /// Estimate, standard error, lower and upper limit, n; empty where nothing is told.
    pub numbers: [String; 5],
    /// The line.
    pub line: usize,
}

/// Reads SDMX-CSV.
///
/// # Errors
/// When a column or a row is not as the format asks.
pub fn sdmx_csv(bytes: &[u8]) -> Result<Vec<Observation>, ReadError> {
    let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(bytes);
    let header = reader.headers().map_err(|error| ReadError::new(1, error.to_string()))?.clone();
    if !header.iter().eq(sdmx::COLUMNS) {
        let found = header.iter().collect::<Vec<_>>().join(",");
        return Err(ReadError::new(1, format!("the columns are {found}; {} were expected", sdmx::COLUMNS.join(","))));
    }
    let mut observations = Vec::new();
    for (index, row) in reader.records().enumerate() {
        let line = index + 2;
        let row = row.map_err(|error| ReadError::new(line, error.to_string()))?;
        let of = |name: &str| {
            let place = sdmx::COLUMNS.iter().position(|column| *column == name);
            place.and_then(|place| row.get(place)).unwrap_or_default().to_owned()
        };
        let dimension = |name: &str| Some(sdmx::name(&of(name))).filter(|it| it != sdmx::TOTAL);
        observations.push(Observation {
            table: sdmx::name(&of("TABLE")),
            item: sdmx::name(&of("ITEM")),
            category: dimension("CATEGORY").unwrap_or_default(),
            group: dimension("BREAKDOWN").zip(dimension("GROUP")),
            numbers: ["OBS_VALUE", "SE", "CI_LOW", "CI_HIGH", "N"].map(of),
            line,
        });
    }
    Ok(observations)
}

/// Cells in the order of a cube's values: rows, then groups, then numbers.
fn cells(
    rows: &[String],
    groups: &[String],
    contents: &[String],
    values: Vec<(String, usize)>,
) -> Result<Vec<CubeCell>, ReadError> {
    if !contents.iter().map(String::as_str).eq(CONTENTS) {
        let message = format!("the numbers are {}; {} were expected", contents.join(", "), CONTENTS.join(", "));
        return Err(ReadError::new(0, message));
    }
    let expected = rows.len() * groups.len() * CONTENTS.len();
    if values.len() != expected {
        let message = format!("there are {} values, and the dimensions make {expected}", values.len());
        return Err(ReadError::new(values.last().map_or(0, |(_, line)| *line), message));
    }
    let places = rows.iter().flat_map(|row| groups.iter().map(move |group| (row, group)));
    let mut values = values.into_iter();
    let cell = |(row, group): (&String, &String)| {
        let told: [(String, usize); 5] = std::array::from_fn(|_| values.next().unwrap_or_default());
        let line = told[0].1;
        CubeCell { row: row.clone(), group: group.clone(), numbers: told.map(|(value, _)| value), line }
    };
    Ok(places.map(cell).collect())
}

#[cfg(test)]
mod tests;
