//! The columns of any data file, and users' expressions over them.
//!
//! A country's variables have names of our own making; the columns of somebody's CSV file have any names at all: `Q1 x`,
//! `S2`, `vægt`, `sch.wide`. [`FileColumns`] gives each an internal [`VariableName`], so that everything behind it works as
//! for a country, and reads expressions over the file's own names with the same reader and the same allow-list. Names match
//! exactly, capitals included.
//!
//! Nothing here sees a cell. Which texts a column holds is therefore unknown, and any text may be compared with it.

mod argument;
mod specification;

use std::collections::BTreeMap;

use crate::expression::parse::typed;
use crate::expression::types::{Names, Resolved, Type, Words, Written};
use crate::{Expr, Finding, Place, VariableName};

pub use argument::Argument;
use argument::Piece;
pub use specification::{DifferenceSpec, QuantileSpec, RatioSpec, TestSpec, TrendSpec};

/// What a column holds, or an expression gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ColumnKind {
    /// Numbers.
    Number,
    /// Text: the levels of a factor, as a rule.
    Text,
    /// `TRUE` and `FALSE`.
    Condition,
    /// Calendar dates, compared with texts such as `'2019-12-31'`.
    Date,
}

/// One column of a data file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileColumn {
    /// Its name, as the file has it.
    pub name: String,
    /// What it holds.
    pub kind: ColumnKind,
}

/// Every column of a data file, in the file's order.
#[derive(Debug, Clone)]
pub struct FileColumns {
    columns: Vec<FileColumn>,
    /// The positions of each name. More than one, and the name is of no use.
    positions: BTreeMap<String, Vec<usize>>,
    /// What the columns hold that cannot be used at all.
    left_out: BTreeMap<String, &'static str>,
}

/// An expression over the columns of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct FileExpression {
    /// The expression over internal names; see [`FileColumns::column`]. Nothing bounds the numbers of a file, so its
    /// arithmetic may need more than 38 digits, which whoever computes it has to notice.
    pub expr: Expr,
    /// What it gives.
    pub kind: ColumnKind,
    /// The expression as the user wrote it, without blanks around it.
    pub text: String,
}

/// What an expression is for, which decides what it must give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A mean of numbers.
    Mean,
    /// A total of numbers.
    Total,
    /// One side of a ratio of totals.
    Ratio,
    /// A quantile of numbers.
    Quantile,
    /// The sampling weight.
    Weight,
    /// The size of the population a unit was drawn from.
    PopulationSize,
    /// The share of units for which a condition holds.
    Share,
    /// The units that are looked at.
    Filter,
    /// The difference of a mean or a share between two groups.
    Difference,
    /// Groups of units: strata, clusters, domains, the sides of a test.
    Groups,
}

/// What an expression must give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    Number,
    Condition,
    NumberOrCondition,
    Anything,
}

impl ColumnKind {
    /// What a column of this kind holds, for findings.
    fn content(self) -> &'static str {
        match self {
            Self::Number => "numbers",
            Self::Text => "text",
            Self::Condition => "conditions",
            Self::Date => "dates",
        }
    }

    /// What an expression of this kind gives, for findings.
    fn value(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Text => "a text",
            Self::Condition => "a condition",
            Self::Date => "a date",
        }
    }
}

impl Purpose {
    fn noun(self) -> &'static str {
        match self {
            Self::Mean => "a mean",
            Self::Total => "a total",
            Self::Ratio => "a ratio",
            Self::Quantile => "a quantile",
            Self::Weight => "a weight",
            Self::PopulationSize => "a population size",
            Self::Share => "a share",
            Self::Filter => "a filter",
            Self::Difference => "a difference",
            Self::Groups => "a group",
        }
    }

    /// What divides two totals, for somebody who divided two numbers.
    fn hint_for_a_quotient(self, text: &str) -> Option<String> {
        let is_estimated = matches!(self, Self::Mean | Self::Total | Self::Share | Self::Groups);
        (is_estimated && text.contains('/')).then(|| "one total over another is --ratio NUM/DEN".to_owned())
    }

    fn need(self) -> Need {
        match self {
            Self::Mean | Self::Total | Self::Ratio | Self::Quantile | Self::Weight | Self::PopulationSize => {
                Need::Number
            }
            Self::Share | Self::Filter => Need::Condition,
            Self::Difference => Need::NumberOrCondition,
            Self::Groups => Need::Anything,
        }
    }
}

impl Need {
    fn is_met_by(self, kind: ColumnKind) -> bool {
        match self {
            Self::Number => kind == ColumnKind::Number,
            Self::Condition => kind == ColumnKind::Condition,
            Self::NumberOrCondition => matches!(kind, ColumnKind::Number | ColumnKind::Condition),
            Self::Anything => true,
        }
    }

    fn noun(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Condition => "a condition",
            Self::NumberOrCondition => "a number or a condition",
            Self::Anything => "any value",
        }
    }
}

impl FileColumns {
    /// The columns of a file, in its order. Where several have the same name, an expression that uses it is refused.
    #[must_use]
    pub fn new(columns: Vec<FileColumn>) -> Self {
        let mut positions: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (position, column) in columns.iter().enumerate() {
            positions.entry(column.name.clone()).or_default().push(position);
        }
        Self { columns, positions, left_out: BTreeMap::new() }
    }

    /// The same, knowing of columns that cannot be used: name, and what they hold, such as `lists`. An expression that names one is told why.
    #[must_use]
    pub fn without(self, left_out: Vec<(String, &'static str)>) -> Self {
        Self { left_out: left_out.into_iter().collect(), ..self }
    }

    /// Every column with its internal name (`column.1` is the first), in the file's order.
    pub fn iter(&self) -> impl Iterator<Item = (VariableName, &FileColumn)> {
        self.columns.iter().enumerate().map(|(position, column)| (internal_name(position), column))
    }

    /// The column behind an internal name.
    #[must_use]
    pub fn column(&self, name: &VariableName) -> Option<&FileColumn> {
        let position: usize = name.as_str().strip_prefix(INTERNAL)?.parse().ok()?;
        self.columns.get(position.checked_sub(1)?)
    }

    /// Reads an expression over the file's columns. A text that is exactly the name of a column is that column, so that a
    /// name such as `Q1 x` needs double quotes only inside a longer expression.
    ///
    /// # Errors
    /// Every finding about it, at its place in the argument: no such column, no admitted SQL, not what `purpose` needs.
    pub fn expression(&self, argument: Argument<'_>, purpose: Purpose) -> Result<FileExpression, Vec<Finding>> {
        self.expression_in(Piece::whole(argument), purpose)
    }

    /// Reads the name of a column, as it is or in double quotes.
    ///
    /// # Errors
    /// When the file has no such column, or several.
    pub fn named(&self, argument: Argument<'_>) -> Result<FileExpression, Vec<Finding>> {
        self.named_in(Piece::whole(argument))
    }

    fn expression_in(&self, piece: Piece<'_>, purpose: Purpose) -> Result<FileExpression, Vec<Finding>> {
        let piece = piece.trimmed();
        if piece.text().is_empty() {
            let message = format!("{} needs an expression, found nothing", purpose.noun());
            return Err(vec![Finding::error(piece.start(), "empty-argument", message)]);
        }
        let expression = match self.at(piece.text()) {
            Some(position) => self.expression_of(position),
            None => self.parsed(piece, purpose)?,
        };
        match misfit(&expression, purpose, piece.start()) {
            Some(finding) => Err(vec![finding]),
            None => Ok(expression),
        }
    }

    fn parsed(&self, piece: Piece<'_>, purpose: Purpose) -> Result<FileExpression, Vec<Finding>> {
        let mut findings = Vec::new();
        let place_of = |line, column| piece.place_of(line, column);
        let Some(typed) = typed(piece.text(), self, &place_of, &mut findings) else {
            let hint = self.quoting_hint(piece.text()).or_else(|| purpose.hint_for_a_quotient(piece.text()));
            if let (Some(first), Some(hint)) = (findings.first_mut(), hint) {
                first.hints.push(hint);
            }
            return Err(findings);
        };
        if typed.expr.variables().is_empty() {
            let finding = Finding::error(piece.start(), "no-column", "the expression names no column of the file");
            return Err(vec![finding.hint("a column is written without quotes or in double quotes")]);
        }
        let kind = match typed.kind {
            Type::Number => ColumnKind::Number,
            Type::Boolean => ColumnKind::Condition,
            Type::Date => ColumnKind::Date,
            Type::Text(_) => ColumnKind::Text,
        };
        Ok(FileExpression { expr: typed.expr, kind, text: piece.text().to_owned() })
    }

    fn named_in(&self, piece: Piece<'_>) -> Result<FileExpression, Vec<Finding>> {
        let piece = piece.trimmed();
        let unquoted = piece.unquoted('"');
        let quoted = unquoted.is_some();
        let name = unquoted.unwrap_or_else(|| piece.text().to_owned());
        match self.at(piece.text()).or_else(|| self.at(&name)) {
            Some(position) => Ok(self.expression_of(position)),
            None if name.is_empty() => {
                let message = "expected the name of a column, found nothing";
                Err(vec![Finding::error(piece.start(), "empty-argument", message)])
            }
            None => Err(vec![self.unknown_column(Written { name: &name, quoted }, piece.start())]),
        }
    }

    /// The position of the one column of this name.
    fn at(&self, name: &str) -> Option<usize> {
        match self.positions.get(name).map(Vec::as_slice) {
            Some([position]) => Some(*position),
            Some(_) | None => None,
        }
    }

    fn expression_of(&self, position: usize) -> FileExpression {
        let FileColumn { name, kind } = &self.columns[position];
        FileExpression { expr: Expr::Variable(internal_name(position)), kind: *kind, text: name.clone() }
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.positions.keys().map(String::as_str)
    }

    /// The finding about a name that is no column, with the nearest ones.
    fn unknown_column(&self, written: Written<'_>, place: Place) -> Finding {
        let Written { name, .. } = written;
        if let Some(positions) = self.positions.get(name) {
            let message = format!("{} columns of the file are called {name:?}", positions.len());
            return Finding::error(place, "repeated-column", message).hint("rename all but one");
        }
        if let Some(held) = self.left_out.get(name) {
            let message = format!("the column {name:?} holds {held}: it can neither be counted nor calculated with");
            return Finding::error(place, "unusable-column", message)
                .hint("export it as text, or as a column for each value");
        }
        let finding = Finding::error(place, "unknown-column", format!("there is no column {name:?}"));
        match self.names().find(|known| known.to_lowercase() == name.to_lowercase()) {
            Some(known) => finding.hint(format!("did you mean {known:?}? Capitals and small letters differ")),
            None => finding.did_you_mean(name, self.names()),
        }
    }

    /// A column that is written without the double quotes it needs inside an expression.
    fn quoting_hint(&self, text: &str) -> Option<String> {
        let needs_quotes = |name: &&str| !name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
        let is_bare = |name: &&str| text.contains(*name) && !text.contains(&format!("\"{name}\""));
        let name = self.names().filter(needs_quotes).find(is_bare)?;
        Some(format!("inside an expression the column {name:?} is written in double quotes"))
    }
}

impl Names for FileColumns {
    fn resolve(&self, name: &str) -> Resolved {
        let Some(position) = self.at(name) else { return Resolved::Unknown };
        let kind = match self.columns[position].kind {
            ColumnKind::Number => Type::Number,
            ColumnKind::Condition => Type::Boolean,
            ColumnKind::Date => Type::Date,
            ColumnKind::Text => Type::Text(Words::of_column(name)),
        };
        Resolved::Variable(internal_name(position), kind)
    }

    fn unknown(&self, written: Written<'_>, place: Place) -> Finding {
        let finding = self.unknown_column(written, place);
        let is_near = finding.hints.iter().any(|hint| hint.starts_with("did you mean"));
        let is_known = self.positions.contains_key(written.name) || self.left_out.contains_key(written.name);
        let may_be_text = !is_known && (written.quoted || !is_near);
        if !may_be_text {
            return finding;
        }
        let text = written.name.replace('\'', "''");
        finding.hint(format!("if it is a text, not a column, write it in single quotes: '{text}'"))
    }
}

/// How internal names begin.
const INTERNAL: &str = "column.";

/// The name of the column at a position; the first is `column.1`.
fn internal_name(position: usize) -> VariableName {
    VariableName::new(&format!("{INTERNAL}{}", position + 1)).expect("small letters, a dot and digits are a name")
}

/// The finding about an expression that does not give what it is for.
fn misfit(expression: &FileExpression, purpose: Purpose, place: Place) -> Option<Finding> {
    let (need, kind) = (purpose.need(), expression.kind);
    if need.is_met_by(kind) {
        return None;
    }
    let is_column = matches!(expression.expr, Expr::Variable(_));
    let found = match is_column {
        true => format!("{:?} holds {}", expression.text, kind.content()),
        false => format!("the expression gives {}", kind.value()),
    };
    let message = format!("{found}, {} needs {}", purpose.noun(), need.noun());
    let finding = Finding::error(place, "wrong-kind", message);
    if matches!(purpose, Purpose::Weight | Purpose::PopulationSize) {
        return Some(finding.hint("is it another column?"));
    }
    Some(match (need, kind) {
        (Need::Number, ColumnKind::Condition) => finding.hint("how often a condition holds is a share: use --share"),
        (Need::Number | Need::NumberOrCondition, ColumnKind::Text | ColumnKind::Date) => {
            finding.hint("how often it has one value is a share: use --share with a comparison, as in x = 'yes'")
        }
        (Need::Condition, ColumnKind::Number) => finding.hint("compare it, as in x > 50"),
        (Need::Condition, ColumnKind::Text) => finding.hint("compare it, as in x = 'yes'"),
        (Need::Condition, ColumnKind::Date) => finding.hint("compare it, as in x < '2019-12-31'"),
        (Need::Number | Need::Condition | Need::NumberOrCondition | Need::Anything, _) => finding,
    })
}
