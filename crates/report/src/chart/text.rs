//! How wide a text is, and how it breaks into lines.
//!
//! Readers see a drawing in the humanist sans of their system, which the program does not have. It measures with the widths of Noto
//! Sans, the widest of the families that the stylesheet names, and adds a hair for those that are wider in a letter: what fits here fits there.
//! Kerning, which mostly narrows, is left out. Widths are whole pixels, rounded up.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Regular and bold widths by character, in thousandths of the size.
static WIDTHS: LazyLock<BTreeMap<char, (i64, i64)>> = LazyLock::new(|| read(include_str!("noto-sans.txt")));

/// The width of a character that the table does not have: a square.
const UNKNOWN: i64 = 1000;
/// Where a country's texts allow a word to break; it is seen only there.
const SOFT_HYPHEN: char = '\u{ad}';
/// What is added for other families, in per cent.
const ALLOWANCE: i64 = 3;

/// A kind of text in a drawing; the stylesheet gives each its size, weight and colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Face {
    /// What a mark is called.
    Label,
    /// What a total or a group of marks is called.
    Strong,
    /// A number at its mark.
    Value,
    /// Limits, units, scales, symbols.
    Quiet,
    /// That the data are synthetic.
    Mark,
    /// The only number of a drawing.
    Large,
    /// The headline of a drawing that stands alone.
    Headline,
}

impl Face {
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Label => "label",
            Self::Strong => "label strong",
            Self::Value => "value",
            Self::Quiet => "quiet",
            Self::Mark => "mark",
            Self::Large => "large",
            Self::Headline => "headline",
        }
    }

    pub(super) fn size(self) -> i64 {
        match self {
            Self::Label | Self::Strong | Self::Value => 15,
            Self::Quiet => 13,
            Self::Mark => 12,
            Self::Large => 28,
            Self::Headline => 20,
        }
    }

    fn is_bold(self) -> bool {
        match self {
            Self::Strong | Self::Value | Self::Mark | Self::Headline => true,
            Self::Label | Self::Quiet | Self::Large => false,
        }
    }

    /// The width of a text in pixels.
    pub(super) fn width(self, text: &str) -> i64 {
        self.pixels(self.thousandths(text))
    }

    /// The same in thousandths of the size, which add up from word to word.
    fn thousandths(self, text: &str) -> i64 {
        text.chars().map(|character| self.advance(character)).sum()
    }

    fn pixels(self, thousandths: i64) -> i64 {
        (thousandths * self.size() * (100 + ALLOWANCE) + 99_999) / 100_000
    }

    fn advance(self, character: char) -> i64 {
        if character == SOFT_HYPHEN {
            return 0;
        }
        let (regular, bold) = WIDTHS.get(&character).copied().unwrap_or((UNKNOWN, UNKNOWN));
        if self.is_bold() { bold } else { regular }
    }

    /// The widest of some texts.
    pub(super) fn widest<'t>(self, texts: impl IntoIterator<Item = &'t str>) -> i64 {
        texts.into_iter().map(|text| self.width(text)).max().unwrap_or(0)
    }

    /// The lines of a text, as few as fit into `width` pixels and as even as their number allows. A word that is wider is
    /// broken with a hyphen.
    pub(super) fn lines(self, text: &str, width: i64) -> Vec<String> {
        let widest = self.filled_lines(text, width);
        let is_broken = |lines: &[String]| lines.iter().any(|line| line.ends_with('-'));
        // Narrower lines would break a word elsewhere, and not better.
        if is_broken(&widest) {
            return widest;
        }
        let (mut low, mut high) = (0, width);
        while low + 1 < high {
            let middle = i64::midpoint(low, high);
            let lines = self.filled_lines(text, middle);
            if lines.len() <= widest.len() && !is_broken(&lines) { high = middle } else { low = middle }
        }
        self.filled_lines(text, high)
    }

    /// The lines of a text, each as full as `width` pixels allow: for small print.
    pub(super) fn filled_lines(self, text: &str, width: i64) -> Vec<String> {
        let mut lines = vec![String::new()];
        let mut filled = 0;
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let line = lines.last_mut().expect("there is always a line");
            let space = if line.is_empty() { "" } else { " " };
            let longer = filled + self.thousandths(space) + self.thousandths(word);
            if self.pixels(longer) <= width {
                line.push_str(space);
                line.push_str(word);
                filled = longer;
                continue;
            }
            let mut pieces = self.pieces(word, width);
            if line.is_empty() {
                *line = pieces.remove(0);
            }
            lines.append(&mut pieces);
            filled = lines.last().map_or(0, |line| self.thousandths(line));
        }
        lines.iter().map(|line| line.replace(SOFT_HYPHEN, "")).collect()
    }

    /// A word in pieces that fit, each but the last with a hyphen. At least two characters stand on a line, however narrow.
    fn pieces(self, word: &str, width: i64) -> Vec<String> {
        let mut pieces = Vec::new();
        let mut rest: Vec<char> = word.chars().collect();
        while self.width(&String::from_iter(&rest)) > width && rest.len() > 4 {
            let fits = |length: usize| self.width(&format!("{}-", String::from_iter(&rest[..length]))) <= width;
            let longest = (2..=rest.len() - 2).take_while(|length| fits(*length)).last().unwrap_or(2);
            // A hyphen of its own, seen or soft, is the better place.
            let own = (2..=longest).rev().find(|length| matches!(rest[*length - 1], '-' | SOFT_HYPHEN));
            let piece: String = rest.drain(..own.unwrap_or(longest)).collect();
            pieces.push(if piece.ends_with('-') { piece } else { piece + "-" });
        }
        pieces.push(String::from_iter(&rest));
        pieces
    }
}

fn read(table: &str) -> BTreeMap<char, (i64, i64)> {
    let line = |line: &str| {
        let mut fields = line.split(' ');
        let code = u32::from_str_radix(fields.next()?, 16).ok()?;
        let mut width = || fields.next()?.parse().ok();
        Some((char::from_u32(code)?, (width()?, width()?)))
    };
    table.lines().filter(|line| !line.starts_with('#')).filter_map(line).collect()
}
