//! Releases of one table, small enough to be attacked by hand: a manifest and a tidy file, which is all that the attack needs.

use std::fs;

use super::{assert_found, audit};

const HEADER: &str = "table,table_label,wave,base,base_label,unit,item,item_label,category,category_label,breakdown,breakdown_label,group,\
                      group_label,estimate,se,ci_low,ci_high,n,status,reason,source";

/// A row of the table "new" about everybody, or a level.
fn row(level: &str, numbers: &str) -> String {
    let breakdown = if level.is_empty() { "" } else { "level" };
    format!("new,New,2020,all,all,per cent,new,New,,New,{breakdown},{breakdown},{level},{level},{numbers},SYNTHETIC")
}

/// A release of this table.
fn release(rows: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let manifest = r#"{"barometer": "0.1.0", "country": "test", "wave": 2020, "published": "2021-01-01", "languages": ["en"],
        "rules": {"smallest_base": 5}, "method": {"confidence_level": 0.95}, "seal": "", "inputs": [], "raw": [], "outputs": []}"#;
    fs::create_dir(folder.path().join("data")).expect("a folder can be made");
    fs::write(folder.path().join("manifest.json"), manifest).expect("a file can be written");
    let rows: Vec<String> = rows.iter().map(|(level, numbers)| row(level, numbers)).collect();
    let table = format!("{HEADER}\n{}\n", rows.join("\n"));
    fs::write(folder.path().join("data/new.csv"), table).expect("a file can be written");
    folder
}

const HIDDEN: &str = ",,,,,hidden,confidential";
const CELL: &str = "base all, new, level region";

#[test]
fn two_hidden_groups_protect_each_other() {
    let rows =
        [("", "50,5.0,40,60,100,shown,"), ("city", "40,6.4,28,53,60,shown,"), ("region", HIDDEN), ("state", HIDDEN)];
    let said = audit(release(&rows).path(), &[]);
    assert_eq!(said.code, Some(0), "{}", said.out);
}

#[test]
fn whole_percents_of_few_answers_give_a_count_away() {
    // 50 of 100, 24 of 60, 25 of 37 (67.6): of the three that are left one is in it.
    let rows = [
        ("", "50,5.0,40,60,100,shown,"),
        ("city", "40,6.4,28,53,60,shown,"),
        ("country", "68,7.8,51,81,37,shown,"),
        ("region", HIDDEN),
    ];
    let release = release(&rows);
    assert_found(release.path(), &[], (CELL, "answers"), ("3", "3"), &["data/new.csv"]);
    assert_found(release.path(), &[], (CELL, "answers in the category"), ("1", "1"), &["data/new.csv"]);
}

#[test]
fn rounding_leaves_a_count_too_little_room() {
    // 50 per cent of 200 are 99 to 101, of 140 they are 70, and 49 of 57 are 28: of the three that are left at least one is in it.
    let rows = [
        ("", "50,3.5,43,57,200,shown,"),
        ("city", "50,4.2,42,58,140,shown,"),
        ("country", "49,6.7,36,62,57,shown,"),
        ("region", HIDDEN),
    ];
    let release = release(&rows);
    assert_found(release.path(), &[], (CELL, "answers in the category"), ("1", "3"), &["data/new.csv"]);
    let said = audit(release.path(), &[]);
    let arithmetic = "those of all who are in new, by level: 99 to 101 in all less 98 in groups that are shown leaves 1 to 3 in region";
    assert!(said.out.contains(arithmetic), "{}", said.out);
}

#[test]
fn a_table_that_contradicts_itself_hides_nothing_for_that() {
    // Neither 28 nor 29 of 57 are 50 per cent.
    let rows = [
        ("", "50,3.5,43,57,200,shown,"),
        ("city", "50,4.2,42,58,140,shown,"),
        ("country", "50,6.7,37,63,57,shown,"),
        ("region", HIDDEN),
    ];
    assert_found(release(&rows).path(), &[], (CELL, "answers"), ("3", "3"), &["data/new.csv"]);
}

#[test]
fn the_standard_error_of_three_answers_tells_how_many_said_yes() {
    let rows = [
        ("", "50,5.0,40,60,100,shown,"),
        ("city", "40,6.4,28,53,60,shown,"),
        ("region", ",33.3,,,,hidden,confidential"),
        ("state", HIDDEN),
    ];
    let said = audit(release(&rows).path(), &[]);
    assert_eq!(said.code, Some(4), "{}", said.out);
    let arithmetic = "of fewer than 5 answers of one weight it is that of 1 of 3 or 2 of 3";
    assert!(said.out.contains(arithmetic), "{}", said.out);
}
