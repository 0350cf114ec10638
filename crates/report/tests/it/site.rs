//! The pages as a whole.

use std::collections::BTreeSet;

use crate::sample::{NUMBERS, Sample, country};

#[test]
fn every_language_has_its_pages_and_the_first_is_the_root() {
    let pages = Sample::new().pages();
    let paths: Vec<&str> = pages.iter().map(|page| page.path.as_str()).collect();
    let one_language = [
        "accessibility.html",
        "comparability.html",
        "core-task.html",
        "data.html",
        "figures/core-task-by-level.svg",
        "figures/core.svg",
        "figures/promoted.svg",
        "figures/value.svg",
        "index.html",
        "method.html",
        "print.html",
        "quality.html",
        "quality.md",
        "questions.html",
        "report.md",
        "search.html",
        "value.html",
    ];
    let mut expected = vec!["assets/search.js".to_owned(), "assets/style.css".to_owned()];
    expected.extend(["", "en/", "es/"].iter().flat_map(|folder| one_language.map(|name| format!("{folder}{name}"))));
    expected.sort();
    assert_eq!(paths, expected);
}

/// One whole figure block.
fn figure_block() -> String {
    let page = Sample::new().page("en/value.html");
    let start = "<figure class=\"figure\" id=\"promoted\"";
    let block = page.split_once(start).unwrap().1.split_once("</figure>").unwrap().0;
    format!("{start}{block}</figure>\n")
}

#[test]
fn a_figure_block_is_as_expected() {
    let path = testkit::repository().join("crates/report/tests/it/figure.html");
    if std::env::var_os("BAROMETER_GOLDEN").is_some() {
        std::fs::write(&path, figure_block()).unwrap();
    }
    assert_eq!(figure_block(), std::fs::read_to_string(&path).unwrap());
}

#[test]
fn everything_made_from_synthetic_data_says_so() {
    let sample = Sample::new();
    for page in sample.pages().iter().filter(|page| !page.path.starts_with("assets/")) {
        let count = page.text.matches("SYNTHETIC").count();
        let figures = page.text.matches("<figure ").count();
        assert!(count > figures, "{} says it {count} times", page.path);
        for figure in page.text.split("<figure class=\"figure").skip(1) {
            let figure = figure.split_once("</figure>").unwrap().0;
            // The table is something of its own, to be copied alone.
            let (folded, open) = ("<details>", "</details>");
            let words = figure.split_once(folded).map_or(figure.to_owned(), |(before, table)| {
                assert!(table.split_once("</caption>").unwrap().0.contains("SYNTHETIC"), "{}", page.path);
                before.to_owned() + table.split_once(open).unwrap().1
            });
            let (drawing, caption) = words.rsplit_once("</svg>").unwrap_or(("", &words));
            let is_marked = drawing.split("<text class=\"mark").skip(1).any(|mark| mark.contains("SYNTHETIC"));
            assert_ne!(is_marked, caption.contains("SYNTHETIC"), "once, in the drawing or beside it: {}", page.path);
        }
        for chart in page.text.split("<svg class=\"chart").skip(1) {
            assert!(chart.contains("SYNTHETIC"), "{}", page.path);
        }
    }
    let real = Sample::of(country(|text| text.replace("synthetic = true", "synthetic = false")));
    for page in real.pages() {
        assert!(!page.text.contains("SYNTHETIC"), "{}", page.path);
    }
}

#[test]
fn numbers_have_the_form_of_the_language() {
    let sample = Sample::new();
    let brief = |path: &str| {
        let page = sample.page(path);
        let survey = page.split_once("<h2 id=\"survey\">").unwrap().1;
        survey.split_once("<p>").unwrap().1.split_once(". ").unwrap().0.to_owned()
    };
    assert_eq!(brief("index.html"), "2.271 arbejdspladser har svaret ud af en population på 15.012");
    assert_eq!(brief("en/index.html"), "2,271 workplaces answered, out of a population of 15,012");
    assert_eq!(brief("es/index.html"), "Respondieron 2271 organizaciones de una población de 15.012");
    let key = |path: &str| {
        let page = sample.page(path);
        page.split_once("<p class=\"key\" aria-hidden=\"true\">").unwrap().1.split_once('<').unwrap().0.to_owned()
    };
    assert_eq!(key("index.html"), "90\u{a0}%");
    assert_eq!(key("en/index.html"), "90%");
    assert_eq!(key("es/index.html"), "90\u{a0}%");
    for (path, date) in [
        ("index.html", "4.\u{a0}december 2020"),
        ("en/index.html", "4\u{a0}December 2020"),
        ("es/index.html", "4\u{a0}de diciembre de 2020"),
    ] {
        assert!(sample.page(path).contains(&format!("<time datetime=\"2020-12-04\">{date}</time>")), "{path}");
    }
}

#[test]
fn the_front_page_leads_with_the_figure_that_the_edition_names_and_lists_the_other_themes() {
    let led_by = |lead: &str| {
        let text = |text: String| format!("{text}\n=== report/2019/front.toml\nlead = \"{lead}\"\n");
        Sample::of(country(text)).page("en/index.html")
    };
    let (hero, themes) =
        led_by("value").split_once("<section class=\"themes\"").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    assert!(hero.contains("<h1><a href=\"value.html#value\">") && hero.contains("id=\"value-d\""), "{hero}");
    assert!(themes.contains("href=\"core-task.html\"") && !themes.contains("href=\"value.html\""), "{themes}");
    // A share has its place on the line from 0 to 100 that all themes share.
    assert!(themes.contains("x1=\"90%\" x2=\"90%\""), "{themes}");
    let unled = Sample::new().page("en/index.html");
    assert!(unled.contains("<h1><a href=\"core-task.html#core-task-by-level\">"), "{unled}");
}

#[test]
fn a_theme_page_shows_the_number_of_its_first_paragraph_large_and_no_figure_repeats_it() {
    let page = Sample::new().page("en/core-task.html");
    let (opening, rest) = page.split_once("<figure ").unwrap();
    assert!(
        opening.contains("tile\">\n<p class=\"key\" aria-hidden=\"true\">90%<span> 95% interval 89–92</span></p>"),
        "{opening}"
    );
    assert!(!rest.contains("class=\"key\""), "{rest}");
}

#[test]
fn a_withheld_breakdown_has_a_sentence_and_no_chart() {
    let page = Sample::new().page("en/value.html");
    let block = page.split_once("id=\"role-by-size\"").unwrap().1.split_once("</figure>").unwrap().0;
    assert!(!block.contains("<svg") && !block.contains("<table") && !block.contains("Lines and limits"), "{block}");
    assert!(block.contains(
        "<p class=\"withheld\">The figures by “Employees” are not published: too few answers to publish without disclosing \
         some of them.</p>"
    ));
    let quality = Sample::new().page("en/quality.html");
    let sentence = "The role of employees by “Employees”: too few answers to publish without disclosing some of them.";
    assert!(quality.contains(sentence), "{quality}");
}

#[test]
fn the_method_page_tells_what_weights_were_calibrated_to_and_how_unequal_they_became() {
    let recipe = "weights = \"response\"
[design.calibration]
method = \"logit\"
bounds = [0.25, 4]
[[design.calibration.margins]]
by = [\"level\", \"size\"]
totals = \"frame\"
[[design.calibration.margins]]
by = [\"size\"]
totals = \"frame\"
[design.trim]
lowest = 1.5
highest = { times_median = 4 }
";
    let calibrated = |text: String| {
        let (before, after) = text.split_once("weights = \"response\"\n").unwrap();
        let (lonely, after) = after.split_once("=== report").unwrap();
        format!("{before}{}{}=== report{after}", lonely, recipe)
    };
    let sample = Sample::of(country(calibrated));
    let english = sample.page("en/method.html");
    for sentence in [
        "each to between 0.25 and 4 times what it was (logit calibration). What is known: the number of units by \
         “Level of government” × “Employees” (the sampling frame) and the number of units by “Employees” (the sampling \
         frame).",
        "in the end each weight is at least 1.5 and at most 4 times the median weight.",
        "<td>12.25</td>",
        "<td>1.23</td>",
        "<td>2.5</td>",
    ] {
        assert!(english.contains(sentence), "{sentence}\n{english}");
    }
    let danish = sample.page("method.html");
    for sentence in
        ["mellem 0,25 og 4 gange det, den var", "mindst 1,5 og højst 4 gange medianvægten", "<td>12,25</td>"]
    {
        assert!(danish.contains(sentence), "{sentence}\n{danish}");
    }
    let page = sample.page("en/core-task.html");
    assert!(page.contains("Weighted to known totals of the population."), "{page}");
}

#[test]
fn the_description_of_a_chart_says_what_there_is_to_see() {
    let page = Sample::new().page("en/value.html");
    let description = page.split_once("<desc id=\"value-d\">").unwrap().1.split_once("</desc>").unwrap().0;
    assert_eq!(
        description,
        "Bar chart with 4 bars and their confidence intervals: Value that innovations have created. Main finding: Two out of \
         three innovations have raised quality. Highest: Quality, 68% (95% interval 65–70). Lowest: Involvement of \
         citizens and their insight into what the workplace does, 25%† (95% interval 23–27). Based on 1,877 answers. Source: The Innovation Barometer, 2018-2019. SYNTHETIC DATA."
    );
}

#[test]
fn items_are_sorted_by_value_and_answers_to_one_question_are_not() {
    let labels = |path: &str, figure: &str| {
        let page = Sample::new().page(path);
        let block =
            page.split_once(&format!("id=\"{figure}\"")).unwrap().1.split_once("</figure>").unwrap().0.to_owned();
        let rows = block.split("<th scope=\"row\">").skip(1).map(|row| row.split_once('<').unwrap().0.to_owned());
        rows.collect::<Vec<_>>()
    };
    assert_eq!(labels("value.html", "value")[..3], ["Kvalitet", "Effektivitet", "Medarbejdertilfredshed"]);
    assert_eq!(labels("en/core-task.html", "core-task-by-level"), ["All", "State", "Region", "Municipality"]);
    assert_eq!(labels("en/core-task.html", "core").last().unwrap(), "Don&#39;t know");
}

/// Every link of a page leads to a page, a file or a place that exists, or to the web.
#[test]
fn links_lead_somewhere() {
    let pages = Sample::new().pages();
    let paths: BTreeSet<&str> = pages.iter().map(|page| page.path.as_str()).collect();
    let mut links = 0;
    for page in pages.iter().filter(|page| page.path.ends_with(".html")) {
        let folder = page.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for link in page.text.split("href=\"").skip(1).map(|rest| rest.split_once('"').unwrap().0) {
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = match (path, path.strip_prefix("../")) {
                ("", _) => page.path.clone(),
                (_, Some(above)) => above.to_owned(),
                (here, None) if folder.is_empty() => here.to_owned(),
                (here, None) => format!("{folder}/{here}"),
            };
            // Files of numbers are the dataset crate's to make, and SQL is what pipeline ran.
            let is_offered = link.starts_with("data/") || link.trim_start_matches("../").starts_with("provenance/");
            assert!(is_offered || paths.contains(target.as_str()), "{}: {link}", page.path);
            if !anchor.is_empty() {
                let text = &pages.iter().find(|page| page.path == target).unwrap().text;
                assert!(text.contains(&format!("id=\"{anchor}\"")), "{}: {link}", page.path);
            }
            links += 1;
        }
    }
    assert!(links > 50, "only {links} links");
}

#[test]
fn pages_are_light_and_have_one_heading_and_a_language_and_only_the_index_has_a_script() {
    for page in Sample::new().pages().iter().filter(|page| page.path.ends_with(".html")) {
        assert!(page.text.len() < 150_000, "{} has {} bytes", page.path, page.text.len());
        assert_eq!(page.text.matches("<h1>").count(), 1, "{}", page.path);
        assert!(page.text.starts_with("<!doctype html>\n<html lang=\""), "{}", page.path);
        let scripts = usize::from(page.path.ends_with("search.html"));
        assert_eq!(page.text.matches("<script").count(), scripts, "{}", page.path);
        let ids: Vec<&str> = page.text.split(" id=\"").skip(1).map(|rest| rest.split_once('"').unwrap().0).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{}: an id stands twice", page.path);
    }
}

#[test]
fn headings_skip_no_level() {
    for page in Sample::new().pages().iter().filter(|page| page.path.ends_with(".html")) {
        let mut before = 0;
        for heading in page.text.split("<h").skip(1).filter_map(|rest| rest.chars().next()?.to_digit(10)) {
            assert!(heading <= before + 1, "{}: h{heading} after h{before}", page.path);
            before = heading;
        }
    }
}

#[test]
fn the_report_in_markdown_is_complete() {
    let report = Sample::new().page("report.md");
    for part in [
        "# Innovationsbarometeret\n",
        "\n## Fokusér på kerneopgaven\n",
        "9 ud af 10 offentlige innovationer er direkte knyttet",
        "\n### Nuværende og fremtidige opgaver\n",
        "foregår *ved siden af* driften",
        "| Kommune | 90 | 89 | 92 | 1.202 |\n",
        "n\u{a0}=\u{a0}1.877.",
        "Tallene fordelt på »Antal ansatte« offentliggøres ikke",
        "\n## Metode\n",
        "| Brugbare svar | 2.271 |\n",
    ] {
        assert!(report.contains(part), "{part:?} is not in\n{report}");
    }
    assert!(!report.contains("]{") && !report.contains("{{") && !report.contains("\n\n\n"), "{report}");
}

#[test]
fn what_few_answers_stand_behind_is_marked_and_what_is_too_uncertain_is_not_shown() {
    // 49 answers, 29 answers, and 300 whose interval is 31 points wide.
    let numbers = [
        ("state 89.1 1.6 345", "state 89.1 1.6 49"),
        ("region 90.8 1.5 330", "region 90.8 1.5 29"),
        ("municipality 90.4 0.9 1202", "municipality 50.4 8.0 300"),
    ];
    let numbers = numbers.into_iter().fold(NUMBERS.to_owned(), |text, (from, to)| {
        text.replace(&format!("core_task core_task level:{from}"), &format!("core_task core_task level:{to}"))
    });
    let sample = Sample::with(country(|text| text), include_str!("narratives.txt"), &numbers);
    let page = sample.page("en/core-task.html");
    let block = page.split_once("id=\"core-task-by-level\"").unwrap().1.split_once("</figure>").unwrap().0;
    let row = |label: &str| {
        let row =
            block.split_once(&format!("<th scope=\"row\">{label}</th>")).unwrap().1.split_once("</tr>").unwrap().0;
        row.to_owned()
    };
    assert_eq!(row("State"), "<td>89†</td><td>86</td><td>92</td><td>49</td>");
    let uncertain = "<td><abbr title=\"too uncertain to be of use\">u</abbr></td><td></td><td></td><td></td>";
    assert_eq!([row("Region"), row("Municipality")], [uncertain, uncertain]);
    let legend = "<b>†</b> few answers: read with care</span> <span><b>u</b> too uncertain to be of use</span>";
    assert!(block.contains(legend), "{block}");
    // Drawn twice, for wide and for narrow pages.
    let chart = block.split_once("<figcaption>").unwrap().0;
    assert!(
        chart.contains("State: 89%† (95% interval 86–92).")
            && chart.contains(">89%†<")
            && chart.matches("too uncertain to be of use (u)").count() == 4,
        "{chart}"
    );
    for path in ["en/core-task.html", "en/report.md", "en/figures/core-task-by-level.svg"] {
        let page = sample.page(path);
        assert!(!page.contains("90.8") && !page.contains("50.4") && !page.contains(">91<"), "{path}");
        assert!(page.contains("few answers: read with care") && page.contains("too uncertain to be of use"), "{path}");
    }
    let method = sample.page("en/method.html");
    let rule = "A figure with fewer than 30 answers behind it, or a share with an interval wider than 30 percentage points, is \
                too uncertain and is not shown. A figure with fewer than 50 answers behind it is marked.";
    assert!(method.contains(rule) && method.contains("<td>few answers: read with care</td>"), "{method}");
}
