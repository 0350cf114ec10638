//! What a column is, by its name and by what its cells have in common.

use codebook::ColumnClass;
use serde::{Serialize, Serializer};

use super::class::Known;
use super::own_words::Texts;
use super::personal::{self, Personal};
use super::persons::{self, Seen};
use super::profile::{Counted, Profile, Tally};
use crate::raw::{About, ValueLabel};

/// One column of an inspected file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InspectedColumn {
    /// Its name in the header; empty where it has none.
    pub name: String,
    /// The wording of its question, where the file tells it.
    pub label: Option<String>,
    /// The multiple-response set that it is an option of, where the file tells.
    pub multiple_response_set: Option<String>,
    /// How near it stands to who answered.
    #[serde(serialize_with = "as_name")]
    pub class: ColumnClass,
    /// What its cells are.
    pub content: Content,
    /// What it tells about who answered.
    pub personal: Option<Personal>,
    /// Rows with an empty cell.
    pub missing: u64,
    /// Different values; `None` when they are more than [`VALUES_AT_MOST`](super::VALUES_AT_MOST).
    pub distinct: Option<usize>,
    /// The decimal mark of a column of numbers, if they have decimals.
    pub decimal_mark: Option<char>,
    /// Why its numbers cannot all be read with one decimal mark.
    pub mark_conflict: Option<MarkConflict>,
    /// Cells that are no number in a column of numbers.
    pub strays: u64,
    /// Whole numbers with zeros in front, such as `0101`, in a column of numbers: codes, of which there are too many to list.
    pub zeros_in_front: u64,
    /// What its days with slashes tell of their order; `None` where it has none.
    pub day_order: Option<DayOrder>,
    /// Its codes with their words and counts, in order. Empty unless `content` is `Code`, `Constant` or `Condition`; always
    /// empty when it tells who answered.
    pub codes: Vec<InspectedCode>,
    /// Marks for a missing answer, such as `NA`, with their counts.
    pub missing_marks: Vec<InspectedCode>,
}

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// Every cell is empty.
    Empty,
    /// Every cell that is not empty is the same.
    Constant,
    /// One of few values that come again and again.
    Code,
    /// TRUE and FALSE.
    Condition,
    /// Numbers.
    Number,
    /// A day.
    Date,
    /// A day with a time.
    Moment,
    /// A value of its own in every row: it may identify the unit.
    UniqueId,
    /// Words of the respondents' own.
    Text,
}

/// In which order the days of a column stand that are written with slashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DayOrder {
    /// As `31/12/2019`.
    DayFirst,
    /// As `12/31/2019`.
    MonthFirst,
    /// No day tells: both numbers are at most 12 in all of them.
    Open,
    /// Some can only be read with the day first, others only with the month.
    Mixed,
}

/// One value of a column of codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InspectedCode {
    /// The value as the file has it.
    pub value: String,
    /// Its words, where the file tells them.
    pub label: Option<String>,
    /// Rows that have it.
    pub count: u64,
    /// Whether it is listed among codes though the file declares it to mean no answer.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub declared_missing: bool,
}

/// Cells of one column whose decimal marks differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct MarkConflict {
    /// Cells with a point.
    pub points: u64,
    /// Cells with a comma.
    pub commas: u64,
    /// Cells with both, of which one groups thousands.
    pub grouped: u64,
}

/// Integers with more digits than this are no codes.
const CODE_AT_MOST: i64 = 9999;
/// Integers that are codes however they are spread, such as 1, 2, 3, 88, 99.
const SPREAD_CODES_AT_MOST: usize = 12;
/// The longest text that may identify a unit: a UUID in braces.
const IDENTIFIER_LENGTH: usize = 40;

impl InspectedColumn {
    /// Describes a column. `rows` is how many the file has.
    pub(super) fn of(about: About, profile: &Profile, rows: u64) -> Self {
        let tally = profile.tally();
        let (name, question, labels) = (&about.name, about.label.as_deref(), &about.value_labels);
        let view = View { name, question, labels, profile, tally: &tally, rows };
        let personal = view.personal();
        let content = view.content();
        let is_listed = matches!(content, Content::Code | Content::Constant | Content::Condition);
        let codes = if is_listed && personal.is_none() { view.codes() } else { Vec::new() };
        let decimal_mark = view.decimal_mark().filter(|_| content == Content::Number);
        let mark_conflict = view.mark_conflict();
        let strays = if content == Content::Number { tally.cells() - tally.numbers() } else { 0 };
        let zeros_in_front = if content == Content::Number { tally.zeros_in_front } else { 0 };
        let day_order = view.day_order().filter(|_| matches!(content, Content::Date | Content::Moment));
        let missing_marks = view.missing_marks();
        let distinct = profile.values.as_ref().map(Vec::len);
        let missing = profile.missing;
        let class = Known { name: &about.name, content, is_personal: personal.is_some(), missing }.class();
        Self {
            name: about.name,
            label: about.label,
            multiple_response_set: about.multiple_response_set,
            class,
            content,
            personal,
            missing,
            distinct,
            decimal_mark,
            mark_conflict,
            strays,
            zeros_in_front,
            day_order,
            codes,
            missing_marks,
        }
    }
}

impl InspectedColumn {
    /// Looks again at whom it may tell of, when its question and the words of its codes have become known.
    pub(super) fn look_at_words(&mut self) {
        let words = self.codes.iter().map(|code| code.label.as_deref().unwrap_or(&code.value));
        self.personal = self.personal.or_else(|| persons::by_words(&self.name, self.label.as_deref(), words));
        if self.personal.is_some() {
            self.class = ColumnClass::DirectIdentifier;
            self.codes.clear();
        }
    }
}

/// A column with all that was seen of it.
struct View<'v> {
    name: &'v str,
    question: Option<&'v str>,
    labels: &'v [ValueLabel],
    profile: &'v Profile,
    tally: &'v Tally,
    rows: u64,
}

impl View<'_> {
    /// What it tells about who answered.
    fn personal(&self) -> Option<Personal> {
        let values = self.values();
        let Self { name, question, labels, tally, profile, .. } = *self;
        let (is_labelled, is_unique) = (self.is_labelled(), profile.is_unique());
        Seen { name, question, labels, is_labelled, values: values.as_deref(), tally, is_unique }.personal()
    }

    fn content(&self) -> Content {
        let tally = self.tally;
        let cells = tally.cells();
        if cells == 0 {
            return Content::Empty;
        }
        if self.is_labelled() {
            return Content::Code;
        }
        if self.is_constant() {
            return Content::Constant;
        }
        if tally.conditions == cells {
            return Content::Condition;
        }
        if self.is_identifier() {
            return Content::UniqueId;
        }
        if tally.dates == cells {
            return Content::Date;
        }
        if tally.dates + tally.moments == cells {
            return Content::Moment;
        }
        if self.is_coded() {
            return Content::Code;
        }
        // A few words among numbers are told as strays.
        if tally.numbers() * 10 >= cells * 9 { Content::Number } else { Content::Text }
    }

    /// The different values that are no mark for a missing answer.
    fn values(&self) -> Option<Vec<&Counted>> {
        let is_mark = |value: &Counted| self.tally.marks.contains_key(&value.value);
        self.profile.values.as_ref().map(|values| values.iter().filter(|value| !is_mark(value)).collect())
    }

    /// Whether the file has words for every value.
    fn is_labelled(&self) -> bool {
        let is_known = |value: &&Counted| self.labels.iter().any(|label| *label.value == *value.value);
        !self.labels.is_empty() && self.values().is_some_and(|values| values.iter().all(is_known))
    }

    /// Whether all filled cells are the same. A text that only some rows have may be an answer in someone's own words.
    fn is_constant(&self) -> bool {
        let tally = self.tally;
        let cells = tally.cells();
        let is_answer = tally.texts == 0 || (cells * 2 > self.rows && !personal::is_open_text(self.name));
        self.values().is_some_and(|values| values.len() == 1) && cells > 1 && is_answer
    }

    fn is_identifier(&self) -> bool {
        let tally = self.tally;
        let cells = tally.cells();
        // Programs that hold a number as a decimal write 10001.0.
        let is_of_kind = tally.integers + tally.whole + tally.texts == cells && tally.longest <= IDENTIFIER_LENGTH;
        if !self.profile.is_unique() || cells != self.profile.filled || !is_of_kind {
            return false;
        }
        let is_named = personal::is_identifier(self.name) && !personal::is_open_text(self.name);
        if tally.texts == 0 {
            let is_counted = tally.range.is_some_and(|(low, high)| {
                u64::try_from(high.saturating_sub(low)).is_ok_and(|span| span < cells.saturating_mul(2))
            });
            return is_named || is_counted || (tally.longest == tally.shortest && tally.longest >= 4);
        }
        let has_digits = tally.with_digit * 10 >= cells * 9;
        tally.with_blank == 0 && (is_named || (has_digits && !personal::is_open_text(self.name)))
    }

    /// Whether its values are few and come again.
    fn is_coded(&self) -> bool {
        let tally = self.tally;
        let Some(values) = self.values() else { return false };
        let distinct = crate::tally::counted(values.len());
        let comes_again = tally.cells() >= distinct * 2;
        let has_decimals = tally.points + tally.commas + tally.grouped > tally.whole;
        let is_day = tally.dates + tally.moments > 0;
        if !comes_again || has_decimals || is_day {
            return false;
        }
        if tally.texts + tally.conditions == 0 {
            let (low, high) = tally.range.unwrap_or((0, 0));
            let is_dense = (0..=1).contains(&low) && u64::try_from(high).is_ok_and(|high| high <= distinct * 2);
            return low >= -CODE_AT_MOST && high <= CODE_AT_MOST && (values.len() <= SPREAD_CODES_AT_MOST || is_dense);
        }
        // Offered answers come again and again; words of one's own mostly stand alone.
        let (name, question, cells, rows) = (self.name, self.question, tally.cells(), self.rows);
        let texts = Texts { name, question, values: &values, cells, rows };
        !texts.are_own_words() && tally.personal.is_empty()
    }

    /// The codes, numbers first by size, then texts by their bytes: the order of rows says nothing. Where the file has words for
    /// its values, all of these come in its own order, those that nobody chose among them.
    fn codes(&self) -> Vec<InspectedCode> {
        let found = self.values().unwrap_or_default();
        let count = |value: &str| found.iter().find(|found| *found.value == *value).map_or(0, |found| found.count);
        let labelled = self.labels.iter().filter(|label| !self.is_mark(&label.value)).map(|label| InspectedCode {
            value: label.value.clone(),
            label: Some(label.label.clone()),
            count: count(&label.value),
            declared_missing: false,
        });
        let is_known = |value: &str| self.labels.iter().any(|label| label.value == value);
        let mut others: Vec<InspectedCode> =
            found.iter().copied().map(code).filter(|code| !is_known(&code.value)).collect();
        others.sort_by_cached_key(|code| {
            let number = code.value.parse::<i64>().ok();
            (number.is_none(), number, code.value.clone())
        });
        labelled.chain(others).collect()
    }

    /// Whether a value means no answer by the file's own word.
    fn is_mark(&self, value: &str) -> bool {
        self.profile.declared.iter().any(|missing| missing.covers(value))
    }

    /// The marks for a missing answer that cells hold, and those that the file has words for though no cell holds them.
    fn missing_marks(&self) -> Vec<InspectedCode> {
        let mut marks = self.tally.marks.clone();
        for label in self.labels.iter().filter(|label| self.is_mark(&label.value)) {
            marks.entry(label.value.as_str().into()).or_insert(0);
        }
        let label = |value: &str| self.labels.iter().find(|label| label.value == value).map(|it| it.label.clone());
        let mark = |value: &str, count| InspectedCode {
            value: value.to_owned(),
            label: label(value),
            count,
            declared_missing: self.is_mark(value),
        };
        marks.iter().map(|(value, count)| mark(value, *count)).collect()
    }

    /// The mark of most of its decimals; the comma where as many have either.
    fn decimal_mark(&self) -> Option<char> {
        match (self.tally.commas, self.tally.points) {
            (0, 0) => None,
            (commas, points) if commas >= points => Some(','),
            _ => Some('.'),
        }
    }

    fn day_order(&self) -> Option<DayOrder> {
        match (self.tally.slashed, self.tally.day_first, self.tally.month_first) {
            (0, ..) => None,
            (_, 0, 0) => Some(DayOrder::Open),
            (_, _, 0) => Some(DayOrder::DayFirst),
            (_, 0, _) => Some(DayOrder::MonthFirst),
            (..) => Some(DayOrder::Mixed),
        }
    }

    fn mark_conflict(&self) -> Option<MarkConflict> {
        let Tally { points, commas, grouped, .. } = *self.tally;
        // Dates and versions aside, a column with text is no column of numbers.
        let is_numbers = self.tally.numbers() * 10 >= self.tally.cells() * 9;
        let differs = (points > 0 && commas > 0) || grouped > 0;
        (is_numbers && differs).then_some(MarkConflict { points, commas, grouped })
    }
}

fn code(counted: &Counted) -> InspectedCode {
    InspectedCode { value: counted.value.to_string(), label: None, count: counted.count, declared_missing: false }
}

fn as_name<S: Serializer>(class: &ColumnClass, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(class.name())
}

#[cfg(test)]
mod tests {
    use super::super::profile::{Memory, Profile};
    use super::{About, Content, InspectedColumn, Personal, ValueLabel};
    use crate::raw::DeclaredMissing;

    fn column(about: About, cells: &[String]) -> InspectedColumn {
        let mut profile = Profile::new(about.missing.clone());
        let mut memory = Memory::new();
        cells.iter().for_each(|cell| profile.add(cell, &mut memory));
        InspectedColumn::of(about, &profile, crate::tally::counted(cells.len()))
    }

    #[test]
    fn a_code_whose_word_is_an_address_is_not_shown() {
        let label = |value: &str, label: &str| ValueLabel { value: value.to_owned(), label: label.to_owned() };
        let labels = vec![label("1", "Bo, bo@kommune.example"), label("2", "Nobody")];
        let about = About { name: "sent_by".to_owned(), value_labels: labels, ..About::default() };
        let found = column(about, &["1".to_owned(), "2".to_owned(), "1".to_owned(), "2".to_owned()]);
        assert_eq!((found.content, found.personal), (Content::Code, Some(Personal::Contact)));
        assert!(found.codes.is_empty());
    }

    #[test]
    fn a_file_may_declare_any_number_of_marks_for_a_missing_answer() {
        let below_zero = DeclaredMissing::Range { low: f64::NEG_INFINITY, high: -1.0 };
        let about = About { name: "staff".to_owned(), missing: vec![below_zero], ..About::default() };
        let cells: Vec<String> = (-30_000..30_000).map(|row: i32| row.min(row.abs() / 2).to_string()).collect();
        let found = column(about, &cells);
        assert_eq!((found.content, found.missing_marks.len()), (Content::Number, 30_000));
    }
}
