//! Expressions over the columns of any data file, as the command line hands them in.

use codebook::{
    Argument, ColumnKind, DifferenceSpec, Expr, FileColumn, FileColumns, FileExpression, Finding, Literal, Purpose,
};

const NUMBERS: [&str; 11] =
    ["api00", "api.stu", "enroll", "vægt", "S2", "Q1 x", "year", "income.2", "a-b", "_n", "it's"];
const TEXTS: [&str; 6] = ["stype", "awards", "sch.wide", "Kommune: navn", "name", "say \"hi\""];

/// The schools of California with some columns that only a spreadsheet can name.
fn schools() -> FileColumns {
    let column = |kind| move |name: &&str| FileColumn { name: (*name).to_owned(), kind };
    let mut columns: Vec<FileColumn> = NUMBERS.iter().map(column(ColumnKind::Number)).collect();
    columns.extend(TEXTS.iter().map(column(ColumnKind::Text)));
    columns.push(FileColumn { name: "met".to_owned(), kind: ColumnKind::Condition });
    columns.push(FileColumn { name: "tested".to_owned(), kind: ColumnKind::Date });
    columns.extend(["twice", "twice"].iter().map(column(ColumnKind::Number)));
    FileColumns::new(columns)
}

fn expression(text: &str, purpose: Purpose) -> Result<FileExpression, Vec<Finding>> {
    schools().expression(Argument { flag: "--mean", text }, purpose)
}

#[test]
fn a_column_that_cannot_be_used_is_told_by_what_it_holds() {
    let columns = schools().without(vec![("pupils".to_owned(), "lists")]);
    let refused = |text| columns.expression(Argument { flag: "--mean", text }, Purpose::Mean).unwrap_err();
    let expected = "the column \"pupils\" holds lists: it can neither be counted nor calculated with\n\
                    help: export it as text, or as a column for each value";
    assert_eq!(printed(&refused("pupils")), format!("--mean:1:1: {expected}"));
    assert_eq!(printed(&refused("api00 + pupils")), format!("--mean:1:9: {expected}"));
}

/// What an expression says with the file's own names instead of internal ones.
fn columns_of(expression: &FileExpression) -> Vec<String> {
    let columns = schools();
    let names = expression.expr.variables();
    names.into_iter().map(|name| columns.column(name).unwrap().name.clone()).collect()
}

#[track_caller]
fn check(text: &str, purpose: Purpose, kind: ColumnKind, columns: &[&str]) {
    match expression(text, purpose) {
        Ok(expression) => {
            assert_eq!(expression.kind, kind, "{text}");
            assert_eq!(columns_of(&expression), columns, "{text}");
        }
        Err(findings) => panic!("{text} is refused:\n{}", printed(&findings)),
    }
}

/// Findings with their place and hints, each as people read it.
fn printed(findings: &[Finding]) -> String {
    findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn check_refused(text: &str, purpose: Purpose, expected: &str) {
    match expression(text, purpose) {
        Ok(found) => panic!("{text} is admitted as {found:?}"),
        Err(findings) => assert_eq!(printed(&findings), expected, "{text}"),
    }
}

#[test]
fn a_column_may_have_any_name() {
    for name in NUMBERS {
        // Alone it needs no quotes, which the shell takes away anyway.
        check(name, Purpose::Mean, ColumnKind::Number, &[name]);
        check(&format!("  {name} "), Purpose::Mean, ColumnKind::Number, &[name]);
        check(&format!("\"{name}\" * 2"), Purpose::Mean, ColumnKind::Number, &[name]);
    }
    for name in ["api00", "api.stu", "vægt", "S2", "year", "income.2", "_n"] {
        check(&format!("{name} > 50 AND {name} < 70"), Purpose::Share, ColumnKind::Condition, &[name]);
    }
    check("name = 'x' OR sch.wide='Yes'", Purpose::Share, ColumnKind::Condition, &["sch.wide", "name"]);
    check("\"say \"\"hi\"\"\" = 'x'", Purpose::Share, ColumnKind::Condition, &["say \"hi\""]);
}

#[test]
fn a_text_that_is_a_columns_name_is_that_column_and_no_arithmetic() {
    check("a-b", Purpose::Mean, ColumnKind::Number, &["a-b"]);
    check_refused(
        "a - b",
        Purpose::Mean,
        "--mean:1:1: there is no column \"a\"\nhelp: if it is a text, not a column, write it in single quotes: 'a'\n\
         --mean:1:5: there is no column \"b\"\nhelp: if it is a text, not a column, write it in single quotes: 'b'",
    );
}

#[test]
fn a_column_has_an_internal_name_by_its_position() {
    let columns = FileColumns::new(
        ["Q1 x", "vægt"].map(|name| FileColumn { name: name.to_owned(), kind: ColumnKind::Number }).to_vec(),
    );
    let names: Vec<String> = columns.iter().map(|(internal, column)| format!("{internal} {}", column.name)).collect();
    assert_eq!(names, ["column.1 Q1 x", "column.2 vægt"]);
    let expression = columns.expression(Argument { flag: "--mean", text: " vægt" }, Purpose::Mean).unwrap();
    assert!(matches!(&expression.expr, Expr::Variable(name) if name.as_str() == "column.2"));
    assert_eq!(expression.text, "vægt");
    assert_eq!(columns.column(expression.expr.variables()[0]).unwrap().name, "vægt");
}

#[test]
fn an_internal_name_is_no_name_for_users() {
    assert!(expression("column.1", Purpose::Mean).is_err());
}

#[test]
fn a_text_column_is_compared_with_any_text() {
    for text in ["stype = 'E'", "stype IN ('E', 'nobody has this')", "stype <> awards", "awards IS NOT NULL"] {
        assert_eq!(expression(text, Purpose::Filter).unwrap().kind, ColumnKind::Condition, "{text}");
    }
    let groups = "CASE WHEN stype = 'E' THEN 'small' ELSE awards END";
    check(groups, Purpose::Groups, ColumnKind::Text, &["stype", "awards"]);
    check("tested >= '2000-01-31'", Purpose::Filter, ColumnKind::Condition, &["tested"]);
    check("COALESCE(met, FALSE)", Purpose::Share, ColumnKind::Condition, &["met"]);
}

#[test]
fn names_differ_by_capitals_and_the_right_one_is_told() {
    let expected = "--mean:1:1: there is no column \"API00\"\n\
                    help: did you mean \"api00\"? Capitals and small letters differ";
    check_refused("API00", Purpose::Mean, expected);
    check_refused("API00 + 1", Purpose::Mean, expected);
    check_refused(
        "S2 + VÆGT",
        Purpose::Mean,
        "--mean:1:6: there is no column \"VÆGT\"\nhelp: did you mean \"vægt\"? Capitals and small letters differ",
    );
    check_refused("enrol", Purpose::Mean, "--mean:1:1: there is no column \"enrol\"\nhelp: did you mean \"enroll\"?");
    check_refused(
        "enroll >\n  enrol",
        Purpose::Filter,
        "--mean:2:3: there is no column \"enrol\"\nhelp: did you mean \"enroll\"?",
    );
}

#[test]
fn a_text_in_the_wrong_quotes_is_told_from_a_column() {
    for (text, name) in [("stype = \"E\"", "E"), ("stype = E", "E"), ("stype = \"Yes it's\"", "Yes it's")] {
        let findings = expression(text, Purpose::Share).unwrap_err();
        let quoted = format!("'{}'", name.replace('\'', "''"));
        let hint = format!("if it is a text, not a column, write it in single quotes: {quoted}");
        assert!(findings[0].hints.contains(&hint), "{}", printed(&findings));
    }
}

#[test]
fn a_name_of_several_words_needs_quotes_inside_an_expression() {
    check("\"Q1 x\" > 3", Purpose::Share, ColumnKind::Condition, &["Q1 x"]);
    let hint = "inside an expression the column \"Q1 x\" is written in double quotes";
    let findings = expression("Q1 x > 3", Purpose::Share).unwrap_err();
    assert_eq!(findings[0].hints.last().map(String::as_str), Some(hint), "{}", printed(&findings));
}

#[test]
fn a_mean_needs_numbers_and_a_share_needs_a_condition() {
    let share_of_level = "help: how often it has one value is a share: use --share with a comparison, as in x = 'yes'";
    for (text, purpose, expected) in [
        ("stype", Purpose::Mean, format!("\"stype\" holds text, a mean needs a number\n{share_of_level}")),
        (
            "stype",
            Purpose::Weight,
            "\"stype\" holds text, a weight needs a number\nhelp: is it another column?".to_owned(),
        ),
        ("tested", Purpose::Total, format!("\"tested\" holds dates, a total needs a number\n{share_of_level}")),
        (
            "enroll > 5",
            Purpose::Quantile,
            "the expression gives a condition, a quantile needs a number\n\
             help: how often a condition holds is a share: use --share"
                .to_owned(),
        ),
        (
            "met",
            Purpose::PopulationSize,
            "\"met\" holds conditions, a population size needs a number\nhelp: is it another column?".to_owned(),
        ),
        (
            "enroll",
            Purpose::Share,
            "\"enroll\" holds numbers, a share needs a condition\nhelp: compare it, as in x > 50".to_owned(),
        ),
        (
            "stype",
            Purpose::Filter,
            "\"stype\" holds text, a filter needs a condition\nhelp: compare it, as in x = 'yes'".to_owned(),
        ),
        (
            "stype",
            Purpose::Difference,
            format!("\"stype\" holds text, a difference needs a number or a condition\n{share_of_level}"),
        ),
    ] {
        check_refused(text, purpose, &format!("--mean:1:1: {expected}"));
    }
}

#[test]
fn what_is_no_expression_is_refused_at_its_place() {
    for (text, expected) in [
        ("", "--mean:1:1: a mean needs an expression, found nothing"),
        (" ", "--mean:1:2: a mean needs an expression, found nothing"),
        (
            "5",
            "--mean:1:1: the expression names no column of the file\n\
             help: a column is written without quotes or in double quotes",
        ),
        ("enroll +", "--mean:1:9: not SQL: expected an expression, found its end"),
        (
            "SUM(enroll)",
            "--mean:1:1: the aggregate SUM is not admitted in an expression\n\
             help: admitted are + - *, comparisons, AND, OR, NOT, IN, BETWEEN, IS NULL, CASE, COALESCE, ABS and CAST",
        ),
        (
            "  enroll / 2",
            "--mean:1:3: the sign / is not admitted in an expression\n\
             help: the digits of a quotient differ between engines\n\
             help: one total over another is --ratio NUM/DEN",
        ),
        ("twice", "--mean:1:1: 2 columns of the file are called \"twice\"\nhelp: rename all but one"),
        ("enroll + stype", "--mean:1:10: expected a number, found a text"),
        (
            "CAST(stype AS INTEGER)",
            "--mean:1:6: CAST from a text to INTEGER is not admitted\n\
             help: a category whose codes are whole numbers can be cast to INTEGER",
        ),
    ] {
        check_refused(text, Purpose::Mean, expected);
    }
    check_refused("stype > 'E'", Purpose::Share, "--mean:1:1: texts have no order\nhelp: list the texts with IN");
    check_refused(
        "stype = 1",
        Purpose::Share,
        "--mean:1:9: a text is compared with a number\nhelp: a text is written in quotes: '1'",
    );
    check_refused(
        "enroll > '5'",
        Purpose::Share,
        "--mean:1:10: a number is compared with a text\nhelp: write 5 without quotes",
    );
}

#[test]
fn a_column_is_named_with_or_without_quotes() {
    let named = |text| schools().named(Argument { flag: "--by", text });
    for (text, name) in
        [("Q1 x", "Q1 x"), ("\"Q1 x\"", "Q1 x"), (" stype ", "stype"), ("\"say \"\"hi\"\"\"", "say \"hi\"")]
    {
        assert_eq!(named(text).unwrap().text, name);
    }
    assert_eq!(printed(&named(" ").unwrap_err()), "--by:1:2: expected the name of a column, found nothing");
    assert_eq!(
        printed(&named("\"stipe\"").unwrap_err()),
        "--by:1:1: there is no column \"stipe\"\nhelp: did you mean \"stype\"?"
    );
}

/// The text of an expression and the probabilities behind it.
fn quantile(text: &str) -> Result<(String, Vec<String>), String> {
    let spec = schools().quantile(Argument { flag: "--quantile", text }).map_err(|findings| printed(&findings))?;
    Ok((spec.expression.text, spec.probabilities.iter().map(ToString::to_string).collect()))
}

#[test]
fn the_last_colon_outside_quotes_and_brackets_splits_a_quantile() {
    for (text, expression, probabilities) in [
        ("api00:0.5", "api00", vec!["0.5"]),
        (" api00 : 0.25, 0.5,0.75 ", "api00", vec!["0.25", "0.5", "0.75"]),
        ("Q1 x:0.5", "Q1 x", vec!["0.5"]),
        (
            "CASE WHEN stype = 'x:y' THEN 1 ELSE enroll END:0.5",
            "CASE WHEN stype = 'x:y' THEN 1 ELSE enroll END",
            vec!["0.5"],
        ),
        (
            "CASE WHEN \"Kommune: navn\" = 'it''s: (' THEN enroll END:0.9",
            "CASE WHEN \"Kommune: navn\" = 'it''s: (' THEN enroll END",
            vec!["0.9"],
        ),
        ("(enroll + (api00)):1e-3", "(enroll + (api00))", vec!["0.001"]),
        ("api00:.5", "api00", vec!["0.5"]),
    ] {
        let probabilities = probabilities.into_iter().map(str::to_owned).collect();
        assert_eq!(quantile(text), Ok((expression.to_owned(), probabilities)), "{text}");
    }
}

#[test]
fn a_quantile_in_another_form_is_refused_with_an_example() {
    let help = "\nhelp: write it like \"api00:0.5\"";
    for (text, expected) in [
        ("api00", format!("1:1: expected EXPRESSION:PROBABILITY, found no ':' outside quotes and brackets{help}")),
        (
            "(api00:0.5)",
            format!("1:1: expected EXPRESSION:PROBABILITY, found no ':' outside quotes and brackets{help}"),
        ),
        ("api00:", format!("1:7: expected EXPRESSION:PROBABILITY, found nothing behind the ':'{help}")),
        (":0.5", format!("1:1: expected EXPRESSION:PROBABILITY, found nothing before the ':'{help}")),
        ("api00:50", format!("1:7: expected a probability between 0 and 1, found \"50\"{help}")),
        ("api00: 0", format!("1:8: expected a probability between 0 and 1, found \"0\"{help}")),
        ("api00:1.0", format!("1:7: expected a probability between 0 and 1, found \"1.0\"{help}")),
        ("api00:0.5,", format!("1:11: expected a probability between 0 and 1, found \"\"{help}")),
        ("api00:0.5,0.50", format!("1:11: the probability 0.50 stands twice{help}")),
        ("api00::0.5", "1:6: the sign : is not admitted in an expression".to_owned()),
        (
            "stype = 'E:0.5",
            "1:9: the quote ' opens here and is never closed\n\
             help: a quote inside a quoted text stands twice: 'it''s'"
                .to_owned(),
        ),
    ] {
        assert_eq!(quantile(text), Err(format!("--quantile:{expected}")), "{text}");
    }
}

#[test]
fn findings_about_every_part_are_told_at_once() {
    let expected = "--quantile:1:1: there is no column \"enrol\"\nhelp: did you mean \"enroll\"?\n\
                    --quantile:1:7: expected a probability between 0 and 1, found \"half\"\n\
                    help: write it like \"api00:0.5\"";
    assert_eq!(quantile("enrol:half"), Err(expected.to_owned()));
}

fn ratio(text: &str) -> Result<(String, String), String> {
    let spec = schools().ratio(Argument { flag: "--ratio", text }).map_err(|findings| printed(&findings))?;
    Ok((spec.numerator.text, spec.denominator.text))
}

#[test]
fn the_last_stroke_splits_a_ratio() {
    for (text, numerator, denominator) in [
        ("api.stu/enroll", "api.stu", "enroll"),
        ("api.stu * 2 / (enroll + 1)", "api.stu * 2", "(enroll + 1)"),
        ("CASE WHEN stype = 'a/b' THEN 1 END/enroll", "CASE WHEN stype = 'a/b' THEN 1 END", "enroll"),
    ] {
        assert_eq!(ratio(text), Ok((numerator.to_owned(), denominator.to_owned())), "{text}");
    }
    let help = "\nhelp: write it like \"api.stu/enroll\"";
    for (text, expected) in [
        ("enroll", format!("1:1: expected NUMERATOR/DENOMINATOR, found no '/' outside quotes and brackets{help}")),
        ("enroll/ ", format!("1:8: expected NUMERATOR/DENOMINATOR, found nothing behind the '/'{help}")),
        (
            "/",
            format!(
                "1:1: expected NUMERATOR/DENOMINATOR, found nothing before the '/'{help}\n\
                 --ratio:1:2: expected NUMERATOR/DENOMINATOR, found nothing behind the '/'{help}"
            ),
        ),
        (
            "S2/api00/enroll",
            "1:1: the sign / is not admitted in an expression\nhelp: the digits of a quotient differ between engines"
                .to_owned(),
        ),
    ] {
        assert_eq!(ratio(text), Err(format!("--ratio:{expected}")), "{text}");
    }
}

fn test(text: &str) -> Result<(String, String), String> {
    let spec = schools().test(Argument { flag: "--test", text }).map_err(|findings| printed(&findings))?;
    Ok((spec.row.text, spec.column.text))
}

#[test]
fn the_last_comma_splits_a_test() {
    for (text, row, column) in [
        ("stype,awards", "stype", "awards"),
        ("stype IN ('E', 'H'), met", "stype IN ('E', 'H')", "met"),
        ("\"Q1 x\",Kommune: navn", "\"Q1 x\"", "Kommune: navn"),
        ("COALESCE(stype, 'a,b') , S2", "COALESCE(stype, 'a,b')", "S2"),
    ] {
        assert_eq!(test(text), Ok((row.to_owned(), column.to_owned())), "{text}");
    }
    let help = "\nhelp: write it like \"stype,awards\"";
    for (text, expected) in [
        ("stype", format!("1:1: expected ROW,COLUMN, found no ',' outside quotes and brackets{help}")),
        ("stype,", format!("1:7: expected ROW,COLUMN, found nothing behind the ','{help}")),
        ("stype, \"stype\"", format!("1:8: \"stype\" is tested against itself{help}")),
    ] {
        assert_eq!(test(text), Err(format!("--test:{expected}")), "{text}");
    }
}

fn difference(text: &str) -> Result<DifferenceSpec, String> {
    schools().difference(Argument { flag: "--diff", text }).map_err(|findings| printed(&findings))
}

#[track_caller]
fn check_difference(text: &str, expression: &str, column: &str, levels: &[Literal; 2]) {
    let spec = difference(text).unwrap_or_else(|findings| panic!("{text} is refused:\n{findings}"));
    assert_eq!((spec.expression.text.as_str(), spec.column.text.as_str()), (expression, column), "{text}");
    assert_eq!(&[spec.of, spec.than], levels, "{text}");
}

#[test]
fn a_difference_names_two_levels_of_one_column() {
    let texts = |levels: [&str; 2]| levels.map(|level| Literal::Text(level.to_owned()));
    let number = |text| Literal::Number(codebook::Decimal::parse(text, '.').unwrap());
    check_difference("api00:stype=E,H", "api00", "stype", &texts(["E", "H"]));
    check_difference(" api00 : stype = E , H ", "api00", "stype", &texts(["E", "H"]));
    check_difference("api00:stype='New York',\"a, b\"", "api00", "stype", &texts(["New York", "a, b"]));
    check_difference("api00:stype=New York,it''s", "api00", "stype", &texts(["New York", "it''s"]));
    check_difference("api00:stype='it''s',='x'", "api00", "stype", &texts(["it's", "='x'"]));
    check_difference("api00:\"Kommune: navn\"=a=b,c", "api00", "Kommune: navn", &texts(["a=b", "c"]));
    check_difference("stype = 'x:y':awards=Yes,No", "stype = 'x:y'", "awards", &texts(["Yes", "No"]));
    check_difference("api00:\"Q1 x\"=1,-2.50", "api00", "Q1 x", &[number("1"), number("-2.5")]);
    check_difference("api00:Q1 x='1',2", "api00", "Q1 x", &[number("1"), number("2")]);
    check_difference(
        "enroll > 5:met=true,FALSE",
        "enroll > 5",
        "met",
        &[Literal::Boolean(true), Literal::Boolean(false)],
    );
    check_difference("S2:tested=2000-01-31,2000-02-01", "S2", "tested", &texts(["2000-01-31", "2000-02-01"]));
    check_difference("S2:stype='','E'", "S2", "stype", &texts(["", "E"]));
}

#[test]
fn a_difference_in_another_form_is_refused_with_an_example() {
    let form = "expected EXPRESSION:COLUMN=LEVEL,LEVEL";
    let help = "\nhelp: write it like \"api00:stype=E,H\"";
    let quotes = "\nhelp: a level that holds a separator stands in quotes, as in 'a, b'";
    for (text, expected) in [
        ("api00", format!("1:1: {form}, found no ':' outside quotes and brackets{help}")),
        ("api00:stype", format!("1:7: {form}, found no '=' outside quotes and brackets{help}")),
        ("api00:stype='E=H'x", format!("1:13: expected two levels of \"stype\", found 1 level{help}{quotes}")),
        ("api00:stype=E,H,M", format!("1:13: expected two levels of \"stype\", found 3 levels{help}{quotes}")),
        ("api00:stype=E,", format!("1:15: {form}, found nothing behind the ','{help}")),
        ("api00:=E,H", format!("1:7: {form}, found nothing before the '='{help}")),
        ("api00:stype=", format!("1:13: {form}, found nothing behind the '='{help}")),
        (":stype=E,H", format!("1:1: {form}, found nothing before the ':'{help}")),
        ("api00:stype=E,'E'", format!("1:15: a level of \"stype\" is compared with itself{help}")),
        ("api00:enroll=1,1.0", format!("1:16: a level of \"enroll\" is compared with itself{help}")),
        ("api00:enroll=1,E", "1:16: \"enroll\" holds numbers, found the level \"E\"".to_owned()),
        (
            "api00:met=yes,no",
            "1:11: \"met\" holds conditions, found the level \"yes\"\n\
             --diff:1:15: \"met\" holds conditions, found the level \"no\""
                .to_owned(),
        ),
        ("api00:tested=2000-1-1,2000-02-02", "1:14: \"tested\" holds dates, found the level \"2000-1-1\"".to_owned()),
        ("api00:stipe=E,H", "1:7: there is no column \"stipe\"\nhelp: did you mean \"stype\"?".to_owned()),
        (
            "api00:stype='E,H",
            "1:13: the quote ' opens here and is never closed\n\
             help: a quote inside a quoted text stands twice: 'it''s'"
                .to_owned(),
        ),
    ] {
        assert_eq!(difference(text), Err(format!("--diff:{expected}")), "{text}");
    }
}

mod hostile {
    //! No argument makes the reader panic, and findings stay inside it.

    use codebook::{Argument, Place, Purpose};
    use proptest::prelude::*;

    use super::schools;

    /// Words, signs and marks of arguments in any order.
    fn argument() -> impl Strategy<Value = String> {
        let parts = prop::sample::select(vec![
            "api00", "stype", "\"Q1 x\"", "vægt", "'E'", "'", "\"", ":", ",", "=", "/", "(", ")", "0.5", " ", "CASE ",
            " WHEN ", " THEN ", " END", " AND ", " IN ", "NOT ", "--", "/*", "\n", "æ", ".", ".5", "::", "NULL", "\0",
        ]);
        prop_oneof![3 => prop::collection::vec(parts, 0..14).prop_map(|parts| parts.concat()), 1 => any::<String>()]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn no_argument_panics_and_findings_stay_in_it(text in argument()) {
            let columns = schools();
            let argument = Argument { flag: "--x", text: &text };
            let findings = [
                columns.expression(argument, Purpose::Groups).err(),
                columns.named(argument).err(),
                columns.quantile(argument).err(),
                columns.ratio(argument).err(),
                columns.test(argument).err(),
                columns.difference(argument).err(),
            ];
            for finding in findings.into_iter().flatten().flatten() {
                let Place::Text { line, column, .. } = &finding.place else { panic!("{finding}") };
                let line = text.split('\n').nth(usize::try_from(*line).unwrap() - 1);
                let length = line.map(|line| line.chars().count());
                prop_assert!(length.is_some_and(|length| usize::try_from(*column).unwrap() <= length + 1), "{finding}");
            }
        }
    }
}
