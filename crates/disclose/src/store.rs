//! The sealed store: how [`Published`] rests on disk between runs.

use crate::Published;

/// The SHA-256 of a stored [`Published`], in small hexadecimal letters. The manifest keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal(String);

impl Seal {
    /// The seal as the manifest shows it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A seal that a manifest recorded.
    #[must_use]
    pub fn recorded(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// Why a stored release cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Its bytes are not those that were sealed.
    #[error("the published tables were changed after they were sealed: found {found}, sealed {sealed}")]
    Broken {
        /// The hash of what is there.
        found: String,
        /// The hash in the manifest.
        sealed: String,
    },
    /// It is of another version of the program.
    #[error("the published tables are not in a form that this version reads: {0}")]
    Form(#[from] serde_json::Error),
}

impl Published {
    /// The bytes to store, and their seal. JSON with sorted keys, one line per table; integers only.
    #[must_use]
    pub fn seal(&self) -> (Vec<u8>, Seal) {
        todo!()
    }

    /// Opens what [`Published::seal`] stored.
    ///
    /// # Errors
    /// When the bytes are not those that were sealed, or are of another version.
    pub fn open(stored: &[u8], seal: &Seal) -> Result<Self, StoreError> {
        let _ = (stored, seal);
        todo!()
    }
}
