mod completeness;
mod phrases;

use super::*;

/// The languages that the program carries.
const CARRIED: [&str; 8] = ["da", "en", "es", "fi", "is", "nb", "nl", "sv"];

fn pack(code: &str) -> Pack {
    thread_local! {
        static READ: (Languages, Vec<Finding>) = Languages::read(&[]);
    }
    READ.with(|(languages, findings)| {
        assert!(findings.is_empty(), "{}", findings[0]);
        languages.pack(&Language::new(code).unwrap()).expect("the program carries this language").clone()
    })
}

#[test]
fn numbers_are_as_cldr_has_them() {
    let written = |code: &str| {
        let pack = pack(code);
        let number = |units, decimals| pack.number(Number { units, decimals });
        let percent = pack.percent(Number { units: 81, decimals: 0 });
        let numbers = [(0, 0), (1, 0), (2, 0), (1877, 0), (12_345_678, 1), (-5, 0), (5, 1), (80, 1)];
        numbers.map(|(units, decimals)| number(units, decimals)).into_iter().chain([percent]).collect::<Vec<_>>()
    };
    assert_eq!(written("da"), ["0", "1", "2", "1.877", "1.234.567,8", "-5", "0,5", "8,0", "81\u{a0}%"]);
    assert_eq!(written("en"), ["0", "1", "2", "1,877", "1,234,567.8", "-5", "0.5", "8.0", "81%"]);
    // Spanish groups from five digits on.
    assert_eq!(written("es"), ["0", "1", "2", "1877", "1.234.567,8", "-5", "0,5", "8,0", "81\u{a0}%"]);
    assert_eq!(pack("es").count(11_969), "11.969");
    assert_eq!(written("is"), ["0", "1", "2", "1.877", "1.234.567,8", "-5", "0,5", "8,0", "81%"]);
    assert_eq!(written("nl"), ["0", "1", "2", "1.877", "1.234.567,8", "-5", "0,5", "8,0", "81%"]);
    for code in ["fi", "nb", "sv"] {
        let spaced = ["1\u{a0}877", "1\u{a0}234\u{a0}567,8", "\u{2212}5", "0,5", "8,0", "81\u{a0}%"];
        assert_eq!(written(code)[3..], spaced, "{code}");
    }
}

#[test]
fn what_is_written_is_read_again() {
    for code in CARRIED {
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

#[test]
fn dates_are_as_cldr_has_them() {
    let written = |code: &str, month| pack(code).date(jiff::civil::date(2020, month, 4));
    let december = CARRIED.map(|code| written(code, 12));
    assert_eq!(
        december,
        [
            "4.\u{a0}december 2020",
            "4\u{a0}December 2020",
            "4\u{a0}de diciembre de 2020",
            "4.\u{a0}joulukuuta 2020",
            "4.\u{a0}desember 2020",
            "4.\u{a0}desember 2020",
            "4\u{a0}december 2020",
            "4\u{a0}december 2020"
        ]
    );
    let months = |code: &str| {
        let month = |month| written(code, month).split_whitespace().nth(1).unwrap().to_owned();
        (1..=12).map(month).collect::<Vec<String>>().join(" ")
    };
    assert_eq!(
        months("fi"),
        "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta \
         marraskuuta joulukuuta"
    );
    assert_eq!(months("is"), "janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember");
    assert_eq!(months("nb"), "januar februar mars april mai juni juli august september oktober november desember");
    assert_eq!(months("nl"), "januari februari maart april mei juni juli augustus september oktober november december");
    assert_eq!(months("sv"), "januari februari mars april maj juni juli augusti september oktober november december");
}

/// A word that agrees with its number, in each language.
#[track_caller]
fn check_counted(code: &str, count: u64, expected: &str) {
    let text = pack(code).fill_counted(Word::ChartStacked, count, &[("title", "X.")]);
    assert_eq!(text, format!("{expected}: X."));
}

#[test]
fn nouns_agree_with_their_number() {
    check_counted("da", 1, "Stablet søjlediagram med 1 søjle");
    check_counted("en", 1, "Stacked bar chart with 1 bar");
    check_counted("en", 21, "Stacked bar chart with 21 bars");
    check_counted("es", 1, "Gráfico de barras apiladas con 1 barra");
    check_counted("nb", 1, "Stablet stolpediagram med 1 stolpe");
    check_counted("sv", 2, "Staplat stapeldiagram med 2 staplar");
    check_counted("nl", 1, "Gestapeld staafdiagram met 1 staaf");
    // A numeral other than one asks Finnish for the partitive, and Icelandic counts 21 as it counts one.
    check_counted("fi", 1, "Pinottu pylväskuvio, jossa on 1 pylväs");
    check_counted("fi", 21, "Pinottu pylväskuvio, jossa on 21 pylvästä");
    check_counted("is", 21, "Staflað súlurit með 21 súlu");
    check_counted("is", 11, "Staflað súlurit með 11 súlum");
    let points = |units, decimals| pack("sv").points(Number { units, decimals });
    assert_eq!(points(1, 0), "1 procentenhet");
    assert_eq!(points(14, 1), "1,4 procentenheter");
    assert_eq!(points(10, 1), "1,0 procentenheter");
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
