//! The packs that the program carries: each is whole, its sentences fill the same places, and its typography is its language's.

use toml::de::{DeTable, DeValue};

use super::super::*;
use super::{CARRIED, pack};

/// The file of a pack.
fn source(code: &str) -> String {
    let path = testkit::repository().join(format!("templates/lang/{code}.toml"));
    std::fs::read_to_string(path).unwrap()
}

/// Every text of a pack with its key; of one that agrees with a number, each form.
fn texts(code: &str) -> Vec<(String, String)> {
    let source = source(code);
    let table = DeTable::parse(&source).unwrap().into_inner();
    let texts = table.get("texts").and_then(|texts| texts.get_ref().as_table()).unwrap();
    let of = |key: &str, value: &DeValue<'_>| {
        let form = |text: &DeValue<'_>| (key.to_owned(), text.as_str().unwrap().to_owned());
        match value.as_table() {
            Some(forms) => forms.values().map(|text| form(text.get_ref())).collect(),
            None => vec![form(value)],
        }
    };
    texts.iter().flat_map(|(key, value)| of(key.get_ref(), value.get_ref())).collect()
}

/// The places of a text, sorted.
fn places(text: &str) -> Vec<&str> {
    let mut places: Vec<&str> = text.split('{').skip(1).map(|part| part.split_once('}').unwrap().0).collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// How many words a text has beside what fills its places.
fn words(text: &str) -> usize {
    let own = text.split(['{', '}']).step_by(2);
    own.flat_map(|part| part.split(|character: char| !character.is_alphabetic())).filter(|word| word.len() > 1).count()
}

#[test]
fn no_key_is_missing_and_none_is_left_over() {
    let mut expected: Vec<&str> = Word::ALL.iter().map(|word| word.key()).collect();
    expected.sort_unstable();
    let files = std::fs::read_dir(testkit::repository().join("templates/lang")).unwrap();
    assert_eq!(files.count(), CARRIED.len(), "every pack beside the program's is carried by it");
    for code in CARRIED {
        let mut keys: Vec<String> = texts(code).into_iter().map(|(key, _)| key).collect();
        keys.sort();
        keys.dedup();
        assert_eq!(keys, expected, "{code}");
        assert_eq!(pack(code).number_form().plurals().len(), 2, "{code} has a form for one and one for more");
    }
}

#[test]
fn a_sentence_fills_the_same_places_in_every_language_and_form() {
    let english: BTreeMap<String, String> = texts("en").into_iter().collect();
    for code in CARRIED {
        for (key, text) in texts(code) {
            assert_eq!(places(&text), places(&english[&key]), "{code}: {key}");
        }
    }
}

/// A sentence of some length that says the same as the English one, letter by letter, was not translated.
#[test]
fn no_sentence_was_left_in_english() {
    let english: BTreeMap<String, String> = texts("en").into_iter().collect();
    for code in CARRIED.into_iter().filter(|code| *code != "en") {
        for (key, text) in texts(code) {
            let is_long = words(&text) >= 3;
            assert!(!is_long || text != english[&key], "{code}: {key}: {text}");
        }
    }
}

#[test]
fn per_cent_signs_stand_as_in_the_language() {
    for code in CARRIED {
        let is_spaced = pack(code).text(Word::Percent).contains('\u{a0}');
        for (key, text) in texts(code) {
            for (at, _) in text.match_indices('%').filter(|(at, _)| !text[..*at].ends_with('(')) {
                let before = text[..at].chars().next_back();
                let is_right =
                    if is_spaced { before == Some('\u{a0}') } else { before.is_some_and(|it| !it.is_whitespace()) };
                assert!(is_right, "{code}: {key}: {text}");
            }
            let equals = text.split('=').next().filter(|_| text.contains('='));
            assert!(equals.is_none_or(|before| before.ends_with('\u{a0}')), "{code}: {key}: a line may break before =");
        }
    }
}

#[test]
fn quotation_marks_are_those_of_the_language() {
    const MARKS: [char; 8] = ['«', '»', '“', '”', '„', '‘', '’', '"'];
    for code in CARRIED {
        let own = pack(code).text(Word::Quote).to_owned();
        for (key, text) in texts(code) {
            let foreign = text.chars().find(|character| MARKS.contains(character) && !own.contains(*character));
            assert_eq!(foreign, None, "{code}: {key}");
        }
    }
}

/// No text ends in a space or holds two, and a sentence ends in its stop where its English one does.
#[test]
fn sentences_end_where_they_end_in_english() {
    let english: BTreeMap<String, String> = texts("en").into_iter().collect();
    for code in CARRIED {
        for (key, text) in texts(code).into_iter().filter(|(key, _)| !key.starts_with("list_") && key != "points") {
            assert!(text.trim() == text && !text.contains("  "), "{code}: {key}");
            assert_eq!(text.ends_with('.'), english[&key].ends_with('.'), "{code}: {key}");
        }
    }
}
