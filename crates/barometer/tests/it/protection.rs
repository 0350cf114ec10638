//! What a country asks of its cells reaches the manifest, the pages and the cells.

use std::fs;

use serde_json::Value;

use crate::house::{copy, release, tree};

/// The trial edition with `[protection]` of these choices.
fn trial(protection: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let country = folder.path().join("trial");
    copy(&testkit::repository().join("pipelines/trial"), &country);
    let file = country.join("country.toml");
    let text = fs::read_to_string(&file).expect("a country has a file");
    fs::write(&file, format!("{text}\n[protection]\n{protection}\n")).expect("a file can be written");
    let raw = testkit::repository().join("fixtures/trial/2019/raw");
    let (out, folder) = release(country.to_str().expect("UTF-8"), "2019", &raw, &["--lang", "en"]);
    (out, folder)
}

#[test]
fn the_rules_of_an_office_are_told_where_they_are_applied() {
    let (_out, folder) = trial("quality = \"ons\"");
    let files = tree(&folder);
    let manifest: Value = serde_json::from_slice(&files["manifest.json"]).expect("a manifest is JSON");
    assert_eq!(manifest["rules"]["quality"], "ons");
    assert_eq!(manifest["rules"].get("numerators"), None, "what is usual is not told");
    let method = String::from_utf8(files["en/method.html"].clone()).expect("a page is UTF-8");
    let rule = "Which figures are too uncertain to be shown, and which are marked, follows the rules of Office for National Statistics.";
    assert!(method.contains(rule), "{method}");
    assert!(method.contains("imprecise: read with care"), "{method}");
}
