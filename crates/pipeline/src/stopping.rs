//! Stopping in the middle: which folders a run has on the disk that nobody should find there afterwards.
//!
//! Values clean up after themselves when a run fails, but a signal ends the process without asking them. Folders of microdata and
//! half-written releases are therefore known here by their paths, so that [`abandon`] can remove them from another thread. What cannot
//! be caught, such as `SIGKILL`, leaves them to the next run.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use std::{fs, io, thread};

use crate::PipelineError;

/// The folders that must not outlive the process.
static HELD: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn held() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    // A panic of another thread leaves the list as good as it was.
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A folder on the list, until this is dropped.
#[derive(Debug)]
pub(crate) struct Held(PathBuf);

impl Held {
    /// Makes a folder and puts it on the list, with no moment between the two.
    pub(crate) fn made<T, E>(make: impl FnOnce() -> Result<(PathBuf, T), E>) -> Result<(Self, T), E> {
        let mut held = held();
        let (path, made) = make()?;
        held.insert(path.clone());
        Ok((Self(path), made))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        held().remove(&self.0);
    }
}

/// Does something that is not to be abandoned half done, such as exchanging two folders, or that would bring back a folder which is
/// being abandoned, such as making one below it.
pub(crate) fn uninterrupted<T>(what: impl FnOnce() -> T) -> T {
    let _held = held();
    what()
}

/// Removes what this process has on the disk and should not leave there: folders of microdata, and releases that are not finished. For
/// a handler of signals, which must end the process next: every step that would need another such folder waits from now on.
pub fn abandon() {
    let held = held();
    held.iter().for_each(|folder| clear(folder));
    std::mem::forget(held);
}

/// Removes a folder that another thread may be writing to: a file that appears while its folder is emptied makes the attempt fail, and
/// the next one takes that file, too.
fn clear(folder: &Path) {
    const ATTEMPTS: u32 = 100;
    for _ in 0..ATTEMPTS {
        match fs::remove_dir_all(folder) {
            Ok(()) => return,
            Err(error) if error.kind() == io::ErrorKind::NotFound && !folder.exists() => return,
            // There is nobody left to tell; the next run clears what stays of a release.
            Err(_) => thread::sleep(Duration::from_millis(5)),
        }
    }
}

/// A folder that only this user can read, for files with microdata. It is removed when it is dropped, or abandoned.
#[derive(Debug)]
pub(crate) struct PrivateFolder {
    // Removed first, then taken off the list.
    folder: tempfile::TempDir,
    _held: Held,
}

impl PrivateFolder {
    /// Makes one in `parent`.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(crate) fn new(parent: &Path) -> Result<Self, PipelineError> {
        let mut builder = tempfile::Builder::new();
        builder.prefix("barometer-");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(fs::Permissions::from_mode(0o700));
        }
        let made = || builder.tempdir_in(parent).map(|folder| (folder.path().to_path_buf(), folder));
        let (held, folder) = Held::made(made).map_err(PipelineError::write(parent))?;
        Ok(Self { folder, _held: held })
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}
