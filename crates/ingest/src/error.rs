//! What can fail that a person cannot mend in the export.

/// Writing Parquet failed.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The Parquet writer failed, mostly because the disk did.
    #[error("could not write Parquet: {0}")]
    Parquet(#[from] ::parquet::errors::ParquetError),
}
