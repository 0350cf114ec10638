//! Series over waves: what slopes and lines share.
//!
//! The first numbers stand left of the plot, the last ones right of it with the names of the series: no legend, no second look. What
//! would overlap moves apart and a thin line leads back to its point. Between waves that cannot be compared nothing is drawn but
//! the mark of the break. The scale starts at zero, as it does for bars, so that a small change looks small.

use super::axis::{Axis, Percent, Plot};
use super::rows::head;
use super::sheet::{Across, Anchor, Room, Sheet, count, height};
use super::text::Face;
use super::{Reach, Reading, Tick};

/// Between a point and its words, for the line that leads from one to the other.
const LEADER: i64 = 12;
/// Between the words of two series.
const APART: i64 = 4;
/// The height of what is drawn, at least.
const PANEL: i64 = 220;
/// How the series are drawn, by turns: each has its own colour, dashes and points.
const STYLES: [Style; 5] = [
    Style { trend: "trend t1", limits: "limits t1", point: "point t1", shape: "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z" },
    Style { trend: "trend t2", limits: "limits t2", point: "point t2", shape: "M-4.5-4.5h9v9h-9z" },
    Style { trend: "trend t3", limits: "limits t3", point: "point t3", shape: "M0-6l6 6l-6 6l-6-6z" },
    Style { trend: "trend t4", limits: "limits t4", point: "point t4", shape: "M0-6l6 10h-12z" },
    Style { trend: "trend t5", limits: "limits t5", point: "point t5", shape: "M-1.5-5.5h3v4h4v3h-4v4h-3v-4h-4v-3h4z" },
];

/// The classes of a series, and the shape of its points.
struct Style {
    trend: &'static str,
    limits: &'static str,
    point: &'static str,
    shape: &'static str,
}

/// Numbers of several waves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Waves {
    /// What is measured: "Per cent".
    pub(crate) unit: String,
    /// The waves, in order of time.
    pub(crate) waves: Vec<String>,
    pub(crate) series: Vec<Series>,
    /// What breaks there are, in sentences.
    pub(crate) notes: Vec<String>,
    pub(crate) axis: Axis,
    /// The marks of the scale.
    pub(crate) ticks: Vec<Tick>,
    /// Places of waves that stand outside of the series.
    pub(crate) outside: Vec<usize>,
}

/// How several waves are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Lines from wave to wave.
    Lines,
    /// A column for each wave.
    Columns,
}

/// One item over the waves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Series {
    pub(crate) label: String,
    pub(crate) points: Vec<Point>,
}

/// One item in one wave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Point {
    /// Nothing where the wave did not ask.
    pub(crate) reading: Option<Reading>,
    /// Whether it can be compared with the wave before.
    pub(crate) link: Link,
}

/// How a wave follows the one before, for one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    /// They can be compared.
    Comparable,
    /// They cannot: reworded, another scale, another unit.
    Broken,
    /// Nothing joins them, and there is no break to mark: one of them did not ask, or is outside of the series.
    Apart,
}

/// Where the series are drawn.
#[derive(Debug, Clone, Copy)]
struct Panel {
    axis: Axis,
    plot: Plot,
    top: i64,
    height: i64,
}

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
    /// Lines left free for the number over a name, where it does not stand before it.
    above: usize,
}

impl Ends {
    /// Numbers stand before the names or, on narrow screens, over them.
    fn new(room: Room, values: i64, series: &[Series]) -> Self {
        let widest = Face::Label.widest(series.iter().map(|it| it.label.as_str()));
        match room {
            Room::Wide => Self { column: if values == 0 { 0 } else { values + 8 }, names: widest.min(220), above: 0 },
            Room::Narrow => Self { column: 0, names: widest.min(112).max(values), above: usize::from(values > 0) },
        }
    }

    fn lines(self, series: &Series) -> Vec<String> {
        let name = Face::Label.lines(&series.label, self.names);
        std::iter::repeat_n(String::new(), self.above).chain(name).collect()
    }
}

impl Series {
    fn reading(&self, wave: usize) -> Option<&Reading> {
        self.points.get(wave)?.reading.as_ref()
    }

    fn reach(&self, wave: usize) -> Option<Reach> {
        self.reading(wave)?.reach()
    }

    /// The last wave that has a number.
    fn last(&self) -> Option<usize> {
        (0..self.points.len()).rev().find(|wave| self.reach(*wave).is_some())
    }

    fn value(&self, wave: usize) -> &str {
        self.reading(wave).and_then(Reading::words).map_or("", |(value, _)| value)
    }
}

impl Waves {
    /// Draws the series and gives the height.
    pub(super) fn draw(&self, sheet: &mut Sheet, form: Form) -> i64 {
        match form {
            Form::Lines => self.draw_lines(sheet),
            Form::Columns => self.draw_columns(sheet),
        }
    }

    fn draw_lines(&self, sheet: &mut Sheet) -> i64 {
        let values = Face::Value.widest(self.series.iter().flat_map(|it| [it.value(0), it.value(self.newest())]));
        let ends = Ends::new(sheet.room, values, &self.series);
        let plot = self.plot(sheet.room, values, ends);
        let whole = Plot { start: 0, width: 100 };
        let top = head(sheet, whole, &self.unit, "") + if self.series.len() == 1 { 20 } else { 6 };
        let needed: i64 = self.series.iter().map(|it| height(Face::Label, &ends.lines(it)) + APART).sum();
        let panel = Panel { axis: self.axis, plot, top, height: needed.max(PANEL) };
        self.scale(sheet, panel);
        self.breaks(sheet, panel);
        for (index, series) in self.series.iter().enumerate() {
            self.trend(sheet, panel, series, index);
        }
        self.first_values(sheet, panel);
        self.names(sheet, panel, ends);
        self.foot(sheet, panel)
    }

    fn newest(&self) -> usize {
        self.waves.len().saturating_sub(1)
    }

    fn plot(&self, room: Room, values: i64, ends: Ends) -> Plot {
        let half = |wave: Option<&String>| wave.map_or(0, |wave| Face::Quiet.width(wave) / 2 + 2);
        let left = room.percents((self.ticks_column(room) + values + LEADER + 4).max(half(self.waves.first())));
        let right = room.percents((LEADER + 4 + ends.column + ends.names).max(half(self.waves.last())));
        Plot { start: left, width: 100 - left - right }
    }

    /// The pixels that the marks of the scale take left of everything; on narrow screens zero alone is marked, below.
    fn ticks_column(&self, room: Room) -> i64 {
        match room {
            Room::Wide => Face::Quiet.widest(self.ticks.iter().map(|tick| tick.words.as_str())) + 10,
            Room::Narrow => 0,
        }
    }

    /// Hairlines across the plot where the marks of the scale are.
    fn scale(&self, sheet: &mut Sheet, panel: Panel) {
        let right = self.ticks_column(sheet.room) - 10;
        for tick in &self.ticks {
            let down = panel.top + panel.axis.down(tick.number, panel.height);
            let is_zero = tick.number.units == 0;
            match sheet.room {
                Room::Wide => {
                    let class = if is_zero { "scale" } else { "scale rail" };
                    sheet.line(class, [(panel.plot.start(), down), (panel.plot.end(), down)]);
                    let at = Across { pixels: right, ..Across::LEFT };
                    sheet.text(Face::Quiet, Anchor::End, at, down + 5, &tick.words);
                }
                Room::Narrow if is_zero => {
                    sheet.line("scale", [(Percent::ZERO, down), (panel.plot.end(), down)]);
                    if panel.axis.starts_at_zero() {
                        sheet.text(Face::Quiet, Anchor::Start, Across::LEFT, down + 19, &tick.words);
                    }
                }
                Room::Narrow => {}
            }
        }
    }

    fn trend(&self, sheet: &mut Sheet, panel: Panel, series: &Series, index: usize) {
        let style = &STYLES[index % STYLES.len()];
        let place =
            |wave: usize, reach: Reach| (panel.plot.point(count(wave), count(self.waves.len())), panel.down(reach));
        // Side by side, the intervals of several series can be told apart.
        let beside = count(self.series.len().min(STYLES.len()) - 1) * 2;
        sheet.moved(count(index % STYLES.len()) * 4 - beside);
        for wave in 0..self.waves.len() {
            let Some(reach) = series.reach(wave) else { continue };
            let (across, down) = place(wave, reach);
            let [low, high] = [reach.low, reach.high].map(|limit| panel.top + panel.axis.down(limit, panel.height));
            sheet.line(style.limits, [(across, high), (across, low)]);
            let follows = wave > 0 && series.points.get(wave).is_some_and(|point| point.link == Link::Comparable);
            if follows && let Some(before) = series.reach(wave - 1) {
                sheet.line(style.trend, [place(wave - 1, before), (across, down)]);
            }
            sheet.shape(style.point, across, down, style.shape);
        }
        sheet.close();
        if self.series.len() == 1 {
            self.values_between(sheet, panel, series);
        }
    }

    /// The numbers of the waves between the first and the last, over their intervals, where there is room.
    fn values_between(&self, sheet: &mut Sheet, panel: Panel, series: &Series) {
        let points = count(self.waves.len());
        let widest = Face::Value.widest((0..self.waves.len()).map(|wave| series.value(wave)));
        if self.between(sheet.room, panel.plot) < widest + 12 {
            return;
        }
        for wave in 1..self.newest() {
            let Some(reach) = series.reach(wave) else { continue };
            let at = Across::beside(panel.plot.point(count(wave), points), 0);
            let base = panel.top + panel.axis.down(reach.high, panel.height) - 7;
            sheet.text(Face::Value, Anchor::Middle, at, base, series.value(wave));
        }
    }

    /// The mark of a break, between the waves that it parts.
    fn breaks(&self, sheet: &mut Sheet, panel: Panel) {
        let points = count(self.waves.len());
        for wave in 1..self.waves.len() {
            let is_broken = |series: &Series| series.points.get(wave).is_some_and(|point| point.link == Link::Broken);
            if self.series.iter().any(is_broken) {
                let middle = panel.plot.point(count(wave) - 1, points).middle(panel.plot.point(count(wave), points));
                sheet.line("break", [(middle, panel.top), (middle, panel.top + panel.height)]);
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
            let back = panel.plot.left_of(sheet.room.percents(LEADER));
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
                let point = reach.map_or(panel.top + panel.height, |reach| panel.down(reach));
                EndWords { point, value: series.value(newest), lines: ends.lines(series) }
            })
            .collect();
        for (words, middle) in apart(&mut words, panel) {
            let end = panel.plot.end();
            let forth = panel.plot.right_of(sheet.room.percents(LEADER));
            if middle != words.point {
                sheet.line("leader", [(end, words.point), (forth, middle)]);
            }
            sheet.text(Face::Value, Anchor::Start, Across::beside(forth, 2), middle + 5, words.value);
            let name = Across::beside(forth, 2 + ends.column);
            sheet.texts(Face::Label, Anchor::Start, name, middle + 5, &words.lines);
        }
    }

    /// The waves, under them the symbols of what is not shown, and the notes. Gives the bottom.
    fn foot(&self, sheet: &mut Sheet, panel: Panel) -> i64 {
        let points = count(self.waves.len());
        let mut top = panel.top + panel.height;
        let step = self.step(sheet.room, panel.plot);
        for (wave, words) in self.waves.iter().enumerate() {
            let across = panel.plot.point(count(wave), points);
            sheet.line("scale", [(across, top), (across, top + 5)]);
            if (self.newest() - wave).is_multiple_of(step) {
                sheet.text(Face::Quiet, Anchor::Middle, Across::beside(across, 0), top + 19, words);
            }
        }
        let symbols: Vec<String> = (0..self.waves.len()).map(|wave| self.symbols(wave)).collect();
        let widest = Face::Quiet.widest(symbols.iter().map(String::as_str));
        // Without room for them, the table alone tells what is not shown.
        if widest > 0 && widest + 2 <= self.between(sheet.room, panel.plot) {
            for (wave, symbols) in symbols.iter().enumerate() {
                let at = Across::beside(panel.plot.point(count(wave), points), 0);
                sheet.text(Face::Quiet, Anchor::Middle, at, top + 37, symbols);
            }
            top += 18;
        }
        let lines: Vec<String> =
            self.notes.iter().flat_map(|note| Face::Quiet.lines(note, sheet.room.least())).collect();
        sheet.texts(Face::Quiet, Anchor::Start, Across::LEFT, top + 44, &lines);
        top + 28 + if lines.is_empty() { 0 } else { 4 + height(Face::Quiet, &lines) }
    }

    /// The symbols of one wave, each once.
    fn symbols(&self, wave: usize) -> String {
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

    /// The pixels from one wave to the next, at the least width.
    fn between(&self, room: Room, plot: Plot) -> i64 {
        (room.pixels(plot.end()) - room.pixels(plot.start())) / count(self.newest()).max(1)
    }

    /// Every how many waves there is room for a name, counted from the newest.
    fn step(&self, room: Room, plot: Plot) -> usize {
        let widest = Face::Quiet.widest(self.waves.iter().map(String::as_str)) + 10;
        let between = self.between(room, plot);
        let step = (1..=self.waves.len()).find(|step| between * count(*step) >= widest);
        step.unwrap_or(self.waves.len()).max(1)
    }
}

impl Panel {
    fn down(self, reach: Reach) -> i64 {
        self.top + self.axis.down(reach.estimate, self.height)
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
    let mut free = panel.top + panel.height + HALF;
    for (middle, words) in middles.iter_mut().zip(ends.iter()).rev() {
        *middle = (*middle).min(free - tall(words) + HALF);
        free = *middle - HALF;
    }
    ends.iter().zip(middles).collect()
}
