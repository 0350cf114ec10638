//! The process: finding Chromium, starting it with a profile of its own, ending it.

use std::env;
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use super::BrowserError;
use super::protocol::Connection;

/// The names under which distributions install it.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// Nothing but the pages of the test: no window, no first-run questions, no service that reaches for the network.
const FLAGS: [&str; 10] = [
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // As on a phone, where they take no room.
    "--hide-scrollbars",
    // Containers give little shared memory, and a long screenshot needs much.
    "--disable-dev-shm-usage",
    "--remote-debugging-pipe",
];

/// Chromium expects the protocol on the descriptors 3 and 4; the standard library hands over 0 and 1, so a shell moves them
/// and becomes Chromium.
const MOVE_PIPES: &str = r#"exec "$@" 3<&0 4>&1 0</dev/null 1>/dev/null"#;

/// A Chromium that this test started.
pub(super) struct Chromium {
    process: Child,
    profile: TempDir,
}

impl Chromium {
    /// Starts it and opens the conversation.
    pub(super) fn start() -> Result<(Self, Connection), BrowserError> {
        let program = find()?;
        let profile = TempDir::new().map_err(|source| BrowserError::Start { source })?;
        let log = File::create(profile.path().join(LOG)).map_err(|source| BrowserError::Start { source })?;
        let owner = fs::metadata(profile.path()).map_err(|source| BrowserError::Start { source })?.uid();
        let mut command = Command::new("sh");
        command.args(["-c", MOVE_PIPES, "sh"]).arg(program).args(FLAGS);
        if owner == 0 {
            // Chromium refuses its sandbox to root; the pages are our own.
            command.arg("--no-sandbox");
        }
        command.arg(format!("--user-data-dir={}", profile.path().display())).arg("about:blank");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(log);
        let mut process = command.spawn().map_err(|source| BrowserError::Start { source })?;
        let requests = process.stdin.take().expect("its standard input is a pipe");
        let answers = process.stdout.take().expect("its standard output is a pipe");
        Ok((Self { process, profile }, Connection::new(requests, answers)))
    }

    /// Its number.
    pub(super) fn process(&self) -> u32 {
        self.process.id()
    }

    /// The end of what it wrote to its standard error.
    pub(super) fn last_words(&self) -> String {
        let log = fs::read(self.profile.path().join(LOG)).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(10)..].join("\n")
    }

    /// Waits until it has ended, and ends it when it does not.
    pub(super) fn end(&mut self) {
        for _ in 0..100 {
            if matches!(self.process.try_wait(), Ok(Some(_))) {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Its standard error, in the profile's folder and gone with it.
const LOG: &str = "standard-error.log";

fn find() -> Result<PathBuf, BrowserError> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    NAMES
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|program| program.is_file())
        .ok_or_else(|| BrowserError::Missing { what: format!("Chromium ({} in PATH)", NAMES.join(", ")) })
}
