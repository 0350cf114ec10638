//! What the Danish edition says, and that it stops saying it when the data change.

use std::fs;
use std::path::Path;

use crate::house::{Said, barometer, tree};

/// The findings that the publication of 2020 states, as claims of the edition.
const FINDINGS: [(&str, &[&str]); 7] = [
    ("directly tied to the core task", &["core"]),
    ("initiated or promoted by the employees", &["role"]),
    ("employees more often promote what concerns the core task", &["promoted-core"]),
    (
        "core-task innovations yield quality far more often, satisfaction, involvement, several values, political goals",
        &["quality-core", "satisfaction-core", "involvement-core", "several-core", "political-core"],
    ),
    ("roughly the same for state, regions and municipalities", &["core-levels", "role-levels", "quality-levels"]),
    ("who answered, and who took up the idea", &["answers", "answered", "interested-countries"]),
    ("three ways to innovate, and what many start from", &["first", "adapted", "copied", "change"]),
];

#[test]
fn the_danish_edition_states_the_findings_of_2020_in_both_languages() {
    let pages = tree(&testkit::repository().join("fixtures/dnk/2019/expected"));
    for (language, is_of) in [("da", false), ("en", true)] {
        let texts = pages.iter().filter(|(name, _)| name.ends_with(".html") && name.starts_with("en/") == is_of);
        let text: String = texts.map(|(_, bytes)| String::from_utf8_lossy(bytes)).collect();
        for (finding, claims) in FINDINGS {
            for claim in claims {
                assert!(text.contains(&format!("data-claim=\"{claim}\"")), "{language}: {finding}: {claim}");
            }
        }
    }
}

/// The editor sees what stands on a knife's edge; readers do not.
#[test]
fn the_proof_sheet_lies_outside_the_release_and_has_every_sentence() {
    let (out, folder) = crate::house::release("pipelines/dnk", "2019", &fixtures(), &[]);
    let sheet = fs::read_to_string(out.path().join("internal/dnk/2019/proof.html")).expect("a run writes the sheet");
    assert!(sheet.contains("SYNTHETIC"), "the sheet says what it is made from");
    assert_eq!(sheet.matches("<tr><th scope=\"row\">").count(), 206);
    for told in [
        "<a href=\"../../../dnk/2019/en/core-task.html\">9 out of 10</a>",
        "every difference within 5\u{a0}pp",
        "if it drops by",
        "if the count changes",
    ] {
        assert!(sheet.contains(told), "{told}");
    }
    assert!(folder.join("en/core-task.html").is_file(), "the sheet links to pages that are there");
    assert!(tree(&folder).keys().all(|name| !name.contains("proof")));
}

fn fixtures() -> std::path::PathBuf {
    testkit::repository().join("fixtures/dnk/2019/raw")
}

/// Copies Denmark with the published and assumed margins of a variable moved by so many points.
fn with_margins_moved(folder: &Path, variable: &str, points: f64) {
    for (name, bytes) in tree(&testkit::repository().join("pipelines/dnk")) {
        let text = String::from_utf8(bytes).expect("Denmark is UTF-8");
        let text = if name == "twin/2019.toml" { moved(&text, variable, points) } else { text };
        let path = folder.join("dnk").join(name);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }
}

fn moved(margins: &str, variable: &str, points: f64) -> String {
    let mut is_of_variable = false;
    let line = |line: &str| {
        if line.starts_with("[[") {
            is_of_variable = false;
        }
        is_of_variable |= line == format!("share_of = {variable:?}");
        match line.strip_prefix("per_cent = ").filter(|_| is_of_variable) {
            Some(share) => format!("per_cent = {}\n", share.parse::<f64>().expect("a margin is a number") + points),
            None => format!("{line}\n"),
        }
    };
    margins.lines().map(line).collect()
}

fn told(folder: &Path, arguments: &[&str]) -> Said {
    barometer().current_dir(folder).args(arguments).output().expect("the program starts").into()
}

/// Were 8 of 10 innovations tied to the core task, the edition could not say 9.
#[test]
fn a_changed_margin_stops_the_run_at_the_sentences_that_it_makes_false() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    with_margins_moved(folder.path(), "core_task", -10.0);
    let twin = told(folder.path(), &["twin", "dnk", "--wave", "2019", "--out", "raw"]);
    assert_eq!(twin.code, Some(0), "{}", twin.err);
    let run = told(folder.path(), &["run", "dnk", "--raw", "raw"]);
    assert_eq!(run.code, Some(5), "{}", run.err);
    for (place, words, proposals) in [
        ("core-task.da.md:3:2", "9 ud af 10", "»8 ud af 10«; or »80\u{a0}%«"),
        ("core-task.toml:5:12", "9 ud af 10", "»8 ud af 10«; or »80\u{a0}%«"),
        ("core-task.en.md:3:2", "9 out of 10", "“8 out of 10”; or “80%”"),
        ("core-task.toml:5:12", "9 out of 10", "“8 out of 10”; or “80%”"),
    ] {
        let expected = format!(
            "dnk/report/2019/{place}: {words:?} does not hold: {words:?} stands for 90.0 per cent, but the estimate is 80 per cent \
             (interval 78 to 82); a phrase may be at most 3 points and 15 % of the estimate away\n\
             help: true would be {proposals}\n"
        );
        assert!(run.err.contains(&expected), "{expected}\n{}", run.err);
    }
    assert!(run.err.ends_with("16 claims cannot be published; nothing was written\n"), "{}", run.err);
    assert!(!folder.path().join("out").exists());
}
