//! The coordinates of a drawing, turned back into numbers.
//!
//! A scale, or the track that stands for the whole, tells what a per cent of the width is worth. Every bar, dot and line must then be a number that
//! its table shows: not that of a hidden cell, and not one with more digits than are printed. So must every number that is written into it. What no drawing of
//! ours is made of is told as such, since nobody can say what it tells. Drawings over waves are read by [`series`](super::series).

use super::cells::{CellLine, Printed};
use super::figures::is_explained;
use super::markup::{Piece, Tag, text, within, without};
use super::seen::{Seen, in_digits};
use super::words::numbers;

/// What drawings are made of.
pub(super) const ELEMENTS: [&str; 12] =
    ["svg", "g", "title", "desc", "style", "defs", "pattern", "rect", "line", "circle", "text", "tspan"];
/// Lines that are no limits: grounds, scales and what leads to a label.
const OTHER_LINES: [&str; 7] = ["halo", "scale", "axis", "rail", "break", "leader", "trend"];

/// Coordinates are written with two decimals; two of them make a length.
const ROUNDING: f64 = 0.011;
/// Where zero lies between two arms, its own place is rounded too, and what a unit is worth with it.
const ROUNDING_OF_ARMS: f64 = 0.031;

/// Half of the height of a row: what is written further from its label is not of it.
const ROW: f64 = 14.0;

/// What a length or place means.
struct Scale {
    zero: f64,
    per_unit: f64,
    /// How far a length may be from the number that it was made from, in per cent of the width.
    rounding: f64,
}

/// A mark of the drawing.
struct Mark {
    /// Where it stands, from above.
    y: f64,
    /// Its numbers, in the units of the scale.
    values: Vec<f64>,
}

/// Reads a drawing.
pub(super) fn read(drawing: &[Piece<'_>], cells: &[&CellLine], place: &str, seen: &mut Seen) {
    // A pattern fills bars and means nothing.
    let drawing: &[Piece<'_>] = &without(drawing, &["defs"]);
    unknown(drawing, &ELEMENTS, cells, place, seen);
    let labels = labels(drawing);
    written(drawing, &labels, cells, place, seen);
    let Some(scale) = scale(drawing) else { return };
    let slack = (scale.rounding / scale.per_unit).abs();
    for Mark { y, values } in marks(drawing, &scale) {
        let label = labels.iter().rev().find(|(at, _)| at - 14.0 <= y).map_or("", |(_, label)| label.as_str());
        let of_label: Vec<&&CellLine> = cells.iter().filter(|cell| is_of(cell, label)).collect();
        let is_shown = |value: f64| {
            let near = |cell: &&CellLine| {
                let [estimate, _, low, high] = &cell.numbers;
                !cell.is_hidden()
                    && [estimate, low, high].into_iter().flatten().any(|it| (it.value - value).abs() <= slack)
            };
            if of_label.is_empty() { cells.iter().any(near) } else { of_label.iter().any(|cell| near(cell)) }
        };
        for value in values.into_iter().filter(|value| !is_shown(*value)) {
            let told = Printed::of(value, slack);
            match of_label.iter().find(|cell| cell.is_hidden()) {
                Some(hidden) => {
                    seen.tells(hidden, "estimate", told, place);
                }
                None => more_digits(label, cells, told, place, seen),
            }
        }
    }
}

/// What no drawing of a release is made of, such as a path.
pub(super) fn unknown(drawing: &[Piece<'_>], known: &[&str], cells: &[&CellLine], place: &str, seen: &mut Seen) {
    let Some(cell) = cells.first() else { return };
    let tags = drawing.iter().filter_map(|piece| if let Piece::Open(tag) = piece { Some(tag) } else { None });
    // What leads from a number to its mark says no more than the number.
    let leads = |tag: &Tag<'_>| tag.name == "path" && tag.is_class("leader");
    for tag in tags.filter(|tag| !known.contains(&tag.name) && !leads(tag)) {
        let why = format!(
            "the drawing holds a {}, which no drawing of a release does: nobody can say what it tells",
            tag.name
        );
        let anything = Printed::of(f64::midpoint(0.0, 100.0), f64::midpoint(0.0, 100.0));
        seen.is_loose(format!("table {}", cell.table), "coordinate", anything, why, &[place.to_owned()]);
    }
}

/// Numbers that are written into a drawing, beside the label of a row that is hidden. Under a scale they are its own.
fn written(drawing: &[Piece<'_>], labels: &[(f64, String)], cells: &[&CellLine], place: &str, seen: &mut Seen) {
    for (index, piece) in drawing.iter().enumerate() {
        let Piece::Open(tag) = piece else { continue };
        if tag.name != "text" || tag.is_class("middle") || tag.is_class("headline") || tag.is_class("mark") {
            continue;
        }
        let words = text(within(drawing, index));
        if tag.is_class("label") {
            super::figures::labelled(&words, cells, place, seen);
            continue;
        }
        let at = number(tag, "y").unwrap_or_default();
        let label = labels.iter().rev().find(|(y, _)| (y - at).abs() < ROW).map(|(_, label)| label.as_str());
        let of_row: Vec<&CellLine> = match label {
            Some(label) => cells.iter().copied().filter(|cell| is_of(cell, label)).collect(),
            // One share alone has no label.
            None if labels.is_empty() => cells.to_vec(),
            None => continue,
        };
        let Some(hidden) = of_row.iter().find(|cell| cell.is_hidden()) else { continue };
        for written in numbers(&words).into_iter().filter(|it| !is_explained(it, &of_row)) {
            let value = Printed::of(written.meanings.first().copied().unwrap_or_default(), 0.5);
            seen.tells(hidden, "estimate", value, place);
        }
    }
}

/// Whether a label, or a line of it, is that of a cell.
fn is_of(cell: &CellLine, label: &str) -> bool {
    !label.is_empty()
        && [&cell.group_label, &cell.row_label].iter().any(|it| it.starts_with(label) || it.ends_with(label))
}

/// A mark that is not where a printed number would be.
fn more_digits(label: &str, cells: &[&CellLine], told: Printed, place: &str, seen: &mut Seen) {
    let Some(cell) = cells.first() else { return };
    let of = if label.is_empty() { format!("table {}", cell.table) } else { format!("table {}, {label}", cell.table) };
    let why = format!(
        "{} is drawn, which no cell shows: coordinates must be those of rounded numbers",
        in_digits(told.value)
    );
    seen.is_loose(of, "coordinate", told, why, &[place.to_owned()]);
}

/// The scale under the drawing, else the first track, which is a hundred.
fn scale(drawing: &[Piece<'_>]) -> Option<Scale> {
    let mut ticks: Vec<(f64, f64)> = Vec::new();
    let mut at = None;
    for (index, piece) in drawing.iter().enumerate() {
        let Piece::Open(tag) = piece else { continue };
        match tag.name {
            "line" if tag.is_class("scale") => {
                at = percent(tag, "x1").filter(|x1| percent(tag, "x2").is_some_and(|x2| (x1 - x2).abs() < 1e-9));
            }
            "text" => {
                let number = numbers(&text(within(drawing, index))).first().and_then(|it| it.meanings.first().copied());
                ticks.extend(at.take().zip(number));
            }
            _ => {}
        }
    }
    from_ticks(&ticks).filter(|scale| scale.per_unit > 0.0).or_else(|| track(drawing))
}

/// Two ticks tell a scale; one with two arms has its zero between them.
fn from_ticks(ticks: &[(f64, f64)]) -> Option<Scale> {
    let last = ticks.iter().copied().max_by(|one, other| one.0.total_cmp(&other.0))?;
    let zero = ticks.iter().copied().find(|(_, number)| number.abs() < 1e-9);
    let first = zero.or_else(|| ticks.iter().copied().min_by(|one, other| one.0.total_cmp(&other.0)))?;
    let per_unit = (last.0 - first.0) / (last.1 - first.1);
    let has_arms = ticks.iter().any(|(at, _)| *at < first.0) || first.0.fract() != 0.0;
    let rounding = if has_arms { ROUNDING_OF_ARMS } else { ROUNDING };
    Some(Scale { zero: first.0 - first.1 * per_unit, per_unit, rounding }).filter(|scale| scale.per_unit.is_finite())
}

fn track(drawing: &[Piece<'_>]) -> Option<Scale> {
    let tags = drawing.iter().filter_map(|piece| if let Piece::Open(tag) = piece { Some(tag) } else { None });
    let track = tags.into_iter().find(|tag| tag.is_class("track"))?;
    Some(Scale { zero: percent(track, "x")?, per_unit: percent(track, "width")? / 100.0, rounding: ROUNDING })
}

/// Every label with its height.
fn labels(drawing: &[Piece<'_>]) -> Vec<(f64, String)> {
    let mut labels = Vec::new();
    for (index, piece) in drawing.iter().enumerate() {
        if let Piece::Open(tag) = piece
            && tag.name == "text"
            && tag.is_class("label")
        {
            labels.extend(number(tag, "y").map(|y| (y, text(within(drawing, index)))));
        }
    }
    labels.sort_by(|one, other| one.0.total_cmp(&other.0));
    labels
}

fn marks(drawing: &[Piece<'_>], scale: &Scale) -> Vec<Mark> {
    let value = |x: f64| ((x - scale.zero) / scale.per_unit).abs();
    let mark = |piece: &Piece<'_>| {
        let Piece::Open(tag) = piece else { return None };
        match tag.name {
            "rect" if tag.is_class("bar") => {
                let values = vec![percent(tag, "width")? / scale.per_unit];
                Some(Mark { y: number(tag, "y")? + number(tag, "height")? / 2.0, values })
            }
            "circle" => Some(Mark { y: number(tag, "cy")?, values: vec![value(percent(tag, "cx")?)] }),
            "line" if !OTHER_LINES.iter().any(|class| tag.is_class(class)) => {
                let values = vec![value(percent(tag, "x1")?), value(percent(tag, "x2")?)];
                Some(Mark { y: f64::midpoint(number(tag, "y1")?, number(tag, "y2")?), values })
            }
            _ => None,
        }
    };
    drawing.iter().filter_map(mark).collect()
}

/// A part of the width, as an attribute or in the style.
pub(super) fn percent(tag: &Tag<'_>, name: &str) -> Option<f64> {
    value_of(tag, name)?.strip_suffix('%')?.trim().parse().ok()
}

/// A number of pixels, as an attribute or in the style.
pub(super) fn number(tag: &Tag<'_>, name: &str) -> Option<f64> {
    value_of(tag, name)?.trim_end_matches("px").trim().parse().ok()
}

/// An attribute, or the property of that name, which counts more.
fn value_of<'a>(tag: &Tag<'a>, name: &str) -> Option<&'a str> {
    let properties = tag.attribute("style").unwrap_or_default().split(';');
    let of_style = properties.filter_map(|it| it.split_once(':')).find(|(property, _)| property.trim() == name);
    of_style.map(|(_, value)| value.trim()).or_else(|| tag.attribute(name))
}
