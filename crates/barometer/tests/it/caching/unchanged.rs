//! A run of what has not changed: it leaves the release that stands alone.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::{Office, Ran};
use crate::house::differing;

/// What tells one folder from another that took its place.
fn identity(folder: &Path) -> u64 {
    fs::metadata(folder).expect("the folder is there").ino()
}

#[track_caller]
fn did_nothing(ran: &Ran) {
    assert_eq!(ran.event("steps").expect("steps")["done"], serde_json::json!({}));
    assert!(ran.event("unchanged").is_some() && ran.event("released").is_none());
}

#[test]
fn a_run_without_any_change_does_nothing_and_says_so() {
    let office = Office::of("dnk", "2019");
    let first = office.run();
    let folder = office.path("out/dnk/2019");
    let before = identity(&folder);
    let second = office.run();
    did_nothing(&second);
    assert_eq!(identity(&folder), before, "the folder was not exchanged");
    assert_eq!(differing(&first.release, &second.release), Vec::<String>::new());
    assert_eq!(second.warnings(), first.warnings());
}

/// Removes every entry of a kind from the cache.
fn forget(office: &Office, kind: &str) {
    fs::remove_dir_all(office.path("cache").join(kind)).expect("there is an entry");
}

#[test]
fn a_run_without_any_change_understands_no_file_and_says_what_one_that_does_would_say() {
    // Iceland 2021, with a series that 2018 is a part of.
    let office = Office::of("isl", "2021");
    let earlier = testkit::repository().join("fixtures/isl/2018/raw");
    crate::house::copy(&earlier, &office.path("isl/raw/2018"));
    office.replace(
        "report/2021/innovation.toml",
        "breakdown = \"level\"\n\n",
        "breakdown = \"level\"\nwaves = true\n\n",
    );
    let first = office.run();
    assert!(first.event("beside").is_some_and(|beside| beside["answers"].is_u64()), "{:?}", first.events);
    let glanced = office.run();
    did_nothing(&glanced);
    assert_eq!((glanced.reused("plan"), glanced.reused("estimate"), glanced.reused("release")), (1, 2, 1));
    for kind in ["places", "known"] {
        forget(&office, kind);
        let understood = office.run();
        assert_eq!(understood.event("steps").expect("steps")["done"], serde_json::json!({ "plan": 1 }), "{kind}");
        let said = |ran: &Ran| -> Vec<serde_json::Value> {
            ran.events.iter().filter(|event| event["event"] != "steps").cloned().collect()
        };
        assert_eq!(said(&understood), said(&glanced), "{kind}");
        did_nothing(&office.run());
    }
    // The earlier wave is looked at, too: its answers in another order are read again, and give the same release.
    let path = office.path("isl/raw/2018/synthetic-answers.csv");
    let text = fs::read_to_string(&path).expect("the export is there");
    let mut rows: Vec<&str> = text.lines().collect();
    rows[1..].reverse();
    fs::write(&path, rows.join("\n") + "\n").expect("it can be written");
    let turned = office.run();
    assert_eq!((turned.done("plan"), turned.done("estimate"), turned.reused("estimate")), (1, 1, 1));
    assert_eq!(differing(&first.release, &turned.release), Vec::<String>::new());
}

#[test]
fn neither_a_time_nor_a_place_is_believed() {
    let office = Office::schools();
    let first = office.run();
    // Everything is moved, and each file is written anew with the bytes that it had.
    let moved = Office::schools();
    fs::remove_dir_all(moved.path("schools")).expect("it is there");
    for folder in ["schools", "out", "cache"] {
        crate::house::copy(&office.path(folder), &moved.path(folder));
    }
    keep_others_out(&moved.path("cache"));
    // The pointer was copied as what it points at; a run makes it again.
    fs::remove_dir_all(moved.path("out/schools/current")).expect("it is a folder now");
    let there = moved.run();
    did_nothing(&there);
    assert_eq!(there.warnings(), first.warnings());
    // Another answer of the same length, written at the same time as the one before.
    let export = moved.path("schools/raw/2000/apistrat.csv");
    let written = fs::metadata(&export).and_then(|found| found.modified()).expect("a time");
    moved.replace("raw/2000/apistrat.csv", ",840,816,", ",841,816,");
    let file = fs::File::options().append(true).open(&export).expect("it is there");
    file.set_modified(written).expect("the time can be set");
    moved.unpublish();
    moved.run().counted_everything();
}

fn keep_others_out(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).expect("the rights can be set");
}

#[test]
fn people_are_told_that_nothing_changed() {
    let office = Office::schools();
    office.run();
    let mut command = crate::house::barometer();
    command.current_dir(office.path("")).args(["run", "schools", "--cache", "cache"]);
    let said: crate::house::Said = command.output().expect("it starts").into();
    assert_eq!(said.code, Some(0), "{}", said.err);
    let told = "  estimate  49 cells, as an earlier run counted them\n  \
                report    nothing changed: the release stands as it is\n  \
                steps     0 done, 6 spared by the cache\n";
    assert!(said.err.ends_with(told), "{}", said.err);
    assert!(said.out.starts_with("The pages are in out/schools/2000: "), "{}", said.out);
}

#[test]
fn a_release_that_is_not_as_it_was_written_is_made_again() {
    let office = Office::schools();
    let first = office.run();
    let release = office.path("out/schools/2000");
    type Change = fn(&Path);
    let changes: [Change; 5] = [
        |release| fs::write(release.join("index.html"), "changed").expect("it can be written"),
        |release| fs::remove_file(release.join("data/tables.xlsx")).expect("it is there"),
        |release| fs::write(release.join("more.html"), "").expect("it can be written"),
        |release| fs::write(release.join("manifest.json"), "{}").expect("it can be written"),
        |release| {
            let sheet = release.join("../../internal/schools/2000/proof.html");
            fs::write(sheet, "changed").expect("it can be written");
        },
    ];
    for change in changes {
        change(&release);
        let ran = office.run();
        assert!(ran.event("unchanged").is_none());
        ran.counted_nothing();
        assert_eq!((ran.done("page"), ran.done("release")), (0, 1));
        assert_eq!(differing(&first.release, &ran.release), Vec::<String>::new());
        did_nothing(&office.run());
    }
}

#[test]
fn another_folder_language_or_standing_is_another_release() {
    let office = Office::of("dnk", "2019");
    office.run();
    for more in [&["--out", "elsewhere"][..], &["--out", "danish", "--lang", "da"], &["--draft"]] {
        let arguments = [&["--cache", "cache"], more].concat();
        let ran = office.run_with(&arguments);
        assert!(ran.event("unchanged").is_none(), "{more:?}");
        ran.counted_nothing();
        did_nothing(&office.run_with(&arguments));
    }
}

#[test]
fn a_draft_that_stands_tells_the_manifest_of_its_release_again() {
    let office = Office::schools();
    let draft = |office: &Office| office.run_with(&["--cache", "cache", "--draft"]);
    let first = draft(&office);
    let second = draft(&office);
    did_nothing(&second);
    assert_eq!(second.event("drafted"), first.event("drafted"));
    assert!(first.event("drafted").is_some());
}

#[test]
fn an_approval_of_something_else_is_refused_though_nothing_changed() {
    let office = Office::schools();
    let drafted = office.run_with(&["--cache", "cache", "--draft"]);
    let digest = drafted.event("drafted").expect("a draft")["manifest"].as_str().expect("a digest").to_owned();
    office.run();
    let approving = ["--cache", "cache", "--approval", "approval.toml"];
    fs::write(office.path("approval.toml"), format!("manifest = \"{digest}\"\n")).expect("it can be written");
    did_nothing(&office.run_with(&approving));
    fs::write(office.path("approval.toml"), "manifest = \"0\"\n").expect("it can be written");
    assert_eq!(office.say(&approving).code, Some(9));
}

#[test]
fn the_order_of_rows_in_the_export_changes_no_byte_of_the_release() {
    let office = Office::schools();
    let first = office.run();
    let path = office.path("schools/raw/2000/apistrat.csv");
    let text = fs::read_to_string(&path).expect("the export is there");
    let (header, rows) = text.split_once('\n').expect("a header");
    let mut rows: Vec<&str> = rows.lines().collect();
    let mut random = testkit::Random(7);
    for round in 0..12 {
        for last in (1..rows.len()).rev() {
            rows.swap(last, random.below(last + 1));
        }
        fs::write(&path, format!("{header}\n{}\n", rows.join("\n"))).expect("it can be written");
        // What an export says is read again whenever a byte of it is another one.
        let ran = office.run();
        ran.counted_everything();
        assert_eq!((ran.done("page"), ran.done("download")), (0, 0), "shuffle {round}");
        assert_eq!(differing(&first.release, &ran.release), Vec::<String>::new(), "shuffle {round}");
    }
}
