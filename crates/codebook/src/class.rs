//! How near a column of an export stands to the one who answered, which decides what may become of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Country, Kind, Origin, Population, VariableName, Wave, WeightRecipe};

/// The class of a column, in the order of how much it tells of a respondent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ColumnClass {
    /// It names a person, or leads to one: an address, a telephone number. No variable may be read from it.
    DirectIdentifier,
    /// It tells units apart. Ids serve to find repeated and matching rows, and are written nowhere.
    UnitId,
    /// It tells what others may know of the unit: where it is, how large, what it does. Several of them together may single one out, so
    /// small cells are protected.
    QuasiIdentifier,
    /// Words of the respondents' own. Only whether there are any is ever told.
    OpenText,
    /// How many units of the population a row stands for.
    Weight,
    /// What somebody answered, and what else is none of the above.
    Answer,
}

impl ColumnClass {
    /// Its name for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::DirectIdentifier => "direct identifier",
            Self::UnitId => "unit id",
            Self::QuasiIdentifier => "quasi-identifier",
            Self::OpenText => "open text",
            Self::Weight => "weight",
            Self::Answer => "answer",
        }
    }
}

/// The columns that a wave names, by class: those of its answers and of its register. What the design is made of, and what a register
/// tells, may single a unit out; a derived stratum stands for the variables that it is derived from. Columns that identify a respondent are
/// those that the wave or its tool names, whether or not the export has them.
#[must_use]
pub fn column_classes<'a>(country: &'a Country, wave: &'a Wave) -> BTreeMap<ColumnClass, BTreeSet<&'a str>> {
    let answers = &wave.answers;
    let mut classes: BTreeMap<ColumnClass, BTreeSet<&str>> = BTreeMap::new();
    let mut add = |class, column| {
        classes.entry(class).or_default().insert(column);
    };
    answers.personal.iter().for_each(|column| add(ColumnClass::DirectIdentifier, column.as_str()));
    answers.tool.personal_columns().iter().for_each(|column| add(ColumnClass::DirectIdentifier, column));
    add(ColumnClass::UnitId, &answers.unit);
    wave.register.iter().for_each(|register| add(ColumnClass::UnitId, &register.unit));
    if let WeightRecipe::Supplied { column, .. } = &wave.design.weights {
        add(ColumnClass::Weight, column);
    }
    if let Population::Column(column) = &wave.design.population {
        add(ColumnClass::QuasiIdentifier, column);
    }
    let quasi = of_design(country, wave);
    for variable in &country.codebook.variables {
        let Some((column, _)) = wave.columns.get(&variable.name) else { continue };
        let class = match (&variable.kind, &variable.origin) {
            (Kind::Text, _) => ColumnClass::OpenText,
            (_, Origin::Register) => ColumnClass::QuasiIdentifier,
            _ if quasi.contains(&variable.name) => ColumnClass::QuasiIdentifier,
            (Kind::Category { .. } | Kind::Condition | Kind::Number | Kind::Date, _) => ColumnClass::Answer,
        };
        add(class, column);
    }
    classes
}

/// The variables that strata, PSUs and margins are made of.
fn of_design<'a>(country: &'a Country, wave: &'a Wave) -> BTreeSet<&'a VariableName> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&VariableName> = wave.design.variables().collect();
    while let Some(name) = open.pop() {
        if !found.insert(name) {
            continue;
        }
        if let Some(Origin::Derived(expression)) = country.codebook.variable(name).map(|variable| &variable.origin) {
            open.extend(expression.variables());
        }
    }
    found
}
