//! Uruguay's innovation survey, wave 2021, on the real export, which is not in the repository. These tests run where it lies in
//! `../shared/data/ury` beside the clone, and `.ci/run` runs them there; elsewhere they are left out by name.

use std::path::PathBuf;
use std::process::Command;

use crate::house::{published, release};

fn raw() -> PathBuf {
    testkit::repository().join("../shared/data/ury")
}

/// The weighted per cent, its linearised standard error and the answers, computed from the file in plain floating point.
/// `strata` is the section and size of each enterprise by the rules that `pipelines/ury/codebook.toml` declares.
fn naive(holds: impl Fn(&csv::StringRecord, &csv::StringRecord) -> bool) -> (f64, usize, f64) {
    let bytes = std::fs::read(raw().join("eaii-2019-2021.csv")).expect("the real export is there");
    let text = String::from_utf8(bytes).expect("the export is UTF-8");
    let mut reader =
        csv::ReaderBuilder::new().delimiter(b';').from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().expect("there is a header").clone();
    let records: Vec<csv::StringRecord> = reader.records().map(|record| record.expect("it is well-formed")).collect();
    let weight = |record: &csv::StringRecord| -> f64 {
        field(&header, record, "w_trans").replace(',', ".").parse().expect("a weight is a number")
    };
    let all: f64 = records.iter().map(weight).sum();
    let some: f64 = records.iter().filter(|record| holds(&header, record)).map(weight).sum();
    (100.0 * some / all, records.len(), all)
}

fn field<'r>(header: &csv::StringRecord, record: &'r csv::StringRecord, column: &str) -> &'r str {
    let index = header.iter().position(|name| name == column).expect("the column is there");
    &record[index]
}

#[test]
#[ignore = "needs the real export"]
fn the_rates_are_those_of_an_independent_computation() {
    let (_out, folder) = release("pipelines/ury", "2021", &raw(), &[]);
    let published = published(&folder);
    let rates = published["tables"].as_array().and_then(|tables| tables.iter().find(|table| table["id"] == "rates"));
    let rates = rates.expect("there is a table of rates");
    let is = |column: &'static str| {
        move |header: &csv::StringRecord, record: &csv::StringRecord| field(header, record, column) == "1"
    };
    for (row, (per_cent, answers, enterprises)) in
        [naive(is("Innovativa")), naive(is("E1_1_1")), naive(is("E1_2_1"))].into_iter().enumerate()
    {
        assert!((enterprises - 11_969.0).abs() < 1e-3, "the weights sum to the enterprises: {enterprises}");
        let figures = &rates["cells"][row][0]["shown"];
        assert_eq!(figures["n"], answers);
        let printed = figures["estimate"][0].as_f64().expect("a number") / 100.0;
        assert!((printed - per_cent).abs() <= 0.005 + 1e-9, "row {row}: {printed} against {per_cent}");
    }
    assert_eq!(rates["cells"][0][0]["shown"]["estimate"], serde_json::json!([1481, 2]));
    assert_eq!(published["fieldwork"]["answers"], 2408);
}

#[test]
#[ignore = "needs the real export"]
fn no_free_text_of_a_respondent_reaches_an_output() {
    let (_out, folder) = release("pipelines/ury", "2021", &raw(), &[]);
    let found = Command::new("grep")
        .args(["-rilE", "casa de cambio|vinculaci.n laboral con|centros ubicados en el exterior"])
        .arg(&folder)
        .output()
        .expect("grep starts");
    assert_eq!(String::from_utf8_lossy(&found.stdout), "");
}
