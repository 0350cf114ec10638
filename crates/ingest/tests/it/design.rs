//! Strata, PSUs, weights and population sizes, by hand.

use codebook::{Code, Decimal};
use ingest::MarginAnswers;

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

#[test]
fn population_sizes_may_be_the_fractions_that_were_sampled() {
    let export = export("");
    let text =
        export.raw_text("answers.csv").replace(";40\n", ";0,05\n").replace(";20\n", ";0,1\n").replace(";5\n", ";1\n");
    let wave = export.with_raw("answers.csv", text).checked();
    let sizes: Vec<Option<Decimal>> = wave.strata().iter().map(|stratum| stratum.population).collect();
    assert_eq!(sizes, [Some(Decimal::new(1, 1)), Some(Decimal::new(1, 0)), Some(Decimal::new(5, 2))]);
}

/// Margins of each kind: listed, from a file with a cell that the sample lacks, and a number.
const MARGINS: &str = r#"
[design.calibration]
method = "linear"
[[design.calibration.margins]]
by = ["size"]
totals = { small = 40 }
[[design.calibration.margins]]
by = ["size", "region"]
file = "cells.csv"
count = "units"
columns = { region = "r", size = "s" }
[[design.calibration.margins]]
total_of = "staff"
total = 1234.5
=== raw/cells.csv
s;r;units
small;west;40
large;west;5
large;east;20,5
small;east;7
=== raw/answers.csv"#;

#[test]
fn margins_tell_the_cell_or_number_of_each_unit_in_the_order_of_the_rows() {
    let text = COUNTRY.replace("PSU", "").replace("=== raw/answers.csv", MARGINS);
    let wave = Export::from_text(&text).checked();
    // Units 1, b | a | 2, 9, 10.
    assert_eq!(wave.stratum_of_units(), [0, 0, 1, 2, 2, 2]);
    let [listed, crossed, number] = wave.margins() else { panic!("the design has three margins") };
    let MarginAnswers::Cells { cells, of_units } = listed else { panic!("the first margin has cells") };
    let totals: Vec<(&str, Option<Decimal>)> = cells.iter().map(|cell| (cell.key[0].as_str(), cell.total)).collect();
    assert_eq!(totals, [("large", None), ("small", Some(Decimal::new(40, 0)))], "a cell may lack its total");
    assert_eq!(of_units, &[0, 0, 0, 1, 1, 1]);
    let MarginAnswers::Cells { cells, of_units } = crossed else { panic!("the second margin has cells") };
    let key = |key: &[Code]| key.iter().map(Code::as_str).collect::<Vec<_>>().join(" x ");
    let keys: Vec<String> = cells.iter().map(|cell| key(&cell.key)).collect();
    assert_eq!(keys, ["large x east", "large x west", "small x east", "small x west"]);
    assert_eq!(cells[0].total, Some(Decimal::new(205, 1)));
    assert_eq!(of_units, &[0, 0, 1, 3, 3, 3], "nobody is in the third");
    let MarginAnswers::Number { total, of_units } = number else { panic!("the third margin is a number") };
    assert_eq!(*total, Decimal::new(12345, 1));
    assert_eq!(of_units, &[50, 60, 70, 7, 6, 5].map(|staff| Decimal::new(staff, 0)));
}

#[test]
fn the_file_of_a_margin_may_be_written_otherwise_than_the_answers() {
    let own = "columns = { region = \"r\", size = \"st\u{f8}rrelse\" }\n\
               encoding = \"windows-1252\"\ndelimiter = \"\\t\"\ndecimal_mark = \".\"";
    let (country, _) = MARGINS.split_once("=== raw/cells.csv").expect("the margins have a file");
    let country = country.replace("columns = { region = \"r\", size = \"s\" }", own) + "=== raw/answers.csv";
    let text = COUNTRY.replace("PSU", "").replace("=== raw/answers.csv", &country);
    let cells = b"st\xf8rrelse\tr\tunits\nsmall\twest\t40\nlarge\twest\t5\nlarge\teast\t20.5\nsmall\teast\t7\n";
    let otherwise = Export::from_text(&text).with_raw("cells.csv", cells.to_vec()).checked();
    let alike = Export::from_text(&COUNTRY.replace("PSU", "").replace("=== raw/answers.csv", MARGINS)).checked();
    assert_eq!(otherwise.margins(), alike.margins());
}

#[test]
fn a_margin_from_the_frame_adds_up_its_strata() {
    let margin = "
[design.calibration]
method = \"poststratify\"
margins = [{ by = [\"size\"], totals = \"frame\" }]
[frame]
file = \"frame.csv\"
count = \"n\"
strata = { region = \"region\", size = \"size\" }
=== raw/frame.csv
region;size;n
west;small;40
west;large;5
east;large;20
=== raw/answers.csv";
    let wave = Export::from_text(&COUNTRY.replace("PSU", "").replace("=== raw/answers.csv", margin)).checked();
    let [MarginAnswers::Cells { cells, .. }] = wave.margins() else { panic!("one margin of cells") };
    let totals: Vec<Option<Decimal>> = cells.iter().map(|cell| cell.total).collect();
    assert_eq!(totals, [25, 40].map(|units| Some(Decimal::new(units, 0))), "large and small");
}

/// Four districts in two regions, the second of the west with two schools; a unit of it has no weight.
fn two_stages(psu: &str, population: &str) -> Export {
    let text = COUNTRY
        .replace("PSU", psu)
        .replace("population = { column = \"size_of_stratum\" }", population)
        .replace("strata = [\"region\", \"size\"]", "strata = [\"region\"]")
        .replace(
            "[variables.district]",
            "[variables.school]\nlabel = { en = \"School\" }\nkind = \"number\"\n[variables.district]",
        )
        .replace("district = \"district\"\n", "district = \"district\"\nschool = \"school\"\n");
    let answers = "id;region;staff;district;school;w;n1;n2;n3
1;west;5;1;1;1;40;8;3
2;west;6;2;1;1;40;9;2
3;west;7;2;2;0;40;9;4
4;west;8;2;1;2;40;9;2
5;east;9;1;1;1;20;7;1
6;east;10;1;2;1;20;7;5
";
    Export::from_text(&text).with_raw("answers.csv", answers.to_owned())
}

const SIZES: &str = "population = [{ column = \"n1\" }, { column = \"n2\" }, { column = \"n3\" }]";

#[test]
fn clusters_are_nested_in_those_above_and_counted_with_a_weight() {
    let wave = two_stages("psu = [\"district\", \"school\"]", SIZES).checked();
    let strata: Vec<(u64, u64)> = wave.strata().iter().map(|stratum| (stratum.units, stratum.psus)).collect();
    assert_eq!(strata, [(2, 1), (3, 2)], "east, west");
    let [schools, units] = wave.stages() else { panic!("two stages behind the first") };
    // Districts: east 1, west 1, west 2. School 1 of each is another one.
    assert_eq!(schools.parents, [0, 0, 1, 2, 2]);
    let above: Vec<(usize, u64, Decimal)> =
        schools.above.iter().map(|cluster| (cluster.stratum, cluster.sampled, cluster.population)).collect();
    let size = |units| Decimal::new(units, 0);
    assert_eq!(
        above,
        [(0, 2, size(7)), (1, 1, size(8)), (1, 1, size(9))],
        "nobody of school 2 in the last has a weight"
    );
    // Units 5 | 6 | 1 | 2, 4 | 3, each the only member of its last cluster.
    assert_eq!(units.parents, [0, 1, 2, 3, 3, 4]);
    let sampled: Vec<u64> = units.above.iter().map(|cluster| cluster.sampled).collect();
    assert_eq!(sampled, [1, 1, 1, 2, 0]);
    assert_eq!(wave.psu_of_units(), Some([0, 1, 2, 3, 4, 5].as_slice()));
}

#[test]
fn clusters_are_those_of_the_last_stage_whose_size_is_declared() {
    let psu = "psu = [\"district\", \"school\"]";
    let of = |population: &str| {
        let wave = two_stages(psu, population).checked();
        (wave.stages().len(), wave.psu_of_units().map(<[usize]>::to_vec))
    };
    assert_eq!(of(""), (0, Some(vec![0, 0, 1, 2, 2, 2])), "districts");
    assert_eq!(of("population = { column = \"n1\" }"), (0, Some(vec![0, 0, 1, 2, 2, 2])), "districts");
    let schools = of("population = [{ column = \"n1\" }, { column = \"n2\" }]");
    assert_eq!(schools, (1, Some(vec![0, 1, 2, 3, 3, 4])));
}

#[test]
fn a_size_that_is_missing_or_differs_within_its_cluster_is_told_with_its_row() {
    let export = two_stages("psu = [\"district\", \"school\"]", SIZES);
    let text = export.raw_text("answers.csv").replace("4;west;8;2;1;2;40;9;2", "4;west;8;2;1;2;40;11;");
    let findings = export.with_raw("answers.csv", text).findings();
    assert!(
        findings.contains("row 5, column \"n3\": population size that is not a number above 0: an empty cell"),
        "{findings}"
    );
    let text = export.raw_text("answers.csv").replace("4;west;8;2;1;2;40;9;2", "4;west;8;2;1;2;40;11;2");
    let findings = export.with_raw("answers.csv", text).findings();
    assert!(findings.contains("row 5, column \"n2\": population size that differs within the cluster"), "{findings}");
}
