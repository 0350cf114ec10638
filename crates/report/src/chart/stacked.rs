//! Stacked bars: the answers to one question, which make a whole.
//!
//! Every number stands over its part of the bar. Where parts are narrower than their numbers, those move apart and a thin line leads
//! from each to its part: no number is left out.

use super::Reading;
use super::axis::{Axis, Percent, Plot};
use super::key::key;
use super::rows::{BAR, BASE, Columns, Spacing, labelled};
use super::sheet::{Across, Anchor, Area, Fill, Room, SWATCH, Sheet, height};
use super::text::Face;

/// A line of values over a bar, with room for the lines that lead to its parts.
const VALUES: i64 = 22;
/// From the top of the values to the base of their digits.
const VALUE_BASE: i64 = 12;
/// Between two values.
const APART: i64 = 7;
/// So far from its part a value needs no line that leads there.
const NEAR: i64 = 3;

/// Bars that are divided by the answers to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stacked {
    /// What the numbers are: "Per cent".
    pub(crate) unit: String,
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

/// A value over the middle of its part of a bar.
#[derive(Debug)]
struct Value<'w> {
    words: &'w str,
    middle: Percent,
    units: i64,
}

impl Stacked {
    /// Draws them and gives the height.
    pub(super) fn draw(&self, sheet: &mut Sheet) -> i64 {
        let labels: Vec<&str> = self.bars.iter().map(|bar| bar.label.as_str()).collect();
        let hidden = |bar: &Stack| bar.hidden(&self.answers).iter().map(|(_, symbol)| hidden_width(symbol)).sum();
        let behind: i64 = self.bars.iter().map(hidden).max().unwrap_or(0);
        let columns = Columns::new(sheet.room, &labels, 0, behind, 0);
        let mut top = key(sheet, self.answers.iter().map(|(fill, words)| (*fill, words.as_str())));
        let lines = Face::Quiet.lines(&self.unit, sheet.room.right_of(columns.plot.start()));
        sheet.texts(Face::Quiet, Anchor::Start, Across::beside(columns.plot.start(), 0), top + BASE, &lines);
        top += height(Face::Quiet, &lines) + 8;
        for bar in &self.bars {
            let face = if bar.is_total { Face::Strong } else { Face::Label };
            let row = labelled(sheet, columns, face, &bar.label, top, (VALUES + BAR, Spacing::Apart));
            self.stack(sheet, columns.plot, bar, row.mark);
            top = row.next;
        }
        top
    }

    /// The answers from left to right, each with its value over it.
    fn stack(&self, sheet: &mut Sheet, plot: Plot, bar: &Stack, top: i64) {
        // Rounded shares may add up to a little more than 100.
        let hundred = 100 * 10_i128.pow(u32::from(self.decimals));
        let longest = self.bars.iter().map(Stack::units).max().unwrap_or(0);
        let axis = Axis::both_sides(0, longest.max(hundred), self.decimals);
        let mut units = 0;
        let mut values = Vec::new();
        for (reading, (fill, _)) in bar.readings.iter().zip(&self.answers) {
            let Some(reach) = reading.reach() else { continue };
            let from = axis.units(plot, units);
            units += i128::from(reach.estimate.units);
            let to = axis.units(plot, units);
            sheet.filled(*fill, Area { from, width: to.from(from), top: top + VALUES, height: BAR });
            values.push(Value { words: reading.bare(), middle: from.middle(to), units: reach.estimate.units });
        }
        for (value, moved) in apart(values, plot, sheet.room) {
            if moved.abs() > NEAR {
                let line = format!("M0-1L{moved}-{}", VALUES - VALUE_BASE - 3);
                sheet.shapes(value.middle, top + VALUES, &[("leader", &line)]);
            }
            let at = Across::beside(value.middle, moved);
            sheet.text(Face::Value, Anchor::Middle, at, top + VALUE_BASE, value.words);
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

/// Moves values apart that would overlap at the least width, as little as the sheet allows; each with the pixels that it moves. Wider
/// sheets only part them more. Were there more of them than a line holds, those of the smallest parts are left out.
fn apart(mut values: Vec<Value<'_>>, plot: Plot, room: Room) -> Vec<(Value<'_>, i64)> {
    let (left, right) = (room.pixels(plot.start()) + 1, room.least() - 1);
    let width = |value: &Value<'_>| Face::Value.width(value.words);
    let needed = |values: &[Value<'_>]| values.iter().map(|value| width(value) + APART).sum::<i64>() - APART;
    while needed(&values) > right - left {
        let smallest = values.iter().enumerate().min_by_key(|(_, value)| value.units).map(|(index, _)| index);
        values.remove(smallest.expect("values without room are some"));
    }
    let mut starts: Vec<i64> = values.iter().map(|value| room.pixels(value.middle) - width(value) / 2).collect();
    let mut free = left;
    for (start, value) in starts.iter_mut().zip(&values) {
        *start = (*start).max(free);
        free = *start + width(value) + APART;
    }
    let mut free = right;
    for (start, value) in starts.iter_mut().zip(&values).rev() {
        *start = (*start).min(free - width(value));
        free = *start - APART;
    }
    let moved = |value: &Value<'_>, start: i64| start + width(value) / 2 - room.pixels(value.middle);
    let moves: Vec<i64> = values.iter().zip(starts).map(|(value, start)| moved(value, start)).collect();
    values.into_iter().zip(moves).collect()
}
