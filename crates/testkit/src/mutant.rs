//! Damaged copies of a file, the same in every run.

/// A few bytes changed, cut or doubled, as a seed says. Every mutant differs from the original.
///
/// # Panics
/// When the original is empty.
#[must_use]
pub fn mutant(original: &[u8], seed: u64) -> Vec<u8> {
    let mut random = Random(seed);
    let mut bytes = original.to_vec();
    while bytes == original {
        for _ in 0..=random.below(3) {
            let place = random.below(bytes.len());
            match random.below(6) {
                0 => bytes.truncate(place.max(1)),
                1 => bytes[place] = *random.one_of(&[0, 0xff, 0x7f, 0x80]),
                2 => bytes[place] ^= 1 << random.below(8),
                3 => {
                    let end = (place + 1 + random.below(16)).min(bytes.len());
                    let copied = bytes[place..end].to_vec();
                    bytes.splice(place..place, copied);
                }
                4 => {
                    let end = (place + 1 + random.below(8)).min(bytes.len());
                    bytes.drain(place..end);
                    bytes.push(0);
                }
                _ => {
                    let end = (place + 4).min(bytes.len());
                    bytes[place..end].fill(*random.one_of(&[0, 0xff, 0x7f]));
                }
            }
        }
    }
    bytes
}

/// A sequence of numbers that is the same in every run (SplitMix64).
pub struct Random(pub u64);

impl Random {
    /// A number below `end`, which is not 0.
    ///
    /// # Panics
    /// When `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) >> 1).expect("a number below 2^63 fits usize") % end
    }

    /// One of some choices, of which there is at least one.
    pub fn one_of<'c, T>(&mut self, choices: &'c [T]) -> &'c T {
        &choices[self.below(choices.len())]
    }
}
