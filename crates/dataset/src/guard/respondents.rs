//! What respondents are called and what they wrote, as hashes that a text can be searched for.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

/// Letters and digits that a value must have at the least: shorter ones are numbers and words that a report may hold by chance.
const LETTERS_AT_LEAST: usize = 8;

/// Words of a text that has none of the marks of an id. Two words may be anybody's.
const WORDS_AT_LEAST: usize = 3;

/// Words that are compared of a long text: a report does not share so many in a row with an answer by chance.
const WORDS_COMPARED: usize = 6;

/// Hashes of what must not leave, kept in memory for one run, under a key that is drawn anew each time.
#[derive(Debug, Default)]
pub struct Respondents {
    state: RandomState,
    /// Of the first word alone, so that most words of a text cost one look.
    first: HashSet<u64>,
    whole: HashSet<u64>,
}

impl Respondents {
    /// Takes values of the raw files that few rows share: ids, names, addresses, free texts. Left out is what is too short to be told from a
    /// number or a word that a report may hold, and texts that stand in `own`, the country's own files, where a person wrote them on purpose. An id is
    /// never meant.
    #[must_use]
    pub fn new<'v>(values: impl IntoIterator<Item = &'v str>, own: &[&str]) -> Self {
        let mut known = Self::default();
        let mut texts = HashSet::new();
        for value in values {
            let words: Vec<String> = words(value).take(WORDS_COMPARED).collect();
            if tells(&words) {
                known.first.insert(known.state.hash_one(&words[0]));
                let hash = known.state.hash_one(words.as_slice());
                known.whole.insert(hash);
                if !words.iter().any(|word| is_id(word)) {
                    texts.insert(hash);
                }
            }
        }
        let mut meant = HashSet::new();
        for text in own {
            known.search(text, &mut |hash| {
                meant.insert(hash);
            });
        }
        known.whole.retain(|hash| !(texts.contains(hash) && meant.contains(hash)));
        known
    }

    /// Whether any of the values stands in a text.
    #[must_use]
    pub fn occur_in(&self, text: &str) -> bool {
        let mut found = false;
        self.search(text, &mut |_| found = true);
        found
    }

    /// Tells each value that a text holds. Most words begin no value, so nothing is kept of them but their hash.
    fn search(&self, text: &str, tell: &mut dyn FnMut(u64)) {
        if self.whole.is_empty() {
            return;
        }
        let mut small = String::new();
        for (start, run) in runs(text) {
            small.clear();
            if run.is_ascii() {
                small.extend(run.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
            } else {
                small.push_str(&run.to_lowercase());
            }
            if !self.first.contains(&self.state.hash_one(&small)) {
                continue;
            }
            let words: Vec<String> = words(&text[start..]).take(WORDS_COMPARED).collect();
            for end in 1..=words.len() {
                let hash = self.state.hash_one(&words[..end]);
                if self.whole.contains(&hash) {
                    tell(hash);
                }
            }
        }
    }
}

/// Runs of letters and digits, each with its place: what stands between them is told in another way in each format.
fn runs(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split_inclusive(|it: char| !it.is_alphanumeric()).filter_map(move |run| {
        let at = start;
        start += run.len();
        let run = run.trim_end_matches(|it: char| !it.is_alphanumeric());
        (!run.is_empty()).then_some((at, run))
    })
}

/// The same in small letters.
fn words(text: &str) -> impl Iterator<Item = String> {
    runs(text).map(|(_, run)| run.to_lowercase())
}

/// Whether words are enough to know somebody by: one long one with a digit, or several that are not all numbers.
fn tells(words: &[String]) -> bool {
    let letters: usize = words.iter().map(|word| word.chars().count()).sum();
    let is_text = words.iter().filter(|word| word.chars().all(char::is_alphabetic)).count() >= WORDS_AT_LEAST;
    letters >= LETTERS_AT_LEAST && (words.iter().any(|word| is_id(word)) || is_text)
}

/// A long word with a digit in it.
fn is_id(word: &str) -> bool {
    word.chars().count() >= LETTERS_AT_LEAST && word.chars().any(|it| it.is_ascii_digit())
}
