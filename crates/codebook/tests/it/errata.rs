//! Errata: which edition a country's files make, and which numbers an erratum is about.

use codebook::{CellOf, Code, Country, EditionId, RowId, SourceFile, TableId, VariableName, Wave, WaveId};

use crate::files_with;

const ERRATA: &str = r#"
[counted-twice]
edition = "2020.1"
date = 2021-04-01
kind = "correction"
wrong = "One answer was counted twice."
changed = "It is counted once."
figures = ["innovation-by-level"]

[late-answers]
edition = "2020.2"
date = 2021-05-01
kind = "revision"
wrong = "Answers came late."
changed = "They are counted."
claims = ["main/innovative"]
pages = ["main"]
"#;

fn wave_with(errata: Option<&str>) -> Wave {
    let mut files = files_with(None);
    files.extend(
        errata.map(|text| SourceFile {
            path: "pipelines/test/report/2020/errata.toml".to_owned(),
            text: text.to_owned(),
        }),
    );
    let (country, findings) = Country::read("pipelines/test", &files);
    let country = country.unwrap_or_else(|| panic!("{}", findings[0]));
    country.waves[&WaveId::new("2020").unwrap()].clone()
}

fn edition(name: &str) -> EditionId {
    EditionId::new(name).unwrap()
}

#[test]
fn without_errata_a_wave_is_its_first_edition() {
    let wave = wave_with(None);
    assert_eq!(wave.edition(), edition("2020"));
    assert_eq!(wave.editions().collect::<Vec<_>>(), [edition("2020")]);
    assert_eq!(wave.day_of(edition("2020")), wave.published);
}

#[test]
fn the_last_edition_that_an_erratum_names_is_made_on_its_day() {
    let wave = wave_with(Some(ERRATA));
    assert_eq!(wave.editions().collect::<Vec<_>>(), ["2020", "2020.1", "2020.2"].map(edition));
    let days = wave.editions().map(|edition| wave.day_of(edition).to_string());
    assert_eq!(days.collect::<Vec<_>>(), ["2021-03-01", "2021-04-01", "2021-05-01"]);
}

/// Which errata of an edition are about a cell: a table, a row and, if any, a breakdown with its group.
#[track_caller]
fn check(of: &str, table: &str, row: &str, group: Option<(&str, &str)>, expected: &[&str]) {
    let wave = wave_with(Some(ERRATA));
    let (table, row) = (TableId::new(table).unwrap(), RowId::new(row).unwrap());
    let group = group.map(|(name, code)| (VariableName::new(name).unwrap(), Code::new(code).unwrap()));
    let cell = CellOf { table: &table, row: &row, group: group.as_ref().map(|(name, code)| (name, code)) };
    let found: Vec<&str> = wave.errata_of(edition(of), cell).map(|erratum| erratum.id.as_str()).collect();
    assert_eq!(found, expected, "{cell:?}");
}

#[test]
fn an_erratum_about_a_figure_is_about_what_it_shows_of_its_table() {
    let about = ["counted-twice"];
    check("2020.1", "innovation", "innovative", None, &about);
    check("2020.1", "innovation", "innovative", Some(("level", "state")), &about);
    check("2020.1", "innovation", "innovative", Some(("size", "small")), &[]);
    check("2020.1", "innovation", "type_product:yes", None, &[]);
    check("2020.1", "reasons", "innovative", None, &[]);
    check("2020.2", "innovation", "innovative", Some(("level", "state")), &[]);
}

#[test]
fn an_erratum_about_a_claim_is_about_the_number_that_it_tells() {
    check("2020.2", "innovation", "innovative", None, &["late-answers"]);
    check("2020.2", "reasons", "reasons_managers", None, &[]);
}
