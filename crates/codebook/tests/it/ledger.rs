//! The ledger: what may be joined, and what may not.

use std::collections::BTreeSet;

use codebook::{BreakCause, Comparability, Country, Finding, Sameness, SourceFile, TableId, VariableName, WaveId};

use crate::core::{LEDGER, taking, told};
use crate::files_with;

/// The valid country with a second wave, 2022, which asked the same but for `lines`; `without` are columns that it does not have.
fn two_waves(lines: &str, without: &[&str]) -> (Option<Country>, Vec<Finding>) {
    let mut files = files_with(None);
    let wave = files.iter().find(|file| file.path.ends_with("/waves/2020.toml")).unwrap().text.clone();
    let is_left = |line: &&str| !without.iter().any(|name| line.starts_with(&format!("{name} =")));
    let text: String = wave.lines().filter(is_left).map(|line| format!("{line}\n")).collect();
    files.push(SourceFile { path: "pipelines/test/waves/2022.toml".to_owned(), text });
    let ledger = format!("[waves.2020]\ndefault = \"same\"\n[waves.2022]\ndefault = \"same\"\n{lines}");
    files.push(SourceFile { path: "pipelines/test/ledger.toml".to_owned(), text: ledger });
    Country::read("pipelines/test", &files)
}

fn valid(lines: &str, without: &[&str]) -> Country {
    let (country, findings) = two_waves(lines, without);
    assert_eq!(told(&findings), Vec::<String>::new());
    country.unwrap()
}

fn wave(year: &str) -> WaveId {
    WaveId::new(year).unwrap()
}

fn causes(country: &Country, variable: &str) -> Vec<BreakCause> {
    let name = VariableName::new(variable).unwrap();
    let forth = country.comparable([&name], wave("2020"), wave("2022"));
    assert_eq!(forth, country.comparable([&name], wave("2022"), wave("2020")), "the order of waves says nothing");
    match forth {
        Comparability::Comparable => Vec::new(),
        Comparability::Break(reasons) => reasons.into_iter().map(|reason| reason.cause).collect(),
    }
}

fn line(item: &str, status: &str) -> String {
    let wording = if status == "reworded" { "wording = \"Otherwise?\"\n" } else { "" };
    format!("[waves.2022.items.{item}]\nstatus = \"{status}\"\nbecause = \"For a reason.\"\n{wording}")
}

#[test]
fn what_was_asked_in_the_same_way_may_be_joined() {
    let country = valid("", &[]);
    assert!(causes(&country, "novelty").is_empty());
    assert!(causes(&country, "innovative").is_empty());
}

#[test]
fn without_a_ledger_nothing_may_be_joined() {
    let (country, _) = Country::read("pipelines/test", &files_with(None));
    let country = Country { ledger: None, ..country.unwrap() };
    assert_eq!(causes(&country, "novelty"), [BreakCause::NoLedger]);
}

#[test]
fn each_kind_of_break_keeps_an_item_apart() {
    for sameness in Sameness::ALL.into_iter().filter(|it| !matches!(it, Sameness::Same | Sameness::Absent)) {
        let country = valid(&line("novelty", sameness.as_str()), &[]);
        assert_eq!(causes(&country, "novelty"), [BreakCause::Item(sameness)]);
        assert!(causes(&country, "staff").is_empty(), "other items are not touched");
    }
}

#[test]
fn a_break_in_a_part_is_a_break_in_what_is_derived_from_it_and_in_what_is_asked_because_of_it() {
    let country = valid(&line("type_product", "reworded"), &[]);
    let reworded = [BreakCause::Item(Sameness::Reworded)];
    assert_eq!(causes(&country, "innovative"), reworded);
    // Novelty is asked of innovative workplaces, and who is innovative was asked in other words.
    assert_eq!(causes(&country, "novelty"), reworded);
    assert_eq!(causes(&country, "reasons_employees"), reworded);
    assert!(causes(&country, "type_service").is_empty());
}

#[test]
fn a_row_breaks_with_its_base() {
    let country = valid(&line("type_product", "other_scale"), &[]);
    let table = country.table(&TableId::new("novelty").unwrap()).unwrap();
    let counted = country.variables_of(table, &table.rows[0]);
    let reasons = country.comparable(counted, wave("2020"), wave("2022")).reasons();
    assert_eq!(reasons[0].item.as_ref().map(VariableName::as_str), Some("type_product"));
    assert!(reasons[0].because.is_some() && reasons[0].place.is_some());
}

#[test]
fn a_break_of_the_series_keeps_everything_apart_and_only_across_it() {
    let across = valid("[[breaks]]\nbefore = 2021\nbecause = \"Other weights.\"\n", &[]);
    assert_eq!(causes(&across, "staff"), [BreakCause::Series]);
    let later = valid("[[breaks]]\nbefore = 2023\nbecause = \"Other weights.\"\n", &[]);
    assert!(causes(&later, "staff").is_empty());
    let at_the_first = valid("[[breaks]]\nbefore = 2020\nbecause = \"Other weights.\"\n", &[]);
    assert!(causes(&at_the_first, "staff").is_empty());
}

#[test]
fn two_waves_in_the_same_other_form_may_be_joined() {
    let first =
        "[waves.2020.items.novelty]\nstatus = \"reworded\"\nbecause = \"New words.\"\nwording = \"Otherwise?\"\n";
    let like = "[waves.2022.items.novelty]\nstatus = \"reworded\"\nlike = 2020\n";
    let country = valid(&format!("{first}{like}"), &[]);
    assert!(causes(&country, "novelty").is_empty());
    let apart = valid(&format!("{first}{}", line("novelty", "reworded")), &[]);
    assert_eq!(causes(&apart, "novelty"), [BreakCause::Item(Sameness::Reworded); 2], "each in a form of its own");
}

#[test]
fn what_is_absent_is_no_part_of_its_wave_nor_is_what_depends_on_it() {
    let country = valid(&line("staff", "absent"), &["staff"]);
    assert_eq!(causes(&country, "size"), [BreakCause::Item(Sameness::Absent)]);
    let then = country.of_wave(wave("2022"));
    let names: BTreeSet<&str> = then.codebook.variables.iter().map(|it| it.name.as_str()).collect();
    assert!(!names.contains("staff") && !names.contains("size") && names.contains("novelty"));
    let tables: Vec<&str> = then.tables.iter().map(|table| table.id.as_str()).collect();
    assert_eq!(tables, ["innovation", "novelty", "reasons"], "the table of staff is gone");
    assert_eq!(then.tables[0].breakdowns.len(), 1, "so is the breakdown by size");
    assert_eq!(country.of_wave(wave("2020")).tables.len(), 4);
    assert_eq!(
        causes(&then, "staff"),
        [BreakCause::Item(Sameness::Absent)],
        "the narrowed country joins nothing either"
    );
}

#[test]
fn the_pages_of_a_wave_have_its_words() {
    let country = valid(&line("novelty", "reworded"), &[]);
    let question = |year: &str| {
        let then = country.of_wave(wave(year));
        let novelty = then.codebook.variable(&VariableName::new("novelty").unwrap()).unwrap().clone();
        novelty.question.unwrap().get(&codebook::Language::new("en").unwrap()).to_owned()
    };
    assert_eq!(question("2022"), "Otherwise?");
    assert_eq!(question("2020"), "How new was the latest innovation?");
    // An item of a battery has words of its own, and so have the rows that show it.
    let country = valid(&line("reasons_employees", "reworded"), &[]);
    let label = |year: &str| {
        let then = country.of_wave(wave(year));
        let table = then.table(&TableId::new("reasons").unwrap()).unwrap();
        let row = table.rows.iter().find(|row| row.item.as_str() == "reasons_employees").unwrap();
        row.label.get(&codebook::Language::new("en").unwrap()).to_owned()
    };
    assert_eq!(label("2022"), "Otherwise?");
    assert_ne!(label("2020"), "Otherwise?");
}

#[track_caller]
fn refused(lines: &str, without: &[&str], expected: &str) {
    let findings = told(&two_waves(lines, without).1);
    assert!(findings.iter().any(|finding| finding.contains(expected)), "{findings:#?}");
}

#[test]
fn absent_and_without_a_column_are_the_same_thing() {
    refused(&line("staff", "absent"), &[], "\"staff\" is read from");
    refused("", &["staff"], "no column for \"staff\", which the ledger does not call absent in 2022");
}

#[test]
fn a_ledger_that_leaves_something_open_is_refused() {
    refused("[waves.2022.items.novelty]\nstatus = \"reworded\"\nbecause = \"W.\"\n", &[], "how is not told");
    refused("[waves.2022.items.novelty]\nstatus = \"other_base\"\n", &[], "why it is \"other_base\" is not told");
    refused("[waves.2022.items.novelty]\nstatus = \"rewordet\"\n", &[], "did you mean \"reworded\"?");
    refused("[waves.2022.items.noveltie]\nstatus = \"same\"\n", &[], "did you mean \"novelty\"?");
    refused("[waves.2022.items.innovative]\nstatus = \"same\"\n", &[], "derived, so it is what its parts are");
    refused("[waves.2022.items.novelty]\nstatus = \"reworded\"\nlike = 2020\n", &[], "so nothing is like it");
    refused("[waves.2019]\ndefault = \"same\"\n", &[], "there is no file waves/2019.toml");
    refused(&line("type_product", "absent"), &["type_product"], "depends on \"innovative\", which was not asked then");
    let mut files = files_with(None);
    files.push(SourceFile { path: "pipelines/test/ledger.toml".to_owned(), text: "[waves]\n".to_owned() });
    let findings = told(&Country::read("pipelines/test", &files).1);
    assert!(findings[0].contains("does not tell how the items were asked in 2020"), "{findings:#?}");
}

#[test]
fn a_figure_or_claim_about_what_was_not_asked_is_refused() {
    let mut files = files_with(None);
    let ledger =
        "[waves.2020]\ndefault = \"same\"\n[waves.2020.items.novelty]\nstatus = \"absent\"\nbecause = \"Not yet.\"\n";
    files.push(SourceFile { path: "pipelines/test/ledger.toml".to_owned(), text: ledger.to_owned() });
    for file in &mut files {
        if file.path.ends_with("/waves/2020.toml") {
            file.text = file
                .text
                .lines()
                .filter(|line| !line.starts_with("novelty ="))
                .map(|line| format!("{line}\n"))
                .collect();
        } else if file.path.ends_with("/main.toml") {
            file.text.push_str("\n[claims.first]\nnear = { table = \"novelty\", row = \"novelty:first\" }\n");
        }
    }
    let findings = told(&Country::read("pipelines/test", &files).1);
    assert!(
        findings.iter().any(|finding| finding.contains("the table \"novelty\" needs what this wave did not have")),
        "{findings:#?}"
    );
}

/// A country that takes these items, with `more` in its codebook and `lines` in its ledger; it asked in 2020.
fn partner(take: &str, more: &str, lines: &str) -> Country {
    let codebook = format!("[core]\ntake = [{take}]\n{more}");
    let (country, findings) = taking(&codebook, &LEDGER.replace("[waves]", &format!("{lines}[waves]")));
    assert_eq!(told(&findings), Vec::<String>::new());
    let mut country = country.unwrap();
    let own = country.codebook.variables.iter().map(|variable| variable.name.clone());
    let same = |name| {
        let place = codebook::Place::File { file: String::new() };
        let line = codebook::LedgerLine {
            sameness: Sameness::Same,
            also: Vec::new(),
            because: None,
            wording: None,
            form: None,
            place,
        };
        (name, line)
    };
    let lines = own.map(same).collect();
    country.ledger.as_mut().unwrap().waves.insert(wave("2020"), lines);
    country
}

#[track_caller]
fn between(one: &Country, other: &Country, variable: &str, expected: &[BreakCause]) {
    let name = VariableName::new(variable).unwrap();
    for (one, other) in [(one, other), (other, one)] {
        let reasons = [one, other].map(|country| country.comparable_with_core("1", wave("2020"), [&name]).reasons());
        let mut found: Vec<BreakCause> = reasons.into_iter().flatten().map(|reason| reason.cause).collect();
        found.dedup();
        assert_eq!(found, expected, "{variable}");
    }
}

const ITEMS: &str = "\"introduced\", \"innovative\", \"novelty\", \"reuse\"";

#[test]
fn countries_are_compared_where_both_asked_what_the_shared_questionnaire_asks() {
    let (one, other) = (partner(ITEMS, "", ""), partner(ITEMS, "", ""));
    between(&one, &other, "novelty", &[]);
    between(&one, &other, "reuse", &[]);
}

#[test]
fn each_way_to_differ_from_the_shared_questionnaire_keeps_countries_apart() {
    let one = partner(ITEMS, "", "");
    for sameness in Sameness::ALL.into_iter().filter(|it| !matches!(it, Sameness::Same | Sameness::Absent)) {
        let own = if sameness == Sameness::Reworded { "[variables.novelty]\nquestion = \"Otherwise?\"\n" } else { "" };
        let line = format!("[core.items.novelty]\nstatus = \"{}\"\nbecause = \"W.\"\n", sameness.as_str());
        let other = partner(ITEMS, own, &line);
        between(&one, &other, "novelty", &[BreakCause::Item(sameness)]);
        between(&one, &other, "reuse", &[BreakCause::Item(sameness)]);
        between(&one, &other, "introduced_product", &[]);
    }
}

#[test]
fn what_a_country_does_not_take_has_alone_or_derives_in_its_own_way_is_not_compared() {
    let one = partner(ITEMS, "", "");
    let less = partner("\"introduced\", \"innovative\"", "", "");
    between(&one, &less, "novelty", &[BreakCause::Item(Sameness::Absent)]);
    let own = "[variables.ours]\nlabel = \"Ours\"\nkind = \"number\"\n";
    let both = [partner(ITEMS, own, ""), partner(ITEMS, own, "")];
    between(&both[0], &both[1], "ours", &[BreakCause::OwnItem; 1]);
    let otherwise = partner(ITEMS, "[derived.reuse]\nsql = \"novelty = 'copied'\"\n", "");
    between(&one, &otherwise, "reuse", &[BreakCause::OwnDerivation]);
    between(&one, &Country { codebook: files_country().codebook, ..one.clone() }, "novelty", &[BreakCause::OtherCore]);
}

fn files_country() -> Country {
    Country::read("pipelines/test", &files_with(None)).0.unwrap()
}

#[test]
fn own_answers_or_routing_are_never_the_same_as_the_shared_ones() {
    let refused = |more: &str, expected: &str| {
        let codebook = format!("[core]\ntake = [{ITEMS}]\n{more}");
        let findings = told(&taking(&codebook, LEDGER).1);
        assert!(findings.iter().any(|finding| finding.contains(expected)), "{findings:#?}");
    };
    refused("[variables.novelty]\nasked_if = \"\"\n", "routing of its own, so it is not the same as the core's");
    refused(
        "[code_lists]\nyes_no = [{ code = \"yes\" }, { code = \"no\" }, { code = \"maybe\", label = \"Maybe\" }]\n",
        "answers of its own",
    );
}

#[test]
fn own_words_are_the_same_as_the_shared_ones_only_for_a_reason() {
    let findings = |codebook: &str, line: &str| {
        let codebook = format!("[core]\ntake = [{ITEMS}, \"values\"]\n{codebook}");
        told(&taking(&codebook, &LEDGER.replace("[waves]", &format!("{line}[waves]"))).1)
    };
    let question = "[variables.novelty]\nquestion = { nb = \"Hvor ny er den?\", en = \"How new?\" }\n";
    let line = |item: &str, status: &str| format!("[core.items.{item}]\nstatus = \"{status}\"\n");
    let because = "because = \"In fewer words.\"\n";
    let refused = "elsewhere/abc/ledger.toml:2:1: codebook.toml asks \"novelty\" in words of its own, and the ledger says without a reason that \
                   it is the same as the core's\nhelp: ";
    let lines = "status = \"reworded\"\nbecause = \"unknown: what is different, for readers\"\n";
    let or = "help: or status = \"same\" if the two ask the same, with the reason";
    let without = "say it in ledger.toml, with the reason, which readers see:\n[core.items.novelty]\n";
    assert_eq!(findings(question, ""), [format!("{refused}{without}{lines}{or}")]);
    let refused = refused.replace(":2:1:", ":6:1:");
    let there = format!("{refused}write there instead:\n{lines}{or}");
    assert_eq!(findings(question, &line("novelty", "same")), [there]);
    for status in ["same", "reworded"] {
        assert_eq!(
            findings(question, &format!("{}{because}", line("novelty", status))),
            Vec::<String>::new(),
            "{status}"
        );
    }
    // An item of a battery has words of its own; only they are meant.
    let item = "[batteries.values]\nitems = [{ item = \"quality\", label = { nb = \"Bedre\", en = \"Better\" } }]\n";
    let found = findings(item, "");
    assert!(
        matches!(found.as_slice(), [one] if one.contains("words \"values_quality\" in words of its own")),
        "{found:?}"
    );
    assert_eq!(findings(item, &format!("{}{because}", line("values_quality", "same"))), Vec::<String>::new());
    // Its very words, or a label that tables alone show, are nothing of its own.
    let label = "[variables.novelty]\nlabel = { nb = \"Hvor ny\" }\n";
    assert_eq!(findings(label, ""), Vec::<String>::new());
    let core = codebook::CoreQuestionnaire::of("1").unwrap().codebook();
    let words = core.variable(&VariableName::new("novelty").unwrap()).unwrap().question.clone().unwrap();
    let words = words.get(&codebook::Language::new("nb").unwrap()).replace('"', "\\\"");
    let very_words = format!("[variables.novelty]\nquestion = {{ nb = \"{words}\" }}\n");
    assert_eq!(findings(&very_words, ""), Vec::<String>::new());
}

#[test]
fn own_words_of_a_question_are_told_to_readers_of_every_language() {
    let findings = |words: &str| {
        let codebook = format!("[core]\ntake = [{ITEMS}, \"values\"]\n{words}");
        let item = if words.contains("novelty") { "novelty" } else { "values_quality" };
        let line = format!("[core.items.{item}]\nstatus = \"reworded\"\nbecause = \"In fewer words.\"\n");
        told(&taking(&codebook, &LEDGER.replace("[waves]", &format!("{line}[waves]"))).1)
    };
    let found = findings("[variables.novelty]\nquestion = { nb = \"Hvor ny er den?\" }\n");
    let expected = "elsewhere/abc/codebook.toml:4:12: the question of \"novelty\" is worded by the country in nb, and by the core in en\n\
                    help: say in en, too, what respondents were asked: a translation of the country's words, \
                    or the core's words again where they read those";
    assert_eq!(found, [expected]);
    let found = findings("[batteries.values]\nitems = [{ item = \"quality\", label = { nb = \"Bedre\" } }]\n");
    assert!(
        matches!(found.as_slice(), [one] if one.contains("the item \"quality\" is worded by the country in nb, and by the core in en")),
        "{found:?}"
    );
}

const OWN_REUSE: &str = "[derived.reuse]\nsql = \"novelty = 'copied'\"\n";

#[test]
fn what_a_country_derives_otherwise_is_compared_only_where_the_ledger_says_with_a_reason_that_it_is_the_same() {
    let one = partner(ITEMS, "", "");
    let line = |status: &str, because: &str| format!("[core.items.reuse]\nstatus = \"{status}\"\n{because}");
    let same = partner(ITEMS, OWN_REUSE, &line("same", "because = \"Nobody is inspired here.\"\n"));
    between(&one, &same, "reuse", &[]);
    let other = partner(ITEMS, OWN_REUSE, &line("other_base", "because = \"Of copies.\"\n"));
    between(&one, &other, "reuse", &[BreakCause::Item(Sameness::OtherBase)]);
    let refused = |codebook: &str, line: &str, expected: &str| {
        let codebook = format!("[core]\ntake = [{ITEMS}]\n{codebook}");
        let findings = told(&taking(&codebook, &LEDGER.replace("[waves]", &format!("{line}[waves]"))).1);
        assert!(findings.iter().any(|finding| finding.contains(expected)), "{findings:#?}");
    };
    refused(OWN_REUSE, &line("same", ""), "why it is the same nonetheless is not told");
    refused(OWN_REUSE, &line("absent", "because = \"W.\"\n"), "is derived here, so it is not absent");
    refused("", &line("same", "because = \"W.\"\n"), "is derived, so it is what its parts are");
}

/// The ledger of a country that does not say in which words it asked what it takes.
fn untold(lines: &str) -> String {
    LEDGER.replace("wording = \"core\"\n", "").replace("[waves]", &format!("{lines}[waves]"))
}

fn core_lines(codebook: &str, ledger: &str) -> Vec<(String, Vec<Sameness>)> {
    let (country, findings) = taking(&format!("[core]\ntake = [{ITEMS}]\n{codebook}"), ledger);
    assert_eq!(told(&findings), Vec::<String>::new());
    let lines = country.unwrap().ledger.unwrap().core;
    let taken = lines.into_iter().filter(|(name, _)| ["introduced_product", "novelty"].contains(&name.as_str()));
    taken.map(|(name, line)| (name.to_string(), line.statuses().collect())).collect()
}

#[test]
fn whether_respondents_read_the_words_of_the_shared_questionnaire_is_not_known_until_somebody_says_so() {
    use Sameness::{OtherUnit, Same, Unknown};
    let statuses = |codebook: &str, ledger: &str| -> Vec<Vec<Sameness>> {
        core_lines(codebook, ledger).into_iter().map(|(_, statuses)| statuses).collect()
    };
    assert_eq!(statuses("", &untold("")), [[Unknown], [Unknown]]);
    assert_eq!(statuses("", LEDGER), [[Same], [Same]], "said of all");
    let of_one = untold("[core.items.novelty]\nstatus = \"same\"\nwording = \"core\"\n");
    assert_eq!(statuses("", &of_one), [[Unknown], [Same]], "said of one");
    let own = "[variables.novelty]\nquestion = \"How new?\"\n";
    let same = untold("[core.items.novelty]\nstatus = \"same\"\nbecause = \"Shorter.\"\n");
    assert_eq!(statuses(own, &same), [[Unknown], [Same]], "what it asks itself it knows");
    let unit = untold("").replace("default = \"same\"", "default = \"other_unit\"\nbecause = \"Organisations.\"");
    assert_eq!(statuses("", &unit), [[OtherUnit, Unknown], [OtherUnit, Unknown]]);
}

#[test]
fn what_nobody_has_compared_is_joined_with_nothing() {
    let known = partner(ITEMS, "", "");
    let mut unknown = known.clone();
    let name = VariableName::new("novelty").unwrap();
    unknown.ledger.as_mut().unwrap().core.get_mut(&name).unwrap().sameness = Sameness::Unknown;
    between(&known, &unknown, "novelty", &[BreakCause::Item(Sameness::Unknown)]);
    between(&known, &unknown, "reuse", &[BreakCause::Item(Sameness::Unknown)]);
    // Nor is a wave, even with another that nobody has compared either.
    let waves = "[waves.2020]\ndefault = \"unknown\"\n[waves.2022]\ndefault = \"unknown\"\n";
    let mut files = files_with(None);
    let wave = files.iter().find(|file| file.path.ends_with("/waves/2020.toml")).unwrap().text.clone();
    files.push(SourceFile { path: "pipelines/test/waves/2022.toml".to_owned(), text: wave.replace("2020", "2022") });
    files.push(SourceFile { path: "pipelines/test/ledger.toml".to_owned(), text: waves.to_owned() });
    let (country, findings) = Country::read("pipelines/test", &files);
    assert_eq!(told(&findings), Vec::<String>::new());
    assert_eq!(causes(&country.unwrap(), "staff"), [BreakCause::Item(Sameness::Unknown); 2]);
}

#[test]
fn an_item_may_differ_in_several_ways_and_each_is_told() {
    let several = line("novelty", "reworded").replace("\"reworded\"", "[\"other_scale\", \"reworded\"]");
    let country = valid(&several, &[]);
    assert_eq!(
        causes(&country, "novelty"),
        [BreakCause::Item(Sameness::OtherScale), BreakCause::Item(Sameness::Reworded)]
    );
    let refused = |line: &str, expected: &str| {
        let findings = told(&two_waves(line, &[]).1);
        assert!(findings.iter().any(|finding| finding.contains(expected)), "{findings:#?}");
    };
    let head = "[waves.2022.items.novelty]\nbecause = \"W.\"\n";
    refused(&format!("{head}status = [\"same\", \"reworded\"]"), "what is \"same\" is nothing else");
    refused(&format!("{head}status = [\"other_scale\", \"reworded\"]"), "how is not told");
    refused(&format!("{head}status = []"), "at least one status is told");
    refused(&format!("{head}status = \"unknown\"\nlike = 2020"), "is like no other wave");
}

/// A ledger with the lines that the only finding of this code proposes, put behind `table` or at its end.
#[track_caller]
fn pasted(codebook: &str, ledger: &str, code: &str, behind: Option<&str>) -> String {
    let (_, findings) = taking(codebook, ledger);
    let found: Vec<&Finding> = findings.iter().filter(|finding| finding.code == code).collect();
    let [finding] = found.as_slice() else { panic!("{:?}", told(&findings)) };
    let lines = finding.hints.iter().find_map(|hint| hint.split_once(":\n")).expect("lines are proposed").1;
    match behind {
        Some(table) => ledger.replace(table, &format!("{table}\n{lines}")),
        None => format!("{ledger}\n{lines}\n"),
    }
}

#[test]
fn what_is_proposed_for_the_ledger_can_be_pasted() {
    let all = "[core]\ntake = \"all\"\n";
    let is_mended = |codebook: &str, ledger: &str| {
        let (_, findings) = taking(codebook, ledger);
        assert_eq!(told(&findings), Vec::<String>::new(), "{ledger}");
    };
    is_mended(all, &pasted(all, "[waves]\n", "missing-key", None));
    let less = "[core]\ntake = [\"introduced\", \"innovative\"]\n";
    let untold = LEDGER.replace("not_taken = \"Not asked.\"\n", "");
    is_mended(less, &pasted(less, &untold, "missing-key", Some("[core]")));
    let routing = format!("{all}[variables.novelty]\nasked_if = \"\"\n");
    is_mended(&routing, &pasted(&routing, LEDGER, "not-the-same", None));
    let question = format!("{all}[variables.novelty]\nquestion = {{ nb = \"Hvor ny er den?\", en = \"How new?\" }}\n");
    is_mended(&question, &pasted(&question, LEDGER, "own-wording", None));
}
