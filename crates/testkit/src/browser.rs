//! A real browser for tests: headless Chromium, told what to do over its DevTools protocol, with axe-core as the judge of
//! accessibility. `crates/testkit/browser/install` brings both; a test that finds one missing fails, it does not skip.
//!
//! [`Browser::start`] starts a process with a profile of its own, [`Browser::open`] loads a file, and the [`Page`] is then
//! shown in one [`View`] after the other and asked what is wrong with it. [`inspect`] does all of that for a folder of
//! pages, and walks through each by keyboard. The process ends with the [`Browser`].
//!
//! The protocol runs over a pipe, not over a socket: no port, no network crate, and Chromium ends by itself when the
//! test dies.

mod axe;
mod chromium;
mod inspect;
mod keyboard;
mod page;
mod protocol;
mod scripts;

use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

pub use axe::{Audit, AuditRules, Violation};
pub use inspect::{Inspection, inspect};
pub use keyboard::Walk;
pub use page::{Look, Page, View};

use chromium::Chromium;
use protocol::Connection;

/// Why the browser could not do what a test asked of it.
#[derive(Debug, thiserror::Error)]
pub enum BrowserError {
    /// Chromium or axe-core is not on this machine.
    #[error("{what} is missing: run `make test`, which installs it first (crates/testkit/browser/install)")]
    Missing {
        /// What is missing, and where it was looked for.
        what: String,
    },
    /// The process did not start.
    #[error("Chromium could not be started: {source}")]
    Start {
        /// What the system said.
        source: io::Error,
    },
    /// No answer, because the process ended or hangs.
    #[error("Chromium does not answer {method}; its last words:\n{last_words}")]
    Silent {
        /// The call of the protocol.
        method: String,
        /// The end of what it wrote to its standard error.
        last_words: String,
    },
    /// The browser refused a call, or answered in a form that this driver does not know.
    #[error("Chromium answered {method} with: {message}")]
    Refused {
        /// The call of the protocol.
        method: String,
        /// Chromium's message.
        message: String,
    },
    /// The page could not be loaded.
    #[error("{}: the page did not load: {reason}", path.display())]
    NotLoaded {
        /// The file.
        path: PathBuf,
        /// Chromium's reason.
        reason: String,
    },
    /// A file that the test reads or writes.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// A running headless Chromium with one tab.
pub struct Browser {
    chromium: Chromium,
    connection: Connection,
    /// The protocol's name for the conversation with the tab.
    session: String,
    axe: String,
}

impl Browser {
    /// Starts Chromium with an empty profile.
    ///
    /// # Errors
    /// When Chromium or axe-core is missing, or Chromium does not come up.
    pub fn start() -> Result<Self, BrowserError> {
        let axe = axe::source()?;
        let (chromium, connection) = Chromium::start()?;
        let mut browser = Self { chromium, connection, session: String::new(), axe };
        let target = browser.call_text("Target.createTarget", &json!({ "url": "about:blank" }), "targetId")?;
        let attach = json!({ "targetId": target, "flatten": true });
        browser.session = browser.call_text("Target.attachToTarget", &attach, "sessionId")?;
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.call(&format!("{domain}.enable"), &json!({}))?;
        }
        // As in the window that is in front, whichever of several browsers it is.
        browser.call("Emulation.setFocusEmulationEnabled", &json!({ "enabled": true }))?;
        Ok(browser)
    }

    /// Loads a page from a file and waits until everything on it is there.
    ///
    /// # Errors
    /// When the file is not there or Chromium cannot load it.
    pub fn open(&mut self, path: &Path) -> Result<Page<'_>, BrowserError> {
        let absolute = path.canonicalize().map_err(|source| BrowserError::File { path: path.to_path_buf(), source })?;
        Page::load(self, absolute)
    }

    /// The number of the process that was started.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.chromium.process()
    }

    /// One call of the protocol, to the tab once there is one.
    fn call(&mut self, method: &str, parameters: &Value) -> Result<Value, BrowserError> {
        match self.connection.call(&self.session, method, parameters) {
            Err(protocol::Failure::Silent) => Err(self.silent(method)),
            Err(protocol::Failure::Refused(message)) => {
                Err(BrowserError::Refused { method: method.to_owned(), message })
            }
            Ok(result) => Ok(result),
        }
    }

    /// A call whose answer is one text.
    fn call_text(&mut self, method: &str, parameters: &Value, answer: &str) -> Result<String, BrowserError> {
        let result = self.call(method, parameters)?;
        result[answer].as_str().map(str::to_owned).ok_or_else(|| BrowserError::Refused {
            method: method.to_owned(),
            message: format!("no {answer} in {result}"),
        })
    }

    /// Waits for an event.
    fn wait_for(&mut self, event: &str) -> Result<(), BrowserError> {
        self.connection.wait_for(event).map_err(|failure| match failure {
            protocol::Failure::Silent | protocol::Failure::Refused(_) => self.silent(event),
        })
    }

    fn silent(&self, method: &str) -> BrowserError {
        BrowserError::Silent { method: method.to_owned(), last_words: self.chromium.last_words() }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Politely first, so that its helper processes end in order; the process is waited for or ended in any case.
        self.session.clear();
        let _ = self.connection.call("", "Browser.close", &json!({}));
        self.chromium.end();
    }
}
