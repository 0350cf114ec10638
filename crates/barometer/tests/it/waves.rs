//! Denmark over four waves: each edition, the series of the newest, and what was printed when the waves came out.

mod breaks;
mod partners;
mod words;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use codebook::{Measure, PrintedNumber, WaveId, Weighting};
use serde_json::Value;

use crate::house::{Said, barometer, copy, differing, published, release, say, tree};
use crate::recompute::{country, estimate, units};

const WAVES: [&str; 4] = ["2014", "2016", "2019", "2023"];

fn fixture(below: &str) -> PathBuf {
    testkit::repository().join("fixtures/dnk").join(below)
}

/// Where the raw files of every wave are.
fn raw_of_all() -> PathBuf {
    testkit::repository().join("fixtures/{country}/{wave}/raw")
}

/// The newest edition, with every earlier wave at hand.
static NEWEST: LazyLock<(tempfile::TempDir, PathBuf)> =
    LazyLock::new(|| release("pipelines/dnk", "2023", &raw_of_all(), &[]));

#[test]
fn the_committed_export_of_each_wave_is_the_twin_of_its_year() {
    for year in ["2014", "2016", "2023"] {
        let made = tempfile::tempdir().expect("a temporary folder can be made");
        let out = made.path().to_str().expect("temporary paths are UTF-8");
        let said = say(&["twin", "pipelines/dnk", "--wave", year, "--seed", year, "--out", out]);
        assert_eq!(said.code, Some(0), "{}", said.err);
        let committed = tree(&fixture(&format!("{year}/raw")));
        assert_eq!(differing(&committed, &tree(made.path())), Vec::<String>::new(), "{year}");
    }
}

/// Every number that Denmark's editions printed: wave, table, row, group, per cent in tenths, n; and whether without weights.
#[rustfmt::skip]
const PRINTED: [(&str, &str, &str, &str, i128, u64); 38] = [
    ("2014", "reuse", "reuse", "", 730, 1093),
    ("2014", "collaboration", "collaboration", "", 790, 1093),
    ("2014", "values", "values_quality", "", 700, 1093),
    ("2014", "values", "values_efficiency", "", 460, 1093),
    ("2014", "interplay", "economy_role", "", 650, 1093),
    ("2014", "interplay", "employees_role", "", 860, 1093),
    ("2014", "interplay", "politicians_role", "", 690, 1093),
    ("2014", "interplay", "citizens_role", "", 630, 1093),
    ("2014", "interplay", "companies_role", "", 300, 1093),
    ("2014", "interplay", "research_role", "", 210, 1093),
    ("2014", "interplay", "associations_role", "", 140, 1093),
    ("2014", "novelty", "novelty:dont_know", "", 80, 1093),
    ("2016", "innovation", "innovative", "region", 800, 0),
    ("2016", "innovation", "innovative", "municipality", 800, 0),
    ("2016", "innovation", "innovative", "state", 840, 0),
    ("2019", "innovation", "innovative", "", 810, 2271),
    ("2019", "innovation", "innovative", "municipality", 800, 0),
    ("2019", "innovation", "innovative", "state", 840, 0),
    ("2019", "innovation", "innovative", "region", 850, 0),
    ("2019", "values", "values_quality", "", 680, 1877),
    ("2019", "values", "values_satisfaction", "", 470, 1877),
    ("2019", "roles", "companies_role", "", 260, 1877),
    ("2019", "closeness", "closeness:dont_know", "", 100, 1877),
    ("2019", "technology", "technology:itself", "", 110, 1877),
    ("2019", "employees", "employees_role", "", 870, 1877),
    ("2019", "employees", "employees_role", "", 890, 1877),
    ("2019", "developing", "developing:dont_know", "", 230, 394),
    ("2023", "innovation", "innovative", "", 830, 1611),
    ("2023", "procurement", "procurement:yes", "", 110, 1352),
    ("2023", "roles", "companies_role", "", 260, 1352),
    ("2023", "reasons", "reasons_companies", "", 20, 1352),
    ("2023", "promoted", "factors_companies", "", 170, 1352),
    ("2023", "partners", "partners_companies", "", 160, 1352),
    ("2023", "promoted", "factors_employees", "", 900, 1352),
    ("2023", "hindered", "factors_employees", "", 70, 1352),
    ("2023", "promoted", "factors_across", "", 820, 1352),
    ("2023", "hindered", "factors_across", "", 80, 1352),
    ("2023", "technology", "technology:itself", "", 110, 1352),
];

/// The rest of them: shares of technology, and those that were printed without weights.
#[rustfmt::skip]
const PRINTED_TOO: [(&str, &str, &str, i128, Weighting); 5] = [
    ("2023", "technology", "technology:important", 260, Weighting::Weighted),
    ("2023", "technology", "technology:none", 270, Weighting::Weighted),
    ("2019", "reuse", "reuse", 719, Weighting::Unweighted),
    ("2019", "collaboration", "collaboration", 711, Weighting::Unweighted),
    ("2019", "evaluated", "evaluated", 399, Weighting::Unweighted),
];

/// What was printed in words alone.
#[rustfmt::skip]
const IN_WORDS: [(&str, &str); 10] = [
    ("2014", "~25"), ("2014", "~>50"), ("2016", "~80-81"), ("2019", "~50"), ("2019", "~30"), ("2019", "~10"), ("2019", "~40"),
    ("2019", "~90"), ("2019", "~80"), ("2019", "~25"),
];

#[test]
fn every_number_that_denmark_printed_stands_in_its_file() {
    let country = country("pipelines/dnk");
    let tenths = |printed: &codebook::Printed| printed.percent().and_then(|percent| percent.units_at(1));
    for (wave, table, row, group, percent, n) in PRINTED {
        let is_it = |printed: &&codebook::Printed| {
            let Some(cell) = &printed.cell else { return false };
            let own = cell.group.as_ref().map_or("", |(_, code)| code.as_str());
            (cell.table.as_str(), cell.row.as_str(), own) == (table, row, group)
                && printed.wave.to_string() == wave
                && tenths(printed) == Some(percent)
                && printed.weighting == Weighting::Weighted
        };
        let found = country.printed.iter().find(is_it);
        let found = found.unwrap_or_else(|| panic!("{wave} {table} {row} {group} {percent}"));
        assert_eq!(found.n.unwrap_or(0), n, "n of {wave} {table} {row} {group}");
    }
    for (wave, table, row, percent, weighting) in PRINTED_TOO {
        let is_it = |printed: &codebook::Printed| {
            let cell = printed.cell.as_ref().map(|cell| (cell.table.as_str(), cell.row.as_str()));
            cell == Some((table, row))
                && printed.wave.to_string() == wave
                && tenths(printed) == Some(percent)
                && printed.weighting == weighting
        };
        assert!(country.printed.iter().any(is_it), "{wave} {table} {row} {percent}");
    }
    for (wave, words) in IN_WORDS {
        let told = PrintedNumber::About(words.to_owned());
        assert!(country.printed.iter().any(|it| it.wave.to_string() == wave && it.told == told), "{wave} {words}");
    }
    assert_eq!(country.printed.len(), PRINTED.len() + PRINTED_TOO.len() + IN_WORDS.len());
}

#[test]
fn every_number_in_digits_is_compared_with_what_comes_out_today() {
    let digits = PRINTED.len() + PRINTED_TOO.len();
    let mut compared = 0;
    for year in WAVES {
        let (_out, folder) = release("pipelines/dnk", year, &raw_of_all(), &[]);
        let published = published(&folder);
        let tests = published["back_tests"].as_array().expect("a list");
        compared += tests.iter().filter(|test| test["wave"] == *year).count();
    }
    assert_eq!(compared, digits);
}

#[test]
fn a_number_that_is_another_one_today_stops_the_run_unless_somebody_says_why() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    copy(&testkit::repository().join("pipelines/dnk"), &folder.path().join("dnk"));
    let file = folder.path().join("dnk/published.csv");
    let text = fs::read_to_string(&file).expect("what was printed");
    let run = |text: &str| -> Said {
        fs::write(&file, text).expect("a file can be written");
        let out = folder.path().join("out");
        let raw = fixture("2019/raw");
        let mut command = barometer();
        command.arg("run").arg(folder.path().join("dnk")).args(["--wave", "2019", "--no-cache", "--raw"]).arg(raw);
        command.arg("--out").arg(out).output().expect("the program starts").into()
    };
    let line = "2019,values,values_quality,,,,68,,1877,innovative,,\"Third edition, 2020\",,\n";
    assert!(text.contains(line));
    let said = run(&text.replace(line, &line.replace(",68,", ",67,")));
    assert_eq!(said.code, Some(3), "{}", said.err);
    let told = "values_quality in table values of wave 2019 is 68 per cent today, and 67 was printed: more than half a point apart";
    assert!(said.err.contains(told), "{}", said.err);
    let said = run(&text.replace(line, &line.replace(",1877,", ",1876,")));
    assert_eq!(said.code, Some(3), "{}", said.err);
    assert!(said.err.contains("has 1877 answers in its base today, and 1876 were printed"), "{}", said.err);
    let explained = line.replace(",68,", ",67,").replace("\",,\n", "\",rettet i 2021,corrected in 2021\n");
    let said = run(&text.replace(line, &explained));
    assert_eq!(said.code, Some(0), "{}", said.err);
    let page = fs::read_to_string(folder.path().join("out/dnk/2019/en/quality.html")).expect("the page of quality");
    assert!(page.contains("corrected in 2021"));
}

/// A shown cell of an earlier wave: table, row, group, estimate, SE, n.
type ShownCell = (String, String, Option<(String, String)>, f64, f64, u64);

/// The cells of an earlier wave in the store of an edition.
fn cells(earlier: &Value) -> Vec<ShownCell> {
    let number = |pair: &Value| {
        let decimals = pair[1].as_u64().expect("decimals");
        (0..decimals).fold(pair[0].as_f64().expect("units"), |number, _| number / 10.0)
    };
    let mut cells = Vec::new();
    for table in earlier["tables"].as_array().expect("tables") {
        for (row, of_row) in
            table["rows"].as_array().expect("rows").iter().zip(table["cells"].as_array().expect("cells"))
        {
            let domains = table["domains"].as_array().expect("domains");
            for (domain, cell) in domains.iter().zip(of_row.as_array().expect("a row")) {
                let figures = if cell["shown"].is_object() { &cell["shown"] } else { &cell["flagged"][0] };
                if !figures.is_object() {
                    continue;
                }
                let text = |value: &Value| value.as_str().expect("a name").to_owned();
                let group = &domain["group"];
                let group = group.is_object().then(|| (text(&group["breakdown"]), text(&group["code"])));
                let n = figures["n"].as_u64().expect("a count");
                let (value, se) = (number(&figures["estimate"]), number(&figures["se"]));
                cells.push((text(&table["id"]), text(row), group, value, se, n));
            }
        }
    }
    cells
}

#[test]
fn every_number_of_an_earlier_wave_follows_from_its_own_answers_by_another_road() {
    let store = published(&NEWEST.1);
    let whole = country("pipelines/dnk");
    let mut compared = BTreeMap::new();
    for earlier in store["earlier"].as_array().expect("earlier waves") {
        let year = earlier["wave"].as_str().expect("a wave");
        let wave = WaveId::new(year).expect("a year");
        let country = whole.of_wave(wave);
        let units = units(&country, wave, &fixture(&format!("{year}/raw")));
        for (table, row, group, value, se, n) in cells(earlier) {
            let spec = country.tables.iter().find(|spec| spec.id.as_str() == table).expect("a table of the wave");
            let of_row = spec.rows.iter().find(|it| it.id.as_str() == row).expect("a row of the table");
            let named = group.as_ref().map(|(breakdown, code)| (breakdown.as_str(), code.as_str()));
            let naive = estimate(&country, &units, spec, of_row, named).expect("a shown cell has answers");
            let place = format!("{year} {table} {row} {group:?}");
            assert_eq!((spec.measure, naive.n), (Measure::Share, n), "{place}");
            assert!((naive.value * 100.0 - value).abs() <= 0.5 + 1e-9, "{place}: {value} against {}", naive.value);
            assert!((naive.se * 100.0 - se).abs() <= 0.05 + 1e-9, "SE of {place}: {se} against {}", naive.se);
            *compared.entry(year.to_owned()).or_insert(0) += 1;
        }
    }
    assert_eq!(compared.keys().map(String::as_str).collect::<Vec<_>>(), ["2014", "2016", "2019"]);
    assert!(compared.values().all(|cells| *cells >= 6), "{compared:?}");
}

#[test]
fn a_series_shows_of_an_earlier_wave_what_its_own_edition_shows() {
    let store = published(&NEWEST.1);
    let mut compared = 0;
    for earlier in store["earlier"].as_array().expect("earlier waves") {
        let year = earlier["wave"].as_str().expect("a wave");
        let (_out, folder) = release("pipelines/dnk", year, &raw_of_all(), &[]);
        let own = published(&folder);
        for table in earlier["tables"].as_array().expect("tables") {
            let of_edition = own["tables"].as_array().expect("tables").iter().find(|it| it["id"] == table["id"]);
            let of_edition = of_edition.expect("the edition has the table");
            assert_eq!(of_edition["rows"], table["rows"]);
            for (at, domain) in table["domains"].as_array().expect("domains").iter().enumerate() {
                let domains = of_edition["domains"].as_array().expect("domains");
                let there = domains.iter().position(|it| it == domain).expect("the edition has the group");
                for row in 0..table["rows"].as_array().expect("rows").len() {
                    assert_eq!(
                        table["cells"][row][at], of_edition["cells"][row][there],
                        "{year} {} {domain}",
                        table["id"]
                    );
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 40, "{compared}");
}

/// 1.96 is the normal quantile; with more than a thousand degrees of freedom t is larger by less than a thousandth.
/// A page of changes comes from more than its own wave, and `why` knows it.
#[test]
fn a_page_of_changes_tells_the_files_of_every_wave_that_it_shows() {
    let (_out, folder) = &*NEWEST;
    let desk = tempfile::tempdir().expect("a temporary folder can be made");
    copy(&testkit::repository().join("pipelines/dnk"), &desk.path().join("dnk"));
    copy(&testkit::repository().join("pipelines/core"), &desk.path().join("core"));
    for year in WAVES {
        copy(&fixture(&format!("{year}/raw")), &desk.path().join("raw").join(year));
    }
    let why = |file: &str, raw: &str| -> BTreeMap<String, String> {
        let said: Said = barometer()
            .args(["why", "--format", "json", "--country"])
            .arg(desk.path().join("dnk"))
            .arg("--raw")
            .arg(desk.path().join("raw").join(raw))
            .arg(folder.join(file))
            .output()
            .expect("it starts")
            .into();
        assert_eq!(said.code, Some(0), "{}", said.err);
        let found: Value = serde_json::from_str(&said.out).expect("JSON");
        let sources = ["inputs", "raw"].into_iter().flat_map(|list| found[list].as_array().expect("a list").clone());
        let text = |source: &Value, key: &str| source[key].as_str().expect("a text").to_owned();
        sources.map(|source| (text(&source, "path"), text(&source, "since"))).collect()
    };
    let sources = why("change.html", "{wave}");
    for path in ["series.toml", "published.csv", "ledger.toml", "waves/2019.toml", "2019/synthetic-answers.csv"] {
        assert_eq!(sources.get(path).map(String::as_str), Some("same"), "{path} is in {sources:?}");
    }
    for (path, more) in [("dnk/series.toml", "\n# Revised.\n"), ("dnk/waves/2019.toml", "\n# Revised.\n")] {
        let file = desk.path().join(path);
        let text = fs::read_to_string(&file).expect("the file is there");
        fs::write(file, format!("{text}{more}")).expect("a file can be written");
    }
    let answers = desk.path().join("raw/2019/synthetic-answers.csv");
    let text = fs::read_to_string(&answers).expect("the answers are there");
    let (without, _) = text.trim_end().rsplit_once('\n').expect("several rows");
    fs::write(&answers, format!("{without}\n")).expect("a file can be written");
    for file in ["change.html", "data/waves.csv"] {
        let sources = why(file, "{wave}");
        for path in ["series.toml", "waves/2019.toml", "2019/synthetic-answers.csv"] {
            assert_eq!(sources[path], "changed", "{path} of {file}");
        }
        assert_eq!(sources["2016/synthetic-answers.csv"], "same");
    }
    // The files of one table hold its own wave, and what is not at hand is not gone.
    let sources = why("data/innovation.csv", "{wave}");
    assert!(!sources.contains_key("series.toml") && !sources.contains_key("2019/synthetic-answers.csv"), "{sources:?}");
    assert_eq!(why("change.html", "2023")["2019/synthetic-answers.csv"], "unknown");
}

/// A series shows numbers of earlier waves; they are published as well, and stay.
#[test]
fn numbers_of_an_earlier_wave_are_not_changed_in_silence() {
    let (out, _) = &*NEWEST;
    let raw = tempfile::tempdir().expect("a temporary folder can be made");
    for year in ["2014", "2019", "2023"] {
        copy(&fixture(&format!("{year}/raw")), &raw.path().join(year));
    }
    // Other answers with the same margins, as if somebody had mended the export of 2016.
    let answers = raw.path().join("2016");
    let said =
        say(&["twin", "pipelines/dnk", "--wave", "2016", "--seed", "7", "--out", answers.to_str().expect("UTF-8")]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let before = tree(out.path());
    let said: Said = barometer()
        .args(["run", "pipelines/dnk", "--wave", "2023", "--raw"])
        .arg(raw.path().join("{wave}"))
        .arg("--out")
        .arg(out.path())
        .output()
        .expect("it starts")
        .into();
    assert_eq!(said.code, Some(3), "{}", said.err);
    assert!(said.err.contains("dnk/2023 is published, and "), "{}", said.err);
    assert!(said.err.contains("table innovation, row innovative, level municipality, wave 2016: 80 ("), "{}", said.err);
    assert_eq!(differing(&before, &tree(out.path())), Vec::<String>::new());
}

#[test]
fn the_change_that_a_page_tells_follows_from_both_waves() {
    let store = published(&NEWEST.1);
    let families = store["families"].as_array().expect("families");
    let tests = families.iter().flat_map(|family| family["tests"].as_array().expect("tests"));
    let test = tests.into_iter().find(|test| test["claim"] == "collaboration-fell").expect("the test of the sentence");
    assert_eq!(test["kind"], "change");
    let whole = country("pipelines/dnk");
    let share = |year: &str| {
        let wave = WaveId::new(year).expect("a year");
        let country = whole.of_wave(wave);
        let units = units(&country, wave, &fixture(&format!("{year}/raw")));
        let spec = country.tables.iter().find(|spec| spec.id.as_str() == "collaboration").expect("the table");
        let naive = estimate(&country, &units, spec, &spec.rows[0], None).expect("there are answers");
        (naive.value * 100.0, naive.se * 100.0)
    };
    let ((then, se_then), (now, se_now)) = (share("2016"), share("2023"));
    let (change, se) = (now - then, se_then.hypot(se_now));
    for (key, expected) in [("estimate", change), ("low", change - 1.96 * se), ("high", change + 1.96 * se)] {
        let told = test["size"][key][0].as_f64().expect("points");
        assert!((told - expected).abs() <= 0.5 + 0.01, "{key}: {told} against {expected}");
    }
    assert!(change + 1.96 * se < 0.0, "it fell");
}

#[test]
fn a_sentence_about_a_change_needs_the_answers_of_both_waves() {
    let out = tempfile::tempdir().expect("a temporary folder can be made");
    let mut command = barometer();
    command.args(["run", "pipelines/dnk", "--wave", "2023", "--raw"]).arg(fixture("2023/raw"));
    let said: Said = command.arg("--out").arg(out.path()).output().expect("the program starts").into();
    assert_eq!(said.code, Some(4), "{}", said.err);
    assert!(said.err.contains("wave 2019: as it was printed; its raw files are not at hand"), "{}", said.err);
    assert!(!out.path().join("dnk").exists(), "nothing was written");
    let raw = "put the raw files of wave 2016 into pipelines/dnk/raw/2016, or say with --raw where those of every wave are, with {wave} in the folder's name";
    // A change is tested, a number of then may be the one that was printed.
    for (words, help) in [
        ("fallen", format!("{raw}; or leave")),
        ("75 per cent", format!("{raw}; write what was printed then into published.csv; or leave")),
    ] {
        let told =
            format!("{words:?} is about wave 2016, whose answers are not at hand\nhelp: {help} the sentence out\n");
        assert!(said.err.contains(&told), "{told} is not in {}", said.err);
    }
}

#[test]
fn the_file_of_all_waves_holds_each_cell_wave_by_wave() {
    let text = fs::read_to_string(NEWEST.1.join("en/data/waves.csv")).expect("there is a file of all waves");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let at = |name: &str| header.iter().position(|column| column == name).expect("a column");
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    let total = rows.iter().filter(|row| &row[at("table")] == "innovation" && row[at("group")].is_empty());
    let waves: Vec<(&str, &str)> = total.map(|row| (&row[at("wave")], &row[at("n")])).collect();
    assert_eq!(waves, [("2014", "1255"), ("2016", "2363"), ("2019", "2271"), ("2023", "1611")]);
    let goals = rows.iter().filter(|row| &row[at("item")] == "values_political_goals");
    assert_eq!(goals.map(|row| &row[at("wave")]).collect::<Vec<_>>(), ["2019", "2023"], "nobody was asked before");
    assert!(rows.iter().all(|row| &row[at("source")] == "SYNTHETIC"));
}

/// What readers see of the series, in English; the rest of the pages is of the kinds that the edition of 2019 has.
const KEPT: [&str; 9] = [
    "en/change.html",
    "en/employees.html",
    "en/innovation.html",
    "en/quality.html",
    "en/data/waves.csv",
    "en/figures/collaboration-over-waves.svg",
    "en/figures/employees-over-waves.svg",
    "en/figures/innovation-over-waves.svg",
    "en/figures/values-over-waves.svg",
];

#[test]
fn pages_with_a_series_are_as_expected_to_the_byte() {
    let found: BTreeMap<String, Vec<u8>> =
        tree(&NEWEST.1).into_iter().filter(|(name, _)| KEPT.contains(&name.as_str())).collect();
    let expected = fixture("2023/expected");
    if std::env::var_os("BAROMETER_GOLDEN").is_some() {
        let _ = fs::remove_dir_all(&expected);
        for (name, bytes) in &found {
            let path: &Path = &expected.join(name);
            fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
            fs::write(path, bytes).expect("a file can be written");
        }
    }
    assert_eq!(found.len(), KEPT.len());
    assert_eq!(
        differing(&tree(&expected), &found),
        Vec::<String>::new(),
        "pages differ from fixtures/dnk/2023/expected; where the change is meant, make golden rewrites them"
    );
}
