//! A browser that shows text alone: what w3m makes of a page. `crates/testkit/browser/install` brings it where it can.

use std::io::{self, Write};
use std::process::{Command, Stdio};

/// Wide enough for any row of a table.
const COLUMNS: &str = "2000";

/// Why there is no text.
#[derive(Debug, thiserror::Error)]
pub enum TextBrowserError {
    /// w3m is not here; the install script said so, too.
    #[error("w3m is not here: run make test, which installs it where it can")]
    Missing,
    /// It broke.
    #[error("w3m broke: {source}")]
    Broken {
        /// What the system said.
        source: io::Error,
    },
}

/// What a text browser shows of some HTML, in lines. It draws nothing, but writes what is written in a drawing.
///
/// # Errors
/// When w3m is not here or breaks.
///
/// # Panics
/// When w3m has no standard input or writes no UTF-8: bugs.
pub fn dump(html: &str) -> Result<String, TextBrowserError> {
    let options = ["-dump", "-T", "text/html", "-I", "UTF-8", "-O", "UTF-8", "-cols", COLUMNS];
    let w3m = Command::new("w3m").args(options).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut w3m = w3m.map_err(|source| {
        let is_missing = source.kind() == io::ErrorKind::NotFound;
        if is_missing { TextBrowserError::Missing } else { TextBrowserError::Broken { source } }
    })?;
    let broken = |source| TextBrowserError::Broken { source };
    let mut page = w3m.stdin.take().expect("its input is a pipe");
    page.write_all(html.as_bytes()).map_err(broken)?;
    drop(page);
    let output = w3m.wait_with_output().map_err(broken)?;
    Ok(String::from_utf8(output.stdout).expect("w3m was asked for UTF-8"))
}
