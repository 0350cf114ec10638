//! Damaged copies of a file of every format and of every tool: the answer is what the file holds, or findings; never a panic, and
//! never much memory or time.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use codebook::Severity;
use ingest::inspect::inspect;
use testkit::mutant;

use crate::presets::PRESETS;

/// Copies of each file.
const COPIES: u64 = 60;
/// The most that this process may ever have had in memory, beside everything else that its tests do: some readers hold a file whole, and
/// the largest one of the fixtures unpacks to 17 MB.
const KIBIBYTES_AT_MOST: u64 = 1 << 20;

/// The longest that one damaged copy may take. The slowest takes a twentieth of it where nothing else runs; a reader that is led round and round, or
/// by the square of what the file claims, takes more on any machine.
const LONGEST: Duration = Duration::from_secs(30);

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = testkit::repository().join("fixtures").join(folder);
    let files = fs::read_dir(folder).expect("the fixtures are part of the repository");
    let mut files: Vec<PathBuf> = files.map(|file| file.expect("the folder can be listed").path()).collect();
    files.retain(|file| !file.extension().is_some_and(|extension| extension == "py" || extension == "json"));
    files.sort();
    files
}

#[test]
fn nothing_that_happens_to_a_file_makes_inspection_fall() {
    let files: Vec<PathBuf> = ["formats", "tools"].into_iter().flat_map(files).collect();
    assert!(files.len() > 60, "only {} files", files.len());
    let (mut described, mut refused) = (0, 0);
    for file in &files {
        let original = fs::read(file).expect("the fixture can be read");
        let shown = file.file_name().expect("a file has a name").to_string_lossy();
        for seed in 0..COPIES {
            let bytes = mutant(&original, seed);
            let mut open = || io::Result::Ok(bytes.as_slice());
            let start = Instant::now();
            match inspect(&shown, &mut open).expect("reading from memory does not fail") {
                Ok(_) => described += 1,
                Err(findings) => {
                    let is_refused = findings.iter().any(|finding| finding.severity == Severity::Error);
                    assert!(is_refused, "{shown}, copy {seed}: nothing says why it cannot be understood");
                    refused += 1;
                }
            }
            assert!(start.elapsed() < LONGEST, "{shown}, copy {seed}");
        }
    }
    println!("{described} copies were described, {refused} refused");
    assert!(described > 800 && refused > 400, "{described} described, {refused} refused");
    within_memory();
}

#[test]
fn nothing_that_happens_to_the_export_of_a_tool_makes_the_check_fall() {
    for preset in PRESETS {
        let export = preset.export();
        let place = export.raw.iter().position(|file| file.path.ends_with(preset.file)).expect("the export has it");
        let (mut passed, mut refused) = (0, 0);
        for seed in 0..COPIES {
            let mut damaged = export.clone();
            damaged.raw[place].bytes = mutant(&export.raw[place].bytes, seed);
            // Whether a wave is there exactly when no finding is an error.
            damaged.findings();
            let start = Instant::now();
            let (wave, _) = damaged.check();
            assert!(start.elapsed() < LONGEST, "{}, copy {seed}", preset.file);
            passed += u32::from(wave.is_some());
            refused += u32::from(wave.is_none());
        }
        assert!(refused > 5, "{}: {passed} passed, {refused} refused", preset.file);
    }
    within_memory();
}

/// What this process has had in memory at the most, as the kernel tells it; nothing where it tells nothing.
fn within_memory() {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse::<u64>().ok());
    assert!(kibibytes.is_none_or(|peak| peak < KIBIBYTES_AT_MOST), "{kibibytes:?} KiB");
}
