//! Editions that become public at a moment: drafts before it, refusals, approval.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::house::{Said, barometer, copy, tree, unpacked};

/// The schools of 2000 with a moment of release, in a folder of their own.
struct Press {
    folder: tempfile::TempDir,
}

const LONG_AGO: &str = "2001-02-01T09:00:00-08:00";
const NOT_YET: &str = "2999-02-01T09:00:00-08:00";

impl Press {
    fn with_moment(moment: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let repository = testkit::repository();
        copy(&repository.join("pipelines/schools"), &folder.path().join("schools"));
        copy(&repository.join("fixtures/schools/2000/raw"), &folder.path().join("schools/raw/2000"));
        let press = Self { folder };
        press.replace_day(moment);
        press
    }

    /// Gives the wave a moment of release, and the day of publication that goes with it.
    fn replace_day(&self, moment: &str) {
        let file = self.path("schools/waves/2000.toml");
        let text = fs::read_to_string(&file).expect("the wave has a file");
        let line = text.lines().find(|line| line.starts_with("published = ")).expect("a day of publication");
        let text = text.replace(line, &format!("published = {}\nrelease_at = {moment}", &moment[..10]));
        fs::write(file, text).expect("a file can be written");
    }

    fn run(&self, arguments: &[&str]) -> Said {
        let mut command = barometer();
        command.current_dir(self.folder.path()).args(["run", "schools"]).args(arguments);
        command.output().expect("the program starts").into()
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    fn manifest(&self, folder: &str) -> Value {
        let bytes = fs::read(self.path(folder).join("manifest.json")).expect("a manifest");
        serde_json::from_slice(&bytes).expect("JSON")
    }
}

const DRAFT: &str = "out/internal/schools/2000/draft";
const RELEASE: &str = "out/schools/2000";

/// The digest that a draft's run tells.
fn told(said: &Said) -> String {
    let line = said.err.lines().find(|line| line.starts_with("  draft ")).unwrap_or_else(|| panic!("{}", said.err));
    line.rsplit(' ').next().expect("a digest").to_owned()
}

#[test]
fn before_its_moment_an_edition_is_a_draft_for_the_office_alone() {
    let press = Press::with_moment(NOT_YET);
    let said = press.run(&[]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(!press.path(RELEASE).exists(), "nothing is public");
    let last = said.out.lines().last();
    assert_eq!(
        last,
        Some("The pages are in out/internal/schools/2000/draft: open out/internal/schools/2000/draft/index.html")
    );
    let manifest = press.manifest(DRAFT);
    assert_eq!((&manifest["standing"], &manifest["release_at"]), (&Value::from("draft"), &Value::from(NOT_YET)));
    for (name, bytes) in tree(&press.path(DRAFT)) {
        let bytes = unpacked(&name, bytes);
        let text = String::from_utf8_lossy(&bytes);
        let says_nothing = name.ends_with(".css") || name.ends_with(".js") || name == "provenance/published.json";
        assert!(says_nothing || text.to_lowercase().contains("draft"), "{name} does not say that it is a draft");
    }
}

#[test]
fn a_draft_is_the_release_but_for_its_marks() {
    let press = Press::with_moment(LONG_AGO);
    let said = press.run(&["--draft"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let digest = told(&said);
    assert_eq!(press.run(&[]).code, Some(0));
    let released = fs::read(press.path(RELEASE).join("manifest.json")).expect("a manifest");
    assert_eq!(testkit_digest(&released), digest, "the draft tells the digest of the release's manifest");
    let names = |folder: &str| tree(&press.path(folder)).into_keys().collect::<Vec<_>>();
    assert_eq!(names(DRAFT), names(RELEASE));
}

fn testkit_digest(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn publishing_before_the_moment_is_refused_and_broken_only_with_a_reason_that_is_kept() {
    let press = Press::with_moment(NOT_YET);
    let said = press.run(&["--publish"]);
    assert_eq!(said.code, Some(6), "{}", said.err);
    assert!(
        said.err.ends_with(
            "schools 2000 is not to be released before 2999-02-01T09:00:00-08:00; nothing was written\nhelp: run it without --publish for a \
             draft; --break-embargo REASON publishes it all the same and keeps the reason in the manifest\n"
        ),
        "{}",
        said.err
    );
    assert!(!press.path("out").exists());
    assert_eq!(press.run(&["--break-embargo", ""]).code, Some(2), "a reason has words");
    let said = press.run(&["--break-embargo", "the figures stood in a newspaper"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(press.manifest(RELEASE)["embargo_broken"], "the figures stood in a newspaper");
    // Whoever makes it again does not take the first reason away.
    assert_eq!(press.run(&["--break-embargo", "another", "--no-cache"]).code, Some(0));
    assert_eq!(press.manifest(RELEASE)["embargo_broken"], "the figures stood in a newspaper");
    let mut command = barometer();
    command.current_dir(press.folder.path()).args(["verify", RELEASE, "--country", "schools"]);
    let verified: Said = command.output().expect("the program starts").into();
    assert_eq!(verified.code, Some(0), "{}{}", verified.out, verified.err);
}

#[test]
fn after_its_moment_an_edition_is_public() {
    let press = Press::with_moment(LONG_AGO);
    for arguments in [&[][..], &["--publish"]] {
        assert_eq!(press.run(arguments).code, Some(0));
        let manifest = press.manifest(RELEASE);
        assert_eq!((&manifest["standing"], &manifest["embargo_broken"]), (&Value::Null, &Value::Null));
        assert_eq!(manifest["release_at"], LONG_AGO);
    }
}

#[test]
fn what_was_approved_is_published_and_nothing_else() {
    let press = Press::with_moment(LONG_AGO);
    let digest = told(&press.run(&["--draft"]));
    let approval = format!("manifest = \"{digest}\"\nby = \"head of statistics\"\ndate = 2001-01-31\n");
    fs::write(press.path("approval.toml"), approval).expect("a file can be written");
    assert_eq!(press.run(&["--approval", "approval.toml"]).code, Some(0));
    let file = press.path("schools/report/2000/scores.en.md");
    let text = fs::read_to_string(&file).expect("a text");
    fs::write(&file, format!("{}\n\nA late remark.\n", text.trim_end())).expect("a file can be written");
    let before = tree(&press.path(RELEASE));
    let said = press.run(&["--approval", "approval.toml"]);
    assert_eq!(said.code, Some(9), "{}", said.err);
    let last = said.err.lines().rev().nth(1).expect("a line");
    assert!(last.starts_with(&format!("approval.toml approves the manifest {digest}, this release has ")), "{last}");
    assert_eq!(tree(&press.path(RELEASE)), before);
    fs::write(press.path("approval.toml"), "by = \"nobody\"\n").expect("a file can be written");
    let said = press.run(&["--approval", "approval.toml"]);
    assert_eq!(said.code, Some(3));
    assert!(
        said.err.contains("approval.toml: this approves nothing: there is no text \"manifest\" in it\n"),
        "{}",
        said.err
    );
}
