//! The same problem in many rows, told once.
//!
//! An export with a wrong recode has the same problem in thousands of cells. A [`Tally`] gathers them: one finding for each
//! rule and column, which says how many rows there are, names the first of them, and the classes of the values found. A
//! value itself is shown only when it is a code of up to three digits; everything else might tell about a respondent.

use std::collections::BTreeSet;

use codebook::{Code, Decimal, DecimalError, Finding, Place, Severity};

/// Rows that are named when there are more than [`ROWS_NAMED_AT_MOST`].
const ROWS_NAMED: usize = 3;
const ROWS_NAMED_AT_MOST: usize = 5;
/// Groups whose rows are named when several rows have something in common.
const GROUPS_NAMED: usize = 3;
const CLASSES_NAMED: usize = 3;

/// Which of several files a row stands in, where a wave's answers are more than one file. The number of a row carries it, so that
/// findings can tell both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileNumber(u64);

impl FileNumber {
    /// More rows than any file may have.
    const ROWS: u64 = 1 << 40;

    /// The file at this place of a wave's list; the first is 0.
    pub(crate) fn new(place: usize) -> Self {
        Self(counted(place))
    }

    /// The number of a row of this file.
    pub(crate) fn row(self, row: u64) -> u64 {
        self.0 * Self::ROWS + row
    }

    /// The file of a row, as a place in the wave's list, and the row's number there.
    pub(crate) fn split(row: u64) -> (u64, u64) {
        (row / Self::ROWS, row % Self::ROWS)
    }
}

/// A row as messages name it: `5`, or `5 of file 2` where it does not stand in the first.
fn row_text(row: u64) -> String {
    match FileNumber::split(row) {
        (0, row) => row.to_string(),
        (file, row) => format!("{row} of file {}", file + 1),
    }
}

/// The rows in which one rule is broken, for one column.
#[derive(Debug)]
pub(crate) struct Tally {
    severity: Severity,
    code: &'static str,
    statement: String,
    hints: Vec<String>,
    first_rows: BTreeSet<u64>,
    count: u64,
    classes: Vec<String>,
}

impl Tally {
    /// `statement` is a noun phrase such as `weight that is not a number`; rows and classes follow it.
    pub(crate) fn error(code: &'static str, statement: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, statement.into())
    }

    /// The same, as a warning.
    pub(crate) fn warning(code: &'static str, statement: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, statement.into())
    }

    /// The same, with a severity that a country sets.
    pub(crate) fn new(severity: Severity, code: &'static str, statement: String) -> Self {
        let (first_rows, classes) = (BTreeSet::new(), Vec::new());
        Self { severity, code, statement, hints: Vec::new(), first_rows, count: 0, classes }
    }

    /// The same tally with another severity.
    pub(crate) fn severity(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }

    /// Rows added so far; one that was added twice counts twice.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// The same tally with a hint in place of those that it has.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints = vec![hint.into()];
        self
    }

    /// One more hint, unless it is there.
    pub(crate) fn advise(&mut self, hint: String) {
        if !self.hints.contains(&hint) {
            self.hints.push(hint);
        }
    }

    /// One more row.
    pub(crate) fn add(&mut self, row: u64) {
        self.count += 1;
        self.first_rows.insert(row);
        if self.first_rows.len() > ROWS_NAMED_AT_MOST {
            self.first_rows.pop_last();
        }
    }

    /// One more row, with the class of what was found in it.
    pub(crate) fn add_class(&mut self, row: u64, class: &str) {
        self.add(row);
        if !self.classes.iter().any(|known| known == class) {
            self.classes.push(class.to_owned());
        }
    }

    /// The finding, at the first row; `None` when no row was added.
    pub(crate) fn finding(self, file: &str, column: &str) -> Option<Finding> {
        let row = *self.first_rows.first()?;
        let place = Place::Cell { file: file.to_owned(), row, column: column.to_owned() };
        Some(self.finding_at(place))
    }

    /// The finding about the file as a whole; `None` when no row was added. It names its row even if there is just one.
    pub(crate) fn finding_in_file(mut self, file: &str) -> Option<Finding> {
        let row = *self.first_rows.first()?;
        if self.count == 1 {
            self.statement.push_str(&format!(" (row {})", row_text(row)));
        }
        Some(self.finding_at(Place::File { file: file.to_owned() }))
    }

    fn finding_at(self, place: Place) -> Finding {
        let mut message = self.statement;
        if self.count > 1 {
            message.push_str(&format!(" (rows {})", listed_rows(&self.first_rows, self.count)));
        }
        if !self.classes.is_empty() {
            message.push_str(": ");
            message.push_str(&listed_classes(&self.classes));
        }
        Finding { place, severity: self.severity, code: self.code, message, hints: self.hints }
    }
}

/// `5, 9, 12 and 38 more`, or all of them when they are few.
fn listed_rows(first: &BTreeSet<u64>, count: u64) -> String {
    let shown = if count > counted(ROWS_NAMED_AT_MOST) { ROWS_NAMED } else { first.len() };
    let named: Vec<String> = first.iter().take(shown).map(|row| row_text(*row)).collect();
    match count.saturating_sub(counted(shown)) {
        0 => joined(&named),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

/// `rows 2 and 5; in rows 3, 9 and 11; and 4 more units`: groups of rows that have something in common, each sorted.
pub(crate) fn listed_groups(groups: &[Vec<u64>]) -> String {
    let listed = |rows: &Vec<u64>| {
        let first = rows.iter().take(ROWS_NAMED_AT_MOST).copied().collect();
        format!("rows {}", listed_rows(&first, counted(rows.len())))
    };
    let named: Vec<String> = groups.iter().take(GROUPS_NAMED).map(listed).collect();
    let more = match groups.len() - named.len() {
        0 => String::new(),
        1 => "; and 1 more unit".to_owned(),
        more => format!("; and {more} more units"),
    };
    format!("{}{more}", named.join("; in "))
}

fn listed_classes(classes: &[String]) -> String {
    if classes.len() > CLASSES_NAMED {
        format!("{} and other values", classes[..CLASSES_NAMED].join(", "))
    } else {
        joined(classes)
    }
}

/// `a, b and c`.
pub(crate) fn joined(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [init @ .., last] => format!("{} and {last}", init.join(", ")),
    }
}

/// A number of an export, or the class of what is not one. Numbers are refused that are too long for exact sums.
pub(crate) fn number(raw: &str, decimal_mark: char) -> Result<Decimal, String> {
    numeral(raw, decimal_mark).map_err(|bad| bad.class(raw, decimal_mark))
}

/// What to do about a cell that is no number, where its form tells.
pub(crate) fn advice(raw: &str, decimal_mark: char) -> Option<String> {
    numeral(raw, decimal_mark).err()?.advice(decimal_mark)
}

/// Why a cell is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BadNumber {
    TooManyDigits,
    OtherMark,
    /// The other mark before exactly three digits: thousands, or decimals.
    OtherMarkOrThousands,
    Thousands,
    PerCent,
    Something,
}

fn numeral(raw: &str, decimal_mark: char) -> Result<Decimal, BadNumber> {
    match Decimal::parse(raw, decimal_mark) {
        Ok(number) if number.is_answer_sized() => Ok(number),
        Ok(_) | Err(DecimalError::TooManyDigits) => Err(BadNumber::TooManyDigits),
        Err(DecimalError::NotANumber) => {
            let is_decimal = Decimal::parse(raw, other_mark(decimal_mark)).is_ok();
            let per_cent = raw.strip_suffix('%').map(str::trim);
            Err(match (is_decimal, is_grouped(raw, decimal_mark)) {
                (true, true) => BadNumber::OtherMarkOrThousands,
                (true, false) => BadNumber::OtherMark,
                (false, true) => BadNumber::Thousands,
                _ if per_cent.is_some_and(|rest| Decimal::parse(rest, decimal_mark).is_ok()) => BadNumber::PerCent,
                (false, false) => BadNumber::Something,
            })
        }
    }
}

fn other_mark(decimal_mark: char) -> char {
    if decimal_mark == ',' { '.' } else { ',' }
}

impl BadNumber {
    /// What the cell is, for findings.
    fn class(self, raw: &str, decimal_mark: char) -> String {
        let other = other_mark(decimal_mark);
        match self {
            Self::TooManyDigits => "a number of too many digits".to_owned(),
            Self::OtherMark => format!("a number with the decimal mark {other:?} instead of {decimal_mark:?}"),
            Self::OtherMarkOrThousands => {
                format!("a number with {other:?} before three digits, thousands or decimals")
            }
            Self::Thousands => "a number with marks between its thousands".to_owned(),
            Self::PerCent => "a number with a per cent sign".to_owned(),
            Self::Something => class_of(raw),
        }
    }

    /// What to do about it.
    fn advice(self, decimal_mark: char) -> Option<String> {
        match self {
            Self::TooManyDigits => {
                Some("a number has at most 15 digits before and 18 behind the decimal mark".to_owned())
            }
            Self::OtherMark => Some(format!(
                "the wave's file says decimal_mark = \"{decimal_mark}\": mend it if the whole file has the other mark, else the cells"
            )),
            Self::OtherMarkOrThousands => Some(format!(
                "take the mark out if it groups thousands; if it is the decimal mark, the wave says {decimal_mark:?}"
            )),
            Self::Thousands => Some("take out the marks between thousands: 1300, not 1.300 or 1 300".to_owned()),
            Self::PerCent => Some("write the number alone: 9, not 9 %".to_owned()),
            Self::Something => None,
        }
    }
}

/// Whether a number has a mark before each three digits of its whole part, as people write it: `1.250,5`, `1 250`, `1'250`.
pub(crate) fn is_grouped(raw: &str, decimal_mark: char) -> bool {
    let (whole, rest) = raw.split_once(decimal_mark).unwrap_or((raw, "0"));
    let groups: Vec<&str> = whole.split(['.', ',', ' ', '\u{a0}', '\u{202f}', '\'', '’']).collect();
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let follow = |groups: &[&str]| groups.iter().all(|group| group.len() == 3 && are_digits(group));
    match groups.as_slice() {
        [first, others @ ..] => {
            let first = first.trim_start_matches('-');
            are_digits(first) && first.len() <= 3 && !others.is_empty() && follow(others) && are_digits(rest)
        }
        [] => false,
    }
}

/// A length as a count of rows.
pub(crate) fn counted(length: usize) -> u64 {
    u64::try_from(length).expect("a length in memory fits 64 bits")
}

/// What a raw value is, without telling it: `"7"` for a code of up to three digits, otherwise `a number`, `an unlisted code`
/// or `a text of 12 characters`.
pub(crate) fn class_of(raw: &str) -> String {
    if raw.chars().any(is_invisible) {
        return "a text with characters that cannot be seen".to_owned();
    }
    let is_short_code = raw.len() <= 3 && raw.bytes().all(|byte| byte.is_ascii_digit());
    let is_number = [',', '.'].iter().any(|mark| Decimal::parse(raw, *mark).is_ok());
    let is_code = raw.len() <= 8 && Code::new(raw).is_ok() && raw.bytes().any(|byte| byte.is_ascii_digit());
    match (raw.chars().count(), is_short_code, is_number, is_code) {
        (0, ..) => "an empty cell".to_owned(),
        (_, true, ..) => format!("{raw:?}"),
        (_, _, true, _) => "a number".to_owned(),
        (_, _, _, true) => "an unlisted code".to_owned(),
        (1, ..) => "a text of 1 character".to_owned(),
        (length, ..) => format!("a text of {length} characters"),
    }
}

/// Whether nobody sees a character or tells it from a blank: blanks that do not break, blanks without width, marks of byte order and direction. They come
/// from web pages and word processors, and make two cells that look the same differ.
fn is_invisible(character: char) -> bool {
    let (no_break, soft_hyphen) = ('\u{a0}', '\u{ad}');
    let without_width = '\u{200b}'..='\u{200f}';
    let directions = '\u{202a}'..='\u{202e}';
    [no_break, soft_hyphen, '\u{2007}', '\u{202f}', '\u{2060}', '\u{feff}'].contains(&character)
        || without_width.contains(&character)
        || directions.contains(&character)
}

#[cfg(test)]
mod tests {
    use super::{Tally, class_of};

    fn message(rows: impl IntoIterator<Item = u64>) -> String {
        let mut tally = Tally::error("x", "unknown value");
        for row in rows {
            tally.add(row);
        }
        tally.finding("a.csv", "q").map_or_else(String::new, |finding| finding.to_string())
    }

    #[test]
    fn few_rows_are_all_named_and_many_are_counted() {
        assert_eq!(message([]), "");
        assert_eq!(message([5]), r#"a.csv: row 5, column "q": unknown value"#);
        assert_eq!(message([9, 5]), r#"a.csv: row 5, column "q": unknown value (rows 5 and 9)"#);
        assert_eq!(message(2..7), r#"a.csv: row 2, column "q": unknown value (rows 2, 3, 4, 5 and 6)"#);
        assert_eq!(message((0..41).rev()), r#"a.csv: row 0, column "q": unknown value (rows 0, 1, 2 and 38 more)"#);
    }

    #[test]
    fn a_value_is_never_shown_unless_it_is_a_short_number() {
        assert_eq!(class_of("7"), "\"7\"");
        assert_eq!(class_of("999"), "\"999\"");
        assert_eq!(class_of("2705881234"), "a number");
        assert_eq!(class_of("3,5"), "a number");
        assert_eq!(class_of("A1"), "an unlisted code");
        assert_eq!(class_of("Bo"), "a text of 2 characters");
        assert_eq!(class_of("bo@kommune.dk"), "a text of 13 characters");
        assert_eq!(class_of("ø"), "a text of 1 character");
        assert_eq!(class_of(""), "an empty cell");
    }
}
