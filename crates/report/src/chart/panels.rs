//! Lines over waves in small panels, one for each series, on the same scale.
//!
//! On a telephone the names of the series would leave the lines a third of it, and lines of more than a few series cannot be told apart anywhere. Here each
//! name stands above its line, as labels of bars do, and every number at its point.

use super::Reading;
use super::axis::{Percent, Plot};
use super::rows::{BASE, head};
use super::sheet::{Across, Anchor, Room, Sheet, height};
use super::text::Face;
use super::waves::{Panel, STYLES, Series, Waves};

/// The height of the panel of one series, of several.
const ONE: i64 = 160;
const SMALL: i64 = 84;
/// Over a panel, for the number at the highest limit.
const HEADROOM: i64 = 22;
/// Between the words under a panel and the next name.
const BETWEEN: i64 = 12;
/// Between two panels side by side, in per cent of the sheet.
const BESIDE: i64 = 4;
/// Half the width of what closes an interval: more than that of a point.
const CAP: i64 = 6;

impl Waves {
    pub(super) fn draw_panels(&self, sheet: &mut Sheet) -> i64 {
        let whole = Plot { start: 0, width: 100 };
        let cells = match sheet.room {
            Room::Narrow => vec![whole],
            Room::Wide => {
                let width = (100 - BESIDE) / 2;
                vec![Plot { start: 0, width }, Plot { start: width + BESIDE, width }]
            }
        };
        let mut top = head(sheet, whole, &self.unit, "") - 2;
        for row in self.series.chunks(cells.len()) {
            top = self.row(sheet, &cells, row, top) + BETWEEN;
        }
        self.notes(sheet, top - BETWEEN)
    }

    /// Draws some series side by side. Gives the bottom.
    fn row(&self, sheet: &mut Sheet, cells: &[Plot], row: &[Series], top: i64) -> i64 {
        let lines = |series: &Series, cell: Plot| {
            // A cell that begins between two pixels has not the first of them.
            let width = sheet.room.pixels(cell.end()) - sheet.room.pixels(cell.start()) - i64::from(cell.start > 0);
            Face::Label.lines(&series.label, width)
        };
        let names: Vec<Vec<String>> = row.iter().zip(cells).map(|(series, cell)| lines(series, *cell)).collect();
        // Without a name there is no line for it either.
        let is_named = row.iter().any(|series| !series.label.is_empty());
        let above = names.iter().map(|lines| height(Face::Label, lines)).max().filter(|_| is_named).unwrap_or(0);
        let tall = if self.series.len() == 1 { ONE } else { SMALL };
        let mut bottom = top;
        for ((series, cell), lines) in row.iter().zip(cells).zip(&names) {
            sheet.texts(Face::Label, Anchor::Start, Across::beside(cell.start(), 0), top + BASE, lines);
            let plot = self.inset(sheet.room, *cell);
            let panel = Panel { axis: self.axis, plot, top: top + above + HEADROOM, height: tall };
            self.panel(sheet, (*cell, panel), series);
            bottom = self.names_of_waves(sheet, panel);
        }
        bottom
    }

    /// The plot of a cell between the scale and the edge, with half of the widest words free at both ends.
    fn inset(&self, room: Room, cell: Plot) -> Plot {
        let values = Face::Value.widest(self.series.iter().flat_map(|it| (0..self.waves.len()).map(|at| it.value(at))));
        let waves = Face::Quiet.widest(self.waves.iter().map(String::as_str));
        let half = values.max(waves) / 2 + 3;
        let [before, behind] = [self.ticks_column() + half, half].map(|pixels| room.percents(pixels));
        Plot { start: cell.start + before, width: cell.width - before - behind }
    }

    fn panel(&self, sheet: &mut Sheet, (cell, panel): (Plot, Panel), series: &Series) {
        let from = Percent::whole(cell.start + sheet.room.percents(self.ticks_column()));
        self.rails(sheet, panel, cell.start(), [from, cell.end()]);
        self.breaks(sheet, panel, std::slice::from_ref(series));
        // Inside, heights are the same for every series, so that whoever checks the drawing reads them on one scale.
        sheet.moved([0, panel.top]);
        self.trend(sheet, Panel { top: 0, ..panel }, series, (&STYLES[0], CAP));
        sheet.close();
        let words = |wave: usize| self.words(sheet.room, panel.plot, series, wave);
        let placed = self.at_waves((sheet.room, panel.plot), Face::Value, words);
        sheet.clear();
        for (wave, words) in placed {
            let at = Across::beside(self.place(panel.plot, wave), 0);
            match series.reach(wave) {
                Some(reach) => sheet.text(Face::Value, Anchor::Middle, at, panel.highest(reach) - 7, words),
                None => sheet.text(Face::Quiet, Anchor::Middle, at, panel.bottom() - 6, words),
            }
        }
        sheet.close();
    }

    /// What stands at a point: its number, with the unit where there is room for it at every point of every panel, or the symbol of what is not shown.
    fn words<'s>(&'s self, room: Room, plot: Plot, series: &'s Series, wave: usize) -> &'s str {
        let whole = |it: &'s Series, wave: usize| match it.reading(wave) {
            Some(Reading::Shown { value, .. }) => value,
            reading => reading.map_or("", Reading::bare),
        };
        let told = |it: &Series| (0..self.waves.len()).filter(|wave| it.reading(*wave).is_some()).count();
        let fits = |it: &'s Series| self.at_waves((room, plot), Face::Value, |wave| whole(it, wave)).len() == told(it);
        if self.series.iter().all(fits) {
            return whole(series, wave);
        }
        series.reading(wave).map_or("", Reading::bare)
    }
}
