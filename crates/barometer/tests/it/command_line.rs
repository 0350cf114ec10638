//! The command line as a contract: exit codes and messages.

use std::fs;
use std::path::Path;

use crate::house::{Said, barometer, say, tree};

/// The schools in a folder of their own, `testland`, with their raw file beside, and some texts replaced.
fn country_with(replaced: &[(&str, &str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    copy(&testkit::repository().join("pipelines/schools"), &folder.path().join("testland"), replaced);
    let raw = testkit::repository().join("fixtures/schools/2000/raw");
    copy(&raw, &folder.path().join("testland/raw/2000"), &[]);
    folder
}

fn copy(from: &Path, to: &Path, replaced: &[(&str, &str, &str)]) {
    for (name, bytes) in tree(from) {
        let mut text = String::from_utf8(bytes).expect("the schools are UTF-8");
        for (_, old, new) in replaced.iter().filter(|(file, _, _)| *file == name) {
            assert!(text.contains(old), "{name} holds {old:?}");
            text = text.replace(old, new);
        }
        let path = to.join(name);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }
}

fn run_in(folder: &tempfile::TempDir) -> Said {
    run_with(folder, &[])
}

fn run_with(folder: &tempfile::TempDir, more: &[&str]) -> Said {
    barometer()
        .current_dir(folder.path())
        .args(["run", "testland"])
        .args(more)
        .output()
        .expect("the program starts")
        .into()
}

/// A scheduler that reads JSON is not given a sentence where the command is wrong.
#[test]
fn a_command_that_is_not_understood_is_told_in_the_form_that_was_asked_for() {
    for (arguments, told) in [
        (&["run", "pipelines/schools", "--format", "json", "--threads", "100000"][..], "from 1 to 512"),
        (&["run", "pipelines/schools", "--format=json", "--colour"], "--colour"),
        (&["run", "nowhere", "--format", "json"], "nowhere"),
    ] {
        let said = say(arguments);
        assert_eq!(said.code, Some(2), "{}", said.err);
        let [line] = said.err.lines().collect::<Vec<_>>()[..] else { panic!("one line: {}", said.err) };
        let failed: serde_json::Value = serde_json::from_str(line).expect("JSON");
        assert_eq!((&failed["event"], &failed["exit"]), (&"failed".into(), &2.into()), "{line}");
        assert!(failed["message"].as_str().expect("a message").contains(told), "{line}");
        let summary: serde_json::Value = serde_json::from_str(said.out.trim_end()).expect("JSON");
        assert_eq!((&summary["event"], &summary["exit"]), (&"summary".into(), &2.into()));
    }
    let said = say(&["run", "pipelines/schools", "--threads", "100000"]);
    assert_eq!(said.code, Some(2));
    assert!(said.err.starts_with("error: invalid value '100000' for '--threads <N>': "), "{}", said.err);
    assert_eq!(say(&["run", "--format", "json", "--help"]).code, Some(0));
}

#[test]
fn every_country_of_the_repository_checks_clean() {
    let said = say(&["check", "pipelines"]);
    let asked = ["schools", "ury"].map(without_contact).concat();
    assert_eq!((said.code, said.err), (Some(0), asked));
    let folders = std::fs::read_dir(testkit::repository().join("pipelines")).expect("there are countries");
    let named = |entry: std::io::Result<std::fs::DirEntry>| entry.expect("it can be read").path();
    let is_country = |folder: &std::path::PathBuf| folder.join("country.toml").is_file();
    let mut countries: Vec<std::path::PathBuf> = folders.map(named).filter(is_country).collect();
    countries.sort();
    let name = |country: &std::path::PathBuf| country.file_name().expect("a folder has a name").display().to_string();
    let mut names: Vec<String> = countries.iter().map(|country| format!("pipelines/{}", name(country))).collect();
    names.extend(crate::house::comparisons().into_iter().map(|name| format!("pipelines/{name}")));
    let first = format!("pipelines/core/1, {}: no errors, 4 warnings\n", names.join(", "));
    assert!(said.out.starts_with(&first), "{}", said.out);
    for country in &countries {
        assert!(said.out.contains(&format!("\n{}: coverage ", name(country))), "{}", said.out);
    }
}

/// What is said of a country of real answers in which nobody takes questions or tells a licence: these editions show what the program does, and no office publishes them.
fn without_contact(country: &str) -> String {
    format!(
        "pipelines/{country}/country.toml: warning: the accessibility statement tells no address for feedback; it will send readers to the publisher\n\
         help: say where readers tell of barriers:\n[accessibility]\ncontact = \"…\"\n\
         pipelines/{country}/country.toml: warning: no licence is told: data portals and readers cannot know what may be done with the data\n\
         help: name it by its address: licence = \"https://creativecommons.org/licenses/by/4.0/\"\n"
    )
}

#[test]
fn raw_files_are_checked_without_a_run() {
    let said = say(&["check", "pipelines/schools", "--raw", "fixtures/schools/2000/raw"]);
    assert_eq!((said.code, said.err), (Some(0), without_contact("schools")));
    assert_eq!(
        said.out,
        "pipelines/schools 2000 with fixtures/schools/2000/raw: no errors, 2 warnings\n\
         \x20 200 answers of 200 rows\n\
         \x20 10 of 39 columns read\n\
         \x20   unit id: cds\n\
         \x20   quasi-identifier: fpc, stype\n\
         \x20   weight: pw\n\
         \x20   answer: api.stu, api00, awards, comp.imp, enroll, sch.wide\n\
         \x20 not read, since they identify: name, sname, dname, cname\n"
    );
    let said = say(&["check", "pipelines/dnk", "--wave", "2019", "--raw", "fixtures/dnk/2019/raw"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.out.contains("\n  2271 answers of 2331 rows\n  60 left out: incomplete\n"), "{}", said.out);
    assert!(said.out.contains("\n  not read, since they identify: email\n"), "{}", said.out);
    let said = say(&["check", "pipelines", "--raw", "fixtures/schools/2000/raw"]);
    assert_eq!(said.code, Some(2), "{}", said.err);
    let said = say(&["check", "pipelines/schools", "--raw", "fixtures/schools/2000"]);
    let missing = "pipelines/schools/waves/2000.toml:8:8: the raw file \"apistrat.csv\" of wave 2000 is not there\n\
                   help: it was looked for in fixtures/schools/2000, where no other file lies\n\
                   1 error and 2 warnings\n";
    assert_eq!((said.code, said.err), (Some(3), without_contact("schools") + missing));
}

#[test]
fn a_raw_file_under_another_name_is_told_with_its_wave_and_what_lies_there() {
    let folder = country_with(&[]);
    let raw = folder.path().join("testland/raw/2000");
    fs::rename(raw.join("apistrat.csv"), raw.join("export (1).csv")).expect("a file can be renamed");
    let check = ["check", "testland", "--raw", "testland/raw/{wave}"];
    let said: Said = barometer().current_dir(folder.path()).args(check).output().expect("the program starts").into();
    let told = "the raw file \"apistrat.csv\" of wave 2000 is not there\n\
                help: it was looked for in testland/raw/2000, where these lie that the wave does not name: export (1).csv\n";
    assert!(said.code == Some(3) && said.err.contains(told), "{}", said.err);
}

#[test]
fn findings_of_texts_and_of_data_come_at_once() {
    let folder =
        country_with(&[("report/2000/targets.en.md", "## Awards\n", "## Awards\n\nIn 9 schools nobody knew.\n")]);
    let answers = folder.path().join("testland/raw/2000/apistrat.csv");
    let text = fs::read_to_string(&answers).expect("the schools have answers").replacen(",\"E\",", ",\"Q\",", 1);
    fs::write(&answers, text).expect("a file can be written");
    let check = ["check", "testland", "--raw", "testland/raw/2000"];
    let said: Said = barometer().current_dir(folder.path()).args(check).output().expect("the program starts").into();
    assert_eq!(said.code, Some(3), "{}", said.err);
    for finding in ["nothing checks the number in", "unknown value of \"stype\""] {
        assert!(said.err.contains(finding), "{finding}: {}", said.err);
    }
    assert!(!folder.path().join("out").exists());
}

#[test]
fn a_folder_without_a_country_is_a_usage_error() {
    let said = say(&["check", "crates"]);
    assert_eq!(said.code, Some(2));
    assert_eq!(said.err, "crates holds no country: no country.toml in it or in a folder below it\n");
}

#[test]
fn an_unknown_wave_names_those_there_are() {
    let said = say(&["run", "pipelines/dnk", "--wave", "2018", "--raw", "fixtures/dnk/2019/raw"]);
    assert_eq!((said.code, said.err.as_str()), (Some(2), "dnk has no wave 2018; it has 2014, 2016, 2019, 2023\n"));
}

#[test]
fn an_unknown_language_names_those_there_are() {
    let said = say(&["run", "pipelines/dnk", "--lang", "da,fr", "--raw", "fixtures/dnk/2019/raw"]);
    assert_eq!((said.code, said.err.as_str()), (Some(2), "dnk has no texts in language fr; it has da, en\n"));
}

#[test]
fn a_missing_raw_folder_says_what_to_do() {
    let said = say(&["run", "pipelines/dnk"]);
    assert_eq!(said.code, Some(2));
    let last = said.err.lines().next_back();
    assert_eq!(
        last,
        Some("there is no folder pipelines/dnk/raw/2023 with the raw files of wave 2023: name it with --raw")
    );
}

#[test]
fn raw_files_and_output_have_their_places_when_nothing_is_said() {
    let folder = country_with(&[]);
    let said = run_in(&folder);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(said.out, "The pages are in out/testland/2000: open out/testland/2000/index.html\n");
    assert!(folder.path().join("out/testland/2000/index.html").is_file());
}

#[test]
fn findings_leave_the_last_release_as_it_was() {
    let folder = country_with(&[]);
    assert_eq!(run_in(&folder).code, Some(0));
    let before = tree(&folder.path().join("out"));
    let answers = folder.path().join("testland/raw/2000/apistrat.csv");
    let mut broken = fs::read(&answers).expect("the schools have answers");
    broken.extend_from_slice(b"only,two\n");
    fs::write(&answers, broken).expect("a file can be written");
    let said = run_in(&folder);
    assert_eq!(said.code, Some(3), "{}", said.err);
    assert!(said.err.ends_with("1 error; nothing was written\n"), "{}", said.err);
    assert_eq!(before, tree(&folder.path().join("out")));
}

#[test]
fn a_run_that_was_killed_leaves_nothing_that_stops_the_next() {
    let folder = country_with(&[]);
    let partial = folder.path().join("out/testland/.2000.partial");
    fs::create_dir_all(&partial).expect("a folder can be made");
    fs::write(partial.join("half.html"), "half a page").expect("a file can be written");
    assert_eq!(run_in(&folder).code, Some(0));
    assert!(!partial.exists());
    assert!(!folder.path().join("out/testland/2000/half.html").exists());
}

#[test]
fn a_second_run_at_the_same_time_is_refused() {
    let folder = country_with(&[]);
    let parent = folder.path().join("out/testland");
    fs::create_dir_all(&parent).expect("a folder can be made");
    let lock = fs::File::create(parent.join(".2000.lock")).expect("a file can be made");
    lock.lock().expect("a file of one's own can be locked");
    let said = run_in(&folder);
    assert_eq!(said.code, Some(8), "{}", said.err);
    assert!(
        said.err.ends_with("error: another run holds out/testland/.2000.lock: wait until it is done, or end it\n"),
        "{}",
        said.err
    );
}

#[test]
fn intermediate_files_with_microdata_are_removed() {
    let folder = country_with(&[]);
    let work = folder.path().join("work");
    fs::create_dir(&work).expect("a folder can be made");
    let said = run_with(&folder, &["--work", "work"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(fs::read_dir(&work).expect("the folder is there").count(), 0);
}

/// The small country of the broken cases: twelve answers, too few for any of its claims.
#[test]
fn a_claim_about_a_number_that_is_not_shown_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let invalid = testkit::repository().join("fixtures/invalid");
    for (name, bytes) in testkit::overlay(&invalid.join("base"), &invalid.join("export/valid")) {
        let path = folder.path().join("testland").join(name);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
        fs::write(path, bytes).expect("a file can be written");
    }
    let said = run_with(&folder, &["--raw", "testland/raw"]);
    assert_eq!(said.code, Some(4), "{}", said.err);
    assert!(said.err.contains("is about a number that is not shown: its cells are too uncertain"), "{}", said.err);
    assert!(!folder.path().join("out/testland").exists());
}

#[test]
fn a_sentence_that_is_not_true_stops_the_run() {
    let folder =
        country_with(&[("report/2000/targets.toml", "[83 per cent]{whole-school}", "[87 per cent]{whole-school}")]);
    let said = run_in(&folder);
    assert_eq!(said.code, Some(5), "{}", said.err);
    assert!(
        said.err.contains(
            "testland/report/2000/targets.toml:5:12: \"87 per cent\" does not hold: the estimate is 83 per cent (interval 77.5 to 87.1)\n\
             help: true would be “8 out of 10”; or “83%”\n"
        ),
        "{}",
        said.err
    );
    assert!(said.err.ends_with("1 claim cannot be published; nothing was written\n"), "{}", said.err);
    assert!(!folder.path().join("out/testland/2000").exists());
}

#[test]
fn a_slip_in_a_countrys_template_is_told_before_anything_is_counted() {
    let folder = country_with(&[]);
    let templates = folder.path().join("testland/templates/html");
    fs::create_dir_all(&templates).expect("a folder can be made");
    fs::write(templates.join("theme.html"), "<h1>\n{{ page.title }\n</h1>\n").expect("a file can be written");
    for command in ["check", "run"] {
        let said: Said = barometer()
            .current_dir(folder.path())
            .args([command, "testland"])
            .output()
            .expect("the program starts")
            .into();
        assert_eq!(said.code, Some(3), "{}", said.err);
        assert!(said.err.starts_with("error: testland/templates/html/theme.html:2: syntax error: "), "{}", said.err);
    }
    assert!(!folder.path().join("out").exists());
}

#[test]
fn a_derived_condition_over_missing_answers_is_told() {
    let derived = "[variables.target]\nlabel = { en = \"Target\" }\nkind = \"number\"\n\n[derived.far]\n\
                   label = { en = \"Far to go\" }\nsql = \"target > 10\"\n\n[variables.enroll]";
    let folder = country_with(&[
        ("codebook.toml", "[variables.enroll]", derived),
        ("waves/1999.toml", "enroll = \"enroll\"", "enroll = \"enroll\"\ntarget = \"target\""),
        ("waves/2000.toml", "enroll = \"enroll\"", "enroll = \"enroll\"\ntarget = \"target\""),
    ]);
    let said = run_in(&folder);
    assert_eq!(said.code, Some(0), "{}", said.err);
    // Schools above the state's goal of 800 have no target: 20 of the sample.
    let told = "derived variable \"far\" has a value for 20 units whose answer to \"target\" is blank or refused";
    assert!(said.err.contains(told), "{}", said.err);
    assert!(!method_of(&folder).contains("refused or left empty counts"), "no table shows it");
}

/// The method page of the newest edition in a folder.
fn method_of(folder: &tempfile::TempDir) -> String {
    fs::read_to_string(folder.path().join("out/testland/2000/method.html")).expect("the edition has the page")
}

#[test]
fn the_method_page_tells_which_measures_count_a_missing_answer_as_not_holding() {
    let derived = |sql: &str| {
        format!(
            "[variables.target]\nlabel = {{ en = \"Target\" }}\nkind = \"number\"\n\n[derived.far]\n\
             label = {{ en = \"Far to go\" }}\nsql = \"{sql}\"\n\n[variables.enroll]"
        )
    };
    let table = "[tables.far]\ntitle = \"Schools with far to go\"\nbase = \"all\"\nmeasure = \"share\"\nrows = [\"far\"]\n\n[tables.medians]";
    for (sql, warns) in [("target > 10", true), ("target > 10 AND target IS NOT NULL", false)] {
        let folder = country_with(&[
            ("codebook.toml", "[variables.enroll]", &derived(sql)),
            ("tables.toml", "[tables.medians]", table),
            ("waves/1999.toml", "enroll = \"enroll\"", "enroll = \"enroll\"\ntarget = \"target\""),
            ("waves/2000.toml", "enroll = \"enroll\"", "enroll = \"enroll\"\ntarget = \"target\""),
        ]);
        let said = run_in(&folder);
        assert_eq!(said.code, Some(0), "{}", said.err);
        assert_eq!(said.err.contains("whose answer to \"target\" is blank or refused"), warns, "{}", said.err);
        let page = method_of(&folder);
        assert!(page.contains("one that does not hold") && page.contains("Here that concerns “Far to go”."), "{page}");
    }
}

#[test]
fn a_folder_that_is_not_there_is_a_usage_error() {
    let said = say(&["run", "pipelines/nowhere"]);
    assert_eq!((said.code, said.err.as_str()), (Some(2), "there is no folder pipelines/nowhere\n"));
}
