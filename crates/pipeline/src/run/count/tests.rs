//! Counting: the order of an export's rows is nothing, and what is kept of it comes back bit for bit.

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;

use testkit::Random;

use super::*;
use crate::run::plan::plan;
use crate::{Caching, Timing};

/// A run of an edition whose raw files lie in `raw`.
fn request((country, wave): (&str, &str), raw: &Path, cache: Option<&Path>) -> Request {
    Request {
        country: testkit::repository().join("pipelines").join(country),
        wave: codebook::WaveId::new(wave).ok(),
        raw: Some(raw.to_path_buf()),
        out: raw.join("out"),
        work: raw.to_path_buf(),
        languages: None,
        threads: NonZeroUsize::new(2).expect("two"),
        memory: None,
        timing: Timing::Draft,
        approval: None,
        key: None,
        against: Vec::new(),
        cache: cache.map(|folder| Caching { folder: folder.to_path_buf(), program: "1".to_owned() }),
    }
}

/// The results of a run, its warnings, and whether anything was counted for them.
fn counted(request: &Request) -> (Results, Vec<Finding>, bool) {
    let cache = Cache::open(request.cache.as_ref(), None).expect("no release is near");
    let plan = plan(request, &mut |_| ()).expect("a sound country");
    let mut warnings = Vec::new();
    let counted = count(request, &plan, &cache, &mut |event| {
        if let Event::Warning(warning) = event {
            warnings.push(warning.clone());
        }
    });
    let mut is_counted = false;
    cache.close(&mut |event| {
        if let Event::Steps(steps) = event {
            is_counted = steps.done(Step::Estimate) == 1;
        }
    });
    (counted.expect("a sound export").results, warnings, is_counted)
}

/// The raw files of an edition, in a folder of their own.
fn export(edition: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let raw = testkit::repository().join("fixtures").join(edition).join("raw");
    for entry in fs::read_dir(raw).expect("there are raw files") {
        let entry = entry.expect("an entry");
        fs::copy(entry.path(), folder.path().join(entry.file_name())).expect("a file can be copied");
    }
    folder
}

#[test]
fn a_hundred_orders_of_the_rows_give_the_same_bits() {
    let raw = export("schools/2000");
    let file = raw.path().join("apistrat.csv");
    let request = request(("schools", "2000"), raw.path(), None);
    let (expected, ..) = counted(&request);
    let text = fs::read_to_string(&file).expect("the export is there");
    let mut rows: Vec<&str> = text.lines().collect();
    let mut random = Random(2026);
    for shuffle in 0..100 {
        // The header stays.
        for last in (2..rows.len()).rev() {
            rows.swap(last, 1 + random.below(last));
        }
        fs::write(&file, rows.join("\n") + "\n").expect("a file can be written");
        assert_eq!(counted(&request).0, expected, "shuffle {shuffle}");
    }
}

#[test]
fn what_was_kept_is_what_was_counted_warnings_and_all() {
    for edition in ["schools/2000", "dnk/2019", "trial/2019"] {
        let raw = export(edition);
        let cache = tempfile::tempdir().expect("a temporary folder can be made");
        let named = edition.split_once('/').expect("a country and a wave");
        let request = request(named, raw.path(), Some(&cache.path().join("steps")));
        let (first, told, is_counted) = counted(&request);
        assert!(is_counted, "{edition}");
        let (second, told_again, is_counted) = counted(&request);
        assert!(!is_counted, "{edition}");
        assert_eq!((second, told_again), (first, told), "{edition}");
    }
}

#[test]
fn another_build_of_the_program_counts_for_itself() {
    let raw = export("schools/2000");
    let cache = tempfile::tempdir().expect("a temporary folder can be made");
    let mut request = request(("schools", "2000"), raw.path(), Some(&cache.path().join("steps")));
    assert!(counted(&request).2);
    assert!(!counted(&request).2);
    request.cache.as_mut().expect("there is one").program = "2".to_owned();
    assert!(counted(&request).2);
}
