//! Comparisons over countries: the one on published figures, whole, and what a demonstration says of itself.

mod correcting;
mod counted;
mod standing;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use crate::house::{Said, barometer, copy, differing, say, tree};

/// The comparison on published figures, which needs nothing but the countries' files.
static PUBLISHED: LazyLock<(tempfile::TempDir, PathBuf)> = LazyLock::new(|| {
    let out = tempfile::tempdir().expect("a temporary folder can be made");
    let said = run("pipelines/nordic", out.path());
    assert_eq!(said.code, Some(0), "{}", said.err);
    let folder = out.path().join("nordic/2019");
    (out, folder)
});

fn run(folder: &str, out: &Path) -> Said {
    barometer().args(["run", folder, "--out"]).arg(out).output().expect("the program starts").into()
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The rows of a file of cells, by column.
fn cells(folder: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(folder.join("data/comparison.csv")).expect("the file is there");
    reader.deserialize().map(|row| row.expect("a row of texts")).collect()
}

/// A page without its tags, whose attributes hold places in drawings as per cents of the width.
fn words(page: &str) -> String {
    page.split('<').map(|part| part.split_once('>').map_or(part, |(_, words)| words)).collect::<Vec<_>>().join(" ")
}

/// Every per cent that a page tells, in its text, drawings and tables.
fn per_cents(page: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for end in ["%", " per cent", "‡"] {
        for (at, _) in page.match_indices(end) {
            let before = page[..at].trim_end();
            let digits: String = before.chars().rev().take_while(|it| it.is_ascii_digit() || *it == '.').collect();
            let digits: String = digits.chars().rev().collect();
            // The full stop of a sentence is no number.
            if digits.contains(|it: char| it.is_ascii_digit()) {
                found.insert(digits);
            }
        }
    }
    found
}

#[test]
fn every_number_of_the_pages_is_in_the_file_of_cells_with_its_source() {
    let (_, folder) = &*PUBLISHED;
    let cells = cells(folder);
    let known: BTreeSet<String> = cells.iter().map(|cell| cell["per_cent"].clone()).collect();
    let mut seen = BTreeSet::new();
    for name in ["index.html", "innovation.html", "municipal.html", "value.html", "data.html", "report.md"] {
        let page = words(&text(&folder.join(name)));
        // How many answered is a number of the design, which the table of designs tells with its source.
        let numbers = per_cents(&page.split("## Designs and response").next().unwrap_or_default().replace("100%", ""));
        assert!(numbers.is_subset(&known), "{name}: {numbers:?} in {known:?}");
        seen.extend(numbers);
    }
    let shown: BTreeSet<String> =
        cells.iter().filter(|cell| cell["item"] != "values_efficiency").map(|cell| cell["per_cent"].clone()).collect();
    assert!(shown.iter().filter(|number| !number.is_empty()).all(|number| seen.contains(number)), "{shown:?} {seen:?}");
    for cell in &cells {
        assert_eq!(cell["per_cent"].is_empty(), cell["citation"].is_empty(), "{cell:?}");
        assert_eq!(cell["status"] == "shown", !cell["per_cent"].is_empty(), "{cell:?}");
        assert_eq!(cell["status"] == "shown", cell["reason"].is_empty(), "a gap has its reason: {cell:?}");
    }
}

#[test]
fn what_was_asked_otherwise_is_a_gap_with_its_reason_and_nowhere_a_number() {
    let (_, folder) = &*PUBLISHED;
    let cells = cells(folder);
    let apart: Vec<_> = cells.iter().filter(|cell| cell["status"] == "not comparable").collect();
    let reasons: BTreeSet<&str> =
        apart.iter().filter_map(|cell| cell["reason"].split_once(':').map(|(kind, _)| kind)).collect();
    assert!(reasons.contains("reworded") && reasons.contains("other_unit"), "{reasons:?}");
    // These were printed, of the most important innovation and of whole municipalities.
    let printed: BTreeSet<String> = cells.iter().map(|cell| cell["per_cent"].clone()).collect();
    for number in ["72", "52", "95", "96"] {
        assert!(!printed.contains(number), "{number}");
        for (name, bytes) in tree(folder) {
            let told = per_cents(&words(&String::from_utf8_lossy(&bytes)));
            assert!(!told.contains(number), "{name}: {number}");
        }
    }
    let page = text(&folder.join("value.html"));
    assert!(page.contains("not comparable: Reworded (b)"), "the drawing has a gap");
    let comparability = text(&folder.join("comparability.html"));
    assert!(comparability.contains("<ins>") && comparability.contains("<del>"), "both wordings stand there");
}

/// The files that are compared: every page in the first language and one in each of the others, with the cells.
fn kept(name: &str) -> bool {
    let is_first = !name.contains('/') && name != "manifest.json";
    is_first || name == "data/comparison.csv" || name == "figures/value.svg" || name.ends_with("/value.html")
}

#[test]
fn the_comparison_is_as_expected_to_the_byte() {
    let (_, folder) = &*PUBLISHED;
    let found: BTreeMap<String, Vec<u8>> = tree(folder).into_iter().filter(|(name, _)| kept(name)).collect();
    let expected = testkit::repository().join("fixtures/nordic/2019/expected");
    if std::env::var_os("BAROMETER_GOLDEN").is_some() {
        let _ = fs::remove_dir_all(&expected);
        for (name, bytes) in &found {
            let path = expected.join(name);
            fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
            fs::write(path, bytes).expect("a file can be written");
        }
    }
    assert_eq!(
        differing(&tree(&expected), &found),
        Vec::<String>::new(),
        "pages differ from fixtures/nordic/2019/expected; where the change is meant, make golden rewrites them"
    );
}

#[test]
fn a_comparison_is_proved_from_the_files_that_it_was_made_from() {
    let out = tempfile::tempdir().expect("a temporary folder can be made");
    copy(&PUBLISHED.1, &out.path().join("nordic/2019"));
    let folder = out.path().join("nordic/2019");
    let proved = || say(&["verify", folder.to_str().expect("UTF-8")]);
    let said = proved();
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.out.contains("every file is the same to the byte"), "{}", said.out);
    let page = folder.join("value.html");
    fs::write(&page, text(&page).replace("68%", "86%")).expect("a page can be written");
    let said = proved();
    assert_eq!(said.code, Some(7), "{}{}", said.out, said.err);
    assert!(said.out.contains("value.html is not as the manifest lists it"), "{}", said.out);
}

#[test]
fn the_seal_is_of_the_cells_in_the_first_language_that_is_made() {
    let sealed = |folder: &Path, cells: &str| {
        let manifest: serde_json::Value =
            serde_json::from_str(&text(&folder.join("manifest.json"))).expect("a manifest is JSON");
        let outputs = manifest["outputs"].as_array().expect("the files").clone();
        let of_cells = outputs.into_iter().find(|file| file["path"] == cells).expect("it is listed");
        assert_eq!(manifest["seal"], of_cells["sha256"], "{cells}");
    };
    // English is the root, though the folder of Danish comes before it by its name.
    sealed(&PUBLISHED.1, "data/comparison.csv");
    let out = tempfile::tempdir().expect("a temporary folder can be made");
    let made = ["run", "pipelines/nordic", "--draft", "--lang", "sv,da", "--out"];
    let said: Said = barometer().args(made).arg(out.path()).output().expect("the program starts").into();
    assert_eq!(said.code, Some(0), "{}", said.err);
    sealed(&out.path().join("internal/nordic/2019/draft"), "da/data/comparison.csv");
}

#[test]
fn numbers_of_a_release_that_is_not_there_are_refused() {
    let out = tempfile::tempdir().expect("a temporary folder can be made");
    let said = run("pipelines/nordic_demonstration", out.path());
    assert_eq!(said.code, Some(3), "{}", said.err);
    assert!(said.err.contains("pipelines/nordic_demonstration/comparison.toml:13:"), "{}", said.err);
    assert!(said.err.contains("dnk takes numbers from the release") && said.err.contains("which is not there"));
    assert!(said.err.contains("build it first"), "{}", said.err);
}

#[test]
fn a_wrong_number_in_a_text_stops_the_comparison_with_words_that_would_be_true() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    copy(&testkit::repository().join("pipelines"), folder.path());
    let page = folder.path().join("nordic/report/municipal.en.md");
    fs::write(&page, text(&page).replace("[74 per cent]", "[47 per cent]")).expect("a text can be written");
    let said = run(folder.path().join("nordic").to_str().expect("UTF-8"), folder.path());
    assert_eq!(said.code, Some(5), "{}", said.err);
    assert!(
        said.err.contains("municipal.en.md:3:") && said.err.contains("the estimate is 74 per cent"),
        "{}",
        said.err
    );
    assert!(said.err.contains("74%"), "{}", said.err);
}

/// What a demonstration must say of itself, in a folder in which every edition was built.
pub(crate) fn demonstration(out: &Path) {
    let folder = out.join("nordic_demonstration/2019");
    for (name, bytes) in tree(&folder).into_iter().filter(|(name, _)| !name.starts_with("assets/")) {
        let text = String::from_utf8(bytes).expect("every file is text");
        assert!(text.contains("SYNTHETIC") || text.contains("SYNTETISKE"), "{name} says what it is");
        if name.ends_with(".html") {
            assert!(text.contains("Demonstration: "), "{name} is called a demonstration");
        }
    }
    is_attacked(&folder);
    let cells = cells(&folder);
    assert!(cells.iter().all(|cell| cell["source"] == "SYNTHETIC"));
    let shown: Vec<_> = cells.iter().filter(|cell| !cell["per_cent"].is_empty()).collect();
    assert!(shown.len() >= 12 && shown.iter().all(|cell| cell["origin"] == "release" && !cell["lower"].is_empty()));
    // Each is the cell of the country's own release.
    for cell in shown {
        let data = out.join(&cell["citation"]).join("data");
        let files = [data.clone(), out.join(&cell["citation"]).join("en/data")];
        let is_there = files.iter().any(|data| {
            tree(data).into_iter().filter(|(name, _)| name.ends_with(".csv")).any(|(_, bytes)| {
                let mut reader = csv::Reader::from_reader(bytes.as_slice());
                let rows = reader.deserialize::<BTreeMap<String, String>>().filter_map(Result::ok).collect::<Vec<_>>();
                let same =
                    |row: &BTreeMap<String, String>, theirs: &str, ours: &str| row.get(theirs) == Some(&cell[ours]);
                rows.iter().any(|row| {
                    same(row, "item", "item")
                        && row.values().any(|value| *value == cell["per_cent"])
                        && same(row, "n", "n")
                })
            })
        });
        assert!(is_there, "{cell:?}");
    }
}

/// A comparison tells nothing that the releases around it do not show; one that does is found.
fn is_attacked(folder: &Path) {
    let audit = |folder: &Path, more: &[&str]| -> Said {
        barometer().arg("audit").arg(folder).args(more).output().expect("the program starts").into()
    };
    let said = audit(folder, &[]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    let planted = tempfile::tempdir().expect("a temporary folder can be made");
    crate::house::copy(folder, planted.path());
    // Elsewhere its releases are named, or nobody knows what they show.
    let out =
        folder.parent().and_then(Path::parent).expect("it lies in the folder of releases").to_str().expect("UTF-8");
    let said = audit(planted.path(), &[]);
    assert_eq!(said.code, Some(2), "{}", said.err);
    assert!(said.err.contains("which is not beside it: name the folder of releases with --against"), "{}", said.err);
    assert_eq!(audit(planted.path(), &["--against", out]).code, Some(0));
    let file = planted.path().join("data/comparison.csv");
    let cells = text(&file);
    let mut reader = csv::Reader::from_reader(cells.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).expect("a row");
    let n = header.iter().position(|column| column == "n").expect("a column");
    for (index, row) in reader.records().enumerate() {
        let row = row.expect("a row");
        // Three answers fewer in the first cell.
        let cell = |(place, cell): (usize, &str)| match cell.parse::<u64>() {
            Ok(answers) if index == 0 && place == n => (answers - 3).to_string(),
            _ => cell.to_owned(),
        };
        writer.write_record(row.iter().enumerate().map(cell)).expect("a row");
    }
    fs::write(&file, writer.into_inner().expect("a vector takes every byte")).expect("a file can be written");
    let said = audit(planted.path(), &["--against", out]);
    assert_eq!(said.code, Some(4), "{}", said.out);
    assert!(said.out.contains("is told there, and") && said.out.contains("in data/comparison.csv"), "{}", said.out);
}
