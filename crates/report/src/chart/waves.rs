//! Series over waves: what lines, small panels of lines and columns share.
//!
//! Lines keep the distances of time: between waves that are years apart there is so much room. Between waves that cannot be compared nothing is drawn but
//! the mark of the break; a wave that asked nothing of what is drawn has no place. The scale starts at zero, as it does for bars, so that a
//! small change looks small.

use super::axis::{Axis, Percent, Plot};
use super::sheet::{Across, Anchor, Room, Sheet, height};
use super::text::Face;
use super::{Reach, Reading, Tick};

/// How the series are drawn, by turns: each has its own colour, dashes and points.
pub(super) const STYLES: [Style; 5] = [
    Style { trend: "trend t1", limits: "limits t1", point: "point t1", shape: "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z" },
    Style { trend: "trend t2", limits: "limits t2", point: "point t2", shape: "M-3.5-3.5h7v7h-7z" },
    Style { trend: "trend t3", limits: "limits t3", point: "point t3", shape: "M0-5l5 5l-5 5l-5-5z" },
    Style { trend: "trend t4", limits: "limits t4", point: "point t4", shape: "M0-5l5 8h-10z" },
    Style {
        trend: "trend t5",
        limits: "limits t5",
        point: "point t5",
        shape: "M-1.5-5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5v-3h3.5z",
    },
];

/// The classes of a series, and the shape of its points.
#[derive(Debug)]
pub(super) struct Style {
    trend: &'static str,
    pub(super) limits: &'static str,
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
    /// The year of each.
    pub(crate) years: Vec<i64>,
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

/// Where series are drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Panel {
    pub(super) axis: Axis,
    pub(super) plot: Plot,
    pub(super) top: i64,
    pub(super) height: i64,
}

impl Series {
    pub(super) fn reading(&self, wave: usize) -> Option<&Reading> {
        self.points.get(wave)?.reading.as_ref()
    }

    pub(super) fn reach(&self, wave: usize) -> Option<Reach> {
        self.reading(wave)?.reach()
    }

    /// The last wave that has a number.
    pub(super) fn last(&self) -> Option<usize> {
        (0..self.points.len()).rev().find(|wave| self.reach(*wave).is_some())
    }

    pub(super) fn value(&self, wave: usize) -> &str {
        self.reading(wave).and_then(Reading::words).map_or("", |(value, _)| value)
    }

    /// Whether it is broken between a wave and the one before.
    fn is_broken(&self, wave: usize) -> bool {
        self.points.get(wave).is_some_and(|point| point.link == Link::Broken)
    }
}

impl Panel {
    pub(super) fn bottom(self) -> i64 {
        self.top + self.height
    }

    pub(super) fn down(self, reach: Reach) -> i64 {
        self.top + self.axis.down(reach.estimate, self.height)
    }

    /// Where the upper limit stands.
    pub(super) fn highest(self, reach: Reach) -> i64 {
        self.top + self.axis.down(reach.high, self.height)
    }
}

impl Waves {
    /// Draws the series and gives the height.
    pub(super) fn draw(&self, sheet: &mut Sheet, form: Form) -> i64 {
        match (form, sheet.room) {
            (Form::Columns, _) => self.draw_columns(sheet),
            // More lines than there are styles could not be told apart.
            (Form::Lines, Room::Wide) if self.series.len() <= STYLES.len() => self.draw_lines(sheet),
            (Form::Lines, _) => self.draw_panels(sheet),
        }
    }

    pub(super) fn newest(&self) -> usize {
        self.waves.len().saturating_sub(1)
    }

    /// Where a wave stands, by its year.
    pub(super) fn place(&self, plot: Plot, wave: usize) -> Percent {
        let first = self.years.first().copied().unwrap_or_default();
        let passed = |wave: usize| self.years.get(wave).map_or(0, |year| year - first);
        plot.passed(passed(wave), passed(self.newest()))
    }

    /// The pixels that the marks of the scale take left of everything.
    pub(super) fn ticks_column(&self) -> i64 {
        Face::Quiet.widest(self.ticks.iter().map(|tick| tick.words.as_str())) + 10
    }

    /// Hairlines where the marks of the scale are, from a place to another one; their words right of where the column of marks starts.
    pub(super) fn rails(&self, sheet: &mut Sheet, panel: Panel, column: Percent, [from, to]: [Percent; 2]) {
        /// The least height from one mark's words to the next.
        const CLEAR: i64 = 18;
        let right = self.ticks_column() - 10;
        let down = |tick: &Tick| panel.top + panel.axis.down(tick.number, panel.height);
        // Where the scale is low, its ends are enough.
        let is_low = self.ticks.windows(2).any(|pair| down(&pair[0]) - down(&pair[1]) < CLEAR);
        let (zero, last) = (|tick: &Tick| tick.number.units == 0, self.ticks.len());
        for (index, tick) in self.ticks.iter().enumerate() {
            let is_end = zero(tick) || index + 1 == last;
            if is_low && !is_end {
                continue;
            }
            let class = if zero(tick) { "scale" } else { "scale rail" };
            sheet.line(class, [(from, down(tick)), (to, down(tick))]);
            sheet.text(Face::Quiet, Anchor::End, Across::beside(column, right), down(tick) + 5, &tick.words);
        }
    }

    /// Draws a series: its intervals, the lines between waves that can be compared, its points.
    pub(super) fn trend(&self, sheet: &mut Sheet, panel: Panel, series: &Series, (style, cap): (&Style, i64)) {
        let place = |wave: usize, reach: Reach| (self.place(panel.plot, wave), panel.down(reach));
        for wave in 0..self.waves.len() {
            let Some(reach) = series.reach(wave) else { continue };
            let (across, down) = place(wave, reach);
            let follows = wave > 0 && series.points.get(wave).is_some_and(|point| point.link == Link::Comparable);
            if follows && let Some(before) = series.reach(wave - 1) {
                sheet.line(style.trend, [place(wave - 1, before), (across, down)]);
            }
        }
        for wave in 0..self.waves.len() {
            let Some(reach) = series.reach(wave) else { continue };
            let (across, down) = place(wave, reach);
            let point = (style.point, style.shape);
            // What was printed without an interval has none.
            if reach.low == reach.high {
                sheet.shapes(across, down, &[point]);
                continue;
            }
            let [low, high] = [reach.low, reach.high].map(|limit| panel.top + panel.axis.down(limit, panel.height));
            sheet.line(style.limits, [(across, high), (across, low)]);
            let caps = format!("M-{cap} {}h{}M-{cap} {}h{}", high - down, 2 * cap, low - down, 2 * cap);
            sheet.shapes(across, down, &[(style.limits, &caps), point]);
        }
    }

    /// The mark of a break of one of some series, between the waves that it parts.
    pub(super) fn breaks(&self, sheet: &mut Sheet, panel: Panel, series: &[Series]) {
        for wave in 1..self.waves.len() {
            if series.iter().any(|series| series.is_broken(wave)) {
                let middle = self.place(panel.plot, wave - 1).middle(self.place(panel.plot, wave));
                sheet.line("break", [(middle, panel.top), (middle, panel.bottom())]);
            }
        }
    }

    /// The words of waves at their places, from the newest back as there is room.
    pub(super) fn at_waves<'w>(
        &self,
        (room, plot): (Room, Plot),
        face: Face,
        words: impl Fn(usize) -> &'w str,
    ) -> Vec<(usize, &'w str)> {
        /// Between two of them, at least.
        const CLEAR: i64 = 8;
        let mut free = i64::MAX;
        let mut placed = Vec::new();
        for wave in (0..self.waves.len()).rev() {
            let (words, at) = (words(wave), room.pixels(self.place(plot, wave)));
            let half = (face.width(words) + CLEAR + 1) / 2;
            if !words.is_empty() && at + half <= free {
                placed.push((wave, words));
                free = at - half;
            }
        }
        placed.reverse();
        placed
    }

    /// The waves under a panel. Gives the bottom.
    pub(super) fn names_of_waves(&self, sheet: &mut Sheet, panel: Panel) -> i64 {
        for wave in 0..self.waves.len() {
            let across = self.place(panel.plot, wave);
            sheet.line("scale", [(across, panel.bottom()), (across, panel.bottom() + 5)]);
        }
        let words = |wave: usize| self.waves[wave].as_str();
        for (wave, words) in self.at_waves((sheet.room, panel.plot), Face::Quiet, words) {
            let at = Across::beside(self.place(panel.plot, wave), 0);
            sheet.text(Face::Quiet, Anchor::Middle, at, panel.bottom() + 19, words);
        }
        panel.bottom() + 28
    }

    /// The notes, in the whole width. Gives the bottom.
    pub(super) fn notes(&self, sheet: &mut Sheet, top: i64) -> i64 {
        let lines: Vec<String> =
            self.notes.iter().flat_map(|note| Face::Quiet.lines(note, sheet.room.least())).collect();
        sheet.texts(Face::Quiet, Anchor::Start, Across::LEFT, top + 16, &lines);
        top + if lines.is_empty() { 0 } else { 4 + height(Face::Quiet, &lines) }
    }
}
