//! What tests of every crate share: folders of the repository, a whole country as one string, a case laid over a valid
//! country, a panel of schools, damaged copies of a file, R's numbers, a real browser, a checker of HTML. It knows no crate of ours, so any of them may use it.

pub mod browser;

mod cases;
mod mutant;
mod oracle;
mod panel;
mod text_browser;
mod validator;

use std::env;
use std::path::PathBuf;

pub use cases::{country, overlay, repository};
pub use mutant::{Random, mutant};
pub use oracle::{OracleRow, oracle};
pub use panel::schools_panel;
pub use text_browser::{TextBrowserError, dump};
pub use validator::{Validation, ValidatorError, validate};

/// Where the install scripts put what tests drive.
fn cache() -> PathBuf {
    let cache = env::var_os("XDG_CACHE_HOME").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let cache = cache.or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")));
    cache.unwrap_or_default().join("barometer")
}
