//! Running the statements.

use std::path::Path;

use codebook::{Country, TableSpec, Wave};
use estimate::DesignTable;

use crate::{TabulateError, Tabulation};

/// Sums every table of a wave over its checked Parquet file, on one runtime of `threads` threads. Blocks; never call it from rayon.
///
/// Weights come from `design` (response weights: SQL counts and Rust multiplies) or from the file's `__weight`.
///
/// # Errors
/// When the engine fails.
pub fn tabulate(
    country: &Country,
    wave: &Wave,
    tables: &[&TableSpec],
    design: &DesignTable,
    parquet: &Path,
    threads: usize,
) -> Result<Tabulation, TabulateError> {
    let _ = (country, wave, tables, design, parquet, threads);
    todo!()
}
