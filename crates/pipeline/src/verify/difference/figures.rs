//! The figures of a release as it was made again: their names for each file, by their order, their labels, the drawing or the claim that tells them.

use std::collections::BTreeMap;

use codebook::{CellName, Code, RowId, TableId, VariableName, Wave};

use super::pages;
use super::records::row_name;

/// The tidy rows of a whole release, whose order is that of every file of numbers.
const TIDY: &str = "data/tables.tidy.csv";

/// Every figure of a release.
#[derive(Debug, Default)]
pub(in crate::verify) struct Figures<'c> {
    wave: Option<&'c Wave>,
    /// By the folder of the language, which ends with a slash or is empty, in the order of the tables.
    cells: BTreeMap<String, Vec<NamedCell>>,
    /// The sentences that make a claim, by the folder of the language.
    sentences: BTreeMap<String, Vec<Sentence>>,
}

/// A cell with its name, and what a reader finds it by.
#[derive(Debug)]
pub(super) struct NamedCell {
    /// `table scores, row api, stype E`.
    pub(super) name: String,
    table: String,
    /// A row is named after its answer, or after the question alone where the table tells which answers count.
    ids: Vec<CellName>,
    row_label: String,
    group_label: String,
    /// The digits of its numbers, without points and signs.
    digits: Vec<String>,
}

/// A sentence, or a heading.
#[derive(Debug)]
struct Sentence {
    words: String,
    /// The words of each claim in it, and the cell that it tells.
    claims: Vec<(String, String)>,
}

impl<'c> Figures<'c> {
    /// Those of a release with these files, of a wave.
    pub(in crate::verify) fn of(files: &BTreeMap<String, Vec<u8>>, wave: Option<&'c Wave>) -> Self {
        let mut figures = Self { wave, ..Self::default() };
        for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(TIDY)) {
            figures.cells.insert(folder(path).to_owned(), named_cells(bytes));
        }
        let Some(wave) = wave else { return figures };
        for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
            let page = path.rsplit('/').next().and_then(|name| name.strip_suffix(".html"));
            let Some(theme) = wave.themes.iter().find(|theme| Some(theme.id.as_str()) == page) else { continue };
            let cell = |claim: &str| {
                let claim = theme.claims.iter().find(|it| it.id.as_str() == claim)?;
                let told = |cell: &&NamedCell| cell.ids.iter().any(|id| claim.tells(id.as_ref()));
                Some(figures.in_language(path).iter().find(told)?.name.clone())
            };
            let sentence = |(words, claims): (String, Vec<(String, String)>)| {
                let claims = claims.into_iter().filter_map(|(id, words)| Some((words, cell(&id)?))).collect();
                Sentence { words, claims }
            };
            let page = String::from_utf8_lossy(bytes);
            let sentences: Vec<Sentence> = pages::claims(&page).into_iter().map(sentence).collect();
            figures.sentences.entry(folder(path).to_owned()).or_default().extend(sentences);
        }
        figures
    }

    /// Those with the labels of a file's language, in the order of the tables.
    pub(super) fn in_language(&self, path: &str) -> &[NamedCell] {
        self.cells.get(folder(path)).map_or(&[], Vec::as_slice)
    }

    /// Those of a table.
    pub(super) fn of_table(&self, path: &str, table: &str) -> Vec<&NamedCell> {
        self.in_language(path).iter().filter(|cell| cell.table == table).collect()
    }

    /// Those of the table in this place among all of them.
    pub(super) fn of_table_in_place(&self, path: &str, place: usize) -> Vec<&NamedCell> {
        let mut tables: Vec<&str> = self.in_language(path).iter().map(|cell| cell.table.as_str()).collect();
        tables.dedup();
        tables.get(place).map_or_else(Vec::new, |table| self.of_table(path, table))
    }

    /// Those that a drawing shows.
    pub(super) fn of_drawing(&self, path: &str, id: &str) -> Vec<&NamedCell> {
        let figures = || self.wave.into_iter().flat_map(|wave| &wave.themes).flat_map(|theme| &theme.figures);
        let Some(figure) = figures().find(|figure| figure.id.as_str() == id) else { return Vec::new() };
        let is_shown = |cell: &&NamedCell| cell.ids.iter().any(|id| figure.shows(id.as_ref()));
        self.in_language(path).iter().filter(is_shown).collect()
    }

    /// The cell of a claim that a sentence makes, where the two versions of it differ.
    pub(super) fn of_sentence(&self, path: &str, released: &str, rebuilt: &str) -> Option<&str> {
        let sentences = self.sentences.get(folder(path))?;
        let claims = sentences.iter().filter(|it| it.words.contains(rebuilt)).flat_map(|it| &it.claims);
        let made: Vec<&(String, String)> = claims.filter(|(words, _)| rebuilt.contains(words.as_str())).collect();
        let differs = made.iter().find(|(words, _)| !released.contains(words.as_str()));
        differs.or(if let [only] = made.as_slice() { Some(only) } else { None }).map(|(_, cell)| cell.as_str())
    }
}

/// The one of some cells that stands beside these labels; of several, the one that has this number.
pub(super) fn labelled<'c>(cells: &[&'c NamedCell], labels: &[String], number: &str) -> Option<&'c NamedCell> {
    let is = |label: &str| !label.is_empty() && labels.iter().any(|it| it == label);
    let both = |cell: &&&NamedCell| is(&cell.row_label) && is(&cell.group_label);
    let group = |cell: &&&NamedCell| is(&cell.group_label);
    let row = |cell: &&&NamedCell| is(&cell.row_label) && cell.group_label.is_empty();
    // What stands beside no label of its own is the total.
    let total = |cell: &&&NamedCell| cell.group_label.is_empty();
    let digits = digits(number);
    let ways: [&dyn Fn(&&&NamedCell) -> bool; 4] = [&both, &group, &row, &total];
    let found = ways.into_iter().map(|way| cells.iter().filter(way).copied().collect::<Vec<_>>());
    let found = found.into_iter().find(|found| !found.is_empty())?;
    let mut having = found.iter().filter(|cell| cell.digits.contains(&digits));
    match (found.as_slice(), having.next(), having.next()) {
        ([only], _, _) | (_, Some(only), None) => Some(*only),
        (_, _, _) => None,
    }
}

/// The one of some cells whose label stands in these words.
pub(super) fn mentioned<'c>(cells: &[&'c NamedCell], words: &str) -> Option<&'c NamedCell> {
    // "High" does not stand in "Highest".
    let is_word = |(at, label): (usize, &str)| {
        let (before, behind) = (&words[..at], &words[at + label.len()..]);
        !before.ends_with(char::is_alphanumeric) && !behind.starts_with(char::is_alphanumeric)
    };
    let stands = |label: &str| !label.is_empty() && words.match_indices(label).any(is_word);
    let of_group = cells.iter().filter(|cell| stands(&cell.group_label)).collect::<Vec<_>>();
    let of_row = cells.iter().filter(|cell| cell.group_label.is_empty() && stands(&cell.row_label)).collect::<Vec<_>>();
    match (of_group.as_slice(), of_row.as_slice()) {
        ([only], _) | ([], [only]) => Some(**only),
        (_, _) => None,
    }
}

fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// The folder of a file's language.
fn folder(path: &str) -> &str {
    let below = path.trim_end_matches(|letter| letter != '/');
    ["figures/", "data/", "cards/"].iter().fold(below, |below, part| below.strip_suffix(part).unwrap_or(below))
}

fn named_cells(bytes: &[u8]) -> Vec<NamedCell> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let Ok(header) = reader.headers().cloned() else { return Vec::new() };
    let header: Vec<&str> = header.iter().collect();
    let cell = |record: csv::StringRecord| {
        let record: Vec<String> = record.iter().map(str::to_owned).collect();
        let at = |name: &str| {
            let place = header.iter().position(|column| *column == name);
            place.and_then(|place| record.get(place)).cloned().unwrap_or_default()
        };
        let (item, category) = (at("item"), at("category"));
        let group = VariableName::new(&at("breakdown")).ok().zip(Code::new(&at("group")).ok());
        let id = |row: &str| {
            Some(CellName { table: TableId::new(&at("table")).ok()?, row: RowId::new(row).ok()?, group: group.clone() })
        };
        NamedCell {
            name: row_name(&header, &record),
            table: at("table"),
            ids: [format!("{item}:{category}"), item].iter().filter_map(|row| id(row)).collect(),
            row_label: at("category_label"),
            group_label: at("group_label"),
            digits: ["estimate", "se", "ci_low", "ci_high", "n"].map(|name| digits(&at(name))).to_vec(),
        }
    };
    reader.records().filter_map(Result::ok).map(cell).collect()
}
