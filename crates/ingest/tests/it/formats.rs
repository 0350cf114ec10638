//! The same answers in every format that a wave may have give the same checked wave.

use std::path::PathBuf;
use std::{fs, io};

use codebook::SurveyTool;
use ingest::inspect::{FileFormat, inspect};

use crate::presets::PRESETS;
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

/// A file of `fixtures/formats` with the answers, and what a wave says of it.
struct Written {
    file: &'static str,
    format: FileFormat,
    /// Encoding, delimiter and decimal mark, of text.
    text: Option<(&'static str, &'static str, &'static str)>,
}

const fn text(file: &'static str, encoding: &'static str, delimiter: &'static str, mark: &'static str) -> Written {
    Written { file, format: FileFormat::Delimited, text: Some((encoding, delimiter, mark)) }
}

const fn binary(file: &'static str, format: FileFormat) -> Written {
    Written { file, format, text: None }
}

/// Every format and encoding in which exports come, by writers that are not ours.
const WRITTEN: &[Written] = &[
    text("answers.csv", "utf-8", ",", "."),
    text("answers.tsv", "utf-8", "\\t", "."),
    text("answers.utf-8-bom.csv", "utf-8", ";", ","),
    text("answers.windows-1252.csv", "windows-1252", ";", ","),
    text("answers.latin-1.csv", "latin-1", "|", "."),
    text("answers.macintosh.csv", "macintosh", ";", ","),
    text("answers.utf-16le.csv", "utf-16le", "\\t", ","),
    text("answers.utf-16be.csv", "utf-16be", "\\t", ","),
    binary("answers.openpyxl.xlsx", FileFormat::Xlsx),
    binary("answers.xlsxwriter.xlsx", FileFormat::Xlsx),
    binary("answers.libreoffice.xlsx", FileFormat::Xlsx),
    binary("answers.ods", FileFormat::Ods),
    binary("answers.sav", FileFormat::Sav),
    binary("answers.zsav", FileFormat::Sav),
    binary("answers.dta", FileFormat::Dta),
    binary("answers.snappy.parquet", FileFormat::Parquet),
    binary("answers.zstd.parquet", FileFormat::Parquet),
    binary("answers.gzip.parquet", FileFormat::Parquet),
    binary("answers.lz4.parquet", FileFormat::Parquet),
    binary("answers.pandas.parquet", FileFormat::Parquet),
    binary("answers.arrow", FileFormat::Arrow),
    binary("answers.arrows", FileFormat::Arrow),
    binary("answers.feather", FileFormat::Arrow),
    binary("answers.zip", FileFormat::Zip),
];

impl Written {
    fn export(&self) -> Export {
        let bytes = fs::read(folder().join(self.file)).expect("the fixture is in the repository");
        let written = self.text.map_or_else(String::new, |(encoding, delimiter, mark)| {
            format!("encoding = \"{encoding}\"\ndelimiter = \"{delimiter}\"\ndecimal_mark = \"{mark}\"\n")
        });
        let text = COUNTRY.replace("FILE", self.file).replace("unit = \"unit\"", &format!("{written}unit = \"unit\""));
        Export::from_text(&text).with_raw(self.file, bytes)
    }
}

fn folder() -> PathBuf {
    testkit::repository().join("fixtures/formats")
}

#[test]
fn every_format_and_encoding_gives_the_parquet_of_the_plain_text() {
    let plain = export("answers.csv", "answers.csv").checked().parquet(ONE).expect("it can be written");
    for written in WRITTEN {
        let export = written.export();
        assert_eq!(export.findings(), "", "{}", written.file);
        let parquet = export.checked().parquet(ONE).expect("it can be written");
        assert!(parquet == plain, "{} gives another wave than the plain text", written.file);
    }
}

#[test]
fn inspection_tells_every_format_and_encoding() {
    for Written { file, format, text } in WRITTEN {
        let bytes = fs::read(folder().join(file)).expect("the fixture is in the repository");
        let found = inspect(file, &mut || io::Result::Ok(bytes.as_slice())).expect("it is in memory").expect(file);
        // What is in an archive is what is told.
        let told = if *format == FileFormat::Zip { FileFormat::Delimited } else { *format };
        assert_eq!(found.format, told, "{file}");
        for column in ["unit", "q1", "q2_1", "share", "day"] {
            assert!(found.columns.iter().any(|found| found.name == column), "{file}: {column}");
        }
        assert_eq!(found.rows, 6, "{file}");
        if let Some((encoding, delimiter, _)) = text {
            let encoding = match *encoding {
                // Their letters decide nothing, so a person does; latin-1 is windows-1252 to every browser.
                "macintosh" | "latin-1" => "windows-1252",
                other => other,
            };
            assert_eq!(found.encoding.map(|found| found.name).as_deref(), Some(encoding), "{file}");
            let delimiter = if *delimiter == "\\t" { '\t' } else { delimiter.chars().next().expect("a delimiter") };
            assert_eq!(found.delimiter, Some(delimiter), "{file}");
        }
    }
}

/// What was promised is here: a format, a tool or a file that somebody adds and does not compare is seen.
#[test]
fn every_format_and_every_tool_has_an_export_that_is_compared() {
    let files = fs::read_dir(folder()).expect("the fixtures are part of the repository");
    let names = files.filter_map(|file| file.ok()?.file_name().into_string().ok());
    let mut there: Vec<String> = names.filter(|name| name.starts_with("answers.")).collect();
    let mut compared: Vec<String> = WRITTEN.iter().map(|written| written.file.to_owned()).collect();
    there.sort();
    compared.sort();
    assert_eq!(there, compared);
    let formats = [
        FileFormat::Delimited,
        FileFormat::Xlsx,
        FileFormat::Ods,
        FileFormat::Sav,
        FileFormat::Dta,
        FileFormat::Parquet,
        FileFormat::Arrow,
        FileFormat::Zip,
    ];
    for format in formats {
        assert!(WRITTEN.iter().any(|written| written.format == format), "{format:?}");
    }
    for tool in SurveyTool::ALL {
        let has_export = PRESETS.iter().any(|preset| preset.export().wave().answers.tool == tool);
        assert!(has_export || tool == SurveyTool::Plain, "{}", tool.as_str());
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
