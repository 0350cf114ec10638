//! Texts as sentences of words, each with the claim that it stands in.

use codebook::Allowed;
use pulldown_cmark::{Event, Tag, TagEnd};

use super::lint::excused;
use super::prose::{Prose, is_claim_mark};
use crate::Pack;
use crate::language::placed_tokens;

/// What one sentence says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sentence {
    pub(super) words: Vec<Word>,
    /// The claims and facts that it words, by their names.
    pub(super) claims: Vec<String>,
}

/// A word in small letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    /// Its place in the source.
    pub(super) offset: usize,
    /// The claim or fact between whose brackets it stands.
    pub(super) claim: Option<String>,
    /// Whether the theme allows it, with its reason, or a quotation has it.
    pub(super) is_excused: bool,
}

/// A text being taken apart.
struct Splitting<'a> {
    pack: &'a Pack,
    allowed: &'a [Allowed],
    sentences: Vec<Sentence>,
    open: Sentence,
    /// Whether a stop stands behind the last word.
    is_stopped: bool,
}

/// The sentences of a text. A heading, a paragraph and an item of a list each begin one, and so does a capital or a claim behind a stop.
pub(super) fn sentences(prose: &Prose<'_>, pack: &Pack, allowed: &[Allowed]) -> Vec<Sentence> {
    let mut splitting =
        Splitting { pack, allowed, sentences: Vec::new(), open: Sentence::default(), is_stopped: false };
    let mut claims = prose.claims.iter();
    let (mut claim, mut quotes): (Option<&str>, usize) = (None, 0);
    for (event, range) in &prose.events {
        match event {
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Link { .. })
            | Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link) => {}
            Event::Start(tag) => {
                splitting.finish();
                quotes += usize::from(matches!(tag, Tag::BlockQuote(_)));
            }
            Event::End(tag) => {
                splitting.finish();
                quotes -= usize::from(matches!(tag, TagEnd::BlockQuote(_)));
            }
            Event::InlineHtml(mark) if is_claim_mark(mark) => {
                claim = if claim.is_none() { claims.next().map(|worded| worded.claim.as_str()) } else { None };
                if let Some(id) = claim {
                    splitting.open_claim(id);
                }
            }
            Event::Text(text) => splitting.take(text, range.start, claim, quotes > 0),
            Event::Code(_)
            | Event::Html(_)
            | Event::InlineHtml(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::FootnoteReference(_)
            | Event::SoftBreak
            | Event::HardBreak
            | Event::Rule
            | Event::TaskListMarker(_) => {}
        }
    }
    splitting.finish();
    splitting.sentences
}

impl Splitting<'_> {
    fn finish(&mut self) {
        let sentence = std::mem::take(&mut self.open);
        if !sentence.words.is_empty() {
            self.sentences.push(sentence);
        }
        self.is_stopped = false;
    }

    fn open_claim(&mut self, id: &str) {
        if self.is_stopped {
            self.finish();
        }
        self.open.claims.push(id.to_owned());
    }

    fn take(&mut self, text: &str, start: usize, claim: Option<&str>, is_quoted: bool) {
        let excused = excused(text, self.pack.language(), self.allowed, &mut std::collections::BTreeSet::new());
        let mut behind = 0;
        for token in placed_tokens(text, self.pack.number_form()) {
            self.is_stopped |= is_stop(&text[behind..token.start]);
            if self.is_stopped && text[token.start..].starts_with(char::is_uppercase) {
                self.finish();
            }
            self.is_stopped = false;
            behind = token.end;
            self.open.words.push(Word {
                offset: start + token.start,
                claim: claim.map(str::to_owned),
                is_excused: is_quoted || excused.iter().any(|range| range.contains(&token.start)),
                text: token.word,
            });
        }
        self.is_stopped |= is_stop(&text[behind..]);
    }
}

/// Whether a sentence may end in what stands between two words.
fn is_stop(between: &str) -> bool {
    between.contains(['.', '!', '?', '…'])
}

/// The words of a text that is no part of a page.
pub(super) fn words(text: &str, pack: &Pack) -> Vec<Word> {
    let tokens = placed_tokens(text, pack.number_form()).into_iter();
    tokens.map(|token| Word { text: token.word, offset: token.start, claim: None, is_excused: false }).collect()
}

/// Where the first of some phrases stands among words, and how many of them it is; the longest of those that begin there.
pub(super) fn first<const N: usize>(words: &[Word], lists: [&Vec<Vec<String>>; N]) -> Option<(usize, usize)> {
    (0..words.len()).find_map(|at| {
        let begins = |phrase: &&Vec<String>| {
            let run = words.get(at..at + phrase.len()).filter(|run| !run.is_empty());
            run.is_some_and(|run| run.iter().map(|word| &word.text).eq(phrase.iter()))
        };
        let longest = lists.iter().flat_map(|list| list.iter()).filter(begins).map(Vec::len).max();
        longest.map(|length| (at, length))
    })
}

/// Words as one text.
pub(super) fn joined(words: &[Word]) -> String {
    words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}
