//! Any data file, without a codebook: delimited text whose columns get the types that all of their cells have.
//!
//! The file is UTF-8 with one header row; a byte order mark is accepted. The delimiter is found out among `,`, `;`, tab and
//! `|`; the decimal mark is a point, or in a file cut at `;` the comma where that makes at least as many columns numbers, in one cut at
//! tab or `|` where it makes more and they cannot be thousands. A
//! cell without text is missing, and so is `NA` without quotes, as R writes it; `"NA"` in quotes is a text. Blanks around a
//! cell are not part of it. A column without a name, such as R's row names, cannot be asked for and is left out.
//!
//! A column holds numbers if every cell that is not missing is a decimal number, conditions if all are TRUE or FALSE, dates if all
//! are such as `2019-12-31`, and else text. Whole numbers with leading zeros are codes, such as municipality `0101` or industry `01`: one
//! of them makes the column text, since `01` and `1` may be two things. Numbers keep their digits. Nothing is guessed from a part of
//! the rows, and nothing a respondent wrote is ever shown.

mod delimiter;

use std::collections::BTreeMap;
use std::io::Write;
use std::num::NonZeroUsize;
use std::ops::Range;

use codebook::{
    ColumnKind, Decimal, DecimalError, FileColumn, FileColumns, Finding, Missing, Place, Severity, SurveyTool,
};

use crate::IngestError;
use crate::array::{DecimalFormat, NamedRows, Values, days};
use crate::column::{Cell, Cells};
use crate::decode::decode;
use crate::delimited::{DataFile, Format, FormatSource, Records, Wanted};
use crate::format::{FileFormat, foreign};
use crate::raw::RawColumn;
use crate::tally::{Tally, class_of, counted};
use crate::texts::Texts;
pub(crate) use delimiter::{delimiter, one_column};

/// The most digits of a decimal column, which leaves the SQL engine all the room it has.
const PRECISION: u8 = 38;

/// A data file whose columns have types. Only [`data_file`] makes one.
#[derive(Clone)]
pub struct TypedFile {
    rows: usize,
    columns: Vec<TypedColumn>,
    warnings: Vec<Finding>,
}

/// One column: its distinct values, and which of them each row has.
#[derive(Clone)]
struct TypedColumn {
    name: String,
    values: Values,
    cells: Cells,
}

impl TypedFile {
    /// Its columns with their kinds, in the file's order.
    #[must_use]
    pub fn columns(&self) -> FileColumns {
        let columns = self.columns.iter();
        FileColumns::new(columns.map(|column| FileColumn { name: column.name.clone(), kind: column.kind() }).collect())
    }

    /// The number of rows, the header not counted.
    #[must_use]
    pub fn rows(&self) -> u64 {
        counted(self.rows)
    }

    /// What a person should know: columns that would hold numbers but for a few cells.
    #[must_use]
    pub fn warnings(&self) -> &[Finding] {
        &self.warnings
    }

    /// The file as Parquet: columns named as in the file, numbers as `DECIMAL(38, scale)` with the most decimals that any cell has
    /// (as doubles where 38 digits do not hold them), conditions as booleans, dates as days, everything else as text. Row
    /// groups of equal size; the same bytes for the same cells.
    ///
    /// # Errors
    /// When Parquet cannot be encoded.
    pub fn parquet(&self) -> Result<Vec<u8>, IngestError> {
        let mut file = Vec::new();
        self.write_parquet(&mut file)?;
        Ok(file)
    }

    /// The same, written piece by piece.
    ///
    /// # Errors
    /// When Parquet cannot be encoded or written.
    pub fn write_parquet(&self, into: impl Write + Send) -> Result<(), IngestError> {
        crate::parquet::write(into, self.rows, BTreeMap::new(), (&|rows| self.batch(rows), NonZeroUsize::MIN))
    }

    fn batch(&self, rows: Range<usize>) -> Result<Vec<NamedRows>, IngestError> {
        let columns = self.columns.iter();
        columns
            .map(|column| Ok((column.name.clone(), column.values.rows(column.cells.piece(rows.clone()))?, true)))
            .collect()
    }
}

impl TypedColumn {
    fn kind(&self) -> ColumnKind {
        match self.values {
            Values::Codes(_) | Values::Text(_) => ColumnKind::Text,
            Values::Decimal(..) | Values::Double(_) => ColumnKind::Number,
            Values::Boolean(_) => ColumnKind::Condition,
            Values::Date(_) => ColumnKind::Date,
        }
    }
}

/// Reads a data file, see the types of its columns in [`TypedFile::columns`]. `path_shown` is how findings call it.
///
/// # Errors
/// Every finding that keeps the file from being read: bytes that are not UTF-8, no header, no rows, two columns of one name, rows
/// with more or fewer cells than the header, a quote that is never closed. Each names row and column where it can.
pub fn data_file(path_shown: &str, bytes: &[u8]) -> Result<TypedFile, Vec<Finding>> {
    data_file_with_marks(path_shown, bytes, &[])
}

/// The same, where these texts, too, are missing values: `.` or `-99`, say. They are compared with whole cells.
///
/// # Errors
/// As [`data_file`].
pub fn data_file_with_marks(path_shown: &str, bytes: &[u8], missing: &[String]) -> Result<TypedFile, Vec<Finding>> {
    let mut findings = Vec::new();
    let data = read(path_shown, bytes, &mut findings);
    findings.sort();
    let (Some((mut data, delimiter)), true) = (data, findings.iter().all(|f| f.severity != Severity::Error)) else {
        return Err(findings);
    };
    let names: Vec<String> = data.names().map(str::to_owned).collect();
    let mut raw: Vec<(String, RawColumn)> =
        names.into_iter().filter_map(|name| data.take_column(&name).map(|column| (name, column))).collect();
    let is_missing = |value: &str| missing.iter().any(|mark| mark == value);
    for (_, column) in raw.iter_mut().filter(|(_, column)| column.values().iter().any(is_missing)) {
        *column = column.mapped(|value| if is_missing(value) { "" } else { value });
    }
    let mark = decimal_mark(delimiter, &raw);
    let rows = data.row_numbers.len();
    let mut columns = Vec::new();
    for (name, column) in raw {
        let values = typed(column.values(), mark);
        if let Values::Codes(_) | Values::Text(_) = values {
            findings.extend(codes(&data, &name, &column, mark).or_else(|| almost_numbers(&data, &name, &column, mark)));
        }
        columns.push(TypedColumn { name, values, cells: cells(&column) });
    }
    Ok(TypedFile { rows, columns, warnings: findings })
}

/// The raw columns and the delimiter that cuts them.
fn read(path: &str, bytes: &[u8], findings: &mut Vec<Finding>) -> Option<(DataFile, u8)> {
    let format = Format {
        encoding: encoding_rs::UTF_8,
        delimiter: b',',
        source: FormatSource::File,
        decimal_mark: '.',
        tool: SurveyTool::Plain,
    };
    if let Some(finding) = foreign::finding(path, bytes).or_else(|| another_format(path, bytes)) {
        findings.push(finding);
        return None;
    }
    let decoded = decode(path, bytes, format, findings)?;
    let delimiter = delimiter(&decoded.text);
    let header = Records::new(&decoded.text, delimiter).first(1).pop().unwrap_or_default();
    if !decoded.malformed && !header.is_empty() && holds_no_names(&header) {
        let place = Place::Cell { file: path.to_owned(), row: 1, column: "number 1".to_owned() };
        let message = "the first row holds values, expected the names of the columns";
        findings.push(Finding::error(place, "no-header", message).hint("put the names into a row of their own"));
        return None;
    }
    findings.extend(one_column(path, &decoded.text));
    let data = DataFile::read_text(path, &decoded, Format { delimiter, ..format }, Wanted::Every, findings)?;
    Some((data, delimiter))
}

/// A finding about a file that a wave may have and that is no text.
fn another_format(path: &str, bytes: &[u8]) -> Option<Finding> {
    let format = FileFormat::of(path, bytes);
    // The first column of a text may be called PAR1; behind the mark of Parquet stands a control character.
    let is_text = format == FileFormat::Parquet && bytes.get(4).is_some_and(|next| !next.is_ascii_control());
    let message = || format!("the file is of another format ({}), expected delimited text or Parquet", format.name());
    let finding = || Finding::error(Place::File { file: path.to_owned() }, "no-data-file", message());
    (format != FileFormat::Delimited && !is_text).then(|| finding().hint("save the data as CSV"))
}

/// Whether a first row cannot be a header: no cell has text, all are values, or one is a value that nobody calls a column.
/// `2019` alone may be a name.
pub(crate) fn holds_no_names(header: &[String]) -> bool {
    let mut cells = header.iter().filter(|cell| !cell.is_empty()).peekable();
    let is_number = |cell: &str| [',', '.'].into_iter().any(|mark| Number::read(cell, mark).is_some());
    let is_value = |cell: &str| is_number(cell) || condition(cell).is_some() || days(cell).is_some();
    let is_no_name = |cell: &str| is_number(cell) && !cell.bytes().all(|byte| byte.is_ascii_digit());
    cells.peek().is_none() || header.iter().any(|cell| is_no_name(cell)) || cells.all(|cell| is_value(cell))
}

/// The mark that makes more columns numbers. In a file cut at `;` it is the comma when both make as many, since that is what the
/// comma was kept free for. In one cut at tab or `|` it must make more, and not only columns in which each comma may
/// set off thousands, as in `1,250`. In a file cut at commas it is the point.
fn decimal_mark(delimiter: u8, columns: &[(String, RawColumn)]) -> char {
    let of = |mark| columns.iter().filter(move |(_, column)| numbers(column.values(), mark).is_some());
    // Columns of numbers decide; where a slip spoils a column by either mark, the cells that have one do.
    let cells = |mark| {
        let values = columns.iter().flat_map(|(_, column)| column.values().iter());
        values.filter(|value| value.contains(mark) && Number::read(value, mark).is_some()).count()
    };
    let weigh = |mark| (of(mark).count(), cells(mark));
    let (with_comma, with_point) = (weigh(','), weigh('.'));
    let surely_decimals = || of(',').any(|(_, column)| column.values().iter().any(is_surely_decimal));
    let comma = match delimiter {
        b';' => with_comma >= with_point,
        b'\t' | b'|' => with_comma.0 > with_point.0 && surely_decimals(),
        _ => false,
    };
    if comma { ',' } else { '.' }
}

/// Whether the comma of a number cannot set off thousands: other than three digits follow it, or nothing but a 0 goes before.
fn is_surely_decimal(cell: &str) -> bool {
    let Some((whole, decimals)) = cell.split_once(',') else { return false };
    decimals.len() != 3 || matches!(whole.trim_start_matches(['+', '-']), "" | "0")
}

/// The values of a column, of the type that all of them have. Empty ones are missing.
fn typed(values: &Texts, mark: char) -> Values {
    let all = || values.iter().map(|value| Some(value).filter(|text| !text.is_empty()));
    if let Some(numbers) = numbers(values, mark)
        && !values.iter().any(is_code)
    {
        return number_values(&numbers);
    }
    if let Some(conditions) = each(all(), condition) {
        return Values::Boolean(conditions);
    }
    if let Some(dates) = each(all(), days) {
        return Values::Date(dates);
    }
    Values::text(all())
}

/// Every text read, unless one cannot be. What is missing stays so.
fn each<'t, T>(
    texts: impl Iterator<Item = Option<&'t str>>,
    read: impl Fn(&str) -> Option<T>,
) -> Option<Vec<Option<T>>> {
    texts.map(|text| text.map_or(Some(None), |text| read(text).map(Some))).collect()
}

/// A number of a file.
#[derive(Debug, Clone, Copy)]
enum Number {
    /// With all of its digits.
    Exact(Decimal),
    /// The nearest double of one with too many.
    Nearest(f64),
}

impl Number {
    /// Reads a decimal number. Some programs leave out the zero in front of the mark.
    fn read(text: &str, mark: char) -> Option<Self> {
        let digits = text.trim_start_matches(['+', '-']);
        let without_zero = digits.starts_with(mark) && text.len() - digits.len() <= 1;
        let completed = without_zero.then(|| text.replacen(mark, &format!("0{mark}"), 1));
        let text = completed.as_deref().unwrap_or(text);
        match Decimal::parse(text, mark) {
            Ok(number) => Some(Self::Exact(number)),
            Err(DecimalError::NotANumber) => None,
            // A whole number as long as that is an id or a code: two of them may have the same nearest double.
            Err(DecimalError::TooManyDigits) if text.bytes().all(|byte| byte.is_ascii_digit()) => None,
            Err(DecimalError::TooManyDigits) => nearest(&text.replace(mark, ".")).map(Self::Nearest),
        }
    }
}

fn nearest(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// The numbers of a column, unless a cell with text is none.
fn numbers(values: &Texts, mark: char) -> Option<Vec<Option<Number>>> {
    let texts = values.iter().map(|value| Some(value).filter(|text| !text.is_empty()));
    each(texts, |text| Number::read(text, mark))
}

/// Whether a cell is a whole number with leading zeros. Nobody counts or measures so; with decimals it may be padded output, `01.50`.
fn is_code(text: &str) -> bool {
    text.len() > 1 && text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Decimals at the largest scale of a column, or doubles if 38 digits do not hold all of them there.
fn number_values(numbers: &[Option<Number>]) -> Values {
    let exact = |number: &Option<Number>| match number {
        Some(Number::Exact(number)) => Some(*number),
        Some(Number::Nearest(_)) | None => None,
    };
    let scale = numbers.iter().filter_map(exact).map(Decimal::scale).max().unwrap_or(0);
    let units: Option<Vec<Option<i128>>> = numbers
        .iter()
        .map(|number| match number {
            None => Some(None),
            Some(Number::Exact(number)) => number.units_at(scale).map(Some),
            Some(Number::Nearest(_)) => None,
        })
        .collect();
    let double = |number: &Option<Number>| match number {
        Some(Number::Exact(number)) => nearest(&number.to_string()),
        Some(Number::Nearest(number)) => Some(*number),
        None => None,
    };
    match units {
        Some(units) => Values::Decimal(units, DecimalFormat { precision: PRECISION, scale }),
        None => Values::Double(numbers.iter().map(double).collect()),
    }
}

fn condition(text: &str) -> Option<bool> {
    let is = |word: &str| text.eq_ignore_ascii_case(word);
    is("TRUE").then_some(true).or(is("FALSE").then_some(false))
}

/// The number of each row's value, or that it has none.
fn cells(column: &RawColumn) -> Cells {
    let numbered: Vec<Cell> = column
        .values()
        .iter()
        .enumerate()
        .map(|(number, text)| if text.is_empty() { Cell::missing(Missing::Blank) } else { Cell::value(number) })
        .collect();
    Cells::of(numbered.len(), (0..column.rows()).map(|row| numbered[column.index(row)]))
}

/// The cells whose leading zeros alone keep a column from holding numbers.
fn codes(data: &DataFile, name: &str, column: &RawColumn, mark: char) -> Option<Finding> {
    numbers(column.values(), mark)?;
    let statement = "whole number with leading zeros, so the column is read as text and `01` is not `1`";
    let mut tally = Tally::warning("codes", statement).hint("if they are quantities, write them without the zeros");
    for (row, number) in data.row_numbers.iter().enumerate() {
        if is_code(column.value(row)) {
            tally.add(*number);
        }
    }
    tally.finding(&data.path, name)
}

/// How the class of a number in another notation begins.
const NUMBER: &str = "a number";

/// Whether it is a number but for marks between its thousands: a point, a comma, a blank or an apostrophe, other than the decimal mark.
fn sets_off_thousands(text: &str, mark: char) -> bool {
    let is_mark = |character: char| {
        character != mark && matches!(character, '.' | ',' | ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’')
    };
    let Some(between) = text.chars().find(|character| is_mark(*character)) else { return false };
    let whole = text.split(mark).next().unwrap_or_default();
    let mut groups = whole.trim_start_matches(['+', '-']).split(between);
    let first = groups.next().unwrap_or_default();
    let mut rest = groups.peekable();
    let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    rest.peek().is_some()
        && (1..=3).contains(&first.len())
        && digits(first)
        && rest.all(|group| group.len() == 3 && digits(group))
        && Number::read(&text.replace(between, ""), mark).is_some()
}

/// As many cells in a column of numbers look like slips, however short the file is.
const FEW: usize = 3;

/// The cells that keep a column from holding numbers, when they are at most one in ten, or a few among more numbers: often a mark for missing
/// answers.
fn almost_numbers(data: &DataFile, name: &str, column: &RawColumn, mark: char) -> Option<Finding> {
    let other = if mark == ',' { '.' } else { ',' };
    let classes: Vec<Option<String>> = column
        .values()
        .iter()
        .map(|text| match Number::read(text, mark) {
            _ if text.is_empty() => None,
            Some(_) => None,
            None if sets_off_thousands(text, mark) => Some(format!("{NUMBER} with marks for thousands")),
            None if Number::read(text, other).is_some() => Some(format!("{NUMBER} with {other:?} for decimal mark")),
            None => Some(class_of(text)),
        })
        .collect();
    let statement = format!("cell that is no number (decimal mark {mark:?}), so the column is read as text");
    let mut tally = Tally::warning("almost-numbers", statement);
    let (mut strays, mut filled) = (0_usize, 0_usize);
    for (row, number) in data.row_numbers.iter().enumerate() {
        filled += usize::from(!column.value(row).is_empty());
        if let Some(class) = &classes[column.index(row)] {
            strays += 1;
            tally.add_class(*number, class);
        }
    }
    // Numbers in another notation are no categories, however many there are.
    let are_numbers = classes.iter().flatten().all(|class| class.starts_with(NUMBER));
    let is_few = strays * 10 <= filled || (strays <= FEW && 2 * strays < filled) || are_numbers;
    is_few.then(|| tally.finding(&data.path, name)).flatten()
}

impl std::fmt::Debug for TypedFile {
    /// Its size: cells never reach a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut debug = f.debug_struct("TypedFile");
        debug.field("rows", &self.rows).field("columns", &self.columns.len()).finish()
    }
}
