//! A variable's typed answers: its distinct values, and for each unit one of them or the reason why there is none.

mod cells;

use std::cmp::Ordering;

pub(crate) use cells::{Cells, Piece};
use codebook::{Missing, Value, Variable};

/// One unit's answer to one variable: the number of a distinct value, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cell(u32);

impl Cell {
    const NOT_ASKED: u32 = u32::MAX;
    const REFUSED: u32 = u32::MAX - 1;
    const BLANK: u32 = u32::MAX - 2;

    /// A raw value that nobody knows, or a column or row that is not there. A finding tells it, so the steps that follow
    /// do not complain about it again; no checked wave holds one.
    pub(crate) const UNKNOWN: Self = Self(u32::MAX - 3);

    /// Values of a column whose cells, with the reasons for missing answers, are told apart by their last byte.
    pub(crate) const VALUES_OF_A_BYTE: usize = 252;

    /// The last byte: the number itself, or one of the four greatest bytes.
    #[inline]
    pub(crate) fn byte(self) -> u8 {
        self.0.to_le_bytes()[0]
    }

    /// Whether the last byte tells it, in a column of at most [`Self::VALUES_OF_A_BYTE`] values.
    #[inline]
    fn fits_byte(self) -> bool {
        Self::of_byte(self.byte()) == self
    }

    /// The cell that has this last byte, in a column of at most [`Self::VALUES_OF_A_BYTE`] values.
    #[inline]
    fn of_byte(byte: u8) -> Self {
        let [first_reason, ..] = Self::UNKNOWN.0.to_le_bytes();
        if byte < first_reason { Self(u32::from(byte)) } else { Self(Self::NOT_ASKED - u32::from(u8::MAX - byte)) }
    }

    /// The answer whose value has this number.
    #[inline]
    pub(crate) fn value(number: usize) -> Self {
        let number = u32::try_from(number).ok().filter(|number| *number < Self::UNKNOWN.0);
        Self(number.expect("a column has at most as many values as the two billion rows that reading allows"))
    }

    /// No answer.
    #[inline]
    pub(crate) fn missing(reason: Missing) -> Self {
        Self(match reason {
            Missing::NotAsked => Self::NOT_ASKED,
            Missing::Refused => Self::REFUSED,
            Missing::Blank => Self::BLANK,
        })
    }

    /// A number that only equal cells of a column share.
    #[inline]
    pub(crate) fn bits(self) -> u32 {
        self.0
    }

    /// Whether it has a value.
    #[inline]
    pub(crate) fn has_value(self) -> bool {
        self.0 < Self::UNKNOWN.0
    }

    /// The number of the value as a key of Arrow's, and 0 where there is none.
    #[inline]
    pub(crate) fn key(self) -> i32 {
        // What stands for a reason is beyond the greatest key.
        i32::try_from(self.0).unwrap_or_default()
    }

    /// The same cell, unless it has a value.
    #[inline]
    pub(crate) fn reason(self) -> Option<Self> {
        (!self.has_value()).then_some(self)
    }

    /// The number of the value, or the reason why there is none.
    #[inline]
    pub(crate) fn get(self) -> Result<usize, Missing> {
        match self.0 {
            Self::NOT_ASKED => Err(Missing::NotAsked),
            Self::REFUSED => Err(Missing::Refused),
            Self::BLANK => Err(Missing::Blank),
            _ if self == Self::UNKNOWN => Err(Missing::Blank),
            number => Ok(usize::try_from(number).expect("a 32-bit number fits usize on every machine we build for")),
        }
    }
}

/// The answers of all units to one variable.
#[derive(Clone, Default)]
pub(crate) struct Column {
    /// The distinct values; for a category its codes in questionnaire order.
    pub(crate) values: Vec<Value>,
    /// One for each unit.
    pub(crate) cells: Cells,
}

impl Column {
    /// A column without units whose values are the codes of a category variable, in questionnaire order.
    pub(crate) fn of_categories(variable: &Variable) -> Self {
        let codes = variable.categories().iter().map(|category| Value::Text(category.code.as_str().to_owned()));
        Self { values: codes.collect(), cells: Cells::default() }
    }

    /// A column in which all units have the same cell.
    pub(crate) fn uniform(variable: &Variable, cell: Cell, units: usize) -> Self {
        Self { cells: Cells::uniform(cell, units), ..Self::of_categories(variable) }
    }

    /// The value of a unit, if it has one.
    #[inline]
    pub(crate) fn value(&self, unit: usize) -> Option<&Value> {
        self.cells.at(unit).get().ok().map(|number| &self.values[number])
    }

    /// The value of a row, if the column has the row and the row a value.
    pub(crate) fn value_if_there(&self, row: usize) -> Option<&Value> {
        self.cells.at_if_there(row)?.get().ok().map(|number| &self.values[number])
    }

    /// Keeps one more value and gives its number.
    pub(crate) fn push(&mut self, value: Value) -> usize {
        self.values.push(value);
        self.values.len() - 1
    }

    /// The number of a value, which is added when it is new. For columns of few distinct values.
    pub(crate) fn number_of(&mut self, value: Value) -> usize {
        let known = self.values.iter().position(|known| *known == value);
        known.unwrap_or_else(|| self.push(value))
    }

    /// The place of each value among all of them in order; equal values have the same.
    pub(crate) fn ranks(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.values.len()).collect();
        order.sort_by(|a, b| compare(&self.values[*a], &self.values[*b]));
        let mut ranks = vec![0; self.values.len()];
        for pair in 1..order.len() {
            let (before, here) = (order[pair - 1], order[pair]);
            let is_larger = compare(&self.values[before], &self.values[here]).is_lt();
            ranks[here] = ranks[before] + usize::from(is_larger);
        }
        ranks
    }
}

/// The order of values of one column: numbers by size, texts by their bytes.
fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Boolean(a), Value::Boolean(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Boolean(_), _) | (Value::Number(_), Value::Text(_)) => Ordering::Less,
        (_, Value::Boolean(_)) | (Value::Text(_), Value::Number(_)) => Ordering::Greater,
    }
}
