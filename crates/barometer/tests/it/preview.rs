//! The preview, asked over HTTP as a browser would: it follows texts, templates and TOML, keeps the last good pages when something is wrong and
//! says what, answers this machine only, and stops when told to.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::house::{barometer, tree};

/// A preview of a copy of the schools, in a folder of its own. Dropped, it is ended.
struct Previewed {
    process: Child,
    /// Host and port.
    address: String,
    folder: tempfile::TempDir,
}

impl Drop for Previewed {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Previewed {
    fn start() -> Self {
        Self::start_with(&[])
    }

    /// With more arguments.
    fn start_with(more: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        for (name, bytes) in tree(&testkit::repository().join("pipelines/schools")) {
            let file = folder.path().join("schools").join(name);
            fs::create_dir_all(file.parent().expect("a file is in a folder")).expect("a folder can be made");
            fs::write(file, bytes).expect("a file can be written");
        }
        fs::create_dir(folder.path().join("work")).expect("a folder can be made");
        let mut command = barometer();
        command.args(["preview", "--port", "0", "--raw", "fixtures/schools/2000/raw", "--work"]);
        command.arg(folder.path().join("work")).arg(folder.path().join("schools")).args(more);
        Self::spawned(folder, command)
    }

    /// Starts a preview of something in a folder, and reads where it is.
    fn spawned(folder: tempfile::TempDir, mut command: Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let mut line = String::new();
        let out = process.stdout.take().expect("its standard output is a pipe");
        BufReader::new(out).read_line(&mut line).expect("it says where it is");
        let address = line.split_once("http://").expect("it tells an address").1;
        let address = address.split_once('/').expect("an address ends").0.to_owned();
        Self { process, address, folder }
    }

    fn file(&self, below: &str) -> PathBuf {
        self.folder.path().join("schools").join(below)
    }

    /// Writes a file of the country's in one step, as editors do: half of one would be seen, too.
    fn put(&self, below: &str, bytes: &[u8]) {
        let (path, partial) = (self.file(below), self.file(".partial"));
        fs::write(&partial, bytes).expect("a file can be written");
        fs::rename(partial, path).expect("it can be renamed");
    }

    /// Changes a text of the country's.
    fn change(&self, below: &str, from: &str, to: &str) {
        let path = self.file(below);
        let text = fs::read_to_string(&path).expect("the file is there");
        assert!(text.contains(from), "{from:?} is in {below}");
        self.put(below, text.replacen(from, to, 1).as_bytes());
    }

    /// Status and body of an answer.
    fn get_as(&self, host: &str, path: &str) -> (String, String) {
        let mut stream = TcpStream::connect(&self.address).expect("the preview listens");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a socket can have a limit");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").expect("it can be asked");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("it answers and closes");
        let answer = String::from_utf8(answer).expect("UTF-8");
        let (head, body) = answer.split_once("\r\n\r\n").expect("an answer has a head");
        (head.lines().next().expect("a status line").to_owned(), body.to_owned())
    }

    fn get(&self, path: &str) -> String {
        let (status, body) = self.get_as(&self.address, path);
        assert_eq!(status, "HTTP/1.1 200 OK", "{path}");
        body
    }

    /// Waits, as the script of a page does, until there is another release than the one that the page shows.
    fn wait_after(&self, page: &str) {
        let number = page.split_once("\"/-/after/").expect("a page waits for the next").1;
        let number = number.split_once('"').expect("a number").0;
        while self.get(&format!("/-/after/{number}")) == number {}
    }
}

const TEXT: &str = "report/2000/scores.en.md";

/// Whoever writes an erratum sees the notices that readers will see, on the pages and the figures that it touches.
#[test]
fn a_preview_of_a_corrected_edition_shows_what_it_corrects() {
    let published = tempfile::tempdir().expect("a temporary folder can be made");
    let raw = published.path().join("raw");
    crate::house::copy(&testkit::repository().join("fixtures/schools/2000/raw"), &raw);
    let answers = fs::read_to_string(raw.join("apistrat.csv")).expect("the answers are there");
    fs::write(raw.join("apistrat.csv"), answers.replace(",840,816,", ",740,816,")).expect("a file can be written");
    let out = published.path().join("out");
    let first = barometer().args(["run", "pipelines/schools", "--raw"]).arg(&raw).arg("--out").arg(&out).output();
    assert!(first.expect("it starts").status.success());
    let preview = Previewed::start_with(&["--out", out.to_str().expect("UTF-8")]);
    let page = preview.get("/scores.html");
    preview.put(
        "report/2000/errata.toml",
        b"[wrong-score]\nedition = \"2000.1\"\ndate = 2999-12-01\nkind = \"correction\"\nwrong = { en = \"A score was wrong.\" }\n\
          changed = { en = \"It is right.\" }\ntables = [\"scores\"]\n",
    );
    preview.wait_after(&page);
    let page = preview.get("/scores.html");
    assert!(page.contains("Corrected on 1\u{a0}December 2999, edition 2000.1"), "{page}");
    assert!(preview.get("/errata.html").contains(
        "<td data-column=\"Before\">661.6 (643.1–680.0)</td><td data-column=\"Now\">662.3 (643.7–680.8)</td>"
    ));
    assert!(!out.join("internal").join("schools/2000.1").exists(), "nothing is written");
}

#[test]
fn a_preview_of_a_comparison_follows_its_files_and_those_of_its_countries() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    crate::house::copy(&testkit::repository().join("pipelines"), folder.path());
    let printed = folder.path().join("isl/published.csv");
    let mut command = barometer();
    command.current_dir(folder.path()).args(["preview", "nordic", "--port", "0"]);
    let preview = Previewed::spawned(folder, command);
    let first = preview.get("/value.html");
    assert!(first.contains("draft") || first.contains("DRAFT"), "it is shown as a draft: {first}");
    assert!(preview.get("/data/comparison.csv").contains(",67,"));
    let text = fs::read_to_string(&printed).expect("the file is there");
    let partial = printed.with_extension("partial");
    fs::write(&partial, text.replace(",67,,,innovative", ",66,,,innovative")).expect("a file can be written");
    fs::rename(partial, &printed).expect("it can be renamed");
    preview.wait_after(&first);
    let cells = preview.get("/data/comparison.csv");
    assert!(cells.contains(",66,") && !cells.contains(",67,"), "{cells}");
    assert!(!preview.folder.path().join("out").exists(), "nothing is written");
}

#[test]
fn a_preview_follows_texts_templates_and_toml_and_keeps_the_last_good_pages() {
    let preview = Previewed::start();
    let first = preview.get("/scores.html");
    assert!(first.contains("<h1>Scores and pupils</h1>"), "{first}");
    assert_eq!(preview.get("/"), preview.get("/index.html"));
    assert!(preview.get("/data/scores.csv").contains("stype") && preview.get("/assets/style.css").contains(":root"));

    preview.change(TEXT, "# Scores and pupils", "# Pupils and scores");
    preview.wait_after(&first);
    let second = preview.get("/scores.html");
    assert!(second.contains("<h1>Pupils and scores</h1>"), "{second}");

    // A sentence that does not hold is told above the page that did.
    preview.change(TEXT, "[200 schools]{schools}", "[201 schools]{schools}");
    preview.wait_after(&second);
    let third = preview.get("/scores.html");
    assert!(third.contains("<h1>Pupils and scores</h1>") && third.contains("200 schools"), "{third}");
    let told = third.split_once("<aside role=\"alert\"").expect("what is wrong is on the page").1;
    for part in [
        "report/2000/scores.en.md:3:",
        "    3 | The Academic Performance Index",
        "does not hold",
        "the last good pages stay",
    ] {
        assert!(told.contains(part), "{part:?} is in {told}");
    }

    // So is a name that no template is given.
    fs::create_dir_all(preview.file("templates/html")).expect("a folder can be made");
    preview.put("templates/html/index.html", b"<p>\n{{ publikation }}\n</p>\n");
    preview.change(TEXT, "[201 schools]{schools}", "[200 schools]{schools}");
    preview.wait_after(&third);
    let mut fourth = preview.get("/");
    if !fourth.contains("templates/html/index.html:2") {
        // Both changes need not have been seen at once.
        preview.wait_after(&fourth);
        fourth = preview.get("/");
    }
    for part in ["templates/html/index.html:2: undefined value", "{{ publikation }}", "names near by: \"publication\""]
    {
        assert!(fourth.contains(part), "{part:?} is in {fourth}");
    }

    preview.put("templates/html/index.html", b"<p>{{ publication }}</p></body>\n");
    preview.wait_after(&fourth);
    let fifth = preview.get("/");
    assert!(fifth.starts_with("<p>") && !fifth.contains("alert"), "{fifth}");

    // A table is another one once its file says so.
    preview.change("tables.toml", "title = { en = \"Pupils\" }", "title = { en = \"Pupils at school\" }");
    preview.wait_after(&fifth);
    assert!(preview.get("/data.html").contains("Pupils at school"));
}

/// What a preview shows is a whole release: its manifest lists the files as they are shown.
#[test]
fn the_manifest_of_a_preview_is_that_of_the_files_it_shows() {
    let preview = Previewed::start();
    let first = preview.get("/scores.html");
    let listed = |preview: &Previewed| {
        let manifest: serde_json::Value = serde_json::from_str(&preview.get("/manifest.json")).expect("JSON");
        let outputs = manifest["outputs"].as_array().expect("a list").clone();
        let digest =
            |path: &str| outputs.iter().find(|file| file["path"] == path).expect("it is listed")["sha256"].clone();
        ["report.md", "data/scores.csv"].map(digest)
    };
    let before = listed(&preview);
    preview.change(TEXT, "# Scores and pupils", "# Pupils and scores");
    preview.wait_after(&first);
    let after = listed(&preview);
    assert!(before[0] != after[0] && before[1] == after[1], "{before:?} {after:?}");
    let shown: String = {
        use sha2::Digest;
        sha2::Sha256::digest(preview.get("/report.md").as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    };
    assert_eq!(after[0], shown.as_str());
}

/// A second preview of the same takes everything out of the cache, and a changed sentence its page alone.
#[test]
fn a_preview_takes_from_the_cache_what_an_earlier_one_kept() {
    let cache = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = cache.path().join("cache");
    let arguments = ["--cache", folder.to_str().expect("UTF-8")];
    drop(Previewed::start_with(&arguments).get("/scores.html"));
    let kept = tree(&folder);
    let second = Previewed::start_with(&arguments);
    let first_page = second.get("/scores.html");
    assert_eq!(crate::house::differing(&kept, &tree(&folder)), Vec::<String>::new(), "nothing was made anew");
    second.change(TEXT, "# Scores and pupils", "# Pupils and scores");
    second.wait_after(&first_page);
    let new: Vec<String> = tree(&folder).into_keys().filter(|path| !kept.contains_key(path)).collect();
    assert!(!new.is_empty() && new.iter().all(|path| path.starts_with("page/")), "{new:?}");
    assert!(new.len() < kept.keys().filter(|path| path.starts_with("page/")).count(), "{new:?}");
}

#[test]
fn a_file_that_cannot_be_read_is_told_once_and_forgotten_when_it_can() {
    let preview = Previewed::start();
    let first = preview.get("/scores.html");
    let text = fs::read(preview.file(TEXT)).expect("the file is there");
    preview.put(TEXT, b"# Sc\xffres\n");
    preview.wait_after(&first);
    let second = preview.get("/scores.html");
    assert!(second.contains("<aside role=\"alert\"") && second.contains("scores.en.md"), "{second}");
    // Many looks later the page has not been made anew.
    std::thread::sleep(Duration::from_millis(400));
    assert_eq!(preview.get("/scores.html"), second);
    preview.put(TEXT, &text);
    preview.wait_after(&second);
    let third = preview.get("/scores.html");
    assert!(third.contains("<h1>Scores and pupils</h1>") && !third.contains("role=\"alert\""), "{third}");
}

#[test]
fn a_preview_answers_this_machine_only_and_leaves_nothing_when_it_is_told_to_stop() {
    let mut preview = Previewed::start();
    assert_eq!(preview.get_as("barometer.example", "/").0, "HTTP/1.1 403 Forbidden");
    assert_eq!(preview.get_as("localhost", "/").0, "HTTP/1.1 200 OK");
    assert_eq!(preview.get_as("localhost", "/../../etc/passwd").0, "HTTP/1.1 404 Not Found");
    let told = std::process::Command::new("kill").arg("-INT").arg(preview.process.id().to_string()).status();
    assert!(told.expect("kill is a program").success());
    assert_eq!(preview.process.wait().expect("it ends").code(), Some(130));
    assert_eq!(tree(&preview.folder.path().join("work")).len(), 0);
    assert!(Path::new(&preview.file("country.toml")).is_file());
}

#[test]
fn a_preview_of_what_is_not_there_ends_and_a_taken_port_is_told() {
    let said = |arguments: &[&str]| {
        let output = barometer().arg("preview").args(arguments).output().expect("the program starts");
        (output.status.code(), String::from_utf8(output.stderr).expect("UTF-8"))
    };
    let (code, words) = said(&["pipelines/nowhere"]);
    assert_eq!((code, words.trim()), (Some(2), "there is no folder pipelines/nowhere"));
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let (code, words) = said(&["pipelines/schools", "--raw", "fixtures/schools/2000/raw", "--port", &port]);
    assert_eq!(code, Some(2), "{words}");
    assert!(
        words.contains(&format!("cannot listen on 127.0.0.1:{port}")) && words.contains("--port names another"),
        "{words}"
    );
}
