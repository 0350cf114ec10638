use codebook::{Country, Language, Severity, SourceFile, WaveId};

use super::super::{untested_comparisons, untested_words};
use crate::Languages;

/// Claims of the page: a share, a majority, a difference, the most common, and numbers that are alike.
const CLAIMS: &str = "
[claims.half]
near = { table = \"innovation\", row = \"innovative\" }
[claims.majority]
majority = { table = \"innovation\", row = \"innovative\" }
[claims.large]
more_often = { table = \"innovation\", row = \"innovative\", breakdown = \"size\", group = \"large\", than = \"small\" }
[claims.first]
most_common = { table = \"reasons\", row = \"reasons_employees\" }
[claims.alike]
about_the_same = { table = \"innovation\", row = \"innovative\", breakdown = \"size\", margin = 5 }
[[allow]]
words = { en = \"more haste\", da = \"mere hast\" }
because = \"a proverb\"
";

/// The valid country of the broken ones, with these claims.
fn country() -> Country {
    let base = testkit::repository().join("fixtures/invalid/base");
    let files = testkit::overlay(&base, &base).into_iter().filter(|(path, _)| path.ends_with(".toml"));
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let mut files: Vec<SourceFile> =
        files.map(|(path, bytes)| SourceFile { path: format!("test/{path}"), text: text(bytes) }).collect();
    files.iter_mut().find(|file| file.path.ends_with("report/2020/main.toml")).unwrap().text += CLAIMS;
    let (country, findings) = Country::read("test", &files);
    country.unwrap_or_else(|| panic!("{findings:?}"))
}

/// Each finding in its first line, "error" before it if it is one.
fn lines(findings: &[codebook::Finding]) -> Vec<String> {
    let line = |finding: &codebook::Finding| {
        let severity = if finding.severity == Severity::Error { "error " } else { "" };
        format!("{severity}{}", finding.to_string().lines().next().unwrap_or_default())
    };
    findings.iter().map(line).collect()
}

fn found_in(language: &str, text: &str) -> Vec<String> {
    let (country, (languages, _)) = (country(), Languages::read(&[]));
    let pack = languages.pack(&Language::new(language).unwrap()).unwrap();
    let wave = &country.waves[&WaveId::new("2020").unwrap()];
    let source = SourceFile { path: "main.md".to_owned(), text: format!("# T\n\n{text}\n") };
    lines(&untested_words(&country, wave, &wave.themes[0], pack, &source))
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(found_in("en", text), expected, "{text}");
}

#[test]
fn a_true_number_does_not_answer_for_the_comparison_beside_it() {
    check(
        "[Half]{half} innovate, and most workplaces plan to.",
        &["error main.md:3:28: \"most\" says that it is more than half, and nothing tests it"],
    );
    check(
        "[Half]{half} innovate, large ones more often than small ones.",
        &["error main.md:3:35: \"more often\" compares, and nothing tests it"],
    );
    check("Twice as many large ones do.", &["error main.md:3:1: \"twice as\" says what no claim tests"]);
    check(
        "A product is the most common kind: [half]{half}.",
        &["error main.md:3:18: \"most common\" says that nothing is more frequent, and nothing tests it"],
    );
    check(
        "Small ones do so just as often.",
        &["error main.md:3:18: \"just as often\" says that numbers are alike, and nothing tests it"],
    );
}

#[test]
fn a_claim_that_tests_it_answers_for_a_comparison() {
    for text in [
        "[The majority]{majority} innovate.",
        "[Large ones]{large} innovate more often than small ones.",
        "A product is [the most common]{first} kind.",
        "They do so [about as often]{alike}.",
        "[More than half]{majority} do, [half]{half} of them.",
    ] {
        check(text, &[]);
    }
}

#[test]
fn a_claim_answers_for_one_comparison_and_of_its_own_kind() {
    check(
        "Large ones do it [more often]{large}, and fewer of them regret it.",
        &["error main.md:3:43: \"fewer\" compares, and nothing tests it"],
    );
    check(
        "[Most]{large} innovate.",
        &["error main.md:3:2: \"most\" says that it is more than half, and the claim \"large\" does not test it"],
    );
    check(
        "[Twice as many]{large} innovate.",
        &["error main.md:3:2: \"twice as\" says what no claim tests, and the claim \"large\" does not test it"],
    );
}

#[test]
fn a_comparative_compares_with_a_than_behind_it_and_else_perhaps() {
    check(
        "[Half]{half} innovate, a higher share than elsewhere.",
        &["error main.md:3:26: \"higher\" compares, and nothing tests it"],
    );
    check(
        "[Half]{half} innovate, with a larger budget.",
        &["main.md:3:31: warning: \"larger\" beside a number may compare, and nothing tests it"],
    );
    // Without a number nothing lends it trust.
    check("A larger budget is no innovation.", &[]);
    check("[More]{large} of the large ones innovate, with higher budgets.", &[]);
}

#[test]
fn phrases_that_compare_nothing_are_left_alone() {
    for text in [
        "[Half]{half} introduced at least one innovation, and some more than one.",
        "They do it more or less by the book, rather than by chance.",
        "[Half]{half} make more haste than speed.",
        "> Most of us do it more often than you think.",
    ] {
        check(text, &[]);
    }
}

#[test]
fn every_language_has_its_own_words() {
    for (language, text) in [
        ("da", "De fleste gør det, store oftere end små, og dobbelt så mange som små."),
        ("nb", "De fleste gjør det, store oftere enn små, og dobbelt så mange som små."),
        ("sv", "De flesta gör det, stora oftare än små, och dubbelt så många som små."),
        ("fi", "Useimmat tekevät sen, suuret useammin kuin pienet, ja kaksinkertainen määrä."),
        ("is", "Flestir gera það, stórir oftar en litlir, og tvöfalt fleiri en litlir."),
        ("nl", "De meeste doen het, grote vaker dan kleine, en twee keer zo veel als kleine."),
        ("es", "La mayoría lo hace, los grandes más a menudo que los pequeños, y el doble que los pequeños."),
        ("en", "Most do it, large ones more often than small ones, and twice as many as small ones."),
    ] {
        let found = found_in(language, text);
        assert_eq!(found.len(), 3, "{language}: {found:?}");
        assert!(found.iter().all(|line| line.starts_with("error ")), "{language}: {found:?}");
    }
}

/// No word of a language stands in two lists, and none of them is empty.
#[test]
fn a_word_compares_in_one_way() {
    let (languages, _) = Languages::read(&[]);
    for code in ["da", "en", "es", "fi", "is", "nb", "nl", "sv"] {
        let mut words = languages.pack(&Language::new(code).unwrap()).unwrap().phrases().comparison.clone();
        let mut all: Vec<Vec<String>> = Vec::new();
        for (list, phrases) in words.lists() {
            assert!(!phrases.is_empty(), "{code}: {list}");
            all.append(phrases);
        }
        all.sort();
        let twice: Vec<_> = all.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert_eq!(twice, Vec::<&[Vec<String>]>::new(), "{code}");
    }
}

#[test]
fn between_countries_no_claim_tests_a_difference() {
    let (country, (languages, _)) = (country(), Languages::read(&[]));
    let pack = languages.pack(&Language::new("en").unwrap()).unwrap();
    let theme = &country.waves[&WaveId::new("2020").unwrap()].themes[0];
    let text = "# T\n\n[Half]{half} innovate here, more often than there.\n".to_owned();
    let source = SourceFile { path: "main.md".to_owned(), text };
    let found = untested_comparisons(&country.codebook, theme, pack, &source);
    assert_eq!(lines(&found), ["error main.md:3:29: \"more often\" compares, and nothing tests it".to_owned()]);
    let help = "tell the numbers with near: no difference between countries is tested here";
    assert!(found[0].hints.iter().any(|hint| hint == help), "{found:?}");
}
