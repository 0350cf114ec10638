//! Opening a data file: Parquet as it is, delimited text by way of `ingest`.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use codebook::{FileColumn, FileColumns, Finding, Place};
use tabulate::{DataFile, TabulateError};

use super::{Asked, EstimateRequest, ReplicateRequest};
use crate::PipelineError;
use crate::load::shown;
use crate::stopping::PrivateFolder;

/// What every Parquet file begins with.
const PARQUET: &[u8] = b"PAR1";
/// What one begins with whose footer is encrypted.
const ENCRYPTED: &[u8] = b"PARE";
/// How the names of such files end.
const PARQUET_NAMES: [&str; 3] = ["parquet", "parq", "pq"];

/// An open file with its columns.
pub(super) struct Opened {
    /// As the caller named it.
    pub(super) path: String,
    pub(super) file: DataFile,
    pub(super) columns: FileColumns,
    source: Source,
    warnings: Vec<Finding>,
    /// Text that became Parquet lies here as long as it is read.
    _folder: Option<PrivateFolder>,
}

/// Who wrote the Parquet file that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// Somebody else: what cannot be read in it is a finding.
    Given,
    /// This program, from text: what cannot be read in it is a failure.
    Made,
}

pub(super) fn open(request: &EstimateRequest) -> Result<Opened, PipelineError> {
    let path = &request.file;
    let failed = || PipelineError::read(path);
    let mut start = Vec::new();
    File::open(path).map_err(failed())?.take(5).read_to_end(&mut start).map_err(failed())?;
    let threads = request.threads.get();
    match Format::of(path, &start) {
        Format::Parquet => {
            if let Some(damage) = damage_at_the_end(path).map_err(failed())? {
                return Err(PipelineError::Findings(vec![unreadable(&shown(path), damage)]));
            }
            let file = DataFile::open(path, threads).map_err(|error| failure(error, Source::Given, &shown(path)))?;
            return Ok(opened(request, file, Source::Given, Vec::new(), None));
        }
        Format::Unreadable(damage) => return Err(PipelineError::Findings(vec![unreadable(&shown(path), damage)])),
        Format::Text => {}
    }
    let bytes = fs::read(path).map_err(failed())?;
    let typed =
        ingest::data_file_with_marks(&shown(path), &bytes, &request.missing).map_err(PipelineError::Findings)?;
    let folder = PrivateFolder::new(&request.work)?;
    let parquet = folder.path().join("data.parquet");
    fs::write(&parquet, typed.parquet()?).map_err(PipelineError::write(&parquet))?;
    let file = DataFile::open(&parquet, threads)?;
    Ok(opened(request, file, Source::Made, typed.warnings().to_vec(), Some(folder)))
}

fn opened(
    request: &EstimateRequest,
    mut file: DataFile,
    source: Source,
    warnings: Vec<Finding>,
    folder: Option<PrivateFolder>,
) -> Opened {
    let columns = file.columns().into_iter().map(|(name, kind)| FileColumn { name, kind });
    let columns = FileColumns::new(columns.collect()).without(file.left_out());
    file.name(columns.iter().map(|(name, _)| name).collect());
    Opened { path: shown(&request.file), file, columns, source, warnings, _folder: folder }
}

impl Opened {
    /// Why the engine failed on this file.
    pub(super) fn failure(&self) -> impl FnOnce(TabulateError) -> PipelineError + use<> {
        let (source, path) = (self.source, self.path.clone());
        move |error| failure(error, source, &path)
    }

    /// What a person should know of the columns that the request names.
    pub(super) fn warnings_of(&self, request: &EstimateRequest) -> Vec<Finding> {
        let texts = texts(request);
        let is_named = |finding: &&Finding| match &finding.place {
            Place::Cell { column, .. } => texts.iter().any(|text| text.contains(column)),
            Place::File { .. } | Place::Text { .. } => true,
        };
        self.warnings.iter().filter(is_named).cloned().collect()
    }
}

/// What the reader says of a file that somebody else wrote is a finding about it.
fn failure(error: TabulateError, source: Source, path: &str) -> PipelineError {
    match (source, error.damage()) {
        (Source::Given, Some(damage)) => PipelineError::Findings(vec![unreadable(path, &damage)]),
        (Source::Given | Source::Made, _) => PipelineError::Tabulate(error),
    }
}

fn unreadable(path: &str, damage: &str) -> Finding {
    let message = format!("not a readable Parquet file: {damage}");
    Finding::error(Place::File { file: path.to_owned() }, "parquet", message)
        .hint("was it copied whole? Write it anew, or export the data as delimited text")
}

/// What a file is, as far as its name and its first bytes tell.
enum Format {
    Parquet,
    /// It is called Parquet, and why it cannot be read.
    Unreadable(&'static str),
    Text,
}

impl Format {
    /// Behind its mark a Parquet file has a control character, which no header of a text has: its first column may be called PAR1.
    fn of(path: &Path, start: &[u8]) -> Self {
        let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
        let is_called_so = ending.is_some_and(|ending| PARQUET_NAMES.contains(&ending.as_str()));
        let is_text = |byte: &u8| !byte.is_ascii_control() || byte.is_ascii_whitespace();
        match start {
            [mark @ .., next] if mark == PARQUET && (is_called_so || !is_text(next)) => Self::Parquet,
            _ if !is_called_so => Self::Text,
            [] => Self::Unreadable("it is empty"),
            _ if start.starts_with(PARQUET) => Self::Unreadable("it ends behind its first mark"),
            _ if start.starts_with(ENCRYPTED) => Self::Unreadable("it is encrypted"),
            _ => Self::Unreadable("it does not begin as one"),
        }
    }
}

/// What the last bytes of a Parquet file tell is wrong with it: a file ends with its footer, the length of the footer and the mark. The reader
/// itself takes the length for granted.
fn damage_at_the_end(path: &Path) -> std::io::Result<Option<&'static str>> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    // The mark at both ends, and the length.
    let marks = 12;
    if size < marks {
        return Ok(Some("it ends behind its first mark"));
    }
    let mut end = [0; 8];
    file.seek(SeekFrom::End(-8))?;
    file.read_exact(&mut end)?;
    let [length @ .., _, _, _, _] = end;
    let footer = u64::from(u32::from_le_bytes(length));
    Ok(match &end[4..] {
        ENCRYPTED => Some("it is encrypted"),
        mark if mark != PARQUET => Some("it does not end as one, so it was cut off or is still being written"),
        _ if footer > size - marks => Some("its footer is said to be longer than the whole file"),
        _ => None,
    })
}

/// Everything that the request says about columns.
fn texts(request: &EstimateRequest) -> Vec<&str> {
    let EstimateRequest { weight, strata, psu, population, replicates, asked, categories, by, condition, .. } = request;
    let pattern = match replicates {
        Some(ReplicateRequest::Supplied { pattern, .. }) => Some(pattern),
        Some(ReplicateRequest::Jackknife | ReplicateRequest::Bootstrap { .. }) | None => None,
    };
    let single = weight.iter().chain(condition).chain(pattern);
    let lists = [strata, psu, population, categories, by];
    single.chain(lists.into_iter().flatten()).map(String::as_str).chain(asked.iter().map(Asked::text)).collect()
}
