//! Arguments that hold more than one expression: quantiles, ratios, tests and differences.
//!
//! Each has one form, and an argument in another form is refused with an example of the right one.

use jiff::civil::Date;

use super::argument::{Argument, Piece};
use super::{ColumnKind, FileColumns, FileExpression, Purpose, misfit};
use crate::{Decimal, Finding, Literal};

/// Quantiles of one expression, written `EXPRESSION:PROBABILITY` or `EXPRESSION:PROBABILITY,PROBABILITY`.
#[derive(Debug, Clone, PartialEq)]
pub struct QuantileSpec {
    /// A number.
    pub expression: FileExpression,
    /// At least one, each between 0 and 1 and none twice, as the user ordered them.
    pub probabilities: Vec<Decimal>,
}

/// A ratio of two totals, written `NUMERATOR/DENOMINATOR`.
#[derive(Debug, Clone, PartialEq)]
pub struct RatioSpec {
    /// A number.
    pub numerator: FileExpression,
    /// A number.
    pub denominator: FileExpression,
}

/// A test whether two groupings are independent, written `ROW,COLUMN`.
#[derive(Debug, Clone, PartialEq)]
pub struct TestSpec {
    /// The rows of the table.
    pub row: FileExpression,
    /// Its columns.
    pub column: FileExpression,
}

/// The difference of a mean or a share between two groups, written `EXPRESSION:COLUMN=LEVEL,LEVEL`: that of the first group
/// minus that of the second.
#[derive(Debug, Clone, PartialEq)]
pub struct DifferenceSpec {
    /// A number or a condition.
    pub expression: FileExpression,
    /// The column that tells the groups.
    pub column: FileExpression,
    /// The group whose value is the minuend, as the column holds it.
    pub of: Literal,
    /// The group whose value is subtracted; another one.
    pub than: Literal,
}

/// A straight line of a mean or a share over the values of a column, written `EXPRESSION:COLUMN`.
#[derive(Debug, Clone, PartialEq)]
pub struct TrendSpec {
    /// A number or a condition.
    pub expression: FileExpression,
    /// The column that tells when: a number, such as the year of the wave.
    pub column: FileExpression,
}

/// What an argument should look like, for findings.
struct Form {
    pattern: &'static str,
    example: &'static str,
}

const QUANTILE: Form = Form { pattern: "EXPRESSION:PROBABILITY", example: "api00:0.5" };
const RATIO: Form = Form { pattern: "NUMERATOR/DENOMINATOR", example: "api.stu/enroll" };
const TEST: Form = Form { pattern: "ROW,COLUMN", example: "stype,awards" };
const TREND: Form = Form { pattern: "EXPRESSION:COLUMN", example: "innovative:wave" };
const DIFFERENCE: Form = Form { pattern: "EXPRESSION:COLUMN=LEVEL,LEVEL", example: "api00:stype=E,H" };

impl FileColumns {
    /// Reads `EXPRESSION:PROBABILITY`, with one or more probabilities, as in `api00:0.25,0.5,0.75`.
    ///
    /// # Errors
    /// Every finding about it, at its place in the argument.
    pub fn quantile(&self, argument: Argument<'_>) -> Result<QuantileSpec, Vec<Finding>> {
        let (expression, probabilities) = QUANTILE.cut(Piece::whole(argument), ':')?;
        let (expression, probabilities) =
            both(self.expression_in(expression, Purpose::Quantile), read_probabilities(probabilities))?;
        Ok(QuantileSpec { expression, probabilities })
    }

    /// Reads `NUMERATOR/DENOMINATOR`. Expressions know no division, so the sign is free for this.
    ///
    /// # Errors
    /// Every finding about it, at its place in the argument.
    pub fn ratio(&self, argument: Argument<'_>) -> Result<RatioSpec, Vec<Finding>> {
        let (numerator, denominator) = RATIO.cut(Piece::whole(argument), '/')?;
        let (numerator, denominator) =
            both(self.expression_in(numerator, Purpose::Ratio), self.expression_in(denominator, Purpose::Ratio))?;
        Ok(RatioSpec { numerator, denominator })
    }

    /// Reads `ROW,COLUMN`.
    ///
    /// # Errors
    /// Every finding about it, at its place in the argument.
    pub fn test(&self, argument: Argument<'_>) -> Result<TestSpec, Vec<Finding>> {
        let (row, column) = TEST.cut(Piece::whole(argument), ',')?;
        let place = column.trimmed().start();
        let (row, column) =
            both(self.expression_in(row, Purpose::Groups), self.expression_in(column, Purpose::Groups))?;
        if row.expr == column.expr {
            let message = format!("{:?} is tested against itself", row.text);
            return Err(vec![TEST.help(Finding::error(place, "same-twice", message))]);
        }
        Ok(TestSpec { row, column })
    }

    /// Reads `EXPRESSION:COLUMN=LEVEL,LEVEL`. Column and levels may stand in quotes, and must where they hold separators.
    ///
    /// # Errors
    /// Every finding about it, at its place in the argument.
    pub fn difference(&self, argument: Argument<'_>) -> Result<DifferenceSpec, Vec<Finding>> {
        let (expression, groups) = DIFFERENCE.cut(Piece::whole(argument), ':')?;
        let (expression, (column, of, than)) =
            both(self.expression_in(expression, Purpose::Difference), self.groups(groups))?;
        Ok(DifferenceSpec { expression, column, of, than })
    }

    /// Reads `EXPRESSION:COLUMN`.
    ///
    /// # Errors
    /// Every finding about it, at its place in the argument.
    pub fn trend(&self, argument: Argument<'_>) -> Result<TrendSpec, Vec<Finding>> {
        let (expression, column) = TREND.cut(Piece::whole(argument), ':')?;
        let place = column.trimmed().start();
        let (expression, column) = both(self.expression_in(expression, Purpose::Difference), self.named_in(column))?;
        if column.kind != ColumnKind::Number {
            let message =
                format!("{:?} holds {}, a trend goes over numbers, such as years", column.text, column.kind.content());
            return Err(vec![TREND.help(Finding::error(place, "wrong-kind", message))]);
        }
        Ok(TrendSpec { expression, column })
    }

    /// Reads `COLUMN` or `COLUMN,COLUMN`; a name that holds a comma stands in double quotes.
    ///
    /// # Errors
    /// Every finding about it, at its place in the argument: no such column, one that is listed twice, or one that does not hold what
    /// `purpose` needs.
    pub fn listed(&self, argument: Argument<'_>, purpose: Purpose) -> Result<Vec<FileExpression>, Vec<Finding>> {
        let whole = Piece::whole(argument);
        // The name of a column may hold a comma, if it is all there is.
        let pieces = if self.at(whole.trimmed().text()).is_some() { vec![whole] } else { whole.cut_at_each(',')? };
        let mut columns: Vec<FileExpression> = Vec::new();
        let mut findings = Vec::new();
        for piece in pieces {
            match self.named_in(piece) {
                Err(more) => findings.extend(more),
                Ok(column) if columns.contains(&column) => {
                    let message = format!("the column {:?} is listed twice", column.text);
                    findings.push(Finding::error(piece.trimmed().start(), "same-twice", message));
                }
                Ok(column) => match misfit(&column, purpose, piece.trimmed().start()) {
                    Some(finding) => findings.push(finding),
                    None => columns.push(column),
                },
            }
        }
        if findings.is_empty() { Ok(columns) } else { Err(findings) }
    }

    /// Reads `COLUMN=LEVEL,LEVEL`.
    fn groups(&self, piece: Piece<'_>) -> Result<(FileExpression, Literal, Literal), Vec<Finding>> {
        let Some((column, levels)) = piece.cut_at_first('=')? else {
            return Err(vec![DIFFERENCE.lacks('=', piece)]);
        };
        DIFFERENCE.refuse_empty(&[(column, "before", '='), (levels, "behind", '=')])?;
        let column = self.named_in(column)?;
        let pieces = levels.cut_at_each(',')?;
        let [of, than] = pieces.as_slice() else {
            let noun = if pieces.len() == 1 { "level" } else { "levels" };
            let message = format!("expected two levels of {:?}, found {} {noun}", column.text, pieces.len());
            let finding = Finding::error(levels.trimmed().start(), "argument-form", message);
            let finding = DIFFERENCE.help(finding);
            return Err(vec![finding.hint("a level that holds a separator stands in quotes, as in 'a, b'")]);
        };
        DIFFERENCE.refuse_empty(&[(*of, "before", ','), (*than, "behind", ',')])?;
        let place = than.trimmed().start();
        let (of, than) = both(level(*of, &column), level(*than, &column))?;
        if of == than {
            let message = format!("a level of {:?} is compared with itself", column.text);
            return Err(vec![DIFFERENCE.help(Finding::error(place, "same-twice", message))]);
        }
        Ok((column, of, than))
    }
}

impl Form {
    /// Both sides of the last separator, neither of them empty.
    fn cut<'a>(&self, piece: Piece<'a>, separator: char) -> Result<(Piece<'a>, Piece<'a>), Vec<Finding>> {
        let cut = piece.cut_at_last(separator)?;
        let Some((before, behind)) = cut else { return Err(vec![self.lacks(separator, piece)]) };
        self.refuse_empty(&[(before, "before", separator), (behind, "behind", separator)])?;
        Ok((before, behind))
    }

    fn lacks(&self, separator: char, piece: Piece<'_>) -> Finding {
        let message = format!("expected {}, found no {separator:?} outside quotes and brackets", self.pattern);
        self.help(Finding::error(piece.trimmed().start(), "argument-form", message))
    }

    fn refuse_empty(&self, pieces: &[(Piece<'_>, &'static str, char)]) -> Result<(), Vec<Finding>> {
        let empty = pieces.iter().filter(|(piece, ..)| piece.trimmed().text().is_empty());
        let findings: Vec<Finding> = empty
            .map(|(piece, side, separator)| {
                let message = format!("expected {}, found nothing {side} the {separator:?}", self.pattern);
                self.help(Finding::error(piece.start(), "argument-form", message))
            })
            .collect();
        if findings.is_empty() { Ok(()) } else { Err(findings) }
    }

    fn help(&self, finding: Finding) -> Finding {
        finding.hint(format!("write it like {:?}", self.example))
    }
}

/// Both results, or the findings of both.
fn both<A, B>(one: Result<A, Vec<Finding>>, other: Result<B, Vec<Finding>>) -> Result<(A, B), Vec<Finding>> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Err(mut findings), Err(more)) => {
            findings.extend(more);
            Err(findings)
        }
        (Err(findings), Ok(_)) | (Ok(_), Err(findings)) => Err(findings),
    }
}

fn read_probabilities(piece: Piece<'_>) -> Result<Vec<Decimal>, Vec<Finding>> {
    let mut probabilities: Vec<Decimal> = Vec::new();
    let mut findings = Vec::new();
    for piece in piece.cut_at_each(',')? {
        let piece = piece.trimmed();
        let refuse = |message| QUANTILE.help(Finding::error(piece.start(), "bad-probability", message));
        match probability(piece.text()) {
            Some(probability) if probabilities.contains(&probability) => {
                findings.push(refuse(format!("the probability {probability} stands twice")));
            }
            Some(probability) => probabilities.push(probability),
            None => {
                findings.push(refuse(format!("expected a probability between 0 and 1, found {:?}", piece.text())));
            }
        }
    }
    if findings.is_empty() { Ok(probabilities) } else { Err(findings) }
}

/// The ends are no quantiles: nothing in a sample tells how far the smallest value of the population is. Nor is what lies so near to one that
/// the nearest double is the end. `.5` is 0.5.
fn probability(text: &str) -> Option<Decimal> {
    let completed = text.strip_prefix('.').map(|decimals| format!("0.{decimals}"));
    let number = Decimal::parse(completed.as_deref().unwrap_or(text), '.').ok()?;
    let is_inside = |nearest: f64| 0.0 < nearest && nearest < 1.0;
    number.to_string().parse().is_ok_and(is_inside).then_some(number)
}

/// A level of a column as the column holds it.
fn level(piece: Piece<'_>, column: &FileExpression) -> Result<Literal, Vec<Finding>> {
    let piece = piece.trimmed();
    let unquoted = piece.unquoted('\'').or_else(|| piece.unquoted('"'));
    let text = unquoted.unwrap_or_else(|| piece.text().to_owned());
    let is_date = |text: &str| text.parse::<Date>().is_ok_and(|date| date.to_string() == text);
    let literal = match column.kind {
        ColumnKind::Text => Some(Literal::Text(text.clone())),
        ColumnKind::Number => Decimal::parse(&text, '.').ok().map(Literal::Number),
        ColumnKind::Date => is_date(&text).then(|| Literal::Text(text.clone())),
        ColumnKind::Condition => match text.to_ascii_uppercase().as_str() {
            "TRUE" => Some(Literal::Boolean(true)),
            "FALSE" => Some(Literal::Boolean(false)),
            _ => None,
        },
    };
    literal.ok_or_else(|| {
        let message = format!("{:?} holds {}, found the level {text:?}", column.text, column.kind.content());
        vec![Finding::error(piece.start(), "wrong-kind", message)]
    })
}
