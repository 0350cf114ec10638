//! What `barometer new` makes of the words of an export: items of the shared questionnaire, lists of codes, answers of yes and no.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::house::{Said, barometer, say};

const QUESTION: &str = "Did the workplace in 2019 or 2020 introduce innovation of the following types?";
const ITEMS: [&str; 4] = [
    "New or substantially changed product",
    "New or substantially changed service",
    "New or substantially changed process or way of organising work",
    "New or substantially changed way of communicating with the outside world",
];

/// How LimeSurvey was asked to head the columns of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Headings {
    Codes,
    Texts,
    CodesAndTexts,
}

/// An export of LimeSurvey in which an array is answered with these words for yes and no.
fn limesurvey(headings: Headings, [yes, no]: [&str; 2]) -> String {
    let own = match headings {
        Headings::Codes => ["id", "submitdate", "lastpage", "startlanguage"],
        Headings::Texts => ["Response ID", "Date submitted", "Last page", "Start language"],
        Headings::CodesAndTexts => {
            ["id. Response ID", "submitdate. Date submitted", "lastpage. Last page", "startlanguage. Start language"]
        }
    };
    let mut export = own.map(|name| format!("\"{name}\"")).join(",");
    for (number, item) in (1..).zip(ITEMS) {
        let (code, text) = (format!("Q1[SQ00{number}]"), format!("{QUESTION} [{item}]"));
        let heading = match headings {
            Headings::Codes => code,
            Headings::Texts => text,
            Headings::CodesAndTexts => format!("{code}. {text}"),
        };
        write!(export, ",\"{heading}\"").expect("a text can be written");
    }
    for id in 1..=60 {
        let answers = [2, 3, 4, 5].map(|every| if id % every == 0 { yes } else { no }).join(",");
        write!(export, "\n{id},2020-02-01 10:00:00,3,en,{answers}").expect("a text can be written");
    }
    export + "\n"
}

/// Drafts a country of an export in a folder of its own.
fn drafted(folder: &Path, export: &str) -> Said {
    let raw = folder.join("export-2020.csv");
    fs::write(&raw, export).expect("a file can be written");
    let mut command = barometer();
    command.args(["new", "ABC", "--lang", "en", "--from-export"]).arg(&raw).arg("--pipelines").arg(folder);
    let said: Said = command.output().expect("the program starts").into();
    assert_eq!(said.code, Some(0), "{}", said.err);
    let checked = say(&["check", &folder.join("abc").to_string_lossy(), "--raw", &folder.to_string_lossy()]);
    assert_eq!(checked.code, Some(0), "{}", checked.err);
    said
}

fn codebook(folder: &Path) -> String {
    fs::read_to_string(folder.join("abc/codebook.toml")).expect("it was drafted")
}

#[test]
fn questions_are_recognised_by_their_words_whatever_the_headings_hold_beside_them() {
    for (headings, words) in [
        (Headings::Texts, ["Yes", "No"]),
        (Headings::CodesAndTexts, ["Yes", "No"]),
        (Headings::CodesAndTexts, ["Y", "N"]),
        (Headings::Texts, ["Y", "N"]),
    ] {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let said = drafted(folder.path(), &limesurvey(headings, words));
        for item in ["product", "service", "process", "communication"] {
            let told = format!("is introduced_{item} of the shared questionnaire");
            assert!(said.err.contains(&told), "{headings:?} {words:?}: {told} is not in\n{}", said.err);
        }
        assert!(!said.err.contains("no column is recognised"), "{}", said.err);
    }
}

#[test]
fn headings_of_codes_alone_are_told_with_the_setting_that_would_tell_more() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let said = drafted(folder.path(), &limesurvey(Headings::Codes, ["A1", "A2"]));
    let told = "no column is recognised as an item of the shared questionnaire: the export has codes alone, neither the words of \
                questions nor those of answers; export it again with \"Question code & question text\" as headings and \"Full \
                answers\" as responses\n";
    assert!(said.err.contains(told), "{}", said.err);
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let said = drafted(folder.path(), &limesurvey(Headings::CodesAndTexts, ["A1", "A2"]));
    assert!(said.err.contains("the export has no words of answers, only their codes; export it again"), "{}", said.err);
}

#[test]
fn an_array_of_yes_and_no_is_a_scale_and_not_a_row_of_ticks() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let export = limesurvey(Headings::CodesAndTexts, ["Y", "N"]).replace(QUESTION, "What do you have?");
    drafted(folder.path(), &export);
    let codebook = codebook(folder.path());
    let codes = "q1_codes = [\n  { code = \"N\", label = \"No\" },\n  { code = \"Y\", label = \"Yes\" },\n]\n";
    assert!(codebook.contains(codes), "{codebook}");
    assert!(!codebook.contains("multiple") && !codebook.contains("icked"), "{codebook}");
}

/// Of two questions whose answers are 1 to 5 nobody knows that 1 means the same in both, unless they are items of one question.
#[test]
fn codes_without_words_are_shared_within_a_question_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let row = |id: usize| format!("{id};{};{};{};{}\n", id % 5 + 1, id * 7 % 5 + 1, id * 3 % 5 + 1, id * 2 % 5 + 1);
    let rows: String = (1..=60).map(row).collect();
    drafted(folder.path(), &format!("id;age;agree;q3_1;q3_2\n{rows}"));
    let codebook = codebook(folder.path());
    for told in ["\nage = [\n", "\nagree = [\n", "\nq3_codes = [\n"] {
        assert!(codebook.contains(told), "{told} is not in\n{codebook}");
    }
    assert_eq!(codebook.matches("codes = \"q3_codes\"").count(), 2, "{codebook}");
    assert_eq!(codebook.matches(" = [\n  { code = \"1\"").count(), 3, "{codebook}");
}

#[test]
fn codes_with_the_same_words_are_one_list() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let row = |id: usize| format!("{id};{};{}\n", ["Yes", "No"][id % 2], ["Yes", "No"][id / 2 % 2]);
    let rows: String = (1..=60).map(row).collect();
    drafted(folder.path(), &format!("id;open;free\n{rows}"));
    let codebook = codebook(folder.path());
    assert_eq!(codebook.matches("codes = \"open\"").count(), 2, "{codebook}");
}

#[test]
fn what_resembles_an_item_of_the_shared_questionnaire_is_told_with_why_it_is_none() {
    let of = |export: &str, line: &str, comment: &str| {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let said = drafted(folder.path(), export);
        assert!(said.err.contains(line), "{line} is not in\n{}", said.err);
        let codebook = codebook(folder.path());
        assert!(codebook.contains(comment), "{comment} is not in\n{codebook}");
    };
    // Its name, and other answers.
    let rows: String = (1..=60).map(|id| format!("{id};{}\n", ["Yes", "No", "In part"][id % 3])).collect();
    let why = "resembles introduced_product of the shared questionnaire; not taken, since its answer \"In part\" is none of the item's";
    of(
        &format!("id;introduced_product\n{rows}"),
        &format!("column \"introduced_product\" {why}\n"),
        &format!("\n# introduced_product: {why}.\n[variables."),
    );
    // Its answers, and nearly its words.
    let nearly = limesurvey(Headings::CodesAndTexts, ["Yes", "No"])
        .replace(QUESTION, "Did the workplace in 2019 or 2020 introduce innovations of the following kinds?");
    let why = "resembles introduced_service of the shared questionnaire; not taken, since its question is worded otherwise, though its \
               answers are the item's";
    of(&nearly, &format!("column \"Q1[SQ002]\" {why}\n"), &format!("\n# Q1[SQ002]: {why}.\n"));
    // Other words altogether.
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let other = limesurvey(Headings::CodesAndTexts, ["Yes", "No"]).replace(QUESTION, "What do you have?");
    assert!(!drafted(folder.path(), &other).err.contains("resembles"));
}
