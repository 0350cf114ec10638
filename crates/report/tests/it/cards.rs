//! The cards of themes, and what a page tells those who pass on a link to it.

use report::{Empty, Templates, cards};

use crate::sample::{Sample, country};

fn with_site() -> Sample {
    let site = "=== country.toml\nsite = \"https://example.org/barometer/\"\n";
    Sample::of(country(|text| text.replace("=== country.toml\n", site)))
}

#[test]
fn every_theme_has_a_card_in_every_language_and_its_page_tells_where() {
    let sample = with_site();
    let templates = Templates::new(Vec::new());
    let drawn = cards(sample.edition(&templates), &sample.country.languages, &Empty).unwrap();
    let paths: Vec<&str> = drawn.iter().map(|card| card.path.as_str()).collect();
    let expected = ["", "en/", "es/"]
        .iter()
        .flat_map(|folder| ["core-task", "value"].map(|theme| format!("{folder}cards/{theme}.png")));
    assert_eq!(paths, expected.collect::<Vec<_>>());
    assert!(drawn.iter().all(|card| card.bytes.starts_with(b"\x89PNG")));
    assert!(drawn.iter().all(|card| card.bytes.windows(9).any(|window| window == b"SYNTHETIC")));
    let page = sample.page("en/value.html");
    let root = "https://example.org/barometer/demo/2019/en";
    for (property, content) in [
        ("og:url", format!("{root}/value.html")),
        ("og:image", format!("{root}/cards/value.png")),
        ("og:image:width", "1200".to_owned()),
        ("og:site_name", "The Innovation Barometer".to_owned()),
    ] {
        let tag = format!("<meta property=\"{property}\" content=\"{content}\">");
        assert!(page.contains(&tag), "{tag} is in {page}");
    }
    assert!(!sample.page("en/method.html").contains("og:image"), "only themes have cards");
}

#[test]
fn without_an_address_there_is_no_card_and_no_page_tells_one() {
    let sample = Sample::new();
    let templates = Templates::new(Vec::new());
    assert_eq!(cards(sample.edition(&templates), &sample.country.languages, &Empty).unwrap(), Vec::new());
    assert!(sample.pages().iter().all(|page| !page.text.contains("og:")));
}
