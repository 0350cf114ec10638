//! The quality report for programs against the page that people read.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::house::release;

/// The cells of every row of the page's tables, without marks of thousands.
fn rows(page: &str) -> Vec<(String, Vec<String>)> {
    let row = |row: &str| {
        let (label, rest) = row.split_once("</th>")?;
        let cells = rest.split("<td>").skip(1).filter_map(|cell| Some(cell.split_once("</td>")?.0.replace(',', "")));
        Some((label.to_owned(), cells.collect()))
    };
    page.split("<tr><th scope=\"row\">").skip(1).filter_map(row).collect()
}

#[test]
fn the_quality_report_for_programs_tells_what_its_page_tells() {
    let raw = testkit::repository().join("fixtures/dnk/2019/raw");
    let (_out, folder) = release("pipelines/dnk", "2019", &raw, &[]);
    let page = fs::read_to_string(folder.join("en/quality.html")).expect("there is a page of quality");
    let bytes = fs::read(folder.join("data/quality.json")).expect("there is a quality report for programs");
    let report: Value = serde_json::from_slice(&bytes).expect("it is JSON");
    assert_eq!(bytes, fs::read(folder.join("en/data/quality.json")).expect("it is there in English, too"));
    let indicators = report["indicators"].as_array().expect("it has indicators");
    let rows = rows(&page);

    let single = [
        ("units_drawn", None, "Units drawn"),
        ("units_out_of_scope", None, "Units that do not belong to the population"),
        ("over_coverage_rate", Some("A2"), "Over-coverage rate, per cent"),
        ("usable_answers", None, "Usable answers"),
        ("unfinished_answers", None, "Answers begun and not finished"),
        ("response_rate_rr1", None, "Response rate, per cent"),
        ("response_rate_rr2", None, "Response rate with unfinished answers (RR2), per cent"),
        ("unit_non_response_rate", Some("A4"), "Unit non-response rate (100 − RR1), per cent"),
        ("completion_rate", None, "Completion rate, per cent"),
        ("days_after_reference_period", Some("TP2"), "From the end of the reference period, 31\u{a0}December 2019"),
        ("days_after_fieldwork", None, "From the end of fieldwork, 15\u{a0}March 2020"),
    ];
    for (name, code, label) in single {
        let told = indicators.iter().find(|it| it["indicator"] == name && it["of"] == serde_json::json!({}));
        let told = told.unwrap_or_else(|| panic!("{name} is not told"));
        assert_eq!(told["code"].as_str(), code, "{name}");
        let (_, cells) = rows.iter().find(|(it, _)| it.starts_with(label)).unwrap_or_else(|| panic!("no row {label}"));
        assert_eq!(cells[0].parse::<f64>().ok(), told["value"].as_f64(), "{name}");
    }

    // Of each key figure the page tells the coefficient of variation, the design effect and the effective n.
    let value = |of: &Value, name: &str| {
        indicators.iter().find(|it| it["of"] == *of && it["indicator"] == name).and_then(|it| it["value"].as_f64())
    };
    let precision = |variation: &Value| {
        let of = &variation["of"];
        [variation["value"].as_f64(), value(of, "design_effect"), value(of, "effective_answers")]
            .map(|number| number.map_or_else(|| "–".to_owned(), |number| number.to_string()))
    };
    let variations = indicators.iter().filter(|it| it["code"] == "A1");
    let told: BTreeSet<[String; 3]> = variations.map(precision).collect();
    let (_, sampling) = page.split_once("id=\"s-13-2\"").expect("there is a section of sampling errors");
    let sampling = sampling.split_once("</section>").expect("it ends").0;
    let of_page: Vec<[String; 3]> = self::rows(sampling)
        .into_iter()
        .map(|(_, cells)| {
            let own = |at: usize| cells[at].parse::<f64>().map_or_else(|_| cells[at].clone(), |it| it.to_string());
            [own(5), own(6), own(7)]
        })
        .filter(|cells| cells[0] != "–")
        .collect();
    assert!(of_page.len() > 5, "{sampling}");
    for cells in of_page {
        assert!(told.contains(&cells), "{cells:?} is not told to programs");
    }
}
