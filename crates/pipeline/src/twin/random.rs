//! Chance, the same on every machine.

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// What random numbers are drawn for. Each purpose has a stream of its own, so that a change in one step leaves the draws of
/// the others alone.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    Frame,
    Answers,
    Adjustment,
    Export,
}

/// ChaCha with 20 rounds; its key is the seed in the first eight bytes (little endian), then zeros; its stream is the purpose.
#[derive(Debug)]
pub(super) struct Random(ChaCha20Rng);

impl Random {
    pub(super) fn new(seed: u64, purpose: Purpose) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        let mut generator = ChaCha20Rng::from_seed(key);
        generator.set_stream(match purpose {
            Purpose::Frame => 1,
            Purpose::Answers => 2,
            Purpose::Adjustment => 3,
            Purpose::Export => 4,
        });
        Self(generator)
    }

    /// A whole number from 0 to `count - 1`, all equally likely: draws in the last incomplete round are thrown away.
    ///
    /// # Panics
    /// When `count` is 0.
    pub(super) fn below(&mut self, count: u64) -> u64 {
        assert!(count > 0, "nothing can be drawn from nothing");
        let last_round = u64::MAX - u64::MAX % count;
        loop {
            let drawn = self.0.next_u64();
            if drawn < last_round {
                return drawn % count;
            }
        }
    }

    /// An index of a list.
    pub(super) fn index(&mut self, length: usize) -> usize {
        let count = u64::try_from(length).expect("a list is shorter than 2^64");
        usize::try_from(self.below(count)).expect("what is below a length fits where the length did")
    }

    /// The index of one of several weights, with a chance proportional to it; `None` when all are 0.
    pub(super) fn weighted(&mut self, weights: impl Iterator<Item = u64> + Clone) -> Option<usize> {
        let total: u64 = weights.clone().sum();
        if total == 0 {
            return None;
        }
        let mut left = self.below(total);
        for (index, weight) in weights.enumerate() {
            if left < weight {
                return Some(index);
            }
            left -= weight;
        }
        None
    }

    /// Puts a list in a random order (Fisher and Yates).
    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        for end in (1..list.len()).rev() {
            list.swap(end, self.index(end + 1));
        }
    }
}
