//! The figures of pages: their tables, what is said in place of the drawing, the n of their captions.

use std::collections::BTreeMap;

use super::beside::{Before, Names};
use super::cells::{CellLine, Cells, Printed};
use super::chart;
use super::markup::{self, Piece, text, within};
use super::seen::{Seen, in_digits};
use super::words::{Written, numbers};
use super::{series, series::is_over_waves};

/// The rows of the tables that figures show, by the path of a figure's own file.
pub(super) type Drawn<'c> = BTreeMap<String, Vec<&'c CellLine>>;

/// Reads the figures of a page. Tells which cells each shows, for the drawings that lie in files of their own. A figure that links to no table
/// shows those of its namesake on a page that was read before.
pub(super) fn read<'c>(
    path: &str,
    pieces: &[Piece<'_>],
    (cells, before): (&'c Cells, &Drawn<'c>),
    seen: &mut Seen,
) -> Drawn<'c> {
    let folder = path.trim_end_matches(|letter| letter != '/');
    let mut drawn = Drawn::new();
    for (index, piece) in pieces.iter().enumerate() {
        let Piece::Open(tag) = piece else { continue };
        if tag.name != "figure" {
            continue;
        }
        let inner = within(pieces, index);
        let file = tag.attribute("id").map(|id| format!("{folder}figures/{id}.svg"));
        let mut of_figure = cells_of(path, inner, cells);
        if of_figure.is_empty() {
            of_figure = file.as_ref().and_then(|file| before.get(file)).cloned().unwrap_or_default();
        }
        let place = |part: &str| match tag.attribute("id") {
            Some(id) => format!("{path}, {part} of figure {id}"),
            None => format!("{path}, {part} of a figure"),
        };
        read_figure(inner, &of_figure, &place, seen);
        if let Some(file) = file {
            drawn.insert(file, of_figure);
        }
    }
    drawn
}

/// The rows of every table that a figure links to; in all their waves, where it links to the file of several waves.
fn cells_of<'c>(path: &str, figure: &[Piece<'_>], cells: &'c Cells) -> Vec<&'c CellLine> {
    let files = figure.iter().filter_map(|piece| {
        let Piece::Open(tag) = piece else { return None };
        let (_, name) = tag.attribute("href")?.split_once("data/")?;
        Some(name)
    });
    let names: Vec<&str> = files.collect();
    if names.contains(&dataset::COMPARISON_FILE) {
        return of_comparison(path, figure, cells);
    }
    let tables = || names.iter().filter_map(|name| name.strip_suffix(".csv"));
    if names.contains(&dataset::WAVES_FILE) {
        let of_waves: Vec<&CellLine> =
            cells.lines_over_waves(path).filter(|line| tables().any(|it| it == line.table)).collect();
        if is_over_waves(&of_waves) {
            let of_tables = tables().flat_map(|table| cells.of_table(path, table));
            return series::of_figure(series::with_new(of_waves, of_tables), figure);
        }
    }
    tables().flat_map(|table| cells.of_table(path, table)).collect()
}

/// The cells of the editions that a figure of a comparison has rows of.
fn of_comparison<'c>(path: &str, figure: &[Piece<'_>], cells: &'c Cells) -> Vec<&'c CellLine> {
    let headings = figure.iter().enumerate().filter_map(|(index, piece)| match piece {
        Piece::Open(tag) if tag.name == "th" => Some(text(within(figure, index))),
        Piece::Open(_) | Piece::Close(_) | Piece::Text(_) => None,
    });
    let labels: Vec<String> = headings.collect();
    // A table is drawn by one figure of its name, as a rule; else by one whose words tell no table.
    let id = figure.iter().find_map(|piece| match piece {
        Piece::Open(tag) => tag.attribute("id").and_then(|id| id.strip_suffix("-h")),
        Piece::Close(_) | Piece::Text(_) => None,
    });
    let own: Vec<&CellLine> = cells.of_page(path).filter(|cell| Some(cell.table.as_str()) == id).collect();
    let all = if own.is_empty() { cells.of_page(path).collect() } else { own };
    all.into_iter().filter(|cell| labels.contains(&cell.group_label)).collect()
}

fn read_figure(figure: &[Piece<'_>], cells: &[&CellLine], place: &dyn Fn(&str) -> String, seen: &mut Seen) {
    for (index, piece) in figure.iter().enumerate() {
        let Piece::Open(tag) = piece else { continue };
        match tag.name {
            "desc" | "title" => alternative(&text(within(figure, index)), cells, &place("alternative text"), seen),
            "svg" if tag.is_class("chart") => drawing(within(figure, index), cells, &place("drawing"), seen),
            "tr" => table_row(within(figure, index), cells, &place("table"), seen),
            "figcaption" => caption(within(figure, index), cells, &place("caption"), seen),
            _ => {}
        }
    }
}

/// A drawing, of one wave or of several.
pub(super) fn drawing(drawing: &[Piece<'_>], cells: &[&CellLine], place: &str, seen: &mut Seen) {
    if is_over_waves(cells) {
        series::read(drawing, cells, place, seen);
    } else {
        chart::read(drawing, cells, place, seen);
    }
}

/// What stands in place of a drawing.
pub(super) fn alternative(words: &str, cells: &[&CellLine], place: &str, seen: &mut Seen) {
    labelled(words, cells, place, seen);
}

/// Numbers beside the label of something hidden.
pub(super) fn labelled(words: &str, cells: &[&CellLine], place: &str, seen: &mut Seen) {
    if is_over_waves(cells) {
        return series::labelled(words, cells, place, seen);
    }
    if words.is_empty() || !cells.iter().any(|cell| cell.is_hidden()) {
        return;
    }
    Names::of_figure(cells).read(words, Before::Every, place, seen);
}

/// A number behind the name of a hidden cell: its n, or its estimate.
pub(super) fn told_behind(words: &str, number: &Written, hidden: &CellLine, place: &str, seen: &mut Seen) {
    let value = Printed::of(number.meanings.first().copied().unwrap_or_default(), 0.5);
    let is_n = !number.is_percent && words[..number.start].trim_end().ends_with(['=', 'n', ':', '(']);
    seen.tells(hidden, if is_n { "n" } else { "estimate" }, value, place);
}

/// Whether a number is a part of a label: `1-9 employees`.
pub(super) fn is_of_label(number: &Written, label: &str) -> bool {
    numbers(label).iter().any(|of_label| of_label.meanings == number.meanings)
}

pub(super) fn is_explained<'c>(number: &Written, shown: impl IntoIterator<Item = &'c &'c CellLine>) -> bool {
    let mut shown = shown.into_iter();
    shown.any(|cell| {
        let is_n = cell.n.is_some_and(|n| number.can_be(disclose_count(n)));
        !cell.is_hidden() && (is_n || number.meanings.iter().any(|meaning| cell.shows(*meaning)))
    })
}

/// A number of answers beside others.
pub(super) fn disclose_count(n: u64) -> f64 {
    n.to_string().parse().unwrap_or(f64::INFINITY)
}

/// The words of a caption and every n in it, which must be that of a cell.
fn caption(inner: &[Piece<'_>], cells: &[&CellLine], place: &str, seen: &mut Seen) {
    // The table is folded on a page and open in what is to be printed; words may stand before and behind it.
    let words = text(&markup::without(inner, &["details", "table", "a"]));
    labelled(&words, cells, place, seen);
    // Links stand beside each other and make no sentence.
    for (index, piece) in inner.iter().enumerate() {
        if matches!(piece, Piece::Open(tag) if tag.name == "a") {
            labelled(&text(within(inner, index)), cells, place, seen);
        }
    }
    for number in behind_n(&words) {
        let is_known = cells.is_empty() || is_explained(&number, cells);
        if !is_known {
            loose_n(&number, cells, place, seen);
        }
    }
}

/// The numbers that a text gives as n.
fn behind_n(words: &str) -> Vec<Written> {
    let is_n =
        |before: &str| before.trim_end().strip_suffix('n').is_some_and(|rest| !rest.ends_with(char::is_alphanumeric));
    let equals = words.match_indices('=').filter(|(at, _)| is_n(&words[..*at]));
    equals.filter_map(|(at, _)| numbers(&words[at..]).into_iter().next()).collect()
}

/// An n that no cell has: the difference to one that is shown may be a few.
fn loose_n(number: &Written, cells: &[&CellLine], place: &str, seen: &mut Seen) {
    let value = Printed::of(number.meanings.first().copied().unwrap_or_default(), 0.0);
    let shown = cells.iter().filter_map(|cell| Some((cell, disclose_count(cell.n?))));
    let apart = |n: &f64| (n - value.value).abs();
    let nearest = shown.min_by(|(_, one), (_, other)| apart(one).total_cmp(&apart(other)));
    let mut places = vec![place.to_owned()];
    let (of, why) = match nearest {
        None => ("a figure".to_owned(), "no cell of the figure is shown".to_owned()),
        Some((cell, n)) => {
            places.push(cell.file.clone());
            let (n_words, told) = (in_digits(n), in_digits(value.value));
            let why = format!(
                "no cell has n = {told}; {n_words} in {} less {told} is {}",
                cell.name(),
                in_digits(n - value.value)
            );
            (format!("table {}", cell.table), why)
        }
    };
    seen.is_loose(of, "n", value, why, &places);
}

/// A row of the table under a figure: its numbers are those of a cell with its labels.
fn table_row(row: &[Piece<'_>], cells: &[&CellLine], place: &str, seen: &mut Seen) {
    let (mut labels, mut values) = (Vec::new(), Vec::new());
    for (index, piece) in row.iter().enumerate() {
        match piece {
            Piece::Open(tag) if tag.name == "th" => {
                let label = text(within(row, index));
                labelled(&label, cells, place, seen);
                labels.push(label);
            }
            Piece::Open(tag) if tag.name == "td" => values.extend(numbers(&text(within(row, index)))),
            Piece::Open(_) | Piece::Close(_) | Piece::Text(_) => {}
        }
    }
    row_of_numbers(&labels, &values, cells, place, seen);
}

/// Estimate, limits and n, or some of them, beside the labels of a cell.
pub(super) fn row_of_numbers(labels: &[String], values: &[Written], cells: &[&CellLine], place: &str, seen: &mut Seen) {
    let Some(first) = values.first() else { return };
    let is_named = |cell: &&&CellLine| {
        // A label without words names nothing, and the total has no group's label.
        let labels = || labels.iter().filter(|label| !label.is_empty());
        labels().any(|label| *label == cell.group_label || (*label == cell.row_label && cell.spot.group.is_none()))
    };
    let named: Vec<&&CellLine> = if is_over_waves(cells) {
        cells.iter().filter(|cell| series::is_named(cell, labels)).collect()
    } else {
        cells.iter().filter(is_named).collect()
    };
    let fits = |cell: &&&&CellLine| {
        let [estimate, _, low, high] = cell.numbers;
        let printed = [estimate, low, high].map(|it| it.map(|it| it.value));
        let told = printed.into_iter().chain([cell.n.map(disclose_count)]);
        let mut pairs = told.zip(values);
        !cell.is_hidden() && pairs.all(|(told, value)| told.is_some_and(|told| value.can_be(told)))
    };
    if named.iter().any(|cell| fits(&cell)) {
        return;
    }
    // A label of two dimensions names the row and the group.
    let is_both = |cell: &&&&CellLine| labels.contains(&cell.row_label) && labels.contains(&cell.group_label);
    let hidden: Vec<&&&CellLine> = named.iter().filter(|cell| cell.is_hidden()).collect();
    let Some(hidden) = hidden.iter().find(|cell| is_both(cell)).or_else(|| hidden.first()) else { return };
    let value = |number: &Written| number.meanings.first().copied().unwrap_or_default();
    if let [only] = values {
        seen.tells(hidden, "n", Printed::of(value(only), 0.0), place);
        return;
    }
    seen.tells(hidden, "estimate", Printed::of(value(first), 0.5), place);
    if let [_, _, _, n] = values {
        seen.tells(hidden, "n", Printed::of(value(n), 0.0), place);
    }
}
