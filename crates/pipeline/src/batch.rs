//! Many editions in one process: every wave of every country of a folder.
//!
//! Editions run side by side, each on its share of the threads, so that one with few tables does not wait for one with many. What stops one
//! edition stops no other: each has a result of its own.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use codebook::{Country, WaveId};

use crate::load::{countries, entries, load, shown};
use crate::run::{Request, run};
use crate::{Event, PipelineError};

/// Planning nests as deep as expressions do.
const STACK_BYTES: usize = 16 << 20;

/// A wave of a country, named before it is built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditionName {
    /// The country's folder.
    pub folder: PathBuf,
    /// The name of that folder.
    pub country: String,
    /// The wave; `None` where the country's files cannot be understood, which its run will tell.
    pub wave: Option<WaveId>,
}

impl std::fmt::Display for EditionName {
    /// `dnk 2019`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.wave {
            Some(wave) => write!(f, "{} {wave}", self.country),
            None => f.write_str(&self.country),
        }
    }
}

/// Every edition below `path`, by country and wave; of one wave only if it is named.
///
/// # Errors
/// When there is no country, none has the wave, or a file cannot be read.
pub fn editions(path: &Path, wave: Option<WaveId>) -> Result<Vec<EditionName>, PipelineError> {
    let mut editions = Vec::new();
    for folder in countries(path)? {
        let (country, _) = Country::read(&shown(&folder), &load(&folder)?);
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let edition = |wave| EditionName { folder: folder.clone(), country: name.clone(), wave };
        match country {
            Some(country) => {
                let waves = country.waves.keys().filter(|id| wave.is_none_or(|wave| **id == wave));
                editions.extend(waves.map(|wave| edition(Some(*wave))));
            }
            None => editions.push(edition(None)),
        }
    }
    if editions.is_empty() {
        let wave = wave.map_or_else(|| "a wave".to_owned(), |wave| format!("the wave {wave}"));
        return Err(PipelineError::Usage { message: format!("no country in {} has {wave}", path.display()) });
    }
    Ok(editions)
}

/// The newest wave that a country has a file of, told by the names of its files alone.
#[must_use]
pub fn newest_wave(country: &Path) -> Option<WaveId> {
    let files = entries(&country.join("waves")).ok()?;
    let wave = |file: &PathBuf| WaveId::new(file.file_name()?.to_str()?.strip_suffix(".toml")?).ok();
    files.iter().filter_map(wave).max()
}

/// Builds editions side by side; the results come in the order of the requests, each the folder of a release. `threads` is for all of them together,
/// whatever each request says, and so is the memory of the requests. Events come with the number of the request that they are of, from several threads.
#[must_use]
pub fn run_all(
    requests: &[Request],
    threads: NonZeroUsize,
    tell: &(dyn Fn(usize, Event<'_>) + Sync),
) -> Vec<Result<PathBuf, PipelineError>> {
    let at_once = threads.get().min(requests.len()).max(1);
    let share_of = |all: NonZeroUsize| NonZeroUsize::new(all.get() / at_once).unwrap_or(NonZeroUsize::MIN);
    let (next, ended) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let results: Mutex<Vec<(usize, Result<PathBuf, PipelineError>)>> = Mutex::new(Vec::new());
    let work = || {
        while let Some((index, request)) =
            Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|index| Some((index, requests.get(index)?)))
        {
            let memory = request.memory.map(share_of);
            let request = Request { threads: share_of(threads), memory, ..request.clone() };
            let result = run(&request, &mut |event| tell(index, event));
            let ended = 1 + ended.fetch_add(1, Ordering::Relaxed);
            tell(index, Event::Ended { built: result.is_ok(), ended, all: requests.len() });
            results.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..at_once {
            // Where a system gives no further thread, those that there are do the work.
            let _ = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work);
        }
        work();
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}
