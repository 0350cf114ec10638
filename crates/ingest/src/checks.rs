//! What typed and routed answers must satisfy, and what is odd about them: ranges, sums, conditions, fieldwork, respondents.
//!
//! A check looks at answers, counts its cases and tells rows, columns and classes of values. It changes no answer.

mod declared;
mod respondents;
mod times;

pub(crate) use times::day;

use std::collections::BTreeMap;

use codebook::{CheckKind, CheckSeverities, CheckSeverity, Country, Finding, Origin, Place, VariableName, Wave};

use crate::column::Column;
use crate::tally::{Tally, counted, listed_groups};
use crate::translate::Source;

/// What the checks found: findings for people, counts for the summary.
pub(crate) struct Outcome<'a> {
    severities: &'a CheckSeverities,
    pub(crate) findings: Vec<Finding>,
    /// Cases by kind of check, of every kind that was applied.
    pub(crate) cases: BTreeMap<CheckKind, u64>,
}

impl<'a> Outcome<'a> {
    /// Nothing found yet.
    pub(crate) fn new(severities: &'a CheckSeverities) -> Self {
        Self { severities, findings: Vec::new(), cases: BTreeMap::new() }
    }

    /// Whether a kind of check is made at all.
    fn makes(&self, kind: CheckKind) -> bool {
        self.severities.of(kind) != CheckSeverity::Off
    }

    /// Notes that a kind of check was applied, and gives the severity of its findings unless it is off.
    pub(crate) fn apply(&mut self, kind: CheckKind, own: Option<CheckSeverity>) -> Option<codebook::Severity> {
        let severity = own.unwrap_or_else(|| self.severities.of(kind)).of_finding()?;
        self.cases.entry(kind).or_insert(0);
        Some(severity)
    }

    /// Takes the rows that broke one rule in one column; they are dropped if checks of this kind are off.
    pub(crate) fn record(&mut self, kind: CheckKind, own: Option<CheckSeverity>, tally: Tally, at: (&str, &str)) {
        let Some(severity) = self.apply(kind, own) else { return };
        *self.cases.entry(kind).or_insert(0) += tally.count();
        let (file, column) = at;
        self.findings.extend(tally.severity(severity).finding(file, column));
    }

    /// Takes groups of rows that should differ and do not; `statement` goes on with `rows 2 and 5`. Each group is sorted.
    fn record_groups(&mut self, told: &Told<'_>, own: Option<CheckSeverity>, groups: &[Vec<u64>], at: (&str, &str)) {
        let Some(severity) = self.apply(told.kind, own) else { return };
        *self.cases.entry(told.kind).or_insert(0) += groups.iter().map(|rows| counted(rows.len()) - 1).sum::<u64>();
        let Some(row) = groups.first().and_then(|rows| rows.get(1)) else { return };
        let place = Place::Cell { file: at.0.to_owned(), row: *row, column: at.1.to_owned() };
        let message = format!("{} {}", told.statement, listed_groups(groups));
        let hints = vec![told.hint.to_owned()];
        self.findings.push(Finding { place, severity, code: told.code, message, hints });
    }
}

/// How a finding about groups of rows is told.
struct Told<'t> {
    kind: CheckKind,
    code: &'static str,
    /// `the same answers in`.
    statement: &'t str,
    hint: &'t str,
}

/// The answers that are checked.
pub(crate) struct Answers<'a> {
    pub(crate) country: &'a Country,
    pub(crate) wave: &'a Wave,
    /// The units in the answers' file.
    pub(crate) answers: Source<'a>,
    /// The units in the register.
    pub(crate) register: Option<Source<'a>>,
    /// Typed and routed answers; derived variables that a check names are among them.
    pub(crate) columns: &'a BTreeMap<&'a VariableName, Column>,
}

impl<'a> Answers<'a> {
    /// Makes every check but that of routing. Gives the median of how many seconds an answer took, if that is known.
    pub(crate) fn check(&self, outcome: &mut Outcome<'_>) -> Option<u64> {
        for check in &self.country.checks {
            self.check_declared(check, outcome);
        }
        self.check_repeated_answers(outcome);
        self.check_straight_lining(outcome);
        self.check_times(outcome)
    }

    fn units(&self) -> usize {
        self.answers.rows.len()
    }

    /// Where a variable's cells stand. Derived variables have no cells; the unit's row is told by its id column.
    fn place_of(&self, name: &VariableName) -> (Source<'a>, &'a str) {
        let ids = (self.answers, self.wave.answers.unit.as_str());
        let Some((column, _)) = self.wave.columns.get(name) else { return ids };
        match self.country.codebook.variable(name).map(|variable| &variable.origin) {
            Some(Origin::Answer) => (self.answers, column),
            Some(Origin::Register) => self.register.map_or(ids, |register| (register, column)),
            Some(Origin::Derived(_) | Origin::Fieldwork) | None => ids,
        }
    }

    /// Where a finding about several variables of a unit stands.
    fn place_of_first(&self, names: &[&VariableName]) -> (Source<'a>, &'a str) {
        let is_answered = |name: &&&VariableName| {
            let variable = self.country.codebook.variable(name);
            variable.is_some_and(|variable| variable.origin == Origin::Answer) && self.wave.columns.contains_key(**name)
        };
        let first = names.iter().find(is_answered);
        first.map_or((self.answers, self.wave.answers.unit.as_str()), |name| self.place_of(name))
    }
}

/// The derived variables that checks name, which must be worked out before the checks.
pub(crate) fn derived_variables(country: &Country) -> impl Iterator<Item = VariableName> {
    country.checks.iter().flat_map(|check| check.rule.variables()).cloned()
}
