//! From what was asked to items of one scan, and to the questions that their sums answer.

use codebook::{
    Argument, ColumnKind, ColumnPattern, Comparator, Decimal, Expr, FileColumns, FileExpression, Finding, Literal,
    Place, Purpose, VariableName,
};
use estimate::Single;
use tabulate::{Item, ItemKind, Scan, Wanted};

use super::levels::Known;
use super::open::Opened;
use super::{Asked, EstimateRequest, ReplicateRequest, settled};
use crate::PipelineError;

/// More cells than this are no table to test.
const CELLS_AT_MOST: usize = 400;

/// The scan, and what its items are for.
pub(super) struct Plan {
    pub(super) scan: Scan,
    pub(super) questions: Vec<Question>,
    /// The columns of domains, as the file names them.
    pub(super) by: Vec<String>,
    /// Texts that columns are compared with in vain.
    pub(super) warnings: Vec<Finding>,
}

/// What is asked, in terms of the scan's items.
pub(super) enum Question {
    /// A statistic of one item.
    Single { statistic: &'static str, single: Single, variable: String, level: Option<String>, item: usize },
    /// Quantiles of one item.
    Quantile { variable: String, probabilities: Vec<Decimal>, item: usize },
    /// The difference between two items.
    Difference { single: Single, variable: String, level: String, of: usize, than: usize },
    /// A test on the items of a table's cells: row, column, item.
    Test { variable: String, rows: usize, columns: usize, cells: Vec<(usize, usize, usize)> },
}

/// What was asked, read over the file's columns.
enum Read {
    Number { statistic: &'static str, single: Single, expression: FileExpression },
    Share(FileExpression),
    Ratio { text: String, numerator: FileExpression, denominator: FileExpression },
    Quantile(codebook::QuantileSpec),
    Difference(codebook::DifferenceSpec),
    Test(codebook::TestSpec),
}

/// An argument, for findings that come later.
#[derive(Clone)]
pub(super) struct Argued {
    flag: &'static str,
    text: String,
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

impl Plan {
    pub(super) fn new(request: &EstimateRequest, opened: &mut Opened) -> Result<Self, PipelineError> {
        let mut findings = Vec::new();
        let columns = &opened.columns;
        let categories = listed(columns, "--categories", &request.categories, Purpose::Groups, &mut findings);
        let read = |asked: &Asked| Some((asked.argued(), kept(asked.read(columns, &categories), &mut findings)?));
        let read: Vec<(Argued, Read)> = request.asked.iter().filter_map(read).collect();
        let scan = design_columns(request, columns, &mut findings);
        let by = listed(columns, "--by", &request.by, Purpose::Groups, &mut findings);
        let condition = request.condition.as_ref().and_then(|text| {
            kept(columns.expression(Argument { flag: "--where", text }, Purpose::Filter), &mut findings)
        });
        settled((), findings)?;
        let filter = condition
            .iter()
            .map(|condition| (Argued { flag: "--where", text: condition.text.clone() }, vec![condition]));
        let compared: Vec<_> =
            filter.chain(read.iter().map(|(place, read)| (place.clone(), read.expressions()))).collect();
        let told_apart = read.iter().flat_map(|(_, read)| read.told_apart());
        let levels =
            Known::new(told_apart, compared.iter().flat_map(|(_, expressions)| expressions.iter().copied()), opened)?;
        let warnings = compared.iter().flat_map(|(place, expressions)| levels.in_vain(place, expressions)).collect();
        let mut plan = Self {
            scan: Scan {
                condition: condition.map(|condition| condition.expr),
                by: by.iter().filter_map(column_of).collect(),
                ..scan
            },
            questions: Vec::new(),
            by: by.into_iter().map(|column| column.text).collect(),
            warnings,
        };
        let mut findings = Vec::new();
        for (place, read) in read {
            plan.ask(read, &place, &levels, &mut findings);
        }
        settled(plan, findings)
    }

    /// Adds an item, unless it is there already.
    fn item(&mut self, item: Item) -> usize {
        let items = &mut self.scan.items;
        items.iter().position(|known| *known == item).unwrap_or_else(|| {
            items.push(item);
            items.len() - 1
        })
    }

    fn ask(&mut self, read: Read, place: &Argued, levels: &Known, findings: &mut Vec<Finding>) {
        match read {
            Read::Number { statistic, single, expression } => {
                let item = self.item(number(expression.expr));
                let variable = expression.text;
                self.questions.push(Question::Single { statistic, single, variable, level: None, item });
            }
            Read::Share(expression) => self.share(expression, place, levels, findings),
            Read::Ratio { text, numerator, denominator } => {
                let item = self.item(Item { x: Some(denominator.expr), ..number(numerator.expr) });
                let (statistic, single) = ("ratio", Single::Ratio);
                self.questions.push(Question::Single { statistic, single, variable: text, level: None, item });
            }
            Read::Quantile(spec) => {
                self.scan.units = Wanted::Units;
                let item = self.item(number(spec.expression.expr));
                let variable = spec.expression.text;
                self.questions.push(Question::Quantile { variable, probabilities: spec.probabilities, item });
            }
            Read::Difference(spec) => self.difference(spec, place, levels, findings),
            Read::Test(spec) => self.test(&spec, place, levels, findings),
        }
    }

    /// The share of a condition, or one for each value of a column.
    fn share(&mut self, expression: FileExpression, place: &Argued, levels: &Known, findings: &mut Vec<Finding>) {
        let (statistic, single, variable) = ("share", Single::Share, expression.text.clone());
        if expression.kind == ColumnKind::Condition {
            let item = self.item(condition(expression.expr, None));
            self.questions.push(Question::Single { statistic, single, variable, level: None, item });
            return;
        }
        let Some(values) = kept(levels.of(&expression, place), findings) else { return };
        for value in values {
            let holds = is(&expression, &value);
            let item = self.item(condition(holds, None));
            let variable = variable.clone();
            self.questions.push(Question::Single { statistic, single, variable, level: Some(value), item });
        }
    }

    fn difference(
        &mut self,
        spec: codebook::DifferenceSpec,
        place: &Argued,
        levels: &Known,
        findings: &mut Vec<Finding>,
    ) {
        let Some(values) = kept(levels.of(&spec.column, place), findings) else { return };
        let mut group = |literal: &Literal| -> Option<(String, Expr)> {
            let name = words(literal);
            if values.contains(&name) {
                return Some((name, equal(&spec.column, literal.clone())));
            }
            let message = format!("no row has {:?} = {name:?}", spec.column.text);
            let known = values.iter().map(String::as_str);
            findings.push(place.finding("unknown-level", message).did_you_mean(&name, known));
            None
        };
        let (of, than) = (group(&spec.of), group(&spec.than));
        let (Some((of_name, of)), Some((than_name, than))) = (of, than) else { return };
        let FileExpression { expr, kind, text } = spec.expression;
        let single = if kind == ColumnKind::Condition { Single::Share } else { Single::Mean };
        let within = |group: Expr| match single {
            Single::Share => condition(expr.clone(), Some(group)),
            Single::Mean | Single::Total | Single::Ratio => Item { within: Some(group), ..number(expr.clone()) },
        };
        let (of, than) = (self.item(within(of)), self.item(within(than)));
        let level = format!("{}: {of_name} - {than_name}", spec.column.text);
        self.questions.push(Question::Difference { single, variable: text, level, of, than });
    }

    fn test(&mut self, spec: &codebook::TestSpec, place: &Argued, levels: &Known, findings: &mut Vec<Finding>) {
        let rows = kept(levels.of(&spec.row, place), findings);
        let columns = kept(levels.of(&spec.column, place), findings);
        let (Some(rows), Some(columns)) = (rows, columns) else { return };
        if rows.len() * columns.len() > CELLS_AT_MOST {
            let message = format!(
                "a table of {} by {} values, expected at most {CELLS_AT_MOST} cells",
                rows.len(),
                columns.len()
            );
            findings
                .push(place.finding("too-many-levels", message).hint("group the values first, as in CASE WHEN … END"));
            return;
        }
        let mut cells = Vec::new();
        for (row, row_value) in rows.iter().enumerate() {
            for (column, column_value) in columns.iter().enumerate() {
                let inside = Expr::And(vec![is(&spec.row, row_value), is(&spec.column, column_value)]);
                let counted = condition(Expr::Literal(Literal::Boolean(true)), Some(inside));
                cells.push((row, column, self.item(counted)));
            }
        }
        let variable = format!("{} x {}", spec.row.text, spec.column.text);
        self.questions.push(Question::Test { variable, rows: rows.len(), columns: columns.len(), cells });
    }
}

impl Asked {
    fn read(&self, columns: &FileColumns, categories: &[FileExpression]) -> Result<Read, Vec<Finding>> {
        let argument = Argument { flag: self.flag(), text: self.text() };
        Ok(match self {
            Self::Mean(_) => Read::Number {
                statistic: "mean",
                single: Single::Mean,
                expression: columns.expression(argument, Purpose::Mean)?,
            },
            Self::Total(_) => Read::Number {
                statistic: "total",
                single: Single::Total,
                expression: columns.expression(argument, Purpose::Total)?,
            },
            Self::Share(_) => {
                let expression = columns.expression(argument, Purpose::Groups)?;
                if expression.kind == ColumnKind::Number && !categories.contains(&expression) {
                    return Err(vec![self.argued().no_category(&expression)]);
                }
                Read::Share(expression)
            }
            Self::Ratio(text) => {
                let spec = columns.ratio(argument)?;
                let (numerator, denominator) = (spec.numerator, spec.denominator);
                Read::Ratio { text: text.trim().to_owned(), numerator, denominator }
            }
            Self::Quantile(_) => Read::Quantile(columns.quantile(argument)?),
            Self::Difference(_) => Read::Difference(columns.difference(argument)?),
            Self::Test(_) => Read::Test(columns.test(argument)?),
        })
    }

    fn argued(&self) -> Argued {
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
            | Self::Difference(text) => text,
        }
    }
}

impl Read {
    /// Every expression in it.
    fn expressions(&self) -> Vec<&FileExpression> {
        match self {
            Self::Number { expression, .. } | Self::Share(expression) => vec![expression],
            Self::Ratio { numerator, denominator, .. } => vec![numerator, denominator],
            Self::Quantile(spec) => vec![&spec.expression],
            Self::Difference(spec) => vec![&spec.expression, &spec.column],
            Self::Test(spec) => vec![&spec.row, &spec.column],
        }
    }

    /// Those that are asked for value by value.
    fn told_apart(&self) -> Vec<&FileExpression> {
        match self {
            Self::Share(expression) => vec![expression],
            Self::Difference(spec) => vec![&spec.column],
            Self::Test(spec) => vec![&spec.row, &spec.column],
            Self::Number { .. } | Self::Ratio { .. } | Self::Quantile(_) => Vec::new(),
        }
    }
}

/// The value, or its findings beside the others.
fn kept<T>(read: Result<T, Vec<Finding>>, findings: &mut Vec<Finding>) -> Option<T> {
    read.map_err(|more| findings.extend(more)).ok()
}

/// The columns of the design; domains and items come later.
fn design_columns(request: &EstimateRequest, columns: &FileColumns, findings: &mut Vec<Finding>) -> Scan {
    let mut list = |flag, texts: &[String], purpose| -> Vec<VariableName> {
        listed(columns, flag, texts, purpose, findings).iter().filter_map(column_of).collect()
    };
    let weight: Vec<String> = request.weight.iter().cloned().collect();
    let mut scan = Scan {
        strata: list("--strata", &request.strata, Purpose::Groups),
        stages: list("--psu", &request.psu, Purpose::Groups),
        sizes: list("--fpc", &request.population, Purpose::PopulationSize),
        weight: list("--weight", &weight, Purpose::Weight).into_iter().next(),
        replicates: Vec::new(),
        condition: None,
        by: Vec::new(),
        items: Vec::new(),
        units: Wanted::Sums,
    };
    match &request.replicates {
        None => {}
        // Where units are PSUs, each has a replicate weight of its own.
        Some(ReplicateRequest::Jackknife | ReplicateRequest::Bootstrap { .. }) if scan.stages.is_empty() => {
            scan.units = Wanted::Units;
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

fn replicate_columns(pattern: &str, columns: &FileColumns, findings: &mut Vec<Finding>) -> Vec<VariableName> {
    let place = Place::File { file: format!("--replicates {pattern}") };
    let fits = ColumnPattern::new(pattern);
    let fitting: Vec<_> = columns.iter().filter(|(_, column)| fits.fits(&column.name)).collect();
    if fitting.is_empty() {
        let finding = Finding::error(place.clone(), "no-column", "no column has a name of this pattern");
        findings.push(finding.hint("* stands for anything and ? for one character, as in 'repw*'"));
    }
    for (_, column) in fitting.iter().filter(|(_, column)| column.kind != ColumnKind::Number) {
        let message = format!("{:?} fits the pattern and does not hold numbers", column.name);
        findings.push(Finding::error(place.clone(), "wrong-kind", message));
    }
    fitting.into_iter().map(|(name, _)| name).collect()
}

fn listed(
    columns: &FileColumns,
    flag: &'static str,
    texts: &[String],
    purpose: Purpose,
    findings: &mut Vec<Finding>,
) -> Vec<FileExpression> {
    let read = |text: &String| kept(columns.listed(Argument { flag, text }, purpose), findings);
    texts.iter().filter_map(read).flatten().collect()
}

fn column_of(expression: &FileExpression) -> Option<VariableName> {
    let Expr::Variable(name) = &expression.expr else { return None };
    Some(name.clone())
}

fn number(y: Expr) -> Item {
    Item { y, kind: ItemKind::Number, x: None, within: None }
}

fn condition(y: Expr, within: Option<Expr>) -> Item {
    Item { y, kind: ItemKind::Condition, x: None, within }
}

/// That a column has a value, as the scan of its levels gives it.
fn is(column: &FileExpression, value: &str) -> Expr {
    match column.kind {
        ColumnKind::Condition if value == "true" => column.expr.clone(),
        ColumnKind::Condition => Expr::Not(Box::new(column.expr.clone())),
        ColumnKind::Number => match Decimal::parse(value, '.') {
            Ok(number) => equal(column, Literal::Number(number)),
            Err(_) => equal(column, Literal::Text(value.to_owned())),
        },
        ColumnKind::Text | ColumnKind::Date => equal(column, Literal::Text(value.to_owned())),
    }
}

fn equal(column: &FileExpression, literal: Literal) -> Expr {
    match literal {
        Literal::Boolean(true) => column.expr.clone(),
        Literal::Boolean(false) => Expr::Not(Box::new(column.expr.clone())),
        literal @ (Literal::Text(_) | Literal::Number(_)) => Expr::Compare {
            left: Box::new(column.expr.clone()),
            comparator: Comparator::Equal,
            right: Box::new(Expr::Literal(literal)),
        },
    }
}

/// A literal as the scan of levels writes it.
fn words(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) => text.clone(),
        Literal::Boolean(holds) => holds.to_string(),
        Literal::Number(number) => {
            let text = number.to_string();
            if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
        }
    }
}
