//! `barometer core`: whoever has only the program sees all that there is to take.

use codebook::{CoreQuestionnaire, Country, SourceFile};

use crate::house::say;

fn newest() -> CoreQuestionnaire {
    CoreQuestionnaire::versions().last().expect("the program carries a version")
}

#[test]
fn every_item_is_listed_with_its_codes() {
    let said = say(&["core"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    for item in newest().items() {
        assert!(said.out.lines().any(|line| line.split_whitespace().next() == Some(item.name.as_str())), "{item:?}");
    }
    assert!(said.out.contains("first, adapted, copied,") && said.out.contains("Was the workplace the first"));
}

/// What is printed of all items is a codebook that means the same as the shared questionnaire.
#[test]
fn what_is_shown_of_items_may_be_copied_into_a_codebook() {
    let items = newest().items();
    let names: Vec<&str> = items.iter().map(|item| item.name.as_str()).collect();
    let said = say(&[&["core", "--lang", "en,nb"], names.as_slice()].concat());
    assert_eq!(said.code, Some(0), "{}", said.err);
    let country = "languages = [\"en\", \"nb\"]\nname = \"N\"\ntitle = \"T\"\npublisher = \"P\"\nsmallest_base = 5\n";
    let tables = "[bases.all]\nlabel = \"all\"\ncounting_unit = \"units\"\n[tables.innovation]\ntitle = \"T\"\nbase = \"all\"\nmeasure = \"share\"\nrows = [\"innovative\"]\n";
    let file = |name: &str, text: &str| SourceFile { path: format!("abc/{name}"), text: text.to_owned() };
    let files = [file("country.toml", country), file("codebook.toml", &said.out), file("tables.toml", tables)];
    let (read, findings) = Country::read("abc", &files);
    let errors: Vec<String> =
        findings.iter().filter(|it| it.severity == codebook::Severity::Error).map(ToString::to_string).collect();
    assert_eq!(errors, Vec::<String>::new());
    let (read, core) = (read.expect("it has no error").codebook, newest().codebook());
    assert_eq!(read.variables.len(), core.variables.len());
    for variable in &core.variables {
        let copied = read.variable(&variable.name).expect("every variable is there");
        assert_eq!((&copied.origin, &copied.asked_if), (&variable.origin, &variable.asked_if), "{}", variable.name);
        let codes = |variable: &codebook::Variable| -> Vec<_> {
            variable.categories().iter().map(|it| (it.code.clone(), it.role)).collect()
        };
        assert_eq!(codes(copied), codes(variable), "{}", variable.name);
        assert!(copied.label.iter().all(|(language, words)| variable.label.find(language) == Some(words)));
    }
}

#[test]
fn programs_get_every_item_in_every_language() {
    let said = say(&["core", "--format", "json"]);
    let all: serde_json::Value = serde_json::from_str(&said.out).expect("it is JSON");
    let items = all["items"].as_array().expect("items are a list");
    assert_eq!(items.len(), newest().items().len());
    let novelty = items.iter().find(|item| item["name"] == "novelty").expect("it is there");
    assert_eq!(novelty["asked_if"], "innovative");
    assert_eq!(novelty["answers"][3]["role"], "dont_know");
    for language in CoreQuestionnaire::LANGUAGES {
        assert!(novelty["question"][language].is_string() && novelty["answers"][0]["label"][language].is_string());
    }
}

#[test]
fn an_item_of_a_battery_or_a_list_of_codes_leads_to_the_question() {
    assert!(say(&["core", "values_quality"]).out.contains("[batteries.values]\n"));
    assert!(say(&["core", "effect"]).out.contains("[batteries.factors]\n"));
    let said = say(&["core", "noveltie"]);
    let expected = "the shared questionnaire has no item \"noveltie\"; did you mean \"novelty\"?\n";
    assert_eq!((said.code, said.err.as_str()), (Some(2), expected));
    assert_eq!(say(&["core", "--version", "0"]).code, Some(2));
    assert_eq!(say(&["core", "--lang", "xx"]).code, Some(2));
}
