//! Writing a release: beside the last one first, then exchanged with it, so that a reader never sees half of one.

mod current;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::PipelineError;
use crate::stopping::{Held, uninterrupted};
pub(crate) use current::point;

/// A release on its way: it holds the lock of its edition, and a folder that takes its files. Dropped before
/// [`Release::exchange`], it removes that folder and leaves the last release as it was.
#[derive(Debug)]
pub(crate) struct Release {
    target: PathBuf,
    partial: PathBuf,
    exchanged: bool,
    _held: Held,
    _lock: File,
}

impl Release {
    /// Prepares `<out>/<country>/<edition>`: takes its lock and clears what a run that was killed may have left.
    ///
    /// # Errors
    /// When another run holds the lock, or the folder cannot be written.
    pub(crate) fn prepare(out: &Path, country: &str, edition: &str) -> Result<Self, PipelineError> {
        let parent = out.join(country);
        fs::create_dir_all(&parent).map_err(PipelineError::write(&parent))?;
        let lock_path = parent.join(format!(".{edition}.lock"));
        let lock = File::create(&lock_path).map_err(PipelineError::write(&lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => return Err(PipelineError::Locked { path: lock_path }),
            Err(fs::TryLockError::Error(source)) => return Err(PipelineError::Write { path: lock_path, source }),
        }
        let target = parent.join(edition);
        let partial = parent.join(format!(".{edition}.partial"));
        restore(&target, &aside(&partial))?;
        remove(&partial)?;
        let made = || fs::create_dir(&partial).map(|()| (partial.clone(), ()));
        let (held, ()) = Held::made(made).map_err(PipelineError::write(&partial))?;
        Ok(Self { target, partial, exchanged: false, _held: held, _lock: lock })
    }

    /// Clears what a run of `<out>/<country>/<edition>` that was killed may have left, unless another run is at work on it. For a run that
    /// finds nothing to do.
    pub(crate) fn clear_left(folder: &Path) {
        let (Some(parent), Some(edition)) = (folder.parent(), folder.file_name().and_then(|name| name.to_str())) else {
            return;
        };
        let partial = parent.join(format!(".{edition}.partial"));
        if !partial.exists() && !aside(&partial).exists() {
            return;
        }
        let lock = File::create(parent.join(format!(".{edition}.lock")));
        if let Ok(lock) = lock
            && lock.try_lock().is_ok()
        {
            // It is hidden; if it cannot be removed, the next run that writes something tells why.
            let _ = restore(folder, &aside(&partial)).and_then(|()| remove(&partial));
        }
    }

    /// Writes one file; `path` is below the release, with `/`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn write(&self, path: &str, bytes: &[u8]) -> Result<(), PipelineError> {
        let file = self.partial.join(path);
        let folder = file.parent().unwrap_or(&self.partial);
        uninterrupted(|| {
            fs::create_dir_all(folder).map_err(PipelineError::write(folder))?;
            fs::write(&file, bytes).map_err(PipelineError::write(&file))
        })
    }

    /// Puts the release in its place and removes the last one. Gives its folder.
    ///
    /// # Errors
    /// When the folders cannot be exchanged.
    pub(crate) fn exchange(mut self) -> Result<PathBuf, PipelineError> {
        if fs::symlink_metadata(&self.target).is_ok_and(|found| !found.is_dir()) {
            // It is somebody's, and no release: to take its place would hide it under a name that nobody looks at.
            return Err(PipelineError::write(&self.target)(io::ErrorKind::NotADirectory.into()));
        }
        if self.target.exists() {
            let exchange = || exchange_folders(&self.partial, &self.target);
            uninterrupted(exchange).map_err(PipelineError::write(&self.target))?;
            self.exchanged = true;
            // The new release stands. What cannot be removed of the old one is hidden, and the next run clears it.
            let _ = fs::remove_dir_all(&self.partial);
        } else {
            let rename = || fs::rename(&self.partial, &self.target);
            uninterrupted(rename).map_err(PipelineError::write(&self.target))?;
            self.exchanged = true;
        }
        Ok(self.target.clone())
    }
}

/// Writes a file that is for the office alone: `<out>/internal/<country>/<edition>/<name>`, whole or not at all. Gives its path.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write_internal(
    out: &Path,
    country: &str,
    edition: &str,
    name: &str,
    bytes: &[u8],
) -> Result<PathBuf, PipelineError> {
    let folder = out.join("internal").join(country).join(edition);
    fs::create_dir_all(&folder).map_err(PipelineError::write(&folder))?;
    let (partial, file) = (folder.join(format!(".{name}.partial")), folder.join(name));
    fs::write(&partial, bytes).map_err(PipelineError::write(&partial))?;
    fs::rename(&partial, &file).map_err(PipelineError::write(&file))?;
    Ok(file)
}

impl Drop for Release {
    fn drop(&mut self) {
        if !self.exchanged {
            // A failure here leaves a hidden folder that the next run clears; the error that led here matters more.
            let _ = fs::remove_dir_all(&self.partial);
        }
    }
}

/// Removes what a run left under its own hidden name, be it a folder or, where somebody had put one in the place of a release, a file.
fn remove(folder: &Path) -> Result<(), PipelineError> {
    let is_file = fs::symlink_metadata(folder).is_ok_and(|found| !found.is_dir());
    match if is_file { fs::remove_file(folder) } else { fs::remove_dir_all(folder) } {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(PipelineError::write(folder)(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Where the last release waits during an exchange in two steps.
fn aside(partial: &Path) -> PathBuf {
    partial.with_extension("last")
}

/// Puts back a last release that a run left aside when it was killed between the two steps of an exchange.
fn restore(target: &Path, aside: &Path) -> Result<(), PipelineError> {
    match (aside.exists(), target.exists()) {
        (true, false) => fs::rename(aside, target).map_err(PipelineError::write(target)),
        (true, true) => remove(aside),
        (false, _) => Ok(()),
    }
}

/// Exchanges two folders in one step where the system can, otherwise in two renames with a way back.
fn exchange_folders(partial: &Path, target: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        match renameat_with(CWD, partial, CWD, target, RenameFlags::EXCHANGE) {
            Ok(()) => return Ok(()),
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
            Err(errno) => return Err(errno.into()),
        }
    }
    let aside = aside(partial);
    fs::rename(target, &aside)?;
    if let Err(error) = fs::rename(partial, target) {
        fs::rename(&aside, target)?;
        return Err(error);
    }
    fs::rename(&aside, partial)
}
