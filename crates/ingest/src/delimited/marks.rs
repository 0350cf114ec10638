//! Where some bytes stand in a text, found eight bytes at a time.

/// Bytes that are looked at together.
const WORD: usize = 8;
/// The lowest bit of each byte.
const ONES: u64 = 0x0101_0101_0101_0101;
/// All bits of each byte but the highest.
const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;

/// The places of four bytes, none of them NUL, in order.
pub(super) struct Marks<'a> {
    bytes: &'a [u8],
    /// Each byte that is looked for, in all places of a word.
    wanted: [u64; 4],
    /// Where the word begins.
    word: usize,
    /// The highest bit of each byte of the word that is wanted and not yet told.
    found: u64,
}

impl<'a> Marks<'a> {
    pub(super) fn new(bytes: &'a [u8], wanted: [u8; 4]) -> Self {
        let wanted = wanted.map(|byte| u64::from(byte) * ONES);
        let mut marks = Self { bytes, wanted, word: 0, found: 0 };
        marks.go_to(0);
        marks
    }

    /// The next place at or behind `from`; places before it are passed over.
    #[inline]
    pub(super) fn next_from(&mut self, from: usize) -> Option<usize> {
        loop {
            while self.found == 0 {
                self.word += WORD;
                if self.word >= self.bytes.len() {
                    return None;
                }
                self.found = self.found_at(self.word);
            }
            let place = self.word + place_of(self.found);
            self.found &= self.found - 1;
            if place >= from {
                return Some(place);
            }
        }
    }

    /// Goes on, or back, to a place, which is told next if it is wanted.
    pub(super) fn go_to(&mut self, place: usize) {
        self.word = place - place % WORD;
        self.found = self.found_at(self.word) & (u64::MAX << (place % WORD * WORD));
    }

    #[inline]
    fn found_at(&self, word: usize) -> u64 {
        let rest = self.bytes.get(word..).unwrap_or_default();
        let bytes = match rest.first_chunk::<WORD>() {
            Some(bytes) => *bytes,
            None => {
                let mut bytes = [0; WORD];
                bytes[..rest.len()].copy_from_slice(rest);
                bytes
            }
        };
        let text = u64::from_le_bytes(bytes);
        self.wanted.iter().fold(0, |found, wanted| found | zeros(text ^ wanted))
    }
}

/// The highest bit of each byte that is zero, and no other bit. Adding to the low bits of a byte sets its highest unless all of them are zero, and never reaches the next byte.
#[inline]
fn zeros(word: u64) -> u64 {
    !(((word & LOW) + LOW) | word | LOW)
}

/// The first byte of a word whose highest bit is set.
#[inline]
fn place_of(found: u64) -> usize {
    usize::try_from(found.trailing_zeros() / u8::BITS).expect("a word has few bytes")
}

#[cfg(test)]
mod tests {
    use super::Marks;

    #[test]
    fn every_wanted_byte_is_found_wherever_it_stands() {
        let text: Vec<u8> = (0..=255).chain([b';', b';', b'x', 0xba, 0x3a, b'"']).collect();
        for start in 0..16 {
            let mut marks = Marks::new(&text[start..], *b";\"\n\r");
            let found: Vec<usize> = std::iter::from_fn(|| marks.next_from(0)).collect();
            let wanted = (0..text.len() - start).filter(|place| b";\"\n\r".contains(&text[start + place]));
            assert_eq!(found, wanted.collect::<Vec<usize>>());
        }
    }

    #[test]
    fn a_place_can_be_gone_to_and_passed_over() {
        let mut marks = Marks::new(b"a;b;c;d;e;f;g", *b";\"\n\r");
        assert_eq!(marks.next_from(4), Some(5));
        marks.go_to(3);
        assert_eq!(marks.next_from(0), Some(3));
        assert_eq!(marks.next_from(12), None);
    }
}
