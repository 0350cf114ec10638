//! `barometer check`: how far a country has come; and countries that take the shared questionnaire, wherever they lie.

use std::fs;
use std::path::Path;

use crate::house::{barometer, say};

fn check(path: &Path, more: &[&str]) -> crate::house::Said {
    let mut command = barometer();
    command.arg("check").arg(path).args(more);
    command.output().expect("the program starts").into()
}

/// The demonstration country in a folder of its own, outside the repository.
fn elsewhere(change: impl Fn(&str, String) -> String) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (path, bytes) in crate::house::tree(&testkit::repository().join("pipelines/dnk")) {
        let to = folder.path().join("dnk").join(&path);
        fs::create_dir_all(to.parent().expect("a file lies in a folder")).expect("a folder can be made");
        let text = String::from_utf8(bytes).expect("the files of a country are UTF-8");
        fs::write(to, change(&path, text)).expect("a file can be written");
    }
    folder
}

#[test]
fn nothing_is_left_of_the_country_that_has_everything() {
    let said = say(&["check", "pipelines/dnk"]);
    assert!(said.out.contains("coverage 100 of 100") && !said.out.contains("left:"), "{}", said.out);
}

#[test]
fn an_address_is_left_where_answers_are_real_and_nobody_is_named() {
    let said = say(&["check", "pipelines/schools"]);
    let left = "pipelines/schools/quality.toml: the quality report of wave 2000 has no text for ContactAddress, S.1.6";
    assert!(said.out.contains(left), "{}", said.out);
}

#[test]
fn what_is_left_lowers_the_score_and_is_told_with_its_place() {
    let folder = elsewhere(|path, text| {
        match path {
        "waves/2019.toml" => text.replace("weights = { da = \"Arbejdspladser i stratum divideret med svar i stratum.\", en = \"Workplaces in the stratum over answers in it.\" }", "weights = \"unknown\"")
            .replace("size = { da = \"Vores egne: de offentliggjorte intervaller kendes ikke.\", en = \"Our own: the published intervals are not known.\" }\n", ""),
        _ => text,
    }
    });
    let said = check(&folder.path().join("dnk"), &["--format", "json"]);
    for left in ["weights is unknown", "[survey.cut_points] does not tell whose cut points \\\"size\\\" has"] {
        assert!(said.out.contains(left), "{left} is not in {}", said.out);
    }
    assert!(!said.out.contains("\"score\": 100"), "{}", said.out);
}

#[test]
fn items_taken_with_words_that_nobody_vouches_for_are_left() {
    let folder = elsewhere(|path, text| match path {
        "ledger.toml" => text.replace("wording = \"core\"\n", ""),
        _ => text,
    });
    let said = check(&folder.path().join("dnk"), &[]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let left = "whether respondents read the words of the shared questionnaire is not told";
    assert!(said.out.contains(left) && said.out.contains("wording = \"core\" there"), "{}", said.out);
    assert!(!said.out.contains("coverage 100"), "{}", said.out);
}

#[test]
fn findings_are_there_for_programs_with_the_same_exit_code() {
    let folder = elsewhere(|path, text| match path {
        "codebook.toml" => text.replace("\"managers_role\"", "\"manager_role\""),
        _ => text,
    });
    let said = check(&folder.path().join("dnk"), &["--format", "json"]);
    assert_eq!(said.code, Some(3));
    for part in ["\"code\": \"unknown-core-item\"", "\"severity\": \"error\"", "did you mean", "\"line\": 13"] {
        assert!(said.out.contains(part), "{part} is not in {}", said.out);
    }
}

#[test]
fn the_shared_questionnaire_is_checked_and_is_no_country() {
    let said = say(&["check", "pipelines/core"]);
    assert_eq!((said.code, said.out.as_str()), (Some(0), "pipelines/core/1: no findings\n"), "{}", said.err);
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (path, bytes) in crate::house::tree(&testkit::repository().join("pipelines/core")) {
        let to = folder.path().join("core").join(&path);
        fs::create_dir_all(to.parent().expect("a file lies in a folder")).expect("a folder can be made");
        let text = String::from_utf8(bytes).expect("it is UTF-8").replace("label.sv = \"Ja\"\n", "");
        fs::write(to, text).expect("a file can be written");
    }
    let said = check(&folder.path().join("core"), &[]);
    assert_eq!(said.code, Some(3));
    assert!(
        said.err.contains("not given in \"sv\"") && said.err.contains("carries another text of version \"1\""),
        "{}",
        said.err
    );
}

#[test]
fn a_country_outside_the_repository_makes_the_same_numbers() {
    let folder = elsewhere(|_, text| text);
    let mut command = barometer();
    command
        .arg("run")
        .arg(folder.path().join("dnk"))
        .args(["--wave", "2019", "--raw", "fixtures/dnk/2019/raw", "--out"])
        .arg(folder.path().join("out"));
    let said: crate::house::Said = command.output().expect("the program starts").into();
    assert_eq!(said.code, Some(0), "{}", said.err);
    let made = fs::read(folder.path().join("out/dnk/2019/core-task.html")).expect("there is a page");
    let expected = testkit::repository().join("fixtures/dnk/2019/expected/core-task.html");
    assert!(made == fs::read(expected).expect("it is there"), "the page differs from the one of the repository");
}
