//! What a text says beside its claims: numbers that nothing checks, words that bend a claim, and causes that no survey shows.
//!
//! A number stands in a claim, in a fact from elsewhere, in a figure, or it says nothing about the world: a year, a date, the name of an
//! item (`Q5`, `E4_1`), words that the theme allows with a reason. In a quotation it is its speaker's, and flagged for the editor.

use std::collections::BTreeSet;
use std::ops::Range;

use codebook::{Allowed, Finding, Language, Place};
use pulldown_cmark::{Event, Tag, TagEnd};

use super::prose::{Prose, is_claim_mark};
use crate::Pack;
use crate::language::{PlacedToken, placed_tokens};

/// Years as texts write them.
const YEARS: Range<u32> = 1800..2200;

/// What is found in a text, at a place in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Remark {
    pub(super) offset: usize,
    pub(super) kind: RemarkKind,
}

/// What is wrong there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RemarkKind {
    /// A number that nothing checks.
    Number(String),
    /// A number in a quotation.
    Quoted(String),
    /// A word before a claim that says more than is checked.
    Bends(String),
    /// A word that makes one thing the cause of another, beside a claim.
    Cause(String),
}

/// Who answers for the numbers that stand outside of claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumbersOf {
    /// The report: each must be checked.
    Report,
    /// The source of a local case, which names it and the day on which the two were compared.
    Source,
    /// The speaker of a quotation.
    Speaker,
}

impl Remark {
    /// The remark, if it is one in a text whose numbers are these.
    pub(super) fn of(self, whose: NumbersOf) -> Option<Self> {
        let kind = match (self.kind, whose) {
            (RemarkKind::Number(_), NumbersOf::Source) => return None,
            (RemarkKind::Number(words), NumbersOf::Speaker) => RemarkKind::Quoted(words),
            (kind, NumbersOf::Report | NumbersOf::Source | NumbersOf::Speaker) => kind,
        };
        Some(Self { kind, ..self })
    }

    pub(super) fn finding(&self, place: Place) -> Finding {
        match &self.kind {
            RemarkKind::Number(words) => {
                let message = format!("nothing checks the number in {words:?}");
                Finding::error(place, "naked-number", message)
                    .hint("make it a claim, [9 out of 10]{name}, or a fact of facts.toml with its source")
                    .hint("if it states nothing, such as the name of a law, list it under [[allow]] of the theme")
            }
            RemarkKind::Quoted(words) => {
                let message = format!("a quotation tells the number in {words:?}, which is its speaker's");
                Finding::warning(place, "quoted-number", message)
            }
            RemarkKind::Bends(words) => {
                let message = format!("{words:?} before a claim says more than the claim is checked for");
                Finding::error(place, "unchecked-word", message).hint(format!("leave {words:?} out"))
            }
            RemarkKind::Cause(words) => {
                let message =
                    format!("{words:?} makes one thing the cause of another, and a survey shows what goes together");
                Finding::warning(place, "causal-word", message)
                    .hint("say in which group it is more frequent, or list the words under [[allow]] with the reason")
            }
        }
    }
}

impl Remark {
    /// The finding about a number, whoever tells it, where a text can hold no claim.
    pub(super) fn unchecked_number(&self, place: &Place) -> Option<Finding> {
        let (RemarkKind::Number(words) | RemarkKind::Quoted(words)) = &self.kind else { return None };
        let finding = Finding::error(place.clone(), "naked-number", format!("nothing checks the number in {words:?}"));
        Some(finding.hint(
            "tell it on a page, as a claim, [9 out of 10]{name}, or as a fact of report/facts.toml with its source",
        ))
    }
}

/// A part of a text outside of claims.
struct Stretch<'t> {
    text: &'t str,
    /// Its place in the source.
    range: Range<usize>,
    is_quoted: bool,
    /// Whether a claim follows without anything between.
    before_claim: bool,
    /// The block that it stands in, and whether that holds a claim.
    block: usize,
}

/// What is wrong with the words outside of the claims. Then the numbers of the allowed words that the text has.
pub(super) fn lint(prose: &Prose<'_>, pack: &Pack, allowed: &[Allowed]) -> (Vec<Remark>, BTreeSet<usize>) {
    let (stretches, blocks_with_claims) = stretches(prose);
    let mut remarks = Vec::new();
    let mut used = BTreeSet::new();
    for stretch in &stretches {
        let excused = excused(stretch.text, pack.language(), allowed, &mut used);
        let tokens = placed_tokens(stretch.text, pack.number_form());
        let is_excused = |token: &PlacedToken| excused.iter().any(|range| range.contains(&token.start));
        let mut remark = |token: &PlacedToken, kind: RemarkKind| {
            if !is_excused(token) {
                remarks.push(Remark { offset: stretch.range.start + token.start, kind });
            }
        };
        for (token, words) in numbers(&tokens, pack) {
            let kind = if stretch.is_quoted { RemarkKind::Quoted(words) } else { RemarkKind::Number(words) };
            remark(token, kind);
        }
        // A comma or a stop ends what is said before the claim.
        if stretch.before_claim
            && stretch.text.trim_end().ends_with(char::is_alphanumeric)
            && let Some((token, words)) = pack.phrases().unchecked_at_end(&tokens)
        {
            remark(token, RemarkKind::Bends(words));
        }
        if blocks_with_claims.contains(&stretch.block) {
            for (token, words) in pack.phrases().causes(&tokens) {
                remark(token, RemarkKind::Cause(words));
            }
        }
    }
    (remarks, used)
}

/// The texts outside of claims and code, and the blocks that hold claims.
fn stretches<'p>(prose: &'p Prose<'_>) -> (Vec<Stretch<'p>>, Vec<usize>) {
    let mut stretches: Vec<Stretch<'p>> = Vec::new();
    let mut with_claims = Vec::new();
    let (mut depth, mut block, mut quotes, mut in_claim) = (0_usize, 0, 0_usize, false);
    for (event, range) in &prose.events {
        match event {
            Event::Start(tag) => {
                block += usize::from(depth == 0);
                depth += 1;
                quotes += usize::from(matches!(tag, Tag::BlockQuote(_)));
            }
            Event::End(tag) => {
                depth -= 1;
                quotes -= usize::from(matches!(tag, TagEnd::BlockQuote(_)));
            }
            Event::InlineHtml(mark) if is_claim_mark(mark) => {
                in_claim = !in_claim;
                if in_claim {
                    with_claims.push(block);
                    if let Some(last) = stretches.last_mut().filter(|last| last.block == block) {
                        last.before_claim = true;
                    }
                }
            }
            Event::Text(text) if !in_claim => {
                let (text, range) = (text.as_ref(), range.clone());
                stretches.push(Stretch { text, range, is_quoted: quotes > 0, before_claim: false, block });
            }
            Event::Text(_)
            | Event::Code(_)
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
    (stretches, with_claims)
}

/// Where allowed words stand in a text. `used` gains the numbers of those that do.
pub(super) fn excused(
    text: &str,
    language: &Language,
    allowed: &[Allowed],
    used: &mut BTreeSet<usize>,
) -> Vec<Range<usize>> {
    let small = text.to_lowercase();
    let mut excused = Vec::new();
    for (number, each) in allowed.iter().enumerate() {
        let Some(words) = each.words.find(language).map(str::to_lowercase).filter(|words| !words.is_empty()) else {
            continue;
        };
        let found = small.match_indices(&words).map(|(start, _)| start..start + words.len());
        // A small letter may take other bytes than its capital; only where none does have both texts the same places.
        let found: Vec<Range<usize>> =
            if small.len() == text.len() { found.collect() } else { whole(text, found.count()) };
        if !found.is_empty() {
            used.insert(number);
        }
        excused.extend(found);
    }
    excused
}

fn whole(text: &str, found: usize) -> Vec<Range<usize>> {
    std::iter::repeat_n(0..text.len(), found.min(1)).collect()
}

/// The numbers among some words, in digits or as words, that are no years, dates or names.
fn numbers<'t>(tokens: &'t [PlacedToken], pack: &Pack) -> Vec<(&'t PlacedToken, String)> {
    let mut numbers = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if is_year(&tokens[at].word) || is_day(tokens, at, pack) {
            at += 1;
            continue;
        }
        match pack.phrases().number_at(&tokens[at..], pack.number_form()) {
            Some(length) => {
                let words: Vec<&str> = tokens[at..at + length].iter().map(|token| token.word.as_str()).collect();
                numbers.push((&tokens[at], words.join(" ")));
                at += length;
            }
            None => at += 1,
        }
    }
    numbers
}

/// A year, or a span of years such as `2018-2019`.
fn is_year(word: &str) -> bool {
    let is_year = |part: &str| part.len() == 4 && part.parse().is_ok_and(|year: u32| YEARS.contains(&year));
    word.split(['-', '–', '/']).all(is_year)
}

/// The day of a date: a number beside the name of a month.
fn is_day(tokens: &[PlacedToken], at: usize, pack: &Pack) -> bool {
    let is_small = tokens[at].word.parse::<u8>().is_ok_and(|day| (1..=31).contains(&day));
    let is_month = |index: Option<usize>| {
        index.and_then(|index| tokens.get(index)).is_some_and(|token| pack.is_month(&token.word))
    };
    is_small && (is_month(Some(at + 1)) || is_month(Some(at + 2)) || is_month(at.checked_sub(1)))
}
