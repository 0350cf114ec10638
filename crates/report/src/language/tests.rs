use codebook::{Lean, Spoken};

use super::*;

fn pack(code: &str) -> Pack {
    let (languages, findings) = Languages::read(&[]);
    assert!(findings.is_empty(), "{}", findings[0]);
    languages.pack(&Language::new(code).unwrap()).expect("the program carries this language").clone()
}

#[test]
fn numbers_follow_the_language() {
    let written = |code: &str| {
        let pack = pack(code);
        let number = |units, decimals| pack.number(Number { units, decimals });
        [
            number(187_725, 2),
            number(-5, 1),
            number(1877, 0),
            number(80, 1),
            pack.percent(Number { units: 81, decimals: 0 }),
        ]
    };
    assert_eq!(written("da"), ["1.877,25", "-0,5", "1.877", "8,0", "81\u{a0}%"]);
    assert_eq!(written("en"), ["1,877.25", "-0.5", "1,877", "8.0", "81%"]);
    // Spanish groups from five digits on.
    assert_eq!(written("es"), ["1877,25", "-0,5", "1877", "8,0", "81\u{a0}%"]);
    assert_eq!(pack("es").count(11_969), "11.969");
}

#[test]
fn what_is_written_is_read_again() {
    for code in ["da", "en", "es"] {
        let pack = pack(code);
        for number in [Number { units: 1_234_567, decimals: 0 }, Number { units: 187_725, decimals: 2 }] {
            assert_eq!(pack.number_form().read(&pack.number(number)), Some(number), "{code}");
        }
    }
    let danish = pack("da");
    for text in ["1.87", "12.3456", "1,", ",5", ".877", "1.877.2", "1 877", "x"] {
        assert_eq!(danish.number_form().read(text), None, "{text}");
    }
}

fn side(lean: Lean) -> &'static str {
    match lean {
        Lean::Neither => "",
        Lean::Over => "over ",
        Lean::Under => "under ",
    }
}

/// The share that the words tell, in hundredths of a per cent; `None` when they are not read.
#[track_caller]
fn check(code: &str, words: &str, expected: Option<&str>) {
    let pack = pack(code);
    let told = pack.phrases().share(words, pack.number_form()).ok().map(|spoken| match spoken {
        Spoken::Phrase { percent, lean } => format!("{}phrase {percent:.2}", side(lean)),
        Spoken::Percent { value, decimals, lean } => format!("{}{value} with {decimals}", side(lean)),
        Spoken::Count(count) => format!("count {count}"),
    });
    assert_eq!(told.as_deref(), expected, "{words}");
}

#[test]
fn danish_tells_shares_like_this() {
    check("da", "9 ud af 10", Some("phrase 90.00"));
    check("da", "Ni ud af ti innovationer", Some("phrase 90.00"));
    check("da", "fire af fem", Some("phrase 80.00"));
    check("da", "Hver sjette", Some("phrase 16.67"));
    check("da", "hver 6. arbejdsplads", Some("phrase 16.67"));
    check("da", "tre fjerdedele", Some("phrase 75.00"));
    check("da", "81 procent", Some("81 with 0"));
    check("da", "81 pct.", Some("81 with 0"));
    check("da", "81,5 %", Some("81.5 with 1"));
    check("da", "81,5%", Some("81.5 with 1"));
    check("da", "omkring halvdelen", Some("phrase 50.00"));
    check("da", "knap halvdelen", Some("under phrase 50.00"));
    check("da", "Godt 8 ud af 10 arbejdspladser", Some("over phrase 80.00"));
    check("da", "lidt under 80 procent", Some("under 80 with 0"));
    check("da", "godt og vel 80 procent", None);
    check("da", "under 80 procent", None);
    check("da", "mere end 9 ud af 10", None);
    check("da", "mange", None);
    check("da", "11 ud af 10", None);
}

#[test]
fn english_tells_shares_like_this() {
    check("en", "9 out of 10", Some("phrase 90.00"));
    check("en", "one in six", Some("phrase 16.67"));
    check("en", "every 6th workplace", Some("phrase 16.67"));
    check("en", "every sixth", Some("phrase 16.67"));
    check("en", "four in five", Some("phrase 80.00"));
    check("en", "3 of 4", Some("phrase 75.00"));
    check("en", "81 per cent", Some("81 with 0"));
    check("en", "81.5%", Some("81.5 with 1"));
    check("en", "three-quarters of them", Some("phrase 75.00"));
    check("en", "almost half", Some("under phrase 50.00"));
    check("en", "just over one in six", Some("over phrase 16.67"));
    check("en", "just over", None);
    check("en", "half, or just over", None);
    check("en", "-50 %", None);
    check("en", "minus 50 per cent", None);
    check("en", "not 50 per cent", None);
    check("en", "50 per cent fewer", None);
    check("en", "50 \u{2030}", None);
    check("en", "50 permille", None);
}

#[test]
fn spanish_tells_shares_like_this() {
    check("es", "9 de cada 10", Some("phrase 90.00"));
    check("es", "nueve de cada diez", Some("phrase 90.00"));
    check("es", "una de cada seis", Some("phrase 16.67"));
    check("es", "tres cuartas partes", Some("phrase 75.00"));
    check("es", "el 81 por ciento", Some("81 with 0"));
    check("es", "14,81 %", Some("14.81 with 2"));
    check("es", "casi la mitad", Some("under phrase 50.00"));
    check("es", "algo más de la mitad", Some("over phrase 50.00"));
    check("es", "más de la mitad", None);
}

#[test]
fn counts_are_whole_numbers() {
    let pack = pack("da");
    let count = |words: &str| pack.phrases().count(words, pack.number_form());
    assert_eq!(count("2.271 arbejdspladser"), Ok(Spoken::Count(2271)));
    assert_eq!(count("2271"), Ok(Spoken::Count(2271)));
    assert_eq!(count("godt 2.000"), Err(Unread::SaysMore("godt".to_owned())));
    assert_eq!(count("2,5"), Err(Unread::NoNumber));
    assert_eq!(count("9 ud af 10"), Err(Unread::NoNumber));
}

#[test]
fn dates_are_in_words() {
    let date = jiff::civil::date(2020, 12, 4);
    assert_eq!(pack("da").date(date), "4. december 2020");
    assert_eq!(pack("en").date(date), "4 December 2020");
    assert_eq!(pack("es").date(date), "4 de diciembre de 2020");
}

#[test]
fn braces_in_a_value_stay_what_they_are() {
    assert_eq!(fill("{a} and {b}", &[("a", "{b}"), ("b", "x")]), "{b} and x");
}

#[test]
fn lists_end_in_the_word_of_the_language() {
    let items = ["a".to_owned(), "b".to_owned(), "c".to_owned()];
    assert_eq!(pack("da").list(&items, Word::ListAnd), "a, b og c");
    assert_eq!(pack("en").list(&items[..2], Word::ListOr), "a or b");
}

/// The packs that the program carries say the same things: no key is missing, none is left over.
#[test]
fn all_packs_have_the_same_keys() {
    let keys = |text: &str| -> Vec<String> {
        let table = toml::de::DeTable::parse(text).unwrap().into_inner();
        let texts = table.get("texts").and_then(|texts| texts.get_ref().as_table()).unwrap();
        let mut keys: Vec<String> = texts.keys().map(|key| key.get_ref().to_string()).collect();
        keys.sort();
        keys
    };
    let mut expected: Vec<String> = Word::ALL.iter().map(|word| word.key().to_owned()).collect();
    expected.sort();
    assert_eq!(keys(include_str!("../../../../templates/lang/da.toml")), expected);
    assert_eq!(keys(include_str!("../../../../templates/lang/en.toml")), expected);
    assert_eq!(keys(include_str!("../../../../templates/lang/es.toml")), expected);
}
