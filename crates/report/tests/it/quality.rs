//! The page of quality.

use crate::sample::Sample;

/// The section of the page whose heading has this id: that of a concept of SIMS, or of a part of one.
fn section(page: &str, id: &str) -> String {
    let after = page.split_once(&format!(" id=\"{id}\">")).unwrap_or_else(|| panic!("no section {id}: {page}")).1;
    after.split_once("</section>").map_or("", |(section, _)| section).to_owned()
}

fn row(label: &str, cells: &[&str]) -> String {
    let cells: String = cells.iter().map(|cell| format!("<td>{cell}</td>")).collect();
    format!("<tr><th scope=\"row\">{label}</th>{cells}</tr>")
}

/// A table without what its cells tell where a narrow screen shows them as a list.
fn plain(table: &str) -> String {
    let mut cells = table.split(" data-column=\"");
    let first = cells.next().unwrap_or_default().to_owned();
    cells.fold(first, |plain, cell| plain + cell.split_once('"').map_or(cell, |(_, behind)| behind))
}

#[test]
fn a_long_page_begins_with_links_to_all_its_chapters() {
    for (page, chapters) in [("en/quality.html", 19), ("en/method.html", 10)] {
        let page = Sample::new().page(page);
        let contents = page.split_once("<nav class=\"contents chapters\"").unwrap().1.split_once("</nav>").unwrap().0;
        let links: Vec<&str> = contents.split("href=\"#").skip(1).map(|it| it.split_once('"').unwrap().0).collect();
        let headings = page.split("<h2 id=\"").skip(1).map(|it| it.split_once('"').unwrap().0);
        let headings: Vec<&str> = headings.filter(|id| *id != "contents").collect();
        assert_eq!(links, headings);
        assert_eq!(links.len(), chapters);
    }
}

#[test]
fn a_table_of_many_numbers_and_few_rows_tells_each_its_column_where_it_is_a_list() {
    let page = Sample::new().page("en/quality.html");
    let coverage = section(&page, "coverage-level");
    assert!(coverage.contains("<table class=\"numeric wide\">"), "{coverage}");
    assert!(coverage.contains("<td data-column=\"Population\">2,000</td>"), "{coverage}");
    assert!(coverage.contains("<td data-column=\"Answers per 100 units of the population\">20.6</td>"), "{coverage}");
    assert!(!section(&page, "response").contains("data-column"), "two columns fit");
    // Paper is wide.
    let print = Sample::new().page("en/print.html");
    let coverage = section(&print, "quality-coverage-level");
    assert!(coverage.contains("2,000") && !coverage.contains("data-column"), "{coverage}");
}

#[test]
fn response_rates_stand_with_their_formulas_and_what_goes_into_them() {
    let response = section(&Sample::new().page("en/quality.html"), "response");
    assert!(response.contains("÷ (units drawn − units that do not belong to the population)"), "{response}");
    // 2,271 of 4,500 are 50.47 per cent; of 2,271 and 41 who gave up, 98.23.
    for expected in [
        row("Units drawn", &["4,500"]),
        row("Usable answers", &["2,271"]),
        row("Answers begun and not finished", &["41"]),
        row("Response rate, per cent", &["50.5"]),
        // 2,312 of 4,500 with those who gave up, and what is left of a hundred.
        row("Response rate with unfinished answers (RR2), per cent", &["51.4"]),
        row("Unit non-response rate (100 − RR1), per cent", &["49.5"]),
        row("Completion rate, per cent", &["98.2"]),
    ] {
        assert!(response.contains(&expected), "{expected} is not in {response}");
    }
}

#[test]
fn respondents_stand_beside_the_population_in_the_order_of_the_questionnaire() {
    let coverage = plain(&section(&Sample::new().page("en/quality.html"), "coverage-level"));
    let state = row("State", &["2,000", "13.3", "412", "18.1", "4.8", "", "20.6"]);
    let municipality = row("Municipality", &["11,000", "73.3", "1,479", "65.1", "-8.2", "", "13.4"]);
    let (first, last) = (coverage.find(&state), coverage.find(&municipality));
    assert!(first.is_some() && first < last, "{coverage}");
}

#[test]
fn key_figures_have_their_sampling_errors_and_their_unweighted_shares() {
    let page = Sample::new().page("en/quality.html");
    let precision = plain(&section(&page, "s-13-2"));
    let label = "Innovations tied to the core task";
    // The coefficient of variation is 0.0069 over 0.9.
    let numbers = row(label, &["90", "0.7", "89", "92", "1,877", "0.8"]);
    assert!(precision.contains(numbers.trim_end_matches("</tr>")), "{precision}");
    let weighting = section(&page, "weighting");
    assert!(weighting.contains(&row(label, &["90", "90"])), "{weighting}");
}

#[test]
fn numbers_are_counted_by_whether_they_are_shown_and_why_not() {
    let page = Sample::new().page("en/quality.html");
    let shown = section(&page, "s-12-3");
    for expected in [
        row("Shown with a mark: few answers: read with care", &["†", "1"]),
        row("Not shown: too few answers to publish without disclosing some of them", &["c", "0"]),
    ] {
        assert!(shown.contains(&expected), "{expected} is not in {shown}");
    }
    // The breakdown of which one group has four answers is counted nowhere and told here.
    let withheld = section(&page, "withheld");
    assert!(withheld.contains("The role of employees by “Employees”: too few answers"), "{withheld}");
}

#[test]
fn shares_of_those_without_an_opinion_are_told_with_their_question() {
    let lacking = section(&Sample::new().page("en/quality.html"), "s-13-3-2");
    assert!(lacking.contains(&row("Core task: Don&#39;t know", &["2", "1", "3", "1,877"])), "{lacking}");
    assert_eq!(lacking.matches("<tr><th scope=\"row\">").count(), 1, "{lacking}");
}

#[test]
fn the_page_tells_what_the_checks_found_and_of_few_cases_only_that_they_are_few() {
    let sample = Sample::new();
    let english = sample.page("en/quality.html");
    let quality = section(&english, "s-18-4");
    for row in [
        "<tr><th scope=\"row\">Numbers or dates outside their range</th><td>0</td></tr>",
        "<tr><th scope=\"row\">The same answer to a whole scale</th><td>fewer than 5</td></tr>",
        "<tr><th scope=\"row\">Answers given unusually fast</th><td>1,012</td></tr>",
    ] {
        assert!(quality.contains(row), "{quality}");
    }
    let burden = section(&english, "s-16");
    assert!(burden.contains("<p>Half of the answers took 14 minutes or more.</p>"), "{burden}");
    let gaps = section(&english, "gaps");
    assert!(gaps.contains("<p>Of 17 questions, 2 were refused or left empty"), "{gaps}");
    // 20 refused; a table of the question tells how many are left, so with 3 that were left empty they are fewer than 23.
    let told = "<td>fewer than 23</td><td>fewer than 5</td>";
    let (core, product) = gaps.split_once(told).expect("the one with the most is first");
    assert!(!core.contains("<td>0</td>") && product.contains("<td>0</td><td>fewer than 5</td>"), "{gaps}");
    let danish = section(&sample.page("quality.html"), "s-18-4");
    assert!(danish.contains("<td>færre end 5</td>") && danish.contains("<td>1.012</td>"), "{danish}");
}

#[test]
fn what_is_not_available_says_why_and_what_nobody_tells_is_named() {
    let page = Sample::new().page("en/quality.html");
    for (id, reason) in [
        ("early-late", "Not available: no column of the export records when an answer was finished."),
        ("s-14-1", "not available: the days of fieldwork are not stated."),
        ("s-14-2", "Not available: the day announced"),
        ("s-17-2", "Nothing in this edition was revised."),
        ("s-12", "Not stated: User needs (S.12.1) and User satisfaction (S.12.2)."),
    ] {
        let section = section(&page, id);
        assert!(section.contains(reason), "{id}: {section}");
    }
}

#[test]
fn the_chapters_stand_in_the_order_of_the_structure_with_their_numbers() {
    let page = Sample::new().page("en/quality.html");
    let places: Vec<usize> = (1..=19)
        .map(|chapter| page.find(&format!(">S.{chapter} ")).unwrap_or_else(|| panic!("no chapter {chapter}")))
        .collect();
    assert!(places.is_sorted(), "{places:?}");
    assert!(page.contains("<h4 id=\"s-13-3-3\">S.13.3.3 Non-response error</h4>"), "{page}");
}

#[test]
fn the_text_to_be_copied_has_the_numbers_of_the_page() {
    let sample = Sample::new();
    let text = sample.page("en/quality.md");
    assert!(text.contains("### S.13 Accuracy and reliability"), "{text}");
    assert!(text.contains("| Response rate, per cent | 50.5 |"), "{text}");
}
