//! Estimates as a table for people.

use pipeline::{EstimateRow, Estimates, Scale, TestRow};

/// Numbers from here on are written with an exponent, and so are those with a standard error below `SHORT`.
const LONG: f64 = 1e15;
const SHORT: f64 = 1e-9;

/// The table, with a heading about the design and notes on what was left out.
pub(crate) fn table(estimates: &Estimates) -> String {
    let mut text = heading(estimates);
    if !estimates.rows.is_empty() {
        text.push('\n');
        text.push_str(&aligned(&header(estimates), &estimates.rows.iter().map(row).collect::<Vec<_>>()));
    }
    if !estimates.tests.is_empty() {
        text.push('\n');
        text.push_str(&aligned(&test_header(estimates), &estimates.tests.iter().map(test).collect::<Vec<_>>()));
    }
    if estimates.rows.is_empty() && estimates.tests.is_empty() {
        text.push_str("\nNobody is in the domain.\n");
    }
    let notes = notes(estimates);
    if !notes.is_empty() {
        text.push('\n');
        notes.iter().for_each(|note| text.push_str(&format!("{note}\n")));
    }
    text
}

/// What was sampled, and how its variance is estimated.
fn heading(estimates: &Estimates) -> String {
    let design = &estimates.design;
    let clusters = if design.stages.is_empty() {
        String::new()
    } else {
        format!(" in {} clusters ({})", design.psus, design.stages.join(", "))
    };
    let strata = if design.strata > 1 { format!(", {} strata", design.strata) } else { String::new() };
    let population = match design.population.as_slice() {
        [] => "with replacement".to_owned(),
        columns => format!("population sizes from {}", columns.join(", ")),
    };
    format!(
        "{}: {} units{clusters}{strata}; weights {}, {population}\n{}, df {}, {} % intervals ({} for shares)\n",
        design.file,
        design.units,
        design.weights,
        design.variance,
        plain(design.df),
        plain(100.0 * design.level),
        design.interval
    )
}

fn header(estimates: &Estimates) -> Vec<Cell> {
    let by = estimates.rows[0].by.iter().map(|(column, _)| Cell::left(column));
    let named = ["statistic", "of", ""].map(Cell::left);
    let numbers = ["estimate", "SE", "from", "to", "n", "CV %", "deff"].map(Cell::right);
    by.chain(named).chain(numbers).collect()
}

fn row(row: &EstimateRow) -> Vec<Cell> {
    let by = row.by.iter().map(|(_, value)| Cell::left(value));
    let named = [Cell::left(row.statistic), Cell::left(&row.variable), Cell::left(row.level.as_deref().unwrap_or(""))];
    let cells = match row.estimate() {
        None => {
            let why = row.reason().unwrap_or_default();
            vec![
                Cell::right("–"),
                Cell::left(""),
                Cell::left(""),
                Cell::left(""),
                Cell::right(row.outcome.n().to_string()),
                Cell::left(why),
            ]
        }
        Some(estimate) => {
            let percent = row.scale == Scale::Share;
            let decimals = decimals(if percent { 100.0 * estimate.se } else { estimate.se });
            let figure = |value: f64| {
                Cell::right(match percent {
                    true => format!("{:.decimals$} %", 100.0 * value),
                    false if value.abs() >= LONG || (0.0 < estimate.se && estimate.se < SHORT) => {
                        format!("{value:.4e}")
                    }
                    false => format!("{value:.decimals$}"),
                })
            };
            let ratio = |value: Option<f64>, decimals: usize| {
                Cell::right(value.map_or_else(|| "–".to_owned(), |value| format!("{value:.decimals$}")))
            };
            vec![
                figure(estimate.value),
                figure(estimate.se),
                figure(estimate.low),
                figure(estimate.high),
                Cell::right(estimate.n.to_string()),
                ratio(estimate.cv().map(|cv| 100.0 * cv), 1),
                ratio(estimate.deff, 2),
            ]
        }
    };
    by.chain(named).chain(cells).collect()
}

fn test_header(estimates: &Estimates) -> Vec<Cell> {
    let by = estimates.tests[0].by.iter().map(|(column, _)| Cell::left(column));
    let named = ["test", "of"].map(Cell::left);
    let numbers = ["statistic", "df", "p", "n"].map(Cell::right);
    by.chain(named).chain(numbers).collect()
}

fn test(test: &TestRow) -> Vec<Cell> {
    let by = test.by.iter().map(|(_, value)| Cell::left(value));
    let named = [Cell::left(test.test), Cell::left(&test.variable)];
    let number = |value: Option<f64>, decimals: usize| value.map(|value| format!("{value:.decimals$}"));
    let df = match (test.df1, test.df2) {
        (Some(df1), Some(df2)) => format!("{}, {}", plain(df1), plain(df2)),
        (Some(df1), None) => plain(df1),
        (None, _) => "–".to_owned(),
    };
    let p = test.p.map(|p| if p < 0.0001 { "< 0.0001".to_owned() } else { format!("{p:.4}") });
    let dash = || "–".to_owned();
    let cells = [
        Cell::right(number(test.statistic, 3).unwrap_or_else(dash)),
        Cell::right(df),
        Cell::right(p.unwrap_or_else(dash)),
        Cell::right(test.n.to_string()),
    ];
    let reason = test.reason.iter().map(Cell::left);
    by.chain(named).chain(cells).chain(reason).collect()
}

/// What was left out.
fn notes(estimates: &Estimates) -> Vec<String> {
    let design = &estimates.design;
    let mut notes = Vec::new();
    if design.without_weight > 0 {
        notes.push(format!("weight 0, so they count nowhere: {}", rows(design.without_weight)));
    }
    if design.without_group > 0 {
        notes.push(format!("in no domain, since a column of --by has no value there: {}", rows(design.without_group)));
    }
    let mut missing: Vec<(&str, u64)> = Vec::new();
    for row in estimates.rows.iter().filter(|row| row.missing > 0) {
        if !missing.contains(&(&row.variable, row.missing)) {
            missing.push((&row.variable, row.missing));
        }
    }
    notes.extend(
        missing.iter().map(|(variable, number)| format!("{variable}: without a value, so left out: {}", rows(*number))),
    );
    notes
}

fn rows(number: u64) -> String {
    if number == 1 { "1 row".to_owned() } else { format!("{number} rows") }
}

/// Decimals that show three digits of a standard error, at least none.
fn decimals(se: f64) -> usize {
    let mut decimals = 0;
    let mut shown = se.abs();
    while shown > 0.0 && shown < 100.0 && decimals < 12 {
        shown *= 10.0;
        decimals += 1;
    }
    if se > 0.0 { decimals } else { 3 }
}

/// A number without zeros behind its last digit, with at most two decimals.
fn plain(number: f64) -> String {
    let text = format!("{number:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A cell of a table.
struct Cell {
    text: String,
    side: Side,
}

/// Where a cell's text stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

impl Cell {
    /// A text of the file or the command line: a line break or an escape in it must not reach the terminal.
    fn left(text: impl AsRef<str>) -> Self {
        let shown = |character: char| if character.is_control() { '\u{fffd}' } else { character };
        Self { text: text.as_ref().chars().map(shown).collect(), side: Side::Left }
    }

    fn right(text: impl AsRef<str>) -> Self {
        Self { text: text.as_ref().to_owned(), side: Side::Right }
    }
}

/// A table whose columns are as wide as their widest cell.
fn aligned(header: &[Cell], rows: &[Vec<Cell>]) -> String {
    let all = || std::iter::once(header).chain(rows.iter().map(Vec::as_slice));
    let columns = all().map(<[Cell]>::len).max().unwrap_or(0);
    let width = |column: usize| {
        // A last cell may be a sentence, which makes no column wider.
        let cells = all().filter(|row| column + 1 < row.len() || row.len() == header.len());
        cells.filter_map(|row| row.get(column)).map(|cell| cell.text.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &[Cell]| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| {
            let blanks = " ".repeat(width.saturating_sub(cell.text.chars().count()));
            match cell.side {
                Side::Left => format!("{}{blanks}", cell.text),
                Side::Right => format!("{blanks}{}", cell.text),
            }
        });
        let line = cells.collect::<Vec<_>>().join("  ");
        format!("{}\n", line.trim_end())
    };
    let rule = "─".repeat(widths.iter().take(header.len()).sum::<usize>() + 2 * header.len().saturating_sub(1));
    let body: String = rows.iter().map(|row| line(row)).collect();
    format!("{}{rule}\n{body}", line(header))
}
