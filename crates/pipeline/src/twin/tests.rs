//! What a twin promises, on a country that fits one page. Shares are recomputed from the files alone.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use codebook::{Country, Finding, Place, SourceFile};

use super::random::{Purpose, Random};
use super::{SYNTHETIC, Specification, TwinError, TwinFile, make};

const COUNTRY: &str = r#"
languages = ["en"]
name = "Testland"
title = "Barometer"
publisher = "Nobody"
smallest_base = 5
"#;

const CODEBOOK: &str = r#"
[code_lists]
area = [{ code = "north", label = "North" }, { code = "south", label = "South" }]
size = [{ code = "small", label = "Small" }, { code = "large", label = "Large" }]
yes_no = [{ code = "yes", label = "Yes" }, { code = "no", label = "No" }]
way = [
  { code = "new", label = "New" },
  { code = "copied", label = "Copied" },
  { code = "dont_know", label = "Don't know", role = "dont_know" },
]

[variables.area]
label = "Area"
codes = "area"
from = "register"

[variables.size]
label = "Size"
codes = "size"
from = "register"

[variables.staff]
label = "Staff"
kind = "number"
from = "register"

[batteries.did]
question = "Did you introduce any of these?"
codes = "yes_no"
items = [{ item = "a", label = "A" }, { item = "b", label = "B" }]

[batteries.latest]
question = "Which was the latest?"
codes = "yes_no"
multiple = "yes"
asked_if = "active"
items = [{ item = "a", label = "A" }, { item = "b", label = "B" }]

[variables.way]
label = "Way"
question = "How did it come about?"
codes = "way"
asked_if = "active"

[batteries.source]
question = "From whom was it copied?"
codes = "yes_no"
multiple = "yes"
asked_if = "way = 'copied'"
items = [{ item = "near", label = "Near" }, { item = "far", label = "Far" }, { item = "dont_know", label = "Don't know" }]

[derived.active]
label = "Active"
sql = "did_a = 'yes' OR did_b = 'yes'"

[derived.both]
label = "Both"
sql = "latest_a = 'yes' AND latest_b = 'yes'"
"#;

const TABLES: &str = r#"
[bases.all]
label = "all"
counting_unit = "workplaces"

[bases.active]
where = "active"
label = "active workplaces"
counting_unit = "latest innovations"

[tables.activity]
title = "Activity"
base = "all"
measure = "share"
rows = ["active"]
breakdowns = ["area"]
"#;

const WAVE: &str = r#"
window = "2018-2019"
published = 2020-12-04
synthetic = true
about = "A test"

[answers]
file = "answers.csv"
delimiter = ";"
decimal_mark = ","
unit = "unit"
complete = { column = "stat_4", value = "1" }

[register]
file = "register.csv"
unit = "unit"

[frame]
file = "frame.csv"
count = "units"
strata = { area = "area", size = "size" }

[design]
strata = ["area", "size"]
population = "frame"
weights = "response"

[columns]
area = "area"
size = "size"
staff = "staff"
way = "q3"
[columns.did]
a = "q1_1"
b = "q1_2"
[columns.latest]
a = "q2_1"
b = "q2_2"
[columns.source]
near = "q4_1"
far = "q4_2"
dont_know = "q4_3"

[recodes.yes_no]
"1" = "yes"
"0" = "no"
"#;

const TWIN: &str = r#"
answers = 400
incomplete = 12
opened = 2020-01-13
days = 40

[frame]
response.size = { small = 40, large = 70 }
split.size = { small = 70, large = 30 }

[[frame.groups]]
codes = { area = "north" }
workplaces = 2000
sampled = 30

[[frame.groups]]
codes = { area = "south" }
workplaces = 700
sampled = 60
split = { small = 50, large = 50 }

[[published]]
share_of = "active"
base = "all"
answers = 320
source = "a report"

[[published]]
share_of = "active"
base = "all"
group = { area = "north" }
per_cent = 76
source = "a report"

[[published]]
share_of = "way"
codes = ["copied"]
base = "active"
per_cent = 35
source = "a report"

[[assumed]]
share_of = "both"
base = "active"
group = { size = "large" }
per_cent = 40
tolerance = 0.5
because = "large ones do more"

[rules.did]
none = 20
[rules.latest]
at_least_one = true
within = "did"
[rules.source]
at_least_one = true
alone = ["dont_know"]

[numbers.staff]
by = "size"
ranges = { small = [3.0, 19.9], large = [20, 90] }

[items]
way = { new = 55, copied = 35, dont_know = 10 }
did = { a = 60, b = 60 }
latest = { a = 70, b = 60 }
source = { near = 60, far = 40, dont_know = 5 }
"#;

fn country() -> Country {
    let file = |name: &str, text: &str| SourceFile { path: format!("test/{name}"), text: text.to_owned() };
    let files = [
        file("country.toml", COUNTRY),
        file("codebook.toml", CODEBOOK),
        file("tables.toml", TABLES),
        file("waves/2019.toml", WAVE),
    ];
    let (country, findings) = Country::read("test", &files);
    country.unwrap_or_else(|| panic!("{findings:?}"))
}

fn read(country: &Country, twin: &str) -> Result<Specification, Vec<Finding>> {
    let file = SourceFile { path: "test/twin/2019.toml".to_owned(), text: twin.to_owned() };
    Specification::read(&file, country, country.newest().unwrap())
}

fn twin(text: &str, seed: u64, rows: Option<usize>) -> Result<Vec<TwinFile>, TwinError> {
    let country = country();
    let specification = read(&country, text).unwrap_or_else(|findings| panic!("{findings:?}"));
    make(&country, country.newest().unwrap(), &specification, seed, rows.and_then(NonZeroUsize::new))
}

type Row = BTreeMap<String, String>;

/// The rows of a file, by column.
fn rows(files: &[TwinFile], name: &str) -> Vec<Row> {
    let file = files.iter().find(|file| file.name == name).unwrap();
    let bytes = file.bytes.strip_prefix("\u{feff}".as_bytes()).expect("files begin with a byte order mark");
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(bytes);
    reader.deserialize_rows()
}

trait Rows {
    fn deserialize_rows(&mut self) -> Vec<Row>;
}

impl Rows for csv::Reader<&[u8]> {
    fn deserialize_rows(&mut self) -> Vec<Row> {
        let header = self.headers().unwrap().clone();
        let row = |record: csv::StringRecord| {
            header.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect::<Row>()
        };
        self.records().map(|record| row(record.unwrap())).collect()
    }
}

/// Complete answers with their register entry and weight N_h / r_h.
fn weighted(files: &[TwinFile]) -> Vec<(Row, f64)> {
    let register: BTreeMap<String, Row> =
        rows(files, "register.csv").into_iter().map(|row| (row["unit"].clone(), row)).collect();
    let mut answers: Vec<Row> = rows(files, "answers.csv").into_iter().filter(|row| row["stat_4"] == "1").collect();
    for answer in &mut answers {
        let known = register[&answer["unit"]].clone();
        answer.extend(known);
    }
    let stratum = |row: &Row| (row["area"].clone(), row["size"].clone());
    let mut counts: BTreeMap<_, f64> = BTreeMap::new();
    for answer in &answers {
        *counts.entry(stratum(answer)).or_default() += 1.0;
    }
    let units: BTreeMap<_, f64> =
        rows(files, "frame.csv").iter().map(|row| (stratum(row), row["units"].parse().unwrap())).collect();
    assert_eq!(units.keys().collect::<Vec<_>>(), counts.keys().collect::<Vec<_>>(), "every stratum has answers");
    answers
        .into_iter()
        .map(|row| (units[&stratum(&row)] / counts[&stratum(&row)], row))
        .map(|(w, row)| (row, w))
        .collect()
}

fn is_active(row: &Row) -> bool {
    row["q1_1"] == "1" || row["q1_2"] == "1"
}

/// The weighted share in per cent.
fn share(answers: &[(Row, f64)], base: impl Fn(&Row) -> bool, hit: impl Fn(&Row) -> bool) -> f64 {
    let sum = |counts: &dyn Fn(&Row) -> bool| -> f64 {
        answers.iter().filter(|(row, _)| counts(row)).map(|(_, weight)| weight).sum()
    };
    100.0 * sum(&|row| base(row) && hit(row)) / sum(&|row| base(row))
}

#[track_caller]
fn assert_targets_are_met(files: &[TwinFile]) {
    let answers = weighted(files);
    assert_eq!(answers.len(), 400);
    assert_eq!(answers.iter().filter(|(row, _)| is_active(row)).count(), 320);
    let near = |reached: f64, wanted: f64, tolerance: f64| {
        assert!((reached - wanted).abs() <= tolerance + 1e-9, "{reached} is not {wanted}");
    };
    near(share(&answers, |row| row["area"] == "north", is_active), 76.0, 0.15);
    near(share(&answers, is_active, |row| row["q3"] == "copied"), 35.0, 0.15);
    let both = |row: &Row| row["q2_1"] == "1" && row["q2_2"] == "1";
    near(share(&answers, |row| is_active(row) && row["size"] == "large", both), 40.0, 0.5);
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    assert_eq!(twin(TWIN, 1, None), twin(TWIN, 1, None));
}

#[test]
fn another_seed_gives_other_answers_that_meet_the_same_targets() {
    let (one, other) = (twin(TWIN, 1, None).unwrap(), twin(TWIN, 2, None).unwrap());
    assert_targets_are_met(&one);
    assert_targets_are_met(&other);
    assert!(one.iter().zip(&other).all(|(one, other)| one.name == other.name && one.bytes != other.bytes));
}

#[test]
fn every_complete_row_keeps_to_the_routing_and_its_rules() {
    for (row, _) in weighted(&twin(TWIN, 3, None).unwrap()) {
        let asked = |columns: &[&str]| columns.iter().filter(|column| !row[**column].is_empty()).count();
        assert_eq!(asked(&["q1_1", "q1_2"]), 2);
        assert_eq!(asked(&["q2_1", "q2_2", "q3"]), if is_active(&row) { 3 } else { 0 });
        assert_eq!(asked(&["q4_1", "q4_2", "q4_3"]), if row["q3"] == "copied" { 3 } else { 0 });
        assert!(row["q2_1"] != "1" || row["q1_1"] == "1", "what is latest was introduced");
        assert!(row["q2_2"] != "1" || row["q1_2"] == "1", "what is latest was introduced");
        assert!(!is_active(&row) || row["q2_1"] == "1" || row["q2_2"] == "1", "something is the latest");
        let sources = ["q4_1", "q4_2", "q4_3"].iter().filter(|column| row[**column] == "1").count();
        assert!(row["q3"] != "copied" || sources > 0);
        assert!(row["q4_3"] != "1" || sources == 1, "who does not know names nobody");
    }
}

#[test]
fn every_row_of_every_file_says_synthetic() {
    let files = twin(TWIN, 4, None).unwrap();
    assert_eq!(
        files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(),
        ["answers.csv", "frame.csv", "register.csv"]
    );
    for file in &files {
        let rows = rows(&files, &file.name);
        assert!(!rows.is_empty() && rows.iter().all(|row| row["synthetic"] == SYNTHETIC), "{}", file.name);
    }
}

#[test]
fn exports_have_the_shape_of_the_tool() {
    let files = twin(TWIN, 4, None).unwrap();
    let answers = &files[0];
    assert!(answers.bytes.ends_with(b"\r\n"));
    let answers = rows(&files, &answers.name);
    assert_eq!(answers.iter().filter(|row| row["stat_3"] == "1" && row["closetime"].is_empty()).count(), 12);
    assert!(answers.iter().all(|row| row["email"].ends_with("@example.invalid")));
    let status = |row: &Row| (1..=5).filter(|nth| row[&format!("stat_{nth}")] == "1").count();
    assert!(answers.iter().all(|row| status(row) == 1));
    let register = rows(&files, "register.csv");
    assert!(register.len() > answers.len(), "the register knows everyone who was invited");
    assert!(register.iter().all(|row| row["staff"].contains(',')), "a decimal comma");
}

#[test]
fn another_number_of_rows_scales_frame_and_targets() {
    let files = twin(TWIN, 5, Some(1200)).unwrap();
    let answers = weighted(&files);
    assert_eq!(answers.len(), 1200);
    assert_eq!(answers.iter().filter(|(row, _)| is_active(row)).count(), 960);
    let units: u64 = rows(&files, "frame.csv").iter().map(|row| row["units"].parse::<u64>().unwrap()).sum();
    assert_eq!(units, 8100);
}

#[test]
fn a_population_needs_two_answers_in_every_stratum() {
    assert!(matches!(twin(TWIN, 5, Some(3)), Err(TwinError::Rows { rows: 3, .. })));
}

#[test]
fn targets_that_contradict_each_other_are_named() {
    let more = "\n[[assumed]]\nshare_of = \"way\"\ncodes = [\"copied\"]\nbase = \"active\"\nper_cent = 60\nbecause = \"a slip\"\n";
    let contradiction = TWIN.replace("[rules.did]", &format!("{more}\n[rules.did]"));
    let error = twin(&contradiction, 6, None).unwrap_err();
    let TwinError::Unmet(unmet) = &error else { panic!("{error}") };
    let ways: Vec<f64> = unmet.iter().filter(|one| one.target.contains("way")).map(|one| one.wanted).collect();
    assert_eq!(ways, [35.0, 60.0]);
    assert!(unmet.iter().all(|one| matches!(&one.place, Place::Text { file, .. } if file == "test/twin/2019.toml")));
    assert!(error.to_string().contains("share of way (copied) in active: wanted 60, reached "), "{error}");
}

#[test]
fn all_findings_of_a_specification_come_at_once_with_their_places() {
    let broken = TWIN
        .replace("share_of = \"active\"\nbase = \"all\"\nanswers", "share_of = \"activ\"\nbase = \"all\"\nanswers")
        .replace("new = 55", "new = 54")
        .replace("days = 40", "dayz = 40");
    let findings = read(&country(), &broken).unwrap_err();
    let codes: Vec<(&str, u32)> = findings
        .iter()
        .map(|finding| match &finding.place {
            Place::Text { line, .. } => (finding.code, *line),
            Place::File { .. } | Place::Cell { .. } => (finding.code, 0),
        })
        .collect();
    assert_eq!(
        codes,
        [("missing-key", 1), ("unknown-key", 5), ("unknown-variable", 23), ("twin-chances", 64)],
        "{findings:#?}"
    );
    assert_eq!(findings[2].hints, ["did you mean \"active\"?"]);
}

#[test]
fn chances_of_every_question_are_needed() {
    let findings = read(&country(), &TWIN.replace("did = { a = 60, b = 60 }\n", "did = { a = 60 }\n")).unwrap_err();
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].message, "the chances of did_b are missing");
}

#[test]
fn a_cut_file_gives_findings_and_no_panic() {
    let country = country();
    for end in (0..TWIN.len()).step_by(7) {
        assert!(read(&country, &TWIN[..end]).is_err() || end > TWIN.len() - 60);
    }
}

/// The first numbers of ChaCha20, computed apart from the definition of D. J. Bernstein: key 2019 and zeros, streams 1 and 2.
#[test]
fn draws_are_those_of_the_named_generator() {
    let draws = |purpose| {
        let mut random = Random::new(2019, purpose);
        [random.below(1000), random.below(1000), random.below(1000), random.below(1000)]
    };
    assert_eq!(draws(Purpose::Frame), [607, 424, 452, 96]);
    assert_eq!(draws(Purpose::Answers), [48, 464, 924, 268]);
}
