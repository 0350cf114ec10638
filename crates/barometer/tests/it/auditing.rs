//! The attack on finished releases: nothing is derived from a sound one, and every leak that is planted in one is found.
//! What is written on purpose to leak stops the run.
//!
//! The release is the Danish one with a smallest base of 120, so that three of its eight industries are hidden: police, courts and prisons with
//! 109 answers, and two that protect them. It is made once; each test plants its leak in a copy.

mod contrived;
mod formats;
mod over_waves;
mod pilot;
mod small;
mod written;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::Value;

use crate::house::{Said, barometer, copy, release};

/// The Danish files with another smallest base, and the release that is made of them.
struct Edition {
    _out: tempfile::TempDir,
    folder: PathBuf,
}

impl Edition {
    fn made(smallest_base: u64) -> Self {
        let country = country(smallest_base);
        let folder = country.path().join("dnk");
        let raw = testkit::repository().join("fixtures/dnk/2019/raw");
        let (out, folder) = release(folder.to_str().expect("UTF-8"), "2019", &raw, &[]);
        Self { _out: out, folder }
    }
}

/// A folder with the Danish files, of another smallest base.
fn country(smallest_base: u64) -> tempfile::TempDir {
    let country = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = country.path().join("dnk");
    copy(&testkit::repository().join("pipelines/dnk"), &folder);
    let file = folder.join("country.toml");
    let text = fs::read_to_string(&file).expect("a country has a file");
    let lines = text.lines().filter(|line| !line.starts_with("smallest_base"));
    let text = lines.collect::<Vec<_>>().join("\n");
    fs::write(&file, format!("smallest_base = {smallest_base}\n{text}\n")).expect("a file can be written");
    country
}

static HIDING: LazyLock<Edition> = LazyLock::new(|| Edition::made(120));

/// A copy of the release with some leaks in it: in each file, what is replaced by what.
fn planted(leaks: &[(&str, &str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    copy(&HIDING.folder, folder.path());
    for (file, old, new) in leaks {
        let path = folder.path().join(file);
        let text = fs::read_to_string(&path).expect("the file is a text of the release");
        assert!(text.contains(old), "{file} holds {old}");
        fs::write(path, text.replacen(old, new, 1)).expect("a file can be written");
    }
    folder
}

fn audit(release: &Path, more: &[&str]) -> Said {
    barometer().arg("audit").arg(release).args(more).output().expect("the program starts").into()
}

/// Asserts that the attack finds a number of a cell, and names places that begin with these.
#[track_caller]
fn assert_found(
    release: &Path,
    more: &[&str],
    (cell, number): (&str, &str),
    (least, most): (&str, &str),
    places: &[&str],
) {
    let said = audit(release, &[&["--format", "json"], more].concat());
    assert_eq!(said.code, Some(4), "{}{}", said.out, said.err);
    let found: Value = serde_json::from_str(&said.out).expect("the result is JSON");
    let disclosures = found["disclosures"].as_array().expect("a list");
    let is_it = |it: &&Value| {
        let names = |place: &&str| {
            it["places"]
                .as_array()
                .is_some_and(|all| all.iter().any(|it| it.as_str().is_some_and(|it| it.contains(*place))))
        };
        it["cell"] == cell
            && it["number"] == number
            && it["least"] == least
            && it["most"] == most
            && places.iter().all(names)
    };
    assert!(
        disclosures.iter().find(is_it).is_some(),
        "{cell}, {number}, {least} to {most} in {places:?}: {}",
        said.out
    );
}

/// A row of the table of industries as the download hides it.
fn hidden_row(label: &str) -> String {
    format!("{label},,,,,,hidden,confidential")
}

const POLICE: &str = "table innovation, row innovative, industry justice";
const POLICE_AND: (&str, &str) = ("Police, courts and prisons", "\"Police, courts and prisons\"");

#[test]
fn nothing_is_derived_from_a_release_that_hides() {
    let said = audit(&HIDING.folder, &[]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.out.ends_with("974 cells, 302 confidential; nothing can be derived\n"), "{}", said.out);
}

#[test]
fn the_complement_in_a_margin_is_found() {
    // Of three hidden industries one is left: 2,271 less seven that are shown.
    let rows = ["culture,Culture and leisure", "other,Other areas"].map(hidden_row);
    let shown = ["culture,Culture and leisure,79,3.7,71,86,146,shown,", "other,Other areas,80,3.3,73,86,160,shown,"];
    let file = "en/data/innovation.csv";
    let release = planted(&[(file, &rows[0], shown[0]), (file, &rows[1], shown[1])]);
    let cell = ("base all, innovative, industry justice", "answers");
    assert_found(release.path(), &[], cell, ("109", "109"), &["data/innovation.csv"]);
    let said = audit(release.path(), &[]);
    let arithmetic =
        "answers of all, by industry: 2271 in all less 2162 in groups that are shown leaves 109 in justice";
    assert!(said.out.contains(arithmetic), "{}", said.out);
}

#[test]
fn another_table_that_shows_the_group_is_found() {
    let row = hidden_row(&format!("justice,{}", POLICE_AND.1));
    let shown = format!("justice,{},34,4.1,26,43,109,shown,", POLICE_AND.1);
    let release = planted(&[("en/data/introduced.csv", &row, &shown)]);
    let cell = ("base all, innovative, industry justice", "answers");
    assert_found(release.path(), &[], cell, ("109", "109"), &["en/data/introduced.csv"]);
}

#[test]
fn an_earlier_edition_that_shows_more_is_found() {
    let earlier = Edition::made(5);
    let against = ["--against", earlier.folder.to_str().expect("UTF-8")];
    let cell = ("base all, innovative, industry justice", "answers");
    assert_found(&HIDING.folder, &against, cell, ("109", "109"), &["innovation.csv"]);
    assert_eq!(audit(&earlier.folder, &["--against", HIDING.folder.to_str().expect("UTF-8")]).code, Some(0));
}

#[test]
fn a_run_refuses_what_an_earlier_edition_tells_and_changes_nothing_of_what_it_makes() {
    let country = country(120);
    let run = |against: &Path| -> (Said, tempfile::TempDir) {
        let out = tempfile::tempdir().expect("a temporary folder can be made");
        let mut run = barometer();
        run.arg("run")
            .arg(country.path().join("dnk"))
            .args(["--wave", "2019", "--raw", "fixtures/dnk/2019/raw", "--out"])
            .arg(out.path());
        (run.arg("--against").arg(against).output().expect("the program starts").into(), out)
    };
    // What the earlier edition shows of the police, no later one of the same answers can hide.
    let earlier = Edition::made(5);
    let (said, out) = run(&earlier.folder);
    assert_eq!(said.code, Some(4), "{}", said.err);
    assert!(said.err.contains("base all, innovative, industry justice"), "{}", said.err);
    assert!(said.err.contains(&format!("{}/data/innovation.csv", earlier.folder.display())), "{}", said.err);
    assert!(!out.path().join("dnk/2019").exists());
    // Against itself it is the same to the byte as without.
    let (said, out) = run(&HIDING.folder);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let manifest = |folder: &Path| fs::read(folder.join("manifest.json")).expect("a release has a manifest");
    assert!(manifest(&out.path().join("dnk/2019")) == manifest(&HIDING.folder));
}

#[test]
fn an_edition_of_other_answers_tells_the_few_that_came_in_between() {
    let later = planted(&[("data/innovation.csv", ",81,0.9,79,83,2271,", ",81,0.9,79,83,2268,")]);
    let against = ["--against", HIDING.folder.to_str().expect("UTF-8")];
    let cell = ("base all, innovative, total", "answers that came or went");
    assert_found(later.path(), &against, cell, ("3", "3"), &["data/innovation.csv"]);
}

#[test]
fn a_coordinate_of_a_drawing_is_found() {
    let label = "<text class=\"label\" y=\"106\">Police, courts and prisons</text>";
    let bar = format!("{label}\n<rect class=\"bar\" x=\"35%\" y=\"92\" width=\"41%\" height=\"18\"/>");
    let release = planted(&[("en/innovation.html", label, &bar)]);
    // 41 of 50 per cent of the width are 82 per cent, within what two decimals leave open.
    let places = ["en/innovation.html, drawing of figure innovation-by-industry"];
    assert_found(release.path(), &[], (POLICE, "estimate"), ("81.978", "82.022"), &places);
}

#[test]
fn a_coordinate_with_more_digits_than_are_printed_is_found() {
    let release = planted(&[("en/innovation.html", "width=\"53.46%\"", "width=\"53.7%\"")]);
    let said = audit(release.path(), &[]);
    assert_eq!(said.code, Some(4), "{}", said.err);
    assert!(said.out.contains("81.364 is drawn, which no cell shows"), "{}", said.out);
}

#[test]
fn a_number_in_an_alternative_text_is_found() {
    let places = ["en/innovation.html, alternative text of figure innovation-by-industry"];
    let old = "Highest: Public administration, 83%";
    let new = "Police, courts and prisons, 82% (95% interval 74–88). Highest: Public administration, 83%";
    let release = planted(&[("en/innovation.html", old, new)]);
    assert_found(release.path(), &[], (POLICE, "estimate"), ("81.5", "82.5"), &places);
}

#[test]
fn a_number_in_a_claim_is_found() {
    // A sentence that nobody judged: 52 per cent is shown somewhere, but not of the police.
    let old = "<p>The share is <span class=\"claim\" data-claim=\"municipalities\">";
    let new = format!(
        "<p>It is <span class=\"claim\" data-claim=\"police\">52 per cent</span> among police, courts and prisons.</p>\n{old}"
    );
    let release = planted(&[("en/innovation.html", old, &new)]);
    let found = audit(release.path(), &["--format", "json"]);
    assert_eq!(found.code, Some(4), "{}", found.out);
    assert!(found.out.contains("en/innovation.html, claim police"), "{}", found.out);
    // One that was judged, and says something else now.
    let old = "data-claim=\"state\">84 per cent</span> among state";
    let new = "data-claim=\"state\">99 per cent</span> among police, courts and prisons, not state";
    let release = planted(&[("en/innovation.html", old, new)]);
    let found = audit(release.path(), &["--format", "json"]);
    assert_eq!(found.code, Some(4), "{}", found.out);
    assert!(found.out.contains("en/innovation.html, claim state"), "{}", found.out);
}

#[test]
fn a_difference_to_a_hidden_group_is_found() {
    // 83 per cent in administration, and what was calculated before rounding between the two.
    let old = "<p>The share is <span class=\"claim\" data-claim=\"municipalities\">";
    let new = format!(
        "<p>In public administration it is <span class=\"claim\" data-claim=\"gap\">1 point</span> above police, courts and prisons.</p>\n{old}"
    );
    let release = planted(&[("en/innovation.html", old, &new)]);
    let found = audit(release.path(), &["--format", "json"]);
    assert_eq!(found.code, Some(4), "{}", found.out);
    assert!(found.out.contains("en/innovation.html, claim gap"), "{}", found.out);
}

#[test]
fn an_n_in_a_caption_is_found() {
    let release = planted(&[("en/innovation.html", "n\u{a0}=\u{a0}2,271.", "n\u{a0}=\u{a0}2,268.")]);
    let place = "en/innovation.html, caption of figure innovation-by-level";
    assert_found(release.path(), &[], ("table innovation", "n"), ("2268", "2268"), &[place]);
    let said = audit(release.path(), &[]);
    assert!(said.out.contains("2271 in table innovation, row innovative, total less 2268 is 3"), "{}", said.out);
}

#[test]
fn an_n_beside_the_name_of_a_hidden_group_is_found() {
    let (old, new) = ("“Industry”. Per cent", "“Industry”. Police, courts and prisons: n = 109. Per cent");
    let release = planted(&[("en/innovation.html", old, new)]);
    let place = "en/innovation.html, caption of figure innovation-by-industry";
    assert_found(release.path(), &[], (POLICE, "n"), ("109", "109"), &[place]);
    // Which is then an n for the arithmetic, too.
    assert_found(release.path(), &[], ("base all, innovative, industry justice", "answers"), ("109", "109"), &[place]);
}

#[test]
fn a_number_in_the_table_under_a_figure_is_found() {
    let row = "<tr><th scope=\"row\">Police, courts and prisons</th><td>";
    let told = "<tr><th scope=\"row\">Police, courts and prisons</th><td>82</td><td>74</td><td>88</td><td>109</td></tr><tr><th></th><td>";
    let release = planted(&[("en/innovation.html", row, told)]);
    let place = ["en/innovation.html, table of figure innovation-by-industry"];
    assert_found(release.path(), &[], (POLICE, "n"), ("109", "109"), &place);
    assert_found(release.path(), &[], (POLICE, "estimate"), ("81.5", "82.5"), &place);
}

#[test]
fn a_number_in_the_text_of_the_report_is_found() {
    let release = planted(&[(
        "en/report.md",
        "| Police, courts and prisons | c | | | |",
        "| Police, courts and prisons | 82 | 74 | 88 | 109 |",
    )]);
    assert_found(release.path(), &[], (POLICE, "n"), ("109", "109"), &["en/report.md:"]);
}

#[test]
fn the_standard_error_of_a_hidden_cell_is_found() {
    let row = hidden_row(&format!("justice,{}", POLICE_AND.1));
    let told = format!("justice,{},,3.3,,,,hidden,confidential", POLICE_AND.1);
    let release = planted(&[("en/data/innovation.csv", &row, &told)]);
    assert_found(release.path(), &[], (POLICE, "standard error"), ("3.25", "3.35"), &["en/data/innovation.csv"]);
}

#[test]
fn a_number_in_the_sealed_tables_is_found() {
    let cell = "{\"shown\":{\"estimate\":[82,0],\"high\":[88,0],\"low\":[74,0],\"n\":109,\"se\":[33,1]}}";
    let release = planted(&[("provenance/published.json", "{\"hidden\":\"confidential\"}", cell)]);
    let found = audit(release.path(), &["--format", "json"]);
    assert_eq!(found.code, Some(4), "{}", found.out);
    assert!(found.out.contains("provenance/published.json"), "{}", found.out);
}

#[test]
fn a_number_in_the_sealed_tables_is_found_where_a_table_tells_which_answers_count() {
    let release = planted(&[]);
    let path = release.path().join("provenance/published.json");
    let text = fs::read_to_string(&path).expect("a release keeps its tables");
    let cell = "{\"shown\":{\"estimate\":[82,0],\"high\":[88,0],\"low\":[74,0],\"n\":109,\"se\":[33,1]}}";
    let is_it = |line: &&str| line.contains("\"id\":\"introduced\"") && line.contains("{\"hidden\":\"confidential\"}");
    let line = text.lines().find(is_it).expect("the table hides a group");
    let told = text.replacen(line, &line.replacen("{\"hidden\":\"confidential\"}", cell, 1), 1);
    fs::write(path, told).expect("a file can be written");
    let found = audit(release.path(), &["--format", "json"]);
    assert_eq!(found.code, Some(4), "{}", found.out);
    assert!(found.out.contains("table introduced") && found.out.contains("provenance/published.json"), "{}", found.out);
}

#[test]
fn the_reason_of_a_claim_that_fails_is_found() {
    let file = "provenance/published.json";
    let fails = "\"kind\":{\"fails\":{\"because\":\"the estimate is 82\"}}";
    let release = planted(&[(file, "\"kind\":\"holds\"", fails)]);
    let found = audit(release.path(), &["--format", "json"]);
    assert_eq!(found.code, Some(4), "{}", found.out);
    assert!(
        found.out.contains("a claim that fails is no part of a release, and says: the estimate is 82"),
        "{}",
        found.out
    );
}

#[test]
fn what_is_no_release_cannot_be_attacked() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let said = audit(folder.path(), &[]);
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("is no release: there is no manifest.json in it"), "{}", said.err);
}
