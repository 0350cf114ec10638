//! What an export itself calls its values and columns, against what the wave takes them for.

use crate::support::Export;

/// A country that reads `fixtures/formats/pspp.sav`, with two columns and the recode of one list.
fn statistical(columns: &str, recode: &str) -> String {
    let text = format!(
        r#"
=== country.toml
languages = ["en", "da"]
name = "Testland"
title = "Test"
publisher = "Test"
smallest_base = 1
=== codebook.toml
[code_lists]
yes_no = [
  {{ code = "yes", label = {{ en = "Yes", da = "Ja" }} }},
  {{ code = "no", label = {{ en = "No", da = "Nej" }} }},
  {{ code = "dont_know", label = {{ en = "Don't know", da = "Ved ikke" }} }},
]
[variables.citizens]
label = {{ en = "Citizens", da = "Borgere" }}
question = {{ en = "Did you work with citizens?", da = "Samarbejdede I med borgere?" }}
codes = "yes_no"
[variables.time]
label = {{ en = "Time", da = "Tid" }}
question = {{ en = "Was time a barrier?", da = "Manglede I tid?" }}
codes = "yes_no"
=== tables.toml
[bases.all]
label = "all"
counting_unit = "workplaces"
[tables.citizens]
title = "Citizens"
base = "all"
measure = "share"
rows = ["citizens"]
codes = ["yes"]
=== waves/2020.toml
window = "2019-2020"
published = 2021-01-01
about = "A test."
[answers]
file = "pspp.sav"
unit = "respondent_number"
[columns]
{columns}
[recodes.time]
0 = "no"
1 = "yes"
[recodes.yes_no]
{recode}
[design]
weights = "equal"
"#
    );
    let raw = testkit::repository().join("fixtures/formats/pspp.sav");
    let bytes = std::fs::read(raw).expect("the fixture is in the repository");
    let findings = Export::from_text(text.trim_start()).with_raw("pspp.sav", bytes).findings();
    // That the file declares weights is another finding's.
    let about_labels = |finding: &&str| {
        ["calls", "takes"].iter().any(|word| finding.contains(word)) || finding.starts_with("help: write \"")
    };
    findings.lines().filter(about_labels).collect::<Vec<_>>().join("\n")
}

const COLUMNS: &str = "citizens = \"collaboration_with_citizens\"\ntime = \"barrier_time\"";

#[test]
fn a_recode_that_agrees_with_the_files_own_words_says_nothing() {
    let agrees = "1 = \"yes\"\n2 = \"no\"\n8 = \"dont_know\"\n9 = { missing = \"refused\" }";
    assert_eq!(statistical(COLUMNS, agrees), "");
}

#[test]
fn a_value_that_the_file_calls_another_answer_is_an_error() {
    let turned = "1 = \"no\"\n2 = \"yes\"\n8 = \"dont_know\"\n9 = { missing = \"refused\" }";
    assert_eq!(
        statistical(COLUMNS, turned),
        "test/waves/2020.toml:8:12: raw/pspp.sav calls the value \"1\" of the column \"collaboration_with_citizens\" \"Ja\", which is \"yes\" of \
         \"citizens\", and the wave takes it as \"no\" (\"Nej\")\n\
         help: write \"1\" = \"yes\" under [recodes.yes_no]\n\
         test/waves/2020.toml:8:12: raw/pspp.sav calls the value \"2\" of the column \"collaboration_with_citizens\" \"Nej\", which is \"no\" of \
         \"citizens\", and the wave takes it as \"yes\" (\"Ja\")\n\
         help: write \"2\" = \"no\" under [recodes.yes_no]"
    );
}

#[test]
fn an_answer_that_is_taken_for_none_is_a_warning() {
    let left_out = "1 = \"yes\"\n2 = \"no\"\n8 = { missing = \"refused\" }\n9 = { missing = \"refused\" }";
    assert_eq!(
        statistical(COLUMNS, left_out),
        "test/waves/2020.toml:8:12: warning: raw/pspp.sav calls the value \"8\" of the column \"collaboration_with_citizens\" \"Ved ikke\", which is \
         \"dont_know\" of \"citizens\", and the wave takes it for no answer\n\
         help: write \"8\" = \"dont_know\" under [recodes.yes_no]"
    );
}

#[test]
fn a_column_that_the_file_words_as_another_question_is_an_error() {
    let agrees = "1 = \"yes\"\n2 = \"no\"\n8 = \"dont_know\"\n9 = { missing = \"refused\" }";
    let swapped = "citizens = \"collaboration_with_companies\"\ntime = \"collaboration_with_citizens\"";
    let both = format!("{agrees}\n0 = \"no\"");
    let found = statistical(swapped, &both);
    assert!(
        found.contains(
            "test/waves/2020.toml:9:8: raw/pspp.sav calls the column \"collaboration_with_citizens\" \"Samarbejdede I med borgere?\", which is the \
             wording of \"citizens\", and the wave reads \"time\" from it"
        ),
        "{found}"
    );
}

/// An export of Qualtrics whose answers are words, with a battery.
fn words(first: &str, second: &str, no: &str) -> String {
    let text = format!(
        r#"
=== country.toml
languages = ["en"]
name = "Testland"
title = "Test"
publisher = "Test"
smallest_base = 1
=== codebook.toml
[code_lists]
yes_no = [{{ code = "yes", label = "Yes" }}, {{ code = "no", label = "No, not at all" }}]
[batteries.types]
question = "What was new?"
codes = "yes_no"
items = [{{ item = "product", label = "A product" }}, {{ item = "service", label = "A service" }}]
=== tables.toml
[bases.all]
label = "all"
counting_unit = "workplaces"
[tables.types]
title = "Types"
base = "all"
measure = "share"
rows = ["types"]
codes = ["yes"]
=== waves/2020.toml
window = "2019-2020"
published = 2021-01-01
about = "A test."
[answers]
file = "answers.csv"
tool = "qualtrics"
unit = "ResponseId"
[columns.types]
product = "{first}"
service = "{second}"
[recodes.yes_no]
"Yes" = "yes"
"no - not at all" = "{no}"
[design]
weights = "equal"
=== raw/answers.csv
ResponseId,Status,Finished,Q1_1,Q1_2
Response ID,Response Type,Finished,What was new? - A product,What was new? - A service
a,0,1,Yes,no - not at all
b,0,1,no - not at all,Yes
"#
    );
    Export::from_text(text.trim_start()).findings()
}

#[test]
fn answers_written_as_words_are_held_against_the_answers_of_the_codebook() {
    assert_eq!(words("Q1_1", "Q1_2", "no"), "");
    assert_eq!(
        words("Q1_1", "Q1_2", "yes").lines().next(),
        Some(
            "test/waves/2020.toml:9:11: raw/answers.csv has the answer \"no - not at all\" in the column \"Q1_1\", which is \"no\" of \"types_product\", \
             and the wave takes it as \"yes\" (\"Yes\")"
        )
    );
}

#[test]
fn items_of_a_battery_are_not_taken_for_each_other() {
    let found = words("Q1_2", "Q1_1", "no");
    let lines: Vec<&str> = found.lines().filter(|line| !line.starts_with("help")).collect();
    assert_eq!(
        lines,
        [
            "test/waves/2020.toml:9:11: raw/answers.csv calls the column \"Q1_2\" \"What was new? - A service\", which is the wording of \
             \"types_service\", and the wave reads \"types_product\" from it",
            "test/waves/2020.toml:10:11: raw/answers.csv calls the column \"Q1_1\" \"What was new? - A product\", which is the wording of \
             \"types_product\", and the wave reads \"types_service\" from it",
        ]
    );
}
