//! Rows of labels and marks: what charts of bars and dots share.
//!
//! A label stands beside its mark or, on narrow screens, above it. Left of the plot is the column of labels, right of it the room
//! that values and limits need behind the longest mark.

use super::axis::{Axis, Percent, Plot};
use super::sheet::{Across, Anchor, Area, Fill, Room, Sheet, height};
use super::text::Face;
use super::{Reach, Reading, Tick};

/// Between a label and the plot, and between a mark and its value.
const GUTTER: i64 = 14;
pub(super) const BESIDE_MARK: i64 = 8;
/// The height of a bar.
pub(super) const BAR: i64 = 18;
/// From a row's top to the base of its first line.
pub(super) const BASE: i64 = 14;

/// The columns of a chart.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    pub(super) plot: Plot,
    /// The pixels of a line of a label, at the least width.
    label: i64,
}

impl Columns {
    /// Columns for these labels. `before` and `behind` are the pixels that words need left and right of the plot; `beside_label`
    /// those that stand in the line of a label, where labels stand above.
    pub(super) fn new(room: Room, labels: &[&str], before: i64, behind: i64, beside_label: i64) -> Self {
        let (before, behind) = (room.percents(before), room.percents(behind));
        match room {
            Room::Narrow => {
                let label = room.least() - if beside_label == 0 { 0 } else { beside_label + GUTTER };
                Self { plot: Plot { start: before, width: 100 - before - behind }, label }
            }
            Room::Wide => {
                // Few steps, so that the charts of a page share their edges.
                let pixels = |percent: i64| room.pixels(Percent::whole(percent)) - GUTTER;
                let widest = Face::Strong.widest(labels.iter().copied());
                let roomy = [19, 27, 35].into_iter().find(|percent| widest <= pixels(*percent));
                let start = roomy.unwrap_or(if behind + before > 35 { 27 } else { 35 });
                Self {
                    plot: Plot { start: start + before, width: 100 - start - before - behind },
                    label: pixels(start),
                }
            }
        }
    }

    pub(super) fn label_lines(&self, face: Face, label: &str) -> Vec<String> {
        face.lines(label, self.label)
    }
}

/// How close rows stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spacing {
    /// Rows that are read one by one.
    Apart,
    /// Rows of one group.
    Together,
}

/// The tops of the parts of a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// Of the line in which limits stand.
    pub(super) top: i64,
    /// Of its mark.
    pub(super) mark: i64,
    /// Of the next row.
    pub(super) next: i64,
}

/// Writes the label of a row whose marks are so high, and tells where its parts stand.
pub(super) fn labelled(
    sheet: &mut Sheet,
    columns: Columns,
    face: Face,
    label: &str,
    top: i64,
    (mark, spacing): (i64, Spacing),
) -> Row {
    let below = match spacing {
        Spacing::Apart => 12,
        Spacing::Together => 5,
    };
    let lines = columns.label_lines(face, label);
    let label = height(face, &lines);
    match sheet.room {
        Room::Wide => {
            sheet.texts(face, Anchor::Start, Across::LEFT, top + mark - BAR + BASE, &lines);
            Row { top, mark: top, next: top + (label + mark - BAR).max(mark) + below }
        }
        Room::Narrow => {
            sheet.texts(face, Anchor::Start, Across::LEFT, top + BASE, &lines);
            Row { top, mark: top + label + 2, next: top + label + mark + below + 4 }
        }
    }
}

/// Writes what is measured over the plot, and what the limits are at the right; under each other where both do not fit into one
/// line. Gives the top of what follows.
pub(super) fn head(sheet: &mut Sheet, plot: Plot, unit: &str, limits: &str) -> i64 {
    let face = Face::Quiet;
    let at = Across::beside(plot.start(), 0);
    let left = sheet.room.right_of(plot.start());
    if face.width(unit) + GUTTER + face.width(limits) <= left {
        sheet.text(face, Anchor::Start, at, BASE, unit);
        sheet.text(face, Anchor::End, Across::right(), BASE, limits);
        return BASE + 14;
    }
    let (unit, limits) = (face.lines(unit, left), face.lines(limits, sheet.room.least()));
    sheet.texts(face, Anchor::Start, at, BASE, &unit);
    sheet.texts(face, Anchor::End, Across::right(), BASE + height(face, &unit), &limits);
    BASE - 4 + height(face, &unit) + height(face, &limits)
}

/// What stands for a number that is not shown: the reason and its symbol, in as many lines as it needs right of a place.
pub(super) fn absent(room: Room, from: Percent, reading: &Reading) -> Vec<String> {
    match reading {
        Reading::Absent { symbol, reason } => Face::Quiet.lines(&format!("{reason} ({symbol})"), room.right_of(from)),
        Reading::Shown { .. } => Vec::new(),
    }
}

/// A bar from zero, over the track of the whole scale.
pub(super) fn bar(sheet: &mut Sheet, axis: Axis, plot: Plot, reach: Reach, fill: Fill, (top, height): (i64, i64)) {
    let (zero, end) = (axis.units(plot, 0), axis.place(plot, reach.estimate));
    let (from, to) = (zero.min(end), zero.max(end));
    sheet.area("track", Area { from: plot.start(), width: plot.end().from(plot.start()), top, height });
    sheet.filled(fill, Area { from, width: to.from(from), top, height });
}

/// The interval of a mark. A share of exactly nothing or all has none to draw.
pub(super) fn whisker(sheet: &mut Sheet, axis: Axis, plot: Plot, reach: Reach, middle: i64) {
    if reach.low != reach.high {
        whisker_between(sheet, [reach.low, reach.high].map(|number| axis.place(plot, number)), middle);
    }
}

/// A whisker with a halo that keeps it apart from its mark.
pub(super) fn whisker_between(sheet: &mut Sheet, ends: [Percent; 2], middle: i64) {
    for class in ["halo", ""] {
        sheet.line(class, ends.map(|end| (end, middle)));
    }
    for end in ends {
        sheet.line("", [(end, middle - 4), (end, middle + 4)]);
    }
}

/// Where a mark and its whisker end, behind which the value stands.
pub(super) fn end(axis: Axis, plot: Plot, reach: Reach) -> Percent {
    let [estimate, high] = [reach.estimate, reach.high].map(|number| axis.place(plot, number));
    estimate.max(high).max(axis.units(plot, 0).min(plot.end()))
}

/// The scale under the rows. Gives the bottom.
pub(super) fn scale(sheet: &mut Sheet, axis: Axis, plot: Plot, ticks: &[Tick], top: i64) -> i64 {
    sheet.line("scale", [(plot.start(), top), (plot.end(), top)]);
    let behind = sheet.room.right_of(plot.end());
    let mut marks: Vec<(&Tick, Anchor, [i64; 2])> = Vec::new();
    // Where a side of a scale is short, its end would stand on zero.
    let mut by_worth: Vec<(usize, &Tick)> = ticks.iter().enumerate().collect();
    by_worth.sort_by_key(|(index, tick)| (tick.number.units != 0, index + 1 != ticks.len()));
    for (index, tick) in by_worth {
        let wide = Face::Quiet.width(&tick.words) + 2;
        let at = sheet.room.pixels(axis.place(plot, tick.number));
        let (anchor, left) = if index == 0 && at < wide / 2 {
            (Anchor::Start, at)
        } else if index + 1 == ticks.len() && behind < wide / 2 {
            (Anchor::End, at - wide)
        } else {
            (Anchor::Middle, at - wide / 2)
        };
        let ends = [left, left + wide + 4];
        if marks.iter().all(|(_, _, other)| other[1] <= ends[0] || ends[1] <= other[0]) {
            marks.push((tick, anchor, ends));
        }
    }
    marks.sort_by_key(|(tick, ..)| tick.number.units);
    for (tick, anchor, _) in marks {
        let at = axis.place(plot, tick.number);
        sheet.line("scale", [(at, top), (at, top + 5)]);
        sheet.text(Face::Quiet, anchor, Across::beside(at, 0), top + 19, &tick.words);
    }
    top + 26
}
