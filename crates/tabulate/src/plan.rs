//! From tables to as few statements as serve.

use codebook::BaseId;
use estimate::TableSums;

/// A statement as it was run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its name, which is also its file's name in the provenance: `sums-01`.
    pub name: String,
    /// The SQL.
    pub sql: String,
}

/// The sums of every table, and the statements that made them.
#[derive(Debug, Clone, PartialEq)]
pub struct Tabulation {
    /// One for each table asked for, in order.
    pub tables: Vec<TableSums>,
    /// Unweighted answers (weight above 0) in each base of the country.
    pub bases: Vec<(BaseId, u64)>,
    /// In the order of their names.
    pub statements: Vec<Statement>,
    /// What the data say against the plan: a derived variable that is missing in its base, an item that part of the base was not asked.
    pub findings: Vec<codebook::Finding>,
}
