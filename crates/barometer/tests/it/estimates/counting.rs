//! What is counted, what is missing, and how numbers are printed.

use serde_json::Value;

use crate::analyst::of_file;

fn found(text: &str, arguments: &[&str]) -> Value {
    let said = of_file("data.csv", text, &[arguments, &["--format", "json"]].concat());
    assert_eq!(said.code, Some(0), "{}", said.err);
    serde_json::from_str(&said.out).expect("it is JSON")
}

#[test]
fn the_total_of_a_condition_or_a_category_is_a_number_of_units() {
    let text = "g,q,w\na,1,10\nb,2,20\na,2,5\n";
    let asked = ["--weight", "w", "--total", "g = 'a'", "--total", "g", "--total", "q", "--categories", "q"];
    let found = found(text, &asked);
    let rows = found["rows"].as_array().expect("rows");
    let told: Vec<_> = rows.iter().map(|row| (row["level"].as_str(), row["estimate"].as_f64())).collect();
    assert_eq!(
        told,
        [
            (None, Some(15.0)),
            (Some("a"), Some(15.0)),
            (Some("b"), Some(20.0)),
            (Some("1"), Some(10.0)),
            (Some("2"), Some(25.0))
        ]
    );
    assert!(rows.iter().all(|row| row["statistic"] == "total" && row["se"].as_f64().is_some_and(|se| se > 0.0)));
}

#[test]
fn what_no_cell_and_no_group_holds_is_counted() {
    // Two rows of six have no value of a or of b.
    let text = "a,b,y\nx,u,1\nx,v,2\n,v,3\nz,u,4\nz,,5\nz,v,7\n";
    let tests = found(text, &["--test", "a,b"])["tests"].clone();
    assert_eq!((&tests[0]["n"], &tests[0]["missing"]), (&Value::from(4), &Value::from(2)));
    let said = of_file("data.csv", text, &["--test", "a,b", "--diff", "y:a=z,x"]);
    assert!(
        said.out.ends_with("a x b: without a value, so left out: 2 rows\ny: without a value, so left out: 1 row\n"),
        "{}",
        said.out
    );
    // A group that is a condition, and one that is missing.
    let rows = found("c,y\n1,1\n2,4\n,3\n1,2\n", &["--diff", "y:c=1,2", "--test", "c > 1,y > 2"]);
    assert_eq!(rows["rows"][0]["missing"], 1);
    assert_eq!(rows["tests"][1]["missing"], 1);
}

#[test]
fn what_is_asked_twice_is_answered_once() {
    let text = "a,b\nx,u\nx,v\nz,u\nz,v\nz,v\nx,u\n";
    let twice = found(text, &["--test", "a,b", "--test", "a,b", "--adjust", "holm"])["tests"].clone();
    assert_eq!(twice.as_array().expect("tests").len(), 1);
    assert_eq!(twice[0]["p"], twice[0]["p_adjusted"]);
}

#[test]
fn marks_of_missing_values_may_be_named() {
    let text = "y,g\n1,a\n.,b\n3,-99\nNA,a\n";
    let marked = found(text, &["--missing", ".,-99", "--mean", "y", "--share", "g"]);
    assert_eq!((&marked["rows"][0]["n"], &marked["rows"][0]["missing"]), (&Value::from(2), &Value::from(2)));
    let levels: Vec<_> =
        marked["rows"].as_array().expect("rows").iter().filter_map(|row| row["level"].as_str()).collect();
    assert_eq!(levels, ["a", "b"]);
}

#[test]
fn numbers_in_another_notation_are_told_as_such() {
    let warned = |text: &str| of_file("data.csv", text, &["--mean", "y"]).err.lines().next().map(str::to_owned);
    let expected = "data.csv: row 2, column \"y\": warning: cell that is no number (decimal mark '.'), so the column is read as text (rows 2, 3 and \
                    4): a number with marks for thousands";
    assert_eq!(warned("y,z\n\"1,410\",1\n\"2,500\",2\n\"12,000.5\",3\n").as_deref(), Some(expected));
}

#[test]
fn what_is_no_text_is_told_by_what_it_is() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    std::fs::write(folder.path().join("data.csv"), b"\x1f\x8b\x08\0 rest").expect("a file can be written");
    let said: crate::house::Said = crate::house::barometer()
        .current_dir(folder.path())
        .args(["estimate", "data.csv", "--mean", "y"])
        .output()
        .expect("the program starts")
        .into();
    assert_eq!(
        (said.code, said.err.as_str()),
        (
            Some(3),
            "data.csv: the file is packed with gzip, which is not read\n\
             help: unpack it, and name the file inside; of archives only zip is opened\n1 error; nothing was written\n"
        )
    );
}

#[test]
fn what_a_program_reads_says_that_it_was_not_checked() {
    let found = found("y\n1\n2\n", &["--mean", "y"]);
    assert_eq!(found["disclosure"], "NOT DISCLOSURE-CHECKED");
}

#[test]
fn small_numbers_have_an_exponent_in_csv() {
    let text: String = "g,y\n".to_owned()
        + &(0..200).map(|row| format!("{},{}\n", row % 2, 2 * (row % 2) + row % 3)).collect::<String>();
    let said = of_file("data.csv", &text, &["--diff", "y:g=1,0", "--format", "csv"]);
    let p =
        said.out.lines().nth(2).and_then(|line| line.split(',').nth(line.split(',').count() - 3)).map(str::to_owned);
    assert!(p.as_ref().is_some_and(|p| p.contains("e-") && p.len() < 25), "{p:?} {}", said.out);
}

#[test]
fn ids_longer_than_any_number_stay_apart() {
    // Of 40 digits, alike in all but the last: the nearest doubles are one.
    let text: String =
        "k,y\n".to_owned() + &(1..5).map(|last| format!("{}{last},{last}\n", "7".repeat(39))).collect::<String>();
    let found = found(&text, &["--psu", "k", "--mean", "y"]);
    assert_eq!(found["design"]["psus"], 4);
}
