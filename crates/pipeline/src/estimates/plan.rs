//! From what was asked to items of one scan, and to the questions that their sums answer.

use codebook::{Argument, ColumnKind, Comparator, Decimal, Expr, FileExpression, Finding, Literal, Purpose};
use estimate::Single;
use tabulate::{Item, ItemKind, Scan, Wanted};

use super::levels::Known;
use super::open::Opened;
use super::read::{Argued, Read, column_of, design_columns, kept, listed};
use super::{Asked, EstimateRequest, settled};
use crate::PipelineError;

/// More values than this are no waves.
const WAVES_AT_MOST: usize = 50;
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
    /// The difference between two items, and the item that is missing where nobody can tell which of the two groups a unit is in.
    Difference { single: Single, variable: String, level: String, of: usize, than: usize, told: usize },
    /// A straight line over the items of waves: when, item; and the item that is missing where nobody can tell when.
    Trend { single: Single, variable: String, column: String, waves: Vec<(f64, usize)>, told: usize },
    /// A test on the items of a table's cells: row, column, item; and the item that is missing where nobody can tell the cell.
    Test { variable: String, rows: usize, columns: usize, cells: Vec<(usize, usize, usize)>, told: usize },
}

impl Plan {
    pub(super) fn new(request: &EstimateRequest, opened: &mut Opened) -> Result<Self, PipelineError> {
        let mut findings = Vec::new();
        let columns = &opened.columns;
        let categories = listed(columns, "--categories", &request.categories, Purpose::Groups, &mut findings);
        let read = |asked: &Asked| Some((asked.argued(), kept(asked.read(columns, &categories), &mut findings)?));
        // What is asked twice is answered once, so that no test stands twice in its family.
        let mut asked: Vec<&Asked> = Vec::new();
        request.asked.iter().for_each(|more| {
            if !asked.contains(&more) {
                asked.push(more);
            }
        });
        let read: Vec<(Argued, Read)> = asked.into_iter().filter_map(read).collect();
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
            Read::Each { statistic, single, expression } => {
                self.each((statistic, single), expression, place, levels, findings);
            }
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
            Read::Trend(spec) => self.trend(spec, place, levels, findings),
        }
    }

    /// The share or the number of those for whom a condition holds, or one for each value of a column.
    fn each(
        &mut self,
        (statistic, single): (&'static str, Single),
        expression: FileExpression,
        place: &Argued,
        levels: &Known,
        findings: &mut Vec<Finding>,
    ) {
        let variable = expression.text.clone();
        if expression.kind == ColumnKind::Condition {
            let item = self.item(condition(expression.expr, None));
            self.questions.push(Question::Single { statistic, single, variable, level: None, item });
            return;
        }
        let Some(values) = kept(levels.of(&expression, place), findings) else { return };
        if values.is_empty() {
            let message = format!("no row has a value of {variable:?}");
            self.warnings.push(Finding::warning(place.place(), "no-levels", message));
        }
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
        let told = self.item(condition(has_value(&spec.column), None));
        self.questions.push(Question::Difference { single, variable: text, level, of, than, told });
    }

    fn trend(&mut self, spec: codebook::TrendSpec, place: &Argued, levels: &Known, findings: &mut Vec<Finding>) {
        let Some(values) = kept(levels.of(&spec.column, place), findings) else { return };
        if !(3..=WAVES_AT_MOST).contains(&values.len()) {
            let found = match values.as_slice() {
                [] => "none".to_owned(),
                [one] => format!("{one} alone"),
                [first, .., last] => format!("{} from {first} to {last}", values.len()),
            };
            let message = format!("{:?} has {found}, a trend goes over 3 to {WAVES_AT_MOST} values", spec.column.text);
            findings.push(place.finding("waves", message).hint("two are compared with --diff"));
            return;
        }
        let single = if spec.expression.kind == ColumnKind::Condition { Single::Share } else { Single::Mean };
        let mut waves = Vec::new();
        for value in values {
            let when = value.parse().expect("a column of numbers has levels that are numbers");
            let within = Some(is(&spec.column, &value));
            let y = spec.expression.expr.clone();
            let item = match single {
                Single::Share => condition(y, within),
                Single::Mean | Single::Total | Single::Ratio => Item { within, ..number(y) },
            };
            waves.push((when, self.item(item)));
        }
        let told = self.item(condition(has_value(&spec.column), None));
        let (variable, column) = (spec.expression.text, spec.column.text);
        self.questions.push(Question::Trend { single, variable, column, waves, told });
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
        let told = self.item(condition(Expr::And(vec![has_value(&spec.row), has_value(&spec.column)]), None));
        self.questions.push(Question::Test { variable, rows: rows.len(), columns: columns.len(), cells, told });
    }
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

/// True where an expression has a value, and missing where it has none.
fn has_value(expression: &FileExpression) -> Expr {
    let expr = || expression.expr.clone();
    match expression.kind {
        ColumnKind::Condition => Expr::Or(vec![expr(), Expr::Not(Box::new(expr()))]),
        ColumnKind::Number | ColumnKind::Text | ColumnKind::Date => {
            let (left, right) = (Box::new(expr()), Box::new(expr()));
            Expr::Compare { left, comparator: Comparator::Equal, right }
        }
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
