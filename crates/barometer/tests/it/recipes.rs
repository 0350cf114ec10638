//! The recipes for schedulers in `pipelines/schedule`: the program understands what they ask for, and one of them is carried out.
#![cfg(unix)]

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::house::{Said, copy, say, tree};

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

/// What a user's crontab runs in: its home, next to no environment, the line as it is written.
struct Machine {
    home: tempfile::TempDir,
    command: String,
}

impl Machine {
    /// The folders that the recipes expect, with the schools of 2000, which are to be released at this moment.
    fn new(release_at: &str) -> Self {
        let home = tempfile::tempdir().expect("a temporary folder can be made");
        let repository = testkit::repository();
        copy(&repository.join("pipelines/schools"), &home.path().join("pipelines/schools"));
        copy(&repository.join("fixtures/schools/2000/raw"), &home.path().join("raw/schools/2000"));
        fs::remove_file(home.path().join("pipelines/schools/waves/1999.toml")).expect("it is there");
        fs::remove_dir_all(home.path().join("pipelines/schools/report/1999")).expect("it is there");
        let file = home.path().join("pipelines/schools/waves/2000.toml");
        let text = fs::read_to_string(&file).expect("the wave has a file");
        let line = text.lines().find(|line| line.starts_with("published = ")).expect("a day of publication");
        let moment = format!("published = {}\nrelease_at = {release_at}", &release_at[..10]);
        fs::write(&file, text.replace(line, &moment)).expect("a file can be written");
        let crontab = recipe("crontab");
        let line = crontab.lines().find_map(|line| line.strip_prefix("0 9 4 12 * ")).expect("a line with its moment");
        let command = line
            .replace("/srv/barometer", home.path().to_str().expect("UTF-8"))
            .replace("/usr/local/bin/barometer", env!("CARGO_BIN_EXE_barometer"));
        Self { home, command }
    }

    fn path(&self, below: &str) -> std::path::PathBuf {
        self.home.path().join(below)
    }

    /// Carries out the line with the environment that cron gives, and the clock that there is.
    fn starts(&self, clock: Option<(&std::path::Path, &str)>) -> (Said, Value) {
        let mut command = Command::new("/bin/sh");
        command.env_clear().env("PATH", "/usr/bin:/bin").env("SHELL", "/bin/sh").env("HOME", self.home.path());
        if let Some((library, now)) = clock {
            command.env("LD_PRELOAD", library).env("CLOCK_SAYS", crate::clock::seconds(now));
        }
        let said: Said = command.args(["-c", &self.command]).output().expect("a shell").into();
        let summary =
            serde_json::from_str(said.out.trim()).unwrap_or_else(|error| panic!("{error}: {}{}", said.out, said.err));
        (said, summary)
    }

    fn release(&self) -> std::collections::BTreeMap<String, Vec<u8>> {
        tree(&self.path("out/schools/2000"))
    }
}

/// The whole life of an edition under the recipe's own line: embargo, publication, nothing to do, answers that cannot be, and mended ones.
#[test]
fn the_line_for_cron_carries_an_edition_from_its_embargo_to_the_days_after() {
    let machine = Machine::new("2001-02-01T09:00:00-08:00");
    let Some(clock) = crate::clock::clock(machine.home.path()) else {
        return crate::clock::left_out("there is no C compiler, so no clock can be put before the system's");
    };
    let at = |now: &'static str| machine.starts(Some((&clock, now)));
    let has = |said: &Said, event: &str| said.err.contains(&format!("\"event\":\"{event}\""));

    let (said, summary) = at("2001-02-01T16:59:00Z");
    assert_eq!((said.code, &summary["exit"]), (Some(0), &Value::from(0)), "{}", said.err);
    assert!(has(&said, "drafted") && !machine.path("out/schools").exists(), "before its moment nothing is public");

    let (said, _) = at("2001-02-01T17:00:00Z");
    assert!(said.code == Some(0) && has(&said, "released"), "{}", said.err);
    let published = machine.release();

    let (said, _) = at("2001-02-02T17:00:00Z");
    assert!(said.code == Some(0) && has(&said, "unchanged"), "{}", said.err);

    let answers = machine.path("raw/schools/2000/apistrat.csv");
    let whole = fs::read(&answers).expect("the export is there");
    fs::write(&answers, &whole[..whole.len() / 2]).expect("it can be written");
    let (said, summary) = at("2001-02-03T17:00:00Z");
    assert_eq!((said.code, &summary["failed"][0]["edition"]), (Some(3), &Value::from("schools 2000")), "{}", said.err);
    assert!(has(&said, "failed"), "{}", said.err);
    assert_eq!(
        crate::house::differing(&published, &machine.release()),
        Vec::<String>::new(),
        "the last release is whole"
    );

    fs::write(&answers, &whole).expect("it can be written");
    let (said, _) = at("2001-02-04T17:00:00Z");
    assert!(said.code == Some(0) && has(&said, "unchanged"), "{}", said.err);
    let verified = crate::house::barometer()
        .current_dir(machine.home.path())
        .args(["verify", "out/schools/current", "--raw", "raw/schools/2000"])
        .output()
        .expect("it starts");
    assert_eq!(verified.status.code(), Some(0), "{}", String::from_utf8_lossy(&verified.stdout));
    let left: Vec<_> =
        fs::read_dir(machine.home.path()).expect("it is there").flatten().map(|it| it.file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with("barometer-")), "{left:?}");
}

/// Started by cron itself, in a view of the file system in which it finds this crontab and no other; it takes up to a minute until it looks. Left out
/// where there is no cron, or nobody may give it a view of its own.
#[test]
fn a_real_cron_publishes_what_the_recipe_says() {
    let machine = Machine::new("2001-02-01T09:00:00-08:00");
    let table = format!(
        "MAILTO=\"\"\n* * * * * {} > {}/cron.log 2>&1\n",
        machine.command.replace("; exit $code", ""),
        machine.home.path().display()
    );
    fs::write(machine.path("crontab"), table).expect("a file can be written");
    let view = "mount -t tmpfs cron /var/spool/cron && mkdir /var/spool/cron/crontabs && mount -t tmpfs cron /etc/cron.d && mount -t tmpfs cron /run && \
                cp crontab /var/spool/cron/crontabs/root && chmod 600 /var/spool/cron/crontabs/root && : > empty && mount --bind empty /etc/crontab && exec cron -f";
    let mut cron = match Command::new("unshare")
        .args(["--mount", "--pid", "--fork", "--kill-child", "sh", "-c", view])
        .current_dir(machine.home.path())
        .stderr(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .spawn()
    {
        Ok(cron) => cron,
        Err(_) => return crate::clock::left_out("there is no unshare to start cron in a view of its own"),
    };
    let release = machine.path("out/schools/current/manifest.json");
    let mut ended = None;
    for _ in 0..900 {
        ended = cron.try_wait().expect("it can be asked");
        if release.exists() || ended.is_some() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    let _ = cron.kill();
    let _ = cron.wait();
    if ended.is_some() && !release.exists() {
        return crate::clock::left_out("cron cannot be started here (it is not installed, or needs root)");
    }
    let log = fs::read_to_string(machine.path("cron.log")).unwrap_or_default();
    assert!(release.exists(), "cron did not publish: {log}");
    let verified = crate::house::barometer()
        .current_dir(machine.home.path())
        .args(["verify", "out/schools/current", "--raw", "raw/schools/2000"])
        .output()
        .expect("it starts");
    assert_eq!(verified.status.code(), Some(0), "{}", String::from_utf8_lossy(&verified.stdout));
}
