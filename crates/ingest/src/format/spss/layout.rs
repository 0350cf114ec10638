//! What a dictionary means once the encoding of its texts is known: the columns, where each lies in a case, and how its bytes become text.

use std::borrow::Cow;
use std::collections::BTreeMap;

use encoding_rs::{Encoding, UTF_8};
use jiff::civil::{Date, date};

use super::bytes::Order;
use super::dictionary::{Dictionary, Kind, MissingForm, Variable, trimmed};
use super::{Fault, UNSTATED};
use crate::format::calendar;
use crate::raw::{About, DeclaredMissing, Storage, ValueLabel};

/// The day that SPSS counts seconds from: the Gregorian calendar began the day after.
const EPOCH: Date = date(1582, 10, 14);
/// What a variable of a very long text takes of it at most; so many bytes are used of the 256 that each has in a case.
const SEGMENT_BYTES: usize = 255;
/// By this SPSS counts how many variables a very long text needs, though each would hold more.
const SEGMENT_DIVISOR: usize = 252;
/// One set of value labels may serve many variables. More labels than this, counted for each, no survey has.
const LABELS_AT_MOST: usize = 2_000_000;
/// SPSS's names have at most 64 bytes.
const NAME_BYTES_AT_MOST: usize = 256;

/// The columns of a file.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) encoding: &'static Encoding,
    pub(super) columns: Vec<Column>,
    /// The name of the column that weights the cases.
    pub(super) weight: Option<String>,
}

/// A column and its place in a case.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) about: About,
    cells: Cells,
}

/// How the bytes of a case become a cell.
#[derive(Debug)]
enum Cells {
    Number {
        start: usize,
        shown: Shown,
        order: Order,
        system_missing: f64,
    },
    /// The places of the pieces, start and end.
    Text(Vec<(usize, usize)>),
}

/// What a number is shown as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Number,
    Day,
    Moment,
    Clock,
}

impl Shown {
    /// By the number of a print format, as PSPP's manual lists them.
    fn of(print_format: u8) -> Self {
        match print_format {
            // DATE, ADATE, JDATE, MOYR, QYR, WKYR, EDATE, SDATE.
            20 | 23 | 24 | 28 | 29 | 30 | 38 | 39 => Self::Day,
            // DATETIME, YMDHMS.
            22 | 41 => Self::Moment,
            // TIME, DTIME, MTIME.
            21 | 25 | 40 => Self::Clock,
            _ => Self::Number,
        }
    }

    fn storage(self) -> Storage {
        match self {
            Self::Number => Storage::Number,
            Self::Day => Storage::Date,
            Self::Moment => Storage::Moment,
            Self::Clock => Storage::Text,
        }
    }

    /// The text of a number; one that the calendar does not have stays a number.
    fn text(self, number: f64) -> String {
        let text = match self {
            Self::Number => None,
            Self::Day => calendar::day(EPOCH, number),
            Self::Moment => calendar::moment(EPOCH, number),
            Self::Clock => calendar::clock(number),
        };
        text.unwrap_or_else(|| calendar::decimal(number))
    }
}

impl Column {
    /// The cell of a case; `None` where its bytes are not of the encoding.
    pub(super) fn text<'c>(&self, case: &'c [u8], encoding: &'static Encoding) -> Option<Cow<'c, str>> {
        match &self.cells {
            Cells::Number { start, shown, order, system_missing } => {
                let number = order.double(*case[*start..].first_chunk().expect("a case has all its slots"));
                let is_missing = number.is_nan() || number.total_cmp(system_missing).is_eq();
                Some(if is_missing { Cow::Borrowed("") } else { Cow::Owned(shown.text(number)) })
            }
            Cells::Text(pieces) => match pieces.as_slice() {
                [(start, end)] => decoded(trimmed(&case[*start..*end]), encoding),
                pieces => {
                    let joined: Vec<u8> = pieces.iter().flat_map(|(start, end)| &case[*start..*end]).copied().collect();
                    decoded(trimmed(&joined), encoding).map(|text| Cow::Owned(text.into_owned()))
                }
            },
        }
    }
}

fn decoded<'b>(bytes: &'b [u8], encoding: &'static Encoding) -> Option<Cow<'b, str>> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes)
}

/// The encodings that the file's texts may have: the one that it states, or those that a file may have that states none.
pub(super) fn encodings(dictionary: &Dictionary<'_>) -> Result<Vec<&'static Encoding>, Fault> {
    let extensions = &dictionary.extensions;
    if let Some(name) = extensions.encoding {
        return Encoding::for_label(name)
            .map(|encoding| vec![encoding])
            .ok_or_else(|| Fault::Encoding(shown_name(name)));
    }
    match extensions.code_page {
        // EBCDIC and ASCII, which SPSS wrote whatever the encoding was.
        None | Some(..=3) => Ok(UNSTATED.to_vec()),
        Some(page) => {
            of_code_page(page).map(|encoding| vec![encoding]).ok_or(Fault::Encoding(format!("code page {page}")))
        }
    }
}

/// The encoding of a code page of Windows. Those of DOS are not among the encodings of the web, so they have no decoder here.
fn of_code_page(page: i32) -> Option<&'static Encoding> {
    let label = match page {
        65001 => "utf-8".to_owned(),
        1250..=1258 => format!("windows-{page}"),
        28591..=28606 => format!("iso-8859-{}", page - 28590),
        866 | 874 => format!("ibm{page}").replace("ibm874", "windows-874"),
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        10000 => "macintosh".to_owned(),
        _ => return None,
    };
    Encoding::for_label(label.as_bytes())
}

/// A name that a file gives, such that it does no harm on a terminal.
fn shown_name(name: &[u8]) -> String {
    let shown: String =
        name.iter().take(40).map(|byte| if byte.is_ascii_graphic() { char::from(*byte) } else { '?' }).collect();
    format!("{shown:?}")
}

impl Layout {
    pub(super) fn new(dictionary: &Dictionary<'_>, encoding: &'static Encoding) -> Result<Self, Fault> {
        let naming = Naming::new(dictionary, encoding)?;
        let mut columns = Vec::new();
        let mut places = Places::default();
        let mut variables = dictionary.variables.as_slice();
        while let Some((variable, rest)) = variables.split_first() {
            let further = naming.length(variable).map_or(1, |length| length.div_ceil(SEGMENT_DIVISOR)) - 1;
            let (further, rest) =
                rest.split_at_checked(further).ok_or(Fault::Damaged("a very long text without its variables"))?;
            variables = rest;
            let column = naming.column(dictionary, variable, further)?;
            places.add(columns.len(), variable, &column.about.name)?;
            columns.push(column);
        }
        let weight = match dictionary.weight_slot {
            None => None,
            Some(slot) => {
                let position = places.slots.get(&slot).ok_or(Fault::Damaged("a weight that is no variable"))?;
                Some(columns[*position].about.name.clone())
            }
        };
        let mut layout = Self { encoding, columns, weight };
        layout.add_labels(dictionary, &places)?;
        layout.add_sets(dictionary, &places)?;
        layout.add_what_is_long(dictionary, &places)?;
        Ok(layout)
    }

    /// Value labels of numbers and short texts, which name variables by their slots.
    fn add_labels(&mut self, dictionary: &Dictionary<'_>, places: &Places) -> Result<(), Fault> {
        let mut total = 0;
        for set in &dictionary.label_sets {
            for slot in &set.slots {
                total += set.labels.len();
                if total > LABELS_AT_MOST {
                    return Err(Fault::TooLarge);
                }
                let position = *places.slots.get(slot).ok_or(Fault::Damaged("value labels without a variable"))?;
                let column = &mut self.columns[position];
                for (value, label) in &set.labels {
                    let value = column.cells.value(value, self.encoding)?;
                    let label = label_text(label, self.encoding, "a value label")?;
                    column.about.value_labels.push(ValueLabel { value, label });
                }
            }
        }
        Ok(())
    }

    fn add_sets(&mut self, dictionary: &Dictionary<'_>, places: &Places) -> Result<(), Fault> {
        for set in &dictionary.extensions.sets {
            let name = text(set.name, self.encoding, "the name of a multiple-response set")?;
            if name.len() > NAME_BYTES_AT_MOST {
                return Err(Fault::Damaged("the name of a multiple-response set is too long"));
            }
            for position in set.variables.iter().filter_map(|variable| places.named(variable, self.encoding)) {
                // A column tells one set: the first that the file states.
                self.columns[position].about.multiple_response_set.get_or_insert_with(|| name.clone());
            }
        }
        Ok(())
    }

    /// Labels and missing values of texts longer than 8 bytes, which name their variables.
    fn add_what_is_long(&mut self, dictionary: &Dictionary<'_>, places: &Places) -> Result<(), Fault> {
        let encoding = self.encoding;
        for long in &dictionary.extensions.long_labels {
            let position =
                places.named(long.variable, encoding).ok_or(Fault::Damaged("value labels without a variable"))?;
            for (value, label) in &long.labels {
                let value = text(value, encoding, "a labelled value")?;
                let label = label_text(label, encoding, "a value label")?;
                self.columns[position].about.value_labels.push(ValueLabel { value, label });
            }
        }
        for long in &dictionary.extensions.long_missing {
            let position =
                places.named(long.variable, encoding).ok_or(Fault::Damaged("missing values without a variable"))?;
            for value in &long.values {
                let value = text(value, encoding, "a missing value")?;
                self.columns[position].about.missing.push(DeclaredMissing::Value(value));
            }
        }
        Ok(())
    }
}

/// Where the columns are, by all that a file calls them.
#[derive(Default)]
struct Places {
    /// By the first slot in a case.
    slots: BTreeMap<usize, usize>,
    /// By the short name in capitals.
    short: BTreeMap<Vec<u8>, usize>,
    /// By the long name in capitals.
    long: BTreeMap<String, usize>,
}

impl Places {
    fn add(&mut self, position: usize, variable: &Variable<'_>, name: &str) -> Result<(), Fault> {
        self.slots.insert(variable.slot, position);
        self.short.insert(variable.name.to_ascii_uppercase(), position);
        match self.long.insert(name.to_uppercase(), position) {
            None => Ok(()),
            Some(_) => Err(Fault::Damaged("two variables of one name")),
        }
    }

    /// The column that a record names, by its short or its long name.
    fn named(&self, name: &[u8], encoding: &'static Encoding) -> Option<usize> {
        let by_short = self.short.get(&name.to_ascii_uppercase());
        let by_long = || self.long.get(&decoded(trimmed(name), encoding)?.to_uppercase());
        by_short.or_else(by_long).copied()
    }
}

impl Cells {
    /// A value of the dictionary, as the cells have it.
    fn value(&self, value: &[u8; 8], encoding: &'static Encoding) -> Result<String, Fault> {
        match self {
            Self::Number { shown, order, .. } => Ok(shown.text(order.double(*value))),
            Self::Text(_) => text(value, encoding, "a labelled or missing value"),
        }
    }
}

/// How a file calls its variables.
struct Naming {
    encoding: &'static Encoding,
    /// Long names by short ones in capitals.
    long: BTreeMap<Vec<u8>, String>,
    /// Lengths of very long texts by short names in capitals.
    lengths: BTreeMap<Vec<u8>, usize>,
}

impl Naming {
    fn new(dictionary: &Dictionary<'_>, encoding: &'static Encoding) -> Result<Self, Fault> {
        let extensions = &dictionary.extensions;
        let mut long = BTreeMap::new();
        for (short, name) in &extensions.long_names {
            long.insert(short.to_ascii_uppercase(), text(name, encoding, "the name of a variable")?);
        }
        let lengths =
            extensions.very_long.iter().map(|(short, length)| (short.to_ascii_uppercase(), *length)).collect();
        Ok(Self { encoding, long, lengths })
    }

    /// The name that people know a variable by.
    fn name(&self, short: &[u8]) -> Result<String, Fault> {
        match self.long.get(&short.to_ascii_uppercase()) {
            Some(long) => Ok(long.clone()),
            None => text(short, self.encoding, "the name of a variable"),
        }
    }

    /// The length of a text, where it is too long for one variable.
    fn length(&self, variable: &Variable<'_>) -> Option<usize> {
        self.lengths.get(&variable.name.to_ascii_uppercase()).copied().filter(|length| *length > SEGMENT_BYTES)
    }

    /// A column of one variable, or of a very long text that goes on in the variables `further`.
    fn column(
        &self,
        dictionary: &Dictionary<'_>,
        variable: &Variable<'_>,
        further: &[Variable<'_>],
    ) -> Result<Column, Fault> {
        let shown = Shown::of(variable.print_format);
        let (storage, cells) = match variable.kind {
            Kind::Number if further.is_empty() => {
                let system_missing = dictionary.extensions.system_missing.unwrap_or(f64::MIN);
                let cells = Cells::Number { start: variable.slot * 8, shown, order: dictionary.order, system_missing };
                (shown.storage(), cells)
            }
            Kind::Number => return Err(Fault::Damaged("a number that is a very long text")),
            Kind::Text(width) => {
                let length = self.length(variable).unwrap_or(width);
                (Storage::Text, Cells::Text(pieces(length, variable, further)?))
            }
        };
        let label =
            variable.label.map(|label| label_text(label, self.encoding, "the label of a variable")).transpose()?;
        let about = About {
            name: self.name(variable.name)?,
            label: label.filter(|label| !label.is_empty()),
            storage,
            missing: missing(variable, &cells, dictionary.order, self.encoding)?,
            ..About::default()
        };
        Ok(Column { about, cells })
    }
}

/// Where the pieces of a text lie in a case.
fn pieces(length: usize, first: &Variable<'_>, further: &[Variable<'_>]) -> Result<Vec<(usize, usize)>, Fault> {
    let mut left = length;
    let mut pieces = Vec::new();
    for variable in std::iter::once(first).chain(further) {
        if variable.kind == Kind::Number {
            return Err(Fault::Damaged("a number within a very long text"));
        }
        let used = left.min(SEGMENT_BYTES).min(variable.kind.slots() * 8);
        left -= used;
        pieces.push((variable.slot * 8, variable.slot * 8 + used));
    }
    if left == 0 { Ok(pieces) } else { Err(Fault::Damaged("a very long text shorter than it says")) }
}

/// The values that a variable declares missing.
fn missing(
    variable: &Variable<'_>,
    cells: &Cells,
    order: Order,
    encoding: &'static Encoding,
) -> Result<Vec<DeclaredMissing>, Fault> {
    let (range, values) = match (variable.missing_form, variable.missing.as_slice()) {
        (MissingForm::Range, [low, high, rest @ ..]) => (Some((order.double(*low), order.double(*high))), rest),
        (MissingForm::Range | MissingForm::Values, values) => (None, values),
    };
    // The ends of doubles stand for what SPSS calls LOWEST and HIGHEST. PSPP writes the second lowest, since the lowest is a missing cell.
    let range = range.map(|(low, high)| DeclaredMissing::Range {
        low: if low <= f64::MIN.next_up() { f64::NEG_INFINITY } else { low },
        high: if high >= f64::MAX { f64::INFINITY } else { high },
    });
    let values = values.iter().map(|value| cells.value(value, encoding).map(DeclaredMissing::Value));
    range.map(Ok).into_iter().chain(values).collect()
}

/// A text of the dictionary.
fn text(bytes: &[u8], encoding: &'static Encoding, what: &'static str) -> Result<String, Fault> {
    decoded(trimmed(bytes), encoding).map(Cow::into_owned).ok_or(Fault::Text { what, encoding })
}

/// A label. Programs cut labels to so many bytes, which may leave the beginning of a letter at the end; it is left out.
fn label_text(bytes: &[u8], encoding: &'static Encoding, what: &'static str) -> Result<String, Fault> {
    let bytes = match std::str::from_utf8(bytes) {
        Err(error) if encoding == UTF_8 && error.error_len().is_none() => &bytes[..error.valid_up_to()],
        Ok(_) | Err(_) => bytes,
    };
    text(bytes, encoding, what)
}
