//! What can go wrong between Parquet and sums.

use std::path::PathBuf;

use arrow::datatypes::DataType;
use datafusion::error::DataFusionError;

/// Why there are no sums.
#[derive(Debug, thiserror::Error)]
pub enum TabulateError {
    /// The SQL engine failed.
    #[error("statement {statement} failed: {source}")]
    Engine {
        /// The statement's name.
        statement: String,
        /// What the engine says.
        source: Box<DataFusionError>,
    },
    /// The Parquet file could not be opened.
    #[error("could not open {}: {source}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the engine says.
        source: Box<DataFusionError>,
    },
    /// The operating system gave no threads.
    #[error("could not start the threads of the SQL engine: {0}")]
    Threads(#[source] std::io::Error),
    /// A column is not of the type that ingest writes, so the file was not made by it.
    #[error("statement {statement}: column {column:?} is of type {found}, expected {expected}")]
    Column {
        /// The statement's name.
        statement: String,
        /// The column's name.
        column: String,
        /// What ingest writes.
        expected: &'static str,
        /// What was found.
        found: DataType,
    },
    /// An answer's stratum is not in the design table, so file and design are not of the same wave.
    #[error("the answers have a stratum {stratum}, the design table has {strata}")]
    Stratum {
        /// The stratum's number in the file.
        stratum: i64,
        /// How many strata of answers the design table knows.
        strata: usize,
    },
}
