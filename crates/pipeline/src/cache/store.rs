//! The cache on the disk: a folder for each kind of entry, a file for each entry.
//!
//! A file begins with a digest over its name and its content. It is written under another name and then renamed, so a run that is killed leaves
//! no half of an entry under a key, and what a disk or a person did to one since is seen when it is read.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::Key;
use crate::manifest::digest;

/// What an entry begins with; the number grows when the form does.
const FORM: &[u8] = b"barometer cache 1\n";

/// Bytes of the line with the digest.
const DIGEST: usize = 65;

/// What the names of entries begin with that are being written.
const PARTIAL: &str = ".partial-";

/// The most bytes that are kept; beyond them, the entries that were written first go.
const ROOM: u64 = 512 << 20;

/// Why an entry, or the whole cache, is of no use.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// An entry is not as it was written.
    #[error("this entry of the cache is damaged")]
    Damaged,
    /// Other users have rights in the folder.
    #[error("other users may look into this folder or write to it, so it is not used as a cache")]
    Open,
    /// The disk.
    #[error("this cannot be used as a cache: {0}")]
    Disk(#[from] io::Error),
}

impl Failure {
    /// What to do.
    pub(super) fn help(&self) -> &'static str {
        match self {
            Self::Damaged => "it was made anew; if that happens again, look after the disk",
            Self::Open => {
                "keep others out (chmod 700), or name another folder with --cache; without one everything is made anew"
            }
            Self::Disk(_) => "name another folder with --cache, or say --no-cache; without one everything is made anew",
        }
    }
}

/// A folder of entries.
#[derive(Debug)]
pub(super) struct Store {
    folder: PathBuf,
}

impl Store {
    /// Opens a folder, and makes it if it is not there.
    pub(super) fn open(folder: &Path) -> Result<Self, Failure> {
        make_private(folder)?;
        if is_open_to_others(folder)? {
            return Err(Failure::Open);
        }
        Ok(Self { folder: folder.to_path_buf() })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where an entry lies.
    pub(super) fn path(&self, key: &Key) -> PathBuf {
        self.folder.join(key.kind()).join(key.to_string())
    }

    /// The content of an entry; `None` if there is none. A damaged one is removed.
    pub(super) fn get(&self, key: &Key) -> Result<Option<Vec<u8>>, Failure> {
        let path = self.path(key);
        // Whoever may write here may have put anything: a pipe would keep the run waiting, and a link to a device would never end.
        match fs::symlink_metadata(&path) {
            Ok(found) if found.is_file() && found.len() <= ROOM => {}
            Ok(_) => {
                let _ = fs::remove_file(&path);
                return Err(Failure::Damaged);
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        }
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let content = bytes.strip_prefix(FORM).and_then(|rest| rest.split_at_checked(DIGEST));
        match content {
            Some((digest, content)) if digest == checksum(key, content).as_bytes() => Ok(Some(content.to_vec())),
            Some(_) | None => {
                // If it cannot be removed it is replaced, or found damaged again.
                let _ = fs::remove_file(&path);
                Err(Failure::Damaged)
            }
        }
    }

    /// Writes an entry. Two runs that write the same one at once write the same bytes.
    pub(super) fn put(&self, key: &Key, content: &[u8]) -> Result<(), Failure> {
        let path = self.path(key);
        make_private(path.parent().unwrap_or(&self.folder))?;
        // A temporary file can be read by its user alone.
        let mut file = tempfile::Builder::new().prefix(PARTIAL).tempfile_in(&self.folder)?;
        // Held while it is written, so that no other run takes it for left behind.
        file.as_file().lock()?;
        file.write_all(FORM)?;
        file.write_all(checksum(key, content).as_bytes())?;
        file.write_all(content)?;
        match file.persist(&path) {
            // Another run took it for left behind in the moment before it was locked: then it is not kept.
            Err(error) if error.error.kind() == io::ErrorKind::NotFound => Ok(()),
            kept => kept.map(drop).map_err(|error| error.error.into()),
        }
    }

    /// Removes what runs that were killed had begun to write, then the oldest entries until the others have room. When they were written decides about nothing else.
    pub(super) fn make_room(&self) {
        let mut files = Vec::new();
        collect(&self.folder, &mut files);
        files.retain(|(_, _, path)| !is_left(path) || fs::remove_file(path).is_err());
        let mut bytes: u64 = files.iter().map(|(_, bytes, _)| bytes).sum();
        files.sort();
        for (_, length, path) in files {
            if bytes <= ROOM {
                return;
            }
            // Another run may have removed it.
            let _ = fs::remove_file(path);
            bytes -= length;
        }
    }
}

/// Whether a file is one that a run had begun to write, and no run holds.
fn is_left(path: &Path) -> bool {
    let is_partial = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(PARTIAL));
    is_partial && File::open(path).is_ok_and(|file| file.try_lock().is_ok())
}

/// The age, length and path of every file below a folder. What cannot be read is left alone.
fn collect(folder: &Path, files: &mut Vec<(u128, u64, PathBuf)>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(found) = entry.metadata() else { continue };
        if found.is_dir() {
            collect(&entry.path(), files);
        } else if found.is_file() {
            let written = found.modified().ok().and_then(|moment| moment.duration_since(UNIX_EPOCH).ok());
            files.push((written.map_or(0, |since| since.as_nanos()), found.len(), entry.path()));
        }
    }
}

/// A line with a digest over the name, too: an entry under another one's name is damaged.
fn checksum(key: &Key, content: &[u8]) -> String {
    digest(&[key.kind().as_bytes(), key.to_string().as_bytes(), content].concat()) + "\n"
}

fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder)
}

#[cfg(unix)]
fn is_open_to_others(folder: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::metadata(folder)?.permissions().mode() & 0o077 != 0)
}

/// Folders of a user's profile are that user's alone.
#[cfg(not(unix))]
fn is_open_to_others(_: &Path) -> io::Result<bool> {
    Ok(false)
}

#[cfg(test)]
mod tests;
