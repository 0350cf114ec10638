//! What runs keep for the next ones, by what it was made from.
//!
//! An entry's name is a digest of everything that its content depends on: content of files, never their paths or times. So nothing in the cache
//! can be out of date, entries can be shared by runs that are at work at once, and the folder can be deleted at any moment. What another build of
//! the program kept has another name, which spares every step a version of its own that somebody would have to remember.
//!
//! Entries hold no answers, but estimates that are not rounded, so the folder is for one user alone and never lies among what is published. A
//! cache that cannot be used stops no run; it is told.

mod key;
mod steps;
mod store;

use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use codebook::{Finding, Place};

pub(crate) use key::Key;
pub use steps::{Step, Steps};
use store::{Failure, Store};

use crate::load::shown;
use crate::{Event, PipelineError};

/// Where a run keeps what the next ones can use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caching {
    /// The folder. It is made, for its user alone, if it is not there.
    pub folder: PathBuf,
    /// What tells this build of the program from every other one that could make other files from the same inputs.
    pub program: String,
}

/// The cache of one run, which counts its steps, too; its pages are made by several threads. Without a folder every step is carried out.
pub(crate) struct Cache {
    store: Option<Store>,
    program: String,
    steps: Mutex<Steps>,
    /// Whether something was kept, so that others may have to make room for it.
    grew: AtomicBool,
    notes: Mutex<Vec<Finding>>,
}

impl Cache {
    /// One that keeps nothing.
    pub(crate) fn none() -> Self {
        Self {
            store: None,
            program: String::new(),
            steps: Mutex::default(),
            grew: AtomicBool::new(false),
            notes: Mutex::default(),
        }
    }

    /// The cache that a run asks for, which publishes below `out` or nowhere.
    ///
    /// # Errors
    /// When it would lie among what is published.
    pub(crate) fn open(caching: Option<&Caching>, out: Option<&Path>) -> Result<Self, PipelineError> {
        let mut cache = Self::none();
        let Some(caching) = caching else { return Ok(cache) };
        if let Some(out) = out
            && whole(&caching.folder).starts_with(whole(out))
        {
            let message = format!(
                "the cache {} would lie in {}, where only what may be published does: name another folder with --cache",
                caching.folder.display(),
                out.display()
            );
            return Err(PipelineError::Usage { message });
        }
        cache.program.clone_from(&caching.program);
        match Store::open(&caching.folder) {
            Ok(store) => cache.store = Some(store),
            Err(failure) => cache.note(&caching.folder, &failure),
        }
        Ok(cache)
    }

    /// Whether anything can be kept; if not, nobody need make a key.
    pub(crate) fn keeps(&self) -> bool {
        self.store.is_some()
    }

    /// The beginning of a key: what is kept, and by which program.
    pub(crate) fn key(&self, kind: &'static str) -> Key {
        Key::new(kind, &self.program)
    }

    /// What was kept under this key; what is damaged is removed and noted.
    pub(crate) fn recall(&self, key: &Key) -> Option<Vec<u8>> {
        let store = self.store.as_ref()?;
        match store.get(key) {
            Ok(found) => found,
            Err(failure) => {
                self.note(&store.path(key), &failure);
                None
            }
        }
    }

    /// Keeps something under this key. What cannot be kept is noted.
    pub(crate) fn keep(&self, key: &Key, bytes: &[u8]) {
        self.grew.store(true, Ordering::Relaxed);
        if let Some(store) = &self.store
            && let Err(failure) = store.put(key, bytes)
        {
            self.note(store.folder(), &failure);
        }
    }

    /// Takes what an earlier run kept for a step, or carries it out and keeps what comes of it.
    pub(crate) fn made<E>(
        &self,
        step: Step,
        key: impl FnOnce(Key) -> Key,
        make: impl FnOnce() -> Result<Vec<u8>, E>,
    ) -> Result<Vec<u8>, E> {
        if !self.keeps() {
            self.done(step);
            return make();
        }
        let key = key(self.key(step.as_str()));
        if let Some(found) = self.recall(&key) {
            self.reused(step);
            return Ok(found);
        }
        self.done(step);
        let bytes = make()?;
        self.keep(&key, &bytes);
        Ok(bytes)
    }

    /// Counts a step that is carried out.
    pub(crate) fn done(&self, step: Step) {
        held(&self.steps).add_done(step);
    }

    /// Counts a step whose result was kept by an earlier run.
    pub(crate) fn reused(&self, step: Step) {
        held(&self.steps).add_reused(step);
    }

    /// Tells what was done and what was not, and what is wrong with the cache, and makes room in it where something was added.
    pub(crate) fn close(&self, tell: &mut dyn FnMut(Event<'_>)) {
        if let Some(store) = self.store.as_ref().filter(|_| self.grew.load(Ordering::Relaxed)) {
            store.make_room();
        }
        for note in std::mem::take(&mut *held(&self.notes)) {
            tell(Event::Warning(&note));
        }
        tell(Event::Steps(&held(&self.steps)));
    }

    /// Notes a failure, each kind once for a file.
    fn note(&self, path: &Path, failure: &Failure) {
        let place = Place::File { file: shown(path) };
        let note = Finding::warning(place, "cache", failure.to_string()).hint(failure.help());
        let mut notes = held(&self.notes);
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
}

/// A panic of another thread leaves counts and notes as good as they were.
fn held<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The path from the root, without `..`, and without links as far as the folders exist.
fn whole(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf()).components() {
        if part == Component::ParentDir {
            plain.pop();
        } else {
            plain.push(part);
        }
    }
    let path = plain;
    let known = path.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)));
    match known {
        Some((above, real)) => path.strip_prefix(above).map_or(real.clone(), |below| real.join(below)),
        None => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cache: &str, out: &str, expected: bool) {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let caching = Caching { folder: folder.path().join(cache), program: "1".to_owned() };
        let opened = Cache::open(Some(&caching), Some(&folder.path().join(out)));
        assert_eq!(opened.is_ok(), expected, "{cache} beside {out}");
        assert_eq!(caching.folder.exists(), expected, "{cache} beside {out}");
    }

    #[test]
    fn a_cache_lies_beside_what_is_published_and_never_in_it() {
        check("cache", "out", true);
        check("out-cache", "out", true);
        check("work/../cache", "out", true);
        check("out/../cache", "out", true);
        check("out", "out", false);
        check("out/cache", "out", false);
        check("cache/../out/cache", "out", false);
        check("out/cache", "work/../out", false);
    }

    #[test]
    fn without_a_cache_steps_are_counted_and_carried_out() {
        let cache = Cache::none();
        let made = |bytes: &[u8]| cache.made(Step::Page, |key| key, || Ok::<_, ()>(bytes.to_vec()));
        assert_eq!([made(b"a"), made(b"b")], [Ok(b"a".to_vec()), Ok(b"b".to_vec())]);
        cache.close(&mut |event| {
            let Event::Steps(steps) = event else { panic!("nothing is wrong") };
            assert_eq!((steps.done(Step::Page), steps.all_done(), steps.all_reused()), (2, 2, 0));
        });
    }
}
