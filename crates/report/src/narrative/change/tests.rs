use codebook::{Country, Language, Severity, SourceFile, WaveId};

use super::super::untested_words;
use crate::Languages;

const SERIES: &str = "waves = [2016, 2018, 2020]
[[outside]]
wave = 2014
because = \"it was a trial\"
[[pairs]]
earlier = 2018
later = 2020
samples = \"independent\"
source = \"drawn anew\"
";

const SAME: &str =
    "[waves.2016]\ndefault = \"same\"\n[waves.2018]\ndefault = \"same\"\n[waves.2020]\ndefault = \"same\"\n";

/// Claims of the page: a share of an earlier wave, and a change since it.
const CLAIMS: &str = "
[claims.then]
near = { table = \"innovation\", row = \"innovative\", wave = 2018 }
[claims.rose]
rose = { table = \"innovation\", row = \"innovative\", since = 2018 }
[claims.fell]
fell = { table = \"innovation\", row = \"innovative\", since = 2018 }
[claims.unchanged]
unchanged = { table = \"innovation\", row = \"innovative\", since = 2018, margin = 5 }
[[allow]]
words = { en = \"more or less\", da = \"mere eller mindre\" }
because = \"it compares nothing\"
";

/// A figure over waves with this headline.
fn over_waves(headline: &str) -> String {
    format!(
        "
[[figures]]
id = \"over-time\"
headline = {{ en = \"{headline}\", da = \"Over tid\" }}
table = \"innovation\"
row = \"innovative\"
waves = [2018, 2020]
"
    )
}

/// The valid country of the broken ones, with waves before it.
fn country(ledger: &str, page: &str) -> Country {
    let base = testkit::repository().join("fixtures/invalid/base");
    let files = testkit::overlay(&base, &base).into_iter().filter(|(path, _)| path.ends_with(".toml"));
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let mut files: Vec<SourceFile> =
        files.map(|(path, bytes)| SourceFile { path: format!("test/{path}"), text: text(bytes) }).collect();
    let wave = files.iter().find(|file| file.path.ends_with("waves/2020.toml")).unwrap().text.clone();
    for (path, text) in [
        ("waves/2016.toml", wave.as_str()),
        ("waves/2018.toml", wave.as_str()),
        ("series.toml", SERIES),
        ("ledger.toml", ledger),
    ] {
        files.push(SourceFile { path: format!("test/{path}"), text: text.to_owned() });
    }
    files.iter_mut().find(|file| file.path.ends_with("report/2020/main.toml")).unwrap().text += page;
    let (country, findings) = Country::read("test", &files);
    country.unwrap_or_else(|| panic!("{findings:?}"))
}

/// Each finding in its first line, "error" before it if it is one.
fn found_in(language: &str, country: &Country, text: &str) -> Vec<String> {
    let (languages, _) = Languages::read(&[]);
    let pack = languages.pack(&Language::new(language).unwrap()).unwrap();
    let wave = &country.waves[&WaveId::new("2020").unwrap()];
    let source = SourceFile { path: "main.md".to_owned(), text: format!("# T\n\n{text}\n") };
    let findings = untested_words(country, wave, &wave.themes[0], pack, &source);
    let line = |finding: &codebook::Finding| {
        let severity = if finding.severity == Severity::Error { "error " } else { "" };
        format!("{severity}{}", finding.to_string().lines().next().unwrap_or_default())
    };
    // What compares within the wave is told beside it, and is another test's.
    let is_about_waves = |finding: &&codebook::Finding| !finding.code.contains("comparison");
    findings.iter().filter(is_about_waves).map(line).collect()
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(found_in("en", &country(SAME, CLAIMS), text), expected, "{text}");
}

#[test]
fn a_comparison_with_another_wave_is_a_claim() {
    check(
        "[6 out of 10]{innovative} innovate, more than in 2018.",
        &["error main.md:3:37: \"more\" compares with 2018, and nothing tests it"],
    );
    check(
        "Innovation is rising since 2016.",
        &["error main.md:3:15: \"rising\" compares with 2016, and nothing tests it"],
    );
    // A claim about a number answers for the number only, and one about an earlier share names its wave.
    check(
        "It has [risen to 6 out of 10]{innovative} from [half]{then}.",
        &["error main.md:3:9: \"risen\" compares with 2018, and nothing tests it"],
    );
    check("[More]{rose} innovate than in 2018.", &[]);
    check("In 2018 it was [half]{then}, and now [6 out of 10]{innovative}: it is [higher]{rose}.", &[]);
}

#[test]
fn a_claim_about_one_wave_tests_no_other() {
    check(
        "[More]{rose} innovate than in 2018. It is higher than in 2016, too.",
        &["error main.md:3:43: \"higher\" compares with 2016, and nothing tests it"],
    );
    check(
        "[More]{rose} innovate than in 2018, and fewer than in 2016.",
        &["error main.md:3:41: \"fewer\" compares with 2016, and nothing tests it"],
    );
    check(
        "[More]{rose} innovate, and even more than in 2016.",
        &["error main.md:3:33: \"more\" compares with 2016, and nothing tests it"],
    );
}

#[test]
fn words_may_stand_for_an_earlier_wave() {
    check(
        "More of them innovate than before.",
        &["error main.md:3:1: \"more\" compares with 2018, and nothing tests it"],
    );
    check("[More than before]{rose} innovate.", &[]);
    check("They innovate [more]{rose} than in earlier years.", &[]);
}

#[test]
fn years_alone_and_comparisons_alone_compare_no_waves() {
    for text in [
        "The question came with the wave of 2018.",
        "Half of them do more than others.",
        "In 2019-2020 more workplaces innovated than stood still.",
        "In 2018 the form was short. Many workplaces do more than one thing.",
        "In 2018 they were more or less asked the same.",
        "> In 2018 we did more.",
        "It was asked in 2017 of more workplaces.",
    ] {
        check(text, &[]);
    }
}

#[test]
fn over_a_break_the_ledgers_line_and_reason_are_told() {
    let ledger =
        format!("{SAME}[waves.2020.items.type_service]\nstatus = \"other_scale\"\nbecause = \"Four answers.\"\n");
    let claims = CLAIMS.lines().take_while(|line| !line.contains("[claims.rose]")).collect::<Vec<_>>().join("\n");
    let country = country(&ledger, &format!("{}{claims}", over_waves("Still rising")));
    assert_eq!(
        found_in("en", &country, "It is [6 out of 10]{innovative}, up from [half]{then}."),
        [
            "error main.md:3:34: \"up from\" compares with 2018, and nothing tests it; between 2018 and 2020 lies a break \
             (\"type_service\" is other_scale in 2020: Four answers, test/ledger.toml:7:1)",
            "error test/report/2020/main.toml:23:12: \"still\" tells of a change over waves, and nothing tests it; its figure has \
             a gap where the series breaks (\"type_service\" is other_scale in 2020: Four answers, test/ledger.toml:7:1)",
        ]
    );
    // A trial that stands outside of the series is compared with nothing.
    let found = found_in("en", &country, "It is higher than in 2014.");
    assert!(found[0].contains("outside of the official series: it was a trial"), "{found:?}");
}

#[test]
fn a_headline_over_waves_tells_no_change_without_a_claim() {
    let found =
        |headline: &str| found_in("en", &country(SAME, &format!("{}{CLAIMS}", over_waves(headline))), "A text.");
    let told = |word: &str| {
        format!(
            "test/report/2020/main.toml:23:12: warning: {word:?} tells of a change over waves, and nothing tests it"
        )
    };
    assert_eq!(found("Innovation is rising"), [told("rising")]);
    assert_eq!(found("Fewer and fewer innovate"), [told("fewer and fewer")]);
    assert_eq!(found("Innovation has [risen]{rose}"), Vec::<String>::new());
    // Without a verb of change it may tell what is shown.
    assert_eq!(found("Workplaces that do more than one thing"), Vec::<String>::new());
}

#[test]
fn a_wording_does_not_turn_its_claim_round() {
    check(
        "[Fewer]{rose} innovate.",
        &["error main.md:3:2: \"fewer\" tells otherwise than the claim \"rose\", which states that it rose"],
    );
    check(
        "It is [higher]{unchanged}.",
        &[
            "error main.md:3:8: \"higher\" tells otherwise than the claim \"unchanged\", which states that it is unchanged",
        ],
    );
    check("It has [fallen]{fell}, [less]{fell} than then. It is [about as in 2018]{unchanged}.", &[]);
}

#[test]
fn danish_words_are_found_too() {
    let country = country(SAME, CLAIMS);
    assert_eq!(
        found_in("da", &country, "Det er flere end i 2018. Andelen steg fra [halvdelen]{then}."),
        [
            "error main.md:3:8: \"flere\" compares with 2018, and nothing tests it",
            "error main.md:3:34: \"steg\" compares with 2018, and nothing tests it",
        ]
    );
}

/// Every language has its own words, and none stands in two lists that say the opposite.
#[test]
fn words_of_change_do_not_contradict_each_other() {
    let (languages, _) = Languages::read(&[]);
    for code in ["da", "en", "es", "fi", "is", "nb", "nl", "sv"] {
        let change = &languages.pack(&Language::new(code).unwrap()).unwrap().phrases().change;
        let up: Vec<_> = change.rose.iter().chain(&change.more).collect();
        let down: Vec<_> = change.fell.iter().chain(&change.fewer).collect();
        assert!(up.len() > 10 && down.len() > 10 && change.same.len() > 3 && change.earlier.len() > 3, "{code}");
        let both: Vec<_> = up.iter().filter(|word| down.contains(word) || change.same.contains(word)).collect();
        assert_eq!(both, Vec::<&&Vec<String>>::new(), "{code}");
    }
}
