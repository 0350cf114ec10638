use codebook::{Allowed, Chart, Claim, Figure, Lean, Predicate, RowId, SourceFile, Spoken, TableId, Translated};
use jiff::civil::date;

use super::*;
use crate::Languages;

fn place() -> Place {
    Place::Text { file: "theme.toml".to_owned(), line: 7, column: 1 }
}

fn claim(id: &str, predicate: Predicate) -> Claim {
    Claim { id: ClaimId::new(id).unwrap(), predicate, place: place() }
}

/// A theme with a claim of each kind of number and one figure.
fn theme(headline: &str) -> Theme {
    let (table, row) = (TableId::new("t").unwrap(), RowId::new("r").unwrap());
    let headline = Translated::new([(Language::new("en").unwrap(), headline.to_owned())].into());
    let id = FigureId::new("core-task").unwrap();
    Theme {
        id: ThemeId::new("theme").unwrap(),
        variant: None,
        kind: codebook::PageKind::Theme,
        cases: Vec::new(),
        quotes: Vec::new(),
        figures: vec![Figure {
            id,
            headline,
            headline_place: place(),
            table: table.clone(),
            chart: Chart::Rows,
            kind: codebook::ChartKind::Bar,
            place: place(),
        }],
        claims: vec![
            claim("core", Predicate::Near { table: table.clone(), row: row.clone(), group: None }),
            claim("answers", Predicate::Answers { base: codebook::BaseId::new("all").unwrap() }),
            claim("most", Predicate::Majority { table, row, group: None }),
        ],
        allowed: vec![Allowed {
            words: Translated::new([(Language::new("en").unwrap(), "three ways".to_owned())].into()),
            because: "the question has three answers".to_owned(),
            place: place(),
        }],
        place: place(),
    }
}

/// The same with a local case and a quotation.
fn theme_with_inserts() -> Theme {
    let english = |text: &str| Translated::new([(Language::new("en").unwrap(), text.to_owned())].into());
    Theme {
        cases: vec![codebook::Case {
            id: InsertId::new("school").unwrap(),
            heading: english("A school"),
            text: english("It began as a pilot of two years. [9 out of 10]{core} are like it."),
            source: english("The school's own account"),
            url: None,
            checked: date(2020, 11, 1),
            heading_place: place(),
            text_place: place(),
            place: place(),
        }],
        quotes: vec![codebook::Quotation {
            id: InsertId::new("head").unwrap(),
            words: english("We had 12 ideas"),
            speaker: Some("Somebody".to_owned()),
            role: english("head of the school"),
            said: date(2020, 11, 1),
            consent: "by mail".to_owned(),
            words_place: place(),
            place: place(),
        }],
        ..theme("A headline")
    }
}

/// Facts of each kind of number.
fn facts() -> Vec<Fact> {
    let fact = |id: &str, tells| Fact {
        id: ClaimId::new(id).unwrap(),
        tells,
        source: Translated::new([(Language::new("en").unwrap(), "A register".to_owned())].into()),
        url: None,
        checked: date(2020, 11, 1),
        place: place(),
    };
    vec![
        fact("municipalities", Told::Count(98)),
        fact("sixth", Told::Percent(15.4)),
        fact("first-in-the-world", Told::Nothing),
    ]
}

fn read(headline: &str, text: &str) -> (Narrative, Vec<Wording>, Vec<Finding>) {
    let (languages, _) = Languages::read(&[]);
    let pack = languages.pack(&Language::new("en").unwrap()).unwrap();
    let source = SourceFile { path: "theme.en.md".to_owned(), text: text.to_owned() };
    narrative(&theme(headline), &facts(), pack, &source)
}

fn read_with_inserts(text: &str) -> (Narrative, Vec<Wording>, Vec<Finding>) {
    let (languages, _) = Languages::read(&[]);
    let pack = languages.pack(&Language::new("en").unwrap()).unwrap();
    let source = SourceFile { path: "theme.en.md".to_owned(), text: text.to_owned() };
    narrative(&theme_with_inserts(), &facts(), pack, &source)
}

/// The errors of a text, one line each.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let (_, _, findings) = read("A headline", text);
    let errors = findings.iter().filter(|finding| finding.severity == codebook::Severity::Error);
    let found: Vec<String> = errors.map(|it| it.to_string().replace("\nhelp: ", " | ")).collect();
    assert_eq!(found, expected);
}

#[test]
fn claims_become_marks_and_figures_places() {
    let text = "# Focus on [*9* out of 10]{core}\n\nAsked of [2,271]{answers}, and\n[most\nsay]{most} so.\n\n{{ figure core-task }}\n\nEnd.\n";
    let (narrative, wordings, findings) = read("In [9 of 10]{core}", text);
    let said: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
    assert_eq!(said, ["unused-allowance"]);
    assert_eq!(narrative.title.plain, "Focus on 9 out of 10");
    assert_eq!(narrative.title.html, "Focus on <span class=\"claim\" data-claim=\"core\"><em>9</em> out of 10</span>");
    assert_eq!(narrative.lead, "Asked of 2,271, and most say so.");
    let [Block::Text { markdown, .. }, Block::Figure { id, level: 2 }, Block::Text { html, .. }] =
        &narrative.blocks[..]
    else {
        panic!("{:?}", narrative.blocks);
    };
    assert_eq!(markdown, "Asked of 2,271, and\nmost\nsay so.");
    assert_eq!((id.as_str(), html.as_str()), ("core-task", "<p>End.</p>"));
    let told: Vec<_> = wordings.iter().map(|it| (it.claim.as_str(), it.text.as_str(), it.spoken)).collect();
    assert_eq!(
        told,
        [
            ("core", "9 out of 10", Some(Spoken::Phrase { percent: 90.0, lean: Lean::Neither })),
            ("answers", "2,271", Some(Spoken::Count(2271))),
            ("most", "most say", None),
            ("core", "9 of 10", Some(Spoken::Phrase { percent: 90.0, lean: Lean::Neither })),
        ]
    );
    assert_eq!(wordings[1].place.to_string(), "theme.en.md:3:11");
    assert_eq!(wordings[3].place.to_string(), "theme.toml:7:1");
}

#[test]
fn unknown_claims_and_figures_get_a_proposal() {
    check(
        "# T\n\n[9 out of 10]{cor} say so.\n\n{{ figure core-tsk }}\n",
        &[
            "theme.en.md:5:1: the theme \"theme\" has no figure \"core-tsk\" | did you mean \"core-task\"?",
            "theme.en.md:3:2: the theme \"theme\" has no claim \"cor\" | did you mean \"core\"?",
        ],
    );
}

#[test]
fn words_that_tell_no_number_or_several_are_found() {
    check(
        "# T\n\n[Nearly all]{core} and [many]{core} and [81 to 83 per cent]{core}.\n\n{{ figure core-task }}\n",
        &[
            "theme.en.md:3:2: \"nearly\" in \"Nearly all\" says more than the claim \"core\" is checked for | leave \"nearly\" out",
            "theme.en.md:3:25: the claim \"core\" needs a share, and \"many\" tells none that the language knows | tell it like \
             \"9 out of 10\", \"every sixth\" or \"81 per cent\" in the text's language | or add the phrase to [fractions] of the \
             language pack",
            "theme.en.md:3:42: the claim \"core\" needs a share, and \"81 to 83 per cent\" tells several numbers | put only one of \
             them between the brackets",
        ],
    );
}

#[test]
fn html_pictures_and_foreign_links_are_refused() {
    check(
        "# T\n\n<b>x</b> ![p](p.png) [y](javascript:alert) [z](other.html) [w](https://example.org)\n\n<div>\n</div>\n",
        &[
            "theme.en.md:3:1: a narrative holds no HTML",
            "theme.en.md:3:5: a narrative holds no HTML",
            "theme.en.md:3:10: a narrative holds no pictures; figures come from tables",
            "theme.en.md:3:22: \"javascript:alert\" is neither a web address nor a page of the report",
            "theme.en.md:5:1: a narrative holds no HTML",
            "theme.en.md:6:1: a narrative holds no HTML",
        ],
    );
}

#[test]
fn a_page_has_one_title_and_skips_no_level() {
    check("", &["theme.en.md:1:1: the text has no title: its first line is a heading such as \"# Title\""]);
    check(
        "# T\n\n### Deep\n\n# Again\n\nOld\n---\n",
        &[
            "theme.en.md:3:1: a heading of level 3 under one of level 1 skips a level",
            "theme.en.md:5:1: a page has one title; this heading needs at least \"##\"",
            "theme.en.md:7:1: a heading is written with \"#\" before it, not underlined",
        ],
    );
}

#[test]
fn a_figure_stands_alone_and_once() {
    check(
        "# T\n\n{{ figure core-task }}\n\n{{ figure core-task }}\n\nSee {{ figure core-task }}.\n",
        &[
            "theme.en.md:5:1: the figure \"core-task\" is placed twice",
            "theme.en.md:7:1: a figure is placed by {{ figure name }} on a line of its own, with empty lines around it",
        ],
    );
}

#[test]
fn a_figure_that_no_text_places_stands_at_the_end_with_a_warning() {
    let (narrative, _, findings) = read("A headline", "# T\n\n## Part\n\nText.\n");
    let Some(Block::Figure { level, .. }) = narrative.blocks.last() else { panic!("{:?}", narrative.blocks) };
    assert_eq!(*level, 3);
    assert!(findings.iter().any(|finding| finding.code == "figure-not-placed"));
    let unworded = findings.iter().filter(|finding| finding.code == "unworded-claim");
    assert_eq!(unworded.count(), 3);
}

#[test]
fn claims_in_code_are_left_alone() {
    let (narrative, wordings, _) = read("A headline", "# T\n\nWrite `[9 of 10]{core}`.\n");
    assert!(wordings.is_empty());
    assert!(
        matches!(&narrative.blocks[0], Block::Text { html, .. } if html == "<p>Write <code>[9 of 10]{core}</code>.</p>")
    );
}

/// Errors and warnings of a text but those about what it leaves out.
#[track_caller]
fn check_lint(text: &str, expected: &[&str]) {
    let (_, _, findings) = read("A headline", &format!("# T\n\n{text}\n\n{{{{ figure core-task }}}}\n"));
    let kinds = ["naked-number", "quoted-number", "unchecked-word", "causal-word", "fact-number", "unknown-claim"];
    let findings = findings.iter().filter(|finding| kinds.contains(&finding.code));
    let found: Vec<String> = findings.map(|it| it.to_string().lines().next().unwrap_or_default().to_owned()).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn a_number_outside_of_claims_and_facts_is_refused() {
    for (text, words, column) in [
        ("About 9 out of 10 say so.", "9 out of 10", 7),
        ("Some 81 % of them.", "81 %", 6),
        ("They are 2,271 in all.", "2,271", 10),
        ("There are *four* kinds.", "four", 12),
        ("Every sixth workplace answered.", "every sixth", 1),
        ("- half of them", "half", 3),
    ] {
        check_lint(text, &[&format!("theme.en.md:3:{column}: nothing checks the number in {words:?}")]);
    }
}

#[test]
fn years_days_names_of_items_and_allowed_words_are_no_numbers() {
    for text in [
        "In 2018-2019 and 2023.",
        "On 21 April 2015, or April 21.",
        "Aim E4_1 of Q5.",
        "One of them, at least one.",
        "They innovate in three ways.",
        "Write `9 of 10`.",
        "[9 out of 10]{core} say so.",
    ] {
        check_lint(text, &[]);
    }
}

#[test]
fn words_before_a_claim_may_not_bend_it() {
    check_lint(
        "Almost [9 out of 10]{core} say so.",
        &["theme.en.md:3:1: \"almost\" before a claim says more than the claim is checked for"],
    );
    check_lint("Of those that are not, [9 out of 10]{core} say so, not all.", &[]);
}

#[test]
fn a_cause_beside_a_claim_is_flagged() {
    check_lint(
        "Training leads to innovation in [9 out of 10]{core} places.",
        &[
            "theme.en.md:3:10: warning: \"leads to\" makes one thing the cause of another, and a survey shows what goes together",
        ],
    );
    check_lint("Training leads to innovation.", &[]);
}

#[test]
fn a_quotation_may_tell_a_number_which_the_editor_sees() {
    check_lint(
        "> We saved 12 hours.",
        &["theme.en.md:3:12: warning: a quotation tells the number in \"12\", which is its speaker's"],
    );
}

#[test]
fn facts_from_elsewhere_tell_the_number_of_their_source() {
    check_lint("All [98 municipalities]{municipalities}, [every sixth]{sixth}, [the first]{first-in-the-world}.", &[]);
    check_lint(
        "All [99 municipalities]{municipalities}, [every third]{sixth} and [the first 3]{first-in-the-world}.",
        &[
            "theme.en.md:3:6: the fact \"municipalities\" is 98, and \"99 municipalities\" tells otherwise",
            "theme.en.md:3:43: the fact \"sixth\" is 15.4 per cent, and \"every third\" tells otherwise",
            "theme.en.md:3:68: the fact \"first-in-the-world\" tells no number, and \"the first 3\" tells otherwise",
        ],
    );
    check_lint("All [98]{municipality}.", &["theme.en.md:3:6: the theme \"theme\" has no claim \"municipality\""]);
}

#[test]
fn a_case_tells_the_numbers_of_its_source_and_words_claims_like_any_text() {
    let (narrative, wordings, findings) = read_with_inserts("# T\n\n{{ case school }}\n");
    assert!(findings.iter().all(|finding| finding.severity == codebook::Severity::Warning), "{findings:?}");
    assert!(wordings.iter().any(|wording| wording.text == "9 out of 10" && wording.place == place()), "{wordings:?}");
    assert!(matches!(narrative.blocks.first(), Some(Block::Case { level: 2, .. })), "{:?}", narrative.blocks);
    let Some(Insert::Case { story, .. }) = narrative.inserts.get(&InsertId::new("school").unwrap()) else { panic!() };
    assert!(story.html.starts_with("<p>It began as a pilot of two years. <span class=\"claim\""), "{}", story.html);
}

#[test]
fn a_number_in_a_quotation_is_its_speakers_and_flagged_for_the_editor() {
    let (_, _, findings) = read_with_inserts("# T\n\n{{ quote head }}\n");
    let told: Vec<String> = findings.iter().map(ToString::to_string).collect();
    let expected = "theme.toml:7:1: warning: a quotation tells the number in \"12\", which is its speaker's";
    assert!(told.iter().any(|it| it == expected), "{told:?}");
    let expected = "theme.toml:7:1: warning: no text in \"en\" places the case \"school\"\nhelp: write {{ case school }} on a line of its own";
    assert!(told.iter().any(|it| it == expected), "{told:?}");
}

#[test]
fn cases_and_quotations_are_placed_once_by_their_names() {
    let errors = |text: &str| {
        let (_, _, findings) = read_with_inserts(text);
        let errors = findings.iter().filter(|finding| finding.severity == codebook::Severity::Error);
        errors.map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        errors("# T\n\n{{ case shcool }}\n"),
        ["theme.en.md:3:1: the theme \"theme\" has no case \"shcool\"\nhelp: did you mean \"school\"?"]
    );
    assert_eq!(
        errors("# T\n\n{{ quote head }}\n\n{{ quote head }}\n"),
        ["theme.en.md:5:1: the quote \"head\" is placed twice"]
    );
}

#[test]
fn the_paragraph_below_articles_holds_no_number() {
    let (languages, _) = Languages::read(&[]);
    let pack = languages.pack(&Language::new("en").unwrap()).unwrap();
    let press = |about: &str| Press {
        about: Translated::new([(Language::new("en").unwrap(), about.to_owned())].into()),
        contact: None,
        about_place: place(),
    };
    assert_eq!(boilerplate(&press("First published in 2015."), pack), []);
    let found = boilerplate(&press("98 of them answer."), pack);
    assert_eq!(found[0].message, "nothing checks the number in \"98\"");
}
