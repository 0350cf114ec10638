//! The recipes for schedulers in `pipelines/schedule`: the program understands what they ask for, and one of them is carried out.
#![cfg(unix)]

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::house::{Said, copy, say};

fn recipe(name: &str) -> String {
    fs::read_to_string(testkit::repository().join("pipelines/schedule").join(name)).expect("the recipe is there")
}

/// The arguments of every call of the program in a recipe, as a shell would split them.
fn calls(text: &str, program: &str) -> Vec<Vec<String>> {
    let calls = text.lines().filter(|line| !line.starts_with('#')).flat_map(|line| line.split(program).skip(1));
    let end = |call: &str| call.find(['|', ';', '<']).map_or(call.len(), |end| end);
    calls
        .map(|call| {
            call[..end(call)].split_whitespace().map(|word| word.trim_matches(['\'', '"']).to_owned()).collect()
        })
        .collect()
}

#[test]
fn the_program_understands_what_every_recipe_asks_for() {
    let xml = recipe("barometer.xml").replace("</Command>", "").replace("<Arguments>", "BAROMETER ");
    let recipes = [
        (calls(&recipe("barometer@.service"), "/usr/local/bin/barometer "), 2),
        (calls(&recipe("crontab"), "/usr/local/bin/barometer "), 1),
        (calls(&xml, "BAROMETER "), 1),
    ];
    for (calls, expected) in recipes {
        assert_eq!(calls.len(), expected, "{calls:?}");
        for call in calls {
            let mut arguments: Vec<&str> = call.iter().map(String::as_str).collect();
            // Help is printed once everything before it was understood.
            arguments.push("--help");
            let said = say(&arguments);
            assert_eq!(said.code, Some(0), "{call:?}: {}", said.err);
        }
    }
    assert_eq!(
        say(&["run", "pipelines", "--memroy", "4GiB", "--help"]).code,
        Some(2),
        "what is not understood is refused"
    );
}

/// cron starts its command with `sh -c` and next to no environment; so does this.
#[test]
fn the_line_for_cron_builds_every_edition_and_says_so_to_whoever_reads_its_mail() {
    let home = tempfile::tempdir().expect("a temporary folder can be made");
    let repository = testkit::repository();
    copy(&repository.join("pipelines/schools"), &home.path().join("pipelines/schools"));
    for wave in ["1999", "2000"] {
        let raw = repository.join(format!("fixtures/schools/{wave}/raw"));
        copy(&raw, &home.path().join(format!("raw/schools/{wave}")));
    }
    let crontab = recipe("crontab");
    let line = crontab.lines().find_map(|line| line.strip_prefix("0 9 4 12 * ")).expect("a line with its moment");
    let command = line
        .replace("/srv/barometer", home.path().to_str().expect("UTF-8"))
        .replace("/usr/local/bin/barometer", env!("CARGO_BIN_EXE_barometer"));
    let said: Said = Command::new("/bin/sh")
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .args(["-c", &command])
        .output()
        .expect("a shell")
        .into();
    assert_eq!(said.code, Some(0), "{}", said.err);
    let summary: Value = serde_json::from_str(said.out.trim()).expect("one object");
    let built: Vec<&str> =
        summary["built"].as_array().expect("a list").iter().filter_map(|it| it["edition"].as_str()).collect();
    assert_eq!(built, ["schools 1999", "schools 2000"]);
    assert!(said.err.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{}", said.err);
    assert!(home.path().join("out/schools/2000/index.html").is_file());
}
