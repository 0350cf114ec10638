//! A panel: California's schools in 1999 and 2000, the same ones. That the estimates are right, `pipeline/src/run/linked/tests.rs` shows; here is what a reader gets.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::house::{Said, barometer, published};

/// The schools of 2000 beside those of 1999, of which `rows` makes the exports; what the run said, and the folder that it is in.
fn run(samples: &str, rows: impl Fn(&str, Vec<String>) -> Vec<String>) -> (tempfile::TempDir, Said) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    testkit::schools_panel(folder.path(), samples, rows);
    let mut command = barometer();
    command.arg("run").arg(folder.path().join("schools")).args(["--wave", "2000"]);
    command.arg("--raw").arg(folder.path().join("raw/{wave}")).arg("--out").arg(folder.path().join("out"));
    let said = command.output().expect("the program starts").into();
    (folder, said)
}

fn release(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("out/schools/2000")
}

/// Estimate and limits of a change, in tenths of a point.
fn change(folder: &tempfile::TempDir, claim: &str) -> [i64; 3] {
    let store: Value = published(&release(folder));
    let families = store["families"].as_array().expect("a store has families");
    let mut tests = families.iter().flat_map(|family| family["tests"].as_array().expect("a family has tests"));
    let test = tests.find(|test| test["claim"] == claim).expect("the change is tested");
    ["estimate", "low", "high"].map(|part| test["size"][part][0].as_i64().expect("it has a size"))
}

#[test]
fn the_change_of_a_panel_is_found_where_two_samples_would_not_tell_it() {
    let (folder, said) = run("panel", |_, rows| rows);
    assert_eq!(said.code, Some(0), "{}", said.err);
    // 30.565 per cent, then 40.434: 9.869 with a standard error of 2.371, of the differences within schools, and t of 197 degrees of freedom of 1.972.
    assert_eq!(change(&folder, "rose"), [99, 52, 145]);
    // 29.690 per cent, then 43.999: 14.308 with a standard error of 3.507.
    assert_eq!(change(&folder, "rose-in-groups"), [143, 74, 212]);
    let page = fs::read_to_string(release(&folder).join("report.md")).expect("there is a report");
    assert!(page.contains("9.9\u{a0}pp | 5.2\u{a0}pp | 14.5\u{a0}pp"), "the tests of the page tell the interval");
    // As two samples the change of all has a standard error of 5.169, that of the group one of 6.600, and p values of 0.057 and 0.031.
    for samples in ["independent", "coordinated"] {
        let (_folder, said) = run(samples, |_, rows| rows);
        assert_eq!(said.code, Some(5), "{samples}: {}", said.err);
        for part in ["the change since 1999 is 9.9 (interval -0.3 to 20.0)", "14.3 (interval 1.3 to 27.3)", "0.0615"] {
            assert!(said.err.contains(part), "{samples}: {part} is not in {}", said.err);
        }
    }
}

#[test]
fn a_panel_without_a_unit_in_both_waves_is_an_error_at_its_pair() {
    let renamed = |year: &str, rows: Vec<String>| -> Vec<String> {
        let id = if year == "1999" { "\"other-" } else { "\"" };
        rows.into_iter().map(|row| row.replacen('"', id, 1)).collect()
    };
    let (_folder, said) = run("panel", renamed);
    assert_eq!(said.code, Some(3), "{}", said.err);
    for part in ["series.toml:2:1", "no unit of one is in the other", "the same id in the exports of both waves"] {
        assert!(said.err.contains(part), "{part} is not in {}", said.err);
    }
}
