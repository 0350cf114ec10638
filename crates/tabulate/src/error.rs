//! What can go wrong between Parquet and sums.

use std::path::PathBuf;

use arrow::datatypes::DataType;
use arrow::error::ArrowError;
use datafusion::error::DataFusionError;
use datafusion::parquet::errors::ParquetError;

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
    /// A statement needs more memory than it was given.
    #[error(
        "statement {statement} needs more memory than --memory gives: give more, or fewer --threads, or leave it out"
    )]
    Memory {
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
    /// The SQL engine panicked: a fault of the engine, or a file that is damaged in a way its reader does not expect.
    #[error("{task} failed: the SQL engine panicked: {message}")]
    Panicked {
        /// The statement's name, or `open`.
        task: String,
        /// The words of the panic.
        message: String,
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

impl TabulateError {
    /// A failure of a statement.
    pub(crate) fn of(statement: &str, source: DataFusionError) -> Self {
        let (statement, source) = (statement.to_owned(), Box::new(source));
        if matches!(source.find_root(), DataFusionError::ResourcesExhausted(_)) {
            return Self::Memory { statement, source };
        }
        Self::Engine { statement, source }
    }

    /// What keeps the file itself from being read, as its reader says it: not Parquet, or damaged. `None` for every other failure.
    #[must_use]
    pub fn damage(&self) -> Option<String> {
        match self {
            Self::Open { source, .. } => Some(words(source)),
            Self::Engine { source, .. } => is_about_the_file(source.find_root()).then(|| words(source)),
            Self::Panicked { .. } => Some("its reader broke off on what it found inside".to_owned()),
            Self::Memory { .. } | Self::Threads(_) | Self::Column { .. } | Self::Stratum { .. } => None,
        }
    }
}

impl TabulateError {
    /// Whether a number of the file has more digits than the engine calculates with. Its words quote the number, so nobody may see them.
    pub(crate) fn is_overflow(&self) -> bool {
        let Self::Engine { source, .. } = self else { return false };
        let DataFusionError::ArrowError(error, _) = source.find_root() else { return false };
        matches!(**error, ArrowError::CastError(_) | ArrowError::ArithmeticOverflow(_))
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "every other failure of the engine is about a statement")]
fn is_about_the_file(root: &DataFusionError) -> bool {
    match root {
        DataFusionError::ParquetError(_) | DataFusionError::IoError(_) | DataFusionError::ObjectStore(_) => true,
        DataFusionError::ArrowError(error, _) => {
            matches!(**error, ArrowError::ParquetError(_) | ArrowError::IoError(..) | ArrowError::ExternalError(_))
        }
        DataFusionError::External(error) => error.is::<ParquetError>() || error.is::<std::io::Error>(),
        _ => false,
    }
}

/// What the deepest cause says. Each layer puts the same words in front of those of the next.
fn words(source: &DataFusionError) -> String {
    let text = source.find_root().strip_backtrace();
    let prefixes =
        ["Parquet error: ", "Parquet argument error: ", "Arrow error: ", "External: ", "External error: ", "EOF: "];
    let mut words = text.trim();
    while let Some(rest) = prefixes.iter().find_map(|prefix| words.strip_prefix(prefix)) {
        words = rest;
    }
    words.lines().next().unwrap_or_default().to_owned()
}
