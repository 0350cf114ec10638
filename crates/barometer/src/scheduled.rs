//! `barometer run`: one edition or comparison, or all of a folder of countries, with lines for people or for machines and a summary at the end.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use pipeline::{ComparisonRequest, EditionName, PipelineError, Request};

use crate::arguments::{LogFormat, Run};
use crate::commands;
use crate::exit::Exit;
use crate::words::{self, Progress};

/// What stands in `--raw` for the country and the wave, so that many editions find their raw files.
const PLACES: [&str; 2] = ["{country}", "{wave}"];

/// Builds what `path` names.
pub(crate) fn run(arguments: &Run) -> Result<Exit, PipelineError> {
    let result = if arguments.path.join("country.toml").is_file() { one(arguments) } else { all(arguments) };
    match (arguments.format, result) {
        // Where no edition could be begun there is none to name.
        (LogFormat::Json, Err(error)) => {
            let exit = Exit::of(&error).code();
            words::log(&error.line("", exit));
            words::line(&pipeline::summary_line(&[], &[], exit))?;
            Ok(Exit::of(&error))
        }
        (LogFormat::Text | LogFormat::Json, result) => result,
    }
}

/// One country's edition.
fn one(arguments: &Run) -> Result<Exit, PipelineError> {
    let folder = arguments.path.clone();
    let country = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    // Its newest wave, unless one is named. What is wrong with the country's files is for the run to tell.
    let wave = arguments.wave.or_else(|| pipeline::newest_wave(&arguments.path));
    let name = EditionName { wave, folder, country };
    let request = request(arguments, &name);
    let label = match arguments.format {
        LogFormat::Text => String::new(),
        LogFormat::Json => name.to_string(),
    };
    let mut progress = Progress::new(arguments.format, label);
    let result = pipeline::run(&request, &mut |event| progress.tell(event));
    match arguments.format {
        LogFormat::Text => words::published(&result?)?,
        LogFormat::Json => {
            return summarise(arguments.format, &[(name.to_string(), result)]);
        }
    }
    Ok(Exit::Done)
}

/// Every edition of a folder of countries, and then every comparison in it, which may take numbers from them.
fn all(arguments: &Run) -> Result<Exit, PipelineError> {
    let comparisons = if arguments.wave.is_some() { Vec::new() } else { pipeline::comparisons(&arguments.path)? };
    let names = match pipeline::editions(&arguments.path, arguments.wave) {
        Err(PipelineError::Usage { .. }) if !comparisons.is_empty() => Vec::new(),
        names => names?,
    };
    if names.len() + comparisons.len() > 1
        && let Some(of_one) = arguments.release.of_one_edition()
    {
        let message = format!(
            "{} holds {} editions, and {of_one} is about one: name its country's folder and its --wave",
            arguments.path.display(),
            names.len() + comparisons.len()
        );
        return Err(PipelineError::Usage { message });
    }
    if names.is_empty() && (arguments.release.approval.is_some() || !arguments.release.against.is_empty()) {
        let message = format!(
            "{} holds comparisons, and --approval and --against are about an edition of a country",
            arguments.path.display()
        );
        return Err(PipelineError::Usage { message });
    }
    if let Some(raw) = &arguments.raw
        && names.iter().map(|name| placed(raw, name)).collect::<BTreeSet<PathBuf>>().len() < names.len()
    {
        let message = format!(
            "{} holds {} editions, which have not all their raw files in {}: write --raw with {{country}} and {{wave}} in it, such as \
             --raw 'raw/{{country}}/{{wave}}', or leave it out to take raw/YEAR in each country's folder",
            arguments.path.display(),
            names.len(),
            raw.display()
        );
        return Err(PipelineError::Usage { message });
    }
    let requests: Vec<Request> = names.iter().map(|name| request(arguments, name)).collect();
    let labels: Vec<String> = names.iter().map(ToString::to_string).collect();
    let width = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0);
    let progress = labels.iter().map(|label| {
        let shown = match arguments.format {
            LogFormat::Text => format!("{label:<width$}  "),
            LogFormat::Json => label.clone(),
        };
        Mutex::new(Progress::new(arguments.format, shown))
    });
    let progress: Vec<Mutex<Progress>> = progress.collect();
    let tell = |edition: usize, event: pipeline::Event<'_>| {
        progress[edition].lock().unwrap_or_else(PoisonError::into_inner).tell(event);
    };
    let threads = arguments.threads.unwrap_or_else(commands::cores);
    let results = pipeline::run_all(&requests, threads, &tell);
    let mut editions: Vec<_> = labels.into_iter().zip(results).collect();
    editions.extend(comparisons.iter().map(|folder| compare(arguments, folder)));
    summarise(arguments.format, &editions)
}

/// One comparison, by its name, with what came of it.
fn compare(arguments: &Run, folder: &Path) -> (String, Result<PathBuf, PipelineError>) {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let request = ComparisonRequest {
        folder: folder.to_path_buf(),
        out: arguments.out.clone(),
        languages: arguments.lang.clone(),
        timing: arguments.release.timing(now()),
    };
    let label = match arguments.format {
        LogFormat::Text => format!("{name}  "),
        LogFormat::Json => name.clone(),
    };
    let mut progress = Progress::new(arguments.format, label);
    let result = pipeline::run_comparison(&request, &mut |event| progress.tell(event));
    (name, result)
}

fn request(arguments: &Run, name: &EditionName) -> Request {
    Request {
        country: name.folder.clone(),
        wave: name.wave,
        raw: arguments.raw.clone(),
        out: arguments.out.clone(),
        work: arguments.work.clone().unwrap_or_else(std::env::temp_dir),
        languages: arguments.lang.clone(),
        threads: arguments.threads.unwrap_or_else(commands::cores),
        memory: arguments.memory,
        timing: arguments.release.timing(now()),
        approval: arguments.release.approval.clone(),
        key: arguments.key.clone(),
        against: arguments.release.against.clone(),
        cache: arguments.cache.caching(),
    }
}

/// What the clock says. It is the only place where the time is read; no output depends on it, but for which of two is made. A clock that says no moment
/// of the calendar, such as one beyond the year 9999, says the last or the first one, which is far off, too.
#[expect(clippy::disallowed_methods, reason = "the command line alone reads the clock")]
fn now() -> jiff::Timestamp {
    let now = std::time::SystemTime::now();
    let end = if now > std::time::UNIX_EPOCH { jiff::Timestamp::MAX } else { jiff::Timestamp::MIN };
    jiff::Timestamp::try_from(now).unwrap_or(end)
}

/// The folder of an edition's raw files.
fn placed(raw: &Path, name: &EditionName) -> PathBuf {
    let text = raw.to_string_lossy();
    if !PLACES.iter().any(|place| text.contains(place)) {
        return raw.to_path_buf();
    }
    let wave = name.wave.map_or_else(String::new, |wave| wave.to_string());
    PathBuf::from(text.replace(PLACES[0], &name.country).replace(PLACES[1], &wave))
}

/// Tells what came of every edition. The code is that of the first one that was not built.
///
/// # Errors
/// When standard output cannot be written.
fn summarise(format: LogFormat, editions: &[(String, Result<PathBuf, PipelineError>)]) -> Result<Exit, PipelineError> {
    let failed = |(_, result): &(String, Result<PathBuf, PipelineError>)| result.as_ref().err().map(Exit::of);
    let exit = editions.iter().find_map(failed).unwrap_or(Exit::Done);
    for (edition, result) in editions {
        if let Err(error) = result {
            match format {
                LogFormat::Text => words::not_built(edition, error),
                LogFormat::Json => words::log(&error.line(edition, Exit::of(error).code())),
            }
        }
    }
    let built: Vec<(String, &Path)> =
        editions.iter().filter_map(|(edition, result)| Some((edition.clone(), result.as_deref().ok()?))).collect();
    let lacking: Vec<(String, u8)> = editions
        .iter()
        .filter_map(|(edition, result)| Some((edition.clone(), Exit::of(result.as_ref().err()?).code())))
        .collect();
    match format {
        LogFormat::Text => words::summary(&built, &lacking)?,
        LogFormat::Json => words::line(&pipeline::summary_line(&built, &lacking, exit.code()))?,
    }
    Ok(exit)
}
