//! What inspection says of a file, and what it never says.

use std::io;

use codebook::SurveyTool;
use ingest::inspect::{Content, InspectedColumn, Inspection, Personal, inspect};

/// The inspection of a file of these bytes, or its findings.
fn inspected(bytes: &[u8]) -> Result<Inspection, Vec<String>> {
    let mut open = || io::Result::Ok(bytes);
    let inspection = inspect("a.csv", &mut open).expect("reading from memory does not fail");
    inspection.map_err(|findings| findings.iter().map(ToString::to_string).collect())
}

#[track_caller]
fn of(bytes: &[u8]) -> Inspection {
    inspected(bytes).expect("the file can be understood")
}

/// A column `x` with these cells, beside a column of ids.
#[track_caller]
fn column(cells: &[&str]) -> InspectedColumn {
    column_named("x", cells)
}

#[track_caller]
fn column_named(name: &str, cells: &[&str]) -> InspectedColumn {
    let rows = (100..).zip(cells).map(|(id, cell)| format!("{id};\"{cell}\"\n"));
    of(format!("id;{name}\n{}", rows.collect::<String>()).as_bytes()).columns.remove(1)
}

fn codes(column: &InspectedColumn) -> Vec<(&str, u64)> {
    column.codes.iter().map(|code| (code.value.as_str(), code.count)).collect()
}

fn encoding(inspection: &Inspection) -> (&str, bool) {
    let encoding = inspection.encoding.as_ref().expect("text has an encoding");
    (&encoding.name, encoding.byte_order_mark)
}

#[test]
fn the_encoding_comes_from_the_mark_then_from_strict_utf_8_then_it_is_windows_1252() {
    for (bytes, name, mark, column) in [
        (&b"\xEF\xBB\xBFid;v\xC3\xA6gt\n1;2\n"[..], "utf-8", true, "vægt"),
        (b"id;v\xC3\xA6gt\n1;2\n", "utf-8", false, "vægt"),
        (b"id;v\xE6gt\n1;2\n", "windows-1252", false, "vægt"),
        (b"\xFF\xFEi\0d\0;\0\xE6\0\n\x001\0;\x002\0\n\0", "utf-16le", true, "æ"),
        (b"i\0d\0;\0\xE6\0\n\x001\0;\x002\0\n\0", "utf-16le", false, "æ"),
        (b"\0i\0d\0;\0\xE6\0\n\x001\0;\x002\0\n", "utf-16be", false, "æ"),
    ] {
        let found = of(bytes);
        assert_eq!(encoding(&found), (name, mark));
        assert_eq!(found.columns[1].name, column, "{name}");
        assert!(found.findings.is_empty(), "{:?}", found.findings);
    }
}

/// The first letter that UTF-8 does not have may stand behind any number of rows.
#[test]
fn one_letter_of_windows_1252_at_the_very_end_decides() {
    let mut bytes = b"id;q\n".to_vec();
    for row in 0..200_000 {
        bytes.extend_from_slice(format!("{row};Ja\n").as_bytes());
    }
    assert_eq!(encoding(&of(&bytes)), ("utf-8", false));
    bytes.extend_from_slice(b"200000;N\xE6\n");
    let found = of(&bytes);
    assert_eq!(encoding(&found), ("windows-1252", false));
    assert_eq!(found.rows, 200_001);
}

#[test]
fn bytes_that_no_encoding_has_are_told_and_never_replaced() {
    let said = inspected(b"\xEF\xBB\xBFid;q\n1;\xE6\n").expect_err("æ of windows-1252 is no UTF-8");
    assert_eq!(said, ["a.csv: byte 11 is not utf-8, as the file begins\nhelp: export it again as UTF-8"]);
    let found = of(b"id;q\n1;\x81\n2;\x81\n");
    assert_eq!(found.findings[0].message, "2 bytes that windows-1252 leaves undefined");
}

#[test]
fn delimiters_marks_and_rows_are_counted() {
    let found = of(b"id;weight;price\n1;0,5;1.25\n2;1,5;2.50\n3;2,25;\n");
    assert_eq!((found.delimiter, found.rows, found.columns.len()), (Some(';'), 3, 3));
    assert_eq!(found.columns[1].decimal_mark, Some(','));
    assert_eq!(found.columns[2].decimal_mark, Some('.'));
    assert_eq!(found.columns[2].missing, 1);
    assert_eq!(found.decimal_mark, None, "as many columns have one as the other");
    assert_eq!(of(b"id\tweight\n1\t0.5\n2\t1.5\n").decimal_mark, Some('.'));
}

#[test]
fn a_column_with_both_decimal_marks_is_told() {
    let found = of(b"id;turnover\n1;1,5\n2;2,5\n3;3.5\n4;1.234,5\n");
    assert_eq!(
        found.findings[0].to_string(),
        "a.csv: row 1, column \"turnover\": warning: numbers with different marks: 2 with a comma, 1 with a point, 1 with \
         both\nhelp: a mark between thousands must go; the decimal mark must be the same in every row"
    );
}

#[test]
fn columns_are_of_the_kind_that_their_cells_show() {
    for (cells, content) in [
        (&["", "", ""][..], Content::Empty),
        (&["1", "1", ""], Content::Constant),
        (&["1", "2", "1", "2"], Content::Code),
        (&["TRUE", "FALSE", "TRUE"], Content::Condition),
        (&["5", "17", "230", "9"], Content::Number),
        (&["0,5", "0,5", "1,5"], Content::Number),
        (&["2019-12-31", "2019-12-31"], Content::Constant),
        (&["2019-12-31", "2019-12-30"], Content::Date),
        (&["2019-12-31 10:00", "2019-12-30 10:00"], Content::Moment),
        (&["Ja", "Nej", "Ja", "Nej", "Ja", "Ved ikke"], Content::Code),
        (&["We talk more", "Nothing", "I do not know yet", "Nothing"], Content::Text),
        (&["T001", "T002", "T003"], Content::UniqueId),
        (&["4100", "4107", "9999"], Content::UniqueId),
    ] {
        assert_eq!(column(cells).content, content, "{cells:?}");
    }
}

#[test]
fn codes_stand_in_order_with_their_counts_whatever_the_order_of_rows() {
    let cells = ["10", "2", "2", "1", "10", "NA", "1", "2"];
    let found = column(&cells);
    assert_eq!(codes(&found), [("1", 2), ("2", 3), ("10", 2)]);
    assert_eq!(found.missing_marks[0].value, "NA");
    let mut reversed = cells;
    reversed.reverse();
    assert_eq!(column(&reversed), found);
}

#[test]
fn a_column_with_more_than_sixty_values_has_no_codes() {
    let cells: Vec<String> = (0..400).map(|row| format!("Answer {}", row % 61)).collect();
    let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
    let found = column(&cells);
    assert_eq!((found.content, found.distinct, found.codes.len()), (Content::Text, None, 0));
}

#[test]
fn a_few_words_among_numbers_are_told_as_strays() {
    let mut cells: Vec<String> = (0..100).map(|row| format!("{}", row * row)).collect();
    cells[3] = "about fifty".to_owned();
    let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
    let found = column(&cells);
    assert_eq!((found.content, found.strays), (Content::Number, 1));
}

#[test]
fn columns_that_tell_who_answered_are_classed_and_their_values_are_not_shown() {
    for (name, cells, personal) in [
        (
            "contact",
            &["bo@kommune.example", "bo@kommune.example", "anna@kommune.example", "anna@kommune.example"][..],
            Personal::Email,
        ),
        ("x", &["+45 12345678", "+45 12345678"], Personal::Phone),
        ("x", &["010170-1234", "010170-1234"], Personal::PersonalNumber),
        ("x", &["0101701234", "3112991234"], Personal::PersonalNumber),
        ("x", &["10.0.0.1", "10.0.0.1"], Personal::IpAddress),
        ("RecipientFirstName", &["Bo", "Bo", "Anna", "Anna"], Personal::Name),
        ("LocationLatitude", &["55.67", "55.67"], Personal::Coordinates),
    ] {
        let found = column_named(name, cells);
        assert_eq!(found.personal, Some(personal), "{name}");
        assert!(found.codes.is_empty(), "{name}");
        let said = serde_json::to_string(&found).expect("a description can be written");
        assert!(cells.iter().all(|cell| !said.contains(cell)), "{said}");
    }
}

#[test]
fn words_of_ones_own_are_never_shown() {
    let open = ["Vi mangler tid", "Ingen", "Ingen", "Ledelsen", "Tid og penge", "Ingen"];
    let found =
        of(format!("id;q\n{}", (0..6).map(|row| format!("{row};{}\n", open[row])).collect::<String>()).as_bytes());
    assert_eq!(found.columns[1].content, Content::Text);
    let other = column_named("Q5_4_TEXT", &["Ingen", "Ingen", "Andre", "Andre"]);
    assert_eq!(other.content, Content::Text);
    let said = format!("{found:?}{other:?}");
    assert!(open.iter().all(|text| !said.contains(text)), "{said}");
}

#[test]
fn qualtrics_has_three_header_rows_with_line_breaks_in_its_questions() {
    let found = of(
        b"ResponseId,Finished,Q1\n\"Response ID\",Finished,\"How new\nwas it?\"\n\"{\"\"ImportId\"\":\"\"_recordId\"\"}\",\
          \"{\"\"ImportId\"\":\"\"finished\"\"}\",\"{\"\"ImportId\"\":\"\"QID1\"\"}\"\nR_1,1,2\nR_2,0,2\nR_3,1,1\nR_4,1,1\n",
    );
    assert_eq!((found.tool, found.header_rows, found.rows), (SurveyTool::Qualtrics, 3, 4));
    assert_eq!(found.columns[2].label.as_deref(), Some("How new\nwas it?"));
    assert_eq!(codes(&found.columns[2]), [("1", 2), ("2", 2)]);
    assert_eq!(found.columns[0].content, Content::UniqueId);
}

#[test]
fn a_delimiter_at_the_end_of_the_header_makes_no_column() {
    for rows in ["1;2;\n2;3;\n", "1;2\n2;3\n"] {
        let found = of(format!("id;q;\n{rows}").as_bytes());
        assert_eq!((found.columns.len(), found.rows), (2, 2));
        assert_eq!(found.findings[0].code, "phantom-column");
    }
}

#[test]
fn damaged_rows_are_told_and_counted() {
    let found = of(b"id;q\n1;2\n2\n3;4;5\n4;1\n");
    assert_eq!(found.rows, 4);
    let said: Vec<String> = found.findings.iter().map(|finding| finding.message.clone()).collect();
    assert_eq!(said, ["1 field instead of 2 (row 3)", "3 fields instead of 2 (row 4)"]);
    let open = of(b"id;q;r\n1;2;3\n2;\"3;4\n5;6;7\n");
    assert!(open.findings.iter().any(|finding| finding.code == "unclosed-quote"), "{:?}", open.findings);
    let whole_but_open = of(b"id;q\n1;2\n2;\"3\n");
    let said: Vec<String> = whole_but_open.findings.iter().map(|finding| finding.message.clone()).collect();
    assert_eq!(said, ["a quote opens in row 3 and is never closed"]);
    assert!(of(b"id;q\n1;\"2\"\n2;\"3 \"\" 4\"\n").findings.is_empty());
}

#[test]
fn a_quote_that_swallows_the_file_does_not_fill_the_memory() {
    let mut bytes = b"id;q\n1;\"2\n".to_vec();
    bytes.resize(20 << 20, b'x');
    let said = inspected(&bytes).expect_err("the row has no end");
    assert_eq!(
        said,
        ["a.csv: a row has more than 16 MiB\nhelp: a quote opens and is never closed, or this is not text"]
    );
}

#[test]
fn a_file_that_is_no_text_says_what_it_is() {
    let said = inspected(b"$FL2@(#) IBM SPSS").expect_err("the rest is missing");
    assert_eq!(
        said,
        [
            "a.csv: the file ends within its dictionary, before the first case\nhelp: export it from SPSS again, and copy it whole"
        ]
    );
    assert_eq!(inspected(b"").expect_err("nothing is in it"), ["a.csv: the file is empty\nhelp: export it again"]);
    assert!(of(b"a;b\n1;2\0\n").findings.iter().any(|finding| finding.code == "nul"));
}

#[test]
fn two_columns_of_one_name_are_told() {
    let found = of(b"id;q;q\n1;2;3\n2;3;4\n");
    assert_eq!(
        found.findings[0].to_string(),
        "a.csv: row 1, column \"q\": 2 columns have this name\nhelp: rename all but one in the export"
    );
}

#[test]
fn what_is_no_export_is_told_by_its_name_and_not_taken_for_text() {
    for (bytes, message) in [
        (&b"\x1f\x8b\x08\0\0\0\0\0"[..], "the file is packed with gzip, which is not read"),
        (b"<html><table><tr><td>id</td></tr></table></html>", "the file is a web page, which is not read"),
        (b"%PDF-1.7\n", "the file is a PDF document, which is not read"),
    ] {
        let said = inspected(bytes).expect_err("it is no export");
        assert!(said[0].starts_with(&format!("a.csv: {message}\nhelp: ")), "{said:?}");
    }
}

#[test]
fn a_row_of_a_million_delimiters_is_no_header() {
    for bytes in [vec![b';'; 1 << 20], [b"id;q\n".to_vec(), vec![b';'; 1 << 20]].concat()] {
        let said = inspected(&bytes).expect_err("no table has so many columns");
        let row = if bytes.starts_with(b"id") { 2 } else { 1 };
        assert!(said[0].starts_with(&format!("a.csv: row {row} has more than 100000 columns\n")), "{said:?}");
    }
}

/// Programs that hold codes with gaps as decimals write them so.
#[test]
fn codes_that_are_written_with_a_decimal_zero_are_codes() {
    let found = column(&["1.0", "2.0", "", "1.0", "2.0", "1.0"]);
    assert_eq!((found.content, found.decimal_mark), (Content::Code, None));
    assert_eq!(codes(&found), [("1.0", 3), ("2.0", 2)]);
    assert_eq!(column(&["1.0", "2.5", "1.0", "2.5"]).content, Content::Number);
}

/// A classification has more codes than are listed; `0101` is none of its numbers.
#[test]
fn zeros_in_front_of_many_codes_are_told() {
    let rows: String = (0..200).map(|row| format!("{row};{:04}\n", 101 + row % 98)).collect();
    let found = of(format!("id;municipality\n{rows}").as_bytes());
    assert_eq!((found.columns[1].content, found.columns[1].zeros_in_front), (Content::Number, 200));
    assert_eq!(
        found.findings[0].to_string(),
        "a.csv: row 1, column \"municipality\": warning: 200 whole numbers with zeros in front, which a number would lose\n\
         help: they are codes: list them under [code_lists], as the classification they are of has them"
    );
}

#[test]
fn a_file_of_one_column_that_something_else_cuts_is_told_with_it() {
    let told = |text: &str| of(text.as_bytes()).findings.iter().map(ToString::to_string).collect::<String>();
    assert_eq!(
        told("id:q1:q2\n1:2:3\n2:1:3\n"),
        "a.csv: warning: the file has one column: none of ; tab | , cuts its first row\n\
         help: \":\" cuts it into 3 columns: save the file with ; or , in its place"
    );
    // A column of times is one column, and so is one of words.
    assert_eq!(told("begun\n12:30\n13:05\n"), "");
    assert_eq!(told("id;begun:at\n1;12:30\n2;13:05\n"), "");
}
