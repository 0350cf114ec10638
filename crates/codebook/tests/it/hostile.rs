//! No text makes reading panic, and findings never point outside the files.

use std::cell::Cell;

use codebook::{Country, Finding, Place, SourceFile};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::files_with;

/// Mutants per property: enough to meet every rule several times, and seconds even without optimisation.
const MUTANTS: u32 = 1000;

/// What happens to one file.
#[derive(Debug, Clone)]
enum Mutation {
    /// Some characters give way to others.
    Splice { at: Index, length: usize, with: String },
    /// A line goes away.
    DropLine(Index),
    /// A line comes twice.
    RepeatLine(Index),
    /// Two words (keys, codes, names, numbers) change places.
    SwapWords(Index, Index),
    /// A word becomes another one of the file.
    CopyWord(Index, Index),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let fragments = prop::sample::select(vec![
        "",
        "\"",
        "'",
        "[",
        "]",
        "{",
        "}",
        "=",
        "\n",
        "\0",
        "\u{feff}",
        "é",
        "\\",
        "\\u00e6",
        "\"\"\"",
        "''",
        "--",
        "(",
        ")",
        " AND ",
        "NULL",
        "999999999999999999999999",
        "-1",
        "1e999",
        "nan",
        "true",
        "2020-02-30",
        "[[figures]]",
        ".",
        "__",
    ]);
    let index = any::<Index>;
    prop_oneof![
        2 => (index(), 0..6_usize, fragments)
            .prop_map(|(at, length, with)| Mutation::Splice { at, length, with: with.to_owned() }),
        1 => (index(), 0..4_usize, any::<String>()).prop_map(|(at, length, with)| Mutation::Splice { at, length, with }),
        2 => index().prop_map(Mutation::DropLine),
        1 => index().prop_map(Mutation::RepeatLine),
        3 => (index(), index()).prop_map(|(one, other)| Mutation::SwapWords(one, other)),
        3 => (index(), index()).prop_map(|(one, other)| Mutation::CopyWord(one, other)),
    ]
}

fn mutate(text: &str, mutation: &Mutation) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    match mutation {
        Mutation::Splice { at, length, with } => {
            let characters: Vec<char> = text.chars().collect();
            let start = at.index(characters.len() + 1);
            let end = (start + length).min(characters.len());
            characters[..start].iter().chain(&with.chars().collect::<Vec<_>>()).chain(&characters[end..]).collect()
        }
        Mutation::DropLine(at) if !lines.is_empty() => {
            lines.remove(at.index(lines.len()));
            lines.concat()
        }
        Mutation::RepeatLine(at) if !lines.is_empty() => {
            let at = at.index(lines.len());
            lines.insert(at, lines[at]);
            lines.concat()
        }
        Mutation::SwapWords(one, other) => exchange(text, *one, *other, true),
        Mutation::CopyWord(one, other) => exchange(text, *one, *other, false),
        Mutation::DropLine(_) | Mutation::RepeatLine(_) => text.to_owned(),
    }
}

/// Puts one word where another is and, if `back`, that one where the first was.
fn exchange(text: &str, one: Index, other: Index, back: bool) -> String {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    let mut parts: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|character| is_word(character) != is_word(first)).unwrap_or(rest.len());
        let (part, behind) = rest.split_at(end);
        parts.push(part);
        rest = behind;
    }
    let words: Vec<usize> = (0..parts.len()).filter(|index| parts[*index].starts_with(is_word)).collect();
    if words.is_empty() {
        return text.to_owned();
    }
    let (one, other) = (words[one.index(words.len())], words[other.index(words.len())]);
    let first = parts[one];
    parts[one] = parts[other];
    if back {
        parts[other] = first;
    }
    parts.concat()
}

fn is_within(place: &Place, files: &[SourceFile]) -> bool {
    match place {
        Place::File { file } => file.starts_with("pipelines/test"),
        Place::Text { file, line, column } => {
            let Some(source) = files.iter().find(|source| source.path == *file) else { return false };
            let line = usize::try_from(*line).unwrap();
            let length = source.text.split('\n').nth(line.wrapping_sub(1)).map(|line| line.chars().count());
            length.is_some_and(|length| (1..=length + 1).contains(&usize::try_from(*column).unwrap()))
        }
        Place::Cell { .. } => false,
    }
}

#[test]
fn mutated_countries_never_panic_and_findings_stay_in_the_files() {
    let base = files_with(None);
    let (past_parsing, meant) = (Cell::new(0_u32), Cell::new(0_u32));
    let config = Config { cases: MUTANTS, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let mutations = prop::collection::vec((any::<Index>(), mutation()), 1..4);
    let result = runner.run(&mutations, |mutations| {
        let mut files = base.clone();
        for (file, mutation) in &mutations {
            let file = &mut files[file.index(base.len())];
            file.text = mutate(&file.text, mutation);
        }
        let (country, findings) = Country::read("pipelines/test", &files);
        prop_assert_eq!(country.is_some(), findings.is_empty());
        for finding in &findings {
            prop_assert!(is_within(&finding.place, &files), "{}", finding);
        }
        let is_syntax = |finding: &Finding| finding.code == "syntax";
        past_parsing.set(past_parsing.get() + u32::from(!findings.iter().any(is_syntax)));
        meant.set(meant.get() + u32::from(findings.iter().any(|finding| !is_syntax(finding))));
        Ok(())
    });
    result.unwrap();
    // Otherwise the property would only be about the TOML parser.
    assert!(past_parsing.get() > MUTANTS / 3, "{} of {MUTANTS} mutants are TOML", past_parsing.get());
    assert!(meant.get() > MUTANTS / 3, "{} of {MUTANTS} mutants have other findings", meant.get());
}

#[test]
fn any_text_is_a_file_with_findings() {
    let config = Config { cases: 300, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let result = runner.run(&(any::<Index>(), any::<String>()), |(at, text)| {
        let mut files = files_with(None);
        let at = at.index(files.len());
        files[at].text = text;
        let (country, findings) = Country::read("pipelines/test", &files);
        prop_assert!(country.is_none());
        prop_assert!(findings.iter().all(|finding| is_within(&finding.place, &files)));
        Ok(())
    });
    result.unwrap();
}

#[test]
fn a_country_without_files_lacks_them() {
    let (country, findings) = Country::read("pipelines/test", &[]);
    assert!(country.is_none());
    let messages: Vec<String> = findings.iter().map(ToString::to_string).collect();
    let missing = |file: &str| format!("pipelines/test/{file}: the file is missing");
    assert_eq!(messages, [missing("codebook.toml"), missing("country.toml"), missing("tables.toml")]);
}
