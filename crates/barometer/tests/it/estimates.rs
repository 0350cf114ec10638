//! `barometer estimate` as a user sees it: R's numbers from a file, all at once, and messages that say what to do.

mod counting;
mod designs;
mod lonely;
mod order;
mod refused;
mod testing;
mod vain;

use serde_json::Value;
use testkit::{OracleRow, oracle};

use crate::house::say;

/// The numbers that R gives in a row, by their names in the command's JSON.
fn numbers(row: &OracleRow) -> Vec<(&'static str, f64)> {
    let all =
        [("estimate", row.estimate), ("se", row.se), ("ci_low", row.ci_low), ("ci_high", row.ci_high), ("df", row.df)];
    all.into_iter().filter(|(_, number)| !number.is_nan()).collect()
}

/// How each of R's designs is told to the command.
const DESIGNS: [(&str, &str, &[&str]); 5] = [
    ("srs", "srs/raw/apisrs.csv", &["--weight", "pw", "--fpc", "fpc"]),
    ("strat", "2000/raw/apistrat.csv", &["--weight", "pw", "--strata", "stype", "--fpc", "fpc"]),
    ("strat_wr", "2000/raw/apistrat.csv", &["--weight", "pw", "--strata", "stype"]),
    ("clus1", "clus1/raw/apiclus1.csv", &["--weight", "pw", "--psu", "dnum", "--fpc", "fpc"]),
    ("clus2", "clus2/raw/apiclus2.csv", &["--weight", "pw", "--psu", "dnum,snum", "--fpc", "fpc1,fpc2"]),
];

/// Everything that R's rows ask for, in as few runs as there are groupings and methods.
const RUNS: [&[&str]; 9] = [
    &[
        "--interval",
        "mean",
        "--mean",
        "api00",
        "--mean",
        "api99",
        "--mean",
        "api00 - api99",
        "--total",
        "enroll",
        "--share",
        "stype",
        "--share",
        "sch.wide",
        "--share",
        "awards",
        "--ratio",
        "api.stu/enroll",
        "--share",
        "awards = 'Yes'",
        "--diff",
        "api00:comp.imp=Yes,No",
        "--quantile",
        "api00:0.25,0.5,0.75",
        "--test",
        "sch.wide,stype",
    ],
    &["--interval", "mean", "--mean", "api00", "--share", "awards = 'Yes'", "--by", "stype"],
    &["--interval", "mean", "--mean", "api00", "--share", "awards = 'Yes'", "--by", "sch.wide"],
    &["--interval", "mean", "--mean", "api00", "--share", "awards = 'Yes'", "--by", "comp.imp"],
    &["--interval", "xlogit", "--share", "awards = 'Yes'"],
    &["--interval", "asin", "--share", "awards = 'Yes'"],
    &["--interval", "beta", "--share", "awards = 'Yes'"],
    &["--quantile-rule", "hf7", "--quantile", "api00:0.25,0.5,0.75"],
    &["--test", "sch.wide,stype", "--rao-scott", "first"],
];

fn estimates(file: &str, arguments: &[&str]) -> Value {
    let file = format!("fixtures/schools/{file}");
    let said = say(&[&["estimate", &file, "--format", "json"], arguments].concat());
    assert_eq!(
        (said.code, said.err.as_str()),
        (Some(0), "NOT DISCLOSURE-CHECKED: for the analyst, not for publication\n")
    );
    serde_json::from_str(&said.out).expect("it is JSON")
}

/// Where the number of one of R's rows is: the run, the statistic, its variable, its level, and the domain.
struct Wanted {
    run: usize,
    statistic: &'static str,
    variable: String,
    level: Option<String>,
    by: Option<(String, String)>,
}

impl Wanted {
    fn of(row: &OracleRow) -> Option<Self> {
        let domain = row.by.split_once('=').map(|(column, value)| {
            let value = value.split(':').next().unwrap_or(value);
            (column.to_owned(), value.trim().to_owned())
        });
        let by_run = |column: &str| match column {
            "stype" => 1,
            "sch.wide" => 2,
            _ => 3,
        };
        let whole = |run, statistic: &'static str, variable: &str, level: Option<&str>| Self {
            run,
            statistic,
            variable: variable.to_owned(),
            level: level.map(str::to_owned),
            by: None,
        };
        let condition = "awards = 'Yes'";
        Some(match (row.statistic.as_str(), row.method.as_str()) {
            ("mean", _) if domain.is_some() => {
                let run = by_run(&domain.as_ref()?.0);
                Self { by: domain, ..whole(run, "mean", &row.variable, None) }
            }
            ("share", "t") if row.variable == "awards=Yes" => {
                let run = by_run(&domain.as_ref()?.0);
                Self { by: domain, ..whole(run, "share", condition, None) }
            }
            ("share", "t") => whole(0, "share", &row.variable, Some(row.by.strip_prefix(&row.variable)?)),
            ("share", "mean") => whole(0, "share", condition, None),
            ("share", "xlogit") => whole(4, "share", condition, None),
            ("share", "asin") => whole(5, "share", condition, None),
            ("share", "beta") => whole(6, "share", condition, None),
            ("mean" | "total" | "ratio", _) => {
                let statistic = ["mean", "total", "ratio"].into_iter().find(|known| *known == row.statistic)?;
                whole(0, statistic, &row.variable, None)
            }
            ("contrast", _) if row.variable == "api00-api99" => whole(0, "mean", "api00 - api99", None),
            ("contrast", _) => whole(0, "difference", "api00", Some("comp.imp: Yes - No")),
            ("deff", "wor") => whole(0, "mean", "api00", None),
            // R breaks ties between weights by the order of the file's rows, which must not change a bit here. Where weights
            // differ, the crate's own test gives it that order.
            ("quantile", "hf7/mean") if row.design.starts_with("strat") => return None,
            ("quantile", method) => {
                let run = if method.starts_with("hf7") { 7 } else { 0 };
                whole(run, "quantile", "api00", Some(&format!("0{}", row.by)))
            }
            // Tests are compared apart; R's other design effect is not on the command line.
            _ => return None,
        })
    }

    fn find<'a>(&self, runs: &'a [Value]) -> &'a Value {
        let fits = |found: &&Value| {
            found["statistic"] == self.statistic
                && found["variable"] == self.variable.as_str()
                && found["level"].as_str() == self.level.as_deref()
                && self.by.as_ref().is_none_or(|(column, value)| found["by"][column] == value.as_str())
        };
        let rows = runs[self.run]["rows"].as_array().expect("there are rows");
        rows.iter().find(fits).unwrap_or_else(|| panic!("{} {} {:?}", self.statistic, self.variable, self.level))
    }
}

#[track_caller]
fn assert_near(found: &Value, expected: f64, what: &str) {
    let found = found.as_f64().unwrap_or_else(|| panic!("{what}: no number"));
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1e-3), "{what}: {found} instead of {expected}");
}

#[test]
fn one_command_gives_the_numbers_of_r() {
    let mut compared = 0;
    for (design, file, arguments) in DESIGNS {
        let runs: Vec<Value> = RUNS.iter().map(|run| estimates(file, &[arguments, *run].concat())).collect();
        for row in oracle().iter().filter(|row| row.design == design) {
            let what = format!("{design} {} {} {} {}", row.statistic, row.variable, row.by, row.method);
            if row.statistic == "rao-scott" {
                compare_test(&runs, row, &what);
                compared += 1;
                continue;
            }
            let Some(wanted) = Wanted::of(row) else { continue };
            let found = wanted.find(&runs);
            compared += 1;
            if row.statistic == "deff" {
                assert_near(&found["deff"], row.estimate, &what);
                let n = found["n"].as_f64().expect("a count");
                assert_near(&found["effective_n"], n / row.estimate, &what);
                continue;
            }
            for (name, expected) in numbers(row) {
                // R gives a share of 0 the interval from 0 to 0; ours has an outer limit. And what the design fixes has no df.
                let edge = row.se == 0.0 && (name == "df" || (name == "ci_high" && row.estimate == 0.0));
                if !edge {
                    assert_near(&found[name], expected, &format!("{what} {name}"));
                }
            }
        }
    }
    // All but R's design effect against sampling with replacement, one in five designs, and the six interpolated quantiles.
    assert_eq!(compared, 205 - 5 - 6);
}

fn compare_test(runs: &[Value], row: &OracleRow, what: &str) {
    let (run, test) = if row.method == "F" { (0, "rao-scott") } else { (8, "rao-scott first order") };
    let tests = runs[run]["tests"].as_array().expect("there are tests");
    let found = tests.iter().find(|found| found["test"] == test).expect("it was asked for");
    let (parameters, p) = row.extra.split_once(" p=").expect("a test has parameters and p");
    let parameters: Vec<f64> = parameters
        .trim_start_matches("parameter=")
        .split(';')
        .map(|number| number.parse().expect("a number"))
        .collect();
    assert_near(&found["statistic"], row.estimate, what);
    assert_near(&found["df1"], parameters[0], what);
    match parameters.get(1) {
        Some(df2) => assert_near(&found["df2"], *df2, what),
        None => assert!(found["df2"].is_null(), "{what}"),
    }
    let p: f64 = p.parse().expect("a number");
    assert_near(&Value::from(found["p"].as_f64().expect("a number") / p), 1.0, what);
}

#[test]
fn without_a_weight_it_is_what_the_sizes_say() {
    let arguments = ["--psu", "dnum,snum", "--fpc", "fpc1,fpc2", "--mean", "api00", "--total", "enroll"];
    let found = estimates("clus2/raw/apiclus2.csv", &arguments);
    let [mean, total] = [&found["rows"][0], &found["rows"][1]].map(|row| row["estimate"].as_f64().expect("a number"));
    // The weights of the file were printed with six digits.
    assert!((mean - 670.811808118081).abs() < 1e-4 * mean && (total - 2_639_272.93).abs() < 1e-4 * total);
    assert_eq!(found["design"]["weights"], "N/n");
}

#[test]
fn what_is_missing_is_out_of_the_items_domain_and_counted() {
    let found = estimates("clus2/raw/apiclus2.csv", &["--weight", "pw", "--mean", "enroll", "--mean", "api00"]);
    assert_eq!((&found["rows"][0]["n"], &found["rows"][0]["missing"]), (&Value::from(120), &Value::from(6)));
    assert_eq!((&found["rows"][1]["n"], &found["rows"][1]["missing"]), (&Value::from(126), &Value::from(0)));
}

#[test]
fn every_domain_has_its_own_number_of_missing_values() {
    let file = b"g,y,z\na,1,1\na,,2\na,3,\nb,4,3\nb,6,4\nb,,\n";
    let asked = ["f.csv", "--mean", "y", "--quantile", "z:0.25,0.75", "--diff", "z:g=a,b", "--by", "g"];
    let found: Value = serde_json::from_str(&estimates_of(
        &[("f.csv", file)],
        &[&asked[..7], &["--by", "g", "--format", "json"]].concat(),
    ))
    .expect("it is JSON");
    let rows = found["rows"].as_array().expect("rows").iter();
    let missing: Vec<_> =
        rows.map(|row| (row["by"]["g"].as_str().unwrap_or(""), row["n"].as_u64(), row["missing"].as_u64())).collect();
    // Of each domain: the mean of y, the difference (nobody of the other one is in it), both quantiles of z, one value missing in each.
    let (mean, quantile) = ([("a", Some(2), Some(1)), ("b", Some(2), Some(1))], |g| [(g, Some(2), Some(1)); 2]);
    let difference = [("a", Some(0), Some(1)), ("b", Some(0), Some(1))];
    assert_eq!(missing, [&mean[..], &quantile("a"), &quantile("b"), &difference].concat());
    // The note below the table counts those of all domains.
    let said = estimates_of(&[("f.csv", file)], &asked);
    assert!(
        said.ends_with("y: without a value, so left out: 2 rows\nz: without a value, so left out: 2 rows\n"),
        "{said}"
    );
}

/// Runs the command on files made for the occasion, and gives what it printed.
pub(crate) fn estimates_of(files: &[(&str, &[u8])], arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).expect("a file can be written");
    }
    let said: crate::house::Said = crate::house::barometer()
        .current_dir(folder.path())
        .arg("estimate")
        .args(arguments)
        .output()
        .expect("the program starts")
        .into();
    assert_eq!(said.code, Some(0), "{}", said.err);
    said.out
}

#[test]
fn parquet_gives_what_its_text_gives() {
    let path = testkit::repository().join("fixtures/schools/clus1/raw/apiclus1.csv");
    let text = std::fs::read(path).expect("the sample is in the repository");
    let parquet = ingest::data_file("apiclus1.csv", &text).expect("a sound file").parquet().expect("Parquet");
    let asked =
        ["--psu", "dnum", "--fpc", "fpc", "--mean", "api00", "--share", "stype", "--by", "awards", "--format", "csv"];
    let from_text = estimates_of(&[("schools", &text)], &[&["schools"], asked.as_slice()].concat());
    let from_parquet = estimates_of(&[("schools", &parquet)], &[&["schools"], asked.as_slice()].concat());
    assert_eq!(from_text, from_parquet);
    assert_eq!(from_text.lines().count(), 1 + 2 + 2 * 3);
}

#[test]
fn no_digit_of_long_numbers_is_lost() {
    // Mean and standard error by hand in rational numbers: values of 13 decimals and of 1e12, weights of 0.01 and 1e6.
    let file = b"h,w,x,y\na,0.01,123456789012.1234567890123,1000000000000\na,1000000,3.0000000000001,2\na,12.5,2.5,3\n\
        b,1,1.1,999999999999\nb,1000000,77777.7777777777777,5\nb,3,12,1e12\n";
    let asked = [
        "numbers.csv",
        "--weight",
        "w",
        "--strata",
        "h",
        "--mean",
        "x",
        "--mean",
        "y",
        "--mean",
        "x*x",
        "--format",
        "json",
    ];
    let said = estimates_of(&[("numbers.csv", file.as_slice())], &asked);
    let found: Value = serde_json::from_str(&said).expect("it is JSON");
    let row = |row: usize, name: &str| found["rows"][row][name].as_f64().expect("a number");
    let near =
        |found: f64, expected: f64| assert!((found / expected - 1.0).abs() < 1e-15, "{found} instead of {expected}");
    near(row(0, "estimate"), 39_507.346_734_977_21);
    near(row(0, "se"), 27_728.372_721_895_343);
    near(row(1, "estimate"), 2_004_986.948_850_987_2);
    near(row(1, "se"), 2_402_057.434_381_171_6);
    // x * x needs more digits than a decimal has, so it is calculated in doubles.
    near(row(2, "estimate"), 76_210_289_341_343.84);
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_no_answer() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has a full device");
    let said: crate::house::Said = crate::house::barometer()
        .args(["estimate", "fixtures/schools/srs/raw/apisrs.csv", "--mean", "api00"])
        .stdout(full)
        .output()
        .expect("the program starts")
        .into();
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("error: cannot write standard output"), "{}", said.err);
}
