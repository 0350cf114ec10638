//! One sheet while it is read: its cells as far as they fit, and what is odd about them.
//!
//! A file of a few bytes can claim a cell in the last row and the last column, or repeat one cell a million times. So cells and
//! their text are counted against a [`Budget`] that all sheets of a workbook share, before any memory is taken.

use std::collections::{BTreeMap, BTreeSet};

use codebook::{Finding, Place, Severity};

use super::{Sheet, Stop};

/// Rows of a sheet in both formats.
const ROWS_AT_MOST: usize = 1_048_576;

/// Columns of a sheet in both formats: up to `XFD`.
const COLUMNS_AT_MOST: usize = 16_384;

/// Cells of all sheets, the empty ones between others included. They take 24 bytes each, and some 60 with a short text.
const CELLS_AT_MOST: usize = 25_000_000;

/// Bytes of text in all cells.
const TEXT_AT_MOST: usize = 1 << 30;

const CELLS_NAMED: usize = 3;

/// How many more cells and how much more text a workbook may hold.
pub(super) struct Budget {
    cells: usize,
    text: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { cells: CELLS_AT_MOST, text: TEXT_AT_MOST }
    }
}

/// What a cell's format makes of its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Text,
    Number,
    Date,
}

/// What an export has none of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Oddity {
    ErrorValue,
    FormulaWithoutValue,
    Formula,
    Merged,
    NumberAmongDates,
}

/// The cells that are odd in one way.
#[derive(Default)]
struct Cells {
    first: Vec<String>,
    count: usize,
}

/// A sheet that is being read.
pub(super) struct SheetReader<'b> {
    name: String,
    hidden: bool,
    budget: &'b mut Budget,
    rows: Vec<Vec<String>>,
    width: usize,
    oddities: BTreeMap<Oddity, Cells>,
    /// The first cell of each merged area.
    merged: Vec<(usize, usize)>,
    /// The columns that hold a date, and the numbers below row 1 by column.
    dates: BTreeSet<usize>,
    numbers: BTreeMap<usize, Cells>,
}

impl<'b> SheetReader<'b> {
    pub(super) fn new(name: String, hidden: bool, budget: &'b mut Budget) -> Self {
        let (rows, merged, oddities) = (Vec::new(), Vec::new(), BTreeMap::new());
        let (dates, numbers) = (BTreeSet::new(), BTreeMap::new());
        Self { name, hidden, budget, rows, width: 0, oddities, merged, dates, numbers }
    }

    /// Sets a cell; rows and columns count from 0. An empty text is an empty cell.
    pub(super) fn set(&mut self, row: usize, column: usize, text: String, role: Role) -> Result<(), Stop> {
        if text.is_empty() {
            return Ok(());
        }
        if row >= ROWS_AT_MOST || column >= COLUMNS_AT_MOST {
            return Err(Stop::Damaged);
        }
        self.budget.text = self.budget.text.checked_sub(text.len()).ok_or(Stop::TooLarge("more text than 1 GiB"))?;
        let (height, width) = self.fitting(row, column)?;
        self.width = width;
        self.rows.resize_with(height, Vec::new);
        let cells = &mut self.rows[row];
        if cells.len() <= column {
            cells.resize_with(column + 1, String::new);
        }
        cells[column] = text;
        match role {
            Role::Text => {}
            Role::Date => {
                self.dates.insert(column);
            }
            Role::Number if row == 0 => {}
            Role::Number => self.numbers.entry(column).or_default().add(row, column),
        }
        Ok(())
    }

    /// The height and width of the sheet once it has this cell, if so many cells may be held.
    pub(super) fn fitting(&self, row: usize, column: usize) -> Result<(usize, usize), Stop> {
        let height = self.rows.len().max(row.saturating_add(1));
        let width = self.width.max(column.saturating_add(1));
        // Every row is brought to the sheet's width in the end, so that is what must fit.
        let fits = height.checked_mul(width).is_some_and(|cells| cells <= self.budget.cells);
        if fits { Ok((height, width)) } else { Err(Stop::TooLarge("more than 25 million cells")) }
    }

    /// Notes that a cell is odd.
    pub(super) fn note(&mut self, oddity: Oddity, row: usize, column: usize) {
        self.oddities.entry(oddity).or_default().add(row, column);
    }

    /// Notes the first cell of a merged area.
    pub(super) fn merged(&mut self, first: (usize, usize)) {
        self.merged.push(first);
    }

    /// The sheet, with its rows of one length.
    pub(super) fn finish(mut self, path: &str) -> Sheet {
        self.budget.cells -= self.rows.len() * self.width;
        for row in &mut self.rows {
            row.resize_with(self.width, String::new);
        }
        for (column, cells) in std::mem::take(&mut self.numbers) {
            if self.dates.contains(&column) {
                self.oddities.entry(Oddity::NumberAmongDates).or_default().merge(cells);
            }
        }
        // A merged area beside or below the answers harms nobody.
        for (row, column) in std::mem::take(&mut self.merged) {
            if row < self.rows.len() && column < self.width {
                self.note(Oddity::Merged, row, column);
            }
        }
        let findings = self.oddities.iter().map(|(oddity, cells)| oddity.finding(path, &self.name, cells)).collect();
        Sheet { name: self.name, hidden: self.hidden, rows: self.rows, findings }
    }
}

impl Cells {
    fn add(&mut self, row: usize, column: usize) {
        self.count += 1;
        if self.first.len() < CELLS_NAMED {
            self.first.push(cell_name(row, column));
        }
    }

    fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.first.extend(other.first);
        self.first.truncate(CELLS_NAMED);
    }

    /// `Dataset!C17, C18, C19 and 38 more`.
    fn named(&self, sheet: &str) -> String {
        let named = format!("{}!{}", sheet_name(sheet), self.first.join(", "));
        match self.count - self.first.len() {
            0 => named,
            more => format!("{named} and {more} more"),
        }
    }
}

impl Oddity {
    fn finding(self, path: &str, sheet: &str, cells: &Cells) -> Finding {
        let (severity, code, what, hint) = match self {
            Self::ErrorValue => (
                Severity::Error,
                "error-value",
                "an error value instead of an answer",
                "mend the formula, or export again",
            ),
            Self::FormulaWithoutValue => {
                let hint = "open the workbook in a spreadsheet program and save it, or export the values";
                (Severity::Error, "formula-without-value", "a formula that nobody has calculated", hint)
            }
            Self::Formula => {
                let hint = "an export has none: see who changed the file, and paste the values in their place";
                (Severity::Warning, "formula", "a formula, of which the last value is read", hint)
            }
            Self::Merged => {
                let hint = "split the cells; only the first one holds the value";
                (Severity::Error, "merged-cells", "merged cells", hint)
            }
            Self::NumberAmongDates => {
                let hint = "give the cells the format of a date, or find out what the number means";
                (Severity::Warning, "number-among-dates", "a number in a column of dates", hint)
            }
        };
        let message = format!("{what} in {}", cells.named(sheet));
        let place = Place::File { file: path.to_owned() };
        Finding { place, severity, code, message, hints: vec![hint.to_owned()] }
    }
}

/// A sheet's name as spreadsheets write it before `!`.
fn sheet_name(name: &str) -> String {
    let is_plain = name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    if is_plain { name.to_owned() } else { format!("'{}'", name.replace('\'', "''")) }
}

/// `C17` for row 16 and column 2.
pub(super) fn cell_name(row: usize, column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        let letter = u8::try_from((rest - 1) % 26).expect("a remainder of 26 fits a byte");
        letters.push(char::from(b'A' + letter));
        rest = (rest - 1) / 26;
    }
    letters.reverse();
    format!("{}{}", String::from_iter(letters), row + 1)
}

/// Row and column of `C17`, from 0; `None` when it is no cell of a sheet.
pub(super) fn cell_position(name: &str) -> Option<(usize, usize)> {
    let digits = name.find(|letter: char| letter.is_ascii_digit())?;
    let (letters, row) = name.split_at(digits);
    if !(1..=3).contains(&letters.len()) || !letters.bytes().all(|letter| letter.is_ascii_uppercase()) {
        return None;
    }
    let column = letters.bytes().fold(0, |column, letter| column * 26 + usize::from(letter - b'A') + 1) - 1;
    let row = row.parse::<usize>().ok()?.checked_sub(1)?;
    (row < ROWS_AT_MOST && column < COLUMNS_AT_MOST).then_some((row, column))
}

#[cfg(test)]
mod tests {
    use super::{Budget, Oddity, Role, SheetReader, cell_name, cell_position};
    use crate::format::workbook::Stop;

    #[test]
    fn cells_are_named_as_spreadsheets_name_them() {
        for (row, column, name) in
            [(0, 0, "A1"), (16, 2, "C17"), (0, 25, "Z1"), (0, 26, "AA1"), (1_048_575, 16_383, "XFD1048576")]
        {
            assert_eq!(cell_name(row, column), name);
            assert_eq!(cell_position(name), Some((row, column)));
        }
        for no_cell in ["", "A", "1", "A0", "XFE1", "A1048577", "AAAA1", "a1", "A1B", "A99999999999999999999999"] {
            assert_eq!(cell_position(no_cell), None, "{no_cell}");
        }
    }

    #[test]
    fn rows_have_one_length_and_end_with_the_last_answer() {
        let mut budget = Budget::default();
        let mut reader = SheetReader::new("Dataset".to_owned(), false, &mut budget);
        reader.set(0, 1, "q1".to_owned(), Role::Text).unwrap();
        reader.set(2, 0, "1".to_owned(), Role::Number).unwrap();
        reader.set(9, 9, String::new(), Role::Text).unwrap();
        assert_eq!(reader.finish("a.xlsx").rows, [["", "q1"], ["", ""], ["1", ""]]);
    }

    #[test]
    fn a_cell_in_the_farthest_corner_takes_no_memory() {
        let mut budget = Budget::default();
        let mut reader = SheetReader::new("Dataset".to_owned(), false, &mut budget);
        let far = reader.set(1_048_575, 16_383, "x".to_owned(), Role::Text);
        assert_eq!(far, Err(Stop::TooLarge("more than 25 million cells")));
        assert!(reader.finish("a.xlsx").rows.is_empty());
    }

    #[test]
    fn sheets_share_what_a_workbook_may_hold() {
        let mut budget = Budget { cells: 5, text: 100 };
        let mut first = SheetReader::new("a".to_owned(), false, &mut budget);
        first.set(1, 1, "x".to_owned(), Role::Text).unwrap();
        first.finish("a.xlsx");
        let mut second = SheetReader::new("b".to_owned(), false, &mut budget);
        second.set(0, 0, "x".to_owned(), Role::Text).unwrap();
        assert_eq!(second.set(0, 1, "x".to_owned(), Role::Text), Err(Stop::TooLarge("more than 25 million cells")));
    }

    #[test]
    fn many_odd_cells_are_one_finding() {
        let mut budget = Budget::default();
        let mut reader = SheetReader::new("Data 2019".to_owned(), false, &mut budget);
        (1..42).for_each(|row| reader.note(Oddity::ErrorValue, row, 2));
        let findings = reader.finish("a.xlsx").findings;
        let expected = "a.xlsx: an error value instead of an answer in 'Data 2019'!C2, C3, C4 and 38 more\n\
                        help: mend the formula, or export again";
        assert_eq!(findings.iter().map(ToString::to_string).collect::<Vec<_>>(), [expected]);
    }
}
