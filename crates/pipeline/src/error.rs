//! Why a run stops.

use std::io;
use std::path::PathBuf;

use codebook::{Finding, Place, WaveId};
use dataset::guard::Leak;
use disclose::VerdictKind;

use crate::Disclosure;

/// Why a run stops. The last release is untouched in every case.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// There are findings for a person to mend; warnings are among them.
    #[error("{} findings", .0.len())]
    Findings(Vec<Finding>),
    /// Sentences that do not hold, or that are about hidden cells.
    #[error("{} claims do not hold", .0.len())]
    Claims(Vec<FailedClaim>),
    /// Files of the finished release hold what must not leave.
    #[error("{} files of the release hold what must not leave", .0.len())]
    Leaks(Vec<Leak>),
    /// Numbers that a release hides can be derived from its files.
    #[error("{} numbers can be derived that must not be", .0.len())]
    Derivable(Vec<Disclosure>),
    /// A corrected edition hides numbers that are known from the editions before it.
    #[error("{} numbers that the edition hides are known from earlier ones", .0.len())]
    KnownBefore(Vec<Disclosure>),
    /// The caller asked for something that is not there.
    #[error("{message}")]
    Usage {
        /// What, and what there is instead.
        message: String,
    },
    /// Another run is writing this edition.
    #[error("another run holds {path}: wait until it is done, or end it")]
    Locked {
        /// The lock.
        path: PathBuf,
    },
    /// It is too early for a release.
    #[error("{edition} is not to be released before {release_at}")]
    Embargo {
        /// The country and the wave.
        edition: String,
        /// The moment, as the wave's file writes it.
        release_at: String,
    },
    /// The clock cannot be right.
    #[error("the clock of this machine says {now}, so nobody knows whether it is time for {edition}")]
    Clock {
        /// The country and the wave.
        edition: String,
        /// What it says.
        now: String,
    },
    /// Something else was approved.
    #[error("{} approves the manifest {approved}, this release has {found}", file.display())]
    Unapproved {
        /// The approval.
        file: PathBuf,
        /// The digest of the manifest that it names.
        approved: String,
        /// The digest of the manifest that would be published.
        found: String,
    },
    /// A file that every release keeps cannot be understood.
    #[error("{}", .0.message)]
    Damaged(Box<Finding>),
    /// A release is not what its manifest says, or comes out otherwise when it is made again.
    #[error("{path} is not what it should be: see above")]
    Mismatch {
        /// The release.
        path: PathBuf,
    },
    /// The published tables of a release could not be opened.
    #[error(transparent)]
    Store(#[from] disclose::StoreError),
    /// A file that was read is not the same any more, so the release would not be of what lies there.
    #[error("{path} changed while the run was at work")]
    Changed {
        /// Which.
        path: PathBuf,
    },
    /// A file or folder could not be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file or folder could not be written.
    #[error("cannot write {path}: {source}")]
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The system gives no random bytes for a key.
    #[error("cannot draw a key for pseudonyms: {0}")]
    Random(getrandom::Error),
    /// Parquet could not be encoded.
    #[error(transparent)]
    Ingest(#[from] ingest::IngestError),
    /// The SQL engine failed.
    #[error(transparent)]
    Tabulate(#[from] tabulate::TabulateError),
    /// A twin could not be made.
    #[error(transparent)]
    Twin(#[from] crate::twin::TwinError),
    /// The numbers could not be written as files.
    #[error(transparent)]
    Dataset(#[from] dataset::DatasetError),
    /// A template failed.
    #[error(transparent)]
    Report(#[from] report::ReportError),
    /// The threads for estimation could not be started.
    #[error("cannot start threads: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

/// A wording that may not be published.
#[derive(Debug, Clone, PartialEq)]
pub struct FailedClaim {
    /// Where it is written.
    pub place: Place,
    /// Its words.
    pub words: String,
    /// The claim's name.
    pub claim: String,
    /// Why: it fails, or its cell is hidden.
    pub verdict: VerdictKind,
    /// What would be true, in the language of the words.
    pub instead: Vec<String>,
    /// The earlier wave that it is about, where that was not counted.
    pub not_counted: Option<NotCounted>,
}

/// An earlier wave whose answers a claim needs and that are not at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotCounted {
    /// The wave.
    pub wave: WaveId,
    /// Where its raw files are looked for unless a run says otherwise; `None` where the country has no file of the wave.
    pub folder: Option<PathBuf>,
    /// Whether the number as it was printed would do: it has no error to test a change with.
    pub takes_printed: bool,
}

impl FailedClaim {
    /// Whether it is only that the claim's cell is hidden.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        matches!(self.verdict, VerdictKind::Refused(_))
    }
}

impl PipelineError {
    /// Names the file that could not be read.
    pub(crate) fn read(path: &std::path::Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_path_buf();
        move |source| Self::Read { path, source }
    }

    /// Names the file that could not be written.
    pub(crate) fn write(path: &std::path::Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_path_buf();
        move |source| Self::Write { path, source }
    }
}
