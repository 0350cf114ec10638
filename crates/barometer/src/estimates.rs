//! Estimates as a table for people.

use std::collections::BTreeMap;

use codebook::Decimal;
use pipeline::{Degrees, Estimate, EstimateRow, Estimates, Scale, TestKind, TestRow};

use crate::table::{Cell, aligned};

/// Numbers from here on are written with an exponent, and so are those with a standard error below `SHORT`.
const LONG: f64 = 1e15;
const SHORT: f64 = 1e-9;
/// Ratios (CV, deff) from here on are written with an exponent: their digits mean nothing.
const LONG_RATIO: f64 = 1e5;
const UNKNOWN: &str = "–";

/// The table in lines of at most so many characters, with a heading about the design and notes on what was left out.
pub(crate) fn table(estimates: &Estimates, width: usize) -> String {
    let mut text = heading(estimates);
    let remarks = Remarks::of(estimates);
    if !estimates.rows.is_empty() {
        let layout = Layout::of(estimates, &remarks);
        let rows: Vec<Vec<Cell>> = estimates.rows.iter().map(|row| layout.row(row, &remarks)).collect();
        text.push('\n');
        text.push_str(&aligned(&layout.header(&estimates.rows[0]), &rows, width));
    }
    if !estimates.tests.is_empty() {
        let is_adjusted = estimates.design.adjustment.is_some();
        let rows: Vec<Vec<Cell>> = estimates.tests.iter().map(|row| test(row, is_adjusted, &remarks)).collect();
        text.push('\n');
        text.push_str(&aligned(&test_header(estimates), &rows, width));
    }
    let notes: Vec<String> = remarks.listed().chain(notes(estimates)).collect();
    if !notes.is_empty() {
        text.push('\n');
        notes.iter().for_each(|note| text.push_str(&format!("{note}\n")));
    }
    text
}

/// What rows have to say beyond numbers, each once: a row shows its number, and the words stand below the table.
struct Remarks<'a>(Vec<&'a str>);

impl<'a> Remarks<'a> {
    fn of(estimates: &'a Estimates) -> Self {
        let of_rows = estimates.rows.iter().filter_map(|row| row.note);
        let mut remarks = Vec::new();
        for remark in of_rows.chain(estimates.tests.iter().filter_map(|test| test.note.as_deref())) {
            if !remarks.contains(&remark) {
                remarks.push(remark);
            }
        }
        Self(remarks)
    }

    fn mark(&self, remark: Option<&str>) -> Cell {
        let number = remark.and_then(|remark| self.0.iter().position(|known| *known == remark));
        Cell::right(number.map_or_else(String::new, |number| format!("[{}]", number + 1)))
    }

    fn listed(&self) -> impl Iterator<Item = String> {
        self.0.iter().enumerate().map(|(number, remark)| format!("[{}] {remark}", number + 1))
    }
}

/// What was sampled, and how its variance is estimated.
fn heading(estimates: &Estimates) -> String {
    let design = &estimates.design;
    let clusters = match design.stages.as_slice() {
        [] => String::new(),
        [psu] => format!(" in {} ({psu})", counted(design.psus, "cluster")),
        [psu, within @ ..] => {
            format!(" in {} ({psu}) and within them {}", counted(design.psus, "cluster"), within.join(", "))
        }
    };
    let strata = if design.strata > 1 { format!(", {} strata", design.strata) } else { String::new() };
    let population = match design.population.as_slice() {
        [] => "with replacement".to_owned(),
        columns => format!("population sizes from {}", columns.join(", ")),
    };
    let degrees = match design.degrees {
        Degrees::Design => String::new(),
        rule @ (Degrees::Domain | Degrees::Subset) => {
            format!(" of the design, those below by --df {}", rule.name())
        }
    };
    let has_shares = estimates.rows.iter().any(|row| row.statistic == "share");
    let shares = if has_shares { format!(" ({} for shares)", design.interval) } else { String::new() };
    let adjustment = design.adjustment.filter(|_| !estimates.tests.is_empty());
    let adjusted = adjustment.map_or_else(String::new, |rule| format!("; p adjusted among all tests ({rule})"));
    format!(
        "{}: {}{clusters}{strata}; weights {}, {population}\n{}, df {}{degrees}, {} % intervals{shares}{adjusted}\n",
        design.file,
        counted(design.units, "unit"),
        design.weights,
        design.variance,
        plain(design.df),
        percent(design.level),
    )
}

/// Which columns the table has.
struct Layout {
    levels: bool,
    degrees: bool,
    remarks: bool,
}

impl Layout {
    fn of(estimates: &Estimates, remarks: &Remarks<'_>) -> Self {
        Self {
            levels: estimates.rows.iter().any(|row| row.level.is_some()),
            degrees: estimates.design.degrees != Degrees::Design,
            remarks: !remarks.0.is_empty(),
        }
    }

    fn header(&self, row: &EstimateRow) -> Vec<Cell> {
        let by = row.by.iter().map(|(column, _)| Cell::left(column));
        let named = ["statistic", "of"].map(Cell::left);
        let levels = self.levels.then(|| Cell::left(""));
        let numbers = ["estimate", "SE", "from", "to", "n"].map(Cell::right);
        let degrees = self.degrees.then(|| Cell::right("df"));
        let last = ["CV %", "deff"].map(Cell::right);
        let remarks = self.remarks.then(|| Cell::right(""));
        by.chain(named).chain(levels).chain(numbers).chain(degrees).chain(last).chain(remarks).collect()
    }

    fn row(&self, row: &EstimateRow, remarks: &Remarks<'_>) -> Vec<Cell> {
        let by = row.by.iter().map(|(_, value)| Cell::left(value));
        let named = [Cell::left(row.statistic), Cell::left(&row.variable)];
        let levels = self.levels.then(|| Cell::left(row.level.as_deref().unwrap_or("")));
        let estimate = row.estimate();
        let figures = Figures::of(row);
        let printed =
            |value: Option<f64>| Cell::right(value.map_or_else(|| UNKNOWN.to_owned(), |value| figures.print(value)));
        let value = printed(row.value);
        let errors = [estimate.map(|e| e.se), estimate.map(|e| e.low), estimate.map(|e| e.high)].map(printed);
        let n = Cell::right(row.outcome.n().to_string());
        let degrees = self.degrees.then(|| Cell::right(estimate.map_or_else(|| UNKNOWN.to_owned(), |e| plain(e.df))));
        let cv = estimate.and_then(Estimate::cv).map(|cv| 100.0 * cv);
        let last = [ratio(cv, 1), ratio(estimate.and_then(|e| e.deff), 2)];
        let remark = self.remarks.then(|| remarks.mark(row.note));
        let numbers = std::iter::once(value).chain(errors).chain([n]);
        by.chain(named).chain(levels).chain(numbers).chain(degrees).chain(last).chain(remark).collect()
    }
}

/// How the numbers of a row are written.
enum Figures {
    /// In percent, with so many decimals.
    Percent(usize),
    /// With so many decimals.
    Decimals(usize),
    /// With an exponent.
    Exponent,
}

impl Figures {
    /// With the digits that the standard error allows; with a few where there is none.
    fn of(row: &EstimateRow) -> Self {
        let value = row.value.unwrap_or(0.0);
        let se = row.estimate().map_or(0.0, |estimate| estimate.se);
        let of = |value: f64, se: f64| if se > 0.0 { decimals(se) } else { decimals_of_value(value) };
        match row.scale {
            Scale::Share => Self::Percent(of(100.0 * value, 100.0 * se)),
            Scale::Number if value.abs() >= LONG || (0.0 < se && se < SHORT) => Self::Exponent,
            Scale::Number => Self::Decimals(of(value, se)),
        }
    }

    fn print(&self, value: f64) -> String {
        match self {
            Self::Percent(decimals) => format!("{:.decimals$} %", 100.0 * value),
            Self::Decimals(decimals) => format!("{value:.decimals$}"),
            Self::Exponent => format!("{value:.4e}"),
        }
    }
}

fn ratio(value: Option<f64>, decimals: usize) -> Cell {
    Cell::right(match value {
        None => UNKNOWN.to_owned(),
        Some(value) if value >= LONG_RATIO => format!("{value:.1e}"),
        Some(value) => format!("{value:.decimals$}"),
    })
}

fn test_header(estimates: &Estimates) -> Vec<Cell> {
    let by = estimates.tests[0].by.iter().map(|(column, _)| Cell::left(column));
    let named = ["test", "of"].map(Cell::left);
    let numbers = ["statistic", "df", "p"].map(Cell::right);
    let adjusted = estimates.design.adjustment.map(|_| Cell::right("adjusted"));
    by.chain(named).chain(numbers).chain(adjusted).chain(["n", ""].map(Cell::right)).collect()
}

fn test(test: &TestRow, is_adjusted: bool, remarks: &Remarks<'_>) -> Vec<Cell> {
    let by = test.by.iter().map(|(_, value)| Cell::left(value));
    let named = [Cell::left(test.test.name()), Cell::left(&test.variable)];
    let number = |value: Option<f64>, decimals: usize| value.map(|value| format!("{value:.decimals$}"));
    let df = match (test.df1, test.df2) {
        // t has one degree of freedom above.
        (Some(_), Some(df2)) if matches!(test.test, TestKind::T | TestKind::Trend) => plain(df2),
        (Some(df1), Some(df2)) => format!("{}, {}", plain(df1), plain(df2)),
        (Some(df1), None) => plain(df1),
        (None, _) => UNKNOWN.to_owned(),
    };
    let dash = || UNKNOWN.to_owned();
    let probability = |p: Option<f64>| {
        Cell::right(p.map_or_else(dash, |p| if p < 0.0001 { "< 0.0001".to_owned() } else { format!("{p:.4}") }))
    };
    let tested = [Cell::right(number(test.statistic, 3).unwrap_or_else(dash)), Cell::right(df), probability(test.p)];
    let adjusted = is_adjusted.then(|| probability(test.p_adjusted));
    let last = [Cell::right(test.n.to_string()), remarks.mark(test.note.as_deref())];
    by.chain(named).chain(tested).chain(adjusted).chain(last).collect()
}

/// What was left out.
fn notes(estimates: &Estimates) -> Vec<String> {
    let design = &estimates.design;
    let mut notes = Vec::new();
    if design.without_weight > 0 {
        notes.push(format!("weight 0, so they count nowhere: {}", rows(design.without_weight)));
    }
    if design.without_condition > 0 {
        let number = rows(design.without_condition);
        notes.push(format!("outside of --where, since a value that it needs is missing there: {number}"));
    }
    if design.without_group > 0 {
        notes.push(format!("in no domain, since a column of --by has no value there: {}", rows(design.without_group)));
    }
    notes.extend(
        missing(estimates)
            .iter()
            .map(|(variable, number)| format!("{variable}: without a value, so left out: {}", rows(*number))),
    );
    notes
}

/// What was asked of every domain: variable, statistic and level.
type Item<'e> = (&'e str, &'e str, Option<&'e str>);

/// Rows without a value by domain.
type OfDomains<'e> = BTreeMap<&'e [(String, String)], u64>;

/// The rows without a value of each variable, over all domains; each number of a variable once.
fn missing(estimates: &Estimates) -> Vec<(&str, u64)> {
    let mut asked: BTreeMap<Item<'_>, OfDomains<'_>> = BTreeMap::new();
    for row in &estimates.rows {
        let of_domains = asked.entry((&row.variable, row.statistic, row.level.as_deref())).or_default();
        of_domains.insert(&row.by, row.missing);
    }
    // Other tests stand beside a difference or a trend, which has told it.
    let stands_alone = |test: &&TestRow| matches!(test.test, TestKind::RaoScott | TestKind::RaoScottFirstOrder);
    for test in estimates.tests.iter().filter(stands_alone) {
        let of_domains = asked.entry((&test.variable, test.test.name(), None)).or_default();
        of_domains.insert(&test.by, test.missing);
    }
    let sums = asked.into_iter().map(|((variable, ..), of_domains)| (variable, of_domains.values().sum()));
    let mut missing: Vec<(&str, u64)> = sums.filter(|(_, rows)| *rows > 0).collect();
    missing.dedup();
    missing
}

fn rows(number: u64) -> String {
    counted(number, "row")
}

fn counted(number: u64, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// Decimals that show three digits of a standard error above 0, at least none.
fn decimals(se: f64) -> usize {
    let mut decimals = 0;
    let mut shown = se.abs();
    while shown > 0.0 && shown < 100.0 && decimals < 12 {
        shown *= 10.0;
        decimals += 1;
    }
    decimals
}

/// A number without zeros behind its last digit, with at most two decimals.
fn plain(number: f64) -> String {
    let text = format!("{number:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Decimals of a value whose standard error is not known: four digits, no fewer than stand before the point.
fn decimals_of_value(value: f64) -> usize {
    match value.abs() {
        magnitude if magnitude <= 0.0 => 1,
        magnitude if magnitude < 1.0 => decimals(magnitude) + 1,
        magnitude if magnitude < 10.0 => 3,
        magnitude if magnitude < 100.0 => 2,
        magnitude if magnitude < 1000.0 => 1,
        _ => 0,
    }
}

/// A share of 1 in percent, with all the digits that it was given with.
fn percent(share: f64) -> String {
    let Ok(share) = Decimal::parse(&share.to_string(), '.') else { return plain(100.0 * share) };
    let percent = Decimal::new(share.units() * 100, share.scale()).to_string();
    if percent.contains('.') { percent.trim_end_matches('0').trim_end_matches('.').to_owned() } else { percent }
}
