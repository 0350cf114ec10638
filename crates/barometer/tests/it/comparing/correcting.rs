//! A comparison that corrects an earlier edition of itself: the old one stays, the new one tells what changed, and every command that takes a release takes both.

use std::fs;
use std::path::Path;

use super::{PUBLISHED, text, words};
use crate::house::{Said, barometer, copy, differing, tree};

/// The errata of a correction of what stood of Iceland.
const ERRATA: &str = r#"
[iceland]
edition = "2019.1"
date = 2021-02-01
kind = "correction"
figures = ["value"]
wrong = { en = "Of Iceland another number stood here.", da = "Af Island stod her et andet tal.", nb = "Av Island stod det et annet tall her.", sv = "Av Island stod här ett annat tal.", fi = "Islannista tässä oli toinen luku.", is = "Önnur tala stóð hér um Ísland." }
changed = { en = "It is now the number that was printed.", da = "Nu er det tallet, som blev trykt.", nb = "Nå er det tallet som ble trykt.", sv = "Nu är det talet som trycktes.", fi = "Nyt siinä on painettu luku.", is = "Nú er það talan sem var prentuð." }
"#;

/// The comparison and its countries in a folder of their own, published; then another number of Iceland's is known.
fn desk() -> tempfile::TempDir {
    let desk = tempfile::tempdir().expect("a temporary folder can be made");
    copy(&testkit::repository().join("pipelines"), desk.path());
    replace(&desk.path().join("nordic/comparison.toml"), "published = 2026-12-01", "published = 2020-12-01");
    assert_eq!(run(desk.path(), &[]).code, Some(0));
    replace(&desk.path().join("isl/published.csv"), ",67,,,innovative", ",66,,,innovative");
    desk
}

fn replace(file: &Path, from: &str, to: &str) {
    let whole = text(file);
    assert_eq!(whole.matches(from).count(), 1, "{from}");
    fs::write(file, whole.replace(from, to)).expect("a file can be written");
}

fn say(desk: &Path, arguments: &[&str]) -> Said {
    barometer().current_dir(desk).args(arguments).output().expect("the program starts").into()
}

fn run(desk: &Path, more: &[&str]) -> Said {
    say(desk, &[&["run", "nordic", "--out", "out"], more].concat())
}

fn errata(desk: &Path, text: &str) {
    fs::write(desk.join("nordic/report/errata.toml"), text).expect("a file can be written");
}

#[test]
fn a_corrected_comparison_stands_beside_the_one_that_it_corrects_and_tells_what_changed() {
    let desk = desk();
    let folder = |name: &str| desk.path().join("out/nordic").join(name);
    let before = tree(&folder("2019"));
    let said = run(desk.path(), &[]);
    assert_eq!(said.code, Some(3), "{}", said.err);
    assert!(said.err.contains("tell in this file, as edition 2019.1, what was wrong"), "{}", said.err);
    errata(desk.path(), ERRATA);
    let said = run(desk.path(), &[]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(differing(&before, &tree(&folder("2019"))), Vec::<String>::new(), "the old one stays as it was");
    assert_eq!(fs::read_link(folder("current")).expect("a pointer").to_str(), Some("2019.1"));
    let page = |name: &str| words(&text(&folder("2019.1").join(name))).split_whitespace().collect::<Vec<_>>().join(" ");
    let told = page("errata.html");
    assert!(told.contains("Higher efficiency") && told.contains("67% 66%"), "before and now: {told}");
    assert!(told.contains("Of Iceland another number stood here."), "{told}");
    assert!(text(&folder("2019.1/errata.html")).contains("href=\"../2019/index.html\""), "the way to the earlier one");
    assert!(text(&folder("2019.1/da/errata.html")).contains("href=\"../../2019/da/index.html\""));
    assert!(page("index.html").contains("This is edition 2019.1, of 1 February 2021."), "{}", page("index.html"));
    assert!(text(&folder("2019.1/value.html")).contains("errata.html#iceland"), "the figure leads there");
    assert!(!text(&folder("2019.1/innovation.html")).contains("errata.html#iceland"), "another one does not");
    let manifest: serde_json::Value =
        serde_json::from_str(&text(&folder("2019.1/manifest.json"))).expect("a manifest is JSON");
    assert_eq!((&manifest["edition"], &manifest["corrects"]["edition"]), (&"2019.1".into(), &"2019".into()));
    assert_eq!((&manifest["published"], &manifest["errata"][0]["id"]), (&"2021-02-01".into(), &"iceland".into()));
    assert!(run(desk.path(), &[]).err.contains("nothing changed: the release stands as it is"));
}

#[test]
fn every_command_that_takes_a_release_takes_both_editions() {
    let desk = desk();
    errata(desk.path(), ERRATA);
    assert_eq!(run(desk.path(), &[]).code, Some(0));
    let said = say(desk.path(), &["diff", "out/nordic/2019", "out/nordic/2019.1"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.out.contains("1 moved in the last digit"), "{}", said.out);
    assert!(said.out.contains("values_efficiency yes") && said.out.contains("edition isl"), "{}", said.out);
    assert!(said.out.contains("67") && said.out.contains("66") && !said.out.contains("sealed"), "{}", said.out);
    let verify = |name: &str| say(desk.path(), &["verify", name, "--country", "nordic"]);
    let said = verify("out/nordic/2019.1");
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.out.contains("every file is the same to the byte"), "{}", said.out);
    let said = verify("out/nordic/2019");
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.out.contains("make edition 2019.1 today"), "{}", said.out);
    // What it corrected is kept in it, for whoever has not the earlier one.
    fs::rename(desk.path().join("out/nordic/2019"), desk.path().join("elsewhere")).expect("it can be moved");
    let said = verify("out/nordic/2019.1");
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    let why = |file: &str| say(desk.path(), &["why", &format!("out/nordic/2019.1/{file}"), "--country", "nordic"]).out;
    assert!(why("value.html").contains("nothing, as far as it is at hand"), "{}", why("value.html"));
    replace(&desk.path().join("isl/published.csv"), ",66,,,innovative", ",65,,,innovative");
    let told = why("value.html");
    assert!(told.contains("../isl/published.csv has changed since"), "{told}");
    assert!(told.contains("report/value.toml") && !told.contains("report/municipal."), "{told}");
    let calendar = say(desk.path(), &["calendar", "nordic"]).out;
    assert!(calendar.contains("Innovation in the Nordic public sectors, 2019 · Edition 2019.1"), "{calendar}");
    assert!(calendar.contains("datetime=\"2020-12-01\"") && calendar.contains("It is now the number"), "{calendar}");
}

#[test]
fn an_erratum_tells_what_changed_and_nothing_else() {
    let desk = desk();
    let refused = |wanted: &str| {
        let said = run(desk.path(), &[]);
        assert_eq!(said.code, Some(3), "{}", said.err);
        assert!(said.err.contains(wanted), "{wanted}: {}", said.err);
        assert!(!desk.path().join("out/nordic/2019.1").exists(), "nothing is published");
    };
    errata(desk.path(), &ERRATA.replace("[\"value\"]", "[\"innovation\"]"));
    refused(
        "no erratum of edition 2019.1 tells why 1 of its cells are not as edition 2019 shows them: isl values values_efficiency yes: 67 before, 66 now",
    );
    refused("figure \"innovation\" is in edition 2019.1 as it was in 2019");
    errata(desk.path(), &ERRATA.replace("[\"value\"]", "[\"valeu\"]"));
    refused("no page of this comparison has a figure \"valeu\"");
    errata(desk.path(), ERRATA);
    fs::remove_dir_all(desk.path().join("out/nordic")).expect("it is there");
    refused("edition 2019 is not here, and it is the one that is corrected");
    copy(&PUBLISHED.1, &desk.path().join("out/nordic/2019"));
    assert_eq!(run(desk.path(), &[]).code, Some(0));
    // What was told once stays told.
    fs::remove_file(desk.path().join("nordic/report/errata.toml")).expect("it is there");
    let said = run(desk.path(), &[]);
    assert_eq!(said.code, Some(3), "{}", said.err);
    assert!(said.err.contains("no erratum here tells of it"), "{}", said.err);
}

#[test]
fn two_releases_of_different_kinds_have_no_figures_in_common() {
    let fixture = testkit::repository().join("fixtures/dnk/2019/expected");
    let said = say(Path::new("."), &["diff", fixture.to_str().expect("UTF-8"), PUBLISHED.1.to_str().expect("UTF-8")]);
    assert_eq!(said.code, Some(2), "{}", said.err);
    assert!(said.err.contains("is an edition of a country, and the other one a comparison over countries"));
}
