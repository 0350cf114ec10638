//! The Danish 2019 edition from its synthetic export: whole, page by page, and number by number.

use std::fs;
use std::path::{Path, PathBuf};

use codebook::WaveId;
use serde_json::Value;

use crate::house::{differing, published, release, say, tree, unpacked};
use crate::recompute::{country, difference, estimate, units};

fn fixture(below: &str) -> PathBuf {
    testkit::repository().join("fixtures/dnk/2019").join(below)
}

/// The published estimate of a cell, in the units in which it is printed.
fn cell(published: &Value, table: &str, row: &str, group: Option<(&str, &str)>) -> Option<(f64, f64, u64)> {
    let table = published["tables"].as_array()?.iter().find(|candidate| candidate["id"] == table)?;
    let row = table["rows"].as_array()?.iter().position(|candidate| candidate == row)?;
    let wanted = match group {
        None => serde_json::json!("total"),
        Some((breakdown, code)) => serde_json::json!({ "group": { "breakdown": breakdown, "code": code } }),
    };
    let domain = table["domains"].as_array()?.iter().position(|candidate| *candidate == wanted)?;
    let cell = &table["cells"][row][domain];
    let figures = if cell["shown"].is_object() { &cell["shown"] } else { &cell["flagged"][0] };
    let number = |key: &str| -> Option<f64> {
        let units = figures[key][0].as_f64()?;
        let decimals = figures[key][1].as_u64()?;
        Some((0..decimals).fold(units, |number, _| number / 10.0))
    };
    Some((number("estimate")?, number("se")?, figures["n"].as_u64()?))
}

#[test]
fn the_edition_is_as_expected_to_the_byte() {
    let (_out, folder) = release("pipelines/dnk", "2019", &fixture("raw"), &[]);
    // Of the files of numbers those of one table and the quality report stand for all: the manifest has the digest of each.
    let is_kept =
        |name: &str| !name.contains("data/") || name.contains("data/innovation.") || name == "data/quality.json";
    let found: std::collections::BTreeMap<_, _> = tree(&folder).into_iter().filter(|(name, _)| is_kept(name)).collect();
    let expected = fixture("expected");
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
        "pages differ from fixtures/dnk/2019/expected; where the change is meant, make golden rewrites them"
    );
}

#[test]
fn the_edition_has_every_page_in_both_languages() {
    let (_out, folder) = release("pipelines/dnk", "2019", &fixture("raw"), &[]);
    let found = tree(&folder);
    for page in ["index.html", "core-task.html", "method.html", "report.md"] {
        assert!(found.contains_key(page), "{page} is missing");
        assert!(found.contains_key(&format!("en/{page}")), "en/{page} is missing");
    }
    assert!(found.contains_key("manifest.json"));
}

#[test]
fn headline_figures_are_those_that_were_published() {
    let (_out, folder) = release("pipelines/dnk", "2019", &fixture("raw"), &[]);
    let published = published(&folder);
    let of = |table: &str, row: &str, group| {
        let (estimate, _, n) = cell(&published, table, row, group).expect("the cell is shown");
        (format!("{estimate}"), n)
    };
    assert_eq!(of("innovation", "innovative", None), ("81".to_owned(), 2271));
    for (level, share) in [("municipality", "80"), ("state", "84"), ("region", "85")] {
        assert_eq!(of("innovation", "innovative", Some(("level", level))).0, share, "{level}");
    }
    assert_eq!(of("values", "values_quality", None), ("68".to_owned(), 1877));
    assert_eq!(of("values", "values_satisfaction", None).0, "47");
    assert_eq!(of("core_task", "core_task", None).0, "90");
    assert_eq!(of("employees", "employees_role", None).0, "89");
    let method = fs::read_to_string(folder.join("method.html")).expect("there is a method page");
    assert!(method.contains("2.271") && method.contains("1.877"), "answers are printed with the Danish thousands mark");
}

#[test]
fn every_number_follows_from_the_answers_by_another_road() {
    assert!(compare(&fixture("raw")) > 400);
}

/// Late answers less early ones: shares of the thirds, their difference, and its error with the covariance between them, from the raw file.
#[test]
fn late_answers_differ_from_early_ones_as_another_road_says() {
    let (_out, folder) = release("pipelines/dnk", "2019", &fixture("raw"), &[]);
    let published = published(&folder);
    let wave = WaveId::new("2019").expect("a year");
    let country = country("pipelines/dnk").of_wave(wave);
    let units = units(&country, wave, &fixture("raw"));
    let late = published["late"].as_array().expect("a store tells late answers");
    assert!(late.len() > 12, "{}", late.len());
    for told in late {
        let (table, row) = (told["table"].as_str().expect("a name"), told["row"].as_str().expect("a name"));
        let spec = country.tables.iter().find(|spec| spec.id.as_str() == table).expect("the country has the table");
        let counted = spec.rows.iter().find(|it| it.id.as_str() == row).expect("the table has the row");
        for third in ["first", "middle", "last"] {
            let (share, se, n) =
                cell(&published, table, row, Some(("answer_time", third))).expect("every third is large enough");
            let naive =
                estimate(&country, &units, spec, counted, Some(("answer_time", third))).expect("it has answers");
            assert!((share - 100.0 * naive.value).abs() < 0.5 + 1e-9, "{row} {third}: {share}");
            assert!((se - 100.0 * naive.se).abs() < 0.05 + 1e-9, "{row} {third}: error {se}");
            assert_eq!(n, naive.n, "{row} {third}");
        }
        let apart = difference(&country, &units, (spec, counted), "answer_time", ["last", "first"]).expect("both are");
        let size = |part: &str| told["size"][part][0].as_f64().expect("whole points");
        assert!((size("estimate") - 100.0 * apart.value).abs() < 0.5 + 1e-9, "{row}");
        // Student's t of some two thousand degrees of freedom.
        let half = 1.9612 * 100.0 * apart.se;
        for (part, limit) in [("low", 100.0 * apart.value - half), ("high", 100.0 * apart.value + half)] {
            assert!((size(part) - limit).abs() < 0.52, "{row}: {part} {} is not {limit}", size(part));
        }
    }
}

#[test]
fn the_committed_export_is_the_twin_of_its_year() {
    let made = tempfile::tempdir().expect("a temporary folder can be made");
    let out = made.path().to_str().expect("temporary paths are UTF-8");
    let said = say(&["twin", "pipelines/dnk", "--wave", "2019", "--out", out]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(differing(&tree(&fixture("raw")), &tree(made.path())), Vec::<String>::new());
}

#[test]
fn another_twin_with_another_seed_holds_the_same_margins_and_its_report_follows_from_its_answers() {
    let other = tempfile::tempdir().expect("a temporary folder can be made");
    let out = other.path().to_str().expect("temporary paths are UTF-8");
    let said = say(&["twin", "pipelines/dnk", "--wave", "2019", "--seed", "20251", "--out", out]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_ne!(tree(other.path()), tree(&fixture("raw")));
    assert!(compare(other.path()) > 400);
}

/// Compares every shown cell of every table of shares and means with the naive road; gives how many were compared.
fn compare(raw: &Path) -> usize {
    let (_out, folder) = release("pipelines/dnk", "2019", raw, &[]);
    let published = published(&folder);
    let wave = WaveId::new("2019").expect("a year");
    let country = country("pipelines/dnk").of_wave(wave);
    let units = units(&country, wave, raw);
    let mut compared = 0;
    for table in &country.tables {
        let groups = table.breakdowns.iter().flat_map(|breakdown| {
            let variable = country.codebook.variable(breakdown).expect("a breakdown is a variable");
            variable.categories().iter().map(|category| Some((breakdown.as_str(), category.code.as_str())))
        });
        for group in std::iter::once(None).chain(groups) {
            for row in &table.rows {
                let Some((value, se, n)) = cell(&published, table.id.as_str(), row.id.as_str(), group) else {
                    continue;
                };
                let naive = estimate(&country, &units, table, row, group).expect("a shown cell has answers");
                let scale = if table.measure == codebook::Measure::Share { 100.0 } else { 1.0 };
                let unit = (0..table.decimals).fold(1.0, |unit, _| unit / 10.0);
                let place = format!("{} {} {group:?}", table.id, row.id);
                assert_eq!(naive.n, n, "n of {place}");
                assert!(
                    (naive.value * scale - value).abs() <= unit / 2.0 + 1e-9,
                    "{place}: {value} against {}",
                    naive.value
                );
                assert!(
                    (naive.se * scale - se).abs() <= unit / 20.0 + 1e-9,
                    "SE of {place}: {se} against {}",
                    naive.se
                );
                compared += 1;
            }
        }
    }
    compared
}

#[test]
fn synthetic_data_says_so_in_every_file() {
    let (_out, folder) = release("pipelines/dnk", "2019", &fixture("raw"), &[]);
    for (name, bytes) in tree(&folder) {
        let text = String::from_utf8(unpacked(&name, bytes)).expect("every file of the release is text");
        let marked = text.contains("SYNTHETIC") || (name.ends_with(".json") && text.contains("\"synthetic\":true"));
        let is_copied = name.ends_with(".css") || name.ends_with(".js");
        assert!(marked || is_copied, "{name} does not say SYNTHETIC");
    }
    for (name, bytes) in tree(&fixture("raw")) {
        let text = String::from_utf8(bytes).expect("the twin is UTF-8");
        assert!(text.lines().skip(1).all(|line| line.contains("SYNTHETIC")), "a row of {name} does not say SYNTHETIC");
    }
}
