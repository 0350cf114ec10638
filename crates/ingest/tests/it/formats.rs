//! The same answers in every format that a wave may have give the same checked wave.

use crate::support::{Export, ONE};

/// What `fixtures/formats/write.py` had other programs write.
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
ticked = [{ code = "yes", label = { en = "Mentioned" } }, { code = "no", label = { en = "Not mentioned" } }]
[variables.new]
label = { en = "New" }
question = { en = "Anything new?" }
codes = "yes_no"
[variables.product]
label = { en = "Product" }
question = { en = "A product?" }
codes = "ticked"
[variables.share]
label = { en = "Share" }
kind = "number"
[variables.day]
label = { en = "Day" }
kind = "date"
=== tables.toml
[bases.all]
label = { en = "all" }
counting_unit = { en = "units" }
[tables.new]
title = { en = "New" }
base = "all"
measure = "share"
rows = ["new"]
=== waves/2020.toml
window = { en = "2019-2020" }
published = 2021-01-01
about = { en = "A test." }
[answers]
file = "FILE"
sheet = "Dataset"
unit = "unit"
[columns]
new = "q1"
product = "q2_1"
share = "share"
day = "day"
[recodes.yes_no]
1 = "yes"
2 = "no"
5 = "no"
9 = { missing = "refused" }
[recodes.ticked]
TRUE = "yes"
FALSE = "no"
1 = "yes"
0 = "no"
[design]
weights = "equal"
"#;

fn export(named: &str, on_disk: &str) -> Export {
    let path = testkit::repository().join("fixtures/formats").join(on_disk);
    let bytes = std::fs::read(path).expect("the fixture is in the repository");
    Export::from_text(&COUNTRY.replace("FILE", named)).with_raw(on_disk, bytes)
}

#[test]
fn workbooks_tables_and_archives_give_the_wave_that_the_text_gives() {
    let text = export("answers.csv", "answers.csv").checked().parquet(ONE).expect("it can be written");
    let files = [
        ("answers.openpyxl.xlsx", "answers.openpyxl.xlsx"),
        ("answers.xlsxwriter.xlsx", "answers.xlsxwriter.xlsx"),
        ("answers.libreoffice.xlsx", "answers.libreoffice.xlsx"),
        ("answers.ods", "answers.ods"),
        ("answers.zip", "answers.zip"),
        ("answers.snappy.parquet", "answers.snappy.parquet"),
        ("answers.pandas.parquet", "answers.pandas.parquet"),
        ("answers.arrow", "answers.arrow"),
        ("answers.feather", "answers.feather"),
        ("answers.sav", "answers.sav"),
        ("answers.zsav", "answers.zsav"),
        ("answers.dta", "answers.dta"),
    ];
    for (named, on_disk) in files {
        let wave = export(named, on_disk).checked();
        assert!(wave.parquet(ONE).expect("it can be written") == text, "{named} gives another wave than the text");
    }
}

#[test]
fn text_in_any_encoding_with_any_marks_gives_the_wave_that_plain_text_gives() {
    let plain = export("answers.csv", "answers.csv").checked().parquet(ONE).expect("it can be written");
    for (file, encoding, delimiter, mark) in [
        ("answers.tsv", "utf-8", "\\t", "."),
        ("answers.utf-8-bom.csv", "utf-8", ";", ","),
        ("answers.windows-1252.csv", "windows-1252", ";", ","),
        ("answers.latin-1.csv", "latin1", "|", "."),
        ("answers.utf-16le.csv", "utf-16le", "\\t", ","),
        ("answers.utf-16be.csv", "utf-16be", "\\t", ","),
    ] {
        let written = format!(
            "encoding = \"{encoding}\"\ndelimiter = \"{delimiter}\"\ndecimal_mark = \"{mark}\"\nunit = \"unit\""
        );
        let path = testkit::repository().join("fixtures/formats").join(file);
        let bytes = std::fs::read(path).expect("the fixture is in the repository");
        let text = COUNTRY.replace("FILE", file).replace("unit = \"unit\"", &written);
        let export = Export::from_text(&text).with_raw(file, bytes);
        assert_eq!(export.findings(), "", "{file}");
        assert!(export.checked().parquet(ONE).expect("it can be written") == plain, "{file} gives another wave");
    }
}

#[test]
fn one_file_of_an_archive_is_named_behind_it() {
    let wave = |named: &str| export(named, "several.zip").checked().parquet(ONE).expect("it can be written");
    let text = export("answers.csv", "answers.csv").checked().parquet(ONE).expect("it can be written");
    assert!(wave("several.zip/2020.csv") == text);
}

#[test]
fn an_archive_of_several_exports_needs_the_name_of_one() {
    let findings = export("several.zip", "several.zip").findings();
    assert_eq!(
        findings,
        "raw/several.zip: the archive holds 2 data files: 2018.csv, 2020.csv\n\
         help: name the one that is meant, such as raw/several.zip/2018.csv\n"
    );
}

#[test]
fn a_number_that_the_file_declares_missing_is_never_counted_as_one() {
    let country = r#"
=== waves/2020.toml
window = { en = "2019-2020" }
published = 2021-01-01
about = { en = "A test." }
[answers]
file = "pspp.sav"
unit = "respondent_number"
[columns]
share = "employees"
new = "collaboration_with_citizens"
[recodes.yes_no]
1 = "yes"
2 = "no"
9 = { missing = "refused" }
[design]
weights = "equal"
"#;
    let (before, _) = COUNTRY.split_once("=== waves").expect("the country has a wave");
    let raw = testkit::repository().join("fixtures/formats/pspp.sav");
    let bytes = std::fs::read(raw).expect("the fixture is in the repository");
    assert_eq!(
        Export::from_text(&format!("{before}{}", country.trim_start())).with_raw("pspp.sav", bytes).findings(),
        "test/waves/2020.toml:14:1: warning: raw/pspp.sav says to weight its rows by \"w\", and the wave weights none\n\
         help: leave it so if that is meant, or write weights = { column = \"w\" } under [design]\n\
         raw/pspp.sav: row 4, column \"collaboration_with_citizens\": value of \"new\" that the file says means no answer: \"8\"\n\
         help: say why there is none under [recodes.new], such as 99 = { missing = \"refused\" }\n\
         raw/pspp.sav: row 4, column \"employees\": value of \"share\" that the file says means no answer (rows 4, 5 and 6): a \
         number and \"999\"\n\
         help: say why there is none under [recodes.share], such as 99 = { missing = \"refused\" }\n"
    );
}
