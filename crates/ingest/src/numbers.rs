//! Small whole numbers by row, a byte each as long as all of them fit.
//!
//! A survey has a million rows of a hundred columns and few values in most of them, so what a row takes decides how much memory an export
//! takes.

use crate::texts::index;

/// A number for each row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Numbers {
    /// None is greater than a byte holds.
    Bytes(Vec<u8>),
    /// Some are.
    Words(Vec<u32>),
}

impl Default for Numbers {
    fn default() -> Self {
        Self::Bytes(Vec::new())
    }
}

impl Numbers {
    /// Room for about so many rows.
    pub(crate) fn of_rows(rows: usize) -> Self {
        Self::Bytes(Vec::with_capacity(rows))
    }

    /// How many rows there are.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.len(),
            Self::Words(words) => words.len(),
        }
    }

    /// The number of a row.
    #[inline]
    pub(crate) fn get(&self, row: usize) -> u32 {
        match self {
            Self::Bytes(bytes) => u32::from(bytes[row]),
            Self::Words(words) => words[row],
        }
    }

    /// The number of the last row.
    #[inline]
    pub(crate) fn last(&self) -> Option<u32> {
        self.len().checked_sub(1).map(|row| self.get(row))
    }

    /// One more row.
    #[inline]
    pub(crate) fn push(&mut self, number: u32) {
        match self {
            Self::Words(words) => words.push(number),
            Self::Bytes(bytes) => match u8::try_from(number) {
                Ok(byte) => bytes.push(byte),
                Err(_) => {
                    let mut words = Vec::with_capacity(bytes.capacity());
                    words.extend(bytes.iter().map(|byte| u32::from(*byte)));
                    words.push(number);
                    *self = Self::Words(words);
                }
            },
        }
    }

    /// All of them, in order.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = u32> + '_ {
        (0..self.len()).map(|row| self.get(row))
    }

    /// The numbers of some rows, in their order.
    pub(crate) fn of(&self, rows: &[usize]) -> Self {
        match self {
            Self::Bytes(bytes) => Self::Bytes(rows.iter().map(|row| bytes[*row]).collect()),
            Self::Words(words) => Self::Words(rows.iter().map(|row| words[*row]).collect()),
        }
    }

    /// What each number becomes by this table.
    pub(crate) fn mapped(&self, others: &[u32]) -> Self {
        self.iter().map(|number| others[index(number)]).collect()
    }
}

impl FromIterator<u32> for Numbers {
    fn from_iter<I: IntoIterator<Item = u32>>(numbers: I) -> Self {
        let numbers = numbers.into_iter();
        let mut all = Self::of_rows(numbers.size_hint().0);
        numbers.for_each(|number| all.push(number));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::Numbers;

    #[test]
    fn numbers_are_the_same_in_one_byte_and_in_four() {
        for greatest in [0, 255, 256, 70_000] {
            let plain: Vec<u32> = (0..=greatest).chain([0, 7.min(greatest)]).collect();
            let numbers: Numbers = plain.iter().copied().collect();
            assert_eq!(matches!(numbers, Numbers::Bytes(_)), greatest <= 255);
            assert_eq!(numbers.iter().collect::<Vec<u32>>(), plain);
            assert_eq!((numbers.len(), numbers.last()), (plain.len(), plain.last().copied()));
            assert_eq!(
                numbers.of(&[1 % plain.len(), 0]).iter().collect::<Vec<u32>>(),
                [plain[1 % plain.len()], plain[0]]
            );
        }
    }
}
