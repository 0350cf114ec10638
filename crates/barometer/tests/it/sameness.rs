//! Same inputs, same bytes: whatever the threads, the locale, the time zone, the folder and the order of the export's rows.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::house::{Said, barometer, copy, differing, release, tree};

fn danish_raw() -> std::path::PathBuf {
    testkit::repository().join("fixtures/dnk/2019/raw")
}

#[test]
fn threads_do_not_change_a_byte() {
    let (_one, single) = release("pipelines/dnk", "2019", &danish_raw(), &["--threads", "1"]);
    for threads in ["2", "8"] {
        let (_more, found) = release("pipelines/dnk", "2019", &danish_raw(), &["--threads", threads]);
        assert_eq!(differing(&tree(&single), &tree(&found)), Vec::<String>::new(), "{threads} threads");
    }
}

/// Locales with other digits, decimal marks and rules for letters, none, and none that there is; zones of the far east and west, of no whole hours, and
/// texts that are no zone.
#[test]
fn no_locale_and_no_time_zone_changes_a_byte() {
    let raw = testkit::repository().join("fixtures/schools/2000/raw");
    let (_here, expected) = release("pipelines/schools", "2000", &raw, &[]);
    let machines = [
        ("C", "UTC"),
        ("da_DK.UTF-8", "Europe/Copenhagen"),
        ("tr_TR.ISO-8859-9", "Pacific/Kiritimati"),
        ("ar_EG.UTF-8", "Asia/Kathmandu"),
        ("fa_IR", "America/St_Johns"),
        ("", ""),
        ("nowhere_XX.KLINGON", ":/not/a/zone"),
        ("POSIX", "<-12>+12"),
    ];
    for (locale, zone) in machines {
        let out = tempfile::tempdir().expect("a temporary folder can be made");
        let said: Said = barometer()
            .env_clear()
            .envs([("LC_ALL", locale), ("LANG", locale), ("LC_NUMERIC", locale), ("LANGUAGE", locale), ("TZ", zone)])
            .args(["run", "pipelines/schools", "--wave", "2000", "--raw", "fixtures/schools/2000/raw", "--out"])
            .arg(out.path())
            .output()
            .expect("the program starts")
            .into();
        assert_eq!(said.code, Some(0), "{}", said.err);
        let found = tree(&out.path().join("schools/2000"));
        assert_eq!(differing(&tree(&expected), &found), Vec::<String>::new(), "{locale:?} in {zone:?}");
    }
}

/// A hundred shuffles of the export give the same release to the byte. Nothing is kept from one to the next.
#[test]
fn a_hundred_orders_of_the_rows_do_not_change_a_byte() {
    let raw = testkit::repository().join("fixtures/schools/2000/raw");
    let (_here, expected) = release("pipelines/schools", "2000", &raw, &[]);
    let expected = tree(&expected);
    let text = fs::read_to_string(raw.join("apistrat.csv")).expect("the export is there");
    let (header, rows) = text.split_once('\n').expect("a header");
    let mut rows: Vec<&str> = rows.lines().collect();
    let mut random = testkit::Random(11);
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for round in 0..100 {
        for last in (1..rows.len()).rev() {
            rows.swap(last, random.below(last + 1));
        }
        fs::write(folder.path().join("apistrat.csv"), format!("{header}\n{}\n", rows.join("\n")))
            .expect("it is written");
        let (_there, found) = release("pipelines/schools", "2000", folder.path(), &[]);
        assert_eq!(differing(&expected, &tree(&found)), Vec::<String>::new(), "shuffle {round}");
    }
}

/// A researcher has the manifest, and a store that gives files by their digest: that is enough.
#[test]
fn a_release_is_made_again_from_its_manifest_and_what_that_names_alone() {
    let (_here, released) = release("pipelines/dnk", "2019", &danish_raw(), &["--lang", "en"]);
    let expected = tree(&released);
    let manifest: Value = serde_json::from_slice(&expected["manifest.json"]).expect("a manifest is JSON");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let list = |key: &str| manifest[key].as_array().expect("a list").clone();
    let files = ["dnk", "core"].map(|folder| tree(&testkit::repository().join("pipelines").join(folder)));
    let store: BTreeMap<String, Vec<u8>> =
        files.into_iter().flatten().map(|(_, bytes)| (digest(&bytes), bytes)).collect();
    let again = tempfile::tempdir().expect("a temporary folder can be made");
    let country = again.path().join(text(&manifest["country"]));
    let put = |path: &std::path::Path, bytes: &[u8]| {
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
        fs::write(path, bytes).expect("a file can be written");
    };
    for input in list("inputs") {
        let (path, bytes) = (text(&input["path"]), &store[&text(&input["sha256"])]);
        // The shared questionnaire is in the program.
        if !path.starts_with("core/") {
            put(&country.join(path), bytes);
        }
    }
    for raw in list("raw") {
        let bytes = fs::read(danish_raw().join(text(&raw["path"]))).expect("the file is there");
        put(&again.path().join("raw").join(text(&raw["path"])), &bytes);
    }
    let languages: Vec<String> = list("languages").iter().map(text).collect();
    let said: Said = barometer()
        .current_dir(again.path())
        .args(["run", "dnk", "--raw", "raw", "--wave", &manifest["wave"].to_string(), "--lang", &languages.join(",")])
        .output()
        .expect("the program starts")
        .into();
    assert_eq!(said.code, Some(0), "{}", said.err);
    let found = tree(&again.path().join("out/dnk").join(text(&manifest["edition"])));
    assert_eq!(differing(&expected, &found), Vec::<String>::new());
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
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
