//! Errata that do not say what happened, and editions that were tampered with.

use std::fs;

use super::{CORRECTED, ERRATUM, FIRST, Office, RIGHT, WRONG};
use crate::house::differing;

#[test]
fn an_erratum_that_names_what_did_not_change_is_a_finding_at_its_place() {
    let office = Office::that_published();
    let more = "tables = [\"scores\", \"pupils\"]\nfigures = [\"school-types\", \"scores-by-type\"]\nclaims = [\"targets/award\"]\npages = [\"targets\"]";
    office.write_errata(&ERRATUM.replace("tables = [\"scores\"]", more));
    office.is_refused(&[
        "schools/report/2000/errata.toml:7:21: table \"pupils\" is in edition 2000.1 as it was in 2000\n\
         help: take it out of the erratum \"wrong-score\"; readers would look for a change that there is not\n",
        "errata.toml:8:12: figure \"school-types\" is in edition 2000.1 as it was in 2000\n",
        "errata.toml:9:11: claim \"targets/award\" is in edition 2000.1 as it was in 2000\n",
        "errata.toml:10:10: page \"targets\" is in edition 2000.1 as it was in 2000\n",
        "4 errors",
    ]);
}

#[test]
fn a_change_that_no_erratum_names_is_a_finding() {
    let office = Office::that_published();
    office.write_errata(&ERRATUM.replace("tables = [\"scores\"]", "figures = [\"scores-by-type\"]"));
    office.is_refused(&[
        "errata.toml: no erratum of edition 2000.1 tells why 2 of its numbers in table \"scores\" are not as edition 2000 shows them: table scores, \
         row api, sch.wide Yes: ",
        "help: write one, or name tables = [\"scores\"] in the one that is the reason\n",
    ]);
}

#[test]
fn an_erratum_about_a_page_needs_a_page_that_reads_otherwise() {
    let office = Office::that_published();
    office.replace("schools/raw/2000/apistrat.csv", RIGHT, WRONG);
    let of_page = ERRATUM.replace("tables = [\"scores\"]", "pages = [\"targets\"]");
    office.write_errata(&of_page);
    office.is_refused(&["page \"targets\" is in edition 2000.1 as it was in 2000"]);
    office.replace("schools/report/2000/targets.en.md", "## Awards", "## Awards and those who get one");
    office.publish();
    let page = office.text(&format!("{CORRECTED}/targets.html"));
    assert!(
        page.contains("Corrected on 1\u{a0}December 2001, edition 2000.1: <a href=\"errata.html#wrong-score\""),
        "{page}"
    );
}

#[test]
fn what_was_told_once_stays_told_and_each_edition_corrects_the_last() {
    let office = Office::that_corrected();
    let kept = [FIRST, CORRECTED].map(|edition| office.tree(edition));
    office.replace("schools/raw/2000/apistrat.csv", RIGHT, ",790,816,");
    office.is_refused(&["out/schools/2000.1 is published", "tell in this file, as edition 2000.2,"]);
    let second = ERRATUM.replace("[wrong-score]", "[again]").replace("2000.1", "2000.2").replace("12-01", "12-08");
    office.write_errata(&format!("{}{second}", ERRATUM.replace("[wrong-score]", "[renamed]")));
    office.is_refused(&[
        "edition 2000.1 tells the erratum \"wrong-score\", which is not here any more\nhelp: put it back",
    ]);
    office.write_errata(&format!("{ERRATUM}\n{second}"));
    office.publish();
    for (edition, before) in [FIRST, CORRECTED].into_iter().zip(kept) {
        assert_eq!(differing(&before, &office.tree(edition)), Vec::<String>::new(), "{edition} stays");
    }
    let errata = office.text("out/schools/2000.2/errata.html");
    let newest = errata.find("id=\"again\"").expect("the second erratum");
    assert!(newest < errata.find("id=\"wrong-score\"").expect("the first erratum"), "the newest stands first");
    // Each tells what the edition before it showed.
    assert!(errata.contains("\">662.3 (") && errata.contains("\">661.6 ("), "{errata}");
    let said = office.say(&["verify", "out/schools/2000.2", "--country", "schools"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
}

#[test]
fn an_edition_that_was_corrected_is_not_made_again_in_its_place() {
    let office = Office::that_corrected();
    fs::remove_file(office.path("schools/report/2000/errata.toml")).expect("it is there");
    office.replace("schools/raw/2000/apistrat.csv", RIGHT, WRONG);
    office.replace("schools/report/2000/scores.en.md", "## The sample", "## How schools were drawn");
    office.is_refused(&[
        "out/schools/2000.1 is published, and these files make edition 2000, which it corrects: no erratum here tells of it\n\
         help: put the errata back; to make an edition as it was, name another folder with --out\n",
    ]);
    assert_eq!(office.say(&["run", "schools", "--out", "elsewhere"]).code, Some(0));
}

#[test]
fn a_first_edition_that_somebody_changed_is_no_basis() {
    let office = Office::that_published();
    office.write_errata(ERRATUM);
    let store = office.path("out/schools/2000/provenance/published.json");
    let text = fs::read_to_string(&store).expect("the store is there");
    fs::write(&store, text.replacen("6616,1", "6623,1", 1)).expect("a file can be written");
    office
        .is_refused(&["out/schools/2000: the published tables of edition 2000 were changed after they were sealed\n\
         help: a corrected edition is made beside the one it corrects: put that back here as it was published\n"]);
}

/// A damaged copy of the first edition must not become what a correction is told from, whichever of its files it is.
#[test]
fn an_earlier_edition_that_is_not_as_its_manifest_lists_it_is_no_basis() {
    for (edition, file) in
        [("2000", "scores.html"), ("2000.1", "provenance/corrections.json"), ("2000", "data/scores.csv")]
    {
        let office = Office::that_corrected();
        office.replace("schools/raw/2000/apistrat.csv", RIGHT, ",790,816,");
        let second = ERRATUM.replace("[wrong-score]", "[again]").replace("2000.1", "2000.2").replace("12-01", "12-08");
        office.write_errata(&format!("{ERRATUM}\n{second}"));
        let path = office.path(&format!("out/schools/{edition}/{file}"));
        let mut bytes = fs::read(&path).expect("the file is there");
        bytes.push(b'\n');
        fs::write(&path, bytes).expect("a file can be written");
        office.is_refused(&[&format!(
            "out/schools/{edition}: edition {edition} is not as it was published: 1 of its files are not as its manifest lists them, the first is {file}\n\
             help: a corrected edition is made beside the one it corrects: put that back here as it was published\n"
        )]);
    }
}

/// A correction may be that something should never have been shown: the new edition must not tell it again as "before".
#[test]
fn a_number_that_is_withdrawn_stands_nowhere_in_the_new_edition() {
    let office = Office::that_published();
    office.replace("schools/raw/2000/apistrat.csv", RIGHT, WRONG);
    let shown = office.text("out/schools/2000/data/pupils.csv");
    let hidden: Vec<&str> = shown.lines().filter(|line| line.contains(",stype,")).collect();
    let totals: Vec<&str> = hidden
        .iter()
        .filter_map(|line| line.split(',').find(|cell| cell.len() > 6 && cell.parse::<u64>().is_ok()))
        .collect();
    assert!(totals.len() >= 3, "{shown}");
    office.replace(
        "schools/tables.toml",
        "rows = [\"enroll\", \"api.stu\"]\nbreakdowns = [\"stype\"]\n",
        "rows = [\"enroll\", \"api.stu\"]\n",
    );
    let withdrawn = ERRATUM.replace("\"correction\"", "\"withdrawal\"").replace("\"scores\"", "\"pupils\"");
    office.write_errata(&withdrawn);
    office.publish();
    let errata = office.text(&format!("{CORRECTED}/errata.html"));
    assert!(errata.contains("Withdrawn on 1\u{a0}December 2001, edition 2000.1"), "{errata}");
    assert!(
        errata.contains("<td data-column=\"Before\">no longer stated</td><td data-column=\"Now\">not shown</td>"),
        "{errata}"
    );
    for (name, bytes) in office.tree(CORRECTED) {
        let bytes = crate::house::unpacked(&name, bytes);
        let text = String::from_utf8_lossy(&bytes);
        let told: Vec<&&str> = totals.iter().filter(|total| text.contains(**total)).collect();
        assert!(told.is_empty(), "{name} tells {told:?}");
    }
}
