//! Comparisons over countries: what may stand beside each other, and what a comparison's files may not say.

use std::collections::BTreeMap;

use codebook::{
    BreakCause, ComparedId, Country, CountryComparison, Finding, InComparison, MemberCountry, Sameness, SourceFile,
    TableId,
};

/// A country that took the shared questionnaire's items and asked in 2020, with this ledger behind its defaults.
fn country(name: &str, codebook: &str, ledger: &str, wave: &str, printed: &str) -> Country {
    let folder = format!("here/{name}");
    let file = |below: &str, text: String| SourceFile { path: format!("{folder}/{below}"), text };
    let files = [
        file("country.toml", COUNTRY.to_owned()),
        file("codebook.toml", format!("[core]\ntake = [{ITEMS}]\n{codebook}")),
        file("tables.toml", TABLES.to_owned()),
        file("ledger.toml", ledger.to_owned()),
        file("waves/2020.toml", format!("{WAVE}{wave}")),
        file("published.csv", format!("{HEADER}\n{printed}")),
    ];
    let (country, findings) = Country::read(&folder, &files);
    assert_eq!(told(&findings), Vec::<String>::new(), "{name}");
    country.expect("a country without findings")
}

const ITEMS: &str = "\"level\", \"introduced\", \"innovative\", \"novelty\", \"values\"";

const COUNTRY: &str = r#"
core = "1"
languages = ["en"]
name = "A country"
title = "Barometer"
publisher = "Nobody"
smallest_base = 5
licence = "https://example.org/licence"
"#;

const TABLES: &str = r#"
[bases.everyone]
label = "all"
counting_unit = "workplaces"
[bases.innovators]
where = "innovative"
label = "innovative"
counting_unit = "innovations"
[tables.any]
title = "Innovation"
base = "everyone"
measure = "share"
rows = ["innovative"]
breakdowns = ["level"]
[tables.novelty]
title = "Novelty"
base = "innovators"
measure = "share"
rows = ["novelty"]
[tables.quality]
title = "Quality"
base = "innovators"
measure = "share"
rows = ["values_quality"]
"#;

const SAME: &str =
    "[core]\ndefault = \"same\"\nwording = \"core\"\nnot_taken = \"Not asked.\"\n[waves.2020]\ndefault = \"same\"\n";

const WAVE: &str = r#"
window = "2019-2020"
published = 2021-03-01
synthetic = true
about = "Made up."
[answers]
file = "answers.csv"
delimiter = ";"
decimal_mark = ","
unit = "unit"
complete = { column = "status", value = "1" }
[register]
file = "register.csv"
unit = "unit"
[frame]
file = "frame.csv"
count = "workplaces"
strata = { level = "level" }
[design]
strata = ["level"]
population = "frame"
weights = "response"
[columns]
level = "level"
introduced = { product = "a1", service = "a2", process = "a3", communication = "a4" }
values = { quality = "v1", efficiency = "v2", satisfaction = "v3", involvement = "v4", political_goals = "v5" }
"#;

const NOVELTY: &str = "novelty = \"n\"\n";

const HEADER: &str = "wave,table,row,breakdown,group,item,percent,about,n,base,weighted,source,because";

const PRINTED: &str = "2020,any,innovative,,,,80,,900,everyone,,\"Report, 2021\",\n\
                       2020,any,innovative,level,state,,84,,,everyone,,\"Report, 2021\",\n\
                       2020,novelty,novelty:first,,,,40,,700,innovators,,\"Report, 2021\",\n\
                       2020,quality,values_quality,,,,60,,700,innovators,,\"Report, 2021\",\n";

const COMPARISON: &str = r#"
core = "1"
languages = ["en", "sv"]
title = "Side by side"
publisher = "Nobody"
about = "Published figures."
year = 2020
published = 2021-05-01
[editions.one]
country = "one"
wave = 2020
cells = "published"
label = "One"
[editions.two]
country = "two"
wave = 2020
cells = "published"
label = "Two"
"#;

const COMPARED: &str = r#"
[bases.all]
label = "all"
counting_unit = "workplaces"
[bases.innovative]
where = "innovative"
label = "innovative"
counting_unit = "innovations"
[tables.innovation]
title = "Innovation"
base = "all"
measure = "share"
rows = ["innovative"]
[tables.first]
title = "The first"
base = "innovative"
measure = "share"
rows = ["novelty"]
codes = ["first"]
"#;

const PAGE: &str = r#"
order = 1
[[figures]]
id = "innovation"
table = "innovation"
headline = "[80 per cent]{one}"
[[figures]]
id = "first"
table = "first"
headline = "First"
[claims.one]
near = { edition = "one", table = "innovation", row = "innovative" }
"#;

pub(crate) fn told(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(ToString::to_string).collect()
}

fn plain(name: &str) -> Country {
    country(name, "", SAME, NOVELTY, PRINTED)
}

fn read(comparison: &str, tables: &str, page: &str, two: Country) -> (Option<CountryComparison>, Vec<Finding>) {
    let file = |below: &str, text: &str| SourceFile { path: format!("here/side/{below}"), text: text.to_owned() };
    let files =
        [file("comparison.toml", comparison), file("tables.toml", tables), file("report/innovation.toml", page)];
    assert!(CountryComparison::members("here/side", &files).len() <= 2);
    let member = |country: Country| (country.id.to_string(), MemberCountry::Read(Box::new(country)));
    let members = BTreeMap::from([member(plain("one")), member(two)]);
    CountryComparison::read("here/side", &files, &members)
}

/// Where the second country stands in a table of the comparison.
#[track_caller]
fn standing(two: &Country, table: &str) -> InComparison {
    let (comparison, findings) = read(COMPARISON, COMPARED, PAGE, two.clone());
    assert_eq!(told(&findings), Vec::<String>::new());
    let comparison = comparison.expect("a comparison without findings");
    let edition = comparison.edition(&ComparedId::new("two").unwrap()).unwrap();
    let table = comparison.table(&TableId::new(table).unwrap()).unwrap();
    two.in_comparison(&comparison, edition, table, &table.rows[0])
}

#[track_caller]
fn causes(two: &Country, table: &str) -> Vec<BreakCause> {
    match standing(two, table) {
        InComparison::Apart(reasons) => reasons.into_iter().map(|reason| reason.cause).collect(),
        InComparison::Cell(_) => Vec::new(),
        InComparison::NotTabled => panic!("no table"),
    }
}

#[test]
fn what_both_asked_alike_is_the_cell_that_counts_the_same_of_the_same_base() {
    let InComparison::Cell(cell) = standing(&plain("two"), "first") else { panic!("apart") };
    assert_eq!((cell.table.as_str(), cell.row.as_str(), cell.group), ("novelty", "novelty:first", None));
}

#[test]
fn each_kind_of_break_in_a_wave_or_in_a_country_keeps_an_item_apart() {
    for sameness in Sameness::ALL.into_iter().filter(|it| !matches!(it, Sameness::Same | Sameness::Absent)) {
        let word = sameness.as_str();
        let reworded = sameness == Sameness::Reworded;
        let wording = if reworded { "wording = \"Otherwise?\"\n" } else { "" };
        let of_wave = format!("{SAME}[waves.2020.items.novelty]\nstatus = \"{word}\"\nbecause = \"W.\"\n{wording}");
        let two = country("two", "", &of_wave, NOVELTY, PRINTED);
        assert_eq!(causes(&two, "first"), [BreakCause::Item(sameness)], "{word} in the wave");
        assert!(causes(&two, "innovation").is_empty(), "{word}: another item is not touched");
        let own = if reworded { "[variables.novelty]\nquestion = \"Otherwise?\"\n" } else { "" };
        let of_country =
            SAME.replace("[waves", &format!("[core.items.novelty]\nstatus = \"{word}\"\nbecause = \"W.\"\n[waves"));
        let two = country("two", own, &of_country, NOVELTY, PRINTED);
        assert_eq!(causes(&two, "first"), [BreakCause::Item(sameness)], "{word} in the country");
    }
}

#[test]
fn what_nobody_has_compared_is_apart() {
    let two = country("two", "", &SAME.replace("wording = \"core\"\n", ""), NOVELTY, PRINTED);
    assert!(causes(&two, "first").contains(&BreakCause::Item(Sameness::Unknown)), "no wording was compared");
}

#[test]
fn a_break_in_the_base_is_a_break_in_what_is_counted_of_it() {
    let ledger = format!("{SAME}[waves.2020.items.introduced]\nstatus = \"other_scale\"\nbecause = \"W.\"\n");
    let two = country("two", "", &ledger, NOVELTY, PRINTED);
    assert!(!causes(&two, "first").is_empty(), "who is innovative was asked otherwise");
    assert!(causes(&two, "first").iter().all(|cause| *cause == BreakCause::Item(Sameness::OtherScale)));
}

#[test]
fn what_was_absent_or_is_untold_is_apart() {
    let ledger = format!("{SAME}[waves.2020.items.novelty]\nstatus = \"absent\"\nbecause = \"Not yet.\"\n");
    let printed: String =
        PRINTED.lines().filter(|line| !line.contains("novelty")).map(|line| format!("{line}\n")).collect();
    let two = country("two", "", &ledger, "", &printed);
    assert_eq!(causes(&two, "first"), [BreakCause::Item(Sameness::Absent)]);
    // Nobody tells how it was asked.
    let untold = Country { ledger: None, ..plain("two") };
    assert_eq!(causes(&untold, "first"), [BreakCause::NoLedger]);
}

#[test]
fn an_item_in_another_base_or_with_other_answers_counted_is_no_cell() {
    let mut two = plain("two");
    two.tables.retain(|table| table.id.as_str() != "novelty");
    two.printed.retain(|it| it.cell.as_ref().is_none_or(|cell| cell.table.as_str() != "novelty"));
    let (_, findings) = read(COMPARISON, COMPARED, PAGE, two);
    assert_eq!(
        told(&findings),
        [
            "here/side/comparison.toml:14:11: warning: no cell for \"two\" in \"first\", row \"novelty\": no table of the country shows it of the same base and group\n\
          help: the figure shows a gap; if none was published, say so: not_published = [\"novelty\"]"
        ]
    );
}

/// Exactly one finding, in these words.
#[track_caller]
fn refused(comparison: &str, tables: &str, page: &str, expected: &str) {
    let (read, findings) = read(comparison, tables, page, plain("two"));
    assert_eq!(told(&findings), [expected]);
    assert!(read.is_none());
}

/// The comparison with one thing changed.
#[track_caller]
fn with(before: &str, after: &str, expected: &str) {
    assert!(COMPARISON.contains(before));
    refused(&COMPARISON.replacen(before, after, 1), COMPARED, PAGE, expected);
}

#[test]
fn a_comparison_says_what_is_wrong_and_where() {
    with(
        "country = \"one\"",
        "country = \"once\"",
        "here/side/comparison.toml:10:11: there is no country \"once\" beside the comparison's folder\nhelp: did you mean \"one\"?",
    );
    with("wave = 2020", "wave = 2021", "here/side/comparison.toml:11:8: one has no edition 2021\nhelp: it has 2020");
    with(
        "cells = \"published\"",
        "cells = \"printed\"",
        "here/side/comparison.toml:12:9: \"printed\" does not tell where numbers come from\nhelp: known here: published, release",
    );
    with(
        "title = \"Side by side\"",
        "title = { en = \"Side by side\" }",
        "here/side/comparison.toml:4:9: the text is not given in \"sv\"",
    );
    with(
        "label = \"One\"",
        "label = \"One\"\ngroup = { level = \"county\" }",
        "here/side/comparison.toml:14:19: \"level\" has no code \"county\"\nhelp: known here: municipality, region, state",
    );
}

#[test]
fn made_up_cells_stand_in_a_demonstration_alone() {
    with(
        "cells = \"published\"",
        "cells = \"release\"",
        "here/side/comparison.toml:12:9: the answers of one 2020 are made up, and this is no demonstration\n\
         help: cells = \"published\" takes what was printed of the real survey, with its source\n\
         help: demonstration = true makes a comparison of made-up numbers, which says so everywhere",
    );
    let demonstration = COMPARISON.replace("year = 2020", "demonstration = true\nyear = 2020");
    let one_real = demonstration.replacen("cells = \"published\"", "cells = \"release\"", 1);
    refused(
        &one_real,
        COMPARED,
        PAGE,
        "here/side/comparison.toml:18:9: the numbers of two 2020 are real, and this is a demonstration\n\
         help: made-up and real numbers never stand beside each other: make two comparisons",
    );
    let all = demonstration.replace("cells = \"published\"", "cells = \"release\"");
    let (read, findings) = read(&all, COMPARED, PAGE, plain("two"));
    assert_eq!(told(&findings), Vec::<String>::new());
    assert!(read.expect("a demonstration").demonstration);
}

#[test]
fn an_item_that_the_shared_questionnaire_does_not_have_is_refused() {
    let tables = COMPARED.replace("rows = [\"innovative\"]", "rows = [\"innovativ\"]");
    let (_, findings) = read(COMPARISON, &tables, PAGE, plain("two"));
    let found = told(&findings);
    assert!(found[0].starts_with("here/side/tables.toml:13:9: ") && found[0].contains("\"innovativ\""), "{found:?}");
    assert!(found[0].contains("did you mean \"innovative\"?"), "{found:?}");
}

#[test]
fn a_claim_tells_a_number_that_the_page_shows() {
    let claim = |near: &str| format!("{PAGE}[claims.other]\nnear = {near}\n");
    refused(
        COMPARISON,
        COMPARED,
        &claim("{ edition = \"tow\", table = \"innovation\", row = \"innovative\" }"),
        "here/side/report/innovation.toml:14:20: there is no edition \"tow\"\nhelp: did you mean \"two\"?",
    );
    let reworded = format!(
        "{SAME}[waves.2020.items.novelty]\nstatus = \"reworded\"\nbecause = \"W.\"\nwording = \"Otherwise?\"\n"
    );
    let two = country("two", "", &reworded, NOVELTY, PRINTED);
    let page = claim("{ edition = \"two\", table = \"first\", row = \"novelty\" }");
    let (read, findings) = read(COMPARISON, COMPARED, &page, two);
    assert_eq!(
        told(&findings),
        [
            "here/side/report/innovation.toml:13:9: the claim \"other\" has no number of \"two\" to tell: it is not comparable, since \"novelty\" is reworded in 2020"
        ]
    );
    assert!(read.is_none());
    // Ranks and tests have no words here.
    let (_, findings) = self::read(
        COMPARISON,
        COMPARED,
        &format!("{PAGE}[claims.more]\nmore_often = {{ table = \"innovation\", row = \"innovative\" }}\n"),
        plain("two"),
    );
    assert!(told(&findings).iter().any(|it| it.contains("unknown key \"more_often\"")), "{:?}", told(&findings));
}

#[test]
fn an_edition_and_a_part_of_it_are_not_compared() {
    let parts = COMPARISON.replace(
        "[editions.two]",
        "[editions.state]\ncountry = \"one\"\nwave = 2020\ncells = \"published\"\ngroup = { level = \"state\" }\nnot_published = [\"novelty\"]\nlabel = \"State\"\n[editions.two]",
    );
    let page = PAGE.replace("order = 1", "order = 1\neditions = [\"one\", \"state\"]");
    refused(
        &parts,
        COMPARED,
        &page,
        "here/side/report/innovation.toml:3:20: \"one\" and \"state\" are one edition and a part of it, which are not compared",
    );
    refused(
        &parts,
        COMPARED,
        PAGE,
        "here/side/report/innovation.toml: \"one\" and \"state\" are one edition and a part of it, which are not compared\n\
         help: a page that names no editions shows all: name those that it compares, as in editions = [\"one\", \"other\"]",
    );
    let page = PAGE
        .replace("order = 1", "order = 1\neditions = [\"state\", \"two\"]")
        .replace("edition = \"one\"", "edition = \"two\"");
    let (read, findings) = read(&parts, COMPARED, &page, plain("two"));
    assert_eq!(told(&findings), Vec::<String>::new(), "a part may stand beside another country");
    assert!(read.is_some());
}

#[test]
fn an_edition_named_twice_is_not_compared_with_itself() {
    refused(
        COMPARISON,
        COMPARED,
        &PAGE.replace("order = 1", "order = 1\neditions = [\"one\", \"one\"]"),
        "here/side/report/innovation.toml:3:12: a page compares at least two editions",
    );
}

#[test]
fn an_edition_of_which_nothing_is_told_has_no_place_in_a_comparison() {
    let two = country("two", "", SAME, NOVELTY, "");
    let (read, findings) = read(COMPARISON, COMPARED, PAGE, two);
    assert_eq!(
        told(&findings),
        [
            "here/side/comparison.toml:14:11: no cell for \"two\": two 2020 tells nothing of what it asked as the others did\n\
          help: its published.csv tells what was printed: a table, a row and a per cent"
        ]
    );
    assert!(read.is_none());
}
