//! The first tries of a newcomer: a draft from an export with a handful of answers. Nothing of it may be shown, and that is no reason to refuse it.

use super::*;

/// The country that is drafted from the export of the tutorial, and a folder with its first answers.
fn drafted(answers: usize) -> (tempfile::TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let export = testkit::repository().join("fixtures/tutorial/raw/survey-2023.csv");
    let mut new = barometer();
    new.args(["new", "els", "--from-export"]).arg(&export).arg("--pipelines").arg(folder.path());
    let said: Said = new.output().expect("the program starts").into();
    assert_eq!(said.code, Some(0), "{}", said.err);
    let raw = folder.path().join("raw");
    fs::create_dir(&raw).expect("a folder can be made");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(&export).expect("an export");
    let mut writer = csv::Writer::from_path(raw.join("survey-2023.csv")).expect("a file can be written");
    // Three rows tell what the columns are.
    for record in reader.byte_records().take(3 + answers) {
        writer.write_byte_record(&record.expect("a row")).expect("a row can be written");
    }
    writer.flush().expect("a file can be written");
    let country = folder.path().join("els");
    (folder, country, raw)
}

#[test]
fn a_pilot_of_a_few_answers_is_published_with_nothing_shown() {
    for answers in [2, 3, 4, 6] {
        let (folder, country, raw) = drafted(answers);
        let out = folder.path().join("out");
        let mut run = barometer();
        run.arg("run").arg(&country).arg("--raw").arg(&raw).arg("--out").arg(&out);
        let said: Said = run.output().expect("the program starts").into();
        assert_eq!(said.code, Some(0), "{answers} answers: {}", said.err);
        assert!(said.err.contains("0 cells shown"), "{}", said.err);
        let said = audit(&out.join("els/2023"), &[]);
        assert_eq!(said.code, Some(0), "{answers} answers: {}", said.out);
    }
}
