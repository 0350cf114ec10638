//! The questionnaire that countries share, and what a country makes of it.

use codebook::{CoreQuestionnaire, Country, Finding, Sameness, SourceFile, Variable, VariableName};

/// Every file of a version, as the checkout has it.
fn written(version: CoreQuestionnaire) -> Vec<SourceFile> {
    let read = |(path, _): (&str, &str)| {
        let text = std::fs::read_to_string(testkit::repository().join("pipelines").join(path)).unwrap();
        SourceFile { path: path.to_owned(), text }
    };
    version.files().map(read).collect()
}

pub(crate) fn told(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(ToString::to_string).collect()
}

/// A country that takes from the core, with this codebook and this ledger, in Norwegian and English.
pub(crate) fn taking(codebook: &str, ledger: &str) -> (Option<Country>, Vec<Finding>) {
    let files = [
        ("country.toml", COUNTRY.to_owned()),
        ("codebook.toml", codebook.to_owned()),
        ("tables.toml", TABLES.to_owned()),
        ("ledger.toml", ledger.to_owned()),
    ];
    let file = |(name, text): (&str, String)| SourceFile { path: format!("elsewhere/abc/{name}"), text };
    Country::read("elsewhere/abc", &files.map(file))
}

const COUNTRY: &str = r#"
core = "1"
languages = ["nb", "en"]
name = "Abc"
title = "Barometer"
publisher = "Nobody"
smallest_base = 5
"#;

const TABLES: &str = r#"
[bases.all]
label = "all"
counting_unit = "workplaces"
[tables.innovation]
title = "Innovation"
base = "all"
measure = "share"
rows = ["innovative"]
"#;

pub(crate) const LEDGER: &str = r#"
[core]
default = "same"
wording = "core"
not_taken = "Not asked."
[waves]
"#;

fn variable<'c>(country: &'c Country, name: &str) -> &'c Variable {
    country.codebook.variable(&VariableName::new(name).unwrap()).unwrap()
}

fn text(words: &codebook::Translated, language: &str) -> String {
    words.get(&codebook::Language::new(language).unwrap()).to_owned()
}

#[test]
fn every_version_says_everything_in_every_language() {
    for version in CoreQuestionnaire::versions() {
        assert_eq!(told(&CoreQuestionnaire::check(&written(version))), Vec::<String>::new(), "{}", version.version());
    }
}

#[test]
fn the_shared_questionnaire_is_in_every_language_of_the_program() {
    let mut languages = CoreQuestionnaire::LANGUAGES;
    languages.sort_unstable();
    assert_eq!(languages, codebook::Language::CARRIED);
    let core = CoreQuestionnaire::of("1").unwrap().codebook();
    let novelty = core.variable(&VariableName::new("novelty").unwrap()).unwrap();
    assert_eq!(text(&novelty.label, "es"), "Novedad");
}

#[test]
fn a_shared_text_that_lacks_a_language_is_found() {
    let mut files = written(CoreQuestionnaire::of("1").unwrap());
    files[0].text = files[0].text.replacen("label.fi = \"Kunnat\"\n", "", 1);
    let findings = told(&CoreQuestionnaire::check(&files));
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(
        findings[0].starts_with("core/1/lists.toml:") && findings[0].contains("not given in \"fi\""),
        "{findings:?}"
    );
}

#[test]
fn a_country_anywhere_takes_items_with_their_labels_in_its_languages() {
    let (country, findings) = taking("[core]\ntake = [\"introduced\", \"innovative\", \"novelty\"]", LEDGER);
    assert_eq!(told(&findings), Vec::<String>::new());
    let country = country.unwrap();
    let novelty = variable(&country, "novelty");
    assert_eq!(text(&novelty.label, "nb"), "Nyhet");
    assert_eq!(novelty.label.iter().count(), 2, "no other language comes along");
    assert_eq!(novelty.categories().len(), 4);
    assert!(novelty.place.to_string().starts_with("core/1/innovation.toml:"), "{}", novelty.place);
}

#[test]
fn own_words_lie_over_the_core_one_language_at_a_time() {
    let codebook = "
[core]
take = [\"introduced\", \"innovative\", \"novelty\"]
[variables.novelty]
label = { nb = \"Hvor ny\" }
";
    let (country, findings) = taking(codebook, LEDGER);
    assert_eq!(told(&findings), Vec::<String>::new());
    let country = country.unwrap();
    let novelty = variable(&country, "novelty");
    assert_eq!((text(&novelty.label, "nb"), text(&novelty.label, "en")), ("Hvor ny".to_owned(), "Novelty".to_owned()));
    assert_eq!(novelty.place.to_string(), "elsewhere/abc/codebook.toml:4:12");
}

#[test]
fn a_battery_leaves_out_items_changes_one_and_adds_its_own() {
    let codebook = "
[core]
take = [\"introduced\", \"innovative\", \"values\"]
[batteries.values]
without = [\"political_goals\"]
items = [
  { item = \"quality\", label = { nb = \"Bedre kvalitet\", en = \"Higher quality\" } },
  { item = \"climate\", label = { nb = \"Klima\", en = \"Climate\" } },
]
";
    let line = "[core.items.values_quality]\nstatus = \"same\"\nbecause = \"Better is higher.\"\n[waves]";
    let (country, findings) = taking(codebook, &LEDGER.replace("[waves]", line));
    assert_eq!(told(&findings), Vec::<String>::new());
    let country = country.unwrap();
    let items: Vec<&str> = country.codebook.batteries[1].items.iter().map(VariableName::as_str).collect();
    assert_eq!(
        items,
        ["values_quality", "values_efficiency", "values_satisfaction", "values_involvement", "values_climate"]
    );
    assert_eq!(text(&variable(&country, "values_quality").label, "nb"), "Bedre kvalitet");
    assert_eq!(text(&variable(&country, "values_quality").label, "en"), "Higher quality");
}

#[test]
fn another_scale_makes_what_is_derived_from_it_a_finding_in_the_core_that_tells_what_to_do() {
    let codebook = "
[core]
take = [\"introduced\", \"innovative\", \"factors\", \"employees_promoted\"]
[code_lists]
effect = [
  { code = \"1\", label = \"1\" },
  { code = \"6\", label = \"6\" },
]
";
    let ledger = LEDGER
        .replace("[waves]", "[core.items.factors]\nstatus = \"other_scale\"\nbecause = \"From 1 to 6.\"\n[waves]");
    let (_, findings) = taking(codebook, &ledger);
    let findings = told(&findings);
    assert!(!findings.is_empty());
    for finding in &findings {
        assert!(finding.starts_with("core/1/derived.toml:"), "{finding}");
        assert!(
            finding.contains("barometer core ITEM shows: give it in codebook.toml under the same name"),
            "{finding}"
        );
    }
    let own = format!("{codebook}\n[derived.employees_promoted]\nsql = \"factors_employees = '6'\"\n");
    assert_eq!(told(&taking(&own, &ledger).1), Vec::<String>::new());
}

#[track_caller]
fn refused(codebook: &str, expected: &str) {
    let findings = told(&taking(codebook, LEDGER).1);
    assert!(findings.iter().any(|finding| finding.contains(expected)), "{findings:#?}");
}

#[test]
fn what_cannot_be_taken_or_changed_is_said_at_its_place() {
    let taken = "[core]\ntake = [\"introduced\", \"innovative\"]\n";
    refused(
        "[core]\ntake = [\"introduced\", \"noveltie\"]",
        "codebook.toml:2:23: the shared questionnaire has no item \"noveltie\"",
    );
    refused("[core]\ntake = [\"introduced\", \"noveltie\"]", "did you mean \"novelty\"?");
    refused("[code_lists]\n", "the key \"core\" is missing");
    refused(&format!("{taken}[variables.spread]\nlabel = \"S\"\nkind = \"number\"\n"), "this country does not take it");
    refused(&format!("{taken}[variables.introduced]\nlabel = \"S\"\nkind = \"number\"\n"), "stands in [batteries]");
    refused(&format!("{taken}[batteries.introduced]\nwithout = [\"produkt\"]\n"), "has no item \"produkt\"");
    refused(
        &format!("{taken}[variables.own]\nlabel = \"S\"\nkind = \"number\"\nafter = \"introducd\"\n"),
        "did you mean \"introduced\"?",
    );
    refused(&format!("{taken}[derived.innovative]\nlable = \"S\"\n"), "codebook.toml:4:1: unknown key \"lable\"");
}

#[test]
fn a_version_that_the_program_does_not_carry_is_told_with_those_that_it_does() {
    let files = [("country.toml", COUNTRY.replace("core = \"1\"", "core = \"0\"")), ("codebook.toml", String::new())];
    let file = |(name, text): (&str, String)| SourceFile { path: format!("abc/{name}"), text };
    let findings = told(&Country::read("abc", &files.map(file)).1);
    let expected =
        "abc/country.toml:2:8: this program has no version \"0\" of the shared questionnaire\nhelp: it carries 1";
    assert!(findings.iter().any(|finding| finding.starts_with(expected)), "{findings:#?}");
}

#[test]
fn own_items_stand_behind_the_core_or_where_they_say() {
    let codebook = "
[core]
take = [\"level\", \"introduced\", \"innovative\", \"novelty\"]
[variables.last]
label = \"Last\"
kind = \"number\"
[variables.next]
label = \"Next\"
kind = \"number\"
after = \"early\"
[variables.early]
label = \"Early\"
kind = \"number\"
after = \"level\"
[variables.third]
label = \"Third\"
kind = \"number\"
after = \"next\"
";
    let (country, findings) = taking(codebook, LEDGER);
    assert_eq!(told(&findings), Vec::<String>::new());
    let names: Vec<String> = country.unwrap().codebook.variables.iter().map(|it| it.name.to_string()).collect();
    assert_eq!(names[..4], ["level", "early", "next", "third"], "wherever what they stand behind is written");
    assert_eq!(names[names.len() - 2..], ["last", "innovative"]);
    let circle = codebook.replace("after = \"level\"", "after = \"third\"");
    let (country, findings) = taking(&circle, LEDGER);
    assert!(country.is_none());
    let told = told(&findings);
    assert!(told.iter().any(|it| it.contains("\"early\" stands behind itself")), "{told:?}");
}

/// Everything of the shared questionnaire but this.
fn all_but(without: &str, more: &str) -> (Option<Country>, Vec<Finding>) {
    taking(&format!("[core]\ntake = \"all\"\nwithout = [{without}]\n{more}"), LEDGER)
}

#[test]
fn one_line_leaves_out_an_item_of_a_battery_and_all_that_is_derived_from_it() {
    let (country, findings) = all_but("\"reasons_companies\", \"procurement\"", "");
    assert_eq!(told(&findings), Vec::<String>::new());
    let country = country.unwrap();
    let is_there = |name: &str| country.codebook.variable(&VariableName::new(name).unwrap()).is_some();
    assert!(!is_there("reasons_companies") && !is_there("companies_role") && !is_there("procurement"));
    assert!(is_there("reasons_employees") && is_there("employees_role"));
    let ledger = country.ledger.unwrap();
    let line = &ledger.core[&VariableName::new("reasons_companies").unwrap()];
    assert_eq!(
        (line.sameness, text(line.because.as_ref().unwrap(), "en")),
        (Sameness::Absent, "Not asked.".to_owned())
    );
}

#[test]
fn where_others_depend_on_what_is_left_out_the_finding_says_what_to_write() {
    let (country, findings) = all_but("\"introduced_communication\"", "");
    assert!(country.is_none());
    let findings = told(&findings);
    assert_eq!(findings.len(), 1, "one mistake is one finding: {findings:#?}");
    let toml = "[derived.innovative]\nsql = \"introduced_product = 'yes' OR introduced_service = 'yes' OR introduced_process = 'yes'\"";
    assert!(
        findings[0].starts_with("elsewhere/abc/codebook.toml:3:11: \"innovative\" is not taken"),
        "{}",
        findings[0]
    );
    assert!(findings[0].contains(toml) && findings[0].contains("\"novelty\""), "{}", findings[0]);
    // What it says to write is all that has to be written.
    let (_, findings) = all_but("\"introduced_communication\"", toml);
    assert_eq!(told(&findings), Vec::<String>::new());
}

#[test]
fn what_is_asked_for_by_name_and_cannot_be_derived_is_said_with_what_it_lacks() {
    let core = "[core]\ntake = [\"introduced\", \"innovative\", \"novelty\", \"core_task\"]\n";
    let findings = told(&taking(core, LEDGER).1);
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert!(findings[0].contains("\"core_task\" is derived from \"core_task_link\", which is not taken"));
    let findings = told(&taking("[core]\ntake = [\"introduced\", \"novelty\"]\n", LEDGER).1);
    let unrouted = findings.iter().find(|it| it.contains("\"innovative\" is not taken, and who is asked \"novelty\""));
    assert!(unrouted.is_some_and(|it| it.contains("[variables.novelty]\nasked_if = \"\"")), "{findings:#?}");
    refused("[core]\ntake = [\"introduced\"]\nwithout = [\"novelty\"]", "take it out of the list");
    refused("[core]\ntake = \"all\"\nwithout = [\"reasons_company\"]", "no item \"reasons_company\"");
}

/// The lines of TOML in the help of findings of this code, table by table.
fn proposed(findings: &[Finding], code: &str) -> String {
    let mut tables = Vec::new();
    for hint in findings.iter().filter(|finding| finding.code == code).flat_map(|finding| &finding.hints) {
        let Some((_, lines)) = hint.split_once(":\n[") else { continue };
        // Two findings may propose the same table.
        for table in format!("\n[{lines}").split("\n[").filter(|table| !table.is_empty()) {
            if !tables.contains(&table.to_owned()) {
                tables.push(table.to_owned());
            }
        }
    }
    tables.iter().map(|table| format!("[{table}\n")).collect()
}

/// Whatever is left out, one after the other: what the finding says to write is pasted, until nothing of the kind is found.
#[track_caller]
fn is_mended_by_what_is_proposed(without: &str) {
    let mut pasted = String::new();
    for _ in 0..3 {
        let (_, findings) = all_but(without, &pasted);
        let not_toml = findings.iter().find(|finding| finding.code == "syntax");
        assert!(not_toml.is_none(), "{without}: {pasted}: {not_toml:?}");
        if !findings.iter().any(|finding| finding.code == "not-taken") {
            return;
        }
        let lines = proposed(&findings, "not-taken");
        assert!(!lines.is_empty() && !pasted.contains(&lines), "{without}: {:#?}", told(&findings));
        pasted += &lines;
    }
    panic!("{without}: still something is not taken after\n{pasted}");
}

#[test]
fn what_is_proposed_for_any_item_that_is_left_out_mends_it() {
    let core = codebook::CoreQuestionnaire::of("1").unwrap().codebook();
    let asked = |name: &VariableName| matches!(core.variable(name).unwrap().origin, codebook::Origin::Answer);
    let variables = core.variables.iter().map(|variable| &variable.name).filter(|name| asked(name));
    let names = variables.chain(core.batteries.iter().map(|battery| &battery.name));
    for name in names {
        is_mended_by_what_is_proposed(&format!("\"{name}\""));
    }
    // Several parts of one union, and all of them.
    is_mended_by_what_is_proposed("\"partners_public\", \"partners_citizens\"");
    is_mended_by_what_is_proposed(
        "\"introduced_product\", \"introduced_service\", \"partners\", \"evaluation\", \"novelty\"",
    );
}

#[test]
fn a_count_of_conditions_is_proposed_without_those_that_are_not_asked() {
    let take = "[core]\ntake = \"all\"\nwithout = [\"latest_type_product\", \"latest_type_service\"]\n[derived.several_types]\nlabel = { en = \"Several\" }\n";
    let findings = told(&taking(take, LEDGER).1);
    let toml = "[derived.several_types]\nsql = \"CASE WHEN latest_type_process = 'yes' THEN 1 ELSE 0 END + CASE WHEN latest_type_communication = 'yes' THEN 1 ELSE 0 END >= 2\"";
    assert!(findings.iter().any(|finding| finding.contains(toml)), "{findings:#?}");
    // Of one kind of innovation there never are two.
    let fewer = take.replace("without = [", "without = [\"latest_type_process\", ");
    let findings = told(&taking(&fewer, LEDGER).1);
    let help = "or derive it in codebook.toml by an expression of what is asked: [derived.several_types]";
    assert!(findings.iter().any(|finding| finding.contains(help)), "{findings:#?}");
}

#[test]
fn what_the_core_has_from_a_register_may_be_asked_by_a_country() {
    let codebook = "
[core]
take = [\"level\", \"introduced\", \"innovative\"]
[variables.level]
from = \"answers\"
";
    let (country, findings) = taking(codebook, LEDGER);
    assert_eq!(told(&findings), Vec::<String>::new());
    assert!(matches!(variable(&country.unwrap(), "level").origin, codebook::Origin::Answer));
}
