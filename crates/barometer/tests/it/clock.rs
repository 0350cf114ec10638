//! Clocks that say something else: what a run makes depends on them only as its moment of release asks, and no byte of it does.
//!
//! The program is started with a clock of its own: a few lines of C stand before the system's, where there is a compiler for them.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::house::{Said, barometer, copy, differing, tree};

/// What stands before the system's clock. Only the time of day is another one; what measures how long something takes is left alone.
const CLOCK: &str = r#"
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
int clock_gettime(clockid_t clock, struct timespec *now) {
  int told = (int)syscall(SYS_clock_gettime, clock, now);
  const char *said = getenv("CLOCK_SAYS");
  if (clock == CLOCK_REALTIME && said) now->tv_sec = atol(said);
  return told;
}
"#;

/// Builds it; `None` where there is no compiler for it.
pub(crate) fn clock(folder: &Path) -> Option<PathBuf> {
    let (source, library) = (folder.join("clock.c"), folder.join("clock.so"));
    fs::write(&source, CLOCK).expect("a file can be written");
    let built = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&source).output();
    built.is_ok_and(|output| output.status.success()).then_some(library)
}

/// Writes past the harness, which keeps what a passing test prints to itself.
pub(crate) fn left_out(why: &str) {
    writeln!(io::stdout(), "\nleft out: {why}").expect("standard output can be written");
}

/// The seconds of a moment since 1970.
pub(crate) fn seconds(moment: &str) -> String {
    moment.parse::<jiff::Timestamp>().expect("a moment").as_second().to_string()
}

/// The schools of 2000, to be released at nine on the first of February 2001, in a folder of their own.
struct Office {
    folder: tempfile::TempDir,
    clock: PathBuf,
}

impl Office {
    fn new(release_at: Option<&str>) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let repository = testkit::repository();
        copy(&repository.join("pipelines/schools"), &folder.path().join("schools"));
        copy(&repository.join("fixtures/schools/2000/raw"), &folder.path().join("schools/raw/2000"));
        if let Some(moment) = release_at {
            let file = folder.path().join("schools/waves/2000.toml");
            let text = fs::read_to_string(&file).expect("the wave has a file");
            let line = text.lines().find(|line| line.starts_with("published = ")).expect("a day of publication");
            let moment = format!("published = {}\nrelease_at = {moment}", &moment[..10]);
            fs::write(&file, text.replace(line, &moment)).expect("a file can be written");
        }
        let Some(clock) = clock(folder.path()) else {
            left_out("there is no C compiler, so no clock can be put before the system's: install gcc or clang as cc");
            return None;
        };
        Some(Self { folder, clock })
    }

    /// Runs while the clock says this.
    fn run_at(&self, now: &str, arguments: &[&str]) -> Said {
        self.run_at_second(&seconds(now), arguments)
    }

    fn run_at_second(&self, second: &str, arguments: &[&str]) -> Said {
        let mut command = barometer();
        command.current_dir(self.folder.path()).env("LD_PRELOAD", &self.clock).env("CLOCK_SAYS", second);
        command.args(["run", "schools", "--wave", "2000"]).args(arguments).output().expect("it starts").into()
    }

    fn has(&self, below: &str) -> bool {
        self.folder.path().join(below).exists()
    }
}

const MOMENT: &str = "2001-02-01T09:00:00-08:00";
const RELEASE: &str = "out/schools/2000/index.html";

#[test]
fn no_byte_depends_on_the_clock() {
    let Some(office) = Office::new(None) else { return };
    let clocks = ["1970-01-01T00:00:01Z", "2026-11-23T12:00:00Z", "2106-02-07T06:28:15Z"];
    let release = |(index, now): (usize, &str)| {
        let out = format!("out-{index}");
        let said = office.run_at(now, &["--out", &out]);
        assert_eq!(said.code, Some(0), "{}", said.err);
        tree(&office.folder.path().join(out).join("schools/2000"))
    };
    let releases: Vec<_> = clocks.into_iter().enumerate().map(release).collect();
    assert_eq!(differing(&releases[0], &releases[1]), Vec::<String>::new());
    assert_eq!(differing(&releases[0], &releases[2]), Vec::<String>::new());
}

#[test]
fn a_second_before_its_moment_an_edition_is_a_draft_and_at_it_a_release() {
    let Some(office) = Office::new(Some(MOMENT)) else { return };
    let early = "2001-02-01T16:59:59Z";
    assert_eq!(office.run_at(early, &["--publish"]).code, Some(6));
    let said = office.run_at(early, &[]);
    assert_eq!((said.code, office.has(RELEASE)), (Some(0), false), "{}", said.err);
    assert!(said.err.contains("  draft     not released before 2001-02-01T09:00:00-08:00"), "{}", said.err);
    let said = office.run_at("2001-02-01T17:00:00Z", &["--publish"]);
    assert_eq!((said.code, office.has(RELEASE)), (Some(0), true), "{}", said.err);
}

#[test]
fn a_clock_that_is_far_off_publishes_nothing_and_the_message_says_what_to_do() {
    let Some(office) = Office::new(Some(MOMENT)) else { return };
    for (now, told) in
        [("1970-01-01T00:00:01Z", "1970-01-01T00:00:01Z"), ("2286-11-20T17:46:39Z", "2286-11-20T17:46:39Z")]
    {
        for arguments in [&[][..], &["--publish"]] {
            let said = office.run_at(now, arguments);
            assert_eq!((said.code, office.has("out")), (Some(1), false), "{}", said.err);
            let expected = format!(
                "error: the clock of this machine says {told}, so nobody knows whether it is time for schools 2000; nothing was written\n\
                 help: set the clock, or say --draft, which makes a draft at any time\n"
            );
            assert!(said.err.ends_with(&expected), "{}", said.err);
        }
    }
    assert_eq!(office.run_at("1970-01-01T00:00:01Z", &["--draft"]).code, Some(0));
}

/// Twelve thousand years on: no moment of the calendar is said by such a clock. (None that a system takes says a time before 1970.)
#[test]
fn a_clock_beyond_the_calendar_is_far_off_and_nothing_worse() {
    const SECONDS: &str = "400000000000";
    let Some(office) = Office::new(Some(MOMENT)) else { return };
    let said = office.run_at_second(SECONDS, &["--publish"]);
    assert_eq!((said.code, office.has("out")), (Some(1), false), "{}", said.err);
    let told = said.err.contains("error: the clock of this machine says 9999-12-30T22:00:00Z, so nobody knows");
    assert!(told && said.err.contains("help: set the clock"), "{}", said.err);
    let Some(office) = Office::new(None) else { return };
    let said = office.run_at_second(SECONDS, &[]);
    assert_eq!((said.code, office.has(RELEASE)), (Some(0), true), "where it decides nothing: {}", said.err);
}
