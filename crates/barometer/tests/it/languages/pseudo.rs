//! A language without a single letter of English: each letter of the English pack and of the country's English texts is exchanged for one
//! with an accent, and each text of the pack is made longer and put into brackets. Whatever is still written with plain letters on a page, in
//! a chart, in an alternative text or in Markdown came from neither; a template or a line of Rust has a word of its own.
//!
//! The pack is laid beside the country as its own, so this also shows that a language is added without compiling anything.

use std::collections::BTreeSet;

use super::{text, write};
use crate::house::{barometer, tree};

/// A letter for each of the alphabet, in both sizes.
const PLAIN: &str = "abcdefghijklmnopqrstuvwxyz";
const SMALL: &str = "áƀćďéḟǵĥíĵķĺḿńóṕɋŕśťúṽẃẍýž";
const LARGE: &str = "ÁɃĆĎÉḞǴĤÍĴĶĹḾŃÓṔɊŔŚŤÚṼẂẌÝŽ";

/// The names of formats, which are offered for download as they are called.
const FORMATS: [&str; 16] = [
    "CSV", "PX", "JSON", "stat", "XLSX", "ODS", "Parquet", "SDMX", "Data", "Package", "CSVW", "DDI", "Codebook",
    "DCAT", "RO", "Crate",
];

/// What may be written in plain letters: symbols of what is not shown, and the letter before the numbers of SIMS.
const NAMES: [&str; 3] = ["c", "u", "S"];

/// A text in the language, but for what stands in braces.
fn pseudo(text: &str) -> String {
    let exchange = |letter: char| {
        let index = PLAIN.find(letter.to_ascii_lowercase())?;
        if letter.is_ascii_uppercase() { LARGE.chars().nth(index) } else { SMALL.chars().nth(index) }
    };
    let mut depth = 0_usize;
    let mut exchanged = String::new();
    for letter in text.chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        exchanged.push(if depth > 0 { letter } else { exchange(letter).unwrap_or(letter) });
    }
    exchanged
}

/// A line of TOML with each of its quoted texts changed.
fn quoted(line: &str, change: impl Fn(&str) -> String) -> String {
    let mut changed = String::new();
    for (index, part) in line.split('"').enumerate() {
        match index {
            0 => changed.push_str(part),
            _ if index % 2 == 1 => changed.extend(["\"", change(part).as_str(), "\""]),
            _ => changed.push_str(part),
        }
    }
    changed
}

/// A text of the pack: longer by a third, as texts are in other languages, and between brackets.
fn bracketed(text: &str) -> String {
    format!("⟦{}{}⟧", pseudo(text), "·".repeat(text.chars().count().div_ceil(3)))
}

/// The English pack in the language.
fn pack() -> String {
    let english =
        std::fs::read_to_string(testkit::repository().join("templates/lang/en.toml")).expect("the pack is there");
    let mut section = "";
    let mut lines = Vec::new();
    for line in english.lines() {
        if line.starts_with('[') {
            section = line;
        }
        let (key, value) = line.split_once(" = ").unwrap_or((line, ""));
        lines.push(match section {
            _ if value.is_empty() || key == "locale" => line.to_owned(),
            "[texts]" => format!("{key} = {}", quoted(value, bracketed)),
            "[numbers]" => format!("\"{}\" = {value}", pseudo(key)),
            "[fractions]" => format!("{} = {value}", quoted(key, pseudo)),
            _ => format!("{key} = {}", quoted(value, pseudo)),
        });
    }
    lines.join("\n")
}

/// A country's file in the language alone: of each text that is given in several, the English one changed.
fn translated(toml: &str) -> String {
    let mut changed = String::new();
    let mut rest = toml;
    while let Some((before, after)) = rest.split_once("{ da = \"") {
        let (texts, behind) = after.split_once("\" }").expect("a list of texts ends on its line");
        let english = texts.split_once("\", en = \"").expect("English follows Danish").1;
        let english = english.split_once("\", es = \"").expect("Spanish follows English").0;
        changed.extend([before, "{ xa = \"", pseudo(english).as_str(), "\" }"]);
        rest = behind;
    }
    changed + rest
}

/// The trial edition in the language: its release.
fn release() -> std::collections::BTreeMap<String, Vec<u8>> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let country = folder.path().join("trial");
    for (name, bytes) in tree(&testkit::repository().join("pipelines/trial")) {
        let text = String::from_utf8(bytes).expect("a country's files are UTF-8");
        match name.strip_suffix(".en.md") {
            Some(theme) => write(&country.join(format!("{theme}.xa.md")), &pseudo(&text)),
            None if name.ends_with(".toml") => {
                let languages = "languages = [\"da\", \"en\", \"es\", \"fi\", \"is\", \"nb\", \"nl\", \"sv\"]";
                let text = translated(&text).replace(languages, "languages = [\"xa\"]");
                write(&country.join(name), &text);
            }
            None => {}
        }
    }
    write(&country.join("templates/lang/xa.toml"), &pack());
    let out = folder.path().join("out");
    let said =
        barometer().arg("run").arg(&country).args(["--raw", "fixtures/trial/2019/raw", "--out"]).arg(&out).output();
    let said = said.expect("the program starts");
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    tree(&out.join("trial/2019"))
}

/// What a reader of a page sees or hears: the texts, and the attributes that are read out.
fn read_out(page: &str) -> Vec<String> {
    const SPOKEN: [&str; 5] = ["alt", "aria-label", "title", "placeholder", "content"];
    let mut found = Vec::new();
    let mut rest = page;
    while let Some((before, after)) = rest.split_once('<') {
        found.push(before.to_owned());
        let (tag, behind) = after.split_once('>').expect("a tag is closed");
        let is_description = !tag.starts_with("meta ") || tag.contains("name=\"description\"");
        for attribute in SPOKEN.iter().filter(|_| is_description) {
            let value = tag.split_once(&format!(" {attribute}=\"")).and_then(|(_, value)| value.split_once('"'));
            found.extend(value.map(|(value, _)| value.to_owned()));
        }
        // Rules of style are nobody's words.
        rest = if tag.starts_with("style") { behind.split_once("</style>").expect("it is closed").1 } else { behind };
    }
    found.push(rest.to_owned());
    for (code, character) in [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'")] {
        found.iter_mut().for_each(|text| *text = text.replace(code, character));
    }
    found
}

/// What a reader of Markdown sees: all but the addresses of links.
fn without_addresses(markdown: &str) -> Vec<String> {
    let mut parts = markdown.split("](");
    let first = parts.next().unwrap_or_default().to_owned();
    let behind = parts.map(|part| part.split_once(')').map_or(part, |(_, behind)| behind).to_owned());
    std::iter::once(first).chain(behind).collect()
}

/// The words in plain letters.
fn plain(texts: &[String]) -> BTreeSet<String> {
    let words = texts.iter().flat_map(|text| text.split(|letter: char| !letter.is_ascii_alphabetic()));
    words.filter(|word| !word.is_empty() && !NAMES.contains(word)).map(str::to_owned).collect()
}

#[test]
fn every_word_comes_from_the_pack_or_from_the_country() {
    let files = release();
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for (name, ending) in files.keys().filter_map(|name| Some((name, name.rsplit_once('.')?.1))) {
        let texts = match ending {
            "html" | "svg" => read_out(text(&files, name)),
            "md" => without_addresses(text(&files, name)),
            _ => continue,
        };
        seen.insert(ending);
        let words: Vec<String> = plain(&texts).into_iter().filter(|word| !FORMATS.contains(&word.as_str())).collect();
        if !words.is_empty() {
            wrong.push(format!("{name}: {}", words.join(" ")));
        }
    }
    assert_eq!(seen, BTreeSet::from(["html", "md", "svg"]));
    assert!(wrong.is_empty(), "words in no language pack:\n{}", wrong.join("\n"));
}

/// The labels in files of numbers are in the language, whatever their columns are called.
#[test]
fn labels_of_downloads_come_from_the_country() {
    let files = release();
    let table = text(&files, "data/innovation.csv");
    let label = pseudo("Workplaces that introduced innovation");
    assert!(table.contains(&label) && table.contains(&pseudo("Level of government")), "{table}");
    assert!(!table.contains("Workplaces") && !table.contains("government"), "{table}");
}

/// The search must be able to find something.
#[test]
fn a_word_in_plain_letters_is_found_wherever_a_reader_meets_it() {
    let page = "<p title=\"Hidden\">Seen</p><svg><title>Chart</title></svg><style>a { color: red }</style><a href=\"page.html\">é</a>";
    assert_eq!(plain(&read_out(page)), BTreeSet::from(["Hidden", "Seen", "Chart"].map(str::to_owned)));
    assert_eq!(plain(&without_addresses("[é](page.html) Seen")), BTreeSet::from(["Seen".to_owned()]));
    assert_eq!(pseudo("Add {count} up"), "Áďď {count} úṕ");
}
