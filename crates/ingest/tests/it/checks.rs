//! Checks of the answers: each on an export small enough to see which rows fail it.

use std::fmt::Write;

use codebook::{CheckKind, LeftOut};

use crate::support::{Export, Table};

/// A questionnaire with every kind of variable that a check can look at. `WAVE`, `ANSWERS`, `CHECKS`, `RECODES` and `STAFF` are places for a test's own
/// lines; `ITEMS` are the items of a scale.
const COUNTRY: &str = r#"
=== country.toml
languages = ["en"]
name = "Testland"
title = "Test"
publisher = "Test"
smallest_base = 1
=== codebook.toml
CHECKS
[code_lists]
yes_no = [{ code = "yes", label = "Yes" }, { code = "no", label = "No" }]
[variables.new]
label = "New"
codes = "yes_no"
[variables.staff]
label = "Staff"
kind = "number"
STAFF
[variables.opened]
label = "Opened"
kind = "date"
OPENED
[batteries.why]
question = "Why?"
codes = "yes_no"
multiple = "yes"
asked_if = "new = 'yes'"
items = [{ item = "law", label = "Law" }, { item = "money", label = "Money" }]
[batteries.culture]
question = "How is it here?"
codes = "yes_no"
items = [ITEMS]
[derived.large]
label = "Large"
sql = "staff >= 10"
=== tables.toml
[bases.all]
label = "all"
counting_unit = "units"
[tables.new]
title = "New"
base = "all"
measure = "share"
rows = ["new"]
=== waves/2020.toml
window = "2020"
published = 2021-01-01
about = "Test"
WAVE
[answers]
file = "answers.csv"
unit = "id"
ANSWERS
[columns]
new = "new"
staff = "staff"
opened = "opened"
[columns.why]
law = "law"
money = "money"
[columns.culture]
COLUMNS
RECODES
[design]
weights = "equal"
=== raw/answers.csv
"#;

/// What a test adds to the country.
#[derive(Default, Clone, Copy)]
struct Parts<'p> {
    checks: &'p str,
    staff: &'p str,
    opened: &'p str,
    wave: &'p str,
    answers: &'p str,
    recodes: &'p str,
    /// Items of the scale.
    items: usize,
}

fn export(parts: Parts<'_>, rows: &str) -> Export {
    let (mut items, mut columns) = (String::new(), String::new());
    for item in 0..parts.items {
        write!(items, "{{ item = \"i{item}\", label = \"Item {item}\" }},").expect("a string takes everything");
        writeln!(columns, "i{item} = \"c{item}\"").expect("a string takes everything");
    }
    let places = [
        ("CHECKS", parts.checks),
        ("STAFF", parts.staff),
        ("OPENED", parts.opened),
        ("WAVE", parts.wave),
        ("ANSWERS", parts.answers),
        ("RECODES", parts.recodes),
        ("ITEMS", &items),
        ("COLUMNS", &columns),
    ];
    let text = places.iter().fold(COUNTRY.to_owned(), |text, (place, lines)| text.replace(place, lines));
    Export::from_text(&(text + rows))
}

/// The findings of a small export whose columns are unit, new, staff, opened, law and money.
fn findings(parts: Parts<'_>, rows: &str) -> String {
    export(parts, &format!("id,new,staff,opened,law,money\n{rows}")).findings()
}

#[test]
fn numbers_and_dates_outside_their_range_are_told_by_class_and_its_ends_belong_to_it() {
    let parts = Parts { staff: "range = [1, 100]", opened: "range = { high = 2019-12-31 }", ..Parts::default() };
    let rows = "a,no,1,2019-12-31,,\nb,no,0.5,2020-01-01,,\nc,no,100.00,,,\nd,no,4711,,,\ne,no,,,,\n";
    assert_eq!(
        findings(parts, rows),
        "raw/answers.csv: row 3, column \"opened\": answer that fails the check \"range of opened\": a value above 2019-12-31
help: the check is at test/codebook.toml:14:9
raw/answers.csv: row 3, column \"staff\": answer that fails the check \"range of staff\" (rows 3 and 5): a value below 1 and a value above 100
help: the check is at test/codebook.toml:10:9
"
    );
}

#[test]
fn a_severity_turns_an_error_into_a_warning_or_switches_the_check_off() {
    let row = "id,new,staff,opened,law,money\na,no,0,,,\n";
    let set = |wave| export(Parts { staff: "range = [1, 100]", wave, ..Parts::default() }, row);
    let (wave, found) = set("checks = { range = \"warning\" }").check();
    assert!(wave.is_some_and(|wave| wave.summary().checks[&CheckKind::Range] == 1), "a warning does not stop a run");
    assert_eq!(found.len(), 1);
    let (wave, found) = set("checks = { range = \"off\" }").check();
    assert!(wave.is_some_and(|wave| !wave.summary().checks.contains_key(&CheckKind::Range)));
    assert_eq!(found, []);
    assert!(set("").check().0.is_none(), "a range is an error as usual");
}

#[test]
fn a_check_may_have_a_severity_of_its_own() {
    let checks = "[[checks]]\nholds = \"staff >= 1\"\nseverity = \"warning\"\n[[checks]]\nholds = \"staff >= 0\"";
    let export = export(Parts { checks, ..Parts::default() }, "id,new,staff,opened,law,money\na,no,0,,,\n");
    assert_eq!(export.checked().summary().checks[&CheckKind::Condition], 1);
}

#[test]
fn values_that_must_differ_are_compared_as_numbers_and_missing_ones_not_at_all() {
    let rows = "a,no,5,,,\nb,no,7,,,\nc,no,5.0,,,\nd,no,,,,\ne,no,,,,\n";
    assert_eq!(
        findings(Parts { staff: "unique = true", ..Parts::default() }, rows),
        "raw/answers.csv: row 4, column \"staff\": the check \"unique staff\" fails: the same answer in rows 2 and 4
help: the check is at test/codebook.toml:10:10
"
    );
}

#[test]
fn several_variables_are_unique_together() {
    let checks = "[[checks]]\nunique = [\"new\", \"staff\"]";
    let parts = Parts { checks, ..Parts::default() };
    assert_eq!(findings(parts, "a,no,5,,,\nb,yes,5,,no,no\nc,no,6,,,\n"), "");
    assert!(findings(parts, "a,no,5,,,\nb,no,5,,,\n").contains("in rows 2 and 3"));
}

#[test]
fn parts_add_up_to_their_whole_within_the_tolerance() {
    let checks = "[[checks]]\nsum = [\"staff\", \"staff\"]\nof = 100\ntolerance = 0.5\nwhere = \"new = 'no'\"";
    let parts = Parts { checks, ..Parts::default() };
    // 99.5 and 100.5 are within; 99.4 and 101 are not; unit e is not judged, and unit f has no staff.
    let rows = "a,no,49.75,,,\nb,no,50.25,,,\nc,no,49.7,,,\nd,no,50.5,,,\ne,yes,1,,no,no\nf,no,,,,\n";
    assert_eq!(
        findings(parts, rows),
        "raw/answers.csv: row 4, column \"staff\": answer that fails the check \"staff + staff = 100\" (rows 4 and 5): \
         less than the whole and more than the whole
help: the check is at test/codebook.toml:1:1
"
    );
}

#[test]
fn a_condition_may_name_derived_variables_and_holds_where_it_cannot_be_judged() {
    let checks = "[[checks]]\nname = \"large ones are old\"\nholds = \"opened < '2000-01-01'\"\nwhere = \"large\"";
    let rows = "a,no,10,1999-01-01,,\nb,no,10,2001-01-01,,\nc,no,9,2001-01-01,,\nd,no,10,,,\n";
    assert_eq!(
        findings(Parts { checks, ..Parts::default() }, rows),
        "raw/answers.csv: row 3, column \"opened\": answer that fails the check \"large ones are old\"
help: the check is at test/codebook.toml:1:1
"
    );
}

/// Answers to when, with rows `begun,ended`.
fn times(wave: &str, rows: &[(&str, &str)]) -> Export {
    let answers = "started = \"begun\"\nfinished = \"ended\"";
    let mut text = "id,new,staff,opened,law,money,begun,ended\n".to_owned();
    for (unit, (begun, ended)) in rows.iter().enumerate() {
        writeln!(text, "{unit},no,,,,,{begun},{ended}").expect("a string takes everything");
    }
    export(Parts { wave, answers, ..Parts::default() }, &text)
}

#[test]
fn answers_outside_the_days_of_fieldwork_are_told_and_its_first_and_last_day_belong_to_it() {
    let wave = "fieldwork = { from = 2020-01-20, to = 2020-03-10 }";
    let rows = [
        ("2020-01-20 00:00:00", "2020-01-20 00:10:00"),
        ("2020-01-19 23:59:59", "2020-01-20 00:10:00"),
        ("2020-03-10 23:59:00", "2020-03-11 00:01:00"),
        ("2020-02-02 10:00", "2020-02-02 09:00"),
        ("", ""),
        ("yesterday", ""),
    ];
    assert_eq!(
        times(wave, &rows).findings(),
        "raw/answers.csv: row 3, column \"begun\": answer outside the days of fieldwork: a day before 2020-01-20
help: fieldwork is told at test/waves/2020.toml:4:13
raw/answers.csv: row 4, column \"ended\": answer outside the days of fieldwork: a day after 2020-03-10
help: fieldwork is told at test/waves/2020.toml:4:13
raw/answers.csv: row 5, column \"ended\": answer finished before it was started
help: are started and finished under [answers] the right way round?
raw/answers.csv: row 7, column \"begun\": moment that cannot be read: a text of 9 characters
help: days are written 2019-12-31, 31-12-2019 or 31.12.2019; with slashes where the wave says dates = \"31/12/2019\" or \"12/31/2019\" under [answers]; times stand behind them: 23:59, 23:59:59 or 11:59 PM
"
    );
}

#[test]
fn an_answer_in_less_than_a_third_of_the_median_is_speeding() {
    // Ten answers: eight take 30 minutes, one 10 minutes, which is a third, and one a second less.
    let mut rows = vec![("2020-02-02 10:00:00", "2020-02-02 10:30:00"); 8];
    rows.extend([("2020-02-02 10:00:00", "2020-02-02 10:10:00"), ("2020-02-02 10:00:00", "2020-02-02 10:09:59")]);
    let (wave, found) = times("", &rows).check();
    let told: Vec<String> = found.iter().map(ToString::to_string).collect();
    let expected =
        "raw/answers.csv: row 11, column \"ended\": warning: answer given in less time than a third of the median
help: can the questions be read so fast?";
    assert_eq!(told, [expected]);
    assert_eq!(wave.expect("a warning does not stop a run").summary().median_seconds, Some(1800));
    assert_eq!(times("", &rows[1..]).findings(), "", "nine answers have no median worth the name");
}

#[test]
fn a_stated_shortest_time_wins_over_the_median() {
    let wave = "fieldwork = { from = 2020-01-20, to = 2020-03-10, shortest_minutes = 3 }";
    let rows = [("2020-02-02 10:00", "2020-02-02 10:03"), ("2020-02-02 10:00", "2020-02-02 10:02")];
    let told = times(wave, &rows).findings();
    assert!(
        told.starts_with(
            "raw/answers.csv: row 3, column \"ended\": warning: answer given in less time than 3 minutes\n"
        )
    );
}

/// Rows of answers to a scale: `y` and `n` for each item.
fn scale(items: usize, rows: &[String]) -> Export {
    let columns: String = (0..items).map(|item| format!(",c{item}")).collect();
    let mut text = format!("id,new,staff,opened,law,money{columns}\n");
    for (unit, answers) in rows.iter().enumerate() {
        let cells: String =
            answers.chars().map(|it| format!(",{}", if it == '-' { "".to_owned() } else { it.to_string() })).collect();
        writeln!(text, "{unit},n,,,,{cells}").expect("a string takes everything");
    }
    let recodes = "[recodes.yes_no]\ny = \"yes\"\nn = \"no\"";
    export(Parts { recodes, items, ..Parts::default() }, &text)
}

#[test]
fn the_same_answer_to_every_item_of_a_scale_of_five_is_a_straight_line() {
    let rows = ["yyyyy", "nnnnn", "yyyyn", "-----", "yyyy-"].map(str::to_owned);
    assert_eq!(
        scale(5, &rows).findings(),
        "raw/answers.csv: row 2, column \"c0\": warning: the same answer to all 5 items of \"culture\" (rows 2 and 3)
help: an answer without thought looks like this, and so does an honest one now and then
"
    );
    assert_eq!(scale(4, &["yyyy".to_owned()]).findings(), "", "four items are too few to tell");
}

#[test]
fn the_same_answers_to_forty_questions_are_no_chance_and_to_ten_they_may_be() {
    // Unit u says yes to item i by a hash of both, so that answers are even and unrelated; the last unit is a copy of unit 3.
    let said = |unit: usize, item: usize| (unit * 2_654_435_761 + item * 40_503 * (unit + 7)) % 97 < 48;
    let rows = |items: usize| -> Vec<String> {
        let of = |unit| (0..items).map(|item| if said(unit, item) { 'y' } else { 'n' }).collect::<String>();
        (0..30).map(of).chain([of(3)]).collect()
    };
    let found = scale(40, &rows(40)).findings();
    assert_eq!(
        found,
        "raw/answers.csv: row 32, column \"id\": warning: the same answers to all questions, more than chance explains, in rows 5 and 32
help: has one respondent answered twice, or was a row copied?
"
    );
    assert!(!scale(10, &rows(10)).findings().contains("same answers"));
}

#[test]
fn an_empty_cell_that_stands_for_not_ticked_is_not_asked_where_routing_says_so() {
    let recodes = "[recodes.yes_no]\n\"1\" = \"yes\"\n\"0\" = \"no\"\n[recodes.why_law]\n\"\" = \"no\"\n\"1\" = \"yes\"\n[recodes.why_money]\n\"\" = \"no\"\n\"1\" = \"yes\"";
    let parts = Parts { recodes, ..Parts::default() };
    let export = export(parts, "id,new,staff,opened,law,money\n1,1,,,1,\n2,0,,,,\n3,1,,,,\n");
    let (wave, found) = export.check();
    let told: Vec<String> = found.iter().map(ToString::to_string).collect();
    let expected =
        "raw/answers.csv: row 4, column \"law\": warning: no option of \"why\" ticked by a unit that was asked
help: an empty cell counts as not ticked, so a unit that skipped the question counts as if it had answered";
    assert_eq!(told, [expected]);
    let table = Table::of(&wave.expect("a warning does not stop a run"));
    assert_eq!(table.line("why_law"), "yes - no");
    assert_eq!(table.line("why_money__missing"), "- not_asked -");
}

#[test]
fn a_list_of_codes_may_say_what_an_empty_cell_stands_for() {
    let recodes = "[recodes.yes_no]\n\"1\" = \"yes\"\n\"\" = \"no\"";
    let export = export(Parts { recodes, ..Parts::default() }, "id,new,staff,opened,law,money\n1,1,,,1,\n2,,,,,\n");
    assert_eq!(export.findings(), "");
    assert_eq!(Table::of(&export.checked()).line("new"), "yes no");
}

#[test]
fn a_gap_that_routing_does_not_explain_is_told_once_for_a_battery() {
    let rows = "a,yes,,,yes,\nb,yes,,,,\nc,no,,,,\n";
    assert_eq!(
        findings(Parts::default(), rows),
        "raw/answers.csv: row 2, column \"law\": warning: no answer to \"why\" of a unit that was asked (rows 2 and 3)
help: its routing, at test/codebook.toml:20:19, names \"new\"
"
    );
    assert_eq!(findings(Parts { wave: "checks = { unexplained_gap = \"off\" }", ..Parts::default() }, rows), "");
}

#[test]
fn an_answer_that_routing_forbids_may_be_a_warning_and_is_left_out() {
    let parts = Parts { wave: "checks = { answer_not_asked = \"warning\" }", ..Parts::default() };
    let wave = export(parts, "id,new,staff,opened,law,money\na,no,,,yes,\n").checked();
    assert_eq!(wave.summary().checks[&CheckKind::AnswerNotAsked], 1);
    assert_eq!(Table::of(&wave).line("why_law__missing"), "not_asked");
}

#[test]
fn rows_are_left_out_by_the_first_rule_that_fits() {
    let answers = r#"leave_out = [
  { column = "kind", with = ["1", "2"], because = "preview" },
  { column = "year", without = ["2020"], because = "other_wave" },
]
complete = { column = "done", value = "1" }"#;
    let rows = "id,new,staff,opened,law,money,kind,year,done\n\
                a,no,,,,,0,2020,1\nb,no,,,,,1,2019,0\nc,no,,,,,0,2019,1\nd,no,,,,,0,,1\ne,no,,,,,0,2020,0\n";
    let summary = export(Parts { answers, ..Parts::default() }, rows).checked().summary().clone();
    let left_out: Vec<(LeftOut, u64)> = summary.left_out.clone().into_iter().collect();
    assert_eq!(left_out, [(LeftOut::Incomplete, 1), (LeftOut::Preview, 1), (LeftOut::OtherWave, 2)]);
    assert_eq!((summary.rows, summary.answers, summary.incomplete()), (5, 1, 1));
    assert_eq!((summary.columns, summary.unused_columns), (9, 0));
}
