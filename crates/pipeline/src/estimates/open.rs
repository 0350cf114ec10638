//! Opening a data file: Parquet as it is, delimited text by way of `ingest`.

use std::fs::{self, File};
use std::io::Read;

use codebook::{FileColumn, FileColumns};
use tabulate::DataFile;
use tempfile::TempDir;

use super::EstimateRequest;
use crate::PipelineError;
use crate::load::shown;
use crate::run::private_folder;

/// What every Parquet file begins with.
const PARQUET: &[u8] = b"PAR1";

/// An open file with its columns.
pub(super) struct Opened {
    /// As the caller named it.
    pub(super) path: String,
    pub(super) file: DataFile,
    pub(super) columns: FileColumns,
    /// Text that became Parquet lies here as long as it is read.
    _folder: Option<TempDir>,
}

pub(super) fn open(request: &EstimateRequest) -> Result<Opened, PipelineError> {
    let path = &request.file;
    let failed = || PipelineError::read(path);
    let mut start = Vec::new();
    File::open(path).map_err(failed())?.take(4).read_to_end(&mut start).map_err(failed())?;
    let threads = request.threads.get();
    let (mut file, folder) = if start == PARQUET {
        (DataFile::open(path, threads)?, None)
    } else {
        let bytes = fs::read(path).map_err(failed())?;
        let typed = ingest::data_file(&shown(path), &bytes).map_err(PipelineError::Findings)?;
        let folder = private_folder(&request.work)?;
        let parquet = folder.path().join("data.parquet");
        fs::write(&parquet, typed.parquet()?).map_err(PipelineError::write(&parquet))?;
        (DataFile::open(&parquet, threads)?, Some(folder))
    };
    let columns = file.columns().into_iter().map(|(name, kind)| FileColumn { name, kind });
    let columns = FileColumns::new(columns.collect());
    file.name(columns.iter().map(|(name, _)| name).collect());
    Ok(Opened { path: shown(path), file, columns, _folder: folder })
}
