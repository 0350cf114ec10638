//! The whole edition as one document.

use std::collections::BTreeSet;

use crate::sample::Sample;

fn print() -> String {
    Sample::new().page("en/print.html")
}

/// The figures of a page, from their ids to their numbers: everything between tags that holds a digit. A page draws a figure for wide windows and
/// for narrow ones, with the same numbers.
fn numbers(page: &str) -> BTreeSet<(String, BTreeSet<String>)> {
    let figures = page.split("<figure class=\"figure\" id=\"").skip(1);
    figures
        .map(|figure| {
            let (id, rest) = figure.split_once('"').unwrap();
            let figure = rest.split_once("</figure>").unwrap().0;
            let texts = figure.split('>').filter_map(|piece| piece.split_once('<').map(|(text, _)| text.trim()));
            let texts = texts.filter(|text| text.contains(|character: char| character.is_ascii_digit()));
            (id.to_owned(), texts.map(str::to_owned).collect())
        })
        .collect()
}

#[test]
fn it_holds_every_figure_of_every_theme_with_the_same_anchor_and_the_same_numbers() {
    let sample = Sample::new();
    let themes = ["en/core-task.html", "en/value.html"];
    let of_themes: BTreeSet<_> = themes.iter().flat_map(|path| numbers(&sample.page(path))).collect();
    assert!(of_themes.len() > 3, "{of_themes:?}");
    assert_eq!(numbers(&print()), of_themes);
}

/// It is one document of many figures, and would weigh twice as much.
#[test]
fn it_has_each_drawing_once_and_one_link_to_where_the_sources_are() {
    let (print, page) = (print(), Sample::new().page("en/value.html"));
    let figures = |page: &str| page.matches("<figure class=\"figure\"").count();
    let drawn = |page: &str| page.matches("<svg class=\"chart").count();
    let withheld = print.matches("class=\"withheld\"").count();
    assert_eq!(drawn(&print), figures(&print) - withheld);
    assert_eq!(drawn(&page), 2 * (figures(&page) - page.matches("class=\"withheld\"").count()));
    assert_eq!(print.matches("<p class=\"sources\">").count(), figures(&print));
    assert!(print.contains("<p class=\"sources\"><a href=\"value.html#value\""), "{print}");
    assert!(!print.contains("provenance/"), "{print}");
}

#[test]
fn its_contents_lead_to_every_part() {
    let print = print();
    let contents = print.split_once("<nav class=\"contents\"").unwrap().1.split_once("</nav>").unwrap().0;
    let links: Vec<&str> = contents.split("href=\"#").skip(1).map(|it| it.split_once('"').unwrap().0).collect();
    assert_eq!(links, ["part-core-task", "part-value", "part-method", "part-quality"]);
    for link in links {
        assert!(print.contains(&format!("<div class=\"opening part\" id=\"{link}\">")), "{link}");
    }
}

#[test]
fn regions_of_tables_have_names_of_their_own() {
    let print = print();
    let names: Vec<&str> = print.split(" role=\"region\"").skip(1).map(|it| it.split_once('>').unwrap().0).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{names:?}");
    assert!(names.iter().any(|name| name.ends_with("\"part-core-task-h part-core-task-tests\"")), "{names:?}");
}

#[test]
fn its_tables_stand_open_since_paper_does_not_unfold() {
    let print = print();
    assert!(print.contains("<details open>") && !print.contains("<details>"), "{print}");
    assert!(!Sample::new().page("en/value.html").contains("<details open>"));
}

#[test]
fn method_and_quality_stand_in_it_a_level_lower() {
    let print = print();
    for (page, part) in [("en/method.html", "method"), ("en/quality.html", "quality")] {
        let page = Sample::new().page(page);
        for heading in page.split("<h2 id=\"").skip(1).map(|it| it.split_once("</h2>").unwrap().0) {
            assert!(print.contains(&format!("<h3 id=\"{part}-{heading}</h3>")), "{part}: {heading}");
        }
    }
}

#[test]
fn the_front_page_links_to_it() {
    let front = Sample::new().page("en/index.html");
    assert!(front.split_once("id=\"survey\"").unwrap().1.contains("<p><a href=\"print.html\">"), "{front}");
}
