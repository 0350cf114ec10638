//! Where a run keeps what the next one can use.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;
use pipeline::Caching;

/// What tells this build of the program from others.
const PROGRAM: &str = concat!(env!("CARGO_PKG_VERSION"), " ", env!("BAROMETER_BUILD"));

/// The cache. Results do not depend on it.
#[derive(Debug, Args)]
#[command(next_help_heading = "Cache")]
pub(crate) struct CacheFolder {
    /// The folder in which estimates and pages are kept for the next run; it holds estimates that are not rounded, so others may have no rights
    /// there [default: a folder of your own for caches]
    #[arg(long, value_name = "DIR", conflicts_with = "no_cache")]
    cache: Option<PathBuf>,
    /// Carry out every step and keep nothing
    #[arg(long)]
    no_cache: bool,
}

impl CacheFolder {
    /// What was asked for; nothing is kept where the user has no folder for caches.
    pub(crate) fn caching(&self) -> Option<Caching> {
        if self.no_cache {
            return None;
        }
        let folder = self.cache.clone().or_else(|| usual(&|name| std::env::var_os(name)))?;
        Some(Caching { folder, program: PROGRAM.to_owned() })
    }
}

/// The user's folder for caches, as each system has it.
fn usual(variable: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let folder = |name| variable(name).map(PathBuf::from).filter(|folder| folder.is_absolute());
    let caches = if cfg!(windows) {
        folder("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        folder("HOME").map(|home| home.join("Library/Caches"))
    } else {
        folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")))
    };
    Some(caches?.join("barometer").join("steps"))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[track_caller]
    fn check(variables: &[(&str, &str)], expected: Option<&str>) {
        let variable =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, it)| OsString::from(it));
        assert_eq!(usual(&variable), expected.map(PathBuf::from));
    }

    #[test]
    fn the_folder_for_caches_is_the_one_that_the_system_names() {
        check(&[("HOME", "/home/a"), ("XDG_CACHE_HOME", "/var/a")], Some("/var/a/barometer/steps"));
        check(&[("HOME", "/home/a")], Some("/home/a/.cache/barometer/steps"));
        // What is not a path from the root is not to be used.
        check(&[("HOME", "/home/a"), ("XDG_CACHE_HOME", "")], Some("/home/a/.cache/barometer/steps"));
        check(&[("XDG_CACHE_HOME", "caches")], None);
        check(&[], None);
    }
}
