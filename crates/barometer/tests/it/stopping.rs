//! Runs that are ended in the middle: the last release stays whole, and no answers are left behind.

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::house::{barometer, tree};

/// Starts a run of the schools that works in `work` and publishes to `out`, both below the folder.
fn start(folder: &Path) -> Child {
    fs::create_dir_all(folder.join("work")).expect("a folder can be made");
    barometer()
        .args(["run", "pipelines/schools", "--raw", "fixtures/schools/2000/raw", "--out"])
        .arg(folder.join("out"))
        .arg("--work")
        .arg(folder.join("work"))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

/// Asserts that the release is there with every file that its manifest lists, each with its digest, and no other; gives the manifest.
fn assert_whole(folder: &Path) -> Vec<u8> {
    // Through the pointer, as a reader comes.
    let pointer = if cfg!(unix) { "current" } else { "2000" };
    let mut files = tree(&folder.join("out/schools").join(pointer));
    let manifest = files.remove("manifest.json").expect("a release has a manifest");
    let read: Value = serde_json::from_slice(&manifest).expect("a manifest is JSON");
    for output in read["outputs"].as_array().expect("a list of files") {
        let path = output["path"].as_str().expect("a path");
        let bytes = files.remove(path).unwrap_or_else(|| panic!("{path} is missing"));
        let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(output["sha256"].as_str(), Some(digest.as_str()), "{path}");
    }
    assert!(files.is_empty(), "not in the manifest: {:?}", files.keys());
    manifest
}

/// What lies beside the release: hidden folders of runs that were killed, and the lock.
fn beside(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder.join("out/schools")).expect("the folder is there");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect();
    names.retain(|name| !["2000", ".2000.lock", "current"].contains(&name.as_str()));
    names
}

/// Killed without warning at 200 moments spread over a run: a release that stood stands, and the next run clears what was left.
#[test]
fn a_run_that_is_killed_at_any_moment_leaves_the_last_release_whole() {
    const RUNS: u32 = 200;
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let whole_run = || {
        let started = Instant::now();
        assert!(start(folder.path()).wait().expect("it ends").success());
        started.elapsed()
    };
    let lasts = whole_run();
    let first = assert_whole(folder.path());
    let mut killed = 0;
    for number in 0..RUNS {
        let mut run = start(folder.path());
        std::thread::sleep(lasts * number / RUNS);
        run.kill().expect("it can be killed, or has ended");
        killed += u32::from(!run.wait().expect("it ends").success());
        assert_eq!(assert_whole(folder.path()), first, "run {number}");
        assert!(
            beside(folder.path()).iter().all(|name| name.starts_with(".2000.") || name == ".current.partial"),
            "{:?}",
            beside(folder.path())
        );
    }
    assert!(killed > RUNS / 4, "only {killed} of {RUNS} runs were killed before they had ended");
    whole_run();
    assert_eq!(assert_whole(folder.path()), first);
    assert_eq!(beside(folder.path()), Vec::<String>::new(), "a run clears what killed ones left");
}

/// Told to stop at moments spread over a run, it stops there and leaves nothing.
#[cfg(unix)]
#[test]
fn a_run_that_is_told_to_stop_leaves_no_answers_behind() {
    const RUNS: u32 = 40;
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let started = Instant::now();
    assert!(start(folder.path()).wait().expect("it ends").success());
    let lasts = started.elapsed();
    let mut stopped = 0;
    for number in 0..RUNS {
        let run = start(folder.path());
        std::thread::sleep(Duration::from_millis(20) + lasts * number / RUNS);
        let signal = if number % 2 == 0 { "-TERM" } else { "-INT" };
        // A run that has ended is no longer there to be told.
        let _ = std::process::Command::new("kill").arg(signal).arg(run.id().to_string()).output();
        let output = run.wait_with_output().expect("it ends");
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        if output.status.code() == Some(130) {
            stopped += 1;
            assert!(
                said.ends_with("stopped; the last release is as it was, and no file of answers is left\n"),
                "{said}"
            );
        } else {
            // It had ended, or had not begun: before the handler is there nothing is on the disk.
            assert!(output.status.success() || output.status.code().is_none(), "{number}: {:?} {said}", output.status);
        }
        assert_eq!(fs::read_dir(folder.path().join("work")).expect("it is there").count(), 0, "run {number}");
        assert_eq!(beside(folder.path()), Vec::<String>::new(), "run {number}");
        assert_whole(folder.path());
    }
    assert!(stopped > RUNS / 4, "only {stopped} of {RUNS} runs were stopped before they had ended");
}
