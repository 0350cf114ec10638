//! What a reader sees of a break, in Denmark's edition of 2023 with a ledger that says that earlier waves asked otherwise: no line, a note of what was otherwise,
//! both wordings, the n of each wave, and the same in the file of all waves.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use super::{copy, raw_of_all, release};

/// Collaboration was asked in other words in 2019, value on another scale in 2016. The claims of the texts are about other pairs of waves, but for one page.
const OTHERWISE: &str = r#"
[waves.2019.items.partners]
status = "reworded"
because = { da = "Formularen var en anden.", en = "The form was another one." }
wording = { da = "Hvem var med?", en = "Who took part?" }
[waves.2016.items.values]
status = "other_scale"
because = { da = "Der kunne svares i grader.", en = "Answers were by degrees." }
"#;

static BROKEN: LazyLock<(tempfile::TempDir, tempfile::TempDir, PathBuf)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let country = folder.path().join("dnk");
    copy(&testkit::repository().join("pipelines/dnk"), &country);
    let file = country.join("ledger.toml");
    let ledger = fs::read_to_string(&file).expect("there is a ledger");
    fs::write(&file, format!("{ledger}{OTHERWISE}")).expect("a file can be written");
    for file in ["companies.toml", "companies.da.md", "companies.en.md"] {
        fs::remove_file(country.join("report/2023").join(file)).expect("the page has its files");
    }
    let (out, edition) = release(country.to_str().expect("UTF-8"), "2023", &raw_of_all(), &[]);
    (folder, out, edition)
});

fn text(below: &str) -> String {
    fs::read_to_string(BROKEN.2.join(below)).expect("the edition has it")
}

/// The figure of this name on the English page of changes.
fn figure(id: &str) -> String {
    let page = text("en/change.html");
    let (_, behind) =
        page.split_once(&format!("<figure class=\"figure\" id=\"{id}\"")).expect("the page has the figure");
    behind.split_once("</figure>").expect("it ends").0.replace("<wbr>", "")
}

#[test]
fn a_note_tells_what_broke_in_which_wave_and_why() {
    let collaboration = figure("collaboration-over-waves");
    let question = "With whom did the workplace collaborate on the innovation?";
    for (before, behind) in [("2016", "2019"), ("2019", "2023")] {
        let told = format!("Break between {before} and {behind}: “{question}");
        assert!(collaboration.contains(&told), "{told} is not in {collaboration}");
    }
    assert!(collaboration.contains("(2019): Reworded. The form was another one."), "{collaboration}");
    let values = figure("values-over-waves");
    assert!(values.contains("(2016): Different answers to choose from. Answers were by degrees."), "{values}");
    assert!(!values.contains("Break between 2019 and 2023"), "{values}");
}

#[test]
fn each_wording_is_quoted_with_its_waves() {
    let collaboration = figure("collaboration-over-waves");
    assert!(collaboration.contains("“Who took part?” (2019)"), "{collaboration}");
    assert!(collaboration.contains("” (2016, 2023)"), "{collaboration}");
}

#[test]
fn each_wave_has_its_own_n() {
    let collaboration = figure("collaboration-over-waves");
    for told in ["2016: n\u{a0}=\u{a0}1,942.", "2019: n\u{a0}=\u{a0}1,877.", "2023: n\u{a0}=\u{a0}1,352."] {
        assert!(collaboration.contains(told), "{told} is not in {collaboration}");
    }
}

/// What `waves.csv` says of each wave of a row's total: what keeps it apart from the one before, why, and what it may be compared with.
fn links(item: &str) -> Vec<(String, String, String, String)> {
    let csv = text("en/data/waves.csv");
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let at = |name: &str| header.iter().position(|column| column == name).expect("a column");
    let rows = reader.records().map(|row| row.expect("a row"));
    let rows = rows.filter(|row| &row[at("item")] == item && row[at("group")].is_empty());
    let cell = |row: &csv::StringRecord, name: &str| row[at(name)].to_owned();
    rows.map(|row| {
        let [wave, before, label, with] =
            ["wave", "break_before", "break_before_label", "comparable_with"].map(|name| cell(&row, name));
        (wave, before, label, with)
    })
    .collect()
}

/// Why Denmark's first wave stands outside of its series.
const TRIAL: &str = "Official comparisons begin with the second wave, since questions were changed after the first.";

#[test]
fn the_file_of_all_waves_tells_the_breaks_and_what_may_be_compared() {
    let told = |rows: &[(&str, &str, &str, &str)]| -> Vec<(String, String, String, String)> {
        let text = str::to_owned;
        rows.iter().map(|(a, b, c, d)| (text(a), text(b), text(c), text(d))).collect()
    };
    let another = "The form was another one.";
    assert_eq!(
        links("collaboration"),
        told(&[("2016", "", "", "2023"), ("2019", "reworded", another, ""), ("2023", "reworded", another, "2016"),])
    );
    assert_eq!(
        links("values_quality"),
        told(&[
            ("2014", "", "", ""),
            ("2016", "outside", TRIAL, ""),
            ("2019", "other_scale", "Answers were by degrees.", "2023"),
            ("2023", "none", "", "2019"),
        ])
    );
    // What was not asked before begins with the wave that asked it.
    assert_eq!(links("values_political_goals"), told(&[("2019", "", "", "2023"), ("2023", "none", "", "2019")]));
    let outside = links("innovative");
    assert_eq!(outside.iter().map(|it| it.0.as_str()).collect::<Vec<_>>(), ["2014", "2016", "2019", "2023"]);
    assert_eq!((outside[1].1.as_str(), outside[1].3.as_str()), ("outside", "2019 2023"));
    assert!(outside[0].3.is_empty() && !outside[1].2.is_empty(), "{outside:?}");
}

#[test]
fn the_descriptions_of_the_file_say_what_the_columns_mean() {
    for file in ["en/data/datapackage.json", "en/data/csv-metadata.json"] {
        let description = text(file);
        assert!(
            description.contains("\"break_before\"") && description.contains("draw no line and tell no change"),
            "{file}"
        );
    }
}

#[test]
fn no_line_of_a_drawing_crosses_a_break() {
    // Lines that are no marks of a break: those of limits, of the scale, and from wave to wave.
    let drawn = |edition: &Path, name: &str| {
        let drawing = fs::read_to_string(edition.join(format!("en/figures/{name}.svg"))).expect("a drawing");
        let breaks = drawing.matches("class=\"break").count();
        (breaks, drawing.matches("<line ").count() - breaks)
    };
    for (name, expected) in [("collaboration-over-waves", 2), ("values-over-waves", 1)] {
        let (none, whole) = drawn(&super::NEWEST.1, name);
        let (breaks, left) = drawn(&BROKEN.2, name);
        assert_eq!((none, breaks), (0, expected), "{name}");
        assert!(left < whole, "{name}: {left} lines and {whole} without a break");
    }
}
