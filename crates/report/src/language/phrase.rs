//! Reading the number that some words tell: "9 ud af 10", "every sixth", "81 por ciento", "2,271".
//!
//! The rules are the pack's: fixed phrases with their fraction ("every sixth" = 1/6), the words between the numbers of
//! "x of y", the words for per cent, number words, the words for just over and just under. Words that say more than a claim checks
//! ("more than", "exactly") are refused, so that nothing stands unchecked behind a number that was.

use std::collections::BTreeMap;

use codebook::{Lean, SharePhrase, Spoken};

use super::{Number, NumberForm};

/// How a language tells numbers in words.
#[derive(Debug, Clone, Default)]
pub(crate) struct Phrases {
    /// Fixed phrases, as tokens, with the per cent they stand for.
    pub(crate) fractions: Vec<(Vec<String>, f64)>,
    /// What stands between x and y in "x of y", as tokens.
    pub(crate) out_of: Vec<Vec<String>>,
    /// Words for per cent, as tokens.
    pub(crate) percent: Vec<Vec<String>>,
    /// Number words.
    pub(crate) numbers: BTreeMap<String, u32>,
    /// Words that tell an estimate just over the number behind them, as tokens.
    pub(crate) just_over: Vec<Vec<String>>,
    /// Words that tell one just under it.
    pub(crate) just_under: Vec<Vec<String>>,
    /// What stands between x and 10 when the program proposes "x out of 10".
    pub(crate) out_of_words: Option<String>,
    /// The fixed phrases as they are written.
    pub(crate) fixed: Vec<SharePhrase>,
    /// Words that say more than is checked, as tokens.
    pub(crate) unchecked: Vec<Vec<String>>,
    /// Words that make one thing the cause of another, as tokens.
    pub(crate) causal: Vec<Vec<String>>,
    /// Words that say how a number of one wave stands to that of another.
    pub(crate) change: ChangeWords,
    /// Words that say how numbers of one wave stand to each other.
    pub(crate) comparison: ComparisonWords,
}

/// Words that say how a number of one wave stands to that of another, each as tokens.
#[derive(Debug, Clone, Default)]
pub(crate) struct ChangeWords {
    /// That it rose, whatever stands beside them.
    pub(crate) rose: Vec<Vec<String>>,
    /// That it fell.
    pub(crate) fell: Vec<Vec<String>>,
    /// That it did neither.
    pub(crate) same: Vec<Vec<String>>,
    /// That something is more than something else, which is about time only beside the name of another wave.
    pub(crate) more: Vec<Vec<String>>,
    /// That it is less.
    pub(crate) fewer: Vec<Vec<String>>,
    /// What stands for an earlier wave, as its year does.
    pub(crate) earlier: Vec<Vec<String>>,
}

impl ChangeWords {
    /// What a pack calls the lists.
    pub(crate) const KEYS: [&str; 6] = ["rose", "fell", "same", "more", "fewer", "earlier"];

    /// The lists by their names.
    pub(crate) fn lists(&mut self) -> [(&'static str, &mut Vec<Vec<String>>); 6] {
        let Self { rose, fell, same, more, fewer, earlier } = self;
        let [a, b, c, d, e, f] = Self::KEYS;
        [(a, rose), (b, fell), (c, same), (d, more), (e, fewer), (f, earlier)]
    }
}

/// Words that say how numbers of one wave stand to each other, each as tokens.
#[derive(Debug, Clone, Default)]
pub(crate) struct ComparisonWords {
    /// That it is more than half.
    pub(crate) majority: Vec<Vec<String>>,
    /// That nothing is more frequent.
    pub(crate) most: Vec<Vec<String>>,
    /// That something is more, or less, than something else, whatever stands beside them.
    pub(crate) more: Vec<Vec<String>>,
    /// That numbers are alike.
    pub(crate) same: Vec<Vec<String>>,
    /// What no claim tests, such as how many times as much.
    pub(crate) untestable: Vec<Vec<String>>,
    /// Comparatives, which compare numbers where a word of `than` follows, and else perhaps.
    pub(crate) maybe: Vec<Vec<String>>,
    /// What stands before that with which something is compared.
    pub(crate) than: Vec<Vec<String>>,
    /// Phrases with such words that compare nothing: "at least", "more than one".
    pub(crate) nothing: Vec<Vec<String>>,
}

impl ComparisonWords {
    /// What a pack calls the lists.
    pub(crate) const KEYS: [&str; 8] = ["majority", "most", "more", "same", "untestable", "maybe", "than", "nothing"];

    /// The lists by their names.
    pub(crate) fn lists(&mut self) -> [(&'static str, &mut Vec<Vec<String>>); 8] {
        let Self { majority, most, more, same, untestable, maybe, than, nothing } = self;
        let [a, b, c, d, e, f, g, h] = Self::KEYS;
        [(a, majority), (b, most), (c, more), (d, same), (e, untestable), (f, maybe), (g, than), (h, nothing)]
    }
}

/// A word of a text with its place in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PlacedToken {
    pub(crate) word: String,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Why words do not tell one number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unread {
    /// There is none.
    NoNumber,
    /// There are several.
    SeveralNumbers,
    /// A word says more than the claim checks.
    SaysMore(String),
}

/// What a run of tokens tells.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Told {
    Phrase(f64),
    Percent(Number),
    Plain(Number),
}

/// A sign that changes what a number tells and that is no word: a minus before a digit, or per mille.
fn sign(words: &str) -> Option<char> {
    let mut before = ' ';
    let mut characters = words.chars().peekable();
    while let Some(character) = characters.next() {
        let is_minus = matches!(character, '-' | '\u{2212}') && !before.is_alphanumeric();
        if character == '\u{2030}' || (is_minus && characters.peek().is_some_and(char::is_ascii_digit)) {
            return Some(character);
        }
        before = character;
    }
    None
}

impl Phrases {
    /// The share that the words tell. A plain number is taken as per cent (or as the value, where a mean is told).
    pub(crate) fn share(&self, words: &str, form: &NumberForm) -> Result<Spoken, Unread> {
        let (lean, told) = self.only_number(words, form)?;
        Ok(match told {
            Told::Phrase(percent) => Spoken::Phrase { percent, lean },
            Told::Percent(number) | Told::Plain(number) => {
                Spoken::Percent { value: value(number), decimals: number.decimals, lean }
            }
        })
    }

    /// The count that the words tell.
    pub(crate) fn count(&self, words: &str, form: &NumberForm) -> Result<Spoken, Unread> {
        match self.only_number(words, form)? {
            (Lean::Neither, Told::Plain(Number { units, decimals: 0 })) => {
                Ok(Spoken::Count(u64::try_from(units).expect("digits are read without a sign")))
            }
            (Lean::Over | Lean::Under, Told::Plain(_)) => {
                Err(Unread::SaysMore(self.lean_in(words, form).unwrap_or_default()))
            }
            (_, Told::Plain(_) | Told::Percent(_) | Told::Phrase(_)) => Err(Unread::NoNumber),
        }
    }

    /// How many of the first words tell a number, in digits or in words. A word for one is an article in most languages, and one
    /// that begins with a letter and holds digits is a name.
    pub(crate) fn number_at(&self, tokens: &[PlacedToken], form: &NumberForm) -> Option<usize> {
        let words: Vec<String> = tokens.iter().map(|token| token.word.clone()).collect();
        if let Some((_, length)) = self.told_at(&words, form) {
            return Some(length);
        }
        let first = words.first()?;
        let is_digits = first.starts_with(|character: char| character.is_ascii_digit());
        let is_word = self.numbers.get(first).is_some_and(|number| *number != 1);
        (is_digits || is_word).then_some(1)
    }

    /// The word at the very end that says more than a claim behind it is checked for.
    pub(crate) fn unchecked_at_end<'t>(&self, tokens: &'t [PlacedToken]) -> Option<(&'t PlacedToken, String)> {
        let ends = |word: &&Vec<String>| {
            let start = tokens.len().checked_sub(word.len());
            !word.is_empty()
                && start.is_some_and(|start| tokens[start..].iter().map(|token| &token.word).eq(word.iter()))
        };
        let bending = self.unchecked.iter().chain(&self.just_over).chain(&self.just_under);
        let longest = bending.filter(ends).max_by_key(|word| word.len())?;
        Some((&tokens[tokens.len() - longest.len()], longest.join(" ")))
    }

    /// The words that make one thing the cause of another.
    pub(crate) fn causes<'t>(&self, tokens: &'t [PlacedToken]) -> Vec<(&'t PlacedToken, String)> {
        let starts = |at: usize, word: &[String]| {
            tokens.get(at..at + word.len()).is_some_and(|run| run.iter().map(|token| &token.word).eq(word.iter()))
        };
        let cause =
            |at: usize| self.causal.iter().find(|word| starts(at, word)).map(|word| (&tokens[at], word.join(" ")));
        (0..tokens.len()).filter_map(cause).collect()
    }

    /// Every phrase that a text may tell a share by, of which it takes the nearest: x out of 10, then the fixed ones.
    pub(crate) fn list(&self) -> Vec<SharePhrase> {
        let of_ten = |(between, part): (&String, u8)| SharePhrase {
            words: format!("{part} {between} 10"),
            percent: 10.0 * f64::from(part),
        };
        let tenths = self.out_of_words.iter().flat_map(|between| (1..10).map(move |part| (between, part)));
        tenths.map(of_ten).chain(self.fixed.iter().cloned()).collect()
    }

    /// The first word of the text that leans.
    fn lean_in(&self, words: &str, form: &NumberForm) -> Option<String> {
        let tokens = number_tokens(words, form);
        (0..tokens.len()).find_map(|at| {
            let (_, length) = self.lean_at(&tokens[at..])?;
            Some(tokens[at..at + length].join(" "))
        })
    }

    /// Whether the first tokens say on which side of a number the estimate lies, and how many of them say so.
    fn lean_at(&self, tokens: &[String]) -> Option<(Lean, usize)> {
        let of = |words: &[Vec<String>], lean: Lean| {
            let starts = words.iter().filter(|word| !word.is_empty() && tokens.starts_with(word));
            starts.map(|word| (lean, word.len())).max_by_key(|(_, length)| *length)
        };
        let found = of(&self.just_over, Lean::Over).into_iter().chain(of(&self.just_under, Lean::Under));
        found.max_by_key(|(_, length)| *length)
    }

    /// The one number in the words, and the side of it that the word right before it tells.
    fn only_number(&self, words: &str, form: &NumberForm) -> Result<(Lean, Told), Unread> {
        if let Some(sign) = sign(words) {
            return Err(Unread::SaysMore(sign.to_string()));
        }
        let tokens = number_tokens(words, form);
        let mut told = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            let rest = &tokens[at..];
            if let Some((lean, length)) = self.lean_at(rest) {
                let Some((number, more)) = self.told_at(&rest[length..], form) else {
                    return Err(Unread::SaysMore(rest[..length].join(" ")));
                };
                told.push((lean, number));
                at += length + more;
                continue;
            }
            if let Some(word) = self.unchecked.iter().find(|word| rest.starts_with(word)) {
                return Err(Unread::SaysMore(word.join(" ")));
            }
            match self.told_at(rest, form) {
                Some((number, length)) => {
                    told.push((Lean::Neither, number));
                    at += length;
                }
                None => at += 1,
            }
        }
        match told.as_slice() {
            [] => Err(Unread::NoNumber),
            [only] => Ok(*only),
            [_, _, ..] => Err(Unread::SeveralNumbers),
        }
    }

    /// What the first tokens tell, and how many of them tell it.
    fn told_at(&self, tokens: &[String], form: &NumberForm) -> Option<(Told, usize)> {
        let phrase = self.fractions.iter().filter(|(words, _)| tokens.starts_with(words)).max_by_key(|it| it.0.len());
        if let Some((words, percent)) = phrase {
            return Some((Told::Phrase(*percent), words.len()));
        }
        if let Some(found) = self.out_of_at(tokens, form) {
            return Some(found);
        }
        let (first, rest) = tokens.split_first()?;
        let digits = form.read(first);
        let word = || self.numbers.get(first).map(|number| Number { units: i64::from(*number), decimals: 0 });
        if let Some(sign) = self.percent.iter().find(|sign| rest.starts_with(sign)) {
            return Some((Told::Percent(digits.or_else(word)?), 1 + sign.len()));
        }
        // A number word alone tells no number: in most languages "one" is also an article.
        digits.map(|number| (Told::Plain(number), 1))
    }

    /// "x of y", each in digits or as a number word.
    fn out_of_at(&self, tokens: &[String], form: &NumberForm) -> Option<(Told, usize)> {
        let (first, rest) = tokens.split_first()?;
        let between = self.out_of.iter().filter(|between| rest.starts_with(between)).max_by_key(|it| it.len())?;
        let second = rest.get(between.len())?;
        let (part, whole) = (self.small_number(first, form)?, self.small_number(second, form)?);
        let sensible = whole > 0 && part <= whole && whole <= 100;
        sensible.then(|| (Told::Phrase(100.0 * f64::from(part) / f64::from(whole)), 2 + between.len()))
    }

    fn small_number(&self, token: &str, form: &NumberForm) -> Option<u32> {
        match form.read(token) {
            Some(Number { units, decimals: 0 }) => u32::try_from(units).ok(),
            Some(_) => None,
            None => self.numbers.get(token).copied(),
        }
    }
}

/// The words of a text in small letters, without the punctuation around them; a per cent sign is a word.
pub(crate) fn tokens(text: &str) -> Vec<String> {
    words_of(text).into_iter().map(|token| token.word).collect()
}

/// The same, where a number whose digits are grouped by spaces is one word.
fn number_tokens(text: &str, form: &NumberForm) -> Vec<String> {
    placed_tokens(text, form).into_iter().map(|token| token.word).collect()
}

/// The same with their places.
pub(crate) fn placed_tokens(text: &str, form: &NumberForm) -> Vec<PlacedToken> {
    let mut tokens: Vec<PlacedToken> = Vec::new();
    for token in words_of(text) {
        let joined = tokens.last().and_then(|last| form.joined(&last.word, &text[last.end..token.start], &token.word));
        match (joined, tokens.last_mut()) {
            (Some(word), Some(last)) => (last.word, last.end) = (word, token.end),
            (_, _) => tokens.push(token),
        }
    }
    tokens
}

/// What stands between spaces, with its place.
fn words_of(text: &str) -> Vec<PlacedToken> {
    let mut tokens = Vec::new();
    let is_between = |character: char| character.is_whitespace() || character == '%';
    let mut start = 0;
    for (at, end) in text.match_indices(is_between).chain([(text.len(), "")]) {
        let word = &text[start..at];
        let trimmed = word.trim_start_matches(|character: char| !character.is_alphanumeric());
        let begins = start + word.len() - trimmed.len();
        let trimmed = trimmed.trim_end_matches(|character: char| !character.is_alphanumeric());
        if !trimmed.is_empty() {
            tokens.push(PlacedToken { word: trimmed.to_lowercase(), start: begins, end: begins + trimmed.len() });
        }
        if end == "%" {
            tokens.push(PlacedToken { word: end.to_owned(), start: at, end: at + end.len() });
        }
        start = at + end.len();
    }
    tokens
}

/// A number as the nearest `f64`, by the road that reading decimal text takes.
fn value(number: Number) -> f64 {
    format!("{}e-{}", number.units, number.decimals).parse().expect("digits and an exponent are a number")
}
