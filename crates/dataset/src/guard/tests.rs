//! A planted case for each thing that must not leave, and releases that hold nothing of the kind.

use std::collections::BTreeMap;
use std::io::Write;

use super::*;

const NONE: [LeakKind; 0] = [];
const ID: &str = "19647336097927";
const FREE_TEXT: &str = "vores nye køkken i afdelingen blev lukket igen";

fn respondents() -> Respondents {
    Respondents::new([ID, FREE_TEXT, "Yes", "12345", "den nye skole i byen"], &["# Den nye skole, i byen\n"])
}

fn kinds_of(path: &str, bytes: &[u8]) -> Vec<LeakKind> {
    let files = BTreeMap::from([(path.to_owned(), bytes.to_vec())]);
    leaks(&files, &respondents()).into_iter().map(|leak| leak.kind).collect()
}

fn packed(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn a_unit_id_is_found_in_every_kind_of_text() {
    for path in
        ["index.html", "en/figures/roles.svg", "report.md", "manifest.json", "provenance/sql/sums-01.sql", "data/a.px"]
    {
        assert_eq!(kinds_of(path, format!("<p>of {ID},</p>").as_bytes()), [LeakKind::Respondent], "{path}");
    }
    // A longer number that holds it, or a short one, is not it.
    assert_eq!(kinds_of("index.html", format!("{ID}0 12345 Yes").as_bytes()), NONE);
}

#[test]
fn what_a_respondent_wrote_is_found_though_marks_and_letters_differ() {
    assert_eq!(kinds_of("index.html", "<p>Vores nye køkken,</b> i afdelingen &mdash;".as_bytes()), NONE);
    assert_eq!(
        kinds_of("index.html", "<p>VORES nye køkken; i afdelingen blev …</p>".as_bytes()),
        [LeakKind::Respondent]
    );
}

/// Some letters become others, in another number of bytes, when they are made small: the sign of the kelvin is a k.
#[test]
fn what_a_respondent_wrote_is_found_in_whatever_letters() {
    let known = Respondents::new(["køkken i ÅRSSKOVEN", "unit-\u{212a}47110815"], &[]);
    for text in ["et KØKKEN I ÅRSSKOVEN", "Køkken, i årsskoven.", "UNIT k47110815", "unit \u{212a}47110815"] {
        assert!(known.occur_in(text), "{text}");
    }
    for text in ["et KØKKEN I SKOVEN", "k47110815 unit", "unit \u{212a}4711081"] {
        assert!(!known.occur_in(text), "{text}");
    }
}

#[test]
fn a_text_that_the_country_wrote_itself_is_meant() {
    assert_eq!(kinds_of("index.html", "<h1>Den nye skole i byen</h1>".as_bytes()), NONE);
    let own_id = Respondents::new([ID], &[ID]);
    assert!(own_id.occur_in(ID), "an id is never meant");
}

#[test]
fn rows_of_another_table_are_found() {
    assert_eq!(kinds_of("data/a.csv", b"unit,q1\n1,2\n"), [LeakKind::ForeignTable]);
    let ours = format!("{}\n", COLUMNS.join(","));
    assert_eq!(kinds_of("en/data/a.csv", ours.as_bytes()), NONE);
    assert_eq!(kinds_of("en/data/a.csv", format!("{ours}1,2\n").as_bytes()), [LeakKind::Unreadable]);
    // The file of several waves tells what may be joined, which no other does.
    let of_waves = format!("{}\n", crate::waves::columns().collect::<Vec<_>>().join(","));
    assert_eq!(kinds_of("en/data/waves.csv", of_waves.as_bytes()), NONE);
    assert_eq!(kinds_of("en/data/waves.csv", ours.as_bytes()), [LeakKind::ForeignTable]);
    assert_eq!(kinds_of("en/data/a.csv", of_waves.as_bytes()), [LeakKind::ForeignTable]);
}

#[test]
fn files_of_other_kinds_or_in_other_places_are_found() {
    for path in
        ["responses.parquet", "raw.csv", "data/raw.sav", "data/raw.zip", "notes", "data/.DS_Store", "tables.xlsx"]
    {
        assert_eq!(kinds_of(path, b""), [LeakKind::UnknownFile], "{path}");
    }
    assert_eq!(kinds_of("data/tables.parquet", b"PAR1"), [LeakKind::Unreadable]);
    assert_eq!(kinds_of("data/tables.xlsx", b"PK"), [LeakKind::Unreadable]);
}

#[test]
fn what_a_workbook_hides_is_found() {
    let cases: [(&str, &str, LeakKind); 12] = [
        ("xl/workbook.xml", "<sheet name=\"x\" state=\"hidden\"/>", LeakKind::HiddenSheet),
        ("xl/workbook.xml", "<sheet name=\"x\" state=\"veryHidden\"/>", LeakKind::HiddenSheet),
        ("xl/worksheets/sheet1.xml", "<row r=\"1\" hidden=\"1\"/>", LeakKind::HiddenSheet),
        ("content.xml", "<style:table-properties table:display=\"false\"/>", LeakKind::HiddenSheet),
        ("xl/worksheets/sheet1.xml", "<c r=\"A1\"><f>1+1</f></c>", LeakKind::Formula),
        ("content.xml", "<table:table-cell table:formula=\"of:=1+1\"/>", LeakKind::Formula),
        ("xl/externalLinks/externalLink1.xml", "<x/>", LeakKind::Formula),
        ("xl/comments1.xml", "<x/>", LeakKind::Comment),
        ("content.xml", "<office:annotation/>", LeakKind::Comment),
        ("docProps/core.xml", "<dc:creator>A. Analyst</dc:creator>", LeakKind::Author),
        ("meta.xml", "<meta:initial-creator>A. Analyst</meta:initial-creator>", LeakKind::Author),
        ("xl/sharedStrings.xml", "<t>19647336097927</t>", LeakKind::Respondent),
    ];
    for (part, text, expected) in cases {
        for path in ["data/tables.xlsx", "data/tables.ods"] {
            assert_eq!(kinds_of(path, &packed(&[(part, text)])), [expected], "{part}: {text}");
        }
    }
    let clean = packed(&[("docProps/core.xml", "<dc:creator></dc:creator><cp:lastModifiedBy/>")]);
    assert_eq!(kinds_of("data/tables.xlsx", &clean), NONE);
}

#[test]
fn a_picture_is_a_card_or_nothing_that_a_release_has() {
    for card in ["cards/reuse.png", "en/cards/reuse.png"] {
        assert_eq!(kinds_of(card, b"PNG"), NONE, "{card}");
    }
    for other in ["reuse.png", "data/reuse.png", "cards/raw/reuse.png"] {
        assert_eq!(kinds_of(other, b"PNG"), [LeakKind::UnknownFile], "{other}");
    }
}

#[test]
fn a_folder_of_the_machine_is_found_and_an_address_is_not() {
    // Put together, so that no such folder stands in the repository itself.
    let folder = |name: &str| format!("/{name}/x");
    for text in [
        format!("made in {}", folder("home")),
        format!("\"{}\"", folder("tmp")),
        format!("file://{}", folder("x")),
        ["C:", "Users", "x"].join("\\"),
    ] {
        assert_eq!(kinds_of("manifest.json", text.as_bytes()), [LeakKind::AbsolutePath], "{text}");
    }
    let addresses = format!("https://example.org{} ..{}", folder("home"), folder("tmp"));
    assert_eq!(kinds_of("index.html", addresses.as_bytes()), NONE);
}
