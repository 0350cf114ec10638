//! Whether files are what their formats say: HTML, CSS and SVG, judged by the Nu checker, which `crates/testkit/browser/install` brings where
//! there is Java.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The version that the install script fetched, with the SHA-256 that it checked.
const PINNED: &str = include_str!("../browser/vnu");

/// What the checker says of some files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validation {
    /// How many files it judged.
    pub files: usize,
    /// Errors and warnings, each with its file and line.
    pub problems: Vec<String>,
}

/// Why files could not be judged.
#[derive(Debug, thiserror::Error)]
pub enum ValidatorError {
    /// The checker or Java is not here; the install script said so, too.
    #[error("{what} is not here: run make test, which installs it where it can")]
    Missing {
        /// What is missing.
        what: String,
    },
    /// The checker broke.
    #[error("the Nu checker broke: {words}")]
    Broken {
        /// What it said.
        words: String,
    },
}

/// Judges files; the endings of their names tell what they are.
///
/// # Errors
/// When the checker is not here or breaks.
///
/// # Panics
/// When the file that pins its version is empty: a bug.
pub fn validate(files: &[PathBuf]) -> Result<Validation, ValidatorError> {
    let version = PINNED.split_whitespace().next().expect("the file vnu opens with a version");
    let jar = crate::cache().join(format!("vnu-{version}/vnu.jar"));
    if !jar.is_file() {
        return Err(ValidatorError::Missing { what: format!("the Nu checker ({})", jar.display()) });
    }
    let options = ["--exit-zero-always", "--format", "json", "--stdout", "--also-check-css", "--also-check-svg"];
    let output = Command::new("java").arg("-jar").arg(&jar).args(options).args(files).output();
    let output = output.map_err(|error| {
        if error.kind() == io::ErrorKind::NotFound {
            ValidatorError::Missing { what: "Java".to_owned() }
        } else {
            ValidatorError::Broken { words: error.to_string() }
        }
    })?;
    let broken = || ValidatorError::Broken { words: String::from_utf8_lossy(&output.stderr).into_owned() };
    let told: Value = serde_json::from_slice(&output.stdout).map_err(|_| broken())?;
    let messages = told["messages"].as_array().ok_or_else(broken)?;
    let is_problem = |message: &&Value| message["type"] != "info" || message["subType"] == "warning";
    Ok(Validation { files: files.len(), problems: messages.iter().filter(is_problem).map(problem).collect() })
}

fn problem(message: &Value) -> String {
    let text = |key: &str| message[key].as_str().unwrap_or_default();
    let file = Path::new(text("url").trim_start_matches("file:")).display();
    // The checker counts the lines of markup from 0 and those of CSS from 1.
    let line = message["lastLine"].as_u64().unwrap_or(0) + u64::from(!text("url").ends_with(".css"));
    format!("{file}:{line}: {} ({})", text("message"), text("extract").trim())
}
