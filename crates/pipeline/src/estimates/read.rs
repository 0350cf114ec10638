//! What was asked, read over the file's columns.

use std::collections::BTreeSet;

use codebook::{
    Argument, ColumnKind, ColumnPattern, Expr, FileColumns, FileExpression, Finding, Place, Purpose, VariableName,
};
use estimate::Single;
use tabulate::{MissingWeight, Order, Scan, Wanted};

use super::{Asked, EstimateRequest, ReplicateRequest};

/// What was asked, read over the file's columns.
pub(super) enum Read {
    Number {
        statistic: &'static str,
        single: Single,
        expression: FileExpression,
    },
    /// Each value of an expression, or whether a condition holds.
    Each {
        statistic: &'static str,
        single: Single,
        expression: FileExpression,
    },
    Ratio {
        text: String,
        numerator: FileExpression,
        denominator: FileExpression,
    },
    Quantile(codebook::QuantileSpec),
    Difference(codebook::DifferenceSpec),
    Test(codebook::TestSpec),
    Trend(codebook::TrendSpec),
}

/// An argument, for findings that come later.
#[derive(Clone)]
pub(super) struct Argued {
    pub(super) flag: &'static str,
    pub(super) text: String,
}

impl Argued {
    pub(super) fn place(&self) -> Place {
        Place::File { file: format!("{} {}", self.flag, self.text) }
    }

    pub(super) fn finding(&self, code: &'static str, message: String) -> Finding {
        Finding::error(self.place(), code, message)
    }

    /// The finding about a share of numbers.
    fn no_category(&self, expression: &FileExpression) -> Finding {
        let FileExpression { expr, text, .. } = expression;
        let Expr::Variable(_) = expr else {
            let message = format!("{text:?} gives numbers, a share needs a condition or a category");
            return self.finding("wrong-kind", message).hint("compare it, as in x + y > 2");
        };
        let is_word = text.chars().all(|character| character.is_alphanumeric() || matches!(character, '_' | '.'));
        let column = if is_word { text.clone() } else { format!("\"{}\"", text.replace('"', "\"\"")) };
        let message = format!("{text:?} holds numbers, a share needs a condition or a category");
        let finding = self.finding("wrong-kind", message);
        let finding = finding.hint(format!("compare it, as in --share '{column} = 1', or take its mean"));
        finding.hint(format!("where its numbers are codes of categories, add --categories '{column}'"))
    }
}

impl Asked {
    pub(super) fn read(&self, columns: &FileColumns, categories: &[FileExpression]) -> Result<Read, Vec<Finding>> {
        let argument = Argument { flag: self.flag(), text: self.text() };
        Ok(match self {
            Self::Mean(_) => Read::Number {
                statistic: "mean",
                single: Single::Mean,
                expression: columns.expression(argument, Purpose::Mean)?,
            },
            Self::Total(_) => {
                let (statistic, single) = ("total", Single::Total);
                let expression = columns.expression(argument, Purpose::Groups)?;
                match expression.kind {
                    ColumnKind::Number if !categories.contains(&expression) => {
                        Read::Number { statistic, single, expression }
                    }
                    // Of a condition or a category, the units that it stands for.
                    ColumnKind::Number | ColumnKind::Text | ColumnKind::Condition | ColumnKind::Date => {
                        Read::Each { statistic, single, expression }
                    }
                }
            }
            Self::Share(_) => {
                let expression = columns.expression(argument, Purpose::Groups)?;
                if expression.kind == ColumnKind::Number && !categories.contains(&expression) {
                    return Err(vec![self.argued().no_category(&expression)]);
                }
                Read::Each { statistic: "share", single: Single::Share, expression }
            }
            Self::Ratio(text) => {
                let spec = columns.ratio(argument)?;
                let (numerator, denominator) = (spec.numerator, spec.denominator);
                Read::Ratio { text: text.trim().to_owned(), numerator, denominator }
            }
            Self::Quantile(_) => Read::Quantile(columns.quantile(argument)?),
            Self::Difference(_) => Read::Difference(columns.difference(argument)?),
            Self::Test(_) => Read::Test(columns.test(argument)?),
            Self::Trend(_) => Read::Trend(columns.trend(argument)?),
        })
    }

    pub(super) fn argued(&self) -> Argued {
        Argued { flag: self.flag(), text: self.text().to_owned() }
    }

    fn flag(&self) -> &'static str {
        match self {
            Self::Mean(_) => "--mean",
            Self::Share(_) => "--share",
            Self::Total(_) => "--total",
            Self::Ratio(_) => "--ratio",
            Self::Quantile(_) => "--quantile",
            Self::Test(_) => "--test",
            Self::Difference(_) => "--diff",
            Self::Trend(_) => "--trend",
        }
    }

    pub(super) fn text(&self) -> &str {
        match self {
            Self::Mean(text)
            | Self::Share(text)
            | Self::Total(text)
            | Self::Ratio(text)
            | Self::Quantile(text)
            | Self::Test(text)
            | Self::Difference(text)
            | Self::Trend(text) => text,
        }
    }
}

impl Read {
    /// Every expression in it.
    pub(super) fn expressions(&self) -> Vec<&FileExpression> {
        match self {
            Self::Number { expression, .. } | Self::Each { expression, .. } => vec![expression],
            Self::Ratio { numerator, denominator, .. } => vec![numerator, denominator],
            Self::Quantile(spec) => vec![&spec.expression],
            Self::Difference(spec) => vec![&spec.expression, &spec.column],
            Self::Test(spec) => vec![&spec.row, &spec.column],
            Self::Trend(spec) => vec![&spec.expression, &spec.column],
        }
    }

    /// Those that are asked for value by value.
    pub(super) fn told_apart(&self) -> Vec<&FileExpression> {
        match self {
            Self::Each { expression, .. } => vec![expression],
            Self::Difference(spec) => vec![&spec.column],
            Self::Test(spec) => vec![&spec.row, &spec.column],
            Self::Trend(spec) => vec![&spec.column],
            Self::Number { .. } | Self::Ratio { .. } | Self::Quantile(_) => Vec::new(),
        }
    }
}

/// The value, or its findings beside the others.
pub(super) fn kept<T>(read: Result<T, Vec<Finding>>, findings: &mut Vec<Finding>) -> Option<T> {
    read.map_err(|more| findings.extend(more)).ok()
}

/// The columns of the design; domains and items come later.
pub(super) fn design_columns(request: &EstimateRequest, columns: &FileColumns, findings: &mut Vec<Finding>) -> Scan {
    let mut list = |flag, texts: &[String], purpose| -> Vec<VariableName> {
        listed(columns, flag, texts, purpose, findings).iter().filter_map(column_of).collect()
    };
    let weight: Vec<String> = request.weight.iter().cloned().collect();
    let weights = list("--weight", &weight, Purpose::Weight);
    let mut scan = Scan {
        strata: list("--strata", &request.strata, Purpose::Groups),
        stages: list("--psu", &request.psu, Purpose::Groups),
        sizes: list("--fpc", &request.population, Purpose::PopulationSize),
        weight: None,
        replicates: Vec::new(),
        condition: None,
        by: Vec::new(),
        items: Vec::new(),
        units: Wanted::Sums,
        order: Order::Asked,
        missing_weight: MissingWeight::Refused,
    };
    if weights.len() > 1 {
        let place = Place::File { file: format!("--weight {}", weight.join(",")) };
        let message = format!("{} columns, expected the one that holds the weights", weights.len());
        let hint = "replicate weights are named with --replicates";
        findings.push(Finding::error(place, "several-weights", message).hint(hint));
    }
    scan.weight = weights.into_iter().next();
    scan.missing_weight = request.missing_weight;
    match &request.replicates {
        None => {}
        // Where units are PSUs, each has a replicate weight of its own, which must not depend on what else is asked.
        Some(ReplicateRequest::Jackknife | ReplicateRequest::Bootstrap { .. }) if scan.stages.is_empty() => {
            scan.units = Wanted::Units;
            scan.order = Order::Content;
        }
        Some(ReplicateRequest::Jackknife | ReplicateRequest::Bootstrap { .. }) => {}
        Some(ReplicateRequest::Supplied { pattern, .. }) => {
            scan.units = Wanted::Units;
            scan.replicates = replicate_columns(pattern, columns, findings);
            // Where they are called wt1, wt2 and so on after it, `wt*` names the weight, too.
            scan.replicates.retain(|name| scan.weight.as_ref() != Some(name));
            if request.weight.is_none() {
                let place = Place::File { file: format!("--replicates {pattern}") };
                let message = "replicate weights of a file stand beside its weights, and none are named";
                findings.push(Finding::error(place, "no-weight", message).hint("name their column with --weight"));
            }
        }
    }
    scan
}

/// The columns of replicate weights: those whose names fit one of the patterns, in the file's order.
fn replicate_columns(patterns: &str, columns: &FileColumns, findings: &mut Vec<Finding>) -> Vec<VariableName> {
    let place = Place::File { file: format!("--replicates {patterns}") };
    let mut fitting = BTreeSet::new();
    for pattern in patterns.split(',').map(str::trim) {
        let fits = ColumnPattern::new(pattern);
        let found: Vec<usize> = columns
            .iter()
            .enumerate()
            .filter(|(_, (_, column))| fits.fits(&column.name))
            .map(|(position, _)| position)
            .collect();
        if found.is_empty() {
            let message = format!("no column has a name of the pattern {pattern:?}");
            let finding = Finding::error(place.clone(), "no-column", message);
            let hint =
                "* stands for anything and ? for one character, as in 'repw*'; several patterns are cut by commas";
            findings.push(finding.hint(hint));
        }
        fitting.extend(found);
    }
    let fitting: Vec<_> =
        columns.iter().enumerate().filter(|(position, _)| fitting.contains(position)).map(|(_, it)| it).collect();
    for (_, column) in fitting.iter().filter(|(_, column)| column.kind != ColumnKind::Number) {
        let message = format!("{:?} fits the pattern and does not hold numbers", column.name);
        findings.push(Finding::error(place.clone(), "wrong-kind", message));
    }
    fitting.into_iter().map(|(name, _)| name).collect()
}

pub(super) fn listed(
    columns: &FileColumns,
    flag: &'static str,
    texts: &[String],
    purpose: Purpose,
    findings: &mut Vec<Finding>,
) -> Vec<FileExpression> {
    let read = |text: &String| kept(columns.listed(Argument { flag, text }, purpose), findings);
    texts.iter().filter_map(read).flatten().collect()
}

pub(super) fn column_of(expression: &FileExpression) -> Option<VariableName> {
    let Expr::Variable(name) = &expression.expr else { return None };
    Some(name.clone())
}
