//! One country in every language that the program carries, from one run; and in a language that nobody speaks, which finds what was written in
//! English by hand.

mod pseudo;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::house::{Said, barometer, differing, release, tree};

/// The languages of the trial edition, the first of which is the root of the site.
const LANGUAGES: [&str; 8] = ["da", "en", "es", "fi", "is", "nb", "nl", "sv"];

/// Every file of the trial edition's release.
fn trial(more: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let raw = testkit::repository().join("fixtures/trial/2019/raw");
    let (_out, folder) = release("pipelines/trial", "2019", &raw, more);
    tree(&folder)
}

fn text<'f>(files: &'f BTreeMap<String, Vec<u8>>, path: &str) -> &'f str {
    std::str::from_utf8(files.get(path).unwrap_or_else(|| panic!("{path} is written"))).expect("pages are UTF-8")
}

/// The folder of a language, with its slash.
fn folder(language: &str) -> String {
    if language == LANGUAGES[0] { String::new() } else { format!("{language}/") }
}

/// Whoever has the link to an English page still finds it when somebody renders the Danish ones alone.
#[test]
fn a_language_that_is_published_is_not_taken_from_readers() {
    let raw = testkit::repository().join("fixtures/trial/2019/raw");
    let (out, folder) = release("pipelines/trial", "2019", &raw, &["--lang", "da,en"]);
    let before = tree(out.path());
    let run = |more: &[&str]| -> Said {
        let mut command = barometer();
        command.args(["run", "pipelines/trial", "--wave", "2019", "--raw"]).arg(&raw).arg("--out").arg(out.path());
        command.args(more).output().expect("it starts").into()
    };
    let said = run(&["--lang", "da"]);
    assert_eq!(said.code, Some(2), "{}", said.err);
    let expected = format!(
        "{} is published in da, en, and this run would leave out en: what is published stays\nhelp: make it in every language, or look at one with \
         --draft --lang; ",
        folder.display()
    );
    assert!(said.err.contains(&expected), "{}", said.err);
    assert_eq!(differing(&before, &tree(out.path())), Vec::<String>::new());
    // A draft is in any, and one more language takes nothing away.
    assert_eq!(run(&["--lang", "da", "--draft"]).code, Some(0));
    let said = run(&["--lang", "da,en,sv"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(folder.join("en/index.html").exists() && folder.join("sv/index.html").exists());
}

/// The digits of every cell of the tables behind the figures, in their order.
fn digits(page: &str) -> Vec<String> {
    let cells = page.split("<details>").skip(1).flat_map(|after| after.split("</details>").next());
    let cells = cells.flat_map(|table| table.split("<td>").skip(1).filter_map(|cell| cell.split("</td>").next()));
    cells.map(|cell| cell.chars().filter(char::is_ascii_digit).collect()).collect()
}

#[test]
fn one_run_makes_every_language_with_the_same_pages_and_the_same_numbers() {
    let files = trial(&[]);
    let pages = |language: &str| {
        let folder = folder(language);
        let own = files.keys().filter_map(|name| name.strip_prefix(folder.as_str()));
        // The root holds the folders of the others, and what belongs to all.
        let is_own = |name: &&str| !name.contains('/') || name.starts_with("data/") || name.starts_with("figures/");
        own.filter(is_own).filter(|name| *name != "manifest.json").map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let expected = pages(LANGUAGES[0]);
    assert!(
        expected.contains("value.html") && expected.contains("report.md") && expected.contains("figures/factors.svg")
    );
    for language in LANGUAGES {
        assert_eq!(pages(language), expected, "{language}");
        let page = |name: &str| text(&files, &format!("{}{name}", folder(language)));
        for name in ["innovation.html", "value.html"] {
            assert!(
                page(name).starts_with(&format!("<!doctype html>\n<html lang=\"{language}\">")),
                "{language}/{name}"
            );
            let (own, first) = (digits(page(name)), digits(text(&files, name)));
            assert!(own.len() > 40 && own == first, "{language}/{name} has other numbers");
        }
        assert!(page("innovation.html").contains("SYNTHETIC"), "{language}");
        // Every other language is one link away, under its own name.
        assert_eq!(page("index.html").matches(" hreflang=\"").count(), LANGUAGES.len() - 1, "{language}");
    }
}

/// The first words of the front page of each language: the form of its numbers, and how a count stands beside what is counted.
#[test]
fn numbers_and_dates_have_the_form_of_their_language() {
    let files = trial(&[]);
    for (language, answers, population, date) in [
        ("da", "1.200 arbejdspladser har svaret", "4.800", "4.\u{a0}december 2020"),
        ("en", "1,200 workplaces answered", "4,800", "4\u{a0}December 2020"),
        ("es", "Respondieron 1200 centros de trabajo", "4800", "4\u{a0}de diciembre de 2020"),
        ("fi", "Vastausten määrä on 1\u{a0}200 (yksikkö: työpaikat)", "4\u{a0}800", "4.\u{a0}joulukuuta 2020"),
        ("is", "Fjöldi svara er 1.200 (eining: vinnustaðir)", "4.800", "4.\u{a0}desember 2020"),
        ("nb", "1\u{a0}200 arbeidsplasser har svart", "4\u{a0}800", "4.\u{a0}desember 2020"),
        ("nl", "1.200 werkplekken hebben geantwoord", "4.800", "4\u{a0}december 2020"),
        ("sv", "1\u{a0}200 arbetsplatser har svarat", "4\u{a0}800", "4\u{a0}december 2020"),
    ] {
        let page = text(&files, &format!("{}index.html", folder(language))).to_owned();
        let lead = page.split_once("<h2 id=\"survey\">").unwrap().1.split_once("</section>").unwrap().0;
        assert!(lead.contains(answers) && lead.contains(population), "{language}: {lead}");
        assert!(page.contains(&format!("<time datetime=\"2020-12-04\">{date}</time>")), "{language}");
    }
}

/// A caption puts labels into sentences. Finnish and Icelandic ones must not ask them for a case.
#[test]
fn captions_leave_labels_as_they_are() {
    let files = trial(&[]);
    let finnish = text(&files, "fi/innovation.html");
    for sentence in [
        "Innovaation käyttöön ottaneet työpaikat, jaottelu muuttujan ”Hallinnon taso” mukaan. Prosenttiosuus ryhmästä ”kaikki \
         työpaikat”.",
        "Pinottu pylväskuvio, jossa on 1 pylväs: Viimeisimmän innovaation uutuusaste.",
        "Pinottu pylväskuvio, jossa on 4 pylvästä: Viimeisimmän innovaation uutuusaste, jaottelu muuttujan ”Hallinnon taso” \
         mukaan.",
        "Innovaation käyttöön ottaneet työpaikat muuttujan ”Henkilöstön määrä” mukaan: Vähintään 10 työntekijää, vertailukohtana \
         Alle 10 työntekijää",
    ] {
        assert!(finnish.contains(sentence), "{sentence}");
    }
    let icelandic = text(&files, "is/innovation.html");
    for sentence in [
        "Vinnustaðir sem innleiddu nýsköpun, eftir breytunni „Stjórnsýslustig“. Hlutfall (%) af hópnum „allir vinnustaðir“.",
        "Staflað súlurit með 1 súlu: Nýnæmi nýjustu nýsköpunar.",
        "Byggt á 1.200 svörum.",
    ] {
        assert!(icelandic.contains(sentence), "{sentence}");
    }
    let method = text(&files, "fi/method.html");
    assert!(
        method
            .contains("Ositusperusteena on ”Hallinnon taso” ja ”Henkilöstön määrä”. Vastauksia saatiin 6 ositteesta.")
    );
}

/// A sentence that is false in one language is told in that language, with words of it that would be true.
#[test]
fn a_false_sentence_is_told_with_true_words_of_its_language() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let country = folder.path().join("trial");
    for (name, bytes) in tree(&testkit::repository().join("pipelines/trial")) {
        let mut text = String::from_utf8(bytes).expect("a country's files are UTF-8");
        if name.ends_with("report/2019/innovation.fi.md") {
            text = text.replace("Lähes kahdeksan kymmenestä", "Yhdeksän kymmenestä");
        }
        write(&country.join(name), &text);
    }
    let said = crate::house::Said::from(
        crate::house::barometer()
            .arg("run")
            .arg(&country)
            .args(["--raw", "fixtures/trial/2019/raw", "--out"])
            .arg(folder.path().join("out"))
            .output()
            .expect("the program starts"),
    );
    assert_eq!(said.code, Some(5), "{}", said.err);
    let expected = "help: true would be ”kahdeksan kymmenestä”; or ”79\u{a0}%”";
    assert!(said.err.lines().any(|line| line == expected), "{}", said.err);
}

/// Writes a file with its folder.
fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
    std::fs::write(path, text).expect("a file can be written");
}
