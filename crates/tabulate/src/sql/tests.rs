use codebook::{Comparator, Decimal, Expr, Literal, Operator, ScalarFunction, VariableName};

use super::{condition, identifier, text, value};
use crate::sample;

/// Reads a base's condition as a country's file has it, and prints it.
#[track_caller]
fn check(written: &str, printed: &str) {
    let base = format!("[bases.x]\nwhere = {written:?}\nlabel = \"x\"\ncounting_unit = \"x\"\n");
    let table = format!("base = \"all\"\nmeasure = \"share\"\nrows = [\"innovator\"]\n{base}");
    let country = sample::country(&table, "weights = \"equal\"");
    let base = country.bases.values().find(|base| base.id.as_str() == "x").unwrap();
    assert_eq!(condition(base.condition.as_ref().unwrap(), &country.codebook), printed);
}

#[test]
fn identifiers_are_quoted_and_keywords_are_capitals() {
    check(
        "innovative in ('yes', 'no') and level is not null",
        r#""innovative" IN ('yes', 'no') AND "level" IS NOT NULL"#,
    );
    check("not innovator", r#"NOT "innovator""#);
    check("employees not between 2 and 4", r#""employees" NOT BETWEEN 2 AND 4"#);
}

#[test]
fn parentheses_stand_where_the_meaning_needs_them() {
    check("innovator or helped and size = 'small'", r#""innovator" OR "helped" AND "size" = 'small'"#);
    check("(innovator or helped) and size = 'small'", r#"("innovator" OR "helped") AND "size" = 'small'"#);
    check("not (innovator or helped)", r#"NOT ("innovator" OR "helped")"#);
}

#[test]
fn what_is_calculated_with_is_decimal() {
    check("(employees + 1) * 2 > 10", r#"("employees" + CAST(1 AS DECIMAL(1, 0))) * CAST(2 AS DECIMAL(1, 0)) > 10"#);
    check("abs(employees - 12.5) < 1", r#"ABS("employees" - CAST(12.5 AS DECIMAL(3, 1))) < 1"#);
    check("employees > 0.05", r#""employees" > CAST(0.05 AS DECIMAL(2, 2))"#);
}

#[test]
fn texts_that_dates_are_compared_with_are_dates() {
    check("founded < '2019-12-31'", r#""founded" < CAST('2019-12-31' AS DATE)"#);
    check(
        "founded between '2018-01-01' and '2019-12-31'",
        r#""founded" BETWEEN CAST('2018-01-01' AS DATE) AND CAST('2019-12-31' AS DATE)"#,
    );
}

#[test]
fn cases_and_coalesce_are_printed_in_full() {
    check(
        "CASE WHEN employees < 10 THEN innovator ELSE helped END",
        r#"CASE WHEN "employees" < 10 THEN "innovator" ELSE "helped" END"#,
    );
    check("COALESCE(innovative, 'no') = 'no'", r#"COALESCE("innovative", 'no') = 'no'"#);
}

#[test]
fn two_signs_in_a_row_open_no_comment() {
    let number = |units| Expr::Literal(Literal::Number(Decimal::new(units, 0)));
    let negative = Expr::Negate(Box::new(Expr::Negate(Box::new(Expr::Variable(VariableName::new("x").unwrap())))));
    let difference =
        Expr::Arithmetic { left: Box::new(negative), operator: Operator::Subtract, right: Box::new(number(-5)) };
    let printed = value(&difference, &codebook::Codebook::default());
    assert_eq!(printed, r#"-(-"x") - CAST(-5 AS DECIMAL(1, 0))"#);
    let absolute = Expr::Function { function: ScalarFunction::Abs, arguments: vec![number(-5)] };
    let comparison =
        Expr::Compare { left: Box::new(number(-5)), comparator: Comparator::Less, right: Box::new(absolute) };
    let printed = condition(&comparison, &codebook::Codebook::default());
    assert_eq!(printed, "-5 < ABS(CAST(-5 AS DECIMAL(1, 0)))");
    assert!(!printed.contains("--"));
}

#[test]
fn quotes_inside_names_and_texts_are_doubled() {
    assert_eq!(identifier(r#"a"; DROP TABLE b; --"#), r#""a""; DROP TABLE b; --""#);
    assert_eq!(text("it's ' OR ''='"), "'it''s '' OR ''''='''");
}
