//! The same answers make the same report, whichever tool exported them.
//!
//! SurveyXact's workbook, SPSS and Stata were written by programs that are not ours (`fixtures/dnk/2019/exports/write.py`); the
//! text exports of Qualtrics and LimeSurvey are made here, in the shapes that those tools have. Only `[answers]`, the names of
//! columns and the raw values in the wave's file differ between them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::house::{differing, release, tree};

const ANSWERS: &str = "synthetic-answers.csv";

/// The rows of a Danish raw file, its header first. No cell holds a delimiter or a line break.
fn danish(file: &str) -> Vec<Vec<String>> {
    let path = testkit::repository().join("fixtures/dnk/2019/raw").join(file);
    let text = fs::read_to_string(path).expect("the fixture is in the repository");
    let rows = text.trim_start_matches('\u{feff}').lines();
    rows.map(|row| row.split(';').map(str::to_owned).collect()).collect()
}

/// The Danish wave with other answers.
struct Elsewhere {
    folder: tempfile::TempDir,
    wave: String,
}

impl Elsewhere {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let repository = testkit::repository();
        copy(&repository.join("pipelines/dnk"), &folder.path().join("dnk"));
        copy(&repository.join("fixtures/dnk/2019/raw"), &folder.path().join("raw"));
        fs::remove_file(folder.path().join("raw").join(ANSWERS)).expect("the answers are there");
        let wave = fs::read_to_string(repository.join("pipelines/dnk/waves/2019.toml")).expect("there is a wave");
        Self { folder, wave }
    }

    fn raw(&self) -> PathBuf {
        self.folder.path().join("raw")
    }

    /// Replaces what stands exactly once in the wave's file.
    #[track_caller]
    fn with(mut self, was: &str, is: &str) -> Self {
        assert_eq!(self.wave.matches(was).count(), 1, "{was:?} stands once in the wave's file");
        self.wave = self.wave.replace(was, is);
        self
    }

    /// Takes a file that another program wrote.
    fn with_file(self, name: &str) -> Self {
        let from = testkit::repository().join("fixtures/dnk/2019/exports").join(name);
        fs::copy(from, self.raw().join(name)).expect("the fixture is in the repository");
        self.with(ANSWERS, name)
    }

    /// Every file of the release, without what tells the bytes of the inputs.
    fn report(&self) -> BTreeMap<String, Vec<u8>> {
        fs::write(self.folder.path().join("dnk/waves/2019.toml"), &self.wave).expect("a file can be written");
        let country = self.folder.path().join("dnk");
        let (_out, folder) = release(&country.to_string_lossy(), "2019", &self.raw(), &[]);
        report(&folder)
    }
}

fn report(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = tree(folder);
    files.remove("manifest.json").expect("a release has a manifest");
    files
}

fn expected() -> BTreeMap<String, Vec<u8>> {
    let raw = testkit::repository().join("fixtures/dnk/2019/raw");
    let (_out, folder) = release("pipelines/dnk", "2019", &raw, &[]);
    report(&folder)
}

fn copy(from: &Path, to: &Path) {
    for (name, bytes) in tree(from) {
        let path = to.join(name);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
        fs::write(path, bytes).expect("a file can be written");
    }
}

/// A file cut at commas, each cell in quotes, as Qualtrics and LimeSurvey write.
fn at_commas(rows: &[Vec<String>]) -> String {
    let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
    rows.iter().map(|row| row.iter().map(quoted).collect::<Vec<_>>().join(",") + "\n").collect()
}

/// Register and frame are cut as the answers are, with their decimal mark.
fn write_at_commas(raw: &Path, answers: &[Vec<String>]) {
    fs::write(raw.join(ANSWERS), at_commas(answers)).expect("a file can be written");
    for file in ["synthetic-register.csv", "synthetic-frame.csv"] {
        let pointed = |row: Vec<String>| row.into_iter().map(|cell| cell.replace(',', ".")).collect();
        let rows: Vec<Vec<String>> = danish(file).into_iter().map(pointed).collect();
        fs::write(raw.join(file), at_commas(&rows)).expect("a file can be written");
    }
}

/// A cell of the Danish answers by the name of its column.
struct Columns(Vec<String>);

impl Columns {
    fn of<'r>(&self, row: &'r [String], name: &str) -> &'r str {
        &row[self.0.iter().position(|known| known == name).expect("the export has the column")]
    }
}

fn texts(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

#[test]
fn a_workbook_of_surveyxact_makes_the_report_that_its_text_makes() {
    let workbook =
        Elsewhere::new().with_file("synthetic-answers.xlsx").with("[answers]\n", "[answers]\ntool = \"surveyxact\"\n");
    assert_eq!(differing(&expected(), &workbook.report()), Vec::<String>::new());
}

#[test]
fn files_of_spss_and_stata_make_the_report_that_the_text_makes() {
    let expected = expected();
    for file in ["synthetic-answers.zsav", "synthetic-answers.sav.zip", "synthetic-answers.dta.zip"] {
        let elsewhere = Elsewhere::new().with_file(file);
        assert_eq!(differing(&expected, &elsewhere.report()), Vec::<String>::new(), "{file}");
    }
}

#[test]
fn an_export_of_qualtrics_makes_the_report_that_surveyxacts_makes() {
    let mut rows = danish(ANSWERS);
    let columns = Columns(rows.remove(0));
    let questions: Vec<&String> = columns.0.iter().filter(|name| name.starts_with("s_")).collect();
    let system = [
        "StartDate",
        "EndDate",
        "Status",
        "IPAddress",
        "Progress",
        "Duration (in seconds)",
        "Finished",
        "RecordedDate",
        "ResponseId",
        "RecipientEmail",
        "workplace",
        "synthetic",
    ];
    let names =
        system.iter().map(|name| (*name).to_owned()).chain(questions.iter().map(|name| name.replace("s_", "Q")));
    let wordings = system
        .iter()
        .map(|name| (*name).to_owned())
        .chain(questions.iter().map(|name| format!("{name}\nVælg ét svar")));
    let ids = system.iter().map(|name| format!("{{\"ImportId\":\"{name}\"}}"));
    let ids = ids.chain(questions.iter().enumerate().map(|(number, _)| format!("{{\"ImportId\":\"QID{number}\"}}")));
    let mut export: Vec<Vec<String>> = vec![names.collect(), wordings.collect(), ids.collect()];
    for row in &rows {
        let cell = |name| columns.of(row, name);
        let finished = cell("stat_4");
        let status = [
            cell("created"),
            cell("closetime"),
            "0",
            "192.0.2.1",
            if finished == "1" { "100" } else { "40" },
            "",
            finished,
            cell("closetime"),
            cell("respondentid"),
            cell("email"),
            cell("arbejdsplads"),
            cell("synthetic"),
        ];
        export.push(texts(&status).into_iter().chain(questions.iter().map(|name| cell(name).to_owned())).collect());
    }
    let mut elsewhere = Elsewhere::new()
        .with("delimiter = \";\"\ndecimal_mark = \",\"\nunit = \"arbejdsplads\"\ncomplete = { column = \"stat_4\", value = \"1\" }\n",
              "tool = \"qualtrics\"\ndelimiter = \",\"\ndecimal_mark = \".\"\nunit = \"workplace\"\n")
        .with("started = \"created\"\nfinished = \"closetime\"", "started = \"StartDate\"\nfinished = \"EndDate\"");
    elsewhere.wave = elsewhere.wave.replace("\"s_", "\"Q");
    write_at_commas(&elsewhere.raw(), &export);
    assert_eq!(differing(&expected(), &elsewhere.report()), Vec::<String>::new());
}

/// `s_1_1` as LimeSurvey calls it, `Q1[SQ001]`; `s_2` is `Q2`.
fn limesurvey_name(name: &str) -> String {
    match name.trim_start_matches("s_").split_once('_') {
        Some((question, item)) => format!("Q{question}[SQ{item:0>3}]"),
        None => name.replace("s_", "Q"),
    }
}

#[test]
fn an_export_of_limesurvey_makes_the_report_that_surveyxacts_makes() {
    let mut rows = danish(ANSWERS);
    let columns = Columns(rows.remove(0));
    let questions: Vec<&String> = columns.0.iter().filter(|name| name.starts_with("s_")).collect();
    let system =
        ["id", "submitdate", "lastpage", "startlanguage", "startdate", "datestamp", "token", "email", "synthetic"];
    let names = system.iter().map(|name| (*name).to_owned()).chain(questions.iter().map(|name| limesurvey_name(name)));
    let mut export: Vec<Vec<String>> = vec![names.collect()];
    // Answers to single choices are A1, A2 and so on; ticks are Y and N.
    let code = |name: &str, raw: &str| match (raw, raw_is_tick(name)) {
        ("", _) => String::new(),
        (tick, true) => if tick == "1" { "Y" } else { "N" }.to_owned(),
        (code, false) => format!("A{code}"),
    };
    for row in &rows {
        let cell = |name| columns.of(row, name);
        let submitted = if cell("stat_4") == "1" { cell("closetime") } else { "" };
        let status = [
            cell("respondentid"),
            submitted,
            "5",
            "da",
            cell("created"),
            cell("closetime"),
            cell("arbejdsplads"),
            cell("email"),
            cell("synthetic"),
        ];
        export.push(texts(&status).into_iter().chain(questions.iter().map(|name| code(name, cell(name)))).collect());
    }
    let mut elsewhere = Elsewhere::new()
        .with("delimiter = \";\"\ndecimal_mark = \",\"\nunit = \"arbejdsplads\"\ncomplete = { column = \"stat_4\", value = \"1\" }\n",
              "tool = \"limesurvey\"\ndelimiter = \",\"\ndecimal_mark = \".\"\nunit = \"token\"\n")
        .with("started = \"created\"\nfinished = \"closetime\"", "started = \"startdate\"\nfinished = \"datestamp\"");
    elsewhere.wave = limesurvey_wave(&elsewhere.wave, &questions);
    write_at_commas(&elsewhere.raw(), &export);
    assert_eq!(differing(&expected(), &elsewhere.report()), Vec::<String>::new());
}

/// Questions whose raw values are 0 and 1.
fn raw_is_tick(name: &str) -> bool {
    ["3", "4", "5", "7", "11", "12", "13", "14", "17", "19"]
        .iter()
        .any(|question| name.starts_with(&format!("s_{question}_")))
}

/// The wave's file with LimeSurvey's names of columns and raw values; the register keeps its own.
fn limesurvey_wave(wave: &str, questions: &[&String]) -> String {
    let mut wave = wave.to_owned();
    for name in questions {
        wave = wave.replace(&format!("\"{name}\""), &format!("\"{}\"", limesurvey_name(name)));
    }
    let mut list = "";
    let lines: Vec<String> = wave
        .lines()
        .map(|line| {
            list = line.strip_prefix("[recodes.").and_then(|rest| rest.strip_suffix(']')).unwrap_or(list);
            match list {
                "" | "level" | "industry" | "size" | "part_of_country" => line.to_owned(),
                "ticked" => line.replace("\"0\" =", "\"N\" =").replace("\"1\" =", "\"Y\" ="),
                _ if line.starts_with('"') => line.replacen('"', "\"A", 1),
                _ => line.to_owned(),
            }
        })
        .collect();
    lines.join("\n")
}
