//! Phrases for shares: how texts of each language are read, and that every phrase of a pack is sound.

use codebook::{Lean, Spoken};

use super::super::*;
use super::{CARRIED, pack};

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
fn norwegian_tells_shares_like_this() {
    check("nb", "9 av 10", Some("phrase 90.00"));
    check("nb", "Åtte av ti arbeidsplasser", Some("phrase 80.00"));
    check("nb", "hver sjette", Some("phrase 16.67"));
    check("nb", "to tredeler", Some("phrase 66.67"));
    check("nb", "nesten halvparten", Some("under phrase 50.00"));
    check("nb", "i overkant av 81 prosent", Some("over 81 with 0"));
    check("nb", "81,5 %", Some("81.5 with 1"));
    check("nb", "over halvparten", None);
    check("nb", "\u{2212}5 prosent", None);
}

#[test]
fn swedish_tells_shares_like_this() {
    check("sv", "9 av 10", Some("phrase 90.00"));
    check("sv", "var sjätte arbetsplats", Some("phrase 16.67"));
    check("sv", "vartannat", Some("phrase 50.00"));
    check("sv", "drygt 8 av 10", Some("over phrase 80.00"));
    check("sv", "knappt hälften", Some("under phrase 50.00"));
    check("sv", "strax under två tredjedelar", Some("under phrase 66.67"));
    check("sv", "mer än hälften", None);
    check("sv", "högst 5 procent", None);
}

#[test]
fn finnish_tells_shares_like_this() {
    check("fi", "yhdeksän kymmenestä", Some("phrase 90.00"));
    check("fi", "9 kymmenestä", Some("phrase 90.00"));
    check("fi", "Joka kuudes työpaikka", Some("phrase 16.67"));
    check("fi", "joka kuudennella", Some("phrase 16.67"));
    check("fi", "kaksi kolmasosaa", Some("phrase 66.67"));
    check("fi", "hieman yli puolet", Some("over phrase 50.00"));
    check("fi", "lähes puolella", Some("under phrase 50.00"));
    check("fi", "81 prosenttia", Some("81 with 0"));
    check("fi", "81,5 %:n", Some("81.5 with 1"));
    check("fi", "yli puolet", None);
    check("fi", "alle 5 prosenttia", None);
}

#[test]
fn icelandic_tells_shares_like_this() {
    check("is", "9 af hverjum 10", Some("phrase 90.00"));
    check("is", "níu af hverjum tíu", Some("phrase 90.00"));
    check("is", "tvær af hverjum þremur", Some("phrase 66.67"));
    check("is", "sjötti hver", Some("phrase 16.67"));
    check("is", "Sjötta hvert", Some("phrase 16.67"));
    check("is", "þrír fjórðu", Some("phrase 75.00"));
    check("is", "rúmlega helmingur", Some("over phrase 50.00"));
    check("is", "tæplega þriðjungur", Some("under phrase 33.33"));
    check("is", "81 prósent", Some("81 with 0"));
    check("is", "meira en helmingur", None);
}

#[test]
fn dutch_tells_shares_like_this() {
    check("nl", "9 op de 10", Some("phrase 90.00"));
    check("nl", "een op de zes", Some("phrase 16.67"));
    check("nl", "Twee van de drie", Some("phrase 66.67"));
    check("nl", "driekwart van de werkplekken", Some("phrase 75.00"));
    check("nl", "ruim de helft", Some("over phrase 50.00"));
    check("nl", "bijna 81 procent", Some("under 81 with 0"));
    check("nl", "81%", Some("81 with 0"));
    check("nl", "meer dan de helft", None);
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

/// Writers type any space between groups of digits; the program writes one that does not break.
#[test]
fn digits_grouped_by_spaces_are_one_number() {
    for code in ["fi", "nb", "sv"] {
        let pack = pack(code);
        let count = |words: &str| pack.phrases().count(words, pack.number_form());
        for words in ["2 271", "2\u{a0}271 x", "2\u{202f}271", "x 2 271."] {
            assert_eq!(count(words), Ok(Spoken::Count(2271)), "{code} {words}");
        }
        assert_eq!(count("1 234 567"), Ok(Spoken::Count(1_234_567)), "{code}");
        assert_eq!(count("2019 271"), Err(Unread::SeveralNumbers), "{code}");
        assert_eq!(count("2, 271"), Err(Unread::SeveralNumbers), "{code}");
        assert_eq!(count("2 27"), Err(Unread::SeveralNumbers), "{code}");
    }
    let danish = pack("da");
    assert_eq!(danish.phrases().count("2 271", danish.number_form()), Err(Unread::SeveralNumbers));
}

/// The nearest phrase for a share in whole per cent: at most 3 points and 15 per cent of it away.
fn nearest(phrases: &[SharePhrase], percent: f64) -> Option<&SharePhrase> {
    let away = |phrase: &SharePhrase| (phrase.percent - percent).abs();
    let near = phrases.iter().filter(|phrase| away(phrase) <= 3.0 && away(phrase) <= 0.15 * percent);
    near.min_by(|one, other| away(one).total_cmp(&away(other)))
}

#[test]
fn for_every_per_cent_the_nearest_phrase_tells_what_it_says() {
    for code in CARRIED {
        let pack = pack(code);
        let phrases = pack.share_phrases();
        let read = |words: &str| pack.phrases().share(words, pack.number_form());
        for percent in 1..=99 {
            let Some(phrase) = nearest(&phrases, f64::from(percent)) else { continue };
            let expected = Spoken::Phrase { percent: phrase.percent, lean: Lean::Neither };
            assert_eq!(read(&phrase.words), Ok(expected), "{code}: {}", phrase.words);
            let leaning = [(&pack.phrases().just_over, Lean::Over), (&pack.phrases().just_under, Lean::Under)];
            for (words, lean) in leaning {
                assert!(!words.is_empty(), "{code} has no word for {lean:?}");
                for word in words {
                    let words = format!("{} {}", word.join(" "), phrase.words);
                    let expected = Spoken::Phrase { percent: phrase.percent, lean };
                    assert_eq!(read(&words), Ok(expected), "{code}: {words}");
                }
            }
        }
    }
}

/// All languages have phrases for the same shares. So a sentence whose phrase is the nearest in one language does not fail in another
/// for a phrase that only this one has, and an editor of any language is offered words.
#[test]
fn every_language_has_phrases_for_the_same_shares() {
    let told = |code: &str| {
        let mut hundredths: Vec<String> =
            pack(code).share_phrases().iter().map(|phrase| format!("{:05.2}", phrase.percent)).collect();
        hundredths.sort();
        hundredths.dedup();
        hundredths
    };
    let english = told("en");
    assert_eq!(
        english.join(" "),
        "10.00 11.11 12.50 14.29 16.67 20.00 25.00 30.00 33.33 40.00 50.00 60.00 66.67 70.00 75.00 80.00 90.00"
    );
    for code in CARRIED {
        assert_eq!(told(code), english, "{code}");
    }
}

/// Of several phrases for a share the first in the file is proposed: the basic form.
#[test]
fn phrases_are_proposed_in_the_order_of_their_file() {
    let proposed = |code: &str, percent| nearest(&pack(code).share_phrases(), percent).unwrap().words.clone();
    assert_eq!(proposed("en", 17.0), "every sixth");
    assert_eq!(proposed("en", 81.0), "8 out of 10");
    assert_eq!(proposed("fi", 17.0), "joka kuudes");
    assert_eq!(proposed("fi", 81.0), "kahdeksan kymmenestä");
    assert_eq!(proposed("fi", 51.0), "puolet");
    assert_eq!(proposed("is", 17.0), "sjötti hver");
    assert_eq!(proposed("is", 81.0), "8 af hverjum 10");
    assert_eq!(proposed("nl", 17.0), "een op de zes");
    assert_eq!(proposed("sv", 34.0), "var tredje");
}

/// A phrase that is listed twice with different shares, or that another entry reads otherwise, would be a trap.
#[test]
fn every_listed_phrase_is_read_as_it_is_listed() {
    for code in CARRIED {
        let pack = pack(code);
        for phrase in pack.share_phrases() {
            let told = pack.phrases().share(&phrase.words, pack.number_form());
            let expected = Spoken::Phrase { percent: phrase.percent, lean: Lean::Neither };
            assert_eq!(told, Ok(expected), "{code}: {}", phrase.words);
        }
    }
}
