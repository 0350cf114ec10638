//! What `barometer estimate` says to an analyst: values without a known error, degrees of freedom, categories, what was left out, and
//! how arguments and odd files are read.

use serde_json::Value;

use crate::house::{Said, barometer, say};

/// Runs the command in a folder with one file.
pub(crate) fn of_file(name: &str, text: &str, arguments: &[&str]) -> Said {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    std::fs::write(folder.path().join(name), text).expect("a file can be written");
    let mut command = barometer();
    command.current_dir(folder.path()).args(["estimate", name]).args(arguments);
    command.output().expect("the program starts").into()
}

/// The rows of the answer about a file.
#[track_caller]
fn rows(text: &str, arguments: &[&str]) -> Vec<Value> {
    let said = of_file("data.csv", text, &[arguments, &["--format", "json"]].concat());
    assert_eq!(said.code, Some(0), "{}", said.err);
    let found: Value = serde_json::from_str(&said.out).expect("it is JSON");
    found["rows"].as_array().expect("there are rows").clone()
}

/// The answer about the schools.
#[track_caller]
fn schools(file: &str, arguments: &[&str]) -> Value {
    let file = format!("fixtures/schools/{file}");
    let said = say(&[&["estimate", &file, "--format", "json"], arguments].concat());
    assert_eq!(said.code, Some(0), "{}", said.err);
    serde_json::from_str(&said.out).expect("it is JSON")
}

#[track_caller]
fn assert_near(found: &Value, expected: f64) {
    let found = found.as_f64().expect("a number");
    assert!((found - expected).abs() <= 1e-10 * expected.abs(), "{found} instead of {expected}");
}

const NO_VARIATION: &str = "no error known: the sample shows no variation, which does not prove that there is none";

#[test]
fn a_value_whose_error_is_unknown_is_told_without_one() {
    let found = rows("g,y\na,1\na,4\na,7\nb,3\n", &["--mean", "y", "--by", "g"]);
    let alone = &found[1];
    assert_eq!(
        (&alone["estimate"], &alone["n"], &alone["note"]),
        (&Value::from(3.0), &Value::from(1), &NO_VARIATION.into())
    );
    for withheld in ["se", "ci_low", "ci_high", "df", "deff", "effective_n", "cv"] {
        assert_eq!(alone[withheld], Value::Null, "{withheld}");
    }
    assert!(found[0]["se"].is_number() && found[0].get("note").is_none());
}

#[test]
fn differences_and_quantiles_without_an_error_have_their_values_too() {
    let asked = ["--diff", "y:g=a,b", "--quantile", "y:.75"];
    let found = rows("g,y\na,5\na,5\nb,3\nb,3\n", &asked);
    let values: Vec<&Value> = found.iter().map(|row| &row["estimate"]).collect();
    assert_eq!(values, [&Value::from(5.0), &Value::from(2.0)]);
    assert!(found.iter().all(|row| row["se"].is_null() && row["note"].is_string()), "{found:?}");
}

#[test]
fn a_ratio_to_nothing_has_no_value_and_says_so() {
    let found = &rows("y,x\n1,0\n2,0\n", &["--ratio", "y/x"])[0];
    assert_eq!((&found["estimate"], &found["n"]), (&Value::Null, &Value::from(2)));
    assert_eq!(found["note"], "no ratio: its denominator is 0");
}

#[test]
fn the_number_of_units_under_fixed_weights_has_no_error() {
    let asked = ["--weight", "w", "--strata", "h", "--total", "one", "--total", "none"];
    let found = rows("h,w,one,none\na,3,1,0\na,3,1,0\nb,2,1,0\nb,2,1,0\n", &asked);
    for figure in ["estimate", "ci_low", "ci_high"] {
        assert_eq!(found[0][figure], 10.0, "{figure}");
    }
    assert_eq!(found[0]["se"], 0.0);
    // Nothing in four units does not prove that there is nothing anywhere.
    assert_eq!((&found[1]["estimate"], &found[1]["se"]), (&Value::from(0.0), &Value::Null));
}

#[test]
fn the_table_marks_what_has_no_error_and_explains_it_below() {
    let said = of_file("data.csv", "g,y\na,1\na,4\na,7\nb,3\n", &["--mean", "y", "--by", "g"]);
    let expected = "\
data.csv: 4 units; weights 1, with replacement
linearised variance, df 3, 95 % intervals

g  statistic  of  estimate    SE   from    to  n  CV %  deff
─────────────────────────────────────────────────────────────────
a  mean       y       4.00  1.63  -1.20  9.20  3  40.8     –
b  mean       y      3.000     –      –     –  1     –     –  [1]

[1] no error known: the sample shows no variation, which does not prove that there is none
";
    assert_eq!(said.out, expected);
}

#[test]
fn degrees_of_freedom_of_a_subset_are_those_of_r() {
    // R's survey 4.1.1: degf(subset(design, ...)), the interval of svyciprop(method = "xlogit") and svychisq on it.
    let share = ["--share", "awards = 'Yes'", "--df", "subset", "--where"];
    let strata = ["--weight", "pw", "--strata", "stype", "--fpc", "fpc"];
    let clusters = ["--weight", "pw", "--psu", "dnum", "--fpc", "fpc"];
    let stages = ["--weight", "pw", "--psu", "dnum,snum", "--fpc", "fpc1,fpc2"];
    for (file, design, condition, df, low, high) in [
        (
            "2000/raw/apistrat.csv",
            &strata[..],
            "cname = 'Los Angeles'",
            38.0,
            0.383_556_943_959_642,
            0.702_803_969_583_237,
        ),
        ("clus1/raw/apiclus1.csv", &clusters[..], "stype = 'H'", 7.0, 0.155_248_879_968_450, 0.753_737_922_497_903),
        ("clus2/raw/apiclus2.csv", &stages[..], "stype = 'H'", 13.0, 0.038_886_877_217_036_3, 0.428_556_940_267_095),
    ] {
        let found = schools(file, &[design, &share[..], &[condition]].concat());
        let row = &found["rows"][0];
        assert_eq!(row["df"], df, "{file}");
        assert_near(&row["ci_low"], low);
        assert_near(&row["ci_high"], high);
    }
    let test = ["--test", "sch.wide,awards", "--df", "subset", "--where", "stype <> 'E'"];
    let found = schools("clus1/raw/apiclus1.csv", &[&clusters[..], &test[..]].concat());
    assert_near(&found["tests"][0]["statistic"], 11.001_500_827_087_5);
    assert_near(&found["tests"][0]["df2"], 11.0);
    assert_near(&found["tests"][0]["p"], 0.006_869_546_517_842_55);
}

#[test]
fn psus_of_weight_0_are_no_degrees_of_freedom() {
    // R: degf(design) of 15 clusters of which one weighs nothing counts those with a weight: 14 - 1.
    let text = "c,w,y\na,1,1\nb,1,2\nc,1,4\nd,0,9\n";
    for rule in ["design", "domain", "subset"] {
        let found = rows(text, &["--weight", "w", "--psu", "c", "--mean", "y", "--df", rule]);
        assert_eq!(found[0]["df"], 2.0, "{rule}");
    }
}

#[test]
fn numbers_that_are_codes_are_categories_where_that_is_said() {
    let found = rows("q\n10\n9\n9\n2\n\n", &["--share", "q", "--categories", "q"]);
    let levels: Vec<&Value> = found.iter().map(|row| &row["level"]).collect();
    assert_eq!(levels, ["2", "9", "10"], "by size, not by their characters");
    assert_eq!(found[1]["estimate"], 0.5);
    // A mean of the same column is still one of numbers.
    assert_eq!(rows("q\n10\n9\n9\n2\n", &["--mean", "q", "--categories", "q"])[0]["estimate"], 7.5);
}

#[test]
fn rows_whose_condition_cannot_be_told_are_outside_and_counted() {
    let text = "q,w,y\n1,1,1\n2,1,2\n,1,3\n2,1,4\n,0,5\n";
    let said = of_file("data.csv", text, &["--weight", "w", "--mean", "y", "--where", "q = 2"]);
    assert!(
        said.out.contains("\nweight 0, so they count nowhere: 1 row\noutside of --where, since a value that it needs is missing there: 1 row\n"),
        "{}",
        said.out
    );
    // A condition that is told by its other half is known.
    let found = of_file("data.csv", text, &["--mean", "y", "--where", "q = 2 OR y > 2", "--format", "json"]);
    assert!(found.out.contains("\"without_condition\": 0,"), "{}", found.out);
}

#[test]
fn the_cell_that_makes_a_column_text_is_named_by_its_row() {
    let text: String = "y,z\n".to_owned() + &"1,2\n".repeat(20) + "keine Angabe,3\n";
    let warning = "data.csv: row 22, column \"y\": warning: cell that is no number (decimal mark '.'), so the column is read as text: \
                   a text of 12 characters\n";
    let refused = of_file("data.csv", &text, &["--mean", "y"]);
    assert_eq!(refused.code, Some(3));
    assert!(refused.err.contains(warning) && !refused.err.contains("Angabe"), "{}", refused.err);
    let answered = of_file("data.csv", &text, &["--share", "y = '1'"]);
    assert_eq!(answered.err, format!("{warning}NOT DISCLOSURE-CHECKED: for the analyst, not for publication\n"));
    // In a short file, too, a cell or a few among more numbers are slips.
    let short = of_file("data.csv", "y\n1\n2\n3.5\nx\n", &["--mean", "y"]);
    assert!(short.err.contains("data.csv: row 5, column \"y\": warning: cell that is no number"), "{}", short.err);
    let words = of_file("data.csv", "y\nno\nyes\n3\nnone\n", &["--mean", "y"]);
    assert!(!words.err.contains("warning"), "{}", words.err);
    // Whoever asks for other columns need not know.
    let other = of_file("data.csv", &text, &["--mean", "z"]);
    assert_eq!(other.err, "NOT DISCLOSURE-CHECKED: for the analyst, not for publication\n");
}

#[test]
fn many_lonely_psus_are_one_finding() {
    let text: String = "h,y\n".to_owned() + &(10..23).map(|h| format!("{h},1\n")).collect::<String>();
    let said = of_file("data.csv", &text, &["--mean", "y", "--strata", "h"]);
    let expected = "data.csv: 13 places have 1 unit in the sample out of several: stratum 10, stratum 11, stratum 12, stratum 13, stratum 14, \
                    stratum 15, stratum 16, stratum 17, stratum 18, stratum 19 and 3 more; accepted under the rules certainty, centre and \
                    average, and if it is collapsed into a neighbour\n\
                    help: choose with --lonely what they contribute\n1 error; nothing was written\n";
    assert_eq!((said.code, said.err.as_str()), (Some(3), expected));
}

#[test]
fn too_many_values_are_no_categories() {
    let text: String = "id,y\n".to_owned() + &(0..501).map(|id| format!("s{id},1\n")).collect::<String>();
    let said = of_file("data.csv", &text, &["--share", "id"]);
    let expected = "--share id: \"id\" has 501 different values, expected at most 500 categories\n\
                    help: group the values first, as in CASE WHEN … END, or compare it\n1 error; nothing was written\n";
    assert_eq!((said.code, said.err.as_str()), (Some(3), expected));
}

#[test]
fn a_level_near_1_is_told_with_its_digits() {
    for (level, told) in [("0.95", "95"), ("0.999999", "99.9999"), ("0.5", "50"), ("0.000001", "0.0001")] {
        let said = of_file("data.csv", "y\n1\n2\n", &["--mean", "y", "--level", level]);
        assert!(said.out.contains(&format!(" {told} % intervals")), "{}", said.out);
    }
}

#[test]
fn no_threads_are_a_mistake_in_the_command() {
    let said = of_file("data.csv", "y\n1\n2\n", &["--mean", "y", "--threads", "0"]);
    assert_eq!(said.code, Some(2));
    let message = "invalid value '0' for '--threads <N>': expected a whole number of threads, from 1 to 512";
    assert!(said.err.contains(message), "{}", said.err);
}

#[test]
fn no_column_of_the_csv_has_the_name_of_another() {
    let said = of_file("data.csv", "n,y\na,1\na,2\n", &["--mean", "y", "--by", "n", "--format", "csv"]);
    let header = said.out.lines().next().expect("there is a header");
    assert_eq!(
        header,
        "by.n,statistic,variable,level,estimate,se,ci_low,ci_high,df,n,deff,effective_n,cv,missing,df1,df2,p,p_adjusted,note"
    );
}

#[test]
fn decimal_commas_between_tabs_are_read() {
    let said = of_file("data.tsv", "y\tid\n1,5\t7\n2,25\t8\n", &["--mean", "y", "--format", "csv"]);
    assert!(said.out.contains("\nmean,y,,1.875,"), "{} {}", said.out, said.err);
    // What may be a thousand and what may be one with decimals is not guessed.
    let said = of_file("data.tsv", "y\tid\n1,500\t7\n2,250\t8\n", &["--mean", "y"]);
    assert_eq!(said.code, Some(3), "{}", said.out);
}

#[test]
fn a_text_may_begin_like_parquet() {
    let said = of_file("data.csv", "PAR1,PAR2\n1,2\n3,4\n", &["--mean", "PAR1", "--format", "csv"]);
    assert!(said.out.contains("\nmean,PAR1,,2,"), "{} {}", said.out, said.err);
}

#[test]
fn texts_make_no_table_wider_than_100_characters() {
    let long = "CASE WHEN meals > 50 AND awards = 'Yes' AND stype = 'E' AND api00 > 500 THEN 1 ELSE 0 END";
    let said = say(&["estimate", "fixtures/schools/2000/raw/apistrat.csv", "--mean", long, "--by", "cname"]);
    let width = |line: &str| line.chars().count();
    assert!(said.out.lines().all(|line| width(line) <= 100), "{}", said.out);
    assert!(said.out.contains("CASE WHEN meals >"), "{}", said.out);
}

#[test]
fn huge_design_effects_keep_their_column_narrow() {
    // One unit weighs a millionth of the other; the variance is that of sampling with replacement.
    let said = of_file("data.csv", "w,y\n1000000000,1\n1,2\n1,3\n", &["--weight", "w", "--total", "y"]);
    assert!(said.out.contains("  4.0e8\n"), "{}", said.out);
}
