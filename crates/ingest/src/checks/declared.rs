//! The checks that a country declares: ranges, uniqueness, sums, conditions.

use std::collections::BTreeMap;
use std::fmt::Display;

use codebook::{Check, CheckRule, Decimal, Expr, Severity, Value, VariableName};

use super::{Answers, Outcome, Told};
use crate::column::Column;
use crate::routing::evaluate;
use crate::tally::Tally;

impl Answers<'_> {
    /// Makes one check that the country declares. What it lacks an answer for it does not judge.
    pub(super) fn check_declared(&self, check: &Check, outcome: &mut Outcome<'_>) {
        if outcome.apply(check.rule.kind(), check.severity).is_none() {
            return;
        }
        match &check.rule {
            CheckRule::Numbers { variable, low, high } => {
                let number = |value: &Value| match value {
                    Value::Number(number) => Some(*number),
                    Value::Boolean(_) | Value::Text(_) => None,
                };
                self.check_range(check, variable, (*low, *high), number, outcome);
            }
            CheckRule::Dates { variable, first, last } => {
                // Dates are kept as 2019-12-31, so the order of the texts is that of the days.
                let day = |value: &Value| match value {
                    Value::Text(day) => Some(day.clone()),
                    Value::Boolean(_) | Value::Number(_) => None,
                };
                let ends = (first.map(|day| day.to_string()), last.map(|day| day.to_string()));
                self.check_range(check, variable, ends, day, outcome);
            }
            CheckRule::Unique { variables } => self.check_unique(check, variables, outcome),
            CheckRule::Sum { excess, tolerance, only_if } => {
                self.check_sum(check, (excess, *tolerance), only_if.as_ref(), outcome);
            }
            CheckRule::Holds { condition, only_if } => {
                self.check_condition(check, condition, only_if.as_ref(), outcome);
            }
        }
    }

    fn check_range<T: PartialOrd + Display>(
        &self,
        check: &Check,
        variable: &VariableName,
        (low, high): (Option<T>, Option<T>),
        read: impl Fn(&Value) -> Option<T>,
        outcome: &mut Outcome<'_>,
    ) {
        let Some(column) = self.columns.get(variable) else { return };
        let outside = |value: &Value| {
            let value = read(value)?;
            let below = low.as_ref().filter(|low| value < **low).map(|low| format!("a value below {low}"));
            below.or_else(|| high.as_ref().filter(|high| value > **high).map(|high| format!("a value above {high}")))
        };
        let classes: Vec<Option<String>> = column.values.iter().map(outside).collect();
        let (source, name) = self.place_of(variable);
        let mut tally = failing(check, "answer-out-of-range");
        for (unit, cell) in column.cells.iter().enumerate() {
            if let Ok(number) = cell.get()
                && let Some(class) = &classes[number]
            {
                tally.add_class(source.row_number(unit), class);
            }
        }
        outcome.record(check.rule.kind(), check.severity, tally, (&source.data.path, name));
    }

    fn check_unique(&self, check: &Check, variables: &[VariableName], outcome: &mut Outcome<'_>) {
        let columns: Option<Vec<(&Column, Vec<usize>)>> =
            variables.iter().map(|name| self.columns.get(name).map(|column| (column, column.ranks()))).collect();
        let Some(columns) = columns else { return };
        let names: Vec<&VariableName> = variables.iter().collect();
        let (source, name) = self.place_of_first(&names);
        let mut rows_of: BTreeMap<Vec<usize>, Vec<u64>> = BTreeMap::new();
        for unit in 0..self.units() {
            let value = |(column, ranks): &(&Column, Vec<usize>)| Some(ranks[column.cells.at(unit).get().ok()?]);
            if let Some(key) = columns.iter().map(value).collect::<Option<Vec<usize>>>() {
                rows_of.entry(key).or_default().push(source.row_number(unit));
            }
        }
        let mut repeated: Vec<Vec<u64>> = rows_of.into_values().filter(|rows| rows.len() > 1).collect();
        repeated.iter_mut().for_each(|rows| rows.sort_unstable());
        repeated.sort();
        let statement = format!("the check {:?} fails: the same answer in", check.name);
        let hint = format!("the check is at {}", check.place);
        let told = Told { kind: check.rule.kind(), code: "not-unique", statement: &statement, hint: &hint };
        outcome.record_groups(&told, check.severity, &repeated, (&source.data.path, name));
    }

    fn check_sum(
        &self,
        check: &Check,
        (excess, tolerance): (&Expr, Decimal),
        only_if: Option<&Expr>,
        outcome: &mut Outcome<'_>,
    ) {
        let excess_of = self.evaluated(excess);
        let judged = self.judged(only_if);
        let allowed = (Decimal::new(-tolerance.units(), tolerance.scale()), tolerance);
        let class = |unit: usize| match excess_of.value(unit)? {
            Value::Number(excess) if *excess < allowed.0 => Some("less than the whole"),
            Value::Number(excess) if *excess > allowed.1 => Some("more than the whole"),
            Value::Number(_) | Value::Boolean(_) | Value::Text(_) => None,
        };
        let (source, name) = self.place_of_first(&excess.variables());
        let mut tally = failing(check, "sum-differs");
        for unit in (0..self.units()).filter(|unit| judged[*unit]) {
            if let Some(class) = class(unit) {
                tally.add_class(source.row_number(unit), class);
            }
        }
        outcome.record(check.rule.kind(), check.severity, tally, (&source.data.path, name));
    }

    fn check_condition(&self, check: &Check, condition: &Expr, only_if: Option<&Expr>, outcome: &mut Outcome<'_>) {
        let holds = self.evaluated(condition);
        let judged = self.judged(only_if);
        let (source, name) = self.place_of_first(&condition.variables());
        let mut tally = failing(check, "condition-fails");
        for unit in (0..self.units()).filter(|unit| judged[*unit]) {
            if holds.value(unit) == Some(&Value::Boolean(false)) {
                tally.add(source.row_number(unit));
            }
        }
        outcome.record(check.rule.kind(), check.severity, tally, (&source.data.path, name));
    }

    /// The value of an expression for each unit.
    fn evaluated(&self, expression: &Expr) -> Column {
        evaluate(expression, self.columns, self.units(), Column::default())
    }

    /// Which units a check is about: those for which its condition is true.
    fn judged(&self, only_if: Option<&Expr>) -> Vec<bool> {
        let Some(condition) = only_if else { return vec![true; self.units()] };
        let column = self.evaluated(condition);
        (0..self.units()).map(|unit| column.value(unit) == Some(&Value::Boolean(true))).collect()
    }
}

/// The rows that fail a check. Its severity is set when it is recorded.
fn failing(check: &Check, code: &'static str) -> Tally {
    Tally::new(Severity::Error, code, format!("answer that fails the check {:?}", check.name))
        .hint(format!("the check is at {}", check.place))
}
