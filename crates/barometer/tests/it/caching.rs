//! The cache: what a run need not do again. Steps are counted, not seconds.
//!
//! The schools stand for any country, the Danish edition for one with many pages, two languages, cards and warnings about raw files.

mod damaged;
mod unchanged;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::house::{Said, barometer, copy, differing, tree};

/// The steps before the barrier.
const COUNTING: [&str; 4] = ["ingest", "weigh", "tabulate", "estimate"];

/// A country with its raw files and a cache, in a folder of their own.
struct Office {
    folder: tempfile::TempDir,
    country: &'static str,
    wave: &'static str,
}

/// What a run did.
#[derive(Debug)]
struct Ran {
    events: Vec<Value>,
    release: BTreeMap<String, Vec<u8>>,
}

impl Office {
    fn of(country: &'static str, wave: &'static str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let repository = testkit::repository();
        copy(&repository.join("pipelines").join(country), &folder.path().join(country));
        let raw = repository.join("fixtures").join(country).join(wave).join("raw");
        copy(&raw, &folder.path().join(country).join("raw").join(wave));
        Self { folder, country, wave }
    }

    fn schools() -> Self {
        Self::of("schools", "2000")
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    fn say(&self, more: &[&str]) -> Said {
        let mut command = barometer();
        command.current_dir(self.folder.path()).args(["run", self.country, "--wave", self.wave, "--format", "json"]);
        command.args(more).output().expect("the program starts").into()
    }

    /// Runs with these arguments.
    fn run_with(&self, more: &[&str]) -> Ran {
        let said = self.say(more);
        assert_eq!(said.code, Some(0), "{}", said.err);
        let events = said.err.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let release = self.path("out").join(self.country).join(self.wave);
        Ran { events, release: if release.is_dir() { tree(&release) } else { BTreeMap::new() } }
    }

    /// Runs with the cache.
    fn run(&self) -> Ran {
        self.run_with(&["--cache", "cache"])
    }

    /// Takes what is published away, so that other numbers may be published in its place.
    fn unpublish(&self) {
        fs::remove_dir_all(self.path("out")).expect("there is a release");
    }

    /// Replaces a text that stands in a file once.
    fn replace(&self, file: &str, from: &str, to: &str) {
        let path = self.path(self.country).join(file);
        let text = fs::read_to_string(&path).expect("the file is there");
        assert_eq!(text.matches(from).count(), 1, "{from:?} in {file}");
        fs::write(path, text.replace(from, to)).expect("a file can be written");
    }

    fn cache(&self) -> BTreeMap<String, Vec<u8>> {
        tree(&self.path("cache"))
    }
}

impl Ran {
    fn event(&self, name: &str) -> Option<&Value> {
        self.events.iter().find(|event| event["event"] == name)
    }

    /// How often a step was carried out.
    fn done(&self, step: &str) -> u64 {
        self.event("steps").expect("steps are told")["done"][step].as_u64().unwrap_or(0)
    }

    fn reused(&self, step: &str) -> u64 {
        self.event("steps").expect("steps are told")["reused"][step].as_u64().unwrap_or(0)
    }

    fn warnings(&self) -> Vec<&Value> {
        self.events.iter().filter(|event| event["event"] == "warning").collect()
    }

    /// Pages that are not as they were.
    fn other_pages(&self, before: &Self) -> Vec<String> {
        let mut pages = differing(&before.release, &self.release);
        pages.retain(|path| is_page(path));
        pages
    }

    #[track_caller]
    fn counted_nothing(&self) {
        for step in COUNTING {
            assert_eq!((self.done(step), self.reused(step)), (0, 1), "{step}: {:?}", self.event("steps"));
        }
    }

    #[track_caller]
    fn counted_everything(&self) {
        for step in COUNTING {
            assert_eq!((self.done(step), self.reused(step)), (1, 0), "{step}: {:?}", self.event("steps"));
        }
    }
}

/// An edition that is printed in parts is rendered once more than it has pages, as a whole, to be weighed.
const WEIGHED: u64 = 1;

/// Pages of a release: whatever a template made, and not what is copied.
fn pages(release: &BTreeMap<String, Vec<u8>>) -> u64 {
    u64::try_from(release.keys().filter(|path| is_page(path)).count()).expect("few")
}

#[test]
fn the_first_run_carries_out_every_step_and_keeps_it() {
    let office = Office::schools();
    let ran = office.run();
    ran.counted_everything();
    assert_eq!(ran.event("steps").expect("steps")["reused"], json!({}));
    assert_eq!(ran.done("page"), pages(&ran.release));
    let kinds = |kind: &str| office.cache().keys().filter(|path| path.starts_with(kind)).count();
    assert_eq!([kinds("count/"), kinds("download/"), kinds("release/")], [1, 1, 1]);
    assert_eq!(u64::try_from(kinds("page/")).expect("few"), pages(&ran.release));
}

#[test]
fn a_changed_sentence_renders_the_pages_that_show_it_and_counts_nothing() {
    let office = Office::of("dnk", "2019");
    let before = office.run();
    let text = fs::read_to_string(office.path("dnk/report/2019/reuse.da.md")).expect("a text");
    fs::write(office.path("dnk/report/2019/reuse.da.md"), text + "\nDet er hele historien.\n").expect("it is written");
    let after = office.run();
    after.counted_nothing();
    let pages = after.other_pages(&before);
    assert_eq!(after.done("page"), u64::try_from(pages.len()).expect("few") + WEIGHED, "{pages:?}");
    assert!(pages.iter().any(|page| page == "reuse.html"), "{pages:?}");
    assert!(pages.iter().all(|page| !page.starts_with("en/")), "{pages:?}");
    assert!(after.reused("page") > 3 * after.done("page"), "{:?}", after.event("steps"));
    assert_eq!((after.done("download"), after.done("card"), after.done("disclose")), (0, 0, 1));
    // What counting had to say about the raw files is still said, and that readers had other words before.
    assert!(!before.warnings().is_empty());
    let (mended, warnings): (Vec<_>, Vec<_>) =
        after.warnings().into_iter().partition(|it| it["code"] == "mended-texts");
    assert_eq!((mended.len(), warnings), (1, before.warnings()));
}

#[test]
fn comments_and_white_space_in_toml_and_sql_count_nothing_anew() {
    let office = Office::of("dnk", "2019");
    let before = office.run();
    for file in ["country.toml", "codebook.toml", "tables.toml", "waves/2019.toml"] {
        let path = office.path("dnk").join(file);
        let text = fs::read_to_string(&path).expect("the file is there");
        fs::write(path, format!("# A comment.\n\n{}\n# Another one.\n", text.replace(" = ", "  =  ")))
            .expect("written");
    }
    office.replace(
        "codebook.toml",
        "where  =  \"innovative\"",
        "where = \" /* those who changed something */ innovative\"",
    );
    let after = office.run();
    after.counted_nothing();
    assert_eq!((after.done("page"), after.done("card")), (0, 0));
    // The manifest tells the digests of the files as they are.
    assert_eq!(differing(&before.release, &after.release), ["manifest.json"]);
}

#[test]
fn a_changed_weight_is_counted_and_reaches_every_page_that_shows_it() {
    let office = Office::schools();
    let before = office.run();
    let raw = "raw/2000/apistrat.csv";
    let text = fs::read_to_string(office.path("schools").join(raw)).expect("the export is there");
    fs::write(office.path("schools").join(raw), text.replace(",15.1000003814697,755", ",16.1000003814697,755"))
        .expect("it is written");
    office.unpublish();
    let after = office.run();
    after.counted_everything();
    assert_eq!((after.done("download"), after.done("disclose")), (1, 1));
    let pages = after.other_pages(&before);
    assert!(!pages.is_empty());
    assert_eq!(after.done("page"), u64::try_from(pages.len()).expect("few"), "{pages:?}");
    let cold = office.run_with(&["--no-cache"]);
    assert_eq!(differing(&after.release, &cold.release), Vec::<String>::new());
}

#[test]
fn a_changed_answer_is_counted_anew() {
    let office = Office::schools();
    office.run();
    office.replace("raw/2000/apistrat.csv", ",840,816,", ",841,816,");
    office.unpublish();
    let after = office.run();
    after.counted_everything();
    let cold = office.run_with(&["--no-cache"]);
    assert_eq!(differing(&after.release, &cold.release), Vec::<String>::new());
    // Back to what it was: everything is known.
    office.replace("raw/2000/apistrat.csv", ",841,816,", ",840,816,");
    office.unpublish();
    let back = office.run();
    back.counted_nothing();
    assert_eq!((back.done("page"), back.done("download")), (0, 0));
}

#[test]
fn what_is_asked_of_the_answers_is_a_part_of_the_key() {
    let office = Office::schools();
    office.run();
    office.replace("country.toml", "smallest_base = 5", "smallest_base = 5\nconfidence_level = 0.9");
    office.unpublish();
    office.run().counted_everything();
    office.replace("waves/2000.toml", "lonely = \"refuse\"", "lonely = \"certainty\"");
    office.run().counted_everything();
    // Words are not.
    office.replace("country.toml", "name = { en = \"California’s schools\" }", "name = { en = \"Schools\" }");
    office.run().counted_nothing();
}

#[test]
fn sizes_of_single_units_are_not_kept_where_a_rule_needs_them() {
    let office = Office::schools();
    office.replace(
        "country.toml",
        "smallest_base = 5",
        "smallest_base = 5\n\n[protection]\nmagnitudes = { n = 1, k = 75 }\n",
    );
    for _ in 0..2 {
        let ran = office.run();
        ran.counted_everything();
        assert!(office.cache().keys().all(|path| !path.starts_with("count/")));
        office.unpublish();
    }
}

#[test]
fn a_changed_template_renders_every_page_and_counts_nothing() {
    let office = Office::schools();
    office.run();
    let carried = testkit::repository().join("templates/html/sources.html");
    let own = office.path("schools/templates/html");
    fs::create_dir_all(&own).expect("a folder can be made");
    let text = fs::read_to_string(carried).expect("a template") + "<!-- our own -->\n";
    fs::write(own.join("sources.html"), text).expect("a template can be written");
    let after = office.run();
    after.counted_nothing();
    assert_eq!((after.done("page"), after.reused("page")), (pages(&after.release), 0));
    assert_eq!((after.done("download"), after.reused("download")), (0, 1));
}

#[test]
fn a_changed_label_counts_nothing_and_reaches_files_and_pages_that_show_it() {
    let office = Office::of("dnk", "2019");
    let before = office.run();
    office.replace(
        "codebook.toml",
        "{ da = \"Landsdel\", en = \"Part of the country\" }",
        "{ da = \"Landsdel\", en = \"Region of the country\" }",
    );
    let after = office.run();
    after.counted_nothing();
    let pages = after.other_pages(&before);
    assert!(!pages.is_empty() && pages.iter().all(|page| page.starts_with("en/")), "{pages:?}");
    assert_eq!(after.done("page"), u64::try_from(pages.len()).expect("few"), "{pages:?}");
    assert!(after.reused("page") > 20, "{:?}", after.event("steps"));
    assert_eq!(after.done("download"), 2, "labels stand in the files of numbers");
    let cold = office.run_with(&["--no-cache"]);
    assert_eq!(differing(&after.release, &cold.release), Vec::<String>::new());
}

#[test]
fn changed_words_of_one_language_pack_render_the_pages_of_that_language() {
    let office = Office::of("dnk", "2019");
    let before = office.run();
    let own = office.path("dnk/templates/lang");
    fs::create_dir_all(&own).expect("a folder can be made");
    fs::write(own.join("en.toml"), "[texts]\nread_method = \"How this was done\"\n").expect("a pack can be written");
    let after = office.run();
    after.counted_nothing();
    let pages = after.other_pages(&before);
    assert!(!pages.is_empty() && pages.iter().all(|page| page.starts_with("en/")), "{pages:?}");
    // A page that is given a word renders anew, whether its template places it or not; those of the other language are not given it.
    let of_language = after.release.keys().filter(|path| path.starts_with("en/") && is_page(path)).count();
    assert!(after.done("page") <= u64::try_from(of_language).expect("few") + WEIGHED, "{:?}", after.event("steps"));
    assert!(after.done("page") >= u64::try_from(pages.len()).expect("few"), "{pages:?}");
    // Files of numbers have labels of the pack, such as those of early and late answers.
    assert_eq!((after.done("download"), after.reused("download")), (1, 1));
}

#[test]
fn a_card_is_drawn_again_only_where_its_words_changed() {
    let office = Office::schools();
    office.replace("country.toml", "smallest_base = 5", "smallest_base = 5\nsite = \"https://example.org/barometer\"");
    let cards = |ran: &Ran| -> BTreeMap<String, Vec<u8>> {
        ran.release
            .iter()
            .filter(|(path, _)| path.ends_with(".png"))
            .map(|(path, bytes)| (path.clone(), bytes.clone()))
            .collect()
    };
    let first = office.run();
    let all = cards(&first);
    assert_eq!((first.done("card"), all.len()), (2, 2));
    office.replace("report/2000/scores.en.md", "# Scores and pupils", "# Pupils and scores");
    let second = office.run();
    second.counted_nothing();
    assert_eq!((second.done("card"), second.reused("card")), (1, 1));
    assert_eq!(differing(&all, &cards(&second)), ["cards/scores.png"]);
    // Out of the cache they are what they were when they were drawn.
    fs::remove_dir_all(office.path("out")).expect("there is a release");
    let third = office.run();
    assert_eq!((third.done("card"), third.reused("card")), (0, 2));
    let uncached = office.run_with(&["--no-cache"]);
    assert_eq!((uncached.done("card"), differing(&cards(&uncached), &cards(&third))), (2, Vec::new()));
}

/// Whether a file of a release is a page.
fn is_page(path: &str) -> bool {
    [".html", ".md", ".txt"].iter().any(|ending| path.ends_with(ending))
}

#[test]
fn without_a_cache_every_step_is_carried_out_and_nothing_is_kept() {
    let office = Office::schools();
    office.run();
    let kept = office.cache();
    for _ in 0..2 {
        let ran = office.run_with(&["--no-cache"]);
        ran.counted_everything();
        assert_eq!(ran.event("steps").expect("steps")["reused"], json!({}));
        assert!(ran.event("unchanged").is_none());
    }
    assert_eq!(differing(&kept, &office.cache()), Vec::<String>::new());
}

#[test]
fn cold_warm_and_uncached_runs_on_any_number_of_threads_write_the_same_bytes() {
    let office = Office::of("dnk", "2019");
    let cold = office.run();
    for (threads, cache) in
        [("1", "--cache=cache"), ("8", "--no-cache"), ("2", "--cache=another"), ("8", "--cache=cache")]
    {
        fs::remove_dir_all(office.path("out")).expect("there is a release");
        let ran = office.run_with(&["--threads", threads, cache]);
        assert_eq!(differing(&cold.release, &ran.release), Vec::<String>::new(), "{threads} threads, {cache}");
        assert_eq!(ran.warnings(), cold.warnings());
        if cache == "--cache=cache" {
            ran.counted_nothing();
            assert_eq!(ran.done("page"), 0);
        }
    }
    // An entry depends on no number of threads either.
    let other = tree(&office.path("another"));
    assert_eq!(differing(&office.cache(), &other), Vec::<String>::new());
}

#[test]
fn nothing_of_a_respondent_lies_in_the_cache() {
    let columns = [
        ("schools", "2000", "apistrat.csv", ',', vec![0, 2, 3]),
        ("dnk", "2019", "synthetic-answers.csv", ';', vec![1, 2, 3]),
    ];
    for (country, wave, file, delimiter, identifying) in columns {
        let office = Office::of(country, wave);
        office.run();
        let bytes = fs::read(office.path(country).join("raw").join(wave).join(file)).expect("the export is there");
        let mut reader =
            csv::ReaderBuilder::new().delimiter(u8::try_from(delimiter).expect("ASCII")).from_reader(&bytes[..]);
        let records: Vec<csv::StringRecord> = reader.records().map(|record| record.expect("a record")).collect();
        let values: Vec<&str> =
            records.iter().flat_map(|record| identifying.iter().map(|column| &record[*column])).collect();
        assert!(values.len() >= 600);
        for (name, content) in office.cache().iter().filter(|(name, _)| name.starts_with("count/")) {
            let text = String::from_utf8_lossy(content);
            let found: Vec<&&str> = values.iter().filter(|value| text.contains(&format!("\"{value}\""))).collect();
            assert!(found.is_empty(), "{name} holds {found:?}");
            assert!(!text.contains("PAR1"), "{name} holds Parquet");
        }
    }
}

#[test]
fn runs_that_share_a_cache_do_not_disturb_each_other() {
    let office = Office::schools();
    let expected = office.run_with(&["--no-cache"]).release;
    let start = |index: u32| {
        let mut command = barometer();
        let out = format!("out-{index}");
        command
            .current_dir(office.folder.path())
            .args(["run", "schools", "--wave", "2000", "--cache", "cache", "--out", &out]);
        command.stderr(std::process::Stdio::piped()).stdout(std::process::Stdio::null()).spawn().expect("it starts")
    };
    let runs: Vec<_> = (0..4).map(start).collect();
    for run in runs {
        let said: Said = run.wait_with_output().expect("it ends").into();
        assert_eq!(said.code, Some(0), "{}", said.err);
        assert!(!said.err.contains("warning"), "{}", said.err);
    }
    for index in 0..4 {
        let found = tree(&office.path(&format!("out-{index}/schools/2000")));
        assert_eq!(differing(&expected, &found), Vec::<String>::new());
    }
}

#[test]
fn a_cache_among_what_is_published_is_refused() {
    let office = Office::schools();
    for cache in ["out", "out/cache", "out/../out/.cache"] {
        let said = office.say(&["--cache", cache]);
        assert_eq!(said.code, Some(2), "{}", said.err);
        assert!(
            said.err.contains("where only what may be published does: name another folder with --cache"),
            "{}",
            said.err
        );
        assert!(!office.path("out").exists());
    }
    assert_eq!(office.say(&["--cache", "cache", "--no-cache"]).code, Some(2));
}

/// Two countries may ask the same, and their files of numbers still tell whose they are.
#[test]
fn a_country_takes_no_files_of_another_from_the_cache() {
    let office = Office::schools();
    office.run();
    let twin = office.path("twins");
    copy(&office.path("schools"), &twin);
    let run = |out: &str, cache: &[&str]| {
        let mut command = barometer();
        command.current_dir(office.path("")).args(["run", "twins", "--wave", "2000", "--out", out]).args(cache);
        let said: Said = command.output().expect("the program starts").into();
        assert_eq!(said.code, Some(0), "{}", said.err);
        tree(&office.path(out).join("twins/2000"))
    };
    let warm = run("warm", &["--cache", "cache"]);
    assert_eq!(differing(&run("cold", &["--no-cache"]), &warm), Vec::<String>::new());
}
