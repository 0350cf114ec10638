//! Runs that are ended in the middle: the last release stays whole, and no answers are left behind.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::house::{barometer, copy, tree};

/// Starts a run of the schools that works in `work` and publishes to `out`, both below the folder.
fn start(folder: &Path) -> Child {
    start_with(folder, &[])
}

/// The same with more arguments.
fn start_with(folder: &Path, more: &[&str]) -> Child {
    fs::create_dir_all(folder.join("work")).expect("a folder can be made");
    barometer()
        .current_dir(folder)
        .args(["run", "schools", "--out", "out", "--work", "work"])
        .args(more)
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

/// The schools with their raw file, in a folder of their own.
fn office() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let repository = testkit::repository();
    copy(&repository.join("pipelines/schools"), &folder.path().join("schools"));
    copy(&repository.join("fixtures/schools/2000/raw"), &folder.path().join("schools/raw/2000"));
    folder
}

/// Says something else on a page, so that the run that follows publishes another release.
fn say_otherwise(folder: &Path, number: u32) {
    let file = folder.join("schools/report/2000/scores.en.md");
    let text = fs::read_to_string(&file).expect("the text is there");
    let text = text.split("\n\nThis is state ").next().unwrap_or_default().trim_end().to_owned();
    let state = ["a", "b", "c", "d"][usize::try_from(number).expect("few") % 4];
    fs::write(file, format!("{text}\n\nThis is state {state}.\n")).expect("it can be written");
}

/// Killed without warning at 200 random moments, each time while another release is made, every other time with a cache: what readers are pointed at is
/// a whole release of one state or the other, and nothing is left but hidden folders that the next run clears.
#[test]
fn a_run_that_is_killed_at_any_moment_leaves_the_last_release_whole() {
    const RUNS: u32 = 200;
    let folder = office();
    let cached = ["--cache", "cache"];
    let whole_run = |more: &[&str]| {
        let started = Instant::now();
        assert!(start_with(folder.path(), more).wait().expect("it ends").success());
        started.elapsed()
    };
    let lasts = [whole_run(&[]), whole_run(&cached)];
    let mut random = testkit::Random(3);
    let (mut killed, mut releases) = (0, BTreeSet::new());
    for number in 0..RUNS {
        say_otherwise(folder.path(), number);
        let with_cache = number % 2 == 1;
        let mut run = start_with(folder.path(), if with_cache { &cached } else { &[] });
        let thousandths = u32::try_from(random.below(1_100)).expect("few");
        std::thread::sleep(lasts[usize::from(with_cache)] * thousandths / 1_000);
        run.kill().expect("it can be killed, or has ended");
        killed += u32::from(!run.wait().expect("it ends").success());
        releases.insert(assert_whole(folder.path()));
        let beside = beside(folder.path());
        let is_temporary = |name: &String| name.starts_with(".2000.") || name == ".current.partial";
        assert!(beside.iter().all(is_temporary), "run {number} left {beside:?}");
        let private = entries(&folder.path().join("work"));
        assert!(private.len() <= 1, "each run clears what the last one left, but for its own: {private:?}");
    }
    assert!(killed > RUNS / 4, "only {killed} of {RUNS} runs were killed before they had ended");
    assert!(releases.len() > 1, "no release was exchanged with another one");
    // The next run clears everything, whether it has anything to do or not.
    whole_run(&cached);
    whole_run(&cached);
    assert_whole(folder.path());
    assert_eq!(beside(folder.path()), Vec::<String>::new(), "a run clears what killed ones left");
    assert_eq!(entries(&folder.path().join("work")), Vec::<String>::new(), "no answers are left");
    let left: Vec<String> =
        entries(&folder.path().join("cache")).into_iter().filter(|name| name.starts_with('.')).collect();
    assert_eq!(left, Vec::<String>::new(), "no half of an entry is left");
    let verified =
        barometer().current_dir(folder.path()).args(["verify", "out/schools/current", "--country", "schools"]).output();
    assert_eq!(verified.expect("it starts").status.code(), Some(0));
}

/// A run that finds nothing to do clears what one left that was killed in the middle of publishing.
#[test]
fn a_run_that_finds_nothing_to_do_clears_what_a_killed_one_left() {
    let folder = office();
    let run = || assert!(start_with(folder.path(), &["--cache", "cache"]).wait().expect("it ends").success());
    run();
    fs::create_dir_all(folder.path().join("out/schools/.2000.partial/en")).expect("a folder can be made");
    fs::write(folder.path().join("out/schools/.2000.partial/index.html"), "half").expect("a file can be written");
    run();
    assert_eq!(beside(folder.path()), Vec::<String>::new());
    assert_whole(folder.path());
}

/// The names in a folder.
fn entries(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).expect("the folder is there");
    names.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

/// Runs at once: one publishes, the others say that they cannot or find it done; nothing is torn.
#[test]
fn runs_at_once_of_one_edition_end_with_a_whole_release_or_a_clear_word() {
    let folder = office();
    let runs: Vec<Child> = (0..4).map(|_| start(folder.path())).collect();
    let mut published = 0;
    for run in runs {
        let output = run.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        match output.status.code() {
            Some(0) => published += 1,
            Some(8) => assert!(
                said.ends_with("error: another run holds out/schools/.2000.lock: wait until it is done, or end it\n"),
                "{said}"
            ),
            other => panic!("{other:?}: {said}"),
        }
    }
    assert!(published >= 1);
    assert_whole(folder.path());
    assert_eq!(beside(folder.path()), Vec::<String>::new());
    assert_eq!(entries(&folder.path().join("work")), Vec::<String>::new());
}

/// Told to stop at moments spread over a run, it stops there and leaves nothing.
#[cfg(unix)]
#[test]
fn a_run_that_is_told_to_stop_leaves_no_answers_behind() {
    const RUNS: u32 = 40;
    let folder = office();
    let started = Instant::now();
    assert!(start(folder.path()).wait().expect("it ends").success());
    let lasts = started.elapsed();
    let mut stopped = 0;
    for number in 0..RUNS {
        let run = start(folder.path());
        std::thread::sleep(Duration::from_millis(20) + lasts * number / RUNS);
        let signals = ["-TERM", "-INT", "-QUIT", "-XCPU", "-HUP"];
        let signal = signals[usize::try_from(number).expect("few") % signals.len()];
        // A run that has ended is no longer there to be told.
        let _ = std::process::Command::new("kill").arg(signal).arg(run.id().to_string()).output();
        let told = Instant::now();
        let output = run.wait_with_output().expect("it ends");
        // Half of this machine may be busy with other tests; a second is what is promised of an idle one.
        assert!(told.elapsed() < Duration::from_secs(5), "it took {:?} to stop", told.elapsed());
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

/// What reads a file and makes no release says so.
#[cfg(unix)]
#[test]
fn an_inspection_that_is_told_to_stop_says_nothing_of_releases() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let pipe = folder.path().join("export.csv");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("there is mkfifo").success());
    for (arguments, said) in [
        (&["inspect"][..], "stopped; nothing was written\n"),
        (&["new", "ABC", "--wave", "2020", "--from-export"], "stopped; no half of a country is left\n"),
    ] {
        let mut command = barometer();
        command.current_dir(folder.path()).args(arguments).arg(&pipe).stderr(Stdio::piped());
        let reader = command.spawn().expect("the program starts");
        // Opening waits until the program reads, which it does once it can be told.
        let _writer = fs::OpenOptions::new().write(true).open(&pipe).expect("somebody reads");
        let told = std::process::Command::new("kill").arg("-TERM").arg(reader.id().to_string()).status();
        assert!(told.expect("there is kill").success());
        let output = reader.wait_with_output().expect("it ends");
        assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(130), said));
    }
}
