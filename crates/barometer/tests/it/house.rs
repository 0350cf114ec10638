//! Running the program as a user does, and reading what it wrote.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use bytes::Bytes;
use parquet::file::reader::FileReader;
use parquet::file::serialized_reader::SerializedFileReader;
use serde_json::Value;

/// The program, to be started in the repository's folder, by somebody who has no folder for caches: a test that does not name one carries out
/// every step.
pub(crate) fn barometer() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_barometer"));
    command.current_dir(testkit::repository()).env_remove("HOME").env_remove("XDG_CACHE_HOME");
    command
}

/// The country and the wave of every edition that `pipelines` states.
pub(crate) fn editions() -> Vec<(String, String)> {
    let countries = fs::read_dir(testkit::repository().join("pipelines")).expect("there are countries");
    let countries = countries.map(|entry| entry.expect("an entry").path());
    let waves = countries.flat_map(|country| {
        let name = country.file_name().expect("a name").to_string_lossy().into_owned();
        let files = fs::read_dir(country.join("waves")).into_iter().flatten();
        let files = files.map(|file| file.expect("an entry").path());
        files.filter_map(move |file| {
            let wave = file.file_name()?.to_str()?.strip_suffix(".toml")?;
            Some((name.clone(), wave.to_owned()))
        })
    });
    waves.collect()
}

/// The names of the comparisons over countries that `pipelines` holds, sorted.
pub(crate) fn comparisons() -> Vec<String> {
    let folders = fs::read_dir(testkit::repository().join("pipelines")).expect("there are comparisons");
    let folders = folders.map(|entry| entry.expect("an entry").path());
    let comparisons = folders.filter(|folder| folder.join("comparison.toml").is_file());
    let mut names: Vec<String> =
        comparisons.map(|folder| folder.file_name().expect("a name").to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// What a run said and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("the program writes UTF-8");
        Self { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }
}

/// Runs the program with these arguments.
pub(crate) fn say(arguments: &[&str]) -> Said {
    barometer().args(arguments).output().expect("the program starts").into()
}

/// Runs a wave and gives the folder of its release, which lives as long as the temporary folder beside it.
pub(crate) fn release(country: &str, wave: &str, raw: &Path, more: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let out = tempfile::tempdir().expect("a temporary folder can be made");
    let said: Said = barometer()
        .args(["run", country, "--wave", wave, "--raw"])
        .arg(raw)
        .arg("--out")
        .arg(out.path())
        .args(more)
        .output()
        .expect("the program starts")
        .into();
    assert_eq!(said.code, Some(0), "{}", said.err);
    let name = Path::new(country).file_name().expect("a country's folder has a name");
    let folder = out.path().join(name).join(wave);
    (out, folder)
}

/// Every file below a folder, by its path.
pub(crate) fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let empty = tempfile::tempdir().expect("a temporary folder can be made");
    testkit::overlay(empty.path(), folder)
}

/// Copies every file below a folder.
pub(crate) fn copy(from: &Path, to: &Path) {
    for (name, bytes) in tree(from) {
        let path = to.join(name);
        std::fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
        std::fs::write(path, bytes).expect("a file can be written");
    }
}

/// Tells the files that differ; empty when the trees are the same to the byte.
pub(crate) fn differing(left: &BTreeMap<String, Vec<u8>>, right: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let names: std::collections::BTreeSet<&String> = left.keys().chain(right.keys()).collect();
    names.into_iter().filter(|name| left.get(*name) != right.get(*name)).cloned().collect()
}

/// What a file holds: a workbook all of its parts, a Parquet file what it says of itself and its cells, anything else itself.
pub(crate) fn unpacked(name: &str, bytes: Vec<u8>) -> Vec<u8> {
    if name.ends_with(".parquet") {
        return cells(bytes);
    }
    if !name.ends_with(".xlsx") && !name.ends_with(".ods") {
        return bytes;
    }
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a workbook is a zip archive");
    let mut parts = Vec::new();
    for index in 0..archive.len() {
        std::io::copy(&mut archive.by_index(index).expect("a part"), &mut parts).expect("a part can be unpacked");
    }
    parts
}

fn cells(bytes: Vec<u8>) -> Vec<u8> {
    let reader = SerializedFileReader::new(Bytes::from(bytes)).expect("a release has sound Parquet");
    let mut text = format!("{:?}\n", reader.metadata().file_metadata().key_value_metadata());
    for row in reader.get_row_iter(None).expect("its columns have plain types") {
        writeln!(text, "{}", row.expect("a row can be read")).expect("a text takes any text");
    }
    text.into_bytes()
}

/// The published tables of a release.
pub(crate) fn published(folder: &Path) -> Value {
    let bytes = std::fs::read(folder.join("provenance/published.json")).expect("a release keeps its published tables");
    serde_json::from_slice(&bytes).expect("the published tables are JSON")
}
