//! Charts as accessible SVG, drawn from published (rounded) numbers.
//!
//! Each kind is a function from finished numbers and words to marks on a [`Sheet`]; what kinds share (the scale, measured text,
//! fills and patterns, rows of labels) lies beside them. A page has a drawing twice, with labels above the marks and beside them, and
//! its stylesheet shows the one that there is room for; paper has room for the wide one. A drawing that stands alone has a fixed width and carries
//! its colours, and in words every number that it shows.
//!
//! Positions are computed in whole numbers, so they show no more than the page says, and are the same on every machine.

mod axis;
mod bar;
mod columns;
mod diverging;
mod gauge;
mod key;
mod lines;
mod panels;
mod rows;
mod sheet;
mod single;
mod stacked;
mod text;
mod waves;

use std::fmt::Write;

use crate::language::Number;
use crate::templates::escape_markup;

pub(crate) use axis::{Axis, End, Reach};
use bar::Shape;
pub(crate) use bar::{Bar, Bars, Group};
pub(crate) use diverging::{Diverging, Opposed, Side};
pub(crate) use gauge::gauge;
use sheet::{Across, Anchor, Sheet, count, height};
pub(crate) use sheet::{Fill, Room};
pub(crate) use single::Single;
pub(crate) use stacked::{Stack, Stacked};
use text::Face;
pub(crate) use waves::{Form, Link, Point, Series, Waves};

/// A chart with all its words finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Drawing {
    /// The name that ids in the page start with.
    pub(crate) id: String,
    /// What it is, in a few words.
    pub(crate) title: String,
    /// What there is to see, for those who do not see it.
    pub(crate) description: String,
    /// Every number of it in words; a page has them in the figure's table.
    pub(crate) readings: String,
    /// The mark of synthetic data; empty for real data.
    pub(crate) mark: String,
    pub(crate) plot: Plot,
}

/// What is drawn, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Plot {
    /// Bars with intervals, in one group or several.
    Bar(Bars),
    /// Dots with intervals, in one group or several.
    Dot(Bars),
    /// Answers against to the left, answers for to the right.
    Diverging(Diverging),
    /// Answers that make a whole.
    Stacked(Stacked),
    /// One share.
    Single(Single),
    /// Several waves, as lines or columns.
    Waves(Waves, Form),
}

/// One number of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reading {
    /// The number in words: as it stands alone, and without the unit that a chart tells once for all; and its limits.
    Shown { reach: Reach, value: String, bare: String, limits: String },
    /// Why there is none.
    Absent { symbol: String, reason: String },
}

impl Reading {
    pub(crate) fn reach(&self) -> Option<Reach> {
        match self {
            Self::Shown { reach, .. } => Some(*reach),
            Self::Absent { .. } => None,
        }
    }

    /// Value and limits, if it is shown.
    fn words(&self) -> Option<(&str, &str)> {
        match self {
            Self::Shown { value, limits, .. } => Some((value, limits)),
            Self::Absent { .. } => None,
        }
    }

    /// What stands for it where the unit is told: its number, or the symbol of what is not shown.
    fn bare(&self) -> &str {
        match self {
            Self::Shown { bare, .. } => bare,
            Self::Absent { symbol, .. } => symbol,
        }
    }
}

/// A mark of a scale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tick {
    pub(crate) number: Number,
    pub(crate) words: String,
}

/// The width of a drawing that stands alone, and its margin.
const ALONE_WIDTH: i64 = 760;
const ALONE_MARGIN: i64 = 24;

/// The look of a drawing that stands alone; in a page it is the stylesheet's. Readers who prefer it see it dark.
const ALONE_STYLE: &str = include_str!("chart/alone.css");

impl Drawing {
    /// The drawings for a page, of which the stylesheet shows one.
    pub(crate) fn inline(&self) -> String {
        // The other drawing borrows its words, which it may although they are hidden.
        self.opened("chart beside", Room::Wide, &self.words()) + "\n" + &self.opened("chart above", Room::Narrow, "")
    }

    /// The drawings for a document to be printed, where the caption right below them begins with the mark.
    pub(crate) fn inline_unmarked(&self) -> String {
        Self { mark: String::new(), ..self.clone() }.inline()
    }

    fn words(&self) -> String {
        let (title, description) = (escape_markup(&self.title), escape_markup(&self.description));
        format!("<title id=\"{id}-t\">{title}</title>\n<desc id=\"{id}-d\">{description}</desc>\n", id = self.id)
    }

    fn opened(&self, class: &str, room: Room, words: &str) -> String {
        let (body, height) = self.draw(room);
        format!(
            "<svg class=\"{class}\" role=\"img\" aria-labelledby=\"{id}-t\" aria-describedby=\"{id}-d\" width=\"100%\" \
             height=\"{height}\">\n{words}{body}</svg>",
            id = self.id,
        )
    }

    /// The marks of a drawing, and its height.
    fn draw(&self, room: Room) -> (String, i64) {
        let suffix = match room {
            Room::Wide => "b",
            Room::Narrow => "a",
        };
        let mut sheet = Sheet::new(format!("{}-{suffix}", self.id), room);
        let mut bottom = match &self.plot {
            Plot::Bar(bars) => bars.draw(&mut sheet, Shape::Bar),
            Plot::Dot(bars) => bars.draw(&mut sheet, Shape::Dot),
            Plot::Diverging(diverging) => diverging.draw(&mut sheet),
            Plot::Stacked(stacked) => stacked.draw(&mut sheet),
            Plot::Single(single) => single.draw(&mut sheet),
            Plot::Waves(waves, form) => waves.draw(&mut sheet, *form),
        };
        if !self.mark.is_empty() {
            let lines = Face::Mark.lines(&self.mark, room.least());
            sheet.texts(Face::Mark, Anchor::Start, Across::LEFT, bottom + 18, &lines);
            bottom += 6 + height(Face::Mark, &lines);
        }
        (sheet.finish(), bottom)
    }

    /// The drawing as a file of its own, between its headline and some lines of small print.
    pub(crate) fn alone(&self, headline: &str, small_print: &[String]) -> String {
        let headline = Face::Headline.lines(headline, ALONE_WIDTH);
        let small_print: Vec<String> =
            small_print.iter().flat_map(|line| Face::Quiet.filled_lines(line, ALONE_WIDTH)).collect();
        let (body, tall) = self.draw(Room::Wide);
        let top = 24 + height(Face::Headline, &headline);
        let below = top + tall;
        let bottom = below + 30 + height(Face::Quiet, &small_print);
        let sheet = ALONE_WIDTH + 2 * ALONE_MARGIN;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" role=\"img\" aria-labelledby=\"t\" \
             aria-describedby=\"d\" viewBox=\"-{ALONE_MARGIN} 0 {sheet} {bottom}\" width=\"{sheet}\" height=\"{bottom}\">\n\
             <title id=\"t\">{}</title>\n<desc id=\"d\">{}</desc>\n<style>{ALONE_STYLE}</style>\n\
             <rect class=\"sheet\" x=\"-{ALONE_MARGIN}\" width=\"{sheet}\" height=\"{bottom}\"/>\n",
            escape_markup(&self.title),
            escape_markup(&format!("{} {}", self.description, self.readings)),
        );
        write_lines(&mut svg, Face::Headline, &headline, 32, 26);
        let _ = write!(svg, "<svg y=\"{top}\" width=\"{ALONE_WIDTH}\" height=\"{tall}\">\n{body}</svg>\n");
        write_lines(&mut svg, Face::Quiet, &small_print, below + 24, 18);
        svg.push_str("</svg>\n");
        svg
    }
}

/// Lines of text below each other.
fn write_lines(svg: &mut String, face: Face, lines: &[String], first: i64, step: i64) {
    for (index, line) in lines.iter().enumerate() {
        let base = first + count(index) * step;
        let _ = writeln!(svg, "<text class=\"{}\" y=\"{base}\">{}</text>", face.class(), escape_markup(line));
    }
}

#[cfg(test)]
mod tests;
