//! Which columns of which file the wave reads, and whether they are there.

use std::collections::BTreeSet;

use codebook::{Country, Expr, Finding, Kind, LoopTable, MarginFile, Origin, Place, Variable, Wave, WeightRecipe};

use crate::delimited::DataFile;
use crate::inspect::holds_contact;

/// The column in which every row of a synthetic file says so.
pub(crate) const SYNTHETIC_COLUMN: &str = "synthetic";

/// A column that a wave's file names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Named<'a> {
    /// Its name.
    pub(crate) column: &'a str,
    /// What it is, for messages: `weight column`.
    pub(crate) what: &'static str,
    /// Where it is written.
    pub(crate) place: &'a Place,
    /// Whether its cells are looked at. Free text is not, unless a condition or the design names it.
    pub(crate) kept: bool,
}

/// The columns that the wave names in the answers' file.
pub(crate) fn answer_columns<'a>(country: &'a Country, wave: &'a Wave) -> Vec<Named<'a>> {
    let answers = &wave.answers;
    let named = |column, what, place| Named { column, what, place, kept: true };
    let mut columns = vec![named(&answers.unit, "unit column", &answers.place)];
    columns.extend(answers.complete.iter().map(|rule| named(&rule.column, "completion column", &answers.place)));
    if let WeightRecipe::Supplied { column, .. } = &wave.design.weights {
        columns.push(named(column, "weight column", &wave.design.place));
    }
    let sizes = wave.design.population_columns();
    columns.extend(sizes.map(|column| named(column, "population column", &wave.design.place)));
    let leave_out = answers.leave_out.iter();
    columns.extend(leave_out.map(|rule| named(&rule.column, "column that leaves rows out", &rule.place)));
    let times = answers.times.started.iter().chain(&answers.times.finished);
    columns.extend(times.map(|column| named(column, "column of the time", &answers.place)));
    columns.extend(variable_columns(country, wave, &Origin::Answer));
    // What loops make is not in the file; what they are made from may be.
    columns.retain(|column| !wave.loops.iter().any(|table| table.makes.contains_key(column.column)));
    columns.extend(wave.loops.iter().filter(|table| table.file.is_none()).flat_map(loop_columns));
    columns
}

/// The columns that the wave names in the file of a loop, which may be that of the answers.
pub(crate) fn loop_columns(table: &LoopTable) -> Vec<Named<'_>> {
    let place = table.file.as_ref().map_or(&table.place, |file| &file.place);
    let named = |column, what| Named { column, what, place, kept: true };
    let unit = table.file.iter().map(|file| named(file.unit.as_str(), "unit column"));
    let own = table.columns.iter().map(|column| named(column.name.as_str(), "column of the loop"));
    unit.chain([named(table.key.as_str(), "key column")]).chain(own).collect()
}

/// The columns that the wave names in the register.
pub(crate) fn register_columns<'a>(country: &'a Country, wave: &'a Wave) -> Vec<Named<'a>> {
    let Some(register) = &wave.register else { return Vec::new() };
    let mut columns = vec![Named { column: &register.unit, what: "unit column", place: &register.place, kept: true }];
    columns.extend(variable_columns(country, wave, &Origin::Register));
    columns
}

/// The columns that the wave names in the frame table.
pub(crate) fn frame_columns(wave: &Wave) -> Vec<Named<'_>> {
    let Some(frame) = &wave.frame else { return Vec::new() };
    let named = |column, what| Named { column, what, place: &frame.place, kept: true };
    let strata = frame.strata.values().map(|column| named(column, "stratum column"));
    std::iter::once(named(&frame.count, "count column")).chain(strata).collect()
}

/// The columns that the wave names in the file of a margin.
pub(crate) fn margin_columns(file: &MarginFile) -> Vec<Named<'_>> {
    let named = |column, what| Named { column, what, place: &file.place, kept: true };
    let variables = file.columns.values().map(|column| named(column, "margin column"));
    std::iter::once(named(&file.count, "count column")).chain(variables).collect()
}

fn variable_columns<'a>(country: &'a Country, wave: &'a Wave, origin: &Origin) -> Vec<Named<'a>> {
    let variables = country.codebook.variables.iter().filter(|variable| variable.origin == *origin);
    variables
        .filter_map(|variable| {
            let (column, place) = wave.columns.get(&variable.name)?;
            let kept = variable.kind != Kind::Text || is_named(variable, country, wave);
            Some(Named { column: column.as_str(), what: "column", place, kept })
        })
        .collect()
}

/// Whether a condition, a derived variable, a check or the design names this variable.
pub(crate) fn is_named(variable: &Variable, country: &Country, wave: &Wave) -> bool {
    let names = |expression: &Expr| expression.variables().contains(&&variable.name);
    let in_codebook = country.codebook.variables.iter().any(|other| {
        let derived = match &other.origin {
            Origin::Derived(expression) => names(expression),
            Origin::Answer | Origin::Register | Origin::Fieldwork => false,
        };
        derived || other.asked_if.as_ref().is_some_and(names)
    });
    let in_check = || country.checks.iter().any(|check| check.rule.variables().contains(&&variable.name));
    in_codebook || in_check() || wave.design.variables().any(|name| *name == variable.name)
}

/// The names of the columns to keep, the synthetic mark among them.
pub(crate) fn kept<'a>(columns: &[Named<'a>]) -> BTreeSet<&'a str> {
    let names = columns.iter().filter(|column| column.kept).map(|column| column.column);
    names.chain([SYNTHETIC_COLUMN]).collect()
}

/// A finding for each column that is not in the file, at the place that names it. Meant can only be a column that nothing
/// else names.
pub(crate) fn missing_columns(columns: &[Named<'_>], data: &DataFile) -> Vec<Finding> {
    let named: BTreeSet<&str> = columns.iter().map(|column| column.column).collect();
    let is_free = |name: &&str| !named.contains(name) && *name != SYNTHETIC_COLUMN && !holds_contact(name);
    let free: Vec<&str> = data.names().filter(is_free).collect();
    let missing = columns.iter().filter(|column| !data.names().any(|name| name == column.column));
    missing
        .map(|column| {
            let message = format!("{} {:?} is not in {}", column.what, column.column, data.path);
            Finding::error(column.place.clone(), "unknown-column", message)
                .did_you_mean(column.column, free.iter().copied())
        })
        .collect()
}
