//! What goes wrong around a run: a full disk, a target that cannot be written, files that change, names of all kinds. The message says what to
//! do, and the last release stays as it was.
#![cfg(unix)]

use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::house::{Said, barometer, copy, differing, tree};

/// A user without any rights of its own.
const NOBODY: u32 = 65_534;

/// The schools with their raw file, in a folder of their own that everybody can read.
fn office() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let repository = testkit::repository();
    copy(&repository.join("pipelines/schools"), &folder.path().join("schools"));
    copy(&repository.join("fixtures/schools/2000/raw"), &folder.path().join("schools/raw/2000"));
    allow(folder.path(), 0o755);
    folder
}

fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("the folder is ours");
}

fn run_in(folder: &Path, arguments: &[&str]) -> Said {
    barometer().current_dir(folder).args(["run", "schools"]).args(arguments).output().expect("it starts").into()
}

/// Writes past the harness, which keeps what a passing test prints to itself.
fn left_out(why: &str) {
    writeln!(io::stdout(), "\nleft out: {why}").expect("standard output can be written");
}

#[test]
fn a_disk_that_is_full_leaves_the_last_release_and_says_what_to_do() {
    let office = office();
    assert_eq!(run_in(office.path(), &[]).code, Some(0));
    let before = tree(&office.path().join("out/schools"));
    // No file may be longer than 8 blocks of 512 bytes, which fails at the same place as a disk without room.
    let program = env!("CARGO_BIN_EXE_barometer");
    let script = format!("ulimit -f 8; exec '{program}' run schools --work .");
    let said: Said = Command::new("sh")
        .current_dir(office.path())
        .env_remove("HOME")
        .env_remove("XDG_CACHE_HOME")
        .args(["-c", &script])
        .output()
        .expect("a shell")
        .into();
    assert_eq!(said.code, Some(1), "{}", said.err);
    let lines: Vec<&str> = said.err.lines().rev().take(2).collect();
    assert!(lines[1].starts_with("error: cannot write "), "{}", said.err);
    assert_eq!(
        lines[0],
        "help: make room there, or name another disk with --out and --work; the last release is as it was"
    );
    assert_eq!(differing(&before, &tree(&office.path().join("out/schools"))), Vec::<String>::new());
    let names = fs::read_dir(office.path()).expect("the folder is there");
    let left =
        names.filter(|entry| entry.as_ref().is_ok_and(|it| it.file_name().to_string_lossy().starts_with("barometer-")));
    assert_eq!(left.count(), 0, "no private folder is left");
}

#[test]
fn a_real_disk_without_room_is_told_in_the_same_words() {
    let office = office();
    let small = office.path().join("small");
    fs::create_dir(&small).expect("a folder can be made");
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"]).arg(&small).output();
    if !mounted.is_ok_and(|output| output.status.success()) {
        return left_out("a small disk cannot be mounted here");
    }
    let said = run_in(office.path(), &["--out", "small"]);
    let left = fs::read_dir(small.join("schools")).map(Iterator::count).unwrap_or_default();
    let unmounted = Command::new("umount").arg(&small).status().expect("umount starts");
    assert!(unmounted.success());
    assert_eq!(said.code, Some(1), "{}", said.err);
    assert!(
        said.err.ends_with(
            "help: make room there, or name another disk with --out and --work; the last release is as it was\n"
        ),
        "{}",
        said.err
    );
    assert_eq!(left, 1, "only the lock is left");
}

/// The program as somebody without rights; `None` where it cannot be started as such.
fn without_rights(folder: &Path) -> Option<Command> {
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
    let mut command = barometer();
    command.current_dir(folder);
    if !is_root {
        return Some(command);
    }
    let mut probe = barometer();
    let starts = probe.current_dir(folder).uid(NOBODY).gid(NOBODY).arg("--version").output();
    if !starts.is_ok_and(|output| output.status.success()) {
        return None;
    }
    command.uid(NOBODY).gid(NOBODY);
    Some(command)
}

#[test]
fn a_target_that_may_not_be_written_says_who_must_be_allowed_to() {
    let office = office();
    let out = office.path().join("out");
    fs::create_dir(&out).expect("a folder can be made");
    allow(&out, 0o555);
    let Some(mut command) = without_rights(office.path()) else {
        return left_out("the program cannot be started as another user here");
    };
    let said: Said = command.args(["run", "schools"]).output().expect("it starts").into();
    assert_eq!(said.code, Some(1), "{}", said.err);
    let expected = "error: cannot write out/schools: Permission denied (os error 13)\nhelp: let the user that runs barometer write there, or name another \
                    folder\n";
    assert!(said.err.ends_with(expected), "{}", said.err);
}

#[test]
fn answers_that_may_not_be_read_say_who_must_be_allowed_to() {
    let office = office();
    let answers = office.path().join("schools/raw/2000/apistrat.csv");
    allow(&answers, 0o000);
    let Some(mut command) = without_rights(office.path()) else {
        return left_out("the program cannot be started as another user here");
    };
    let said: Said = command.args(["run", "schools"]).output().expect("it starts").into();
    allow(&answers, 0o644);
    assert_eq!(said.code, Some(1), "{}", said.err);
    let expected = "error: cannot read schools/raw/2000/apistrat.csv: Permission denied (os error 13)\nhelp: let the user that runs barometer \
                    read it\n";
    assert!(said.err.ends_with(expected), "{}", said.err);
}

/// A file in the place of a release or of a draft is somebody's: it stays, the message says so, and nothing is left that keeps the next run from working.
#[test]
fn a_file_in_the_place_of_a_release_stays_and_blocks_nothing() {
    let office = office();
    let drafts = office.path().join("out/internal/schools/2000");
    fs::create_dir_all(&drafts).expect("a folder can be made");
    fs::create_dir_all(office.path().join("out/schools")).expect("a folder can be made");
    fs::write(office.path().join("out/schools/2000"), "mine").expect("a file can be written");
    fs::write(drafts.join("draft"), "mine").expect("a file can be written");
    // What an earlier version left in such a case.
    fs::write(drafts.join(".draft.partial"), "left").expect("a file can be written");
    let said = run_in(office.path(), &["--draft"]);
    assert_eq!(said.code, Some(1), "{}", said.err);
    assert!(said.err.contains("error: cannot write out/internal/schools/2000/draft: "), "{}", said.err);
    assert!(
        said.err.ends_with("help: a file stands where a folder belongs: move it away, or name another folder\n"),
        "{}",
        said.err
    );
    assert_eq!(run_in(office.path(), &[]).code, Some(3));
    for file in [office.path().join("out/schools/2000"), drafts.join("draft")] {
        assert_eq!(fs::read(&file).expect("it is still there"), b"mine");
        fs::remove_file(file).expect("it is there");
    }
    assert!(!drafts.join(".draft.partial").exists());
    assert_eq!(run_in(office.path(), &["--draft"]).code, Some(0));
    assert_eq!(run_in(office.path(), &[]).code, Some(0));
}

#[test]
fn files_that_are_named_and_not_there_are_told_before_anything_is_counted() {
    let office = office();
    for (arguments, told) in [
        (
            ["--work", "nowhere"],
            "the folder for intermediate files nowhere is not there\nhelp: make the folder, or leave out --work",
        ),
        (["--approval", "no.toml"], "the approval no.toml is not there\nhelp: name the file with manifest = "),
        (["--key", "no.key"], "the key file no.key is not there\nhelp: make one with `openssl rand -hex 32`"),
    ] {
        let said = run_in(office.path(), &arguments);
        assert_eq!(said.code, Some(2), "{}", said.err);
        assert!(said.err.contains(told), "{}", said.err);
        assert!(!said.err.contains("  estimate "), "{}", said.err);
    }
}

/// Whoever may write to the cache may put anything there; a run reads files of it and nothing else.
#[test]
fn pipes_and_devices_in_a_cache_or_a_work_folder_keep_no_run_waiting() {
    let office = office();
    fs::create_dir(office.path().join("work")).expect("a folder can be made");
    let cached = ["--cache", "cache", "--work", "work"];
    assert_eq!(run_in(office.path(), &cached).code, Some(0));
    fs::remove_dir_all(office.path().join("out")).expect("it is there");
    let mut entries = 0;
    for kind in fs::read_dir(office.path().join("cache")).expect("it is there").flatten() {
        for (number, entry) in fs::read_dir(kind.path()).into_iter().flatten().flatten().enumerate() {
            fs::remove_file(entry.path()).expect("an entry is a file");
            if number % 2 == 0 {
                pipe(&entry.path());
            } else {
                std::os::unix::fs::symlink("/dev/zero", entry.path()).expect("a link can be made");
            }
            entries += 1;
        }
    }
    assert!(entries > 3, "the cache has {entries} entries");
    pipe(&office.path().join("cache/.partial-of-somebody"));
    let work = office.path().join("work/barometer-of-somebody");
    fs::create_dir(&work).expect("a folder can be made");
    pipe(&work.join("lock"));
    let said = run_in(office.path(), &cached);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.err.contains("this entry of the cache is damaged"), "{}", said.err);
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo is there").success());
}

#[test]
fn a_target_that_is_a_file_is_an_error() {
    let office = office();
    fs::write(office.path().join("out"), "").expect("a file can be written");
    let said = run_in(office.path(), &[]);
    assert_eq!(said.code, Some(1), "{}", said.err);
    assert!(said.err.lines().any(|line| line.starts_with("error: cannot write out/schools: ")), "{}", said.err);
}

/// Runs the schools, and does something once the answers have been read.
fn run_and_meanwhile(folder: &Path, meanwhile: impl FnOnce()) -> (Option<i32>, String) {
    let mut run = barometer()
        .current_dir(folder)
        .args(["run", "schools"])
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts");
    let mut lines = BufReader::new(run.stderr.take().expect("it is piped")).lines();
    let mut said = String::new();
    let mut meanwhile = Some(meanwhile);
    while let Some(Ok(line)) = lines.next() {
        said.push_str(&line);
        said.push('\n');
        if line.starts_with("  ingest ")
            && let Some(meanwhile) = meanwhile.take()
        {
            meanwhile();
        }
    }
    (run.wait().expect("it ends").code(), said)
}

#[test]
fn files_that_change_while_they_are_worked_on_make_no_release() {
    let changed: [(&str, &str); 2] = [("schools/raw/2000/apistrat.csv", "\n"), ("schools/tables.toml", "# Revised.\n")];
    for (file, more) in changed {
        let office = office();
        let path: PathBuf = office.path().join(file);
        let append = || {
            let mut file = fs::OpenOptions::new().append(true).open(&path).expect("the file is there");
            file.write_all(more.as_bytes()).expect("a file can be written");
        };
        let (code, said) = run_and_meanwhile(office.path(), append);
        assert_eq!(code, Some(1), "{said}");
        let expected = format!(
            "{file} changed while the run was at work; nothing was written\nhelp: run again when nobody writes to it\n"
        );
        assert!(said.ends_with(&expected), "{said}");
        assert!(!office.path().join("out/schools/2000").exists());
    }
}

#[test]
fn names_with_spaces_and_letters_of_every_kind_are_names() {
    let office = office();
    fs::rename(office.path().join("schools/raw/2000"), office.path().join("rå data – æøå")).expect("it can be renamed");
    fs::create_dir(office.path().join("mellem filer 100 %")).expect("a folder can be made");
    let out = "ud til læsere #1";
    let said = run_in(office.path(), &["--raw", "rå data – æøå", "--out", out, "--work", "mellem filer 100 %"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let release = format!("{out}/schools/2000");
    let verified: Said = barometer()
        .current_dir(office.path())
        .args(["verify", &release, "--country", "schools", "--raw", "rå data – æøå", "--work", "mellem filer 100 %"])
        .output()
        .expect("it starts")
        .into();
    assert_eq!(verified.code, Some(0), "{}{}", verified.out, verified.err);
}
