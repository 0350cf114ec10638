//! Editions that correct others: published numbers change in an edition of their own, errata tell why, and what was published stays as it was.
//!
//! The schools of 2000 are published with one score wrong, and corrected.

mod known;
mod lying;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::house::{Said, barometer, copy, differing, tree, unpacked};

/// An office that has published the schools of 2000.
struct Office {
    folder: tempfile::TempDir,
}

/// The erratum for the score, as the office writes it.
const ERRATUM: &str = r#"[wrong-score]
edition = "2000.1"
date = 2001-12-01
kind = "correction"
wrong = { en = "The score of one school was entered as 740 instead of 840." }
changed = { en = "The mean score is higher in every group that the school is in." }
tables = ["scores"]
"#;

/// The record of the school with the wrong score, and with the right one.
const WRONG: &str = ",740,816,";
const RIGHT: &str = ",840,816,";

const FIRST: &str = "out/schools/2000";
const CORRECTED: &str = "out/schools/2000.1";

impl Office {
    /// The first edition is published, and the score corrected in the export since.
    fn that_published() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let repository = testkit::repository();
        copy(&repository.join("pipelines/schools"), &folder.path().join("schools"));
        copy(&repository.join("fixtures/schools/2000/raw"), &folder.path().join("schools/raw/2000"));
        let office = Self { folder };
        // Days that every clock has seen.
        office.replace("schools/waves/2000.toml", "published = 2026-11-23", "published = 2001-10-01");
        office.replace("schools/waves/1999.toml", "published = 2026-11-23", "published = 2001-09-01");
        office.replace("schools/raw/2000/apistrat.csv", RIGHT, WRONG);
        office.publish();
        office.replace("schools/raw/2000/apistrat.csv", WRONG, RIGHT);
        office
    }

    /// The same with its erratum, and the edition that corrects the first.
    fn that_corrected() -> Self {
        let office = Self::that_published();
        office.write_errata(ERRATUM);
        office.publish();
        office
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    fn replace(&self, file: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(file)).expect("the file is there");
        assert_eq!(text.matches(from).count(), 1, "{from:?} in {file}");
        fs::write(self.path(file), text.replace(from, to)).expect("a file can be written");
    }

    fn write_errata(&self, text: &str) {
        fs::write(self.path("schools/report/2000/errata.toml"), text).expect("a file can be written");
    }

    fn say(&self, arguments: &[&str]) -> Said {
        barometer().current_dir(self.folder.path()).args(arguments).output().expect("the program starts").into()
    }

    fn run(&self) -> Said {
        self.say(&["run", "schools", "--wave", "2000"])
    }

    #[track_caller]
    fn publish(&self) {
        let said = self.run();
        assert_eq!(said.code, Some(0), "{}", said.err);
    }

    fn tree(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        tree(&self.path(folder))
    }

    fn text(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// Asserts that nothing is published in this state, and that the message says this.
    #[track_caller]
    fn is_refused(&self, expected: &[&str]) {
        let before = self.tree("out");
        let said = self.run();
        assert_eq!(said.code, Some(3), "{}", said.err);
        for part in expected {
            assert!(said.err.contains(part), "{part:?} is in\n{}", said.err);
        }
        assert_eq!(differing(&before, &self.tree("out")), Vec::<String>::new(), "nothing was written");
    }
}

/// The corrected edition, beside the first one, for those who look at pages.
pub(crate) fn corrected_edition() -> (tempfile::TempDir, PathBuf) {
    let office = Office::that_corrected();
    let release = office.path(CORRECTED);
    (office.folder, release)
}

/// What readers of a correction see, whole.
#[test]
fn the_corrected_pages_are_as_expected() {
    const KEPT: [&str; 6] =
        ["errata.html", "index.html", "scores.html", "figures/scores-by-type.svg", "data/scores.csv", "data/scores.px"];
    let office = Office::that_corrected();
    let mut found = office.tree(CORRECTED);
    found.retain(|name, _| KEPT.contains(&name.as_str()) || name == "provenance/corrections.json");
    let expected = testkit::repository().join("fixtures/schools/2000.1/expected");
    if std::env::var_os("BAROMETER_GOLDEN").is_some() {
        let _ = fs::remove_dir_all(&expected);
        for (name, bytes) in &found {
            let path = expected.join(name);
            fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
            fs::write(path, bytes).expect("a file can be written");
        }
    }
    assert!(expected.is_dir(), "the expected pages are missing: make golden writes them");
    assert_eq!(
        differing(&tree(&expected), &found),
        Vec::<String>::new(),
        "pages differ from fixtures/schools/2000.1/expected; where the change is meant, make golden rewrites them"
    );
}

#[test]
fn published_numbers_are_not_changed_in_silence() {
    let office = Office::that_published();
    office.is_refused(&[
        "schools/report/2000/errata.toml: out/schools/2000 is published, and 4 of its numbers would not be as it shows them: table scores, row \
         api, total: 661.6 (643.1 to 680.0), n 200, now 662.3 (",
        "; and 1 more\nhelp: what is published stays as it is: tell in this file, as edition 2000.1, what was wrong with tables = [\"scores\"], and \
         the run makes 2000.1 beside 2000; if nobody has seen that release yet, remove its folder, or look at the change with --draft\n",
    ]);
    // A draft is for those who look at the change; it warns.
    let said = office.say(&["run", "schools", "--draft"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.err.contains("errata.toml: warning: out/schools/2000 is published, and 4 of"), "{}", said.err);
}

#[test]
fn texts_and_templates_may_be_mended_in_place() {
    let office = Office::that_published();
    office.replace("schools/raw/2000/apistrat.csv", RIGHT, WRONG);
    office.replace("schools/report/2000/scores.en.md", "## The sample", "## How schools were drawn");
    let said = office.run();
    assert_eq!(said.code, Some(0), "{}", said.err);
    let told = "errata.toml: warning: out/schools/2000 is published, and other words than readers have come into its place: \
                report/2000/scores.en.md; every number stays\nhelp: for a slip of the pen nothing is to be done; if readers were told something \
                wrong, tell it in this file as edition 2000.1, with pages = [\"…\"], and 2000 stays as it was\n";
    assert!(said.err.contains(told), "{}", said.err);
    assert!(!office.run().err.contains("other words"), "nothing is told where nothing changed");
    assert!(office.text("out/schools/2000/scores.html").contains("How schools were drawn"));
}

#[test]
fn a_correction_is_an_edition_of_its_own_and_the_first_stays_to_the_byte() {
    let office = Office::that_published();
    let first = office.tree(FIRST);
    office.write_errata(ERRATUM);
    office.publish();
    assert_eq!(differing(&first, &office.tree(FIRST)), Vec::<String>::new());
    assert_eq!(fs::read_link(office.path("out/schools/current")).expect("a pointer").to_str(), Some("2000.1"));
    let manifest: Value = serde_json::from_str(&office.text("out/schools/2000.1/manifest.json")).expect("JSON");
    let first: Value = serde_json::from_slice(&first["manifest.json"]).expect("JSON");
    assert_eq!((&first["edition"], &manifest["edition"]), (&Value::from("2000"), &Value::from("2000.1")));
    assert_eq!(manifest["corrects"], serde_json::json!({ "edition": "2000", "seal": first["seal"] }));
    let erratum = serde_json::json!(
        [{ "id": "wrong-score", "edition": "2000.1", "date": "2001-12-01", "kind": "correction" }]
    );
    assert_eq!((&manifest["errata"], &first["errata"]), (&erratum, &Value::Null));
}

#[test]
fn readers_are_told_on_every_way_to_a_corrected_number() {
    let office = Office::that_corrected();
    let page = |name: &str| office.text(&format!("{CORRECTED}/{name}"));
    let notice = "This is edition 2000.1, of 1\u{a0}December 2001. Parts of it differ from what was published before. <a href=\"errata.html\">";
    assert!(page("index.html").contains(notice), "{}", page("index.html"));
    for name in ["index.html", "targets.html", "method.html", "print.html"] {
        assert!(page(name).contains("<dd><a href=\"errata.html\">2000.1</a>, <time"), "{name} tells the edition");
    }
    let happened = "Corrected on 1\u{a0}December 2001, edition 2000.1: <a href=\"errata.html#wrong-score\"";
    let figure = |id: &str| {
        let page = page("scores.html");
        page.split_once(&format!("<figure class=\"figure\" id=\"{id}\""))
            .and_then(|(_, rest)| rest.split_once("</figure>"))
            .map(|(figure, _)| figure.to_owned())
            .unwrap_or_else(|| panic!("there is a figure {id}"))
    };
    for id in ["scores-by-type", "scores-by-target", "scores-by-groups"] {
        assert!(figure(id).contains(happened), "{}", figure(id));
        assert!(
            page(&format!("figures/{id}.svg")).contains("Corrected on 1\u{a0}December 2001, edition 2000.1"),
            "{id}"
        );
    }
    for id in ["medians-by-type", "pupils"] {
        assert!(!figure(id).contains("errata.html"), "figure {id} is as it was");
    }
    // The cells that changed are marked, and no others: one type of school, and the total.
    assert_eq!(figure("scores-by-type").matches("\u{a0}r</td>").count(), 2, "{}", figure("scores-by-type"));
    assert!(figure("scores-by-type").contains("<b>r</b> differs from an earlier edition"));
    let opening =
        |page: &str| page.split_once("</h1>").expect("a heading").1.split_once("</div>").expect("an end").0.to_owned();
    assert!(opening(&page("scores.html")).contains(happened));
    assert!(!opening(&page("targets.html")).contains("errata.html"), "no number of this page changed");
    let errata = page("errata.html");
    for part in [
        "<h2 id=\"wrong-score\">Corrected on 1\u{a0}December 2001, edition 2000.1</h2>",
        "The score of one school was entered as 740 instead of 840.",
        "<td data-column=\"Before\">661.6 (643.1–680.0)</td><td data-column=\"Now\">662.3 (643.7–680.8)</td>",
        "<a href=\"../2000/index.html\">2000</a>, <time datetime=\"2001-10-01\">1\u{a0}October 2001</time>",
    ] {
        assert!(errata.contains(part), "{part} is in\n{errata}");
    }
    assert!(page("report.md").contains("This is edition 2000.1, of 1\u{a0}December 2001."));
}

#[test]
fn every_download_tells_that_its_numbers_were_corrected() {
    let office = Office::that_corrected();
    let files = office.tree(&format!("{CORRECTED}/data"));
    let text = |name: &str| String::from_utf8_lossy(&unpacked(name, files[name].clone())).into_owned();
    let reason = "corrected in 2000.1: wrong-score";
    for name in [
        "scores.csv",
        "scores.json",
        "tables.tidy.csv",
        "tables.xlsx",
        "tables.ods",
        "tables.parquet",
        "tables.sdmx.csv",
    ] {
        assert!(text(name).contains(reason), "{name}");
    }
    let of_table = "An earlier edition showed other numbers in this table: see errata.html (wrong-score)";
    for name in ["scores.px", "scores.json"] {
        assert!(text(name).contains(of_table), "{name}: {}", text(name));
    }
    let of_edition = "Edition 2000.1 of 2001-12-01, which takes the place of 2000: see errata.html";
    for name in [
        "datapackage.json",
        "csv-metadata.json",
        "catalogue.dcat.jsonld",
        "ro-crate-metadata.json",
        "codebook.ddi.xml",
        "tables.xlsx",
        "tables.ods",
    ] {
        assert!(text(name).contains(of_edition), "{name}: {}", text(name));
    }
    for name in ["targets.csv", "targets.px", "targets.json"] {
        assert!(!text(name).contains("2000.1"), "no number of {name} changed");
    }
}

#[test]
fn a_corrected_edition_is_proved_from_answers_from_tables_and_away_from_the_first() {
    let office = Office::that_corrected();
    let raw = office.path("schools/raw/2000");
    let raw = raw.to_str().expect("UTF-8");
    let of_answers = office.say(&["verify", CORRECTED, "--country", "schools", "--raw", raw]);
    assert_eq!(of_answers.code, Some(0), "{}{}", of_answers.out, of_answers.err);
    fs::rename(office.path("schools/raw"), office.path("raw")).expect("it can be renamed");
    copy(&office.path(CORRECTED), &office.path("elsewhere/2000.1"));
    for release in [CORRECTED, "elsewhere/2000.1"] {
        let said = office.say(&["verify", release, "--country", "schools"]);
        assert_eq!(said.code, Some(0), "{release}: {}{}", said.out, said.err);
        assert!(said.out.contains("from the published tables"), "{}", said.out);
    }
    // A former number that somebody changed is named.
    let file = office.path("elsewhere/2000.1/provenance/corrections.json");
    let text = fs::read_to_string(&file).expect("the file is there").replacen("[6616,1]", "[6500,1]", 1);
    fs::write(&file, text).expect("a file can be written");
    assert_eq!(office.say(&["verify", "elsewhere/2000.1", "--country", "schools"]).code, Some(7));
}

#[test]
fn the_edition_that_was_corrected_is_compared_with_its_manifest_alone() {
    let office = Office::that_corrected();
    let said = office.say(&["verify", FIRST, "--country", "schools"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(
        said.out.contains("the country's files make edition 2000.1 today; to make 2000 again take those of its day"),
        "{}",
        said.out
    );
    fs::write(office.path("out/schools/2000/scores.html"), "changed").expect("a file can be written");
    assert_eq!(office.say(&["verify", FIRST, "--country", "schools"]).code, Some(7));
    // With the files of its day it is made again.
    let office = Office::that_corrected();
    fs::remove_file(office.path("schools/report/2000/errata.toml")).expect("it is there");
    office.replace("schools/raw/2000/apistrat.csv", RIGHT, WRONG);
    let said = office.say(&["verify", FIRST, "--country", "schools"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.out.contains("from the raw files: every file is the same to the byte"), "{}", said.out);
}

#[test]
fn the_calendar_and_its_feed_tell_each_edition() {
    let office = Office::that_corrected();
    let calendar = |format: &str| office.say(&["calendar", "schools", "--format", format]).out;
    for part in ["2000 · Edition 2000.1", "The mean score is higher in every group that the school is in."] {
        assert!(calendar("html").contains(part) && calendar("atom").contains(part), "{}", calendar("atom"));
    }
    assert!(calendar("atom").contains("<id>urn:barometer:schools:2000.1</id>"), "{}", calendar("atom"));
    assert!(calendar("atom").contains("<updated>2001-12-01T00:00:00Z</updated>\n<entry"), "{}", calendar("atom"));
    assert!(
        calendar("ical").contains("UID:schools-2000.1@barometer\r\nDTSTAMP:20011201T000000Z"),
        "{}",
        calendar("ical")
    );
}

#[test]
fn a_second_run_of_a_corrected_edition_does_nothing_and_needs_the_first() {
    let office = Office::that_corrected();
    let run = || office.say(&["run", "schools", "--wave", "2000", "--cache", "cache", "--format", "json"]);
    assert!(run().err.contains("\"released\""));
    assert!(run().err.contains("\"unchanged\""));
    fs::remove_dir_all(office.path(FIRST)).expect("it is there");
    let said = run();
    assert_eq!(said.code, Some(3), "{}", said.err);
    assert!(said.err.contains("edition 2000 is not here, and it is the one that is corrected"), "{}", said.err);
}

/// The day of an erratum is an embargo: of a correction, too, readers hear together.
#[test]
fn a_correction_is_not_published_before_the_day_of_its_errata() {
    let office = Office::that_published();
    office.write_errata(&ERRATUM.replace("2001-12-01", "2999-12-01"));
    let said = office.say(&["run", "schools", "--wave", "2000", "--publish"]);
    assert_eq!(said.code, Some(6), "{}", said.err);
    assert!(said.err.contains("schools 2000.1 is not to be released before 2999-12-01T00:00:00Z"), "{}", said.err);
    let said = office.run();
    assert_eq!((said.code, office.path(CORRECTED).exists()), (Some(0), false), "{}", said.err);
    assert!(office.path("out/internal/schools/2000.1/draft/errata.html").exists(), "it is a draft until then");
    // At the hour of the first edition, in its zone.
    office.replace(
        "schools/waves/2000.toml",
        "published = 2001-10-01",
        "published = 2001-10-01\nrelease_at = 2001-10-01T09:00:00-08:00",
    );
    let said = office.say(&["run", "schools", "--wave", "2000", "--publish"]);
    assert_eq!(said.code, Some(6), "{}", said.err);
    assert!(said.err.contains("not to be released before 2999-12-01T09:00:00-08:00"), "{}", said.err);
    let calendar = office.say(&["calendar", "schools", "--format", "atom"]).out;
    assert!(calendar.contains("2999-12-01T17:00:00Z"), "{calendar}");
    let said =
        office.say(&["run", "schools", "--wave", "2000", "--break-embargo", "The wrong number was in the news."]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(office.text("out/schools/2000.1/manifest.json").contains("\"embargo_broken\": \"The wrong number"));
    let said = office.say(&["verify", CORRECTED, "--country", "schools"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
}

#[test]
fn a_draft_of_a_correction_is_approved_like_any_other() {
    let office = Office::that_published();
    office.write_errata(ERRATUM);
    let said = office.say(&["run", "schools", "--draft"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let line = said.err.lines().find(|line| line.starts_with("  draft ")).expect("it is told");
    let digest = line.rsplit(' ').next().expect("a digest");
    assert!(office.path("out/internal/schools/2000.1/draft/errata.html").exists());
    fs::write(office.path("approval.toml"), format!("manifest = \"{digest}\"\n")).expect("a file can be written");
    let said = office.say(&["run", "schools", "--approval", "approval.toml"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
}

/// A later version of the program may break tables down by more, as it does by the thirds of the fieldwork.
#[test]
fn an_edition_can_be_made_again_with_a_breakdown_that_it_lacked() {
    let office = Office::that_published();
    office.replace("schools/raw/2000/apistrat.csv", RIGHT, WRONG);
    let (from, to) =
        ("over = \"enroll\"\nbreakdowns = [\"stype\"]", "over = \"enroll\"\nbreakdowns = [\"stype\", \"awards\"]");
    office.replace("schools/tables.toml", from, to);
    let said = office.run();
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.err.contains("is published without awards, and gets 2 numbers by that"), "{}", said.err);
    assert!(office.text("out/schools/2000/data/tested.csv").contains(",awards,"));
    // With a number that changed, too, it is another edition.
    office.replace("schools/raw/2000/apistrat.csv", WRONG, RIGHT);
    office.is_refused(&["2000 is published, and"]);
}

/// Nobody can say which numbers an edition showed whose tables are gone, so nothing may take its place in silence.
#[test]
fn nothing_takes_the_place_of_what_cannot_be_read() {
    let office = Office::that_published();
    let run = || office.say(&["run", "schools", "--wave", "2000", "--no-cache"]);
    let store = office.path("out/schools/2000/provenance/published.json");
    for text in ["", "{}"] {
        fs::write(&store, text).expect("a file can be written");
        let said = run();
        assert_eq!(said.code, Some(3), "{}", said.err);
        assert!(said.err.contains("out/schools/2000: something stands in the place of the release"), "{}", said.err);
    }
    fs::remove_dir_all(office.path(FIRST)).expect("it is there");
    let thesis = office.path("out/schools/2000/thesis.txt");
    fs::create_dir_all(office.path(FIRST)).expect("a folder can be made");
    fs::write(&thesis, "mine").expect("a file can be written");
    assert_eq!(run().code, Some(3));
    assert_eq!(fs::read(&thesis).expect("it is still there"), b"mine");
    fs::remove_file(&thesis).expect("it is there");
    assert_eq!(run().code, Some(0), "an empty folder is nobody's");
}

#[test]
fn an_edition_whose_errata_were_taken_away_is_refused_with_a_cache_too() {
    let office = Office::that_published();
    let run = || office.say(&["run", "schools", "--wave", "2000", "--cache", "cache"]);
    office.replace("schools/raw/2000/apistrat.csv", RIGHT, WRONG);
    assert_eq!(run().code, Some(0), "the first edition as it stands");
    office.replace("schools/raw/2000/apistrat.csv", WRONG, RIGHT);
    office.write_errata(ERRATUM);
    assert_eq!(run().code, Some(0));
    fs::remove_file(office.path("schools/report/2000/errata.toml")).expect("it is there");
    office.replace("schools/raw/2000/apistrat.csv", RIGHT, WRONG);
    let said = run();
    assert_eq!(said.code, Some(3), "{}", said.err);
    assert!(said.err.contains("which it corrects: no erratum here tells of it"), "{}", said.err);
}
