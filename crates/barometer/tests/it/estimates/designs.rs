//! What a design may and may not change, and what is odd about one.

use serde_json::Value;

use crate::analyst::of_file;

const CHECKED: &str = "NOT DISCLOSURE-CHECKED: for the analyst, not for publication\n";

fn found(text: &str, arguments: &[&str]) -> Value {
    let said = of_file("data.csv", text, &[arguments, &["--format", "json"]].concat());
    assert_eq!(said.code, Some(0), "{}", said.err);
    serde_json::from_str(&said.out).expect("it is JSON")
}

#[track_caller]
fn assert_near(found: &Value, expected: f64) {
    let found = found.as_f64().expect("a number");
    assert!((found / expected - 1.0).abs() <= 1e-12, "{found} instead of {expected}");
}

/// A stands for 10, each of the three of B for 1000/3.
const ONE_AND_THREE: &str = "h,N,y\nA,10,5\nB,1000,1\nB,1000,2\nB,1000,3\n";

#[test]
fn no_rule_for_lonely_psus_changes_an_estimate() {
    for rule in ["certainty", "centre", "average", "collapse:A=B"] {
        let asked = ["--strata", "h", "--fpc", "N", "--total", "y", "--mean", "y", "--lonely", rule];
        let found = found(ONE_AND_THREE, &asked);
        assert_near(&found["rows"][1]["estimate"], 50.0 + 2000.0);
        assert_near(&found["rows"][0]["estimate"], 2050.0 / 1010.0);
    }
}

#[test]
fn no_company_changes_the_error_of_a_statistic() {
    let path = testkit::repository().join("fixtures/schools/srs/raw/apisrs.csv");
    let text = std::fs::read_to_string(path).expect("the sample is in the repository");
    let se = |asked: &[&str]| {
        let found = found(&text, &[&["--weight", "pw", "--replicate-method", "bootstrap:50"], asked].concat());
        let rows = found["rows"].as_array().expect("rows").clone();
        rows.into_iter().find(|row| row["variable"] == "api00").expect("it was asked for")["se"].clone()
    };
    let alone = se(&["--mean", "api00"]);
    assert!(alone.as_f64().is_some_and(|se| se > 5.0), "{alone}");
    assert_eq!(se(&["--mean", "enroll", "--mean", "api00", "--share", "stype"]), alone);
    assert_eq!(se(&["--mean", "api00", "--quantile", "meals:0.5"]), alone);
}

#[test]
fn only_a_number_of_units_is_without_an_error_where_nothing_varies() {
    let rows = |text: &str| found(text, &["--total", "y", "--mean", "y"])["rows"].clone();
    let units = rows("y\n1\n1\n1\n1\n");
    assert_eq!((&units[1]["estimate"], &units[1]["se"]), (&Value::from(4.0), &Value::from(0.0)));
    // That four have five each does not prove that everybody has.
    let fives = rows("y\n5\n5\n5\n5\n");
    assert_eq!((&fives[1]["estimate"], &fives[1]["se"]), (&Value::from(20.0), &Value::Null));
    assert_eq!(fives[0]["note"], fives[1]["note"]);
    // Nor does it that four are above three.
    let condition = found("y\n5\n5\n5\n5\n", &["--total", "y > 3"])["rows"][0].clone();
    assert_eq!((&condition["estimate"], &condition["se"]), (&Value::from(4.0), &Value::Null));
}

#[test]
fn replicates_have_no_degrees_of_freedom_of_a_subset() {
    let text = "y,w,r1,r2\n1,2,4,0\n2,2,0,4\n3,2,4,0\n4,2,0,4\n";
    let asked = ["--weight", "w", "--replicates", "r?", "--replicate-method", "brr", "--mean", "y", "--df", "subset"];
    let said = of_file("data.csv", text, &asked);
    assert_eq!(
        (said.code, said.err.as_str()),
        (
            Some(3),
            "data.csv: --df subset counts the PSUs that hold a domain, which replicates do not tell\n\
             help: --df design or --df domain\n1 error; nothing was written\n"
        )
    );
}

#[test]
fn weights_that_add_up_to_the_sample_are_told_where_sizes_know_better() {
    let said =
        of_file("data.csv", "y,w,N\n1,1,1000\n2,1,1000\n3,1,1000\n", &["--weight", "w", "--fpc", "N", "--total", "y"]);
    let warning = "data.csv: warning: the weights of \"w\" add up to 3, as many as there are units in the sample, while --fpc tells of 1000: totals \
                   are not those of the population\n";
    assert_eq!((said.code, said.err), (Some(0), format!("{warning}{CHECKED}")));
    // Also on the road of units.
    let said = of_file(
        "data.csv",
        "y,w,N\n1,1,1000\n2,1,1000\n3,1,1000\n",
        &["--weight", "w", "--fpc", "N", "--quantile", "y:0.5"],
    );
    assert_eq!(said.err, format!("{warning}{CHECKED}"));
    let sound = of_file(
        "data.csv",
        "y,w,N\n1,400,1000\n2,300,1000\n3,300,1000\n",
        &["--weight", "w", "--fpc", "N", "--total", "y"],
    );
    assert_eq!(sound.err, CHECKED);
}

#[test]
fn clusters_that_cross_strata_are_told() {
    let said =
        of_file("data.csv", "h,d,y\na,1,1\na,2,3\nb,1,2\nb,3,5\n", &["--strata", "h", "--psu", "d", "--mean", "y"]);
    let expected = "data.csv: warning: 1 id of \"d\" occurs in several strata, and is taken for another cluster in each\n\
                    help: if a cluster lies in several strata, those are no strata of the sample: leave them out\n";
    assert_eq!((said.code, said.err), (Some(0), format!("{expected}{CHECKED}")));
}

#[test]
fn rows_without_a_weight_are_out_of_the_sample_where_that_is_said() {
    let text = "y,w,r1,r2\n1,2,4,0\n9,,,\n2,2,0,4\n3,1,2,0\n4,1,0,2\n";
    let without = "y,w,r1,r2\n1,2,4,0\n2,2,0,4\n3,1,2,0\n4,1,0,2\n";
    for asked in [&["--mean", "y"][..], &["--quantile", "y:0.5", "--replicates", "r?", "--replicate-method", "brr"]] {
        let found_out = found(text, &[&["--weight", "w", "--missing-weight", "out"], asked].concat());
        let found_without = found(without, &[&["--weight", "w"], asked].concat());
        assert_eq!(found_out["rows"], found_without["rows"]);
        assert_eq!(found_out["design"]["without_weight"], 1);
    }
}

#[test]
fn rows_out_of_the_sample_need_no_stratum() {
    let asked = ["--weight", "w", "--missing-weight", "out", "--strata", "h", "--mean", "y"];
    let found_out = found("h,y,w\na,1,2\na,2,2\n,9,\nb,3,1\nb,5,1\n,8,\n", &asked);
    let found_without = found("h,y,w\na,1,2\na,2,2\nb,3,1\nb,5,1\n", &asked);
    assert_eq!(found_out["rows"], found_without["rows"]);
    let sampled = of_file("data.csv", "h,y,w\na,1,2\na,2,2\n,9,1\n", &asked);
    assert!(
        sampled.err.starts_with("data.csv: 1 row has no value of \"h\", which every row needs\n"),
        "{}",
        sampled.err
    );
}

#[test]
fn one_column_holds_the_weights() {
    let said = of_file("data.csv", "y,v,w\n1,2,3\n2,2,3\n", &["--weight", "v,w", "--mean", "y"]);
    assert_eq!(
        (said.code, said.err.as_str()),
        (
            Some(3),
            "--weight v,w: 2 columns, expected the one that holds the weights\n\
             help: replicate weights are named with --replicates\n1 error; nothing was written\n"
        )
    );
}

#[test]
fn columns_that_are_no_replicate_weights_are_told() {
    let text = "y,w,r1,r2,rate\n1,200,400,0,3\n2,200,0,400,4\n3,200,400,0,2\n4,200,0,400,5\n";
    let asked = ["--weight", "w", "--replicate-method", "brr", "--mean", "y", "--replicates"];
    let said = of_file("data.csv", text, &[&asked[..], &["r*"]].concat());
    let expected = "data.csv: warning: the replicate weights of \"rate\" add up to 14, the weights to 800\n\
                    help: is it a column of replicate weights? Several patterns are cut by commas\n";
    assert_eq!((said.code, said.err), (Some(0), format!("{expected}{CHECKED}")));
    let listed = of_file("data.csv", text, &[&asked[..], &["r2,r1"]].concat());
    assert_eq!(listed.err, CHECKED);
    assert!(listed.out.contains("variance from 2 replicates (r1 to r2) around their mean"), "{}", listed.out);
}
