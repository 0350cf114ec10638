//! What can go wrong between Parquet and sums.

/// Why there are no sums.
#[derive(Debug, thiserror::Error)]
pub enum TabulateError {
    /// The SQL engine failed.
    #[error("statement {statement} failed: {source}")]
    Engine {
        /// The statement's name.
        statement: String,
        /// What the engine says.
        source: Box<datafusion::error::DataFusionError>,
    },
}
