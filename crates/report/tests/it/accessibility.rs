//! The accessibility statement claims what the country tells, and nothing else.

use crate::sample::{Sample, country};

/// The statement of a country with this in its file.
fn statement(told: &str) -> String {
    let text = |text: String| text.replace("=== codebook.toml", &format!("{told}\n=== codebook.toml"));
    Sample::of(country(text)).page("en/accessibility.html")
}

#[test]
fn without_facts_it_states_no_status_and_sends_readers_to_the_publisher() {
    let statement = statement("");
    assert!(statement.contains("so no compliance status is stated."), "{statement}");
    assert!(statement.contains("No address for feedback is given for this edition. Ask its publisher."), "{statement}");
    assert!(statement.contains("No enforcement body is named for this edition."), "{statement}");
    assert!(!statement.contains("comply fully") && !statement.contains("undertakes"), "{statement}");
}

#[test]
fn what_the_country_tells_stands_in_the_order_of_the_model() {
    let statement = statement(
        "[accessibility]\ncontact = \"access@example.org\"\nenforcement = \"the agency\"\nlaw = \"the act\"\n\
         assessment = { status = \"partial\", by = \"third_party\", on = 2020-11-01, reviewed = 2020-12-01, \
         exceptions = [\"The workbook has no description of its charts.\"] }",
    );
    let parts = [
        "in accordance with the act.",
        "The pages comply partly with WCAG 2.2, level AA.",
        "The workbook has no description of its charts.",
        "The statement rests on a third party&#39;s assessment of 1\u{a0}November 2020.",
        "It was last reviewed on 1\u{a0}December 2020.",
        "ask for content in another form: access@example.org.",
        "contact the agency.",
    ];
    let places: Vec<Option<usize>> = parts.iter().map(|part| statement.rfind(part)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?} in {statement}");
}

#[test]
fn every_page_leads_to_it() {
    for page in Sample::new().pages().iter().filter(|page| page.path.ends_with(".html")) {
        assert!(page.text.contains("<a href=\"accessibility.html\">"), "{}", page.path);
    }
}
