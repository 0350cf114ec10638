//! The page of comparability: the ledger for readers.

use codebook::Country;

use crate::sample::{Sample, country};

fn row(label: &str, cells: &[&str]) -> String {
    let cells: String = cells.iter().map(|cell| format!("<td>{cell}</td>")).collect();
    format!("<tr><th scope=\"row\">{label}</th>{cells}</tr>")
}

#[test]
fn what_differs_has_a_row_each_and_what_is_the_same_is_only_named() {
    let page = Sample::new().page("en/comparability.html");
    for expected in [
        row("Is the innovation directly tied to the workplace&#39;s core task?", &["Reworded"]),
        row("Did the following hinder or promote the innovation? Legislation", &["Different answers to choose from"]),
    ] {
        assert!(page.contains(&expected), "{expected} is not in {page}");
    }
    let (before, alike) = page.split_once("<h2 id=\"alike\">").unwrap();
    let alike = alike.split_once("</section>").unwrap().0;
    // A battery is one item as long as its items go together.
    for label in [
        "Did the workplace introduce a new product in 2018-2019?",
        "What value has the innovation created?",
        "Did the following hinder or promote the innovation? Participation of employees",
    ] {
        let label = format!("“{label}”");
        assert!(alike.contains(&label) && !before.contains(&label), "{label}: {page}");
    }
    let named = alike.matches('“').count();
    let rows = before.split_once("<tbody>").unwrap().1.matches("<tr>").count();
    let total = named + rows;
    assert!(before.contains(&format!("<h2 id=\"ledger\">What differs ({rows} of {total})</h2>")), "{page}");
    assert!(alike.starts_with(&format!("The same throughout ({named} of {total})</h2>")), "{alike}");
}

/// The sample, of which nobody has compared yet how the wave asked about the core task.
fn uncompared() -> Sample {
    let mut country = country(|text| text);
    let lines = country.ledger.as_mut().expect("the sample has one").waves.values_mut().flatten();
    for (_, line) in lines.filter(|(name, _)| name.as_str() == "core") {
        (line.sameness, line.wording, line.because) = (codebook::Sameness::Unknown, None, None);
    }
    Sample::of(country)
}

#[test]
fn what_nobody_has_compared_is_told_so_beside_the_words_that_are_quoted() {
    let sample = uncompared();
    let row = row("Is the innovation directly tied to the workplace&#39;s core task?", &["Not compared yet"]);
    assert!(sample.page("en/comparability.html").contains(&row));
    let note = "Whether respondents read these very words is not known.";
    assert_eq!(sample.page("en/questions.html").matches(note).count(), 1);
    let pages = sample.pages();
    let captions = pages.iter().filter(|page| page.path.starts_with("en/figures/") && page.text.contains(note));
    assert!(captions.count() > 0, "no caption says it");
    assert!(Sample::new().pages().iter().all(|page| !page.text.contains(note)));
}

#[test]
fn reasons_and_breaks_are_told_and_what_comes_later_is_not() {
    let page = Sample::new().page("en/comparability.html");
    assert!(page.contains("2019: Reworded. The task was in the plural.</dt>"), "{page}");
    assert!(page.contains("New weights.") && !page.contains("Later."), "{page}");
}

#[test]
fn two_wordings_stand_in_full_and_their_difference_word_by_word() {
    let page = Sample::new().page("en/comparability.html");
    assert!(page.contains("<dd>Is the innovation directly tied to the workplace&#39;s core tasks?</dd>"), "{page}");
    assert!(page.contains("<del>task?</del> <ins>tasks?</ins>"), "{page}");
}

#[test]
fn the_method_page_leads_to_it_where_there_is_a_ledger() {
    assert!(Sample::new().page("en/method.html").contains("<a href=\"comparability.html\">What can be compared</a>"));
    let without = Sample::of(Country { ledger: None, ..country(|text| text) });
    assert!(!without.page("en/method.html").contains("comparability.html"));
    assert!(without.pages().iter().all(|page| !page.path.ends_with("comparability.html")));
}
