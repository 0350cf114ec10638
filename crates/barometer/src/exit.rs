//! Exit codes: a contract with schedulers. A code never changes its meaning.

use std::process::ExitCode;

use pipeline::PipelineError;

/// A signal told the program to stop: 128 and the number of an interrupt, as shells have it.
pub(crate) const STOPPED: u8 = 130;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// What was asked for is done.
    Done,
    /// The disk, the system or an engine failed.
    Failed,
    /// The command names something that is not there; clap gives the same code for a command it does not understand.
    Usage,
    /// The country's files or its data have findings.
    Findings,
    /// A sentence is about a number that is not shown, and none is false; or a file of the release holds what must not leave, or
    /// numbers that a release hides can be derived from it.
    Disclosure,
    /// A sentence does not hold.
    Claim,
    /// It is too early for a release.
    Embargo,
    /// A release is not what its manifest says, or comes out otherwise when it is made again.
    Mismatch,
    /// Another run is at work on the same edition.
    Locked,
    /// Something else was approved.
    Unapproved,
}

impl Exit {
    /// The code for an error.
    pub(crate) fn of(error: &PipelineError) -> Self {
        match error {
            PipelineError::Findings(_) | PipelineError::Twin(_) | PipelineError::Report(_) => Self::Findings,
            PipelineError::Claims(failed) if failed.iter().all(|claim| claim.is_refused()) => Self::Disclosure,
            PipelineError::Claims(_) => Self::Claim,
            PipelineError::Leaks(_) | PipelineError::Derivable(_) | PipelineError::KnownBefore(_) => Self::Disclosure,
            PipelineError::Usage { .. } => Self::Usage,
            PipelineError::Embargo { .. } => Self::Embargo,
            PipelineError::Unapproved { .. } => Self::Unapproved,
            PipelineError::Mismatch { .. } | PipelineError::Damaged(_) | PipelineError::Store(_) => Self::Mismatch,
            PipelineError::Locked { .. } => Self::Locked,
            PipelineError::Read { .. }
            | PipelineError::Write { .. }
            | PipelineError::Changed { .. }
            | PipelineError::Clock { .. }
            | PipelineError::Dataset(_)
            | PipelineError::Ingest(_)
            | PipelineError::Random(_)
            | PipelineError::Tabulate(_)
            | PipelineError::Threads(_) => Self::Failed,
        }
    }
}

impl Exit {
    /// The code.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Findings => 3,
            Self::Disclosure => 4,
            Self::Claim => 5,
            Self::Embargo => 6,
            Self::Mismatch => 7,
            Self::Locked => 8,
            Self::Unapproved => 9,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
