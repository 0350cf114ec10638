//! What texts say over waves beside their claims. The words themselves are tested where they are found, in `report`.

use std::fs;
use std::path::Path;

use crate::house::{Said, barometer, copy};

/// What the check of a country says of one more sentence in a text.
fn check_with(country: &str, text: &str, sentence: &str) -> Said {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let country = testkit::repository().join("pipelines").join(country);
    let copied = folder.path().join(country.file_name().expect("a country has a name"));
    copy(&country, &copied);
    let file = copied.join(text);
    let before = fs::read_to_string(&file).expect("a text");
    fs::write(&file, format!("{before}\n{sentence}\n")).expect("a file can be written");
    let check = |path: &Path| barometer().arg("check").arg(path).output().expect("the program starts");
    check(&copied).into()
}

#[test]
fn a_text_may_not_say_over_a_break_what_a_claim_may_not() {
    let text = "report/2020/innovation.en.md";
    let said = check_with("nor_municipal", text, "More units innovate than in 2018.");
    assert_eq!(said.code, Some(3), "{}{}", said.out, said.err);
    let told = format!("{}{}", said.out, said.err);
    for part in [
        "report/2020/innovation.en.md:19:1: \"more\" compares with 2018, and nothing tests it; between 2018 and 2020 lies a break",
        "the series breaks in 2020: A break in the series: weights of 2018 go by type of unit and region, weights of 2020 by sector only",
        "ledger.toml:5",
        "help: tell both shares with near, without comparing them, and what is otherwise",
    ] {
        assert!(told.contains(part), "{part} is not in {told}");
    }
    let said = check_with("nor_municipal", text, "In 2018 the weights went by region.");
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
}

#[test]
fn a_text_may_say_where_waves_compare_what_a_claim_tests() {
    let text = "report/2023/innovation.en.md";
    let said = check_with("dnk", text, "Fewer state workplaces innovate than in 2016.");
    assert_eq!(said.code, Some(3), "{}{}", said.out, said.err);
    let told = format!("{}{}", said.out, said.err);
    assert!(told.contains("\"fewer\" compares with 2016, and nothing tests it\n"), "{told}");
    assert!(told.contains("rose, fell or unchanged = { …, since = 2016 }"), "{told}");
    let said = check_with("dnk", text, "The share is [as it was]{unchanged} in 2019.");
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
}
