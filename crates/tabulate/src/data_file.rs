//! Sums over any data file, as `barometer estimate` asks for them.
//!
//! A report is planned from a codebook; here there is only a file whose columns say of which type they are. A [`Scan`] names
//! its design, its domains and its items, and is answered by one statement: sums by stratum, cluster and domain where decimals prove
//! that nothing is rounded, the units themselves where they do not, or where quantiles or replicate weights need them.
//! What the sums mean is for `estimate` to know.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use codebook::{ColumnKind, Expr, VariableName};
use estimate::{Sums, Wide};

use crate::TabulateError;
use crate::engine::{Engine, Outcome, Resources};
use crate::plan::Statement;

mod columns;
mod grouped;
mod probe;
mod statement;
mod units;

pub use grouped::{GroupedCell, ItemSums};
pub use probe::Trouble;
pub use units::{ScannedUnit, ScannedValue};

use columns::Columns;

/// A data file that is open.
pub struct DataFile {
    engine: Engine,
    columns: Columns,
}

/// What is asked of a file. Variables are the internal names of its columns, as [`DataFile::name`] was told them.
#[derive(Debug, Clone)]
pub struct Scan {
    /// The columns whose values make the strata.
    pub strata: Vec<VariableName>,
    /// The columns that identify clusters, outermost stage first; none where units are PSUs.
    pub stages: Vec<VariableName>,
    /// The columns with population sizes, outermost stage first.
    pub sizes: Vec<VariableName>,
    /// The column of weights; without one, units count alike.
    pub weight: Option<VariableName>,
    /// The columns of replicate weights.
    pub replicates: Vec<VariableName>,
    /// Who is counted; everybody if there is no condition.
    pub condition: Option<Expr>,
    /// The columns whose values make the domains.
    pub by: Vec<VariableName>,
    /// What is summed.
    pub items: Vec<Item>,
    /// Whether units are wanted rather than sums.
    pub units: Wanted,
    /// What the order of units rests on.
    pub order: Order,
    /// What a unit without a weight is.
    pub missing_weight: MissingWeight,
}

/// What a unit without a weight is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingWeight {
    /// A mistake.
    Refused,
    /// Not in the sample, as one of weight 0.
    OutOfSample,
}

/// What the order of units rests on. Units that are alike in it may change places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// What is asked of them.
    Asked,
    /// Every column of the file, so that a unit has its place whatever is asked of it.
    Content,
}

/// Whether units are wanted one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Sums, unless digits would be lost.
    Sums,
    /// Units.
    Units,
}

/// What is summed.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// A condition, which counts as 1 or 0, or a number.
    pub y: Expr,
    /// What y is.
    pub kind: ItemKind,
    /// The denominator of a ratio.
    pub x: Option<Expr>,
    /// Who is counted, within the scan's condition.
    pub within: Option<Expr>,
}

/// What an item's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemKind {
    /// True or false.
    Condition,
    /// A number.
    Number,
}

/// What a scan found.
#[derive(Debug, Clone, PartialEq)]
pub struct Scanned {
    /// Each stratum, or each cluster of the last stage, with a unit of a weight above 0; sorted by keys.
    pub clusters: Vec<ScannedCluster>,
    /// The values of the `by` columns of each domain that occurs, sorted.
    pub groups: Vec<Vec<String>>,
    /// Sums or units.
    pub cells: Cells,
    /// For each group, the indices of its cells or units.
    pub members: Vec<Vec<usize>>,
    /// Rows of the file.
    pub rows: u64,
    /// Rows with weight 0, which count nowhere.
    pub without_weight: u64,
    /// Rows of the condition whose `by` columns are not all known.
    pub without_group: u64,
    /// Rows with a weight for which the condition is neither true nor false; they are outside.
    pub without_condition: u64,
    /// For each item and each group: rows of the item's domain in the group where it has no value.
    pub missing: Vec<Vec<u64>>,
    /// The statements, as they were run.
    pub statements: Vec<Statement>,
}

/// What was summed.
#[derive(Debug, Clone, PartialEq)]
pub enum Cells {
    /// Sums by cluster and group.
    Grouped(Vec<GroupedCell>),
    /// Units in a canonical order, which does not depend on the order of the file.
    Units(Vec<ScannedUnit>),
}

/// A stratum or cluster as it was found.
#[derive(Debug, Clone, PartialEq)]
pub struct ScannedCluster {
    /// The values of the stratum columns.
    pub stratum: Vec<String>,
    /// Its ids, outermost stage first; empty where units are PSUs.
    pub path: Vec<String>,
    /// Units with a weight above 0.
    pub units: u64,
    /// The sum of their weights, if the scan has a column of weights.
    pub weight: Option<Wide>,
    /// For each column of sizes, the smallest and the largest value; `None` where a value is missing.
    pub sizes: Vec<Option<(Wide, Wide)>>,
}

/// The values that a column has.
#[derive(Debug, Clone, PartialEq)]
pub struct Levels {
    /// Each value with its rows, sorted; numbers by size.
    pub values: Vec<(String, u64)>,
    /// Rows without a value.
    pub missing: u64,
}

impl DataFile {
    /// Opens a Parquet file. Nothing but its schema is read.
    ///
    /// # Errors
    /// When the file is not Parquet, or there are no threads.
    pub fn open(parquet: &Path, threads: usize) -> Result<Self, TabulateError> {
        let engine = Engine::open(parquet, Resources::of_threads(threads))?;
        let columns = Columns::new(&engine);
        Ok(Self { engine, columns })
    }

    /// Its columns that can be used: name and kind.
    #[must_use]
    pub fn columns(&self) -> Vec<(String, ColumnKind)> {
        self.columns.kinds()
    }

    /// The columns that are left out, since each of their values is several or is no text: name, and what they hold.
    #[must_use]
    pub fn left_out(&self) -> Vec<(String, &'static str)> {
        Columns::left_out(&self.engine)
    }

    /// Gives the columns, in their order, names that expressions and SQL can be written with.
    ///
    /// # Panics
    /// When there are not as many names as columns: a bug.
    pub fn name(&mut self, names: Vec<VariableName>) {
        self.columns.name(names);
    }

    /// The values of columns and of other expressions that are no conditions, and how often each occurs.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn levels(&mut self, of: &[Expr]) -> Result<Vec<Levels>, TabulateError> {
        self.columns.settle(&of.iter().flat_map(Expr::variables).collect(), &self.engine)?;
        let statements: Vec<Statement> =
            of.iter().enumerate().map(|(index, expr)| statement::levels(index, expr, &self.columns)).collect();
        let outcomes = self.engine.run(&statements.iter().collect::<Vec<_>>())?;
        outcomes.iter().map(Levels::read).collect()
    }

    /// What the file's own statistics tell of the columns, if that is all that must be known.
    fn statistics(&self, scan: &Scan) -> Result<Option<(Statement, probe::Probed)>, TabulateError> {
        let Some(statement) = statement::statistics(scan, &self.columns) else { return Ok(None) };
        let outcome = self.engine.run(&[&statement])?.remove(0);
        Ok(probe::Probed::of_statistics(scan, &outcome)?.map(|probed| (statement, probed)))
    }

    /// Looks into the columns. Where a product of decimals has more digits than a decimal holds, the engine says so, and its columns are
    /// calculated with as doubles instead.
    fn probe(&mut self, scan: &Scan) -> Result<(Statement, Outcome), TabulateError> {
        let probe = statement::probe(scan, &self.columns);
        let calculated = scan.calculated();
        match self.engine.run(&[&probe]) {
            Err(TabulateError::Engine { .. }) if !calculated.is_empty() => {
                self.columns.make_doubles(&calculated);
                let probe = statement::probe(scan, &self.columns);
                let outcome = self.engine.run(&[&probe])?.remove(0);
                Ok((probe, outcome))
            }
            outcomes => Ok((probe, outcomes?.remove(0))),
        }
    }

    /// Answers a scan, or tells what is wrong with the file's design columns.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn scan(&mut self, scan: &Scan) -> Result<Result<Scanned, Vec<Trouble>>, TabulateError> {
        match self.answer(scan) {
            Err(error) if error.is_overflow() => Ok(Err(vec![Trouble::TooManyDigits])),
            answer => answer,
        }
    }

    fn answer(&mut self, scan: &Scan) -> Result<Result<Scanned, Vec<Trouble>>, TabulateError> {
        self.columns.settle(&scan.variables(), &self.engine)?;
        let (probe, probed) = match self.statistics(scan)? {
            Some(told) => told,
            None => {
                let (probe, outcome) = self.probe(scan)?;
                (probe, probe::Probed::read(scan, &outcome)?)
            }
        };
        if !probed.troubles.is_empty() {
            return Ok(Err(probed.troubles));
        }
        let by_unit = scan.units == Wanted::Units || !probed.sums_are_exact(scan);
        let statement =
            if by_unit { statement::units(scan, &self.columns) } else { statement::sums(scan, &self.columns, &probed) };
        let outcome = self.engine.run(&[&statement])?.remove(0);
        let mut scanned = if by_unit { units::read(scan, &outcome)? } else { grouped::read(scan, &probed, &outcome)? };
        scanned.rows = probed.rows;
        scanned.without_weight = probed.without_weight;
        scanned.without_group = probed.without_group;
        scanned.without_condition = probed.without_condition;
        scanned.statements = vec![probe, statement];
        // Without domains everybody is the one that is asked about, also where nobody is left in it.
        if scan.by.is_empty() && scanned.groups.is_empty() {
            scanned.groups.push(Vec::new());
            scanned.members.push(Vec::new());
            scanned.missing.iter_mut().for_each(|of_groups| of_groups.push(0));
        }
        Ok(Ok(scanned))
    }
}

impl ScannedCluster {
    /// A cluster of which nothing but its key is known: the values of so many stratum columns, then its ids.
    fn new(mut key: Vec<String>, strata: usize) -> Self {
        let path = key.split_off(strata);
        Self { stratum: key, path, units: 0, weight: None, sizes: Vec::new() }
    }

    /// Takes in the weights of more of its units.
    fn weigh(&mut self, weight: Option<Wide>) {
        if let Some(weight) = weight {
            self.weight = Some(self.weight.unwrap_or(Wide::ZERO) + weight);
        }
    }

    /// Takes in the sizes that more of its units have.
    fn widen(&mut self, sizes: &[Option<(Wide, Wide)>]) {
        if self.sizes.is_empty() {
            self.sizes = sizes.to_vec();
            return;
        }
        let smaller = |a: Wide, b: Wide| if b < a { b } else { a };
        let larger = |a: Wide, b: Wide| if b > a { b } else { a };
        for (size, more) in self.sizes.iter_mut().zip(sizes) {
            *size = size.zip(*more).map(|((low, high), (lower, higher))| (smaller(low, lower), larger(high, higher)));
        }
    }
}

/// Where the clusters of a scan are in the design, and what their units weigh.
#[derive(Debug, Clone, Copy)]
pub struct Placing<'a> {
    /// For each of [`Scanned::clusters`]: its stratum, and the number of its cluster. Several may have the same.
    pub places: &'a [(usize, usize)],
    /// For each of them: the weight of its units, if the scan has no column of weights. Without either, units weigh 1.
    pub weights: Option<&'a [Wide]>,
    /// What is a cluster.
    pub clusters: Clusters,
}

/// What sums are made by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clusters {
    /// Units are PSUs.
    None,
    /// The clusters of the scan.
    Sampled,
}

impl Scanned {
    /// The sums of an item in a group.
    #[must_use]
    pub fn sums(&self, item: usize, group: usize, placing: Placing<'_>) -> Sums {
        match &self.cells {
            Cells::Grouped(cells) => grouped::sums(cells, &self.members[group], item, placing),
            Cells::Units(units) => Sums::ByUnit(units::values(units, &self.members[group], item, placing).into()),
        }
    }
}

impl Scan {
    /// The columns of expressions that are more than a column.
    fn calculated(&self) -> BTreeSet<&VariableName> {
        let items = self.items.iter().flat_map(|item| [Some(&item.y), item.x.as_ref(), item.within.as_ref()]);
        let expressions = items.flatten().chain(&self.condition);
        expressions.filter(|expr| !matches!(expr, Expr::Variable(_))).flat_map(Expr::variables).collect()
    }

    /// Every column that it reads.
    fn variables(&self) -> BTreeSet<&VariableName> {
        let design = [&self.strata, &self.stages, &self.sizes, &self.replicates, &self.by];
        let items = self.items.iter().flat_map(|item| [Some(&item.y), item.x.as_ref(), item.within.as_ref()]);
        let expressions = items.flatten().chain(&self.condition);
        design.into_iter().flatten().chain(&self.weight).chain(expressions.flat_map(Expr::variables)).collect()
    }
}

impl Levels {
    fn read(outcome: &Outcome) -> Result<Self, TabulateError> {
        let keys = outcome.keys(0)?;
        let counts = outcome.integers(1)?;
        let mut levels = Self { values: Vec::new(), missing: 0 };
        let count = |row: usize| u64::try_from(counts.value(row)).expect("a count is not negative");
        for (row, key) in keys.into_iter().enumerate() {
            match key {
                Some(key) => levels.values.push((key, count(row))),
                None => levels.missing += count(row),
            }
        }
        levels.values.sort_by(|(a, _), (b, _)| in_order(a, b));
        Ok(levels)
    }
}

/// Numbers by size, texts by their characters, numbers first.
pub(crate) fn in_order(a: &str, b: &str) -> std::cmp::Ordering {
    let number = |text: &str| codebook::Decimal::parse(text, '.').ok();
    match (number(a), number(b)) {
        (Some(left), Some(right)) => left.cmp(&right).then_with(|| a.cmp(b)),
        (Some(_), None) => std::cmp::Ordering::Less,
        (None, Some(_)) => std::cmp::Ordering::Greater,
        (None, None) => a.cmp(b),
    }
}

/// For each of so many groups, where it occurs.
fn members(groups: usize, of: impl Iterator<Item = Option<usize>>) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); groups];
    for (index, group) in of.enumerate() {
        if let Some(group) = group {
            members[group].push(index);
        }
    }
    members
}

/// Keys in their order, each once, with a number.
struct Keys(BTreeMap<Vec<String>, usize>);

impl Keys {
    /// Numbers keys in the order of [`in_order`], part by part.
    fn new(found: BTreeSet<Vec<String>>) -> (Self, Vec<Vec<String>>) {
        let mut sorted: Vec<Vec<String>> = found.into_iter().collect();
        sorted.sort_by(|a, b| {
            let parts = a.iter().zip(b).map(|(a, b)| in_order(a, b));
            parts.into_iter().find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
        });
        let numbers = sorted.iter().enumerate().map(|(number, key)| (key.clone(), number)).collect();
        (Self(numbers), sorted)
    }

    fn number(&self, key: &[String]) -> usize {
        *self.0.get(key).expect("every key that was found has a number")
    }
}

#[cfg(test)]
mod tests;
