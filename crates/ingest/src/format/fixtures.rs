//! What the tests of all formats share: the files that other programs wrote, and the cells that they must give.

use codebook::Finding;

/// A file that `fixtures/formats/write.py` made.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    let path = testkit::repository().join("fixtures/formats").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The cells of `answers.csv`, the header first.
pub(crate) fn answers() -> Vec<Vec<String>> {
    let text = fixture("answers.csv");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_slice());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// Findings as a person reads them.
pub(crate) fn shown(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(ToString::to_string).collect()
}

/// A few bytes changed, cut or doubled, as a seed says. Every mutant differs from the original.
pub(crate) fn mutant(original: &[u8], seed: u64) -> Vec<u8> {
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
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// A number below `end`, which is not 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) >> 1).unwrap() % end
    }

    /// One of some choices.
    pub(crate) fn one_of<'c, T>(&mut self, choices: &'c [T]) -> &'c T {
        &choices[self.below(choices.len())]
    }
}
