//! Files that PSPP and ReadStat wrote, against what they were told to write; and the same files, damaged.

use codebook::Finding;

use super::dictionary::Dictionary;
use super::read;
use crate::format::fixtures::{fixture, mutant, shown};
use crate::format::stated::{Statement, described};
use crate::raw::RawTable;

const WRITTEN: [(&str, &str); 7] = [
    ("pspp.sav", "pspp.json"),
    ("pspp.plain.sav", "pspp.json"),
    ("pspp.zsav", "pspp.json"),
    ("pspp.windows-1252.sav", "pspp.json"),
    ("readstat.sav", "readstat.json"),
    ("readstat.plain.sav", "readstat.json"),
    ("readstat.zsav", "readstat.json"),
];

fn reading(name: &str, bytes: &[u8]) -> (Option<RawTable>, Vec<Finding>) {
    let mut findings = Vec::new();
    (read(name, bytes, &mut findings), findings)
}

#[track_caller]
fn refused(bytes: &[u8], expected: &str) {
    let (table, findings) = reading("a.sav", bytes);
    assert!(table.is_none());
    assert_eq!(shown(&findings), [expected]);
}

#[test]
fn a_file_gives_what_its_writer_was_told_whatever_its_packing_and_encoding() {
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
    refused(
        b"id;q1\n1;2\n",
        "a.sav: the file is not an SPSS system file\nhelp: is this the right file? a .por file is another format: save it as .sav",
    );
}

#[test]
fn a_cut_file_says_how_many_cases_it_still_has() {
    let plain = fixture("pspp.plain.sav");
    let again = "help: export it from SPSS again, and copy it whole";
    for (cut, expected) in [
        (&plain[..100], format!("a.sav: the file ends within its dictionary, before the first case\n{again}")),
        (&plain[..plain.len() - 1], format!("a.sav: the file ends within case 12 of 12\n{again}")),
    ] {
        refused(cut, &expected);
    }
    // Its list of blocks ends a .zsav file, so one that is cut has none.
    let packed = fixture("pspp.zsav");
    refused(
        &packed[..packed.len() - 1],
        &format!("a.sav: the list of blocks that ends a .zsav file is missing or damaged\n{again}"),
    );
}

#[test]
fn cases_that_are_missing_between_two_bytes_are_missed_too() {
    let mut plain = fixture("pspp.plain.sav");
    // The number of cases stands after 80 bytes.
    plain[80] = 13;
    refused(&plain, "a.sav: the file ends after case 12 of 13\nhelp: export it from SPSS again, and copy it whole");
    plain[80] = 11;
    refused(
        &plain,
        "a.sav: the file holds 12 cases, and says that it holds 11\nhelp: export it from SPSS again, and copy it whole",
    );
}

#[test]
fn a_damaged_block_is_told_by_its_number() {
    let mut packed = fixture("pspp.zsav");
    let start = packed.windows(2).rposition(|pair| pair == [0x78, 0x9c] || pair == [0x78, 0x01]).unwrap();
    packed[start] = 0;
    refused(
        &packed,
        "a.sav: compressed block 1 is damaged (after case 0)\nhelp: export it from SPSS again, and copy it whole",
    );
}

/// The bytes with the first occurrence of `old` replaced.
fn with(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let start = bytes.windows(old.len()).position(|window| window == old).unwrap();
    [&bytes[..start], new, &bytes[start + old.len()..]].concat()
}

#[test]
fn an_encoding_that_is_not_known_or_not_the_files_is_told_rather_than_guessed() {
    let western = fixture("pspp.windows-1252.sav");
    refused(
        &with(&western, b"WINDOWS-1252", b"CP850       "),
        "a.sav: the file's encoding is \"CP850\", which is not known\nhelp: open the file in SPSS and save it with UNICODE=ON",
    );
    refused(
        &with(&western, b"WINDOWS-1252", b"UTF-8       "),
        "a.sav: the label of a variable is not written in utf-8, which the file says it is\n\
         help: open the file in SPSS with the encoding that it has and save it with UNICODE=ON",
    );
}

#[test]
fn a_text_that_is_not_of_the_encoding_is_told_with_its_case_and_not_shown() {
    let plain = with(&fixture("pspp.plain.sav"), "Sorø".as_bytes(), b"Sor\xff ");
    refused(
        &plain,
        "a.sav: row 8, column \"place\": texts that are not utf-8\n\
         help: open the file in SPSS with the encoding that it has and save it with UNICODE=ON",
    );
}

/// What four hundred damaged copies of each file give: never a panic, and often enough they reach the cases.
#[test]
fn no_damage_to_a_file_does_more_than_a_finding() {
    for (file, _) in WRITTEN {
        let original = fixture(file);
        let (mut reached_the_cases, mut read_whole) = (0, 0);
        for seed in 0..400 {
            let damaged = mutant(&original, seed);
            let (table, findings) = reading(file, &damaged);
            assert_eq!(table.is_none(), findings.iter().any(|finding| finding.severity == codebook::Severity::Error));
            reached_the_cases += u32::from(Dictionary::read(&damaged).is_ok());
            read_whole += u32::from(table.is_some());
        }
        println!("{file}: of 400 damaged copies {reached_the_cases} reached the cases, {read_whole} were read");
        assert!(reached_the_cases > 60 && read_whole > 25, "{file}: {reached_the_cases}, {read_whole}");
    }
}
