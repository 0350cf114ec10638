//! The schools, from the raw file through SQL to estimates at full precision, against R.

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;

use codebook::{Country, SourceFile, VariableName, WaveId};
use estimate::{Degrees, Domain, Estimate, IntervalMethod, Method, Outcome, Table};
use ingest::RawFile;
use testkit::OracleRow;

use crate::house::tree;

/// What the sample of districts has besides: nothing that the edition uses, so that other samples need no column for it.
const MORE_VARIABLES: &str = r#"
[variables.district]
label = "District"
kind = "number"
[variables.school]
label = "School"
kind = "number"
[variables.score_before]
label = "Academic Performance Index of the year before"
kind = "number"
"#;

/// Measures that the edition does not publish, of scores and pupils.
const MORE_TABLES: &str = r#"
[tables.lower_1]
title = "First quartile"
base = "all"
measure = "quantile"
probability = 0.25
rows = ["api"]
[tables.middle_1]
title = "Median"
base = "all"
measure = "median"
rows = ["api"]
[tables.upper_1]
title = "Third quartile"
base = "all"
measure = "quantile"
probability = 0.75
rule = "hf1"
rows = ["api"]
[tables.lower_7]
title = "First quartile, interpolated"
base = "all"
measure = "quantile"
probability = 0.25
rule = "hf7"
rows = ["api"]
[tables.middle_7]
title = "Median, interpolated"
base = "all"
measure = "median"
rule = "hf7"
rows = ["api"]
[tables.upper_7]
title = "Third quartile, interpolated"
base = "all"
measure = "quantile"
probability = 0.75
rule = "hf7"
rows = ["api"]
[tables.tested_part]
title = "Pupils tested"
base = "all"
measure = "ratio"
rows = ["api.stu"]
over = "enroll"
"#;

/// The wave 2000 of `pipelines/schools`, with some of its words replaced: the design of another sample, the scores of another year.
fn tables(raw: &Path, replaced: &[(&str, &str)]) -> (Country, Vec<Table>) {
    let folder = "pipelines/schools";
    let files: Vec<SourceFile> = tree(&testkit::repository().join(folder))
        .into_iter()
        .filter(|(name, _)| name.ends_with(".toml"))
        .map(|(name, bytes)| {
            let mut text = String::from_utf8(bytes).expect("a country's files are UTF-8");
            if name == "waves/2000.toml" {
                for (from, to) in replaced {
                    assert!(text.contains(from), "the wave's file says {from}");
                    text = text.replace(from, to);
                }
            }
            if name == "codebook.toml" {
                text.push_str(MORE_VARIABLES);
            }
            if name == "tables.toml" {
                text.push_str(MORE_TABLES);
            }
            SourceFile { path: format!("{folder}/{name}"), text }
        })
        .collect();
    let (country, findings) = Country::read(folder, &files);
    let country = country.unwrap_or_else(|| panic!("{findings:?}"));
    let wave = &country.waves[&WaveId::new("2000").expect("a year")];
    let bytes = fs::read(raw.join(&wave.answers.file)).expect("the sample is a fixture");
    let file = RawFile { path: format!("raw/{}", wave.answers.file), bytes };
    let key = ingest::PseudonymKey::of_random(&[1; 32]);
    let (checked, findings) = ingest::check(&country, wave, &[file], &key, NonZeroUsize::MIN);
    let checked = checked.unwrap_or_else(|| panic!("{findings:?}"));
    let design = pipeline::weigh(&country, wave, &checked).expect("the design holds").design;
    let work = tempfile::tempdir().expect("a temporary folder can be made");
    let parquet = work.path().join("responses.parquet");
    fs::write(&parquet, checked.parquet(NonZeroUsize::MIN).expect("Parquet can be encoded"))
        .expect("a file can be written");
    let specs: Vec<_> = country.tables.iter().collect();
    let tabulation = tabulate::tabulate(&country, wave, &specs, &design, &parquet, tabulate::Resources::of_threads(2))
        .expect("the engine runs");
    assert_eq!(tabulation.findings, vec![]);
    let method = Method { shares: IntervalMethod::T, level: 0.95, degrees: Degrees::Design };
    let tables = specs
        .iter()
        .zip(&tabulation.tables)
        .map(|(spec, sums)| estimate::estimate(spec, sums, &design, &[], method))
        .collect();
    (country, tables)
}

/// The table, row and domain of an oracle's row; nothing for what this edition does not publish.
fn place(row: &OracleRow, scores: &str) -> Option<(&'static str, String, Domain)> {
    let group = |breakdown: &str, code: &str| Domain::Group {
        breakdown: VariableName::new(breakdown).expect("a variable of the schools"),
        code: codebook::Code::new(code).expect("a code of the schools"),
    };
    let plain = row.by == row.variable || row.by.is_empty();
    match (row.statistic.as_str(), row.variable.as_str()) {
        ("mean", scored) if scored == scores && plain => Some(("scores", "api".to_owned(), Domain::Total)),
        ("mean", scored) if scored == scores => {
            let (breakdown, code) = row.by.split_once("= ")?;
            Some(("scores", "api".to_owned(), group(breakdown, code)))
        }
        // Of units of different weights with the same score, R interpolates in the order of rows.
        ("quantile", _) if row.design == "strat" && row.method == "hf7/mean" => None,
        ("quantile", scored) if scored == scores => {
            let table = match (row.by.as_str(), row.method.as_str()) {
                (".25", "hf1/mean") => "lower_1",
                (".5", "hf1/mean") => "middle_1",
                (".75", "hf1/mean") => "upper_1",
                (".25", "hf7/mean") => "lower_7",
                (".5", "hf7/mean") => "middle_7",
                (".75", "hf7/mean") => "upper_7",
                _ => return None,
            };
            Some((table, "api".to_owned(), Domain::Total))
        }
        ("ratio", "api.stu/enroll") => Some(("tested_part", "api.stu".to_owned(), Domain::Total)),
        ("total", "enroll") => Some(("pupils", "enroll".to_owned(), Domain::Total)),
        ("share", "stype") => Some(("school_types", format!("stype:{}", row.by.strip_prefix("stype")?), Domain::Total)),
        ("share", "sch.wide" | "awards") => {
            let code = row.by.strip_prefix(row.variable.as_str())?;
            Some(("outcomes", format!("{}:{code}", row.variable), Domain::Total))
        }
        ("share", "awards=Yes") if row.method == "t" => {
            let (breakdown, rest) = row.by.split_once('=')?;
            Some(("awards", "awards".to_owned(), group(breakdown, rest.split_once(':')?.0)))
        }
        _ => None,
    }
}

fn cell(tables: &[Table], place: &(&str, String, Domain)) -> Outcome {
    let (table, row, domain) = place;
    let table = tables.iter().find(|candidate| candidate.id.as_str() == *table).expect("the table is there");
    let row = table.rows.iter().position(|candidate| candidate.as_str() == row).expect("the row is there");
    let domain = table.domains.iter().position(|candidate| candidate == domain).expect("the domain is there");
    table.cells[row][domain]
}

/// Compares every row of R's that the edition publishes; gives how many there were.
fn compare(design: &str, scores: &str, raw: &str, replaced: &[(&str, &str)]) -> usize {
    let (_, tables) = tables(&testkit::repository().join("fixtures/schools").join(raw), replaced);
    let mut compared = 0;
    for row in testkit::oracle().iter().filter(|row| row.design == design) {
        let Some(place) = place(row, scores) else { continue };
        compared += 1;
        match cell(&tables, &place) {
            Outcome::Estimated(estimate) => agrees(row, &estimate, &place),
            // R gives a standard error of 0 to a share of which the sample shows no variation; it is not known to be 0.
            Outcome::NotEstimable { .. } => assert!(row.se.abs() < 1e-12, "{place:?} has an estimate in R"),
        }
    }
    compared
}

fn agrees(row: &OracleRow, found: &Estimate, place: &(&str, String, Domain)) {
    let near = |name: &str, ours: f64, theirs: f64| {
        let error = (ours - theirs).abs() / theirs.abs().max(f64::MIN_POSITIVE);
        assert!(error <= 1e-9, "{name} of {place:?}: {ours} against R's {theirs}");
    };
    if row.estimate.abs() > 0.0 {
        near("estimate", found.value, row.estimate);
    } else {
        assert!(found.value.abs() < 1e-12, "{place:?} is 0 in R");
    }
    if row.se.abs() > 1e-12 {
        near("SE", found.se, row.se);
        near("lower limit", found.low, row.ci_low);
        near("upper limit", found.high, row.ci_high);
    } else {
        assert!(found.se.abs() <= 1e-12 * found.value.abs().max(1.0), "SE of {place:?} is 0 in R");
    }
}

#[test]
fn the_stratified_sample_gives_the_estimates_of_r() {
    assert_eq!(compare("strat", "api00", "2000/raw", &[]), 27);
}

#[test]
fn the_scores_of_the_first_wave_are_those_of_r() {
    let found = compare("strat", "api99", "2000/raw", &[("api = \"api00\"", "api = \"api99\"")]);
    assert_eq!(found, 17);
}

#[test]
fn the_simple_random_sample_gives_the_estimates_of_r() {
    let replaced = [("\"apistrat.csv\"", "\"apisrs.csv\""), ("strata = [\"stype\"]", "strata = []")];
    assert_eq!(compare("srs", "api00", "srs/raw", &replaced), 30);
}

#[test]
fn the_sample_of_whole_districts_gives_the_estimates_of_r() {
    let replaced = [
        ("\"apistrat.csv\"", "\"apiclus1.csv\""),
        ("strata = [\"stype\"]", "psu = [\"district\"]"),
        ("awards = \"awards\"", "awards = \"awards\"\ndistrict = \"dnum\""),
    ];
    assert_eq!(compare("clus1", "api00", "clus1/raw", &replaced), 30);
}

/// Schools drawn within districts, with population sizes of both stages.
fn two_stages(psu: &str) -> Vec<(&'static str, String)> {
    vec![
        ("\"apistrat.csv\"", "\"apiclus2.csv\"".to_owned()),
        ("strata = [\"stype\"]", format!("psu = {psu}")),
        ("{ column = \"fpc\" }", "[{ column = \"fpc1\" }, { column = \"fpc2\" }]".to_owned()),
        ("awards = \"awards\"", "awards = \"awards\"\ndistrict = \"dnum\"\nschool = \"snum\"".to_owned()),
    ]
}

#[test]
fn the_sample_of_schools_within_districts_gives_the_estimates_of_r() {
    // The schools are the second stage, be they the units behind the districts or clusters of one unit each.
    for psu in ["[\"district\"]", "[\"district\", \"school\"]"] {
        let replaced = two_stages(psu);
        let replaced: Vec<(&str, &str)> = replaced.iter().map(|(from, to)| (*from, to.as_str())).collect();
        assert_eq!(compare("clus2", "api00", "clus2/raw", &replaced), 30, "{psu}");
    }
}

/// The mean score of all schools, from the sample of whole districts with weights calibrated by this recipe.
fn calibrated_score(recipe: &str) -> Estimate {
    let scores = "api = \"api00\"\nscore_before = \"api99\"\ndistrict = \"dnum\"";
    let design = format!("weights = {{ column = \"pw\" }}\npsu = [\"district\"]\n{recipe}");
    let replaced = [
        ("\"apistrat.csv\"", "\"apiclus1.csv\""),
        ("strata = [\"stype\"]", "strata = []"),
        ("api = \"api00\"", scores),
        ("design_known = true\nlonely = \"refuse\"\n", ""),
        ("weights = { column = \"pw\" }", &design),
    ];
    let (_, tables) = tables(&testkit::repository().join("fixtures/schools/clus1/raw"), &replaced);
    match cell(&tables, &("scores", "api".to_owned(), Domain::Total)) {
        Outcome::Estimated(estimate) => estimate,
        Outcome::NotEstimable { .. } => panic!("a mean of 183 schools can be estimated"),
    }
}

/// Compares with the estimate and standard error of R's survey 4.1, which has no oracle file for these designs.
fn agrees_with(found: Estimate, estimate: f64, se: f64) {
    for (found, expected) in [(found.value, estimate), (found.se, se)] {
        assert!((found / expected - 1.0).abs() <= 1e-9, "{found} against R's {expected}");
    }
}

#[test]
fn a_wave_calibrated_to_types_and_earlier_scores_gives_the_estimate_of_r() {
    // calibrate(dclus1, ~stype + api99, c(6194, 755, 1018, 3914069)): R's first total is that of all schools.
    let recipe = r#"
[design.calibration]
method = "linear"
[[design.calibration.margins]]
by = ["stype"]
totals = { E = 4421, H = 755, M = 1018 }
[[design.calibration.margins]]
total_of = "score_before"
total = 3914069
"#;
    agrees_with(calibrated_score(recipe), 665.309_071_165_78, 3.441_753_116_404_84);
}

#[test]
fn a_post_stratified_wave_gives_the_estimate_of_r() {
    let recipe = r#"
[design.calibration]
method = "poststratify"
margins = [{ by = ["stype"], totals = { E = 4421, H = 755, M = 1018 } }]
"#;
    agrees_with(calibrated_score(recipe), 642.310_788_211_582, 23.920_486_445_090_4);
}

/// The sample of whole districts with a jackknife beside its weights: each replicate leaves out one district and raises the others.
fn jackknifed_districts() -> tempfile::TempDir {
    let file = testkit::repository().join("fixtures/schools/clus1/raw/apiclus1.csv");
    let text = fs::read_to_string(file).expect("the sample is a fixture");
    let (header, rows) = text.split_once('\n').expect("there is a header");
    let from_right = header.rsplit(',').position(|name| name == "\"dnum\"").expect("districts are numbered");
    let district = |row: &str| row.rsplit(',').nth(from_right).expect("a district").to_owned();
    let districts: std::collections::BTreeSet<String> = rows.lines().map(district).collect();
    let mut with = header.to_owned();
    for number in 1..=districts.len() {
        with += &format!(",repw{number}");
    }
    for row in rows.lines() {
        with.push('\n');
        with += row;
        for left_out in &districts {
            // 33.847 for every school, times 15/14.
            with += if *left_out == district(row) { ",0" } else { ",36.264642857142857143" };
        }
    }
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    fs::write(folder.path().join("apiclus1.csv"), with).expect("a file can be written");
    folder
}

#[test]
fn replicate_weights_of_a_wave_give_the_jackknife_of_r() {
    // as.svrepdesign(dclus1, type = "JK1"): scale (15 - 1)/15 (1 - 15/757), around the mean of the replicates.
    let folder = jackknifed_districts();
    let replicates = "weights = { column = \"pw\" }
[design.replicates]
columns = \"repw*\"
method = \"jk1\"
scale = 0.914839277851166887
";
    let replaced = [
        ("\"apistrat.csv\"", "\"apiclus1.csv\""),
        ("strata = [\"stype\"]", "strata = []"),
        ("population = { column = \"fpc\" }\n", ""),
        ("design_known = true\nlonely = \"refuse\"\n", ""),
        ("weights = { column = \"pw\" }", replicates),
    ];
    let (_, tables) = tables(folder.path(), &replaced);
    match cell(&tables, &("scores", "api".to_owned(), Domain::Total)) {
        Outcome::Estimated(estimate) => agrees_with(estimate, 644.169_398_907_103_8, 26.329_360_589_527_564),
        Outcome::NotEstimable { .. } => panic!("a mean of 183 schools can be estimated"),
    }
}
