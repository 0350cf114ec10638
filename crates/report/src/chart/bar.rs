//! Bars with intervals, one below the other, and bars in groups.

use super::axis::Axis;
use super::rows::{BAR, BASE, BESIDE_MARK, Columns, Row, Spacing, absent, bar, end, head, labelled, scale, whisker};
use super::sheet::{Across, Anchor, Fill, Room, Sheet, height};
use super::text::Face;
use super::{Reading, Tick};

/// Bars or dots with intervals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bars {
    /// What they measure: "Per cent".
    pub(crate) unit: String,
    /// What the numbers at the right are: "95 % interval".
    pub(crate) limits: String,
    /// One without a heading, or a group each.
    pub(crate) groups: Vec<Group>,
    pub(crate) axis: Axis,
    pub(crate) ticks: Vec<Tick>,
}

/// Bars of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    /// Empty where there is one group only.
    pub(crate) heading: String,
    pub(crate) bars: Vec<Bar>,
}

/// One bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bar {
    pub(crate) label: String,
    pub(crate) fill: Fill,
    pub(crate) reading: Reading,
}

/// What stands for a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A bar from zero.
    Bar,
    /// A dot at the number.
    Dot,
}

impl Bars {
    pub(super) fn bars(&self) -> impl Iterator<Item = &Bar> {
        self.groups.iter().flat_map(|group| &group.bars)
    }

    /// Draws them and gives the height.
    pub(super) fn draw(&self, sheet: &mut Sheet, shape: Shape) -> i64 {
        let columns = self.columns(sheet.room);
        let mut top = head(sheet, columns.plot, &self.unit, &self.limits);
        for (index, group) in self.groups.iter().enumerate() {
            if !group.heading.is_empty() {
                let above = if index == 0 { 0 } else { 14 };
                let lines = Face::Strong.lines(&group.heading, sheet.room.least());
                sheet.texts(Face::Strong, Anchor::Start, Across::LEFT, top + above + BASE, &lines);
                top += above + height(Face::Strong, &lines) + 6;
            }
            let spacing = if group.heading.is_empty() { Spacing::Apart } else { Spacing::Together };
            for bar in &group.bars {
                let absent = absent(sheet.room, columns.plot.start(), &bar.reading);
                let mark = BAR.max(height(Face::Quiet, &absent));
                let row = labelled(sheet, columns, bar.face(), &bar.label, top, (mark, spacing));
                self.mark(sheet, columns, bar, row, shape);
                top = row.next;
            }
        }
        scale(sheet, self.axis, columns.plot, &self.ticks, top)
    }

    fn columns(&self, room: Room) -> Columns {
        let labels: Vec<&str> = self.bars().map(|bar| bar.label.as_str()).collect();
        let shown = || self.bars().filter_map(|bar| bar.reading.words());
        let values = Face::Value.widest(shown().map(|(value, _)| value));
        let limits = Face::Quiet.widest(shown().map(|(_, limits)| limits));
        let behind = BESIDE_MARK + values;
        match room {
            Room::Wide => Columns::new(room, &labels, 0, behind + 14 + limits, 0),
            Room::Narrow => Columns::new(room, &labels, 0, behind, limits),
        }
    }

    fn mark(&self, sheet: &mut Sheet, columns: Columns, one: &Bar, row: Row, shape: Shape) {
        let (axis, plot) = (self.axis, columns.plot);
        let Reading::Shown { reach, value, limits, .. } = &one.reading else {
            let lines = absent(sheet.room, plot.start(), &one.reading);
            sheet.texts(Face::Quiet, Anchor::Start, Across::beside(plot.start(), 0), row.mark + BASE, &lines);
            return;
        };
        let middle = row.mark + BAR / 2;
        match shape {
            Shape::Bar => {
                bar(sheet, axis, plot, *reach, one.fill, (row.mark, BAR));
                whisker(sheet, axis, plot, *reach, middle);
            }
            Shape::Dot => {
                let [low, high] = [reach.low, reach.high].map(|number| axis.place(plot, number));
                // It leads from the label to the dot, and ends there.
                sheet.line("rail", [(plot.start(), middle), (low, middle)]);
                sheet.line("", [(low, middle), (high, middle)]);
                sheet.dot(one.fill.class(), axis.place(plot, reach.estimate), middle);
            }
        }
        let behind = Across::beside(end(axis, plot, *reach), BESIDE_MARK);
        sheet.text(Face::Value, Anchor::Start, behind, row.mark + BASE, value);
        sheet.text(Face::Quiet, Anchor::End, Across::right(), row.top + BASE, limits);
    }
}

impl Bar {
    fn face(&self) -> Face {
        match self.fill {
            Fill::Total => Face::Strong,
            Fill::Plain | Fill::Muted | Fill::Series(_) | Fill::Against(_) => Face::Label,
        }
    }
}
