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
