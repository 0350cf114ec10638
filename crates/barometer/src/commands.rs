//! From arguments to calls of [`pipeline`].

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use pipeline::{ComparisonRequest, NewCountry, PipelineError, Request, Timing};

use crate::arguments::{Command, Estimate, Format, Inspect, InspectFormat, New, Preview, Twin};
use crate::exit::Exit;
use crate::{audit, check, core, estimates, inspect as inspected, preview as live, releases, scheduled, words};

/// Does what was asked.
pub(crate) fn run(command: Command) -> Result<Exit, PipelineError> {
    match command {
        Command::Check(arguments) => return check::check(arguments),
        Command::Run(arguments) => return scheduled::run(&arguments),
        Command::Preview(arguments) => preview(arguments),
        Command::Verify(arguments) => releases::verify(&arguments),
        Command::Audit(arguments) => return audit::audit(&arguments),
        Command::Diff(arguments) => releases::diff(&arguments),
        Command::Calendar(arguments) => releases::calendar(&arguments),
        Command::Why(arguments) => releases::why(&arguments),
        Command::Twin(arguments) => twin(&arguments),
        Command::Estimate(arguments) => estimate(*arguments),
        Command::Inspect(arguments) => inspect(&arguments),
        Command::Core(arguments) => core::core(&arguments),
        Command::New(arguments) => new(arguments),
    }?;
    Ok(Exit::Done)
}

/// The one country that `path` names.
pub(crate) fn only_country(path: &Path) -> Result<PathBuf, PipelineError> {
    let countries = pipeline::countries(path)?;
    match countries.as_slice() {
        [country] => Ok(country.clone()),
        several => {
            let names = several.iter().map(|country| country.display().to_string()).collect::<Vec<_>>().join(", ");
            let message = format!("{} holds several countries: name one of {names}", path.display());
            Err(PipelineError::Usage { message })
        }
    }
}

fn preview(arguments: Preview) -> Result<(), PipelineError> {
    let comparisons = pipeline::comparisons(&arguments.path)?;
    if let [folder] = comparisons.as_slice()
        && *folder == arguments.path
    {
        let given = [(arguments.wave.is_some(), "--wave"), (arguments.raw.is_some(), "--raw")];
        if let Some((_, of_an_edition)) = given.into_iter().find(|(is_given, _)| *is_given) {
            let message =
                format!("{} is a comparison, and {of_an_edition} is about an edition of a country", folder.display());
            return Err(PipelineError::Usage { message });
        }
        let request = ComparisonRequest {
            folder: folder.clone(),
            out: arguments.out,
            languages: arguments.lang,
            timing: Timing::Draft,
        };
        return live::preview(pipeline::Preview::of_comparison(request), arguments.port);
    }
    let work = arguments.work.unwrap_or_else(std::env::temp_dir);
    let request = Request {
        country: only_country(&arguments.path)?,
        wave: arguments.wave,
        raw: arguments.raw,
        out: arguments.out,
        work,
        languages: arguments.lang,
        threads: arguments.threads.unwrap_or_else(cores),
        memory: None,
        timing: Timing::Draft,
        approval: None,
        key: None,
        against: Vec::new(),
        cache: arguments.cache.caching(),
    };
    live::preview(pipeline::Preview::new(request), arguments.port)
}

fn twin(arguments: &Twin) -> Result<(), PipelineError> {
    let request = pipeline::TwinRequest {
        country: only_country(&arguments.path)?,
        wave: arguments.wave,
        seed: arguments.seed.unwrap_or_else(|| u64::from(arguments.wave.year())),
        rows: arguments.rows,
        out: arguments.out.clone(),
    };
    let files = pipeline::make_twin(&request)?;
    words::twin_written(&files)?;
    Ok(())
}

fn estimate(arguments: Estimate) -> Result<(), PipelineError> {
    let format = arguments.format;
    let request = arguments.request()?;
    words::leave_to_their_errors(pipeline::ENGINE_THREADS);
    let estimates = pipeline::estimates(&request)?;
    words::warned(&estimates.warnings);
    words::not_disclosure_checked();
    words::result(&match format {
        Format::Table => estimates::table(&estimates, words::width()),
        Format::Json => estimates.json(),
        Format::Csv => estimates.csv(),
    })
}

fn inspect(arguments: &Inspect) -> Result<(), PipelineError> {
    let inspection = pipeline::inspection::inspect(&arguments.file)?;
    words::result(&match arguments.format {
        InspectFormat::Table => inspected::table(&arguments.file.display().to_string(), &inspection, arguments.codes()),
        InspectFormat::Json => pipeline::inspection::json(&inspection),
    })
}

fn new(arguments: New) -> Result<(), PipelineError> {
    let drafted = pipeline::new_country(&NewCountry {
        country: arguments.country,
        pipelines: arguments.pipelines,
        export: arguments.from_export,
        wave: arguments.wave,
        languages: arguments.lang,
        unit: arguments.unit,
    })?;
    words::drafted(&drafted)?;
    Ok(())
}

/// As many threads as the machine has cores.
pub(crate) fn cores() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}
