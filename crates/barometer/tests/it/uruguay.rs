//! Uruguay's innovation survey, wave 2021, on the real export, which is not in the repository. These tests run where it lies in
//! `../shared/data/ury` beside the clone, and `.ci/run` runs them there; elsewhere they are left out by name.

use std::path::PathBuf;

use crate::house::{published, release, tree, unpacked};

fn raw() -> PathBuf {
    testkit::repository().join("../shared/data/ury")
}

/// The weighted per cent, the answers, and the sum of the weights, computed from the file in plain floating point.
fn naive(holds: impl Fn(&csv::StringRecord, &csv::StringRecord) -> bool) -> (f64, usize, f64) {
    let (header, records) = records();
    let weight = |record: &csv::StringRecord| -> f64 {
        field(&header, record, "w_trans").replace(',', ".").parse().expect("a weight is a number")
    };
    let all: f64 = records.iter().map(weight).sum();
    let some: f64 = records.iter().filter(|record| holds(&header, record)).map(weight).sum();
    (100.0 * some / all, records.len(), all)
}

fn records() -> (csv::StringRecord, Vec<csv::StringRecord>) {
    let bytes = std::fs::read(raw().join("eaii-2019-2021.csv")).expect("the real export is there");
    let text = String::from_utf8(bytes).expect("the export is UTF-8");
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
    let header = reader.headers().expect("there is a header").clone();
    (header, reader.records().map(|record| record.expect("it is well-formed")).collect())
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
    let text =
        |(name, bytes): (String, Vec<u8>)| String::from_utf8(unpacked(&name, bytes)).expect("every file is text");
    let outputs: String = tree(&folder).into_iter().map(text).collect();
    let (header, records) = records();
    let texts = ["F1_11_5", "G1A_1_9", "G1A_2_9", "G2A_2_6_1", "H1A_15_2", "I1_13"];
    let mut searched = 0;
    for record in &records {
        for column in texts {
            let text = field(&header, record, column).trim();
            // A word or two may stand in any report; a sentence may not.
            if text.chars().count() > 20 {
                assert!(!outputs.contains(text), "an answer to {column} is in the release");
                searched += 1;
            }
        }
    }
    assert!(searched > 100, "only {searched} texts were long enough to tell");
}
