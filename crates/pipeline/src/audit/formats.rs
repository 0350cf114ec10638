//! The files of other formats, against the tidy CSV of the same tables: every number that they tell must be told there.
//!
//! A number of a cell that the CSV hides was told; one that differs from the CSV's tells by the difference. The texts of the files (labels, notes, descriptions) are read as well.
//! A file that cannot be read may tell anything, and is told as such.

mod quality;
mod sheets;

use std::collections::BTreeMap;

use dataset::read::{Cube, json_stat, px, sdmx_csv};
use serde_json::Value;

use super::beside::{Before, Names};
use super::cells::{CellLine, Cells, NUMBERS, Printed, lines_of};
use super::markup;
use super::seen::{Seen, in_digits};

/// The name of the file of all tidy rows, in whose order spreadsheets have the tables.
const ALL_ROWS: &str = "tables.tidy.csv";

/// Reads every file of numbers but the CSV of each table.
pub(super) fn read(files: &BTreeMap<String, Vec<u8>>, cells: &Cells, seen: &mut Seen) {
    let mut folders: BTreeMap<&str, Vec<(&str, &Vec<u8>)>> = BTreeMap::new();
    for (path, bytes) in files {
        if let Some((folder, _)) = path.split_once("data/").filter(|(_, name)| !name.contains('/')) {
            folders.entry(folder).or_default().push((path, bytes));
        }
    }
    for (folder, files) in folders {
        let known: Vec<&CellLine> = cells.of_page(folder).collect();
        if known.is_empty() {
            continue;
        }
        let by_key = known.iter().map(|cell| (key(cell), *cell)).collect();
        let language = Language { names: Names::of_all(&known), known: &known, by_key };
        language.other_rows(cells, folder, seen);
        for (path, bytes) in files {
            if let Err(why) = language.file(cells, path, bytes, seen) {
                seen.is_unread(path, &why);
            }
        }
    }
}

/// The cells of a language, as its CSV files tell them.
struct Language<'c> {
    names: Names<'c>,
    known: &'c [&'c CellLine],
    by_key: BTreeMap<Key<'c>, &'c CellLine>,
}

/// Table, item, category, breakdown and group.
type Key<'c> = (&'c str, &'c str, &'c str, Option<(&'c str, &'c str)>);

fn key(cell: &CellLine) -> Key<'_> {
    let group = cell.spot.group.as_ref().map(|(breakdown, code)| (breakdown.as_str(), code.as_str()));
    (&cell.table, &cell.item, &cell.category, group)
}

impl<'c> Language<'c> {
    fn file(&self, cells: &Cells, path: &str, bytes: &[u8], seen: &mut Seen) -> Result<(), String> {
        let name = path.rsplit('/').next().unwrap_or(path);
        match name.rsplit_once('.') {
            Some((table, "px")) => self.cube(table, &px(bytes).map_err(|it| it.to_string())?, path, seen),
            Some((_, "json")) if name == dataset::QUALITY_FILE => quality::read(self.known, path, bytes, seen)?,
            Some((table, "json")) => match json_stat(bytes).map_err(|it| it.to_string())? {
                Some(cube) => self.cube(table, &cube, path, seen),
                None => self.json(path, bytes, seen)?,
            },
            Some((_, "jsonld")) => self.json(path, bytes, seen)?,
            Some((_, "xml")) => {
                let text = String::from_utf8_lossy(bytes);
                let pieces = markup::pieces(&text);
                let words = pieces.iter().filter(|piece| matches!(piece, markup::Piece::Text(_)));
                let words: Vec<String> = words.map(|piece| markup::text(std::slice::from_ref(piece))).collect();
                self.words(words.iter().map(String::as_str), path, seen);
            }
            Some((_, "csv")) if name.ends_with(".sdmx.csv") => self.observations(path, bytes, seen)?,
            Some((_, "xlsx" | "ods")) => {
                let read = ingest::cells(path, bytes).ok_or("it is no spreadsheet that can be read")?;
                sheets::read(self, &sheets::order(cells, path), &read, path, seen);
            }
            Some((_, "parquet")) => {
                let read = ingest::cells(path, bytes).ok_or("it is no Parquet file that can be read")?;
                for sheet in &read {
                    let (header, rows) = sheet.rows.split_first().ok_or("it has no columns")?;
                    let lines = lines_of(path, header, rows).ok_or("its columns are not those of the tidy rows")?;
                    self.lines(&lines, |row| format!("{path}, row {row}"), seen);
                    self.words(rows.iter().flatten().map(String::as_str), path, seen);
                }
            }
            Some(_) | None => {}
        }
        Ok(())
    }

    /// Rows of CSV files that hold several tables.
    fn other_rows(&self, cells: &Cells, folder: &str, seen: &mut Seen) {
        for line in cells.of_other_files(folder) {
            self.line(line, &line.file, seen);
        }
    }

    fn cube(&self, table: &str, cube: &Cube, path: &str, seen: &mut Seen) {
        let by_name = self.by_name(table);
        for cell in &cube.cells {
            let place = if cell.line > 0 { format!("{path}:{}", cell.line) } else { path.to_owned() };
            let own = by_name.get(&(cell.row.clone(), cell.group.clone())).copied();
            let name = || format!("table {table}, row {}, {}", cell.row, cell.group);
            compare(own, name, &cell.numbers, &place, seen);
        }
        self.words(cube.words.iter().map(String::as_str), path, seen);
    }

    /// The cells of a table by the names that their rows and groups have in cubes. A row is named after its answer, or after the question alone.
    fn by_name(&self, table: &str) -> BTreeMap<(String, String), &'c CellLine> {
        let mut by_name = BTreeMap::new();
        for &cell in self.known.iter().filter(|cell| cell.table == table) {
            let group = cell.spot.group.as_ref();
            let group = group.map_or_else(|| "total".to_owned(), |(breakdown, code)| format!("{breakdown}:{code}"));
            by_name.entry((cell.item.clone(), group.clone())).or_insert(cell);
            by_name.insert((format!("{}:{}", cell.item, cell.category), group), cell);
        }
        by_name
    }

    fn observations(&self, path: &str, bytes: &[u8], seen: &mut Seen) -> Result<(), String> {
        for told in sdmx_csv(bytes).map_err(|it| it.to_string())? {
            let group = told.group.as_ref().map(|(breakdown, code)| (breakdown.as_str(), code.as_str()));
            let own = self.by_key.get(&(told.table.as_str(), told.item.as_str(), told.category.as_str(), group));
            let own = own.copied();
            let name = || format!("table {}, row {}", told.table, told.item);
            compare(own, name, &told.numbers, &format!("{path}:{}", told.line), seen);
        }
        Ok(())
    }

    fn lines(&self, lines: &[CellLine], place: impl Fn(usize) -> String, seen: &mut Seen) {
        for (index, line) in lines.iter().enumerate() {
            self.line(line, &place(index + 1), seen);
        }
    }

    fn line(&self, line: &CellLine, place: &str, seen: &mut Seen) {
        let own = self.by_key.get(&key(line)).copied().filter(|own| own.wave == line.wave);
        let n = line.n.map(|n| Printed::of(super::figures::disclose_count(n), 0.0));
        let [estimate, se, low, high] = line.numbers;
        compare_numbers(own, || line.name(), [estimate, se, low, high, n], place, seen);
    }

    fn json(&self, path: &str, bytes: &[u8], seen: &mut Seen) -> Result<(), String> {
        let value: Value = serde_json::from_slice(bytes).map_err(|it| it.to_string())?;
        let mut words = Vec::new();
        texts(&value, &mut words);
        self.words(words.into_iter(), path, seen);
        Ok(())
    }

    fn words<'w>(&self, words: impl Iterator<Item = &'w str>, path: &str, seen: &mut Seen) {
        if !self.names.are_none() {
            words.for_each(|text| self.names.read(text, Before::Every, path, seen));
        }
    }
}

/// Every text of a value.
fn texts<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(values) => values.iter().for_each(|it| texts(it, found)),
        Value::Object(values) => values.values().for_each(|it| texts(it, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The numbers of a cell in another file: estimate, standard error, limits, n.
fn compare(own: Option<&CellLine>, name: impl Fn() -> String, told: &[String; 5], place: &str, seen: &mut Seen) {
    compare_numbers(own, name, std::array::from_fn(|index| Printed::read(&told[index])), place, seen);
}

fn compare_numbers(
    own: Option<&CellLine>,
    name: impl Fn() -> String,
    told: [Option<Printed>; 5],
    place: &str,
    seen: &mut Seen,
) {
    let known = |index: usize| match own {
        None => None,
        Some(cell) if index < NUMBERS.len() => cell.numbers[index],
        Some(cell) => cell.n.map(|n| Printed::of(super::figures::disclose_count(n), 0.0)),
    };
    for (index, value) in told.into_iter().enumerate() {
        let (Some(value), number) = (value, NUMBERS.get(index).copied().unwrap_or("n")) else { continue };
        let same = |known: Printed| (known.value - value.value).abs() <= 1e-9 * value.value.abs().max(1.0);
        match (own, known(index)) {
            (Some(cell), _) if cell.is_hidden() => {
                seen.tells(cell, number, value, place);
            }
            (_, Some(known)) if same(known) => {}
            (own, known) => {
                let told = in_digits(value.value);
                let why = match (own, known) {
                    (Some(cell), Some(known)) => format!(
                        "{told} is told there, and {} in {}: the difference of {} is told by both",
                        in_digits(known.value),
                        cell.file,
                        in_digits((known.value - value.value).abs())
                    ),
                    (Some(cell), None) => format!("{told} is told there, and nothing in {}", cell.file),
                    (None, _) => format!("{told} is told there, and no table has the cell"),
                };
                let files = own.map(|cell| cell.file.clone());
                let places: Vec<String> = std::iter::once(place.to_owned()).chain(files).collect();
                seen.is_loose(own.map_or_else(&name, CellLine::name), number, value, why, &places);
            }
        }
    }
}
