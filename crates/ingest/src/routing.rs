//! Who was asked what: routing, evaluated on the answers themselves.
//!
//! A variable is routed after every variable that its condition names, so that the order of columns and questions does not
//! matter. Conditions are two-valued: what is not true is false. Many questions share a condition and most conditions look at a
//! few categories, so each condition is evaluated once for each combination of their codes, not once for each unit.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use codebook::{
    Battery, BatteryKind, CheckKind, Country, Expr, Finding, Kind, LoopRule, Missing, Origin, Place, Role, Severity,
    Value, Variable, VariableName, Wave,
};

use crate::checks::Outcome;
use crate::column::{Cell, Cells, Column};
use crate::loops::NONE_REPORTED;
use crate::tally::Tally;
use crate::translate::{Meaning, Source, meaning};

/// Evaluate by combination of codes up to so many combinations.
const COMBINATIONS_AT_MOST: usize = 1 << 16;

/// Whether a unit was asked a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Yes,
    No,
    /// A cell that decides it is unreadable; there is a finding for that cell.
    Unclear,
}

/// Rows in which a routed question has no answer although it was asked.
struct Gap<'a> {
    /// The first variable that has a gap, its routing and its column.
    variable: &'a Variable,
    condition: &'a Expr,
    column: &'a str,
    rows: BTreeSet<u64>,
}

/// The typed answers while they are being routed.
pub(crate) struct Routing<'a, 'f> {
    country: &'a Country,
    wave: &'a Wave,
    /// The units in the answers' file.
    answers: Source<'f>,
    columns: BTreeMap<&'a VariableName, Column>,
    /// Variables that are routed or being routed.
    visited: BTreeSet<&'a VariableName>,
    /// Conditions that were evaluated, with their outcome for each unit.
    conditions: Vec<(&'a Expr, Rc<[Asked]>)>,
    /// Cells that say "not ticked" of units that were not asked, by battery: the first row, its column, and how many.
    unticked: BTreeMap<&'a VariableName, (u64, &'a str, u64)>,
    /// Units without an answer that routing asked, by battery or variable.
    gaps: BTreeMap<&'a VariableName, Gap<'a>>,
    outcome: Outcome<'a>,
}

impl<'a, 'f> Routing<'a, 'f> {
    /// `columns` are the typed answers before routing.
    pub(crate) fn new(
        country: &'a Country,
        wave: &'a Wave,
        answers: Source<'f>,
        columns: BTreeMap<&'a VariableName, Column>,
    ) -> Self {
        Self {
            country,
            wave,
            answers,
            columns,
            visited: BTreeSet::new(),
            conditions: Vec::new(),
            unticked: BTreeMap::new(),
            gaps: BTreeMap::new(),
            outcome: Outcome::new(&wave.severities),
        }
    }

    /// Routes every variable and computes the derived ones of `derived`. Gives all columns and what was found.
    pub(crate) fn run(mut self, derived: &[VariableName]) -> (BTreeMap<&'a VariableName, Column>, Outcome<'a>) {
        for variable in &self.country.codebook.variables {
            if !matches!(variable.origin, Origin::Derived(_)) || derived.contains(&variable.name) {
                self.visit(variable);
            }
        }
        for (battery, (row, column, cells)) in &self.unticked {
            let place = Place::Cell { file: self.answers.data.path.clone(), row: *row, column: (*column).to_owned() };
            let cells = if *cells == 1 { "1 cell".to_owned() } else { format!("{cells} cells") };
            let message = format!("\"not ticked\" in {cells} of {:?} of units that were not asked", battery.as_str());
            self.outcome.findings.push(
                Finding::warning(place, "unticked-not-asked", message).hint("it is read as not asked; nothing to mend"),
            );
        }
        self.report_gaps();
        (self.columns, self.outcome)
    }

    /// Routes or derives one variable, those that it needs first. A circle is entered at the variable that comes first.
    fn visit(&mut self, variable: &'a Variable) {
        if !self.visited.insert(&variable.name) {
            return;
        }
        match (&variable.origin, &variable.asked_if) {
            (Origin::Derived(expression), _) => {
                self.visit_all(expression);
                let mut column = self.evaluated(expression, variable);
                if variable.kind == Kind::Condition {
                    let no = Cell::value(column.number_of(Value::Boolean(false)));
                    let is_missing = |cell: Cell| cell.get().is_err() && cell != Cell::UNKNOWN;
                    let cells = column.cells.iter().map(|cell| if is_missing(cell) { no } else { cell });
                    column.cells = Cells::of(column.values.len(), cells);
                }
                self.columns.insert(&variable.name, column);
            }
            (Origin::Answer, Some(condition)) => {
                self.visit_all(condition);
                let asked = self.asked(condition, variable);
                self.route(variable, Some(&asked));
            }
            (Origin::Answer, None) => self.route(variable, None),
            (Origin::Register | Origin::Fieldwork, _) => {}
        }
    }

    fn visit_all(&mut self, expression: &'a Expr) {
        for name in expression.variables() {
            if let Some(variable) = self.country.codebook.variable(name) {
                self.visit(variable);
            }
        }
    }

    /// For which units a condition is true.
    fn asked(&mut self, condition: &'a Expr, variable: &Variable) -> Rc<[Asked]> {
        if let Some((_, outcome)) = self.conditions.iter().find(|(known, _)| *known == condition) {
            return Rc::clone(outcome);
        }
        let column = self.evaluated(condition, variable);
        let asked_of = |unit| match column.value(unit) {
            Some(Value::Boolean(true)) => Asked::Yes,
            _ if column.cells.at(unit) == Cell::UNKNOWN => Asked::Unclear,
            _ => Asked::No,
        };
        let asked: Rc<[Asked]> = (0..column.cells.len()).map(asked_of).collect();
        self.conditions.push((condition, Rc::clone(&asked)));
        asked
    }

    /// The value of an expression for every unit, as the column of `variable`.
    fn evaluated(&self, expression: &Expr, variable: &Variable) -> Column {
        evaluate(expression, &self.columns, self.answers.rows.len(), Column::of_categories(variable))
    }

    /// Compares a variable's cells with who was asked, which is everyone where nothing tells, and mends what can be mended.
    fn route(&mut self, variable: &'a Variable, asked: Option<&[Asked]>) {
        let Some(mut column) = self.columns.remove(&variable.name) else { return };
        // A variable that this wave does not have was asked of nobody, whatever its routing.
        if let Some((name, _)) = self.wave.columns.get(&variable.name) {
            self.route_cells(variable, name, &mut column, asked);
        }
        self.columns.insert(&variable.name, column);
    }

    fn route_cells(&mut self, variable: &'a Variable, name: &'a str, column: &mut Column, asked: Option<&[Asked]>) {
        let not_ticked = self.not_ticked(variable, column);
        let is_empty_cell = empty_cell_values(variable, self.wave, column);
        // A unit that was asked and has no rows in a loop reported none.
        let nothing = self.value_without_rows(variable, name, column);
        let mut rules = RoutingRules::new(variable);
        let mut gaps = Vec::new();
        let answers = self.answers;
        let row = |unit| answers.row_number(unit);
        // Where everyone was asked and has answered, there is nothing to compare.
        let compared = if asked.is_none() && !column.cells.has_reasons() { 0 } else { column.cells.len() };
        for unit in 0..compared {
            let cell = column.cells.at(unit);
            match (cell.get(), asked.map_or(Asked::Yes, |asked| asked[unit])) {
                _ if cell == Cell::UNKNOWN => {}
                (_, Asked::Unclear) | (Ok(_) | Err(Missing::Refused), Asked::Yes) => {}
                (Err(Missing::Blank), Asked::Yes) => match nothing {
                    Some(nothing) if self.is_without_rows(name, unit) => column.cells.set(unit, nothing),
                    Some(_) | None => gaps.push(unit),
                },
                (Err(Missing::NotAsked), Asked::Yes) => {
                    rules.asked_but_not_asked.add(row(unit));
                    column.cells.set(unit, Cell::missing(Missing::Blank));
                }
                (Err(reason), Asked::No) => {
                    if reason == Missing::Refused {
                        rules.refused.add(row(unit));
                    }
                    column.cells.set(unit, Cell::missing(Missing::NotAsked));
                }
                (Ok(number), Asked::No) => {
                    match not_ticked.as_ref().and_then(|(battery, codes)| codes[number].then_some(*battery)) {
                        // The export cannot tell "not asked" from what its empty cells stand for.
                        _ if is_empty_cell[number] => {}
                        Some(battery) => self.unticked.entry(battery).or_insert_with(|| (row(unit), name, 0)).2 += 1,
                        None => rules.answered.add(row(unit)),
                    }
                    column.cells.set(unit, Cell::missing(Missing::NotAsked));
                }
            }
        }
        self.note_gaps(variable, name, &gaps);
        let at = (self.answers.data.path.as_str(), name);
        self.outcome.findings.extend(rules.refused.finding(at.0, at.1));
        if variable.asked_if.is_some() {
            self.outcome.record(CheckKind::AnswerNotAsked, None, rules.answered, at);
        }
        self.outcome.record(CheckKind::UnexplainedGap, None, rules.asked_but_not_asked, at);
    }

    /// What a column that a loop makes has for a unit without rows in it; `None` for other columns, and where 0 means nothing.
    fn value_without_rows(&self, variable: &Variable, name: &str, column: &mut Column) -> Option<Cell> {
        let rule = self.wave.loops.iter().find_map(|table| table.makes.get(name))?;
        if matches!(rule, LoopRule::Greatest { .. }) {
            return None;
        }
        match meaning(variable, self.wave, self.wave.answers.decimal_mark, NONE_REPORTED) {
            Meaning::Value(value) => Some(Cell::value(column.number_of(value))),
            Meaning::Missing(reason) => Some(Cell::missing(reason)),
            Meaning::Unknown(_) => None,
        }
    }

    fn is_without_rows(&self, name: &str, unit: usize) -> bool {
        self.answers.rows.of(unit).is_some_and(|row| self.answers.data.made.is_without_rows(name, row))
    }

    /// Cells that are empty although routing asked. A question without routing is left blank for reasons that no routing explains.
    fn note_gaps(&mut self, variable: &'a Variable, column: &'a str, units: &[usize]) {
        let Some(condition) = variable.asked_if.as_ref().filter(|_| !units.is_empty()) else { return };
        let group = self.country.codebook.battery_of(&variable.name).map_or(&variable.name, |battery| &battery.name);
        let gap = self.gaps.entry(group).or_insert_with(|| Gap { variable, condition, column, rows: BTreeSet::new() });
        let answers = self.answers;
        gap.rows.extend(units.iter().map(|unit| answers.row_number(*unit)));
    }

    fn report_gaps(&mut self) {
        for (group, gap) in std::mem::take(&mut self.gaps) {
            let statement = format!("no answer to {:?} of a unit that was asked", group.as_str());
            let hint = format!("its routing, at {}, names {}", gap.variable.place, names_of(gap.condition));
            let mut tally = Tally::new(Severity::Warning, "unexplained-gap", statement).hint(hint);
            gap.rows.into_iter().for_each(|row| tally.add(row));
            self.outcome.record(CheckKind::UnexplainedGap, None, tally, (&self.answers.data.path, gap.column));
        }
        for battery in &self.country.codebook.batteries {
            self.report_nothing_ticked(battery);
        }
    }

    /// Where an empty cell stands for an option that was not ticked, a unit that skipped the question looks like one that ticked nothing.
    fn report_nothing_ticked(&mut self, battery: &'a Battery) {
        let BatteryKind::Multiple { mentioned } = &battery.kind else { return };
        let items: Vec<_> = battery.items.iter().filter(|item| self.wave.columns.contains_key(*item)).collect();
        let stands_for_value = |item: &&&VariableName| {
            let variable = self.country.codebook.variable(item);
            variable.is_some_and(|it| {
                matches!(meaning(it, self.wave, self.wave.answers.decimal_mark, ""), Meaning::Value(_))
            })
        };
        let columns: Vec<&Column> = items.iter().filter_map(|item| self.columns.get(*item)).collect();
        let (Some(first), false) = (items.first(), columns.is_empty()) else { return };
        if !items.iter().all(|item| stands_for_value(&item)) {
            return;
        }
        let name = self.wave.columns.get(*first).map_or("", |(name, _)| name.as_str());
        let ticked = Value::Text(mentioned.as_str().to_owned());
        let statement = format!("no option of {:?} ticked by a unit that was asked", battery.name.as_str());
        let mut nothing = Tally::new(Severity::Warning, "nothing-ticked", statement).hint(
            "an empty cell counts as not ticked, so a unit that skipped the question counts as if it had answered",
        );
        for unit in 0..self.answers.rows.len() {
            if columns.iter().all(|column| column.value(unit).is_some_and(|value| *value != ticked)) {
                nothing.add(self.answers.row_number(unit));
            }
        }
        self.outcome.record(CheckKind::UnexplainedGap, None, nothing, (&self.answers.data.path, name));
    }

    /// The battery of an option of a tick-all-that-apply question, and which of the option's codes say "not ticked". Many
    /// exports write them for units that were not asked.
    fn not_ticked(&self, variable: &Variable, column: &Column) -> Option<(&'a VariableName, Vec<bool>)> {
        let battery = self.country.codebook.battery_of(&variable.name)?;
        match &battery.kind {
            BatteryKind::Scale => None,
            BatteryKind::Multiple { mentioned } => {
                let is_not_ticked = |value: &Value| {
                    variable.categories().iter().any(|category| {
                        category.role == Role::Answer
                            && category.code != *mentioned
                            && *value == Value::Text(category.code.as_str().to_owned())
                    })
                };
                Some((&battery.name, column.values.iter().map(is_not_ticked).collect()))
            }
        }
    }
}

/// For each value of a column whether an empty cell of the export stands for it.
fn empty_cell_values(variable: &Variable, wave: &Wave, column: &Column) -> Vec<bool> {
    let stands_for = match meaning(variable, wave, wave.answers.decimal_mark, "") {
        Meaning::Value(value) => Some(value),
        Meaning::Missing(_) | Meaning::Unknown(_) => None,
    };
    column.values.iter().map(|value| stands_for.as_ref() == Some(value)).collect()
}

/// The variables of a condition, for messages.
fn names_of(condition: &Expr) -> String {
    condition.variables().into_iter().map(|name| format!("{:?}", name.as_str())).collect::<Vec<_>>().join(", ")
}

/// The ways in which an answer and its routing may contradict each other.
struct RoutingRules {
    answered: Tally,
    asked_but_not_asked: Tally,
    refused: Tally,
}

impl RoutingRules {
    fn new(variable: &Variable) -> Self {
        let (name, place) = (variable.name.as_str(), &variable.place);
        let reason = match &variable.asked_if {
            Some(_) => format!("its asked_if is at {place}"),
            None => format!("without asked_if, at {place}, everyone was asked"),
        };
        Self {
            answered: Tally::error("answer-not-asked", format!("answer to {name:?} of a unit that was not asked"))
                .hint(reason.clone()),
            asked_but_not_asked: Tally::warning(
                "not-asked-asked",
                format!("mark \"not asked\" at {name:?} of a unit that was asked"),
            )
            .hint(format!("it is read as blank; {reason}")),
            refused: Tally::warning(
                "refused-not-asked",
                format!("mark \"refused\" at {name:?} of a unit that was not asked"),
            )
            .hint("it is read as not asked"),
        }
    }
}

/// The value of an expression for every unit, in `result`, which has no units yet. Missing values are blank.
pub(crate) fn evaluate(
    expression: &Expr,
    columns: &BTreeMap<&VariableName, Column>,
    units: usize,
    mut result: Column,
) -> Column {
    let inputs: Vec<&Column> = expression.variables().iter().filter_map(|name| columns.get(name)).collect();
    let combinations = inputs.iter().try_fold(1_usize, |product, column| product.checked_mul(column.values.len() + 1));
    let mut known: Vec<Option<Cell>> =
        combinations.filter(|count| *count <= COMBINATIONS_AT_MOST).map_or_else(Vec::new, |count| vec![None; count]);
    let by_combination = !known.is_empty();
    for unit in 0..units {
        if inputs.iter().any(|column| column.cells.at(unit) == Cell::UNKNOWN) {
            result.cells.push(Cell::UNKNOWN);
            continue;
        }
        let combination = if by_combination { combination(&inputs, unit) } else { 0 };
        let cell = match known.get(combination) {
            Some(Some(cell)) => *cell,
            Some(None) | None => {
                let value = expression.evaluate(&|name| columns.get(name)?.value(unit).map(Cow::Borrowed));
                value.map_or(Cell::missing(Missing::Blank), |value| {
                    let is_number = matches!(value, Value::Number(_));
                    Cell::value(if is_number { result.push(value) } else { result.number_of(value) })
                })
            }
        };
        if by_combination {
            known[combination] = Some(cell);
        }
        result.cells.push(cell);
    }
    result
}

/// The number of a unit's combination of values.
fn combination(inputs: &[&Column], unit: usize) -> usize {
    inputs.iter().fold(0, |combination, column| {
        let number = column.cells.at(unit).get().map_or(0, |number| number + 1);
        combination * (column.values.len() + 1) + number
    })
}
