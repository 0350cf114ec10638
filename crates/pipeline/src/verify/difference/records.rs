//! The first number that differs in a file of numbers: a figure, named by the codes of its row or by its place among the rows of a table.

use serde_json::Value;

use super::Difference;
use super::figures::{Figures, NamedCell};
use crate::released::{FigureName, FigureState, ReleasedFigures, ReleasedTables};

/// Numbers of a cell in a cube: estimate, standard error, two limits, n.
const CONTENTS: [&str; 5] = ["estimate", "se", "ci_low", "ci_high", "n"];

/// The name of a tidy row: table, row, group; and the wave, where the file holds several.
pub(super) fn row_name(header: &[&str], record: &[String]) -> String {
    let code = |name: &str| {
        let place = header.iter().position(|column| column.eq_ignore_ascii_case(name))?;
        record.get(place).map(String::as_str).filter(|code| !code.is_empty())
    };
    let row = [code("item"), code("category")].into_iter().flatten().collect::<Vec<_>>().join(":");
    let group = match (code("breakdown"), code("group")) {
        (Some(breakdown), Some(group)) => format!("{breakdown} {group}"),
        (Some(_) | None, _) => "total".to_owned(),
    };
    format!("table {}, row {row}, {group}", code("table").unwrap_or("?"))
}

/// Text with one header row.
pub(super) fn of_csv(path: &str, [released, rebuilt]: [&str; 2], figures: &Figures<'_>) -> Option<Difference> {
    let records = |text: &str| -> Option<Vec<Vec<String>>> {
        let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let record = |record: csv::StringRecord| record.iter().map(str::to_owned).collect();
        reader.into_records().map(|it| it.map(record)).collect::<Result<_, _>>().ok()
    };
    let (released, rebuilt) = (records(released)?, records(rebuilt)?);
    let header: Vec<&str> = released.first()?.iter().map(String::as_str).collect();
    let is_tidy = header.contains(&"item");
    let all = figures.in_language(path);
    let is_several_waves = path.ends_with(dataset::WAVES_FILE);
    let wave = header.iter().position(|column| *column == "wave");
    of_rows(&released, &rebuilt, |row, record| {
        if is_tidy {
            let wave = wave.filter(|_| is_several_waves).and_then(|wave| record.get(wave));
            let wave = wave.map_or_else(String::new, |wave| format!(", wave {wave}"));
            return Some(format!("{}{wave}", row_name(&header, record)));
        }
        // Identifiers of SDMX are not written as the codes are, its rows are those of all tables.
        all.get(row).map(|cell| cell.name.clone())
    })
}

/// The first figure of sealed tables that is not as a tidy file of all tables has it, for tables that were changed after they were sealed: what can be made
/// of them proves nothing, but the files of the release still tell what they were.
pub(super) fn of_store(store: &ReleasedTables, tidy: &[u8]) -> Option<Difference> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(tidy);
    let header = reader.headers().ok()?.clone();
    let header: Vec<&str> = header.iter().collect();
    reader.records().filter_map(Result::ok).find_map(|record| {
        let record: Vec<String> = record.iter().map(str::to_owned).collect();
        let at = |name: &str| {
            let place = header.iter().position(|column| *column == name);
            place.and_then(|place| record.get(place)).cloned().unwrap_or_default()
        };
        let (item, category) = (at("item"), at("category"));
        let group = Some((at("breakdown"), at("group"))).filter(|(breakdown, _)| !breakdown.is_empty());
        let name = |row: String| FigureName { wave: None, table: at("table"), row, group: group.clone() };
        let names = [name(format!("{item}:{category}")), name(item)];
        let sealed = match names.iter().find_map(|name| store.state(name))? {
            FigureState::Shown(ReleasedFigures { estimate, se, low, high, n }) => {
                [estimate.to_string(), se.to_string(), low.to_string(), high.to_string(), n.to_string()]
            }
            FigureState::Hidden(_) => Default::default(),
        };
        let differs = CONTENTS.into_iter().zip(sealed).find(|(column, sealed)| at(column) != *sealed);
        differs.map(|(column, sealed)| Difference::Figure {
            figure: format!("{}: {column}", row_name(&header, &record)),
            released: sealed,
            rebuilt: at(column),
        })
    })
}

/// Spreadsheets and Parquet files.
pub(super) fn of_sheets(path: &str, [released, rebuilt]: [&[u8]; 2], figures: &Figures<'_>) -> Option<Difference> {
    let (released, rebuilt) = (ingest::cells(path, released)?, ingest::cells(path, rebuilt)?);
    let mut tables = 0;
    for (place, new) in rebuilt.iter().enumerate() {
        let header: Vec<&str> = new.rows.first().into_iter().flatten().map(String::as_str).collect();
        let cells = match header.as_slice() {
            ["row", "group", ..] => {
                tables += 1;
                figures.of_table_in_place(path, tables - 1)
            }
            ["table", ..] => figures.in_language(path).iter().collect(),
            [..] => Vec::new(),
        };
        let Some(old) = released.get(place) else {
            return Some(text("", &format!("sheet {:?}", new.name)));
        };
        if old.name != new.name {
            return Some(text(&format!("sheet {:?}", old.name), &format!("sheet {:?}", new.name)));
        }
        let name = |row: usize, _: &[String]| cells.get(row).map(|cell| cell.name.clone());
        if let Some(difference) = of_rows(&old.rows, &new.rows, name) {
            return Some(difference);
        }
    }
    released.get(rebuilt.len()).map(|old| text(&format!("sheet {:?}", old.name), ""))
}

/// Rows below a header: the first cell that is not the same, with the name that `name` gives to its row (the first below the header is 0).
fn of_rows(
    released: &[Vec<String>],
    rebuilt: &[Vec<String>],
    name: impl Fn(usize, &[String]) -> Option<String>,
) -> Option<Difference> {
    let rows = released.len().max(rebuilt.len());
    let row = (0..rows).find(|row| released.get(*row) != rebuilt.get(*row))?;
    let of = |rows: &[Vec<String>]| rows.get(row).cloned().unwrap_or_default();
    let (old, new) = (of(released), of(rebuilt));
    let columns = old.len().max(new.len());
    let column = (0..columns).find(|column| old.get(*column) != new.get(*column))?;
    let told = |row: &[String]| row.get(column).cloned().unwrap_or_default();
    let named = row.checked_sub(1).and_then(|row| name(row, if new.is_empty() { &old } else { &new }));
    Some(match (named, rebuilt.first().and_then(|header| header.get(column))) {
        (Some(figure), Some(column)) => {
            Difference::Figure { figure: format!("{figure}: {column}"), released: told(&old), rebuilt: told(&new) }
        }
        (_, _) => text(&told(&old), &told(&new)),
    })
}

/// JSON: the figure of a cube, or the first place that differs.
pub(super) fn of_json(path: &str, [released, rebuilt]: [&[u8]; 2], figures: &Figures<'_>) -> Option<Difference> {
    let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).ok();
    let (released, rebuilt) = (read(released)?, read(rebuilt)?);
    let (place, old, new) = first_apart(&released, &rebuilt, String::new())?;
    let told = |value: Option<&Value>| match value {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    };
    let figure = || {
        let (list, number) = place.strip_prefix('/')?.split_once('/')?;
        let number: usize = number.parse().ok().filter(|_| ["value", "status"].contains(&list))?;
        let table = path.rsplit('/').next()?.strip_suffix(".json")?;
        let cells = figures.of_table(path, table);
        let what = if list == "value" { CONTENTS[number % CONTENTS.len()] } else { "status" };
        Some(format!("{}: {what}", cells.get(number / CONTENTS.len())?.name))
    };
    let (released, rebuilt) = (told(old), told(new));
    Some(match figure() {
        Some(figure) => Difference::Figure { figure, released, rebuilt },
        None => text(&format!("{place} {released}"), &format!("{place} {rebuilt}")),
    })
}

/// The first place in which two values differ, as a JSON pointer, with what stands there.
fn first_apart<'v>(
    old: &'v Value,
    new: &'v Value,
    place: String,
) -> Option<(String, Option<&'v Value>, Option<&'v Value>)> {
    match (old, new) {
        (Value::Array(one), Value::Array(other)) => (0..one.len().max(other.len()))
            .find_map(|index| within(one.get(index), other.get(index), format!("{place}/{index}"))),
        (Value::Object(one), Value::Object(other)) => {
            let added = other.keys().filter(|key| !one.contains_key(*key));
            one.keys().chain(added).find_map(|key| within(one.get(key), other.get(key), format!("{place}/{key}")))
        }
        (_, _) => (old != new).then_some((place, Some(old), Some(new))),
    }
}

fn within<'v>(
    old: Option<&'v Value>,
    new: Option<&'v Value>,
    place: String,
) -> Option<(String, Option<&'v Value>, Option<&'v Value>)> {
    match (old, new) {
        (Some(old), Some(new)) => first_apart(old, new, place),
        (None, None) => None,
        (old, new) => Some((place, old, new)),
    }
}

/// PX: the figure behind `DATA=`; what stands before it is left to others.
pub(super) fn of_px(path: &str, [released, rebuilt]: [&str; 2], figures: &Figures<'_>) -> Option<Difference> {
    const DATA: &str = "DATA=";
    let ((keywords, released), (new_keywords, rebuilt)) = (released.split_once(DATA)?, rebuilt.split_once(DATA)?);
    if keywords.split_whitespace().ne(new_keywords.split_whitespace()) {
        return None;
    }
    let numbers = |data: &str| data.split_whitespace().map(str::to_owned).collect::<Vec<String>>();
    let (released, rebuilt) = (numbers(released), numbers(rebuilt));
    let place = (0..released.len().max(rebuilt.len())).find(|place| released.get(*place) != rebuilt.get(*place))?;
    let told = |numbers: &[String]| numbers.get(place).cloned().unwrap_or_default();
    let cells: Vec<&NamedCell> = figures.of_table(path, path.rsplit('/').next()?.strip_suffix(".px")?);
    let cell = cells.get(place / CONTENTS.len())?;
    let figure = format!("{}: {}", cell.name, CONTENTS[place % CONTENTS.len()]);
    Some(Difference::Figure { figure, released: told(&released), rebuilt: told(&rebuilt) })
}

fn text(released: &str, rebuilt: &str) -> Difference {
    Difference::Text { released: super::cut(released), rebuilt: super::cut(rebuilt) }
}
