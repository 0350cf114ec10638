//! Exports that are more than one table of codes: a structure beside the dataset, several answers in one cell, positions instead of
//! codes, several files. Each gives the checked wave that the plain table of the same answers gives.

use crate::support::{Export, ONE, Table};
use crate::tools::{COUNTRY, PLAIN};

/// The country of the tools, with an export of this shape.
pub struct Shape<'s> {
    /// What stands under `[answers]` instead of the file's name.
    pub files: &'s str,
    /// What else stands there.
    pub answers: &'s str,
    /// The columns of new, product, service and staff, as TOML values.
    pub columns: [&'s str; 4],
    /// What stands under the recodes of the first question and of the options.
    pub recodes: [&'s str; 2],
    /// Further tables of the wave.
    pub more: &'s str,
    pub raw: &'s [(&'s str, &'s str)],
}

pub const SHAPE: Shape<'_> = Shape {
    files: "file = \"answers.csv\"",
    answers: "",
    columns: ["\"new\"", "\"product\"", "\"service\"", "\"staff\""],
    recodes: ["1 = \"yes\"\n2 = \"no\"", "1 = \"yes\"\n0 = \"no\""],
    more: "",
    raw: &[],
};

impl Shape<'_> {
    pub fn export(&self) -> Export {
        let [new, product, service, staff] = self.columns;
        let text = COUNTRY
            .replace("file = \"answers.csv\"", self.files)
            .replace("ANSWERS", self.answers)
            .replace("\"NEW\"", new)
            .replace("\"PRODUCT\"", product)
            .replace("\"SERVICE\"", service)
            .replace("\"STAFF\"", staff)
            .replace("RECODES", self.recodes[0])
            .replace("TICKED", self.recodes[1])
            + self.more;
        self.raw.iter().fold(Export::from_text(&text), |export, (name, raw)| export.with_raw(name, *raw))
    }

    /// The export passes without a finding and is the plain table.
    #[track_caller]
    fn is_plain(&self) {
        assert_eq!(self.export().findings(), "");
        same_as_plain(&self.export());
    }

    #[track_caller]
    fn finds(&self, expected: &str) {
        assert_eq!(self.export().findings(), expected);
    }
}

#[track_caller]
fn same_as_plain(export: &Export) {
    let (plain, told) = (PLAIN.export().checked(), export.checked());
    for column in ["new", "what_product", "what_service", "staff"] {
        assert_eq!(Table::of(&told).line(column), Table::of(&plain).line(column));
    }
    assert!(told.parquet(ONE).expect("it can be written") == plain.parquet(ONE).expect("it can be written"));
}

const QUALTRICS: Shape<'_> = Shape {
    answers: "tool = \"qualtrics\"",
    columns: ["\"Q1\"", "\"Q2_4\"", "\"Q2_5\"", "\"Q3\""],
    raw: &[(
        "answers.csv",
        "synthetic,unit,Status,Finished,Q1,Q2,Q2_5_TEXT,Q3\n\
         synthetic,unit,Response Type,Finished,Anything new?,What was new? - Selected Choice,What was new? - A service - Text,Staff\n\
         \"{\"\"ImportId\"\":\"\"synthetic\"\"}\",\"{\"\"ImportId\"\":\"\"unit\"\"}\",\"{\"\"ImportId\"\":\"\"status\"\"}\",\"{\"\"ImportId\"\":\"\"finished\"\"}\",\"{\"\"ImportId\"\":\"\"QID1\"\"}\",\"{\"\"ImportId\"\":\"\"QID2\"\"}\",\"{\"\"ImportId\"\":\"\"QID2_5_TEXT\"\"}\",\"{\"\"ImportId\"\":\"\"QID3_TEXT\"\"}\"\n\
         SYNTHETIC,a,0,1,1,4,,2.5\n\
         SYNTHETIC,b,0,1,2,,,3\n\
         SYNTHETIC,c,0,1,1,\"5\",a text of theirs,12\n",
    )],
    ..SHAPE
};

#[test]
fn a_cell_of_choice_codes_is_one_column_per_choice() {
    QUALTRICS.is_plain();
}

#[test]
fn a_cell_of_choice_texts_is_read_by_the_texts_that_the_wave_names() {
    let texts = Shape {
        answers: "",
        columns: [
            "\"new\"",
            "{ column = \"what\", choice = \"A product, or part of one\" }",
            "{ column = \"what\", choice = \"A service\" }",
            "\"staff\"",
        ],
        raw: &[(
            "answers.csv",
            "synthetic,unit,new,what,staff\n\
             SYNTHETIC,a,1,\"A product, or part of one\",2.5\n\
             SYNTHETIC,b,2,,3\n\
             SYNTHETIC,c,1,A service,12\n",
        )],
        ..SHAPE
    };
    texts.is_plain();
}

#[test]
fn a_unit_that_was_asked_and_ticked_nothing_is_not_one_that_was_not_asked() {
    let raw = QUALTRICS.raw[0].1.replace("SYNTHETIC,c,0,1,1,\"5\"", "SYNTHETIC,c,0,1,1,");
    let shape = Shape { raw: &[("answers.csv", &raw)], ..QUALTRICS };
    let (wave, _) = shape.export().check();
    let product = wave.expect("a gap is a warning").missing()[1].clone();
    assert_eq!((product.variable.as_str(), product.not_asked, product.blank), ("what_product", 1, 1));
    assert!(shape.export().findings().contains("no answer to \"what\" of a unit that was asked"));
}

#[test]
fn a_choice_that_no_item_reads_is_an_error_until_the_wave_says_so() {
    let raw = QUALTRICS.raw[0].1.replace("\"5\"", "\"5,6\"");
    let unknown = Shape { raw: &[("answers.csv", &raw)], ..QUALTRICS };
    unknown.finds(
        "raw/answers.csv: row 6, column \"Q2\": cell with a choice that no item reads: \"6\"\n\
         help: name it for an item of its battery, or as one that none reads: other_choices = { Q2 = [\"...\"] } under [answers]\n",
    );
    let known = Shape { answers: "tool = \"qualtrics\"\nother_choices = { Q2 = [\"6\"] }", ..unknown };
    known.is_plain();
}

#[test]
fn enalyzer_tells_a_single_choice_by_the_position_of_its_label() {
    let shape = Shape {
        answers: "tool = \"enalyzer\"\ndelimiter = \";\"\ndecimal_mark = \",\"",
        recodes: ["", "1 = \"yes\"\n0 = \"no\""],
        raw: &[(
            "answers.csv",
            "synthetic;unit;new;product;service;staff\n\
             SYNTHETIC;a;1;1;0;2,5\n\
             SYNTHETIC;b;2;;;3\n\
             SYNTHETIC;c;1;0;1;12\n",
        )],
        ..SHAPE
    };
    shape.is_plain();
    let beyond = shape.raw[0].1.replace("SYNTHETIC;b;2", "SYNTHETIC;b;3");
    Shape { raw: &[("answers.csv", &beyond)], ..shape }.finds(
        "raw/answers.csv: row 3, column \"new\": unknown value of \"new\": \"3\"\n\
         help: recodes of new or yes_no, or missing values, must name it\n",
    );
}

const STRUCTURE: &str = "\
questionName;variableName;questionType;subType;questionText;choiceValue;choiceText\n\
innovation;innovati;Single;;Anything new?;1;Yes;\n\
innovation;innovati;Single;;Anything new?;2;No;\n\
innovationtype;innov_3;Multiple;;What was new?;1;A product;\n\
innovationtype;innov_4;Multiple;;What was new?;2;A service;\n\
staffnumber;staffnum;Number;;Staff;;;\n\
statoverall;stato_3;Multiple;;Status;3;Some answers;\n\
statoverall;stato_4;Multiple;;Status;4;Completed;\n";

const SURVEYXACT: Shape<'_> = Shape {
    answers: "tool = \"surveyxact\"\nstructure = \"structure.csv\"\ndelimiter = \";\"\ndecimal_mark = \",\"",
    columns: ["\"innovation\"", "\"innovationtype_1\"", "\"innovationtype_2\"", "\"staffnumber\""],
    raw: &[
        (
            "answers.csv",
            "synthetic;unit;response;stato_3;stato_4;innovati;innov_3;innov_4;staffnum\n\
             SYNTHETIC;a;1;0;1;1;1;0;2,5\n\
             SYNTHETIC;b;1;0;1;2;;;3\n\
             SYNTHETIC;y;1;1;0;1;;;\n\
             SYNTHETIC;c;0;0;1;1;0;1;12\n",
        ),
        ("structure.csv", STRUCTURE),
    ],
    ..SHAPE
};

#[test]
fn surveyxact_columns_are_named_by_their_long_names_and_complete_by_their_status() {
    SURVEYXACT.is_plain();
    let summary = SURVEYXACT.export().checked().summary().clone();
    assert_eq!((summary.rows, summary.answers, summary.columns, summary.unused_columns), (4, 3, 9, 2));
}

#[test]
fn surveyxact_cells_may_hold_codes_or_the_words_of_the_structure() {
    let raw = SURVEYXACT.raw[0].1.replace(";1;1;1;0;2,5", ";1;Yes;1;0;2,5").replace(";1;2;;;3", ";1;No;;;3");
    assert_ne!(raw, SURVEYXACT.raw[0].1);
    let words = Shape { raw: &[("answers.csv", &raw), ("structure.csv", STRUCTURE)], ..SURVEYXACT };
    words.is_plain();
    Shape { recodes: ["Yes = \"yes\"\nNo = \"no\"", SHAPE.recodes[1]], ..SURVEYXACT }.is_plain();
}

#[test]
fn surveyxact_values_are_held_against_the_words_of_the_structure() {
    let turned = Shape { recodes: ["1 = \"no\"\n2 = \"yes\"", SHAPE.recodes[1]], ..SURVEYXACT };
    let found = turned.export().findings();
    assert!(
        found.contains(
            "raw/answers.csv calls the value \"1\" of the column \"innovation\" \"Yes\", which is \"yes\" of \"new\", and the wave takes it as \"no\" \
             (\"No\")"
        ),
        "{found}"
    );
}

#[test]
fn a_name_that_means_two_columns_or_none_is_told_with_both() {
    let twice = STRUCTURE.replace("innov_4;Multiple;;What was new?;2", "innov_4;Multiple;;What was new?;1");
    let raw = SURVEYXACT.raw[0].1;
    Shape { raw: &[("answers.csv", raw), ("structure.csv", &twice)], ..SURVEYXACT }.finds(
        "raw/answers.csv: \"innovationtype_1\" may be the column \"innov_3\" or \"innov_4\" by raw/structure.csv\n\
         help: name the column of the dataset that is meant\n",
    );
    let renumbered = raw.replace("innov_4", "innov_5");
    Shape { raw: &[("answers.csv", &renumbered), ("structure.csv", STRUCTURE)], ..SURVEYXACT }.finds(
        "raw/answers.csv: \"innovationtype_2\" is the column \"innov_4\" by raw/structure.csv, and raw/answers.csv has neither\n\
         help: name the column of the dataset that is meant\n",
    );
    let both = STRUCTURE.replace("innovationtype;", "innov;").replace("What was new?;1;", "What was new?;4;");
    let columns = [SURVEYXACT.columns[0], "\"innov_4\"", "\"innov_3\"", SURVEYXACT.columns[3]];
    Shape { columns, raw: &[("answers.csv", raw), ("structure.csv", &both)], ..SURVEYXACT }.finds(
        "raw/answers.csv: \"innov_4\" is a column, and by raw/structure.csv also the long name of \"innov_3\"\n\
         help: name the column of the dataset that is meant\n",
    );
    Shape { raw: &[("answers.csv", raw), ("structure.csv", "a;b\n1;2\n")], ..SURVEYXACT }.finds(
        "raw/structure.csv: the first row does not name questionName and variableName\n\
         help: is this the structure that SurveyXact exports beside the dataset?\n",
    );
}

#[test]
fn a_surveyxact_workbook_tells_names_and_words_in_its_sheets() {
    let shape = Shape {
        files: "file = \"surveyxact.xlsx\"",
        answers: "tool = \"surveyxact\"",
        columns: ["\"innovati\"", "\"innov_3\"", "\"innov_4\"", "\"staffnum\""],
        ..SHAPE
    };
    let path = testkit::repository().join("fixtures/tools/surveyxact.xlsx");
    let bytes = std::fs::read(path).expect("the fixture is in the repository");
    let export = shape.export().with_raw("surveyxact.xlsx", bytes);
    assert_eq!(export.findings(), "");
    same_as_plain(&export);
}

#[test]
fn the_column_response_is_not_the_completion_rule_of_surveyxact() {
    let complete = "tool = \"surveyxact\"\ncomplete = { column = \"response\", value = \"1\" }";
    let text = COUNTRY.replace("ANSWERS", complete).replace("RECODES", "").replace("TICKED", "");
    let files = testkit::country("test", &text);
    let sources: Vec<codebook::SourceFile> =
        files.into_iter().map(|(path, text)| codebook::SourceFile { path, text }).collect();
    let (_, findings) = codebook::Country::read("test", &sources);
    let warnings: Vec<String> = findings.iter().map(ToString::to_string).filter(|it| it.contains("response")).collect();
    assert_eq!(
        warnings,
        ["test/waves/2020.toml:9:23: warning: the column \"response\" of SurveyXact does not tell complete answers\n\
          help: its status does: { column = \"statoverall_4\", value = \"1\" }"]
    );
}

const TWO_FILES: Shape<'_> = Shape {
    files: "file = [\"spring.csv\", \"autumn.csv\"]",
    answers: "complete = { column = \"done\", values = [\"31\", \"32\"] }",
    raw: &[
        (
            "spring.csv",
            "synthetic,unit,done,new,product,service,staff\nSYNTHETIC,c,31,1,0,1,12\nSYNTHETIC,y,22,1,0,1,12\n",
        ),
        (
            "autumn.csv",
            "unit,done,new,service,product,staff,synthetic\na,32,1,0,1,2.5,SYNTHETIC\nb,31,2,,,3,SYNTHETIC\n",
        ),
    ],
    ..SHAPE
};

#[test]
fn several_files_of_one_wave_are_one_table() {
    TWO_FILES.is_plain();
}

#[test]
fn a_finding_in_a_further_file_names_that_file_and_its_own_row() {
    let autumn = TWO_FILES.raw[1].1.replace("b,31,2", "b,31,7");
    Shape { raw: &[TWO_FILES.raw[0], ("autumn.csv", &autumn)], ..TWO_FILES }.finds(
        "raw/autumn.csv: row 3, column \"new\": unknown value of \"new\": \"7\"\n\
         help: recodes of new or yes_no, or missing values, must name it\n",
    );
    let autumn = TWO_FILES.raw[1].1.replace("b,31,2,,,", "c,31,1,0,1,");
    Shape { raw: &[TWO_FILES.raw[0], ("autumn.csv", &autumn)], ..TWO_FILES }.finds(
        "raw/autumn.csv: row 3, column \"unit\": the same unit in rows 2 and 3 of file 2\n\
         help: one row for each unit\n",
    );
    let autumn = TWO_FILES.raw[1].1.replace("done", "dispo").replace("staff", "employees");
    let found = Shape { raw: &[TWO_FILES.raw[0], ("autumn.csv", &autumn)], ..TWO_FILES }.export().findings();
    assert!(
        found.contains(
            "raw/autumn.csv: warning: the files of the answers have different columns: only raw/spring.csv has \"done\" and \
             \"staff\"; only raw/autumn.csv has \"dispo\" and \"employees\"\n"
        ) && found.contains("completion column \"done\" is not in raw/autumn.csv"),
        "{found}"
    );
}

/// The answers without the number of staff.
pub const BESIDE: &str = "synthetic,unit,new,product,service\n\
                      SYNTHETIC,a,1,1,0\n\
                      SYNTHETIC,b,2,,\n\
                      SYNTHETIC,c,1,0,1\n";

#[test]
fn the_register_has_a_format_of_its_own() {
    let text = COUNTRY
        .replace("label = { en = \"Staff\" }", "label = { en = \"Staff\" }\nfrom = \"register\"")
        .replace("ANSWERS", "")
        .replace("RECODES", SHAPE.recodes[0])
        .replace("TICKED", SHAPE.recodes[1])
        .replace("\"NEW\"", "\"new\"")
        .replace("\"PRODUCT\"", "\"product\"")
        .replace("\"SERVICE\"", "\"service\"")
        .replace("\"STAFF\"", "\"ansatte \u{e6}\"")
        + "[register]\nfile = \"register.csv\"\nunit = \"id\"\nencoding = \"windows-1252\"\ndelimiter = \";\"\ndecimal_mark = \",\"\n";
    let register = b"synthetic;id;ansatte \xe6\nSYNTHETIC;c;12\nSYNTHETIC;a;2,5\nSYNTHETIC;b;3\n";
    let export = Export::from_text(&text).with_raw("answers.csv", BESIDE).with_raw("register.csv", register.to_vec());
    assert_eq!(export.findings(), "");
    assert_eq!(Table::of(&export.checked()).line("staff"), Table::of(&PLAIN.export().checked()).line("staff"));
}
