//! Stopping in the middle: which folders a run has on the disk that nobody should find there afterwards.
//!
//! Values clean up after themselves when a run fails, but a signal ends the process without asking them. Folders of microdata and
//! half-written releases are therefore known here by their paths, so that [`abandon`] can remove them from another thread. What cannot
//! be caught, such as `SIGKILL`, leaves them to the next run.

use std::collections::BTreeSet;
use std::fs::File;
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
    // Closed first, since some systems remove no file that is open; then the folder is removed, then taken off the list.
    _lock: File,
    folder: tempfile::TempDir,
    _held: Held,
}

/// What private folders' names begin with.
const PRIVATE: &str = "barometer-";

/// The file in a private folder that its process holds for as long as it lives: whoever can lock it finds what a killed run has left.
const LOCK: &str = "lock";

/// How often a folder is made anew that another run took for left behind in the moment before it was locked.
const ATTEMPTS: usize = 8;

impl PrivateFolder {
    /// Makes one in `parent`, and clears those there that killed runs of this user left.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(crate) fn new(parent: &Path) -> Result<Self, PipelineError> {
        clear_left(parent);
        for _ in 1..ATTEMPTS {
            if let Ok(folder) = Self::make(parent) {
                return Ok(folder);
            }
        }
        Self::make(parent).map_err(PipelineError::write(parent))
    }

    fn make(parent: &Path) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(PRIVATE);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(fs::Permissions::from_mode(0o700));
        }
        let made = || builder.tempdir_in(parent).map(|folder| (folder.path().to_path_buf(), folder));
        let (held, folder) = Held::made(made)?;
        let path = folder.path().join(LOCK);
        let lock = File::create(&path)?;
        lock.try_lock()?;
        // Another run may have cleared the folder before it was locked.
        fs::metadata(&path)?;
        Ok(Self { _lock: lock, folder, _held: held })
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Removes private folders that runs left which were killed: nobody holds their locks. Those of other users cannot be opened, and stay.
pub(crate) fn clear_left(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let folder = entry.path();
        if !entry.file_name().to_string_lossy().starts_with(PRIVATE) || !entry.file_type().is_ok_and(|it| it.is_dir()) {
            continue;
        }
        let lock = folder.join(LOCK);
        // A pipe under this name, in a folder that others may write to, would keep the run waiting.
        if fs::symlink_metadata(&lock).is_ok_and(|found| !found.is_file()) {
            continue;
        }
        match File::open(lock) {
            Ok(lock) => {
                if lock.try_lock().is_ok() {
                    drop(lock);
                    // What cannot be removed now, a later run finds again.
                    let _ = fs::remove_dir_all(&folder);
                }
            }
            // Killed before it had a lock, so before there was anything in it. A folder that is not empty is not removed.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let _ = fs::remove_dir(&folder);
            }
            Err(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_run_left_is_cleared_and_what_a_living_one_holds_is_not() {
        let parent = tempfile::tempdir().expect("a temporary folder can be made");
        let living = PrivateFolder::new(parent.path()).expect("it can be made");
        fs::write(living.path().join("responses.parquet"), "answers").expect("it can be written");
        // No process holds these any more.
        for name in ["barometer-killed", "barometer-killed-at-once", "barometer-notes", "other"] {
            fs::create_dir(parent.path().join(name)).expect("it can be made");
        }
        fs::write(parent.path().join("barometer-killed/lock"), "").expect("it can be written");
        fs::write(parent.path().join("barometer-killed/responses.parquet"), "answers").expect("it can be written");
        fs::write(parent.path().join("barometer-notes/notes.txt"), "mine").expect("it can be written");
        let next = PrivateFolder::new(parent.path()).expect("it can be made");
        assert!(living.path().join("responses.parquet").exists() && next.path().exists());
        let left = |name: &str| parent.path().join(name).exists();
        assert_eq!(
            ["barometer-killed", "barometer-killed-at-once", "barometer-notes", "other"].map(left),
            [false, false, true, true],
            "a folder that somebody made for notes stays"
        );
        drop((living, next));
        assert_eq!(fs::read_dir(parent.path()).expect("it is there").count(), 2);
    }
}
