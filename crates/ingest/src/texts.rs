//! The distinct texts of a column, each with its number.
//!
//! A column of ids has as many of them as rows. They stand one behind the other in one piece of memory, and a table finds the number of a text
//! by its hash, so that a text costs its bytes and some ten more, and nothing is asked of the allocator for each.

use std::ops::Index;

/// Texts in their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Texts {
    all: String,
    /// Where each text ends.
    ends: Vec<usize>,
}

impl Texts {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// All of them, in order.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        (0..self.ends.len()).map(|number| &self[number])
    }

    /// One more text at the end.
    pub(crate) fn push(&mut self, text: &str) {
        self.all.push_str(text);
        self.ends.push(self.all.len());
    }
}

impl Index<usize> for Texts {
    type Output = str;

    #[inline]
    fn index(&self, number: usize) -> &str {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.all[start..self.ends[number]]
    }
}

/// A place of the table: a text's number, and a part of its hash, so that most other texts are told apart without a look at them.
#[derive(Clone, Copy)]
struct Entry {
    hash: u32,
    number: u32,
}

/// A place that holds no number.
const FREE: Entry = Entry { hash: 0, number: u32::MAX };
/// Places of the smallest table.
const PLACES_AT_LEAST: usize = 16;

/// Texts that differ, and the number of each. The hash is seeded anew in each process, and no order depends on it.
#[derive(Clone, Default)]
pub(crate) struct Numbered {
    texts: Texts,
    /// Each text stands at the place that its hash names, or at the next one that is free. At least half of the places are, and how many there
    /// are is a power of two.
    places: Vec<Entry>,
    hash: ahash::RandomState,
}

impl Numbered {
    /// The texts, numbered in the order in which they came.
    pub(crate) fn texts(&self) -> &Texts {
        &self.texts
    }

    /// The number of a text, if it is there.
    pub(crate) fn find(&self, text: &str) -> Option<u32> {
        if self.places.is_empty() { None } else { self.place_of(text, self.hash_of(text)).err() }
    }

    /// The number of a text, which is added when it is new.
    pub(crate) fn number_of(&mut self, text: &str) -> u32 {
        if self.is_full() {
            self.grow_to((self.places.len() * 2).max(PLACES_AT_LEAST));
        }
        let hash = self.hash_of(text);
        match self.place_of(text, hash) {
            Err(number) => number,
            Ok(free) => {
                let number = u32::try_from(self.texts.len()).ok().filter(|number| *number < FREE.number);
                let number =
                    number.expect("there are at most as many values as the two billion rows that reading allows");
                self.texts.push(text);
                self.places[free] = Entry { hash, number };
                number
            }
        }
    }

    /// Whether one more text makes the table bigger.
    pub(crate) fn is_full(&self) -> bool {
        (self.texts.len() + 1) * 2 > self.places.len()
    }

    /// Makes room for so many texts at once.
    pub(crate) fn make_room(&mut self, texts: usize) {
        self.grow_to((texts + 1).saturating_mul(2).next_power_of_two());
    }

    /// The number of a text, or the free place where its own would stand.
    #[inline]
    fn place_of(&self, text: &str, hash: u32) -> Result<usize, u32> {
        let last = self.places.len() - 1;
        let mut place = index(hash) & last;
        loop {
            let entry = self.places[place];
            if entry.number == FREE.number {
                return Ok(place);
            }
            if entry.hash == hash && self.texts[index(entry.number)] == *text {
                return Err(entry.number);
            }
            place = (place + 1) & last;
        }
    }

    #[inline]
    fn hash_of(&self, text: &str) -> u32 {
        let [.., a, b, c, d] = self.hash.hash_one(text).to_be_bytes();
        u32::from_be_bytes([a, b, c, d])
    }

    /// A table of so many places, a power of two and more than it has.
    fn grow_to(&mut self, size: usize) {
        let before = std::mem::replace(&mut self.places, vec![FREE; size]);
        for entry in before.into_iter().filter(|entry| entry.number != FREE.number) {
            let mut place = index(entry.hash) & (size - 1);
            while self.places[place].number != FREE.number {
                place = (place + 1) & (size - 1);
            }
            self.places[place] = entry;
        }
    }
}

/// A 32-bit number as an index.
#[inline]
pub(crate) fn index(number: u32) -> usize {
    usize::try_from(number).expect("a 32-bit index fits usize on every machine we build for")
}

#[cfg(test)]
mod tests {
    use super::Numbered;

    #[test]
    fn each_text_has_one_number_in_the_order_of_its_first_coming() {
        let mut numbered = Numbered::default();
        assert_eq!(numbered.find("a"), None);
        let words: Vec<String> = (0..5_000).map(|word| format!("unit {}", word % 1_000)).collect();
        let numbers: Vec<u32> = words.iter().map(|word| numbered.number_of(word)).collect();
        assert!(numbers.iter().enumerate().all(|(row, number)| usize::try_from(*number) == Ok(row % 1_000)));
        assert_eq!(numbered.texts().len(), 1_000);
        assert_eq!((numbered.find("unit 999"), numbered.find("unit 1000"), numbered.find("")), (Some(999), None, None));
        assert_eq!(numbered.number_of(""), 1_000);
        assert_eq!(numbered.texts().iter().last(), Some(""));
    }
}
