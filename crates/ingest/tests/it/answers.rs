//! From raw cells to typed answers, on exports small enough to work out by hand.

use crate::support::{Export, ONE, Table};

/// A country whose questionnaire has every kind of variable and two levels of routing.
const COUNTRY: &str = r#"
=== country.toml
languages = ["en"]
name = { en = "Testland" }
title = { en = "Test" }
publisher = { en = "Test" }
smallest_base = 1
=== codebook.toml
[code_lists]
yes_no = [
  { code = "yes", label = { en = "Yes" } },
  { code = "no", label = { en = "No" } },
  { code = "dont_know", label = { en = "Don't know" }, role = "dont_know" },
]
ticked = [{ code = "yes", label = { en = "Mentioned" } }, { code = "no", label = { en = "Not mentioned" } }]
[variables.new]
label = { en = "New" }
question = { en = "Anything new?" }
codes = "yes_no"
[variables.copied]
label = { en = "Copied" }
question = { en = "Was it copied?" }
codes = "yes_no"
asked_if = "innovative AND staff >= 2"
[variables.source]
label = { en = "Source" }
question = { en = "Who had it first?" }
codes = "ticked"
asked_if = "copied = 'yes'"
[batteries.why]
question = { en = "Why?" }
codes = "ticked"
multiple = "yes"
asked_if = "innovative"
items = [{ item = "law", label = { en = "Law" } }, { item = "money", label = { en = "Money" } }]
[variables.staff]
label = { en = "Staff" }
kind = "number"
[variables.since]
label = { en = "Since" }
kind = "date"
[variables.comment]
label = { en = "Comment" }
kind = "text"
[derived.innovative]
label = { en = "Innovative" }
sql = "new = 'yes'"
=== tables.toml
[bases.all]
label = { en = "all" }
counting_unit = { en = "units" }
[tables.new]
title = { en = "New" }
base = "all"
measure = "share"
rows = ["innovative"]
=== waves/2020.toml
window = "2020"
published = 2021-01-01
synthetic = false
about = { en = "Test" }
[answers]
file = "answers.csv"
delimiter = ";"
decimal_mark = ","
unit = "id"
complete = { column = "status", value = "1" }
[columns]
new = "q1"
copied = "q2"
source = "q3"
staff = "staff"
since = "since"
comment = "comment"
[columns.why]
law = "q4_1"
money = "q4_2"
[missing]
"999" = "not_asked"
"888" = "refused"
[recodes.yes_no]
"1" = "yes"
"2" = "no"
"9" = "dont_know"
[recodes.ticked]
"1" = "yes"
"0" = "no"
[recodes.copied]
"1" = "yes"
"0" = "no"
"9" = { missing = "refused" }
[recodes.staff]
"999" = { missing = "refused" }
[design]
weights = "equal"
=== raw/answers.csv
id;status;q1;q2;q3;q4_1;q4_2;staff;since;comment
"#;

/// The export with these rows below the header.
fn export(rows: &str) -> Export {
    let export = Export::from_text(COUNTRY);
    let header = export.raw_text("answers.csv");
    export.with_raw("answers.csv", format!("{header}{rows}"))
}

fn table(rows: &str) -> Table {
    Table::of(&export(rows).checked())
}

#[test]
fn each_reason_for_a_missing_answer_is_kept_apart() {
    // Unit 1 was asked nothing more; unit 2 refused; unit 3 left it empty; unit 4 answered.
    let table = table(
        "1;1;2;;;;;999;;\n\
         2;1;1;888;999;1;0;5;;\n\
         3;1;1;;;0;1;5;;\n\
         4;1;1;0;;1;1;5;;\n",
    );
    assert_eq!(table.line("copied"), "- - - no");
    assert_eq!(table.line("copied__missing"), "not_asked refused blank -");
    assert_eq!(table.line("staff__missing"), "refused - - -");
    assert_eq!(table.line("why_law__missing"), "not_asked - - -");
}

#[test]
fn dont_know_is_an_answer() {
    let table = table("1;1;9;;;;;5;;\n2;1;1;1;0;1;0;5;;\n");
    assert_eq!(table.line("new"), "dont_know yes");
    assert!(!table.names().contains(&"new__missing".to_owned()), "nobody's answer is missing");
}

#[test]
fn a_recode_of_the_variable_wins_over_that_of_its_codes() {
    // In q1 the value 9 is "don't know", by the list; in q2 it is a refusal, by the variable.
    let table = table("1;1;9;;;;;5;;\n2;1;1;9;;1;0;5;;\n");
    assert_eq!(table.line("new"), "dont_know yes");
    assert_eq!(table.line("copied__missing"), "not_asked refused");
}

#[test]
fn values_of_the_variables_list_still_count_beside_its_own() {
    assert_eq!(table("1;1;1;2;;1;0;5;;\n").line("copied"), "no", "2 is in the recode of the list only");
}

#[test]
fn routing_follows_routing() {
    // Unit 2 has one employee and is not asked q2, therefore not q3 either; unit 3 said no to q2.
    let table = table("1;1;1;1;0;1;0;2;;\n2;1;1;;;1;0;1;;\n3;1;1;0;;1;0;2;;\n");
    assert_eq!(table.line("copied__missing"), "- not_asked -");
    assert_eq!(table.line("source"), "no - -");
    assert_eq!(table.line("source__missing"), "- not_asked not_asked");
}

#[test]
fn a_condition_on_a_missing_answer_asks_nobody() {
    // Refused q1: "innovative" is not true, so q2 was not asked, and nobody finds fault with the empty cell.
    let export = export("1;1;888;;;;;5;;\n2;1;1;1;1;1;1;;;\n");
    assert!(
        export
            .findings()
            .starts_with("raw/answers.csv: row 3, column \"q2\": answer to \"copied\" of a unit that was not asked\n"),
        "staff is missing, so staff >= 2 is not true:\n{}",
        export.findings()
    );
}

#[test]
fn an_option_not_ticked_by_a_unit_that_was_not_asked_is_not_asked() {
    let export = export("1;1;2;;;0;0;5;;\n2;1;1;1;0;0;0;5;;\n");
    let (wave, findings) = export.check();
    let codes: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["unticked-not-asked"]);
    let table = Table::of(&wave.expect("a warning does not stop"));
    assert_eq!(table.line("why_law"), "- no");
    assert_eq!(table.line("why_law__missing"), "not_asked -");
}

#[test]
fn an_option_ticked_by_a_unit_that_was_not_asked_is_an_error() {
    let (wave, findings) = export("1;1;2;;;0;1;5;;\n").check();
    assert!(wave.is_none());
    let codes: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["unticked-not-asked", "answer-not-asked"], "the unticked option beside it is told, too");
}

#[test]
fn an_unknown_value_is_told_once_and_not_again_by_what_follows_from_it() {
    // Were 7 read as "no answer", the answers to q2 and q4 would be found as well.
    let (_, findings) = export("1;1;7;1;1;1;0;5;;\n").check();
    let codes: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["unknown-code"]);
}

#[test]
fn numbers_keep_the_digits_they_were_written_with() {
    let table = table("1;1;2;;;;;12,5;;\n2;1;2;;;;;-8,250;;\n3;1;2;;;;;1000;;\n");
    assert_eq!(table.line("staff"), "12.500 -8.250 1000.000");
    assert_eq!(table.type_of("staff").to_string(), "Decimal128(7, 3)");
}

#[test]
fn dates_are_read_in_three_forms_and_no_other_unless_the_wave_says_so() {
    let table = table("1;1;2;;;;;5;2019-12-31;\n2;1;2;;;;;5;31-12-2019;\n3;1;2;;;;;5;31.12.2019;\n4;1;2;;;;;5;;\n");
    assert_eq!(table.line("since"), "2019-12-31 2019-12-31 2019-12-31 -");
    for bad in ["31/12/2019", "2019-13-01", "30.02.2020", "2019-1", "12019-01-01", "19-12-31", "2019.12.31", "x"] {
        let findings = export(&format!("1;1;2;;;;;5;{bad};\n")).findings();
        assert!(findings.contains("bad date for \"since\""), "{bad}: {findings}");
    }
}

#[test]
fn days_with_slashes_are_read_in_the_order_that_the_wave_says() {
    for (order, since) in [("31/12/2019", "2019-04-03"), ("12/31/2019", "2019-03-04")] {
        let mut export = export("1;1;2;;;;;5;3/4/2019;\n");
        for wave in export.country.waves.values_mut() {
            wave.answers.slashed_days = codebook::SlashedDays::ALL.into_iter().find(|days| days.as_str() == order);
        }
        assert_eq!(export.findings(), "");
        assert_eq!(Table::of(&export.checked()).line("since"), since);
    }
}

#[test]
fn incomplete_rows_are_counted_and_not_looked_at() {
    // The second and third rows would be full of findings; they even repeat a unit and lack one.
    let wave = export("1;1;2;;;;;5;;\n1;0;77;x;x;x;x;x;x;x\n;0;;;;;;;;\n").checked();
    assert_eq!((wave.summary().rows, wave.summary().incomplete(), wave.summary().answers), (3, 2, 1));
    assert_eq!((wave.summary().columns, wave.summary().unused_columns), (10, 0));
}

#[test]
fn a_wave_counts_missing_answers_by_reason() {
    let wave = export("1;1;2;;;;;5;;\n2;1;1;888;;1;0;;;\n3;1;1;;;;1;5;;\n").checked();
    let of = |name: &str| {
        let found = wave.missing().iter().find(|item| item.variable.as_str() == name).expect("every variable is there");
        (found.not_asked, found.refused, found.blank)
    };
    assert_eq!(of("copied"), (2, 0, 1), "unit 2 has no staff, so it was not asked, whatever its cell says");
    assert_eq!(of("staff"), (0, 0, 1));
    assert_eq!(of("why_law"), (1, 0, 1));
}

#[test]
fn byte_order_mark_line_ends_blanks_and_quotes_are_not_part_of_answers() {
    let plain = export("1;1;2;;;;;5;;a comment\n2;1;1;1;0;1;0;12,5;2019-12-31;b\n");
    let rows = "1;1;2;;;;;\"5\";;\"a; \"\"long\"\"\r\ncomment\"\r\n 2 ; 1;1 ;1;0;1;0;\"12,5\";2019-12-31;b";
    let header = plain.raw_text("answers.csv").lines().next().expect("there is a header").to_owned();
    let quirky = plain.with_raw("answers.csv", format!("\u{feff}{header}\r\n{rows}"));
    let bytes = |export: &Export| export.checked().parquet(ONE).expect("it can be written");
    assert!(bytes(&plain) == bytes(&quirky));
}

#[test]
fn rows_are_counted_as_records_however_many_lines_they_take() {
    let findings = export("1;1;2;;;;;5;;\"two\nlines\"\n2;1;7;;;;;5;;\n").findings();
    assert!(
        findings.starts_with("raw/answers.csv: row 3, column \"q1\": unknown value of \"new\": \"7\"\n"),
        "{findings}"
    );
}

#[test]
fn a_declared_encoding_is_decoded() {
    let export = export("1;1;2;;;;;5;;\n");
    let mut country = export.country.clone();
    for wave in country.waves.values_mut() {
        wave.answers.encoding = "windows-1252".to_owned();
        wave.answers.unit = "nøgle".to_owned();
    }
    let text = export.raw_text("answers.csv").replacen("id;", "n\u{f8}gle;", 1);
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).expect("the text is Latin-1")).collect();
    let export = Export { country, raw: export.raw }.with_raw("answers.csv", bytes);
    assert_eq!(export.findings(), "");
}

#[test]
fn a_variable_without_a_column_was_asked_of_nobody() {
    let mut export = export("1;1;2;;;;;5;;\n");
    for wave in export.country.waves.values_mut() {
        wave.columns.retain(|variable, _| variable.as_str() != "since");
    }
    let table = Table::of(&export.checked());
    assert_eq!((table.line("since"), table.line("since__missing")), ("-".to_owned(), "not_asked".to_owned()));
}

#[test]
fn nothing_of_a_respondents_text_is_in_a_finding() {
    let secret = "Anna Hansen";
    let row = format!("{secret};1;{secret};{secret};{secret};{secret};{secret};{secret};{secret};{secret}\n");
    let findings = export(&format!("{row}{row}")).findings();
    assert!(findings.contains("a text of 11 characters"), "{findings}");
    assert!(!findings.contains("Anna") && !findings.contains("Hansen"), "{findings}");
    let headless = export("").with_raw("answers.csv", format!("{row}{row}"));
    assert!(!headless.findings().contains("Anna"), "a row of answers in place of the header: {}", headless.findings());
}
