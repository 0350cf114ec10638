//! Lines over waves in a wide drawing: all series in one panel.
//!
//! The first numbers stand left of the plot, the last ones right of it with the names of the series: no legend, no second look. What
//! would overlap moves apart and a thin line leads back to its point.

use super::Reading;
use super::axis::{Percent, Plot};
use super::rows::head;
use super::sheet::{Across, Anchor, Room, Sheet, count, height};
use super::text::Face;
use super::waves::{Panel, STYLES, Series, Waves};

/// Between a point and its words, for the line that leads from one to the other.
const LEADER: i64 = 12;
/// Between the words of two series.
const APART: i64 = 4;
/// Half of what the points of two series of one wave stand apart across.
const SPREAD: i64 = 3;
/// The height of what is drawn, at least.
const PANEL: i64 = 280;
/// The widest that the names of series are, before they break.
const NAMES: i64 = 220;

/// Words at an end of a series.
struct EndWords<'w> {
    point: i64,
    value: &'w str,
    lines: Vec<String>,
}

/// How the names of the series stand at their ends.
#[derive(Debug, Clone, Copy)]
struct Ends {
    /// The pixels that the numbers before the names take.
    column: i64,
    /// Those of the names.
    names: i64,
}

impl Ends {
    fn new(values: i64, series: &[Series]) -> Self {
        let widest = Face::Label.widest(series.iter().map(|it| it.label.as_str()));
        Self { column: if values == 0 { 0 } else { values + 8 }, names: widest.min(NAMES) }
    }

    fn lines(self, series: &Series) -> Vec<String> {
        Face::Label.lines(&series.label, self.names)
    }
}

impl Waves {
    pub(super) fn draw_lines(&self, sheet: &mut Sheet) -> i64 {
        let values = Face::Value.widest(self.series.iter().flat_map(|it| [it.value(0), it.value(self.newest())]));
        let ends = Ends::new(values, &self.series);
        let plot = self.plot(sheet.room, values, ends);
        let whole = Plot { start: 0, width: 100 };
        let top = head(sheet, whole, &self.unit, "") + if self.series.len() == 1 { 20 } else { 6 };
        let needed: i64 = self.series.iter().map(|it| height(Face::Label, &ends.lines(it)) + APART).sum();
        let panel = Panel { axis: self.axis, plot, top, height: needed.max(PANEL) };
        self.rails(sheet, panel, Percent::ZERO, [plot.start(), plot.end()]);
        self.breaks(sheet, panel, &self.series);
        for (index, (series, style)) in self.series.iter().zip(&STYLES).enumerate() {
            // Side by side, the intervals of several series can be told apart.
            sheet.moved([2 * SPREAD * count(index) - self.spread(), 0]);
            self.trend(sheet, panel, series, (style, if self.series.len() == 1 { 5 } else { 3 }));
            sheet.close();
        }
        if let [only] = self.series.as_slice() {
            sheet.clear();
            self.values_between(sheet, panel, only);
            sheet.close();
        }
        self.first_values(sheet, panel);
        self.names(sheet, panel, ends);
        let bottom = self.symbols(sheet, panel);
        self.notes(sheet, bottom)
    }

    /// How far the outermost series stand aside from their wave.
    fn spread(&self) -> i64 {
        SPREAD * count(self.series.len().saturating_sub(1))
    }

    /// Between the end of the plot and the words beside it.
    fn leader(&self) -> i64 {
        LEADER + self.spread()
    }

    fn plot(&self, room: Room, values: i64, ends: Ends) -> Plot {
        let half = |wave: Option<&String>| room.percents(wave.map_or(0, |wave| Face::Quiet.width(wave) / 2 + 2));
        let beside = |words: i64| room.percents(self.leader()) + room.percents(words + 4);
        let left = beside(self.ticks_column() + values).max(half(self.waves.first()));
        let right = beside(ends.column + ends.names).max(half(self.waves.last()));
        Plot { start: left, width: 100 - left - right }
    }

    /// The numbers of the waves between the first and the last, over their intervals, where there is room.
    fn values_between(&self, sheet: &mut Sheet, panel: Panel, series: &Series) {
        let words = |wave: usize| series.value(wave);
        for (wave, words) in self.at_waves((sheet.room, panel.plot), Face::Value, words) {
            if let Some(reach) = series.reach(wave).filter(|_| wave > 0 && wave < self.newest()) {
                let at = Across::beside(self.place(panel.plot, wave), 0);
                sheet.text(Face::Value, Anchor::Middle, at, panel.highest(reach) - 7, words);
            }
        }
    }

    fn first_values(&self, sheet: &mut Sheet, panel: Panel) {
        let point = |series: &Series| series.reach(0).map(|reach| panel.down(reach));
        let mut ends: Vec<EndWords<'_>> = self
            .series
            .iter()
            .filter_map(|it| Some(EndWords { point: point(it)?, value: it.value(0), lines: vec![String::new()] }))
            .collect();
        for (words, middle) in apart(&mut ends, panel) {
            let start = panel.plot.start();
            let back = panel.plot.left_of(sheet.room.percents(self.leader()));
            if middle != words.point {
                sheet.line("leader", [(back, middle), (start, words.point)]);
            }
            sheet.text(Face::Value, Anchor::End, Across::beside(back, -2), middle + 5, words.value);
        }
    }

    /// The names of the series with their newest numbers, at the last point of each.
    fn names(&self, sheet: &mut Sheet, panel: Panel, ends: Ends) {
        let newest = self.newest();
        let mut words: Vec<EndWords<'_>> = self
            .series
            .iter()
            .map(|series| {
                let reach = series.last().and_then(|wave| series.reach(wave));
                let point = reach.map_or(panel.bottom(), |reach| panel.down(reach));
                EndWords { point, value: series.value(newest), lines: ends.lines(series) }
            })
            .collect();
        for (words, middle) in apart(&mut words, panel) {
            let end = panel.plot.end();
            let forth = panel.plot.right_of(sheet.room.percents(self.leader()));
            if middle != words.point {
                sheet.line("leader", [(end, words.point), (forth, middle)]);
            }
            sheet.text(Face::Value, Anchor::Start, Across::beside(forth, 2), middle + 5, words.value);
            let name = Across::beside(forth, 2 + ends.column);
            sheet.texts(Face::Label, Anchor::Start, name, middle + 5, &words.lines);
        }
    }

    /// The waves, and under them the symbols of what is not shown. Gives the bottom.
    fn symbols(&self, sheet: &mut Sheet, panel: Panel) -> i64 {
        let bottom = self.names_of_waves(sheet, panel);
        let symbols: Vec<String> = (0..self.waves.len()).map(|wave| self.symbols_of(wave)).collect();
        if symbols.iter().all(String::is_empty) {
            return bottom;
        }
        for (wave, words) in self.at_waves((sheet.room, panel.plot), Face::Quiet, |wave| symbols[wave].as_str()) {
            let at = Across::beside(self.place(panel.plot, wave), 0);
            sheet.text(Face::Quiet, Anchor::Middle, at, bottom + 9, words);
        }
        bottom + 18
    }

    /// The symbols of one wave, each once.
    fn symbols_of(&self, wave: usize) -> String {
        let mut symbols: Vec<&str> = Vec::new();
        for series in &self.series {
            if let Some(Reading::Absent { symbol, .. }) = series.reading(wave)
                && !symbols.contains(&symbol.as_str())
            {
                symbols.push(symbol);
            }
        }
        symbols.join(" ")
    }
}

/// Moves words apart that would overlap, as little as the panel allows; each with the middle of its first line.
fn apart<'e, 'w>(ends: &'e mut [EndWords<'w>], panel: Panel) -> Vec<(&'e EndWords<'w>, i64)> {
    /// Half of a line.
    const HALF: i64 = 10;
    ends.sort_by_key(|words| words.point);
    let tall = |words: &EndWords<'_>| height(Face::Label, &words.lines) + APART;
    let mut middles: Vec<i64> = ends.iter().map(|words| words.point).collect();
    let mut free = panel.top - HALF;
    for (middle, words) in middles.iter_mut().zip(ends.iter()) {
        *middle = (*middle).max(free + HALF);
        free = *middle - HALF + tall(words);
    }
    let mut free = panel.bottom() + HALF;
    for (middle, words) in middles.iter_mut().zip(ends.iter()).rev() {
        *middle = (*middle).min(free - tall(words) + HALF);
        free = *middle - HALF;
    }
    ends.iter().zip(middles).collect()
}
