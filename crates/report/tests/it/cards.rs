//! The cards of themes, and what a page tells those who pass on a link to it.

use std::sync::Mutex;

use report::{Empty, ReportError, Shelf, Shown, Templates, cards};

use crate::sample::{Sample, country};

/// A shelf that keeps what cards say, and has none.
#[derive(Default)]
struct Overheard(Mutex<Vec<Vec<String>>>);

impl Shelf for Overheard {
    fn page(
        &self,
        _: &str,
        _: &Shown<'_>,
        render: &mut dyn FnMut() -> Result<String, ReportError>,
    ) -> Result<String, ReportError> {
        render()
    }

    fn card(&self, shown: &[&str], draw: &mut dyn FnMut() -> Option<Vec<u8>>) -> Option<Vec<u8>> {
        self.0.lock().unwrap().push(shown.iter().map(|text| (*text).to_owned()).collect());
        draw()
    }
}

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

/// Nobody can read a number out of a picture, so it is asked of the words that are drawn: each stands on the page that the card leads to, the number with
/// its interval as the page has them.
#[test]
fn a_card_says_nothing_that_its_page_does_not_say() {
    let (sample, shelf) = (with_site(), Overheard::default());
    let templates = Templates::new(Vec::new());
    let drawn = cards(sample.edition(&templates), &sample.country.languages, &shelf).unwrap();
    let said = shelf.0.into_inner().unwrap();
    assert_eq!(said.len(), drawn.len());
    let mut numbers = 0;
    for (card, words) in drawn.iter().zip(&said) {
        let page = sample.page(&card.path.replace("cards/", "").replace(".png", ".html"));
        let tags = page.split('<').filter_map(|piece| Some(piece.split_once('>')?.1));
        let plain: String = tags.collect::<String>().replace("&#39;", "'");
        for text in words.iter().filter(|text| !text.is_empty()) {
            assert!(plain.contains(text.as_str()), "{}: {text:?}", card.path);
        }
        let [.., value, interval, _, _] = words.as_slice() else { panic!("a card has seven texts: {words:?}") };
        if !value.is_empty() {
            assert!(page.contains(&format!("{value}<span> {interval}</span>")), "{}: {value}, {interval}", card.path);
            numbers += 1;
        }
    }
    assert!(numbers > 2, "{said:?}");
}

#[test]
fn without_an_address_there_is_no_card_and_no_page_tells_one() {
    let sample = Sample::new();
    let templates = Templates::new(Vec::new());
    assert_eq!(cards(sample.edition(&templates), &sample.country.languages, &Empty).unwrap(), Vec::new());
    assert!(sample.pages().iter().all(|page| !page.text.contains("og:")));
}
