//! Diverging bars: what speaks against to the left, what speaks for to the right, totals at both ends.

use super::axis::{Axis, Percent, Plot};
use super::key::key;
use super::rows::{BAR, BASE, BESIDE_MARK, Columns, Row, Spacing, labelled, scale, whisker_between};
use super::sheet::{Across, Anchor, Area, Fill, Sheet};
use super::text::Face;
use super::{Number, Reading, Tick};

/// Bars of two sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Diverging {
    /// The answers of each side, from the middle outwards.
    pub(crate) left: Vec<(Fill, String)>,
    pub(crate) right: Vec<(Fill, String)>,
    pub(crate) bars: Vec<Opposed>,
    pub(crate) axis: Axis,
    /// The marks of the scale, which counts up on both sides, with their unit.
    pub(crate) ticks: Vec<Tick>,
}

/// One bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Opposed {
    pub(crate) label: String,
    pub(crate) left: Side,
    pub(crate) right: Side,
}

/// One side of a bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Side {
    /// All answers of the side together.
    pub(crate) total: Reading,
    /// Each answer, from the middle outwards.
    pub(crate) parts: Vec<Reading>,
}

/// Which way a side goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Left,
    Right,
}

impl Way {
    /// Where a distance from the middle ends.
    fn units(self, distance: i128) -> i128 {
        match self {
            Self::Left => -distance,
            Self::Right => distance,
        }
    }
}

impl Side {
    /// The farthest that anything of it reaches, in units.
    fn reaches(&self) -> i128 {
        let total = self.total.reach().map_or(0, |reach| i128::from(reach.high.units.max(reach.estimate.units)));
        let parts = self.parts.iter().filter_map(Reading::reach).map(|reach| i128::from(reach.estimate.units)).sum();
        total.max(parts)
    }

    fn words(&self) -> &str {
        match &self.total {
            Reading::Shown { value, .. } => value,
            Reading::Absent { symbol, .. } => symbol,
        }
    }
}

impl Axis {
    /// A scale from the middle for these bars, on each side to the next round number.
    pub(crate) fn from_the_middle(bars: &[Opposed], decimals: u8) -> Self {
        let far = |side: fn(&Opposed) -> &Side| bars.iter().map(|bar| side(bar).reaches()).max().unwrap_or(0);
        Self::opposed(far(|bar| &bar.left), far(|bar| &bar.right), decimals)
    }
}

impl Diverging {
    /// Draws them and gives the height.
    pub(super) fn draw(&self, sheet: &mut Sheet) -> i64 {
        let labels: Vec<&str> = self.bars.iter().map(|bar| bar.label.as_str()).collect();
        let words = |side: fn(&Opposed) -> &Side| {
            BESIDE_MARK + Face::Value.widest(self.bars.iter().map(|bar| side(bar).words()))
        };
        let (before, behind) = (words(|bar| &bar.left), words(|bar| &bar.right));
        let columns = Columns::new(sheet.room, &labels, before, behind, 0);
        let entries = self.left.iter().rev().chain(&self.right);
        let mut top = key(sheet, entries.map(|(fill, words)| (*fill, words.as_str())));
        for bar in &self.bars {
            let row = labelled(sheet, columns, Face::Label, &bar.label, top, (BAR, Spacing::Apart));
            self.side(sheet, columns.plot, (Way::Left, &bar.left, &self.left), row);
            self.side(sheet, columns.plot, (Way::Right, &bar.right, &self.right), row);
            let zero = self.axis.units(columns.plot, 0);
            sheet.line("axis", [(zero, row.mark - 4), (zero, row.mark + BAR + 4)]);
            top = row.next;
        }
        scale(sheet, self.axis, columns.plot, &self.ticks, top)
    }

    fn side(&self, sheet: &mut Sheet, plot: Plot, (way, side, answers): (Way, &Side, &[(Fill, String)]), row: Row) {
        let place = |units: i128| self.axis.units(plot, way.units(units));
        let between = |one: Percent, other: Percent| (one.min(other), one.max(other).from(one.min(other)));
        let mut units = 0;
        for (reading, (fill, _)) in side.parts.iter().zip(answers) {
            let Some(reach) = reading.reach() else { continue };
            let from = place(units);
            units += i128::from(reach.estimate.units);
            let (from, width) = between(from, place(units));
            sheet.filled(*fill, Area { from, width, top: row.mark, height: BAR });
        }
        let end = match &side.total {
            Reading::Shown { reach, .. } => {
                let units = |number: Number| i128::from(number.units);
                if reach.low != reach.high {
                    let ends = [reach.low, reach.high].map(|number| place(units(number)));
                    whisker_between(sheet, ends, row.mark + BAR / 2);
                }
                place(side.reaches())
            }
            Reading::Absent { .. } => place(units),
        };
        let (anchor, pixels) = match way {
            Way::Left => (Anchor::End, -BESIDE_MARK),
            Way::Right => (Anchor::Start, BESIDE_MARK),
        };
        let face = match side.total {
            Reading::Shown { .. } => Face::Value,
            Reading::Absent { .. } => Face::Quiet,
        };
        sheet.text(face, anchor, Across::beside(end, pixels), row.mark + BASE, side.words());
    }
}
