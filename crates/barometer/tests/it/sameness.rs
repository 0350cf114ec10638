//! Same inputs, same bytes: whatever the threads, the locale, the time zone, the folder and the order of the export's rows.

use std::fs;

use crate::house::{Said, barometer, copy, differing, release, tree};

fn danish_raw() -> std::path::PathBuf {
    testkit::repository().join("fixtures/dnk/2019/raw")
}

#[test]
fn threads_do_not_change_a_byte() {
    let (_one, single) = release("pipelines/dnk", "2019", &danish_raw(), &["--threads", "1"]);
    let (_two, double) = release("pipelines/dnk", "2019", &danish_raw(), &["--threads", "2"]);
    assert_eq!(differing(&tree(&single), &tree(&double)), Vec::<String>::new());
}

#[test]
fn locale_time_zone_and_folder_do_not_change_a_byte() {
    let (_here, expected) = release("pipelines/dnk", "2019", &danish_raw(), &[]);
    let elsewhere = tempfile::tempdir().expect("a temporary folder can be made");
    copy(&testkit::repository().join("pipelines/dnk"), &elsewhere.path().join("dnk"));
    copy(&danish_raw(), &elsewhere.path().join("eksport æøå"));
    let said: Said = barometer()
        .current_dir(elsewhere.path())
        .env("LC_ALL", "tr_TR.UTF-8")
        .env("LANG", "tr_TR.UTF-8")
        .env("TZ", "Pacific/Auckland")
        .args(["run", "dnk", "--wave", "2019", "--raw", "eksport æøå", "--out", "ud"])
        .output()
        .expect("the program starts")
        .into();
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(differing(&tree(&expected), &tree(&elsewhere.path().join("ud/dnk/2019"))), Vec::<String>::new());
}

#[test]
fn the_order_of_rows_does_not_change_a_byte() {
    let (_here, expected) = release("pipelines/dnk", "2019", &danish_raw(), &[]);
    let shuffled = tempfile::tempdir().expect("a temporary folder can be made");
    for (name, bytes) in tree(&danish_raw()) {
        fs::write(shuffled.path().join(name), reversed(&bytes)).expect("a file can be written");
    }
    let (_there, found) = release("pipelines/dnk", "2019", shuffled.path(), &[]);
    assert_eq!(differing(&tree(&expected), &tree(&found)), Vec::<String>::new());
}

/// The same records in the reverse order, behind the header. The Danish files have no line breaks in fields.
fn reversed(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(bytes.to_vec()).expect("the Danish twin is UTF-8");
    let mut lines: Vec<&str> = text.lines().collect();
    lines[1..].reverse();
    lines.join("\r\n").into_bytes()
}
