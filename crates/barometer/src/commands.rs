//! From arguments to calls of [`pipeline`].

use std::num::NonZeroUsize;
use std::path::Path;

use codebook::Severity;
use pipeline::{PipelineError, Request};

use crate::arguments::{Command, Run, Twin};
use crate::words;

/// Does what was asked.
pub(crate) fn run(command: Command) -> Result<(), PipelineError> {
    match command {
        Command::Check { path } => check(&path),
        Command::Run(arguments) => publish(arguments),
        Command::Twin(arguments) => twin(&arguments),
    }
}

/// Checks one country, or every country of a folder; all their findings come together.
fn check(path: &Path) -> Result<(), PipelineError> {
    let countries = pipeline::countries(path)?;
    let mut findings = Vec::new();
    for country in &countries {
        findings.extend(pipeline::check(country)?);
    }
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        return Err(PipelineError::Findings(findings));
    }
    words::checked(&countries, &findings);
    Ok(())
}

fn publish(arguments: Run) -> Result<(), PipelineError> {
    let countries = pipeline::countries(&arguments.path)?;
    let [country] = countries.as_slice() else {
        let names = countries.iter().map(|country| country.display().to_string()).collect::<Vec<_>>().join(", ");
        let message = format!("{} holds several countries: name one of {names}", arguments.path.display());
        return Err(PipelineError::Usage { message });
    };
    let request = Request {
        country: country.clone(),
        wave: arguments.wave,
        raw: arguments.raw,
        out: arguments.out,
        work: arguments.work.unwrap_or_else(std::env::temp_dir),
        languages: arguments.lang,
        threads: arguments.threads.unwrap_or_else(|| std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)),
    };
    let mut progress = words::Progress::new();
    let folder = pipeline::run(&request, &mut |event| progress.tell(event))?;
    words::published(&folder);
    Ok(())
}

fn twin(arguments: &Twin) -> Result<(), PipelineError> {
    let request = pipeline::TwinRequest {
        country: arguments.path.clone(),
        wave: arguments.wave,
        seed: arguments.seed.unwrap_or_else(|| u64::from(arguments.wave.year())),
        rows: arguments.rows,
        out: arguments.out.clone(),
    };
    let files = pipeline::make_twin(&request)?;
    words::twin_written(&files);
    Ok(())
}
