//! The first figure or sentence that differs in a page, a drawing or a text.
//!
//! Words come first, piece by piece: of a table's cell, of a drawing's label, of a paragraph. Only where all of them are the same are the marks of
//! drawings compared, whose places and lengths are numbers, too.

use super::figures::{Figures, NamedCell, labelled, mentioned};
use super::{Difference, cut, sentence_of};
use crate::audit::markup::{Piece, Tag, pieces, text, within};

/// Elements that do not end a piece of text.
const INLINE: [&str; 14] =
    ["a", "abbr", "b", "bdi", "code", "em", "i", "mark", "small", "span", "strong", "sub", "sup", "tspan"];

/// Elements that hold nothing.
const VOID: [&str; 6] = ["br", "hr", "img", "input", "link", "meta"];

/// Elements that hold a sentence or several.
const BLOCKS: [&str; 10] = ["p", "li", "h1", "h2", "h3", "h4", "dd", "caption", "blockquote", "td"];

/// The sentences of a page that make claims: their words, and the name and the words of each claim.
pub(super) fn claims(page: &str) -> Vec<(String, Vec<(String, String)>)> {
    let pieces = pieces(page);
    let sentence = |(index, piece): (usize, &Piece<'_>)| {
        let Piece::Open(tag) = piece else { return None };
        let block = within(&pieces, index);
        let claim = |(at, piece): (usize, &Piece<'_>)| match piece {
            Piece::Open(tag) if tag.is_class("claim") => {
                Some((tag.attribute("data-claim")?.to_owned(), text(within(block, at))))
            }
            Piece::Open(_) | Piece::Close(_) | Piece::Text(_) => None,
        };
        let claims: Vec<_> = block.iter().enumerate().filter_map(claim).collect();
        (BLOCKS.contains(&tag.name) && !claims.is_empty()).then(|| (text(block), claims))
    };
    pieces.iter().enumerate().filter_map(sentence).collect()
}

/// A page or a drawing.
pub(super) fn of_markup(path: &str, [released, rebuilt]: [&str; 2], figures: &Figures<'_>) -> Option<Difference> {
    let (old, new) = (pieces(released), pieces(rebuilt));
    let (old_words, new_words) = (words(&old), words(&new));
    if let Some((released, number, rebuilt)) = first_apart(&old_words, &new_words) {
        return Some(of_words(path, &released, &rebuilt, (&Placed::of(&new, number), figures)));
    }
    let (released, number, rebuilt) = first_apart(&tags(&old), &tags(&new))?;
    let (released, rebuilt, place) = (cut(&released), cut(&rebuilt), Placed::of(&new, number));
    let cells = place.cells(path, figures);
    let cell = place.label.as_ref().and_then(|label| labelled(&cells, std::slice::from_ref(label), ""));
    Some(match cell {
        Some(cell) => Difference::Figure { figure: format!("{}: drawn", cell.name), released, rebuilt },
        None => Difference::Text { released, rebuilt },
    })
}

/// A text without markup: lines of tables under the drawing that comes before them, and sentences.
pub(super) fn of_plain(path: &str, [released, rebuilt]: [&str; 2], figures: &Figures<'_>) -> Option<Difference> {
    let lines = |text: &str| -> Vec<(usize, String)> {
        let line = |(at, line): (usize, &str)| (at, line.split_whitespace().collect::<Vec<_>>().join(" "));
        text.lines().enumerate().map(line).filter(|(_, line)| !line.is_empty()).collect()
    };
    let (old, at, new) = first_apart(&lines(released), &lines(rebuilt))?;
    let before: Vec<&str> = rebuilt.lines().take(at).collect();
    let drawing = before.iter().rev().find_map(|line| {
        let (_, behind) = line.split_once("figures/")?;
        behind.split_once(".svg").map(|(id, _)| id.to_owned())
    });
    let row = |line: &str| line.trim_matches('|').split('|').map(|it| it.trim().to_owned()).collect::<Vec<String>>();
    if !new.starts_with('|') || !old.starts_with('|') {
        let place = Placed { drawing, ..Placed::default() };
        return Some(of_words(path, &old, &new, (&place, figures)));
    }
    let header = before.iter().rev().take_while(|line| line.starts_with('|')).last().map(|line| row(line));
    let (old, new) = (row(&old), row(&new));
    let column = (0..old.len().max(new.len())).find(|column| old.get(*column) != new.get(*column))?;
    let cell = |row: &[String]| row.get(column).cloned().unwrap_or_default();
    let place = Placed {
        drawing,
        labels: new.iter().take(column).cloned().collect(),
        column: header.and_then(|header| header.get(column).cloned()),
        label: None,
    };
    Some(of_words(path, &cell(&old), &cell(&new), (&place, figures)))
}

/// Words that differ, in their place.
fn of_words(path: &str, old: &str, new: &str, (place, figures): (&Placed, &Figures<'_>)) -> Difference {
    let cells = place.cells(path, figures);
    let (released, rebuilt) = sentence_of(old, new);
    let cell = |cell: &NamedCell, what: &str| format!("{}: {what}", cell.name);
    let figure = match (&place.column, &place.label) {
        (Some(column), _) => labelled(&cells, &place.labels, new).map(|it| cell(it, column)),
        (None, Some(label)) => labelled(&cells, std::slice::from_ref(label), new).map(|it| cell(it, "drawn")),
        (None, None) => None,
    };
    let stated = || figures.of_sentence(path, &released, &rebuilt).map(|name| format!("{name}: in words"));
    let told = || mentioned(&cells, &rebuilt).map(|it| cell(it, "in words"));
    match figure.or_else(stated).or_else(told) {
        Some(figure) => Difference::Figure { figure, released, rebuilt },
        None => Difference::Text { released, rebuilt },
    }
}

/// Where something stands in a page.
#[derive(Debug, Default)]
struct Placed {
    /// The figure around it.
    drawing: Option<String>,
    /// The labels of its row in a table.
    labels: Vec<String>,
    /// What the column of a table is called.
    column: Option<String>,
    /// The label before it in a drawing.
    label: Option<String>,
}

impl Placed {
    /// Where the piece of this number stands.
    fn of(pieces: &[Piece<'_>], number: usize) -> Self {
        let mut around: Vec<usize> = Vec::new();
        for (index, piece) in pieces.iter().enumerate().take(number + 1) {
            match piece {
                Piece::Open(tag) if VOID.contains(&tag.name) || tag.attributes.ends_with('/') => {}
                Piece::Open(_) => around.push(index),
                Piece::Close(name) => {
                    let is_opened = |index: &usize| matches!(pieces[*index], Piece::Open(tag) if tag.name == *name);
                    if let Some(opened) = around.iter().rposition(is_opened) {
                        around.truncate(opened);
                    }
                }
                Piece::Text(_) => {}
            }
        }
        let opened = |name: &str| {
            around.iter().rev().copied().find(|index| tag(pieces, *index).is_some_and(|it| it.name == name))
        };
        let mut placed = Self {
            drawing: opened("figure").and_then(|index| tag(pieces, index)?.attribute("id")).map(str::to_owned),
            ..Self::default()
        };
        if let (Some(table), Some(row)) = (opened("table"), opened("tr")) {
            let cells = |row: usize| -> Vec<usize> {
                let inner = row + 1..=row + within(pieces, row).len();
                inner.filter(|index| tag(pieces, *index).is_some_and(|it| ["td", "th"].contains(&it.name))).collect()
            };
            let column = cells(row).iter().rposition(|index| *index <= number);
            let header = (table..row).find(|index| tag(pieces, *index).is_some_and(|it| it.name == "tr"));
            let of_column = |header: usize| cells(header).get(column?).map(|index| text(within(pieces, *index)));
            placed.column = header.and_then(of_column);
            let labels = cells(row).into_iter().filter(|index| tag(pieces, *index).is_some_and(|it| it.name == "th"));
            placed.labels = labels.map(|index| text(within(pieces, index))).collect();
        } else if let Some(drawing) = opened("svg") {
            let is_label =
                |index: &usize| tag(pieces, *index).is_some_and(|it| it.name == "text" && it.is_class("label"));
            placed.label = (drawing..=number).rev().find(is_label).map(|index| text(within(pieces, index)));
        }
        placed
    }

    fn cells<'f>(&self, path: &str, figures: &'f Figures<'_>) -> Vec<&'f NamedCell> {
        let own = || {
            let name = path.split_once("figures/")?.1;
            name.strip_suffix(".svg")
        };
        self.drawing.as_deref().or_else(own).map_or_else(Vec::new, |id| figures.of_drawing(path, id))
    }
}

fn tag<'a>(pieces: &[Piece<'a>], index: usize) -> Option<Tag<'a>> {
    if let Some(Piece::Open(tag)) = pieces.get(index) { Some(*tag) } else { None }
}

/// What a page says, piece by piece, each with the number of the first piece of markup that it is made of.
fn words(pieces: &[Piece<'_>]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut from = 0;
    let mut end = |from: usize, to: usize| {
        let words = text(&pieces[from..to]);
        if !words.is_empty() {
            let is_said = |piece: &Piece<'_>| matches!(piece, Piece::Text(words) if !words.trim().is_empty());
            let first = pieces[from..to].iter().position(is_said).unwrap_or_default();
            found.push((from + first, words));
        }
    };
    for (index, piece) in pieces.iter().enumerate() {
        let is_inline = match piece {
            Piece::Open(tag) => INLINE.contains(&tag.name),
            Piece::Close(name) => INLINE.contains(name),
            Piece::Text(_) => true,
        };
        if !is_inline {
            end(from, index);
            from = index;
        }
    }
    end(from, pieces.len());
    found
}

/// The tags of a page as they are written, white space aside.
fn tags(pieces: &[Piece<'_>]) -> Vec<(usize, String)> {
    let written = |(index, piece): (usize, &Piece<'_>)| match piece {
        Piece::Open(tag) => {
            let attributes = tag.attributes.split_whitespace().collect::<Vec<_>>().join(" ");
            Some((index, format!("<{} {attributes}>", tag.name).replace(" >", ">")))
        }
        Piece::Close(name) => Some((index, format!("</{name}>"))),
        Piece::Text(_) => None,
    };
    pieces.iter().enumerate().filter_map(written).collect()
}

/// The first entries of two lists that are not the same, with the number of the second; of a list that is shorter, nothing.
fn first_apart(old: &[(usize, String)], new: &[(usize, String)]) -> Option<(String, usize, String)> {
    let said = |list: &[(usize, String)], place: usize| list.get(place).map(|(_, words)| words.clone());
    let place = (0..old.len().max(new.len())).find(|place| said(old, *place) != said(new, *place))?;
    let at = new.get(place).or(new.last()).map_or(0, |(at, _)| *at);
    Some((said(old, place).unwrap_or_default(), at, said(new, place).unwrap_or_default()))
}
