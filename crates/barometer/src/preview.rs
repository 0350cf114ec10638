//! `barometer preview`: a release that follows the country's files, shown in the browser of whoever writes them.
//!
//! [`pipeline::Preview`] makes the release and keeps it in memory; here it is served, on this machine alone. Each page carries a line of script that
//! waits for the next release and loads the page again, and, while something is wrong, what is wrong above the last good page. Neither is in
//! what a run writes.

mod browser;
mod server;

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use pipeline::{Event, PipelineError, Preview};

use crate::arguments::LogFormat;
use crate::words;

/// How often the files are looked at. A country has some dozen small files, so that takes a few milliseconds.
const EVERY: Duration = Duration::from_millis(40);

/// How long a browser waits for the next release before it asks again.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is shown now.
#[derive(Debug, Clone, Default)]
struct Shown {
    /// Counts releases and complaints, so that a browser knows whether it has seen this one.
    number: u64,
    files: Arc<std::collections::BTreeMap<String, Vec<u8>>>,
    /// What is wrong with the files, if anything is.
    complaint: Option<String>,
}

/// What is shown, for everyone who looks at it.
#[derive(Debug, Clone, Default)]
struct Stage(Arc<(Mutex<Shown>, Condvar)>);

impl Stage {
    fn shown(&self) -> MutexGuard<'_, Shown> {
        // A panic of another thread leaves what is shown as good as it was.
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Shown {
        self.shown().clone()
    }

    fn change(&self, change: impl FnOnce(&mut Shown)) {
        let mut shown = self.shown();
        change(&mut shown);
        shown.number += 1;
        self.0.1.notify_all();
    }

    /// The number of what is shown, once it is another than `seen`, or after a while.
    fn after(&self, seen: u64) -> u64 {
        let is_seen = |shown: &mut Shown| shown.number == seen;
        let waited = self.0.1.wait_timeout_while(self.shown(), PATIENCE, is_seen);
        waited.unwrap_or_else(PoisonError::into_inner).0.number
    }
}

/// Serves the release of a country, or a comparison, on this machine until the program is told to stop.
///
/// # Errors
/// When the port is taken, or the request names what is not there.
pub(crate) fn preview(mut preview: Preview, port: u16) -> Result<(), PipelineError> {
    let stage = Stage::default();
    let mut progress = words::Progress::new(LogFormat::Text, String::new());
    // What the request names must be there at the start; what is wrong in the files can be mended while the preview runs.
    let first = preview.refresh(&mut |event| progress.tell(event));
    if let Err(usage @ PipelineError::Usage { .. }) = first {
        return Err(usage);
    }
    let address = server::serve(port, stage.clone())?;
    show(&stage, &preview, first.map(drop));
    words::previewing(&address)?;
    loop {
        thread::sleep(EVERY);
        let started = Instant::now();
        let mut warnings = Vec::new();
        let mut keep = |event: Event<'_>| {
            if let Event::Warning(finding) = event {
                warnings.push(finding.clone());
            }
        };
        match preview.refresh(&mut keep) {
            Ok(None) => continue,
            Ok(Some(made)) => {
                words::warned(&warnings);
                show(&stage, &preview, Ok(()));
                words::made_anew(&made, started.elapsed());
            }
            Err(error) => show(&stage, &preview, Err(error)),
        }
    }
}

/// Puts a release, or what is wrong, before everyone who looks.
fn show(stage: &Stage, preview: &Preview, made: Result<(), PipelineError>) {
    let complaint = made.err().map(|error| words::complaint_with_lines(&error, |place| preview.line(place)));
    if let Some(complaint) = &complaint {
        words::told(complaint);
    }
    stage.change(|shown| {
        if complaint.is_none() {
            shown.files = Arc::new(preview.release().clone());
        }
        shown.complaint = complaint;
    });
}
