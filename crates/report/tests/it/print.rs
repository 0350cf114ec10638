//! The whole edition for printing.

use std::collections::BTreeSet;

use crate::sample::{NUMBERS, Sample, country};

fn print() -> String {
    Sample::new().page("en/print.html")
}

/// The figures of a page, from their ids to their numbers: everything between tags that holds a digit. A page draws a figure for wide windows and
/// for narrow ones, with the same numbers, and says the headline again over the table, which is folded there.
fn numbers(page: &str) -> BTreeSet<(String, BTreeSet<String>)> {
    let figures = page.split("<figure class=\"figure\" id=\"").skip(1);
    figures
        .map(|figure| {
            let (id, rest) = figure.split_once('"').unwrap();
            let figure = rest.split_once("</figure>").unwrap().0;
            let (before, caption) = figure.split_once("<caption").unwrap_or((figure, ""));
            let behind = caption.split_once("</caption>").map_or("", |(_, behind)| behind);
            let figure = format!("{before}<caption>{behind}");
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

#[test]
fn it_has_the_drawings_of_every_window_and_one_link_to_where_the_sources_are() {
    let (print, page) = (print(), Sample::new().page("en/value.html"));
    let figures = |page: &str| page.matches("<figure class=\"figure\"").count();
    let drawn = |page: &str| page.matches("<svg class=\"chart").count();
    let withheld = print.matches("class=\"withheld\"").count();
    assert_eq!(drawn(&print), 2 * (figures(&print) - withheld));
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

/// The sample with a theme of so many words that one document would be heavier than a page may be.
pub(crate) fn wordy() -> Sample {
    let words = format!("{{{{ figure value }}}}\n\n{}\n", "Innovation. ".repeat(8_000));
    let narratives = include_str!("narratives.txt").replace("{{ figure value }}", &words);
    Sample::with(country(|text| text), &narratives, NUMBERS)
}

#[test]
fn what_is_too_heavy_for_one_page_is_divided_and_each_part_lists_all_of_them() {
    let pages = wordy().pages();
    let page = |path: &str| pages.iter().find(|page| page.path == path).map(|page| page.text.as_str());
    let (first, second, third) =
        (page("en/print.html").unwrap(), page("en/print-2.html").unwrap(), page("en/print-3.html").unwrap());
    assert!(page("en/print-4.html").is_none());
    let stylesheet = page("assets/style.css").unwrap().len();
    for part in [first, second, third] {
        assert!(part.len() + stylesheet < 150_000, "{} and {stylesheet} bytes", part.len());
    }
    assert!(first.contains("Part 1 of 3") && second.contains("Part 2 of 3") && third.contains("Part 3 of 3"));
    let places = |page: &str| -> Vec<String> {
        let parts = page.split("<div class=\"opening part\" id=\"").skip(1);
        parts.map(|part| part.split_once('"').unwrap().0.to_owned()).collect()
    };
    let all = [first, second, third].map(places).concat();
    assert_eq!(all, ["part-core-task", "part-value", "part-method", "part-quality"]);
    // Each lists what stands in all of them, and knows what stands in itself.
    for (page, file) in [(first, "print.html"), (second, "print-2.html"), (third, "print-3.html")] {
        let own = places(page);
        for place in &all {
            let is_own = own.contains(place);
            assert_eq!(page.contains(&format!("<a href=\"#{place}\">")), is_own, "{place} in {file}");
            assert_eq!(page.contains(&format!(".html#{place}\">")), !is_own, "{place} in {file}");
        }
    }
    // Paper goes on, too: each part says what comes behind it, and what came before.
    let link = |words: &str, file: &str, rel: &str, part: &str| {
        format!("<p class=\"volumes\">{words} <a href=\"{file}\" rel=\"{rel}\">{part}</a></p>")
    };
    assert!(first.contains(&link("Continued:", "print-2.html", "next", "Part 2 of 3")));
    assert!(second.contains(&link("Before this:", "print.html", "prev", "Part 1 of 3")));
    assert!(second.contains(&link("Continued:", "print-3.html", "next", "Part 3 of 3")));
    assert!(!first.contains("rel=\"prev\"") && !third.contains("rel=\"next\""));
    // Another language may need more parts, or fewer.
    assert!(second.contains("<a href=\"../print.html\" hreflang=\"da\""));
}

#[test]
fn what_is_one_document_does_not_speak_of_parts() {
    let print = print();
    assert!(!print.contains("Part 1") && !print.contains("print-2.html"), "{print}");
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
    assert!(print.contains("<caption") && !print.contains("<details"), "{print}");
    assert!(Sample::new().page("en/value.html").contains("<details>"));
}

#[test]
fn method_and_quality_stand_in_it_a_level_lower() {
    let print = print();
    for (page, part) in [("en/method.html", "method"), ("en/quality.html", "quality")] {
        let page = Sample::new().page(page);
        let headings = page.split("<h2 id=\"").skip(1).map(|it| it.split_once("</h2>").unwrap().0);
        // The document has one table of contents, its own.
        for heading in headings.filter(|heading| !heading.starts_with("contents\"")) {
            assert!(print.contains(&format!("<h3 id=\"{part}-{heading}</h3>")), "{part}: {heading}");
        }
    }
}

#[test]
fn the_front_page_links_to_it() {
    let front = Sample::new().page("en/index.html");
    assert!(
        front.split_once("id=\"survey\"").unwrap().1.contains("<p class=\"to-print\"><a href=\"print.html\">"),
        "{front}"
    );
}
