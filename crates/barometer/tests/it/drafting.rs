//! `barometer new`: a country's files drafted from an export check clean and make a report.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::house::{Said, barometer, say, tree};

/// Drafts a country in a folder of its own.
fn drafted(folder: &Path, export: &str, more: &[&str]) -> Said {
    let mut command = barometer();
    command.args(["new", "ABC", "--from-export", export, "--pipelines"]).arg(folder).args(more);
    command.output().expect("the program starts").into()
}

/// The report of a drafted country.
fn run(folder: &Path, raw: &str) -> Said {
    let mut command = barometer();
    command.arg("run").arg(folder.join("abc")).args(["--raw", raw, "--out"]).arg(folder.join("out"));
    command.output().expect("the program starts").into()
}

#[test]
fn a_draft_from_every_format_checks_clean_and_makes_a_report() {
    for (export, raw) in [
        ("fixtures/dnk/2019/raw/synthetic-answers.csv", "fixtures/dnk/2019/raw"),
        ("fixtures/formats/answers.csv", "fixtures/formats"),
        ("fixtures/formats/answers.ods", "fixtures/formats"),
        ("fixtures/formats/answers.openpyxl.xlsx", "fixtures/formats"),
        ("fixtures/formats/several.zip/2020.csv", "fixtures/formats"),
        ("fixtures/formats/answers.snappy.parquet", "fixtures/formats"),
        ("fixtures/formats/answers.arrow", "fixtures/formats"),
        ("fixtures/formats/pspp.zsav", "fixtures/formats"),
        ("fixtures/formats/readstat.14.dta", "fixtures/formats"),
    ] {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let said = drafted(folder.path(), export, &["--wave", "2020"]);
        assert_eq!(said.code, Some(0), "{export}: {}", said.err);
        assert!(said.err.ends_with(&format!("--raw {raw}\n")), "{export}: {}", said.err);
        let country = folder.path().join("abc");
        let checked = say(&["check", &country.to_string_lossy()]);
        // Whom readers may ask, and what they may do with the data, no export tells.
        let asks = checked.err.contains("the accessibility statement tells no address for feedback")
            && checked.err.contains("no licence is told");
        let is_clean = checked.out.contains("no findings") || (asks && checked.out.contains("no errors, 2 warnings"));
        assert_eq!((checked.code, is_clean), (Some(0), true), "{export}: {}", checked.err);
        let said = run(folder.path(), raw);
        assert_eq!(said.code, Some(0), "{export}: {}", said.err);
        let page = fs::read_to_string(folder.path().join("out/abc/2020/index.html")).expect("there is a page");
        assert!(page.contains("unknown: title of the survey"), "{export}");
    }
}

/// The export of a tool with its answers so often that codes come again and again, each row with ids of its own. Bytes are letters here, so
/// that every encoding goes through.
fn of_many_rows(export: &Path, delimiter: u8, header_rows: usize) -> Vec<u8> {
    let text: String =
        fs::read(export).expect("the fixture is in the repository").into_iter().map(char::from).collect();
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("the fixture is whole")).collect();
    let (header, answers) = rows.split_at(header_rows);
    let cells = |column: usize| answers.iter().map(move |row| &row[column]);
    let is_id = |column: usize| {
        let different: BTreeSet<&str> = cells(column).collect();
        different.len() == answers.len()
            && cells(column).all(|cell| {
                let mut bytes = cell.trim_end().bytes().peekable();
                bytes.peek().is_some() && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            })
    };
    let ids: Vec<bool> = (0..header[0].len()).map(is_id).collect();
    let mut writer = csv::WriterBuilder::new().flexible(true).delimiter(delimiter).from_writer(Vec::new());
    header.iter().for_each(|row| writer.write_record(row).expect("memory can be written"));
    for round in 0..40 {
        for row in answers {
            let cell = |(cell, is_id): (&str, &bool)| {
                if *is_id { format!("{}{round}", cell.trim_end()) } else { cell.to_owned() }
            };
            writer.write_record(row.iter().zip(&ids).map(cell)).expect("memory can be written");
        }
    }
    let text = String::from_utf8(writer.into_inner().expect("memory can be written")).expect("it was text");
    text.chars().map(|letter| u8::try_from(letter).expect("each letter was a byte")).collect()
}

#[test]
fn a_draft_from_the_export_of_every_tool_checks_clean_and_makes_a_report() {
    for (export, delimiter, header_rows) in [
        ("surveyxact.csv", b';', 1),
        ("qualtrics.csv", b',', 3),
        ("qualtrics-texts.csv", b',', 3),
        ("qualtrics-legacy.csv", b',', 2),
        ("limesurvey-codes.csv", b',', 1),
        ("limesurvey-texts.csv", b',', 1),
        ("limesurvey-texts-codes.csv", b';', 1),
        ("limesurvey-labels.csv", b',', 1),
        ("limesurvey-full.csv", b',', 1),
        ("limesurvey-full-codes.csv", b',', 1),
        ("enalyzer.csv", b';', 1),
        ("questback.csv", b';', 1),
        ("forsta.tsv", b'\t', 1),
        ("spss.csv", b';', 1),
        ("plain.csv", b',', 1),
    ] {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let tools = testkit::repository().join("fixtures/tools");
        let raw = folder.path().join("raw");
        fs::create_dir(&raw).expect("a folder can be made");
        fs::write(raw.join(export), of_many_rows(&tools.join(export), delimiter, header_rows))
            .expect("a file can be written");
        if export == "surveyxact.csv" {
            let structure = "surveyxact-structure.csv";
            fs::copy(tools.join(structure), raw.join(structure)).expect("the fixture is in the repository");
        }
        is_drafted(folder.path(), &raw.join(export).to_string_lossy(), &raw.to_string_lossy());
        let codebook = fs::read_to_string(folder.path().join("abc/codebook.toml")).expect("there is a codebook");
        // The others tell no wording that items could share, or list several answers in a cell.
        let question = ["What was new?", "Hvad var nyt?"]
            .iter()
            .any(|it| codebook.contains(&format!("\nquestion = \"{it}\"\ncodes = ")));
        let tells = ["surveyxact", "qualtrics-legacy", "limesurvey-texts", "limesurvey-full", "enalyzer"];
        assert_eq!(question, tells.iter().any(|it| export.starts_with(it)), "{export}: {codebook}");
    }
    // A workbook with its sheets, and the files of SPSS and Stata, as their own programs wrote them.
    for export in ["synthetic-answers.xlsx", "synthetic-answers.zsav", "synthetic-answers.dta.zip"] {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let raw = "fixtures/dnk/2019/exports";
        is_drafted(folder.path(), &format!("{raw}/{export}"), raw);
        let wave = fs::read_to_string(folder.path().join("abc/waves/2020.toml")).expect("there is a wave");
        let tool = match export {
            "synthetic-answers.xlsx" => "\nsheet = \"Dataset\"\ntool = \"surveyxact\"\n",
            "synthetic-answers.zsav" => "\ntool = \"spss\"\n",
            _ => "\nfile = \"synthetic-answers.dta.zip\"\n",
        };
        assert!(wave.contains(tool), "{wave}");
    }
}

/// A draft of this export checks clean, and so does the export beside it, and both make a report.
#[track_caller]
fn is_drafted(folder: &Path, export: &str, raw: &str) {
    let said = drafted(folder, export, &["--wave", "2020"]);
    assert_eq!(said.code, Some(0), "{export}: {}", said.err);
    let country = folder.join("abc");
    let checked = say(&["check", &country.to_string_lossy(), "--raw", raw]);
    assert_eq!(checked.code, Some(0), "{export}: {}", checked.err);
    let said = run(folder, raw);
    assert_eq!(said.code, Some(0), "{export}: {}", said.err);
}

/// An array of LimeSurvey is one question with a scale, a question with several answers one whose options are ticked; both keep the wording that
/// their columns share. Words beside an option are no option.
#[test]
fn questions_with_several_items_are_drafted_as_batteries() {
    let header = "\"id\",\"submitdate\",\"lastpage\",\"startlanguage\",\"Q1. New?\",\"Q2[SQ001]. What was new? [A product]\",\
                  \"Q2[SQ002]. What was new? [A service]\",\"Q2[other]. What was new? [Other]\",\
                  \"Q3[SQ001]. How far do you agree? [We try things]\",\"Q3[SQ002]. How far do you agree? [We may fail]\"\n";
    let row = |id: usize| {
        let (first, second) = (["Y", ""][id % 2], ["", "Y", "Y"][id % 3]);
        let (try_things, may_fail) = (["A1", "A2", "A3"][id % 3], ["A2", "A3"][id % 2]);
        format!("{id},2020-02-01 10:00:00,3,en,{},{first},{second},,{try_things},{may_fail}\n", ["A1", "A2"][id % 2])
    };
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let export = folder.path().join("export.csv");
    fs::write(&export, header.to_owned() + &(1..=120).map(row).collect::<String>()).expect("a file can be written");
    is_drafted(folder.path(), &export.to_string_lossy(), &folder.path().to_string_lossy());
    let read = |name: &str| fs::read_to_string(folder.path().join("abc").join(name)).expect("the draft has the file");
    let (codebook, wave) = (read("codebook.toml"), read("waves/2020.toml"));
    for told in [
        "q2_codes = [\n  { code = \"Y\", label = \"Ticked\" },\n  { code = \"not_ticked\", label = \"Not ticked\" },\n]\n",
        "[batteries.q2]\nquestion = \"What was new?\"\ncodes = \"q2_codes\"\nmultiple = \"Y\"    # ASSUMED",
        "  { item = \"sq001\", label = \"A product\" },\n  { item = \"sq002\", label = \"A service\" },\n]\n",
        "[batteries.q3]\nquestion = \"How far do you agree?\"\ncodes = \"q3_codes\"\nitems = [\n",
        "q3_codes = [\n  { code = \"A1\", label = \"A1\" },\n  { code = \"A2\", label = \"A2\" },\n  { code = \"A3\", label = \"A3\" },\n]\n",
    ] {
        assert!(codebook.contains(told), "{told} is not in\n{codebook}");
    }
    assert!(wave.contains("[columns.q2]\nsq001 = \"Q2[SQ001]\"\nsq002 = \"Q2[SQ002]\"\n[columns.q3]\n"), "{wave}");
    assert!(wave.contains("[recodes.q2_codes]\n\"Y\" = \"Y\"\n\"\" = \"not_ticked\"\n"), "{wave}");
}

#[test]
fn a_multiple_response_set_of_spss_is_drafted_as_a_battery() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let said = drafted(folder.path(), "fixtures/formats/pspp.sav", &["--wave", "2020"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let codebook = fs::read_to_string(folder.path().join("abc/codebook.toml")).expect("there is a codebook");
    let told = "[batteries.barriers]\nquestion = \"unknown: wording of barriers\"\ncodes = \"barriers_codes\"\nmultiple = \"1\"";
    assert!(codebook.contains(told), "{codebook}");
    assert!(codebook.contains("{ item = \"barrier_time\", label = \"Tid\" },\n"), "{codebook}");
}

#[test]
fn what_an_export_does_not_tell_is_assumed_aloud() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let said = drafted(folder.path(), "fixtures/dnk/2019/raw/synthetic-answers.csv", &["--wave", "2019"]);
    for assumption in [
        "ASSUMED in waves/2019.toml: a simple random sample in which every answer counts the same\n",
        "ASSUMED in waves/2019.toml: column \"respondentid\" identifies the unit\n",
        "ASSUMED in waves/2019.toml: published on 2020-01-01\n",
        "ASSUMED in codebook.toml: every question is asked of everyone\n",
    ] {
        assert!(said.err.contains(assumption), "{assumption} is not in\n{}", said.err);
    }
    let wave = fs::read_to_string(folder.path().join("abc/waves/2019.toml")).expect("there is a wave");
    assert!(wave.contains("\nsynthetic = true\n") && wave.contains("\ntool = \"surveyxact\"\n"));
}

#[test]
fn nobody_who_answered_is_in_a_draft() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let said = drafted(folder.path(), "fixtures/dnk/2019/raw/synthetic-answers.csv", &["--wave", "2019"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    for (path, bytes) in tree(folder.path()) {
        assert!(!bytes.contains(&b'@'), "{path}");
    }
}

#[test]
fn a_remark_that_several_people_write_alike_is_in_no_file_of_a_draft() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let export = folder.path().join("export-2023.csv");
    let mut text = "id;q1;q2;q17;remark\n".to_owned();
    for row in 0..60 {
        let offered = ["To a great extent", "To some extent", "Not at all"][row % 3];
        let own = if row % 20 == 0 { "No time, sadly" } else { "" };
        let remark = if row % 4 == 0 { "Good questionnaire" } else { "" };
        text += &format!("{};{};{offered};{own};{remark}\n", 100 + row, row % 2);
    }
    fs::write(&export, text).expect("a file can be written");
    let pipelines = folder.path().join("pipelines");
    let said = drafted(&pipelines, &export.to_string_lossy(), &[]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let files = tree(&pipelines);
    let is_written = |words: &str| files.values().any(|bytes| String::from_utf8_lossy(bytes).contains(words));
    assert!(is_written("To a great extent"), "an offered answer is a label");
    assert!(!is_written("No time") && !is_written("Good questionnaire"));
}

#[test]
fn a_country_that_is_there_is_left_as_it_is() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let country = folder.path().join("abc");
    fs::create_dir(&country).expect("a folder can be made");
    let said = drafted(folder.path(), "fixtures/formats/answers.csv", &["--wave", "2020"]);
    let message = format!("{} is there already: a new country has a new folder\n", country.display());
    assert_eq!((said.code, said.err), (Some(2), message));
    assert!(tree(&country).is_empty());
}

#[test]
fn an_export_that_tells_nothing_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let export = folder.path().join("export-2020.csv");
    for (text, message) in [
        ("", "the file is empty"),
        ("q1;q2\n1;2\n1;2\n", "no column identifies the unit: none has a value of its own in every row"),
        ("id;remark\n1;\n2;\n", "no column holds codes or numbers, so there is nothing to publish"),
    ] {
        fs::write(&export, text).expect("a file can be written");
        let pipelines = folder.path().join("pipelines");
        let said = drafted(&pipelines, &export.to_string_lossy(), &[]);
        assert_eq!(said.code, Some(3), "{}", said.err);
        assert!(said.err.contains(message), "{message} is not in\n{}", said.err);
        assert!(!pipelines.join("abc").exists());
    }
}

#[test]
fn an_export_whose_name_holds_no_year_needs_one() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let said = drafted(folder.path(), "fixtures/formats/answers.csv", &[]);
    assert_eq!(
        (said.code, said.err.as_str()),
        (
            Some(2),
            "no year stands in the name of answers.csv: tell the one in which the wave's window ends with --wave\n"
        )
    );
}

#[test]
#[ignore = "needs the real export"]
fn a_draft_from_the_real_export_checks_clean_and_makes_a_report() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let said = drafted(folder.path(), "../shared/data/ury/eaii-2019-2021.csv", &[]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let said = run(folder.path(), "../shared/data/ury");
    assert_eq!(said.code, Some(0), "{}", said.err);
}

/// `13/2/2024` can only be read with the day first, `2/13/2024` only with the month; `3/4/2024` with either.
#[test]
fn days_with_slashes_are_drafted_in_the_order_that_they_tell() {
    for (days, written) in [
        (["13/2/2024", "3/4/2024"], "\ndates = \"31/12/2019\"\n"),
        (["2/13/2024", "3/4/2024"], "\ndates = \"12/31/2019\"\n"),
        (["3/4/2024", "4/3/2024"], "\ndates = \"31/12/2019\"    # ASSUMED: "),
    ] {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let rows: String = (0..40).map(|row| format!("{row};{};{}\n", days[row % 2], row % 3)).collect();
        fs::write(folder.path().join("export.csv"), format!("id;begun;q1\n{rows}")).expect("a file can be written");
        let export = folder.path().join("export.csv");
        let said = drafted(folder.path(), &export.to_string_lossy(), &["--wave", "2024"]);
        assert_eq!(said.code, Some(0), "{}", said.err);
        let wave = fs::read_to_string(folder.path().join("abc/waves/2024.toml")).expect("there is a wave");
        assert!(wave.contains(written) && wave.contains("\nbegun = \"begun\"\n"), "{wave}");
        let said = run(folder.path(), &folder.path().to_string_lossy());
        assert_eq!(said.code, Some(0), "{}", said.err);
    }
}

/// A file has one decimal mark by its wave; what has another cannot be read with it.
#[test]
fn a_column_with_another_decimal_mark_than_the_file_is_left_out_and_told() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let rows: String = (0..40).map(|row| format!("{row};{row},5;{row}.25;{}\n", row % 3)).collect();
    fs::write(folder.path().join("export.csv"), format!("id;turnover;share;q1\n{rows}")).expect("it can be written");
    let export = folder.path().join("export.csv");
    let said = drafted(folder.path(), &export.to_string_lossy(), &["--wave", "2024"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let codebook = fs::read_to_string(folder.path().join("abc/codebook.toml")).expect("there is a codebook");
    assert!(codebook.contains("\n# - share: its decimal mark is not ','\n"), "{codebook}");
    let said = run(folder.path(), &folder.path().to_string_lossy());
    assert_eq!(said.code, Some(0), "{}", said.err);
}

#[test]
fn what_is_odd_about_an_export_is_told_with_its_draft() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let export = folder.path().join("export.csv");
    let export = export.to_string_lossy();
    let rows: String = (0..40).map(|row| format!("{row};{};{}\n", row % 3, row % 2)).collect();
    fs::write(&*export, format!("id;q1;q1\n{rows}")).expect("a file can be written");
    let said = drafted(folder.path(), &export, &["--wave", "2024"]);
    assert_eq!(said.code, Some(3), "{}", said.err);
    assert!(said.err.contains("2 columns have this name") && said.err.contains("nothing to publish"), "{}", said.err);
    fs::write(&*export, format!("id;q1;\n{rows}")).expect("a file can be written");
    let said = drafted(folder.path(), &export, &["--wave", "2024"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.err.contains("warning: 1 column has cells and no name"), "{}", said.err);
}

/// An export whose columns are called like items of the shared questionnaire.
fn export_of_shared_items() -> String {
    let patterns = ["Ja,Nej,Nej,Nej,first,1,a", "Nej,Nej,Ja,Nej,adapted,0,b", "Ja,Ja,Nej,Ja,copied,1,a"];
    let rows = (1..=30).map(|id| format!("{id},{}\n", patterns[id % patterns.len()]));
    let names =
        "introduced_product,introduced_service,introduced_process,introduced_communication,q6,values_quality,level";
    format!("id,{names}\n{}", rows.collect::<String>())
}

#[test]
fn columns_that_are_surely_items_of_the_shared_questionnaire_are_taken_from_it() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let raw = folder.path().join("answers-2020.csv");
    fs::write(&raw, export_of_shared_items()).expect("a file can be written");
    let said = drafted(folder.path(), &raw.to_string_lossy(), &["--lang", "da,en"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(
        said.err.contains("column \"introduced_product\" is introduced_product of the shared questionnaire"),
        "{}",
        said.err
    );
    let file = |name: &str| fs::read_to_string(folder.path().join("abc").join(name)).expect("it was drafted");
    let (codebook, country, wave) = (file("codebook.toml"), file("country.toml"), file("waves/2020.toml"));
    assert!(country.contains("core = \"1\"\n"), "{country}");
    for taken in ["  \"introduced\",\n", "  \"values\",\n", "  \"innovative\",\n"] {
        assert!(codebook.contains(taken), "{taken} is not in {codebook}");
    }
    assert!(codebook.contains("[batteries.values]\nwithout = [\"efficiency\""), "{codebook}");
    // Neither its name nor its words tell what q6 is; and level has other codes than the shared one, which comes from a register.
    assert!(codebook.contains("[variables.q6]") && codebook.contains("[variables.own_level]"), "{codebook}");
    assert!(wave.contains("[recodes.introduced_product]\n\"Ja\" = \"yes\"\n"), "{wave}");
    let checked = say(&["check", &folder.path().join("abc").to_string_lossy()]);
    assert_eq!(checked.code, Some(0), "{}", checked.err);
    assert!(
        checked.out.contains("unknown: why the other items of the shared questionnaire were not asked"),
        "{}",
        checked.out
    );
}

/// A step of the tutorial in `pipelines/README.md`, in the order of the text.
enum Step {
    /// `barometer …`, in a sentence.
    Command(String),
    /// A block of shell.
    Shell(String),
    /// A block whose first line names a file of the country, and how it is written.
    File { path: String, how: String, text: String },
}

fn tutorial() -> Vec<Step> {
    let readme = std::fs::read_to_string(testkit::repository().join("pipelines/README.md")).expect("it is there");
    let (_, rest) = readme.split_once("\n## A first country").expect("there is a tutorial");
    let (section, _) = rest.split_once("\n## ").expect("something stands behind it");
    let mut steps = Vec::new();
    for (number, part) in section.split("```").enumerate() {
        if number % 2 == 0 {
            let commands = part.split('`').skip(1).step_by(2).filter(|code| code.starts_with("barometer "));
            steps.extend(commands.map(|code| Step::Command(code.to_owned())));
            continue;
        }
        let (language, text) = part.split_once('\n').expect("a block has lines");
        if language == "sh" {
            steps.push(Step::Shell(text.to_owned()));
            continue;
        }
        let (first, text) = text.split_once('\n').expect("a block has lines");
        let name = first.trim_start_matches("<!-- ").trim_end_matches(" -->").trim_start_matches("# ");
        let (path, how) = name.split_once(", ").unwrap_or((name, "whole"));
        assert!(path.starts_with("els/"), "a block without a file: {first}");
        steps.push(Step::File { path: path.to_owned(), how: how.to_owned(), text: text.to_owned() });
    }
    steps
}

/// Writes a block as its first line says.
fn write(file: &Path, how: &str, text: &str) {
    let before = std::fs::read_to_string(file).unwrap_or_default();
    let after = match how {
        "whole" => text.to_owned(),
        "below the columns" | "at its end" => format!("{before}\n{text}"),
        "in place of the lines of these names" => {
            let mut lines: Vec<&str> = before.lines().collect();
            let mut at = 0;
            for line in text.lines() {
                let (key, _) = line.split_once(" = ").expect("it is a key with its value");
                match lines.iter().position(|other| other.split_once(" = ").is_some_and(|(other, _)| other == key)) {
                    Some(found) => (at, lines[found]) = (found, line),
                    None => {
                        at += 1;
                        lines.insert(at, line);
                    }
                }
            }
            lines.join("\n") + "\n"
        }
        other => panic!("how is a block written {other:?}?"),
    };
    std::fs::write(file, after).expect("a file can be written");
}

#[test]
fn the_tutorial_leads_from_an_export_to_a_page_and_on_to_a_series() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let raw = folder.path().join("fixtures/tutorial/raw");
    std::fs::create_dir_all(&raw).expect("a folder can be made");
    for (name, bytes) in tree(&testkit::repository().join("fixtures/tutorial/raw")) {
        std::fs::write(raw.join(name), bytes).expect("a file can be written");
    }
    let steps = tutorial();
    let count = |wanted: fn(&Step) -> bool| steps.iter().filter(|step| wanted(step)).count();
    let commands = count(|step| matches!(step, Step::Command(_)));
    assert_eq!((commands, count(|step| matches!(step, Step::Shell(_))), steps.len()), (8, 1, 21));
    for step in &steps {
        match step {
            Step::Command(command) => {
                let arguments = command.split_whitespace().skip(1);
                let cache = if command.starts_with("barometer run") { &["--no-cache"][..] } else { &[] };
                let mut program = barometer();
                let output = program.args(arguments).args(cache).current_dir(folder.path()).output();
                let said: Said = output.expect("the program starts").into();
                assert_eq!(said.code, Some(0), "{command}: {}", said.err);
            }
            Step::Shell(commands) => {
                let mut shell = std::process::Command::new("sh");
                let status = shell.args(["-ec", commands]).current_dir(folder.path()).status();
                assert!(status.expect("there is a shell").success(), "{commands}");
            }
            Step::File { path, how, text } => write(&folder.path().join(path), how, text),
        }
    }
    let page = |path: &str| std::fs::read_to_string(folder.path().join(path)).expect("there is a page");
    for page in [page("out/els/2023/first-look.html"), page("out/els/2025/first-look.html")] {
        assert!(page.contains("SYNTHETIC") && !page.contains("unknown"), "{page}");
    }
    assert!(page("out/els/2025/first-look.html").contains("in 2023 it was"));
    let asked = "Did the workplace in 2022 or 2023 introduce innovation";
    assert!(page("out/els/2023/questions.html").contains(asked), "years are those that the export asked about");
}

/// SPSS and Stata files declare which values mean no answer, with words or without.
#[test]
fn values_that_a_file_declares_missing_are_no_answers_of_a_draft() {
    for export in ["missing.sav", "missing.dta"] {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let raw = "fixtures/formats";
        is_drafted(folder.path(), &format!("{raw}/{export}"), raw);
        let read = |name: &str| fs::read_to_string(folder.path().join("abc").join(name)).expect("it was drafted");
        let (codebook, wave) = (read("codebook.toml"), read("waves/2020.toml"));
        // Who does not know has answered; nobody else has.
        let told = "label = \"Ved ikke\", role = \"dont_know\" },    # ASSUMED: the export declares it missing\n";
        assert!(codebook.contains(told), "{export}: {codebook}");
        for label in ["Ønsker ikke at svare", "Ikke spurgt", "-1"] {
            assert!(!codebook.contains(&format!("label = \"{label}\"")), "{export}: {label} is a code of {codebook}");
        }
        let (refused, not_asked, blank) = if export == "missing.sav" { ("9", "9", "-1") } else { (".b", ".b", ".c") };
        for line in [
            format!("\"{refused}\" = {{ missing = \"refused\" }}    # ASSUMED: Ønsker ikke at svare\n"),
            format!("\"{not_asked}\" = {{ missing = \"not_asked\" }}    # ASSUMED: Ikke spurgt\n"),
        ] {
            assert!(wave.contains(&line), "{export}: {line} is not in {wave}");
        }
        let is_blank = wave.contains(&format!("\"{blank}\" = {{ missing = \"blank\" }}    # ASSUMED\n"))
            || wave.contains(&format!("\"{blank}\" = \"blank\"    # ASSUMED\n"));
        assert!(is_blank, "{export}: {wave}");
        let employees = wave.split("\n[recodes.employees]\n").nth(1).expect("a number has marks, too");
        assert!(employees.contains("missing = \"refused\" }    # ASSUMED: Refused\n"), "{export}: {wave}");
    }
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let said = drafted(folder.path(), "fixtures/formats/missing.sav", &["--wave", "2020"]);
    for line in [
        "ASSUMED in waves/2020.toml: values that mean no answer are none, for the reason that their words tell: \"collaboration\", \
         \"effect\", \"employees\"\n",
        "ASSUMED in codebook.toml: who does not know has answered and stays in the base, though the export declares it missing: \
         \"collaboration\"\n",
    ] {
        assert!(said.err.contains(line), "{line} is not in\n{}", said.err);
    }
}

/// Programs that hold ids as decimals write 10001.0, here in answers and not in the register.
#[test]
fn ids_that_are_written_as_decimals_identify_units() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let rows: String = (0..40).map(|row| format!("{}.0;{}\n", 10_001 + row, row % 3)).collect();
    fs::write(folder.path().join("export.csv"), format!("respondent;q1\n{rows}")).expect("a file can be written");
    is_drafted(folder.path(), &folder.path().join("export.csv").to_string_lossy(), &folder.path().to_string_lossy());
    let wave = folder.path().join("abc/waves/2020.toml");
    let text = fs::read_to_string(&wave).expect("it was drafted");
    assert!(text.contains("\nunit = \"respondent\"    # ASSUMED"), "{text}");
    let rows: String = (0..40).map(|row| format!("{};1\n", 10_001 + row)).collect();
    fs::write(folder.path().join("register.csv"), format!("respondent;staff\n{rows}")).expect("a file can be written");
    fs::write(&wave, text + "[register]\nfile = \"register.csv\"\nunit = \"respondent\"\ndelimiter = \";\"\n")
        .expect("a file can be written");
    let raw = folder.path().to_string_lossy().into_owned();
    let checked = say(&["check", &folder.path().join("abc").to_string_lossy(), "--raw", &raw]);
    assert_eq!(checked.code, Some(0), "{}", checked.err);
    assert!(!checked.err.contains("without a row"), "{}", checked.err);
}
