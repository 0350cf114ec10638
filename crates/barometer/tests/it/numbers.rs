//! Every number of an edition is one that its tables publish: in pages, drawings, alternative texts, captions, in Markdown and in the press
//! texts, of the whole edition and of its variant.
//!
//! A number alone proves little, since most whole per cents stand in some table. So they are matched together: an estimate with its limits, a row
//! of a table with its n, a test with its margin. What a sentence tells is a claim with a verdict. Whatever is left must have been written by
//! an author, in a text that the linter of the run has read: years, and numbers inside labels and questions.

pub(crate) mod page;
mod tables;

use std::collections::{BTreeMap, BTreeSet};

use crate::house::{published, release, tree};
use page::{Figure, Language, numbers, plain, split_off};
use tables::Tables;

const LANGUAGES: [(&str, Language); 2] =
    [("", Language { thousands: '.', decimal: ',' }), ("en/", Language { thousands: ',', decimal: '.' })];

/// What is told beside the numbers of tables, on every page: the levels of intervals and tests, and the ends of scales.
const LEVELS: [&str; 2] = ["95", "5"];

/// The days of the quality report: fieldwork from 13 January to 15 March 2020, the end of the reference period on 31 December.
const DAYS: [&str; 3] = ["13", "15", "31"];

/// An edition as it is read in one language.
struct Reading<'a> {
    files: BTreeMap<&'a str, &'a str>,
    tables: Tables,
    language: Language,
    /// Numbers in texts that somebody wrote.
    written: BTreeSet<String>,
    /// Numbers in the words of claims.
    told: BTreeSet<String>,
    /// The tables of each figure.
    of_figure: BTreeMap<String, Vec<String>>,
    wrong: Vec<String>,
    matched: usize,
}

impl Reading<'_> {
    fn wrong(&mut self, place: &str, what: impl std::fmt::Display) {
        self.wrong.push(format!("{place}: {what}"));
    }

    /// Each of these numbers must be one of those allowed, or written by an author.
    fn loose(&mut self, place: &str, text: &str, allowed: &BTreeSet<String>) {
        for number in numbers(text, self.language) {
            if allowed.contains(&number) || self.written.contains(&number) {
                self.matched += 1;
            } else {
                let near: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
                let near: String = near.chars().take(160).collect();
                self.wrong(place, format_args!("{number} in {near:?}"));
            }
        }
    }

    /// Estimate and limits that stand together must be those of one cell.
    fn together(&mut self, place: &str, ids: &[String], found: &[String]) {
        match found {
            [estimate, low, high] if self.tables.has(ids, [estimate, low, high]) => self.matched += 3,
            other => self.wrong(place, format_args!("{other:?} is no cell of {ids:?}")),
        }
    }

    /// A large number: the estimate, the level of its interval, and the limits.
    fn large(&mut self, place: &str, key: &str) {
        match numbers(key, self.language).as_slice() {
            [estimate, level, low, high] if level == LEVELS[0] => {
                self.together(place, &[], &[estimate, low, high].map(Clone::clone));
            }
            other => self.wrong(place, format_args!("{other:?} is no number with its interval")),
        }
    }

    fn figure(&mut self, place: &str, figure: &Figure<'_>) {
        let own = figure.tables();
        let ids = if own.is_empty() { self.of_figure.get(&figure.id).cloned().unwrap_or_default() } else { own };
        if ids.is_empty() {
            return self.wrong(place, "a figure of no table");
        }
        for key in figure.keys() {
            self.large(&format!("{place}, large"), &key);
        }
        for (estimate, limits) in figure.drawn() {
            let (mut found, limits) = (numbers(&estimate, self.language), numbers(&limits, self.language));
            // The level of an interval may stand before its limits.
            found.extend(limits.into_iter().rev().take(2).rev());
            self.together(&format!("{place}, drawing"), &ids, &found);
        }
        let allowed = self.around(&ids, figure);
        for text in figure.other_texts() {
            self.loose(&format!("{place}, drawing"), &text, &allowed);
        }
        for (estimate, limits) in figure.described() {
            let found = [numbers(&estimate, self.language), numbers(&limits, self.language)].concat();
            self.together(&format!("{place}, alternative text"), &ids, &found);
        }
        for row in figure.rows() {
            let row: Vec<String> = row.iter().flat_map(|cell| numbers(cell, self.language)).collect();
            match row.as_slice() {
                [] => {}
                [estimate, low, high, n] if self.tables.has_row(&ids, [estimate, low, high, n]) => self.matched += 4,
                other => self.wrong(place, format_args!("the row {other:?} is in no table of {ids:?}")),
            }
        }
        for text in figure.words() {
            self.loose(&format!("{place}, words"), &text, &allowed);
        }
    }

    /// What may stand around the numbers of a figure: shares in total, n, how many marks there are, the tests of its page.
    fn around(&self, ids: &[String], figure: &Figure<'_>) -> BTreeSet<String> {
        let mut allowed = self.tables.numbers(ids);
        allowed.extend(self.told.iter().cloned());
        allowed.extend(LEVELS.map(str::to_owned));
        allowed.extend(figure.counts().map(|count| count.to_string()));
        allowed.extend(self.tables.test_counts());
        allowed
    }

    fn html(&mut self, path: &str, html: &str) {
        let (figures, rest) = split_off(html, "<figure class=\"figure", "</figure>");
        for figure in figures {
            let figure = Figure::new(figure);
            self.figure(&format!("{path}, figure {}", figure.id), &figure);
        }
        let main = rest.split_once("<main").map_or(rest.as_str(), |(_, main)| main);
        let main = main.split_once("</main>").map_or(main, |(main, _)| main);
        let (keys, main) = page::keys(main);
        for key in keys {
            self.large(path, &key);
        }
        let (claims, main) = page::claims(&main);
        for claim in claims {
            if !self.tables.holds(&claim) {
                self.wrong(path, format_args!("no verdict on {claim}"));
            }
        }
        let name = path.rsplit('/').next().unwrap_or(path);
        let (rows, main) = split_off(&main, "<tr>", "</tr>");
        for row in rows {
            self.row(path, name, row);
        }
        let mut allowed = self.tables.of_fieldwork();
        allowed.extend(LEVELS.map(str::to_owned));
        allowed.extend(self.tables.test_counts());
        allowed.extend(self.told.iter().cloned());
        if name == "quality.html" || name.starts_with("print") {
            allowed.extend(self.tables.printed());
            allowed.extend(DAYS.map(str::to_owned));
        }
        if name == "comparability.html" {
            allowed.extend(questions(html).map(|count| count.to_string()));
        }
        self.loose(path, &page::without_concepts(&plain(&main)), &allowed);
    }

    /// A row of a table that belongs to no figure: a test, a key figure with its error, a count of the survey; sizes of files are no numbers of it.
    fn row(&mut self, path: &str, name: &str, row: &str) {
        let cells = row.split("<td").skip(1).map(|cell| plain(&format!("<td{cell}")));
        let found: Vec<String> = cells.flat_map(|cell| numbers(&cell, self.language)).collect();
        let is_known = match found.as_slice() {
            _ if name == "data.html" => true,
            [] => true,
            [estimate, low, high, margin] if self.tables.has_test([estimate, low, high, margin]) => true,
            [estimate, low, high, n] if self.tables.has_row(&[], [estimate, low, high, n]) => true,
            [estimate, error, low, high, n] if self.tables.has_error([estimate, error, low, high, n]) => true,
            row if self.tables.has_precision(row) => true,
            row if self.tables.has_late(row) => true,
            row if self.tables.has_back_test(row) => true,
            [weighted, unweighted] if self.tables.has_weighted(weighted, unweighted) => true,
            counts => counts.iter().all(|count| self.tables.of_fieldwork().contains(count)),
        };
        if is_known {
            self.matched += found.len();
        } else {
            self.wrong(path, format_args!("the row {found:?}"));
        }
    }
}

/// How many questions a page of comparability tells: in the rows of those that differ, in the list of the others, and together.
fn questions(html: &str) -> [usize; 3] {
    let differing = html.matches("<tr><th scope=\"row\">").count();
    let list = html.split_once("id=\"alike\"").map_or("", |(_, behind)| behind);
    let list = list.split_once("</p>").map_or(list, |(list, _)| list);
    let alike = list.split("\u{a0}\u{b7} ").filter(|label| !label.is_empty()).count();
    [differing, alike, differing + alike]
}

/// The numbers that authors wrote: in texts and labels of the country, in the language pack.
fn written(language: Language, code: &str) -> BTreeSet<String> {
    let country = tree(&testkit::repository().join("pipelines/dnk"));
    let mut texts = String::new();
    for (name, bytes) in country {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if name.ends_with(&format!(".{code}.md")) {
            texts.push_str(&page::without_claims(&text));
        } else if name == "published.csv" {
            // Why a number is another one today.
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let header = reader.headers().expect("there is a header").clone();
            let column = format!("because_{code}");
            let at = header.iter().position(|found| found == column).expect("reasons are told in each language");
            reader.records().for_each(|row| texts.push_str(&format!("{}\n", &row.expect("sound CSV")[at])));
        } else if name.ends_with(".toml") && !name.starts_with("twin/") {
            // A text of several words, not a name or a pattern.
            let quoted = text.split('"').skip(1).step_by(2).filter(|text| text.contains(' ') || text.contains('-'));
            quoted.for_each(|quoted| texts.push_str(&format!("{}\n", page::without_claims(quoted))));
        }
    }
    let pack = testkit::repository().join(format!("templates/lang/{code}.toml"));
    let pack = std::fs::read_to_string(pack).expect("there is a pack of the language");
    pack.split('"').skip(1).step_by(2).for_each(|quoted| texts.push_str(&format!("{quoted}\n")));
    numbers(&texts, language).into_iter().collect()
}

/// Reads an edition in one language; gives what is wrong, and how many numbers were matched.
fn read(
    files: &BTreeMap<String, String>,
    published: &serde_json::Value,
    folder: &str,
    language: Language,
) -> (Vec<String>, usize) {
    let code = if folder.is_empty() { "da" } else { folder.trim_end_matches('/') };
    let others: Vec<&str> = LANGUAGES.iter().map(|(other, _)| *other).filter(|other| !other.is_empty()).collect();
    let is_own =
        |path: &str| path.starts_with(folder) && (!folder.is_empty() || !others.iter().any(|it| path.starts_with(it)));
    let own: BTreeMap<&str, &str> =
        files.iter().filter(|(path, _)| is_own(path)).map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let pages = || own.iter().filter(|(path, _)| path.ends_with(".html"));
    let mut of_figure = BTreeMap::new();
    let mut told = BTreeSet::new();
    for (_, html) in pages() {
        for figure in split_off(html, "<figure class=\"figure", "</figure>").0 {
            let figure = Figure::new(figure);
            if !figure.tables().is_empty() {
                of_figure.insert(figure.id.clone(), figure.tables());
            }
        }
        told.extend(page::claim_words(html).iter().flat_map(|words| numbers(words, language)));
    }
    // Beside the tables lie all of them in one file, in forms of other systems.
    let is_table = |text: &str| text.trim_start_matches('\u{feff}').starts_with("table,");
    let data = own.iter().filter(|(_, text)| is_table(text)).filter_map(|(path, text)| {
        Some((path.split_once("data/")?.1.strip_suffix(".csv")?.to_owned(), (*text).to_owned()))
    });
    let facts = testkit::repository().join("pipelines/dnk/report/2019/facts.toml");
    let facts = std::fs::read_to_string(facts).expect("Denmark tells facts from elsewhere");
    let printed = testkit::repository().join("pipelines/dnk/published.csv");
    let printed = std::fs::read_to_string(printed).expect("Denmark tells what was printed");
    let tables = Tables::new(data, published, &facts, &printed);
    let written = written(language, code);
    let mut reading = Reading { files: own, tables, language, written, told, of_figure, wrong: Vec::new(), matched: 0 };
    let own: Vec<(&str, &str)> = reading.files.iter().map(|(path, text)| (*path, *text)).collect();
    for (path, text) in &own {
        if path.ends_with(".html") {
            reading.html(path, text);
        } else if let Some((_, name)) = path.split_once("figures/") {
            let mut figure = Figure::new(text);
            figure.id = name.trim_end_matches(".svg").to_owned();
            reading.figure(path, &figure);
        } else if path.ends_with("report.md") {
            // The same numbers as the pages: whatever it tells, the front page and the edition for printing tell, too.
            let folder = path.trim_end_matches("report.md");
            let is_of_them =
                |name: &str| name == "index.html" || (name.starts_with("print") && name.ends_with(".html"));
            let pages = own.iter().filter(|(other, _)| other.strip_prefix(folder).is_some_and(is_of_them));
            let pages: String = pages.map(|(_, html)| plain(html)).collect();
            let allowed = numbers(&pages, language).into_iter().collect();
            reading.loose(path, &page::without_concepts(text), &allowed);
        } else if path.ends_with("quality.md") {
            let html = path.replace("quality.md", "quality.html");
            let html = own.iter().find(|(other, _)| *other == html).expect("there is a page of quality").1;
            let allowed = numbers(&plain(html), language).into_iter().collect();
            reading.loose(path, text, &allowed);
        } else if path.ends_with(".md") || path.ends_with(".txt") {
            let allowed = reading.told.union(&reading.tables.of_fieldwork()).cloned().collect();
            reading.loose(path, text, &allowed);
        }
    }
    (reading.wrong, reading.matched)
}
/// The text files of the Danish edition, and its sealed store.
fn edition() -> (BTreeMap<String, String>, serde_json::Value) {
    let raw = testkit::repository().join("fixtures/dnk/2019/raw");
    let (_out, folder) = release("pipelines/dnk", "2019", &raw, &[]);
    let texts = tree(&folder).into_iter().filter_map(|(name, bytes)| Some((name, String::from_utf8(bytes).ok()?)));
    (texts.collect(), published(&folder))
}

#[test]
fn every_number_of_the_danish_edition_is_one_that_its_tables_publish() {
    let (files, store) = edition();
    for (folder, language) in LANGUAGES {
        let (wrong, matched) = read(&files, &store, folder, language);
        assert_eq!(wrong, Vec::<String>::new(), "{folder}");
        assert!(matched > 5_000, "only {matched} numbers were found in {folder:?}");
    }
}

/// The test above can fail: a number changed in one place is found there.
#[test]
fn a_number_that_no_table_publishes_is_found_wherever_it_stands() {
    let (files, store) = edition();
    for (path, from, to) in [
        ("value.html", ">68\u{a0}%</text>", ">67\u{a0}%</text>"),
        ("value.html", ">66–70</text>", ">65–70</text>"),
        ("value.html", "<td>68</td><td>66</td>", "<td>68</td><td>65</td>"),
        ("value.html", "Højest: Højere kvalitet, 68\u{a0}%", "Højest: Højere kvalitet, 61\u{a0}%"),
        ("value.html", "n\u{a0}=\u{a0}1.877.", "n\u{a0}=\u{a0}1.878."),
        ("value.html", "68\u{a0}%<span>", "69\u{a0}%<span>"),
        ("value.html", "De viser ikke, at", "De viser 17 gange, at"),
        ("value.html", "data-claim=\"quality-core\"", "data-claim=\"nobody-judged\""),
        ("index.html", "95\u{a0}%-interval 89–91", "95\u{a0}%-interval 89–99"),
        ("quality.html", "<td>50,8</td>", "<td>50,7</td>"),
        ("figures/values.svg", ">68\u{a0}%</text>", ">67\u{a0}%</text>"),
        ("report.md", "| 68 | 66 | 70 |", "| 68 | 66 | 71,5 |"),
        ("press.txt", "2.271", "2.272"),
        ("municipality/municipal-value.html", "n\u{a0}=\u{a0}1.060.", "n\u{a0}=\u{a0}1.061."),
        ("print.html", "<td>68</td><td>66</td>", "<td>68</td><td>65</td>"),
    ] {
        let mut files = files.clone();
        let text = files.get_mut(path).unwrap_or_else(|| panic!("{path} is written"));
        assert!(text.contains(from), "{path} does not hold {from:?}");
        *text = text.replacen(from, to, 1);
        let (wrong, _) = read(&files, &store, LANGUAGES[0].0, LANGUAGES[0].1);
        assert!(wrong.iter().any(|it| it.starts_with(path)), "{path}: {to:?} was not found: {wrong:?}");
    }
}
