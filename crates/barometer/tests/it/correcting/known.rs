//! Corrections that hide what readers have seen: editions are attacked together, all that there are.

use serde_json::Value;

use super::{CORRECTED, ERRATUM, Office, RIGHT, WRONG};

/// Groups of fewer than 49 schools are confidential from now on: 48 do not let their pupils grow as they should.
fn office_that_hides() -> Office {
    let office = Office::that_published();
    office.replace("schools/raw/2000/apistrat.csv", RIGHT, WRONG);
    office.replace("schools/country.toml", "smallest_base = 5", "smallest_base = 49");
    office
}

const HIDDEN: &str = "tables = [\"scores\", \"medians\", \"awards\"]";

/// The erratum of a correction that hides these groups.
fn erratum() -> String {
    ERRATUM.replace("tables = [\"scores\"]", HIDDEN).replace("\"correction\"", "\"withdrawal\"")
}

#[test]
fn what_was_shown_cannot_be_hidden_without_a_word() {
    let office = office_that_hides();
    office.write_errata(&erratum());
    let said = office.run();
    assert_eq!((said.code, office.path(CORRECTED).exists()), (Some(4), false), "{}", said.err);
    for part in [
        "table scores, row api, sch.wide No: estimate 593.65 to 593.75\n  by edition 2000 shows 593.7, and this one hides it as confidential\n  \
         in out/schools/2000/data/scores.csv\n  in data/scores.csv\n",
        "7 hidden numbers can be known from an earlier edition; nothing was written\nhelp: what is published cannot be hidden: ",
    ] {
        assert!(said.err.contains(part), "{part:?} is in\n{}", said.err);
    }
    // A draft is made, so that somebody can look, and is told.
    let said = office.say(&["run", "schools", "--draft"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.err.contains("earlier editions tell 7 numbers that this one hides, and it would not be published"));
    let said = office.say(&["run", "schools", "--wave", "2000", "--format", "json"]);
    assert_eq!(said.code, Some(4), "{}", said.err);
    assert!(said.err.contains("\"derivable\":[{"), "{}", said.err);
}

#[test]
fn with_a_reason_it_is_published_and_the_manifest_keeps_it() {
    let office = office_that_hides();
    let because = "known_before = \"The first edition was taken from the site within the hour.\"\n";
    office.write_errata(&format!("{}{because}", erratum()));
    let said = office.run();
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(
        said.err.contains("out/schools/2000: warning: edition 2000 shows 7 numbers that 2000.1 hides"),
        "{}",
        said.err
    );
    let manifest: Value = serde_json::from_str(&office.text("out/schools/2000.1/manifest.json")).expect("JSON");
    assert_eq!(manifest["errata"][0]["known_before"], "The first edition was taken from the site within the hour.");
    let said = office.say(&["verify", CORRECTED, "--country", "schools"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    // Whoever attacks the release is told that, too, and need not name the edition that lies beside it.
    let said = office.say(&["audit", CORRECTED]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    let answered =
        "7 numbers are known together with earlier editions, which its errata answer for: The first edition was taken";
    assert!(said.out.contains(answered), "{}", said.out);
    let manifest = office.path("out/schools/2000.1/manifest.json");
    let mut unanswered: Value = serde_json::from_str(&office.text("out/schools/2000.1/manifest.json")).expect("JSON");
    unanswered["errata"][0].as_object_mut().expect("an erratum").remove("known_before");
    std::fs::write(&manifest, unanswered.to_string()).expect("a file can be written");
    let said = office.say(&["audit", CORRECTED]);
    assert_eq!(said.code, Some(4), "{}{}", said.out, said.err);
    assert!(said.out.contains("table scores, row api, sch.wide No: estimate 593.65 to 593.75"), "{}", said.out);
    std::fs::rename(office.path("out/schools/2000"), office.path("elsewhere")).expect("it can be moved");
    let said = office.say(&["audit", CORRECTED]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.out.contains("edition 2000, which this one corrects, is not beside it"), "{}", said.out);
    // A reason for one table answers for no other.
    let office = office_that_hides();
    let of_one = erratum().replace(HIDDEN, "tables = [\"scores\"]");
    let of_others =
        erratum().replace("[wrong-score]", "[others]").replace(HIDDEN, "tables = [\"medians\", \"awards\"]");
    office.write_errata(&format!("{of_one}{because}\n{of_others}"));
    let said = office.run();
    assert_eq!(said.code, Some(4), "{}", said.err);
    assert!(said.err.contains("5 hidden numbers can be known"), "{}", said.err);
    office.write_errata(&erratum().replace("kind =", "known_before = \" \"\nkind ="));
    office.is_refused(&["errata.toml:4:16: this is no reason: say why, in words that the manifest can keep"]);
}

/// The second correction hides what the first one did not show at all, but the first edition did.
#[test]
fn every_edition_before_is_joined_not_only_the_last() {
    let office = Office::that_published();
    office.replace("schools/raw/2000/apistrat.csv", RIGHT, WRONG);
    let with = "measure = \"median\"\nrows = [\"api\"]\nbreakdowns = [\"stype\"]\n";
    let without = "measure = \"median\"\nrows = [\"api\"]\n";
    let figure = "[[figures]]\nid = \"medians-by-type\"\nheadline = { en = \"The median score by type of school\" }\ntable = \"medians\"\n\
                  row = \"api\"\nbreakdown = \"stype\"\n";
    office.replace("schools/tables.toml", with, without);
    office.replace("schools/report/2000/scores.toml", figure, "");
    office.replace("schools/report/2000/scores.en.md", "{{ figure medians-by-type }}", "");
    let first = ERRATUM.replace("\"correction\"", "\"withdrawal\"").replace("\"scores\"", "\"medians\"");
    office.write_errata(&first);
    office.publish();
    office.replace("schools/tables.toml", without, with);
    office.replace("schools/country.toml", "smallest_base = 5", "smallest_base = 49");
    let second = erratum().replace("[wrong-score]", "[second]").replace("2000.1", "2000.2");
    let because = "known_before = \"They are known.\"\n";
    let second = second.replace(HIDDEN, "tables = [\"scores\", \"awards\"]");
    office.write_errata(&format!("{first}\n{second}{because}"));
    let said = office.run();
    assert_eq!(said.code, Some(4), "{}", said.err);
    assert!(
        said.err.contains("table medians, row api, stype M: estimate 649.5 to 650.5\n  by edition 2000 shows 650"),
        "{}",
        said.err
    );
    assert!(said.err.contains("3 hidden numbers can be known"), "{}", said.err);
}

/// A school was in the export twice, under two numbers: without it each of its groups has one answer less.
#[test]
fn a_record_that_was_there_twice_goes_with_a_reason() {
    let office = Office::that_published();
    let file = "schools/raw/2000/apistrat.csv";
    let text = office.text(file);
    let (rest, _) = text.trim_end().rsplit_once('\n').expect("there are schools");
    std::fs::write(office.path(file), format!("{rest}\n")).expect("a file can be written");
    for page in ["scores", "targets"] {
        office.replace(&format!("schools/report/2000/{page}.en.md"), "[200 schools]", "[199 schools]");
    }
    let erratum = ERRATUM.replace("tables = [\"scores\"]", "tables = \"all\"");
    office.write_errata(&erratum);
    let said = office.run();
    assert_eq!((said.code, office.path(CORRECTED).exists()), (Some(4), false), "{}", said.err);
    for part in [
        "total: answers that came or went 1, asked for is a width of 5\n  by 199 in this edition and 200 in the earlier one differ by 1\n",
        " differences of a few answers can be known from an earlier edition; nothing was written\nhelp: whoever has both editions",
    ] {
        assert!(said.err.contains(part), "{part:?} is in\n{}", said.err);
    }
    assert!(!said.err.contains("hidden number"), "{}", said.err);
    let said = office.say(&["run", "schools", "--draft"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.err.contains("numbers of answers that came or went, and it would not be published"), "{}", said.err);
    // With a reason it is published.
    let because = "known_before = \"One school was in the export twice.\"\n";
    office.write_errata(&format!("{erratum}{because}"));
    let said = office.run();
    assert_eq!((said.code, office.path(CORRECTED).exists()), (Some(0), true), "{}", said.err);
}
