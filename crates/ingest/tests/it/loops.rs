//! Questions that a unit answers several times: one value per unit by a rule, and a table of their own.

use testkit::mutant;

use crate::exports::{BESIDE, SHAPE, Shape};
use crate::support::{Export, ONE, Table, key};
use crate::tools::{COUNTRY, PLAIN};

const LOOP: &str = "\
[loops.kinds]\n\
FILE\n\
key = \"loop_id\"\n\
codes = { used = \"yes_no\" }\n\
[loops.kinds.makes]\n\
rows = \"count\"\n\
people = { sum = \"people\" }\n\
largest = { max = \"people\" }\n\
used = { any = \"used\", of = [\"yes\"] }\n\
times = { count = \"used\", of = [\"yes\"] }\n";

/// The column of the numbers; the loop's file, or nothing for rows of the answers; the raw files.
fn looped(staff: &str, file: &str, raw: &[(&str, &str)]) -> Export {
    let staff = format!("\"{staff}\"");
    let columns = [SHAPE.columns[0], SHAPE.columns[1], SHAPE.columns[2], staff.as_str()];
    let more = LOOP.replace("FILE\n", file);
    Shape { columns, more: &more, raw, ..SHAPE }.export()
}

const LOOP_FILE: &str = "file = \"loop.csv\"\nunit = \"responseid\"\ndelimiter = \";\"\ndecimal_mark = \",\"\n";

const LOOP_ROWS: &str = "synthetic;responseid;loop_id;used;people\n\
                         SYNTHETIC;a;1;1;2,5\n\
                         SYNTHETIC;c;2;2;2\n\
                         SYNTHETIC;c;1;1;10,0\n";

#[test]
fn rows_of_a_loop_become_one_value_per_unit() {
    let line = |column: &str| {
        let export = looped(column, LOOP_FILE, &[("answers.csv", BESIDE), ("loop.csv", LOOP_ROWS)]);
        assert_eq!(export.findings(), "");
        Table::of(&export.checked()).line("staff")
    };
    // Units a, b and c have 1, 0 and 2 rows.
    assert_eq!(line("kinds.rows"), "1 0 2");
    assert_eq!(line("kinds.people"), "2.5 0.0 12.0");
    assert_eq!(line("kinds.largest"), "2.5 - 10.0");
    assert_eq!(line("kinds.used"), "1 0 1");
    assert_eq!(line("kinds.times"), "1 0 1");
}

#[test]
fn rows_of_a_loop_are_a_table_of_their_own_in_the_order_of_units_and_keys() {
    // Unit b answered nothing of it; the second row of c says less.
    let rows = LOOP_ROWS.replace("c;2;2;2", "c;2;;-").replace("c;1;1;10,0", "c;10;2;");
    let rows = rows.replace("c;2;;-", "c;2;;3");
    let wave = looped("kinds.rows", LOOP_FILE, &[("answers.csv", BESIDE), ("loop.csv", &rows)]).checked();
    let table = Table::of_loop(&wave);
    assert_eq!(table.names().join(" "), "__unit __pseudonym __row __stratum people people__missing used used__missing");
    assert_eq!([table.line("__unit"), table.line("__row")], ["0 2 2", "0 0 1"]);
    assert_eq!([table.line("used"), table.line("used__missing")], ["yes - no", "- blank -"]);
    assert_eq!([table.line("people"), table.line("people__missing")], ["2.5 3.0 -", "- - blank"]);
    let of_wave = Table::of(&wave).column("__pseudonym");
    let expected: Vec<&String> = wave.loops()[0].unit_of_rows().iter().map(|unit| &of_wave[*unit]).collect();
    assert_eq!(table.column("__pseudonym").iter().collect::<Vec<_>>(), expected);
    let summary = &wave.summary().loops[0];
    assert_eq!((summary.name.as_str(), summary.rows, summary.units, summary.left_out), ("kinds", 3, 2, 0));
}

#[test]
fn rows_of_a_loop_whose_unit_is_no_answer_are_counted_and_left_out() {
    let answers = BESIDE.replace("SYNTHETIC,a,1,1,0", "SYNTHETIC,a,,1,0");
    let staff = "\"kinds.rows\"";
    let columns = [SHAPE.columns[0], SHAPE.columns[1], SHAPE.columns[2], staff];
    let more = LOOP.replace("FILE\n", LOOP_FILE);
    let raw = [("answers.csv", answers.as_str()), ("loop.csv", LOOP_ROWS)];
    let complete = "complete = { column = \"new\", values = [\"1\", \"2\"] }";
    let export = Shape { answers: complete, columns, more: &more, raw: &raw, ..SHAPE }.export();
    let wave = export.checked();
    let summary = &wave.summary().loops[0];
    assert_eq!((summary.rows, summary.units, summary.left_out), (2, 1, 1));
    assert_eq!(Table::of_loop(&wave).line("people"), "10.0 2.0");
}

#[test]
fn a_loop_of_which_nothing_is_made_has_a_table_of_codes_and_numbers() {
    let more = format!("[loops.kinds]\n{LOOP_FILE}key = \"loop_id\"\nnumbers = [\"people\"]\n");
    let raw = [("answers.csv", PLAIN.raw), ("loop.csv", LOOP_ROWS)];
    let wave = Shape { more: &more, raw: &raw, ..SHAPE }.export().checked();
    let table = Table::of_loop(&wave);
    assert_eq!(table.names().join(" "), "__unit __pseudonym __row __stratum people");
    assert_eq!(table.line("people"), "2.5 10.0 2.0");
}

#[test]
fn the_order_of_a_loops_rows_and_the_key_change_no_other_byte_of_its_table() {
    let mut lines: Vec<&str> = LOOP_ROWS.lines().collect();
    lines[1..].reverse();
    let export = |rows: &str| looped("kinds.rows", LOOP_FILE, &[("answers.csv", BESIDE), ("loop.csv", rows)]);
    let parquet = |export: &Export| export.checked().loops()[0].parquet(ONE).expect("it can be written");
    assert!(parquet(&export(LOOP_ROWS)) == parquet(&export(&lines.join("\n"))));
    let (one, other) = (export(LOOP_ROWS).checked(), export(LOOP_ROWS).check_with(&key(2)).0.expect("it passes"));
    let (one, other) = (Table::of_loop(&one), Table::of_loop(&other));
    let changed: Vec<String> = one.names().into_iter().filter(|name| one.column(name) != other.column(name)).collect();
    assert_eq!(changed, ["__pseudonym"]);
}

/// The rows of the loop with one cell replaced, each by each of some texts, and damaged copies of the bytes.
fn changed_rows() -> Vec<Vec<u8>> {
    const CELLS: [&str; 10] = ["", "1", "2", "a", "c", "7", "2,5", "1e300", "SYNTHETIC", "\"a;b\""];
    let cells: Vec<Vec<&str>> = LOOP_ROWS.lines().map(|line| line.split(';').collect()).collect();
    let mut changed: Vec<Vec<u8>> = (0..100).map(|seed| mutant(LOOP_ROWS.as_bytes(), seed)).collect();
    for (row, column) in (1..cells.len()).flat_map(|row| (0..cells[row].len()).map(move |column| (row, column))) {
        for cell in CELLS {
            let mut cells = cells.clone();
            cells[row][column] = cell;
            changed.push(cells.iter().map(|row| row.join(";") + "\n").collect::<String>().into_bytes());
        }
    }
    changed
}

#[test]
fn nothing_that_happens_to_the_file_of_a_loop_makes_the_check_fall() {
    let (mut passed, mut refused) = (0, 0);
    for (number, rows) in changed_rows().into_iter().enumerate() {
        let export = looped("kinds.people", LOOP_FILE, &[("answers.csv", BESIDE)]).with_raw("loop.csv", rows);
        // Whether a wave is there exactly when no finding is an error.
        export.findings();
        let Some(wave) = export.check().0 else {
            refused += 1;
            continue;
        };
        passed += 1;
        let rows = Table::of_loop(&wave).column("__unit").len();
        assert_eq!(rows, wave.loops()[0].unit_of_rows().len(), "change {number}");
    }
    assert!(passed > 40 && refused > 100, "{passed} passed, {refused} refused");
}

#[test]
fn what_questback_writes_for_what_was_not_shown_is_no_number_of_a_loop() {
    let rows = LOOP_ROWS.replace("c;2;2;2", "c;2;-77;-77");
    let more = LOOP.replace("FILE\n", LOOP_FILE);
    let columns = [SHAPE.columns[0], SHAPE.columns[1], SHAPE.columns[2], "\"kinds.people\""];
    let answers = BESIDE.replace("unit,", "unit,dispcode,").replace("IC,a,", "IC,a,31,");
    let answers = answers.replace("IC,b,", "IC,b,31,").replace("IC,c,", "IC,c,31,");
    let raw = [("answers.csv", answers.as_str()), ("loop.csv", rows.as_str())];
    let shape = Shape { answers: "tool = \"questback\"", columns, more: &more, raw: &raw, ..SHAPE };
    let wave = shape.export().checked();
    let table = Table::of_loop(&wave);
    assert_eq!([table.line("people"), table.line("people__missing")], ["2.5 10.0 -", "- - not_asked"]);
    // A sum with a part that was not shown is left open; -77 is in no sum.
    assert_eq!(Table::of(&wave).line("staff"), "2.5 0.0 -");
}

#[test]
fn a_loop_in_rows_of_the_answers_is_the_loop_in_a_file_of_its_own() {
    let answers = "synthetic,unit,loop_id,used,people,new,product,service\n\
                   SYNTHETIC,c,2,2,2,1,0,1\n\
                   SYNTHETIC,a,1,1,2.5,1,1,0\n\
                   SYNTHETIC,b,,,,2,,\n\
                   SYNTHETIC,c,1,1,10.0,1,0,1\n";
    for column in ["kinds.rows", "kinds.people", "kinds.largest", "kinds.used"] {
        let own = looped(column, LOOP_FILE, &[("answers.csv", BESIDE), ("loop.csv", LOOP_ROWS)]);
        let rows = looped(column, "", &[("answers.csv", answers)]);
        assert_eq!(rows.findings(), "");
        let (own, rows) = (own.checked(), rows.checked());
        assert!(
            own.parquet(ONE).expect("it can be written") == rows.parquet(ONE).expect("it can be written"),
            "{column}"
        );
        assert_eq!((rows.summary().rows, rows.summary().answers), (3, 3));
    }
    // Rows of one unit that differ beyond the loop are two answers of one unit.
    let differing = answers.replace("10.0,1,0,1", "10.0,1,1,1");
    let found = looped("kinds.rows", "", &[("answers.csv", &differing)]).findings();
    assert_eq!(
        found,
        "raw/answers.csv: row 5, column \"unit\": the same unit in rows 2 and 5\nhelp: one row for each unit\n"
    );
}

#[test]
fn a_unit_that_was_not_asked_has_no_loop_and_one_that_was_has_none() {
    let text = COUNTRY
        .replace("kind = \"number\"", "kind = \"number\"\nasked_if = \"new = 'yes'\"")
        .replace("ANSWERS", "")
        .replace("RECODES", SHAPE.recodes[0])
        .replace("TICKED", SHAPE.recodes[1])
        .replace("\"NEW\"", "\"new\"")
        .replace("\"PRODUCT\"", "\"product\"")
        .replace("\"SERVICE\"", "\"service\"")
        .replace("\"STAFF\"", "\"kinds.rows\"")
        + &LOOP.replace("FILE\n", LOOP_FILE);
    let export = |rows: &str| Export::from_text(&text).with_raw("answers.csv", BESIDE).with_raw("loop.csv", rows);
    let only_a = "synthetic;responseid;loop_id;used;people\nSYNTHETIC;a;1;1;2,5\n";
    assert_eq!(export(only_a).findings(), "");
    let table = Table::of(&export(only_a).checked());
    assert_eq!((table.line("staff"), table.line("staff__missing")), ("1 - 0".to_owned(), "- not_asked -".to_owned()));
    let b_too = format!("{only_a}SYNTHETIC;b;1;1;2,5\n");
    assert!(export(&b_too).findings().starts_with(
        "raw/answers.csv: row 3, column \"kinds.rows\": answer to \"staff\" of a unit that was not asked\n"
    ));
}

#[test]
fn what_is_wrong_with_a_loop_is_told_at_its_rows() {
    let findings =
        |rows: &str| looped("kinds.people", LOOP_FILE, &[("answers.csv", BESIDE), ("loop.csv", rows)]).findings();
    assert_eq!(
        findings(&LOOP_ROWS.replace("SYNTHETIC;a", "SYNTHETIC;x")),
        "raw/loop.csv: row 2, column \"responseid\": row of a loop whose unit has no row in raw/answers.csv\n\
         help: are both files of the same export, and is this the column that links them?\n"
    );
    assert_eq!(
        findings(&LOOP_ROWS.replace("c;2;2", "c;1;2")),
        "raw/loop.csv: row 4, column \"loop_id\": the same unit and key in rows 3 and 4\nhelp: one row for each key of a unit\n"
    );
    assert_eq!(
        findings(&LOOP_ROWS.replace("c;2;2;2", "c;;7;two")),
        "raw/loop.csv: row 3, column \"loop_id\": row of a loop without a key\n\
         raw/loop.csv: row 3, column \"people\": bad number of a loop: a text of 3 characters\n\
         raw/loop.csv: row 3, column \"used\": unknown value of a loop: \"7\"\n\
         help: recodes of yes_no, or missing values, must name it\n"
    );
    // A part that is missing leaves the sum open; nothing is guessed.
    let open =
        looped("kinds.people", LOOP_FILE, &[("answers.csv", BESIDE), ("loop.csv", &LOOP_ROWS.replace("10,0", ""))]);
    assert_eq!(Table::of(&open.checked()).line("staff"), "2.5 0.0 -");
}
