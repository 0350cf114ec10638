//! Finding a figure or a question, and what is behind a figure.

use codebook::{Code, RawValue, Recode};

use crate::sample::{Sample, country};

/// What stands between two marks.
fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let after = text.split_once(from).unwrap_or_else(|| panic!("{from:?} is in\n{text}")).1;
    after.split_once(to).unwrap_or_else(|| panic!("{to:?} is behind {from:?}")).0
}

/// The links of a part of a page.
fn links(text: &str) -> Vec<&str> {
    text.split("href=\"").skip(1).map(|rest| rest.split_once('"').unwrap().0).collect()
}

#[test]
fn a_figure_links_to_itself_its_numbers_its_question_and_its_sql() {
    let sample = Sample::new();
    let sources = |path: &str, figure: &str| {
        let page = sample.page(path);
        let block = between(&page, &format!("<figure class=\"figure\" id=\"{figure}\""), "</figure>").to_owned();
        let sources = between(&block, "<p class=\"sources\">", "</p>").to_owned();
        links(&sources).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        sources("core-task.html", "core-task-by-level"),
        ["#core-task-by-level", "data/core_task.csv", "questions.html#core_task", "provenance/sql/sums-01.sql"]
    );
    let english = sources("en/core-task.html", "core-task-by-level");
    assert_eq!(english.last().unwrap(), "../provenance/sql/sums-01.sql");
}

#[test]
fn every_figure_and_every_question_is_in_the_index_once_and_the_index_needs_no_script() {
    let sample = Sample::new();
    let page = sample.page("en/search.html");
    let index = between(&page, "<div class=\"prose found\">", "<script");
    let links = links(index);
    for theme in &sample.country.newest().unwrap().themes {
        for figure in &theme.figures {
            let link = format!("{}.html#{}", theme.id, figure.id);
            assert_eq!(links.iter().filter(|it| **it == link).count(), 1, "{link}");
        }
    }
    for variable in &sample.country.codebook.variables {
        let battery = sample.country.codebook.battery_of(&variable.name);
        let id = battery.map_or(variable.name.as_str(), |battery| battery.name.as_str());
        let link = format!("questions.html#{id}");
        assert_eq!(links.iter().filter(|it| **it == link).count(), 1, "{link}");
    }
    assert!(page.contains("<form class=\"search\" role=\"search\" hidden>"), "what needs the script waits for it");
}

#[test]
fn a_question_stands_with_its_wording_its_answers_and_who_was_asked() {
    let sample = Sample::new();
    let page = sample.page("en/questions.html");
    for variable in &sample.country.codebook.variables {
        let battery = sample.country.codebook.battery_of(&variable.name);
        let id = battery.map_or(variable.name.as_str(), |battery| battery.name.as_str());
        let article = between(&page, &format!("<article id=\"{id}\">"), "</article>");
        let english = codebook::Language::new("en").unwrap();
        let mut told = vec![variable.label.get(&english)];
        told.extend(variable.question.iter().map(|question| question.get(&english)));
        told.extend(battery.map(|battery| battery.question.get(&english)));
        for words in told {
            let words = words.replace('&', "&amp;").replace('\'', "&#39;").replace('"', "&quot;");
            assert!(article.contains(&words), "{words:?} is in {article}");
        }
    }
}

#[test]
fn an_answer_that_nobody_could_give_is_not_shown_as_offered() {
    let words = |sample: &Sample| {
        let page = sample.page("en/questions.html");
        between(&page, "<article id=\"core\">", "</article>").to_owned()
    };
    let note = "Other answers of the list were not offered in this wave.";
    let whole = words(&Sample::new());
    assert!(whole.contains("<dd>Yes, future core tasks</dd>") && !whole.contains(note), "{whole}");
    // The wave's form had yes, no and don't know.
    let mut country = country(|text| text);
    let codes = [("1", "now"), ("2", "no"), ("9", "dont_know")];
    let codes = codes.map(|(raw, code)| (raw.to_owned(), RawValue::Code(Code::new(code).unwrap())));
    for wave in country.waves.values_mut() {
        wave.recodes.insert("core".to_owned(), Recode(codes.clone().into_iter().collect()));
    }
    let short = words(&Sample::of(country));
    assert!(short.contains("<dd>Yes, current core tasks</dd>") && short.contains("<dd>Don&#39;t know</dd>"), "{short}");
    assert!(!short.contains("Yes, future core tasks") && short.contains(note), "{short}");
}
