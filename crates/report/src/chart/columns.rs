//! Columns: one item over several waves, from zero, with intervals and a number over each.
//!
//! Columns stand evenly, one for each wave that asked: what is compared is how high they are, not how fast something moved.

use super::axis::{Axis, Percent, Plot};
use super::rows::{BASE, head};
use super::sheet::{Across, Anchor, Area, Fill, Sheet, count};
use super::text::Face;
use super::waves::{Link, Panel, Series, Waves};
use super::{Reach, Reading};

/// The height of the highest column.
const HEIGHT: i64 = 190;
/// Over the plot, for the number on the highest interval.
const HEADROOM: i64 = 24;
/// Half the width of what closes an interval.
const CAP: i64 = 6;

impl Waves {
    /// Draws the first series as columns and gives the height.
    pub(super) fn draw_columns(&self, sheet: &mut Sheet) -> i64 {
        let Some(series) = self.series.first() else { return 0 };
        let whole = Plot { start: 0, width: 100 };
        let start = sheet.room.percents(self.ticks_column());
        let plot = Plot { start, width: 100 - start };
        let top = head(sheet, whole, &self.unit, "") + HEADROOM;
        let panel = Panel { axis: self.axis, plot, top, height: HEIGHT };
        self.rails(sheet, panel, Percent::ZERO, [plot.start(), plot.end()]);
        for (wave, point) in series.points.iter().enumerate() {
            let slot = plot.slot(count(wave), count(self.waves.len()));
            match &point.reading {
                Some(reading @ Reading::Shown { reach, .. }) => {
                    let fill = if self.outside.contains(&wave) { Fill::Muted } else { Fill::Plain };
                    let value = reading.words().map_or("", |(value, _)| value);
                    column(sheet, self.axis, (slot, fill), (top, *reach), value);
                }
                Some(Reading::Absent { symbol, .. }) => {
                    let at = Across::beside(slot.middle, 0);
                    sheet.text(Face::Quiet, Anchor::Middle, at, panel.bottom() - 6, symbol);
                }
                None => {}
            }
            let label = self.waves.get(wave).map_or("", String::as_str);
            sheet.text(Face::Quiet, Anchor::Middle, Across::beside(slot.middle, 0), panel.bottom() + 6 + BASE, label);
        }
        self.parted(sheet, series, panel);
        sheet.line("scale", [(plot.start(), panel.bottom()), (plot.end(), panel.bottom())]);
        panel.bottom() + 28
    }

    /// The mark of a break, between the columns that it parts.
    fn parted(&self, sheet: &mut Sheet, series: &Series, panel: Panel) {
        let waves = count(self.waves.len());
        for (wave, _) in series.points.iter().enumerate().filter(|(_, point)| point.link == Link::Broken) {
            let [before, behind] = [count(wave) - 1, count(wave)].map(|wave| panel.plot.slot(wave, waves).middle);
            let middle = before.middle(behind);
            sheet.line("break", [(middle, panel.top), (middle, panel.bottom())]);
        }
    }
}

/// A part of the plot's width for one of several columns.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    pub(super) from: Percent,
    pub(super) width: Percent,
    pub(super) middle: Percent,
}

fn column(sheet: &mut Sheet, axis: Axis, (slot, fill): (Slot, Fill), (top, reach): (i64, Reach), value: &str) {
    let down = |number| top + axis.down(number, HEIGHT);
    let (estimate, low, high) = (down(reach.estimate), down(reach.low), down(reach.high));
    let area = Area { from: slot.from, width: slot.width, top: estimate, height: top + HEIGHT - estimate };
    sheet.filled(fill, area);
    // What was printed without an interval has none.
    if low != high {
        let halo = format!("M0 {}V{}M-{CAP} {}h{}", high - estimate, low - estimate, low - estimate, 2 * CAP);
        let caps = format!("M-{CAP} {}h{}M-{CAP} {}h{}", high - estimate, 2 * CAP, low - estimate, 2 * CAP);
        sheet.shapes(slot.middle, estimate, &[("halo", &halo), ("limits", &caps)]);
        sheet.line("limits", [(slot.middle, high), (slot.middle, low)]);
    }
    sheet.clear();
    sheet.text(Face::Value, Anchor::Middle, Across::beside(slot.middle, 0), high.min(estimate) - 7, value);
    sheet.close();
}
