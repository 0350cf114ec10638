//! Figures over several waves: their drawings, what is said in place of them, and the rows of their tables.
//!
//! A drawing has no scale for its heights, but whoever has the numbers of some points has it: heights are linear in numbers. So the scale is the one
//! that puts the most marks where the numbers of their waves are, and a mark that is left over is a number that no cell of its wave shows. Heights are
//! whole pixels, so a number is read no closer than they allow.

use super::cells::{CellLine, Printed};
use super::chart::{ELEMENTS, number, percent, unknown};
use super::figures::{is_explained, is_of_label, told_behind};
use super::markup::{Piece, Tag, text, within, without};
use super::seen::{Seen, in_digits};
use super::words::{behind_label, numbers};

/// Two heights are rounded, that of a mark and that which the scale is taken from.
const ROUNDING: f64 = 1.6;
/// So many marks from each end are tried for the scale: not all of them are planted.
const ENDS: usize = 4;
/// What stands behind a wave that is outside of the official series.
const OUTSIDE: char = '*';

/// Whether cells are of several waves.
pub(super) fn is_over_waves(cells: &[&CellLine]) -> bool {
    cells.iter().any(|cell| cell.is_earlier)
}

/// Cells over waves, with those of the own wave that no earlier wave has: the file of several waves leaves them to the file of their table. Such is
/// an item that was new, and a figure shows it beside the others.
pub(super) fn with_new<'c>(
    of_waves: Vec<&'c CellLine>,
    of_tables: impl Iterator<Item = &'c CellLine>,
) -> Vec<&'c CellLine> {
    let is_known = |cell: &CellLine| of_waves.iter().any(|it| it.table == cell.table && it.spot == cell.spot);
    let new: Vec<&CellLine> = of_tables.filter(|cell| !is_known(cell)).collect();
    [of_waves, new].concat()
}

/// Of the cells over waves those that a figure shows: its table names their groups or rows, or neither where there is one series.
pub(super) fn of_figure<'c>(cells: Vec<&'c CellLine>, figure: &[Piece<'_>]) -> Vec<&'c CellLine> {
    let headings = figure.iter().enumerate().filter_map(|(index, piece)| match piece {
        Piece::Open(tag) if tag.name == "th" && tag.attribute("scope") == Some("row") => {
            Some(text(within(figure, index)))
        }
        Piece::Open(_) | Piece::Close(_) | Piece::Text(_) => None,
    });
    let labels: Vec<String> = headings.collect();
    let has_headings = labels.iter().any(|label| !is_wave(label, &cells));
    let is_by_group = cells.iter().any(|cell| cell.spot.group.is_some() && labels.contains(&cell.group_label));
    let of_figure = |cell: &&CellLine| match (&cell.spot.group, has_headings, is_by_group) {
        (Some(_), ..) => labels.contains(&cell.group_label),
        // The n under a figure by groups is that of the total.
        (None, _, true) | (None, false, _) => true,
        (None, true, false) => labels.contains(&cell.row_label),
    };
    let shown: Vec<&CellLine> = cells.iter().copied().filter(|cell| of_figure(cell)).collect();
    // A table that names none of them is none of ours.
    if is_over_waves(&shown) { shown } else { cells }
}

/// Whether a label is a wave of some cells: `2016`, or `2014*` outside of the official series.
pub(super) fn is_wave(label: &str, cells: &[&CellLine]) -> bool {
    is_over_waves(cells) && cells.iter().any(|cell| label.trim_end_matches(OUTSIDE) == cell.wave)
}

/// Whether labels name a cell: its wave, and its group or its row unless the figure has one series only.
pub(super) fn is_named(cell: &CellLine, labels: &[String]) -> bool {
    let is_wave = |label: &String| label.trim_end_matches(OUTSIDE) == cell.wave;
    let others: Vec<&String> = labels.iter().filter(|label| !is_wave(label)).collect();
    let is_it =
        |label: &&String| **label == cell.group_label || (**label == cell.row_label && cell.spot.group.is_none());
    let is_of_series = if others.is_empty() { cell.spot.group.is_none() } else { others.iter().any(is_it) };
    labels.iter().any(is_wave) && is_of_series
}

/// Numbers behind the name of something hidden and its wave: `State: 2016: 84%`, and where there is one series only, `2016: 84%`.
pub(super) fn labelled(words: &str, cells: &[&CellLine], place: &str, seen: &mut Seen) {
    for hidden in cells.iter().filter(|cell| cell.is_hidden()) {
        let wave = &hidden.wave;
        let mut names = Vec::new();
        for label in [&hidden.group_label, &hidden.row_label].into_iter().filter(|label| !label.is_empty()) {
            let of_label = [label.clone(), format!("{label}: {wave}"), format!("{label}: {wave}{OUTSIDE}")];
            names.extend(of_label.map(|name| (Some(label), name)));
        }
        if hidden.spot.group.is_none() {
            names.push((None, wave.clone()));
        }
        for (label, name) in names {
            for number in behind_label(words, &name) {
                let is_wave = cells.iter().any(|cell| words[number.start..number.end] == cell.wave);
                // A whole label: the total has none of a group, and that of one group may be a word in that of another.
                let of_wave = cells
                    .iter()
                    .filter(|cell| label.is_none_or(|label| cell.group_label == *label || cell.row_label == *label));
                // A label without a wave is followed by a number of any.
                let of_wave = of_wave.filter(|cell| !name.contains(wave.as_str()) || cell.wave == *wave);
                if !is_wave && !is_of_label(&number, &name) && !is_explained(&number, of_wave) {
                    told_behind(words, &number, hidden, place, seen);
                }
            }
        }
    }
}

/// A mark of the drawing.
#[derive(Debug, Clone)]
struct Mark {
    /// Its height, from above.
    y: f64,
    /// Its wave, where the drawing names it.
    wave: Option<String>,
    /// Whether it stands for an estimate and not for a limit.
    is_point: bool,
}

/// What a height means.
#[derive(Debug, Clone, Copy)]
struct Scale {
    y: f64,
    value: f64,
    /// Pixels for one unit.
    per_unit: f64,
}

impl Scale {
    fn height(self, value: f64) -> f64 {
        self.y + (self.value - value) * self.per_unit
    }

    fn value(self, y: f64) -> f64 {
        self.value + (self.y - y) / self.per_unit
    }
}

/// Reads a drawing.
pub(super) fn read(drawing: &[Piece<'_>], cells: &[&CellLine], place: &str, seen: &mut Seen) {
    // Of a figure by groups the total is not drawn.
    let is_by_group = cells.iter().any(|cell| cell.spot.group.is_some());
    let drawn = cells.iter().copied().filter(|cell| cell.spot.group.is_some() || !is_by_group);
    let cells: &[&CellLine] = &drawn.collect::<Vec<_>>();
    unknown(
        &without(drawing, &["defs"]).into_iter().filter(|it| !is_of_point(it)).collect::<Vec<_>>(),
        &ELEMENTS,
        cells,
        place,
        seen,
    );
    written(drawing, cells, place, seen);
    let marks = marks(drawing);
    let shown = |mark: &Mark| -> Vec<f64> {
        let of_wave =
            cells.iter().filter(|cell| !cell.is_hidden() && mark.wave.as_ref().is_none_or(|wave| *wave == cell.wave));
        let numbers = of_wave.flat_map(|cell| {
            let [estimate, _, low, high] = cell.numbers;
            if mark.is_point { vec![estimate] } else { vec![estimate, low, high] }
        });
        let mut numbers: Vec<f64> = numbers.flatten().map(|number| number.value).collect();
        numbers.sort_by(f64::total_cmp);
        numbers.dedup();
        numbers
    };
    let marks: Vec<(Mark, Vec<f64>)> = marks.into_iter().map(|mark| (mark.clone(), shown(&mark))).collect();
    let hidden = |mark: &Mark| {
        cells.iter().find(|cell| cell.is_hidden() && mark.wave.as_ref().is_none_or(|wave| *wave == cell.wave))
    };
    let mut tell = |mark: &Mark, told: Option<Printed>| match (hidden(mark), told) {
        (Some(hidden), Some(told)) => {
            seen.tells(hidden, "estimate", told, place);
        }
        (_, told) => no_cell(mark, cells, told, place, seen),
    };
    let Some(scale) = scale(&marks) else {
        // One height for everything, or nothing that is shown: only whether something is drawn is told.
        marks.iter().filter(|(_, shown)| shown.is_empty()).for_each(|(mark, _)| tell(mark, None));
        return;
    };
    let slack = ROUNDING / scale.per_unit;
    for (mark, _) in marks.iter().filter(|mark| !fits(scale, mark)) {
        tell(mark, Some(Printed::of(scale.value(mark.y), slack)));
    }
    more_points_than_cells(&marks, cells, place, seen);
}

/// The form of a point, which tells nothing: where it stands is told by the drawing around it. So is the paper around an interval, and what closes the
/// interval is read as its limits.
fn is_of_point(piece: &Piece<'_>) -> bool {
    let Piece::Open(tag) = piece else { return false };
    tag.name == "path" && (tag.is_class("point") || tag.is_class("halo") || caps(tag).is_some())
}

/// How far from their point the ends of an interval are closed: `M-5 -7h10M-5 8h10` at 7 above and 8 below it. Nothing for any other form.
fn caps(tag: &Tag<'_>) -> Option<Vec<f64>> {
    let form = tag.attribute("d").filter(|_| tag.is_class("limits"))?;
    let cap = |form: &str| {
        let (start, length) = form.split_once('h')?;
        length.parse::<u8>().ok()?;
        start.split_once(' ')?.1.parse().ok()
    };
    form.strip_prefix('M')?.split('M').map(cap).collect()
}

/// Numbers that are written beside points and columns.
fn written(drawing: &[Piece<'_>], cells: &[&CellLine], place: &str, seen: &mut Seen) {
    let Some(hidden) = cells.iter().find(|cell| cell.is_hidden()) else { return };
    for (index, piece) in drawing.iter().enumerate() {
        let Piece::Open(tag) = piece else { continue };
        if tag.name != "text" || !tag.is_class("value") {
            continue;
        }
        for written in numbers(&text(within(drawing, index))) {
            if !is_explained(&written, cells) {
                let value = Printed::of(written.meanings.first().copied().unwrap_or_default(), 0.5);
                seen.tells(hidden, "estimate", value, place);
            }
        }
    }
}

/// A mark where no cell of its wave is.
fn no_cell(mark: &Mark, cells: &[&CellLine], told: Option<Printed>, place: &str, seen: &mut Seen) {
    let Some(cell) = cells.first() else { return };
    let wave = mark.wave.as_ref().map_or_else(String::new, |wave| format!(", wave {wave}"));
    let told = told.unwrap_or(Printed::of(0.0, f64::INFINITY));
    let why = format!(
        "{} is drawn, which no cell of the wave shows: coordinates must be those of rounded numbers",
        in_digits(told.value)
    );
    seen.is_loose(format!("table {}{wave}", cell.table), "coordinate", told, why, &[place.to_owned()]);
}

/// More points in a wave than cells that it shows: one of them is of a cell that is hidden, though its number is that of another one.
fn more_points_than_cells(marks: &[(Mark, Vec<f64>)], cells: &[&CellLine], place: &str, seen: &mut Seen) {
    for hidden in cells.iter().filter(|cell| cell.is_hidden()) {
        let of_wave = |mark: &Mark| mark.is_point && mark.wave.as_ref() == Some(&hidden.wave);
        let drawn = marks.iter().filter(|(mark, _)| of_wave(mark)).count();
        let shown =
            cells.iter().filter(|cell| !cell.is_hidden() && cell.wave == hidden.wave && cell.numbers[0].is_some());
        let shown = shown.count();
        if drawn > shown {
            let why = format!("{drawn} points are drawn of wave {}, and {shown} cells of it are shown", hidden.wave);
            let told = Printed::of(f64::midpoint(0.0, 100.0), f64::midpoint(0.0, 100.0));
            seen.is_loose(hidden.name(), "estimate", told, why, &[place.to_owned(), hidden.file.clone()]);
            return;
        }
    }
}

fn fits(scale: Scale, (mark, shown): &(Mark, Vec<f64>)) -> bool {
    shown.iter().any(|value| (scale.height(*value) - mark.y).abs() <= ROUNDING)
}

/// The scale that puts the most marks where numbers of their waves are.
fn scale(marks: &[(Mark, Vec<f64>)]) -> Option<Scale> {
    let mut by_height: Vec<&(Mark, Vec<f64>)> = marks.iter().collect();
    by_height.sort_by(|(one, _), (other, _)| one.y.total_cmp(&other.y));
    let mut best: Option<(usize, f64, Scale)> = None;
    for (upper, of_upper) in by_height.iter().take(ENDS) {
        for (lower, of_lower) in by_height.iter().rev().take(ENDS).filter(|(lower, _)| lower.y - upper.y > ROUNDING) {
            for high in of_upper {
                for low in of_lower.iter().filter(|low| *low < high) {
                    let scale = Scale { y: upper.y, value: *high, per_unit: (lower.y - upper.y) / (high - low) };
                    let fitting = marks.iter().filter(|mark| fits(scale, mark)).count();
                    let off = |(mark, shown): &(Mark, Vec<f64>)| {
                        let apart = shown.iter().map(|value| (scale.height(*value) - mark.y).abs());
                        apart.fold(ROUNDING, f64::min)
                    };
                    let error: f64 = marks.iter().map(off).sum();
                    if best.is_none_or(|(most, least, _)| fitting > most || (fitting == most && error < least)) {
                        best = Some((fitting, error, scale));
                    }
                }
            }
        }
    }
    best.map(|(_, _, scale)| scale)
}

/// Points, columns and limits, each with its wave.
fn marks(drawing: &[Piece<'_>]) -> Vec<Mark> {
    let waves = waves(drawing);
    let wave = |x: f64| waves.iter().find(|(at, _)| (at - x).abs() < 0.05).map(|(_, wave)| wave.clone());
    let mut marks = Vec::new();
    for (index, piece) in drawing.iter().enumerate() {
        let Piece::Open(tag) = piece else { continue };
        let mut mark = |x: Option<f64>, y: Option<f64>, is_point: bool| {
            marks.extend(x.zip(y).map(|(x, y)| Mark { y, wave: wave(x), is_point }));
        };
        match tag.name {
            "line" if tag.is_class("limits") => {
                mark(percent(tag, "x1"), number(tag, "y1"), false);
                mark(percent(tag, "x2"), number(tag, "y2"), false);
            }
            "rect" if tag.is_class("bar") => {
                let middle = percent(tag, "x").zip(percent(tag, "width")).map(|(x, width)| x + width / 2.0);
                mark(middle, number(tag, "y"), true);
            }
            "svg" if is_innermost(within(drawing, index)) => {
                let inner = within(drawing, index);
                let (x, y) = (percent(tag, "x"), number(tag, "y"));
                if is_point(inner) {
                    mark(x, y, true);
                }
                let paths = inner.iter().filter_map(|it| if let Piece::Open(tag) = it { caps(tag) } else { None });
                paths.flatten().for_each(|away| mark(x, y.map(|y| y + away), false));
            }
            _ => {}
        }
    }
    marks
}

fn is_point(inner: &[Piece<'_>]) -> bool {
    inner.iter().any(|piece| matches!(piece, Piece::Open(tag) if tag.is_class("point")))
}

/// Whether no drawing lies in a drawing.
fn is_innermost(inner: &[Piece<'_>]) -> bool {
    !inner.iter().any(|piece| matches!(piece, Piece::Open(tag) if tag.name == "svg"))
}

/// The years under the drawing, with their places.
fn waves(drawing: &[Piece<'_>]) -> Vec<(f64, String)> {
    let mut waves = Vec::new();
    for (index, piece) in drawing.iter().enumerate() {
        if let Piece::Open(tag) = piece
            && tag.name == "text"
            && tag.is_class("quiet")
            && tag.is_class("middle")
        {
            let words = text(within(drawing, index));
            let year = words.trim_end_matches(OUTSIDE);
            if year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()) {
                waves.extend(percent(tag, "x").map(|x| (x, year.to_owned())));
            }
        }
    }
    waves
}

#[cfg(test)]
mod tests {
    use super::super::markup::{Piece, pieces};
    use super::{caps, marks};

    #[test]
    fn what_closes_an_interval_is_read_as_its_limits() {
        let drawing = "<svg><svg x=\"10%\" y=\"40\"><path class=\"limits t1\" d=\"M-6 -7h12M-6 8h12\"/>\
            <path class=\"point t1\" d=\"M-4 0h8\"/></svg></svg>";
        let found: Vec<(f64, bool)> = marks(&pieces(drawing)).into_iter().map(|mark| (mark.y, mark.is_point)).collect();
        assert_eq!(found, [(40.0, true), (33.0, false), (48.0, false)]);
    }

    #[test]
    fn a_path_of_another_form_closes_no_interval() {
        for form in ["M-6 -7h12L0 30", "M0 0", "L-6 -7h12", "M-6 -7h1200"] {
            let drawing = format!("<path class=\"limits\" d=\"{form}\"/>");
            let Some(Piece::Open(tag)) = pieces(&drawing).into_iter().next() else { panic!("a path is a tag") };
            assert_eq!(caps(&tag), None, "{form}");
        }
    }
}
