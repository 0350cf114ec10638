//! What is asked of nobody, and texts that no row has.

use serde_json::Value;

use crate::analyst::of_file;

const CHECKED: &str = "NOT DISCLOSURE-CHECKED: for the analyst, not for publication\n";

#[test]
fn a_text_that_no_row_has_is_told_with_the_nearest() {
    let said =
        of_file("data.csv", "q,y\nYes,1\nNo,4\nYes,2\n", &["--share", "q = 'Yess' OR y > 3", "--where", "q <> 'nein'"]);
    assert_eq!(said.code, Some(0));
    assert_eq!(
        said.err,
        format!(
            "--where q <> 'nein': warning: no row has \"q\" = \"nein\"\nhelp: known here: No, Yes\n\
             --share q = 'Yess' OR y > 3: warning: no row has \"q\" = \"Yess\"\nhelp: did you mean \"Yes\"?\n{CHECKED}"
        )
    );
    // A text that occurs needs no word, wherever it stands.
    let found = of_file("data.csv", "q,y\nYes,1\nNo,4\n", &["--mean", "y", "--where", "q IN ('No', 'Yes')"]);
    assert_eq!(found.err, CHECKED);
}

#[test]
fn a_condition_that_keeps_nobody_is_answered_with_nobody() {
    let asked = [
        "--mean",
        "y",
        "--quantile",
        "y:0.5",
        "--diff",
        "y:g=a,b",
        "--test",
        "g,y",
        "--where",
        "y > 9",
        "--categories",
        "y",
    ];
    let said = of_file("data.csv", "g,y\na,1\nb,4\n", &[&asked[..], &["--format", "json"]].concat());
    assert_eq!((said.code, said.err.as_str()), (Some(0), CHECKED));
    let found: Value = serde_json::from_str(&said.out).expect("it is JSON");
    let rows = found["rows"].as_array().expect("there are rows");
    assert_eq!(rows.len(), 3);
    for row in rows {
        assert_eq!((&row["n"], &row["estimate"], &row["se"]), (&Value::from(0), &Value::Null, &Value::Null));
        assert_eq!(row["note"], "nobody is in the domain");
    }
    assert_eq!(found["tests"][1]["note"], "nobody is in the domain");
}

#[test]
fn where_nobody_is_in_any_domain_the_columns_stay_and_a_warning_says_so() {
    let asked = ["--mean", "y", "--by", "g", "--where", "y > 9", "--format", "csv"];
    let said = of_file("data.csv", "g,y\na,1\nb,4\n", &asked);
    assert_eq!(said.code, Some(0));
    assert_eq!(said.err, format!("data.csv: warning: no row is in any domain, so nothing was estimated\n{CHECKED}"));
    assert!(said.out.starts_with("g,statistic,variable,") && said.out.lines().count() == 1, "{}", said.out);
}

#[test]
fn values_may_be_grouped_first() {
    let grouped = "CASE WHEN y > 3 THEN 'many' ELSE 'few' END";
    let asked = ["--share", grouped, "--test", &format!("{grouped},g"), "--format", "csv"];
    let said = of_file("data.csv", "g,y\na,1\nb,4\na,5\nb,2\nb,7\n", &asked);
    assert_eq!((said.code, said.err.as_str()), (Some(0), CHECKED));
    let lines: Vec<&str> = said.out.lines().collect();
    assert!(lines[1].starts_with(&format!("share,{grouped},few,0.4,")), "{}", said.out);
    assert!(lines[2].starts_with(&format!("share,{grouped},many,0.6,")), "{}", said.out);
}

#[test]
fn an_error_of_0_says_what_it_rests_on() {
    let note = |text: &str, arguments: &[&str]| -> Value {
        let said = of_file("data.csv", text, &[arguments, &["--format", "json"]].concat());
        let found: Value = serde_json::from_str(&said.out).expect("it is JSON");
        assert_eq!(found["rows"][0]["se"], 0.0);
        found["rows"][0]["note"].clone()
    };
    assert_eq!(
        note("y\n1\n1\n1\n", &["--share", "y = 1"]),
        "all answers are alike: the limit on the other side is that of Korn and Graubard, one-sided at half the error"
    );
    let census = note("y,N\n1,3\n2,3\n1,3\n", &["--share", "y = 1", "--fpc", "N"]);
    assert_eq!(census, "no sampling error: everybody was asked, or the design fixes it");
}

#[test]
fn a_constant_may_stand_before_a_column_in_a_case() {
    let text = "g,q,y\na,u,1.5\nb,v,2.25\na,w,3\n,u,4\n";
    let mean = of_file("data.csv", text, &["--mean", "CASE WHEN g = 'a' THEN 1 ELSE y END", "--format", "csv"]);
    // 1, 2.25, 1 and, where nobody knows, 4.
    assert!(mean.out.contains(",,2.0625,"), "{}{}", mean.out, mean.err);
    let levels =
        of_file("data.csv", text, &["--share", "CASE WHEN g = 'a' THEN 'x' WHEN y > 3 THEN q END", "--format", "csv"]);
    let rows: Vec<&str> = levels.out.lines().skip(1).filter_map(|line| line.split(',').nth(2)).collect();
    assert_eq!(rows, ["u", "x"], "{}{}", levels.out, levels.err);
}

#[test]
fn a_column_without_any_value_is_told() {
    let said = of_file("data.csv", "q,y\n,1\n,2\n", &["--share", "q", "--mean", "y", "--categories", "q"]);
    assert_eq!(said.err, format!("--share q: warning: no row has a value of \"q\"\n{CHECKED}"));
}
