//! Nobody who answered is in anything that the program says or writes.
//!
//! The exports of `fixtures/planted` hold addresses, names and telephone numbers wherever an export may: in columns of their own,
//! in the unit's id, in open text, in a file's properties, and, in the broken ones, in place of codes, numbers and days. Every
//! command is run on every format, and all that comes out is searched: both streams, every file below the working folder that
//! was not there before, and the folder for temporary files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::house::{Said, barometer, tree, unpacked};

/// What every planted text holds, in small letters.
const PLANTED: [&str; 3] = ["zqx", "planted.example", "70998877"];

/// The files of the country, whose wave names the export.
const COUNTRY: [(&str, &str); 5] = [
    (
        "country.toml",
        "languages = [\"en\"]\nname = \"Testland\"\ntitle = \"Test\"\npublisher = \"Test\"\nsmallest_base = 1\n",
    ),
    (
        "codebook.toml",
        "[code_lists]\n\
         yes_no = [{ code = \"1\", label = \"Yes\" }, { code = \"2\", label = \"No\" }]\n\
         [variables.new]\nlabel = \"New\"\nquestion = \"Anything new?\"\ncodes = \"yes_no\"\n\
         [variables.share]\nlabel = \"Share\"\nkind = \"number\"\n\
         [variables.day]\nlabel = \"Day\"\nkind = \"date\"\n\
         [variables.remark]\nlabel = \"Remark\"\nkind = \"text\"\n",
    ),
    (
        "tables.toml",
        "[bases.all]\nlabel = \"all\"\ncounting_unit = \"units\"\n\
         [tables.new]\ntitle = \"New\"\nbase = \"all\"\nmeasure = \"share\"\nrows = [\"new\"]\n",
    ),
    ("report/2020/first.toml", "order = 1\n[[figures]]\nid = \"new\"\nheadline = \"New\"\ntable = \"new\"\n"),
    ("report/2020/first.en.md", "# New\n\nWhat was new.\n\n{{ figure new }}\n"),
];

fn wave(file: &str, answers: &str) -> String {
    format!(
        "window = \"2019-2020\"\npublished = 2021-01-01\nabout = \"A test.\"\n\
         [answers]\nfile = \"{file}\"\n{answers}unit = \"unit\"\n\
         [columns]\nnew = \"q1\"\nshare = \"share\"\nday = \"day\"\nremark = \"remark\"\n\
         [design]\nweights = \"equal\"\n"
    )
}

/// Every format, with what a wave says of it.
const FORMATS: [(&str, &str); 11] = [
    ("csv", "delimiter = \";\"\n"),
    ("windows-1252.csv", "delimiter = \";\"\nencoding = \"windows-1252\"\n"),
    ("utf-16.csv", "delimiter = \";\"\nencoding = \"utf-16le\"\n"),
    ("tsv", "delimiter = \"\\t\"\n"),
    ("zip", "delimiter = \";\"\n"),
    ("xlsx", ""),
    ("ods", ""),
    ("parquet", ""),
    ("arrow", ""),
    ("sav", ""),
    ("dta", ""),
];

/// A folder to work in, with a country whose export is one of the fixtures.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new(export: &str, answers: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let raw = testkit::repository().join("fixtures/planted").join(export);
        let files = COUNTRY.iter().map(|(path, text)| (*path, (*text).to_owned()));
        for (path, text) in files.chain([("waves/2020.toml", wave(export, answers))]) {
            let path = folder.path().join("test").join(path);
            fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
            fs::write(path, text).expect("a file can be written");
        }
        for made in ["raw", "home", "temporary"] {
            fs::create_dir(folder.path().join(made)).expect("a folder can be made");
        }
        fs::copy(raw, folder.path().join("raw").join(export)).expect("the fixture is in the repository");
        Self(folder)
    }

    /// Runs a command at this desk, with home and temporary files on it.
    fn say(&self, arguments: &[&str]) -> Said {
        let mut command = barometer();
        command.current_dir(self.0.path()).args(arguments);
        command.env("HOME", self.0.path().join("home")).env("XDG_CACHE_HOME", self.0.path().join("home"));
        command.env("TMPDIR", self.0.path().join("temporary"));
        command.output().expect("the program starts").into()
    }

    /// What lies on the desk beside the export.
    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        tree(self.0.path()).into_iter().filter(|(path, _)| !path.starts_with("raw/")).collect()
    }
}

/// The planted texts that some bytes hold, as UTF-8 or UTF-16.
fn found_in(bytes: &[u8]) -> Vec<&'static str> {
    let small: Vec<u8> = bytes.iter().map(u8::to_ascii_lowercase).collect();
    let wide = |text: &str| text.bytes().flat_map(|byte| [byte, 0]).collect::<Vec<u8>>();
    let holds = |needle: &[u8]| small.windows(needle.len()).any(|window| window == needle);
    PLANTED.into_iter().filter(|text| holds(text.as_bytes()) || holds(&wide(text))).collect()
}

#[track_caller]
fn assert_clean(what: &str, bytes: &[u8]) {
    assert_eq!(found_in(bytes), Vec::<&str>::new(), "{what}: {}", String::from_utf8_lossy(bytes));
}

/// A folder with a key for pseudonyms, away from the desk.
fn key() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let file = folder.path().join("key");
    fs::write(&file, "1f0e2d3c4b5a69788796a5b4c3d2e1f000112233445566778899aabbccddeeff")
        .expect("a file can be written");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("it is ours");
    }
    folder
}

/// Runs every command on an export and searches all that comes out; gives the exit code of `run`.
fn search(export: &str, answers: &str) -> Option<i32> {
    let desk = Desk::new(export, answers);
    let raw = format!("raw/{export}");
    let key = key();
    let key = key.path().join("key").display().to_string();
    let commands: [&[&str]; 8] = [
        &["check", "test"],
        &["check", "test", "--raw", "raw", "--key", &key],
        &["run", "test", "--raw", "raw", "--key", &key],
        &["inspect", &raw],
        &["inspect", &raw, "--codes"],
        &["inspect", &raw, "--format", "json"],
        &["new", "ABC", "--from-export", &raw, "--wave", "2020"],
        &["estimate", &raw, "--share", "q1 = '1'", "--mean", "share"],
    ];
    let mut code = None;
    for arguments in commands {
        let said = desk.say(arguments);
        let what = format!("{export}: {}", arguments.join(" "));
        assert_clean(&what, said.out.as_bytes());
        assert_clean(&what, said.err.as_bytes());
        if arguments[0] == "run" {
            code = said.code;
        }
    }
    let drafted = desk.say(&["run", "pipelines/abc", "--raw", "raw"]);
    assert_clean(export, drafted.out.as_bytes());
    assert_clean(export, drafted.err.as_bytes());
    for (path, bytes) in desk.files() {
        let bytes = unpacked(&path, bytes);
        assert_clean(&format!("{export}: {path}"), &bytes);
        assert_clean(&format!("{export}: a name"), path.as_bytes());
        // The files of numbers lie in the cache one behind the other; each of them is in the release, where it is searched unpacked.
        if path.starts_with("home/barometer/steps/download/") {
            continue;
        }
        // What is packed could not be searched.
        assert!(std::str::from_utf8(&bytes).is_ok(), "{export}: {path} is no text");
    }
    if code == Some(0) {
        let kept = desk.files().keys().any(|path| path.starts_with("home/barometer/steps/count/"));
        assert!(kept, "{export}: the cache was searched, too");
    }
    code
}

#[test]
fn nobody_who_answered_is_in_a_release() {
    for (extension, answers) in FORMATS {
        assert_eq!(search(&format!("sound.{extension}"), answers), Some(0), "{extension}");
    }
}

#[test]
fn nobody_who_answered_is_in_a_finding() {
    for (extension, answers) in FORMATS {
        assert_eq!(search(&format!("broken.{extension}"), answers), Some(3), "{extension}");
    }
}

#[test]
fn an_export_without_a_header_has_no_respondent_for_a_column() {
    assert_eq!(search("headless.csv", "delimiter = \";\"\n"), Some(3));
}

#[test]
fn a_wrong_encoding_or_delimiter_shows_nobody_either() {
    for (export, answers) in [
        ("sound.windows-1252.csv", "delimiter = \";\"\n"),
        ("sound.utf-16.csv", "delimiter = \";\"\n"),
        ("sound.csv", "delimiter = \",\"\n"),
        ("sound.csv", "delimiter = \";\"\nencoding = \"utf-16le\"\n"),
        ("sound.tsv", "delimiter = \";\"\n"),
    ] {
        assert_eq!(search(export, answers), Some(3), "{export} with {answers}");
    }
}

/// The search itself: what is planted in an output is found, in either width.
#[test]
fn a_planted_text_is_found() {
    assert_eq!(found_in(b"<p>Zqxina Plante</p>"), ["zqx"]);
    assert_eq!(found_in("7\u{0}0\u{0}9\u{0}9\u{0}8\u{0}8\u{0}7\u{0}7\u{0}".as_bytes()), ["70998877"]);
    assert_eq!(found_in(b"nobody"), Vec::<&str>::new());
    let desk = Desk::new("sound.csv", "delimiter = \";\"\n");
    assert!(Path::new(&desk.0.path().join("raw/sound.csv")).exists());
    let export = tree(desk.0.path()).remove("raw/sound.csv").expect("the export lies on the desk");
    assert_eq!(found_in(&export), PLANTED);
}
