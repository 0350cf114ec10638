//! Differences and tests on the command line: t, families of tests, changes between waves, associations without exception.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::analyst::of_file;

fn tests(text: &str, arguments: &[&str]) -> Vec<Value> {
    let said = of_file("data.csv", text, &[arguments, &["--format", "json"]].concat());
    assert_eq!(said.code, Some(0), "{}", said.err);
    let found: Value = serde_json::from_str(&said.out).expect("it is JSON");
    found["tests"].as_array().expect("there are tests").clone()
}

#[track_caller]
fn assert_near(found: &Value, expected: f64) {
    let found = found.as_f64().expect("a number");
    assert!((found - expected).abs() <= 1e-12, "{found} instead of {expected}");
}

/// Means of 2 and 6. z is 1/2, -1/2 and 0, so V = 3/2 (1/4 + 1/4) = 3/4 and t^2 = 16 / V = 64/3. On two degrees of freedom p is
/// 1 - t / sqrt(2 + t^2) = 1 - sqrt(32/35).
const THREE: &str = "g,y\na,1\na,3\nb,6\n";

#[test]
fn a_difference_has_its_t_test() {
    let test = &tests(THREE, &["--diff", "y:g=b,a"])[0];
    assert_eq!((&test["test"], &test["variable"]), (&Value::from("t"), &Value::from("y, g: b - a")));
    assert_near(&test["statistic"], f64::sqrt(64.0 / 3.0));
    assert_near(&test["df2"], 2.0);
    assert_near(&test["p"], 1.0 - f64::sqrt(32.0 / 35.0));
    assert_eq!(test["p_adjusted"], Value::Null);
}

#[test]
fn the_tests_of_a_command_are_one_family() {
    let p = 1.0 - f64::sqrt(32.0 / 35.0);
    let asked = ["--diff", "y:g=b,a", "--diff", "y:g=a,b", "--adjust"];
    for (rule, expected) in [("holm", 2.0 * p), ("benjamini-hochberg", p)] {
        for test in tests(THREE, &[&asked[..], &[rule]].concat()) {
            assert_near(&test["p_adjusted"], expected);
        }
    }
    // What cannot be tested belongs to no family.
    let with_constant = "g,y,c\na,1,1\na,3,1\nb,6,1\n";
    let found = tests(with_constant, &["--diff", "y:g=b,a", "--diff", "c:g=b,a", "--adjust", "holm"]);
    assert_near(&found[0]["p_adjusted"], p);
    assert_eq!(found[1]["note"], "there is no sampling error to compare with");
    assert_eq!(found[1]["p_adjusted"], Value::Null);
}

#[test]
fn the_table_shows_adjusted_probabilities_beside_the_others() {
    let said = of_file("data.csv", THREE, &["--diff", "y:g=b,a", "--diff", "y:g=a,b", "--adjust", "holm"]);
    let expected = "\
data.csv: 3 units; weights 1, with replacement
linearised variance, df 2, 95 % intervals; p adjusted among all tests (holm)

statistic   of            estimate     SE    from      to  n  CV %  deff
────────────────────────────────────────────────────────────────────────
difference  y   g: b - a     4.000  0.866   0.274   7.726  3  21.7     –
difference  y   g: a - b    -4.000  0.866  -7.726  -0.274  3  21.7     –

test  of           statistic  df       p  adjusted  n
───────────────────────────────────────────────────────
t     y, g: b - a      4.619   2  0.0438    0.0876  3
t     y, g: a - b     -4.619   2  0.0438    0.0876  3
";
    assert_eq!(said.out, expected);
}

#[test]
fn an_association_without_exception_is_not_told_as_none() {
    let test = &tests("g,y\na,x\na,x\nb,y\nb,y\n", &["--test", "g,y"])[0];
    assert_eq!(test["p"], Value::Null);
    assert_eq!(
        test["note"],
        "the association is complete in the sample: each row is of one column, or each column of one row, which leaves no error to compare with"
    );
}

/// The schools of the sample twice, once for each year: the change of the score, with what its error is, is R's of `api00 - api99`.
#[test]
fn two_waves_in_one_file_have_their_covariance_where_units_recur() {
    let path = testkit::repository().join("fixtures/schools/2000/raw/apistrat.csv");
    let mut reader = csv::Reader::from_path(path).expect("the sample is in the repository");
    let mut stacked = "school,stype,pw,fpc,wave,score\n".to_owned();
    for record in reader.deserialize::<BTreeMap<String, String>>() {
        let school = record.expect("the sample is well-formed");
        let of = |column: &str| school[column].as_str();
        for (wave, score) in [("1999", of("api99")), ("2000", of("api00"))] {
            stacked += &[of("snum"), of("stype"), of("pw"), of("fpc"), wave, score].join(",");
            stacked += "\n";
        }
    }
    let change = |design: &[&str]| -> Value {
        let asked = ["--weight", "pw", "--fpc", "fpc", "--diff", "score:wave=2000,1999", "--format", "json"];
        let said = of_file("data.csv", &stacked, &[design, &asked].concat());
        let found: Value = serde_json::from_str(&said.out).expect("it is JSON");
        assert!((found["rows"][0]["estimate"].as_f64().expect("a number") - 32.892_518_38).abs() < 1e-8);
        found["rows"][0]["se"].clone()
    };
    let panel = change(&["--psu", "school", "--strata", "stype"]);
    assert!((panel.as_f64().expect("a number") - 2.051_112_41).abs() < 1e-8, "{panel}");
    let independent = change(&["--strata", "wave,stype"]);
    assert!((independent.as_f64().expect("a number") - 13.704_320_95).abs() < 1e-8, "{independent}");
}

/// Rows by wave; of each wave the estimate and its standard error.
fn by_wave(text: &str, design: &[&str]) -> Vec<(f64, f64, f64)> {
    let asked = ["--mean", "y", "--by", "wave", "--format", "json"];
    let found: Value = serde_json::from_str(&of_file("data.csv", text, &[design, &asked].concat()).out).expect("JSON");
    let number = |value: &Value| value.as_f64().expect("a number");
    let rows = found["rows"].as_array().expect("rows").iter();
    let wave = |row: &Value| row["by"]["wave"].as_str().and_then(|wave| wave.parse().ok()).expect("a year");
    rows.map(|row| (wave(row), number(&row["estimate"]), number(&row["se"]))).collect()
}

#[test]
fn a_trend_over_independent_waves_is_the_line_of_weighted_least_squares() {
    let text = "wave,y\n2014,1\n2014,4\n2014,3\n2016,5\n2016,2\n2016,4\n2016,6\n2019,7\n2019,3\n2019,8\n";
    let waves = by_wave(text, &["--strata", "wave"]);
    assert_eq!(waves.len(), 3);
    let sum = |of: &dyn Fn(&(f64, f64, f64)) -> f64| waves.iter().map(of).sum::<f64>();
    let weight = |wave: &(f64, f64, f64)| 1.0 / (wave.2 * wave.2);
    let x = sum(&|wave| weight(wave) * wave.0) / sum(&weight);
    let y = sum(&|wave| weight(wave) * wave.1) / sum(&weight);
    let spread = sum(&|wave| weight(wave) * (wave.0 - x) * (wave.0 - x));
    let slope = sum(&|wave| weight(wave) * (wave.0 - x) * (wave.1 - y)) / spread;

    let said = of_file("data.csv", text, &["--strata", "wave", "--trend", "y:wave", "--format", "json"]);
    let found: Value = serde_json::from_str(&said.out).expect("it is JSON");
    let row = &found["rows"][0];
    assert_eq!((&row["statistic"], &row["level"]), (&Value::from("trend"), &Value::from("per wave")));
    assert_near(&row["estimate"], slope);
    assert_near(&row["se"], f64::sqrt(1.0 / spread));
    let tests: Vec<&str> =
        found["tests"].as_array().expect("tests").iter().filter_map(|test| test["test"].as_str()).collect();
    assert_eq!(tests, ["trend", "no change", "straight line"]);
    assert_near(&found["tests"][0]["statistic"], slope * f64::sqrt(spread));
    // Satterthwaite's degrees of freedom from two, three and two PSUs beyond the first of each wave.
    let part = |wave: &(f64, f64, f64), df: f64| {
        let c = weight(wave) * (wave.0 - x) / spread;
        let square = c * wave.2 * c * wave.2;
        square * square / df
    };
    let df = 1.0 / (spread * spread) / (part(&waves[0], 2.0) + part(&waves[1], 3.0) + part(&waves[2], 2.0));
    assert_near(&found["tests"][0]["df2"], df);
    assert!(df < 7.0);
}

/// Twelve units whose answers vary alike and covary alike in all waves: the line is then that of ordinary least squares, half the change from the
/// first to the last of three waves, and so is its error.
#[test]
fn a_trend_of_a_panel_has_the_covariance_of_its_waves() {
    let mut text = "unit,wave,y\n".to_owned();
    for (unit, deviations) in [[0, 1, 3], [0, 3, 1], [1, 0, 3], [1, 3, 0], [3, 0, 1], [3, 1, 0]].iter().enumerate() {
        for (wave, (deviation, level)) in deviations.iter().zip([10, 12, 15]).enumerate() {
            text += &format!(
                "low {unit},{0},{1}\nhigh {unit},{0},{2}\n",
                wave + 1,
                deviation + level,
                deviation + level + 2
            );
        }
    }
    let asked = ["--psu", "unit", "--trend", "y:wave", "--diff", "y:wave=3,1", "--format", "json"];
    let found: Value = serde_json::from_str(&of_file("data.csv", &text, &asked).out).expect("it is JSON");
    let rows = found["rows"].as_array().expect("rows");
    let of = |statistic: &str| rows.iter().find(|row| row["statistic"] == statistic).expect("it was asked for");
    assert_near(&of("trend")["estimate"], 2.5);
    assert_near(&of("trend")["se"], of("difference")["se"].as_f64().expect("a number") / 2.0);
}

#[test]
fn two_waves_are_no_trend() {
    let said = of_file("data.csv", "wave,y\n2014,1\n2016,4\n2014,3\n2016,1\n", &["--trend", "y:wave"]);
    let expected = "--trend y:wave: \"wave\" has 2 from 2014 to 2016, a trend goes over 3 to 50 values\n\
                    help: two are compared with --diff\n1 error; nothing was written\n";
    assert_eq!((said.code, said.err.as_str()), (Some(3), expected));
    let text = of_file("data.csv", "wave,y\na,1\nb,4\nc,3\n", &["--trend", "y:wave"]);
    let expected = "--trend:1:3: \"wave\" holds text, a trend goes over numbers, such as years\n\
                    help: write it like \"innovative:wave\"\n1 error; nothing was written\n";
    assert_eq!((text.code, text.err.as_str()), (Some(3), expected));
}
