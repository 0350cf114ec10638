//! A comparison of editions that were counted: what their releases hide or mark, and what they tell of response. The releases are that of Denmark 2019 in
//! the fixtures, changed where a fact needs it, and the same once more in the place of another country's.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::{text, words};
use crate::house::{Said, barometer, copy};

const COMPARISON: &str = r#"
core = "1"
languages = ["en"]
demonstration = true
title = "Side by side"
publisher = "Nobody"
about = "Made-up numbers."
year = 2019
published = 2026-12-01
[editions.dnk]
country = "dnk"
wave = 2019
cells = "release"
label = "Denmark"
[editions.isl]
country = "isl"
wave = 2018
cells = "release"
label = "Iceland"
[editions.municipality]
country = "dnk"
wave = 2019
cells = "release"
group = { level = "municipality" }
label = "Municipalities"
[editions.region]
country = "dnk"
wave = 2019
cells = "release"
group = { level = "region" }
label = "Regions"
design = { answers = 300, invited = 400, source = "Nowhere" }
[editions.state]
country = "dnk"
wave = 2019
cells = "release"
group = { level = "state" }
label = "The state"
"#;

const TABLES: &str = r#"
[bases.innovative]
where = "innovative"
label = "innovative workplaces"
counting_unit = "innovations"
[tables.values]
title = "Value"
base = "innovative"
measure = "share"
rows = ["values_quality", "values_efficiency"]
[tables.several]
title = "Several"
base = "innovative"
measure = "share"
rows = ["values_quality", "novelty"]
"#;

const COUNTRIES: &str = r#"
order = 1
editions = ["dnk", "isl"]
[[figures]]
id = "values"
table = "values"
headline = "Value"
[[figures]]
id = "several"
table = "several"
headline = "Several"
"#;

const LEVELS: &str = r#"
order = 2
editions = ["municipality", "region", "state"]
[[figures]]
id = "levels"
table = "values"
headline = "Value by level"
"#;

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
    fs::write(path, text).expect("a file can be written");
}

/// A release with these published tables, sealed.
fn release(folder: &Path, tables: &Value) {
    let fixture = testkit::repository().join("fixtures/dnk/2019/expected");
    let sealed = format!("{tables}\n");
    write(&folder.join("provenance/published.json"), &sealed);
    let mut manifest: Value = serde_json::from_str(&text(&fixture.join("manifest.json"))).expect("JSON");
    manifest["seal"] = json!(digest(sealed.as_bytes()));
    // It lies where a release of its country and wave does.
    let name = |folder: &Path| folder.file_name().and_then(|it| it.to_str()).expect("a name").to_owned();
    manifest["country"] = json!(name(folder.parent().expect("a country's folder")));
    manifest["edition"] = json!(name(folder));
    manifest["wave"] = json!(name(folder).parse::<u16>().expect("a year"));
    write(&folder.join("manifest.json"), &manifest.to_string());
}

fn digest(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The cell of Higher efficiency in one level of government.
fn efficiency<'v>(tables: &'v mut Value, level: &str) -> &'v mut Value {
    let tables = tables["tables"].as_array_mut().expect("the tables");
    let table = tables.iter_mut().find(|table| table["id"] == "values").expect("a table of value");
    let at = |list: &Value, one: &Value| list.as_array().expect("a list").iter().position(|it| it == one);
    let row = at(&table["rows"], &json!("values_efficiency")).expect("a row");
    let group = json!({ "group": { "breakdown": "level", "code": level } });
    let column = at(&table["domains"], &group).expect("a group");
    &mut table["cells"][row][column]
}

/// The comparison in its folder, made.
fn made(change: impl Fn(&mut Value)) -> tempfile::TempDir {
    let (desk, said) = tried(change, |_| {});
    assert_eq!(said.code, Some(0), "{}", said.err);
    desk
}

/// The comparison in its folder, of releases that were changed, the second of them once more, and what came of making it.
fn tried(change: impl Fn(&mut Value), change_other: impl Fn(&mut Value)) -> (tempfile::TempDir, Said) {
    let desk = tempfile::tempdir().expect("a temporary folder can be made");
    for country in ["dnk", "isl"] {
        copy(&testkit::repository().join("pipelines").join(country), &desk.path().join(country));
    }
    let store = testkit::repository().join("fixtures/dnk/2019/expected/provenance/published.json");
    let mut tables: Value = serde_json::from_str(&text(&store)).expect("JSON");
    change(&mut tables);
    release(&desk.path().join("out/dnk/2019"), &tables);
    tables["wave"] = json!("2018");
    change_other(&mut tables);
    release(&desk.path().join("out/isl/2018"), &tables);
    let folder = desk.path().join("side");
    write(&folder.join("comparison.toml"), COMPARISON);
    write(&folder.join("tables.toml"), TABLES);
    write(&folder.join("report/countries.toml"), COUNTRIES);
    write(&folder.join("report/countries.en.md"), "# Countries\n\n{{ figure values }}\n\n{{ figure several }}\n");
    write(&folder.join("report/levels.toml"), LEVELS);
    write(&folder.join("report/levels.en.md"), "# Levels\n\n{{ figure levels }}\n");
    let mut command = barometer();
    command.current_dir(desk.path()).args(["run", "side", "--out", "out"]);
    let said: Said = command.output().expect("the program starts").into();
    (desk, said)
}

/// A page's words, with single spaces.
fn page(desk: &tempfile::TempDir, name: &str) -> String {
    words(&text(&desk.path().join("out/side/2019").join(name))).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_gap_of_a_release_tells_its_reason_and_its_source_and_a_mark_what_it_means() {
    let hidden = made(|tables| {
        *efficiency(tables, "state") = json!({ "hidden": "confidential" });
        let region = efficiency(tables, "region");
        *region = json!({ "flagged": [region["shown"], "imprecise"] });
    });
    let data = page(&hidden, "data.html");
    let row = data.split("Value: Higher efficiency The state").nth(1).expect("a row of the state");
    let row = row.split("Value: ").next().expect("up to the next row");
    assert!(
        row.contains("too few answers to publish without disclosing some of them · ") && row.contains("dnk/2019"),
        "{row}"
    );
    assert!(data.contains("† imprecise: read with care."), "{data}");
    assert!(!data.contains("few answers: read with care"), "no cell has few answers: {data}");
}

/// Its releases tell no more of a hidden cell than that it is hidden, and neither may any file of the comparison.
#[test]
fn a_number_of_a_hidden_cell_is_found_in_the_markdown_of_a_comparison() {
    let desk = made(|tables| *efficiency(tables, "state") = json!({ "hidden": "confidential" }));
    let folder = desk.path().join("out/side/2019");
    let audit = || -> crate::house::Said {
        crate::house::barometer().arg("audit").arg(&folder).output().expect("the program starts").into()
    };
    assert_eq!(audit().code, Some(0), "{}", audit().err);
    let path = folder.join("report.md");
    let sound = text(&path);
    for planted in [
        "| Value: Higher efficiency | The state | 61 | 57–65 | 480 | |",
        "| Higher efficiency | The state | 61 |",
        "The state: 61 of 480 answers.",
    ] {
        fs::write(&path, format!("{sound}\n{planted}\n")).expect("a file can be written");
        let said = audit();
        assert_eq!(said.code, Some(4), "{planted}: {}{}", said.out, said.err);
        assert!(said.out.contains("values_efficiency:yes, edition state"), "{planted}: {}", said.out);
    }
}

#[test]
fn the_response_of_a_counted_edition_is_that_of_its_quality_report_and_a_group_has_only_what_is_stated() {
    let desk = made(|tables| {
        let fieldwork = &mut tables["fieldwork"];
        assert_eq!((&fieldwork["answers"], &fieldwork["drawn"]), (&json!(2271), &json!(4472)));
        fieldwork["zero_weight"] = json!(71);
        fieldwork["left_out"] = json!([["incomplete", 60], ["out_of_scope", 472]]);
    });
    let report = text(&desk.path().join("out/side/2019/report.md"));
    let row = |name: &str| report.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{report}"));
    assert!(report.contains("usable answers ÷ (units drawn − units that do not belong to the population)"), "{report}");
    // 2,342 usable answers of 4,000 units of the population.
    let head = row("| Edition | Answers (n) |");
    assert_eq!(head, "| Edition | Answers (n) | Response rate |");
    let (_, rows) = report.split_once(head).expect("the report has the row");
    let rows = rows.lines().skip_while(|line| line.is_empty() || line.contains("---"));
    let rows: Vec<&str> = rows.take_while(|line| line.starts_with("| ")).collect();
    let told = [
        "| Denmark | 2,342 | 58.6% |",
        "| Iceland | 2,342 | 58.6% |",
        "| Municipalities | not known | not known |",
        "| Regions | 300 | 75.0% |",
        "| The state | not known | not known |",
    ];
    assert_eq!(rows, told);
}

#[test]
fn an_answer_beside_those_to_other_questions_is_told_with_what_was_asked() {
    let desk = made(|_| {});
    let comparability = page(&desk, "comparability.html");
    assert!(comparability.contains("Several: Novelty: First to develop it"), "{comparability}");
    assert!(comparability.contains("Several: Higher quality"), "an item of its own needs no more: {comparability}");
}

#[test]
fn intervals_that_are_not_equally_sure_are_not_put_beside_each_other() {
    let (desk, said) = tried(|_| {}, |tables| tables["method"]["level"] = json!(9000));
    assert_eq!(said.code, Some(3), "{}", said.err);
    let told =
        "isl has intervals of 90 per cent, and dnk has intervals of 95 per cent: their lengths cannot be compared";
    assert!(said.err.contains("side/comparison.toml:15:") && said.err.contains(told), "{}", said.err);
    assert!(said.err.contains("help: give the countries one confidence_level and build their editions again"));
    assert!(!desk.path().join("out/side").exists(), "nothing is published");
    // What the countries state today is seen before there is any release.
    let country = desk.path().join("isl/country.toml");
    let stated = format!("confidence_level = 0.9\n{}", text(&country));
    fs::write(&country, stated).expect("a file can be written");
    let mut command = barometer();
    command.current_dir(desk.path()).args(["check", "side"]);
    let said: Said = command.output().expect("the program starts").into();
    assert_eq!(said.code, Some(3), "{}{}", said.out, said.err);
    assert!(format!("{}{}", said.out, said.err).contains(told), "{}{}", said.out, said.err);
}

#[test]
fn a_number_in_a_note_is_checked_by_nothing_and_refused() {
    let (desk, _) = tried(|_| {}, |_| {});
    let file = desk.path().join("side/comparison.toml");
    let whole = text(&file);
    for (from, to) in [
        ("about = \"Made-up numbers.\"", "about = \"Made-up numbers of 47 countries.\""),
        ("label = \"Iceland\"", "label = \"Iceland\"\nnote = \"Asked about 2017 and 2018; four in five answered.\""),
    ] {
        let line = 1 + whole[..whole.find(from).expect("it is there")].matches('\n').count() + to.matches('\n').count();
        fs::write(&file, whole.replace(from, to)).expect("a file can be written");
        let mut command = barometer();
        command.current_dir(desk.path()).args(["check", "side"]);
        let said: Said = command.output().expect("the program starts").into();
        assert_eq!(said.code, Some(3), "{to}: {}{}", said.out, said.err);
        let told = format!("{}{}", said.out, said.err);
        assert!(told.contains(&format!("side/comparison.toml:{line}:")), "{to}: {told}");
        assert!(told.contains("nothing checks the number in"), "{to}: {told}");
        assert!(!told.contains("2017") && told.contains("tell it on a page, as a claim"), "{to}: {told}");
    }
}
