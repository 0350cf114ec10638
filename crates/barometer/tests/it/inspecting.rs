//! What `barometer inspect` tells an analyst of an export that nobody has described yet.

use serde_json::{Value, json};

use crate::house::say;

fn inspected(file: &str) -> Value {
    let said = say(&["inspect", file, "--format", "json"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    serde_json::from_str(&said.out).expect("it is JSON")
}

#[test]
fn an_spss_file_is_told_with_its_questions_codes_and_values_that_mean_no_answer() {
    let said = say(&["inspect", "fixtures/formats/pspp.sav", "--codes"]);
    assert_eq!(
        said.out.lines().take(23).collect::<Vec<_>>().join("\n"),
        "\
fixtures/formats/pspp.sav
  format        SPSS file
  decimal mark  . in 2 columns
  tool          spss
  header rows   0
  rows          12
  columns       15
  classes       1 unit id, 2 quasi-identifiers, 2 open texts, 1 weight, 9 answers

      name                          kind           missing  what
   1  respondent_number             unique id            0  Løbenummer
   2  collaboration_with_citizens   code                 1  1 2 8 9 · Samarbejdede I med borgere?
      5  1  Ja
      3  2  Nej
      1  8  Ved ikke (declared missing)
      2  9  Ønsker ikke at svare (declared missing)
   3  collaboration_with_companies  code                 1  1 2 8 9 · Samarbejdede I med virksomhed…
      4  1  Ja
      5  2  Nej
      1  8  Ved ikke (declared missing)
      1  9  Ønsker ikke at svare (declared missing)
   4  employees                     number               1  quasi-identifier · decimal . · 1 -1 · 1…
   5  sector                        code                 1  quasi-identifier · K R S X · Sektor"
    );
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
}

#[test]
fn programs_read_an_inspection_as_json() {
    let found = inspected("fixtures/dnk/2019/raw/synthetic-answers.csv");
    assert_eq!(found["encoding"], json!({ "name": "utf-8", "byte_order_mark": true }));
    assert_eq!(
        (&found["format"], &found["tool"], &found["delimiter"]),
        (&json!("delimited"), &json!("surveyxact"), &json!(";"))
    );
    assert_eq!((&found["rows"], &found["header_rows"]), (&json!(2331), &json!(1)));
    let columns = found["columns"].as_array().expect("there are columns");
    assert_eq!(columns.len(), 108);
    assert_eq!(
        columns[6]["codes"],
        json!([
            { "value": "1", "label": null, "count": 774 },
            { "value": "2", "label": null, "count": 1557 },
        ])
    );
}

#[test]
fn a_file_inside_an_archive_is_named_behind_it() {
    let one = inspected("fixtures/formats/several.zip/2020.csv");
    let same = inspected("fixtures/formats/answers.csv");
    assert_eq!(one["columns"], same["columns"]);
    let said = say(&["inspect", "fixtures/formats/several.zip"]);
    assert_eq!(
        (said.code, said.err.as_str()),
        (
            Some(3),
            "fixtures/formats/several.zip: the archive holds 2 data files: 2018.csv, 2020.csv\n\
             help: name the one that is meant, such as fixtures/formats/several.zip/2018.csv\n\
             1 error; nothing was written\n"
        )
    );
}

/// The mark of a made-up address stands in the column `email` of the Danish export.
#[test]
fn who_answered_is_classed_and_never_shown() {
    let raw = std::fs::read_to_string(testkit::repository().join("fixtures/dnk/2019/raw/synthetic-answers.csv"));
    let raw = raw.expect("the fixture is in the repository");
    let address = raw.lines().nth(1).and_then(|row| row.split(';').nth(3)).expect("a row has an address");
    assert!(address.contains('@'));
    for format in ["table", "json"] {
        let said = say(&["inspect", "fixtures/dnk/2019/raw/synthetic-answers.csv", "--format", format]);
        assert!(!said.out.contains('@') && !said.err.contains('@'));
        assert!(!said.out.contains(address));
    }
}

#[test]
#[ignore = "needs the real export"]
fn the_real_export_is_described_as_it_is() {
    let said = say(&["inspect", "../shared/data/ury/eaii-2019-2021.csv"]);
    assert_eq!(
        said.out.lines().take(8).collect::<Vec<_>>().join("\n"),
        "\
../shared/data/ury/eaii-2019-2021.csv
  format        delimited text
  encoding      utf-8 with BOM
  delimiter     ;
  decimal mark  , in 2 columns
  tool          plain
  header rows   1
  rows          2,408"
    );
    assert!(said.out.contains("\n  columns       390\n"));
}
