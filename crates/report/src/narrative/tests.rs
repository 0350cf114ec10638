use codebook::{Chart, Claim, Figure, Predicate, RowId, SourceFile, Spoken, TableId, Translated};

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
        place: place(),
    }
}

fn read(headline: &str, text: &str) -> (Narrative, Vec<Wording>, Vec<Finding>) {
    let (languages, _) = Languages::read(&[]);
    let pack = languages.pack(&Language::new("en").unwrap()).unwrap();
    let source = SourceFile { path: "theme.en.md".to_owned(), text: text.to_owned() };
    narrative(&theme(headline), pack, &source)
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
    assert!(findings.is_empty(), "{}", findings[0]);
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
            ("core", "9 out of 10", Some(Spoken::Phrase { percent: 90.0 })),
            ("answers", "2,271", Some(Spoken::Count(2271))),
            ("most", "most say", None),
            ("core", "9 of 10", Some(Spoken::Phrase { percent: 90.0 })),
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
