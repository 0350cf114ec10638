//! Exit codes: a contract with schedulers. A code never changes its meaning.

use std::process::ExitCode;

use pipeline::PipelineError;

/// A signal told the program to stop: 128 and the number of an interrupt, as shells have it.
pub(crate) const STOPPED: u8 = 130;

/// How the program ends. 6 (embargo) and 7 (verification mismatch) are kept for commands to come.
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
    /// A sentence is about a number that is not shown, and none is false; or a file of the release holds what must not leave.
    Disclosure,
    /// A sentence does not hold.
    Claim,
    /// Another run is at work on the same edition.
    Locked,
}

impl Exit {
    /// The code for an error.
    pub(crate) fn of(error: &PipelineError) -> Self {
        match error {
            PipelineError::Findings(_) | PipelineError::Twin(_) | PipelineError::Report(_) => Self::Findings,
            PipelineError::Claims(failed) if failed.iter().all(|claim| claim.is_refused()) => Self::Disclosure,
            PipelineError::Claims(_) => Self::Claim,
            PipelineError::Leaks(_) => Self::Disclosure,
            PipelineError::Usage { .. } => Self::Usage,
            PipelineError::Locked { .. } => Self::Locked,
            PipelineError::Read { .. }
            | PipelineError::Write { .. }
            | PipelineError::Dataset(_)
            | PipelineError::Ingest(_)
            | PipelineError::Tabulate(_)
            | PipelineError::Threads(_) => Self::Failed,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Findings => 3,
            Exit::Disclosure => 4,
            Exit::Claim => 5,
            Exit::Locked => 8,
        })
    }
}
