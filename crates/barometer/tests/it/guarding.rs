//! A release that holds what must not leave is not published, however it came there.

use std::fs;
use std::path::Path;

use crate::house::{Said, barometer};

/// The schools with a sentence of somebody's own in the template of the pages.
fn run_with(sentence: &str) -> (Said, bool) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let country = folder.path().join("schools");
    for (path, bytes) in crate::house::tree(&testkit::repository().join("pipelines/schools")) {
        let file = country.join(path);
        fs::create_dir_all(file.parent().expect("a file lies in a folder")).expect("a folder can be made");
        fs::write(file, bytes).expect("a file can be written");
    }
    let own = fs::read_to_string(testkit::repository().join("templates/html/theme.html")).expect("the template");
    let changed = own.replacen("{% block content %}", &format!("{{% block content %}}\n<p>{sentence}</p>"), 1);
    assert_ne!(own, changed);
    fs::create_dir_all(country.join("templates/html")).expect("a folder can be made");
    fs::write(country.join("templates/html/theme.html"), changed).expect("a file can be written");
    let out = folder.path().join("out");
    let said: Said = barometer()
        .args(["run"])
        .arg(&country)
        .args(["--raw", "fixtures/schools/2000/raw", "--out"])
        .arg(&out)
        .output()
        .expect("the program starts")
        .into();
    let published = Path::new(&out).join("schools/2000").exists();
    (said, published)
}

#[test]
fn a_unit_id_in_a_page_stops_the_run() {
    let (said, published) = run_with("School 19647336097927");
    assert_eq!((said.code, published), (Some(4), false), "{}", said.err);
    assert!(said.err.contains(".html: holds a unit's id or what a respondent wrote\n"), "{}", said.err);
    assert!(
        said.err.ends_with("help: look at the country's texts and templates for it; nothing was written\n"),
        "{}",
        said.err
    );
    assert!(!said.err.contains("19647336097927"), "the message must not tell it");
}

#[test]
fn a_folder_of_the_machine_in_a_page_stops_the_run() {
    let folder = ["", "home", "analyst", "notes"].join("/");
    let (said, published) = run_with(&format!("See {folder}"));
    assert_eq!((said.code, published), (Some(4), false), "{}", said.err);
    assert!(said.err.contains(".html: names a folder of this machine\n"), "{}", said.err);
}

#[test]
fn a_harmless_sentence_does_not() {
    let (said, published) = run_with("Schools of California");
    assert_eq!((said.code, published), (Some(0), true), "{}", said.err);
}

#[test]
fn a_country_that_tells_its_address_has_a_card_for_each_theme() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let country = folder.path().join("schools");
    crate::house::copy(&testkit::repository().join("pipelines/schools"), &country);
    let file = country.join("country.toml");
    let text = fs::read_to_string(&file).expect("a country has a file");
    fs::write(&file, format!("site = \"https://example.org/barometer\"\n{text}")).expect("a file can be written");
    let raw = testkit::repository().join("fixtures/schools/2000/raw");
    let (_release, published) = crate::house::release(country.to_str().expect("UTF-8"), "2000", &raw, &[]);
    let files = crate::house::tree(&published);
    let page = String::from_utf8(files["scores.html"].clone()).expect("a page is UTF-8");
    let address =
        "<meta property=\"og:image\" content=\"https://example.org/barometer/schools/2000/cards/scores.png\">";
    assert!(page.contains(address), "{page}");
    assert!(files["cards/scores.png"].starts_with(b"\x89PNG"));
}
