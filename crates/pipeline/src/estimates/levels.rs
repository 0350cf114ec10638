//! The values of what is asked for value by value, and of columns that are compared with texts.

use codebook::{ColumnKind, Expr, FileColumns, FileExpression, Finding};
use tabulate::Levels;

use super::open::Opened;
use super::read::Argued;
use crate::PipelineError;

/// More values than this are no categories.
const LEVELS_AT_MOST: usize = 500;

/// Values as they were found in the file.
pub(super) struct Known {
    /// Of each expression.
    levels: Vec<(Expr, Levels)>,
    columns: FileColumns,
}

impl Known {
    /// Looks up the values of expressions that are told apart by them, and of columns that others compare with texts.
    pub(super) fn new<'e>(
        told_apart: impl Iterator<Item = &'e FileExpression>,
        compared: impl Iterator<Item = &'e FileExpression>,
        opened: &mut Opened,
    ) -> Result<Self, PipelineError> {
        let columns = opened.columns.clone();
        let mut wanted: Vec<Expr> = Vec::new();
        let mut want = |expr: Expr| {
            if !wanted.contains(&expr) {
                wanted.push(expr);
            }
        };
        told_apart.filter(|expression| has_levels(expression)).for_each(|expression| want(expression.expr.clone()));
        for (name, _) in compared.flat_map(|expression| expression.expr.compared_texts()) {
            if columns.column(name).is_some_and(|column| column.kind == ColumnKind::Text) {
                want(Expr::Variable(name.clone()));
            }
        }
        let failure = opened.failure();
        let levels = opened.file.levels(&wanted).map_err(failure)?;
        Ok(Self { levels: wanted.into_iter().zip(levels).collect(), columns })
    }

    fn levels(&self, expr: &Expr) -> Option<&Levels> {
        self.levels.iter().find(|(known, _)| known == expr).map(|(_, levels)| levels)
    }

    /// The values of an expression.
    pub(super) fn of(&self, expression: &FileExpression, place: &Argued) -> Result<Vec<String>, Vec<Finding>> {
        let Some(levels) = self.levels(&expression.expr) else {
            if expression.kind == ColumnKind::Condition {
                return Ok(["false", "true"].map(str::to_owned).to_vec());
            }
            let message = format!("{:?} gives numbers, expected a category or a condition", expression.text);
            return Err(vec![place.finding("wrong-kind", message).hint("compare it, as in x + y > 2")]);
        };
        if levels.values.len() > LEVELS_AT_MOST {
            let found = levels.values.len();
            let message = format!(
                "{:?} has {found} different values, expected at most {LEVELS_AT_MOST} categories",
                expression.text
            );
            let hint = match expression.kind {
                ColumnKind::Number | ColumnKind::Date => "compare it, as in x > 50",
                ColumnKind::Text | ColumnKind::Condition => {
                    "group the values first, as in CASE WHEN … END, or compare it"
                }
            };
            return Err(vec![place.finding("too-many-levels", message).hint(hint)]);
        }
        Ok(levels.values.iter().map(|(value, _)| value.clone()).collect())
    }

    /// A warning for each text that a column of the expressions is compared with and no row has.
    pub(super) fn in_vain(&self, place: &Argued, expressions: &[&FileExpression]) -> Vec<Finding> {
        let mut warnings = Vec::new();
        for (name, text) in expressions.iter().flat_map(|expression| expression.expr.compared_texts()) {
            let (Some(column), Some(levels)) = (self.columns.column(name), self.levels(&Expr::Variable(name.clone())))
            else {
                continue;
            };
            let values = || levels.values.iter().map(|(value, _)| value.as_str());
            if values().any(|value| value == text) {
                continue;
            }
            let message = format!("no row has {:?} = {text:?}", column.name);
            warnings.push(Finding::warning(place.place(), "unknown-level", message).did_you_mean(text, values()));
        }
        warnings
    }
}

/// Whether its values must be looked up. Those of a condition are known; an expression that gives numbers has too many.
fn has_levels(expression: &FileExpression) -> bool {
    match (&expression.expr, expression.kind) {
        (Expr::Variable(_), ColumnKind::Number | ColumnKind::Text | ColumnKind::Date)
        | (_, ColumnKind::Text | ColumnKind::Date) => true,
        (_, ColumnKind::Number | ColumnKind::Condition) => false,
    }
}
