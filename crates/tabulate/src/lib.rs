//! From checked Parquet to sums, through DataFusion SQL.
//!
//! SQL does what it is good at: derived variables and sums by stratum and domain, many items and breakdowns in one scan, in
//! parallel. The statements are plain standard SQL (SELECT, CASE, SUM, COUNT, GROUP BY, CAST), planned here and never written
//! by hand, and kept, so that anyone can rerun them. What the sums mean is for `estimate` to know.

mod aggregate;
mod assemble;
mod bounds;
mod data_file;
mod engine;
mod error;
mod findings;
mod layers;
mod margins;
mod memberships;
mod plan;
mod run;
#[cfg(test)]
mod sample;
mod sql;
mod units;

pub use data_file::{
    Cells, Clusters, DataFile, GroupedCell, Item, ItemKind, ItemSums, Levels, MissingWeight, Order, Placing, Scan,
    Scanned, ScannedCluster, ScannedUnit, ScannedValue, Trouble, Wanted,
};
pub use engine::{ENGINE_THREADS, Resources};
pub use error::TabulateError;
pub use plan::{Statement, Tabulation};
pub use run::{by_unit, tabulate};
