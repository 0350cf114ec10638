//! Strata, PSUs, weights and population sizes, by hand.

use codebook::Decimal;

use crate::support::{Export, Table};

/// Two regions and two sizes, of which the size is derived; clusters are numbered anew in each region.
const COUNTRY: &str = r#"
=== country.toml
languages = ["en"]
name = { en = "Testland" }
title = { en = "Test" }
publisher = { en = "Test" }
smallest_base = 1
=== codebook.toml
[code_lists]
region = [{ code = "west", label = { en = "West" } }, { code = "east", label = { en = "East" } }]
size = [{ code = "small", label = { en = "Small" } }, { code = "large", label = { en = "Large" } }]
[variables.region]
label = { en = "Region" }
codes = "region"
[variables.staff]
label = { en = "Staff" }
kind = "number"
[variables.district]
label = { en = "District" }
kind = "number"
[derived.size]
label = { en = "Size" }
codes = "size"
sql = "CASE WHEN staff < 10 THEN 'small' ELSE 'large' END"
=== tables.toml
[bases.all]
label = { en = "all" }
counting_unit = { en = "units" }
[tables.staff]
title = { en = "Staff" }
base = "all"
measure = "mean"
rows = ["staff"]
=== waves/2020.toml
window = "2020"
published = 2021-01-01
synthetic = false
about = { en = "Test" }
[answers]
file = "answers.csv"
delimiter = ";"
decimal_mark = ","
unit = "id"
[columns]
region = "region"
staff = "staff"
district = "district"
[design]
strata = ["region", "size"]
PSU
population = { column = "size_of_stratum" }
weights = { column = "w" }
=== raw/answers.csv
id;region;staff;district;w;size_of_stratum
10;west;5;1;1,5;40
9;west;6;2;2,25;40
2;west;7;1;0;40
1;east;50;1;3;20
b;east;60;1;3;20
a;west;70;1;1;5
"#;

fn export(psu: &str) -> Export {
    Export::from_text(&COUNTRY.replace("PSU", psu))
}

#[test]
fn strata_are_sorted_by_their_codes_and_count_answers_with_a_weight() {
    let wave = export("").checked();
    let strata: Vec<(String, u64, u64, Option<Decimal>)> = wave
        .strata()
        .iter()
        .map(|stratum| {
            let key: Vec<&str> = stratum.key.iter().map(codebook::Code::as_str).collect();
            (key.join(" x "), stratum.units, stratum.psus, stratum.population)
        })
        .collect();
    let size = |units| Some(Decimal::new(units, 0));
    assert_eq!(
        strata,
        [
            ("east x large".to_owned(), 2, 2, size(20)),
            ("west x large".to_owned(), 1, 1, size(5)),
            // Unit 2 has weight 0: its row is kept, and it counts in no n.
            ("west x small".to_owned(), 2, 2, size(40)),
        ]
    );
}

#[test]
fn rows_go_by_stratum_and_unit_with_numeric_ids_by_size() {
    let table = Table::of(&export("").checked());
    assert_eq!(table.line("__unit"), "0 1 2 3 4 5");
    assert_eq!(table.line("__stratum"), "0 0 1 2 2 2");
    // Units 1, b | a | 2, 9, 10.
    assert_eq!(table.line("staff"), "50 60 70 7 6 5");
    assert_eq!(table.line("__weight"), "3.00 3.00 1.00 0.00 2.25 1.50");
    assert!(!table.names().contains(&"__psu".to_owned()), "units are PSUs");
}

#[test]
fn the_same_district_in_two_strata_is_two_psus() {
    let wave = export("psu = [\"district\"]").checked();
    let psus: Vec<(u64, u64)> = wave.strata().iter().map(|stratum| (stratum.units, stratum.psus)).collect();
    assert_eq!(psus, [(2, 1), (1, 1), (2, 2)]);
    let table = Table::of(&wave);
    assert_eq!(table.line("__psu"), "0 0 1 2 2 3");
    assert_eq!(table.line("staff"), "50 60 70 7 5 6", "within a stratum by PSU, then by unit");
}

#[test]
fn a_unit_without_a_psu_is_an_error() {
    let export = export("psu = [\"district\"]");
    let text = export.raw_text("answers.csv").replace("10;west;5;1", "10;west;5;");
    let findings = export.with_raw("answers.csv", text).findings();
    assert!(
        findings.contains("row 2, column \"district\": unit with no primary sampling unit: \"district\" has no value"),
        "{findings}"
    );
}

#[test]
fn a_derived_stratum_without_a_value_is_told_at_the_unit() {
    let source = COUNTRY.replace("PSU", "").replace("ELSE 'large'", "WHEN staff < 65 THEN 'large'");
    let findings = Export::from_text(&source).findings();
    assert!(findings.contains("row 7, column \"id\": unit with no stratum: \"size\" has no value"), "{findings}");
}

#[test]
fn one_stratum_when_the_design_has_none() {
    let source = COUNTRY.replace("PSU", "").replace("strata = [\"region\", \"size\"]\n", "");
    let source = source.replace("population = { column = \"size_of_stratum\" }\n", "");
    let wave = Export::from_text(&source).checked();
    assert_eq!(wave.strata().len(), 1);
    assert!(wave.strata()[0].key.is_empty());
    assert_eq!((wave.strata()[0].units, wave.strata()[0].population), (5, None));
}

#[test]
fn equal_numbers_are_equal_however_they_are_written() {
    let export = export("psu = [\"district\"]");
    let text = export.raw_text("answers.csv").replace("9;west;6;2;2,25;40", "9;west;6;1,0;2,25;40,00");
    let wave = export.with_raw("answers.csv", text).checked();
    assert_eq!(wave.strata()[2].psus, 1, "districts 1 and 1,0 are one; stratum sizes 40 and 40,00 agree");
}
