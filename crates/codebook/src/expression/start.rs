//! Where a syntax node starts.
//!
//! `sqlparser` can tell the span of a node, but walks all of it: a chain of a thousand operators nests a thousand deep, which
//! is too much for a small stack. This walks down the left edge only, in a loop.

use sqlparser::ast::{Expr, Query, SetExpr, Spanned};
use sqlparser::tokenizer::{Location, Span};

/// The first token of the node; the start of the text for nodes that do not tell.
pub(super) fn start(node: &Expr) -> Location {
    let mut node = node;
    let span = loop {
        #[expect(clippy::wildcard_enum_match_arm, reason = "what is not named here does not tell where it starts")]
        match node {
            Expr::BinaryOp { left: first, .. }
            | Expr::AnyOp { left: first, .. }
            | Expr::AllOp { left: first, .. }
            | Expr::IsDistinctFrom(first, _)
            | Expr::IsNotDistinctFrom(first, _)
            | Expr::IsNull(first)
            | Expr::IsNotNull(first)
            | Expr::IsTrue(first)
            | Expr::IsNotTrue(first)
            | Expr::IsFalse(first)
            | Expr::IsNotFalse(first)
            | Expr::IsUnknown(first)
            | Expr::IsNotUnknown(first)
            | Expr::InList { expr: first, .. }
            | Expr::InSubquery { expr: first, .. }
            | Expr::InUnnest { expr: first, .. }
            | Expr::Between { expr: first, .. }
            | Expr::Like { expr: first, .. }
            | Expr::ILike { expr: first, .. }
            | Expr::SimilarTo { expr: first, .. }
            | Expr::RLike { expr: first, .. }
            | Expr::Collate { expr: first, .. }
            | Expr::AtTimeZone { timestamp: first, .. }
            | Expr::CompoundFieldAccess { root: first, .. }
            | Expr::JsonAccess { value: first, .. }
            // These have a sign, a keyword or a bracket before it, without a place.
            | Expr::UnaryOp { expr: first, .. }
            | Expr::Nested(first)
            | Expr::Cast { expr: first, .. }
            | Expr::Ceil { expr: first, .. }
            | Expr::Floor { expr: first, .. }
            | Expr::Extract { expr: first, .. }
            | Expr::Position { expr: first, .. }
            | Expr::Substring { expr: first, .. }
            | Expr::Trim { expr: first, .. }
            | Expr::Overlay { expr: first, .. } => node = first,
            Expr::Identifier(name) => break name.span,
            Expr::CompoundIdentifier(parts) => break parts.first().map_or(Span::empty(), |part| part.span),
            Expr::Value(value) => break value.span,
            Expr::TypedString(constant) => break constant.value.span,
            Expr::Case { case_token, .. } => break case_token.0.span,
            Expr::Function(function) => break function.name.0.first().map_or(Span::empty(), Spanned::span),
            Expr::Subquery(query) => break query_start(query),
            Expr::Exists { subquery, .. } => break query_start(subquery),
            Expr::Tuple(parts) => match parts.first() {
                Some(first) => node = first,
                None => break Span::empty(),
            },
            _ => break Span::empty(),
        }
    };
    Location { line: span.start.line.max(1), column: span.start.column.max(1) }
}

fn query_start(query: &Query) -> Span {
    match query.body.as_ref() {
        SetExpr::Select(select) => select.select_token.0.span,
        SetExpr::Query(_)
        | SetExpr::SetOperation { .. }
        | SetExpr::Values(_)
        | SetExpr::Insert(_)
        | SetExpr::Update(_)
        | SetExpr::Delete(_)
        | SetExpr::Merge(_)
        | SetExpr::Table(_) => Span::empty(),
    }
}
