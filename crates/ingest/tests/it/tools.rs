//! The same answers as each survey tool exports them give the same checked wave.

use codebook::LeftOut;

use crate::support::{Export, ONE, Table};

/// Two questions, one with two options, and a number.
pub const COUNTRY: &str = r#"
=== country.toml
languages = ["en"]
name = { en = "Testland" }
title = { en = "Test" }
publisher = { en = "Test" }
smallest_base = 1
=== codebook.toml
[code_lists]
yes_no = [{ code = "yes", label = { en = "Yes" } }, { code = "no", label = { en = "No" } }]
ticked = [{ code = "yes", label = { en = "Mentioned" } }, { code = "no", label = { en = "Not mentioned" } }]
[variables.new]
label = { en = "New" }
question = { en = "Anything new?" }
codes = "yes_no"
[batteries.what]
question = { en = "What was new?" }
codes = "ticked"
multiple = "yes"
asked_if = "new = 'yes'"
items = [{ item = "product", label = { en = "Product" } }, { item = "service", label = { en = "Service" } }]
[variables.staff]
label = { en = "Staff" }
kind = "number"
=== tables.toml
[bases.all]
label = { en = "all" }
counting_unit = { en = "units" }
[tables.new]
title = { en = "New" }
base = "all"
measure = "share"
rows = ["new"]
=== waves/2020.toml
window = { en = "2019-2020" }
published = 2021-01-01
synthetic = true
about = { en = "A test." }
[answers]
file = "answers.csv"
unit = "unit"
ANSWERS
[columns]
new = "NEW"
staff = "STAFF"
[columns.what]
product = "PRODUCT"
service = "SERVICE"
[recodes.yes_no]
RECODES
[recodes.ticked]
TICKED
[design]
weights = "equal"
"#;

/// An export of one tool.
pub struct Told {
    /// What `[answers]` says beside file and unit.
    answers: &'static str,
    /// The columns of the questions new, product, service and staff.
    columns: [&'static str; 4],
    /// How the answers of the first question, and of its options, are written.
    recodes: [&'static str; 2],
    pub raw: &'static str,
}

impl Told {
    pub fn export(&self) -> Export {
        let [new, product, service, staff] = self.columns;
        let text = COUNTRY
            .replace("ANSWERS", self.answers)
            .replace("NEW", new)
            .replace("PRODUCT", product)
            .replace("SERVICE", service)
            .replace("STAFF", staff)
            .replace("RECODES", self.recodes[0])
            .replace("TICKED", self.recodes[1]);
        Export::from_text(&text).with_raw("answers.csv", self.raw)
    }
}

const CODED: [&str; 2] = ["1 = \"yes\"\n2 = \"no\"", "1 = \"yes\"\n0 = \"no\""];

/// The answers of three units as a plain table.
pub const PLAIN: Told = Told {
    answers: "",
    columns: ["new", "product", "service", "staff"],
    recodes: CODED,
    raw: "synthetic,unit,new,product,service,staff\n\
          SYNTHETIC,a,1,1,0,2.5\n\
          SYNTHETIC,b,2,,,3\n\
          SYNTHETIC,c,1,0,1,12\n",
};

#[track_caller]
fn check(told: &Told, left_out: &[(LeftOut, u64)]) {
    let (plain, tool) = (PLAIN.export().checked(), told.export().checked());
    assert_eq!(told.export().findings(), "");
    assert_eq!(tool.summary().left_out.clone().into_iter().collect::<Vec<_>>(), left_out);
    assert_eq!(Table::of(&tool).line("what_product"), Table::of(&plain).line("what_product"));
    assert!(tool.parquet(ONE).expect("it can be written") == plain.parquet(ONE).expect("it can be written"));
}

#[test]
fn qualtrics_has_three_header_rows_and_leaves_out_previews_and_what_is_not_finished() {
    let told = Told {
        answers: "tool = \"qualtrics\"",
        columns: ["Q1", "Q2_1", "Q2_2", "Q3"],
        raw: "synthetic,unit,Status,Finished,Q1,Q2_1,Q2_2,Q3\n\
              synthetic,unit,Response Type,Finished,Anything new?,\"What was\nnew? - A product\",What was new? - A service,Staff\n\
              \"{\"\"ImportId\"\":\"\"synthetic\"\"}\",\"{\"\"ImportId\"\":\"\"unit\"\"}\",\"{\"\"ImportId\"\":\"\"status\"\"}\",\"{\"\"ImportId\"\":\"\"finished\"\"}\",\"{\"\"ImportId\"\":\"\"QID1\"\"}\",\"{\"\"ImportId\"\":\"\"QID2_1\"\"}\",\"{\"\"ImportId\"\":\"\"QID2_2\"\"}\",\"{\"\"ImportId\"\":\"\"QID3_TEXT\"\"}\"\n\
              SYNTHETIC,a,0,1,1,1,0,2.5\n\
              SYNTHETIC,x,1,1,2,,,1\n\
              SYNTHETIC,b,0,1,2,,,3\n\
              SYNTHETIC,y,0,0,1,,,\n\
              SYNTHETIC,c,0,1,1,0,1,12\n",
        ..PLAIN
    };
    check(&told, &[(LeftOut::Incomplete, 1), (LeftOut::Preview, 1)]);
}

#[test]
fn older_exports_of_qualtrics_have_two_header_rows_and_a_last_column_without_name() {
    let told = Told {
        answers: "tool = \"qualtrics\"",
        columns: ["Q1", "Q2_1", "Q2_2", "Q3"],
        raw: "synthetic,unit,Status,Finished,Q1,Q2_1,Q2_2,Q3,\n\
              synthetic,unit,Status,Finished,Anything new?,A product,A service,Staff,\n\
              SYNTHETIC,a,0,1,1,1,0,2.5,\n\
              SYNTHETIC,b,0,1,2,,,3,\n\
              SYNTHETIC,c,0,1,1,0,1,12,\n",
        ..PLAIN
    };
    check(&told, &[]);
}

#[test]
fn limesurvey_names_columns_by_code_also_where_the_heading_tells_the_text() {
    let answers = "tool = \"limesurvey\"";
    let columns = ["Q1", "Q2[SQ001]", "Q2[SQ002]", "Q3"];
    let codes = Told {
        answers,
        columns,
        recodes: ["A1 = \"yes\"\nA2 = \"no\"", "Y = \"yes\"\n\"\" = \"no\""],
        raw: "synthetic,unit,submitdate,Q1,Q2[SQ001],Q2[SQ002],Q3\n\
              SYNTHETIC,a,2020-02-01 10:00:00,A1,Y,,2.5\n\
              SYNTHETIC,b,2020-02-01 10:00:00,A2,,,3\n\
              SYNTHETIC,y,,A1,Y,Y,\n\
              SYNTHETIC,c,2020-02-01 10:00:00,A1,,Y,12\n",
    };
    check(&codes, &[(LeftOut::Incomplete, 1)]);
    let texts = Told {
        answers,
        columns,
        recodes: ["Yes = \"yes\"\nNo = \"no\"", "Yes = \"yes\"\nNo = \"no\"\n\"N/A\" = { missing = \"not_asked\" }"],
        raw: "synthetic. Mark,unit. Unit,submitdate. Date submitted,Q1. Anything new?,Q2[SQ001]. What was new? [A product],Q2[SQ002]. What was new? [A service],Q3. Staff\n\
              SYNTHETIC,a,2020-02-01 10:00:00,Yes,Yes,No,2.5\n\
              SYNTHETIC,b,2020-02-01 10:00:00,No,N/A,N/A,3\n\
              SYNTHETIC,c,2020-02-01 10:00:00,Yes,No,Yes,12\n",
    };
    check(&texts, &[]);
}

#[test]
fn questback_is_complete_at_its_two_dispositions_of_finished_interviews() {
    let told = Told {
        answers: "tool = \"questback\"\ndelimiter = \";\"\ndecimal_mark = \",\"",
        columns: ["v_1", "v_2", "v_3", "v_4"],
        raw: "synthetic;unit;dispcode;v_1;v_2;v_3;v_4\n\
              SYNTHETIC;a;31;1;1;0;2,5\n\
              SYNTHETIC;b;32;2;;;3\n\
              SYNTHETIC;y;22;1;;;\n\
              SYNTHETIC;c;31;1;0;1;12\n",
        ..PLAIN
    };
    check(&told, &[(LeftOut::Incomplete, 1)]);
}

#[test]
fn questback_tells_by_negative_codes_what_was_not_shown() {
    let told = Told {
        answers: "tool = \"questback\"",
        columns: ["v_1", "v_2", "v_3", "v_4"],
        raw: "synthetic,unit,dispcode,v_1,v_2,v_3,v_4\n\
              SYNTHETIC,a,31,1,1,0,2.5\n\
              SYNTHETIC,b,32,2,-77,-77,3\n\
              SYNTHETIC,c,31,1,0,1,12\n",
        ..PLAIN
    };
    check(&told, &[]);
    let raw = told.raw.replace("a,31,1,1,0,2.5", "a,31,1,-77,0,-99");
    let found = told.export().with_raw("answers.csv", raw.as_str());
    let staff = found.checked().missing()[3].clone();
    assert_eq!((staff.variable.as_str(), staff.blank), ("staff", 1));
    assert!(found.findings().contains("warning: mark \"not asked\" at \"what_product\" of a unit that was asked"));
}

#[test]
fn forsta_is_complete_where_its_status_says_so() {
    let told = Told {
        answers: "tool = \"forsta\"\nencoding = \"windows-1252\"\ndelimiter = \"\\t\"",
        columns: ["q1", "q2_1", "q2_2", "q3"],
        raw: "synthetic\tunit\tstatus\tq1\tq2_1\tq2_2\tq3\n\
              SYNTHETIC\ta\tcomplete\t1\t1\t0\t2.5\n\
              SYNTHETIC\ty\tscreened\t1\t\t\t\n\
              SYNTHETIC\tb\tcomplete\t2\t\t\t3\n\
              SYNTHETIC\tc\tcomplete\t1\t0\t1\t12\n",
        ..PLAIN
    };
    check(&told, &[(LeftOut::Incomplete, 1)]);
}

#[test]
fn what_the_wave_says_of_complete_answers_replaces_what_the_tool_says() {
    let told = Told {
        answers: "tool = \"questback\"\ncomplete = { column = \"done\", value = \"1\" }",
        raw: "synthetic,unit,done,new,product,service,staff\n\
              SYNTHETIC,a,1,1,1,0,2.5\n\
              SYNTHETIC,b,1,2,,,3\n\
              SYNTHETIC,y,0,2,,,3\n\
              SYNTHETIC,c,1,1,0,1,12\n",
        ..PLAIN
    };
    check(&told, &[(LeftOut::Incomplete, 1)]);
}

#[test]
fn an_export_without_the_column_of_its_tools_rule_counts_every_row_and_says_so() {
    let told = Told { answers: "tool = \"questback\"", ..PLAIN };
    assert_eq!(
        told.export().findings(),
        "raw/answers.csv: warning: no column \"dispcode\", by which questback tells rows that are \
         incomplete: every row counts\nhelp: export the column, or state complete under [answers]\n"
    );
}
