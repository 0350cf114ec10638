//! One share, large.

use super::axis::{Axis, Plot};
use super::rows::{BASE, bar, whisker};
use super::sheet::{Across, Anchor, Fill, Sheet, height};
use super::text::Face;
use super::{Reach, Reading};

/// The height of its bar.
const THICK: i64 = 30;
/// Between the bar and its number.
const GAP: i64 = 16;

/// One share of a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Single {
    pub(crate) label: String,
    pub(crate) reading: Reading,
    /// What the limits are, with the limits: "95 % interval 66–70".
    pub(crate) limits: String,
    pub(crate) decimals: u8,
}

impl Single {
    /// Draws it and gives the height.
    pub(super) fn draw(&self, sheet: &mut Sheet) -> i64 {
        let label = Face::Label.lines(&self.label, sheet.room.least());
        sheet.texts(Face::Label, Anchor::Start, Across::LEFT, BASE, &label);
        let top = height(Face::Label, &label) + 6;
        match &self.reading {
            Reading::Shown { reach, value, .. } => self.share(sheet, *reach, value, top),
            Reading::Absent { symbol, reason } => {
                let lines = Face::Quiet.lines(&format!("{reason} ({symbol})"), sheet.room.least());
                sheet.texts(Face::Quiet, Anchor::Start, Across::LEFT, top + BASE, &lines);
                top + height(Face::Quiet, &lines)
            }
        }
    }

    fn share(&self, sheet: &mut Sheet, reach: Reach, value: &str, top: i64) -> i64 {
        let room = sheet.room;
        let plot = Plot { start: 0, width: 100 - room.percents(Face::Large.width(value) + GAP) };
        let axis = Axis::both_sides(0, 100 * 10_i128.pow(u32::from(self.decimals)), self.decimals);
        bar(sheet, axis, plot, reach, Fill::Total, (top, THICK));
        whisker(sheet, axis, plot, reach, top + THICK / 2);
        sheet.text(Face::Large, Anchor::Start, Across::beside(plot.end(), GAP), top + 25, value);
        let lines = Face::Quiet.lines(&self.limits, room.least());
        sheet.texts(Face::Quiet, Anchor::Start, Across::LEFT, top + THICK + 20, &lines);
        top + THICK + 8 + height(Face::Quiet, &lines)
    }
}
