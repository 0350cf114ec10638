//! Proving, comparing and explaining releases: `verify`, `diff`, `why`.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::house::{Said, barometer, copy, say, tree};

/// The schools of 2000 with their raw file and a release of them, in a folder of their own.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let repository = testkit::repository();
        copy(&repository.join("pipelines/schools"), &folder.path().join("pipelines/schools"));
        copy(&repository.join("fixtures/schools/2000/raw"), &folder.path().join("raw"));
        let desk = Self { folder };
        let said = desk.say(&["run", "pipelines/schools", "--raw", "raw"]);
        assert_eq!(said.code, Some(0), "{}", said.err);
        desk
    }

    fn say(&self, arguments: &[&str]) -> Said {
        barometer().current_dir(self.folder.path()).args(arguments).output().expect("the program starts").into()
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    /// Replaces words in a file, the first time they stand there.
    fn replace(&self, file: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(file)).expect("the file is text");
        assert!(text.contains(from), "{file} says {from:?}");
        fs::write(self.path(file), text.replacen(from, to, 1)).expect("a file can be written");
    }
}

const RELEASE: &str = "out/schools/2000";

#[test]
fn a_release_is_proved_from_the_raw_files() {
    let desk = Desk::new();
    let said = desk.say(&["verify", RELEASE, "--raw", "raw"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    for line in [
        "out/schools/2000 (schools 2000, made by barometer 0.1.0)",
        "  inputs     the country's files are as they were",
        "  raw        the raw files are as they were",
        "  rebuilt    from the raw files: every file is the same to the byte",
    ] {
        assert!(said.out.lines().any(|said| said == line), "{line:?} in {}", said.out);
    }
}

#[test]
fn without_microdata_a_release_is_proved_from_its_published_tables() {
    let desk = Desk::new();
    let said = desk.say(&["verify", RELEASE]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    let last = said.out.lines().last();
    assert_eq!(
        last,
        Some("  rebuilt    from the published tables and the SQL that is kept: every file is the same to the byte")
    );
    assert!(!said.err.contains("ingest"), "nothing is read of raw files: {}", said.err);
}

#[test]
fn files_that_are_not_as_listed_are_named() {
    let desk = Desk::new();
    fs::remove_file(desk.path("out/schools/2000/data.html")).expect("it is there");
    fs::write(desk.path("out/schools/2000/answers.csv"), "id\n").expect("a file can be written");
    desk.replace("out/schools/2000/index.html", "</main>", "</main> ");
    let said = desk.say(&["verify", RELEASE, "--files-only"]);
    assert_eq!(said.code, Some(7), "{}", said.out);
    for line in [
        "  files      index.html is not as the manifest lists it",
        "             data.html is missing",
        "             answers.csv is not in the manifest",
        "  rebuilt    nothing: only the files were compared",
    ] {
        assert!(said.out.lines().any(|said| said == line), "{line:?} in {}", said.out);
    }
    assert_eq!(said.err, "out/schools/2000 is not what it should be: see above\n");
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_a_file_is_no_part_of_a_release() {
    let desk = Desk::new();
    let (page, elsewhere) = (desk.path("out/schools/2000/data.html"), desk.path("data.html"));
    fs::rename(&page, &elsewhere).expect("it can be moved");
    std::os::unix::fs::symlink(&elsewhere, &page).expect("a link can be made");
    let said = desk.say(&["verify", RELEASE, "--files-only"]);
    assert_eq!(said.code, Some(7), "{}{}", said.out, said.err);
    assert!(said.err.contains("data.html: this is a link, and a release holds its files itself"), "{}", said.err);
    // A run does not take it for the release that it would make, and puts the file there.
    let said = desk.say(&["run", "pipelines/schools", "--raw", "raw"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(desk.say(&["verify", RELEASE, "--files-only"]).code, Some(0));
}

#[test]
fn an_edited_number_on_a_page_is_named_by_its_sentence() {
    let desk = Desk::new();
    let page = fs::read_to_string(desk.path("out/schools/2000/index.html")).expect("a page");
    let text = page.split("<p").find(|piece| piece.contains(" of ")).expect("a page tells a share");
    let share = text.split("</p>").next().and_then(|text| text.split(" of ").next()).expect("words before it");
    let word = share.rsplit([' ', '>']).next().expect("a word").to_owned();
    desk.replace("out/schools/2000/index.html", &format!("{word} of "), "7777 of ");
    let said = desk.say(&["verify", RELEASE]);
    assert_eq!(said.code, Some(7), "{}", said.out);
    let line = said.out.lines().find(|line| line.contains("7777 of ")).unwrap_or_else(|| panic!("{}", said.out));
    assert!(line.contains("index.html: ") && line.contains(" in the release, "), "{line}");
    assert!(line.contains(&format!("{word} of ")), "{line}");
}

/// Files of a release of other answers take the place of its own, one by one: whatever format a number was changed in, the figure is named.
#[test]
fn a_changed_number_is_named_in_whatever_file_it_stands() {
    let desk = Desk::new();
    desk.replace("raw/apistrat.csv", ",840,816,", ",740,816,");
    let said = desk.say(&["run", "pipelines/schools", "--raw", "raw", "--out", "other"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let total = "table scores, row api, total: ";
    for (file, expected) in [
        ("data/scores.csv", total),
        ("data/tables.tidy.csv", total),
        ("data/tables.sdmx.csv", total),
        ("data/tables.xlsx", total),
        ("data/tables.ods", total),
        ("data/tables.parquet", total),
        ("data/scores.px", total),
        ("data/scores.json", total),
        ("provenance/published.json", "table scores, row api, total: "),
        ("figures/scores-by-type.svg", "table scores, row api, stype E: in words: "),
        ("scores.html", "table scores, row api, "),
        ("report.md", "table scores, row api, "),
    ] {
        let own = desk.path(&format!("{RELEASE}/{file}"));
        let kept = fs::read(&own).expect("the file is there");
        fs::copy(desk.path(&format!("other/schools/2000/{file}")), &own).expect("it can be replaced");
        let raw = if file.starts_with("provenance") { &["--raw", "raw"][..] } else { &[] };
        desk.replace("raw/apistrat.csv", ",740,816,", ",840,816,");
        let said = desk.say(&[&["verify", RELEASE], raw].concat());
        desk.replace("raw/apistrat.csv", ",840,816,", ",740,816,");
        fs::write(&own, kept).expect("it can be put back");
        assert_eq!(said.code, Some(7), "{file}: {}{}", said.out, said.err);
        let line = said.out.lines().find(|line| line.ends_with(&format!("rebuilt ({file})")));
        let line = line.unwrap_or_else(|| panic!("{file}: {}", said.out)).trim_start();
        assert!(line.starts_with(expected), "{line}");
        // The numbers of both are told, and they are not the same.
        let (_, sides) = line.split_once(expected).expect("it was found");
        let (released, rebuilt) = sides.split_once(" in the release, ").expect("two sides");
        assert!(released.contains(|it: char| it.is_ascii_digit()) && !rebuilt.starts_with(released), "{line}");
    }
}

#[test]
fn bytes_that_tell_no_figure_are_told_as_what_they_are() {
    let desk = Desk::new();
    let of_white_space = "differs in white space alone: every figure and every word is the same";
    for file in ["scores.html", "report.md", "data/scores.json", "data/scores.px", "data/scores.csv"] {
        let own = desk.path(&format!("{RELEASE}/{file}"));
        let kept = fs::read(&own).expect("the file is there");
        fs::write(&own, [kept.as_slice(), b"\n"].concat()).expect("it can be changed");
        let said = desk.say(&["verify", RELEASE]);
        fs::write(&own, kept).expect("it can be put back");
        assert_eq!(said.code, Some(7), "{file}: {}", said.out);
        assert!(said.out.contains(&format!("{file} {of_white_space}\n")), "{file}: {}", said.out);
    }
    // The workbook of an edition of another day holds the same cells.
    let own = desk.path(&format!("{RELEASE}/data/tables.ods"));
    let kept = fs::read(&own).expect("the file is there");
    fs::write(&own, [kept.as_slice(), &[0; 4]].concat()).expect("it can be changed");
    let said = desk.say(&["verify", RELEASE]);
    let packed = "data/tables.ods differs in how it is packed, looks or is described: every cell is the same\n";
    assert!(said.out.contains(packed), "{}", said.out);
}

#[test]
fn changed_answers_are_told_by_the_first_figure_that_differs() {
    let desk = Desk::new();
    let answers = fs::read_to_string(desk.path("raw/apistrat.csv")).expect("the schools are text");
    let revised = answers.replacen(",\"No\",", ",\"Yes\",", 60);
    assert_ne!(answers, revised);
    fs::write(desk.path("raw/apistrat.csv"), revised).expect("a file can be written");
    let said = desk.say(&["verify", RELEASE, "--raw", "raw"]);
    assert_eq!(said.code, Some(7), "{}{}", said.out, said.err);
    assert!(said.out.contains("  raw        apistrat.csv has changed since\n"), "{}", said.out);
    let first = said.out.lines().skip_while(|line| !line.contains("came out otherwise")).nth(1).expect("a difference");
    assert!(first.trim_start().starts_with("table "), "{first}");
    assert!(first.contains(" in the release, ") && first.ends_with(" rebuilt (data/awards.csv)"), "{first}");
}

#[test]
fn a_changed_text_is_told_with_the_input_that_changed() {
    let desk = Desk::new();
    let theme = tree(&desk.path("pipelines/schools/report/2000")).into_keys().find(|name| name.ends_with(".en.md"));
    let theme = format!("report/2000/{}", theme.expect("a text in English"));
    let file = format!("pipelines/schools/{theme}");
    let text = fs::read_to_string(desk.path(&file)).expect("a text");
    fs::write(desk.path(&file), format!("{}\n\nOne more thing.\n", text.trim_end())).expect("a file can be written");
    let said = desk.say(&["verify", RELEASE]);
    assert_eq!(said.code, Some(7), "{}{}", said.out, said.err);
    assert!(said.out.contains(&format!("  inputs     {theme} has changed since\n")), "{}", said.out);
    assert!(said.out.contains("\"One more thing.\" rebuilt"), "{}", said.out);
}

#[test]
fn a_file_of_another_wave_that_came_later_does_not_break_a_proof() {
    let desk = Desk::new();
    fs::write(desk.path("pipelines/schools/report/1999/notes.md"), "Later.\n").expect("a file can be written");
    let said = desk.say(&["verify", RELEASE]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.out.contains("  inputs     report/1999/notes.md is new\n"), "{}", said.out);
}

#[test]
fn a_manifest_that_leaves_out_what_a_release_was_made_from_is_no_proof() {
    let desk = Desk::new();
    let manifest = fs::read_to_string(desk.path("out/schools/2000/manifest.json")).expect("a manifest");
    for list in ["inputs", "raw"] {
        let (before, rest) = manifest.split_once(&format!("\"{list}\": [")).expect("a manifest has the list");
        let (_, after) = rest.split_once("\n  ]").expect("a list ends");
        let without = format!("{before}\"{list}\": []{after}");
        fs::write(desk.path("out/schools/2000/manifest.json"), without).expect("a file can be written");
        let said = desk.say(&["verify", RELEASE, "--raw", "raw"]);
        assert_eq!(said.code, Some(7), "{list}: {}{}", said.out, said.err);
        let new = if list == "raw" { "apistrat.csv is new\n" } else { "codebook.toml is new\n" };
        assert!(said.out.contains(new), "{list}: {}", said.out);
    }
}

#[test]
fn a_broken_seal_is_no_proof() {
    let desk = Desk::new();
    desk.replace("out/schools/2000/provenance/published.json", "\"n\":", "\"n\": ");
    let said = desk.say(&["verify", RELEASE]);
    assert_eq!(said.code, Some(7), "{}{}", said.out, said.err);
    assert!(said.out.contains("provenance/published.json is not as the manifest lists it\n"), "{}", said.out);
    assert!(
        said.out.contains(
            "  rebuilt    it could not be made again: the published tables were changed after they were sealed"
        )
    );
}

/// Without answers nothing can be made again of tables that somebody changed, but the other files still tell which number it was.
#[test]
fn a_number_that_was_changed_in_the_sealed_tables_is_named_without_microdata() {
    let desk = Desk::new();
    desk.replace("out/schools/2000/provenance/published.json", "\"estimate\":[6623,1]", "\"estimate\":[6616,1]");
    let said = desk.say(&["verify", RELEASE]);
    assert_eq!(said.code, Some(7), "{}{}", said.out, said.err);
    let told = "table scores, row api, total: estimate: 661.6 in these tables, 662.3 in data/tables.tidy.csv\n";
    assert!(said.out.contains(told), "{}", said.out);
}

#[test]
fn what_is_no_release_and_what_has_no_country_at_hand_is_said() {
    let desk = Desk::new();
    let said = desk.say(&["verify", "out"]);
    assert_eq!(said.code, Some(2));
    assert_eq!(said.err, "out is no release: there is no manifest.json in it; name a folder such as out/abc/2019\n");
    fs::rename(desk.path("pipelines"), desk.path("lande")).expect("it can be renamed");
    let said = desk.say(&["verify", RELEASE]);
    assert_eq!(said.code, Some(2));
    assert_eq!(
        said.err,
        "out/schools/2000 is a release of schools, whose folder is not at hand: name it with --country, or compare the files alone with \
         --files-only\n"
    );
    fs::write(desk.path("out/schools/2000/manifest.json"), "{\n  \"barometer\": 1").expect("a file can be written");
    for command in [&["verify", RELEASE][..], &["diff", RELEASE, RELEASE], &["audit", RELEASE]] {
        let said = desk.say(command);
        assert_eq!(said.code, Some(7), "a release is not what it should be: {command:?}");
        assert!(said.err.starts_with("out/schools/2000/manifest.json:2:"), "{}", said.err);
        assert!(said.err.ends_with("help: build the release again, or take an unchanged copy of it\n"), "{}", said.err);
    }
}

#[test]
fn two_editions_are_compared_by_figure() {
    let desk = Desk::new();
    let same: Value =
        serde_json::from_str(&desk.say(&["diff", RELEASE, RELEASE, "--format", "json"]).out).expect("JSON");
    let figures = same["figures"].as_array().expect("figures");
    assert!(figures.len() > 10 && figures.iter().all(|figure| figure["class"] == "same"), "{same}");
    // The same release with one estimate five higher, as a revision would leave it.
    copy(&desk.path(RELEASE), &desk.path("revised"));
    let store = fs::read_to_string(desk.path("revised/provenance/published.json")).expect("a store");
    let (_, tables) = store.split_once("\"tables\":").expect("tables come after the tests of claims");
    let (_, rest) = tables.split_once("\"shown\":{\"estimate\":[").expect("a figure is shown");
    let (units, _) = rest.split_once(',').expect("units and decimals");
    let higher = units.parse::<i64>().expect("units") + 5;
    let figure = |units: &str| format!("\"shown\":{{\"estimate\":[{units},");
    desk.replace("revised/provenance/published.json", &figure(units), &figure(&higher.to_string()));
    let said = desk.say(&["diff", RELEASE, "revised"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let lines: Vec<&str> = said.out.lines().collect();
    assert!(lines[0].contains(" same, 1 moved beyond "), "{}", said.out);
    assert_eq!(lines[1], "note: the tables of revised were changed after they were sealed");
    assert_eq!(lines[2], "note: both releases are of one wave: what moved was revised, chance has no part in it");
    let found: Value =
        serde_json::from_str(&desk.say(&["diff", RELEASE, "revised", "--format", "json"]).out).expect("JSON");
    let changed: Vec<&Value> =
        found["figures"].as_array().expect("figures").iter().filter(|figure| figure["class"] != "same").collect();
    assert_eq!(changed.len(), 1);
    assert!(changed[0]["old"]["estimate"].is_string() && changed[0]["p"].is_null(), "{changed:?}");
}

#[test]
fn between_waves_a_note_tells_what_chance_alone_would_do() {
    let desk = Desk::new();
    let raw = testkit::repository().join("fixtures/schools/1999/raw");
    let raw = raw.to_str().expect("UTF-8");
    let said = desk.say(&["run", "pipelines/schools", "--wave", "1999", "--raw", raw]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let said = desk.say(&["diff", "out/schools/1999", RELEASE, "--format", "json"]);
    let found: Value = serde_json::from_str(&said.out).expect("JSON");
    let chance = &found["chance"];
    let tested = found["figures"].as_array().expect("figures").iter().filter(|figure| figure["p"].is_number()).count();
    assert!(tested > 0);
    assert_eq!(chance["tested"], tested);
    let by_chance = chance["by_chance"].as_f64().expect("a number");
    let twentieth = f64::from(u32::try_from(tested).expect("few")) * 0.05;
    assert!((by_chance - twentieth).abs() < 1e-9, "{by_chance}");
    for (format, start) in
        [("markdown", "# schools 1999 and schools 2000, figure by figure\n"), ("html", "<!doctype html>")]
    {
        let said = desk.say(&["diff", "out/schools/1999", RELEASE, "--format", format]);
        assert!(said.out.starts_with(start), "{}", said.out);
        assert!(said.out.contains("would by chance alone if nothing had changed"), "{}", said.out);
    }
}

#[test]
fn a_file_tells_what_it_was_made_from_and_what_changed_since() {
    let desk = Desk::new();
    desk.replace("pipelines/schools/tables.toml", "\n", "\n# Revised.\n");
    let said = desk.say(&["why", "out/schools/2000/data/scores.csv", "--raw", "raw", "--format", "json"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let found: Value = serde_json::from_str(&said.out).expect("JSON");
    assert_eq!((&found["intact"], &found["tables"]), (&Value::Bool(true), &serde_json::json!(["scores"])));
    let inputs: Vec<(&str, &str)> = found["inputs"]
        .as_array()
        .expect("inputs")
        .iter()
        .filter_map(|input| Some((input["path"].as_str()?, input["since"].as_str()?)))
        .collect();
    let expected =
        [("codebook.toml", "same"), ("country.toml", "same"), ("tables.toml", "changed"), ("waves/2000.toml", "same")];
    assert_eq!(inputs, expected);
    assert_eq!(found["raw"], serde_json::json!([{ "path": "apistrat.csv", "since": "same" }]));
    let statements = found["statements"].as_array().expect("statements");
    assert!(!statements.is_empty());
    let said = desk.say(&["why", "out/schools/2000/data/scores.csv"]);
    assert!(said.out.contains("  changed    tables.toml since this was made\n"), "{}", said.out);
}

#[test]
fn what_lies_in_no_release_has_no_provenance() {
    let said = say(&["why", "README.md"]);
    assert_eq!(said.code, Some(2));
    assert_eq!(said.err, "README.md is no file of a release: name one such as out/abc/2019/index.html\n");
}
