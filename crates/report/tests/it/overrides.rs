//! A country's own templates and words, and what becomes of mistakes in them.

use codebook::{Language, SourceFile};
use report::{Languages, Templates};

use crate::sample::Sample;

fn templates(name: &str, text: &str) -> Templates {
    let path = format!("pipelines/demo/templates/{name}");
    Templates::new(vec![SourceFile { path, text: text.to_owned() }])
}

/// What is said about a template of the country's own.
#[track_caller]
fn check_template(text: &str, expected: &str) {
    let error = Sample::new().pages_with(&templates("html/index.html", text)).unwrap_err().to_string();
    assert!(error.starts_with(&format!("pipelines/demo/templates/html/index.html:{expected}")), "{error}");
}

#[test]
fn a_template_of_the_country_replaces_that_of_the_program() {
    let pages = Sample::new().pages_with(&templates("html/index.html", "{{ publication }}!\n")).unwrap();
    let index = pages.iter().find(|page| page.path == "index.html").unwrap();
    assert_eq!(index.text, "Innovationsbarometeret!\n");
}

#[test]
fn an_unknown_name_is_told_with_its_line_and_the_snippet() {
    check_template("<p>\n{{ publikation }}\n</p>", "2: undefined value");
    let error = Sample::new().pages_with(&templates("html/index.html", "<p>\n{{ publikation }}\n</p>")).unwrap_err();
    assert!(error.to_string().contains("   2 > {{ publikation }}"), "{error}");
    check_template("{% for row in page.rows %}\n{{ row.titel }}{% endfor %}", "2: undefined value");
    check_template("{% if page.tables %}x{% endif %}", "1: undefined value");
}

#[test]
fn a_template_that_is_not_closed_is_told_with_its_line() {
    check_template("<p>\n{% if mark %}\n", "2: syntax error");
}

#[test]
fn templates_do_not_compute() {
    check_template("\n{{ published_iso + 1 }}", "2: \"+\" in a template");
    check_template("{% if window > 50 %}x{% endif %}", "1: \">\" in a template");
    check_template("{% if window == 'x' %}x{% endif %}", "1: \"==\" in a template");
    check_template("{{ title ~ window }}", "1: \"~\" in a template");
    check_template("{{ page.themes | sort }}", "1: \"|\" in a template");
    check_template("{% if window is defined %}x{% endif %}", "1: \"is\" in a template");
    check_template("{{ '8' in window }}", "1: \"in\" in a template");
}

#[test]
fn quoted_texts_and_comments_may_hold_anything() {
    let pages = Sample::new().pages_with(&templates("html/index.html", "{# 1 > 2 #}{{ ' + > ' }}")).unwrap();
    assert_eq!(pages.iter().find(|page| page.path == "index.html").unwrap().text, " + &gt; ");
}

#[test]
fn the_words_of_a_country_win() {
    let path = "pipelines/demo/templates/lang/en.toml".to_owned();
    let text = "[texts]\nhome = \"Start\"\n[fractions]\n\"nigh on all\" = \"9/10\"\n".to_owned();
    let (languages, findings) = Languages::read(&[SourceFile { path, text }]);
    assert!(findings.is_empty(), "{}", findings[0]);
    let mut sample = Sample::new();
    sample.languages = languages;
    let page = sample.page("en/index.html");
    assert!(page.contains(">Start</a>") && page.contains(">Method</a>"), "{page}");
}

/// The findings of a pack laid over the program's own.
#[track_caller]
fn check_pack(name: &str, text: &str, expected: &[&str]) {
    let file = SourceFile { path: format!("lang/{name}"), text: text.to_owned() };
    let findings: Vec<String> = Languages::read(&[file]).1.iter().map(ToString::to_string).collect();
    assert_eq!(findings, expected);
}

#[test]
fn mistakes_in_a_pack_are_told_with_their_place() {
    check_pack("en.toml", "[texts]\nhome = 3", &["lang/en.toml:2:8: \"home\" is not a text"]);
    check_pack(
        "en.toml",
        "[texts]\nhomme = \"Start\"",
        &["lang/en.toml:2:1: \"homme\" is not a key of a language pack\nhelp: did you mean \"home\"?"],
    );
    check_pack(
        "en.toml",
        "[texts]\npercent = \"{numer} %\"",
        &[
            "lang/en.toml:2:11: the text does not fill {number}",
            "lang/en.toml:2:11: the text fills {numer}, which it is not given",
        ],
    );
    check_pack("en.toml", "months = [\"January\"]", &["lang/en.toml:1:10: expected the names of 12 months"]);
    check_pack(
        "en.toml",
        "[fractions]\n\"half\" = \"1/0\"",
        &["lang/en.toml:2:10: expected a fraction such as \"1/6\""],
    );
    check_pack(
        "english.toml",
        "",
        &["lang/english.toml: a language pack is named after its language, such as lang/da.toml"],
    );
    check_pack("en.toml", "a b", &["lang/en.toml:1:3: not TOML: key with no value, expected `=`"]);
}

#[test]
fn a_new_language_must_be_whole() {
    let text = "locale = \"pl\"\n\n[texts]\nlanguage_name = \"Polski\"\n".to_owned();
    let file = SourceFile { path: "lang/pl.toml".to_owned(), text };
    let (languages, findings) = Languages::read(&[file]);
    assert!(languages.pack(&Language::new("pl").unwrap()).is_none());
    for missing in [
        "lang/pl.toml:3:2: the language pack \"pl\" has no text \"home\"",
        "lang/pl.toml: the language pack \"pl\" has no \"months\"",
        "lang/pl.toml: the language pack \"pl\" has no \"fractions\"",
        "lang/pl.toml: the language pack \"pl\" has no \"reading.just_over\"",
    ] {
        assert!(findings.iter().any(|finding| finding.to_string() == missing), "{missing}");
    }
}

#[test]
fn a_text_that_agrees_with_a_number_has_the_forms_of_its_language() {
    check_pack(
        "en.toml",
        "[texts]\npoints = { one = \"{number} point\", few = \"{number} points\", other = \"{number} points\" }",
        &["lang/en.toml:2:10: numbers have other forms in this language: expected one, other, found one, few, other"],
    );
    check_pack(
        "en.toml",
        "[texts]\npoints = { on = \"{number} point\" }",
        &["lang/en.toml:2:12: \"on\" is not a key of a language pack\nhelp: did you mean \"one\"?"],
    );
    check_pack(
        "en.toml",
        "[texts]\npoints = { one = \"a point\", other = \"{number} points\" }",
        &["lang/en.toml:2:18: the text does not fill {number}"],
    );
    check_pack(
        "en.toml",
        "[texts]\nhome = { one = \"Home\", other = \"Homes\" }",
        &["lang/en.toml:2:8: \"home\" is not a text"],
    );
}
