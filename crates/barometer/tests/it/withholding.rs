//! What `barometer new` leaves out of a draft, and how it says so.

use std::fs;
use std::path::Path;

use crate::house::{Said, barometer, say};

/// Drafts a country of an export in a folder of its own.
fn drafted(folder: &Path, export: &str) -> Said {
    let raw = folder.join("export-2023.csv");
    fs::write(&raw, export).expect("a file can be written");
    let mut command = barometer();
    command.args(["new", "ABC", "--from-export"]).arg(&raw).arg("--pipelines").arg(folder);
    let said: Said = command.output().expect("the program starts").into();
    assert_eq!(said.code, Some(0), "{}", said.err);
    let checked = say(&["check", &folder.join("abc").to_string_lossy(), "--raw", &folder.to_string_lossy()]);
    assert_eq!(checked.code, Some(0), "{}", checked.err);
    said
}

/// An export of 120 rows: an id, and for each heading its values in turn.
fn export(columns: &[(&str, &[&str])]) -> String {
    let headings: Vec<&str> = columns.iter().map(|(heading, _)| *heading).collect();
    let cells = |row: usize| columns.iter().map(|(_, values)| values[row * 7 % values.len()]).collect::<Vec<_>>();
    let rows = (0..120).map(|row| format!("{};{}\n", 101 + row, cells(row).join(";")));
    format!("id;{}\n{}", headings.join(";"), rows.collect::<String>())
}

#[test]
fn whatever_a_draft_leaves_out_is_told_by_the_command() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let columns: [(&str, &[&str]); 4] = [
        ("empty", &[""]),
        ("same", &["All"]),
        ("begun", &["2023-01-02 10:00:00", "2023-01-03 11:00:00"]),
        ("q1", &["1", "2"]),
    ];
    let said = drafted(folder.path(), &export(&columns));
    for line in [
        "left out, it identifies the unit: \"id\"\n",
        "left out, it is empty: \"empty\"\n",
        "left out, it is the same in every row: \"same\"\n",
        "left out, it holds times: \"begun\"\n",
    ] {
        assert!(said.err.contains(line), "{line} is not in\n{}", said.err);
    }
    assert!(!said.err.contains("help: a column that tells nobody"), "{}", said.err);
}
