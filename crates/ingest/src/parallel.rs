//! Work on several threads, with the results of the same work in the same order on any number of them.
//!
//! How many threads there are is the caller's to say. They end before the functions here do.

use std::num::NonZeroUsize;
use std::thread;

/// The results of two pieces of work, done beside each other where there are two threads.
pub(crate) fn both<A: Send, B>(
    threads: NonZeroUsize,
    first: impl FnOnce() -> A + Send,
    second: impl FnOnce() -> B,
) -> (A, B) {
    if threads.get() == 1 {
        return (first(), second());
    }
    thread::scope(|scope| {
        let first = scope.spawn(first);
        let second = second();
        (joined(first), second)
    })
}

/// What `work` makes of each item, in the order of the items, with a thread for each of them.
pub(crate) fn each<T: Send, R: Send>(items: Vec<T>, work: &(impl Fn(T) -> R + Sync)) -> Vec<R> {
    if items.len() == 1 {
        return items.into_iter().map(work).collect();
    }
    thread::scope(|scope| {
        let started: Vec<_> = items.into_iter().map(|item| scope.spawn(move || work(item))).collect();
        started.into_iter().map(joined).collect()
    })
}

/// What the threads are called that decode files with decoders of others. Some damaged files make those panic, which is then told as
/// damage; whoever prints panics may leave out theirs.
pub const DECODER_THREADS: &str = "decoder";

/// The result of work in a thread of its own, [`DECODER_THREADS`]; `None` where that ended in a panic.
pub(crate) fn apart<R: Send>(work: impl FnOnce() -> R + Send) -> Option<R> {
    thread::scope(|scope| {
        let thread = thread::Builder::new().name(DECODER_THREADS.to_owned()).spawn_scoped(scope, work);
        thread.expect("the system can start a thread").join().ok()
    })
}

/// The result of a thread. A panic in it is a bug, and goes on here.
fn joined<R>(thread: thread::ScopedJoinHandle<'_, R>) -> R {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
