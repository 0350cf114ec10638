//! What is not admitted in an expression, by the name a person would use.

use sqlparser::ast::{Expr, Function};

/// What may be written instead of what is refused.
pub(super) const ADMITTED: &str =
    "admitted are + - *, comparisons, AND, OR, NOT, IN, BETWEEN, IS NULL, CASE, COALESCE, ABS and CAST";

/// Aggregates of common engines: they would count without disclosure control.
const AGGREGATES: [&str; 16] = [
    "ARRAY_AGG",
    "AVG",
    "CORR",
    "COUNT",
    "GROUPING",
    "MAX",
    "MEDIAN",
    "MIN",
    "STDDEV",
    "STDDEV_POP",
    "STDDEV_SAMP",
    "STRING_AGG",
    "SUM",
    "VAR_POP",
    "VAR_SAMP",
    "VARIANCE",
];

/// The message that refuses a node.
pub(super) fn refusal(node: &Expr) -> String {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the rest of SQL is refused without a name of its own")]
    let what = match node {
        Expr::Subquery(_) | Expr::InSubquery { .. } | Expr::Exists { .. } => "a subquery".to_owned(),
        Expr::Function(function) => called(function),
        Expr::Like { .. } | Expr::ILike { .. } | Expr::SimilarTo { .. } | Expr::RLike { .. } => {
            "a text pattern (LIKE)".to_owned()
        }
        Expr::Cast { .. } | Expr::Convert { .. } => "this kind of CAST".to_owned(),
        Expr::IsTrue(_) | Expr::IsNotTrue(_) | Expr::IsFalse(_) | Expr::IsNotFalse(_) => {
            "IS TRUE or IS FALSE".to_owned()
        }
        Expr::IsUnknown(_) | Expr::IsNotUnknown(_) => "IS UNKNOWN".to_owned(),
        Expr::IsDistinctFrom(..) | Expr::IsNotDistinctFrom(..) => "IS DISTINCT FROM".to_owned(),
        Expr::Tuple(_) => "a row of several values".to_owned(),
        Expr::Wildcard(_) | Expr::QualifiedWildcard(..) => "the sign * for all columns".to_owned(),
        Expr::Interval(_) => "an interval of time".to_owned(),
        Expr::TypedString(_) => "a constant with a type in front".to_owned(),
        Expr::AnyOp { .. } | Expr::AllOp { .. } => "ANY or ALL".to_owned(),
        Expr::Ceil { .. } => "the function CEIL".to_owned(),
        Expr::Floor { .. } => "the function FLOOR".to_owned(),
        Expr::Extract { .. } => "the function EXTRACT".to_owned(),
        Expr::Position { .. } => "the function POSITION".to_owned(),
        Expr::Substring { .. } => "the function SUBSTRING".to_owned(),
        Expr::Trim { .. } => "the function TRIM".to_owned(),
        Expr::Overlay { .. } => "the function OVERLAY".to_owned(),
        Expr::Collate { .. } => "COLLATE".to_owned(),
        Expr::Array(_) | Expr::CompoundFieldAccess { .. } => "an array".to_owned(),
        _ => "this part of SQL".to_owned(),
    };
    not_admitted(&what)
}

/// The message that refuses a call.
pub(super) fn refused_call(function: &Function) -> String {
    not_admitted(&called(function))
}

fn not_admitted(what: &str) -> String {
    format!("{what} is not admitted in an expression")
}

fn called(function: &Function) -> String {
    let name = function.name.to_string().to_uppercase();
    if function.over.is_some() {
        format!("the window function {name}")
    } else if AGGREGATES.contains(&name.as_str()) {
        format!("the aggregate {name}")
    } else {
        format!("the function {name}")
    }
}
