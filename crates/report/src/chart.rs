//! Charts as accessible SVG: horizontal bars with confidence intervals.
//!
//! Heights are in pixels and widths in per cent of the plot, so a drawing fits every width and its text keeps its size. A page has it
//! twice, with labels above the bars and beside them, and its stylesheet shows the one that there is room for. A drawing that
//! stands alone has a fixed width and carries its colours.
//!
//! Positions are computed from published (rounded) numbers in whole numbers, so they show no more than the page says.

mod axis;

use std::fmt::Write;

use crate::language::Number;
use crate::templates::escape_markup;

use axis::Positions;
pub(crate) use axis::{Axis, Reach};

/// A bar chart, with all its words finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BarChart {
    /// The name that ids in the page start with.
    pub(crate) id: String,
    /// What it is, in a few words.
    pub(crate) title: String,
    /// What there is to see, for those who do not see it.
    pub(crate) description: String,
    /// What the bars measure: "Per cent".
    pub(crate) unit: String,
    /// What the numbers at the right are: "95 % interval".
    pub(crate) interval: String,
    /// The bars, in order.
    pub(crate) bars: Vec<Bar>,
    /// The scale.
    pub(crate) axis: Axis,
    /// The words at the marks of the scale.
    pub(crate) ticks: Vec<(Number, String)>,
    /// The mark of synthetic data; empty for real data.
    pub(crate) mark: String,
}

/// One bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bar {
    pub(crate) label: String,
    pub(crate) tone: Tone,
    pub(crate) reach: Option<BarReach>,
    /// Why there is no bar.
    pub(crate) absent: String,
}

/// How far a bar reaches, and its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BarReach {
    pub(crate) reach: Reach,
    pub(crate) value: String,
    pub(crate) interval: String,
}

/// How a bar is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// An answer, or one group.
    Plain,
    /// The total beside its groups.
    Total,
    /// Not an answer to the question: don't know, not relevant.
    Muted,
}

/// The height of a line of a label.
const LINE: usize = 20;
/// The height of a bar.
const BAR: usize = 18;
/// Space under a bar, when labels stand above and when they stand beside.
const GAP_ABOVE: usize = 16;
const GAP_BESIDE: usize = 14;
/// Where the first bar starts, under the line that says what is measured.
const HEAD: usize = 30;
/// The height of the scale, and of the mark of synthetic data under it.
const SCALE: usize = 26;
const MARK: usize = 18;
/// The most characters of a line of a label: what fits beside a bar and above one on a telephone.
const LABEL_WIDTH: usize = 32;
/// The width of a drawing that stands alone, and its margin.
const ALONE_WIDTH: usize = 760;
const ALONE_MARGIN: usize = 24;

/// The colours of a drawing that stands alone; in a page they are the stylesheet's.
const ALONE_STYLE: &str = "svg{color:#1b2428;font:15px/1.35 'Gill Sans Nova','Gill Sans',Seravek,Optima,Candara,\
     'Noto Sans','Segoe UI',sans-serif}text{fill:currentColor}line{stroke:currentColor;stroke-width:1.5}\
     .sheet{fill:#fffefb}.headline{font-size:20px;font-weight:600}.quiet,.unit{fill:#56646a;font-size:13px}\
     .end{text-anchor:end}.value,.total .label,.mark{font-weight:600}.mark{font-size:13px}.track{fill:#eef1ef}\
     .bar{fill:#4d8fa0}.total .bar{fill:#0b5566}.muted .bar{fill:#7f8b8f}.halo{stroke:#fffefb;stroke-width:5}\
     .scale line{stroke:#7f8b8f;stroke-width:1}.scale text{text-anchor:middle}";

/// Where labels stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Labels {
    /// Above the bars: on narrow screens.
    Above,
    /// Beside the bars.
    Beside,
}

/// Where the plot of a drawing stands, in per cent of its width. Right of it stand values and intervals.
#[derive(Debug, Clone, Copy)]
struct Plot {
    start: usize,
    width: usize,
}

impl Labels {
    fn plot(self, bars: &[Bar]) -> Plot {
        let longest = bars.iter().flat_map(|bar| lines(&bar.label)).map(|line| line.chars().count()).max();
        // Few steps, so that the charts of a page share their edges.
        let start = match (self, longest.unwrap_or(0)) {
            (Self::Above, _) => 0,
            (Self::Beside, 0..=14) => 19,
            (Self::Beside, 15..=22) => 27,
            (Self::Beside, 23..) => 35,
        };
        Plot { start, width: 100 - self.behind(bars) - start }
    }

    /// What a value and its interval need behind the longest bar. Above the bars the interval stands beside the label.
    fn behind(self, bars: &[Bar]) -> usize {
        let length = |text: &str| text.chars().count();
        let reaches = || bars.iter().filter_map(|bar| bar.reach.as_ref());
        let values = reaches().map(|it| length(&it.value)).max().unwrap_or(0);
        let intervals = reaches().map(|it| length(&it.interval)).max().unwrap_or(0);
        match (self, values, values + intervals) {
            (Self::Above, 0..=6, _) | (Self::Beside, _, 0..=14) => 18,
            (Self::Beside, _, 15..=20) => 24,
            (Self::Above, 7.., _) => 28,
            (Self::Beside, _, 21..) => 34,
        }
    }

    /// The height of a bar with its label and the space under it.
    fn height(self, bar: &Bar) -> usize {
        let label = lines(&bar.label).len() * LINE;
        match self {
            Self::Above => label + BAR + GAP_ABOVE,
            Self::Beside => label.max(BAR) + GAP_BESIDE,
        }
    }
}

impl BarChart {
    /// The drawings for a page, of which the stylesheet shows one.
    pub(crate) fn inline(&self) -> String {
        let (title, description) = (escape_markup(&self.title), escape_markup(&self.description));
        let words =
            format!("<title id=\"{id}-t\">{title}</title>\n<desc id=\"{id}-d\">{description}</desc>\n", id = self.id);
        let mut svg = self.open("chart beside", Labels::Beside) + &words;
        self.draw(&mut svg, Labels::Beside);
        svg.push_str("</svg>\n");
        // The other drawing borrows its words, which it may although they are hidden.
        svg.push_str(&self.open("chart above", Labels::Above));
        self.draw(&mut svg, Labels::Above);
        svg.push_str("</svg>");
        svg
    }

    fn open(&self, class: &str, labels: Labels) -> String {
        format!(
            "<svg class=\"{class}\" role=\"img\" aria-labelledby=\"{id}-t\" aria-describedby=\"{id}-d\" width=\"100%\" \
             height=\"{}\">\n",
            self.height(labels),
            id = self.id,
        )
    }

    /// The drawing as a file of its own, between its headline and some lines of small print.
    pub(crate) fn alone(&self, headline: &str, small_print: &[String]) -> String {
        let headline = wrap(headline, 66);
        let small_print: Vec<String> = small_print.iter().flat_map(|line| wrap(line, 108)).collect();
        let top = 24 + headline.len() * 26;
        let below = top + self.height(Labels::Beside);
        let height = below + 24 + small_print.len() * 19;
        let sheet = ALONE_WIDTH + 2 * ALONE_MARGIN;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"t\" aria-describedby=\"d\" \
             viewBox=\"-{ALONE_MARGIN} 0 {sheet} {height}\" width=\"{sheet}\" height=\"{height}\">\n\
             <title id=\"t\">{}</title>\n<desc id=\"d\">{}</desc>\n\
             <style>{ALONE_STYLE}</style>\n<rect class=\"sheet\" x=\"-{ALONE_MARGIN}\" width=\"{sheet}\" height=\"{height}\"/>\n",
            escape_markup(&self.title),
            escape_markup(&self.description),
        );
        write_lines(&mut svg, "headline", &headline, 32, 26);
        let _ = writeln!(svg, "<svg y=\"{top}\" width=\"{ALONE_WIDTH}\" height=\"{}\">", self.height(Labels::Beside));
        self.draw(&mut svg, Labels::Beside);
        svg.push_str("</svg>\n");
        write_lines(&mut svg, "quiet", &small_print, below + 18, 19);
        svg.push_str("</svg>\n");
        svg
    }

    fn height(&self, labels: Labels) -> usize {
        let mark = if self.mark.is_empty() { 0 } else { MARK };
        HEAD + self.bars.iter().map(|bar| labels.height(bar)).sum::<usize>() + SCALE + mark
    }

    fn draw(&self, svg: &mut String, labels: Labels) {
        let (unit, interval) = (escape_markup(&self.unit), escape_markup(&self.interval));
        let Plot { start, .. } = labels.plot(&self.bars);
        let _ = writeln!(svg, "<text class=\"unit\" x=\"{start}%\" y=\"14\">{unit}</text>");
        let _ = writeln!(svg, "<text class=\"unit end\" x=\"100%\" y=\"14\">{interval}</text>");
        let mut y = HEAD;
        for bar in &self.bars {
            let tone = match bar.tone {
                Tone::Plain => "",
                Tone::Total => " class=\"total\"",
                Tone::Muted => " class=\"muted\"",
            };
            let _ = writeln!(svg, "<g{tone} transform=\"translate(0 {y})\">");
            self.draw_bar(svg, bar, labels);
            svg.push_str("</g>\n");
            y += labels.height(bar);
        }
        self.draw_scale(svg, labels, y);
    }

    fn draw_bar(&self, svg: &mut String, bar: &Bar, labels: Labels) {
        let label = lines(&bar.label);
        svg.push_str("<text class=\"label\" y=\"14\">");
        for (index, line) in label.iter().enumerate() {
            let place = if index == 0 { String::new() } else { format!(" x=\"0\" dy=\"{LINE}\"") };
            let _ = write!(svg, "<tspan{place}>{}</tspan>", escape_markup(line));
        }
        svg.push_str("</text>\n");
        let y = match labels {
            Labels::Above => label.len() * LINE,
            Labels::Beside => 0,
        };
        let Plot { start, width } = labels.plot(&self.bars);
        let plot = format!("<svg x=\"{start}%\" y=\"{y}\" width=\"{width}%\" height=\"{BAR}\" overflow=\"visible\">");
        let Some(numbers) = &bar.reach else {
            let _ = writeln!(svg, "{plot}<text class=\"quiet\" y=\"14\">{}</text></svg>", escape_markup(&bar.absent));
            return;
        };
        let interval = escape_markup(&numbers.interval);
        let _ = writeln!(svg, "<text class=\"quiet end\" x=\"100%\" y=\"14\">{interval}</text>");
        let _ = writeln!(svg, "{plot}{}</svg>", self.marks(numbers));
    }

    /// The bar on its track, its interval, and its value behind both.
    fn marks(&self, numbers: &BarReach) -> String {
        let Positions { from, width, low, high, end } = self.axis.positions(numbers.reach);
        let (value, middle) = (escape_markup(&numbers.value), BAR / 2);
        format!(
            "<rect class=\"track\" width=\"100%\" height=\"{BAR}\"/>\
             <rect class=\"bar\" x=\"{from}%\" width=\"{width}%\" height=\"{BAR}\"/>\
             <line class=\"halo\" x1=\"{low}%\" x2=\"{high}%\" y1=\"{middle}\" y2=\"{middle}\"/>\
             <line x1=\"{low}%\" x2=\"{high}%\" y1=\"{middle}\" y2=\"{middle}\"/>\
             <line x1=\"{low}%\" x2=\"{low}%\" y1=\"5\" y2=\"13\"/>\
             <line x1=\"{high}%\" x2=\"{high}%\" y1=\"5\" y2=\"13\"/>\
             <text class=\"value\" x=\"{end}%\" dx=\"8\" y=\"14\">{value}</text>"
        )
    }

    fn draw_scale(&self, svg: &mut String, labels: Labels, y: usize) {
        let Plot { start, width } = labels.plot(&self.bars);
        let _ = write!(
            svg,
            "<svg class=\"scale\" x=\"{start}%\" y=\"{y}\" width=\"{width}%\" height=\"{SCALE}\" overflow=\"visible\">"
        );
        svg.push_str("<line x1=\"0%\" x2=\"100%\" y1=\"0.5\" y2=\"0.5\"/>");
        for (number, words) in &self.ticks {
            let x = self.axis.position(*number);
            let words = escape_markup(words);
            let _ = write!(
                svg,
                "<line x1=\"{x}%\" x2=\"{x}%\" y1=\"0\" y2=\"5\"/><text class=\"quiet\" x=\"{x}%\" y=\"19\">{words}</text>"
            );
        }
        svg.push_str("</svg>\n");
        if !self.mark.is_empty() {
            let y = y + SCALE + MARK - 4;
            let _ = writeln!(svg, "<text class=\"mark\" x=\"{start}%\" y=\"{y}\">{}</text>", escape_markup(&self.mark));
        }
    }
}

/// Lines of text below each other.
fn write_lines(svg: &mut String, class: &str, lines: &[String], first: usize, step: usize) {
    for (index, line) in lines.iter().enumerate() {
        let y = first + index * step;
        let _ = writeln!(svg, "<text class=\"{class}\" y=\"{y}\">{}</text>", escape_markup(line));
    }
}

/// The lines of a label, as few as fit and as even as their number allows.
fn lines(label: &str) -> Vec<String> {
    let widest = wrap(label, LABEL_WIDTH);
    let even = (1..LABEL_WIDTH).map(|width| wrap(label, width)).find(|lines| lines.len() == widest.len());
    even.unwrap_or(widest)
}

/// Breaks a text into lines of at most `width` characters; a longer word has a line of its own.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let line = lines.last_mut().expect("there is always a line");
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

#[cfg(test)]
mod tests;
