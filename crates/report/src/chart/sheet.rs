//! The sheet that a chart is drawn on.
//!
//! Heights are in pixels. Across, a place is a part of the sheet's width and some pixels from there: so a drawing fills any width of its
//! room, and its text keeps its size. Both ends of a text move evenly with the width, so texts that keep apart at the least and at
//! the greatest width keep apart at every one between.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::axis::Percent;
use super::text::Face;
use crate::templates::escape_markup;

/// The room that there is across.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    /// Labels stand beside the marks.
    Wide,
    /// On telephones: labels stand above the marks.
    Narrow,
}

impl Room {
    /// The least width of a drawing, in pixels: what the stylesheet leaves between the margins of the narrowest window that shows it
    /// in its full size (704 and 360 pixels), less a scroll bar. In a window of 320 pixels the narrow drawing is as much smaller.
    pub(super) fn least(self) -> i64 {
        match self {
            Self::Wide => 648,
            Self::Narrow => 304,
        }
    }

    /// The whole pixels right of a place at the least width.
    pub(super) fn right_of(self, percent: Percent) -> i64 {
        Percent::whole(100).from(percent).of(self.least())
    }

    /// The pixels of some per cent at the least width.
    pub(super) fn pixels(self, percent: Percent) -> i64 {
        percent.of(self.least())
    }

    /// The least whole per cents that hold so many pixels at every width.
    pub(super) fn percents(self, pixels: i64) -> i64 {
        (pixels * 100 + self.least() - 1) / self.least()
    }
}

/// A place across: a part of the width, and pixels from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Across {
    pub(super) percent: Percent,
    pub(super) pixels: i64,
}

impl Across {
    pub(super) const LEFT: Self = Self { percent: Percent::ZERO, pixels: 0 };

    pub(super) fn right() -> Self {
        Self { percent: Percent::whole(100), pixels: 0 }
    }

    /// So many pixels right of a part of the width.
    pub(super) fn beside(percent: Percent, pixels: i64) -> Self {
        Self { percent, pixels }
    }
}

/// What of a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// What an area is filled with. Every fill of a series differs from the others in lightness or in its pattern, not only in colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fill {
    /// An answer, or one group.
    Plain,
    /// The total beside its groups.
    Total,
    /// Not an answer to the question: don't know, not relevant.
    Muted,
    /// The answers of a question, in order.
    Series(usize),
    /// The answers on the other side, in order from the middle.
    Against(usize),
}

impl Fill {
    pub(super) fn class(self) -> &'static str {
        const SERIES: [&str; 4] = ["bar s1", "bar s2", "bar s3", "bar s4"];
        match self {
            Self::Plain => "bar",
            Self::Total => "bar total",
            Self::Muted => "bar muted",
            Self::Series(index) => SERIES[index % SERIES.len()],
            Self::Against(0) => "bar a1",
            Self::Against(_) => "bar a2",
        }
    }

    /// The pattern over it, if it has one.
    fn pattern(self) -> Option<Pattern> {
        let by_turns = [None, Some(Pattern::Rising), None, Some(Pattern::Dots)];
        match self {
            Self::Plain | Self::Total => None,
            Self::Muted => Some(Pattern::Falling),
            Self::Series(index) if index < by_turns.len() => by_turns[index],
            Self::Series(index) => Some([Pattern::Falling, Pattern::Dots, Pattern::Rising][index % 3]),
            Self::Against(0) => Some(Pattern::Falling),
            Self::Against(_) => None,
        }
    }
}

/// Marks of the paper's colour over a fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Pattern {
    Rising,
    Falling,
    Dots,
}

impl Pattern {
    fn name(self) -> &'static str {
        match self {
            Self::Rising => "rising",
            Self::Falling => "falling",
            Self::Dots => "dots",
        }
    }

    fn shape(self) -> &'static str {
        match self {
            Self::Rising => "<path d=\"M-1 1l2-2M0 6l6-6M5 7l2-2\"/>",
            Self::Falling => "<path d=\"M-1 5l2 2M0 0l6 6M5-1l2 2\"/>",
            Self::Dots => "<path d=\"M1 1.5h1M4 4.5h1\"/>",
        }
    }
}

/// An area across: where it starts and how wide it is, in per cent of the sheet; how far down, and how high.
#[derive(Debug, Clone, Copy)]
pub(super) struct Area {
    pub(super) from: Percent,
    pub(super) width: Percent,
    pub(super) top: i64,
    pub(super) height: i64,
}

/// The side of a swatch.
pub(super) const SWATCH: i64 = 14;

/// What a chart draws on.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) room: Room,
    /// What ids of patterns start with; they are unique in a page.
    id: String,
    patterns: BTreeSet<Pattern>,
    svg: String,
}

impl Sheet {
    pub(super) fn new(id: String, room: Room) -> Self {
        Self { room, id, patterns: BTreeSet::new(), svg: String::new() }
    }

    /// A line of text; `base` is that of its letters.
    pub(super) fn text(&mut self, face: Face, anchor: Anchor, at: Across, base: i64, words: &str) {
        if words.is_empty() {
            return;
        }
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " middle",
            Anchor::End => " end",
        };
        let place = match (at.percent == Percent::ZERO, at.pixels) {
            (true, 0) => String::new(),
            (true, pixels) => format!(" x=\"{pixels}\""),
            (false, 0) => format!(" x=\"{}%\"", at.percent),
            (false, pixels) => format!(" x=\"{}%\" dx=\"{pixels}\"", at.percent),
        };
        let (class, words) = (face.class(), escape_markup(words));
        let _ = writeln!(self.svg, "<text class=\"{class}{anchor}\"{place} y=\"{base}\">{words}</text>");
    }

    /// Lines of text below each other.
    pub(super) fn texts(&mut self, face: Face, anchor: Anchor, at: Across, base: i64, lines: &[String]) {
        let mut base = base;
        for line in lines {
            self.text(face, anchor, at, base, line);
            base += line_height(face);
        }
    }

    pub(super) fn area(&mut self, class: &str, area: Area) {
        let Area { from, width, top, height } = area;
        let _ = writeln!(
            self.svg,
            "<rect class=\"{class}\" x=\"{from}%\" y=\"{top}\" width=\"{width}%\" height=\"{height}\"/>"
        );
    }

    pub(super) fn filled(&mut self, fill: Fill, area: Area) {
        self.area(fill.class(), area);
        if let Some(pattern) = fill.pattern() {
            let Area { from, width, top, height } = area;
            let url = self.pattern(pattern);
            let _ = writeln!(
                self.svg,
                "<rect fill=\"{url}\" x=\"{from}%\" y=\"{top}\" width=\"{width}%\" height=\"{height}\"/>"
            );
        }
    }

    /// A small filled square.
    pub(super) fn swatch(&mut self, fill: Fill, at: Across, top: i64) {
        let square = format!("x=\"{}\" width=\"{SWATCH}\" height=\"{SWATCH}\"/>", at.pixels);
        let mut squares = format!("<rect class=\"{}\" {square}", fill.class());
        if let Some(pattern) = fill.pattern() {
            let url = self.pattern(pattern);
            let _ = write!(squares, "<rect fill=\"{url}\" {square}");
        }
        let across = at.percent;
        let _ = writeln!(self.svg, "<svg x=\"{across}%\" y=\"{top}\" overflow=\"visible\">{squares}</svg>");
    }

    /// Opens a group that is moved by so many pixels across and down; [`Sheet::close`] ends it. Words stay outside of it.
    pub(super) fn moved(&mut self, [across, down]: [i64; 2]) {
        let _ = writeln!(self.svg, "<g transform=\"translate({across} {down})\">");
    }

    /// Opens a group of words that stand clear of the lines behind them; [`Sheet::close`] ends it.
    pub(super) fn clear(&mut self) {
        // An attribute, since the checker of the pages does not know it as a property of CSS.
        self.svg.push_str("<g class=\"clear\" paint-order=\"stroke\">\n");
    }

    pub(super) fn close(&mut self) {
        self.svg.push_str("</g>\n");
    }

    fn pattern(&mut self, pattern: Pattern) -> String {
        self.patterns.insert(pattern);
        format!("url(#{}-{})", self.id, pattern.name())
    }

    pub(super) fn line(&mut self, class: &str, [from, to]: [(Percent, i64); 2]) {
        let ((x1, y1), (x2, y2)) = (from, to);
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        let _ = writeln!(self.svg, "<line{class} x1=\"{x1}%\" y1=\"{y1}\" x2=\"{x2}%\" y2=\"{y2}\"/>");
    }

    pub(super) fn dot(&mut self, class: &str, at: Percent, down: i64) {
        let _ = writeln!(self.svg, "<circle class=\"{class}\" cx=\"{at}%\" cy=\"{down}\" r=\"5\"/>");
    }

    /// Shapes around a place, drawn in pixels, the last on top.
    pub(super) fn shapes(&mut self, at: Percent, down: i64, shapes: &[(&str, &str)]) {
        let path = |(class, path): &(&str, &str)| format!("<path class=\"{class}\" d=\"{path}\"/>");
        let paths: String = shapes.iter().map(path).collect();
        let _ = writeln!(self.svg, "<svg x=\"{at}%\" y=\"{down}\" overflow=\"visible\">{paths}</svg>");
    }

    /// What was drawn, after the patterns that it uses.
    pub(super) fn finish(self) -> String {
        if self.patterns.is_empty() {
            return self.svg;
        }
        let pattern = |pattern: &Pattern| {
            format!(
                "<pattern id=\"{}-{}\" class=\"over {}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">{}</pattern>",
                self.id,
                pattern.name(),
                pattern.name(),
                pattern.shape()
            )
        };
        let patterns: String = self.patterns.iter().map(pattern).collect();
        format!("<defs>{patterns}</defs>\n{}", self.svg)
    }
}

/// From one line of text to the next.
pub(super) fn line_height(face: Face) -> i64 {
    match face {
        Face::Label | Face::Strong | Face::Value => 20,
        Face::Quiet | Face::Mark => 18,
        Face::Large => 34,
        Face::Headline => 26,
    }
}

/// The height of lines of text, in pixels.
pub(super) fn height(face: Face, lines: &[String]) -> i64 {
    line_height(face) * count(lines.len())
}

/// A number of lines, bars or points, to multiply heights with.
pub(super) fn count(items: usize) -> i64 {
    i64::try_from(items).expect("a drawing has few items")
}
