//! The answers of all units to one variable, a byte each where the variable has few values.

use super::Cell;

/// Cells that are looked at together.
const CHUNK: usize = 4096;

/// A cell for each unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cells {
    /// The last byte of each, which tells them apart in a column of few values.
    Bytes(Vec<u8>),
    /// Of many values.
    Words(Vec<Cell>),
}

impl Default for Cells {
    fn default() -> Self {
        Self::Bytes(Vec::new())
    }
}

impl Cells {
    /// The cells of a column that has so many values.
    pub(crate) fn of(values: usize, cells: impl Iterator<Item = Cell>) -> Self {
        if values > Cell::VALUES_OF_A_BYTE {
            Self::Words(cells.collect())
        } else {
            Self::Bytes(cells.map(Cell::byte).collect())
        }
    }

    /// The same cell for each of so many units.
    pub(crate) fn uniform(cell: Cell, units: usize) -> Self {
        if cell.fits_byte() { Self::Bytes(vec![cell.byte(); units]) } else { Self::Words(vec![cell; units]) }
    }

    /// How many units there are.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.len(),
            Self::Words(cells) => cells.len(),
        }
    }

    /// The cell of a unit.
    #[inline]
    pub(crate) fn at(&self, unit: usize) -> Cell {
        match self {
            Self::Bytes(bytes) => Cell::of_byte(bytes[unit]),
            Self::Words(cells) => cells[unit],
        }
    }

    /// The cell of a row, if the column has the row.
    pub(crate) fn at_if_there(&self, row: usize) -> Option<Cell> {
        (row < self.len()).then(|| self.at(row))
    }

    /// Gives a unit another cell.
    #[inline]
    pub(crate) fn set(&mut self, unit: usize, cell: Cell) {
        match self {
            Self::Bytes(bytes) if cell.fits_byte() => bytes[unit] = cell.byte(),
            Self::Bytes(_) => {
                self.widen();
                self.set(unit, cell);
            }
            Self::Words(cells) => cells[unit] = cell,
        }
    }

    /// One more unit.
    pub(crate) fn push(&mut self, cell: Cell) {
        match self {
            Self::Bytes(bytes) if cell.fits_byte() => bytes.push(cell.byte()),
            Self::Bytes(_) => {
                self.widen();
                self.push(cell);
            }
            Self::Words(cells) => cells.push(cell),
        }
    }

    fn widen(&mut self) {
        *self = Self::Words(self.iter().collect());
    }

    /// All of them, in order.
    pub(crate) fn iter(&self) -> Iter<'_> {
        match self {
            Self::Bytes(bytes) => Iter::Bytes(bytes.iter()),
            Self::Words(cells) => Iter::Words(cells.iter()),
        }
    }

    /// Whether a unit has no answer.
    pub(crate) fn has_reasons(&self) -> bool {
        let first = usize::from(Cell::UNKNOWN.byte());
        match self {
            // The greatest of many bytes is found faster than the first that is great enough.
            Self::Bytes(bytes) => {
                bytes.chunks(CHUNK).any(|bytes| bytes.iter().max().is_some_and(|byte| usize::from(*byte) >= first))
            }
            Self::Words(cells) => cells.iter().any(|cell| !cell.has_value()),
        }
    }

    /// The cells of some units, in their order.
    pub(crate) fn of_units(&self, units: &[usize]) -> Self {
        match self {
            Self::Bytes(bytes) => Self::Bytes(units.iter().map(|unit| bytes[*unit]).collect()),
            Self::Words(cells) => Self::Words(units.iter().map(|unit| cells[*unit]).collect()),
        }
    }

    /// Those of some units that follow each other.
    pub(crate) fn piece(&self, units: std::ops::Range<usize>) -> Piece<'_> {
        match self {
            Self::Bytes(bytes) => Piece::Bytes(&bytes[units]),
            Self::Words(cells) => Piece::Words(&cells[units]),
        }
    }
}

/// The cells of units that follow each other.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Piece<'c> {
    Bytes(&'c [u8]),
    Words(&'c [Cell]),
}

impl<'c> Piece<'c> {
    /// All of them, in order.
    pub(crate) fn iter(self) -> Iter<'c> {
        match self {
            Self::Bytes(bytes) => Iter::Bytes(bytes.iter()),
            Self::Words(cells) => Iter::Words(cells.iter()),
        }
    }

    /// The last byte of each.
    pub(crate) fn bytes(self) -> Vec<u8> {
        match self {
            Self::Bytes(bytes) => bytes.to_vec(),
            Self::Words(cells) => cells.iter().map(|cell| cell.byte()).collect(),
        }
    }
}

/// Goes over cells.
#[derive(Debug, Clone)]
pub(crate) enum Iter<'c> {
    Bytes(std::slice::Iter<'c, u8>),
    Words(std::slice::Iter<'c, Cell>),
}

impl Iterator for Iter<'_> {
    type Item = Cell;

    fn next(&mut self) -> Option<Cell> {
        match self {
            Self::Bytes(bytes) => bytes.next().map(|byte| Cell::of_byte(*byte)),
            Self::Words(cells) => cells.next().copied(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Self::Bytes(bytes) => bytes.size_hint(),
            Self::Words(cells) => cells.size_hint(),
        }
    }

    /// The form is looked at once, not for each cell.
    fn fold<B, F: FnMut(B, Cell) -> B>(self, start: B, mut add: F) -> B {
        match self {
            Self::Bytes(bytes) => bytes.fold(start, |sum, byte| add(sum, Cell::of_byte(*byte))),
            Self::Words(cells) => cells.fold(start, |sum, cell| add(sum, *cell)),
        }
    }
}

impl ExactSizeIterator for Iter<'_> {}

#[cfg(test)]
mod tests {
    use codebook::Missing;

    use super::{Cell, Cells};

    #[test]
    fn cells_are_the_same_whatever_the_number_of_values() {
        for values in [1, 252, 253, 1_000] {
            let reasons = [Missing::NotAsked, Missing::Refused, Missing::Blank].map(Cell::missing);
            let plain: Vec<Cell> = (0..values).map(Cell::value).chain(reasons).chain([Cell::UNKNOWN]).collect();
            let all = Cells::of(values, plain.iter().copied());
            let mut pushed = Cells::default();
            plain.iter().for_each(|cell| pushed.push(*cell));
            for cells in [&all, &pushed] {
                assert_eq!(matches!(cells, Cells::Bytes(_)), values <= 252);
                assert_eq!(cells.iter().collect::<Vec<Cell>>(), plain);
                assert_eq!(cells.len(), plain.len());
                let backwards: Vec<usize> = (0..plain.len()).rev().collect();
                let there: Vec<Cell> = plain.iter().rev().copied().collect();
                assert_eq!(cells.of_units(&backwards).iter().collect::<Vec<Cell>>(), there);
                assert_eq!(cells.at_if_there(plain.len()), None);
            }
        }
    }

    #[test]
    fn a_cell_with_a_greater_number_leaves_all_others_as_they_are() {
        let mut cells = Cells::uniform(Cell::missing(Missing::Refused), 3);
        cells.set(1, Cell::value(5));
        cells.set(2, Cell::value(300));
        assert_eq!(
            cells.iter().collect::<Vec<Cell>>(),
            [Cell::missing(Missing::Refused), Cell::value(5), Cell::value(300)]
        );
    }
}
