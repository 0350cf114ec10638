//! Editions about some of the population.

use codebook::{Country, SourceFile};

use crate::sample::{NUMBERS, Sample, country};

const VARIANT: &str = r#"
=== report/2019/variants.toml
[innovators]
title = { da = "For innovative", en = "For innovators", es = "Para innovadores" }
whom = { da = "innovative arbejdspladser", en = "innovative workplaces", es = "organizaciones innovadoras" }
bases = ["innovative"]
=== report/2019/their-core.toml
variant = "innovators"
order = 1
[[figures]]
id = "their-core"
headline = { da = "[9 ud af 10]{tied} vedrører kerneopgaven", en = "[9 out of 10]{tied} concern the core task", es = "[9 de cada 10]{tied} son de la tarea principal" }
table = "core_task"
row = "core_task"
breakdown = "level"
[claims.tied]
near = { table = "core_task", row = "core_task" }
"#;

fn text() -> String {
    include_str!("country.txt").to_owned() + VARIANT
}

fn sample() -> Sample {
    let mut texts = include_str!("narratives.txt").to_owned();
    for (language, words) in [("da", "9 ud af 10"), ("en", "9 out of 10"), ("es", "9 de cada 10")] {
        texts.push_str(&format!(
            "\n=== report/2019/their-core.{language}.md\n# D\n\n[{words}]{{tied}}.\n\n{{{{ figure their-core }}}}\n"
        ));
    }
    Sample::with(country(|_| text()), &texts, NUMBERS)
}

#[test]
fn it_has_a_folder_with_a_front_page_and_its_themes_in_each_language() {
    let sample = sample();
    let pages = sample.pages();
    for folder in ["innovators", "en/innovators", "es/innovators"] {
        let of_variant: Vec<&str> =
            pages.iter().filter_map(|page| page.path.strip_prefix(folder)?.strip_prefix('/')).collect();
        assert_eq!(of_variant, ["index.html", "print.html", "report.md", "their-core.html"], "{folder}");
    }
    assert!(pages.iter().any(|page| page.path == "figures/their-core.svg"));
}

#[test]
fn every_page_of_it_says_whom_it_is_about_and_no_other_page_does() {
    for page in sample().pages().iter().filter(|page| page.path.ends_with(".html") && page.path.starts_with("en/")) {
        let says = page.text.contains("Everything on this page is about innovative workplaces.");
        assert_eq!(says, page.path.contains("/innovators/"), "{}", page.path);
        let is_titled =
            page.text.contains("For innovators, 2018-2019</title>") || page.text.contains("<title>For innovators");
        assert_eq!(
            is_titled || page.text.contains("· For innovators"),
            page.path.contains("/innovators/"),
            "{}",
            page.path
        );
    }
}

#[test]
fn the_whole_edition_links_to_it_and_does_not_tell_its_themes_as_its_own() {
    let front = sample().page("en/index.html");
    assert!(front.contains("<li><a href=\"innovators/index.html\">For innovators</a>: innovative workplaces</li>"));
    assert!(!front.contains("their-core"), "{front}");
    assert!(!sample().page("en/print.html").contains("their-core"));
    assert!(!sample().page("en/report.md").contains("their-core"));
    // Who looks for a figure finds those of every edition.
    assert!(sample().page("en/search.html").contains("href=\"innovators/their-core.html#their-core\""));
}

#[test]
fn it_is_one_document_of_its_own_to_print_and_to_copy() {
    let sample = sample();
    let print = sample.page("en/innovators/print.html");
    assert!(print.contains("<h1>For innovators</h1>") && print.contains("href=\"#part-their-core\""), "{print}");
    assert!(print.contains("href=\"#part-method\"") && !print.contains("part-value"), "{print}");
    let report = sample.page("en/innovators/report.md");
    assert!(report.starts_with("# For innovators\n") && report.contains("(../figures/their-core.svg)"), "{report}");
    let front = sample.page("en/innovators/index.html");
    assert!(front.contains("<li><a href=\"print.html\">") && front.contains("<li><a href=\"report.md\">"), "{front}");
}

#[test]
fn links_of_its_pages_lead_somewhere() {
    let sample = sample();
    let pages = sample.pages();
    let paths: Vec<&str> = pages.iter().map(|page| page.path.as_str()).collect();
    for page in pages.iter().filter(|page| page.path.contains("innovators/")) {
        for link in page.text.split(" href=\"").skip(1).map(|rest| rest.split_once('"').unwrap().0) {
            let (link, _) = link.split_once('#').unwrap_or((link, ""));
            let mut folders: Vec<&str> = page.path.split('/').collect();
            folders.pop();
            for step in link.split('/') {
                if step == ".." {
                    folders.pop().unwrap_or_else(|| panic!("{}: {link} leads out", page.path));
                } else {
                    folders.push(step);
                }
            }
            let path = folders.join("/");
            let elsewhere = link.is_empty() || path.contains("data/") || path.contains("provenance/");
            assert!(elsewhere || paths.contains(&path.as_str()), "{}: {link} is {path}", page.path);
        }
    }
}

/// The findings of the country with a part of its text replaced.
fn findings(from: &str, to: &str) -> Vec<String> {
    let text = text();
    assert!(text.contains(from), "{from}");
    let files = testkit::country("pipelines/demo", &text.replacen(from, to, 1));
    let files: Vec<SourceFile> = files.into_iter().map(|(path, text)| SourceFile { path, text }).collect();
    Country::read("pipelines/demo", &files).1.iter().map(ToString::to_string).collect()
}

#[test]
fn what_counts_others_is_refused_on_its_pages() {
    let found = findings(
        "row = \"core_task\"\nbreakdown = \"level\"\n[claims.tied]\nnear = { table = \"core_task\", row = \"core_task\" }",
        "row = \"core_task\"\nbreakdown = \"level\"\n[claims.tied]\nnear = { table = \"innovation\", row = \"innovative\" }",
    );
    assert_eq!(
        found,
        [
            "pipelines/demo/report/2019/their-core.toml:9:9: table \"innovation\" counts \"all\", and pages of \"innovators\" are about innovative\n\
          help: take a table with one of these bases"
        ]
    );
}

#[test]
fn names_that_lead_nowhere_are_told() {
    let found = findings("variant = \"innovators\"", "variant = \"inovators\"");
    assert!(
        found[0].contains("there is no variant \"inovators\"") && found[0].contains("did you mean \"innovators\"?"),
        "{found:?}"
    );
    assert!(
        found.iter().any(|finding| finding.contains("no theme of this wave has variant = \"innovators\"")),
        "{found:?}"
    );
    let found = findings("bases = [\"innovative\"]", "bases = [\"inovative\"]");
    assert!(found.iter().any(|finding| finding.contains("there is no base \"inovative\"")), "{found:?}");
    let found = findings("bases = [\"innovative\"]", "bases = [\"innovative\"]\nlead = \"core\"");
    assert!(found.iter().any(|finding| finding.contains("no page of this variant has a figure \"core\"")), "{found:?}");
}
