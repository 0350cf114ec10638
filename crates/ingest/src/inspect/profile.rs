//! What the cells of one column have in common, gathered row by row in a bounded amount of memory.

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use codebook::SlashedDays;

use super::personal::{self, Personal};
use super::shape::{Order, Shape};
use crate::raw::DeclaredMissing;

/// Different values of a column that are kept; a column with more of them is no list of codes.
pub const VALUES_AT_MOST: usize = 60;
/// Bytes of a value that is kept; longer ones are open text.
const VALUE_LENGTH_AT_MOST: usize = 150;
/// Values that are remembered to tell whether a column ever repeats one, over all columns: some 100 MB.
const REMEMBERED_AT_MOST: usize = 4_000_000;
/// Bytes of values that are kept, over all columns. A file of a hundred thousand columns of long texts has more; those that come
/// last are then described without their values.
const KEPT_AT_MOST: usize = 1 << 28;
/// What a value takes beside its bytes.
const KEPT_FOR_EACH: usize = 48;

/// What a column was seen to hold.
#[derive(Debug)]
pub(super) struct Profile {
    /// Cells that are not empty.
    pub(super) filled: u64,
    pub(super) missing: u64,
    /// Its values with their counts in the order in which they appeared; `None` once they are too many, or too long.
    pub(super) values: Option<Vec<Counted>>,
    /// The number of the last row's value in `values`: neighbouring rows often have the same.
    last: usize,
    tally: Tally,
    repeats: Repeats,
    /// Values that the file declares to mean no answer.
    pub(super) declared: Vec<DeclaredMissing>,
}

/// A value and how many rows have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) value: Box<str>,
    pub(super) count: u64,
}

/// Whether a column has the same value twice.
#[derive(Debug)]
enum Repeats {
    /// Not so far. The values' hashes: two values that share one would make a column look as if it repeated itself, which
    /// among four million happens once in two million files.
    NotYet(HashSet<u64>),
    Yes,
    /// Memory ended before a value came again.
    Unknown,
}

/// What may still be held, over all columns.
#[derive(Debug)]
pub(super) struct Memory {
    /// Values that are remembered.
    remembered: usize,
    /// Bytes of values that are kept.
    kept: usize,
}

impl Memory {
    pub(super) fn new() -> Self {
        Self { remembered: REMEMBERED_AT_MOST, kept: KEPT_AT_MOST }
    }
}

/// Cells by what they look like.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    pub(super) integers: u64,
    pub(super) points: u64,
    pub(super) commas: u64,
    pub(super) grouped: u64,
    /// Of those with a point or a comma, how many are whole: `1.0`, as programs write codes that they hold as decimals.
    pub(super) whole: u64,
    /// Of the integers, how many have zeros in front: `0101`.
    pub(super) zeros_in_front: u64,
    pub(super) dates: u64,
    pub(super) moments: u64,
    /// Of the days, those with slashes: all of them, and those that can only be read with the day, or the month, first.
    pub(super) slashed: u64,
    pub(super) day_first: u64,
    pub(super) month_first: u64,
    pub(super) conditions: u64,
    pub(super) texts: u64,
    /// Rows by mark for a missing answer. A file may declare a whole range of numbers to be marks.
    pub(super) marks: BTreeMap<Box<str>, u64>,
    /// Texts with a digit, and texts with a blank inside.
    pub(super) with_digit: u64,
    pub(super) with_blank: u64,
    /// Characters of the longest and the shortest cell.
    pub(super) longest: usize,
    pub(super) shortest: usize,
    /// The smallest and the largest of the whole numbers.
    pub(super) range: Option<(i64, i64)>,
    /// Cells that tell who answered, and digits that may be the number of a person.
    pub(super) personal: Vec<(Personal, u64)>,
    pub(super) birthdays: u64,
}

impl Profile {
    pub(super) fn new(declared: Vec<DeclaredMissing>) -> Self {
        Self {
            declared,
            filled: 0,
            missing: 0,
            values: Some(Vec::new()),
            last: 0,
            tally: Tally::default(),
            repeats: Repeats::NotYet(HashSet::new()),
        }
    }

    /// Adds the cell of the next row, without the blanks around it.
    pub(super) fn add(&mut self, cell: &str, memory: &mut Memory) {
        if cell.is_empty() {
            self.missing += 1;
            return;
        }
        self.filled += 1;
        if self.declared.iter().any(|missing| missing.covers(cell)) {
            return self.tally.add_mark(cell, 1);
        }
        if self.counts(cell) {
            return;
        }
        self.remember(cell, memory);
        let Some(values) = &mut self.values else { return self.tally.add(cell, 1) };
        let size = cell.len() + KEPT_FOR_EACH;
        if values.len() < VALUES_AT_MOST && cell.len() <= VALUE_LENGTH_AT_MOST && size <= memory.kept {
            memory.kept -= size;
            self.last = values.len();
            values.push(Counted { value: cell.into(), count: 1 });
        } else {
            self.give_up_values(memory);
            self.tally.add(cell, 1);
        }
    }

    /// Counts a cell whose value is known.
    fn counts(&mut self, cell: &str) -> bool {
        let Some(values) = &mut self.values else { return false };
        let is_last = values.get(self.last).is_some_and(|last| *last.value == *cell);
        let place = if is_last { Some(self.last) } else { values.iter().position(|known| *known.value == *cell) };
        let Some(place) = place else { return false };
        self.last = place;
        values[place].count += 1;
        self.repeats = Repeats::Yes;
        true
    }

    fn give_up_values(&mut self, memory: &mut Memory) {
        for Counted { value, count } in self.values.take().unwrap_or_default() {
            memory.kept += value.len() + KEPT_FOR_EACH;
            self.tally.add(&value, count);
        }
    }

    fn remember(&mut self, cell: &str, memory: &mut Memory) {
        let Repeats::NotYet(seen) = &mut self.repeats else { return };
        let mut hasher = DefaultHasher::new();
        cell.hash(&mut hasher);
        if !seen.insert(hasher.finish()) {
            memory.remembered += seen.len();
            self.repeats = Repeats::Yes;
        } else if memory.remembered == 0 {
            self.repeats = Repeats::Unknown;
        } else {
            memory.remembered -= 1;
        }
    }

    /// Whether every row has a value of its own.
    pub(super) fn is_unique(&self) -> bool {
        matches!(self.repeats, Repeats::NotYet(_)) && self.missing == 0 && self.filled > 1
    }

    /// All cells by what they look like.
    pub(super) fn tally(&self) -> Tally {
        let mut tally = self.tally.clone();
        for Counted { value, count } in self.values.iter().flatten() {
            tally.add(value, *count);
        }
        tally
    }
}

impl Tally {
    /// Adds a cell that `count` rows have.
    fn add(&mut self, cell: &str, count: u64) {
        let characters = cell.chars().count();
        self.shortest = if self.longest == 0 { characters } else { self.shortest.min(characters) };
        self.longest = self.longest.max(characters);
        let shape = Shape::of(cell);
        match shape {
            Shape::Integer(number) => {
                self.integers += count;
                self.zeros_in_front += if has_zeros_in_front(cell) { count } else { 0 };
                self.widen(number);
            }
            Shape::Decimal { mark } => {
                *(if mark == ',' { &mut self.commas } else { &mut self.points }) += count;
                if let Some(number) = whole(cell, mark) {
                    self.whole += count;
                    self.widen(number);
                }
            }
            Shape::Grouped => self.grouped += count,
            Shape::Date { order } => {
                self.dates += count;
                self.add_order(order, count);
            }
            Shape::Moment { order } => {
                self.moments += count;
                self.add_order(order, count);
            }
            Shape::Condition => self.conditions += count,
            Shape::MissingMark => return self.add_mark(cell, count),
            Shape::Text => self.texts += count,
        }
        self.with_digit += if cell.bytes().any(|byte| byte.is_ascii_digit()) { count } else { 0 };
        self.with_blank += if cell.contains(char::is_whitespace) { count } else { 0 };
        self.birthdays += if personal::may_be_personal_number(cell) { count } else { 0 };
        // A day in groups of digits looks like a telephone number.
        if !matches!(shape, Shape::Date { .. } | Shape::Moment { .. }) {
            self.add_personal(cell, count);
        }
    }

    fn add_order(&mut self, order: Order, count: u64) {
        match order {
            Order::Plain => return,
            Order::Open => {}
            Order::Told(SlashedDays::DayFirst) => self.day_first += count,
            Order::Told(SlashedDays::MonthFirst) => self.month_first += count,
        }
        self.slashed += count;
    }

    /// Takes a whole number into the range.
    fn widen(&mut self, number: i64) {
        let (low, high) = self.range.unwrap_or((number, number));
        self.range = Some((low.min(number), high.max(number)));
    }

    fn add_mark(&mut self, cell: &str, count: u64) {
        match self.marks.get_mut(cell) {
            Some(known) => *known += count,
            None => {
                self.marks.insert(cell.into(), count);
            }
        }
    }

    fn add_personal(&mut self, cell: &str, count: u64) {
        let Some(found) = personal::in_text(cell) else { return };
        match self.personal.iter_mut().find(|(known, _)| *known == found) {
            Some((_, known)) => *known += count,
            None => self.personal.push((found, count)),
        }
    }

    /// Cells that are neither empty nor a mark for a missing answer.
    pub(super) fn cells(&self) -> u64 {
        self.numbers() + self.dates + self.moments + self.conditions + self.texts
    }

    pub(super) fn numbers(&self) -> u64 {
        self.integers + self.points + self.commas + self.grouped
    }
}

/// The number of a decimal that has nothing but zeros behind its mark.
fn whole(cell: &str, mark: char) -> Option<i64> {
    let (number, decimals) = cell.split_once(mark)?;
    if decimals.bytes().all(|byte| byte == b'0') { number.parse().ok() } else { None }
}

/// Whether a whole number would lose its first digits as a number.
fn has_zeros_in_front(integer: &str) -> bool {
    let digits = integer.trim_start_matches(['-', '+']);
    digits.len() > 1 && digits.starts_with('0')
}
