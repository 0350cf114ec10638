//! Stacked bars: the answers to one question, which make a whole.

use super::Reading;
use super::axis::{Axis, Percent};
use super::key::key;
use super::rows::{BAR, Columns, Spacing, labelled};
use super::sheet::{Across, Anchor, Area, Fill, SWATCH, Sheet};
use super::text::Face;

/// A line of values over a bar.
const VALUES: i64 = 18;

/// Bars that are divided by the answers to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stacked {
    /// The answers, in the questionnaire's order.
    pub(crate) answers: Vec<(Fill, String)>,
    pub(crate) bars: Vec<Stack>,
    pub(crate) decimals: u8,
}

/// One bar: a number for each answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stack {
    pub(crate) label: String,
    pub(crate) is_total: bool,
    pub(crate) readings: Vec<Reading>,
}

impl Stack {
    fn units(&self) -> i128 {
        self.readings.iter().filter_map(Reading::reach).map(|reach| i128::from(reach.estimate.units)).sum()
    }

    /// What is not shown: the fill of each answer and its symbol.
    fn hidden<'s>(&'s self, answers: &[(Fill, String)]) -> Vec<(Fill, &'s str)> {
        let hidden = self.readings.iter().zip(answers).filter_map(|(reading, (fill, _))| match reading {
            Reading::Absent { symbol, .. } => Some((*fill, symbol.as_str())),
            Reading::Shown { .. } => None,
        });
        hidden.collect()
    }
}

/// A swatch, its symbol and the space before both.
fn hidden_width(symbol: &str) -> i64 {
    8 + SWATCH + 4 + Face::Quiet.width(symbol)
}

impl Stacked {
    /// Draws them and gives the height.
    pub(super) fn draw(&self, sheet: &mut Sheet) -> i64 {
        let labels: Vec<&str> = self.bars.iter().map(|bar| bar.label.as_str()).collect();
        let hidden = |bar: &Stack| bar.hidden(&self.answers).iter().map(|(_, symbol)| hidden_width(symbol)).sum();
        let behind: i64 = self.bars.iter().map(hidden).max().unwrap_or(0);
        let columns = Columns::new(sheet.room, &labels, 0, behind, 0);
        let mut top = key(sheet, self.answers.iter().map(|(fill, words)| (*fill, words.as_str())));
        for bar in &self.bars {
            let face = if bar.is_total { Face::Strong } else { Face::Label };
            let row = labelled(sheet, columns, face, &bar.label, top, (VALUES + BAR, Spacing::Apart));
            self.stack(sheet, columns, bar, row.mark);
            top = row.next;
        }
        top
    }

    /// The answers from left to right, each with its value over it where there is room.
    fn stack(&self, sheet: &mut Sheet, columns: Columns, bar: &Stack, top: i64) {
        let plot = columns.plot;
        // Rounded shares may add up to a little more than 100.
        let hundred = 100 * 10_i128.pow(u32::from(self.decimals));
        let longest = self.bars.iter().map(Stack::units).max().unwrap_or(0);
        let axis = Axis::both_sides(0, longest.max(hundred), self.decimals);
        let mut units = 0;
        let mut free = Percent::ZERO;
        for (reading, (fill, _)) in bar.readings.iter().zip(&self.answers) {
            let Reading::Shown { reach, value, .. } = reading else { continue };
            let from = axis.units(plot, units);
            units += i128::from(reach.estimate.units);
            let to = axis.units(plot, units);
            sheet.filled(*fill, Area { from, width: to.from(from), top: top + VALUES, height: BAR });
            let room = sheet.room.pixels(to) - sheet.room.pixels(from);
            if from >= free && Face::Quiet.width(value) + 4 <= room {
                sheet.text(Face::Quiet, Anchor::Start, Across::beside(from, 0), top + 12, value);
                free = to;
            }
        }
        let (end, mut pixels) = (axis.units(plot, units), 0);
        for (fill, symbol) in bar.hidden(&self.answers) {
            sheet.swatch(fill, Across::beside(end, pixels + 8), top + VALUES + 2);
            let words = Across::beside(end, pixels + 8 + SWATCH + 4);
            sheet.text(Face::Quiet, Anchor::Start, words, top + VALUES + 13, symbol);
            pixels += hidden_width(symbol);
        }
    }
}
