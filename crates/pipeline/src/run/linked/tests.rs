//! The change of a panel by another road: row by row from the exports, in plain floating point.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::path::Path;

use estimate::Estimate;

use super::*;
use crate::cache::Cache;
use crate::run::count::{Counted, count};
use crate::run::plan::plan;
use crate::{Caching, Request, Timing};

/// A school that was drawn: its stratum, how many schools there are in that, its weight, its score, and whether it is in the group.
struct School {
    stratum: String,
    population: f64,
    weight: f64,
    score: f64,
    in_group: bool,
}

fn schools(folder: &Path, year: &str, column: &str) -> BTreeMap<String, School> {
    let mut reader = csv::Reader::from_path(folder.join(format!("raw/{year}/apistrat.csv"))).expect("an export");
    let rows = reader.deserialize().map(|row| row.expect("a sound row"));
    let school = |row: BTreeMap<String, String>| {
        let number = |name: &str| row[name].parse().expect("a number");
        let school = School {
            stratum: row["stype"].clone(),
            population: number("fpc"),
            weight: number("pw"),
            score: number(column),
            in_group: row["comp.imp"] == "Yes",
        };
        (row["cds"].clone(), school)
    };
    rows.map(school).collect()
}

/// The share of one year and what each school adds to its error: w (y - p) / W in the domain and 0 outside of it, less the mean of its stratum.
fn linearised(schools: &BTreeMap<String, School>, whole: bool) -> (f64, BTreeMap<String, f64>) {
    let is_in = |school: &School| whole || school.in_group;
    let weighed = |school: &School| if is_in(school) { school.weight } else { 0.0 };
    let is_high = |school: &School| if school.score >= 700.0 { 1.0 } else { 0.0 };
    let sum: f64 = schools.values().map(weighed).sum();
    let share = schools.values().map(|school| weighed(school) * is_high(school)).sum::<f64>() / sum;
    let z = |school: &School| weighed(school) * (is_high(school) - share) / sum;
    let mean = |stratum: &str| {
        let own: Vec<f64> = schools.values().filter(|school| school.stratum == stratum).map(z).collect();
        own.iter().sum::<f64>() / count_of(own.len())
    };
    let means = ["E", "M", "H"].map(|stratum| (stratum, mean(stratum)));
    let mean_of = |school: &School| means.iter().find(|(name, _)| *name == school.stratum).expect("a stratum").1;
    (share, schools.iter().map(|(id, school)| (id.clone(), z(school) - mean_of(school))).collect())
}

fn count_of(number: usize) -> f64 {
    f64::from(u32::try_from(number).expect("few schools"))
}

/// The ids of a stratum, and how many schools there are in it.
fn stratum<'s>(schools: &'s BTreeMap<String, School>, name: &str) -> (BTreeSet<&'s str>, f64) {
    let own = schools.iter().filter(|(_, school)| school.stratum == name);
    let population = own.clone().next().expect("a stratum has schools").1.population;
    (own.map(|(id, _)| id.as_str()).collect(), population)
}

/// n / (n - 1) (1 - n / N) times the sum of squares, over the strata.
fn variance(schools: &BTreeMap<String, School>, deviations: &BTreeMap<String, f64>) -> f64 {
    let of_stratum = |name| {
        let (ids, population) = stratum(schools, name);
        let n = count_of(ids.len());
        n / (n - 1.0) * (1.0 - n / population) * ids.iter().map(|id| deviations[*id] * deviations[*id]).sum::<f64>()
    };
    ["E", "M", "H"].map(of_stratum).iter().sum()
}

/// The covariance of two simple random samples in each stratum of which m units are common (Tam 1984): (m - n n' / N) S, S from the common units.
fn covariance(schools: [&BTreeMap<String, School>; 2], deviations: [&BTreeMap<String, f64>; 2]) -> f64 {
    let of_stratum = |name| {
        let [(then, population), (now, _)] = schools.map(|schools| stratum(schools, name));
        let products = then.intersection(&now).map(|id| deviations[0][*id] * deviations[1][*id]).sum::<f64>();
        let [m, earlier, later] = [then.intersection(&now).count(), then.len(), now.len()].map(count_of);
        let spread = products / (m * (1.0 - 1.0 / earlier - 1.0 / later + m / (earlier * later)));
        (m - earlier * later / population) * spread
    };
    ["E", "M", "H"].map(of_stratum).iter().sum()
}

fn edit(file: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(file).expect("a file of the country");
    assert!(text.contains(from), "the file says {from}");
    std::fs::write(file, text.replace(from, to)).expect("a file can be written");
}

/// What is counted in a run.
fn counted(folder: &Path, cache: Option<&Path>) -> Result<Counted, PipelineError> {
    let request = Request {
        country: folder.join("schools"),
        wave: WaveId::new("2000").ok(),
        raw: Some(folder.join("raw/{wave}")),
        out: folder.join("out"),
        work: folder.to_path_buf(),
        languages: None,
        threads: NonZeroUsize::new(2).expect("two"),
        memory: None,
        timing: Timing::Draft,
        approval: None,
        key: None,
        against: Vec::new(),
        cache: cache.map(|folder| Caching { folder: folder.to_path_buf(), program: "1".to_owned() }),
    };
    let cache = Cache::open(request.cache.as_ref(), None).expect("no release is near");
    let plan = plan(&request, &mut |_| ()).expect("a sound country");
    let counted = count(&request, &plan, &cache, &mut |_| ());
    cache.close(&mut |_| ());
    counted
}

/// The changes that the run hands to the barrier: that of all schools, and that of the group.
fn changes(folder: &Path, cache: Option<&Path>) -> [Estimate; 2] {
    let counted = counted(folder, cache).expect("sound exports");
    let [before] = counted.before.as_slice() else { panic!("1999 stands beside 2000") };
    let estimated = |is_whole: bool| {
        let change = before.changes.iter().find(|(cell, _)| cell.group.is_none() == is_whole);
        match change.expect("the change is told").1 {
            Outcome::Estimated(estimate) => estimate,
            Outcome::NotEstimable { .. } => panic!("the change can be estimated"),
        }
    };
    assert_eq!(before.changes.len(), 2);
    [true, false].map(estimated)
}

fn assert_near(found: f64, expected: f64) {
    assert!((found / expected - 1.0).abs() < 1e-9, "{found} is not {expected}");
}

/// The schools of a year in another order than those of the next, so that only their ids tell which is which.
fn turned(year: &str, mut rows: Vec<String>) -> Vec<String> {
    if year == "1999" {
        rows.reverse();
    }
    rows
}

#[test]
fn the_error_of_a_panel_is_that_of_the_differences_within_its_units() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    testkit::schools_panel(folder.path(), "panel", turned);
    let [then, now] = [("1999", "api99"), ("2000", "api00")].map(|(year, score)| schools(folder.path(), year, score));
    for (found, whole) in changes(folder.path(), None).into_iter().zip([true, false]) {
        let ((before, earlier), (after, later)) = (linearised(&then, whole), linearised(&now, whole));
        let within: BTreeMap<String, f64> = later.iter().map(|(id, it)| (id.clone(), it - earlier[id])).collect();
        let se = variance(&now, &within).sqrt();
        assert_near(found.value, after - before);
        assert_near(found.se, se);
        // 200 schools in three strata. Student's t of 197 degrees of freedom is 1.97207903 at 97.5 per cent.
        assert_near(found.df, 197.0);
        assert!((found.low - (after - before - 1.972_079_03 * se)).abs() < 1e-9);
        assert!((found.high - (after - before + 1.972_079_03 * se)).abs() < 1e-9);
        // Two samples without a school in common would have an error more than half as large again.
        let apart = (variance(&then, &earlier) + variance(&now, &later)).sqrt();
        assert!(apart > 1.5 * found.se, "{apart} beside {}", found.se);
    }
}

/// Every seventh school is not in the export of 1999, every fifth not in that of 2000; each that is stands for more.
fn thinned(year: &str, rows: Vec<String>) -> Vec<String> {
    let step = if year == "1999" { 7 } else { 5 };
    let kept = rows.into_iter().enumerate().filter(|(row, _)| row % step != 0);
    // A row ends in the weight and the number of schools of its stratum.
    let parted: Vec<[String; 2]> = kept
        .map(|(_, row)| {
            let mut parts = row.rsplitn(3, ',').map(str::to_owned);
            let [population, _, school] = [(); 3].map(|()| parts.next().expect("a row has many columns"));
            [school, population]
        })
        .collect();
    let weighted = |[school, population]: &[String; 2]| {
        let n = count_of(parted.iter().filter(|[_, other]| other == population).count());
        format!("{school},{:.12},{population}", population.parse::<f64>().expect("a number") / n)
    };
    turned(year, parted.iter().map(weighted).collect())
}

#[test]
fn units_of_one_wave_alone_have_no_part_in_the_covariance() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    testkit::schools_panel(folder.path(), "panel", thinned);
    let [then, now] = [("1999", "api99"), ("2000", "api00")].map(|(year, score)| schools(folder.path(), year, score));
    assert_eq!((then.len(), now.len()), (171, 160));
    for (found, whole) in changes(folder.path(), None).into_iter().zip([true, false]) {
        let ((before, earlier), (after, later)) = (linearised(&then, whole), linearised(&now, whole));
        let common = covariance([&then, &now], [&earlier, &later]);
        assert_near(found.value, after - before);
        let se = (variance(&then, &earlier) + variance(&now, &later) - 2.0 * common).sqrt();
        assert_near(found.se, se);
        assert_near(found.df, 157.0);
    }
}

#[test]
fn what_links_units_is_counted_in_every_run_and_never_kept() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    testkit::schools_panel(folder.path(), "panel", turned);
    let cache = tempfile::tempdir().expect("a temporary folder can be made");
    let without = changes(folder.path(), None);
    for _ in 0..2 {
        assert_eq!(changes(folder.path(), Some(&cache.path().join("steps"))), without);
        let kept = testkit::overlay(cache.path(), cache.path());
        assert!(kept.is_empty(), "{:?}", kept.keys());
    }
    // Two samples are counted once, and kept.
    edit(&folder.path().join("schools/series.toml"), "panel", "independent");
    let two = counted(folder.path(), Some(&cache.path().join("steps"))).expect("sound exports");
    assert!(two.before[0].changes.is_empty());
    assert_eq!(testkit::overlay(cache.path(), cache.path()).len(), 2);
}

/// The rows of which `is_it` tells have another id in 1999, all but the first few of them.
fn renamed(year: &str, rows: Vec<String>, is_it: impl Fn(&csv::StringRecord) -> bool, few: usize) -> Vec<String> {
    let mut found = 0;
    let rename = |row: String| {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(row.as_bytes());
        let fields = reader.records().next().expect("a row").expect("a sound row");
        found += usize::from(is_it(&fields));
        if year == "1999" && is_it(&fields) && found > few { row.replacen('"', "\"other-", 1) } else { row }
    };
    rows.into_iter().map(rename).collect()
}

fn refusal(folder: &Path) -> Option<String> {
    match counted(folder, None) {
        Err(PipelineError::Findings(findings)) => Some(findings[0].to_string()),
        Err(other) => panic!("{other}"),
        Ok(_) => None,
    }
}

#[test]
fn a_change_that_would_tell_of_a_few_units_is_refused() {
    // `comp.imp` is column 16.
    let of_group = |few| {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let rows = |year: &str, rows| renamed(year, rows, |fields| &fields[16] == "Yes", few);
        testkit::schools_panel(folder.path(), "panel", rows);
        refusal(folder.path())
    };
    assert_eq!(of_group(5), None);
    let refused = of_group(4).expect("4 schools are fewer than 5");
    for part in ["series.toml:2:1", "high_score in table high_scores by comp.imp Yes", "fewer than 5"] {
        assert!(refused.contains(part), "{part} is not in {refused}");
    }
}

#[test]
fn of_a_sensitive_table_few_units_that_changed_are_not_told_either() {
    // Columns 11 and 12 are the scores of 2000 and 1999: 17 schools rose to 700, none fell below.
    let number = |field: &str| field.parse::<f64>().expect("a number");
    let rose = |fields: &csv::StringRecord| number(&fields[12]) < 700.0 && number(&fields[11]) >= 700.0;
    let of_risers = |few, sensitive: bool| {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        testkit::schools_panel(folder.path(), "panel", |year, rows| renamed(year, rows, rose, few));
        if sensitive {
            let row = "rows = [\"high_score\"]";
            edit(&folder.path().join("schools/tables.toml"), row, &format!("sensitive = true\n{row}"));
        }
        refusal(folder.path())
    };
    assert_eq!(of_risers(4, false), None);
    assert!(of_risers(4, true).is_some_and(|refused| refused.contains("fewer than 5")));
    assert_eq!(of_risers(17, true), None);
}
