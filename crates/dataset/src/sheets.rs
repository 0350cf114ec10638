//! What stands on the sheets of a spreadsheet, by the rules for accessible ones: a cover, contents and notes, then one table to a sheet from A1, with
//! one header row and no empty or merged rows. The workbook and the OpenDocument spreadsheet are both written from this.

use codebook::Language;
use disclose::Cell;

use crate::Source;
use crate::observation::{CONTENTS, Observed, notes, numbers};
use crate::tidy::text;

/// One sheet.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// Of equal length; the first is the header of a table.
    pub(crate) rows: Vec<Vec<Value>>,
    /// The width of each column in characters.
    pub(crate) widths: Vec<u16>,
}

/// What a sheet is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Cover, contents, notes.
    Lines,
    /// A table with its title.
    Table { title: String },
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Empty,
    /// Never taken for a formula.
    Text(String),
    /// A number with the digits it is published with.
    Number {
        digits: String,
        decimals: u8,
    },
}

/// The columns of a table's sheet.
const COLUMNS: [&str; 9] =
    ["row", "group", CONTENTS[0], CONTENTS[1], CONTENTS[2], CONTENTS[3], CONTENTS[4], "status", "reason"];

/// What the columns are.
const NOTES: [(&str, &str); 9] = [
    ("row", "what is estimated"),
    ("group", "among whom: everyone in the base, or one category of a breakdown"),
    ("estimate", "the estimate; shares are per cent"),
    ("se", "its standard error, in the same unit"),
    ("ci_low", "the lower confidence limit"),
    ("ci_high", "the upper confidence limit"),
    ("n", "answers behind it, unweighted"),
    ("status", "shown; flagged: to be read with care; hidden: not published"),
    ("reason", "why a cell is flagged or hidden, or not as an earlier edition showed it"),
];

/// What the release is called on covers and in properties.
pub(crate) fn title(source: Source<'_>, language: &Language) -> String {
    format!("{}, {}", source.country.title.get(language), source.wave.window.get(language))
}

pub(crate) fn sheets(source: Source<'_>, language: &Language, tables: &[Observed<'_>]) -> Vec<Sheet> {
    let names: Vec<String> = (1..=tables.len()).map(|number| format!("Table {number}")).collect();
    let publisher = source.country.publisher.get(language).to_owned();
    let mut cover = vec![title(source, language), publisher, source.day().to_string()];
    cover.extend(notes(source));
    let contents = names.iter().zip(tables).map(|(name, table)| [name.as_str(), table.title()]);
    let mut sheets = vec![
        lines("Cover", cover.iter().map(|line| [line.as_str(), ""])),
        lines("Contents", contents),
        lines("Notes", NOTES.iter().map(|(column, what)| [*column, *what])),
    ];
    sheets.extend(names.iter().zip(tables).map(|(name, table)| sheet(name, table)));
    sheets
}

/// Two columns of text.
fn lines<'t>(name: &str, lines: impl Iterator<Item = [&'t str; 2]>) -> Sheet {
    let rows = lines.map(|cells| cells.map(words).to_vec()).collect();
    Sheet { name: name.to_owned(), kind: Kind::Lines, rows, widths: vec![24, 80] }
}

fn sheet(name: &str, table: &Observed<'_>) -> Sheet {
    // Those that it is printed with: a quantile may have fewer than its table.
    let decimals = |digits: &str| digits.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let mut rows = vec![COLUMNS.map(words).to_vec()];
    for row in &table.spec.rows {
        for group in table.groups() {
            let cell = table.cell(row, &group);
            let mut cells = vec![words(row.label.get(table.language)), words(&group.label(table))];
            match &cell {
                Cell::Shown(figures) | Cell::Flagged(figures, _) => {
                    cells.extend(numbers(figures).into_iter().map(|digits| Value::Number {
                        decimals: u8::try_from(decimals(&digits)).unwrap_or(u8::MAX),
                        digits,
                    }))
                }
                Cell::Hidden(_) => cells.extend([const { Value::Empty }; CONTENTS.len()]),
            }
            let (status, reason) = table.status(row, &group, &cell);
            cells.extend([words(status), words(&reason)]);
            rows.push(cells);
        }
    }
    let kind = Kind::Table { title: table.title().to_owned() };
    Sheet { name: name.to_owned(), kind, rows, widths: vec![48, 40, 10, 10, 10, 10, 10, 10, 20] }
}

fn words(words: &str) -> Value {
    if words.is_empty() { Value::Empty } else { Value::Text(text(words)) }
}
