//! A comparison that stands already: what readers have of it stays, in numbers, languages and what is on record.

use std::fs;
use std::path::Path;

use super::{PUBLISHED, run, text};
use crate::house::{Said, barometer, copy, differing, tree};

#[test]
fn a_second_run_leaves_what_stands_alone() {
    let out = tempfile::tempdir().expect("a temporary folder can be made");
    let first = run("pipelines/nordic", out.path());
    assert_eq!(first.code, Some(0), "{}", first.err);
    let second = run("pipelines/nordic", out.path());
    assert_eq!(second.code, Some(0), "{}", second.err);
    assert!(second.err.contains("nothing changed: the release stands as it is"), "{}", second.err);
}

#[test]
fn published_numbers_are_not_changed_in_their_place_and_words_may_be() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let out = folder.path().join("out");
    copy(&testkit::repository().join("pipelines"), folder.path());
    let comparison = folder.path().join("nordic");
    let make = || run(comparison.to_str().expect("UTF-8"), &out);
    assert_eq!(make().code, Some(0));
    let titles = comparison.join("tables.toml");
    fs::write(&titles, text(&titles).replace("Workplaces that introduced", "Workplaces which introduced"))
        .expect("written");
    let said = make();
    assert_eq!(said.code, Some(0), "{}", said.err);
    let printed = folder.path().join("isl/published.csv");
    fs::write(&printed, text(&printed).replace(",67,,,innovative", ",66,,,innovative")).expect("written");
    let said = make();
    assert_eq!(said.code, Some(3), "{}", said.err);
    assert!(
        said.err.contains("is published, and would not tell the same numbers: isl values values_efficiency yes"),
        "{}",
        said.err
    );
}

/// The published comparison in a folder of its own, with the countries beside it.
fn desk() -> tempfile::TempDir {
    let desk = tempfile::tempdir().expect("a temporary folder can be made");
    copy(&testkit::repository().join("pipelines"), desk.path());
    desk
}

/// Runs the comparison of a desk into its `out`.
fn at(desk: &Path, arguments: &[&str]) -> Said {
    let mut command = barometer();
    command.current_dir(desk).args(["run", "nordic", "--out", "out"]).args(arguments);
    command.output().expect("the program starts").into()
}

#[test]
fn no_language_is_taken_from_the_readers_of_a_comparison() {
    let desk = desk();
    copy(&PUBLISHED.1, &desk.path().join("out/nordic/2019"));
    let said = at(desk.path(), &["--lang", "da"]);
    assert_eq!(said.code, Some(2), "{}", said.err);
    assert!(
        said.err.contains("is published in en, da, nb, sv, fi, is, and this run would leave out en, nb, sv, fi, is"),
        "{}",
        said.err
    );
    assert_eq!(differing(&tree(&PUBLISHED.1), &tree(&desk.path().join("out/nordic/2019"))), Vec::<String>::new());
    let said = at(desk.path(), &["--lang", "da", "--draft"]);
    assert_eq!(said.code, Some(0), "a draft may be in any: {}", said.err);
}

#[test]
fn that_an_embargo_was_broken_stays_on_record() {
    let desk = desk();
    let file = desk.path().join("nordic/comparison.toml");
    let of_moment = |moment: &str| {
        let day = &moment[..10];
        let before = text(&file);
        let kept: Vec<&str> = before.lines().filter(|line| !line.starts_with("release_at = ")).collect();
        let old = kept.iter().find(|line| line.starts_with("published = ")).expect("a day of publication").to_string();
        let new = format!("published = {day}\nrelease_at = {moment}");
        fs::write(&file, format!("{}\n", kept.join("\n").replacen(&old, &new, 1))).expect("written");
    };
    let reason = || {
        let manifest = text(&desk.path().join("out/nordic/2019/manifest.json"));
        serde_json::from_str::<serde_json::Value>(&manifest).expect("JSON")["embargo_broken"].clone()
    };
    of_moment("2999-02-01T09:00:00+01:00");
    let said = at(desk.path(), &["--break-embargo", "the figures stood in a newspaper"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(reason(), "the figures stood in a newspaper");
    of_moment("2021-02-01T09:00:00+01:00");
    let said = at(desk.path(), &[]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(!said.err.contains("nothing changed"), "it was made again: {}", said.err);
    assert_eq!(reason(), "the figures stood in a newspaper", "a run after the moment does not take it away");
}

/// What happens to a folder.
type Damage = &'static dyn Fn(&Path);

#[test]
fn what_stands_in_the_place_of_a_comparison_is_overwritten_only_if_its_numbers_are_known() {
    const CELLS: &str = "fi/data/comparison.csv";
    let damages: [(&str, Damage); 4] = [
        ("it has no manifest of a comparison", &|folder| {
            fs::remove_file(folder.join("manifest.json")).expect("it was there");
        }),
        ("it has no manifest of a comparison", &|folder| {
            let manifest = text(&folder.join("manifest.json"));
            assert!(manifest.contains("\"kind\": \"comparison\","));
            let other = manifest.replace("\"kind\": \"comparison\",", "");
            fs::write(folder.join("manifest.json"), other).expect("written");
        }),
        ("its fi/data/comparison.csv is not there", &|folder| {
            fs::remove_file(folder.join(CELLS)).expect("it was there");
        }),
        ("its fi/data/comparison.csv is not as its manifest lists it", &|folder| {
            fs::write(folder.join(CELLS), text(&folder.join(CELLS)).replace(",68,", ",86,")).expect("written");
        }),
    ];
    let desk = desk();
    let folder = desk.path().join("out/nordic/2019");
    for (why, damage) in damages {
        let _ = fs::remove_dir_all(&folder);
        copy(&PUBLISHED.1, &folder);
        damage(&folder);
        let before = tree(&folder);
        let said = at(desk.path(), &[]);
        assert_eq!(said.code, Some(3), "{why}: {}", said.err);
        assert!(
            said.err.contains("something stands in the place of the release") && said.err.contains(why),
            "{}",
            said.err
        );
        assert_eq!(differing(&before, &tree(&folder)), Vec::<String>::new(), "{why}: what stands is left alone");
    }
    // An empty folder is nobody's.
    fs::remove_dir_all(&folder).expect("it was there");
    fs::create_dir(&folder).expect("a folder can be made");
    assert_eq!(at(desk.path(), &[]).code, Some(0));
}
