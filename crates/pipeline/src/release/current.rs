//! The pointer to the newest edition: `<out>/<country>/current`, which a web server can follow for years.
//!
//! It is replaced in one step, after the release stands in its place. So whoever follows it, at whatever moment, finds a whole release. Systems
//! without symbolic links have none.

use std::fs;
use std::io;
use std::path::Path;

use codebook::{EditionId, Finding, Place};

use crate::load::shown;
use crate::stopping::uninterrupted;

/// The pointer's name.
const CURRENT: &str = "current";

/// Lets the pointer name this edition, unless it names a later one. A release stands without it, so what keeps it from being made is a warning.
pub(crate) fn point(out: &Path, country: &str, edition: &str) -> Option<Finding> {
    let parent = out.join(country);
    let error = uninterrupted(|| replace(&parent, edition)).err()?;
    let place = Place::File { file: shown(&parent.join(CURRENT)) };
    let finding =
        Finding::warning(place, "no-pointer", format!("the release stands, but this does not point at it: {error}"));
    Some(finding.hint(format!("let it be a symbolic link to {edition}, or publish on a disk that has such links")))
}

#[cfg(unix)]
fn replace(parent: &Path, edition: &str) -> io::Result<()> {
    let pointer = parent.join(CURRENT);
    let named = fs::read_link(&pointer).ok().map(|target| target.to_string_lossy().into_owned());
    if named.is_some_and(|named| named == edition || (later(&named, edition) && parent.join(&named).is_dir())) {
        return Ok(());
    }
    let partial = parent.join(format!(".{CURRENT}.partial"));
    match fs::remove_file(&partial) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    std::os::unix::fs::symlink(edition, &partial)?;
    fs::rename(&partial, &pointer).inspect_err(|_| {
        // What cannot take its place is not left beside it.
        let _ = fs::remove_file(&partial);
    })
}

#[cfg(not(unix))]
fn replace(_: &Path, _: &str) -> io::Result<()> {
    Ok(())
}

/// Whether an edition is of a later wave than another one, or corrects it.
fn later(one: &str, other: &str) -> bool {
    let edition = |name: &str| EditionId::new(name).ok();
    edition(one).zip(edition(other)).is_some_and(|(one, other)| one > other)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[track_caller]
    fn check(out: &Path, published: &str, expected: &str) {
        fs::create_dir_all(out.join("abc").join(published)).expect("a folder can be made");
        assert_eq!(point(out, "abc", published), None);
        let found = fs::read_link(out.join("abc/current")).expect("it is a link");
        assert_eq!(found.to_str(), Some(expected));
        assert!(out.join("abc/current/.").is_dir());
    }

    #[test]
    fn the_pointer_names_the_newest_edition_whatever_is_published_last() {
        let out = tempfile::tempdir().expect("a temporary folder can be made");
        check(out.path(), "2019", "2019");
        check(out.path(), "2019.1", "2019.1");
        check(out.path(), "2021", "2021");
        check(out.path(), "2019.2", "2021");
        check(out.path(), "2019", "2021");
        fs::remove_dir(out.path().join("abc/2021")).expect("it is there");
        check(out.path(), "2019", "2019");
    }

    #[test]
    fn a_folder_in_the_place_of_the_pointer_is_a_warning_and_stays() {
        let out = tempfile::tempdir().expect("a temporary folder can be made");
        fs::create_dir_all(out.path().join("abc/current/kept")).expect("a folder can be made");
        let warning = point(out.path(), "abc", "2019").expect("it cannot be replaced");
        assert_eq!(warning.severity, codebook::Severity::Warning);
        assert!(out.path().join("abc/current/kept").is_dir());
        let names: Vec<_> = fs::read_dir(out.path().join("abc")).expect("it is there").flatten().collect();
        assert_eq!(names.len(), 1, "nothing is left beside it: {names:?}");
    }
}
