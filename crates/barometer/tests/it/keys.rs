//! The key of pseudonyms: where it may lie, and that nothing that is published depends on it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::house::{Said, barometer, differing, release, tree};

const KEYS: [&str; 2] = [
    "1f0e2d3c4b5a69788796a5b4c3d2e1f000112233445566778899aabbccddeeff\n",
    "8c1fb0a94d3e6f7251827364a5b6c7d8e9fa0b1c2d3e4f506172839405162738\n",
];

/// A folder with a key that only its owner can read.
fn keyed(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let file = folder.path().join("panel.key");
    fs::write(&file, text).expect("a file can be written");
    private(&file);
    (folder, file)
}

#[cfg(unix)]
fn private(file: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(0o600)).expect("it is ours");
}

#[cfg(not(unix))]
fn private(_file: &Path) {}

fn raw() -> PathBuf {
    testkit::repository().join("fixtures/schools/2000/raw")
}

#[test]
fn no_byte_of_a_release_depends_on_the_key() {
    let (_without, drawn) = release("pipelines/schools", "2000", &raw(), &[]);
    let expected = tree(&drawn);
    for text in KEYS {
        let (_folder, file) = keyed(text);
        let key = file.to_str().expect("its path is UTF-8");
        let (_out, found) = release("pipelines/schools", "2000", &raw(), &["--key", key]);
        assert_eq!(differing(&expected, &tree(&found)), Vec::<String>::new());
        let holds = |bytes: &[u8]| bytes.windows(64).any(|window| window == &text.as_bytes()[..64]);
        assert!(!tree(&found).values().any(|bytes| holds(bytes)), "the key is in the release");
    }
}

/// A country of ten answers with a loop, in a folder of its own.
fn looped() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let mut answers = "unit,w,level\n".to_owned();
    let mut rows = "unit,number,kind,staff\n".to_owned();
    for unit in 1..=10 {
        answers.push_str(&format!("W-{unit},{},{}\n", 1 + unit % 2, if unit > 5 { "state" } else { "region" }));
        for number in 0..unit % 4 {
            let kind = if (unit + number) % 3 == 0 { "digital" } else { "other" };
            rows.push_str(&format!("W-{unit},{number},{kind},{unit}\n"));
        }
    }
    let files = [
        (
            "pipelines/test/country.toml",
            "languages = [\"en\"]\nname = \"Testland\"\ntitle = \"Test\"\npublisher = \"Test\"\nsmallest_base = 1\n",
        ),
        (
            "pipelines/test/codebook.toml",
            "[code_lists]\nlevel = [{ code = \"state\", label = \"State\" }, { code = \"region\", label = \"Region\" }]\n\
             kinds = [{ code = \"digital\", label = \"Digital\" }, { code = \"other\", label = \"Other\" }]\n\
             [variables.level]\nlabel = \"Level\"\nquestion = \"Which level?\"\ncodes = \"level\"\n\
             [variables.reported]\nlabel = \"Innovations\"\nkind = \"number\"\n",
        ),
        (
            "pipelines/test/tables.toml",
            "[bases.all]\nlabel = \"all\"\ncounting_unit = \"units\"\n\
             [tables.level]\ntitle = \"Level\"\nbase = \"all\"\nmeasure = \"share\"\nrows = [\"level\"]\n",
        ),
        (
            "pipelines/test/waves/2020.toml",
            "window = \"2019-2020\"\npublished = 2021-01-01\nabout = \"A test.\"\n\
             [answers]\nfile = \"answers.csv\"\nunit = \"unit\"\n\
             [columns]\nlevel = \"level\"\nreported = \"innovations.reported\"\n\
             [loops.innovations]\nfile = \"innovations.csv\"\nunit = \"unit\"\nkey = \"number\"\n\
             codes = { kind = \"kinds\" }\nnumbers = [\"staff\"]\nmakes = { reported = \"count\" }\n\
             [design]\nstrata = [\"level\"]\nweights = { column = \"w\" }\n",
        ),
        ("raw/answers.csv", answers.as_str()),
        ("raw/innovations.csv", rows.as_str()),
    ];
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }
    folder
}

/// Checks the looped country and keeps what it checked in this folder.
fn kept(folder: &Path, checked: &str, more: &[&str]) -> Said {
    let mut command = barometer();
    command.current_dir(folder).args(["check", "pipelines/test", "--raw", "raw", "--checked", checked]).args(more);
    command.output().expect("the program starts").into()
}

#[test]
fn checked_answers_and_loops_are_kept_for_their_owner_and_rows_of_a_loop_are_clusters() {
    let folder = looped();
    let said = kept(folder.path(), "kept", &[]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.out.contains("  loop innovations: 15 rows of 8 answers\n"), "{}", said.out);
    assert!(said.out.contains("  MICRODATA, keep them safe: "), "{}", said.out);
    let files = tree(&folder.path().join("kept"));
    assert_eq!(files.keys().collect::<Vec<_>>(), ["innovations.parquet", "responses.parquet"]);
    for (name, bytes) in files {
        let text = crate::house::unpacked(&name, bytes);
        assert!(!String::from_utf8_lossy(&text).contains("W-"), "{name} holds an id");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(folder.path().join("kept")).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
    let mut estimate = barometer();
    estimate.current_dir(folder.path()).args(["estimate", "kept/innovations.parquet", "--format", "json"]);
    estimate.args(["--strata", "__stratum", "--psu", "__unit", "--weight", "__weight", "--share", "kind = 'digital'"]);
    let said: Said = estimate.output().expect("the program starts").into();
    assert_eq!(said.code, Some(0), "{}", said.err);
    let found: serde_json::Value = serde_json::from_str(&said.out).expect("it is JSON");
    // Eight units have rows, in two strata.
    assert_eq!((&found["rows"][0]["n"], &found["rows"][0]["df"]), (&15.into(), &6.0.into()), "{}", said.out);
}

#[test]
fn microdata_go_into_a_new_folder_that_nobody_commits_or_publishes() {
    let folder = looped();
    let said = kept(folder.path(), "pipelines/kept", &[]);
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("the folder of the countries: keep it in a folder of its own elsewhere"), "{}", said.err);
    let said = kept(folder.path(), "raw", &[]);
    assert_eq!(
        (said.code, said.err.as_str()),
        (Some(2), "the folder raw is there already: microdata go into a new one\n")
    );
    fs::create_dir(folder.path().join(".git")).expect("a folder can be made");
    let said = kept(folder.path(), "kept", &[]);
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("a working tree of version control"), "{}", said.err);
    assert!(!folder.path().join("kept").exists());
}

/// What a run and a check say with this key; neither may write anything.
fn refused(key: &Path) -> Said {
    let out = tempfile::tempdir().expect("a temporary folder can be made");
    let mut run = barometer();
    run.args(["run", "pipelines/schools", "--raw"]).arg(raw()).arg("--out").arg(out.path()).arg("--key").arg(key);
    let run: Said = run.output().expect("the program starts").into();
    let mut check = barometer();
    check.args(["check", "pipelines/schools", "--raw"]).arg(raw()).arg("--key").arg(key);
    let check: Said = check.output().expect("the program starts").into();
    assert_eq!((run.code, check.code), (Some(2), Some(2)), "{}{}", run.err, check.err);
    assert!(run.err.ends_with(&check.err), "{}{}", run.err, check.err);
    assert_eq!(fs::read_dir(out.path()).expect("it is there").count(), 0, "something was written");
    run
}

#[test]
fn a_key_in_a_repository_is_refused() {
    let (folder, file) = keyed(KEYS[0]);
    fs::create_dir(folder.path().join(".git")).expect("a folder can be made");
    let said = refused(&file);
    assert!(
        said.err.contains("a working tree of version control: keep it where it cannot be committed\n"),
        "{}",
        said.err
    );
    assert!(!said.err.contains(&KEYS[0][..8]), "the message must not tell it");
}

#[test]
fn a_password_is_no_key() {
    let (_folder, file) = keyed("innovation2019\n");
    let said = refused(&file);
    assert!(said.err.contains("make one with `openssl rand -hex 32`"), "{}", said.err);
    assert!(!said.err.contains("innovation2019"), "the message must not tell it");
}

#[cfg(unix)]
#[test]
fn a_key_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, file) = keyed(KEYS[0]);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("it is ours");
    let said = refused(&file);
    assert!(said.err.contains("make it yours alone, with `chmod 600`"), "{}", said.err);
}
