//! Expressions and tables that are written on purpose to get at a single school: each is refused before anything is counted, or shows nothing.
//!
//! Of the 200 schools one has more than 3,000 pupils, and eleven more have at least 1,894. Who sits at the files of a country knows as much.

use std::fs;
use std::path::Path;

use crate::house::{Said, barometer, copy};

/// What is added to the schools' files.
#[derive(Default)]
struct Attempt {
    /// Derived variables.
    derived: String,
    /// Bases and tables.
    tables: String,
    /// A table that a page shows.
    figure: Option<&'static str>,
}

impl Attempt {
    fn variable(mut self, id: &str, kind: &str, sql: &str) -> Self {
        self.derived += &format!("[derived.{id}]\nlabel = {{ en = \"Contrived\" }}\n{kind}\nsql = \"{sql}\"\n");
        self
    }

    fn base(mut self, id: &str, condition: &str) -> Self {
        let words = "label = { en = \"contrived\" }\ncounting_unit = { en = \"schools\" }";
        self.tables += &format!("[bases.{id}]\n{words}\nwhere = \"{condition}\"\n");
        self
    }

    /// A table of one row.
    fn table(mut self, id: &str, base: &str, measure: &str, row: &str, more: &str) -> Self {
        let head = format!("[tables.{id}]\ntitle = {{ en = \"Contrived\" }}\nbase = \"{base}\"");
        self.tables += &format!("{head}\nmeasure = \"{measure}\"\nrows = [\"{row}\"]\n{more}\n");
        self
    }
}

/// Runs the schools with an attempt added. Gives what was said, and the folder of the release, if there is one.
fn run_with(attempt: &Attempt) -> (Said, tempfile::TempDir) {
    let home = tempfile::tempdir().expect("a temporary folder can be made");
    let country = home.path().join("schools");
    copy(&testkit::repository().join("pipelines/schools"), &country);
    let add = |file: &str, text: &str| {
        let path = country.join(file);
        let old = fs::read_to_string(&path).expect("the file is there");
        fs::write(path, format!("{old}\n{text}\n")).expect("a file can be written");
    };
    add("codebook.toml", &attempt.derived);
    add("tables.toml", &attempt.tables);
    if let Some(table) = attempt.figure {
        let figure = format!("[[figures]]\nid = \"{table}\"\nheadline = {{ en = \"Contrived\" }}\ntable = \"{table}\"");
        add("report/2000/targets.toml", &figure);
        add("report/2000/targets.en.md", &format!("{{{{ figure {table} }}}}"));
    }
    let said: Said = barometer()
        .arg("run")
        .arg(&country)
        .args(["--wave", "2000", "--raw", "fixtures/schools/2000/raw", "--out"])
        .arg(home.path().join("out"))
        .output()
        .expect("the program starts")
        .into();
    (said, home)
}

/// The rows of a table's download that show a number, without its header.
fn shown(home: &Path, table: &str) -> Vec<String> {
    let file = home.join(format!("out/schools/2000/data/{table}.csv"));
    let Ok(text) = fs::read_to_string(file) else { return Vec::new() };
    let is_shown = |line: &&str| !line.contains(",hidden,");
    text.lines().skip(1).filter(is_shown).map(str::to_owned).collect()
}

/// Two groups of schools.
const GROUPS: &str = "codes = \"yes_no\"";

#[test]
fn tables_contrived_to_tell_of_one_school_show_nothing_of_it() {
    let attempt = Attempt::default()
        .variable("huge_or_not", GROUPS, "CASE WHEN enroll > 3000 THEN 'Yes' ELSE 'No' END")
        .variable("score_of_huge", "kind = \"number\"", "CASE WHEN enroll > 3000 THEN api ELSE 0 END")
        .base("one", "enroll > 3000")
        .base("nested", "stype = 'H' AND enroll BETWEEN 3000 AND 4000")
        .base("four", "enroll > 2200")
        .base("but_one", "NOT enroll > 3000")
        .table("base_of_one", "one", "mean", "api", "")
        .table("nested_base", "nested", "share", "awards", "codes = [\"Yes\"]")
        .table("base_of_four", "four", "mean", "api", "decimals = 6")
        .table("all_but_one", "but_one", "mean", "api", "decimals = 6")
        .table("by_one", "all", "mean", "api", "breakdowns = [\"huge_or_not\"]")
        .table("encoded_mean", "all", "mean", "score_of_huge", "decimals = 6")
        .table("encoded_total", "all", "total", "score_of_huge", "")
        .table("encoded_ratio", "all", "ratio", "score_of_huge", "over = \"enroll\"\ndecimals = 6")
        .table("largest", "all", "quantile", "enroll", "probability = 0.999")
        .table("least", "all", "quantile", "enroll", "probability = 0.001");
    let (said, home) = run_with(&attempt);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let contrived = [
        "base_of_one",
        "nested_base",
        "base_of_four",
        "all_but_one",
        "encoded_mean",
        "encoded_total",
        "encoded_ratio",
        "largest",
        "least",
    ];
    for table in contrived {
        assert_eq!(shown(home.path(), table), Vec::<String>::new(), "{table}");
    }
    // The total is as before; of the breakdown nothing is left, since the other group is all but one.
    let by_one = shown(home.path(), "by_one");
    assert!(by_one.len() <= 1 && by_one.iter().all(|line| !line.contains("huge_or_not")), "{by_one:?}");
}

#[test]
fn the_same_numbers_in_many_tables_tell_no_more_than_in_one() {
    // What is hidden of a group is hidden in every table of the base, however often and with however many decimals it is asked for.
    let attempt = Attempt::default()
        .variable("big", GROUPS, "CASE WHEN enroll > 2200 THEN 'Yes' ELSE 'No' END")
        .table("first", "all", "share", "awards", "codes = [\"Yes\"]\nbreakdowns = [\"big\"]\ndecimals = 6")
        .table("second", "all", "share", "awards", "codes = [\"No\"]\nbreakdowns = [\"big\"]\ndecimals = 6")
        .table("third", "all", "mean", "api", "breakdowns = [\"big\", \"stype\"]\ndecimals = 6");
    let (said, home) = run_with(&attempt);
    assert_eq!(said.code, Some(0), "{}", said.err);
    for table in ["first", "second", "third"] {
        let rows = shown(home.path(), table);
        let of_group: Vec<&String> = rows.iter().filter(|line| line.contains(",big,")).collect();
        assert!(of_group.is_empty(), "{table}: {of_group:?}");
    }
    assert_eq!(shown(home.path(), "third").len(), 4, "the total and the types of school stay");
}

#[test]
fn what_could_only_serve_to_single_out_is_refused() {
    let refused = |attempt: Attempt, told: &str| {
        let (said, home) = run_with(&attempt);
        assert_eq!(said.code, Some(3), "{told}: {}", said.err);
        assert!(said.err.contains(told), "{told}: {}", said.err);
        assert!(!home.path().join("out/schools").exists(), "{told}");
    };
    for (sql, told) in [
        ("cds = '19647331932950'", "there is no variable \"cds\""),
        ("rowid = 1", "there is no variable \"rowid\""),
        ("api = (SELECT MAX(api) FROM responses)", "a subquery is not admitted"),
        ("ROW_NUMBER() OVER (ORDER BY api) = 1", "the window function ROW_NUMBER is not admitted"),
        ("api = MAX(api)", "the aggregate MAX is not admitted"),
        ("RANDOM() < 1", "the function RANDOM is not admitted"),
    ] {
        refused(Attempt::default().variable("x", "", sql), told);
    }
    for probability in ["0", "1"] {
        let attempt =
            Attempt::default().table("x", "all", "quantile", "enroll", &format!("probability = {probability}"));
        refused(attempt, "the probability of a quantile is above 0 and below 1");
    }
}

/// A condition that few of a large base meet is a share like any other, unless it tells what people would not want to be known.
#[test]
fn a_condition_that_few_meet_is_hidden_in_a_table_that_is_sensitive() {
    let contrived = |sensitive: &str| {
        Attempt::default()
            .variable("huge", "", "enroll > 3000")
            .variable("huge_with_award", "", "enroll > 3000 AND awards = 'Yes'")
            .variable("not_huge", "", "NOT enroll > 3000")
            .table("huge_schools", "all", "share", "huge", sensitive)
            .table("huge_awarded", "all", "share", "huge_with_award", sensitive)
            .table("others", "all", "share", "not_huge", sensitive)
    };
    let (said, home) = run_with(&contrived("sensitive = true\ndecimals = 6"));
    assert_eq!(said.code, Some(0), "{}", said.err);
    for table in ["huge_schools", "others"] {
        assert_eq!(shown(home.path(), table), Vec::<String>::new(), "{table}");
    }
    let (said, home) = run_with(&contrived("decimals = 6"));
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(shown(home.path(), "huge_schools").len(), 1, "one of two hundred");
}

#[test]
fn merged_answers_have_an_asterisk_a_footnote_and_a_status_and_pass_the_attack() {
    // Four schools are large, 53 or so are neither large nor small: shown as one, nobody can tell the four.
    let merge = "merge = [[\"M\", \"H\"]]\ndecimals = 1";
    let sizes = "CASE WHEN enroll > 2200 THEN 'H' WHEN enroll > 800 THEN 'M' ELSE 'E' END";
    let attempt = Attempt::default().variable("pupils_class", "codes = \"stype\"", sizes);
    let attempt = attempt.table("classes", "all", "share", "pupils_class", merge);
    let (said, home) = run_with(&Attempt { figure: Some("classes"), ..attempt });
    assert_eq!(said.code, Some(0), "{}", said.err);
    let release = home.path().join("out/schools/2000");
    let read = |file: &str| fs::read_to_string(release.join(file)).expect("the file is part of the release");
    let rows = shown(home.path(), "classes");
    let merged: Vec<&String> = rows.iter().filter(|line| line.contains(",M+H,Middle / High*,")).collect();
    assert!(merged.len() == 1 && merged[0].contains(",merged,"), "{rows:?}");
    assert!(!rows.iter().any(|line| line.contains(",M,") || line.contains(",H,")), "{rows:?}");
    let footnote = "* Answers that are shown together, so that nobody can be recognised.";
    for file in ["targets.html", "report.md"] {
        // Markdown takes an asterisk for emphasis, unless a backslash stands before it.
        let text = read(file).replace("\\*", "*");
        assert!(text.contains("Middle / High*") && text.contains(footnote), "{file}");
    }
    let drawing = read("figures/classes.svg");
    assert!(drawing.contains("Middle / High*"), "the drawing and its alternative text: {drawing}");
    assert!(read("data/classes.json").contains("merged: answers that are shown as one"));
    let audited: Said = barometer().arg("audit").arg(&release).output().expect("the program starts").into();
    assert_eq!(audited.code, Some(0), "{}", audited.out);
}

#[test]
fn merged_answers_are_not_told_apart_by_a_condition_on_the_same_source() {
    // 57 schools are large or neither large nor small, four of them large: who knows that 53 are neither knows it of the four.
    let sizes = "CASE WHEN enroll > 2200 THEN 'H' WHEN enroll > 800 THEN 'M' ELSE 'E' END";
    let attempt = Attempt::default()
        .variable("pupils_class", "codes = \"stype\"", sizes)
        .variable("large", "", "enroll > 2200")
        .variable("neither", "", "enroll > 800 AND NOT enroll > 2200")
        .variable("all_but_neither", "", "NOT (enroll > 800 AND NOT enroll > 2200)")
        .table("classes", "all", "share", "pupils_class", "merge = [[\"M\", \"H\"]]\ndecimals = 1")
        .table("large", "all", "share", "large", "decimals = 6")
        .table("neither", "all", "share", "neither", "decimals = 6")
        .table("all_but_neither", "all", "share", "all_but_neither", "decimals = 6");
    let (said, home) = run_with(&attempt);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(shown(home.path(), "classes").len(), 2, "the merged answers and the others");
    for table in ["large", "neither", "all_but_neither"] {
        assert_eq!(shown(home.path(), table), Vec::<String>::new(), "{table}");
    }
}

#[test]
fn a_sensitive_answer_is_not_told_by_the_other_one() {
    // Four schools are large. Only the table of those is marked; the others are counted beside it, with their n.
    let sizes = "CASE WHEN enroll > 2200 THEN 'Yes' ELSE 'No' END";
    let attempt = Attempt::default()
        .variable("size_class", GROUPS, sizes)
        .variable("not_large", "", "size_class = 'No'")
        .variable("small_source", "", "NOT enroll > 2200")
        .table("marked", "all", "share", "size_class", "codes = [\"Yes\"]\nsensitive = true")
        .table("other_code", "all", "share", "size_class", "codes = [\"No\"]\ndecimals = 6")
        .table("derived", "all", "share", "not_large", "decimals = 6")
        .table("same_source", "all", "share", "small_source", "decimals = 6");
    let (said, home) = run_with(&attempt);
    assert_eq!(said.code, Some(0), "{}", said.err);
    for table in ["marked", "other_code", "derived", "same_source"] {
        assert_eq!(shown(home.path(), table), Vec::<String>::new(), "{table}");
    }
}
