//! Runs as a scheduler has them: many editions at once, lines for machines, a summary, limits.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::Value;

use crate::comparing::demonstration;
use crate::house::{Said, comparisons, differing, editions, release, say, tree};

const RAW: &str = "fixtures/{country}/{wave}/raw";

/// Every object of some lines.
fn objects(lines: &str) -> Vec<Value> {
    lines.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

/// Every edition that can be built, and what the run said.
pub(crate) static TOGETHER: LazyLock<(tempfile::TempDir, Said)> = LazyLock::new(|| {
    let out = tempfile::tempdir().expect("a temporary folder can be made");
    let said = say(&["run", "pipelines", "--raw", RAW, "--out", out.path().to_str().expect("UTF-8")]);
    (out, said)
});

#[test]
fn every_wave_of_every_country_is_built_in_one_process() {
    let (out, said) = &*TOGETHER;
    // The public export of Uruguay is not in the repository, so its edition alone is not built.
    assert_eq!(said.code, Some(2), "{}", said.err);
    let all = editions();
    let last = said.out.lines().last().expect("a last line");
    let with_comparisons = all.len() + comparisons().len();
    let expected =
        format!("built {} of {with_comparisons} editions; not built: ury 2021 (exit code 2)", with_comparisons - 1);
    assert_eq!(last, expected);
    // Names are as wide as the longest of them.
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.err.lines().any(|line| words(line).starts_with("schools 1999 ingest ")), "{}", said.err);
    // One display for all: how many are done, as they are.
    let done: Vec<&str> = said.err.lines().filter(|line| line.ends_with(" editions")).collect();
    assert_eq!(done.len(), all.len(), "{done:?}");
    assert!(done.iter().any(|line| line.ends_with(&format!("  1 of {} editions", all.len()))), "{done:?}");
    assert!(done.iter().any(|line| words(line).starts_with("ury 2021 not built ")), "{done:?}");
    assert!(said.err.contains("ury 2021: there is no folder fixtures/ury/2021/raw with the raw files"), "{}", said.err);
    for (country, wave) in all.iter().filter(|(country, _)| country != "ury") {
        let raw = testkit::repository().join(RAW);
        let (_alone, alone) = release(&format!("pipelines/{country}"), wave, &raw, &[]);
        let together = tree(&out.path().join(country).join(wave));
        assert_eq!(differing(&tree(&alone), &together), Vec::<String>::new(), "{country} {wave}");
    }
    // Comparisons come behind the editions that they take numbers from.
    demonstration(out.path());
}

#[test]
fn a_scheduler_reads_an_object_from_each_line() {
    let out = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = out.path().to_str().expect("UTF-8");
    let said = say(&["run", "pipelines", "--wave", "2000", "--raw", RAW, "--out", folder, "--format", "json"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let events = objects(&said.err);
    assert!(events.iter().all(|event| event["edition"] == "schools 2000"), "{}", said.err);
    let names: BTreeSet<&str> = events.iter().filter_map(|event| event["event"].as_str()).collect();
    for name in ["planned", "checked", "weighted", "summed", "estimated", "disclosed", "released", "ended"] {
        assert!(names.contains(name), "{name} in {names:?}");
    }
    let summary = objects(&said.out);
    let expected = serde_json::json!([{
        "event": "summary",
        "built": [{ "edition": "schools 2000", "folder": format!("{folder}/schools/2000") }],
        "failed": [],
        "exit": 0,
    }]);
    assert_eq!(Value::from(summary), expected);
}

#[test]
fn what_stopped_an_edition_is_an_object_with_its_exit_code() {
    let out = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = out.path().to_str().expect("UTF-8");
    let said = say(&["run", "pipelines/ury", "--raw", "fixtures/ury", "--out", folder, "--format", "json"]);
    assert_eq!(said.code, Some(2));
    let failed = objects(&said.err).pop().expect("a line");
    assert_eq!((&failed["event"], &failed["exit"]), (&Value::from("failed"), &Value::from(2)));
    let message = failed["message"].as_str().expect("words");
    assert!(message.starts_with("there is no folder fixtures/ury with the raw files of wave"), "{message}");
    assert_eq!(objects(&said.out)[0]["exit"], 2);
}

#[test]
fn raw_files_of_several_editions_need_their_places() {
    let said = say(&["run", "pipelines", "--raw", "fixtures/dnk/2019/raw"]);
    assert_eq!(said.code, Some(2));
    let expected = ", which have not all their raw files in fixtures/dnk/2019/raw: write --raw with {country} and {wave} in it, such as \
                    --raw 'raw/{country}/{wave}', or leave it out to take raw/YEAR in each country's folder\n";
    assert_eq!(said.err, format!("pipelines holds {} editions{expected}", editions().len()));
}

#[test]
fn what_speaks_of_one_edition_is_refused_for_many() {
    for (option, value) in [("--approval", "approval.toml"), ("--break-embargo", "leaked")] {
        let said = say(&["run", "pipelines", "--raw", RAW, option, value]);
        let expected = format!(
            "pipelines holds {} editions, and {option} is about one: name its country's folder and its --wave\n",
            editions().len() + comparisons().len()
        );
        assert_eq!((said.code, said.err), (Some(2), expected));
    }
    // The two editions of the schools would be made from the same files.
    let said = say(&["run", "pipelines", "--raw", "fixtures/{country}/2000/raw"]);
    assert_eq!(said.code, Some(2), "{}", said.err);
}

#[test]
fn memory_that_is_too_little_is_an_error_that_says_what_to_do() {
    let out = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = out.path().to_str().expect("UTF-8");
    let run = |memory| {
        let raw = "fixtures/schools/2000/raw";
        say(&["run", "pipelines/schools", "--raw", raw, "--out", folder, "--memory", memory])
    };
    let said = run("1KiB");
    assert_eq!(said.code, Some(1), "{}", said.err);
    let last = said.err.lines().last().expect("a line");
    assert!(last.starts_with("error: statement "), "{last}");
    assert!(
        last.ends_with(" needs more memory than --memory gives: give more, or fewer --threads, or leave it out"),
        "{last}"
    );
    assert_eq!(run("1GiB").code, Some(0));
}
