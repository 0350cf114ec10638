//! Expressions, from their SQL in a country's file to their value for one unit.

use std::borrow::Cow;
use std::collections::BTreeMap;

use codebook::{Country, Decimal, Expr, Finding, Origin, SourceFile, Value, VariableName};

/// A country with questions of every kind and one derived variable `x`.
fn read(kind: &str, sql: &str) -> (Option<Country>, Vec<Finding>) {
    let text = format!(
        r#"
=== country.toml
languages = ["en"]
name = "Test"
title = "Test"
publisher = "Test"
smallest_base = 1
=== codebook.toml
[code_lists]
yes_no = [{{ code = "yes", label = "Yes" }}, {{ code = "no", label = "No" }}]
scale = [{{ code = "1", label = "Low" }}, {{ code = "2", label = "High" }}]
[variables.a]
label = "A"
codes = "yes_no"
[variables.b]
label = "B"
codes = "yes_no"
[variables.c]
label = "C"
codes = "yes_no"
[variables.s]
label = "S"
codes = "scale"
[variables."sch.wide"]
label = "Wide"
codes = "yes_no"
[variables.n]
label = "N"
kind = "number"
[variables.m]
label = "M"
kind = "number"
[variables.d]
label = "D"
kind = "date"
[variables.free]
label = "Free"
kind = "text"
[derived.p]
label = "P"
sql = "a = 'yes'"
[derived.x]
label = "X"
{kind}
sql = '''{sql}'''
=== tables.toml
[bases]
[tables]
"#
    );
    let files: Vec<SourceFile> =
        testkit::country("pipelines/test", &text).into_iter().map(|(path, text)| SourceFile { path, text }).collect();
    Country::read("pipelines/test", &files)
}

fn expression(kind: &str, sql: &str) -> Expr {
    let (country, findings) = read(kind, sql);
    let findings: Vec<String> = findings.iter().map(ToString::to_string).collect();
    let country = country.unwrap_or_else(|| panic!("{sql}: {findings:?}"));
    match &country.codebook.variable(&VariableName::new("x").unwrap()).unwrap().origin {
        Origin::Derived(expr) => expr.clone(),
        Origin::Answer | Origin::Register | Origin::Fieldwork => panic!("x is derived"),
    }
}

/// Units are written `a=yes n=1.5`; what is left out is missing.
fn value(expr: &Expr, unit: &str) -> Option<Value> {
    let values: BTreeMap<&str, Value> = unit
        .split_whitespace()
        .map(|entry| {
            let (name, value) = entry.split_once('=').unwrap();
            let value = match (name, value) {
                ("n" | "m", number) => Value::Number(Decimal::parse(number, '.').unwrap()),
                ("p", truth) => Value::Boolean(truth == "true"),
                (_, text) => Value::Text(text.to_owned()),
            };
            (name, value)
        })
        .collect();
    expr.evaluate(&|name| values.get(name.as_str()).map(Cow::Borrowed))
}

#[track_caller]
fn check_truth(sql: &str, unit: &str, expected: Option<bool>) {
    assert_eq!(value(&expression("", sql), unit), expected.map(Value::Boolean), "{sql} for {unit:?}");
}

#[track_caller]
fn check_number(sql: &str, unit: &str, expected: Option<&str>) {
    let found = value(&expression("kind = \"number\"", sql), unit);
    let number = found.map(|value| match value {
        Value::Number(number) => number.to_string(),
        Value::Boolean(_) | Value::Text(_) => panic!("{sql} is no number"),
    });
    assert_eq!(number.as_deref(), expected, "{sql} for {unit:?}");
}

/// The messages of the findings, without their place.
fn refusals(kind: &str, sql: &str) -> Vec<String> {
    let (country, findings) = read(kind, sql);
    assert!(country.is_none(), "{sql} is admitted");
    findings.into_iter().map(|finding| finding.message).collect()
}

const ANSWERS: [(&str, Option<bool>); 3] = [("yes", Some(true)), ("no", Some(false)), ("", None)];

/// A unit with answers to a and b, of which an empty one is missing.
fn unit(a: &str, b: &str) -> String {
    let answers = [("a", a), ("b", b)].into_iter().filter(|(_, answer)| !answer.is_empty());
    answers.map(|(name, answer)| format!("{name}={answer} ")).collect()
}

#[test]
fn and_or_not_follow_the_truth_tables_of_sql() {
    let and = expression("", "a = 'yes' AND b = 'yes'");
    let or = expression("", "a = 'yes' OR b = 'yes'");
    let not = expression("", "NOT a = 'yes'");
    for (a, a_true) in ANSWERS {
        assert_eq!(value(&not, &unit(a, "")), a_true.map(|value| Value::Boolean(!value)));
        for (b, b_true) in ANSWERS {
            let expected_and = match (a_true, b_true) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                (None, _) | (_, None) => None,
            };
            let expected_or = match (a_true, b_true) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                (None, _) | (_, None) => None,
            };
            assert_eq!(value(&and, &unit(a, b)), expected_and.map(Value::Boolean), "{a:?} AND {b:?}");
            assert_eq!(value(&or, &unit(a, b)), expected_or.map(Value::Boolean), "{a:?} OR {b:?}");
        }
    }
}

#[test]
fn a_union_over_a_routed_out_part_is_decided_by_the_rest() {
    check_truth("a = 'yes' OR b = 'yes' OR c = 'yes'", "a=no c=yes", Some(true));
    // Missing, which a condition counts as false.
    check_truth("a = 'yes' OR b = 'yes' OR c = 'yes'", "a=no c=no", None);
    check_truth("COALESCE(a = 'yes', FALSE) OR b = 'yes'", "b=no", Some(false));
}

#[test]
fn comparisons_with_a_missing_value_are_missing_and_is_null_is_not() {
    check_truth("n <> 1", "", None);
    check_truth("a <> b", "a=yes", None);
    check_truth("a <> b", "a=yes b=no", Some(true));
    check_truth("n IS NULL", "", Some(true));
    check_truth("n IS NOT NULL", "n=0", Some(true));
    check_truth("p IS NULL OR NOT p", "p=false", Some(true));
}

#[test]
fn in_is_a_comparison_with_each() {
    check_truth("a IN ('yes', 'no')", "a=no", Some(true));
    check_truth("a NOT IN ('yes')", "a=no", Some(true));
    check_truth("a NOT IN ('yes')", "", None);
    check_truth("n IN (1, -2.50)", "n=-2.5", Some(true));
}

#[test]
fn between_includes_both_ends_and_one_end_can_decide() {
    for (number, within) in [("9.99", false), ("10", true), ("15", true), ("20.0", true), ("20.01", false)] {
        check_truth("n BETWEEN 10 AND 20", &format!("n={number}"), Some(within));
        check_truth("n NOT BETWEEN 10 AND 20", &format!("n={number}"), Some(!within));
    }
    check_truth("n BETWEEN m AND 20", "n=21", Some(false));
    check_truth("n BETWEEN m AND 20", "n=19", None);
    check_truth("d BETWEEN '2019-01-01' AND '2019-12-31'", "d=2019-12-31", Some(true));
    check_truth("d < '2019-01-01'", "d=2018-12-31", Some(true));
}

#[test]
fn a_case_takes_the_first_branch_that_is_true() {
    let size = "CASE WHEN n < 10 THEN 'yes' WHEN n >= 10 THEN 'no' END";
    let expr = expression("codes = \"yes_no\"", size);
    assert_eq!(value(&expr, "n=9.9"), Some(Value::Text("yes".to_owned())));
    assert_eq!(value(&expr, "n=10"), Some(Value::Text("no".to_owned())));
    assert_eq!(value(&expr, ""), None);
    check_number("CASE a WHEN 'yes' THEN 1 WHEN 'no' THEN 2 ELSE 3 END", "a=no", Some("2"));
    check_number("CASE a WHEN 'yes' THEN 1 WHEN 'no' THEN 2 ELSE 3 END", "", Some("3"));
    check_number("CASE WHEN a = 'yes' THEN 1 ELSE NULL END", "a=no", None);
}

#[test]
fn the_number_of_mentions_is_a_sum_of_cases() {
    let mentions = "CASE WHEN a = 'yes' THEN 1 ELSE 0 END + CASE WHEN b = 'yes' THEN 1 ELSE 0 END";
    for (answers, expected) in [("a=yes b=yes", "2"), ("a=no b=yes", "1"), ("a=no b=no", "0"), ("", "0")] {
        check_number(mentions, answers, Some(expected));
    }
}

#[test]
fn arithmetic_is_exact() {
    check_number("n + m", "n=0.1 m=0.2", Some("0.3"));
    check_number("n - m * 3", "n=1 m=0.10", Some("0.70"));
    check_number("-n + ABS(m)", "n=1 m=-2.5", Some("1.5"));
    check_number("n + m", "n=1", None);
    check_number("COALESCE(n, m, 0)", "m=7", Some("7"));
    check_number("CAST(s AS INTEGER) + 1", "s=2", Some("3"));
    let largest = format!("{}.{}", "9".repeat(15), "9".repeat(18));
    check_number("n + n + n", &format!("n=-{largest}"), Some("-2999999999999999.999999999999999997"));
}

#[test]
fn arithmetic_that_could_need_more_than_38_digits_is_refused() {
    let message = "the arithmetic could need more than the 38 digits that are exact";
    for sql in ["n * m", "n * 1000000", "n * 0.000001", "CASE WHEN n * m > 1 THEN 1 ELSE 0 END"] {
        assert_eq!(refusals("kind = \"number\"", sql), [message], "{sql}");
    }
    check_number("n * 1000", "n=1.5", Some("1500.0"));
}

#[test]
fn dotted_and_quoted_names_are_one_name() {
    check_truth("sch.wide = 'yes'", "sch.wide=yes", Some(true));
    check_truth("\"sch.wide\" = 'yes'", "sch.wide=yes", Some(true));
    check_truth("\"a\" = 'yes'", "a=yes", Some(true));
    assert_eq!(refusals("", "sch.wied = 'yes'"), ["there is no variable \"sch.wied\""]);
    assert_eq!(refusals("", "A = 'yes'"), ["there is no variable \"A\""]);
}

#[test]
fn variables_are_told_once_each() {
    let expr = expression("", "b = 'yes' AND (a = 'yes' OR b = 'no') AND n BETWEEN 1 AND m");
    let names: Vec<&str> = expr.variables().into_iter().map(VariableName::as_str).collect();
    assert_eq!(names, ["a", "b", "m", "n"]);
}

#[test]
fn what_is_not_on_the_list_is_refused_by_name() {
    let not_admitted = |what: &str| format!("{what} is not admitted in an expression");
    for (sql, what) in [
        ("a IN (SELECT 'yes')", "a subquery"),
        ("EXISTS (SELECT 1)", "a subquery"),
        ("n > (SELECT 1)", "a subquery"),
        ("COUNT(*) > 1", "the aggregate COUNT"),
        ("sum(n) > 1", "the aggregate SUM"),
        ("SUM(n) OVER () > 1", "the window function SUM"),
        ("ABS(DISTINCT n) > 1", "the function ABS"),
        ("upper(a) = 'YES'", "the function UPPER"),
        ("RANDOM() > 1", "the function RANDOM"),
        ("CURRENT_DATE = d", "the function CURRENT_DATE"),
        ("CEIL(n) = 1", "the function CEIL"),
        ("a LIKE 'y%'", "a text pattern (LIKE)"),
        ("p IS TRUE", "IS TRUE or IS FALSE"),
        ("n / 2 > 1", "the sign /"),
        ("n % 2 = 1", "the sign %"),
        ("a || b = 'yesno'", "the sign ||"),
        ("(a, b) = ('yes', 'no')", "a row of several values"),
        ("d > DATE '2019-01-01'", "a constant with a type in front"),
        ("n IS DISTINCT FROM m", "IS DISTINCT FROM"),
        ("n = X'10'", "this kind of constant"),
    ] {
        assert!(refusals("", sql).contains(&not_admitted(what)), "{sql}: {:?}", refusals("", sql));
    }
}

#[test]
fn types_must_fit() {
    for (kind, sql, message) in [
        ("", "n", "expected a condition, found a number"),
        ("", "a", "expected a condition, found a category"),
        ("", "n AND p", "expected a condition, found a number"),
        ("", "n = '10'", "a number is compared with a text"),
        ("", "a = 1", "a category is compared with a number"),
        ("", "p = 'yes'", "a condition is compared with a text"),
        ("", "a > 'no'", "codes have no order"),
        ("", "p < TRUE", "conditions have no order"),
        ("", "d > '2019-1-1'", "\"2019-1-1\" is no date such as '2019-12-31'"),
        ("", "d = a", "a date is compared with a category"),
        ("", "a = 'Yes'", "\"Yes\" is none of the codes of \"a\""),
        ("", "a IN ('yes', 'maybe')", "\"maybe\" is none of the codes of \"a\""),
        ("", "'a' = 'yes'", "a text is compared with a text, and no variable is"),
        ("", "a IN (b)", "the list of IN holds constants only"),
        ("", "a = NULL", "NULL is not admitted here"),
        ("", "free = 'x'", "\"free\" is free text, which is never tabulated"),
        ("", "CAST(n AS INTEGER) = 1", "CAST from a number to INTEGER is not admitted"),
        ("", "CAST(a AS INTEGER) = 1", "the code \"no\" is no whole number"),
        ("", "CAST(s AS DOUBLE PRECISION) = 1", "CAST from a category to DOUBLE PRECISION is not admitted"),
        ("kind = \"number\"", "a", "expected a number, found a category"),
        (
            "kind = \"number\"",
            "CASE WHEN p THEN 1 ELSE 'x' END",
            "expected a number like the first result, found a text",
        ),
        ("codes = \"yes_no\"", "CASE WHEN p THEN 'yess' ELSE 'no' END", "\"yess\" is none of the codes \"yes_no\""),
        ("codes = \"scale\"", "a", "\"a\" can be \"no\", which is none of the codes \"scale\""),
        ("codes = \"scale\"", "n", "expected a code, found a number"),
    ] {
        assert_eq!(refusals(kind, sql), [message], "{sql}");
    }
}

#[test]
fn an_expression_may_be_long_but_not_deep() {
    let union = vec!["a = 'yes'"; 900].join(" OR ");
    check_truth(&union, "a=yes", Some(true));
    let deep = |open: &str, close: &str, times: usize| format!("{}p{}", open.repeat(times), close.repeat(times));
    let too_deep = ["the expression is nested more than 10 deep"];
    for times in [25, 60, 400, 1900] {
        assert_eq!(refusals("", &deep("(", ")", times)), too_deep);
        assert_eq!(refusals("", &deep("NOT ", "", times)), too_deep);
        assert_eq!(refusals("", &deep("CASE WHEN p THEN ", " END", times.min(600))), too_deep);
        assert_eq!(refusals("", &deep("CAST(", " AS INTEGER)", times.min(600))), too_deep);
        assert_eq!(refusals("", &deep("COALESCE(p, ", ")", times.min(600))), too_deep);
    }
    check_number(&vec!["n"; 50].join(" + "), "n=0.1", Some("5.0"));
    check_truth(&deep("(", ")", 10), "p=true", Some(true));
    check_truth(&deep("NOT (", ")", 5), "p=true", Some(false));
    check_truth(&deep("CASE WHEN p THEN ", " ELSE FALSE END", 10), "p=true", Some(true));
    let too_deep = ["the expression is nested more than 60 deep"];
    assert_eq!(refusals("kind = \"number\"", &vec!["n"; 1900].join(" + ")), too_deep);
    assert_eq!(refusals("", &format!("p{}", " IS NULL".repeat(1300))), too_deep);
    let endless = ["the expression has more than 4000 words and signs"];
    assert_eq!(refusals("", &vec!["p"; 100_000].join(" OR ")), endless);
    assert_eq!(refusals("", &deep("(", ")", 100_000)), endless);
}
