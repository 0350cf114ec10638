//! Units of a panel: linked over waves by keyed pseudonyms, and told to nobody.

use std::collections::BTreeMap;

use ingest::{CheckedWave, Pseudonym};

use crate::support::{Export, ONE, Table, key};

/// Two waves of a panel. Unit 1002 answered both; the second wave has its ids in a column of another name and in another order.
const PANEL: [&str; 2] =
    ["unit,new\nA-1001,yes\nA-1002,no\nA-1003,yes\n", "workplace,new\nA-1004,no\nA-1003,no\nA-1002,yes\n"];

const COUNTRY: &str = r#"
=== country.toml
languages = ["en"]
name = { en = "Testland" }
title = { en = "Test" }
publisher = { en = "Test" }
smallest_base = 1
=== codebook.toml
[code_lists]
yes_no = [{ code = "yes", label = { en = "Yes" } }, { code = "no", label = { en = "No" } }]
[variables.new]
label = { en = "New" }
question = { en = "Anything new?" }
codes = "yes_no"
=== tables.toml
[bases.all]
label = { en = "all" }
counting_unit = { en = "units" }
[tables.new]
title = { en = "New" }
base = "all"
measure = "share"
rows = ["new"]
=== waves/YEAR.toml
window = { en = "YEAR" }
published = 2023-01-01
about = { en = "A test." }
[answers]
file = "answers.csv"
unit = "UNIT"
[columns]
new = "new"
[design]
weights = "equal"
"#;

fn wave(number: usize) -> Export {
    let raw = PANEL[number];
    let (unit, _) = raw.split_once(',').expect("the id stands first");
    let year = ["2020", "2022"][number];
    Export::from_text(&COUNTRY.replace("YEAR", year).replace("UNIT", unit)).with_raw("answers.csv", raw)
}

fn checked(number: usize, with: u8) -> CheckedWave {
    wave(number).check_with(&key(with)).0.expect("the export passes")
}

/// What each unit answered, by its pseudonym.
fn answers(wave: &CheckedWave) -> BTreeMap<Pseudonym, String> {
    let answers = Table::of(wave).column("new");
    wave.pseudonym_of_units().iter().copied().zip(answers).collect()
}

#[test]
fn one_key_links_the_units_that_answered_two_waves_and_no_others() {
    let [first, second] = [0, 1].map(|number| answers(&checked(number, 1)));
    assert_eq!((first.len(), second.len()), (3, 3));
    let both: Vec<(&str, &str)> =
        first.iter().filter_map(|(unit, then)| Some((then.as_str(), second.get(unit)?.as_str()))).collect();
    let mut changes = both;
    changes.sort_unstable();
    assert_eq!(changes, [("no", "yes"), ("yes", "no")]);
}

#[test]
fn another_key_gives_every_unit_another_pseudonym() {
    let [one, other] = [1, 2].map(|number| checked(0, number));
    let shared = one.pseudonym_of_units().iter().filter(|unit| other.pseudonym_of_units().contains(unit)).count();
    assert_eq!((one.pseudonym_of_units().len(), shared), (3, 0));
}

#[test]
fn the_same_id_in_two_countries_is_two_units() {
    let mut elsewhere = wave(0);
    elsewhere.country.id = codebook::CountryId::new("other").expect("a country");
    let elsewhere = elsewhere.checked();
    let here = checked(0, 1);
    assert!(elsewhere.pseudonym_of_units().iter().all(|unit| !here.pseudonym_of_units().contains(unit)));
}

#[test]
fn a_key_changes_pseudonyms_and_nothing_else_not_even_the_order_of_rows() {
    let [one, other] = [1, 2].map(|number| Table::of(&checked(0, number)));
    let changed: Vec<String> = one.names().into_iter().filter(|name| one.column(name) != other.column(name)).collect();
    assert_eq!(changed, ["__pseudonym"]);
    // By unit id, as ever.
    assert_eq!(one.line("new"), "yes no yes");
}

#[test]
fn the_parquet_holds_the_pseudonyms_and_no_id() {
    let wave = checked(0, 1);
    let by_row: Vec<String> = wave
        .pseudonym_of_units()
        .iter()
        .map(|unit| unit.bytes().iter().map(|byte| format!("{byte:02x}")).collect())
        .collect();
    assert_eq!(Table::of(&wave).column("__pseudonym"), by_row);
    let bytes = wave.parquet(ONE).expect("it can be written");
    let table = Table::of_bytes(&bytes);
    for id in ["A-1001", "A-1002", "A-1003"] {
        assert!(!bytes.windows(id.len()).any(|window| window == id.as_bytes()), "an id in the file's bytes");
        let cells = table.names().iter().flat_map(|name| table.column(name)).any(|cell| cell.contains(id));
        assert!(!cells, "an id in a cell");
    }
    assert!(!format!("{wave:?}").contains(&by_row[0]), "a pseudonym in a log");
}
