//! Files that pandas and ReadStat wrote, against what they were told to write; and the same files, damaged.

use codebook::Finding;

use super::read;
use crate::format::fixtures::{fixture, mutant, shown};
use crate::format::stated::{Statement, described};
use crate::raw::RawTable;

const WRITTEN: [(&str, &str); 11] = [
    ("pandas.114.dta", "pandas.114.json"),
    ("pandas.117.dta", "pandas.117.json"),
    ("pandas.118.dta", "pandas.118.json"),
    ("pandas.118.big-endian.dta", "pandas.118.json"),
    ("pandas.119.dta", "pandas.119.json"),
    ("readstat.8.dta", "readstat.dta.json"),
    ("readstat.10.dta", "readstat.dta.json"),
    ("readstat.12.dta", "readstat.dta.json"),
    ("readstat.13.dta", "readstat.dta.json"),
    ("readstat.14.dta", "readstat.dta.json"),
    ("readstat.15.dta", "readstat.dta.json"),
];

fn reading(name: &str, bytes: &[u8]) -> (Option<RawTable>, Vec<Finding>) {
    let mut findings = Vec::new();
    (read(name, bytes, &mut findings), findings)
}

#[track_caller]
fn refused(bytes: &[u8], expected: &str) {
    let (table, findings) = reading("a.dta", bytes);
    assert!(table.is_none());
    assert_eq!(shown(&findings), [expected]);
}

#[test]
fn a_file_gives_what_its_writer_was_told_whatever_its_version() {
    for (file, statement) in WRITTEN {
        let (table, findings) = reading(file, &fixture(file));
        assert_eq!(shown(&findings), Vec::<String>::new(), "{file}");
        let (found, expected) = (described(&table.unwrap()), Statement::read(statement));
        for (found, expected) in found.columns.iter().zip(&expected.columns) {
            assert_eq!(found, expected, "{file}");
        }
        assert_eq!(found, expected, "{file}");
    }
}

#[test]
fn a_file_of_another_kind_is_told() {
    refused(b"id;q1\n1;2\n", "a.dta: the file is not a Stata file\nhelp: is this the right file?");
    refused(b"", "a.dta: the file is not a Stata file\nhelp: is this the right file?");
}

#[test]
fn a_cut_file_says_in_which_observation_or_section_it_ends() {
    let again = "help: export it from Stata again, and copy it whole";
    let file = fixture("pandas.118.dta");
    let data = place(&file, b"<data>");
    refused(&file[..data + 7], &format!("a.dta: the file ends within observation 1 of 12\n{again}"));
    let end = place(&file, b"</data>");
    refused(&file[..end - 1], &format!("a.dta: the file ends within observation 12 of 12\n{again}"));
    let texts = place(&file, b"GSO");
    refused(&file[..texts + 40], &format!("a.dta: the file ends within its long strings section\n{again}"));
    let labels = place(&file, b"<lbl>");
    refused(&file[..labels + 50], &format!("a.dta: the file ends within its value labels section\n{again}"));
}

fn place(bytes: &[u8], part: &[u8]) -> usize {
    bytes.windows(part.len()).position(|window| window == part).unwrap()
}

/// Each of these would have four gigabytes or more reserved for it, or never end.
#[test]
fn a_length_that_the_file_does_not_have_is_not_reserved() {
    let again = "help: export it from Stata again, and copy it whole";
    let file = fixture("pandas.119.dta");
    let huge = |place: usize| [&file[..place], &[0xff; 4][..], &file[place + 4..]].concat();
    for (field, expected) in [
        (place(&file, b"<K>") + 3, "the file ends within its schema section"),
        (place(&file, b"GSO") + 3 + 4 + 8 + 1, "the file ends within its long strings section"),
        (place(&file, b"<lbl>") + 5, "the file ends within its value labels section"),
    ] {
        refused(&huge(field), &format!("a.dta: {expected}\n{again}"));
    }
    let mut old = fixture("readstat.12.dta");
    // Types, names, order, formats, label names and labels of three variables stand between the header and the notes.
    let notes = 109 + 3 * (1 + 33 + 49 + 33 + 81) + 2 * (3 + 1);
    old[notes..notes + 5].copy_from_slice(&[1, 0xff, 0xff, 0xff, 0xff]);
    refused(&old, &format!("a.dta: the file ends within its characteristics section\n{again}"));
    let mut empty = fixture("pandas.114.dta");
    empty[4..10].copy_from_slice(&[0, 0, 0xff, 0xff, 0xff, 0x7f]);
    refused(&empty, &format!("a.dta: the file has no variables\n{again}"));
}

#[test]
fn a_text_that_is_not_of_the_encoding_is_told_with_its_row_and_not_shown() {
    let mut file = fixture("pandas.118.dta");
    let name = place(&file, "Rønne".as_bytes());
    file[name + 1] = 0xff;
    refused(
        &file,
        "a.dta: row 2, column \"place\": texts that are not utf-8\nhelp: convert the file in Stata with unicode translate",
    );
}

/// What four hundred damaged copies of each file give: never a panic, and often enough they get past the header.
#[test]
fn no_damage_to_a_file_does_more_than_a_finding() {
    for (file, _) in WRITTEN {
        let original = fixture(file);
        let (mut past_the_header, mut read_whole) = (0, 0);
        for seed in 0..400 {
            let (table, findings) = reading(file, &mutant(&original, seed));
            assert_eq!(table.is_none(), findings.iter().any(|finding| finding.severity == codebook::Severity::Error));
            past_the_header += u32::from(findings.iter().all(|finding| finding.code != "not-dta"));
            read_whole += u32::from(table.is_some());
        }
        println!("{file}: of 400 damaged copies {past_the_header} got past the header, {read_whole} were read");
        assert!(past_the_header > 200 && read_whole > 25, "{file}: {past_the_header}, {read_whole}");
    }
}
