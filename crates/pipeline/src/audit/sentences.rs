//! Sentences that state numbers: the claims of pages, and the lines of what is handed to the press.

use std::collections::BTreeSet;

use super::beside::{Before, Names};
use super::cells::{CellLine, Cells, Printed};
use super::figures::{Drawn, labelled, row_of_numbers};
use super::markup::{Piece, text, told_by_attributes, within, without};
use super::seen::Seen;
use super::series::{self, is_over_waves};
use super::words::{Written, numbers};

/// Elements that hold a sentence or several.
const BLOCKS: [&str; 10] = ["p", "li", "h1", "h2", "h3", "h4", "dd", "caption", "blockquote", "td"];

/// Reads the claims of a page. A number in a sentence that names a hidden group must be one that another table shows of the group, or of all; of a
/// claim that was not judged (the release tells which were) not even a number that happens to be shown somewhere is believed.
pub(super) fn read(path: &str, pieces: &[Piece<'_>], cells: &Cells, judged: &BTreeSet<String>, seen: &mut Seen) {
    let of_page = cells.of_page(path).chain(cells.earlier_of_page(path));
    let hidden: Vec<&CellLine> = of_page.filter(|cell| cell.is_hidden()).collect();
    if hidden.is_empty() {
        return;
    }
    for (index, piece) in pieces.iter().enumerate() {
        let Piece::Open(tag) = piece else { continue };
        if !BLOCKS.contains(&tag.name) {
            continue;
        }
        let block = within(pieces, index);
        let claims = block.iter().enumerate().filter_map(|(at, piece)| match piece {
            Piece::Open(tag) if tag.is_class("claim") => {
                Some((tag.attribute("data-claim").unwrap_or_default(), text(within(block, at))))
            }
            Piece::Open(_) | Piece::Close(_) | Piece::Text(_) => None,
        });
        let words = text(block);
        for (claim, stated) in claims {
            if let [number] = numbers(&stated).as_slice() {
                let claim = Claim { path, claim, is_judged: judged.is_empty() || judged.contains(claim) };
                claimed(number, sentence(&words, &stated), &hidden, cells, &claim, seen);
            }
        }
    }
}

/// Reads every block of a page outside of figures, and what attributes tell people: numbers beside the name of something hidden.
pub(super) fn beside_names(path: &str, pieces: &[Piece<'_>], cells: &Cells, seen: &mut Seen) {
    let of_page: Vec<&CellLine> = cells.of_page(path).collect();
    let names = Names::of_all(&of_page);
    if names.are_none() {
        return;
    }
    for words in told_by_attributes(pieces) {
        names.read(&words, Before::PerCent, path, seen);
    }
    let outside = without(pieces, &["figure"]);
    for (index, piece) in outside.iter().enumerate() {
        let Piece::Open(tag) = piece else { continue };
        if BLOCKS.contains(&tag.name) || tag.name == "th" {
            names.read(&text(within(&outside, index)), Before::PerCent, path, seen);
        }
    }
}

/// The sentence of a text that holds some words.
fn sentence<'t>(text: &'t str, words: &str) -> &'t str {
    text.split_inclusive(". ").find(|sentence| sentence.contains(words)).unwrap_or(text)
}

/// A claim that states a number.
struct Claim<'a> {
    path: &'a str,
    claim: &'a str,
    is_judged: bool,
}

fn claimed(number: &Written, sentence: &str, hidden: &[&CellLine], cells: &Cells, claim: &Claim<'_>, seen: &mut Seen) {
    let place = format!("{}, claim {}", claim.path, claim.claim);
    let words = sentence.to_lowercase();
    let is_about = |label: &str| !label.is_empty() && words.contains(&stem(label));
    // An earlier wave is named by its year, or the sentence is not about it.
    let is_of_wave = |cell: &CellLine| !cell.is_earlier || words.contains(&cell.wave);
    let of_page = cells.of_page(claim.path).chain(cells.earlier_of_page(claim.path));
    let shown: Vec<&CellLine> = of_page.filter(|cell| !cell.is_hidden() && is_of_wave(cell)).collect();
    let named =
        |cell: &&&CellLine| is_about(&cell.group_label) || (cell.spot.group.is_none() && is_about(&cell.row_label));
    let is_explained =
        shown.iter().filter(named).any(|cell| number.meanings.iter().any(|meaning| cell.shows(*meaning)));
    // The base alone may be what it is about.
    let is_total = shown
        .iter()
        .filter(|cell| cell.spot.group.is_none())
        .any(|cell| number.meanings.iter().any(|it| cell.shows(*it)));
    if claim.is_judged && (is_explained || is_total) {
        return;
    }
    let about = |cell: &&&CellLine| is_about(&cell.group_label) && is_about(&cell.row_label);
    let of_group = |cell: &&&CellLine| is_about(&cell.group_label);
    let mut hidden: Vec<&CellLine> = hidden.iter().copied().filter(|cell| is_of_wave(cell)).collect();
    // Where a year is named, the sentence is about that wave first.
    hidden.sort_by_key(|cell| !cell.is_earlier);
    let cell = hidden.iter().find(about).or_else(|| hidden.iter().find(of_group));
    if let Some(cell) = cell {
        let value = Printed::of(number.meanings.first().copied().unwrap_or_default(), 0.5);
        seen.tells(cell, "estimate", value, &place);
    }
}

/// A label as it may stand in a sentence: small, without the last letters, which languages bend.
fn stem(label: &str) -> String {
    let letters = label.chars().count();
    let kept = if letters < 5 { letters } else { (letters - 2).max(4) };
    label.to_lowercase().chars().take(kept).collect()
}

/// Reads a text without markup: rows of tables, and numbers behind labels.
pub(super) fn read_plain(path: &str, words: &str, cells: &Cells, drawn: &Drawn<'_>, seen: &mut Seen) {
    let all: Vec<&CellLine> = cells.of_page(path).collect();
    if !all.iter().any(|cell| cell.is_hidden()) {
        return;
    }
    let folder = path.trim_end_matches(|letter| letter != '/');
    let of_all = Names::of_all(&all);
    let mut of_figure = &all;
    for (line, words) in words.lines().enumerate() {
        let place = format!("{path}:{}", line + 1);
        // The table of a figure follows its drawing.
        if let Some((_, drawing)) = words.split_once("](figures/") {
            let drawing = drawing.split(')').next().unwrap_or_default();
            of_figure = drawn.get(&format!("{folder}figures/{drawing}")).unwrap_or(&all);
        }
        if words.starts_with('|') {
            let parts: Vec<String> = words.trim_matches('|').split('|').map(|part| part.trim().to_owned()).collect();
            let is_wave = |part: &str| series::is_wave(part, of_figure);
            let (mut values, mut labels): (Vec<&String>, Vec<String>) = (Vec::new(), Vec::new());
            for part in &parts {
                // Behind an estimate stands its interval; elsewhere two numbers are a name, such as that of a class of sizes.
                let is_interval = is_interval(part) && !values.is_empty();
                if (is_number(part) && !is_wave(part)) || is_interval {
                    values.push(part);
                } else {
                    labels.push(part.clone());
                }
            }
            let values: Vec<Written> = values.into_iter().flat_map(|value| numbers(value)).collect();
            row_of_numbers(&labels, &values, of_figure, &place, seen);
        } else {
            of_all.read(words, Before::PerCent, &place, seen);
            if is_over_waves(of_figure) {
                labelled(words, of_figure, &place, seen);
            }
        }
    }
}

/// `64–72`.
fn is_interval(part: &str) -> bool {
    numbers(part).len() == 2 && part.contains('\u{2013}') && part.chars().all(|letter| !letter.is_alphabetic())
}

fn is_number(part: &str) -> bool {
    numbers(part).len() == 1 && part.chars().all(|letter| !letter.is_alphabetic())
}
