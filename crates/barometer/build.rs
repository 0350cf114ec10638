//! Tells the program which build it is: a digest of everything that its output depends on besides its inputs.
//!
//! What an earlier run kept is taken only by the same build, so a change of any step, template or library makes everything anew, without a
//! version that somebody would have to raise. The digest tells builds apart on one machine; no output depends on it.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The crates whose code decides what is written, from this crate's folder.
const CRATES: [&str; 8] = ["codebook", "ingest", "estimate", "tabulate", "disclose", "report", "dataset", "pipeline"];

/// Parts of a crate.
const PARTS: [&str; 3] = ["Cargo.toml", "src", "fonts"];

fn main() -> io::Result<()> {
    let parts = CRATES.iter().flat_map(|name| PARTS.map(|part| Path::new("..").join(name).join(part)));
    let whole = ["../../Cargo.toml", "../../Cargo.lock", "../../templates"].map(PathBuf::from);
    let mut files = BTreeSet::new();
    for path in parts.chain(whole).filter(|path| path.exists()) {
        println!("cargo:rerun-if-changed={}", path.display());
        collect(path, &mut files)?;
    }
    let mut hasher = DefaultHasher::new();
    for file in &files {
        // A path is hashed by its parts, which are the same on every system.
        (file, fs::read(file)?).hash(&mut hasher);
    }
    println!("cargo:rustc-env=BAROMETER_BUILD={:016x}", hasher.finish());
    Ok(())
}

/// The file, or every file below the folder.
fn collect(path: PathBuf, files: &mut BTreeSet<PathBuf>) -> io::Result<()> {
    if !path.is_dir() {
        files.insert(path);
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        collect(entry?.path(), files)?;
    }
    Ok(())
}
