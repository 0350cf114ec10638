//! What whoever adapts the pipeline to a country may get wrong is told once, where it stands.

use std::fs;
use std::path::Path;

use crate::house::{Said, barometer, tree};

/// A country of the repository in a folder of its own, with some files changed.
fn copied(country: &str, change: impl Fn(&str, String) -> String) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (path, bytes) in tree(&testkit::repository().join("pipelines").join(country)) {
        let to = folder.path().join(country).join(&path);
        fs::create_dir_all(to.parent().expect("a file lies in a folder")).expect("a folder can be made");
        let text = String::from_utf8(bytes).expect("the files of a country are UTF-8");
        fs::write(to, change(&path, text)).expect("a file can be written");
    }
    folder
}

fn check(path: &Path) -> Said {
    barometer().arg("check").arg(path).output().expect("the program starts").into()
}

/// A change to one file.
fn replaced(file: &'static str, from: &'static str, to: &'static str) -> impl Fn(&str, String) -> String {
    move |path, text| {
        assert!(path != file || text.contains(from), "{from:?} is not in {file}");
        if path == file { text.replace(from, to) } else { text }
    }
}

#[test]
fn a_language_that_nobody_has_is_one_finding() {
    let folder =
        copied("dnk", replaced("country.toml", "languages = [\"da\", \"en\"]", "languages = [\"dk\", \"en\"]"));
    let said = check(&folder.path().join("dnk"));
    assert_eq!(said.code, Some(3));
    let findings = said.err.lines().filter(|line| line.contains("/dnk/")).count();
    assert_eq!(findings, 1, "{}", said.err);
    assert!(said.err.contains("there is no language pack for dk\nhelp: did you mean \"da\"?"), "{}", said.err);
}

#[test]
fn a_country_is_checked_from_within_its_folder() {
    let folder = copied("nor_state", |_, text| text);
    let country = folder.path().join("nor_state");
    let mut command = barometer();
    let said: Said = command.args(["check", "."]).current_dir(&country).output().expect("the program starts").into();
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.out.starts_with("../nor_state: no findings"), "{}", said.out);
    let said = check(&folder.path().join("nor_state//"));
    assert_eq!(said.code, Some(0), "a slash more at the end changes nothing: {}", said.err);
}

#[test]
fn a_wave_goes_by_the_year_in_which_its_window_ends() {
    let folder = copied("nor_state", replaced("waves/2021.toml", "window = \"2020–2021\"", "window = \"2019-2020\""));
    let said = check(&folder.path().join("nor_state"));
    assert!(
        said.err.contains("2021.toml: warning: the window ends in 2020, and the file is that of the wave 2021"),
        "{}",
        said.err
    );
}

#[test]
fn a_check_reads_the_specifications_of_twins() {
    let folder =
        copied("nor_state", |path, text| if path == "twin/2021.toml" { format!("sizes = 1\n{text}") } else { text });
    let country = folder.path().join("nor_state");
    fs::copy(country.join("twin/2018.toml"), country.join("twin/2019.toml")).expect("it can be copied");
    let said = check(&country);
    assert_eq!(said.code, Some(3));
    assert!(said.err.contains("twin/2021.toml:1:1: unknown key \"sizes\""), "{}", said.err);
    assert!(said.err.contains("twin/2019.toml: there is no wave"), "{}", said.err);
}

#[test]
fn what_is_unknown_is_not_released_unawares() {
    let run = |change: &dyn Fn(&str, String) -> String| -> Said {
        let folder = copied("nor_state", change);
        let mut command = barometer();
        command.arg("run").arg(folder.path().join("nor_state")).args(["--wave", "2021", "--no-cache"]);
        command.args(["--raw", "fixtures/nor_state/2021/raw", "--out"]).arg(folder.path().join("out"));
        command.output().expect("the program starts").into()
    };
    let said = run(&|_, text| text);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.err.contains("warning: readers are told that this is unknown: weights"), "{}", said.err);
    let drafted = |path: &str, text: String| match path {
        "country.toml" => text.replace("title = {", "licence = \"https://example.org/unknown:\"\ntitle = {"),
        _ => text,
    };
    let said = run(&drafted);
    assert!(said.err.contains("warning: readers would see what nobody has filled in: licence"), "{}", said.err);
}
